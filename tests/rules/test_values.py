"""Single values: cleaned, checked, in stored form."""

import pytest

from crmcli.errors import InvalidError
from crmcli.rules.values import (
    MAX_LINE,
    MAX_NOTE,
    choice,
    custom_key,
    line,
    note,
    pairs,
    stamp,
    tags,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", None), ("  ", None), (" a\nb ", "a b"), (0, "0"), (12, "12")],
)
def test_line(value, expected):
    assert line(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), ("\n \n", None), ("a\r\n\tb", "a\n\tb")]
)
def test_note(value, expected):
    assert note(value) == expected


def test_too_long_is_refused_with_the_field_named():
    assert line("x" * MAX_LINE) == "x" * MAX_LINE
    with pytest.raises(InvalidError, match=f"title is too long: {MAX_LINE + 1}"):
        line("x" * (MAX_LINE + 1), "title")
    with pytest.raises(InvalidError, match="note is too long"):
        note("x" * (MAX_NOTE + 1))


WORDS = ("reached", "no_answer", "busy")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("No-Answer", "no_answer"), ("no answer", "no_answer"), ("BUSY", "busy"), ("", None)],
)
def test_choice(value, expected):
    assert choice("outcome", value, WORDS) == expected


def test_choice_names_the_nearest():
    with pytest.raises(InvalidError) as caught:
        choice("outcome", "reachd", WORDS)
    assert caught.value.message == "outcome cannot be 'reachd'"
    assert caught.value.hint == "did you mean reached? one of reached, no_answer, busy"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("+vip", ["vip"]),
        (["VIP", "vip", "+Víp", "fair 2026"], ["VIP", "fair 2026"]),
        (["", "+", "  "], []),
        (["a;b"], ["a b"]),
    ],
)
def test_tags(value, expected):
    assert tags(value) == expected


def test_tags_need_a_list():
    with pytest.raises(InvalidError):
        tags(5)


@pytest.mark.parametrize("key", ["", "!!!", "1st", " 2 "])
def test_what_is_no_field_name_is_refused(key):
    with pytest.raises(InvalidError, match="not a field name"):
        custom_key(key)


def test_a_field_name_is_cut():
    assert custom_key("x" * 200) == "x" * 64


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("ana@acme.si", (None, "ana@acme.si")),
        ("home:ana@acme.si", ("home", "ana@acme.si")),
        ("Home Office:ana@acme.si", ("Home Office", "ana@acme.si")),
        ("https://acme.si", (None, "https://acme.si")),
        ("shop:https://acme.si", ("shop", "https://acme.si")),
        ("mailto:ana@acme.si", (None, "ana@acme.si")),
        ("tel:+38640123456", (None, "+38640123456")),
        ("10:30 rule", (None, "10:30 rule")),
        ("home:", (None, "home:")),
        (("home", " a@b.si "), ("home", "a@b.si")),
        ({"label": "home", "value": "a@b.si"}, ("home", "a@b.si")),
        ({"value": "a@b.si"}, (None, "a@b.si")),
    ],
)
def test_pairs(item, expected):
    assert pairs([item]) == [expected]


@pytest.mark.parametrize("value", [None, "", [], [""], {"label": "home"}])
def test_pairs_without_a_value_are_none(value):
    assert pairs(value) == []


@pytest.mark.parametrize("value", [5, [5], [None], [["a"]], [["a", "b", "c"]]])
def test_pairs_of_another_type_are_refused(value):
    with pytest.raises(InvalidError):
        pairs(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23 10:00:00+01:00", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:00.123", "2026-11-23T09:00:00Z"),
        ("2026-11-23", "2026-11-23T00:00:00Z"),
        ("0700-01-01T00:00:00Z", "0700-01-01T00:00:00Z"),
    ],
)
def test_stamp(value, expected):
    assert stamp(value) == expected


@pytest.mark.parametrize("value", ["soon", "2026-13-01", 5, "0001-01-01T00:00:00+05:00"])
def test_what_is_no_instant_is_refused(value):
    with pytest.raises(InvalidError, match="not an instant"):
        stamp(value)
