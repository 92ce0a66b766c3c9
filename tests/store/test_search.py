"""Search and references: one folded key, one full-text index."""

import shutil

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmcli.errors import NotFoundError
from crmcli.rules.contact import draft_contact
from crmcli.store import contact, search
from crmcli.text import fold

PEOPLE = [
    {"name": "Jošt Čopič", "phones": ["040 123 456"], "emails": ["jošt@acme.si"]},  # c1
    {"name": "李明", "org": "北京银行", "emails": ["li.ming+crm@Bank.CN"]},  # c2, o1
    {"name": "Фёдор Соловьёв", "tags": ["Москва"]},  # c3
    {"name": "علی\u200cرضا كريمي", "phones": ["۰۴۱ ۹۸۷ ۶۵۴"]},  # c4
    {"name": "Ana Müßig", "note": "Pilot project", "phones": ["+44 20 7946 0018"]},  # c5
    {"name": "김민준", "custom": {"hobby": "go"}},  # c6
]


@pytest.fixture(scope="module")
def people_file(fresh) -> str:
    crm = fresh()
    for raw in PEOPLE:
        crm.contact(**raw)
    crm.store.close()
    return crm.store.path


@pytest.fixture
def people(crm, people_file):
    shutil.copy(people_file, crm.store.path)
    return crm


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("copic", ["c1"]),
        ("ČOPIČ jo", ["c1"]),
        ("cop jos", ["c1"]),
        ("opic", ["c1"]),  # inside a word, as nothing begins so
        ("李", ["c2"]),
        ("明", ["c2"]),
        ("李明", ["c2"]),
        ("明李", []),
        ("银行", ["c2", "o1"]),
        ("北银", []),
        ("федор", ["c3"]),
        ("СОЛОВЬЕВ", ["c3"]),
        ("моск", ["c3"]),
        ("علیرضا", ["c4"]),
        ("علي رضا", []),
        ("کریمی", ["c4"]),
        ("mussig", ["c5"]),
        ("pilot", ["c5"]),
        ("ana pilot", ["c5"]),
        ("ana nobody", []),
        ("민준", ["c6"]),
        ("김", ["c6"]),
        ("go", ["c6"]),
        ("bank.cn", ["c2"]),
        ("li.ming", ["c2"]),
        ("jošt@acme.si", ["c1"]),
    ],
)
def test_find(people, text, found):
    assert people.find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("040 123 456", ["c1"]),
        ("+386 40 123 456", ["c1"]),
        ("0038640123456", ["c1"]),
        ("0123", ["c1"]),
        ("2345", ["c1"]),
        ("123-456", ["c1"]),
        ("3456", ["c1"]),
        ("۰۴۱ ۹۸۷", ["c4"]),
        ("041987654", ["c4"]),
        ("020 7946 0018", ["c5"]),
        ("+44 (20) 7946", ["c5"]),
        ("9999", []),
        ("0000", []),
    ],
)
def test_numbers_are_found_by_any_part(people, text, found):
    assert people.find(text) == found


def test_words_in_notes_tasks_and_interactions_are_found(people):
    people.log(1, body="Talked about the Grünberg offer")
    people.task("Send the Grünberg contract", ("contact", 1), body="with annexes")
    assert people.find("grunberg") == ["t1", "i1"]
    assert people.find("annexes") == ["t1"]
    assert people.find("grunberg", nouns=["interaction"]) == ["i1"]


def test_an_unverified_number_is_found_by_its_digits(crm):
    crm.contact("Ana", phones=["call 12345 or ask"])
    assert crm.find("1234") == ["c1"]


def test_exact_names_come_before_prefixes_before_the_rest(crm):
    crm.contact("Bor", note="ana")  # c1
    crm.contact("Zala Ana")  # c2
    crm.contact("Anamarija Kos")  # c3
    crm.contact("Ana")  # c4
    crm.org("Ana")  # o1
    crm.task("Ana")  # t1
    assert crm.find("ana") == ["c4", "o1", "t1", "c3", "c2", "c1"]
    assert crm.find("ana", limit=2) == ["c4", "o1"]


def test_an_exact_name_is_exact_with_a_nickname_too(crm):
    crm.contact("Ana Novakovič")
    crm.contact("Ana Novak", nickname="Zala")
    assert crm.find("ana novak") == ["c2", "c1"]


def test_a_nickname_alone_is_an_exact_name(crm):
    crm.contact("Zalarija Kos")
    crm.contact("Rozalija Kos", nickname="Zala")
    assert crm.find("zala")[0] == "c2"


