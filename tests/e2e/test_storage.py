"""Broken, foreign, read-only and full: one or two lines, exit 5, and not a byte changed."""

import hashlib
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from crmcli.store.dialect import APPLICATION_ID, SCHEMA_VERSION

SAMPLE = Path(__file__).parents[2] / "examples/contacts.csv"
READS = (
    "contact list",
    "contact show ana-novak",
    "due",
    "due --count",
    "today",
    "find ana",
    "export contacts",
    "history",
    "import --list",
)
WRITES = (
    "contact add Bo",
    "log c ana-novak hi",
    "task add x --due today",
    f"import {SAMPLE}",
    "undo",
)


@pytest.fixture
def filled(crm):
    """One person, and everything of them in the one file."""
    crm("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--note", "met in Celje " * 200)
    crm("import", str(SAMPLE))
    crm.digest()
    return crm


def pragma(path, **values):
    with closing(sqlite3.connect(path)) as conn:
        for name, value in values.items():
            conn.execute(f"PRAGMA {name} = {value}")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def foreign(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT)")


def newer(path):
    pragma(path, user_version=999)


def older(path):
    pragma(path, user_version=0)


def of_another_program(path):
    pragma(path, application_id=0x0F055112)


def cut_to_a_header(path):
    path.write_bytes(path.read_bytes()[:100])


def cut_in_half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_two_pages(path):
    path.write_bytes(path.read_bytes()[:8192])


def empty(path):
    path.write_bytes(b"")


def text(path):
    path.write_text("this is no database\n" * 500)


def overwritten(path):
    content = bytearray(path.read_bytes())
    content[4096:] = random.Random(1).randbytes(len(content) - 4096)
    path.write_bytes(content)


def folder(path):
    path.unlink()
    path.mkdir()


def loop(path):
    path.unlink()
    path.symlink_to(path.name)


BROKEN = (
    *(foreign, newer, older, of_another_program, empty, text, folder, loop),
    *(cut_to_a_header, cut_to_two_pages, overwritten),
)
SHOWN = {  # what the message must tell
    foreign: "is not a crm database",
    newer: "newer crm (format 999",
    older: "older development version (format 0)",
    of_another_program: "is not a crm database",
    empty: "is not a crm database",
    text: "is damaged or not a crm database",
    folder: "is a folder",
}


def snapshot(path):
    """Give a database and everything beside it, with its bytes.

    An empty -wal and the -shm say nothing; SQLite leaves them where it could not close in peace.
    """
    beside = {entry.name: entry for entry in path.parent.iterdir()}
    wal = beside.get("crm.db-wal")
    if wal and wal.stat().st_size == 0:
        beside.pop("crm.db-wal")
        beside.pop("crm.db-shm", None)
    return {
        name: hashlib.sha256(entry.read_bytes()).hexdigest() if entry.is_file() else "-"
        for name, entry in beside.items()
    }


def refuse(crm, command):
    ran = crm(*command.split(), code=5)
    assert ran.out == "", command
    assert 1 <= len(ran.errors) <= 2, (command, ran.err)
    return ran.err


@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_what_is_not_a_sound_database_is_refused_untouched(filled, damage):
    damage(filled.database)
    before = snapshot(filled.database)
    for command in (*READS[:6:2], *WRITES[:5:2], "contact list", "contact add Bo"):
        message = refuse(filled, command)
        assert SHOWN.get(damage, "crm: ") in message, command
        assert snapshot(filled.database) == before, command
    doctor = filled("doctor", code=5)
    assert 1 <= len(doctor.errors) <= 2
    assert snapshot(filled.database) == before


@pytest.mark.slow
@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_every_command_refuses(filled, damage):
    damage(filled.database)
    before = snapshot(filled.database)
    for command in (*READS, *WRITES):
        refuse(filled, command)
    assert snapshot(filled.database) == before


def test_a_file_cut_in_half_loses_no_more(filled):
    """What still can be read may be read; nothing is written over it."""
    cut_in_half(filled.database)
    before = snapshot(filled.database)
    for command in ("contact list", "contact add Bo", "doctor"):
        ran = filled(*command.split(), code=None)
        assert ran.code in (0, 5), command
        assert len(ran.errors) <= 2
    assert filled("doctor", code=5).out or filled("doctor", code=5).err
    assert snapshot(filled.database) == before


def test_broken_databases_do_not_disturb_completion(filled):
    text(filled.database)
    ran = filled("completion", "--words", "handles", "a")
    assert (ran.out, ran.err) == ("", "")


