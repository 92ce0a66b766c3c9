"""`crm import` as a process: files of every kind, twice, at once, bounded, and taken back."""

import csv
import io
import os
import re
import subprocess
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "examples/contacts.csv"
MIXED = """\
Name,Email,Phone,Company,Tags
Ana Novak,ana@acme.si,040 111 222,Acme,client
Bo Li,bo@acme.si,040 222 333,Acme,
"Unclosed,cy@org.example,040 333 444,Beta,
Too Many,dan@org.example,040 444 555,Beta,friend,and,more
Rok Čopič,rok@acme.si,,Acme,client
"""
GOOD = """\
Name,Email,Phone,Company,Tags
Ana Novak,ana@acme.si,040 111 222,Acme,client
Bo Li,bo@acme.si,040 222 333,Acme,
Rok Čopič,rok@acme.si,,Acme,client
"""
MB = 1000
LONG = 64 << 20


def counts(ran):
    """Give the five counts of an import by name, from the line that tells them."""
    (line,) = [line for line in ran.errors if " created, " in line]
    found = re.findall(r"(\d+) (created|updated|unchanged|skipped|rejected)", line)
    return {name: int(number) for number, name in found}


def totals(created=0, updated=0, unchanged=0, skipped=0, rejected=0):
    return locals()


@pytest.fixture
def mixed(home):
    path = home / "mixed.csv"
    path.write_text(MIXED, encoding="utf-8")
    return path


@pytest.fixture
def good(home):
    path = home / "good.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def state(crm):
    """Give what an import that does nothing must leave as it is."""
    return crm.digest(), crm.count("change_group"), crm.count("import_batch"), crm.count("change")


# -- twice, dry, strict


@pytest.mark.parametrize("rows", [3, 700], ids=["by row", "in bulk"])
def test_the_same_import_again_writes_nothing(crm, write_people, rows):
    people = str(write_people(crm.home / "people.csv", rows))
    assert counts(crm("import", people)) == totals(created=rows)
    before = state(crm)
    assert counts(crm("import", people)) == totals(unchanged=rows)
    assert state(crm) == before
    assert crm("undo").err.startswith("Undone: group 1, import people.csv")
    assert crm("contact", "list").out == ""


def test_the_sample_again_writes_nothing(crm):
    assert counts(crm("import", str(SAMPLE))) == totals(created=9)
    before = state(crm)
    assert counts(crm("import", str(SAMPLE))) == totals(unchanged=9)
    assert state(crm) == before


def test_a_second_import_fills_and_never_overwrites(crm, good):
    crm("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--note", "mine")
    crm("contact", "edit", "ana-novak", "--set", "title=CEO", "--org", "Acme")
    assert counts(crm("import", str(good))) == totals(created=2, updated=1)
    ana = crm("contact", "show", "ana-novak", "--json").json
    assert (ana["note"], ana["title"], ana["phone"]) == ("mine", "CEO", "040 111 222")
    assert crm.count("contact") == 3


@pytest.mark.parametrize("text", [MIXED, GOOD], ids=["mixed", "good"])
@pytest.mark.parametrize("known", [False, True], ids=["empty", "known"])
def test_a_dry_run_counts_what_the_real_run_does(crm, text, known):
    path = crm.home / "people.csv"
    path.write_text(text, encoding="utf-8")
    if known:
        crm("contact", "add", "Somebody", "-e", "ana@acme.si")
        crm.digest()
    listing = sorted(entry.name for entry in crm.home.rglob("*"))
    before = state(crm) if known else None
    dry = crm("import", str(path), "--dry-run", code=None)
    assert sorted(entry.name for entry in crm.home.rglob("*")) == listing  # no rejects, no database
    assert (state(crm) if known else None) == before
    real = crm("import", str(path), code=None)
    assert (dry.code, counts(dry)) == (real.code, counts(real))
    assert "Would be: " in dry.err
    assert "Would be: " not in real.err
    assert counts(real)["rejected"] == (2 if text == MIXED else 0)
    assert crm.count("contact") == 3


def test_a_dry_run_tells_the_same_as_json(crm, mixed):
    dry = crm("import", str(mixed), "--dry-run", "--json", code=6).json
    real = crm("import", str(mixed), "--json", code=6).json
    assert (dry.pop("id"), dry.pop("dry_run")) == (None, True)
    assert (real.pop("id"), real.pop("dry_run")) == (1, False)
    assert dry == real
    assert [reject["line"] for reject in real["rejects"]] == [4, 5]


