"""The sample files of the corpus, read in place: every cell accounted for."""

from datetime import datetime

import pytest

from crmcli.clock import Clock
from crmcli.errors import InvalidError
from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record, Skip


@pytest.fixture
def read_file(corpus):
    def run(name: str, **options):
        path = corpus / name
        if not path.exists():
            pytest.skip(f"no {name} in the corpus")
        with read(str(path), How(**options)) as reading:
            return reading, list(reading)

    return run


def linkedin(given, family, slug=None, email=None, org=None, title=None, date=None, **more):
    """Build the raw record expected for a connection."""
    raw = {"given_name": given, "family_name": family, "name": f"{given} {family}"}
    if slug:
        url = f"https://www.linkedin.com/in/{slug}"
        raw |= {"external": ("linkedin", url), "urls": [("linkedin", url)]}
    raw |= {"emails": [("", email)]} if email else {}
    raw |= {"org": org} if org else {}
    raw |= {"title": title} if title else {}
    raw |= {"custom": {"linkedin_connected_on": date}} if date else {}
    return {key: value for key, value in (raw | more).items() if value}


def test_google_old(read_file):
    reading, items = read_file("google/old_min.csv")

    assert (reading.preset, reading.noun, reading.encoding) == ("google", "contact", "utf-8")
    assert [(item.line, item.raw) for item in items] == [
        (
            2,
            {
                "name": "Jerry Mathis",
                "given_name": "Jerry",
                "family_name": "Mathis",
                "emails": [("work", "jerry@example.com")],
                "phones": [("mobile", "(757) 555-0101")],
                "org": "Example Partners",
                "title": "Founder",
            },
        ),
        (
            3,
            {
                "name": "Zoë, Smith",
                "given_name": "Zoë",
                "family_name": "Smith",
                "emails": [("home", "zoe@example.com")],
                "org": "Unicode Works",
                "title": "Engineer",
            },
        ),
    ]
    assert sum(column.dropped for column in reading.columns) == 0


def test_linkedin_with_preamble(read_file):
    reading, items = read_file("linkedin/connections_url_preamble.csv")

    assert (reading.preset, reading.header_line, reading.skipped_preamble) == ("linkedin", 4, 2)
    assert [item.raw for item in items[:-1]] == [
        linkedin(
            "Priya", "Sharma", "priya-sharma-1", None, "Razorpay", "Software Engineer II",
            "2021-03-12",
        ),
        linkedin(
            "Rahul", "Iyer", "rahul-iyer", "rahul@example.com", "Flipkart", "Senior SDE",
            "2020-01-05",
        ),
        linkedin(
            "Priya", "Sharma", "priya-sharma-2", None, "Razorpay Software Pvt Ltd",
            "Product Manager", "2022-02-01",
        ),
        linkedin("Anita", "Rao", "anita-rao", date="2019-07-20"),
    ]  # fmt: skip
    assert items[-1] == Skip(
        9,
        "holds nobody: no name and no way to reach one",
        ["", "", "", "", "", "", "01 Jan 2023"],
    )


def test_linkedin_crlf_and_quotes(read_file):
    _, items = read_file("linkedin/connections_crlf_quotes.csv")

    assert [(item.line, item.raw) for item in items] == [
        (5, linkedin("Anita", "Desai", "anita", None, "Razorpay", "Talent Partner, Product",
                     "2026-09-01")),
        (6, linkedin("Rohan", 'Mehta "RM"', "rohan", "rohan@example.com", "Postman", "Recruiter",
                     "2026-09-02")),
    ]  # fmt: skip


def test_linkedin_credentials_and_undefined(read_file):
    reading, items = read_file("linkedin/connections_credentials_undefined.csv")

    name = "Le Morette - Az. Agr. Valerio Zenato"
    assert [(item.line, item.raw) for item in items] == [
        (5, linkedin("Sarah", "Looper", "sarah-looper", None, "Loopersomm LLC", "CEO",
                     "2026-04-21", suffix="DipWSET", name="Sarah Looper, DipWSET")),
        (6, linkedin(name, "", "le-morette", name=name)),
    ]  # fmt: skip
    assert reading.notes == ["1 row shorter than the header, from line 6 on: kept"]


def test_linkedin_old_header(read_file):
    _, items = read_file("linkedin/connections_old_no_preamble.csv")

    assert [item.raw for item in items] == [
        linkedin("John", "Doe", None, "john@example.com", "Acme Corp", "Software Engineer",
                 "2023-10-15"),
        linkedin("Jane", "Smith", None, "jane@example.com", "TechStart", "Product Manager",
                 "2022-01-03"),
        linkedin("Alice", "Johnson", None, None, "Google", "Senior Developer", "2021-05-20"),
        linkedin("Bob", "Williams", None, "bob@example.com", "Microsoft", "Engineering Manager",
                 "2020-02-12"),
    ]  # fmt: skip


