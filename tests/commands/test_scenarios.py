"""Keeping in touch and following up, in a user's words; every step can be taken back."""

from datetime import date, timedelta

import pytest


@pytest.fixture
def on(at):
    """Set the clock to a morning: `on("2026-12-01")`."""
    return lambda day, clock="10:00": at(f"{day}T{clock}:00+01:00")


@pytest.fixture
def today(run):
    """Give the first page of the day as JSON."""
    return lambda *args: run("today", "--json", *args).json


@pytest.fixture
def does(run, today):
    """Run a command that changes the day; `crm undo` brings it back exactly, `redo` again."""

    def does(*args: str, moves: bool = True):
        before = today()
        result = run(*args)
        after = today()
        assert (after != before) is moves
        run("undo")
        assert today() == before
        run("redo")
        assert today() == after
        return result

    return does


def lines(items, *sections):
    """Give section, reference and title of what is not merely suggested."""
    return [
        (item["section"], item["id"], item["title"])
        for item in items
        if item["section"] != "suggestion" and (not sections or item["section"] in sections)
    ]


@pytest.fixture
def monthly(run, ana, does):
    """Ana, called on 2026-11-01, is to be heard of every 28 days."""
    run("log", "call", "c1", "hello", "--at", "2026-11-01 12:00")
    run("contact", "cadence", "c1", "28d")


def next_touch(run, ref="c1"):
    return run("contact", "show", ref, "--json").json["next_touch"]


# keeping in touch


def test_she_is_listed_from_her_day_on_not_before(run, on, today, monthly):
    assert next_touch(run) == "2026-11-29"
    on("2026-11-27")
    assert lines(today()) == []
    on("2026-11-28")
    assert lines(today()) == [("tomorrow", "c1", "keep in touch: ok, 27 of 28 days")]
    assert run("due").out == ""
    on("2026-11-29")
    assert lines(today()) == [("keep_in_touch", "c1", "due, 28 of 28 days")]
    assert run("due").out == "keep_in_touch\tc1\t2026-11-29\tAna Novak\tdue, 28 of 28 days\ttoday\n"
    on("2026-12-13")
    assert lines(today()) == [("keep_in_touch", "c1", "due, 42 of 28 days")]
    on("2026-12-14")
    assert lines(today()) == [("keep_in_touch", "c1", "cold, 43 of 28 days")]


def test_i_called_ana_two_days_early(on, run, does, today, monthly):
    """Her clock starts again from that call."""
    on("2026-11-27")
    run("log", "call", "c1", "early")
    assert next_touch(run) == "2026-12-25"
    run("undo")
    assert next_touch(run) == "2026-11-29"
    run("redo")
    on("2026-12-24")
    assert [item["section"] for item in today()] == ["tomorrow"]
    on("2026-12-25")
    assert lines(today()) == [("keep_in_touch", "c1", "due, 28 of 28 days")]


def test_i_called_her_late(on, does, today, monthly):
    on("2026-12-10")
    does("log", "call", "c1", "at last")
    assert lines(today()) == []


@pytest.mark.parametrize("back", ["2026-11-20", "2026-11-01"])
def test_a_call_noted_later_counts_from_its_own_day(on, run, today, monthly, back):
    on("2026-12-10")
    run("log", "call", "c1", "I forgot to note it", "--at", f"{back} 18:00")
    since = date.fromisoformat(back)
    assert next_touch(run) == str(since + timedelta(days=28))


@pytest.mark.parametrize(
    "said",
    [
        ("call", "--outcome", "voicemail"),
        ("call", "--outcome", "no-answer"),
        ("call", "--outcome", "busy"),
        ("call", "--outcome", "wrong-number"),
        ("email", "--outcome", "bounced"),
        ("note", "likes tea"),
    ],
    ids=" ".join,
)
def test_what_reached_nobody_does_not_start_it_again(on, run, does, today, monthly, said):
    on("2026-12-10")
    before = today()
    assert lines(before) == [("keep_in_touch", "c1", "due, 39 of 28 days")]
    kind, *rest = said
    does("log", kind, "c1", *rest, moves=False)
    assert today() == before
    assert next_touch(run) == "2026-11-29"


