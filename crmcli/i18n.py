"""What is said to people, in their language: gettext catalogues in `locale/`, English in the code.

Only what people read is translated: messages, help, headings. Machine formats, references and
stored words are the same in every language. Data is only ever a named value of a message, never a
part of it. Light: without a catalogue nothing is imported.
"""

import os
from _thread import get_ident

LOCALES = os.path.join(os.path.dirname(__file__), "locale")
DOMAIN = "crm"

TYPE_CHECKING = False  # `typing` costs too much here; checkers know this name
if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations
    from typing import Any, TypeVar

    T = TypeVar("T")
    R = TypeVar("R")

_catalogue: "NullTranslations | None" = None
_in_english: set[int] = set()  # the threads that are telling machines something


def use(language: str) -> None:
    """Speak `language` from now on, if there is a catalogue for it; else English.

    Args:
        language: such as `sl`, `sl_SI.UTF-8` or `en`; "" for that of the environment.
    """
    global _catalogue  # one process speaks one language
    name = (language or _environment()).partition(".")[0].partition("@")[0].replace("-", "_")
    _catalogue = _load(name) or _load(name.partition("_")[0])


def tr(message: str, /, **values: "Any") -> str:
    """Give `message` in the user's language, its `{name}` fields filled with `values`."""
    catalogue = _spoken()
    text = catalogue.gettext(message) if catalogue and message else message
    return text.format(**values) if values else text


def trn(one: str, many: str, count: int, /, **values: "Any") -> str:
    """Give the form of a message that fits `count`, which fills `{count}` too."""
    catalogue = _spoken()
    text = catalogue.ngettext(one, many, count) if catalogue else (one if count == 1 else many)
    return text.format(count=count, **values)


def in_english(say: "Callable[[T], R]", about: "T") -> "R":
    """Give what `say` says about something in English, for output that machines read."""
    thread = get_ident()
    if thread in _in_english:
        return say(about)
    _in_english.add(thread)
    try:
        return say(about)
    finally:
        _in_english.discard(thread)


def _spoken() -> "NullTranslations | None":
    """Give the catalogue of this thread's messages; None for English."""
    return None if _in_english and get_ident() in _in_english else _catalogue


def mark(message: str) -> str:
    """Give `message` as it is; it is put into the catalogues, and passes `tr` where it is said."""
    return message


def all_messages() -> "list[str]":
    """Give every message, in English and in the user's language; what all catalogues know."""
    names = sorted(os.listdir(LOCALES)) if os.path.isdir(LOCALES) else []
    catalogue = _catalogue or next(filter(None, map(_load, names)), None)
    said: dict[str | tuple[str, int], str] = getattr(catalogue, "_catalog", {})
    english = [key if isinstance(key, str) else key[0] for key in said]
    return [*english, *said.values()] if _catalogue else english


def _environment() -> str:
    """Give the language of messages, as POSIX orders the variables."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return ""


def _load(name: str) -> "NullTranslations | None":
    """Give the catalogue of a language; None when there is none, or one that cannot be read."""
    if not name.replace("_", "").isalpha():
        return None
    path = os.path.join(LOCALES, name, "LC_MESSAGES", f"{DOMAIN}.mo")
    if not os.path.exists(path):
        return None
    from gettext import GNUTranslations

    try:
        with open(path, "rb") as file:
            return GNUTranslations(file)
    except Exception:  # whatever is wrong with it: better English than nothing
        return None
