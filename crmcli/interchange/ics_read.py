"""Calendars read: meetings that were, meetings and tasks that are to come.

What is past is an interaction, what is to come a task; of a series its next occurrence, repeating
where our rules can say so. A file is read entry by entry. What we wrote ourselves is known by its
UID, and unchanged.

Source: RFC 5545; vCalendar 1.0 (versit, 1996).
"""

import hashlib
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from crmcli.clock import Clock, stamp
from crmcli.errors import CrmError
from crmcli.i18n import tr, trn
from crmcli.interchange.decode import Opened, Source, text_of
from crmcli.interchange.mail import LONGEST
from crmcli.interchange.mime import decoded
from crmcli.interchange.reading import Entry, How, ItemReading, items
from crmcli.interchange.record import LeftOut, Raw, Reject, Skip
from crmcli.rules.task import KINDS
from crmcli.text import clean

if TYPE_CHECKING:
    from icalendar import Component

TARGETS = {
    "Kind": "kind",
    "UID": "external",
    "SUMMARY": "title",
    "DTSTART": "due_on",
    "DTEND": "duration_seconds",
    "DURATION": "duration_seconds",
    "DUE": "due_on",
    "COMPLETED": "completed_at",
    "STATUS": "status",
    "PRIORITY": "priority",
    "RRULE": "rrule",
    "EXDATE": "rrule",
    "RECURRENCE-ID": "external",
    "ORGANIZER": "people",
    "ATTENDEE": "people",
    "CONTACT": "people",
    "LOCATION": "body",
    "DESCRIPTION": "body",
    "Other properties": None,
}
MOST = 1_000_000  # characters of one entry
LONGEST_TITLE = 500
LONGEST_REASON = 200  # icalendar quotes the whole line
_KINDS = ("VEVENT", "VTODO")
_OURS = "-//crm//"
_SOFT = re.compile(r"^[^:]*ENCODING=QUOTED-PRINTABLE[^:]*:.*=$", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OFTEN = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_STATUS = {"COMPLETED": "completed", "IN-PROCESS": "in_process"}
Moment = date | datetime


def is_calendar(opened: Opened) -> bool:
    """Tell whether a file is a calendar."""
    start = opened.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:15].upper() == b"BEGIN:VCALENDAR"


def open_calendar(opened: Opened, how: How) -> ItemReading:
    """Read a calendar; see `Kind.items`."""
    source = text_of(opened, how.encoding or None)
    said: list[str] = []
    calendar = _Calendar(source, how, said)
    return items(source, "ics", "task", calendar.entries, TARGETS.get, said, tuple(TARGETS))


@dataclass(slots=True)
class _Calendar:
    """The entries of a file."""

    source: Source
    how: How
    said: list[str]
    once: int = 0  # series of which only the next occurrence came in

    def entries(self) -> Iterator[Entry | Reject | Skip]:
        """Yield what each entry is; then say what is not kept of series."""
        self.once = 0
        is_ours = False
        for number, text in _blocks(self.source):
            if text.startswith("PRODID"):
                is_ours = text.partition(":")[2].startswith(_OURS)
            elif not text:
                reason = tr("the entry has no end, or is too long")
                yield Reject(number, reason, [""] * len(TARGETS))
            elif text.startswith("BEGIN:VTIMEZONE"):
                _learn_zone(text)
            else:
                yield self._entry(number, text, is_ours)
        if self.once:
            self.said.append(
                trn(
                    "{count} series cannot be kept as one: its next occurrence came in",
                    "{count} series cannot be kept as one: their next occurrences came in",
                    self.once,
                )
            )

    def _entry(self, number: int, text: str, is_ours: bool) -> Entry | Reject | Skip:
        from icalendar import Event, Todo

        is_event = text.startswith("BEGIN:VEVENT")
        try:
            component = (Event if is_event else Todo).from_ical(text)
        except (ValueError, IndexError, KeyError, AttributeError) as error:
            said = tr("cannot be read: {error}", error=str(error)[:LONGEST_REASON])
            return Reject(number, said, [""] * len(TARGETS))
        except OSError as error:  # zoneinfo, looking for a file called like the TZID
            said = tr("cannot be read: {error}", error=error.strerror)
            return Reject(number, said, [""] * len(TARGETS))
        cells = _cells(component, "VEVENT" if is_event else "VTODO")
        try:
            raw, noun = _Maker(component, self.how, is_event, is_ours).raw()
        except LeftOut as reason:
            return Skip(number, str(reason), list(cells.values()))
        except (ValueError, OverflowError, CrmError) as error:
            said = error.message if isinstance(error, CrmError) else str(error)
            return Reject(number, said, list(cells.values()))
        self.once += raw.pop("is_once", False)
        return Entry(number, [(noun, raw)], cells)


