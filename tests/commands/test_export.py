"""`crm export`: every noun in every format, what spreadsheets would run, and the way back."""

import csv
import io
import json
import os

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
    assert (result.out, result.err) == ("", f"Wrote {home / name}\n")
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
        (["deals"], 2, "cannot export 'deals'"),
        ([], 2, "NOUN"),
        (["contacts", "-f", "xml"], 2, "cannot export as 'xml'"),
        (["contacts", "-f", "tsv"], 2, "one of csv, json, jsonl"),
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
