"""Letters without an answer, silence, suggestions, and the pulse."""

import random
from datetime import date, datetime, timedelta

import pytest

from crmcli.clock import Clock, stamp
from crmcli.store import touch
from crmcli.store.touch import day_items, dormant, pulses, radar, suggestions

TODAY = date(2026, 11, 23)  # 10:00 in Ljubljana, an hour later than in UTC
LIMITS = {"reply_days": 2, "nudge_days": 7, "radar_days": 90}


def ago(days: int, clock: str = "10:00:00") -> str:
    """Give an instant of so many days ago, by the clock of UTC."""
    return f"{TODAY - timedelta(days=days)}T{clock}Z"


def change(crm, id: int = 1, **values) -> None:
    crm.write(lambda w: w.update("contact", id, None, **values))


# letters


def letters(crm, **options) -> list[tuple[str, str, str, str]]:
    found = radar(crm.conn, crm.store.clock, **{**LIMITS, **options})
    return [(item.section, item.id, item.due(), item.title) for item in found]


def waits(crm, id: int = 1) -> tuple[str | None, str | None]:
    row = crm.row("contact", id)
    return row["unanswered"], row["unanswered_at"]


@pytest.mark.parametrize(
    ("days", "reply", "nudge"),
    [(0, 0, 0), (1, 0, 0), (2, 1, 0), (6, 1, 0), (7, 1, 1), (90, 1, 1), (91, 0, 0)],
)
def test_letters_are_told_of_from_their_day_until_they_are_old(crm, days, reply, nudge):
    crm.contact("Ana")
    crm.contact("Bo")
    crm.log(1, kind="email", direction="inbound", at=ago(days, "08:00:00"))
    crm.log(2, kind="email", direction="outbound", at=ago(days, "08:00:00"))
    told = [("reply", "c1")] * reply + [("nudge", "c2")] * nudge
    assert [line[:2] for line in letters(crm)] == told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (ago(2, "22:59:59"), True),  # one second before midnight here
        (ago(2, "23:00:00"), False),
    ],
)
def test_days_are_days_of_the_user(crm, at, told):
    crm.contact()
    crm.log(1, kind="email", direction="inbound", at=at)
    assert bool(letters(crm)) is told


@pytest.mark.parametrize(
    ("at", "told"), [(ago(91, "21:59:59"), False), (ago(91, "22:00:00"), True)]
)
def test_old_is_by_days_of_the_user_too(crm, at, told):
    crm.contact()
    crm.log(1, kind="email", direction="inbound", at=at)
    assert bool(letters(crm)) is told


def test_the_lines_of_the_radar(crm):
    for name in ("Ana", "Bo", "Cene", "Dana"):
        crm.contact(name)
    crm.log(1, kind="email", direction="inbound", at=ago(3))
    crm.log(2, kind="message", direction="inbound", at=ago(5))
    crm.log(3, kind="message", direction="outbound", at=ago(9))
    crm.log(4, kind="call", direction="inbound", outcome="voicemail", at=ago(4))
    assert letters(crm) == [
        ("reply", "c2", "2026-11-20", "they wrote 5 days ago: reply"),
        ("reply", "c4", "2026-11-21", "they wrote 4 days ago: reply"),
        ("reply", "c1", "2026-11-22", "they wrote 3 days ago: reply"),
        ("nudge", "c3", "2026-11-21", "no answer for 9 days: nudge"),
    ]
    (item, *_) = radar(crm.conn, crm.store.clock, **LIMITS)
    assert item.why(TODAY) == "last letter 2026-11-18; told after 2 days (reply_days)"
    assert item.who == ("c2", "bo", "Bo")


def test_the_thresholds_are_the_callers(crm):
    crm.contact()
    crm.log(1, kind="email", direction="inbound", at=ago(0, "08:00:00"))
    assert letters(crm, reply_days=0)[0][3] == "they wrote 0 days ago: reply"
    assert letters(crm, reply_days=1) == []