def test_strict_is_all_or_nothing(crm, mixed, good):
    ran = crm("import", str(mixed), "--strict", code=3)
    assert ran.errors == [
        f"crm: {mixed}:4: a quote is not closed",
        "     nothing was written (--strict)",
    ]
    assert not crm.database.exists()
    assert not (crm.home / "mixed.rejected.csv").exists()
    assert counts(crm("import", str(good), "--strict")) == totals(created=3)


# -- rejects


def test_rejects_are_set_aside_with_line_and_reason_and_can_be_mended(crm, mixed):
    ran = crm("import", str(mixed), code=6)
    assert counts(ran) == totals(created=3, rejected=2)
    assert f"{mixed}:4: rejected: a quote is not closed" in ran.errors
    path = crm.home / "mixed.rejected.csv"
    assert ran.errors[-2] == "crm: 2 rows were rejected"
    assert str(path) in ran.errors[-1]
    with open(path, encoding="utf-8", newline="") as file:
        header, unclosed, long = csv.reader(file)
    assert header == ["Name", "Email", "Phone", "Company", "Tags", "line", "reason"]
    assert unclosed[-2:] == ["4", "a quote is not closed"]
    assert long == [
        *("Too Many", "dan@org.example", "040 444 555", "Beta", "friend"),
        *("5", "has 7 cells, the header 5", "and", "more"),
    ]
    unclosed[0] = "Cy Unclosed"
    del long[7:]
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, unclosed, long])
    assert counts(crm("import", str(path))) == totals(created=2)
    names = {row[0] for row in crm.query("SELECT display_name FROM contact")}
    assert names == {"Ana Novak", "Bo Li", "Rok Čopič", "Cy Unclosed", "Too Many"}
    assert crm("contact", "list", "--tag", "friend", "-f", "ids").lines == ["c5"]


def test_rejects_go_where_asked(crm, mixed):
    target = crm.home / "bad rows.csv"
    crm("import", str(mixed), "--rejects", str(target), code=6)
    assert target.read_text(encoding="utf-8").count("\n") == 3
    assert not (crm.home / "mixed.rejected.csv").exists()
    ran = crm("import", str(mixed), "--rejects", "/proc/none/x.csv", code=7)
    assert len(ran.errors) >= 1


def test_an_unclosed_quote_swallows_nothing(crm, home):
    path = home / "quotes.csv"
    lines = ["Name,Email", '"Open,open@x.org', *(f"P {n},p{n}@x.org" for n in range(2000))]
    path.write_text("\n".join(lines) + "\n")
    ran = crm("import", str(path), code=6)
    assert counts(ran) == totals(created=2000, rejected=1)


def test_a_quoted_cell_may_hold_lines(crm, home):
    path = home / "lines.csv"
    path.write_text('Name,Note,Email\nAna,"one\ntwo, ""three""\n",ana@acme.si\nBo,,bo@acme.si\n')
    assert counts(crm("import", str(path))) == totals(created=2)
    assert crm.query("SELECT note FROM contact WHERE id = 1") == [('one\ntwo, "three"',)]


# -- where the bytes come from


def test_from_stdin(crm, mixed):
    ran = crm("import", "-", input=MIXED, code=6)
    assert counts(ran) == totals(created=3, rejected=2)
    assert (crm.home / "stdin.rejected.csv").exists()
    assert counts(crm("import", str(mixed), code=6)) == totals(unchanged=3, rejected=2)


def test_from_a_fifo(crm, good):
    ran = crm.shell('mkfifo pipe.csv; cat good.csv >pipe.csv & crm import "$PWD/pipe.csv"')
    assert ran.code == 0, ran.err
    assert counts(ran) == totals(created=3)


def test_from_process_substitution_and_a_pipe_of_our_own(crm, good):
    crm("import", str(good))
    ran = crm.shell("crm import <(crm export contacts)")
    assert counts(ran) == totals(unchanged=3)
    ran = crm.shell("crm export contacts -f jsonl | crm import -")
    assert counts(ran) == totals(unchanged=3)


