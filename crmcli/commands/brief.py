"""`crm brief`: one page before a meeting."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.commands.show import grid
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service import brief as service
from crmcli.service import linked
from crmcli.service.record import Record
from crmcli.text import safe

if TYPE_CHECKING:
    from rich.console import RenderableType

FORMATS = ("table", "md", "json", "jsonl")

app = verb_app()


@app.command(
    cls=ListCommand,
    epilog="crm brief ana-novak\ncrm brief d7 -f md -o brief.md\ncrm brief --today\n"
    "crm brief acme --json",
)
def brief(
    ctx: typer.Context,
    ref: str = typer.Argument("", metavar="[REF]", help="A person, an org or a deal."),
    today: bool = typer.Option(False, "--today", help="Everybody met or called today."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="With --today: whose; or me."),
) -> None:
    """Print one page before a meeting.

    Who they are, the last three touches, promises both ways, open tasks, money, the next step,
    dates of the next 60 days, who else is concerned, and the guidance of the stage. --today makes a
    page for everybody with a meeting, a call or a visit due today. Formats: a page to read (also in
    a pipe), md, json.
    """
    crm: Context = ctx.obj
    asked = crm.settings.get("format") or "table"
    if asked not in FORMATS or crm.settings.get("fields"):
        raise UsageError(tr("a brief is a page"), tr("-f table, -f md or --json"))
    if bool(ref) == today:
        raise UsageError(tr("brief needs a REF, or --today"), "crm brief ana-novak")
    if owner and not today:
        raise UsageError(tr("--owner goes with --today"))
    if ref:
        briefs = [service.read(crm, linked.key_for(crm, ref))]
    else:
        briefs = service.today(crm, crm.owner(owner or None))
        if not briefs:
            crm.out.say(tr("No meeting or call is due today."))
    if asked == "json" and ref:
        crm.out.record(briefs[0])
    elif crm.out.is_json:
        crm.out.records((), briefs)
    elif asked == "md":
        crm.out.lines(line for one in briefs for line in _markdown(crm, one))
    elif briefs:
        crm.out.print_rich(*(part for one in briefs for part in _page(crm, one)))


def _page(crm: Context, one: Record) -> "Iterator[RenderableType]":
    """Lay a brief out for reading."""
    from rich.text import Text

    yield Text.assemble((safe(one["name"]), "bold"), f"  {safe(one['id'])}")
    for heading, lines in service.page(crm, one):
        if lines:
            yield Text(f"\n{heading}", style="bold")
            yield grid(lines)
    yield Text("")


def _markdown(crm: Context, one: Record) -> Iterator[str]:
    """Give a brief as Markdown, line by line; nothing that is stored is markup there."""
    yield f"# {_cell(one['name'])} ({one['id']})"
    for heading, lines in service.page(crm, one):
        if lines:
            yield from ("", f"## {heading}", "")
            yield from (f"- **{_cell(label)}:** {_cell(text)}" for label, text in lines)
    yield ""


def _cell(text: str) -> str:
    """Give a text as a part of one line of Markdown."""
    from crmcli.interchange.markdown import cell
    from crmcli.text import printable

    return cell(printable(" ".join(text.split())))
