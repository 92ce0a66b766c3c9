"""Exports of other programs through `crm import`: linked by ids, and nothing changes again."""

import csv
import gzip
import io
import json

import pytest

ZOHO = {
    "Accounts.csv": (
        "Record Id,Account Owner,Account Name,Website,Account Type\n"
        "zcrm_21,Pat,Ridge Group,ridge.example,Customer\n22,Pat,Cedar HOA,,Club\n23,Pat,,,\n"
    ),
    "Contacts.csv": (
        "Record Id,First Name,Last Name,Account Name,Account Name.id,Email,Mailing City\n"
        "11,Dana,Whitfield,Ridge Group,21,dana@ridge.example,\n12,Jo,Home,,,jo@x.example,Columbus\n"
    ),
    "Leads.csv": (
        "Record Id,Lead Owner,Company,First Name,Last Name,Email,Lead Status\n"
        "13,Pat,Hill Church,Mary,Ames,mary@hill.example,Contacted\n14,Pat,,Spam,Bot,,Junk Lead\n"
    ),
    "Deals.csv": "Record Id,Deal Name,Account Name,Stage\n31,Plaza,Ridge Group,Won\n,,,\n",
    "Notes.csv": (
        "Note Id,Note Title,Note Content,Parent ID,Parent Module\n"
        "1,,About a deal,31,Deals\n2,,Gate code 1234,22,Accounts\n3,Hi,She sings,11,Contacts\n"
        "4,,Orphan,999,Accounts\n"
    ),
}
HUBSPOT = {
    "companies.csv": (
        "Record ID,Company name,Website URL,Company owner\n"
        "9001,Bluebay Ltd,bluebay.example,Sam\n9002,Harbour Ltd,,Sam\n"
    ),
    "contacts.csv": (
        "Record ID,First Name,Last Name,Email,Job Title,Associated Company IDs,Lifecycle Stage\n"
        "8001,Priya,Ex,priya@bluebay.example,Head,9001,customer\n8002,Ben,Ex,,CEO,9002;9999,lead\n"
        "9001,Same,Id,same@x.example,,,\n,,,,,,\n"
    ),
    "deals.csv": "Record ID,Deal Name,Deal Stage\n7001,Casino,Proposal\n",
}
PIPEDRIVE = {
    "all.csv": (
        "Person - Name*,Person - Email (Work),Organization - Name*,Organization - Address,"
        "Deal - Title,"
        "Activity - Subject*,Activity - Due date,Note - Content*\n"
        'Tony Turner,tony@x.example,Moveer,"5, Road",Deal,First pitch,45631.0,<b>Met</b><br>call\n'
        ",,Lone Org,,,Call them,2026-12-01,\n"
    )
}


@pytest.fixture
def files(home):
    """Write files and give their paths, in order."""

    def files(contents: dict[str, str]) -> list[str]:
        for name, text in contents.items():
            (home / name).write_text(text)
        return [str(home / name) for name in contents]

    return files


def counts(result) -> dict[str, int]:
    """Give the counts of all files together."""
    line = [line for line in result.err.splitlines() if " created, " in line][-1]
    words = line.rpartition(": ")[2].split(", ")
    return {word.split()[1]: int(word.split()[0]) for word in words}


def listed(run, noun: str, *fields: str) -> list[list[str]]:
    found = run(noun, "list", "--sort", "id", "--fields", ",".join(fields), "-f", "csv").out
    return list(csv.reader(io.StringIO(found)))[1:]


def test_the_five_files_of_zoho(run, files):
    paths = files(ZOHO)
    first = run("import", *paths, code=6)

    # an account without a name, and a note of nobody here
    expected = {"created": 8, "updated": 0, "unchanged": 0, "skipped": 2, "rejected": 2}
    assert counts(first) == expected
    assert "Leads.csv: 1 row left out: marked as junk" in first.err
    assert "Notes.csv: 1 row left out: a note about a deal: only those" in first.err
    assert listed(run, "contact", "name", "org") == [
        ["Dana Whitfield", "Ridge Group"],
        ["Jo Home", ""],
        ["Mary Ames", "Hill Church"],
    ]
    orgs = [name for (name,) in listed(run, "org", "name")]
    assert orgs == ["Ridge Group", "Cedar HOA", "Hill Church"]
    dana = json.loads(run("show", "Dana Whitfield", "--json").out)
    assert [entry["body"] for entry in dana["timeline"]] == ["Hi\nShe sings"]
    cedar = json.loads(run("show", "Cedar HOA", "--json").out)
    assert [entry["body"] for entry in cedar["timeline"]] == ["Gate code 1234"]

    again = counts(run("import", *paths, code=6))
    assert again == expected | {"created": 0, "unchanged": 8}


