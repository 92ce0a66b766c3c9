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
from crmcli.service import figures, page
from crmcli.store.search import Key
from crmcli.tui.binds import bindings
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.screens.beside import Beside
from crmcli.tui.screens.reports import Wish, compute
from crmcli.tui.widgets.figures import lines_at, name_of
from crmcli.tui.widgets.parted import PartedList, PartedRows, read_pages
from crmcli.tui.widgets.rows import PLACEHOLDER, Row, Title
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
        name: how the line is called; "" when the report has it no more.
        rows: the first of them read.
        titles: of the columns.
    """

    noun: str
    name: str
    rows: PartedRows
    titles: Sequence[Title]


def fetched(crm: Context, noun: str, ids: Sequence[int]) -> list[Row]:
    """Give a row for each record, in their order."""
    columns = page.columns(crm, noun, COLUMNS[noun])
    cells = page.cells(crm, noun, columns, ids)
    gone = (PLACEHOLDER,) * len(columns)
    return [Row(id, cells.get(id, gone)) for id in ids]


def read(crm: Context, wish: Wish, key: Hashable) -> Behind:
    """Compute the report again, and read what the line counts; on a thread."""
    table, _ = compute(crm, wish)
    lines = lines_at(table, key)
    noun = lines[0].noun if lines else "deal"
    ids = list(dict.fromkeys(id for line in lines for id in table.behind(crm, line)))
    rows = PartedRows(ids, [(None, len(ids))] if ids else (), lambda *_: "")
    name = ""
    if lines:
        name = (
            name_of(table, lines[0]) if len(lines) == 1 else figures.said_label(table, lines[0], 0)
        )
        counted = {
            "deal": trn("{count} deal", "{count} deals", len(ids)),
            "contact": trn("{count} person", "{count} people", len(ids)),
            "interaction": trn("{count} interaction", "{count} interactions", len(ids)),
        }
        name = f"{table.title}: {name}"
        rows.say = lambda *_: counted[noun]
    rows.inner.take(
        read_pages(crm, rows, lambda c, some: fetched(c, noun, some), rows.lacking(0, FIRST))
    )
    columns = page.columns(crm, noun, COLUMNS[noun])
    titles = [Title(tr(one.title), one.kind in FIXED, one.kind == "money") for one in columns]
    return Behind(noun, name, rows, titles)


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
        noun = self.noun = found.noun
        lines = self.rows
        lines.titles = found.titles
        lines.empty = tr(NOTHING)
        at = found.rows.find(lines.key) if lines.key is not None else None
        lines.take(found.rows, at, lambda crm, ids: fetched(crm, noun, ids))
        days = self.wish.ask.period
        self.say_title(found.name or tr("The report has this line no more"), days)

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
