"""Days and times as other programs write them: read as they stand, never guessed.

ISO, US and European forms stand side by side in one column. What could be two days, such as
01/02/2025, is read only where the order of day and month is known.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

from crmcli.clock import Clock, stamp
from crmcli.dates import birthday
from crmcli.errors import UsageError

_NO_DATE = re.compile(r"0+([./-])0+\1\d?0+\.?|0+")
"""`0/0/00`, `0.0.00`, `00-00-0000`: how Outlook writes that there is none."""
_DASHED = re.compile(r"(\d\d?)([-.])(\d\d?)\2(\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = datetime(1899, 12, 30)  # day 0 of a spreadsheet
_LAST_SERIAL = 80_000  # in the year 2119
_TIMED = re.compile(
    r"(?P<day>.+?)(?:,? (?:at )?|(?<=\d)T)(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?(?: ?(?P<half>[ap])\.?m\.?)?"
    r" ?(?P<zone>utc|gmt|z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
NOON = time(12)
"""The hour of what is only dated: it stays on its day in every zone."""


def is_no_date(text: str) -> bool:
    """Tell whether a cell says that there is no date."""
    return _NO_DATE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Dates:
    """Reads days and times.

    Args:
        order: of day and month where both readings exist: dmy, mdy or ymd; "" when unknown.
        clock: whose zone holds for times without one.
    """

    order: str = ""
    clock: Clock = field(default_factory=Clock)

    def day(self, text: str) -> str | None:
        """Give a day as ISO writes it, without its time; None when it cannot be told."""
        found = self._wall(text)
        return found[0].isoformat() if found else None

    def hour(self, text: str) -> str | None:
        """Give the time of day, `09:30`; None when there is none."""
        found = self._wall(text if not _is_time(text) else f"2000-01-01 {text}")
        return found[1].strftime("%H:%M") if found and found[1] else None

    def instant(self, text: str) -> str | None:
        """Give an instant in its stored form, noon for a day alone; None when it cannot be told."""
        found = self._wall(text)
        if found is None:
            return None
        wall = datetime.combine(found[0], found[1] or NOON)
        with suppress(UsageError, OverflowError, ValueError):
            return stamp(self.clock.instant(wall))
        return None

    def serial(self, text: str) -> str:
        """Give the ISO date of a spreadsheet's day number, `45631.0`; other text as it is."""
        if not _SERIAL.fullmatch(text) or float(text) > _LAST_SERIAL:
            return text
        when = _EPOCH + timedelta(days=float(text))
        return when.date().isoformat() if when.time() == time() else when.isoformat(" ", "minutes")

    def _wall(self, text: str) -> tuple[date, time | None] | None:
        """Give day and time, the time with its zone where it names one."""
        text = text.strip()
        with suppress(ValueError):
            if len(text) > 10 and text[4:5] == "-":
                when = datetime.fromisoformat(text)
                return when.date(), when.timetz().replace(microsecond=0)
        match = _TIMED.fullmatch(text)
        if match is None:
            on = self._date(text)
            return (on, None) if on else None
        on, at = self._date(match["day"].rstrip(",")), _clock_time(match)
        return (on, at) if on and at is not None else None

    def _date(self, text: str) -> date | None:
        """Read a whole calendar date, in the known order if that gives one."""
        if dashed := _DASHED.fullmatch(text):  # 12-04-2022 is as ambiguous as 12/04/2022
            first, mark, second, year = dashed.groups()
            text = f"{first}/{second}/{year}" if mark == "-" else text
        for order in (self.order or None, None):
            with suppress(UsageError, ValueError):
                year, month, day = birthday(text, date_order=order)
                return date(year, month, day) if year else None
        return None


def _is_time(text: str) -> bool:
    return re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?( ?[ap]m)?", text.lower()) is not None


def _clock_time(match: re.Match[str]) -> time | None:
    """Give the time that a match holds; None when there is no such time."""
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    with suppress(ValueError):
        return time(
            hour, int(match["minute"]), int(match["second"] or 0), tzinfo=_zone(match["zone"])
        )
    return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (1 if text[0] == "+" else -1))
