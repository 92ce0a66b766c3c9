"""`crm snooze`, and `crm task snooze`."""

import pytest


@pytest.fixture
def late(run, ana):
    return run("task", "add", "offer", "--for", "c1", "--due", "2026-11-20").out.strip()


@pytest.mark.parametrize("command", [["snooze"], ["task", "snooze"]])
@pytest.mark.parametrize("ref", ["t1", "1", "ana-novak"])
def test_snooze_hides_until_a_day_but_keeps_due_and_age(run, at, late, command, ref):
    result = run(*command, ref, "3d")
    assert result.out == "t1\n"
    assert "hidden until Thu 26 Nov 2026 (in 3 days)" in result.err
    assert run("due").out == ""
    assert run("due", "--within", "7d").out == ""
    got = run("task", "show", "t1", "--json").json
    assert (got["due"], got["hidden_until_on"], got["snooze_count"]) == (
        "2026-11-20",
        "2026-11-26",
        1,
    )
    at("2026-11-26T08:00:00+01:00")
    assert run("due").out == "overdue\tt1\t2026-11-20\tAna Novak\toffer\t6 days late\n"


def test_the_date_may_be_several_words(run, late):
    assert "Mon 30 Nov 2026" in run("snooze", "t1", "next", "mon").err


def test_snooze_reads_references_from_stdin(run, late):
    run("task", "add", "y", "--due", "today")
    assert run("snooze", "-", "3d", input="t1\nt2\n").lines == ["t1", "t2"]
    assert run("due").out == ""


def test_today_says_how_many_are_hidden(run, late):
    run("snooze", "t1", "3d")
    assert "1 snoozed: crm task list --snoozed" in run("today", "-f", "table").out


def test_undo_shows_it_again(run, late):
    run("snooze", "t1", "3d")
    run("undo")
    assert "t1" in run("due").out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["t1"], 2, "WHEN"),
        ([], 2, "REF"),
        (["t1", "soon"], 2, "not a date"),
        (["t9", "3d"], 1, "t9"),
        (["bo-li", "3d"], 1, "no open task"),
        (["nobody", "3d"], 1, "nobody"),
    ],
)
def test_snooze_refuses(run, refused, late, args, code, said):
    run("contact", "add", "Bo Li")
    assert said.casefold() in refused("snooze", *args, code=code).casefold()
    assert "t1" in run("due").out


def test_several_open_tasks_are_ambiguous(run, refused, late):
    run("remind", "c1", "fri", "call")
    said = refused("snooze", "ana-novak", "3d", code=4)
    assert "t1 offer" in said
    assert "t2 call" in said


def test_a_closed_task_cannot_be_snoozed(run, refused, late):
    run("done", "t1")
    result = run("snooze", "t1", "3d", code=None)
    assert run("task", "show", "t1", "--json").json["hidden_until_on"] is None, result
