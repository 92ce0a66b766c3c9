"""Which code page was a file written in, when it is neither Unicode nor ASCII?

Each candidate page reads the sample; each reading is scored by how likely its letters are in the
languages written with that page, and whether they stand where such letters stand: `č` is a
consonant and `è` a vowel, though they are one byte. Scores are natural logarithms. When the
runner-up reads other letters and is not clearly worse, nobody is guessed (`Guess.rival`): a
wrong letter in a name is worse than a question.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import log

from crmcli.text import fold

MARGIN = log(1000)
"""How much likelier the best reading must be than any other that gives different letters."""
FLOOR = log(1e-4)
"""How likely, per letter, a reading must be to count as text at all."""

_LATIN = {
    "sl": "čšžćđ",
    "hr": "ćčšžđ",
    "cs": "áíéčřšýěžůňúóťď",
    "sk": "áíčéšžýúľťňôóäďĺŕ",
    "pl": "łóńśęążćź",
    "hu": "áéőóöíüúű",
    "ro": "ăţşâî",
    "sq": "ëç",
    "de": "üöäßé",
    "fr": "éèçôêëïâîûàùœæÿü",
    "it": "òàùèìé",
    "es": "áéíóñúü",
    "ca": "àèéòíóúçï",
    "pt": "ãáçéíóêâúôàõ",
    "nl": "ëéïöèü",
    "sv": "öäåéü",
    "da": "øæåéöü",
    "is": "óáíéúöýðþæ",
    "et": "õäüöšž",
    "tr": "ıüşçöğİâ",
    "lt": "ėšųžčūįęą",
    "lv": "āīņšēļūžčģķ",
}
_SCRIPTS = {
    "ru": "оаеинтрслвкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оанивітерскмлдпуязьгбчйхжшюцїєщфґ",
    "sr": "аиоенрсјтукдвмплгзбшчцћжњљхђфџ",
    "el": "αοιετσνηυρπκμλςωγδχθφβξζψάίόέήύώϊϋ",
    "he": "יוהלאתרבמשנכעדחקצפגסטזםןךףץ",
    "ar": "الينموردبتعسهحقفكةجشصأخضذطزثىئءظغؤآإ",
    "fa": "اینرمدهوسلتبشکزفگقخحپعجصغطچضآژئثظذيك",
}
_CENTRAL = ("sl", "hr", "cs", "sk", "pl", "hu", "ro", "sq", "de")
_WESTERN = ("de", "fr", "it", "es", "ca", "pt", "nl", "sv", "da", "is")
_CYRILLIC = ("ru", "uk", "sr")

# Code page -> (languages written with it, handicap of the pages that became rare).
_PAGES = {
    "cp1250": (_CENTRAL, 0.0),
    "cp1252": (_WESTERN, 0.0),
    "cp1251": (_CYRILLIC, 0.0),
    "cp1253": (("el",), 0.0),
    "cp1254": (("tr", "de", "fr"), 0.0),
    "cp1255": (("he",), 0.0),
    "cp1256": (("ar", "fa"), 0.0),
    "cp1257": (("lt", "lv", "et", "de", "pl"), 1.0),
    "iso8859_2": (_CENTRAL, 1.0),
    "cp852": (_CENTRAL, 3.0),
    "cp850": (_WESTERN, 3.0),
    "mac_latin2": (_CENTRAL, 3.0),
    "mac_roman": (_WESTERN, 3.0),
    "koi8_r": (("ru",), 1.0),
    "cp866": (("ru",), 1.0),
    "mac_cyrillic": (("ru",), 3.0),
}
# Multi-byte page -> lead bytes of its everyday characters and how many of these there are.
_WIDE = {
    "cp932": (0x88, 0x97, 2965),
    "gb18030": (0xB0, 0xD7, 3755),
    "big5": (0xA4, 0xC6, 5401),
    "cp949": (0xB0, 0xC8, 2350),
    "euc_jp": (0xB0, 0xCF, 2965),
}
# How often a vowel or consonant stands between (before, after): word edge, Vowel, Consonant.
_PLACES = {
    True: {"CC": 0.45, "C_": 0.23, "_C": 0.12, "VC": 0.08, "CV": 0.06, "V_": 0.03, "_V": 0.01},
    False: {"VV": 0.35, "V_": 0.2, "_V": 0.2, "CV": 0.1, "VC": 0.09, "CC": 0.02, "_C": 0.02},
}
_RARE_PLACE, _NEUTRAL = 0.005, 0.1
_TYPOGRAPHY = "’‘“”„–—…\xa0"
_WORD = re.compile(r"(?:[A-Za-z]|[^\x00-\x7f])+")
_WORDS = 5000

Events = Counter[tuple[str, float]]
"""How often each (letter, likelihood of its place) occurs in the different words of a reading."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest code page, and a rival that reads other letters about as likely, if any."""

    encoding: str | None
    rival: str | None = None


def guess(sample: bytes) -> Guess:
    """Guess the code page of `sample`, lines that are not Unicode."""
    ranked = _ranked(sample)
    if not ranked:
        return Guess(None)
    best, score, text = ranked[0]
    for name, other, reading in ranked[1:]:
        if score - other >= MARGIN:
            break
        if reading != text:
            return Guess(best, name)
    return Guess(best)


