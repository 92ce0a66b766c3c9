"""`crm dump` and `crm load`: everything as lines in a folder, and back."""

import json
import os
import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def full(run, home):
    """A database with something of everything, and its dump."""
    words = ["-e", "work:ana@acme.si", "-p", "+386 40 123 456", "--org", "Acme", "-t", "vip"]
    run("contact", "add", "Ana Novak", *words, "--birthday", "1990-05-17", "--note", "a\nb")
    run("contact", "add", "کیان یزدانی", "--set", "tea=[/] =1+1")
    run("contact", "add", "Gone")
    run("contact", "rm", "c3", "--yes")
    run("contact", "relate", "c1", "c2", "--as", "friend of")
    run("remind", "c1", "tomorrow 9:30", "Offer")
    run("task", "add", "weekly", "--due", "fri", "--every", "2 weeks")
    run("log", "call", "c1", "Budget", "--at", "yesterday 10:00", "--keep", "-t", "need")
    run("cadence", "set", "+vip", "30d")
    run("view", "save", "hot", "+vip")
    run("field", "add", "contact.size", "choice", "--choice", "S", "--choice", "M")
    folder = home / "dump"
    run("dump", str(folder))
    return folder


def content(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_dump_is_a_folder_of_sorted_lines(full):
    assert sorted(content(full)) == [
        "app_user.jsonl",
        "contact.jsonl",
        "crm.json",
        "custom_field.jsonl",
        "interaction.jsonl",
        "org.jsonl",
        "pipeline.jsonl",
        "reason.jsonl",
        "relationship.jsonl",
        "relationship_type.jsonl",
        "saved_view.jsonl",
        "stage.jsonl",
        "tag.jsonl",
        "task.jsonl",
    ]
    assert full.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in full.iterdir()} == {0o600}
    people = [json.loads(line) for line in (full / "contact.jsonl").read_text().splitlines()]
    assert [one["id"] for one in people] == [1, 2, 3]
    assert people[0]["channel"][0]["value"] == "ana@acme.si"
    assert people[1]["custom"] == {"tea": "[/] =1+1"}
    assert people[2]["archived_at"]
    assert not {"last_touch_at", "version", "name_norm"} & set(people[0])
    assert json.loads((full / "crm.json").read_text())["format"] == "crm dump"


def test_what_is_loaded_dumps_the_same(run, full, home):
    db = ["--db", str(home / "new.db")]
    assert run("load", str(full), *db).err == "Loaded 37 records\n"
    run("dump", str(home / "again"), *db)
    assert content(home / "again") == content(full)
    assert run("doctor", *db).out == ""
    shown = run("show", "c1", "--json").json
    assert run("show", "ana-novak", "--json", *db).json == shown
    assert shown["last_touch"]
    assert shown["next_touch"]
    assert run("contact", "add", "Next", *db).out == "c4\n"
    for words in (["today"], ["task", "list"], ["find", "budget"], ["tag"], ["view"], ["field"]):
        if words != ["today"]:
            assert run(*words, *db).out == run(*words).out
    run("undo", *db)
    run("undo", *db)
    assert run("contact", "list", *db).out == ""


def test_who_was_merged_gets_no_handle_of_their_own_by_a_load(run, home):
    for name in ("Ana Novak", "Bo Li"):
        run("contact", "add", name)
    run("merge", "c2", "c1", "--yes")
    run("dump", str(home / "merged"))
    db = ["--db", str(home / "new.db")]
    run("load", str(home / "merged"), *db)
    run("dump", str(home / "again"), *db)
    assert content(home / "again") == content(home / "merged")


def test_an_unchanged_file_is_left_alone_and_one_edit_is_one_line(run, full):
    times = {path.name: path.stat().st_mtime_ns for path in full.iterdir()}
    before = content(full)
    assert run("dump", str(full)).err == f"{full} is up to date\n"
    run("contact", "edit", "c2", "-p", "040 555 666")
    assert run("dump", str(full)).err == f"Wrote 37 records to {full}\n"
    changed = [path.name for path in full.iterdir() if path.stat().st_mtime_ns != times[path.name]]
    assert changed == ["contact.jsonl"]
    old, new = (one["contact.jsonl"].splitlines() for one in (before, content(full)))
    assert [line in old for line in new] == [True, False, True]


def test_a_file_that_has_no_records_any_more_goes_and_others_stay(run, full):
    (full / "README.md").write_text("mine")
    (full / ".git").mkdir()
    run("view", "rm", "hot", "--yes")
    run("dump", str(full))
    names = os.listdir(full)
    assert "saved_view.jsonl" not in names
    assert {"README.md", ".git", "contact.jsonl"} <= set(names)


def test_json_tells_what_was_written(run, full, home):
    said = run("dump", str(full), "--json").json
    assert said["records"] == 37
    assert {"table": "contact", "count": 3, "changed": False} in said["files"]
    db = ["--db", str(home / "new.db")]
    loaded = run("load", str(full), "--json", *db).json
    assert (loaded["records"], loaded["contact"], loaded["dry_run"]) == (37, 3, False)


