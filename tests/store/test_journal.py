"""History, undo and redo: by value, never in halves, in the file."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.clock import Clock
from crmcli.errors import ConflictError, NotFoundError
from crmcli.rules.contact import DateDraft
from crmcli.store import contact, deal, journal, task

FULL = {
    "emails": ["work:ana@acme.si", "ana@home.si"],
    "phones": ["040 123 456"],
    "addresses": ["Cesta 1"],
    "org": "Acme",
    "title": "CEO",
    "tags": ["vip", "fair"],
    "birthday": "1990-05-17",
    "custom": {"tea": "green"},
}


def add_org(crm):
    crm.org("Beta", domain="beta.si", tags=["vip"])


def edit_values(crm):
    crm.edit(1, values={"note": "n", "lifecycle_stage": "lead"}, custom={"tea": "", "dog": "Rex"})


def drop_primary(crm):
    crm.edit(1, off_emails=["ana@acme.si"], emails=["new@acme.si"])


def change_job(crm):
    crm.edit(1, job={"org": "Beta", "title": "CTO"})


def leave_job(crm):
    crm.edit(1, job={"org": None})


def change_tags_and_dates(crm):
    crm.edit(
        1, tags=["new"], off_tags=["vip"], dates=[DateDraft("birthday", 1991, 1, 2)], owner="zala"
    )


def rename(crm):
    crm.rename("contact", 1, "Ana Kos")


def rename_org(crm):
    crm.rename("org", 1, "Acme International")


def trash(crm):
    crm.trash("contact", 1)


def add_task(crm):
    crm.task("Offer", ("contact", 1), due_on="2026-11-24", due_time="09:00", tz="UTC")


def complete(crm):
    crm.write(lambda w: task.complete(w, 1))


def snooze(crm):
    crm.write(lambda w: task.snooze(w, 1, "2026-12-01"))


def log_with_several(crm):
    crm.log(1, 2, body="Budget", at="2026-11-22T10:00:00Z")


def outside(crm):
    crm.outside("UPDATE contact SET language = 'sl' WHERE id = 1")


WRITES = [
    add_org,
    edit_values,
    drop_primary,
    change_job,
    leave_job,
    change_tags_and_dates,
    rename,
    rename_org,
    trash,
    add_task,
    complete,
    snooze,
    log_with_several,
    outside,
]


@pytest.fixture
def full(crm):
    """A contact with everything, another one, a task and an interaction."""
    crm.contact("Ana Novak", **FULL)
    crm.contact("Bor Kralj")
    crm.task("Call", ("contact", 1), due_on="2026-11-23")
    crm.log(1, body="Hello")
    return crm


def state(crm) -> tuple[str, list]:
    """Give what is journalled, and what is derived from it."""
    return crm.dump(), crm.all("SELECT noun, row_id, title, body FROM search_doc ORDER BY 1, 2")


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_undo_and_redo_of_every_kind_of_write(full, write):
    before = state(full)
    write(full)
    after = state(full)
    group = full.last_group()
    assert after[0] != before[0]
    assert full.undo(group).group_id == group
    assert state(full) == before
    assert full.redo().group_id == group
    assert state(full) == after
    assert full.undo(group).group_id == group
    assert state(full) == before


def test_undo_of_an_add_leaves_nothing_but_used_words(full):
    full.undo()
    full.undo()
    full.undo()
    before = full.all("SELECT name FROM tag")
    full.undo()
    assert before == ["vip", "fair"]
    assert full.all("SELECT count(*) FROM contact") == [0]
    assert full.all("SELECT count(*) FROM tag") == [0]
    assert full.find("ana") == []


def test_tags_that_others_wear_by_now_survive(crm):
    crm.contact("Ana", tags=["vip", "own"])
    group = crm.last_group()
    crm.contact("Bor", tags=["VIP"])
    crm.undo(group)
    assert crm.all("SELECT name FROM tag") == ["vip"]
    assert [c.tags for c in contact.get_contacts(crm.conn, [1, 2])] == [("vip",)]


def test_undo_takes_the_newest_of_mine_that_is_left(crm):
    crm.contact("Ana")
    crm.contact("Bor")
    assert [crm.undo().group_id, crm.undo().group_id] == [2, 1]
    with pytest.raises(NotFoundError, match="nothing to undo"):
        crm.undo()


def test_undo_is_only_mine_unless_anyone_is_said(crm):
    crm.contact("Ana")
    other = crm.as_user("zala")
    other.contact("Bor")
    assert crm.undo().group_id == 1
    with pytest.raises(NotFoundError):
        crm.undo()
    assert crm.undo(anyone=True).group_id == 2
    assert crm.redo().group_id == 2  # what I undid, I may do again
    with pytest.raises(NotFoundError, match="nothing to redo"):
        other.redo()


@pytest.mark.parametrize(
    ("id", "error", "message"),
    [
        (1, ConflictError, "undone already"),
        (99, NotFoundError, "no change group 99"),
        (2, ConflictError, "an undo itself"),
    ],
)
def test_undo_of_a_group_that_cannot_be(crm, id, error, message):
    crm.contact("Ana")
    crm.undo()
    with pytest.raises(error, match=message):
        crm.undo(id)


def test_undo_of_an_older_group(full):
    full.edit(1, values={"note": "one"})
    group = full.last_group()
    full.edit(2, values={"note": "two"})
    full.undo(group)
    assert [full.row("contact", id)["note"] for id in (1, 2)] == [None, "two"]


def test_undo_is_refused_when_the_same_value_changed_since(full):
    full.edit(1, values={"note": "one"})
    group = full.last_group()
    full.edit(1, values={"note": "two"})
    before = full.dump()
    with pytest.raises(ConflictError, match=r"c1 Ana Novak changed or used since") as caught:
        full.undo(group)
    assert caught.value.code == 4
    assert full.dump() == before
    assert full.last_group() == group + 1


def test_undo_is_allowed_when_another_column_changed_since(full):
    full.edit(1, values={"note": "one"})
    group = full.last_group()
    full.edit(1, values={"nickname": "Ani"})
    full.undo(group)
    row = full.row("contact", 1)
    assert (row["note"], row["nickname"]) == (None, "Ani")


def test_undo_is_allowed_when_the_value_is_back(full):
    full.edit(1, values={"note": "one"})
    group = full.last_group()
    full.edit(1, values={"note": "two"})
    full.edit(1, values={"note": "one"})
    full.undo(group)
    assert full.row("contact", 1)["note"] is None


def test_bookkeeping_is_not_compared(full, clock):
    full.edit(1, values={"note": "one"})
    group = full.last_group()
    later = full.at(Clock("UTC", clock.now() + timedelta(hours=1)))
    later.edit(1, values={"nickname": "Ani"})
    full.undo(group)
    assert full.row("contact", 1)["updated_at"] == "2026-11-23T10:00:00Z"


def test_an_undo_restores_when_the_record_was_changed_last(full, clock):
    """Also when the group changed the row twice, and when nothing but the value moved."""
    before = full.row("contact", 1)["updated_at"]
    later = full.at(Clock("UTC", clock.now() + timedelta(hours=1)))

    def twice(w):
        w.update("contact", 1, note="one")
        w.update("contact", 1, nickname="Ani")

    later.write(twice)
    latest = full.at(Clock("UTC", clock.now() + timedelta(hours=2)))
    latest.undo()
    assert full.row("contact", 1)["updated_at"] == before


def test_undo_of_an_add_is_refused_when_it_is_used_since(crm):
    crm.contact("Ana")
    group = crm.last_group()
    crm.task("Call", ("contact", 1))
    with pytest.raises(ConflictError, match="c1 Ana"):
        crm.undo(group)
    assert crm.all("SELECT count(*) FROM contact") == [1]


def test_undo_of_an_add_is_refused_when_it_is_gone(crm):
    crm.contact("Ana", emails=["a@b.si"])
    group = crm.last_group()
    crm.edit(1, off_emails=["a@b.si"])
    with pytest.raises(ConflictError):
        crm.undo(group)


def two_contacts(crm, bulk: bool = False) -> int:
    """Add two contacts with a channel each as one group."""

    def fn(w):
        for name in ("Ana", "Bor"):
            id = w.insert("contact", display_name=name, name_norm=name.lower())
            mail = f"{name.lower()}@b.si"
            w.insert("channel", contact_id=id, kind="email", value=mail, value_norm=mail)

    def in_bulk(w):
        with w.bulk(["contact", "channel", "handle"]):
            fn(w)

    crm.write(in_bulk if bulk else fn, "import")
    return crm.last_group()


@pytest.mark.parametrize("bulk", [False, True])
def test_skip_changed_keeps_whole_records_with_their_children(crm, bulk):
    group = two_contacts(crm, bulk)
    crm.edit(1, values={"note": "mine"})
    crm.write(lambda w: w.update("contact", 1, display_name="Ana K", name_norm="ana k"))
    with pytest.raises(ConflictError):
        crm.undo(group)
    reverted = crm.undo(group, skip_changed=True)
    assert reverted.kept == ["c1 Ana K"]
    assert crm.all("SELECT display_name FROM contact") == ["Ana K"]
    assert crm.all("SELECT value FROM channel") == ["ana@b.si"]
    assert crm.find("ana@b.si") == ["c1"]
    assert crm.find("bor") == []


@pytest.mark.parametrize("bulk", [False, True])
def test_skip_changed_keeps_the_record_of_a_changed_child(crm, bulk):
    group = two_contacts(crm, bulk)
    crm.write(lambda w: w.update("channel", 2, value="x@b.si", value_norm="x@b.si"))
    crm.undo(group, skip_changed=True)
    assert crm.all("SELECT display_name FROM contact") == ["Bor"]
    assert crm.all("SELECT value FROM channel") == ["x@b.si"]


def test_skip_changed_keeps_what_was_used_since(crm):
    group = two_contacts(crm)
    crm.log(1)
    crm.undo(group, skip_changed=True)
    assert crm.all("SELECT display_name FROM contact") == ["Ana"]


def test_a_bulk_insert_is_undone_and_redone_by_its_ranges(crm):
    before = state(crm)
    group = two_contacts(crm, bulk=True)
    after = state(crm)
    assert crm.undo(group).changes == 6
    assert state(crm) == before
    crm.redo()
    assert state(crm) == after


def test_a_bulk_insert_is_refused_when_a_row_changed_or_is_gone(crm):
    group = two_contacts(crm, bulk=True)
    crm.write(lambda w: w.update("channel", 1, label="work"))
    with pytest.raises(ConflictError, match="c1 Ana"):
        crm.undo(group)
    crm.undo()
    crm.write(lambda w: w.delete("channel", 2))
    with pytest.raises(ConflictError):
        crm.undo(group)
    crm.undo()
    crm.undo(group)
    assert crm.all("SELECT count(*) FROM contact") == [0]


@pytest.mark.parametrize("inside", [True, False])
def test_a_bulk_insert_changed_again_in_its_own_group_can_be_undone(crm, inside):
    before = crm.dump()

    def fn(w):
        with w.bulk(["tag"]):
            first = w.insert_many("tag", ["name", "name_norm"], [("a", "a"), ("b", "b")])
            if inside:
                w.update("tag", first, name="A")
        if not inside:
            w.update("tag", first, name="A")

    crm.write(fn)
    after = crm.dump()
    crm.undo()
    assert crm.dump() == before
    crm.redo()
    assert crm.dump() == after


def test_redo_after_redo_goes_back_through_the_undos(crm):
    for name in ("Ana", "Bor", "Cene"):
        crm.contact(name)
    final = crm.dump()
    assert [crm.undo().group_id for _ in range(3)] == [3, 2, 1]
    assert [crm.redo().group_id for _ in range(3)] == [1, 2, 3]
    assert crm.dump() == final
    with pytest.raises(NotFoundError):
        crm.redo()


def test_redo_between_other_writes(crm):
    crm.contact("Ana")
    crm.edit(1, values={"note": "one"})
    crm.undo()
    crm.contact("Bor")
    crm.edit(1, values={"nickname": "Ani"})
    crm.redo()
    assert (crm.row("contact", 1)["note"], crm.row("contact", 1)["nickname"]) == ("one", "Ani")
    assert crm.undo().group_id == 5  # the newest that is mine and no undo
    assert crm.undo().group_id == 4
    assert crm.undo().group_id == 2


def test_redo_is_refused_when_the_value_changed_since(crm):
    crm.contact("Ana")
    crm.edit(1, values={"note": "one"})
    crm.undo()
    crm.edit(1, values={"note": "two"})
    with pytest.raises(ConflictError, match="c1 Ana"):
        crm.redo()


def test_an_add_can_be_redone_after_its_words_were_made_again(crm):
    """Undo took the actor's app_user row and the tag away, and the next add made them anew."""
    crm.contact("Ana", tags=["vip"])
    crm.undo()
    crm.contact("Bor", tags=["VIP"])
    crm.redo()
    people = contact.get_contacts(crm.conn, [1, 2])
    assert [(who.name, who.owner) for who in people] == [("Ana", "me"), ("Bor", "me")]
    assert {tuple(map(str.lower, who.tags)) for who in people} == {("vip",)}


