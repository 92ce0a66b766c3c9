"""Orgs: read back as written, matched by name, domain and channel, listed, trashed."""

import pytest

from crmcli.errors import ConflictError, UsageError
from crmcli.rules.org import draft_org
from crmcli.store import org, party
from crmcli.store.rows import Listing


def names(crm, **listing) -> list[str]:
    if "where" in listing:
        listing = {**listing, "where": crm.where("org", listing["where"])}
    return [o.name for o in org.list_orgs(crm.conn, Listing(**listing))]


def test_what_is_stored_is_read_back(crm):
    crm.org(
        "Acme d.o.o.",
        kind="client",
        domain="https://www.Acme.si/",
        industry="retail",
        note="n",
        emails=["info@acme.si"],
        phones=["01 234 56 78"],
        urls=["acme.si"],
        addresses=["Cesta 1"],
        tags=["vip"],
        custom={"vat": "SI1"},
        owner="eva",
    )
    row = org.get_org(crm.conn, 1).json()
    kept = {key: row[key] for key in row if key not in ("uid", "emails", "phones", "urls")}
    assert kept == {
        "id": "o1",
        "handle": "acme-d-o-o",
        "name": "Acme d.o.o.",
        "kind": "client",
        "domain": "acme.si",
        "industry": "retail",
        "email": "info@acme.si",
        "phone": "01 234 56 78",
        "addresses": [{"street": "Cesta 1"}],
        "tags": ["vip"],
        "owner": "eva",
        "note": "n",
        "custom": {"vat": "SI1"},
        "created": "2026-11-23T09:00:00Z",
        "updated": "2026-11-23T09:00:00Z",
    }
    assert [row[key][0]["norm"] for key in ("emails", "phones", "urls")] == [
        *("info@acme.si", "+38612345678", "acme.si"),
    ]


def test_an_edit_of_what_orgs_share(crm):
    crm.org("Acme", emails=["a@acme.si", "b@acme.si"], tags=["vip"], custom={"vat": "1"})
    less = draft_org({"name": "x", "emails": ["a@acme.si"]}, "SI").channels
    change = party.Edit(
        values={"industry": "retail"},
        custom={"vat": None, "size": "9"},
        owner="eva",
        off_channels=less,
        addresses=[{"street": "Cesta 1"}],
        tags=["new"],
        off_tags=["vip"],
    )
    assert crm.write(lambda w: party.edit_party(w, "org", 1, change)).value
    found = org.get_org(crm.conn, 1)
    assert (found.industry, found.owner, found.tags) == ("retail", "eva", ("new",))
    assert (found.custom, found.addresses) == ({"size": "9"}, ({"street": "Cesta 1"},))
    assert [(c.value, c.primary) for c in found.channels] == [("b@acme.si", True)]
    assert not crm.write(lambda w: party.edit_party(w, "org", 1, change)).value


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ({}, "acme Beta Čebela"),
        ({"sort": "-name"}, "Čebela Beta acme"),
        ({"sort": "id"}, "Čebela acme Beta"),
        ({"sort": "-created"}, "Beta acme Čebela"),
        ({"limit": 1}, "acme"),
        ({"where": "+vip"}, "acme Čebela"),
        ({"where": "owner:eva"}, "acme"),
        ({"where": "+vip owner:me"}, "Čebela"),
        ({"trash": True}, "Gone"),
    ],
)
def test_list(crm, listing, expected):
    crm.org("Čebela", tags=["vip"])
    crm.org("acme", owner="eva", tags=["VIP"])
    crm.org("Beta")
    crm.trash("org", crm.org("Gone", tags=["vip"]))
    assert " ".join(names(crm, **listing)) == expected


def test_list_by_an_unknown_key_is_refused(crm):
    with pytest.raises(UsageError) as caught:
        names(crm, sort="last_touch")
    assert caught.value.hint.startswith("one of name, created, updated, id, ")


def test_more_orgs_than_one_statement_takes(crm):
    def many(w):
        for number in range(501):
            org.add_org(w, draft_org({"name": f"O{number:03}"}, None))

    crm.write(many)
    assert names(crm) == [f"O{number:03}" for number in range(501)]


def test_people_and_their_last_touch(crm):
    crm.org("Acme")
    crm.contact("Bo", org="Acme", title="CTO")
    crm.contact("Ana", org="acme")
    crm.contact("Cene", org="Beta")
    assert org.last_touch(crm.conn, 1) is None
    crm.log(1, at="2026-11-19T10:00:00Z")
    crm.log(2, at="2026-11-20T10:00:00Z")
    crm.log(3, at="2026-11-21T10:00:00Z")
    assert [(p["display_name"], p["title"]) for p in org.people(crm.conn, 1, 9)] == [
        ("Ana", None),
        ("Bo", "CTO"),
    ]
    assert len(org.people(crm.conn, 1, 1)) == 1
    assert org.last_touch(crm.conn, 1) == "2026-11-20T10:00:00Z"
    crm.trash("contact", 2)
    assert [p["display_name"] for p in org.people(crm.conn, 1, 9)] == ["Bo"]
    assert org.last_touch(crm.conn, 1) == "2026-11-19T10:00:00Z"


def test_the_timeline_of_an_org(crm):
    crm.org("Acme")
    crm.log(org_id=1, body="old", at="2026-11-18T10:00:00Z")
    crm.log(org_id=1, body="new")
    crm.log(org_id=crm.org("Beta"), body="other")
    assert [row["body"] for row in org.timeline(crm.conn, 1, 9)] == ["new", "old"]
    (newest,) = org.timeline(crm.conn, 1, 1)
    assert newest["body"] == "new"
    before = newest["occurred_at"], newest["id"]
    assert [row["body"] for row in org.timeline(crm.conn, 1, 9, before)] == ["old"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Internatonal", ["Acme International"]),
        ("Acme International", []),
        ("Zeta", []),
        ("Acmf", []),
    ],
)
def test_near_names(crm, name, expected):
    crm.org("Acme International")
    crm.org("Beta")
    assert org.near_names(crm.conn, name) == expected


def test_an_org_is_found_by_its_folded_name_or_made(crm):
    crm.org("Čebela")
    assert org.find_org(crm.conn, "cebela") == 1
    assert org.find_org(crm.conn, "none") is None
    assert crm.write(lambda w: org.ensure_org(w, "CEBELA")).value == 1
    made = crm.write(lambda w: org.ensure_org(w, "New Ltd")).value
    found = org.get_org(crm.conn, made)
    assert (found.name, found.owner, found.handle) == ("New Ltd", "me", "new-ltd")
    crm.org("čebela")
    with pytest.raises(ConflictError, match="o1, o3"):
        org.find_org(crm.conn, "Čebela")
    crm.trash("org", 3)
    assert org.find_org(crm.conn, "Čebela") == 1


def test_trash_and_restore(crm):
    crm.org("Acme")
    assert crm.trash("org", 1)
    assert (names(crm), names(crm, trash=True), crm.find("acme")) == ([], ["Acme"], [])
    assert crm.trash("org", 1, archived=False)
    assert (names(crm), crm.find("acme")) == (["Acme"], ["o1"])
