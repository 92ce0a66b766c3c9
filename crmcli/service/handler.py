"""Opening a link with the system's handler: the mail program, the telephone, the browser."""

import os
import subprocess
import sys
from shutil import which

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr

SCHEMES = ("mailto:", "tel:", "sms:", "https://", "http://")
PATIENCE = 1.0  # seconds in which a handler says that it cannot


def handler() -> list[str] | None:
    """Give the program that opens links on the machine one sits at; None when there is none.

    Over ssh a window would open on the other machine, and without a display xdg-open would start
    a browser in this terminal.
    """
    if os.environ.get("SSH_CONNECTION"):
        return None
    if sys.platform == "darwin":
        return ["open"]
    if which("wslview"):
        return ["wslview"]
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return ["xdg-open"] if has_display and which("xdg-open") else None


def open_link(link: str, program: list[str]) -> None:
    """Open a link; does not wait until it is closed again.

    Raises:
        InvalidError: another scheme than those of SCHEMES.
        UsageError: the handler says that it cannot.
    """
    if not link.startswith(SCHEMES):
        raise InvalidError(tr("this cannot be opened"))
    quiet = subprocess.DEVNULL
    try:
        run = subprocess.Popen(
            [*program, link], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        code = run.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise UsageError(
            tr("cannot run {program}: {reason}", program=program[0], reason=error.strerror)
        ) from None
    if code:
        raise UsageError(
            tr("{program} ended with {code}", program=program[0], code=code),
            tr("y copies it instead"),
        )
