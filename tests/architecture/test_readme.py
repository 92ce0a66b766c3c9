"""Every example of the README runs, in order, as a new user would type it; every recipe works."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CRON = re.compile(r"((?:[0-9*/,-]+ ){5}) +(\S.*)")
WAIT = 60  # seconds; only a hanging program takes so long


def blocks(kind: str, file: str = "README.md") -> list[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return [body for name, body in BLOCK.findall(text) if name == kind]


def need(program: str) -> str:
    """Give where a program is that a recipe is for; skip where it is not."""
    path = shutil.which(program)
    if not path:
        pytest.skip(f"there is no {program} here, so its recipe cannot be run")
    return path


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def program(path: Path) -> Path:
    """Write a `crm` that keeps the clock of the test, also where no environment comes along."""
    kept = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("CRM_")]
    words = ["env", *kept, f"PYTHONPATH={ROOT}", sys.executable, "-m", "crmcli"]
    return script(path, f'exec {shlex.join(words)} "$@"')


@pytest.fixture
def tools(home: Path) -> Path:
    """A folder that is first in the path: `crm`, and a `msmtp` that keeps the mail."""
    folder = home / "bin"
    program(folder / "crm")
    script(folder / "msmtp", 'cat >> "$HOME/mail"')
    return folder


@pytest.fixture
def shell(home: Path, tools: Path):
    """Run a line in a shell that has `crm`, in a copy of the project's examples."""
    shutil.copytree(ROOT / "examples", home / "examples")

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line],
            cwd=home,
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=WAIT,
        )

    return run


@pytest.fixture
def worked(run) -> None:
    """What the recipes are used on: people, one thing that is due, the view of the README."""
    run("import", str(ROOT / "examples/contacts.csv"))
    run("remind", "ana-novak", "2 days ago", "send the offer")
    run("log", "call", "tom-oneill", "moves to Graz", "--at", "1 sep 2026")
    (view,) = re.findall(r"^crm (view save .*)", "".join(blocks("sh")), re.MULTILINE)
    run(*shlex.split(view))


def test_a_first_deal_in_the_shell(shell) -> None:
    (story,) = blocks("sh", "docs/first-deal.md")
    lines = story.splitlines()
    assert len(lines) < 12
    shell("crm config set currency EUR")
    for line in lines:
        done = shell(line)
        assert done.returncode == 0, (line, done.stderr)
    deal = json.loads(shell("crm deal show d1 --json").stdout)
    assert (deal["status"], deal["amount"]["amount"]) == ("won", "9000.00")
    assert len(deal["timeline"]) == 2
    (task,) = json.loads(shell("crm task list --json").stdout)
    assert task["deal"]["id"] == "d1"
    person = json.loads(shell("crm contact show eva@kos.example --json").stdout)
    assert person["lifecycle_stage"] == "customer"


def test_every_shell_example_runs(shell) -> None:
    for line in "".join(blocks("sh")).splitlines():
        if "jq" in line and not shutil.which("jq"):
            continue  # the program is not here; the crm side of it runs in other lines
        done = shell(line)
        assert done.returncode == 0, (line, done.stderr)
        assert "Traceback" not in done.stderr, line
        assert done.stdout or " list " not in line, f"shows a reader nothing: {line}"


