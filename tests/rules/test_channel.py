"""Channels and addresses: how and where someone is reached."""

import pytest

from crmcli.errors import InvalidError
from crmcli.rules.channel import KINDS, STATUSES, addresses, channels, email, url_key


def read(raw, *, lenient=False, region="SI"):
    warnings = []
    found = channels(raw, region, warnings, lenient)
    return [(c.kind, c.label, c.value, c.value_norm, c.status) for c in found], warnings


def test_channels_of_every_kind_in_order():
    found, warnings = read(
        {
            "emails": ["work:Ana@Acme.SI", "ana+crm@home.si"],
            "phones": ["mobile:040 123 456"],
            "urls": ["https://www.Acme.si/About/"],
        }
    )
    assert found == [
        ("email", "work", "Ana@Acme.SI", "ana@acme.si", "active"),
        ("email", None, "ana+crm@home.si", "ana+crm@home.si", "active"),
        ("phone", "mobile", "040 123 456", "+38640123456", "active"),
        ("url", None, "https://www.Acme.si/About/", "acme.si/About", "active"),
    ]
    assert warnings == []
    assert {kind for kind, *_ in found} <= set(KINDS)


def test_the_same_channel_twice_is_one_and_the_first_wins():
    found, _ = read({"emails": ["work:a@b.si", "home:A@B.SI"], "phones": ["+38640123456"] * 2})
    assert [(kind, label) for kind, label, *_ in found] == [("email", "work"), ("phone", None)]


@pytest.mark.parametrize(
    "value", ["ana", "ana@", "@acme.si", "ana@acme", "a b@c.si", "a@b@c.si", "Ana <a@b.si>"]
)
def test_what_is_no_email_is_refused_or_kept_as_unverified(value):
    with pytest.raises(InvalidError, match="not an e-mail"):
        email(None, value, [], lenient=False)
    warnings = []
    kept = email("work", value, warnings, lenient=True)
    assert (kept.value, kept.status) == (value.strip("<>"), "unverified")
    assert kept.status in STATUSES
    assert len(warnings) == 1


@pytest.mark.parametrize("value", ["mailto:ana@acme.si", "<ana@acme.si>", "ANA@acme.si"])
def test_email_norm(value):
    assert email(None, value, [], lenient=False).value_norm == "ana@acme.si"


def test_a_phone_that_is_none_is_kept_and_said():
    found, warnings = read({"phones": ["ask Petra"]})
    assert found == [("phone", None, "ask Petra", "ask petra", "unverified")]
    assert "ask Petra" in warnings[0]
    assert "phone_region" not in warnings[0]


def test_without_a_region_the_warning_says_so():
    _, warnings = read({"phones": ["040 123 456"]}, region=None)
    assert "phone_region is not set" in warnings[0]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("https://www.Acme.si/", "acme.si"),
        ("http://acme.si", "acme.si"),
        ("acme.si/Path/", "acme.si/Path"),
        ("HTTPS://ACME.si/a?b=C", "acme.si/a?b=C"),
    ],
)
def test_url_key(value, key):
    assert url_key(value) == key


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("Cesta 1, Celje", [{"street": "Cesta 1, Celje"}]),
        (["Cesta 1", {"street": "Cesta 1"}], [{"street": "Cesta 1"}]),
        (
            {"label": "home", "locality": " Celje ", "country": "SI", "x": "dropped"},
            [{"label": "home", "locality": "Celje", "country": "SI"}],
        ),
        ([{"label": "home"}], []),
        ([{"street": "", "locality": None}], []),
    ],
)
def test_addresses(value, expected):
    assert addresses(value) == expected


@pytest.mark.parametrize("value", [5, [5]])
def test_an_address_of_another_type_is_refused(value):
    with pytest.raises(InvalidError):
        addresses(value)
