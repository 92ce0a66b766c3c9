"""Dates in ten languages and two calendars, in both directions, in three zones."""

import subprocess
import sys
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli import dates, repeat, words
from crmcli.dates import When
from crmcli.errors import MissingExtraError, UsageError

LJUBLJANA, TEHRAN = ZoneInfo("Europe/Ljubljana"), ZoneInfo("Asia/Tehran")
MON = datetime(2026, 11, 23, 10, 0)
NOWS = [
    datetime(2026, 3, 29, 2, 30, tzinfo=LJUBLJANA),  # Sunday; this time does not exist
    datetime(2026, 10, 25, 2, 30, tzinfo=LJUBLJANA, fold=1),  # Sunday; the second half past two
    datetime(2028, 2, 29, 12, 0, tzinfo=TEHRAN),  # Tuesday
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),  # Thursday
    datetime(2026, 11, 23, 10, 0, tzinfo=LJUBLJANA),  # Monday
]
LANGUAGES = [*words._LATIN, "russian", "chinese"]

Day = Callable[[date], date]


# -- what the tables below expect, told from today


def day(count: int) -> Day:
    return lambda today: today + timedelta(days=count)


def month(count: int) -> Day:
    def at(today: date) -> date:
        year, number = divmod(today.month - 1 + count, 12)
        last = monthrange(today.year + year, number + 1)[1]
        return date(today.year + year, number + 1, min(today.day, last))

    return at


def coming(number: int) -> Day:
    return lambda today: next(
        at for n in range(1, 8) if (at := today + timedelta(days=n)).weekday() == number
    )


def past(number: int) -> Day:
    return lambda today: next(
        at for n in range(1, 8) if (at := today - timedelta(days=n)).weekday() == number
    )


def of_week(number: int, weeks: int) -> Day:
    return lambda today: today + timedelta(days=number - today.weekday() + 7 * weeks)


def next_yearly(month: int, number: int) -> Day:
    return lambda today: min(
        at for n in (0, 1) if (at := date(today.year + n, month, number)) >= today
    )


def last_yearly(month: int, number: int) -> Day:
    return lambda today: max(
        at for n in (0, -1) if (at := date(today.year + n, month, number)) <= today
    )


def exactly(*fields: int) -> Day:
    return lambda _today: date(*fields)


FRI, WED = 4, 2
NEXT_FRI, NEXT_YEAR_DAY = of_week(FRI, 1), next_yearly(12, 24)

