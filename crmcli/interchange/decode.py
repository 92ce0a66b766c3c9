"""From bytes to text: opens a file or a pipe once, and says how it is encoded.

A regular file is read in place, so that it is read to its end even when it is renamed; anything
else is spooled to an unlinked temporary file. BOM, else strict UTF-8, else `guess`; nothing is
ever read with replacement characters.
"""

import codecs
import hashlib
import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from crmcli.errors import InvalidError, StorageError, UsageError
from crmcli.i18n import mark, tr
from crmcli.interchange.guess import guess, same_letters

CHUNK = 1 << 20
LINE_LIMIT = 1 << 20
"""Characters of the longest line that is read; what is longer is cut there and its rest skipped."""
_SAMPLE = 256 * 1024
_HEAD = 4096

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"
MOST_UNPACKED = 1 << 30
"""Bytes that a compressed file may unpack to."""
_AS_CSV = mark("save it as CSV (UTF-8) and import that")
_EXPORT = mark("export the contacts as CSV and import that")
_AGAIN = mark("perhaps the download asked for a login; export it again")
_FOREIGN = (
    (b"PK\x03\x04", mark("a zip archive or an Excel workbook"), _AS_CSV),
    (b"\xd0\xcf\x11\xe0", mark("an old Excel workbook"), _AS_CSV),
    (b"%pdf", mark("a PDF document"), _EXPORT),
    (_GZIP, mark("gzip-compressed twice"), mark("unpack it first: gunzip FILE")),
    (b"<html", mark("a web page"), _AGAIN),
    (b"<!doctype html", mark("a web page"), _AGAIN),
    (b"<?xml", mark("an XML document"), _EXPORT),
    (b"sqlite format 3", mark("an SQLite database"), _EXPORT),
)


@dataclass(slots=True)
class Source:
    """An opened file whose encoding is known and whose bytes all decode.

    Args:
        name: the path as given, `stdin` for a pipe.
        sha256: of all bytes.
        encoding: the codec it is read with.
        guessed: the encoding was neither given nor told by the bytes themselves.
        text: the decoded file; line ends are as in the file.
    """

    name: str
    sha256: str
    encoding: str
    guessed: bool
    text: io.TextIOWrapper

    def lines(self) -> Iterator[str]:
        """Yield the physical lines from the start, each cut at LINE_LIMIT characters."""
        self.text.seek(0)
        readline = self.text.readline
        try:
            line = readline(LINE_LIMIT).removeprefix("\ufeff")
            while line:
                yield line
                if len(line) == LINE_LIMIT:
                    self._skip_line(line)
                line = readline(LINE_LIMIT)
        except UnicodeError:
            raise InvalidError(tr("{name}: changed while it was read", name=self.name)) from None
        except OSError as error:
            raise StorageError(
                tr("{name}: cannot be read: {reason}", name=self.name, reason=error.strerror)
            ) from None

    def _skip_line(self, part: str) -> None:
        """Read on to the end of a line too long to be kept."""
        while part and part[-1] not in "\r\n":
            part = self.text.readline(LINE_LIMIT)

    def close(self) -> None:
        """Close the file."""
        self.text.close()


