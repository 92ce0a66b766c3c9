"""Several processes at once: nothing lost, nothing refused that could wait, one clear line else."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager, suppress

import pytest

WRITER = """\
import sys
from crmcli.clock import Clock
from crmcli.store.unit import Store
from crmcli.rules.contact import draft_contact
from crmcli.store.contact import add_contact

path, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store(path, Clock.from_env(), name)
print("ready", flush=True)
sys.stdin.readline()
for number in range(rounds):
    def step(w):
        row = w.one("SELECT id, note FROM contact WHERE id = 1")
        w.update("contact", 1, note=str(int(row["note"]) + 1))
        add_contact(w, draft_contact({"name": f"{name} {number}"}, None))
    assert store.write("count", step).group_id
"""
# The same program with a wait of a fifth of a second instead of five.
IMPATIENT = """\
from crmcli.store import db, dialect
db.BUSY_MS = dialect.BUSY_MS = 200
db.WRITER_PRAGMAS = ("PRAGMA busy_timeout = 200", *dialect.WRITER_PRAGMAS[1:])
from crmcli.__main__ import main
raise SystemExit(main())
"""


@contextmanager
def locked(path):
    """Hold the write lock, as another program would; gives a way to let go earlier."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        yield lambda: conn.execute("ROLLBACK")


def first_commands(crm, count):
    """Start `count` commands on an empty home at once; give how they ended."""
    running = [crm.start("contact", "add", f"Person {number}") for number in range(count)]
    ends = []
    for process in running:
        out, err = process.communicate(timeout=60)
        ends.append((process.returncode, out, err))
    return ends


def check_first_commands(crm, ends):
    assert [code for code, _, _ in ends] == [0] * len(ends), ends
    assert len({out for _, out, _ in ends}) == len(ends)  # each printed its own reference
    assert crm.count("contact") == len(ends)
    assert crm.query("SELECT count(DISTINCT name) FROM handle") == [(len(ends),)]
    names = {entry.name for entry in crm.database.parent.iterdir()}
    assert names <= {"crm.db", "crm.db-wal", "crm.db-shm"}  # no .crm-new-* left behind
    assert crm.is_sound()


def test_eight_first_commands_make_one_database(crm):
    check_first_commands(crm, first_commands(crm, 8))


@pytest.mark.slow
@pytest.mark.parametrize("round", range(10))
def test_eighty_first_commands(crm, round):
    check_first_commands(crm, first_commands(crm, 8))


def count_together(crm, writers, rounds):
    """Let processes count one number up, each step adding a contact too; nothing may be lost."""
    crm("contact", "add", "Counter", "--note", "0")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(crm.database), f"w{number}", str(rounds)],
            env=crm.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(writers)
    ]
    crm.running += running
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=100) for process in running]
    assert [process.returncode for process in running] == [0] * writers, ends
    total = writers * rounds
    assert crm.query("SELECT note FROM contact WHERE id = 1") == [(str(total),)]
    assert crm.count("contact") == total + 1
    assert crm.query("SELECT count(*) FROM change_group WHERE command = 'count'") == [(total,)]
    assert crm.query("SELECT version FROM contact WHERE id = 1") == [(total + 1,)]
    assert crm.is_sound()


def test_four_writers_lose_nothing(crm):
    count_together(crm, writers=4, rounds=30)


@pytest.mark.slow
def test_four_writers_with_150_each_lose_nothing(crm):
    count_together(crm, writers=4, rounds=150)


def test_parallel_logs_are_all_there(crm):
    crm("contact", "add", "Ana Novak")
    running = [crm.start("log", "c", "ana-novak", f"call {number}") for number in range(6)]
    ends = [(process.communicate(timeout=60), process.returncode) for process in running]
    assert [code for _, code in ends] == [0] * 6, ends
    bodies = {row[0] for row in crm.query("SELECT body FROM interaction")}
    assert bodies == {f"call {number}" for number in range(6)}
    assert crm.query("SELECT count(*) FROM search_doc WHERE noun = 'interaction'") == [(6,)]
    assert crm.is_sound()


def test_a_writer_that_cannot_wait_longer_says_so_and_readers_go_on(crm):
    crm("contact", "add", "Ana Novak")
    before = crm.digest()
    with locked(crm.database):
        crm.program = [sys.executable, "-c", IMPATIENT]
        refused = crm("contact", "add", "Bo Li", code=5)
        assert refused.out == ""
        assert refused.errors[0] == (
            f"crm: the database {crm.database} is busy: another crm is writing, perhaps an import"
        )
        assert len(refused.errors) == 2
        assert "Ana Novak" in crm("contact", "list").out
        assert crm("due", "--count").out == "0\n"
        assert "Ana Novak" in crm("export", "contacts").out
        assert crm("completion", "--words", "handles", "a").out == "ana-novak\n"
    assert crm.digest() == before
    crm("contact", "add", "Bo Li")


@pytest.mark.slow
def test_a_writer_waits_five_seconds_before_it_gives_up(crm):
    crm("contact", "add", "Ana Novak")
    with locked(crm.database):
        assert "is busy" in crm("contact", "add", "Bo Li", code=5).err
    assert crm.count("contact") == 1


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc to see it waiting")
def test_a_writer_waits_for_its_turn(crm, until):
    crm("contact", "add", "Ana Novak")

    def has_open(process):
        folder = f"/proc/{process.pid}/fd"
        for descriptor in os.listdir(folder):
            with suppress(FileNotFoundError):  # closed meanwhile
                if os.readlink(f"{folder}/{descriptor}") == str(crm.database):
                    return True
        return False

    with locked(crm.database) as let_go:
        process = crm.start("contact", "add", "Bo Li")
        until(lambda: has_open(process), "the database being opened")
        assert process.poll() is None
        assert crm.count("contact") == 1
        let_go()
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"Added c2 bo-li\n")
    assert crm.count("contact") == 2


def test_an_import_and_single_adds_at_once(crm, write_people, home):
    crm("contact", "add", "Ana Novak")
    people = write_people(home / "people.csv", 600)
    importing = crm.start("import", str(people))
    adds = [crm.start("contact", "add", f"Other {number}") for number in range(4)]
    ends = [(process.communicate(timeout=60), process.returncode) for process in [importing, *adds]]
    assert [code for _, code in ends] == [0] * 5, ends
    assert crm.count("contact") == 605
    journalled = crm.query(
        "SELECT sum(COALESCE(last_row_id, row_id) - row_id + 1) FROM change"
        " WHERE table_name = 'contact' AND op = 'I'"
    )
    assert journalled == [(605,)]
    assert crm.is_sound()
