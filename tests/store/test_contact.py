"""Contacts, and what they share with orgs: read back as written, changed, listed, trashed."""

import pytest

from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.rules.contact import DateDraft, draft_contact
from crmcli.rules.interaction import draft_interaction
from crmcli.store import contact, field, interaction, party
from crmcli.store.party import edit_party
from crmcli.store.rows import Listing

FULL = {
    "prefix": "Dr",
    "given_name": "Ana",
    "family_name": "Novak",
    "nickname": "Ani",
    "language": "sl",
    "lifecycle_stage": "lead",
    "note": "met at the fair",
    "emails": ["work:Ana@Acme.si", "ana@home.si"],
    "phones": ["mobile:040 123 456"],
    "urls": ["https://acme.si/ana"],
    "addresses": [{"label": "home", "street": "Cesta 1", "locality": "Kranj"}],
    "org": "Acme",
    "title": "CEO",
    "department": "Board",
    "birthday": "1990-05-17",
    "dates": ["name day:--07-26"],
    "tags": ["vip", "Fair"],
    "custom": {"tea": "green"},
    "owner": "eva",
}


def got(crm, id=1) -> contact.Contact:
    return contact.get_contact(crm.conn, id)


def values(crm, kind: str = "email", id: int = 1) -> list[tuple[str, bool]]:
    return [(c.value, c.primary) for c in got(crm, id).channels if c.kind == kind]


def names(crm, **listing) -> list[str]:
    if "where" in listing:
        listing["where"] = crm.where("contact", listing["where"])
    return [c.name for c in contact.list_contacts(crm.conn, Listing(**listing))]


def test_what_is_stored_is_read_back(crm):
    crm.contact("Ana Novak", **FULL)
    row = got(crm).json()
    assert row | {"uid": "", "emails": [], "phones": [], "urls": []} == {
        **dict.fromkeys(("source", "lead_status", "unqualified_reason")),
        "steps": [],
        "id": "c1",
        "handle": "ana-novak",
        "name": "Ana Novak",
        "prefix": "Dr",
        "given_name": "Ana",
        "additional_name": None,
        "family_name": "Novak",
        "suffix": None,
        "nickname": "Ani",
        "language": "sl",
        "org": "Acme",
        "title": "CEO",
        "department": "Board",
        "email": "Ana@Acme.si",
        "phone": "040 123 456",
        "emails": [],
        "phones": [],
        "urls": [],
        "addresses": [{"label": "home", "street": "Cesta 1", "locality": "Kranj"}],
        "birthday": "1990-05-17",
        "dates": [{"label": "name day", "value": "--07-26"}],
        "date_leads": [],
        "tags": ["vip", "Fair"],
        "lifecycle_stage": "lead",
        "owner": "eva",
        "last_touch": None,
        "cadence_days": None,
        "cadence_max_days": None,
        "bumped_on": None,
        "paused_until_on": None,
        "next_touch": None,
        "do_not_contact": False,
        "deceased": False,
        "unanswered": None,
        "unanswered_at": None,
        "note": "met at the fair",
        "custom": {"tea": "green"},
        "uid": "",
        "created": "2026-11-23T09:00:00Z",
        "updated": "2026-11-23T09:00:00Z",
    }
    assert row["emails"] == [
        {
            "label": "work",
            "value": "Ana@Acme.si",
            "norm": "ana@acme.si",
            "primary": True,
            "status": "active",
        },
        {
            "label": None,
            "value": "ana@home.si",
            "norm": "ana@home.si",
            "primary": False,
            "status": "active",
        },
    ]
    assert (row["phones"][0]["norm"], row["urls"][0]["norm"]) == ("+38640123456", "acme.si/ana")
    assert len(row["uid"]) == 36


def test_get_keeps_the_order_asked_for_and_leaves_out_who_is_missing(crm):
    for name in ("Ana", "Bo", "Cene"):
        crm.contact(name)
    assert [c.name for c in contact.get_contacts(crm.conn, [3, 99, 1])] == ["Cene", "Ana"]


