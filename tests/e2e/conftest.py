"""Real processes: `crm(...)` runs one to its end, `start(...)` gives one that is running.

Each gets an environment of its own, with nothing of the caller's in it. What is waited for is a
condition with a deadline, never a time.
"""

import csv
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

DEADLINE = 60  # seconds; only a hanging process ever takes so long
PEAK = """\
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_maxrss))
raise SystemExit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Ran:
    """How a process ended: exit code (negative: the signal), stdout and stderr as bytes."""

    code: int
    raw: bytes
    raw_err: bytes

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def err(self) -> str:
        return self.raw_err.decode()

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Peak:
    """How a process ended, and the most memory it held, in KiB."""

    code: int
    err: str
    kib: int


class Machine:
    """An empty home and the program; everything a person at a shell would have."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = home / ".local/share/crm/crm.db"
        self.env = {
            "HOME": str(home),
            "PATH": os.defpath,
            "CRM_USER": "me",
            "CRM_NOW": "2026-11-23T09:00:00+00:00",
            "CRM_TIMEZONE": "Europe/Ljubljana",
            "CRM_PHONE_REGION": "SI",
        }
        self.program = [sys.executable, "-m", "crmcli"]
        self.running: list[subprocess.Popen[bytes]] = []

    def __call__(
        self,
        *args: str | bytes,
        code: int | None = 0,
        input: bytes | str | None = None,
        env: dict[str, str] | None = None,
        before: Sequence[str] = (),
        **popen: Any,
    ) -> Ran:
        """Run `crm args` to its end; `code` is what it must end with (None: anything).

        Args:
            before: a program that starts it, such as `setpriv …`.
        """
        data = input.encode() if isinstance(input, str) else input
        given = {"stdin": subprocess.DEVNULL} if data is None else {"input": data}
        done = subprocess.run(
            [*before, *self.program, *args],
            env=self.env if env is None else env,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.home}
            | given
            | popen,
            timeout=DEADLINE,
        )
        ran = Ran(done.returncode, done.stdout or b"", done.stderr or b"")
        assert b"Traceback" not in ran.raw_err, ran.err
        assert code is None or ran.code == code, ran
        return ran

    def start(self, *args: str | bytes, before: Sequence[str] = (), **popen: Any) -> Any:
        """Start `crm args` and give the running process; it is ended with the test."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        options = pipes | {"env": self.env, "cwd": self.home} | popen
        process = subprocess.Popen([*before, *self.program, *args], **options)
        self.running.append(process)
        return process

    def shell(self, script: str, *args: str, **popen: Any) -> Ran:
        """Run a script of bash in which `crm` is the program."""
        head = 'crm() { "$PYTHON" -m crmcli "$@"; }\n'
        env = self.env | {"PYTHON": sys.executable}
        options = {"env": env, "cwd": self.home, "stdin": subprocess.DEVNULL} | popen
        done = subprocess.run(
            ["bash", "--norc", "--noprofile", "-c", head + script, "bash", *args],
            capture_output=True,
            timeout=DEADLINE,
            **options,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Ran(done.returncode, done.stdout, done.stderr)

    def peak(self, *args: str) -> Peak:
        """Run `crm args` and give the most memory it held.

        Through a small process of its own: a child begins with the peak of whoever started it.
        """
        file = self.home / "peak.txt"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PEAK, str(file), *self.program, *args],
            env=self.env,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DEADLINE,
        )
        kib = int(file.read_text()) // (1024 if sys.platform == "darwin" else 1)
        return Peak(done.returncode, done.stderr.decode(), kib)

    def adopt(self, database: Path) -> None:
        """Take a copy of a finished database as one's own."""
        self.database.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        shutil.copy(database, self.database)

    def query(self, sql: str, *values: Any, path: Path | None = None) -> list[tuple[Any, ...]]:
        """Ask the database behind the program's back; a missing one has no rows."""
        path = path or self.database
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as conn:
            return conn.execute(sql, values).fetchall()

    def count(self, table: str) -> int:
        """Give how many rows a table has."""
        rows = self.query(f"SELECT count(*) FROM {table}")
        return rows[0][0] if rows else 0

    def is_sound(self, leftovers: bool = False) -> bool:
        """Tell whether the file is whole: SQLite's check, its links, and `crm doctor`.

        Args:
            leftovers: doctor may point at files of a first run that was killed.
        """
        if not self.database.exists():
            return True
        assert self.query("PRAGMA quick_check") == [("ok",)]
        assert self.query("PRAGMA foreign_key_check") == []
        doctor = self("doctor", code=None)
        said = [line for line in doctor.lines if not (leftovers and line.startswith("leftover\t"))]
        assert (doctor.code, said, doctor.err) == (0, [], "")
        return True

    def digest(self, path: Path | None = None) -> str:
        """Give the SHA-256 of the database after everything in its -wal is brought home."""
        path = path or self.database
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def end(self) -> None:
        """End what is still running."""
        for process in self.running:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    with suppress(BrokenPipeError):
                        stream.close()


@pytest.fixture
def crm(home: Path):
    """Run `crm` as a process: `crm("contact", "list")`; more in `Machine`."""
    machine = Machine(home)
    yield machine
    machine.end()


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory, write_people: Callable[..., Path]) -> Path:
    """A database with 3000 people in it, made once; more than any pipe holds."""
    home = tmp_path_factory.mktemp("crowd")
    machine = Machine(home)
    machine("import", str(write_people(home / "people.csv", 3000)))
    machine.digest()
    return machine.database


@pytest.fixture(scope="session")
def write_people() -> Callable[..., Path]:
    """Write a CSV of `count` people, each with name, e-mail, phone, org and tag."""

    def write(path: Path, count: int, seed: int = 1) -> Path:
        chance = random.Random(seed)
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Name", "Email", "Phone", "Company", "Tags", "Note"])
            for number in range(count):
                writer.writerow(
                    [
                        f"Person {number} Čopič",
                        f"person{number}@example.org",
                        f"+38640{number:06d}",
                        f"Company {chance.randrange(max(count // 5, 1))}",
                        chance.choice(["client", "prospect", "friend"]),
                        "word " * chance.randrange(20),
                    ]
                )
        return path

    return write


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait for a condition; fail when it does not come."""

    def until(condition: Callable[[], object], what: str = "the condition") -> None:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come"
            time.sleep(0.001)  # leaves the processor to what is waited for

    return until
