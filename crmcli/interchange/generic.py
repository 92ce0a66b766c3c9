"""Any table of people: headers in seven languages, any order, any delimiter.

English, German, French, Spanish, Italian, Slovenian and Croatian. Aliases are compared by
`fields.normal`, so `E-Mail`, `e_mail` and `EMAIL` are one; a number in a header does not count
(`Phone 2`), unless the alias has it.
"""

import re

from crmcli.interchange.fields import Mapper, columns_of, normal, override
from crmcli.interchange.preset import Preset

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
ALIASES = {alias: target for target, words in _ALIASES.items() for alias in words.split()}

# A word that means something else beside another column: (word, others, its target then).
_BESIDE = (
    (("name", "nom"), ("given_name",), "family_name"),
    (("ime", "nome", "nombre"), ("family_name",), "given_name"),
    (("title",), ("jobtitle", "position"), "prefix"),
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
    mapper.assign([wanted.get(index, found) for index, found in enumerate(targets(header))])
    return mapper


def _any(_keys: set[str]) -> bool:
    """Any table will do: it is the last row of the table of presets."""
    return True


PRESET = Preset("generic", _any, ALIASES.__contains__, build)