def test_nothing_changed_writes_nothing(crm):
    crm.contact("Ana Novak", **FULL)
    group = crm.last_group()
    assert not crm.edit(
        1,
        values={"note": "met at the fair"},
        custom={"tea": "green", "absent": ""},
        owner="eva",
        emails=["ANA@acme.si"],
        off_emails=["nobody@acme.si"],
        addresses=[{"label": "home", "street": "Cesta 1", "locality": "Kranj"}],
        tags=["VIP"],
        off_tags=["absent"],
        dates=[DateDraft("birthday", 1990, 5, 17)],
        off_dates=["absent"],
        job={"org": "ACME", "title": "CEO"},
    )
    assert crm.last_group() == group


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"off_emails": ["a@x.si"]}, [("b@x.si", True), ("c@x.si", False)]),
        ({"off_emails": ["B@X.si"]}, [("a@x.si", True), ("c@x.si", False)]),
        ({"off_emails": ["a@x.si", "b@x.si"]}, [("c@x.si", True)]),
        ({"off_emails": ["a@x.si", "b@x.si", "c@x.si"]}, []),
        (
            {"off_emails": ["a@x.si", "b@x.si", "c@x.si"], "emails": ["d@x.si"]},
            [("d@x.si", True)],
        ),
        (
            {"off_emails": ["a@x.si"], "emails": ["a@x.si"]},
            [("b@x.si", True), ("c@x.si", False), ("a@x.si", False)],
        ),
    ],
)
def test_there_is_always_one_primary_channel(crm, change, expected):
    crm.contact(emails=["a@x.si", "b@x.si", "c@x.si"], phones=["040 123 456"])
    assert crm.edit(1, **change)
    assert values(crm) == expected
    assert values(crm, "phone") == [("040 123 456", True)]


def test_channels_of_an_org_and_a_contact_with_the_same_id_are_apart(crm):
    crm.contact(emails=["a@x.si"])
    crm.org("Acme", emails=["a@x.si"])
    crm.edit(1, off_emails=["a@x.si"])
    assert values(crm) == []
    assert crm.all("SELECT value FROM channel WHERE org_id = 1") == ["a@x.si"]


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ({"org": "Beta"}, ("Beta", "CEO")),
        ({"org": "Beta", "title": "CTO"}, ("Beta", "CTO")),
        ({"title": "CTO"}, ("Acme", "CTO")),
        ({"title": None}, ("Acme", None)),
        ({"department": "Sales"}, ("Acme", "CEO")),
        ({"org": None}, (None, None)),
        ({"org": ""}, (None, None)),
        ({"org": None, "title": "CTO"}, (None, None)),
    ],
)
def test_a_job_changes(crm, job, expected):
    crm.contact(org="Acme", title="CEO")
    assert crm.edit(1, job=job)
    assert (got(crm).org, got(crm).title) == expected
    assert got(crm).department == job.get("department")
    assert crm.all("SELECT count(*) FROM employment") == [int(expected[0] is not None)]


def test_a_job_begins_and_its_org_is_made_once(crm):
    crm.org("Acme")
    crm.contact("Ana")
    assert crm.edit(1, job={"org": "acme", "title": "CEO"})
    assert (got(crm).org, got(crm).org_id) == ("Acme", 1)
    assert not crm.edit(crm.contact("Bo"), job={"org": None})


def test_a_title_without_an_org_is_refused(crm):
    crm.contact("Ana")
    with pytest.raises(InvalidError, match="needs an org"):
        crm.edit(1, job={"title": "CEO"})


def test_a_job_at_one_of_two_orgs_of_a_name_is_refused(crm):
    crm.contact("Ana")
    crm.org("Acme")
    crm.org("ACME")
    with pytest.raises(ConflictError, match="o1, o2"):
        crm.edit(1, job={"org": "acme"})


def test_yearly_dates_are_set_changed_and_dropped(crm):
    crm.contact(birthday="1990-05-17")
    assert crm.edit(1, dates=[DateDraft("birthday", None, 5, 18), DateDraft("other", 2000, 1, 2)])
    assert got(crm).json()["birthday"] == "--05-18"
    assert got(crm).json()["dates"] == [{"label": "other", "value": "2000-01-02"}]
    assert crm.edit(1, off_dates=["birthday", "other"])
    assert got(crm).dates == ()
    assert crm.edit(1, off_dates=["birthday"], dates=[DateDraft("birthday", 1991, 1, 2)])
    assert not crm.edit(1, off_dates=["other"])