def test_a_mail_that_got_through_starts_it_again(on, run, does, monthly):
    on("2026-12-10")
    does("log", "email", "c1", "hello")
    assert next_touch(run) == "2027-01-07"


def test_i_bumped_her_without_calling(on, run, does, today, monthly):
    on("2026-12-01")
    before = run("contact", "show", "c1", "--json").json
    does("contact", "bump", "c1")
    after = run("contact", "show", "c1", "--json").json
    assert lines(today()) == []
    assert (after["next_touch"], after["touch"]["basis"]) == ("2026-12-29", "bumped")
    assert after["last_touch"] == before["last_touch"]
    assert after["timeline"] == before["timeline"]
    on("2026-12-29")
    why = "bumped 2026-12-01, 28 days ago; cadence 28 days (own); 28/28 = 1.00, due, health 50"
    assert [item["why"] for item in today()] == [why]


def test_he_asked_for_peace_until_march(on, run, does, today, monthly):
    on("2026-12-10")
    does("contact", "pause", "c1", "1 mar")
    assert lines(today()) == []
    assert "1 paused" in run("today", "-f", "table").out
    on("2027-02-27")
    assert lines(today()) == []
    on("2027-02-28")
    assert [item["section"] for item in today()] == ["tomorrow"]
    on("2027-03-01")
    assert lines(today()) == [("keep_in_touch", "c1", "cold, 120 of 28 days")]
    assert "paused" not in run("today", "-f", "table").out


def test_peace_ends_early(on, run, does, today, monthly):
    on("2026-12-10")
    run("contact", "pause", "c1", "1 mar")
    does("contact", "pause", "c1", "--off")
    assert lines(today(), "keep_in_touch") == [("keep_in_touch", "c1", "due, 39 of 28 days")]


def test_a_bump_ends_the_peace_and_undo_brings_it_back(on, run, monthly):
    on("2026-12-10")
    run("contact", "pause", "c1", "1 mar")
    run("contact", "bump", "c1")
    assert run("contact", "show", "c1", "--json").json["paused_until_on"] is None
    run("undo")
    shown = run("contact", "show", "c1", "--json").json
    assert (shown["paused_until_on"], shown["bumped_on"]) == ("2027-03-01", None)


@pytest.mark.parametrize("wish", ["do_not_contact", "deceased"])
def test_who_is_to_be_left_alone_is_left_alone(on, run, does, today, monthly, wish):
    run("log", "email", "c1", "--in", "--at", "2026-11-20 12:00")
    on("2026-12-30")
    assert {item["section"] for item in today()} == {"keep_in_touch", "reply"}
    does("contact", "edit", "c1", "--set", f"{wish}=yes")
    assert today() == []
    does("contact", "edit", "c1", "--set", f"{wish}=no")


def test_an_open_follow_up_does_not_silence_keep_in_touch(on, run, today, monthly):
    run("remind", "c1", "2026-12-01", "offer")
    on("2026-12-01")
    assert [item["section"] for item in today()] == ["today", "keep_in_touch"]


# whose cadence holds


