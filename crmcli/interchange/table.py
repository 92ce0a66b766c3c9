"""From text to rows: delimiter, header, records with their line numbers, rejects.

A record is one or more physical lines with balanced quotes. A quote that is not closed never
swallows what follows: its line is rejected and reading resumes at the next one. Everything is a
stream; at most one batch of rows is held.
"""

import csv
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.interchange.decode import LINE_LIMIT, Source
from crmcli.interchange.record import Origin, Reject

DELIMITERS = ",;\t|"
RECORD_LINES, RECORD_CHARS = 1000, 256 * 1024
"""A quoted cell that runs on for longer than this was never closed."""
_BATCH_ROWS, _BATCH_CHARS = 512, 1 << 20
_SAMPLE_LINES, _SAMPLE_CHARS = 200, 256 * 1024
_HEADER_ROWS = 20
_WIDE = 20  # columns, from which on a trailing one may be there or not
_FOOTERS = ("grand totals", "copyright (c)", "confidential information")
_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_DATA = re.compile(r"@|\d[\d\s/().-]{3,}\d")
"""An address, a telephone number, a date: no header."""
_SEP = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)

Row = tuple[int, list[str]]
"""Physical line on which the record begins, and its cells."""
Known = Callable[[str], int]
"""Weighs a cell as a header: 0 unknown, 1 known, 2 enough by itself (a name or an e-mail)."""


class Rows(Protocol):
    """What a table gives, whatever file it lies in; the counts are true after iterating.

    See `Table` for what each of them is.
    """

    header: list[str]
    header_line: int
    preamble: int
    blank: int
    footers: int
    short: int
    first_short: int
    notes: list[str]

    @property
    def origin(self) -> Origin:
        """What it is read from."""

    @property
    def delimiter(self) -> str:
        """What stands between the cells; "" where nothing does."""

    def __iter__(self) -> Iterator[Row | Reject]:
        """Give each row as wide as the header, or why it is rejected, in file order."""


class Dialect:
    """Knows where quoted cells begin and end for one delimiter.

    A quote opens a cell only at its start; after the closing quote only blanks may follow.
    """

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter

    def state(self, line: str, inside: bool = False) -> str:
        """Tell how a line leaves its record: `closed`, `open` (a quote is), or `bad`.

        By hand: the regular expression for it needs possessive quantifiers, which match wrongly
        before Python 3.11.5 (gh-106052).
        """
        end = len(line.rstrip("\r\n"))
        at = 0
        while at <= end:
            if not inside:
                at = _after_blanks(line, at)
                inside = line.startswith('"', at)
                at += inside
            if inside:
                at = _after_quote(line, at)
                if not at:
                    return "open"
                at = _after_blanks(line, at)
                if at < end and not line.startswith(self.delimiter, at):
                    return "bad"
                inside = False
            following = line.find(self.delimiter, at, end)
            if following < 0:
                return "closed"
            at = following + 1
        return "closed"

    def parse(self, records: list[str]) -> list[list[str]]:
        """Parse balanced records into rows of cells."""
        csv.field_size_limit(LINE_LIMIT)
        return list(csv.reader(records, delimiter=self.delimiter, skipinitialspace=True))

    def cells(self, line: str) -> list[str]:
        """Split a line that cannot be parsed, to show it among the rejects."""
        return line.rstrip("\r\n").split(self.delimiter) if len(line) < LINE_LIMIT else [line[:200]]


def _after_blanks(line: str, at: int) -> int:
    while line.startswith(" ", at):
        at += 1
    return at


