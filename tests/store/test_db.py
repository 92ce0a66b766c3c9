"""Making, opening and checking a database file."""

import multiprocessing
import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from crmcli.errors import StorageError
from crmcli.store import db
from crmcli.store.dialect import APPLICATION_ID, SCHEMA_VERSION

FORK = multiprocessing.get_context("fork")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def open_umask():
    old = os.umask(0)
    yield
    os.umask(old)


@pytest.mark.usefixtures("open_umask")
def test_what_is_created_is_private_under_any_umask(database):
    with closing(db.connect_writer(str(database))) as conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("INSERT INTO app_user (uid, name) VALUES ('u', 'me')")
        conn.execute("COMMIT")
        made = list(database.parent.iterdir())
        assert {path.name for path in made} == {"crm.db", "crm.db-wal", "crm.db-shm"}
        assert {mode(path) for path in made} == {0o600}
        assert mode(database.parent) == 0o700


def test_a_new_database_is_ours_and_durable(database):
    with closing(db.connect_writer(str(database))) as conn:
        pragmas = ("application_id", "user_version", "journal_mode", "synchronous", "foreign_keys")
        found = [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
        assert found == [APPLICATION_ID, SCHEMA_VERSION, "wal", 2, 1]
        assert conn.execute("PRAGMA recursive_triggers").fetchone() == (1,)
        assert conn.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    assert database.read_bytes()[68:72] == b"CRM1"


def test_reading_a_missing_path_creates_nothing(home):
    path = home / "no" / "crm.db"
    with closing(db.connect_reader(str(path))) as conn:
        assert conn.execute("SELECT count(*) FROM contact").fetchone() == (0,)
    assert list(home.iterdir()) == []


def test_a_reader_cannot_write(store):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.reader.execute("INSERT INTO app_user (uid, name) VALUES ('u', 'me')")


def text_file(path: Path, _: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def empty_file(path: Path, _: Path) -> None:
    path.touch()


def other_program(path: Path, _: Path) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("CREATE TABLE song (name TEXT)")


def version(number: int):
    def plant(path: Path, template: Path) -> None:
        shutil.copy(template, path)
        with closing(sqlite3.connect(path)) as conn:
            conn.execute(f"PRAGMA user_version = {number}")
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    plant.__name__ = f"version_{number}"
    return plant


def cut_in_the_header(path: Path, template: Path) -> None:
    path.write_bytes(template.read_bytes()[:60])


def dangling_link(path: Path, _: Path) -> None:
    path.symlink_to(path.parent / "gone" / "crm.db")


STRANGE = [text_file, empty_file, other_program, version(99), version(0), cut_in_the_header]


@pytest.mark.parametrize("plant", STRANGE, ids=lambda plant: plant.__name__)
@pytest.mark.parametrize("connect", [db.connect_reader, db.connect_writer])
def test_a_strange_file_is_refused_untouched(home, template, plant, connect):
    path = home / "crm.db"
    plant(path, template)
    before = contents(home)
    with pytest.raises(StorageError) as caught:
        connect(str(path))
    assert caught.value.code == 5
    assert str(path) in caught.value.message
    assert contents(home) == before


@pytest.mark.parametrize("connect", [db.connect_reader, db.connect_writer])
def test_a_folder_is_refused(home, connect):
    (home / "crm.db").mkdir()
    with pytest.raises(StorageError, match="is a folder"):
        connect(str(home / "crm.db"))
    assert list((home / "crm.db").iterdir()) == []


def test_a_dangling_link_reads_as_an_error_and_creates_nothing(home):
    dangling_link(home / "crm.db", home)
    with pytest.raises(StorageError):
        db.connect_reader(str(home / "crm.db"))
    assert [path.name for path in home.iterdir()] == ["crm.db"]


def test_a_truncated_file_is_refused_by_a_write_and_left_as_it_is(store):
    path = Path(store.path)
    path.write_bytes(path.read_bytes()[:8192])
    before = path.read_bytes()
    with pytest.raises(StorageError, match="damaged"):
        store.write("add", lambda w: w.insert("app_user", name="zala"))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["a b.db", "50%.db", "what?.db", "a#b.db", "čšž.db", "a%20b.db", "x&mode=ro.db", "-.db"]
)
def test_any_name_of_a_file_works(home, name):
    path = home / name
    db.connect_writer(str(path)).close()
    db.connect_reader(str(path)).close()
    assert path.exists()
    assert name in os.listdir(home)


def test_a_path_with_two_slashes_in_front_works(database):
    path = f"/{database}"
    assert path.startswith("//")
    db.connect_writer(path).close()
    db.connect_reader(path).close()
    assert database.exists()


def test_a_relative_path_works(home, monkeypatch):
    monkeypatch.chdir(home)
    db.connect_writer("crm.db").close()
    db.connect_reader("crm.db").close()
    assert (home / "crm.db").exists()


def test_a_symlink_is_resolved(home, template):
    (home / "real").mkdir()
    shutil.copy(template, home / "real/crm.db")
    link = home / "crm.db"
    link.symlink_to(home / "real/crm.db")
    with closing(db.connect_writer(str(link))) as conn:
        conn.execute("INSERT INTO app_user (uid, name) VALUES ('u', 'me')")
        assert (home / "real/crm.db-wal").exists()
    with closing(db.connect_reader(str(link))) as conn:
        assert conn.execute("SELECT name FROM app_user").fetchall() == [("me",)]
    assert link.is_symlink()


def test_a_second_link_is_refused_and_both_are_kept(store, home):
    other = home / "copy.db"
    os.link(store.path, other)
    with pytest.raises(StorageError, match="second name"):
        db.connect_writer(store.path)
    assert other.exists()
    assert os.path.exists(store.path)


def test_the_second_link_of_an_unfinished_creation_is_removed(store):
    leftover = Path(store.path).with_name(".crm-new-123-abc")
    os.link(store.path, leftover)
    db.connect_writer(store.path).close()
    assert not leftover.exists()
    assert os.stat(store.path).st_nlink == 1


def test_an_unfinished_creation_of_another_file_is_left_alone(store, home):
    other = Path(store.path).with_name(f".crm-new-{os.getpid()}-abc")
    other.write_bytes(b"another command is at work")
    os.link(store.path, home / "copy.db")
    with pytest.raises(StorageError, match="second name"):
        db.connect_writer(store.path)
    assert other.exists()


def test_creation_never_replaces_what_came_first(database):
    db.create(str(database))
    with closing(db.connect_writer(str(database))) as conn:
        conn.execute("INSERT INTO app_user (uid, name) VALUES ('u', 'me')")
    inode = database.stat().st_ino
    db.create(str(database))
    assert database.stat().st_ino == inode
    assert os.listdir(database.parent) == ["crm.db"]


def test_creation_without_hard_links(database, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    db.connect_writer(str(database)).close()
    assert os.listdir(database.parent) == ["crm.db"]
    assert mode(database) == 0o600


def test_a_folder_that_cannot_be_made_is_a_storage_error(home):
    (home / "file").touch()
    with pytest.raises(StorageError, match="cannot create"):
        db.connect_writer(str(home / "file" / "crm.db"))


def test_a_creation_that_fails_leaves_nothing(database, monkeypatch):
    monkeypatch.setattr(db, "read_schema", lambda: "CREATE TABEL x")
    with pytest.raises(StorageError):
        db.create(str(database))
    assert os.listdir(database.parent) == []


def first_write(path: str, barrier, results) -> None:
    barrier.wait()
    try:
        with closing(db.connect_writer(path)) as conn:
            conn.execute(
                "INSERT INTO app_user (uid, name) VALUES (:n, :n)", {"n": str(os.getpid())}
            )
        results.put("ok")
    except Exception as error:
        results.put(repr(error))


def test_parallel_first_commands_all_succeed(database):
    count = 8
    barrier, results = FORK.Barrier(count), FORK.SimpleQueue()
    workers = [
        FORK.Process(target=first_write, args=(str(database), barrier, results))
        for _ in range(count)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [results.get() for _ in workers] == ["ok"] * count
    with closing(db.connect_reader(str(database))) as conn:
        assert conn.execute("SELECT count(*) FROM app_user").fetchone() == (count,)
    assert [name for name in os.listdir(database.parent) if name.startswith(".crm-new-")] == []


def read_as_nobody(path: str, results) -> None:
    os.setgid(65534)
    os.setuid(65534)
    found: list[object] = [os.access(path, os.W_OK)]
    for connect in (db.connect_reader, db.connect_writer):
        try:
            conn = connect(path)
            found.append(conn.execute("SELECT name FROM app_user").fetchall())
            conn.execute("INSERT INTO app_user (uid, name) VALUES ('v', 'v')")
            found.append("written")
        except Exception as error:
            found.append(type(error).__name__)
    results.put(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_read_only_file_in_a_read_only_folder_can_be_read(template):
    folder = Path(tempfile.mkdtemp(prefix="crm-test-"))
    try:
        path = folder / "crm.db"
        shutil.copy(template, path)
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute("INSERT INTO app_user (uid, name) VALUES ('u', 'me')")
        os.chmod(path, 0o444)
        os.chmod(folder, 0o555)
        before = contents(folder)
        results = FORK.SimpleQueue()
        worker = FORK.Process(target=read_as_nobody, args=(str(path), results))
        worker.start()
        worker.join()
        access, rows, refused, *_ = results.get()
        assert access is False
        assert rows == [("me",)]
        assert refused == "OperationalError"
        assert contents(folder) == before
    finally:
        os.chmod(folder, 0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_LOCKED, "busy"),
        (sqlite3.SQLITE_READONLY | (1 << 8), "read-only"),
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_IOERR, "cannot be used"),
    ],
)
def test_what_sqlite_reports_is_said_in_a_persons_words(code, words):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    assert words in db.storage_error(error, "/x/crm.db").message


def copy_over(template: str, path: str, results) -> None:
    db.BUSY_MS = 0
    with closing(db.connect_reader(template)) as source:
        try:
            db.copy_into(source, path)
            results.put("copied")
        except sqlite3.OperationalError as error:
            results.put(str(error))


def test_copying_over_a_busy_database_gives_up_and_changes_nothing(store, template):
    before = Path(store.path).read_bytes()
    results = FORK.SimpleQueue()
    with closing(db.connect_writer(store.path)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        worker = FORK.Process(target=copy_over, args=(str(template), store.path, results))
        worker.start()
        worker.join(10)
        waits_for_ever = worker.is_alive()
        worker.kill()
        worker.join()
    assert not waits_for_ever
    assert "locked" in results.get()
    assert Path(store.path).read_bytes() == before
