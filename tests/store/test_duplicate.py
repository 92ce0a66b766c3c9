"""Who is like one record, which pairs look alike, who is kept separate, and merging all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules.duplicate import Traits
from crmcli.store import duplicate
from crmcli.store.duplicate import COMMON, TEAM
from crmcli.text import fold


def pairs(crm, noun="contact", since=None) -> list[tuple[int, int, int, str]]:
    found = duplicate.pairs(crm.conn, noun, since)
    return [(p.one, p.other, p.score.points, " ".join(p.score.reasons)) for p in found]


def like(crm, id: int, noun="contact") -> dict[int, int]:
    return {other: score.points for other, score in duplicate.like(crm.conn, noun, id).items()}


def both(crm, noun="contact") -> dict[frozenset[int], int]:
    """Give the points of all pairs; the look at each record by itself must find the same."""
    table = crm.all(f"SELECT id FROM {noun} WHERE archived_at IS NULL")
    alone = {frozenset((id, other)): p for id in table for other, p in like(crm, id, noun).items()}
    together = {frozenset((one, other)): p for one, other, p, _ in pairs(crm, noun)}
    assert alone == together
    return together


# people


def test_people_are_found_by_what_they_share(crm):
    crm.contact("Ana Novak", emails=["ana@acme.si"], phones=["040 123 456"], org="Acme")
    crm.contact("A. N.", emails=["ANA@acme.si"])
    crm.contact("Bo Li", phones=["+386 40 123 456"])
    crm.contact("Anna Novak", org="Acme")
    crm.contact("Ana Novak")
    crm.contact("Ana Novak", org="Kos")
    assert pairs(crm) == [
        (1, 2, 100, "email domain"),
        (1, 3, 60, "phone"),
        (1, 4, 60, "name org"),
    ]
    assert len(both(crm)) == 3


def test_an_office_mailbox_needs_a_second_sign(crm):
    crm.contact("Ana Novak", emails=["info@acme.si"])
    crm.contact("Bo Li", emails=["info@acme.si"])
    crm.contact("Anna Novak", emails=["info@acme.si"])
    assert pairs(crm) == [(1, 3, 95, "role_email name domain")]
    assert len(both(crm)) == 1


def test_maria_and_mario_are_no_pair_by_name_alone(crm):
    crm.contact("Maria Lopez")
    crm.contact("Mario Lopez")
    assert both(crm) == {}
    crm.edit(1, job={"org": "Acme"})
    crm.edit(2, job={"org": "Acme"})
    assert both(crm) == {frozenset((1, 2)): 60}


def test_names_of_every_script(crm):
    names = [
        "王小明",
        "王小明",
        "علي رضايي",
        "علی رضایی",
        "Čopič Žan",
        "copic zan",
        "Фёдор",
        "Федор",
    ]
    for name in names:
        crm.contact(name, org="Acme")
    assert set(both(crm)) == {frozenset((n, n + 1)) for n in (1, 3, 5, 7)}


def test_hostile_names_are_compared_like_others(crm):
    for _ in range(2):
        crm.contact("[/b] @click=app.quit" + "x" * 900, org="[/]")
        crm.contact("\x1b]0;x\x07" + "OR 1=1 --", org='" OR title:*')
    assert set(both(crm)) == {frozenset((1, 3)), frozenset((2, 4))}


def test_who_is_in_the_trash_is_nobodys_twin(crm):
    crm.contact("Ana", emails=["a@b.si"])
    crm.contact("Bo", emails=["a@b.si"])
    crm.trash("contact", 2)
    assert both(crm) == {}
    assert like(crm, 2) == {}
    crm.trash("contact", 2, archived=False)
    assert len(both(crm)) == 1


def test_a_job_that_ended_is_none(crm):
    crm.contact("Ana Novak", org="Acme")
    crm.contact("Anna Novak", org="Acme")
    crm.write(lambda w: w.update("employment", 1, ended_on="2020-01-01"))
    assert both(crm) == {}


def test_two_jobs_at_one_org_make_nobody_their_own_twin(crm):
    for name in ("Ana Novak", "Anna Novak"):
        crm.contact(name, org="Acme")
    job = {"contact_id": 1, "org_id": 1, "title": "CEO", "is_primary": 0}
    crm.write(lambda w: w.insert("employment", **job))
    assert both(crm) == {frozenset((1, 2)): 60}


def test_another_extension_is_another_phone(crm):
    crm.contact("Ana", phones=["01 234 5678 ext. 12"])
    crm.contact("Bo", phones=["01 234 5678 ext. 13"])
    crm.contact("Cene", phones=["01 234 5678 ext. 12"])
    assert both(crm) == {frozenset((1, 3)): 60}


def test_what_is_no_address_tells_nothing(crm):
    from crmcli.rules.contact import draft_contact
    from crmcli.store.contact import add_contact

    raw = {"name": "Ana", "emails": ["n/a"], "phones": ["-", "000"]}
    for _ in range(2):
        crm.write(lambda w: add_contact(w, draft_contact(raw, None, lenient=True)))
    assert both(crm) == {}


@pytest.mark.parametrize("way", [{"emails": ["us@b.si"]}, {"phones": ["040 123 456"]}])
def test_what_too_many_share_tells_nothing(crm, way):
    for _ in range(COMMON + 1):
        crm.contact("Ana", **way)
    assert len(pairs(crm)) == COMMON * (COMMON + 1) / 2
    assert len(like(crm, 1)) == COMMON
    crm.contact("Ana", **way)
    assert both(crm) == {}


def test_a_domain_that_too_many_share_tells_nothing(crm):
    for number in range(COMMON + 1):
        crm.contact(f"P{number}", emails=[f"p{number}@acme.si"])
    crm.contact("Ana Novak", emails=["a@kos.si", "x@acme.si"], phones=["040 123 456"])
    crm.contact("Bo Li", emails=["b@kos.si", "y@acme.si"], phones=["040 123 456"])
    assert pairs(crm) == [(22, 23, 75, "phone domain")]  # that of Kos
    crm.edit(22, off_emails=["a@kos.si"])
    assert pairs(crm) == [(22, 23, 60, "phone")]
    assert len(both(crm)) == 1


def test_in_a_large_org_only_the_same_name_is_looked_for(crm, monkeypatch):
    monkeypatch.setattr(duplicate, "TEAM", 3)
    for name in ("Ana Novak", "Anna Novak", "Ana Novak"):
        crm.contact(name, org="Acme")
    assert len(both(crm)) == 3
    crm.contact("Bo Li", org="Acme")
    assert both(crm) == {frozenset((1, 3)): 60}
    assert TEAM > 3


def test_only_what_came_since(crm):
    for name in ("Ana Novak", "Ana Novak", "Ana Novak"):
        crm.contact(name, org="Acme", emails=["ana@acme.si"])
    crm.contact("Bo", phones=["040 123 456"])
    crm.contact("Li", phones=["040 123 456"])
    everything = pairs(crm)
    assert pairs(crm, since=1) == everything
    for first in range(2, 7):
        expected = [pair for pair in everything if pair[1] >= first]
        assert pairs(crm, since=first) == expected
    assert pairs(crm, since=6) == []


def test_nothing_is_found_in_nothing(crm):
    assert pairs(crm) == pairs(crm, "org") == pairs(crm, since=1) == []
    assert like(crm, 7) == like(crm, 7, "org") == {}


# orgs


def test_orgs_are_found_by_name_domain_and_phone(crm):
    crm.org("Acme d.o.o.", domain="acme.si", phones=["01 234 56 78"])
    crm.org("ACME Inc.")
    crm.org("Acme Europe GmbH")
    crm.org("Other", domain="www.acme.si")
    crm.org("Third", emails=["info@acme.si"])
    crm.org("Fourth", phones=["01 234 56 78"])
    crm.org("Acmeister")
    assert pairs(crm, "org") == [
        (1, 4, 100, "domain"),
        (1, 5, 100, "domain"),
        (4, 5, 100, "domain"),
        (1, 2, 70, "name"),
        (1, 3, 70, "contained"),
        (2, 3, 70, "contained"),
        (1, 6, 60, "phone"),
    ]
    assert len(both(crm, "org")) == 7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华为", "华为技术有限公司"),
        ("华为技术有限公司", "深圳华为技术"),
        ("トヨタ自動車株式会社", "トヨタ"),
        ("شرکت فولاد مبارکه", "فولاد مبارکه اصفهان (سهامی عام)"),
        ("ООО «Ромашка»", "Ромашка"),
        ("Müller & Söhne GmbH", "Mueller Muller Sohne"),
        ("New Acme Trading", "Acme"),
        ("Acme Trading Company of Ljubljana", "the acme trading company, of LJUBLJANA ltd."),
        ("🚀", "🚀"),
        ("[/b] x", "[/b] x Ltd"),
        ('" OR title:*', "or title"),
    ],
)
def test_names_inside_one_another_are_found_from_both_sides(crm, one, other):
    crm.org(one)
    crm.org(other)
    crm.org("Somebody Else")
    assert both(crm, "org") == {frozenset((1, 2)): 70}


def test_a_word_in_too_many_names_tells_nothing(crm):
    for number in range(COMMON + 1):
        crm.org(f"Bank number {number} of all")
    crm.org("Bank")
    assert both(crm, "org") == {}
    crm.org("Bank d.d.")
    assert [pair[:3] for pair in pairs(crm, "org")] == [(22, 23, 70)]
    assert like(crm, 23, "org") == {22: 70}


def test_a_domain_of_too_many_orgs_tells_nothing(crm):
    for number in range(COMMON):
        crm.org(f"Shop {number}", domain="shops.com")
    crm.org("Acme", domain="shops.com")
    assert len(both(crm, "org")) == COMMON * (COMMON + 1) / 2
    crm.org("Acme Ltd", domain="shops.com")
    assert both(crm, "org") == {frozenset((21, 22)): 70}


def test_an_org_of_this_very_unit_of_work_is_found(crm):
    from crmcli.rules.org import draft_org
    from crmcli.store.org import add_org

    def add(w):
        for name in ("Acme Europe", "Kos", "Acme Ltd", "Acme Europe Trade"):
            add_org(w, draft_org({"name": name}, None))
        return [set(duplicate.like(w.conn, "org", id)) for id in (1, 2, 3, 4)]

    assert crm.write(add).value == [{3, 4}, set(), {1, 4}, {1, 3}]


def test_a_name_that_is_not_stored_yet(crm):
    crm.org("Acme d.o.o.")
    assert list(duplicate.like_org(crm.conn, Traits("acme gmbh"))) == [1]
    assert duplicate.like_org(crm.conn, Traits("acme gmbh"), leave_out={1}) == {}
    assert duplicate.like_org(crm.conn, Traits("")) == {}


def test_whatever_is_typed_can_be_looked_for(fresh):
    crm = fresh()
    crm.org("Acme d.o.o.", domain="acme.si")

    @given(st.text(max_size=20), st.text(max_size=8))
    def check(name, mail):
        one = Traits(fold(name), emails=frozenset((f"{mail}@{mail}",)), domain=mail or None)
        assert set(duplicate.like_org(crm.conn, one)) <= {1}
        assert duplicate.like_contact(crm.conn, one) == {}

    check()


def test_orgs_that_came_since(crm):
    for name in ("Acme", "Acme Ltd", "Acme Inc", "Kos"):
        crm.org(name)
    assert [pair[:2] for pair in pairs(crm, "org", since=3)] == [(1, 3), (2, 3)]
    assert pairs(crm, "org", since=4) == []


# kept separate


def keep(crm, one: int, other: int, noun="contact") -> bool:
    return crm.write(lambda w: duplicate.keep_separate(w, noun, one, other)).value


@pytest.mark.parametrize("noun", ["contact", "org"])
def test_kept_separate_is_remembered(crm, noun):
    for _ in range(3):
        (crm.contact if noun == "contact" else crm.org)("Ana", emails=["ana@acme.si"])
    assert len(both(crm, noun)) == 3
    assert keep(crm, 3, 1, noun)
    assert not keep(crm, 1, 3, noun)
    assert set(both(crm, noun)) == {frozenset((1, 2)), frozenset((2, 3))}
    crm.rename(noun, 1, "Anna")
    assert len(both(crm, noun)) == 2
    crm.trash(noun, 1)
    crm.trash(noun, 1, archived=False)
    assert len(both(crm, noun)) == 2


def test_kept_separate_is_undone_and_done_again(crm):
    for _ in range(2):
        crm.contact("Ana", emails=["ana@acme.si"])
    before = crm.dump()
    keep(crm, 1, 2)
    after = crm.dump()
    assert both(crm) == {}
    crm.undo()
    assert crm.dump() == before
    assert len(both(crm)) == 1
    crm.redo()
    assert crm.dump() == after
    assert both(crm) == {}


# merging all


def found(crm, noun="contact") -> list[duplicate.Group]:
    return duplicate.groups(crm.conn, noun, duplicate.pairs(crm.conn, noun))


def test_the_one_with_whom_more_was_done_stays_else_the_older(crm):
    for name in "ABCD":
        crm.contact(name, emails=[f"{'x' if name < 'C' else 'y'}@acme.si"])
    crm.log(4)
    assert found(crm) == [(1, 2), (4, 3)]
    assert duplicate.weights(crm.conn, "contact", [1, 4]) == {4: 1}


def test_an_org_with_people_stays(crm):
    crm.org("Acme")
    crm.org("Acme Ltd")
    crm.contact("Ana", org="Acme Ltd")
    assert found(crm, "org") == [(2, 1)]


def test_who_is_one_with_two_makes_them_one_unless_kept_separate(crm):
    crm.contact("A", emails=["a@acme.si"])
    crm.contact("B", emails=["a@acme.si", "c@acme.si"])
    crm.contact("C", emails=["c@acme.si"])
    assert found(crm) == [(1, 2, 3)]
    keep(crm, 1, 3)
    assert found(crm) == [(1, 2)]


def test_merging_all_leaves_out_what_cannot_be_merged(crm, monkeypatch):
    from crmcli.errors import ConflictError
    from crmcli.store import merge

    for name in "ABCD":
        crm.contact(name, emails=[f"{'x' if name < 'C' else 'y'}@acme.si"])
    before = crm.dump()
    real = merge.merge

    def refusing(w, noun, into, id, keep):
        real(w, noun, into, id, keep)
        if into == 1:
            raise ConflictError("no")

    monkeypatch.setattr(merge, "merge", refusing)
    done = crm.write(lambda w: duplicate.merge_all(w, "contact", [(1, 2), (3, 4)]))
    assert done.value == ([(3, 4)], [((1, 2), "no")])
    assert crm.all("SELECT id FROM contact WHERE archived_at IS NULL") == [1, 2, 3]
    assert like(crm, 1) == {2: 100}
    crm.undo(done.group_id)
    assert crm.dump() == before
    done = crm.write(lambda w: duplicate.merge_all(w, "contact", [(1, 2)]))
    assert done.group_id is None
    assert crm.dump() == before
