"""Cards compared fact by fact, merged, and rewritten."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError
from crmcli.interchange.content_line import cards
from crmcli.interchange.vcard_merge import Reader, merged, read_card, rewritten, without_binary
from crmcli.interchange.vcard_write import card
from crmcli.rules.contact import NAME_PARTS

READER = Reader("SI")
FOREIGN = [
    "X-ABUID:7",
    "item7.X-ABADR;TYPE=high:si",
    "item7.X-ABLabel:sea",
    "PHOTO;ENCODING=b:" + "A" * 40,
    " " + "B" * 60,
    "KEY:x",
]


def contact(**values):
    lists = dict.fromkeys(("emails", "phones", "urls", "addresses", "dates", "tags"), ())
    single = dict.fromkeys((*NAME_PARTS, "language", "org", "title", "department", "note"))
    more = {"birthday": None, "updated": "2026-11-23T09:00:00Z", "custom": {}}
    return {**single, **lists, **more, "uid": "u1", "name": "Ana Novak", **values}


def facts(text: str):
    found = read_card(text)
    assert found is not None
    return READER.facts(found)


def with_foreign(text: str) -> str:
    head, end, tail = text.partition("END:VCARD")
    return head + "\r\n".join([*FOREIGN, ""]) + end + tail


def test_facts():
    text = card(
        contact(
            emails=[{"label": "work", "value": "Ana@Acme.si", "primary": True}],
            phones=[{"label": None, "value": "040 123 456", "primary": True}],
            org="ACME",
            title="CTO",
            birthday="--05-17",
            tags=["VIP"],
            custom={"tea": "green"},
            addresses=[{"label": "home", "street": "Pot 1", "locality": "Bled"}],
        )
    )

    assert facts(text) == {
        "name": "Ana Novak",
        "org": "acme",
        "title": "CTO",
        "email ana@acme.si": ("work", "Ana@Acme.si"),
        "first email": "ana@acme.si",
        "phone +38640123456": ("", "040 123 456"),
        "first phone": "+38640123456",
        "address Pot 1\n\nBled\n\n\n": "home",
        "date birthday": "--05-17",
        "tag vip": True,
        "custom tea": "green",
    }


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        (1, 1, 1, 1),
        (1, 2, 1, 2),
        (1, 1, 2, 2),
        (1, 2, 2, 2),
        (1, None, 1, None),
        (1, 1, None, None),
        (1, None, None, None),
        (None, 1, None, 1),
        (None, None, 1, 1),
        (1, 2, 3, "conflict"),
        (1, 2, None, "conflict"),
        (1, None, 2, "conflict"),
        (None, 1, 2, "conflict"),
    ],
)
def test_three_way(base, ours, theirs, wanted):
    sides = [{"x": one} if one else {} for one in (base, ours, theirs)]

    found, conflicts = merged(*sides)

    assert conflicts == (["x"] if wanted == "conflict" else [])
    if wanted != "conflict":
        assert found.get("x") == wanted
    else:
        assert merged(*sides, "crm")[0].get("x") == ours
        assert merged(*sides, "folder")[0].get("x") == theirs


def test_sides_that_were_never_compared_are_joined():
    ours = {"a": 1, "first email": 1, "phone +386": ("work", "040")}
    theirs = {"b": 2, "first email": 2, "phone +386": ("", "+386")}

    assert merged(None, ours, theirs) == ({**ours, "b": 2}, [])
    assert merged({}, ours, theirs)[1] == ["first email", "phone +386"]


def test_a_card_inside_a_card_stays():
    agent = ["AGENT:", "BEGIN:VCARD", "VERSION:2.1", "FN:Bo", "END:VCARD"]
    text = "\r\n".join(["BEGIN:VCARD", "FN:Ana Novak", *agent, "NOTE:x", "END:VCARD", ""])

    found = rewritten(text, contact(note="y"), READER)

    assert "\r\n".join(agent) in found
    assert "NOTE:y" in found


def test_no_photo_is_remembered():
    text = with_foreign(card(contact()))

    assert "PHOTO" in text
    assert "PHOTO" not in without_binary(text)
    assert "BBBB" not in without_binary(text)
    assert facts(without_binary(text)) == facts(text)


@pytest.mark.parametrize("text", ["", "BEGIN:VCARD\nFN:a\n", card(contact()) * 2, "FN:a"])
def test_what_is_no_single_card(text):
    with pytest.raises(InvalidError):
        read_card(text)


WORD = st.text("abčš, ;:\\王'\"", min_size=1, max_size=12).map(str.strip).filter(bool)
LABEL = st.sampled_from([None, "work", "home", "work fax", "boat"])


def items(values):
    one = st.builds(
        lambda label, value: {"label": label, "value": value, "primary": False}, LABEL, values
    )
    found = st.lists(one, max_size=3, unique_by=lambda item: item["value"])
    return found.map(
        lambda items: [item | {"primary": not number} for number, item in enumerate(items)]
    )


NUMBERS = st.sampled_from(["040 123 456", "+386 40 333 444", "01 234 5678", "none"])
MAILS = st.sampled_from(["ana@acme.si", "a@doma.si", "x;y"])
DAYS = st.sampled_from([None, "--05-17", "1990-05-17"])
PEOPLE = st.builds(
    contact,
    name=WORD,
    given_name=st.none() | WORD,
    nickname=st.none() | WORD,
    note=st.none() | WORD,
    org=WORD,
    title=st.none() | WORD,
    department=st.none() | WORD,
    emails=items(MAILS),
    phones=items(NUMBERS),
    urls=items(WORD),
    addresses=st.lists(st.fixed_dictionaries({"street": WORD}), max_size=2),
    birthday=DAYS,
    dates=st.lists(
        st.fixed_dictionaries(
            {
                "label": st.sampled_from(["anniversary", "name day"]),
                "value": DAYS.filter(bool),
            }
        ),
        unique_by=lambda item: item["label"],
    ),
    tags=st.lists(st.sampled_from(["vip", "a,b", "čaj"]), unique=True),
    custom=st.dictionaries(st.sampled_from(["tea", "čaj", "field"]), WORD),
)


@given(before=PEOPLE, after=PEOPLE, version=st.sampled_from(["3.0", "4.0"]))
def test_a_rewritten_card_says_what_the_contact_says(before, after, version):
    text = with_foreign(card(before, version))

    found = rewritten(text, after, READER)

    assert facts(found) == facts(card(after))
    lines = found.split("\r\n")
    assert [line for line in FOREIGN if line not in lines] == []
    assert found.count("BEGIN:VCARD") == found.count("END:VCARD") == 1
    assert lines.count("UID:u1") == 1
    assert f"VERSION:{version}" in lines
    assert rewritten(found, after, READER) == found


@given(one=PEOPLE)
def test_lines_that_hold_stay_as_they_are(one):
    text = card(one)

    found = rewritten(text, one | {"nickname": "another"}, READER)

    kept = [line for line in text.split("\r\n") if not line.startswith("NICKNAME:")]
    assert found.split("\r\n")[: len(kept) - 3] == kept[:-3]
    assert [one.name for one in next(cards(io.StringIO(found, newline=""))).properties].count(
        "NICKNAME"
    ) == 1
