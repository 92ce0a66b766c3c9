"""What a file format is to the reader."""

from collections.abc import Callable
from dataclasses import dataclass

from crmcli.interchange.fields import Mapper


@dataclass(frozen=True, slots=True)
class Preset:
    """A file format, recognised by the set of its headers.

    Args:
        name: shown to the user.
        applies: whether these headers (in normal form) are of this format.
        knows: whether a header (in normal form) is one of this format's own.
        build: makes the mapper for a header and the user's `--map`.
    """

    name: str
    applies: Callable[[set[str]], bool]
    knows: Callable[[str], bool]
    build: Callable[[list[str], dict[str, str]], Mapper]
