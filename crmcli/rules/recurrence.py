"""What comes next in a series of tasks (formulas 4.22)."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crmcli import repeat
from crmcli.dates import shift

if TYPE_CHECKING:
    from dateutil.rrule import rrule as Rule

_SPANS = {"DAILY": (1, 0), "WEEKLY": (7, 0), "MONTHLY": (0, 1), "YEARLY": (0, 12)}


def next_due(rrule: str, dtstart: date, due: date, done: date, repeat_from: str) -> date | None:
    """Give the due date of the next occurrence; None when the series has ended.

    Args:
        rrule: the rule, as `repeat.parse` gives it.
        dtstart: where the rule begins to count.
        due: when the completed occurrence was due.
        done: when it was completed.
        repeat_from: `due` keeps to the rule's days, missed ones are one; `done` counts the
            interval from the completion, unless the rule is about certain days (`last fri`).
    """
    parts = repeat.split(rrule)
    if repeat_from == "done" and _is_interval(parts):
        return _later(parts, done)
    return _after(rrule, dtstart, max(due, done))


def occurrences(rrule: str, dtstart: date, first: date, last: date) -> list[date]:
    """Give the days of a rule from `first` to `last`, both included."""
    found = _near(rrule, dtstart, first).between(_midnight(first), _midnight(last), inc=True)
    return [moment.date() for moment in found]


def _is_interval(parts: dict[str, str]) -> bool:
    """Tell whether a rule is no more than so many days, weeks, months or years."""
    days = {key: value for key, value in parts.items() if key.startswith("BY")}
    return not days or (
        parts["FREQ"] == "WEEKLY" and set(days) == {"BYDAY"} and "," not in days["BYDAY"]
    )


def _later(parts: dict[str, str], done: date) -> date | None:
    """Give the day one interval after `done`; months keep the day or end at their last."""
    try:
        day = shift(done, int(parts.get("INTERVAL", "1")), _SPANS[parts["FREQ"]])
    except (ValueError, OverflowError):  # beyond the calendar
        return None
    until = repeat.until_of(parts)
    return None if until and day > until else day


def _after(rrule: str, dtstart: date, day: date) -> date | None:
    """Give the first day of a rule that is later than `day`."""
    found = _near(rrule, dtstart, day).after(_midnight(day))
    return found.date() if found else None


def _near(rrule: str, dtstart: date, day: date) -> "Rule":
    """Give a rule that begins to count shortly before `day`, in step with the original.

    A daily rule from twenty years ago would be walked through day by day otherwise.
    """
    from dateutil.rrule import rrulestr

    parts = repeat.split(rrule)
    begin = _near_start(parts, dtstart, day)
    rule: Any = rrulestr(rrule, dtstart=_midnight(dtstart))
    if begin != dtstart:
        rule = rule.replace(dtstart=_midnight(begin), **_implied(parts, dtstart))
    near: Rule = rule
    return near


def _near_start(parts: dict[str, str], dtstart: date, day: date) -> date:
    """Give the beginning of a period of the rule, one period or more before `day`'s."""
    interval, frequency = int(parts.get("INTERVAL", "1")), parts["FREQ"]
    days, months = _SPANS[frequency]
    if days:
        count = (day - dtstart).days // (days * interval) - 1
        return dtstart + timedelta(days=days * interval * count) if count > 0 else dtstart
    passed = (day.year - dtstart.year) * 12 + day.month - dtstart.month
    count = passed // (months * interval) - 1
    if count <= 0:
        return dtstart
    first = dtstart.replace(day=1) if frequency == "MONTHLY" else dtstart.replace(month=1, day=1)
    return shift(first, count, (0, months * interval))


def _implied(parts: dict[str, str], dtstart: date) -> dict[str, Any]:
    """Give what a rule takes from its beginning, which has to be told when that is moved."""
    if any(key in parts for key in ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")):
        return {}
    if parts["FREQ"] == "MONTHLY":
        return {"bymonthday": dtstart.day}
    if parts["FREQ"] == "YEARLY":
        month = {} if "BYMONTH" in parts else {"bymonth": dtstart.month}
        return {**month, "bymonthday": dtstart.day}
    return {}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
