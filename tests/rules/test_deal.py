"""Deals and pipelines: what comes in, and the arithmetic of lines, weights and rotting."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError
from crmcli.rules.deal import (
    amount,
    draft_deal,
    draft_line,
    idle_days,
    is_rotten,
    percent_of,
)
from crmcli.rules.pipeline import TEMPLATES, draft_stage, required_text


def test_a_line_is_rounded_half_up():  # formulas 4.1
    line = draft_line(
        {"name": "Licence", "quantity": "3", "price": "19.99", "discount": "10"}, "EUR"
    )
    assert (line.net_minor, line.quantity, line.discount_bp) == (5397, "3", 1000)


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [("500", "JPY", 500), ("1.234", "KWD", 1234), ("9.000,50", "EUR", 900_050)],
)
def test_amounts_have_the_decimals_of_their_currency(price, currency, minor):
    assert amount(price, currency) == (minor, currency)
    line = draft_line({"name": "x", "quantity": "2.5", "price": price}, currency)
    assert line.net_minor == (minor * 5 + 1) // 2


@pytest.mark.parametrize(
    "raw",
    [
        {"name": "x", "price": "5", "quantity": "0"},
        {"name": "x", "price": "5", "discount": "101"},
        {"name": "x", "price": "USD 5"},
        {"name": "x"},
        {"name": "\u200b", "price": "5"},
        {"name": "x", "price": "999999999999.99", "quantity": "99999"},
    ],
)
def test_a_line_that_is_none_is_refused(raw):
    with pytest.raises(InvalidError):
        draft_line(raw, "EUR")


@pytest.mark.parametrize(
    "raw",
    [
        {"name": ""},
        {"name": "\u200b"},
        {"name": "x", "amount": "-5"},
        {"name": "x", "probability_override": "101"},
        {"name": "x", "category_override": "closed"},
        {"name": "x", "period": "weekly"},
        {"name": "x", "amuont": "5"},
    ],
)
def test_a_deal_that_is_none_is_refused(raw):
    with pytest.raises(InvalidError):
        draft_deal(raw, "EUR")


@pytest.mark.parametrize(
    ("hundredfold", "whole"), [(150, 2), (250, 2), (251, 3), (249, 2), (92_550, 926), (0, 0)]
)
def test_a_weighted_sum_is_rounded_half_to_even(hundredfold, whole):
    assert percent_of(hundredfold) == whole


@given(amounts=st.lists(st.tuples(st.integers(0, 10**15), st.integers(0, 100)), max_size=20))
def test_a_weighted_sum_is_never_more_than_the_sum(amounts):
    weighted = percent_of(sum(minor * percent for minor, percent in amounts))
    assert 0 <= weighted <= sum(minor for minor, _ in amounts)


def test_an_idle_deal_rots_unless_a_task_is_to_come():  # formulas 4.9
    idle = idle_days(date(2026, 3, 18), date(2026, 3, 10))
    assert idle == 8
    assert is_rotten(7, idle, has_coming_task=False)
    assert not is_rotten(7, idle, has_coming_task=True)
    assert not is_rotten(8, idle, has_coming_task=False)
    assert not is_rotten(None, 900, has_coming_task=False)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_ready_pipeline_is_one(name):
    stages = [draft_stage(raw).values for raw in TEMPLATES[name]]
    kinds = [stage["kind"] for stage in stages]
    assert kinds.count("won") == 1
    assert kinds == sorted(kinds, key=["open", "won", "lost"].index)
    chances = [stage["probability"] for stage in stages if stage["kind"] == "open"]
    assert chances == sorted(set(chances))
    assert len({stage["name_norm"] for stage in stages}) == len(stages)


def test_the_standard_pipeline_is_the_documented_one():
    stages = [draft_stage(raw).values for raw in TEMPLATES["standard"]]
    said = [(one["name"], one["probability"], one["rotting_days"]) for one in stages]
    assert said == [
        ("Lead", 10, None),
        ("Qualified", 25, 14),
        ("Proposal", 50, 10),
        ("Negotiation", 75, 7),
        ("Won", 100, None),
        ("Lost", 0, None),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        {"name": " "},
        {"name": "\u200b"},
        {"name": "x", "probability": "100"},
        {"name": "x", "probability": "half"},
        {"name": "x", "kind": "maybe"},
        {"name": "x", "rotting_days": "4000"},
        {"name": "x", "required_fields": ["amuont"]},
        {"name": "x", "required_fields": ["custom."]},
    ],
)
def test_a_stage_that_is_none_is_refused(raw):
    with pytest.raises(InvalidError):
        draft_stage(raw)


def test_required_fields_stand_once_each():
    assert required_text(["amount", "close-date", "amount", "custom.size"]) == (
        '["amount", "close_date", "custom.size"]'
    )
