"""vCards as they are written: what our reader and others make of them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.interchange.content_line import cards
from crmcli.interchange.vcard import raw_of
from crmcli.interchange.vcard_write import VERSIONS, card
from crmcli.text import clean

UID = "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"


def contact(**values):
    lists = dict.fromkeys(("emails", "phones", "urls", "addresses", "dates", "tags"), ())
    parts = dict.fromkeys(
        "prefix given_name additional_name family_name suffix nickname language org title"
        " department birthday note updated".split()
    )
    return {**parts, **lists, "custom": {}, "uid": UID, "name": "Ana Novak", **values}


def read(text: str):
    [found] = cards(io.StringIO(text, newline=""))
    assert not found.fault
    return raw_of(found)


def lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_whole_card():
    text = card(
        contact(
            given_name="Ana",
            family_name="Novak",
            suffix="dr.",
            nickname="Ani",
            org="Acme; Co",
            department="R,D",
            title="CTO",
            emails=[
                {"label": "work", "value": "ana@acme.si", "primary": True},
                {"label": "My own", "value": "a@b.c", "primary": False},
            ],
            phones=[{"label": "work fax", "value": "+386 1", "primary": True}],
            urls=[{"label": None, "value": "https://a.b/c,d;e", "primary": False}],
            addresses=[{"label": "home", "street": "Pot 1", "locality": "Bled"}],
            birthday="--05-17",
            dates=[
                {"label": "anniversary", "value": "2001-02-03"},
                {"label": "name day", "value": "--02-29"},
            ],
            tags=["vip", "a,b"],
            note="one\ntwo",
            language="sl",
            custom={"tea": "green", "чай": "x", "n": 3, "m": {"amount": "9.00", "currency": "EUR"}},
            updated="2026-11-23T09:00:00Z",
        )
    )

    assert lines(text) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{UID}",
        "FN:Ana Novak",
        "N:Novak;Ana;;;dr.",
        r"ORG:Acme\; Co;R\,D",
        "NICKNAME:Ani",
        "TITLE:CTO",
        r"NOTE:one\ntwo",
        "LANG:sl",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17",
        "EMAIL;TYPE=WORK,PREF:ana@acme.si",
        "item1.EMAIL:a@b.c",
        "item1.X-ABLabel:My own",
        "TEL;TYPE=WORK,FAX,PREF:+386 1",
        "URL:https://a.b/c,d;e",
        "ADR;TYPE=HOME:;;Pot 1;Bled;;;",
        "item2.X-ABDATE:2001-02-03",
        "item2.X-ABLabel:_$!<Anniversary>!$_",
        "item3.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-02-29",
        "item3.X-ABLabel:name day",
        r"CATEGORIES:vip,a\,b",
        "X-CRM-TEA:green",
        'X-CRM-FIELD;X-KEY="чай":x',
        "X-CRM-N:3",
        "X-CRM-M:9.00 EUR",
        "REV:2026-11-23T09:00:00Z",
        "END:VCARD",
        "",
    ]


def test_what_is_different_in_4():
    text = card(
        contact(
            emails=[{"label": "work", "value": "a@b.c", "primary": True}],
            phones=[{"label": "home fax", "value": "1", "primary": False}],
            birthday="--05-17",
            dates=[{"label": "anniversary", "value": "2001-02-03"}],
            updated="2026-11-23T09:00:00Z",
        ),
        "4.0",
    )

    assert lines(text)[1:] == [
        "VERSION:4.0",
        f"UID:urn:uuid:{UID}",
        "FN:Ana Novak",
        "N;X-CRM-MADE=1:Novak;Ana;;;",
        "BDAY:--0517",
        "EMAIL;TYPE=WORK;PREF=1:a@b.c",
        'TEL;TYPE="HOME,FAX":1',
        "ANNIVERSARY:20010203",
        "REV:20261123T090000Z",
        "END:VCARD",
        "",
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_lines_are_folded_between_characters(version):
    text = card(contact(name="é" * 100, note="王" * 500 + "a" * 500), version)

    physical = text.encode().split(b"\r\n")
    assert max(map(len, physical)) <= 75
    assert all(line.decode() for line in physical if line)
    assert read(text)["note"] == "王" * 500 + "a" * 500


def test_no_control_codes_go_out():
    text = card(
        contact(
            name="\x1b[31mEvil\u202e",
            note="a\x07b\r\nBEGIN:VCARD",
            tags=["x\ny"],
            emails=[{"label": "a\r\nEND:VCARD", "value": "x\r\ny", "primary": True}],
        )
    )

    assert all(char.isprintable() or char in "\r\n" for char in text)
    assert [one for one in lines(text) if one in ("BEGIN:VCARD", "END:VCARD")] == [
        "BEGIN:VCARD",
        "END:VCARD",
    ]
    assert read(text)["name"] == "[31mEvil"


WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")),
    min_size=1,
    max_size=90,
)
LINE = WORD.map(clean).filter(bool)
NOTE = st.lists(WORD, min_size=1, max_size=4).map(
    lambda words: clean("\n".join(words), multiline=True)
)
# Labels that Apple writes so are another label.
LABEL = st.one_of(
    st.none(),
    st.sampled_from([*"work home mobile fax other".split(), "work fax", "home page", "fax work"]),
    LINE.filter(lambda text: "_$!<" not in text),
)
DAY = st.dates().filter(lambda day: day.year >= 1700).map(str) | st.sampled_from(
    ["--02-29", "--05-17"]
)
KEY = st.from_regex(r"[a-zčя_][a-zčя0-9_]{0,20}", fullmatch=True).filter(
    lambda key: clean(key) == key and not key.startswith("_")
)


def items(values):
    return st.lists(
        st.builds(
            lambda label, value: {"label": label, "value": value, "primary": False}, LABEL, values
        ),
        max_size=3,
    )


def first_is_primary(found):
    return [one | {"primary": number == 0} for number, one in enumerate(found)]


PEOPLE = st.builds(
    contact,
    name=LINE,
    **{
        part: st.none() | LINE
        for part in "prefix given_name family_name suffix nickname department title".split()
    },
    org=LINE,
    language=st.none() | st.sampled_from(["sl", "pt-BR"]),
    note=st.none() | NOTE.filter(bool),
    birthday=st.none() | DAY,
    emails=items(LINE.filter(lambda text: not text.lower().startswith("mailto:"))).map(
        first_is_primary
    ),
    phones=items(
        LINE.filter(
            lambda text: not text.lower().startswith(("tel:", "sms:")) and ";ext=" not in text
        )
    ).map(first_is_primary),
    urls=items(LINE).map(first_is_primary),
    addresses=st.lists(
        st.fixed_dictionaries(
            {"street": LINE},
            optional=dict.fromkeys(("extended", "locality", "region", "country"), LINE)
            | {"label": LABEL.filter(bool)},
        ),
        max_size=2,
    ),
    tags=st.lists(LINE.filter(lambda text: "contacts" not in text.casefold()), unique=True),
    custom=st.dictionaries(KEY, NOTE.filter(bool), max_size=3),
)


def expected(one):
    """Give the raw record that a contact is when it is read back."""
    raw = {key: one[key] for key in one if one[key] and key not in ("updated", "dates")}
    # Without parts N is made of the name, and what is in it is nobody's.
    for key in ("emails", "phones", "urls"):
        if key in raw:
            raw[key] = [(item["label"] or "", item["value"]) for item in raw[key]]
    return raw


@pytest.mark.parametrize("version", VERSIONS)
@given(one=PEOPLE)
def test_what_is_written_is_read_back(version, one):
    assert read(card(one, version)) == expected(one)


@pytest.mark.parametrize("version", VERSIONS)
@given(one=PEOPLE)
def test_vobject_reads_what_is_written(version, one):
    vobject = pytest.importorskip("vobject")

    [found] = vobject.readComponents(card(one, version))

    assert found.fn.value == one["name"]
    emails = [line.value for line in found.contents.get("email", ())]
    assert emails == [item["value"] for item in one["emails"]]
    if one["note"]:
        assert found.note.value == one["note"]
