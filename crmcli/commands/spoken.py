"""What the store tells machines in English, told to people in their language."""

from datetime import date, timedelta
from typing import Any

from crmcli.i18n import mark, tr, trn
from crmcli.rules.cadence import health
from crmcli.store.due import Item, Touch
from crmcli.store.touch import QUIET_DAYS

STATES = (mark("ok"), mark("due"), mark("cold"))
SOURCES = (mark("own"), mark("default"))
BASES = (mark("added"), mark("last touch"), mark("bumped"))
DATES = (mark("birthday"), mark("anniversary"))


def title(item: Item) -> str:
    """Say what an item is about; the title of a task is the user's own."""
    if item.touch:
        said = state(item.touch.json())
        is_ahead = item.section != "keep_in_touch"
        return tr("keep in touch: {title}", title=said) if is_ahead else said
    if item.section == "date":
        return _yearly(item.kind, item.count)
    if item.section not in ("reply", "nudge", "suggestion"):
        return item.title
    if item.count is None:
        return tr("never in touch")
    return {
        "reply": trn(
            "they wrote {count} day ago: reply", "they wrote {count} days ago: reply", item.count
        ),
        "nudge": trn(
            "no answer for {count} day: nudge", "no answer for {count} days: nudge", item.count
        ),
        "suggestion": trn("last touch {count} day ago", "last touch {count} days ago", item.count),
    }[item.section]


def state(touch: dict[str, Any]) -> str:
    """Say the state of keeping in touch by word and number: `due, 42 of 28 days`.

    Args:
        touch: by its names in JSON.
    """
    name = touch["state"]
    return trn(
        "{state}, {ago} of {count} day",
        "{state}, {ago} of {count} days",
        touch["days"],
        state=tr(name),
        ago=touch["ago"],
    )


def age(item: Item, today: date) -> str:
    """Say how far the date is from `today`: `3 days late`, `today`, `in 2 days`."""
    days = (item.due_on - today).days
    if days == 0:
        return tr("today")
    if days > 0:
        return trn("in {count} day", "in {count} days", days)
    return trn("{count} day late", "{count} days late", -days)


def why(item: Item, today: date) -> str:
    """Say which arithmetic listed an item."""
    if item.touch:
        return arithmetic(item.touch)
    if item.section == "suggestion":
        return tr("no touch for {days} days, no cadence, no follow-up, no letter", days=QUIET_DAYS)
    if item.section in ("reply", "nudge") and item.count is not None:
        day = today - timedelta(days=item.count)
        return tr(
            "last letter {day}; told after {days} days ({key})",
            day=day,
            days=(item.due_on - day).days,
            key=f"{item.section}_days",
        )
    parts = [tr("due {date}", date=item.due()), age(item, today)]
    is_hidden = item.shown_on > item.due_on
    parts += [tr("hidden until {date}", date=item.shown_on)] if is_hidden else []
    return ", ".join(parts)


def _yearly(kind: str, years: int | None) -> str:
    if years is None:
        return tr(kind)
    return trn("{kind} ({count} year)", "{kind} ({count} years)", years, kind=tr(kind))


def arithmetic(touch: Touch) -> str:
    """Say the arithmetic of a cadence, so that a user can check it in the head."""
    source = tr(touch.source)
    if touch.max_days:
        source += ", " + tr("cold after {days}", days=touch.max_days)
    told = tr(
        "{basis} {since}, {ago} days ago; cadence {days} days ({source});"
        " {ago}/{days} = {share:.2f}, {state}, health {health}",
        basis=tr(touch.basis),
        since=touch.since,
        ago=touch.ago,
        days=touch.days,
        source=source,
        share=touch.share,
        state=tr(touch.state),
        health=health(touch.ago, touch.days),
    )
    if not touch.paused_until:
        return told
    return told + ", " + tr("paused until {date}", date=touch.paused_until)
