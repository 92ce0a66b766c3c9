"""`crm export`: everything of one noun, as CSV, JSON or JSONL that imports again."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.columns import Column
from crmcli.commands import listing
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.interchange.own import flat_columns, flat_record
from crmcli.render import Output
from crmcli.service import filter as filters
from crmcli.store import contact, interaction, org, task
from crmcli.store.party import custom_keys
from crmcli.store.rows import Listing
from crmcli.text import masker

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

NOUNS: dict[str, tuple[tuple[Column, ...], Any]] = {
    "contacts": (contact.COLUMNS, contact.list_contacts),
    "orgs": (org.COLUMNS, org.list_orgs),
    "tasks": (task.COLUMNS, task.list_tasks),
    "interactions": (interaction.COLUMNS, interaction.list_interactions),
}
FORMATS = ("csv", "json", "jsonl")

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
    chosen = _format(format or crm.settings.get("format", ""), output)
    settings = {"format": chosen, "output": output, "raw": "yes" if raw else ""}
    out = Output(crm.clock, {key: value for key, value in settings.items() if value})
    columns, lister = NOUNS[name]
    tree = filters.read(terms, where)
    found = listing.condition(crm, name.removesuffix("s"), tree, "id")
    records = (row.json() for row in lister(crm.store.reader, Listing(sort="id", where=found)))
    if chosen == "csv":
        custom = _custom_keys(crm, name)
        out.records(flat_columns(_listed(columns), custom), map(flat_record, records))
    else:
        out.records(columns, records)
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


def _format(format: str, output: str) -> str:
    ending = output.rpartition(".")[2] if "." in output else ""
    chosen = format or (ending if ending in FORMATS else "csv")
    if chosen not in FORMATS:
        raise UsageError(
            tr("cannot export as {chosen!r}", chosen=chosen),
            tr("one of {names}", names=", ".join(FORMATS)),
        )
    return chosen


def _listed(columns: Iterable[Column]) -> list[Column]:
    """Give the columns with none held back: an export leaves nothing out."""
    return [Column(column.key, column.title, column.kind) for column in columns]


def _custom_keys(crm: Context, name: str) -> list[str]:
    """Give the keys of custom fields in use."""
    if name not in ("contacts", "orgs"):
        return []
    return custom_keys(crm.store.reader, name.removesuffix("s"))
