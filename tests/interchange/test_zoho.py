"""Zoho's five files."""

from crmcli.clock import Clock
from crmcli.interchange.record import Reject, Skip

NOTES = "Note Id,Note Title,Note Content,Parent ID,Parent Module,Created Time\n"


def test_a_contact_is_linked_by_id_with_or_without_the_prefix(raws):
    head = "Record Id,First Name,Last Name,Account Name,Account Name.id,Email,Created Time,"
    head += "Email Opt Out"
    rows = (
        "zcrm_11,Ana,Novak,Acme,zcrm_21,ana@acme.si,2024-03-12 09:14:00,false\n"
        '12,Bo,Li,Acme,21,bo@acme.si,"Sep 12, 2026 10:00",true\n'
        "13,Cene,Kos,,,c@x.si,01/02/2025,\n"
    )
    first, second, third = raws(f"{head}\n{rows}", clock=Clock("UTC"))
    assert first["external"] == ("zoho", "11")
    assert first["org_external"] == second["org_external"] == ("zoho", "21")
    assert first["created"] == "2024-03-12T09:14:00Z"
    assert "tags" not in first
    assert second["created"] == "2026-09-12T10:00:00Z"
    assert (second["tags"], second["do_not_contact"]) == (["unsubscribed"], "yes")
    assert third["custom"] == {"created_time": "01/02/2025"}


def test_leads_and_junk(read_text):
    text = (
        "Record Id,Lead Owner,Company,First Name,Last Name,Email,Lead Status\n"
        "1,Pat,Acme,Ana,Novak,ana@acme.si,Contacted\n2,Pat,,Spam,Bot,s@x.si,Junk Lead\n"
    )
    reading, items = read_text(text)
    assert items[0].raw["lifecycle_stage"] == "lead"
    assert items[0].raw["custom"] == {"lead_status": "Contacted"}
    assert isinstance(items[1], Skip)
    assert reading.notes == ["1 row left out: marked as junk"]


def test_notes_go_to_their_parents(read_text):
    text = NOTES + (
        '1,Call,"Line one\nand two",zcrm_21,Accounts,2024-03-12 09:14:00\n'
        "2,,Hi,11,Contacts,2024-03-13 09:14:00\n"
        "3,,Hi,31,Deals,2024-03-13 09:14:00\n"
        "4,,Hi,,Contacts,2024-03-13 09:14:00\n"
    )
    reading, items = read_text(text, clock=Clock("UTC"))
    assert (reading.preset, reading.noun) == ("zoho", "interaction")
    assert [item.raw for item in items[:2]] == [
        {
            "external": ("zoho", "1"),
            "kind": "note",
            "body": "Call\nLine one\nand two",
            "occurred_at": "2024-03-12T09:14:00Z",
            "org": {"external": ("zoho", "21")},
        },
        {
            "external": ("zoho", "2"),
            "kind": "note",
            "body": "Hi",
            "occurred_at": "2024-03-13T09:14:00Z",
            "people": [{"external": ("zoho", "11")}],
        },
    ]
    assert [type(item) for item in items[2:]] == [Skip, Reject]
    assert items[2].reason == "a note about a deal: only those about people and orgs are brought in"
    assert items[3].reason == "a note that names no record it belongs to"


def test_notes_without_a_date_are_dated_now_and_said(read_text):
    from datetime import datetime

    clock = Clock("UTC", datetime(2026, 11, 23, 12))
    text = "Note Id,Note Content,Parent ID,Parent Module\n1,Hi,11,Contacts\n"
    reading, items = read_text(text, clock=clock)
    assert items[0].raw["occurred_at"] == "2026-11-23T12:00:00Z"
    assert reading.notes == ["notes without a date, dated now: 1"]


def test_an_account(raws):
    text = (
        "Record Id,Account Owner,Account Name,Phone,Website,Account Type,Billing City,"
        "Shipping City,"
        "Employees,Description\nzcrm_1,Pat,Acme,+386 1,acme.si,Distributor,Ptuj,Celje,12,x\n"
    )
    assert raws(text) == [
        {
            "external": ("zoho", "1"),
            "owner": "Pat",
            "name": "Acme",
            "phones": [("", "+386 1")],
            "domain": "acme.si",
            "urls": [("", "acme.si")],
            "kind": "partner",
            "addresses": [
                {"label": "billing", "locality": "Ptuj"},
                {"label": "shipping", "locality": "Celje"},
            ],
            "custom": {"account_type": "Distributor", "employees": "12"},
            "note": "x",
        }
    ]


def test_deals_of_either_header(read_text):
    for stage in ("Stage", "Closing Date"):
        _, items = read_text(f"Record Id,Deal Name,Account Name,{stage}\n1,A,Acme,x\n")
        assert items[0].noun == "deal"
        assert items[0].raw["org"] == {"name": "Acme"}


def test_tasks(read_text):
    text = (
        "Record Id,Task Owner,Subject,Due Date,Contact Name,Contact Name.id,Related To,"
        "Related To.id,Status,Priority,Description,Closed Time\n"
        "zcrm_51,Pat,Call back,2026-12-01,Dana W,zcrm_11,Acme,21,Waiting on someone else,High,x,\n"
        "52,Pat,Send,,,,,,Completed,Normal,,2024-03-12 09:14:00\n"
    )
    reading, items = read_text(text, clock=Clock("UTC"))
    assert (reading.preset, reading.noun) == ("zoho", "task")
    assert [item.raw for item in items] == [
        {
            "external": ("zoho", "51"),
            "owner": "Pat",
            "title": "Call back",
            "kind": "todo",
            "due_on": "2026-12-01",
            "body": "x\nstatus: Waiting on someone else",
            "priority": "2",
            "people": [{"external": ("zoho", "11"), "name": "Dana W"}],
            "org": {"external": ("zoho", "21"), "name": "Acme"},
        },
        {
            "external": ("zoho", "52"),
            "owner": "Pat",
            "title": "Send",
            "kind": "todo",
            "due_on": None,
            "body": "",
            "status": "completed",
            "completed_at": "2024-03-12T09:14:00Z",
        },
    ]
