"""`crm doctor`: is the database sound?"""

import os

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import StorageError
from crmcli.i18n import tr, trn
from crmcli.store.db import version_of
from crmcli.store.doctor import Fault, examine

COLUMNS = (
    Column("check", "Check"),
    Column("message", "What is wrong"),
    Column("mended", "Mended"),
)

app = verb_app()


@app.command("doctor", cls=ListCommand, epilog="crm doctor\ncrm doctor --fix\ncrm doctor --json")
def doctor_(
    ctx: typer.Context,
    fix: bool = typer.Option(False, "--fix", help="Mend what follows from other rows."),
) -> None:
    """Check the database. Silent and exit 0 when all is well; exit 5 while faults remain."""
    crm: Context = ctx.obj
    path = crm.config.database()
    if not os.path.lexists(path):
        crm.out.say(tr("There is no database at {path} yet.", path=path))
        if crm.out.is_json:
            crm.out.records(COLUMNS, [])
        return
    if crm.out.is_terminal:  # cron hears nothing while all is well
        crm.out.say(tr("{path}: format {version}", path=path, version=version_of(crm.store.reader)))
    faults = examine(crm.store.reader, path, crm.clock)
    mended = _mend(crm, faults) if fix else set()
    if faults or crm.out.is_json:
        crm.out.records(COLUMNS, (_record(fault, fault in mended) for fault in faults))
    left = [fault for fault in faults if fault not in mended and not fault.is_warning]
    if left:
        can = any(fault.fix for fault in left)
        raise StorageError(
            trn("{count} fault in {path}", "{count} faults in {path}", len(left), path=path),
            tr("`crm doctor --fix` mends them") if can else "",
        )


def _mend(crm: Context, faults: list[Fault]) -> set[Fault]:
    """Mend what can be mended, as one change that can be undone."""
    able = [fault for fault in faults if fault.fix]
    if able:
        crm.write("doctor --fix", lambda w: [fault.fix(w) for fault in able if fault.fix])
    return set(able)


def _record(fault: Fault, mended: bool) -> dict[str, object]:
    return {
        "id": fault.check,
        "check": fault.check,
        "message": fault.message,
        "mended": "yes" if mended else None,
        "warning": fault.is_warning,
    }
