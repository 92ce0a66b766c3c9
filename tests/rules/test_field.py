"""Own fields: values by type, in stored form and back."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError, UsageError
from crmcli.rules import field
from crmcli.rules.field import TYPES, Definition, Fields, custom_edit, custom_values

NOW = datetime(2026, 11, 23, 10)
SIZES = ("S", "Méd, ium", "XL")
DEFINITIONS = {
    type: Definition("contact", type, type.title(), type, SIZES if type in field.CHOSEN else ())
    for type in TYPES
}
FIELDS = Fields(list(DEFINITIONS.values()), NOW, "EUR")


def stored(type: str, raw):
    return field.value_of(DEFINITIONS[type], raw, FIELDS)


@pytest.mark.parametrize(
    ("type", "raw", "expected"),
    [
        ("text", " green  tea\nhot ", "green  tea\nhot"),
        ("text", 5, "5"),
        ("text", True, "yes"),
        ("text", ["a", "b"], "a; b"),
        ("text", {"amount": "1.00", "currency": "EUR"}, "1.00 EUR"),
        ("text", "\x1b[31mred", "[31mred"),
        ("text", "کتاب\u202e", "کتاب"),
        ("number", "42", 42),
        ("number", "-2,5", -2.5),
        ("number", "1.234", 1.234),
        ("number", "9.000,50", 9000.5),
        ("number", "2.0", 2),
        ("number", 7, 7),
        ("number", 1e-7, 1e-7),
        ("number", "0.0000001", 1e-7),
        ("number", "123456789012345", 123456789012345),
        ("number", "0", 0),
        ("money", "9k", {"minor": 900000, "currency": "EUR"}),
        ("money", 9000, {"minor": 900000, "currency": "EUR"}),
        ("money", {"amount": "5", "currency": "jpy"}, {"minor": 5, "currency": "JPY"}),
        ("date", "2026-12-24", "2026-12-24"),
        ("date", "last fri", "2026-11-20"),
        ("date", "24.12.2025", "2025-12-24"),
        ("date", "2026-12-24T00:00:00", "2026-12-24"),
        ("choice", "xl", "XL"),
        ("choice", "med, ium", "Méd, ium"),
        ("multi", "xl; s", ["S", "XL"]),
        ("multi", "XL,s", ["S", "XL"]),
        ("multi", "méd, ium; XL", ["Méd, ium", "XL"]),
        ("multi", ["xl", "XL"], ["XL"]),
        ("bool", "Yes", True),
        ("bool", "n", False),
        ("bool", 0, False),
        ("bool", True, True),
        ("bool", "1", True),
        ("url", "acme.si/x?y=1", "https://acme.si/x?y=1"),
        ("url", "http://Acme.si", "http://Acme.si"),
        ("url", "https://müßig.de:8080/", "https://müßig.de:8080/"),
    ],
)
def test_values_are_brought_to_stored_form(type, raw, expected):
    got = stored(type, raw)
    assert got == expected
    assert isinstance(got, bool) == isinstance(expected, bool)
    assert field.fits(DEFINITIONS[type], got)
    assert stored(type, field.text_of(got)) == got
    assert stored(type, field.json_of(got)) == got
    assert json.loads(json.dumps(got)) == got


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("raw", [None, "", "  ", []])
def test_nothing_is_nothing(type, raw):
    assert stored(type, raw) is None


@pytest.mark.parametrize(
    ("type", "raw", "said"),
    [
        ("number", "abc", "not a number"),
        ("number", "1,234", "two readings"),
        ("number", "1234567890123456", "too many digits"),
        ("number", float("nan"), "not a number"),
        ("number", float("inf"), "not a number"),
        ("number", True, "not a number"),
        ("number", ["1"], "not a number"),
        ("money", "green", "not an amount"),
        ("money", 2.5, "not an amount"),
        ("money", True, "not an amount"),
        ("money", {"amount": "1,5", "currency": "EUR"}, "not an amount"),
        ("money", {"minor": 5, "currency": "EUR"}, "not an amount"),
        ("money", "1.234", "two readings"),
        ("date", "someday", "not a date"),
        ("date", "tomorrow 9:00", "no time"),
        ("date", "3/4/2026", "ambiguous"),
        ("choice", "xs", "not a choice"),
        ("multi", "S; tiny", "not a choice"),
        ("multi", {"a": 1}, "not a list"),
        ("multi", 5, "not a list"),
        ("bool", "da", "neither yes nor no"),
        ("url", "not a url", "not a web address"),
        ("url", "nodots", "not a web address"),
        ("url", "javascript:alert(1)", "not a web address"),
        ("url", "https://", "not a web address"),
        ("text", "x" * 1_000_001, "too long"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(type, raw, said):
    with pytest.raises(InvalidError) as error:
        stored(type, raw)
    assert said in error.value.message
    assert error.value.message.startswith(type)


def test_a_wrong_choice_names_the_nearest_and_all():
    with pytest.raises(InvalidError) as error:
        stored("choice", "xll")
    assert error.value.hint == "did you mean XL? one of S, Méd, ium, XL"


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("number", True),
        ("number", "5"),
        ("money", "5.00 EUR"),
        ("money", {"minor": 1.5, "currency": "EUR"}),
        ("date", "24 dec"),
        ("choice", "xl"),
        ("multi", "S"),
        ("multi", ["tiny"]),
        ("bool", "yes"),
        ("bool", 1),
        ("url", "acme.si"),
        ("text", 5),
    ],
)
def test_what_has_another_form_does_not_fit(type, value):
    assert not field.fits(DEFINITIONS[type], value)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 14))
def test_numbers_do_not_drift(digits, places):
    text = str(abs(digits)).rjust(places + 1, "0")
    text = f"{text[: len(text) - places]}.{text[len(text) - places :]}" if places else text
    text = f"-{text}" if digits < 0 else text
    got = json.loads(json.dumps(stored("number", text)))
    assert field.text_of(got) == field.text_of(stored("number", text))
    whole, _, decimals = text.partition(".")
    plain = f"{whole}.{decimals.rstrip('0')}".rstrip(".")
    assert field.text_of(got) == ("0" if not digits else plain)


@given(st.sampled_from(TYPES), st.text(max_size=20))
def test_any_text_is_read_or_refused(type, text):
    try:
        got = stored(type, text)
    except InvalidError:
        return
    if got is not None:
        assert field.fits(DEFINITIONS[type], got)
        assert stored(type, field.text_of(got)) == got


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {}),
        ({"Favourite Tea": " green ", "empty": "", "none": None}, {"favourite_tea": "green"}),
        ({"hint": "a\nb"}, {"hint": "a\nb"}),
        ({"Čaj": 5}, {"caj": "5"}),
        ({"Money": "5", "plain": "5"}, {"money": {"minor": 500, "currency": "EUR"}, "plain": "5"}),
    ],
)
def test_custom_values(value, expected):
    assert custom_values(value, FIELDS) == expected


@pytest.mark.parametrize("value", [["a"], "a", 5])
def test_custom_values_need_an_object(value):
    with pytest.raises(InvalidError):
        custom_values(value)


def test_an_edit_tells_what_is_emptied():
    assert custom_edit({"number": "", "tea": "", "Dog": "Rex"}, FIELDS) == {
        "number": None,
        "tea": None,
        "dog": "Rex",
    }


def test_defaults_are_filled_in_and_what_is_required_is_asked_for():
    size = Definition("contact", "size", "Size", "choice", SIZES, default="S")
    code = Definition("contact", "code", "Code", required=True)
    assert field.completed([size, code], {"code": "x"}) == {"code": "x", "size": "S"}
    assert field.completed([size], {"size": "XL"}) == {"size": "XL"}
    with pytest.raises(InvalidError) as error:
        field.completed([size, code], {})
    assert error.value.message == "code is required"
    assert "--set code=" in error.value.hint


def test_what_is_required_cannot_be_emptied():
    code = Definition("contact", "code", "Code", required=True)
    field.check_filled([code], {"other": None})
    field.check_filled([code], {"code": False})
    with pytest.raises(InvalidError):
        field.check_filled([code], {"code": None})


def test_choices_are_cleaned():
    assert field.check_choices([" S ", "M\x1b"]) == ("S", "M")
    for wrong in ([""], ["a;b"], ["s", "S"], [str(number) for number in range(201)]):
        with pytest.raises(UsageError):
            field.check_choices(wrong)


def test_fields_are_found_by_key_and_title():
    budget = Definition("contact", "budget", "Yearly Budget", "money")
    assert Fields([budget]).named() == {"budget": "budget", "yearlybudget": "budget"}
