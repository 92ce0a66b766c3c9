"""`crm relation`, `crm contact relate` and `crm contact date`."""

import pytest

EVIL = "\x1b[31m[bold]دوست\u202e"


@pytest.fixture
def three(run, bo):
    """Ana (c1), Bo (c2) and somebody with a hostile name (c3)."""
    run("contact", "add", f"Eva {EVIL}")


def relate(run, *args, **options):
    return run("contact", "relate", *args, **options)


def seen(run, ref):
    return [(row["as"], row["id"]) for row in run("show", ref, "--json").json["relations"]]


def test_both_cards_read_rightly(run, three):
    result = relate(run, "ana-novak", "--as", "referred by", "bo-li")
    assert result.out == "c1\n"
    assert "Related: Ana Novak referred by Bo Li" in result.err
    assert run("show", "c1", "--json").json["relations"] == [
        {"as": "referred by", "id": "c2", "handle": "bo-li", "name": "Bo Li"}
    ]
    assert "relations\treferred by Bo Li\n" in run("show", "c1").out
    assert "relations\treferred Ana Novak\n" in run("show", "c2").out
    assert "referred Ana Novak (c1)" in run("show", "c2", "-f", "table").out
    assert "Unchanged" in relate(run, "c1", "--as", "referred by", "c2").err
    run("undo")
    assert seen(run, "c1") == []


def test_the_other_word_means_the_other_way(run, three):
    relate(run, "c1", "--as", "Referred", "c2")
    assert seen(run, "c1") == [("referred", "c2")]
    assert seen(run, "c2") == [("referred by", "c1")]
    got = relate(run, "c1", "--as", "colleague", "c2", "--json").json
    assert got["relations"][1] == {
        "as": "colleague of",
        "id": "c2",
        "handle": "bo-li",
        "name": "Bo Li",
    }


def test_own_words_come_with_their_inverse(run, refused, three):
    assert "--inverse" in refused("contact", "relate", "c1", "--as", "boss of", "c3", code=2)
    relate(run, "c1", "--as", "boss of", "--inverse", EVIL, "c3")
    assert seen(run, "c1") == [("boss of", "c3")]
    assert seen(run, "c3") == [("[31m[bold]دوست", "c1")]
    for ref in ("c1", "c3"):
        assert "\x1b" not in run("show", ref, "-f", "table").out
    relate(run, "c2", "--as", "boss", "c3")
    assert run("relation").lines[0] == "boss of\t[31m[bold]دوست\t2"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["c1", "c2"], 2, "--as WORD"),
        (["c1", "--as", "friend of", "c1"], 2, "themselves"),
        (["c1", "--as", "freind of", "c2"], 2, "did you mean 'friend of'?"),
        (["c1", "--as", "manager of", "--inverse", "serves", "c2"], 4, "'reports to'"),
        (["c1", "--as", "boss of", "--inverse", "reports to", "c2"], 4, "already"),
        (["c1", "--as", "friend of", "o1"], 1, "expected contact"),
        (["c1", "--as", "friend of", "--drop", "c2"], 1, "not related"),
        (["c1", "--drop", "c2"], 1, "not related"),
    ],
)
def test_refusals(run, refused, three, args, code, said):
    assert said in refused("contact", "relate", *args, code=code)
    assert seen(run, "c1") == []


def test_drop_removes_one_or_all(run, three):
    relate(run, "c1", "--as", "friend of", "c2")
    relate(run, "c1", "--as", "manager of", "c2")
    relate(run, "c2", "--as", "reports to", "--drop", "c1")
    assert seen(run, "c1") == [("friend of", "c2")]
    run("undo")
    assert "Removed: Bo Li and Ana Novak" in relate(run, "c2", "--drop", "c1").err
    assert seen(run, "c1") == []
    run("undo")
    assert len(seen(run, "c2")) == 2


def test_who_is_in_the_trash_is_not_shown(run, three):
    relate(run, "c1", "--as", "friend of", "c2")
    run("contact", "rm", "c2")
    assert seen(run, "c1") == []


