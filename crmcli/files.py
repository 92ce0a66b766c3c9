"""Writing files so that a reader sees the old one or the whole new one, never a part."""

import os

from crmcli.errors import OutputError
from crmcli.i18n import tr


def write_file(path: str, content: bytes, mode: int = 0o600) -> None:
    """Replace `path` by `content`: temporary name in the same folder, fsync, rename.

    A symbolic link keeps pointing where it did; a device or a pipe is written to, not replaced.

    Raises:
        OutputError: the folder is missing, not writable or full; `path` is as it was.
    """
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.write(content)
            return
        path = os.path.realpath(path)
        temporary = f"{path}.{os.getpid()}.tmp"
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        try:
            with open(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise OutputError(
            tr("cannot write {path}: {reason}", path=path, reason=error.strerror)
        ) from None
