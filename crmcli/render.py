"""The one renderer: records become a table, TSV, CSV, JSON, JSONL, ids or Markdown on one stream.

Data goes to stdout, everything said to a person to stderr. Every text passes `safe` on its way to
a terminal; in a pipe, control characters are escaped or shown, never raw.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from crmcli.columns import Column
from crmcli.errors import ClosedPipe, OutputError, UsageError
from crmcli.i18n import tr
from crmcli.text import masked, masker, printable, safe, sparkline, tsv_cell

if TYPE_CHECKING:
    from json import JSONEncoder

    from rich.console import Console

    from crmcli.clock import Clock

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "ids", "md")
Record = dict[str, Any]
# Kinds of columns that are never cut.
FIXED = ("id", "when", "day", "date", "number", "money", "pulse")
NARROWEST = 8  # cells; a column is not cut below this
WIDE = 100  # columns; narrower terminals get fewer columns instead of cut ones


class Output:
    """Where a command's results go, and in which form.

    Args:
        clock: shows instants in the user's zone.
        settings: the output options of the command line: format, fields, output, header, raw,
            ascii.
        color: auto, always or never.
    """

    def __init__(self, clock: "Clock", settings: dict[str, str], color: str = "auto") -> None:
        self.clock = clock
        self.settings = settings
        self.color = color
        self.file = settings.get("output", "-").removeprefix("-")
        self.is_terminal = not self.file and sys.stdout.isatty()
        self.format = settings.get("format") or ("table" if self.is_terminal else "tsv")
        if self.format not in FORMATS:
            raise UsageError(
                tr("unknown format {format!r}", format=self.format),
                tr("one of {names}", names=", ".join(FORMATS)),
            )

    @property
    def ascii(self) -> bool:
        """Tell whether charts may use signs of ASCII only."""
        return bool(self.settings.get("ascii"))

    def shows(self, columns: Sequence[Column], key: str) -> bool:
        """Tell whether a column will be written, so that what costs a query is asked for."""
        return any(column.key == key for column in self._chosen(columns))

    @property
    def is_json(self) -> bool:
        """Tell whether structured output was asked for."""
        return self.format in ("json", "jsonl")

    def say(self, message: str) -> None:
        """Say something to the person, on stderr."""
        _write(sys.stderr, safe(message, multiline=True) + "\n")

    def say_line(self, message: str) -> None:
        """Say something on one line, on stderr; a terminal shows of it what fits."""
        text = safe(message)
        if sys.stderr.isatty():
            import shutil

            from rich.cells import cell_len, set_cell_size

            room = shutil.get_terminal_size().columns
            text = text if cell_len(text) <= room else set_cell_size(text, room - 1) + "…"
        _write(sys.stderr, text + "\n")

    def data(self, pieces: Iterable[bytes]) -> None:
        """Write bytes as they are, piece by piece, to file or stdout."""
        if self.file:
            from crmcli.files import write_file

            write_file(self.file, pieces)
            return
        try:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise ClosedPipe("the reader is gone") from None
        except OSError as error:
            raise OutputError(tr("cannot write output: {reason}", reason=error.strerror)) from None

    def records(self, columns: Sequence[Column], records: Iterable[Record]) -> int:
        """Write records with the columns asked for; give how many there were."""
        return self._records(columns, _masked(records))

    def _records(self, columns: Sequence[Column], records: Iterable[Record]) -> int:
        chosen = self._chosen(columns)
        counter = Counted(records)
        lines = self._lines(chosen, counter)
        self.stream(lines)
        return counter.count

    def stream(self, pieces: Iterable[str]) -> None:
        """Write text that is ready and masked, if need be, piece by piece, to file or stdout."""
        if self.file:
            from crmcli.files import write_file

            write_file(self.file, (piece.encode("utf-8", "replace") for piece in pieces))
            return
        for piece in pieces:
            _write(sys.stdout, piece)
        _flush(sys.stdout)

    def record(
        self,
        record: Record,
        card: Callable[[], Iterable[Any]] | None = None,
        own: Sequence[Column] = (),
    ) -> None:
        """Write one record: as JSON, as `key<TAB>value`, or as the card on a terminal.

        Args:
            record: by its names in JSON.
            card: gives what a terminal shows.
            own: the own fields it may have.
        """
        names = self._field_names()
        known = {*record, *(column.key for column in own)}
        for name in names:
            if name not in known and not name.startswith("custom."):
                raise UsageError(
                    tr("unknown field {name!r}", name=name),
                    tr("fields: {names}", names=", ".join(record)),
                )
        if self.format == "json":
            self._put([json_text(self._only(_mask(record)), indent=2)])
        elif self.format in ("table", "tsv", "md") and not names:
            self._write_pairs(record, card)
        else:
            columns = [Column(name, name) for name in names or record]
            self.records(columns, [record])

    def one_or_all(self, records: list[Record]) -> None:
        """Write what a change left: the record, or the list of them; one JSON document."""
        if len(records) == 1 or self.format == "jsonl":
            for record in records:
                self.record(record)
        else:
            self._put([json_text(list(_masked(records)), indent=2)])

    def _write_pairs(self, record: Record, card: Callable[[], Iterable[Any]] | None) -> None:
        if self.format == "table" and card:
            self.print_rich(*card())
        elif self.format == "md":
            pairs = [{"field": key, "value": text} for key, text in _pairs(_mask(record))]
            self._records([Column("field", "Field"), Column("value", "Value")], pairs)
        else:
            lines = _pairs(_mask(record))
            self._put(f"{tsv_cell(key)}\t{tsv_cell(text)}" for key, text in lines)

    def lines(self, lines: Iterable[str], *, own: bool = False) -> None:
        """Write lines of data; `own` lines hold the program's text only and are never masked."""
        self._put(lines if own else map(masked, lines))

    def _put(self, lines: Iterable[str]) -> None:
        """Write lines that are ready and masked, if need be."""
        self.stream(line + "\n" for line in lines)

    def print_rich(self, *parts: Any) -> None:
        """Print Rich renderables (Text, never markup made of data)."""
        console = self.console()
        with console.capture() as capture:
            for part in parts:
                console.print(part, markup=False, highlight=False)
        lines = capture.get().splitlines()
        self._put(lines if self.is_terminal else (line.rstrip() for line in lines))

    def console(self, width: int = 10_000) -> "Console":
        """Give the Rich console of stdout; in a pipe it is `width` cells wide."""
        from rich.console import Console

        colour = self.has_color()
        return Console(
            file=sys.stdout,
            width=None if self.is_terminal else width,
            force_terminal=self.is_terminal or colour,
            color_system="truecolor" if colour else None,
            no_color=not colour,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
        )

    def has_color(self) -> bool:
        """Tell whether to colour: --color, NO_COLOR, FORCE_COLOR, then the terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
            return True
        return self.is_terminal and os.environ.get("TERM", "dumb") != "dumb"

    def local(self, stamp: str | None) -> str:
        """Give a stored instant as the user's date and time."""
        return self.clock.wall(stamp)

    def _field_names(self) -> list[str]:
        given = self.settings.get("fields", "")
        names = [name.strip() for name in given.split(",") if name.strip()]
        if given and not names:
            raise UsageError(
                tr("--fields {given!r} names no field", given=given), tr("such as name,email")
            )
        return names

    def _chosen(self, columns: Sequence[Column]) -> list[Column]:
        names = self._field_names()
        known = {column.key: column for column in columns}
        for name in names:
            if name not in known and not name.startswith("custom."):
                raise UsageError(
                    tr("unknown field {name!r}", name=name),
                    tr("fields: {names}", names=", ".join(known)),
                )
        if names:
            return [known.get(name) or Column(name, name) for name in names]
        if self.is_json:
            return []
        return [column for column in columns if column.listed and self._fits_in(column)]

    def _fits_in(self, column: Column) -> bool:
        """Tell whether a format shows a column unasked: a drawing is for people's eyes."""
        return column.kind != "pulse" or self.format == "table"

    def _only(self, record: Record) -> Record:
        names = self._field_names()
        return {name: _value(record, name) for name in names} if names else record

    def _lines(self, columns: list[Column], records: Iterable[Record]) -> Iterator[str]:
        header = self.settings.get("header")
        if self.format == "json":
            return _json_lines(map(self._only, records))
        if self.format == "jsonl":
            return (json_text(self._only(record)) + "\n" for record in records)
        if self.format == "ids":
            return (f"{record['id']}\n" for record in records)
        if self.format == "tsv":
            return _tsv_lines(columns, records, header == "yes")
        if self.format == "csv":
            return _csv_lines(columns, records, self.settings)
        if self.format == "md":
            return self._markdown(columns, records)
        return self._table(columns, records, header != "no")

    def _table(
        self, columns: list[Column], records: Iterable[Record], header: bool
    ) -> Iterator[str]:
        """Lay out a table fitted to the terminal; in a pipe it is as wide as it needs to be."""
        from rich.cells import cell_len
        from rich.table import Table
        from rich.text import Text

        console = self.console()
        if console.width < WIDE and not self.settings.get("fields"):
            columns = [column for column in columns if not column.wide]
        rows = [[self.shown(column, record) for column in columns] for record in records]
        if not rows:
            return iter(())
        titles = [safe(tr(column.title)) if header else "" for column in columns]
        widths = [max(map(cell_len, cells)) for cells in zip(titles, *rows, strict=True)]
        fixed = [column.kind in FIXED for column in columns]
        kept = fitting(widths, fixed, console.width)
        titles, widths, fixed = titles[:kept], widths[:kept], fixed[:kept]
        if not self.is_terminal:
            console = self.console(sum(widths) + 2 * len(widths))
        table = Table(box=None, pad_edge=False, show_header=header, header_style="bold")
        for title, width in zip(titles, fitted(widths, fixed, console.width), strict=True):
            table.add_column(Text(title), no_wrap=True, overflow="ellipsis", width=width)
        for row in rows:
            table.add_row(*map(Text, row[:kept]))
        with console.capture() as capture:
            console.print(table)
        return (line.rstrip() + "\n" for line in capture.get().splitlines())

    def _markdown(self, columns: list[Column], records: Iterable[Record]) -> Iterator[str]:
        from crmcli.interchange.markdown import cell

        yield f"| {' | '.join(safe(tr(column.title)) for column in columns)} |\n"
        yield f"|{'---|' * len(columns)}\n"
        for record in records:
            cells = (cell(self.shown(column, record)) for column in columns)
            yield f"| {' | '.join(cells)} |\n"

    def shown(self, column: Column, record: Record) -> str:
        """Give how a value of a record looks in a table; its text is escaped, but not masked."""
        value = _value(record, column.key)
        if column.kind in ("when", "day"):
            return self.local(value)[: 10 if column.kind == "day" else None]
        if column.kind == "pulse":
            return sparkline(value, ascii=self.ascii) if value and any(value) else ""
        if column.kind == "step" and not value and record.get("status") == "open":
            return tr("! no next step")
        return printable(text_of(value, labels=False))