SETTLED = [
    ("call", "outbound", None),
    ("call", "inbound", "reached"),
    ("meeting", "outbound", None),
    ("visit", "inbound", None),
]
UNSETTLED = [
    ("note", None, None),
    ("feedback", "inbound", None),
    ("call", "outbound", "voicemail"),
    ("call", "outbound", "no_answer"),
    ("email", "outbound", "bounced"),
]


@pytest.mark.parametrize(("kind", "direction", "outcome"), SETTLED)
def test_a_talk_settles_letters_of_both_sides(crm, kind, direction, outcome):
    crm.contact("Ana")
    crm.contact("Bo")
    crm.log(1, kind="email", direction="inbound", at=ago(9))
    crm.log(2, kind="email", direction="outbound", at=ago(9))
    crm.log(1, 2, kind=kind, direction=direction, outcome=outcome, at=ago(3))
    assert letters(crm) == []
    assert waits(crm) == waits(crm, 2) == (None, None)
    crm.undo()
    assert len(letters(crm)) == 2


@pytest.mark.parametrize(("kind", "direction", "outcome"), UNSETTLED)
def test_what_neither_asks_nor_answers_changes_nothing(crm, kind, direction, outcome):
    crm.contact()
    crm.log(1, kind="email", direction="inbound", at=ago(9))
    crm.log(1, kind=kind, direction=direction, outcome=outcome, at=ago(3))
    assert waits(crm) == ("in", ago(9))


def test_they_wait_since_their_first_letter_and_we_since_our_last(crm):
    crm.contact()
    crm.log(1, kind="email", direction="outbound", at=ago(30))
    crm.log(1, kind="email", direction="outbound", at=ago(20))
    assert waits(crm) == ("out", ago(20))
    crm.log(1, kind="email", direction="inbound", at=ago(9))
    crm.log(1, kind="message", direction="inbound", at=ago(4))
    assert waits(crm) == ("in", ago(9))
    crm.log(1, kind="email", direction="outbound", at=ago(3))
    assert waits(crm) == ("out", ago(3))


def test_order_is_by_time_not_by_when_it_was_noted(crm):
    crm.contact()
    crm.log(1, kind="email", direction="outbound", at=ago(3))
    crm.log(1, kind="email", direction="inbound", at=ago(9))
    assert waits(crm) == ("out", ago(3))
    crm.log(1, kind="email", direction="inbound", at=ago(2))
    crm.log(1, kind="call", at=ago(5))
    assert waits(crm) == ("in", ago(2))


def test_at_the_same_instant_what_was_noted_later_is_later(crm):
    crm.contact()
    crm.log(1, kind="email", direction="inbound", at=ago(3))
    crm.log(1, kind="email", direction="outbound", at=ago(3))
    assert waits(crm)[0] == "out"


def test_a_trashed_or_edited_letter_counts_as_it_is_now(crm):
    crm.contact()
    first = crm.log(1, kind="email", direction="inbound", at=ago(9))
    second = crm.log(1, kind="email", direction="outbound", at=ago(3))
    crm.trash("interaction", second)
    assert waits(crm) == ("in", ago(9))
    crm.write(lambda w: w.update("interaction", first, kind="note"))
    assert waits(crm) == (None, None)
    crm.undo()
    crm.undo()
    assert waits(crm) == ("out", ago(3))


def test_a_letter_to_many_waits_for_each(crm):
    crm.contact("Ana")
    crm.contact("Bo")
    crm.log(1, 2, kind="email", direction="outbound", at=ago(9))
    crm.log(1, kind="email", direction="inbound", at=ago(5))
    assert [line[:2] for line in letters(crm)] == [("reply", "c1"), ("nudge", "c2")]


