"""The headers of Outlook's CSV export, in the languages it writes them in.

Each language has one line of headers per line of `FIELDS`, in the same order, parted by `|`;
`=` parts variants of one header. Where a version of Outlook left a header in English, the English
one counts. Checked against what Exchange's own import of such files knows, and against files
published with other importers (Open-Xchange for Dutch and French).
"""
# ruff: noqa: E501 - a header line each

FIELDS = """
prefix|given_name|additional_name|family_name|suffix|org|department|title
street:work|extended:work|extended:work|locality:work|region:work|postal_code:work|country:work
street:home|extended:home|extended:home|locality:home|region:home|postal_code:home|country:home
street:other|extended:other|extended:other|locality:other|region:other|postal_code:other|country:other
phone:assistant|phone:work fax|phone:work|phone:work|phone:callback|phone:car|phone:main
phone:home fax|phone:home|phone:home|phone:isdn|phone:mobile|phone:other fax|phone:other|phone:pager
phone:primary|phone:radio|phone:tty|custom:telex|custom:account|day:anniversary
custom:assistant|custom:billing_information|day:birthday|extended:work|tags|custom:children
mail1|mail1type|mail1name|mail2|mail2type|mail2name|mail3|mail3type|mail3name
gender|custom:government_id|custom:hobby|extended:home|custom:initials|ignore|custom:location
custom:manager|custom:mileage|note|custom:office|extended:other|ignore|custom:profession|ignore
custom:spouse|custom:user_1|custom:user_2|custom:user_3|custom:user_4|url:work
custom:phonetic_given_name|custom:phonetic_family_name|custom:phonetic_company
custom:keywords|language|ignore|custom:referred_by|custom:directory_server|custom:organizational_id
"""

