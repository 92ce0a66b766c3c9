"""`crm import`: options, exit codes, messages, rejects, the list and the undo."""

import csv
import io
import re

import pytest

PEOPLE = "Name,Email,Company\nAna Novak,ana@acme.si,Acme\nBo Li,bo@acme.si,Acme\n"
BAD = "Name,Email\nAna,ana@acme.si\nBo,bo@x.si,too,many\n,\nCene,cene@x.si\n"


@pytest.fixture
def file(home):
    """Write a file and give its path."""

    def file(text: str | bytes = PEOPLE, name: str = "people.csv") -> str:
        raw = text if isinstance(text, bytes) else text.encode()
        (home / name).write_bytes(raw)
        return str(home / name)

    return file


def counts(err: str) -> str:
    """Give the line of counts without its zeros."""
    (line,) = [line for line in err.splitlines() if " created, " in line]
    return re.sub(r"(, )?\b0 \w+", "", line).removeprefix(", ").replace(": , ", ": ")


def names(run) -> list[str]:
    return run("contact", "list", "--fields", "name", "-f", "tsv").lines


def test_a_file_comes_in_and_again_writes_nothing(run, file):
    path = file()
    result = run("import", path)
    assert result.out == ""
    assert result.err.splitlines() == [
        "2 created, 0 updated, 0 unchanged, 0 skipped, 0 rejected",
        "Import 1; `crm import --undo` takes it back",
    ]
    assert names(run) == ["Ana Novak", "Bo Li"]
    groups = run("history", "-f", "ids").out
    again = run("import", path)
    assert again.err == "0 created, 0 updated, 2 unchanged, 0 skipped, 0 rejected\n"
    assert run("history", "-f", "ids").out == groups
    assert len(run("import", "--list").lines) == 1


def test_dry_run_counts_and_writes_nothing(run, file, home, database):
    path = file(BAD)
    result = run("import", path, "--dry-run", code=6)
    assert counts(result.err) == "Would be: 2 created, 1 rejected"
    assert "Import 1" not in result.err
    assert not database.exists()
    assert [entry.name for entry in home.glob("*.csv")] == ["people.csv"]
    assert counts(run("import", path, code=6).err) == "2 created, 1 rejected"


def test_rejects_are_written_beside_the_file(run, file, home):
    result = run("import", file(BAD), code=6)
    where = home / "people.rejected.csv"
    assert "people.csv:3: rejected: has 4 cells, the header 2" in result.err
    assert "crm: 1 row was rejected" in result.err
    assert f"in {where} with the reasons" in result.err
    assert list(csv.reader(io.StringIO(where.read_text()))) == [
        ["Name", "Email", "line", "reason"],
        ["Bo", "bo@x.si", "3", "has 4 cells, the header 2", "too", "many"],
    ]
    assert where.stat().st_mode & 0o777 == 0o600
    assert names(run) == ["Ana", "Cene"]


def test_rejects_go_where_asked(run, file, home):
    result = run("import", file(BAD), "--rejects", str(home / "bad.csv"), code=6)
    assert f"in {home / 'bad.csv'} with the reasons" in result.err
    assert (home / "bad.csv").exists()
    assert not (home / "people.rejected.csv").exists()


def test_rejects_that_are_being_mended_are_not_overwritten(run, file, home):
    path = file(BAD)
    run("import", path, code=6)
    assert "people.rejected.csv with" in run("import", path, code=6).err  # the same once more
    (home / "people.rejected.csv").write_text("half mended")
    assert "people.rejected-2.csv with" in run("import", path, code=6).err
    assert (home / "people.rejected.csv").read_text() == "half mended"


def test_without_a_reject_no_file_is_written(run, file, home):
    run("import", file(), "--rejects", str(home / "bad.csv"))
    assert [entry.name for entry in home.glob("*.csv")] == ["people.csv"]


def test_what_the_database_rejects_is_in_the_file_too(run, file, home):
    header = "uid,title,status,contact_uid"
    path = file(f"{header}\nt-1,Call,needs_action,gone\nt-2,Write,needs_action,\n")
    result = run("import", path, code=6)
    assert "people.csv:2: rejected: the contact gone is not here: import it first" in result.err
    rows = list(csv.DictReader(io.StringIO((home / "people.rejected.csv").read_text())))
    assert [(row["uid"], row["line"]) for row in rows] == [("t-1", "2")]
    assert run("task", "list", "--fields", "title", "-f", "tsv").lines == ["Write"]


def test_strict_is_all_or_nothing(run, refused, file, database):
    err = refused("import", file(BAD), "--strict", code=3)
    assert "people.csv:3: has 4 cells, the header 2" in err
    assert "nothing was written (--strict)" in err
    assert not database.exists()
    run("import", file(), "--strict")
    assert len(names(run)) == 2


