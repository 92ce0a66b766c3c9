"""`crm done`, and `crm task done`."""

import pytest


@pytest.fixture
def call(run, ana):
    return run("task", "add", "ask", "--for", "c1", "--kind", "call", "--due", "today").out.strip()


def timeline(run, ref="c1"):
    return run("show", ref, "--json").json["timeline"]


def status(run, ref):
    return run("task", "show", ref, "--json").json["status"]


@pytest.mark.parametrize("command", [["done"], ["task", "done"]])
@pytest.mark.parametrize("ref", ["t1", "1", "ana-novak", "ana@acme.si", "040 123 456"])
def test_done_takes_a_task_or_a_person_with_one_open_task(run, ana, command, ref):
    run("remind", "c1", "today", "send offer")
    result = run(*command, ref)
    assert result.out == "t1\n"
    assert "Done t1 send offer" in result.err
    assert run("due").out == ""
    got = run("task", "show", "t1", "--json").json
    assert (got["status"], got["completed_at"]) == ("completed", "2026-11-23T09:00:00Z")


@pytest.mark.parametrize("kind", ["call", "email", "meeting", "message", "visit"])
def test_contact_is_logged_exactly_once(run, ana, kind):
    run("task", "add", "ask", "--for", "c1", "--kind", kind)
    result = run("done", "t1")
    assert f"logged {kind}" in result.err
    assert [(row["kind"], row["body"]) for row in timeline(run)] == [(kind, "ask")]
    assert run("show", "c1", "--json").json["last_touch"] == "2026-11-23T09:00:00Z"
    run("done", "t1")
    assert len(timeline(run)) == 1


@pytest.mark.parametrize("kind", ["follow_up", "todo", "promise", "waiting"])
def test_other_kinds_log_nothing_unless_something_was_said(run, ana, kind):
    run("task", "add", "x", "--for", "c1", "--kind", kind)
    run("task", "add", "y", "--for", "c1", "--kind", kind)
    run("done", "t1")
    assert timeline(run) == []
    run("done", "t2", "--text", "agreed")
    assert [(row["kind"], row["body"]) for row in timeline(run)] == [("note", "agreed")]


def test_a_call_with_an_org_is_logged_on_the_org(run, ana):
    run("task", "add", "ask", "--for", "acme", "--kind", "call")
    run("done", "t1")
    assert [row["kind"] for row in timeline(run, "acme")] == ["call"]


def test_a_task_for_nobody_logs_nothing(run):
    run("task", "add", "x", "--kind", "call")
    assert "logged" not in run("done", "t1").err


def test_text_outcome_direction_and_time_go_into_the_log(run, call):
    run("done", "t1", "--text", "agreed", "--outcome", "reached", "--in", "--at", "8:00")
    (row,) = timeline(run)
    assert (row["body"], row["outcome"], row["direction"]) == ("agreed", "reached", "inbound")
    assert row["occurred_at"] == "2026-11-23T07:00:00Z"


def test_no_log_records_nothing(run, call):
    run("done", "t1", "--no-log")
    assert timeline(run) == []
    assert status(run, "t1") == "completed"


def test_a_missed_call_is_no_touch(run, call):
    run("done", "t1", "--outcome", "no-answer", "-n", "tomorrow try again")
    assert timeline(run)[0]["outcome"] == "no_answer"
    assert run("show", "c1", "--json").json["last_touch"] is None


def test_next_makes_the_next_step_for_the_same_person(run, call):
    result = run("done", "t1", "-n", "in 3 months check in")
    assert "t2 check in, due Tue 23 Feb 2027 (in 92 days)" in result.err
    got = run("task", "show", "t2", "--json").json
    assert (got["who"]["id"], got["due"]) == ("c1", "2027-02-23")


@pytest.mark.parametrize(
    ("text", "title"), [([], "Follow up: ask"), (["--text", "agreed"], "Follow up: agreed")]
)
def test_a_next_step_without_a_title_is_named_after_what_was(run, call, text, title):
    run("done", "t1", "-n", "fri", *text)
    assert run("task", "show", "t2", "--json").json["title"] == title


def test_done_is_one_group(run, call):
    run("done", "t1", "--text", "agreed", "-n", "fri next")
    run("undo")
    assert status(run, "t1") == "needs_action"
    assert timeline(run) == []
    assert run("task", "list", "--all", "-f", "ids").out == "t1\n"


def test_done_takes_several_and_stdin(run, call):
    run("task", "add", "y", "--due", "today")
    assert run("done", "-", input="t1\nt2\n").lines == ["t1", "t2"]


def test_what_is_closed_stays_closed(run, call):
    run("done", "t1")
    result = run("done", "t1")
    assert result.out == ""
    assert "closed already" in result.err


def test_a_dry_run_completes_nothing(run, call):
    result = run("done", "t1", "-n", "fri next", "--dry-run")
    assert result.out == ""
    assert "Would complete t1 ask" in result.err
    assert status(run, "t1") == "needs_action"


def test_json_gives_the_task(run, call):
    assert run("done", "t1", "--json").json["status"] == "completed"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 2, ""),
        (["t9"], 1, "t9"),
        (["nobody"], 1, "nobody"),
        (["bo-li"], 1, "no open task"),
        (["t1", "--outcome", "mayb"], 3, "outcome cannot be"),
        (["t1", "--at", "tomorrow"], 3, "remind"),
        (["t1", "--at", "soon"], 2, "not a date"),
        (["t1", "-n", "soon call"], 2, "not a date"),
        (["t1", "--foo"], 2, "--foo"),
    ],
)
def test_done_refuses_and_completes_nothing(run, refused, call, args, code, said):
    run("contact", "add", "Bo Li")
    assert said in refused("done", *args, code=code)
    assert status(run, "t1") == "needs_action"
    assert timeline(run) == []


def test_a_person_with_several_open_tasks_is_ambiguous(run, refused, call):
    run("remind", "c1", "fri", "offer")
    said = refused("done", "ana-novak", code=4)
    assert "t1 ask" in said
    assert "t2 offer" in said


def test_an_outcome_is_never_lost(run, ana):
    """A follow-up is done by trying to reach someone: what came of it is kept."""
    run("remind", "c1", "today", "ask")
    result = run("done", "t1", "--outcome", "no-answer", "-n", "tomorrow again", code=None)
    assert result.code != 0 or timeline(run)[0]["outcome"] == "no_answer"
