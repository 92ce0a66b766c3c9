"""`crm import` of several files, in chunks, again, and over what is here already."""

import csv
import errno
import io
import json
import os
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.interchange import validate
from crmcli.service import import_ as service

ANA = "Name,Email,Company,Title\nAna Novak,ana@acme.si,Acme,CTO\n"
ALONE = "Name,Nr\nAna Novak,1\nBo Li,2\nAna Novak,3\nCene,4\nDana,5\n"


@pytest.fixture
def file(home):
    """Write a file and give its path."""

    def file(text: str, name: str = "people.csv") -> str:
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(text)
        return str(home / name)

    return file


def counts(err: str) -> list[str]:
    """Give the counts of each file, without zeros."""
    lines = [line.rpartition(": ")[2] for line in err.splitlines() if " created, " in line]
    lines = lines[:-1] or lines  # the last one is of all files
    return [", ".join(part for part in line.split(", ") if part[0] != "0") for line in lines]


def people(run, *fields: str) -> list[list[str]]:
    """Give everybody by id, these fields of each."""
    listed = run("contact", "list", "--sort", "id", "--fields", ",".join(fields), "-f", "csv")
    return list(csv.reader(io.StringIO(listed.out)))[1:]


@pytest.mark.parametrize(
    ("how", "said", "after"),
    [
        ((), "1 updated", [["Ana Novak", "CTO", "ana@acme.si; a@home.si"]]),
        (("--on-match", "update"), "1 updated", [["Ana N.", "CEO", "ana@acme.si; a@home.si"]]),
        (("--on-match", "skip"), "1 skipped", [["Ana Novak", "CTO", "ana@acme.si"]]),
        (
            ("--on-match", "new"),
            "1 created",
            [["Ana Novak", "CTO", "ana@acme.si"], ["Ana N.", "CEO", "ana@acme.si; a@home.si"]],
        ),
    ],
)
def test_what_a_match_does(run, file, how, said, after):
    run("import", file(ANA))
    path = file("Name,Email,Email,Company,Title\nAna N.,ana@acme.si,a@home.si,Acme,CEO\n")
    assert counts(run("import", path, *how, "--dry-run").err) == [said]
    assert counts(run("import", path, *how).err) == [said]
    assert people(run, "name", "title", "emails") == after
    if how != ("--on-match", "new"):
        assert counts(run("import", path, *how).err) in (["1 unchanged"], ["1 skipped"])
    if how != ("--on-match", "skip"):  # which wrote nothing
        run("import", "--undo")
        assert people(run, "name", "title", "emails") == [["Ana Novak", "CTO", "ana@acme.si"]]


def test_a_wrong_word_is_a_usage_error(run, file):
    result = run("import", file(ANA), "--on-match", "fil", code=2)
    assert "fill, update, skip, new" in result.err


# -- the round trip of a spreadsheet


def exported(run) -> list[list[str]]:
    return list(csv.reader(io.StringIO(run("export", "contacts", "-f", "csv").out)))