def test_strict_holds_for_what_the_database_rejects(run, refused, file):
    path = file("uid,title,status,contact_uid\nt-1,Call,,\nt-2,Write,,gone\n")
    assert "people.csv:3: the contact gone" in refused("import", path, "--strict", code=3)
    assert run("task", "list", "-f", "ids").out == ""


def test_tags_and_owner_for_everybody(run, file):
    run("import", file(), "-t", "fair", "--tag", "+2026", "--owner", "eva")
    rows = run("contact", "list", "--json").json
    assert [(row["tags"], row["owner"]) for row in rows] == [(["fair", "2026"], "eva")] * 2
    run("import", file("Name,Email\nCene,c@x.si\n"), "--owner", "me")
    assert run("show", "cene", "--json").json["owner"] == "me"


def test_an_owner_in_the_file_goes_first(run, file):
    run("import", file("Name,Email,Owner\nAna,a@x.si,zala\nBo,b@x.si,\n"), "--owner", "eva")
    assert [row["owner"] for row in run("contact", "list", "--json").json] == ["zala", "eva"]


def test_map_names_the_columns(run, file):
    path = file("Kunde,Wer,Nr,Foo\nAcme,Ana,7,x\n")
    run("import", path, "--map", "Kunde=org,Wer=name,Nr=custom:number,ignore:Foo")
    row = run("show", "ana", "--json").json
    assert (row["org"], row["custom"]) == ("Acme", {"number": "7"})


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("Name,Email\nRok Čop,rok@x.si\n".encode("cp1250"), ["--encoding", "cp1250"], "Rok Čop"),
        ("Name,Email\nRok Èop,rok@x.si\n".encode("cp1252"), ["--encoding", "cp1252"], "Rok Èop"),
        ("Name,Email\nRok Čop,rok@x.si\n".encode("utf-16"), [], "Rok Čop"),
        (b"Name;Email\nRok Cop;rok@x.si\n", ["--delimiter", ";"], "Rok Cop"),
        (b"Name\tEmail\nRok Cop\trok@x.si\n", ["--delimiter", "tab"], "Rok Cop"),
        (b"Name|Email\nRok Cop|rok@x.si\n", [], "Rok Cop"),
    ],
)
def test_how_the_file_is_read(run, file, content, options, expected):
    run("import", file(content), *options)
    assert names(run) == [expected]


def test_what_is_odd_but_kept_is_said(run, file):
    result = run("import", file("Name,Email,Phone\nAna,nonsense,12\n"))
    assert "people.csv:2: not an e-mail address, kept as unverified: 'nonsense'" in result.err
    assert "people.csv:2: not a telephone number, kept as unverified: '12'" in result.err


def test_only_the_first_warnings_and_rejects_are_named(run, file):
    rows = "".join(f"P{n},bad{n}\n" for n in range(9))
    result = run("import", file(f"Name,Email\n{rows}"))
    assert result.err.count("kept as unverified") == 5
    assert "… and 4 more warnings" in result.err
    rows = "".join(f"P{n},p{n}@x.si,too many\n" for n in range(9))
    result = run("import", file(f"Name,Email\n{rows}"), code=6)
    assert result.err.count(": rejected: ") == 5
    assert "9 rows were rejected" in result.err


def test_the_trash_is_said(run, file, ana):
    run("contact", "rm", "c1", "--yes")
    result = run("import", file())
    assert "people.csv:2: in the trash as c1" in result.err
    assert counts(result.err) == "1 created, 1 skipped"


@pytest.mark.parametrize("text", [PEOPLE, PEOPLE.encode()])
def test_from_stdin(run, text):
    assert counts(run("import", "-", input=text).err) == "2 created"
    assert run("import", "--list", "--fields", "filename", "-f", "tsv").out == "stdin\n"


def test_rejects_of_stdin_lie_in_the_folder_of_work(run, home, monkeypatch):
    monkeypatch.chdir(home)
    assert "in stdin.rejected.csv with the reasons" in run("import", "-", input=BAD, code=6).err
    assert (home / "stdin.rejected.csv").read_bytes().startswith(b"Name,Email,line,reason\r\n")


def test_report_as_json(run, file):
    path = file("Name,Email,Shoe size\nAna,ana@acme.si,42\nBo,bo@x.si,,x\nCene,,\n")
    result = run("import", path, "--json", code=6)
    report = result.json
    assert {key: report[key] for key in report if key not in ("columns", "notes")} == {
        "id": 1,
        "file": path,
        "format": "generic contact",
        "encoding": report["encoding"],
        "dry_run": False,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 1,
        "rejects": [{"line": 3, "reason": "has 4 cells, the header 3"}],
    }
    assert [(c["name"], c["filled"]) for c in report["columns"]] == [
        *(("Name", 2), ("Email", 1), ("Shoe size", 1)),
    ]
    assert [c["field"] for c in report["columns"][:2]] == ["name", "email"]
    assert run("import", path, "--json", "--dry-run", code=6).json["id"] is None


