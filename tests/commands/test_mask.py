"""`--mask`: whatever is read, nothing that people wrote is shown; what is written is real."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from types import SimpleNamespace

import pytest

from crmcli import text
from crmcli.cli import COMMANDS
from crmcli.context import Context
from crmcli.service import export

# Words nobody else uses, one for every kind of value that people write.
CANARIES = (
    "zqxgiven zqxfamily zqxnick zqxmiddle zqxorg zqxdomain zqxindustry zqxjob zqxdepartment "
    "zqxmail zqxlabel zqxurl zqxstreet zqxcity zqxregion zqxcountry zqxtag zqxnote zqxtea zqxrole "
    "zqxinverse zqxtitle zqxbody zqxlogged zqxanniversary zqxview zqxfilter zqxowner zqxbefore "
    "zqxother zqxchoice zqxheading zqxtrash zqxfeedback"
).split()
PHONE = "040123987"
SECRETS = ("123987", "123 987", "4812345", "48123", "48.123", "48,123", "77553")
FORMATS = ("table", "tsv", "csv", "json", "md")
ANA = {
    "name": "Zqxgiven Zqxfamily",
    "given_name": "Zqxgiven",
    "additional_name": "Zqxmiddle",
    "family_name": "Zqxfamily",
    "nickname": "Zqxnick",
    "org": "Zqxorg",
    "title": "Zqxjob",
    "department": "Zqxdepartment",
    "emails": [{"label": "zqxlabel", "value": "zqxgiven@zqxmail.si"}],
    "phones": [PHONE],
    "urls": ["https://zqxurl.si/zqxgiven"],
    "addresses": [
        {
            "street": "Zqxstreet 77553",
            "locality": "Zqxcity",
            "region": "Zqxregion",
            "postal_code": "77553",
            "country": "Zqxcountry",
        }
    ],
    "birthday": "1990-11-24",
    "dates": [{"label": "zqxanniversary", "value": "2001-11-25"}],
    "tags": ["zqxtag"],
    "owner": "zqxowner",
    "note": "met Zqxgiven at zqxnote, owes 48.123,45 EUR, call 040 123 987",
    "custom": {"tea": "zqxtea", "worth": "EUR 48123.45", "size": "zqxchoice", "seats": "48123"},
}


def seed(run) -> None:
    """Fill a database in which everything that people write is a canary."""
    run("field", "add", "contact.worth", "money", "--title", "Zqxheading")
    run("field", "add", "contact.seats", "number")
    run("field", "add", "contact.size", "choice", "--choice", "zqxchoice", "--choice", "Zqxother")
    run("org", "add", "Zqxorg", "--domain", "zqxdomain.si", "--industry", "zqxindustry")
    run("contact", "add", "--input", "-", input=json.dumps(ANA))
    run("contact", "add", "Zqxbefore Zqxfamily", "-t", "zqxtag")
    run("contact", "edit", "c2", "--name", "Zqxother Zqxfamily")
    run("contact", "add", "Zqxtrash")
    run("contact", "rm", "c3")
    run("contact", "relate", "c1", "c2", "--as", "zqxrole", "--inverse", "zqxinverse")
    run("contact", "cadence", "c1", "1d")
    run("cadence", "set", "+zqxtag", "2d")
    run("task", "add", "zqxtitle 48.123 EUR", "--for", "c1", "--due", "today", "--note", "zqxbody")
    run("task", "add", "zqxtitle with Zqxgiven", "--for", "o1", "--due", "yesterday")
    run("task", "add", "zqxtitle in time", "--for", "c2", "--due", "tomorrow")
    run("task", "add", "zqxtitle hidden", "--due", "today")
    run("snooze", "t4", "1w")
    run("log", "email", "c1", "zqxlogged by Zqxgiven", "--at", "10 days ago")
    run("log", "email", "c2", "--in", "zqxlogged back", "--at", "5 days ago")
    run("log", "feedback", "c1", "zqxfeedback about 48123", "-t", "zqxtag")
    sale = ["--for", "c1", "--amount", "EUR 48123.45", "--close", "1m", "--competitor", "zqxrival"]
    run("deal", "add", "zqxdeal", *sale, "--note", "zqxdealnote", "-n", "fri zqxstep")
    run("log", "meeting", "c1", "zqxspoken", "--at", "2 days ago")
    run("view", "save", "zqxview", "zqxfilter or +zqxtag", "--sort", "name")
    run("backup", "now")


READING = [
    *(["today"], ["today", "--why"], ["due"], ["due", "--within", "30d"], ["due", "--count"]),
    *(["show", ref] for ref in ("c1", "c2", "o1", "t1", "t2", "i1", "zqxgiven@zqxmail.si")),
    *(["contact", "list"], ["contact", "list", "+zqxtag"], ["contact", "show", "c1"]),
    ["contact", "list", "--fields", "id,name,emails,phones,addresses,tea,worth,seats,note,tags"],
    *(["deal", "list"], ["deal", "show", "d1"], ["show", "d1"], ["deal", "show", "zqxdeal"]),
    *(["brief", ref] for ref in ("c1", "o1", "d1", "zqxnobody")),
    *(["brief", "--today"], ["attach", "list", "c1"], ["attach", "get", "c1", "zqxfile"]),
    *(["pipeline"], ["pipeline", "list"], ["pipeline", "--holds", "contact"], ["reason"]),
    *(["lead"], ["lead", "list"], ["score"], ["source"], ["goal"], ["rate"]),
    *(["forecast"], ["forecast", "--by", "owner"], ["forecast", "--explain"]),
    *(["sql", "SELECT name FROM v_deal"], ["sql", "SELECT * FROM zqxtable"]),
    *(["report", name] for name in ("sales", "funnel", "stages", "lost", "velocity", "leads")),
    *(["org", "list"], ["org", "show", "o1"], ["task", "list"], ["task", "show", "t1"]),
    *(["task", "list", "--zqxoption"], ["task", "list", "--snoozed"]),
    *(["task", "list", "status:zqxany"], ["task", "list", "title:zqxtitle"]),
    *(["find", "zqxgiven"], ["find", "zqxlogged"], ["find", "zqxgivem"], ["find", "3987"]),
    *(["find", "zqxnowhere"], ["show", "zqxgivem"], ["show", "zqxfamily"]),
    *(["query", "zqxgiven"], ["query", "--mutt", "zqxgiven"], ["query", "--aerc", "zqxgiven"]),
    *(["query", "zqxnowhere"], ["lookup", "3987"], ["lookup", "123987"]),
    *(["merge", "c1", "c2", "--dry-run"], ["sync", "list"]),
    ["capture", "--text", "Zqxgiven Zqxfamily <zqxgiven@zqxmail.si>"],
    *(["history"], ["history", "c1"], ["history", "c2"]),
    *(["dedupe"], ["dedupe", "orgs"], ["dedupe", "--auto", "60", "--dry-run"]),
    *(["dedupe", "zqxword"], ["dedupe", "--separate", "zqxgiven", "zqxnobody"]),
    *(["history", "--group", str(number)] for number in range(1, 23)),
    *(["view", "list"], ["view", "show", "zqxview"], ["contact", "list", "@zqxview"]),
    *(["explain", "zqxtag +zqxtag org:zqxorg"], ["explain", "zqxwrong:zqxfilter"]),
    *(["field", "list"], ["field", "check"], ["relation", "list"], ["tag", "list"]),
    *(["cadence", "list"], ["contact", "cadence", "c1"], ["radar"], ["dormant"]),
    *(["dormant", "--days", "1"], ["report", "list"], ["report", "activity"]),
    *(["report", "activity", "--by", by] for by in ("kind", "person", "org", "tag", "owner")),
    *(["report", "feedback"], ["trash", "list"], ["trash"], ["backup", "list"], ["doctor"]),
    *(["backup", "verify"], ["path"], ["config", "list"], ["config", "get", "user"], ["timer"]),
    *(["catchup", "--dry-run"], ["undo", "--dry-run"], ["remind", "zqxnobody", "fri", "zqxbody"]),
    *(["export", noun] for noun in ("contacts", "orgs", "tasks", "interactions")),
    *(["export", "all"], ["dump", "/proc/none"], ["load", "/proc/none"]),
    *(["completion", "--words", kind, "zqx"] for kind in ("handles", "tags", "views")),
    *(["contact", "rm", "c1", "--dry-run"], ["contact", "edit", "c1", "--dry-run", "--name", "B"]),
    *(["zqxnoun"], ["contact", "zqxverb"], ["contact", "list", "--sort", "zqxsort"]),
    ["contact", "list", "--fields", "zqxfields"],
]


def check(result) -> None:
    """Refuse a canary, a secret number, a fault of ours."""
    shown = (result.out + result.err).casefold()
    assert "zqx" not in shown, shown
    assert not [secret for secret in SECRETS if secret in shown], shown
    assert "fault of ours" not in shown


@pytest.fixture
def swept(run, monkeypatch):
    """Run on a database full of canaries."""
    seed(run)
    monkeypatch.setenv("CRM_USER", "zqxowner")
    return run


@pytest.mark.parametrize("format", FORMATS)
def test_no_reading_command_shows_what_people_wrote(swept, format):
    for words in READING:
        options = [] if words[0] in ("completion", "config") else ["-f", format]
        result = swept(*words, *options, "--mask", code=None)
        if result.code == 2 and "-f" in result.err and options:  # it knows --json only
            options = ["--json"] if "json" in format else []
            result = swept(*words, *options, "--mask", code=None)
        check(result)


@pytest.mark.parametrize("format", sorted(set(export.FORMATS) - {"xlsx"}))
def test_no_file_for_another_program_shows_what_people_wrote(swept, format):
    for noun in export.FORMATS[format].nouns:
        result = swept("export", f"{noun}s", "-f", format, "--mask")
        check(result)
        assert result.out.strip()


def test_no_workbook_shows_what_people_wrote(swept, home):
    openpyxl = pytest.importorskip("openpyxl")
    for noun in export.NOUNS:
        path = str(home / f"{noun}.xlsx")
        check(swept("export", f"{noun}s", "-o", path, "--mask"))
        rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        said = "\n".join(str(cell) for row in rows for cell in row)
        check(SimpleNamespace(out=said, err=""))


def test_the_sweep_would_see_what_is_not_masked(swept):
    seen = "".join(
        result.out + result.err
        for words in READING
        for result in [swept(*words, code=None), swept(*words, "--json", code=None)]
    ).casefold()
    assert {word for word in CANARIES if word not in seen} == set()
    assert "123987" in seen


def test_every_reading_command_is_swept():
    writing = set("log remind done snooze redo import tui".split())
    assert {words[0] for words in READING} >= set(COMMANDS) - writing


WRITING = [
    ["contact", "add", "Zqxnew Zqxgiven", "-e", "a@zqxnew.si", "--org", "Zqxnewer", "-t", "zqxtag"],
    ["contact", "add", "Zqxgiven Zqxfamily", "-e", "zqxgiven@zqxmail.si"],  # refused: known
    ["contact", "add", "--input", "-"],
    [
        "contact",
        "edit",
        "c1",
        "--note",
        "zqxnote again",
        "--set",
        "tea=zqxtea",
        "--org",
        "Zqxthird",
    ],
    ["contact", "edit", "c1", "--set", "size=zqxwrong"],
    ["contact", "tag", "c1", "c2", "+zqxmore", "-zqxtag"],
    ["contact", "relate", "c2", "c1", "--as", "zqxfriend", "--inverse", "zqxfiend"],
    ["contact", "pause", "c1", "1w"],
    ["contact", "cadence", "c1", "9d"],
    ["org", "add", "Zqxorg"],
    ["org", "edit", "o1", "--industry", "zqxmining"],
    ["task", "add", "zqxtask", "--for", "zqxgiven-zqxfamily", "--due", "fri"],
    ["task", "edit", "t1", "--title", "zqxtitle anew"],
    ["log", "call", "c1", "zqxsaid 48.123 EUR", "-n", "fri zqxnext"],
    ["log", "call", "zqxgivem", "zqxsaid"],
    ["remind", "c1", "fri", "zqxremind"],
    ["remind", "c1", "zqxday", "zqxremind"],
    ["done", "t1", "--text", "zqxdone"],
    ["snooze", "t2", "2w"],
    ["tag", "add", "zqxadded", "c1"],
    ["tag", "rename", "zqxadded", "zqxrenamed"],
    ["tag", "drop", "zqxrenamed", "--yes"],
    ["relation", "rename", "zqxrole", "zqxreroled"],
    ["view", "save", "zqxsaved", "zqxfilter"],
    ["view", "rm", "zqxsaved"],
    ["field", "add", "contact.zqxfield", "text"],
    ["field", "edit", "contact.worth", "--title", "Zqxworth"],
    ["field", "rm", "contact.zqxfield"],
    ["cadence", "set", "+zqxtag", "5d"],
    ["cadence", "rm", "+zqxtag"],
    ["contact", "rm", "c1"],
    ["trash", "restore", "c1"],
    ["undo"],
    ["redo"],
    ["import", "zqxfile.csv"],
    ["import", "zqxnone.csv"],
    ["import", "--undo"],
    ["config", "set", "user", "zqxuser"],
]


@pytest.mark.parametrize("json_too", [False, True], ids=["text", "json"])
def test_what_writing_says_is_masked(swept, home, monkeypatch, json_too):
    monkeypatch.chdir(home)
    (home / "zqxfile.csv").write_text("name,email\nZqxcolumn Zqxrow,x@zqxrow.si\n,bad@@zqxbad\n")
    for words in WRITING:
        options = ["--json", "--mask"] if json_too else ["--mask"]
        stdin = '{"name": "Zqxinput", "tea": "zqxkey"}' if "-" in words else ""
        check(swept(*words, *options, input=stdin, code=None))


def test_what_is_written_is_real(run, database):
    added = run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "-p", PHONE, "--mask")
    assert added.out == "c1\n"
    run("contact", "edit", "ana-novak", "--note", "owes 1200 EUR", "--mask")
    run("contact", "edit", "c1", "--name", "Ana Kos", "--mask")
    run("undo", "--mask")
    shown = run("show", "c1", "--json").json
    said = (shown["name"], shown["email"], shown["note"])
    assert said == ("Ana Novak", "ana@acme.si", "owes 1200 EUR")
    with closing(sqlite3.connect(database)) as conn:
        assert conn.execute("SELECT display_name FROM contact").fetchall() == [("Ana Novak",)]


def test_references_go_on_working(run, ana):
    masked = run("show", "ana-novak", "--mask", "--json").json
    assert masked["id"] == "c1"
    assert masked["handle"] != "ana-novak"
    assert run("contact", "list", "-f", "ids", "--mask").out == "c1\n"
    assert run("show", "ana@acme.si", "--mask", "--json").json == masked


def test_names_handles_mails_and_notes_belong_together(run, ana):
    run("contact", "edit", "c1", "--note", "Ana asked for NOVAK of Acme")
    masked = run("show", "c1", "--mask", "--json").json
    given, family = masked["name"].split()
    assert masked["handle"] == f"{given}-{family}".lower()
    assert masked["email"] == f"{given}@{masked['org']}.example".lower()
    assert masked["note"].split()[0] == given
    assert f"for {family.upper()} of {masked['org']}" in masked["note"]
    assert masked["phone"] == "••• ••• •••"
    assert run("--mask", "show", "c1", "--json").json == masked


def test_a_name_of_common_words_is_masked_where_it_is_spoken_of(run):
    for name in ("Mark Day", "Will Call", "May Due", "Bo In", "Task D. Note"):
        run("contact", "add", name)
    run("task", "add", "Call Mark about the day, in May", "--for", "c1", "--due", "today")
    for format in FORMATS:
        out = run("task", "list", "-f", format, "--no-header", "--mask").out.casefold()
        assert not {"mark", "day", "in", "may"} & set(out.replace(",", " ").split())
    assert "about the" in run("due", "--mask").out
    run("contact", "edit", "c1", "--name", "Bob")
    assert "Mark" not in run("due", "--mask").out  # a name of before


def test_a_name_just_added_is_masked_at_once(run):
    run("contact", "add", "Someone")
    said = run("contact", "add", "Mark Day", "--mask", "--json")
    assert "mark" not in (said.out + said.err).casefold()


def test_stored_words_stay_in_records_whoever_is_called_so(run):
    run("contact", "add", "Lead Other", "--stage", "lead")
    assert run("show", "c1", "--mask", "--json").json["lifecycle_stage"] == "lead"
    assert run("contact", "list", "--mask", "--fields", "lifecycle_stage").out == "lead\n"


@pytest.mark.parametrize("how", ["before", "after", "environment"])
def test_it_is_a_global_option(run, ana, monkeypatch, how):
    if how == "environment":
        monkeypatch.setenv("CRM_MASK", "1")
    before, after = (["--mask"] * (how == place) for place in ("before", "after"))
    assert "Ana" not in run(*before, "contact", "list", *after).out
    monkeypatch.delenv("CRM_MASK", raising=False)
    assert "Ana" in run("contact", "list").out


def test_help_lists_it(run):
    assert "--mask" in run("--help").out


@pytest.mark.parametrize("words", [["due"], ["completion", "--words", "handles", "a"]])
def test_the_hot_calls_do_not_leak(run, ana, process, words):
    run("remind", "c1", "today", "call Ana")
    assert b"ana" in process(*words).stdout.lower()
    by_option = process(*words, "--mask")
    by_environment = process(*words, full_env={**os.environ, "CRM_MASK": "1"})
    for shown in (by_option, by_environment):
        assert shown.returncode == 0
        assert b"ana" not in shown.stdout.lower() + shown.stderr.lower()


def test_the_completion_script_is_the_programs_own(run):
    assert run("completion", "bash", "--mask").out == run("completion", "bash").out


def test_ascii_blurs_with_stars(run, ana):
    assert "*** *** ***" in run("contact", "list", "--mask", "--ascii").out


def test_a_masked_export_says_so(run, ana, home):
    path = home / "a.csv"
    said = "are not the real ones"
    assert said in run("export", "contacts", "-o", str(path), "--mask").err
    assert "Ana" not in path.read_text()
    assert said in run("export", "contacts", "--mask").err
    assert said not in run("export", "contacts").err


def test_the_names_are_those_of_the_database_asked(run, home):
    other = str(home / "other.db")
    run("--db", other, "contact", "add", "Mark Day")
    assert (
        "Mark" not in run("--mask", "contact", "list", "--db", other, "--fields", "note,name").out
    )
    run("--db", other, "task", "add", "call Mark")
    assert "Mark" not in run("--mask", "task", "list", "--db", other).out


def test_runs_inside_a_masked_one_stay_masked(run, ana):
    crm = Context({"mask": "yes"})
    Context({}, crm)
    assert text.safe("Ana") != "Ana"
    text.mask_with(None)
    Context({}, crm)  # the full screen has shown them again
    assert text.safe("Ana") == "Ana"
    text.mask_with(crm.masker())
    assert text.safe("Ana") != "Ana"
    text.mask_with(None)


def test_prompts_are_masked(ana, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    Context({"mask": "yes"}).ask("Remove Ana Novak? [y/N] ")
    text.mask_with(None)
    said = capsys.readouterr().err
    assert "Ana" not in said
    assert said.startswith("Remove ")
    assert said.endswith("? [y/N] ")


def test_a_calendar_feed_is_masked(run, ana, home):
    run("task", "add", "call Ana", "--for", "c1", "--due", "today", "--note", "in Kranj")
    run("export", "tasks", "--feed", str(home / "a.ics"), "--mask")
    feed = (home / "a.ics").read_text()
    assert "Ana" not in feed
    assert "Kranj" not in feed
    assert "SUMMARY:call " in feed


def test_hostile_text_is_masked_and_safe(run):
    note = "a\x1b[31mNovak\x1b[0m\nA\u200cna"
    run("contact", "add", "Ana\u202eNovak \u24b6na", "--note", note)
    for format in FORMATS:
        out = run("show", "c1", "-f", format, "--mask").out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert not any(word in out.casefold() for word in ("novak", "ana", "\u24d0na"))


def test_without_it_nothing_of_it_is_imported(run, ana, home):
    probe = "import sys, crmcli.cli, crmcli.commands.contact; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "crmcli.render" in done.stdout.split()
    assert "crmcli.mask" not in done.stdout.split()


def test_the_next_run_in_this_process_is_not_masked(run, ana):
    run("contact", "list", "--mask")
    assert text.masker() is not None
    run("contact", "list")
    assert text.masker() is None
