"""The rows behind a line of a report: the deals, people or interactions that it counts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.render import FIXED
from crmcli.service import page
from crmcli.service.figures import Line, Table, said_label
from crmcli.service.sold import worth
from crmcli.store.search import Key
from crmcli.tui.binds import bindings
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.screens.beside import Beside
from crmcli.tui.screens.reports import Wish, compute
from crmcli.tui.widgets.figures import lines_at, name_of
from crmcli.tui.widgets.parted import PartedList, PartedRows, read_pages
from crmcli.tui.widgets.rows import PLACEHOLDER, Cells, Row, Title
from crmcli.tui.work import Loader

COLUMNS = {
    "deal": ("name", "amount", "stage", "close_date", "who", "owner"),
    "contact": ("name", "org", "lifecycle_stage", "source", "email"),
    "interaction": ("occurred_at", "kind", "people", "body"),
}
FIRST = 100  # rows that are read with the list
NOTHING = mark("""\
There is nothing behind it.

esc  goes back to the report""")


@dataclass(frozen=True, slots=True)
class Behind:
    """What a line counts, as it is read.

    Args:
        noun: of which records.
        name: which line it is, for people.
        rows: the first of them read.
        titles: of the columns.
    """

    noun: str
    name: str
    rows: PartedRows
    titles: Sequence[Title]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Gives a row for each record of a noun, in their order."""

    noun: str

    def __call__(self, crm: Context, ids: Sequence[int]) -> list[Row]:
        """Read them; on a thread."""
        columns = page.columns(crm, self.noun, COLUMNS[self.noun])
        cells: dict[int, Cells] = {}
        for record in page.all_records(crm, self.noun, ids):
            if self.noun == "deal":
                record["amount"] = worth(record)  # a month's is counted as a year's
            cells[int(record["id"][1:])] = tuple(crm.out.shown(one, record) for one in columns)
        gone = (PLACEHOLDER,) * len(columns)
        return [Row(id, cells.get(id, gone)) for id in ids]


def read(crm: Context, wish: Wish, key: Hashable) -> Behind:
    """Compute the report again, and read what the line counts; on a thread."""
    table, _ = compute(crm, wish)
    lines = lines_at(table, key)
    noun = lines[0].noun if lines else "deal"
    ids = list(dict.fromkeys(id for line in lines for id in table.behind(crm, line)))
    rows = PartedRows(ids)
    rows.inner.take(read_pages(crm, rows, Fetch(noun), rows.lacking(0, FIRST)))
    columns = page.columns(crm, noun, COLUMNS[noun])
    titles = [Title(tr(one.title), one.kind in FIXED, one.kind == "money") for one in columns]
    return Behind(noun, _said(table, lines), rows, titles)


def _said(table: Table, lines: Sequence[Line]) -> str:
    """Say which line it is; of a row of the heat map, whose row."""
    if not lines:
        return tr("The report has this line no more")
    name = name_of(table, lines[0]) if len(lines) == 1 else said_label(table, lines[0], 0)
    return f"{table.title}: {name}"


def _counted(noun: str, count: int) -> str:
    said = {
        "deal": trn("{count} deal", "{count} deals", count),
        "contact": trn("{count} person", "{count} people", count),
        "interaction": trn("{count} interaction", "{count} interactions", count),
    }
    return said[noun]


class BehindScreen(Beside):
    """The rows behind a line.

    Args:
        wish: the report.
        line: the key of the line.
    """

    AREA = "behind"
    TAB = "reports"
    AUTO_FOCUS = "PartedList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("behind")]

    def __init__(self, wish: Wish, line: Hashable) -> None:
        super().__init__()
        self.wish = wish
        self.line_key = line
        self.noun = "deal"
        self.lists: Loader[Behind] = Loader(self, self.show_rows)

    def body(self) -> ComposeResult:
        """Lay out the list and the card."""
        yield from self.panes(PartedList(classes="main"))

    @property
    def rows(self) -> PartedList:
        """Give the list."""
        return self.query_one(PartedList)

    def reload(self) -> None:
        """Read again; the cursor stays on its record."""
        wish, key = self.wish, self.line_key
        self.lists.start(lambda crm: read(crm, wish, key))

    def show_rows(self, found: Behind) -> None:
        """Show what the line counts."""
        self.noun = found.noun
        view = self.rows
        view.titles, view.empty = found.titles, tr(NOTHING)
        at = found.rows.find(view.key) if view.key is not None else None
        view.take(found.rows, at, Fetch(found.noun))
        self.say_title(found.name, _counted(found.noun, len(found.rows)))

    def about(self) -> Key | None:
        """Give the record under the cursor."""
        key = self.rows.key
        return (self.noun, key) if isinstance(key, int) else None

    @on(PartedList.Opened)
    def action_open(self) -> None:
        """Open the card; n and p go on among these rows."""
        key = self.about()
        if key is not None:
            ids = (id for id in self.rows.rows.keys() if isinstance(id, int))  # noqa: SIM118
            self.crm_app.open_record(key, ListNeighbours([(self.noun, id) for id in ids]))

    def action_back(self) -> None:
        """Go back to the report."""
        self.dismiss()
