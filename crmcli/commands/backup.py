"""`crm backup`: make, list, verify and restore backups."""

import os

import typer

from crmcli import config
from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.store import backup as store

COLUMNS = (
    Column("name", "Name"),
    Column("at", "Made", "when"),
    Column("reason", "Why"),
    Column("size", "Bytes", "number"),
    Column("contacts", "Contacts", "number"),
    Column("interactions", "Interactions", "number"),
    Column("sha256", "SHA-256", listed=False),
)

app = noun_app(
    "Backups of the whole database. Bare `crm backup` lists them.",
    "crm backup now\ncrm backup restore latest",
)


def folder() -> str:
    """Give the folder of the backups."""
    return config.backups_dir()


@app.command("now", cls=CrmCommand, epilog="crm backup now\ncrm backup now --json")
def now(ctx: typer.Context) -> None:
    """Make a backup, checked and on disk before the command ends."""
    crm: Context = ctx.obj
    made = store.make_backup(crm.config.database(), folder(), crm.clock, "by hand")
    crm.out.say(
        trn(
            "Made {name} with {count} contact in {folder}",
            "Made {name} with {count} contacts in {folder}",
            made.rows["contact"],
            name=made.name,
            folder=folder(),
        )
    )
    if crm.out.is_json:
        crm.out.record(made.json())
    elif not crm.out.is_terminal:
        crm.out.lines([os.path.join(folder(), made.name)])


@app.command("list", cls=ListCommand, epilog="crm backup list\ncrm backup list --json")
def list_(ctx: typer.Context) -> None:
    """List the backups, newest first."""
    crm: Context = ctx.obj
    found = crm.out.records(
        COLUMNS, (made.json() for made in store.list_backups(folder(), crm.config.database()))
    )
    if not found and crm.out.format == "table":
        crm.out.say(tr("No backups yet. `crm backup now` makes one."))


@app.command("verify", cls=CrmCommand, epilog="crm backup verify\ncrm backup verify ./old.crm.db")
def verify(
    ctx: typer.Context,
    name: str = typer.Argument("latest", help="A name, a path, or latest."),
) -> None:
    """Check a backup: integrity, links between records, and that nobody changed it."""
    crm: Context = ctx.obj
    path = store.find_backup(folder(), name, crm.config.database())
    rows = store.verify(path, folder())
    crm.out.say(
        tr(
            "{path} is sound: {contacts}, {tasks}",
            path=path,
            contacts=trn("{count} contact", "{count} contacts", rows["contact"]),
            tasks=trn("{count} task", "{count} tasks", rows["task"]),
        )
    )
    if crm.out.is_json:
        crm.out.record({"path": path, "rows": rows})


@app.command(
    "restore",
    cls=CrmCommand,
    epilog="crm backup restore latest\ncrm backup restore ./old.crm.db --yes",
)
def restore(
    ctx: typer.Context,
    name: str = typer.Argument(..., help="A name, a path, or latest."),
) -> None:
    """Put a backup in the place of the database; what is there now is backed up first."""
    crm: Context = ctx.obj
    database = crm.config.database()
    owner = database if os.path.exists(database) else ""  # where nothing is, nothing is lost
    path = store.find_backup(folder(), name, owner)
    rows = store.verify(path, folder())
    crm.confirm(
        trn(
            "Replace the database by {name} ({count} contact)?",
            "Replace the database by {name} ({count} contacts)?",
            rows["contact"],
            name=os.path.basename(path),
        )
    )
    if os.path.exists(database):
        before = store.make_backup(database, folder(), crm.clock, "before restore")
        crm.out.say(tr("Backed up what was there as {name}", name=before.name))
    store.restore(path, database)
    crm.out.say(
        trn(
            "Restored {path}: {count} contact",
            "Restored {path}: {count} contacts",
            rows["contact"],
            path=path,
        )
    )
