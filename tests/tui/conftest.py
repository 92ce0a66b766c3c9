"""What the tests of the full screen share: a seeded database, the running app, its frame as text.

async with screen(people, size=(80, 24)) as tui:
    await tui.press("c", "c", *"hello", "enter")
    assert "Logged" in tui.frame()
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.app import ScreenStackError
from textual.pilot import Pilot

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.text import mask_with
from crmcli.tui.app import CrmApp

DEADLINE = 20.0  # seconds until a screen that does not settle is a failure


class Frame(SingleFileSnapshotExtension):
    """A frame of the screen as plain text, one file each."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"
    file_extension = "txt"


@pytest.fixture
def frame(snapshot):
    """The stored frames: `assert tui.frame() == frame`."""
    return snapshot.use_extension(Frame)


class Tui:
    """The running app under test."""

    def __init__(self, app: CrmApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, waiting after each until nothing is under way."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        await self.pilot.press(*text)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no read and no write is under way and all messages are handled."""

        async def still() -> None:
            quiet = 0
            while quiet < 3 and not self.app._exit:
                with suppress(ScreenStackError):  # between two areas there is none
                    await self.pilot.pause()
                busy = self.app.desk.pending or any(not w.is_finished for w in self.app.workers)
                quiet = 0 if busy else quiet + 1

        await asyncio.wait_for(still(), DEADLINE)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""

        async def wait() -> None:
            while not holds():
                await self.pilot.pause(0.01)

        await asyncio.wait_for(wait(), DEADLINE)

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
        finally:
            mask_with(None)

    return screen


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build a database once per session with commands: `built("name", [("contact", "add", …)])`."""
    from typer.testing import CliRunner

    from crmcli.cli import app as cli

    made: dict[str, Path] = {}

    def built(name: str, commands: list[tuple[str, ...]]) -> Path:
        if name not in made:
            path = tmp_path_factory.mktemp(name) / "crm.db"
            for command in commands:
                got = CliRunner().invoke(
                    cli, ["--db", str(path), "--yes", *command], prog_name="crm"
                )
                if got.exit_code:
                    raise CrmError(f"{command}: {got.stderr}")
            made[name] = path
        return made[name]

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
