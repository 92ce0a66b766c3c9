"""Records written to a file: in our own formats, which import again, and those of other programs.

The table of formats is `FORMATS`; a new one is a module in `interchange/` and a row there. Records
pass through one by one, so that memory does not grow with their number.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import Any

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.interchange.own import flat_columns, flat_record
from crmcli.render import Counted, Output, csv_rows, json_text
from crmcli.service.record import Record
from crmcli.store import contact, deal, interaction, org, task
from crmcli.store.party import custom_keys
from crmcli.store.rows import Listing, Where
from crmcli.text import masker

COLUMNS: dict[str, tuple[Column, ...]] = {
    "contact": contact.COLUMNS,
    "org": org.COLUMNS,
    "deal": deal.COLUMNS,
    "task": task.COLUMNS,
    "interaction": interaction.COLUMNS,
}
LISTS: dict[str, Callable[..., Iterator[Any]]] = {
    "org": org.list_orgs,
    "contact": contact.list_contacts,
    "deal": deal.list_deals,
    "task": task.list_tasks,
    "interaction": interaction.list_interactions,
}
"""Every noun, in the order in which they import: what others point at comes first."""
NOUNS = tuple(COLUMNS)
DELIMITERS = {"tab": "\t"}


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which records are written.

    Args:
        name: as `-f` has it, and the ending of file names that mean it.
        title: for messages.
        nouns: what it can hold.
        module: in `interchange/`; "" for what the renderer writes.
        shields: whether its `lines` also wants the guard against formulas.
        chooses: whether its `takes` tells which records it can hold; the others are left out.
    """

    name: str
    title: str
    nouns: tuple[str, ...] = NOUNS
    module: str = ""
    shields: bool = False
    chooses: bool = False

    def load(self) -> ModuleType:
        """Import the module."""
        return import_module(f"crmcli.interchange.{self.module}")


_PEOPLE, _TASKS = ("contact",), ("task",)
FORMATS = {
    format.name: format
    for format in (
        Format("csv", "CSV"),
        Format("json", "JSON"),
        Format("jsonl", "JSONL"),
        Format("md", "Markdown"),
        Format("xlsx", "XLSX", NOUNS, "xlsx_write"),
        Format("vcf", "vCard", _PEOPLE, "vcard_write"),
        Format("vcf4", "vCard", _PEOPLE, "vcard_write"),
        Format("google", "Google CSV", _PEOPLE, "google_write", shields=True),
        Format("outlook", "Outlook CSV", _PEOPLE, "outlook_write", shields=True),
        Format("abook", "abook", _PEOPLE, "abook_write"),
        Format("mutt", "mutt", _PEOPLE, "mutt_write", chooses=True),
        Format("ics", "ICS", _TASKS, "ics_write"),
    )
}
WHOLE = ("csv", "json", "jsonl", "md", "xlsx")  # what a folder with a file per noun may hold


@dataclass(frozen=True, slots=True)
class Style:
    """How a table is written.

    Args:
        raw: without the ' before what looks like a formula.
        excel: with the mark by which Excel knows UTF-8.
        delimiter: between the cells of CSV.
    """

    raw: bool = False
    excel: bool = False
    delimiter: str = ","

    def settings(self) -> dict[str, str]:
        """Give it as settings of the renderer."""
        flags = {"raw": self.raw, "excel": self.excel}
        chosen = {name: "yes" for name, is_on in flags.items() if is_on}
        return {**chosen, "delimiter": self.delimiter}


def style_of(*, raw: bool = False, excel: bool = False, delimiter: str = "") -> Style:
    """Give the style that options mean.

    Raises:
        UsageError: the delimiter is not one character that can divide cells.
    """
    sign = DELIMITERS.get(delimiter.casefold(), delimiter) or ","
    if sign not in (",", ";", "\t", "|"):
        raise UsageError(
            tr("cannot divide cells by {sign!r}", sign=delimiter), tr("one of , ; | tab")
        )
    return Style(raw, excel, sign)


def format_of(path: str, format: str = "", formats: Iterable[str] = tuple(FORMATS)) -> str:
    """Give the format of a file: as said, else by the end of its name, else CSV.

    Raises:
        UsageError: not one of `formats`.
    """
    ending = os.path.splitext(path)[1].removeprefix(".").casefold()
    chosen = format or (ending if ending in formats else "csv")
    if chosen not in formats:
        raise UsageError(
            tr("cannot export as {chosen!r}", chosen=chosen),
            tr("one of {names}", names=", ".join(formats)),
        )
    return chosen


def check(noun: str, format: str, path: str) -> None:
    """Look whether a format can hold a noun, and can be written there.

    Raises:
        UsageError: it cannot.
    """
    known = FORMATS[format]
    if noun not in known.nouns:
        raise UsageError(
            tr("{format} holds {nouns} only", format=known.title, nouns=tr(f"{known.nouns[0]}s")),
            tr("csv, json and jsonl hold everything"),
        )
    if format == "xlsx":
        from crmcli.interchange.xlsx_write import require

        require()
        if not path.removeprefix("-"):
            raise UsageError(tr("XLSX needs a file"), f"crm export {noun}s -o {noun}s.xlsx")


