"""`crm tui`: the full screen."""

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context

app = verb_app()


@app.command(cls=CrmCommand, epilog="crm tui\ncrm tui --mask\ncrm tui --keys")
def tui(
    ctx: typer.Context,
    keys: bool = typer.Option(False, "--keys", help="Print the keys and end."),
    ascii: bool = typer.Option(False, "--ascii", help="Draw with signs of ASCII only."),
) -> None:
    """Open the full screen: the day, contacts, tasks, search, import, history.

    One key each: c logs, d is done, s snoozes, u undoes, ? shows all keys, q quits. Needs a
    terminal; colours by `crm config set theme dark|light|terminal`, none with NO_COLOR.
    """
    crm: Context = ctx.obj
    if keys:
        from crmcli.tui.keys import sheet, table

        if crm.out.is_json:
            crm.out.one_or_all(table())
        else:
            crm.out.lines(sheet())
        return
    from crmcli.tui.app import run

    code = run(crm, ascii=ascii)
    if code:
        raise typer.Exit(code)