def written(table: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()


@pytest.fixture
def three(run):
    """Three people, one with everything, one with a name alone."""
    run(*("contact", "add", "Ana Novak", "-e", "work:ana@acme.si", "-e", "a@home.si"))
    run(*("contact", "edit", "c1", "-p", "+38640111222", "--org", "Acme", "--title", "CTO"))
    run("contact", "edit", "c1", "-t", "vip", "--set", "birthday=1990-05-17", "--set", "tea=green")
    run("contact", "add", "Bo", "-p", "+38640123456", "--set", "tea=black")
    run("contact", "add", "Cene")


EDITS = {
    "name": "Cenek",
    "title": "CEO",
    "org": "Bau",
    "emails": "work:ana@new.si; :b@home.si",
    "phones": "mobile:+38640999888",
    "tags": "vip; fair",
    "birthday": "1991-06-18",
    "note": "1+1 and 'more'",
    "nickname": "",
    "custom.tea": "",
    "owner": "bo",
    "lifecycle_stage": "lead",
    "cadence_days": "30",
    "do_not_contact": "yes",
    "address_locality": "Kranj",
}


@pytest.mark.parametrize(("column", "text"), list(EDITS.items()))
@pytest.mark.parametrize("who", [0, 2])
def test_a_spreadsheet_changes_only_what_was_edited(run, three, file, column, text, who):
    before = exported(run)
    edited = [list(row) for row in before]
    at = before[0].index(column)
    if column in ("title", "org") and who == 2:
        edited[3][before[0].index("org")] = "Bau"
    edited[1 + who][at] = text
    changed = [edited[1 + who] != before[1 + who]]
    result = run("import", file(written(edited)))
    assert counts(result.err) == ["1 updated, 2 unchanged"] * changed[0] or not changed[0]
    after = exported(run)
    blank = {before[0].index(name) for name in ("updated", "rev")}
    assert [[c for i, c in enumerate(row) if i not in blank] for row in after] == [
        [c for i, c in enumerate(row) if i not in blank] for row in edited
    ]
    assert counts(run("import", file(written(after))).err) == ["3 unchanged"]
    if changed[0]:
        run("import", "--undo")
        assert [row[:-2] for row in exported(run)] == [row[:-2] for row in before]


TOUCHED = {
    "cadence_days": "30",
    "cadence_max_days": "60",
    "bumped_on": "2026-11-20",
    "paused_until_on": "2026-12-24",
    "do_not_contact": "yes",
    "deceased": "yes",
}


@pytest.mark.parametrize("column", TOUCHED)
def test_an_emptied_cell_empties_what_is_said_about_keeping_in_touch(run, three, file, column):
    sets = [word for item in TOUCHED.items() for word in ("--set", "=".join(item))]
    run("contact", "edit", "c2", *sets)
    table = exported(run)
    at = table[0].index(column)
    assert table[2][at] == TOUCHED[column]
    table[2][at] = ""
    assert counts(run("import", file(written(table))).err) == ["1 updated, 2 unchanged"]
    table[2][at] = "no" if column in ("do_not_contact", "deceased") else ""
    assert [row[:-2] for row in exported(run)] == [row[:-2] for row in table]


def test_a_longer_cadence_lets_its_limit_go(run, three, file):
    run("contact", "edit", "c2", "--set", "cadence_days=30", "--set", "cadence_max_days=60")
    path = file(f"uid,name,emails,cadence_days\n{exported(run)[2][0]},Bo,,90\n")
    assert counts(run("import", path, "--on-match", "update").err) == ["1 updated"]
    assert people(run, "cadence_days", "cadence_max_days")[1] == ["90", ""]


def test_what_changed_meanwhile_is_not_put_back(run, three, file):
    table = exported(run)
    run("contact", "edit", "c1", "-p", "+38640333444", "--set", "title=CFO")
    table[1][table[0].index("title")] = "CEO"
    result = run("import", file(written(table)))
    assert "c1 changed since the file was written" in result.err
    assert counts(result.err) == ["3 unchanged"]
    assert people(run, "title", "phones")[0] == ["CFO", "+38640111222; +38640333444"]
    run("import", file(written(table)), "--on-match", "update")
    assert people(run, "title", "phones")[0] == ["CEO", "+38640111222"]


def test_json_lines_that_lack_a_key_say_nothing_about_it(run, three, file):
    lines = [json.loads(line) for line in run("export", "contacts", "-f", "jsonl").lines]
    lines[0]["title"] = "CEO"
    del lines[1]["phones"], lines[0]["tags"]
    path = file("\n".join(map(json.dumps, lines)), "people.jsonl")
    assert counts(run("import", path).err) == ["1 updated, 2 unchanged"]
    assert people(run, "title", "phones", "tags")[:2] == [
        ["CEO", "+38640111222", "vip"],
        ["", "+38640123456", ""],
    ]


# -- several files, chunks


@pytest.fixture
def exports(run, file, home):
    """Our own exports of everything; the database is empty again."""
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme")
    run("task", "add", "Send offer", "--for", "c1", "--due", "2030-01-02")
    run("log", "call", "c1", "wants a pilot", "--keep")
    paths = []
    for noun in ("interactions", "tasks", "contacts", "orgs"):
        paths.append(str(home / f"{noun}.csv"))
        run("export", noun, "-o", paths[-1])
    for entry in (home / ".local/share/crm", home / "crm.db"):
        if entry.is_file():
            entry.unlink()
    return paths


def test_files_come_in_in_an_order_that_holds(run, exports, home):
    db = str(home / "other.db")
    would = counts(run("import", *exports, "--dry-run", "--db", db).err)
    assert would == ["1 created"] * 4
    result = run("import", *exports, "--db", db)
    assert counts(result.err) == would
    assert "Import 1-4; " in result.err
    assert len(run("history", "-f", "ids", "--db", db).lines) == 1
    assert counts(run("import", *exports, "--db", db).err) == ["1 unchanged"] * 4
    run("import", "--undo", "--db", db)
    for noun in ("contact", "org", "task"):
        assert run(noun, "list", "--count", "--db", db).out == "0\n"
    run("redo", "--db", db)
    assert run("task", "list", "--count", "--db", db).out == "1\n"


def test_a_folder_is_its_files(run, file):
    file(ANA, "all/a.csv")
    file("Name\nBo\n", "all/b.csv")
    file("\x89PNG\r\n", "all/c.png")
    folder = file("", "all/.hidden").rpartition("/")[0]
    result = run("import", folder)
    assert counts(result.err) == ["1 created", "1 created"]
    assert "c.png: left out: " in result.err
    assert "holds no file" in run("import", file("", "none/.hidden")[:-8], code=2).err


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(validate, "BATCH", 2)
    monkeypatch.setattr(service, "BATCH", 2)


@pytest.mark.usefixtures("small_chunks")
def test_chunks_are_one_undo(run, file):
    result = run("import", file(ALONE), "--chunk", "2", "--map", "Nr=custom:nr")
    assert counts(result.err) == ["5 created"]
    assert len(run("history", "-f", "ids").lines) == 1
    assert [row[0] for row in people(run, "name")] == "Ana Novak,Bo Li,Ana Novak,Cene,Dana".split(
        ","
    )
    assert counts(run("import", file(ALONE), "--map", "Nr=custom:nr", "--chunk", "2").err) == [
        "5 unchanged"
    ]
    run("undo")
    assert people(run, "name") == []
    run("redo")
    assert len(people(run, "name")) == 5
    run("contact", "edit", "c4", "--name", "Cenek")
    run("import", "--undo")
    assert people(run, "name") == [["Cenek"]]


@pytest.mark.usefixtures("small_chunks")
def test_an_import_broken_off_goes_on_and_is_one_undo(run, file, monkeypatch):
    bring = service.import_rows
    calls = []

    def break_off(*args, **options):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return bring(*args, **options)

    path, how = file(ALONE), ("--chunk", "2", "--map", "Nr=custom:nr")
    monkeypatch.setattr(service, "import_rows", break_off)
    run("import", path, *how, code=130)
    assert len(people(run, "name")) == 2
    monkeypatch.setattr(service, "import_rows", bring)
    assert counts(run("import", path, *how).err) == ["3 created, 2 unchanged"]
    assert len(people(run, "name")) == 5
    run("undo")
    assert people(run, "name") == []


@pytest.mark.usefixtures("small_chunks")
def test_an_import_broken_off_is_closed_though_nothing_is_missing(run, file, monkeypatch, database):
    path, how = file(ALONE), ("--chunk", "2", "--map", "Nr=custom:nr")
    bring, calls = service.import_rows, []

    def break_off(*args, **options):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return bring(*args, **options)

    monkeypatch.setattr(service, "import_rows", break_off)
    run("import", path, *how, code=130)
    monkeypatch.setattr(service, "import_rows", bring)
    rest = "".join(ALONE.splitlines(keepends=True)[::2])
    run("import", file(rest, "rest.csv"), "--map", "Nr=custom:nr")
    run("import", file("Name,Nr\nDana,5\nAna Novak,3\nCene,4\n", "last.csv"), *how[2:])
    run("import", path, *how)
    with sqlite3.connect(database) as conn:
        assert conn.execute("SELECT count(*) FROM import_batch WHERE is_done = 0").fetchone() == (
            0,
        )
    groups = run("history", "-f", "ids").out
    run("import", path, *how)
    assert run("history", "-f", "ids").out == groups


def test_strict_is_all_files_or_none(run, file):
    good, bad = file(ANA, "good.csv"), file("Name,Email\nBo,bo@x.si,more\n", "bad.csv")
    assert "nothing was written" in run("import", good, bad, "--strict", code=3).err
    assert people(run, "name") == []
    result = run("import", good, bad, code=6)
    assert counts(result.err) == ["1 created", "1 rejected"]


# -- profiles and what holds for everybody


def test_a_profile_keeps_how_a_file_is_read(run, file):
    path = file("Kunde;Nr\nAna Novak;7\n")
    run("import", path, "--map", "Kunde=name,Nr=custom:nr", "--save-profile", "Bank")
    other = file("Kunde;Nr\nBo;8\n", "april.csv")
    run("import", other, "--profile", "bank")
    assert people(run, "name", "custom.nr") == [["Ana Novak", "7"], ["Bo", "8"]]
    (kept,) = json.loads(run("import", "--profiles", "--json").out)
    assert kept == {"name": "Bank", "options": {"mapping": "Kunde=name,Nr=custom:nr"}}
    assert "one of Bank" in run("import", other, "--profile", "bnk", code=1).err
    assert run("import", path, "--save-profile", "none", code=2).out == ""
    run("import", "--drop-profile", "BANK")
    assert json.loads(run("import", "--profiles", "--json").out) == []
    run("undo")
    assert len(json.loads(run("import", "--profiles", "--json").out)) == 1


def test_source_and_region_hold_for_everybody(run, file):
    path = file("Name,Phone\nAna,040 123 456\n")
    run("import", path, "--region", "si", "--source", "fair 2026", "-t", "fair")
    (who,) = json.loads(run("contact", "list", "--json").out)
    assert who["phones"][0]["norm"] == "+38640123456"
    assert (who["source"], who["custom"]) == ("fair 2026", {})
    assert who["tags"] == ["fair"]


def test_a_title_without_an_org_is_kept(run, file):
    path = file("Name,Email,Title\nAna,ana@acme.si,CTO\n")
    run("import", path)
    (who,) = json.loads(run("contact", "list", "--json").out)
    assert (who["org"], who["custom"]) == (None, {"title": "CTO"})
    assert counts(run("import", path).err) == ["1 unchanged"]
    run("import", file("Name,Email,Company,Title\nAna,ana@acme.si,Acme,CTO\n"))
    (who,) = json.loads(run("contact", "list", "--json").out)
    assert (who["org"], who["title"]) == ("Acme", "CTO")


def test_the_columns_are_accounted_for(run, file):
    path = file("Name,Email,Shoe\nAna\u202e,ana@acme.si,42\nBo,,\nCene,c@x.si,\n")
    told = json.loads(run("import", path, "--dry-run", "--json").out)
    columns = [
        {key: column[key] for key in ("filled", "empty", "changed", "dropped")}
        for column in told["columns"]
    ]
    assert columns == [
        {"filled": 3, "empty": 0, "changed": 1, "dropped": 0},
        {"filled": 2, "empty": 1, "changed": 0, "dropped": 0},
        {"filled": 1, "empty": 2, "changed": 0, "dropped": 1},
    ]
    shown = run("import", path, "--dry-run").err
    assert f"{path}: generic contact, utf-8, comma between cells" in shown
    assert "  Shoe → left out (1 filled, 2 empty, 1 dropped): 42" in shown


def test_what_is_left_out_is_said_with_its_reason(run, file):
    path = file(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ana,Novak,https://www.linkedin.com/in/ana,,,,12 Mar 2021\n"
        ",,,,,,01 Jan 2023\n,,,,,,02 Jan 2023\n"
    )
    told = run("import", path).err
    assert "2 rows left out: holds nobody: no name and no way to reach one" in told
    assert counts(told) == ["1 created, 2 skipped"]


def test_a_terminal_shows_of_a_column_what_fits(monkeypatch, capsys):
    from crmcli.render import Output

    out = Output(None, {})
    monkeypatch.setenv("COLUMNS", "20")
    out.say_line("  Name → name: 王小明王小明王小明")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    out.say_line("  Name → name: 王小明王小明王小明")
    out.say_line("short")

    assert capsys.readouterr().err.splitlines() == [
        "  Name → name: 王小明王小明王小明",
        "  Name → name: 王小…",
        "short",
    ]


WORDS = st.text(st.sampled_from("aČ华ی\u200c 1-'=+@;:\\\"\n,"), max_size=8)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=4))
def test_our_csv_comes_back_as_it_went(run, home, tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("trip")
    one, two = str(folder / "one.db"), str(folder / "two.db")
    records = [
        {
            "name": f"n{name}",
            "note": note,
            "tags": [],
            "custom": {"k": text} if text.strip() else {},
        }
        for name, note, text in rows
    ]
    (folder / "in.json").write_text(json.dumps(records))
    run("contact", "add", "--input", str(folder / "in.json"), "--force", "--db", one)
    path = str(folder / "out.csv")
    run("export", "contacts", "-o", path, "--db", one)
    run("import", path, "--db", two)
    fields = "name,note,custom,uid"
    listed = [run("contact", "list", "--json", "--sort", "id", "--db", db).out for db in (one, two)]
    first, second = (
        [{key: who[key] for key in fields.split(",")} for who in json.loads(text)]
        for text in listed
    )
    assert first == second
    assert counts(run("import", path, "--db", one).err) == [f"{len(rows)} unchanged"]
    assert counts(run("import", path, "--db", two).err) == [f"{len(rows)} unchanged"]


def test_no_room_for_the_rows(run, file, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(validate, "_bytes_file", Full)
    result = run("import", file(ANA), code=5)
    assert result.err.startswith("crm: cannot write /")
    assert result.err.endswith(": No space left on device\n")
    assert people(run, "name") == []


def test_our_csv_cut_down_to_a_few_columns_is_still_ours(run, three, file):
    table = exported(run)
    columns = [table[0].index(name) for name in ("uid", "name", "title", "rev")]
    few = [[row[at] for at in columns] for row in table]
    few[1][2] = ""
    assert counts(run("import", file(written(few))).err) == ["1 updated, 2 unchanged"]
    assert people(run, "title", "phones")[0] == ["", "+38640111222"]
