"""`crm trash`: what was removed, and how it comes back."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.columns import Column
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import NotFoundError
from crmcli.i18n import tr
from crmcli.store.party import list_trash, set_archived
from crmcli.store.rows import ALL
from crmcli.store.search import NOUNS, Key, is_archived, reference

COLUMNS = (
    Column("id", "Id", "id"),
    Column("noun", "What"),
    Column("name", "Name"),
    Column("archived_at", "Since", "when"),
)

app = noun_app(
    "The trash. Nothing in it is lost; bare `crm trash` lists it.",
    "crm trash list\ncrm trash restore c12",
)


@app.command("list", cls=ListCommand, epilog="crm trash list\ncrm trash list --json")
def list_(
    ctx: typer.Context,
    limit: int = typer.Option(
        0, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
    ),
) -> None:
    """List what is in the trash, newest first."""
    crm: Context = ctx.obj
    rows = list_trash(crm.store.reader, common.check_limit(limit) or ALL)
    records = [{**row, "id": reference((row["noun"], row["id"]))} for row in rows]
    if not crm.out.records(COLUMNS, records) and crm.out.format == "table":
        crm.out.say(tr("The trash is empty."))


@app.command(
    "restore",
    cls=CrmCommand,
    epilog="crm trash restore c12\ncrm trash list -f ids | crm trash restore -",
)
def restore(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(
        ..., metavar="REF…", help="Ids, such as c12; - reads them from stdin."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would come back."),
) -> None:
    """Take records out of the trash."""
    crm: Context = ctx.obj
    keys = [_key(crm, ref) for ref in crm.references(refs)]
    crm.write(
        "trash restore",
        lambda w: [set_archived(w, noun, id, archived=False) for noun, id in keys],
        dry_run=dry_run,
    )
    if not dry_run:
        common.announce_all(crm, [(tr("Restored"), key, "") for key in keys])
        return
    for key in keys:
        crm.out.say(tr("Would restore {key}", key=reference(key)))


def _key(crm: Context, ref: str) -> Key:
    """Give the record in the trash that an id or a handle names.

    Raises:
        NotFoundError: it is not in the trash.
    """
    try:
        key = crm.resolve(ref, NOUNS, strict=True, trash=True)
    except NotFoundError:
        key = None
    if key and is_archived(crm.store.reader, key):
        return key
    raise NotFoundError(
        tr("{ref} is not in the trash", ref=ref), tr("`crm trash list` shows what is")
    )
