"""The Tab key, in real shells: what is offered, and that nothing stored is ever run."""

import shutil
import subprocess

import pytest

HOSTILE = (
    "$(touch ran)",
    "`touch ran`",
    "a; touch ran",
    "a && touch ran",
    "a | touch ran",
    "a > ran",
    "'; touch ran; '",
    '"; touch ran; "',
    "a\\",
    "*",
    "~root",
    "$HOME",
    "!!",
    "#x",
    "-rf",
    "a b  c",
)
# Presses Tab after a line: sets what readline would set, calls the function, prints the answers.
TAB = """\
eval "$(crm completion bash)"
COMP_LINE="$1"
read -ra COMP_WORDS <<<"$1"
case "$1" in *" ") COMP_WORDS+=("") ;; esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_crm crm "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def tab(crm):
    """Give what bash offers after a line, the cursor at its end."""

    def tab(line):
        ran = crm.shell(TAB, line)
        assert (ran.code, ran.err) == (0, "")
        return [word for word in ran.lines if word]

    return tab


@pytest.fixture
def people(crm):
    crm("contact", "add", "Ana Novak", "-t", "client", "-t", "vip")
    crm("contact", "add", "Anton Čehov", "-t", "friend")
    crm("contact", "add", "张伟", "--org", "Acme")
    return crm


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_correct(crm, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is absent")
    script = crm.home / f"crm.{shell}"
    script.write_bytes(crm("completion", shell).raw)
    done = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_shell_is_a_usage_error(crm):
    assert crm("completion", "tcsh", code=2).errors[0] == "crm: unknown shell 'tcsh'"
    assert crm("completion", code=2).out == ""


def test_the_script_makes_no_database(crm):
    for shell in ("bash", "zsh", "fish"):
        assert crm("completion", shell).out
    assert not crm.database.parent.exists()


def test_commands_complete(tab):
    assert tab("crm con") == ["contact", "config"]
    assert set(tab("crm ")) >= {"today", "due", "log", "contact", "import", "--help", "--db"} - {
        "--help"
    }
    assert tab("crm comp") == ["completion"]


def test_verbs_complete(tab, people):
    verbs = {"add", "edit", "list", "rm", "show", "tag", "date", "relate"}
    assert set(tab("crm contact ")) == verbs | {"cadence", "bump", "pause", "merge", "open", "move"}
    assert tab("crm contact sh") == ["show"]
    assert tab("crm task re") == ["reopen", "reschedule"]


def test_options_complete(tab, people):
    assert "--email" in tab("crm contact add --")
    assert tab("crm contact list --lim") == ["--limit"]
    assert set(tab("crm due --o")) >= {"--overdue", "--owner"}
    assert tab("crm --no-i") == ["--no-input"]


def test_handles_complete(tab, people):
    assert tab("crm contact show an") == ["ana-novak", "anton-cehov"]
    assert tab("crm log call ana") == ["ana-novak"]
    assert tab("crm done ant") == ["anton-cehov"]
    assert "ana-novak" in tab("crm contact show ")
    (word,) = tab("crm contact show 张")
    assert "张伟" in (word, _unquoted(word))


def _unquoted(word):
    """Read a word as bash would, which quotes what is not ASCII."""
    done = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True)
    return done.stdout.decode()


def test_tags_complete(tab, people):
    assert tab("crm contact list -t ") == ["client", "friend", "vip"]
    assert tab("crm contact list --tag v") == ["vip"]


def test_files_complete_for_import(tab, people):
    (people.home / "people one.csv").write_text("x")
    assert tab("crm import peo") == ["people\\ one.csv"]


def test_at_most_fifty(crm, crowd):
    crm.adopt(crowd)
    assert len(crm("completion", "--words", "handles", "person").lines) == 50
    assert len(crm("completion", "--words", "handles", "").lines) == 50


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_stored_is_ever_run(crm, tab, text):
    crm("contact", "add", "--", f"zz {text}")
    crm("contact", "add", "Bo Li", f"--tag=zz {text}")
    crm("org", "add", "--", f"zz {text} org")
    handles = crm("completion", "--words", "handles", "zz").lines
    assert len(handles) == 2
    assert not any(set(handle) & set(" \t;$`|&<>()'\"\\*?~!#") for handle in handles)
    assert sorted(tab("crm contact show zz")) == sorted(handles)
    (tag,) = tab("crm contact list --tag zz")
    stored = crm.query("SELECT name FROM tag")[0][0]
    assert _unquoted(tag) == stored  # one word, which means what is stored and does nothing else
    assert not (crm.home / "ran").exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_is_ever_run(crm, people, tab, text):
    tab(f"crm contact show {text}")
    tab(f"crm contact list --tag {text}")
    assert not (crm.home / "ran").exists()


@pytest.mark.parametrize("kind", ["handles", "tags", "nonsense", ""])
@pytest.mark.parametrize("prefix", ["", "a", "%", "'", "\\", "--", "č", "\n"])
def test_words_never_fail(crm, kind, prefix):
    ran = crm("completion", "--words", kind, prefix, code=None)
    assert ran.out == ""
    assert not crm.database.parent.exists()
    if kind:
        assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("content", [b"", b"no database" * 1000, b"SQLite format 3\x00" * 300])
def test_words_of_a_broken_database_are_none(crm, content):
    crm.database.parent.mkdir(parents=True)
    crm.database.write_bytes(content)
    for kind in ("handles", "tags"):
        ran = crm("completion", "--words", kind, "a")
        assert (ran.out, ran.err) == ("", "")
    assert crm.database.read_bytes() == content
    assert [entry.name for entry in crm.database.parent.iterdir()] == ["crm.db"]


def test_words_with_a_broken_configuration_are_none(people):
    config = people.home / ".config/crm"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("this is = = no TOML")
    ran = people("completion", "--words", "handles", "a")
    assert (ran.out, ran.err) == ("", "")


def test_words_while_an_import_writes(people):
    """A held write lock does not stop the Tab key."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(people.database, isolation_level=None)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        assert people("completion", "--words", "handles", "ana").out == "ana-novak\n"


@pytest.fixture
def in_shell(people):
    """Run a script of another shell, with `crm` on its PATH and its completion beside it."""

    def in_shell(shell, script):
        if not shutil.which(shell):
            pytest.skip(f"{shell} is absent")
        (people.home / f"crm.{shell}").write_bytes(people("completion", shell).raw)
        wrapper = people.home / "bin" / "crm"
        wrapper.parent.mkdir()
        wrapper.write_text(f'#!/bin/sh\nexec {" ".join(people.program)} "$@"\n')
        wrapper.chmod(0o755)
        env = people.env | {"PATH": f"{wrapper.parent}:{people.env['PATH']}"}
        done = subprocess.run(
            [shell, "-c", script], capture_output=True, text=True, env=env, cwd=people.home
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    return in_shell


def test_handles_complete_in_fish(in_shell):
    offered = in_shell("fish", "source ./crm.fish; complete -C 'crm contact show an'")
    assert offered == ["ana-novak", "anton-cehov"]


def test_zsh_takes_the_function_of_bash(in_shell):
    script = "autoload -U compinit; compinit -D; source ./crm.zsh; print $_comps[crm]"
    assert in_shell("zsh", script) == ["_bash_complete -F _crm"]