class Counted:
    """Records, counted as they pass through."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = records
        self.count = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self.records:
            self.count += 1
            yield record


def fitting(widths: list[int], fixed: list[bool], room: int, narrowest: int = NARROWEST) -> int:
    """Give how many columns fit into `room` cells at their narrowest; at least two."""
    least = [
        width if is_fixed else min(width, narrowest)
        for width, is_fixed in zip(widths, fixed, strict=True)
    ]
    count = len(least)
    while count > 2 and sum(least[:count]) + 2 * (count - 1) > room:
        count -= 1
    return count


def fitted(widths: list[int], fixed: list[bool], room: int) -> list[int]:
    """Give column widths that fit into `room` cells: the widest free column shrinks first."""
    found = list(widths)
    gaps = 2 * (len(widths) - 1)
    while sum(found) + gaps > room:
        free = [at for at, width in enumerate(found) if not fixed[at] and width > NARROWEST]
        if not free:
            break
        found[max(free, key=found.__getitem__)] -= 1
    return found


def text_of(value: Any, *, labels: bool = True) -> str:
    """Give a JSON value as one text: lists joined by `; `, labelled values as `label:value`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _plain_float(value)
    if isinstance(value, list | tuple):
        joint = " " if _are_numbers(value) else "; "
        return joint.join(text_of(item, labels=labels) for item in value)
    return _object_text(value, labels) if isinstance(value, dict) else str(value)


