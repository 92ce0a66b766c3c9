"""The one date grammar, for options, filters, the TUI and imports: `fri`, `3d`, `24 dec 9:00`.

A phrase is folded, a time is split off its end, and the day is looked up in two tables:
`_DATES` (day, month, perhaps year) and `_DAYS` (everything told from today). What is no English is
told again in English by `crmcli.words`, which is imported only then. Patterns stay text until they
are first used, because compiling them all would cost each run.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crmcli.errors import MissingExtraError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.text import fold

_HINT = mark("try today, fri, next fri, 3d, 2 weeks ago, 24 dec, 2026-12-24, eom, tomorrow 9:00")
_DURATION_HINT = mark("write 12, 45min, 1h30 or 1.5h; at most 7 days")
_BIRTHDAY_HINT = mark("write 1990-05-17, 05-17, 17 may 1990 or 17.5.")
_LONGEST_TEXT = 100
_LONGEST_RUN = 8  # words: "first monday of december 2026 at 3 pm"
_LONGEST_DURATION = 7 * 24 * 60

_WEEKDAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH_NAMES = ["january", "february", "march", "april", "may", "june", "july", "august"]
_MONTH_NAMES += ["september", "october", "november", "december"]
WEEKDAYS_SAID = [mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat")]
WEEKDAYS_SAID += [mark("Sun")]
MONTHS_SAID = [mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")]
MONTHS_SAID += [mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")]


def _numbered(names: list[str], start: int) -> dict[str, int]:
    """Number `names`, in full and by their first three letters."""
    numbers = {name: number for number, name in enumerate(names, start)}
    return numbers | {name[:3]: number for name, number in numbers.items()}


WEEKDAYS = _numbered(_WEEKDAY_NAMES, 0) | {"tues": 1, "thur": 3, "thurs": 3}
MONTHS = _numbered(_MONTH_NAMES, 1) | {"sept": 9}
_NAMED_DAYS = {mark("today"): 0, mark("tomorrow"): 1, mark("yesterday"): -1}
_NOW, _NOON = ["now"], ["noon"]
_STEPS = {"next": 1, "last": -1}
_WHICH = {"this": 0, **_STEPS}
NTH = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
NTH |= {"fifth": 4, "5th": 4, "last": -1}
_BEFORE = {"+": 1, "-": -1, "in ": 1}
_AFTER = {" ago": -1}
_ONE = ["a", "an"]
_AT, _OF, _ORDINAL = ["at"], ["of"], ["st", "nd", "rd", "th"]

# A span is so many days and so many months; `m` is always months, minutes are `min`.
_PERIODS = {"week": (7, 0), "month": (0, 1), "year": (0, 12)}
_SPANS = {"day": (1, 0), "days": (1, 0), **_PERIODS, **{f"{k}s": v for k, v in _PERIODS.items()}}
_LETTERS = {"d": (1, 0), "w": (7, 0), "m": (0, 1), "y": (0, 12)}
_HOURS = dict.fromkeys(["h", "hr", "hrs", "hour", "hours"], 60)
_MINUTES = dict.fromkeys(["min", "mins", "minute", "minutes"], 1)
_EDGES = {"eow": 0, "som": 0, "eom": 1, "eoq": 3, "eoy": 12}  # ends: of so many months


def any_of(words: Iterable[str]) -> str:
    """Give the pattern of one of `words`."""
    return f"(?:{'|'.join(map(re.escape, words))})"


_WEEKDAY, _MONTH = f"(?P<weekday>{any_of(WEEKDAYS)})", f"(?P<month>{any_of(MONTHS)})"
_D, _M, _Y = r"(?P<day>\d\d?)", r"(?P<month>\d\d?)", r"(?P<year>\d\d\d\d)"
_TIME = r"(?=\d+:|\d+ ?[ap]m)(?P<hour>\d\d?)(?::(?P<minute>\d\d))?(?::(?P<second>\d\d))?"
_TIME = rf"(?:{any_of(_NOON)}|{_TIME} ?(?P<half>[ap]m)?)"
_DAY_TIME = rf"(?:(?P<date>.+?)(?: {any_of(_AT)} | |(?<=-\d\d)t))?{_TIME}"
_COUNT = rf"(?P<before>{any_of(_BEFORE)})?(?P<count>\d+|{any_of(_ONE)}(?= ))"
_BACK = f"(?P<after>{any_of(_AFTER)})?"
_DAY_OFFSET = f"{_COUNT}(?P<unit>{any_of(_LETTERS)}| ?{any_of(_SPANS)}){_BACK}"
_CLOCK_OFFSET = f"{_COUNT}(?P<unit> ?{any_of([*_HOURS, *_MINUTES])}){_BACK}"
_DATES = [
    rf"{_Y}(?P<mark>[-/]){_M}(?P=mark){_D}",
    rf"{_D}\. ?{_M}\.(?: ?{_Y})?",
    rf"{_D}{any_of(_ORDINAL)}?(?: {any_of(_OF)})? {_MONTH}(?:,? {_Y})?",
    rf"{_MONTH} {_D}{any_of(_ORDINAL)}?(?:,? {_Y})?",
]
_SLASHES = rf"(?P<first>\d\d?)/(?P<second>\d\d?)(?:/{_Y})?"
_BIRTHDAYS = [r"--(?P<month>\d\d)-?(?P<day>\d\d)", r"(?P<month>\d\d)-(?P<day>\d\d)"]
_BIRTHDAYS += [rf"{_Y}(?P<month>\d\d)(?P<day>\d\d)"]
_DURATIONS = [
    rf"(?P<minutes>\d+)(?: ?{any_of(_MINUTES)})?",
    rf"(?P<hours>\d+) ?{any_of(_HOURS)}(?: ?(?P<minutes>[0-5]?\d)(?: ?{any_of(_MINUTES)})?)?",
    rf"(?P<hours>\d+[.,]\d+) ?{any_of(_HOURS)}",
]

_ORDERS = ["dmy", "mdy", "ymd"]
_JALALI = "jalali "  # how the other languages tell a date of that calendar: year, month and day
_SOLAR_YEARS = range(1300, 1500)  # in numbers they are Jalali
# Words of other languages that may join a time to an English date: `24. 12. ob 15h`.
_JOINERS = ["ob", "u", "um", "a", "alle", "в", "во", "در", "ساعت"]
_Fields = tuple[int | None, int, int]  # year, month, day


@dataclass(frozen=True, slots=True)
class When:
    """A calendar day and, if the phrase had one, a wall-clock time on it."""

    on: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a phrase is read against."""

    now: datetime
    forward: bool
    date_order: str | None
    week_start: int

    @property
    def today(self) -> date:
        return self.now.date()

    def nearest(self, days: Iterable[date]) -> date:
        """Give the one of `days` that is nearest in the frame's direction; today counts."""
        if self.forward:
            return min(day for day in days if day >= self.today)
        return max(day for day in days if day <= self.today)


