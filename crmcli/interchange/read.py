"""The reading side of an import: a file in, records, rejects and skips out, in file order."""

import os
from collections.abc import Iterator
from functools import partial

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.interchange import own, own_json
from crmcli.interchange.decode import Source, codec_of, open_file, text_of
from crmcli.interchange.fields import Hints, parse_mapping, telling
from crmcli.interchange.folder import read_folder
from crmcli.interchange.kinds import kind_of
from crmcli.interchange.moments import Dates
from crmcli.interchange.presets import SHAPES, choose, known
from crmcli.interchange.reading import Entry, How, Reading, TableReading, about, items
from crmcli.interchange.record import Reject
from crmcli.interchange.table import Rows, open_table

_GROUPS = ("emails", "phones")


def read(path: str, how: How | None = None) -> Reading:
    """Open a file of contacts, or our own export of anything, and find out what it is.

    Args:
        path: a file, a folder of cards or messages, a pipe, or `-` for stdin.
        how: how to read it.

    Raises:
        UsageError: no such file, an unknown encoding, delimiter, column or field.
        InvalidError: the file cannot be read as a whole.
    """
    how = how or How()
    wanted = parse_mapping(how.mapping)
    if how.encoding:
        codec_of(how.encoding)
    if os.path.isdir(path):
        if wanted:
            raise UsageError(tr("--map is for tables; this is a directory"))
        return read_folder(path, how)
    opened = open_file(path)
    try:
        kind = kind_of(opened)
        if kind and kind.rows:
            return _table_reading(kind.rows(opened, how, known(wanted)), wanted, how)
        if kind and kind.items:
            if wanted:
                raise UsageError(tr("--map is for tables; this is {kind}", kind=tr(kind.title)))
            return kind.items(opened, how)
        source = text_of(opened, how.encoding or None)
        if own_json.is_json(source):
            if wanted:
                raise UsageError(tr("--map is for tables; a JSON export has its own field names"))
            return _json_reading(source)
        table = open_table(
            source, how.delimiter or None, known(wanted), unknown=how.unknown, shapes=SHAPES
        )
        return _table_reading(table, wanted, how)
    except BaseException:
        opened.close()
        raise


def _table_reading(table: Rows, wanted: dict[str, str], how: How) -> Reading:
    """Choose the format by the header and build its mapper."""
    preset = choose(table.header)
    mapper = preset.build(table.header, wanted)
    mapper.hints = Hints(os.path.basename(table.origin.name), Dates(how.date_order, how.clock))
    if preset.name != own.PRESET.name and mapper.noun == "contact":
        mapper.feed(how.fields)
    if mapper.survey:
        mapper.survey(item[1] for item in table if not isinstance(item, Reject))
    is_told = any(tells(column.target) for column in mapper.columns)
    if mapper.noun == "contact" and not (is_told or how.unknown):
        raise InvalidError(
            tr(
                "{name}:{header_line}: no column holds a name, an e-mail address or a "
                "telephone number: {header}",
                name=table.origin.name,
                header_line=table.header_line,
                header=" | ".join(table.header)[:120],
            ),
            tr("name one: --map 'Column=name'"),
        )
    return TableReading(
        **about(table.origin),
        delimiter=table.delimiter,
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
    return items(
        *(source, own.PRESET.name, noun),
        partial(_objects, source, noun),
        lambda key: key if own.comes_back(noun, key) else None,
    )


def _objects(source: Source, usual: str) -> Iterator[Entry | Reject]:
    """Give the objects of our own export, of one noun or, as `export all` writes them, of any."""
    for item in own_json.objects(source):
        if isinstance(item, Reject):
            yield item
            continue
        line, value = item
        told = value.pop("noun", usual)
        noun = told if told in own.NOUNS else usual
        cells = {key: own_json.cell(one) for key, one in value.items()}
        try:
            raw = own_json.raw_record(noun, value)
        except ValueError as error:
            yield Reject(line, str(error), list(cells.values()))
            continue
        yield Entry(line, [(noun, raw)] if raw else [], cells)