def again_with_the_same_handle(crm):
    crm.contact("Ana Novak")
    crm.undo()
    crm.contact("Ana Novak")


def another_primary_channel(crm):
    crm.contact("Ana", emails=["a@b.si"])
    crm.undo()
    crm.redo()
    crm.edit(1, emails=["c@b.si"])
    crm.undo()
    crm.edit(1, emails=["c@b.si"])


@pytest.mark.parametrize(
    "prepare",
    [again_with_the_same_handle, another_primary_channel],
    ids=lambda prepare: prepare.__name__,
)
def test_a_redo_that_breaks_a_constraint_is_refused_as_a_whole(crm, prepare):
    crm.contact("Someone else")
    prepare(crm)
    before = crm.dump()
    with pytest.raises(ConflictError):
        crm.redo()
    assert crm.dump() == before


def test_an_undo_that_breaks_a_constraint_is_refused_as_a_whole(crm):
    crm.contact("Ana", emails=["a@b.si"])
    crm.edit(1, off_emails=["a@b.si"])
    group = crm.last_group()
    crm.edit(1, emails=["c@b.si"])
    before = crm.dump()
    with pytest.raises(ConflictError):
        crm.undo(group)  # two primary e-mails
    assert crm.dump() == before


def test_a_group_that_only_mended_is_not_what_undo_means(crm):
    """`doctor --fix` may open a group without a change; the history does not show it either."""
    crm.contact("Ana")
    crm.write(lambda w: (w.begin_group(), w.touch("contact", [1])), "doctor --fix")
    assert crm.undo().group_id == 1


