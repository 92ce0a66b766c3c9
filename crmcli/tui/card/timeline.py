"""The other pane of a card: what was said, read on as one goes down."""

from typing import TYPE_CHECKING

from crmcli.errors import CrmError
from crmcli.i18n import mark, tr
from crmcli.service import card
from crmcli.service.card import Page, Said
from crmcli.store.rows import Place
from crmcli.store.search import Key, key_of
from crmcli.tui.card.whole import Whole
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.widgets.flow import Flow
from crmcli.tui.widgets.rows import ListRows, Row
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.tui.screens.card import CardScreen

PAGE = 50  # interactions that are read at once
NOTHING_SAID = mark("""\
Nothing was said yet.

c  logs a call, an e-mail, a meeting or a note
a  adds a next step""")
NOTHING_OF_ORG = mark("""\
Nothing was logged with the organization itself.
What was said with its people stands on their cards.

c  logs a call, an e-mail, a meeting or a note
a  adds a next step""")
NOTHING_OF_DEAL = mark("""\
Nothing was logged on this deal yet.
What was said with its people about other things stands on their cards.

c  logs a call, an e-mail, a meeting or a note
a  adds a next step""")
NOTHING = {"org": NOTHING_OF_ORG, "deal": NOTHING_OF_DEAL}
NO_TEXT = mark("No text. e writes one.")


class Timeline:
    """Shows interactions, the newest first, as far as they were read; of one its whole text.

    Args:
        screen: the card whose pane it fills.
    """

    def __init__(self, screen: "CardScreen") -> None:
        self.screen = screen
        self.rows: list[Row] = []  # as far as they were read
        self.count = 0  # interactions among them
        self.day = ""  # the last heading
        self.after: Place | None = None  # where the next part begins
        self.asked: Place | None = None  # where the part begins that is being read
        self.pages: Loader[Page] = Loader(screen, self._show_page, self._unread)

    @property
    def flow(self) -> Flow:
        """Give the pane."""
        return self.screen.said

    @property
    def wanted(self) -> int:
        """Give how many to read again: as many as were read."""
        return max(PAGE, self.count)

    @property
    def current(self) -> Key | None:
        """Give the interaction under the cursor."""
        ref = self.flow.key
        return key_of(ref) if isinstance(ref, str) and ref[1:].isdigit() else None

    @property
    def neighbours(self) -> ListNeighbours:
        """Give the interactions in their order."""
        return ListNeighbours([key_of(str(row.key)) for row in self.rows if row.key is not None])

    def leave(self) -> None:
        """Forget how far it was read: another record comes."""
        self.count = 0
        self.flow.opened = set()

    def stop(self) -> None:
        """Let nothing arrive of what is being read: all is read again."""
        self.pages.cancel()
        self.asked = None

    def show(self, whole: Whole, *, stay: bool) -> None:
        """Show the newest part of a record's timeline; `stay` leaves the cursor on its row."""
        self.rows, self.count, self.day, self.after = [], 0, "", None
        if whole.text is not None:
            self._show_text(whole.text, stay=stay)
            return
        self.flow.empty = tr(NOTHING.get(whole.key[0], NOTHING_SAID))
        self._add(whole.page)
        self.flow.show(ListRows(list(self.rows)), stay=stay)

    def _show_text(self, text: str, *, stay: bool) -> None:
        self.flow.most = 0
        self.flow.empty = tr(NO_TEXT)
        self.flow.show(ListRows([Row("text", ("", text))] if text else []), stay=stay)

    def read_on(self, whom: Key | None) -> None:
        """Read the next part of somebody's timeline when its end comes into sight."""
        before = self.after
        if whom is None or before is None or before == self.asked:
            return
        if self.flow.lines_below < self.flow.high:
            self.asked = before
            self.pages.start(lambda crm: card.page(crm, whom, PAGE, before))

    def _show_page(self, page: Page) -> None:
        """Show an older part below the others."""
        self._add(page)
        self.flow.show(ListRows(list(self.rows)), stay=True)

    def _unread(self, error: CrmError) -> None:
        """Say why it cannot be read; it is tried again with the next step down."""
        self.asked = None
        self.screen.crm_app.say_error(error)

    def _add(self, page: Page) -> None:
        if self.after is not None:
            self.rows.pop()  # the line that says that there is more
        for one in page.said:
            if one.day != self.day:
                self.day = one.day
                self.rows.append(Row(None, (self._heading(one),)))
            self.rows.append(Row(one.id, (f"{one.time} {one.kind}", one.text)))
        self.count += len(page.said)
        self.after = page.after
        if page.after is not None:
            self.rows.append(Row(None, (tr("There is more: go on down"),), "quiet"))

    def _heading(self, one: Said) -> str:
        """Say a day; one that another program wrote is shown as it is."""
        try:
            return card.day_words(self.screen.crm_app.crm, one.day)
        except ValueError:
            return one.day
