"""Reports: cells, sums and the rows behind them, against a count by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.clock import Clock, stamp
from crmcli.errors import UsageError
from crmcli.store.report import (
    DIMENSIONS,
    PLAIN,
    TIMES,
    Cell,
    Question,
    behind,
    check_dimensions,
    count,
    in_order,
)
from crmcli.store.rows import Where

ALL = Question("1900-01-01T00:00:00Z", "2100-01-01T00:00:00Z")


def ask(**change) -> Question:
    values = {name: getattr(ALL, name) for name in Question.__slots__} | change
    return Question(**values)


def cells(crm, *by: str, **change) -> dict[tuple, int]:
    report = count(crm.conn, crm.store.clock, ask(by=by, **change))
    return {labels: cell.interactions for labels, cell in report.cells.items()}


def ids(crm, *wanted, **change) -> list[int]:
    chunks = behind(crm.conn, crm.store.clock, ask(**change), wanted)
    return [id for chunk in chunks for id in chunk]


@pytest.fixture
def some(crm):
    crm.contact("Ana Novak", org="Acme", tags=["vip", "lead"])
    crm.contact("Bo Li")
    crm.org("Beta")
    crm.log(1, kind="call", at="2026-11-20T10:00:00Z", duration_seconds=600, direction="outbound")
    crm.log(1, 2, kind="meeting", at="2026-10-31T23:30:00Z", duration_seconds=3629)
    crm.log(2, kind="call", at="2026-11-02T08:00:00Z", outcome="no_answer", owner="zoe")
    crm.log(kind="note", at="2026-11-03T08:00:00Z", org_id=2)
    crm.log(1, kind="feedback", at="2026-11-03T09:00:00Z")
    return crm


def test_figures_of_a_cell(some):
    report = count(some.conn, some.store.clock, ask(by=("kind",)))
    figures = {labels[0]: cell.json() for labels, cell in report.cells.items()}
    assert list(figures["call"]) == ["interactions", "touches", "others", "people", "minutes"]
    assert list(figures["call"].values()) == [2, 1, 1, 1, 10]
    assert figures["meeting"]["people"] == 2
    assert figures["meeting"]["minutes"] == 60
    assert figures["note"]["people"] == 0
    assert list(report.total.json().values()) == [5, 3, 2, 2, 70]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("direction", {"outbound": 1, None: 4}),
        ("outcome", {"no_answer": 1, None: 4}),
        ("owner", {"me": 4, "zoe": 1}),
        ("month", {"2026-11": 5}),  # 31 October 23:30 UTC is November in Ljubljana
        ("day", {"2026-11-20": 1, "2026-11-01": 1, "2026-11-02": 1, "2026-11-03": 2}),
        ("week", {"2026-11-16": 1, "2026-10-26": 1, "2026-11-02": 3}),
        ("weekday", {"fri": 1, "sun": 1, "mon": 1, "tue": 2}),
        ("hour", {"11": 1, "00": 1, "09": 2, "10": 1}),
        ("org", {"Acme": 3, "Beta": 1, None: 1}),
        ("tag", {"vip": 3, "lead": 3, None: 2}),
    ],
)
def test_dimensions(some, by, expected):
    assert cells(some, by) == {(label,): number for label, number in expected.items()}


def test_a_week_may_begin_on_sunday(some):
    assert set(cells(some, "week", week_start=6)) == {("2026-11-15",), ("2026-11-01",)}


def test_two_dimensions(some):
    pairs = [("call", "fri"), ("meeting", "sun"), ("call", "mon"), ("note", "tue")]
    expected = dict.fromkeys([*pairs, ("feedback", "tue")], 1)
    assert cells(some, "kind", "weekday") == expected


def test_the_period_ends_before_its_end(some):
    edges = {"first": "2026-11-02T08:00:00Z", "until": "2026-11-03T09:00:00Z"}
    assert ids(some, **edges) == [4, 3]


def test_the_trash_does_not_count(some):
    some.outside("UPDATE interaction SET archived_at = '2026-11-21T00:00:00Z' WHERE id = 1")
    assert cells(some, "kind") == {("call",): 1, ("meeting",): 1, ("note",): 1, ("feedback",): 1}


def test_a_filter_and_a_kind_narrow(some):
    where = Where("interaction.id > :f0 OR interaction.id = 1", {"f0": 3})
    assert ids(some, where=where) == [1, 5, 4]
    assert ids(some, where=where, kind="feedback") == [5]


def test_feedback_has_its_own_tags(some):
    some.outside("INSERT INTO tag (id, name, name_norm) VALUES (9, 'Price', 'price')")
    some.outside("INSERT INTO tagging (tag_id, interaction_id) VALUES (9, 5)")
    assert cells(some, "tag", kind="feedback") == {("Price",): 1}
    assert ("Price",) in cells(some, "tag")
    assert ids(some, "PRICE", by=("tag",), kind="feedback") == [5]


def test_rows_behind_are_newest_first_and_labels_fold(some):
    assert ids(some) == [1, 5, 4, 3, 2]
    assert ids(some, "ACME", by=("org",)) == [1, 5, 2]
    assert ids(some, None, by=("org",)) == [3]
    assert ids(some, "nobody", by=("org",)) == []
    assert ids(some, "call", "fri", by=("kind", "weekday")) == [1]


def test_what_is_no_instant_has_no_day(some):
    some.outside("UPDATE interaction SET occurred_at = '2026-11-xx' WHERE id = 1")
    assert cells(some, "month") == {(None,): 1, ("2026-11",): 4}


def test_nothing_is_nothing(crm):
    report = count(crm.conn, crm.store.clock, ask(by=("kind", "month")))
    assert (report.cells, report.total) == ({}, Cell())
    assert ids(crm) == []


@pytest.mark.parametrize("names", [["x"], [], ["kind", "colour"]])
def test_dimensions_that_cannot_be(names):
    with pytest.raises(UsageError):
        check_dimensions(names, DIMENSIONS)


def test_dimensions_are_read_as_typed():
    assert check_dimensions([" Kind", "MONTH ", "kind"], DIMENSIONS) == ("kind", "month")


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("kind", {"b": 1, "a": 1, "c": 2, None: 9}, ["c", "a", "b", None]),
        ("weekday", {"sun": 1, "tue": 1}, ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ("month", {"2026-11": 1, "2027-02": 5}, ["2026-11", "2026-12", "2027-01", "2027-02"]),
        ("week", {"2026-11-16": 1, "2026-11-30": 1}, ["2026-11-16", "2026-11-23", "2026-11-30"]),
        ("day", {"2026-11-30": 1, "2026-12-02": 2}, ["2026-11-30", "2026-12-01", "2026-12-02"]),
        ("hour", {"10": 1, "08": 1, None: 1}, ["08", "09", "10", None]),
        ("month", {None: 1}, [None]),
        ("weekday", {None: 1}, [None]),
    ],
)
def test_order(name, given, expected):
    side = {label: Cell(interactions=number) for label, number in given.items()}
    assert in_order(name, side, filled=True) == expected
    assert in_order(name, side) == [label for label in expected if label in side]


def test_the_order_of_weekdays_follows_the_week():
    side = {day: Cell() for day in ("mon", "sun")}
    assert in_order("weekday", side, 6) == ["sun", "mon"]


NOON = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # the clocks change in that night
LOGS = st.lists(
    st.tuples(
        st.sampled_from(["call", "note", "meeting"]),
        st.integers(-3000, 3000),  # minutes from then
        st.sampled_from([None, "reached", "voicemail"]),
        st.integers(0, 4000),
        st.sets(st.sampled_from([1, 2, 3])),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=25)
@given(LOGS, st.lists(st.sampled_from([*PLAIN, *TIMES]), min_size=1, max_size=2, unique=True))
def test_sums_of_cells_are_the_total_and_rows_behind_are_as_many(fresh, logs, by):
    crm = fresh()
    for name in ("Ana", "Bo", "Cy"):
        crm.contact(name)
    for kind, minutes, outcome, seconds, people in logs:
        at = stamp(NOON + timedelta(minutes=minutes))
        crm.log(*people, kind=kind, at=at, outcome=outcome, duration_seconds=seconds)
    clock = Clock("Europe/Ljubljana", NOON)
    question = ask(by=tuple(by))
    report = count(crm.conn, clock, question)
    assert report.total.interactions == len(logs)
    summed: Counter[str] = Counter()
    for labels, cell in report.cells.items():
        summed.update(cell.json())
        rows = [id for chunk in behind(crm.conn, clock, question, labels) for id in chunk]
        assert len(rows) == len(set(rows)) == cell.interactions
    for name, figure in report.total.json().items():
        assert figure == summed[name] or (name == "people" and figure <= summed[name])
    everybody = {
        id
        for kind, _, outcome, _, who in logs
        for id in who
        if kind != "note" and outcome != "voicemail"
    }
    assert report.total.people == everybody
    for number, side in enumerate(report.sides):
        for label, cell in side.items():
            same = [c for labels, c in report.cells.items() if labels[number] == label]
            assert cell.interactions == sum(c.interactions for c in same)
            assert cell.people == set().union(*(c.people for c in same))
