"""HubSpot's contacts, companies and deals, whatever columns they have."""

import pytest

from crmcli.clock import Clock
from crmcli.interchange.record import Skip

UTC = {"clock": Clock("UTC")}


def test_a_contact_with_all_its_columns(raws):
    head = (
        "Record ID,Salutation,First Name,Last Name,Email,Additional email addresses,Phone Number,"
        "Mobile Phone Number,Job Title,Associated Company,Associated Company IDs,Company name,"
        "Lifecycle Stage,Lead Status,Contact owner,Create Date,Street Address,City,State/Region,"
        "Postal Code,Country/Region,Date of birth,Unsubscribed from all email"
    )
    row = (
        "8001,Ms,Ana,Novak,ana@acme.si,a@x.si;b@x.si,+386 1,+386 40,CTO,Acme;Beta,9001;9002,"
        "Acme d.d.,"
        "Marketing Qualified Lead,NEW,Bo Li,2024-03-12 09:14,Trg 1,Ptuj,Podravje,2250,SI,5/17/1980,"
        "true"
    )
    assert raws(f"{head}\n{row}\n", **UTC) == [
        {
            "external": ("hubspot", "8001"),
            "prefix": "Ms",
            "given_name": "Ana",
            "family_name": "Novak",
            "name": "Ana Novak",
            "emails": [("", "ana@acme.si"), ("", "a@x.si"), ("", "b@x.si")],
            "phones": [("", "+386 1"), ("mobile", "+386 40")],
            "title": "CTO",
            "org": "Acme",
            "org_external": ("hubspot company", "9001"),
            "lifecycle_stage": "qualified",
            "owner": "Bo Li",
            "created": "2024-03-12T09:14:00Z",
            "addresses": [
                {"street": "Trg 1", "locality": "Ptuj", "region": "Podravje",
                 "postal_code": "2250", "country": "SI"}
            ],
            "birthday": "1980-05-17",
            "tags": ["unsubscribed"],
            "do_not_contact": "yes",
            "custom": {
                "associated_company": "Acme;Beta",
                "associated_company_ids": "9001;9002",
                "company_name": "Acme d.d.",
                "lifecycle_stage": "Marketing Qualified Lead",
                "lead_status": "NEW",
            },
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("Customer", ("customer", None)),
        ("customer", ("customer", None)),
        ("salesqualifiedlead", ("qualified", "salesqualifiedlead")),
        ("Evangelist", ("evangelist", None)),
        ("Won back", (None, "Won back")),
    ],
)
def test_lifecycle_stages(raws, stage, expected):
    (raw,) = raws(f"Record ID,First Name,Lifecycle Stage\n1,Ana,{stage}\n")
    kept = raw.get("custom", {}).get("lifecycle_stage")
    assert (raw.get("lifecycle_stage"), kept) == expected


def test_a_name_in_a_column_of_ids(raws):
    (raw,) = raws("Record ID,Email,Associated Company IDs\n1,a@x.si,Harbour Ltd\n")
    assert (raw["org"], raw.get("org_external")) == ("Harbour Ltd", None)


def test_ambiguous_dates_are_kept_as_text(read_text):
    text = "Record ID,Email,Create Date\n1,a@x.si,01/02/2025\n2,b@x.si,2025-02-01\n"
    reading, items = read_text(text, **UTC)
    assert items[0].raw["custom"] == {"create_date": "01/02/2025"}
    assert items[1].raw["created"] == "2025-02-01T12:00:00Z"
    note = "dates that are kept as text, for day and month may be either: 1"
    assert reading.notes == [note]
    reading, items = read_text(text, date_order="dmy", **UTC)
    assert items[0].raw["created"] == "2025-02-01T12:00:00Z"
    assert reading.notes == []


def test_a_company_with_its_columns(raws):
    head = (
        "Record ID,Name,Company name,Company Domain Name,Website URL,Phone Number,Company owner,"
        "Type,"
        "Industry,Number of Employees,City,Description,Create Date,About Us"
    )
    row = (
        "9001,Acme,Acme d.o.o.,acme.si,https://www.acme.si,+386 1,Bo,RESELLER,IT,12,Ptuj,We make,,x"
    )
    assert raws(f"{head}\n{row}\n") == [
        {
            "external": ("hubspot company", "9001"),
            "name": "Acme d.o.o.",
            "domain": "acme.si",
            "urls": [("", "https://www.acme.si")],
            "phones": [("", "+386 1")],
            "owner": "Bo",
            "kind": "partner",
            "industry": "IT",
            "addresses": [{"locality": "Ptuj"}],
            "note": "We make\nx",
            "custom": {"name": "Acme", "type": "RESELLER", "number_of_employees": "12"},
        }
    ]


def test_deals(read_text):
    text = (
        "Deal Name,Deal Stage,Amount,Record ID,Close Date,Deal owner,Associated Company IDs,"
        "Associated Company,Associated Contact IDs,Associated Contact,Deal Type\n"
        "A,Closed Won,1,7,2026-10-01 14:00,Sam,9001,Acme,101;102,Ana (ana@acme.si);Bo,new\n"
        "B,Proposal,2,,soon,,Harbour Ltd,,,Cy <cy@x.si>,\n"
    )
    reading, items = read_text(text, clock=Clock("UTC"))
    assert (reading.preset, reading.noun) == ("hubspot", "deal")
    org = {"external": ("hubspot company", "9001"), "name": "Acme"}
    assert (items[0].noun, items[0].more) == ("deal", [("org", org)])
    assert items[0].raw == {
        "name": "A",
        "stage": "Closed Won",
        "amount": "1",
        "external": ("hubspot", "7"),
        "close_date": "2026-10-01",
        "closed": "2026-10-01T14:00:00Z",
        "owner": "Sam",
        "people": [
            {"external": ("hubspot", "101"), "name": "Ana", "email": "ana@acme.si"},
            {"external": ("hubspot", "102"), "name": "Bo"},
        ],
        "org": org,
        "custom": {"deal_type": "new"},
    }
    assert items[1].raw["custom"] == {"close_date": "soon"}
    assert items[1].raw["org"] == {"name": "Harbour Ltd"}
    assert items[1].raw["people"] == [{"name": "Cy", "email": "cy@x.si"}]
    _, again = read_text(text, clock=Clock("UTC"))
    assert again[1].raw["external"] == items[1].raw["external"]  # the same each time


def test_unknown_columns_are_named_with_the_way_to_keep_them(read_text):
    text = "Record ID,First Name,Shoe size\n1,Ana,39\n"
    reading, _ = read_text(text)
    assert reading.notes == [
        "column 'Shoe size' is not imported (1 value), keep with --map 'Shoe size=custom:shoe_size'"
    ]
    _, items = read_text(text, mapping="Shoe size=custom:shoe")
    assert items[0].raw["custom"] == {"shoe": "39"}


def test_a_row_with_nothing_but_its_id_is_nobody(read_text):
    _, items = read_text("Record ID,First Name,Email,Create Date\n103,,,2024-01-01\n")
    assert isinstance(items[0], Skip)