def parse(
    text: str, now: datetime, *, forward: bool, date_order: str | None = None, week_start: int = 0
) -> When:
    """Read a date, a time or both.

    Args:
        text: the phrase, in any case and spacing.
        now: the user's wall-clock time. Hours and minutes from an aware `now` are time that
            really passes, so that `20 min ago` is right in the night the clocks change.
        forward: whether the option looks ahead (due, next) or back (at, since).
        date_order: dmy, mdy or ymd, how `3/4/2026` is meant; None refuses it.
        week_start: the weekday a week begins on, Monday is 0.

    Raises:
        UsageError: the phrase is no date, an impossible one or an ambiguous one.
    """
    return _read(text, _Frame(now, forward, date_order, week_start))


def split_leading(
    words: str,
    now: datetime,
    *,
    forward: bool = True,
    date_order: str | None = None,
    week_start: int = 0,
) -> tuple[When | None, str]:
    """Split `tue send offer` into its date and its title.

    Takes what `parse` takes; gives the longest leading run of words that is a date (None when
    there is none) and the rest as it was typed, trimmed.
    """
    frame = _Frame(now, forward, date_order, week_start)
    runs = [words[: word.end()] for word in re.finditer(r"\S+", words)][:_LONGEST_RUN]
    run, when = _longest(runs, frame, _when)
    if when is None or _goes_on(words[len(run) :]):
        longer = [more for more in runs if len(more) > len(run)]
        found = _longest(longer, frame, lambda phrase, frame: _abroad(phrase, frame, weak=False))
        run, when = found if found[1] else (run, when)
    return when, words[len(run) :].strip()


