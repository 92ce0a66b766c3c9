"""Everything, as one types: people, orgs, tasks and what was said, beside the card of a hit."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.service import find as service
from crmcli.service.find import Line
from crmcli.store.search import Key, find_each
from crmcli.tui.binds import bindings
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.screens.beside import Beside
from crmcli.tui.widgets.bars import KeyBar
from crmcli.tui.widgets.rows import ListRows, Row, RowList, Title
from crmcli.tui.work import Loader

MOST = 20  # hits of one kind
LATELY = 12  # people who were spoken with last, while nothing is typed
HEADINGS = {
    "contact": mark("Contacts"),
    "org": mark("Organizations"),
    "task": mark("Tasks"),
    "interaction": mark("What was said"),
    "deal": mark("Deals"),
}
NOTHING = mark("""\
Type what you know: the beginning of a name, any part of a phone number, a word that was said.
Marks and case do not count, and a mistake does no harm.""")
NOBODY = mark("""\
Nothing matches {text!r}.

Words are found from their beginning, numbers by any four digits.
2  and then n adds a contact""")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: rows with their headings, and the line behind each."""

    text: str
    rows: tuple[Row, ...]
    lines: dict[Hashable, Line]
    is_similar: bool = False


def search(crm: Context, text: str) -> Found:
    """Search everything; on a thread."""
    found = find_each(crm.store.reader, text, limit=MOST)
    lines = list(service.lines(crm, found.keys))
    groups = [
        (_heading(noun, len(some)), some)
        for noun, some in ((n, list(g)) for n, g in groupby(lines, lambda line: line.key[0]))
    ]
    return _found(text, groups, is_similar=found.is_similar)


def recent(crm: Context, opened: Sequence[Key]) -> Found:
    """Give what was opened last, then who was spoken with last; on a thread."""
    lately = [key for key in service.touched(crm, LATELY) if key not in opened]
    groups = [
        (tr("Opened last"), list(service.lines(crm, opened))),
        (tr("In touch last"), list(service.lines(crm, lately))),
    ]
    return _found("", [group for group in groups if group[1]])


def _heading(noun: str, count: int) -> str:
    name = tr(HEADINGS[noun])
    return tr("{name}, the best {count}", name=name, count=count) if count == MOST else name


def _found(
    text: str, groups: Iterable[tuple[str, list[Line]]], *, is_similar: bool = False
) -> Found:
    groups = list(groups)
    lines: dict[Hashable, Line] = {line.key: line for _, some in groups for line in some}
    return Found(text, tuple(_rows(groups)), lines, is_similar)


def _rows(groups: Iterable[tuple[str, list[Line]]]) -> Iterator[Row]:
    for heading, lines in groups:
        yield Row(None, (heading,))
        yield from (Row(line.key, (line.name, line.detail)) for line in lines)


class SearchScreen(Beside):
    """The search: what is typed above, what is found below."""

    AREA = "search"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("search", "search_line")]
    DEFAULT_CSS = """
    SearchScreen > Input, SearchScreen > Input:focus {
        height: 1; border: none; padding: 0 1; background: $panel;
    }
    SearchScreen > Input:focus { background: $boost; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.found = Found("", (), {})
        self.searches: Loader[Found] = Loader(self, self.show_found)

    def body(self) -> ComposeResult:
        """Lay out the line, the list and the card."""
        line = Input(placeholder=tr("name, number, or what was said"), select_on_focus=False)
        line.cursor_blink = not self.app.is_headless
        yield line
        yield from self.panes(RowList(classes="main"))

    # Searching

    @property
    def line(self) -> Input:
        """Give where one types."""
        return self.query_one(Input)

    @property
    def hits(self) -> RowList:
        """Give what is found."""
        return self.query_one(RowList)

    @on(Input.Changed)
    def reload(self) -> None:
        """Search again."""
        text = self.line.value.strip()
        opened = list(self.crm_app.recent)
        self.searches.start(lambda crm: search(crm, text) if text else recent(crm, opened))

    def show_found(self, found: Found) -> None:
        """Show what was found; another text begins with its best hit."""
        is_new = found.text != self.found.text
        self.found = found
        self.hits.empty = tr(NOBODY, text=found.text) if found.text else tr(NOTHING)
        self.hits.titles = [Title(), Title()]
        first = next(iter(found.lines), None) if is_new else self.take_wanted()
        self.hits.show(ListRows(found.rows), key=first, stay=not is_new)
        self.say_title(*self._told(found))

    def _told(self, found: Found) -> tuple[str, str]:
        if not found.text:
            return tr("Search everything"), ""
        figures = trn("{count} found", "{count} found", len(found.lines))
        if found.is_similar:
            return tr("Nothing is called {text!r}; similar:", text=found.text), figures
        return tr("Search: {text}", text=found.text), figures

    def about(self) -> Key | None:
        """Give the hit under the cursor."""
        line = self.found.lines.get(self.hits.key)
        return line.key if line else None

    # Where one types

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys that work here: letters are text while one types."""
        part = "search_line" if isinstance(event.widget, Input) else "search"
        self.query_one(KeyBar).show_part(part)

    def action_type(self) -> None:
        """Go on typing; a screen that is just being opened does so by itself."""
        for line in self.query(Input):
            line.focus()

    @on(Input.Submitted)
    def action_into_list(self) -> None:
        """Go into the list."""
        if len(self.hits.rows):
            self.hits.focus()

    def action_back(self) -> None:
        """Go from the list to the text, clear the text, then go back to where one came from."""
        if self.hits.has_focus:
            self.line.focus()
        elif self.line.value:
            self.line.value = ""
        else:
            self.crm_app.go_back()

    # What the acts work on

    def chosen(self) -> list[Line]:
        """Give the marked hits, else the one under the cursor."""
        return [self.found.lines[key] for key in self.hits.chosen() if key in self.found.lines]

    def people(self) -> list[Key]:
        """Give the people and orgs that the chosen hits are about, each once."""
        return list(dict.fromkeys(key for line in self.chosen() for key in line.who))

    def tasks(self) -> list[int]:
        """Give the tasks among the chosen hits."""
        return [line.key[1] for line in self.chosen() if line.key[0] == "task"]

    def deals(self) -> list[int]:
        """Give the deals among the chosen hits."""
        return [line.key[1] for line in self.chosen() if line.key[0] == "deal"]

    def targets(self) -> list[Key]:
        """Give the deals that are chosen, and whom the other hits are about."""
        whose = ((line.key,) if line.key[0] == "deal" else line.who for line in self.chosen())
        return list(dict.fromkeys(key for keys in whose for key in keys))

    @on(RowList.Opened)
    def action_open(self) -> None:
        """Open the card of the hit; n and p go on among the hits."""
        key = self.about()
        if key is not None:
            around = ListNeighbours([one.key for one in self.found.lines.values()])
            self.crm_app.open_record(key, around)

    def action_copy(self) -> None:
        """Copy how somebody is reached."""
        from crmcli.tui.clip import copy_way

        copy_way(self, self.people())
