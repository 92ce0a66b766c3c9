"""Text from outside: whatever is typed or stored, nothing raw comes out and nothing breaks."""

import json
import os
import sqlite3
from contextlib import closing

import pytest

from crmcli.interchange import markdown

HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "clipboard": "\x1b]52;c;ZWNobw==\x07",
    "title": "\x1b]0;owned\x1b\\",
    "c1": "\x9b31m\x85",
    "bell": "a\x07\x08\x0cb",
    "return": "good\rbad",
    "lines": "one\ntwo\tthree",
    "delete": "a\x7fb",
    "markup": "ACME [/] Ltd",
    "action": "[@click=app.quit]x[/]",
    "style": "[bold red]x[/bold red]",
    "bidi": "\u202eevil\u202c\u2066x\u2069",
    "separator": "a\u2028b\u2029c",
    "bom": "a\ufeffb",
    "surrogate": os.fsdecode(b"a\xff\xed\xa0\x80"),
    "formula": "=cmd|' /C calc'!A0",
    "persian": "می\u200cخواهم",
    "chinese": "张伟",
    "emoji": "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈",
    "combining": "Z" + "\u0301" * 50,
    "format": "%s %(name)s {0} {name} $HOME `id`",
    "sql": "'); DROP TABLE contact; --",
    "fts": '"* OR NEAR( -x ^ {a} :',
    "like": "%_\\",
    "path": "../../etc/passwd",
    "long": "x" * 10_000,
    "words": "word " * 2000,
}
CONTROLS = ["colour", "clipboard", "title", "c1", "bell", "return", "lines", "delete", "bidi"]
CONTROLS += ["separator", "bom"]
APART = [*CONTROLS, "surrogate", "long", "words"]
# All of one sort in one text, where each text would have to pass more than a hundred commands.
TOGETHER = {
    "controls": " ".join(HOSTILE[name] for name in CONTROLS),
    "plain": " ".join(text for name, text in HOSTILE.items() if name not in APART),
}
FORBIDDEN = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    *"\u2028\u2029\ufeff",
    *map(chr, range(0xD800, 0xE000)),
} - {"\n", "\t"}
FORMATS = ["table", "tsv", "csv", "json", "jsonl", "ids", "md"]
KNOWN = {0, 1, 2, 3, 4, 5, 7}


def check(result) -> None:
    """Refuse a raw byte, a traceback, a fault of ours, and an error of many lines."""
    assert not (set(result.out) | set(result.err)) & FORBIDDEN
    assert result.code in KNOWN
    assert "Traceback" not in result.err
    if result.code:
        assert len(result.err.splitlines()) <= 2


# typed


