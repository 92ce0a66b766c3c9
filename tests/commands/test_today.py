"""`crm today`, and bare `crm`."""

import sys

import pytest


@pytest.fixture
def some(run, bo):
    run("remind", "c1", "2026-11-20", "late")
    run("remind", "c2", "15:30", "this afternoon")
    run("remind", "acme", "tomorrow", "renewal")
    run("remind", "c1", "fri", "friday")
    run("task", "add", "eva's", "--due", "today", "--owner", "eva")
    run("contact", "add", "Eva Kos", "--birthday", "23.11.", "--owner", "eva")


def test_a_line_is_section_id_due_who_title(run, some):
    assert run("today").lines == [
        "overdue\tt1\t2026-11-20\tAna Novak\tlate\t3 days late",
        "today\tt2\t2026-11-23 15:30\tBo Li\tthis afternoon\ttoday",
        "today\tt5\t2026-11-23\t\teva's\ttoday",
        "date\tc3\t2026-11-23\tEva Kos\tbirthday\ttoday",
        "tomorrow\tt3\t2026-11-24\tAcme\trenewal\tin 1 day",
    ]


def test_bare_crm_is_today(run, some, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["crm"])
    assert run().out == run("today").out
    assert run("--json").json == run("today", "--json").json


def test_only_mine(run, some):
    assert [line.split("\t")[1] for line in run("today", "--owner", "me").lines] == [
        "t1",
        "t2",
        "t3",
    ]


def test_json(run, some):
    first = run("today", "--json").json[0]
    assert (first["id"], first["section"], first["due"]) == ("t1", "overdue", "2026-11-20")
    assert first["who"] == {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"}


def test_a_task_for_nobody_has_no_who(run):
    run("task", "add", "x", "--due", "today")
    assert run("today", "--json").json[0]["who"] is None


def test_the_page(run, some):
    page = run("today", "-f", "table").out
    assert page.startswith("Mon 23 Nov 2026   1 overdue, 2 today\n")
    order = ["Overdue", "late", "3 days late", "Today", "this afternoon", "15:30"]
    order += ["Dates", "birthday", "Tomorrow", "renewal"]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    assert "friday" not in page


def test_nothing_due(run, ana):
    assert run("today").out == ""
    assert run("today", "--json").json == []
    assert "Nothing is due" in run("today", "-f", "table").out


def test_an_empty_database_is_welcomed_with_three_steps_and_not_made(run, database):
    result = run("today", "-f", "table")
    assert result.out == ""
    for step in ("crm import", "crm contact add", "crm log call"):
        assert step in result.err
    assert not database.exists()


def test_the_page_goes_into_a_file(run, some, home):
    assert run("today", "-f", "table", "-o", str(home / "page")).out == ""
    assert "this afternoon" in (home / "page").read_text()


@pytest.mark.parametrize("args", [["--foo"], ["x"], ["-f", "x"], ["--fields", "x"]])
def test_today_refuses(refused, args):
    refused("today", *args, code=2)
