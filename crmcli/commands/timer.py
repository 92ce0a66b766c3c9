"""`crm timer`: what to put into cron or systemd, with paths that work there."""

import os
import shlex
import shutil
import sys

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr

CRON = """\
# crontab -e   (what the command prints is mailed to you; nothing is printed when nothing is new)
{schedule} {command}
"""
SYSTEMD = """\
# or with systemd: paste these lines into a shell
mkdir -p ~/.config/systemd/user
cat > ~/.config/systemd/user/crm-due.service <<'EOF'
[Unit]
Description=What is due in crm

[Service]
Type=oneshot
{environment}ExecStart={command}
EOF
cat > ~/.config/systemd/user/crm-due.timer <<'EOF'
[Unit]
Description=When to look what is due in crm

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
EOF
systemctl --user daemon-reload && systemctl --user enable --now crm-due.timer
"""
# What cron and systemd do not pass on and the command needs.
KEPT = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")

app = verb_app()


@app.command(
    "timer",
    cls=CrmCommand,
    epilog="crm timer --print\ncrm timer --print --at 8:30 --email\n"
    "crm timer --print --every 15 --feed ~/public/crm.ics",
)
def timer(
    ctx: typer.Context,
    print_: bool = typer.Option(True, "--print", help="Print them; nothing is ever installed."),  # noqa: ARG001
    at: str = typer.Option("", "--at", metavar="HH:MM", help="Once a day, at this time …"),
    every: int = typer.Option(15, "--every", metavar="MINUTES", help="… or every few minutes."),
    email: bool = typer.Option(False, "--email", help="Mail it instead of a notification."),
    feed: str = typer.Option("", "--feed", metavar="FILE", help="Also keep a calendar file fresh."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
) -> None:
    """Show a crontab line and a systemd timer for your reminders, with paths that work there."""
    crm: Context = ctx.obj
    if not 1 <= every <= 59:
        raise UsageError(
            tr("--every cannot be {every}", every=every), tr("1 to 59 minutes; --at for once a day")
        )
    hour, minute = _time(crm, at) if at else (0, 0)
    words = ["due", "--email" if email else "--notify"]
    words += ["--owner", owner] if owner else []
    commands = [[*program(crm), *words]]
    if feed:
        file = os.path.abspath(os.path.expanduser(feed))
        commands.append([*program(crm), "export", "tasks", "--feed", file])
    environment = _environment(bus=not email)
    cron = CRON.format(
        schedule=f"{minute} {hour} * * *" if at else f"*/{every} * * * *",
        command="; ".join(_cron_words(environment, words) for words in commands),
    )
    systemd = SYSTEMD.format(
        calendar=f"*-*-* {hour:02}:{minute:02}:00" if at else f"*:0/{every}",
        environment=_unit_environment(environment),
        command="\nExecStart=".join(_unit_words(command) for command in commands),
    )
    if crm.out.is_json:
        crm.out.record({"cron": cron, "systemd": systemd})
    else:
        crm.out.lines([*cron.splitlines(), "", *systemd.splitlines()])


def program(crm: Context) -> list[str]:
    """Give the words that start this program from anywhere, on this database."""
    found = shutil.which(sys.argv[0]) or shutil.which("crm")
    start = [os.path.abspath(found)] if found else [sys.executable, "-m", "crmcli"]
    return [*start, "--db", crm.config.database()]


def _time(crm: Context, text: str) -> tuple[int, int]:
    """Read a time of day."""
    from crmcli import dates

    when = dates.parse(text, crm.clock.local_now(), forward=True)
    if when.at is None:
        raise UsageError(tr("not a time: {text!r}", text=text), tr("such as 8:30"))
    return when.at.hour, when.at.minute


def _environment(*, bus: bool) -> dict[str, str]:
    """Give the variables that cron does not know: where things lie, and the desktop's bus."""
    found = {name: os.environ[name] for name in KEPT if os.environ.get(name)}
    for name in sorted(os.environ):
        if name.startswith("CRM_") and name not in ("CRM_NOW", "CRM_DB") and os.environ[name]:
            found[name] = os.environ[name]
    if bus:
        path = f"/run/user/{os.getuid()}/bus"
        found["DBUS_SESSION_BUS_ADDRESS"] = os.environ.get(
            "DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}"
        )
    return found


def _cron_words(environment: dict[str, str], words: list[str]) -> str:
    r"""Give a command line for the shell of cron, which would end it at a `%` without `\`.

    A backslash right before a `%` would escape the one cron needs: quotes come between them.
    """
    assigned = [f"{name}={value}" for name, value in environment.items()]
    line = shlex.join(["env", *assigned, *words] if assigned else words)
    return line.replace("\\%", "\\''%").replace("%", r"\%")


def _unit_environment(environment: dict[str, str]) -> str:
    words = (_unit_word(f"{name}={value}") for name, value in environment.items())
    return "".join(f"Environment={word}\n" for word in words)


def _unit_words(words: list[str]) -> str:
    """Give a command line; `$` begins a variable there and must be doubled.

    `env` stands in front because the first word may not be any path.
    """
    quoted = (_unit_word(word).replace("$", "$$") for word in words)
    return " ".join(["/usr/bin/env", *quoted])


def _unit_word(word: str) -> str:
    """Quote a word as systemd reads it (systemd.syntax(7)): `%` is its own sign."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
