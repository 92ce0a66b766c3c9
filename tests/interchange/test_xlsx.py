"""Excel workbooks: the sheet with a known header, cells as texts, files that lie."""

import io
import sys
import zipfile
from datetime import date, datetime, time

import pytest

openpyxl = pytest.importorskip("openpyxl")

from crmcli.errors import InvalidError  # noqa: E402
from crmcli.interchange import decode  # noqa: E402
from crmcli.interchange.record import Reject  # noqa: E402


@pytest.fixture
def workbook():
    """Make a workbook of sheets: title -> rows; give its bytes."""

    def workbook(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        data = io.BytesIO()
        book.save(data)
        return data.getvalue()

    return workbook


@pytest.mark.parametrize("name", ["people.xlsx", "people.csv"])
def test_the_sheet_whose_header_is_known(read_text, workbook, name):
    data = workbook(
        Info=[["Read me first"]],
        People=[
            ["Our people"],
            [],
            ["First Name", "Last Name", "Email", "Phone", "Birthday", "Nr", "Seen"],
            ["Ana", "Novak", "ana@acme.si", 38640111222, date(1980, 5, 17), 12.0, True],
            [None],
            [" Žiga ", "Čopič", None, "+386 1", None, 1.5, datetime(2024, 3, 4, 5, 6)],
            ["Bo", "Li", "bo@x.si", None, None, None, time(9, 30), "surplus"],
            ["Grand Totals (3 records)"],
        ],
        Empty=[],
    )
    reading, items = read_text(data, name, mapping="Nr=custom:nr,Seen=custom:seen")

    assert (reading.preset, reading.header_line, reading.skipped_preamble) == ("generic", 3, 1)
    assert (reading.blank, reading.footers) == (1, 1)
    assert [(item.line, getattr(item, "raw", None)) for item in items] == [
        (
            4,
            {
                "given_name": "Ana",
                "family_name": "Novak",
                "name": "Ana Novak",
                "emails": [("", "ana@acme.si")],
                "phones": [("", "38640111222")],
                "birthday": "1980-05-17",
                "custom": {"nr": "12", "seen": "true"},
            },
        ),
        (
            6,
            {
                "given_name": "Žiga",
                "family_name": "Čopič",
                "name": "Žiga Čopič",
                "phones": [("", "+386 1")],
                "custom": {"nr": "1.5", "seen": "2024-03-04 05:06:00"},
            },
        ),
        (7, None),
    ]
    assert isinstance(items[2], Reject)
    assert reading.notes == [
        "the sheet 'People' is read; left out: Info",
        "1 footer line left out",
    ]


def test_a_preset_reads_a_workbook_too(raws, workbook):
    data = workbook(
        S=[["Record ID", "First Name", "Associated Company IDs"], [8001.0, "Ana", 9001]]
    )
    assert raws(data) == [
        {
            "external": ("hubspot", "8001"),
            "given_name": "Ana",
            "name": "Ana",
            "org_external": ("hubspot company", "9001"),
        }
    ]


def test_reading_twice_gives_the_same(tmp_path, workbook):
    from crmcli.interchange.read import read

    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(S=[["Name", "Email"], ["Ana", "a@x.si"], ["Bo", None]]))
    with read(str(path)) as reading:
        assert list(reading) == list(reading)
        assert len(reading.sha256) == 64


def test_a_workbook_without_people_is_refused(read_text, workbook):
    with pytest.raises(InvalidError, match="no header with a name") as caught:
        read_text(workbook(A=[["Item", "Price"], ["Tea", 3]]))
    assert "--map" in caught.value.hint
    reading, _ = read_text(workbook(A=[["Item", "Price"], ["Tea", 3]]), unknown=True)
    assert reading.header == ["Item", "Price"]


def test_an_empty_workbook(read_text, workbook):
    with pytest.raises(InvalidError, match="nothing to import"):
        read_text(workbook(A=[]))


def test_without_openpyxl_it_says_how_to_get_it(read_text, workbook, monkeypatch):
    data = workbook(A=[["Name", "Email"], ["Ana", "a@x.si"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InvalidError, match="openpyxl is not installed") as caught:
        read_text(data)
    assert "pip install 'crmcli[xlsx]'" in caught.value.hint


def test_a_bomb_is_refused_unopened(read_text, workbook, monkeypatch):
    data = workbook(A=[["Name", "Email"], ["Ana", "a@x.si"]])
    monkeypatch.setattr("crmcli.interchange.xlsx.MOST_UNPACKED", 100)
    with pytest.raises(InvalidError, match="unpacks to more than 1 GB"):
        read_text(data)


def test_broken_workbooks_and_other_archives(read_text, workbook):
    data = workbook(A=[["Name", "Email"], ["Ana", "a@x.si"]])
    with pytest.raises(InvalidError, match="a zip archive or an Excel workbook"):
        read_text(data[: len(data) // 2])
    for broken in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                new.writestr(name, b"<broken" if name == broken else old.read(name))
        with pytest.raises(InvalidError):
            read_text(target.getvalue())


def test_an_endless_cell_is_refused(read_text, workbook):
    data = workbook(A=[["Name", "Email"], ["Ana", "a@x.si"]])
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            long = b"A" * 5_000_000 + b"na<"
            new.writestr(name, old.read(name).replace(b"Ana<", long))
    with pytest.raises(InvalidError, match="longer than 1048576 characters"):
        read_text(target.getvalue())


def test_gzip_is_unpacked(read_text, monkeypatch):
    import gzip

    data = gzip.compress(b"Name,Email\nAna,a@x.si\n")
    _, items = read_text(data, "people.csv.gz")
    assert [item.raw["name"] for item in items] == ["Ana"]
    with pytest.raises(InvalidError, match="is a gzip file, and broken"):
        read_text(data[:-6], "people.csv.gz")
    monkeypatch.setattr(decode, "MOST_UNPACKED", 10)
    with pytest.raises(InvalidError, match="unpacks to more than 1 GB"):
        read_text(data, "people.csv.gz")