@pytest.mark.parametrize(
    "values",
    [{"do_not_contact": 1}, {"deceased": 1}],
    ids=str,
)
def test_who_is_left_alone_is_not_on_the_radar(crm, values):
    crm.contact()
    crm.log(1, kind="email", direction="inbound", at=ago(9))
    assert len(letters(crm)) == 1
    change(crm, **values)
    assert letters(crm) == []
    crm.undo()
    assert len(letters(crm)) == 1
    crm.trash("contact", 1)
    assert letters(crm) == []


def test_a_pause_silences_our_letters_not_theirs(crm):
    """Who asked for peace is not nudged, but who wrote is answered."""
    crm.contact("Ana")
    crm.contact("Bo")
    crm.log(1, kind="email", direction="inbound", at=ago(9))
    crm.log(2, kind="email", direction="outbound", at=ago(9))
    for id in (1, 2):
        change(crm, id, paused_until_on="2026-11-24")
    assert [line[:2] for line in letters(crm)] == [("reply", "c1")]
    change(crm, 2, paused_until_on="2026-11-23")
    assert [line[:2] for line in letters(crm)] == [("reply", "c1"), ("nudge", "c2")]


def test_the_radar_of_one_owner(crm):
    crm.contact("Ana", owner="eva")
    crm.contact("Bo")
    crm.log(1, 2, kind="email", direction="inbound", at=ago(9))
    assert [line[1] for line in letters(crm, owner="eva")] == ["c1"]
    assert [line[1] for line in letters(crm, owner="me")] == ["c2"]
    assert letters(crm, owner="nobody") == []


# silence


def silent(crm, **options) -> list[tuple[str, int, float, float | None]]:
    found = dormant(crm.conn, crm.store.clock, **{"days": 90, **options})
    return [(row.who[0], row.days, row.limit, row.gap) for row in found]


def talked(crm, id: int, *days: int) -> None:
    """Log a call on each of so many days ago."""
    for day in days:
        crm.log(id, at=ago(day))


def test_dormant_is_longer_than_so_many_days_the_longest_first(crm):
    for name, days in (("Ana", 90), ("Bo", 91), ("Cene", 400), ("Dana", 1)):
        talked(crm, crm.contact(name), days)
    crm.contact("Never")
    assert silent(crm) == [("c3", 400, 90, None), ("c2", 91, 90, None)]
    assert [row[0] for row in silent(crm, days=399)] == ["c3"]
    assert silent(crm, days=400) == []


@pytest.mark.parametrize("wall", ["00:00:00", "12:00:00", "21:59:58", "21:59:59"])
def test_every_second_of_the_day_is_that_day(crm, wall):
    """In summer 21:59:59 is the last one here."""
    crm.contact()
    crm.log(1, at=ago(91, wall))
    assert silent(crm) == [("c1", 91, 90, None)]
    assert silent(crm, days=91) == []


def test_the_worked_example_of_the_adaptive_limit(crm):
    """Gaps 28, 30, 32 give a limit of 45; 50 days ago is dormant (formulas 4.20)."""
    talked(crm, crm.contact("Ana"), 140, 112, 82, 50)
    assert silent(crm, adaptive=True) == [("c1", 50, 45.0, 30.0)]
    (row,) = dormant(crm.conn, crm.store.clock, days=90, adaptive=True)
    assert row.json() == {
        "id": "c1",
        "handle": "ana",
        "name": "Ana",
        "last_touch": ago(50),
        "days": 50,
        "limit": 45.0,
        "usual_gap": 30.0,
    }


@pytest.mark.parametrize(("last", "found"), [(45, False), (46, True)])
def test_the_adaptive_limit_must_be_passed(crm, last, found):
    talked(crm, crm.contact(), last + 90, last + 62, last + 32, last)
    assert bool(silent(crm, adaptive=True)) is found


def test_a_rhythm_needs_three_touches_on_days_of_their_own(crm):
    talked(crm, crm.contact("Two"), 400, 300)
    talked(crm, crm.contact("Twice a day"), 400, 300, 300)
    three = crm.contact("Three")
    talked(crm, three, 400, 300, 200)
    crm.log(three, kind="note", at=ago(10))
    crm.log(three, outcome="voicemail", at=ago(10))
    assert silent(crm, adaptive=True) == [("c3", 200, 150.0, 100.0)]