@dataclass(slots=True)
class Opened:
    """A file or pipe, opened once, whose kind is not known yet.

    Args:
        name: the path as given, `stdin` for a pipe.
        file: its bytes, seekable; at the start.
        head: its first bytes.
    """

    name: str
    file: BinaryIO
    head: bytes
    encoding: str = ""
    guessed: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of all bytes; the file is at its start again."""
        self.file.seek(0)
        digest = hashlib.sha256()
        while chunk := self.file.read(CHUNK):
            digest.update(chunk)
        self.file.seek(0)
        return digest.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def open_file(path: str) -> Opened:
    """Open `path` (`-` is stdin), whatever is in it.

    Raises:
        UsageError: no such file, or a directory.
        StorageError: it cannot be read.
    """
    name = "stdin" if path == "-" else path
    with told(name):
        file = _open(path)
        try:
            head = file.read(_HEAD)
            file.seek(0)
            if head.startswith(_GZIP):
                file = _unpacked(name, file)
                head = file.read(_HEAD)
                file.seek(0)
        except BaseException:
            file.close()
            raise
    return Opened(name, file, head)


def _unpacked(name: str, packed: BinaryIO) -> BinaryIO:
    """Unpack a gzip file into an unlinked temporary file, which takes its place."""
    import gzip
    import zlib

    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the Source owns it
    try:
        with packed, gzip.GzipFile(fileobj=packed) as stream:
            while chunk := stream.read(CHUNK):
                if spool.tell() + len(chunk) > MOST_UNPACKED:
                    raise InvalidError(
                        tr("{name}: unpacks to more than 1 GB", name=name),
                        tr("unpack it yourself first: gunzip FILE"),
                    )
                spool.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        spool.close()
        raise InvalidError(
            tr("{name}: is a gzip file, and broken", name=name), tr("get it again")
        ) from None
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


def text_of(opened: Opened, encoding: str | None = None) -> Source:
    """Find the encoding of a file and check that all of it decodes; the source owns the file.

    Args:
        opened: the file.
        encoding: the codec to read it with; None means to find out.

    Raises:
        UsageError: an unknown encoding.
        InvalidError: nothing in it, not a text file, or its encoding cannot be told.
    """
    codec = codec_of(encoding) if encoding else None
    with told(opened.name):
        return _source(opened, codec)


def open_text(path: str, encoding: str | None = None) -> Source:
    """Open `path` (`-` is stdin) as text; see `open_file` and `text_of`."""
    if encoding:
        codec_of(encoding)
    opened = open_file(path)
    try:
        return text_of(opened, encoding)
    except BaseException:
        opened.close()
        raise


def _source(opened: Opened, given: str | None) -> Source:
    name, file, head = opened.name, opened.file, opened.head
    _refuse_foreign(name, head)
    codec = _from_bom(head, given) or _without_bom(head) or "utf-8"
    sha256, bad_line = _digest(file, codec)
    guessed = codec in ("utf-16-le", "utf-16-be") and not given
    if bad_line and (given or codec != "utf-8"):
        raise InvalidError(
            tr("{name}:{bad_line}: is not {codec}", name=name, bad_line=bad_line, codec=codec),
            tr("choose another --encoding"),
        )
    if bad_line:
        codec, guessed = _guessed(name, file, bad_line), True
    text = io.TextIOWrapper(file, codec, newline="")
    return Source(name, sha256, codec, guessed, text)


def _open(path: str) -> BinaryIO:
    """Open a seekable binary file: the file itself, or a spooled copy of a pipe."""
    if path == "-":
        if sys.stdin is None:
            raise UsageError(tr("there is no standard input to import from"))
        return _spooled(sys.stdin.buffer)
    file = open(path, "rb")  # noqa: SIM115 - the Source owns it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    with file:
        return _spooled(file)


def _spooled(stream: BinaryIO) -> BinaryIO:
    """Copy a pipe into an unlinked temporary file, which nobody else can open."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the Source owns it
    try:
        while chunk := stream.read(CHUNK):
            spool.write(chunk)
            if len(chunk) < CHUNK:  # its end: a terminal would wait for another Ctrl-D
                break
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what the system says about a file into one clear error."""
    try:
        yield
    except FileNotFoundError:
        raise UsageError(tr("{name}: no such file", name=name)) from None
    except IsADirectoryError:
        raise UsageError(
            tr("{name}: is a directory", name=name), tr("name the files in it")
        ) from None
    except PermissionError:
        raise UsageError(tr("{name}: you may not read it", name=name)) from None
    except OSError as error:
        raise StorageError(
            tr("{name}: cannot be read: {reason}", name=name, reason=error.strerror)
        ) from None
    except ValueError as error:  # a NUL in the path
        raise UsageError(
            tr("{name!r}: is no file name ({error})", name=name, error=error)
        ) from None


def codec_of(encoding: str) -> str:
    """Give Python's name of a text encoding; raise UsageError when there is none."""
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise UsageError(
            tr("unknown encoding {encoding!r}", encoding=encoding),
            tr("for example utf-8, cp1250, cp1252, utf-16"),
        ) from None
    try:
        "a".encode(info.name)
    except (LookupError, UnicodeError):
        raise UsageError(
            tr("{encoding!r} is no encoding of text files", encoding=encoding)
        ) from None
    return info.name


