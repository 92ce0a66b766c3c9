"""Reads off the screen's thread: what was broken off leaves nothing behind on its connection."""

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crmcli.tui.work import Loader

ROWS = "SELECT id FROM contact ORDER BY id"


@pytest.fixture
def one_thread():
    """Let every read run on one thread, and so on one connection; call it inside the test."""

    def one_thread():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))

    gc.disable()  # what is only freed by it must not be in the way
    yield one_thread
    gc.enable()


async def break_off(tui, node, keeps=None):
    """Break a read off in the midst of its rows; `keeps` holds on to them."""
    begun, may_go = threading.Event(), threading.Event()

    def read(crm):
        rows = crm.store.reader.execute(ROWS)
        if keeps is not None:
            keeps.append(rows)
        for row in rows:
            begun.set()
            may_go.wait(10)
            yield row

    loader = Loader(node, lambda row: None)
    loader.stream(read)
    await tui.until(begun.is_set)
    loader.cancel()
    may_go.set()
    await tui.settle()


@pytest.mark.parametrize("keeps", [None, []], ids=["freed", "kept"])
async def test_the_next_read_on_that_connection_arrives(screen, people, one_thread, keeps):
    one_thread()
    async with screen(people) as tui:
        node, came = tui.app.screen, []
        await break_off(tui, node, keeps)
        Loader(node, came.append).start(lambda crm: crm.store.reader.execute(ROWS).fetchall())
        await tui.settle()
        assert came == [[(1,), (2,), (3,), (4,)]]


async def test_the_next_read_on_that_connection_sees_what_was_written(
    screen, people, one_thread, run
):
    one_thread()
    async with screen(people) as tui:
        node, came = tui.app.screen, []
        await break_off(tui, node)
        run("contact", "add", "Zoe")
        Loader(node, came.append).start(lambda crm: crm.store.reader.execute(ROWS).fetchall())
        await tui.settle()
        assert came == [[(1,), (2,), (3,), (4,), (5,)]]
