"""Repeats: `every 2 weeks on fri` to an RFC 5545 rule and back to words.

A phrase is folded, its `until` is cut off, and the rest is looked up in `_RULES`. What is no
English is told again in English by `crmcli.words`. Month ends stay month ends: day 29, 30 or 31
is the last of the days 28 to that one.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from crmcli import dates
from crmcli.dates import MONTHS, MONTHS_SAID, NTH, WEEKDAYS, WEEKDAYS_SAID, any_of, say_day
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.text import fold

_HINT = mark(
    "try day, 2 weeks, weekday, mon and thu, other fri, month on the 31st, last fri, 24 dec"
)
_LONGEST_TEXT = 200
_LONGEST_RUN = 10  # words: "every 2 weeks on mon and thu until 24 dec 2027"
_MOST_PERIODS = 999

_DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
_NTH_SAID = {
    1: mark("the first {weekday}"),
    2: mark("the second {weekday}"),
    3: mark("the third {weekday}"),
    4: mark("the fourth {weekday}"),
    5: mark("the fifth {weekday}"),
    -1: mark("the last {weekday}"),
}
_DAY_SAID = {
    "st": mark("the {day}st"),
    "nd": mark("the {day}nd"),
    "rd": mark("the {day}rd"),
    "th": mark("the {day}th"),
}
_EVERY = {
    "DAILY": mark("every day"),
    "WEEKLY": mark("every week"),
    "MONTHLY": mark("every month"),
    "YEARLY": mark("every year"),
}
_EVERY_FEW: dict[str, Callable[[int], str]] = {
    "DAILY": lambda count: trn("every {count} day", "every {count} days", count),
    "WEEKLY": lambda count: trn("every {count} week", "every {count} weeks", count),
    "MONTHLY": lambda count: trn("every {count} month", "every {count} months", count),
    "YEARLY": lambda count: trn("every {count} year", "every {count} years", count),
}

# How often: the frequency and of how many such periods.
_PERIODS = {"day": ("DAILY", 1), "week": ("WEEKLY", 1), "month": ("MONTHLY", 1)}
_PERIODS |= {"quarter": ("MONTHLY", 3), "year": ("YEARLY", 1)}
_UNITS = {f"{name}{end}": period for name, period in _PERIODS.items() for end in ("", "s")}
_LETTERS = {"d": ("DAILY", 1), "w": ("WEEKLY", 1), "m": ("MONTHLY", 1), "y": ("YEARLY", 1)}
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
_ADVERBS |= {"yearly": "year", "annually": "year"}

_ORDER = ["FREQ", "INTERVAL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"]
_ORDER += ["BYSETPOS", "WKST", "UNTIL"]
_REFUSED = {
    "COUNT": mark("a series ends by its day: until 24 dec 2027"),
    "DTSTART": mark("the due date says where a series begins"),
    **dict.fromkeys(
        ["BYHOUR", "BYMINUTE", "BYSECOND"],
        mark("a rule gives days; the time is the due date's"),
    ),
}
_Parts = dict[str, str]

_WEEKDAY = f"(?:{any_of(sorted(WEEKDAYS, key=len, reverse=True))})s?"
_LIST = rf"{_WEEKDAY}(?:(?:, ?and |,? and |, ?| ){_WEEKDAY})*"
_MONTH = any_of(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = "(?:st|nd|rd|th|[.])"
_DAY = rf"(?P<day>\d\d?){_ORDINAL}?"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rule (an RFC 5545 RRULE value without COUNT) and the day of its first occurrence."""

    rrule: str
    start: date