# Phrases that mean the same in both directions.
EITHER: list[tuple[Day, str]] = [
    (day(0), "today|danes|danas|heute|aujourd'hui|hoy|oggi|сегодня|今天|امروز"),
    (day(1), "tomorrow|jutri|sutra|morgen|demain|mañana|domani|завтра|明天|فردا"),
    (day(-1), "yesterday|včeraj|jučer|gestern|hier|ayer|ieri|вчера|昨天|دیروز"),
    (day(2), "pojutrišnjem|prekosutra|übermorgen|uebermorgen|après-demain|pasado mañana"),
    (day(2), "dopodomani|послезавтра|后天|後天|پس‌فردا|پس فردا"),
    (day(-2), "predvčerajšnjim|prekjučer|vorgestern|avant-hier|anteayer|l'altro ieri"),
    (day(-2), "позавчера|前天|پریروز"),
    (NEXT_FRI, "next fri|naslednji petek|prihodnji petek|v naslednji pet|sljedeći petak"),
    (NEXT_FRI, "sljedećeg petka|nächsten Freitag|am naechsten Freitag|kommenden Freitag"),
    (NEXT_FRI, "vendredi prochain|el próximo viernes|el viernes que viene|venerdì prossimo"),
    (NEXT_FRI, "il prossimo venerdì|в следующую пятницу|下周五|下星期五|下个星期五|下禮拜五"),
    (NEXT_FRI, "جمعه آینده|جمعه بعد"),
    (past(WED), "last wed|prejšnjo sredo|preteklo sredo|prošlu srijedu|prošle srijede"),
    (past(WED), "letzten Mittwoch|mercredi dernier|mercredi passé|el miércoles pasado"),
    (past(WED), "mercoledì scorso|в прошлую среду|چهارشنبه گذشته|چهارشنبه پیش"),
    (of_week(WED, -1), "wed of last week|上周三|上个星期三"),
    (of_week(FRI, 0), "fri of this week|这周五|本周五"),
    (day(7), "next week|naslednji teden|sljedeći tjedan|nächste Woche|la semaine prochaine"),
    (day(7), "la próxima semana|la settimana prossima|на следующей неделе|下周|هفته بعد"),
    (day(7), "čez en teden|čez teden|in einer Woche|dans une semaine|en una semana"),
    (day(7), "fra una settimana|через неделю|一周后|یک هفته دیگر"),
    (day(-7), "last week|prejšnji teden|prošli tjedan|letzte Woche|la semaine dernière"),
    (day(-7), "la semana pasada|la settimana scorsa|на прошлой неделе|上周|هفته پیش"),
    (month(1), "next month|naslednji mesec|sljedeći mjesec|nächsten Monat|le mois prochain"),
    (month(1), "el próximo mes|il mese prossimo|в следующем месяце|下个月|下月|ماه بعد"),
    (month(-12), "last year|prejšnje leto|prošle godine|letztes Jahr|в прошлом году|去年"),
    (month(12), "next year|naslednje leto|sljedeće godine|nächstes Jahr|el próximo año|明年"),
    (day(3), "in 3 days|čez 3 dni|čez tri dni|za 3 dana|in 3 Tagen|in drei Tagen|dans 3 jours"),
    (day(3), "en 3 días|dentro de 3 días|fra 3 giorni|tra 3 giorni|через 3 дня|3天后|3天之后"),
    (day(3), "三天后|۳ روز دیگر|3 روز بعد"),
    (day(-14), "2 weeks ago|pred 2 tednoma|prije 2 tjedna|vor 2 Wochen|il y a 2 semaines"),
    (day(-14), "hace 2 semanas|2 settimane fa|due settimane fa|2 недели назад|两周前|两个星期前"),
    (day(-14), "۲ هفته پیش|۲ هفته قبل"),
    (month(-5), "pred 5 meseci|prije 5 mjeseci|vor 5 Monaten|il y a 5 mois|hace 5 meses"),
    (month(-5), "5 mesi fa|5 месяцев назад|5个月前|۵ ماه پیش"),
    (exactly(2026, 12, 24), "24 dec 2026|24. december 2026|24. decembra 2026|24. prosinca 2026"),
    (exactly(2026, 12, 24), "24. Dezember 2026|24. Dez. 2026|am 24. Dez 2026|le 24 décembre 2026"),
    (exactly(2026, 12, 24), "24 de diciembre de 2026|24 dicembre 2026|24 декабря 2026 года"),
    (exactly(2026, 12, 24), "2026年12月24日|2026年12月24號|۲۴ دسامبر ۲۰۲۶|24. 12. 2026"),
    (exactly(2026, 11, 23), "1405/9/2|1405-09-02|۱۴۰۵/۹/۲|۲ آذر ۱۴۰۵|2 azar 1405|2.9.1405"),
    (exactly(2021, 3, 20), "1399/12/30|30 esfand 1399|1399-12-30"),
    (exactly(2026, 9, 24), "2 mehr 1405|۲ مهر ۱۴۰۵"),
]

# Phrases that follow the direction: ahead, behind.
DIRECTED: list[tuple[Day, Day, str]] = [
    (coming(FRI), past(FRI), "fri|petek|v petek|v pet|petak|u petak|Freitag|am Freitag|am Fr"),
    (coming(FRI), past(FRI), "vendredi|viernes|el viernes|vie|venerdì|в пятницу|пятница|пт"),
    (coming(FRI), past(FRI), "周五|星期五|週五|礼拜五|جمعه|در جمعه"),
    (coming(WED), past(WED), "v sredo|u srijedu|am Mittwoch|mercredi|el miércoles|mercoledì"),
    (coming(WED), past(WED), "в среду|周三|چهارشنبه|چهار شنبه"),
    (coming(6), past(6), "v nedeljo|u nedjelju|Sonntag|dimanche|domingo|domenica|воскресенье"),
    (coming(6), past(6), "周日|星期天|یکشنبه|یک‌شنبه"),
    (NEXT_YEAR_DAY, last_yearly(12, 24), "24 dec|24. december|24. decembra|24. dec|24. prosinca"),
    (NEXT_YEAR_DAY, last_yearly(12, 24), "24. Dezember|am 24.12.|24 décembre|24 de diciembre"),
    (NEXT_YEAR_DAY, last_yearly(12, 24), "24 dicembre|24 декабря|12月24日|十二月24日|۲۴ دسامبر"),
    (next_yearly(1, 1), last_yearly(1, 1), "1er janvier|1. siječnja|1 января|1° gennaio|一月一日"),
]
EITHERS = [(expected, phrase) for expected, line in EITHER for phrase in line.split("|")]
DIRECTEDS = [(*expected, phrase) for *expected, line in DIRECTED for phrase in line.split("|")]


