"""The rows of a card: facts, open tasks under their headings, and what can be filled in."""

from collections.abc import Iterator

from crmcli.i18n import tr
from crmcli.service.fact.one import Fact
from crmcli.store.search import key_of
from crmcli.tui.card.whole import WITH_TASKS, Whole
from crmcli.tui.widgets.card import NO_STEP
from crmcli.tui.widgets.flow import Entry
from crmcli.tui.widgets.rows import Row


def fact_rows(whole: Whole, typed: Fact | None = None, at: int | None = None) -> Iterator[Row]:
    """Give the rows of a record.

    Args:
        whole: the record.
        typed: the fact that is being typed over; it keeps its row even if somebody removed it.
        at: where its row stands by now.
    """
    empty = [one for one in whole.facts if not one.text]
    for one in _with_typed(_known(whole), empty, typed, at):
        yield Entry(one.name, (one.label, one.text), link=one.link)
    yield from _task_rows(whole)
    if whole.deals or whole.ended:
        yield Row(None, (tr("Deals"),))
        yield from (Row(key_of(ref), (where, about)) for ref, where, about in whole.deals)
    if whole.ended:
        yield Entry(("ended", ""), (tr("so far"), whole.ended))
    if whole.stays:
        yield Row(None, (tr("Stages"),))
        yield from (Entry(("stay", str(at)), stay) for at, stay in enumerate(whole.stays))
    if empty:
        yield Row(None, (tr("To fill in"),))
        yield from (Row(one.name, (f"+ {one.label}", ""), "quiet") for one in empty)


def _known(whole: Whole) -> list[Fact]:
    """Give the facts that hold something; the text of an interaction stands in the other pane."""
    is_beside = whole.text is not None
    return [one for one in whole.facts if one.text and not (is_beside and one.name[0] == "body")]


def _with_typed(
    known: list[Fact], empty: list[Fact], typed: Fact | None, at: int | None
) -> list[Fact]:
    """Give the facts with the one that is being typed over, should it not be among them."""
    if typed is None or any(one.name == typed.name for one in (*known, *empty)):
        return known
    at = len(known) if at is None else at
    return [*known[:at], typed, *known[at:]]


def _task_rows(whole: Whole) -> Iterator[Row]:
    for heading, tasks in whole.groups:
        yield Row(None, (heading,))
        for task in tasks:
            yield Row(key_of(task.ref), (task.due, task.title), "late" if task.late else "")
    if not whole.groups and whole.key[0] in WITH_TASKS:
        yield Row(None, (tr(NO_STEP),), "quiet")
