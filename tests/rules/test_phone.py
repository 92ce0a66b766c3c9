"""Telephone numbers: E.164 where understood, kept as typed where not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules.digits import digits, looks_like_phone, search_digits
from crmcli.rules.phone import Phone, parse_phone


@pytest.mark.parametrize(
    ("value", "region", "expected"),
    [
        ("040 123 456", "SI", Phone("+38640123456", None, "active")),
        ("+386 40 123 456", None, Phone("+38640123456", None, "active")),
        ("+386 (0)40 123-456", None, Phone("+38640123456", None, "active")),
        ("00386 40 123 456", "SI", Phone("+38640123456", None, "active")),
        ("01 234 56 78 ext. 12", "SI", Phone("+38612345678", "12", "active")),
        ("tel:+38640123456", None, Phone("+38640123456", None, "active")),
        ("۰۴۰ ۱۲۳ ۴۵۶", "SI", Phone("+38640123456", None, "active")),
        ("040 123 456", None, Phone("040123456", None, "unverified")),
        ("112", "SI", Phone("112", None, "unverified")),
        ("Ask Petra", "SI", Phone("ask petra", None, "unverified")),
        ("12 ali 13 / dom", "SI", Phone("1213", None, "unverified")),
        ("9" * 300, "SI", Phone("9" * 300, None, "unverified")),
    ],
)
def test_parse_phone(value, region, expected):
    assert parse_phone(value, region) == expected


@given(st.text(max_size=30), st.sampled_from([None, "SI", "US", "CN"]))
def test_any_text_is_kept_in_a_form_the_table_takes(value, region):
    phone = parse_phone(value, region)
    if phone.status == "active":
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", phone.norm)
    else:
        assert phone.status == "unverified"
        assert phone.norm or not value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+386 40 123 456", True),
        ("(01) 234-56.78", True),
        ("12345", True),
        ("1234", False),
        ("c12345", False),
        ("", False),
    ],
)
def test_looks_like_phone(text, expected):
    assert looks_like_phone(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("040 123", "40123"), ("00386 40", "38640"), ("+386", "386"), ("0", "")]
)
def test_search_digits_drop_leading_zeros(text, expected):
    assert search_digits(text) == expected


def test_digits():
    assert digits("+386 (40) x1") == "386401"
