"""Deals of files: amounts that cannot be read stay, ends are told, links are made."""

import pytest

from crmcli.errors import InvalidError
from crmcli.rules.deal_import import draft_import, end_of
from crmcli.rules.field import Fields


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Closed Won", "won"),
        ("closedlost", "lost"),
        ("Verloren", "lost"),
        ("赢单", "won"),
        ("Wonderful", None),
        ("", None),
        (None, None),
    ],
)
def test_the_words_of_an_end(word, expected):
    assert end_of(word) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("95,570.69", "EUR", (9557069, "EUR")),
        ("$12,400.00", "USD", (1240000, "USD")),
        ("1.234", "KWD", (1234, "KWD")),
        ("900", "JPY", (900, "JPY")),
        ("EUR 5", None, (500, "EUR")),
    ],
)
def test_amounts(amount, currency, expected):
    draft = draft_import({"name": "A", "amount": amount, "currency": currency}, None)
    assert (draft.values["amount_minor"], draft.values["currency"]) == expected
    assert draft.warnings == []


@pytest.mark.parametrize(
    ("amount", "currency", "kept"),
    [
        ("12,400", "USD", "12,400 USD"),
        ("$5", "EUR", "$5 EUR"),
        ("-5", "EUR", "-5 EUR"),
        ("5", None, "5"),
        ("many", "EUR", "many EUR"),
        ("0.5", "JPY", "0.5 JPY"),
    ],
)
def test_an_amount_that_cannot_be_read_is_kept(amount, currency, kept):
    raw = {"name": "A", "amount": amount, "currency": currency, "note": "x"}
    draft = draft_import(raw, None)
    assert (draft.values["amount_minor"], draft.values["currency"]) == (None, None)
    assert draft.values["note"] == f"x\namount: {kept}"
    assert "kept in the note" in draft.warnings[0]


def test_an_amount_without_a_currency_is_in_the_usual_one():
    draft = draft_import({"name": "A", "amount": "5"}, None, Fields(currency="EUR"))
    assert (draft.values["amount_minor"], draft.values["currency"]) == (500, "EUR")


def test_an_id_elsewhere_gives_the_uid():
    raw = {"name": "A", "external": ("hubspot", "7")}
    first, second = draft_import(raw, None), draft_import({**raw, "name": "B"}, None)
    assert first.values["uid"] == second.values["uid"]
    other = draft_import({"name": "A", "external": ("zoho", "7")}, None)
    assert other.values["uid"] != first.values["uid"]


@pytest.mark.parametrize("raw", [{}, {"name": " "}, {"name": "A", "period": "weekly"}])
def test_what_is_refused(raw):
    with pytest.raises(InvalidError):
        draft_import(raw, None)
