"""The reading side of an import: a file in, records, rejects and skips out, in file order."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.interchange import own, own_json
from crmcli.interchange.decode import Source, open_text
from crmcli.interchange.fields import Mapper, Raw, parse_mapping, slug, telling
from crmcli.interchange.presets import choose, known
from crmcli.interchange.record import Column, Record, Reject, Skip
from crmcli.interchange.table import Table, open_table

Item = Record | Reject | Skip
_GROUPS = ("emails", "phones")
_NOBODY = mark("holds nobody: no name and no way to reach one")


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
        delimiter: between the cells; empty for JSON.
        preset: `crm` (our own), `google`, `linkedin` or `generic`.
        noun: what its rows are.
        header: the header cells, or the JSON keys seen so far.
        header_line: the physical line of the header; 0 for JSON.
        skipped_preamble: how many filled rows stand above the header.
        columns: what each column feeds.
    """

    source: Source
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

    @property
    @abstractmethod
    def notes(self) -> list[str]:
        """What the user should know about the file, a line each."""

    @property
    def oddities(self) -> list[str]:
        """The notes without those about columns, which a list of columns shows."""
        return self.notes

    @abstractmethod
    def __iter__(self) -> Iterator[Item]:
        """Yield what each row is."""

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


def read(
    path: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: str | None = None,
    fields: Mapping[str, str] | None = None,
    unknown: bool = False,
) -> Reading:
    """Open a file of contacts, or our own export of anything, and find out what it is.

    Args:
        path: a file, a pipe, or `-` for stdin.
        encoding: `--encoding`; None means to find out.
        delimiter: `--delimiter`; None means to find out.
        mapping: `--map`, such as `Kunde=org,ignore:Foo,Bar=custom:bar`.
        fields: own fields of contacts, name (folded to letters and digits) -> key: a column that
            nothing else claims and that is called so feeds one.
        unknown: also open a table none of whose columns is known, for somebody to map them.

    Raises:
        UsageError: no such file, an unknown encoding, delimiter, column or field.
        InvalidError: the file cannot be read as a whole.
    """
    wanted = parse_mapping(mapping)
    source = open_text(path, encoding)
    try:
        if own_json.is_json(source):
            if wanted:
                raise UsageError(tr("--map is for tables; a JSON export has its own field names"))
            return _json_reading(source)
        table = open_table(source, delimiter, known(wanted), unknown=unknown)
        return _table_reading(table, wanted, fields or {}, unknown)
    except BaseException:
        source.close()
        raise


@dataclass(slots=True, kw_only=True)
class _TableReading(Reading):
    """A delimited file."""

    table: Table
    mapper: Mapper

    @property
    def notes(self) -> list[str]:
        return [*self.oddities, *_column_notes(self)]

    @property
    def oddities(self) -> list[str]:
        return [*_encoding_notes(self), *self.mapper.notes, *_row_notes(self.table)]

    def __iter__(self) -> Iterator[Item]:
        mapper, noun = self.mapper, self.noun
        filled = [0] * len(self.columns)
        for item in self.table:
            if isinstance(item, Reject):
                yield item
                continue
            line, cells = item
            try:
                raw = mapper(cells)
            except ValueError as error:
                yield Reject(line, str(error), cells)
                continue
            if not raw or (len(raw) == 1 and "custom" in raw):
                yield Skip(line, tr(_NOBODY), cells)
                continue
            for index, cell in enumerate(cells):
                if cell:
                    filled[index] += 1
            yield Record(line, noun, raw, cells)
        mapper.count(filled)
        self.blank, self.footers = self.table.blank, self.table.footers


@dataclass(slots=True, kw_only=True)
class _JsonReading(Reading):
    """Our own export as JSON or JSON lines."""

    @property
    def notes(self) -> list[str]:
        return _encoding_notes(self)

    def __iter__(self) -> Iterator[Item]:
        to_raw = _to_raw(self.noun)
        columns = {column.name: column for column in self.columns}
        for column in self.columns:
            column.filled = column.dropped = 0
        for item in own_json.objects(self.source):
            if isinstance(item, Reject):
                yield item
                continue
            line, value = item
            self._add_columns(columns, value)
            cells = [own_json.cell(value.get(key)) for key in self.header]
            try:
                raw = to_raw(value)
            except ValueError as error:
                yield Reject(line, str(error), cells)
                continue
            if not raw:
                yield Skip(line, tr(_NOBODY), cells)
                continue
            for key, one in value.items():
                if one not in (None, "", [], {}):
                    columns[key].filled += 1
                    columns[key].dropped += columns[key].target is None
            yield Record(line, self.noun, raw, cells)

    def _add_columns(self, columns: dict[str, Column], value: dict[str, Any]) -> None:
        """Take in the keys that no object before had."""
        for key in value:
            if key not in columns:
                columns[key] = _json_column(key, self.noun)
                self.columns.append(columns[key])
                self.header.append(key)


