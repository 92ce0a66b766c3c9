"""`crm export`: every noun in every format, what spreadsheets would run, and the way back."""

import configparser
import csv
import io
import json
import os
import re
import sys

import pytest

NOUNS = ("contacts", "orgs", "tasks", "interactions")


@pytest.fixture
def some(run):
    """One record of each noun with all it can hold."""
    words = ["-e", "work:ana@acme.si", "-e", "ana@home.si", "-p", "+386 40 123 456"]
    words += ["--org", "Acme", "-t", "vip", "-t", "fair", "--birthday", "1990-05-17"]
    run("contact", "add", "Ana Novak", *words, "--note", "one\ntwo; three", "--set", "tea=a:b; c")
    run("contact", "edit", "c1", "--set", "title=CEO", "--set", "nickname==1+1")
    run("remind", "c1", "tomorrow 9:30", 'Offer, with "quotes"')
    run("log", "call", "c1", "Budget: -50%", "--at", "yesterday 10:00", "--keep")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def strip(record: dict) -> dict:
    """Leave out what another database may number anew."""
    return {key: value for key, value in record.items() if key not in ("id", "handle", "who")}


TITLE = {"contacts": "name", "orgs": "name", "tasks": "title", "interactions": "body"}
WHAT = {
    "contacts": "Ana Novak",
    "orgs": "Acme",
    "tasks": 'Offer, with "quotes"',
    "interactions": "Budget: -50%",
}


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_every_noun_in_every_format(run, some, noun, format):
    result = run("export", noun, "-f", format)
    assert result.err == ""
    if format == "csv":
        (row,) = rows(result.out)
        assert next(iter(row)) == "uid"
    elif format == "json":
        (row,) = result.json
    else:
        (row,) = map(json.loads, result.lines)
    assert row[TITLE[noun]] == WHAT[noun]
    assert len(row["uid"]) == 36
    assert run("export", noun.removesuffix("s"), "-f", format).out == result.out


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_an_export_comes_back_as_it_was(run, some, home, noun, format):
    order = [*dict.fromkeys(("contacts", "orgs", "tasks", noun))]
    before = {}
    for name in order:
        run("export", name, "-o", str(home / f"{name}.{format}"))
        before[name] = run("export", name, "-f", "json").json
    other = ["--db", str(home / "other.db")]
    for name in order:
        run("import", str(home / f"{name}.{format}"), *other)
    after = run("export", noun, "-f", "json", *other).json
    if noun == "orgs":  # a contact's org was made as a stub before
        for row in (*before[noun], *after):
            row.pop("uid")
    for row in (*before[noun], *after):
        row.pop("updated")
        row.pop("last_touch", None)
    assert [strip(row) for row in after if "people" not in row] == [
        strip(row) for row in before[noun] if "people" not in row
    ]
    assert [row.get("contact_uids") for row in after] == [
        row.get("contact_uids") for row in before[noun]
    ]
    listed = run("import", "--list", "-f", "ids", *other).out
    result = run("import", str(home / f"{noun}.{format}"), *other)
    assert "0 created, 0 updated, 1 unchanged" in result.err
    assert run("import", "--list", "-f", "ids", *other).out == listed


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_importing_our_own_export_where_it_came_from_writes_nothing(run, some, home, format):
    groups = run("history", "-f", "ids").out
    for noun in NOUNS:
        path = str(home / f"{noun}.{format}")
        run("export", noun, "-o", path)
        assert "0 created, 0 updated, 1 unchanged" in run("import", path).err
    assert run("history", "-f", "ids").out == groups


