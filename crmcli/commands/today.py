"""`crm today`: the first page of the day."""

from datetime import date, timedelta

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.commands.due import COLUMNS, item_json
from crmcli.context import Context
from crmcli.render import fitted
from crmcli.store.due import Item, due_items, hidden_count

HEADINGS = {
    "overdue": "Overdue",
    "today": "Today",
    "date": "Dates",
    "tomorrow": "Tomorrow",
}
WELCOME = """\
Welcome. There is nobody in your crm yet. Three ways to begin:

  crm import contacts.csv     the file you have: Google, LinkedIn, any CSV
  crm contact add "Ana Novak" -e ana@acme.si --org Acme
  crm log call ana-novak "wants a pilot" -n "next tue send offer"

`crm --help` lists everything."""

app = verb_app()


@app.command(cls=ListCommand, epilog="crm\ncrm today --owner me\ncrm today --json")
def today(
    ctx: typer.Context,
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
) -> None:
    """Show what is overdue, due today and tomorrow, and the dates of the day.

    In a pipe: section, id, due, who, title, age, one item a line.
    """
    crm: Context = ctx.obj
    name = crm.owner(owner or None)
    day = crm.clock.today()
    until = day + timedelta(days=1)
    items = due_items(crm.store.reader, crm.clock, until=until, owner=name)
    if crm.out.format != "table":
        crm.out.records(COLUMNS, (item_json(item, item.age(day)) for item in items))
        return
    if not items and _is_empty(crm):
        crm.out.say(WELCOME)
        return
    crm.out.print_rich(*_page(crm, items, name))


def _is_empty(crm: Context) -> bool:
    from crmcli.store.contact import is_empty

    return is_empty(crm.store.reader)


def _page(crm: Context, items: list[Item], owner: str | None) -> list[object]:
    """Lay out the day for a terminal: sections with their items, and what is hidden."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    from crmcli.dates import When, describe

    day = crm.clock.today()
    late = sum(item.section == "overdue" for item in items)
    due = sum(item.section == "today" for item in items)
    heading = describe(When(day), day).partition(" (")[0]
    parts: list[object] = [Text(f"{heading}   {late} overdue, {due} today", style="bold")]
    rows = {item.id + item.section: _cells(item, day) for item in items}
    widths = [max(map(cell_len, column)) for column in zip(*rows.values(), strict=True)]
    room = fitted(widths, [True, False, False, True], crm.out.console().width)
    for section, title in HEADINGS.items():
        chosen = [item for item in items if item.section == section]
        if not chosen:
            continue
        table = Table(box=None, pad_edge=False, show_header=False)
        for width in room:
            table.add_column(no_wrap=True, overflow="ellipsis", width=width)
        for item in chosen:
            table.add_row(*map(Text, rows[item.id + item.section]))
        parts += [Text(f"\n{title}", style="bold"), table]
    if not items:
        parts.append(Text("\nNothing is due. `crm find` looks someone up; `crm remind` plans."))
    hidden = hidden_count(crm.store.reader, day, until=day, owner=owner)
    if hidden:
        parts.append(Text(f"\n{hidden} snoozed: crm task list --snoozed", style="dim"))
    return parts


def _cells(item: Item, day: date) -> tuple[str, str, str, str]:
    """Give a line of the page: reference, who, what, and the time or how late it is."""
    from crmcli.text import safe

    when = item.due_time or ""
    if item.section == "overdue":
        when = item.age(day) if item.due_on < day else f"since {item.due_time}"
    return item.id, safe(item.who_name), safe(item.title), when
