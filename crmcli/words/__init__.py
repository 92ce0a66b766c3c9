"""Dates, durations and repeats in other languages, told again in English, which one grammar reads.

A phrase is cut into tokens; each has a kind, one letter, and a value. The kinds of a whole phrase
(`@NO` is *um 15 Uhr*) are looked up in a few shapes, the same for all languages, and a shape says
it in English. A language is a table of words in a module of its own: `_` is a blank inside a word,
`~` marks a word that also means something else (`pet` is Friday, five and an animal), which alone
begins no title. Only the tables of the phrase's script are loaded.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from crmcli.text import fold

_LATIN = ("slovenian", "croatian", "german", "french", "spanish", "italian", "persian")
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "а-я": ("russian",),
    "\u0600-\u06ff": ("persian",),
    "\u3400-\u9fff": ("chinese",),
}
_SCRIPTS["a-z"] = _LATIN
_LONGEST_WORD = 4  # words, or ideographs

# What words of the tables mean, by kind of token. All else is a day told in English (t).
_MEANINGS = {
    "W": "mon, tue, wed, thu, fri, sat, sun",
    "M": "jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec",
    "J": "j1, j2, j3, j4, j5, j6, j7, j8, j9, j10, j11, j12",  # Q when it needs its year
    "N": "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",  # in digits also Y, four, and X, more
    "U": "day, week, month, year",
    "H": "hour",
    "I": "min",
    "w": "next, last, this",
    "k": "of next, of last, of this",  # week
    "i": "in, back",  # before a number and a unit
    "g": "later, ago",  # behind them
    "G": "after, before",  # behind them, or for next and last
    "p": "on",  # also articles and such
    "@": "at",
    "a": "at or on",
    "A": "am, pm",
    "O": "oclock",
    "h": "half",
    "n": "noon",
    "m": "month mark",
    "d": "day mark",
    "e": "every",
    "o": "other",
    "r": "daily, weekly, monthly, yearly",
    "x": "workday",
    "c": "and",
    "z": "until",
}
_KINDS = {meaning: kind for kind, all_ in _MEANINGS.items() for meaning in all_.split(", ")}
_VALUES = {"in": "+", "later": "+", "after": "+", "back": "-", "ago": "-", "before": "-"}
_VALUES |= {"half": "30", "of next": "next", "of last": "last", "of this": "this"}
_COMMON = ("jan feb mar apr jun jul sep sept nov dec", "min", "h")  # in each Latin language

_PIECE = re.compile(
    r"(?P<D>\d\d?\. ?\d\d?\.(?: ?\d{4})?(?!\d)|\d{4}[-/]\d\d?[-/]\d\d?(?!\d)"
    r"|\d\d?/\d\d?(?:/\d{4})?(?!\d))"
    r"|(?P<T>\d\d?:\d\d(?::\d\d)?)(?![\d:])"
    r"|(?P<F>\d\d?\.\d\d)(?![\d.])"
    r"|(?P<X>\d+)[.°]?"
    r"|(?P<comma>[,،、])"
    r"|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)"
    r"|(?P<other>[^\s.])"
)

_P = "[pa]*"
_DAYS = {
    f"{_P}t": "{t}",
    f"{_P}W": "{W}",
    f"{_P}w{_P}W|{_P}W{_P}[wG]": "{w} {W}",
    f"{_P}kW": "{W} of {k} week",  # 上周五 is no other Friday on a Saturday
    f"{_P}kU": "{k} {U}",
    f"{_P}w{_P}U|{_P}U{_P}[wG]": "{w} {U}",
    "i[NYX]U|[NYX]U[gG]": "{g}{C} {U}",
    f"{_P}N{_P}M": "{N} {M}",
    f"{_P}N{_P}M{_P}YU?": "{N} {M} {Y}",
    "NmNd?": "{N2}.{N}.",
    "YUNmNd?": "{N2}.{N}.{Y}",
    f"{_P}N{_P}J": "jalali -{J}-{N}",
    f"{_P}N{_P}[JQ]{_P}Y": "jalali {Y}-{J}-{N}",
    f"{_P}D": "{D}",
}
_OFFSETS = {"i[NYX][HI]|[NYX][HI][gG]": "{g}{C} {H}{I}"}
_DURATIONS = {
    "[NX]I": "{C} min",
    "[NX]H": "{C} hour",
    "N,[NX]H": "{C}.{C2} hour",
    "[NX]Hc?NI?": "{C}h{C2}",
}
_CLOCK = "A?(?:TO?|N[OH](?:NI?|h)?)A?|AN|NA|n"
_AFTER_A_DAY = f"[,pa@H]*(?:{_CLOCK})|[,pa]*[@H][NF]O?"
_ALONE = f"[@aH](?:{_CLOCK})|A?NO(?:NI?|h)?A?|A[TN]|[TN]A|TO|n"
_LOOSE = "@[NF]|HN"  # a time, or so many of something

_LIST = "W(?:,?c?p*W)*"
_REPEATS = {
    "e?r": "{r}",
    "e?p*x": "weekday",
    "e[Um]": "{period}",
    "e[NX]U": "{C} {period}",
    "eoU": "2 {period}",
    f"e?p*{_LIST}": "{days}",
    "eoW": "other {W}",
    f"e[NX]U{_P}{_LIST}": "{C} {period} on {days}",
    f"eU{_P}{_LIST}": "{period} on {days}",
    f"e[Um]{_P}Nd?": "{period} on the {N}.",
    f"e[NX]U{_P}Nd": "{C} {period} on the {C2}.",
    f"eU{_P}N{_P}M": "{period} on {N} {M}",
    f"e?{_P}N{_P}M": "{N} {M}",
    "eU?NmNd?": "{month} {N2}",
    f"e{_P}wW": "{w} {W}",
}


class _Token(NamedTuple):
    kind: str
    value: str
    weak: bool = False


_Table = dict[str, _Token]


def dates(phrase: str, *, weak: bool = True) -> set[str]:
    """Give what a folded phrase may mean as a date in English; empty when it is none.

    Args:
        phrase: the whole phrase, folded.
        weak: also those that rest on a word which has other meanings.
    """
    return _tell(phrase, lambda tokens: _date(tokens, weak))


def durations(phrase: str) -> set[str]:
    """Give what a folded phrase may mean as a duration in English."""
    return _tell(phrase, lambda tokens: _shaped(tokens, _DURATIONS))


def repeats(phrase: str) -> set[str]:
    """Give what a folded phrase may mean as a repeat in English."""
    return _tell(phrase, _repeat)


def _tell(phrase: str, tell: Callable[[list[_Token]], str | None]) -> set[str]:
    """Give what the languages of the phrase's script make of it."""
    told = (tell(tokens) for name in _languages(phrase) if (tokens := _tokens(phrase, name)))
    return set(filter(None, told))


