"""`crm cadence`: how often to be in touch; and the verbs of a contact that go with it."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.columns import Column
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import NotFoundError, UsageError
from crmcli.i18n import in_english, mark, tr, trn
from crmcli.rules.values import tags as read_tags
from crmcli.service.choice import day_count
from crmcli.service.planning import ahead
from crmcli.service.record import Record, name_of, record_of
from crmcli.store import cadence as store
from crmcli.store.due import touch_of
from crmcli.store.item import Touch
from crmcli.store.rows import ALL
from crmcli.store.tag import list_tags
from crmcli.store.unit import Unit
from crmcli.text import fold, safe

COLUMNS = (
    Column("tag", "Tag"),
    Column("days", "Days", "number"),
    Column("max_days", "Cold after", "number"),
    Column("contacts", "People", "number"),
)
EVERYONE = "default"
NO_CADENCE = {"state": "none", "next_touch": None, "why": "no cadence"}

app = noun_app(
    "How often to be in touch, by tag. A person's own cadence beats their tags' shortest, which\n"
    "beats the default.",
    "crm cadence set +friend 90d\ncrm cadence set default 180d\ncrm contact cadence ana-novak 30d",
)
REFS = typer.Argument(..., metavar="REF…", help="Whom; - reads references from stdin.")
DRY_RUN = typer.Option(False, "--dry-run", help="Say what would change; change nothing.")
MAX = typer.Option("", "--max", metavar="DAYS", help="Cold after so long; else 1.5 cadences.")


@app.command("list", cls=ListCommand, epilog="crm cadence\ncrm cadence list --json")
def list_(ctx: typer.Context) -> None:
    """List the cadences of tags and the default, with how many people wear each tag."""
    crm: Context = ctx.obj
    rows = store.list_cadences(crm.store.reader)
    crm.out.records(COLUMNS, ({**row, "tag": _name(row["tag"])} for row in rows))
    if not rows:
        crm.out.say(tr("No cadence yet: crm cadence set +friend 90d"))


@app.command(
    "set",
    cls=CrmCommand,
    epilog="crm cadence set +friend 90d\ncrm cadence set +client 30d --max 45d\n"
    "crm cadence set default 6m",
)
def set_(
    ctx: typer.Context,
    tag: str = typer.Argument(..., metavar="+TAG|default", help="Whose."),
    every: str = typer.Argument(..., metavar="DAYS", help="Such as 30d, 6w or 3m."),
    max_: str = MAX,
) -> None:
    """Set how often to be in touch with whoever wears a tag, or with everyone."""
    crm: Context = ctx.obj
    days, max_days = _days(every, max_)
    name = _tag(tag)
    note = _nobody(crm, name)
    moved = crm.write("cadence set", lambda w: store.set_cadence(w, name, days, max_days)).value
    said = {"name": _name(name), "every": _every(days)}
    if note:
        crm.out.say(note)
    told = mark("Set {name}: {every}") if moved else mark("Unchanged {name}: {every}")
    crm.out.say(tr(told, **said))
    _give(crm, name)


@app.command("rm", cls=CrmCommand, epilog="crm cadence rm +friend\ncrm cadence rm default")
def rm(
    ctx: typer.Context,
    tag: str = typer.Argument(..., metavar="+TAG|default", help="Whose."),
) -> None:
    """Remove the cadence of a tag, or the default."""
    crm: Context = ctx.obj
    name = _tag(tag)
    _give(crm, name)
    crm.write("cadence rm", lambda w: store.drop_cadence(w, name))
    crm.out.say(tr("Removed the cadence of {name}", name=_name(name)))


def of_contact(
    ctx: typer.Context,
    words: list[str] = typer.Argument(
        ..., metavar="REF… [DAYS|none]", help="Whom, and how often, such as 30d; none removes it."
    ),
    max_: str = MAX,
    dry_run: bool = DRY_RUN,
) -> None:
    """Set how often to be in touch with someone; without DAYS show where it stands."""
    crm: Context = ctx.obj
    refs, every = _last_word(words)
    keys = [crm.resolve(ref, ("contact",)) for ref in crm.references(refs)]
    if every:
        off = every == "none"
        days, max_days = (None, None) if off else _days(every, max_)
        values = {"cadence_days": days, "cadence_max_days": max_days}
        common.change_records(
            crm, "contact cadence", keys, dry_run, lambda w, id: w.update("contact", id, **values)
        )
        if days:
            crm.out.say(_every(days))
    elif max_:
        raise UsageError(
            tr("--max needs the cadence too"), tr("crm contact cadence REF 30d --max 45d")
        )
    if every:
        return
    if crm.out.format == "table":  # the arithmetic is too long for a column
        for _, id in keys:
            crm.out.lines(_told(crm, id))
    else:
        crm.out.records(STATE, (_state(crm, id) for _, id in keys))


STATE = (
    Column("id", "Id", "id"),
    Column("handle", "Handle"),
    Column("state", "State"),
    Column("next_touch", "Next touch"),
    Column("why", "Why"),
)


def bump(ctx: typer.Context, refs: list[str] = REFS, dry_run: bool = DRY_RUN) -> None:
    """Let the cadence count from today, without pretending contact."""
    crm: Context = ctx.obj
    keys = [crm.resolve(ref, ("contact",)) for ref in crm.references(refs)]
    common.change_records(crm, "contact bump", keys, dry_run, store.bump)
    crm.out.say(tr("the cadence counts from today"))


def pause(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom; - reads references from stdin."),
    until: list[str] = typer.Argument(None, metavar="WHEN", help="Until when, such as 2w."),
    off: bool = typer.Option(False, "--off", help="End the pause."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Let keeping in touch with someone rest until a day."""
    crm: Context = ctx.obj
    if off == bool(until):
        raise UsageError(tr("give the day until which to pause, or --off"))
    day = None if off else ahead(crm, " ".join(until))
    keys = [crm.resolve(text, ("contact",)) for text in crm.references([ref])]

    def change(w: Unit, id: int) -> bool:
        return w.update("contact", id, paused_until_on=str(day.on) if day else None)

    common.change_records(crm, "contact pause", keys, dry_run, change)
    if day:
        crm.out.say(tr("paused until {date}", date=crm.describe(day)))


