"""Imports: choosing a file, its columns, the counts, the run, cancelling, and taking it back."""

import errno
import os
import sqlite3
import threading
from contextlib import closing

import pytest

from crmcli.interchange import validate
from crmcli.service import import_ as service
from crmcli.store import db, dialect
from crmcli.tui.screens.import_file import ImportFileScreen
from crmcli.tui.widgets.rows import RowList

NOW = 1795424400  # Mon 23 Nov 2026 9:00 UTC
DAY = 86_400
PEOPLE = "Name,Email,Company\nAna Novak,ana@acme.si,Acme\nBo Li,bo@acme.si,Acme\n"
BAD = "Name,Email\nAna,ana@acme.si\nBo,bo@x.si,too,many\n,\nCene,cene@x.si\n"
CUSTOMERS = "Kunde;Nr;Telefon;Ort\nAna Novak;12;040 123 456;Celje\nBo Li;13;;Graz\n"
ORIGINS = "Herkunft;Kennung\nMesse;A 12\nMesse;A 13\n"
GOOGLE = (
    "First Name,Last Name,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value\n"
    "Ana,Novak,,client ::: * myContacts,* Work,ana@acme.si\n"
)
WIDE = (
    "Name,Email,Company,备注,ایمیل\n"
    "张伟,zw@example.cn,华为技术有限公司,询问预算并发送报价单,x\n"
    "سارا احمدی,sara@example.ir,شرکت,ارسال نمونه‌ها,y\n"
    "👩‍🚀 Astronaut 🚀,a@x.si,[b]Bold[/b] [@click=app.quit]x[/],🎉,z\n"
)
LONG_HEAD = "What the customer said about us when we asked them in the survey of last spring"
LONG = f"Name,{LONG_HEAD},Email\n" + f"{'Maximiliane ' * 8},{'a long answer ' * 20},m@x.de\n"


@pytest.fixture
def folder(home, monkeypatch):
    """The folder one starts in; `put` writes a file into it, two days old."""
    here = home / "work"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def put(folder):
    """Write a file of the folder, changed so many days ago."""

    def put(name, content, days=2):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (NOW - days * DAY,) * 2)
        return path

    return put


def names(run):
    return [row["name"] for row in run("contact", "list", "--json").json]


def counted(tui, label):
    """Give the counts that the screen shows after a label."""
    return tui.line(" rejected").partition(label)[2].strip()


def counts_of(result):
    """Give the counts that `crm import` says."""
    line = next(line for line in result.err.splitlines() if " created, " in line)
    return line.removeprefix("Would be: ")


# The frames


@pytest.fixture
def world(put, folder, request):
    """The files of a frame, the database, and the file that is imported."""

    def world(name):
        if name == "empty":
            return None, None
        (folder / "letters").mkdir()
        put("notes.pdf", b"%PDF", days=1)
        content = {"people": BAD, "wide": WIDE, "long": LONG}[name]
        stem = {"wide": "客户名单 🚀", "long": "the list of everybody we met at the fair " * 2}
        put(f"{stem.get(name, 'people').strip()}.csv", content)
        put("older.json", "[]", days=400)
        return request.getfixturevalue(name), 0

    return world


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("name", ["empty", "people", "wide", "long"])
async def test_frames_of_a_whole_import(screen, frame, world, name, size):
    source, file = world(name)
    async with screen(source, size=size) as tui:
        await tui.press("i")
        assert tui.frame() == frame(name="1 choice")
        if file is None:
            return
        await tui.press("enter")
        assert tui.frame() == frame(name="2 columns")
        await tui.press("enter")
        assert tui.frame() == frame(name="3 field")
        await tui.press("escape", "ctrl+s")
        assert tui.frame() == frame(name="4 counted")
        await tui.press("ctrl+s")
        assert tui.frame() == frame(name="5 done")


# Choosing


