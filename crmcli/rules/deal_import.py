"""Deals as files have them: how far they were, how they ended, whom they are with."""

from collections.abc import Mapping
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.deal import STATUSES, DealDraft, Told, amount, draft_deal, draft_line
from crmcli.rules.field import Fields
from crmcli.rules.link import external_uid, link_of, links_of
from crmcli.rules.values import line, note, stamp
from crmcli.text import fold

# What other programs call the end of a deal, in letters and digits.
_ENDS = {
    "won": """won closedwon closewon gewonnen gewonnenabgeschlossen abgeschlossengewonnen ganado
        ganada cerradoganado gagne gagnee fermegagne vinto vinta ganho ganha wygrana dobljen
        dobljeno zakljucenodobljeno 赢单 成交""",
    "lost": """lost closedlost closelost closedlosttocompetition verloren abgeschlossenverloren
        perdido perdida cerradoperdido perdu perdue fermeperdu perso persa przegrana izgubljen
        izgubljeno zakljucenoizgubljeno 输单 丢单""",
}
ENDS = {word: kind for kind, line in _ENDS.items() for word in line.split()}
_DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"))  # written $
_PLAIN = (
    *("name", "period", "probability_override", "category_override", "close_date", "competitor"),
    *("tags", "custom", "source", "owner", "opened", "created", "updated"),
)


def end_of(*said: str | None) -> str | None:
    """Give won or lost, as the first of these words that tells it; None for under way."""
    words = ("".join(filter(str.isalnum, fold(word or ""))) for word in said)
    return next((ENDS[word] for word in words if word in ENDS), None)


def draft_import(
    raw: Mapping[str, Any], region: str | None, fields: Fields | None = None
) -> DealDraft:
    """Check a deal of a file and give it in stored form, with what the file tells besides.

    An amount that cannot be read is kept in the note. A deal is known by its uid, which its id in
    another program gives too.

    Args:
        raw: the fields of draft_deal; pipeline, stage, status, entered (its stage), closed,
            reason, close_note; contacts ((role, uid) of our own files), org_uid, lines; people
            and org as links (rules/link.py); external.
        region: how telephone numbers without + are read.
        fields: the own fields of deals, and the usual currency.

    Raises:
        InvalidError: no name, or a value that is not allowed.
    """
    plain: dict[str, Any] = {key: raw[key] for key in _PLAIN if key in raw}
    told, warnings = [raw.get("note")], []
    currency = raw.get("currency") or (fields.currency if fields else None)
    worth = raw.get("amount")
    if isinstance(worth, str) and str(currency).upper() in _DOLLARS:
        worth = worth.replace("$", "")
    try:
        amount(worth, currency)
        plain |= {"amount": worth, "currency": currency}
    except InvalidError as error:
        kept = " ".join(str(raw[key]) for key in ("amount", "currency") if raw.get(key))
        told.append(f"amount: {kept}")
        warnings.append(tr("{reason}: kept in the note", reason=error.message))
    draft = draft_deal({**plain, "note": _joined(told)}, currency, fields=fields)
    draft.values["uid"] = line(raw.get("uid")) or external_uid(raw, "deal")
    draft.warnings = warnings
    status = fold(line(raw.get("status")) or "")
    code = draft.values["currency"] or currency
    draft.told = Told(
        pipeline=line(raw.get("pipeline")),
        stage=line(raw.get("stage")),
        end=status if status in STATUSES else end_of(status),
        entered_at=stamp(raw.get("entered")),
        closed_at=stamp(raw.get("closed")),
        reason=line(raw.get("reason")),
        close_note=note(raw.get("close_note")),
        contacts=tuple((role or None, uid) for role, uid in raw.get("contacts") or ()),
        org_uid=line(raw.get("org_uid")),
        people=tuple(links_of(raw.get("people") or (), region)),
        org=link_of(raw["org"], region) if raw.get("org") else None,
        lines=tuple(draft_line(one, code) for one in raw.get("lines") or () if code),
    )
    return draft


def _joined(told: list[Any]) -> str:
    return "\n".join(str(text) for text in told if text)
