"""`crm redo`."""

import pytest


def test_redo_does_again_what_was_undone(run, ana):
    run("undo")
    result = run("redo")
    assert result.out == "1\n"
    assert "Done again: group 1, contact add" in result.err
    assert run("contact", "list", "-f", "ids").out == "c1\n"


def test_redo_goes_step_by_step(run, bo):
    run("undo")
    run("undo")
    run("redo")
    assert run("contact", "list", "-f", "ids").out == "c1\n"
    run("redo")
    assert run("contact", "list", "-f", "ids").out == "c1\nc2\n"
    run("redo", code=1)


def test_redo_as_json(run, ana):
    run("undo")
    got = run("redo", "--json").json
    assert (got["group"], got["command"]) == (1, "contact add")


def test_only_my_undo_unless_any(run, refused, ana, monkeypatch):
    run("undo")
    monkeypatch.setenv("CRM_USER", "eva")
    refused("redo", code=1)
    run("redo", "--any")
    assert run("contact", "list", "-f", "ids").out == "c1\n"


def test_a_change_since_is_a_conflict(run, refused, ana):
    run("contact", "edit", "c1", "--note", "one")
    run("undo")
    run("contact", "edit", "c1", "--note", "two")
    refused("redo", code=4)
    assert run("contact", "show", "c1", "--json").json["note"] == "two"


@pytest.mark.parametrize(("args", "code"), [([], 1), (["--any"], 1), (["1"], 2), (["--foo"], 2)])
def test_redo_refuses(refused, ana, args, code):
    refused("redo", *args, code=code)
