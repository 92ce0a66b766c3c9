"""`crm reason`: why deals are lost and leads are not qualified."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.values import line
from crmcli.service.choice import usage_word
from crmcli.service.record import Record
from crmcli.store import vocabulary as store
from crmcli.store.vocabulary import SCOPES
from crmcli.text import is_visible, safe

app = noun_app(
    "Why deals are lost and leads not qualified. Bare `crm reason` lists the reasons.",
    "crm reason list\ncrm reason add lost 'too late' --needs-note",
)
SCOPE = typer.Argument(..., metavar="SCOPE", help=f"Of what: {', '.join(SCOPES)}.")
NAME = typer.Argument(..., metavar="NAME", help="The reason.")


@app.command("list", cls=ListCommand, epilog="crm reason list\ncrm reason list lost --json")
def list_(
    ctx: typer.Context,
    scope: str = typer.Argument("", metavar="[SCOPE]", help="Only lost, or only unqualified."),
) -> None:
    """List the reasons that are offered."""
    crm: Context = ctx.obj
    rows = store.list_reasons(crm.store.reader, usage_word("scope", scope, SCOPES))
    crm.out.records(store.REASON_COLUMNS, map(_record, rows))


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm reason add lost 'too late'\ncrm reason add unqualified student --needs-note",
)
def add(
    ctx: typer.Context,
    scope: str = SCOPE,
    name: str = NAME,
    needs_note: bool = typer.Option(False, "--needs-note", help="It always comes with a note."),
) -> None:
    """Add a reason, or offer one again that was removed."""
    crm: Context = ctx.obj
    of = usage_word("scope", scope, SCOPES) or ""
    cleaned = line(name, "reason")
    if not cleaned or not is_visible(cleaned):
        raise InvalidError(tr("a reason needs a name"))
    crm.write("reason add", lambda w: store.add_reason(w, of, cleaned, needs_note=needs_note))
    _say(crm, tr("Added"), of, cleaned)


@app.command(
    "rm", cls=CrmCommand, epilog="crm reason rm lost timing\ncrm reason rm unqualified 'no answer'"
)
def rm(ctx: typer.Context, scope: str = SCOPE, name: str = NAME) -> None:
    """Offer a reason no longer; what was lost for it keeps it."""
    crm: Context = ctx.obj
    of = usage_word("scope", scope, SCOPES) or ""
    id = store.find_reason(crm.store.reader, of, name, "-")
    row = next(row for row in store.list_reasons(crm.store.reader, of) if row["id"] == id)
    crm.write("reason rm", lambda w: store.remove_reason(w, id))
    crm.out.say(tr("Removed {name}; `crm undo` brings it back", name=f"{of}: {row['name']}"))
    _give(crm, _record(row))


def _record(row: Record) -> Record:
    return {**row, "needs_note": bool(row["needs_note"])}


def _say(crm: Context, verb: str, scope: str, name: str) -> None:
    crm.out.say(f"{verb} {scope}: {name}")
    id = store.find_reason(crm.store.reader, scope, name, "-")
    found = next(row for row in store.list_reasons(crm.store.reader, scope) if row["id"] == id)
    _give(crm, _record(found))


def _give(crm: Context, record: Record) -> None:
    """Give a reason to the pipe: its name, or with --json the record."""
    if crm.out.is_json:
        crm.out.record(record)
    elif not crm.out.is_terminal:
        crm.out.lines([safe(record["name"])])
