"""Pipedrive's files: `Person - Name`, `Organization - Name`, `Activity - Subject`, `Note - …`.

One row may hold a person, their organization, a deal, an activity and a note; the lists of people,
organizations, activities and notes have the same headers. A `*` marks what is required. Values of
several sources are joined by commas with their labels lost; dates may be day numbers of a
spreadsheet; notes are HTML. Checked with Pipedrive's own sample for imports; the headers of other
languages are those of its user interface, none of them seen in an export. People, organizations
and activities are counted apart there, so their ids are kept apart here.
"""

import re

from crmcli.i18n import mark, tr
from crmcli.interchange import generic
from crmcli.interchange.fields import IGNORE, Mapper, Setter, normal, setter
from crmcli.interchange.forms import (
    Form,
    Slot,
    dated,
    digest,
    is_true,
    key_of,
    lines,
    person,
    plain,
)
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import LeftOut, Part, Raw
from crmcli.rules.link import SAME_ROW

SOURCE, ORGS, ACTIVITIES = "pipedrive", "pipedrive organization", "pipedrive activity"
PRODUCTS = mark("columns of products and leads are left out")
NAMELESS = mark("holds no name of a person, an organization or a deal")
_ENTITIES = {
    "person": "person persona personne pessoa kontaktperson contatto contact contactpersoon osoba",
    "org": """organization organisation organizacion organizzazione organizacao organisatie
        organizacja""",
    "deal": "deal trato negocio negociacion affaire transaction trattativa affare negocios",
    "product": "product produkt produit producto prodotto produto",
    "activity": "activity aktivitat actividad activite attivita atividade activiteit aktywnosc",
    "note": "note notiz nota notitie notatka",
    "lead": "lead leads prospect",
}
_PERSON = {
    "name": "name nombre nom nome naam nazwa",
    "given_name": "firstname vorname nombredepila prenom primeironome voornaam imie",
    "family_name": "lastname nachname apellido apellidos nomdefamille cognome sobrenome achternaam",
    "id": "id",
    "phone:work": "phonework telefonarbeit telefontrabajo",
    "phone:home": "phonehome",
    "phone:mobile": "phonemobile",
    "phone:other": "phoneother",
    "phone": "phone telefon telefono telephone telefone telefoon",
    "email:work": "emailwork",
    "email:home": "emailhome",
    "email:other": "emailother",
    "email": "email correoelectronico courriel",
    "org": "organization organisation organizacion organizzazione organizacao",
    "org_id": "organizationid organisationid",
    "title": "jobtitle title stelle puesto fonction cargo",
    "owner": "owner besitzer inhaber propietario proprietaire proprietario",
    "tags": "label labels etikett etiqueta etiquette etichetta",
    "created": "personcreated created addtime",
    "birthday": "birthday geburtstag",
    "street": "postaladdress address",
    "note": "notes",
    "ignore": """updatetime lastactivitydate nextactivitydate opendeals closeddeals wondeals
        lostdeals totalactivities doneactivities activitiestodo emailmessagescount lastemailreceived
        lastemailsent profilepicture visibleto""",
}
_ORG = {
    "name": "name nombre nom nome naam nazwa",
    "id": "id",
    "street": "address adresse direccion indirizzo endereco adres",
    "owner": _PERSON["owner"],
    "tags": _PERSON["tags"],
    "web": "website webseite sitioweb siteweb sitoweb",
    "phone": _PERSON["phone"],
    "email": "email",
    "industry": "industry branche",
    "created": "organizationcreated created addtime",
    "locality": "citytownvillagelocalityofaddress",
    "region": "statecountyofaddress",
    "postal_code": "zippostalcodeofaddress",
    "country": "countryofaddress",
    "ignore": _PERSON["ignore"] + " people peoplecount",
}
_ACTIVITY = {
    "id": "id",
    "subject": "subject betreff asunto sujet oggetto assunto onderwerp temat",
    "due": "duedate falligkeitsdatum fechadevencimiento datedecheance datadiscadenza",
    "hour": "duetime time",
    "sort": "type typ tipo",
    "done": "done status erledigt hecho",
    "completed": "markedasdonetime",
    "duration": "duration",
    "body": "note notes notiz nota",
    "owner": "assignedtouser owner",
    "person": "contactperson person",
    "org": "organization organisation",
    "ignore": """addtime created updatetime lastmodifiedtime creator location publicdescription deal
        dealid lead leadid project""",
}
_DEAL = {
    "name": "title titel titulo titre titolo tytul",
    "id": "id",
    "amount": "value wert valor valeur valore waarde wartosc",
    "currency": "currency currencyofvalue wahrung moneda devise valuta moeda",
    "stage": "stage phase etapa etape fase etap",
    "status": "status",
    "pipeline": "pipeline",
    "owner": _PERSON["owner"],
    "tags": _PERSON["tags"],
    "person": "contactperson person",
    "org": "organization organisation",
    "source": "source sourcechannel",
    "created": "dealcreated created addtime",
    "closes": "expectedclosedate",
    "closed": "dealclosedon wontime losttime closetime",
    "reason": "lostreason",
    "ignore": """updatetime probability weightedvalue lastactivitydate nextactivitydate visibleto
        totalactivities doneactivities activitiestodo laststagechange emailmessagescount
        productquantity productamount productname creator currencyofweightedvalue""",
}
_NOTE = {
    "id": "id",
    "body": "content inhalt contenido contenu contenuto conteudo inhoud tresc",
    "at": "addtime created",
    "owner": "user creator author",
    "person": "person",
    "org": "organization organisation",
    "ignore": "updatetime",
}
_FIELDS = {"person": _PERSON, "org": _ORG, "activity": _ACTIVITY, "note": _NOTE}
_FIELDS["deal"] = _DEAL
_NAMES = {
    entity: {word: target for target, line in fields.items() for word in line.split()}
    for entity, fields in _FIELDS.items()
}
_PREFIXES = sorted(
    ((word, entity) for entity, line in _ENTITIES.items() for word in line.split()),
    key=lambda pair: -len(pair[0]),
)
_KINDS = {"call": "call", "email": "email", "meeting": "meeting", "lunch": "meeting"}
_PERSONAL = ("name", "given_name", "family_name", "nickname", "emails", "phones")
_MAIN = {("person", "name"), ("org", "name"), ("activity", "subject"), ("note", "body")}
_MAIN.add(("deal", "name"))
_LEFT_OUT = ("product", "lead")
_DONE = frozenset(("done", "erledigt", "hecho", "completed", "fait", "fatto"))
_SORTS = frozenset(("", "call", "email", "meeting", "lunch", "task", "deadline"))
_TOLD = _DONE | {"", "1", "0", "yes", "no", "true", "false", "to do", "todo", "open", "not done"}
_WAYS = {
    "email": ("email", "emailadresse", "correo", "courriel", "adresseemail", "adresemail"),
    "phone": ("telefon", "phone", "telephone", "numerodetelephone", "numerodetelefono"),
}
_COMMAS = re.compile(r"\s*,\s*(?=[+(\d])")
_PHONES = {"phone", "phone:work", "phone:home", "phone:mobile", "phone:other"}


