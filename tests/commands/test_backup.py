"""`crm backup`."""

import stat

import pytest

NAME = "20261123T090000Z.crm.db"


@pytest.fixture
def folder(home):
    return home / ".local/state/crm/backups"


@pytest.fixture
def made(run, ana, folder):
    run("backup", "now")
    return folder / NAME


def test_now_prints_the_path_in_a_pipe(run, ana, folder):
    result = run("backup", "now")
    assert result.out == f"{folder / NAME}\n"
    assert f"Made {NAME} with 1 contact in" in result.err
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_now_as_json(run, ana):
    got = run("backup", "now", "--json").json
    assert (got["name"], got["contacts"], got["reason"]) == (NAME, 1, "by hand")
    assert len(got["sha256"]) == 64


def test_two_in_the_same_second_are_two(run, made):
    assert run("backup", "now").out.strip().endswith("20261123T090000Z-2.crm.db")


@pytest.mark.parametrize("args", [["backup"], ["backup", "list"]])
def test_the_bare_noun_lists_newest_first(run, made, at, args):
    at("2026-11-24T09:00:00Z")
    run("backup", "now")
    lines = [line.split("\t") for line in run(*args).lines]
    assert [line[0] for line in lines] == ["20261124T090000Z.crm.db", NAME]
    assert lines[1][1:3] == ["2026-11-23T09:00:00Z", "by hand"]
    assert lines[1][4] == "1"


def test_no_backups_yet(run):
    assert run("backup").out == ""
    assert run("backup", "--json").json == []


@pytest.mark.parametrize("name", [[], ["latest"], [NAME], ["20261123T090000Z"]])
def test_verify_by_name(run, made, name):
    result = run("backup", "verify", *name)
    assert result.out == ""
    assert "is sound: 1 contact," in result.err


def test_verify_by_path_and_as_json(run, made):
    assert run("backup", "verify", str(made), "--json").json["rows"]["contact"] == 1


def test_a_changed_backup_is_invalid(refused, made):
    raw = bytearray(made.read_bytes())
    raw[-1] ^= 1
    made.write_bytes(raw)
    assert "was changed" in refused("backup", "verify", code=3)
    refused("backup", "restore", "latest", "--yes", code=3)


def test_restore_brings_back_what_was(run, made, folder):
    run("contact", "add", "Bo Li")
    result = run("backup", "restore", "latest", "--yes")
    assert "Backed up what was there" in result.err
    assert "1 contact" in result.err
    assert run("contact", "list", "-f", "ids").out == "c1\n"
    assert len(list(folder.glob("*.crm.db"))) == 2
    run("backup", "restore", "latest", "--yes")
    assert run("contact", "list", "-f", "ids").out == "c1\nc2\n"


def test_restore_where_there_is_no_database(run, made, home):
    run("backup", "restore", "latest", "--yes", "--db", str(home / "new" / "crm.db"))
    assert run("contact", "list", "-f", "ids", "--db", str(home / "new" / "crm.db")).out == "c1\n"


def test_restore_asks_first(run, refused, made):
    run("contact", "add", "Bo Li")
    assert "--yes" in refused("backup", "restore", "latest", code=2)
    assert run("contact", "list", "-f", "ids").out == "c1\nc2\n"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["verify"], 1),
        (["verify", "nope"], 1),
        (["restore", "nope", "--yes"], 1),
        (["restore"], 2),
        (["now"], 5),
        (["now", "--foo"], 2),
    ],
)
def test_backup_refuses(refused, args, code):
    refused("backup", *args, code=code)


def test_what_is_no_database_is_not_restored(run, refused, made, home):
    (home / "other.db").write_text("hello")
    refused("backup", "restore", str(home / "other.db"), "--yes", code=5)
    assert run("contact", "list", "-f", "ids").out == "c1\n"
