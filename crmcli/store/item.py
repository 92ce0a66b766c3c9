"""One thing that is due, and how it is said: to people in their language, to machines in English.

Light: the hot calls stand on it. Output for machines says it through `i18n.in_english`; the hot
calls have no catalogue at all.
"""

from datetime import date, timedelta

from crmcli.i18n import mark, tr, trn
from crmcli.rules.cadence import QUIET_DAYS, health, share, state

SECTIONS = (
    *("overdue", "today", "keep_in_touch", "waiting", "reply", "nudge", "no_step", "rotting"),
    *("date", "tomorrow", "upcoming", "suggestion"),
)
Who = tuple[str, str, str]  # reference, handle, name
COUNTED = ("reply", "nudge", "suggestion")  # sections whose title tells a number
DEALS = ("no_step", "rotting")
# Stored words that are said; these make the catalogues know them.
WORDS = (
    *(mark("ok"), mark("due"), mark("cold"), mark("own"), mark("default")),
    *(mark("added"), mark("last touch"), mark("bumped"), mark("birthday"), mark("anniversary")),
)


class Item:
    """One thing that is due: a task, a person to keep in touch with, a birthday.

    A plain class: `dataclasses` alone would cost a third of what a hot call may.

    Args:
        section: one of SECTIONS.
        id: the reference, `t9`, `c12` or `d7`.
        kind: the task's, `keep_in_touch`, the section of a deal, or that of the date.
        due_on: when it is or was due.
        due_time: the wall-clock time of a task.
        subject: what a task is about, in the user's own words; a deal and its stage.
        who: with whom.
        shown_on: the day from which it is listed; later than `due_on` after a pause.
        late: whether it is overdue.
        touch: of keep in touch: the arithmetic behind it.
        tz: the zone of `due_time`.
        is_leap_day: it is 29 February's.
        count: the number that the title tells: days since a letter, a touch or anything happened
            on a deal, or years.
    """

    __slots__ = (
        "count",
        "due_on",
        "due_time",
        "id",
        "is_leap_day",
        "kind",
        "late",
        "section",
        "shown_on",
        "subject",
        "touch",
        "tz",
        "who",
        "who_id",
        "who_name",
    )

    def __init__(
        self,
        section: str,
        id: str,
        kind: str,
        due_on: date,
        due_time: str | None,
        subject: str,
        who: Who | None,
        *,
        shown_on: date | None = None,
        late: bool = False,
        touch: "Touch | None" = None,
        count: int | None = None,
        tz: str | None = None,
        is_leap_day: bool = False,
    ) -> None:
        self.section = section
        self.id = id
        self.kind = kind
        self.due_on = due_on
        self.due_time = due_time
        self.subject = subject
        self.who = who
        self.who_id = who[0] if who else ""
        self.who_name = who[2] if who else ""
        self.shown_on = shown_on or due_on
        self.late = late
        self.touch = touch
        self.count = count
        self.tz = tz
        self.is_leap_day = is_leap_day

    def due(self) -> str:
        """Give the due date, with the time if there is one, as `2026-11-23 15:30`."""
        return f"{self.due_on} {self.due_time}" if self.due_time else str(self.due_on)

    @property
    def title(self) -> str:
        """Say what it is about."""
        if self.touch:
            said = self.touch.title()
            is_ahead = self.section != "keep_in_touch"
            return tr("keep in touch: {title}", title=said) if is_ahead else said
        if self.section in COUNTED:
            return _counted(self.section, self.count)
        if self.section in DEALS:
            return _deal(self.section, self.subject, self.count or 0)
        return _yearly(self.kind, self.count) if self.section == "date" else self.subject

    def age(self, today: date) -> str:
        """Say how far the date is from `today`: `3 days late`, `today`, `in 2 days`."""
        days = (self.due_on - today).days
        if days == 0:
            return tr("today")
        if days > 0:
            return trn("in {count} day", "in {count} days", days)
        return trn("{count} day late", "{count} days late", -days)

    def why(self, today: date) -> str:
        """Say which arithmetic listed it."""
        if self.touch:
            return self.touch.why()
        if self.section == "suggestion":
            return tr(
                "no touch for {days} days, no cadence, no follow-up, no letter", days=QUIET_DAYS
            )
        if self.section in DEALS:
            return _deal_why(self, today)
        if self.section in COUNTED and self.count is not None:
            day = today - timedelta(days=self.count)
            return tr(
                "last letter {day}; told after {days} days ({key})",
                day=day,
                days=(self.due_on - day).days,
                key=f"{self.section}_days",
            )
        parts = [tr("due {date}", date=self.due()), self.age(today)]
        if self.shown_on > self.due_on:
            parts.append(tr("hidden until {date}", date=self.shown_on))
        return ", ".join(parts)