def _languages(phrase: str) -> tuple[str, ...]:
    """Give the languages that are written in the letters of `phrase`."""
    for letters, names in _SCRIPTS.items():
        if re.search(f"[{letters}]", phrase):
            return names
    return ()


@cache
def _table(language: str) -> _Table:
    """Give the words of a language, folded."""
    words: dict[str, str] = import_module(f"crmcli.words.{language}").WORDS
    table = {}
    if language in _LATIN:
        months, minute, hour = _COMMON
        table = {month: _Token("M", month[:3]) for month in months.split()}
        table |= {minute: _Token("I", "min"), hour: _Token("H", "hour")}
    for meaning, names in words.items():
        for name in names.split():
            table[fold(name.strip("~").replace("_", " "))] = _token(meaning, name[0] == "~")
    return table


def _token(meaning: str, weak: bool) -> _Token:
    """Give the token a word of the tables stands for."""
    kind, value = _KINDS.get(meaning, "t"), _VALUES.get(meaning, meaning)
    if kind == "J":
        return _Token("Q" if weak else "J", value[1:], weak)
    return _Token(kind, value, weak)


def _tokens(phrase: str, language: str) -> list[_Token]:
    """Cut a phrase into tokens; none when a word is not of the language."""
    table, tokens, at = _table(language), [], 0
    while at < len(phrase):
        piece = _PIECE.match(phrase, at)
        if piece is None:  # a blank, or the dot of a short form
            at += 1
            continue
        at, token = _next(phrase, piece, table)
        if token is None:
            return []
        tokens.append(token)
    return tokens


def _next(phrase: str, piece: re.Match[str], table: _Table) -> tuple[int, _Token | None]:
    """Give the token at a piece of the phrase, and where it ends."""
    kind = piece.lastgroup or ""
    if kind == "word":
        ends = _ends(phrase, piece)
        found = ((end, table.get(phrase[piece.start() : end])) for end in reversed(ends))
        return next((pair for pair in found if pair[1]), (piece.end(), None))
    if kind == "other":
        return piece.end(), None
    if kind == "comma":
        return piece.end(), _Token(",", ",")
    number = piece[kind]
    if kind == "X":
        kind = {1: "N", 2: "N", 4: "Y"}.get(len(number), "X")
    return piece.end(), _Token(kind, number)


