"""Finds what is wrong with a database, and mends what follows from other rows.

Each check gives faults; a fault names what is wrong and, if it can be mended, the records whose
derived values `derive.refresh` makes again.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crmcli.clock import Clock
from crmcli.store import attachment, derive, dialect, shape
from crmcli.store.db import NEW_PREFIX
from crmcli.store.rows import chunks, doc_id, with_ids
from crmcli.store.search import name_words
from crmcli.store.sql import derive as derive_sql
from crmcli.store.sql import doctor as sql
from crmcli.store.stay import Track, enter
from crmcli.store.unit import Unit
from crmcli.text import fold

NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"}
SYNCED = ("Dropbox", "OneDrive", "Google Drive", "iCloud", "Nextcloud", "Syncthing")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong.

    Args:
        check: the check's name.
        message: what and where, one line.
        fix: mends it inside a unit of work; None when a person must.
        is_warning: nothing is wrong yet, but may become so.
    """

    check: str
    message: str
    fix: Callable[[Unit], None] | None = None
    is_warning: bool = False


def examine(conn: sqlite3.Connection, path: str, clock: Clock) -> list[Fault]:
    """Give everything found wrong with the database at `path`, in a stable order."""
    checks = (_links, _journal, _shape, _names, _handles, _stays, _docs, _name_words, _full_text)
    try:
        (answer,) = conn.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            return [_damaged(answer)]
        faults = [fault for check in checks for fault in check(conn)]
        faults += [*_touches(conn, clock), *_files(conn, path)]
    except sqlite3.DatabaseError as error:
        return [_damaged(str(error))]
    return [*faults, *_surroundings(path)]


def _damaged(what: str) -> Fault:
    detail = " ".join(what.split())[:200]
    return Fault("integrity", f"the file is damaged: {detail}; `crm backup restore latest`")


def _links(conn: sqlite3.Connection) -> Iterator[Fault]:
    for table, row_id, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield Fault("links", f"{table} {row_id} points at a missing {parent}")


def _journal(conn: sqlite3.Connection) -> Iterator[Fault]:
    if conn.execute(sql.OPEN_STATE).fetchone():

        def close(w: Unit) -> None:
            w.begin_group()  # ends by clearing the state

        yield Fault("journal", "a unit of work was left open in the journal", close)


