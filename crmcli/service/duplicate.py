"""The look for duplicates at every add and edit: what is told of, and what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.service import bulk
from crmcli.service.party import Known
from crmcli.store import duplicate as store

if TYPE_CHECKING:
    import sqlite3

    from crmcli.rules.duplicate import Score
    from crmcli.store.contact import Contact
    from crmcli.store.org import Org
    from crmcli.store.party import Edit
    from crmcli.store.unit import Unit

Scores = Mapping[int, "Score"]
MOST = 3  # records that a message names
LONGEST = 60  # characters of a name in a message
WORDS = {
    "email": mark("same e-mail"),
    "role_email": mark("same office mailbox"),
    "phone": mark("same phone"),
    "name": mark("like name"),
    "org": mark("same org"),
    "domain": mark("same domain"),
    "birthday": mark("another birthday"),
    "contained": mark("one name inside the other"),
}
ADDED = mark("`--force` goes on all the same; `crm {noun} edit` changes the first")
EDITED = mark("`--force` goes on all the same")


def change(
    crm: Context,
    noun: str,
    ids: Sequence[int],
    edit: "Edit",
    change: bulk.Change,
    *,
    force: bool = False,
    dry_run: bool = False,
    before: bulk.Look | None = None,
) -> bulk.Moved:
    """Change people or orgs as `bulk.change` does, and look whom they are like then.

    Raises:
        Known: one of them is probably somebody else who is there; unless `force`.
    """
    notes: dict[int, str] = {}

    def watched(w: "Unit", id: int) -> bool:
        was = store.like(w.conn, noun, id)
        moved = change(w, id)
        notes[id] = look(w, noun, id, was) if moved else ""
        return moved

    watch = not force and _is_about(edit, many=len(ids) > 1)
    moved = bulk.change(
        *(crm, f"{noun} edit", ids, watched if watch else change),
        dry_run=dry_run,
        before=before,
    )
    return replace(moved, said="\n".join(filter(None, notes.values())))


def _is_about(edit: "Edit", *, many: bool) -> bool:
    """Tell whether an edit can make two records alike; that many get one org does not count."""
    names = not {"name_norm", "domain"}.isdisjoint(edit.values)
    return bool(names or edit.channels or edit.swaps or (edit.job and not many))


def nearest_org(conn: "sqlite3.Connection", name: str) -> str:
    """Give the name of the org that a new name most likely means; "" for none."""
    from crmcli.rules.duplicate import Traits
    from crmcli.store import org
    from crmcli.text import fold

    found = store.like_org(conn, Traits(fold(name)))
    near = [one.name for one in org.get_orgs(conn, list(found)[:1])] or org.near_names(conn, name)
    return next(iter(near), "")


def look(w: "Unit", noun: str, id: int, before: Scores | None = None) -> str:
    """Look whom a record just written is like; give what is to be said about it.

    Args:
        w: the unit of work that wrote it; what is raised takes all of it back.
        noun: contact or org.
        id: the record.
        before: whom it was like before an edit; only what is liker now counts.

    Raises:
        Known: it is probably there already.
    """
    found = store.like(w.conn, noun, id)
    risen = {other: score for other, score in found.items() if _has_risen(other, score, before)}
    stopping = [other for other, score in risen.items() if score.stops]
    if stopping:
        raise _known(w, noun, id, {other: risen[other] for other in stopping}, before is None)
    if not risen:
        return ""
    said = "; ".join(_lines(w.conn, noun, risen))
    return tr("looks like {who}; `crm dedupe {noun}s` lists such pairs", who=said, noun=noun)


def _known(w: "Unit", noun: str, id: int, scores: Scores, is_new: bool) -> Known:
    """Give the refusal of a record that is probably there, with the question that goes on."""
    row = w.get(noun, id) or {}
    name = _short(row.get("display_name") or row.get("name") or "")
    if is_new:
        hint, question = tr(ADDED, noun=noun), tr("Add {name} all the same?", name=name)
    else:
        hint, question = tr(EDITED), tr("Change {name} all the same?", name=name)
    return Known(_lines(w.conn, noun, scores), hint, question)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[:LONGEST] + "…"


def _has_risen(id: int, score: "Score", before: Scores | None) -> bool:
    was = (before or {}).get(id)
    return was is None or score.points > was.points or (score.stops and not was.stops)


def _lines(conn: "sqlite3.Connection", noun: str, scores: Scores) -> list[str]:
    """Give a line for each record: who it is, why, whose, when last touched, its open deals."""
    ids = list(scores)[:MOST]
    lines = [_line(conn, noun, id, scores[id]) for id in ids]
    more = len(scores) - len(ids)
    return [*lines, trn("{count} more", "{count} more", more)] if more else lines


def _line(conn: "sqlite3.Connection", noun: str, id: int, score: "Score") -> str:
    from crmcli.store import contact, org
    from crmcli.store.deal import open_deals

    one: Contact | Org
    if noun == "contact":
        one = contact.get_contact(conn, id)
        touch = one.last_touch_at
    else:
        one, touch = org.get_org(conn, id), org.last_touch(conn, id)
    count = len(open_deals(conn, noun, id))
    return tr(
        "{ref} {handle}, {name} ({score}: {reasons}; owner {owner}, last touch {touch}, {deals})",
        ref=f"{noun[0]}{id}",
        handle=one.handle,
        name=_short(one.name),
        score=score.points,
        reasons=reason_words(noun, score.reasons),
        owner=one.owner or tr("nobody"),
        touch=(touch or tr("never"))[:10],
        deals=trn("{count} open deal", "{count} open deals", count),
    )


def reason_words(noun: str, reasons: Sequence[str]) -> str:
    """Say why two records look alike."""
    same = {"name": mark("same name")} if noun == "org" else {}
    return ", ".join(tr({**WORDS, **same}[reason]) for reason in reasons)
