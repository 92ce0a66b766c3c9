"""Upgrades: a database of any release becomes what this one makes; all of it, or nothing."""

import multiprocessing
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crmcli.errors import StorageError
from crmcli.store import backup, contact, db, dialect, doctor, dump, journal, shape, upgrade
from crmcli.store.tables import COLUMNS

SCHEMAS = sorted((Path(__file__).parents[1] / "schemas").glob("*.sql"))
REVISIONS = Path(__file__).parent / "revisions"
NEW = {"contact": "planet", "org": "moons"}
DDL = {"contact": "planet TEXT", "org": "moons INTEGER DEFAULT '0' NOT NULL"}


def structure(conn) -> dict[str, object]:
    """Give all that the schema says, whatever the order of the columns."""
    tables = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    found = {name: parts(ddl) for name, ddl in tables if not name.startswith("sqlite_")}
    return {**found, "": shape.shape_of(conn)}


def parts(ddl: str) -> list[str]:
    """Give columns and constraints of a CREATE TABLE, each without superfluous blanks."""
    head, _, body = ddl.rpartition(")")[0].partition("(")
    found, depth, text = [], 0, ""
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            found.append(text)
            text = ""
        else:
            text += char
    virtual = "VIRTUAL" in head
    return sorted(" ".join(part.split()) for part in [*found, text, str(virtual)])


def build(path: Path, ddl: str) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(f"BEGIN;{ddl};COMMIT;PRAGMA journal_mode = WAL;")


@pytest.mark.parametrize("frozen", SCHEMAS, ids=lambda path: path.stem)
def test_a_database_of_a_release_becomes_what_a_new_one_is(frozen, home):
    """What fails here after a change of the models needs a new revision: docs/upgrading.md."""
    build(home / "crm.db", frozen.read_text(encoding="utf-8"))
    with closing(db.connect_writer(str(home / "crm.db"))) as conn:
        assert db.version_of(conn) == dialect.SCHEMA_VERSION
        assert structure(conn) == structure(db.connect_empty())


def test_the_newest_revision_has_the_number_of_the_format():
    numbers = [int(step.revision) for step in upgrade._steps()]
    assert numbers == list(range(dialect.OLDEST_VERSION, dialect.SCHEMA_VERSION + 1))


@pytest.fixture
def later(monkeypatch):
    """The program of a later release: format 5, with a column and an index more."""
    patch_later(monkeypatch)


def patch_later(monkeypatch) -> None:
    ddl = db.read_schema()
    for table, column in NEW.items():
        old = list(COLUMNS[table])
        ddl = ddl.replace(f"CREATE TABLE {table} (", f"CREATE TABLE {table} (\n{DDL[table]},")
        new = dialect.journal_triggers(table, [*old, column])
        for before, after in zip(dialect.journal_triggers(table, old), new, strict=True):
            assert before in ddl
            ddl = ddl.replace(before, after)
        monkeypatch.setitem(COLUMNS, table, (*old, column))
    ddl += "CREATE INDEX ix_contact_planet ON contact (planet);"
    monkeypatch.setattr(db, "read_schema", lambda: ddl)
    monkeypatch.setattr(upgrade, "FOLDERS", [*upgrade.FOLDERS, str(REVISIONS)])
    for module in (db, dialect):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 5)


@pytest.fixture
def filled(crm):
    """A database of the present release with somebody in it, and things to undo."""
    crm.contact("Ana Novak", org="Acme", emails=["ana@acme.si"], tags=["vip"])
    crm.contact("Bor Kralj", org="Acme")
    crm.deal("Pilot", amount="9000", contact_id=1)
    crm.move(1, "Won", "2026-11-23T10:00:00Z")
    crm.trash("contact", 2)
    crm.rename("org", 1, "Acme International")
    crm.outside("CREATE VIEW mine AS SELECT name FROM org")
    crm.outside("CREATE INDEX mine_too ON contact (note)")
    crm.store.close()
    return crm


def test_an_upgrade_keeps_every_row_the_history_and_undo(filled, request, capsys):
    before = filled.dump()
    filled.store.close()
    request.getfixturevalue("later")
    assert filled.all("SELECT display_name, planet FROM contact") == [
        ("Ana Novak", "Earth"),
        ("Bor Kralj", None),
    ]
    assert filled.all("SELECT name, moons FROM mine JOIN org USING (name)") == [
        ("Acme International", 0)
    ]
    assert "was upgraded to format 5" in capsys.readouterr().err
    with closing(db.connect_empty()) as new:
        assert structure(filled.conn) == structure(new)
    assert doctor.examine(filled.conn, "none", filled.store.clock) == []
    names = [group.summary for group in journal.history(filled.conn, 2)]
    assert names == ["1 org changed", "1 contact changed"]
    filled.undo()
    filled.undo()
    assert contact.get_contact(filled.conn, 2).name == "Bor Kralj"
    assert filled.find("acme") != []
    filled.redo()
    filled.redo()
    added = r', "planet": ("Earth"|null)|"moons": 0, '
    assert re.sub(added, "", filled.dump()) == before
    assert filled.contact("Next") == 3
    filled.write(lambda w: w.update("contact", 1, planet="Mars"))
    assert journal.changes(filled.conn, filled.last_group())[0]["new"].find("Mars") > 0
    assert "planet" in next(dump.records(filled.conn, "contact"))


