"""A table of people or orgs of any number: ids in memory, records page by page as they are seen."""

from array import array
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from textual.geometry import Size
from textual.message import Message

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.render import FIXED
from crmcli.service import page
from crmcli.store.search import Key
from crmcli.tui.widgets.rows import PLACEHOLDER, Row, RowList, Rows, Title
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

PAGE = 128  # records that are read at once
KEPT = 9  # pages in memory
NEAR = 2_000  # rows around its last place where a record is looked for first
MEASURED = 64  # rows that the widths of the columns are measured on
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
    """How the table stands when it begins to read: what is to stay.

    Args:
        key: the record that the cursor is to stand on.
        at: where the cursor stands.
        line: on which line of the screen.
        high: how many lines are seen.
        marks: the records that are marked.
        again: the same list is read once more.
        is_typing: the filter may end in the middle of a name.
    """

    key: Hashable | None
    at: int
    line: int
    high: int
    marks: frozenset[Hashable]
    again: bool = False
    is_typing: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A list as far as it is read.

    Args:
        query: what was asked.
        columns: what is shown of each record.
        rows: None when nothing is to be shown yet.
        at: where the record stands that the cursor is to stand on; None when it does not.
        is_whole: whether no more will come.
        unknown: sentences about tags and people in the filter that there are not.
        gone: marked records that are not in the list.
    """

    query: Query
    columns: tuple[Column, ...]
    rows: PagedRows | None
    at: int | None = None
    is_whole: bool = True
    unknown: tuple[str, ...] = ()
    gone: frozenset[Hashable] = frozenset()


def read_list(crm: Context, query: Query, before: Before) -> Iterator[Found]:
    """Read a list, the first screenful at once; on a thread."""
    columns = tuple(page.columns(crm, query.noun, query.fields))
    first = 0 if before.again else PAGE
    for found in page.ids(crm, query.noun, query.tree, query.sort, first=first):
        if found.unknown and before.is_typing:
            yield Found(query, columns, None, unknown=found.unknown)
            return
        rows = PagedRows(found.ids, near=before.at)
        at = rows.find(before.key) if before.key is not None else None
        rows.pages = read_pages(crm, query.noun, columns, rows, _seen(before, at))
        gone = before.marks.difference(found.ids) if before.marks else frozenset()
        kept = gone if found.is_whole else frozenset()
        yield Found(query, columns, rows, at, found.is_whole, found.unknown, kept)


def _seen(before: Before, at: int | None) -> Sequence[int]:
    """Give the pages that will be seen."""
    here = at if at is not None else before.at if before.again else 0
    top = max(here - before.line, 0)
    return range(top // PAGE, (top + before.high) // PAGE + 1)


def read_pages(
    crm: Context, noun: str, columns: Sequence[Column], rows: PagedRows, numbers: Sequence[int]
) -> Pages:
    """Read pages of records; on a thread."""
    gone = (PLACEHOLDER,) * len(columns)
    pages: Pages = {}
    for number in numbers:
        ids = rows.ids_of(number)
        if ids:
            cells = page.cells(crm, noun, columns, ids)
            pages[number] = [Row(id, cells.get(id, gone)) for id in ids]
    return pages


class RecordTable(RowList):
    """A table of people or orgs; sorted and filtered by the database.

    Posts `Listed` when a list has come, or more of it, and `Refused` when a filter or a sort is
    wrong; the list stays as it was then.
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
        self.noun = noun
        self.query = Query(noun)  # what is shown
        self.asked = self.query  # what is being read, or was last
        self.columns: tuple[Column, ...] = ()
        self.is_whole = False
        self._is_reading = False
        self._is_stale = False
        self._coming: set[int] = set()
        self._natural: list[int] = []
        self._lists: Loader[Found] = Loader(self, self._take, self._refuse)
        self._pages: Loader[tuple[PagedRows, Pages]] = Loader(self, self._take_pages)

    # Asking

    def ask(self, *, is_typing: bool = False, top: bool = True, **changes: Any) -> None:
        """List something else.

        Args:
            is_typing: a filter that names what there is not may still be on its way.
            top: begin at the first row; else the cursor stays on its record.
            changes: what is to be different in the query.
        """
        self.asked = replace(self.asked, **changes)
        self._is_stale = False
        self._read(self._before(None if top else self.key, is_typing=is_typing))

    def reload(self) -> None:
        """Read again what is shown; the cursor stays on its record."""
        if self._is_reading:
            self._is_stale = True
            return
        self._read_pages(self._seen_pages())
        self._read(self._before(self.key, again=bool(self.columns)))

    def _before(self, key: Hashable | None, **how: bool) -> Before:
        line = self.cursor - int(self.scroll_offset.y) if key is not None else 0
        marks = frozenset(self.marks)
        return Before(key, self.cursor, line, max(self.high, 1), marks, **how)

    def _read(self, before: Before) -> None:
        query = self.asked
        self._is_reading = True
        self._lists.stream(lambda crm: read_list(crm, query, before))

    # Taking

    def _take(self, found: Found) -> None:
        self._is_reading = not found.is_whole
        if found.rows is not None:
            self._show(found, found.rows)
        self.post_message(self.Listed(found))
        if self._is_stale and found.is_whole:
            self._is_stale = False
            self.reload()

    def _show(self, found: Found, rows: PagedRows) -> None:
        is_same = found.query == self.query and found.columns == self.columns
        if (found.query.noun, found.columns) != (self.query.noun, self.columns):
            self._set_columns(found.columns)
        self.query, self.is_whole = found.query, found.is_whole
        self.marks -= found.gone
        if is_same and not self.is_whole_before and rows.goes_on(self.rows):
            self._lengthen(rows)
        else:
            self.put(rows, self._place(found, rows))
        self.is_whole_before = found.is_whole
        self.look_ahead()

    def _set_columns(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self.titles = [Title(tr(one.title), one.kind in FIXED) for one in columns]
        self._natural = []
