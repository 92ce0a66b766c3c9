"""Mail as interactions: one message, an mbox; broken, large and hostile ones."""

import json
import os
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import UsageError
from crmcli.interchange import mail, mime
from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record, Reject, Skip

HEAD = (
    "From: Ana Novak <ana@acme.si>\nTo: me@home.si, Bo Li <bo@x.cn>\nSubject: Offer\n"
    "Date: Mon, 23 Nov 2026 09:30:00 +0100\nMessage-ID: <1@acme.si>\n"
)


@pytest.fixture
def one(read_text):
    """Read one message: its raw record."""

    def run(text: str | bytes, **options):
        reading, items = read_text(text, "one.eml", **options)
        assert [type(item) for item in items] == [Record], items
        assert (reading.preset, reading.noun) == ("eml", "interaction")
        return items[0].raw

    return run


def test_a_message_is_an_interaction(one):
    assert one(HEAD + "\nDear all,\n\nthe offer.\n\n-- \nAna\n") == {
        "kind": "email",
        "occurred_at": "2026-11-23T08:30:00Z",
        "body": "Offer\n\nDear all,\n\nthe offer.\n\n-- \nAna",
        "external": ("mail", "1@acme.si"),
        "strangers": "skip",
        "people": [
            {"email": "ana@acme.si", "name": "Ana Novak"},
            {"email": "me@home.si"},
            {"email": "bo@x.cn", "name": "Bo Li"},
        ],
        "org": {"emails": ["ana@acme.si", "me@home.si", "bo@x.cn"]},
        "is_from_first": True,
    }


@pytest.mark.parametrize(
    ("own", "people", "way"),
    [
        ("me@home.si", ["ana@acme.si", "bo@x.cn"], "inbound"),
        ("ana@acme.si", ["me@home.si", "bo@x.cn"], "outbound"),
        ("other@x.si", ["ana@acme.si", "me@home.si", "bo@x.cn"], None),
    ],
)
def test_own_addresses_tell_who_wrote_to_whom(one, own, people, way):
    raw = one(HEAD.replace("me@home.si", "ME@home.si") + "\nx", emails=frozenset({own}))
    assert [link["email"].lower() for link in raw["people"]] == people
    assert raw.get("direction") == way
    assert ("is_from_first" in raw) == (way is None)


def test_a_mail_to_oneself_is_left_out(read_text):
    text = "From: me@home.si\nTo: me@home.si\nDate: 1 Jan 2026 10:00 +0000\n\nx"
    _, items = read_text(text, "x.eml", emails=frozenset({"me@home.si"}))
    assert [(type(item), item.reason) for item in items] == [(Skip, "names nobody but you")]


@pytest.mark.parametrize(
    ("date", "stamp"),
    [
        ("Mon, 23 Nov 2026 09:30:00 +0100", "2026-11-23T08:30:00Z"),
        ("23 Nov 26 09:30:00 EST", "2026-11-23T14:30:00Z"),
        ("Mon, 23 Nov 2026 09:30:00 -0000", "2026-11-23T09:30:00Z"),
        ("Mon, 23 Nov 2026\n 09:30:00 +0100 (CET)", "2026-11-23T08:30:00Z"),
    ],
)
def test_dates(one, date, stamp):
    assert one(f"From: a@b.si\nTo: c@d.si\nDate: {date}\n\nx")["occurred_at"] == stamp


def test_a_date_without_zone_is_the_users(one, clock):
    raw = one("From: a@b.si\nTo: c@d.si\nDate: Mon, 23 Nov 2026 09:30:00\n\nx", clock=clock)
    assert raw["occurred_at"] == "2026-11-23T08:30:00Z"


def test_without_a_date_the_time_of_receipt_counts(one):
    received = "Received: by x; Mon, 23 Nov 2026 10:00:00 +0000\n"
    assert one(f"{received}From: a@b.si\nDate: soon\n\nx")["occurred_at"] == "2026-11-23T10:00:00Z"


def test_a_message_of_no_time_is_rejected(read_text):
    reading, items = read_text("From: a@b.si\nTo: c@d.si\nDate: 99 Foo 9999 99:99\n\nx", "x.eml")
    assert [(type(item), item.line) for item in items] == [(Reject, 1)]
    assert "neither Date nor Received" in items[0].reason
    assert items[0].cells[reading.header.index("Date")] == "99 Foo 9999 99:99"


