"""`crm merge`, also of contacts and orgs: side by side, and asked where there is a person."""

import pytest

NASTY = ["\x1b]0;x\x07Ana [/] \u202eKos", "سارا احمدی", "张伟", "Ana " + "x" * 900]


@pytest.fixture
def two(run, ana) -> None:
    """Ana Novak, c1, and Ana Kos, c2."""
    run(
        "contact",
        "add",
        "Ana Kos",
        "-e",
        "ana@kos.si",
        "--org",
        "Beta",
        "--note",
        "fair",
        "--force",
    )
    run("log", "call", "c2", "hello")


def test_a_merge_of_two_needs_no_answer(run, two):
    done = run("merge", "c1", "ana@kos.si")
    assert done.out == "c1\n"
    assert done.err == "Merged c2 into c1 ana-novak; `crm undo` takes it back\n"
    record = run("contact", "show", "c1", "--json").json
    assert [one["value"] for one in record["emails"]] == ["ana@acme.si", "ana@kos.si"]
    assert (record["nickname"], record["note"]) == ("Ana Kos", "fair")
    run("undo")
    assert run("show", "c2", "--json").json["note"] == "fair"
    assert run("show", "c1", "--json").json["note"] is None


def test_the_merged_record_as_json(run, two):
    done = run("contact", "merge", "ana-novak", "ana-kos", "--keep", "name=b", "--json")
    assert (done.json["id"], done.json["name"], done.json["nickname"]) == (
        "c1",
        "Ana Kos",
        "Ana Novak",
    )


@pytest.mark.parametrize("command", [["show"], ["contact", "show"]])
@pytest.mark.parametrize("ref", ["c2", "C2"])
def test_an_old_id_shows_the_one_that_stays_and_says_so(run, two, command, ref):
    run("merge", "c1", "c2")
    shown = run(*command, ref, "--json")
    assert shown.json["id"] == "c1"
    assert shown.err == "c2 was merged into c1\n"
    assert run(*command, "ana-kos", "--json").err == ""


def test_what_was_merged_is_no_trash(run, refused, two):
    run("merge", "c1", "c2")
    assert run("trash", "--json").json == []
    said = refused("trash", "restore", "c2", code=4)
    assert "c2 was merged into c1" in said
    group = run("history", "--json").json[0]["id"]
    assert f"crm undo {group}" in said
    run("undo", str(group))
    assert run("show", "c2").err == ""


def test_a_dry_run_shows_both_and_changes_nothing(run, two):
    before = run("contact", "list", "--json").json
    done = run("merge", "c1", "c2", "--dry-run")
    assert "c2\tname\tAna Novak\tAna Kos\tAna Novak\tA" in done.lines
    assert "c2\temails\tana@acme.si\tana@kos.si\tana@acme.si, ana@kos.si\tA" in done.lines
    assert done.err == "Would merge c2 into c1: 1 interaction, 1 job\n"
    rows = {row["field"]: row for row in run("merge", "c1", "c2", "--dry-run", "--json").json}
    assert rows["org"]["choices"] == ["A", "B"]
    assert (rows["note"]["result"], rows["note"]["kept"]) == ("fair", None)
    assert run("contact", "list", "--json").json == before


def test_several_need_an_answer_and_are_one_group(run, refused, two):
    run("contact", "add", "A. Novak", "--set", "language=sl", "--note", "third", "--force")
    said = refused("merge", "c1", "c2", "c3", code=2)
    assert "Merge c2, c3 into c1?" in said
    assert "--yes" in said
    run("merge", "c1", "c2", "c3", "--yes", "--keep", "name=C")
    record = run("show", "c3", "--json").json
    assert (record["id"], record["name"], record["note"]) == (
        "c1",
        "A. Novak",
        "fair\nthird\nname: Ana Novak",
    )
    assert record["nickname"] == "Ana Kos"
    run("undo")
    assert [row["id"] for row in run("contact", "list", "--json").json] == ["c3", "c2", "c1"]