@dataclass(slots=True)
class _Maker:
    """Makes the raw record of an entry."""

    component: "Component"
    how: How
    is_event: bool
    is_ours: bool
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.how.clock.now()

    def raw(self) -> tuple[Raw, str]:
        """Give the record and its noun; raise LeftOut or ValueError."""
        status = self._text("STATUS").upper().replace(" ", "-")
        if status == "CANCELLED":
            raise LeftOut(tr("cancelled"))
        uid = self._text("UID")
        if self.is_ours and not _UUID.fullmatch(uid):
            raise LeftOut(tr("made by crm from people's own dates"))
        if not self.is_event or self.is_ours:
            return self._task(status), "task"
        start = self._moment("DTSTART")
        if start is None:
            raise ValueError(tr("no DTSTART: nobody knows when it is"))
        series = self._series(start)
        if series is None and self._end(start) < self.now:
            return self._interaction(self._last(start)), "interaction"
        due = self._due(start) | (series or {})
        return {**self._common(), "kind": "meeting", **due}, "task"

    def _task(self, status: str) -> Raw:
        due = self._moment("DUE") or self._moment("DTSTART")
        raw = {**self._common(), "kind": self._kind(), "status": _STATUS.get(status, "")}
        done = self._moment("COMPLETED")
        if done or raw["status"] == "completed":
            done = done or self._moment("LAST-MODIFIED") or self._moment("DTSTAMP") or self.now
            raw |= {"status": "completed", "completed_at": stamp(self._instant(done))}
        priority = self._text("PRIORITY")
        if priority.isdigit() and int(priority) <= 9:
            raw["priority"] = int(priority)
        if due is None:
            return raw
        raw |= self._due(due)
        if raw["status"] != "completed":
            raw |= self._series(due) or {}
        return raw

    def _kind(self) -> str:
        found = self.component.get("CATEGORIES")
        words = [str(word) for word in getattr(found, "cats", [])]
        return next((word for word in words if self.is_ours and word in KINDS), "todo")

    def _common(self) -> Raw:
        """Give what a task has of any entry."""
        title = clean(self._text("SUMMARY"))[:LONGEST_TITLE]
        return {
            "title": title or tr("Untitled"),
            "body": self._body(),
            **self._identity(),
            "people": self._people(),
            "strangers": "without",
        }

    def _interaction(self, start: Moment) -> Raw:
        people = self._people()
        if not people:
            raise LeftOut(tr("names nobody but you"))
        length = self._length()
        return {
            "kind": "meeting",
            "occurred_at": stamp(self._instant(start)),
            "duration_seconds": int(length.total_seconds()) if length else None,
            "body": "\n\n".join(filter(None, (clean(self._text("SUMMARY")), self._body()))),
            **self._identity(),
            "people": people,
            "strangers": "skip",
        }

    def _identity(self) -> Raw:
        uid = self._text("UID")
        if self.is_ours:
            return {"uid": uid}
        if not uid:
            told = [self._text(name) for name in ("SUMMARY", "DTSTART", "DUE", "LOCATION")]
            uid = "sha256:" + hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()
        again = self._moment("RECURRENCE-ID")
        return {"external": ("ics", uid + (f" {again.isoformat()}" if again else ""))}

    def _people(self) -> list[dict[str, str]]:
        """Give organizer and attendees but oneself, by address; of our own tasks by name."""
        found: dict[str, str] = {}
        for name in ("ORGANIZER", "ATTENDEE"):
            for one in _all(self.component, name):
                address = re.sub(r"^mailto:", "", str(one).strip(), flags=re.IGNORECASE)
                label = str(getattr(one, "params", {}).get("CN", ""))
                if "@" in address and address.casefold() not in self.how.emails:
                    found[address.casefold()] = found.get(address.casefold()) or label
        people = [
            {"email": address, "name": name}
            if clean(name) and "@" not in name
            else {"email": address}
            for address, name in found.items()
        ]
        contact = self._text("CONTACT")
        return [*people, {"name": contact}] if contact and self.is_ours else people

    def _body(self) -> str:
        parts = [self._text("LOCATION"), self._text("DESCRIPTION")]
        body = "\n\n".join(filter(None, (part.strip() for part in parts)))
        return body[:LONGEST] + " …" if len(body) > LONGEST else body

    def _text(self, name: str) -> str:
        found = _all(self.component, name)
        if not found:
            return ""
        value = found[0]
        text = value if isinstance(value, str) else str(value.to_ical().decode("utf-8", "replace"))
        if str(getattr(value, "params", {}).get("ENCODING", "")).upper() == "QUOTED-PRINTABLE":
            data = quopri.decodestring(text.encode())
            return decoded(data, str(value.params.get("CHARSET", "")))
        return str(text)

    def _moment(self, name: str) -> Moment | None:
        value = _value(self.component, name)
        return value if isinstance(value, date) else None

    def _length(self) -> timedelta | None:
        """Give how long it takes, where that is said with times."""
        start, end = self._moment("DTSTART"), self._moment("DTEND")
        if isinstance(start, datetime) and isinstance(end, datetime):
            length = self._instant(end) - self._instant(start)
            return length if length > timedelta() else None
        given = _value(self.component, "DURATION")
        is_length = isinstance(given, timedelta) and given > timedelta()
        return given if is_length and isinstance(start, datetime) else None

    def _end(self, start: Moment) -> datetime:
        if isinstance(start, datetime):
            return self._instant(start) + (self._length() or timedelta())
        return self._instant(start + timedelta(days=1))

    def _instant(self, moment: Moment) -> datetime:
        """Give the instant of a moment; without a zone it is the user's."""
        wall = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
        return self.how.clock.instant(wall)

    def _due(self, moment: Moment) -> Raw:
        """Give day, time and zone of a moment as tasks have them."""
        if not isinstance(moment, datetime):
            return {"due_on": str(moment)}
        wall, name = _wall(moment, self.how.clock)
        return {"due_on": str(wall.date()), "due_time": wall.strftime("%H:%M"), "tz": name}

    # -- series

    def _series(self, start: Moment) -> Raw | None:
        """Give when a series comes next, and its rule if ours can say it; None without one."""
        rule = self._rule(start)
        if rule is None:
            return None
        wall = _wall(start, self.how.clock)[0] if isinstance(start, datetime) else start
        first = wall.date() if isinstance(wall, datetime) else wall
        today = self.how.clock.today()
        upcoming = next((day for day in rule.days(today) if day not in self._left_out()), None)
        if upcoming is None:
            return None
        told: Raw = {"due_on": str(upcoming)}
        if kept := rule.kept(today):
            return told | {"rrule": kept, "dtstart_on": str(first)}
        return told | {"is_once": True}

    def _last(self, start: Moment) -> Moment:
        """Give when a series was for the last time; of what is none its beginning."""
        rule = self._rule(start)
        day = rule.last(self.how.clock.today()) if rule else None
        if day is None:
            return start
        if isinstance(start, datetime):
            return start.replace(year=day.year, month=day.month, day=day.day)
        return day

    def _left_out(self) -> set[date]:
        """Give the days on which a series does not come."""
        found = set()
        for one in _all(self.component, "EXDATE"):
            for value in getattr(one, "dts", []):
                moment = value.dt
                is_timed = isinstance(moment, datetime)
                found.add(_wall(moment, self.how.clock)[0].date() if is_timed else moment)
        return found

    def _rule(self, start: Moment) -> "_Rule | None":
        found = _all(self.component, "RRULE")
        text = found[0].to_ical().decode() if found else ""
        parts = dict(part.partition("=")[::2] for part in text.split(";") if part)
        if parts.get("FREQ") not in _OFTEN or self.component.get("RECURRENCE-ID"):
            return None
        wall = _wall(start, self.how.clock)[0] if isinstance(start, datetime) else start
        return _Rule(text, wall.date() if isinstance(wall, datetime) else wall, parts)


