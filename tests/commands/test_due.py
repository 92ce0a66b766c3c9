"""`crm due`, by the command line and by the hot path."""

import os

import pytest

from crmcli import hot

COLUMNS = ["id", "section", "due", "title", "who"]


@pytest.fixture
def some(run, bo):
    run("remind", "c1", "2026-11-20", "late")
    run("remind", "c1", "today", "now")
    run("remind", "c2", "today 9:30", "this morning")
    run("remind", "c2", "15:30", "this afternoon")
    run("remind", "acme", "tomorrow", "renewal")
    run("task", "add", "some day")
    run("task", "add", "eva's", "--due", "today", "--owner", "eva")
    run("remind", "c1", "fri", "friday")
    run("remind", "c1", "2w", "far")
    run("contact", "add", "Čop 张伟", "--birthday", "1990-11-23")


def titles(run, *args):
    return [line.split("\t")[4] for line in run("due", *args).lines]


def test_due_is_overdue_and_today(run, some):
    assert run("due").lines == [
        "overdue\tt1\t2026-11-20\tAna Novak\tlate\t3 days late",
        "overdue\tt3\t2026-11-23 09:30\tBo Li\tthis morning\ttoday",
        "today\tt4\t2026-11-23 15:30\tBo Li\tthis afternoon\ttoday",
        "today\tt2\t2026-11-23\tAna Novak\tnow\ttoday",
        "today\tt7\t2026-11-23\t\teva's\ttoday",
        "date\tc3\t2026-11-23\tČop 张伟\tbirthday (36 years)\ttoday",
    ]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--overdue"], "late, this morning"),
        (["--tomorrow"], "renewal"),
        (["--within", "1d"], "late, this morning, this afternoon, now, eva's, renewal"),
        (["--within", "fri", "--owner", "eva"], "eva's"),
        (["--owner", "me", "--overdue"], "late, this morning"),
        (["--owner", "nobody"], ""),
    ],
)
def test_due_filters(run, some, args, expected):
    assert ", ".join(t for t in titles(run, *args) if "birthday" not in t) == expected


def test_a_birthday_without_a_year(run):
    run("contact", "add", "Ana", "--birthday", "23.11.")
    assert run("due").out == "date\tc1\t2026-11-23\tAna\tbirthday\ttoday\n"


@pytest.mark.parametrize(
    ("day", "seen"), [("2027-02-28", True), ("2027-03-01", False), ("2028-02-28", False)]
)
def test_the_29th_of_february(run, at, day, seen):
    run("contact", "add", "Ana", "--birthday", "29.2.1992")
    at(f"{day}T10:00:00+01:00")
    assert ("birthday" in run("due").out) == seen


def test_nothing_due_is_silent_and_exit_0(run, ana):
    result = run("due")
    assert (result.out, result.err) == ("", "")


def test_a_missing_database_is_zero_and_is_not_made(run, database):
    assert run("due", "--count").out == "0\n"
    assert not database.parent.exists()


@pytest.mark.parametrize(
    ("args", "count"), [([], "6"), (["--overdue"], "2"), (["--owner", "eva"], "1")]
)
def test_count_is_one_integer(run, some, args, count):
    assert run("due", "--count", *args).out == f"{count}\n"


def test_exit_code_says_whether_something_is_due(run, ana):
    run("due", "--exit-code", code=0)
    run("remind", "c1", "today", "x")
    result = run("due", "--exit-code", code=1)
    assert "t1" in result.out
    assert result.err == ""
    assert run("due", "--exit-code", "--count", code=1).out == "1\n"


def test_what_is_done_snoozed_or_in_the_trash_is_not_due(run, bo):
    for ref in ("c1", "c1", "c1", "c2"):
        run("remind", ref, "today", "x")
    run("done", "t1")
    run("snooze", "t2", "1d")
    run("task", "rm", "t3")
    run("contact", "rm", "c2")
    assert run("due").out == ""


def test_json(run, some):
    first, *_, last = run("due", "--json").json
    assert [key for key in first if key in COLUMNS] == COLUMNS
    assert first["who"] == {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"}
    assert (first["id"], first["section"], first["due"]) == ("t1", "overdue", "2026-11-20")
    assert last["section"] == "date"
    assert run("due", "--owner", "nobody", "--json").json == []


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--within", "soon"], 2),
        (["--within"], 2),
        (["--foo"], 2),
        (["today"], 2),
        (["--fields", "x"], 2),
        (["-f", "x"], 2),
    ],
)
def test_due_refuses(refused, args, code):
    refused("due", *args, code=code)


# the hot path


SAME = [
    [],
    ["--overdue"],
    ["--tomorrow"],
    ["--overdue", "--tomorrow"],
    ["--within", "0d"],
    ["--within", "7d"],
    ["--within=30d"],
    ["--within", "7d", "--overdue"],
    ["--owner", "me"],
    ["--owner", "eva"],
    ["--owner=nobody"],
    ["--owner", ""],
    ["--count"],
    ["--count", "--within", "3d", "--owner", "me"],
    ["--exit-code"],
    ["--exit-code", "--tomorrow", "--owner", "eva"],
    ["--db", "/nowhere/crm.db"],
    ["--db", "/"],
]


@pytest.mark.parametrize("args", SAME, ids=" ".join)
def test_the_hot_path_gives_the_same_bytes(run, some, capsys, args):
    run("task", "edit", "t1", "--title", "tea\u200d [/] =1+1")
    code = hot.run(["due", *args])
    hot_out, hot_err = capsys.readouterr()
    slow = run("due", *args, code=code)
    assert (hot_out, hot_err) == (slow.out, slow.err)


@pytest.mark.parametrize(
    "args", [["--json"], ["--within", "fri"], ["--foo"], ["-h"], ["--csv"], ["--db"], ["x"]]
)
def test_what_the_hot_path_does_not_know_it_leaves_alone(some, args):
    assert hot.run(["due", *args]) is None


def test_the_hot_path_refuses_a_broken_database(run, refused, database, capsys):
    run("contact", "add", "Ana")
    database.write_bytes(b"not a database" * 100)
    assert hot.run(["due"]) == 5
    assert capsys.readouterr().err == refused("due", code=5)


# cron


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "de_DE.UTF-8"])
def test_cron_gets_the_same_bytes(run, process, some, locale):
    expected = run("due").out.encode()
    kept = ("HOME", "CRM_NOW", "CRM_TIMEZONE", "PYTHONPATH")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    got = process("due", full_env={**env, "PATH": "/usr/bin:/bin", "LC_ALL": locale})
    assert (got.stdout, got.stderr, got.returncode) == (expected, b"", 0)
