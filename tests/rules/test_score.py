"""Scores: the worked example of formulas 4.13, its rounding and its bounds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError
from crmcli.rules.score import Rule, Score, Term, draft_rule, grade, plain, points, total, worth


def rule(points: int, dimension: str = "fit", most: int = 1, decay: int | None = None) -> Rule:
    return Rule(1, dimension, "rule", "+x", points, most, decay)


def engaged(points: int, decay: int, *ages: int) -> Term:
    return Term(rule(points, "engagement", 9, decay), ages)


def test_the_worked_example():
    """formulas 4.13: CTO +20, industry +15, free mail -10; a reply and a meeting -> 48, B2."""
    fit = [Term(rule(one), (0,)) for one in (20, 15, -10)]
    score = Score((*fit, engaged(10, 60, 30), engaged(20, 90, 9)))
    assert (score.part("fit"), score.part("engagement")) == (25, 23)
    assert (score.total, score.grade) == (48, "B2")
    assert [term["worth"] for term in score.explained()] == [20, 15, -10, 5, 18]


def test_what_is_as_old_as_the_decay_is_worth_nothing():
    assert worth(rule(10, "engagement", 3, 60), (0, 59, 60, 400)) == 10 + Fraction(1, 6)
    assert worth(rule(10, "engagement", 3), (0, 900)) == 20


@pytest.mark.parametrize(
    ("fit", "engagement", "expected"),
    [
        (Fraction(1, 2), Fraction(), 0),
        (Fraction(3, 2), Fraction(), 2),
        (Fraction(5, 2), Fraction(), 2),
        (-40, 10, 0),
        (90, 90, 100),
    ],
)
def test_halves_go_to_the_even_number_within_the_bounds(fit, engagement, expected):
    assert total(Fraction(fit), Fraction(engagement)) == expected


@pytest.mark.parametrize(
    ("fit", "engagement", "expected"),
    [(30, 30, "A1"), (29, 29, "B2"), (15, 15, "B2"), (14, 14, "C3"), (-5, 99, "C1")],
)
def test_a_grade_is_a_letter_and_a_digit(fit, engagement, expected):
    assert grade(Fraction(fit), Fraction(engagement)) == expected


@given(
    st.lists(
        st.tuples(st.integers(-1000, 1000).filter(bool), st.lists(st.integers(0, 4000))),
        max_size=8,
    )
)
def test_a_score_stays_within_its_bounds(found):
    terms = [engaged(one, 90, *ages) for one, ages in found]
    assert 0 <= Score(tuple(terms)).total <= 100


@given(st.integers(1, 1000), st.integers(0, 4000), st.integers(0, 100))
def test_nothing_gains_by_age(one, age, more):
    aged = rule(one, "engagement", 1, 60)
    assert worth(aged, (age,)) >= worth(aged, (age + more,))


def test_values_for_people_have_at_most_two_decimals():
    assert [plain(Fraction(*pair)) for pair in ((18, 1), (9, 2), (10, 3))] == [18, 4.5, 3.33]


@pytest.mark.parametrize(("text", "expected"), [("+20", 20), ("20", 20), ("-10", -10), ("−7", -7)])
def test_points_as_people_write_them(text, expected):
    assert points(text) == expected


@pytest.mark.parametrize("text", ["", "0", "+-5", "1001", "2.5", "٣", "99999999", "x", None])
def test_what_are_no_points(text):
    with pytest.raises(InvalidError):
        points(text)


def test_a_rule_is_validated():
    raw = {"dimension": "engagement", "filter": "kind:call", "points": "5", "decay_days": "2m"}
    assert draft_rule(raw).values == {
        "dimension": "engagement",
        "label": "kind:call",
        "label_norm": "kind:call",
        "filter": "kind:call",
        "points": 5,
        "max_count": 1,
        "decay_days": 60,
    }
    for more in (
        {"dimension": "fit"},
        {"dimension": "luck"},
        {"filter": ""},
        {"max_count": "0"},
        {"max_count": "-1"},
        {"decay_days": "0d"},
        {"points": "0"},
    ):
        with pytest.raises(InvalidError):
            draft_rule({**raw, **more})
