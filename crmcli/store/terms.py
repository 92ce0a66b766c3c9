"""The words of a query, and how well a record fits them; light, for a hot call stands on it."""

from collections.abc import Iterator, Mapping, Sequence

from crmcli.rules.digits import PHONE_CHARS, search_digits
from crmcli.text import clean, fold, is_ideograph, is_word_char, spaced

LONGEST = 300  # characters of a query that count
FIRST_IDEOGRAPH = "\u2e80"
Near = Mapping[str, Sequence[str]]  # for a typed word, the words of names that it may mean


def folded_query(text: str) -> str:
    """Give what is looked for: cleaned like everything stored, folded, of a sensible length."""
    return fold(clean(text[:LONGEST]))


def words(folded: str) -> Iterator[str]:
    """Give words of letters and digits, and runs of ideographs, one by one."""
    for text in folded.split():
        if text.isalnum() and max(text) < FIRST_IDEOGRAPH:
            yield text  # nearly all; letter by letter takes ten times as long
        else:
            yield from _runs(text)


def _runs(text: str) -> Iterator[str]:
    word, was_ideograph = "", False
    for char in text + " ":
        ideograph = is_ideograph(char)
        if word and (not is_word_char(char) or ideograph != was_ideograph):
            yield word
            word = ""
        if is_word_char(char):
            word += char
        was_ideograph = ideograph


def expression(folded: str, near: Near = {}) -> str:  # noqa: B006 - never changed
    """Give the full-text query: each word from its beginning, each run of ideographs a phrase.

    A word with similar ones may be any of them.
    """
    terms = []
    for part in words(folded):
        is_run = is_ideograph(part[0])
        term = f'"{" ".join(part)}"' if is_run else f'"{part}"*'
        others = [f'"{word}"' for word in near.get(part, ())]
        terms.append(f"({' OR '.join([term, *others])})" if others else term)
    return " AND ".join(terms)


def phone_part(folded: str) -> str:
    """Give the digits to look for when a text can only be a part of a number, else ""."""
    digits = search_digits(folded)
    if not set(folded) <= PHONE_CHARS or len(digits) < 3 or sum(map(str.isdigit, folded)) < 4:
        return ""
    return digits


def rank(title: str, folded: str) -> tuple[int, int, int]:
    """Give how well a record fits by its title: small is good."""
    names = title.split("\n")  # the name, and the nickname
    plain = spaced(folded)
    if plain in names:
        return 0, 0, 0
    if any(name.startswith(plain) for name in names):
        return 1, 0, 0
    held = title.split()
    in_title = all(any(word.startswith(part) for word in held) for part in words(folded))
    return (2, 0, 0) if in_title else (3, 0, 0)


class Whole:
    """Tells whether a record that full-text search found holds each run of ideographs in one word.

    Title and body have two spaces between words.
    """

    def __init__(self, folded: str) -> None:
        self.mixed = [pieces for word in folded.split() if len(pieces := _pieces(word)) > 1]
        self.runs = [" ".join(part) for part in words(folded) if is_ideograph(part[0])]

    def __call__(self, title: str, body: str) -> bool:
        """Tell whether a record of this title and body does."""
        if not self.runs:
            return True
        text = f"{title}  {body}"
        parts = text.replace("\n", "  ").split("  ") if self.mixed else []
        return all(run in text for run in self.runs) and all(
            any(_holds(part, pieces) for part in parts) for pieces in self.mixed
        )


def _pieces(word: str) -> list[str]:
    """Give the parts of a word that mixes ideographs with other letters; none for a plain one."""
    pieces = list(words(word))
    return pieces if any(is_ideograph(piece[0]) for piece in pieces) else []


def _holds(text: str, pieces: Sequence[str]) -> bool:
    """Tell whether one word of a record holds all pieces."""
    return all(
        " ".join(piece) in text
        if is_ideograph(piece[0])
        else any(part.startswith(piece) for part in text.split())
        for piece in pieces
    )
