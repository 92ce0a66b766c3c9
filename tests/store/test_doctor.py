"""The doctor: finds every planted fault, mends what can be mended, once."""

import os
from pathlib import Path

import pytest

from crmcli.store import doctor
from crmcli.store.contact import get_contact

# Each fault as another program would make it: statements, the check that finds it, a word of it.
MENDABLE = {
    "no handle": ("DELETE FROM handle WHERE contact_id = 1", "handles", "1 records"),
    "no handles": ("DELETE FROM handle", "handles", "3 records"),
    "no current handle": ("UPDATE handle SET is_current = 0 WHERE org_id = 1", "handles", "1 rec"),
    "no history": ("DELETE FROM deal_stage_history", "history", "1 deals"),
    "other history": ("UPDATE deal_stage_history SET stage_id = 3", "history", "1 deals"),
    "wrong touch": (
        "UPDATE contact SET last_touch_at = '2020-01-01T00:00:00Z' WHERE id = 1",
        *("touches", "1 last"),
    ),
    "touch of nobody": (
        "UPDATE contact SET last_touch_at = '2020-01-01T00:00:00Z' WHERE id = 2",
        *("touches", "1 last"),
    ),
    "no touch": ("UPDATE contact SET last_touch_at = NULL", "touches", "1 last"),
    "stale text": ("UPDATE contact SET note = 'new' WHERE id = 1", "search", "1 search texts"),
    "stale org": ("UPDATE org SET industry = 'retail'", "search", "of org"),
    "stale task": ("UPDATE task SET title = 'Write'", "search", "of task"),
    "stale interaction": ("UPDATE interaction SET body = 'Bye'", "search", "of interaction"),
    "trashed outside": (
        "UPDATE contact SET archived_at = '2026-11-20T10:00:00Z' WHERE id = 2",
        *("search", "of contact"),
    ),
    "missing text": ("DELETE FROM search_doc WHERE noun = 'contact'", "search", "2 search texts"),
    "missing name word": ("DELETE FROM name_word WHERE word = 'novak'", "search", "1 words of"),
    "wrong name word": ("UPDATE name_word SET reversed = 'x'", "search", "words of names"),
    "orphan text": (
        "INSERT INTO search_doc (id, noun, row_id, title, body)"
        " VALUES (99, 'contact', 99, 'ghost', '')",
        *("search", "belong to nobody"),
    ),
    "damaged full text": (
        "INSERT INTO search_text (search_text) VALUES ('delete-all')",
        *("search", "full-text index"),
    ),
    "no update trigger": ("DROP TRIGGER journal_contact_u", "shape", "1 indices, triggers"),
    "no outside trigger": ("DROP TRIGGER journal_outside", "shape", "journal_outside"),
    "no guard": ("DROP TRIGGER guard_deal_update", "shape", "guard_deal_update"),
    "no view": ("DROP VIEW v_deal", "shape", "v_deal"),
    "no index": ("DROP INDEX ix_deal_close", "shape", "ix_deal_close"),
    "index of an old version": ("CREATE INDEX ix_old ON contact (note)", "shape", "ix_old"),
    "open state": ("UPDATE journal_state SET group_id = 1", "journal", "left open"),
    "wrong name_norm": ("UPDATE contact SET name_norm = 'x' WHERE id = 1", "names", "of contact"),
    "wrong org norm": ("UPDATE org SET name_norm = 'x'", "names", "of org"),
    "renamed outside": (
        "UPDATE contact SET display_name = 'Zala Kos' WHERE id = 1",
        *("names", "of contact"),
    ),
}


@pytest.fixture
def sound(crm):
    """Two people, an org, a task, an interaction and a deal."""
    crm.contact("Ana Novak", emails=["ana@acme.si"], org="Acme", note="old", tags=["vip"])
    crm.contact("Bo")
    crm.task("Call", ("contact", 1), due_on="2026-11-23")
    crm.log(1, body="Hello")
    crm.deal("Pilot")
    return crm


