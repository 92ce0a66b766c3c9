"""Signatures and cards: which line is taken for what, and that nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules.signature import propose

SLOVENIAN = """\
Lep pozdrav,
--
Ana Novak
vodja prodaje, Sales Manager
Acme d.o.o.
Dunajska cesta 5, SI-1000 Ljubljana, Slovenija
Tel: +386 1 234 56 78 | Mob: 040/123-456, Fax.: 01 234 56 79
E-pošta: ana.novak@acme.si  www.acme.si
ID za DDV: SI12345678
Think before you print
"""


def test_a_signature():
    found = propose(SLOVENIAN)
    assert found.raw == {
        "name": "Ana Novak",
        "org": "Acme d.o.o.",
        "title": "vodja prodaje, Sales Manager",
        "emails": [("", "ana.novak@acme.si")],
        "phones": [
            ("work", "+386 1 234 56 78"),
            ("mobile", "040/123-456"),
            ("fax", "01 234 56 79"),
        ],
        "urls": [("", "www.acme.si")],
        "addresses": [
            {
                "street": "Dunajska cesta 5",
                "postal_code": "1000",
                "locality": "Ljubljana",
                "country": "Slovenija",
            }
        ],
        "note": "ID za DDV: SI12345678\nThink before you print",
    }
    assert found.lines == [
        ("Lep pozdrav,", ""),
        ("--", ""),
        ("Ana Novak", "name"),
        ("vodja prodaje, Sales Manager", "title"),
        ("Acme d.o.o.", "org"),
        ("Dunajska cesta 5, SI-1000 Ljubljana, Slovenija", "address"),
        (
            "Tel: +386 1 234 56 78 | Mob: 040/123-456, Fax.: 01 234 56 79",
            "phone work, phone mobile, phone fax",
        ),
        ("E-pošta: ana.novak@acme.si www.acme.si", "email, url"),
        ("ID za DDV: SI12345678", "note"),
        ("Think before you print", "note"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "org", "title", "phones"),
    [
        (
            "Dr. Hans-Peter von Müller\nGeschäftsführer\nMüller & Söhne GmbH\n"
            "T +49 89 1234567 · Handy: 0171 1234567 · Telefax +49 89 1234568",
            *("Dr. Hans-Peter von Müller", "Müller & Söhne GmbH", "Geschäftsführer"),
            ["work", "mobile", "fax"],
        ),
        (
            "Marie Dupont\nDirectrice commerciale\nDupont SARL\n"
            "Tél. 01 42 68 53 00\nPortable : 06 12 34 56 78",
            *("Marie Dupont", "Dupont SARL", "Directrice commerciale", ["work", "mobile"]),
        ),
        (
            "José García\nGerente\nGarcía S.L.\nTeléfono: 91 123 45 67\nMóvil: 612 345 678",
            *("José García", "García S.L.", "Gerente", ["work", "mobile"]),
        ),
        (
            "Luca Rossi\nTitolare\nRossi S.r.l.\nCellulare: 333 1234567\nFax 02 1234567",
            *("Luca Rossi", "Rossi S.r.l.", "Titolare", ["mobile", "fax"]),
        ),
        (
            "Ivan Horvat\ndirektor\nHorvat j.d.o.o.\nMobitel: 091 123 4567\nTelefaks: 01 123 4567",
            *("Ivan Horvat", "Horvat j.d.o.o.", "direktor", ["mobile", "fax"]),
        ),
        (
            "Иван Петров\nдиректор\nООО Ромашка\nтел. +7 495 123-45-67, моб. +7 916 123 45 67",
            *("Иван Петров", "ООО Ромашка", "директор", ["work", "mobile"]),
        ),
        (
            "张伟\n总经理\n华为技术有限公司\n"
            "电话：010-5555 1234 手机：139 1234 5678\n传真: 010 555 1235",
            *("张伟", "华为技术有限公司", "总经理", ["work", "mobile", "fax"]),
        ),
        (
            "علی رضایی\nتلفن: ۰۲۱ ۸۸۷۷۶۶۵۵\nموبایل: 0912 345 6789",
            *("علی رضایی", None, None, ["work", "mobile"]),
        ),
        (
            "Jane Roe, CEO, Acme, jane@acme.com, +1 555 123 4567",
            *("Jane Roe", "Acme", "CEO", [""]),
        ),
    ],
)
def test_ten_languages(text, name, org, title, phones):
    raw = propose(text).raw
    assert (raw.get("name"), raw.get("org"), raw.get("title")) == (name, org, title)
    assert [label for label, _ in raw["phones"]] == phones
    assert "note" not in raw


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Ana Novak\nInvoice 2026-11-23", "Invoice 2026-11-23"),
        ("Ana Novak\nIBAN SI56 1910 0000 0123 438", "IBAN SI56 1910 0000 0123 438"),
        ("Ana Novak\nOrder 040 123 456 now", "Order 040 123 456 now"),
        ("Ana Novak\nManager", "Manager"),  # of no org
        ("Ana Novak\nBo Li", "Bo Li"),
        ("Ana Novak\nacme", "acme"),
    ],
)
def test_what_is_not_understood_is_a_note(text, note):
    assert propose(text).raw == {"name": "Ana Novak", "note": note}


def test_an_org_is_known_by_the_domain_but_not_by_a_free_one():
    assert propose("Ana Novak\nAcme Group\nana@mail.acme-group.si").raw["org"] == "Acme Group"
    assert "org" not in propose("Ana Novak\nGmail\nana@gmail.com").raw


def test_what_the_headers_say_comes_first():
    found = propose("Ana\nAna Novak", {"name": "Ana Novak", "emails": [("", "ana@acme.si")]})
    assert found.raw["name"] == "Ana Novak"
    assert found.lines == [("Ana", "note"), ("Ana Novak", "name")]


def test_hostile_text_is_cleaned():
    raw = propose("Ana \x1b[31mNo\u202evak\nana@acme.si [/]\0").raw
    assert "\x1b" not in str(raw)
    assert raw["emails"] == [("", "ana@acme.si")]


@given(st.text(max_size=300))
def test_every_line_is_accounted_for(text):
    found = propose(text)
    for line, kinds in found.lines:
        if "note" in kinds.split(", "):
            assert line in found.raw["note"]


def test_a_long_text_ends_in_time():
    propose("1 " * 5_000)
    propose("a.b-" * 2_500)
    propose(("+1-" * 30 + "\n") * 100)
