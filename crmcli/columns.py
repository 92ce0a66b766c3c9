"""One column list per noun feeds tables, exports and screens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its machine name, its title, and how it is shown.

    Args:
        key: name in `--fields`, JSON, CSV headers and sort keys.
        title: heading of tables.
        kind: text, id, list, map, phone, when (an instant), day (an instant shown as its date),
            date, number, money, who, people, step (of an open deal; tables tell when there is none)
            or pulse (a row of counts, drawn in tables).
        listed: shown when `--fields` does not say otherwise.
        wide: left out of tables on terminals narrower than a hundred columns.
    """

    key: str
    title: str
    kind: str = "text"
    listed: bool = True
    wide: bool = False
