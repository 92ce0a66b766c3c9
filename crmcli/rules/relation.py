"""Relations between people: the words that are known, each with its inverse."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from crmcli.errors import ConflictError, UsageError
from crmcli.i18n import tr
from crmcli.rules.values import line
from crmcli.text import fold

LONGEST = 60
_TAILS = ("", " of", " by", " to")  # `--as manager` is `manager of`


@dataclass(frozen=True, slots=True)
class Pair:
    """A word and its inverse: Ana is `manager of` Bo, so Bo `reports to` Ana."""

    name: str
    inverse: str

    @property
    def is_symmetric(self) -> bool:
        """Tell whether the relation goes both ways alike."""
        return fold(self.name) == fold(self.inverse)


SHIPPED = (
    Pair("manager of", "reports to"),
    Pair("referred by", "referred"),
    Pair("introduced by", "introduced"),
    Pair("parent of", "child of"),
    Pair("mentor of", "mentored by"),
    Pair("assistant of", "assisted by"),
    *(Pair(word, word) for word in ("spouse of", "partner of", "sibling of", "friend of")),
    Pair("colleague of", "colleague of"),
)


def read_word(word: str, inverse: str, known: Sequence[Pair]) -> tuple[Pair, bool]:
    """Give the pair a word means, and whether the word is its inverse.

    Args:
        word: as typed: `referred by`, `Referred`, `manager`.
        inverse: the other side of a new word; "" when the word must be known.
        known: all pairs there are.

    Raises:
        UsageError: an unknown word without its inverse; the hint names the nearest.
        ConflictError: the inverse contradicts what is known.
    """
    found = _find(word, known)
    if found is None and inverse:
        return new_pair(word, inverse, known), False
    if found is None:
        raise UsageError(tr("unknown relation {word!r}", word=word), _hint(word, known))
    pair, is_inverse = found
    other = pair.name if is_inverse else pair.inverse
    if inverse and fold(inverse) != fold(other):
        raise ConflictError(
            tr("the inverse of {word!r} is {other!r}", word=word, other=other),
            tr("`crm relation` lists them"),
        )
    return found


def new_pair(word: str, inverse: str, known: Sequence[Pair]) -> Pair:
    """Give a pair of new words, cleaned.

    Raises:
        UsageError: a word that is empty or too long.
        ConflictError: a word that is known already.
    """
    pair = Pair(_cleaned(word), _cleaned(inverse))
    for text in (pair.name, pair.inverse):
        if any(fold(text) in (fold(one.name), fold(one.inverse)) for one in known):
            raise ConflictError(
                tr("{text!r} is a relation already", text=text), tr("`crm relation` lists them")
            )
    return pair


def _find(word: str, known: Sequence[Pair]) -> tuple[Pair, bool] | None:
    for tail in _TAILS:
        wanted = fold(word) + tail
        for pair in known:
            if wanted == fold(pair.name):
                return pair, False
            if wanted == fold(pair.inverse):
                return pair, True
    return None


def _hint(word: str, known: Sequence[Pair]) -> str:
    words = {fold(text): text for pair in known for text in (pair.name, pair.inverse)}
    near = get_close_matches(fold(word), words, 1)
    meant = tr("did you mean {name!r}? ", name=words[near[0]]) if near else ""
    return tr("{meant}a new one needs its other side: --inverse WORD", meant=meant)


def _cleaned(word: str) -> str:
    text = line(word, "relation") or ""
    if not text or len(text) > LONGEST or not fold(text):
        raise UsageError(
            tr("not a relation: {word!r}", word=word[:LONGEST]), tr("such as 'investor of'")
        )
    return text
