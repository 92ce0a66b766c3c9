"""Names with one letter wrong, missing, surplus or swapped; never instead of what was typed."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmcli.rules.contact import draft_contact
from crmcli.store import contact, search
from crmcli.text import fold


def similar(crm, text: str, **options) -> list[str]:
    """Give what is found, which must be similar names only."""
    found = search.find(crm.conn, text, **options)
    assert found.is_similar == bool(found.keys)
    return [search.reference(key) for key in found.keys]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zupančič", "Zupnačič"),
        ("Zupančič", "zupancc"),
        ("Zupančič", "zupancicc"),
        ("Zupančič", "supancic"),
        ("Novak", "Novka"),
        ("Novak", "nvoak"),  # swapped across the middle: neither half is intact
        ("Novak", "onvak"),
        ("Kovačič", "kovcaic"),
        ("Ana", "aan"),
        ("Ana", "naa"),
        ("Anna", "anan"),
        ("Фёдор Соловьёв", "соловев"),
        ("علی کریمی", "کریممی"),
        ("Müßig", "musig"),
        ("O'Brien", "brein"),
        ("Kos-Bizjak", "bizajk"),
        ("हिन्दी शर्मा", "शरमा"),
    ],
)
def test_a_name_with_one_mistake_is_found(crm, name, typed):
    crm.contact(name)
    crm.contact("Somebody Else")
    assert similar(crm, typed) == ["c1"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Novak", "navka"),  # two
        ("Kos", "kas"),  # of three letters none is wrong
        ("Kos", "los"),
        ("Bo", "ob"),
        ("Room 1234", "1243"),
        ("Agent007", "agnet007"),
        ("Novak", "nova7"),
        ("王小明", "王大明"),
        ("Li", "lj"),
    ],
)
def test_what_is_no_single_mistake_finds_nobody(crm, name, typed):
    crm.contact(name)
    assert crm.find(typed) == []


def test_what_is_called_so_hides_what_is_similar(crm):
    crm.contact("Ana Novak")
    crm.contact("Ana Novka")
    found = search.find(crm.conn, "novka")
    assert (found.keys, found.is_similar) == ([("contact", 2)], False)


def test_a_similar_name_comes_before_the_inside_of_words(crm):
    crm.contact("Supernovak")
    crm.contact("Ivan Ovako")
    assert similar(crm, "ovakk") == ["c2"]
    assert crm.find("novak") == ["c1"]  # nothing is similar


def test_orgs_and_what_was_said_about_them_are_found(crm):
    crm.contact("Ana Novak", org="Vodnik")
    crm.log(1, body="Talked about Vodnik")
    assert similar(crm, "vodink") == ["o1", "c1", "i1"]
    assert similar(crm, "vodink", nouns=["org"]) == ["o1"]


def test_only_words_of_names_are_meant(crm):
    crm.contact("Ana", note="asked for a pilot")
    assert crm.find("piolt") == []


def test_fewer_mistakes_come_first_then_names_before_mentions(crm):
    crm.contact("Mirko Novka")
    crm.contact("Mirka Novak")
    crm.contact("Mirko Novak", nickname="Miki")
    crm.contact("Bor Kos", note="knows Mirko Novak")
    assert similar(crm, "mirkp novak") == ["c2", "c3", "c4", "c1"]
    assert similar(crm, "mirko novai") == ["c3", "c4", "c2"]


def test_one_mistake_is_found_among_very_many_with_two(crm):
    def fn(w):
        for number in range(230):
            name = {"name": f"Mira Copic{'abcdefghij'[number % 10]}"}
            contact.add_contact(w, draft_contact(name, None))
            contact.add_contact(w, draft_contact({"name": "Mina Kopic"}, None))
        contact.add_contact(w, draft_contact({"name": "Mila Kopic"}, None))

    crm.write(fn)
    assert similar(crm, "mila kopci", limit=3)[0] == "c461"


def test_a_name_of_the_past_finds_nobody(crm):
    crm.contact("Ana Novak")
    crm.rename("contact", 1, "Ana Kos")
    assert crm.find("novka") == []
    crm.undo()
    assert similar(crm, "novka") == ["c1"]


def test_who_is_in_the_trash_is_not_similar(crm):
    crm.contact("Ana Novak")
    crm.trash("contact", 1)
    assert crm.find("novka") == []


@pytest.mark.parametrize(
    "text", ["abcd " * 40, "x" * 5_000, "ñ" * 300, '"ovak', "novk* OR", "nova("]
)
def test_no_text_breaks_it(crm, text):
    crm.contact("Ana Novak")
    assert set(crm.find(text)) <= {"c1"}


def test_nearest_names_who_may_be_meant(crm):
    crm.contact("Ana Novak")
    crm.contact("Ana Novak")
    crm.org("Novka")
    crm.task("Novak")

    def near(text, *nouns):
        return [search.reference(key) for key in search.nearest(crm.conn, text, nouns)]

    assert near("ana-novka", "contact") == ["c1", "c2"]
    assert near("novakk", "contact", "org", "task") == ["c1", "c2"]
    assert near("ana", "contact") == ["c1", "c2"]
    assert near("novka", "contact") == ["c1", "c2"]
    assert near("novka", "contact", "org") == ["o1"]
    assert near("novka", "task") == []
    assert near("zzzz", "contact") == []
    assert near("", "contact") == []
    assert crm.resolve("ana-novka", prefix=True) == []


LETTERS = "abcč"
WORD = st.text(st.sampled_from(LETTERS), min_size=1, max_size=6)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=12), WORD, WORD)
@example([("abca", "ab"), ("abac", "b")], "baca", "ab")
@example([("abcabc", "a")], "abacbc", "a")
@example([("abc", "a")], "acb", "a")
def test_answers_equal_a_distance_over_all_names(fresh, names, one, two):
    """For each typed word a word that begins so, or one a single mistake away."""
    crm = fresh()

    def fn(w):
        for pair in names:
            contact.add_contact(w, draft_contact({"name": " ".join(pair)}, None))

    crm.write(fn)
    for typed in ([one], [one, two]):
        found = search.find(crm.conn, " ".join(typed))
        exact, near = (
            [
                ("contact", number)
                for number, pair in enumerate(names, 1)
                if all(
                    any(holds(fold(word), fold(part), allowed) for word in pair) for part in typed
                )
            ]
            for allowed in (0, 1)
        )
        if exact:
            assert (set(found.keys), found.is_similar) == (set(exact), False)
        elif near:
            assert (set(found.keys), found.is_similar) == (set(near), True)
        else:
            assert not found.is_similar


def holds(word: str, part: str, allowed: int) -> bool:
    """Tell whether a word of a name answers a typed one, by trying every mistake."""
    return word.startswith(part) or (allowed == 1 and word in mistakes(part))


def mistakes(word: str) -> set[str]:
    """Give every word that is one mistake away; of three letters only two may be swapped."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1 and len(word) > 2}
    if len(word) > 3:
        found |= {a + b[1:] for a, b in cuts}
        found |= {a + letter + b for a, b in cuts for letter in string.ascii_lowercase}
        found |= {a + letter + b[1:] for a, b in cuts for letter in string.ascii_lowercase if b}
    return {word for word in found if len(word) > 2}
