"""How `crm due` tells what is due besides printing: a notification, a mail."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from crmcli.config import command_words
from crmcli.context import Context
from crmcli.errors import OutputError, UsageError
from crmcli.i18n import tr, trn
from crmcli.store import notify as store
from crmcli.store.due import cells
from crmcli.store.item import Item
from crmcli.text import safe

MOST = 5  # notifications at once; more become one
TIMEOUT = 30  # seconds for the program that delivers
OSASCRIPT = (
    *("osascript", "-e", "on run argv", "-e"),
    *("display notification (item 2 of argv) with title (item 1 of argv)", "-e", "end run"),
)


def tell(
    crm: Context, items: Sequence[Item], transport: str, deliver: Callable[[list[Item]], None]
) -> list[Item]:
    """Deliver what `transport` has not told yet, and give it; what fails is told the next time."""
    new = crm.write("due", lambda w: store.claim(w, items, transport)).value if items else []
    waiting = list(new)
    one_by_one = transport == "notify" and len(new) <= MOST
    try:
        for part in [[item] for item in new] if one_by_one else [new]:
            deliver(part)
            del waiting[: len(part)]
    except BaseException:
        crm.write("due", lambda w: store.release(w, waiting, transport))
        raise
    return new


def can_notify() -> bool:
    """Tell whether this machine can show notifications."""
    return _notifier() is not None


def at_hand(items: Sequence[Item]) -> list[Item]:
    """Leave out what has a time today that has not come yet: it is told then."""
    return [item for item in items if item.late or not item.due_time]


def show_notifications(crm: Context, items: list[Item]) -> None:
    """Show one notification for each item, or one for all when they are many.

    Raises:
        OutputError: the program that shows them failed.
    """
    today = crm.clock.today()
    if len(items) > MOST:
        names = ", ".join(item.who_name or item.title for item in items[:MOST])
        title = trn("crm: {count} thing is due", "crm: {count} things are due", len(items))
        _notify(title, f"{names} …")
        return
    for item in items:
        what = f"{item.title} ({item.age(today)})"
        _notify(item.who_name or item.title, what if item.who_name else item.age(today))


def send_mail(crm: Context, items: list[Item]) -> None:
    """Hand a mail to the configured command, such as `msmtp -t`; nothing is no mail.

    Raises:
        UsageError: no command is configured.
        OutputError: it failed.
    """
    if not items:
        return
    from email.message import EmailMessage
    from email.policy import SMTP

    command, to = crm.config.get("email_command"), crm.config.get("email_to")
    if not command:
        raise UsageError(tr("no mail command"), tr("crm config set email_command 'msmtp -t'"))
    words = command_words(command, "email_command")
    if not to and "-t" in words:  # it reads the address from the mail
        raise UsageError(tr("no address to mail to"), tr("crm config set email_to you@example.com"))
    today = crm.clock.today()
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = tr("crm: {count} due on {day}", count=len(items), day=today)
    if to:
        mail["To"] = to
    lines = ("  ".join(filter(None, map(safe, cells(item, today)))) for item in items)
    mail.set_content("\n".join(lines) + "\n")
    _run(words, mail.as_bytes())


def _notify(title: str, body: str) -> None:
    """Show one notification; the text is a parameter, never a program or markup."""
    program = _notifier()
    title, body = safe(title), safe(body)
    if program == "notify-send":
        marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
        escaped = "".join(marks.get(char, char) for char in body)
        _run([program, "--app-name=crm", "--", title, escaped], b"")
    else:
        _run([*OSASCRIPT, title, body], b"")


def _notifier() -> str | None:
    names = ("osascript", "notify-send") if sys.platform == "darwin" else ("notify-send",)
    return next(filter(shutil.which, names), None)


def _run(words: list[str], data: bytes) -> None:
    """Run a program that delivers; cron knows no desktop bus, so it is named."""
    bus = f"unix:path=/run/user/{os.getuid()}/bus"
    environment = {"DBUS_SESSION_BUS_ADDRESS": bus, **os.environ}
    try:
        done = subprocess.run(
            words, input=data, env=environment, capture_output=True, timeout=TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "strerror", None) or tr(
            "no answer in {count} seconds", count=TIMEOUT
        )
        raise OutputError(
            tr("cannot run {name!r}: {reason}", name=words[0], reason=reason)
        ) from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:200]
        hint = tr("what was not told is told the next time")
        ended = tr("{name!r} ended with {code}", name=words[0], code=done.returncode)
        raise OutputError(f"{ended}: {said}".rstrip(": "), hint)
