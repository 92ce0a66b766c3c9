"""The sample files of the corpus, read in place: every cell accounted for."""

import pytest

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
        "linkedin/messages.csv",
        "linkedin/messages_2025_header.csv",
        "generic/title_lines_before_header.csv",
        "thunderbird/tab_comma_mixed_noheader.csv",
        "hubspot/deals.csv",
        "hubspot/companies.csv",
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


def test_hubspot_contacts_as_a_generic_table(read_file):
    reading, items = read_file("hubspot/contacts_mixed_dates.csv")

    assert [type(item) for item in items] == [Record, Record, Skip, Record, Record]
    assert items[4].raw == {"emails": [("", "noname@example.com")]}
    assert (
        "column 'Record ID' is not imported (4 values),"
        " keep with --map 'Record ID=custom:record_id'" in reading.notes
    )


@pytest.mark.parametrize("name", ["brevo", "activecampaign", "kit", "fr_generic_semicolon"])
def test_mailing_lists_as_generic_tables(read_file, name):
    expected = {
        "brevo": {
            "emails": [("", "br@example.com")],
            "family_name": "Durand",
            "given_name": "Bruno",
            "phones": [("mobile", "33611111111")],
            "name": "Bruno Durand",
        },
        "activecampaign": {
            "emails": [("", "ac@example.com")],
            "given_name": "Alice",
            "family_name": "C",
            "phones": [("", "0102030405")],
            "tags": ["prospect", "webinar"],
            "name": "Alice C",
        },
        "kit": {"given_name": "Kim", "emails": [("", "kit@example.com")], "name": "Kim"},
        "fr_generic_semicolon": {
            "given_name": "Gil",
            "family_name": "G",
            "emails": [("", "gen@example.com")],
            "phones": [("", "0600000000")],
            "addresses": [{"locality": "Lyon"}],
            "name": "Gil G",
        },
    }
    _, items = read_file(f"mailing/{name}.csv")

    assert [item.raw for item in items] == [expected[name]]