def test_names_in_encoded_words_and_with_escape_codes(one):
    raw = one(
        "From: =?utf-8?q?=C5=BDana_=1B=5B31mred_=5B/=5D?= <z@x.si>\n"
        'To: "=?iso-8859-2?Q?=C8opi=E8?=" <c@x.si>, =?utf-8?b?5byg5Lyf?= <w@x.cn>,\n'
        " undisclosed-recipients:;, (comment) <d@x.si>\n"
        "Cc: =?broken?x?y?= <e@x.si>, f@x.si; g@x.si\nDate: 1 Jan 2026 10:00 +0000\n\nx"
    )
    assert [(link["email"], link.get("name")) for link in raw["people"]] == [
        ("z@x.si", "Žana \x1b[31mred [/]"),
        ("c@x.si", "Čopič"),
        ("w@x.cn", "张伟"),
        ("d@x.si", "(comment)"),
        ("e@x.si", "=?broken?x?y?="),
        ("f@x.si", None),
        ("g@x.si", None),
    ]


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        ("caf=E9 =E2", "Content-Type: text/plain; charset=latin1\n{qp}", "café â"),
        ("caf=C3=A9", "Content-Type: text/plain; charset=us-ascii\n{qp}", "café"),
        ("caf=E9", "Content-Type: text/plain; charset=no-such\n{qp}", "café"),
        ("caf=E9", "Content-Type: text/plain; charset=hex\n{qp}", "café"),
        ("Y2Fmw6k", "Content-Transfer-Encoding: base64\n", "café"),
        ("Y2F*mw6k=\n=", "Content-Transfer-Encoding: BASE64 \n", "café"),
        ("a\0b", "", "a\0b"),
    ],
)
def test_charsets_and_encodings(one, body, headers, text):
    headers = headers.format(qp="Content-Transfer-Encoding: quoted-printable\n")
    assert one(f"{HEAD}{headers}\n{body}")["body"] == f"Offer\n\n{text}"


def test_raw_bytes_in_headers(one):
    head = HEAD.replace("Ana Novak", "Žana Čopič").replace("Offer", "Ponudba š")
    assert one(head.encode() + b"\nx")["people"][0]["name"] == "Žana Čopič"
    assert one(head.encode("cp1250") + b"\nx")["people"][0]["email"] == "ana@acme.si"


def made(**files: bytes) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Date"] = "a@b.si", "Mon, 23 Nov 2026 09:30:00 +0100"
    message["To"], message["Subject"] = "c@d.si", "S"
    message.set_content("plain\n")
    message.add_alternative("<p>rich", subtype="html")
    for name, data in files.items():
        message.add_attachment(
            data, maintype="application", subtype="pdf", filename=name.replace("_", ".")
        )
    return message


def test_attachments_are_named_with_their_size(one):
    message = made(offer_pdf=b"x" * 12_345, čenik_pdf=b"y" * 7)
    message.add_attachment(made(), filename=None)
    assert one(bytes(message))["body"] == (
        "S\n\nplain\n\n[attachment: offer.pdf, 12 kB]\n[attachment: čenik.pdf, 7 B]\n"
        "[attachment: S]"
    )


def test_html_counts_only_without_plain_text(one):
    html = (
        "<html><head><title>no</title><style>p{}</style></head><body><p>One&nbsp;&amp; two<br>"
        "three</p><script>alert(1)</script><ul><li>a<li>b</ul><table><tr><td>x<td>y</table>"
    )
    raw = one(f"{HEAD}Content-Type: text/html\n\n{html}")
    assert raw["body"] == "Offer\n\nOne & two\nthree\n\n- a\n- b\n\nx\ny"


@pytest.mark.parametrize("html", ["<p>a<![foo bar", "<!--x", "<", "<p", "a<body>b", "&#xffffff;"])
def test_broken_html_is_read(html):
    assert isinstance(mime.html_text(html), str)


