"""`crm dedupe`: who is there twice."""

from collections.abc import Sequence

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands import common
from crmcli.commands import merge as merge_command
from crmcli.context import Context
from crmcli.errors import CrmError, UsageError
from crmcli.i18n import tr, trn
from crmcli.rules.duplicate import HIGHEST, QUEUE
from crmcli.service import dedupe as service
from crmcli.service import duplicate, merge
from crmcli.store.search import is_archived

NOUNS = {"contacts": "contact", "contact": "contact", "orgs": "org", "org": "org"}
MERGED = (
    Column("id", "Id", "id"),
    Column("merged", "Merged into it", "list"),
)

app = verb_app()


@app.command(
    cls=ListCommand,
    epilog="crm dedupe\ncrm dedupe orgs --min 70 --json\ncrm dedupe --auto 95 --dry-run\n"
    "crm dedupe --separate ana-novak bo-li",
)
def dedupe(
    ctx: typer.Context,
    words: list[str] = typer.Argument(
        None, metavar="[contacts|orgs]", help="Which; with --separate also the records."
    ),
    least: int = typer.Option(QUEUE, "--min", metavar="N", help="Only from so many points on."),
    limit: int = typer.Option(
        None, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
    ),
    auto: int = typer.Option(
        None, "--auto", metavar="N", show_default=False, help="Merge from so many points on."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="With --auto: say what; merge nothing."),
    separate: bool = typer.Option(False, "--separate", help="Remember that A B are not one."),
    review: bool = typer.Option(False, "--review", help="Pair by pair: merge, keep apart, skip."),
) -> None:
    """List pairs that are probably one, with points and reasons; merge them, or keep them separate.

    People: same e-mail 100 (an office's 40), phone 60, a like name 40, the same org 20, domain 15,
    another birthday -30. Orgs: same domain or e-mail 100, the same name or one inside the other
    without legal forms 70, phone 60. What more than 20 share does not count. `--auto` leaves people
    alone who have neither a name nor an e-mail of their own in common.
    """
    crm: Context = ctx.obj
    noun, refs = _read(words or [], separate=separate)
    if sum((separate, review, auto is not None)) > 1:
        raise UsageError(tr("give one of --auto, --review and --separate"))
    if separate:
        _separate(crm, noun, refs)
    elif review:
        _review(crm, noun or "contact", _points("--min", least))
    elif auto is not None:
        _auto(crm, noun or "contact", _points("--auto", auto), dry_run)
    else:
        _list(crm, noun or "contact", _points("--min", least), limit)


def _read(words: Sequence[str], *, separate: bool) -> tuple[str, Sequence[str]]:
    """Give the noun, "" for none, and the references behind it.

    Raises:
        UsageError: another word.
    """
    noun = NOUNS.get(words[0], "") if words else ""
    rest = words[1:] if noun else words
    if rest and not separate:
        raise UsageError(
            tr("cannot look for duplicates of {word!r}", word=rest[0]), tr("contacts or orgs")
        )
    return noun, rest


def _points(option: str, count: int) -> int:
    """Give a number of points back.

    Raises:
        UsageError: less than a pair needs to be listed, or more than there can be.
    """
    if not QUEUE <= count <= HIGHEST:
        raise UsageError(
            tr("{option} cannot be {count}", option=option, count=count),
            tr("from {low} to {high}", low=QUEUE, high=HIGHEST),
        )
    return count


def _list(crm: Context, noun: str, least: int, limit: int | None) -> None:
    most = common.page_limit(crm, limit)
    found = service.pairs(crm, noun, least)
    shown = found if most < 0 else found[:most]
    records = service.rows(crm, noun, shown)
    if crm.out.format == "table":
        records = (
            {**row, "reasons": duplicate.reason_words(noun, row["reasons"])} for row in records
        )
    crm.out.records(service.columns(noun), records)
    if crm.out.format != "table":
        return
    if not found:
        crm.out.say(tr("Nothing looks like a duplicate."))
    elif limit is None and len(shown) < len(found):
        crm.out.say(tr("The first {most}; --limit 0 lists all.", most=most))