async def test_the_newest_table_stands_first_and_enter_opens_it(screen, put, folder):
    put("old.csv", PEOPLE, days=9)
    put("new.tsv", PEOPLE.replace(",", "\t"), days=1)
    put("a.pdf", b"%PDF", days=0)
    (folder / "sub").mkdir()
    async with screen() as tui:
        await tui.press("6")
        shown = [row.cells[0] for row in tui.app.screen.files.rows.rows]
        assert shown == ["new.tsv", "old.csv", "..", "sub/", "a.pdf"]
        assert "yesterday" in tui.line("new.tsv")
        assert tui.frame().startswith("1 Today")
        await tui.press("j", "enter")
        assert "old.csv" in tui.line("2 rows")
        await tui.press("escape")
        assert "Import a file" in tui.frame()


async def test_typing_a_path_with_completion(screen, put, folder):
    (folder / "exports").mkdir()
    put("exports/Customers.csv", CUSTOMERS)
    put("exports/customers old.csv", CUSTOMERS)
    async with screen() as tui:
        await tui.press("i", "slash")
        await tui.write("~/work/ex")
        await tui.press("tab")
        assert tui.app.screen.line.value == "~/work/exports/"
        await tui.write("c")
        await tui.press("tab")
        assert tui.app.screen.line.value == "~/work/exports/customers"
        await tui.write(".")
        await tui.press("enter")  # what fits but one file opens it
        assert "Customers.csv" in tui.line("2 rows")
        await tui.press("escape")
        assert tui.app.screen.line.value == "~/work/exports/"
        assert tui.app.focused is tui.app.screen.files


async def test_a_folder_is_gone_into_and_left_again(screen, put, folder):
    (folder / "exports").mkdir()
    put("exports/a.csv", PEOPLE)
    async with screen() as tui:
        await tui.press("i", "j", "enter")
        assert "in ~/work/exports" in tui.frame()
        assert "a.csv" in tui.frame()
        await tui.press("j", "enter")  # ..
        assert "in ~/work\n" in tui.frame()


async def test_keys_of_the_line_and_between_the_lists(screen, put):
    put("a.csv", PEOPLE)
    async with screen() as tui:
        await tui.press("i")
        here = tui.app.screen
        await tui.press("slash")
        assert tui.app.focused is here.line
        for key in ("down", "escape"):
            await tui.press("slash", key)
            assert tui.app.focused is here.files
        await tui.press("tab")
        assert tui.app.focused.id == "imports"
        await tui.press("tab")
        assert tui.app.focused is here.files
        await tui.press("tab", "escape")
        assert tui.app.focused is here.files
        await tui.press("slash")
        assert "tab Complete" in tui.frame()


async def test_dropped_files_and_quotes(screen, put, folder):
    put("my list.csv", PEOPLE)
    async with screen() as tui:
        await tui.press("i")
        for text in ("'my list.csv'", r"my\ list.csv", f"file://{folder}/my%20list.csv"):
            tui.app.screen.line.value = text
            await tui.press("slash", "enter")
            assert isinstance(tui.app.screen, ImportFileScreen), text
            await tui.press("escape")


FAULTS = {
    "nobody.csv": (None, "no such file"),
    "login.csv": (b"<html><body>please log in</body></html>", "is a web page"),
    "empty.csv": (b"", "the file is empty"),
    "blob.csv": (bytes(range(256)) * 40, "blob.csv"),
    "zip.csv": (b"PK\x03\x04 and more", "an Excel workbook"),
    "nuls.csv": (b"\0" * 5000, "holds no row"),
    "prose.csv": (b"Dear all,\nthis is no table.\n", "no header"),
    "broken.json": (b'{"uid": ', "is not JSON"),
    "other.json": (b'[{"a": 1}]', "not an export of crm"),
}


async def test_what_is_no_file_of_contacts_is_said_beside_the_path(screen, put, folder, database):
    for name, (content, _) in FAULTS.items():
        if content is not None:
            put(name, content)
    os.mkfifo(folder / "pipe.csv")
    async with screen() as tui:
        await tui.press("i", "slash")
        for name, (_, said) in {**FAULTS, "pipe.csv": (None, "is no file")}.items():
            tui.app.screen.line.value = name
            await tui.press("enter")
            message = " ".join(tui.frame().splitlines()[3:6])
            assert "! " in message, (name, tui.frame())
            assert said in message, (name, message)
            assert str(folder) not in message
            assert tui.app.screen.line.value == name
            assert tui.app.focused is tui.app.screen.line
        tui.app.screen.line.value = str(folder)  # a folder is shown
        await tui.press("enter")
        assert "login.csv" in tui.frame()
    assert not database.exists()


