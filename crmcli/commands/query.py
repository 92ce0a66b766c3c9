"""`crm query`: e-mail addresses for mail clients, as they ask while one types."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import NotFoundError, UsageError
from crmcli.i18n import in_english, tr
from crmcli.store.query import Answer, answers, lines
from crmcli.store.search import reference

COLUMNS = (
    Column("email", "E-mail"),
    Column("name", "Name"),
    Column("org", "Org"),
    Column("stage", "Stage"),
    Column("warnings", "Warnings", "list"),
    Column("id", "Id", "id"),
)

app = verb_app()


@app.command(
    cls=ListCommand,
    epilog="crm query ana\ncrm query 4567 --json\ncrm query --mutt 'ana nov'\ncrm query --aerc ana",
)
def query(
    ctx: typer.Context,
    words: list[str] = typer.Argument(..., metavar="TEXT", help="Of names, addresses, numbers."),
    mutt: bool = typer.Option(False, "--mutt", help="For mutt: a message, then the addresses."),
    aerc: bool = typer.Option(False, "--aerc", help="For aerc: address and name."),
) -> None:
    """Find e-mail addresses by the beginnings of words, or by any four digits of a number.

    People not to be contacted are marked and come late, addresses that bounced last. Exit code 1
    when nothing is found. In neomuttrc: set query_command="crm query --mutt %s"; in aerc.conf:
    address-book-cmd=crm query --aerc %s.
    """
    crm: Context = ctx.obj
    if mutt and aerc:
        raise UsageError(tr("--mutt and --aerc exclude one another"))
    found = answers(crm.store.reader, " ".join(words))
    if mutt or aerc:
        client = "mutt" if mutt else "aerc"
        told = in_english(lambda found: lines(found, client), found)
        crm.out.lines(told)
        if not found:
            raise typer.Exit(1)
        return
    if found or crm.out.is_json:
        crm.out.records(COLUMNS, map(_record, found))
    if not found:
        raise NotFoundError(tr("nothing matches {text!r}", text=" ".join(words)))


def _record(answer: Answer) -> dict[str, object]:
    return {
        "email": answer.address,
        "name": answer.name,
        "org": answer.org or None,
        "stage": answer.stage,
        "warnings": answer.warnings,
        "id": reference(answer.party),
    }
