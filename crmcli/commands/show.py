"""`crm show`: one record of any noun; the card of a contact."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import card as service
from crmcli.service.record import Record, own_columns
from crmcli.store.search import NOUNS, Key, merged_ref, reference
from crmcli.text import safe

if TYPE_CHECKING:
    from rich.console import RenderableType

app = verb_app()


@app.command(cls=ListCommand, epilog="crm show ana-novak\ncrm show t9\ncrm show ana@acme.si --json")
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Id, handle, e-mail, phone or full name."),
) -> None:
    """Show one record: a contact's or org's card, a task, an interaction."""
    show_ref(ctx.obj, ref, NOUNS)


def show_ref(crm: Context, ref: str, nouns: Sequence[str]) -> None:
    """Show what a reference means; one that was merged into another is said to be that one."""
    key = crm.resolve(ref, nouns)
    if old := merged_ref(crm.store.reader, ref, key):
        crm.out.say(tr("{ref} was merged into {into}", ref=old, into=reference(key)))
    show_record(crm, key)


def show_record(crm: Context, key: Key) -> None:
    """Show a record: the card on a terminal, `key<TAB>value` in a pipe, all of it as JSON."""
    noun, _ = key
    record = service.read(crm, key)
    crm.out.record(record, lambda: card(crm, noun, record), own_columns(crm, noun))


def card(crm: Context, noun: str, record: Record) -> "Iterable[RenderableType]":
    """Lay a record out for a terminal."""
    from rich.text import Text

    name = record.get("name") or record.get("title") or record.get("kind") or ""
    ids = " ".join(filter(None, (record["id"], record.get("handle"))))
    yield Text.assemble((safe(name), "bold"), f"  {safe(ids)}")
    if noun in ("contact", "org"):
        yield grid(service.facts(crm, noun, record, ascii=crm.out.ascii))
        yield from _follow_ups(crm, record)
        yield from _deals(crm, record)
        yield from _timeline(crm, record)
    elif noun == "deal":
        yield from _deal(crm, record)
    else:
        yield grid(service.plain_facts(crm, record))


def grid(lines: "Iterable[Sequence[str]]") -> "RenderableType":
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


def _follow_ups(crm: Context, record: Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    if not record["tasks"]:
        whom = safe(record.get("handle") or record["id"])
        example = f"crm remind {whom} next mon call"
        nothing = tr("No follow-up.")
        yield Text(f"\n{nothing} {example}", style="dim")
    for heading, found in service.follow_ups(crm, record):
        yield Text(f"\n{heading}", style="bold")
        yield grid((one.ref, one.due, one.title) for one in found)


def _deal(crm: Context, record: Record) -> "Iterable[RenderableType]":
    """Lay out a deal: its facts, its next step, how long it stood in each stage, what was said."""
    from rich.text import Text

    from crmcli.service.fact import deal

    id = int(record["id"][1:])
    shown = (fact for fact in deal.facts(crm, id) if fact.text and fact.name[0] != "name")
    yield grid((fact.label, fact.text) for fact in shown)
    yield from _follow_ups(crm, record)
    heading = tr("Stages")
    yield Text(f"\n{heading}", style="bold")
    yield grid(deal.stays(crm, id))
    yield from _timeline(crm, record)


def _deals(crm: Context, record: Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    from crmcli.service import sold

    closed = ", ".join(sold.closed_words(record["closed_deals"]))
    if record["deals"] or closed:
        heading = tr("Deals")
        yield Text(f"\n{heading}", style="bold")
        yield grid([*sold.lines(crm, record["deals"]), *([("", "", closed)] if closed else [])])


def _timeline(crm: Context, record: Record) -> "Iterable[RenderableType]":
    from rich.text import Text

    if record["timeline"]:
        heading = tr("Timeline")
        yield Text(f"\n{heading}", style="bold")
        rows = service.timeline(crm, record["timeline"])
        yield grid((f"{said.day} {said.time}".rstrip(), said.kind, said.text) for said in rows)
