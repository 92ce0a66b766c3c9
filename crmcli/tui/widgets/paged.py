"""A table of people or orgs of any number: ids in memory, records page by page as they are seen."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from textual.message import Message
from textual.timer import Timer

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.render import FIXED, NARROWEST
from crmcli.service import page
from crmcli.store.search import Key
from crmcli.tui.widgets.rows import PLACEHOLDER, Cells, Row, RowList, Rows, Title
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

PAGE = 128  # records that are read at once
KEPT = 9  # pages in memory
NEAR = 2_000  # rows around its last place where a record is looked for first
MEASURED = 64  # rows that the widths of the columns are measured on
READABLE = 16  # cells of a column that nobody asked for; else it is left out
SCREENFUL = 40  # rows that are seen, while nobody knows
MOMENT = 0.05  # seconds until the pages beside those that are seen are read
Pages = dict[int, list[Row]]


@dataclass(slots=True)
class PagedRows:
    """Rows that are known by their ids, and by their texts as far as pages are there.

    Args:
        ids: of the records, in the order of the list.
        pages: the pages that have been read, by number.
        near: the place where records are looked for first.
    """

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    pages: Pages = field(default_factory=dict)
    near: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, at: int) -> Row | None:
        """Give a row; None while its page is being read."""
        rows = self.pages.get(at // PAGE, ())
        return rows[at % PAGE] if at % PAGE < len(rows) else None

    def key(self, at: int) -> int:
        """Give the id of a row."""
        return self.ids[at]

    def find(self, key: Hashable) -> int | None:
        """Give where an id stands; None when it does not."""
        ways = ((max(self.near - NEAR, 0), self.near + NEAR), (0, len(self.ids)))
        for first, last in ways:
            try:
                self.near = self.ids.index(cast(int, key), first, last)
            except ValueError:
                continue
            return self.near
        return None

    def keys(self) -> list[Hashable]:
        """Give every id, in order."""
        return list(self.ids)

    def sample(self) -> list[Row]:
        """Give some rows that are there."""
        return [row for rows in self.pages.values() for row in rows][:MEASURED]

    def lacks(self, number: int) -> bool:
        """Tell whether a page is to be read; one past the end is not."""
        size = min(len(self.ids) - number * PAGE, PAGE)
        return number >= 0 and size > len(self.pages.get(number, ()))

    def ids_of(self, number: int) -> "array[int]":
        """Give the ids of a page."""
        return self.ids[number * PAGE : (number + 1) * PAGE]

    def take(self, pages: Pages) -> None:
        """Keep pages that were read, and let go of those that lie farthest from them."""
        self.pages |= pages
        middle = next(iter(pages), 0)
        while len(self.pages) > KEPT:
            del self.pages[max(self.pages, key=lambda number: abs(number - middle))]

    def goes_on(self, rows: "Rows") -> bool:
        """Tell whether these are the same rows as others, and more."""
        return isinstance(rows, PagedRows) and self.ids[: len(rows)] == rows.ids


@dataclass(frozen=True, slots=True)
class Query:
    """What a table shows.

    Args:
        noun: contact or org.
        fields: the names of its columns; none for the usual ones.
        sort: a key of the noun's ORDER or an own field; - in front turns it round.
        tree: the filter; None for every record.
        text: the filter as it was typed.
    """

    noun: str
    fields: tuple[str, ...] = ()
    sort: str = ""
    tree: "Node | None" = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """How a table stands when it begins to read.

    Args:
        key: the record that the cursor is to stand on.
        under: the record that it stands on.
        at: where the cursor stands.
        line: on which line of the screen.
        high: how many lines are seen.
        marks: the records that are marked.
        stays: the cursor is to stay on its record: all is read before anything is shown.
        is_typing: the filter may end in the middle of a word; if it selects nothing, wait.
    """

    key: Hashable | None
    under: Hashable | None
    at: int
    line: int
    high: int
    marks: frozenset[Hashable]
    stays: bool
    is_typing: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A list as far as it is read.

    Args:
        query: what was asked.
        before: how the table stood then.
        columns: what is shown of each record.
        rows: None when the list is to stay as it is.
        at: where the record stands that the cursor is to stand on.
        is_whole: whether no more will come.
        unknown: sentences about tags and people in the filter that there are not.
        gone: marked records that are not in the list.
    """

    query: Query
    before: Before
    columns: tuple[Column, ...]
    rows: PagedRows | None = None
    at: int | None = None
    is_whole: bool = True
    unknown: tuple[str, ...] = ()
    gone: frozenset[Hashable] = frozenset()


