"""`crm trash`."""

import pytest


@pytest.fixture
def full(run, bo, at):
    run("task", "add", "offer", "--for", "c2")
    run("contact", "rm", "c1")
    at("2026-11-23T09:30:00Z")
    run("org", "rm", "acme")
    run("task", "rm", "t1")


@pytest.mark.parametrize("args", [["trash"], ["trash", "list"]])
def test_the_bare_noun_lists_newest_first(run, full, args):
    assert run(*args).lines == [
        "o1\torg\tAcme\t2026-11-23T09:30:00Z",
        "t1\ttask\toffer\t2026-11-23T09:30:00Z",
        "c1\tcontact\tAna Novak\t2026-11-23T09:00:00Z",
    ]


def test_a_deal_is_listed_and_comes_back(run, bo, refused):
    run("field", "add", "code", "text", "--of", "deal", "--unique")
    run("deal", "add", "Pilot", "--for", "c2", "--set", "code=7")
    run("deal", "rm", "d1")
    assert run("trash").lines == ["d1\tdeal\tPilot\t2026-11-23T09:00:00Z"]
    run("deal", "add", "Second", "--for", "c2", "--set", "code=7")
    refused("trash", "restore", "d1", code=4)  # somebody has its code by now
    run("deal", "rm", "d2")
    assert run("trash", "restore", "d1").out == "d1\n"


def test_json_and_limit(run, full):
    assert [row["id"] for row in run("trash", "--json").json] == ["o1", "t1", "c1"]
    assert run("trash", "--limit", "1", "-f", "ids").out == "o1\n"
    assert run("trash", "--limit", "0", "-f", "ids").lines == ["o1", "t1", "c1"]


def test_an_empty_trash(run, database):
    assert run("trash").out == ""
    assert run("trash", "--json").json == []
    assert not database.exists()


@pytest.mark.parametrize("ref", ["c1", "C1", "ana-novak"])
def test_restore(run, full, ref):
    result = run("trash", "restore", ref)
    assert result.out == "c1\n"
    assert "Restored c1 ana-novak" in result.err
    assert run("find", "ana", "-f", "ids").out == "c1\n"
    assert run("trash", "-f", "ids").lines == ["o1", "t1"]


def test_restore_of_all_by_a_pipe_is_one_group(run, full):
    ids = run("trash", "list", "-f", "ids").out
    assert run("trash", "restore", "-", input=ids).lines == ["o1", "t1", "c1"]
    assert run("trash").out == ""
    run("undo")
    assert run("trash", "-f", "ids").out == ids


def test_restore_of_several_gives_one_json_document(run, full):
    got = run("trash", "restore", "c1", "t1", "--json").json
    assert [record["id"] for record in got] == ["c1", "t1"]


def test_a_dry_run_restores_nothing(run, full):
    result = run("trash", "restore", "c1", "--dry-run")
    assert result.out == ""
    assert "Would restore c1" in result.err
    assert "c1" in run("trash", "-f", "ids").lines


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["restore", "c2"], 1),
        (["restore", "c9"], 1),
        (["restore", "nobody"], 1),
        (["restore", "c1", "c9"], 1),
        (["restore"], 2),
        (["list", "--foo"], 2),
    ],
)
def test_trash_refuses_and_restores_nothing(run, refused, full, args, code):
    refused("trash", *args, code=code)
    assert run("trash", "-f", "ids").lines == ["o1", "t1", "c1"]


def test_what_must_be_unique_is_not_brought_back_twice(run, refused):
    run("field", "add", "badge", "text", "--unique")
    run("contact", "add", "Ana", "--set", "badge=A")
    run("contact", "rm", "c1")
    run("contact", "add", "Bo", "--set", "badge=A")
    assert "badge must be unique" in refused("trash", "restore", "c1", code=4)
    run("contact", "edit", "c2", "--set", "badge=B")
    assert run("trash", "restore", "c1").out == "c1\n"