def read(phrase: str, now: datetime = MON, *, forward: bool = True) -> str:
    when = dates.parse(phrase, now, forward=forward)
    return f"{when.on} {when.at:%H:%M}" if when.at else f"{when.on}"


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_phrases_without_direction(now: datetime) -> None:
    for expected, phrase in EITHERS:
        for forward in (True, False):
            assert read(phrase, now, forward=forward) == str(expected(now.date())), phrase


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_phrases_with_direction(now: datetime) -> None:
    for ahead, behind, phrase in DIRECTEDS:
        assert read(phrase, now) == str(ahead(now.date())), phrase
        assert read(phrase, now, forward=False) == str(behind(now.date())), phrase


# On Monday 2026-11-23 at 10:00, forward: dates written out, so that the tables are checked too.
LITERAL = [
    ("naslednji petek", "2026-12-04"),
    ("vendredi prochain", "2026-12-04"),
    ("下周五", "2026-12-04"),
    ("上周五", "2026-11-20"),
    ("в пятницу", "2026-11-27"),
    ("čez 3 dni", "2026-11-26"),
    ("hace 2 semanas", "2026-11-09"),
    ("ماه بعد", "2026-12-23"),
    ("24 декабря", "2026-12-24"),
    ("1 maggio", "2027-05-01"),
    ("30 esfand", "2030-03-20"),
    ("2 azar", "2026-11-23"),
    ("1 azar", "2027-11-22"),
    # times
    ("ob 15h", "2026-11-23 15:00"),
    ("um 15 Uhr", "2026-11-23 15:00"),
    ("15 Uhr 30", "2026-11-23 15:30"),
    ("à 9h30", "2026-11-24 09:30"),
    ("下午3点", "2026-11-23 15:00"),
    ("ساعت ۱۵:۳۰", "2026-11-23 15:30"),
    ("jutri ob 15:30", "2026-11-24 15:30"),
    ("v petek ob 9h", "2026-11-27 09:00"),
    ("v petek, 9:00", "2026-11-27 09:00"),
    ("pon 9:00", "2026-11-30 09:00"),
    ("pojutrišnjem opoldne", "2026-11-25 12:00"),
    ("sutra u 15 sati", "2026-11-24 15:00"),
    ("sutra u podne", "2026-11-24 12:00"),
    ("morgen um 15.30 Uhr", "2026-11-24 15:30"),
    ("am 24.12. um 15 Uhr", "2026-12-24 15:00"),
    ("übermorgen mittags", "2026-11-25 12:00"),
    ("vendredi à 15h", "2026-11-27 15:00"),
    ("demain midi", "2026-11-24 12:00"),
    ("le 24/12/2026 à 15h", "2026-12-24 15:00"),
    ("mañana a las 15:30", "2026-11-24 15:30"),
    ("mañana a las 3 de la tarde", "2026-11-24 15:00"),
    ("el 24 de diciembre a las 15", "2026-12-24 15:00"),
    ("domani alle 15", "2026-11-24 15:00"),
    ("domani a mezzogiorno", "2026-11-24 12:00"),
    ("завтра в 15:30", "2026-11-24 15:30"),
    ("завтра в 3 часа", "2026-11-24 03:00"),
    ("в полдень", "2026-11-23 12:00"),
    ("明天下午3点半", "2026-11-24 15:30"),
    ("明天 15点20分", "2026-11-24 15:20"),
    ("下周五15:30", "2026-12-04 15:30"),
    ("明天中午", "2026-11-24 12:00"),
    ("فردا ساعت ۱۵", "2026-11-24 15:00"),
    ("فردا ۳ بعدازظهر", "2026-11-24 15:00"),
    ("2 azar 1406 9:00", "2027-11-23 09:00"),
    ("1405/9/3 9:00", "2026-11-24 09:00"),
    ("čez dva dni ob 9:00", "2026-11-25 09:00"),
    # hours and minutes
    ("čez 2h", "2026-11-23 12:00"),
    ("za 2 sata", "2026-11-23 12:00"),
    ("in 2 Stunden", "2026-11-23 12:00"),
    ("dans 2 heures", "2026-11-23 12:00"),
    ("en 2 horas", "2026-11-23 12:00"),
    ("fra 2 ore", "2026-11-23 12:00"),
    ("через 2 часа", "2026-11-23 12:00"),
    ("2小时后", "2026-11-23 12:00"),
    ("۲ ساعت دیگر", "2026-11-23 12:00"),
]


