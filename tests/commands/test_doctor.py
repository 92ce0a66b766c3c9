"""`crm doctor`."""

import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def hurt(run, ana, database):
    """Change the database as another program would."""

    def hurt(*statements: str) -> None:
        with closing(sqlite3.connect(database)) as conn:
            for statement in statements:
                conn.execute(statement)
            conn.commit()

    return hurt


def test_silent_when_well(run, ana):
    result = run("doctor")
    assert (result.out, result.err) == ("", "")
    assert run("doctor", "--json").json == []


def test_no_database_yet(run, database):
    assert run("doctor").out == ""
    assert run("doctor", "--json").json == []
    assert not database.exists()


FAULTS = {
    "names": "UPDATE contact SET name_norm = 'wrong'",
    "touches": "UPDATE contact SET last_touch_at = '2020-01-01T00:00:00Z'",
    "search": "UPDATE contact SET note = 'not in the index'",
    "handles": "DELETE FROM handle WHERE contact_id = 1",
    "journal": "DROP TRIGGER journal_contact_u",
}


@pytest.mark.parametrize("check", ["names", "touches", "search", "handles"])
def test_a_fault_is_named_mended_and_gone(run, hurt, check):
    hurt(FAULTS[check])
    result = run("doctor", code=5)
    assert result.lines[0].split("\t")[0] == check
    assert "crm doctor --fix" in result.err
    fixed = run("doctor", "--fix")
    assert "yes" in fixed.out
    assert run("doctor").out == ""
    groups = run("history", "-f", "ids").out
    run("doctor", "--fix")
    assert run("history", "-f", "ids").out == groups


def test_what_follows_from_the_mending_works_again(run, hurt):
    hurt(FAULTS["handles"], FAULTS["names"])
    run("doctor", "--fix")
    assert run("show", "ana-novak", "--json").json["id"] == "c1"


def test_faults_as_json(run, hurt):
    hurt(FAULTS["names"])
    result = run("doctor", "--json", code=5)
    (fault,) = [fault for fault in result.json if fault["check"] == "names"]
    assert (fault["mended"], fault["warning"]) == (None, False)
    assert '"code": 5' in result.err


def test_a_warning_is_no_fault(run, ana, database):
    database.chmod(0o644)
    result = run("doctor")
    assert result.lines[0].startswith("mode\t")


@pytest.mark.parametrize("content", [b"hello", b"not a database" * 1000, b""])
def test_what_is_no_database_is_named_and_left_alone(run, database, content):
    database.parent.mkdir(parents=True)
    database.write_bytes(content)
    result = run("doctor", code=5)
    assert str(database) in result.err
    run("doctor", "--fix", code=5)
    assert database.read_bytes() == content


@pytest.mark.parametrize("args", [["--foo"], ["x"], ["-f", "x"]])
def test_doctor_refuses(refused, args):
    refused("doctor", *args, code=2)


def test_time_alone_makes_no_fault(run, ana, at, home):
    """A file may hold a meeting of the day after tomorrow; when it is over all is still true."""
    run("log", "call", "c1")
    run("export", "interactions", "-o", str(home / "i.csv"))
    run("undo")
    text = (home / "i.csv").read_text().replace("2026-11-23T09:00:00Z", "2026-11-25T09:00:00Z", 1)
    (home / "i.csv").write_text(text)
    run("import", str(home / "i.csv"), code=None)
    at("2026-11-26T10:00:00+01:00")
    assert run("doctor").out == ""
