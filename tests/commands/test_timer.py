"""`crm timer`: what is printed must work when it is pasted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ODD = "a 100% \"odd\" 'folder' $HOME"
BARE = "/usr/bin:/bin"


@pytest.fixture
def program(home, monkeypatch):
    """The program under an odd path, as if `crm timer` had been started by it."""
    folder = home / ODD
    folder.mkdir()
    path = folder / "crm"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmcli "$@"\n')
    path.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(path)])
    return path


@pytest.fixture
def printed(run, program):
    """Give the crontab line and the rest of what `crm timer --print` prints."""

    def printed(*args: str) -> tuple[str, str]:
        lines = run("timer", "--print", *args).lines
        (line,) = [line for line in lines if line and line[0] in "*0123456789"]
        return line, "\n".join(lines[lines.index(line) + 1 :])

    return printed


def command_of(line: str) -> str:
    """Give what cron hands to the shell: after five fields, up to a `%` that is not escaped."""
    rest, command, escaped = line.split(" ", 5)[5], "", False
    for char in rest:
        if char == "%" and not escaped:
            break
        if char == "%" and escaped:
            command = command[:-1]
        escaped = char == "\\" and not escaped
        command += char
    return command


@pytest.fixture
def cron(home):
    """Run a crontab line as cron does, with nothing of this environment."""

    def cron(line: str, path: str = BARE) -> subprocess.CompletedProcess:
        env = {"PATH": path, "HOME": str(home), "SHELL": "/bin/sh", "LOGNAME": "me"}
        words = ["env", "-i", *(f"{key}={value}" for key, value in env.items())]
        return subprocess.run(
            [*words, "/bin/sh", "-c", command_of(line)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return cron


@pytest.fixture
def recorder(home):
    """A folder with a program `notify-send` that writes down what it was told."""
    folder = home / "fake"
    folder.mkdir()
    path = folder / "notify-send"
    path.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {home}/told\n')
    path.chmod(0o755)
    return folder


def test_it_prints_with_and_without_the_word(run):
    assert run("timer").out == run("timer", "--print").out


@pytest.mark.parametrize(
    ("args", "schedule", "calendar"),
    [
        ([], "*/15 * * * *", "*:0/15"),
        (["--every", "1"], "*/1 * * * *", "*:0/1"),
        (["--every", "59"], "*/59 * * * *", "*:0/59"),
        (["--at", "8:30"], "30 8 * * *", "*-*-* 08:30:00"),
        (["--at", "3pm"], "0 15 * * *", "*-*-* 15:00:00"),
        (["--at", "00:05"], "5 0 * * *", "*-*-* 00:05:00"),
    ],
)
def test_when(printed, args, schedule, calendar):
    line, units = printed(*args)
    assert line.startswith(f"{schedule} ")
    assert f"OnCalendar={calendar}\n" in units


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--every", "0"], "--every"),
        (["--every", "60"], "--every"),
        (["--every", "-5"], "--every"),
        (["--every", "x"], "--every"),
        (["--at", "soon"], "not a date"),
        (["--at", "fri"], "not a time"),
        (["--at", "25:00"], ""),
        (["--at", "8:30", "--foo"], "--foo"),
        (["x"], ""),
    ],
)
def test_timer_refuses(refused, args, said):
    assert said in refused("timer", "--print", *args, code=2)


def test_nothing_is_made(run, home, program):
    before = sorted(home.rglob("*"))
    run("timer", "--print")
    assert sorted(home.rglob("*")) == before


# cron


@pytest.fixture
def late(run, ana):
    run("remind", "c1", "2020-01-02", "call her")


def test_what_is_due_is_printed_where_nothing_can_notify(run, cron, printed, late):
    if shutil.which("notify-send", path=BARE):
        pytest.skip("it would be shown on this desktop")
    line, _ = printed()
    done = cron(line)
    assert (done.returncode, done.stdout.split("\t")[:3]) == (0, ["overdue", "t1", "2020-01-02"])
    done = cron(line)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_notification_from_cron_once(cron, printed, late, recorder, home):
    line, _ = printed()
    for _ in range(2):
        done = cron(line, f"{recorder}:{BARE}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    told = (home / "told").read_text().split("|")
    assert told[:4] == ["--app-name=crm", "--", "Ana Novak", told[3]]
    assert told[3].startswith("call her (")
    assert len(told) == 5


def test_nothing_due_is_silent(cron, printed, ana, recorder):
    done = cron(printed()[0], f"{recorder}:{BARE}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_mail_from_cron(run, cron, printed, late, home):
    run("config", "set", "email_command", f"sh -c 'cat >> {home}/mail'")
    run("config", "set", "email_to", "me@example.com")
    line, _ = printed("--email", "--at", "7:00")
    done = cron(line)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    mail = (home / "mail").read_text()
    assert "To: me@example.com" in mail
    assert "call her" in mail


def test_the_settings_of_the_environment_go_along(run, cron, printed, late, home, monkeypatch):
    """Database, configuration and settings lie where they lay when it was printed."""
    folder = home / f"{ODD} data"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.setenv("CRM_EMAIL_COMMAND", f"sh -c 'cat > \"{home}/100%.mail\"'")
    run("contact", "add", "Bo Li")
    run("remind", "c1", "2020-01-02", "the other database")
    done = cron(printed("--email")[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert "the other database" in (home / "100%.mail").read_text()
    assert "call her" not in (home / "100%.mail").read_text()


def test_the_database_of_the_option(run, cron, printed, late, home):
    other = str(home / ODD / "other.db")
    run("--db", other, "contact", "add", "Bo Li")
    run("--db", other, "remind", "c1", "2020-01-02", "of the other")
    run("config", "set", "email_command", f"sh -c 'cat > {home}/mail'")
    done = cron(printed("--email", "--db", other)[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert "of the other" in (home / "mail").read_text()


@pytest.mark.parametrize("owner", ["me", "eva o'neill 100%"])
def test_only_one_owners(run, cron, printed, ana, home, owner):
    run("task", "add", "mine", "--due", "2020-01-02")
    run("task", "add", "hers", "--due", "2020-01-02", "--owner", "eva o'neill 100%")
    run("config", "set", "email_command", f"sh -c 'cat > {home}/mail'")
    done = cron(printed("--email", "--owner", owner)[0])
    assert (done.returncode, done.stderr) == (0, "")
    mail = (home / "mail").read_text()
    assert ("mine" in mail, "hers" in mail) == (owner == "me", owner != "me")


def test_a_frozen_clock_does_not_go_along(printed):
    line, units = printed()
    assert "CRM_NOW" not in line + units


def test_a_path_with_a_backslash_before_a_percent_sign(run, cron, printed, late, home):
    r"""Cron reads `\%` as `%`, so `\` before `%` needs care."""
    other = str(home / "a\\%b.db")
    run("--db", other, "contact", "add", "Bo Li")
    run("--db", other, "remind", "c1", "2020-01-02", "of the other")
    run("config", "set", "email_command", f"sh -c 'cat > {home}/mail'")
    done = cron(printed("--email", "--db", other)[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert "of the other" in (home / "mail").read_text()


# a calendar beside it


def test_every_command_of_the_line_gets_the_settings(printed, program, cron, home):
    """Also the one that keeps the calendar fresh."""
    program.write_text(f'#!/bin/sh\necho "$CRM_TIMEZONE $CRM_USER" "$@" >> {home}/ran\n')
    assert cron(printed("--feed", "out 100%.ics")[0]).returncode == 0
    first, second = (home / "ran").read_text().splitlines()
    assert first.startswith("Europe/Ljubljana me --db ")
    assert first.endswith(" due --notify")
    assert second.startswith("Europe/Ljubljana me --db ")
    assert second.endswith(f" export tasks --feed {Path.cwd()}/out 100%.ics")


def test_the_calendar_is_kept_fresh(cron, printed, late, recorder, home):
    feed = home / ODD / "crm.ics"
    done = cron(printed("--feed", str(feed))[0], f"{recorder}:{BARE}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "call her" in feed.read_text()


def test_a_home_in_the_feed_is_told(printed, home):
    line, units = printed("--feed", "~/crm.ics")
    assert f"--feed {home}/crm.ics" in line
    assert f'"{home}/crm.ics"' in units


# systemd


@pytest.fixture
def units(home, printed):
    """Paste the lines for systemd into a shell; give the folder of the units."""

    def units(*args: str) -> Path:
        fake = home / "systemctl-only"
        fake.mkdir()
        (fake / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {home}/systemctl\n')
        (fake / "systemctl").chmod(0o755)
        done = subprocess.run(
            ["/bin/sh", "-e"],
            input=printed(*args)[1],
            env={"PATH": f"{fake}:{BARE}", "HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return home / ".config/systemd/user"

    return units


def test_the_units_are_written_and_enabled(units, home):
    folder = units()
    assert sorted(path.name for path in folder.iterdir()) == ["crm-due.service", "crm-due.timer"]
    assert (home / "systemctl").read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now crm-due.timer",
    ]


def unit_words(line: str) -> list[str]:
    """Read a line of quoted words as systemd does (systemd.syntax, systemd.service)."""
    words, word, inside, skip = [], "", False, False
    for at, char in enumerate(line):
        if skip:
            skip = False
            continue
        following = line[at + 1 : at + 2]
        if char == "\\":
            word, skip = word + following, True
        elif char in "%$" and following == char:
            word, skip = word + char, True
        elif char == '"':
            inside = not inside
            if not inside:
                words.append(word)
                word = ""
        elif inside:
            assert char not in "%$", line
            word += char
    return words


def test_the_service_starts_the_same_commands(units, program, database, home):
    text = (units("--feed", "out 100%.ics", "--owner", "me") / "crm-due.service").read_text()
    commands = [unit_words(line) for line in text.splitlines() if line.startswith("ExecStart=")]
    start = [str(program), "--db", str(database)]
    assert commands == [
        [*start, "due", "--notify", "--owner", "me"],
        [*start, "export", "tasks", "--feed", f"{Path.cwd()}/out 100%.ics"],
    ]
    assert 'Environment="CRM_TIMEZONE=Europe/Ljubljana"\n' in text
    assert 'Environment="DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/' in text


@pytest.mark.parametrize(
    "args", [[], ["--at", "8:30", "--email"], ["--feed", "~/crm.ics"]], ids=str
)
def test_systemd_accepts_them(units, args, program, home, monkeypatch):
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ODD))
    path = home / "a 100% folder" / "crm"  # systemd starts nothing whose path has quotes
    path.parent.mkdir()
    monkeypatch.setattr(sys, "argv", [shutil.copy(program, path)])
    folder = units(*args)
    files = [str(folder / name) for name in ("crm-due.service", "crm-due.timer")]
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *files],
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = [line for line in done.stderr.splitlines() if "crm-due" in line]
    assert (done.returncode, said) == (0, [])


def test_the_real_program_is_named_by_its_full_path(run, monkeypatch, home):
    script = Path(sys.executable).parent / "crm"
    if not script.exists():
        pytest.skip("the program is not installed beside this Python")
    monkeypatch.setattr(sys, "argv", ["crm"])
    monkeypatch.setenv("PATH", f"{script.parent}:{BARE}")
    assert f" {script} --db {home}/.local/share/crm/crm.db due" in run("timer", "--print").out


def test_without_an_installed_program_python_starts_it(run, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/nowhere/crmcli/__main__.py"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert f" {sys.executable} -m crmcli --db " in run("timer", "--print").out
