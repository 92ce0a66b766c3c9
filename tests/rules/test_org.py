"""Organizations: the one validation of what comes in."""

import pytest

from crmcli.errors import InvalidError
from crmcli.rules.org import domain, draft_org


def test_a_full_org_in_stored_form():
    draft = draft_org(
        {
            "name": " Müßig  GmbH ",
            "kind": "Client",
            "domain": "https://www.Muessig.de/x",
            "industry": "steel",
            "note": "n",
            "owner": "zala",
            "emails": ["info@muessig.de"],
            "addresses": ["Cesta 1"],
            "tags": ["vip"],
            "custom": {"Tea": "green"},
        },
        None,
    )
    expected = {
        "name": "Müßig GmbH",
        "name_norm": "mussig gmbh",
        "kind": "client",
        "domain": "muessig.de",
        "industry": "steel",
        "note": "n",
    }
    assert {key: draft.values[key] for key in expected} == expected
    assert (draft.owner, draft.tags, draft.custom) == ("zala", ["vip"], {"tea": "green"})
    assert [channel.value for channel in draft.channels] == ["info@muessig.de"]
    assert draft.addresses == [{"street": "Cesta 1"}]


def test_the_default_kind():
    assert draft_org({"name": "A"}, None).values["kind"] == "prospect"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "needs a name"),
        ({"name": " "}, "needs a name"),
        ({"name": "\u200b"}, "needs a name"),
        ({"name": "A", "kind": "friend"}, "kind cannot be"),
        ({"name": "A", "emails": ["nope"]}, "not an e-mail"),
    ],
)
def test_refused(raw, message):
    with pytest.raises(InvalidError, match=message):
        draft_org(raw, None)


def test_lenient_keeps_a_wrong_email():
    draft = draft_org({"name": "A", "emails": ["nope"]}, None, lenient=True)
    assert draft.channels[0].status == "unverified"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.Acme.si/x", "acme.si"),
        ("WWW.ACME.SI", "acme.si"),
        ("acme.si", "acme.si"),
        ("http://acme.si", "acme.si"),
        ("", None),
        (None, None),
        ("https://", None),
    ],
)
def test_domain(value, expected):
    assert domain(value) == expected