def _longest(
    runs: list[str], frame: _Frame, read: Callable[[str, _Frame], When | None]
) -> tuple[str, When | None]:
    """Give the longest of `runs` that `read` takes for a date."""
    for run in reversed(runs):
        try:
            when = read(_folded(run), frame)
        except MissingExtraError:
            raise
        except (UsageError, ValueError, IndexError, OverflowError):
            continue
        if when:
            return run, when
    return "", None


def _goes_on(rest: str) -> bool:
    """Tell whether another language may add a time to an English date: `ob 15h`, `下午3点`."""
    first, _, more = fold(rest).partition(" ")
    return (first in _JOINERS and _has_digit(more[:6])) or first[:1] >= "\u3400"


def moment(
    text: str, now: datetime, *, date_order: str | None = None, week_start: int = 0
) -> datetime:
    """Read when something happened (`--at`): looks back, may still be in the future.

    Takes what `parse` takes; a date alone means the clock time of `now` on that day. Gives a
    datetime in the zone of `now`, naive if `now` is.
    """
    when = parse(text, now, forward=False, date_order=date_order, week_start=week_start)
    at = now.time() if when.at is None else when.at
    return datetime.combine(when.on, at, tzinfo=now.tzinfo)


def minutes(text: str) -> int:
    """Read a duration (`12`, `45min`, `1h30`, `1.5h`) and give its minutes.

    Raises:
        UsageError: it is no duration, not above zero, above seven days, or `12m` (months).
    """
    phrase = _folded(text)
    if re.fullmatch(r".*\d ?m", phrase):
        raise UsageError(
            tr("not a duration: {text!r}", text=text),
            tr("m is months; write {phrase}in", phrase=phrase),
        )
    match = _match(phrase, *_DURATIONS) or _duration_abroad(phrase)
    groups = match.groupdict() if match else {}
    hours = (groups.get("hours") or "0").replace(",", ".")
    total = round(float(hours) * 60) + int(groups.get("minutes") or 0)
    if not 0 < total <= _LONGEST_DURATION:
        raise UsageError(tr("not a duration: {shown}", shown=_shown(text)), tr(_DURATION_HINT))
    return total


def _duration_abroad(phrase: str) -> re.Match[str] | None:
    """Read a duration in another language."""
    from crmcli import words

    matches = (_match(english, *_DURATIONS) for english in words.durations(phrase))
    return next(filter(None, matches), None)


def describe(when: When, today: date, calendar: str = "gregorian") -> str:
    """Give what was understood, in the user's language: `Fri 27 Nov 2026 09:00 (in 4 days)`.

    With the calendar `jalali`: `Fri 6 Azar 1405, 27 Nov 2026 09:00 (in 4 days)`.

    Raises:
        MissingExtraError: the library of that calendar is not installed.
    """
    on = when.on
    day = say_day(on)
    if calendar == "jalali":
        from crmcli.jalali import describe as solar

        day = f"{solar(on)}, {day}"
    at = f" {when.at:%H:%M}" if when.at else ""
    return f"{tr(WEEKDAYS_SAID[on.weekday()])} {day}{at} ({distance((on - today).days)})"


def say_day(on: date, *, with_year: bool = True) -> str:
    """Give a day without its weekday: `27 Nov 2026`, `27 Nov`."""
    month = tr(MONTHS_SAID[on.month - 1])
    if not with_year:
        return tr("{day} {month}", day=on.day, month=month)
    return tr("{day} {month} {year}", day=on.day, month=month, year=on.year)


def birthday(text: str, *, date_order: str | None = None) -> tuple[int | None, int, int]:
    """Read a birthday and give its year (None if untold), month and day.

    Args:
        text: `1990-05-17`, `19900517`, `--05-17`, `05-17`, `17 may`, `17.5.1990`.
        date_order: as for `parse`.

    Raises:
        UsageError: it is no date, an impossible one or an ambiguous one.
    """
    phrase = _folded(text)
    match = _match(phrase, *_BIRTHDAYS)
    with suppress(ValueError):  # no such day in the Jalali calendar
        fields = _from_groups(match) if match else _fields(phrase, date_order)
        fields = fields or _birthday_abroad(phrase, date_order)
        if fields is None:
            raise UsageError(tr("not a birthday: {shown}", shown=_shown(text)), tr(_BIRTHDAY_HINT))
        if _exists(fields):
            return fields
    raise UsageError(tr("no such date: {text!r}", text=text), tr(_BIRTHDAY_HINT))


