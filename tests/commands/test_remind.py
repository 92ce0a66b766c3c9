"""`crm remind`."""

import pytest


def task(run, ref="t1"):
    return run("task", "show", ref, "--json").json


def test_remind_prints_the_reference_and_echoes_the_date(run, ana):
    result = run("remind", "ana-novak", "fri", "send", "the", "offer")
    assert result.out == "t1\n"
    said = "Added t1 send the offer for Ana Novak, due Fri 27 Nov 2026 (in 4 days)"
    assert said in result.err
    assert task(run)["kind"] == "follow_up"
    assert task(run)["who"]["id"] == "c1"
    assert task(run)["owner"] == "me"


@pytest.mark.parametrize(
    ("words", "due", "title"),
    [
        (["tue send offer"], "2026-11-24", "send offer"),
        (["next", "tue", "send", "offer"], "2026-12-01", "send offer"),
        (["in 2 weeks", "renewal"], "2026-12-07", "renewal"),
        (["in", "2", "weeks", "renewal"], "2026-12-07", "renewal"),
        (["tomorrow", "9:00", "call"], "2026-11-24 09:00", "call"),
        (["24 dec", "card"], "2026-12-24", "card"),
        (["24", "dec", "2027", "card"], "2027-12-24", "card"),
        (["first monday of december at 15:30 visit"], "2026-12-07 15:30", "visit"),
        (["3d", "2 offers"], "2026-11-26", "2 offers"),
        (["fri"], "2026-11-27", "Follow up"),
        (["fri", "-50% discount"], "2026-11-27", "-50% discount"),
        (["fri", "--", "-50%"], "2026-11-27", "-50%"),
    ],
)
def test_the_longest_run_of_words_that_is_a_date_is_the_date(run, ana, words, due, title):
    run("remind", "c1", *words)
    assert (task(run)["due"], task(run)["title"]) == (due, title)


@pytest.mark.parametrize("ref", ["acme", "o1"])
def test_remind_takes_an_org(run, ana, ref):
    assert run("remind", ref, "fri", "renewal", "--json").json["who"]["name"] == "Acme"


def test_a_date_in_the_past_warns(run, ana):
    assert "that is in the past" in run("remind", "c1", "2026-11-20", "late").err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 2, "REF"),
        (["c1"], 2, "WHEN"),
        (["c1", "soon", "call"], 2, "not a date: 'soon'"),
        (["c1", ""], 2, "not a date"),
        (["c1", "3/4/2026", "call"], 2, "ambiguous"),
        (["nobody", "fri", "call"], 1, "nobody"),
        (["t1", "fri", "call"], 1, "t1"),
        (["c1", "fri", "--foo"], 2, "--"),
        (["c1", "fri", "x" * 1001], 3, "too long"),
    ],
)
def test_remind_refuses(run, refused, ana, args, code, said):
    assert said in refused("remind", *args, code=code)
    assert run("task", "list").out == ""


@pytest.mark.parametrize("command", [["remind", "c1"], ["log", "n", "c1"], ["task", "add"]])
def test_an_unknown_option_without_a_space_hints_at_two_dashes(refused, ana, command):
    assert "put -- before" in refused(*command, "fri", "--foo", code=2)


def test_a_repeat_in_words_begins_after_today_and_may_have_a_time(run, ana):
    """It is a Monday."""
    run("remind", "c1", "every", "fri", "14:00", "call")
    run("remind", "c1", "every", "mon", "review")
    run("remind", "c1", "every", "2", "weeks", "check", "in")
    run("log", "call", "c1", "hi", "-n", "every month on the 31st at 9:00 rent")
    tasks = {row["title"]: row for row in run("task", "list", "--json").json}
    assert {title: row["due"] for title, row in tasks.items()} == {
        "call": "2026-11-27 14:00",
        "review": "2026-11-30",
        "check in": "2026-12-07",
        "rent": "2026-11-30 09:00",
    }
    assert tasks["check in"]["repeats"] == "every 2 weeks"
