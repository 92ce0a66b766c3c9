"""Interactions: read back as written, with their people, listed and looked up by time."""

import pytest

from crmcli.errors import UsageError
from crmcli.store import interaction
from crmcli.store.rows import Listing


@pytest.fixture
def three(crm):
    """Ana, Bo and Acme; three interactions, not in the order of their times."""
    crm.contact("Ana Novak")
    crm.contact("Bo")
    crm.org("Acme")
    crm.log(2, 1, 2, body="both", at="2026-11-20T10:00:00Z")
    crm.log(1, body="first", at="2026-11-18T10:00:00Z")
    crm.log(org_id=1, body="org", at="2026-11-22T10:00:00Z")
    return crm


def bodies(crm, **listing) -> str:
    found = interaction.list_interactions(crm.conn, Listing(**listing))
    return " ".join(one.body for one in found)


def test_what_is_stored_is_read_back(crm):
    crm.contact("Ana Novak")
    crm.contact("Bo")
    crm.org("Acme")
    crm.task("Call")
    crm.log(
        2,
        1,
        2,
        kind="meeting",
        direction="inbound",
        outcome="reached",
        duration_seconds=720,
        body="Budget",
        org_id=1,
        task_id=1,
        owner="eva",
        tags=["need", "+Price"],
    )
    row = interaction.get_interaction(crm.conn, 1).json()
    assert len(row.pop("uid")) == 36
    assert row == {
        "id": "i1",
        "kind": "meeting",
        "direction": "inbound",
        "outcome": "reached",
        "occurred_at": "2026-11-20T10:00:00Z",
        "duration_seconds": 720,
        "people": [
            {"id": "c2", "handle": "bo", "name": "Bo"},
            {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"},
        ],
        "body": "Budget",
        "org": "Acme",
        "owner": "eva",
        "tags": ["need", "Price"],
        "contact_uids": [crm.row("contact", 2)["uid"], crm.row("contact", 1)["uid"]],
        "org_uid": crm.row("org", 1)["uid"],
        "task_uid": crm.row("task", 1)["uid"],
        "created": "2026-11-23T09:00:00Z",
        "updated": "2026-11-23T09:00:00Z",
        "deal": None,
    }


def test_get_keeps_the_order_asked_for(three):
    found = interaction.get_interactions(three.conn, [3, 99, 1])
    assert [one.body for one in found] == ["org", "both"]
    assert [[who["id"] for who in one.people] for one in found] == [[], ["c2", "c1"]]


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ({}, "first both org"),
        ({"sort": "-occurred_at"}, "org both first"),
        ({"sort": "id"}, "both first org"),
        ({"sort": "-id", "limit": 2}, "org first"),
        ({"trash": True}, ""),
    ],
)
def test_list(three, listing, expected):
    assert bodies(three, **listing) == expected


def test_the_trash_is_listed_apart(three):
    three.trash("interaction", 1)
    assert (bodies(three), bodies(three, trash=True)) == ("first org", "both")


def test_list_by_an_unknown_key_is_refused(crm):
    with pytest.raises(UsageError) as caught:
        bodies(crm, sort="body")
    assert caught.value.hint == "one of occurred_at, id, kind, created"


def test_more_interactions_than_one_statement_takes(crm):
    crm.contact()

    def many(w):
        for number in range(501):
            id = w.insert(
                "interaction", kind="call", occurred_at="2026-11-20T10:00:00Z", body=f"B{number}"
            )
            w.insert("interaction_contact", interaction_id=id, contact_id=1)

    crm.write(many)
    found = list(interaction.list_interactions(crm.conn, Listing()))
    assert [one.body for one in found] == [f"B{number}" for number in range(501)]
    assert {len(one.people) for one in found} == {1}


@pytest.mark.parametrize(
    ("noun", "id", "after", "before", "expected"),
    [
        ("contact", 1, "2026-11-01", "2026-12-01", "2026-11-20T10:00:00Z"),
        ("contact", 1, "2026-11-01", "2026-11-20T10:00:00Z", "2026-11-18T10:00:00Z"),
        ("contact", 1, "2026-11-18T10:00:00Z", "2026-11-20T10:00:00Z", None),
        ("contact", 2, "2026-11-01", "2026-12-01", "2026-11-20T10:00:00Z"),
        ("contact", 9, "2026-11-01", "2026-12-01", None),
        ("org", 1, "2026-11-01", "2026-12-01", "2026-11-22T10:00:00Z"),
        ("org", 1, "2026-11-23", "2026-12-01", None),
    ],
)
def test_latest_before(three, noun, id, after, before, expected):
    assert interaction.latest_before(three.conn, noun, id, after, before) == expected


def test_latest_before_looks_past_the_trash(three):
    three.trash("interaction", 1)
    found = interaction.latest_before(three.conn, "contact", 1, "2026-11-01", "2026-12-01")
    assert found == "2026-11-18T10:00:00Z"