def _refuse_foreign(name: str, head: bytes) -> None:
    """Say what the file is when it is plainly no text with rows."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if not start:
        raise InvalidError(tr("{name}: nothing to import, the file is empty", name=name))
    for magic, what, hint in _FOREIGN:
        if start.startswith(magic.lower()):
            raise InvalidError(
                tr("{name}: is {what}, not a text file", name=name, what=tr(what)), tr(hint)
            )


def _from_bom(head: bytes, given: str | None) -> str | None:
    """Give the encoding the byte order mark names, unless another one was asked for."""
    for bom, codec in _BOMS:
        if head.startswith(bom) and (not given or given.replace("-", "") in codec.replace("-", "")):
            return codec
    return given


def _without_bom(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: every other byte of Latin text is NUL."""
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if pairs < 8 or max(even, odd) < 0.6 * pairs or min(even, odd) > 0.05 * pairs:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _digest(file: BinaryIO, codec: str) -> tuple[str, int | None]:
    """Give the SHA-256 and, if it does not decode, the first line that does not; one pass."""
    digest = hashlib.sha256()
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder(codec)()
    feeds, returns, bad_line = 0, 0, None
    file.seek(0)
    while True:
        chunk = file.read(CHUNK)
        digest.update(chunk)
        if decoder:
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeError as error:
                text, decoder = _before(error, codec), None
            feeds, returns = feeds + text.count("\n"), returns + text.count("\r")
            bad_line = None if decoder else max(feeds, returns) + 1
        if not chunk:
            return digest.hexdigest(), bad_line


def _before(error: UnicodeError, codec: str) -> str:
    """Give the text of a chunk up to the bytes that do not decode."""
    if not isinstance(error, UnicodeDecodeError):
        return ""
    return error.object[: error.start].decode(codec, "ignore")


def _guessed(name: str, file: BinaryIO, bad_line: int) -> str:
    """Give the code page of a file that is not Unicode, or refuse to guess."""
    sample, first, unicode_lines, other_lines = _sample(file)
    if unicode_lines >= max(other_lines, 1):
        raise InvalidError(
            tr(
                "{name}:{bad_line}: is not UTF-8, though other lines are",
                name=name,
                bad_line=bad_line,
            ),
            tr("mend that line, or read all with one --encoding"),
        )
    found = guess(sample)
    if found.encoding is None:
        raise InvalidError(
            tr("{name}:{first}: cannot tell the encoding", name=name, first=first),
            _options(_suggested(sample)) or tr("give its --encoding"),
        )
    if found.rival:
        raise _ambiguous(name, file, found.encoding, found.rival)
    for codec in same_letters(sample, found.encoding):
        if not _digest(file, codec)[1]:
            return codec
    line = _digest(file, found.encoding)[1]
    raise InvalidError(
        tr(
            "{name}:{line}: reads as {encoding} up to here, this line does not",
            name=name,
            line=line,
            encoding=found.encoding,
        ),
        tr("mend that line, or choose with --encoding"),
    )


def _sample(file: BinaryIO) -> tuple[bytes, int, int, int]:
    """Give lines that hold more than ASCII, where the first is, and how many are UTF-8 or not."""
    kept, size, first, good, bad = [], 0, 0, 0, 0
    for number, line in _other_lines(file):
        first = first or number
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
        kept.append(line)
        size += len(line)
        if size >= _SAMPLE:
            break
    return b"\n".join(kept), first, good, bad


def _other_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the numbered lines that hold more than ASCII; a very long one comes in parts."""
    file.seek(0)
    number, whole = 1, True
    while line := file.readline(_SAMPLE):
        if not line.isascii():
            yield number, line.rstrip(b"\r\n")
        whole = line.endswith(b"\n")
        number += whole


def _ambiguous(name: str, file: BinaryIO, one: str, other: str) -> InvalidError:
    """Show the first line that two code pages read differently."""
    for number, line in _other_lines(file):
        words = zip(
            line.decode(one, "replace").split(), line.decode(other, "replace").split(), strict=False
        )
        for left, right in words:
            if left != right:
                return InvalidError(
                    tr(
                        "{name}:{number}: cannot tell the encoding: {one} reads {left!r}, "
                        "{other} reads {right!r}",
                        name=name,
                        number=number,
                        one=one,
                        left=left[:40],
                        other=other,
                        right=right[:40],
                    ),
                    tr("choose with {options}", options=_options([one, other])),
                )
    return InvalidError(tr("{name}: cannot tell the encoding", name=name), _options([one, other]))


def _suggested(sample: bytes) -> list[str]:
    """Ask charset-normalizer for pages we do not know ourselves; only a person may trust them."""
    from charset_normalizer import from_bytes

    return [match.encoding for match in from_bytes(sample)][:3]


def _options(names: list[str]) -> str:
    """Give `--encoding cp1250 or cp1252`; nothing without names."""
    options = tr(" or ").join(names)
    return f"--encoding {options}" if names else ""
