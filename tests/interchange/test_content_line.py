"""Content lines: unfolding, decoding, and what is broken."""

import io

import pytest

from crmcli.interchange import content_line
from crmcli.interchange.content_line import cards, split


def read(text: str):
    return list(cards(io.StringIO(text, newline="")))


def card(*lines: str, end: str = "\r\n"):
    [found] = read(end.join(["BEGIN:VCARD", *lines, "END:VCARD", ""]))
    assert not found.fault
    return found


def texts(found):
    return [(one.name, one.text) for one in found.properties]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_every_line_end_and_fold(end):
    found = card("FN:Ana", "NOTE:one two", " three", "\tfour", "TEL:1", end=end)

    assert texts(found) == [("FN", "Ana"), ("NOTE", "one twothreefour"), ("TEL", "1")]
    assert [(one.line, one.last) for one in found.properties] == [(2, 2), (3, 5), (6, 6)]


def test_quoted_printable_with_soft_breaks_and_charsets():
    found = card(
        "VERSION:2.1",
        "N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52=93=63;=91=BE=98=59",
        "NOTE;ENCODING=QUOTED-PRINTABLE:soft=",
        "ly=0D=0A=",
        "=C4=8Dop",
        "TITLE;ENCODING=QUOTED-PRINTABLE:M=FCller",
        "ORG;ENCODING=QUOTED-PRINTABLE:C:=5Cnew",
    )

    assert found.properties[1].parts() == ["山田", "太郎"]
    assert texts(found)[2:] == [("NOTE", "softly\nčop"), ("TITLE", "Müller"), ("ORG", "C:\\new")]


def test_bytes_that_the_charset_lacks_stay_as_they_stand():
    one = card("ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=80").properties[0]

    assert (one.text, one.is_broken) == ("Ñ=80", True)


def test_an_unknown_charset_is_found_out():
    one = card("FN;CHARSET=x-none;ENCODING=QUOTED-PRINTABLE:=C4=8D").properties[0]

    assert one.text == "č"


def test_a_text_in_base64():
    assert card("NOTE;ENCODING=b:xI1vcA==").properties[0].text == "čop"


def test_soft_break_before_the_end_takes_no_end():
    first, second = read(
        "BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:abc=\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:b\nEND:VCARD\n"
    )

    assert texts(first) == [("NOTE", "abc")]
    assert texts(second) == [("FN", "b")]


def test_parameters_of_every_kind():
    found = card(
        "TEL;WORK;VOICE:1",
        "TEL;TYPE=WORK,FAX;TYPE=pref:2",
        'TEL;VALUE=uri;TYPE="work,cell";PREF=1:tel:3',
        'item1.EMAIL;X-ID="a:b;c";TYPE=home:a@b.c',
        "ADR;LABEL=^n^'x^':;;street",
        'NOTE;X="open:never closed',
        "EMAIL;PREF:d@e.f",
    )

    assert [one.types for one in found.properties] == [
        ["work", "voice"],
        ["work", "fax", "pref"],
        ["work", "cell"],
        ["home"],
        [],
        [],
        ["pref"],
    ]
    assert (found.properties[3].group, found.properties[3].text) == ("item1", "a@b.c")
    assert found.properties[3].param("X-ID") == "a:b;c"
    assert found.properties[4].param("LABEL") == '\n"x"'
    assert found.properties[5].text == "never closed"


def test_escapes():
    one = card(r"N:Do\;e;Jo\,hn,\nX;C:\temp\\n").properties[0]

    assert one.parts() == ["Do;e", "Jo,hn,\nX", r"C:\temp\n"]
    assert split(r"a\,b,c", ",") == [r"a\,b", "c"]


def test_what_is_no_property_belongs_to_the_text_above():
    full = "x" * 70
    found = card(
        "NOTE:first",
        "second http://x",
        "http://acme.si/a",
        "Ps: third",
        "",
        f"TITLE:{full[:69]}",
        "folded wrongly",
        "FBURL:1",
    )

    assert texts(found) == [
        ("NOTE", "first\nsecond http://x\nhttp://acme.si/a\nPs: third"),
        ("TITLE", f"{full[:69]}folded wrongly"),
        ("FBURL", "1"),
    ]


def test_a_photo_is_not_kept_however_it_is_folded():
    found = card("PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 50, " " + "B" * 70, "C" * 60, "", "FN:Ana")

    assert [(one.name, one.value, one.size) for one in found.properties] == [
        ("PHOTO", "", 180),
        ("FN", "Ana", 3),
    ]


def test_a_card_inside_a_card_is_left_out():
    found = card("FN:a", "AGENT:", "BEGIN:VCARD", "FN:b", "END:VCARD", "TEL:1")

    assert texts(found) == [("FN", "a"), ("AGENT", ""), ("TEL", "1")]
    assert (found.properties[1].line, found.properties[1].last) == (3, 6)


def test_a_card_without_end_is_told_and_the_next_one_read():
    found = read("BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\nBEGIN:VCARD\nFN:c\nTEL:1\n")

    assert [(one.line, one.fault) for one in found] == [
        (1, "the card has no END:VCARD"),
        (3, ""),
        (6, "the card has no END:VCARD"),
    ]
    assert found[2].start == "c; 1"


def test_what_stands_outside_is_told_once():
    found = read("BEGIN:VADDRESSBOOK\nFN:x\nTEL:1\nBEGIN:VCARD\nFN:a\nEND:VCARD\nEND:VADDRESSBOOK")

    assert [(one.line, one.fault) for one in found] == [(2, "stands outside any card"), (4, "")]


def test_a_card_larger_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(content_line, "LINE_LIMIT", 1000)
    wide = (
        "BEGIN:VCARD\nFN:Ana\n" + "".join(f"X-A{n}:{'x' * 90}\n" for n in range(20)) + "END:VCARD\n"
    )
    long = f"BEGIN:VCARD\nNOTE:{'x' * 1000}\nEND:VCARD\n"
    photo = f"BEGIN:VCARD\nPHOTO;ENCODING=b:{'x' * 2000}\nFN:a\nEND:VCARD\n"

    found = read(wide + long + photo)

    assert [(one.line, one.fault) for one in found] == [
        (1, "the card is longer than 1000 characters"),
        (24, "the card is longer than 1000 characters"),
        (27, ""),
    ]
    assert (found[0].properties, found[0].start) == ([], "Ana")