def examine(crm) -> list[doctor.Fault]:
    return doctor.examine(crm.conn, crm.store.path, crm.store.clock)


def mend(crm) -> None:
    able = [fault.fix for fault in examine(crm) if fault.fix]
    crm.write(lambda w: [fix(w) for fix in able], "doctor --fix")


def derived(crm) -> list:
    """Give all that follows from other rows."""
    queries = (
        "SELECT noun, row_id, title, body FROM search_doc ORDER BY 1, 2",
        "SELECT word, reversed FROM name_word ORDER BY 1",
        "SELECT name, contact_id, org_id FROM handle WHERE is_current = 1 ORDER BY 2, 3",
        "SELECT id, last_touch_at, name_norm FROM contact ORDER BY 1",
        "SELECT id, name_norm FROM org",
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1",
        "SELECT * FROM journal_state",
    )
    return [crm.all(query) for query in queries]


def test_a_sound_database_gives_nothing(sound):
    assert examine(sound) == []
    sound.trash("contact", 2)
    sound.trash("interaction", 1)
    sound.rename("org", 1, "Acme Ltd")
    sound.undo()
    assert examine(sound) == []


def test_an_empty_database_is_sound(crm):
    assert examine(crm) == []


@pytest.mark.parametrize("name", MENDABLE)
def test_a_fault_is_found_mended_and_gone(sound, name):
    statement, check, words = MENDABLE[name]
    sound.outside(statement)
    found = [(f.check, f.message) for f in examine(sound)]
    assert any(check == found_check and words in message for found_check, message in found), found
    assert all(f.fix and not f.is_warning for f in examine(sound))
    mend(sound)
    assert examine(sound) == []
    after = sound.dump(), derived(sound), sound.last_group()
    mend(sound)
    assert (sound.dump(), derived(sound), sound.last_group()) == after


@pytest.mark.parametrize(
    "name", [name for name in MENDABLE if "outside" not in name and "stale" not in name]
)
def test_mending_gives_what_was(sound, name):
    """Where no record changed, all that follows from the records is as it was."""
    before = derived(sound)
    sound.outside(MENDABLE[name][0])
    mend(sound)
    assert derived(sound) == before


def test_after_mending_it_is_found_again(sound):
    sound.outside("UPDATE contact SET display_name = 'Zala Kos', note = 'tea' WHERE id = 1")
    assert (sound.find("zala"), sound.find("ana")) == ([], ["c1"])
    mend(sound)
    assert sound.find("zala") == sound.find("tea") == sound.resolve("zala-kos") == ["c1"]
    assert sound.resolve("ana-novak") == ["c1"]  # handles are permanent
    assert get_contact(sound.conn, 1).handle == "zala-kos"


def test_a_rebuilt_full_text_index_answers(sound):
    query = "SELECT count(*) FROM search_text WHERE search_text MATCH 'novak'"
    sound.outside(MENDABLE["damaged full text"][0])
    assert sound.all(query) == [0]
    mend(sound)
    assert sound.all(query) == [1]


def test_a_mended_trigger_journals_again(sound):
    sound.outside("DROP TRIGGER journal_contact_u")
    mend(sound)
    sound.edit(1, values={"note": "new"})
    sound.undo()
    assert get_contact(sound.conn, 1).note == "old"


def test_many_faults_at_once(sound):
    for name in ("no handles", "wrong touch", "missing text", "wrong name_norm", "open state"):
        sound.outside(MENDABLE[name][0])
    assert {fault.check for fault in examine(sound)} >= {
        *("handles", "touches", "search", "names", "journal"),
    }
    mend(sound)
    assert examine(sound) == []


