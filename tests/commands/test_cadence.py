"""`crm cadence`, and `crm contact cadence`, `bump` and `pause`."""

import pytest


def shown(run, ref="c1"):
    return run("contact", "show", ref, "--json").json


def cadences(run):
    return [(row["tag"], row["days"], row["max_days"]) for row in run("cadence", "--json").json]


# crm cadence


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30", 30),
        ("30d", 30),
        ("6w", 42),
        ("3m", 90),
        ("1y", 365),
        ("1", 1),
        ("3650d", 3650),
        ("٣٠", 30),
    ],
)
def test_set_takes_days_weeks_months_and_years(run, ana, text, days):
    result = run("cadence", "set", "+vip", text)
    assert result.out == "+vip\n"
    assert result.err == f"Set +vip: every {f'{days} days' if days > 1 else 'day'}\n"
    assert cadences(run) == [("+vip", days, None)]
    assert shown(run)["touch"]["days"] == days


@pytest.mark.parametrize("word", ["+vip", "vip", "tag:vip", "VIP", "+Vip"])
def test_a_tag_by_any_of_its_spellings(run, ana, word):
    run("cadence", "set", word, "30d")
    run("cadence", "set", "+vip", "20d", "--max", "25d")
    assert [row[1:] for row in cadences(run)] == [(20, 25)]
    assert shown(run)["touch"]["source"] in ("+vip", "+VIP", "+Vip")


def test_set_the_same_again_is_unchanged(run, ana):
    run("cadence", "set", "+vip", "30d")
    before = run("history").out
    result = run("cadence", "set", "+vip", "30d")
    assert result.err == "Unchanged +vip: every 30 days\n"
    assert run("history").out == before


def test_a_tag_that_is_new_may_get_one(run):
    run("cadence", "set", "+friend", "90d")
    run("contact", "add", "Ana", "-t", "friend")
    assert shown(run)["next_touch"] == "2027-02-21"


def test_a_tag_called_default_is_a_tag(run):
    run("contact", "add", "Ana", "-t", "default")
    run("contact", "add", "Bo")
    run("cadence", "set", "+default", "10d")
    assert (shown(run)["next_touch"], shown(run, "c2")["next_touch"]) == ("2026-12-03", None)
    run("cadence", "set", "default", "20d")
    assert shown(run, "c2")["touch"]["source"] == "default"
    assert [row[:2] for row in cadences(run)] == [("+default", 10), ("default", 20)]


def test_set_as_json(run, ana):
    got = run("cadence", "set", "+vip", "30d", "--max", "45d", "--json").json
    assert {key: got[key] for key in ("tag", "days", "max_days", "contacts")} == {
        "tag": "+vip",
        "days": 30,
        "max_days": 45,
        "contacts": 1,
    }


def test_list(run, ana):
    assert run("cadence").out == ""
    assert run("cadence", "--json").json == []
    assert "crm cadence set +friend 90d" in run("cadence").err
    run("cadence", "set", "default", "180d")
    run("cadence", "set", "+vip", "30d", "--max", "45d")
    run("cadence", "set", "+friend", "90d")
    assert run("cadence").out == run("cadence", "list").out
    assert [line.split("\t")[:3] for line in run("cadence").lines] == [
        ["+vip", "30", "45"],
        ["+friend", "90", ""],
        ["default", "180", ""],
    ]
    table = run("cadence", "list", "-f", "table").out
    assert table.splitlines()[0].split() == ["Tag", "Days", "Cold", "after", "People"]
    assert "+vip" in table


