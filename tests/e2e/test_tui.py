"""The full screen in a real terminal: how it ends, what it leaves, what it shows, a whole morning.

`Terminal` runs the program on a pty and understands what it draws. Every wait is for a condition,
with a deadline.
"""

import fcntl
import os
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from contextlib import closing, contextmanager, suppress

import pytest
from rich.cells import cell_len

from crmcli.store.dialect import SCHEMA_VERSION

DEADLINE = 40  # seconds; only a hanging program ever takes so long
KEYS = {"enter": "\r", "escape": "\x1b", "ctrl+c": "\x03", "ctrl+s": "\x13", "ctrl+p": "\x10"}
CODES = re.compile(
    r"\x1b\[(?P<args>[0-?]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-OQ-WYZ\\`-~]"
)
# What an unfinished sequence looks like at the end of what was read so far.
OPEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*|[PX^_][^\x1b]*|[ -/]*)?$")
MODES = {"screen": "1049", "mouse": "1000", "moves": "1003", "paste": "2004", "focus": "1004"}


class Drawn:
    """A screen of cells, drawn by what a program writes; as much of a terminal as Textual asks for.

    Args:
        rows, columns: its size.
    """

    def __init__(self, rows, columns):
        self.resize(rows, columns)
        self.modes = set()
        self.is_cursor_shown = True
        self.operating = []  # OSC sequences
        self.rest = ""

    def resize(self, rows, columns):
        self.cells = [[" "] * columns for _ in range(rows)]
        self.y = self.x = 0

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                end = text.find("\x1b", at)
                end = len(text) if end < 0 else end
                self._write(text[at:end])
                at = end
                continue
            found = CODES.match(text, at)
            if found is None and OPEN.match(text, at):
                self.rest = text[at:]
                return
            assert found, f"what is this? {text[at : at + 20]!r}"
            self._obey(found)
            at = found.end()

    def _obey(self, found):
        args, final = found["args"] or "", found["final"]
        if found["osc"] is not None:
            self.operating.append(found["osc"])
        if final in ("h", "l") and args.startswith("?"):
            for mode in args[1:].split(";"):
                (self.modes.add if final == "h" else self.modes.discard)(mode)
            if "25" in args[1:].split(";"):
                self.is_cursor_shown = final == "h"
        elif final == "H":
            y, _, x = args.partition(";")
            self.y, self.x = int(y or 1) - 1, int(x or 1) - 1
        elif final == "J":
            self.cells = [[" "] * len(row) for row in self.cells]

    def _write(self, text):
        for char in text:
            if char == "\n":
                self.y, self.x = self.y + 1, 0
            elif char == "\r":
                self.x = 0
            elif char >= " ":
                self._put(char)

    def _put(self, char):
        width = cell_len(char)
        if not (0 <= self.y < len(self.cells) and 0 <= self.x < len(self.cells[self.y])):
            return
        row = self.cells[self.y]
        if not width:
            row[max(self.x - 1, 0)] += char
            return
        row[self.x] = char
        if width == 2 and self.x + 1 < len(row):
            row[self.x + 1] = ""
        self.x += width

    @property
    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)


