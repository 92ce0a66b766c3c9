"""Merging: everything moves, nothing is lost, and one undo brings both back exactly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.errors import ConflictError, NotFoundError, UsageError
from crmcli.rules.contact import DateDraft
from crmcli.rules.relation import Pair
from crmcli.store import contact, deal, doctor, field, journal, merge, org, relation, search
from crmcli.store.merge import ALONE, SAME
from crmcli.store.tables import COLUMNS

ANA = {
    "emails": ["work:ana@acme.si", "ana@home.si"],
    "phones": ["040 123 456"],
    "org": "Acme",
    "title": "CEO",
    "tags": ["vip"],
    "birthday": "--05-17",
    "note": "likes tea",
    "custom": {"tea": "green"},
}
KOS = {
    "emails": ["ANA@ACME.SI", "ana@kos.si"],
    "phones": ["home:+386 40 123 456", "041 222 333"],
    "urls": ["kos.si"],
    "addresses": ["Cesta 1"],
    "org": "Beta",
    "title": "CTO",
    "tags": ["VIP", "fair"],
    "birthday": "1990-05-17",
    "note": "met at the fair",
    "lifecycle_stage": "customer",
    "custom": {"tea": "black", "dog": "Rex"},
}


def join(crm, noun="contact", into=1, id=2, **keep):
    return crm.write(lambda w: merge.merge(w, noun, into, id, keep), f"{noun} merge").value


def pointing(crm, noun, id):
    """Give the rows that point at a record, whatever the table."""
    return [
        (table, column)
        for table, column, parent in journal.links(crm.conn)
        if parent == noun
        for _ in crm.all(f"SELECT id FROM {table} WHERE {column} = ?", id)
    ]


def faults(crm):
    return [f.message for f in doctor.examine(crm.conn, "", crm.store.clock) if not f.is_warning]


@pytest.fixture
def two(crm):
    """Ana Novak, c1, and Ana Kos, c2: one person."""
    crm.contact("Ana Novak", **ANA)
    crm.contact("Ana Kos", **KOS)
    return crm


def test_every_table_that_points_at_a_record_is_thought_of():
    """A new table moves by itself; whether its rows may be the same must be said in SAME."""
    from sqlmodel import SQLModel

    import crmcli.store.models  # noqa: F401

    pointing = {
        table.name
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in merge.NOUNS
    }
    assert pointing == set(SAME) | ALONE
    assert not set(SAME) & ALONE
    assert all(column in COLUMNS[table] for table in SAME for column in SAME[table])


def test_lists_are_united_and_what_both_have_becomes_one(two):
    join(two)
    ana = contact.get_contact(two.conn, 1)
    assert [(c.value, c.primary) for c in ana.channels] == [
        ("ana@acme.si", True),
        ("040 123 456", True),
        ("kos.si", True),
        ("ana@home.si", False),
        ("ana@kos.si", False),
        ("041 222 333", False),
    ]
    assert ana.channels[0].label == "work"
    assert ana.channels[1].label == "home"  # only the other one had a label
    assert ana.tags == ("vip", "fair")
    assert [a["street"] for a in ana.addresses] == ["Cesta 1"]
    assert pointing(two, "contact", 2) == []
    assert faults(two) == []


def stays(crm, contact_id):
    query = """SELECT stage.name, entered_at, exited_at FROM contact_stage_history AS history
    JOIN stage ON stage.id = stage_id WHERE contact_id = ? ORDER BY entered_at, history.id"""
    return crm.all(query, contact_id)


@pytest.mark.parametrize("into", [1, 2])
def test_of_two_ways_through_a_pipeline_the_newer_one_stays(two, into):
    days = [f"2026-11-0{day}T10:00:00Z" for day in range(1, 6)]
    two.place(1, "Awareness", days[0])
    two.place(1, "Interest", days[3])
    two.place(2, "Awareness", days[1])
    two.place(2, "Action", days[4])
    before = two.dump()
    join(two, into=into, id=3 - into)
    assert stays(two, 3 - into) == []
    assert stays(two, into) == [("Awareness", days[1], days[4]), ("Action", days[4], None)]
    assert faults(two) == []
    two.undo()
    assert two.dump() == before


def test_deals_and_the_lead_move_with_their_people_and_orgs(crm):
    crm.contact("Ana", org="Acme", source="Fair")
    crm.contact("Ana N", org="Beta", lead_status="unqualified", unqualified_reason="bad fit")
    crm.deal("Both", contact_id=2)
    crm.write(lambda w: deal.add_person(w, 1, 1, "champion"))
    crm.deal("Hers", contact_id=2)
    crm.move(2, "Won")
    before = crm.dump()
    join(crm)
    join(crm, "org")
    both, hers = deal.get_deals(crm.conn, [1, 2])
    assert [(who["id"], who["role"]) for who in both.people] == [("c1", "champion")]
    assert (both.who()["id"], hers.who()["id"]) == ("c1", "c1")
    assert (both.org_id, hers.org_id) == (1, 1)
    ana = contact.get_contact(crm.conn, 1)
    assert (ana.source, ana.lead_status, ana.unqualified_reason) == (
        *("Fair", "unqualified", "bad fit"),
    )
    assert ana.lifecycle_stage == "customer"
    assert faults(crm) == []
    crm.undo()
    crm.undo()
    assert crm.dump() == before


def test_what_differs_is_that_of_the_first_and_the_rest_is_told(two):
    join(two)
    ana = contact.get_contact(two.conn, 1)
    assert (ana.name, ana.parts["nickname"]) == ("Ana Novak", "Ana Kos")
    assert (ana.org, ana.title) == ("Acme", "CEO")
    assert ana.lifecycle_stage == "customer"  # other says nothing
    assert ana.custom == {"tea": "green", "dog": "Rex"}
    assert ana.dates == (DateDraft("birthday", 1990, 5, 17),)
    assert ana.note == "likes tea\nmet at the fair\ntea: black"
    jobs = two.all("SELECT org_id, title, is_primary FROM employment WHERE contact_id = 1")
    assert jobs == [(1, "CEO", 1), (2, "CTO", 0)]


def test_what_is_to_be_kept_of_the_other_one(two):
    join(two, name="B", org="B", email="both", tea="both", note="A", birthday="B")
    ana = contact.get_contact(two.conn, 1)
    assert (ana.name, ana.parts["nickname"], ana.handle) == ("Ana Kos", "Ana Novak", "ana-kos")
    assert (ana.org, ana.title) == ("Beta", "CTO")
    assert [c.value for c in ana.channels if c.primary] == ["ana@acme.si", "040 123 456", "kos.si"]
    assert ana.custom["tea"] == "green\nblack"
    assert ana.note == "likes tea"
    jobs = two.all("SELECT org_id, title, is_primary FROM employment WHERE contact_id = 1")
    assert jobs == [(1, "CEO", 0), (2, "CTO", 1)]


def test_whose_mail_comes_first(crm):
    crm.contact("Ana", emails=["old@x.si"])
    crm.contact("Ana", emails=["new@x.si"])
    join(crm, emails="B")
    ana = contact.get_contact(crm.conn, 1)
    assert [(c.value, c.primary) for c in ana.channels] == [("new@x.si", True), ("old@x.si", False)]


def test_a_primary_mail_that_the_first_has_as_a_second(crm):
    crm.contact("Ana", emails=["one@x.si", "two@x.si"])
    crm.contact("Ana", emails=["two@x.si", "three@x.si"])
    join(crm, emails="B")
    ana = contact.get_contact(crm.conn, 1)
    assert [c.value for c in ana.channels] == ["two@x.si", "one@x.si", "three@x.si"]
    assert [c.primary for c in ana.channels] == [True, False, False]


def test_one_job_with_two_titles(crm):
    crm.contact("Ana", org="Acme", title="CEO")
    crm.contact("Ana", org="acme", title="Managing director", department="Board")
    join(crm)
    ana = contact.get_contact(crm.conn, 1)
    assert (ana.title, ana.department) == ("CEO", "Board")
    assert ana.note == "title: Managing director"
    assert crm.all("SELECT count(*) FROM employment") == [1]
    crm.undo()
    join(crm, title="both")
    assert contact.get_contact(crm.conn, 1).title == "CEO / Managing director"


def test_a_name_that_differs_in_case_only_is_not_told(crm):
    crm.contact("Jože Čopič")
    crm.contact("JOZE COPIC", given_name="Joze")
    join(crm)
    one = contact.get_contact(crm.conn, 1)
    assert (one.name, one.parts["nickname"], one.note) == ("Jože Čopič", None, None)
    assert one.parts["given_name"] == "Joze"


def test_parts_of_another_name_are_not_mixed_in(crm):
    crm.contact("Ana Novak")
    crm.contact("Dr. Eva Kos", prefix="Dr.", given_name="Eva", nickname="Evi")
    join(crm)
    one = contact.get_contact(crm.conn, 1)
    assert (one.parts["prefix"], one.parts["given_name"]) == (None, None)
    assert (one.parts["nickname"], one.note) == ("Evi", "name: Dr. Eva Kos")


def test_flags_cadence_and_the_later_bump(crm):
    crm.contact("Ana", cadence_days=30, bumped_on="2026-01-01", owner="me")
    crm.contact("Ana", cadence_days=7, cadence_max_days=9, bumped_on="2026-02-02", owner="zala")
    crm.edit(2, values={"do_not_contact": 1})
    join(crm)
    row = crm.row("contact", 1)
    assert (row["cadence_days"], row["cadence_max_days"]) == (30, None)
    assert (row["bumped_on"], row["do_not_contact"], row["next_touch_on"]) == (
        "2026-02-02",
        1,
        None,
    )
    assert contact.get_contact(crm.conn, 1).owner == "me"


def test_what_was_said_and_is_to_be_done_moves_and_is_derived_again(two):
    both = two.log(1, 2, kind="meeting", at="2026-11-01T10:00:00Z")
    two.log(2, kind="email", direction="inbound", at="2026-11-20T10:00:00Z", body="quote")
    two.task("Offer", ("contact", 2), due_on="2026-11-24")
    done = join(two)
    row = two.row("contact", 1)
    assert row["last_touch_at"] == "2026-11-20T10:00:00Z"
    assert (row["unanswered"], row["unanswered_at"]) == ("in", "2026-11-20T10:00:00Z")
    people = two.all("SELECT contact_id FROM interaction_contact WHERE interaction_id = ?", both)
    assert people == [1]
    assert (done.moved["interaction_contact"], done.moved["task"]) == (1, 1)
    assert two.find("kos.si") == ["c1"]
    assert two.find("ana kos") == ["c1"]


def test_relations_and_pairs_kept_separate(crm):
    for name in ("Ana", "Ana K.", "Bo", "Eva"):
        crm.contact(name)
    friend, boss = Pair("friend of", "friend of"), Pair("boss of", "works for")

    def relate(w):
        relation.relate(w, 1, 2, boss)  # between the two
        relation.relate(w, 1, 3, friend)
        relation.relate(w, 3, 2, friend)  # the same from the other side
        relation.relate(w, 2, 4, boss)
        for low, high in ((1, 2), (1, 4), (2, 4), (2, 3)):
            w.insert("kept_separate", contact_id=low, other_contact_id=high, at=w.now)

    crm.write(relate)
    join(crm, into=3, id=2)
    assert crm.all("SELECT from_contact_id, to_contact_id FROM relationship") == [
        (1, 3),
        (1, 3),
        (3, 4),
    ]
    assert crm.all("SELECT contact_id, other_contact_id FROM kept_separate ORDER BY 1, 2") == [
        (1, 3),
        (1, 4),
        (3, 4),
    ]
    join(crm, into=1, id=3)
    assert crm.all("SELECT from_contact_id, to_contact_id FROM relationship") == [(1, 4)]
    assert crm.all("SELECT contact_id, other_contact_id FROM kept_separate") == [(1, 4)]


def test_ids_handles_and_names_lead_to_the_one_that_stays(two):
    two.contact("Ana Prva")
    join(two, into=3, id=2)
    join(two, into=1, id=3)
    for ref in ("c2", "c3", "ana-kos", "ana-prva", "Ana Kos", "ana prva"):
        assert two.resolve(ref) == ["c1"], ref
    assert two.resolve("3", "contact") == ["c1"]
    assert two.all("SELECT name, is_current FROM handle WHERE contact_id = 1") == [
        ("ana-novak", 1),
        ("ana-kos", 0),
        ("ana-prva", 0),
    ]
    assert two.resolve("c2", trash=True) == ["c2"]
    assert search.merged_into(two.conn, ("contact", 2)) == ("contact", 1)
    assert search.merged_into(two.conn, ("task", 2)) is None
    two.trash("contact", 1)
    with pytest.raises(NotFoundError, match="c1 is in the trash"):
        two.resolve("c2")


def test_what_was_merged_is_not_in_the_trash(two):
    from crmcli.store.party import list_trash

    group = two.last_group() + 1
    join(two)
    assert list_trash(two.conn, 10) == []
    with pytest.raises(ConflictError, match="c2 was merged into c1") as caught:
        two.trash("contact", 2, archived=False)
    assert f"crm undo {group}" in caught.value.hint


def test_orgs(crm):
    crm.org("Acme", domain="acme.si", note="one", emails=["info@acme.si"])
    crm.org("Acme d.o.o.", kind="client", domain="acme.com", emails=["info@acme.si"], tags=["key"])
    crm.contact("Ana", org="Acme", title="CEO")
    crm.contact("Bo", org="Acme d.o.o.", title="CTO")
    crm.contact("Eva", org="Acme", title="CFO")
    crm.write(lambda w: w.insert("employment", contact_id=3, org_id=2, title="Owner", is_primary=0))
    crm.log(org_id=2, kind="note")
    crm.task("Offer", ("org", 2))
    join(crm, "org")
    acme = org.get_org(crm.conn, 1)
    assert (acme.name, acme.kind, acme.domain) == ("Acme", "client", "acme.si")
    assert acme.note == "one\nname: Acme d.o.o.\ndomain: acme.com"
    assert acme.tags == ("key",)
    assert [c.value for c in acme.channels] == ["info@acme.si"]
    people = [(row["display_name"], row["title"]) for row in org.people(crm.conn, 1, 9)]
    assert people == [("Ana", "CEO"), ("Bo", "CTO"), ("Eva", "CFO / Owner")]
    assert crm.resolve("acme-d-o-o") == crm.resolve("o2") == crm.resolve("Acme d.o.o.") == ["o1"]
    assert org.find_org(crm.conn, "ACME d.o.o.") == 1
    assert pointing(crm, "org", 2) == []
    assert crm.find("bo") == ["c2"]
    assert faults(crm) == []


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ((1, 1), ConflictError, "c1 cannot be merged with itself"),
        ((1, 9), NotFoundError, "there is no contact c9"),
        ((1, 3), ConflictError, "c3 is in the trash"),
        ((3, 1), ConflictError, "c3 is in the trash"),
        ((1, 4), ConflictError, "c4 was merged into c1 already"),
    ],
)
def test_what_cannot_be_merged(two, ids, error, message):
    two.contact("Trashed")
    two.trash("contact", 3)
    two.contact("Other")
    join(two, id=4)
    before = two.dump()
    with pytest.raises(error, match=message):
        join(two, into=ids[0], id=ids[1])
    assert two.dump() == before


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        ({"title": "B"}, "title goes with the org"),
        ({"titel": "B"}, "unknown field 'titel'"),
        ({"name": "both"}, "name cannot be both"),
        ({"birthday": "A", "lifecycle_stage": "both"}, "lifecycle_stage cannot be both"),
    ],
)
def test_a_wish_that_cannot_be(two, keep, message):
    with pytest.raises(UsageError, match=message):
        join(two, **keep)


def test_an_own_value_that_must_be_unique(crm):
    from crmcli.rules.field import Definition, Fields

    own = Definition("contact", "vat", "VAT", unique=True)
    crm.write(lambda w: field.add_field(w, own, Fields([own])))
    crm.contact("Ana")
    crm.contact("Ana K.", custom={"vat": "SI1"})
    join(crm)
    assert contact.get_contact(crm.conn, 1).custom == {"vat": "SI1"}


def test_a_choice_cannot_be_two(crm):
    from crmcli.rules.field import Definition, Fields

    own = Definition("contact", "size", "Size", "choice", ("small", "large"))
    free = Definition("contact", "likes", "Likes", "multi", ("tea", "coffee"))
    for one in (own, free):
        crm.write(lambda w, one=one: field.add_field(w, one, Fields([one])))
    crm.contact("Ana", custom={"size": "small"})
    crm.contact("Ana", custom={"size": "large"})
    for id, word in ((1, "tea"), (2, "coffee")):
        crm.edit(id, custom={"likes": [word]})
    with pytest.raises(UsageError, match="cannot be both"):
        join(crm, size="both")
    join(crm, size="B")
    ana = contact.get_contact(crm.conn, 1)
    assert ana.custom == {"size": "large", "likes": ["tea", "coffee"]}
    assert ana.note == "size: small"


def test_undo_when_the_one_that_stays_changed_since(two):
    join(two)
    two.edit(1, emails=["later@x.si"])
    two.undo(two.last_group() - 1)  # what came later stays with the first
    assert [c.value for c in contact.get_contact(two.conn, 1).channels if c.kind == "email"] == [
        "ana@acme.si",
        "ana@home.si",
        "later@x.si",
    ]
    join(two)
    group = two.last_group()
    two.edit(1, values={"nickname": "Anči"})
    with pytest.raises(ConflictError, match="changed or used since"):
        two.undo(group)


def test_an_edit_made_meanwhile_is_not_lost(two):
    """The plan was looked at before another process wrote; the merge reads again."""
    assert "language" not in [one.field for one in merge.look(two.conn, "contact", 1, 2, {})]
    two.as_user("zala").edit(2, values={"language": "sl"}, emails=["late@kos.si"])
    join(two)
    ana = contact.get_contact(two.conn, 1)
    assert ana.parts["language"] == "sl"
    assert "late@kos.si" in [c.value for c in ana.channels]


EMAILS = ["a@x.si", "b@x.si", "c@x.si"]
PHONES = ["040 123 456", "041 222 333"]
TEXTS = ["\x1b[31mred", "[/]", "سارا", "张伟 ltd", "tea"]


@st.composite
def person(draw):
    """A contact with some of everything, out of few values, so that much is the same."""
    some = lambda values: draw(st.lists(st.sampled_from(values), unique=True, max_size=3))  # noqa: E731
    one = lambda values: draw(st.sampled_from([None, *values]))  # noqa: E731
    raw = {
        "name": draw(st.sampled_from(["Ana", "ANA", "Eva Kos", "张伟"])),
        "emails": some(EMAILS),
        "phones": some(PHONES),
        "tags": some(["vip", "fair"]),
        "addresses": some(["Cesta 1", "Trg 2"]),
        "org": one(["Acme", "Beta"]),
        "nickname": one(TEXTS),
        "note": one(TEXTS),
        "birthday": one(["1990-05-17", "--05-17", "1991-06-18"]),
        "lifecycle_stage": one(["lead", "customer"]),
        "cadence_days": one([7, 30]),
        "custom": {key: text for key in ("tea", "vat") if (text := one(TEXTS))},
    }
    if raw["org"]:
        raw["title"] = one(["CEO", "CTO"])
    return {key: value for key, value in raw.items() if value}


@st.composite
def world(draw):
    """Four people, two orgs, and what hangs between them."""
    ids = st.integers(1, 4)
    pairs = st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1])
    return {
        "people": draw(st.lists(person(), min_size=4, max_size=4)),
        "related": draw(st.sets(st.tuples(pairs, st.booleans()), max_size=4)),
        "apart": draw(st.sets(pairs.map(lambda pair: tuple(sorted(pair))), max_size=3)),
        "logged": draw(st.lists(st.sets(ids, min_size=1, max_size=3), max_size=3)),
        "tasks": draw(st.lists(ids, max_size=2)),
        "jobs": draw(st.sets(st.tuples(ids, st.integers(1, 2)), max_size=4)),
        "merges": draw(st.lists(st.tuples(st.booleans(), pairs), min_size=1, max_size=3)),
        "keep": draw(
            st.dictionaries(
                st.sampled_from(["name", "org", "title", "emails", "phones", "birthday", "note"]),
                st.sampled_from("AB"),
            )
        ),
    }


def build(crm, made):
    for raw in ({"name": "Acme", "emails": ["a@x.si"]}, {"name": "Beta", "emails": EMAILS[:2]}):
        crm.org(**raw)
    for raw in made["people"]:
        crm.contact(**raw)

    def rest(w):
        for (one, other), is_friend in sorted(made["related"]):
            pair = Pair("friend of", "friend of") if is_friend else Pair("boss of", "works for")
            relation.relate(w, one, other, pair)
        for low, high in sorted(made["apart"]):
            w.insert("kept_separate", contact_id=low, other_contact_id=high, at=w.now)
        for id, org_id in sorted(made["jobs"]):
            w.insert("employment", contact_id=id, org_id=org_id, title="Board", is_primary=0)
        for id in (1, 2):
            w.insert("external_ref", source="hubspot", external_id=str(id), contact_id=id)

    crm.write(rest)
    for number, ids in enumerate(made["logged"]):
        crm.log(*sorted(ids), org_id=number % 2 + 1, at=f"2026-11-0{number + 1}T10:00:00Z")
    for id in made["tasks"]:
        crm.task("Call", ("contact", id))


def whole(crm):
    """Give what is journalled, what is derived, and what is searched."""
    return crm.dump(), crm.all("SELECT noun, row_id, title, body FROM search_doc ORDER BY 1, 2")


def ways_of(crm, noun, ids):
    marks = ", ".join(map(str, ids))
    query = f"SELECT DISTINCT kind, value_norm FROM channel WHERE {noun}_id IN ({marks})"
    return set(crm.all(query))


@given(made=world())
@settings(max_examples=25)
def test_any_merges_lose_nothing_and_one_undo_each_brings_all_back(fresh, made):
    crm = fresh()
    build(crm, made)
    states = [whole(crm)]
    for is_org, (into, id) in made["merges"]:
        noun = "org" if is_org else "contact"
        if is_org:
            into, id = (1, 2) if into < id else (2, 1)
        ways = ways_of(crm, noun, (into, id))
        try:
            join(crm, noun, into, id, **({} if is_org else made["keep"]))
        except (ConflictError, UsageError):  # merged already; the title of the other job
            continue
        assert pointing(crm, noun, id) == []
        assert ways_of(crm, noun, (into,)) == ways
        assert crm.resolve(f"{noun[0]}{id}") == [f"{noun[0]}{into}"]
        assert faults(crm) == []
        states.append(whole(crm))
    for before in reversed(states[:-1]):
        crm.undo()
        assert whole(crm) == before
    for after in states[1:]:
        crm.redo()
        assert whole(crm) == after
