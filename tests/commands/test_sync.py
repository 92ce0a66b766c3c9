"""`crm sync vdir`: a folder of cards and the contacts, in step both ways."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from crmcli.errors import OutputError
from crmcli.service import sync

PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 40 + "\r\n " + "B" * 60 + "\r\n"


@pytest.fixture
def folder(home: Path) -> Path:
    path = home / "cards"
    path.mkdir()
    (path / "color").write_text("#ff0000")
    (path / "displayname").write_text("Mine")
    return path


@pytest.fixture
def go(run, folder):
    """Run the command; give its counts as JSON, without what is zero or empty."""

    def go(*args: str, code: int = 0):
        found = run("sync", "vdir", str(folder), *args, "--json", code=code)
        flat = {**found.json["crm"], **found.json["folder"], **found.json}
        return {key: value for key, value in flat.items() if value and key not in ("crm", "folder")}

    return go


@pytest.fixture
def card(folder):
    """Write a card into the folder: `card("a.vcf", "FN:Ana", …)`; without lines give its text."""

    def card(name: str, *lines: str, version: str = "3.0") -> str:
        path = folder / name
        if lines:
            every = ["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]
            path.write_bytes("\r\n".join(every).encode())
        return path.read_bytes().decode()

    return card


@pytest.fixture
def edit(folder):
    """Change a file of the folder: `edit("a.vcf", "old", "new")`."""

    def edit(name: str, old: str, new: str) -> None:
        text = (folder / name).read_bytes().decode()
        assert old in text
        (folder / name).write_bytes(text.replace(old, new).encode())

    return edit


def cards(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.vcf"))


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def show(run, ref: str):
    return run("show", ref, "--json").json


def test_both_sides_get_what_the_other_has(run, ana, go, card, folder):
    card("b.vcf", "UID:bo-1", "FN:Bo Li", "TEL;TYPE=CELL:040 111 222", "X-TEA:green")

    assert go() == {"added": 1, "written": 1}

    uid = show(run, "ana-novak")["uid"]
    assert cards(folder) == sorted([f"{uid}.vcf", "b.vcf"])
    assert "EMAIL;TYPE=PREF:ana@acme.si" in card(f"{uid}.vcf")
    bo = show(run, "bo-li")
    assert (bo["uid"], bo["custom"]) == ("bo-1", {"tea": "green"})
    assert bo["phones"][0]["label"] == "mobile"
    assert (folder / "color").read_text() == "#ff0000"


def test_the_second_run_writes_nothing(run, ana, go, card, folder, database):
    card("b.vcf", "UID:bo-1", "FN:Bo Li", "BDAY:1985-04", "ORG:ACME", "TITLE:x", PHOTO.strip())
    go()
    before = state(folder), database.read_bytes()

    assert go() == {"same": 2}
    assert (state(folder), database.read_bytes()) == before
    assert not list(folder.glob("*.tmp"))


def test_a_change_here_keeps_the_rest_of_the_card(run, go, card):
    rest = ["X-ABADR:si", "X-WAVE;TYPE=high:1", "IMPP:xmpp:bo@j.org", PHOTO.strip()]
    card(
        "b.vcf",
        *("UID:bo-1", "FN:Bo Li", "N:Li;Bo;;;", "item1.TEL;TYPE=CELL,VOICE:+38640111222"),
        *("item1.X-ABLabel:boat", "EMAIL;TYPE=INTERNET,WORK:bo@li.cn", "REV:2020-01-01T00:00:00Z"),
        *rest,
    )
    go()
    run("contact", "edit", "bo-li", "--set", "nickname=Bobo", "-p", "+386 40 333 444")
    before = card("b.vcf")

    assert go() == {"rewritten": 1}

    text = card("b.vcf")
    kept = [line for line in before.split("\r\n") if not line.startswith("REV")]
    assert [line for line in kept if line not in text.split("\r\n")] == []
    assert "NICKNAME:Bobo" in text
    assert "TEL:+386 40 333 444" in text
    assert "REV:2026-11-23T09:00:00Z" in text
    assert go() == {"same": 1}


def test_a_change_in_the_folder(run, ana, go, edit, folder):
    go()
    [name] = cards(folder)
    edit(name, "EMAIL;TYPE=PREF:ana@acme.si", "EMAIL:ana@acme.si\r\nEMAIL;TYPE=HOME,PREF:a@doma.si")
    edit(name, "CATEGORIES:vip", "CATEGORIES:friend\r\nNOTE:likes tea\r\nBDAY:1990-05-17")
    edit(name, "ORG:Acme", "ORG:Globex;R&D\r\nTITLE:CTO")

    assert go() == {"changed": 1}

    found = show(run, "c1")
    assert [one["value"] for one in found["emails"]] == ["a@doma.si", "ana@acme.si"]
    assert (found["tags"], found["note"], found["birthday"]) == (
        *(["friend"], "likes tea"),
        "1990-05-17",
    )
    assert (found["org"], found["title"], found["department"]) == ("Globex", "CTO", "R&D")
    assert go() == {"same": 1}


def test_everything_can_be_emptied_in_the_folder(run, go, card):
    card(
        "b.vcf",
        *("UID:b", "FN:Bo Li", "NICKNAME:B", "EMAIL:b@x.y", "TEL:040 111 222", "URL:x.y"),
        *("ADR;TYPE=HOME:;;Pot 1;Bled;;;", "BDAY:19900101", "NOTE:x", "ORG:Acme", "TITLE:y"),
        *("CATEGORIES:a", "X-TEA:green", "LANG:sl"),
    )
    go()
    card("b.vcf", "UID:b", "FN:Bo Lee")

    assert go() == {"changed": 1}

    found = show(run, "c1")
    assert found["name"] == "Bo Lee"
    for key in ("emails", "phones", "urls", "addresses", "tags", "custom", "dates"):
        assert not found[key], key
    for key in ("nickname", "birthday", "note", "org", "title", "language"):
        assert found[key] is None, key
    assert go() == {"same": 1}


def test_addresses_and_labels_move(run, go, card, edit):
    card("b.vcf", "UID:b", "FN:Bo", "ADR;TYPE=HOME:;;Pot 1;Bled;;;", "TEL;TYPE=CELL:040 111 222")
    go()
    edit("b.vcf", "ADR;TYPE=HOME", "ADR;TYPE=WORK")
    edit("b.vcf", "TYPE=CELL", "TYPE=HOME")

    assert go() == {"changed": 1}

    found = show(run, "c1")
    assert found["addresses"] == [{"label": "work", "street": "Pot 1", "locality": "Bled"}]
    assert [one["label"] for one in found["phones"]] == ["home"]


def test_different_changes_on_both_sides_are_joined(run, ana, go, edit, folder):
    go()
    [name] = cards(folder)
    run("contact", "edit", "c1", "--set", "nickname=Ani", "-e", "new@acme.si")
    edit(name, "FN:Ana Novak", "FN:Ana Kos\r\nEMAIL:other@acme.si")

    assert go() == {"changed": 1, "rewritten": 1}

    found = show(run, "c1")
    assert (found["name"], found["nickname"]) == ("Ana Kos", "Ani")
    assert {one["value"] for one in found["emails"]} == {
        *("ana@acme.si", "new@acme.si"),
        "other@acme.si",
    }
    assert go() == {"same": 1}


@pytest.mark.parametrize(("prefer", "note"), [("crm", "from crm"), ("folder", "from the folder")])
def test_a_conflict_leaves_both_until_somebody_decides(
    run, ana, go, edit, folder, refused, prefer, note
):
    run("contact", "edit", "c1", "--set", "note=first")
    go()
    [name] = cards(folder)
    run("contact", "edit", "c1", "--set", "note=from crm")
    edit(name, "NOTE:first", "NOTE:from the folder")
    before = state(folder)

    found = run("sync", "vdir", str(folder), code=4)

    assert found.out == ""
    assert f"{name}: c1 ana-novak: changed on both sides: note" in found.err
    assert "1 card changed on both sides" in found.err
    assert state(folder) == before
    assert show(run, "c1")["note"] == "from crm"
    assert go(code=4)["conflicts"][0]["facts"] == ["note"]

    go("--prefer", prefer)
    assert show(run, "c1")["note"] == note
    assert f"NOTE:{note}" in (folder / name).read_text()
    assert go() == {"same": 1}


def test_deleted_in_the_folder_is_one_undo_away(run, ana, bo, go, folder):
    go()
    name = f"{show(run, 'c1')['uid']}.vcf"
    (folder / name).unlink()

    assert go() == {"removed": 1, "same": 1}
    assert [row["id"] for row in run("contact", "list", "--json").json] == ["c2"]

    run("undo")
    assert go() == {"written": 1, "same": 1}
    assert (folder / name).exists()


def test_deleted_here_is_deleted_in_the_folder(run, ana, bo, go, folder):
    go()
    run("contact", "rm", "c1")

    assert go() == {"deleted": 1, "same": 1}
    assert len(cards(folder)) == 1
    assert go() == {"same": 1}


def test_deleted_on_one_side_and_changed_on_the_other(run, ana, bo, go, edit, folder):
    go()
    one, other = (f"{show(run, ref)['uid']}.vcf" for ref in ("c1", "c2"))
    (folder / one).unlink()
    run("contact", "edit", "c1", "--set", "note=changed")
    run("contact", "rm", "c2")
    edit(other, "FN:Bo Li", "FN:Bo Lee")

    found = go(code=4)

    assert {one["file"] for one in found["conflicts"]} == {one, other}
    assert "NOTE:changed" in (folder / one).read_text()
    assert show(run, "c2")["name"] == "Bo Lee"
    assert go() == {"same": 2}


@pytest.mark.parametrize("prefer", ["crm", "folder"])
def test_who_is_preferred_decides_about_a_deletion(run, ana, bo, go, edit, folder, prefer):
    go()
    one, other = (f"{show(run, ref)['uid']}.vcf" for ref in ("c1", "c2"))
    (folder / one).unlink()
    run("contact", "edit", "c1", "--set", "note=changed")
    run("contact", "rm", "c2")
    edit(other, "FN:Bo Li", "FN:Bo Lee")

    found = go("--prefer", prefer)

    assert "conflicts" not in found
    assert cards(folder) == [one if prefer == "crm" else other]
    listed = [row["id"] for row in run("contact", "list", "--json").json]
    assert listed == ["c1" if prefer == "crm" else "c2"]


def test_an_empty_folder_does_not_empty_the_crm(run, ana, bo, go, folder, refused):
    go()
    for name in cards(folder):
        (folder / name).unlink()

    err = refused("sync", "vdir", str(folder), code=2)

    assert "2 of 2 cards are gone from the folder" in err
    assert "--yes" in err
    assert len(run("contact", "list", "--json").json) == 2
    assert go("--dry-run") == {"dry_run": True, "removed": 2}
    assert go("--yes") == {"removed": 2}
    run("undo")
    assert len(run("contact", "list", "--json").json) == 2


def test_many_deletions_are_asked_about_on_either_side(run, go, card, folder, refused):
    for number in range(10):
        card(f"{number}.vcf", f"UID:u{number}", f"FN:Person {number}")
    go()
    for number in range(6):
        (folder / f"{number}.vcf").unlink()
    assert "6 of 10 cards" in refused("sync", "vdir", str(folder), code=2)
    for number in range(6):
        card(f"{number}.vcf", f"UID:u{number}", f"FN:Person {number}")
    run("contact", "rm", *(f"c{number}" for number in range(1, 7)), "--yes")
    assert "6 of 10 people" in refused("sync", "vdir", str(folder), code=2)
    assert len(cards(folder)) == 10


def test_a_missing_folder(run, home, refused):
    assert "no such folder" in refused("sync", "vdir", str(home / "none"), code=2)
    assert "--prefer cannot be 'me'" in refused("sync", "vdir", str(home), "--prefer", "me", code=2)


def test_dry_run_says_what_the_run_does(run, ana, go, card, folder, database):
    card("b.vcf", "UID:bo-1", "FN:Bo Li")
    before = state(folder), database.read_bytes()

    assert go("--dry-run") == {"dry_run": True, "added": 1, "written": 1}
    assert (state(folder), database.read_bytes()) == before
    assert go() == {"added": 1, "written": 1}


def test_a_filter_chooses_who_is_written(run, ana, bo, go, folder):
    assert go("+vip") == {"written": 1}
    run("contact", "tag", "c1", "--", "-vip")
    assert go("+vip") == {"rewritten": 1}  # who has a card stays in step
    assert go() == {"same": 1, "written": 1}


def test_all_changes_are_one_undo(run, ana, bo, go, card, edit, folder):
    go()
    edit(f"{show(run, 'c1')['uid']}.vcf", "FN:Ana Novak", "FN:Ana Kos")
    (folder / f"{show(run, 'c2')['uid']}.vcf").unlink()
    card("c.vcf", "UID:c", "FN:Cene")
    assert go() == {"added": 1, "changed": 1, "removed": 1}

    run("undo")

    names = [row["name"] for row in run("contact", "list", "--sort", "id", "--json").json]
    assert names == ["Ana Novak", "Bo Li"]
    # What was undone is a change of ours: the folder follows, and its new card comes in again.
    assert go() == {"added": 1, "rewritten": 1, "written": 1}


def test_who_is_here_already_gets_no_twin(run, ana, go, card, folder):
    card("x.vcf", "UID:from-elsewhere", "FN:Ana Novak", "EMAIL:ana@acme.si", "NICKNAME:Ani")

    assert go() == {"changed": 1, "rewritten": 1}

    assert cards(folder) == ["x.vcf"]
    assert show(run, "c1")["nickname"] == "Ani"
    text = card("x.vcf")
    assert "UID:from-elsewhere" in text
    assert "CATEGORIES:vip" in text
    assert go() == {"same": 1}
    assert len(run("contact", "list", "--json").json) == 1


def test_a_family_with_one_e_mail_stays_a_family(run, ana, go, card):
    card("a.vcf", "UID:b", "FN:Bo Novak", "EMAIL:ana@acme.si")
    card("b.vcf", "UID:a", "FN:Ana Novak", "EMAIL:ana@acme.si")

    assert go() == {"added": 1, "rewritten": 1}
    assert go() == {"same": 2}
    names = [row["name"] for row in run("contact", "list", "--sort", "id", "--json").json]
    assert names == ["Ana Novak", "Bo Novak"]


def test_a_shorter_name_of_the_same_person_is_asked_about(run, ana, go, card):
    card("a.vcf", "UID:a", "FN:Novak Ana", "EMAIL:ana@acme.si")

    assert go(code=4)["conflicts"][0]["facts"] == ["name"]
    assert go("--prefer", "crm") == {"rewritten": 1}
    assert "FN:Ana Novak" in card("a.vcf")
    assert go() == {"same": 1}


def test_a_file_that_changes_its_name_is_the_same_card(run, ana, go, edit, folder):
    go()
    [name] = cards(folder)
    (folder / name).rename(folder / "new.vcf")
    edit("new.vcf", "FN:Ana Novak", "FN:Ana Kos")

    assert go() == {"changed": 1}
    assert go() == {"same": 1}
    assert cards(folder) == ["new.vcf"]


def test_many_new_names_are_no_deletions(run, go, card, folder):
    for number in range(7):
        card(f"{number}.vcf", f"UID:u{number}", f"FN:Person {number}")
    go()
    for number in range(7):
        (folder / f"{number}.vcf").rename(folder / f"new-{number}.vcf")

    assert go() == {"same": 7}


def test_merged_people_have_one_card(run, ana, bo, go, folder):
    go()
    run("contact", "merge", "c1", "c2", "--yes")

    found = go()

    assert found["deleted"] == 1
    assert cards(folder) == [f"{show(run, 'c1')['uid']}.vcf"]
    assert go() == {"same": 1}


def test_what_is_no_card_of_a_person_is_left_alone(run, go, card, folder):
    (folder / "broken.vcf").write_text("BEGIN:VCARD\nFN:x\n")
    (folder / "latin.vcf").write_bytes("BEGIN:VCARD\nFN:Žižek\nEND:VCARD\n".encode("cp1250"))
    (folder / "empty.vcf").write_text("")
    card("two.vcf", "FN:a", "END:VCARD", "BEGIN:VCARD", "FN:b")
    card("org.vcf", "KIND:org", "FN:Acme")
    card("group.vcf", "KIND:group", "FN:All", "MEMBER:urn:uuid:x")
    (folder / ".hidden.vcf").write_text("x")
    (folder / "new.vcf.tmp").write_text("x")
    (folder / "folder.vcf").mkdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    found = go()

    assert found["others"] == 2
    assert {one["file"]: one["why"] for one in found["unreadable"]} == {
        "broken.vcf": "the card has no END:VCARD",
        "latin.vcf": "is not UTF-8",
        "empty.vcf": "holds 0 cards instead of one",
        "two.vcf": "holds 2 cards instead of one",
    }
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert run("contact", "list", "--json").json == []


def test_two_files_of_one_person(run, go, card):
    card("a.vcf", "UID:u", "FN:Ana")
    card("b.vcf", "UID:u", "FN:Ana")

    found = go()

    assert found["added"] == 1
    assert found["unreadable"] == [{"file": "b.vcf", "why": "another file has the same person"}]
    assert go()["same"] == 1


def test_an_old_card_becomes_a_new_one_when_it_is_rewritten(run, go, card):
    card(
        "b.vcf",
        *("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=BDi=C5=BEek;Bo;;;", "TEL;CELL:040111222"),
        *("X-FOO;ENCODING=QUOTED-PRINTABLE:=C4=8Dop", "UID:b"),
        version="2.1",
    )
    assert go() == {"added": 1}
    run("contact", "edit", "c1", "--set", "nickname=B")

    assert go() == {"rewritten": 1}

    text = card("b.vcf")
    assert "VERSION:3.0" in text
    assert "QUOTED-PRINTABLE" not in text
    assert "N:Žižek;Bo;;;" in text
    assert go() == {"same": 1}


def test_version_4_stays_4(run, go, card):
    card("b.vcf", "UID:urn:uuid:b", "FN:Bo", "BDAY:--0517", version="4.0")
    go()
    run("contact", "edit", "c1", "-e", "work:bo@x.y")

    assert go() == {"rewritten": 1}

    assert "VERSION:4.0" in card("b.vcf")
    assert "EMAIL;TYPE=WORK;PREF=1:bo@x.y" in card("b.vcf")
    assert "UID:urn:uuid:b" in card("b.vcf")
    assert go() == {"same": 1}


def test_a_file_that_cannot_be_written_leaves_the_database_as_it_was(
    run, ana, go, card, folder, monkeypatch
):
    card("b.vcf", "UID:b", "FN:Bo Li")

    def fail(path, content):
        raise OutputError("disk full")

    before = state(folder)
    with monkeypatch.context() as patch:
        patch.setattr(sync, "write_file", fail)
        assert run("sync", "vdir", str(folder), code=7).out == ""

    assert len(run("contact", "list", "--json").json) == 1
    assert state(folder) == before
    assert go() == {"added": 1, "written": 1}


def test_a_break_between_files_and_database_mends_itself(run, ana, go, folder, monkeypatch):
    """The files are there, the database rolled back: the next run finds both alike."""
    go()
    run("contact", "edit", "c1", "--set", "note=new")
    real = sync._Run.flush

    def broken(self):
        real(self)
        raise OutputError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(sync._Run, "flush", broken)
        run("sync", "vdir", str(folder), code=7)

    assert go() == {"same": 1}
    assert show(run, "c1")["note"] == "new"


def test_a_file_that_changes_meanwhile_is_not_overwritten(run, ana, go, edit, folder, monkeypatch):
    go()
    [name] = cards(folder)
    run("contact", "edit", "c1", "--set", "note=new")
    real = sync._Run.flush

    def late(self):
        edit(name, "FN:Ana Novak", "FN:Ana Kos")
        real(self)

    with monkeypatch.context() as patch:
        patch.setattr(sync._Run, "flush", late)
        found = run("sync", "vdir", str(folder), code=4)

    assert "changed meanwhile" in found.err
    assert "FN:Ana Kos" in (folder / name).read_text()
    assert go() == {"changed": 1, "rewritten": 1}


def test_the_same_number_written_otherwise_is_no_conflict(run, ana, go, card):
    card("x.vcf", "UID:x", "FN:Ana Novak", "EMAIL;TYPE=HOME:ANA@acme.si", "TEL:+386 40 123 456")

    assert go() == {"rewritten": 1}
    assert go() == {"same": 1}
    assert [one["value"] for one in show(run, "c1")["phones"]] == ["040 123 456"]


def test_a_name_that_is_no_text(run, go, folder):
    (folder / "a\udcff.vcf").write_text("BEGIN:VCARD\nFN:a\nEND:VCARD\n")

    assert go()["unreadable"][0]["why"] == "its name is not UTF-8"


def test_own_fields_hold_to_their_types(run, go, card, edit):
    run("field", "add", "size", "choice", "--choice", "S", "--choice", "L")
    run("field", "add", "age", "number")
    card("b.vcf", "UID:b", "FN:Bo", "X-CRM-SIZE:s", "X-CRM-AGE:3.0")
    card("c.vcf", "UID:c", "FN:Cene", "X-CRM-SIZE:XXL")

    found = go()

    assert (found["added"], found["rewritten"]) == (1, 1)
    assert [one["file"] for one in found["unreadable"]] == ["c.vcf"]
    assert show(run, "c1")["custom"] == {"size": "S", "age": 3}
    edit("b.vcf", "X-CRM-SIZE:S", "X-CRM-SIZE:huge")
    assert [one["file"] for one in go()["unreadable"]] == ["b.vcf", "c.vcf"]
    assert show(run, "c1")["custom"] == {"size": "S", "age": 3}


def test_hostile_names(run, go, card, folder):
    evil = "\x1b]0;x\x07[/red]" + "王" * 900
    card("\x1b[31m.vcf", "UID:../../etc/passwd", f"FN:{evil}")
    run("contact", "add", "--input", "-", input='{"name": "[b]x", "nickname": "\\u001b[1m"}')

    found = run("sync", "vdir", str(folder))

    assert "\x1b" not in found.out + found.err
    assert go() == {"same": 2}
    assert sorted(path.name for path in folder.parent.iterdir() if path.suffix == ".vcf") == []


def test_a_uid_that_is_no_file_name(run, go, folder, home):
    path = home / "one.csv"
    path.write_text("uid,name,emails\n../../x,Ana,\n")
    run("import", str(path))

    go()

    assert cards(folder) == ["-..-x.vcf"]


@pytest.mark.parametrize("uid", ["x\x1by", "a  b", "e\u0301"])
def test_a_uid_that_is_stored_otherwise(run, go, card, folder, uid):
    card("a.vcf", "FN:Ana", f"UID:{uid}")
    run("import", str(folder))

    assert go() == {"same": 1}
    assert go() == {"same": 1}


def test_the_list_of_folders(run, ana, go, folder):
    assert run("sync").out == ""
    go()
    assert run("sync").out == f"{folder.resolve()}\t1\n"


def test_with_vdirsyncer(run, ana, go, home, folder):
    """A real partner: our folder, vdirsyncer, another folder; changes travel both ways."""
    program = os.environ.get("VDIRSYNCER") or shutil.which("vdirsyncer")
    if not program:
        pytest.skip("vdirsyncer is not installed")
    other = home / "other"
    other.mkdir()
    config = home / "vdirsyncer.conf"
    config.write_text(
        f'[general]\nstatus_path = "{home}/status/"\n\n'
        '[pair crm]\na = "ours"\nb = "theirs"\ncollections = null\n\n'
        f'[storage ours]\ntype = "filesystem"\npath = "{folder}"\nfileext = ".vcf"\n\n'
        f'[storage theirs]\ntype = "filesystem"\npath = "{other}"\nfileext = ".vcf"\n'
    )

    def travel() -> None:
        for verb in ("discover", "sync"):
            subprocess.run(
                [program, "-c", str(config), verb], check=True, capture_output=True, timeout=60
            )

    go()
    travel()
    [name] = cards(other)
    assert (other / name).read_bytes() == (folder / name).read_bytes()

    text = (other / name).read_bytes()
    (other / name).write_bytes(text.replace(b"FN:Ana Novak", b"FN:Ana Kos"))
    (other / "bo.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nUID:bo\nFN:Bo Li\nEND:VCARD\n")
    travel()
    assert go() == {"added": 1, "changed": 1}
    assert show(run, "c1")["name"] == "Ana Kos"

    run("contact", "edit", "bo-li", "--set", "nickname=Bobo")
    run("contact", "rm", "c1")
    assert go() == {"deleted": 1, "rewritten": 1}
    travel()
    assert [path.name for path in other.glob("*.vcf")] == ["bo.vcf"]
    assert "NICKNAME:Bobo" in (other / "bo.vcf").read_text()
    assert go() == {"same": 1}
