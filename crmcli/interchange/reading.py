"""An opened file as records: what every reader gives, whatever it reads."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from crmcli.clock import Clock
from crmcli.i18n import mark, tr, trn
from crmcli.interchange import own
from crmcli.interchange.fields import Mapper, slug
from crmcli.interchange.record import Column, LeftOut, Origin, Part, Record, Reject, Skip
from crmcli.interchange.table import Rows
from crmcli.text import clean

Item = Record | Reject | Skip
NOBODY = mark("holds nobody: no name and no way to reach one")
_ADDED = ("line", "reason", "rejected")  # columns that we add to a file of rejected rows


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be read; what is "" is found out.

    Args:
        encoding: `--encoding`.
        delimiter: `--delimiter`.
        mapping: `--map`, such as `Kunde=org,ignore:Foo,Bar=custom:bar`.
        date_order: of dates such as 3/4/2026: dmy, mdy or ymd.
        clock: whose zone holds for times without one.
        fields: own fields of contacts, name (folded to letters and digits) -> key: a column that
            nothing else claims and that is called so feeds one.
        unknown: also open a table none of whose columns is known, for somebody to map them.
        emails: one's own addresses, folded: who wrote a mail to whom.
    """

    encoding: str = ""
    delimiter: str = ""
    mapping: str = ""
    date_order: str = ""
    clock: Clock = field(default_factory=Clock)
    fields: Mapping[str, str] = field(default_factory=dict)
    unknown: bool = False
    emails: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reading(ABC):
    """An opened file; iterating it yields Record | Reject | Skip, again from the start each time.

    The counts (columns, blank, footers) and `notes` are true after iterating. Use it as a context
    manager, or call `close`.

    Args:
        filename: the path as given, `stdin` for a pipe.
        sha256: of the bytes of the file.
        encoding: what it was read as.
        encoding_guessed: nobody said so and no byte order mark did: tell the user.
        delimiter: between the cells; empty where there are none.
        preset: whose format it is: `crm` (our own), `google`, `vcard`, `generic` …
        noun: what its rows are, most of them at least; each record says its own.
        header: the header cells, or the names of the values seen so far.
        header_line: the physical line of the header; 0 where there is none.
        skipped_preamble: how many filled rows stand above the header.
        columns: what each column feeds.
    """

    source: Origin
    filename: str
    sha256: str
    encoding: str
    encoding_guessed: bool
    delimiter: str
    preset: str
    noun: str
    header: list[str]
    header_line: int
    skipped_preamble: int
    columns: list[Column]
    blank: int = 0
    footers: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # reason -> rows, after iterating

    @property
    def notes(self) -> list[str]:
        """What the user should know about the file, a line each."""
        return [*self.oddities, *_column_notes(self)]

    @property
    def oddities(self) -> list[str]:
        """The notes without those about columns, which a list of columns shows."""
        return _encoding_notes(self)

    @property
    def everywhere(self) -> frozenset[str]:
        """The fields that every row says something about, be it that they are empty."""
        return frozenset(column.target for column in self.columns if column.target)

    @abstractmethod
    def __iter__(self) -> Iterator[Item]:
        """Yield what each row is."""

    def _skip(self, line: int, reason: str, cells: list[str]) -> Skip:
        """Give a row that is not brought in, and count it for the notes."""
        self.left_out[reason] += 1
        return Skip(line, reason, cells)

    def close(self) -> None:
        """Close the file."""
        self.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(slots=True, kw_only=True)
class TableReading(Reading):
    """A file of rows under a header."""

    table: Rows
    mapper: Mapper

    @property
    def oddities(self) -> list[str]:
        """The notes without those about columns."""
        said = [tr(message, count=count) for message, count in self.mapper.said.items()]
        said += _left_out_notes(self)
        return [*_encoding_notes(self), *self.mapper.notes, *said, *_row_notes(self.table)]

    def __iter__(self) -> Iterator[Item]:
        mapper = self.mapper
        mapper.said.clear()
        self.left_out.clear()
        width = len(self.columns)
        filled, changed = [0] * width, [0] * width
        for item in self.table:
            if isinstance(item, Reject):
                yield item
                continue
            line, cells = item
            try:
                parts = mapper(cells)
            except LeftOut as reason:
                yield self._skip(line, str(reason), cells)
                continue
            except ValueError as error:
                yield Reject(line, str(error), cells)
                continue
            if not parts:
                yield self._skip(line, tr(NOBODY), cells)
                continue
            for index, cell in enumerate(cells):
                if cell:
                    filled[index] += 1
                    if not (cell.isascii() and cell.isprintable()):
                        changed[index] += _changes(cell)
            (noun, raw), *more = parts
            yield Record(line, noun, raw, cells, more)
        mapper.count(filled, changed)
        self.blank, self.footers = self.table.blank, self.table.footers


@dataclass(slots=True)
class Entry:
    """One item of a file that is no table: a card, a message, an object.

    Args:
        line: where it begins, from 1; for what has no lines, its number.
        parts: the records it holds, the first of which it is about; none, when it holds nobody.
        cells: what it holds, by name, as it stands in the file; texts, "" for empty.
    """

    line: int
    parts: list[Part]
    cells: dict[str, str]


