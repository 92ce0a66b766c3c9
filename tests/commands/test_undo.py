"""`crm undo`, across commands."""

import json

import pytest


def dump(run):
    """Everything a person can see, to compare before and after."""
    listings = (["contact", "list"], ["org", "list"], ["task", "list", "--all"])
    seen = [run(*args, "-f", "jsonl").lines for args in listings]
    refs = run("contact", "list", "-f", "ids").out.split()
    return [*seen, *(run("show", ref, "--json").json for ref in refs)]


def without_times(value):
    """Leave out `updated`: undoing is a change too."""
    if isinstance(value, dict):
        return {key: without_times(v) for key, v in value.items() if key != "updated"}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    if isinstance(value, str) and value.startswith("{"):
        return without_times(json.loads(value))
    return value


COMMANDS = [
    [
        "contact",
        "add",
        "Eva Kos",
        "-e",
        "eva@kos.si",
        "--org",
        "Kos",
        "-t",
        "new",
        "--birthday",
        "1.2.",
    ],
    ["contact", "edit", "c1", "--name", "Ana Kos", "--org", "Beta", "--drop", "ana@acme.si"],
    ["contact", "edit", "c1", "--birthday", "1.2.", "--set", "tea=green", "-t", "x", "-a", "Trg 1"],
    ["contact", "rm", "c1"],
    ["contact", "rm", "c1", "c2", "--yes"],
    ["org", "add", "Gamma", "--domain", "gamma.si"],
    ["org", "edit", "o1", "--name", "Acme Europe", "--kind", "client"],
    ["org", "rm", "o1"],
    ["task", "add", "x", "--for", "c1", "--due", "fri"],
    ["task", "edit", "t1", "--title", "y", "--due", "mon", "--for", "o1"],
    ["task", "reschedule", "t1", "fri"],
    ["task", "rm", "t1"],
    ["snooze", "t1", "3d"],
    ["done", "t1", "--text", "said", "-n", "fri next"],
    ["remind", "c2", "fri", "call"],
    ["log", "call", "c1", "said", "--with", "c2", "-n", "fri next", "--waiting", "mon reply"],
]


@pytest.fixture
def some(run, bo, at):
    run("remind", "c1", "today", "offer")
    at("2026-11-23T11:00:00+01:00")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_undo_takes_a_command_back_and_redo_does_it_again(run, some, command):
    before = without_times(dump(run))
    run(*command)
    after = without_times(dump(run))
    assert after != before
    assert "Undone" in run("undo").err
    assert without_times(dump(run)) == before
    run("redo")
    assert without_times(dump(run)) == after


def test_undo_all_the_way_back(run):
    for command in (["contact", "add", "Ana"], ["log", "n", "c1", "x"], ["remind", "c1", "fri"]):
        run(*command)
    for _ in range(3):
        run("undo")
    assert run("contact", "list").out == run("task", "list").out == ""
    run("undo", code=1)


def test_undo_prints_the_group_in_a_pipe_and_a_record_as_json(run, ana):
    result = run("undo")
    assert result.out == "1\n"
    assert "contact add" in result.err
    assert "crm redo" in result.err
    run("redo")
    got = run("undo", "--json").json
    assert (got["group"], got["command"], got["kept"]) == (1, "contact add", [])


def test_undo_of_a_group_by_number(run, bo):
    run("undo", "1")
    assert run("contact", "list", "-f", "ids").out == "c2\n"


def test_undo_takes_back_mine(run, bo, monkeypatch):
    monkeypatch.setenv("CRM_USER", "eva")
    run("undo", code=1)
    run("org", "add", "Evas")
    monkeypatch.setenv("CRM_USER", "me")
    run("undo")
    assert run("org", "list", "--fields", "name").lines == ["Acme", "Evas"]
    run("undo", "--any")
    assert run("org", "list", "--fields", "name").lines == ["Acme"]


def test_a_later_change_is_a_conflict_and_nothing_is_undone_in_halves(run, refused, bo):
    run("contact", "edit", "c1", "c2", "--note", "one")
    run("contact", "edit", "c1", "--note", "two")
    said = refused("undo", "3", code=4)
    assert "c1 Ana Novak" in said
    assert "--skip-changed" in said
    assert run("contact", "show", "c2", "--json").json["note"] == "one"
    result = run("undo", "3", "--skip-changed")
    assert "kept, changed since: c1 Ana Novak" in result.err
    notes = [run("contact", "show", ref, "--json").json["note"] for ref in ("c1", "c2")]
    assert notes == ["two", None]


def test_who_was_used_since_is_a_conflict(run, refused, ana):
    run("remind", "c1", "fri", "x")
    assert "c1 Ana Novak" in refused("undo", "1", code=4)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["99"], 1, "no change group 99"),
        (["-1"], 2, "-1"),
        (["x"], 2, "whole number"),
        (["--foo"], 2, "--foo"),
        (["3", "4"], 2, "extra"),
    ],
)
def test_undo_refuses(refused, ana, args, code, said):
    assert said in refused("undo", *args, code=code)


def test_what_is_undone_is_not_undone_twice(run, refused, ana):
    run("undo")
    assert "undone already" in refused("undo", "1", code=4)
    assert "undo itself" in refused("undo", "2", code=4)


def test_nothing_to_undo(refused, database):
    assert "nothing to undo" in refused("undo", code=1)


def test_a_dry_run_undoes_nothing(run, ana):
    assert "Would undo" in run("undo", "--dry-run").err
    assert run("contact", "list", "-f", "ids").out == "c1\n"


def test_a_dry_run_prints_no_reference(run, ana):
    assert run("undo", "--dry-run").out == ""
