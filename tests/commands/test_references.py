"""References: the same forms wherever a record is named."""

import pytest

FORMS = ["c1", "C1", "ana-novak", "Ana Novak", "ANA NOVAK", "ana@acme.si", "ANA@ACME.SI"]
FORMS += ["040 123 456", "+38640123456", "0038640123456"]
COMMANDS = [
    ["contact", "show", "{}"],
    ["show", "{}"],
    ["contact", "edit", "{}", "-t", "x"],
    ["contact", "rm", "{}"],
    ["log", "note", "{}", "x"],
    ["log", "m", "c2", "--with", "{}"],
    ["remind", "{}", "fri", "x"],
    ["task", "add", "x", "--for", "{}"],
    ["task", "list", "--for", "{}"],
    ["task", "edit", "t1", "--for", "{}"],
    ["done", "{}"],
    ["snooze", "{}", "3d"],
    ["task", "reschedule", "{}", "fri"],
    ["history", "{}"],
]
NAMES = [" ".join(command) for command in COMMANDS]


def fill(command, ref):
    return [word.format(ref) for word in command]


@pytest.fixture
def some(run, bo):
    run("remind", "c1", "today", "call")


@pytest.mark.parametrize("ref", FORMS)
@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_every_form_is_taken_everywhere(run, some, command, ref):
    run(*fill(command, ref))


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_beginning_is_not_enough_without_a_terminal(run, refused, some, command):
    before = run("history").out
    refused(*fill(command, "ana"), code=1)
    assert run("history").out == before


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_several_of_one_name_are_ambiguous(run, refused, some, command):
    run("contact", "add", "Ana Novak", "--org", "Beta")
    before = run("history").out
    said = refused(*fill(command, "ana novak"), code=4)
    for part in ("ambiguous", "c1 ana-novak", "c3 ana-novak-2", "Beta"):
        assert part in said
    assert run("history").out == before


def test_a_handle_is_never_ambiguous(run, ana):
    run("contact", "add", "Ana Novak")
    assert run("show", "ana-novak", "--json").json["id"] == "c1"


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("Žan Čopič", "zan copic"),
        ("Žan Čopič", "zan-copic"),
        ("Nils Müßig", "NILS MUSSIG"),
        ("张伟", "张伟"),
        ("كريم", "کریم"),
        ("می\u200cخواهم", "میخواهم"),
        ("Øyvind", "oyvind"),
        ("Ёлка", "елка"),
    ],
)
def test_case_marks_and_scripts_fold(run, name, ref):
    run("contact", "add", name)
    assert run("show", ref, "--json").json["name"] == name


@pytest.mark.parametrize("email", ["žan@čopič.si", "jürgen@müller.de", "用户@例子.中国"])
def test_an_email_of_any_script_is_a_reference(run, email):
    run("contact", "add", "X", "-e", email)
    assert run("show", email, "--json").json["id"] == "c1"
    assert run("show", email.upper(), "--json").json["id"] == "c1"


@pytest.mark.parametrize("noun", ["contact", "org", "task"])
def test_a_bare_number_only_where_the_noun_is_given(run, refused, some, noun):
    assert run(noun, "show", "1", "--json").json["id"][1:] == "1"
    refused("show", "1", code=1)


@pytest.mark.parametrize(
    ("command", "ref"),
    [(["contact", "show"], "o1"), (["org", "show"], "c1"), (["task", "show"], "c1")],
)
def test_an_id_of_another_noun_is_said_so(refused, some, command, ref):
    assert f"{ref} is not a" in refused(*command, ref, code=1)


def test_stdin_takes_the_first_column_and_skips_blank_lines(run, bo):
    listed = run("contact", "list").out
    text = f"\n{listed}\n\n"
    assert run("contact", "edit", "-", "-t", "x", input=text).lines == ["c1", "c2"]


@pytest.mark.parametrize("text", ["", "\n\n"])
@pytest.mark.parametrize(
    "command", [["contact", "edit", "-", "-t", "x"], ["contact", "rm", "-"], ["done", "-"]]
)
def test_an_empty_stdin_changes_nothing(run, bo, command, text):
    before = run("history").out
    assert run(*command, input=text).out == ""
    assert run("history").out == before


def test_a_wrong_line_of_stdin_stops_everything(run, bo):
    before = run("history").out
    result = run("contact", "edit", "-", "-t", "x", input="c1\nnobody\n", code=1)
    assert "nobody" in result.err
    assert run("history").out == before


def test_the_address_of_someone_in_the_trash_is_free_again(run, ana):
    run("contact", "rm", "c1")
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si")
    assert run("show", "ana@acme.si", "--json").json["id"] == "c2"
    assert run("show", "ana novak", "--json").json["id"] == "c2"
