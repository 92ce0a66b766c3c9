"""`crm catchup`: a backlog spread over the coming days."""

import pytest


@pytest.fixture
def late(run, bo, at):
    """Five late tasks and one late person; two weeks have gone by."""
    for number in range(1, 6):
        ref = "c1" if number % 2 else "c2"
        run("remind", ref, f"2026-11-{23 + number}", f"task {number}")
    run("contact", "cadence", "c2", "2d")
    at("2026-12-07T10:00:00+01:00")


PLAN = [
    "2026-12-07\tt1\t2026-11-24\tAna Novak\ttask 1",
    "2026-12-07\tt2\t2026-11-25\tBo Li\ttask 2",
    "2026-12-08\tc2\t2026-11-25\tBo Li\tcold, 14 of 2 days",
    "2026-12-08\tt3\t2026-11-26\tAna Novak\ttask 3",
    "2026-12-09\tt4\t2026-11-27\tBo Li\ttask 4",
    "2026-12-09\tt5\t2026-11-28\tAna Novak\ttask 5",
]


def test_a_dry_run_prints_the_plan_and_changes_nothing(run, late):
    before = run("history").out, run("today", "--json").json
    result = run("catchup", "--per-day", "2", "--dry-run")
    assert result.lines == PLAN
    assert result.err == "Would spread 4 of 6 late things, 2 a day until 2026-12-09\n"
    assert (run("history").out, run("today", "--json").json) == before


def test_yes_does_what_the_dry_run_said(run, late):
    result = run("catchup", "--per-day", "2", "--yes")
    assert result.lines == PLAN
    assert result.err == "Spread 4 late things until 2026-12-09; `crm undo` takes it back\n"
    assert [item["id"] for item in run("due", "--json").json] == ["t1", "t2"]
    footer = run("today", "-f", "table").out
    assert "3 snoozed: crm task list --snoozed" in footer
    assert "1 paused" in footer


def test_undo_takes_all_of_it_back(run, late):
    before = run("today", "--json").json
    run("catchup", "--per-day", "1", "--yes")
    assert run("today", "--json").json != before
    assert "catchup" in run("history").lines[0]
    run("undo")
    assert run("today", "--json").json == before


def test_json(run, late):
    first, *_ = run("catchup", "--per-day", "2", "--dry-run", "--json").json
    assert first == {
        "day": "2026-12-07",
        "id": "t1",
        "due": "2026-11-24",
        "who": {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"},
        "title": "task 1",
        "kind": "follow_up",
    }
    done = run("catchup", "--per-day", "2", "--yes", "--json").json
    assert [item["id"] for item in done] == ["t1", "t2", "c2", "t3", "t4", "t5"]


def test_a_pipe_needs_yes(run, refused, late):
    before = run("history").out
    assert "--yes" in refused("catchup", "--per-day", "2", code=2)
    assert run("history").out == before


def test_what_fits_into_today_stays(run, late):
    before = run("history").out
    result = run("catchup")
    assert (result.out, result.err) == ("", "Nothing to spread: what is late fits into today.\n")
    assert run("history").out == before


def test_nothing_to_spread_as_json_is_an_empty_list(run, ana):
    assert run("catchup", "--dry-run", "--json").out == "[]\n"
    assert run("catchup", "--yes", "--json").out == "[]\n"


def test_nothing_late(run, ana):
    assert "Nothing to spread" in run("catchup", "--yes").err


def test_by_owner(run, late):
    run("task", "edit", "t1", "t2", "--owner", "eva")
    plan = run("catchup", "--per-day", "1", "--owner", "eva", "--dry-run").lines
    assert [line.split("\t")[:2] for line in plan] == [["2026-12-07", "t1"], ["2026-12-08", "t2"]]
    mine = run("catchup", "--per-day", "1", "--owner", "me", "--dry-run").lines
    assert [line.split("\t")[1] for line in mine] == ["c2", "t3", "t4", "t5"]


def test_what_is_due_today_by_itself_takes_room(run, late):
    run("remind", "c1", "today", "now")
    run("remind", "c1", "tomorrow", "soon")
    plan = run("catchup", "--per-day", "2", "--dry-run").lines
    assert [line.split("\t")[0][-2:] for line in plan] == ["07", "08", "09", "09", "10", "10"]
    assert not [line for line in plan if "now" in line or "soon" in line]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--per-day", "0"], "--per-day"),
        (["--per-day", "-3"], "--per-day"),
        (["--per-day", "x"], "--per-day"),
        (["--per-day"], "--per-day"),
        (["--foo"], "--foo"),
        (["c1"], ""),
    ],
)
def test_catchup_refuses(refused, late, args, said):
    assert said in refused("catchup", *args, "--yes", code=2)


def test_at_a_terminal_it_shows_the_plan_and_asks(run, late, home):
    import os
    import sys

    import pexpect

    def spread(answer: str) -> int:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "crmcli", "catchup", "--per-day", "2"],
            env={**os.environ, "TERM": "xterm", "PAGER": "cat"},
            cwd=str(home),
            dimensions=(40, 100),
            encoding="utf-8",
            timeout=30,
        )
        child.expect("task 5")
        child.expect(r"Spread 4 of 6 late things, 2 a day until 2026-12-09\? \[y/N\] ")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.wait()
        return child.exitstatus

    before = run("today", "--json").json
    assert spread("") == 2
    assert run("today", "--json").json == before
    assert spread("y") == 0
    assert [item["id"] for item in run("due", "--json").json] == ["t1", "t2"]


def test_a_title_cannot_play_tricks(run):
    for number in range(3):
        run("task", "add", "--due", "2026-11-20", "--", f"\x1b[31m[red]علی {number}[/red]\x07")
    for args in ([], ["-f", "table"], ["-f", "csv"]):
        out = run("catchup", "--per-day", "1", "--dry-run", *args).out
        assert "[red]علی 2[/red]" in out
        assert "\x1b[31m" not in out
        assert "\x07" not in out