def test_history_is_newest_first_and_in_short(full):
    full.edit(1, values={"note": "one"})
    full.undo()
    newest, edited, *_, oldest = journal.history(full.conn, 10)
    assert (newest.source, newest.command, newest.undone) == ("undo", "undo", False)
    assert (edited.summary, edited.undone, edited.actor) == ("1 contact changed", True, "me")
    assert oldest.summary == (
        "1 contact added, 1 org added, 1 employment added, 3 channel added, 1 address added,"
        " 2 tag added, 2 tagging added, 1 important_date added"
    )
    assert len(journal.history(full.conn, 2)) == 2


def test_history_counts_the_rows_of_a_range(crm):
    two_contacts(crm, bulk=True)
    assert journal.history(crm.conn, 1)[0].summary == "2 channel added, 2 contact added" or (
        journal.history(crm.conn, 1)[0].summary == "2 contact added, 2 channel added"
    )


def test_history_of_a_record_holds_its_own_and_its_childrens_changes(full):
    full.edit(2, values={"note": "other"})
    full.edit(1, emails=["third@acme.si"])
    groups = [group.id for group in journal.history(full.conn, 10, ("contact", 1))]
    assert groups == [full.last_group(), 4, 3, 1]
    assert [group.id for group in journal.history(full.conn, 10, ("contact", 2))] == [5, 2]


