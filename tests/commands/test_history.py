"""`crm history`."""

import pytest


@pytest.fixture
def some(run, bo):
    run("contact", "edit", "c1", "--note", "one")
    run("remind", "c2", "fri", "call")


def test_newest_first_with_who_and_by_which_command(run, some):
    lines = [line.split("\t") for line in run("history").lines]
    assert [line[0] for line in lines] == ["4", "3", "2", "1"]
    assert lines[0][:5] == ["4", "2026-11-23T09:00:00Z", "me", "cli", "remind"]
    assert [line[4] for line in lines] == ["remind", "contact edit", "contact add", "contact add"]


def test_of_one_record(run, some):
    assert run("history", "ana-novak", "-f", "ids").lines == ["3", "1"]
    assert run("history", "t1", "-f", "ids").lines == ["4"]


def test_of_what_lies_in_the_trash(run, some):
    run("contact", "rm", "c1")
    assert run("history", "c1", "-f", "ids").lines == ["5", "3", "1"]


def test_one_change_in_detail(run, some):
    line = next(line for line in run("history", "--group", "3").lines if "contact" in line)
    table, row, op, old, new = line.split("\t")
    assert (table, row, op) == ("contact", "1", "U")
    assert "note=one" in new
    assert "note=None" not in new
    assert "note=one" not in old
    change = next(c for c in run("history", "--group", "3", "--json").json if c["op"] == "U")
    assert change["new"]["note"] == "one"
    assert change["old"]["note"] is None


@pytest.mark.parametrize(
    ("command", "column"),
    [
        (["contact", "edit", "c1", "-a", "Trg 1"], "street=Trg 1"),
        (["contact", "edit", "c1", "-e", "home:a@b.si"], "label=home"),
        (["org", "edit", "o1", "--note", "n"], "note=n"),
        (["org", "add", "Kos", "--kind", "client"], "kind=client"),
        (["log", "call", "c1", "hello"], "body=hello"),
        (["task", "add", "x", "--kind", "call"], "kind=call"),
    ],
)
@pytest.mark.parametrize("form", ["tsv", "csv", "md", "table"])
def test_the_detail_names_every_column_that_changed(run, some, command, column, form):
    run(*command)
    assert column in run("history", "--group", "5", "-f", form).out


def test_undone_is_said(run, some):
    run("undo")
    got = {row["id"]: row["undone"] for row in run("history", "--json").json}
    assert got == {5: None, 4: "undone", 3: None, 2: None, 1: None}


def test_limit(run, some):
    assert run("history", "--limit", "2", "-f", "ids").lines == ["4", "3"]
    assert run("history", "--limit", "0", "-f", "ids").lines == ["4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["c9"], 1),
        (["nobody"], 1),
        (["--group", "99"], 1),
        (["--group", "x"], 2),
        (["--limit", "x"], 2),
        (["--foo"], 2),
        (["--fields", "x"], 2),
    ],
)
def test_history_refuses(refused, some, args, code):
    refused("history", *args, code=code)


def test_an_empty_history_is_fine(run, database):
    assert run("history").out == ""
    assert run("history", "--json").json == []
    assert not database.exists()