def place(key: str) -> tuple[str, str]:
    """Give whose field a header (in normal form) names, and what it feeds; "" for unknown."""
    for word, entity in _PREFIXES:
        if key.startswith(word) and len(key) > len(word):
            field = key[len(word) :]
            known = _NAMES.get(entity, {})
            found = known.get(field) or known.get(field.rstrip("0123456789"), "")
            return entity, found or (_reached(field) if entity in ("person", "org") else "")
    return "", ""


def _reached(field: str) -> str:
    """Give the kind of a way to reach somebody, whose label is in a language we do not know."""
    return next((kind for kind, words in _WAYS.items() if field.startswith(words)), "")


def _applies(keys: set[str]) -> bool:
    """Nearly all columns say whose they are, and one is what a record is called by."""
    found = [place(key) for key in keys if key]
    named = sum(bool(entity) for entity, _ in found)
    return named >= 2 and named >= 0.8 * len(found) and not _MAIN.isdisjoint(found)


class _Form(Form):
    """Fields of several records in one row: those of the person bare, others as `org.name`."""

    def target(self, name: str) -> str | None:
        """Give what a header feeds; None when it is unknown."""
        entity, field = place(normal(name))
        if entity in _LEFT_OUT or field == IGNORE:
            return IGNORE
        if entity in ("person", ""):
            return field or generic.target(_bare(name))
        return f"{entity}.{field}" if field else None

    def setter(self, mapper: Mapper, target: str, name: str) -> Setter:
        """Give the function that puts a cell into its record."""
        entity, dot, field = target.partition(".")
        slot = Slot(self, mapper, "", key_of(_bare(name)))
        if entity == "deal" and field in ("closes", "closed", "created"):
            return _deal_moment(slot, field)
        if not dot:
            return _put(slot, "person", target)
        put = _put(slot, entity, field)

        def into(raw: Raw, cell: str) -> None:
            put(raw.setdefault(f"{entity}.", {}), cell)

        return into


