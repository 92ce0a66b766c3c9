"""Streams and formats: what every reading command shares."""

import csv
import io
import json
import stat

import pytest

LISTS = [
    ["contact", "list"],
    ["org", "list"],
    ["task", "list"],
    ["due"],
    ["today"],
    ["find", "a"],
    ["history"],
    ["history", "--group", "1"],
    ["trash", "list"],
    ["backup", "list"],
    ["config", "list"],
    ["doctor"],
    ["show", "c1"],
    ["contact", "show", "c1"],
    ["org", "show", "o1"],
    ["task", "show", "t1"],
]
IDS = [" ".join(args) for args in LISTS]


@pytest.fixture
def some(run, bo, database):
    run("remind", "c1", "today", "offer")
    run("log", "call", "c2", "line one\nline two\tend", "-n", "fri a|b")
    run("contact", "add", "In Trash")
    run("contact", "rm", "c3")
    run("backup", "now")
    database.chmod(0o644)  # something for doctor to say


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_tsv_is_the_default_in_a_pipe(run, some, args):
    result = run(*args)
    assert result.out == run(*args, "-f", "tsv").out
    assert result.out
    assert result.err == ""
    assert "\x1b" not in result.out
    assert len({line.count("\t") for line in result.lines}) == 1


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_json_is_one_document_with_ids(run, some, args):
    got = run(*args, "--json").json
    assert got == run(*args, "-f", "json").json == run(*args, "--format=json").json
    for record in got if isinstance(got, list) else [got]:
        assert record["id"] is not None
        if str(record["id"])[0] in "co" and "handle" in record:
            assert record["handle"]


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_json_has_the_same_keys_in_the_same_order_everywhere(run, some, args):
    lines = [json.loads(line) for line in run(*args, "-f", "jsonl").lines]
    got = run(*args, "--json").json
    assert (got if isinstance(got, list) else [got]) == lines
    assert len({tuple(record) for record in lines}) == 1


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_lists_are_never_null(run, some, args):
    empty = [
        *("emails", "phones", "urls", "addresses", "dates", "tags"),
        *("tasks", "timeline", "people", "contact_uids"),
    ]
    for line in run(*args, "-f", "jsonl").lines:
        record = json.loads(line)
        assert all(isinstance(record[key], list) for key in empty if key in record)


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_csv_has_a_header_and_rows_of_its_width(run, some, args):
    rows = list(csv.reader(io.StringIO(run(*args, "--csv").out)))
    assert len(rows) >= 2
    assert len({len(row) for row in rows}) == 1
    assert rows == list(csv.reader(io.StringIO(run(*args, "-f", "csv").out)))
    assert list(csv.reader(io.StringIO(run(*args, "--csv", "--no-header").out))) == rows[1:]


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_ids_are_one_a_line(run, some, args):
    lines = run(*args, "-f", "ids").lines
    assert lines
    assert all(line and " " not in line and "\t" not in line for line in lines)


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_markdown_is_a_table(run, some, args):
    lines = run(*args, "-f", "md").lines
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines if "---" not in line)
    assert set(lines[1]) == {"|", "-"}
    widths = {line.replace("\\|", "").count("|") for line in lines}
    assert len(widths) == 1


@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_a_table_in_a_pipe_has_no_colour(run, some, args):
    out = run(*args, "-f", "table").out
    assert out
    assert "\x1b" not in out


@pytest.mark.parametrize("form", ["table", "tsv", "csv", "json", "jsonl", "ids", "md"])
@pytest.mark.parametrize("args", LISTS, ids=IDS)
def test_a_file_gets_what_stdout_would(run, some, home, args, form):
    path = home / "out"
    expected = run(*args, "-f", form).out
    result = run(*args, "-f", form, "-o", str(path))
    assert (result.out, path.read_text()) == ("", expected)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in home.iterdir() if entry.name.startswith("out")] == ["out"]


def test_an_output_file_is_replaced_as_a_whole(run, some, home):
    path = home / "out"
    path.write_text("old " * 1000)
    before = path.stat().st_ino
    run("contact", "list", "--output", str(path))
    assert path.read_text() == run("contact", "list").out
    assert path.stat().st_ino != before


def test_a_dash_is_stdout(run, some, home, monkeypatch):
    monkeypatch.chdir(home)
    assert run("contact", "list", "-o", "-").out == run("contact", "list").out
    assert not (home / "-").exists()


@pytest.mark.parametrize("path", ["no/such/folder/out", "."])
def test_a_file_that_cannot_be_written_is_exit_7(run, refused, some, home, path):
    assert "cannot write" in refused("contact", "list", "-o", str(home / path), code=7)


def test_a_failed_command_leaves_the_old_file(run, refused, some, home):
    (home / "out").write_text("old")
    refused("contact", "list", "--fields", "nmae", "-o", str(home / "out"), code=2)
    assert (home / "out").read_text() == "old"


