"""Database work off the screen's thread: reads, writes, and what other processes wrote.

Every thread has its own Context, and so its own connection. Results come back to the thread of
the screen; one that is overtaken by a newer request is dropped, and its query is broken off.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crmcli.context import Context
from crmcli.errors import CrmError, StorageError
from crmcli.i18n import tr
from crmcli.store.db import storage_error
from crmcli.store.watch import Watcher, identity

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

    from crmcli.store.unit import Store

T = TypeVar("T")
TRIES = 3  # of a write while the database is busy, each of five seconds
PATIENCE = 0.02  # seconds until a read is told once more to end


class Seat:
    """One thread's Context, held while it is used.

    Closing a connection that its thread is stepping through would end the whole process.
    """

    def __init__(self, crm: Context) -> None:
        self.crm = crm
        self.held = threading.RLock()
        self.writes = False

    def leave(self) -> None:
        """Close the connection; a read is broken off before, a write comes to its end."""
        while not self.held.acquire(timeout=PATIENCE):
            if self.crm.store.is_open and not self.writes:
                self.crm.store.reader.interrupt()
        self.crm.store.close()
        self.held.release()


class Desk:
    """Gives each thread its Context, and counts what is under way.

    Args:
        crm: the run that the full screen belongs to.
    """

    def __init__(self, crm: Context) -> None:
        self.outer = crm
        self.is_closing = False  # the app ends: what is busy is not tried again
        self.reading = 0  # of these, the reads
        self.pending = 0  # requests whose results have not arrived; of the screen's thread
        self._own = threading.local()
        self._all: list[Seat] = []
        self._is_closed = False
        self._writing = threading.Lock()
        self.watcher = Watcher(crm.store.path)

    def crm(self) -> Context:
        """Give the Context of this thread."""
        return self._seat().crm

    def _seat(self) -> Seat:
        found: Seat | None = getattr(self._own, "seat", None)
        if found is None:
            crm = Context({}, self.outer)
            crm.clock = self.outer.clock
            crm.store.source = "tui"
            found = self._own.seat = Seat(crm)
            self._all.append(found)
        return found

    def read(self, fn: Callable[[Context], T]) -> T:
        """Run a read on this thread.

        Raises:
            CrmError: what SQLite reports, in a person's words.
        """
        seat = self._seat()
        crm = seat.crm
        with seat.held:
            if self._is_closed:
                raise Superseded
            self._reopen(crm.store)
            try:
                return fn(crm)
            except sqlite3.Error as error:
                if _is_interrupted(error):
                    raise Superseded from None
                raise storage_error(error, crm.store.path) from error
            except OSError as error:  # a full disk, a file that is gone: no reason to end
                reason = error.strerror or str(error)
                raise StorageError(tr("the system refuses it: {reason}", reason=reason)) from error

    def renew(self) -> None:
        """Close this thread's connection; its next read opens another."""
        seat = self._seat()
        with seat.held:
            seat.crm.store.close()

    def write(self, fn: Callable[[Context], T], say: Callable[[], object]) -> T:
        """Run a write on this thread, one after the other; a busy database is tried again.

        Args:
            fn: what writes.
            say: told once when the database is busy.

        Raises:
            CrmError: it cannot be written; nothing was.
        """
        seat = self._seat()
        with self._writing:
            seat.writes = True
            try:
                return self._write(fn, say)
            finally:
                seat.writes = False

    def _write(self, fn: Callable[[Context], T], say: Callable[[], object]) -> T:
        for _ in range(TRIES - 1):
            try:
                return self.read(fn)
            except CrmError as error:
                if not _is_busy(error) or self.is_closing:
                    raise
                say()
        return self.read(fn)

    def close(self) -> None:
        """Close every connection."""
        self._is_closed = True
        for seat in self._all:
            seat.leave()
        self.watcher.close()

    def _reopen(self, store: "Store") -> None:
        """Leave a database that has been removed or replaced, or that was not there yet."""
        file = identity(store.path)
        if file != getattr(self._own, "file", ()):
            self._own.file = file
            store.close()


class Superseded(CrmError):
    """A newer request took the place of this one; nobody needs to be told."""

    def __init__(self) -> None:
        super().__init__("superseded")


class Loader(Generic[T]):
    """Reads of one kind for a node: only the newest result arrives.

    Args:
        node: whose they are; when it is gone nothing arrives.
        then: takes the result, on the screen's thread.
        fail: takes the error; the app says it if there is none.
    """

    def __init__(
        self,
        node: "DOMNode",
        then: Callable[[T], object],
        fail: Callable[[CrmError], None] | None = None,
    ) -> None:
        self.node = node
        self.then = then
        self.fail = fail
        self._number = 0
        self._running: Context | None = None
        self._lock = threading.Lock()

    def start(self, read: Callable[[Context], T]) -> None:
        """Begin a read; one that is under way is broken off."""
        self.stream(lambda crm: (read(crm),))

    def stream(self, read: Callable[[Context], Iterable[T]]) -> None:
        """Begin a read that gives its result in parts; each arrives in its turn."""
        self.cancel()
        number = self._number
        app, desk = self.node.app, desk_of(self.node)
        desk.pending += 1
        desk.reading += 1
        self.node.run_worker(lambda: self._run(app, desk, number, read), thread=True, group="read")

    def cancel(self) -> None:
        """Let nothing of what is under way arrive."""
        with self._lock:
            self._number += 1
            if self._running is not None and self._running.store.is_open:
                self._running.store.reader.interrupt()

    def _run(
        self, app: "App[Any]", desk: Desk, number: int, read: Callable[[Context], Iterable[T]]
    ) -> None:
        error: CrmError | None = None
        own = desk.crm()
        try:
            with self._lock:
                self._refuse_late(number)
                self._running = own
            self._read(desk, number, lambda crm: self._give(app, number, read(crm)))
        except Superseded:
            pass  # kept, it would keep rows open, and they the interrupt for the next read here
        except CrmError as caught:
            error = caught.with_traceback(None)  # which would keep rows open too
        finally:
            with self._lock:
                if self._running is own:  # a newer read may be running by now
                    self._running = None
            app.call_later(self._end, desk, number, error)

    def _read(self, desk: Desk, number: int, fn: Callable[[Context], None]) -> None:
        try:
            desk.read(fn)
        except Superseded:
            with self._lock:
                self._refuse_late(number)
                desk.renew()  # the interrupt was for another read
            desk.read(fn)

    def _give(self, app: "App[Any]", number: int, parts: Iterable[T]) -> None:
        for part in parts:
            self._refuse_late(number)
            app.call_later(self._arrive, number, part)

    def _refuse_late(self, number: int) -> None:
        if number != self._number:
            raise Superseded

    def _arrive(self, number: int, part: T) -> None:
        if number == self._number and self.node.is_attached:
            self.then(part)

    def _end(self, desk: Desk, number: int, error: CrmError | None) -> None:
        desk.pending -= 1
        desk.reading -= 1
        is_news = number == self._number and self.node.is_attached
        if is_news and error is not None:
            (self.fail or say_error_of(self.node.app))(error)


def desk_of(node: "DOMNode") -> Desk:
    """Give the desk of the app that a node belongs to."""
    return node.app.desk  # type: ignore[attr-defined,no-any-return]


def say_error_of(app: "App[Any]") -> Callable[[CrmError], None]:
    """Give how an app tells an error."""
    return app.say_error  # type: ignore[attr-defined,no-any-return]


def _is_busy(error: CrmError) -> bool:
    cause = error.__cause__
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _is_interrupted(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT
