"""Salesforce's reports and its Data Export."""

from datetime import datetime

import pytest

from crmcli.clock import Clock
from crmcli.interchange.record import Skip
from crmcli.interchange.salesforce import long_id

NOW = Clock("UTC", datetime(2026, 11, 23, 12))
ANA, ACME = "0038d00000ABCde", "001A0000006Vm9r"


def test_the_short_and_the_long_form_of_an_id_are_one():
    assert long_id("001A0000006Vm9r") == "001A0000006Vm9rIAC"
    assert long_id("001A0000006Vm9rIAC") == "001A0000006Vm9rIAC"
    assert long_id("x") == "x"


def test_a_report_with_its_footer(read_text):
    text = (
        '"First Name","Last Name","Email","Phone","Account Name","Mailing City",'
        '"Mailing State/Province","Mailing Zip/Postal Code","Lead Source","Contact ID"\n'
        f'"Ana","Novak","ana@acme.si","+386 1","Acme","Ptuj","Podravje","2250","Web","{ANA}"\n'
        '"Grand Totals (1 records)"\n"Confidential Information - Do Not Distribute"\n'
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    )
    reading, items = read_text(text)
    assert (reading.preset, reading.footers, len(items)) == ("salesforce", 3, 1)
    assert items[0].raw == {
        "given_name": "Ana",
        "family_name": "Novak",
        "name": "Ana Novak",
        "emails": [("", "ana@acme.si")],
        "phones": [("", "+386 1")],
        "org": "Acme",
        "addresses": [{"locality": "Ptuj", "region": "Podravje", "postal_code": "2250"}],
        "custom": {"lead_source": "Web"},
        "external": ("salesforce", long_id(ANA)),
    }


def test_contacts_of_a_data_export(read_text):
    text = (
        '"Id","IsDeleted","MasterRecordId","AccountId","LastName","FirstName","Salutation","Name",'
        '"MailingStreet","MailingCountry","MobilePhone","Email","Title","Birthdate","OwnerId",'
        '"CreatedDate","HasOptedOutOfEmail","LeadSource","Shoe__c"\n'
        f'"{long_id(ANA)}","false","","{long_id(ACME)}","Novak","Ana","Dr.","Ana Novak","Trg 1",'
        f'"SI",'
        '"+386 40","ana@acme.si","CTO","1980-05-17","005x","2024-06-01T12:00:00.000Z","false",'
        '"Web",'
        '"39"\n'
        f'"003x","true","","","Gone","Gus","","","","","","","","","","","","",""\n'
    )
    reading, items = read_text(text, clock=NOW)
    assert items[0].raw == {
        "external": ("salesforce", long_id(ANA)),
        "org_external": ("salesforce", long_id(ACME)),
        "given_name": "Ana",
        "family_name": "Novak",
        "prefix": "Dr.",
        "name": "Ana Novak",
        "addresses": [{"street": "Trg 1", "country": "SI"}],
        "phones": [("mobile", "+386 40")],
        "emails": [("", "ana@acme.si")],
        "title": "CTO",
        "birthday": "1980-05-17",
        "created": "2024-06-01T12:00:00Z",
        "custom": {"lead_source": "Web"},
    }
    assert (type(items[1]), items[1].reason) == (Skip, "is deleted there")
    assert (
        "column 'Shoe__c' is not imported (1 value), keep with --map 'Shoe__c=custom:shoe_c'"
        in (reading.notes)
    )


def test_accounts(raws):
    text = (
        "Id,IsDeleted,Name,Type,BillingStreet,BillingCity,Phone,Website,Industry,AnnualRevenue,"
        f"NumberOfEmployees,OwnerId,CreatedDate,Description\n{ACME},0,Acme,Customer - Direct,Trg 1,"
        "Ptuj,+386 1,acme.si,IT,12,3,005,2024-06-01T12:00:00.000Z,x\n"
    )
    assert raws(text, clock=NOW) == [
        {
            "external": ("salesforce", long_id(ACME)),
            "name": "Acme",
            "kind": "client",
            "addresses": [{"label": "billing", "street": "Trg 1", "locality": "Ptuj"}],
            "phones": [("", "+386 1")],
            "domain": "acme.si",
            "urls": [("", "acme.si")],
            "industry": "IT",
            "custom": {
                "annual_revenue": "12",
                "number_of_employees": "3",
                "type": "Customer - Direct",
            },
            "created": "2024-06-01T12:00:00Z",
            "note": "x",
        }
    ]


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("Open - Not Contacted", "lead"),
        ("Working - Contacted", "lead"),
        ("Closed - Converted", "qualified"),
        ("Closed - Not Converted", "other"),
        ("Something else", "lead"),
    ],
)
def test_leads(raws, status, stage):
    (raw,) = raws(
        f"First Name,Last Name,Company,Lead Status,Lead Source\nAna,Novak,Acme,{status},\n"
    )
    assert raw["lifecycle_stage"] == stage
    assert raw["custom"] == {"lead_status": status}
    assert raw["org"] == "Acme"


