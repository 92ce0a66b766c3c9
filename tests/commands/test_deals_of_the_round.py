"""Deals in the daily round: `--deal`, the cards of people and orgs, the first page of the day."""

import pytest


@pytest.fixture
def pilot(run, bo, monkeypatch):
    """Ana's deal d1, 9000 EUR, in Lead, which rots after 14 days."""
    monkeypatch.setenv("CRM_CURRENCY", "EUR")
    run("deal", "add", "Pilot", "--for", "c1", "--amount", "9000", "--close", "2026-12-18")


def on(run, ref):
    deal = run("show", ref, "--json").json["deal"]
    return deal and deal["id"]


def test_log_says_the_deal_and_so_does_the_step(run, pilot):
    result = run("log", "call", "c1", "hello", "-n", "fri offer", "--waiting", "mon logo")
    assert "i1 on d1 Pilot" in result.err
    assert [on(run, ref) for ref in ("i1", "t1", "t2")] == ["d1", "d1", "d1"]
    assert run("show", "i1", "--json").json["deal"] == {"id": "d1", "name": "Pilot"}
    assert list(run("show", "t1", "--json").json)[-1] == "deal"


@pytest.mark.parametrize(
    ("args", "deal"),
    [
        (["log", "call", "c1", "x", "--deal", "none"], None),
        (["log", "call", "c2", "x"], None),
        (["log", "call", "c2", "x", "--deal", "d1"], "d1"),
        (["log", "call", "d1", "x"], "d1"),
        (["log", "call", "acme", "x"], "d1"),
    ],
)
def test_log_on_a_deal(run, pilot, args, deal):
    result = run(*args)
    assert on(run, "i1") == deal
    assert ("on d1 Pilot" in result.err) is bool(deal)


@pytest.mark.parametrize(
    ("args", "deal", "who"),
    [
        (["remind", "c1", "fri", "x"], "d1", "c1"),
        (["remind", "d1", "fri", "x"], "d1", "c1"),
        (["remind", "c1", "fri", "x", "--deal", "none"], None, "c1"),
        (["task", "add", "x", "--for", "d1"], "d1", "c1"),
        (["task", "add", "x", "--deal", "d1"], "d1", "c1"),
        (["task", "add", "x", "--for", "c2", "--deal", "d1"], "d1", "c2"),
        (["task", "add", "x"], None, None),
    ],
)
def test_a_task_on_a_deal(run, pilot, args, deal, who):
    result = run(*args)
    got = run("show", "t1", "--json").json
    assert (got["deal"] and got["deal"]["id"]) == deal
    assert (got["who"] and got["who"]["id"]) == who
    assert ("on d1 Pilot" in result.err) is bool(deal)


def test_task_edit_and_the_lists(run, pilot):
    run("deal", "add", "Renewal", "--for", "c1")
    run("task", "add", "x", "--for", "c1")
    run("task", "edit", "t1", "--deal", "d2")
    for args in (["--for", "d2"], ["deal:Renewal"], ["deal.stage:lead"]):
        assert [line.split("\t")[0] for line in run("task", "list", *args).lines] == ["t1"]
    assert run("task", "list", "--for", "d1").out == ""
    assert run("task", "list", "--fields", "id,deal").out == "t1\tRenewal\n"
    run("task", "edit", "t1", "--deal", "none")
    assert on(run, "t1") is None


def test_done_logs_on_the_deal(run, pilot):
    run("task", "add", "ring", "--for", "d1", "--kind", "call")
    assert "logged call on d1 Pilot" in run("done", "t1", "-n", "fri again").err
    assert (on(run, "i1"), on(run, "t2")) == ("d1", "d1")


def test_undo_takes_the_link_along(run, pilot):
    run("log", "call", "c1", "x", "-n", "fri y")
    run("undo")
    assert run("show", "d1", "--json").json["next_step"] is None


@pytest.mark.parametrize("args", [["log", "call", "c1", "x"], ["task", "add", "x", "--for", "c1"]])
@pytest.mark.parametrize("deal", ["d9", "nothing"])
def test_a_deal_that_is_not_there_writes_nothing(run, refused, pilot, args, deal):
    assert deal in refused(*args, "--deal", deal, code=1)
    assert run("task", "list").out == ""
    assert run("show", "c1", "--json").json["timeline"] == []


# The cards


