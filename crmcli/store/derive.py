"""What follows from records: handles, last touch and search texts.

`refresh` runs at the end of every unit of work, for the records in its `Changes` (undo and import
too); `doctor` uses the same functions to find and mend drift.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from crmcli.store import dialect
from crmcli.store.rows import chunks, with_ids
from crmcli.store.sql import derive as sql
from crmcli.text import fold, handle_stem, looks_like_id, spaced

if TYPE_CHECKING:
    import sqlite3

    from crmcli.store.unit import Unit

Texts = dict[int, tuple[str, str]]

TEXT_QUERIES = {
    "contact": (sql.CONTACT_TITLES, sql.CONTACT_BODIES),
    "org": (sql.ORG_TITLES, sql.ORG_BODIES),
    "task": (sql.TASK_TITLES, sql.TASK_BODIES),
    "interaction": (sql.INTERACTION_TITLES, sql.INTERACTION_BODIES),
}


def refresh(w: "Unit") -> None:
    """Bring everything derived from the records in `w.changes` up to date."""
    for noun, id in sorted(w.renamed):
        _refresh_handle(w, noun, id)
    ids = w.changes.ids
    for chunk in chunks(ids["interaction"]):
        ids["contact"].update(row[0] for row in w.conn.execute(*with_ids(sql.PARTICIPANTS, chunk)))
    stale = set(ids["contact"])
    for chunk in chunks(id for noun, id in w.renamed if noun == "org"):
        stale.update(row[0] for row in w.conn.execute(*with_ids(sql.COLLEAGUES, chunk)))
    for chunk in chunks(ids["contact"]):
        w.conn.execute(*with_ids(sql.LAST_TOUCH, chunk))
    for noun in TEXT_QUERIES:
        for chunk in chunks(stale if noun == "contact" else ids[noun]):
            _refresh_docs(w.conn, noun, chunk)


def texts(conn: "sqlite3.Connection", noun: str, ids: Sequence[int]) -> Texts:
    """Give the search title and body that the living records `ids` should have."""
    title_query, body_queries = TEXT_QUERIES[noun]
    titles = {row[0]: _join(row[1:]) for row in conn.execute(*with_ids(title_query, ids))}
    bodies: dict[int, list[str]] = {id: [] for id in titles}
    for query in body_queries:
        for row in conn.execute(*with_ids(query, ids)):
            if row[0] in bodies:
                bodies[row[0]].extend(text for text in row[1:] if text and text != "{}")
    return {id: (_index_text(titles[id]), _index_text(" ".join(bodies[id]))) for id in titles}


def free_handle(stem: str, noun: str, id: int, taken: Callable[[str], Iterable[str]]) -> str:
    """Give the first free handle for `stem`: `ana-novak`, `ana-novak-2`, `contact-12`.

    Args:
        stem: what `text.handle_stem` made of the name; may be empty.
        noun: contact or org.
        id: the record's id.
        taken: gives the handles in use that begin with a stem.
    """
    if not stem:
        stem = f"{noun}-{id}"
    elif looks_like_id(stem):
        stem = f"{noun}-{stem}"
    used = set(taken(stem))
    if stem not in used:
        return stem
    number = 2
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"


def _refresh_handle(w: "Unit", noun: str, id: int) -> None:
    """Give a new or renamed record its handle; the old name goes on resolving."""
    row = w.get(noun, id)
    if row is None:
        return
    stem = handle_stem(row["display_name" if noun == "contact" else "name"])
    link = {"contact_id": None, "org_id": None, f"{noun}_id": id}
    current = w.one(sql.CURRENT_HANDLE, **link)
    if current and (current["name"] == stem or _is_numbered(current["name"], stem)):
        return
    if current:
        w.update("handle", current["id"], is_current=0)
    own = w.one(sql.HANDLE_BY_NAME, name=stem)
    if own and own[f"{noun}_id"] == id:
        w.update("handle", own["id"], is_current=1)
        return
    w.insert("handle", name=free_handle(stem, noun, id, _handles_like(w)), **link)


def _handles_like(w: "Unit") -> Callable[[str], list[str]]:
    """Give the look-up of handles in use that begin with a stem."""

    def taken(stem: str) -> list[str]:
        rows = w.conn.execute(sql.SIMILAR_HANDLES, {"low": stem, "high": stem + "-\U0010ffff"})
        return [row[0] for row in rows]

    return taken


def _is_numbered(name: str, stem: str) -> bool:
    return bool(stem) and name.startswith(stem + "-") and name[len(stem) + 1 :].isdigit()


def _refresh_docs(conn: "sqlite3.Connection", noun: str, ids: Sequence[int]) -> None:
    """Make the search texts of `ids` true: add, change or drop them, here and in full-text."""
    wanted = texts(conn, noun, ids)
    query, values = with_ids(sql.DOCS, ids)
    for id, row_id, title, body in conn.execute(query, {**values, "noun": noun}).fetchall():
        new = wanted.pop(row_id, None)
        if new == (title, body):
            continue
        conn.execute(dialect.UNINDEX_DOC, {"id": id, "title": title, "body": body})
        if new is None:
            conn.execute(sql.DROP_DOC, {"id": id})
            continue
        doc = {"id": id, "title": new[0], "body": new[1]}
        conn.execute(sql.CHANGE_DOC, doc)
        conn.execute(dialect.INDEX_DOC, doc)
    first = conn.execute(sql.NEXT_DOC).fetchone()[0]
    docs = [
        {"id": id, "noun": noun, "row_id": row_id, "title": title, "body": body}
        for id, (row_id, (title, body)) in enumerate(wanted.items(), first)
    ]
    conn.executemany(sql.ADD_DOC, docs)
    conn.executemany(dialect.INDEX_DOC, docs)


def _join(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _index_text(text: str) -> str:
    return spaced(fold(text))
