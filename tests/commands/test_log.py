"""`crm log`."""

import json

import pytest


def interaction(run, ref="i1"):
    return run("show", ref, "--json").json


def task(run, ref="t1"):
    return run("task", "show", ref, "--json").json


def last_touch(run, ref="c1"):
    return run("show", ref, "--json").json["last_touch"]


def test_log_prints_the_reference(run, ana):
    result = run("log", "call", "ana-novak", "wants", "a", "pilot")
    assert result.out == "i1\n"
    assert "Logged call with Ana Novak: i1" in result.err
    got = interaction(run)
    assert (got["kind"], got["direction"], got["body"]) == ("call", "outbound", "wants a pilot")
    assert got["people"] == [{"id": "c1", "handle": "ana-novak", "name": "Ana Novak"}]
    assert (got["occurred_at"], got["owner"]) == ("2026-11-23T09:00:00Z", "me")


def test_log_as_json(run, ana):
    got = run("log", "call", "c1", "hello", "--json").json
    assert got["id"] == "i1"
    assert got["contact_uids"]
    assert got["outcome"] is None


KINDS = {
    "c": "call",
    "e": "email",
    "m": "meeting",
    "t": "message",
    "n": "note",
    "f": "feedback",
    "v": "visit",
}


@pytest.mark.parametrize("word", [*KINDS, *KINDS.values(), "C", "Meeting"])
def test_kinds_by_word_and_letter(run, ana, word):
    run("log", word, "c1", "x")
    assert interaction(run)["kind"] == KINDS.get(word.lower(), word.lower())


def test_a_note_is_no_touch_and_has_no_direction(run, ana):
    run("log", "note", "c1", "likes tea")
    assert interaction(run)["direction"] is None
    assert last_touch(run) is None


@pytest.mark.parametrize(
    ("option", "direction"), [([], "outbound"), (["--out"], "outbound"), (["--in"], "inbound")]
)
def test_direction(run, ana, option, direction):
    run("log", "call", "c1", "x", *option)
    assert interaction(run)["direction"] == direction


@pytest.mark.parametrize(
    "outcome", ["reached", "no-answer", "voicemail", "busy", "wrong-number", "bounced"]
)
def test_only_who_was_reached_was_touched(run, ana, outcome):
    run("log", "call", "c1", "--outcome", outcome)
    assert interaction(run)["outcome"] == outcome.replace("-", "_")
    assert (last_touch(run) is not None) == (outcome == "reached")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("15:30", "2026-11-22T14:30:00Z"),
        ("9:30", "2026-11-23T08:30:00Z"),
        ("fri", "2026-11-20T09:00:00Z"),
        ("yesterday 15:00", "2026-11-22T14:00:00Z"),
        ("20 min ago", "2026-11-23T08:40:00Z"),
        ("2h", "2026-11-23T07:00:00Z"),
        ("1 jun", "2026-06-01T08:00:00Z"),
        ("2026-11-02 8:15", "2026-11-02T07:15:00Z"),
    ],
)
def test_at_looks_back(run, ana, text, instant):
    result = run("log", "call", "c1", "--at", text)
    assert interaction(run)["occurred_at"] == instant
    assert " at 2026-" in result.err


def test_a_date_alone_is_never_before_the_previous_entry(run, ana):
    run("log", "call", "c1", "first", "--at", "yesterday 15:00")
    run("log", "call", "c1", "second", "--at", "yesterday")
    first, second = interaction(run, "i1"), interaction(run, "i2")
    assert second["occurred_at"] >= first["occurred_at"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("12", 720), ("45min", 2700), ("1h30", 5400), ("1.5h", 5400)]
)
def test_duration(run, ana, text, seconds):
    run("log", "call", "c1", "--dur", text)
    assert interaction(run)["duration_seconds"] == seconds


def test_several_people(run, bo):
    run("contact", "add", "Eva Kos")
    result = run("log", "m", "c1", "kick-off", "--with", "bo-li", "--with", "Eva Kos")
    assert "with Ana Novak, Bo Li, Eva Kos" in result.err
    assert [who["id"] for who in interaction(run)["people"]] == ["c1", "c2", "c3"]
    assert last_touch(run, "c3") == "2026-11-23T09:00:00Z"


def test_the_same_person_twice_took_part_once(run, ana):
    result = run("log", "m", "c1", "--with", "ana-novak")
    assert len(interaction(run)["people"]) == 1
    assert "Ana Novak, Ana Novak" not in result.err


def test_with_an_org(run, ana):
    run("log", "call", "acme", "asked about us")
    assert interaction(run)["org"] == "Acme"
    run("log", "call", "c1", "--with", "acme")
    got = interaction(run, "i2")
    assert ([who["id"] for who in got["people"]], got["org"]) == (["c1"], "Acme")