def test_tags_fold_and_are_made_once(crm):
    crm.contact("Ana", tags=["vip"])
    crm.contact("Bo", tags=["VIP", "friend"])
    assert crm.all("SELECT name FROM tag ORDER BY id") == ["vip", "friend"]
    assert crm.edit(2, tags=["Vip", "new"], off_tags=["FRIEND"])
    assert got(crm, 2).tags == ("vip", "new")
    assert crm.edit(1, off_tags=["new", "vip"])
    assert (got(crm, 1).tags, got(crm, 2).tags) == ((), ("vip", "new"))


@pytest.mark.parametrize(
    ("stored", "changes", "expected"),
    [
        ("{}", {"b": "2", "a": "č"}, '{"a": "č", "b": "2"}'),
        ("", {"a": "1"}, '{"a": "1"}'),
        ('{"a": "1", "b": "2"}', {"a": "", "b": None, "c": ""}, "{}"),
        ('{"a": "1"}', {}, '{"a": "1"}'),
        ('{"a": "1"}', {"a": "2"}, '{"a": "2"}'),
    ],
)
def test_custom_values_are_merged(stored, changes, expected):
    assert field.merged(stored, changes) == expected


def test_an_edit_of_custom_values_keeps_the_others(crm):
    crm.contact(custom={"tea": "green", "dog": "Rex"})
    assert crm.edit(1, custom={"dog": "", "cat": "Mini"})
    assert got(crm).custom == {"tea": "green", "cat": "Mini"}


def test_a_cadence_and_its_limit_fit(crm):
    crm.contact(cadence_days=30, cadence_max_days=60)
    with pytest.raises(InvalidError, match="shorter"):
        crm.edit(1, values={"cadence_max_days": 20})
    assert crm.edit(1, values={"cadence_days": 60})
    assert crm.row("contact", 1)["cadence_max_days"] == 60
    assert crm.edit(1, values={"cadence_days": 90})
    assert crm.row("contact", 1)["cadence_max_days"] is None
    assert crm.edit(1, values={"cadence_days": None, "cadence_max_days": 5})


def test_addresses_are_added_once(crm):
    crm.contact(addresses=["Cesta 1"])
    assert not crm.edit(1, addresses=[{"street": "Cesta 1"}])
    assert crm.edit(1, addresses=[{"street": "Cesta 1", "locality": "Kranj"}])
    assert got(crm).addresses == (
        {"street": "Cesta 1"},
        {"street": "Cesta 1", "locality": "Kranj"},
    )


def test_an_edit_of_a_changed_record_is_refused(crm):
    crm.contact()
    version = crm.row("contact", 1)["version"]
    crm.edit(1, values={"note": "theirs"})
    change = party.Edit(values={"note": "mine"}, custom={})
    with pytest.raises(ConflictError, match="changed meanwhile"):
        crm.write(lambda w: edit_party(w, "contact", 1, change, version))
    assert got(crm).note == "theirs"
    assert crm.write(lambda w: contact.edit_contact(w, 1, change, version + 1)).value


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", "ana Bo Čop"),
        ("name", "ana Bo Čop"),
        ("-name", "Čop Bo ana"),
        ("id", "Čop ana Bo"),
        ("-id", "Bo ana Čop"),
        ("created", "Čop ana Bo"),
        ("-last_touch", "ana Čop Bo"),
    ],
)
def test_list_by_every_key(crm, sort, expected):
    for name in ("Čop", "ana", "Bo"):
        crm.contact(name)
    crm.log(1, at="2026-11-19T10:00:00Z")
    crm.log(2, at="2026-11-20T10:00:00Z")
    assert " ".join(names(crm, sort=sort)) == expected


