"""The files of a folder, for choosing one: what can be imported stands first."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from crmcli.clock import Clock
from crmcli.dates import distance
from crmcli.errors import UsageError
from crmcli.i18n import tr

TABLES = (".csv", ".tsv", ".json", ".jsonl", ".txt")  # what an import reads
MOST = 5_000  # entries of a folder that are looked at
HOME = "~"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder.

    Args:
        path: the whole path, as the system has it.
        name: how it is shown; a folder ends in /.
        kind: table, folder or other.
        size: in bytes.
        changed: when it was changed last, in seconds since 1970.
    """

    path: str
    name: str
    kind: str
    size: int = 0
    changed: float = 0.0


@dataclass(frozen=True, slots=True)
class Folder:
    """The entries that a text may go on with.

    Args:
        path: the folder they lie in.
        entries: tables first, the newest on top, then folders, then the rest.
        problem: why it cannot be read; "" otherwise.
    """

    path: str
    entries: tuple[Entry, ...] = ()
    problem: str = ""


def whole(text: str) -> str:
    """Give the path that a text means: ~ is home, quotes and file:// of a dropped file go."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if text.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        text = unquote(urlsplit(text).path)
    path = os.path.expanduser(text)
    if not os.path.lexists(path) and "\\" in path:
        path = path.replace("\\ ", " ")
    return path


def short(path: str) -> str:
    """Give a path as it is typed: home is ~."""
    home = os.path.expanduser(HOME)
    if home != HOME and (path == home or path.startswith(home.rstrip("/") + "/")):
        return HOME + path[len(home.rstrip("/")) :]
    return path


def look(text: str) -> Folder:
    """Give what a text may go on with; it names a folder up to its last /."""
    folder, part = os.path.split(whole(text))
    if not text.strip():
        folder, part = os.curdir, ""
    elif text.strip() == HOME:
        folder, part = whole(HOME), ""
    folder = os.path.abspath(folder or os.curdir)
    try:
        found = [*_entries(folder, part)]
    except OSError as error:
        reason = error.strerror or str(error)
        return Folder(folder, problem=f"{short(folder)}: {reason}")
    except ValueError:  # a NUL
        return Folder(folder, problem=tr("{text!r} is no path", text=text))
    order = {"table": 0, "folder": 1, "other": 2}
    found.sort(key=lambda entry: (order[entry.kind], -entry.changed * (entry.kind == "table")))
    return Folder(folder, tuple(found))


def _entries(folder: str, part: str) -> Iterator[Entry]:
    start = part.casefold()
    with os.scandir(folder) as items:
        chosen = [
            item
            for item in islice(items, MOST)
            if item.name.casefold().startswith(start)
            and (part.startswith(".") or not item.name.startswith("."))
        ]
    chosen.sort(key=lambda item: item.name.casefold())
    return map(_entry, chosen)


def _entry(item: "os.DirEntry[str]") -> Entry:
    try:
        status = item.stat()
    except OSError:  # a link to nowhere
        return Entry(item.path, item.name, "other")
    if stat.S_ISDIR(status.st_mode):
        return Entry(item.path, item.name + "/", "folder")
    is_table = stat.S_ISREG(status.st_mode) and item.name.lower().endswith(TABLES)
    kind = "table" if is_table else "other"
    return Entry(item.path, item.name, kind, status.st_size, status.st_mtime)


def common(entries: tuple[Entry, ...]) -> str:
    """Give the beginning that the names of all entries share, in the case of the first."""
    if not entries:
        return ""
    first, *rest = [entry.name for entry in entries]
    size = 0
    while size < len(first) and all(
        name[size : size + 1].casefold() == first[size].casefold() for name in rest
    ):
        size += 1
    return first[:size]


def refuse_no_file(path: str) -> None:
    """Refuse what would be waited for in vain; a missing file is told of when it is opened.

    Raises:
        UsageError: it is a pipe, a device or a socket.
    """
    try:
        is_file = stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return
    if not is_file and not os.path.isdir(path):
        raise UsageError(tr("{name}: is no file", name=short(path)))


def size_said(count: int) -> str:
    """Give a size as people say it: `12 kB`."""
    size, units = float(count), ["GB", "MB", "kB"]
    unit = "B"
    while size >= 1000 and units:
        size, unit = size / 1000, units.pop()
    return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"


def age(clock: Clock, changed: float) -> str:
    """Say when a file was changed: `today`, `3 days ago`."""
    day = clock.local(datetime.fromtimestamp(changed, UTC)).date()
    return distance((day - clock.today()).days)