def test_an_even_number_of_gaps_has_its_median_between(crm):
    talked(crm, crm.contact(), 33, 30, 20)  # gaps 3 and 10
    assert silent(crm, adaptive=True) == [("c1", 20, 9.75, 6.5)]


def test_a_daily_rhythm(crm):
    talked(crm, crm.contact(), 4, 3, 2)
    assert silent(crm, adaptive=True) == [("c1", 2, 1.5, 1.0)]


def test_silence_follows_trash_undo_and_owner(crm):
    talked(crm, crm.contact("Ana", owner="eva"), 200)
    talked(crm, crm.contact("Bo"), 200, 10)
    assert [row[0] for row in silent(crm)] == ["c1"]
    crm.undo()
    assert [row[0] for row in silent(crm)] == ["c1", "c2"]
    assert [row[0] for row in silent(crm, owner="eva")] == ["c1"]
    crm.trash("contact", 1)
    assert [row[0] for row in silent(crm)] == ["c2"]


def test_more_people_than_one_statement_takes(crm):
    """The chunks are joined without a seam."""

    def many(w):
        for number in range(1100):
            id = w.insert("contact", display_name=f"P{number}", name_norm=f"p{number}")
            for day in (300, 290, 280):
                call = w.insert("interaction", kind="call", occurred_at=ago(day, "09:00:00"))
                w.insert("interaction_contact", interaction_id=call, contact_id=id)

    crm.write(many)
    assert [row[0] for row in silent(crm)] == [f"c{id}" for id in range(1, 1101)]
    found = silent(crm, adaptive=True)
    assert len(found) == 1100
    assert {row[1:] for row in found} == {(280, 15.0, 10.0)}


# suggestions


def suggested(crm, limit: int = 5, **options) -> list[tuple[str, str]]:
    found = suggestions(crm.conn, crm.store.clock, limit=limit, **options)
    return [(item.id, item.title) for item in found]


@pytest.fixture
def quiet(crm):
    """Six people of two months ago; nothing is on with any of them."""
    early = crm.at(Clock("Europe/Ljubljana", datetime.fromisoformat("2026-09-14T09:00:00+02:00")))
    for name, tags in (("Ana", []), ("Bo", ["vip"]), ("Cene", []), ("Dana", ["vip"]), ("Eva", [])):
        early.contact(name, tags=tags)
    talked(crm, 1, 60)
    talked(crm, 2, 40)
    talked(crm, 5, 50)
    return crm


def test_tagged_first_then_the_longest_silence_then_who_never_was(quiet):
    assert suggested(quiet) == [
        ("c2", "last touch 40 days ago"),
        ("c4", "never in touch"),
        ("c1", "last touch 60 days ago"),
        ("c5", "last touch 50 days ago"),
        ("c3", "never in touch"),
    ]


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 5, 9])
def test_no_more_than_asked_for_and_nobody_twice(quiet, limit):
    found = suggested(quiet, limit)
    assert found == suggested(quiet)[:limit]
    assert len(set(found)) == len(found)


def test_many_taggings_give_the_same(quiet, monkeypatch):
    """Rare tags are walked, common ones looked up person by person."""
    few = suggested(quiet)
    monkeypatch.setattr(touch, "RARE", 0)
    assert suggested(quiet) == few


