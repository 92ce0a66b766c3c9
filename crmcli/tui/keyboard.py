"""Keys one after the other: what is typed ahead waits until the key before has had its effect.

Textual hands every key to whatever has the focus when it arrives. Over a slow line several arrive
at once: the first opens a dialog, and the others would still go to the list behind it, where each
letter is a command. Here a key is handed on when the one before has been dealt with, and when the
dialog or the next row that it asked for has come from the database.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ScreenStackError
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.app import App

ROUNDS = 8  # through all queues of messages, at most, after each key
SHORT = 0.005  # seconds between two looks at what is waited for
A_NODE = 1.0  # seconds that a node may take, at most
MOST = 20.0  # seconds that a key waits for the database, at most
AT_ONCE = ("ctrl+c",)

Give = Callable[[events.Event], Awaitable[None]]


class Keyboard:
    """Gives keys and pasted texts to an app in their order.

    Args:
        app: whose they are.
        give: hands one to whatever has the focus.
    """

    def __init__(self, app: "App[Any]", give: Give) -> None:
        self.app = app
        self.give = give
        self._keys: deque[events.Event] = deque()
        self._came = asyncio.Event()
        self._waits: list[tuple[Callable[[], object], float]] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to hand keys on."""
        self._task = asyncio.create_task(self._run(), name="crm keyboard")

    def stop(self) -> None:
        """Hand nothing on any more."""
        if self._task is not None:
            self._task.cancel()

    def takes(self, event: events.Event) -> bool:
        """Take an event that has to wait for its turn; tell whether it is one."""
        is_typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not is_typed or (isinstance(event, events.Key) and event.key in AT_ONCE):
            return False
        self._keys.append(event)
        self._came.set()
        return True

    def wait_while(self, holds: Callable[[], object]) -> None:
        """Let keys wait as long as something holds."""
        self._waits.append((holds, monotonic() + MOST))

    async def _run(self) -> None:
        try:
            while True:
                await self._came.wait()
                while self._keys and not self.app._exit:
                    await self.give(self._keys.popleft())
                    await self._come_to_rest()
                self._came.clear()
        except Exception as error:  # as if the app itself had met it
            self.app._handle_exception(error)

    async def _come_to_rest(self) -> None:
        for _ in range(ROUNDS):
            before = self._nodes()
            for node in before:
                await _handled(node)
            after = self._nodes()
            if before == after and not any(node.message_queue_size for node in after):
                break
        while self._is_waited_for():
            await asyncio.sleep(SHORT)

    def _nodes(self) -> list[MessagePump]:
        """Give what a key goes through: what has the focus, and all that it stands in."""
        with suppress(ScreenStackError):  # between two areas there is no screen
            return [*(self.app.focused or self.app.screen).ancestors_with_self]
        return [self.app]

    def _is_waited_for(self) -> bool:
        now = monotonic()
        self._waits = [(holds, until) for holds, until in self._waits if now < until and holds()]
        return bool(self._waits)


async def _handled(node: MessagePump) -> None:
    """Wait until a node has handled what lies in its queue by now, or is closed."""
    done = asyncio.get_running_loop().create_future()
    until = monotonic() + A_NODE
    if node.is_running and node.call_later(_tell, done):
        while not done.done() and node.is_running and monotonic() < until:
            await asyncio.wait({done}, timeout=SHORT)


def _tell(done: "asyncio.Future[None]") -> None:
    if not done.done():
        done.set_result(None)