def test_tasks_and_what_is_done(read_text):
    text = (
        "Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,Description,TaskSubtype,AccountId,"
        "IsDeleted,CompletedDateTime\n"
        f"00T1,{ANA},,Call Ana,2026-11-20,Completed,High,Went well,Call,{ACME},false,\n"
        f"00T2,{ANA},,Send it,2026-12-01,Not Started,,,Task,,false,\n"
        "00T3,,,Chore,2026-11-01,Completed,,,Task,,false,2026-11-02T08:00:00.000Z\n"
        "00T4,,,Old,2026-11-01,Completed,,,Task,,true,\n"
    )
    _, items = read_text(text, clock=NOW)
    ana = {"external": ("salesforce", long_id(ANA)), "name": None}
    assert [(item.noun, item.raw) for item in items[:3]] == [
        (
            "interaction",
            {
                "external": ("salesforce", "00T1"),
                "people": [ana],
                "org": {"external": ("salesforce", long_id(ACME)), "name": None},
                "kind": "call",
                "occurred_at": "2026-11-20T12:00:00Z",
                "body": "Call Ana\nWent well",
            },
        ),
        (
            "task",
            {
                "external": ("salesforce", "00T2"),
                "people": [ana],
                "title": "Send it",
                "body": "",
                "kind": "todo",
                "due_on": "2026-12-01",
            },
        ),
        (
            "task",
            {
                "external": ("salesforce", "00T3"),
                "people": [],
                "title": "Chore",
                "body": "",
                "kind": "todo",
                "due_on": "2026-11-01",
                "status": "completed",
                "completed_at": "2026-11-02T08:00:00Z",
            },
        ),
    ]
    assert isinstance(items[3], Skip)


def test_events(read_text):
    text = (
        "Id,WhoId,Subject,StartDateTime,DurationInMinutes,Description,IsDeleted\n"
        f"00U1,{ANA},Lunch,2026-11-20T11:00:00.000Z,60,Good,false\n"
        f"00U2,{ANA},Next,2026-12-20T11:00:00.000Z,60,,false\n"
    )
    _, items = read_text(text, clock=NOW)
    assert items[0].noun == "interaction"
    assert items[0].raw["kind"] == "meeting"
    assert items[0].raw["duration_seconds"] == "3600"
    assert items[1].noun == "task"
    assert (items[1].raw["due_on"], items[1].raw["due_time"]) == ("2026-12-20", "11:00")
    assert items[1].raw["tz"] == "UTC"


def test_notes(raws):
    text = (
        f"Id,IsDeleted,ParentId,Title,Body,OwnerId,CreatedDate\n"
        f"0021,0,{ACME},Visit,Gate code,005,2024-06-01T12:00:00.000Z\n"
    )
    assert raws(text) == [
        {
            "external": ("salesforce", "0021"),
            "kind": "note",
            "body": "Visit\nGate code",
            "occurred_at": "2024-06-01T12:00:00Z",
            "people": [],
            "org": {"external": ("salesforce", long_id(ACME)), "name": None},
        }
    ]


def test_opportunities_of_a_report(read_text):
    text = "Opportunity Name,Stage,Amount Currency,Amount,Account Name\nDeal,Won,USD,12,Acme\n"
    reading, items = read_text(text)
    assert (reading.preset, reading.noun) == ("salesforce", "deal")
    assert items[0].raw | {"external": None} == {
        "external": None,
        "name": "Deal",
        "stage": "Won",
        "currency": "USD",
        "amount": "12",
        "org": {"name": "Acme"},
    }
    assert items[0].more == [("org", {"name": "Acme"})]


def test_opportunities_of_a_data_export(read_text):
    text = (
        "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,OwnerId,CreatedDate\n"
        f"006000000000001AAA,false,{ACME},Big,Negotiation,5,2026-12-01,005,2026-01-02T00:00:00Z\n"
        "006000000000002AAA,true,,Gone,Negotiation,5,2026-12-01,005,2026-01-02T00:00:00Z\n"
    )
    _, items = read_text(text)
    assert items[0].raw["org"] == {"external": ("salesforce", long_id(ACME))}
    assert (items[0].raw["created"], items[0].more) == ("2026-01-02T00:00:00Z", [])
    assert isinstance(items[1], Skip)
