"""The unit of work: one group or nothing, retried when busy, never an overwrite."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.errors import ConflictError, StorageError
from crmcli.store import db, dialect, unit
from crmcli.store.rows import fetch
from crmcli.store.unit import Store


def busy_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


@pytest.fixture
def impatient(monkeypatch):
    """Wait 50 ms for a busy database instead of 5 s."""
    for module in (dialect, db):
        monkeypatch.setattr(module, "BUSY_MS", 50)
    pragmas = ["PRAGMA busy_timeout = 50", *dialect.WRITER_PRAGMAS[1:]]
    monkeypatch.setattr(db, "WRITER_PRAGMAS", pragmas)


def test_one_write_is_one_group(crm):
    done = crm.write(lambda w: w.insert("tag", name="VIP", name_norm="vip"), "tag add")
    assert crm.row("change_group", done.group_id) == {
        "id": 1,
        "at": "2026-11-23T09:00:00Z",
        "actor": "me",
        "source": "cli",
        "command": "tag add",
        "undone_by_id": None,
        "part_of_id": None,
    }
    (change,) = crm.all("SELECT group_id, table_name, row_id, op, old, new FROM change")
    assert change[:5] == (1, "tag", done.value, "I", None)
    assert crm.all("SELECT group_id FROM journal_state") == [None]


def test_the_source_can_be_given_for_one_write(crm):
    crm.write(lambda w: w.insert("tag", name="a", name_norm="a"), source="import")
    assert crm.all("SELECT source FROM change_group") == ["import"]


def test_doing_nothing_writes_nothing(crm):
    crm.contact()
    crm.store.close()
    files = {path: path.read_bytes() for path in Path(crm.store.path).parent.iterdir()}
    done = crm.write(lambda w: w.all("SELECT id FROM contact"))
    assert (done.value, done.group_id, bool(done.changes)) == ([{"id": 1}], None, False)
    assert {path: path.read_bytes() for path in Path(crm.store.path).parent.iterdir()} == files


def test_a_change_that_holds_already_writes_nothing(crm):
    id = crm.contact()
    before = crm.row("contact", id)
    done = crm.write(lambda w: w.update("contact", id, display_name="Ana Novak", note=None))
    assert (done.value, done.group_id) == (False, None)
    assert crm.row("contact", id) == before


def test_an_update_journals_only_what_changed(crm):
    id = crm.contact()
    done = crm.write(lambda w: w.update("contact", id, 1, note="n", display_name="Ana Novak"))
    assert done.value is True
    assert crm.all("SELECT op, old, new FROM change WHERE group_id = ?", done.group_id) == [
        ("U", '{"note":null}', '{"note":"n"}')
    ]
    assert crm.row("contact", id)["version"] == 2


@pytest.mark.parametrize(("id", "version"), [(1, 1), (1, 3), (99, None)])
def test_a_stale_version_or_a_missing_row_is_a_conflict(crm, id, version):
    crm.contact()
    crm.edit(1, values={"note": "first"})
    with pytest.raises(ConflictError, match="changed meanwhile"):
        crm.write(lambda w: w.update("contact", id, version, note="second"))
    assert crm.row("contact", 1)["note"] == "first"


def test_a_failure_takes_everything_back(crm):
    def fail(w):
        w.insert("tag", name="a", name_norm="a")
        w.insert("contact", display_name="A", name_norm="a")
        raise ValueError("stop")

    before = crm.dump()
    with pytest.raises(ValueError, match="stop"):
        crm.write(fail)
    assert crm.dump() == before
    assert crm.all("SELECT count(*) FROM change_group") == [0]
    assert crm.all("SELECT group_id FROM journal_state") == [None]


def test_a_broken_constraint_is_no_traceback_and_writes_nothing(crm):
    def fail(w):
        w.insert("tag", name="a", name_norm="a")
        w.insert("tag", name="A", name_norm="a")

    with pytest.raises(StorageError):
        crm.write(fail)
    assert crm.all("SELECT count(*) FROM tag") == [0]


def test_an_interrupt_takes_everything_back(crm):
    def interrupt(w):
        w.insert("tag", name="a", name_norm="a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crm.write(interrupt)
    assert crm.all("SELECT count(*) FROM tag") == [0]


def test_a_busy_database_is_tried_again_from_the_start(crm):
    calls = []

    def fn(w):
        calls.append(w.insert("tag", name="a", name_norm="a"))
        if len(calls) < 3:
            raise busy_error()
        return "done"

    assert crm.write(fn).value == "done"
    assert calls == [1, 1, 1]
    assert crm.all("SELECT count(*) FROM change_group") == [1]


@pytest.mark.usefixtures("impatient")
def test_a_busy_database_is_given_up_and_nothing_is_written(crm):
    calls = []
    with closing(db.connect_writer(crm.store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="busy") as caught:
            crm.write(calls.append)
    assert caught.value.code == 5
    assert calls == []


def test_the_tries_end_with_the_deadline(crm, monkeypatch):
    clock = iter(range(0, 1000, 2))
    monkeypatch.setattr(unit.time, "monotonic", lambda: next(clock))
    calls = []

    def fn(w):
        calls.append(1)
        raise busy_error()

    with pytest.raises(StorageError, match="busy"):
        crm.write(fn)
    assert len(calls) == 3  # at 2 and 4 s it tries again, at 6 s it stops


@pytest.mark.parametrize(
    "fn",
    [
        lambda w: w.insert("contacts", name="a"),
        lambda w: w.insert("tag", nom="a"),
        lambda w: w.insert_many("tag", ["name", "x; DROP TABLE tag"], []),
        lambda w: w.update("tag", 1, x=1),
        lambda w: w.get("tag; DROP TABLE tag", 1),
        lambda w: w.delete("sqlite_master", 1),
    ],
)
def test_an_unknown_table_or_column_is_refused(crm, fn):
    crm.write(lambda w: w.insert("tag", name="a", name_norm="a"))
    with pytest.raises((StorageError, KeyError)):
        crm.write(fn)
    assert crm.all("SELECT name FROM tag") == ["a"]


def test_changes_name_what_moved(crm):
    acme = crm.org()
    ana = crm.contact(emails=["a@b.si"])
    draft_log = crm.log(ana)

    def moved(fn) -> dict[str, set[int]]:
        done = crm.write(fn)
        return {noun: ids for noun, ids in done.changes.ids.items() if ids}

    assert moved(lambda w: w.update("contact", ana, note="n")) == {"contact": {ana}}
    assert moved(lambda w: w.update("channel", 1, label="work")) == {"contact": {ana}}
    assert moved(lambda w: w.delete("channel", 1)) == {"contact": {ana}}
    assert moved(lambda w: w.insert("employment", contact_id=ana, org_id=acme)) == {
        "contact": {ana},
        "org": {acme},
    }
    assert moved(lambda w: w.update("interaction", draft_log, body="b")) == {
        "interaction": {draft_log},
        "contact": {ana},
    }
    assert moved(lambda w: w.insert("task", title="A", contact_id=ana)) == {"task": {1}}
    assert moved(lambda w: w.insert("app_user", name="zala")) == {}


def test_an_owner_that_moves_touches_both(crm):
    ana, bor = crm.contact("Ana"), crm.contact("Bor", emails=["b@b.si"])
    done = crm.write(lambda w: w.update("channel", 1, contact_id=ana))
    assert done.changes.ids["contact"] == {ana, bor}


def test_a_dry_run_gives_the_real_answer_and_writes_nothing(crm):
    crm.contact()
    before = crm.dump()
    done = crm.write(lambda w: w.insert("contact", display_name="B", name_norm="b"), dry_run=True)
    assert (done.value, done.group_id) == (2, None)
    assert done.changes.ids["contact"] == {2}
    assert crm.dump() == before
    assert crm.find("b") == []
    assert crm.contact("C") == 2


def test_ids_are_never_used_again(crm):
    crm.contact("Ana")
    crm.undo()
    assert crm.contact("Bor") == 2


def test_the_first_write_makes_the_database_and_readers_see_it(database, clock):
    store = Store(str(database), clock, "me")
    assert store.reader.execute("SELECT count(*) FROM tag").fetchone() == (0,)
    assert not database.exists()
    store.write("tag", lambda w: w.insert("tag", name="a", name_norm="a"))
    assert store.reader.execute("SELECT count(*) FROM tag").fetchone() == (1,)


def test_users_are_made_once(crm):
    assert crm.write(lambda w: [w.actor_id(), w.user_id("zala"), w.actor_id()]).value == [1, 2, 1]
    assert crm.as_user("zala").write(lambda w: w.actor_id()).value == 2


def test_stamps_and_uids_are_filled_in_unless_given(crm):
    id = crm.write(
        lambda w: w.insert(
            "contact", display_name="A", name_norm="a", created_at="2020-01-01T00:00:00Z"
        )
    ).value
    row = crm.row("contact", id)
    assert row["created_at"] == "2020-01-01T00:00:00Z"
    assert row["updated_at"] == "2026-11-23T09:00:00Z"
    assert len(row["uid"]) == 36


def test_an_edit_of_another_program_is_journalled_as_outside(crm):
    id = crm.contact()
    crm.outside("UPDATE contact SET note = 'theirs' WHERE id = ?", id)
    group = crm.row("change_group", crm.last_group())
    assert (group["actor"], group["source"], group["command"]) == ("outside", "outside", None)
    assert crm.all("SELECT op, new FROM change WHERE group_id = ?", group["id"]) == [
        ("U", '{"note":"theirs"}')
    ]


def test_an_outside_edit_with_foreign_keys_on_is_journalled_too(crm):
    crm.contact()
    with closing(sqlite3.connect(crm.store.path)) as conn, conn:
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute("UPDATE contact SET note = 'theirs'")
        conn.execute("DELETE FROM handle")
    assert crm.all("SELECT DISTINCT source FROM change_group WHERE actor = 'outside'") == [
        "outside"
    ]
    assert crm.all("SELECT count(*) FROM change WHERE group_id = 0") == [0]
    assert crm.all("SELECT op FROM change ORDER BY id DESC LIMIT 2") == ["D", "U"]


def test_a_write_of_ours_after_an_outside_edit_has_its_own_group(crm):
    id = crm.contact()
    crm.outside("UPDATE contact SET note = 'theirs'")
    outside = crm.last_group()
    crm.edit(id, values={"note": "ours"})
    crm.outside("UPDATE contact SET note = 'theirs again'")
    groups = crm.all("SELECT id, source FROM change_group WHERE id >= ? ORDER BY id", outside)
    assert [source for _, source in groups] == ["outside", "cli", "outside"]


@pytest.mark.parametrize("column", ["version", "last_touch_at"])
def test_derived_columns_are_not_journalled(crm, column):
    crm.contact()
    before = crm.all("SELECT count(*) FROM change")
    crm.outside(f"UPDATE contact SET {column} = 7")
    assert crm.all("SELECT count(*) FROM change") == before


def test_bulk_inserts_are_one_range_and_the_trigger_comes_back(crm):
    trigger = "SELECT sql FROM sqlite_master WHERE name = 'journal_tag_i'"
    before = crm.all(trigger)

    def fn(w):
        with w.bulk(["tag", "contact"]):
            return w.insert_many(
                "tag", ["name", "name_norm"], [(f"t{n}", f"t{n}") for n in range(3)]
            )

    done = crm.write(fn)
    assert done.value == 1
    assert crm.all("SELECT table_name, row_id, last_row_id, op, new FROM change") == [
        ("tag", 1, 3, "I", None)
    ]
    assert crm.all(trigger) == before


def test_a_failed_bulk_leaves_the_triggers(crm):
    def fn(w):
        with w.bulk(["tag"]):
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        crm.write(fn)
    assert crm.all("SELECT name FROM sqlite_master WHERE name = 'journal_tag_i'")


def test_insert_many_gives_the_first_id(crm):
    crm.write(lambda w: w.insert("tag", name="a", name_norm="a"))
    rows = [("b", "b"), ("c", "c")]
    assert crm.write(lambda w: w.insert_many("tag", ["name", "name_norm"], rows)).value == 2
    assert crm.all("SELECT id, name FROM tag ORDER BY id") == [(1, "a"), (2, "b"), (3, "c")]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
VALUES = st.fixed_dictionaries(
    {"display_name": TEXT.filter(str.strip), "note": st.none() | TEXT, "nickname": st.none() | TEXT}
)


@pytest.fixture(scope="module")
def shared(template, tmp_path_factory) -> Store:
    """One store for all examples of a property; they only add to it."""
    from shutil import copy

    from crmcli.clock import Clock

    path = copy(template, tmp_path_factory.mktemp("unit") / "crm.db")
    return Store(str(path), Clock("UTC"), "me")


@settings(deadline=None, max_examples=30)
@given(VALUES, VALUES)
def test_what_the_unit_writes_a_session_reads(shared, first, second):
    from sqlmodel import select

    from crmcli.store.models import Contact

    id = shared.write("add", lambda w: w.insert("contact", **first, name_norm="x")).value
    shared.write("edit", lambda w: w.update("contact", id, **second))
    with shared.session() as session:
        contact = session.exec(select(Contact).where(Contact.id == id)).one()
    assert {name: getattr(contact, name) for name in second} == second
    (row,) = fetch(shared.reader, "SELECT * FROM contact WHERE id = :id", id=id)
    assert contact.model_dump() == row


def test_the_session_cannot_write(crm):
    from sqlalchemy.exc import OperationalError

    from crmcli.store.models import Tag

    with crm.store.session() as session:
        session.add(Tag(name="a", name_norm="a"))
        with pytest.raises(OperationalError, match="readonly"):
            session.commit()
    assert crm.all("SELECT count(*) FROM tag") == [0]


def test_an_open_session_does_not_block_a_writer(crm):
    from sqlmodel import select

    from crmcli.store.models import Contact

    crm.contact("Ana")
    with crm.store.session() as session:
        assert len(session.exec(select(Contact)).all()) == 1
        crm.contact("Bor")
