"""Newsletter programs: who has unsubscribed, whose address is dead, tags in every form."""

import pytest

from crmcli.clock import Clock

MAILCHIMP = (
    '"Email Address","First Name","Last Name",Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,'
    "CONFIRM_TIME,"
    "LATITUDE,LAST_CHANGED,LEID,EUID,NOTES,TAGS{more}\n"
    'ana@acme.si,Ana,Novak,05/17,4,"2020-02-03 04:05:06",192.0.2.4,,46.4,'
    '"2021-01-01 00:00:00",12,abc,'
    'x,"""VIP"",""Blog, new"""{cells}\n'
)
ANA = {
    "emails": [("", "ana@acme.si")],
    "given_name": "Ana",
    "family_name": "Novak",
    "name": "Ana Novak",
    "birthday": "--05-17",
    "external": ("mailchimp", "abc"),
    "note": "x",
    "tags": ["VIP", "Blog, new"],
    "custom": {
        "member_rating": "4",
        "optin_time": "2020-02-03 04:05:06",
        "optin_ip": "192.0.2.4",
    },
}


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("subscribed_members_export_1a2b.csv", None),
        ("unsubscribed_members_export_1a2b.csv", "unsubscribed"),
        ("cleaned_members_export_1a2b.csv", "cleaned"),
    ],
)
def test_the_name_of_the_file_says_which_of_three_it_is(read_text, name, tag):
    reading, items = read_text(MAILCHIMP.format(more="", cells=""), name)
    expected = ANA | {"tags": [*ANA["tags"], tag]} if tag else ANA
    expected |= {"do_not_contact": "yes"} if tag == "unsubscribed" else {}
    assert (reading.preset, [item.raw for item in items]) == ("mailchimp", [expected])
    assert [c.name for c in reading.columns if c.dropped] == ["LATITUDE", "LAST_CHANGED", "LEID"]


@pytest.mark.parametrize(("column", "tag"), [("UNSUB", "unsubscribed"), ("CLEAN", "cleaned")])
def test_a_column_says_it_too(raws, column, tag):
    text = MAILCHIMP.format(more=f",{column}_TIME", cells=",2022-01-01 00:00:00")
    (raw,) = raws(text)
    assert raw["tags"] == ["VIP", "Blog, new", tag]
    assert raw["custom"][f"{column.lower()}_time"] == "2022-01-01 00:00:00"
    assert raw.get("do_not_contact") == ("yes" if tag == "unsubscribed" else None)


def test_a_birthday_that_may_be_two_days_stays_as_it_is(raws):
    text = MAILCHIMP.format(more="", cells="").replace("05/17", "05/06")
    assert raws(text)[0]["birthday"] == "05/06"
    assert raws(text, date_order="mdy")[0]["birthday"] == "--05-06"


def test_brevo(raws):
    text = (
        "CONTACT ID;EMAIL;FIRSTNAME;LASTNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME\n"
        "1;a@x.si;Ana;Novak;38640111222;No;Yes;12-04-2022 09:30\n"
        "2;b@x.si;Bo;Li;040 111;Yes;No;\n"
    )
    assert raws(text, clock=Clock("UTC")) == [
        {
            "external": ("brevo", "1"),
            "emails": [("", "a@x.si")],
            "given_name": "Ana",
            "family_name": "Novak",
            "name": "Ana Novak",
            "phones": [("mobile", "+38640111222")],
            "tags": ["no sms"],
            "created": "2022-04-12T09:30:00Z",
        },
        {
            "external": ("brevo", "2"),
            "emails": [("", "b@x.si")],
            "given_name": "Bo",
            "family_name": "Li",
            "name": "Bo Li",
            "phones": [("mobile", "040 111")],
            "tags": ["unsubscribed"],
            "do_not_contact": "yes",
        },
    ]


@pytest.mark.parametrize(
    ("status", "tags", "is_closed", "kept"),
    [
        ("Active", ["a"], False, None),
        ("Unsubscribed", ["a", "unsubscribed"], True, None),
        ("Bounced", ["a", "bounced"], False, None),
        ("Unconfirmed", ["a"], False, "Unconfirmed"),
    ],
)
def test_activecampaign(raws, status, tags, is_closed, kept):
    (raw,) = raws(f'Email,Tags,Date Created,IP,Status\na@x.si,"a",2021-07-08,,{status}\n')
    assert raw["tags"] == tags
    assert ("do_not_contact" in raw) == is_closed
    assert raw.get("custom", {}).get("status") == kept


@pytest.mark.parametrize(
    ("state", "tag"), [("active", None), ("bounced", "bounced"), ("cancelled", "unsubscribed")]
)
def test_kit(raws, state, tag):
    (raw,) = raws(f"first_name,email,created_at,status\nAna,a@x.si,2022-09-10T11:12:13Z,{state}\n")
    assert raw["created"] == "2022-09-10T11:12:13Z"
    assert raw.get("tags") == ([tag] if tag else None)
    assert ("do_not_contact" in raw) == (tag == "unsubscribed")
    assert raw.get("custom") == ({"status": "cancelled"} if state == "cancelled" else None)