def _birthday_abroad(phrase: str, date_order: str | None) -> _Fields | None:
    """Read a calendar date in another language; None also when languages differ about it."""
    from crmcli import words

    found = {_fields(english, date_order) for english in words.dates(phrase)} - {None}
    return found.pop() if len(found) == 1 else None


def _folded(text: str) -> str:
    """Fold what was typed; text that is too long to be meant is no phrase at all."""
    return fold(text) if len(text) <= _LONGEST_TEXT else ""


def _shown(text: str) -> str:
    """Quote `text` for a message, cut where it is too long to be meant."""
    return repr(text) if len(text) <= _LONGEST_TEXT else f"{text[:40]!r}…"


def distance(days: int) -> str:
    """Say how far away a day is: `today`, `in 3 days`, `3 days ago`."""
    for name, offset in _NAMED_DAYS.items():
        if days == offset:
            return tr(name)
    if days > 0:
        return trn("in {count} day", "in {count} days", days)
    return trn("{count} day ago", "{count} days ago", -days)


def _match(phrase: str, *patterns: str) -> re.Match[str] | None:
    """Give the match of the first of `patterns` that is the whole phrase."""
    matches = (re.fullmatch(pattern, phrase, re.ASCII) for pattern in patterns)
    return next(filter(None, matches), None)


def _read(text: str, frame: _Frame) -> When:
    """Read a phrase as it was typed; raise UsageError when it is no date."""
    try:
        phrase = _folded(text)
        when = _when(phrase, frame) or _abroad(phrase, frame)
    except (ValueError, IndexError, OverflowError):
        raise UsageError(tr("no such date: {text!r}", text=text), tr(_HINT)) from None
    if when is None:
        raise UsageError(tr("not a date: {shown}", shown=_shown(text)), tr(_HINT))
    return when


def _when(phrase: str, frame: _Frame) -> When | None:
    """Read a folded phrase: an instant, a time, a day, or a day and a time."""
    if phrase in _NOW:
        return When(frame.today, frame.now.time())
    counted = _has_digit(phrase)
    if (counted or " a" in f" {phrase}") and (match := _match(phrase, _CLOCK_OFFSET)):
        return _from_clock(match, frame)
    timed = counted or any(word in phrase for word in _NOON)
    match = _match(phrase, _DAY_TIME) if timed else None
    at = _time(match) if match else None
    day_phrase = match["date"] if match else phrase
    day = _day_of(at, frame) if at and not day_phrase else _day(day_phrase, frame)
    return When(day, at) if day else None


def _abroad(phrase: str, frame: _Frame, *, weak: bool = True) -> When | None:
    """Read a folded phrase of another language.

    Raises:
        UsageError: two languages read it differently.
    """
    from crmcli import words

    found = {_when(english, frame) for english in words.dates(phrase, weak=weak)} - {None}
    if len(found) > 1:
        raise UsageError(
            tr("ambiguous date: {phrase!r}, languages differ", phrase=phrase),
            tr("write 2026-12-24"),
        )
    return found.pop() if found else None


def _from_clock(match: re.Match[str], frame: _Frame) -> When | None:
    """Read `20 min ago`, `2h`, in time that really passes if the zone is known."""
    count = _signed_count(match, frame)
    if count is None:
        return None
    delta = timedelta(minutes=count * (_HOURS | _MINUTES)[match["unit"].strip()])
    zone = frame.now.tzinfo
    then = (frame.now.astimezone(UTC) + delta).astimezone(zone) if zone else frame.now + delta
    return When(then.date(), then.time())


def _signed_count(match: re.Match[str], frame: _Frame) -> int | None:
    """Give the number of an offset; None when it is told twice or not at all where it goes."""
    word = match["before"] or match["after"]
    article = match["count"] in _ONE
    if (match["before"] and match["after"]) or (article and not word):
        return None
    sign = (_BEFORE | _AFTER)[word] if word else 1 if frame.forward else -1
    return sign * (1 if article else int(match["count"]))


def _time(match: re.Match[str]) -> time:
    """Read a time of day; raise UsageError when there is no such time."""
    if match["hour"] is None:
        return time(12)
    hour, half = int(match["hour"]), match["half"]
    with suppress(ValueError):
        if half:
            hour = hour % 12 + 12 * (half == "pm") if 1 <= hour <= 12 else 24
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    raise UsageError(
        tr("no such time: {text!r}", text=match[0]), tr("times run from 0:00 to 23:59, or 3pm")
    )