def test_rm(run, ana):
    run("cadence", "set", "+vip", "30d")
    run("cadence", "set", "default", "60d")
    result = run("cadence", "rm", "VIP")
    assert result.err.lower() == "removed the cadence of +vip\n"
    assert shown(run)["touch"]["source"] == "default"
    assert run("cadence", "rm", "default", "--json").json["days"] == 60
    assert (cadences(run), shown(run)["next_touch"]) == ([], None)
    run("undo")
    run("undo")
    assert shown(run)["touch"]["source"] == "+vip"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["set"], 2, "+TAG"),
        (["set", "+vip"], 2, "DAYS"),
        (["set", "+vip", ""], 2, "number of days"),
        (["set", "+vip", "soon"], 2, "'soon'"),
        (["set", "+vip", "0"], 2, "'0'"),
        (["set", "+vip", "0d"], 2, "'0d'"),
        (["set", "+vip", "3651"], 2, "3650"),
        (["set", "+vip", "11y"], 2, "3650"),
        (["set", "+vip", "999999999999999999999w"], 2, "cannot be"),
        (["set", "+vip", "1.5w"], 2, "'1.5w'"),
        (["set", "+vip", "30d", "--max", "soon"], 2, "--max"),
        (["set", "+vip", "30d", "--max", "29d"], 2, "shorter"),
        (["set", "+", "30d"], 2, "whose cadence"),
        (["set", "", "30d"], 2, "whose cadence"),
        (["rm", "+vip"], 1, "+vip has no cadence"),
        (["rm", "default"], 1, "default has no cadence"),
        (["rm", "+"], 2, "whose cadence"),
        (["rm"], 2, "+TAG"),
        (["list", "x"], 2, ""),
        (["--foo"], 2, "--foo"),
    ],
)
def test_cadence_refuses_and_writes_nothing(run, refused, ana, args, code, said):
    before = run("history").out
    assert said in refused("cadence", *args, code=code)
    assert run("history").out == before
    assert cadences(run) == []


def test_a_tag_of_any_script_with_escape_codes_and_brackets(run):
    tag = "\x1b[31m[bold]دوست\x07"
    run("contact", "add", "Ana", "-t", tag)
    run("cadence", "set", tag, "30d")
    assert [row[:2] for row in cadences(run)] == [("+[31m[bold]دوست", 30)]
    table = run("cadence", "list", "-f", "table").out
    assert "[bold]دوست" in table
    assert "\x1b[31m" not in table
    assert shown(run)["touch"]["source"] == "+[31m[bold]دوست"


# crm contact cadence


def test_show_where_it_stands(run, bo):
    run("contact", "cadence", "c1", "30d", "--max", "45d")
    assert run("contact", "cadence", "c1", "c2").lines == [
        "c1\tana-novak\tok\t2026-12-23\tadded 2026-11-23, 0 days ago; cadence 30 days"
        " (own, cold after 45); 0/30 = 0.00, ok, health 100",
        "c2\tbo-li\tnone\t\tno cadence",
    ]
    first, second = run("contact", "cadence", "c1", "Bo Li", "--json").json
    assert first == {
        "id": "c1",
        "handle": "ana-novak",
        "state": "ok",
        "next_touch": "2026-12-23",
        "days": 30,
        "max_days": 45,
        "source": "own",
        "since": "2026-11-23",
        "basis": "added",
        "ago": 0,
        "share": 0.0,
        "health": 100,
        "paused_until": None,
        "why": "added 2026-11-23, 0 days ago; cadence 30 days (own, cold after 45);"
        " 0/30 = 0.00, ok, health 100",
    }
    assert (second["state"], second["next_touch"]) == ("none", None)
    assert "no cadence" in run("contact", "cadence", "c2", "-f", "table").out


def test_set_for_several_and_from_stdin(run, bo):
    result = run("contact", "cadence", "c1", "bo-li", "6w")
    assert result.lines == ["c1", "c2"]
    assert [shown(run, ref)["cadence_days"] for ref in ("c1", "c2")] == [42, 42]
    assert run("contact", "cadence", "-", "none", input="c1\nc2\n").lines == ["c1", "c2"]
    assert [shown(run, ref)["cadence_days"] for ref in ("c1", "c2")] == [None, None]
    run("undo")
    assert [shown(run, ref)["cadence_days"] for ref in ("c1", "c2")] == [42, 42]


def test_a_new_cadence_forgets_the_old_limit(run, ana):
    run("contact", "cadence", "c1", "30d", "--max", "45d")
    run("contact", "cadence", "c1", "60d")
    assert (shown(run)["cadence_days"], shown(run)["cadence_max_days"]) == (60, None)
    assert "Unchanged c1" in run("contact", "cadence", "c1", "60d").err


@pytest.mark.parametrize(
    "args",
    [["cadence", "c1", "30d"], ["bump", "c1"], ["pause", "c1", "2w"]],
    ids=" ".join,
)
def test_a_dry_run_changes_nothing(run, ana, args):
    before = shown(run), run("history").out
    result = run("contact", *args, "--dry-run")
    assert (result.out, result.err.splitlines()[0]) == ("", "Would change c1")
    assert (shown(run), run("history").out) == before


