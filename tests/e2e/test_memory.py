"""Peak memory of whole processes; figures, not times."""

import csv
import random

import pytest

MB = 1000  # KiB are near enough to thousands of bytes; it only makes the limit stricter


@pytest.fixture
def rich_people(home):
    """Ten thousand people as an address book gives them: many columns, notes, two addresses."""
    chance = random.Random(10)
    path = home / "people.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                *("First Name", "Last Name", "Email", "Email 2", "Phone", "Company", "Title"),
                *("Tags", "Street", "City", "Country", "Birthday", "Note", "Website"),
            ]
        )
        for number in range(10_000):
            name = chance.choice(["Ana", "Rok", "Jürgen", "张伟", "Мария", "علی"])
            writer.writerow(
                [
                    *(name, f"Priimek{number}", f"p{number}@example.org"),
                    *(f"q{number}@home.example", f"+38640{number:06d}", f"Company {number % 1500}"),
                    *("Buyer", "client;fair", f"Cesta {number}", "Celje", "Slovenia"),
                    *("1984-05-17", "word " * 20, f"https://example.org/{number}"),
                ]
            )
    return path


@pytest.mark.timeout(300)
def test_an_import_of_ten_thousand_stays_under_80_mb(crm, rich_people):
    peak = crm.peak("import", str(rich_people))
    assert peak.code == 0, peak.err
    assert "10000 created, 0 updated, 0 unchanged, 0 skipped, 0 rejected" in peak.err
    assert peak.kib < 80 * MB
    assert crm.count("contact") == 10_000


def test_an_export_holds_one_record_at_a_time(crm, crowd):
    crm.adopt(crowd)
    few = crm.peak("contact", "list", "--limit", "1")
    all_ = crm.peak("export", "contacts", "-f", "json")
    assert (few.code, all_.code) == (0, 0)
    assert all_.kib < few.kib + 20 * MB


def test_the_measure_sees_what_a_process_holds(crm):
    """It would notice: a process that holds 90 MB is seen to, one that holds little is not."""
    program = crm.program
    crm.program = [program[0], "-c", "import sys; b = bytearray(int(sys.argv[1])); b[:] = b"]
    assert crm.peak("90000000").kib > 85 * MB
    assert crm.peak("1000").kib < 40 * MB
