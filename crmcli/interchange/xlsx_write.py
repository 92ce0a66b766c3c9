"""A table as a workbook of one sheet (XLSX), with openpyxl if it is there.

Every cell is typed as text, never as a formula. The sheet is built on disk.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crmcli.errors import InvalidError, MissingExtraError
from crmcli.i18n import tr

LONGEST = 32_767  # characters of a cell
MOST = 1_048_576  # rows of a sheet
_PIECE = 1 << 16


def require() -> None:
    """Look whether workbooks can be written.

    Raises:
        MissingExtraError: openpyxl is not installed.
    """
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            tr("XLSX needs openpyxl, which is not installed"),
            tr("pip install 'crmcli[xlsx]', or export as csv --excel"),
        ) from None


def pieces(title: str, rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Give the file piece by piece.

    Args:
        title: of the sheet.
        rows: the cells, guarded like those of a CSV file; the first row is the header.

    Raises:
        InvalidError: more rows, or a longer text, than a sheet holds.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    try:
        for number, row in enumerate(rows, 1):
            _refuse(number, row)
            sheet.append([_cell(sheet, text) for text in row])
    except BaseException:
        sheet.close()  # else it is written on when it is forgotten
        raise
    with tempfile.TemporaryFile() as spool:
        book.save(spool)
        spool.seek(0)
        while piece := spool.read(_PIECE):
            yield piece


def _cell(sheet: Any, text: str) -> Any:
    """Give a cell of text; None for an empty one."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _refuse(number: int, row: Sequence[str]) -> None:
    """Refuse what a sheet would cut."""
    if number > MOST:
        raise InvalidError(tr("a sheet holds {most} rows", most=MOST), tr("export as csv"))
    if any(len(text) > LONGEST for text in row):
        raise InvalidError(
            tr("row {number}: a cell of XLSX holds {most} characters", number=number, most=LONGEST),
            tr("export as csv"),
        )
