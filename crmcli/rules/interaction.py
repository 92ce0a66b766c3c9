"""Interactions: their words, which of them count as a touch, and their one validation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.rules.link import STRANGERS, Link, external_uid, link_of, links_of
from crmcli.rules.values import choice, line, note, number, stamp, tags

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
    "n": "note",
    "f": "feedback",
    "v": "visit",
}


@dataclass(slots=True)
class InteractionDraft:
    """A validated interaction, not yet stored. `values` are columns of its table."""

    values: dict[str, Any]
    owner: str | None = None
    contact_uids: list[str] = field(default_factory=list)  # of our own files: who took part
    org_uid: str | None = None
    task_uid: str | None = None
    people: list[Link] = field(default_factory=list)  # of other files: who took part
    org: Link | None = None
    strangers: str = "reject"  # see rules.link.STRANGERS
    is_from_first: bool = False  # who is first wrote it: if they are known, it came in
    tags: list[str] = field(default_factory=list)


def parse_kind(word: str) -> str:
    """Give the kind that a word or letter means.

    Raises:
        UsageError: no such kind.
    """
    kind = LETTERS.get(word.casefold(), word.casefold())
    if kind in KINDS:
        return kind
    known = ", ".join(f"{word} ({letter})" for letter, word in LETTERS.items())
    raise UsageError(tr("unknown kind {word!r}", word=word), tr("one of {names}", names=known))


def is_touch(kind: str, outcome: str | None) -> bool:
    """Tell whether an interaction is real contact (formulas 4.19): no note, no missed try."""
    return kind != "note" and outcome not in MISSED


def side(kind: str, direction: str | None, outcome: str | None) -> str | None:
    """Tell who waits after an interaction: `in` they wrote last, `out` you did, `both` nobody.

    None for what neither asks nor answers: notes, feedback, tries that reached nobody. A call of
    theirs that was missed asks for an answer like a letter does.
    """
    if kind in ("note", "feedback") or (direction != "inbound" and outcome in MISSED):
        return None
    if kind in ("email", "message"):
        return None if outcome in MISSED else "in" if direction == "inbound" else "out"
    return "in" if outcome in MISSED else "both"


def draft_interaction(raw: Mapping[str, Any], region: str | None = None) -> InteractionDraft:
    """Check what came from options, `--input` or a file, and give it in stored form.

    Args:
        raw: kind, direction, outcome, occurred_at (stored form), duration_seconds, body, tags,
            owner; of files from outside also people and org (see rules.link), strangers,
            is_from_first and external.
        region: how telephone numbers without + are read.

    Raises:
        InvalidError: a value that is not allowed.
    """
    kind = choice("kind", raw.get("kind"), KINDS)
    occurred_at = stamp(raw.get("occurred_at"))
    if not kind or not occurred_at:
        raise InvalidError(tr("an interaction needs a kind and a time"))
    outcome = choice("outcome", raw.get("outcome"), OUTCOMES)
    seconds = number("duration_seconds", raw.get("duration_seconds"), 10**9)
    values = {
        "kind": kind,
        "direction": choice("direction", raw.get("direction"), DIRECTIONS),
        "outcome": outcome,
        "occurred_at": occurred_at,
        "duration_seconds": seconds or None,
        "body": note(raw.get("body")),
        "counts_as_touch": int(is_touch(kind, outcome)),
        "uid": line(raw.get("uid")) or external_uid(raw, "interaction"),
        "created_at": stamp(raw.get("created")),
        "updated_at": stamp(raw.get("updated")),
    }
    uids = raw.get("contact_uids") or []
    return InteractionDraft(
        values,
        line(raw.get("owner")),
        [uid.strip() for uid in uids.split(";")] if isinstance(uids, str) else list(uids),
        line(raw.get("org_uid")),
        line(raw.get("task_uid")),
        links_of(raw.get("people") or (), region),
        link_of(raw.get("org") or {}, region),
        raw.get("strangers") or STRANGERS[0],
        bool(raw.get("is_from_first")),
        tags(raw.get("tags")),
    )