def parse(
    text: str,
    now: datetime,
    *,
    start: date | None = None,
    date_order: str | None = None,
    week_start: int = 0,
) -> Repeat:
    """Read a repeat; the word `every` is optional.

    Args:
        text: the phrase, or a rule such as `FREQ=WEEKLY;BYDAY=MO`.
        now: the user's wall-clock time.
        start: where the series begins at the earliest; None is today. A rule that tells no day of
            its own repeats this one.
        date_order: as for dates, for the end of the series.
        week_start: the weekday a week begins on, Monday is 0.

    Raises:
        UsageError: it is no repeat, one that never happens, or one that ends before it begins.
    """
    phrase = fold(text) if len(text) <= _LONGEST_TEXT else ""
    first = start or now.date()

    def end(words: str) -> date:
        when = dates.parse(words, now, forward=True, date_order=date_order, week_start=week_start)
        return when.on

    parts = _parts_of_rule(phrase) if "=" in phrase else _parts(phrase, end)
    if parts is None:
        shown = repr(text) if len(text) <= _LONGEST_TEXT else f"{text[:40]!r}…"
        raise UsageError(tr("not a repeat: {shown}", shown=shown), tr(_HINT))
    if week_start == 6 and parts["FREQ"] == "WEEKLY" and "INTERVAL" in parts:
        parts.setdefault("WKST", "SU")
    parts = _keep_month_end(parts, first)
    return Repeat(_rule(parts), _start(parts, first, text))


def split_leading(
    words: str, now: datetime, *, date_order: str | None = None, week_start: int = 0
) -> tuple[Repeat | None, str]:
    """Split `every fri call about the pilot` into its repeat and its title.

    Takes what `parse` takes; gives the longest leading run of words that begins with `every` and
    is a repeat (None when there is none) and the rest as it was typed, trimmed.
    """
    ends = [word.end() for word in re.finditer(r"\S+", words)][:_LONGEST_RUN]
    if not ends or fold(words[: ends[0]].strip()) != "every":
        return None, words.strip()
    for end in reversed(ends):
        with suppress(UsageError):
            found = parse(words[:end], now, date_order=date_order, week_start=week_start)
            return found, words[end:].strip()
    return None, words.strip()


def describe(rrule: str) -> str:
    """Say a rule in the user's language: `every 2 weeks on Fri until 24 Dec 2027`.

    `parse` reads the English. A rule that no phrase gives is told as it stands.
    """
    parts = split(rrule)
    told = _spoken({key: value for key, value in parts.items() if key not in ("UNTIL", "WKST")})
    if told is None:
        return tr("by the rule {rrule}", rrule=rrule)
    if until := until_of(parts):
        return tr("{repeat} until {date}", repeat=told, date=say_day(until))
    return told


def check_rule(rrule: str) -> str:
    """Give a rule from outside back as `parse` writes it.

    Raises:
        InvalidError: it is no rule, or one that never comes.
    """
    try:
        parts = _parts_of_rule(fold(rrule) if len(rrule) <= _LONGEST_TEXT else "")
        endless = {key: value for key, value in parts.items() if key != "UNTIL"}
        _start(endless, date(2000, 1, 1), rrule)
    except UsageError as error:
        raise InvalidError(error.message, error.hint) from None
    return _rule(parts)


def split(rrule: str) -> dict[str, str]:
    """Give the parts of a rule by name."""
    return dict(part.split("=", 1) for part in rrule.split(";"))


def until_of(parts: dict[str, str]) -> date | None:
    """Give the last day a rule allows, if it has one."""
    return date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None


# -- from words


def _parts(phrase: str, end: Callable[[str], date]) -> _Parts | None:
    """Read a phrase: in English, else in the other languages.

    Raises:
        UsageError: two languages read it differently.
    """
    if found := _english(phrase, end):
        return found
    from crmcli import words

    told = [_english(english, end) for english in words.repeats(phrase)]
    rules = {_rule(parts): parts for parts in told if parts}
    if len(rules) > 1:
        raise UsageError(
            tr("ambiguous repeat: {phrase!r}, languages differ", phrase=phrase), tr(_HINT)
        )
    return next(iter(rules.values()), None)


def _english(phrase: str, end: Callable[[str], date]) -> _Parts | None:
    """Read an English phrase, perhaps with its end.

    Raises:
        UsageError: it has two meanings, or its end is no date.
    """
    every, until, last = phrase.partition(" until ")
    every = re.sub("^(?:every|each) ", "", every)
    if re.fullmatch(f"(?:second|2nd) {_WEEKDAY}", every):
        weekday = every.split()[1]
        hint = tr("write other {weekday}, or second {weekday} of the month", weekday=weekday)
        raise UsageError(
            tr("ambiguous repeat: {phrase!r}, every two weeks or once a month", phrase=phrase), hint
        )
    parts = _every(every)
    return parts | {"UNTIL": f"{end(last):%Y%m%d}"} if parts and until else parts