def test_references_from_stdin(run, two):
    assert run("merge", "-", input="c1\nc2\n").out == "c1\n"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["c1"], 2, "name two records"),
        (["c1", "o1"], 4, "c1 is a person and o1 an org"),
        (["o1", "c1"], 4, "c1 is a person and o1 an org"),
        (["c1", "c1"], 4, "c1 cannot be merged with itself"),
        (["c1", "c9"], 1, "there is no contact c9"),
        (["c1", "ana"], 1, "no contact or org matches 'ana'"),  # never the beginning of a name
        (["c1", "c2", "--keep", "titel=B"], 2, "unknown field 'titel'"),
        (["c1", "c2", "--keep", "name=C"], 2, "name cannot be C"),
        (["c1", "c2", "--keep", "name"], 2, "not field=A: 'name'"),
        (["c1", "c2", "c2", "--yes"], 4, "c2 was merged into c1 already"),
    ],
)
def test_what_cannot_be_merged(run, refused, two, args, code, message):
    before = run("contact", "list", "--json").json
    assert message in refused("merge", *args, code=code)
    assert run("contact", "list", "--json").json == before


def test_one_in_the_trash(run, refused, two):
    run("contact", "rm", "c2")
    assert "c2 is in the trash" in refused("merge", "c1", "c2", code=1)


def test_two_orgs(run, two):
    run("org", "add", "Acme d.o.o.", "--domain", "acme.si", "--force")
    assert run("org", "merge", "acme", "acme-d-o-o").out == "o1\n"
    assert run("org", "show", "Acme d.o.o.", "--json").json["domain"] == "acme.si"
    added = run("contact", "add", "Bo", "--org", "Acme d.o.o.")
    assert "(new)" not in added.err
    assert len(run("org", "list", "--json").json) == 2


@pytest.mark.parametrize("name", NASTY)
def test_hostile_names(run, two, name):
    ref = run("contact", "add", name, "--note", name, "--force").out.strip()
    for args in (["--dry-run"], []):
        done = run("merge", "c1", ref, *args)
        assert not any(sign in done.out + done.err for sign in "\x1b\x07\u202e")
    assert run("show", ref, "--json").json["id"] == "c1"


def test_the_same_file_again_makes_nobody_again(run, home):
    """The uid and the name alone of whom was merged lead to the one that stays."""
    for name, text in (
        ("own", "name,uid,note\nAna Novak,,\nAna Kos,,\n"),
        ("names", "name,org\nEva Kralj,Acme\nE. Kralj,Acme d.o.o.\nBo,Acme d.o.o.\n"),
    ):
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
        run("import", str(home / f"{name}.csv"))
    backup = run("export", "contacts", "--format", "csv").out
    (home / "back.csv").write_text(backup, encoding="utf-8")
    run("merge", "c1", "c2")
    run("merge", "c3", "c4")
    run("merge", "o1", "o2")
    for name in ("names", "back"):
        done = run("import", str(home / f"{name}.csv"))
        assert "0 created" in done.err, done.err
    assert len(run("contact", "list", "--json").json) == 3
    assert len(run("org", "list", "--json").json) == 1


def test_a_person_is_shown_both_and_asked(run, two, home, monkeypatch):
    pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed")
    import os
    import sys

    monkeypatch.setenv("TERM", "xterm")
    for answer, id in (("n", "c2"), ("y", "c1")):
        child = pexpect.spawn(
            sys.executable,
            ["-m", "crmcli", "merge", "c1", "c2"],
            env=dict(os.environ),
            cwd=str(home),
            dimensions=(40, 80),
            encoding="utf-8",
            timeout=30,
        )
        child.expect(r"Merge c2 into c1\? \[y/N\]")
        before = child.before.replace("\r\n", "\n")
        assert "Would merge c2 into c1: 1 interaction, 1 job" in before
        line = next(line for line in before.splitlines() if line.startswith("  Name"))
        assert line.split() == ["Name", "Ana", "Novak", "Ana", "Kos", "→", "Ana", "Novak"]
        assert max(map(len, before.splitlines())) <= 80
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert run("show", "c2", "--json").json["id"] == id
