"""Contacts: the one validation of what comes in."""

import pytest

from crmcli.errors import InvalidError
from crmcli.rules.contact import DateDraft, compose_name, draft_contact, yearly_date


def test_a_full_contact_in_stored_form():
    draft = draft_contact(
        {
            "name": "  Ana  Čopič ",
            "given_name": "Ana",
            "org": "Acme",
            "title": "CEO",
            "department": "Board",
            "emails": ["ana@acme.si"],
            "phones": ["040 123 456"],
            "tags": ["+vip"],
            "birthday": "17 May 1990",
            "dates": ["name day:26 July"],
            "custom": {"Tea": "green"},
            "lifecycle_stage": "Lead",
            "owner": "zala",
            "note": "a\r\nb",
            "uid": "u-1",
            "external": ("linkedin", "x"),
        },
        "SI",
    )
    assert draft.values["display_name"] == "Ana Čopič"
    assert draft.values["name_norm"] == "ana copic"
    assert draft.values["lifecycle_stage"] == "lead"
    assert draft.values["note"] == "a\nb"
    assert (draft.org, draft.title, draft.department, draft.owner) == (
        "Acme",
        "CEO",
        "Board",
        "zala",
    )
    assert (draft.uid, draft.external) == ("u-1", ("linkedin", "x"))
    assert draft.dates == [DateDraft("birthday", 1990, 5, 17), DateDraft("name day", None, 7, 26)]
    assert (draft.tags, draft.custom, draft.warnings) == (["vip"], {"tea": "green"}, [])
    assert [channel.value_norm for channel in draft.channels] == ["ana@acme.si", "+38640123456"]


@pytest.mark.parametrize("name", [None, "", "  ", "\x00\u202e", "\u200b", "\u200d\u00ad", "\u3164"])
def test_a_contact_needs_a_visible_name(name):
    with pytest.raises(InvalidError, match="needs a name"):
        draft_contact({"name": name}, None)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"given_name": "Ana", "family_name": "Novak"}, "Ana Novak"),
        ({"org": "Acme", "emails": ["a@b.si"]}, "Acme"),
        ({"emails": ["a@b.si"]}, "a@b.si"),
        ({"phones": ["040 123 456"]}, "040 123 456"),
    ],
)
def test_an_import_names_people_by_what_there_is(raw, name):
    assert draft_contact(raw, "SI", lenient=True).values["display_name"] == name


def test_even_an_import_needs_something_to_name():
    with pytest.raises(InvalidError, match="needs a name"):
        draft_contact({"note": "only a note"}, None, lenient=True)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"name": "A", "emails": ["nope"]}, "not an e-mail"),
        ({"name": "A", "birthday": "soon"}, "soon"),
        ({"name": "A", "lifecycle_stage": "boss"}, "lifecycle_stage cannot be"),
        ({"name": "A", "custom": ["x"]}, "custom must be"),
        ({"name": "A", "emails": 5}, "expected a list"),
    ],
)
def test_strict_refuses(raw, message):
    with pytest.raises(InvalidError, match=message):
        draft_contact(raw, None)


def test_lenient_keeps_what_only_looks_wrong_and_says_so():
    draft = draft_contact(
        {"name": "A", "emails": ["nope"], "birthday": "in spring", "dates": [("Name day", "?")]},
        None,
        lenient=True,
    )
    assert draft.channels[0].status == "unverified"
    assert draft.dates == []
    assert draft.custom == {"date_birthday": "in spring", "date_name_day": "?"}
    assert len(draft.warnings) == 3


def test_a_second_date_of_a_kind_is_left_out():
    draft = draft_contact(
        {"name": "A", "birthday": "1990-05-17", "dates": ["Birthday:1 May"]}, None
    )
    assert draft.dates == [DateDraft("birthday", 1990, 5, 17)]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"given_name": "Ana", "family_name": "Novak"}, "Ana Novak"),
        (
            {
                "prefix": "dr.",
                "given_name": "Ana",
                "additional_name": "Marija",
                "family_name": "Novak",
                "suffix": "ml.",
            },
            "Ana Marija Novak, ml.",
        ),
        ({"family_name": "李", "given_name": "明"}, "李明"),
        ({"family_name": "김", "given_name": "민준"}, "김민준"),
        ({"family_name": "Li", "given_name": "明"}, "明 Li"),
        ({"given_name": "明"}, "明"),
        ({"nickname": "Ani"}, "Ani"),
        ({}, None),
    ],
)
def test_compose_name(parts, name):
    assert compose_name(parts) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1990-05-17", (1990, 5, 17)),
        ("17 May", (None, 5, 17)),
        ("--05-17", (None, 5, 17)),
        ("29 feb", (None, 2, 29)),
    ],
)
def test_yearly_date(text, expected):
    date = yearly_date("birthday", text)
    assert (date.year, date.month, date.day) == expected


@pytest.mark.parametrize("text", ["soon", "31 Feb", "1990-13-01", ""])
def test_what_is_no_date_is_invalid_data(text):
    with pytest.raises(InvalidError):
        yearly_date("birthday", text)
