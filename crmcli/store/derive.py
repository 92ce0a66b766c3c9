"""What follows from records: handles, last touch and search texts.

`refresh` runs at the end of every unit of work, for the records in its `Changes` (undo and import
too); `doctor` uses the same functions to find and mend drift.
"""

from collections.abc import Sequence
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
    titles = {row[0]: row[1:] for row in conn.execute(*with_ids(title_query, ids))}
    bodies: dict[int, list[str]] = {id: [] for id in titles}
    for query in body_queries:
        for row in conn.execute(*with_ids(query, ids)):
            if row[0] in bodies:
                bodies[row[0]].extend(text for text in row[1:] if text and text != "{}")
    return {
        id: (
            "\n".join(_index_text(name) for name in names if name),
            _index_text(" ".join(bodies[id])),
        )
        for id, names in titles.items()
    }


def handle_base(name: str, noun: str, id: int) -> str:
    """Give the handle a record should have if it is free: `ana-novak`, `contact-12`.

    A name without letters gives `contact-12`; one shaped like an id gets its noun in front.
    """
    stem = handle_stem(name)
    if not stem:
        return f"{noun}-{id}"
    return f"{noun}-{stem}" if looks_like_id(stem) else stem


def _refresh_handle(w: "Unit", noun: str, id: int) -> None:
    """Give a new or renamed record its handle; the old names go on resolving."""
    row = w.get(noun, id)
    if row is None:
        return
    base = handle_base(row["display_name" if noun == "contact" else "name"], noun, id)
    link = {"contact_id": None, "org_id": None, f"{noun}_id": id}
    own = w.all(sql.HANDLES_OF, **link)
    fitting = [handle for handle in own if _is_numbered(handle["name"], base)]
    if any(handle["is_current"] for handle in fitting):
        return
    for handle in own:
        if handle["is_current"]:
            w.update("handle", handle["id"], is_current=0)
    if fitting:
        w.update("handle", fitting[0]["id"], is_current=1)
    else:
        w.insert("handle", name=_free_handle(w, base), **link)


def _free_handle(w: "Unit", base: str) -> str:
    """Give `base`, or the first of `base-2`, `base-3`, … that nobody has or had."""
    rows = w.conn.execute(sql.SIMILAR_HANDLES, {"low": base, "high": base + "-\U0010ffff"})
    used = {row[0] for row in rows}
    number, name = 1, base
    while name in used:
        number += 1
        name = f"{base}-{number}"
    return name


def _is_numbered(name: str, base: str) -> bool:
    """Tell whether `name` is `base`, alone or with a number behind it."""
    number = name.removeprefix(base).removeprefix("-") if name.startswith(base + "-") else ""
    return name == base or number.isdigit()


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


def _index_text(text: str) -> str:
    return spaced(fold(text))