_EN = """
Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title
Business Street|Business Street 2|Business Street 3|Business City|Business State|Business Postal Code|Business Country/Region=Business Country
Home Street|Home Street 2|Home Street 3|Home City|Home State|Home Postal Code|Home Country/Region=Home Country
Other Street|Other Street 2|Other Street 3|Other City|Other State|Other Postal Code|Other Country/Region=Other Country
Assistant's Phone|Business Fax|Business Phone|Business Phone 2|Callback|Car Phone|Company Main Phone
Home Fax|Home Phone|Home Phone 2|ISDN|Mobile Phone=Mobile Phone 2|Other Fax|Other Phone|Pager
Primary Phone|Radio Phone|TTY/TDD Phone|Telex|Account|Anniversary
Assistant's Name|Billing Information|Birthday|Business Address PO Box|Categories|Children
E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address|E-mail 2 Type|E-mail 2 Display Name|E-mail 3 Address|E-mail 3 Type|E-mail 3 Display Name
Gender|Government ID Number|Hobby|Home Address PO Box|Initials|Internet Free Busy|Location
Manager's Name|Mileage|Notes|Office Location|Other Address PO Box|Priority|Profession|Sensitivity
Spouse|User 1|User 2|User 3|User 4|Web Page
Given Yomi=First Name Yomi|Surname Yomi=Last Name Yomi|Company Yomi
Keywords|Language|Private|Referred By|Directory Server|Organizational ID Number
"""
_DE = """
Anrede|Vorname|Weitere Vornamen|Nachname|Suffix|Firma|Abteilung|Position
Straße geschäftlich|Straße geschäftlich 2|Straße geschäftlich 3|Ort geschäftlich|Region geschäftlich|Postleitzahl geschäftlich|Land/Region geschäftlich=Land geschäftlich
Straße privat|Straße privat 2|Straße privat 3|Ort privat|Bundesland/Kanton privat=Region privat|Postleitzahl privat|Land/Region privat=Land privat
Weitere Straße|Weitere Straße 2|Weitere Straße 3|Weiterer Ort|Weiteres/r Bundesland/Kanton=Weitere Region|Weitere Postleitzahl|Weiteres/e Land/Region=Weiteres Land
Telefon Assistent|Fax geschäftlich|Telefon geschäftlich|Telefon geschäftlich 2|Rückmeldung|Autotelefon|Telefon Firma
Fax privat|Telefon privat|Telefon (privat 2)|ISDN|Mobiltelefon|Weiteres Fax|Weiteres Telefon|Pager
Haupttelefon|Mobiltelefon 2|Telefon für Hörbehinderte|Telex|Konto|Jahrestag
Name Assistent=Assistent(in)|Abrechnungsinformation|Geburtstag|Postfach geschäftlich|Kategorien|Kinder
E-Mail-Adresse|E-Mail-Typ|E-Mail: Angezeigter Name|E-Mail 2: Adresse|E-Mail 2: Typ|E-Mail 2: Angezeigter Name|E-Mail 3: Adresse|E-Mail 3: Typ|E-Mail 3: Angezeigter Name
Geschlecht|Regierungsnr.=Sozialversicherungsnr.|Hobby|Postfach privat|Initialen|Internet-Frei/Gebucht|Ort
Name des/der Vorgesetzten=Name des/r Vorgesetzten|Reisekilometer|Notizen|Büro|Weiteres Postfach|Priorität|Beruf|Vertraulichkeit
Partner|Benutzer 1|Benutzer 2|Benutzer 3|Benutzer 4|Webseite
Vorname Yomi|Nachname Yomi|Firma Yomi
Stichwörter|Sprache|Privat|Empfohlen von|Verzeichnisserver|Organisationsnr.
"""
_FR = """
Titre|Prénom|Deuxième prénom|Nom|Suffixe|Société|Service|Titre
Rue (bureau)|Rue (bureau) 2|Rue (bureau) 3|Ville (bureau)|Dép/Région (bureau)|Code postal (bureau)|Pays/Région (bureau)=Pays (bureau)
Rue (domicile)|Rue (domicile) 2|Rue (domicile) 3|Ville (domicile)|Dép/Région (domicile)|Code postal (domicile)|Pays/Région (domicile)=Pays (domicile)
Rue (autre)|Rue (autre) 2|Rue (autre) 3|Ville (autre)|Dép/Région (autre)|Code postal (autre)|Pays/Région (autre)=Pays (autre)
Téléphone de l'assistant(e)|Télécopie (bureau)|Téléphone (bureau)|Téléphone 2 (bureau)|Rappel|Téléphone (voiture)|Téléphone société
Télécopie (domicile)|Téléphone (domicile)|Téléphone 2 (domicile)|RNIS|Tél. mobile|Télécopie (autre)|Téléphone (autre)|Récepteur de radiomessagerie
Téléphone principal|Radio téléphone|Téléphone TDD/TTY|Télex|Compte|Anniversaire de mariage ou fête
Nom de l'assistant(e)|Informations facturation|Anniversaire|B.P. professionnelle|Catégories|Enfants
Adresse de messagerie=Adresse de courrier=Adresse e-mail|Type de messagerie=Type d'e-mail|Nom complet de l'adresse de messagerie|Adresse de messagerie 2=Adresse de courrier 2=Adresse e-mail 2|Type de messagerie 2|Nom complet de l'adresse de messagerie 2|Adresse de messagerie 3=Adresse de courrier 3=Adresse e-mail 3|Type de messagerie 3|Nom complet de l'adresse de messagerie 3
Sexe|Code gouvernement|Passe-temps|Boîte postale du domicile|Initiales|Disponibilité Internet|Emplacement
Responsable|Kilométrage|Notes|Bureau|Autre boîte postale|Priorité|Profession|Critère de diffusion
Conjoint(e)|Utilisateur 1|Utilisateur 2|Utilisateur 3|Utilisateur 4|Page Web
Prénom Yomi|Nom Yomi|Société Yomi
Mots clés|Langue|Privé|Recommandé par|Serveur d'annuaire|Numéro d'identification de l'organisation
"""
_ES = """
Tratamiento|Nombre|Segundo nombre|Apellidos|Sufijo|Organización|Departamento|Puesto=Cargo
Calle del trabajo|Calle del trabajo 2|Calle del trabajo 3|Ciudad de trabajo|Provincia o estado de trabajo|Código postal del trabajo|País o región del trabajo
Calle del domicilio|Calle del domicilio 2|Calle del domicilio 3|Ciudad del domicilio|Provincia o estado del domicilio|Código postal del domicilio|País o región del domicilio
Otra calle|Otra calle 2|Otra calle 3|Otra ciudad|Otra provincia o estado|Otro código postal|Otro país o región
Teléfono del ayudante|Fax del trabajo|Teléfono del trabajo|Teléfono del trabajo 2|Devolución de llamada|Teléfono del automóvil|Número de centralita de la organización
Fax particular|Particular|Particular 2|RDSI|Móvil=Teléfono móvil|Otro fax|Otro teléfono|Localizador
Teléfono principal|Radioteléfono|Número de teletipo|Télex|Cuenta|Aniversario
Nombre del ayudante|Facturación|Cumpleaños|Apartado postal de la dirección del trabajo|Categorías|Hijos
Dirección de correo electrónico=Dirección del correo electrónico|Tipo de correo electrónico|Nombre de pantalla de correo electrónico|Dirección de correo electrónico 2=Dirección del correo electrónico 2|Tipo de correo electrónico 2|Nombre de pantalla de correo electrónico 2|Dirección del correo electrónico 3=Dirección de correo electrónico 3|Tipo de correo electrónico 3|Nombre de pantalla de correo electrónico 3
Género=Sexo|Número de id. del gobierno|Aficiones|Apartado postal de la dirección personal|Iniciales|Disponibilidad en Internet|Ubicación
Nombre del director|Kilometraje|Notas|Ubicación de la oficina|Otro apartado postal|Prioridad|Profesión|Confidencialidad
Cónyuge|Usuario 1|Usuario 2|Usuario 3|Usuario 4|Página web
Yomi especificada|Apellido Yomi|Compañía Yomi
Palabras clave|Idioma|Privado|Remitido por|Servidor de directorio|Número de id. organizativo
"""
_IT = """
Titolo|Nome|Secondo nome|Cognome|Titolo straniero|Società|Reparto|Posizione
Via (uff.)|Via (uff.) 2|Via (uff.) 3|Città (uff.)|Provincia (uff.)|CAP (uff.)|Paese/area geografica (uff.)=Paese (uff.)
Via (ab.)|Via (ab.) 2|Via (ab.) 3|Città (ab.)|Provincia (ab.)|CAP (ab.)|Paese/area geografica (ab.)=Paese (ab.)
Altra via|Altra via 2|Altra via 3|Altra città|Altra provincia|Altro CAP|Altro paese/area geografica=Altro paese
Telefono assistente|Fax (uff.)|Ufficio|Ufficio 2|Richiamata automatica|Telefono auto|Telefono principale società
Fax (ab.)|Abitazione|Abitazione 2|ISDN|Cellulare|Altro fax|Altro telefono|Cercapersone
Telefono principale|Radiotelefono|Telefono TTY/TDD|Telex|Account|Anniversario
Nome assistente|Dati fatturazione|Compleanno|Indirizzo (uff.) - Casella postale|Categorie|Figli
Indirizzo posta elettronica|Tipo posta elettronica|Nome visualizzato posta elettronica|Indirizzo posta elettronica 2|Tipo posta elettronica 2|Nome visualizzato posta elettronica 2|Indirizzo posta elettronica 3|Tipo posta elettronica 3|Nome visualizzato posta elettronica 3
Sesso|Cod. Fisc./P. IVA|Hobby|Indirizzo (ab.) - Casella postale|Iniziali|Disponibilità Internet|Luogo
Nome manager|Indennità trasferta|Notes=Note|Ubicazione ufficio|Altro indirizzo - Casella postale|Priorità|Professione|Riservatezza
Nome coniuge=Nome coniuge/partner|Utente 1|Utente 2|Utente 3|Utente 4|Pagina Web
Given Yomi|Surname Yomi|Company Yomi
Parole chiave|Lingua|Privato|Presentato da|Server di directory|Numero ID organizzativo
"""
_SL = """
Naziv|Ime|Drugo ime|Priimek|Pripona|Podjetje|Oddelek|Naziv1=Delovno mesto
Službeni naslov - ulica|Službeni naslov - ulica 2|Službeni naslov - ulica 3|Službeni naslov - kraj|Službeni naslov - zvezna država|Službeni naslov - poštna številka|Službeni naslov – država/regija
Domači naslov - ulica|Domači naslov - ulica 2|Domači naslov - ulica 3|Domači naslov - kraj|Domači naslov - zvezna država|Domači naslov - poštna številka|Domači naslov – država/regija
Drugi naslov - ulica|Drugi naslov - ulica 2|Drugi naslov - ulica 3|Drugi naslov - kraj|Drugi naslov - zvezna država|Drugi naslov - poštna številka|Drugi naslov – država/regija
Pomočnikov telefon|Službeni faks|Službeni telefon|Službeni telefon 2|Povratni klic|Avtotelefon|Centrala podjetja
Domači faks|Domači telefon|Domači telefon 2|ISDN|Prenosni telefon=Mobilni telefon|Drugi faks|Drugi telefon|Pozivnik
Primarni telefon|Radijski telefon|Telefon TTY/TDD|Teleks|Račun|Obletnica
Pomočnik|Podatki za obračun|Rojstni dan|Službeni naslov - poštni predal|Zvrsti=Kategorije|Podrejeni=Otroci
E-poštni naslov|Vrsta e-pošte|E-poštno ime za prikaz|E-poštni naslov 2|Vrsta e-pošte 2|E-poštno ime za prikaz 2|E-poštni naslov 3|Vrsta e-pošte 3|E-poštno ime za prikaz 3
Spol|Vladna ID številka|Konjiček|Domači naslov - poštni predal|Začetnice|Internetni prosti/zasedeni čas|Mesto
Direktor|Kilometrina|Opombe|Pisarna|Drugi naslov - poštni predal|Prioriteta|Poklic|Občutljivost
Zakonec|Uporabnik 1|Uporabnik 2|Uporabnik 3|Uporabnik 4|Spletna stran
Ime Yomi|Priimek Yomi|Podjetje Yomi
Ključne besede|Jezik|Zasebno|Priporočil|Imeniški strežnik|Številka ID organizacije
"""
_HR = """
Titula|Ime|Srednje ime|Prezime|Sufiks|Tvrtka|Odjel|Poslovna titula
Službena adresa - ulica|Službena adresa - ulica 2|Službena adresa - ulica 3|Službena adresa - grad|Službena adresa - savezna država|Službena adresa - poštanski broj|Država/regija poslovanja
Kućna adresa - ulica|Kućna adresa - ulica 2|Kućna adresa - ulica 3|Kućna adresa - grad|Kućna adresa - savezna država|Kućna adresa - poštanski broj|Matična država/regija
Druga adresa - ulica|Druga adresa - ulica 2|Druga adresa - ulica 3|Druga adresa - grad|Druga adresa - savezna država|Druga adresa - poštanski broj|Druga država/regija
Pomoćnikov telefon|Službeni faks|Službeni telefon|Službeni telefon 2|Povratni poziv|Automobilski telefon|Telefonski broj centrale tvrtke
Kućni faks|Kućni telefon|Kućni telefon 2|ISDN|Mobitel|Drugi faks|Drugi telefon|Javljač
Primarni telefon|Radijski telefon|Tekstualni telefon|Teleks|Račun|Obljetnica
Ime pomoćnika|Informacija za naplatu|Rođendan|Službena adresa - poštanski pretinac|Kategorije|Djeca
Adresa e-pošte|Vrsta e-pošte|Prikazano ime e-pošte|Adresa e-pošte 2|Vrsta e-pošte 2|Prikazano ime e-pošte 2|Adresa e-pošte 3|Vrsta e-pošte 3|Prikazano ime e-pošte 3
Spol|JMBG|Hobi|Kućna adresa - poštanski pretinac|Inicijali|Internetsko objavljivanje zauzetosti|Mjesto
Naziv rukovoditelja|Kilometraža|Bilješke|Mjesto ureda|Druga adresa - poštanski pretinac|Prioritet|Zanimanje|Osjetljivost
Supružnik|Korisnik 1|Korisnik 2|Korisnik 3|Korisnik 4|Web-stranica
Ime Yomi|Prezime Yomi|Tvrtka Yomi
Ključne riječi|Jezik|Privatno|Preporučio|Poslužitelj imenika|ID broj tvrtke
"""
_NL = """
Titel|Voornaam|Middelste naam|Achternaam|Achtervoegsel|Bedrijf|Afdeling|Functie
Werkadres, straat|Werkadres 2, straat=Werkadres, straat 2|Werkadres 3, straat=Werkadres, straat 3|Werkadres, plaats|Werkadres, provincie|Werkadres, postcode|Land/regio (werk)
Huisadres, straat|Huisadres, straat 2|Huisadres, straat 3|Huisadres, plaats|Huisadres, provincie|Huisadres, postcode|Land/regio (thuis)
Ander adres, straat|Ander adres, straat 2|Ander adres, straat 3|Ander adres, plaats|Ander adres, provincie|Ander adres, postcode|Land/regio (anders)
Telefoon assistent|Fax op werk|Telefoon op werk|Telefoon op werk 2|Terugbellen|Autotelefoon|Hoofdtelefoon bedrijf
Fax thuis|Telefoon thuis|Telefoon thuis 2|ISDN|Mobiele telefoon|Andere fax|Andere telefoon|Pager
Hoofdtelefoon|Radiotelefoon|Teksttelefoon|Telex|Account|Speciale datum
Naam assistent|Factuurinformatie|Verjaardag|Werkadres, postbusnummer|Categorieën=Categorien|Kinderen
E-mailadres|E-mailtype|Weergavenaam voor e-mail|E-mailadres 2|E-mailtype 2|E-mail, weergegeven naam 2|E-mailadres 3|E-mailtype 3|E-mail, weergegeven naam 3
Geslacht|Sofinummer|Hobby's|Huisadres, postbusnummer|Initialen|Internet Beschikbaarheidsinfo|Locatie
Naam manager|Reisafstand|Notities|Kantoorlocatie|Ander adres, postbusnummer|Prioriteit|Beroep|Gevoeligheid
Partner|Gebruiker 1|Gebruiker 2|Gebruiker 3|Gebruiker 4|Webpagina
Voornaam Yomi|Achternaam Yomi|Bedrijf Yomi
Trefwoorden|Taal|Privé=Priv|Referentie van|Adreslijstserver|Organisatie-id
"""
_PT = """
Título=Tratamento|Primeiro nome=Nome|Outros nomes/apelidos=Segundo nome|Apelido=Sobrenome|Sufixo|Empresa|Departamento|Cargo
Rua da empresa=Rua do endereço comercial=Endereço comercial|Rua da empresa 2=Rua do endereço comercial 2|Rua da empresa 3=Rua do endereço comercial 3|Localidade da empresa=Cidade do endereço comercial|Distrito da empresa=Estado do endereço comercial|Código postal da empresa=CEP do endereço comercial|País/Região da Empresa
Rua da residência=Endereço residencial|Rua da residência (2)=Endereço residencial 2|Rua da residência (3)=Endereço residencial 3|Localidade da residência=Cidade do endereço residencial|Distrito da residência=Estado|Código postal da residência=CEP do endereço residencial|País da Residência/Região=País/Região de Residência
Rua do outro endereço=Outro endereço|Rua do outro endereço 2=Outro endereço 2|Rua do outro endereço 3=Outro endereço 3|Localidade do outro endereço=Cidade|Distrito do outro endereço=Outro Estado|Código postal do outro endereço=CEP|Outro País/Região
Telefone do assistente|Fax da empresa=Fax comercial|Telefone da empresa=Telefone comercial|2º telefone da empresa=Telefone comercial 2|Tel. de resposta=Retorno de chamada|Telefone do carro|Telefone principal da empresa
Fax da residência=Fax residencial|Telefone da residência=Telefone residencial|2º telefone da residência=Telefone residencial 2|RDIS|Telemóvel=Telefone celular|Outro fax|Outro telefone|Pager
Telefone principal|Radiotelefone=Radiofone|Telefone TTY/TDD|Telex|Conta|Aniversário=Datas especiais
Nome do assistente|Dados para facturação=Informações para cobrança|Data de nascimento=Nascimento|Apartado da empresa=Caixa postal do endereço comercial|Categorias|Filhos
Endereço de correio electrónico=Endereço de email|Tipo de correio electrónico=Tipo de email|Nome a apresentar para o correio electrónico=Nome para exibição do email|Endereço do correio electrónico 2=Endereço de email 2|Tipo de correio electrónico 2=Tipo de email 2|Nome a apresentar para o correio electrónico 2=Nome para exibição do email 2|Endereço do correio electrónico 3=Endereço de email 3|Tipo de correio electrónico 3=Tipo de email 3|Nome a apresentar para o correio electrónico 3=Nome para exibição do email 3
Sexo|Número do BI=Código do governo|Passatempo=Hobby|Apartado da residência=Caixa postal do endereço residencial|Iniciais|Disponibilidade da Internet|Localização=Local
Nome do gestor=Nome do gerenciador|Quilometragem|Notas=Anotações|Gabinete=Sala|Apartado do outro endereço=Caixa postal de outro endereço|Prioridade|Profissão|Confidencialidade=Sensibilidade
Cônjuge|Utilizador 1=Personalizado 1|Utilizador 2=Personalizado 2|Utilizador 3=Personalizado 3|Utilizador 4=Personalizado 4|Página na Web=Página da Web
Yomi fornecido|Yomi (sobrenome)|Yomi (empresa)
Palavras-chave|Idioma|Privado=Particular|Indicado por|Servidor de directório|Número de ID da organização
"""
_PL = """
Tytuł|Imię|Drugie imię|Nazwisko|Sufiks|Firma|Dział|Stanowisko
Adres służbowy - ulica|Adres służbowy - ulica 2|Adres służbowy - ulica 3|Adres służbowy - miejscowość|Adres służbowy - województwo|Adres służbowy - kod pocztowy|Adres służbowy - kraj/region=Adres służbowy - kraj
Adres domowy - ulica|Adres domowy - ulica (2)|Adres domowy - ulica (3)|Adres domowy - miejscowość|Adres domowy - województwo|Adres domowy - kod pocztowy|Adres domowy - kraj/region=Adres domowy - kraj
Inny adres - ulica|Inny adres - ulica 2|Inny adres - ulica 3|Inny adres - miejscowość|Inny adres - województwo|Inny adres - kod pocztowy|Inny adres - kraj/region=Inny adres - kraj
Telefon asystenta|Faks służbowy|Telefon służbowy|Telefon służbowy 2|Wywołanie zwrotne|Telefon w samochodzie|Główny telefon do firmy
Faks domowy|Telefon domowy|Telefon domowy 2|ISDN|Telefon komórkowy|Inny faks|Inny telefon|Pager
Telefon podstawowy|Radiotelefon|Telefon TTY/TDD|Teleks|Konto|Rocznica
Imię i nazwisko asystenta|Informacje rozliczeniowe|Urodziny|Służbowa skrzynka pocztowa|Kategorie|Dzieci
Adres e-mail|Typ poczty e-mail|Wyświetlana nazwa e-mail|Adres e-mail 2|Rodzaj e-mail 2|Wyświetlana nazwa e-mail 2|Adres e-mail 3|Rodzaj e-mail 3|Wyświetlana nazwa e-mail 3
Płeć|PESEL|Hobby|Domowa skrzynka pocztowa|Inicjały|Internetowe informacje wolny/zajęty|Lokalizacja
Menedżer|Przebieg|Notatki|Lokalizacja biura|Inna skrzynka pocztowa|Priorytet|Zawód|Charakter
Współmałżonek|Użytkownik 1|Użytkownik 2|Użytkownik 3|Użytkownik 4|Strona sieci Web
Imię Yomi|Nazwisko Yomi|Firma Yomi
Słowa kluczowe|Język|Prywatne|Polecony przez|Serwer katalogowy|Numer identyfikacyjny organizacji
"""
_RU = """
Обращение|Имя|Отчество|Фамилия|Суффикс|Организация|Отдел|Должность
Улица (раб. адрес)|Улица 2 (раб. адрес)|Улица 3 (раб. адрес)|Город (раб. адрес)|Область (раб. адрес)|Индекс (раб. адрес)|Страна или регион (раб. адрес)
Улица (дом. адрес)|Улица 2 (дом. адрес)|Улица 3 (дом. адрес)|Город (дом. адрес)|Область (дом. адрес)|Почтовый код (дом.)|Страна или регион (дом. адрес)
Улица (другой адрес)|Улица 2 (другой адрес)|Улица 3 (другой адрес)|Город (другой адрес)|Область (другой адрес)|Индекс (другой адрес)|Страна или регион (другой адрес)
Телефон помощника|Рабочий факс|Рабочий телефон|Телефон раб. 2|Обратный вызов|Телефон в машине|Основной телефон организации
Домашний факс|Домашний телефон|Телефон дом. 2|ISDN|Телефон переносной|Другой факс|Другой телефон|Пейджер
Основной телефон|Радиотелефон|Телетайп/телефон с титрами|Телекс|Счет|Годовщина
Имя помощника|Счета|День рождения|Почтовый ящик (раб. адрес)|Категории|Дети
Адрес эл. почты|Тип эл. почты|Краткое имя эл. почты|Адрес 2 эл. почты|Тип 2 эл. почты|Краткое 2 имя эл. почты|Адрес 3 эл. почты|Тип 3 эл. почты|Краткое 3 имя эл. почты
Пол|Личный код|Хобби|Почтовый ящик (дом. адрес)|Инициалы|Сведения о доступности в Интернете|Расположение
Руководитель|Расстояние|Заметки|Расположение комнаты|Почтовый ящик (другой адрес)|Важность|Профессия|Пометка
Супруг(а)|Пользователь 1|Пользователь 2|Пользователь 3|Пользователь 4|Веб-страница
Имя Yomi|Фамилия Yomi|Организация Yomi
Ключевые слова|Язык|Частное|Отзыв|Сервер каталогов|Код организации
"""
_ZH = """
英文称谓|名|中间名|姓|中文称谓|单位|部门|职务
商务地址 街道|商务地址 街道 2|商务地址 街道 3|商务地址 市/县|商务地址 省/市/自治区|商务地址 邮政编码|商务地址 国家/地区
住宅地址 街道|住宅地址 街道 2|住宅地址 街道 3|住宅地址 市/县|住宅地址 省/市/自治区|住宅地址 邮政编码|住宅地址 国家/地区
其他地址 街道|其他地址 街道 2|其他地址 街道 3|其他地址 市/县|其他地址 省/市/自治区|其他地址 邮政编码|其他地址 国家/地区
助理的电话|商务传真|商务电话|商务电话 2|回电话|车载电话|单位主要电话
住宅传真|住宅电话|住宅电话 2|ISDN|移动电话|其他传真|其他电话|寻呼机
主要电话|无绳电话|TTY/TDD 电话|电报|帐户|纪念日
助理的姓名|记帐信息|生日|商务地址 - 邮箱|类别|子女
电子邮件地址|电子邮件类型|电子邮件显示名称|电子邮件 2 地址|电子邮件 2 类型|电子邮件 2 显示名|电子邮件 3 地址|电子邮件 3 类型|电子邮件 3 显示名
性别|身份证编号|业余爱好|住宅地址 - 邮箱|缩写|Internet 忙闲|地点
经理姓名|里程|附注|办公地点|其他地址 - 邮箱|优先级|职业|敏感度
配偶|用户 1|用户 2|用户 3|用户 4|网页
给定 Yomi|姓氏 Yomi|公司 Yomi
关键词|语言|私有|推荐人|目录服务器|单位编号
"""
LANGUAGES = {
    "en": _EN,
    "de": _DE,
    "fr": _FR,
    "es": _ES,
    "it": _IT,
    "sl": _SL,
    "hr": _HR,
    "nl": _NL,
    "pt": _PT,
    "pl": _PL,
    "ru": _RU,
    "zh": _ZH,
}