@pytest.mark.parametrize(
    ("name", "args", "start"),
    [
        ("x.csv", [], "uid,"),
        ("x.json", [], "["),
        ("x.jsonl", [], '{"id"'),
        ("x", [], "uid,"),
        ("x.txt", [], "uid,"),
        ("x.csv", ["-f", "jsonl"], '{"id"'),
        ("x.csv", ["--json"], "["),
    ],
)
def test_into_a_file_in_the_format_of_its_ending(run, some, home, name, args, start):
    result = run("export", "contacts", "-o", str(home / name), *args)
    assert (result.out, result.err) == ("", f"Wrote 1 contact to {home / name}\n")
    assert (home / name).read_text().startswith(start)
    assert (home / name).stat().st_mode & 0o777 == 0o600


FORMULAS = ["=1+1", "+cmd", "-2+3", "@SUM(1)", "'=1", "''+2", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_guarded_and_comes_back(run, home, name):
    run("contact", "add", "--", name)
    (row,) = rows(run("export", "contacts").out)
    assert row["name"] == "'" + name
    (raw,) = rows(run("export", "contacts", "--raw").out)
    assert raw["name"] == name
    assert run("export", "contacts", "-f", "json").json[0]["name"] == name
    run("export", "contacts", "-o", str(home / "x.csv"))
    run("import", str(home / "x.csv"), "--db", str(home / "other.db"))
    other = run("contact", "list", "--json", "--db", str(home / "other.db")).json
    assert [row["name"] for row in other] == [name]


@pytest.mark.parametrize("name", ["Ana", "'Ana'", "O'Neil", "a=1", "1-2"])
def test_what_is_no_formula_stays(run, name):
    run("contact", "add", name)
    (row,) = rows(run("export", "contacts").out)
    assert row["name"] == name


def test_a_phone_keeps_its_plus(run, some):
    (row,) = rows(run("export", "contacts").out)
    assert row["phones"] == ":+386 40 123 456"
    assert row["emails"] == "work:ana@acme.si; :ana@home.si"
    assert row["tags"] == "vip; fair"


def test_custom_fields_are_columns_of_their_own(run):
    run("contact", "add", "Ana", "--set", "tea=green")
    run("contact", "add", "Bo", "--set", "dog=Rex")
    run("org", "add", "Acme", "--set", "vat=1")
    table = rows(run("export", "contacts").out)
    assert [(row["custom.dog"], row["custom.tea"]) for row in table] == [("", "green"), ("Rex", "")]
    assert "custom.vat" not in table[0]
    assert rows(run("export", "orgs").out)[0]["custom.vat"] == "1"


def test_all_of_them_in_the_order_of_their_ids_without_the_trash(run):
    for name in ("Zoja", "Ana", "Bo"):
        run("contact", "add", name)
    run("contact", "rm", "c2", "--yes")
    assert [row["name"] for row in rows(run("export", "contacts").out)] == ["Zoja", "Bo"]
    assert [row["id"] for row in run("export", "contacts", "-f", "json").json] == ["c1", "c3"]


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_to_export(run, database, noun):
    assert run("export", noun).out.startswith("uid,")
    assert len(run("export", noun).lines) == 1
    assert run("export", noun, "-f", "json").json == []
    assert run("export", noun, "-f", "jsonl").out == ""
    assert not database.exists()


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["pipelines"], 2, "cannot export 'pipelines'"),
        ([], 2, "NOUN"),
        (["contacts", "-f", "xml"], 2, "cannot export as 'xml'"),
        (["contacts", "-f", "tsv"], 2, "one of csv, json, jsonl, md, xlsx, vcf"),
        (["contacts", "-f", "ics"], 2, "ICS holds tasks only"),
        (["tasks", "-f", "vcf"], 2, "vCard holds contacts only"),
        (["orgs", "-o", "x.vcf"], 2, "vCard holds contacts only"),
        (["interactions", "-f", "mutt"], 2, "mutt holds contacts only"),
        (["contacts", "-f", "xlsx"], 2, "XLSX needs a file"),
        (["contacts", "--vcard", "2.1"], 2, "no vCard 2.1"),
        (["contacts", "--delimiter", "x"], 2, "cannot divide cells by 'x'"),
        (["all", "-f", "csv"], 2, "all in one file is JSONL"),
        (["all", "+vip"], 2, "all takes no filter"),
        (["all", "-f", "vcf", "-o", "/proc/none/"], 2, "cannot export as 'vcf'"),
        (["all", "-o", "/proc/none/"], 7, "cannot write"),
        (["contacts", "--foo"], 2, "--foo"),
        (["contacts", "-o", "/proc/none/x.csv"], 7, "cannot write"),
    ],
)
def test_export_refuses(refused, args, code, words):
    assert words.casefold() in refused("export", *args, code=code).casefold()


