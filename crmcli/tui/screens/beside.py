"""A list, and beside it the card of what the cursor stands on: the shape of most areas."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.widgets.card import CardPane, Sheet, read_sheet
from crmcli.tui.widgets.rows import RowList
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.store.search import Key


class Beside(CrmScreen):
    """An area of that shape; subclasses say what the row under the cursor is `about`."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: Loader[Sheet] = Loader(self, self.show_card)

    def panes(self, rows: RowList) -> ComposeResult:
        """Lay out a list and the card."""
        with Container(classes="panes"):
            yield rows
            with Container(classes="side"):
                yield CardPane()

    def about(self) -> "Key | None":
        """Give the record whose card belongs to the row under the cursor."""
        raise NotImplementedError

    @on(RowList.Moved)
    def read_card(self) -> None:
        """Read the card of what the cursor stands on."""
        key = self.about()
        if key is None:
            self.cards.cancel()
            self.query_one(CardPane).show(None)
            return
        ascii = self.crm_app.ascii
        self.cards.start(lambda crm: read_sheet(crm, key, ascii=ascii))

    def show_card(self, sheet: Sheet) -> None:
        """Show the card beside the list; the same one stays scrolled as it is."""
        pane = self.query_one(CardPane)
        pane.show(sheet, keep=pane.sheet is not None and pane.sheet.key == sheet.key)
