"""`crm config`: read and change the configuration."""

import os
import subprocess

import typer

from crmcli import config
from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.clock import Clock
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.render import Output

COLUMNS = (
    Column("key", "Key"),
    Column("value", "Value"),
    Column("origin", "Set by", listed=False),
    Column("help", "What it is"),
)

app = noun_app(
    "The configuration. Flags win over CRM_* variables, those over the file.",
    "crm config set phone_region SI\ncrm config list --origin",
)


@app.command("list", cls=ListCommand, epilog="crm config list\ncrm config list --origin")
def list_(
    ctx: typer.Context,
    origin: bool = typer.Option(False, "--origin", help="Show who sets each value."),
) -> None:
    """List every key with its value."""
    crm: Context = ctx.obj
    columns = [Column(c.key, c.title, c.kind, c.listed or origin) for c in COLUMNS]
    rows = []
    for key, line in config.KEYS.items():
        value, by = crm.config.origin(key)
        rows.append({"id": key, "key": key, "value": value, "origin": by, "help": line})
    config.warn(crm.config)
    if crm.out.format in ("table", "md"):
        rows = [
            {**row, "help": tr(config.KEYS[key])}
            for key, row in zip(config.KEYS, rows, strict=True)
        ]
    crm.out.records(columns, rows)


@app.command("get", cls=CrmCommand, epilog="crm config get user\ncrm config get phone_region")
def get(ctx: typer.Context, key: str = typer.Argument(..., help="The key.")) -> None:
    """Print one value; nothing when it is not set."""
    crm: Context = ctx.obj
    value = crm.config.get(config.check_key(key))
    if crm.out.is_json:
        crm.out.record({"key": key, "value": value})
    elif value:
        crm.out.lines([value])


@app.command(
    "set", cls=CrmCommand, epilog="crm config set timezone Europe/Ljubljana\ncrm config set user ''"
)
def set_(
    ctx: typer.Context,
    key: str = typer.Argument(..., help="The key."),
    value: str = typer.Argument(..., help="The value; an empty one removes the key."),
) -> None:
    """Write one value to the file; comments stay."""
    crm: Context = ctx.obj
    config.set_value(key, value)
    crm.out.say(
        tr("{key} is {value!r} in {path}", key=key, value=value, path=config.path())
        if value
        else tr("{key} is not set any more", key=key)
    )


@app.command("edit", cls=CrmCommand, epilog="crm config edit\nEDITOR=nano crm config edit")
def edit(ctx: typer.Context) -> None:
    """Open the file in $EDITOR."""
    crm: Context = ctx.obj
    if not crm.is_interactive:
        raise UsageError(tr("an editor needs a terminal"), tr("use `crm config set KEY VALUE`"))
    os.makedirs(os.path.dirname(config.path()), mode=0o700, exist_ok=True)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*config.command_words(editor, "EDITOR"), config.path()], check=False)
    except OSError as error:
        raise UsageError(
            tr("cannot run {editor!r}: {reason}", editor=editor, reason=error.strerror),
            tr("set EDITOR"),
        ) from None


@app.command("path", cls=CrmCommand, epilog='crm config path\ncat "$(crm config path)"')
def path(ctx: typer.Context) -> None:
    """Print where the file lies."""
    crm: Context = ctx.obj
    out = Output(Clock(), crm.settings)  # even when the file cannot be read
    if out.is_json:
        out.record({"config": config.path()})
    else:
        out.lines([config.path()])