@pytest.mark.parametrize(("phrase", "expected"), LITERAL)
def test_literal_dates(phrase: str, expected: str) -> None:
    assert read(phrase) == expected


def test_there_are_enough_phrases() -> None:
    assert len(EITHERS) + len(DIRECTEDS) + len(LITERAL) > 300


@pytest.mark.parametrize("now", NOWS, ids=str)
@pytest.mark.parametrize(
    "phrase",
    [
        *["20 min ago", "pred 20 min", "pred 20 minutami", "prije 20 minuta", "vor 20 Minuten"],
        *["il y a 20 min", "hace 20 minutos", "20 minuti fa", "20 минут назад", "20分钟前"],
        "۲۰ دقیقه پیش",
    ],
)
def test_minutes_ago_are_time_that_passed(phrase: str, now: datetime) -> None:
    then = (now.astimezone(UTC) - timedelta(minutes=20)).astimezone(now.tzinfo)
    assert read(phrase, now) == f"{then:%Y-%m-%d %H:%M}"
    assert dates.moment(phrase, now).astimezone(UTC).minute == then.astimezone(UTC).minute


def test_the_nights_the_clocks_change() -> None:
    assert read("pred 60 min", datetime(2026, 3, 29, 3, 10, tzinfo=LJUBLJANA)) == "2026-03-29 01:10"
    assert read("через 2 часа", datetime(2026, 10, 25, 1, 30, tzinfo=LJUBLJANA)) == (
        "2026-10-25 02:30"
    )


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_weekday_of_every_language(language: str, number: int) -> None:
    name = "mon tue wed thu fri sat sun".split()[number]
    for word in _table(language)[name].split():
        phrase = word.strip("~").replace("_", " ")
        assert dates.parse(phrase, MON, forward=True).on.weekday() == number, phrase


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "chinese"])
def test_every_month_of_every_language(language: str, number: int) -> None:
    table = _table(language)
    name = "jan feb mar apr may jun jul aug sep oct nov dec".split()[number - 1]
    for word in table[name].split():
        assert read(f"5 {word} 2027") == f"2027-{number:02}-05", word


def _table(language: str) -> dict[str, str]:
    from importlib import import_module

    table: dict[str, str] = import_module(f"crmcli.words.{language}").WORDS
    return table


def test_languages_do_not_differ_about_the_words_of_dates() -> None:
    meanings: dict[str, set[str]] = {}
    for language in words._LATIN:
        for word, token in words._table(language).items():
            if token.kind in "tWMJUHIn" and not token.weak:
                meanings.setdefault(word, set()).add(token.value)
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


def test_a_phrase_that_languages_read_differently_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "dates", lambda phrase, weak: {"fri", "sat"})
    with pytest.raises(UsageError, match="languages differ"):
        read("torkovica")
    assert dates.split_leading("torkovica x", MON) == (None, "torkovica x")


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize(
    "phrase",
    [
        *["31. februarja", "2026年13月1日", "30 février", "1405/7/31", "30 esfand 1405", "32 azar"],
        *["2 azar 2026", "jalali 1", "čez 99999999999 dni"],
    ],
)
def test_impossible_dates_are_refused(phrase: str, forward: bool) -> None:
    with pytest.raises(UsageError, match="no such date"):
        read(phrase, forward=forward)