@pytest.mark.parametrize(
    ("form", "option", "first"),
    [
        ("tsv", [], "c1\tAna Novak"),
        ("tsv", ["--header"], "id\tname"),
        ("tsv", ["--no-header"], "c1\tAna Novak"),
        ("csv", [], "id,name"),
        ("csv", ["--header"], "id,name"),
        ("csv", ["--no-header"], "c1,Ana Novak"),
        ("table", [], "Id Name"),
        ("table", ["--no-header"], "c1 Ana Novak"),
    ],
)
def test_header(run, some, form, option, first):
    lines = run("contact", "list", "-f", form, "--fields", "id,name", *option).lines
    assert (" ".join(lines[0].split()) if form == "table" else lines[0]) == first


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "jsonl", "md"])
def test_fields_come_in_the_order_asked_for(run, some, form):
    out = run("contact", "list", "--limit", "1", "-f", form, "--fields", "email, id,name").out
    places = [out.index(text) for text in ("ana@acme.si", "c1", "Ana Novak")]
    assert places == sorted(places)
    assert "040" not in out


def test_custom_fields_by_their_key(run, some):
    run("contact", "edit", "c1", "--set", "tea=green")
    args = ["contact", "list", "--fields", "name,custom.tea"]
    assert run(*args).lines == ["Ana Novak\tgreen", "Bo Li\t"]
    assert run(*args, "-f", "jsonl").lines[0] == '{"name": "Ana Novak", "custom.tea": "green"}'


def test_fields_keep_the_raw_values(run, some):
    run("contact", "add", "Many", "-e", "a@b.si", "-e", "home:c@d.si", "-t", "x", "-t", "y")
    args = ["contact", "list", "--fields", "emails,tags", "-t", "x"]
    assert run(*args).out == "a@b.si; c@d.si\tx; y\n"
    assert run("contact", "list", "--fields", "last_touch", "--sort", "id").lines[1] == (
        "2026-11-23T09:00:00Z"
    )


def test_tabs_and_newlines_are_written_out_in_tsv(run, some):
    body = dict(line.split("\t") for line in run("show", "i1").lines)["body"]
    assert body == "line one\\nline two\\tend"


def test_csv_keeps_tabs_and_newlines(run, some):
    rows = list(csv.DictReader(io.StringIO(run("show", "i1", "--csv").out)))
    assert rows[0]["body"] == "line one\nline two\tend"


@pytest.mark.parametrize("form", ["table", "tsv", "json", "md", "csv"])
def test_nothing_is_cut_in_a_pipe(run, form):
    note = "word " * 5000 + "end"
    run("contact", "add", "x" * 900, "--note", note)
    out = run("contact", "list", "--fields", "name,note", "-f", form).out
    assert "x" * 900 in out
    assert note in out


def test_json_is_utf8(run):
    run("contact", "add", "Čop 张伟")
    assert "Čop 张伟" in run("contact", "list", "--json").out


def test_times_in_a_table_are_local(run, ana):
    run("log", "call", "c1", "--at", "today 0:30")
    args = ["contact", "list", "--fields", "last_touch"]
    assert run(*args, "-f", "table", "--no-header").out.startswith("2026-11-23")
    assert run(*args).out == "2026-11-22T23:30:00Z\n"


# spreadsheets


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "'=1"])
def test_csv_gets_one_apostrophe_before_a_formula(run, text):
    run("contact", "add", "--", text)
    assert run("contact", "list", "--csv", "--fields", "name", "--no-header").out == f"'{text}\n"
    assert run("contact", "list", "--fields", "name").out == f"{text}\n"
    assert run("contact", "list", "--json").json[0]["name"] == text


def test_a_telephone_number_is_no_formula(run):
    run("contact", "add", "Ana", "-p", "+386 40 123 456")
    args = ["contact", "list", "--csv", "--no-header", "--fields", "phone,phones"]
    assert run(*args).out == "+386 40 123 456,+386 40 123 456\n"


# colour


@pytest.mark.parametrize(
    ("env", "option", "coloured"),
    [
        ({}, [], False),
        ({}, ["--color", "always"], True),
        ({}, ["--color", "never"], False),
        ({"CRM_COLOR": "always"}, [], True),
        ({"CRM_COLOR": "always"}, ["--color", "never"], False),
        ({"CRM_COLOR": "always", "NO_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"CLICOLOR_FORCE": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": ""}, [], False),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"CRM_COLOR": "never", "FORCE_COLOR": "1"}, [], False),
    ],
)
def test_who_decides_about_colour(run, some, monkeypatch, env, option, coloured):
    for name, value in {"TERM": "xterm-256color", **env}.items():
        monkeypatch.setenv(name, value)
    for command in (["contact", "list"], ["today"], ["show", "c1"]):
        out = run(*command, "-f", "table", *option).out
        assert ("\x1b[" in out) == coloured, command


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "jsonl", "ids", "md"])
def test_machine_formats_are_never_coloured(run, some, monkeypatch, form):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in run("contact", "list", "-f", form, "--color", "always").out
