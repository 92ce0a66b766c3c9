"""The board of a pipeline: deals, or people, on their way from stage to stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr, trn
from crmcli.service import bulk
from crmcli.service import filter as filters
from crmcli.service.pipeline import PER_STAGE, Board, Card, board
from crmcli.store.pipeline import Pipeline, Stage, find_pipeline, list_pipelines
from crmcli.store.search import Key, key_of
from crmcli.store.view import SavedView
from crmcli.tui import deals
from crmcli.tui.acts import fetch
from crmcli.tui.binds import bindings
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.views import KEYS, ask_view
from crmcli.tui.widgets.board import BoardView, sums_text
from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

NO_DEALS = mark("""\
No deal is under way here.

n  adds one: what, with whom, how much, the next step
p  shows another pipeline, of people too
L  moves a deal on, H back; W is won, X lost""")
NO_PEOPLE = mark("""\
Nobody is on the way here.

n  brings somebody in
L  moves a person on, H back""")
NONE_HERE = mark("""\
Nothing here matches {text}

/  changes the filter
esc  shows everything again""")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which board is to be shown.

    Args:
        pipeline_id: which pipeline; None for that of deals that is the default.
        tree, text: a filter.
        limit: cards of a stage that are read.
    """

    pipeline_id: int | None = None
    tree: "Node | None" = None
    text: str = ""
    limit: int = PER_STAGE


@dataclass(frozen=True, slots=True)
class Found:
    """A board as it is read, and what in the filter there is not."""

    wish: Wish
    board: Board
    unknown: Sequence[str]


def read(crm: Context, wish: Wish) -> Found:
    """Read a board; on a thread.

    Raises:
        NotFoundError: there is no pipeline.
        UsageError: the filter is wrong.
    """
    reader = crm.store.reader
    known = {one.id: one for one in list_pipelines(reader)}
    pipeline = known.get(wish.pipeline_id or 0) or find_pipeline(reader, "", "deal")
    chosen = filters.condition(crm, pipeline.holds, wish.tree)
    made = board(crm, pipeline, limit=wish.limit, where=chosen.where)
    return Found(wish, made, chosen.unknown)