async def test_a_file_with_a_huge_field_is_read_without_it(screen, put):
    put("huge.csv", f'Name,Note\nAna,"{"x" * 3_000_000}"\nBo,fine\n')
    async with screen() as tui:
        await tui.press("i", "enter", "ctrl+s")
        assert counted(tui, "Would be").startswith("1 created")
        assert "longer than" in tui.frame()


async def test_file_names_from_outside_are_shown_safe(screen, put, folder):
    put("a\x1b]52;c;eA==\x07[b].csv", PEOPLE)
    (folder / os.fsdecode(b"caf\xe9.csv")).write_text(PEOPLE)
    async with screen() as tui:
        await tui.press("i")
        assert "\x1b" not in tui.frame()
        assert "␛]52;c;eA==␇[b].csv" in tui.frame()
        for _ in range(2):
            await tui.press("enter")
            assert "2 rows" in tui.frame()
            await tui.press("escape", "j")


# Columns


async def test_a_column_gets_another_field_as_with_map(screen, put, run, database):
    path = put("kunden.csv", CUSTOMERS)
    async with screen() as tui:
        await tui.press("i", "enter")
        assert "left out" in tui.line("Kunde")
        await tui.press("enter")
        await tui.write("nmae")
        await tui.press("enter")
        assert "did you mean 'name'?" in tui.frame()  # and what was typed is still there
        await tui.press(*["backspace"] * 3)
        await tui.write("ame")
        await tui.press("enter")
        assert "name" in tui.line("Kunde").split()
        await tui.press("j", "enter")
        await tui.write("custom:Kundennummer")
        await tui.press("enter")
        assert "own field kundennummer" in tui.line("Nr")
        await tui.press("j", "j", "x")
        assert "left out" in tui.line("Ort")
        await tui.press("ctrl+s", "ctrl+s")
        assert counted(tui, "Done").startswith("2 created")
    ours = run("export", "contacts", "-f", "json").json
    database.unlink()
    run("import", str(path), "--map", "Kunde=name,Nr=custom:Kundennummer,ignore:Ort")
    theirs = run("export", "contacts", "-f", "json").json
    assert [{**row, "uid": ""} for row in ours] == [{**row, "uid": ""} for row in theirs]


async def test_a_table_of_unknown_columns_can_be_mapped_from_nothing(screen, put, run):
    put("origins.csv", ORIGINS)
    async with screen() as tui:
        await tui.press("i", "enter")
        assert "no column is a name" in tui.frame()
        await tui.press("ctrl+s")
        assert "Refused" in tui.frame()
        await tui.press("j", "enter")
        await tui.write("name")
        await tui.press("enter", "ctrl+s", "ctrl+s")
        assert counted(tui, "Done").startswith("2 created")
    assert names(run) == ["A 12", "A 13"]


async def test_repeated_columns_are_told_apart(screen, put, run):
    put("twice.csv", "Name,Tags,Tags\nAna,one,two\n")
    async with screen() as tui:
        await tui.press("i", "enter", "j", "x")
        assert "left out" in tui.line("Tags ")
        assert "tags" in tui.line("Tags (2)").split()
        await tui.press("ctrl+s", "ctrl+s")
    assert run("contact", "show", "ana", "--json").json["tags"] == ["two"]


async def test_our_own_export_needs_no_mapping(screen, people, put, run, tmp_path, database):
    async with screen(people) as tui:
        put("contacts.json", run("export", "contacts", "-f", "json").out)
        await tui.press("i", "enter")
        assert tui.line("Read as").endswith("utf-8")
        await tui.press("enter")
        assert "its columns are known" in tui.frame()
        await tui.press("x", "ctrl+s")
        assert counted(tui, "Would be").startswith("0 created, 0 updated, 4 unchanged")