ARGUMENTS = [
    ["{}"],
    ["contact", "{}"],
    ["--db", "{}", "contact", "list"],
    ["--color", "{}", "contact", "list"],
    ["--{}"],
    ["contact", "list", "--tag", "{}"],
    ["contact", "list", "--org", "{}"],
    ["contact", "list", "--owner", "{}"],
    ["contact", "list", "--sort", "{}"],
    ["contact", "list", "--limit", "{}"],
    ["contact", "list", "--fields", "{}"],
    ["contact", "list", "--fields", "custom.{}"],
    ["contact", "list", "-f", "{}"],
    ["contact", "list", "--{}"],
    ["contact", "show", "{}"],
    ["contact", "show", "c{}"],
    ["contact", "add", "--", "{}"],
    ["contact", "add", "X", "-e", "{}"],
    ["contact", "add", "X", "-e", "{}@acme.si"],
    ["contact", "add", "X", "-p", "{}"],
    ["contact", "add", "X", "-u", "{}"],
    ["contact", "add", "X", "-a", "{}"],
    ["contact", "add", "X", "-t", "{}"],
    ["contact", "add", "X", "--org", "{}"],
    ["contact", "add", "X", "--org", "A", "--title", "{}"],
    ["contact", "add", "X", "--birthday", "{}"],
    ["contact", "add", "X", "--note", "{}"],
    ["contact", "add", "X", "--stage", "{}"],
    ["contact", "add", "X", "--owner", "{}"],
    ["contact", "add", "X", "--set", "{}"],
    ["contact", "add", "X", "--set", "{}=x"],
    ["contact", "add", "X", "--set", "tea={}"],
    ["contact", "add", "--input", "{}"],
    ["contact", "edit", "c1", "--name", "{}"],
    ["contact", "edit", "c1", "-e", "{}@acme.si"],
    ["contact", "edit", "c1", "-a", "{}"],
    ["contact", "edit", "c1", "-t", "{}"],
    ["contact", "edit", "c1", "--org", "{}"],
    ["contact", "edit", "c1", "--note", "{}"],
    ["contact", "edit", "c1", "--owner", "{}"],
    ["contact", "edit", "c1", "--set", "{}=x"],
    ["contact", "edit", "c1", "--set", "tea={}"],
    ["contact", "edit", "c1", "--drop", "{}"],
    ["contact", "edit", "c1", "--drop", "{}@acme.si"],
    ["contact", "rm", "--", "{}"],
    ["org", "add", "--", "{}"],
    ["org", "add", "X", "--kind", "{}"],
    ["org", "add", "X", "--domain", "{}"],
    ["org", "add", "X", "--industry", "{}"],
    ["org", "edit", "o1", "--name", "{}"],
    ["org", "edit", "o1", "--domain", "{}"],
    ["org", "edit", "o1", "--set", "vat={}"],
    ["org", "list", "--tag", "{}"],
    ["org", "list", "--owner", "{}"],
    ["task", "add", "--", "{}"],
    ["task", "add", "x", "--for", "{}"],
    ["task", "add", "x", "--due", "{}"],
    ["task", "add", "x", "--kind", "{}"],
    ["task", "add", "x", "--priority", "{}"],
    ["task", "add", "x", "--note", "{}"],
    ["task", "add", "x", "--owner", "{}"],
    ["task", "list", "--owner", "{}"],
    ["task", "list", "--kind", "{}"],
    ["task", "edit", "t1", "--title", "{}"],
    ["task", "edit", "t1", "--note", "{}"],
    ["task", "edit", "t1", "--owner", "{}"],
    ["task", "reschedule", "t1", "{}"],
    ["snooze", "t1", "{}"],
    ["snooze", "{}", "3d"],
    ["done", "--", "{}"],
    ["done", "t1", "--text", "{}"],
    ["done", "t1", "--next", "{}"],
    ["done", "t1", "--next", "fri {}"],
    ["done", "t1", "--outcome", "{}"],
    ["done", "t1", "--at", "{}"],
    ["log", "{}", "c1"],
    ["log", "call", "{}", "x"],
    ["log", "call", "c1", "--", "{}"],
    ["log", "call", "c1", "--with", "{}"],
    ["log", "call", "c1", "--at", "{}"],
    ["log", "call", "c1", "--dur", "{}"],
    ["log", "call", "c1", "--outcome", "{}"],
    ["log", "call", "c1", "--next", "fri {}"],
    ["log", "call", "c1", "--waiting", "{}"],
    ["remind", "{}", "fri"],
    ["remind", "c1", "--", "{}"],
    ["remind", "c1", "fri", "--", "{}"],
    ["due", "--within", "{}"],
    ["due", "--owner", "{}"],
    ["due", "--owner", "{}", "--count", "--json"],
    ["today", "--owner", "{}"],
    ["show", "--", "{}"],
    ["find", "--", "{}"],
    ["find", "--json", "--", "{}"],
    ["find", "-f", "table", "--", "{}"],
    ["history", "--", "{}"],
    ["history", "--group", "{}"],
    ["undo", "--", "{}"],
    ["trash", "restore", "--", "{}"],
    ["backup", "verify", "--", "{}"],
    ["backup", "restore", "--yes", "--", "{}"],
    ["config", "get", "--", "{}"],
    ["config", "set", "--", "user", "{}"],
    ["config", "set", "--", "timezone", "{}"],
    ["config", "set", "--", "{}", "x"],
    ["path", "--", "{}"],
]


@pytest.fixture
def some(run, ana, home, monkeypatch):
    monkeypatch.chdir(home)
    run("remind", "c1", "today", "call")


@pytest.mark.parametrize("command", ARGUMENTS, ids=" ".join)
def test_every_argument_takes_every_text(run, some, command):
    broken = {}
    for name, text in HOSTILE.items():
        try:
            check(run(*(word.replace("{}", text) for word in command), code=None))
        except Exception as error:
            broken[name] = str(error)[:300]
    assert broken == {}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    ("command", "field"),
    [
        (["contact", "add", "--input", "-"], "name note org title tags addresses owner nickname"),
        (["org", "add", "--input", "-"], "name note domain industry tags owner"),
    ],
)
def test_every_field_of_the_input_takes_every_text(run, command, field, text):
    record = {"name": "X", **dict.fromkeys(field.split(), text), "custom": {"k": text, text: "v"}}
    check(run(*command, input=json.dumps(record), code=None))


