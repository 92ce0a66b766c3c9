"""Help: every page says what it does and has examples, and every example runs."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crmcli.cli import COMMANDS, load

ELSEWHERE = {"import", "export", "completion"}  # tested in files of their own


def pages():
    """Give every help page as its words and the examples it should list."""
    for name in COMMANDS:
        if name in ELSEWHERE:
            continue
        yield from pages_of([name], load(name))


def pages_of(words, command):
    """Give the page of a command, and those of its verbs."""
    yield words, command.epilog
    for verb, sub in getattr(command, "commands", {}).items():
        yield from pages_of([*words, verb], sub)


PAGES = list(pages())
EXAMPLES = sorted({line.strip() for _, text in PAGES for line in (text or "").splitlines()})

# Examples that need a person at a terminal or an editor.
NEED_A_TERMINAL = {
    "crm config edit",
    "EDITOR=nano crm config edit",
    "crm log note ana-novak --edit",
}
# What must be so before an example makes sense; `empty` starts without a database.
BEFORE = {
    "crm contact add": "empty",
    "crm org add": "empty",
    "echo '{": "empty",
    "crm trash restore c12": "crm contact rm c12",
    "crm redo": "crm undo",
    "crm task reopen": "crm done t9 t12",
    "crm backup verify ./old.crm.db": "cp .local/share/crm/crm.db old.crm.db",
    "crm backup restore ./old.crm.db": "cp .local/share/crm/crm.db old.crm.db",
    **dict.fromkeys(
        ("crm field edit", "crm field rm", "crm field check"),
        "crm field add org.budget money && crm field add size choice --choice S --choice L",
    ),
    "crm cadence rm": "crm cadence set +friend 90d && crm cadence set default 90d",
    "crm log --eml": "printf 'From: ana@acme.si\\nDate: 1 Jan 2026 9:00 +0100\\n' > letter.eml",
    "crm due --email": "crm config set email_command true",
    **dict.fromkeys(
        ("crm task skip", "crm task end"),
        "crm task edit t9 --due fri --every week && crm task edit ana-novak --due fri --every 2w",
    ),
    "crm deal reopen": "crm deal win d7",
    "crm deal line d7 --drop": "crm deal line d7 A --price 1 && crm deal line d7 B --price 1",
    **dict.fromkeys(
        ("crm attach get", "crm attach rm"),
        "printf 1 > offer.pdf && printf 2 > b.pdf && crm attach d7 offer.pdf b.pdf",
    ),
    "crm attach add i1": "crm log note ana-novak x && touch minutes.md",
    "crm attach": "touch offer.pdf cv.pdf photo.jpg minutes.md",
    "crm backup": "crm backup now",
    "crm load": "crm dump ~/crm-dump",
    "crm sync vdir ~/contacts +family": "mkdir -p ~/contacts && crm contact tag ana-novak +family",
    "crm sync vdir": "mkdir -p ~/contacts",
    "crm goal rm": " && ".join(f"crm goal set {name} touches 9 --month" for name in "abc"),
    **dict.fromkeys(
        ("crm source cost", "crm source edit", "crm source rm"),
        "crm source add fair && crm source add website && crm source add 'the fair'",
    ),
    **dict.fromkeys(
        ("crm score rule edit", "crm score rule rm"),
        "for label in CTO VIP x; do crm score rule add engagement kind:call 5 --label $label; done",
    ),
    "crm rate rm": "crm rate set USD EUR 0.9 --on 2026-01-01",
    "crm view show": "crm view save hot +vip",
    "crm view rm": "crm view save hot +vip",
    "crm contact list @hot": "crm view save hot +vip",
    'cat "$(crm config path)"': "crm config set user ana",
}
# Examples whose documented exit code is not 0.
CODES = {
    "crm due --exit-code": 1,  # something is due
    "crm backup restore latest": 2,  # asks first, and nobody can answer
    "crm tui": 2,  # needs a terminal
    "crm tui --mask": 2,
}


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize(("words", "examples"), PAGES, ids=[" ".join(w) for w, _ in PAGES])
def test_every_page_lists_two_examples(run, words, examples, option):
    result = run(*words, option)
    assert result.err == ""
    assert result.lines[0].startswith(f"Usage: crm {' '.join(words)}")
    listed = [line.strip() for line in result.out.split("Examples:\n")[1].splitlines()]
    assert listed == [line.strip() for line in examples.splitlines()]
    assert len(listed) >= 2
    assert all(max(map(len, page.splitlines())) <= 100 for page in [result.out])
    usage, _, rest = result.out.partition("\n\n")
    assert usage.count("[") == usage.count("]")
    assert not [line for line in rest.splitlines() if line.endswith("...")]  # nothing is cut


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_first_page_lists_every_command(run, option):
    out = run(option).out
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in out
        assert line in out
    for name in ("--db", "--color", "--no-input", "--yes", "--mask", "--debug"):
        assert name in out
    assert len(out.split("Examples:\n")[1].splitlines()) >= 2


def test_help_wins_over_what_is_missing_or_wrong(run):
    assert run("contact", "show", "-h").out == run("contact", "show", "--help").out
    assert "Usage: crm log" in run("log", "call", "nobody", "-h").out
    assert "Usage: crm contact" in run("contact", "-h").out


def test_help_has_no_colour_and_no_box_in_a_pipe(run):
    for words, _ in PAGES:
        out = run(*words, "-h").out
        assert "\x1b" not in out
        assert not set(out) & set("╭│╰─")


def test_help_makes_no_database(run, database):
    run("-h")
    run("contact", "add", "-h")
    assert not database.exists()


SEED = [
    "config set currency EUR",
    *("org add Beta", "org add Gamma", "org add Delta"),
    "org add Acme --domain acme.si -e info@acme.si -t partner",
    "org add 'Acme d.o.o.' --force",  # for there is Acme
    *(f"contact add 'Person {number}' -t fair" for number in range(1, 12)),
    "contact add 'Ana Novak' -e ana@acme.si -e ana@old.si -p '040 123 4567' --org Acme -t vip",
    *("contact add 'Čopič Žan'", "contact add 'Eva Kos'", "contact add 'Bo Li'"),
    "contact add 'Ana Kos' --force",
    *(f"task add 'thing {number}' --due fri" for number in range(1, 9)),
    "remind ana-novak today 'send the pilot offer'",
    *("task add 'thing 10'", "task add 'thing 11'"),
    "task add call --for bo-li --kind call --due 2026-11-20",
    *("pipeline add Renewals --template renewal", "pipeline add Partners --holds contact"),
    *(
        f"deal add 'Deal {number}' --for bo-li --amount {number}00 --at 2026-01-05"
        for number in range(1, 10)
    ),
]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory) -> Path:
    """A home with a database that holds what the examples name, and a `crm` on the PATH."""
    home = tmp_path_factory.mktemp("seeded")
    (home / "bin").mkdir()
    shim = home / "bin/crm"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmcli "$@"\n')
    shim.chmod(0o755)
    return home


def shell(home: Path, script: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a script the way a person at a shell would."""
    env = {**os.environ, "HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin"}
    return subprocess.run(
        ["sh", "-ec", script],
        cwd=home,
        env=env,
        check=check,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
    )


