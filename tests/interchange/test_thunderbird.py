"""Thunderbird's address book, in the languages it exports it in, and without a header."""

import csv
import io

import pytest

from crmcli.interchange.thunderbird import FIELDS, LANGUAGES

TARGETS = FIELDS.replace("\n", "|").split("|")
VALUES = ["Ana", "Novak", "Ana N.", "Nani", "ana@acme.si", "a@x.si", "1", "2", "3", "4", "5",
          "Trg 1", "II", "Ptuj", "Podravje", "2250", "SI", "Pot 2", "III", "Celje", "Savinjska",
          "3000", "HR", "CTO", "R&D", "Acme", "acme.si", "ana.si", "1980", "5", "17", "a", "b", "c",
          "d", "x", "nani99"]  # fmt: skip
RAW = {
    "given_name": "Ana",
    "family_name": "Novak",
    "name": "Ana N.",
    "nickname": "Nani",
    "emails": [("", "ana@acme.si"), ("", "a@x.si")],
    "phones": [("work", "1"), ("home", "2"), ("fax", "3"), ("pager", "4"), ("mobile", "5")],
    "addresses": [
        {"label": "home", "street": "Trg 1", "extended": "II", "locality": "Ptuj",
         "region": "Podravje", "postal_code": "2250", "country": "SI"},
        {"label": "work", "street": "Pot 2", "extended": "III", "locality": "Celje",
         "region": "Savinjska", "postal_code": "3000", "country": "HR"},
    ],
    "title": "CTO",
    "department": "R&D",
    "org": "Acme",
    "urls": [("", "acme.si"), ("", "ana.si")],
    "birthday": "1980-05-17",
    "custom": {"custom_1": "a", "custom_2": "b", "custom_3": "c", "custom_4": "d",
               "screen_name": "nani99"},
    "note": "x",
}  # fmt: skip


def header(language, which):
    names = [part.split("=") for part in LANGUAGES[language].replace("\n", "").split("|")]
    return [name[min(which, len(name) - 1)] for name in names]


def text_of(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [0, 1])
def test_every_language_says_the_same(read_text, language, which):
    # a comma follows the last header
    reading, items = read_text(text_of([*header(language, which), ""], [*VALUES, ""]))

    assert reading.preset == "thunderbird"
    assert [item.raw for item in items] == [RAW]
    assert [c.name for c in reading.columns if c.dropped] == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_encodings(read_text, encoding):
    reading, items = read_text(text_of(header("en", 0), VALUES).encode(encoding))
    assert (reading.encoding, items[0].raw) == (encoding, RAW)


def test_a_file_without_a_header_is_told_by_its_shape(read_text):
    few = ["Bo", *[""] * (len(VALUES) - 1)]
    reading, items = read_text(text_of(VALUES, few))
    assert (reading.preset, reading.header_line) == ("thunderbird", 0)
    assert [(item.line, item.raw.get("name")) for item in items] == [(1, "Ana N."), (2, "Bo")]
    assert items[0].raw == RAW
    assert reading.notes == [
        "the file has no header: its columns are taken for First Name, Last Name, Display Name, "
        "Nickname, Primary Email …"
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("1980", "5", "7"), {"birthday": "1980-05-07"}),
        (("", "12", "31"), {"birthday": "--12-31"}),
        (("0", "12", "31"), {"birthday": "--12-31"}),
        (("1980", "", ""), {"custom": {"birthday": "1980"}}),
        (("0", "0", "0"), {}),
        (("x", "5", "y"), {"custom": {"birthday": "x-5-y"}}),
    ],
)
def test_birthdays_of_three_columns(raws, parts, expected):
    head = "Primary Email,Secondary Email,Birth Day,Birth Year,Birth Month,Custom 1,Pager Number"
    year, month, day = parts
    text = f"{head}\na@x.si,,{day},{year},{month},,\n"
    assert raws(text) == [{"emails": [("", "a@x.si")], **expected}]


def test_unknown_columns_are_kept_and_map_wins(raws):
    text = text_of([*header("en", 0), "Shoe size"], [*VALUES, "39"])
    (raw,) = raws(text, mapping="Notes=ignore,Birth Year=custom:year")
    assert raw["custom"]["shoe_size"] == "39"
    assert raw["custom"]["year"] == "1980"
    assert "note" not in raw
    assert raw["birthday"] == "--05-17"