def test_linkedin_columns_in_another_order(read_file):
    reading, items = read_file("linkedin/connections_url_last.csv")

    assert len(items) == 10
    assert items[0].raw == linkedin(
        "Alice", "Johnson", "alicejohnson", "alice.johnson@techcorp.com", "TechCorp", "CTO",
        "2023-01-15",
    )  # fmt: skip
    assert items[9].raw == linkedin(
        "Jack", "Anderson", "jackanderson", "jack.a@openai.com", "OpenAI", "Research Scientist",
        "2024-03-25",
    )  # fmt: skip
    assert [(column.name, column.filled, column.dropped) for column in reading.columns] == [
        ("First Name", 10, 0),
        ("Last Name", 10, 0),
        ("Email Address", 7, 0),
        ("Company", 10, 0),
        ("Position", 10, 0),
        ("Connected On", 10, 0),
        ("URL", 10, 0),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "generic/title_lines_before_header.csv",
        "thunderbird/tab_comma_mixed_noheader.csv",
    ],
)
def test_files_that_are_no_people_are_refused(read_file, name):
    with pytest.raises(InvalidError, match="name") as caught:
        read_file(name)
    assert "--map" in caught.value.hint


def test_a_report_is_read_when_a_column_is_named(read_file):
    reading, items = read_file("generic/title_lines_before_header.csv", mapping="Customer=name")

    assert (reading.header_line, reading.skipped_preamble) == (5, 3)
    assert [(item.line, item.raw) for item in items] == [(6, {"name": "Acme"})]


def test_generic_repeated_header_and_line_breaks(read_file):
    reading, items = read_file("generic/duplicate_headers_multiline.csv")

    assert (reading.delimiter, reading.blank) == (";", 1)
    assert [(item.line, item.raw) for item in items] == [
        (2, {"emails": [("", "a@example.com")], "name": "Du\nPont", "tags": ["x", "y", "z"]}),
        (5, {"emails": [("", "b@example.com")], "name": "B"}),
    ]
    assert [column.name for column in reading.columns] == ["Email", "Nom", "Tags", "Tags (2)"]
    assert reading.notes == ["the header repeats 'Tags': its columns are numbered"]


def test_generic_address_over_two_lines(read_file):
    _, items = read_file("generic/quoted_multiline_address.csv")

    assert [(item.line, item.raw) for item in items] == [
        (
            2,
            {
                "name": "John Doe",
                "emails": [("", "john@example.com")],
                "phones": [("", "5551400")],
                "addresses": [{"street": "123 Main St\nApt 4B"}],
            },
        ),
        (
            4,
            {
                "name": "Jane Smith",
                "emails": [("", "jane@example.com")],
                "phones": [("", "5551401")],
                "addresses": [{"street": "456 Oak Ave"}],
            },
        ),
    ]


@pytest.mark.parametrize(
    ("name", "encoding", "email"),
    [
        ("thunderbird/shiftjis_addressbook.csv", "cp932", "名無しの小文字@host.invalid"),
        ("thunderbird/utf16_addressbook.csv", "utf-16", "test@host.invalid"),
    ],
)
def test_thunderbird_in_other_encodings(read_file, name, encoding, email):
    reading, items = read_file(name)

    assert (reading.encoding, reading.encoding_guessed) == (encoding, encoding == "cp932")
    assert [item.raw for item in items] == [
        {
            "name": "名無しの小文字",
            "given_name": "小文字",
            "family_name": "名無し",
            "emails": [("", email)],
        }
    ]


def test_thunderbird_company_as_a_person(read_file):
    _, items = read_file("thunderbird/quote.csv")

    assert [item.raw for item in items] == [
        {"name": "Acer America", "phones": [("work", "(800) 000-0000")], "org": "Acer America"}
    ]


UTC = {"clock": Clock("UTC", datetime(2026, 11, 23, 12))}


def told(items):
    """Give (line, noun, raw) of each record, and (line, reason) of what is left out."""
    return [
        (item.line, item.noun, item.raw) if isinstance(item, Record) else (item.line, item.reason)
        for item in items
    ]


