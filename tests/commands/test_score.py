"""`crm score`: rules, scores, and every term of them."""

import pytest


@pytest.fixture
def rules(run, ana, at):
    """The rules of the worked example (formulas 4.13), and Ana for whom they hold."""
    run("contact", "edit", "ana-novak", "--title", "CTO")
    run("org", "edit", "acme", "--industry", "retail")
    run("score", "rule", "add", "fit", "title:CTO", "+20", "--label", "CTO")
    run("score", "rule", "add", "fit", "org.industry:retail", "15")
    run("score", "rule", "add", "fit", "email:acme", "-10", "--label", "free mail")
    told = ["--max", "3", "--decay", "60d", "--label", "reply"]
    run("score", "rule", "add", "engagement", "kind:email direction:in", "10", *told)
    run("score", "rule", "add", "engagement", "kind:meeting", "20", "--decay", "90d")
    run("log", "email", "ana-novak", "yes", "--in", "--at", "2026-10-24")
    run("log", "meeting", "ana-novak", "demo", "--at", "2026-11-14")


def test_the_worked_example(run, rules):
    found = run("score", "ana-novak", "--explain", "--json").json
    assert (found["score"], found["grade"]) == (48, "B2")
    assert (found["fit"], found["engagement"]) == (25, 23)
    said = [(t["rule"], t["matches"], t["points"], t["ages"], t["worth"]) for t in found["terms"]]
    assert said == [
        ("CTO", 1, 20, [], 20),
        ("org.industry:retail", 1, 15, [], 15),
        ("free mail", 1, -10, [], -10),
        ("reply", 1, 10, [30], 5),
        ("kind:meeting", 1, 20, [9], 18),
    ]


def test_a_score_fades_until_nothing_is_left(run, rules, at):
    at("2027-11-23T10:00:00+01:00")
    assert run("score", "ana-novak", "--json").json["engagement"] == 0


def test_only_the_newest_count(run, rules):
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        run("log", "email", "ana-novak", "yes", "--in", "--at", day)
    reply = run("score", "ana-novak", "--explain", "--json").json["terms"][3]
    assert (reply["matches"], reply["ages"]) == (3, [1, 2, 3])


def test_the_list_says_what_the_card_says(run, rules, bo):
    rows = run("score", "list", "--json").json
    assert [(row["name"], row["score"]) for row in rows] == [("Ana Novak", 48), ("Bo Li", 0)]
    assert run("score", "--fields", "id,grade", "--limit", "1").lines == ["c1\tB2"]
    assert run("score", "list", "--sort", "score", "-f", "ids").lines == ["c2", "c1"]
    assert run("lead", "show", "ana-novak", "--json").json["score"] == 48


def test_days_are_those_of_the_calendar(run, ana, at):
    """A meeting late yesterday is one day old this morning, in whatever zone."""
    run("score", "rule", "add", "engagement", "kind:meeting", "10", "--decay", "10d")
    run("log", "meeting", "ana-novak", "late", "--at", "2026-11-22 23:30")
    at("2026-11-23T00:30:00+01:00")
    assert run("score", "ana-novak", "--explain", "--json").json["terms"][0]["ages"] == [1]


def test_the_filter_asks_for_scores_and_idle_days(run, rules, bo, at):
    assert run("contact", "list", "score.over:40", "-f", "ids").lines == ["c1"]
    assert run("contact", "list", "score:0..47", "-f", "ids").lines == ["c2"]
    assert run("contact", "list", "score<=48", "not", "score=0", "-f", "ids").lines == ["c1"]
    assert run("contact", "list", "--where", "idle:9", "-f", "ids").lines == ["c1"]
    at("2027-02-01T10:00:00+01:00")
    assert run("contact", "list", "idle>70d", "-f", "ids").lines == ["c1"]
    assert run("contact", "list", "idle>69d", "-f", "ids").lines == ["c1", "c2"]
    assert run("contact", "list", "idle.under:79", "-f", "ids").lines == ["c2"]


@pytest.mark.parametrize("term", ["score:x", "score.before:5", "idle>x", "idle:99999999999"])
def test_wrong_values_in_a_filter_are_pointed_at(run, ana, term):
    assert "^" in run("contact", "list", term, code=2).err


def test_a_rule_that_asks_for_scores_is_refused(run, ana):
    result = run("score", "rule", "add", "fit", "score>5", "+5", code=2)
    assert "cannot ask for scores" in result.err


def test_a_rule_that_went_wrong_names_itself(run, ana):
    run("view", "save", "hot", "+vip")
    run("score", "rule", "add", "fit", "@hot", "+5", "--label", "warm")
    assert run("score", "ana-novak", "--json").json["score"] == 5
    run("view", "rm", "hot")
    result = run("score", "ana-novak", code=2)
    assert "score rule warm: no view 'hot'" in result.err
    assert "crm score rule edit 1" in result.err


def test_a_view_cannot_lead_a_rule_back_to_scores(run, ana):
    run("view", "save", "hot", "+vip")
    run("score", "rule", "add", "fit", "@hot", "+5")
    run("view", "save", "hot", "score>1")
    assert "cannot ask for scores" in run("contact", "list", "score>0", code=2).err


def test_rules_are_changed_and_removed(run, ana):
    run("score", "rule", "add", "fit", "+vip", "+5", "--label", "VIP")
    assert run("score", "rule", "edit", "vip", "--points", "-7", "--json").json["points"] == -7
    assert run("score", "rule", "edit", "1", "--filter", "name:ana").err.startswith("Changed VIP")
    assert run("score", "rule", "list", "--json").json[0]["filter"] == "name:ana"
    run("score", "rule", "rm", "VIP")
    assert run("score", "rule", "--json").json == []
    run("undo")
    assert run("score", "rule", "list", "--fields", "label").lines == ["VIP"]


def test_what_is_refused(refused, ana):
    refused("score", "rule", "add", "fit", "+vip", "0", code=3)
    refused("score", "rule", "add", "fit", "+vip", "+5", "--max", "3", code=3)
    refused("score", "rule", "add", "luck", "+vip", "+5", code=3)
    refused("score", "rule", "rm", "nothing", code=1)
    refused("score", "rule", "edit", "nothing", "--points", "1", code=1)
    refused("score", "nobody-here", code=1)


def test_a_label_is_there_once(run, refused, ana):
    run("score", "rule", "add", "fit", "+vip", "+5", "--label", "VIP")
    refused("score", "rule", "add", "fit", "+fair", "+5", "--label", "vip", code=4)


def test_a_renamed_tag_is_renamed_in_the_rules(run, ana):
    run("score", "rule", "add", "fit", "+vip", "+5")
    run("tag", "rename", "vip", "key")
    assert run("score", "rule", "list", "--json").json[0]["filter"] == "+key"
    assert run("score", "ana-novak", "--json").json["score"] == 5


def test_hostile_labels_do_no_harm(run, ana):
    run(
        "score",
        "rule",
        "add",
        "fit",
        "+vip",
        "+5",
        "--label",
        "\x1b[31m[/red] \u202eعلی" + "x" * 900,
    )
    result = run("score", "ana-novak", "--explain", "-f", "table")
    assert "\x1b" not in result.out
    assert "[/red]" in result.out