def _separate(crm: Context, noun: str, refs: Sequence[str]) -> None:
    """Keep two or more records separate."""
    nouns = (noun,) if noun else ("contact", "org")
    keys = [crm.resolve(ref, nouns, strict=True) for ref in crm.references(refs)]
    if len({one for one, _ in keys}) != 1 or len(set(keys)) < 2:
        raise UsageError(
            tr("--separate needs two people, or two orgs"),
            tr("such as `crm dedupe --separate c12 c40`"),
        )
    noun, ids = keys[0][0], [id for _, id in keys]
    names = ", ".join(service.refs(noun, ids))
    if service.keep_separate(crm, noun, ids):
        crm.out.say(tr("{names} are kept separate; `crm undo` takes it back", names=names))
    else:
        crm.out.say(tr("{names} are kept separate already", names=names))


def _auto(crm: Context, noun: str, least: int, dry_run: bool) -> None:
    """Merge every pair that is certain enough, as one group."""
    planned = service.plan(crm, noun, least)
    if planned.groups and not dry_run:
        crm.confirm(trn("Merge {count} pair?", "Merge {count} pairs?", planned.pairs))
    done = service.run(crm, planned, dry_run=dry_run)
    records = []
    for first, *others in done.merged:
        (ref,) = service.refs(noun, [first])
        records.append({"id": ref, "merged": service.refs(noun, others)})
    crm.out.records(MERGED, records)
    for group, why in done.refused:
        names = ", ".join(service.refs(noun, group))
        crm.out.say(tr("crm: {names} not merged: {why}", names=names, why=why))
    _say_auto(crm, sum(len(group) - 1 for group in done.merged), planned.left, dry_run)


def _say_auto(crm: Context, count: int, left: int, dry_run: bool) -> None:
    if dry_run:
        crm.out.say(trn("{count} record would go", "{count} records would go", count))
    elif count:
        said = trn("{count} record merged away", "{count} records merged away", count)
        crm.out.say(tr("{said}; `crm undo` takes all of it back", said=said))
    else:
        crm.out.say(tr("Nothing to merge."))
    if left:
        crm.out.say(
            trn(
                "{count} pair has neither name nor e-mail in common; `crm dedupe --review` asks",
                "{count} pairs have neither name nor e-mail in common; `crm dedupe --review` asks",
                left,
            )
        )


def _review(crm: Context, noun: str, least: int) -> None:
    """Show pair after pair side by side, and ask what they are.

    Raises:
        UsageError: nobody can be asked.
    """
    if not crm.is_interactive:
        raise UsageError(
            tr("--review needs a terminal"), tr("`crm dedupe` lists, `crm merge A B` merges")
        )
    counts = {"merge": 0, "separate": 0, "skip": 0}
    found = service.pairs(crm, noun, least)
    if not found:
        crm.out.say(tr("Nothing looks like a duplicate."))
        return
    for number, pair in enumerate(found, 1):
        ids = service.first_of(crm, noun, pair)
        if any(is_archived(crm.store.reader, (noun, id)) is not False for id in ids):
            continue  # merged a moment ago
        why = duplicate.reason_words(noun, pair.score.reasons)
        head = tr(
            "{number} of {all}: {score}, {why}",
            number=number,
            all=len(found),
            why=why,
            score=pair.score.points,
        )
        crm.out.say(head)
        answer = _ask(crm, can_merge=_show(crm, noun, ids))
        if answer == "quit":
            break
        if answer == "merge":
            merge.merge(crm, noun, ids[0], ids[1:])
        elif answer == "separate":
            service.keep_separate(crm, noun, ids)
        counts[answer] += 1
    crm.out.say(
        tr(
            "{merged} merged, {separate} kept separate, {skipped} skipped; `crm undo` goes back",
            merged=counts["merge"],
            separate=counts["separate"],
            skipped=counts["skip"],
        )
    )


def _show(crm: Context, noun: str, ids: Sequence[int]) -> bool:
    """Show two records side by side; False, with the reason said, when they cannot be merged."""
    try:
        merge_command.preview(crm, merge.merge(crm, noun, ids[0], ids[1:], dry_run=True))
    except CrmError as error:
        crm.out.say(f"  {' / '.join(service.refs(noun, ids))}: {error.message}")
        return False
    return True


def _ask(crm: Context, *, can_merge: bool) -> str:
    """Ask what a pair is: merge, separate, skip or quit; the end of input is quit."""
    words = {"m": "merge", "k": "separate", "s": "skip", "q": "quit"}
    words |= dict(zip(tr("m k s q").split(), words.values(), strict=False))
    question = tr("[m]erge, [k]eep separate, [s]kip, [q]uit? ")
    while answer := crm.ask(question):
        word = words.get(answer.strip().casefold()[:1], "")
        if word and (can_merge or word != "merge"):
            return word
    return "quit"