def test_hubspot_companies(read_file):
    reading, items = read_file("hubspot/companies.csv", **UTC)

    assert (reading.preset, reading.noun, reading.header_line) == ("hubspot", "org", 1)
    bluebay = {"name": "Bluebay Gaming Ltd", "owner": "Sam Sales", "domain": "bluebay.example.test"}
    harbour = {"name": "Harbour Lotteries Ltd", "owner": "Sam Sales"}
    harbour |= {"domain": "harbour.example.test"}
    assert told(items) == [
        (
            2,
            "org",
            bluebay
            | {
                "external": ("hubspot company", "9001"),
                "urls": [("", "bluebay.example.test")],
                "created": "2024-02-01T09:30:00Z",
                "custom": {"legal_entity_address": "1 Example Street, London"},
            },
        ),
        (
            3,
            "org",
            harbour
            | {
                "external": ("hubspot company", "9002"),
                "urls": [("", "harbour.example.test")],
                "created": "2023-11-12T14:00:00Z",
            },
        ),
        (
            4,
            "org",
            {
                "external": ("hubspot company", "9003"),
                "name": "Kestrel Sports Ltd",
                "owner": "Former Employee",
                "created": "2025-05-20T08:00:00Z",
            },
        ),
        (5, "org", {"external": ("hubspot company", "9004"), "name": "bluebay gaming ltd"}),
    ]
    assert [c.name for c in reading.columns if c.dropped] == []


def test_hubspot_contacts(read_file):
    reading, items = read_file("hubspot/contacts.csv")

    assert reading.preset == "hubspot"
    assert [item.raw["external"][1] for item in items] == ["8001", "8002", "8003", "8004"]
    assert [item.raw["org_external"][1] for item in items] == ["9001", "9002", "9003", "9001"]
    assert items[1].raw == {
        "external": ("hubspot", "8002"),
        "given_name": "Ben",
        "family_name": "Example",
        "name": "Ben Example",
        "emails": [("", "ben@harbour.example.test")],
        "title": "CEO",
        "org_external": ("hubspot company", "9002"),
        "custom": {"associated_company_ids": "9002;9999"},
    }
    assert items[2].raw["phones"] == [("", "+44 20 0000 0000")]
    assert [c.name for c in reading.columns if c.dropped] == []


def test_hubspot_dates_of_two_styles_and_an_empty_record(read_file):
    reading, items = read_file("hubspot/contacts_mixed_dates.csv", **UTC)

    assert told(items) == [
        (
            2,
            "contact",
            {
                "external": ("hubspot", "101"),
                "given_name": "Camille",
                "family_name": "Durand",
                "name": "Camille Durand",
                "emails": [("", "camille@example.com")],
                "phones": [("", "+33 6 00 00 00 00")],
                "custom": {"lead_status": "NEW"},
                "created": "2024-03-12T09:14:00Z",
                "org": "PT Demo Villa Investama",
                "addresses": [{"country": "France"}],
                "owner": "owner@example.com",
            },
        ),
        (
            3,
            "contact",
            {
                "external": ("hubspot", "102"),
                "given_name": "John",
                "family_name": "Smith",
                "name": "John Smith",
                "emails": [("", "JOHN@Example.com")],
                "custom": {"lead_status": "OPEN_DEAL"},
                "created": "2024-03-15T14:30:00Z",
                "addresses": [{"country": "Australia"}],
            },
        ),
        (4, "holds nobody: no name and no way to reach one"),
        (
            5,
            "contact",
            {
                "external": ("hubspot", "104"),
                "given_name": "Camille",
                "family_name": "Durand",
                "name": "Camille Durand",
                "emails": [("", "camille@example.com")],
                "created": "2024-03-13T09:14:00Z",
            },
        ),
        (
            6,
            "contact",
            {"external": ("hubspot", "105"), "emails": [("", "noname@example.com")]},
        ),
    ]
    assert reading.notes == ["1 row left out: holds nobody: no name and no way to reach one"]


@pytest.mark.parametrize(
    ("name", "preset", "expected"),
    [
        (
            "hubspot/deals.csv",
            "hubspot",
            [
                ("Bluebay – Casino", "Proposal", "15000", None),
                (
                    "Harbour – Draw Games",
                    "Contract Sent (old stage)",
                    "2500",
                    "Harbour Lotteries Ltd",
                ),
            ],
        ),
        (
            "zoho/Deals_2026.csv",
            "zoho",
            [
                (
                    *("Maple Ridge Plaza mill & overlay", "Proposal/Price Quote"),
                    *("95,570.69", "Ridge Property Group"),
                ),
                ("Cedar Lane sealcoat", "Closed Won", "$12,400.00", "Cedar Lane HOA"),
                ("Library lot patching", "Closed Lost", "8000", "City of Westerville"),
                (None, "Qualification", None, "Ridge Property Group"),
            ],
        ),
        (
            "salesforce/gtm_export.csv",
            "salesforce",
            [("Aurora Bank — Process Mining", "Proposal", "450000", "Aurora Bank")],
        ),
    ],
)
def test_deals(read_file, name, preset, expected):
    reading, items = read_file(name)

    assert (reading.preset, reading.noun) == (preset, "deal")
    raws = [item.raw for item in items if isinstance(item, Record)]
    found = [
        (*(raw.get(key) for key in ("name", "stage", "amount")), raw.get("org", {}).get("name"))
        for raw in raws
    ]
    assert found == expected


