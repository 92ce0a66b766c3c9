"""`crm task`."""

import pytest

KEYS = (
    "id kind title status due due_on due_time tz hidden_until_on snooze_count priority body"
    " completed_at repeats rrule dtstart_on repeat_from series_uid who contact_uid org_uid owner"
    " uid created updated deal"
).split()


def task(run, ref="t1"):
    return run("task", "show", ref, "--json").json


def titles(run, *args):
    return [line.split("\t")[3] for line in run("task", "list", *args).lines]


# add


def test_add_prints_the_reference_and_echoes_the_date(run, ana):
    result = run("task", "add", "send", "contract", "--for", "ana-novak", "--due", "fri")
    assert result.out == "t1\n"
    said = "Added t1 send contract for Ana Novak, due Fri 27 Nov 2026 (in 4 days)"
    assert said in result.err


def test_add_as_json_has_stable_keys(run, ana):
    got = run("task", "add", "call", "--for", "c1", "--due", "fri 14:00", "--json").json
    assert list(got) == KEYS
    assert (got["id"], got["status"], got["kind"]) == ("t1", "needs_action", "follow_up")
    assert got["who"] == {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"}
    due = (got["due_on"], got["due_time"], got["tz"])
    assert due == ("2026-11-27", "14:00", "Europe/Ljubljana")


def test_add_takes_every_option(run, ana):
    args = ["--for", "acme", "--kind", "call", "--priority", "1", "--note", "n", "--owner", "eva"]
    got = run("task", "add", "ask about budget", *args, "--json").json
    assert got["who"]["id"] == "o1"
    assert (got["kind"], got["priority"], got["body"], got["owner"]) == ("call", 1, "n", "eva")
    assert got["due"] is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("today", "2026-11-23"),
        ("mon", "2026-11-30"),
        ("next fri", "2026-12-04"),
        ("3d", "2026-11-26"),
        ("24.12.", "2026-12-24"),
        ("1 nov", "2027-11-01"),
        ("15:30", "2026-11-23"),
        ("9:00", "2026-11-24"),
        ("eom", "2026-11-30"),
    ],
)
def test_due_looks_forward(run, text, due):
    assert run("task", "add", "x", "--due", text, "--json").json["due_on"] == due


def test_a_due_date_in_the_past_warns(run):
    assert "that is in the past" in run("task", "add", "x", "--due", "2026-11-20").err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 2, "TITLE"),
        ([" "], 3, "a task needs a title"),
        (["x", "--due", "soon"], 2, "not a date: 'soon'"),
        (["x", "--due", "3/4/2026"], 2, "ambiguous date"),
        (["x", "--due", "31.2."], 2, "no such date"),
        (["x", "--kind", "cal"], 3, "did you mean call?"),
        (["x", "--priority", "10"], 3, "priority"),
        (["x", "--priority", "high"], 3, "priority"),
        (["x", "--for", "nobody"], 1, "nobody"),
        (["x", "--foo"], 2, "--"),
    ],
)
def test_add_refuses(run, refused, args, code, said):
    assert said.casefold() in refused("task", "add", *args, code=code).casefold()
    assert run("task", "list").out == ""


@pytest.mark.parametrize("text", ["-50% discount", "--all or nothing", "-x y"])
def test_an_unknown_option_that_holds_a_space_is_text(run, text):
    run("task", "add", text)
    assert task(run)["title"] == text
    run("task", "add", "offer", text)
    assert task(run, "t2")["title"] == f"offer {text}"


def test_after_two_dashes_everything_is_text(run):
    run("task", "add", "--due", "fri", "--", "--json", "-50%")
    assert task(run)["title"] == "--json -50%"


# list


