"""Two people, or two orgs, side by side: whose value stays, and what becomes of them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.rules.merge import BOTH, A, B
from crmcli.service import merge as service
from crmcli.service.merge import Merged, Pair
from crmcli.store.search import reference
from crmcli.tui.binds import bindings
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.widgets.card import LABEL, CardPane, Part, Sheet
from crmcli.tui.widgets.rows import ListRows, Row, RowList, Title, wrapped
from crmcli.tui.work import Loader

OTHER = {A: B, B: A, BOTH: BOTH}


class MergeScreen(CrmScreen):
    """The fields of two records above, the one under the cursor in full below.

    Args:
        noun: contact or org.
        a: the record that stays.
        b: the one that goes.
    """

    AREA = "merge"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("merge")]
    NOUNS = ("contact", "org")

    def __init__(self, noun: str, a: int, b: int) -> None:
        super().__init__()
        self.TAB = f"{noun}s"
        self.noun = noun
        self.a = a
        self.b = b
        self.keep: dict[str, str] = {}
        self.pairs: Sequence[Pair] = ()
        self.is_done = False  # whether they are one, or two for ever
        self.reader: Loader[list[Pair]] = Loader(self, self.show_pairs, self.refuse)

    def body(self) -> ComposeResult:
        """Lay out the fields, and the pane for one of them."""
        with Container(classes="panes"):
            yield RowList(classes="main")
            with Container(classes="side"):
                yield CardPane()

    def reload(self) -> None:
        """Read both again."""
        compare = partial(service.compare, noun=self.noun, a=self.a, b=self.b, keep={**self.keep})
        self.reader.start(lambda crm: compare(crm))

    def show_pairs(self, pairs: list[Pair]) -> None:
        """Show the fields; the cursor stays on its own."""
        self.pairs = pairs
        names = {pair.field: pair for pair in pairs}["name"]
        self.say_title(
            tr("Merge: {name} into {into}", name=names.b, into=names.a),
            f"{self._ref(self.b)} → {self._ref(self.a)}".replace("→", self._arrow),
        )
        rows = self.query_one(RowList)
        heads = (tr("Field"), self._ref(self.a), self._ref(self.b), tr("Merged"))
        rows.titles = [Title(head) for head in heads]
        rows.show(ListRows([self._row(pair) for pair in pairs]), stay=True)
        self.show_pair()

    def refuse(self, error: CrmError) -> None:
        """Say why they cannot be merged any more, and leave."""
        self.crm_app.say_error(error)
        if self.is_current:
            self.dismiss()

    @on(RowList.Moved)
    def show_pair(self) -> None:
        """Show the field under the cursor in full."""
        pair = self._pair()
        parts = tuple(self._parts(pair)) if pair else ()
        self.query_one(CardPane).show(Sheet((self.noun, self.a), {}, parts))

    @property
    def _arrow(self) -> str:
        return "=>" if self.crm_app.ascii else "→"

    def _ref(self, id: int) -> str:
        return reference((self.noun, id))

    def _pair(self) -> Pair | None:
        key = self.query_one(RowList).key
        return next((pair for pair in self.pairs if pair.field == key), None)

    def _row(self, pair: Pair) -> Row:
        """Give a field as a line; a sign tells which value stays."""
        sign = "x " if self.crm_app.ascii else "✓ "
        signs = [sign if pair.kept in (side, BOTH) else "  " for side in (A, B)]
        cells = (pair.label, signs[0] + pair.a, signs[1] + pair.b, pair.result)
        return Row(pair.field, cells, "" if pair.choices else "quiet")

    def _parts(self, pair: Pair) -> Iterator[Part]:
        yield Part("head", "", pair.label)
        yield Part("fact", self._ref(self.a), self._cut(pair.a))
        yield Part("fact", self._ref(self.b), self._cut(pair.b))
        yield Part("fact", tr("Merged"), self._cut(pair.result))
        if not pair.choices:
            yield Part("hint", "", tr("There is nothing to choose here"))

    def _cut(self, text: str) -> str:
        """Give as much of a text as leaves room for the other two."""
        pane = self.query_one(CardPane)
        room = max((pane.high - 1) // 3, 1)
        lines = wrapped(text, max(pane.wide - LABEL - 3, 8))
        if len(lines) <= room:
            return text
        return "\n".join(lines[:room]).rstrip() + "…"

    # Choosing

    def action_take(self, side: str) -> None:
        """Keep the value of one side, or both."""
        pair = self._pair()
        if pair is None:
            return
        if side not in pair.choices:
            nothing = tr("There is nothing to choose here")
            self.crm_app.say(tr("Only one of them can stay") if pair.choices else nothing)
            return
        self.keep[pair.field] = side
        self.reload()

    @on(RowList.Opened)
    def action_turn(self) -> None:
        """Go on to the next choice of the field."""
        pair = self._pair()
        if pair is not None and pair.choices:
            at = pair.choices.index(pair.kept) + 1
            self.action_take(pair.choices[at % len(pair.choices)])

    def action_swap(self) -> None:
        """Let the other record be the one that stays; what was chosen is."""
        self.a, self.b = self.b, self.a
        self.keep = {field: OTHER[side] for field, side in self.keep.items()}
        self.reload()

    # The end

    def action_merge(self) -> None:
        """Merge them."""
        noun, a, b, keep = self.noun, self.a, self.b, {**self.keep}
        self.crm_app.write(lambda crm: service.merge(crm, noun, a, [b], keep), self._merged)

    def _merged(self, done: Merged) -> None:
        moved = service.moved_words(done.steps[0].moved)
        said = tr(
            "Merged {ref} into {into}; u undoes", ref=self._ref(self.b), into=self._ref(self.a)
        )
        self._end("\n".join(filter(None, (said, moved))))

    def action_keep_separate(self) -> None:
        """Note for ever that they are two."""

        def act(crm: Context) -> object:
            from crmcli.service.dedupe import keep_separate

            return keep_separate(crm, self.noun, [self.a, self.b])

        said = tr("{ref} and {other} stay two", ref=self._ref(self.a), other=self._ref(self.b))
        self.crm_app.write(act, lambda _: self._end(tr("{said}; u undoes", said=said)))

    def _end(self, said: str) -> None:
        self.is_done = True
        self.crm_app.say(said)
        if self.is_current:
            self.dismiss()

    def action_back(self) -> None:
        """Leave them as they are."""
        self.dismiss()
