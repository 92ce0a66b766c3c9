"""The card of a record: what is known, what is open, what was said; to be laid out elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.render import text_of
from crmcli.service import sold
from crmcli.service.record import Record as Record
from crmcli.service.record import own_columns
from crmcli.service.record import record_of as record_of
from crmcli.store import org, task
from crmcli.store.attachment import attachments
from crmcli.store.due import touch_of
from crmcli.store.item import stand
from crmcli.store.relation import relations
from crmcli.store.rows import Place
from crmcli.store.search import Key
from crmcli.store.touch import pulses
from crmcli.text import sparkline

if TYPE_CHECKING:
    from datetime import time

TIMELINE = 20
TOLD = ("contact", "org", "deal")  # whose timeline is told
NO_TOUCH = {"do_not_contact": mark("do not contact"), "deceased": mark("deceased")}
CHANNELS = {"emails": mark("email"), "phones": mark("phone"), "urls": mark("url")}
KEPT = {"domain": mark("domain"), "industry": mark("industry"), "nickname": mark("nickname")}
HEADINGS = {"promise": mark("I owe"), "waiting": mark("They owe"), "": mark("Follow-ups")}
KINDS = {
    "follow_up": mark("follow-up"),
    "call": mark("call"),
    "email": mark("e-mail"),
    "meeting": mark("meeting"),
    "message": mark("text message"),
    "visit": mark("visit"),
    "note": mark("note"),
    "feedback": mark("feedback"),
    "todo": mark("to do"),
    "promise": mark("what I owe"),
    "waiting": mark("what they owe"),
}
STATUSES = {
    "needs_action": mark("open"),
    "in_process": mark("in progress"),
    "completed": mark("done"),
    "cancelled": mark("cancelled"),
}
SIDES = {"inbound": mark("them"), "outbound": mark("me")}
OUTCOMES = {
    "reached": mark("reached"),
    "no_answer": mark("no answer"),
    "voicemail": mark("voicemail"),
    "busy": mark("busy"),
    "wrong_number": mark("wrong number"),
    "bounced": mark("bounced"),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An open task of a card: reference, due date in words, and what it is about."""

    ref: str
    due: str
    title: str
    late: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An interaction of a timeline: the user's day and time, what it was, and the text."""

    id: str
    day: str
    time: str
    kind: str
    text: str


def read(crm: Context, key: Key, *, timeline: int = TIMELINE) -> Record:
    """Give a record with everything that stands on its card.

    Raises:
        NotFoundError: it is not there (any more).
    """
    noun, id = key
    record = record_of(crm, key)
    if noun == "interaction":
        return record | {"attachments": files(crm, key)}
    return record | around(crm, noun, id, timeline) if noun in TOLD else record


def files(crm: Context, key: Key) -> list[Record]:
    """Give the files on a record."""
    return [one.json() for one in attachments(crm.store.reader, key)]


def around(crm: Context, noun: str, id: int, timeline: int = TIMELINE) -> Record:
    """Give what stands around a contact, an org or a deal: open tasks, timeline, people."""
    reader = crm.store.reader
    tasks = [one.json() for one in _open_tasks(crm, noun, id)]
    rows = _timeline(noun)(reader, id, timeline)
    keys = ("id", "due", "title", "kind", "repeats")
    found: Record = {
        "tasks": [{key: item[key] for key in keys} for item in tasks],
        "timeline": [{**row, "id": f"i{row['id']}"} for row in rows],
    }
    if noun == "contact":
        found["relations"] = relations(reader, id)
        touch = touch_of(reader, crm.clock, id)
        found["touch"] = touch.json() if touch else None
        found["pulse"] = pulses(reader, crm.clock, [id])[id]
    if noun == "org":
        people = org.people(reader, id, 50)
        found["people"] = [
            {"id": f"c{row['id']}", "name": row["display_name"], "title": row["title"]}
            for row in people
        ]
        found["last_touch"] = org.last_touch(reader, id)
    if noun == "deal":
        from crmcli.service import deal as selling

        return found | selling.around(crm, id)
    return found | sold.around(crm, noun, id) | {"attachments": files(crm, (noun, id))}