def _object_text(value: Record, labels: bool) -> str:
    """Give a JSON object as one text, by what it is: a task, a channel, money, a person …"""
    if "title" in value and "due" in value:
        return " ".join(filter(None, (value["id"], value["due"], value["title"])))
    if "occurred_at" in value:
        parts = (value["id"], value["occurred_at"], value["kind"], value["body"])
        return " ".join(filter(None, parts))
    if "value" in value:
        label = value.get("label") if labels else None
        return f"{label}:{value['value']}" if label else str(value["value"])
    if "totals" in value:
        said = (value["status"], str(value["count"]), text_of(value["totals"]))
        return " ".join(filter(None, said))
    if "amount" in value and "currency" in value:
        return f"{value['amount']} {value['currency']}"
    if "as" in value:
        return f"{value['as']} {value['name']}"
    for name in ("name", "filename"):
        if name in value:
            return str(value[name])
    if "pipeline" in value and "stage" in value:
        place = f"{value['pipeline']}: {value['stage']}"
        return " ".join(filter(None, (place, value.get("entered"), value.get("exited"))))
    if "street" in value or "locality" in value or "country" in value:
        return ", ".join(str(text) for key, text in value.items() if key != "label")
    return "; ".join(f"{key}={text}" for key, text in value.items())


def _plain_float(value: float) -> str:
    """Give a number without an exponent: 1e-07 is 0.0000001."""
    text = repr(value)
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")


