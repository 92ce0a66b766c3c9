"""Global options, guesses, error messages and exit codes: what every command shares."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest

# options before the noun and after the verb


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("form", [["--db", "{db}"], ["--db={db}"]])
def test_db_before_and_after(run, home, place, form):
    option = [part.format(db=home / "other.db") for part in form]
    command = ["contact", "add", "Ana"]
    run(*(option + command if place == "before" else command + option))
    assert (home / "other.db").exists()
    assert run("contact", "list").out == ""
    assert run("--db", str(home / "other.db"), "contact").out.startswith("c1\t")


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize(
    "option", ["--yes", "-y", "--no-input", "--debug", "--color=never", "--json"]
)
@pytest.mark.parametrize("command", [["contact", "list"], ["due"], ["contact", "add", "Eva"]])
def test_global_options_before_and_after(run, ana, place, option, command):
    run(*([option, *command] if place == "before" else [*command, option]))


def test_yes_before_the_noun(run, bo):
    assert run("--yes", "contact", "rm", "c1", "c2").lines == ["c1", "c2"]


@pytest.mark.parametrize("option", ["--db", "--color", "-f", "-o", "--fields"])
def test_an_option_without_its_value_is_usage(refused, option):
    assert option in refused("contact", "list", option, code=2)


def test_after_two_dashes_options_are_text(run, ana):
    run("log", "note", "c1", "--", "--json", "--db", "x")
    assert run("show", "i1", "--json").json["body"] == "--json --db x"


def test_version(run):
    assert run("--version").out.startswith("crm ")


# guesses


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["contcat"], "'contact'"),
        (["contact", "shwo"], "'show'"),
        (["taks"], "'task'"),
        (["undoo"], "'undo'"),
        (["contact", "add", "X", "--emial", "a@b.si"], "--email"),
        (["contact", "list", "--feilds", "name"], "--fields"),
        (["due", "--withn", "7d"], "--within"),
    ],
)
def test_did_you_mean(refused, args, meant):
    assert meant in refused(*args, code=2)


# messages


FAILURES = [
    (["show", "nobody"], 1),
    (["contact", "list", "--foo"], 2),
    (["bogus"], 2),
    (["contact", "add"], 3),
    (["contact", "add", "X", "-e", "ana@acme.si"], 4),
    (["contact", "list", "--db", "/"], 5),
    (["contact", "list", "-o", "/no/such/folder/x"], 7),
    (["contact", "rm", "c1", "c2"], 2),
    (["log", "call", "c1", "--at", "tomorrow"], 3),
]


@pytest.mark.parametrize(("args", "code"), FAILURES)
def test_an_error_is_one_or_two_lines_on_stderr(refused, bo, args, code):
    said = refused(*args, code=code)
    assert "Traceback" not in said
    assert "Error" not in said


WITH_FORMAT = [(args, code) for args, code in FAILURES if {"list", "show"} & set(args)]


@pytest.mark.parametrize(
    ("args", "code", "option"),
    [
        *((args, code, ["--json"]) for args, code in FAILURES),
        *((args, code, ["-f", "json"]) for args, code in WITH_FORMAT),
        *((args, code, ["--format=json"]) for args, code in WITH_FORMAT),
    ],
)
def test_with_json_the_error_is_json_on_stderr(run, bo, args, code, option):
    result = run(*args, *option, code=code)
    assert result.out in ("", "[]\n")
    error = json.loads(result.err)
    assert list(error) == ["error", "hint", "code"]
    assert error["code"] == code
    assert error["error"]


def test_the_word_json_alone_does_not_ask_for_json(refused, ana):
    refused("find", "json", code=1)


def test_nothing_is_written_when_one_of_several_is_wrong(run, refused, bo):
    before = run("history").out
    for command in (
        ["contact", "rm", "c1", "nobody", "--yes"],
        ["contact", "edit", "c1", "c9", "-t", "x"],
        ["done", "t1", "t9"],
        ["log", "call", "c1", "x", "-n", "never"],
    ):
        run(*command, code=None)
        assert run("history").out == before


# storage


@pytest.mark.parametrize(
    "content", [b"hello", b"not a database " * 1000, b"SQLite format 3\x00" + b"\xff" * 4096, b""]
)
@pytest.mark.parametrize("command", [["contact", "list"], ["contact", "add", "X"], ["due"]])
def test_what_is_no_database_is_exit_5_and_left_alone(refused, database, content, command):
    database.parent.mkdir(parents=True)
    database.write_bytes(content)
    assert str(database) in refused(*command, code=5)
    assert database.read_bytes() == content


@pytest.mark.parametrize("command", [["contact", "list"], ["contact", "add", "X"], ["due"]])
def test_a_folder_is_exit_5(refused, home, command):
    assert "is a folder" in refused(*command, "--db", str(home), code=5)


@pytest.mark.parametrize("command", [["contact", "list"], ["contact", "add", "X"], ["due"]])
def test_a_newer_database_is_exit_5(run, refused, database, command):
    run("contact", "add", "Ana")
    with closing(sqlite3.connect(database)) as conn:
        conn.execute("PRAGMA user_version = 999")
    assert "newer" in refused(*command, code=5)


@pytest.mark.parametrize("command", [["contact", "list"], ["contact", "add", "X"]])
def test_another_programs_database_is_exit_5(refused, database, command):
    database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(database)) as conn:
        conn.execute("CREATE TABLE t (x)")
    before = database.read_bytes()
    assert "not a crm database" in refused(*command, code=5)
    assert database.read_bytes() == before


def test_the_database_is_private(run, database):
    run("contact", "add", "Ana")
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


# a fault of ours


SECRET = "what a customer said"


@pytest.fixture
def fault(monkeypatch):
    def broken(*args):
        raise RuntimeError(SECRET)

    monkeypatch.setattr("crmcli.store.contact.get_contacts", broken)


def test_a_fault_of_ours_is_exit_70_without_values(run, refused, ana, fault, home):
    said = refused("contact", "show", "c1", code=70)
    assert "RuntimeError" in said
    assert "--debug" in said
    assert SECRET not in said
    assert not (home / ".local/state/crm/debug.log").exists()


@pytest.mark.parametrize("args", [["--debug", "contact", "show", "c1"], ["show", "c1", "--debug"]])
def test_debug_writes_the_traceback_to_a_private_log(refused, ana, fault, home, args):
    log = home / ".local/state/crm/debug.log"
    said = refused(*args, code=70)
    assert str(log) in said
    text = log.read_text()
    assert "RuntimeError" in text
    assert "get_contacts" in text or "broken" in text
    assert SECRET not in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


# the process


def test_a_closed_pipe_ends_quietly(run, process):
    text = "".join(f'{{"name": "Person {number}"}}\n' for number in range(3000))
    run("contact", "add", "--input", "-", input=text)
    read, write = os.pipe()
    os.close(read)
    for command in (["contact", "list"], ["contact", "list", "--json"], ["due"]):
        got = process(*command, stdout=write)
        assert got.returncode in (0, 141)
        assert got.stderr == b""
    os.close(write)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("args", [["contact", "list"], ["due"], ["contact", "list", "--json"]])
def test_a_full_disk_behind_stdout_is_exit_7(run, process, ana, args):
    run("remind", "c1", "today", "x")
    with open("/dev/full", "wb") as full:
        got = process(*args, stdout=full)
    assert got.returncode == 7
    assert b"cannot write output" in got.stderr
    assert len(got.stderr.splitlines()) <= 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_what_was_saved_is_said_when_the_output_fails(run, process):
    with open("/dev/full", "wb") as full:
        got = process("contact", "add", "Ana", stdout=full)
    assert got.returncode == 7
    assert b"Added c1 ana" in got.stderr
    assert run("contact", "list", "-f", "ids").out == "c1\n"


@pytest.mark.parametrize("closed", ["0<&-", ">&-", "2>&-", "0<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(run, database, home, closed):
    script = f'"$1" -m crmcli contact add Ana {closed}'
    got = subprocess.run(["sh", "-c", script, "sh", sys.executable], cwd=home, capture_output=True)
    assert b"Traceback" not in got.stderr
    assert run("contact", "list", "-f", "ids").out == "c1\n"


def test_stdin_that_is_not_utf8_is_usage(run, ana):
    result = run("log", "note", "c1", "-", input=b"\xff\xfe", code=2)
    assert "stdin is not UTF-8" in result.err
