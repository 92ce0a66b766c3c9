"""One page before a meeting: who they are, what was said, what is promised, what it is worth."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.service import card, linked, sold
from crmcli.service.record import Record, record_of
from crmcli.store import brief as store
from crmcli.store import contact, deal, org, task
from crmcli.store.search import Key

TOUCHES = 3
AHEAD = 60  # days in which dates are told
PEOPLE = 20
LONGEST = 300  # characters of what was said
PROMISES = {"promise": "i_owe", "waiting": "they_owe"}
Lines = list[tuple[str, str]]


def read(crm: Context, key: Key) -> Record:
    """Give the brief of a contact, an org or a deal under its names in JSON.

    Raises:
        NotFoundError: it is not there (any more).
    """
    noun = key[0]
    record = record_of(crm, key)
    deals = _deals(crm, key)
    circle = _circle(crm, key, record)
    whom = linked.party(crm, key)
    tasks = _tasks(crm, circle)
    return {
        "id": record["id"],
        "name": record["name"],
        "noun": noun,
        "people": _who(crm, record, whom),
        "org": _org(crm, record, noun),
        "touches": _touches(crm, circle),
        **{name: [one for one in tasks if _heading(one) == name] for name in PROMISES.values()},
        "tasks": [one for one in tasks if not _heading(one)],
        "deals": [{**sold.row(crm, one), "guidance": _guidance(crm, one)} for one in deals],
        "weighted": sold.weighted(one for one in deals if one.is_open),
        "closed_deals": sold.closed(crm, *whom) if whom else [],
        "next_step": next(iter(tasks), None),
        "dates": _dates(crm, [id for noun, id in circle if noun == "contact"]),
        "others": _others(crm, whom if noun == "deal" else key, deals, record),
    }


def today(crm: Context, owner: str | None = None) -> list[Record]:
    """Give a brief for everybody with whom a meeting, a call or a visit is due today."""
    keys = store.spoken_to(crm.store.reader, crm.clock.today(), owner)
    return [read(crm, key) for key in keys]


def _deals(crm: Context, key: Key) -> list[deal.Deal]:
    """Give the deals that a brief is about: the deal itself, or those under way."""
    noun, id = key
    reader = crm.store.reader
    return deal.get_deals(reader, [id] if noun == "deal" else deal.open_deals(reader, noun, id))


def _circle(crm: Context, key: Key, record: Record) -> list[Key]:
    """Give the record and its people: what was said to one of them was said to all."""
    noun, id = key
    people: list[int] = []
    if noun == "deal":
        people = [int(person["id"][1:]) for person in record["people"]]
    elif noun == "org":
        people = [row["id"] for row in org.people(crm.store.reader, id, PEOPLE)]
    return [key, *(("contact", person) for person in people[:PEOPLE])]


def _who(crm: Context, record: Record, whom: Key | None) -> list[Record]:
    """Give the person the brief is about, and how to reach them; of an org nobody."""
    if whom is None or whom[0] != "contact":
        return []
    one = record if record["id"] == f"c{whom[1]}" else record_of(crm, whom)
    keys = ("id", "handle", "name", "title", "department", "org", "lifecycle_stage", "lead_status")
    return [{**{key: one[key] for key in keys}, **_ways(one), "note": one["note"]}]


def _ways(one: Record) -> Record:
    return {kind: one[kind] for kind in ("phones", "emails")}


def _org(crm: Context, record: Record, noun: str) -> Record | None:
    """Give the org that a brief is about, or that a deal is with."""
    if noun == "contact" or (noun == "deal" and not record["org"]):
        return None
    one = record if noun == "org" else record_of(crm, ("org", int(record["org"]["id"][1:])))
    keys = ("id", "handle", "name", "kind", "industry")
    return {**{key: one[key] for key in keys}, **_ways(one), "note": one["note"]}


def _touches(crm: Context, circle: Sequence[Key]) -> list[Record]:
    rows = store.touches(crm.store.reader, circle, TOUCHES)
    return [{**row, "id": f"i{row['id']}"} for row in rows]


def _tasks(crm: Context, circle: Sequence[Key]) -> list[Record]:
    """Give the open tasks of everybody concerned, the first one due first."""
    reader = crm.store.reader
    found: dict[int, task.Task] = {}
    for noun, id in circle:
        if noun == "deal":
            tasks = task.get_tasks(reader, deal.open_tasks(reader, id))
        else:
            tasks = task.open_tasks(reader, noun, id)
        found |= {one.id: one for one in tasks}
    rows = [one.json() for one in found.values()]
    rows.sort(key=lambda row: (row["due"] is None, row["due"] or "", int(row["id"][1:])))
    return [
        {key: row[key] for key in ("id", "due", "title", "kind", "who", "deal")} for row in rows
    ]


def _heading(one: Record) -> str:
    return PROMISES.get(one["kind"], "")


def _guidance(crm: Context, one: deal.Deal) -> str | None:
    return deal.stage_of(crm.store.reader, one).guidance if one.is_open else None


def _dates(crm: Context, ids: Sequence[int]) -> list[Record]:
    today = crm.clock.today()
    until = today + timedelta(days=AHEAD)
    found = store.dates(crm.store.reader, ids, today, until)
    names = {one.id: one.name for one in contact.get_contacts(crm.store.reader, list(ids))}
    return [
        {
            "on": str(on),
            "what": kind,
            "years": on.year - year if year and on.year > year else None,
            "id": f"c{id}",
            "name": names[id],
        }
        for on, kind, id, year in found
    ]


def _others(
    crm: Context, about: Key | None, deals: Sequence[deal.Deal], record: Record
) -> list[Record]:
    """Give who else is concerned: people of the deals with their roles, then of the same org."""
    found: dict[str, Record] = {}
    for one in deals:
        for person in one.people:
            role = {"id": person["id"], "name": person["name"], "title": None}
            found.setdefault(person["id"], {**role, "role": person["role"], "deal": f"d{one.id}"})
    org_id = _org_id(crm, about, record)
    for row in org.people(crm.store.reader, org_id, PEOPLE) if org_id else ():
        id = f"c{row['id']}"
        person = {"id": id, "name": row["display_name"], "role": None, "deal": None}
        found[id] = {**person, **found.get(id, {}), "title": row["title"]}
    if about and about[0] == "contact":
        found.pop(f"c{about[1]}", None)
    order = ("id", "name", "title", "role", "deal")
    return [{key: person[key] for key in order} for person in found.values()][:PEOPLE]


def _org_id(crm: Context, about: Key | None, record: Record) -> int | None:
    """Give the org whose people are concerned: of the deal, else where the person works."""
    if record.get("org") and isinstance(record["org"], dict):
        return int(record["org"]["id"][1:])
    if about and about[0] == "org":
        return about[1]
    return store.org_of(crm.store.reader, about[1]) if about else None


def page(crm: Context, record: Record) -> Iterator[tuple[str, Lines]]:
    """Give a brief in parts, as it is read: a heading, and lines of a label and a text."""
    yield tr("Who"), list(_who_lines(record))
    yield tr("Last touches"), list(_touch_lines(crm, record))
    for name, heading in (("i_owe", tr("I owe")), ("they_owe", tr("They owe"))):
        yield heading, list(_task_lines(record, record[name]))
    yield tr("Open tasks"), list(_task_lines(record, record["tasks"]))
    yield tr("Money"), list(_money_lines(crm, record))
    yield tr("Next step"), list(_task_lines(record, [record["next_step"]]))
    yield tr("Dates"), list(_date_lines(crm, record))
    yield tr("People"), [_other_line(one) for one in record["others"]]
    yield (
        tr("Guidance"),
        [
            (f"{one['id']} {one['stage']}", one["guidance"])
            for one in record["deals"]
            if one["guidance"]
        ],
    )


def _who_lines(record: Record) -> Iterator[tuple[str, str]]:
    for person in record["people"]:
        if record["noun"] == "deal":
            yield tr("with"), f"{person['name']} ({person['id']})"
        job = ", ".join(filter(None, (person["title"], person["department"], person["org"])))
        stage = person["lifecycle_stage"]
        known = ("" if stage == "other" else stage, person["lead_status"])
        lead = ", ".join(filter(None, known))
        yield from _given((tr("works"), job), (tr("stage"), lead))
        yield from _way_lines(person)
    if one := record["org"]:
        if record["noun"] == "deal":
            yield tr("org"), f"{one['name']} ({one['id']})"
        yield from _given((tr("kind"), one["kind"]), (tr("industry"), one["industry"]))
        yield from _way_lines(one)


def _way_lines(one: Record) -> Iterator[tuple[str, str]]:
    for kind, label in (("phones", tr("phone")), ("emails", tr("email"))):
        for way in one[kind]:
            yield label, card.way_words(way["label"], way["value"], way["status"])
    yield from _given((tr("note"), one["note"]))


def _given(*lines: tuple[str, str | None]) -> Iterator[tuple[str, str]]:
    yield from ((label, text) for label, text in lines if text)


def _touch_lines(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    for said in card.timeline(crm, record["touches"]):
        text = said.text if len(said.text) <= LONGEST else said.text[:LONGEST] + "…"
        yield f"{said.day} {said.time}".rstrip(), ": ".join(filter(None, (said.kind, text)))


def _task_lines(record: Record, tasks: Iterable[Record | None]) -> Iterator[tuple[str, str]]:
    """Give tasks with their due dates; whom one is for where that is somebody else."""
    for one in filter(None, tasks):
        who = one["who"]
        is_other = who and who["id"] not in (record["id"], *(p["id"] for p in record["people"]))
        title = f"{one['title']} ({who['name']})" if is_other else one["title"]
        yield one["due"] or tr("no date"), f"{one['id']} {title}"


def _money_lines(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    for ref, where, about in sold.lines(crm, record["deals"]):
        yield ref, ", ".join(filter(None, (about, where)))
    yield from _given((tr("weighted"), sold.total_words(record["weighted"])))
    yield from _given((tr("so far"), ", ".join(sold.closed_words(record["closed_deals"]))))


def _date_lines(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    for one in record["dates"]:
        said = tr(one["what"])
        if one["years"]:
            said = trn("{kind} ({count} year)", "{kind} ({count} years)", one["years"], kind=said)
        whose = "" if one["id"] == record["id"] else f", {one['name']}"
        yield card.day_words(crm, one["on"]), said + whose
    today = str(crm.clock.today())
    last = str(crm.clock.today() + timedelta(days=AHEAD))
    for one in record["deals"]:
        if one["status"] == "open" and one["close_date"] and today <= one["close_date"] <= last:
            day = date.fromisoformat(one["close_date"])
            yield card.day_words(crm, str(day)), tr("{deal} is to close", deal=one["name"])


def _other_line(one: Record) -> tuple[str, str]:
    from crmcli.service.fact.deal import ROLES

    role = tr(ROLES[one["role"]]) if one["role"] in ROLES else ""
    if role and one["deal"]:
        role = f"{role} ({one['deal']})"
    return one["id"], ", ".join(filter(None, (one["name"], one["title"], role)))