def test_doctor_names_a_damaged_page(filled):
    content = bytearray(filled.database.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xaa" * 4096
    filled.database.write_bytes(content)
    before = filled.database.read_bytes()
    doctor = filled("doctor", code=5)
    assert "damaged" in doctor.out + doctor.err
    assert len(doctor.errors) <= 2
    assert filled("doctor", "--fix", code=5)  # nothing a program could mend
    assert filled.database.read_bytes() == before


def test_a_second_name_is_refused_for_writing(filled):
    other = filled.home / "copy.db"
    os.link(filled.database, other)
    before = snapshot(filled.database)
    for command in WRITES:
        assert "has a second name" in refuse(filled, command)
    assert "Ana Novak" in filled("contact", "list").out
    assert snapshot(filled.database) == before
    other.unlink()
    filled("contact", "add", "Bo")


def test_the_leftover_name_of_a_killed_first_run_is_removed(filled):
    left = filled.database.with_name(".crm-new-1-abcd")
    os.link(filled.database, left)
    filled("contact", "add", "Bo")
    assert not left.exists()


def test_a_symlinked_database_is_written_where_it_lies(filled):
    real = filled.home / "elsewhere" / "real.db"
    real.parent.mkdir()
    filled.database.rename(real)
    filled.database.symlink_to(real)
    filled("contact", "add", "Bo Li")
    assert filled.database.is_symlink()
    assert os.readlink(filled.database) == str(real)
    assert filled.query("SELECT 1 FROM contact WHERE display_name = 'Bo Li'", path=real) == [(1,)]
    assert "Bo Li" in filled("contact", "list").out
    assert [entry.name for entry in filled.database.parent.iterdir()] == ["crm.db"]
    assert filled("doctor").err == ""


def test_a_symlink_to_nowhere_is_made_there(crm):
    real = crm.home / "elsewhere" / "real.db"
    crm.database.parent.mkdir(parents=True)
    real.parent.mkdir()
    crm.database.symlink_to(real)
    crm("contact", "add", "Bo Li")
    assert crm.database.is_symlink()
    assert crm.query("SELECT display_name FROM contact", path=real) == [("Bo Li",)]


def test_paths_with_odd_characters(crm):
    path = crm.home / "a %41?b#c 'd" / "č ?mode=memory.db"
    crm("--db", str(path), "contact", "add", "Ana Novak")
    assert "Ana Novak" in crm("contact", "list", "--db", str(path)).out
    assert path.exists()
    assert not crm.database.exists()


# -- modes


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_everything_made_is_private_under_any_umask(crm, write_people):
    before = ["sh", "-c", 'umask 000; exec "$@"', "sh"]
    bad = crm.home / "bad.csv"
    bad.write_text('Name,Email\nAna Novak,ana@acme.si\n"Bo\n')
    crm("contact", "add", "Bo Li", before=before)
    crm("import", str(bad), before=before, code=6)
    crm("export", "contacts", "-o", str(crm.home / "out.csv"), before=before)
    crm("config", "set", "week_start", "sunday", before=before)
    crm("backup", "now", before=before)
    made = [path for path in crm.home.rglob("*") if path != bad]
    assert {path.name for path in made} >= {
        *("crm.db", "bad.rejected.csv", "out.csv", "config.toml", "backups"),
    }
    wrong = {
        str(path): oct(mode(path))
        for path in made
        if mode(path) != (0o700 if path.is_dir() else 0o600)
    }
    assert wrong == {}


def test_the_files_beside_an_open_database_are_private(crm):
    crm("contact", "add", "Ana Novak", before=["sh", "-c", 'umask 000; exec "$@"', "sh"])
    with closing(sqlite3.connect(crm.database, isolation_level=None)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("UPDATE contact SET note = 'x'")
        beside = [entry for entry in crm.database.parent.iterdir() if entry.name != "crm.db"]
        assert beside
        assert {mode(entry) for entry in beside} == {0o600}
        conn.execute("ROLLBACK")


# -- read-only


@pytest.fixture
def shared(crm):
    """A home that others may enter, and how to start the program as somebody without rights."""
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("running as root and setpriv is absent: root may write everything")
        before = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
        try:
            able = subprocess.run(
                [*before, sys.executable, "-c", "import crmcli.cli"],
                capture_output=True,
                cwd="/",
            )
        except OSError as error:  # pragma: no cover
            pytest.skip(f"setpriv does not work here: {error}")
        if able.returncode:
            pytest.skip(f"uid 65534 may not run the program here: {able.stderr.decode()[-200:]}")
    else:
        before = []
    home = Path(tempfile.mkdtemp(prefix="crm-test-"))
    home.chmod(0o755)
    crm.home, crm.database = home, home / "data/crm.db"
    crm.env = crm.env | {"HOME": str(home), "CRM_DB": str(crm.database)}
    crm("contact", "add", "Ana Novak", "-e", "ana@acme.si")
    crm("task", "add", "send offer", "--for", "ana-novak", "--due", "today")
    crm.digest()
    yield crm, before
    for path in [home, home / "data"]:
        path.chmod(0o755)
    shutil.rmtree(home)


def seal(crm, file, folder):
    """Take rights away; as root, from the other user, whom the files do not belong to."""
    crm.database.chmod(file)
    crm.database.parent.chmod(folder)


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o555), (0o444, 0o755)], ids=["all", "file"])
def test_a_read_only_database_can_be_read(shared, file, folder):
    crm, before = shared
    if not before and folder == 0o755:
        pytest.skip("one's own folder can be written: nothing is read-only then")
    seal(crm, file, folder)
    content = snapshot(crm.database)
    assert "Ana Novak" in crm("contact", "list", before=before).out
    assert "ana@acme.si" in crm("contact", "show", "ana-novak", before=before).out
    assert "send offer" in crm("due", before=before).out
    assert crm("due", "--count", before=before).out == "1\n"
    assert "Ana Novak" in crm("export", "contacts", before=before).out
    assert "Ana Novak" in crm("find", "ana", before=before).out
    for command in ("contact add Bo", "log c ana-novak hi", "undo", f"import {SAMPLE}"):
        ran = crm(*command.split(), before=before, code=5)
        assert 1 <= len(ran.errors) <= 2, ran.err
        assert ran.out == ""
    assert snapshot(crm.database) == content


