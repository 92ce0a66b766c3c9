"""Tables in Excel workbooks (XLSX), with openpyxl if it is there: a sheet, row by row.

The first sheet whose header is known is read, others are named. Formulas count as their last
value, dates as ISO writes them. Nothing is unpacked to disk, and a workbook that would unpack to
more than `decode.MOST_UNPACKED` is refused.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.interchange.decode import CHUNK, LINE_LIMIT, MOST_UNPACKED, Opened
from crmcli.interchange.reading import How
from crmcli.interchange.record import Reject
from crmcli.interchange.table import Body, Known, Row, find_header, no_header

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_SAMPLE = 200
_MOST_SHEETS = 50


@dataclass(slots=True, kw_only=True)
class Sheet(Body):
    """The rows of a sheet below its header.

    Args:
        origin: the opened file.
        book: the workbook.
        title: of the sheet.
        delimiter: none stands between the cells.
    """

    origin: Opened
    book: "Workbook"
    title: str
    delimiter: str = ""

    def __iter__(self) -> Iterator[Row | Reject]:
        """Yield each row as wide as the header, or why it is rejected, in sheet order."""
        width = len(self.header)
        below = islice(_rows(self.book, self.title, self.origin.name), self.header_line, None)
        # a sheet leaves out what is empty at the end of a row
        yield from self.fitted(
            (line, cells + [""] * (width - len(cells)) if any(cells[1:]) else cells)
            for line, cells in below
        )


def is_workbook(opened: Opened) -> bool:
    """Tell whether a zip archive is a workbook."""
    try:
        with zipfile.ZipFile(opened.file) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        opened.file.seek(0)


def open_workbook(opened: Opened, how: How, known: Known) -> Sheet:
    """Open a workbook and find the sheet and the header.

    Raises:
        InvalidError: openpyxl is not installed, the file is broken or too large, no row looks
            like a header.
    """
    book = _book(opened)
    titles = book.sheetnames[:_MOST_SHEETS]
    samples = {title: _sample(book, title, opened.name) for title in titles}
    for unknown in (False, True) if how.unknown else (False,):
        for title, parsed in samples.items():
            found = find_header(parsed, known, unknown=unknown)
            if found is not None:
                line, header = parsed[found]
                above = sum(any(cells) for _, cells in parsed[:found])
                sheet = Sheet(header, line, above, origin=opened, book=book, title=title)
                _name_others(sheet, samples)
                return sheet
    raise no_header(opened.name, next((rows for rows in samples.values() if rows), []))


def _book(opened: Opened) -> "Workbook":
    """Load a workbook, whose sheets are read when they are asked for."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise InvalidError(
            tr("{name}: is an Excel workbook; openpyxl is not installed", name=opened.name),
            tr("pip install 'crmcli[xlsx]', or save it as CSV (UTF-8)"),
        ) from None
    with zipfile.ZipFile(opened.file) as archive:
        size = sum(info.file_size for info in archive.infolist())
    opened.file.seek(0)
    if size > MOST_UNPACKED:
        raise InvalidError(
            tr("{name}: unpacks to more than 1 GB", name=opened.name),
            tr("save it as CSV (UTF-8) and import that"),
        )
    try:
        _refuse_endless(opened)
        return load_workbook(opened.file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a broken file leads to
        raise _broken(opened.name, error) from None


def _refuse_endless(opened: Opened) -> None:
    """Refuse what openpyxl would hold in memory whole: a text as long as a file.

    Raises:
        ValueError: there is one.
    """
    with zipfile.ZipFile(opened.file) as archive:
        for part in archive.namelist():
            size = 0  # since the last tag
            with archive.open(part) as file:
                while piece := file.read(CHUNK):
                    size = len(piece) - piece.rfind(b"<") if b"<" in piece else size + len(piece)
                    if size > LINE_LIMIT:
                        said = tr("the line is longer than {limit} characters", limit=LINE_LIMIT)
                        raise ValueError(said)
    opened.file.seek(0)


def _broken(name: str, error: Exception) -> InvalidError:
    reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
    return InvalidError(
        tr("{name}: the workbook is broken: {reason}", name=name, reason=reason),
        tr("open it in a spreadsheet and save it as CSV (UTF-8)"),
    )


def _sample(book: "Workbook", title: str, name: str) -> list[Row]:
    """Give the first filled rows of a sheet; none of a chart."""
    if not hasattr(book[title], "iter_rows"):
        return []
    rows = islice(_rows(book, title, name), _SAMPLE)
    return [(line, _trimmed(cells)) for line, cells in rows]


def _trimmed(cells: list[str]) -> list[str]:
    """Give cells without the empty ones at the end."""
    width = next((width for width in range(len(cells), 0, -1) if cells[width - 1]), 0)
    return cells[:width] or [""]


def _rows(book: "Workbook", title: str, name: str) -> Iterator[Row]:
    """Give all rows of a sheet as texts, numbered as in the spreadsheet."""
    sheet = book[title]
    if hasattr(sheet, "reset_dimensions"):  # some programs write wrong ones
        sheet.reset_dimensions()
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            yield line, [_text(value) for value in values] or [""]
    except (ValueError, KeyError, TypeError, SyntaxError, zipfile.BadZipFile, OSError) as error:
        raise _broken(name, error) from None


def _text(value: Any) -> str:
    """Give a cell as text: no `.0`, dates as ISO writes them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else str(value).strip()


def _name_others(sheet: Sheet, samples: dict[str, list[Row]]) -> None:
    """Say which sheet is read, and which others hold something."""
    others = [
        title
        for title, rows in samples.items()
        if title != sheet.title and any(any(cells) for _, cells in rows)
    ]
    if others:
        sheet.notes.append(
            tr(
                "the sheet {title!r} is read; left out: {names}",
                title=sheet.title,
                names=", ".join(others),
            )
        )
