"""`crm radar`: letters without an answer."""

import pytest


@pytest.fixture
def letters(run, bo):
    """Ana wrote on Wednesday, Bo got a mail two weeks ago, Eva's contact wrote on Thursday."""
    run("contact", "add", "Zoe", "--owner", "eva")
    run("log", "email", "c1", "a question", "--in", "--at", "2026-11-18 12:00")
    run("log", "email", "c2", "our offer", "--at", "2026-11-09 12:00")
    run("log", "call", "c3", "--in", "--outcome", "voicemail", "--at", "2026-11-19 12:00")


LINES = [
    "reply\tc1\t2026-11-20\tAna Novak\tthey wrote 5 days ago: reply\t3 days late",
    "reply\tc3\t2026-11-21\tZoe\tthey wrote 4 days ago: reply\t2 days late",
    "nudge\tc2\t2026-11-16\tBo Li\tno answer for 14 days: nudge\t7 days late",
]


def test_the_lines(run, letters):
    assert run("radar").lines == LINES


@pytest.mark.parametrize(
    ("args", "kept"),
    [
        (["--reply"], [0, 1]),
        (["--nudge"], [2]),
        (["--reply", "--nudge"], [0, 1, 2]),
        (["--owner", "eva"], [1]),
        (["--owner", "me"], [0, 2]),
        (["--owner", "me", "--nudge"], [2]),
        (["--owner", "nobody"], []),
    ],
)
def test_only_some(run, letters, args, kept):
    assert run("radar", *args).lines == [LINES[number] for number in kept]


def test_json(run, letters):
    first, *_ = run("radar", "--json").json
    assert (first["section"], first["id"], first["kind"]) == ("reply", "c1", "reply")
    assert first["who"] == {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"}
    assert first["why"] == "last letter 2026-11-18; told after 2 days (reply_days)"
    assert run("radar", "--owner", "nobody", "--json").json == []


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("reply_days", "6", [2]),
        ("nudge_days", "15", [0, 1]),
        ("radar_days", "13", [0, 1]),
        ("radar_days", "3", []),
    ],
)
def test_the_thresholds_are_configured(run, letters, key, value, kept):
    run("config", "set", key, value)
    ids = [LINES[number].split("\t")[1] for number in kept]
    assert [line.split("\t")[1] for line in run("radar").lines] == ids
    sections = [LINES[number].split("\t")[:2] for number in kept]
    told = [line.split("\t")[:2] for line in run("today").lines]
    assert [line for line in told if line[0] in ("reply", "nudge")] == sections


def test_by_the_environment(run, letters, monkeypatch):
    monkeypatch.setenv("CRM_REPLY_DAYS", "5")
    assert [line.split("\t")[1] for line in run("radar", "--reply").lines] == ["c1"]


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "99999"])
def test_a_threshold_that_is_no_number_is_refused(run, refused, letters, value, monkeypatch):
    monkeypatch.setenv("CRM_REPLY_DAYS", value)
    assert "reply_days" in refused("radar", code=2)


def test_a_table(run, letters):
    table = run("radar", "-f", "table").out
    assert "they wrote 5 days ago: reply" in table
    assert run("radar", "-f", "ids").lines == ["c1", "c3", "c2"]


def test_nobody_waits(run, ana):
    assert run("radar").out == ""
    result = run("radar", "-f", "table")
    assert "Nobody waits for an answer." in result.err


def test_a_missing_database_is_not_made(run, database):
    assert run("radar").out == ""
    assert not database.exists()


@pytest.mark.parametrize("args", [["x"], ["--foo"], ["--owner"], ["-f", "x"], ["--fields", "x"]])
def test_radar_refuses(refused, ana, args):
    refused("radar", *args, code=2)


def test_the_page_shows_five_letters_and_where_the_rest_is(run):
    for number in range(1, 9):
        run("contact", "add", f"P{number}")
        run("log", "email", f"c{number}", "x", "--in", "--at", "2026-11-18 12:00")
    page = run("today", "-f", "table").out
    assert page.count("reply") == 5
    assert "… and 3 more: crm radar" in page
    assert "8 to answer" in page
    assert len(run("today").lines) == 8


def test_a_name_cannot_play_tricks(run):
    run("contact", "add", "Ana \x1b[31m[red]علی[/red]\x1b[0m")
    run("log", "email", "c1", "x", "--in", "--at", "2026-11-18 12:00")
    for args in (["radar", "-f", "table"], ["today", "-f", "table"], ["radar"]):
        out = run(*args).out
        assert "[red]علی[/red]" in out
        assert "\x1b[31m" not in out