def test_own_beats_tag_beats_default(run, does, ana):
    def holds():
        return run("contact", "show", "c1", "--json").json["touch"]

    def days():
        return holds() and (holds()["days"], holds()["source"])

    assert days() is None
    run("cadence", "set", "default", "90d")
    assert days() == (90, "default")
    run("cadence", "set", "+vip", "30d")
    assert days() == (30, "+vip")
    run("contact", "tag", "c1", "+friend")
    run("cadence", "set", "+friend", "10d")
    assert days() == (10, "+friend")  # the shortest of two tags wins
    run("cadence", "set", "+friend", "40d")
    assert days() == (30, "+vip")
    run("contact", "cadence", "c1", "60d")
    assert days() == (60, "own")  # own wins though longer
    run("contact", "cadence", "c1", "none")
    run("contact", "tag", "c1", "-vip")
    assert days() == (40, "+friend")
    run("undo")
    assert days() == (30, "+vip")
    run("tag", "drop", "vip", "--yes")
    assert days() == (40, "+friend")
    run("cadence", "rm", "+friend")
    assert days() == (90, "default")
    run("undo")
    assert days() == (40, "+friend")
    run("redo")
    run("cadence", "rm", "default")
    assert days() is None
    assert next_touch(run) is None


def test_setting_a_cadence_moves_everyone_who_wears_the_tag_and_undo_moves_them_back(
    run, on, does, today
):
    for name in ("Ana", "Bo", "Eva"):
        run("contact", "add", name, "-t", "friend")
    run("contact", "add", "Zoe")
    on("2026-12-01")
    result = does("cadence", "set", "+friend", "1w")
    assert "every 7 days" in result.err
    found = [("keep_in_touch", f"c{id}", "due, 8 of 7 days") for id in (1, 2, 3)]
    assert lines(today()) == found
    does("cadence", "set", "default", "8d")
    assert lines(today()) == [*found, ("keep_in_touch", "c4", "due, 8 of 8 days")]
    does("cadence", "rm", "+friend")
    assert [item["id"] for item in today()] == ["c1", "c2", "c3", "c4"]
    assert {item["title"] for item in today()} == {"due, 8 of 8 days"}


def test_the_most_overdue_by_share_comes_first(run, on, today):
    for name, every in (("Slow", "30d"), ("Quick", "2d"), ("Even", "30d")):
        run("contact", "add", name)
        run("contact", "cadence", name, every)
    run("contact", "bump", "c3", "--dry-run")
    on("2026-12-28")
    assert [item["who"]["name"] for item in today()] == ["Quick", "Slow", "Even"]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (
            "2026-12-13",
            "last touch 2026-11-01, 42 days ago; cadence 28 days (own, cold after 50);"
            " 42/28 = 1.50, due, health 35",
        ),
        (
            "2026-12-21",
            "last touch 2026-11-01, 50 days ago; cadence 28 days (own, cold after 50);"
            " 50/28 = 1.79, due, health 29",
        ),
        (
            "2026-12-22",
            "last touch 2026-11-01, 51 days ago; cadence 28 days (own, cold after 50);"
            " 51/28 = 1.82, cold, health 28",
        ),
    ],
)
def test_why_can_be_checked_in_the_head(run, on, monthly, day, why):
    run("contact", "cadence", "c1", "28d", "--max", "50d")
    on(day)
    assert run("due", "--why", "--fields", "why").out == f"{why}\n"
    assert run("due", "--why").lines[0].split("\t")[-1] == why
    assert why in run("today", "-f", "table", "--why", "--color", "never").out.replace(
        "\n", ""
    ) or (why[:40] in run("today", "-f", "table", "--why").out)


def test_why_of_a_task_and_a_letter(run, on, ana):
    run("remind", "c1", "2026-11-20", "offer")
    run("snooze", "t1", "2d")
    run("log", "email", "c1", "--in")
    on("2026-11-25")
    assert run("today", "--why", "--fields", "why").lines == [
        "due 2026-11-20, 5 days late, hidden until 2026-11-25",
        "last letter 2026-11-23; told after 2 days (reply_days)",
    ]


# repeating tasks


def due_of(run, ref):
    return run("task", "show", ref, "--json").json["due"]


