"""What a filter that is being typed may go on with: fields, tags, views, and values of fields."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crmcli.context import Context
from crmcli.store.fields import PROPERTIES, SYNONYMS, WAYS
from crmcli.text import fold, masker

SHORTEST = 2  # letters of a bare word that may become a field
# The term under the cursor: what begins it, and what was typed of its last value.
_TERM = re.compile(r"(?:^|[\s(])(?P<head>[^\s\"(]*[:=<>,]|[+@])?(?P<piece>\"[^\"]*|[^\s\"(),:]*)$")
_OPERATORS = {
    "date": ("before", "after", "not"),
    "instant": ("before", "after", "not"),
    "birthday": ("before", "after", "not"),
    "days": ("over", "under", "not"),
    "number": ("over", "under", "not"),
    "minutes": ("over", "under", "not"),
    "money": ("over", "under", "not"),
}
_DAYS = ("today", "yesterday", "tomorrow", "none", "any")
_NOUN_OF_OWN = ("contact", "org", "deal")


@dataclass(frozen=True, slots=True)
class Words:
    """What the database adds to the table of fields.

    Args:
        noun: of which records.
        own: the keys of own fields, with the words that those of choice take.
        tags: the names of tags.
        views: the names of this noun's views.
        owners: the names of owners; none while names are masked.
    """

    noun: str
    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tags: Sequence[str] = ()
    views: Sequence[str] = ()
    owners: Sequence[str] = ()


def words(crm: Context, noun: str) -> Words:
    """Read what may be typed in filters of a noun."""
    from crmcli.store.field import definitions
    from crmcli.store.filter import tag_names, user_names
    from crmcli.store.view import list_views

    reader = crm.store.reader
    own = definitions(reader, noun) if noun in _NOUN_OF_OWN else []
    return Words(
        noun,
        {one.key: one.choices for one in own},
        tag_names(reader),
        [view.name for view in list_views(reader) if view.noun == noun],
        () if masker() else user_names(reader),
    )


def completed(known: Words, text: str) -> tuple[str, str]:
    """Give how the last term of a filter may go on.

    Args:
        known: what there is.
        text: the filter up to the cursor.

    Returns:
        What is missing, to be shown behind the cursor, and the whole text with it; "" and "" for
        nothing. A name with spaces is quoted in the whole text.
    """
    found = _TERM.search(text)
    if found is None or text.count('"') % 2 != found["piece"].startswith('"'):
        return "", ""
    piece = found["piece"].lstrip('"')
    head = found["head"] or ""
    if not head and (found["piece"] != piece or len(piece) < SHORTEST):
        return "", ""
    for word in _candidates(known, head, piece):
        if len(word) > len(piece) and word[: len(piece)].casefold() == piece.casefold():
            whole = text[: len(text) - len(found["piece"])] + _quoted(word, found["piece"])
            return word[len(piece) :], whole
    return "", ""


def _candidates(known: Words, head: str, piece: str) -> Iterator[str]:
    """Give what may stand behind the head of a term, the likely first."""
    if head == "+":
        yield from known.tags
    elif head == "@":
        yield from known.views
    elif head:
        yield from _values(known, re.split("[:=<>]", head)[0].split("."))
    else:
        yield from _fields(known, piece.split("."))


def _fields(known: Words, path: Sequence[str]) -> Iterator[str]:
    """Give fields of the noun at the end of a path, or the comparisons of the field there."""
    before = "".join(f"{part}." for part in path[:-1])
    noun, name = _walked(known.noun, path[:-1])
    if name:
        for operator in _OPERATORS.get(_kind(noun, name), ("not",)):
            yield f"{before}{operator}:"
        return
    if not noun:
        return
    names = (*PROPERTIES[noun], *(known.own if noun == known.noun else ()), *SYNONYMS[noun])
    for one in names:
        yield f"{before}{one}:"


def _values(known: Words, path: Sequence[str]) -> Iterator[str]:
    """Give the words that a field takes."""
    if len(path) > 1 and path[-1] in {word for words in _OPERATORS.values() for word in words}:
        path = path[:-1]
    noun, name = _walked(known.noun, path)
    name = name or path[-1]
    asked = PROPERTIES.get(noun, {}).get(name)
    if asked is None:
        yield from known.own.get(name, ())
    elif asked.kind == "tag":
        yield from known.tags
    elif asked.kind == "owner":
        yield from ("me", *known.owners)
    elif asked.kind == "choice":
        yield from asked.words or ()
    elif asked.kind == "bool":
        yield from ("yes", "no")
    elif asked.kind in ("date", "instant", "birthday"):
        yield from _DAYS
    else:
        yield from ("none", "any")


def _walked(noun: str, path: Sequence[str]) -> tuple[str, str]:
    """Give the noun that a path leads to, and the field of it that the path ends in, or ""."""
    for number, part in enumerate(path):
        name = SYNONYMS[noun].get(part, part)
        is_last = number == len(path) - 1
        if name in WAYS[noun]:
            noun = WAYS[noun][name][0]
        elif is_last:
            return noun, name
        else:
            return "", ""
    return noun, ""


def _kind(noun: str, name: str) -> str:
    known = PROPERTIES[noun].get(name)
    return known.kind if known else ""


def _quoted(word: str, piece: str) -> str:
    """Give a word as it is typed: in quotes where it has spaces, or where one was begun."""
    return f'"{word}"' if piece.startswith('"') or " " in fold(word) else word
