"""Rows under headings: where what stands, whatever the sizes of the parts."""

from hypothesis import given
from hypothesis import strategies as st

from crmcli.tui.widgets.paged import PAGE
from crmcli.tui.widgets.parted import PartedRows

SIZES = st.lists(st.integers(1, 300), max_size=6)


def made(sizes: list[int]) -> PartedRows:
    ids = range(1000, 1000 + sum(sizes))
    return PartedRows(ids, [(f"part {at}", size) for at, size in enumerate(sizes)])


@given(SIZES)
def test_every_line_is_a_heading_or_the_next_row(sizes):
    rows = made(sizes)
    lines = [rows.key(at) for at in range(len(rows))]
    assert [key for key in lines if key is not None] == list(range(1000, 1000 + sum(sizes)))
    headings = [rows.row(at).cells[0] for at, key in enumerate(lines) if key is None]
    assert headings == [f"part {at} ({size})" for at, size in enumerate(sizes)]
    runs = [len(run) for run in "".join("-" if key is None else "x" for key in lines).split("-")]
    assert runs[1:] == sizes


@given(SIZES)
def test_what_is_found_stands_there(sizes):
    rows = made(sizes)
    for at in range(len(rows)):
        key = rows.key(at)
        assert key is None or rows.find(key) == at
    assert rows.find(1) is None


@given(SIZES, st.integers(-50, 2000), st.integers(0, 100))
def test_the_pages_of_the_lines_in_sight_are_read(sizes, first, high):
    rows = made(sizes)
    lacking = rows.lacking(first, first + high)
    seen = range(max(first, 0), min(first + high + 1, len(rows)))
    ids = [rows.key(at) for at in seen if rows.key(at) is not None]
    assert {(id - 1000) // PAGE for id in ids} <= set(lacking)
    assert len(lacking) <= high // PAGE + 2