def test_a_card_comes_back_as_input(run, three):
    relate(run, "c1", "--as", "friend of", "c2")
    card = run("show", "c1", "--json").out
    run("contact", "add", "--input", "-", "--force", input=card)


def test_the_words_are_listed_and_renamed(run, refused, three):
    names = [line.split("\t")[0] for line in run("relation").lines]
    assert {"manager of", "referred by", "spouse of"} <= set(names)
    relate(run, "c1", "--as", "mentor of", "c2")
    assert run("relation", "rename", "mentor of", "coach of", "--inverse", "coached by").out == (
        "coach of\n"
    )
    assert (seen(run, "c1"), seen(run, "c2")) == ([("coach of", "c2")], [("coached by", "c1")])
    run("relation", "rename", "coached by", "trained by")
    assert seen(run, "c2") == [("trained by", "c1")]
    run("undo")
    assert seen(run, "c2") == [("coached by", "c1")]
    relate(run, "c1", "--as", "friend of", "c3")
    assert run("relation", "rename", "friend of", "pal of", "--json").json["inverse"] == "pal of"
    assert seen(run, "c3") == [("pal of", "c1")]
    assert "already" in refused("relation", "rename", "pal of", "spouse of", code=4)
    assert "is an inverse" in refused(
        "relation", "rename", "coached by", "x", "--inverse", "y", code=4
    )
    assert "unknown relation" in refused("relation", "rename", "nope", "x", code=2)


def dates(run):
    got = run("show", "c1", "--json").json
    return got["birthday"], got["dates"]


def test_a_date_is_set_changed_dropped_and_undone(run, ana):
    result = run("contact", "date", "c1", "birthday", "17.5.1990")
    assert result.out == "c1\n"
    assert "birthday 1990-05-17" in result.err
    run("contact", "date", "c1", "Name Day", "26", "july", "--lead", "14d")
    assert dates(run) == (
        "1990-05-17",
        [{"label": "name day", "value": "--07-26"}],
    )
    leads = [{"label": "name day", "value": "14"}]
    assert run("show", "c1", "--json").json["date_leads"] == leads
    assert "told 14 days before" in run("show", "c1", "-f", "table").out
    run("contact", "date", "c1", "name day", "27 july")  # how early stays
    assert dates(run)[1] == [{"label": "name day", "value": "--07-27"}]
    assert run("show", "c1", "--json").json["date_leads"] == leads
    assert "Unchanged" in run("contact", "date", "c1", "name day", "07-27").err
    run("contact", "date", "c1", "NAME DAY", "--drop", "--json")
    assert dates(run) == ("1990-05-17", [])
    run("undo")
    assert dates(run)[1][0]["value"] == "--07-27"


@pytest.mark.parametrize(("lead", "days"), [("0", 0), ("14", 14), ("2w", 14), ("365d", 365)])
def test_how_early_a_date_is_told(run, ana, lead, days):
    run("contact", "date", "c1", "anniversary", "05-01", "--lead", lead)
    assert run("show", "c1", "--json").json["date_leads"][0]["value"] == str(days)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["birthday"], 2, "needs a DATE"),
        (["birthday", "1.1.", "--drop"], 2, "needs a DATE"),
        (["birthday", "30 feb"], 3, "no such date"),
        (["birthday", "someday"], 3, "not a birthday"),
        (["\x1b", "1.1."], 3, "needs a kind"),
        (["birthday", "1.1.", "--lead", "366d"], 2, "at most 365"),
        (["birthday", "1.1.", "--lead", "yesterday"], 2, "at most 365"),
        (["birthday", "1.1.", "--lead", "soon"], 2, "not a date"),
    ],
)
def test_date_refuses(run, refused, ana, args, code, said):
    assert said in refused("contact", "date", "c1", *args, code=code)
    assert dates(run) == (None, [])


def test_dates_go_out_and_come_back(run, ana, home, monkeypatch):
    run("contact", "date", "c1", "name day", "26 july", "--lead", "3d")
    run("export", "contacts", "-o", str(home / "people.csv"))
    monkeypatch.setenv("CRM_DB", str(home / "other.db"))
    run("import", str(home / "people.csv"))
    assert dates(run)[1][0]["value"] == "--07-26"
