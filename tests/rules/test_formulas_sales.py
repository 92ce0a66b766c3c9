"""The worked examples of formulas 4.2 to 4.11, by their numbers, and what always holds."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError
from crmcli.money import Money
from crmcli.rules import sales
from crmcli.rules.deal import idle_days, is_rotten
from crmcli.rules.sales import Purse, Rates, Stay

EUR = Rates("EUR")
DAY = 86_400


def purse(*amounts: tuple[int, str], rates: Rates = EUR, day: str = "2026-03-01") -> Purse:
    found = Purse(rates.base)
    for minor, currency in amounts:
        found.add(rates, minor, currency, day)
    return found


def rates(*known: tuple[str, str, str, str], base: str = "EUR") -> Rates:
    pairs: dict[tuple[str, str], list[tuple[str, Fraction]]] = {}
    for one, other, day, rate in sorted(known, key=lambda row: row[2]):
        pairs.setdefault((one, other), []).append((day, Fraction(rate)))
    return Rates(base, pairs)


def test_4_2_weighted_is_rounded_once_at_the_end():
    open_deals = [(1_000_000, 20), (400_000, 60), (800_050, 80)]
    found = Purse("EUR")
    for minor, percent in open_deals:
        found.add(EUR, sales.weighted(minor, percent), "EUR", "2026-03-01")
    assert found.moneys == [Money(1_080_040, "EUR")]
    assert (found + purse((500_000, "EUR"))).in_base == Money(1_580_040, "EUR")
    halves = Purse("EUR")
    for _ in range(3):  # 3 x 0.5 cents are 1.5, half to even 2; rounded each they would be 0
        halves.add(EUR, sales.weighted(1, 50), "EUR", "2026-03-01")
    assert halves.moneys == [Money(2, "EUR")]


def test_4_4_win_rate():
    assert sales.win_rate(6, 9) == 40.0
    assert sales.win_rate(6, 9, late=5) == 30.0
    assert sales.win_rate(0, 0) is None
    won, lost = purse((6_000_000, "EUR")), purse((14_000_000, "EUR"))
    assert sales.money_share(won, won + lost) == 30.0


def test_4_5_sales_cycle():
    days = sales.days([10 * DAY, 20 * DAY, 60 * DAY])
    assert (sales.tenths(sales.mean(days)), sales.tenths(sales.median(days))) == (30.0, 20.0)
    assert sales.mean([]) is None
    assert sales.median([]) is None
    assert sales.tenths(sales.mean(sales.days([DAY, DAY + 4320]))) == 1.0  # 1.025


def test_4_6_lead_conversion():
    assert sales.share(6, 40) == 15.0
    assert sales.share(0, 0) is None


LEAD, OFFER, WON, LOST = 1, 2, 3, 4
KINDS = {LEAD: "open", OFFER: "open", WON: "won", LOST: "lost"}
RANKS = {LEAD: 1, OFFER: 2, WON: 9, LOST: 0}


def stays(*stages: int) -> list[Stay]:
    """Give stays of a day each; the last one goes on."""
    ends = [*range(1, len(stages)), None]
    return [
        Stay(stage, KINDS[stage], RANKS[stage], at * DAY, None if end is None else end * DAY)
        for at, (stage, end) in enumerate(zip(stages, ends, strict=True))
    ]


def test_4_7_stage_conversion():
    advanced = [stays(LEAD, OFFER)] * 3 + [stays(LEAD, WON)] + [stays(LEAD, OFFER, LEAD)]
    cohort = [*advanced, *[stays(LEAD, LOST)] * 3, *[stays(LEAD)] * 2]
    fates = [sales.fate(one, LEAD, 0, DAY) for one in cohort]
    counts = [fates.count(fate) for fate in ("advanced", "dropped", "pending")]
    assert counts == [5, 3, 2]
    assert sales.share(counts[0], counts[0] + counts[1]) == 62.5


def test_4_7_a_deal_that_came_back_and_was_lost_had_advanced():
    assert sales.fate(stays(LEAD, OFFER, LEAD, LOST), LEAD, 0, 9 * DAY) == "advanced"
    assert sales.fate(stays(LEAD, OFFER, LEAD, LOST), OFFER, 0, 9 * DAY) == "dropped"
    assert sales.fate(stays(LEAD, LOST, LEAD), LEAD, 0, DAY) == "pending"  # opened again
    assert sales.fate(stays(OFFER, LEAD), OFFER, 0, DAY) == "pending"
    assert sales.fate(stays(LEAD, OFFER), OFFER, 0, DAY) is None  # not in the window


def test_4_7_lost_deals_stay_in_the_funnel_by_the_highest_stage():
    reached = [sales.reached(stays(*way)) for way in ((LEAD, LOST), (LEAD, OFFER, LOST), (LEAD,))]
    assert reached == [1, 2, 1]
    assert sales.reached(stays(LEAD, OFFER, LEAD)) == 2
    assert sales.bars({1: 2, 2: 1}, [1, 2, 9]) == [3, 1, 0]


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 99)), st.lists(st.integers(1, 9)))
def test_4_7_bars_never_grow(reached, ranks):
    bars = sales.bars(reached, sorted(ranks))
    assert bars == sorted(bars, reverse=True)


def test_4_8_time_in_stage():
    def at(day: int) -> int:
        return int((date(2026, 3, day) - date(1970, 1, 1)).total_seconds())

    visits = [Stay(LEAD, "open", 1, at(1), at(5)), Stay(OFFER, "open", 2, at(5), at(10))]
    visits.append(Stay(LEAD, "open", 1, at(10), at(13)))
    assert sales.time_in(visits, LEAD, at(20)) == (7 * DAY, 3 * DAY)
    running = [*visits, Stay(LEAD, "open", 1, at(18))]
    assert sales.time_in(running, LEAD, at(20)) == (9 * DAY, 3 * DAY)
    assert sales.time_in(running, WON, at(20)) == (0, None)


def test_4_9_rotting():
    idle = idle_days(date(2026, 3, 18), date(2026, 3, 10))
    assert idle == 8
    assert is_rotten(7, idle, has_coming_task=False)
    assert not is_rotten(7, idle, has_coming_task=True)
    assert not is_rotten(None, idle, has_coming_task=False)


def test_4_11_sales_velocity():
    average = purse((500_000, "EUR"))
    found = sales.velocity(12, average, 4, 10, Fraction(30))
    assert found is not None
    assert found.in_base == Money(80_000, "EUR")
    assert sales.velocity(12, average, 0, 0, None) is None
    assert sales.velocity(12, average, 1, 1, Fraction(0)) is None


@given(st.lists(st.tuples(st.integers(0, 10**15), st.integers(0, 100)), max_size=30))
def test_weighted_is_never_more_than_what_is_open(deals):
    everything, likely = Purse("EUR"), Purse("EUR")
    for minor, percent in deals:
        everything.add(EUR, minor, "EUR", "2026-03-01")
        likely.add(EUR, sales.weighted(minor, percent), "EUR", "2026-03-01")
    assert likely.moneys[0].minor <= everything.moneys[0].minor


def test_currencies_are_not_added_up_without_a_rate():
    found = purse((1000, "USD"), (500, "EUR"))
    assert found.moneys == [Money(500, "EUR"), Money(1000, "USD")]
    assert found.in_base is None
    assert found.missing == {("USD", "2026-03-01")}
    assert found.size is None
    assert sales.money_share(purse((1000, "USD")), found) is None


def test_a_rate_holds_from_its_day_on_and_never_before():
    known = rates(("USD", "EUR", "2026-01-01", "0.9"), ("USD", "EUR", "2026-06-01", "0.8"))
    assert [known.of("USD", day) for day in ("2025-12-31", "2026-01-01", "2026-12-31")] == [
        None,
        Fraction("0.9"),
        Fraction("0.8"),
    ]
    assert known.of("EUR", "1999-01-01") == 1
    assert known.of("CHF", "2026-12-31") is None
    assert Rates(None).of("EUR", "2026-01-01") is None


def test_a_rate_serves_both_ways_the_newer_one_first():
    known = rates(("EUR", "USD", "2026-01-01", "1.25"), ("USD", "EUR", "2026-03-01", "0.5"))
    assert known.of("USD", "2026-02-01") == Fraction("0.8")
    assert known.of("USD", "2026-03-01") == Fraction("0.5")


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "worth"),
    [
        (1000, "JPY", "0.0061", 610),  # 1000 yen have no decimals
        (1000, "KWD", "3.0005", 300),  # 1.000 dinar is 3.0005 EUR
        (5000, "KWD", "3.0005", 1500),
    ],
)
def test_currencies_without_and_with_three_decimals(amount, currency, rate, worth):
    known = rates((currency, "EUR", "2026-01-01", rate))
    assert purse((amount, currency), rates=known).in_base == Money(worth, "EUR")


def test_into_a_currency_without_decimals():
    known = rates(("EUR", "JPY", "2026-01-01", "163.7"), base="JPY")
    assert purse((1050, "EUR"), rates=known).in_base == Money(1719, "JPY")  # 1718.85


@pytest.mark.parametrize(
    ("text", "stored"), [("0.92", "0.92"), ("1,5", "1.5"), ("163.70", "163.7"), ("007", "7")]
)
def test_rates_are_stored_as_decimals(text, stored):
    assert sales.rate(text) == stored


@pytest.mark.parametrize("text", ["", "0", "0.000", "-1", "x", "1e5", "9" * 13, "\x1b[1m"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(InvalidError):
        sales.rate(text)