@pytest.mark.parametrize("phrase", ["jutri ob 25h", "明天25点", "v petek ob 9:75"])
def test_impossible_times_are_refused(phrase: str) -> None:
    with pytest.raises(UsageError, match="no such time"):
        read(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        *["半年后", "周末", "v 3 urah", "2 mehr", "2 ago", "3 set", "dober dan", "die", "la", "ob"],
        *["morgen Freitag", "fra settimane", "petek 15", "24 décembre 15", "in petek", "у меня"],
        *["jutri ob 12 zvečer", "明天晚上12点", "čez"],
    ],
)
def test_what_is_no_date_is_refused(phrase: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        read(phrase)


# -- split_leading


@pytest.mark.parametrize(
    ("phrase", "expected", "title"),
    [
        ("v petek v Ljubljani", "2026-11-27", "v Ljubljani"),
        ("jutri poklicati Ano", "2026-11-24", "poklicati Ano"),
        ("naslednji petek ob 15h poklicati Ano", "2026-12-04 15:00", "poklicati Ano"),
        ("24. 12. ob 15h večerja", "2026-12-24 15:00", "večerja"),
        ("24 december ob 15h večerja", "2026-12-24 15:00", "večerja"),
        ("vendredi avec Ana", "2026-11-27", "avec Ana"),
        ("il y a 2 semaines offre", "2026-11-09", "offre"),
        ("el viernes que viene a las 15:30 llamar", "2026-12-04 15:30", "llamar"),
        ("domani alle 15 chiamare", "2026-11-24 15:00", "chiamare"),
        ("через неделю позвонить Ане", "2026-11-30", "позвонить Ане"),
        ("下周五 下午3点 打电话", "2026-12-04 15:00", "打电话"),
        ("فردا ساعت ۱۵:۳۰ تماس با علی", "2026-11-24 15:30", "تماس با علی"),
        ("1405/9/3 call", "2026-11-24", "call"),
        ("pon 9:00 sestanek", "2026-11-30 09:00", "sestanek"),
        # English titles stay as they are
        ("tue a 3 page offer", "2026-11-24", "a 3 page offer"),
        ("fri alle 15 Firmen", "2026-11-27", "alle 15 Firmen"),
        ("fri u 2 can", "2026-11-27", "u 2 can"),
    ],
)
def test_split_leading(phrase: str, expected: str, title: str) -> None:
    when, rest = dates.split_leading(phrase, MON)
    assert when is not None
    at = f" {when.at:%H:%M}" if when.at else ""
    assert (f"{when.on}{at}", rest) == (expected, title)


@pytest.mark.parametrize(
    "title",
    [
        *["call Ana", "pet food order", "sob story", "ned will call", "sam wants a quote"],
        *["dim the lights", "dom called back", "vie for the deal", "do 2h of work", "so send it"],
        *[
            "mi casa",
            "hier anrufen",
            "midi keyboard",
            "a la carte menu",
            "to do list",
            "due offers",
        ],
        *["in der Woche anrufen", "in 3 Punkten antworten", "za leto pripravi plan", "v 3 urah"],
        *["v pet minutah", "alle 15 Firmen anschreiben", "um 15 bitten", "в 15 компаний написать"],
        *[
            "3 mehr Angebote",
            "2 set da inviare",
            "2 ago",
            "un giorno di vacanza",
            "24 pro licenses",
        ],
        *["mar campaign", "周一帆 来电", "天后 演唱会", "tir 3", "am do Vertrag", "ta ponudba"],
    ],
)
def test_a_title_without_a_date_stays_whole(title: str) -> None:
    assert dates.split_leading(title, MON) == (None, title)


# -- durations and birthdays


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("45 minut", 45), ("2 uri", 120), ("45 minuta", 45), ("2 sata", 120), ("2 Stunden", 120)],
        *[("1 Stunde 30 Minuten", 90), ("1h30", 90), ("2 heures", 120), ("1 heure et 5 min", 65)],
        *[("2 horas", 120), ("1 hora y 15 minutos", 75), ("1,5 ore", 90), ("1 час 30 минут", 90)],
        *[("20分钟", 20), ("1小时30分钟", 90), ("۴۵ دقیقه", 45), ("۱ ساعت و ۳۰ دقیقه", 90)],
    ],
)
def test_minutes(text: str, expected: int) -> None:
    assert dates.minutes(text) == expected


