"""The filter grammar: `owner:me stage:lead last_touch.before:-30d +vip (city:Kranj or city:Celje)`.

`parse` reads a whole string, `parse_words` the arguments of a shell; both give a tree of frozen
nodes in which each leaf knows its place in the source. `format` writes a tree so that it parses
to the same tree again. What fields there are and what their values mean, the store knows.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from crmcli.errors import UsageError
from crmcli.i18n import mark, tr
from crmcli.text import fold, safe

LONGEST = 10_000  # characters
DEEPEST = 40  # parentheses and nots inside each other
MOST = 400  # terms and values, those of views included
SHOWN = 60  # characters of the source around the place of an error

COMPARISONS = ("before", "after", "over", "under")
_KEYWORDS = ("and", "or", "not")
_PATH = r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*"
_HEAD = re.compile(rf"(?P<path>{_PATH})(?P<op><=|>=|[:<>=])")
_PLAIN = re.compile(r"[^\s()\",\\]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the source. All are equal: nodes that say the same are the same."""

    text: str = field(compare=False)
    start: int = field(compare=False)
    end: int = field(compare=False)


NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was typed."""

    text: str
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both included; an end may be open, that is empty."""

    low: str
    high: str
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Absent:
    """`none`: nothing is there."""

    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Present:
    """`any`: something is there."""

    at: Place = NOWHERE


Operand: TypeAlias = Value | Range | Absent | Present


@dataclass(frozen=True, slots=True)
class Field:
    """`path:value,value`.

    Args:
        path: names joined by dots, folded; the last is the field, those before are the way to it.
        op: `:` or `=`, of several values one must fit; or `<`, `<=`, `>`, `>=` or one of
            COMPARISONS, with one value.
        values: at least one.
    """

    path: str
    op: str
    values: tuple[Operand, ...]
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Tag:
    """`+name`."""

    name: str
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Words:
    """A word to be found anywhere in the record's text; with spaces, a phrase."""

    text: str
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class View:
    """`@name`: a saved filter."""

    name: str
    at: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Not:
    """What the term does not select."""

    term: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What all of two or more terms select."""

    terms: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """What any of two or more terms selects."""

    terms: "tuple[Node, ...]"


Node: TypeAlias = Field | Tag | Words | View | Not | And | Or


class FilterError(UsageError):
    """A filter that cannot be read, with the place that is meant under it."""

    def __init__(self, message: str, hint: str, at: Place) -> None:
        super().__init__(message, hint)
        self.at = at
        self.detail = pointer(at) if at.text else ""


def parse(text: str) -> Node:
    """Read a filter from a whole string.

    Raises:
        FilterError: it is none; the place is named.
    """
    _check_length(text)
    return _Parser(text, _tokens(text, 0, len(text))).parse()


def parse_words(words: Sequence[str]) -> Node:
    """Read a filter from the arguments of a shell, each a term with its spaces.

    Only an argument that begins with a parenthesis is read like a whole string, and `or`, `not`
    and `and` stand for themselves.

    Raises:
        FilterError: it is none; the place is named.
    """
    text = " ".join(words)
    _check_length(text)
    return _Parser(text, _word_tokens(text, words)).parse()


def both(*terms: Node | None) -> Node | None:
    """Give the tree in which all of these must hold; None when there is none."""
    given = tuple(term for term in terms if term is not None)
    return And(given) if len(given) > 1 else given[0] if given else None


def leaves(node: Node) -> Iterator[Field | Tag | Words | View]:
    """Give the terms of a tree from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.term)
    elif isinstance(node, And | Or):
        for term in node.terms:
            yield from leaves(term)
    else:
        yield node