def test_zoho_accounts(read_file):
    reading, items = read_file("zoho/Accounts_2026.csv")

    assert (reading.preset, reading.noun) == ("zoho", "org")
    assert told(items) == [
        (
            2,
            "org",
            {
                "external": ("zoho", "4876876000000111"),
                "owner": "Pat",
                "name": "Ridge Property Group",
                "phones": [("", "(614) 555-0100")],
                "domain": "ridgepg.example",
                "urls": [("", "ridgepg.example")],
                "kind": "client",
                "addresses": [
                    {"label": "billing", "street": "100 Ridge Rd", "locality": "Columbus",
                     "region": "OH", "postal_code": "43215"}
                ],
                "note": "Manages 12 lots",
            },
        ),
        (
            3,
            "org",
            {
                "external": ("zoho", "4876876000000112"),
                "owner": "Pat",
                "name": "Cedar Lane HOA",
                "phones": [("", "614-555-0200")],
                "custom": {"account_type": "Homeowners Association"},
                "addresses": [
                    {"label": "billing", "street": "1 Cedar Ln", "locality": "Dublin",
                     "region": "OH", "postal_code": "43017"}
                ],
            },
        ),
        (
            4,
            "org",
            {"external": ("zoho", "4876876000000114"), "owner": "Pat", "phones": [("", "555")]},
        ),
    ]  # fmt: skip


def test_zoho_contacts_leads_and_notes(read_file):
    _, items = read_file("zoho/Contacts_2026.csv")
    assert items[0].raw == {
        "external": ("zoho", "4876876000000211"),
        "owner": "Pat",
        "given_name": "Dana",
        "family_name": "Whitfield",
        "name": "Dana Whitfield",
        "org": "Ridge Property Group",
        "org_external": ("zoho", "4876876000000111"),
        "emails": [("", "dana@ridgepg.example")],
        "phones": [("mobile", "614-555-0101")],
    }
    assert items[1].raw["note"] == "Wants the driveway sealed"

    _, items = read_file("zoho/Leads_2026.csv")
    assert (items[0].raw["org"], items[0].raw["lifecycle_stage"]) == ("Hillcrest Church", "lead")
    assert items[0].raw["custom"] == {"lead_source": "Website", "lead_status": "Contacted"}
    assert told(items)[1] == (3, "marked as junk")

    reading, items = read_file("zoho/Notes_2026.csv", **UTC)
    assert told(items) == [
        (2, "a note about a deal: only those about people and orgs are brought in"),
        (
            3,
            "interaction",
            {
                "external": ("zoho", "2"),
                "kind": "note",
                "body": "Gate code 1234",
                "org": {"external": ("zoho", "4876876000000112")},
                "occurred_at": "2026-11-23T12:00:00Z",
            },
        ),
        (
            4,
            "interaction",
            {
                "external": ("zoho", "3"),
                "kind": "note",
                "body": "Orphan\n???",
                "org": {"external": ("zoho", "999")},
                "occurred_at": "2026-11-23T12:00:00Z",
            },
        ),
    ]
    assert "notes without a date, dated now: 2" in reading.notes


def test_salesforce_leads(read_file):
    reading, items = read_file("salesforce/lead_list.csv", **UTC)

    assert reading.preset == "salesforce"
    assert [(item.raw["name"], item.raw["lifecycle_stage"]) for item in items] == [
        ("Thomas Anderson", "lead"),
        ("Trinity Unknown", "lead"),
        ("Morpheus Free", "qualified"),
    ]
    assert items[0].raw == {
        "custom": {"lead_source": "Web", "lead_status": "Open - Not Contacted"},
        "given_name": "Thomas",
        "family_name": "Anderson",
        "name": "Thomas Anderson",
        "emails": [("", "t.anderson@example.com")],
        "phones": [("", "5551500")],
        "owner": "jdoe",
        "created": "2024-06-01T12:00:00Z",
        "lifecycle_stage": "lead",
    }
    assert [c.name for c in reading.columns if c.dropped] == []


