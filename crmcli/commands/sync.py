"""`crm sync`: folders of other programs kept in step, both ways."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.columns import Column
from crmcli.commands import listing
from crmcli.context import Context
from crmcli.errors import ConflictError, UsageError
from crmcli.i18n import tr, trn
from crmcli.service import filter as filters
from crmcli.service import sync as service
from crmcli.service.record import Record
from crmcli.store import sync as store
from crmcli.text import safe

COLUMNS = (Column("folder", "Folder"), Column("cards", "Cards", "number"))

app = noun_app(
    "Folders of cards kept in step with your contacts. Bare `crm sync` lists them.",
    "crm sync vdir ~/contacts --dry-run\ncrm sync",
)


@app.command("list", cls=ListCommand, epilog="crm sync list\ncrm sync list --json")
def list_(ctx: typer.Context) -> None:
    """List the folders that are kept in step, and how many cards each had the last time."""
    crm: Context = ctx.obj
    found = crm.out.records(COLUMNS, store.folders(crm.store.reader))
    if not found and crm.out.format == "table":
        crm.out.say(tr("No folders yet. `crm sync vdir DIR` keeps one in step."))


@app.command(
    "vdir",
    cls=CrmCommand,
    epilog="crm sync vdir ~/contacts --dry-run\ncrm sync vdir ~/contacts\n"
    "crm sync vdir ~/contacts +family\ncrm sync vdir ~/contacts --prefer folder",
)
def vdir(
    ctx: typer.Context,
    folder: str = typer.Argument(..., metavar="DIR", help="One card a file, as vdirsyncer has it."),
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    prefer: str = typer.Option(
        "", "--prefer", metavar="SIDE", help="crm or folder: who wins where both changed."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would happen; change nothing."),
) -> None:
    """Bring a folder of vCards and your contacts into step.

    What was new, changed or deleted on one side since the last run is so on the other; a contact
    goes to the trash. What both sides changed differently stays as it is and is told (exit 4). A
    filter says whom to write a new card of; who has one is kept in step. `crm undo` takes back
    all that a run did to your contacts.
    """
    crm: Context = ctx.obj
    if prefer not in ("", *service.PREFER):
        raise UsageError(tr("--prefer cannot be {prefer!r}", prefer=prefer), tr("crm or folder"))
    path = service.folder_of(folder)
    tree = filters.read(terms, where)
    chosen = filters.ids(crm, "contact", tree)
    if not dry_run:
        _ask(crm, service.losses(crm, path))
    report = service.vdir(crm, path, chosen, prefer=prefer, dry_run=dry_run)
    _say(crm, report, dry_run)
    if report.conflicts:
        raise ConflictError(
            trn(
                "{count} card changed on both sides",
                "{count} cards changed on both sides",
                len(report.conflicts),
            ),
            tr("change one of them, or choose with --prefer crm or --prefer folder"),
        )


def _ask(crm: Context, lost: service.Losses) -> None:
    """Ask before much goes on one side: the folder may just not be there."""
    if not lost.is_many:
        return
    if lost.people >= lost.files:
        question = tr(
            "{count} of {all} cards are gone from the folder: move these people to the trash?",
            count=lost.people,
            all=lost.known,
        )
    else:
        question = tr(
            "{count} of {all} people are in the trash: delete their cards?",
            count=lost.files,
            all=lost.known,
        )
    crm.confirm(question)


def _say(crm: Context, report: service.Report, dry_run: bool) -> None:
    """Say what happened to each card that needs a look, and the counts."""
    if crm.out.is_json:
        crm.out.record(_json(report, dry_run))
    for name, reason in report.unreadable:
        crm.out.say(tr("{name}: left alone: {reason}", name=safe(name), reason=safe(reason)))
    for one in report.conflicts:
        crm.out.say(f"{safe(one.filename)}: {one.contact}: {safe(one.said)}")
    counts = tr(
        "Here {added} added, {changed} changed, {removed} removed; in the folder {written}"
        " written, {rewritten} changed, {deleted} deleted; {same} the same",
        same=report.same,
        **{word: report.counts[word] for word in (*service.IN_CRM, *service.IN_FOLDER)},
    )
    crm.out.say(tr("Dry run, nothing is written. {counts}", counts=counts) if dry_run else counts)


def _json(report: service.Report, dry_run: bool) -> Record:
    return {
        "dry_run": dry_run,
        "crm": {word: report.counts[word] for word in service.IN_CRM},
        "folder": {word: report.counts[word] for word in service.IN_FOLDER},
        "same": report.same,
        "others": report.others,
        "conflicts": [
            {
                "file": one.filename,
                "contact": one.contact,
                "facts": list(one.facts),
                "why": one.said,
            }
            for one in report.conflicts
        ],
        "unreadable": [{"file": name, "why": reason} for name, reason in report.unreadable],
    }
