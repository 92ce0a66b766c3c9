"""Tasks as a list with headings: by when they are due, for whom, of which kind, or whose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.service import filter as filters
from crmcli.service.card import KINDS, day_words
from crmcli.service.today import PREFIXES
from crmcli.store import task as store
from crmcli.store.rows import ALL, Where
from crmcli.store.task import Parted, Parts, Task

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

BY = {
    "due": mark("by due date"),
    "person": mark("by person"),
    "kind": mark("by kind"),
    "owner": mark("by owner"),
    "stage": mark("by stage of the deal"),
}
WHEN = (
    mark("Overdue"),
    mark("Today"),
    mark("Tomorrow"),
    mark("This week"),
    mark("Next week"),
    mark("Later"),
    mark("No date"),
)
OVERDUE, TODAY = 0, 1
FIRST = 128  # tasks that are there at once
MOST_DONE = 5_000  # done tasks that are listed, the latest
Part = int | str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be listed.

    Args:
        state: open (and not snoozed), snoozed, or done.
        by: a key of BY.
        mine: only my own.
        day: only what is due on this day.
        tree: a filter; when it asks for a status, `state` says nothing.
    """

    state: str = "open"
    by: str = "due"
    mine: bool = False
    day: date | None = None
    tree: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Found:
    """A list as ids under its headings.

    Args:
        parts: the ids, what each stands under, and whom it is for.
        headings: the parts in order, and how many tasks stand under each.
        is_whole: whether this is the whole list, not its beginning.
        unknown: sentences about tags and people in the filter that there are not.
    """

    parts: Parts
    headings: list[tuple[Part, int]]
    is_whole: bool
    unknown: Sequence[str]


def read(crm: Context, wish: Wish) -> Iterator[Found]:
    """Give a list; of a long one that is in the order of an index, its beginning at once.

    Raises:
        UsageError: the filter is wrong.
    """
    chosen = filters.condition(crm, "task", wish.tree)
    asked = _asked(crm, wish, chosen.where)
    if asked.by == "due" and asked.state == "open" and not chosen.unknown:
        beginning = store.parted(crm.store.reader, asked, FIRST)
        is_whole = len(beginning.ids) < FIRST
        yield Found(beginning, _runs(beginning), is_whole, chosen.unknown)
        if is_whole:
            return
    limit = MOST_DONE if asked.state == "done" else ALL
    found = store.parted(crm.store.reader, asked, limit)
    yield Found(found, _runs(found), True, chosen.unknown)


def per_day(crm: Context, wish: Wish, first: date, last: date) -> dict[str, int]:
    """Give how many of the tasks are due on each day between two, whatever day is chosen."""
    where = filters.condition(crm, "task", wish.tree).where
    asked = _asked(crm, replace(wish, day=None), where)
    return store.per_day(crm.store.reader, asked, str(first), str(last))


def _asked(crm: Context, wish: Wish, where: Where | None) -> Parted:
    is_told = filters.mentions(crm, wish.tree, "status")
    state = "" if is_told else wish.state
    return Parted(
        days=_days(crm),
        state=state,
        by="completed" if state == "done" and wish.by == "due" else wish.by,
        owner=crm.config.actor() if wish.mine else None,
        day=str(wish.day) if wish.day else None,
        where=where,
    )


def _days(crm: Context) -> dict[str, str]:
    today = crm.clock.today()
    end = week_of(crm, today) + timedelta(6)
    days = {
        "today": today,
        "tomorrow": today + timedelta(1),
        "week": end,
        "next_week": end + timedelta(7),
    }
    return {name: str(day) for name, day in days.items()}


def week_of(crm: Context, day: date) -> date:
    """Give the first day of the week of a day, as configured."""
    return day - timedelta((day.weekday() - crm.dates["week_start"]) % 7)


def _runs(found: Parts) -> list[tuple[Part, int]]:
    """Give the parts in order, and how many tasks stand under each."""
    return [(part, sum(1 for _ in some)) for part, some in groupby(found.parts)]


def heading(crm: Context, wish: Wish, part: Part, who: str | None) -> str:
    """Give what a part is called.

    Args:
        crm: the run.
        wish: what is listed.
        part: a key of the list.
        who: whom its first task is for; None while that is being read.
    """
    if wish.by == "person":
        return (who or tr("For nobody")) if who is not None else "…"
    if isinstance(part, int):
        return tr(WHEN[part])
    if wish.by == "kind":
        return tr(KINDS[part])
    if wish.by == "stage":
        return part or tr("No deal")
    if wish.by == "owner":
        return part or tr("Nobody's")
    return day_words(crm, part) if part else tr("No date")


def who(task: Task) -> str:
    """Give whom a task is for; "" for nobody."""
    return task.contact_name or task.org_name or ""


def line(crm: Context, wish: Wish, task: Task, today: date) -> tuple[str, ...]:
    """Give a task as whom it is for (if no heading says it), what is to be done, and when."""
    said = (_title(task), when(crm, task, today))
    return said if wish.by == "person" else (who(task), *said)


def is_late(task: Task, today: date) -> bool:
    """Tell whether an open task is overdue."""
    return task.is_open and bool(task.due_on) and str(task.due_on) < str(today)


def _title(task: Task) -> str:
    title = f"!{task.priority} {task.title}" if task.priority else task.title
    if task.kind in PREFIXES:
        title = tr(PREFIXES[task.kind], title=title)
    elif task.kind not in ("follow_up", "todo"):
        title = f"{tr(KINDS[task.kind])}: {title}"
    if task.rrule:
        from crmcli.repeat import describe

        title = f"{title} ({describe(task.rrule)})"
    return title


def when(crm: Context, task: Task, today: date) -> str:
    """Say when a task is due: how late it is, the time of today, else the day."""
    from crmcli.dates import WEEKDAYS_SAID, say_day

    if task.status == "completed":
        return tr("done {date}", date=crm.clock.wall(task.completed_at)[:10])
    if not task.is_open:
        return tr("cancelled")
    if task.hidden_until_on and task.hidden_until_on > str(today):
        return tr("snoozed until {date}", date=task.hidden_until_on)
    if not task.due_on:
        return ""
    on = date.fromisoformat(task.due_on)
    late = (today - on).days
    if late > 0:
        return trn("{count} day late", "{count} days late", late)
    named = {0: tr("today"), -1: tr("tomorrow")}
    far = say_day(on, with_year=on.year != today.year)
    day = named.get(late, f"{tr(WEEKDAYS_SAID[on.weekday()])} {far}")
    return f"{day} {task.due_time}" if task.due_time else day


def day_said(crm: Context, day: date) -> str:
    """Say a day: `Mon 23 Nov 2026 (today)`."""
    return day_words(crm, str(day))


def figures(wish: Wish, found: Parts) -> str:
    """Give the figures of a list: `12 overdue, 3 today, 140 open`."""
    count = len(found.ids)
    if not count:
        return ""
    if wish.state == "snoozed":
        return trn("{count} snoozed", "{count} snoozed", count)
    if wish.state == "done":
        shown = trn("{count} done", "{count} done", count)
        return tr("the last {count} done", count=count) if count == MOST_DONE else shown
    said = [trn("{count} open", "{count} open", count)]
    if wish.by == "due" and not wish.day:
        late, now = found.parts.count(OVERDUE), found.parts.count(TODAY)
        said.insert(0, trn("{count} today", "{count} today", now))
        said.insert(0, trn("{count} overdue", "{count} overdue", late))
    return ", ".join(said)