def _day_of(at: time, frame: _Frame) -> date:
    """Give the day of a bare time: the next or the latest that has it ahead or behind."""
    now = frame.now.time()
    if frame.forward:
        return frame.today + timedelta(days=0 if at > now else 1)
    return frame.today - timedelta(days=0 if at <= now else 1)


def _day(phrase: str, frame: _Frame) -> date | None:
    """Read a phrase without a time."""
    if fields := _fields(phrase, frame.date_order):
        year, month, day = fields
        return _in_year(year, frame, lambda year: date(year, month, day))
    if phrase.startswith(_JALALI):
        return _solar_day(phrase, frame)
    for pattern, read in _DAYS.items():
        if match := _match(phrase, pattern):
            return read(match, frame)
    return None


def _fields(phrase: str, date_order: str | None) -> _Fields | None:
    """Read a calendar date, which may not exist."""
    if not _has_digit(phrase):
        return None
    if match := _match(phrase, _SLASHES):
        return _solar(_slashed(match, date_order))
    if match := _match(phrase, *_DATES):
        fields = _from_groups(match)
        return _solar(fields) if match["month"].isdigit() else fields
    if phrase.startswith(_JALALI):
        year, month, day = phrase.removeprefix(_JALALI).split("-")
        return _solar((_solar_year(year), int(month), int(day))) if year else None
    return None


def _solar(fields: _Fields) -> _Fields:
    """Give the Gregorian date of a Jalali one, which its year tells; others as they are.

    Raises:
        ValueError: that calendar has no such day.
    """
    year, month, day = fields
    if year is None or year not in _SOLAR_YEARS:
        return fields
    from crmcli.jalali import to_gregorian

    on = to_gregorian(year, month, day)
    return on.year, on.month, on.day


def _solar_year(year: str) -> int:
    """Read the year of a date with a Jalali month; raise ValueError when it is none."""
    if int(year) not in _SOLAR_YEARS:
        raise ValueError(f"no Jalali year: {year}")
    return int(year)


def _solar_day(phrase: str, frame: _Frame) -> date:
    """Read `jalali -9-2`: that day of the nearest Jalali year that has it."""
    from crmcli.jalali import to_gregorian

    _, month, day = phrase.removeprefix(_JALALI).split("-")
    this_year = frame.today.year - 621

    def days() -> Iterator[date]:
        for year in range(this_year - 10, this_year + 10):
            with suppress(ValueError):
                yield to_gregorian(year, int(month), int(day))

    return frame.nearest(days())


def _has_digit(phrase: str) -> bool:
    """Tell whether patterns with numbers are worth compiling, which takes longer than matching."""
    return any(map(str.isdigit, phrase))


def _from_groups(match: re.Match[str]) -> _Fields:
    """Give the numbers of a match that has a day, a month by number or name, perhaps a year."""
    groups = match.groupdict()
    month, year = groups["month"], groups.get("year")
    return int(year) if year else None, MONTHS.get(month) or int(month), int(groups["day"])


def _slashed(match: re.Match[str], date_order: str | None) -> _Fields:
    """Read `3/4/2026`; without a known order only where a single reading exists.

    `25/12` is refused even so: `24/7` and `1/2` begin titles more often than they are dates.
    """
    year = int(match["year"]) if match["year"] else None
    first, second = int(match["first"]), int(match["second"])
    day_first, month_first = (year, second, first), (year, first, second)
    if date_order in _ORDERS:
        return day_first if date_order == "dmy" else month_first
    readings = {fields for fields in (day_first, month_first) if _exists(fields)}
    if year is None or len(readings) > 1:
        hint = tr("crm config set date_order dmy (or mdy, ymd), or write 2026-12-24")
        raise UsageError(tr("ambiguous date: {text!r}, day or month first", text=match[0]), hint)
    return readings.pop() if readings else day_first


def _exists(fields: _Fields) -> bool:
    """Tell whether there is such a day, in any year if none is told."""
    year, month, day = fields
    try:
        date(2000 if year is None else year, month, day)
    except ValueError:
        return False
    return True


