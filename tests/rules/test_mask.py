"""Masks: stable fake words, blurred numbers, and what may be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli import i18n, text
from crmcli.mask import Masker, _fake, words_said
from crmcli.rules import channel, contact, interaction, org, task
from crmcli.store.names import stored_words

OWN = "call about the offer in days late today overdue may will mark day due note tags".split()


@pytest.fixture
def masker():
    return Masker(lambda: OWN, lambda words: {"mark", "day"} & set(words))


@pytest.fixture(autouse=True)
def unmasked():
    yield
    text.mask_with(None)


def new_masker() -> Masker:
    return Masker(lambda: OWN, lambda words: ())


# names


def test_a_name_is_the_same_in_every_run():
    """Whoever changes these changes what people know their contacts by."""
    assert new_masker().text("Ana Novak") == "Zelinazo Noradefin"
    assert new_masker().text("李伟") == "Finita"


@pytest.mark.parametrize("same", ["ana", "ANA", "Ána", "aná", "Aňa", "A\u200cna"])
def test_case_marks_and_joiners_do_not_count(masker, same):
    assert masker.text(same).lower() == masker.text("Ana").lower()


def test_the_case_stays(masker):
    fake = masker.text("novak")
    assert fake.islower()
    assert masker.text("Novak") == fake.capitalize()
    assert masker.text("NOVAK") == fake.upper()


def test_name_handle_mail_and_address_belong_together(masker):
    given, family, org = masker.text("Ana Novak Acme").split()
    assert masker.text("ana-novak") == f"{given}-{family}".lower()
    assert masker.text("ana.novak@acme.si") == f"{given}.{family}@{org}.example".lower()
    assert masker.text("https://www.acme.si/ana?q=novak.") == f"https://{org}.example.".lower()
    assert masker.text("see www.acme.si/x now").split()[1] == f"{org}.example".lower()
    assert masker.text("Novak's") == f"{family}'s"
    assert masker.text("O'Neill").lower() == masker.text("oneill")


@pytest.mark.parametrize("name", ["李伟", "Иван Петров", "علی‌رضا", "Müßig", "김민준", "Ⓐna", "नेहा"])
def test_every_script_becomes_latin(masker, name):
    fake = masker.text(name)
    assert fake.isascii()
    assert fake.replace(" ", "").isalpha()


def test_what_was_masked_before_stays(masker):
    for value in ("Ana Novak, ana@acme.si", "300 EUR, €5", "Mark about AB12C", "https://acme.si/x"):
        once = masker.text(value)
        assert masker.text(once) == once


def test_no_word_becomes_itself():
    for start in ("al", "zel"):
        for end in ("ba", "zo"):
            word = f"{start}a{end}"
            assert _fake(word) != word
    assert all(_fake(letter) != letter for letter in "abcdefghijklmnopqrstuvwxyz")


def test_few_people_share_a_fake_name():
    assert len({_fake(f"name{number}") for number in range(1000)}) > 950


# the program's words


def test_own_words_stay_unless_they_are_names(masker):
    assert masker.text("call about the offer") == "call about the offer"
    shown = masker.text("Call Mark about the day")
    assert shown.startswith("Call ")
    assert " about the " in shown
    assert "Mark" not in shown
    assert "day" not in shown


def test_names_are_asked_again_after_a_write():
    names: set[str] = set()
    masker = Masker(lambda: OWN, lambda words: names & set(words))
    assert masker.text("call Mark") == "call Mark"
    names.add("mark")
    assert masker.text("call Mark") == "call Mark"
    masker.forget()
    assert masker.text("call Mark") != "call Mark"


def test_names_that_cannot_be_read_are_told_of_with_masked_texts():
    def fail(words):
        masker.text("call")
        raise LookupError("no names")

    masker = Masker(lambda: OWN, fail)
    with pytest.raises(LookupError, match="no names"):
        masker.text("call")


def test_stored_words_and_commands_are_known():
    known = words_said() | stored_words()
    words = [*task.KINDS, *task.STATUSES, *org.KINDS, *contact.STAGES, *channel.KINDS]
    words += [*channel.STATUSES, *interaction.KINDS, *interaction.OUTCOMES]
    parts = {part for word in words for part in word.split("_")}
    assert parts - known == set()


def test_the_names_of_examples_are_no_words_of_the_program():
    assert not {"ana", "novak", "acme", "kranj"} & words_said()
    i18n.use("sl")
    assert "danes" in words_said()
    assert not {"ana", "novak", "acme", "kranj"} & words_said()


# numbers


@pytest.mark.parametrize(
    "kept",
    [
        *("c12", "t9", "i3", "o5", "3 overdue", "in 4 days", "2026-11-23", "2026-11-23 10:00"),
        *("2026-11-23T09:00:00Z", "2026-11-23T09:00:00+01:00", "--05-17", "17.5.2026", "2026-11"),
        *("27 May 2026", "10:30", "3d", "1h30m", "45min", "2026-W12", "12 2026-11-23", "•••"),
    ],
)
def test_references_dates_times_and_counts_stay(masker, kept):
    assert masker.text(kept) == kept


@pytest.mark.parametrize(
    ("number", "blurred"),
    [
        ("+386 40 123 456", "+••• •• ••• •••"),
        ("040 123 456", "••• ••• •••"),
        ("(040) 123-456", "(•••) •••-•••"),
        ("1.250,00 EUR", "•.•••,•• EUR"),
        ("EUR 5", "EUR •"),
        ("€5", "€•"),
        ("20 eur", "•• eur"),
        ("1 250", "• •••"),
        ("48123", "•••••"),
        ("۱۲۳۴۵", "•••••"),
        ("AB12CD34", "••••••••"),
        (
            "0190c3a1-7b2e-7c4d-8a5f-0123456789ab",
            "••••••••-••••-••••-••••-••••••••••••",
        ),
    ],
)
def test_other_numbers_are_blurred_in_their_shape(masker, number, blurred):
    assert masker.text(number) == blurred


def test_a_currency_that_is_a_name_is_masked():
    masker = Masker(lambda: OWN, lambda words: {"ron"} & set(words))
    assert masker.text("300 EUR") == "••• EUR"
    assert "RON" not in masker.text("300 RON")


# records


def test_a_record_keeps_its_keys_references_and_stored_words(masker):
    record = {
        "id": "c1",
        "name": "Mark Day",
        "kind": "call",
        "due": "2026-11-23 10:00",
        "who": {"id": "o5", "handle": "acme", "name": "Will"},
        "pulse": [0, 1200],
        "done": True,
        "note": None,
        "custom": {"tea": "the note 5", "worth": {"amount": "5.00", "currency": "EUR"}, "size": 7},
        "addresses": [{"street": "Day 5", "postal_code": "100"}],
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
    }
    shown = masker.record(record)
    assert list(shown) == list(record)
    kept = ("id", "kind", "due", "pulse", "done", "note", "rrule")
    assert all(shown[key] == record[key] for key in kept)
    assert shown["who"]["id"] == "o5"
    assert shown["who"]["name"] != "Will"  # a name as a whole, though its words are our own
    assert set(shown["custom"]) == {"tea", "worth", "size"}
    assert not {"the", "note", "5"} & set(shown["custom"]["tea"].split())
    assert shown["custom"]["worth"] == {"amount": "•.••", "currency": "EUR"}
    assert shown["custom"]["size"] == "•"
    assert shown["addresses"][0]["postal_code"] == "•••"


def test_references_of_another_shape_are_masked(masker):
    assert masker.record({"id": "@vip"})["id"] != "@vip"
    assert masker.record({"id": 7}) == {"id": 7}


# the gate


def test_safe_masks_when_it_is_told_to(masker):
    assert text.safe("Ana") == "Ana"
    text.mask_with(masker)
    assert text.safe("Ana") == masker.text("Ana")
    assert text.safe("a\x1b[31mAna\n") != "a␛[31mAna␊"
    assert "␛[" in text.safe("a\x1b[31mAna\n")
    text.mask_with(None)
    assert text.safe("Ana") == "Ana"


@given(st.text())
def test_any_text_is_masked_and_safe(value):
    text.mask_with(new_masker())
    try:
        shown = text.safe(value)
        assert not set(shown) & {*map(chr, range(0x20)), "\x7f", "\x9b", "\u202e", "\ud800"}
    finally:
        text.mask_with(None)


@given(st.text(alphabet="qxžЖ伟\u0301\u200c ,.@-/:", min_size=1))
def test_no_letter_of_a_strange_word_comes_through(value):
    """The letters of these words are in no fake name."""
    shown = new_masker().text(value).casefold()
    assert not set("žж伟") & set(shown)


def test_long_texts_take_no_time_to_speak_of(masker):
    for value in (
        "1 " * 20_000,
        "a." * 20_000,
        "a@" * 20_000,
        "x" * 50_000,
        "• " * 20_000,
        "a+" * 9_000,
    ):
        masker.text(value)


def test_a_small_count_in_parentheses_is_no_phone(masker):
    assert masker.text("(3 days ago)").startswith("(3 ")
    assert not any(map(str.isdigit, masker.text("(386) 40 123")))