@pytest.fixture
def some(run, bo):
    run("task", "add", "late", "--for", "c1", "--due", "2026-11-20", "--kind", "call")
    run("task", "add", "soon", "--for", "c2", "--due", "fri", "--owner", "eva")
    run("task", "add", "some day")
    run("task", "add", "hidden", "--for", "acme", "--due", "today")
    run("snooze", "t4", "3d")
    run("task", "add", "over", "--for", "c1", "--due", "today")
    run("done", "t5")


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "late, hidden, soon, some day"),
        (["--for", "ana-novak"], "late"),
        (["--for", "acme"], "hidden"),
        (["--kind", "call"], "late"),
        (["--owner", "me"], "late, hidden, some day"),
        (["--owner", "eva"], "soon"),
        (["--done"], "over"),
        (["--all"], "late, hidden, over, soon, some day"),
        (["--for", "c1", "--all"], "late, over"),
        (["--snoozed"], "hidden"),
        (["--sort", "-id"], "hidden, some day, soon, late"),
        (["--sort", "due", "--limit", "1"], "late"),
        (["--limit", "0"], "late, hidden, soon, some day"),
    ],
)
def test_list_filters_and_sorts(run, some, args, expected):
    assert ", ".join(titles(run, *args)) == expected


def test_a_line_of_the_list(run, ana):
    run("task", "add", "late", "--for", "c1", "--due", "2026-11-20 14:00", "--kind", "call")
    line = "t1\t2026-11-20 14:00\tAna Novak\tlate\tcall\tneeds_action\tme\n"
    assert run("task").out == run("task", "list").out == line


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--kind", "bogus"], 2),
        (["--sort", "bogus"], 2),
        (["--for", "nobody"], 1),
        (["--fields", "bogus"], 2),
    ],
)
def test_list_refuses(refused, ana, args, code):
    refused("task", "list", *args, code=code)


# show


def test_show_takes_a_bare_number(run, ana):
    run("task", "add", "x")
    assert task(run, "1")["title"] == "x"
    pairs = dict(line.split("\t", 1) for line in run("task", "show", "t1").lines)
    assert (pairs["id"], pairs["title"], pairs["status"]) == ("t1", "x", "needs_action")


@pytest.mark.parametrize("ref", ["t9", "9", "c1", "ana-novak", "x"])
def test_show_of_nothing_is_exit_1(refused, ana, ref):
    refused("task", "show", ref, code=1)


# edit


@pytest.mark.parametrize(
    ("args", "key", "value"),
    [
        (["--title", "send it"], "title", "send it"),
        (["--kind", "email"], "kind", "email"),
        (["--priority", "1"], "priority", 1),
        (["--note", "n"], "body", "n"),
        (["--owner", "eva"], "owner", "eva"),
        (["--due", "mon"], "due", "2026-11-30"),
        (["--due", "mon"], "due_time", None),
        (["--for", "acme"], "who", {"id": "o1", "handle": "acme", "name": "Acme"}),
    ],
)
def test_edit_changes_one_thing(run, bo, args, key, value):
    run("task", "add", "x", "--for", "c2", "--due", "fri 9:00")
    result = run("task", "edit", "t1", *args)
    assert result.out == "t1\n"
    assert "Changed t1" in result.err
    assert task(run)[key] == value


def test_edit_echoes_the_date(run):
    run("task", "add", "x")
    assert "due Mon 30 Nov 2026 (in 7 days)" in run("task", "edit", "t1", "--due", "mon").err


def test_edit_takes_a_person_with_one_open_task_and_stdin(run, bo):
    run("task", "add", "x", "--for", "c1")
    run("task", "add", "y", "--for", "c2")
    assert run("task", "edit", "ana-novak", "--priority", "1").out == "t1\n"
    assert run("task", "edit", "-", "--priority", "2", input="t1\nt2\n").lines == ["t1", "t2"]
    assert task(run)["priority"] == 2


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["t1", "--kind", "bogus"], 3),
        (["t1", "--priority", "x"], 3),
        (["t1", "--title", " "], 3),
        (["t1", "--due", "soon"], 2),
        (["t9", "--title", "y"], 1),
    ],
)
def test_edit_refuses(run, refused, args, code):
    run("task", "add", "x")
    before = task(run)
    refused("task", "edit", *args, code=code)
    assert task(run) == before


def test_a_dry_run_of_edit_changes_nothing(run):
    run("task", "add", "x")
    assert "Would change t1" in run("task", "edit", "t1", "--title", "y", "--dry-run").err
    assert task(run)["title"] == "x"


# reschedule, reopen, rm; done and snooze have files of their own