def _deal_moment(slot: Slot, field: str) -> Setter:
    """Give the function that puts a day or a time into the deal of a row."""

    def put(raw: Raw, cell: str) -> None:
        dates, deal = slot.mapper.hints.dates, raw.setdefault("deal.", {})
        text = dates.serial(cell)
        when = dates.day(text) if field == "closes" else dates.instant(text)
        if when:
            deal["close_date" if field == "closes" else field] = when
        else:
            deal.setdefault("custom", {})[slot.key] = cell

    return put


def _bare(name: str) -> str:
    """Give a header without what stands before its dash."""
    return name.partition(" - ")[2] or name


def _put(slot: Slot, entity: str, field: str) -> Setter:
    """Give the function that puts a cell into one of the records of a row."""
    if field == "id":
        source = SOURCE if entity == "person" else ORGS
        return lambda raw, cell: raw.update(id=cell, external=(source, cell))
    if field == "org_id":
        return lambda raw, cell: raw.update(org_external=(ORGS, cell))
    if field in _PHONES:
        put = setter(field)

        def phones(raw: Raw, cell: str) -> None:
            for one in _COMMAS.split(cell):
                put(raw, one)

        return phones
    if field in ("created", "birthday"):

        def moment(raw: Raw, cell: str) -> None:
            dates = slot.mapper.hints.dates
            text = dates.serial(cell)
            when = dates.instant(text) if field == "created" else dates.day(text) or text
            if when:
                raw[field] = when
            else:
                raw.setdefault("custom", {})[slot.key] = cell

        return moment
    if field == "web":
        return lambda raw, cell: raw.update(domain=cell, urls=[("", cell)])
    return setter(field)


def _build(header: list[str], mapping: dict[str, str]) -> Mapper:
    mapper = FORM.build(header, mapping)
    if any(place(normal(cell))[0] in _LEFT_OUT for cell in header):
        mapper.notes.append(tr(PRODUCTS))
    whole = {place(normal(cell))[0] for cell in header}
    if "person" not in whole:
        nouns = {"org": "org", "deal": "deal", "activity": "task"}
        mapper.noun = next((nouns[one] for one in nouns if one in whole), "interaction")
    return mapper


def _split(mapper: Mapper, raw: Raw) -> list[Part]:
    """Give the person first, then their organization and deal, what is to do, what was noted."""
    entities = ("org", "deal", "activity", "note")
    org, deal, activity, note = (raw.pop(f"{entity}.", {}) for entity in entities)
    whose = raw
    whose.pop("id", None)
    org.pop("id", None)
    if org.get("name"):
        whose.setdefault("org", org["name"])
        if external := org.get("external"):
            whose.setdefault("org_external", external)
    has_person = any(whose.get(key) for key in _PERSONAL)
    parts = person(whose) if has_person else []
    if not has_person and org.get("name") and "custom" in whose:  # what `--map` keeps
        org["custom"] = whose.pop("custom") | org.get("custom", {})
    if org.get("name") and (len(org) > 1 or not parts):
        parts.append(("org", org))
    if deal.get("name"):
        parts += _deal(deal, whose, org, has_person=has_person)
    if activity.get("subject"):
        parts.append(_activity(mapper, activity, whose, org, has_person=has_person))
    if note.get("body"):
        parts.append(_note(mapper, note, whose, org, has_person=has_person))
    if not parts:
        raise ValueError(tr(NAMELESS)) if whose or org or deal else LeftOut(tr(PRODUCTS))
    return parts