@pytest.fixture
def example_home(home, seeded, run, monkeypatch) -> Path:
    if not (seeded / ".local").exists():  # here, because it needs the stopped clock of `home`
        monkeypatch.setenv("HOME", str(seeded))
        for line in SEED:
            run(*shlex.split(line))
        assert run("show", "c12", "--json").json["handle"] == "ana-novak"
        assert run("show", "t12", "--json").json["who"]["handle"] == "bo-li"
    place = home / "example"
    shutil.copytree(seeded, place)
    return place


@pytest.mark.parametrize("line", [line for line in EXAMPLES if line not in NEED_A_TERMINAL])
def test_every_example_runs(example_home, line):
    before = next((step for start, step in BEFORE.items() if line.startswith(start)), "true")
    if before == "empty":
        shutil.rmtree(example_home / ".local")
    else:
        shell(example_home, before, check=True)
    result = shell(example_home, line)
    assert result.returncode == CODES.get(line, 0), result
    assert "Traceback" not in result.stderr


def test_what_is_skipped_or_prepared_is_still_an_example():
    assert set(EXAMPLES) >= NEED_A_TERMINAL
    assert set(EXAMPLES) >= set(CODES)
    for start in BEFORE:
        assert any(line.startswith(start) for line in EXAMPLES), start
