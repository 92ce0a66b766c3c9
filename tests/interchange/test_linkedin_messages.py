"""LinkedIn's messages: who wrote to whom, drafts, and whose export it is."""

import pytest

from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record, Reject, Skip

NEW = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,"
    "SUBJECT,CONTENT,FOLDER,ATTACHMENTS,IS MESSAGE DRAFT,IS CONVERSATION DRAFT\n"
)
BEN = "Ben Okafor,https://www.linkedin.com/in/ben"
ANA = "Ana Ruiz,https://www.linkedin.com/in/ana"
EVA = "Eva Kos,https://www.linkedin.com/in/eva"
DATE = "2025-03-04 10:00:00 UTC"


def row(talk: str, sender: str, to: str, content: str = "hi", subject="", draft="No", date=DATE):
    return f"{talk},,{sender},{to},{date},{subject},{content},INBOX,,{draft},No\n"


@pytest.fixture
def messages(read_text, clock):
    def run(*rows: str):
        reading, items = read_text(NEW + "".join(rows), clock=clock)
        assert (reading.preset, reading.noun) == ("linkedin messages", "interaction")
        return reading, items

    return run


def link(text: str) -> dict[str, object]:
    name, url = text.split(",")
    return {"external": ("linkedin", url), "name": name}


def test_who_is_in_every_conversation_owns_the_export(messages):
    reading, items = messages(row("1", BEN, ANA), row("1", ANA, BEN), row("2", EVA, ANA))
    assert [(item.raw["direction"], item.raw["people"]) for item in items] == [
        ("inbound", [link(BEN)]),
        ("outbound", [link(BEN)]),
        ("inbound", [link(EVA)]),
    ]
    assert "Ana Ruiz is in every conversation: their messages count as yours" in reading.notes


def test_with_one_conversation_who_is_known_is_the_other_side(messages):
    reading, (item,) = messages(row("1", BEN, ANA))
    assert item.raw == {
        "kind": "message",
        "occurred_at": "2025-03-04T10:00:00Z",
        "body": "hi",
        "external": item.raw["external"],
        "people": [link(BEN), link(ANA)],
        "strangers": "skip",
        "is_from_first": True,
    }
    assert any(note.startswith("it does not say whose it is") for note in reading.notes)


def test_several_recipients(messages):
    both = '"Ben Okafor, Eva Kos","https://www.linkedin.com/in/ben,https://www.linkedin.com/in/eva"'
    _, items = messages(row("1", ANA, both), row("2", ANA, BEN), row("3", ANA, EVA))
    assert items[0].raw["people"] == [link(BEN), link(EVA)]
    degree = both.replace("Eva Kos", "Eva Kos, MBA")
    _, items = messages(row("1", ANA, degree), row("2", ANA, BEN), row("3", ANA, EVA))
    assert [one["external"][1][-3:] for one in items[0].raw["people"]] == ["ben", "eva"]


def test_drafts_are_left_out_and_bad_dates_rejected(messages):
    _, items = messages(row("1", BEN, ANA, draft="Yes"), row("2", EVA, ANA, date="soon"))
    assert [(type(item), item.reason) for item in items] == [
        (Skip, "a draft"),
        (Reject, "not a date: 'soon'"),
    ]


def test_subject_html_and_hostile_text(messages):
    text = '"<p>Hello &amp; \x1b[31m[/]</p><p>bye</p>"'
    _, (item,) = messages(row("1", BEN, ANA, content=text, subject="Offer"))
    assert item.raw["body"].startswith("Offer\n\nHello & ")
    assert item.raw["body"].endswith("bye")


def test_the_same_second_and_sender_are_two_messages(messages):
    _, items = messages(row("1", BEN, ANA, "one"), row("1", BEN, ANA, "two"))
    assert len({item.raw["external"] for item in items}) == 2


def test_imported_twice_it_writes_nothing(run, home):
    connections = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    (home / "c.csv").write_text(f"{connections}Ben,Okafor,{BEN.split(',')[1]},,,,12 Mar 2021\n")
    run("import", str(home / "c.csv"))
    rows = NEW + row("1", BEN, ANA) + row("1", ANA, BEN, "yes") + row("2", EVA, ANA)
    (home / "m.csv").write_text(rows)
    assert "2 created, 0 updated, 0 unchanged, 1 skipped" in run("import", str(home / "m.csv")).err
    again = run("import", str(home / "m.csv")).err
    assert "0 created, 0 updated, 2 unchanged, 1 skipped" in again
    assert run("show", "i1", "--json").json["direction"] == "inbound"


def test_the_old_header_of_the_corpus(corpus, clock):
    with read(str(corpus / "linkedin/messages.csv"), How(clock=clock)) as reading:
        found = [
            (item.line, item.raw["direction"], item.raw["people"][0]["name"]) for item in reading
        ]
        assert "Test User is in every conversation: their messages count as yours" in reading.notes
    assert found == [
        (2, "inbound", "Alice Johnson"),
        (3, "outbound", "Alice Johnson"),
        (4, "inbound", "Alice Johnson"),
        (5, "outbound", "Alice Johnson"),
        (6, "inbound", "Bob Williams"),
        (7, "outbound", "Bob Williams"),
        (8, "inbound", "Carol Davis"),
        (9, "outbound", "Carol Davis"),
        (10, "inbound", "Carol Davis"),
        (11, "outbound", "Eve Wilson"),
        (12, "inbound", "Eve Wilson"),
    ]


def test_outbound_messages_of_the_old_header_have_the_profile_too(corpus):
    with read(str(corpus / "linkedin/messages.csv")) as reading:
        found = {item.raw["people"][0].get("external") for item in reading}
    names = ("alicejohnson", "bobwilliams", "caroldavis", "evewilson")
    assert found == {("linkedin", f"https://www.linkedin.com/in/{name}") for name in names}


def test_the_new_header_of_the_corpus(corpus):
    with read(str(corpus / "linkedin/messages_2025_header.csv")) as reading:
        (item,) = reading
    assert isinstance(item, Record)
    assert (item.raw["occurred_at"], item.raw["body"]) == ("2025-03-04T10:00:00Z", "hello")
    assert [one["name"] for one in item.raw["people"]] == ["Ben Okafor", "Ana Ruiz"]