def _ends(phrase: str, piece: re.Match[str]) -> list[int]:
    """Give where a word of the tables that begins at `piece` may end."""
    if ord(piece[0][0]) >= 0x3400:
        return [piece.start() + n for n in range(1, min(len(piece[0]), _LONGEST_WORD) + 1)]
    ends = [piece.end()]
    while len(ends) < _LONGEST_WORD and phrase[ends[-1] : ends[-1] + 1] == " ":
        more = _PIECE.match(phrase, ends[-1] + 1)
        if more is None or more.lastgroup != "word":
            break
        ends.append(more.end())
    return ends


def _date(tokens: list[_Token], weak: bool) -> str | None:
    """Tell a date, a time or both."""
    if not weak and _is_weak(tokens):
        return None
    if offset := _shaped(tokens, _OFFSETS):
        return offset
    kinds = _kinds(tokens)
    if re.fullmatch(f"{_ALONE}|{_LOOSE}" if weak else _ALONE, kinds):
        return _time(tokens)
    for shape, english in _DAYS.items():
        if match := re.fullmatch(f"({shape})({_AFTER_A_DAY})?", kinds):
            day, rest = tokens[: match.end(1)], tokens[match.end(1) :]
            return f"{_say(day, english)} {_time(rest)}" if rest else _say(day, english)
    return None


def _is_weak(tokens: list[_Token]) -> bool:
    """Tell whether a word with other meanings stands without one that says it is a date."""
    firm = any(token.kind in "tWMwkGTD" and not token.weak for token in tokens)
    return not firm and any(token.weak for token in tokens)


def _time(tokens: list[_Token]) -> str:
    """Tell a time of day as hours and minutes; what cannot be is told as it stands."""
    said = _values(tokens)
    if said["n"]:
        return "noon"
    clock = said["T"] or said["F"].replace(".", ":")
    hour, _, minute = (clock or f"{said['N']}:{said['N2'] or said['h'] or 0}").partition(":")
    if said["A"] and int(hour) == 12:
        return f"{hour}:{minute} {said['A']}?"  # noon or midnight: languages differ
    later = 12 if said["A"] == "pm" and int(hour) < 12 else 0
    return f"{int(hour) + later}:{minute:0>2}"


def _repeat(tokens: list[_Token]) -> str | None:
    """Tell a repeat, perhaps with its end."""
    kinds = _kinds(tokens)
    cut = kinds.find("z") if "z" in kinds else len(kinds)
    every = _shaped(tokens[:cut], _REPEATS)
    if every is None or cut == len(kinds):
        return every
    end = _date(tokens[cut + 1 :], weak=True)
    return f"{every} until {end}" if end else None


def _shaped(tokens: list[_Token], shapes: dict[str, str]) -> str | None:
    """Tell tokens by the first of `shapes` that they have."""
    kinds = _kinds(tokens)
    for shape, english in shapes.items():
        if re.fullmatch(shape, kinds):
            return _say(tokens, english)
    return None


def _kinds(tokens: Iterable[_Token]) -> str:
    return "".join(token.kind for token in tokens)


def _say(tokens: list[_Token], english: str) -> str:
    """Fill the values of tokens into a template."""
    return english.format_map(_values(tokens))


def _values(tokens: list[_Token]) -> defaultdict[str, str]:
    """Give values by kind, the second of a kind as `N2`; what is not there is empty.

    `C` is any number, `g` any direction; `days` are all weekdays, `period` also the mark 月.
    """
    values: defaultdict[str, str] = defaultdict(str)
    for name, value in _named(tokens):
        for key in (name, f"{name}2"):
            if key not in values:
                values[key] = value
                break
    values["days"] = " and ".join(token.value for token in tokens if token.kind == "W")
    values["period"] = values["U"] or "month"
    values["month"] = (
        _MEANINGS["M"].split(", ")[int(values["N"]) - 1] if _is_month(values["N"]) else "?"
    )
    return values


def _named(tokens: Iterable[_Token]) -> Iterator[tuple[str, str]]:
    """Give each value under the names templates have for its kind."""
    for kind, value, _ in tokens:
        if kind in "NYX":
            yield "C", value
        if kind == "i":
            yield "g", value
        if kind == "G":
            yield "g", value
            yield "w", "next" if value == "+" else "last"
        yield ("J" if kind == "Q" else kind), value


def _is_month(number: str) -> bool:
    return number.isdigit() and 1 <= int(number) <= 12