@pytest.mark.parametrize(
    "text", ["0 uri", "8 Tage", "3 dni", "200 Stunden", "petek", "1 ura 75 min"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a duration"):
        dates.minutes(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17. maj 1990", (1990, 5, 17)),
        ("17. svibnja 1990", (1990, 5, 17)),
        ("17. Mai", (None, 5, 17)),
        ("le 17 mai 1990", (1990, 5, 17)),
        ("17 de mayo de 1990", (1990, 5, 17)),
        ("17 maggio", (None, 5, 17)),
        ("17 мая 1990 г.", (1990, 5, 17)),
        ("1990年5月17日", (1990, 5, 17)),
        ("5月17日", (None, 5, 17)),
        ("29 февраля", (None, 2, 29)),
        ("1369/2/27", (1990, 5, 17)),
        ("۲۷ اردیبهشت ۱۳۶۹", (1990, 5, 17)),
    ],
)
def test_birthday(text: str, expected: tuple[int | None, int, int]) -> None:
    assert dates.birthday(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jutri", "not a birthday"),
        ("27 azar", "not a birthday"),  # which Gregorian day it is depends on the year
        ("30. februarja", "no such date"),
        ("1369/7/31", "no such date"),
        ("27 azar 2026", "no such date"),
    ],
)
def test_what_is_no_birthday_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        dates.birthday(text)


# -- the Jalali calendar


def test_describe_in_the_jalali_calendar() -> None:
    when = When(date(2026, 11, 27), time(9))
    assert dates.describe(when, MON.date(), "jalali") == (
        "Fri 6 Azar 1405, 27 Nov 2026 09:00 (in 4 days)"
    )
    assert dates.describe(when, MON.date(), "gregorian") == dates.describe(when, MON.date())


def test_what_the_jalali_echo_says_is_read_again() -> None:
    for offset in range(400):
        on = MON.date() + timedelta(days=offset)
        said = dates.describe(When(on), MON.date(), "jalali")
        assert read(said.split(" ", 1)[1].partition(",")[0]) == str(on)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdatetime", None)
    readers: list[Callable[[], object]] = [
        lambda: read("1405/9/2"),
        lambda: read("۲ آذر"),
        lambda: dates.split_leading("2 azar call", MON),
        lambda: dates.birthday("1369/2/27"),
        lambda: dates.describe(When(MON.date()), MON.date(), "jalali"),
    ]
    for reader in readers:
        with pytest.raises(MissingExtraError) as caught:
            reader()
        assert caught.value.code == 2
        assert caught.value.hint == "pip install 'crmcli[jalali]'"
    assert read("fri") == "2026-11-27"


# -- properties

WORDS = {
    language: [
        word.strip("~").replace("_", " ")
        for line in _table(language).values()
        for word in line.split()
    ]
    for language in LANGUAGES
}
NUMBERS = ["2", "15", "24.", "31", "2026", "1405", "15:30", "24.12.", "15.30", "1405/12/30", ","]
phrases = st.sampled_from(LANGUAGES).flatmap(
    lambda language: st.lists(
        st.one_of(st.sampled_from(WORDS[language]), st.sampled_from(NUMBERS)), max_size=6
    ).map((" " if language != "chinese" else "").join)
)


@settings(deadline=None, max_examples=400)
@given(phrases, st.sampled_from(NOWS), st.booleans())
def test_any_words_are_a_date_or_a_usage_error(phrase: str, now: datetime, forward: bool) -> None:
    readers: list[Callable[[], object]] = [
        lambda: dates.parse(phrase, now, forward=forward),
        lambda: dates.moment(phrase, now),
        lambda: dates.minutes(phrase),
        lambda: dates.birthday(phrase),
        lambda: repeat.parse(phrase, now),
    ]
    for reader in readers:
        with suppress(UsageError):
            assert reader()


@settings(deadline=None, max_examples=200)
@given(phrases, st.sampled_from(NOWS))
def test_what_begins_a_title_is_read_alone_too(phrase: str, now: datetime) -> None:
    when, rest = dates.split_leading(phrase, now)
    if when:
        begin = phrase.strip().removesuffix(rest)
        assert dates.parse(begin, now, forward=True) == when
    else:
        assert rest == phrase.strip()


# -- what it costs


def test_english_loads_no_other_language() -> None:
    program = """if True:
        import sys
        from datetime import datetime
        from crmcli import dates
        now = datetime(2026, 11, 23, 10)
        for phrase in ["fri", "24 dec 9:00", "in 3 days", "2026-12-24", "next week", "20 min ago"]:
            dates.parse(phrase, now, forward=True)
            dates.split_leading(phrase + " send 3 offers to a client", now)
        dates.minutes("1h30"), dates.birthday("17 may 1990")
        print([name for name in sys.modules if "words" in name or "jalali" in name])
        dates.parse("в пятницу", now, forward=True)
        print([name for name in sys.modules if "crmcli.words." in name])
    """
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.splitlines() == ["[]", "['crmcli.words.russian']"], run.stderr