def _timeline(noun: str) -> Callable[..., list[Record]]:
    """Give the function that reads the timeline of a noun; deals are imported for deals only."""
    read: Callable[..., list[Record]] = import_module(f"crmcli.store.{noun}").timeline
    return read


def _open_tasks(crm: Context, noun: str, id: int) -> Sequence[task.Task]:
    """Give the open tasks of a contact, an org or a deal, by due date."""
    reader = crm.store.reader
    if noun == "deal":
        from crmcli.store.deal import open_tasks

        return task.get_tasks(reader, open_tasks(reader, id))
    return task.open_tasks(reader, noun, id)


def facts(
    crm: Context, noun: str, record: Record, *, ascii: bool = False
) -> Iterator[tuple[str, str]]:
    """Give the upper part of a contact's or org's card: what is known, nothing that is empty."""
    yield from _contact_facts(record) if noun == "contact" else _org_facts(record)
    for kind, name in CHANNELS.items():
        for channel in record[kind]:
            yield tr(name), way_words(channel["label"], channel["value"], channel["status"])
    for address in record["addresses"]:
        yield tr("address"), text_of(address)
    leads = {date["label"]: int(date["value"]) for date in record.get("date_leads", ())}
    for date in record.get("dates", ()):
        name = date["label"]
        yield tr(name), date["value"] + lead_words(leads.get(name))
    known = {
        tr("tags"): "  ".join(f"+{tag}" for tag in record["tags"]),
        **{tr(name): record.get(key) for key, name in KEPT.items()},
        tr("birthday"): record.get("birthday"),
        tr("owner"): record["owner"],
        tr("last touch"): touch_words(crm, record["last_touch"]),
        tr("keep in touch"): cadence_words(record),
        tr("pulse"): pulse_words(record.get("pulse", []), ascii=ascii),
        tr("note"): record["note"],
    }
    yield from ((key, str(value)) for key, value in known.items() if value)
    yield from ((tr("file"), one["filename"]) for one in record.get("attachments", ()))
    yield from _own_facts(crm, noun, record["custom"])


def way_words(label: str | None, value: str, status: str) -> str:
    """Say how somebody is reached: `work ana@acme.si`; a channel that is not in use says so."""
    said = f"{label} {value}" if label else value
    return said if status == "active" else f"{said} ({status})"


def lead_words(days: int | None) -> str:
    """Say how early a yearly date is told, to be put behind it; "" for on its day."""
    said = trn("told {count} day before", "told {count} days before", days) if days else ""
    return f" ({said})" if said else ""


def pulse_words(pulse: list[int], *, ascii: bool = False) -> str:
    """Draw how often somebody was in touch; "" for never."""
    return sparkline(pulse, ascii=ascii) if any(pulse) else ""


def _own_facts(crm: Context, noun: str, custom: Record) -> Iterator[tuple[str, str]]:
    """Give own fields under their titles in the order of definition, then what is not defined."""
    titles = {column.key: column.title for column in own_columns(crm, noun)}
    for key in dict.fromkeys([*titles, *custom]):
        if key in custom:
            yield titles.get(key, key), text_of(custom[key])


def _contact_facts(record: Record) -> Iterator[tuple[str, str]]:
    if record["org"]:
        parts = (record["title"], record["department"], record["org"])
        yield tr("works"), ", ".join(filter(None, parts))
    if record["lifecycle_stage"] != "other":
        yield tr("stage"), record["lifecycle_stage"]
    if record["lead_status"]:
        reason = record["unqualified_reason"]
        yield tr("lead"), f"{record['lead_status']}: {reason}" if reason else record["lead_status"]
    if record["source"]:
        yield tr("source"), record["source"]
    for step in record["steps"]:
        yield tr("step"), f"{step['pipeline']}: {step['stage']}"
    for relation in record.get("relations", ()):
        yield tr("relation"), f"{relation['as']} {relation['name']} ({relation['id']})"