class Terminal:
    """A program on a terminal of its own.

    Args:
        program: what is run.
        env, cwd: where.
        columns, rows: the size of the terminal.
    """

    def __init__(self, program, env, cwd, columns=80, rows=24):
        self.ours, self.theirs = os.openpty()
        self.columns, self.rows = columns, rows
        self._set_size(columns, rows)
        self.before = termios.tcgetattr(self.theirs)
        self.drawn = Drawn(rows, columns)
        self.raw = b""
        self.decode = getincrementaldecoder("utf-8")("replace").decode
        self.process = subprocess.Popen(
            program,
            env=env,
            cwd=cwd,
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
            preexec_fn=self._begin,
        )

    def _begin(self):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_DFL)

    def _set_size(self, columns, rows):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        """Change the size, as a window manager does."""
        self.pump(0)
        self.columns, self.rows = columns, rows
        self.drawn.resize(rows, columns)
        self._set_size(columns, rows)
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGWINCH)

    def pump(self, seconds):
        """Read what there is, waiting at most so long for something."""
        while select.select([self.ours], [], [], seconds)[0]:
            try:
                data = os.read(self.ours, 65536)
            except OSError:  # the other side is closed
                return
            self.raw += data
            self.drawn.feed(self.decode(data))
            seconds = 0

    @property
    def text(self):
        return self.drawn.text

    @property
    def row(self):
        """Give the line of the cursor."""
        return next((line for line in self.text.splitlines() if line.startswith("▌")), "")

    def until(self, wanted, *, gone=False):
        """Wait until a text is on the screen (or gone from it), or a condition holds."""
        holds = wanted if callable(wanted) else lambda: (wanted in self.text) != gone
        deadline = time.monotonic() + DEADLINE
        while not holds():
            ended = self.process.poll() is not None
            self.pump(0 if ended else 0.05)
            if ended and not holds():
                raise AssertionError(f"ended with {self.process.returncode}:\n{self.text}")
            assert time.monotonic() < deadline, f"{wanted} did not come:\n{self.text}"
        return self

    def press(self, *keys):
        """Press keys."""
        os.write(self.ours, "".join(KEYS.get(key, key) for key in keys).encode())
        return self

    def end(self):
        """Wait for the end; give the exit code (negative: the signal)."""
        self.until_ended()
        return self.process.returncode

    def until_ended(self):
        deadline = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            self.pump(0.05)
            assert time.monotonic() < deadline, f"it did not end:\n{self.text}"
        self.pump(0)

    @property
    def said(self):
        """Give what was written after the full screen was left."""
        return re.sub(CODES, "", self.raw.rpartition(b"\x1b[?1049l")[2].decode())

    def is_clean(self):
        """Tell whether the terminal is as it was before."""
        assert {name for name, mode in MODES.items() if mode in self.drawn.modes} == set()
        assert self.drawn.is_cursor_shown
        assert termios.tcgetattr(self.theirs) == self.before
        assert termios.tcgetattr(self.theirs)[3] & termios.ECHO
        return True

    def hang_up(self):
        """Close the terminal, as a window that is closed does."""
        for descriptor in (self.theirs, self.ours):
            os.close(descriptor)
        self.ours = self.theirs = -1

    def close(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for descriptor in (self.ours, self.theirs):
            if descriptor >= 0:
                os.close(descriptor)


@pytest.fixture
def tui(crm):
    """Start `crm tui` on a terminal and wait for its first page: `tui("--ascii", columns=120)`."""
    crm.env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "EDITOR": "false"}
    started = []

    def tui(*args, ready="[1 Today]", code="", before=(), columns=80, rows=24, **env):
        program = [sys.executable, "-c", code] if code else [*before, *crm.program, "tui", *args]
        given = {name: value for name, value in (crm.env | env).items() if value is not None}
        started.append(Terminal(program, given, crm.home, columns, rows))
        return started[-1].until(ready) if ready else started[-1]

    yield tui
    for one in started:
        one.close()


@pytest.fixture
def ana(crm):
    """One person with a task that is due."""
    crm("contact", "add", "Ana Novak", "-e", "ana@acme.si")
    crm("remind", "ana-novak", "today", "send offer")
    return crm


# Where it cannot run