def _after_quote(line: str, at: int) -> int:
    """Give the place behind the quote that closes the cell at `at`; 0 when none does."""
    while (quote := line.find('"', at)) >= 0:
        if not line.startswith('"', quote + 1):
            return quote + 1
        at = quote + 2
    return 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A file that has no header, told by its columns.

    Args:
        header: the columns it stands for; a table may have one more or one less, if it is wide.
        email: which of them holds e-mail addresses.
    """

    header: tuple[str, ...]
    email: int

    def fits(self, parsed: list[Row]) -> bool:
        """Tell whether rows are of this shape: as wide, with addresses where they belong."""
        width = len(self.header)
        widths = (width,) if width < _WIDE else (width - 1, width, width + 1)
        filled = [cells for _, cells in parsed if any(cells)]
        emails = [cells[self.email] for cells in filled if len(cells) in widths]
        return (
            len(emails) == len(filled)
            and any(emails)
            and all("@" in email for email in emails if email)
        )


@dataclass(slots=True)
class Body:
    """The header of a table, and what is counted while the rows below it are read.

    Args:
        header: the header cells as they stand in the file.
        header_line: the physical line of the header; 0 when the file has none.
        preamble: how many filled rows stand above it.
        blank: how many wholly blank rows were skipped; true after iterating.
        footers: how many footer rows of a report were dropped; true after iterating.
        short: how many rows lacked trailing cells; true after iterating.
        first_short: the line of the first of them.
        notes: what the user should know about the file, a line each.
    """

    header: list[str]
    header_line: int
    preamble: int
    blank: int = field(default=0, init=False)
    footers: int = field(default=0, init=False)
    short: int = field(default=0, init=False)
    first_short: int = field(default=0, init=False)
    notes: list[str] = field(default_factory=list, init=False)

    def fitted(self, items: Iterable[Row | Reject]) -> Iterator[Row | Reject]:
        """Give the rows as wide as the header, or why they are rejected; count the others."""
        self.blank = self.footers = self.short = self.first_short = 0
        width = len(self.header)
        for item in items:
            if isinstance(item, Reject):
                yield item
            elif not any(item[1]):
                self.blank += 1
            elif len(item[1]) == width > 1:
                yield item
            else:
                yield from self._odd(*item)

    def _odd(self, line: int, cells: list[str]) -> Iterator[Row | Reject]:
        """Deal with a row of another width: footer, padded, surplus cells."""
        width = len(self.header)
        if cells[0].lower().startswith(_FOOTERS) and not any(cells[1:]):
            self.footers += 1
        elif any(cells[width:]):
            yield Reject(
                line,
                tr("has {cells} cells, the header {width}", cells=len(cells), width=width),
                cells,
            )
        else:
            if len(cells) < width:
                self.short += 1
                self.first_short = self.first_short or line
            yield line, cells[:width] + [""] * (width - len(cells))


@dataclass(slots=True, kw_only=True)
class Table(Body):
    """The rows of a delimited file below its header.

    Args:
        source: the decoded file.
        dialect: its delimiter and quoting.
    """

    source: Source
    dialect: Dialect

    @property
    def origin(self) -> Source:
        """The decoded file."""
        return self.source

    @property
    def delimiter(self) -> str:
        """What stands between the cells."""
        return self.dialect.delimiter

    def __iter__(self) -> Iterator[Row | Reject]:
        """Yield each row as wide as the header, or why it is rejected, in file order."""
        start = max(self.header_line, 1)
        lines = islice(self.source.lines(), start - 1, None)
        parsed = rows(lines, self.dialect, start, len(self.header))
        if self.header_line:
            next(parsed)
        yield from self.fitted(parsed)


def open_table(
    source: Source,
    delimiter: str | None,
    known: Known,
    *,
    unknown: bool = False,
    shapes: Iterable[Shape] = (),
) -> Table:
    """Find the delimiter and the header of a file.

    Args:
        source: the decoded file.
        delimiter: the one to use (`;`, `tab`); None means to find out.
        known: weighs a cell as a header.
        unknown: where no header is known, take the first row that may be one.
        shapes: files without a header.

    Raises:
        InvalidError: no row looks like a header.
        UsageError: `delimiter` is none.
    """
    sample = _sample(source)
    skip, told = _sep_line(sample)
    given = delimiter_of(delimiter) if delimiter else told
    tried = [
        (_parsed(sample[skip:], Dialect(mark), skip + 1), mark) for mark in given or DELIMITERS
    ]
    parsed, mark = max(tried, key=lambda item: _rank(item[0], known))
    found = find_header(parsed, known, unknown=unknown)
    if found is None:
        if table := _headerless(source, tried, shapes):
            return table
        raise no_header(source.name, parsed)
    line, header = parsed[found]
    above = sum(any(cells) for _, cells in parsed[:found])
    return Table(header, line, above, source=source, dialect=Dialect(mark))


def _headerless(
    source: Source, tried: list[tuple[list[Row], str]], shapes: Iterable[Shape]
) -> Table | None:
    """Give a file without a header as the table its shape tells; None when it tells none."""
    for shape in shapes:
        for parsed, mark in tried:
            if shape.fits(parsed):
                table = Table(list(shape.header), 0, 0, source=source, dialect=Dialect(mark))
                names = ", ".join(shape.header[:5])
                table.notes.append(
                    tr("the file has no header: its columns are taken for {names} …", names=names)
                )
                return table
    return None


def rows(
    lines: Iterable[str], dialect: Dialect, start: int = 1, width: int = 0
) -> Iterator[Row | Reject]:
    """Parse physical lines into rows; the first one is line `start`."""
    numbers: list[int] = []
    batch: list[str] = []
    size = 0
    for number, text, problem in _records(lines, dialect, start, width):
        if not problem:
            numbers.append(number)
            batch.append(text)
            size += len(text)
        if problem or len(batch) >= _BATCH_ROWS or size >= _BATCH_CHARS:
            yield from _flush(dialect, numbers, batch)
            size = 0
        if problem:
            yield Reject(number, problem, dialect.cells(text))
    yield from _flush(dialect, numbers, batch)


def _flush(dialect: Dialect, numbers: list[int], batch: list[str]) -> Iterator[Row]:
    """Parse the batch, yield its rows and empty it."""
    for number, cells in zip(numbers, dialect.parse(batch), strict=True):
        yield number, [cell.strip() for cell in cells]
    numbers.clear()
    batch.clear()


def _records(
    lines: Iterable[str], dialect: Dialect, start: int, width: int
) -> Iterator[tuple[int, str, str]]:
    """Join physical lines into records: (first line, text, what is wrong with it)."""
    feed = iter(lines)
    ahead: deque[str] = deque()
    number = start
    while line := ahead.popleft() if ahead else next(feed, ""):
        used, problem = 1, ""
        if len(line) >= LINE_LIMIT:
            problem = tr("the line is longer than {limit} characters", limit=LINE_LIMIT)
        elif "\0" in line:
            problem = tr("holds a NUL byte")
        elif '"' in line:
            state = dialect.state(line)
            if state == "bad":
                problem = tr("has text after a closing quote")
            elif state == "open":
                tail = _closing(feed, ahead, dialect, len(line))
                if tail and not _swallowed(line, tail, dialect, width):
                    line, used = line + "".join(tail), 1 + len(tail)
                    problem = tr("holds a NUL byte") if "\0" in line else ""
                else:
                    ahead.extendleft(reversed(tail))
                    problem = tr("a quote is not closed")
        yield number, line, problem
        number += used


def _closing(feed: Iterator[str], ahead: deque[str], dialect: Dialect, size: int) -> list[str]:
    """Take the lines that close an open quote; none (all stay ahead) when it is not closed."""
    taken: list[str] = []
    state = "open"
    while state == "open" and len(taken) < RECORD_LINES and size < RECORD_CHARS:
        line = ahead.popleft() if ahead else next(feed, "")
        if not line:
            break
        taken.append(line)
        size += len(line)
        if '"' in line:
            state = dialect.state(line, inside=True)
    if state == "closed":
        return taken
    ahead.extendleft(reversed(taken))
    return []


def _swallowed(line: str, tail: list[str], dialect: Dialect, width: int) -> bool:
    """Tell whether a quote closed only by chance: the row is too short, and whole rows are in it.

    A stray quote that meets another one further down looks like a multi-line cell; but then the
    record has fewer cells than the header and a line inside it has as many as a row.
    """
    if not width:
        return False
    cells = dialect.parse([line + "".join(tail)])[0]
    return len(cells) != width and any(
        part.count(dialect.delimiter) >= width - 1 > 0 for part in tail
    )


def _sample(source: Source) -> list[str]:
    """Give the first lines of the file, enough to see delimiter and header."""
    sample: list[str] = []
    size = 0
    for line in islice(source.lines(), _SAMPLE_LINES):
        sample.append(line)
        size += len(line)
        if size > _SAMPLE_CHARS:
            break
    return sample


def _sep_line(sample: list[str]) -> tuple[int, str]:
    """Read Excel's first line `sep=;`: how many lines it takes, and the delimiter it names."""
    match = _SEP.match(sample[0]) if sample else None
    return (1, match[1]) if match and match[1] not in '"\r\n' else (0, "")


