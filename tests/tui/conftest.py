"""What the tests of the full screen share: a seeded database, the running app, its frame as text.

async with screen(people, size=(80, 24)) as tui:
    await tui.press("c", "c", *"hello", "enter")
    assert "Logged" in tui.frame()
"""

import asyncio
import shutil
import unicodedata
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual import events
from textual.app import ScreenStackError
from textual.css.query import NoMatches
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.timer import Timer

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.text import mask_with
from crmcli.tui.app import CrmApp

DEADLINE = 20.0  # seconds until a screen that does not settle is a failure
SHORT = 0.002  # seconds between two looks at what is under way
SOON = 0.25  # seconds; what goes off later tells of slow reads (awaited here) or ends a toast


class Frame(SingleFileSnapshotExtension):
    """A frame of the screen as plain text, one file each."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"
    file_extension = "txt"


@pytest.fixture
def frame(snapshot):
    """The stored frames: `assert tui.frame() == frame`."""
    return snapshot.use_extension(Frame)


def key_event(app: CrmApp, key: str) -> events.Key:
    """Give the event of a key as a driver makes it: of "a", "?", "enter", "ctrl+s"."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    try:
        letter = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
    except KeyError:
        letter = name if len(name) == 1 else None
    event = events.Key(name, letter)
    event.set_sender(app)
    return event


async def _run_dry() -> None:
    """Let every task run until it waits for a thread, a timer or the terminal."""
    loop: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:
        await asyncio.sleep(0)


def _is_awaited(timer: Timer) -> bool:
    """Tell whether a timer will go off once and soon, as what waits until somebody stops typing."""
    is_once_and_soon = timer._repeat == 0 and timer._interval < SOON
    is_set = timer._task is not None and not timer._task.done() and timer._active.is_set()
    return is_once_and_soon and is_set


