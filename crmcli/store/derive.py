"""What follows from records: handles, last touch and search texts.

`refresh` runs at the end of every unit of work, for the records in its `Changes` (undo and import
too); `doctor` uses the same functions to find and mend drift.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crmcli.clock import instant
from crmcli.rules.field import text_of
from crmcli.rules.interaction import side
from crmcli.store import dialect
from crmcli.store.rows import chunks, doc_id, with_ids
from crmcli.store.search import name_words
from crmcli.store.sql import derive as sql
from crmcli.text import fold, handle_stem, looks_like_id, spaced

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from crmcli.clock import Clock
    from crmcli.store.unit import Unit

Texts = dict[int, tuple[str, str]]
Derived = dict[str, Any]

NAMED = ("contact", "org")  # their titles are names
TEXT_QUERIES = {
    "contact": (sql.CONTACT_TITLES, sql.CONTACT_BODIES),
    "org": (sql.ORG_TITLES, sql.ORG_BODIES),
    "task": (sql.TASK_TITLES, sql.TASK_BODIES),
    "interaction": (sql.INTERACTION_TITLES, sql.INTERACTION_BODIES),
    "deal": (sql.DEAL_TITLES, sql.DEAL_BODIES),
}


def refresh(w: "Unit") -> None:
    """Bring everything derived from the records in `w.changes` up to date."""
    for noun, id in sorted(w.renamed):
        _refresh_handle(w, noun, id)
    ids = w.changes.ids
    _add_wearers(w)
    _add(w, ids["contact"], sql.PARTICIPANTS, ids["interaction"])
    stale = set(ids["contact"])
    _add(w, stale, sql.COLLEAGUES, [id for noun, id in w.renamed if noun == "org"])
    _refresh_touches(w)
    _refresh_lifecycles(w)
    _refresh_deals(w)
    for noun in TEXT_QUERIES:
        for chunk in chunks(stale if noun == "contact" else ids[noun]):
            _refresh_docs(w.conn, noun, chunk)


def _add_wearers(w: "Unit") -> None:
    """Count whoever wears a changed tag among the changed records."""
    for noun, query in sql.WEARERS.items():
        _add(w, w.changes.ids[noun], query, w.stale_tags)


def _add(w: "Unit", found: set[int], query: str, ids: Iterable[int]) -> None:
    """Add what a query over `({ids})` gives."""
    for chunk in chunks(ids):
        found.update(row[0] for row in w.conn.execute(*with_ids(query, chunk)))


def _refresh_touches(w: "Unit") -> None:
    """Make last touch, who waits for an answer and the next touch of changed contacts true."""
    ids = w.changes.ids["contact"]
    for chunk in chunks(ids):
        w.conn.execute(*with_ids(sql.LAST_TOUCH, chunk))
        w.conn.executemany(sql.SET_UNANSWERED, wrong_unanswered(w.conn, chunk))
    if w.all_cadences:
        ids = {row[0] for row in w.conn.execute(sql.EVERYONE)}
    for chunk in chunks(ids):
        w.conn.executemany(sql.SET_NEXT_TOUCH, wrong_next_touches(w.conn, w.clock, chunk))


def _refresh_lifecycles(w: "Unit") -> None:
    """Note since when changed contacts are what they are; undo takes such a note back itself."""
    for chunk in chunks(w.changes.ids["contact"]):
        for id, stage in w.conn.execute(*with_ids(sql.MOVED_LIFECYCLES, chunk)).fetchall():
            w.insert("lifecycle_history", contact_id=id, stage=stage, entered_at=w.now)


def _refresh_deals(w: "Unit") -> None:
    """Make the last activity of changed deals true, and note what they are worth by now."""
    columns = (
        *("amount_minor", "currency", "value_period", "probability_override"),
        *("forecast_override", "close_date"),
    )
    for chunk in chunks(w.changes.ids["deal"]):
        w.conn.execute(*with_ids(sql.LAST_ACTIVITY, chunk))
        for id, opened, *held in w.conn.execute(*with_ids(sql.MOVED_VALUES, chunk)).fetchall():
            at = w.now if w.one(sql.HAS_VALUES, id=id) else opened
            values = dict(zip(columns, held, strict=True))
            w.insert("deal_value_history", deal_id=id, changed_at=at, **values)


def wrong_unanswered(conn: "sqlite3.Connection", ids: Sequence[int]) -> "Iterator[Derived]":
    """Give the true `unanswered` and `unanswered_at` of the contacts that hold something else.

    They wrote last: since the first of theirs that has no answer. You did: since your last.
    """
    true: dict[int, tuple[str, str]] = {}
    for id, kind, direction, outcome, at in conn.execute(*with_ids(sql.EXCHANGES, ids)):
        who = side(kind, direction, outcome)
        if who == "both":
            true.pop(id, None)
        elif who and not (who == "in" and true.get(id, ("", ""))[0] == "in"):
            true[id] = (who, at)
    for id, *stored in conn.execute(*with_ids(sql.UNANSWERED, ids)).fetchall():
        who_and_at = true.get(id, (None, None))
        if tuple(stored) != who_and_at:
            yield {"id": id, "side": who_and_at[0], "at": who_and_at[1]}


def wrong_next_touches(
    conn: "sqlite3.Connection", clock: "Clock", ids: Sequence[int]
) -> "Iterator[Derived]":
    """Give the true `next_touch_on` of the contacts that hold something else (formulas 4.19)."""
    for id, stored, days, since, bumped in conn.execute(*with_ids(sql.CADENCES, ids)).fetchall():
        day = None
        if days:
            begin = max(_local_day(clock, since), bumped or "")
            day = str(date.fromisoformat(begin) + timedelta(days=days))
        if day != stored:
            yield {"id": id, "day": day}


def _local_day(clock: "Clock", stamp: str) -> str:
    """Give the user's day of a stored instant; today for what is none."""
    try:
        return str(clock.local(instant(stamp)).date())
    except ValueError:  # written by another program
        return str(clock.today())


