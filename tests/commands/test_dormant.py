"""`crm dormant`: who fell silent."""

import pytest


@pytest.fixture
def silent(run, bo):
    """Ana was called every 30 days until 50 days ago, Bo once 100 days ago; Eva's Zoe 200."""
    run("contact", "add", "Zoe", "--owner", "eva")
    run("contact", "add", "Never")
    for day in ("2026-07-06", "2026-08-03", "2026-09-02", "2026-10-04"):
        run("log", "call", "c1", "--at", f"{day} 12:00")
    run("log", "call", "c2", "--at", "2026-08-15 12:00")
    run("log", "call", "c3", "--at", "2026-05-07 12:00")


def test_longer_than_ninety_days(run, silent):
    assert run("dormant", "--fields", "id,days,limit,usual_gap").lines == [
        "c3\t200\t90\t",
        "c2\t100\t90\t",
    ]


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        (["--days", "49"], "c3 c2 c1"),
        (["--days", "50"], "c3 c2"),
        (["--days", "50d"], "c3 c2"),
        (["--days", "7w"], "c3 c2 c1"),
        (["--days", "3m"], "c3 c2"),
        (["--days", "1y"], ""),
        (["--owner", "eva"], "c3"),
        (["--owner", "me"], "c2"),
        (["--limit", "1"], "c3"),
        (["--limit", "0"], "c3 c2"),
        (["--adaptive"], "c1"),
        (["--adaptive", "--owner", "eva"], ""),
        (["+vip"], ""),
        (["+vip", "--adaptive"], "c1"),
        (["not", "+vip", "--adaptive"], ""),
        (["owner:eva"], "c3"),
        (["--where", "owner:eva or owner:me"], "c3 c2"),
    ],
)
def test_options(run, silent, args, ids):
    assert run("dormant", *args, "-f", "ids").lines == ids.split()


def test_the_worked_example(run, silent):
    """Gaps 28, 30, 32: the limit is 45 (formulas 4.20)."""
    (row,) = run("dormant", "--adaptive", "--json").json
    assert row == {
        "id": "c1",
        "handle": "ana-novak",
        "name": "Ana Novak",
        "last_touch": "2026-10-04T10:00:00Z",
        "days": 50,
        "limit": 45.0,
        "usual_gap": 30.0,
    }


def test_a_table_and_nobody(run, silent):
    table = run("dormant", "-f", "table").out
    assert "Zoe" in table
    assert "2026-05-07" in table
    assert "Nobody fell silent." in run("dormant", "--days", "1y", "-f", "table").err
    assert run("dormant", "--days", "1y").err == ""
    assert run("dormant", "--days", "1y", "--json").json == []


def test_into_a_tag(run, silent):
    """The example of the help."""
    ids = run("dormant", "-f", "ids").out
    run("tag", "add", "dormant", "-", input=ids)
    assert run("contact", "list", "-t", "dormant", "-f", "ids").lines == ["c2", "c3"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--days", "soon"], "--days"),
        (["--days", "0"], "--days"),
        (["--days", "-5"], "--days"),
        (["--days", "9999"], "--days"),
        (["--limit", "-1"], "--limit"),
        (["--limit", "x"], "--limit"),
        (["--foo"], "--foo"),
        (["--fields", "x"], "unknown field"),
    ],
)
def test_dormant_refuses(refused, silent, args, said):
    assert said in refused("dormant", *args, code=2)


@pytest.mark.parametrize("args", [["nosuch:x"], ["--where", "("]], ids=" ".join)
def test_a_filter_that_is_none_shows_the_place(run, silent, args):
    result = run("dormant", *args, code=2)
    assert result.out == ""
    assert "^" in result.err.splitlines()[-1]


def test_an_empty_number_of_days_is_refused(refused, silent):
    refused("dormant", "--days", "", code=2)


def test_a_missing_database_is_not_made(run, database):
    assert run("dormant").out == ""
    assert not database.exists()


def test_a_name_cannot_play_tricks(run):
    run("contact", "add", "Ana \x1b[31m[red]علی[/red]\x1b[0m")
    run("log", "call", "c1", "--at", "2026-01-01 12:00")
    for args in ([], ["-f", "table"], ["-f", "csv"]):
        out = run("dormant", *args).out
        assert "[red]علی[/red]" in out
        assert "\x1b[31m" not in out
