"""A record beside a list: who, how to reach them, what is open, what was said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual.strip import Strip

from crmcli.context import Context
from crmcli.i18n import mark, tr
from crmcli.text import safe
from crmcli.tui.widgets.lines import Lines
from crmcli.tui.widgets.rows import fit, wrapped

if TYPE_CHECKING:
    from crmcli.service import card
    from crmcli.store.search import Key

LABEL = 12  # cells of the column of labels, at least
FEW = 12  # interactions beside a list
NO_STEP = mark("No next step yet: a adds a task, c logs with a next step")


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a card before it is wrapped: head, heading, fact, late, said or hint."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A card as it is read: the record, and its parts in order."""

    key: "Key"
    record: "card.Record"
    parts: tuple[Part, ...]


def read_sheet(crm: Context, key: "Key", *, ascii: bool = False, timeline: int = FEW) -> Sheet:
    """Read the card of a record; on a thread. What that needs is imported after the first paint."""
    from crmcli.service import card

    record = card.read(crm, key, timeline=timeline)
    return Sheet(key, record, tuple(_parts(crm, key, record, ascii)))


def _parts(crm: Context, key: "Key", record: "card.Record", ascii: bool) -> Iterator[Part]:
    from crmcli.service import card, sold
    from crmcli.store.search import reference

    name = record.get("name") or record.get("title") or record.get("kind") or ""
    yield Part("head", reference(key), str(name))
    for label, text in _facts(crm, key, record, ascii):
        yield Part("fact", label, text)
    if key[0] not in card.TOLD:
        return
    deals = list(sold.lines(crm, record.get("deals", ())))
    ended = ", ".join(sold.closed_words(record.get("closed_deals", ())))
    if deals or ended:
        yield Part("heading", "", tr("Deals"))
    for _, where, about in deals:
        yield Part("fact", where, about)
    if ended:
        yield Part("fact", tr("so far"), ended)
    groups = card.follow_ups(crm, record)
    for heading, tasks in groups:
        yield Part("heading", "", heading)
        for task in tasks:
            yield Part("late" if task.late else "fact", task.due, task.title)
    if not groups:
        yield Part("hint", "", tr(NO_STEP))
    yield from timeline_parts(card.timeline(crm, record["timeline"]))


def _facts(
    crm: Context, key: "Key", record: "card.Record", ascii: bool
) -> Iterator[tuple[str, str]]:
    """Give what is known of a record, label and text."""
    from crmcli.service import card

    if key[0] == "deal":
        from crmcli.service.fact import deal

        return ((one.label, one.text) for one in deal.facts(crm, key[1]) if one.text)
    if key[0] in card.TOLD:
        return card.facts(crm, key[0], record, ascii=ascii)
    return card.plain_facts(crm, record)


def timeline_parts(said: "list[card.Said]", day: str = "") -> Iterator[Part]:
    """Give interactions, newest first, with a heading for each day after `day`."""
    for one in said:
        if one.day != day:
            day = one.day
            yield Part("heading", "", day)
        yield Part("said", f"{one.time} {one.kind}", one.text)


def drawn(sheet: Sheet, width: int, *, styles: "dict[str, str]") -> Text:
    """Give a card as text of this width, every line made safe."""
    text, label = Text(end=""), 0
    for at, part in enumerate(sheet.parts):
        if at == 0 or part.kind in ("head", "heading"):
            label = label_width(sheet.parts[at + 1 :], width)
        text.append_text(drawn_part(part, width, label, styles))
    return text


def label_width(parts: Sequence[Part], width: int) -> int:
    """Give the width of the labels until the next heading, so that what they tell is aligned."""
    block = takewhile(lambda part: part.kind != "heading", parts)
    labels = [cell_len(safe(part.label)) for part in block if part.kind in ("fact", "late")]
    return min(max([LABEL, *(cells + 2 for cells in labels)]), max(width // 2, LABEL))


def drawn_part(part: Part, width: int, label: int, styles: "dict[str, str]") -> Text:
    """Give the lines of one part, with so many cells for its label."""
    text = Text(end="")
    style = styles.get(part.kind, "")
    if part.kind == "head":
        ref = f"  {part.label}"
        text.append(
            fit(safe(part.text), min(cell_len(safe(part.text)), max(width - len(ref), 4))), "bold"
        )
        return text.append(f"{ref}\n", styles.get("label", ""))
    if part.kind == "heading":
        return text.append(f"\n{safe(part.text)}\n", style)
    if part.kind == "hint":
        return text.append("\n" + "\n".join(wrapped(part.text, width)) + "\n", style)
    if part.kind == "said":
        text.append(safe(part.label) + "\n", styles.get("label", ""))
        for line in wrapped(part.text, max(width - 2, 8)) if part.text else ():
            text.append(f"  {line}\n")
        return text
    for at, line in enumerate(wrapped(part.text, max(width - label, 8))):
        text.append(fit(safe(part.label) if at == 0 else "", label), styles.get("label", ""))
        text.append(line + "\n", style)
    return text


class CardPane(Lines, can_focus=False):
    """Shows a sheet, or what an empty one teaches."""

    DEFAULT_CSS = """
    CardPane {
        & > .card--label { color: $text-muted; }
        & > .card--heading { color: $accent; text-style: bold; }
        & > .card--late { color: $warning; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"card--label", "card--heading", "card--late"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sheet: Sheet | None = None
        self._lines: list[Text] = []

    def show(self, sheet: Sheet | None, *, keep: bool = False) -> None:
        """Show a card from its top; `keep` leaves it scrolled as it is."""
        self.sheet = sheet
        self._draw()
        if not keep:
            self.scroll_home(animate=False, immediate=True)

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw()

    def on_mount(self) -> None:
        """Draw anew when the theme changes, as soon as its colours are there."""
        self.watch(self.app, "theme", self._draw_later, init=False)

    def _draw_later(self) -> None:
        self.call_after_refresh(self._draw)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part, a cell from the edge."""
        at = y + int(self.scroll_offset.y)
        base = self.rich_style
        if at >= len(self._lines):
            return Strip.blank(self.wide, base)
        segments = [Segment(" "), *self._lines[at].render(self.app.console)]
        return Strip(segments).adjust_cell_length(self.wide).apply_style(base)

    def _draw(self) -> None:
        width = (self.wide or 40) - 2  # a cell on either side
        styles = {
            name: self.get_component_rich_style(f"card--{name}", partial=True)
            for name in ("label", "heading", "late")
        }
        styles["hint"] = styles["label"]
        text = drawn(self.sheet, width, styles=styles) if self.sheet else Text("")  # type: ignore[arg-type]
        self._lines = list(text.split("\n"))
        self.set_length(len(self._lines))
        self.refresh()