def test_pipedrive_sample(read_file):
    reading, items = read_file("pipedrive/official_import_sample.csv", **UTC)

    assert reading.preset == "pipedrive"
    (row,) = items
    assert row.raw == {
        "name": "Tony Turner",
        "given_name": "Tony",
        "family_name": "Turner",
        "phones": [("", "570-809-7197")],
        "emails": [("work", "tony.turner@example.com"), ("home", "tony.turner@example.org")],
        "org": "Moveer Limited",
    }
    org, (deal_noun, deal), (task_noun, task), (note_noun, note) = row.more
    assert (deal_noun, deal["name"], deal["amount"]) == ("deal", "Moveer Deal", "100.0")
    place = "5, 943 Fincham Road, New Mexico 87503, US"
    assert org == ("org", {"name": "Moveer Limited", "addresses": [{"street": place}]})
    assert (task_noun, task["title"], task["due_on"]) == ("task", "First pitch", "2024-12-05")
    assert (note_noun, note["kind"]) == ("interaction", "note")
    assert note["body"].splitlines() == ["Met at fair", "call back"]
    dropped = [c.name for c in reading.columns if c.dropped]
    assert dropped == []


def test_mailchimp(read_file):
    reading, items = read_file("mailchimp/members_export.csv")

    assert reading.preset == "mailchimp"
    assert [item.raw for item in items] == [
        {
            "emails": [("", "mail@example.com")],
            "custom": {"member_rating": "2", "confirm_time": "2015-03-16 14:40:47"},
            "external": ("mailchimp", "a"),
        },
        {
            "emails": [("", "mc@example.com")],
            "given_name": "Marc",
            "family_name": "C",
            "name": "Marc C",
            "custom": {
                "member_rating": "4",
                "optin_time": "2020-02-03 04:05:06",
                "optin_ip": "192.0.2.4",
                "confirm_time": "2020-02-03 04:06:00",
                "confirm_ip": "192.0.2.4",
            },
            "external": ("mailchimp", "abc"),
            "tags": ["VIP", "Blog"],
        },
    ]
    assert [c.name for c in reading.columns if c.dropped] == ["LAST_CHANGED", "LEID"]


@pytest.mark.parametrize(
    ("name", "preset", "delimiter", "expected"),
    [
        (
            "brevo", "brevo", ";",
            {
                "emails": [("", "br@example.com")], "family_name": "Durand", "given_name": "Bruno",
                "name": "Bruno Durand", "phones": [("mobile", "+33611111111")],
                "tags": ["unsubscribed"], "do_not_contact": "yes",
                "created": "2022-04-12T09:30:00Z",
            },
        ),
        (
            "activecampaign", "activecampaign", ",",
            {
                "emails": [("", "ac@example.com")], "given_name": "Alice", "family_name": "C",
                "name": "Alice C", "phones": [("", "0102030405")],
                "tags": ["prospect", "webinar", "unsubscribed"], "do_not_contact": "yes",
                "created": "2021-07-08T09:10:11Z", "custom": {"ip": "192.0.2.1"},
            },
        ),
        (
            "kit", "kit", ",",
            {
                "given_name": "Kim", "name": "Kim", "emails": [("", "kit@example.com")],
                "created": "2022-09-10T11:12:13Z", "tags": ["bounced"],
            },
        ),
        (
            "fr_generic_semicolon", "generic", ";",
            {
                "given_name": "Gil", "family_name": "G", "name": "Gil G",
                "emails": [("", "gen@example.com")], "phones": [("", "0600000000")],
                "addresses": [{"locality": "Lyon"}],
            },
        ),
    ],
)  # fmt: skip
def test_mailing_lists(read_file, name, preset, delimiter, expected):
    reading, items = read_file(f"mailing/{name}.csv", **UTC)

    assert (reading.preset, reading.delimiter) == (preset, delimiter)
    assert [item.raw for item in items] == [expected]


@pytest.mark.parametrize("folder", ["google", "hubspot", "linkedin", "mailchimp", "mailing",
                                    "pipedrive", "salesforce", "thunderbird", "zoho"])  # fmt: skip
def test_every_row_and_every_cell_is_accounted_for(corpus, folder):
    """Rows are records, skips, rejects or blank; a filled column feeds a field or is named."""
    for path in sorted((corpus / folder).glob("*.csv")):
        if path.name.startswith(("tab_comma_mixed_noheader", "messages")):
            continue
        with read(str(path), How(**UTC)) as reading:
            items = list(reading)
            rows = sum(1 for _ in reading.table)
            assert len(items) == rows, path
            said = "\n".join(reading.notes)
            for column in reading.columns:
                assert not column.dropped or repr(column.name) in said, (path, column)
                assert column.target or column.dropped == column.filled, (path, column)
