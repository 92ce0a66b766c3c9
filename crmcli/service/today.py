"""The day: what is due, in which sections, and how a line and the whole are told."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.store.due import hidden_count, longest_due, paused_count
from crmcli.store.item import Item
from crmcli.store.touch import day_items
from crmcli.store.touch import pulses as read_pulses
from crmcli.store.touch import radar as read_radar
from crmcli.text import fold

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

HEADINGS = {
    "overdue": mark("Overdue"),
    "today": mark("Today"),
    "keep_in_touch": mark("Keep in touch"),
    "waiting": mark("Waiting on them"),
    "reply": mark("They wrote last"),
    "nudge": mark("No answer yet"),
    "no_step": mark("Deals without a next step"),
    "rotting": mark("Deals that rot"),
    "date": mark("Dates"),
    "tomorrow": mark("Tomorrow"),
    "upcoming": mark("This week"),
    "suggestion": mark("Suggestions: nobody is waiting, but it has been long"),
}
LETTERS = ("reply", "nudge")
MOST_LETTERS = 5
MOST_DEALS = 5
PREFIXES = {"promise": mark("I owe: {title}"), "waiting": mark("they owe: {title}")}


def limits(crm: Context) -> dict[str, int]:
    """Give after how many days letters are told of, as configured."""
    return {key: crm.days(key) for key in ("reply_days", "nudge_days", "radar_days")}


def items(
    crm: Context, owner: str | None = None, *, week: bool = False, deals: int = MOST_DEALS
) -> list[Item]:
    """Give the day, all owners' or one's, in the order of HEADINGS.

    Args:
        crm: the run.
        owner: whose; None for everybody's.
        week: look to the end of the week.
        deals: at most so many of each section of deals; -1 for all.
    """
    lead = crm.days("date_lead_days")
    until = week_end(crm) if week else None
    rules = {"lead_days": lead, **limits(crm)}
    return day_items(crm.store.reader, crm.clock, **rules, owner=owner, until=until, deals=deals)


def week_end(crm: Context) -> date:
    """Give the last day of this week: `eow` of the date grammar."""
    from crmcli import dates

    return dates.parse("eow", crm.clock.local_now(), forward=True, **crm.dates).on


def first(crm: Context, owner: str | None, most: int) -> list[Item]:
    """Give the first lines of the day, to be shown while the rest is read."""
    return longest_due(crm.store.reader, crm.clock, most, owner)


def matching(
    crm: Context, items: Sequence[Item], tree: "Node | None", text: str
) -> tuple[list[Item], tuple[str, ...]]:
    """Give the items about people whom a filter of contacts selects, or that hold what was typed.

    Args:
        crm: the run.
        items: of the day.
        tree: the filter; None selects all.
        text: the filter as it was typed.

    Returns:
        The items, and sentences about tags and people in the filter that there are not.

    Raises:
        UsageError: the filter is wrong.
    """
    if tree is None:
        return list(items), ()
    from crmcli.service import filter as filters
    from crmcli.store.rows import among

    people = {int(item.who_id[1:]) for item in items if item.who_id[:1] == "c"}
    chosen = filters.condition(crm, "contact", tree, page=True)
    wanted = {f"c{id}" for id in among(crm.store.reader, "contact", people, chosen.where)}
    needle = fold(text)
    found = [
        item
        for item in items
        if item.who_id in wanted or needle in fold(f"{item.title} {item.who_name}")
    ]
    return found, tuple(chosen.unknown)


def radar(crm: Context, owner: str | None = None) -> list[Item]:
    """Give the letters without an answer under the configured thresholds."""
    return read_radar(crm.store.reader, crm.clock, **limits(crm), owner=owner)


def pulses(crm: Context, items: Sequence[Item]) -> dict[str, list[int]]:
    """Give the pulse of every person on the page, by reference."""
    ids = [int(item.who_id[1:]) for item in items if item.who_id.startswith("c")]
    found = read_pulses(crm.store.reader, crm.clock, ids)
    return {f"c{id}": counts for id, counts in found.items()}


def heading(crm: Context, day: date) -> str:
    """Give the day in words: `Mon 23 Nov 2026`."""
    from crmcli.dates import When

    return crm.describe(When(day)).partition(" (")[0]


def figures(items: Sequence[Item]) -> str:
    """Give the day's figures: `2 overdue, 1 today, 3 to keep in touch`."""
    counts = Counter(item.section for item in items)
    said = {
        "overdue": trn("{count} overdue", "{count} overdue", counts["overdue"]),
        "today": trn("{count} today", "{count} today", counts["today"]),
        "keep_in_touch": trn(
            "{count} to keep in touch", "{count} to keep in touch", counts["keep_in_touch"]
        ),
        "waiting": trn("{count} waiting", "{count} waiting", counts["waiting"]),
        "reply": trn("{count} to answer", "{count} to answer", counts["reply"]),
    }
    always = ("overdue", "today")
    return ", ".join(text for name, text in said.items() if name in always or counts[name])


def said(crm: Context, item: Item, day: date | None = None) -> tuple[str, str]:
    """Give what a line is about, and the time or how late it is (seen from `day`, else today)."""
    day = day or crm.clock.today()
    when = item.due_time or ""
    if item.late and item.section != "keep_in_touch":
        is_today = item.due_on >= day
        when = tr("since {time}", time=item.due_time) if is_today else item.age(day)
    elif item.section in ("date", "upcoming"):
        when = item.age(day)
    title = item.title
    if item.kind in PREFIXES:
        title = tr(PREFIXES[item.kind], title=title)
    return title, when


def footer(crm: Context, day: date, owner: str | None) -> str:
    """Say what is hidden: snoozed tasks and paused people."""
    hidden = hidden_count(crm.store.reader, day, until=day, owner=owner)
    paused = paused_count(crm.store.reader, day, owner)
    snoozed = "crm task list --snoozed"
    parts = [trn("{count} snoozed", "{count} snoozed", hidden) + f": {snoozed}"] if hidden else []
    resting = "crm contact list paused.after:today"
    parts += [trn("{count} paused", "{count} paused", paused) + f": {resting}"] if paused else []
    return "; ".join(parts)