def test_more_faults_than_one_statement_takes(crm):
    def many(w):
        for number in range(501):
            w.insert("contact", display_name=f"P{number}", name_norm=f"p{number}")

    crm.write(many)
    crm.outside("UPDATE contact SET note = 'x', last_touch_at = '2020-01-01T00:00:00Z'")
    assert [fault.message.split()[0] for fault in examine(crm)] == ["501", "501"]
    mend(crm)
    assert examine(crm) == []


def test_a_broken_foreign_key_is_for_a_person(sound):
    sound.outside("UPDATE contact SET owner_id = 99 WHERE id = 2")
    (fault,) = examine(sound)
    assert (fault.check, fault.message, fault.fix, fault.is_warning) == (
        *("links", "contact 2 points at a missing app_user", None, False),
    )


def test_a_damaged_file_is_named_and_nothing_else_is_looked_at(sound):
    root = sound.all("SELECT rootpage FROM sqlite_master WHERE name = 'contact'")[0]
    page = sound.all("PRAGMA page_size")[0]
    sound.outside("DELETE FROM handle")
    sound.store.close()
    with open(sound.store.path, "r+b") as file:
        file.seek((root - 1) * page + 8)
        file.write(b"\xff" * 40)
    (fault,) = examine(sound)
    assert (fault.check, fault.fix) == ("integrity", None)
    assert "crm backup restore" in fault.message


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_readable_file_is_a_warning(sound, mode):
    os.chmod(sound.store.path, mode)
    (fault,) = examine(sound)
    assert (fault.check, fault.is_warning) == ("mode", True)
    os.chmod(sound.store.path, 0o600)
    assert examine(sound) == []


def test_a_leftover_of_a_killed_first_run_is_a_warning(sound):
    left = Path(sound.store.path).parent / ".crm-new-1-abcd"
    left.write_bytes(b"")
    (fault,) = examine(sound)
    assert fault.is_warning
    assert left.name in fault.message


@pytest.mark.parametrize("folder", ["Dropbox", "Nextcloud"])
def test_a_synced_folder_is_a_warning(sound, home, folder):
    path = home / folder / "crm.db"
    path.parent.mkdir()
    os.link(sound.store.path, path)
    (fault,) = doctor.examine(sound.conn, str(path), sound.store.clock)
    assert (fault.check, fault.is_warning) == ("disk", True)


@pytest.mark.parametrize(("kind", "found"), [("nfs4", ["disk"]), ("ext4", []), ("", [])])
def test_a_network_disk_is_a_warning(sound, monkeypatch, kind, found):
    monkeypatch.setattr(doctor, "_file_system", lambda path: kind)
    assert [fault.check for fault in examine(sound)] == found


def test_the_doctor_leaves_the_reader_as_it_was(sound):
    examine(sound)
    assert sound.all("PRAGMA query_only") == [1]
    assert not sound.conn.in_transaction


# keeping in touch


@pytest.fixture
def kept(crm):
    """Ana by her own cadence, Bo by his tag's, Cene who wrote, Dana who is left alone."""
    from crmcli.store.cadence import set_cadence

    crm.contact("Ana", cadence_days=30)
    crm.contact("Bo", tags=["vip"])
    crm.contact("Cene")
    crm.contact("Dana", cadence_days=30, do_not_contact=True)
    crm.write(lambda w: set_cadence(w, "vip", 10, None))
    crm.log(1, 4, at="2026-11-20T10:00:00Z")
    crm.log(3, kind="email", direction="inbound", at="2026-11-20T10:00:00Z")
    return crm


