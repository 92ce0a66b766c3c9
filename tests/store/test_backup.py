"""Backups: whole, checked, private; a restore brings back what was, past any -wal."""

import errno
import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from crmcli.clock import Clock
from crmcli.errors import CrmError, InvalidError, NotFoundError, StorageError
from crmcli.store import backup, db

NAME = "20261123T090000Z.crm.db"


@pytest.fixture
def folder(home):
    return home / "backups"


@pytest.fixture
def make(crm, folder):
    """Make a backup of the database as it is."""

    def make(reason: str = "by hand", clock: Clock | None = None) -> backup.Backup:
        clock = clock or crm.store.clock
        return backup.make_backup(crm.store.path, str(folder), clock, reason)

    return make


def mode(path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def later(hours: int) -> Clock:
    return Clock("UTC", datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(hours=hours))


def test_a_backup_holds_what_is_still_in_the_wal(crm, make, folder):
    reader = crm.conn  # keeps the -wal from being written back
    reader.execute("SELECT count(*) FROM contact").fetchone()
    crm.contact("Ana")
    holder = db.connect_reader(crm.store.path)
    holder.execute("SELECT count(*) FROM contact").fetchone()
    crm.contact("Bo")
    assert os.path.getsize(crm.store.path + "-wal") > 0
    made = make()
    holder.close()
    assert (made.name, made.at, made.reason) == (NAME, "2026-11-23T09:00:00Z", "by hand")
    assert (made.rows["contact"], made.size) == (2, os.path.getsize(folder / NAME))
    assert backup.verify(str(folder / NAME), str(folder)) == made.rows
    assert made.json() | {"sha256": ""} == {
        "id": NAME,
        "name": NAME,
        "at": "2026-11-23T09:00:00Z",
        "reason": "by hand",
        "size": made.size,
        "contacts": 2,
        "interactions": 0,
        "sha256": "",
    }


def test_round_trip_into_a_live_file_with_a_wal(crm, make, folder):
    crm.contact("Ana", emails=["ana@acme.si"])
    before = crm.dump()
    made = make()
    crm.contact("Bo")
    holder = db.connect_reader(crm.store.path)
    holder.execute("SELECT count(*) FROM contact").fetchone()
    crm.edit(1, values={"note": "in the wal"})
    assert os.path.getsize(crm.store.path + "-wal") > 0
    backup.restore(str(folder / made.name), crm.store.path)
    assert holder.execute("SELECT count(*) FROM contact").fetchone() == (1,)
    holder.close()
    crm.store.close()
    assert crm.dump() == before
    assert crm.find("ana@acme.si") == ["c1"]
    crm.contact("Cene")  # and it can be written again
    assert crm.all("SELECT display_name FROM contact") == ["Ana", "Cene"]
    assert backup.verify(str(folder / made.name), str(folder))["contact"] == 1


def test_restore_where_no_database_is(crm, make, folder, home):
    crm.contact("Ana")
    make()
    target = home / "new" / "crm.db"
    backup.restore(str(folder / NAME), str(target))
    assert backup.verify_file(str(target))["contact"] == 1
    assert (mode(target), mode(target.parent)) == (0o600, 0o700)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_everything_is_private_under_any_umask(crm, make, folder, umask):
    crm.contact("Ana")
    before = os.umask(umask)
    try:
        make()
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert {entry.name: mode(entry) for entry in folder.iterdir()} == {
        NAME: 0o600,
        "manifest.jsonl": 0o600,
    }


def test_names_of_one_second_and_the_newest_first(crm, make, folder):
    crm.contact("Ana")
    names = [make().name, make().name, make().name, make(clock=later(1)).name]
    assert names == [
        *(NAME, "20261123T090000Z-2.crm.db", "20261123T090000Z-3.crm.db"),
        "20261123T100000Z.crm.db",
    ]
    assert [b.name for b in backup.list_backups(str(folder))] == names[::-1]
    os.unlink(folder / names[1])
    assert [b.name for b in backup.list_backups(str(folder))] == [names[3], names[2], names[0]]


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '{"name": 1}', "7"])
def test_a_broken_line_of_the_manifest_is_passed_over(crm, make, folder, line):
    crm.contact("Ana")
    make("first")
    with open(folder / "manifest.jsonl", "a") as file:
        file.write(line + "\n")
    make("second", later(1))
    assert [b.reason for b in backup.list_backups(str(folder))] == ["second", "first"]


def test_find(crm, make, folder, home):
    with pytest.raises(NotFoundError, match="'latest'"):
        backup.find_backup(str(folder), "latest", crm.store.path)
    crm.contact("Ana")
    make()
    newest = make(clock=later(1)).name
    other = home / "other.db"
    shutil.copy(folder / NAME, other)
    assert backup.find_backup(str(folder), "latest", crm.store.path) == str(folder / newest)
    for name in (NAME, NAME.removesuffix(".crm.db"), str(folder / NAME)):
        assert backup.find_backup(str(folder), name, crm.store.path) == str(folder / NAME)
    assert backup.find_backup(str(folder), str(other), crm.store.path) == str(other)
    for name in ("none", "", "..", str(home)):
        with pytest.raises(NotFoundError):
            backup.find_backup(str(folder), name, crm.store.path)
    with pytest.raises(NotFoundError, match="'latest'"):  # of another database
        backup.find_backup(str(folder), "latest", str(other))
    assert backup.list_backups(str(folder), str(other)) == []