def test_a_reader_upgrades_too_and_a_backup_of_before_can_be_restored(filled, later, home):
    folder = home / ".local/state/crm/backups"
    db.connect_reader(filled.store.path).close()
    (made,) = backup.list_backups(str(folder), filled.store.path)
    assert made.reason == "before format 5"
    assert made.rows["contact"] == 2
    old = str(folder / made.name)
    assert backup.verify(old, str(folder))["org"] == 1
    filled.contact("After")
    backup.restore(old, filled.store.path)
    filled.store.close()
    assert filled.all("SELECT count(*) FROM contact WHERE planet = 'Earth'") == [1]


def test_a_new_database_is_not_upgraded(later, database, capsys):
    with closing(db.connect_writer(str(database))) as conn:
        assert db.version_of(conn) == 5
    assert capsys.readouterr().err == ""


def test_a_revision_that_fails_changes_nothing(filled, later, monkeypatch, tmp_path):
    broken = tmp_path / "r0005_broken.py"
    broken.write_text(
        "from alembic import op\nrevision, down_revision = '5', '4'\n"
        "def upgrade():\n    op.execute('UPDATE contact SET note = 1')\n"
        "    op.execute('SELECT * FROM nowhere')\n"
    )
    monkeypatch.setattr(upgrade, "FOLDERS", [upgrade.FOLDERS[0], str(tmp_path)])
    before = content(filled.store.path)
    with pytest.raises(StorageError, match="nowhere"):
        db.connect_writer(filled.store.path)
    assert content(filled.store.path) == before


def test_broken_links_stop_an_upgrade(filled, later):
    filled.outside("UPDATE contact SET source_id = 99")
    before = content(filled.store.path)
    with pytest.raises(StorageError, match="contact 1 points at a missing source"):
        db.connect_reader(filled.store.path)
    assert content(filled.store.path) == before


def test_a_busy_database_is_upgraded_later(filled, later, monkeypatch):
    monkeypatch.setattr(db, "BUSY_MS", 50)
    monkeypatch.setattr(db, "WRITER_PRAGMAS", ("PRAGMA busy_timeout = 50",))
    before = content(filled.store.path)
    with closing(sqlite3.connect(filled.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="busy"):
            db.connect_writer(filled.store.path)
    assert content(filled.store.path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_says_what_to_do(filled, later):
    os.chmod(filled.store.path, 0o400)
    with pytest.raises(StorageError, match="must be upgraded"):
        db.connect_reader(filled.store.path)


def test_without_room_for_the_backup_nothing_happens(filled, later, monkeypatch, home):
    (home / ".local/state").mkdir(parents=True)
    (home / ".local/state/crm").write_text("in the way")
    before = content(filled.store.path)
    with pytest.raises(StorageError, match="cannot write a backup"):
        db.connect_writer(filled.store.path)
    assert content(filled.store.path) == before


@pytest.mark.parametrize("version", [1, 3])
def test_what_was_never_released_is_refused(filled, version):
    filled.outside(f"PRAGMA user_version = {version}")
    before = content(filled.store.path)
    with pytest.raises(StorageError, match="older development version"):
        db.connect_reader(filled.store.path)
    assert content(filled.store.path) == before


def content(path: str) -> tuple[int, list[str]]:
    """Give the format of a database and all that is in it."""
    with closing(sqlite3.connect(path)) as conn:
        conn.create_function("fold", 1, str)
        return conn.execute("PRAGMA user_version").fetchone()[0], list(conn.iterdump())


def open_later(path: str, kill_at: int | None, answers) -> None:
    """Open a database as the later release does, in a process of its own; perhaps die on the way.

    Args:
        path: the database.
        kill_at: the statement at which the process kills itself.
        answers: where it tells the format it found, or how many statements there were.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        patch_later(monkeypatch)
        done = 0
        real = db.connect_upgrade

        def traced(path):
            conn = real(path)

            def count(_):
                nonlocal done
                done += 1
                if done == kill_at:
                    os.kill(os.getpid(), 9)

            conn.set_trace_callback(count)
            return conn

        monkeypatch.setattr(db, "connect_upgrade", traced)
        with closing(db.connect_reader(path)) as conn:
            answers.put((db.version_of(conn), done))


def run(path, kill_at=None, times=1):
    """Run `open_later` in processes; give their exit codes and what they told."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    processes = [
        context.Process(target=open_later, args=(path, kill_at, answers)) for _ in range(times)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    codes = [process.exitcode for process in processes]
    return codes, [answers.get(timeout=5) for code in codes if code == 0]


def test_four_at_once_upgrade_it_once(filled, home):
    codes, told = run(filled.store.path, times=4)
    assert codes == [0] * 4
    assert {version for version, _ in told} == {5}
    made = backup.list_backups(str(home / ".local/state/crm/backups"))
    assert [one.reason for one in made] == ["before format 5"]


def test_a_kill_at_any_statement_leaves_the_old_one_or_the_new_one(filled, tmp_path):
    whole = shutil.copy(filled.store.path, tmp_path / "whole.db")
    old = content(filled.store.path)
    _, [(_, total)] = run(str(whole))
    new = content(str(whole))
    assert (old[0], new[0]) == (4, 5)
    seen = set()
    for kill_at in {*range(1, total, max(1, total // 12)), total}:
        path = str(shutil.copy(filled.store.path, tmp_path / f"{kill_at}.db"))
        codes, _ = run(path, kill_at)
        assert codes == [-9], kill_at
        assert content(path) in (old, new)
        seen.add(content(path)[0])
        assert run(path)[1] == [(5, total)] if seen == {4} else True
        assert content(path) == new
    assert 4 in seen