def same_letters(sample: bytes, encoding: str) -> list[str]:
    """Give the pages that read `sample` just as `encoding` does, likeliest first.

    The Turkish one comes last: what it does not read otherwise was hardly written with it.
    """
    ranked = _ranked(sample)
    text = sample.decode(encoding)
    same = [name for name, _, reading in ranked if reading == text]
    return sorted(same, key="cp1254".__eq__)


def _ranked(sample: bytes) -> list[tuple[str, float, str]]:
    """Give (page, score, reading) of every plausible page, best first."""
    found = []
    for name in (*_PAGES, *_WIDE):
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        score, letters = _wide_score(name, text) if name in _WIDE else _score(name, text)
        if letters and score / letters > FLOOR:
            found.append((name, score, text))
    return sorted(found, key=lambda item: -item[1])


def _words(text: str) -> Iterable[str]:
    """Give the different words of `text` that hold more than ASCII; repeats prove nothing."""
    words = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
    return list(words)[:_WORDS]


def _score(page: str, text: str) -> tuple[float, int]:
    """Score a reading in a single-byte page by its best language; also count its letters."""
    events = _events(_words(text))
    languages, handicap = _PAGES[page]
    best = max(_language_score(page, language, events) for language in languages)
    return best - handicap, events.total()


def _language_score(page: str, language: str, events: Events) -> float:
    """Score the letters for one language, allowing for some names of its neighbours."""
    own, any_ = _letters(language), _page_letters(page)
    return sum(
        count * (log(0.95 * own.get(char, 0.0) + 0.05 * any_.get(char, _odd(char))) + log(place))
        for (char, place), count in events.items()
    )


@cache
def _letters(language: str) -> dict[str, float]:
    """Give how likely each letter of a language is among its letters outside ASCII."""
    letters = _LATIN.get(language) or _SCRIPTS[language]
    total = sum(1 / rank for rank in range(1, len(letters) + 1))
    return {char: 1 / rank / total for rank, char in enumerate(letters, 1)}


@cache
def _page_letters(page: str) -> dict[str, float]:
    """Give how likely each letter is over all languages of a page."""
    languages = _PAGES[page][0]
    shares: Counter[str] = Counter()
    for language in languages:
        for char, share in _letters(language).items():
            shares[char] += share / len(languages)  # type: ignore[assignment]
    return dict(shares)


def _odd(char: str) -> float:
    """Give how likely a character is that no language of the page uses."""
    if char in _TYPOGRAPHY:
        return 0.2
    if char < "\xa0":  # control characters: the page is wrong
        return 1e-6
    return 1e-3 if char.isalpha() else 1e-2


def _events(words: Iterable[str]) -> Events:
    """Count the letters outside ASCII with the likelihood of their places."""
    events: Events = Counter()
    for word in words:
        padded = f"_{word}_"
        for before, char, after in zip(padded, word, padded[2:], strict=False):
            if not char.isascii():
                lower = char if char == "İ" else char.lower()
                events[lower, _place(before, char, after)] += 1
    return events


@cache
def _place(before: str, char: str, after: str) -> float:
    """Give how likely `char` stands between its neighbours."""
    kind = _kind(char)
    around = _kind(before) + _kind(after)
    if char in "ãõ":  # half of a nasal diphthong: João, Camões
        place = 0.2
    elif kind in "VC":
        place = _PLACES[kind == "V"].get(around, _RARE_PLACE)
    elif kind == "_":  # punctuation does not stand inside words
        place = _NEUTRAL if "_" in around or char == "’" else 1e-4
        if char not in _TYPOGRAPHY and around != "__":
            place = 1e-4
    else:
        place = 0.5 if around.strip("_O") == "" else 1e-4
    return place * 0.001 if _odd_case(before, char, after) else place


def _odd_case(before: str, char: str, after: str) -> bool:
    """Tell whether a capital stands inside a word that is not all capitals."""
    if char.islower():
        return after.isupper()
    return char.isupper() and (before.islower() or (before.isalpha() and after.islower()))


@cache
def _kind(char: str) -> str:
    """Tell a Latin Vowel or Consonant, Other letter, or no letter at all (`_`)."""
    if not char.isalpha() or char in "ªº":
        return "_"
    base = fold(char)[:1]
    if not ("a" <= base <= "z"):
        return "O"
    return "V" if base in "aeiouy" else "C"


def _wide_score(page: str, text: str) -> tuple[float, int]:
    """Score a reading in a multi-byte page: everyday characters, apart from Latin letters."""
    score, letters = 0.0, 0
    for word in _words(text):
        padded = f"_{word}_"
        for before, char, after in zip(padded, word, padded[2:], strict=False):
            if not char.isascii():
                letters += 1
                score += log(_wide_letter(page, char))
                score += log(1e-3) if _latin(before) or _latin(after) else 0.0
    return score, letters * 2


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _wide_letter(page: str, char: str) -> float:
    """Give how likely `char` is in text of a multi-byte page."""
    if "\u3041" <= char <= "\u30fe":
        return 0.006 if page in ("cp932", "euc_jp") else 1e-5
    low, high, everyday = _WIDE[page]
    code = char.encode(page)
    return 1 / everyday if len(code) == 2 and low <= code[0] <= high else 1e-6
