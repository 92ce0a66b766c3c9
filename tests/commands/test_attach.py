"""`crm attach`: files on a record, their content beside the database."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

OFFER = b"%PDF-1.7 the offer\x00\xff"
SHA = hashlib.sha256(OFFER).hexdigest()


@pytest.fixture
def offer(home: Path) -> str:
    path = home / "offer.pdf"
    path.write_bytes(OFFER)
    return str(path)


@pytest.fixture
def folder(database: Path) -> Path:
    return Path(f"{database}.files")


def contents(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("ref", ["c1", "ana-novak", "o1", "d1", "i1"])
def test_a_file_is_attached_listed_written_and_taken_off(run, ana, offer, home, ref):
    run("deal", "add", "Pilot", "--for", "c1")
    run("log", "call", "c1", "hello")
    key = run("attach", ref, offer).out.strip()
    assert key[0] == {"c1": "c", "ana-novak": "c"}.get(ref, ref[0])
    (one,) = run("attach", "list", ref, "--json").json
    assert (one["id"], one["filename"], one["size"]) == ("1", "offer.pdf", len(OFFER))
    assert (one["sha256"], one["media_type"]) == (SHA, "application/pdf")
    for word in ("1", "offer.pdf", "OFFER.pdf"):
        run("attach", "get", ref, word, "-o", str(home / "out"))
        assert (home / "out").read_bytes() == OFFER
    run("attach", "rm", ref, "offer.pdf")
    assert run("attach", "list", ref).out == ""


def test_a_deal_shows_its_files(run, offer):
    run("deal", "add", "Pilot")
    run("attach", "d1", offer)
    assert [f["filename"] for f in run("show", "d1", "--json").json["attachments"]] == ["offer.pdf"]


def test_the_same_content_lies_there_once_for_its_owner_only(run, ana, offer, folder, home):
    (home / "copy.pdf").write_bytes(OFFER)
    run("attach", "c1", offer)
    content = folder / SHA[:2] / SHA
    os.utime(content, (1, 1))
    run("attach", "o1", offer, str(home / "copy.pdf"))
    assert contents(folder) == [f"{SHA[:2]}/{SHA}"]
    assert content.stat().st_mtime == 1  # not written again
    assert stat.S_IMODE(content.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(content.parent.stat().st_mode) == 0o700
    assert len(run("attach", "list", "o1").lines) == 2


def test_attaching_again_changes_nothing(run, ana, offer):
    run("attach", "c1", offer)
    assert "offer.pdf is there" in run("attach", "c1", offer).err
    assert len(run("attach", "list", "c1").lines) == 1


def test_undo_takes_the_row_and_doctor_the_content(run, ana, offer, folder):
    run("attach", "c1", offer)
    run("undo")
    assert run("attach", "list", "c1").out == ""
    assert contents(folder)
    said = run("doctor").out
    assert "1 files of" in said
    assert "belong to no record" in said
    run("doctor", "--fix")
    assert contents(folder) == []
    run("redo")
    assert "the content of offer.pdf of c1 is missing" in run("doctor", code=5).out


def test_rm_can_be_undone_and_is_whole_again(run, ana, offer, home):
    run("attach", "c1", offer)
    run("attach", "rm", "c1", "1")
    run("undo")
    run("attach", "get", "c1", "1", "-o", str(home / "out"))
    assert (home / "out").read_bytes() == OFFER
    assert run("doctor").out == ""


def test_doctor_leaves_what_is_no_content_of_ours(run, ana, offer, folder):
    run("attach", "c1", offer)
    (folder / "notes.txt").write_text("mine")
    (folder / SHA[:2] / "README").write_text("mine")
    (folder / SHA[:2] / f"{SHA}.99.tmp").write_text("left of a killed run")
    run("doctor", "--fix")
    assert contents(folder) == [f"{SHA[:2]}/README", f"{SHA[:2]}/{SHA}", "notes.txt"]


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_content_that_is_not_there_is_one_line(run, refused, ana, offer, folder, damage):
    run("attach", "c1", offer)
    content = folder / SHA[:2] / SHA
    content.unlink() if damage == "gone" else content.write_bytes(b"x")
    assert "content of offer.pdf" in refused("attach", "get", "c1", "1", code=5)
    run("attach", "c1", offer)  # brings it back
    assert run("doctor").out == ""


def test_a_stream_of_bytes_goes_into_a_pipe_as_it_is(run, process, ana, offer):
    run("attach", "c1", offer)
    got = process("attach", "get", "c1", "1")
    assert (got.returncode, got.stdout, got.stderr) == (0, OFFER, b"")


@pytest.mark.parametrize("what", ["missing", "folder", "fifo", "device", "dangling", "nul", "-"])
def test_what_is_no_file_is_refused_in_one_line(run, refused, ana, offer, home, folder, what):
    path = home / what
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "dangling":
        path.symlink_to("nowhere")
    word = {"device": "/dev/null", "nul": "a\0b", "-": "-"}.get(what, str(path))
    assert refused("attach", "c1", offer, word, code=2)
    assert not folder.exists()
    assert run("attach", "list", "c1").out == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(refused, ana, offer):
    os.chmod(offer, 0)
    assert "Permission denied" in refused("attach", "c1", offer, code=2)


def test_a_symbolic_link_to_a_file_is_that_file_under_its_own_name(run, ana, offer, home):
    (home / "link.pdf").symlink_to(offer)
    run("attach", "c1", str(home / "link.pdf"))
    (one,) = run("attach", "list", "c1", "--json").json
    assert (one["filename"], one["sha256"]) == ("link.pdf", SHA)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a\x1b[31mb.txt", "a[31mb.txt"),
        ("‮evil.txt", "evil.txt"),
        ("[bold]x[].txt", "[bold]x[].txt"),
        ("张伟 合同.pdf", "张伟 合同.pdf"),
        ("قرارداد.pdf", "قرارداد.pdf"),
        ("\x1b\x07", "file"),
        ("a\udcffb.txt", "ab.txt"),
        ("x" * 240, "x" * 240),
    ],
    ids=lambda name: "",
)
def test_names_are_stored_fit_for_a_terminal(run, ana, home, name, stored):
    path = home / name
    path.write_bytes(b"x")
    run("attach", "c1", str(path))
    (one,) = run("attach", "list", "c1", "--json").json
    assert one["filename"] == stored
    assert "\x1b" not in run("attach", "list", "c1", "-f", "table").out


def test_a_name_twice_wants_the_number(run, refused, ana, offer):
    run("attach", "c1", offer)
    Path(offer).write_bytes(b"second")
    run("attach", "c1", offer)
    assert "offer.pdf: 1, 2" in refused("attach", "get", "c1", "offer.pdf", code=4)
    run("attach", "rm", "c1", "2")
    assert run("attach", "list", "c1", "--json").json[0]["sha256"] == SHA


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["get", "c1", "nothing"], 1, "there are 1 offer.pdf"),
        (["rm", "c1", "2"], 1, "no file '2' there"),
        (["list", "t1"], 1, "t1"),
        (["list", "nobody"], 1, "nobody"),
        (["c1"], 2, "FILE"),
    ],
)
def test_refusals(run, refused, ana, offer, args, code, said):
    run("attach", "c1", offer)
    assert said in refused("attach", *args, code=code)


def test_a_folder_that_cannot_be_made_is_a_fault_of_storage(run, refused, ana, offer, folder):
    folder.write_text("in the way")
    assert "crm.db.files" in refused("attach", "c1", offer, code=5)
    assert run("attach", "list", "c1").out == ""


def test_an_empty_and_a_large_file(run, ana, home, monkeypatch):
    from crmcli.service import attachment

    monkeypatch.setattr(attachment, "BLOCK", 10)  # many blocks, none of them the whole
    (home / "empty").write_bytes(b"")
    (home / "large").write_bytes(os.urandom(1_003))
    run("attach", "c1", str(home / "empty"), str(home / "large"))
    for name in ("empty", "large"):
        run("attach", "get", "c1", name, "-o", str(home / "out"))
        assert (home / "out").read_bytes() == (home / name).read_bytes()


def test_a_file_that_is_written_meanwhile_is_refused(crm_on, home, folder):
    """Between hashing and copying it becomes another: nothing of it stays."""
    from crmcli.errors import ConflictError
    from crmcli.service import attachment

    path = home / "log"
    path.write_bytes(b"first")
    target = folder / "aa" / ("a" * 64)
    with pytest.raises(ConflictError, match="changed while it was read"):
        attachment._copy(str(path), str(target), hashlib.sha256(b"other").hexdigest())
    assert contents(folder) == []


def test_a_content_tidied_away_before_its_row_is_copied_again(crm_on, monkeypatch, offer, folder):
    """Doctor's --fix may come between content and row."""
    from crmcli.service import attachment

    keep, calls = attachment._keep, []

    def kept(database: str, path: str):
        found = keep(database, path)
        calls.append(path)
        if len(calls) == 1:
            (folder / SHA[:2] / SHA).unlink()
        return found

    monkeypatch.setattr(attachment, "_keep", kept)
    assert attachment.attach(crm_on, ("contact", 1), [offer]).new == [True]
    assert len(calls) == 2
    assert contents(folder) == [f"{SHA[:2]}/{SHA}"]


@pytest.fixture
def crm_on(run, ana):
    """A run on a database with Ana in it."""
    from crmcli.context import Context

    crm = Context({})
    yield crm
    crm.finish()
