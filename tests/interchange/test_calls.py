"""Calls and text messages of an Android phone."""

import pytest

from crmcli.errors import InvalidError
from crmcli.interchange import calls
from crmcli.interchange.record import Record, Reject, Skip

HEAD = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
    "<!--File Created By SMS Backup & Restore-->\n"
    '<?xml-stylesheet type="text/xsl" href="calls.xsl"?>\n'
)
DATE = "1795420800000"  # 2026-11-23T08:00:00Z


def attributes_of(given: dict[str, str]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in given.items())


def call(**attributes: str) -> str:
    given = {
        "number": "+38640123456",
        "duration": "65",
        "date": DATE,
        "type": "1",
        "presentation": "1",
        "subscription_id": "89",
        "readable_date": "Nov 23, 2026 9:00:00 AM",
        "contact_name": "(Unknown)",
        **attributes,
    }
    return f"  <call {attributes_of(given)} />\n"


def backup(*entries: str, tag: str = "calls") -> str:
    return f'{HEAD}<{tag} count="{len(entries)}">\n{"".join(entries)}</{tag}>\n'


@pytest.fixture
def one(read_text):
    def run(entry: str, tag: str = "calls"):
        reading, items = read_text(backup(entry, tag=tag), "a.xml")
        assert [type(item) for item in items] == [Record], items
        assert (reading.preset, reading.noun) == ("android", "interaction")
        return items[0].raw

    return run


def test_a_call(one):
    assert one(call()) == {
        "kind": "call",
        "direction": "inbound",
        "outcome": "reached",
        "occurred_at": "2026-11-23T08:00:00Z",
        "duration_seconds": 65,
        "external": ("android", f"+38640123456 {DATE}"),
        "people": [{"phone": "+38640123456"}],
        "org": {"phone": "+38640123456"},
        "strangers": "skip",
    }


@pytest.mark.parametrize(
    ("type", "duration", "direction", "outcome"),
    [
        ("1", "5", "inbound", "reached"),
        ("2", "5", "outbound", "reached"),
        ("2", "0", "outbound", "no_answer"),
        ("3", "0", "inbound", "no_answer"),
        ("4", "9", "inbound", "voicemail"),
        ("5", "0", "inbound", "no_answer"),
    ],
)
def test_types_of_calls(one, type, duration, direction, outcome):
    raw = one(call(type=type, duration=duration))
    assert (raw["direction"], raw["outcome"]) == (direction, outcome)


def test_the_name_of_the_phone_book_helps(one):
    assert one(call(contact_name="Ana &quot;[/]&quot;"))["people"] == [
        {"phone": "+38640123456", "name": 'Ana "[/]"'}
    ]


@pytest.mark.parametrize(
    "entry",
    [call(presentation="2"), call(presentation="3"), call(number=""), call(number="-2")],
)
def test_hidden_numbers_are_left_out(read_text, entry):
    _, items = read_text(backup(entry), "a.xml")
    assert [(type(item), item.reason) for item in items] == [(Skip, "a hidden number")]


@pytest.mark.parametrize(
    "entry",
    [call(type="9"), call(date="x"), call(date=""), call(duration="-1"), call(date="9" * 30)],
)
def test_what_is_rejected(read_text, entry):
    _, items = read_text(backup(entry), "a.xml")
    assert [(type(item), item.line) for item in items] == [(Reject, 5)]


def sms(**attributes: str) -> str:
    given = {"address": "+38640123456", "date": DATE, "type": "1", "body": "hi", **attributes}
    return f"<sms {attributes_of(given)} />\n"


def test_text_messages(one, read_text):
    raw = one(sms(body="nice &#55357;&#56832; &#55357;", type="2"), tag="smses")
    assert (raw["kind"], raw["direction"], raw["body"]) == (
        "message",
        "outbound",
        "nice \U0001f600 \ufffd",
    )
    _, items = read_text(backup(sms(type="3"), "<mms><parts/></mms>\n", tag="smses"), "a.xml")
    assert [type(item) for item in items] == [Skip, Skip]


def test_every_value_is_accounted_for(read_text):
    reading, _ = read_text(backup(call()), "a.xml")
    filled = {column.name: (column.target, column.filled) for column in reading.columns}
    assert filled["number"] == ("people", 1)
    assert filled["other attributes"] == (None, 1)
    assert reading.header == list(calls.TARGETS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (backup(call())[:-5], "not valid XML"),
        (backup(call()).replace("<calls", "<!DOCTYPE c [<!ENTITY a 'aa'>]><calls"), "declarations"),
        (backup(call(contact_name="a & b")), ":5: is not valid XML"),
    ],
)
def test_what_is_refused_as_a_whole(read_text, text, said):
    with pytest.raises(InvalidError, match=said):
        read_text(text, "a.xml")


def test_the_same_backup_twice_writes_nothing(run, home):
    run("contact", "add", "Ana Novak", "-p", "040 123 456")
    (home / "a.xml").write_text(backup(call(), call(number="+38640999999"), call(date="1")))
    assert "2 created, 0 updated, 0 unchanged, 1 skipped" in run("import", str(home / "a.xml")).err
    again = run("import", str(home / "a.xml")).err
    assert "0 created, 0 updated, 2 unchanged, 1 skipped" in again