def read_list(crm: Context, query: Query, before: Before) -> Iterator[Found]:
    """Read a list, the first screenful at once; on a thread."""
    columns = tuple(page.columns(crm, query.noun, query.fields))
    first = 0 if before.stays else before.high + 1
    is_first = True
    for found in page.ids(crm, query.noun, query.tree, query.sort, first=first):
        if before.is_typing and (found.unknown or not found.ids):
            yield Found(query, before, columns, unknown=found.unknown)
            return
        rows = PagedRows(found.ids, near=before.at)
        at = rows.find(before.key) if before.stays and before.key is not None else None
        if is_first:
            rows.pages = read_pages(crm, query.noun, columns, rows, _seen(before, at))
            is_first = False
        gone = before.marks.difference(found.ids) if found.is_whole else frozenset()
        yield Found(query, before, columns, rows, at, found.is_whole, found.unknown, gone)


def _seen(before: Before, at: int | None) -> Sequence[int]:
    """Give the numbers of the pages that will be seen."""
    here = (before.at if at is None else at) if before.stays else 0
    top = max(here - before.line, 0)
    return range(top // PAGE, (top + before.high) // PAGE + 1)


def read_pages(
    crm: Context, noun: str, columns: Sequence[Column], rows: PagedRows, numbers: Iterable[int]
) -> Pages:
    """Read pages of records; on a thread."""
    gone = (PLACEHOLDER,) * len(columns)
    pages: Pages = {}
    for number in numbers:
        if ids := rows.ids_of(number):
            cells = page.cells(crm, noun, columns, ids)
            pages[number] = [Row(id, cells.get(id, gone)) for id in ids]
    return pages


class RecordTable(RowList):
    """A table of people or orgs; sorted and filtered by the database.

    Posts `Listed` when a list has come, or more of it, and `Refused` when a filter or a sort is
    wrong; what was listed stays then.
    """

    class Listed(Message):
        """A list has come, as far as it is read."""

        def __init__(self, found: Found) -> None:
            super().__init__()
            self.found = found

    class Refused(Message):
        """What was asked cannot be listed."""

        def __init__(self, query: Query, error: CrmError) -> None:
            super().__init__()
            self.query = query
            self.error = error

    def __init__(self, noun: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.rows: PagedRows = PagedRows()
        self.shown = Query(noun)  # what is shown
        self.asked = self.shown  # what is being read, or was last
        self.columns: tuple[Column, ...] = ()
        self.is_whole = False
        self.is_reading = False  # more will come
        self._goal: Hashable | None = None  # where the cursor goes with the next reading
        self._is_stale = False  # something changed while it was being read
        self._has_begun = False  # the first part of what is being read is shown
        self._then: list[Callable[[], None]] = []  # to be done when all is there
        self._coming: set[int] = set()  # pages that are being read
        self._beside: Timer | None = None  # until the pages beside those that are seen are read
        self._natural: list[int] = []
        self._lists: Loader[Found] = Loader(self, self._take, self._refuse)
        self._pages: Loader[tuple[PagedRows, Pages]] = Loader(self, self._take_pages)

    # Asking

    def ask(self, *, stays: bool = False, is_typing: bool = False, **changes: Any) -> None:
        """List something else.

        Args:
            stays: the cursor is to stay on its record; else it begins at the first.
            is_typing: the filter may end in the middle of a word; if it selects nothing, wait.
            changes: what is to be different in the query.
        """
        self.asked = replace(self.asked, **changes)
        self._is_stale = False
        self._goal = None
        self._then.clear()
        self._read(stays=stays, is_typing=is_typing)

    def reload(self, key: Hashable | None = None) -> None:
        """Read again what is shown; the cursor stays on its record, or goes to another."""
        self._goal = key if key is not None else self._goal
        at = self.rows.find(key) if key is not None else None
        if at is not None:
            self.move_to(at)
        if self.is_reading:
            self._is_stale = True
            return
        self._read_pages(self._seen_pages())
        self._read(stays=bool(self.columns))

    def _read(self, *, stays: bool, is_typing: bool = False) -> None:
        line, high = self.cursor - int(self.scroll_offset.y), self.high or SCREENFUL
        marks = frozenset(self.marks)
        goal = self.key if self._goal is None else self._goal
        before = Before(goal, self.key, self.cursor, line, high, marks, stays, is_typing)
        query, self._goal = self.asked, None
        self.is_reading, self._has_begun = True, False
        self._lists.stream(lambda crm: read_list(crm, query, before))

    # Taking

    def _take(self, found: Found) -> None:
        self.is_reading = not found.is_whole
        if found.rows is not None:
            self._show(found, found.rows)
        self.post_message(self.Listed(found))
        if found.is_whole:
            self._finish()

    def _finish(self) -> None:
        """Do what waited until all is there."""
        waiting, self._then = self._then, []
        for act in waiting:
            act()
        if self._is_stale:
            self._is_stale = False
            self.reload()

    def _show(self, found: Found, rows: PagedRows) -> None:
        if (found.query.noun, found.columns) != (self.shown.noun, self.columns):
            self._set_columns(found.columns)
        self.shown, self.is_whole = found.query, found.is_whole
        self.marks -= found.gone
        if self._has_begun and rows.goes_on(self.rows):
            self.rows.ids = rows.ids
            self.set_length(len(rows) + self.head)
        else:
            self.put(rows, self._place(found, rows))
        self._has_begun = True
        self.look_ahead()

    def _set_columns(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self.titles = [Title(tr(one.title), one.kind in FIXED) for one in columns]
        self.narrowest = NARROWEST if self.asked.fields else READABLE
        self._natural = []

    def _place(self, found: Found, rows: PagedRows) -> int:
        """Give where the cursor is to stand in other rows."""
        if not found.before.stays and not self._has_begun:
            return 0
        at = found.at
        if self.key is not None and self.key != found.before.under:  # it was moved meanwhile
            at = rows.find(self.key)
        return min(self.cursor, max(len(rows) - 1, 0)) if at is None else at

    def _refuse(self, error: CrmError) -> None:
        """Stay with what is shown; where even that cannot be read any more, begin anew."""
        refused, self.asked = self.asked, self.shown
        self.is_reading = False
        self.post_message(self.Refused(refused, error))
        plain = Query(self.shown.noun)
        if refused == self.shown != plain:
            self.asked = plain
            self._read(stays=True)

    def natural(self, sample: Sequence[Cells], titles: Sequence[Title]) -> list[int]:
        """Give how wide the columns would like to be; they never get narrower while one types."""
        widths = super().natural(sample, titles)
        known = self._natural or [0] * len(widths)
        self._natural = [max(pair) for pair in zip(widths, known, strict=True)]
        return self._natural

    # Pages

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self.look_ahead()

    def look_ahead(self) -> None:
        """Read what is seen and lacks, at once; what lies beside it in a moment."""
        top = int(self.scroll_offset.y)
        bottom = min(top + self.high, len(self.rows)) - 1
        if any(self.rows.row(at) is None for at in (top, bottom) if 0 <= at <= bottom):
            self._read_lacking(self._seen_pages())
        elif self._beside is None:
            self._beside = self.set_timer(MOMENT, self._look_beside)

    def _look_beside(self) -> None:
        self._beside = None
        seen = self._seen_pages()
        self._read_lacking((*seen, seen[-1] + 1, seen[0] - 1))

    def _read_lacking(self, numbers: Iterable[int]) -> None:
        wanted = [number for number in numbers if self.rows.lacks(number)]
        if wanted and not self._coming.issuperset(wanted):
            self._read_pages(wanted)

    def _seen_pages(self) -> Sequence[int]:
        top = int(self.scroll_offset.y)
        return range(top // PAGE, (top + max(self.high, 1)) // PAGE + 1)

    def _read_pages(self, numbers: Sequence[int]) -> None:
        rows, noun, columns = self.rows, self.shown.noun, self.columns
        if not len(rows):
            return
        self._coming = set(numbers)

        def read(crm: Context) -> Iterator[tuple[PagedRows, Pages]]:
            for number in numbers:
                yield rows, read_pages(crm, noun, columns, rows, [number])

        self._pages.stream(read)

    def _take_pages(self, found: tuple[PagedRows, Pages]) -> None:
        rows, pages = found
        self._coming -= pages.keys()
        if rows is self.rows:
            rows.take(pages)
            self.changed()

    # What needs all of it

    def action_bottom(self) -> None:
        """Go to the last row, when it is there."""
        self._when_whole(super().action_bottom)

    def action_mark_all(self) -> None:
        """Mark all that the filter selects; when some are marked, none."""
        self._when_whole(super().action_mark_all)

    def _when_whole(self, act: Callable[[], None]) -> None:
        if self.is_reading:
            self._then.append(act)
        else:
            act()

    @property
    def is_waiting(self) -> bool:
        """Tell whether nothing has come yet of what was asked."""
        return self.is_reading and not self._has_begun

    def neighbours(self) -> "TableNeighbours":
        """Give who stands beside whom, for a card."""
        return TableNeighbours(self)


class TableNeighbours:
    """Who comes next in a table, as it stands when one asks."""

    def __init__(self, table: RecordTable) -> None:
        self.table = table

    def next(self, key: Key) -> Key | None:
        """Give the record below; None for the last one, or one that is not in the list."""
        return self._beside(key, 1)

    def previous(self, key: Key) -> Key | None:
        """Give the record above; None for the first one, or one that is not in the list."""
        return self._beside(key, -1)

    def place(self, key: Key) -> tuple[int, int] | None:
        """Give the place of a record, counted from 1, and how many there are."""
        at = self._find(key)
        return None if at is None else (at + 1, len(self.table.rows))

    def _beside(self, key: Key, way: int) -> Key | None:
        at = self._find(key)
        if at is None or not 0 <= at + way < len(self.table.rows):
            return None
        return key[0], self.table.rows.key(at + way)

    def _find(self, key: Key) -> int | None:
        return self.table.rows.find(key[1]) if key[0] == self.table.shown.noun else None
