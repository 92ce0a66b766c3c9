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


# keeping in touch


@pytest.fixture
def touched(run, bo):
    """Ana: due, with calls of three weeks; Bo: paused; a snoozed task; what Ana owes."""
    for day in ("2026-11-01", "2026-11-08", "2026-11-08", "2026-10-05"):
        run("log", "call", "c1", "--at", f"{day} 12:00")
    run("contact", "cadence", "c1", "7d")
    run("log", "call", "c2", "--at", "2026-11-01 12:00")
    run("contact", "cadence", "c2", "7d")
    run("contact", "pause", "c2", "1 mar")
    run("task", "add", "contract", "--kind", "waiting", "--for", "c1", "--due", "2026-11-20")
    run("remind", "c1", "2026-11-20", "later")
    run("snooze", "t2", "1w")


PULSE = [0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0]


def test_the_page_of_keeping_in_touch(run, touched):
    page = run("today", "-f", "table").out
    lines = [" ".join(line.split()) for line in page.splitlines()]
    assert lines[0] == ("Mon 23 Nov 2026 0 overdue, 0 today, 1 to keep in touch, 1 waiting")
    order = ["Keep in touch", "cold, 15 of 7 days", "Waiting on them", "contract", "3 days late"]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    assert lines[-1] == (
        "1 snoozed: crm task list --snoozed; 1 paused: crm contact list paused.after:today"
    )


def test_the_hints_of_the_footer_work(run, touched):
    assert run("task", "list", "--snoozed", "-f", "ids").out == "t2\n"
    assert run("contact", "list", "paused.after:today", "-f", "ids").out == "c2\n"


def test_the_pulse_of_everyone_on_the_page(run, touched):
    items = run("today", "--json").json
    assert [(item["id"], item["pulse"]) for item in items] == [("c1", PULSE), ("t1", PULSE)]
    assert "pulse" not in run("due", "--json").json[0]
    run("task", "add", "for nobody", "--due", "today")
    assert run("today", "--json").json[0]["pulse"] is None


def test_the_pulse_is_drawn_as_a_line(run, touched):
    from crmcli.text import sparkline

    assert sparkline(PULSE) in run("today", "-f", "table").out
    page = run("today", "-f", "table", "--ascii").out
    assert sparkline(PULSE, ascii=True) in page
    assert page.isascii() or "…" in page


def test_why_of_the_page(run, touched):
    why = "last touch 2026-11-08, 15 days ago; cadence 7 days (own); 15/7 = 2.14, cold, health 23"
    assert [item["why"] for item in run("today", "--json").json] == [
        why,
        "due 2026-11-20, 3 days late",
    ]
    assert run("today", "--why", "--fields", "why").lines[0] == why


def test_tomorrows_people_are_said_to_be_people(run, bo):
    run("log", "call", "c1", "--at", "2026-11-17 12:00")
    run("contact", "cadence", "c1", "7d")
    page = run("today", "-f", "table").out
    assert "keep in touch: ok, 6 of 7 days" in page
    title = "keep in touch: ok, 6 of 7 days"
    assert run("today").lines == [f"tomorrow\tc1\t2026-11-24\tAna Novak\t{title}\tin 1 day"]


@pytest.mark.parametrize(("days", "shown"), [("0", False), ("9", False), ("10", True)])
def test_how_early_dates_are_told_is_configured(run, monkeypatch, days, shown):
    run("contact", "add", "Ana", "--birthday", "3.12.1990")
    monkeypatch.setenv("CRM_DATE_LEAD_DAYS", days)
    line = "date\tc1\t2026-12-03\tAna\tbirthday (36 years)\tin 10 days"
    assert run("today").lines == ([line] if shown else [])
    assert run("due").out == ""


def test_names_cannot_play_tricks(run):
    run("contact", "add", "Ana \x1b[31m[bold]علی[/bold]\x07")
    run("contact", "cadence", "c1", "1d")
    run("log", "call", "c1", "--at", "2026-11-01 12:00")
    for args in (["-f", "table"], [], ["-f", "table", "--why"]):
        out = run("today", *args).out
        assert "[bold]علی[/bold]" in out
        assert "\x1b[31m" not in out
        assert "\x07" not in out