def test_a_dry_run_writes_nothing(run, full, home):
    result = run("load", str(full), "--dry-run", "--db", str(home / "new.db"))
    assert result.err == "Would load 37 records\n"
    assert not (home / "new.db").exists()


def test_a_folder_that_is_not_ours_is_left_alone(run, full, home, refused):
    other = home / "other"
    other.mkdir()
    (other / "contact.jsonl").write_text("mine\n")
    said = refused("dump", str(other), code=4)
    assert "is no dump of crm, but has a file contact.jsonl" in said
    assert content(other) == {"contact.jsonl": b"mine\n"}
    (full / "crm.json").write_text('{"format": "crm dump", "schema": 999}')
    assert "made by a newer crm" in refused("dump", str(full), code=3)
    (full / "crm.json").write_text('{"name": "a package"}')
    assert "no dump of crm" in refused("dump", str(full), code=3)


def test_dump_refuses(run, ana, refused, home):
    assert "never masked" in refused("dump", str(home / "d"), "--mask", code=2)
    assert not (home / "d").exists()
    (home / "file").write_text("")
    assert "cannot write" in refused("dump", str(home / "file"), code=7)
    nowhere = ["--db", str(home / "none.db")]
    assert "there is no database" in refused("dump", str(home / "d"), *nowhere, code=5)
    assert not (home / "d").exists()
    (home / "none.db").write_bytes(b"no database" * 100)
    refused("dump", str(home / "d"), *nowhere, code=5)
    assert not (home / "d").exists()  # else `load` would take it for an empty one


def test_a_used_database_is_refused(full, refused):
    said = refused("load", str(full), code=4)
    assert "is not empty" in said
    assert "--db" in said


def first(change):
    """Give a text with its first line changed."""
    return lambda text: "".join([change(text.splitlines()[0]), *text.splitlines(True)[1:]])


BROKEN = {
    "is not JSON": ("contact.jsonl", first(lambda line: "{not json\n")),
    "is not JSON ": ("contact.jsonl", first(lambda line: '{"id": ' + "9" * 5000 + "}\n")),
    "is not a JSON object": ("task.jsonl", first(lambda line: "[]\n")),
    "contact has no 'shoe'": (
        "contact.jsonl",
        first(lambda line: line.replace('"id"', '"shoe": 1, "id"', 1) + "\n"),
    ),
    "points at contact 77, which is missing": (
        "interaction.jsonl",
        first(lambda line: line.replace('"contact_id": 1', '"contact_id": 77') + "\n"),
    ),
    "the id 1 is there twice": ("org.jsonl", lambda text: text + text),
    "UNIQUE constraint failed": (
        "org.jsonl",
        lambda text: text + text.replace('"id": 1', '"id": 2', 1),
    ),
    "CHECK constraint failed": (
        "task.jsonl",
        first(lambda line: line.replace("needs_action", "whatever") + "\n"),
    ),
    "NOT NULL constraint failed": (
        "task.jsonl",
        first(lambda line: line.replace('"title"', '"body"') + "\n"),
    ),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_bad_line_is_named_and_nothing_is_written(full, home, refused, reason):
    name, change = BROKEN[reason]
    before = (full / name).read_text()
    (full / name).write_text(change(before))
    said = refused("load", str(full), "--db", str(home / "new.db"), code=3)
    line = 1 if change(before).splitlines()[0] != before.splitlines()[0] else 2
    assert f"{full / name}:{line}: " in said
    assert reason.strip() in said
    if (home / "new.db").exists():
        with closing(sqlite3.connect(home / "new.db")) as conn:
            tables = ("contact", "org", "task", "change_group", "change")
            counts = [conn.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]
        assert counts == [(0,)] * len(tables)


def test_what_cannot_be_read_is_refused(full, home, refused):
    new = ["--db", str(home / "new.db")]
    assert "there is no folder" in refused("load", str(home / "none"), *new, code=1)
    assert "no dump of crm" in refused("load", str(home), *new, code=3)
    (full / "song.jsonl").write_text("{}\n")
    assert "song.jsonl is no part of a dump" in refused("load", str(full), *new, code=3)
    (full / "song.jsonl").unlink()
    (full / "contact.jsonl").unlink()
    os.mkfifo(full / "contact.jsonl")
    assert "is not a file" in refused("load", str(full), *new, code=3)
    (full / "contact.jsonl").unlink()
    (full / "contact.jsonl").write_bytes(b"\xff\xfe{}\n")
    assert "contact.jsonl:1: is not JSON" in refused("load", str(full), *new, code=3)


def test_a_text_written_by_another_program_is_harmless_on_the_way(run, full, home, database):
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("UPDATE contact SET note = ? WHERE id = 1", ("\x1b[31m\x07\u202e\x9b",))
    run("dump", str(full))
    line = (full / "contact.jsonl").read_text().splitlines()[0]
    assert line.isprintable()
    run("load", str(full), "--db", str(home / "new.db"))
    with closing(sqlite3.connect(home / "new.db")) as conn:
        assert conn.execute("SELECT note FROM contact WHERE id = 1").fetchone() == (
            "\x1b[31m\x07\u202e\x9b",
        )
    assert "\x1b" not in run("show", "c1", "--db", str(home / "new.db")).out