def test_a_database_one_may_not_read(shared):
    crm, before = shared
    seal(crm, 0o000, 0o755)
    for command in ("contact list", "due", "contact add Bo"):
        ran = crm(*command.split(), before=before, code=5)
        assert 1 <= len(ran.errors) <= 2
    assert crm("completion", "--words", "handles", "a", before=before).err == ""


def test_a_home_one_may_not_write(shared):
    crm, before = shared
    shutil.rmtree(crm.database.parent)
    crm.home.chmod(0o555)
    env = crm.env
    if not before:
        pytest.skip("one's own folder cannot be sealed against its owner for sure")
    assert crm("contact", "list", before=before, env=env).out == ""
    ran = crm("contact", "add", "Bo", before=before, env=env, code=5)
    assert "cannot create the database" in ran.errors[0]
    assert len(ran.errors) <= 2
    crm.database.parent.mkdir()


# -- a full disk

DISK = """\
set -u
mount -t tmpfs -o size=$SIZE tmpfs "$HOME/.local" || exit 77
run() { "$PYTHON" -m crmcli "$@" >"$HOME/out" 2>"$HOME/err"; code=$?
        out=$(head -c 300 "$HOME/out" | tr '\\n' ' ')
        echo "$code|$out|$(wc -l <"$HOME/err")|$(head -n 1 "$HOME/err")"; }
"""


@pytest.fixture
def disk(crm):
    """Run a script on a small disk of its own; gives one line per `run`: code, out, lines, err."""
    if not shutil.which("unshare"):
        pytest.skip("unshare is absent")
    (crm.home / ".local").mkdir()

    def disk(script, size="1500k"):
        done = subprocess.run(
            ["unshare", "-m", "bash", "-c", DISK + script],
            env=crm.env | {"PYTHON": sys.executable, "SIZE": size, "TMPDIR": str(crm.home)},
            cwd=crm.home,
            capture_output=True,
            text=True,
            timeout=100,
        )
        if done.returncode == 77 or "unshare" in done.stderr:
            pytest.skip(f"no file system may be mounted here: {done.stderr.strip()[:200]}")
        assert "Traceback" not in done.stderr
        return [line.split("|") for line in done.stdout.splitlines()]

    return disk


FILL = 'dd if=/dev/zero of="$HOME/.local/fill" bs=4k 2>/dev/null\n'


def test_a_full_disk_changes_nothing_and_can_be_read(disk):
    made, refused, listed, due, again, after, doctor = disk(
        "run contact add 'Ana Novak'\n"
        + FILL
        + "run contact add 'Bo Li' --note \"$(head -c 60000 /dev/zero | tr '\\0' x)\"\n"
        "run contact list -f ids\n"
        "run due --count\n"
        'rm "$HOME/.local/fill"\n'
        "run contact add 'Bo Li'\n"
        "run contact list -f ids\n"
        "run doctor\n"
    )
    assert made[:2] == ["0", "c1 "]
    assert refused[:2] == ["5", ""]
    assert int(refused[2]) <= 2
    assert listed[:2] == ["0", "c1 "], listed
    assert due[:2] == ["0", "0 "], due
    assert again[:2] == ["0", "c2 "]
    assert after[:2] == ["0", "c1 c2 "]
    assert doctor[:3] == ["0", "", "0"]


def test_an_import_larger_than_the_disk_changes_nothing(disk, crm, write_people):
    write_people(crm.home / "people.csv", 2000)
    made, refused, listed, doctor = disk(
        "run contact add 'Ana Novak'\nrun import people.csv\nrun contact list -f ids\nrun doctor\n",
        size="1200k",
    )
    assert made[0] == "0"
    assert refused[:2] == ["5", ""]
    assert int(refused[2]) <= 2
    assert "disk is full" in refused[3]
    assert listed[:2] == ["0", "c1 "]
    assert doctor[:3] == ["0", "", "0"]


def test_a_disk_too_small_for_a_database(disk):
    refused, listed, names = disk(
        "run contact add 'Ana Novak'\nrun contact list\n"
        'echo "$(find "$HOME/.local" -type f | wc -l)"\n',
        size="100k",
    )
    assert refused[:2] == ["5", ""]
    assert int(refused[2]) <= 2
    assert listed[:2] == ["0", ""]
    assert names == ["0"]


def test_the_version_in_the_file_is_ours(filled):
    assert filled.query("PRAGMA application_id") == [(APPLICATION_ID,)]
    assert filled.query("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert filled.query("PRAGMA journal_mode") == [("wal",)]
