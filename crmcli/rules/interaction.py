"""Interactions: their words, and which of them count as a touch."""

KINDS = ("call", "email", "meeting", "message", "note", "feedback", "visit")
DIRECTIONS = ("inbound", "outbound")
OUTCOMES = ("reached", "no_answer", "voicemail", "busy", "wrong_number", "bounced")
MISSED = frozenset(OUTCOMES) - {"reached"}

# `crm log c` is `crm log call`; `t` is a text message, so that `m` can be a meeting.
LETTERS = {
    "c": "call",
    "e": "email",
    "m": "meeting",
    "t": "message",
    "text": "message",
    "mail": "email",
    "n": "note",
    "f": "feedback",
    "v": "visit",
}


def is_touch(kind: str, outcome: str | None) -> bool:
    """Tell whether an interaction is real contact (formulas 4.19): no note, no missed try."""
    return kind != "note" and outcome not in MISSED