def test_the_list_of_imports(run, file):
    assert run("import", "--list").out == ""
    assert run("import", "--list", "--json").json == []
    run("import", file())
    run("import", file("Name,Email\nCene,c@x.si\n,\nToo,many,cells\n", "more.csv"), code=6)
    first, second = reversed(run("import", "--list", "--json").json)
    assert (first["filename"], first["created"], first["undone"]) == ("people.csv", 2, None)
    assert (second["id"], second["filename"], second["rejected"]) == (2, "more.csv", 1)
    assert len(first["sha256"]) == 64
    run("import", "--undo", "1")
    line = run("import", "--list").lines[1].split("\t")
    assert line[:4] == ["1", "2026-11-23T09:00:00Z", "people.csv", "generic contact"]
    assert "undone" in line


@pytest.mark.parametrize("number", [[], ["1"]])
def test_undo_takes_an_import_back(run, file, number):
    run("import", file())
    result = run("import", "--undo", *number)
    assert (result.out, result.err) == (
        *("1\n", "Undone: group 1, import people.csv; `crm redo` brings it back\n"),
    )
    assert names(run) == []
    run("redo")
    assert len(names(run)) == 2


def test_undo_keeps_who_was_edited_since(run, file):
    run("import", file())
    run("contact", "edit", "c1", "--note", "mine")
    run("contact", "edit", "c2", "--set", "name=Bo Lee")
    result = run("import", "--undo", "--json")
    assert "kept, changed since: c2 Bo Lee" in result.err
    assert "c2 Bo Lee" in result.json["kept"]
    assert "Bo Lee" in names(run)


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ([], 2, "import needs a file"),
        (["none.csv"], 2, "none.csv"),
        (["FILE", "--foo"], 2, "--foo"),
        (["FILE", "--encoding", "nope"], 2, "nope"),
        (["FILE", "--delimiter", "ab"], 2, "'ab' is no delimiter"),
        (["FILE", "--map", "Nme=name"], 2, "'Nme'"),
        (["FILE", "--map", "Name=nmae"], 2, "nmae"),
        (["FILE", "--map", "Name"], 2, "--map cannot read"),
        (["--undo", "x"], 2, "not an import: 'x'"),
        (["--undo", "-1"], 2, "-1"),
        (["--undo"], 1, "no import of yours"),
        (["--undo", "9"], 1, "no import 9"),
        (["FILE", "extra"], 2, "extra"),
    ],
)
def test_import_refuses(refused, file, database, args, code, words):
    path = file()
    assert words in refused("import", *[path if a == "FILE" else a for a in args], code=code)
    assert code == 1 or not database.exists()


@pytest.mark.parametrize(
    "content", ["", "\n\n", "foo,bar\n1,2\n", "[1, 2", "PK\x03\x04", "%PDF-1.7\n1 0 obj"]
)
def test_a_file_that_cannot_be_read_is_invalid(refused, file, database, content):
    refused("import", file(content), code=3)
    assert not database.exists()


def test_letters_that_may_be_two_are_asked_for(refused, file):
    err = refused("import", file(b"Name,Email\nRok \xe8op,rok@x.si\n"), code=3)
    assert "--encoding" in err


def test_hostile_text_is_never_raw(run, file):
    path = file("Name,Email,Company\n\x1b]0;x\x07Ana,\x1b[31mbad,A\x1b[2J\nBo,x,y,\x1b[1m\n")
    result = run("import", path, code=6)
    assert "\x1b" not in result.err + result.out


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_what_is_said_about_keeping_in_touch_comes_back(run, home, ending):
    said = {
        "cadence_days": 14,
        "cadence_max_days": 20,
        "bumped_on": "2026-11-20",
        "paused_until_on": "2026-12-20",
        "do_not_contact": True,
        "deceased": True,
    }
    run("contact", "add", "Ana", *(w for k, v in said.items() for w in ("--set", f"{k}={v}")))
    run("contact", "date", "c1", "birthday", "17.5.1990", "--lead", "3w")
    run("contact", "add", "Bo", "--set", "cadence=30d")
    run("export", "contacts", "-o", str(home / f"e.{ending}"))
    other = ("--db", str(home / "other.db"))
    run(*other, "contact", "add", "Bo")
    run(*other, "import", str(home / f"e.{ending}"))
    rows = {row["name"]: row for row in run(*other, "contact", "list", "--json").json}
    assert {key: rows["Ana"][key] for key in said} == said
    assert rows["Ana"]["date_leads"] == [{"label": "birthday", "value": "21"}]
    assert [row["cadence_days"] for row in rows.values() if row["name"] == "Bo"] != [None]
    again = run(*other, "import", str(home / f"e.{ending}")).err
    assert "2 unchanged" in again
