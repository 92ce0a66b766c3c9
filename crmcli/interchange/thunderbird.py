"""Thunderbird's address book as CSV: 36 columns, in the language of the program.

A birthday stands in three columns; a comma may follow the last header. In French some headers
stand for home first and for work second. A file without a header is told by its shape (table.py).
"""

from collections import defaultdict
from functools import cache

from crmcli.interchange import generic
from crmcli.interchange.fields import (
    Group,
    Mapper,
    columns_of,
    name_record,
    normal,
    override,
)
from crmcli.interchange.forms import key_of, person
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Raw

FIELDS = """given_name|family_name|name|nickname|email|email|phone:work|phone:home|phone:fax
phone:pager|phone:mobile|street:home|extended:home|locality:home|region:home|postal_code:home
country:home|street:work|extended:work|locality:work|region:work|postal_code:work|country:work|title
department|org|url|url|birth_year|birth_month|birth_day|custom:custom_1|custom:custom_2
custom:custom_3|custom:custom_4|note|custom:screen_name"""
_EN = """First Name|Last Name|Display Name|Nickname|Primary Email|Secondary Email|Work Phone|
Home Phone|Fax Number|Pager Number|Mobile Number|Home Address|Home Address 2|Home City|
Home State=Home County|
Home ZipCode=Home Post Code|Home Country|Work Address|Work Address 2|Work City|
Work State=Work County|Work ZipCode=Work Post Code|Work Country|Job Title|Department|
Organization=Organisation|Web Page 1|Web Page 2|Birth Year|Birth Month|Birth Day|Custom 1|Custom 2|
Custom 3|Custom 4|Notes|Screen Name"""
_DE = """Vorname|Nachname|Anzeigename|Spitzname|Primäre E-Mail-Adresse|Sekundäre E-Mail-Adresse|
Tel. dienstlich|Tel. privat|Fax-Nummer|Pager-Nummer|Mobil-Tel.-Nr.|Privat: Adresse|
Privat: Adresse 2|Privat: Ort|Privat: Bundesland|Privat: PLZ|Privat: Land|Dienstlich: Adresse|
Dienstlich: Adresse 2|Dienstlich: Ort|Dienstlich: Bundesland|Dienstlich: PLZ|Dienstlich: Land|
Arbeitstitel|Abteilung|Organisation|Webseite 1|Webseite 2|Geburtsjahr|Geburtsmonat|Geburtstag|
Benutzerdef. 1|Benutzerdef. 2|Benutzerdef. 3|Benutzerdef. 4|Notizen|Messenger-Name"""
_FR = """Prénom|Nom de famille|Nom à afficher|Surnom|Adresse électronique principale|
Adresse électronique secondaire|Tél. professionnel|Tél. personnel|Fax|Pager|Portable|
Adresse privée|Adresse privée 2|Ville|Pays/État|Code postal|Pays/Région (domicile)|
Adresse professionnelle|Adresse professionnelle 2|Ville|Pays/État|Code postal|
Pays/Région (bureau)|Profession|Service|Société|Site web 1|Site web 2|Année de naissance|Mois|Jour|
Divers 1|Divers 2|Divers 3|Divers 4|Notes|Nom de l’écran"""
_IT = """Nome|Cognome|Nome visualizzato|Soprannome|Email primaria|Email secondaria|Telefono lavoro|
Telefono casa|Numero fax|Numero cercapersone|Numero cellulare|Indirizzo di casa|
Indirizzo di casa 2|Città di residenza|Provincia di residenza|CAP di residenza|
Nazione di residenza|Indirizzo di lavoro|Indirizzo di lavoro 2|Città di lavoro|
Provincia di lavoro|CAP di lavoro|Nazione di lavoro|Qualifica|Reparto|Organizzazione|
Pagina web 1|Pagina web 2|Anno di nascita|Mese di nascita|Giorno di nascita|Personalizzato 1|
Personalizzato 2|Personalizzato 3|Personalizzato 4|Note|Nome Instant Messenger"""
LANGUAGES = {"en": _EN, "de": _DE, "fr": _FR, "it": _IT}
HEADER = tuple(part.strip().partition("=")[0] for part in _EN.replace("\n", "").split("|"))
"""The columns in their order, for a file that has no header."""
_SIGNS = frozenset(
    """phone:fax phone:pager phone:mobile postal_code:home street:home country:home postal_code:work
    street:work birth_year birth_month custom:custom_1 custom:custom_2 custom:custom_3 email url
    name""".split()
)
_LEAST = 4
_BIRTH = ("birth_year", "birth_month", "birth_day")


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    """Give header (in normal form) -> what it feeds where it stands first, second …"""
    fields = FIELDS.replace("\n", "|").split("|")
    tables = {}
    for language, text in LANGUAGES.items():
        table: dict[str, list[str]] = defaultdict(list)
        for target, names in zip(fields, text.replace("\n", "").split("|"), strict=True):
            for name in names.split("="):
                table[normal(name)].append(target)
        tables[language] = dict(table)
    return tables


