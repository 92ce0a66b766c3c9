"""`crm show`: one record of any noun; the card of a contact."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.commands import common
from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.store import contact, org, task
from crmcli.store.due import touch_of
from crmcli.store.item import stand
from crmcli.store.relation import relations
from crmcli.store.search import NOUNS, Key
from crmcli.store.touch import pulses
from crmcli.text import safe, sparkline

if TYPE_CHECKING:
    from rich.console import RenderableType

TIMELINE = 20
NO_TOUCH = {"do_not_contact": mark("do not contact"), "deceased": mark("deceased")}
CHANNELS = {"emails": mark("email"), "phones": mark("phone"), "urls": mark("url")}
KEPT = {"domain": mark("domain"), "industry": mark("industry"), "nickname": mark("nickname")}
HEADINGS = {"promise": mark("I owe"), "waiting": mark("They owe"), "": mark("Follow-ups")}

app = verb_app()


@app.command(cls=ListCommand, epilog="crm show ana-novak\ncrm show t9\ncrm show ana@acme.si --json")
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Id, handle, e-mail, phone or full name."),
) -> None:
    """Show one record: a contact's or org's card, a task, an interaction."""
    crm: Context = ctx.obj
    show_record(crm, crm.resolve(ref, NOUNS))


def show_record(crm: Context, key: Key) -> None:
    """Show a record: the card on a terminal, `key<TAB>value` in a pipe, all of it as JSON."""
    noun, id = key
    record = common.record_of(crm, key)
    if noun in ("contact", "org"):
        record |= _around(crm, noun, id)
    own = common.own_columns(crm, noun)
    crm.out.record(record, lambda: card(crm, noun, record), own)


def _around(crm: Context, noun: str, id: int) -> common.Record:
    """Give what stands around a contact or an org: open tasks, timeline, people."""
    reader = crm.store.reader
    tasks = [found.json() for found in task.open_tasks(reader, noun, id)]
    rows = (contact if noun == "contact" else org).timeline(reader, id, TIMELINE)
    keys = ("id", "due", "title", "kind", "repeats")
    around: common.Record = {
        "tasks": [{key: item[key] for key in keys} for item in tasks],
        "timeline": [{**row, "id": f"i{row['id']}"} for row in rows],
    }
    if noun == "contact":
        around["relations"] = relations(reader, id)
        touch = touch_of(reader, crm.clock, id)
        around["touch"] = touch.json() if touch else None
        around["pulse"] = pulses(reader, crm.clock, [id])[id]
    if noun == "org":
        people = org.people(reader, id, 50)
        around["people"] = [
            {"id": f"c{row['id']}", "name": row["display_name"], "title": row["title"]}
            for row in people
        ]
        around["last_touch"] = org.last_touch(reader, id)
    return around


def card(crm: Context, noun: str, record: common.Record) -> "Iterable[RenderableType]":
    """Lay a record out for a terminal."""
    from rich.text import Text

    name = record.get("name") or record.get("title") or record.get("kind") or ""
    ids = " ".join(filter(None, (record["id"], record.get("handle"))))
    yield Text.assemble((safe(name), "bold"), f"  {safe(ids)}")
    if noun in ("contact", "org"):
        yield _grid(_facts(crm, noun, record))
        yield from _follow_ups(crm, record)
        yield from _timeline(crm, record)
    else:
        skipped = ("id", "title", "uid", "contact_uid", "org_uid", "contact_uids", "task_uid")
        shown = {key: value for key, value in record.items() if key not in skipped}
        yield _grid((key, _plain(crm, key, value)) for key, value in shown.items() if value)


def _grid(lines: "Iterable[Sequence[str]]") -> "RenderableType":
    """Lay out lines of a few cells; the last cell wraps under itself."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    rows = list(lines)
    width = len(rows[0]) if rows else 1
    for _ in range(width - 1):
        grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*(Text(safe(cell, multiline=True)) for cell in row))
    return Padding(grid, (0, 0, 0, 2))