async def test_options_of_the_file(screen, put, run):
    put("latin.csv", "Name|Email\nŽan Čeh|z@x.si\n".encode("cp1250"))
    async with screen() as tui:
        await tui.press("i", "enter", "e")
        await tui.write("fair vip")
        await tui.press("enter")
        await tui.write("maja")
        await tui.press("enter")
        await tui.write("cp125x")
        assert "unknown encoding" in tui.frame()
        await tui.press("backspace")
        await tui.write("0")
        await tui.press("ctrl+s")
        assert "Tags fair vip, Owner maja, Encoding cp1250" in tui.frame()
        assert "cp1250, bar between cells" in tui.frame()
        await tui.press("ctrl+s", "ctrl+s")
    ours = run("contact", "list", "--json").json
    assert [(row["name"], row["tags"], row["owner"]) for row in ours] == [
        ("Žan Čeh", ["fair", "vip"], "maja")
    ]


async def test_options_for_a_file_that_cannot_be_read_without(screen, put):
    put("odd.csv", "Name,City\nJan,\xa3\xb3\xbf\n".encode("latin-1"))
    async with screen() as tui:
        await tui.press("i", "enter")
        if isinstance(tui.app.screen, ImportFileScreen):
            pytest.skip("the encoding can be told")
        await tui.press("e", "tab", "tab")
        await tui.write("cp1250")
        await tui.press("ctrl+s", "enter")
        assert "cp1250" in tui.line("Read as")


# The run


async def test_the_counts_are_those_of_crm_import(screen, put, run, home, database):
    path = put("people.csv", BAD)
    dry = run("import", str(path), "--dry-run", code=6)
    async with screen() as tui:
        await tui.press("i", "enter", "ctrl+s")
        assert counted(tui, "Would be") == counts_of(dry)
        assert "has 4 cells, the header 2" in tui.line("Line 3")
        assert not database.exists()
        await tui.press("ctrl+s")
        assert counted(tui, "Done") == counts_of(dry)
        assert "people.rejected.csv" in tui.frame()
        assert "Import 1" in tui.frame()
    rejects = (path.parent / "people.rejected.csv").read_text()
    assert names(run) == ["Ana", "Cene"]
    database.unlink()
    (path.parent / "people.rejected.csv").unlink()
    assert counts_of(run("import", str(path), code=6)) == counts_of(dry)
    assert (path.parent / "people.rejected.csv").read_text() == rejects


async def test_the_same_file_again_writes_nothing(screen, put, run):
    run("import", str(put("people.csv", PEOPLE)))
    async with screen() as tui:
        await tui.press("i", "enter", "ctrl+s", "ctrl+s")
        assert counted(tui, "Done").startswith("0 created, 0 updated, 2 unchanged")
        assert "everything was here already" in tui.frame()
    assert len(run("import", "--list").lines) == 1


async def test_rejects_that_cannot_be_written_are_said_and_the_import_stands(
    screen, put, folder, run, monkeypatch
):
    from crmcli.errors import OutputError

    def full(path, content):
        raise OutputError(f"cannot write {path}: No space left on device")

    put("people.csv", BAD)
    monkeypatch.setattr(service, "write_file", full)
    async with screen() as tui:
        await tui.press("i", "enter", "ctrl+s", "ctrl+s")
        assert counted(tui, "Done").startswith("2 created")
        assert "No space left" in tui.frame()
    assert names(run) == ["Ana", "Cene"]


async def test_a_full_disk_is_said_and_nothing_is_written(screen, put, monkeypatch, database):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    put("people.csv", PEOPLE)
    async with screen() as tui:
        await tui.press("i", "enter")
        with monkeypatch.context() as patched:
            patched.setattr(validate.pickle, "dump", full)
            await tui.press("ctrl+s")
            assert "No space left on device" in tui.frame()
            assert not database.exists()
        await tui.press("ctrl+s")
        assert counted(tui, "Would be").startswith("2 created")


async def test_a_file_that_is_gone_meanwhile_is_said(screen, put):
    path = put("people.csv", PEOPLE)
    async with screen() as tui:
        await tui.press("i", "enter")
        path.unlink()
        await tui.press("ctrl+s")
        assert "people.csv: no such file" in tui.line("Refused")


