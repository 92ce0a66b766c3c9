"""One column list per noun feeds tables, exports and screens."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its machine name, its title, and how it is shown.

    Args:
        key: name in `--fields`, JSON, CSV headers and sort keys.
        title: heading of tables.
        kind: text, id, list, when (an instant), date or number.
        listed: shown when `--fields` does not say otherwise.
    """

    key: str
    title: str
    kind: str = "text"
    listed: bool = True


Record = dict[str, Any]