def test_no_recipe_is_of_a_kind_that_no_test_runs() -> None:
    kinds = {name for name, _ in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert kinds == {"console", "sh", "cron", "tmux", "toml", "fzf", "muttrc", "ini", "python"}


def cron(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a crontab line as cron does, with next to no environment."""
    found = CRON.fullmatch(line)
    assert found, line
    assert "%" not in found[2], line  # cron would end the command there
    return subprocess.run(
        ["env", "-i", "PATH=/usr/bin:/bin", f"HOME={home}", "sh", "-c", found[2]],
        capture_output=True,
        text=True,
        timeout=WAIT,
    )


def test_the_crontab(worked, home: Path) -> None:
    program(home / ".local/bin/crm")
    due, view, feed = (cron(line, home) for line in blocks("cron")[0].splitlines())
    assert [done.returncode for done in (due, view, feed)] == [0, 0, 0]
    assert [done.stderr for done in (due, view, feed)] == ["", "", ""]
    assert due.stdout == "overdue\tt1\t2026-11-21\tAna Novak\tsend the offer\t2 days late\n"
    assert "Tom O'Neill" in view.stdout
    assert "Ana Novak" not in view.stdout
    assert feed.stdout == ""  # else there would be a mail every quarter of an hour
    assert "SUMMARY:send the offer: Ana Novak" in (home / "crm.ics").read_text()


def test_the_crontab_is_silent_when_nothing_is_due(home: Path) -> None:
    program(home / ".local/bin/crm")
    done = cron(blocks("cron")[0].splitlines()[0], home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_mail_is_handed_to_the_program(worked, shell, home: Path) -> None:
    (lines,) = (body.splitlines() for body in blocks("sh") if "email_command" in body)
    for line in lines[:3]:
        assert shell(line).returncode == 0, line
    mail = (home / "mail").read_text()
    assert "To: me@home.example" in mail
    assert "send the offer" in mail


@pytest.fixture
def sockets():
    """A folder for sockets: their paths must be short, that of the test is not."""
    with tempfile.TemporaryDirectory() as folder:
        yield folder


def test_the_status_line_of_tmux(worked, tools: Path, home: Path, sockets: str) -> None:
    """A real server on a socket of its own; what it draws on a terminal is read."""
    tmux = need("tmux")
    (home / "tmux.conf").write_text(blocks("tmux")[0])
    options = ["-f", str(home / "tmux.conf")]
    env = {name: value for name, value in os.environ.items() if name != "TMUX"}
    env |= {"TMUX_TMPDIR": sockets, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    env |= {"PATH": f"{tools}:{os.environ['PATH']}"}
    child = pexpect.spawn(
        tmux, [*options, "new-session", "cat"], env=env, dimensions=(24, 80), timeout=WAIT
    )
    try:
        child.expect_exact("1 due ")
    finally:
        subprocess.run([tmux, "kill-server"], env=env, timeout=WAIT, check=True)
        child.close()


def test_the_command_of_starship(shell, run, home: Path) -> None:
    """Starship hands `command` to `shell` on stdin; without output the module is not drawn."""
    module = tomllib.loads(blocks("toml")[0])["custom"]["crm"]
    assert set(module) == {"command", "when", "shell", "format"}
    line = f"printf %s {shlex.quote(module['command'])} | {shlex.join(module['shell'])}"
    assert shell(line).stdout == ""
    run("import", str(ROOT / "examples/contacts.csv"))
    run("remind", "ana-novak", "2 days ago", "send the offer")
    assert shell(line).stdout == "1\n"


def test_starship_draws_it(worked, shell, home: Path) -> None:
    need("starship")
    (home / "starship.toml").write_text(blocks("toml")[0])
    done = shell("STARSHIP_CONFIG=$HOME/starship.toml starship module custom.crm")
    assert "1 due" in done.stdout, done.stderr


def test_fzf_picks_a_person(worked, shell, tools: Path, run) -> None:
    """The real fzf with the answer typed beforehand: `--filter` needs no terminal."""
    script(tools / "fzf", f'exec {need("fzf")} --filter "Čopič" "$@"')
    for line in blocks("fzf")[0].splitlines():
        done = shell(line)
        assert done.returncode == 0, done.stderr
    assert "short talk" in run("contact", "show", "rok-copic").out


def test_mutt_asks_for_addresses_and_logs_a_mail(worked, shell, run) -> None:
    query, macro = blocks("muttrc")[0].splitlines()
    asked = re.fullmatch(r'set query_command = "(.*)"', query)
    assert asked, query
    assert "ana.novak@lipa.example" in shell(asked[1].replace("%s", "nov")).stdout
    piped = re.search(r"<pipe-message>(.*)<enter>", macro)
    assert piped, macro
    mail = (ROOT / "examples/mail/offer.eml").read_text().replace("offer-", "later-")
    done = shell(f"printf %s {shlex.quote(mail)} | {piped[1]}")
    assert done.returncode == 0, done.stderr
    assert "twelve licences" in run("contact", "show", "ana-novak").out


def test_aerc_asks_for_addresses(worked, shell) -> None:
    (line,) = blocks("ini")[0].splitlines()
    command = line.partition("=")[2].replace("%s", "nov")
    assert "ana.novak@lipa.example\tAna Novak" in shell(command).stdout


def test_jq_gets_what_it_asks_for(worked, shell) -> None:
    need("jq")
    (lines,) = (body.splitlines() for body in blocks("sh") if "jq" in body)
    untouched, due, touches = (shell(line).stdout.split() for line in lines)
    assert "Ana" in untouched
    assert "Tom" not in untouched
    assert due == ["ana-novak"]
    assert touches == ["1"]


def test_the_notebook_example_runs(shell, home: Path) -> None:
    assert shell("crm import examples/contacts.csv").returncode == 0
    (home / "notebook.py").write_text(blocks("python")[0])
    done = shell(f"PYTHONPATH={shlex.quote(str(ROOT))} {sys.executable} notebook.py")
    assert done.stdout.strip() == "9", done.stderr


def test_the_demo_shows_the_day(shell, tools: Path) -> None:
    done = shell(f"CRM={shlex.quote(str(tools / 'crm'))} sh examples/demo.sh")
    assert done.returncode == 0, done.stderr
    day = done.stdout.partition("$ crm today")[2]
    assert "Keep in touch\nc8  Tom O'Neill " in day
    assert "due, 123 of 90 days" in day


def test_the_first_block_names_targets_of_the_makefile() -> None:
    targets = re.findall(r"make (\w+)", blocks("console")[0])
    makefile = (ROOT / "Makefile").read_text()
    assert targets == ["demo", "test"]
    assert all(f"\n{target}:" in makefile for target in targets)