class Touch:
    """Where keeping in touch with one person stands (formulas 4.19).

    Args:
        since: the day the cadence counts from: of the last touch, the bump or the first day.
        basis: what `since` is the day of.
        days: the cadence.
        max_days: after so many days they are cold; None for 1.5 cadences.
        source: own, +tag or default.
        today: the day it is seen from.
        paused_until: not listed before.
    """

    __slots__ = ("ago", "basis", "days", "max_days", "paused_until", "since", "source")

    def __init__(
        self,
        since: date,
        basis: str,
        days: int,
        max_days: int | None,
        source: str,
        today: date,
        paused_until: str | None,
    ) -> None:
        self.since = since
        self.basis = basis
        self.days = days
        self.max_days = max_days
        self.source = source
        self.ago = (today - since).days
        self.paused_until = paused_until

    @property
    def next_on(self) -> date:
        """Give the day from which the person is listed."""
        return self.since + timedelta(days=self.days)

    @property
    def share(self) -> float:
        """Give r: how much of the cadence is over."""
        return share(self.ago, self.days)

    @property
    def state(self) -> str:
        """Give ok, due or cold."""
        return state(self.ago, self.days, self.max_days)

    def json(self) -> dict[str, object]:
        """Give it under its names in JSON."""
        return {
            "state": self.state,
            "next_touch": str(self.next_on),
            "days": self.days,
            "max_days": self.max_days,
            "source": self.source,
            "since": str(self.since),
            "basis": self.basis,
            "ago": self.ago,
            "share": round(self.share, 2),
            "health": health(self.ago, self.days),
            "paused_until": self.paused_until,
        }

    def title(self) -> str:
        """Say the state by word and number: `due, 42 of 28 days`."""
        return stand(self.state, self.ago, self.days)

    def why(self) -> str:
        """Say the arithmetic, so that a user can check it in the head."""
        source = tr(self.source)
        if self.max_days:
            source += ", " + tr("cold after {days}", days=self.max_days)
        told = tr(
            "{basis} {since}, {ago} days ago; cadence {days} days ({source});"
            " {ago}/{days} = {share:.2f}, {state}, health {health}",
            basis=tr(self.basis),
            since=self.since,
            ago=self.ago,
            days=self.days,
            source=source,
            share=self.share,
            state=tr(self.state),
            health=health(self.ago, self.days),
        )
        if not self.paused_until:
            return told
        return told + ", " + tr("paused until {date}", date=self.paused_until)


def stand(state: str, ago: int, days: int) -> str:
    """Say where keeping in touch stands: `due, 42 of 28 days`."""
    said = {"state": tr(state), "ago": ago}
    return trn("{state}, {ago} of {count} day", "{state}, {ago} of {count} days", days, **said)


def _counted(section: str, count: int | None) -> str:
    """Say since when somebody waits for a letter, or was not in touch."""
    if count is None:
        return tr("never in touch")
    if section == "reply":
        return trn("they wrote {count} day ago: reply", "they wrote {count} days ago: reply", count)
    if section == "nudge":
        return trn("no answer for {count} day: nudge", "no answer for {count} days: nudge", count)
    return trn("last touch {count} day ago", "last touch {count} days ago", count)


def _yearly(kind: str, years: int | None) -> str:
    if years is None:
        return tr(kind)
    return trn("{kind} ({count} year)", "{kind} ({count} years)", years, kind=tr(kind))


def _deal(section: str, deal: str, days: int) -> str:
    """Say what is wrong with a deal, by a sign and in words."""
    if section == "no_step":
        return tr("! no next step: {deal}", deal=deal)
    return trn(
        "! rots, nothing for {count} day: {deal}",
        "! rots, nothing for {count} days: {deal}",
        days,
        deal=deal,
    )


def _deal_why(item: Item, today: date) -> str:
    """Say why a deal is listed (formulas 4.9)."""
    if item.section == "no_step":
        return tr("open, and no task on it is open")
    idle = item.count or 0
    return tr(
        "idle for {idle} days, its stage allows {limit}; no task on it is due today or later",
        idle=idle,
        limit=idle - (today - item.due_on).days,
    )