def _org_facts(record: Record) -> Iterator[tuple[str, str]]:
    yield tr("kind"), record["kind"]
    for person in record["people"]:
        title = f", {person['title']}" if person["title"] else ""
        yield tr("person"), f"{person['id']} {person['name']}{title}"


def plain_facts(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    """Give the card of a task or an interaction in words, nothing that is empty."""
    is_task = "due" in record
    known = _task_facts(crm, record) if is_task else _interaction_facts(crm, record)
    yield from ((label, text) for label, text in known if text)


def _task_facts(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    who = record["who"]
    hidden, snoozed = record["hidden_until_on"], record["snooze_count"]
    yield tr("for"), f"{who['name']} ({who['id']})" if who else ""
    yield tr("deal"), on_words(record["deal"])
    yield tr("due"), due_words(crm, record)
    yield tr("repeats"), repeat_words(record)
    yield tr("kind"), tr(KINDS[record["kind"]])
    yield tr("status"), tr(STATUSES[record["status"]])
    if record["completed_at"]:
        yield tr("done at"), crm.clock.wall(record["completed_at"])
    if hidden and hidden > str(crm.clock.today()):
        yield tr("hidden until"), day_words(crm, hidden)
    if snoozed:
        yield tr("snoozed"), trn("{count} time", "{count} times", snoozed)
    yield tr("priority"), str(record["priority"] or "")
    yield tr("owner"), record["owner"] or ""
    yield tr("text"), record["body"] or ""


def _interaction_facts(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    yield from what_happened(crm, record)
    for person in record["people"]:
        yield tr("with"), f"{person['name']} ({person['id']})"
    yield tr("org"), record["org"] or ""
    yield tr("tags"), "  ".join(f"+{tag}" for tag in record["tags"])
    yield tr("owner"), record["owner"] or ""
    yield tr("deal"), on_words(record["deal"])
    yield tr("text"), record["body"] or ""
    yield from ((tr("file"), one["filename"]) for one in record.get("attachments", ()))


def on_words(deal: Record | None) -> str:
    """Say on which deal something is; "" for none."""
    return f"{deal['name']} ({deal['id']})" if deal else ""


def what_happened(crm: Context, record: Record) -> Iterator[tuple[str, str]]:
    """Say what an interaction was: kind, when, who began, how it ended, how long; some are ""."""
    yield tr("kind"), tr(KINDS[record["kind"]])
    yield tr("when"), crm.clock.wall(record["occurred_at"])
    yield tr("begun by"), tr(SIDES.get(record["direction"], ""))
    yield tr("outcome"), tr(OUTCOMES.get(record["outcome"], ""))
    yield tr("how long"), length_words(record["duration_seconds"])


def due_words(crm: Context, record: Record) -> str:
    """Say when a task is due: `Tue 24 Nov 2026, 14:00 (tomorrow)`; "" when it is never."""
    from datetime import time

    at = time.fromisoformat(record["due_time"]) if record["due_time"] else None
    return day_words(crm, record["due_on"], at) if record["due_on"] else ""


def day_words(crm: Context, day: str, at: "time | None" = None) -> str:
    """Say a stored day: `Tue 24 Nov 2026 (tomorrow)`."""
    from datetime import date

    from crmcli.dates import When

    return crm.describe(When(date.fromisoformat(day), at))


def repeat_words(record: Record) -> str:
    """Say how a task repeats, and from when it counts; "" when it does not."""
    from crmcli.repeat import describe

    if not record["rrule"]:
        return ""
    told = describe(record["rrule"])
    is_from_done = record["repeat_from"] == "done"
    return tr("{repeat} from when it is done", repeat=told) if is_from_done else told


def length_words(seconds: int | None) -> str:
    """Say how long something took: `45 min`, `1 h 30 min`; "" for nothing."""
    hours, minutes = divmod(round((seconds or 0) / 60), 60)
    said = [tr("{count} h", count=hours)] if hours else []
    return " ".join([*said, tr("{count} min", count=minutes)] if minutes else said)


def follow_ups(crm: Context, record: Record) -> list[tuple[str, list[FollowUp]]]:
    """Give the open tasks in groups under their headings: promises, theirs, and the others."""
    repeats = _repeats(crm, record)
    groups = []
    for kind, heading in HEADINGS.items():
        found = [t for t in record["tasks"] if (t["kind"] if t["kind"] in HEADINGS else "") == kind]
        if found:
            groups.append((tr(heading), [_follow_up(crm, item, repeats) for item in found]))
    return groups


def _repeats(crm: Context, record: Record) -> dict[str, str]:
    """Say how the tasks of a card repeat, by reference; the record says it to machines."""
    if not any(item["repeats"] for item in record["tasks"]):
        return {}
    from crmcli.repeat import describe

    tasks = task.get_tasks(crm.store.reader, [int(item["id"][1:]) for item in record["tasks"]])
    return {f"t{one.id}": describe(one.rrule) for one in tasks if one.rrule}


def _follow_up(crm: Context, item: Record, repeats: dict[str, str]) -> FollowUp:
    """Give a task of the card: due date, kind and title, and how it repeats."""
    due = item["due"] or tr("no date")
    late = bool(item["due"]) and item["due"][:10] < str(crm.clock.today())
    if late:
        due = tr("{date} late", date=due)
    kind = "" if item["kind"] in ("follow_up", "promise", "waiting") else f"{item['kind']}: "
    every = f" ({repeats[item['id']]})" if item["id"] in repeats else ""
    return FollowUp(item["id"], due, f"{kind}{item['title']}{every}", late)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a timeline, the newest first.

    Args:
        said: what was said.
        after: the place after which the next part begins; None at the end.
    """

    said: tuple[Said, ...] = ()
    after: Place | None = None


def page(crm: Context, key: Key, count: int, before: Place | None = None) -> Page:
    """Give `count` interactions with a contact, on an org or a deal, the newest or those before."""
    noun, id = key
    rows = _timeline(noun)(crm.store.reader, id, count + 1, before)
    last = rows[count - 1] if len(rows) > count else None
    told = [{**row, "id": f"i{row['id']}"} for row in rows[:count]]
    return Page(tuple(timeline(crm, told)), (last["occurred_at"], last["id"]) if last else None)


def timeline(crm: Context, rows: Sequence[Record]) -> list[Said]:
    """Give the rows of a timeline as they are told."""
    return [_said(crm, row) for row in rows]


def _said(crm: Context, row: Record) -> Said:
    outcome = f" ({row['outcome']})" if row["outcome"] else ""
    kind = tr("{kind} in", kind=row["kind"]) if row["direction"] == "inbound" else row["kind"]
    length = length_words(row["duration_seconds"])
    day, _, time = crm.clock.wall(row["occurred_at"]).partition(" ")
    told = ", ".join(filter(None, (kind + outcome, length)))
    return Said(row["id"], day, time, told, row["body"] or "")


def cadence_words(record: Record) -> str:
    """Say where keeping in touch stands, and what speaks against it."""
    touch = record.get("touch")
    parts = [tr(word) for key, word in NO_TOUCH.items() if record.get(key)]
    if touch:
        source = touch["source"]
        said = stand(touch["state"], touch["ago"], touch["days"])
        parts += [f"{said} ({tr(source)})"]
        parts += [tr("next {date}", date=touch["next_touch"])]
        until = touch["paused_until"]
        parts += [tr("paused until {date}", date=until)] if until else []
    return ", ".join(parts)


def touch_words(crm: Context, stamp: str | None) -> str:
    """Say when the last touch was, and how long ago."""
    from crmcli.clock import instant
    from crmcli.dates import When

    if not stamp:
        return tr("never")
    return crm.describe(When(crm.clock.local(instant(stamp)).date()))
