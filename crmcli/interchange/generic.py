"""Any table of people: headers in thirteen languages, any order, any delimiter.

English, German, French, Spanish, Italian, Slovenian, Croatian, Dutch, Portuguese, Polish, Russian,
Chinese (in both scripts) and Persian. Aliases are compared by
`fields.normal`, so `E-Mail`, `e_mail` and `EMAIL` are one; a number in a header does not count
(`Phone 2`), unless the alias has it.
"""

import re

from crmcli.interchange.fields import Mapper, Setter, columns_of, normal, override, setter
from crmcli.interchange.moments import is_no_date
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Column, Raw

_ALIASES = {
    "name": """name fullname displayname contactname contact kontakt person personname
        vollername vollstandigername nomcomplet nometprenom nombrecompleto nombreyapellidos
        nomecompleto nominativo nomeecognome imeinpriimek imeiprezime punoime nom nome nombre ime
        anzeigename""",
    "given_name": """firstname givenname first forename vorname rufname prenom nombres
        nombredepila primernombre primonome osebnoime lastnoime""",
    "additional_name": """middlename additionalname middle weiterevornamen zweitervorname
        deuxiemeprenom segundonombre secondonome srednjeime drugoime""",
    "family_name": """lastname surname familyname last nachname familienname zuname nomdefamille
        apellido apellidos primerapellido cognome priimek prezime""",
    "prefix": """prefix nameprefix salutation honorific anrede titel civilite tratamiento
        trattamento nagovor oslovljavanje""",
    "suffix": "suffix namesuffix namenszusatz suffixe sufijo suffisso",
    "nickname": "nickname spitzname surnom apodo soprannome vzdevek nadimak",
    "email": """email emails emailaddress emailaddresses emailid mail mails mailaddress
        primaryemail secondaryemail otheremail alternateemail emailadresse mailadresse
        adresseemail adressemail adresseelectronique courriel courrielelectronique correo
        correoelectronico direccioncorreo postaelettronica indirizzoemail indirizzomail eposta
        elektronskaposta elektronskinaslov epostninaslov enaslov emailnaslov elektronickaposta
        eadresa emailadresa""",
    "email:work": """workemail businessemail companyemail emailwork emailgeschaftlich
        emaildienstlich emailpro emailprofessionnel courrielprofessionnel emailtrabajo
        emaillavoro sluzbeniemail sluzbenaeposta poslovniemail""",
    "email:home": """homeemail personalemail privateemail emailhome emailprivat emailpersonnel
        emailpersonal emailpersonale zasebniemail privatniemail""",
    "phone": """phone phones phonenumber telephone telephonenumber tel telefon telefonnummer
        telefonnr rufnummer numerodetelephone telefono numerotelefono numeroditelefono
        numerodetelefono telefonskastevilka telefonstevilka brojtelefona primaryphone otherphone
        mainphone""",
    "phone:mobile": """mobile mobilephone mobilenumber phonemobile cell cellphone cellular sms
        whatsapp handy handynummer mobil mobiltelefon mobilnummer telefonmobil portable
        telephoneportable telephonemobile movil telefonomovil celular cellulare
        telefonocellulare mobilni mobilnitelefon mobitel gsm""",
    "phone:work": """workphone phonework businessphone businesstelephone officephone directphone
        telefongeschaftlich telefondienstlich telefonfirma telefonburo telephoneprofessionnel
        telephonebureau telefonotrabajo telefonooficina telefonoufficio telefonolavoro
        sluzbenitelefon telefonvsluzbi telefonsluzba poslovnitelefon telefonnaposlu""",
    "phone:home": """homephone phonehome telefonprivat telephonedomicile telephonepersonnel
        telephonefixe telefonocasa telefonoparticular telefonodomicilio domacitelefon
        kucnitelefon telefondoma""",
    "phone:fax": """fax faxnumber telefax telefaks faks faxnummer telecopie telecopieur numerofax
        numerodefax businessfax workfax homefax""",
    "phone:pager": "pager pagernumber",
    "org": """org company companyname organization organisation organizationname employer
        business account accountname associatedcompany firma firmenname unternehmen entreprise
        societe nomentreprise nomdelentreprise empresa organizacion compania azienda societa
        ditta ragionesociale organizzazione podjetje organizacija imepodjetja nazivpodjetja
        tvrtka poduzece nazivtvrtke""",
    "title": """title jobtitle job position role funktion berufsbezeichnung stelle poste fonction
        intituleduposte cargo puesto ruolo posizione qualifica mansione delovnomesto polozaj
        funkcija radnomjesto pozicija""",
    "department": """department abteilung departement departamento reparto dipartimento oddelek
        odjel""",
    "street": """street streetaddress address addressline postaladdress mailingstreet
        mailingaddress strasse strassehausnummer anschrift adresse rue calle direccion domicilio
        via indirizzo ulica ulicainbroj ulicainhisnastevilka naslov adresa ulicaibroj""",
    "street:home": "homeaddress homestreet strasseprivat",
    "street:work": "workaddress businessstreet businessaddress workstreet strassegeschaftlich",
    "extended": """address2 addressline2 street2 adresszusatz complementadresse
        complementdadresse""",
    "extended:home": "homeaddress2 homestreet2",
    "extended:work": "workaddress2 businessstreet2",
    "locality": """city town locality mailingcity ort stadt wohnort ville localite commune ciudad
        poblacion localidad citta comune localita mesto kraj grad naselje""",
    "locality:home": "homecity ortprivat",
    "locality:work": "workcity businesscity ortgeschaftlich",
    "region": """state region province county stateprovince stateregion mailingstate
        mailingstateprovince bundesland kanton provincia regione comunidadautonoma regija
        pokrajina zupanija""",
    "region:home": "homestate homecounty",
    "region:work": "workstate workcounty businessstate",
    "postal_code": """zip zipcode postcode postalcode zippostalcode mailingzip
        mailingzippostalcode plz postleitzahl codepostal codigopostal cap codicepostale
        postnastevilka postanskibroj""",
    "postal_code:home": "homezipcode homepostcode homezip homepostalcode plzprivat",
    "postal_code:work": "workzipcode workpostcode workzip workpostalcode businesspostalcode",
    "country": "country countryregion mailingcountry land pays pais paese nazione drzava zemlja",
    "country:home": "homecountry",
    "country:work": "workcountry businesscountry businesscountryregion",
    "birthday": """birthday birthdate dateofbirth dob geburtstag geburtsdatum datedenaissance
        anniversaire fechadenacimiento cumpleanos datadinascita compleanno datumrojstva
        rojstnidan rojstnidatum datumrodenja rodendan""",
    "note": """note notes comment comments remark remarks description bemerkung bemerkungen
        notiz notizen anmerkung anmerkungen kommentar remarque remarques commentaire
        commentaires nota notas observaciones comentarios commento commenti osservazioni opomba
        opombe biljeska biljeske napomena napomene""",
    "url": """website websiteurl url web webpage homepage webseite internet internetseite
        internetadresse siteweb siteinternet sitioweb paginaweb sitoweb sitointernet spletnastran
        spletnomesto webstranica mreznastranica""",
    "url:linkedin": "linkedin linkedinurl linkedinprofile linkedinprofileurl",
    "tags": """tag tags label labels category categories group groups groupmembership kategorie
        kategorien gruppe gruppen schlagwort schlagworte stichworte etiquette etiquettes motscles
        groupe groupes categorie etiqueta etiquetas grupo grupos categoria categorias etichetta
        etichette gruppo gruppi oznaka oznake skupina skupine kategorija kategorije grupa
        grupe""",
    "language": "language preferredlanguage sprache langue idioma lingua jezik",
    "owner": "owner contactowner leadowner assignedto zustandig skrbnik",
    "lifecycle_stage": "lifecyclestage",
}
_ABROAD = {
    "name": """naam|volledige naam|nome completo|imię i nazwisko|nazwa|ФИО|Полное имя|Имя|
        Контакт|Имя и фамилия|姓名|名字|联系人|聯絡人|全名|نام و نام خانوادگی|نام کامل|نام|مخاطب""",
    "given_name": "voornaam|primeiro nome|imię|名|given name|نام کوچک",
    "additional_name": """tussenvoegsel|middelste naam|nome do meio|drugie imię|Отчество|中间名|
        نام میانی""",
    "family_name": """achternaam|familienaam|sobrenome|apelido|último nome|nazwisko|Фамилия|姓|姓氏|
        نام خانوادگی|فامیلی|فامیل""",
    "prefix": "aanhef|tratamento|tytuł|Обращение|称谓|稱謂|尊称",
    "suffix": "achtervoegsel|sufixo|sufiks",
    "nickname": "bijnaam|roepnaam|apodo|pseudonim|Псевдоним|昵称|暱稱|نام مستعار|لقب",
    "email": """e-mailadres|endereço de e-mail|correio eletrónico|adres e-mail|adres email|
        Электронная почта|Эл. почта|Эл почта|Почта|Адрес электронной почты|Имейл|Емейл|Е-мейл|
        邮箱|电子邮件|电子邮箱|邮件|邮箱地址|电邮|電子郵件|電郵|信箱|電子信箱|郵箱|
        ایمیل|پست الکترونیک|پست الکترونیکی|رایانامه|آدرس ایمیل|نشانی ایمیل""",
    "email:work": """zakelijk e-mailadres|e-mail comercial|e-mail służbowy|Рабочая почта|工作邮箱|
        公司邮箱""",
    "email:home": "privé e-mailadres|e-mail pessoal|e-mail prywatny|Личная почта|个人邮箱|私人邮箱",
    "phone": """telefoon|telefoonnummer|tel nr|telefone|número de telefone|numer telefonu|
        nr telefonu|
        Телефон|Номер телефона|Тел|电话|電話|电话号码|電話號碼|联系电话|聯絡電話|联系方式|座机|
        تلفن|شماره تلفن|شماره تماس|تلفن ثابت""",
    "phone:mobile": """mobiel|mobiele telefoon|mobiel nummer|06-nummer|gsm-nummer|telemóvel|
        telefone celular|telefon komórkowy|komórka|Мобильный|Мобильный телефон|Моб. телефон|Сотовый|
        手机|手機|手机号|手机号码|移动电话|行動電話|手機號碼|
        موبایل|تلفن همراه|شماره موبایل|همراه|شماره همراه""",
    "phone:work": """telefoon werk|telefoon op werk|zakelijk telefoonnummer|telefone comercial|
        telefone do trabalho|telefon służbowy|telefon do pracy|Рабочий телефон|Телефон рабочий|
        工作电话|办公电话|公司电话|公司電話|تلفن محل کار|تلفن کار|تلفن شرکت""",
    "phone:home": """telefoon thuis|telefoon privé|telefone residencial|telefone de casa|
        telefon domowy|
        Домашний телефон|Телефон домашний|家庭电话|住宅电话|家裡電話|تلفن منزل|تلفن خانه""",
    "phone:fax": "Факс|传真|傳真|فکس|نمابر|دورنگار",
    "org": """bedrijf|bedrijfsnaam|organisatie|werkgever|empresa|nome da empresa|companhia|
        organização|
        nazwa firmy|przedsiębiorstwo|organizacja|Компания|Организация|Фирма|Название компании|
        Место работы|公司|公司名称|公司名稱|单位|單位|企业|企業|组织|شرکت|نام شرکت|سازمان|موسسه""",
    "title": """functie|functietitel|cargo|função|stanowisko|Должность|职位|職位|职务|職務|职称|
        職稱|
        سمت|عنوان شغلی|شغل""",
    "department": """afdeling|departamento|setor|dział|Отдел|Подразделение|部门|部門|بخش|واحد|
        دپارتمان""",
    "street": """straat|adres|straatnaam|postadres|endereço|morada|logradouro|Адрес|Улица|
        地址|街道|住址|通讯地址|通訊地址|آدرس|نشانی|خیابان""",
    "extended": "complemento|adres 2|adresregel 2",
    "locality": """plaats|woonplaats|plaatsnaam|stad|cidade|localidade|miasto|miejscowość|Город|
        Населенный пункт|城市|市|شهر""",
    "region": """provincie|estado|distrito|województwo|Область|Регион|Край|省|省份|州|省市|地区|
        استان""",
    "postal_code": """postcode|CEP|código postal|kod pocztowy|Индекс|Почтовый индекс|邮编|邮政编码|
        郵遞區號|郵編|کد پستی|کدپستی""",
    "country": "país|Страна|国家|國家|国家/地区|کشور",
    "birthday": """verjaardag|geboortedatum|aniversário|data de nascimento|nascimento|urodziny|
        data urodzenia|Дата рождения|День рождения|生日|出生日期|出生年月日|تاریخ تولد|تولد""",
    "note": """notitie|notities|opmerking|opmerkingen|anotações|notas|observações|observação|
        notatka|
        notatki|uwagi|Примечание|Примечания|Заметка|Заметки|Комментарий|Комментарии|Описание|
        备注|備註|附注|说明|یادداشت|یادداشت‌ها|توضیحات|ملاحظات""",
    "url": """webpagina|internetadres|página web|página da web|site|strona www|strona internetowa|
        Сайт|Веб-сайт|Веб-страница|网站|網站|网址|網址|主页|وب‌سایت|وب سایت|وبگاه|سایت|تارنما""",
    "tags": """trefwoorden|labels|categorieën|groep|groepen|etiquetas|categorias|grupos|tagi|
        etykiety|
        kategoria|grupy|Теги|Метки|Категория|Категории|Группа|Группы|标签|標籤|分组|群組|分类|
        برچسب|برچسب‌ها|گروه|دسته|دسته‌بندی""",
    "language": "taal|język|Язык|语言|語言|زبان",
    "owner": "verantwoordelijke|responsável|opiekun|Ответственный|负责人|負責人|مسئول",
}
ALIASES = {
    normal(name): target
    for target, names in _ABROAD.items()
    for name in names.split("|")
    if normal(name)
} | {alias: target for target, words in _ALIASES.items() for alias in words.split()}

