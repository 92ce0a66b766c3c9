"""`crm today`: the first page of the day."""

from datetime import date

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands.due import COLUMNS, WHY, item_shown
from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.render import fitted
from crmcli.service import today as service
from crmcli.store.item import DEALS, Item

Cells = tuple[str, ...]
MORE = {"no_step": "crm deal list --no-next", "rotting": "crm deal list --rotting"}
PULSE = Column("pulse", "Pulse", "pulse", listed=False)
WELCOME = mark("""\
Welcome. There is nobody in your crm yet. Three ways to begin:

  crm import contacts.csv     the file you have: Google, LinkedIn, any CSV
  crm contact add "Ana Novak" -e ana@acme.si --org Acme
  crm log call ana-novak "wants a pilot" -n "next tue send offer"

`crm --help` lists everything.""")

app = verb_app()


@app.command(cls=ListCommand, epilog="crm\ncrm today --owner me\ncrm today --why\ncrm today --json")
def today(
    ctx: typer.Context,
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    why: bool = typer.Option(False, "--why", help="Show the arithmetic behind each line."),
) -> None:
    """Show the day: overdue, today, keep in touch, waiting, letters, deals, dates, tomorrow.

    Of deals those without a next step, and those that rot: nothing happened for longer than their
    stage allows.
    When little is due, up to five people are suggested with whom nobody was in touch for long. In
    a pipe: section, id, due, who, title, age, one item a line.
    """
    crm: Context = ctx.obj
    name = crm.owner(owner or None)
    day = crm.clock.today()
    # One more than is shown tells a page that there are more; a pipe gets all.
    deals = service.MOST_DEALS + 1 if crm.out.format == "table" else -1
    items = service.items(crm, name, deals=deals)
    if crm.out.format != "table":
        columns = (*COLUMNS, WHY, PULSE) if why else (*COLUMNS, PULSE)
        has_pulse = crm.out.is_json or crm.out.shows(columns, "pulse")
        pulse = service.pulses(crm, items) if has_pulse else {}
        crm.out.records(columns, (_json(crm, item, day, pulse) for item in items))
        return
    if not items and _is_empty(crm):
        crm.out.say(tr(WELCOME))
        return
    crm.out.print_rich(*_page(crm, items, name, why))


def _json(crm: Context, item: Item, day: date, pulse: dict[str, list[int]]) -> dict[str, object]:
    return {**item_shown(crm, item, day), "pulse": pulse.get(item.who_id)}


def _is_empty(crm: Context) -> bool:
    from crmcli.store.contact import is_empty

    return is_empty(crm.store.reader)


def _page(crm: Context, items: list[Item], owner: str | None, why: bool) -> list[object]:
    """Lay out the day for a terminal: sections with their items, and what is hidden."""
    from rich.cells import cell_len
    from rich.text import Text

    from crmcli.dates import When

    day = crm.clock.today()
    heading = crm.describe(When(day)).partition(" (")[0]
    parts: list[object] = [Text(f"{heading}   {service.figures(items)}", style="bold")]
    pulse = service.pulses(crm, items)
    rows = {id(item): _cells(crm, item, day, pulse) for item in items}
    fixed = [True, False, True, False, True]
    if not any(line for _, _, line, *_ in rows.values()):  # nobody was touched for twelve weeks
        rows = {key: (*row[:2], *row[3:]) for key, row in rows.items()}
        fixed.pop(2)
    widths = [max(map(cell_len, column)) for column in zip(*rows.values(), strict=True)]
    room = fitted(widths, fixed, crm.out.console().width)
    for section, title in service.HEADINGS.items():
        chosen = [item for item in items if item.section == section]
        if chosen:
            reasons = {id(item): item.why(day) for item in chosen} if why else {}
            parts += [Text(f"\n{tr(title)}", style="bold")]
            parts += _section(chosen, rows, room, reasons)
    if not items:
        nothing = tr("Nothing is due. `crm find` looks someone up; `crm remind` plans.")
        parts.append(Text(f"\n{nothing}"))
    if footer := service.footer(crm, day, owner):
        parts.append(Text(f"\n{footer}", style="dim"))
    return parts


def _section(
    items: list[Item], rows: dict[int, Cells], room: list[int], reasons: dict[int, str]
) -> list[object]:
    """Lay out one section; of many the first are enough. A reason wraps under its line."""
    from rich.padding import Padding
    from rich.text import Text

    from crmcli.text import safe

    shown, more = _first(items)
    if not reasons:
        parts: list[object] = [_lines([rows[id(item)] for item in shown], room)]
    else:
        parts = []
        for item in shown:
            reason = Text(safe(reasons[id(item)]), style="dim")
            parts += [_lines([rows[id(item)]], room), Padding(reason, (0, 0, 0, 4))]
    return [*parts, Text(more, style="dim")] if more else parts


def _first(items: list[Item]) -> tuple[list[Item], str]:
    """Give what is shown of a section, and where the rest is; "" when nothing is left out."""
    section = items[0].section
    if section in service.LETTERS:
        rest = len(items) - service.MOST_LETTERS
        more = trn("… and {count} more: crm radar", "… and {count} more: crm radar", max(rest, 0))
        return items[: service.MOST_LETTERS], more if rest > 0 else ""
    if section in DEALS and len(items) > service.MOST_DEALS:
        return items[: service.MOST_DEALS], tr("… and more: {command}", command=MORE[section])
    return items, ""


def _lines(rows: list[Cells], room: list[int]) -> object:
    """Lay out lines with the widths of the page."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for width in room:
        table.add_column(no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _cells(crm: Context, item: Item, day: date, pulse: dict[str, list[int]]) -> Cells:
    """Give a line of the page: reference, who, pulse, what, and the time or how late it is."""
    from crmcli.text import safe, sparkline

    title, when = service.said(crm, item, day)
    counts = pulse.get(item.who_id)
    line = sparkline(counts, ascii=crm.out.ascii) if counts and any(counts) else ""
    return item.id, safe(item.who_name), line, safe(title), when
