r"""People as aliases of mutt and neomutt: `alias ana-novak "Ana Novak" <ana@acme.si>`.

The file is read as configuration, in which `` ` `` runs a command even inside quotes, `$` names a
variable and `#` begins a comment; so nobody's name may bring any of these as they are.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from crmcli.rules.channel import EMAIL
from crmcli.text import clean, is_word_char

_LOOK_ALIKE = {ord("`"): "'", ord('"'): "'", ord("\\"): "/"}
_ESCAPED = {ord(char): f"\\{char}" for char in "$#;"}
_NEVER = frozenset("`$#;\\")
NUMBER = "_"  # handles hold none, so `ana-novak_2` is nobody else's


def lines(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give a line for each address that mutt can take, the primary one of a person first.

    Args:
        records: contacts under their names in JSON.
    """
    for record in records:
        for number, address in enumerate(_addresses(record), 1):
            key = _key(record) + (f"{NUMBER}{number}" if number > 1 else "")
            yield f"alias {key} {_name(record['name'])} <{address}>\n"


def takes(record: dict[str, Any]) -> bool:
    """Tell whether a contact has an address for mutt."""
    return bool(_addresses(record))


def _addresses(record: dict[str, Any]) -> list[str]:
    given = (clean(item["value"]) for item in record["emails"])
    return [one for one in given if EMAIL.fullmatch(one) and not _NEVER & set(one)]


def _key(record: dict[str, Any]) -> str:
    handle = record["handle"] or ""
    is_plain = handle and all(char == "-" or is_word_char(char) for char in handle)
    return handle if is_plain else str(record["id"])


def _name(name: str) -> str:
    return f'"{clean(name).translate(_LOOK_ALIKE).translate(_ESCAPED)}"'