def test_a_second_org_is_not_left_out_silently(run, ana):
    run("org", "add", "Beta")
    result = run("log", "m", "acme", "--with", "beta", code=None)
    assert result.code != 0 or "Beta" in str(interaction(run))


def test_text_from_stdin_keeps_its_lines(run, ana):
    run("log", "note", "c1", "-", input="first\nsecond\tpart\n")
    assert interaction(run)["body"] == "first\nsecond\tpart"
    shown = dict(line.split("\t", 1) for line in run("show", "i1").lines)
    assert shown["body"] == "first\\nsecond\\tpart"


@pytest.mark.parametrize("text", ["-50% discount", "--json is a word", "-n or -y"])
def test_an_unknown_option_that_holds_a_space_is_text(run, ana, text):
    run("log", "note", "c1", "offered", text)
    assert interaction(run)["body"] == f"offered {text}"


def test_a_value_of_an_option_may_begin_with_a_dash(run, ana):
    run("log", "call", "c1", "x", "--next=fri -50% offer", "--outcome", "reached")
    assert (task(run)["title"], task(run)["due"]) == ("-50% offer", "2026-11-27")


# next and waiting


def test_next_makes_a_follow_up(run, ana):
    result = run("log", "call", "c1", "wants a pilot", "-n", "next tue send offer")
    assert result.out == "i1\n"
    assert "t1 send offer, due Tue 1 Dec 2026 (in 8 days)" in result.err
    got = task(run)
    assert (got["title"], got["due"], got["kind"]) == ("send offer", "2026-12-01", "follow_up")
    assert got["who"]["id"] == "c1"


def test_waiting_notes_what_they_owe(run, ana):
    run("log", "call", "c1", "x", "--waiting", "fri signed contract")
    got = task(run)
    assert (got["title"], got["due"], got["kind"]) == ("signed contract", "2026-11-27", "waiting")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ([], "Follow up"),
        (["wants", "a", "pilot"], "Follow up: wants a pilot"),
        (["word " * 30], "Follow up: word word word word word word word word …"),
    ],
)
def test_a_next_step_without_a_title_is_named_after_the_text(run, ana, text, title):
    run("log", "call", "c1", *text, "-n", "fri")
    assert task(run)["title"] == title


def test_a_next_step_in_the_past_warns(run, ana):
    assert "that is in the past" in run("log", "call", "c1", "-n", "2026-11-01 x").err


# completing what was due


@pytest.fixture
def due(run, ana):
    return run("remind", "c1", "2026-11-20", "call back").out.strip()


@pytest.mark.parametrize("kind", ["follow_up", "call", "todo", "waiting"])
def test_the_one_follow_up_that_is_due_is_completed(run, ana, kind):
    run("task", "add", "call back", "--for", "c1", "--due", "today", "--kind", kind)
    result = run("log", "call", "c1", "talked")
    assert "also done: t1" in result.err
    assert result.out == "i1\n"
    assert task(run)["status"] == "completed"
    assert len(run("show", "c1", "--json").json["timeline"]) == 1
    run("undo")
    assert task(run)["status"] == "needs_action"
    assert run("show", "c1", "--json").json["timeline"] == []


def test_the_next_step_of_the_same_line_stays_open(run, due):
    run("log", "call", "c1", "-n", "today again")
    assert (task(run, "t1")["status"], task(run, "t2")["status"]) == ("completed", "needs_action")


def test_keep_leaves_it_open(run, due):
    result = run("log", "call", "c1", "--keep")
    assert "also done" not in result.err
    assert task(run)["status"] == "needs_action"


@pytest.mark.parametrize("outcome", ["no-answer", "voicemail", "busy", "wrong-number", "bounced"])
def test_a_missed_try_completes_nothing(run, due, outcome):
    assert "also done" not in run("log", "call", "c1", "--outcome", outcome).err
    assert task(run)["status"] == "needs_action"


@pytest.mark.parametrize("when", ["tomorrow", "fri"])
def test_what_is_not_due_yet_stays(run, ana, when):
    run("remind", "c1", when, "later")
    run("log", "call", "c1")
    assert task(run)["status"] == "needs_action"


def test_what_is_snoozed_away_stays(run, due):
    run("snooze", "t1", "3d")
    run("log", "call", "c1")
    assert task(run)["status"] == "needs_action"


def test_somebody_elses_follow_up_stays(run, bo, due):
    run("log", "call", "c2")
    assert task(run)["status"] == "needs_action"


def test_several_due_are_left_open_in_a_pipe(run, due):
    run("remind", "c1", "today", "second")
    assert "also done" not in run("log", "call", "c1").err
    assert (task(run, "t1")["status"], task(run, "t2")["status"]) == ("needs_action",) * 2


