"""The score of two records (formulas 4.23), its reasons, and names without their legal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules import duplicate
from crmcli.rules.duplicate import Traits, core, score_contacts, score_orgs
from crmcli.text import fold


def traits(name: str, *, emails=(), phones=(), orgs=(), **more) -> Traits:
    ways = {"emails": frozenset(emails), "phones": frozenset(phones), "orgs": frozenset(orgs)}
    return Traits(fold(name), **ways, **more)


def scored(one: Traits, other: Traits) -> tuple[int, str]:
    found = score_contacts(one, other)
    assert found == score_contacts(other, one)
    return found.points, " ".join(found.reasons)


def scored_orgs(one: Traits, other: Traits) -> tuple[int, str, bool]:
    found = score_orgs(one, other)
    assert found == score_orgs(other, one)
    return found.points, " ".join(found.reasons), found.stops


def contact(name: str = "", **more) -> tuple[str, dict]:
    return name, more


JON, JOHN = "Jon Smith", "John Smith"
PHONE = "+38640123456"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # The worked examples.
        (contact(JON, orgs=[1]), contact(JOHN, orgs=[1]), (60, "name org")),
        (
            contact(JON, orgs=[1], phones=[PHONE]),
            contact(JOHN, orgs=[1], phones=[PHONE]),
            (100, "phone name org"),
        ),
        (contact("Maria Lopez"), contact("Mario Lopez"), (40, "name")),
        # Each criterion by itself.
        (
            contact("A", emails=["a@gmail.com"]),
            contact("B", emails=["a@gmail.com"]),
            (100, "email"),
        ),
        (
            contact("A", emails=["info@x.si"]),
            contact("B", emails=["info@x.si"]),
            (55, "role_email domain"),
        ),
        (contact("A", phones=[PHONE]), contact("B", phones=[PHONE]), (60, "phone")),
        (contact("A", orgs=[1, 2]), contact("B", orgs=[2]), (20, "org")),
        (contact("A", emails=["a@x.si"]), contact("B", emails=["b@x.si"]), (15, "domain")),
        (contact("A", emails=["a@gmail.com"]), contact("B", emails=["b@gmail.com"]), (0, "")),
        (contact("A"), contact("B"), (0, "")),
        # An own mailbox beside an office's; another extension is another phone.
        (
            contact("A", emails=["info@x.si", "a@x.si"]),
            contact("B", emails=["info@x.si", "a@x.si"]),
            (100, "email domain"),
        ),
        (contact("A", phones=[PHONE + ";12"]), contact("B", phones=[PHONE + ";13"]), (0, "")),
        # Birthdays that cannot be the same.
        (
            contact("Ana", phones=[PHONE], birthday=(1990, 5, 17)),
            contact("Ana", phones=[PHONE], birthday=(1991, 5, 17)),
            (70, "phone name birthday"),
        ),
        (
            contact("Ana", phones=[PHONE], birthday=(1990, 5, 17)),
            contact("Ana", phones=[PHONE], birthday=(None, 5, 18)),
            (70, "phone name birthday"),
        ),
        (
            contact("Ana", phones=[PHONE], birthday=(1990, 5, 17)),
            contact("Ana", phones=[PHONE], birthday=(None, 5, 17)),
            (100, "phone name"),
        ),
        # From 0 to 100.
        (contact("A", birthday=(1990, 1, 1)), contact("B", birthday=(1991, 1, 1)), (0, "birthday")),
    ],
)
def test_people(one, other, expected):
    assert scored(traits(one[0], **one[1]), traits(other[0], **other[1])) == expected


def test_a_name_alone_never_stops_nor_queues():
    found = score_contacts(traits("Ana Novak"), traits("Ana Novak"))
    assert (found.points, found.stops) == (40, False)
    assert found.points < duplicate.QUEUE


def test_from_90_on_it_stops():
    one = traits(JON, orgs=[1], emails=["info@x.si"])
    assert score_contacts(one, traits(JOHN, emails=["info@x.si"])).points == 95
    assert score_contacts(one, traits(JOHN, emails=["info@x.si"])).stops
    assert not score_contacts(one, traits("Bo", orgs=[1], emails=["info@x.si"])).stops


def test_a_domain_that_too_many_share_does_not_count():
    one, other = traits("A", emails=["a@x.si"]), traits("B", emails=["b@x.si"])
    assert score_contacts(one, other, {"x.si"}.__contains__).points == 0
    assert score_contacts(one, other, {"y.si"}.__contains__).points == 15


def test_an_office_is_nothing_personal():
    shared = {"phones": [PHONE], "orgs": [1], "emails": ["info@x.si"]}
    assert not score_contacts(traits("Ana", **shared), traits("Bo Li", **shared)).is_personal
    assert score_contacts(traits("Ana", **shared), traits("Ana", **shared)).is_personal


NAMES = [
    ("novák", "Novak", True),  # marks do not count
    ("Müller", "Mueller", False),
    ("Алексей Иванов", "Алексеи Иванов", True),
    ("علي رضايي", "علی رضایی", True),  # Arabic and Persian letters
    ("王伟", "王伟", True),
    ("王伟", "王芳", False),
    ("欧阳小明", "欧阳小民", False),
    ("Ana", "Ana Novak", False),
    ("", "Ana", False),
    ("x" * 10_000, "x" * 10_000 + "y", True),
    ("[/b] @click", "\x1b[31m", False),
]


@pytest.mark.parametrize(("one", "other", "expected"), NAMES)
def test_names_that_are_near(one, other, expected):
    assert duplicate.are_alike(fold(one), fold(other)) == expected
    named = [(1, fold(one)), (2, fold(other))]
    assert list(duplicate.alike_among(named)) == ([(1, 2)] if expected else [])


@given(st.text("abno ", max_size=12), st.text("abno ", max_size=12))
def test_the_quick_look_never_drops_a_pair(one, other):
    from rapidfuzz.distance import JaroWinkler

    expected = one == other or JaroWinkler.similarity(one, other) >= duplicate.NEAR
    assert duplicate.are_alike(one, other) == expected


@pytest.mark.parametrize("more", [0, duplicate.FEW_NAMES])
def test_pairs_from_an_id_on(more):
    others = [(10 + n, str(n) * 9) for n in range(more)]
    team = [(1, "ana novak"), (5, "anna novak"), (9, "ana novak"), *others]
    assert list(duplicate.alike_among(team)) == [(1, 5), (1, 9), (5, 9)]
    assert list(duplicate.alike_among(team, since=9)) == [(1, 9), (5, 9)]


# orgs


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme d.o.o.", "acme"),
        ("ACME, d. o. o.", "acme"),
        ("Acme doo", "acme"),
        ("Müller GmbH & Co. KG", "muller"),
        ("Acme Ltd.", "acme"),
        ("Acme, Inc.", "acme"),
        ("Acme Pty Ltd", "acme"),
        ("Crédit Agricole S.A.", "credit agricole"),
        ("Ferrari S.p.A.", "ferrari"),
        ("Rossi s.r.l.", "rossi"),
        ("Philips B.V.", "philips"),
        ("Nokia Oyj", "nokia"),
        ("Ikea AB", "ikea"),
        ("Lego A/S", "lego"),
        ("Novo ApS", "novo"),
        ("Orlen Sp. z o.o.", "orlen"),
        ("Škoda a.s.", "skoda"),
        ("Kos spol. s r. o.", "kos"),
        ("Cemex S.A.B. de C.V.", "cemex"),
        ("Koç A.Ş.", "koc"),
        ("ООО «Ромашка»", "ромашка"),
        ("ЗАО Ромашка", "ромашка"),
        ("Слънце ЕООД", "слънце"),
        ("شرکت فولاد مبارکه (سهامی عام)", "فولاد مبارکه"),
        ("شركة النور ذ.م.م", "النور"),
        ('אקמה בע"מ', "אקמה"),
        ("华为技术有限公司", "华为技术"),
        ("中国石油天然气股份有限公司", "中国石油天然气"),
        ("株式会社トヨタ", "トヨタ"),
        ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("㈱日立", "日立"),
        ("삼성전자 주식회사", "삼성전자"),
        ("Vitamin C d.o.o.", "vitamin c"),
        ("O'Neill’s Ltd", "oneills"),
        ("AG", "ag"),  # nothing but a form stays
        ("Ltd Ltd", "ltd"),
        ("有限公司", "有限公司"),
        ("AS Roma", "as roma"),  # a form behind is none in front
        ("Acme.si", "acme si"),
        ("(株)", "株"),
        ("有友食品", "有友食品"),
        ("🚀", "🚀"),
    ],
)
def test_names_without_their_legal_form(name, expected):
    assert duplicate.spelled(core(fold(name))) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Acme", "Acme d.o.o.", "name"),
        ("Acme GmbH", "ACME Inc.", "name"),
        ("J.P. Morgan", "JP Morgan", "name"),
        ("华为", "华为技术有限公司", "contained"),
        ("华为", "华为有限公司", "name"),
        ("Acme", "Acme Europe Ltd", "contained"),
        ("Acme Europe", "The New Acme Europe GmbH", "contained"),
        ("فولاد مبارکه", "شرکت فولاد مبارکه اصفهان", "contained"),
        ("Acme", "Acmeister", ""),  # whole words only
        ("Acme Europe", "Europe Acme", ""),
        ("王", "王府", ""),  # one sign says nothing
        ("A", "A B Trade", ""),
        ("17", "Trade 17", ""),  # nor does a number
        ("Kos", "Acme", ""),
        ("👩‍🚀", "🚀", ""),
        ("🚀", "🚀", "name"),
    ],
)
def test_orgs_by_name(one, other, expected):
    points = 70 if expected else 0
    assert scored_orgs(traits(one), traits(other)) == (points, expected, bool(expected))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"domain": "x.si"}, {"domain": "x.si"}, (100, "domain", True)),
        ({"domain": "x.si"}, {"emails": ["info@x.si"]}, (100, "domain", True)),
        ({"domain": "gmail.com"}, {"domain": "gmail.com"}, (0, "", False)),
        ({"emails": ["a@gmail.com"]}, {"emails": ["a@gmail.com"]}, (100, "email", True)),
        ({"emails": ["info@gmail.com"]}, {"emails": ["info@gmail.com"]}, (40, "role_email", False)),
        # Its own domain says more than that of a mailbox.
        ({"domain": "x.si", "emails": ["a@y.si"]}, {"domain": "y.si"}, (0, "", False)),
        ({"phones": [PHONE]}, {"phones": [PHONE]}, (60, "phone", False)),
    ],
)
def test_orgs_by_other_things(one, other, expected):
    assert scored_orgs(traits("Acme", **one), traits("Kos", **other)) == expected


def test_an_org_whose_name_is_only_signs_is_no_other():
    assert score_orgs(traits("🚀"), traits("Acme")).points == 0


@pytest.mark.parametrize(
    ("email", "expected"),
    [("info@x.si", True), ("sales+eu@x.si", True), ("ana@x.si", False), ("no-reply@x.si", True)],
)
def test_mailboxes_of_an_office(email, expected):
    assert duplicate.is_role(email) == expected


@given(st.text(), st.text())
def test_whatever_the_names_the_score_is_one_of_both(one, other):
    for score in (score_contacts, score_orgs):
        found = score(traits(one), traits(other))
        assert found == score(traits(other), traits(one))
        assert 0 <= found.points <= 100
    assert score_orgs(traits(one), traits(one)).points == 70


@given(st.lists(st.sampled_from("ab王c"), max_size=15))
def test_a_name_holds_each_of_its_parts(units):
    for part in duplicate.parts(units):
        assert duplicate.contains(units, part)