@dataclass(slots=True)
class _Rule:
    """A rule of RFC 5545 by days.

    Args:
        text: as it stands in the file.
        start: its first day.
        parts: its parts by name.
    """

    text: str
    start: date
    parts: dict[str, str]

    def days(self, today: date) -> Iterator[date]:
        """Yield the days from today on."""
        return (day for day in self._days(today) if day >= today)

    def last(self, today: date) -> date | None:
        """Give the last day until today."""
        return max(takewhile(lambda day: day <= today, self._days(today)), default=None)

    def kept(self, today: date) -> str:
        """Give the rule as ours say it; "" when they cannot."""
        from crmcli.repeat import check_rule

        parts = dict(self.parts)
        if parts.pop("COUNT", None):
            parts["UNTIL"] = f"{max(self._days(today), default=self.start):%Y%m%d}"
        try:
            return check_rule(";".join(f"{key}={value}" for key, value in parts.items()))
        except CrmError:
            return ""

    def _days(self, today: date) -> Iterator[date]:
        """Yield all its days until a hundred years from now; none when it is broken."""
        from dateutil.rrule import rrulestr

        parts = {key: value for key, value in self.parts.items() if key not in _CLOCK_PARTS}
        every = parts.get("INTERVAL", "1")
        if not (every.isdecimal() and int(every)):  # dateutil would never leave the day
            return
        most = int(count) if (count := parts.pop("COUNT", "")).isdigit() else None
        until = f"{min(today.year + 100, 9999)}0101"
        parts["UNTIL"] = min(until, parts.get("UNTIL", until)[:8])
        text = ";".join(f"{key}={value}" for key, value in parts.items())
        try:
            rule: Any = rrulestr(text, dtstart=datetime.combine(self.start, time()))
        except (ValueError, KeyError, TypeError):
            return
        yield from (moment.date() for moment in islice(rule, most))