@pytest.mark.parametrize(
    ("stdin", "stdout"),
    [(subprocess.PIPE, None), (None, subprocess.PIPE), (subprocess.DEVNULL, subprocess.PIPE)],
    ids=["stdin", "stdout", "cron"],
)
def test_without_a_terminal_it_ends_at_once(crm, stdin, stdout):
    """One side may be a terminal; cron has neither, and next to no environment."""
    ours, theirs = os.openpty()
    env = crm.env | {"TERM": "xterm"} if stdout != stdin and None in (stdin, stdout) else {}
    env = env or {"HOME": str(crm.home), "PATH": os.defpath}
    try:
        process = subprocess.Popen(
            [*crm.program, "tui"],
            env=env,
            cwd=crm.home,
            stdin=stdin or theirs,
            stdout=stdout or theirs,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        crm.running.append(process)
        _, err = process.communicate(timeout=DEADLINE)
    finally:
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 2
    assert err.decode().splitlines() == [
        "crm: crm tui needs a terminal",
        "     `crm today` prints the day, `crm due` what is late",
    ]
    assert list(crm.home.iterdir()) == []


@pytest.mark.parametrize("term", ["", "dumb", None])
def test_a_terminal_that_cannot_move_its_cursor(crm, tui, term):
    terminal = tui(ready=None, TERM=term)
    assert terminal.end() == 2
    assert terminal.raw.startswith(b"crm: this terminal cannot show a full screen")
    assert b"`crm today` prints the day" in terminal.raw
    assert b"\x1b" not in terminal.raw
    assert list(crm.home.iterdir()) == []


def test_stderr_may_go_elsewhere(ana, tui):
    before = ("sh", "-c", '"$@" 2>errors.txt; exit $?', "sh")
    terminal = tui(before=before, ready="send offer").press("q")
    assert terminal.end() == 0
    assert terminal.is_clean()
    assert (ana.home / "errors.txt").read_bytes() == b""


# Ends


def type_a_call(terminal):
    """Begin to log a call, without saving it."""
    terminal.press("c").until("no answer").press("c").until("Next step")
    return terminal.press(*"wants a pilot").until("wants a pilot")


ENDS = {
    "q": (lambda one: one.press("q"), 0),
    "ctrl+c": (lambda one: one.press("ctrl+c"), 130),
    "INT": (lambda one: one.process.send_signal(signal.SIGINT), 130),
    "TERM": (lambda one: one.process.send_signal(signal.SIGTERM), 143),
    "HUP": (lambda one: one.process.send_signal(signal.SIGHUP), 129),
}


@pytest.mark.parametrize("way", ENDS)
def test_every_end_restores_the_terminal_and_keeps_what_was_typed(ana, tui, way):
    before = ana.digest()
    terminal = tui(ready="send offer")
    end, code = ENDS[way]
    assert {"1049", "2004"} <= terminal.drawn.modes
    if way != "q":
        type_a_call(terminal)
    end(terminal)
    assert terminal.end() == code
    assert terminal.is_clean()
    kept = [*(ana.home / ".local/state/crm").glob("unsaved*")]
    if way == "q":
        assert (terminal.said.strip(), kept) == ("", [])
        return
    (path,) = kept
    assert f"it is kept in {path}" in terminal.said.replace("\r\n", "")
    assert path.read_text() == "Log call with Ana Novak\ntext: wants a pilot\nclosing: t1\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert ana.digest() == before


def test_a_closed_window_ends_it_and_keeps_what_was_typed(ana, tui):
    terminal = type_a_call(tui(ready="send offer"))
    terminal.hang_up()
    assert terminal.process.wait(DEADLINE) == 129
    (path,) = (ana.home / ".local/state/crm").glob("unsaved*")
    assert "wants a pilot" in path.read_text()


def test_q_does_not_leave_unsaved_text(ana, tui):
    terminal = type_a_call(tui(ready="send offer"))
    terminal.press("escape").until("your text is kept")
    assert "unsaved text" in terminal.text.splitlines()[0]
    terminal.press("q").until("discard it and quit")
    assert "wants a pilot" in terminal.text
    terminal.press("s").until("discard it and quit", gone=True).press("q").until("discard it")
    terminal.press("d")
    assert terminal.end() == 0
    assert terminal.is_clean()
    assert ana.count("interaction") == 0


# The program with a fault in it: `o` in Today, whose local variables hold what nobody may see.
FAULT = """\
import sys
sys.argv = ["crm", "tui", *{args!r}]
from crmcli.tui.screens import today
def fault(*args):
    secret = "SECRET ana@acme.si"
    raise ValueError(secret)
{how}
from crmcli.__main__ import main
raise SystemExit(main())
"""
FAULTS = {
    "key": "today.TodayScreen.action_only_mine = fault",
    "read": "today.TodayScreen.action_only_mine = lambda self: self.days.start(fault)",
    "write": "today.TodayScreen.action_only_mine = lambda self: self.app.write(fault, print)",
    "draw": """
from crmcli.tui.widgets.bars import TitleBar
def broken(self):
    TitleBar.render = fault
    self.query_one(TitleBar).refresh()
today.TodayScreen.action_only_mine = broken""",
}


@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_of_ours_is_two_lines_and_restores_the_terminal(ana, tui, where):
    terminal = tui(code=FAULT.format(args=[], how=FAULTS[where]), ready="send offer")
    terminal.press("o")
    assert terminal.end() == 70
    assert terminal.is_clean()
    assert terminal.said.strip().splitlines() == [
        "crm: a fault of ours: ValueError",
        "     run it again with --debug and report what the log says",
    ]
    assert b"SECRET" not in terminal.raw
    assert not (ana.home / ".local/state/crm").exists()


def test_debug_writes_where_the_fault_was(ana, tui):
    terminal = tui(code=FAULT.format(args=["--debug"], how=FAULTS["key"]), ready="send offer")
    type_a_call(terminal).press("escape").until("your text is kept").press("o")
    assert terminal.end() == 70
    log = ana.home / ".local/state/crm/debug.log"
    assert log.stat().st_mode & 0o777 == 0o600
    assert "in fault" in log.read_text()
    assert "SECRET" not in log.read_text() + terminal.said
    (kept,) = log.parent.glob("unsaved*")  # a fault loses no text either
    assert "wants a pilot" in kept.read_text()


# Sizes


def test_a_storm_of_sizes_and_a_hint_where_it_is_too_small(ana, tui):
    terminal = tui(ready="send offer")
    for columns, rows in [(1, 1), (500, 200), (2, 50), (300, 2), (39, 9), (80, 24), (1, 200),
                          (200, 1), (40, 10), (10, 3)] * 3:  # fmt: skip
        terminal.resize(columns, rows)
    terminal.resize(38, 9)
    terminal.until("too small: needs 40x10")
    terminal.resize(40, 10)
    terminal.until("Today").until("too small", gone=True)
    terminal.resize(120, 40)
    terminal.until("ana@acme.si")
    terminal.press("c").until("no answer")  # the list has kept the focus
    terminal.resize(30, 5)
    terminal.resize(80, 24)
    terminal.until("no answer").press("escape").until("no answer", gone=True)
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.is_clean()


# The same program on a system that tells of no change of size.
DEAF = """\
import signal, sys
sys.argv = ["crm", "tui"]
def deaf(number, handler, given=signal.signal):
    return given(number, signal.SIG_IGN if number == signal.SIGWINCH else handler)
signal.signal = deaf
from crmcli.__main__ import main
raise SystemExit(main())
"""


def test_a_size_that_nobody_told_is_noticed(ana, tui):
    terminal = tui(code=DEAF, ready="send offer")
    terminal.resize(30, 5)
    terminal.until("too small: needs 40x10")
    terminal.resize(120, 40)
    terminal.until("too small", gone=True).until("ana@acme.si").press("q")
    assert terminal.end() == 0
    assert terminal.is_clean()


# The database


def test_no_database_yet_then_somebody_adds_one(crm, tui):
    terminal = tui(ready="Welcome")
    assert not crm.database.exists()
    crm("contact", "add", "Ana Novak")
    crm("remind", "ana-novak", "today", "send offer")
    terminal.until("send offer").press("q")
    assert terminal.end() == 0


# Opens files as if they lay on a read-only disk.
FROZEN = """\
import sys
sys.argv = ["crm", "tui"]
from crmcli.store import db
def frozen(path, mode, busy_ms, given=db._open):
    return given(path, "mode=ro", busy_ms)
db._open = frozen
from crmcli.__main__ import main
raise SystemExit(main())
"""


def test_a_read_only_database_is_shown_and_a_refused_text_stays(ana, tui):
    before = ana.digest()
    terminal = type_a_call(tui(code=FROZEN, ready="send offer"))
    terminal.press("ctrl+s").until("is read-only; nothing was written")
    assert "wants a pilot" in terminal.text
    terminal.press("escape").until("is read-only", gone=True).press("q").until("discard")
    terminal.press("d")
    assert terminal.end() == 0
    assert ana.digest() == before


# The same program with shorter waits, so that tests need not take long.
IMPATIENT = """\
import sys
sys.argv = ["crm", "tui"]
from crmcli.store import db, dialect
db.BUSY_MS = dialect.BUSY_MS = 150
db.WRITER_PRAGMAS = ("PRAGMA busy_timeout = 150", *dialect.WRITER_PRAGMAS[1:])
from crmcli.tui import work
work.TRIES = {tries}
from crmcli.__main__ import main
raise SystemExit(main())
"""


@contextmanager
def locked(path):
    """Hold the write lock, as another program would; gives a way to let go earlier."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        yield lambda: conn.execute("ROLLBACK")


def test_a_busy_database_is_tried_again_until_it_is_free(ana, tui):
    terminal = type_a_call(tui(code=IMPATIENT.format(tries=1000), ready="send offer"))
    with locked(ana.database) as let_go:
        terminal.press("ctrl+s").until("trying again")
        assert "wants a pilot" in terminal.text
        let_go()
        terminal.until("Logged call with Ana Novak")
    terminal.press("q")
    assert terminal.end() == 0
    assert ana.query("SELECT body FROM interaction") == [("wants a pilot",)]


def test_a_database_that_stays_busy_is_said_and_the_text_stays(ana, tui):
    terminal = type_a_call(tui(code=IMPATIENT.format(tries=2), ready="send offer"))
    with locked(ana.database):
        terminal.press("ctrl+s").until("is busy: another crm is writing")
        assert "wants a pilot" in terminal.text
    terminal.press("ctrl+s").until("Logged call with Ana Novak")
    assert ana.query("SELECT body FROM interaction") == [("wants a pilot",)]


@pytest.mark.slow
def test_seven_seconds_of_another_writer_are_waited_for(ana, tui):
    terminal = type_a_call(tui(ready="send offer"))
    with locked(ana.database) as let_go:
        began = time.monotonic()
        terminal.press("ctrl+s")
        terminal.until(lambda: time.monotonic() - began > 7)
        assert "wants a pilot" in terminal.text
        let_go()
        terminal.until("Logged call with Ana Novak")


def test_the_database_is_removed_meanwhile(ana, tui):
    terminal = tui(ready="send offer")
    for path in ana.database.parent.glob("crm.db*"):
        path.unlink()
    terminal.press("7").until("[7 History]").press("1").until("Welcome")
    assert not ana.database.exists()
    ana("contact", "add", "Bo Li")
    ana("remind", "bo-li", "today", "call back")
    terminal.until("call back").press("q")
    assert terminal.end() == 0


def test_a_backup_is_restored_meanwhile(ana, tui):
    ana("backup", "now")
    ana("remind", "ana-novak", "today", "what came later")
    terminal = tui(ready="what came later")
    ana("backup", "restore", "latest", "--yes")
    terminal.until("what came later", gone=True)
    assert "send offer" in terminal.text
    type_a_call(terminal).press("ctrl+s").until("Logged call with Ana Novak")
    terminal.press("q")
    assert terminal.end() == 0
    assert ana.query("SELECT body FROM interaction") == [("wants a pilot",)]
    assert ana.is_sound()


def test_another_file_takes_its_place(ana, tui):
    """By renaming, as a sync program does: what is written goes into the new file."""
    terminal = tui(ready="send offer")
    other = ana.home / "other.db"
    shutil.copy(ana.database, other)
    ana.digest()
    crm_other = ("--db", str(other))
    ana("contact", "add", "Bo Li", *crm_other)
    ana("remind", "bo-li", "today", "call back", *crm_other)
    ana.digest(other)
    for path in ana.database.parent.glob("crm.db-*"):
        path.unlink()
    os.replace(other, ana.database)
    terminal.until("call back").press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize("kind", ["corrupt", "foreign", "newer"])
def test_what_is_no_database_of_ours_is_said_and_left_alone(ana, tui, kind):
    ana.digest()
    if kind == "corrupt":
        ana.database.write_bytes(b"not at all a database" * 400)
    else:
        with closing(sqlite3.connect(ana.database)) as conn:
            key = "application_id" if kind == "foreign" else "user_version"
            value = 7 if kind == "foreign" else SCHEMA_VERSION + 1
            conn.execute(f"PRAGMA {key} = {value}")
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = ana.database.read_bytes()
    said = {
        "corrupt": "is damaged or not a crm database",
        "foreign": "is not a crm database",
        "newer": "was made by a newer crm",
    }[kind]
    terminal = tui(ready=None)
    assert terminal.end() == 5
    assert said in terminal.said
    assert "1049" not in terminal.raw.decode()
    assert len(terminal.said.strip().splitlines()) == 2
    assert ana.database.read_bytes() == content


# Two processes


def test_what_another_process_adds_appears_and_the_cursor_stays(ana, tui):
    ana("remind", "ana-novak", "today", "tell her about it")
    terminal = tui(ready="tell her about it").press("j")
    terminal.until(lambda: "tell her" in terminal.row)
    ana("remind", "ana-novak", "2026-11-20", "came before")
    terminal.until("came before")
    assert "tell her" in terminal.row
    terminal.press("2").until("[2 Contacts]").until("Ana Novak")
    ana("contact", "add", "Aaron Zupan")
    terminal.until("Aaron Zupan")
    assert "Ana Novak" in terminal.row


@pytest.mark.slow
def test_it_goes_on_while_another_process_imports_ten_thousand(ana, tui, write_people):
    people = write_people(ana.home / "people.csv", 10_000)
    terminal = tui(ready="send offer").press("2").until("[2 Contacts]").until("Ana Novak")
    importing = ana.start("import", str(people))
    type_a_call(terminal).press("ctrl+s").until("Logged call with Ana Novak")
    terminal.press("1").until("[1 Today]").press("2").until("[2 Contacts]")
    _, err = importing.communicate(timeout=DEADLINE)
    assert importing.returncode == 0, err
    terminal.until("10,001")
    assert "Ana Novak" in terminal.row
    terminal.press("q")
    assert terminal.end() == 0
    assert ana.query("SELECT body FROM interaction") == [("wants a pilot",)]
    assert ana.is_sound()


# An import that is broken off

SLOW = """\
import sys, os, time
sys.argv = ["crm", "tui"]
from crmcli.interchange import validate
validate.BATCH = 10
given = validate.Checked.batches
def batches(self, *part):
    for batch in given(self, *part):
        yield batch
        while not os.path.exists("go"):
            time.sleep(0.01)
validate.Checked.batches = batches
from crmcli.__main__ import main
raise SystemExit(main())
"""


@pytest.mark.parametrize("way", ["ctrl+c", "TERM", "escape"])
def test_an_import_that_is_broken_off_leaves_nothing(ana, tui, write_people, until, way):
    write_people(ana.home / "people.csv", 40)
    (ana.home / "go").touch()
    before = ana.digest()
    terminal = tui(code=SLOW, ready="send offer").press("i").until("people.csv")
    terminal.press("enter").until("40 rows").press("ctrl+s").until("40 created")
    (ana.home / "go").unlink()
    terminal.press("ctrl+s").until("10 of 40 rows")
    ENDS.get(way, (lambda one: one.press(way), 0))[0](terminal)
    if way == "escape":
        terminal.until("Cancelling")
        (ana.home / "go").touch()
        terminal.until("nothing was written").press("escape").until("Import a file").press("q")
        assert terminal.end() == 0
    else:
        terminal.until(lambda: "1049" not in terminal.drawn.modes)
        (ana.home / "go").touch()
        assert terminal.end() == ENDS[way][1]
        assert "the import was cancelled: nothing was written" in terminal.said
    assert terminal.is_clean()
    assert ana.count("contact") == 1
    assert ana.digest() == before


# Signs and colours

AREAS = {
    "1": "[1 Today]", "2": "[2 Contacts]", "3": "[3 Orgs]", "4": "[4 Tasks]",
    "5": "[5 Search]", "6": "[6 Import]", "7": "[7 History]",
    "8": "[8 Board]", "9": "[9 Reports]",
}  # fmt: skip


def tour(crm, terminal):
    """Open every area and dialog once."""
    (crm.home / "people.csv").write_text("Name,Email\nBo Li,bo@li.cn\n,,too much,\n")
    for key, title in AREAS.items():
        terminal.press(key).until(title)
        terminal.pump(0.2)
        if key == "5":
            terminal.press("a").until("Search: a").press("escape").until("Search: a", gone=True)
            terminal.press("escape").until("[4 Tasks]")
        if key == "6":
            terminal.until("people.csv").press("enter").until("Becomes").press("ctrl+s")
            terminal.until("Would be").press("escape").until("Import a file")
    terminal.press("1").until("[1 Today]").press("?").until("Page down").press("escape")
    terminal.until("Page down", gone=True).press("c").until("no answer").press("c")
    terminal.until("Next step").press("escape").until("Next step", gone=True)
    terminal.press("enter").until("1 of ").press("escape").until("1 of ", gone=True)
    terminal.press("ctrl+p").until("Search for").press("escape").until("Search for", gone=True)
    terminal.press("q")
    assert terminal.end() == 0
    return terminal


COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


@pytest.mark.parametrize("how", ["NO_COLOR", "config"])
def test_no_colour(ana, tui, how):
    if how == "config":
        ana("config", "set", "color", "never")
    env = {"NO_COLOR": "1"} if how == "NO_COLOR" else {}
    terminal = tour(ana, tui(ready="send offer", **env))
    assert COLOUR.search(terminal.raw) is None
    assert b"\x1b[1m" in terminal.raw  # bold is no colour


def test_colours_are_there_otherwise(ana, tui):
    assert COLOUR.search(tui(ready="send offer").raw)


def test_ascii_draws_with_nothing_else(ana, tui):
    ana("org", "add", "Acme")
    ana("deal", "add", "Pilot", "--for", "ana-novak", "--amount", "9 EUR", "--close", "fri")
    ana("log", "call", "ana-novak", "talked", "--at", "2026-11-02 10:00", "--keep")
    terminal = tour(ana, tui("--ascii", ready="send offer", columns=120, rows=40))
    beyond = {byte for byte in terminal.raw if byte >= 0x80}
    where = re.search(rb"[^\x80-\xff]{0,30}[\x80-\xff]+", terminal.raw)
    assert not beyond, where[0].decode()


# Text from outside

HOSTILE = (
    "Eve \x1b[31mred\x1b[0m",
    "Osc \x1b]52;c;ZXZpbA==\x07",
    "Csi \x9b2J\x9d0;x\x9c",
    "Bidi \u202eevil\u2066",
    "Link [@click=app.quit]x[/] [bold]b[/bold]",
    "Line \r\n\x0b\x85\u2028 \x07",
)


def plant(crm, texts):
    """Write texts into every column that is shown, as another program might."""
    with closing(sqlite3.connect(crm.database)) as conn:
        people = [row[0] for row in conn.execute("SELECT id FROM contact ORDER BY id")]
        for id, text in zip(people, texts, strict=True):
            conn.execute("UPDATE contact SET display_name = ?, note = ? WHERE id = ?",
                         (text, text, id))  # fmt: skip
            conn.execute("UPDATE task SET title = ? WHERE contact_id = ?", (text, id))
            conn.execute("UPDATE channel SET value = ?, label = ? WHERE contact_id = ?",
                         (text, text, id))  # fmt: skip
            conn.execute("UPDATE interaction SET body = ?", (text,))
            conn.execute("UPDATE deal SET name = ?, competitor = ?, note = ? WHERE id = ?",
                         (text, text, text, id))  # fmt: skip
        conn.execute("UPDATE stage SET name = name || ?, guidance = ?", (texts[0], texts[1]))
        conn.execute("UPDATE pipeline SET name = ?", (texts[1],))
        conn.execute("UPDATE org SET name = ?, note = ?", (texts[1], texts[1]))
        conn.execute("UPDATE tag SET name = ?", (texts[0],))
        conn.execute("UPDATE change_group SET command = ?, actor = ?", (texts[1], texts[0]))
        conn.execute("UPDATE import_batch SET filename = ?", (texts[1],))
        conn.commit()


def test_hostile_names_reach_no_terminal_and_run_nothing(crm, tui):
    (crm.home / "people.csv").write_text("Name,Email\nMax,max@x.si\n")
    crm("import", "people.csv", code=None)
    for number in range(len(HOSTILE) - 1):
        crm("contact", "add", f"Person {number}", "-e", f"p{number}@x.si", "--org", "Acme",
            "-t", "vip")  # fmt: skip
    for id in range(1, len(HOSTILE) + 1):
        crm("log", "call", f"c{id}", "x", "-n", "2026-11-20 y", "--keep")
        crm("deal", "add", f"Deal {id}", "--for", f"c{id}", "--amount", "9 EUR")
    plant(crm, HOSTILE)
    (crm.home / "people.csv").unlink()
    file = crm.home / "evil \x1b]52;c;eA==\x07 \u202e.csv"
    rows = [f'"{text}",e{number}@x.si,x' for number, text in enumerate(HOSTILE)]
    file.write_text("\n".join(["Name,Email,\x1b]0;evil\x07", *rows]))
    terminal = tui(ready="Eve", columns=120, rows=40)
    for key, title in AREAS.items():
        terminal.press(key).until(title)
        terminal.pump(0.3)
        if key == "5":
            terminal.press("e").until("Search: e").press("enter")
        if key == "6":
            terminal.until("evil").press("enter").until("Becomes").press("ctrl+s")
            terminal.until("Would be").press("escape").until("Import a file")
        for _ in HOSTILE:
            terminal.press("j").pump(0.1)
        if key == "8":  # the card of a deal
            terminal.press("enter").until("guidance").press("escape").until("guidance", gone=True)
    terminal.press("1").until("[1 Today]").press("g", "c").until("no answer").press("c")
    terminal.until("Next step").press("escape").until("Next step", gone=True)
    terminal.press("enter").until("1 of ").press("escape").until("1 of ", gone=True).press("q")
    assert terminal.end() == 0
    raw = terminal.raw.decode()
    assert "\x1b]52" not in raw
    assert "\x1b[31mred" not in raw
    assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", raw)
    assert "\x07" not in re.sub(CODES, "", raw)
    assert "[@click=app.quit]x[/]" in re.sub(CODES, "", raw)
    assert terminal.drawn.operating == [] or all(
        not one.startswith("52") for one in terminal.drawn.operating
    )


# A whole morning

MORNING = [
    ("Ana Novak", "send offer"), ("Bo Li", "call back about the order"),
    ("Cene Car", "ask about budget"), ("Eva Kos", "send samples"),
    ("Jan Zupan", "confirm the date"), ("Maja Vidmar", "renew the contract"),
    ("Rok Horvat", "thank for the referral"), ("Tina Kralj", "invite to the fair"),
    ("Urban Potokar", "check the delivery"), ("Zala Mlakar", "say how it went"),
]  # fmt: skip
TALKS = [
    ("wants three prices", "tue send prices"),
    ("order confirmed", "fri check delivery"),
    ("budget in January", "2026-12-15 call again"),
    ("samples on their way", "next mon ask for feedback"),
    ("date is fixed", "tomorrow send the agenda"),
]

TITLES = ["send prices", "check delivery", "call again", "ask for feedback", "send the agenda"]


@pytest.fixture
def morning(crm):
    """Ten people, each with something that is due today, set last week."""
    crm.env["CRM_NOW"] = "2026-11-16T08:00:00+00:00"
    for name, _ in MORNING:
        crm("contact", "add", name, "-e", f"{name.split()[0].lower()}@example.org")
    for number, (_, title) in enumerate(MORNING, 1):
        crm("remind", f"c{number}", "2026-11-23", title)
    crm.env["CRM_NOW"] = "2026-11-23T08:00:00+00:00"
    return crm


def test_a_whole_morning(morning, tui):
    """Ten are due; five are called and get a next step; then the command line shows just that."""
    crm = morning
    assert len(crm("today", "--json").json) == 10
    history = crm("history", "--json", "--limit", "0").json
    others = {f"c{number}": crm("show", f"c{number}", "--json").json for number in range(6, 11)}
    terminal = tui(ready="10 today")
    pressed = []

    def press(*keys):
        """Press keys that are counted; the texts one types are not."""
        pressed.extend(keys)
        terminal.press(*keys)

    for number, (said, step) in enumerate(TALKS):
        name, title = MORNING[number]
        terminal.until(lambda name=name: name in terminal.row)
        assert title in terminal.row
        press("c")
        terminal.until("no answer")
        press("c")
        terminal.until(f"Log call with {name}")
        terminal.press(said).until(said)
        press("enter")
        terminal.press(step).until(step.partition(" ")[2])
        press("enter")
        terminal.until(f"Logged call with {name}").until(f"{9 - number} today")
    terminal.until(lambda: MORNING[5][0] in terminal.row)
    press("q")
    assert terminal.end() == 0
    assert terminal.is_clean()
    assert terminal.said.strip() == ""
    assert len(pressed) <= 30, pressed

    left = crm("today", "--json").json
    assert [row["title"] for row in left if row["section"] == "today"] == [
        title for _, title in MORNING[5:]
    ]
    assert [row["title"] for row in left if row["section"] == "tomorrow"] == [
        "send prices", "send the agenda"
    ]  # fmt: skip
    added = crm("history", "--json", "--limit", "0").json[: -len(history)]
    assert [(row["command"], row["source"], row["actor"]) for row in added] == [
        ("log call", "tui", "me")
    ] * len(TALKS)
    assert crm("history", "--json", "--limit", "0").json[len(added) :] == history
    days = ["2026-11-24", "2026-11-27", "2026-12-15", "2026-11-30", "2026-11-24"]
    for number, ((said, _), day) in enumerate(zip(TALKS, days, strict=True)):
        card = crm("show", f"c{number + 1}", "--json").json
        (talk,) = card["timeline"]
        assert (talk["kind"], talk["body"]) == ("call", said)
        assert talk["occurred_at"] == "2026-11-23T08:00:00Z"
        (task,) = card["tasks"]
        assert (task["due"], task["title"]) == (day, TITLES[number])
    assert {key: crm("show", key, "--json").json for key in others} == others
    done = crm("task", "list", "status:completed", "--json").json
    assert sorted(row["title"] for row in done) == sorted(title for _, title in MORNING[:5])
    assert crm.is_sound()


def test_a_morning_typed_ahead(morning, tui):
    """Over a slow line all keys may arrive at once: each still means what it would have meant."""
    keys = [f"cc{said}\r{step}\r" for said, step in TALKS]
    terminal = tui(ready="10 today").press("".join(keys) + "dsent it all\r\rq")
    assert terminal.end() == 0
    for number, (said, _) in enumerate(TALKS):
        card = morning("show", f"c{number + 1}", "--json").json
        assert [talk["body"] for talk in card["timeline"]] == [said]
        assert [task["title"] for task in card["tasks"]] == [TITLES[number]]
    last = morning("show", "c6", "--json").json
    assert [talk["body"] for talk in last["timeline"]] == ["sent it all"]
