"""`crm completion`: static scripts with everything in them, and quick answers for the rest."""

import re
import shutil
import subprocess

import pytest

from crmcli import hot
from crmcli.cli import COMMANDS, GLOBAL_OPTIONS, load

SHELLS = ("bash", "zsh", "fish")


def words_of(script: str, key: str, shell: str) -> list[str]:
    """Give the words a script offers behind a noun and a verb."""
    if shell == "fish":
        match = re.search(rf"case '{re.escape(key)}'\n +string split ' ' '([^']*)'", script)
    else:
        match = re.search(rf'^ +{re.escape(key)}\) words="([^"]*)"', script, re.MULTILINE)
    assert match, key
    return match[1].split()


@pytest.fixture(scope="module")
def table() -> dict[str, list[str]]:
    """Each command with its verbs."""
    return {name: sorted(getattr(load(name), "commands", None) or ()) for name in COMMANDS}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_verb_is_in_the_script(run, table, shell):
    script = run("completion", shell).out
    assert " ".join(COMMANDS) in script
    for name, verbs in table.items():
        if verbs:
            assert words_of(script, f"{name}:", shell) == verbs
            for verb in verbs:
                assert "--help" in words_of(script, f"{name}:{verb}", shell)
        else:
            assert "--help" in words_of(script, f"{name}:*", shell)
    assert any(table.values())


@pytest.mark.parametrize("shell", SHELLS)
def test_options_are_offered_but_none_that_is_hidden(run, shell):
    script = run("completion", shell).out
    offered = words_of(script, "contact:add", shell)
    assert {"--email", "--tag", "--json", *filter(lambda o: o[:2] == "--", GLOBAL_OPTIONS)} <= set(
        offered
    )
    assert all(word.startswith("--") for word in offered)
    assert "--words" not in words_of(script, "completion:*", shell)


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -F _crm crm crmcli"),
        ("zsh", "autoload -U +X bashcompinit && bashcompinit"),
        ("fish", "complete -c crm -f -a '(__crm_words)'"),
    ],
)
def test_the_script_of_a_shell(run, database, shell, line):
    result = run("completion", shell)
    assert line in result.lines
    assert result.err == ""
    assert not database.exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_its_script(run, home, shell):
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell}")
    path = home / "script"
    path.write_text(run("completion", shell).out)
    subprocess.run([program, "-n", str(path)], check=True, timeout=60)


@pytest.mark.parametrize("args", [["tcsh"], [], ["bash", "zsh"], ["--foo"]])
def test_an_unknown_shell_is_refused(refused, args):
    refused("completion", *args, code=2)


def test_the_refusal_names_the_shells(refused):
    assert "one of bash, zsh, fish" in refused("completion", "tcsh", code=2)


@pytest.fixture
def offered(capsys):
    """Give what the hot path answers."""

    def offered(kind: str, start: str) -> list[str]:
        capsys.readouterr()
        assert hot.run(["completion", "--words", kind, start]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out.splitlines()

    return offered


def test_handles_and_tags_are_offered(run, bo, offered):
    assert sorted(offered("handles", "")) == ["acme", "ana-novak", "bo-li"]
    assert sorted(offered("handles", "a")) == ["acme", "ana-novak"]
    assert offered("handles", "z") == []
    assert offered("tags", "v") == ["vip"]
    assert offered("tags", "x") == []


@pytest.mark.parametrize("start", ["%", "_", "'", '"; DROP TABLE contact', "*", "a%"])
def test_signs_of_sql_are_letters(run, bo, offered, start):
    assert offered("handles", start) == []
    assert offered("tags", start) == []
    assert len(run("contact", "list").lines) == 2


def test_fifty_at_most(run, offered, home):
    people = "".join(f"Ana {n},a{n}@x.si,t{n}\n" for n in range(60))
    (home / "x.csv").write_text(f"Name,Email,Tags\n{people}")
    run("import", str(home / "x.csv"))
    assert len(offered("handles", "ana")) == 50
    assert len(offered("tags", "t")) == 50


@pytest.mark.parametrize("kind", ["handles", "tags", "nothing", ""])
def test_never_an_error_and_never_a_database(offered, database, kind):
    assert offered(kind, "a") == []
    assert not database.exists()
    database.parent.mkdir(parents=True)
    database.write_text("not a database")
    assert offered(kind, "a") == []
    assert database.read_text() == "not a database"


def test_words_by_the_long_way_disturb_nobody(run, ana):
    result = run("completion", "--words", "handles")
    assert (result.out, result.err) == ("", "")