# A word that means something else beside another column: (word, others, its target then).
_BESIDE = (
    (("name", "nom"), ("given_name",), "family_name"),
    (("ime", "nome", "nombre"), ("family_name",), "given_name"),
    (tuple(map(normal, ("Имя", "名字", "نام"))), ("family_name",), "given_name"),
    (("title",), ("jobtitle", "position"), "prefix"),
    (("titel",), ("functie",), "prefix"),
    (("kraj",), ("miasto", "miejscowosc", "nazwisko"), "country"),
)
_DIGITS = re.compile(r"\d+")


def target(header: str) -> str | None:
    """Give the field a header names, seen by itself; None when it is unknown."""
    key = normal(header)
    return ALIASES.get(key) or ALIASES.get(_DIGITS.sub("", key))


def targets(header: list[str]) -> list[str | None]:
    """Give the field of each header cell, seen together with the others."""
    found = [target(cell) for cell in header]
    keys = [normal(cell) for cell in header]
    about = {*keys, *filter(None, found)}
    # "Name, First Name, Last Name": here it is the name as displayed
    parts = {"given_name", "family_name"} <= about
    for words, others, other_target in _BESIDE:
        if about.intersection(others) and not (parts and other_target in ("family_name",)):
            found = [
                other_target if key in words else t for key, t in zip(keys, found, strict=True)
            ]
    return found


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map every column whose header is known; `mapping` wins."""
    columns, notes = columns_of(header)
    mapper = Mapper(columns, notes=notes)
    wanted = override(header, mapping)

    def make(target: str, _column: Column) -> Setter:
        return _birthday(mapper) if target == "birthday" else setter(target)

    mapper.assign([wanted.get(index, found) for index, found in enumerate(targets(header))], make)
    return mapper


def _birthday(mapper: Mapper) -> Setter:
    """Read a birthday in the order of the user's dates; what is none stays as it is."""

    def put(raw: Raw, cell: str) -> None:
        if not is_no_date(cell):
            raw["birthday"] = mapper.hints.dates.day(cell) or cell

    return put


def _any(_keys: set[str]) -> bool:
    """Any table will do: it is the last row of the table of presets."""
    return True


PRESET = Preset("generic", _any, ALIASES.__contains__, build)