def test_the_three_files_of_hubspot(run, files):
    paths = files(HUBSPOT)
    first = counts(run("import", *paths))
    assert first == {"created": 6, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 0}
    assert listed(run, "deal", "name", "stage") == [["Casino", "Proposal"]]
    assert listed(run, "contact", "name", "org", "title") == [
        ["Priya Ex", "Bluebay Ltd", "Head"],
        ["Ben Ex", "Harbour Ltd", "CEO"],
        ["Same Id", "", ""],  # the id of a company is not that of a contact
    ]
    ben = json.loads(run("show", "Ben Ex", "--json").out)
    assert ben["custom"] == {"associated_company_ids": "9002;9999"}
    assert ben["lifecycle_stage"] == "lead"

    assert counts(run("import", *paths)) == first | {"created": 0, "unchanged": 6}


def test_people_before_their_companies(run, files):
    companies, contacts, _ = files(HUBSPOT)
    run("import", contacts)
    run("import", companies)
    run("import", contacts)
    assert listed(run, "contact", "name", "org")[:2] == [
        ["Priya Ex", "Bluebay Ltd"],
        ["Ben Ex", "Harbour Ltd"],
    ]


def test_a_record_that_changed_is_found_by_its_id(run, files):
    _, contacts, _ = files(HUBSPOT)
    run("import", contacts)
    files({"contacts.csv": HUBSPOT["contacts.csv"].replace("Ben,Ex,,", "Benjamin,Example,b@x.si,")})
    found = counts(run("import", contacts))
    assert (found["created"], found["updated"]) == (0, 1)
    assert listed(run, "contact", "name", "email")[1] == ["Ben Ex", "b@x.si"]


def test_a_row_of_pipedrive_is_a_person_an_org_a_task_and_a_note(run, files):
    paths = files(PIPEDRIVE)
    first = run("import", *paths)
    assert counts(first)["created"] == 2
    assert listed(run, "deal", "name", "who", "org") == [["Deal", "Tony Turner", "Moveer"]]
    tony = json.loads(run("show", "Tony Turner", "--json").out)
    assert (tony["org"], len(tony["tasks"])) == ("Moveer", 1)
    assert tony["timeline"][0]["body"].split() == ["Met", "call"]
    moveer = json.loads(run("show", "Moveer", "--json").out)
    assert moveer["addresses"] == [{"street": "5, Road"}]
    tasks = listed(run, "task", "title", "due_on")
    assert tasks == [["First pitch", "2024-12-05"], ["Call them", "2026-12-01"]]

    again = counts(run("import", *paths))
    assert again == {"created": 0, "updated": 0, "unchanged": 2, "skipped": 0, "rejected": 0}
    assert listed(run, "task", "title", "due_on") == tasks


def test_one_undo_takes_all_files_back(run, files):
    run("import", *files(HUBSPOT))
    run("undo")
    assert listed(run, "contact", "name") == listed(run, "org", "name") == []


def test_who_unsubscribed_is_not_to_be_contacted(run, files):
    text = "Email Address,First Name,MEMBER_RATING,EUID,TAGS\nana@acme.si,Ana,4,abc,\n"
    run("import", *files({"unsubscribed_members_export_1.csv": text}))
    ana = json.loads(run("show", "Ana", "--json").out)
    assert (ana["do_not_contact"], ana["tags"]) == (True, ["unsubscribed"])


def test_the_report_as_json_names_the_preset(run, files):
    paths = files({"contacts.csv": HUBSPOT["contacts.csv"]})
    report = json.loads(run("import", *paths, "--dry-run", "--json").out)
    report = report[0] if isinstance(report, list) else report
    assert report["format"] == "hubspot contact"


def test_compressed_and_workbooks(run, home):
    (home / "a.csv.gz").write_bytes(gzip.compress(HUBSPOT["contacts.csv"].encode()))
    assert counts(run("import", str(home / "a.csv.gz")))["created"] == 3
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in csv.reader(HUBSPOT["companies.csv"].splitlines()):
        book.active.append(line)
    book.save(home / "companies.xlsx")
    found = counts(run("import", str(home / "companies.xlsx")))
    assert found["created"] + found["updated"] == 2


def test_hostile_names_in_another_programs_file(run, files):
    name = "[/red]\x1b]0;x\x07" + "متن" + "x" * 200
    text = f'Record ID,First Name,Last Name,Email\n1,"{name}",小文字,a@x.si\n'
    run("import", *files({"c.csv": text}))
    shown = run("contact", "list").out
    assert "\x1b" not in shown
    assert len(listed(run, "contact", "name")) == 1
