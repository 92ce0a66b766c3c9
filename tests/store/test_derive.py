"""What follows from records: handles, last touch and search texts, refreshed by every write."""

import re

import pytest

from crmcli.store.derive import handle_base
from crmcli.text import looks_like_id


def handles(crm) -> list[tuple[str, int]]:
    """Give every handle, old ones too: name and whether it is the current one."""
    return crm.all("SELECT name, is_current FROM handle ORDER BY id")


def current(crm, id: int, noun: str = "contact") -> str:
    (name,) = crm.all(f"SELECT name FROM handle WHERE {noun}_id = ? AND is_current = 1", id)
    return name


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ana Novak", "ana-novak"),
        ("Jošt Čopič", "jost-copic"),
        ("Анна Петрова", "анна-петрова"),
        ("李明", "李明"),
        ("علیرضا", "علیرضا"),
        ("123 456", "contact-1"),
        ("!!!", "contact-1"),
        ("C12", "contact-c12"),
        ("t9", "contact-t9"),
        ("3M", "3m"),
    ],
)
def test_a_handle_suits_the_name(crm, name, handle):
    crm.contact(name)
    assert handles(crm) == [(handle, 1)]
    assert not looks_like_id(handle)
    assert crm.resolve(handle) == ["c1"]


def test_handles_are_one_name_space_over_contacts_and_orgs(crm):
    crm.contact("Ana Novak")
    crm.contact("Ána Novák")
    crm.org("Ana Novak")
    assert handles(crm) == [("ana-novak", 1), ("ana-novak-2", 1), ("ana-novak-3", 1)]
    assert crm.resolve("ana-novak-3") == ["o1"]


def test_the_fallback_of_an_org(crm):
    crm.org("99")
    assert handles(crm) == [("org-1", 1)]


@pytest.mark.parametrize(
    ("name", "base"),
    [("Ana", "ana"), ("", "contact-12"), ("123", "contact-12"), ("C7", "contact-c7")],
)
def test_the_handle_a_name_asks_for(name, base):
    assert handle_base(name, "contact", 12) == base


def test_a_taken_handle_gets_the_first_free_number(crm):
    for name in ("Ana", "Ana 2", "Ana 4", "Ana"):
        crm.contact(name)
    assert current(crm, 4) == "ana-3"


def test_a_rename_keeps_the_old_handle_resolving(crm):
    crm.contact("Ana Novak")
    crm.rename("contact", 1, "Ana Kos")
    assert handles(crm) == [("ana-novak", 0), ("ana-kos", 1)]
    assert crm.resolve("ana-novak") == crm.resolve("ana-kos") == ["c1"]


def test_a_rename_back_takes_the_old_handle_again(crm):
    crm.contact("Ana Novak")
    crm.rename("contact", 1, "Ana Kos")
    crm.rename("contact", 1, "Ana Novak")
    assert handles(crm) == [("ana-novak", 1), ("ana-kos", 0)]


def test_a_rename_back_takes_a_numbered_handle_again(crm):
    crm.contact("Ana Novak")
    crm.contact("Ana Novak")
    crm.rename("contact", 2, "Ana Kos")
    crm.rename("contact", 2, "Ana Novak")
    assert current(crm, 2) == "ana-novak-2"
    assert len(handles(crm)) == 3


def test_an_old_handle_is_not_given_away(crm):
    crm.contact("Ana Novak")
    crm.rename("contact", 1, "Ana Kos")
    crm.contact("Ana Novak")
    assert current(crm, 2) == "ana-novak-2"
    assert crm.resolve("ana-novak") == ["c1"]


@pytest.mark.parametrize("name", ["ana novák", "ANA  NOVAK", "Ana-Novak"])
def test_a_rename_that_folds_alike_keeps_the_handle(crm, name):
    crm.contact("Ana Novak")
    crm.contact("Ana Novak")
    crm.rename("contact", 2, name)
    assert handles(crm) == [("ana-novak", 1), ("ana-novak-2", 1)]


@pytest.mark.parametrize(("old", "new"), [("123", "456"), ("C12", "c12"), ("?", "!")])
def test_a_rename_keeps_a_made_up_handle(crm, old, new):
    crm.contact(old)
    before = handles(crm)
    crm.rename("contact", 1, new)
    assert handles(crm) == before


def test_undo_of_an_add_frees_the_handle(crm):
    crm.contact("Ana Novak")
    crm.undo()
    crm.contact("Ana Novak")
    assert handles(crm) == [("ana-novak", 1)]
    assert crm.resolve("ana-novak") == ["c2"]


def test_undo_of_a_rename_gives_the_old_handle_back(crm):
    crm.contact("Ana Novak")
    crm.rename("contact", 1, "Ana Kos")
    crm.undo()
    assert handles(crm) == [("ana-novak", 1)]
    crm.redo()
    assert handles(crm) == [("ana-novak", 0), ("ana-kos", 1)]


def touch(crm, id: int = 1) -> str | None:
    return crm.row("contact", id)["last_touch_at"]


