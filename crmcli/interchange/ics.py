"""iCalendar files (RFC 5545): a feed of what is due, for any calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from crmcli.text import masked

if TYPE_CHECKING:
    from icalendar import Component

LENGTH = timedelta(minutes=30)  # of something with a time; nobody says how long it takes
# The last of 28 and 29 February, whichever the year has.
LEAP_DAY = {"freq": "yearly", "bymonth": 2, "bymonthday": [28, 29], "bysetpos": -1}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar.

    Args:
        uid: the same for the same thing in every feed.
        changed_at: when the record behind it last changed, an aware instant.
        title: one line.
        on: the day.
        at: the instant it begins; None for the whole day.
        note: more about it.
        yearly: comes again each year.
        leap_day: it is 29 February's, kept on the 28th in most years.
    """

    uid: str
    changed_at: datetime
    title: str
    on: date
    at: datetime | None = None
    note: str = ""
    yearly: bool = False
    leap_day: bool = False


def calendar(events: Iterable[Event]) -> bytes:
    """Give the iCalendar file of `events`; the same events give the same bytes."""
    from icalendar import Calendar

    feed = Calendar()
    feed.add("prodid", "-//crm//follow-ups//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "crm")
    for event in events:
        feed.add_component(_component(event))
    ics: bytes = feed.to_ical()
    return ics


def _component(event: Event) -> "Component":
    from icalendar import Event as Entry

    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", event.changed_at)
    entry.add("summary", masked(event.title))
    if event.at:
        entry.add("dtstart", event.at)
        entry.add("dtend", event.at + LENGTH)
    else:
        entry.add("dtstart", event.on)
    if event.note:
        entry.add("description", masked(event.note))
    if event.yearly:
        entry.add("rrule", LEAP_DAY if event.leap_day else {"freq": "yearly"})
    return entry