def _shape(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Find indices, triggers and views that are not those of the program."""
    wrong = shape.wrong(conn)
    if wrong:

        def fix(w: Unit) -> None:
            w.begin_group()
            shape.remake(w.conn)

        some = ", ".join(wrong[:3])
        message = f"{len(wrong)} indices, triggers or views are not as they should be: {some}"
        yield Fault("shape", message, fix)


def _names(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Find search keys that another program left behind its change of a name."""
    queries = {"contact": sql.WRONG_NORM, "org": sql.WRONG_ORG_NORM, "deal": sql.WRONG_DEAL_NORM}
    for table, query in queries.items():
        wrong = [(id, name) for id, name, norm in conn.execute(query) if fold(name) != norm]
        if wrong:

            def fix(w: Unit, table: str = table, wrong: list[tuple[int, str]] = wrong) -> None:
                for id, name in wrong:
                    w.update(table, id, name_norm=fold(name))
                    if table in derive.NAMED:
                        w.renamed.add((table, id))

            yield Fault("names", f"{len(wrong)} search keys of {table} are out of date", fix)


def _handles(conn: sqlite3.Connection) -> Iterator[Fault]:
    missing = conn.execute(sql.MISSING_HANDLES).fetchall()
    if missing:

        def fix(w: Unit) -> None:
            w.begin_group()
            w.renamed.update((noun, id) for noun, id in missing)

        yield Fault("handles", f"{len(missing)} records have no handle", fix)


def _stays(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Find deals whose history does not end where they stand."""
    wrong = conn.execute(sql.WRONG_STAYS).fetchall()
    if wrong:

        def fix(w: Unit) -> None:
            for id, stage_id, entered_at in wrong:
                track = Track("deal", id)
                at = track.next(w) if track.rows(w) else entered_at
                enter(w, track, stage_id, at)
                w.update("deal", id, stage_entered_at=at)

        yield Fault("history", f"the history of {len(wrong)} deals ends somewhere else", fix)


def _touches(conn: sqlite3.Connection, clock: Clock) -> Iterator[Fault]:
    """Find what does not follow from interactions and cadences.

    Next touches are days of the user's time zone, so moving to another one may shift some.
    """
    wrong = [row[0] for row in conn.execute(sql.WRONG_TOUCH)]
    if wrong:
        yield Fault("touches", f"{len(wrong)} last touches are wrong", _refresher("contact", wrong))
    ids = list(chunks(row[0] for row in conn.execute(sql.IDS["contact"])))
    wrong = [row["id"] for chunk in ids for row in derive.wrong_unanswered(conn, chunk)]
    if wrong:
        message = f"with {len(wrong)} people it is wrong who wrote last"
        yield Fault("touches", message, _refresher("contact", wrong))
    wrong = [row["id"] for chunk in ids for row in derive.wrong_next_touches(conn, clock, chunk)]
    if wrong:
        message = f"{len(wrong)} days of keeping in touch are wrong"
        yield Fault("touches", message, _refresher("contact", wrong))


def _docs(conn: sqlite3.Connection) -> Iterator[Fault]:
    for noun, query in sql.IDS.items():
        ids = [row[0] for row in conn.execute(query)]
        wrong: list[int] = []
        for chunk in chunks(ids):
            wanted = derive.texts(conn, noun, chunk)
            docs = with_ids(derive_sql.DOCS, [doc_id(noun, id) for id in chunk])
            stored = {row_id: texts for _, row_id, *texts in conn.execute(*docs)}
            wrong += [id for id in chunk if list(wanted.get(id, ())) != stored.get(id, [])]
        if wrong:
            message = f"{len(wrong)} search texts of {noun} are out of date"
            yield Fault("search", message, _refresher(noun, wrong))
    stale = [row[0] for row in conn.execute(sql.STALE_DOCS)]
    if stale:

        def fix(w: Unit) -> None:
            w.begin_group()
            w.conn.executemany(derive_sql.DROP_DOC, [{"id": id} for id in stale])
            w.conn.execute(dialect.REBUILD_FULL_TEXT)

        yield Fault("search", f"{len(stale)} search texts belong to nobody", fix)


def _name_words(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Find words of names that a search with a mistake in it would not find."""
    titles = [row[0] for row in conn.execute(sql.NAME_TITLES)]
    known = {word for word, back in conn.execute(sql.NAME_WORDS) if back == word[::-1]}
    missing = {word for title in titles for word in name_words(title)} - known
    if missing:

        def fix(w: Unit) -> None:
            w.begin_group()
            w.conn.executemany(sql.DROP_NAME_WORD, [{"word": word} for word in missing])
            derive.add_name_words(w.conn, missing)

        yield Fault("search", f"{len(missing)} words of names are not noted", fix)


def _full_text(conn: sqlite3.Connection) -> Iterator[Fault]:
    """Compare the full-text index with its content; the check writes nothing but needs a writer."""
    try:
        conn.execute("PRAGMA query_only = OFF")
        conn.execute("BEGIN")
        conn.execute(dialect.CHECK_FULL_TEXT)
    except sqlite3.DatabaseError as error:
        if "readonly" in str(error) or "locked" in str(error):
            return

        def fix(w: Unit) -> None:
            w.begin_group()
            w.conn.execute(dialect.REBUILD_FULL_TEXT)

        yield Fault("search", "the full-text index does not match its texts", fix)
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        conn.execute("PRAGMA query_only = ON")


def _refresher(noun: str, ids: list[int]) -> Callable[[Unit], None]:
    def fix(w: Unit) -> None:
        w.begin_group()
        w.touch(noun, ids)

    return fix


def _files(conn: sqlite3.Connection, path: str) -> Iterator[Fault]:
    """Find contents of attachments that are missing, and those that nothing needs any more."""
    for lost, whose in attachment.missing(conn, path):
        yield Fault("files", f"the content of {whose} is missing or cut short: {lost}")
    unused = attachment.unused(conn, path)
    if unused:

        def fix(w: Unit) -> None:
            for name in unused:
                attachment.drop_unused(w, name)

        message = f"{len(unused)} files of {attachment.folder(path)} belong to no record"
        yield Fault("files", message, fix, is_warning=True)


def _surroundings(path: str) -> Iterator[Fault]:
    """Warn about modes, network disks, synced folders, and files left by a killed first run."""
    if not os.path.exists(path):
        return
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        yield Fault("mode", f"others may read {path}; chmod 600 it", is_warning=True)
    for name in sorted(os.listdir(os.path.dirname(os.path.abspath(path)))):
        if name.startswith(NEW_PREFIX):
            yield Fault("leftover", f"{name} is left of a killed first run", is_warning=True)
    kind = _file_system(path)
    if kind in NETWORK:
        yield Fault("disk", f"{path} lies on a network disk ({kind})", is_warning=True)
    if any(part in path for part in SYNCED):
        yield Fault("disk", f"{path} lies in a synced folder", is_warning=True)


def _file_system(path: str) -> str:
    """Give the kind of file system under `path`, as /proc/mounts tells; "" elsewhere."""
    best, kind = "", ""
    try:
        with open("/proc/mounts", encoding="utf-8") as file:
            for line in file:
                _, point, name, *_ = line.split()
                inside = os.path.realpath(path).startswith(point.rstrip("/") + "/")
                if inside and len(point) > len(best):
                    best, kind = point, name
    except OSError:
        return ""
    return kind