def test_a_file_that_cannot_be_written_stays_as_it_was(run, some, home):
    (home / "folder").mkdir()
    run("export", "contacts", "-o", str(home / "folder"), code=7)
    assert os.listdir(home / "folder") == []
    assert not [entry for entry in home.iterdir() if entry.name.endswith(".tmp")]


def test_a_feed_keeps_29_february_on_the_28th_where_there_is_none(run, home):
    """And says in which years there is one."""
    from datetime import date, datetime, time

    from dateutil.rrule import rrulestr
    from icalendar import Calendar

    run("contact", "add", "Ana", "--birthday", "29.2.2000")
    run("remind", "c1", "fri 14:00", "call; [x], \\ y")
    run("export", "tasks", "--feed", str(home / "crm.ics"))
    events = Calendar.from_ical((home / "crm.ics").read_bytes()).walk("VEVENT")
    call, birthday = sorted(events, key=lambda event: "RRULE" in event)
    assert str(call["summary"]) == "call; [x], \\ y: Ana"
    assert call.decoded("dtstart").isoformat() == "2026-11-27T13:00:00+00:00"
    rule = birthday["rrule"].to_ical().decode()
    days = rrulestr(rule, dtstart=datetime.combine(birthday.decoded("dtstart"), time()))
    assert [day.date() for day in days[:3]] == [
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
    ]
    before = (home / "crm.ics").read_bytes()
    run("export", "tasks", "--feed", str(home / "crm.ics"))
    assert (home / "crm.ics").read_bytes() == before


def test_excel_gets_its_mark_and_its_delimiter(run, some, home):
    path = home / "x.csv"
    run("export", "contacts", "--excel", "--delimiter", ";", "-o", str(path))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfuid;name;")
    run("import", str(path), "--db", str(home / "other.db"))
    there = run("contact", "list", "--json", "--db", str(home / "other.db")).json
    assert (there[0]["name"], there[0]["note"]) == ("Ana Novak", "one\ntwo; three")
    tab = run("export", "contacts", "--delimiter", "tab").lines[0]
    assert tab.startswith("uid\tname\t")


HOSTILE = (
    "Bo `touch x` $HOME \\ # ;",
    'Say "hi" <bo@x.si>',
    "Esc\x1b[31m \x07end",
    "a\u202eb",
    "[3]",
    "# no comment",
    "*b* _i_ | [x](http://x) <b> &amp; ~s~",
    "=1+1",
)


@pytest.fixture
def hostile(run, home):
    """People with names as another program may have stored them."""
    import sqlite3
    from contextlib import closing

    for number in range(len(HOSTILE)):
        run("contact", "add", f"Name{number}", "-e", f"p{number}@x.si", "--note", "n")
    with closing(sqlite3.connect(home / ".local/share/crm/crm.db")) as conn, conn:
        for number, name in enumerate(HOSTILE, 1):
            texts = (name, f"{name}\nalias x", number)
            conn.execute("UPDATE contact SET display_name = ?, note = ? WHERE id = ?", texts)
    return run


TEXT = ("csv", "md", "vcf", "vcf4", "google", "outlook", "abook", "mutt")


@pytest.mark.parametrize("format", TEXT)
def test_no_format_carries_control_characters(hostile, format):
    out = hostile("export", "contacts", "-f", format).out.replace("\r\n", "\n")
    assert all(char == "\n" or char.isprintable() for char in out), ascii(out)
    assert "Bo" in out