@pytest.mark.parametrize("option", ["--json", "--debug"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_errors_show_what_was_typed_made_safe(run, ana, text, option):
    is_text = text.isprintable() or "\udcff" not in text
    result = run("show", option, "--", f"nobody {text}", code=1 if is_text else 2)
    check(result)
    assert "nobody" in result.err


@pytest.mark.parametrize("name", ["CRM_USER", "CRM_TIMEZONE", "CRM_NOW", "CRM_COLOR", "CRM_DB"])
def test_every_variable_takes_every_text(run, ana, home, monkeypatch, name):
    monkeypatch.chdir(home)
    broken = {}
    for key, text in HOSTILE.items():
        monkeypatch.setenv(name, text)
        try:
            check(run("contact", "add", "X", code=None))
            check(run("contact", "list", code=None))
            check(run("config", "list", code=None))
            check(run("config", "get", "user", code=None))
        except Exception as error:
            broken[key] = str(error)[:300]
    assert broken == {}


# stored by us


READS = [
    ["contact", "list"],
    ["contact", "list", "--fields", "name,note,custom,tags,title,addresses,urls,nickname,owner"],
    ["org", "list"],
    ["task", "list"],
    ["task", "list", "--fields", "title,body,owner,who"],
    ["show", "c1"],
    ["show", "o1"],
    ["show", "t1"],
    ["show", "i1"],
    ["due"],
    ["today"],
    ["find", "zebra"],
    ["history"],
    ["history", "c1"],
    *(["history", "--group", str(number)] for number in range(1, 6)),
    ["trash"],
    ["doctor"],
    ["config"],
]


def failures(run, commands) -> dict[str, str]:
    """Run each command in each format; give what went wrong with which."""
    broken = {}
    for command in commands:
        for form in FORMATS:
            try:
                check(run(*command, "-f", form, code=None))
            except Exception as error:
                broken[f"{' '.join(command)} -f {form}"] = str(error)[:300]
    return broken


@pytest.mark.parametrize(
    "text",
    [*TOGETHER.values(), HOSTILE["long"]],
    ids=[*TOGETHER, "long"],
)
def test_what_was_stored_comes_out_safe_in_every_format(run, text):
    line = text[:900]
    words = {
        "--note": text,
        "--org": f"zebra {line}",
        "--title": line,
        "-t": line,
        "-a": line,
        "--set": f"tea={text}",
        "-u": line,
        "--owner": line,
    }
    run("contact", "add", f"zebra {line}", *(word for pair in words.items() for word in pair))
    run("log", "note", "c1", "--", f"zebra {text}")
    run("remind", "c1", "today", "--", f"zebra {line}")
    run("contact", "add", f"trash {line}")
    run("contact", "rm", "c2")
    assert failures(run, READS) == {}


@pytest.mark.parametrize(
    "name", ["markup", "action", "style", "chinese", "persian", "format", "sql"]
)
@pytest.mark.parametrize("form", ["table", "tsv", "md"])
def test_harmless_text_is_shown_as_it_is(run, name, form):
    text = HOSTILE[name]
    run("contact", "add", text, "--note", text)
    run("remind", "c1", "today", "--", text)
    shown = markdown.cell(text) if form == "md" else text
    for command in (["contact", "list"], ["show", "c1"], ["today"], ["task", "list"]):
        assert shown in run(*command, "-f", form).out


def test_joiners_survive(run):
    for name in (HOSTILE["emoji"], HOSTILE["persian"]):
        assert run("contact", "add", name, "--json").json["name"] == name


def test_the_note_keeps_its_lines_and_loses_its_control_codes(run):
    run("contact", "add", "X", "--note", "one\r\ntwo\tthree\x1b[31m\x00\u202e")
    assert run("show", "c1", "--json").json["note"] == "one\ntwo\tthree[31m"


@pytest.mark.parametrize("command", [["add", "X"], ["edit", "c1"]])
def test_a_custom_field_is_cleaned_on_the_way_in(run, command):
    run("contact", "add", "Ana")
    ref = run("contact", *command, "--set", "tea=a\x1b[31m\u202eb").out.strip()
    assert run("show", ref, "--json").json["custom"]["tea"] == "a[31mb"


# stored by another program


PLANTED = [
    "UPDATE contact SET display_name = 'zebra ' || :t, note = :t, nickname = :t",
    "UPDATE contact SET custom = json_object('tea', :t, :t, 'x')",
    "UPDATE org SET name = 'zebra ' || :t, domain = :t, industry = :t, note = :t",
    "UPDATE task SET title = 'zebra ' || :t, body = :t",
    "UPDATE interaction SET body = 'zebra ' || :t",
    "UPDATE channel SET value = :t || id, label = :t",
    "UPDATE address SET street = :t",
    "UPDATE tag SET name = :t",
    "UPDATE employment SET title = :t",
    "UPDATE app_user SET name = :t",
    "UPDATE handle SET name = :t WHERE contact_id = 1",
    "UPDATE change_group SET command = :t, actor = :t",
]


@pytest.mark.parametrize("text", TOGETHER.values(), ids=TOGETHER)
def test_what_another_program_stored_comes_out_safe(run, ana, database, text):
    run("contact", "edit", "c1", "-a", "Trg 1", "--title", "CEO", "-u", "https://acme.si")
    run("log", "note", "c1", "hello")
    run("remind", "c1", "today", "call")
    with closing(sqlite3.connect(database)) as conn:
        for statement in PLANTED:
            conn.execute(statement, {"t": text})
        conn.commit()
    assert failures(run, READS) == {}
    for command in (["done", "t1"], ["contact", "rm", "c1"], ["undo"], ["redo"]):
        check(run(*command, code=None))