def _facts(crm: Context, noun: str, record: common.Record) -> Iterator[tuple[str, str]]:
    """Give the card's upper part, what is known and nothing that is empty."""
    yield from _contact_facts(record) if noun == "contact" else _org_facts(record)
    for kind, name in CHANNELS.items():
        for channel in record[kind]:
            status = "" if channel["status"] == "active" else f" ({channel['status']})"
            label = f"{channel['label']} " if channel["label"] else ""
            yield tr(name), f"{label}{channel['value']}{status}"
    for address in record["addresses"]:
        yield tr("address"), _plain(crm, "address", address)
    leads = {date["label"]: int(date["value"]) for date in record.get("date_leads", ())}
    for date in record.get("dates", ()):
        lead = leads.get(date["label"])
        ahead = trn("told {count} day before", "told {count} days before", lead) if lead else ""
        name = date["label"]
        yield tr(name), date["value"] + (f" ({ahead})" if ahead else "")
    facts = {
        tr("tags"): "  ".join(f"+{tag}" for tag in record["tags"]),
        **{tr(name): record.get(key) for key, name in KEPT.items()},
        tr("birthday"): record.get("birthday"),
        tr("owner"): record["owner"],
        tr("last touch"): _touch(crm, record["last_touch"]),
        tr("keep in touch"): _cadence(record),
        tr("pulse"): sparkline(record["pulse"], ascii=crm.out.ascii) if "pulse" in record else "",
        tr("note"): record["note"],
    }
    yield from ((key, str(value)) for key, value in facts.items() if value)
    yield from _own_facts(crm, noun, record["custom"])


def _own_facts(crm: Context, noun: str, custom: common.Record) -> Iterator[tuple[str, str]]:
    """Give own fields under their titles in the order of definition, then what is not defined."""
    titles = {column.key: column.title for column in common.own_columns(crm, noun)}
    for key in dict.fromkeys([*titles, *custom]):
        if key in custom:
            yield titles.get(key, key), _plain(crm, "", custom[key])


def _contact_facts(record: common.Record) -> Iterator[tuple[str, str]]:
    if record["org"]:
        parts = (record["title"], record["department"], record["org"])
        yield tr("works"), ", ".join(filter(None, parts))
    if record["lifecycle_stage"] != "other":
        yield tr("stage"), record["lifecycle_stage"]
    for relation in record.get("relations", ()):
        yield tr("relation"), f"{relation['as']} {relation['name']} ({relation['id']})"


def _org_facts(record: common.Record) -> Iterator[tuple[str, str]]:
    yield tr("kind"), record["kind"]
    for person in record["people"]:
        title = f", {person['title']}" if person["title"] else ""
        yield tr("person"), f"{person['id']} {person['name']}{title}"


def _follow_ups(crm: Context, record: common.Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    if not record["tasks"]:
        example = f"crm remind {safe(record['handle'])} next mon call"
        nothing = tr("No follow-up.")
        yield Text(f"\n{nothing} {example}", style="dim")
        return
    repeats = _repeats(crm, record)
    for kind, heading in HEADINGS.items():
        found = [t for t in record["tasks"] if (t["kind"] if t["kind"] in HEADINGS else "") == kind]
        if found:
            yield Text(f"\n{tr(heading)}", style="bold")
            yield _grid(_follow_up(crm, item, repeats) for item in found)


def _repeats(crm: Context, record: common.Record) -> dict[str, str]:
    """Say how the tasks of a card repeat, by reference; the record says it to machines."""
    if not any(item["repeats"] for item in record["tasks"]):
        return {}
    from crmcli.repeat import describe

    noun = "contact" if record["id"].startswith("c") else "org"
    tasks = task.open_tasks(crm.store.reader, noun, int(record["id"][1:]))
    return {f"t{one.id}": describe(one.rrule) for one in tasks if one.rrule}


def _follow_up(crm: Context, item: common.Record, repeats: dict[str, str]) -> tuple[str, str, str]:
    """Give a line of the card: reference, due date, kind and title, and how it repeats."""
    due = item["due"] or tr("no date")
    if item["due"] and item["due"][:10] < str(crm.clock.today()):
        due = tr("{date} late", date=due)
    kind = "" if item["kind"] in ("follow_up", "promise", "waiting") else f"{item['kind']}: "
    every = f" ({repeats[item['id']]})" if item["id"] in repeats else ""
    return item["id"], due, f"{kind}{item['title']}{every}"


def _timeline(crm: Context, record: common.Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    if not record["timeline"]:
        return
    heading = tr("Timeline")
    yield Text(f"\n{heading}", style="bold")
    rows = []
    for row in record["timeline"]:
        outcome = f" ({row['outcome']})" if row["outcome"] else ""
        kind = tr("{kind} in", kind=row["kind"]) if row["direction"] == "inbound" else row["kind"]
        kind += outcome
        rows.append((crm.out.local(row["occurred_at"]), kind, row["body"] or ""))
    yield _grid(rows)


def _plain(crm: Context, key: str, value: Any) -> str:
    from crmcli.render import text_of

    if key.endswith("_at") or key in ("created", "updated"):
        return crm.out.local(value)
    return text_of(value)


def _cadence(record: common.Record) -> str:
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


def _touch(crm: Context, stamp: str | None) -> str:
    """Say when the last touch was, and how long ago."""
    from crmcli.clock import instant
    from crmcli.dates import When

    if not stamp:
        return tr("never")
    return crm.describe(When(crm.clock.local(instant(stamp)).date()))