def test_aliases_run_nothing_and_break_nothing(hostile):
    """mutt reads them as configuration: ` runs a command, even inside quotes."""
    lines = hostile("export", "contacts", "-f", "mutt").lines
    assert len(lines) == len(HOSTILE)
    for line in lines:
        assert "`" not in line
        for sign in "$#;":
            assert line.count(sign) == line.count(f"\\{sign}")
        head, name, address = re.fullmatch(r'(alias \S+) "([^"]*)" <([^<>]+)>', line).groups()
        assert head.startswith("alias name")
        assert "@x.si" in address
        assert name
    assert lines[0] == "alias name0 \"Bo 'touch x' \\$HOME / \\# \\;\" <p0@x.si>"


def test_an_address_book_for_abook_is_not_broken(hostile):
    book = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=True)
    book.read_string(hostile("export", "contacts", "-f", "abook").out)
    assert book["format"]["program"] == "abook"
    assert book.sections() == ["format", *map(str, range(len(HOSTILE)))]
    assert book["0"]["name"] == HOSTILE[0]
    assert book["4"]["notes"] == "[3] alias x"
    assert book["5"]["email"] == "p5@x.si"


def test_markdown_is_a_table_without_markup(hostile):
    lines = hostile("export", "contacts", "-f", "md").lines
    assert lines[0].startswith("| Id | Handle | Name |")
    assert len(lines) == 2 + len(HOSTILE)
    row = next(line for line in lines if "http" in line)
    assert r"\*b\* \_i\_ \| \[x\](http://x) \<b\> \&amp; \~s\~" in row
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
    assert len(widths) == 1


def test_who_has_no_address_for_mutt_is_said(run, some):
    run("contact", "add", "Bo Li")
    run("contact", "add", "Odd", "-e", "a#b@x.si")
    result = run("export", "contacts", "-f", "mutt")
    assert result.lines == [
        'alias ana-novak "Ana Novak" <ana@acme.si>',
        'alias ana-novak_2 "Ana Novak" <ana@home.si>',
    ]
    assert result.err == "2 contacts are left out: no e-mail address that mutt takes\n"


def test_cards_of_both_versions(run, some, home):
    path = home / "a.VCF"
    for words, version in (([], "3.0"), (["--vcard", "4"], "4.0"), (["-f", "vcf4"], "4.0")):
        run("export", "contacts", *words, "-o", str(path))
        card = path.read_bytes().decode()
        assert card.startswith(f"BEGIN:VCARD\r\nVERSION:{version}\r\n")
        assert card.endswith("END:VCARD\r\n")
        assert "FN:Ana Novak\r\n" in card


def test_filters_apply_to_every_format(run, some):
    run("contact", "add", "Bo Li", "-e", "bo@x.si")
    for format in TEXT:
        out = run("export", "contacts", "-f", format, "+vip").out
        assert "Novak" in out
        assert "Bo Li" not in out


def test_tasks_as_a_list_of_things_to_do(run, some):
    from icalendar import Calendar

    run("task", "add", "weekly; [x], \\ y", "--due", "fri", "--every", "2 weeks", "--note", "a\nb")
    run("done", "t1")
    calendar = Calendar.from_ical(run("export", "tasks", "-f", "ics").out)
    offer, weekly = calendar.walk("VTODO")
    assert str(offer["summary"]) == 'Offer, with "quotes"'
    assert offer.decoded("due").isoformat() == "2026-11-24T08:30:00+00:00"
    assert str(offer["status"]) == "COMPLETED"
    assert offer.decoded("completed").isoformat() == "2026-11-23T09:00:00+00:00"
    assert str(offer["contact"]) == "Ana Novak"
    assert str(weekly["summary"]) == "weekly; [x], \\ y"
    assert str(weekly["description"]) == "a\nb"
    assert weekly.decoded("due").isoformat() == "2026-11-27"
    assert weekly["rrule"].to_ical() == b"FREQ=WEEKLY;INTERVAL=2"
    assert weekly.decoded("dtstart") == weekly.decoded("due")


