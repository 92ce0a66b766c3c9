"""What is shown while someone looks on: stable fake names, blurred amounts.

Everything is masked but what is known to be harmless: references, dates, times, durations, small
counts, and the program's own words, unless somebody in the database is called so. It goes word by
word: the same word gives the same fake one in every run, so that a name, its handle, its e-mail
and a note that speaks of it still belong together. `text.safe` and `render` use it when
`text.mask_with` was told to. Imported only then.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from hashlib import blake2b
from typing import Any

from crmcli.i18n import all_messages
from crmcli.money import CODES
from crmcli.text import fold

# Beginnings, middles and ends of invented names: some 24,000 of them.
_STARTS = (
    "al an ar bal bel bor bran cal cor dal dar dor el em er fal fen fin gal gar gor hal har hel "
    "il im is jar jel jor kal kel kor lan lin lor mal mel mor nal nel nor ol or pal pel por quin "
    "ral ren ros sal sel sor tal tam tor ul ur val vel vin wal wen yor zal zel"
).split()
_MIDDLES = "a e i o u ade ami eni eri ido ina iro oli oma una uri".split()
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ENDS = (
    "ba bin cas da dor fin ga kas lin lo mas mir na nis ra ren rin sa son ta tis va vin zo".split()
)

# Values under these keys of a record are names as a whole, whatever words they are made of.
_NAMES = frozenset(
    "name handle org owner actor user display_name name_norm given_name additional_name "
    "family_name nickname who people prefix suffix".split()
)
# Values under these are the program's words, whoever is called so.
_WORDS = frozenset(
    "kind status lifecycle_stage stage section direction outcome op table state type noun basis "
    "repeat_from format".split()
)
_AS_THEY_ARE = frozenset(("rrule", "tz", "currency"))
_STRICT = frozenset(
    "custom amount street extended locality region postal_code country address_street "
    "address_extended address_locality address_region address_postal_code address_country "
    "amount_minor unit_minor net_minor value_minor".split()
)
_REFERENCE = re.compile(r"[a-z]?\d+")

_YEAR = r"(?:1[3-9]|2[01])\d\d"
_IN_MONTH = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = rf"{_YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?"
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
# Between the groups of a telephone number or an amount: ") ", " (", "-", ".", "," but no ", ".
_GAP = r"(?:[ \u00a0\u202f][(/–-]?[ \u00a0\u202f]?|\)[ -]?|[./'’-][ (]?|,)"
_NUMBER = rf"\+?\(?\d+(?:{_GAP}(?!{_DAY}(?!\d))\d+)*"
_AMOUNT = rf"(?:{_NUMBER}|(?<![•*])[•*][•*.,'’ ]{{0,24}})"  # what was blurred before still is one
_SPELT = (
    "eur usd gbp chf euro euros dollar dollars pound pounds franc francs toman tomans rial rials "
    "تومان ریال руб"
)
_CODES = frozenset(map(str.lower, CODES)) | frozenset(_SPELT.split())
_CURRENCY = (
    r"(?:[$¢£¤¥֏؋৲৳฿៛₠-₿﷼元円원]|(?<![^\W_])(?:"
    + "|".join(sorted(CODES))
    + rf"|(?i:{_SPELT.replace(' ', '|')}))(?![^\W_]))"
)
_TOKENS = rf"""
(?P<uid> \b [0-9a-fA-F]{{8}} (?:-[0-9a-fA-F]{{4}}){{3}} - [0-9a-fA-F]{{12}} \b )
| (?P<url> \b [A-Za-z][A-Za-z0-9+.-]{{1,15}} :// (?P<host> [^\s/<>"'?\#),;]* (?<![.:!]) )
    (?: [/?\#] [^\s<>"']*? (?=[).,;:!?\]]*(?:[\s<>"']|$)) )? )
| (?P<email> [\w.+%'-]{{1,64}} @ [\w-]+ (?:\.[\w-]+)* )
| (?P<domain> (?<![\w@.]) (?:[\w-]{{1,63}}\.){{1,8}} (?P<top> [a-z]{{2,24}} ) (?![\w-])
    (?: / [^\s<>"']* )? )
| (?P<said> (?<![\w.,+-]) \d{{1,2}} \.? [ ] (?P<month> [^\W\d_]{{2,12}} ) \.? ,? [ ] {_YEAR}
    (?![\w-]) )
| (?P<date> (?<![\w+-]) (?:
    \d{{8}}T\d{{6}}Z?
    | {_DAY} (?: [T ] {_TIME} (?: Z | [+-]\d\d:?\d\d )? )?
    | --\d\d-\d\d
    | {_YEAR}-(?:W\d\d|Q[1-4])
    | {_IN_MONTH} (?P<dot> [./] ) [ ]? {_IN_MONTH} (?P=dot) [ ]? (?:19|20)\d\d
    | {_TIME}
  ) (?![\w]|-\d) )
| (?P<money> (?P<before> {_CURRENCY} ) [ \u00a0]? -? {_AMOUNT}
    | (?<![^\W_]) {_AMOUNT} [ \u00a0\u202f]? (?P<after> {_CURRENCY} ) )
| (?P<plain> (?<!\w) (?:
    [ctoid]\d{{1,7}} | (?:\d{{1,4}}(?:min|mo|[dwmyhsx]))+ | \d{{1,3}}(?:st|nd|rd|th)
  ) (?!\w) )
| (?P<number> (?<![^\W_]) {_NUMBER} (?![^\W_]) )
| (?P<word> WORD+ (?: ['’ʼ] WORD+ )* )
"""


class Masker:
    """Masks texts and records.

    Args:
        own: gives the words of the program, folded; asked once.
        names: gives the words of names in the database, folded, out of some words; asked once, and
            again after `forget`.
        sign: what stands for a digit.
    """

    def __init__(
        self,
        own: Callable[[], Iterable[str]],
        names: Callable[[Collection[str]], Iterable[str]],
        sign: str = "•",
    ) -> None:
        self._own = own
        self._names = names
        self._sign = sign
        self._words: frozenset[str] = frozenset()  # the program's
        self._taken: frozenset[str] | None = None  # those of them that are names too
        self._given: set[str] = set()  # fakes; what was masked before stays as it is

    def forget(self) -> None:
        """Look at the names again, after something was written."""
        self._taken = None

    def text(self, value: str) -> str:
        """Mask a text: all but what is known to be harmless."""
        return _Pass(self, self._kept).mask(value)

    def name(self, value: str) -> str:
        """Mask a name: every word of it."""
        return _Pass(self, self._was_given).mask(value)

    def strict(self, value: str) -> str:
        """Mask every word and every number."""
        return _Pass(self, self._was_given, counts=False).mask(value)

    def record(self, value: Any, key: str = "") -> Any:
        """Mask a record, or a value that stands under `key`; keys and references stay."""
        if isinstance(value, dict):
            if set(value) == {"amount", "currency"}:
                return {**value, "amount": self.blurred(str(value["amount"]))}
            strict = key if key in _STRICT else ""
            return {name: self.record(item, strict or name) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.record(item, key) for item in value]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and key not in _STRICT:
            return value
        return self._value(str(value), key)

    def blurred(self, value: str) -> str:
        """Give a number with its digits blurred; its shape stays."""
        return "".join(self._sign if char.isdigit() else char for char in value)

    def hidden(self, value: str) -> str:
        """Give a code with letters and digits blurred."""
        return "".join(self._sign if char.isalnum() else char for char in value)

    def fake(self, key: str) -> str:
        """Give the fake word of a folded word, in lower case."""
        found = _fake(key)
        if len(found) > 1:  # an initial may be anybody's
            self._given.add(found)
        return found

    def _value(self, value: str, key: str) -> str:
        if key == "id":
            return value if _REFERENCE.fullmatch(value) else _Pass(self, self._kept).words(value)
        if key in _AS_THEY_ARE:
            return value
        if key in _STRICT:
            return self.strict(value)
        if key in _WORDS:
            return _Pass(self, self._is_own).mask(value)
        return self.name(value) if key in _NAMES else self.text(value)

    def _was_given(self, key: str) -> bool:
        return key in self._given

    def _is_own(self, key: str) -> bool:
        """Tell whether a folded word is one of the program's."""
        if not self._words:
            self._words = frozenset(self._own())
        return key in self._words or self._was_given(key)

    def _kept(self, key: str) -> bool:
        """Tell whether a folded word may be seen: the program's, and nobody's name."""
        return self._is_own(key) and self.is_nobody(key)

    def is_nobody(self, key: str) -> bool:
        """Tell whether nobody in the database is called by a word of the program, a currency."""
        if self._taken is None:
            self._taken = frozenset()  # whatever goes wrong below may be told with masked texts
            self._is_own("")
            self._taken = frozenset(self._names(self._words | _CODES))
        return key not in self._taken


class _Pass:
    """One way through a text.

    Args:
        masker: gives the fakes.
        keeps: tells whether a folded word may be seen.
        counts: whether small numbers may be.
    """

    def __init__(self, masker: Masker, keeps: Callable[[str], bool], counts: bool = True) -> None:
        self.masker = masker
        self.keeps = keeps
        self.counts = counts

    def mask(self, value: str) -> str:
        """Give the text masked."""
        return _pattern(value.isascii()).sub(self._token, value)

    def words(self, value: str) -> str:
        """Give the text with its words masked; it is no address and holds no date."""
        return _word_pattern(value.isascii()).sub(self._word, value)

    def _token(self, match: re.Match[str]) -> str:
        text = match[0]
        kind = match.lastgroup
        if match["domain"]:
            return self._domain(match)
        if match["said"]:
            return text if self.keeps(fold(match["month"])) else self.words(text)
        if match["url"]:
            return f"{text.partition('://')[0]}://{self._host(match['host'])}"
        if match["email"]:
            return self._mail(text)
        if match["word"]:
            return self._word(match)
        if kind == "number":
            return text if self.counts and _is_small(text) else self.masker.blurred(text)
        if match["money"]:
            return self._money(match)
        return self.masker.hidden(text) if kind == "uid" else text

    def _domain(self, match: re.Match[str]) -> str:
        """Mask an address without https; what only looks like one word by word."""
        if match["top"] in _ENDINGS or self.keeps(match["top"]):
            return self.words(match[0])
        return self._host(match[0].partition("/")[0])

    def _host(self, host: str) -> str:
        """Give a host in a domain that nobody can own."""
        host = host.rpartition("@")[2].partition(":")[0].removeprefix("www.")
        stem = host.rpartition(".")[0] or host
        return f"{_Pass(self.masker, self.masker._was_given).words(stem).lower()}.example"

    def _mail(self, address: str) -> str:
        local, _, host = address.rpartition("@")
        return (
            f"{_Pass(self.masker, self.masker._was_given).words(local).lower()}@{self._host(host)}"
        )

    def _money(self, match: re.Match[str]) -> str:
        """Blur an amount, however small; its currency stays, unless somebody is called so."""
        currency = match["before"] or match["after"]
        shown = self.masker.blurred(match[0])
        return shown if self.masker.is_nobody(currency.lower()) else self.words(shown)

    def _word(self, match: re.Match[str]) -> str:
        word, ending = match[0], ""
        if word[-2:-1] in ("'", "’") and word[-1] in "sS":
            word, ending = word[:-2], word[-2:]
        key = "".join(fold(word).replace("'", "").split())
        if not any(map(str.isalnum, key)):
            return match[0]  # signs that only steer glyphs, such as of an emoji
        if any(map(str.isdigit, key)):
            return self._mixed(word, key) + ending
        if self.keeps(key):
            return match[0]
        return _cased(self.masker.fake(key), word) + ending

    def _mixed(self, word: str, key: str) -> str:
        """Mask a word with digits: a name and its number, else a code."""
        stem = key.rstrip("0123456789")
        number = key[len(stem) :]
        if key.isdigit():
            return word if self.counts and _is_small(key) else self.masker.blurred(word)
        if not stem.isalpha() or len(stem) < 2 or len(number) > 3:
            return self.masker.hidden(word)
        shown = number if self.counts else self.masker.blurred(number)
        return (stem if self.keeps(stem) else _cased(self.masker.fake(stem), word)) + shown


_ENDINGS = frozenset("csv json jsonl ics db toml log txt md vcf xlsx html sh py gz zip".split())


def _is_small(text: str) -> bool:
    """Tell a small count from a telephone number or an amount."""
    groups = re.findall(r"\d+", text)
    digits = sum(map(len, groups))
    is_bare = text[0] != "+" and (text[0] != "(" or len(groups) == 1)  # (3 days ago)
    return is_bare and (digits <= 3 or (digits == 4 and max(map(len, groups)) <= 2))


def _cased(fake: str, word: str) -> str:
    """Give a fake word in the case of the word it stands for."""
    if word[0].islower():
        return fake
    return fake.upper() if len(word) > 1 and word.isupper() else fake.capitalize()


# A word of a message: no part of an example's address, no field to be filled.
_SAID = re.compile(r"(?<![\w@./])[^\W\d_]+(?![\w@/]|\.\w)")
_FIELD = re.compile(r"\{[^}]*\}")
# Words that no message may hold: of durations and rules of recurrence.
_MORE = "crm h min mo dur tz rrule freq weekly daily monthly interval"


def words_said() -> set[str]:
    """Give the folded words of all messages, without the names of their examples.

    What is written in capitals only, and not where a message begins, is such a name.
    """
    found = set(_MORE.split())
    examples = {"ana", "novak", "acme"}  # in handles too
    for message in all_messages():
        for match in _SAID.finditer(_FIELD.sub(" ", message)):
            if match.start() == 0 or not match[0][0].isupper():
                found.add(fold(match[0]))
    return found - examples


@cache
def _fake(key: str) -> str:
    """Give the fake word of a folded word: always the same one, never itself."""
    number = int.from_bytes(blake2b(key.encode("utf-8", "replace"), key=b"crm mask").digest())
    if len(key) == 1 and key in _LETTERS:
        return _LETTERS[(_LETTERS.index(key) + 1 + number % 25) % 26]
    while True:
        parts = []
        for choices in (_STARTS, _MIDDLES, _ENDS):
            number, at = divmod(number, len(choices))
            parts.append(choices[at])
        if (found := "".join(parts)) != key:
            return found


@cache
def _pattern(is_ascii: bool) -> re.Pattern[str]:
    """Give what finds the parts of a text; for plain ASCII a faster one."""
    return re.compile(_TOKENS.replace("WORD", _word(is_ascii)), re.VERBOSE)


@cache
def _word_pattern(is_ascii: bool) -> re.Pattern[str]:
    return re.compile("WORD+(?:['’ʼ]WORD+)*".replace("WORD", _word(is_ascii)))


def _word(is_ascii: bool) -> str:
    """Give the class of what words are made of: letters, digits, and what clings to them."""
    return "[A-Za-z0-9]" if is_ascii else rf"(?:[^\W_]|[{_clinging()}])"


@cache
def _clinging() -> str:
    """Give the ranges of vowel signs, joiners, and letters in circles and squares."""
    found: list[list[int]] = []
    for code in (*range(0x80, 0x1F300), *range(0xE0000, 0xE01F0)):
        if not _clings(chr(code)):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in found)


def _clings(char: str) -> bool:
    from unicodedata import category, normalize

    kind = category(char)
    if kind[0] == "M" or kind == "Cf":
        return True
    return kind in ("So", "No") and any(map(str.isalnum, normalize("NFKD", char)))