BUSY = {
    "a cadence": lambda crm: change(crm, 2, cadence_days=300),
    "a follow-up": lambda crm: crm.task("x", ("contact", 2)),
    "a snoozed follow-up": lambda crm: crm.task(
        "x", ("contact", 2), due_on="2026-11-01", hidden_until_on="2027-01-01"
    ),
    "a letter of theirs": lambda crm: crm.log(2, kind="email", direction="inbound", at=ago(35)),
    "a letter of ours": lambda crm: crm.log(2, kind="email", direction="outbound", at=ago(35)),
    "a touch lately": lambda crm: crm.log(2, at=ago(29)),
    "a wish": lambda crm: change(crm, 2, do_not_contact=1),
    "a pause": lambda crm: change(crm, 2, paused_until_on="2026-11-24"),
    "a death": lambda crm: change(crm, 2, deceased=1),
    "the trash": lambda crm: crm.trash("contact", 2),
}


@pytest.mark.parametrize("name", BUSY)
def test_who_needs_no_suggestion(quiet, name):
    before = suggested(quiet)
    BUSY[name](quiet)
    after = [id for id, _ in suggested(quiet)]
    assert after == ["c4", "c1", "c5", "c3"]
    quiet.undo()
    assert suggested(quiet) == before


IDLE = {
    "a closed task": lambda crm: crm.task(
        "x", ("contact", 2), status="completed", completed_at="2026-11-21T09:00:00Z"
    ),
    "a trashed task": lambda crm: crm.trash("task", crm.task("x", ("contact", 2))),
    "a note": lambda crm: crm.log(2, kind="note", at=ago(1)),
    "a missed call": lambda crm: crm.log(2, direction="outbound", outcome="no_answer", at=ago(1)),
    "a pause that is over": lambda crm: change(crm, 2, paused_until_on="2026-11-23"),
}


@pytest.mark.parametrize("name", IDLE)
def test_what_does_not_keep_anyone_out(quiet, name):
    before = suggested(quiet)
    IDLE[name](quiet)
    assert suggested(quiet) == before


@pytest.mark.parametrize(
    ("at", "quiet_again"),
    [
        ("2026-10-23T22:00:00Z", True),
        ("2026-10-24T21:59:58Z", True),
        ("2026-10-24T21:59:59Z", True),  # the last second of the day 30 days ago
        ("2026-10-24T22:00:00Z", False),
    ],
)
def test_thirty_days_of_silence_end_with_the_day(quiet, at, quiet_again):
    quiet.log(4, at=at)
    assert ("c4" in dict(suggested(quiet))) is quiet_again


def test_who_was_added_lately_is_not_suggested(crm):
    crm.contact()
    assert suggested(crm) == []


def test_suggestions_of_one_owner(quiet):
    assert suggested(quiet, owner="eva") == []
    assert len(suggested(quiet, owner="me")) == 5


# the page


def page(crm, lead_days: int = 7, **options) -> list[tuple[str, str]]:
    found = day_items(crm.conn, crm.store.clock, lead_days=lead_days, **LIMITS, **options)
    return [(item.section, item.id) for item in found]


def test_the_sections_come_in_their_order(quiet):
    crm = quiet
    crm.task("late", due_on="2026-11-20")
    crm.task("now", due_on="2026-11-23")
    crm.task("soon", due_on="2026-11-24")
    crm.task("owed", kind="waiting", due_on="2026-11-20")
    change(crm, 1, cadence_days=30)
    crm.log(2, kind="email", direction="inbound", at=ago(3))
    crm.log(3, kind="email", direction="outbound", at=ago(9))
    crm.contact("Zoe", birthday="--11-30")
    assert page(crm) == [
        ("overdue", "t1"),
        ("today", "t2"),
        ("keep_in_touch", "c1"),
        ("waiting", "t4"),
        ("reply", "c2"),
        ("nudge", "c3"),
        ("date", "c6"),
        ("tomorrow", "t3"),
    ]


@pytest.mark.parametrize("at_hand", range(8))
def test_suggestions_fill_the_page_up_to_five(quiet, at_hand):
    for number in range(at_hand):
        quiet.task(f"x{number}", due_on="2026-11-23")
    quiet.task("tomorrow", due_on="2026-11-24")
    found = [section for section, _ in page(quiet)]
    assert found.count("suggestion") == max(0, 5 - at_hand)
    assert found.count("today") == at_hand


