"""Relations: words and their inverses."""

import pytest

from crmcli.errors import ConflictError, UsageError
from crmcli.rules.relation import SHIPPED, Pair, new_pair, read_word


@pytest.mark.parametrize(
    ("word", "name", "is_inverse"),
    [
        ("referred by", "referred by", False),
        ("Referred", "referred by", True),
        ("REFERRED  BY", "referred by", False),
        ("manager", "manager of", False),
        ("reports", "manager of", True),
        ("mentored", "mentor of", True),
        ("spouse", "spouse of", False),
        ("colleague of", "colleague of", False),
    ],
)
def test_a_word_means_a_pair_and_a_side(word, name, is_inverse):
    pair, inverse = read_word(word, "", SHIPPED)
    assert (pair.name, inverse) == (name, is_inverse)


def test_an_unknown_word_names_the_nearest_and_how_to_add_it():
    with pytest.raises(UsageError) as error:
        read_word("manger of", "", SHIPPED)
    assert error.value.hint.startswith("did you mean 'manager of'?")
    assert "--inverse" in error.value.hint


def test_a_new_word_with_its_inverse():
    assert read_word(" investor  of", "backed by", SHIPPED) == (
        Pair("investor of", "backed by"),
        False,
    )
    assert read_word("rival of", "rival of", SHIPPED)[0].is_symmetric


def test_a_known_word_with_its_own_inverse_is_fine_and_with_another_is_not():
    assert read_word("referred", "referred by", SHIPPED)[1]
    with pytest.raises(ConflictError):
        read_word("manager of", "serves", SHIPPED)


@pytest.mark.parametrize(("word", "inverse"), [("boss of", "reports to"), ("Parent Of", "kid of")])
def test_a_new_pair_takes_no_known_word(word, inverse):
    with pytest.raises(ConflictError):
        new_pair(word, inverse, SHIPPED)


@pytest.mark.parametrize("word", ["", " ", "\x1b", "x" * 61, "\u200b"])
def test_a_word_is_short_and_visible(word):
    with pytest.raises(UsageError):
        new_pair(word, "other", SHIPPED)


def test_no_word_is_shipped_twice():
    words = [word for pair in SHIPPED for word in {pair.name, pair.inverse}]
    assert len(words) == len(set(words))
