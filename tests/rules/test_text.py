"""Text at the edges: clean, safe, fold, spaced, handles and cells."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmcli.text import (
    clean,
    fold,
    handle_stem,
    is_ideograph,
    looks_like_id,
    safe,
    spaced,
    tsv_cell,
)

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FORBIDDEN = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *BIDI, "\ufeff"}
ANY = st.text(st.characters(codec=None), max_size=40)  # lone surrogates too


def is_hostile(char: str) -> bool:
    return char in FORBIDDEN or "\ud800" <= char <= "\udfff"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Ana \t Novak\n", "Ana Novak"),
        ("Ana  Novak", "Ana Novak"),
        ("\x1b]52;c;ZXZpbA==\x07Ana", "]52;c;ZXZpbA==Ana"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\x00b\x7fc", "abc"),
        ("a\x9bb", "ab"),
        ("a\x85b", "a b"),
        ("a\udc80b", "ab"),
        ("a\ufeffb", "ab"),
        ("Čopič", "Čopič"),
        ("C\u030copic\u030c", "Čopič"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("שלום\u200fx\u200e", "שלום\u200fx\u200e"),
        ("\u3000山田\u3000太郎", "山田 太郎"),
        ("", ""),
    ],
)
def test_clean_line(raw, expected):
    assert clean(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("a\tb  c", "a\tb  c"),
        ("a\x1bb\x00\u202ec", "abc"),
    ],
)
def test_clean_note_keeps_lines_and_tabs(raw, expected):
    assert clean(raw, multiline=True) == expected


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("multiline", [False, True])
def test_clean_does_not_glue_words_at_a_rare_line_separator(separator, multiline):
    assert clean(f"one{separator}two", multiline=multiline).split() == ["one", "two"]


@given(ANY, st.booleans())
@example("e\x00\u0301", False)
@example("\r\x00\n", True)
def test_clean_is_idempotent_and_leaves_nothing_hostile(text, multiline):
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)
    kept = "\n\t" if multiline else ""
    assert not [char for char in once if is_hostile(char) and char not in kept]


@given(ANY, st.booleans())
def test_safe_lets_nothing_hostile_out(text, multiline):
    shown = safe(text, multiline=multiline)
    kept = "\n\t" if multiline else ""
    assert not [char for char in shown if is_hostile(char) and char not in kept]
    assert len(shown) == len(text)
    shown.encode()  # no lone surrogate is left


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\nb\tc", "a␊b␉c"),
        ("\x7f\x9b\u202e", "␡\ufffd\ufffd"),
        ("👩\u200d🚀 علی\u200cرضا", "👩\u200d🚀 علی\u200cرضا"),
    ],
)
def test_safe_makes_control_characters_visible(raw, expected):
    assert safe(raw) == expected


def test_safe_multiline_passes_lines_and_tabs():
    assert safe("a\nb\tc\r", multiline=True) == "a\nb\tc␍"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("plain", "plain"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\x1b[0m", "␛[0m"),
        ("a\u2028b", "a\ufffdb"),
    ],
)
def test_tsv_cell(raw, expected):
    assert tsv_cell(raw) == expected


@given(ANY)
def test_tsv_cell_is_one_cell_of_one_line(text):
    cell = tsv_cell(text)
    assert "\t" not in cell
    assert len(cell.splitlines()) <= 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Čopič", "copic"),
        ("Müßig", "mussig"),
        ("MÜSSIG", "müßig"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("Đorđević", "dordevic"),
        ("İstanbul", "istanbul"),
        ("ısırgan", "isirgan"),
        ("Фёдор", "федор"),
        ("О’Коннор", "о'коннор"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("عليرضا", "علیرضا"),  # yeh
        ("كریمی", "کریمی"),  # kaf
        ("علی\u200cرضا", "علیرضا"),  # ZWNJ
        ("محمّد", "محمد"),  # shadda
        ("آرش", "ارش"),
        ("خانهٔ", "خانه"),
        ("خانۀ", "خانه"),
        ("۱۲۳", "123"),
        ("١٢٣", "123"),
        ("ＡＣＭＥ１", "acme1"),
        ("ﾊﾟｰﾄ", "パート"),
        ("C\u030c", "č"),
        ("ﬁrma", "firma"),
        ("ℋilbert", "hilbert"),
        ("Acme™", "acmetm"),
        ("𝐀na", "ana"),
        ("a\u00adb", "ab"),
        (" a \t b ", "a b"),
    ],
)
def test_fold_makes_them_equal(left, right):
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), [("か", "が"), ("김", "긴"), ("й", "и"), ("a", "b")])
def test_fold_keeps_letters_apart(left, right):
    # й is и with a breve in Unicode, so these two fold alike; the others stay two letters.
    assert (fold(left) == fold(right)) == (left == "й")


def test_fold_keeps_hangul_composed():
    assert fold("김민준") == "김민준"
    assert fold(unicodedata.normalize("NFD", "김민준")) == "김민준"


@given(ANY)
@example("ℋ")
@example("™")
@example("\u0345\u0301")
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


LETTERS = st.text(st.sampled_from("abcčćdđeéfgšßžłñüöøаяёжїαβςσωάıı"), max_size=20)


@given(LETTERS)
def test_fold_ignores_case(text):
    assert fold(text) == fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("ana novak", "ana novak"),
        ("李明", "李 明"),
        ("李明 王", "李 明  王"),
        ("李明abc", "李 明 abc"),
        ("abc李", "abc 李"),
        ("김민준", "김 민 준"),
        ("čšž", "čšž"),
    ],
)
def test_spaced(folded, expected):
    assert spaced(folded) == expected


@given(ANY)
def test_spaced_only_adds_spaces(text):
    folded = fold(text)
    assert spaced(folded).replace(" ", "") == folded.replace(" ", "")
    alone = spaced(folded).split()
    assert all(len(word) == 1 or not any(map(is_ideograph, word)) for word in alone)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Ana Novak", "ana-novak"),
        ("  Čopič,  Jošt ", "copic-jost"),
        ("O'Brien", "obrien"),
        ("Анна Петрова", "анна-петрова"),
        ("李明", "李明"),
        ("علی\u200cرضا", "علیرضا"),
        ("हिन्दी", "हिन्दी"),
        ("Acme (Ltd.)", "acme-ltd"),
        ("3M", "3m"),
        ("123 456", ""),
        ("🎉 !!!", ""),
        ("", ""),
        ("x" * 100, "x" * 60),
    ],
)
def test_handle_stem(name, stem):
    assert handle_stem(name) == stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("c12", True),
        ("t9", True),
        ("12", True),
        ("7", True),
        ("z1", True),
        ("ana", False),
        ("c12a", False),
        ("ana-12", False),
        ("ab1", False),
        ("č1", False),
        ("c", False),
        ("c١", False),
        ("", False),
    ],
)
def test_looks_like_id(word, expected):
    assert looks_like_id(word) is expected