def _wall(moment: datetime, clock: Clock) -> tuple[datetime, str]:
    """Give the wall-clock time of a moment and the name of its zone: its own, else the user's."""
    name = getattr(moment.tzinfo, "key", None)
    if moment.tzinfo is None:
        return moment, clock.zone_name()
    if name and name != "UTC":
        return moment, str(name)
    return clock.local(moment.astimezone(UTC)), clock.zone_name()


def _all(component: "Component", name: str) -> list[Any]:
    """Give all values of a property."""
    found = component.get(name)
    return [] if found is None else found if isinstance(found, list) else [found]


def _value(component: "Component", name: str) -> Any:
    """Give the date, time or length of a property; None without one, or for a broken one."""
    found = _all(component, name)
    try:
        return found[0].dt if found else None
    except (ValueError, AttributeError):
        return None


def _cells(component: "Component", kind: str) -> dict[str, str]:
    """Give an entry by the names of the report; the properties that tell nothing are counted."""
    cells = dict.fromkeys(TARGETS, "")
    cells["Kind"] = kind
    others = 0
    for name in component:
        values = [_plain(value) for value in _all(component, name)]
        if name.upper() in TARGETS:
            cells[name.upper()] = "; ".join(values)
        else:
            others += len(values)
    cells["Other properties"] = str(others or "")
    return cells


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    try:
        return str(value.to_ical().decode("utf-8", "replace"))
    except (ValueError, AttributeError):
        return str(value)


def _learn_zone(text: str) -> None:
    """Let icalendar know a time zone that the file defines."""
    from icalendar import Calendar

    try:
        Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n")
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, OverflowError):
        return  # its times count as the user's


def _blocks(source: Source) -> Iterator[tuple[int, str]]:
    """Yield each entry and time zone with its line, and the line of the PRODID.

    An entry that is too long or has no end is empty.
    """
    kept: list[str] = []
    inside, begin, size = "", 0, 0
    for number, line in enumerate(source.lines(), 1):
        bare = line.strip()
        word = bare.upper()
        if not inside and word.startswith("PRODID"):
            yield number, "PRODID" + bare[6:]
        if not inside and word.startswith("BEGIN:V") and word[6:] in (*_KINDS, "VTIMEZONE"):
            inside, begin, kept, size = word[6:], number, [], 0
        if not inside:
            continue
        size += len(line)
        if kept and _SOFT.search(kept[-1]):  # of vCalendar 1.0: the value goes on
            kept[-1] = kept[-1][:-1] + bare
        elif bare and size < MOST:
            kept.append(word if word.startswith(("BEGIN:", "END:")) else line.rstrip("\r\n"))
        if word == f"END:{inside}":
            yield begin, "\r\n".join(kept) + "\r\n" if size < MOST else ""
            inside = ""
    if inside:
        yield begin, ""
