"""Money: as people write it, in minor units, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli import money
from crmcli.errors import UsageError
from crmcli.money import CODES, Money


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9000", "9000.00 EUR"),
        (" 9000 ", "9000.00 EUR"),
        ("9k", "9000.00 EUR"),
        ("9 K", "9000.00 EUR"),
        ("2.5k", "2500.00 EUR"),
        ("1.2345k", "1234.50 EUR"),
        ("EUR 9000", "9000.00 EUR"),
        ("9000 EUR", "9000.00 EUR"),
        ("usd9000", "9000.00 USD"),
        ("9kUSD", "9000.00 USD"),
        ("€9000", "9000.00 EUR"),
        ("9000 €", "9000.00 EUR"),
        ("£5", "5.00 GBP"),
        ("100 zł", "100.00 PLN"),
        ("9.000,50", "9000.50 EUR"),
        ("9,000.50", "9000.50 EUR"),
        ("1.234.567", "1234567.00 EUR"),
        ("1.234.567,89", "1234567.89 EUR"),
        ("12,34,567.5", "1234567.50 EUR"),
        ("1 234,50", "1234.50 EUR"),
        ("1\u202f234", "1234.00 EUR"),
        ("1'234.50", "1234.50 EUR"),
        ("1’234", "1234.00 EUR"),
        ("9,5", "9.50 EUR"),
        ("0.5", "0.50 EUR"),
        ("0.500", "0.50 EUR"),
        ("-5", "-5.00 EUR"),
        ("\u2212€5", "-5.00 EUR"),
        ("EUR -5", "-5.00 EUR"),
        ("JPY 5000", "5000 JPY"),
        ("5k JPY", "5000 JPY"),
        ("1.234 KWD", "1.234 KWD"),
        ("0,125 KWD", "0.125 KWD"),
        ("1.2345 CLF", "1.2345 CLF"),
        ("۱٬۲۳۴٫۵", "1234.50 EUR"),
        ("９０００", "9000.00 EUR"),
    ],
)
def test_amounts_as_people_write_them(text, expected):
    assert money.text(money.parse(text, "EUR")) == expected


@pytest.mark.parametrize(
    ("text", "readings", "hint"),
    [
        ("1,234", "1234 or 1.234", "write 1234, or 1.23"),
        ("1.234", "1234 or 1.234", "write 1234, or 1.23"),
        ("EUR 1.234", "1234 or 1.234", "write 1234, or 1.23"),
        ("1,234 KWD", "1234 or 1.234", "write 1234, or 1.234"),
        ("-9,000", "9000 or 9.000", "write 9000, or 9.00"),
        ("2.500k", "2500 or 2.500", "write 2500, or 2.50"),
    ],
)
def test_one_separator_with_three_digits_has_two_readings(text, readings, hint):
    with pytest.raises(UsageError) as error:
        money.parse(text, "EUR")
    assert error.value.message == f"{text!r} has two readings: {readings}"
    assert error.value.hint == hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, "not an amount") for text in ("", "abc", "k", "9.", ".5", "--5", "1e5", "²")),
        *((text, "not an amount") for text in ("12,34,56", "1.23.456", "9,00,0", "1 2 3", "9€0")),
        ("9.5555", "too many decimals"),
        ("JPY 5.5", "too many decimals"),
        ("1.2345 KWD", "too many decimals"),
        ("1234567890123456", "too large"),
        ("$5", "many currencies"),
        ("5 XQX", "unknown currency"),
        ("\x1b[31m9000", "not an amount"),
        ("9" * 5000, "too large"),
    ],
)
def test_what_is_no_amount_is_refused(text, said):
    with pytest.raises(UsageError) as error:
        money.parse(text, "EUR")
    assert said in error.value.message
    assert error.value.hint
    assert len(error.value.message) < 100


def test_without_a_currency_the_way_to_set_one_is_named():
    with pytest.raises(UsageError) as error:
        money.parse("9000", None)
    assert "crm config set currency EUR" in error.value.hint
    assert money.parse("9000 CHF", None) == Money(900000, "CHF")


@pytest.mark.parametrize("amount", ["1,5", "1.", "", "1e3", "9k", "1.234"])
def test_our_json_holds_plain_amounts(amount):
    with pytest.raises(UsageError):
        money.parse_plain(amount, "EUR")


def test_json():
    assert money.json(Money(900000, "EUR")) == {"amount": "9000.00", "currency": "EUR"}
    assert money.json(Money(-5, "EUR")) == {"amount": "-0.05", "currency": "EUR"}
    assert money.json(Money(5, "JPY")) == {"amount": "5", "currency": "JPY"}
    assert money.json(Money(5, "KWD")) == {"amount": "0.005", "currency": "KWD"}


MONEY = st.builds(Money, st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(sorted(CODES)))


@given(MONEY)
def test_what_is_written_is_read_back(found):
    assert money.parse(money.text(found), None) == found
    assert money.parse_plain(**money.json(found)) == found


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        found = money.parse(text, "EUR")
    except UsageError:
        return
    assert isinstance(found.minor, int)
    assert found.currency in CODES


def test_every_exception_is_a_currency():
    assert set(money.DECIMALS) <= CODES
    assert set(money._SIGNS.values()) <= CODES
    assert (money.decimals_of("EUR"), money.decimals_of("JPY")) == (2, 0)


@pytest.mark.parametrize(
    ("text", "dotted", "expected"),
    [
        ("1.234", True, ("", "1", "234")),
        ("-2,5", False, ("-", "2", "5")),
        ("9.000,50", True, ("", "9000", "50")),
        ("1 234", True, ("", "1234", "")),
    ],
)
def test_plain_numbers(text, dotted, expected):
    assert money.plain_number(text, dotted=dotted) == expected


@pytest.mark.parametrize("text", ["1,234", "9k", "abc", ""])
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(UsageError):
        money.plain_number(text, dotted=True)
