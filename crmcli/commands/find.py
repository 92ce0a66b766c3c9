"""`crm find`: everything, ranked."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import NotFoundError
from crmcli.i18n import tr
from crmcli.service.find import lines
from crmcli.store.search import NOUNS, find

COLUMNS = (
    Column("id", "Id", "id"),
    Column("noun", "What"),
    Column("name", "Name"),
    Column("detail", "Detail"),
)

EVERY = 1_000_000

app = verb_app()


@app.command(
    "find",
    cls=ListCommand,
    epilog="crm find copic\ncrm find Novka\ncrm find 4567\ncrm find pilot offer --limit 5\n"
    "crm find ana --json",
)
def find_(
    ctx: typer.Context,
    words: list[str] = typer.Argument(..., metavar="TEXT", help="Words, or part of a number."),
    limit: int = typer.Option(
        50, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
    ),
) -> None:
    """Find people, orgs, tasks and what was said. Marks and case do not count.

    Words match from their beginning, Chinese, Japanese and Korean anywhere, numbers by any four
    digits. When nothing does, names with one letter wrong, missing, surplus or swapped are found
    too, and that is said. The best come first. Exit code 1 when nothing is found.
    """
    crm: Context = ctx.obj
    text = " ".join(words)
    found = find(crm.store.reader, text, NOUNS, common.check_limit(limit) or EVERY)
    if not found.keys:
        if crm.out.is_json:
            crm.out.records(COLUMNS, [])
        raise NotFoundError(tr("nothing matches {text!r}", text=text))
    if found.is_similar:
        crm.out.say(tr("Nothing is called {text!r}; similar:", text=text))
    crm.out.records(COLUMNS, (line.json() for line in lines(crm, found.keys)))