TOUCH = "SELECT id, next_touch_on, unanswered, unanswered_at, last_touch_at FROM contact"
TOUCHES = {
    "wrong day": ("UPDATE contact SET next_touch_on = '2020-01-01' WHERE id = 1", "1 days"),
    "no day": ("UPDATE contact SET next_touch_on = NULL WHERE id < 3", "2 days"),
    "a day of nobody": ("UPDATE contact SET next_touch_on = '2026-12-01' WHERE id > 2", "2 days"),
    "no day at all": ("UPDATE contact SET next_touch_on = 'x' WHERE id = 2", "1 days"),
    "wrong letter": ("UPDATE contact SET unanswered = 'out' WHERE id = 3", "with 1 people"),
    "wrong time": ("UPDATE contact SET unanswered_at = '2020-01-01T00:00:00Z' WHERE id = 3", "1 p"),
    "no letter": ("UPDATE contact SET unanswered = NULL, unanswered_at = NULL", "with 1 people"),
    "letter of nobody": ("UPDATE contact SET unanswered = 'in' WHERE id = 1", "with 1 people"),
}
# What another program may change, and what follows from it.
OUTSIDE = {
    "own cadence": ("UPDATE contact SET cadence_days = 7 WHERE id = 1", 1, "2026-11-27"),
    "no cadence": ("UPDATE contact SET cadence_days = NULL WHERE id = 1", 1, None),
    "bump": ("UPDATE contact SET bumped_on = '2026-11-25' WHERE id = 1", 1, "2026-12-25"),
    "wish": ("UPDATE contact SET do_not_contact = 1 WHERE id = 1", 1, None),
    "no wish": ("UPDATE contact SET do_not_contact = 0 WHERE id = 4", 4, "2026-12-20"),
    "cadence of a tag": ("UPDATE cadence SET days = 20", 2, "2026-12-13"),
    "no cadence of a tag": ("DELETE FROM cadence", 2, None),
    "tag": ("DELETE FROM tagging", 2, None),
}


def test_who_is_kept_in_touch_with_is_sound(kept):
    assert examine(kept) == []
    kept.trash("contact", 2)
    kept.undo()
    assert examine(kept) == []


@pytest.mark.parametrize("name", TOUCHES)
def test_a_wrong_next_touch_or_letter_is_found_and_mended(kept, name):
    statement, words = TOUCHES[name]
    before = kept.all(TOUCH)
    kept.outside(statement)
    (fault,) = examine(kept)
    assert (fault.check, fault.is_warning) == ("touches", False)
    assert words in fault.message
    mend(kept)
    assert examine(kept) == []
    assert kept.all(TOUCH) == before


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_another_program_changed_is_followed(kept, name):
    statement, id, expected = OUTSIDE[name]
    kept.outside(statement)
    faults = examine(kept)
    assert "1 days of keeping in touch are wrong" in [fault.message for fault in faults]
    mend(kept)
    assert examine(kept) == []
    assert kept.row("contact", id)["next_touch_on"] == expected


def test_an_interaction_written_outside_is_followed(kept):
    kept.outside(
        "INSERT INTO interaction (uid, kind, direction, occurred_at, created_at, updated_at)"
        " VALUES ('u', 'email', 'outbound', '2026-11-22T10:00:00Z', '2026', '2026')"
    )
    kept.outside("INSERT INTO interaction_contact (interaction_id, contact_id) VALUES (3, 3)")
    kept.outside("INSERT INTO interaction_contact (interaction_id, contact_id) VALUES (3, 1)")
    messages = [fault.message for fault in examine(kept)]
    assert "with 2 people it is wrong who wrote last" in messages
    mend(kept)
    assert examine(kept) == []
    rows = [kept.row("contact", id) for id in (1, 3)]
    assert [row["unanswered"] for row in rows] == ["out", "out"]
    assert rows[0]["next_touch_on"] == "2026-12-22"


def test_another_time_zone_may_shift_days_and_doctor_says_so(kept):
    from crmcli.clock import Clock

    kept.log(1, at="2026-11-22T20:00:00Z")
    assert examine(kept) == []
    tokyo = kept.at(Clock("Asia/Tokyo", kept.store.clock.now()))
    (fault,) = examine(tokyo)
    assert "1 days of keeping in touch" in fault.message
    mend(tokyo)
    assert examine(tokyo) == []
    assert tokyo.row("contact", 1)["next_touch_on"] == "2026-12-23"