class BoardScreen(CrmScreen):
    """The board."""

    AREA = "board"
    AUTO_FOCUS = "BoardView"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("board")]

    def __init__(self) -> None:
        super().__init__()
        self.wish = Wish()
        self.boards: Loader[Found] = Loader(self, self.show_board, self.refuse)

    def body(self) -> ComposeResult:
        """Lay out the filter and the stages."""
        yield FilterBar("deal")
        yield BoardView()

    @property
    def view(self) -> BoardView:
        """Give the stages."""
        return self.query_one(BoardView)

    @property
    def bar(self) -> FilterBar:
        """Give the filter."""
        return self.query_one(FilterBar)

    @property
    def pipeline(self) -> Pipeline | None:
        """Give the pipeline that is shown."""
        return self.view.board.pipeline if self.view.board else None

    @property
    def noun(self) -> str:
        """Give what stands on the board: deals, or contacts."""
        return self.pipeline.holds if self.pipeline else "deal"

    # Reading

    def reload(self) -> None:
        """Read the board again; the cursor stays on its card."""
        wish = self.wish
        self.boards.start(lambda crm: read(crm, wish))

    def ask(self, wish: Wish) -> None:
        """Show another board, or another part of it."""
        self.wish = wish
        self.reload()

    def show_board(self, found: Found) -> None:
        """Show a board."""
        self.bar.accept(found.unknown)
        made, view = found.board, self.view
        if self.bar.noun != made.pipeline.holds:
            self.bar.turn_to(made.pipeline.holds)
        text = found.wish.text
        nothing = NO_DEALS if made.pipeline.holds == "deal" else NO_PEOPLE
        view.empty = tr(NONE_HERE, text=text) if text else tr(nothing)
        wanted = self.take_wanted()
        view.show(made, wanted if isinstance(wanted, tuple) else None)
        self._say_board(made, text)

    def _say_board(self, made: Board, text: str) -> None:
        total, what = made.total, made.pipeline.name
        title = tr("{name}: {filter}", name=what, filter=text) if text else what
        if made.pipeline.holds == "contact":
            figures = [trn("{count} person", "{count} people", total.count)]
        else:
            figures = [trn("{count} deal", "{count} deals", total.count)]
            figures += [sums_text(total.sums)] if total.sums else []
            weighted = sums_text(total.weighted)
            figures += [tr("weighted {sum}", sum=weighted)] if total.weighted else []
        if self.view.marks:
            count = len(self.view.marks)
            figures = [trn("{count} marked", "{count} marked", count), *figures]
        self.say_title(title, ", ".join(figures))

    def refuse(self, error: CrmError) -> None:
        """Tell what is wrong where the filter is typed; anything else in a corner."""
        if not self.bar.takes(self.wish.text, error):
            self.crm_app.say_error(error)

    @on(BoardView.Moved)
    def read_on(self) -> None:
        """Read more of a stage when the cursor comes to the end of what was read."""
        made = self.view.board
        if made is not None:
            self._say_board(made, self.wish.text)
        if self.view.is_at_end and not self.is_whole:
            self._ask_more()

    @property
    def is_whole(self) -> bool:
        """Tell whether the stage of the cursor was read to its end."""
        column = self.view.column
        return column is not None and len(column.cards) < self.wish.limit

    def _ask_more(self) -> None:
        wish = self.wish
        self.ask(Wish(wish.pipeline_id, wish.tree, wish.text, wish.limit * 2))

    # What is shown

    def action_filter(self) -> None:
        """Type a filter."""
        self.bar.open()

    @on(FilterBar.Changed)
    def filtered(self, event: FilterBar.Changed) -> None:
        """Show what the filter selects."""
        self.ask(Wish(self.wish.pipeline_id, event.tree, event.text))

    @on(FilterBar.Closed)
    def back_to_board(self) -> None:
        """Give the keys to the board again."""
        self.view.focus()

    def action_view(self) -> None:
        """Ask for a saved view."""
        ask_view(self, self.noun, self.take_view)

    def take_view(self, view: SavedView | None) -> None:
        """Show what a view selects; None for everything."""
        from crmcli.rules.filter import View, format

        self.filter_by(format(View(view.name)) if view else "")

    def filter_by(self, text: str) -> None:
        """Show what a filter selects that was chosen elsewhere."""
        from crmcli.rules.filter import parse

        self.bar.put(text)
        self.ask(Wish(self.wish.pipeline_id, parse(text) if text else None, text))

    def action_pipeline(self) -> None:
        """Ask for another pipeline."""
        fetch(self, lambda crm: list_pipelines(crm.store.reader), self._ask_pipeline)

    def _ask_pipeline(self, known: Sequence[Pipeline]) -> None:
        held = {"deal": tr("deals"), "contact": tr("people")}
        choices = [
            Choice(key, str(one.id), f"{one.name}  ({held[one.holds]})")
            for key, one in zip(KEYS, known, strict=False)
        ]

        def answered(id: str | None) -> None:
            if id:
                self.bar.put("")
                self.ask(Wish(int(id)))

        self.app.push_screen(Menu(tr("Pipeline"), choices), answered)

    def action_back(self) -> None:
        """Take marks off, then the filter, then go back to where one came from."""
        if self.view.marks:
            self.view.action_mark_all()
        elif self.wish.text:
            self.bar.action_clear()
        else:
            self.crm_app.go_back()

    def action_column(self, way: int) -> None:
        """Go to the stage on the left or right."""
        self.view.go(self.view.at + way)

    # What the acts work on

    def chosen(self) -> list[Card]:
        """Give the marked cards, else the one under the cursor."""
        return self.view.chosen()

    def deals(self) -> list[int]:
        """Give the deals that are marked, or under the cursor."""
        return [card.id for card in self.chosen()] if self.noun == "deal" else []

    def people(self) -> list[Key]:
        """Give with whom the chosen deals are, or who is chosen; each once."""
        if self.noun == "contact":
            return [("contact", card.id) for card in self.chosen()]
        return list(dict.fromkeys(key_of(card.who["id"]) for card in self.chosen() if card.who))

    def tasks(self) -> list[int]:
        """Give the next steps of the chosen cards."""
        steps = [card.next_step for card in self.chosen()]
        return [key_of(step["id"])[1] for step in steps if step]

    def leave_row(self) -> None:
        """Take the marks off; the cursor goes with its card."""
        self.view.marks = set()
        self.wanted = self.view.key

    # What becomes of them

    def action_stage(self, way: int) -> None:
        """Move the cards a stage on or back."""
        if self.noun == "deal":
            deals.step(self, way)
            return
        column, pipeline = self.view.column, self.pipeline
        if column and pipeline:
            self._move_people(deals.neighbour(pipeline, column.stage.id, way))

    def _move_people(self, stage: Stage | None) -> None:
        ids = [id for _, id in self.people()]
        if not ids:
            self.crm_app.say(tr("There is nobody here"))
        elif stage is None:
            self.crm_app.say(tr("There is no stage on that side"))
        else:
            self.leave_row()
            deals.move_people(self, ids, stage)

    @on(BoardView.Dropped)
    def drop(self, event: BoardView.Dropped) -> None:
        """Move what was drawn to another stage."""
        stage = self.view.columns[event.column].stage
        if self.noun == "deal":
            deals.move_to(self, stage)
        else:
            self._move_people(stage)

    def action_win(self) -> None:
        """Win the deals; people come to the last stage."""
        self._close("won")

    def action_lose(self) -> None:
        """Lose the deals; the reason is asked for."""
        self._close("lost")

    def _close(self, kind: str) -> None:
        if self.noun == "deal":
            deals.close(self, kind)
        elif self.pipeline:
            stages = self.pipeline.of_kind(kind)
            if stages:
                self._move_people(stages[0])
            else:
                self.crm_app.say(tr("This pipeline has no such stage"))

    def action_reopen(self) -> None:
        """Tell where closed deals are: here are none."""
        self.crm_app.say(tr("Here all are open; on the card of a closed deal R opens it again"))

    def action_new(self) -> None:
        """Add a deal in the stage of the cursor; of people, bring somebody in."""
        column = self.view.column
        if column is None:
            return

        def added(key: Key) -> None:
            self.wanted = key
            self.reload()

        if self.noun == "deal":
            deals.add(self, column.stage, "", added)
        else:
            deals.add_person(self, column.stage, added)

    def action_trash(self) -> None:
        """Move the cards to the trash."""
        keys = [key_of(card.ref) for card in self.chosen()]
        if not keys:
            self.crm_app.say(tr("There is nothing here"))
            return

        def say(count: int) -> None:
            said = trn(
                "{count} is in the trash; u brings it back",
                "{count} are in the trash; u brings them back",
                count,
            )
            self.crm_app.say(said)

        self.view.marks = set()
        noun = self.noun
        self.crm_app.write(lambda crm: bulk.remove(crm, noun, keys).count, say)

    @on(BoardView.Opened)
    def action_open(self) -> None:
        """Open the card; n and p go on in its stage."""
        key, column = self.view.key, self.view.column
        if key is not None and column is not None:
            around = ListNeighbours([key_of(card.ref) for card in column.cards])
            self.crm_app.open_record(key, around)