def delimiter_of(given: str) -> str:
    """Give the delimiter that `--delimiter` names."""
    mark = _NAMED_DELIMITERS.get(given.lower(), given)
    if len(mark) != 1 or mark in '" \r\n\0' or mark.isalnum():
        raise UsageError(
            tr("{given!r} is no delimiter", given=given), tr("use one of , ; | or tab")
        )
    return mark


def _parsed(sample: list[str], dialect: Dialect, start: int) -> list[Row]:
    """Give the rows of the sample, leaving out what cannot be parsed."""
    return [row for row in rows(sample, dialect, start) if not isinstance(row, Reject)]


def _rank(parsed: list[Row], known: Known) -> tuple[int, int]:
    """Rank a delimiter: known header cells first, then the most consistent wide rows."""
    found = _known_header(parsed, known)
    heads = 0 if found is None else sum(min(known(cell), 1) for cell in parsed[found][1])
    widths = Counter(len(cells) for _, cells in parsed if any(cells))
    return heads, max((count * (width - 1) for width, count in widths.items()), default=0)


def find_header(parsed: list[Row], known: Known, *, unknown: bool = False) -> int | None:
    """Find the row that is the header.

    Args:
        parsed: the first rows.
        known: weighs a cell as a header.
        unknown: where no header is known, take the first row that may be one.
    """
    found = _known_header(parsed, known)
    return _likely_header(parsed) if found is None and unknown else found


