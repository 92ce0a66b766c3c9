"""`crm today`: the first page of the day."""

from datetime import date

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands.due import COLUMNS, WHY, item_json
from crmcli.commands.radar import limits
from crmcli.context import Context
from crmcli.render import fitted
from crmcli.store.due import Item, hidden_count, paused_count
from crmcli.store.touch import day_items, pulses

HEADINGS = {
    "overdue": "Overdue",
    "today": "Today",
    "keep_in_touch": "Keep in touch",
    "waiting": "Waiting on them",
    "reply": "They wrote last",
    "nudge": "No answer yet",
    "date": "Dates",
    "tomorrow": "Tomorrow",
    "suggestion": "Suggestions: nobody is waiting, but it has been long",
}
LETTERS = ("reply", "nudge")
Cells = tuple[str, str, str, str, str]
MOST_LETTERS = 5
PREFIXES = {"promise": "I owe: ", "waiting": "they owe: "}
PULSE = Column("pulse", "Pulse", "pulse", listed=False)
WELCOME = """\
Welcome. There is nobody in your crm yet. Three ways to begin:

  crm import contacts.csv     the file you have: Google, LinkedIn, any CSV
  crm contact add "Ana Novak" -e ana@acme.si --org Acme
  crm log call ana-novak "wants a pilot" -n "next tue send offer"

`crm --help` lists everything."""

app = verb_app()


@app.command(cls=ListCommand, epilog="crm\ncrm today --owner me\ncrm today --why\ncrm today --json")
def today(
    ctx: typer.Context,
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    why: bool = typer.Option(False, "--why", help="Show the arithmetic behind each line."),
) -> None:
    """Show the day: overdue, today, keep in touch, waiting on them, letters, dates, tomorrow.

    When little is due, up to five people are suggested with whom nobody was in touch for long. In
    a pipe: section, id, due, who, title, age, one item a line.
    """
    crm: Context = ctx.obj
    name = crm.owner(owner or None)
    day = crm.clock.today()
    lead = crm.days("date_lead_days")
    items = day_items(crm.store.reader, crm.clock, lead_days=lead, **limits(crm), owner=name)
    if crm.out.format != "table":
        columns = (*COLUMNS, WHY, PULSE) if why else (*COLUMNS, PULSE)
        pulse = _pulses(crm, items) if crm.out.is_json or crm.out.shows(columns, "pulse") else {}
        crm.out.records(columns, (_json(item, day, pulse) for item in items))
        return
    if not items and _is_empty(crm):
        crm.out.say(WELCOME)
        return
    crm.out.print_rich(*_page(crm, items, name, why))


def _json(item: Item, day: date, pulse: dict[str, list[int]]) -> dict[str, object]:
    return {**item_json(item, day), "pulse": pulse.get(item.who_id)}


def _pulses(crm: Context, items: list[Item]) -> dict[str, list[int]]:
    """Give the pulse of every person on the page, by reference."""
    ids = [int(item.who_id[1:]) for item in items if item.who_id.startswith("c")]
    found = pulses(crm.store.reader, crm.clock, ids)
    return {f"c{id}": counts for id, counts in found.items()}


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
    parts: list[object] = [Text(f"{heading}   {_figures(items)}", style="bold")]
    pulse = _pulses(crm, items)
    rows = {id(item): _cells(crm, item, day, pulse, why) for item in items}
    widths = [max(map(cell_len, column)) for column in zip(*rows.values(), strict=True)]
    room = fitted(widths, [True, False, True, False, True], crm.out.console().width)
    for section, title in HEADINGS.items():
        chosen = [item for item in items if item.section == section]
        if chosen:
            parts += [Text(f"\n{title}", style="bold"), *_section(chosen, rows, room)]
    if not items:
        parts.append(Text("\nNothing is due. `crm find` looks someone up; `crm remind` plans."))
    if footer := _footer(crm, day, owner):
        parts.append(Text(f"\n{footer}", style="dim"))
    return parts


def _figures(items: list[Item]) -> str:
    """Give the day's figures: `2 overdue, 1 today, 3 to keep in touch`."""
    late = sum(item.section == "overdue" for item in items)
    due = sum(item.section == "today" for item in items)
    figures = [f"{late} overdue", f"{due} today"]
    more = {
        "keep_in_touch": "to keep in touch",
        "waiting": "waiting",
        "reply": "to answer",
    }
    for section, words in more.items():
        if count := sum(item.section == section for item in items):
            figures.append(f"{count} {words}")
    return ", ".join(figures)


def _section(items: list[Item], rows: dict[int, Cells], room: list[int]) -> list[object]:
    """Lay out one section; of many letters the oldest are enough."""
    from rich.table import Table
    from rich.text import Text

    shown = items[:MOST_LETTERS] if items[0].section in LETTERS else items
    table = Table(box=None, pad_edge=False, show_header=False)
    for width in room:
        table.add_column(no_wrap=True, overflow="ellipsis", width=width)
    for item in shown:
        table.add_row(*map(Text, rows[id(item)]))
    rest = len(items) - len(shown)
    return [table, Text(f"… and {rest} more: crm radar", style="dim")] if rest else [table]


def _footer(crm: Context, day: date, owner: str | None) -> str:
    """Say what is hidden: snoozed tasks and paused people."""
    hidden = hidden_count(crm.store.reader, day, until=day, owner=owner)
    paused = paused_count(crm.store.reader, day, owner)
    parts = [f"{hidden} snoozed: crm task list --snoozed"] if hidden else []
    parts += [f"{paused} paused: crm contact list paused.after:today"] if paused else []
    return "; ".join(parts)


def _cells(crm: Context, item: Item, day: date, pulse: dict[str, list[int]], why: bool) -> Cells:
    """Give a line of the page: reference, who, pulse, what, and the time or how late it is."""
    from crmcli.text import safe, sparkline

    when = item.due_time or ""
    if item.late and item.section != "keep_in_touch":
        when = item.age(day) if item.due_on < day else f"since {item.due_time}"
    elif item.section == "date":
        when = item.age(day)
    title = item.why(day) if why else f"{PREFIXES.get(item.kind, '')}{item.title}"
    if item.section == "tomorrow" and item.kind == "keep_in_touch":
        title = f"keep in touch: {title}"
    counts = pulse.get(item.who_id)
    line = sparkline(counts, ascii=crm.out.ascii) if counts else ""
    return item.id, safe(item.who_name), line, safe(title), when