def test_i_was_away_three_weeks(run, on, does, today, ana):
    """The weekly call shows once, and after it is done the next is next week's."""
    run("task", "add", "weekly call", "--for", "c1", "--due", "today", "--every", "week")
    on("2026-12-15")
    assert lines(today()) == [("overdue", "t1", "weekly call")]
    assert run("due", "--count").out == "1\n"
    does("done", "t1")
    assert lines(today()) == []
    assert due_of(run, "t2") == "2026-12-21"
    on("2026-12-21")
    assert lines(today()) == [("today", "t2", "weekly call")]


def test_counted_from_when_it_was_done(run, on, does, ana):
    args = ("--due", "today", "--every", "week", "--from", "done")
    run("task", "add", "water the plants", *args)
    on("2026-12-15")
    result = does("done", "t1")
    assert "next: t2 water the plants, due Tue 22 Dec 2026" in result.err


def test_done_early(run, on, ana):
    for counts_from in ("due", "done"):
        run("task", "add", "x", "--due", "mon", "--every", "week", "--from", counts_from)
    on("2026-11-29")
    run("done", "t1", "t2")
    assert (due_of(run, "t3"), due_of(run, "t4")) == ("2026-12-07", "2026-12-06")


def test_logging_closes_the_one_that_is_due_and_the_series_goes_on(run, does, today, ana):
    run("task", "add", "weekly call", "--for", "c1", "--due", "today", "--every", "week")
    result = does("log", "call", "c1", "talked")
    assert "also done: t1" in result.err
    assert "next: t2 weekly call, due Mon 30 Nov 2026" in result.err


def test_the_31st_through_a_whole_year(run, on, ana):
    on("2027-01-02")
    run("task", "add", "close the books", "--every", "month on the 31st")
    found = []
    for number in range(1, 14):
        found.append(due_of(run, f"t{number}"))
        on(found[-1])
        assert run("due", "--fields", "id").out == f"t{number}\n"
        run("done", f"t{number}")
        assert run("due").out == ""
    assert found == [
        *("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"),
        *("2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31"),
        "2028-01-31",
    ]


def test_a_series_that_began_on_the_31st_stays_on_the_end_of_the_month(run, on, ana):
    run("task", "add", "x", "--due", "2027-01-31", "--every", "month")
    found = []
    for number in range(1, 5):
        found.append(due_of(run, f"t{number}"))
        on(found[-1])
        run("done", f"t{number}")
    assert found == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_skip_this_weeks_call(run, on, does, today, ana):
    run("task", "add", "weekly call", "--for", "c1", "--due", "today", "--every", "week")
    result = does("task", "skip", "t1")
    assert "next: t2 weekly call, due Mon 30 Nov 2026" in result.err
    assert lines(today()) == []
    assert run("show", "t1", "--json").json["status"] == "cancelled"
    assert run("show", "c1", "--json").json["timeline"] == []


def test_skip_of_what_was_missed_gives_the_one_after_it(run, on, does, today, ana):
    run("task", "add", "weekly call", "--for", "c1", "--due", "today", "--every", "week")
    on("2026-12-09")
    does("task", "skip", "t1")
    assert lines(today()) == [("overdue", "t2", "weekly call")]
    assert due_of(run, "t2") == "2026-11-30"


def test_end_the_series(run, on, does, today, ana):
    run("task", "add", "weekly call", "--for", "c1", "--due", "today", "--every", "week")
    does("task", "end", "t1")
    assert run("task", "list").out == ""
    on("2026-12-30")
    assert lines(today()) == []


def test_end_the_series_after_this_one(run, does, today, ana):
    run("task", "add", "weekly call", "--for", "c1", "--due", "today", "--every", "week")
    run("task", "end", "t1", "--keep")
    assert lines(today()) == [("today", "t1", "weekly call")]
    does("done", "t1")
    assert run("task", "list").out == ""


def test_a_series_that_has_gone_on_is_not_opened_twice(run, refused, ana):
    run("task", "add", "weekly call", "--due", "today", "--every", "week")
    run("done", "t1")
    assert "has gone on with t2" in refused("task", "reopen", "t1", code=4)
    run("undo")
    assert [line.split("\t")[0] for line in run("task", "list").lines] == ["t1"]