def report_error(message: str, hint: str, code: int, *, as_json: bool, detail: str = "") -> None:
    """Write an error to stderr: one line what, one line how to mend it; or as JSON.

    `detail` is lines more, made safe before: the place in a filter.
    """
    if as_json:
        text = json_text({"error": masked(message), "hint": masked(hint), "code": code})
    else:
        text = safe(f"crm: {message}") + (f"\n     {safe(hint)}" if hint else "")
        text += "".join(f"\n  {line}" for line in detail.splitlines())
    try:
        sys.stderr.write(text.encode("utf-8", "replace").decode() + "\n")
        sys.stderr.flush()
    except OSError:
        pass  # nowhere left to say it


def _masked(records: Iterable[Record]) -> Iterable[Record]:
    """Give records as they may be shown."""
    return map(_mask, records) if masker() else records


def _mask(record: Record) -> Record:
    """Give a record as it may be shown."""
    mask = masker()
    shown: Record = mask.record(record) if mask else record
    return shown


def _pairs(record: Record) -> Iterator[tuple[str, str]]:
    """Give the lines of `show` in a pipe: one per value, lists one per item."""
    for key, value in record.items():
        if isinstance(value, list) and not _are_numbers(value):
            yield from ((key, text_of(item)) for item in value)
        elif isinstance(value, dict) and not {"name", "amount"} & set(value):
            yield from ((f"{key}.{name}", text_of(item)) for name, item in value.items())
        else:
            yield key, text_of(value)


def _are_numbers(items: Sequence[Any]) -> bool:
    """Tell a row of counts from a list of texts; an empty one is none."""
    return bool(items) and all(type(item) is int for item in items)


def _value(record: Record, key: str) -> Any:
    """Give the value of a column; own fields lie under `custom` and need not say so."""
    if key in record:
        return record[key]
    own = record.get("custom")
    return own.get(key.removeprefix("custom.")) if isinstance(own, dict) else None


def _tsv_lines(columns: list[Column], records: Iterable[Record], header: bool) -> Iterator[str]:
    if header:
        yield "\t".join(column.key for column in columns) + "\n"
    for record in records:
        cells = (tsv_cell(text_of(_value(record, column.key), labels=False)) for column in columns)
        yield "\t".join(cells) + "\n"


def _csv_lines(
    columns: list[Column], records: Iterable[Record], settings: dict[str, str]
) -> Iterator[str]:
    from crmcli.interchange import csv_write

    if settings.get("excel"):
        yield csv_write.BOM
    guard = csv_write.keep if settings.get("raw") else csv_write.guard
    header = [[column.key for column in columns]] if settings.get("header") != "no" else []
    table = csv_rows(columns, records, guard)
    yield from csv_write.rows(chain(header, table), settings.get("delimiter", ","))


def csv_rows(
    columns: Iterable[Column], records: Iterable[Record], guard: Callable[[str, str], str]
) -> Iterator[list[str]]:
    """Give records as the cells of CSV rows; `guard` shields what looks like a formula."""
    places = [(column.key, column.kind) for column in columns]

    def cell(value: Any, kind: str) -> str:
        return guard(printable(text_of(value), multiline=True), kind)

    for record in records:
        own = record.get("custom")
        if own and isinstance(own, dict):  # `crm sql` has it as text
            named = {f"custom.{key}": value for key, value in own.items()}
            record = {**own, **named, **record}
        get = record.get
        yield [  # a file has millions of cells: what is empty or harmless goes the short way
            ""
            if not (value := get(key)) and (value is None or value == "" or value == [])
            else value
            if type(value) is str and value[0] not in _RISKY and value.isprintable()
            else cell(value, kind)
            for key, kind in places
        ]


_RISKY = "'=+-@\t\r"  # with which a formula begins, or a guarded one


def _json_lines(records: Iterable[Record]) -> Iterator[str]:
    """Give a JSON array, one record a line, without holding them all."""
    before = "[\n"
    for record in records:
        yield before + json_text(record)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


@cache
def _encoder(indent: int | None) -> "JSONEncoder":
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=False, indent=indent)


def json_text(value: Any, indent: int | None = None) -> str:
    """Give JSON as UTF-8 text; control characters escaped, C1 and bidi overrides too."""
    text = _encoder(indent).encode(value)
    if text.isprintable():
        return text
    import json

    return "".join(
        char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text
    )


def _write(stream: IO[str], text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:
        stream.write(text.encode("utf-8", "replace").decode("ascii", "replace"))
    except BrokenPipeError:
        raise ClosedPipe("the reader is gone") from None
    except OSError as error:
        raise OutputError(tr("cannot write output: {reason}", reason=error.strerror)) from None


def _flush(stream: IO[str]) -> None:
    try:
        stream.flush()
    except BrokenPipeError:
        raise ClosedPipe("the reader is gone") from None
    except OSError as error:
        raise OutputError(tr("cannot write output: {reason}", reason=error.strerror)) from None
