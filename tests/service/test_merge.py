"""Merging as the command line and the full screen call it."""

import pytest

from crmcli.errors import ConflictError, UsageError
from crmcli.service import changes, contact, merge
from crmcli.store.contact import get_contact


@pytest.fixture
def kos(crm, ana) -> int:
    """Ana Kos, c2, who is Ana Novak."""
    raw = {"name": "Ana Kos", "emails": ["ana@kos.si"], "org": "Beta", "custom": {"tea": "black"}}
    return contact.add(crm, [raw], force=True).value[0]


def test_side_by_side(crm, ana, kos):
    pairs = {pair.field: pair for pair in merge.compare(crm, "contact", 1, kos)}
    name = pairs["name"]
    assert (name.label, name.a, name.b, name.result) == (
        *("Name", "Ana Novak", "Ana Kos", "Ana Novak"),
    )
    assert (name.kept, name.choices) == ("A", ("A", "B"))
    assert (pairs["nickname"].a, pairs["nickname"].result) == ("", "Ana Kos")
    tea = pairs["custom.tea"]
    assert (tea.label, tea.a, tea.b, tea.choices) == ("tea", "", "black", ())


def test_what_is_compared_is_what_is_merged(crm, ana, kos):
    keep = {"name": "b", "org": "B", "email": "B"}
    compared = merge.compare(crm, "contact", 1, kos, keep)
    dry = merge.merge(crm, "contact", 1, [kos], keep, dry_run=True)
    assert dry.group_id is None
    assert get_contact(crm.store.reader, 1).name == "Ana Novak"
    done = merge.merge(crm, "contact", 1, [kos], keep)
    assert compared == dry.steps[0].pairs == done.steps[0].pairs
    assert done.group_id is not None
    assert done.changes.ids["contact"] == {1, kos}
    one = get_contact(crm.store.reader, 1)
    results = {pair.field: pair.result for pair in compared}
    assert (one.name, one.org) == (results["name"], results["org"]) == ("Ana Kos", "Beta")
    assert ", ".join(way.value for way in one.channels) == results["emails"]


def test_letters_for_several(crm, ana, kos):
    third = contact.add(crm, [{"name": "Third", "note": "3", "language": "de"}], force=True).value[
        0
    ]
    done = merge.merge(crm, "contact", 1, [kos, third], {"name": "C", "note": "both"})
    assert [step.id for step in done.steps] == [kos, third]
    one = get_contact(crm.store.reader, 1)
    assert (one.name, one.parts["nickname"]) == ("Third", "Ana Kos")
    assert one.note == "3\nname: Ana Novak"


def test_all_or_nothing(crm, ana, kos):
    with pytest.raises(ConflictError):
        merge.merge(crm, "contact", 1, [kos, 1])
    assert get_contact(crm.store.reader, kos).archived_at is None


def test_too_many_and_too_few(crm, ana):
    for ids in ([], list(range(2, 40))):
        with pytest.raises(UsageError, match="name 2 to 26 records"):
            merge.merge(crm, "contact", 1, ids)


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({"interaction_contact": 2, "task": 1, "tagging": 4}, "2 interactions, 1 task"),
        ({"employment": 1, "relationship": 2}, "1 job, 2 relations"),
        ({}, ""),
    ],
)
def test_what_moves_in_words(moved, said):
    assert merge.moved_words(moved) == said


def test_the_history_says_who_became_whom(crm, ana, kos):
    done = merge.merge(crm, "contact", 1, [kos])
    blocks = changes.read(crm, done.group_id).blocks
    assert ("Ana Kos", "merged into c1") in [(block.name, block.verb) for block in blocks]
    said = [text for block in blocks for _, text in block.lines]
    assert "ana@kos.si, For: Ana Kos → Ana Novak" in said


def test_a_card_that_was_open_says_where_it_went(crm, ana, kos):
    from crmcli.service.fact.stored import Gone, require_living

    merge.merge(crm, "contact", 1, [kos])
    with pytest.raises(Gone, match="c2 was merged into c1"):
        require_living(crm.store.reader, ("contact", kos))
