"""What holds for every preset: the order of the columns says nothing, no cell goes unseen."""

import csv
import io
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.clock import Clock
from crmcli.interchange import presets
from crmcli.interchange.outlook_words import LANGUAGES
from crmcli.interchange.outlook_write import HEADER as OUTLOOK_COM
from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record
from crmcli.interchange.thunderbird import HEADER as THUNDERBIRD

HOW = {"clock": Clock("UTC", datetime(2026, 11, 23, 12))}
HEADERS = {
    "google": "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,"
    "Phone 1 - Value,Organization 1 - Name,Notes,Group Membership",
    "linkedin": "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
    "hubspot": "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Lifecycle Stage,"
    "Contact owner,Create Date,Associated Company,Associated Company IDs,City,Shoe size",
    "zoho": "Record Id,Contact Owner,First Name,Last Name,Account Name,Account Name.id,Email,Phone,"
    "Mobile,Mailing Street,Mailing City,Mailing Zip,Description",
    "salesforce": "First Name,Last Name,Email,Phone,Account Name,Mailing City,Lead Source,"
    "Mailing State/Province,Mailing Zip/Postal Code,Title",
    "pipedrive": "Person - Name,Person - Phone,Person - Email - Work,Organization - Name,"
    "Organization - Address,Activity - Subject,Activity - Due date,Activity - Type,Note - Content",
    "close": "id,display_name,status_label,primary_contact_name,primary_contact_primary_email,"
    "primary_contact_primary_phone,description,url",
    "twenty": "Id,Name / First Name,Name / Last Name,Emails / Primary Email,Job Title,City",
    "thunderbird": ",".join(THUNDERBIRD),
    "outlook": ",".join(OUTLOOK_COM),
    "mailchimp": "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,LEID,EUID,NOTES,TAGS",
    "brevo": "EMAIL,LASTNAME,FIRSTNAME,SMS,EMAIL_BLACKLISTED,ADDED_TIME",
    "activecampaign": "Email,First Name,Last Name,Phone,Tags,Date Created,IP,Status",
    "kit": "first_name,email,created_at,status",
}
CELLS = st.one_of(
    st.just(""),
    st.sampled_from(
        ["Ana", "Novak", "ana@acme.si", "+386 40 111 222", "2024-03-12", "x; y", "[b]é\x1b[31m",
         "true", "12", "https://acme.si", "a\nb", "Customer", "متن", "小文字", "=1+1", '"q"']
    ),
)  # fmt: skip


def written(head, rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue()


def loose(value):
    """Give a value as a text in which no order counts, of lists, keys or lines."""
    if isinstance(value, dict):
        return repr(sorted((key, loose(one)) for key, one in value.items()))
    if isinstance(value, list):
        return repr(sorted(map(loose, value)))
    if isinstance(value, tuple):
        return repr([loose(one) for one in value])
    return "\n".join(sorted(value.split("\n"))) if isinstance(value, str) else repr(value)


def read_all(path, head, rows):
    path.write_text(written(head, rows))
    with read(str(path), How(**HOW)) as reading:
        return reading, list(reading)


def seen(items):
    """Give what rows hold, without what depends on the order of columns."""
    return [
        loose([(item.noun, item.raw), *item.more]) if isinstance(item, Record) else type(item)
        for item in items
    ]


@pytest.mark.parametrize("name", HEADERS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_order_of_the_columns_says_nothing(tmp_path, name, data):
    head = HEADERS[name].split(",")
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(head), max_size=len(head)), max_size=3))
    order = data.draw(st.permutations(range(len(head))))
    reading, items = read_all(tmp_path / "a.csv", head, rows)
    mixed, moved = read_all(
        tmp_path / "b.csv",
        [head[at] for at in order],
        [[row[at] for at in order] for row in rows],
    )
    assert (reading.preset, mixed.preset) == (name, name)
    assert seen(items) == seen(moved)
    assert {c.name: c.target for c in reading.columns} == {c.name: c.target for c in mixed.columns}


@pytest.mark.parametrize("name", HEADERS)
def test_every_cell_is_found_again_or_its_column_is_named(tmp_path, name):
    head = HEADERS[name].split(",")
    row = [f"v{number}v" for number in range(len(head))]
    reading, items = read_all(tmp_path / "a.csv", head, [row])
    (item,) = items
    said = repr([item.raw, *item.more])
    notes = "\n".join(reading.notes)
    for column, cell in zip(reading.columns, row, strict=True):
        is_told = cell in said or repr(column.name) in notes
        # dates and words of a list that cannot be read are kept or counted
        is_told |= column.name in ("E-mail 1 - Type", "Phone 1 - Type")
        assert is_told, (column, said, notes)


@pytest.mark.parametrize("name", HEADERS)
def test_the_report_names_fields_that_people_know(tmp_path, name):
    head = HEADERS[name].split(",")
    reading, _ = read_all(tmp_path / "a.csv", head, [])
    kinds = {(column.target or "").partition(":")[0] for column in reading.columns}
    assert not kinds & {"instant", "day", "optout", "number", "since", "list", "first", "web"}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_chooses_its_preset(name):
    assert presets.choose(HEADERS[name].split(",")).name == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_outlook_of_any_language_is_outlook(language):
    head = [
        names.split("=")[0]
        for line in LANGUAGES[language].strip().splitlines()
        for names in line.split("|")
    ]
    assert presets.choose(head).name == "outlook"


@pytest.mark.parametrize(
    "head",
    [
        "Name,Email",
        "First Name,Last Name,Title,Company,Home Phone,Home City,Home State,Other Phone",
        "id,name,email,created_at,status",
        "Email,Name,Status",
        "Name,Deal Name,Email",
        "Note,Name,Email,Subject",
        "Contact ID,Name,Email",
        "Record ID,Name,Phone",
        "Person,Organization,Email,Phone",
        "Vorname,Nachname,Firma,Ort,Straße,Geburtstag",
    ],
)
def test_other_tables_are_generic(head):
    assert presets.choose(head.split(",")).name == "generic"