class Tui:
    """The running app under test."""

    def __init__(self, app: CrmApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, waiting after each until nothing is under way."""
        for key in keys:
            self.app.post_message(key_event(self.app, key))
            await self.settle()

    async def send(self, *keys: str) -> None:
        """Press keys one after the other, waiting for all but the database: a test holds it up."""
        for key in keys:
            self.app.post_message(key_event(self.app, key))
            await self.settle(database=False)

    async def write(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        for letter in text:
            self.app.post_message(key_event(self.app, letter))
        await self.settle()

    async def settle(self, *, database: bool = True) -> None:
        """Wait until nothing is under way, seen twice.

        Args:
            database: whether reads and writes count.
        """

        async def still() -> None:
            seen = 0
            while seen < 2 and not self.has_ended:
                await self._turn()
                seen = 0 if self._is_busy(database) else seen + 1
                if not seen:
                    await asyncio.sleep(SHORT)

        await self._in_time(still())

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""

        async def wait() -> None:
            while True:
                with suppress(ScreenStackError, NoMatches):  # between two areas
                    if holds():
                        return
                await asyncio.sleep(SHORT)
                await self._turn()

        await self._in_time(wait())

    async def _in_time(self, coming: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.wait_for(coming, DEADLINE)
        except TimeoutError:
            pytest.fail(f"it did not come; the screen is\n{self.frame()}")

    @property
    def has_ended(self) -> bool:
        """Tell whether the app has ended, or failed."""
        return self.app._exit or self.app._exception is not None

    async def _turn(self) -> None:
        """Let every task run until it waits for something, and draw at once, not 1/60 s later."""
        await _run_dry()
        for screen in self.app._screen_stacks.get(self.app.current_mode, ()):
            screen._on_timer_update()
        await _run_dry()

    def _is_busy(self, database: bool) -> bool:
        keys, nodes = self.app.keyboard, [self.app, *self.app._registry]
        reads = self.app.desk.pending or any(not one.is_finished for one in self.app.workers)
        return bool(
            (database and reads)
            or (keys._came.is_set() and (database or not keys._waits))
            or self._is_to_be_drawn()
            or any(one.message_queue_size or one._next_callbacks for one in nodes)
            or any(_is_awaited(timer) for one in nodes for timer in one._timers)
        )

    def _is_to_be_drawn(self) -> bool:
        app = self.app
        try:
            top = app.screen
        except ScreenStackError:  # between two areas there is none
            return True
        return bool(
            app._batch_count
            or app.animator._animations
            or app.animator._scheduled
            or top._layout_required
            or top._scroll_required
            or top._repaint_required
            or top._recompose_required
            or top._dirty_widgets
            or any(screen._callbacks for screen in app.screen_stack)
        )

    def frame(self) -> str:
        """Give what is on the screen, line by line, without the blanks at their ends."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(line.text.rstrip() for line in lines[: self.app.size.height]) + "\n"

    def line(self, text: str) -> str:
        """Give the line of the frame that holds a text."""
        return next(line for line in self.frame().splitlines() if text in line)

    def one(self, kind: type[Any]) -> Any:
        """Give the widget of a kind on the screen in front."""
        return self.app.screen.query_one(kind)


@pytest.fixture
def screen(database: Path):
    """Open the full screen on a database: a path to copy, or None for none yet."""

    @asynccontextmanager
    async def screen(
        source: Path | None = None,
        size: tuple[int, int] = (80, 24),
        ascii: bool = False,
        settings: dict[str, str] | None = None,
    ) -> AsyncIterator[Tui]:
        if source is not None and not database.exists():
            database.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            shutil.copy(source, database)
        app = CrmApp(Context(settings or {}), ascii=ascii)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                tui = Tui(app, pilot)
                await tui.settle()
                yield tui
                if not tui.has_ended:
                    app.exit()  # as a person does; what is still read must not arrive any more
        finally:
            mask_with(None)

    return screen


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build a database once per session with commands: `built("name", [("contact", "add", …)])`."""
    from typer.testing import CliRunner

    from crmcli.cli import app as cli

    made: dict[tuple[object, ...], Path] = {}

    def built(name: str, commands: list[tuple[str, ...]]) -> Path:
        key = (name, *commands)  # two tests may choose one name
        if key not in made:
            path = tmp_path_factory.mktemp(name) / "crm.db"
            for command in commands:
                got = CliRunner().invoke(
                    cli, ["--db", str(path), "--yes", *command], prog_name="crm"
                )
                if got.exit_code:
                    raise CrmError(f"{command}: {got.stderr}")
            made[key] = path
        return made[key]

    return built


PEOPLE: list[tuple[str, ...]] = [
    (
        "contact",
        "add",
        "Ana Novak",
        "-e",
        "ana@acme.si",
        "-p",
        "040 123 456",
        "--org",
        "Acme",
        "--title",
        "CEO",
        "-t",
        "vip",
        "--birthday",
        "1990-11-26",
    ),
    ("contact", "add", "Bo Li", "-e", "bo@li.cn", "--org", "华为技术有限公司"),
    ("contact", "add", "Eva Kos", "-e", "eva@kos.si", "-t", "lead"),
    (
        "contact",
        "add",
        "Jože Čopič",
        "-e",
        "joze@copic.si",
        "--org",
        "Čopič in sinovi",
        "--note",
        "met at the fair; likes tea",
    ),
    ("contact", "cadence", "ana-novak", "14d"),
    (
        "log",
        "call",
        "ana-novak",
        "wants a pilot, asks for two prices",
        "--at",
        "2026-11-02 10:00",
        "-n",
        "2026-11-22 send offer",
    ),
    ("log", "email", "bo-li", "sent the brochure", "--at", "2026-11-13 10:00"),
    ("log", "email", "eva-kos", "asked about delivery", "--in", "--at", "2026-11-19 10:00"),
    (
        "log",
        "meeting",
        "joze-copic",
        "kick-off, agreed on scope",
        "--at",
        "2026-11-22 15:00",
        "--waiting",
        "2026-11-27 signed contract",
    ),
    ("remind", "bo-li", "2026-11-23", "call back about the order"),
    ("task", "add", "pay the rent", "--due", "2026-11-20"),
    ("remind", "eva-kos", "2026-11-24", "send samples"),
]
WIDE: list[tuple[str, ...]] = [
    ("contact", "add", "张伟", "--org", "华为技术有限公司", "-e", "zw@example.cn"),
    ("contact", "add", "سارا احمدی", "-p", "+98 912 345 6789"),
    ("contact", "add", "Müßig [b]Bold[/b] [@click=app.quit]x[/]", "-e", "m@x.de"),
    ("contact", "add", "👩‍🚀 Astronaut 🚀", "--note", "emoji 🎉 in a note"),
    ("remind", "c1", "2026-11-22", "询问预算并发送报价单"),
    ("remind", "c2", "2026-11-21", "ارسال نمونه‌ها"),
    ("remind", "c3", "2026-11-20", "[red]check[/red] the [link=x]invoice[/link]"),
    ("remind", "c4", "2026-11-23", "🚀 launch"),
]
LONG_NAME = "Maximiliane-Theodora von Hohenstein-Waldburg-Zeil zu Trauchburg und Wolfegg"
LONG: list[tuple[str, ...]] = [
    ("contact", "add", LONG_NAME, "--org", "Internationale Handelsgesellschaft für alles Mögliche",
     "-e", "maximiliane.theodora.von.hohenstein-waldburg@handelsgesellschaft.example",
     "--note", "a long note " * 40),
    ("remind", "c1", "2026-11-20", "a title that goes on and on " * 6),
    ("log", "call", "c1", "a long talk about everything " * 30, "--at", "2026-11-20 10:00",
     "--keep"),
]  # fmt: skip


@pytest.fixture
def people(built, monkeypatch) -> Path:
    """Four people, with something in every section of the day."""
    return built("people", PEOPLE)


@pytest.fixture
def wide(built) -> Path:
    """Names and titles in scripts of double width, right to left, with markup in them."""
    return built("wide", WIDE)


@pytest.fixture
def long(built) -> Path:
    """Everything too long for its place."""
    return built("long", LONG)


CROWD = 6_000


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six thousand people, `Person 0001` …; every tenth is tagged, every thousandth called Rare."""
    from crmcli.clock import Clock
    from crmcli.store import db
    from crmcli.store.unit import Store, Unit
    from crmcli.text import fold

    def name(id: int) -> str:
        return f"{'Rare' if id % 1000 == 0 else 'Person'} {id:04}"

    def write(w: Unit) -> None:
        tag = w.insert("tag", name="tenth", name_norm="tenth")
        names = ("display_name", "name_norm", "owner_id", "uid", "created_at", "updated_at")
        rest = (w.actor_id(), w.now, w.now)
        rows = [
            (name(id), fold(name(id)), rest[0], f"00000000-0000-4000-8000-{id:012}", *rest[1:])
            for id in range(1, CROWD + 1)
        ]
        w.insert_many("contact", names, rows)
        w.insert_many(
            "tagging", ("tag_id", "contact_id"), [(tag, id) for id in range(10, CROWD + 1, 10)]
        )
        w.touch("contact", range(1, CROWD + 1))

    path = tmp_path_factory.mktemp("crowd") / "crm.db"
    db.create(str(path))
    store = Store(str(path), Clock("UTC", datetime(2026, 11, 23, tzinfo=UTC)), "me")
    store.write("crowd", write)
    store.close()
    return path
