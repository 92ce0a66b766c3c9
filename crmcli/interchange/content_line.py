"""Content lines, the grammar of vCards (RFC 6350, 3.3; RFC 2426; vCard 2.1), read card by card.

Strict lines are read as they are meant. Of broken ones nothing is lost either: blank lines inside a
card, folds without their blank, line breaks inside a text, soft breaks of quoted-printable, bare
parameters, an unclosed quote. What is no card at all comes back with its line and the reason.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crmcli.i18n import mark, tr
from crmcli.interchange.decode import LINE_LIMIT

# Binary, or of that size: never kept in memory.
BINARY = frozenset(
    "PHOTO LOGO SOUND KEY X-MS-CARDPICTURE X-MS-OL-DESIGN X-IMAGE X-ABCROP-RECTANGLE".split()
)
STANDARD = frozenset(
    "BEGIN END VERSION SOURCE KIND XML FN N NICKNAME PHOTO BDAY ANNIVERSARY GENDER ADR LABEL TEL"
    " EMAIL IMPP LANG TZ GEO TITLE ROLE LOGO ORG MEMBER RELATED CATEGORIES NOTE PRODID REV SOUND"
    " UID CLIENTPIDMAP URL KEY FBURL CALADRURI CALURI SORT-STRING MAILER CLASS NAME PROFILE AGENT"
    " BIRTHPLACE DEATHPLACE DEATHDATE EXPERTISE HOBBY INTEREST ORG-DIRECTORY CREATED GRAMGENDER"
    " LANGUAGE PRONOUNS SOCIALPROFILE CONTACT-URI".split()
)
_START = re.compile(r"(?:([\w-]+)\.)?([\w-]+)[ \t]*([;:])", re.ASCII)
_BOUND = re.compile(r"\s*(BEGIN|END)\s*:\s*(\w+)\s*$", re.IGNORECASE)
_BOUNDS = frozenset("BbEe \t")  # how such a line begins
_ENCODINGS = {
    "QUOTED-PRINTABLE": "Q",
    "Q": "Q",
    "BASE64": "B",
    "B": "B",
    "8BIT": "",
    "7BIT": "",
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_FOLDED = range(72, 78)  # octets of a line that was cut because it was full
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}
_TOO_LONG = mark("the card is longer than {limit} characters")
_NO_END = mark("the card has no END:VCARD")
_OUTSIDE = mark("stands outside any card")


@dataclass(slots=True)
class Property:
    """One property of a card.

    Args:
        name: in upper case, without its group.
        value: unfolded and decoded; what is escaped in it still is, unless `is_plain`.
        params: values by name in upper case; those of TYPE in lower case.
        group: what ties it to others, `item1`; "" for none.
        line: its first physical line.
        last: its last one.
        is_plain: the value came encoded, so a backslash in front of an n is a backslash.
        is_broken: bytes that its charset does not have stand in it as `=80`.
        size: how many characters it has, of which a binary one keeps none.
    """

    name: str
    value: str
    params: dict[str, list[str]] = field(default_factory=dict)
    group: str = ""
    line: int = 0
    last: int = 0
    is_plain: bool = False
    is_broken: bool = False
    size: int = 0

    @property
    def types(self) -> list[str]:
        """The values of TYPE, in lower case, each once."""
        return list(dict.fromkeys(self.params.get("TYPE", ())))

    @property
    def text(self) -> str:
        """The whole value as a text."""
        return self._unescaped(self.value).strip()

    def parts(self, mark: str = ";") -> list[str]:
        """Give the texts that `mark` separates."""
        return [self._unescaped(part).strip() for part in split(self.value, mark)]

    def param(self, name: str) -> str:
        """Give the first value of a parameter; "" without it."""
        return self.params.get(name, [""])[0]

    def _unescaped(self, text: str) -> str:
        return _ESCAPE.sub(self._char, text) if "\\" in text else text

    def _char(self, match: re.Match[str]) -> str:
        char = match[1]
        if char in "nN" and not self.is_plain:
            return "\n"
        return char if char in '\\,;:"' else match[0]


@dataclass(slots=True)
class Card:
    """A card, or with a `fault` what could not be read as one.

    Args:
        line: where it begins.
        properties: in their order; none of a card with a fault.
        fault: why it cannot be read.
        start: the beginning of its text, for messages.
    """

    line: int
    properties: list[Property]
    fault: str = ""
    start: str = ""


def cards(lines: Iterable[str]) -> Iterator[Card]:
    """Give the cards of a file, one at a time; also those that cannot be read, with the reason.

    Args:
        lines: the physical lines with their ends.
    """
    reader = _Reader()
    for line in _logical(lines):
        if found := reader.take(line):
            yield found
    if found := reader.end():
        yield found


class _Reader:
    """Collects properties into cards."""

    def __init__(self) -> None:
        self.card: Card | None = None
        self.size = 0
        self.nested = 0  # cards inside this one, as AGENT of vCard 2.1 has them
        self.is_outside = False  # what stands outside was told already

    def take(self, line: "_Line") -> Card | None:
        """Take one line in; give a card that it ends."""
        bound = _BOUND.match(line.first) if line.first[:1] in _BOUNDS else None
        if self.nested and self.card:
            self.card.properties[-1].last = line.last
        if bound and bound[2].upper() == "VCARD":
            return self._begin(line) if bound[1].upper() == "BEGIN" else self._end(line)
        if self.card is None:
            return self._outside(line) if not bound else None
        if self.nested or bound:
            return None
        self.size += 0 if line.is_binary else line.size
        if line.is_cut or self.size > LINE_LIMIT:
            self._refuse(self.card, tr(_TOO_LONG, limit=LINE_LIMIT))
        elif not self.card.fault and (one := line.property()) is not None:
            self.card.properties.append(one)
        return None

    def end(self) -> Card | None:
        """Give the card that the file breaks off in."""
        return self._unfinished() if self.card else None

    def _begin(self, line: "_Line") -> Card | None:
        before = self.card.properties[-1:] if self.card else []
        if before and before[0].name == "AGENT" and not before[0].value:
            self.nested += 1
            before[0].last = line.last
            return None
        found = self._unfinished() if self.card else None
        self.card, self.size, self.nested, self.is_outside = Card(line.number, []), 0, 0, False
        return found

    def _end(self, line: "_Line") -> Card | None:
        if self.nested:
            self.nested -= 1
            return None
        if self.card is None:
            return self._outside(line)
        found, self.card = self.card, None
        return found

    def _unfinished(self) -> Card:
        card, self.card = self.card or Card(0, []), None
        self._refuse(card, tr(_NO_END))
        return card

    def _refuse(self, card: Card, fault: str) -> None:
        """Say what is wrong with a card, and let go of what it holds."""
        if not card.fault:
            kept = [one for one in card.properties if one.name in ("FN", "N", "EMAIL", "TEL")]
            card.fault, card.start = fault, "; ".join(one.text[:200] for one in kept[:3])
            card.properties.clear()

    def _outside(self, line: "_Line") -> Card | None:
        if self.is_outside or not line.first.strip():
            return None
        self.is_outside = True
        return Card(line.number, [], tr(_OUTSIDE), line.first[:200])


class _Line:
    """An unfolded line as it grows: the parts of what is too large are not kept."""

    __slots__ = ("first", "is_binary", "is_cut", "is_quoted", "last", "number", "parts", "size")

    def __init__(self, number: int, text: str) -> None:
        self.number = self.last = number
        self.first, self.parts, self.size = text, [text], len(text)
        self.is_cut = self.is_quoted = is_encoded = False
        name, semicolon, params = text.partition(":")[0].partition(";")
        if semicolon:
            params = params.upper()
            self.is_quoted = "QUOTED-PRINTABLE" in params or "ENCODING=Q" in params
            is_encoded = "BASE64" in params or "ENCODING=B" in params
        name = name.rpartition(".")[2].strip().upper()
        self.is_binary = name in BINARY or (is_encoded and name not in STANDARD)
        if self.is_binary or self.size >= LINE_LIMIT:
            self._limit(text)

    @property
    def is_open(self) -> bool:
        """Whether it ends with a soft line break."""
        return self.is_quoted and self.parts[-1].endswith("=")

    def add(self, number: int, text: str, joint: str = "") -> None:
        """Let it go on; `joint` comes between."""
        self.last = number
        self.size += len(text)
        if self.is_quoted and self.parts[-1].endswith("="):
            self.parts[-1] = self.parts[-1][:-1]
        self.parts += [joint, text] if joint else [text]
        self._limit(text)

    def joint(self) -> str:
        """Give what stands between it and a line that is neither folded nor a property.

        A full line was folded without its blank; else a text holds a line break.
        """
        full = len(self.parts[-1].encode("utf-8", "replace")) in _FOLDED
        return "" if full or self.is_binary else "\n"

    def _limit(self, text: str) -> None:
        if self.is_binary:
            self.parts = [self.parts[0][:1000], ""]
        elif len(text) >= LINE_LIMIT or self.size > LINE_LIMIT:
            self.is_cut, self.parts = True, self.parts[:1]

    def property(self) -> Property | None:
        """Give the property; None for what is no content line."""
        text = "".join(self.parts)
        if self.is_open:
            text = text[:-1]
        head, value = _header(text)
        if head is None:
            return None
        words = _words(head) if ";" in head else (head,)
        group, _, name = words[0].strip().rpartition(".")
        found = Property(name.upper(), value, {}, group, self.number, self.last)
        for word in words[1:]:
            _add_param(found.params, word.strip())
        found.size = self.size - len(head) - 1
        if self.is_binary:
            found.value = ""
            return found
        if encoding := _ENCODINGS.get(found.param("ENCODING").upper(), ""):
            found.is_plain = True
            _decode(found, encoding)
        return found


def split(value: str, mark: str) -> list[str]:
    """Split at each `mark` without a backslash; what is escaped stays so."""
    if "\\" not in value:
        return value.split(mark)
    parts, start, at = [], 0, 0
    while at < len(value):
        if value[at] == mark:
            parts.append(value[start:at])
            start = at + 1
        at += 2 if value[at] == "\\" else 1
    return [*parts, value[start:]]


def _logical(lines: Iterable[str]) -> Iterator[_Line]:
    """Unfold: give each property with all its physical lines."""
    line: _Line | None = None
    for number, text in numbered(lines):
        is_blank = not text or text.isspace()
        is_bound = text[:1] in _BOUNDS and _BOUND.match(text) is not None
        if line is None or is_bound:
            if line:
                yield line
            line = None if is_blank else _Line(number, text)
        elif line.is_quoted and line.is_open:
            line.add(number, text)
        elif is_blank:
            continue
        elif text[0] in " \t":
            line.add(number, text[1:])
        elif not is_property(text) and not _BOUND.match(line.first):
            line.add(number, text, line.joint())
        else:
            yield line
            line = _Line(number, text)
    if line:
        yield line


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    r"""Give each line without its end, numbered; `\r\r\n` ends one line."""
    number, after_return = 0, False
    for line in lines:
        if after_return and line == "\r\n":
            after_return = False
            continue
        number += 1
        after_return = line.endswith("\r")
        yield number, line.rstrip("\r\n")


def is_property(text: str) -> bool:
    """Tell whether a line begins a property, not one in a text: `http://…`, `Ps: …`."""
    match = _START.match(text)
    if match is None:
        return False
    group, name = match[1], match[2].upper()
    return name in STANDARD or name[:2] == "X-" or (not group and match[2] == name)


def _header(text: str) -> tuple[str | None, str]:
    """Split at the first colon outside quotes; without one, at the first colon."""
    first = at = text.find(":")
    if at >= 0 and '"' not in text:
        return text[:at], text[at + 1 :]
    while at >= 0 and text.count('"', 0, at) % 2:
        at = text.find(":", at + 1)
    at = at if at >= 0 else first
    return (None, "") if at < 0 else (text[:at], text[at + 1 :])


def _words(head: str) -> list[str]:
    """Split a header at its semicolons, but not inside quotes."""
    if '"' not in head:
        return head.split(";")
    return [word for word in re.findall(r'(?:"[^"]*"?|[^;"])*', head) if word]


def _add_param(params: dict[str, list[str]], word: str) -> None:
    """Take a parameter in; one without a name is an encoding or a type."""
    name, equals, value = word.partition("=")
    name = name.strip().upper()
    if not equals:
        is_encoding = name in _ENCODINGS and len(name) > 1
        name, value = ("ENCODING" if is_encoding else "TYPE"), word
    if name == "TYPE":
        found = [one.strip() for one in value.replace('"', "").replace("\\,", ",").split(",")]
        params.setdefault(name, []).extend(one.lower() for one in found if one)
    elif name:
        text = re.sub(r"\^[n'^]", lambda match: _CARET[match[0]], value.strip().strip('"'))
        params.setdefault(name, []).append(text)


def _decode(found: Property, encoding: str) -> None:
    """Decode a quoted-printable or base64 value into its text."""
    charset = found.param("CHARSET")
    if encoding == "B":
        import binascii

        try:
            data = binascii.a2b_base64(re.sub(r"\s", "", found.value))
        except (ValueError, binascii.Error):
            return
        found.value, found.is_broken = _text(data, charset)
        return

    def run(match: re.Match[str]) -> str:
        data = _QUOTED_BYTE.sub(lambda byte: bytes([int(byte[1], 16)]), match[0].encode())
        text, is_broken = _text(data, charset)
        found.is_broken = found.is_broken or is_broken
        return text

    found.value = re.sub(r"[\x00-\x7f]+", run, found.value).replace("\r\n", "\n")


def _text(data: bytes, charset: str) -> tuple[str, bool]:
    """Decode; bytes that the charset does not have stay as they stand in the file, `=80`."""
    codecs_ = (charset,) if charset and _is_codec(charset) else ("utf-8", "cp1252")
    for codec in codecs_:
        try:
            return data.decode(codec), False
        except UnicodeDecodeError:
            continue
    return data.decode(codecs_[0], "crm-quoted"), True


def _is_codec(charset: str) -> bool:
    try:
        b"a".decode(charset)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def _quoted(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(f"={byte:02X}" for byte in bad), error.end


codecs.register_error("crm-quoted", _quoted)