XLSX = b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 100 + b"[Content_Types].xml"
REFUSED = {
    "empty": (b"", 3, "empty"),
    "blank": (b"\n\n  \n", 3, "nothing to import"),
    "bom": (b"\xef\xbb\xbf", 3, "empty"),
    "header only names": (b"foo,bar\n1,2\n", 3, "no header"),
    "xlsx": (XLSX, 3, "Excel"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, 3, "Excel"),
    "pdf": (b"%PDF-1.7\n" + b"x" * 200, 3, "PDF"),
    "gzip": (b"\x1f\x8b\x08\x00" + b"\x00" * 50, 3, "gzip"),
    "html": (b"<!DOCTYPE html><html>", 3, "web page"),
    "sqlite": (b"SQLite format 3\x00" + b"\x00" * 200, 3, "SQLite"),
    "random": (bytes(range(256)) * 40, 3, ""),
    "json of others": (b'{"name": "Ana"}\n', 3, "not an export of crm"),
    "json cut": (b'[{"uid": "x", "name": "A', 3, "JSON"),
    "json list": (b"[]", 3, "empty"),
    "json deep": (b"[" * 100_000, 3, "no header"),
    "json deep object": (b'[{"a":' + b"[" * 100_000, 3, "JSON"),
    "nul": (b"\x00" * 5000, 3, ""),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_is_refused_in_two_lines(crm, kind):
    content, code, word = REFUSED[kind]
    path = crm.home / "file.csv"
    path.write_bytes(content)
    ran = crm("import", str(path), code=code)
    assert 1 <= len(ran.errors) <= 2, ran.err
    assert word in ran.errors[0]
    assert ran.out == ""
    assert not crm.database.exists()
    assert not (crm.home / "file.rejected.csv").exists()


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("missing.csv", 2, "no such file"),
        ("empty", 2, "holds no file to import"),
        ("/dev/null", 3, "empty"),
        ("missing/folder.csv", 2, "no such file"),
        ("good.csv/x", None, ""),
        ("loop.csv", None, ""),
    ],
)
def test_files_that_cannot_be_read(crm, good, name, code, word):
    (crm.home / "loop.csv").symlink_to("loop.csv")
    (crm.home / "empty").mkdir()
    ran = crm("import", name, code=code)
    assert ran.code in (2, 3, 5)
    assert 1 <= len(ran.errors) <= 2
    assert word in ran.errors[0]
    assert not crm.database.exists()


def test_a_nul_rejects_its_row_only(crm, home):
    path = home / "nul.csv"
    path.write_bytes(b"Name,Email\nA\x00na,ana@acme.si\nBo Li,bo@acme.si\n")
    ran = crm("import", str(path), code=6)
    assert counts(ran) == totals(created=1, rejected=1)
    assert f"{path}:2: rejected: holds a NUL byte" in ran.errors
    assert crm.query("SELECT display_name FROM contact") == [("Bo Li",)]


@pytest.mark.parametrize("name", ["a;b.csv", "$(touch x).csv", "-dash.csv", "č ćž.csv", "a\nb.csv"])
def test_odd_file_names(crm, home, name):
    (home / name).write_text(GOOD, encoding="utf-8")
    assert counts(crm("import", "--", name)) == totals(created=3)
    assert [row["filename"] for row in crm("import", "--list", "--json").json] == [
        name.replace("\n", " ")
    ]
    assert len(crm("import", "--list").lines) == 1
    assert not (home / "x").exists()


# -- bounded