def texts(conn: "sqlite3.Connection", noun: str, ids: Sequence[int]) -> Texts:
    """Give the search title and body that the living records `ids` should have."""
    title_query, body_queries = TEXT_QUERIES[noun]
    titles = {row[0]: row[1:] for row in conn.execute(*with_ids(title_query, ids))}
    bodies: dict[int, list[str]] = {id: [] for id in titles}
    for query in body_queries:
        for row in conn.execute(*with_ids(query, ids)):
            if row[0] in bodies:
                bodies[row[0]].extend(filter(None, row[1:]))
    for id, custom in conn.execute(*with_ids(sql.CUSTOM[noun], ids)) if noun in sql.CUSTOM else ():
        if id in bodies:
            bodies[id].extend(_own_texts(custom))
    return {
        id: (
            "\n".join(_index_text(name) for name in names if name),
            _index_text(" ".join(bodies[id])),
        )
        for id, names in titles.items()
    }


def _own_texts(custom: str) -> "Iterator[str]":
    """Give the values of own fields as texts; yes and no are in everybody's words."""
    for stored in json.loads(custom).values():
        if not isinstance(stored, bool):
            yield text_of(stored)


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
    if noun in NAMED:
        add_name_words(conn, (title for title, _ in wanted.values()))
    query = with_ids(sql.DOCS, [doc_id(noun, id) for id in ids])
    for id, row_id, title, body in conn.execute(*query).fetchall():
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
    docs = [
        {"id": doc_id(noun, id), "noun": noun, "row_id": id, "title": title, "body": body}
        for id, (title, body) in wanted.items()
    ]
    conn.executemany(sql.ADD_DOC, docs)
    conn.executemany(dialect.INDEX_DOC, docs)


def add_name_words(conn: "sqlite3.Connection", titles: Iterable[str]) -> None:
    """Note the words of names, to be found with mistakes; none is ever removed."""
    words = {word for title in titles for word in name_words(title)}
    conn.executemany(sql.ADD_NAME_WORD, [{"word": word, "reversed": word[::-1]} for word in words])


def _index_text(text: str) -> str:
    return spaced(fold(text))
