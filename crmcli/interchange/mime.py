"""One mail message, read line by line: headers, texts, names and sizes of attachments.

A message is walked, never held: of each text only the beginning is kept, of attachments nothing but
name and size, so that one of 100 MB takes no more memory than a greeting. Broken headers, wrong
charsets and missing boundaries give what there is.

Source: RFC 2045 to 2047, RFC 5322, RFC 3464 (delivery reports).
"""

import binascii
import quopri
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from html.parser import HTMLParser

KEPT = 256 * 1024  # bytes of a text part that are kept
MOST = 4 * 1024 * 1024  # bytes of all text parts that are kept
HEADERS = 256 * 1024  # bytes of a block of headers that are kept
DEEPEST = 20  # parts inside parts; what lies deeper is one attachment
MOST_FILES = 100  # attachments named
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
_WORDS = 16 * 1024  # characters of a header whose encoded words are decoded; they cost its square
# Begins where a word does, so that a long word without @ is looked at once.
_ADDRESS = re.compile(r"(?<![^\s<>,;:\"()\[\]@])[^\s<>,;:\"()\[\]@]+@[^\s<>,;:\"()\[\]@]+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WORDLESS = re.compile(rb"[^A-Za-z0-9+/]")
_BLOCKS = frozenset(
    "address article blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section table tbody td th tr ul".split()
)
_REPORTS = frozenset({"message/delivery-status", "text/rfc822-headers"})
_UNSEEN = frozenset({"head", "script", "style", "title"})


@dataclass(slots=True)
class Part:
    """A part that holds no other parts.

    Args:
        headers: its own.
        kind: its type, such as text/plain.
        group: what the alternatives of one text have in common.
        depth: how many messages it lies inside, 0 for the message itself.
        kept: its first bytes, still encoded; of texts and reports only.
        size: how many bytes it has in all, decoded.
        subject: of the message that it is.
        encoding: how its bytes are written: base64, quoted-printable, or as they are.
    """

    headers: Message
    kind: str
    group: int
    depth: int
    kept: bytearray = field(default_factory=bytearray)
    size: int = 0
    subject: str = ""
    encoding: str = ""

    @property
    def filename(self) -> str:
        """What its file is called; "" for a part without a name."""
        try:
            return header_text(self.headers.get_filename() or "")
        except (LookupError, ValueError, TypeError, AttributeError):  # a broken parameter
            return ""

    @property
    def is_text(self) -> bool:
        """Tell whether it is to be read, and no file that was added."""
        is_file = self.headers.get_content_disposition() == "attachment" or self.filename
        return self.kind in ("text/plain", "text/html") and not is_file

    def text(self) -> str:
        """Give its text, HTML without its tags."""
        text = decoded(_plain(self), self.headers.get_content_charset())
        return html_text(text) if self.kind == "text/html" else text


@dataclass(slots=True)
class Mail:
    """A message.

    Args:
        headers: its own, decoded as far as bytes go; `header_text` decodes their words.
        parts: its parts in order.
        text: what is to be read: HTML only where there is no plain text beside it.
    """

    headers: Message
    parts: list[Part]
    text: str

    def files(self) -> list[tuple[str, int]]:
        """Give the attachments: their names, else subjects, else types; and their sizes."""
        files = [part for part in self.parts if not (part.is_text or part.depth)]
        named = [part for part in files if part.filename or part.kind not in _REPORTS]
        return [(part.filename or part.subject or part.kind, part.size) for part in named][
            :MOST_FILES
        ]

    def failed(self) -> list[str]:
        """Give the addresses that a delivery report says could not be reached."""
        if self.headers.get_content_type() != "multipart/report":
            return []
        found: list[str] = []
        for part in self.parts:
            if part.kind == "message/delivery-status" and not part.depth:
                found += _failed(decoded(_plain(part), "utf-8"))
        given = self.headers.get("X-Failed-Recipients", "")
        return list(dict.fromkeys([*found, *_ADDRESS.findall(given)]))


def parse(lines: Iterable[bytes]) -> Mail:
    """Read a message.

    Args:
        lines: its lines; a long one may come in pieces, of which only the last has its line end.
    """
    walker = _Walker()
    fresh = True
    for line in lines:
        walker.take(line, fresh)
        fresh = line.endswith(b"\n")
    return walker.end()


def header_text(value: str) -> str:
    """Give a header as one line, its encoded words (RFC 2047) decoded."""
    if "=?" in value and len(value) <= _WORDS:
        try:
            pieces = decode_header(value)
        except (MessageError, ValueError):
            pieces = [(value, None)]
        value = "".join(
            piece if isinstance(piece, str) else decoded(piece, charset)
            for piece, charset in pieces
        )
    return " ".join(value.split())


def addresses(headers: Message, name: str) -> list[tuple[str, str]]:
    """Give the people of a header as (name, address); without an address nobody."""
    found = []
    for value in headers.get_all(name, []):
        found += _people(value[:HEADERS]) or _people(header_text(value))
    return found


def pairs(value: str) -> list[tuple[str, str]]:
    """Give the names and addresses of a list of people; none where comments are nested too deep."""
    try:
        return getaddresses([value])
    except RecursionError:
        return []


def html_text(html: str) -> str:
    """Give the text of a web page: no tags, scripts and styles; blocks on lines of their own."""
    # What is not closed, HTMLParser would look for again from every place where it may begin.
    closed, end, rest = _COMMENT.sub("<!>", html).rpartition(">")
    reader = _Html()
    try:
        reader.feed(closed + end + rest.partition("<")[0])
        reader.close()
    except AssertionError:  # of the parser, on a broken declaration
        reader.pieces = [re.sub(r"<[^>]*>", " ", html)]
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Html(HTMLParser):
    """Collects what is to be read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a line for a block."""
        self.hidden = 0 if tag == "body" else self.hidden + (tag in _UNSEEN)
        if tag in _BLOCKS:
            self.pieces.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        self.hidden = max(0, self.hidden - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take a text; its line breaks are blanks."""
        if not self.hidden:
            self.pieces.append(data.replace("\r", " ").replace("\n", " "))


@dataclass(slots=True)
class _Frame:
    """A multipart or a message that is open."""

    boundary: bytes  # empty for a message
    depth: int
    group: int  # of an alternative that all within belong to; 0 for none
    is_digest: bool = False
    part: Part | None = None  # that a message is


class _Walker:
    """Takes a message line by line."""

    def __init__(self) -> None:
        self.headers: Message | None = None  # of the message itself
        self.parts: list[Part] = []
        self.frames = [_Frame(b"", 0, 0)]
        self.block: bytearray | None = bytearray()  # the headers being read
        self.part: Part | None = None  # the part being read; None between parts
        self.groups = 0
        self.room = MOST

    def take(self, line: bytes, fresh: bool) -> None:
        """Take a line, or a piece of one that does not begin `fresh`."""
        if fresh and line.startswith(b"--") and self._cross(line):
            return
        if self.block is None:
            self._body(line)
        elif fresh and not line.strip(b"\r\n"):
            self._open()
        elif not fresh or line[:1] in b" \t" or _HEADER_LINE.match(line):
            self.block += line[: max(0, HEADERS - len(self.block))]
        elif not line.startswith((b"From ", b">From ")):
            self._open()  # no blank line: the text begins here
            self._body(line)

    def end(self) -> Mail:
        """Give the message."""
        if self.block is not None:
            self._open()
        text = _joined(self.parts, 0) or _joined(self.parts, 1)
        return Mail(self.headers or Message(), self.parts, text)

    def _body(self, line: bytes) -> None:
        if self.part is None:
            return
        part = self.part
        letters = line.strip()
        is_base64 = part.encoding == "base64"
        part.size += len(letters) * 3 // 4 - letters.count(b"=") if is_base64 else len(line)
        if part.kind.startswith("text/") or part.kind == "message/delivery-status":
            kept = line[: max(0, min(KEPT - len(part.kept), self.room))]
            part.kept += kept
            self.room -= len(kept)

    def _cross(self, line: bytes) -> bool:
        """Step over a boundary; tell whether the line is one."""
        text = line.rstrip()
        for place in range(len(self.frames) - 1, 0, -1):
            boundary = self.frames[place].boundary
            if boundary and text in (b"--" + boundary, b"--" + boundary + b"--"):
                if self.block:
                    self._open()
                is_end = text.endswith(b"--") and text != b"--" + boundary
                del self.frames[place if is_end else place + 1 :]
                self.part, self.block = None, None if is_end else bytearray()
                return True
        return False

    def _open(self) -> None:
        """Begin what the headers that were read announce."""
        headers = _headers(bytes(self.block or b""))
        self.block, frame = None, self.frames[-1]
        if self.headers is None:
            self.headers = headers
        if frame.part is not None and not frame.part.subject:
            frame.part.subject = header_text(headers.get("Subject", ""))
        kind = headers.get_content_type()
        if frame.is_digest and "content-type" not in headers:
            kind = "message/rfc822"
        boundary = _boundary(headers) if headers.get_content_maintype() == "multipart" else b""
        can_nest = len(self.frames) < DEEPEST
        if boundary and can_nest:
            self._nest(frame, kind, boundary)
            return
        part = self._leaf(headers, frame, kind)
        is_plain = part.encoding not in ("base64", "quoted-printable")
        if kind == "message/rfc822" and can_nest and is_plain:
            self.frames.append(_Frame(b"", frame.depth + 1, frame.group, part=part))
            self.block, self.part = bytearray(), None

    def _nest(self, frame: _Frame, kind: str, boundary: bytes) -> None:
        group = frame.group
        if kind == "multipart/alternative" and not group:
            self.groups += 1
            group = self.groups
        self.part = None
        self.frames.append(_Frame(boundary, frame.depth, group, kind == "multipart/digest"))

    def _leaf(self, headers: Message, frame: _Frame, kind: str) -> Part:
        group = frame.group
        if not group:
            self.groups += 1
            group = self.groups
        if kind.startswith("multipart/"):
            kind = "text/plain"  # without a boundary there are no parts
        self.part = Part(headers, kind, group, frame.depth, encoding=_encoding(headers))
        if len(self.parts) < 10 * MOST_FILES:
            self.parts.append(self.part)
        return self.part


def _headers(block: bytes) -> Message:
    try:
        text = block.decode()
    except UnicodeDecodeError:
        text = block.decode("cp1252", "replace")
    return HeaderParser().parsestr(text.replace("\r\n", "\n").replace("\r", " "))


def _boundary(headers: Message) -> bytes:
    try:
        found = headers.get_boundary()
    except (LookupError, ValueError, TypeError, AttributeError):  # a broken parameter
        return b""
    return found.encode("utf-8", "replace").rstrip() if found else b""


def _encoding(headers: Message) -> str:
    return str(headers.get("content-transfer-encoding", "")).strip().casefold()


def _plain(part: Part) -> bytes:
    """Give the kept bytes of a part without their transfer encoding."""
    data, encoding = bytes(part.kept), part.encoding
    if encoding == "base64":
        letters = _WORDLESS.sub(b"", data)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return quopri.decodestring(data) if encoding == "quoted-printable" else data


def decoded(data: bytes, charset: str | None) -> str:
    """Give bytes as text: by the charset they claim, else UTF-8, else with stand-ins."""
    name = (charset or "utf-8").casefold()
    name = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1") else name
    for codec in (name, "utf-8"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            if error.start > len(data) - 8 and len(data) >= KEPT // 2:
                return data[: error.start].decode(codec, "replace")  # cut inside a letter
        except (LookupError, ValueError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def _joined(parts: list[Part], depth: int) -> str:
    """Give the texts of a depth, one after the other; of alternatives the plain ones."""
    groups: dict[int, list[tuple[str, str]]] = {}
    for part in parts:
        if part.is_text and part.depth == depth and (text := part.text().strip()):
            groups.setdefault(part.group, []).append((part.kind, text))
    chosen = []
    for texts in groups.values():
        plain = [text for kind, text in texts if kind == "text/plain"]
        chosen += plain or [text for _, text in texts]
    return "\n\n".join(chosen)


def _people(value: str) -> list[tuple[str, str]]:
    people = [(header_text(name), address) for name, address in pairs(value) if "@" in address]
    return people or [("", address) for address in _ADDRESS.findall(value)]


def _failed(report: str) -> list[str]:
    """Give the recipients of a delivery report whose delivery failed."""
    found: list[str] = []
    for block in re.split(r"\r?\n[ \t]*\r?\n", report):
        fields = HeaderParser().parsestr(block.strip().replace("\r\n", "\n"))
        if fields.get("Action", "").strip().casefold() == "failed":
            names = (fields.get("Original-Recipient", ""), fields.get("Final-Recipient", ""))
            found += [address for name in names for address in _ADDRESS.findall(name)]
    return found
