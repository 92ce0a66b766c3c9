"""Inside the full screen: milliseconds from a key to the frame that shows what it did.

`python -m bench.keys crm|table DATABASE` runs one app without a terminal, through everything but
the last write, and prints the figures as JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.keys import _character_to_key
from textual.widgets import DataTable

from crmcli.context import Context
from crmcli.store.contact import list_contacts
from crmcli.store.rows import Listing
from crmcli.tui import app as tui
from crmcli.tui.app import CrmApp
from crmcli.tui.widgets.card import CardPane
from crmcli.tui.widgets.paged import RecordTable

SIZE = (120, 40)
TIMES = 30  # arrows and pages
TYPED = ("ana", "novak", "mila c", "copic", "+vip", "иван", "040 1")
LONGEST = 60.0  # seconds until something that does not come is a failure
REST = 0.03  # seconds without a frame, after which nothing more will come
Holds = Callable[[], bool]


class Recorder(HeadlessDriver):
    """Takes every frame as a terminal would, and tells who waits for it."""

    waiting: "tuple[Holds, asyncio.Future[float]] | None" = None
    last = 0.0

    @property
    def is_headless(self) -> bool:
        """Say no, so that frames are made."""
        return False

    def write(self, data: str) -> None:
        """Take a frame."""
        self.last = time.perf_counter()
        if self.waiting and data and self.waiting[0]() and not self.waiting[1].done():
            self.waiting[1].set_result(self.last)


class Keys:
    """Presses keys in an app and takes the time."""

    def __init__(self, app: App[Any]) -> None:
        self.app = app

    @property
    def driver(self) -> Recorder:
        """Give what the app draws on."""
        assert isinstance(self.app._driver, Recorder)
        return self.app._driver

    async def until(self, holds: Holds) -> float:
        """Give when the first frame came with which something holds."""
        coming: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.driver.waiting = (holds, coming)
        return await asyncio.wait_for(coming, LONGEST)

    async def press(self, key: str, holds: Holds, *, rest: bool = True) -> float:
        """Press a key; give the milliseconds until a frame with which something holds."""
        start = time.perf_counter()
        is_letter = len(key) == 1
        name = _character_to_key(key) if is_letter else key
        self.app.post_message(events.Key(name, key if is_letter else None))
        taken = (await self.until(holds) - start) * 1000
        if rest:
            await self.rest()
        return taken

    async def rest(self) -> None:
        """Wait until nothing more is drawn and nothing is read."""
        while True:
            quiet = time.perf_counter() - self.driver.last
            busy = getattr(getattr(self.app, "desk", None), "pending", 0)
            if quiet > REST and not busy:
                return
            await asyncio.sleep(REST / 3)


async def of_crm(app: CrmApp, keys: Keys) -> dict[str, float]:
    """Measure the table of contacts."""

    def table() -> RecordTable:
        return app.screen.query_one(RecordTable)

    def rows() -> int:
        tables = app.screen.query(RecordTable)
        return len(tables.first(RecordTable).rows) if tables else 0

    def is_there() -> bool:
        top, high = int(table().scroll_offset.y), min(table().high - 1, rows())
        return all(table().rows.row(at) is not None for at in range(top, top + high))

    def has_card() -> bool:
        sheet = app.screen.query_one(CardPane).sheet
        return sheet is not None and sheet.key[1] == table().key

    await keys.until(lambda: True)
    await keys.rest()
    found = {"open": await keys.press("2", lambda: rows() > 0)}
    found["arrow"] = await _median(TIMES, lambda: keys.press("down", lambda: True))
    found["card"] = await _median(TIMES, lambda: keys.press("down", has_card))
    found["page"] = await _median(TIMES, lambda: keys.press("pagedown", is_there))
    found["end"] = await keys.press("end", is_there)
    found["sort"] = await keys.press("home", is_there)
    letters = await _typed(keys, table)
    found["filter"] = median(letters)
    found["worst filter"] = max(letters)
    return found


async def _typed(keys: Keys, table: Callable[[], RecordTable]) -> list[float]:
    """Type filters letter by letter; give the milliseconds from each to its list."""
    taken = []
    for text in TYPED:
        await keys.press("/", lambda: True)
        for end in range(1, len(text) + 1):
            typed = text[:end].strip()
            if text[end - 1] == " " or typed == "+" or (typed[0] == "+" and typed != text):
                await keys.press(text[end - 1], lambda: True)
                continue
            holds = lambda typed=typed: table().shown.text == typed  # noqa: E731
            taken.append(await keys.press(text[end - 1], holds))
        await keys.press("escape", lambda: not table().shown.text)
        await keys.rest()
    return taken


async def _median(times: int, run: Callable[[], Any]) -> float:
    return median([await run() for _ in range(times)])


class Table(App[None]):
    """Textual's own table with the same rows."""

    def __init__(self, crm: Context) -> None:
        super().__init__()
        self.crm = crm

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Load every row."""
        table = self.query_one(DataTable)
        table.add_columns("Name", "Org", "E-mail", "Phone", "Last touch", "Tags")
        for one in list_contacts(self.crm.store.reader, Listing()):
            record = one.json()
            cells = (record[key] or "" for key in ("name", "org", "email", "phone", "last_touch"))
            table.add_row(*cells, " ".join(record["tags"]))


async def of_table(app: Table, keys: Keys) -> dict[str, float]:
    """Measure Textual's DataTable."""
    start = time.perf_counter()
    await keys.until(lambda: app.query_one(DataTable).row_count > 0)
    found = {"open": (time.perf_counter() - start) * 1000}
    await keys.rest()
    found["arrow"] = await _median(TIMES, lambda: keys.press("down", lambda: True))
    found["page"] = await _median(TIMES, lambda: keys.press("pagedown", lambda: True))
    return found


def run(what: str, database: str) -> dict[str, float]:
    """Run an app and give its figures."""
    tui.has_terminal = lambda: True  # frames are made, though nobody sees them
    crm = Context({"db": database})
    app: Any = CrmApp(crm) if what == "crm" else Table(crm)
    app.driver_class = Recorder

    async def measure() -> dict[str, float]:
        try:
            while not isinstance(app._driver, Recorder):
                await asyncio.sleep(0)
            return await (of_crm if what == "crm" else of_table)(app, Keys(app))
        finally:
            app.exit()

    async def both() -> dict[str, float]:
        measuring = asyncio.create_task(measure())
        await app.run_async(size=SIZE)
        if app._exception is not None:
            raise app._exception
        return await measuring

    return asyncio.run(both())


if __name__ == "__main__":
    print(json.dumps(run(*sys.argv[1:])))
