"""At a terminal: tables, the card, the page of the day, colour, and questions."""

import os
import re
import sys
import unicodedata

import pexpect
import pytest

SECONDS = 30  # a deadline, not a wait
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture
def terminal(home, monkeypatch):
    """Start `crm` at a terminal of 80 columns; give the child to talk to."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PAGER", "cat")
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    children = []

    def start(*args: str, columns: int = 80, rows: int = 40, **env: str) -> pexpect.spawn:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "crmcli", *args],
            env={**os.environ, **env},
            cwd=str(home),
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=SECONDS,
        )
        child.delaybeforesend = None
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


@pytest.fixture
def shown(terminal):
    """Run a command at a terminal to its end; give what it shows and its exit code."""

    def shown(*args: str, **options) -> tuple[str, int]:
        child = terminal(*args, **options)
        return ended(child)

    return shown


def ended(child) -> tuple[str, int]:
    """Wait for the end of a command; give the rest of what it shows and its exit code."""
    child.expect(pexpect.EOF)
    child.wait()
    return child.before.replace("\r\n", "\n"), child.exitstatus


def width(text: str) -> int:
    """Count the cells of a line: two for wide characters, none for marks and joiners."""
    plain = ESCAPES.sub("", text)
    return sum(
        0
        if unicodedata.combining(char) or unicodedata.category(char) == "Cf"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in plain
    )


def column(line: str, part: str) -> int:
    """Give the cell where `part` begins."""
    return width(line[: line.index(part)])


# tables


@pytest.fixture
def many_scripts(run):
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme", "-t", "vip")
    run("contact", "add", "张伟明", "--org", "北京科技有限公司", "-e", "zhang@example.cn")
    run("contact", "add", "کریم رضایی", "-e", "karim@example.ir")
    run("contact", "add", "Žan Čopič", "-p", "040 123 456")
    long = "Wolfeschlegelsteinhausenbergerdorff " * 4
    run("contact", "add", long, "--org", long, "-e", f"{'x' * 60}@example.com", "-t", "t" * 50)
    run("contact", "add", "王" * 60, "--org", "北" * 60)


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_a_table_fits_the_terminal(shown, many_scripts, columns):
    out, code = shown("contact", "list", columns=columns)
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == 7
    assert max(map(width, lines)) <= columns
    assert "…" in out


def test_columns_line_up_whatever_the_script(shown, many_scripts):
    out, _ = shown("contact", "list", "--fields", "id,name,email", columns=120, NO_COLOR="1")
    by_id = {line.split()[0]: line for line in out.splitlines()[1:]}
    head = out.splitlines()[0]
    for id, email in (("c1", "ana@acme.si"), ("c2", "zhang@"), ("c3", "karim@")):
        assert column(by_id[id], email) == column(head, "E-mail")


def test_a_wide_table_shows_everything(shown, many_scripts):
    out, _ = shown("contact", "list", "--fields", "name,email", columns=300)
    assert f"{'x' * 60}@example.com" in out


def test_a_terminal_shows_the_first_hundred_and_says_so(run, shown):
    run("contact", "add", "--input", "-", input='{"name": "X"}\n' * 101)
    out, _ = shown("contact", "list", rows=200)
    assert "The first 100; --limit 0 lists all." in out
    assert len(shown("contact", "list", "--limit", "0", rows=200)[0].splitlines()) == 102


@pytest.mark.parametrize("noun", ["contact", "org", "task"])
def test_an_empty_list_says_how_to_begin(shown, noun):
    out, code = shown(noun, "list")
    assert code == 0
    assert f"crm {noun} add --help" in out


def test_a_write_says_what_it_did_and_prints_no_bare_reference(shown):
    out, code = shown("contact", "add", "Ana Novak")
    assert (out, code) == ("Added c1 ana-novak\n", 0)


def test_other_formats_are_the_same_bytes_as_in_a_pipe(run, shown, many_scripts):
    for form in ("tsv", "csv", "json", "ids"):
        out, _ = shown("contact", "list", "-f", form)
        assert out == run("contact", "list", "-f", form).out


# colour


def test_a_terminal_has_styles(shown, many_scripts):
    assert "\x1b[" in shown("contact", "list")[0]


@pytest.mark.parametrize(
    ("args", "env"),
    [
        ([], {"NO_COLOR": "1"}),
        (["--color", "never"], {}),
        ([], {"CRM_COLOR": "never"}),
        ([], {"TERM": "dumb"}),
    ],
)
@pytest.mark.parametrize("command", [["contact", "list"], ["show", "c1"], ["today"], ["-h"]])
def test_no_colour_when_it_is_not_wanted(shown, many_scripts, command, args, env):
    out, code = shown(*command, *args, **env)
    assert code == 0
    assert "\x1b" not in out


# the card and the page of the day


def test_the_card(run, shown, ana):
    run("remind", "c1", "2026-11-20", "send offer")
    run("log", "call", "c1", "wants a pilot\nand soon", "--keep", "--at", "yesterday 15:00")
    out, code = shown("show", "ana-novak", NO_COLOR="1")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Ana Novak  c1 ana-novak"
    text = " ".join(out.split())
    for part in (
        "works Acme",
        "email ana@acme.si",
        "phone 040 123 456",
        "tags +vip",
        "last touch Sun 22 Nov 2026 (yesterday)",
        "t1 2026-11-20 late send offer",
        "2026-11-22 15:00 call wants a pilot and soon",
    ):
        assert part in text
    assert max(map(width, lines)) <= 80


def test_a_card_without_a_follow_up_says_how_to_set_one(shown, ana):
    assert "No follow-up. crm remind ana-novak next mon call" in shown("show", "c1")[0]


def test_the_page_of_the_day(run, shown, bo):
    run("remind", "c1", "2026-11-20", "late")
    run("remind", "c2", "15:30", "this afternoon")
    run("remind", "acme", "tomorrow", "renewal")
    run("remind", "c1", "today", "hidden")
    run("snooze", "t4", "3d")
    out, code = shown(NO_COLOR="1")
    assert code == 0
    assert [line.rstrip() for line in out.splitlines()] == [
        "Mon 23 Nov 2026   1 overdue, 1 today",
        "",
        "Overdue",
        "t1  Ana Novak  late            3 days late",
        "",
        "Today",
        "t2  Bo Li      this afternoon  15:30",
        "",
        "Tomorrow",
        "t3  Acme       renewal",
        "",
        "1 snoozed: crm task list --snoozed",
    ]


def test_a_long_title_does_not_break_the_page(run, shown, ana):
    run("remind", "c1", "today", "x" * 300)
    out, _ = shown("today")
    assert max(map(width, out.splitlines())) <= 80


def test_an_empty_database_is_welcomed(shown, database):
    out, code = shown()
    assert code == 0
    assert out.count("  crm ") == 3
    assert not database.exists()


def test_hostile_names_send_nothing_to_the_terminal(run, shown, ana):
    run("contact", "add", "ACME [/] [@click=app.quit]x[/] Ltd")
    run("remind", "c2", "today", "[red]x[/red] \x1b[31m \u202e")
    for command in (["show", "c2"], ["today"], ["task"], ["show", "nobody\x1b[31m\u202e"]):
        out, _ = shown(*command, NO_COLOR="1")
        assert "\x1b" not in out
        assert "\u202e" not in out
    assert "[/] [@click=app.quit]x[/] Ltd" in shown("show", "c2")[0]


# questions


@pytest.mark.parametrize(
    ("answer", "left"), [("y", ""), ("yes", ""), ("n", "c1\nc2\n"), ("", "c1\nc2\n")]
)
def test_several_are_removed_after_a_question_with_the_count(run, terminal, bo, answer, left):
    child = terminal("contact", "rm", "c1", "c2")
    child.expect_exact("Move 2 records to the trash? [y/N] ")
    child.sendline(answer)
    out, code = ended(child)
    assert code == (2 if left else 0)
    assert run("contact", "list", "-f", "ids").out == left
    assert ("nothing was changed" in out) == bool(left)


def test_one_is_removed_without_a_question(run, shown, ana):
    out, code = shown("contact", "rm", "c1")
    assert code == 0
    assert "crm undo" in out
    assert run("contact", "list").out == ""


@pytest.mark.parametrize(("args", "env"), [(["--no-input"], {}), ([], {"CRM_NO_INPUT": "1"})])
def test_no_input_never_asks(run, shown, bo, args, env):
    out, code = shown("contact", "rm", "c1", "c2", *args, **env)
    assert code == 2
    assert "--yes" in out
    assert run("contact", "list", "-f", "ids").out == "c1\nc2\n"


def test_an_interrupted_question_changes_nothing(run, terminal, bo):
    child = terminal("contact", "rm", "c1", "c2")
    child.expect_exact("[y/N] ")
    child.sendintr()
    out, code = ended(child)
    assert code == 130
    assert "Traceback" not in out
    assert run("contact", "list", "-f", "ids").out == "c1\nc2\n"


@pytest.fixture
def two_anas(run, ana):
    run("contact", "add", "Ana Kos", "--org", "Beta")
    run("contact", "add", "Bo Li")
    run("log", "call", "c2", "--at", "yesterday")


def test_several_matches_open_a_pick_list_by_last_touch(terminal, two_anas):
    child = terminal("show", "ana", NO_COLOR="1")
    child.expect_exact("Which one? ")
    lines = [line.split() for line in child.before.splitlines() if line.strip()]
    assert [line[:2] for line in lines] == [["1", "c2"], ["2", "c1"]]
    child.sendline("2")
    out, code = ended(child)
    assert code == 0
    assert "Ana Novak  c1 ana-novak" in out


@pytest.mark.parametrize("answer", ["", "9", "x", "0", "-1", "²"])
def test_no_choice_is_usage_and_writes_nothing(run, terminal, two_anas, answer):
    before = run("history").out
    child = terminal("log", "call", "ana", "hello")
    child.expect_exact("Which one? ")
    child.sendline(answer)
    out, code = ended(child)
    assert code == 2
    assert "nothing was chosen" in out
    assert run("history").out == before


def test_a_unique_beginning_is_enough_at_a_terminal(shown, two_anas):
    out, code = shown("show", "bo", NO_COLOR="1")
    assert code == 0
    assert "Bo Li  c3 bo-li" in out


def test_rm_takes_no_beginning_even_at_a_terminal(run, shown, two_anas):
    out, code = shown("contact", "rm", "bo")
    assert code == 1
    assert "Which one?" not in out
    assert len(run("contact", "list").lines) == 3


def test_logging_asks_which_of_several_follow_ups_are_done(run, terminal, ana):
    run("remind", "c1", "today", "first")
    run("remind", "c1", "today", "second")
    child = terminal("log", "call", "c1", "hello")
    child.expect_exact("Which of these are done?")
    assert "first" in child.before
    child.expect_exact(") ")
    child.sendline("t2")
    out, code = ended(child)
    assert code == 0
    assert "also done: t2" in out
    assert run("task", "list", "-f", "ids").out == "t1\n"


# the editor


@pytest.fixture
def editor(home):
    def editor(script: str) -> str:
        path = home / "editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return editor


def test_a_long_text_is_written_in_the_editor(run, shown, ana, editor):
    out, code = shown(
        "log", "note", "c1", "begun", "--edit", EDITOR=editor('printf "\\nmore" >> "$1"')
    )
    assert code == 0, out
    assert run("show", "i1", "--json").json["body"] == "begun\nmore"


def test_an_error_never_loses_what_was_typed(run, shown, ana, editor):
    out, code = shown(
        *("log", "note", "c1", "--edit", "--outcome", "bogus"),
        EDITOR=editor('printf "precious" >> "$1"'),
    )
    assert code == 3
    path = re.search(r"kept in (\S+)", out)
    assert path
    with open(path[1], encoding="utf-8") as file:
        assert file.read() == "precious"
    os.unlink(path[1])


def test_an_editor_that_fails_is_usage(run, shown, ana, editor):
    out, code = shown("log", "note", "c1", "--edit", EDITOR=editor("exit 3"))
    assert code == 2
    assert "ended with 3" in out
    os.unlink(re.search(r"kept in (\S+)", out)[1])
    out, code = shown("log", "note", "c1", "--edit", EDITOR="/no/such/editor")
    assert code == 2
    assert "set EDITOR" in out
    assert run("show", "c1", "--json").json["timeline"] == []


def test_the_configuration_opens_in_the_editor(run, shown, home, editor):
    out, code = shown("config", "edit", EDITOR=editor('echo \'user = "eva"\' > "$1"'))
    assert code == 0, out
    assert (home / ".config/crm/config.toml").read_text() == 'user = "eva"\n'


def test_a_stage_asks_for_what_it_requires_and_losing_why(run, ana, terminal, monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "EUR")
    run("pipeline", "stage", "edit", "proposal", "--require", "amount,close_date")
    run("deal", "add", "Pilot", "--for", ana)
    child = terminal("deal", "move", "ana", "proposal")
    child.expect("Amount: ")
    child.sendline("9k")
    child.expect("Close date: ")
    child.sendline("fri")
    told, code = ended(child)
    assert code == 0
    assert "Moved d1 Pilot: 9000.00 EUR, in Proposal (50 %), closes Fri 27 Nov 2026" in told
    child = terminal("deal", "lose", "d1")
    child.expect(r"3  competitor")
    child.expect(r"Why was it lost\? ")
    child.sendline("3")
    assert "lost Mon 23 Nov 2026 (today): competitor" in ended(child)[0]
    run("undo")
    child = terminal("deal", "lose", "d1")
    child.expect(r"Why was it lost\? ")
    child.sendline("")
    assert ended(child)[1] == 2
    assert run("deal", "show", "d1", "--json").json["status"] == "open"


def test_the_board_fits_the_terminal(run, ana, shown):
    run("deal", "add", "A deal with quite a long name " * 3, "--for", ana, "--amount", "JPY 500")
    run("deal", "add", "建" * 60, "--amount", "KWD 1.234", "-n", "fri " + "ask again " * 9)
    board, code = shown("pipeline", columns=60)
    lines = ESCAPES.sub("", board).splitlines()
    assert code == 0
    assert max(map(width, lines)) <= 60
    assert any("! no next" in line for line in lines)
    assert any("1.234 KWD" in line and "2026-11-27" in line for line in lines)