def long_line(path, kind):
    """Write a table whose second row is one line of 64 MiB, a good row before and after it."""
    with open(path, "wb") as file:
        file.write(b"Name,Email,Note\nAna Novak,ana@acme.si,\n")
        if kind == "quoted":
            file.write(b'Long,long@x.org,"')
        if kind == "sparse":
            file.truncate(file.tell() + LONG)  # NUL bytes that take no room on the disk
            file.seek(0, os.SEEK_END)
        else:
            block = {"commas": b"a," * 512, "quotes": b'"a",' * 256}.get(kind, b"word " * 200)
            for _ in range(LONG // len(block)):
                file.write(block)
        file.write(b'"\n' if kind == "quoted" else b"\n")
        file.write(b"Bo Li,bo@acme.si,\n")
    return path


@pytest.mark.parametrize(
    "kind",
    ["sparse", "plain", *(pytest.param(kind, marks=pytest.mark.slow) for kind in
                          ("quoted", "commas", "quotes"))],
)  # fmt: skip
def test_a_line_without_end_is_rejected_in_bounded_memory(crm, kind):
    path = long_line(crm.home / "long.csv", kind)
    peak = crm.peak("import", str(path))
    assert peak.code == 6, peak.err
    assert "2 created, 0 updated, 0 unchanged, 0 skipped, 1 rejected" in peak.err
    assert "longer than 1048576 characters" in peak.err
    assert peak.kib < 120 * MB
    assert os.path.getsize(crm.home / "long.rejected.csv") < 10_000


@pytest.mark.parametrize("start", [b'{"uid": "x", "name": "', b'[{"uid": "x", "name": "'])
def test_a_json_text_without_end_is_bounded(crm, start):
    path = crm.home / "long.json"
    with open(path, "wb") as file:
        file.write(start)
        for _ in range(LONG // 1024):
            file.write(b"x" * 1024)
    peak = crm.peak("import", str(path))
    assert peak.code == 3, peak.err
    assert len(peak.err.splitlines()) <= 2
    assert peak.kib < 120 * MB


# -- lists, tags, undo


def test_the_list_of_imports(crm, good, mixed):
    assert crm("import", "--list").out == ""
    crm("import", str(good))
    crm("import", str(SAMPLE))
    crm("import", str(mixed), code=6)  # nothing new in it: no import of its own
    rows = [line.split("\t") for line in crm("import", "--list").lines]
    assert [row[:1] + row[2:] for row in rows] == [
        ["2", "contacts.csv", "google contact", "9", "0", "0", "0", "0", ""],
        ["1", "good.csv", "generic contact", "3", "0", "0", "0", "0", ""],
    ]


def test_tags_for_everybody(crm, good):
    crm("import", str(good), "-t", "fair 2026", "-t", "celje")
    assert len(crm("contact", "list", "--tag", "fair 2026").lines) == 3
    assert len(crm("contact", "list", "--tag", "celje").lines) == 3
    assert len(crm("contact", "list", "--tag", "client").lines) == 2
    before = state(crm)
    assert counts(crm("import", str(good), "-t", "celje")) == totals(unchanged=3)
    assert state(crm) == before
    assert counts(crm("import", str(good), "-t", "vip")) == totals(updated=3)


def test_undo_takes_the_newest_import_back(crm, good):
    crm("contact", "add", "Mine")
    crm("import", str(good))
    crm("contact", "add", "Mine Too")
    ran = crm("import", "--undo")
    assert ran.errors[0].startswith("Undone: group 2, import good.csv")
    assert {row[0] for row in crm.query("SELECT display_name FROM contact")} == {"Mine", "Mine Too"}
    assert crm.query("SELECT name FROM org") == []
    assert crm("import", "--list").lines[0].endswith("undone")
    assert crm.is_sound()
    assert counts(crm("import", str(good))) == totals(created=3)
    assert crm("import", "--undo", "7", code=1).errors[0] == "crm: there is no import 7"
    crm("import", "--undo", "seven", code=2)


@pytest.mark.parametrize("rows", [3, 600], ids=["by row", "in bulk"])
def test_undo_keeps_what_was_edited_since_and_names_it(crm, write_people, rows):
    people = write_people(crm.home / "people.csv", rows)
    crm("import", str(people))
    crm("contact", "edit", "c2", "--set", "note=edited since")
    crm("log", "c", "c3", "talked")
    ran = crm("import", "--undo", "1")
    kept = [line for line in ran.errors if line.startswith("kept, changed since: ")]
    assert kept[:2] == [
        "kept, changed since: c2 Person 1 Čopič",
        "kept, changed since: c3 Person 2 Čopič",
    ]
    assert all(" o" in line for line in kept[2:])  # and the orgs they work at
    left = crm.query("SELECT id, note FROM contact ORDER BY id")
    assert (2, "edited since") in left
    assert [id for id, _ in left] == [2, 3]
    assert crm.count("org") == len(kept) - 2
    assert crm.query("SELECT count(*) FROM channel WHERE contact_id = 2") == [(2,)]
    assert crm.is_sound()


def test_an_undone_import_comes_back_with_redo(crm, good):
    crm("import", str(good))
    before = crm("export", "contacts").out
    crm("import", "--undo")
    assert crm("contact", "list").out == ""
    crm("redo")
    assert crm("export", "contacts").out == before
    assert crm.is_sound()


# -- at once


def test_two_imports_of_one_file_at_once_give_one_set_of_people(crm, write_people):
    people = str(write_people(crm.home / "people.csv", 800))
    running = [crm.start("import", people, stdin=subprocess.DEVNULL) for _ in range(2)]
    ends = [
        (process.communicate(timeout=60)[1].decode(), process.returncode) for process in running
    ]
    assert [code for _, code in ends] == [0, 0], ends
    created = sorted(re.search(r"(\d+) created", err)[1] for err, _ in ends)
    assert created == ["0", "800"]
    assert crm.count("contact") == 800
    assert crm.query("SELECT count(*) FROM channel WHERE kind = 'email'") == [(800,)]
    assert crm.count("import_batch") == 1
    assert crm.is_sound()


def test_the_rejects_are_the_rows_of_the_file(crm, mixed):
    """Nothing is lost: good rows in the database and the others in the file make up the whole."""
    crm("import", str(mixed), code=6)
    rejected = list(csv.reader(io.StringIO((crm.home / "mixed.rejected.csv").read_text("utf-8"))))
    assert len(rejected) - 1 + crm.count("contact") == len(MIXED.splitlines()) - 1
    assert rejected[0][-2:] == ["line", "reason"]
    lines = MIXED.splitlines()
    for row in rejected[1:]:
        assert row[1] in lines[int(row[5]) - 1]