@dataclass(slots=True, kw_only=True)
class ItemReading(Reading):
    """A file of cards, messages or objects, each with values under names of its own.

    Args:
        entries: gives the items, again from the start each time.
        target: the field that a name feeds; None when it is not imported.
        said: what the user should know about the file, a line each; true after iterating.
    """

    entries: Callable[[], Iterable[Entry | Reject | Skip]]
    target: Callable[[str], str | None]
    said: list[str] = field(default_factory=list)
    common: set[str] | None = None  # the names that every item has

    @property
    def everywhere(self) -> frozenset[str]:
        """The fields that every item says something about."""
        common = self.common or set()
        return frozenset(c.target for c in self.columns if c.target and c.name in common)

    @property
    def oddities(self) -> list[str]:
        """The notes without those about columns."""
        return [*_encoding_notes(self), *self.said, *_left_out_notes(self)]

    def __iter__(self) -> Iterator[Item]:
        columns = {column.name: column for column in self.columns}
        for column in self.columns:
            column.filled = column.changed = column.dropped = 0
        self.said.clear()
        self.left_out.clear()
        self.common = None
        for item in self.entries():
            if isinstance(item, Skip):
                self.left_out[item.reason] += 1
            if not isinstance(item, Entry):
                yield item
                continue
            self._add_columns(columns, item.cells)
            names = item.cells.keys()
            self.common = set(names) if self.common is None else self.common & names
            cells = [item.cells.get(key, "") for key in self.header]
            if not item.parts:
                yield self._skip(item.line, tr(NOBODY), cells)
                continue
            for key, cell in item.cells.items():
                if cell:
                    columns[key].filled += 1
                    columns[key].changed += _changes(cell)
                    columns[key].dropped += columns[key].target is None
            noun, raw = item.parts[0]
            yield Record(item.line, noun, raw, cells, item.parts[1:])

    def _add_columns(self, columns: dict[str, Column], cells: Iterable[str]) -> None:
        """Take in the names that no item before had."""
        for key in cells:
            if key not in columns:
                columns[key] = Column(key, self.target(key))
                self.columns.append(columns[key])
                self.header.append(key)


def about(source: Origin) -> dict[str, Any]:
    """Give the arguments of a reading that say where it reads from."""
    return {
        "source": source,
        "filename": source.name,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "encoding_guessed": source.guessed,
    }


def items(
    source: Origin,
    preset: str,
    noun: str,
    entries: Callable[[], Iterable[Entry | Reject | Skip]],
    target: Callable[[str], str | None],
    said: list[str] | None = None,
    names: Sequence[str] = (),
) -> ItemReading:
    """Give the reading of a file that is no table; see `ItemReading` for the arguments.

    `names` are those that every item has, in order, also one that is rejected before any other.
    """
    return ItemReading(
        **about(source),
        delimiter="",
        preset=preset,
        noun=noun,
        header=list(names),
        header_line=0,
        skipped_preamble=0,
        columns=[Column(name, target(name)) for name in names],
        entries=entries,
        target=target,
        said=[] if said is None else said,
    )


def _changes(cell: str) -> bool:
    """Tell whether a cell is stored otherwise than it stands there."""
    return not (cell.isascii() and cell.isprintable()) and clean(
        cell, multiline=True
    ) != cell.replace("\r\n", "\n")


def _encoding_notes(reading: Reading) -> list[str]:
    return [tr("read as {encoding}", encoding=reading.encoding)] if reading.encoding_guessed else []


def _left_out_notes(reading: Reading) -> list[str]:
    """Say which rows were not brought in, and why."""
    return [
        trn("{count} row left out: {reason}", "{count} rows left out: {reason}", n, reason=why)
        for why, n in reading.left_out.items()
    ]


def _row_notes(table: Rows) -> list[str]:
    """Say what was done to the rows."""
    notes = list(table.notes)
    if table.short:
        notes.append(
            trn(
                "{count} row shorter than the header, from line {line} on: kept",
                "{count} rows shorter than the header, from line {line} on: kept",
                table.short,
                line=table.first_short,
            )
        )
    if table.footers:
        notes.append(
            trn("{count} footer line left out", "{count} footer lines left out", table.footers)
        )
    return notes


def _column_notes(reading: Reading) -> list[str]:
    """Say which columns were left out, with the way to keep them."""
    dropped = [c for c in reading.columns if c.dropped and c.name not in _ADDED]
    if reading.preset == own.PRESET.name and dropped:
        names = ", ".join(column.name for column in dropped)
        return [tr("left out, being derived: {names}", names=names)]
    notes = []
    for column in dropped:
        can_be_mapped = column.target is None and reading.header_line > 0
        can_be_mapped = can_be_mapped and reading.noun in ("contact", "org")
        note = trn(
            "column {name!r} is not imported ({count} value)",
            "column {name!r} is not imported ({count} values)",
            column.dropped,
            name=column.name,
        )
        notes.append(note + (_keep_hint(column.name) if can_be_mapped else ""))
    return notes


def _keep_hint(name: str) -> str:
    """Give the way to keep a column as a custom field."""
    entry = f"{name}=custom:{slug(name)}"
    entry = f'"{entry}"' if "," in name else entry
    return tr(", keep with --map '{entry}'", entry=entry) if slug(name) else ""