class Gate:
    """Lets an import go on batch by batch; `reached` is set when it waits in the second one."""

    def __init__(self, monkeypatch):
        self.reached, self.open = threading.Event(), threading.Event()
        self.open.set()
        given = validate.Checked.batches

        def batches(checked, *part):
            for at, batch in enumerate(given(checked, *part)):
                if at == 1 and not self.open.is_set():
                    self.reached.set()
                    assert self.open.wait(20)
                yield batch

        monkeypatch.setattr(validate.Checked, "batches", batches)
        monkeypatch.setattr(validate, "BATCH", 2)
        monkeypatch.setattr(service, "EVERY", 1)


@pytest.fixture
def gate(monkeypatch):
    """Hold an import after its first two rows."""
    gate = Gate(monkeypatch)
    yield gate
    gate.open.set()


MANY = "Name,Email\n" + "".join(f"Person {n},p{n}@x.si\n" for n in range(7))


async def start(tui, gate):
    """Begin an import that is held after its first batch."""
    await tui.press("i", "enter", "ctrl+s")
    gate.open.clear()
    await tui.send("ctrl+s")
    await tui.until(gate.reached.is_set)
    await tui.until(lambda: "2 of 7 rows" in tui.frame())


@pytest.mark.parametrize("ascii", [False, True])
async def test_progress_and_other_screens_meanwhile(screen, people, put, run, gate, ascii):
    put("many.csv", MANY)
    async with screen(people, ascii=ascii) as tui:
        await start(tui, gate)
        assert ("[#####  " if ascii else "[█████▋ ") in tui.line("2 of 7 rows")
        assert "Writing" in tui.line("2 of 7 rows")
        await tui.send("x")
        await tui.until(lambda: "The import is running" in tui.frame())
        await tui.send("1")
        await tui.until(lambda: "call back about the order" in tui.frame())
        await tui.send("j")
        await tui.until(lambda: "Ana Novak  c1" in tui.frame())  # the card is read
        await tui.send("6")
        await tui.until(lambda: "2 of 7 rows" in tui.frame())
        assert len(names(run)) == 4
        gate.open.set()
        await tui.settle()
        assert counted(tui, "Done").startswith("7 created")
    assert len(names(run)) == 11


async def test_done_while_another_screen_is_in_front_is_said(screen, people, put, gate):
    put("many.csv", MANY)
    async with screen(people) as tui:
        await start(tui, gate)
        await tui.send("1")
        gate.open.set()
        await tui.settle()
        assert "Imported: 7 created" in tui.frame()


async def test_cancel_leaves_nothing(screen, people, put, run, gate, database, folder):
    put("many.csv", MANY)
    async with screen(people) as tui:
        before = run("history", "--json").out
        await start(tui, gate)
        await tui.send("escape")
        await tui.until(lambda: "Cancelling" in tui.frame())
        gate.open.set()
        await tui.settle()
        assert "nothing was written" in tui.line("Cancelled")
        assert tui.app.jobs == {}
        assert "^s Import" in tui.frame()
    assert len(names(run)) == 4
    assert run("history", "--json").out == before
    assert [entry.name for entry in folder.iterdir()] == ["many.csv"]
    with closing(sqlite3.connect(database)) as conn:
        assert conn.execute("SELECT count(*) FROM import_batch").fetchone() == (0,)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_cancelled_at_the_very_end_leaves_nothing(screen, put, run, monkeypatch, database):
    """After the last batch, while the search texts are made: the commit does not come."""
    from crmcli.store import derive

    put("people.csv", PEOPLE)
    refresh = derive.refresh
    async with screen() as tui:
        await tui.press("i", "enter", "ctrl+s")

        def cancel(unit):
            refresh(unit)
            tui.app.screen.job.stop.set()

        monkeypatch.setattr(derive, "refresh", cancel)
        await tui.press("ctrl+s")
        assert "nothing was written" in tui.line("Cancelled")
        monkeypatch.setattr(derive, "refresh", refresh)
        assert names(run) == []
        await tui.press("ctrl+s", "ctrl+s")
        assert counted(tui, "Done").startswith("2 created")