def _applies(keys: set[str]) -> bool:
    return any(
        sum(table.get(key, [""])[0] in _SIGNS for key in keys) >= _LEAST
        and any(key in table for key in keys if table.get(key, [""])[0] in (*_BIRTH, "email"))
        and keys & _own(language)
        for language, table in _tables().items()
    )


@cache
def _own(language: str) -> frozenset[str]:
    """Give the headers of a language that nothing but Thunderbird writes."""
    table = _tables()[language]
    wanted = (*_BIRTH, "email", "phone:pager", "custom:custom_1", "custom:custom_2")
    return frozenset(
        key for key, targets in table.items() if targets[0] in wanted and key not in generic.ALIASES
    )


def _knows(key: str) -> bool:
    return any(key in table for table in _tables().values())


def _fields(header: list[str]) -> list[str | None]:
    """Give what each column feeds, in the language of most of them."""
    keys = [normal(cell) for cell in header]
    tables = _tables()
    own = max(tables.values(), key=lambda table: sum(key in table for key in keys))
    left = {key: list(targets) for key, targets in own.items()}
    found: list[str | None] = []
    for key, cell in zip(keys, header, strict=True):
        if left.get(key):
            found.append(left[key].pop(0))
        else:
            found.append(generic.target(cell) or (f"custom:{key_of(cell)}" if key else None))
    return found


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map every column; `mapping` wins."""
    columns, notes = columns_of(header)
    mapper = Mapper(columns, notes=notes, finish=name_record)
    wanted = override(header, mapping)
    fields = [wanted.get(index) or field for index, field in enumerate(_fields(header))]
    birth = {
        field: index
        for index, field in reversed(list(enumerate(fields)))
        if field in _BIRTH and index not in wanted
    }
    mapper.assign([None if field in _BIRTH else field for field in fields])
    for index in birth.values():
        columns[index].target = "birthday"
    if birth:
        mapper.groups.append(_birthday([birth.get(field) for field in _BIRTH]))
    mapper.split = lambda raw, _cells: person(raw)
    return mapper


def _birthday(places: list[int | None]) -> Group:
    """Give the function that joins year, month and day; what is no date is kept as it stands."""

    def read(raw: Raw, cells: list[str]) -> None:
        parts = [cells[at] if at is not None else "" for at in places]
        year, month, day = (part if part.isascii() and part.isdigit() else "" for part in parts)
        if int(month or 0) and int(day or 0):
            head = f"{int(year):04d}" if int(year or 0) else "-"
            raw["birthday"] = f"{head}-{int(month):02d}-{int(day):02d}"
        elif text := "-".join(part for part in parts if part.strip("0")):
            raw.setdefault("custom", {})["birthday"] = text

    return read


PRESET = Preset("thunderbird", _applies, _knows, build)