def _in_year(year: int | None, frame: _Frame, day_in: Callable[[int], date]) -> date:
    """Give the day of that year or, if none is told, the nearest year that has the day."""
    if year is not None:
        return day_in(year)

    def days() -> Iterator[date]:
        # 40 years hold a fifth Monday of February as well as a 29th.
        for near in range(frame.today.year - 40, frame.today.year + 41):
            with suppress(ValueError, IndexError):
                yield day_in(near)

    return frame.nearest(days())


def _named_day(match: re.Match[str], frame: _Frame) -> date:
    """Read `today`, `tomorrow`, `yesterday`."""
    return frame.today + timedelta(days=_NAMED_DAYS[match[0]])


def _weekday(match: re.Match[str], frame: _Frame) -> date:
    """Read `fri` and `last fri` (never today), `this fri` (may be today), `next fri`."""
    wanted, which = WEEKDAYS[match["weekday"]], _WHICH.get(match["which"] or "")
    today, start = frame.today, frame.week_start
    if which == 1:
        week = today - timedelta(days=(today.weekday() - start) % 7)
        return week + timedelta(days=7 + (wanted - start) % 7)
    step = 1 if frame.forward and which != -1 else -1
    days = (today + timedelta(days=step * n) for n in range(0 if which == 0 else 1, 8))
    return next(day for day in days if day.weekday() == wanted)


def _of_week(match: re.Match[str], frame: _Frame) -> date:
    """Read `fri of last week`, `mon of this week`."""
    start = frame.today - timedelta(days=(frame.today.weekday() - frame.week_start) % 7)
    day = start + timedelta(days=(WEEKDAYS[match["weekday"]] - frame.week_start) % 7)
    return day + timedelta(days=7 * _WHICH[match["which"]])


def _nth_weekday(match: re.Match[str], frame: _Frame) -> date:
    """Read `first monday of december`, `last fri of march 2027`."""
    wanted, month = WEEKDAYS[match["weekday"]], MONTHS[match["month"]]

    def day_in(year: int) -> date:
        first, length = monthrange(year, month)
        days = range(1 + (wanted - first) % 7, length + 1, 7)
        return date(year, month, days[NTH[match["nth"]]])

    return _in_year(int(match["year"]) if match["year"] else None, frame, day_in)


def _neighbour(match: re.Match[str], frame: _Frame) -> date:
    """Read `next week`, `last month`: the same day of it."""
    return shift(frame.today, _STEPS[match["step"]], _PERIODS[match["period"]])


def _from_today(match: re.Match[str], frame: _Frame) -> date | None:
    """Read `3d`, `-2w`, `in 3 days`, `a week ago`."""
    count = _signed_count(match, frame)
    span = (_LETTERS | _SPANS)[match["unit"].strip()]
    return None if count is None else shift(frame.today, count, span)


def shift(day: date, count: int, span: tuple[int, int]) -> date:
    """Give the day `count` spans away; months keep the day or end at their last."""
    days, months = span
    year, month = divmod(day.year * 12 + day.month - 1 + count * months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=count * days)


def _edge(match: re.Match[str], frame: _Frame) -> date:
    """Read `eow eom eoq eoy som`."""
    if match[0] == "eow":
        week = (frame.today + timedelta(days=n) for n in range(-6, 7))
        return frame.nearest(day for day in week if (day.weekday() + 1) % 7 == frame.week_start)
    this_month = frame.today.replace(day=1)
    firsts = [shift(this_month, n, (0, 1)) for n in range(-12, 12)]
    if match[0] == "som":
        return frame.nearest(firsts)
    ending = (day for day in firsts if day.month % _EDGES[match[0]] == 0)
    return frame.nearest(day.replace(day=monthrange(day.year, day.month)[1]) for day in ending)


_DAYS: dict[str, Callable[[re.Match[str], _Frame], date | None]] = {
    any_of(_NAMED_DAYS): _named_day,
    rf"(?:(?P<which>{any_of(_WHICH)}) )?{_WEEKDAY}": _weekday,
    rf"(?P<step>{any_of(_STEPS)}) (?P<period>{any_of(_PERIODS)})": _neighbour,
    _DAY_OFFSET: _from_today,
    any_of(_EDGES): _edge,
    rf"(?P<nth>{any_of(NTH)}) {_WEEKDAY} {any_of(_OF)} {_MONTH}(?:,? {_Y})?": _nth_weekday,
    rf"{_WEEKDAY} {any_of(_OF)} (?P<which>{any_of(_WHICH)}) week": _of_week,
}
