"""What draws itself line by line."""

from textual.geometry import Size
from textual.scroll_view import ScrollView


class Lines(ScrollView):
    """A view of lines that grows and shrinks without a new layout of the whole screen.

    Laying out a screen costs more than drawing a list: thirty milliseconds with every letter typed.
    """

    DEFAULT_CSS = """
    Lines {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    @property
    def wide(self) -> int:
        """Give the cells of a line, beside the scroll bar."""
        return self.scrollable_content_region.width

    @property
    def high(self) -> int:
        """Give the lines that can be seen."""
        return self.scrollable_content_region.height

    def set_length(self, lines: int) -> None:
        """Be so many lines long."""
        size = Size(0, lines)
        if size != self.virtual_size:
            self.set_reactive(Lines.virtual_size, size)
            self._scroll_update(size)