def _every(phrase: str) -> _Parts | None:
    """Read what follows `every`."""
    for pattern, read in _RULES.items():
        if match := re.fullmatch(pattern, phrase, re.ASCII):
            return read(match)
    return None


def _counted(match: re.Match[str]) -> _Parts | None:
    """Read `2 weeks`, `month`, `2w`, `other week on fri`, `month on the last day`."""
    number = match["count"] or "1"
    count = int(number) if number.isdigit() else 2
    frequency, length = (_UNITS | _LETTERS)[match["unit"]]
    if not 1 <= count * length <= _MOST_PERIODS:
        raise UsageError(tr("cannot repeat every {text}", text=match[0]), tr(_HINT))
    parts = {"FREQ": frequency}
    if match["on"]:
        on = _every(match["on"])
        if on is None or on["FREQ"] != frequency or "INTERVAL" in on or len(on) == 1:
            return None
        parts = on
    return parts | ({"INTERVAL": str(count * length)} if count * length > 1 else {})


def _adverb(match: re.Match[str]) -> _Parts:
    """Read `daily`, `quarterly`."""
    frequency, length = _PERIODS[_ADVERBS[match[0]]]
    return {"FREQ": frequency, **({"INTERVAL": str(length)} if length > 1 else {})}


def _workday(_match: re.Match[str]) -> _Parts:
    return {"FREQ": "WEEKLY", "BYDAY": ",".join(_DAYS[:5])}


def _weekdays(match: re.Match[str]) -> _Parts:
    """Read `mon`, `mon and thu`, `other fri`."""
    names = re.findall(_WEEKDAY, match["days"])
    numbers = sorted({_weekday(name) for name in names})
    parts = {"FREQ": "WEEKLY", "BYDAY": ",".join(_DAYS[number] for number in numbers)}
    return parts | {"INTERVAL": "2"} if match["other"] else parts


def _weekday(name: str) -> int:
    """Give the number of a weekday, which may be in the plural."""
    return WEEKDAYS[name] if name in WEEKDAYS else WEEKDAYS[name.removesuffix("s")]


def _nth_weekday(match: re.Match[str]) -> _Parts:
    """Read `last fri`, `third tuesday of march`."""
    nth = NTH[match["nth"]]
    day = f"{nth + 1 if nth >= 0 else nth}{_DAYS[_weekday(match['weekday'])]}"
    if month := MONTHS.get(match["month"] or ""):
        return {"FREQ": "YEARLY", "BYMONTH": str(month), "BYDAY": day}
    return {"FREQ": "MONTHLY", "BYDAY": day}


def _last_day(_match: re.Match[str]) -> _Parts:
    return {"FREQ": "MONTHLY", "BYMONTHDAY": "-1"}


def _month_day(match: re.Match[str]) -> _Parts:
    """Read `31st`, `the 1st of the month`."""
    day = int(match["day"])
    if not 1 <= day <= 31:
        raise UsageError(tr("no such day: {text!r}", text=match[0]), tr(_HINT))
    return {"FREQ": "MONTHLY", **_days_to(day)}


def _year_day(match: re.Match[str]) -> _Parts:
    """Read `24 dec`, `dec 24`; 29 February is the 28th in other years."""
    month, day = MONTHS[match["month"]], int(match["day"])
    if not 1 <= day <= _MONTH_LENGTHS[month - 1]:
        raise UsageError(tr("no such date: {text!r}", text=match[0]), tr(_HINT))
    days = _days_to(day) if month == 2 else {"BYMONTHDAY": str(day)}
    return {"FREQ": "YEARLY", "BYMONTH": str(month), **days}


def _days_to(day: int) -> _Parts:
    """Give the parts that mean that day of the month, or its last day where it has no such."""
    if day <= 28:
        return {"BYMONTHDAY": str(day)}
    return {"BYMONTHDAY": ",".join(map(str, range(28, day + 1))), "BYSETPOS": "-1"}


