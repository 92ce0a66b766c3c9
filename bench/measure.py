"""Running programs and taking their time, on an installation like a user's."""

import filecmp
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.data import FOLDER, NOW

SLOW = 2.0  # seconds; a call that takes longer gets FEW rounds
FEW = 3
CONFIG = 'timezone = "Europe/Ljubljana"\nuser = "bench"\n'

# A small process between us and the measured one: else our own memory would count as its peak.
SPAWN = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
code = os.waitstatus_to_exitcode(status)
cpu = usage.ru_utime + usage.ru_stime
print("\\nspawned", seconds, cpu, usage.ru_maxrss, code, file=sys.stderr)
"""


class Failed(Exception):
    """A measured program did not do what it should have."""


@dataclass(frozen=True)
class Installed:
    """An environment with crmcli installed as a user has it."""

    bin: Path

    @property
    def python(self) -> str:
        """Give the path of its interpreter."""
        return str(self.bin / "python")

    @property
    def crm(self) -> str:
        """Give the path of the console script."""
        return str(self.bin / "crm")

    @property
    def yardstick(self) -> list[str]:
        """Give what counts as 1x."""
        return [self.python, "-c", "import sqlite3"]


def installed() -> Installed:
    """Give our own environment, or .bench/venv when ours is editable or behind the source.

    An editable install looks every module up through a finder: a third of the yardstick. An old
    pip makes a console script that imports `re`: hence the newest one.
    """
    if _is_current(Path(sysconfig.get_path("purelib"))):
        return Installed(Path(sys.executable).parent)
    environment = (FOLDER / "venv").absolute()
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run(
            [sys.executable, "-m", "venv", "--upgrade-deps", str(environment)], check=True
        )
    if not any(map(_is_current, environment.glob("lib/python*/site-packages"))):
        _install(python)
    return Installed(python.parent)


def _is_current(packages: Path) -> bool:
    """Tell whether `packages` holds the very files of the source."""
    source = Path("crmcli")
    files = [path for path in source.rglob("*") if path.suffix in (".py", ".sql")]
    copies = [packages / path for path in files]
    return all(
        copy.exists() and filecmp.cmp(path, copy, shallow=False)
        for path, copy in zip(files, copies, strict=True)
    )


def _install(python: Path) -> None:
    """Install the source as it stands, from a copy: no stale build folder gets into it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        shutil.copytree("crmcli", source / "crmcli", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(name, source / name)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", "constraints.txt", str(source)], check=True)


def environment(home: Path, database: Path, *, config: bool = False) -> dict[str, str]:
    """Give the whole environment of a measured program; `home` is emptied."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    if config:
        (home / ".config/crm").mkdir(parents=True)
        (home / ".config/crm/config.toml").write_text(CONFIG)
    return {
        "HOME": str(home.absolute()),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "bench",
        "TERM": "xterm-256color",
        "COLUMNS": "120",
        "LINES": "40",
        "CRM_DB": str(database.absolute()),
        "CRM_NOW": NOW,
    }


def piped(argv: Sequence[str], env: dict[str, str], code: int = 0) -> float:
    """Run a program with its output in a pipe that is read; give the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(
        argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = time.perf_counter() - start
    _check(argv, done.returncode, code, done.stdout)
    return seconds


def on_terminal(argv: Sequence[str], env: dict[str, str], code: int = 0) -> float:
    """Run a program on a pseudo-terminal that is read; give the seconds it took."""
    leader, follower = os.openpty()
    start = time.perf_counter()
    process = subprocess.Popen(argv, env=env, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    output = b""
    try:
        while piece := os.read(leader, 65536):
            output += piece
    except OSError:  # how Linux says that the other side is closed
        pass
    ended = process.wait()
    seconds = time.perf_counter() - start
    os.close(leader)
    _check(argv, ended, code, output)
    return seconds


@dataclass(frozen=True)
class Spent:
    """What a program took: seconds, processor seconds, peak memory in MiB; and what it said."""

    seconds: float
    cpu: float
    peak: float
    said: str


def spawned(argv: Sequence[str], env: dict[str, str], code: int = 0) -> Spent:
    """Run a program and give what it took."""
    whole = [sys.executable, "-c", SPAWN, *argv]
    done = subprocess.run(whole, env=env, capture_output=True, text=True)
    said, _, figures = done.stderr.rpartition("\nspawned ")
    if not figures:
        raise Failed(f"{' '.join(argv)}: {done.stderr}")
    seconds, cpu, peak, ended = figures.split()
    _check(argv, int(ended), code, said.encode())
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, KiB elsewhere
    return Spent(float(seconds), float(cpu), int(peak) / unit / 1024, done.stdout + said)


def alternate(runs: dict[str, Callable[[int], float]], rounds: int) -> dict[str, float]:
    """Run all of `runs` in turn, round after round; give the median seconds of each.

    The first round only warms up, and tells how many rounds are affordable.
    """
    slowest = max([run(0) for run in runs.values()])
    rounds = min(rounds, FEW) if slowest > SLOW else rounds
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(1, rounds + 1):
        for name, run in runs.items():
            taken[name].append(run(number))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def say(text: str) -> None:
    """Tell on stderr how far we are."""
    print(text, file=sys.stderr, flush=True)


def _check(argv: Sequence[str], ended: int, code: int, output: bytes) -> None:
    if ended != code:
        text = output.decode(errors="replace")[-2000:]
        raise Failed(f"{' '.join(argv)} ended with {ended}, not {code}:\n{text}")