def test_a_workbook_holds_text_only(run, some, home):
    openpyxl = pytest.importorskip("openpyxl")
    run("contact", "add", "=1+1", "-p", "+386 40 111 222")
    run("export", "contacts", "-o", str(home / "x.xlsx"))
    sheet = openpyxl.load_workbook(home / "x.xlsx").active
    assert sheet.title == "contacts"
    header, ana, formula = sheet.iter_rows()
    assert {cell.data_type for row in (ana, formula) for cell in row} <= {"s", "inlineStr", "n"}
    assert not any(isinstance(cell.value, int | float) for row in (ana, formula) for cell in row)
    names = [cell.value for cell in header]
    assert formula[names.index("name")].value == "'=1+1"
    assert formula[names.index("phones")].value == ":+386 40 111 222"
    assert ana[names.index("note")].value == "one\ntwo; three"
    assert (home / "x.xlsx").stat().st_mode & 0o777 == 0o600


def test_a_workbook_refuses_what_it_would_cut(run, home, refused):
    pytest.importorskip("openpyxl")
    run("contact", "add", "Ana", "--note", "x" * 32_768)
    said = refused("export", "contacts", "-o", str(home / "x.xlsx"), code=3)
    assert "a cell of XLSX holds 32767 characters" in said
    assert not (home / "x.xlsx").exists()


def test_without_the_library_a_workbook_says_how_to_install_it(run, some, refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    said = refused("export", "contacts", "-o", "x.xlsx", code=2)
    assert "crmcli[xlsx]" in said


def test_everything_in_one_stream(run, some, home):
    lines = [json.loads(line) for line in run("export", "all").lines]
    assert [line["noun"] for line in lines] == ["org", "contact", "task", "interaction"]
    for line in lines:
        noun = line.pop("noun")
        assert [line] == run("export", f"{noun}s", "-f", "json").json
    run("export", "all", "-o", str(home / "all.jsonl"))
    assert len((home / "all.jsonl").read_text().splitlines()) == 4


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "md"])
def test_everything_into_a_folder(run, some, home, format):
    result = run("export", "all", "-f", format, "-o", f"{home}/out/")
    nouns = ("orgs", "contacts", "deals", "tasks", "interactions")
    names = [f"{noun}.{format}" for noun in nouns]
    assert result.err.splitlines() == [f"Wrote {home}/out/{name}" for name in names]
    assert sorted(os.listdir(home / "out")) == sorted(names)
    assert (home / "out").stat().st_mode & 0o777 == 0o700
    for noun, name in zip(NOUNS, ("contacts", "orgs", "tasks", "interactions"), strict=True):
        assert (home / "out" / f"{name}.{format}").read_text() == run(
            "export", noun, "-f", format
        ).out


def test_a_google_file_guards_formulas_but_no_phone_and_no_day(run):
    run("contact", "add", "=1+1", "-p", "+386 40 111 222", "--birthday", "17 may")
    (row,) = rows(run("export", "contacts", "-f", "google").out)
    assert row["First Name"] == "'=1+1"
    assert row["Phone 1 - Value"] == "+386 40 111 222"
    assert row["Birthday"] == "--05-17"
    (row,) = rows(run("export", "contacts", "-f", "google", "--raw").out)
    assert row["First Name"] == "=1+1"


def test_what_outlook_has_no_column_for_stands_in_the_notes(run):
    mails = [word for n in range(5) for word in ("-e", f"a{n}@x.si")]
    run("contact", "add", "Ana", *mails, "--birthday", "17 may", "--note", "n")
    (row,) = rows(run("export", "contacts", "-f", "outlook").out)
    assert len(row) == 61
    assert row["E-mail 3 Address"] == "a2@x.si"
    assert row["Notes"] == "n\nE-mail: a3@x.si\nE-mail: a4@x.si\nBirthday: --05-17"