@pytest.mark.parametrize(
    "header",
    [
        "From: " + "a" * 200_000,
        "From: " + "(" * 50_000 + "a@x.si",
        "Subject: " + "=?utf-8?q?x" * 20_000,
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status"
        f"\n\nFinal-Recipient: {'a' * 200_000}\nAction: failed",
    ],
    ids=["no address", "nested comments", "encoded words without end", "report"],
)
def test_an_endless_header_does_not_hang(one, header):
    assert one(f"To: bo@x.cn\nDate: Mon, 23 Nov 2026 09:30:00 +0100\n{header}\n\nx\n")["people"]


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<!--x>", "</", "<!<!---->--", '<a x="'])
def test_html_that_never_ends_does_not_hang(piece):
    text = mime.html_text(
        "<p>Dear</p> all<!-- not this --> of you" + piece * (200_000 // len(piece))
    )
    assert text.startswith("Dear\nall of you")
    assert "not this" not in text


def test_a_name_that_is_another_address_is_left_out(one):
    raw = one(HEAD.replace("Ana Novak <", '"bo@x.cn" <'))
    assert raw["people"][0] == {"email": "ana@acme.si"}


def test_a_long_text_is_cut_and_that_is_said(read_text):
    reading, items = read_text(HEAD + "\n" + "word " * 10_000, "x.eml")
    assert len(items[0].raw["body"]) == mail.LONGEST + 2
    assert items[0].raw["body"].endswith(" …")
    assert "1 message is longer than 20000 characters: its beginning is kept" in reading.notes


def test_a_bounce_is_about_the_failed_recipient(one):
    report = (
        "From: MAILER-DAEMON@x.si\nTo: me@home.si\nSubject: Undelivered\n"
        "Date: Mon, 23 Nov 2026 09:30:00 +0100\nMessage-ID: <b@x>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        "--B\n\nSorry.\n--B\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; x.si\n\nFinal-Recipient: rfc822; gone@acme.si\nAction: {action}\n"
        "Status: 5.1.1\n\nFinal-Recipient: rfc822;ok@acme.si\nAction: relayed\n\n"
        "--B\nContent-Type: message/rfc822\n\nSubject: Mine\n\nthe text\n--B--\n"
    )
    raw = one(report.replace("{action}", "failed"))
    assert (raw["outcome"], raw["direction"]) == ("bounced", "outbound")
    assert raw["people"] == [{"email": "gone@acme.si"}]
    assert raw["body"] == "Undelivered\n\nSorry.\n\n[attachment: Mine]"
    late = one(report.replace("{action}", "delayed"))
    assert "outcome" not in late


def test_a_message_without_id_is_known_by_its_headers(one):
    head = HEAD.replace("Message-ID: <1@acme.si>\n", "")
    first = one(head + "\nx")["external"]
    assert first == one("Received: by y; 1 Jan 2026 10:00 +0000\n" + head + "\nx")["external"]
    assert first != one(head.replace("Offer", "Other") + "\nx")["external"]
    assert first[1].startswith("sha256:")


def boxed(*texts: str) -> str:
    return "".join(f"From x@y.si Mon Nov 23 10:00:00 2026\n{text}\n\n" for text in texts)


def test_an_mbox(read_text):
    second = HEAD.replace("1@acme", "2@acme") + (
        "\nfirst\n\nFrom now on\n\n>From afar\n>>From 10:00 2026\nFrom Bo at 10:00 in 2026\n"
    )
    reading, items = read_text(boxed(HEAD + "\nx", second, "no mail"), "box")
    assert (reading.preset, [item.line for item in items]) == ("mbox", [1, 10, 26])
    assert items[1].raw["body"] == (
        "Offer\n\nfirst\n\nFrom now on\n\nFrom afar\n>From 10:00 2026\nFrom Bo at 10:00 in 2026"
    )
    assert isinstance(items[2], Reject)
    assert reading.header == list(mail.TARGETS)


@pytest.mark.parametrize(
    "mark",
    [
        "From - Mon Nov 23 10:00:00 2026",
        "From 18@xxx Mon Nov 23 10:00:00 +0000 2026",
        "From MAILER-DAEMON Mon Nov 23 10:00 2026 remote from x",
    ],
)
def test_postmarks(read_text, mark):
    _, items = read_text(f"{mark}\n{HEAD}\nx\n\n{mark}\r\n{HEAD}\ny\n")
    assert [item.raw["body"] for item in items] == ["Offer\n\nx", "Offer\n\ny"]


def test_tables_that_begin_alike_are_no_mail(read_text):
    for text in ("From,To,Date\na@b.si,c@d.si,x\n", "name: x,email\nAna,a@b.si\n"):
        reading, _ = read_text(text, unknown=True)
        assert reading.preset not in ("eml", "mbox")


def test_every_value_is_accounted_for(read_text):
    reading, _ = read_text("X-Spam: no\n" + HEAD + "X-Foo: 1\n\nx", "x.eml")
    filled = {column.name: (column.target, column.filled) for column in reading.columns}
    assert filled["Subject"] == ("body", 1)
    assert filled["Cc"] == ("people", 0)
    assert filled["Other headers"] == (None, 1)
    assert "column 'Other headers' is not imported (1 value)" in reading.notes


def test_a_huge_attachment_is_not_held(tmp_path):
    def lines():
        yield from (
            (HEAD + "Content-Type: multipart/mixed; boundary=B\n\n--B\n\nhi\n")
            .encode()
            .splitlines(True)
        )
        yield b"--B\nContent-Type: video/mp4; name=a.mp4\n"[:4]
        yield b"Content-Type: video/mp4; name=a.mp4\n"
        yield b"Content-Transfer-Encoding: base64\n"
        yield b"\n"
        for _ in range(300_000):
            yield b"QUJD" * 18 + b"\n"
        yield b"--B--\n"

    tracemalloc.start()
    try:
        message = mime.parse(lines())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message.text == "hi"
    assert message.files() == [("a.mp4", 300_000 * 54)]
    assert peak < 4_000_000


def test_one_endless_line_is_not_held(read_text):
    _, items = read_text(HEAD + "\n" + "x" * 3_000_000 + "\n", "x.eml")
    assert len(items[0].raw["body"]) == mail.LONGEST + 2


def test_parts_without_end_or_boundary(one):
    deep = HEAD
    for number in range(50):
        deep += f"Content-Type: multipart/mixed; boundary=B{number}\n\n--B{number}\n"
    assert one(deep + "\nx")["body"].startswith("Offer")
    assert one(HEAD + "Content-Type: multipart/mixed\n\nx")["body"] == "Offer\n\nx"
    assert one(HEAD + 'Content-Type: multipart/mixed; boundary="\n\nx')["body"].startswith("Offer")


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_a_message_holds_it_is_read(head, body):
    for text in (head + b"\n\n" + body, HEAD.encode() + head + b"\n\n" + body):
        message = mime.parse(text.splitlines(True))
        try:
            raw, _ = mail.raw_of(message, How())
        except ValueError:
            continue
        assert raw["kind"] == "email"


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=80), max_size=5))
def test_an_mbox_gives_back_its_texts(tmp_path_factory, texts):
    import re

    path = tmp_path_factory.mktemp("box") / "box"
    plain = ["".join(c for c in text if c.isprintable() or c == "\n") for text in texts]
    escaped = [re.sub(r"(?m)^(>*From )", r">\1", text) for text in plain]
    path.write_text(boxed(*(f"{HEAD}\n{text}" for text in escaped)), encoding="utf-8", newline="")
    with open(path, "rb") as file:
        found = [mime.parse(lines).text for _, lines in mail._of_mbox(file)]
    assert found == [text.strip() for text in plain]


