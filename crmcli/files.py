"""Writing files so that a reader sees the old one or the whole new one, never a part."""

import os
from collections.abc import Iterable

from crmcli.errors import OutputError
from crmcli.i18n import tr


def write_file(
    path: str, content: bytes | Iterable[bytes], mode: int = 0o600, *, keep_same: bool = False
) -> bool:
    """Replace `path` by `content`: temporary name in the same folder, fsync, rename.

    A symbolic link keeps pointing where it did; a device or a pipe is written to, not replaced.

    Args:
        path: the file.
        content: all of it, or piece by piece: then it is never held whole.
        mode: of a new file.
        keep_same: leave a file that holds just that as it is, with its time.

    Returns:
        Whether something was written.

    Raises:
        OutputError: the folder is missing, not writable or full; `path` is as it was.
    """
    pieces = [content] if isinstance(content, bytes) else content
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.writelines(pieces)
            return True
        path = os.path.realpath(path)
        temporary = f"{path}.{os.getpid()}.tmp"
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        try:
            with open(handle, "wb") as file:
                file.writelines(pieces)
                file.flush()
                if not (is_same := keep_same and _is_same(temporary, path)):
                    os.fsync(file.fileno())
            if is_same:
                os.unlink(temporary)
                return False
            os.replace(temporary, path)
            return True
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise OutputError(
            tr("cannot write {path}: {reason}", path=path, reason=error.strerror)
        ) from None


def make_folder(path: str) -> None:
    """Make a folder for its owner only, if it is not there.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputError(
            tr("cannot write {path}: {reason}", path=path, reason=error.strerror)
        ) from None


def remove_file(path: str) -> bool:
    """Remove a file; False when there is none.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(
            tr("cannot remove {path}: {reason}", path=path, reason=error.strerror)
        ) from None
    return True


def _is_same(one: str, other: str) -> bool:
    """Tell whether two files hold the same bytes."""
    from filecmp import cmp

    return os.path.isfile(other) and cmp(one, other, shallow=False)