def renamed_tag(node: Node, old: str, new: str) -> Node:
    """Give a tree in which the tag `old` is called `new`, as `+old` and as `tag:old`."""
    if isinstance(node, And | Or):
        return replace(node, terms=tuple(renamed_tag(term, old, new) for term in node.terms))
    if isinstance(node, Not):
        return replace(node, term=renamed_tag(node.term, old, new))
    if isinstance(node, Tag) and fold(node.name) == fold(old):
        return replace(node, name=new)
    if isinstance(node, Field) and node.path.rpartition(".")[2] in ("tag", "tags"):
        values = (
            replace(value, text=new)
            if isinstance(value, Value) and fold(value.text.lstrip("+")) == fold(old)
            else value
            for value in node.values
        )
        return replace(node, values=tuple(values))
    return node


def format(node: Node) -> str:
    """Write a tree as a filter that parses to the same tree."""
    if isinstance(node, And):
        return " ".join(_grouped(term, And, Or) for term in node.terms)
    if isinstance(node, Or):
        return " or ".join(_grouped(term, Or) for term in node.terms)
    if isinstance(node, Not):
        return f"not {_grouped(node.term, And, Or)}"
    if isinstance(node, Field):
        op = f".{node.op}:" if node.op in COMPARISONS else node.op
        return f"{node.path}{op}{','.join(map(_operand, node.values))}"
    if isinstance(node, Tag):
        return f"+{_quoted(node.name)}"
    if isinstance(node, View):
        return f"@{_quoted(node.name)}"
    means_more = node.text[0] in "+@-" or _HEAD.match(node.text)
    return _quoted(node.text, bool(means_more) or node.text.casefold() in _KEYWORDS)