# refusals


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["call"], 2, "REF"),
        (["q", "c1"], 2, "unknown kind 'q'"),
        (["call", "nobody"], 1, "nobody"),
        (["call", "c9"], 1, "c9"),
        (["call", "c1", "--with", "nobody"], 1, "nobody"),
        (["call", "c1", "--at", "tomorrow"], 3, "remind"),
        (["call", "c1", "--at", "2027-01-01"], 3, "remind"),
        (["call", "c1", "--at", "soon"], 2, "not a date"),
        (["call", "c1", "--dur", "12m"], 2, "12min"),
        (["call", "c1", "--dur", "0"], 2, "not a duration"),
        (["call", "c1", "--in", "--out"], 2, "exclude"),
        (["call", "c1", "--outcome", "vanished"], 3, "outcome cannot be"),
        (["call", "c1", "-n", "soon call"], 2, "not a date"),
        (["call", "c1", "--waiting", "soon x"], 2, "not a date"),
        (["call", "c1", "--edit"], 2, "terminal"),
        (["call", "c1", "--foo"], 2, "--foo"),
        (["call", "c1", "-n"], 2, "-n"),
    ],
)
def test_log_refuses_and_writes_nothing(run, refused, due, args, code, said):
    before = run("history").out
    assert said in refused("log", *args, code=code)
    assert run("history").out == before


# mail


LETTER = (
    "From: Ana Novak <ana@acme.si>\nTo: me@home.si\nSubject: The [/] offer\n"
    "Date: Mon, 23 Nov 2026 08:30:00 +0100\nMessage-ID: <1@acme.si>\n\nDear all\n"
)


def logged(run) -> list[tuple[str, ...]]:
    rows = run("export", "interactions", "-f", "jsonl").lines
    found = [json.loads(row) for row in rows]
    return [
        (one["direction"], one["body"].split("\n")[0], *(who["id"] for who in one["people"]))
        for one in found
    ]


def test_a_mail_from_a_mail_client_is_logged_once(run, ana):
    first = run("log", "--eml", "-", input=LETTER)
    assert first.out == "i1\n"
    assert first.err.startswith("Logged email with Ana Novak at 2026-11-23 08:30")
    again = run("log", "--eml", "-", input=LETTER)
    assert (again.out, again.err) == ("i1\n", "Already logged: i1\n")
    assert logged(run) == [("inbound", "The [/] offer", "c1")]


def test_a_mail_that_was_logged_is_unchanged_when_its_mailbox_is_imported(run, ana, home):
    run("log", "--eml", "-", input=LETTER)
    (home / "box").write_text(f"From x@y.si Mon Nov 23 10:00:00 2026\n{LETTER}\n")
    assert "0 created, 0 updated, 1 unchanged" in run("import", str(home / "box")).err


def test_own_mail_is_outbound_and_brings_its_next_step(run, ana, monkeypatch):
    monkeypatch.setenv("CRM_EMAILS", "other@x.si, ANA@acme.si")
    run("contact", "add", "Bo Li", "-e", "me@home.si")
    got = run("log", "--eml", "-", "-n", "tue", input=LETTER)
    assert "Follow up: The [/] offer" in got.err
    assert logged(run) == [("outbound", "The [/] offer", "c2")]


def test_mail_of_a_stranger_goes_nowhere_unless_asked(run, refused, ana):
    strange = LETTER.replace("Ana Novak <ana@", "Eva \x1b[31m <eva@")
    assert "crm capture" in refused("log", "--eml", "-", input=strange, code=1)
    assert run("contact", "list").lines == run("contact", "list").lines[:1]
    got = run("log", "--eml", "-", "--create", "-n", "tue call", input=strange)
    assert "\x1b" not in got.err
    assert logged(run) == [("inbound", "The [/] offer", "c2")]
    run("undo")
    assert logged(run) == []
    assert len(run("contact", "list").lines) == 1


def test_mail_of_a_stranger_on_a_person_that_is_named(run, ana, bo, home):
    path = home / "a.eml"
    path.write_text(LETTER.replace("ana@acme.si>", "private@x.si>").replace("Ana Novak", "A"))
    run("log", "--eml", str(path), "bo-li", "--with", "c1", "--out")
    assert logged(run) == [("outbound", "The [/] offer", "c2", "c1")]


def test_a_mail_completes_the_follow_up_that_is_due(run, ana):
    run("remind", "c1", "today", "ask")
    assert "also done: t1" in run("log", "--eml", "-", input=LETTER).err


@pytest.mark.parametrize(
    ("args", "text", "code", "said"),
    [
        (["--at", "today"], LETTER, 2, "--eml brings time"),
        (["nobody"], LETTER, 1, "nobody"),
        ([], "hello\n", 2, "no mail message"),
        ([], "", 2, "no mail message"),
        ([], LETTER.replace("Date", "X-Date"), 3, "no date"),
        ([], LETTER.replace("2026", "2027"), 3, "future"),
    ],
)
def test_mail_that_is_refused(run, refused, ana, args, text, code, said):
    assert said in refused("log", "--eml", "-", *args, input=text, code=code)
    assert logged(run) == []