def test_reschedule_gives_another_due_date_and_ends_a_snooze(run):
    run("task", "add", "x", "--due", "2026-11-20 9:00")
    run("snooze", "t1", "3d")
    result = run("task", "reschedule", "t1", "next", "mon", "10:00")
    assert result.out == "t1\n"
    assert "due Mon 30 Nov 2026 10:00 (in 7 days)" in result.err
    got = task(run)
    assert (got["due_on"], got["due_time"]) == ("2026-11-30", "10:00")
    assert got["hidden_until_on"] is None
    assert got["tz"] == "Europe/Ljubljana"


@pytest.mark.parametrize(
    ("args", "code"), [(["t1"], 2), (["t1", "soon"], 2), (["t9", "fri"], 1), (["t1", "-x"], 2)]
)
def test_reschedule_refuses(run, refused, args, code):
    run("task", "add", "x", "--due", "today")
    refused("task", "reschedule", *args, code=code)
    assert task(run)["due"] == "2026-11-23"


def test_reopen_takes_several(run):
    run("task", "add", "x")
    run("task", "add", "y")
    run("done", "t1", "t2")
    assert run("task", "reopen", "t1", "2").lines == ["t1", "t2"]
    got = task(run)
    assert (got["status"], got["completed_at"]) == ("needs_action", None)
    assert "Unchanged t1" in run("task", "reopen", "t1").err


def test_a_dry_run_of_reopen_changes_nothing(run):
    run("task", "add", "x")
    run("done", "t1")
    assert "Would change t1" in run("task", "reopen", "t1", "--dry-run").err
    assert task(run)["status"] == "completed"


def test_one_is_removed_several_need_yes(run, refused):
    run("task", "add", "x")
    run("task", "add", "y")
    assert "--yes" in refused("task", "rm", "t1", "t2", code=2)
    assert titles(run) == ["x", "y"]
    result = run("task", "rm", "t1")
    assert result.out == "t1\n"
    assert "crm undo" in result.err
    run("undo")
    assert run("task", "rm", "-", "--yes", input="t1\n2\n").lines == ["t1", "t2"]
    assert titles(run) == []


@pytest.mark.parametrize(
    "command",
    [
        ["task", "done", "t1", "t2"],
        ["task", "edit", "t1", "t2", "--title", "z"],
        ["task", "reopen", "t1", "t2"],
        ["task", "snooze", "-", "3d"],
        ["task", "reschedule", "-", "fri"],
        ["task", "rm", "t1", "t2"],
        ["done", "t1", "t2"],
        ["snooze", "-", "3d"],
    ],
)
def test_what_changes_several_has_a_dry_run_that_writes_nothing(run, command):
    run("task", "add", "x")
    run("task", "add", "y")
    before = run("history").out
    result = run(*command, "--dry-run", input="t1\nt2\n")
    assert result.out == ""
    assert run("history").out == before


@pytest.mark.parametrize("verb", [["edit", "--title", "z"], ["done"], ["reopen"]])
def test_a_change_of_several_gives_one_json_document(run, verb):
    run("task", "add", "x")
    run("task", "add", "y")
    if verb == ["reopen"]:
        run("done", "t1", "t2")
    got = run("task", *verb, "t1", "t2", "--json").json
    assert [record["id"] for record in got] == ["t1", "t2"]


# series


@pytest.mark.parametrize(
    ("args", "due", "repeats"),
    [
        (["--every", "2 weeks", "--due", "fri"], "2026-11-27", "every 2 weeks"),
        (["--every", "every last fri"], "2026-11-27", "every month on the last Fri"),
        (["--every", "weekday"], "2026-11-23", "every weekday"),
        (["--every", "month on the last day"], "2026-11-30", "every month on the last day"),
        (["--every", "mon and thu"], "2026-11-23", "every Mon and Thu"),
        (["--every", "3d", "--due", "tomorrow 9:00"], "2026-11-24 09:00", "every 3 days"),
    ],
)
def test_add_a_series(run, args, due, repeats):
    got = run("task", "add", "x", *args, "--json").json
    assert (got["due"], got["repeats"], got["repeat_from"]) == (due, repeats, "due")
    assert got["dtstart_on"] == due[:10]
    assert run("task", "list", "--fields", "repeats").out == f"{repeats}\n"


