"""Scores of leads: points by who somebody is and by what they did, fading (formulas 4.13).

Pure: which people a rule selects, and how old what they did is, the store knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.values import choice, days, line, number
from crmcli.text import fold

DIMENSIONS = ("fit", "engagement")
NOUNS = {"fit": "contact", "engagement": "interaction"}  # of which records the filter is
MOST = 100  # the highest score
MOST_POINTS = 1000
MOST_COUNT = 1000
LONGEST_DECAY = 3650  # days
_LETTERS = ((30, "A"), (15, "B"))
_DIGITS = ((30, "1"), (15, "2"))


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A validated rule, not yet stored. `values` are columns of the score_rule table."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as stored.

    Args:
        id: of the rule.
        dimension: fit or engagement.
        label: how it is called.
        filter: of contacts (fit), or of the interactions with a contact (engagement).
        points: for whoever, and for each time, the filter selects.
        max_count: so many of the newest interactions count.
        decay_days: an interaction this old is worth nothing; None for no fading.
    """

    id: int
    dimension: str
    label: str
    filter: str
    points: int
    max_count: int
    decay_days: int | None


@dataclass(frozen=True, slots=True)
class Term:
    """What a rule gives a contact.

    Args:
        rule: the rule.
        ages: of the interactions that count, in whole calendar days, the newest first; of a fit
            rule one 0.
    """

    rule: Rule
    ages: tuple[int, ...]

    @property
    def value(self) -> Fraction:
        """Give the points after fading."""
        return worth(self.rule, self.ages)


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a contact, with every term that made it."""

    terms: tuple[Term, ...] = ()

    def part(self, dimension: str) -> Fraction:
        """Give the sum of one dimension."""
        found = (term.value for term in self.terms if term.rule.dimension == dimension)
        return sum(found, Fraction())

    @property
    def total(self) -> int:
        """Give the score, from 0 to 100."""
        return total(self.part("fit"), self.part("engagement"))

    @property
    def grade(self) -> str:
        """Give the grade: a letter for the fit, a digit for the engagement."""
        return grade(self.part("fit"), self.part("engagement"))

    def json(self) -> dict[str, Any]:
        """Give the score under its names in JSON."""
        return {
            "score": self.total,
            "grade": self.grade,
            "fit": plain(self.part("fit")),
            "engagement": plain(self.part("engagement")),
        }

    def explained(self) -> list[dict[str, Any]]:
        """Give every term: rule, matches, points, ages and worth."""
        return [
            {
                "rule": term.rule.label,
                "dimension": term.rule.dimension,
                "filter": term.rule.filter,
                "matches": len(term.ages),
                "points": term.rule.points,
                "ages": list(term.ages) if term.rule.dimension == "engagement" else [],
                "decay_days": term.rule.decay_days,
                "worth": plain(term.value),
            }
            for term in self.terms
        ]


def worth(rule: Rule, ages: Sequence[int]) -> Fraction:
    """Give what a rule gives for interactions of these ages in days (formulas 4.13).

    Each is worth points x max(0, 1 - age / decay_days).
    """
    if rule.decay_days is None:
        return Fraction(rule.points * len(ages))
    left = sum(max(0, rule.decay_days - age) for age in ages)
    return Fraction(rule.points * left, rule.decay_days)


def total(fit: Fraction, engagement: Fraction) -> int:
    """Give the score: the sum, halves rounded to the even number, from 0 to 100 (formulas 4.13)."""
    return min(MOST, max(0, round(fit + engagement)))


def grade(fit: Fraction, engagement: Fraction) -> str:
    """Give the grade, such as B2 (formulas 4.13)."""
    letter = next((sign for least, sign in _LETTERS if fit >= least), "C")
    digit = next((sign for least, sign in _DIGITS if engagement >= least), "3")
    return letter + digit


def plain(value: Fraction) -> int | float:
    """Give a value for people and JSON: whole, or with at most two decimals."""
    return value.numerator if value.denominator == 1 else float(round(value, 2))


def draft_rule(raw: Mapping[str, Any]) -> RuleDraft:
    """Check a rule and give it in stored form; whether its filter can be read, the store tells.

    Args:
        raw: dimension, filter, points, label, max_count, decay_days.

    Raises:
        InvalidError: a value that is not allowed.
    """
    dimension = choice("dimension", raw.get("dimension"), DIMENSIONS)
    filter = line(raw.get("filter"))
    if not dimension or not filter:
        raise InvalidError(
            tr("a rule needs fit or engagement, and a filter"),
            tr("such as `crm score rule add fit title:CTO +20`"),
        )
    label = line(raw.get("label")) or filter
    most = number("max", raw.get("max_count") or 1, MOST_COUNT)
    decay = days("decay", raw.get("decay_days"))
    if dimension == "fit" and (most > 1 or decay is not None):
        raise InvalidError(
            tr("only an engagement rule counts several times and fades"),
            tr("leave --max and --decay out"),
        )
    if most < 1:
        raise InvalidError(tr("--max is at least 1"))
    return RuleDraft(
        {
            "dimension": dimension,
            "label": label,
            "label_norm": fold(label),
            "filter": filter,
            "points": points(raw.get("points")),
            "max_count": most,
            "decay_days": decay,
        }
    )


def points(value: Any) -> int:
    """Give points as people write them: `+20`, `20`, `-10`.

    Raises:
        InvalidError: not a whole number from -1000 to 1000, or 0.
    """
    text = str(value if value is not None else "").strip().replace("\N{MINUS SIGN}", "-")
    digits = text.lstrip("+-")
    is_number = digits.isascii() and digits.isdigit() and len(text) - len(digits) <= 1
    found = int(text) if is_number and len(digits) < 6 else 0
    if not 0 < abs(found) <= MOST_POINTS:
        raise InvalidError(
            tr("points cannot be {text!r}", text=text),
            tr("such as +20 or -10; at most {most}", most=MOST_POINTS),
        )
    return found
