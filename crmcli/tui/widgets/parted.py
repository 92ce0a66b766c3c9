"""A list under headings of any length: ids in memory, rows page by page as they are seen."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import accumulate
from typing import Any

from crmcli.context import Context
from crmcli.tui.widgets.paged import PAGE, PagedRows, Pages
from crmcli.tui.widgets.rows import Row, RowList
from crmcli.tui.work import Loader

Heading = tuple[Hashable, int]  # what the rows below have in common, and how many they are
Say = Callable[[Any, int, Row | None], str]  # what a heading says, by the first row below it
Fetch = Callable[[Context, Sequence[int]], list[Row]]  # one row for each id, in their order


class PartedRows:
    """Rows under headings.

    Args:
        ids: of the rows, in the order of the list.
        headings: in order; none of them is empty. Without any the rows stand alone.
        say: tells a heading; there may be as many as people, so only those that are seen.
    """

    def __init__(
        self,
        ids: Iterable[int] = (),
        headings: Sequence[Heading] = (),
        say: Say = lambda part, count, _: f"{part} ({count})",
    ) -> None:
        self.say = say
        self.inner = PagedRows(array("q", ids))
        self.headings = headings
        self.firsts = [0, *accumulate(count for _, count in headings)]  # rows above each
        self.starts = [above + at for at, above in enumerate(self.firsts[:-1])]

    def __len__(self) -> int:
        return len(self.inner) + len(self.headings)

    def _split(self, at: int) -> tuple[int, int]:
        """Give the heading that a line stands under, and its row; below zero for the heading."""
        if not self.headings:
            return 0, at
        part = bisect_right(self.starts, at) - 1
        return part, at - part - 1 if at > self.starts[part] else -1

    def row(self, at: int) -> Row | None:
        """Give a row; None while its page is being read."""
        part, row = self._split(at)
        if row >= 0:
            return self.inner.row(row)
        first = self.inner.row(self.firsts[part])
        return Row(None, (self.say(*self.headings[part], first),))

    def key(self, at: int) -> int | None:
        """Give the id of a row; None for a heading."""
        row = self._split(at)[1]
        return self.inner.key(row) if row >= 0 else None

    def find(self, key: Hashable) -> int | None:
        """Give where an id stands; None when it does not."""
        row = self.inner.find(key)
        return None if row is None else row + bisect_right(self.firsts, row, hi=len(self.headings))

    def keys(self) -> list[Hashable]:
        """Give every id, in order."""
        return self.inner.keys()

    def sample(self) -> list[Row]:
        """Give some rows that are there."""
        return self.inner.sample()

    def lacking(self, first: int, last: int) -> list[int]:
        """Give the pages that are to be read for the lines between two."""
        if not len(self):
            return []
        numbers = range(self._near(first) // PAGE, self._near(last) // PAGE + 1)
        return [number for number in numbers if self.inner.lacks(number)]

    def _near(self, at: int) -> int:
        """Give the row of a line; of a heading, the row below it."""
        part, row = self._split(max(0, min(at, len(self) - 1)))
        return row if row >= 0 else self.firsts[part]


def read_pages(crm: Context, rows: PartedRows, fetch: Fetch, numbers: Iterable[int]) -> Pages:
    """Read pages; on a thread."""
    return {number: fetch(crm, rows.inner.ids_of(number)) for number in numbers}


class PartedList(RowList):
    """Shows rows under headings, and reads the pages that come into sight."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.fetch: Fetch | None = None
        self._coming: set[int] = set()
        self._pages: Loader[tuple[PartedRows, Pages]] = Loader(self, self._take)

    def parted(self) -> PartedRows:
        """Give the rows."""
        return self.rows if isinstance(self.rows, PartedRows) else PartedRows()

    def seen(self, at: int) -> tuple[int, int]:
        """Give the lines that may be seen when the cursor stands on one."""
        return at - self.high, at + self.high

    def take(self, rows: PartedRows, at: int | None, fetch: Fetch) -> None:
        """Show other rows, the first of them read; without a place the cursor stays where it is."""
        self.fetch = fetch
        self._pages.cancel()
        self._coming = set()
        self.put(rows, min(self.cursor if at is None else at, max(len(rows) - 1, 0)))
        self.look_ahead()

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Read what comes into sight."""
        super().watch_scroll_y(old, new)
        self.look_ahead()

    def look_ahead(self) -> None:
        """Read the pages in sight, and those beside them."""
        rows, fetch = self.parted(), self.fetch
        top = int(self.scroll_offset.y)
        numbers = rows.lacking(top - self.high, top + 2 * self.high)
        if fetch is None or not numbers or set(numbers) <= self._coming:
            return
        self._coming = set(numbers)
        self._pages.start(lambda crm: (rows, read_pages(crm, rows, fetch, numbers)))

    def _take(self, found: tuple[PartedRows, Pages]) -> None:
        rows, pages = found
        self._coming = set()
        if rows is self.rows:
            rows.inner.take(pages)
            self.changed()
            self.look_ahead()