def _known_header(parsed: list[Row], known: Known) -> int | None:
    """Find the first row with two known headers, else an early one with a telling header."""
    telling = None
    for index, (_, cells) in enumerate(parsed):
        if any(map(_DATA.search, cells)):
            continue
        weights = [known(cell) for cell in cells if cell]
        if sum(map(bool, weights)) >= 2:
            return index
        if telling is None and index < _HEADER_ROWS and 2 in weights:
            telling = index
    return telling


def _likely_header(parsed: list[Row]) -> int | None:
    """Find the first row of two or more words that are no data."""
    for index, (_, cells) in enumerate(parsed[:_HEADER_ROWS]):
        if sum(map(bool, cells)) >= 2 and not any(map(_DATA.search, cells)):
            return index
    return None


def no_header(name: str, parsed: list[Row]) -> InvalidError:
    """Show the first row of a file whose columns cannot be told."""
    line, cells = next((row for row in parsed if any(row[1])), (1, []))
    if not any(cells):
        return InvalidError(tr("{name}: nothing to import, the file holds no row", name=name))
    shown = " | ".join(cells)[:120]
    return InvalidError(
        tr(
            "{name}:{line}: no header with a name or an e-mail address: {shown}",
            name=name,
            line=line,
            shown=shown,
        ),
        tr("add a header line such as Name,Email,Phone, or name the columns: --map 'Column=name'"),
    )