def letter(number: int) -> str:
    return HEAD.replace("1@acme", f"{number}@acme") + f"\nletter {number}\n"


def test_a_folder_of_messages(tmp_path):
    for number, name in enumerate(("b.eml", "sub/c.EML", ".hidden.eml", "notes.txt")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(letter(number))
    with read(str(tmp_path)) as reading:
        found = [(item.line, item.raw["external"][1]) for item in reading]
        assert found == [(1, "0@acme.si"), (2, "1@acme.si")]
        assert found == [(item.line, item.raw["external"][1]) for item in reading]
        first = reading.sha256
    (tmp_path / "b.eml").write_text(letter(5))
    with read(str(tmp_path)) as reading:
        assert reading.sha256 != first


def test_a_maildir_with_folders_inside(tmp_path):
    for number, name in enumerate(("cur/1:2,S", "new/2", "tmp/3", ".Sent/cur/4", ".Sent/new/.x")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(letter(number))
    with read(str(tmp_path)) as reading:
        found = [item.raw["body"].split()[-1] for item in reading]
    assert found == ["3", "0", "1"]


def test_a_folder_without_cards_or_mail(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UsageError, match="is a directory without cards"):
        read(str(tmp_path))
    with pytest.raises(UsageError, match="--map"):
        read(str(tmp_path), How(mapping="a=name"))


def test_a_fifo_in_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.eml")
    (tmp_path / "b.eml").write_text(letter(1))
    with read(str(tmp_path)) as reading:
        assert len(list(reading)) == 1


GOLDEN = {
    "msg_01.eml": [("2001-05-04T18:05:44Z", "This is a test message", "bbb@ddd.com bbb@zzz.org")],
    "msg_02.eml": [
        ("2001-04-21T00:18:00Z", "Ppp digest, Vol 1 #2 - 5 msgs", "ppp-request@zzz.org ppp@zzz.org")
    ],
    "msg_10.eml": [
        ("2001-04-20T23:35:02Z", "Lyrics", "barry@python.org cravindogs@cravindogs.com")
    ],
    "msg_26.eml": [
        (
            "2002-05-12T07:56:15Z",
            "IMAP file test",
            "father.time@xcar.wooster.local timbo@jeeves.wooster.local",
        )
    ],
    "msg_35.eml": ["no date: neither Date nor Received says when it was sent"],
    "msg_46.eml": [
        (
            "2010-02-01T11:21:16Z",
            "GroupwiseForwardingTest",
            "sender@example.net someone@example.com",
        )
    ],
}
GOLDEN["inbox.mbox"] = [*GOLDEN["msg_01.eml"], *GOLDEN["msg_26.eml"], *GOLDEN["msg_10.eml"]]


def told(item):
    if isinstance(item, Reject):
        return item.reason
    raw = item.raw
    people = " ".join(link["email"] for link in raw["people"])
    return raw["occurred_at"], raw["body"].split("\n")[0], people


@pytest.mark.parametrize("name", GOLDEN)
def test_the_corpus(corpus, name):
    with read(str(corpus / "mail" / name)) as reading:
        assert [told(item) for item in reading] == GOLDEN[name]


def test_the_bounce_of_the_corpus(corpus):
    with read(str(corpus / "mail/msg_43.eml")) as reading:
        (item,) = reading
    assert (item.raw["outcome"], len(item.raw["people"])) == ("bounced", 11)
    assert item.raw["body"].startswith("Banned file: auto__mail.python.bat in mail from you\n")


def test_texts_of_the_corpus(corpus):
    with read(str(corpus / "mail/msg_10.eml")) as reading:
        (item,) = reading
    assert "¡This is a Quoted Printable encoded message!" in item.raw["body"]
    with read(str(corpus / "mail/msg_46.eml")) as reading:
        (item,) = reading
    assert "Testing email forwarding with Groupwise" in item.raw["body"]


def test_a_mailbox_brings_interactions_once_ever(run, home, monkeypatch):
    monkeypatch.setenv("CRM_EMAILS", "me@home.si, other@home.si")
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si")
    run("org", "add", "Kos", "-e", "info@kos.si")
    sent = letter(2).replace("From: Ana Novak <ana@acme.si>", "From: Other@home.si")
    to_org = sent.replace("2@acme", "3@acme").replace("Bo Li <bo@x.cn>", "info@kos.si")
    strange = letter(4).replace("ana@acme.si>\nTo", "eva@x.si>\nTo").replace("Ana Novak", "Eva")
    texts = (letter(1), sent.replace("me@home.si", "ana@acme.si"), to_org, strange)
    (home / "box").write_text(boxed(*texts))
    got = run("import", str(home / "box"), code=None)
    assert "3 created, 0 updated, 0 unchanged, 1 skipped, 0 rejected" in got.err
    found = [json.loads(line) for line in run("export", "interactions", "-f", "jsonl").lines]
    told = {(one["body"].split()[-1], one["direction"], one["org"]) for one in found}
    assert told == {("1", "inbound", None), ("2", "outbound", None), ("2", "outbound", "Kos")}
    (home / "one.eml").write_text(letter(1))
    for name in ("box", "one.eml"):
        assert "0 created, 0 updated" in run("import", str(home / name)).err
    run("import", "--undo")
    assert run("export", "interactions", "-f", "jsonl").out == ""