def test_an_exact_name_comes_first_among_very_many(crm):
    def fn(w):
        for number in range(260):
            draft = draft_contact({"name": f"Ana{number:03}", "note": "ana"}, None)
            contact.add_contact(w, draft)
        contact.add_contact(w, draft_contact({"name": "Ana"}, None))

    crm.write(fn)
    assert crm.find("ana", limit=3)[0] == "c261"
    assert len(crm.find("ana", limit=500)) == 261


@pytest.mark.parametrize(
    "text",
    [
        *"\"*()^:-+%_\\'",
        "AND",
        "NOT ana",
        "NEAR(ana",
        "title : ana",
        '"ana',
        "ana*",
        "{ana}",
        "ana OR",
        "🎉",
        "–",
        "",
        "   ",
        "\x00",
        "ana\x00nov",
        "\udcff",
        "ana \udcff",
        "x" * 60_000,
        "ana " * 2_000,
        "李" * 2_000,
        "?" * 60_000,
        "9" * 5_000,
        "\u0301",
        "\u200d",
        "' OR 1=1 --",
    ],
    ids=lambda text: ascii(text[:12]),
)
@pytest.mark.parametrize("prefix", [False, True])
def test_no_text_breaks_the_search(people, text, prefix):
    known = {"c1", "c2", "c3", "c4", "c5", "c6", "o1"}
    assert set(people.find(text)) <= known
    assert set(people.resolve(text, prefix=prefix)) <= known


@pytest.mark.parametrize("text", ["\x00", "–", "🎉", "\u200d", "\u0301", "(", "NEAR(ana"])
def test_what_nobody_holds_finds_nobody(people, text):
    assert people.find(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("100%", ["c7"]), ("_x_", ["c8"]), ("%", ["c7"]), ("_", ["c8"]), ("\\", [])],
)
def test_percent_and_underscore_are_letters_like_others(people, text, found):
    people.contact("Discount 100% Ltd")
    people.contact("a_x_b")
    assert people.find(text) == found


@pytest.mark.parametrize(
    "text", ["acme – ljub", "acme — ljub", "ljubljana & acme", "acme 🎉", "🎉 acme"]
)
def test_signs_between_words_do_not_count(crm, text):
    crm.org("Acme – Ljubljana 🎉")
    assert crm.find(text) == ["o1"]


def test_a_devanagari_word_is_found_by_its_beginning(crm):
    crm.contact("हिन्दी शर्मा")
    assert crm.find("हिन्") == ["c1"]
    assert crm.find("शर्मा") == ["c1"]


LETTERS = "abčćž éßłøabй ёяабعیكي李明王が김ana 12"
NAME = st.text(st.sampled_from(LETTERS), min_size=1, max_size=8).filter(lambda name: fold(name))


@settings(deadline=None, max_examples=25)
@given(st.lists(NAME, min_size=1, max_size=12), st.data())
@example(["ana abč", "ab ana", "李明王", "王明"], None)
def test_find_answers_like_a_brute_force_scan(fresh, names, data):
    """Every word of the query is the beginning of a word, or a run of ideographs anywhere."""
    crm = fresh()

    def fn(w):
        for name in names:
            contact.add_contact(w, draft_contact({"name": name}, None))

    crm.write(fn)
    queries = [word[:cut] for name in names for word in fold(name).split() for cut in (1, 2, 3)]
    if data is not None:
        queries = [data.draw(st.sampled_from(queries)), data.draw(st.sampled_from(queries))]
    for query in [*queries, " ".join(queries[:2])]:
        expected = {
            f"c{number}"
            for number, name in enumerate(names, 1)
            if all(any(holds(word, part) for word in fold(name).split()) for part in query.split())
        }
        found = set(crm.find(query))
        assert found == expected, (query, names)


def holds(word: str, part: str) -> bool:
    """Tell whether a folded word answers a part of a query: its pieces begin so, in order."""
    from crmcli.text import is_ideograph

    pieces, wanted = split(word), split(part)
    return all(
        any(want in piece if is_ideograph(want[0]) else piece.startswith(want) for piece in pieces)
        for want in wanted
    )


def split(word: str) -> list[str]:
    """Split `李明abc` into runs: ideographs and others."""
    from itertools import groupby

    from crmcli.text import is_ideograph

    return ["".join(run) for _, run in groupby(word, is_ideograph)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c1", ["c1"]),
        ("C1", ["c1"]),
        ("c001", ["c1"]),
        ("o1", ["o1"]),
        ("jost-copic", ["c1"]),
        ("Jošt-Čopič", ["c1"]),
        ("jost copic", ["c1"]),
        ("  JOŠT   čopič ", ["c1"]),
        ("jošt@acme.si", ["c1"]),
        ("Jošt@ACME.si", ["c1"]),
        ("li.ming+crm@bank.cn", ["c2"]),
        ("040 123 456", ["c1"]),
        ("+386 40 123 456", ["c1"]),
        ("00386 40 123 456", ["c1"]),
        ("+44 (0)20 7946 0018", ["c5"]),
        ("李明", ["c2"]),
        ("北京银行", ["o1"]),
        ("федор соловьев", ["c3"]),
        ("علیرضا کریمی", ["c4"]),
        ("김민준", ["c6"]),
        ("jost", []),
        ("12", []),
        ("nobody", []),
        ("nobody@acme.si", []),
        ("123456", []),
        ("", []),
    ],
)
def test_resolve_every_form_of_reference(people, text, found):
    assert people.resolve(text) == found


