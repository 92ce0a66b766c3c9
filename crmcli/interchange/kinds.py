"""The table of files that are no delimited text: a new one is a new file and a row here.

Told by the first bytes, never by the name alone. What is none of these is read as JSON or as a
table (read.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from crmcli.interchange.decode import Opened
from crmcli.interchange.reading import How, Reading
from crmcli.interchange.table import Known, Rows


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Args:
        title: what it is, for people: `a file of cards`.
        applies: whether a file is of this kind, by its first bytes and its name.
        items: reads it as cards, messages or objects; takes over the opened file.
        rows: reads it as rows under a header, which `--map` and the presets then understand.
    """

    title: str
    applies: Callable[[Opened], bool]
    items: Callable[[Opened, How], Reading] | None = None
    rows: Callable[[Opened, How, Known], Rows] | None = None


KINDS: tuple[Kind, ...] = ()
"""In order: the first one that applies is taken. The modules that read are imported when used."""


def kind_of(opened: Opened) -> Kind | None:
    """Give the kind of a file; None for JSON and delimited text."""
    return next((kind for kind in KINDS if kind.applies(opened)), None)
