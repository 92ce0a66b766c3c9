"""Interactions: which count as a touch, and their one validation."""

import pytest

from crmcli.errors import InvalidError, UsageError
from crmcli.rules.interaction import (
    KINDS,
    LETTERS,
    OUTCOMES,
    draft_interaction,
    is_touch,
    parse_kind,
    side,
)

AT = "2026-11-20T10:00:00Z"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outcome", [None, *OUTCOMES])
def test_a_touch_is_no_note_and_no_missed_try(kind, outcome):
    """Formulas 4.19."""
    assert is_touch(kind, outcome) is (kind != "note" and outcome in (None, "reached"))


@pytest.mark.parametrize("outcome", ["no_answer", "voicemail", "busy", "wrong_number", "bounced"])
def test_missed_tries_are_no_touch(outcome):
    assert not is_touch("call", outcome)


@pytest.mark.parametrize(
    ("kind", "direction", "outcome", "expected"),
    [
        ("email", "inbound", None, "in"),
        ("email", "outbound", None, "out"),
        ("email", None, None, "out"),
        ("message", "inbound", "reached", "in"),
        ("message", "outbound", "reached", "out"),
        ("email", "outbound", "bounced", None),
        ("email", "inbound", "bounced", None),
        ("call", "outbound", None, "both"),
        ("call", "inbound", "reached", "both"),
        ("call", "inbound", "voicemail", "in"),  # they called and nobody was there
        ("call", "inbound", "no_answer", "in"),
        ("call", "outbound", "voicemail", None),
        ("call", None, None, "both"),
        ("call", None, "voicemail", None),  # who does not say so went to them, as with a mail
        ("meeting", "outbound", None, "both"),
        ("visit", "inbound", None, "both"),
        ("note", None, None, None),
        ("note", "inbound", None, None),
        ("feedback", "inbound", None, None),
    ],
)
def test_who_waits_after_it(kind, direction, outcome, expected):
    assert side(kind, direction, outcome) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome != "reached"])
def test_a_try_of_ours_that_reached_nobody_settles_nothing(kind, outcome):
    assert side(kind, "outbound", outcome) is None


@pytest.mark.parametrize(("letter", "kind"), LETTERS.items())
def test_kinds_by_word_or_letter(letter, kind):
    assert parse_kind(letter) == parse_kind(letter.upper()) == parse_kind(kind.title()) == kind


def test_an_unknown_kind_names_all():
    with pytest.raises(UsageError, match="unknown kind 'x'") as caught:
        parse_kind("x")
    assert all(kind in caught.value.hint for kind in KINDS)


@pytest.mark.parametrize(("outcome", "touch"), [(None, 1), ("reached", 1), ("no-answer", 0)])
def test_a_full_interaction_in_stored_form(outcome, touch):
    raw = {
        "kind": "Call",
        "direction": "outbound",
        "outcome": outcome,
        "occurred_at": AT,
        "duration_seconds": "90",
        "body": "a\r\nb",
        "owner": "zala",
    }
    draft = draft_interaction(raw)
    assert draft.owner == "zala"
    expected = {
        "kind": "call",
        "direction": "outbound",
        "outcome": outcome and outcome.replace("-", "_"),
        "occurred_at": AT,
        "duration_seconds": 90,
        "body": "a\nb",
        "counts_as_touch": touch,
        "uid": None,
    }
    assert {key: draft.values[key] for key in expected} == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": None},
        {"kind": "party"},
        {"occurred_at": None},
        {"occurred_at": "yesterday"},
        {"direction": "up"},
        {"outcome": "great"},
        {"duration_seconds": "-1"},
        {"duration_seconds": "1.5"},
        {"duration_seconds": "²"},
        {"duration_seconds": "9" * 30},
    ],
)
def test_refused(wrong):
    with pytest.raises(InvalidError):
        draft_interaction({"kind": "call", "occurred_at": AT, **wrong})