@pytest.mark.parametrize(
    ("text", "nouns"), [("1", ["contact"]), ("t1", ["task", "contact"]), ("i1", ["interaction"])]
)
def test_a_bare_number_only_where_the_noun_is_given(people, text, nouns):
    people.task("A", ("contact", 1))
    people.log(1)
    noun = nouns[0]
    assert people.resolve(text, *nouns) == [f"{noun[0]}1"]
    assert people.resolve("1", "contact", "org") == []


def test_a_bare_number_that_is_no_id_may_be_a_name(crm):
    crm.contact("2048")
    assert crm.resolve("2048", "contact") == ["c1"]


@pytest.mark.parametrize(
    ("text", "nouns", "message"),
    [
        ("c99", ["contact"], "no contact c99"),
        ("c" + "9" * 30, ["contact"], "no contact"),
        ("c" + "9" * 5_000, ["contact"], "no contact"),
        ("o1", ["contact"], "o1 is not a contact"),
        ("t1", ["org", "contact"], "t1 is not an org"),
    ],
)
def test_an_id_that_cannot_be_meant(people, text, nouns, message):
    with pytest.raises(NotFoundError, match=message):
        people.resolve(text, *nouns)


def test_huge_numbers_are_no_fault(people):
    assert people.resolve("9" * 40, "contact") == []
    assert people.resolve("9" * 6, "contact") == []


def test_several_of_one_name_are_all_given(crm):
    crm.contact("Ana Novak")
    crm.contact("Ána Novák")
    assert crm.resolve("ana novak") == ["c1", "c2"]
    assert crm.resolve("ana-novak") == ["c1"]  # a handle is permanent
    crm.edit(1, emails=["info@acme.si"])
    crm.edit(2, emails=["info@acme.si"])
    assert crm.resolve("info@acme.si") == ["c1", "c2"]


def test_what_is_in_the_trash_is_not_meant(crm):
    crm.contact("Ana Novak", emails=["a@b.si"], phones=["040 123 456"])
    crm.trash("contact", 1)
    for text in ("ana-novak", "ana novak", "a@b.si", "040 123 456"):
        assert crm.resolve(text) == []
    with pytest.raises(NotFoundError, match="c1 is in the trash") as caught:
        crm.resolve("c1")
    assert "crm trash restore c1" in caught.value.hint
    crm.contact("Ana Novak")
    assert crm.resolve("ana novak") == ["c2"]


def test_beginnings_of_words_only_where_a_person_chooses(people):
    assert people.resolve("jo", "contact", prefix=True) == ["c1"]
    assert people.resolve("jo", "contact") == []
    assert people.resolve("明", "contact", prefix=True) == ["c2"]
    assert people.resolve("pilot", "contact", prefix=True) == []  # not in a name
    assert people.resolve("jo", "task", prefix=True) == []


# Noun by noun, and names as one types


def test_no_noun_crowds_out_another(crm):
    for number in range(5):
        crm.contact(f"Pilot {number}")
    crm.org("Pilot d.o.o.")
    crm.task("pilot offer", ("contact", 1))
    crm.log(1, body="spoke about the pilot")
    found = search.find_each(crm.conn, "pilot", limit=2)
    assert [search.reference(key) for key in found.keys] == ["c1", "c2", "o1", "t1", "i1"]
    assert not found.is_similar


def test_numbers_are_found_noun_by_noun(people):
    people.org("Bank", phones=["040 123 456"])
    found = search.find_each(people.conn, "123456")
    assert [search.reference(key) for key in found.keys] == ["c1", "o2"]


def test_only_when_nothing_fits_are_mistakes_and_insides_looked_for(people):
    assert search.find_each(people.conn, "mussgi") == search.Found([("contact", 5)], True)
    assert search.find_each(people.conn, "ussi") == search.Found([("contact", 5)])
    assert search.find_each(people.conn, "  ") == search.Found([])


def test_names_that_begin_so(people):
    assert search.names_like(people.conn, "JOST", 5) == ["Jošt Čopič"]
    assert search.names_like(people.conn, "北", 5) == ["北京银行"]
    assert search.names_like(people.conn, "", 5) == []
    people.trash("contact", 1)
    assert search.names_like(people.conn, "jo", 5) == []
