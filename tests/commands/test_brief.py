"""`crm brief`."""

import json

import pytest


@pytest.fixture
def meeting(run, bo, monkeypatch):
    """Ana decides on Pilot (d1) with Bo; promises both ways, a birthday, a monthly deal won."""
    monkeypatch.setenv("CRM_CURRENCY", "EUR")
    run("contact", "edit", "c1", "--birthday", "1990-12-24", "--title", "CTO")
    run("contact", "edit", "c2", "--org", "Acme", "--title", "Engineer")
    run("deal", "add", "Old", "--for", "c1", "--amount", "JPY 100", "--period", "monthly")
    run("deal", "win", "d1")
    run("deal", "add", "Pilot", "--for", "c1", "--amount", "9000", "--close", "2026-12-18")
    run("deal", "contact", "d2", "c2", "--role", "evaluator")
    for number, text in enumerate(("first", "second", "third", "newest")):
        run("log", "call", "c1", text, "--at", f"2026-11-1{number} 10:00")
    run("log", "note", "c1", "no touch at all")
    run("remind", "c1", "fri send offer")
    run("task", "add", "the plan", "--for", "c1", "--kind", "promise", "--due", "2026-12-04")
    run("task", "add", "their logo", "--for", "c1", "--kind", "waiting", "--due", "2026-12-05")


def test_a_brief_as_json(run, meeting):
    got = run("brief", "c1", "--json").json
    assert (
        list(got)
        == (
            "id name noun people org touches i_owe they_owe tasks deals weighted closed_deals"
            " next_step dates others"
        ).split()
    )
    assert [one["body"] for one in got["touches"]] == ["newest", "third", "second"]
    (person,) = got["people"]
    assert (person["title"], person["org"]) == ("CTO", "Acme")
    assert [way["value"] for way in person["phones"]] == ["040 123 456"]
    assert [one["title"] for one in got["i_owe"]] == ["the plan"]
    assert [one["title"] for one in got["they_owe"]] == ["their logo"]
    assert [one["title"] for one in got["tasks"]] == ["send offer"]
    assert got["next_step"]["title"] == "send offer"
    assert [one["id"] for one in got["deals"]] == ["d2"]
    assert got["weighted"] == [{"amount": "900.00", "currency": "EUR"}]
    (won,) = got["closed_deals"]
    assert (won["status"], won["count"]) == ("won", 1)
    assert won["totals"] == [{"amount": "1200", "currency": "JPY"}]  # twelve months of 100
    (birthday,) = got["dates"]
    assert (birthday["on"], birthday["years"]) == ("2026-12-24", 36)
    (bo,) = got["others"]
    assert (bo["id"], bo["title"], bo["role"]) == ("c2", "Engineer", "evaluator")


def test_the_page_is_the_same_in_a_pipe(run, meeting):
    page = run("brief", "c1").out
    assert page == run("brief", "c1", "-f", "table").out
    order = ["Ana Novak  c1", "Who", "CTO, Acme", "Last touches", "call: newest", "I owe"]
    order += ["the plan", "They owe", "their logo", "Open tasks", "send offer", "Money"]
    order += ["Pilot", "9000.00 EUR", "900.00 EUR", "1 won: 1200 JPY", "Next step", "Dates"]
    order += ["birthday (36 years)", "People", "Bo Li, Engineer, evaluator (d2)"]
    places = [page.index(part) for part in order[:1]]
    for part in order[1:]:
        places.append(page.index(part, places[-1]))
    assert "no touch at all" not in page


@pytest.mark.parametrize("ref", ["acme", "d2", "ana-novak"])
def test_every_ref_has_its_touches_promises_and_money(run, meeting, ref):
    page = run("brief", ref).out
    for part in ("call: newest", "the plan", "their logo", "Pilot", "900.00 EUR", "won: 1200 JPY"):
        assert part in page


def test_guidance_is_that_of_the_deals_stage(store, run, meeting):
    store.write("x", lambda w: w.update("stage", 1, guidance="Ask who decides.\nAsk when."))
    assert "d2 Lead  Ask who decides.\n           Ask when." in run("brief", "c1").out
    assert "- **d2 Lead:** Ask who decides. Ask when." in run("brief", "d2", "-f", "md").out


def test_markdown_holds_no_markup_of_what_is_stored(run, bo):
    run("log", "call", "c2", "# big *bold* [x](y) | \x1b[31m <b>\nnext line")
    said = run("brief", "c2", "-f", "md").out
    assert "\x1b" not in said
    assert r"# big \*bold\* \[x\](y) \|" in said
    assert r"\<b\> next line" in said
    assert said.startswith("# Bo Li (c2)\n\n## ")


def test_names_that_are_hostile_stay_text(run, database):
    run("contact", "add", "[bold]Eva\x1b[31m[/]\u202e 张伟")
    for form in ("table", "md", "json"):
        got = run("brief", "c1", "-f", form).out
        assert "\x1b" not in got
        assert "\u202e" not in got


def test_today_is_a_page_for_each_meeting_or_call(run, bo, meeting):
    run("task", "add", "sit together", "--for", "c2", "--kind", "meeting", "--due", "today")
    run("task", "add", "ring", "--for", "c1", "--kind", "call", "--due", "9:00", "--due", "23:00")
    run("task", "add", "ring again", "--for", "c1", "--kind", "call", "--due", "today")
    run("task", "add", "write", "--for", "acme", "--kind", "email", "--due", "today")
    run("task", "add", "tomorrow", "--for", "acme", "--kind", "call", "--due", "tomorrow")
    assert [one["id"] for one in run("brief", "--today", "--json").json] == ["c1", "c2"]
    lines = run("brief", "--today", "-f", "jsonl").lines
    assert [json.loads(line)["id"] for line in lines] == ["c1", "c2"]
    assert run("brief", "--today", "--owner", "eva", "--json").json == []
    page = run("brief", "--today").out
    assert page.index("Ana Novak  c1") < page.index("Bo Li  c2")


def test_a_day_without_meetings_is_said(run, ana):
    result = run("brief", "--today")
    assert result.out == ""
    assert "No meeting or call is due today." in result.err


def test_a_deal_of_nobody_has_a_brief(run):
    run("deal", "add", "Lone")
    got = run("brief", "d1", "--json").json
    assert (got["people"], got["org"], got["closed_deals"]) == ([], None, [])
    assert "! no next step" in run("brief", "d1").out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 2, "needs a REF"),
        (["c1", "--today"], 2, "needs a REF"),
        (["c1", "-f", "csv"], 2, "a brief is a page"),
        (["c1", "--fields", "id"], 2, "a brief is a page"),
        (["c1", "--owner", "me"], 2, "--owner goes with --today"),
        (["nobody"], 1, "nobody"),
        (["d9"], 1, "d9"),
    ],
)
def test_refusals(refused, ana, args, code, said):
    assert said in refused("brief", *args, code=code)
