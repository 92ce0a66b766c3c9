"""`crm due`: what is overdue or due today, for cron and prompts."""

from collections.abc import Callable
from datetime import date, timedelta

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import in_english, tr
from crmcli.store.due import select
from crmcli.store.item import Item

COLUMNS = (
    Column("section", "Section"),
    Column("id", "Id", "id"),
    Column("due", "Due", "date"),
    Column("who", "Who", "who"),
    Column("title", "Title"),
    Column("age", "Age"),
)
WHY = Column("why", "Why")

app = verb_app()


@app.command(
    cls=ListCommand,
    epilog="crm due\ncrm due --within 7d --owner me\ncrm due --why\ncrm due --count\n"
    "crm due --exit-code\ncrm due --since-last\ncrm due --notify\ncrm due --email",
)
def due(
    ctx: typer.Context,
    overdue: bool = typer.Option(False, "--overdue", help="Only what is late."),
    tomorrow: bool = typer.Option(False, "--tomorrow", help="Only tomorrow."),
    within: str = typer.Option("", "--within", metavar="WHEN", help="Look ahead, such as 7d."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    count: bool = typer.Option(False, "--count", help="Print how many, for a prompt."),
    exit_code: bool = typer.Option(False, "--exit-code", help="Exit 1 when something is due."),
    why: bool = typer.Option(False, "--why", help="Show the arithmetic behind each line."),
    since_last: bool = typer.Option(False, "--since-last", help="Each occurrence once."),
    notify: bool = typer.Option(False, "--notify", help="As notifications, each once."),
    email: bool = typer.Option(False, "--email", help="As a mail, through email_command."),
) -> None:
    """Print what is overdue or due today, one line each; nothing when nothing is.

    Tasks, people to keep in touch with, birthdays. The same bytes come from cron, with any locale.
    Columns: section, id, due, who, title, age.
    """
    crm: Context = ctx.obj
    today = crm.clock.today()
    until, only = today, "overdue" if overdue else None
    if sum(map(bool, (overdue, tomorrow, within))) > 1:
        raise UsageError(tr("--overdue, --tomorrow and --within exclude one another"))
    if within:
        from crmcli import dates

        until = dates.parse(within, crm.clock.local_now(), forward=True, **crm.dates).on
        if until < today:
            raise UsageError(tr("{day} is not ahead", day=until), tr("such as 7d or next fri"))
    if tomorrow:
        until, only = today + timedelta(days=1), "tomorrow"
    name = crm.owner(owner or None)
    items = select(crm.store.reader, crm.clock, until=until, only=only, owner=name)

    def write_items(items: list[Item]) -> None:
        columns = (*COLUMNS, WHY) if why else COLUMNS
        crm.out.records(columns, (item_shown(crm, item, today) for item in items))

    if count and (since_last or notify or email):
        raise UsageError(tr("--count excludes --since-last, --notify and --email"))
    if notify and email:
        raise UsageError(tr("--notify and --email exclude one another"))
    if count:
        crm.out.lines([str(len(items))])
    elif notify or email or since_last:
        items = _told(crm, items, write_items, notify, email, since_last)
    else:
        write_items(items)
    if items and exit_code:
        raise typer.Exit(1)


def _told(
    crm: Context,
    items: list[Item],
    write: Callable[[list[Item]], None],
    notify: bool,
    email: bool,
    since_last: bool,
) -> list[Item]:
    """Tell what is due as notifications, as a mail, or what is new in print; give what was told."""
    from crmcli.commands import notify as ways

    if email and not since_last:
        ways.send_mail(crm, items)
        return items
    if email:
        return ways.tell(crm, items, "email", lambda new: ways.send_mail(crm, new))
    if notify and ways.can_notify():
        hand = ways.at_hand(items)
        return ways.tell(crm, hand, "notify", lambda new: ways.show_notifications(crm, new))
    if notify:
        crm.out.say(tr("crm: no notify-send or osascript here, so what is new is printed"))
    return ways.tell(crm, items, "print", write)


def item_shown(crm: Context, item: Item, today: date) -> dict[str, object]:
    """Give an item for the format asked for: machines are told in English."""
    if crm.out.format == "table":
        return item_json(item, today)
    return in_english(lambda item: item_json(item, today), item)


def item_json(item: Item, today: date) -> dict[str, object]:
    """Give an item of `due` and `today` under its names in JSON."""
    who = None
    if item.who:
        id, handle, name = item.who
        who = {"id": id, "handle": handle, "name": name}
    return {
        "id": item.id,
        "section": item.section,
        "due": item.due(),
        "title": item.title,
        "who": who,
        "kind": item.kind,
        "age": item.age(today),
        "why": item.why(today),
        "tz": item.tz,
        "touch": item.touch.json() if item.touch else None,
    }
