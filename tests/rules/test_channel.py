"""Channels and addresses: how and where someone is reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError
from crmcli.rules.channel import KINDS, STATUSES, addresses, channels, email, link, url_key


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


@pytest.mark.parametrize(
    ("kind", "value", "norm", "opens"),
    [
        ("email", "ana@acme.si", "", "mailto:ana@acme.si"),
        ("email", "ana+crm@acme.si", "", "mailto:ana+crm@acme.si"),
        ("email", "jože@čopič.si", "", "mailto:jo%C5%BEe@%C4%8Dopi%C4%8D.si"),
        ("email", "a?bcc=b@c.si", "", "mailto:a%3Fbcc%3Db@c.si"),
        ("email", "no address", "", ""),
        ("email", "a@b.si\x1b\\", "", ""),
        ("phone", "040 123 456", "+38640123456", "tel:+38640123456"),
        ("phone", "113", "113", "tel:113"),
        ("phone", "12", "12", ""),
        ("phone", "call me", "call me", ""),
        ("phone", "٣٣٣٣", "٣٣٣٣", ""),
        ("url", "acme.si", "", "https://acme.si"),
        ("url", "HTTP://Acme.si:80/A b", "", "http://acme.si:80/A%20b"),
        ("url", "https://müller.de/ä?q=1&r#x", "", "https://xn--mller-kva.de/%C3%A4?q=1&r#x"),
        ("url", "https://acme.si/\x1b]8;;x\x07", "", "https://acme.si/%1B%5D8;;x%07"),
        ("url", "https://ana@acme.si", "", ""),
        ("url", "https://", "", ""),
        ("url", "https://a..b", "", ""),
        ("url", "javascript:alert(1)", "", ""),
        ("url", "JAVASCRIPT://acme.si/%0aalert(1)", "", ""),
        ("url", "file:///etc/passwd", "", ""),
        ("url", "--help", "", ""),
        ("url", "word", "", ""),
        ("matrix", "@ana:acme.si", "", ""),
    ],
)
def test_what_the_system_opens(kind, value, norm, opens):
    assert link(kind, value, norm) == opens


@given(st.sampled_from([*KINDS, "x"]), st.text(), st.text())
def test_a_link_is_plain_and_of_few_schemes(kind, value, norm):
    found = link(kind, value, norm)
    assert found.isascii()
    assert found == "" or found.isprintable()
    assert " " not in found
    assert found == "" or found.startswith(("mailto:", "tel:", "http://", "https://"))