def _table_reading(
    table: Table, wanted: dict[str, str], fields: Mapping[str, str], unknown: bool
) -> Reading:
    """Choose the format by the header and build its mapper."""
    preset = choose(table.header)
    mapper = preset.build(table.header, wanted)
    if preset.name != own.PRESET.name:
        mapper.feed(fields)
    is_told = any(tells(column.target) for column in mapper.columns)
    if mapper.noun == "contact" and not (is_told or unknown):
        raise InvalidError(
            tr(
                "{name}:{header_line}: no column holds a name, an e-mail address or a "
                "telephone number: {header}",
                name=table.source.name,
                header_line=table.header_line,
                header=" | ".join(table.header)[:120],
            ),
            tr("name one: --map 'Column=name'"),
        )
    return _TableReading(
        **_about(table.source),
        delimiter=table.dialect.delimiter,
        preset=preset.name,
        noun=mapper.noun,
        header=table.header,
        header_line=table.header_line,
        skipped_preamble=table.preamble,
        columns=mapper.columns,
        table=table,
        mapper=mapper,
    )


def tells(target: str | None) -> bool:
    """Tell whether a column of this target says who somebody is: a name or a way to reach them."""
    return telling(target) or target in _GROUPS


def _json_reading(source: Source) -> Reading:
    """Recognise our own export by the keys of its first object."""
    first = next(own_json.objects(source), None)
    if isinstance(first, Reject):
        raise InvalidError(f"{source.name}:{first.line}: {first.reason}")
    if first is None:
        raise InvalidError(tr("{name}: nothing to import, the list is empty", name=source.name))
    noun = own.noun_of(first[1])
    if noun is None:
        raise InvalidError(
            tr(
                "{name}:{first}: is JSON, but not an export of crm",
                name=source.name,
                first=first[0],
            ),
            tr("`crm contact add --input FILE` takes other JSON; or save it as CSV"),
        )
    header = list(first[1])
    return _JsonReading(
        **_about(source),
        delimiter="",
        preset=own.PRESET.name,
        noun=noun,
        header=header,
        header_line=0,
        skipped_preamble=0,
        columns=[_json_column(key, noun) for key in header],
    )


def _about(source: Source) -> dict[str, Any]:
    return {
        "source": source,
        "filename": source.name,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "encoding_guessed": source.guessed,
    }


def _to_raw(noun: str) -> Callable[[dict[str, Any]], Raw]:
    return own_json.raw_contact if noun == "contact" else own_json.raw_other


def _json_column(key: str, noun: str) -> Column:
    ours = noun != "contact" or key in own.CONTACT_FIELDS
    return Column(key, key if ours else None)


def _encoding_notes(reading: Reading) -> list[str]:
    return [tr("read as {encoding}", encoding=reading.encoding)] if reading.encoding_guessed else []


def _row_notes(table: Table) -> list[str]:
    """Say what was done to the rows."""
    notes = []
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


def _column_notes(reading: _TableReading) -> list[str]:
    """Say which columns were left out, with the way to keep them."""
    notes = []
    added = ("line", "reason")  # by us, in a file of rejected rows
    dropped = [c for c in reading.columns if c.dropped and c.name not in added]
    if reading.preset == own.PRESET.name and dropped:
        names = ", ".join(column.name for column in dropped)
        notes.append(tr("left out, being derived: {names}", names=names))
        return notes
    for column in dropped:
        hint = _keep_hint(column.name) if column.target is None else ""
        note = trn(
            "column {name!r} is not imported ({count} value)",
            "column {name!r} is not imported ({count} values)",
            column.dropped,
            name=column.name,
        )
        notes.append(note + hint)
    return notes


def _keep_hint(name: str) -> str:
    """Give the way to keep a column as a custom field."""
    entry = f"{name}=custom:{slug(name)}"
    entry = f'"{entry}"' if "," in name else entry
    return tr(", keep with --map '{entry}'", entry=entry) if slug(name) else ""
