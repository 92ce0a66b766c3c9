"""`crm tag` and `crm contact tag`; tags on what was said."""

import json

import pytest

EVIL = "\x1b[31m[bold]کلید\u202e"


@pytest.fixture
def tagged(run, bo):
    """Ana (c1) wears vip, Bo (c2) fair, Acme (o1) vip."""
    run("tag", "add", "fair", "c2")
    run("tag", "add", "vip", "o1")


def worn(run, ref="c1"):
    return run("show", ref, "--json").json["tags"]


def table(run):
    fields = "name,contacts,orgs,interactions"
    return [line.split("\t") for line in run("tag", "--fields", fields).lines]


def test_the_bare_noun_lists_with_counts_and_cadence(run, tagged, store_cadence):
    assert run("tag").out == "fair\t1\t0\t0\t0\t\nvip\t1\t1\t0\t0\t30\n"
    assert run("tag", "list", "--json").json[1] == {
        "id": "vip",
        "name": "vip",
        "cadence": 30,
        "contacts": 1,
        "orgs": 1,
        "interactions": 0,
        "deals": 0,
    }
    assert run("tag", "--limit", "1", "-f", "ids").out == "fair\n"
    assert run("tag", "list", "--limit", "-1", code=2).out == ""


@pytest.fixture
def store_cadence(tagged, database):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("INSERT INTO cadence (tag_id, days) VALUES (1, 30)")


def test_add_says_how_many_and_gives_those_that_changed(run, tagged):
    result = run("tag", "add", "+VIP", "c1", "bo-li", "Acme", "c2")
    assert result.out == "c2\n"
    assert "Put +VIP on 1 record; 2 had it already" in result.err
    got = run("tag", "add", "new", "c1", "o1", "--json").json
    assert got == {"tag": "new", "changed": 2, "unchanged": 0, "ids": ["c1", "o1"]}
    run("undo")
    assert worn(run) == worn(run, "o1") == ["vip"]


def test_add_reads_references_from_a_list(run, tagged):
    ids = run("contact", "list", "-f", "ids").out
    result = run("tag", "add", "vip-2027", "-", input=ids)
    assert result.out == ids
    assert "on 2 records" in result.err
    run("undo")
    assert worn(run, "c2") == ["fair"]


def test_a_filter_selects_instead_of_references(run, refused, tagged):
    assert "--yes" in refused("tag", "add", "new", "--where", "name:any", code=2)
    assert "not both" in refused("tag", "add", "new", "c1", "--where", "+vip", code=2)
    assert run("tag", "add", "new", "--where", "+vip or +fair", "--yes").out == "c1\nc2\n"
    assert run("tag", "add", "new", "--where", "+vip", "--of", "orgs").out == "o1\n"
    assert (
        "Would take +new off 1 record"
        in run("tag", "rm", "new", "--where", "+vip", "--of", "org", "--dry-run").err
    )
    assert run("tag", "rm", "new", "--where", "+new", "--yes").out == "c1\nc2\n"
    assert table(run)[1] == ["new", "0", "1", "0"]
    assert "one of contact, org" in refused(
        "tag", "add", "x", "--where", "a", "--of", "report", code=2
    )


def test_dry_runs_change_nothing(run, tagged):
    before = run("tag").out
    for args in (
        ["add", "new", "c1"],
        ["rm", "vip", "c1"],
        ["merge", "fair", "vip"],
        ["drop", "vip"],
    ):
        result = run("tag", *args, "--dry-run")
        assert result.out == ""
        assert "Would" in result.err
    assert run("tag").out == before


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["add", "vip", "nobody"], 1, "nothing matches"),
        (["add", "+", "c1"], 3, "not a tag"),
        (["add", "vip"], 2, ""),
        (["rm", "vpi", "c1"], 1, "did you mean vip?"),
        (["rename", "vip", "FAIR"], 4, "crm tag merge vip fair"),
        (["rename", "nope", "x"], 1, "no tag"),
        (["rename", "vip", " "], 3, "not a tag"),
        (["merge", "vip", "VIP"], 2, "one tag already"),
        (["merge", "vip", "nope"], 1, "no tag"),
        (["drop", "nope"], 1, "no tag"),
        (["drop", "vip"], 2, "--yes"),
    ],
)
def test_refusals(run, refused, tagged, args, code, said):
    assert said in refused("tag", *args, code=code)
    assert table(run) == [["fair", "1", "0", "0"], ["vip", "1", "1", "0"]]


def test_rm_takes_off_and_leaves_the_tag(run, tagged):
    result = run("tag", "rm", "vip", "c1", "c2")
    assert result.out == "c1\n"
    assert "Took +vip off 1 record; 1 did not have it" in result.err
    assert table(run)[1] == ["vip", "0", "1", "0"]