def pointer(at: Place) -> str:
    """Give two lines: the source, and carets under the place."""
    first = max(0, min(at.start - SHOWN // 2, len(at.text) - SHOWN))
    start, end = at.start - first, max(at.end, at.start + 1) - first
    shown = safe(at.text[first : first + SHOWN])
    return f"{shown}\n{' ' * _width(shown[:start])}{'^' * max(1, _width(shown[start:end]))}"


@dataclass(frozen=True, slots=True)
class _Token:
    """A parenthesis, a keyword, or a term (whose kind is empty)."""

    kind: str
    at: Place
    node: Node | None = None


class _Parser:
    """Reads tokens by recursive descent: `or` binds weaker than side by side, `not` strongest."""

    def __init__(self, text: str, tokens: Iterator[_Token]) -> None:
        self.tokens = list(tokens)
        self.end = _Token("end", Place(text, len(text), len(text)))
        self.position = 0

    def parse(self) -> Node:
        if not self.tokens:
            raise FilterError(
                tr("the filter is empty"), tr("such as +vip or owner:me"), self.end.at
            )
        node = self.any_of(0)
        if self.next.kind == ")":
            raise FilterError(
                tr("this ) closes nothing"), tr("remove it, or open with ("), self.next.at
            )
        if sum(map(_size, leaves(node))) > MOST:
            raise too_large(self.end.at)
        return node

    @property
    def next(self) -> _Token:
        return self.tokens[self.position] if self.position < len(self.tokens) else self.end

    def takes(self, kind: str) -> bool:
        """Step over the next token if it is of this kind."""
        found = self.next.kind == kind
        self.position += found
        return found

    def any_of(self, depth: int) -> Node:
        terms = [self.all_of(depth)]
        while self.takes("or"):
            terms.append(self.all_of(depth))
        return Or(tuple(terms)) if len(terms) > 1 else terms[0]

    def all_of(self, depth: int) -> Node:
        terms = [self.one(depth)]
        while self.takes("and") or self.next.kind in ("", "(", "not"):
            terms.append(self.one(depth))
        return And(tuple(terms)) if len(terms) > 1 else terms[0]

    def one(self, depth: int) -> Node:
        token = self.next
        if depth > DEEPEST:
            raise FilterError(
                tr("the filter is nested too deeply"), tr("at most {most}", most=DEEPEST), token.at
            )
        if self.takes("not"):
            return Not(self.one(depth + 1))
        if self.takes("("):
            node = self.any_of(depth + 1)
            if not self.takes(")"):
                raise FilterError(tr("this ( is not closed"), tr("close it with )"), token.at)
            return node
        if token.node is None:
            before = self.tokens[self.position - 1].kind if self.position else tr("the beginning")
            raise FilterError(
                tr("a term is missing after {before}", before=before), tr("such as +vip"), token.at
            )
        self.position += 1
        return token.node


def too_large(at: Place) -> FilterError:
    """Give the error of a filter with too many terms."""
    return FilterError(
        tr("the filter has more than {most} terms", most=MOST), tr("split it into several"), at
    )


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        at = Place(text, LONGEST, LONGEST + 1)
        raise FilterError(
            tr("the filter is longer than {most} characters", most=LONGEST), tr("split it"), at
        )


def _size(leaf: Field | Tag | Words | View) -> int:
    return len(leaf.values) if isinstance(leaf, Field) else 1


def _tokens(text: str, start: int, end: int) -> Iterator[_Token]:
    """Split a whole string."""
    scan = _Scanner(text, start, end, whole=True)
    while scan.skip_spaces():
        if scan.char in "()":
            yield _Token(scan.char, scan.place(scan.position, scan.position + 1))
            scan.position += 1
        else:
            yield scan.token()


def _word_tokens(text: str, words: Sequence[str]) -> Iterator[_Token]:
    """Give the tokens of shell arguments, which stand joined by spaces in `text`."""
    end, is_open = -1, False
    for word in words:
        start, end = end + 1, end + 1 + len(word)
        if not word.strip():
            raise FilterError(
                tr("an argument is empty"), tr("leave it out"), Place(text, start, end)
            )
        closing = len(word) - len(word.rstrip(")")) if is_open and "(" not in word else 0
        if word.startswith("(") or closing == len(word):
            yield from _tokens(text, start, end)
        elif word.casefold() in _KEYWORDS:
            yield _Token(word.casefold(), Place(text, start, end))
        else:
            yield _Scanner(text, start, end - closing, whole=False).token()
            yield from _tokens(text, end - closing, end)
        is_open = is_open or word.startswith("(")


class _Scanner:
    """Reads terms from `text[start:end]`; in a `whole` string spaces and parentheses end them."""

    def __init__(self, text: str, start: int, end: int, *, whole: bool) -> None:
        self.text = text
        self.position = start
        self.end = end
        self.whole = whole

    @property
    def char(self) -> str:
        return self.text[self.position] if self.position < self.end else ""

    def place(self, start: int, end: int | None = None) -> Place:
        return Place(self.text, start, self.position if end is None else end)

    def skip_spaces(self) -> bool:
        """Go to the next term; False at the end."""
        while self.char.isspace():
            self.position += 1
        return self.position < self.end

    def at_border(self) -> bool:
        """Tell whether a term may end here."""
        return not self.char or (self.whole and (self.char.isspace() or self.char in "()"))

    def token(self) -> _Token:
        start = self.position
        node = self.term()
        if not self.at_border():
            hint = tr("put a space behind the quote")
            raise FilterError(tr("nothing may follow a quote"), hint, self.place(start))
        bare = isinstance(node, Words) and self.text[start] != '"'
        word = self.text[start : self.position].casefold()
        if bare and word in _KEYWORDS:
            return _Token(word, self.place(start))
        return _Token("", self.place(start), node)

    def term(self) -> Node:
        start = self.position
        if self.char == "-":
            at = self.place(start, start + 1)
            raise FilterError(tr("a term cannot begin with -"), tr("write not, or quote it"), at)
        if self.char and self.char in "+@":
            self.position += 1
            what, make = ((mark("tag"), Tag), (mark("view"), View))[self.text[start] == "@"]
            name = self.piece(what, start)
            return make(name, self.place(start))
        match = _HEAD.match(self.text, self.position, self.end)
        if match and re.fullmatch(_PATH, fold(match["path"])):  # a folded ² is no letter
            self.position = match.end()
            return self.field(match["path"], match["op"], start)
        text = self.piece(mark("term"), start)
        return Words(text, self.place(start))

    def field(self, path: str, op: str, start: int) -> Node:
        """Read the values behind `path` and `op`."""
        names = fold(path).replace("-", "_").split(".")
        at = Place(self.text, start, start + len(path))
        last = names[-1] if len(names) > 1 else ""
        if last in (*COMPARISONS, "not"):
            if op != ":":
                raise FilterError(
                    tr("{last} needs a colon", last=last), tr("write {path}:", path=path), at
                )
            names.pop()
            at = Place(self.text, start, start + len(path.rpartition(".")[0]))
            op = last if last in COMPARISONS else op
        values = tuple(self.operands(op, start))
        node = Field(".".join(names), op, values, at)
        return Not(node) if last == "not" else node

    def operands(self, op: str, start: int) -> Iterator[Operand]:
        """Read one value or, where one of several may fit, a list of values and ranges."""
        several = op in (":", "=")
        yield self.operand(several, start)
        while several and self.char == ",":
            self.position += 1
            yield self.operand(several, start)

    def operand(self, several: bool, term: int) -> Operand:
        start, stops = self.position, (",", "..") if several else ()
        is_quoted = self.char == '"'
        low = self.piece("", term, stops)
        if several and self.text.startswith("..", self.position, self.end):
            self.position += 2
            high = self.piece("", term, stops)
            if low or high:
                return Range(low, high, self.place(start))
        if not low:
            hint = tr("or write none, or any")
            raise FilterError(tr("a value is missing"), hint, self.place(term))
        word = "" if is_quoted or not several else low.casefold()
        kinds: dict[str, Callable[[Place], Operand]] = {"none": Absent, "any": Present}
        return kinds[word](self.place(start)) if word in kinds else Value(low, self.place(start))

    def piece(self, what: str, term: int, stops: Sequence[str] = ()) -> str:
        """Read quoted text, or bare text up to a border or one of `stops`.

        Raises:
            FilterError: it is empty, and `what` tells what it should have been.
        """
        start = self.position
        if self.char == '"':
            text = self.quoted()
        else:
            while not self.at_border() and not self.text.startswith(
                tuple(stops), self.position, self.end
            ):
                self.position += 1
            text = self.text[start : self.position].strip()
        if what and not text:
            raise FilterError(
                tr("a {what} is missing", what=tr(what)), tr("such as +vip"), self.place(term)
            )
        return text

    def quoted(self) -> str:
        r"""Read `"text"`, in which `\"` is a quote and `\\` a backslash."""
        start, text = self.position, ""
        self.position += 1
        while self.char != '"':
            self.position += self.char == "\\"
            if not self.char:
                at = Place(self.text, start, start + 1)
                raise FilterError(tr("this quote is not closed"), tr('close it with "'), at)
            text += self.char
            self.position += 1
        self.position += 1
        return text


def _grouped(node: Node, *kinds: type) -> str:
    """Write a node, in parentheses if it is of one of `kinds`."""
    return f"({format(node)})" if isinstance(node, kinds) else format(node)


def _operand(operand: Operand) -> str:
    if isinstance(operand, Range):
        return f"{_quoted(operand.low)}..{_quoted(operand.high)}"
    if isinstance(operand, Value):
        return _quoted(operand.text, operand.text.casefold() in ("none", "any"))
    return "none" if isinstance(operand, Absent) else "any"


def _quoted(text: str, always: bool = False) -> str:
    """Write a text so that it is read as one piece; nothing stands for an open end."""
    is_plain = _PLAIN.fullmatch(text) and "." not in (text[0], text[-1]) and ".." not in text
    if not text or (is_plain and not always):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _width(text: str) -> int:
    """Give how many cells a line takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    wide = sum(east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(combining, text)))
