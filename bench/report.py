"""The table of figures, as Markdown: fit for a terminal and for docs/performance.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field

TITLES = ("row", "what", "target", "verdict")


@dataclass
class Line:
    """One row of the table.

    Args:
        number: the row in docs/performance.md, such as P1.
        what: what was measured.
        unit: of the figures: x, ms, MiB, …
        target: at most so much, for all scales or by scale; None is informational.
        values: the figure of each scale.
    """

    number: str
    what: str
    unit: str = "x"
    target: float | dict[str, float] | None = None
    values: dict[str, float] = field(default_factory=dict)

    def limit(self, scale: str) -> float | None:
        """Give the most that the figure of `scale` may be."""
        return self.target.get(scale) if isinstance(self.target, dict) else self.target

    def verdict(self) -> str:
        """Say `ok`, `over`, or nothing when there is no target."""
        pairs = [(value, self.limit(scale)) for scale, value in self.values.items()]
        judged = [value <= limit for value, limit in pairs if limit is not None]
        return ("ok" if all(judged) else "**over**") if judged else ""

    def cells(self, scales: Sequence[str]) -> list[str]:
        """Give the cells of the table."""
        values = [self._figure(self.values.get(scale)) for scale in scales]
        limits = [self.limit(scale) for scale in scales]
        shown = sorted({limit for limit in limits if limit is not None})
        target = "≤ " + " / ".join(map(self._figure, shown)) if shown else ""
        return [self.number, self.what, *values, target, self.verdict()]

    def _figure(self, value: float | None) -> str:
        if value is None:
            return ""
        digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
        return f"{value:,.{digits}f}" + ("x" if self.unit == "x" else f" {self.unit}")


def table(lines: Sequence[Line], scales: Sequence[str]) -> str:
    """Give `lines` as one aligned table with a column for each scale."""
    titles = [*TITLES[:2], *scales, *TITLES[2:]]
    rows = [titles, *(line.cells(scales) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(titles))]
    rows.insert(1, ["-" * width for width in widths])
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)
