"""`crm catchup`: a holiday's backlog, spread over the coming days."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import in_english, tr, trn
from crmcli.service.record import Record
from crmcli.store import cadence as store
from crmcli.store.cadence import Move

COLUMNS = (
    Column("day", "Day", "date"),
    Column("id", "Id", "id"),
    Column("due", "Due", "date"),
    Column("who", "Who", "who"),
    Column("title", "Title"),
)

app = verb_app()


@app.command(
    cls=ListCommand, epilog="crm catchup --dry-run\ncrm catchup --per-day 8\ncrm catchup --yes"
)
def catchup(
    ctx: typer.Context,
    per_day: int = typer.Option(10, "--per-day", metavar="N", help="How much a day holds."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Print the plan; change nothing."),
) -> None:
    """Spread what is late over the coming days, today first, the latest first.

    Tasks are hidden until their day and people pause until theirs: no due date changes, no
    contact is pretended. What falls due by itself stays where it is. `crm undo` takes it back.
    """
    crm: Context = ctx.obj
    if per_day < 1:
        raise UsageError(tr("--per-day cannot be {per_day}", per_day=per_day), tr("1 or more"))
    moves = store.plan(crm.store.reader, crm.clock, per_day, crm.owner(owner or None))
    moved = [move for move in moves if move.day > crm.clock.today()]
    if not moved:
        crm.out.say(tr("Nothing to spread: what is late fits into today."))
        crm.out.records(COLUMNS, ())
        return
    last = max(move.day for move in moved)
    summary = tr(
        "{count} of {all} late things, {per_day} a day until {last}",
        count=len(moved),
        all=len(moves),
        per_day=per_day,
        last=last,
    )
    if dry_run or crm.is_interactive:
        crm.out.records(COLUMNS, (_shown(crm, move) for move in moves))
    if dry_run:
        crm.out.say(tr("Would spread {summary}", summary=summary))
        return
    crm.confirm(tr("Spread {summary}?", summary=summary))
    done = crm.write("catchup", lambda w: store.catch_up(w, moved)).value
    crm.out.say(
        trn(
            "Spread {count} late thing until {last}; `crm undo` takes it back",
            "Spread {count} late things until {last}; `crm undo` takes it back",
            done,
            last=last,
        )
    )
    if not crm.is_interactive:
        crm.out.records(COLUMNS, (_shown(crm, move) for move in moves))


def _shown(crm: Context, move: Move) -> Record:
    """Give a move for the format asked for: machines are told in English."""
    return _json(move) if crm.out.format == "table" else in_english(_json, move)


def _json(move: Move) -> Record:
    """Give a move under its names in JSON."""
    item = move.item
    who = dict(zip(("id", "handle", "name"), item.who, strict=True)) if item.who else None
    return {
        "day": str(move.day),
        "id": item.id,
        "due": item.due(),
        "who": who,
        "title": item.title,
        "kind": item.kind,
    }