async def test_q_asks_before_it_breaks_an_import_off(screen, people, put, run, gate):
    put("many.csv", MANY)
    async with screen(people) as tui:
        await start(tui, gate)
        await tui.send("q")
        await tui.until(lambda: "The import is running" in tui.frame())
        await tui.send("1")
        await tui.until(lambda: "[1 Today]" in tui.frame())
        await tui.send("q")
        await tui.until(lambda: "many.csv" in tui.frame() and "stay" in tui.frame())
        await tui.send("d")
        gate.open.set()
        await tui.settle()
    assert len(names(run)) == 4


async def test_a_busy_database_is_tried_again_then_said(screen, people, put, database, monkeypatch):
    monkeypatch.setattr(dialect, "BUSY_MS", 50)
    monkeypatch.setattr(db, "BUSY_MS", 50)
    pragmas = ("PRAGMA busy_timeout = 50", *dialect.WRITER_PRAGMAS[1:])
    monkeypatch.setattr(db, "WRITER_PRAGMAS", pragmas)
    put("people.csv", PEOPLE)
    async with screen(people) as tui:
        await tui.press("i", "enter")
        with closing(sqlite3.connect(database, isolation_level=None)) as conn:
            conn.execute("BEGIN IMMEDIATE")
            await tui.send("ctrl+s")
            await tui.until(lambda: "busy; trying again" in tui.frame())
            await tui.settle()
            assert "is busy: another crm is writing" in " ".join(tui.frame().split())
            conn.execute("ROLLBACK")
        await tui.press("ctrl+s")
        assert "1 created" in counted(tui, "Would be")


# Taking back


async def test_x_takes_the_import_under_the_cursor_back(screen, put, run):
    run("import", str(put("one.csv", "Name,Email\nAna Novak,ana@acme.si\nBo Li,bo@li.cn\n")))
    run("import", str(put("two.csv", "Name,Email\nCene Car,cene@x.si\n")))
    run("log", "call", "bo-li", "hello")
    async with screen() as tui:
        await tui.press("i")
        assert "2 new" in tui.frame()
        await tui.press("x")  # from the files it only goes there
        assert tui.app.focused.id == "imports"
        assert len(names(run)) == 3
        await tui.press("j", "x")
        assert "kept, changed since: c2 Bo Li" in tui.frame()
        rows = tui.app.screen.query_one("#imports", RowList).rows
        assert [(row.cells[0], row.cells[1]) for row in rows.rows] == [
            ("two.csv", "1 new"),
            ("one.csv", "undone"),
        ]
        assert sorted(names(run)) == ["Bo Li", "Cene Car"]
        await tui.press("enter")  # undone already
        assert "undone already" in tui.frame()
        await tui.press("k", "enter", "x")
        assert names(run) == ["Bo Li"]
        await tui.press("U")
        assert sorted(names(run)) == ["Bo Li", "Cene Car"]


async def test_x_without_any_import(screen, folder):
    async with screen() as tui:
        await tui.press("i", "x")
        assert "There is no import yet" in tui.frame()


async def test_u_right_after_an_import_takes_it_back(screen, put, run):
    put("people.csv", PEOPLE)
    async with screen() as tui:
        await tui.press("i", "enter", "ctrl+s", "ctrl+s", "u")
        assert "Undone: import people.csv" in tui.frame()
    assert names(run) == []


async def test_imports_of_other_processes_appear(screen, people, put, run):
    path = put("people.csv", PEOPLE)
    async with screen(people) as tui:
        await tui.press("i")
        assert "No imports yet" in tui.frame()
        run("import", str(path))
        tui.app.poll()
        await tui.settle()
        assert "1 new" in tui.frame()


async def test_names_and_values_are_masked(screen, put, people):
    put("people.csv", PEOPLE)
    async with screen(people, settings={"mask": "yes"}) as tui:
        await tui.press("i", "enter")
        assert "Novak" not in tui.frame()
        assert "ana@acme.si" not in tui.frame()
