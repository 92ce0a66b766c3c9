"""`crm export`: records as files, for us to read again and for other programs."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.commands import listing
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr, trn
from crmcli.render import Counted
from crmcli.service import export
from crmcli.service import filter as filters
from crmcli.store import task
from crmcli.store.rows import Listing
from crmcli.text import masker

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

ALL = "all"
NOUNS = [*(f"{noun}s" for noun in export.NOUNS), ALL]

app = verb_app()


@app.command(
    "export",
    cls=CrmCommand,
    epilog="crm export contacts > contacts.csv\ncrm export contacts -o contacts.json\n"
    "crm export tasks -f jsonl | head -n 1\ncrm export contacts +vip 'org:Acme Ltd' -o vip.vcf\n"
    "crm export contacts -f mutt -o ~/.mutt/aliases\ncrm export all -o everything.jsonl\n"
    "crm export contacts --excel --delimiter ';' -o contacts.csv\n"
    "crm export tasks --feed crm.ics",
)
def export_(
    ctx: typer.Context,
    noun: str = typer.Argument(..., help=f"One of {', '.join(NOUNS)}."),
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    format: str = typer.Option(
        "", "-f", "--format", help=f"{', '.join(export.FORMATS)}; else by FILE, else csv."
    ),
    output: str = typer.Option("", "-o", "--output", metavar="FILE", help="Instead of stdout."),
    vcard: str = typer.Option("", "--vcard", metavar="VERSION", help="vCard 3 or 4."),
    excel: bool = typer.Option(False, "--excel", help="CSV that Excel reads as UTF-8."),
    delimiter: str = typer.Option(
        "", "--delimiter", help="Of CSV; ; for Excel where the comma is the decimal sign."
    ),
    raw: bool = typer.Option(False, "--raw", help="CSV without the ' before formulas."),
    feed: str = typer.Option("", "--feed", metavar="FILE", help="A calendar file (ICS) instead."),
    owner: str = typer.Option(
        "", "--owner", metavar="NAME", help="Of the feed: only theirs; or me."
    ),
) -> None:
    """Write contacts, orgs, deals, tasks or interactions; importing gives the same again.

    In CSV a cell that a spreadsheet would run as a formula gets one ' in front; our import takes
    it off again. vcf, google, outlook, abook and mutt are of contacts, ics is of tasks. `all` is
    JSONL, each line with its noun, or a file per noun in the folder that -o names.
    `crm export tasks --feed FILE` writes a calendar of what is due within a year: follow-ups,
    people to keep in touch with, birthdays; with filter terms only those tasks.
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
    wanted = _vcard(vcard) or format or crm.settings.get("format", "")
    style = export.style_of(raw=raw, excel=excel, delimiter=delimiter)
    if name == ALL:
        _write_all(crm, output, wanted, style, filtered=bool(terms or where))
        return
    chosen = export.format_of(output, wanted)
    one = name.removesuffix("s")
    export.check(one, chosen, output)
    found = listing.condition(crm, one, filters.read(terms, where), "id")
    records = Counted(export.listed(crm, one, found))
    written = export.write(crm, one, records, output, chosen, style)
    if written < records.count:
        crm.out.say(_left_out(records.count - written))
    if output:
        _say_count(crm, one, written, output)
    else:
        _say_masked(crm)


def _vcard(version: str) -> str:
    """Give the format that `--vcard` means; "" without it."""
    known = {"": "", "3": "vcf", "3.0": "vcf", "4": "vcf4", "4.0": "vcf4"}
    if version not in known:
        raise UsageError(tr("there is no vCard {version}", version=version), tr("3 or 4"))
    return known[version]


def _write_all(
    crm: Context, output: str, format: str, style: export.Style, *, filtered: bool
) -> None:
    """Write everything: as one stream of JSONL, or into a folder.

    Raises:
        UsageError: with a filter, or one file of another format.
    """
    if filtered:
        raise UsageError(
            tr("all takes no filter"), tr("filter contacts, orgs, tasks or interactions")
        )
    if output.endswith("/") or os.path.isdir(output):
        _said(crm, export.write_folder(crm, output, format or "csv", style))
        return
    if format not in ("", "jsonl"):
        raise UsageError(
            tr("all in one file is JSONL"), tr("name a folder for a file per noun: -o FOLDER/")
        )
    export.write_all(crm, output)
    if output:
        _said(crm, [output])


def _left_out(count: int) -> str:
    return trn(
        "{count} contact is left out: no e-mail address that mutt takes",
        "{count} contacts are left out: no e-mail address that mutt takes",
        count,
    )


def _say_count(crm: Context, noun: str, count: int, path: str) -> None:
    """Say how many were written."""
    nouns = tr(noun if count == 1 else f"{noun}s")
    _say_masked(crm)
    crm.out.say(tr("Wrote {count} {nouns} to {path}", count=count, nouns=nouns, path=path))


def _said(crm: Context, paths: Sequence[str]) -> None:
    """Say what was written."""
    _say_masked(crm)
    for path in paths:
        crm.out.say(tr("Wrote {path}", path=path))


def _say_masked(crm: Context) -> None:
    if masker():
        crm.out.say(tr("Masked: names and amounts in it are not the real ones"))


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
    _say_masked(crm)
    if crm.out.is_terminal:  # cron would mail it every quarter of an hour
        crm.out.say(
            tr("Wrote {path}", path=path) if moved else tr("{path} is up to date", path=path)
        )
