"""When something is due, how it repeats, and when it happened: phrases read, and said again."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.service.choice import usage_word
from crmcli.service.record import Record

if TYPE_CHECKING:
    from crmcli.dates import When
    from crmcli.repeat import Repeat
    from crmcli.store.search import Key
    from crmcli.store.task import Task


def parse_due(crm: Context, text: str) -> "When":
    """Read a due date; the direction is forward."""
    from crmcli import dates

    return dates.parse(text, crm.clock.local_now(), forward=True, **crm.dates)


def ahead(crm: Context, text: str) -> "When":
    """Read a day that lies ahead, for what is hidden until then.

    Raises:
        UsageError: no date, or one that is not after today.
    """
    until = parse_due(crm, text)
    if until.on <= crm.clock.today():
        raise UsageError(
            tr("{date} is not ahead", date=until.on), tr("such as 3d, tomorrow or next mon")
        )
    return until


def split_due(crm: Context, phrase: str) -> "tuple[When, str]":
    """Split `tue send offer` into date and title.

    Raises:
        UsageError: it does not begin with a date.
    """
    from crmcli import dates

    when, rest = dates.split_leading(phrase, crm.clock.local_now(), forward=True, **crm.dates)
    if when is None:
        first = phrase.split()[0] if phrase.split() else ""
        dates.parse(first, crm.clock.local_now(), forward=True, **crm.dates)
        raise UsageError(
            tr("{first!r} has other meanings too", first=first),
            tr("say more: next fri, 3d, 24 dec"),
        )
    return when, rest


def split_step(crm: Context, phrase: str) -> "tuple[When, str, Record]":
    """Split `tue send offer` or `every fri call` into due date, title, and how it repeats.

    Raises:
        UsageError: it begins with neither a date nor a repeat.
    """
    if phrase[:5].casefold() == "every":
        from crmcli import repeat
        from crmcli.dates import When

        found, title = repeat.split_leading(phrase, crm.clock.local_now(), **crm.dates)
        if found:
            at, title = _leading_time(crm, title)
            series = {"rrule": found.rrule, "repeat_from": "due"}
            return When(_first_ahead(crm, found), at), title, series
    return *split_due(crm, phrase), {}


def _first_ahead(crm: Context, found: "Repeat") -> date:
    """Give the first day of a repeat after today: a next step is never today."""
    from crmcli.rules.recurrence import next_due

    today = crm.clock.today()
    if found.start > today:
        return found.start
    return next_due(found.rrule, found.start, found.start, today, "due") or found.start


def _leading_time(crm: Context, text: str) -> tuple[time | None, str]:
    """Split a time of day from the beginning of a text: `14:00 call`, `at 9:00 rent`."""
    from crmcli import dates

    when, rest = dates.split_leading(f"today {text}", crm.clock.local_now(), forward=True)
    return (when.at, rest) if when and when.at else (None, text)


def due_values(crm: Context, when: "When") -> Record:
    """Give a due date as columns: due_on, due_time, tz."""
    if when.at is None:
        return {"due_on": str(when.on), "due_time": None, "tz": None}
    return {
        "due_on": str(when.on),
        "due_time": when.at.strftime("%H:%M"),
        "tz": crm.clock.zone_name(),
    }


def due_echo(crm: Context, when: "When") -> str:
    """Say a due date as it was understood; one in the past is warned about."""
    said = tr("due {date}", date=crm.describe(when))
    is_past = when.on < crm.clock.today()
    return tr("{due}; that is in the past", due=said) if is_past else said


def repeat_from_word(text: str) -> str:
    """Give due or done, as `--from` says; due when it says nothing.

    Raises:
        UsageError: neither.
    """
    from crmcli.rules.task import REPEAT_FROM

    return usage_word("--from", text, REPEAT_FROM) or "due"


def repeat_values(
    crm: Context, every: str, repeat_from: str, when: "When | None"
) -> "tuple[Record, When | None]":
    """Give what `--every` and `--from` ask for as raw values, and the first due date.

    Raises:
        UsageError: no rule, or --from without one.
    """
    counted = repeat_from_word(repeat_from)
    if not every:
        if repeat_from:
            raise UsageError(
                tr("--from needs --every"), tr("such as --every '2 weeks' --from done")
            )
        return {}, when
    from crmcli import repeat
    from crmcli.dates import When

    start = when.on if when else None
    rule = repeat.parse(every, crm.clock.local_now(), start=start, **crm.dates)
    return {"rrule": rule.rrule, "repeat_from": counted}, when or When(rule.start)


def series_echo(crm: Context, when: "When | None", series: Record) -> str:
    """Say a due date and how it repeats, as they were understood."""
    echo = f", {due_echo(crm, when)}" if when else ""
    if not series:
        return echo
    from crmcli.repeat import describe

    repeat = describe(series["rrule"])
    if series["repeat_from"] == "done":
        repeat = tr("{repeat} from when it is done", repeat=repeat)
    return f"{echo}, {repeat}"


def series_news(crm: Context, closed: Sequence[int]) -> list[str]:
    """Say which occurrences follow the closed ones of series."""
    from crmcli.store.task import get_task, next_of

    said = []
    for id in closed:
        following = next_of(crm.store.reader, id)
        if following is None and get_task(crm.store.reader, id).rrule:
            said.append(tr("t{id} was the last one of its series", id=id))
        if following:
            due = due_echo(crm, _when_of(following))
            told = {"id": following.id, "title": following.title, "due": due}
            said.append(tr("next: t{id} {title}, {due}", **told))
    return said


def _when_of(task: "Task") -> "When":
    """Give a task's due date as the date grammar gives one."""
    from crmcli.dates import When

    at = time.fromisoformat(task.due_time) if task.due_time else None
    return When(date.fromisoformat(str(task.due_on)), at)


def past_instant(crm: Context, text: str, key: "Key | None" = None) -> datetime:
    """Read when something happened; the direction is back.

    A date alone means the clock time of now on that day, but not before what was logged on that
    day already with the same record.

    Raises:
        InvalidError: it lies in the future.
    """
    from crmcli import dates
    from crmcli.clock import instant, stamp
    from crmcli.store.interaction import latest_before

    now = crm.clock.local_now().replace(tzinfo=None)
    moment = crm.clock.instant(dates.moment(text, now, **crm.dates))
    when = dates.parse(text, now, forward=False, **crm.dates)
    if key and when.at is None:
        next_day = datetime.combine(min(when.on, now.date()) + timedelta(days=1), time())
        bounds = stamp(moment), stamp(crm.clock.instant(next_day))
        latest = latest_before(crm.store.reader, *key, *bounds)
        moment = instant(latest) if latest else moment
    if moment > crm.clock.now():
        raise InvalidError(
            tr("{text!r} is in the future", text=text), tr("`crm remind` plans what is to come")
        )
    return moment
