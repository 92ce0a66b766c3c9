"""The periods of reports: `this month`, `last quarter`, `2026-Q3`, `last 90 days`.

Single days (`--since`, `--until`) are read by the date grammar of `crmcli.dates`.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from crmcli.errors import UsageError
from crmcli.i18n import mark, tr

Period = tuple[date, date]  # the first and the last day
HINT = mark("try this month, last quarter, 2026, 2026-11, 2026-Q3, last 90 days or all")
BEGINNING = date(1900, 1, 1)  # of `all`
_WHICH = {"this": 0, "last": -1, "next": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}  # how many each has
_SPANS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_LONGEST = 36_500  # days


def parse(text: str, today: date, week_start: int = 0) -> Period:
    """Give the first and the last day of a period.

    Args:
        text: `today`, `yesterday`, `this week`, `last month`, `last quarter`, `this year`,
            `next month`, `last 90 days` (today is one of them), `2026`, `2026-11`, `2026-Q3`,
            a day, or `all`.
        today: the user's date.
        week_start: the weekday a week begins on, Monday is 0.

    Raises:
        UsageError: it is no period.
    """
    words = text.casefold().replace("_", " ").split()
    readers: tuple[Callable[[], Period | None], ...] = (
        lambda: _named(words, today),
        lambda: _relative(words, today, week_start),
        lambda: _counted(words, today),
        lambda: _calendar(words),
    )
    for read in readers:
        if found := read():
            return found
    raise UsageError(tr("not a period: {text!r}", text=text), tr(HINT))


def week_of(day: date, week_start: int = 0) -> date:
    """Give the first day of the week that `day` is in."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _named(words: list[str], today: date) -> Period | None:
    if words == ["all"]:
        return BEGINNING, today
    days = {"today": 0, "yesterday": 1}
    if len(words) == 1 and words[0] in days:
        day = today - timedelta(days=days[words[0]])
        return day, day
    return None


def _relative(words: list[str], today: date, week_start: int) -> Period | None:
    """Read `this week`, `last month`, `next quarter`."""
    if len(words) != 2 or words[0] not in _WHICH:
        return None
    steps, unit = _WHICH[words[0]], words[1]
    if unit == "week":
        first = week_of(today, week_start) + timedelta(days=7 * steps)
        return first, first + timedelta(days=6)
    if unit in _MONTHS:
        length = _MONTHS[unit]
        number = today.year * 12 + today.month - 1
        return _months(number - number % length + steps * length, length)
    return None


def _counted(words: list[str], today: date) -> Period | None:
    """Read `last 90 days`, `90 days`, `last 12 months`; they end with today."""
    words = words[1:] if words[:1] == ["last"] else words
    if len(words) != 2 or not _is_number(words[0]):
        return None
    count, unit = int(words[0]), words[1]
    if unit in _SPANS and 1 <= count * _SPANS[unit] <= _LONGEST:
        return today - timedelta(days=count * _SPANS[unit] - 1), today
    months = count * _MONTHS.get(unit.removesuffix("s"), 0)
    if not 1 <= months <= _LONGEST // 31:
        return None
    number = today.year * 12 + today.month - 1 - months
    last_of_month = monthrange(number // 12, number % 12 + 1)[1]
    before = date(number // 12, number % 12 + 1, min(today.day, last_of_month))
    return before + timedelta(days=1), today


def _calendar(words: list[str]) -> Period | None:
    """Read `2026`, `2026-11`, `2026-q3`, `2026-11-23`."""
    year, _, rest = (words[0] if len(words) == 1 else "").partition("-")
    if not (_is_number(year) and len(year) == 4 and 1900 <= int(year) <= 9000):
        return None
    start = int(year) * 12
    if not rest:
        return _months(start, 12)
    if rest in ("q1", "q2", "q3", "q4"):
        return _months(start + 3 * int(rest[1]) - 3, 3)
    if _is_number(rest) and len(rest) == 2 and 1 <= int(rest) <= 12:
        return _months(start + int(rest) - 1, 1)
    try:
        day = date.fromisoformat(words[0])
    except ValueError:
        return None
    return day, day


def _months(number: int, count: int) -> Period:
    """Give the period of `count` months from the `number`-th since the year 0."""
    end = number + count
    return date(number // 12, number % 12 + 1, 1), date(end // 12, end % 12 + 1, 1) - timedelta(
        days=1
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
