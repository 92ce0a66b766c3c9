"""Repeats: phrases in ten languages to RFC 5545 rules, and back to words."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli import repeat
from crmcli.errors import InvalidError, UsageError
from crmcli.repeat import Repeat

MON = datetime(2026, 11, 23, 10, 0)
TODAY = "2026-11-23"
FRIDAYS, LAST = "FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
TWO_WEEKS = "FREQ=WEEKLY;INTERVAL=2"

# Rule, first day from Monday 2026-11-23, how it is told, and phrases that mean it.
RULES = [
    ("FREQ=DAILY", TODAY, "day", "every day|day|daily|1 day|1d|vsak dan|svaki dan|jeden Tag"),
    ("FREQ=DAILY", TODAY, "day", "täglich|chaque jour|tous les jours|cada día|todos los días"),
    ("FREQ=DAILY", TODAY, "day", "ogni giorno|каждый день|ежедневно|每天|每日|هر روز|روزانه"),
    ("FREQ=DAILY;INTERVAL=2", TODAY, "2 days", "2 days|2d|other day|каждые 2 дня|每两天|هر ۲ روز"),
    ("FREQ=WEEKLY", TODAY, "week", "every week|week|weekly|1w|vsak teden|svaki tjedan|jede Woche"),
    ("FREQ=WEEKLY", TODAY, "week", "chaque semaine|toutes les semaines|cada semana|semanal"),
    ("FREQ=WEEKLY", TODAY, "week", "ogni settimana|каждую неделю|每周|每个星期|هر هفته|هفتگی"),
    (
        TWO_WEEKS,
        TODAY,
        "2 weeks",
        "every 2 weeks|2 weeks|2w|second week|vsaka 2 tedna|alle 2 Wochen",
    ),
    (TWO_WEEKS, TODAY, "2 weeks", "svaka 2 tjedna|toutes les 2 semaines|cada 2 semanas"),
    (TWO_WEEKS, TODAY, "2 weeks", "ogni 2 settimane|каждые 2 недели|每两周|每2个星期|هر ۲ هفته"),
    ("FREQ=MONTHLY", TODAY, "month", "month|monthly|1m|1 month|vsak mesec|svaki mjesec"),
    ("FREQ=MONTHLY", TODAY, "month", "jeden Monat|chaque mois|todos los meses|ogni mese"),
    ("FREQ=MONTHLY", TODAY, "month", "каждый месяц|每月|每个月|هر ماه"),
    ("FREQ=MONTHLY;INTERVAL=3", TODAY, "3 months", "3 months|3m|quarter|quarterly|alle 3 Monate"),
    ("FREQ=MONTHLY;INTERVAL=6", TODAY, "6 months", "2 quarters|6m|6 months"),
    ("FREQ=YEARLY", TODAY, "year", "year|yearly|annually|1y|vsako leto|svake godine|jedes Jahr"),
    ("FREQ=YEARLY", TODAY, "year", "chaque année|cada año|ogni anno|каждый год|每年|هر سال"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", TODAY, "weekday", "weekday|weekdays|every workday"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", TODAY, "weekday", "vsak delovnik|jeden Werktag"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", TODAY, "weekday", "по будням|每工作日|chaque jour ouvré"),
    ("FREQ=WEEKLY;BYDAY=MO", TODAY, "Mon", "mon|every monday|mondays|week on mon|vsak ponedeljek"),
    (
        FRIDAYS,
        "2026-11-27",
        "Fri",
        "every fri|fri|week on fri|vsak petek|svaki petak|jeden Freitag",
    ),
    (FRIDAYS, "2026-11-27", "Fri", "chaque vendredi|tous les vendredis|cada viernes|ogni venerdì"),
    (
        FRIDAYS,
        "2026-11-27",
        "Fri",
        "todos los viernes|каждую пятницу|по пятницам|每周五|每个星期五",
    ),
    (FRIDAYS, "2026-11-27", "Fri", "هر جمعه"),
    ("FREQ=WEEKLY;BYDAY=MO,TH", TODAY, "Mon and Thu", "mon and thu|mon,thu|thu, mon|mon thu"),
    ("FREQ=WEEKLY;BYDAY=MO,TH", TODAY, "Mon and Thu", "vsak ponedeljek in četrtek|每周一和周四"),
    ("FREQ=WEEKLY;BYDAY=MO,TH", TODAY, "Mon and Thu", "jeden Montag und Donnerstag"),
    ("FREQ=WEEKLY;BYDAY=MO,WE,FR", TODAY, "Mon, Wed and Fri", "mon, wed and fri|mon, wed, fri"),
    (f"{TWO_WEEKS};BYDAY=FR", "2026-11-27", "2 weeks on Fri", "2 weeks on fri|other fri"),
    (f"{TWO_WEEKS};BYDAY=FR", "2026-11-27", "2 weeks on Fri", "second week on fri|2w on fri"),
    (f"{TWO_WEEKS};BYDAY=FR", "2026-11-27", "2 weeks on Fri", "vsak drugi petek|每两周的周五"),
    (f"{TWO_WEEKS};BYDAY=FR", "2026-11-27", "2 weeks on Fri", "alle 2 Wochen am Freitag"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-12-01", "month on the 1st", "month on the 1st|1st|the 1st"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-12-01", "month on the 1st", "vsak mesec 1.|每月1号"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-12-01", "month on the 1st", "1st of the month"),
    ("FREQ=MONTHLY;BYMONTHDAY=22", "2026-12-22", "month on the 22nd", "22nd|month on the 22nd"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30", "month on the last day", "last day|the last day"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30", "month on the last day", "month on the last day"),
    (LAST, "2026-11-30", "month on the 31st", "month on the 31st|31st|jeden Monat am 31."),
    (LAST.replace(",31", ""), "2026-11-30", "month on the 30th", "30th|每个月30号"),
    (LAST.replace(",30,31", ""), "2026-11-29", "month on the 29th", "month on the 29th"),
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        "2026-11-27",
        "month on the last Fri",
        "last fri|every last friday",
    ),
    ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "month on the last Fri", "last fri of the month"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "month on the last Fri", "month on the last fri"),
    ("FREQ=MONTHLY;BYDAY=1MO", "2026-12-07", "month on the first Mon", "first monday|1st mon"),
    ("FREQ=MONTHLY;BYDAY=2FR", "2026-12-11", "month on the second Fri", "second fri of the month"),
    ("FREQ=MONTHLY;BYDAY=2FR", "2026-12-11", "month on the second Fri", "month on the second fri"),
    (
        *("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "2026-12-07", "3 months on the first Mon"),
        "quarter on the first mon|3 months on the first monday",
    ),
    (
        *("FREQ=YEARLY;BYMONTH=3;BYDAY=3TU", "2027-03-16", "year on the third Tue of Mar"),
        "third tuesday of march|year on the third tue of march",
    ),
    (
        *("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "2026-12-24", "year on 24 Dec"),
        "24 dec|year on 24 dec|dec 24|24th of december|每年12月24日|vsako leto 24. decembra",
    ),
    (
        *("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", "2026-12-31", "year on 31 Dec"),
        "31 dec|31 décembre",
    ),
    (
        *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2027-02-28", "year on 29 Feb"),
        "29 feb|year on 29 feb|29 février",
    ),
    (
        *(f"{FRIDAYS};UNTIL=20271224", "2026-11-27", "Fri until 24 Dec 2027"),
        "every fri until 24 dec 2027|vsak petek do 24. decembra 2027|jeden Freitag bis 24.12.2027"
        "|chaque vendredi jusqu'au 24 décembre 2027|каждую пятницу до 24 декабря 2027",
    ),
]
PHRASES = [(*rest, phrase) for *rest, line in RULES for phrase in line.split("|")]


def refusal(text: str, **more: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        repeat.parse(text, MON, **more)  # type: ignore[arg-type]
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(("rrule", "start", "told", "phrase"), PHRASES)
def test_phrases(rrule: str, start: str, told: str, phrase: str) -> None:
    found = repeat.parse(phrase, MON)
    assert found == Repeat(rrule, date.fromisoformat(start))
    assert repeat.describe(found.rrule) == f"every {told}"


@pytest.mark.parametrize("rrule", dict.fromkeys(row[0] for row in RULES))
def test_what_is_told_is_read_again(rrule: str) -> None:
    assert repeat.parse(repeat.describe(rrule), MON).rrule == rrule
    assert repeat.parse(rrule.lower(), MON).rrule == rrule
    assert repeat.check_rule(rrule) == rrule


@pytest.mark.parametrize(
    ("phrase", "start", "rrule", "first"),
    [
        ("month", "2027-01-15", "FREQ=MONTHLY", "2027-01-15"),
        ("month", "2027-01-31", LAST, "2027-01-31"),
        ("month", "2027-01-30", LAST.replace(",31", ""), "2027-01-30"),
        ("FREQ=MONTHLY", "2027-01-31", LAST, "2027-01-31"),
        ("month", "2027-02-28", "FREQ=MONTHLY", "2027-02-28"),
        (
            *("3 months", "2027-01-31"),
            *(LAST.replace("MONTHLY", "MONTHLY;INTERVAL=3"), "2027-01-31"),
        ),
        (
            *("year", "2028-02-29"),
            *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2028-02-29"),
        ),
        ("year", "2027-12-31", "FREQ=YEARLY", "2027-12-31"),
        ("31st", "2027-02-01", LAST, "2027-02-28"),
        ("fri", "2027-01-01", FRIDAYS, "2027-01-01"),
        ("other fri", "2027-01-02", f"{TWO_WEEKS};BYDAY=FR", "2027-01-08"),
        ("week", "2020-01-01", "FREQ=WEEKLY", "2020-01-01"),
    ],
)
def test_the_series_begins_at_its_start(phrase: str, start: str, rrule: str, first: str) -> None:
    found = repeat.parse(phrase, MON, start=date.fromisoformat(start))
    assert found == Repeat(rrule, date.fromisoformat(first))


def test_the_users_week_and_date_order() -> None:
    found = repeat.parse("2 weeks on sun and mon", MON, week_start=6)
    assert found.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU"
    assert repeat.describe(found.rrule) == "every 2 weeks on Mon and Sun"
    until = repeat.parse("week until 3/4/2027", MON, date_order="dmy").rrule
    assert until == "FREQ=WEEKLY;UNTIL=20270403"


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("every second fri", "ambiguous repeat"),
        ("2nd friday", "ambiguous repeat"),
        ("31 apr", "no such date"),
        ("32nd", "no such day"),
        ("0 days", "cannot repeat"),
        ("1000 days", "cannot repeat"),
        ("fri until yesterday", "before it begins"),
        ("fri until soon", "not a date"),
        ("week until 3/4/2027", "ambiguous date"),
        ("FREQ=WEEKLY;COUNT=3", "COUNT"),
        ("FREQ=DAILY;BYHOUR=3", "BYHOUR"),
        ("FREQ=HOURLY", "needs FREQ"),
        ("BYDAY=MO", "needs FREQ"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1000", "INTERVAL"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=DAILY;DTSTART=20260101", "DTSTART"),
        ("FREQ=DAILY;TEA=GREEN", "not a part"),
        ("FREQ=WEEKLY;BYDAY=", "not a part"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=x", "BYMONTHDAY"),
        ("FREQ=WEEKLY;UNTIL=soon", "UNTIL"),
        ("FREQ=WEEKLY;UNTIL=20271399", "UNTIL"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never comes"),
    ],
)
def test_wrong_repeats_are_refused_with_a_reason(phrase: str, message: str) -> None:
    assert message in refusal(phrase).message


@pytest.mark.parametrize(
    "phrase",
    [
        *["", "soon", "every", "day on mon", "month on fri", "week on the 1st", "fri on fri"],
        *["year on 1st", "2 weeks on other fri", "sixth mon", "m", "w", "2", "first", "last"],
        *["vsak", "jeden", "naslednji petek", "prejšnji petek", "x" * 201, "2 h", "9" * 100],
    ],
)
def test_what_is_no_repeat_is_refused(phrase: str) -> None:
    error = refusal(phrase)
    assert error.message.startswith("not a repeat: ")
    assert len(error.message) < 130
    assert "month on the 31st" in error.hint


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("BYDAY=MO;FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO"),
        ("RRULE:FREQ=DAILY;INTERVAL=01", "FREQ=DAILY"),
        ("FREQ=DAILY;INTERVAL=10", "FREQ=DAILY;INTERVAL=10"),
        ("freq=weekly;until=20271224T000000Z", "FREQ=WEEKLY;UNTIL=20271224"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("FREQ=DAILY;UNTIL=19990101", "FREQ=DAILY;UNTIL=19990101"),
    ],
)
def test_check_rule(rule: str, expected: str) -> None:
    assert repeat.check_rule(rule) == expected


@pytest.mark.parametrize("rule", ["", "weekly", "FREQ=WEEKLY;COUNT=3", "FREQ=SECONDLY", "9" * 999])
def test_a_wrong_rule_is_not_valid(rule: str) -> None:
    with pytest.raises(InvalidError):
        repeat.check_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=31",  # skips months: no phrase says that
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=DAILY;BYMONTH=6",
        "FREQ=YEARLY;BYMONTH=6,7;BYMONTHDAY=1",
    ],
)
def test_a_rule_without_a_phrase_is_told_as_it_stands(rule: str) -> None:
    assert repeat.describe(repeat.parse(rule, MON).rrule) == f"by the rule {rule}"


def test_days_of_the_week_of_a_phrase_fit_the_first_day() -> None:
    for offset in range(60):
        now = MON + timedelta(days=offset)
        for phrase in ["fri", "mon and thu", "last fri", "31st", "last day", "weekday", "29 feb"]:
            found = repeat.parse(phrase, now)
            again = repeat.parse(phrase, now, start=found.start)
            assert found.start >= now.date()
            assert again == found


WORDS = """
    every day week 2 weeks on fri mon and thu other second last first of the month 31st 24 dec until
    2027 quarter vsak petek alle FREQ=WEEKLY ;BYDAY=MO ;INTERVAL=2 freq= = ; ;COUNT=1 每 周五 每两周
"""


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(
        st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join),
        st.text(st.characters(), max_size=60),
    ),
    st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_any_text_is_a_repeat_or_a_usage_error(text: str, start: date | None) -> None:
    with suppress(UsageError):
        found = repeat.parse(text, MON, start=start)
        assert found.start >= (start or MON.date())
        assert repeat.describe(found.rrule)