def test_a_series_is_echoed(run):
    args = ["--due", "fri", "--every", "2 weeks", "--from", "done"]
    said = "due Fri 27 Nov 2026 (in 4 days), every 2 weeks from when it is done"
    assert said in run("task", "add", "x", *args).err
    assert run("task", "show", "t1", "--json").json["repeat_from"] == "done"


def test_remind_makes_a_series_too(run, ana):
    run("remind", "c1", "fri", "weekly", "call", "--every", "week")
    got = task(run)
    assert (got["title"], got["due"], got["repeats"]) == ("weekly call", "2026-11-27", "every week")


def test_done_says_what_comes_next(run):
    run("task", "add", "x", "--due", "today 9:30", "--every", "week")
    result = run("done", "t1")
    assert result.out == "t1\n"
    assert "next: t2 x, due Mon 30 Nov 2026 09:30" in result.err


def test_done_at_another_day_counts_from_that_day(run):
    run("task", "add", "x", "--due", "2026-11-16", "--every", "week", "--from", "done")
    run("done", "t1", "--at", "fri")
    assert task(run, "t2")["due"] == "2026-11-27"


def test_edit_makes_it_repeat_and_otherwise(run):
    run("task", "add", "x", "--due", "fri")
    run("task", "edit", "t1", "--every", "week")
    assert (task(run)["repeats"], task(run)["dtstart_on"]) == ("every week", "2026-11-27")
    run("task", "edit", "t1", "--every", "2 weeks", "--from", "done", "--due", "sat")
    got = task(run)
    assert (got["repeats"], got["repeat_from"]) == ("every 2 weeks", "done")
    assert got["due"] == got["dtstart_on"] == "2026-11-28"
    run("undo")
    assert task(run)["repeats"] == "every week"


@pytest.mark.parametrize("verb", ["skip", "end"])
def test_skip_and_end_take_several_people_stdin_and_a_dry_run(run, ana, verb):
    run("remind", "c1", "today", "x", "--every", "week")
    run("task", "add", "y", "--due", "today", "--every", "week")
    before = run("history").out
    result = run("task", verb, "ana-novak", "t2", "--dry-run")
    assert (result.out, run("history").out) == ("", before)
    assert run("task", verb, "-", input="t1\nt2\n").lines == ["t1", "t2"]
    assert task(run)["status"] == task(run, "t2")["status"] == "cancelled"
    assert len(run("task", "list").lines) == (2 if verb == "skip" else 0)
    run("undo")
    assert task(run)["status"] == "needs_action"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["add", "x", "--every", "soon"], 2, "not a repeat"),
        (["add", "x", "--from", "done"], 2, "--every"),
        (["add", "x", "--every", "week", "--from", "now"], 2, "--from"),
        (["add", "x", "--every", "0 weeks"], 2, "0 weeks"),
        (["add", "x", "--every", "week until 2026-11-01"], 2, "ends"),
        (["edit", "t1", "--every", "soon"], 2, "not a repeat"),
        (["edit", "t1", "--from", "done"], 2, "--every"),
        (["edit", "t2", "--every", "week"], 3, "no due date"),
        (["skip"], 2, "REF"),
        (["skip", "t1"], 3, "does not repeat"),
        (["skip", "t9"], 1, "t9"),
        (["skip", "t3"], 4, "closed"),
        (["end"], 2, "REF"),
        (["end", "t1"], 3, "does not repeat"),
        (["end", "t3"], 4, "closed"),
        (["end", "t1", "--foo"], 2, "--foo"),
        (["reopen", "t3"], 4, "has gone on with t4"),
    ],
)
def test_series_refusals_write_nothing(run, refused, args, code, said):
    run("task", "add", "once", "--due", "fri")
    run("task", "add", "some day")
    run("task", "add", "x", "--due", "today", "--every", "week")
    run("done", "t3")
    before = run("history").out
    assert said in refused("task", *args, code=code)
    assert run("history").out == before


def test_what_comes_back_from_the_trash_does_not_open_a_series_twice(run, refused):
    run("task", "add", "x", "--due", "today", "--every", "week")
    run("done", "t1")
    run("task", "rm", "t2")
    run("task", "reopen", "t1")
    refused("trash", "restore", "t2", code=4)
    assert run("task", "list", "-f", "ids").out == "t1\n"