_COUNTED = (
    rf"(?:(?P<count>\d{{1,4}}|other|second|2nd)(?: |(?<=\d)))?"
    rf"(?P<unit>{any_of(_UNITS)}|(?<=\d){any_of(_LETTERS)})(?: on (?P<on>.+))?"
)
_RULES: dict[str, Callable[[re.Match[str]], _Parts | None]] = {
    any_of(_ADVERBS): _adverb,
    "weekdays?|workdays?|working days?": _workday,
    _COUNTED: _counted,
    rf"(?P<other>other )?(?P<days>{_LIST})": _weekdays,
    rf"(?:the )?(?P<nth>{any_of(NTH)}) (?P<weekday>{_WEEKDAY})"
    rf"(?: (?:of|in) (?:(?:the |each |every )?month|(?P<month>{_MONTH})))?": _nth_weekday,
    "(?:the )?last day(?: of (?:the |each |every )?month)?": _last_day,
    rf"(?:the )?(?P<day>\d\d?){_ORDINAL}(?: (?:of|in) (?:the |each |every )?month)?": _month_day,
    rf"(?:the )?{_DAY}(?: of)? (?P<month>{_MONTH})": _year_day,
    rf"(?P<month>{_MONTH}) (?:the )?{_DAY}": _year_day,
}


# -- from RFC 5545


def _parts_of_rule(phrase: str) -> _Parts:
    """Read and check a rule as RFC 5545 writes it."""
    rule = phrase.upper().removeprefix("RRULE:").replace(" ", "")
    pairs = [part.partition("=") for part in rule.strip(";").split(";")]
    parts = {key: value for key, _, value in pairs}
    if len(parts) < len(pairs):
        raise UsageError(tr("a part of the rule is there twice"), tr(_HINT))
    for key, value in parts.items():
        _check_part(key, value)
    if parts.get("FREQ") not in _EVERY:
        raise UsageError(
            tr("a rule needs FREQ"),
            tr("one of {names}; or {hint}", names=", ".join(_EVERY), hint=tr(_HINT)),
        )
    if parts["FREQ"] in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", "")):
        raise UsageError(
            tr("BYDAY cannot be {BYDAY} with {FREQ}", BYDAY=parts["BYDAY"], FREQ=parts["FREQ"]),
            tr("such as MO,TH"),
        )
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"])
    interval = int(parts.pop("INTERVAL", "1"))
    return parts | ({"INTERVAL": str(interval)} if interval > 1 else {})


def _check_part(key: str, value: str) -> None:
    """Raise UsageError when a part of a rule is none of ours, or counts from 0."""
    if key in _REFUSED:
        raise UsageError(tr("{key} is not taken in a repeat", key=key), tr(_REFUSED[key]))
    if key not in _ORDER or not value:
        raise UsageError(
            tr("not a part of a repeat: {key}={value}", key=key, value=value),
            tr("of {names}", names=", ".join(_ORDER)),
        )
    if key == "INTERVAL" and not (value.isdigit() and 1 <= int(value) <= _MOST_PERIODS):
        raise UsageError(
            tr("INTERVAL cannot be {value}", value=value),
            tr("from 1 to {most}", most=_MOST_PERIODS),
        )
    if key.startswith("BY") and re.search(r"(?<!\d)0+(?!\d)", value):
        raise UsageError(
            tr("{key} cannot be {value}", key=key, value=value),
            tr("it counts from 1, or from -1 backwards"),
        )


def _until(value: str) -> str:
    """Give the day of an UNTIL, which may have a time."""
    if re.fullmatch(r"\d{8}(T\d{6}Z?)?", value, re.ASCII):
        with suppress(ValueError):
            return f"{date.fromisoformat(value[:8]):%Y%m%d}"
    raise UsageError(tr("UNTIL cannot be {value}", value=value), tr("such as 20271224"))


def _keep_month_end(parts: _Parts, first: date) -> _Parts:
    """Tell the day of a rule without one where not every month or year has the day of `first`."""
    if any(key.startswith("BY") for key in parts):
        return parts
    if parts["FREQ"] == "MONTHLY" and first.day > 28:
        return parts | _days_to(first.day)
    if parts["FREQ"] == "YEARLY" and (first.month, first.day) == (2, 29):
        return parts | {"BYMONTH": "2", **_days_to(29)}
    return parts


def _rule(parts: _Parts) -> str:
    """Write the parts in their order."""
    return ";".join(f"{key}={parts[key]}" for key in _ORDER if key in parts)


