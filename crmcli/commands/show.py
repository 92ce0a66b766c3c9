"""`crm show`: one record of any noun; the card of a contact."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.commands import common
from crmcli.context import Context
from crmcli.store import contact, org, task
from crmcli.store.due import touch_of
from crmcli.store.relation import relations
from crmcli.store.search import NOUNS, Key
from crmcli.store.touch import pulses
from crmcli.text import safe, sparkline

if TYPE_CHECKING:
    from rich.console import RenderableType

TIMELINE = 20
NO_TOUCH = {"do_not_contact": "do not contact", "deceased": "deceased"}

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
    for kind in ("emails", "phones", "urls"):
        for channel in record[kind]:
            status = "" if channel["status"] == "active" else f" ({channel['status']})"
            label = f"{channel['label']} " if channel["label"] else ""
            yield kind[:-1], f"{label}{channel['value']}{status}"
    for address in record["addresses"]:
        yield "address", _plain(crm, "address", address)
    for date in record.get("dates", ()):
        lead = f" (told {date['lead_days']} days before)" if date.get("lead_days") else ""
        yield date["label"], date["value"] + lead
    facts = {
        "tags": "  ".join(f"+{tag}" for tag in record["tags"]),
        **{key: record.get(key) for key in ("domain", "industry", "nickname", "birthday")},
        "owner": record["owner"],
        "last touch": _touch(crm, record["last_touch"]),
        "keep in touch": _cadence(record),
        "pulse": sparkline(record["pulse"], ascii=crm.out.ascii) if "pulse" in record else "",
        "note": record["note"],
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
        yield "works", ", ".join(filter(None, parts))
    if record["lifecycle_stage"] != "other":
        yield "stage", record["lifecycle_stage"]
    for relation in record.get("relations", ()):
        yield "relation", f"{relation['as']} {relation['name']} ({relation['id']})"


def _org_facts(record: common.Record) -> Iterator[tuple[str, str]]:
    yield "kind", record["kind"]
    for person in record["people"]:
        title = f", {person['title']}" if person["title"] else ""
        yield "person", f"{person['id']} {person['name']}{title}"


def _follow_ups(crm: Context, record: common.Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    if not record["tasks"]:
        yield Text(
            f"\nNo follow-up. crm remind {safe(record['handle'])} next mon call", style="dim"
        )
        return
    headings = {"promise": "I owe", "waiting": "They owe"}
    for heading in (*headings.values(), "Follow-ups"):
        found = [t for t in record["tasks"] if headings.get(t["kind"], "Follow-ups") == heading]
        if found:
            yield Text(f"\n{heading}", style="bold")
            yield _grid(_follow_up(crm, item) for item in found)


def _follow_up(crm: Context, item: common.Record) -> tuple[str, str, str]:
    """Give a line of the card: reference, due date, kind and title, and how it repeats."""
    late = " late" if item["due"] and item["due"][:10] < str(crm.clock.today()) else ""
    kind = "" if item["kind"] in ("follow_up", "promise", "waiting") else f"{item['kind']}: "
    repeats = f" ({item['repeats']})" if item["repeats"] else ""
    return item["id"], (item["due"] or "no date") + late, f"{kind}{item['title']}{repeats}"


def _timeline(crm: Context, record: common.Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    if not record["timeline"]:
        return
    yield Text("\nTimeline", style="bold")
    rows = []
    for row in record["timeline"]:
        outcome = f" ({row['outcome']})" if row["outcome"] else ""
        arrow = " in" if row["direction"] == "inbound" else ""
        kind = f"{row['kind']}{arrow}{outcome}"
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
    parts = [word for key, word in NO_TOUCH.items() if record.get(key)]
    if touch:
        parts += [f"{touch['state']}, {touch['ago']} of {touch['days']} days ({touch['source']})"]
        parts += [f"next {touch['next_touch']}"]
        parts += [f"paused until {touch['paused_until']}"] if touch["paused_until"] else []
    return ", ".join(parts)


def _touch(crm: Context, stamp: str | None) -> str:
    """Say when the last touch was, and how long ago."""
    from crmcli.clock import instant
    from crmcli.dates import When

    if not stamp:
        return "never"
    return crm.describe(When(crm.clock.local(instant(stamp)).date()))