def test_rename_is_seen_everywhere_and_undone(run, tagged):
    assert run("tag", "rename", "vip", EVIL).out == "[31m[bold]کلید\n"
    assert worn(run) == ["[31m[bold]کلید"]
    assert [line.split("\t")[0] for line in run("find", "کلید").lines] == ["c1", "o1"]
    run("undo")
    assert worn(run) == ["vip"]
    assert run("tag", "rename", "vip", "Vip", "--json").json["name"] == "Vip"
    assert "Unchanged" in run("tag", "rename", "vip", "Vip").err


def test_merge_and_drop_are_one_step_each(run, tagged):
    result = run("tag", "merge", "fair", "vip")
    assert result.out == "vip\n"
    assert "Merged +fair (1 record) into +vip" in result.err
    assert (worn(run, "c2"), table(run)) == (["vip"], [["vip", "2", "1", "0"]])
    assert run("tag", "drop", "vip", "--yes", "--json").json == {"tag": "vip", "records": 3}
    assert (worn(run), run("tag").out) == ([], "")
    run("undo")
    run("undo")
    assert (worn(run), worn(run, "c2")) == (["vip"], ["fair"])


def test_a_tag_that_one_record_wears_goes_unasked(run, tagged):
    assert run("tag", "drop", "fair").out == "fair\n"


def test_signs_put_on_and_take_off(run, tagged):
    result = run("contact", "tag", "c1", "+new", "-vip", "plain", "-hot")
    assert result.out == "c1\n"
    assert worn(run) == ["new", "plain"]
    run("contact", "tag", "c1", "-old", "-yes")
    assert "Unchanged" in run("contact", "tag", "c1", "+new").err
    assert run("contact", "tag", "-", "+both", "--json", input="c1\nc2\n").json[1]["tags"] == [
        "fair",
        "both",
    ]
    assert run("contact", "tag", "c1", "-new", "--dry-run").out == ""
    assert worn(run) == ["new", "plain", "both"]
    run("undo")
    assert worn(run) == ["new", "plain"]


@pytest.mark.parametrize("words", [["+"], ["-", "+"], ["--nope"]])
def test_what_is_no_tag_is_refused(run, tagged, words):
    assert run("contact", "tag", "c1", *words, code=None).code in (2, 3)
    assert worn(run) == ["vip"]


def test_what_was_said_wears_tags(run, ana, home, monkeypatch):
    result = run("log", "f", "c1", "price", "too", "high", "--tag", "need", "-t", "+Price")
    assert result.out == "i1\n"
    got = run("show", "i1", "--json").json
    assert (got["body"], got["tags"]) == ("price too high", ["need", "Price"])
    assert run("find", "need").out.startswith("i1\t")
    assert ["need", "0", "0", "1"] in table(run)
    run("tag", "add", "seen", "i1")
    run("tag", "rename", "need", "wish")
    assert run("find", "wish").out.startswith("i1\t")
    for format in ("csv", "json"):
        run("export", "interactions", "-o", str(home / f"said.{format}"))
    run("export", "contacts", "-o", str(home / "people.csv"))
    for format in ("csv", "json"):
        monkeypatch.setenv("CRM_DB", str(home / f"{format}.db"))
        run("import", str(home / "people.csv"))
        run("import", str(home / f"said.{format}"))
        assert run("show", "i1", "--json").json["tags"] == ["wish", "Price", "seen"]
        run("import", "--undo")
        assert ["wish", "0", "0", "0"] not in table(run)
    monkeypatch.delenv("CRM_DB")
    run("undo")
    assert json.loads(run("show", "i1", "--json").out)["tags"] == ["need", "Price", "seen"]


def test_many_tagged_interactions_are_imported_and_undone(run, ana, home, monkeypatch):
    uid = run("show", "c1", "--json").json["uid"]
    path = home / "said.csv"
    lines = ["uid,kind,occurred_at,body,tags,contact_uids"]
    lines += [f"u{n},note,2026-11-01T00:00:00Z,x,need; t{n % 3},{uid}" for n in range(600)]
    path.write_text("\n".join(lines), "utf-8")
    assert run("import", str(path), "--json").json["created"] == 600
    assert ["need", "0", "0", "600"] in table(run)
    run("import", "--undo")
    assert [row[0] for row in table(run)] == ["vip"]


@pytest.mark.parametrize("verb", ["rename", "merge"])
def test_saved_views_follow_a_tag_to_its_new_name(run, ana, bo, verb):
    if verb == "merge":
        run("tag", "add", "gold", "c2")
    run("view", "save", "hot", "+vip or not tag:vip name:bo")
    before = run("view", "show", "hot", "-f", "ids").out
    run("tag", verb, "vip", "gold", "--yes")
    assert "vip" not in run("view", "list").out
    assert run("contact", "list", "+gold", "-f", "ids").out.startswith("c1\n")
    run("undo")
    assert run("view", "show", "hot", "-f", "ids").out == before
