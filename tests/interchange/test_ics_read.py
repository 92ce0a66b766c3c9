"""Calendars: what was is an interaction, what is to come a task; series, zones, broken files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record, Reject, Skip

# The clock stands at Monday 2026-11-23, 10:00 in Ljubljana.


def calendar(*entries: str, head: str = "VERSION:2.0\n") -> str:
    return f"BEGIN:VCALENDAR\n{head}{''.join(entries)}END:VCALENDAR\n"


def event(**properties: str) -> str:
    given = {"UID": "u1", "SUMMARY": "Pilot", "ATTENDEE": "mailto:ana@acme.si", **properties}
    lines = [f"{name.replace('__', ';')}:{value}\n" for name, value in given.items() if value]
    return f"BEGIN:VEVENT\n{''.join(lines)}END:VEVENT\n"


def todo(**properties: str) -> str:
    return event(ATTENDEE="", **properties).replace("VEVENT", "VTODO")


@pytest.fixture
def one(read_text, clock):
    """Read a calendar of one entry: its noun and raw record."""

    def run(*entries: str, head: str = "VERSION:2.0\n", **options):
        text = calendar(*entries, head=head)
        reading, items = read_text(text, "a.ics", clock=clock, **options)
        assert [type(item) for item in items] == [Record], items
        assert reading.preset == "ics"
        return items[0].noun, items[0].raw

    return run


def test_a_past_event_is_a_meeting_that_was(one):
    noun, raw = one(
        event(
            DTSTART="20261120T090000Z",
            DTEND="20261120T101500Z",
            LOCATION="Room 5",
            DESCRIPTION="Agenda\\, and\\nmore",
            ORGANIZER__CN="Bo Li".replace(" ", " "),
        ).replace("ORGANIZER;CN:Bo Li", "ORGANIZER;CN=Bo Li:MAILTO:Bo@x.cn")
    )
    assert noun == "interaction"
    assert raw == {
        "kind": "meeting",
        "occurred_at": "2026-11-20T09:00:00Z",
        "duration_seconds": 4500,
        "body": "Pilot\n\nRoom 5\n\nAgenda, and\nmore",
        "external": ("ics", "u1"),
        "people": [{"email": "bo@x.cn", "name": "Bo Li"}, {"email": "ana@acme.si"}],
        "strangers": "skip",
    }


def test_an_event_to_come_is_a_task(one):
    noun, raw = one(event(DTSTART__TZID="x").replace("DTSTART;TZID:x",
        "DTSTART;TZID=America/New_York:20261201T090000"))  # fmt: skip
    assert noun == "task"
    assert raw == {
        "kind": "meeting",
        "title": "Pilot",
        "body": "",
        "due_on": "2026-12-01",
        "due_time": "09:00",
        "tz": "America/New_York",
        "external": ("ics", "u1"),
        "people": [{"email": "ana@acme.si"}],
        "strangers": "without",
    }


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("DTSTART:20261201T090000Z", ("2026-12-01", "10:00", "Europe/Ljubljana")),
        ("DTSTART:20261201T090000", ("2026-12-01", "09:00", "Europe/Ljubljana")),
        ("DTSTART;VALUE=DATE:20261201", ("2026-12-01", None, None)),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261201T090000",
            ("2026-12-01", "09:00", "Europe/Berlin"),
        ),
        (
            'DTSTART;TZID="/America/New_York":20261201T090000',
            ("2026-12-01", "09:00", "America/New_York"),
        ),
        (
            "DTSTART;TZID=Nowhere/City:20261201T090000",
            ("2026-12-01", "09:00", "Europe/Ljubljana"),
        ),
    ],
)
def test_zones(one, start, due):
    _, raw = one(event(DTSTART="x").replace("DTSTART:x", start))
    assert (raw["due_on"], raw.get("due_time"), raw.get("tz")) == due


@pytest.mark.parametrize(
    ("rule", "start", "due", "kept"),
    [
        ("FREQ=WEEKLY", "20261102T090000Z", "2026-11-23", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;COUNT=6", "20261102T090000Z", "2026-11-23", "FREQ=WEEKLY;UNTIL=20261207"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "20250131T090000Z", "2026-11-27", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=YEARLY", "20200305T090000Z", "2027-03-05", "FREQ=YEARLY"),
    ],
)
def test_a_series_is_a_repeating_task_from_its_next_day(one, rule, start, due, kept):
    noun, raw = one(event(DTSTART=start, RRULE=rule))
    assert noun == "task"
    assert (raw["due_on"], raw["rrule"]) == (due, kept)
    assert raw["dtstart_on"].replace("-", "") == start[:8]


@pytest.mark.parametrize("every", ["0", "00", "-1", "x", ""])
def test_a_series_that_never_goes_on_comes_once(one, every):
    noun, raw = one(event(DTSTART="20261201T090000Z", RRULE=f"FREQ=DAILY;INTERVAL={every}"))
    assert (noun, raw["due_on"], "rrule" in raw) == ("task", "2026-12-01", False)


def test_a_day_that_a_series_leaves_out(one):
    _, raw = one(event(DTSTART="20261102T090000Z", RRULE="FREQ=WEEKLY", EXDATE="20261123T090000Z"))
    assert raw["due_on"] == "2026-11-30"


def test_a_series_our_rules_cannot_say_comes_in_once(read_text, clock):
    text = calendar(
        event(DTSTART="20261102T090000Z", RRULE="FREQ=YEARLY;BYYEARDAY=1,-1;BYWEEKNO=1")
    )
    reading, (item,) = read_text(text, "a.ics", clock=clock)
    if "rrule" not in item.raw:
        assert "1 series cannot be kept as one: its next occurrence came in" in reading.notes
    assert "is_once" not in item.raw


def test_a_series_that_is_over_is_its_last_meeting(one):
    noun, raw = one(event(DTSTART="20261102T090000Z", RRULE="FREQ=DAILY;UNTIL=20261110T235959Z"))
    assert (noun, raw["occurred_at"]) == ("interaction", "2026-11-10T09:00:00Z")


def test_one_meeting_of_a_series_has_an_id_of_its_own(one):
    _, raw = one(
        event(DTSTART="20261120T090000Z", **{"RECURRENCE-ID": "20261119T090000Z"}, RRULE="")
    )
    assert raw["external"] == ("ics", "u1 2026-11-19T09:00:00+00:00")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (event(DTSTART="20261120T090000Z", STATUS="CANCELLED"), "cancelled"),
        (event(DTSTART="20261120T090000Z", ATTENDEE=""), "names nobody but you"),
        (event(DTSTART="20261120T090000Z", ATTENDEE="mailto:ME@x.si"), "names nobody but you"),
    ],
)
def test_what_is_left_out(read_text, clock, entry, reason):
    _, items = read_text(calendar(entry), "a.ics", clock=clock, emails=frozenset({"me@x.si"}))
    assert [(type(item), item.reason) for item in items] == [(Skip, reason)]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (event(), "no DTSTART"),
        (event(DTSTART="someday"), "no DTSTART"),
        (event(DTSTART="20261120")[:-12], "no end"),
        (todo(**{"DUE__TZID=" + "x" * 5_000: "20261120T090000"}), "File name too long"),
    ],
)
def test_what_is_rejected(read_text, clock, entry, reason):
    _, items = read_text(calendar(entry), "a.ics", clock=clock)
    assert [type(item) for item in items] == [Reject]
    assert reason in items[0].reason


def test_tasks(one):
    noun, raw = one(todo(DUE="20261130T150000Z", PRIORITY="1", STATUS="IN-PROCESS"))
    assert noun == "task"
    assert (raw["kind"], raw["status"], raw["priority"]) == ("todo", "in_process", 1)
    assert (raw["due_on"], raw["due_time"]) == ("2026-11-30", "16:00")
    _, done = one(todo(COMPLETED="20261101T080000Z"))
    assert (done["status"], done["completed_at"]) == ("completed", "2026-11-01T08:00:00Z")
    _, plain = one(todo(SUMMARY=""))
    assert plain["title"] == "Untitled"


def test_vcalendar_1_and_quoted_printable(one):
    _, raw = one(
        todo(UID="", SUMMARY="x").replace(
            "SUMMARY:x", "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-2:kosilo =\n=C8op"
        ),
        head="VERSION:1.0\n",
    )
    assert raw["title"] == "kosilo Čop"
    assert raw["external"][1].startswith("sha256:")


def test_hostile_values(run, home):
    entry = event(DTSTART="20261201T090000Z", SUMMARY="Pi\x1b[31mlot [/] " + "x" * 2_000)
    (home / "a.ics").write_text(calendar(entry))
    assert "1 created" in run("import", str(home / "a.ics")).err
    assert "\x1b" not in run("task", "list").out


def test_what_crm_wrote_comes_back_unchanged(run, home):
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--birthday", "1990-12-01")
    run("remind", "c1", "tomorrow 15:00", "send offer")
    run("remind", "c1", "2026-11-20", "late")
    run("task", "add", "pay rent", "--due", "fri", "--every", "month")
    run("export", "tasks", "-f", "ics", "-o", str(home / "tasks.ics"))
    run("export", "tasks", "--feed", str(home / "feed.ics"))
    before = run("export", "tasks", "-f", "jsonl").out
    for name in ("tasks.ics", "feed.ics"):
        err = run("import", str(home / name)).err
        assert "0 created, 0 updated, 3 unchanged" in err, (name, err)
    assert run("export", "tasks", "-f", "jsonl").out == before


def test_our_tasks_come_into_an_empty_database(run, home):
    run("contact", "add", "Ana Novak")
    run("remind", "c1", "tomorrow 15:00", "send offer")
    run("task", "add", "pay rent", "--due", "fri", "--every", "month")
    run("export", "tasks", "-f", "ics", "-o", str(home / "tasks.ics"))
    uids = sorted(one["uid"] for one in run("task", "list", "--json").json)
    other = ("--db", str(home / "other.db"))
    run("contact", "add", "Ana Novak", *other)
    assert "2 created" in run("import", str(home / "tasks.ics"), *other).err
    found = run("task", "list", "--json", *other).json
    assert sorted(one["uid"] for one in found) == uids
    assert {one["who"]["name"] for one in found if one["who"]} == {"Ana Novak"}
    assert {one["repeats"] for one in found} >= {None}


def test_the_same_calendar_twice_writes_nothing(run, home):
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si")
    entries = (
        event(DTSTART="20261120T090000Z"),
        event(UID="u2", DTSTART="20261201T090000Z"),
        event(UID="u3", DTSTART="20261120T090000Z", ATTENDEE="mailto:nobody@x.si"),
        event(UID="u4", DTSTART="20261201T090000Z", ATTENDEE="mailto:nobody@x.si"),
    )
    (home / "a.ics").write_text(calendar(*entries))
    assert "3 created, 0 updated, 0 unchanged, 1 skipped" in run("import", str(home / "a.ics")).err
    again = run("import", str(home / "a.ics")).err
    assert "0 created, 0 updated, 3 unchanged, 1 skipped" in again
    assert run("show", "i1", "--json").json["people"][0]["id"] == "c1"


GOLDEN = {
    "issue101.ics": ["names nobody but you"],
    "issue126.ics": ["names nobody but you"] * 2,
    "issue85.ics": ["names nobody but you"],
    "outlook-2010.ics": [("2013-06-10T16:00:00Z", 3600, "Team Meeting", 3)],
    "pr63.ics": ["names nobody but you"],
    "rfc5545-example2.ics": [("1998-03-12T13:30:00Z", 3600, "XYZ Project Review", 2)],
    "rfc5545-example4.ics": [("1998-04-15", "00:00", "Submit Income Taxes", 2)],
    "vcal-example3.vcs": [
        "names nobody but you",
        ("1996-04-01", "10:30", "John to pay for lunch", 0),
    ],
}


def told(item):
    if not isinstance(item, Record):
        return item.reason
    raw = item.raw
    if item.noun == "task":
        return raw["due_on"], raw["due_time"], raw["title"], len(raw["people"])
    title = raw["body"].split("\n")[0]
    return raw["occurred_at"], raw["duration_seconds"], title, len(raw["people"])


@pytest.mark.parametrize("name", GOLDEN)
def test_the_corpus(corpus, clock, name):
    with read(str(corpus / "ics" / name), How(clock=clock)) as reading:
        assert [told(item) for item in reading] == GOLDEN[name]


@pytest.mark.parametrize(
    ("name", "start"),
    [("issue101.ics", "15:00"), ("pr63.ics", "14:00"), ("issue126.ics", "08:30")],
)
def test_the_times_of_the_corpus(corpus, clock, tmp_path, name, start):
    """With an attendee put in, each of these is a meeting at the right time."""
    text = (corpus / "ics" / name).read_text()
    path = tmp_path / name
    path.write_text(text.replace("END:VEVENT", "ATTENDEE:mailto:a@b.si\nEND:VEVENT"))
    with read(str(path), How(clock=clock)) as reading:
        assert next(iter(reading)).raw["occurred_at"][11:16] == start


@given(st.text(max_size=200), st.sampled_from(["DTSTART", "RRULE", "DUE", "EXDATE", "ATTENDEE"]))
def test_whatever_a_calendar_holds_it_is_read(tmp_path_factory, text, name):
    path = tmp_path_factory.mktemp("ics") / "a.ics"
    for entry in (
        event(DTSTART="20261120T090000Z", **({name: text} if name != "DTSTART" else {})),
        f"BEGIN:VTODO\n{name}:{text}\n{text}\nEND:VTODO\n",
    ):
        path.write_text(calendar(entry), encoding="utf-8", errors="replace")
        with read(str(path)) as reading:
            assert all(isinstance(item, Record | Reject | Skip) for item in reading)