def _start(parts: _Parts, first: date, text: str) -> date:
    """Give the first day of the rule from `first` on.

    Raises:
        UsageError: there is none within the years a calendar repeats in, or none before its end.
    """
    from dateutil.rrule import rrulestr

    counted = {key: value for key, value in parts.items() if key not in ("INTERVAL", "UNTIL")}
    begin = datetime.combine(first, time())
    horizon = begin.replace(year=min(first.year + 40, 9999), day=min(first.day, 28))
    try:
        rule: Any = rrulestr(_rule(counted), dtstart=begin)
        found = rule.replace(until=horizon).after(begin, inc=True)
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        raise UsageError(
            tr("not a repeat: {text!r}: {error}", text=text, error=error), tr(_HINT)
        ) from None
    if found is None:
        raise UsageError(tr("a repeat that never comes: {text!r}", text=text), tr(_HINT))
    day: date = found.date()
    until = until_of(parts)
    if until and until < day:
        raise UsageError(
            tr("the repeat ends on {until}, before it begins on {day}", until=until, day=day),
            tr(_HINT),
        )
    return day


# -- to words


def _spoken(parts: _Parts) -> str | None:
    """Say a rule without its end; None when no phrase gives it."""
    frequency, count = parts.pop("FREQ"), int(parts.pop("INTERVAL", "1"))
    if (frequency, count, parts) == ("WEEKLY", 1, {"BYDAY": ",".join(_DAYS[:5])}):
        return tr("every weekday")
    period = tr(_EVERY[frequency]) if count == 1 else _EVERY_FEW[frequency](count)
    if not parts:
        return period
    on = _spoken_days(frequency, parts)
    if on and (frequency, count) == ("WEEKLY", 1):
        return tr("every {days}", days=on)
    return tr("{repeat} on {days}", repeat=period, days=on) if on else None


def _spoken_days(frequency: str, parts: _Parts) -> str | None:
    """Say on which days of its period a rule falls."""
    keys, days = set(parts), parts.get("BYDAY", "")
    if frequency == "WEEKLY" and keys == {"BYDAY"} and set(days.split(",")) <= set(_DAYS):
        *names, last = (_said(day) for day in days.split(","))
        return tr("{names} and {last}", names=", ".join(names), last=last) if names else last
    month = parts.get("BYMONTH", "")
    if (frequency == "MONTHLY") == bool(month) or frequency not in ("MONTHLY", "YEARLY"):
        return None
    if month and month not in map(str, range(1, 13)):
        return None
    name = tr(MONTHS_SAID[int(month) - 1]) if month else ""
    if keys - {"BYMONTH"} == {"BYDAY"}:
        return _spoken_nth(days, name)
    return _spoken_month_day(parts, name)


def _spoken_nth(day: str, month: str) -> str | None:
    """Say `the last Fri`, `the third Tue of Mar`."""
    match = re.fullmatch(r"([1-5]|-1)(MO|TU|WE|TH|FR|SA|SU)", day)
    if match is None:
        return None
    said = tr(_NTH_SAID[int(match[1])], weekday=_said(match[2]))
    return tr("{days} of {month}", days=said, month=month) if month else said


def _spoken_month_day(parts: _Parts, month: str) -> str | None:
    """Say `the 1st`, `the last day`, `24 Dec`; None for a day that some months would skip."""
    days = {key: value for key, value in parts.items() if key != "BYMONTH"}
    if days == {"BYMONTHDAY": "-1"} and not month:
        return tr("the last day")
    match = re.fullmatch(r"(?:28,(?:29,)?(?:30,)?)?(\d+)", days.get("BYMONTHDAY", ""))
    if match is None:
        return None
    day = int(match[1])
    is_february = parts.get("BYMONTH") == "2"
    if days != (_days_to(day) if not month or is_february else {"BYMONTHDAY": str(day)}):
        return None
    if month:
        return tr("{day} {month}", day=day, month=month)
    return tr(_DAY_SAID[_suffix(day)], day=day)


def _said(day: str) -> str:
    """Give the name of a weekday: `Mon` of MO."""
    return tr(WEEKDAYS_SAID[_DAYS.index(day)])


def _suffix(day: int) -> str:
    """Give the end of an ordinal number: 1st, 2nd, 3rd, 11th."""
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