def listed(crm: Context, noun: str, where: Where | None = None) -> Iterator[Record]:
    """Give the living records of a noun that a filter selects, by id, under their names in JSON."""
    found = LISTS[noun](crm.store.reader, Listing(sort="id", where=where))
    return map(exported, found)


def exported(record: Any) -> Record:
    """Give a record under its names in JSON, with what tells later whether it changed since."""
    told: Record = record.json()
    return {**told, "rev": record.revision()} if hasattr(record, "revision") else told


def write(
    crm: Context,
    noun: str,
    records: Iterable[Record],
    path: str,
    format: str,
    style: Style | None = None,
) -> int:
    """Write records, masked if need be; give how many were written.

    Args:
        crm: the run.
        noun: of which they are.
        records: in their order, under their names in JSON.
        path: the file; "" is stdout.
        format: one that `format_of` gives.
        style: of tables.

    Raises:
        OutputError: the file cannot be written; it is as it was.
    """
    style = style or Style()
    settings = {"format": format, "output": path, **style.settings()}
    settings["header"] = "yes" if format == "tsv" else ""
    known = FORMATS.get(format)
    if known is None or not known.module:
        return _rendered(crm, noun, records, settings)
    if known.chooses:
        records = filter(known.load().takes, records)
    counted = Counted(_shown(records))
    if format == "xlsx":
        _write_workbook(crm, noun, counted, path, style)
    else:
        Output(crm.clock, {"output": path}).stream(_lines(known, counted, style))
    return counted.count


def _rendered(crm: Context, noun: str, records: Iterable[Record], settings: dict[str, str]) -> int:
    """Write what the renderer knows."""
    out = Output(crm.clock, {key: value for key, value in settings.items() if value})
    if out.format in ("csv", "tsv"):
        return out.records(_flat(crm, noun), map(flat_record, records))
    return out.records(COLUMNS[noun], records)


def write_all(crm: Context, path: str) -> int:
    """Write every record of every noun as JSONL, each line with its `noun`."""
    counted = Counted(record for noun in LISTS for record in _named(noun, listed(crm, noun)))
    lines = (json_text(record) + "\n" for record in counted)
    Output(crm.clock, {"output": path}).stream(lines)
    return counted.count


def write_folder(crm: Context, folder: str, format: str, style: Style) -> list[str]:
    """Write every record into a folder, one file a noun; give the paths.

    Raises:
        UsageError: the format is one of people or of tasks only.
        OutputError: the folder cannot be made or written.
    """
    from crmcli.files import make_folder

    format_of("", format, WHOLE)
    folder = os.path.expanduser(folder)
    paths = {noun: os.path.join(folder, f"{noun}s.{format}") for noun in LISTS}
    for noun, path in paths.items():
        check(noun, format, path)
    make_folder(folder)
    for noun, path in paths.items():
        write(crm, noun, listed(crm, noun), path, format, style)
    return list(paths.values())


def _named(noun: str, records: Iterable[Record]) -> Iterator[Record]:
    return ({"noun": noun, **record} for record in _shown(records))


def _lines(format: Format, records: Iterable[Record], style: Style) -> Iterator[str]:
    """Give the text of a file for another program."""
    from crmcli.interchange import csv_write

    module = format.load()
    if format.module == "vcard_write":
        version = "4.0" if format.name == "vcf4" else "3.0"
        return (module.card(record, version) for record in records)
    guards = [csv_write.keep if style.raw else csv_write.guard] if format.shields else []
    lines: Iterator[str] = module.lines(records, *guards)
    return lines


def _write_workbook(
    crm: Context, noun: str, records: Iterable[Record], path: str, style: Style
) -> None:
    """Write the columns of our CSV as a sheet."""
    from crmcli.files import write_file
    from crmcli.interchange import csv_write
    from crmcli.interchange.xlsx_write import pieces

    columns = _flat(crm, noun)
    guard = csv_write.keep if style.raw else csv_write.guard

    header = [[column.key for column in columns]]
    table = csv_rows(columns, map(flat_record, records), guard)
    write_file(path, pieces(f"{noun}s", chain(header, table)))


def _flat(crm: Context, noun: str) -> list[Column]:
    """Give the columns of our CSV."""
    own = custom_keys(crm.store.reader, noun) if noun in ("contact", "org") else []
    listed = [Column(column.key, column.title, column.kind) for column in COLUMNS[noun]]
    if noun in ("contact", "org"):
        listed.append(Column("rev", "Revision"))
    return flat_columns(listed, own)


def _shown(records: Iterable[Record]) -> Iterable[Record]:
    """Give records as they may be shown."""
    mask = masker()
    return map(mask.record, records) if mask else records