def test_one_is_open_at_a_time_and_snoozing_or_moving_one_leaves_the_rule(run, on, ana):
    run("task", "add", "x", "--due", "today", "--every", "week")
    run("snooze", "t1", "3d")
    run("task", "reschedule", "t1", "wed")
    run("done", "t1")
    assert run("task", "list", "-f", "ids").out == "t2\n"
    assert due_of(run, "t2") == "2026-11-30"
    assert run("show", "t2", "--json").json["hidden_until_on"] is None


# birthdays


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2027-02-20", []),
        ("2027-02-21", ["2027-02-28"]),
        ("2027-02-28", ["2027-02-28"]),
        ("2027-03-01", []),
        ("2028-02-21", []),
        ("2028-02-22", ["2028-02-29"]),
        ("2028-02-29", ["2028-02-29"]),
    ],
)
def test_a_birthday_on_the_29th_of_february(run, on, today, day, shown):
    run("contact", "add", "Ana", "--birthday", "29.2.1992")
    run("contact", "cadence", "c1", "3650d")
    on(day)
    assert [item["due"] for item in today()] == shown
    assert bool(run("due").out) == (day in shown)


def test_told_ahead_as_she_likes_it(run, on, does, today):
    run("contact", "add", "Ana", "--birthday", "24.12.")
    run("contact", "cadence", "c1", "3650d")
    on("2026-12-10")
    assert today() == []
    does("contact", "date", "c1", "birthday", "24.12.", "--lead", "14d")
    assert [(item["section"], item["age"]) for item in today()] == [("date", "in 14 days")]


# letters


def test_he_wrote_on_friday_and_it_is_monday(run, does, today, ana):
    does("log", "email", "c1", "a question", "--in", "--at", "fri")
    assert lines(today()) == [("reply", "c1", "they wrote 3 days ago: reply")]
    assert run("due").out == ""
    does("log", "call", "c1", "answered")  # by telephone
    assert lines(today()) == []


def test_i_answered_by_mail_and_now_wait(run, on, does, today, ana):
    run("log", "email", "c1", "a question", "--in", "--at", "fri")
    does("log", "email", "c1", "an answer")
    assert lines(today()) == []
    on("2026-11-30")
    assert lines(today()) == [("nudge", "c1", "no answer for 7 days: nudge")]


@pytest.mark.parametrize(
    "said",
    [
        ("call", "--outcome", "voicemail"),
        ("note", "must answer"),
        ("email", "--outcome", "bounced"),
    ],
    ids=" ".join,
)
def test_a_try_is_no_answer(run, does, today, ana, said):
    run("log", "email", "c1", "a question", "--in", "--at", "fri")
    kind, *rest = said
    does("log", kind, "c1", *rest, moves=False)
    assert lines(today()) == [("reply", "c1", "they wrote 3 days ago: reply")]


def test_he_asked_again_and_the_first_question_counts(run, does, today, ana):
    run("log", "email", "c1", "a question", "--in", "--at", "2026-11-16 12:00")
    run("log", "message", "c1", "well?", "--in")
    assert lines(today()) == [("reply", "c1", "they wrote 7 days ago: reply")]


def test_i_missed_his_call(run, on, today, ana):
    run("log", "call", "c1", "--in", "--outcome", "no-answer")
    on("2026-11-25")
    assert lines(today()) == [("reply", "c1", "they wrote 2 days ago: reply")]


def test_i_wrote_a_week_ago_and_nothing_came_back(run, on, does, today, ana):
    run("log", "email", "c1", "our offer")
    on("2026-11-29")
    assert lines(today()) == []
    on("2026-11-30")
    assert lines(today()) == [("nudge", "c1", "no answer for 7 days: nudge")]
    does("log", "email", "c1", "any news?")  # the clock of the nudge starts again
    assert lines(today()) == []
    on("2026-12-07")
    assert lines(today()) == [("nudge", "c1", "no answer for 7 days: nudge")]
    does("log", "message", "c1", "yes!", "--in")
    assert lines(today()) == []