def test_history_of_a_record_of_a_bulk_insert(crm):
    group = two_contacts(crm, bulk=True)
    for id in (1, 2):
        assert [found.id for found in journal.history(crm.conn, 9, ("contact", id))] == [group]
    assert journal.history(crm.conn, 9, ("contact", 3)) == []


def test_the_changes_of_a_group(crm):
    crm.contact("Ana")
    crm.edit(1, values={"note": "one"})
    (change,) = journal.changes(crm.conn, crm.last_group())
    assert (change["table_name"], change["row_id"], change["op"]) == ("contact", 1, "U")


NAMES = ("Ana Novak", "Bor Kralj", "李明", "Анна", "123", "C12", "Čopič")
TAGS = ("vip", "fair", "VIP", "cold")
MAILS = ("a@b.si", "c@d.si", "e@f.si")
OWNERS = (None, "zala")
STAGES = ("Qualified", "Proposal", "Won", "Lead", "Lost")
PLACES = ("Awareness", "Interest", "Action")


def random_write(crm, kind: int, a: int, b: int) -> None:
    """Do one write of seventeen kinds; `a` and `b` choose the record and the value."""
    count = crm.all("SELECT max(id) FROM contact")[0]
    id, other = a % count + 1, b % count + 1
    name, tag, mail = NAMES[b % len(NAMES)], TAGS[b % len(TAGS)], MAILS[b % len(MAILS)]

    def work(w):
        with w.bulk(["contact", "channel"]):
            first = w.insert_many(
                "contact",
                ["uid", "display_name", "name_norm", "created_at", "updated_at"],
                [(f"u{w.next_id('contact')}-{n}", name, name.lower(), w.now, w.now) for n in "xy"],
            )
            rows = [(n, "email", mail, mail) for n in (first, first + 1)]
            w.insert_many("channel", ["contact_id", "kind", "value", "value_norm"], rows)
        w.touch("contact", [first, first + 1])
        w.renamed.update({("contact", first), ("contact", first + 1)})

    writes = [
        lambda: crm.contact(name, emails=[mail], tags=[tag], org="Acme", owner=OWNERS[a % 2]),
        lambda: crm.edit(id, values={"note": name}, custom={"k": tag}),
        lambda: crm.edit(id, emails=[mail], tags=[tag]),
        lambda: crm.edit(id, off_emails=[mail], off_tags=[tag]),
        lambda: crm.edit(id, job={"org": name, "title": tag}),
        lambda: crm.edit(id, job={"org": None}),
        lambda: crm.rename("contact", id, name),
        lambda: crm.trash("contact", id, archived=bool(b % 2)),
        lambda: crm.task(name, ("contact", id), due_on="2026-11-24"),
        lambda: crm.log(id, other, body=name),
        lambda: crm.edit(id, dates=[DateDraft("birthday", None, b % 12 + 1, 1)]),
        lambda: crm.outside("UPDATE contact SET language = ? WHERE id = ?", tag, id),
        lambda: crm.write(work, "import"),
        lambda: crm.deal(name, amount=b, tags=[tag], contact_id=id),
        lambda: crm.place(id, PLACES[b % len(PLACES)]),
    ]
    if deals := crm.all("SELECT id FROM deal ORDER BY id"):
        which, values = deals[a % len(deals)], {"amount_minor": b, "currency": "KWD"}
        writes += [
            lambda: crm.move(which, STAGES[b % len(STAGES)]),
            lambda: crm.write(lambda w: deal.edit_deal(w, which, values)),
        ]
    writes[min(kind, len(writes) - 1)]()


WRITE = st.tuples(
    st.integers(0, 16), st.integers(0, 20), st.integers(0, 20), st.sampled_from([0, 1, 3600])
)


@settings(deadline=None, max_examples=20)
@given(st.lists(WRITE, min_size=1, max_size=12))
def test_undo_all_gives_the_start_and_redo_all_the_end(fresh, writes):
    """Goal 5 of docs/reliability, with a clock that goes on, or not, between the commands."""
    crm = fresh()
    now = crm.store.clock.now()

    def later(seconds: int):
        nonlocal now
        now += timedelta(seconds=seconds)
        return crm.at(Clock("UTC", now))

    crm.contact("Zala Prva", org="Acme", tags=["vip"], emails=["z@b.si"])
    crm.write(lambda w: w.user_id("zala"))
    start, first = state(crm), crm.last_group()
    for kind, a, b, seconds in writes:
        random_write(later(seconds), kind, a, b)
    end = state(crm)
    groups = crm.all("SELECT id FROM change_group WHERE id > ? ORDER BY id", first)
    assert [later(5).undo(anyone=True).group_id for _ in groups] == groups[::-1]
    assert state(crm) == start
    assert [later(5).redo(anyone=True).group_id for _ in groups] == groups
    assert state(crm) == end