def test_last_touch_follows_log_trash_and_undo(crm):
    crm.contact("Ana")
    crm.contact("Bor")
    assert touch(crm) is None
    crm.log(1, at="2026-11-20T10:00:00Z")
    newest = crm.log(1, 2, at="2026-11-22T10:00:00Z")
    crm.log(1, at="2026-11-21T10:00:00Z")
    assert [touch(crm, 1), touch(crm, 2)] == ["2026-11-22T10:00:00Z"] * 2
    crm.trash("interaction", newest)
    assert [touch(crm, 1), touch(crm, 2)] == ["2026-11-21T10:00:00Z", None]
    crm.undo()
    assert [touch(crm, 1), touch(crm, 2)] == ["2026-11-22T10:00:00Z"] * 2
    for _ in range(3):
        crm.undo()
    assert [touch(crm, 1), touch(crm, 2)] == [None, None]


@pytest.mark.parametrize(
    ("kind", "outcome", "touches"),
    [
        ("call", "reached", True),
        ("email", None, True),
        ("note", None, False),
        ("call", "no_answer", False),
        ("call", "voicemail", False),
        ("call", "busy", False),
        ("call", "wrong_number", False),
        ("email", "bounced", False),
    ],
)
def test_only_touches_count(crm, kind, outcome, touches):
    crm.contact("Ana")
    crm.log(1, kind=kind, outcome=outcome)
    assert (touch(crm) is not None) is touches


def test_last_touch_follows_a_changed_interaction_and_a_new_participant(crm):
    crm.contact("Ana")
    crm.contact("Bor")
    id = crm.log(1)
    crm.write(lambda w: w.update("interaction", id, occurred_at="2026-11-01T10:00:00Z"))
    crm.write(lambda w: w.insert("interaction_contact", interaction_id=id, contact_id=2))
    assert [touch(crm, 1), touch(crm, 2)] == ["2026-11-01T10:00:00Z"] * 2
    crm.write(lambda w: w.delete("interaction_contact", 1))
    assert touch(crm, 1) is None


def test_last_touch_does_not_count_as_a_change_of_the_contact(crm):
    crm.contact("Ana")
    before = crm.row("contact", 1)
    crm.log(1)
    after = crm.row("contact", 1)
    assert {key for key in after if after[key] != before[key]} == {"last_touch_at"}


def doc(crm, noun: str, id: int) -> tuple[str, str] | None:
    rows = crm.all("SELECT title, body FROM search_doc WHERE noun = ? AND row_id = ?", noun, id)
    return rows[0] if rows else None


def test_search_texts_hold_what_a_record_can_be_found_by(crm):
    crm.contact(
        "Ana Čopič",
        nickname="Ani",
        note="Likes TEA",
        emails=["work:Ana@Acme.si"],
        phones=["040 123 456"],
        org="Müßig",
        title="CEO",
        tags=["VIP"],
        addresses=[{"locality": "Škofja Loka"}],
        custom={"hobby": "šah"},
    )
    title, body = doc(crm, "contact", 1)
    assert title == "ana copic\nani"
    words = "likes tea ana@acme.si +38640123456 mussig ceo vip skofja loka sah".split()
    assert [word for word in words if word not in re.split(r'[\s"]+', body)] == []


CHANGES = {
    "name": lambda crm: crm.rename("contact", 1, "Zala Kos"),
    "note": lambda crm: crm.edit(1, values={"note": "kos"}),
    "custom": lambda crm: crm.edit(1, custom={"bird": "kos"}),
    "email": lambda crm: crm.edit(1, emails=["kos@b.si"]),
    "tag": lambda crm: crm.edit(1, tags=["kos"]),
    "org": lambda crm: crm.edit(1, job={"org": "Kos d.o.o."}),
    "title": lambda crm: crm.edit(1, job={"title": "kos"}),
    "org name": lambda crm: crm.rename("org", 1, "Kos"),
    "address": lambda crm: crm.edit(1, addresses=[{"street": "Kos 1"}]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_search_texts_of_a_contact_follow_every_change(crm, change):
    crm.contact("Ana", org="Acme")
    assert crm.find("kos", nouns=["contact"]) == []
    change(crm)
    assert crm.find("kos", nouns=["contact"]) == ["c1"]
    crm.undo()
    assert crm.find("kos", nouns=["contact"]) == []
    crm.redo()
    assert crm.find("kos", nouns=["contact"]) == ["c1"]


def test_the_search_texts_follow_trash_and_restore(crm):
    crm.contact("Ana")
    crm.org("Ana d.o.o.")
    crm.task("Ask Ana")
    crm.log(1, body="ana said")
    everything = ["c1", "o1", "t1", "i1"]
    assert sorted(crm.find("ana")) == sorted(everything)
    for noun, ref in zip(("contact", "org", "task", "interaction"), everything, strict=True):
        crm.trash(noun, 1)
        assert ref not in crm.find("ana")
        assert doc(crm, noun, 1) is None
        crm.trash(noun, 1, archived=False)
        assert ref in crm.find("ana")


def test_the_full_text_index_keeps_to_its_texts(crm):
    for name in ("Ana", "Bor", "Cene"):
        crm.contact(name)
    crm.rename("contact", 2, "Zala")
    crm.undo()
    crm.trash("contact", 3)
    crm.write(
        lambda w: w.conn.execute(
            "INSERT INTO search_text (search_text, rank) VALUES ('integrity-check', 1)"
        )
    )
    assert crm.find("zala") == []