@pytest.mark.parametrize("place", [100, 5000, -1])
def test_a_flipped_byte_is_noticed(crm, make, folder, place):
    crm.contact("Ana")
    make()
    raw = bytearray((folder / NAME).read_bytes())
    raw[place] ^= 1
    (folder / NAME).write_bytes(raw)
    with pytest.raises(InvalidError, match="was changed since it was made"):
        backup.verify(str(folder / NAME), str(folder))


def test_another_sound_file_under_its_name_is_noticed(crm, make, folder):
    crm.contact("Ana")
    make()
    crm.contact("Bo")
    second = make().name
    os.replace(folder / second, folder / NAME)
    with pytest.raises(InvalidError, match="was changed"):
        backup.verify(str(folder / NAME), str(folder))


def test_a_file_elsewhere_of_the_same_name_is_checked_by_itself(crm, make, folder, home):
    crm.contact("Ana")
    make()
    crm.contact("Bo")
    second = make().name
    shutil.copy(folder / second, home / NAME)
    assert backup.verify(str(home / NAME), str(folder))["contact"] == 2


def test_damage_is_found_without_a_manifest(crm, make, folder):
    crm.contact("Ana")
    make()
    os.unlink(folder / "manifest.jsonl")
    raw = (folder / NAME).read_bytes()
    page = int.from_bytes(raw[16:18], "big")
    middle = len(raw) // page // 2 * page
    (folder / NAME).write_bytes(raw[:page] + b"\xff" * (middle - page) + raw[middle:])
    with pytest.raises(InvalidError, match="is damaged"):
        backup.verify(str(folder / NAME), str(folder))


def test_a_broken_foreign_key_is_damage(crm, make, folder):
    crm.contact("Ana")
    crm.outside("UPDATE contact SET owner_id = 99")
    with pytest.raises(InvalidError, match="contact"):
        make()
    assert os.listdir(folder) == []


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 4096, "sqlite"])
def test_a_foreign_file_is_refused(crm, home, content):
    path = home / "foreign.db"
    if content == "sqlite":
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("CREATE TABLE t (x)")
            conn.commit()
    else:
        path.write_bytes(content)
    raw = path.read_bytes()
    crm.contact("Ana")
    before = crm.dump()
    crm.store.close()
    with pytest.raises(StorageError):
        backup.verify_file(str(path))
    with pytest.raises(StorageError):
        backup.restore(str(path), crm.store.path)
    assert path.read_bytes() == raw
    assert crm.dump() == before


def test_without_a_database_there_is_nothing_to_back_up(home, clock, folder):
    with pytest.raises(StorageError, match="there is no database"):
        backup.make_backup(str(home / "none.db"), str(folder), clock, "x")
    assert not folder.exists()


def fail_copy(monkeypatch):
    def full(source, path):
        with open(path, "wb") as file:
            file.write(b"half")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(db, "copy_into", full)


def fail_open(monkeypatch):
    whole = os.open

    def refuse(path, flags, *args, **options):
        if str(path).endswith(".tmp"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return whole(path, flags, *args, **options)

    monkeypatch.setattr(os, "open", refuse)


def fail_rename(monkeypatch):
    def refuse(*paths):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "rename", refuse)


def fail_check(monkeypatch):
    def refuse(path):
        raise InvalidError(f"{path} is damaged")

    monkeypatch.setattr(backup, "verify_file", refuse)


@pytest.mark.parametrize("fail", [fail_copy, fail_open, fail_rename, fail_check])
def test_no_half_backup_is_left(crm, make, folder, monkeypatch, fail):
    crm.contact("Ana")
    fail(monkeypatch)
    with pytest.raises((StorageError, InvalidError)):
        make()
    monkeypatch.undo()
    assert os.listdir(folder) == []
    assert crm.all("SELECT display_name FROM contact") == ["Ana"]


def test_no_backup_without_its_manifest_line(crm, make, folder, monkeypatch):
    """A disk that is full at the last step leaves no file that nobody lists."""
    crm.contact("Ana")
    whole = os.open

    def refuse(path, *args, **options):
        if str(path).endswith("manifest.jsonl"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(path, *args, **options)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StorageError, match="No space left"):
        make()
    monkeypatch.undo()
    listed = {b.name for b in backup.list_backups(str(folder))}
    assert {name for name in os.listdir(folder) if name.endswith(".crm.db")} == listed


def test_a_folder_that_cannot_be_made_is_said(crm, home, clock):
    crm.contact("Ana")
    (home / "file").write_text("in the way")
    with pytest.raises(CrmError) as caught:
        backup.make_backup(crm.store.path, str(home / "file" / "backups"), clock, "x")
    assert caught.value.code == StorageError.code


def test_no_manifest_is_no_backups(folder):
    assert backup.list_backups(str(folder)) == []


def test_the_manifest_is_json_lines(crm, make, folder):
    crm.contact("Ana")
    made = make("merge")
    (line,) = (folder / "manifest.jsonl").read_text().splitlines()
    found = json.loads(line)
    assert (found["name"], found["reason"], found["sha256"]) == (NAME, "merge", made.sha256)
    assert found["rows"]["contact"] == 1
