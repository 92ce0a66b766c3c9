"""P12 and P13: how soon the full screen is there, and how soon it answers a key."""

import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import crmcli.tui  # sets how often Textual paints
from bench import data
from bench.measure import Failed, Installed, environment, say
from bench.report import Line

WORK = data.FOLDER / "work"
HOME = WORK / "home"
GROWTH = 1.5  # of a key's answer, from 100,000 to a million
LOADED = 100_000  # the most contacts that Textual's own table is asked to load
IMPORTED = 10_000  # rows that another process brings in meanwhile
PAINT = """
import fcntl, os, pty, struct, sys, termios, time
text, start = sys.argv[1].encode(), time.perf_counter()
child, screen = pty.fork()
if not child:
    os.execv(sys.argv[2], sys.argv[2:])
fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
drawn = b""
while text not in drawn:
    drawn += os.read(screen, 65536)
taken = time.perf_counter() - start
time.sleep(0.5)
os.write(screen, b"q")
try:
    while os.read(screen, 65536):
        pass
except OSError:
    pass
_, status, usage = os.wait4(child, 0)
print(taken, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""
KEYS = (
    ("an arrow", "arrow", 10.0),
    ("an arrow, until the card beside has followed", "card", None),
    ("a page down", "page", 15.0),
    ("a letter of a filter, until the list shows what it selects", "filter", 50.0),
    ("the slowest letter of a filter", "worst filter", None),
    ("the table opened", "open", None),
    ("the end of the list", "end", None),
)


@dataclass(frozen=True)
class Painted:
    """When the first rows stood on the screen, in seconds, and the peak memory in MiB."""

    seconds: float
    peak: float


def measure(crm: Installed, scales: Sequence[str], rounds: int, wanted: set[str]) -> list[Line]:
    """Give the lines of P12 and P13."""
    WORK.mkdir(parents=True, exist_ok=True)
    lines = _measure_paint(crm, scales, rounds) if "P12" in wanted else []
    lines += _measure_keys(crm, scales) if "P13" in wanted else []
    shutil.rmtree(WORK, ignore_errors=True)
    return lines


def _measure_paint(crm: Installed, scales: Sequence[str], rounds: int) -> list[Line]:
    """Measure first paints, each beside Textual's hello world in the same round."""
    ratio = Line("P12", "first rows of the day, to Textual's hello world")
    peak = Line("P12", "`crm tui`, peak memory after its first paint", "MiB")
    plain = Line("P12", "Textual's hello world, peak memory", "MiB")
    ratio.target = {scale: 1.6 if data.size(scale) > LOADED else 1.3 for scale in scales}
    peak.target = {scale: 90.0 if data.size(scale) > LOADED else 60.0 for scale in scales}
    hello = [crm.python, str(Path("bench/hello.py").absolute())]
    for scale in scales:
        say(f"P12 first paint at {scale}")
        env = environment(HOME, data.database(scale))
        pairs = [
            (_paint(hello, env, "hello, world"), _paint([crm.crm, "tui"], env, "Overdue"))
            for _ in range(rounds + 1)
        ][1:]
        ratio.values[scale] = statistics.median(
            ours.seconds / theirs.seconds for theirs, ours in pairs
        )
        peak.values[scale] = max(ours.peak for _, ours in pairs)
        plain.values[scale] = max(theirs.peak for theirs, _ in pairs)
    return [ratio, peak, plain]


def _paint(argv: Sequence[str], env: dict[str, str], text: str) -> Painted:
    """Start a program on a terminal, wait until it has drawn a text, and leave it by q."""
    whole = [sys.executable, "-c", PAINT, text, *argv]
    done = subprocess.run(whole, env=env, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Failed(f"{' '.join(argv)}: {done.stderr}")
    seconds, peak, code = done.stdout.split()
    if code != "0":
        raise Failed(f"{' '.join(argv)} ended with {code}")
    unit = 1024 if sys.platform == "darwin" else 1
    return Painted(float(seconds), int(peak) / unit / 1024)


def _measure_keys(crm: Installed, scales: Sequence[str]) -> list[Line]:
    """Measure keys in the table of contacts, and in Textual's own where it can load the rows."""
    lines = [Line("P13", what, "ms", target) for what, _, target in KEYS]
    busy = [
        Line("P13", f"{what}, while {IMPORTED:,} rows are imported", "ms", target)
        for what, _, target in KEYS[:4]
    ]
    theirs = [
        Line("P13", f"Textual's DataTable: {what}", "ms")
        for what in ("all rows loaded", "an arrow", "a page down")
    ]
    for scale in scales:
        say(f"P13 keys at {scale}")
        found = _keys("crm", data.database(scale))
        for line, (_, name, _) in zip(lines, KEYS, strict=True):
            line.values[scale] = found[name]
        if data.size(scale) <= LOADED:
            loaded = _keys("table", data.database(scale))
            for line, name in zip(theirs, ("open", "arrow", "page"), strict=True):
                line.values[scale] = loaded[name]
            beside = _while_importing(crm, scale)
            for line, (_, name, _) in zip(busy, KEYS[:4], strict=True):
                line.values[scale] = beside[name]
    return lines + _growth(lines, scales) + busy + theirs


def _growth(lines: Sequence[Line], scales: Sequence[str]) -> list[Line]:
    """Give how much slower a million makes the keys that have a target."""
    if not {"100k", "1M"} <= set(scales):
        return []
    return [
        Line(
            "P13",
            f"{line.what}, 1M to 100k",
            target=GROWTH,
            values={"1M": line.values["1M"] / line.values["100k"]},
        )
        for line in lines
        if line.target
    ]


def _while_importing(crm: Installed, scale: str) -> dict[str, float]:
    """Measure keys on a copy of a database into which another process imports, again and again."""
    say(f"P13 keys at {scale} while {IMPORTED:,} rows are imported")
    copy, file, rejects = (WORK / name for name in (f"{scale}.db", "people.csv", "rejects.csv"))
    shutil.copyfile(data.database(scale), copy)
    shutil.copyfile(data.csv_file(IMPORTED), file)
    bring = f'"{crm.crm}" import "{file.absolute()}" --rejects "{rejects.absolute()}"'
    again = f'while :; do {bring}; "{crm.crm}" undo; done'
    env = environment(WORK / "importing", copy)
    importing = subprocess.Popen(
        ["sh", "-c", again],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return _keys("crm", copy)
    finally:
        os.killpg(importing.pid, signal.SIGKILL)
        importing.wait()
        if not _groups(copy):
            raise Failed("nothing was imported meanwhile")


def _groups(database: Path) -> int:
    conn = sqlite3.connect(database)
    (count,) = conn.execute("SELECT count(*) FROM change_group WHERE source = 'import'").fetchone()
    conn.close()
    return int(count)


def _keys(what: str, database: Path) -> dict[str, float]:
    """Measure keys in a process of its own."""
    assert crmcli.tui
    argv = [sys.executable, "-m", "bench.keys", what, str(database)]
    pace = {name: text for name, text in os.environ.items() if name.startswith("TEXTUAL_")}
    env = environment(HOME, database) | pace
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise Failed(f"{' '.join(argv)}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found