def test_old_letters_are_no_news(run, on, today, ana):
    run("log", "email", "c1", "a question", "--in")
    run("contact", "cadence", "c1", "3650d")
    on("2027-02-21")
    assert lines(today()) == [("reply", "c1", "they wrote 90 days ago: reply")]
    on("2027-02-22")
    assert lines(today()) == []


def test_she_owes_me_the_contract_since_friday(run, on, does, today, ana):
    run("log", "call", "c1", "agreed", "--at", "2026-11-19 10:00",
        "--waiting", "2026-11-20 signed contract")  # fmt: skip
    assert lines(today()) == [("waiting", "t1", "signed contract")]
    assert today()[0]["age"] == "3 days late"
    assert run("due").out.startswith("waiting\tt1\t2026-11-20\tAna Novak\tsigned contract\t3 days")
    assert "They owe" in run("show", "c1", "-f", "table").out
    does("done", "t1")
    assert lines(today()) == []


def test_what_she_owes_tomorrow_is_not_asked_for_today(run, today, ana):
    run("log", "call", "c1", "agreed", "--waiting", "tomorrow signed contract")
    assert lines(today()) == [("tomorrow", "t1", "signed contract")]


# a quiet day


def test_nothing_is_due_so_five_are_suggested(run, on, today):
    """Tagged first, the longest silence first; `due` prints nothing."""
    for number in range(1, 9):
        tags = ["-t", "vip"] if number in (3, 6) else []
        run("contact", "add", f"P{number}", *tags)
        run("log", "call", f"c{number}", "x", "--at", f"2026-10-{20 - number} 12:00")
    on("2026-11-25")
    found = [(item["section"], item["who"]["name"], item["title"]) for item in today()]
    assert found == [
        ("suggestion", "P6", "last touch 42 days ago"),
        ("suggestion", "P3", "last touch 39 days ago"),
        ("suggestion", "P8", "last touch 44 days ago"),
        ("suggestion", "P7", "last touch 43 days ago"),
        ("suggestion", "P5", "last touch 41 days ago"),
    ]
    assert run("due").out == ""
    assert run("due", "--count").out == "0\n"
    run("due", "--exit-code", code=0)
    assert "Suggestions" in run("today", "-f", "table").out


def test_suggestions_fill_up_to_five_and_no_further(run, on, today):
    for number in range(1, 9):
        run("contact", "add", f"P{number}")
    on("2027-01-25")
    for number in range(1, 7):
        sections = [item["section"] for item in today()]
        assert sections.count("suggestion") == max(0, 6 - number)
        run("remind", f"c{number}", "today", "x")


# a holiday


def test_i_was_away_and_catch_up(run, on, does, today, ana, bo):
    for number in range(6):
        run("task", "add", f"late {number}", "--due", f"2026-11-{24 + number}")
    run("contact", "cadence", "c1", "7d")
    on("2026-12-07")
    before = run("due", "--json").json
    assert len(before) == 7
    does("catchup", "--per-day", "3", "--yes")
    seen = {}
    for day in (7, 8, 9, 10):
        on(f"2026-12-{day:02}")
        seen[day] = [item["id"] for item in run("due", "--json").json]
    assert seen[7] == ["t1", "t2", "t3"]
    assert set(seen[8]) - set(seen[7]) == {"t4", "t5", "t6"}
    assert set(seen[9]) - set(seen[8]) == {"c1"}
    assert seen[10] == seen[9]
    kept = {item["id"]: item["due"] for item in run("due", "--json").json}
    assert kept == {item["id"]: item["due"] for item in before}
    assert run("show", "c1", "--json").json["timeline"] == []
