"""Lists for a screen: ids in parts, cells, columns, sorts."""

import pytest

from crmcli.errors import UsageError
from crmcli.rules.filter import parse
from crmcli.service import contact, page


@pytest.fixture
def nine(crm):
    """Nine people, c1 to c9, whose names are in the order of their ids."""
    people = [{"name": f"P{number}", "tags": ["odd"] * (number % 2)} for number in range(1, 10)]
    return contact.add(crm, people).value


def parts(crm, text="", sort="", first=0):
    tree = parse(text) if text else None
    found = page.ids(crm, "contact", tree, sort, first=first)
    return [(list(one.ids), one.is_whole) for one in found]


def test_ids_come_in_parts(crm, nine, monkeypatch):
    assert parts(crm) == [(nine, True)]
    assert parts(crm, first=3) == [(nine[:3], False), (nine, True)]
    assert parts(crm, first=20) == [(nine, True)]
    monkeypatch.setattr(page, "SOON", 5)
    assert parts(crm, first=3) == [(nine[:3], False), (nine[:5], False), (nine, True)]
    assert parts(crm, "+odd", "-name", first=3) == [
        ([9, 7, 5], False),
        ([9, 7, 5, 3, 1], False),
        ([9, 7, 5, 3, 1], True),
    ]


def test_what_there_is_not_is_told(crm, nine):
    (found,) = page.ids(crm, "contact", parse("+even"), "", first=3)
    assert (list(found.ids), found.is_whole) == ([], True)
    assert found.unknown == ("there is no tag even; one of odd",)
    with pytest.raises(UsageError, match="cannot sort by 'size'"):
        parts(crm, sort="size")


def test_cells_are_as_in_a_table(crm, run):
    run(
        "contact",
        "add",
        "Ana",
        "-p",
        "040 123 456",
        "-t",
        "vip",
        "-t",
        "fair",
        "--set",
        "tea=green",
    )
    run("log", "call", "c1", "hello", "--at", "2026-11-20 10:00")
    names = ("id", "name", "phone", "tags", "last_touch", "tea", "pulse")
    columns = page.columns(crm, "contact", names)
    ((cells),) = page.cells(crm, "contact", columns, [1, 99]).values()
    assert cells[:6] == ("c1", "Ana", "040 123 456", "vip; fair", "2026-11-20", "green")
    assert "▁" in cells[6]


@pytest.mark.parametrize("noun", ["contact", "org"])
def test_the_usual_columns_are_there(crm, noun):
    columns = page.columns(crm, noun)
    assert tuple(column.key for column in columns) == page.FIELDS[noun]
    assert all(column.title != column.key for column in columns)
    assert set(columns) <= set(page.all_columns(crm, noun))


def test_sorts_are_those_of_the_noun_and_its_own_fields(crm, run):
    run("field", "add", "height", "number")
    run("field", "add", "size", "number", "--of", "org")
    assert page.sorts(crm, "contact")[-1] == "height"
    assert page.sorts(crm, "org")[-1] == "size"
    for noun in ("contact", "org"):
        for sort in page.sorts(crm, noun):
            assert list(page.ids(crm, noun, None, f"-{sort}", first=5))


def test_records_come_in_the_order_of_ids(crm, nine):
    records = page.all_records(crm, "contact", [7, 3, 99, 5])
    assert [record["id"] for record in records] == ["c7", "c3", "c5"]
