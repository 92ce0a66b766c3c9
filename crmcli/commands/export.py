"""`crm export`: everything of one noun, as CSV, JSON or JSONL that imports again."""

from typing import TYPE_CHECKING, Any

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.commands import listing
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service import export
from crmcli.service import filter as filters
from crmcli.store import contact, interaction, org, task
from crmcli.store.rows import Listing
from crmcli.text import masker

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

NOUNS: dict[str, Any] = {
    "contacts": contact.list_contacts,
    "orgs": org.list_orgs,
    "tasks": task.list_tasks,
    "interactions": interaction.list_interactions,
}

app = verb_app()


@app.command(
    "export",
    cls=CrmCommand,
    epilog="crm export contacts > contacts.csv\ncrm export contacts -o contacts.json\n"
    "crm export tasks -f jsonl | head -n 1\ncrm export contacts +vip 'org:Acme Ltd' -o vip.csv\n"
    "crm export tasks --feed crm.ics",
)
def export_(
    ctx: typer.Context,
    noun: str = typer.Argument(..., help=f"One of {', '.join(NOUNS)}."),
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    format: str = typer.Option(
        "", "-f", "--format", help="csv, json or jsonl; else by FILE, else csv."
    ),
    output: str = typer.Option("", "-o", "--output", metavar="FILE", help="Instead of stdout."),
    raw: bool = typer.Option(False, "--raw", help="CSV without the ' before formulas."),
    feed: str = typer.Option("", "--feed", metavar="FILE", help="A calendar file (ICS) instead."),
    owner: str = typer.Option(
        "", "--owner", metavar="NAME", help="Of the feed: only theirs; or me."
    ),
) -> None:
    """Write contacts, orgs, tasks or interactions; importing the file gives the same again.

    In CSV a cell that a spreadsheet would run as a formula gets one ' in front; our import takes
    it off again. `crm export tasks --feed FILE` writes a calendar of what is due within a year:
    follow-ups, people to keep in touch with, birthdays; with filter terms only those tasks.
    """
    crm: Context = ctx.obj
    name = noun if noun in NOUNS else f"{noun}s"
    if name not in NOUNS:
        raise UsageError(
            tr("cannot export {noun!r}", noun=noun), tr("one of {names}", names=", ".join(NOUNS))
        )
    if feed:
        _write_feed(crm, name, feed, filters.read(terms, where), owner)
        return
    chosen = export.format_of(output, format or crm.settings.get("format", ""))
    one = name.removesuffix("s")
    found = listing.condition(crm, one, filters.read(terms, where), "id")
    listed = NOUNS[name](crm.store.reader, Listing(sort="id", where=found))
    export.write(crm, one, (row.json() for row in listed), output, chosen, raw=raw)
    if masker():
        crm.out.say(tr("Masked: names and amounts in it are not the real ones"))
    if output:
        crm.out.say(tr("Wrote {path}", path=output))


def _write_feed(crm: Context, name: str, path: str, tree: "Node | None", owner: str) -> None:
    """Write the calendar feed: of chosen tasks, or of all that is due with people's days.

    Raises:
        UsageError: not of tasks.
    """
    from crmcli.commands.feed import people_due, write_feed

    if name != "tasks":
        raise UsageError(
            tr("a calendar feed is of tasks, not of {name}", name=name),
            "crm export tasks --feed",
        )
    people = people_due(crm, crm.owner(owner or None)) if tree is None else []
    wanted = filters.read(None, None, tree, filters.term("owner", owner))
    condition = listing.condition(crm, "task", wanted, "id")
    tasks = task.list_tasks(crm.store.reader, Listing(sort="id", where=condition))
    moved = write_feed(crm, path, tasks, people)
    if masker():
        crm.out.say(tr("Masked: names and amounts in it are not the real ones"))
    if crm.out.is_terminal:  # cron would mail it every quarter of an hour
        crm.out.say(
            tr("Wrote {path}", path=path) if moved else tr("{path} is up to date", path=path)
        )
