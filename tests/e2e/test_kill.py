"""SIGKILL at any moment of a writing command: afterwards all of it is there, or none."""

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Sequence

import pytest

ROWS = 600  # the bulk path: triggers are dropped and made again inside the transaction
STRACE = shutil.which("strace")


def _may_trace():
    """Tell whether processes may be traced here (containers often forbid it)."""
    if not STRACE:
        return False
    inject = ["-e", "inject=pwrite64:signal=KILL:when=1"]
    done = subprocess.run([STRACE, "-f", *inject, "true"], capture_output=True)
    return done.returncode == 0


needs_strace = pytest.mark.skipif(
    not _may_trace(), reason="strace is absent, or ptrace is not permitted here"
)


class Scene:
    """A database with one person, and an import of many; started afresh for each point."""

    def __init__(self, crm, people, base):
        self.crm, self.people, self.base = crm, people, base

    def fresh(self):
        """Put the database back to one person, as if nothing had been tried."""
        folder = self.crm.database.parent
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        if self.base:
            shutil.copy(self.base, self.crm.database)

    @property
    def before(self) -> int:
        return 1 if self.base else 0

    def count_calls(self, syscall: str, *args: str) -> int:
        """Give how many `syscall`s the command makes in an undisturbed run."""
        self.fresh()
        log = self.crm.home / "calls.txt"
        before = [STRACE, "-f", "-qq", "-e", f"trace={syscall}", "-o", str(log)]
        self.crm(*args, before=before)
        return sum(f" {syscall}(" in line for line in log.read_text().splitlines())

    def kill_at(self, syscall: str, number: int, *args: str, total: int) -> None:
        """Run the command and kill it at its N-th `syscall`.

        Ids are random, so one run writes a few pages more or less than another: near `total` it
        may have ended before.
        """
        inject = f"inject={syscall}:signal=KILL:when={number}"
        before = [STRACE, "-f", "-qq", "-o", os.devnull, "-e", inject]
        ran = self.crm(*args, before=before, code=None)
        allowed = {-signal.SIGKILL} | ({0} if total - number < 1 + total // 20 else set())
        assert ran.code in allowed, (syscall, number, ran)

    def check(self, what: object) -> None:
        """All or nothing; sound; and the same import once more brings it to the end."""
        crm = self.crm
        assert crm.is_sound(leftovers=not self.base), what
        assert crm.count("contact") in (self.before, self.before + ROWS), what
        new = ROWS - crm.count("contact") + self.before
        again = crm("import", str(self.people))
        counts = f"{new} created, 0 updated, {ROWS - new} unchanged, 0 skipped, 0 rejected"
        assert again.errors[0] == counts, what
        assert crm.count("contact") == self.before + ROWS, what
        assert crm.query("SELECT count(*) FROM channel WHERE kind = 'email'") == [(ROWS,)], what
        assert crm.query("SELECT count(*) FROM import_batch") == [(1,)], what
        assert crm.is_sound(leftovers=not self.base), what
        left = {entry.name for entry in crm.database.parent.iterdir()}
        assert {name for name in left if not name.startswith(".crm-new-")} <= {
            *("crm.db", "crm.db-wal", "crm.db-shm")
        }, what


@pytest.fixture
def people(home, write_people):
    return write_people(home / "people.csv", ROWS)


@pytest.fixture
def scene(crm, people):
    crm("contact", "add", "Ana Novak")
    crm.digest()  # all of it is in the one file
    return Scene(crm, people, shutil.copy(crm.database, crm.home / "base.db"))


@pytest.fixture
def empty_scene(crm, people):
    return Scene(crm, people, None)


def points(total: int, count: int, seed: int) -> Sequence[int]:
    """Give `count` seeded places of 1..total, the first and the last among them."""
    assert total >= count, f"only {total} calls: the search is too narrow"
    middle = random.Random(seed).sample(range(2, total), count - 2)
    return sorted([1, *middle, total])


def kill_all_over(scene, syscall, count):
    args = ("import", str(scene.people))
    total = scene.count_calls(syscall, *args)
    for number in points(total, count, seed=20):
        scene.fresh()
        scene.kill_at(syscall, number, *args, total=total)
        scene.check(f"{syscall} {number} of {total}")


@needs_strace
def test_an_import_killed_at_four_writes(scene):
    kill_all_over(scene, "pwrite64", 4)


@needs_strace
@pytest.mark.slow
def test_an_import_killed_at_twenty_writes(scene):
    kill_all_over(scene, "pwrite64", 20)


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize("syscall", ["pwrite64", "link", "unlink", "fsync"])
def test_a_first_import_killed_while_the_database_is_made(empty_scene, syscall):
    args = ("import", str(empty_scene.people))
    total = empty_scene.count_calls(syscall, *args)
    assert total
    for number in points(total, 6, seed=6) if total > 6 else range(1, total + 1):
        empty_scene.fresh()
        empty_scene.kill_at(syscall, number, *args, total=total)
        empty_scene.check(f"{syscall} {number} of {total}")


def killed_first_command(crm, syscall, number):
    """Kill a first command at its N-th `syscall`; give how many names its database then has."""
    shutil.rmtree(crm.database.parent, ignore_errors=True)
    inject = f"inject={syscall}:signal=KILL:when={number}"
    before = [STRACE, "-f", "-qq", "-o", os.devnull, "-e", inject]
    killed = crm("contact", "add", "Ana Novak", before=before, code=None)
    assert killed.code in (0, -signal.SIGKILL)
    return os.stat(crm.database).st_nlink if crm.database.exists() else 0


@needs_strace
def test_a_first_command_killed_while_the_database_is_published(crm):
    """Between link and unlink the file has two names: the next command removes the second."""
    names = set()
    for syscall, number in [("link", 1), ("unlink", 1), ("unlink", 2), ("unlink", 3)]:
        names.add(killed_first_command(crm, syscall, number))
        crm("contact", "add", "Bo Li")
        assert crm.query("SELECT 1 FROM contact WHERE display_name = 'Bo Li'") == [(1,)]
        assert os.stat(crm.database).st_nlink == 1
        assert crm.is_sound(leftovers=True)
    assert names >= {0, 2}  # no database yet, and one with two names


@needs_strace
@pytest.mark.parametrize("syscall", ["fdatasync", "ftruncate"])
def test_an_import_killed_at_each_sync(scene, syscall):
    args = ("import", str(scene.people))
    total = scene.count_calls(syscall, *args)
    for number in range(1, min(total, 3) + 1):
        scene.fresh()
        scene.kill_at(syscall, number, *args, total=total)
        scene.check(f"{syscall} {number} of {total}")
    assert total or syscall == "ftruncate"


@needs_strace
def test_what_was_reported_is_kept(scene):
    """Killed in the very last write, after the commit: what was committed stays."""
    args = ("import", str(scene.people))
    total = scene.count_calls("pwrite64", *args)
    scene.fresh()
    scene.kill_at("pwrite64", total, *args, total=total)
    assert scene.crm.count("contact") == ROWS + 1


def kill_by_looking(crm, until, seed, *args):
    """Kill a command after a seeded number of looks at its -wal; give whether it still ran."""
    wal = crm.database.with_name("crm.db-wal")
    looks = random.Random(seed).randrange(1, 40)
    process = crm.start(*args, stdin=subprocess.DEVNULL)
    until(lambda: wal.exists() or process.poll() is not None, "the -wal")
    looked = iter(range(looks))
    until(lambda: next(looked, None) is None or process.poll() is not None, "the last look")
    process.kill()
    process.wait(60)
    return process.returncode == -signal.SIGKILL


def kill_imports(scene, until, seeds):
    """Kill an import once for each seed; give how many were still running."""
    killed = 0
    for seed in seeds:
        scene.fresh()
        killed += kill_by_looking(scene.crm, until, seed, "import", str(scene.people))
        scene.check(f"seed {seed}")
    return killed


def test_an_import_killed_without_strace(scene, until):
    assert kill_imports(scene, until, range(4)) > 0


@pytest.mark.slow
def test_an_import_killed_twenty_times_without_strace(scene, until):
    assert kill_imports(scene, until, range(20)) >= 5


def test_a_killed_undo_is_whole_or_nothing(scene, until):
    crm = scene.crm
    scene.fresh()
    crm("import", str(scene.people))
    crm.digest()
    scene.base = shutil.copy(crm.database, crm.home / "whole.db")
    killed = 0
    for seed in (1, 2):
        scene.fresh()
        killed += kill_by_looking(crm, until, seed, "undo")
        assert crm.is_sound()
        assert crm.count("contact") in (1, ROWS + 1)
    assert killed