def _told(crm: Context, id: int) -> list[str]:
    """Say where keeping in touch with a contact stands, in two lines."""
    touch = touch_of(crm.store.reader, crm.clock, id)
    name = safe(name_of(crm, ("contact", id)))
    if touch is None:
        return [f"c{id}  {name}", "  " + tr("no cadence")]
    return [f"c{id}  {name}: {touch.title()}", "  " + touch.why()]


def _state(crm: Context, id: int) -> Record:
    """Give where keeping in touch with a contact stands."""
    touch = touch_of(crm.store.reader, crm.clock, id)
    record = record_of(crm, ("contact", id))
    why = in_english(Touch.why, touch) if touch else ""
    stand = {**touch.json(), "why": why} if touch else NO_CADENCE
    return {"id": record["id"], "handle": record["handle"], **stand}


def _last_word(words: list[str]) -> tuple[list[str], str]:
    """Split the cadence from the references before it: `ana-novak bo-li 30d`."""
    last = words[-1]
    if len(words) > 1 and (last == "none" or last[:1].isdigit()):
        return words[:-1], last
    return words, ""


def _every(days: int) -> str:
    return tr("every day") if days == 1 else trn("every {count} day", "every {count} days", days)


def _days(every: str, max_: str) -> tuple[int, int | None]:
    """Read a cadence and its limit."""
    days = day_count(tr("the cadence"), every)
    max_days = day_count("--max", max_) if max_ else None
    if max_days is not None and max_days < days:
        raise UsageError(
            tr(
                "--max {max_days} is shorter than the cadence of {days} days",
                max_days=max_days,
                days=days,
            )
        )
    return days, max_days


def _tag(word: str) -> str | None:
    """Give the tag that is meant; None for everyone."""
    if word == EVERYONE:
        return None
    names = read_tags(word.removeprefix("tag:"))
    if len(names) != 1:
        raise UsageError(tr("whose cadence?"), tr("a tag, such as +friend, or default"))
    return names[0]


def _nobody(crm: Context, name: str | None) -> str:
    """Say that nobody wears a tag, with the nearest that somebody does; "" when somebody does."""
    from difflib import get_close_matches

    worn = {
        fold(row["name"]): row["name"]
        for row in list_tags(crm.store.reader, ALL)
        if row["contacts"]
    }
    if name is None or fold(name) in worn:
        return ""
    near = get_close_matches(fold(name), worn, 1)
    if near:
        return tr("nobody wears +{name}; did you mean +{near}?", name=name, near=worn[near[0]])
    return tr("nobody wears +{name} yet", name=name)


def _name(tag: str | None) -> str:
    return f"+{tag}" if tag else EVERYONE


def _give(crm: Context, tag: str | None) -> None:
    """Give a cadence to the pipe.

    Raises:
        NotFoundError: there is none.
    """
    for row in store.list_cadences(crm.store.reader):
        if fold(row["tag"] or "") == fold(tag or ""):
            record = {**row, "tag": _name(row["tag"])}
            if crm.out.is_json:
                crm.out.record(record)
            elif not crm.out.is_terminal:
                crm.out.lines([record["tag"]])
            return
    raise NotFoundError(
        tr("{name} has no cadence", name=_name(tag)), tr("`crm cadence` lists them")
    )
