"""Files put on a record, found again, and taken off: content first, then the row that needs it."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from crmcli import files
from crmcli.context import Context
from crmcli.errors import ConflictError, NotFoundError, OutputError, StorageError, UsageError
from crmcli.i18n import tr
from crmcli.service.record import Record
from crmcli.store import attachment as store
from crmcli.store.attachment import Attachment
from crmcli.text import clean, fold, is_visible

if TYPE_CHECKING:
    from crmcli.store.search import Key
    from crmcli.store.unit import Unit

BLOCK = 1 << 20  # bytes that are held at a time
NAMELESS = "file"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Attached:
    """What attaching did: of each file its name, and whether it is new on the record."""

    names: list[str]
    new: list[bool]


class _Gone(Exception):
    """A content was removed as unused before its row was written."""


def attach(crm: Context, key: "Key", paths: Sequence[str]) -> Attached:
    """Put files on a record, as one group. A file that cannot be read stops all of them.

    Raises:
        UsageError: no file, or one that cannot be read.
        StorageError: the content cannot be written.
    """
    database = crm.config.database()
    for path in paths:  # before anything is copied
        with _opened(path):
            pass
    for _ in range(TRIES):
        kept = [_keep(database, path) for path in paths]
        try:
            done = crm.write("attach", partial(_add, database, key, kept))
        except _Gone:
            continue
        return Attached([file["filename"] for file in kept], done.value)
    raise StorageError(tr("the files folder is being tidied up"), tr("try again"))


def _add(database: str, key: "Key", kept: Sequence[Record], w: "Unit") -> list[bool]:
    if not all(os.path.isfile(store.content(database, file["sha256"])) for file in kept):
        raise _Gone
    return [store.add(w, key, file) for file in kept]


def find(crm: Context, key: "Key", word: str) -> Attachment:
    """Give a file of a record by its name or its number.

    Raises:
        NotFoundError: there is none such.
        ConflictError: several have the name.
    """
    known = store.attachments(crm.store.reader, key)
    for name in (str, fold):
        found = [one for one in known if name(one.filename) == name(word)]
        if len(found) > 1:
            numbers = ", ".join(str(one.number) for one in found)
            raise ConflictError(
                tr("several files are called {name}: {numbers}", name=word, numbers=numbers),
                tr("give the number"),
            )
        if found:
            return found[0]
    for one in known:
        if word == str(one.number):
            return one
    shown = ", ".join(f"{one.number} {one.filename}" for one in known[:5])
    raise NotFoundError(
        tr("no file {name!r} there", name=word),
        tr("there are {names}", names=shown) if known else tr("there is none"),
    )


def read(crm: Context, one: Attachment) -> Iterator[bytes]:
    """Give the content of a file, block by block.

    Raises:
        StorageError: it is not there, or not what was attached.
    """
    path = store.content(crm.config.database(), one.sha256)
    try:
        if os.path.getsize(path) != one.size:
            raise _lost(path, one.filename, tr("it has another size"))
    except OSError as error:
        raise _lost(path, one.filename, error.strerror) from None
    return _content(path, one.filename)


def _content(path: str, name: str) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            while block := file.read(BLOCK):
                yield block
    except OSError as error:
        raise _lost(path, name, error.strerror) from None


def _lost(path: str, name: str, reason: str | None) -> StorageError:
    return StorageError(
        tr("cannot read the content of {name}: {reason}", name=name, reason=reason),
        tr("bring {path} back from a copy", path=path),
    )


def remove(crm: Context, one: Attachment) -> None:
    """Take a file off its record."""
    crm.write("attach rm", lambda w: store.remove(w, one.id))


def name_of(path: str) -> str:
    """Give the name a file is stored under: the last part of its path, fit for a terminal."""
    name = clean(os.path.basename(path))
    return name if is_visible(name) else NAMELESS


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """Open a file; never wait for a pipe, and take nothing but files.

    Raises:
        UsageError: it cannot be read, or is a folder, a pipe or a device.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else tr("no such name")
        raise UsageError(tr("cannot read {path}: {reason}", path=path, reason=reason)) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UsageError(
            tr("{path} is not a file", path=path), tr("a folder or a stream cannot be attached")
        )
    with open(handle, "rb") as file:
        yield file


def _keep(database: str, path: str) -> Record:
    """Store the content of a file, unless it is there; give what its row holds."""
    from mimetypes import guess_type

    sha256, size = _hashed(path)
    target = store.content(database, sha256)
    if not (os.path.isfile(target) and os.path.getsize(target) == size):
        _copy(path, target, sha256)
    name = name_of(path)
    return {
        "sha256": sha256,
        "filename": name,
        "media_type": guess_type(name)[0],
        "size": size,
    }


def _hashed(path: str) -> tuple[str, int]:
    from hashlib import sha256

    digest, size = sha256(), 0
    with _opened(path) as file:
        for block in _blocks(file, path):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _copy(path: str, target: str, sha256: str) -> None:
    """Copy a file to where its content belongs; whole and on the disk, or not at all."""
    folder = os.path.dirname(target)
    try:
        for one in (os.path.dirname(folder), folder):
            files.make_folder(one)
        with _opened(path) as file:
            files.write_file(target, _same(file, path, sha256))
        _sync(folder)
    except OutputError as error:
        raise StorageError(error.message, error.hint) from None


def _same(file: BinaryIO, path: str, wanted: str) -> Iterator[bytes]:
    """Give the blocks of a file; refuse one that is another now than it was.

    Raises:
        ConflictError: somebody writes it.
    """
    from hashlib import sha256

    digest = sha256()
    for block in _blocks(file, path):
        digest.update(block)
        yield block
    if digest.hexdigest() != wanted:
        raise ConflictError(tr("{path} was changed while it was read", path=path), tr("try again"))


def _blocks(file: BinaryIO, path: str) -> Iterator[bytes]:
    try:
        while block := file.read(BLOCK):
            yield block
    except OSError as error:
        raise UsageError(
            tr("cannot read {path}: {reason}", path=path, reason=error.strerror)
        ) from None


def _sync(folder: str) -> None:
    """Bring the name of a new file to the disk; a file system that cannot is left alone."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