def _deal(found: Raw, whose: Raw, org: Raw, *, has_person: bool) -> list[Part]:
    """Give the deal of a row; of a list of deals also the org it names."""
    id, status = found.pop("id", ""), found.get("status", "").lower()
    found["external"] = (SOURCE, id or digest(_said(whose, org), found["name"]))
    links = _links(found, whose, org, has_person)
    if status not in ("won", "lost"):
        found.pop("closed", None)
    parts: list[Part] = [("deal", found | links)]
    company = links.get("org", {})
    if company.get("name") and not (org or has_person):
        parts.append(("org", {key: value for key, value in company.items() if value}))
    return parts


def _links(record: Raw, whose: Raw, org: Raw, has_person: bool) -> Raw:
    """Give whom an activity or a note is about."""
    links: Raw = {}
    if has_person:
        links["people"] = [SAME_ROW]
    elif name := record.pop("person", None):
        links["people"] = [{"name": name}]
    company = record.pop("org", None) or whose.get("org") or org.get("name")
    external = org.get("external") or whose.get("org_external")
    if company or external:
        links["org"] = {"name": company, "external": external}
    record.pop("person", None)
    return links


def _said(whose: Raw, org: Raw) -> str:
    """Name the person of a row, for the ids of what has none."""
    emails = [value for _, value in whose.get("emails", ())]
    return "|".join(filter(None, [whose.get("name"), *emails[:1], org.get("name")]))


def _activity(mapper: Mapper, found: Raw, whose: Raw, org: Raw, *, has_person: bool) -> Part:
    """What is done with somebody lies on the timeline; a chore, and what is open, is a task."""
    dates = mapper.hints.dates
    due, completed = (dates.serial(found.pop(key, "")) for key in ("due", "completed"))
    sort, done = (found.pop(key, "").lower() for key in ("sort", "done"))
    subject, length = found.pop("subject"), found.pop("duration", "")
    day, hour = dates.day(due), dates.hour(found.pop("hour", ""))
    when = dates.instant(f"{day} {hour}" if day and hour else due) or dates.instant(completed)
    kind, is_done = _KINDS.get(sort, ""), bool(when) and (is_true(done) or done in _DONE)
    seconds = _seconds(length) if kind and is_done else ""
    told = [("", plain(found.pop("body", ""))), ("type", sort if sort not in _SORTS else "")]
    told += [("done", done if done not in _TOLD else ""), ("due", "" if day else due)]
    told += [("duration", "" if seconds else length)]
    links = _links(found, whose, org, has_person)
    id = found.pop("id", "") or digest(_said(whose, org), subject, due)
    found |= {"external": (ACTIVITIES, id), **links}
    if kind and is_done:
        found |= {"kind": kind, "occurred_at": when, "body": lines([("", subject), *told])}
        return "interaction", found | ({"duration_seconds": seconds} if seconds else {})
    found |= {"title": subject, "body": lines(told), "kind": kind or "todo", "due_on": day}
    if is_done:
        found |= {"status": "completed", "completed_at": dates.instant(completed) or when}
    if day and hour:
        found |= {"due_time": hour, "tz": dates.clock.zone_name()}
    return "task", found


def _seconds(length: str) -> str:
    """Give a duration such as 01:30 in seconds; "" for none."""
    match = re.fullmatch(r"(\d+):(\d\d)", length)
    return str(int(match[1]) * 3600 + int(match[2]) * 60) if match else ""


def _note(mapper: Mapper, found: Raw, whose: Raw, org: Raw, *, has_person: bool) -> Part:
    links = _links(found, whose, org, has_person)
    body, at = plain(found.pop("body")), found.pop("at", "")
    id = found.pop("id", "") or digest(_said(whose, org), body)
    found |= {"external": (SOURCE, id), "kind": "note", "body": body, **links}
    if when := mapper.hints.dates.instant(mapper.hints.dates.serial(at)):
        found["occurred_at"] = when
    dated(mapper, found)
    return "interaction", found


FORM = _Form(SOURCE, "contact", (), {}, _split)


def _knows(key: str) -> bool:
    return bool(place(key)[1])


PRESET = Preset("pipedrive", _applies, _knows, _build)