@pytest.mark.parametrize("ref", ["c1", "o1"])
def test_a_card_has_deals(run, pilot, ref):
    run("deal", "add", "Old", "--for", "c1", "--amount", "KWD 1.250", "--period", "monthly")
    run("deal", "lose", "d2", "--reason", "price")
    run("deal", "add", "Won", "--for", "c1", "--amount", "JPY 500")
    run("deal", "win", "d3")
    run("deal", "add", "Won too", "--for", "c1", "--amount", "70.50")
    run("deal", "win", "d4")
    run("remind", "d1", "fri", "send", "offer")
    got = run("show", ref, "--json").json
    (deal,) = got["deals"]
    assert (deal["id"], deal["stage"]) == ("d1", "Lead")
    assert deal["amount"] == {"amount": "9000.00", "currency": "EUR"}
    assert deal["weighted"] == {"amount": "900.00", "currency": "EUR"}
    assert deal["next_step"]["title"] == "send offer"
    won, lost = got["closed_deals"]
    assert (won["status"], won["count"], lost["status"], lost["count"]) == ("won", 2, "lost", 1)
    assert won["totals"] == [
        {"amount": "70.50", "currency": "EUR"},
        {"amount": "500", "currency": "JPY"},
    ]
    assert lost["totals"] == [{"amount": "15.000", "currency": "KWD"}]  # a year of it
    page = run("show", ref, "-f", "table").out
    for part in ("Lead, 9000.00 EUR", "Pilot, closes Fri 18 Dec 2026", "next: 2026-11-27 send"):
        assert part in page
    assert "2 won: 70.50 EUR, 500 JPY, 1 lost: 15.000 KWD" in page


def test_a_card_without_deals_says_nothing_of_them(run, bo):
    got = run("show", "c2", "--json").json
    assert (got["deals"], got["closed_deals"]) == ([], [])
    assert "Deals" not in run("show", "c2", "-f", "table").out


def test_many_of_the_largest_amounts_are_summed(run, store, ana):
    from crmcli.store.brief import closed

    largest = 10**15 - 1

    def write(w):
        for _ in range(1_000):
            values = {"name": "x", "name_norm": "x", "pipeline_id": 1, "stage_id": 5}
            times = {"opened_at": w.now, "closed_at": w.now, "stage_entered_at": w.now}
            money = {"amount_minor": largest, "currency": "EUR", "value_period": "monthly"}
            w.insert("deal", **values, **times, **money, status="won", org_id=1)

    store.write("x", write)
    (won,) = closed(store.reader, "org", 1)
    assert won.minor == {"EUR": 1_000 * largest * 12}


def test_a_card_says_how_far_somebody_is(run, ana):
    run("contact", "edit", "c1", "--set", "source=fair", "--set", "lead_status=connected")
    run("contact", "move", "c1", "interest")
    page = run("show", "c1", "-f", "table").out
    for part in ("connected", "fair", "People: Interest"):
        assert part in page


# Today


def test_today_tells_of_deals_without_a_step_and_of_rotting_ones(run, pilot, at):
    run("deal", "edit", "d1", "--name", "[b]Pilot\x1b[31m[/]")
    assert [line.split("\t")[:2] for line in run("today").lines] == [["no_step", "d1"]]
    run("pipeline", "stage", "edit", "lead", "--rotting", "10")
    at("2026-12-10T08:00:00+01:00")
    shown = {row["section"]: row for row in run("today", "--json").json if row["id"] == "d1"}
    assert set(shown) == {"no_step", "rotting"}
    assert shown["rotting"]["due"] == "2026-12-03"
    assert shown["rotting"]["age"] == "7 days late"
    assert "its stage allows 10" in shown["rotting"]["why"]
    page = run("today", "-f", "table").out
    for part in ("Deals without a next step", "Deals that rot", "! rots, nothing for 17 days"):
        assert part in page
    assert "\x1b" not in page
    assert "\x1b" not in run("today").out
    run("remind", "d1", "fri", "offer")
    assert not [row for row in run("today", "--json").json if row["id"] == "d1"]


def test_a_page_shows_five_deals_and_a_pipe_all(run, bo):
    for number in range(7):
        run("deal", "add", f"n{number}", "--owner", "eva" if number else "me")
    page = run("today", "-f", "table").out
    assert page.count("! no next step") == 5
    assert "… and more: crm deal list --no-next" in page
    assert len([line for line in run("today").lines if line.startswith("no_step")]) == 7
    mine = run("today", "--owner", "me", "--json").json
    assert [row["id"] for row in mine if row["section"] == "no_step"] == ["d1"]


def test_due_says_nothing_of_deals(run, pilot):
    assert run("due", "--within", "30d").out == ""


def test_a_mask_hides_deals(run, pilot):
    run("deal", "edit", "d1", "--name", "Hiddenberg")
    for args in (["today"], ["show", "c1"], ["brief", "c1"], ["today", "-f", "table"]):
        masked = run(*args, "--mask").out
        assert "Hiddenberg" not in masked
        assert "d1" in masked or args == ["show", "c1"]
    assert "9000" not in run("show", "c1", "-f", "table", "--mask").out