@pytest.mark.parametrize(
    ("lead", "lead_days", "shown"),
    [
        (None, 7, False),
        (None, 14, True),
        (13, 7, False),
        (14, 7, True),
        (14, 0, True),
        (0, 365, False),
        (365, 0, True),
    ],
)
def test_a_date_is_told_ahead_by_its_own_days_or_the_configured(crm, lead, lead_days, shown):
    crm.contact(birthday="1990-12-07")  # in 14 days
    crm.write(lambda w: w.update("important_date", 1, lead_days=lead))
    assert bool(page(crm, lead_days)) is shown


def test_dates_are_told_ahead_over_new_year(crm):
    crm.contact("Ana", birthday="--01-02")
    crm.contact("Bo", birthday="--12-31")
    eve = crm.at(Clock("Europe/Ljubljana", datetime.fromisoformat("2026-12-28T09:00:00+01:00")))
    found = day_items(eve.conn, eve.store.clock, lead_days=7, **LIMITS)
    assert [(item.id, str(item.due_on)) for item in found if item.section == "date"] == [
        ("c2", "2026-12-31"),
        ("c1", "2027-01-02"),
    ]


# the pulse


@pytest.mark.parametrize(
    ("days", "week"),
    [(0, 11), (6, 11), (7, 10), (13, 10), (14, 9), (76, 1), (77, 0), (83, 0), (84, None)],
)
@pytest.mark.parametrize("wall", ["00:00:00", "23:59:59"])
def test_the_weeks_of_the_pulse_end_today(crm, days, week, wall):
    day = TODAY - timedelta(days=days)
    at = crm.store.clock.instant(datetime.fromisoformat(f"{day}T{wall}"))
    crm.contact()
    crm.log(1, at=stamp(at))
    found = pulses(crm.conn, crm.store.clock, [1])[1]
    assert found == [int(number == week) for number in range(12)]


def test_a_pulse_over_the_change_of_the_clock(crm):
    """On 25 October the clock went back: its day here began at 22:00 UTC."""
    crm.contact()
    for at in ("2026-10-19T21:59:59Z", "2026-10-19T22:00:00Z", "2026-10-25T22:59:59Z"):
        crm.log(1, at=at)
    clock = Clock("Europe/Ljubljana", datetime.fromisoformat("2026-10-26T09:00:00+01:00"))
    assert pulses(crm.conn, clock, [1])[1][-2:] == [1, 2]


def test_only_touches_beat(crm):
    crm.contact()
    crm.log(1, kind="note", at=ago(1))
    crm.log(1, outcome="busy", at=ago(1))
    crm.trash("interaction", crm.log(1, at=ago(1)))
    crm.log(1, at=ago(1))
    crm.log(1, at=ago(1))
    assert pulses(crm.conn, crm.store.clock, [1])[1][-1] == 2


def test_the_pulse_of_many_against_counting_by_hand(crm):
    random.seed(7)
    expected = {id: [0] * 12 for id in range(1, 41)}
    for id in expected:
        crm.contact(f"P{id}")

    def fill(w):
        for _ in range(300):
            days, id = random.randint(0, 100), random.randint(1, 40)
            call = w.insert("interaction", kind="call", occurred_at=ago(days, "08:30:00"))
            w.insert("interaction_contact", interaction_id=call, contact_id=id)
            if days < 84:
                expected[id][11 - days // 7] += 1

    crm.write(fill)
    assert pulses(crm.conn, crm.store.clock, [*expected, 99]) == {**expected, 99: [0] * 12}
    assert pulses(crm.conn, crm.store.clock, []) == {}
    records = [{"id": f"c{id}", "name": "x"} for id in expected]
    found = list(touch.with_pulse(crm.conn, crm.store.clock, records))
    assert found == [{**record, "pulse": expected[int(record["id"][1:])]} for record in records]
