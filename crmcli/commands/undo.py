"""`crm undo`: take back a change."""

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.store import journal
from crmcli.store.journal import Reverted

app = verb_app()


@app.command(cls=CrmCommand, epilog="crm undo\ncrm undo 12\ncrm undo 12 --skip-changed")
def undo(
    ctx: typer.Context,
    group: int = typer.Argument(None, help="Which change, as `crm history` numbers them."),
    any_: bool = typer.Option(False, "--any", help="The newest change, whoever's it is."),
    skip_changed: bool = typer.Option(
        False, "--skip-changed", help="Leave out records that changed since."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would be undone."),
) -> None:
    """Take back your last change as a whole; an import or a bulk edit is one change.

    Refused with exit code 4 when someone changed the same since: nothing is undone in halves.
    """
    crm: Context = ctx.obj
    reverted = crm.write(
        "undo",
        lambda w: journal.undo(w, group, anyone=any_, skip_changed=skip_changed),
        source="undo",
        dry_run=dry_run,
    ).value
    if dry_run:
        crm.out.say(
            tr(
                "Would undo: group {group_id}, {command}",
                group_id=reverted.group_id,
                command=reverted.command,
            )
        )
    else:
        say_reverted(crm, tr("Undone"), reverted, tr("`crm redo` brings it back"))


def say_reverted(crm: Context, verb: str, reverted: Reverted, hint: str) -> None:
    """Say what was taken back or done again."""
    crm.out.say(
        tr(
            "{verb}: group {group_id}, {command}; {hint}",
            verb=verb,
            group_id=reverted.group_id,
            command=reverted.command,
            hint=hint,
        )
    )
    for name in reverted.kept:
        crm.out.say(tr("kept, changed since: {name}", name=name))
    if crm.out.is_json:
        crm.out.record(
            {
                "group": reverted.group_id,
                "command": reverted.command,
                "changes": reverted.changes,
                "kept": reverted.kept,
            }
        )
    elif not crm.out.is_terminal:
        crm.out.lines([str(reverted.group_id)])