def test_json_gives_the_person(run, ana):
    assert run("contact", "cadence", "c1", "30d", "--json").json["cadence_days"] == 30
    assert run("contact", "bump", "c1", "--json").json["bumped_on"] == "2026-11-23"
    got = run("contact", "pause", "c1", "2w", "--json").json
    assert (got["paused_until_on"], got["next_touch"]) == ("2026-12-07", "2026-12-23")


# bump and pause


def test_bump_several(run, bo):
    result = run("contact", "bump", "ana-novak", "Bo Li", "c1")
    assert result.lines == ["c1", "c2"]
    assert "Changed c1 ana-novak" in result.err
    assert "Unchanged c1 ana-novak" in run("contact", "bump", "c1").err


@pytest.mark.parametrize(
    ("words", "until"),
    [
        (["2w"], "2026-12-07"),
        (["tomorrow"], "2026-11-24"),
        (["1", "mar"], "2027-03-01"),
        (["next", "mon"], "2026-11-30"),
        (["2027-03-01"], "2027-03-01"),
    ],
)
def test_pause_until_a_day(run, ana, words, until):
    result = run("contact", "pause", "c1", *words)
    assert result.out == "c1\n"
    assert "paused until " in result.err
    assert shown(run)["paused_until_on"] == until


def test_pause_of_several_from_stdin(run, bo):
    run("contact", "pause", "-", "2w", input="c1\nc2\n")
    assert shown(run)["paused_until_on"] == shown(run, "c2")["paused_until_on"] == "2026-12-07"
    run("contact", "pause", "-", "--off", input="c1\nc2\n")
    assert shown(run)["paused_until_on"] is shown(run, "c2")["paused_until_on"] is None


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["cadence"], 2, "REF"),
        (["cadence", "nobody", "30d"], 1, "nobody"),
        (["cadence", "c9"], 1, "c9"),
        (["cadence", "acme", "30d"], 1, "acme"),
        (["cadence", "c1", "0d"], 2, "cannot be"),
        (["cadence", "c1", "9999d"], 2, "3650"),
        (["cadence", "c1", "30d", "--max", "20d"], 2, "shorter"),
        (["cadence", "c1", "--max", "20d"], 2, "--max needs the cadence"),
        (["cadence", "c1", "30d", "--foo"], 2, "--foo"),
        (["bump"], 2, "REF"),
        (["bump", "nobody"], 1, "nobody"),
        (["bump", "c1", "c9"], 1, "c9"),
        (["pause"], 2, "REF"),
        (["pause", "c1"], 2, "--off"),
        (["pause", "c1", "2w", "--off"], 2, "--off"),
        (["pause", "c1", "soon"], 2, "not a date"),
        (["pause", "c1", "today"], 2, "not ahead"),
        (["pause", "c1", "2026-11-01"], 2, "not ahead"),
        (["pause", "nobody", "2w"], 1, "nobody"),
    ],
)
def test_contact_refuses_and_writes_nothing(run, refused, ana, args, code, said):
    before = run("history").out
    assert said in refused("contact", *args, code=code)
    assert run("history").out == before


def test_the_card_says_where_it_stands(run, ana, at):
    run("log", "call", "c1", "--at", "2026-11-01 12:00")
    run("contact", "cadence", "c1", "14d")
    run("contact", "pause", "c1", "1 mar")
    card = " ".join(run("show", "c1", "-f", "table").out.split())
    said = "keep in touch cold, 22 of 14 days (own), next 2026-11-15, paused until 2027-03-01"
    assert said in card
    run("contact", "edit", "c1", "--set", "do_not_contact=yes")
    assert "keep in touch do not contact" in " ".join(run("show", "c1", "-f", "table").out.split())


def test_what_has_not_happened_yet_is_no_touch(run, ana, home):
    """A file may hold a meeting of next year; it silences nobody (formulas 4.19)."""
    run("contact", "cadence", "c1", "30d")
    run("log", "call", "c1", "--at", "2026-11-20 12:00")
    run("export", "interactions", "-o", str(home / "i.csv"))
    text = (home / "i.csv").read_text().replace("2026-11-20T11:00:00Z", "2027-11-20T11:00:00Z")
    run("undo")
    (home / "i.csv").write_text(text)
    run("import", str(home / "i.csv"), code=None)
    assert shown(run)["next_touch"] == "2026-12-23"


def test_a_bump_that_lies_ahead_is_refused(run, refused, ana):
    assert "in the future" in refused(
        "contact", "edit", "c1", "--set", "bumped_on=2099-01-01", code=3
    )
    run("contact", "edit", "c1", "--set", "bumped_on=2026-11-23")