def test_list_by_an_unknown_key_is_refused(crm):
    with pytest.raises(UsageError, match="'ownr'") as caught:
        names(crm, sort="-ownr")
    assert caught.value.hint.startswith("did you mean owner?")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("+vip", ["Ana", "Bo"]),
        ("+vip owner:eva", ["Bo"]),
        ("owner:me", ["Ana", "Cene"]),
        ("org.id:o1", ["Bo", "Cene"]),
        ("org.id:1 +vip", ["Bo"]),
        ("id:any", ["Ana", "Bo", "Cene"]),
        ("+none", []),
    ],
)
def test_list_by_a_filter(crm, where, expected):
    crm.contact("Ana", tags=["VIP"])
    crm.contact("Bo", tags=["vip"], owner="eva", org="Acme")
    crm.contact("Cene", org="Acme")
    assert names(crm, where=where) == expected
    assert names(crm, where=where, limit=1) == expected[:1]


def test_more_contacts_than_one_statement_takes(crm):
    def many(w):
        for number in range(1203):
            draft = draft_contact({"name": f"P{number:04}", "tags": ["t"]}, None)
            contact.add_contact(w, draft)

    crm.write(many)
    found = list(contact.list_contacts(crm.conn, Listing(sort="-name")))
    assert [c.name for c in found] == [f"P{n:04}" for n in reversed(range(1203))]
    assert {c.tags for c in found} == {("t",)}
    assert len(names(crm, limit=700)) == 700


def test_trash_and_restore(crm):
    crm.contact("Ana Novak", emails=["ana@acme.si"])
    crm.contact("Bo")
    assert crm.trash("contact", 1)
    assert not crm.trash("contact", 1)
    assert (names(crm), names(crm, trash=True)) == (["Bo"], ["Ana Novak"])
    assert got(crm).archived_at == "2026-11-23T09:00:00Z"
    assert crm.find("ana") == []
    assert crm.trash("contact", 1, archived=False)
    assert not crm.trash("contact", 1, archived=False)
    assert (names(crm), names(crm, trash=True)) == (["Ana Novak", "Bo"], [])
    assert crm.find("ana@acme.si") == ["c1"]
    assert not crm.trash("contact", 99)


def test_the_timeline_is_newest_first_and_without_trash(crm):
    crm.contact()
    for day in (18, 20, 19):
        crm.log(1, at=f"2026-11-{day}T10:00:00Z", body=str(day))
    assert [row["body"] for row in contact.timeline(crm.conn, 1, 9)] == ["20", "19", "18"]
    assert [row["body"] for row in contact.timeline(crm.conn, 1, 1)] == ["20"]
    crm.trash("interaction", 2)
    assert [row["body"] for row in contact.timeline(crm.conn, 1, 9)] == ["19", "18"]


def test_the_timeline_page_by_page(crm):
    crm.contact()
    for day in (20, 19, 20, 18, 20):  # several at the same moment
        crm.log(1, at=f"2026-11-{day}T10:00:00Z")
    whole = [row["id"] for row in contact.timeline(crm.conn, 1, 9)]
    assert whole == [5, 3, 1, 2, 4]
    for at, row in enumerate(contact.timeline(crm.conn, 1, 9)):
        rest = contact.timeline(crm.conn, 1, 9, (row["occurred_at"], row["id"]))
        assert [one["id"] for one in rest] == whole[at + 1 :]


def test_last_touch_follows_its_interactions(crm):
    crm.contact()
    crm.log(1, at="2026-11-18T10:00:00Z")
    crm.log(1, at="2026-11-20T10:00:00Z")
    note = draft_interaction({"kind": "note", "occurred_at": "2026-11-22T10:00:00Z"})
    crm.write(lambda w: interaction.add_interaction(w, note, [1]))
    crm.log(1, at="2026-11-21T10:00:00Z", outcome="no_answer")
    assert got(crm).last_touch_at == "2026-11-20T10:00:00Z"
    crm.trash("interaction", 2)
    assert got(crm).last_touch_at == "2026-11-18T10:00:00Z"
    crm.trash("interaction", 1)
    assert got(crm).last_touch_at is None


@pytest.mark.parametrize(
    ("date", "text"),
    [(DateDraft("x", 1990, 5, 7), "1990-05-07"), (DateDraft("x", None, 12, 31), "--12-31")],
)
def test_date_text(date, text):
    assert contact.date_text(date) == text
