"""`crm pipeline` and `crm reason`: the board, pipelines, stages and reasons."""

import pytest


@pytest.fixture(autouse=True)
def euro(monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "EUR")


@pytest.fixture
def deals(run, ana) -> None:
    """Three open deals in two currencies, one of them rotting, and a won one."""
    run("deal", "add", "Pilot", "--for", ana, "--amount", "9k", "-n", "fri send offer")
    run("deal", "add", "Old", "--stage", "prop", "--amount", "JPY 500", "--at", "2026-10-01")
    run("deal", "add", "Second", "--for", "acme", "--amount", "1k")
    run("deal", "add", "Done", "--amount", "200")
    run("deal", "win", "d4")


@pytest.fixture
def stages(run):
    """Give the names of the stages of a pipeline in order."""
    return lambda *words: run("pipeline", "stage", "list", *words, "--fields", "name").lines


def test_a_pipe_gets_one_line_a_deal(run, deals):
    assert run("pipeline").lines == [
        "Lead\td1\tPilot\tAna Novak\t9000.00\tEUR\t0\tsend offer\t2026-11-27\t",
        "Lead\td3\tSecond\tAcme\t1000.00\tEUR\t0\t\t\tno_next_step",
        "Proposal\td2\tOld\t\t500\tJPY\t53\t\t\trotting; no_next_step",
    ]
    assert run("pipeline", "Sales", "--csv").lines[0].startswith("stage,id,name,who,amount")


def test_the_board_shows_sums_ages_and_what_is_missing(run, deals):
    board = run("pipeline", "-f", "table").out
    for text in (
        "Lead  2, 10000.00 EUR, weighted 1000.00 EUR",
        "Proposal  1, 500 JPY, weighted 250 JPY",
        "Qualified  0",
        "2026-11-27 send offer",
        "53 d  ! rots, 53 d, ! no next step",
        "Open: 3, 10000.00 EUR + 500 JPY, weighted 1000.00 EUR + 250 JPY",
        "Won this month: 1; 200.00 EUR",
        "Lost this month: 0",
    ):
        assert text in board
    assert "… and 1 more" in run("pipeline", "-f", "table", "--limit", "1").out


def test_the_board_as_json_is_the_same_board(run, deals):
    board = run("pipeline", "--json").json
    assert [(one["name"], one["count"]) for one in board["stages"]] == [
        ("Lead", 2),
        ("Qualified", 0),
        ("Proposal", 1),
        ("Negotiation", 0),
    ]
    assert board["stages"][0]["total"] == [{"amount": "10000.00", "currency": "EUR"}]
    ids = [deal["id"] for one in board["stages"] for deal in one["deals"]]
    assert ids == [line.split("\t")[1] for line in run("pipeline").lines]
    assert board["won_this_month"]["count"] == 1


def test_a_filter_and_an_owner_choose(run, deals):
    big = run("pipeline", "--where", 'amount.over:"EUR 5000"').lines
    assert [line.split("\t")[1] for line in big] == ["d1"]
    assert len(run("pipeline", "--owner", "me").lines) == 3
    assert run("pipeline", "--owner", "bo").out == ""


def test_people_have_a_board_of_their_own(run):
    board = run("pipeline", "--of", "contacts", "--json").json
    assert [one["name"] for one in board["stages"]] == ["Awareness", "Interest", "Decision"]
    assert run("pipeline", "people", "--json").json == board


@pytest.mark.parametrize("template", ["simple", "aida", "b2b", "renewal", "tender", "standard"])
def test_a_pipeline_is_made_of_a_template(run, stages, template):
    run("pipeline", "add", "Mine", "--template", template)
    assert len(stages("--pipeline", "mine")) >= 4
    run("deal", "add", "x", "--pipeline", "mine")
    run("deal", "win", "d1")
    assert run("pipeline", "mine", "--json").json["won_this_month"]["count"] == 1


def test_pipelines_are_renamed_made_the_default_and_removed(run, refused):
    run("pipeline", "add", "Renewals", "--template", "renewal")
    refused("pipeline", "add", "renewals", code=4)
    refused("pipeline", "rm", "sales", code=4)
    run("pipeline", "edit", "renewals", "--name", "Again", "--default")
    run("deal", "add", "x")
    assert run("deal", "show", "d1", "--json").json["pipeline"] == "Again"
    run("undo")
    run("undo")
    run("pipeline", "rm", "renewals")
    assert run("pipeline", "list", "--fields", "name").lines == ["Sales", "People"]
    run("undo")
    assert "Renewals" in run("pipeline", "list").out
    refused("pipeline", "nowhere", code=1)


def test_stages_are_added_edited_and_placed(run, stages):
    words = ["--position", "2", "--probability", "30", "--rotting", "14d", "--require", "amount"]
    got = run("pipeline", "stage", "add", "Demo", *words, "--guidance", "Ask who signs.")
    assert (
        "Added Sales: Demo, no. 2, 30 %, pipeline, rots after 14 days, requires amount" in got.err
    )
    assert stages()[:3] == ["Lead", "Demo", "Qualified"]
    run("pipeline", "stage", "edit", "demo", "--name", "Show", "--position", "4", "--rotting", "0")
    assert stages()[:4] == ["Lead", "Qualified", "Proposal", "Show"]
    shown = run("pipeline", "stage", "edit", "show", "--require", "", "--guidance", "", "--json")
    assert (shown.json["required"], shown.json["guidance"], shown.json["rotting_days"]) == (
        [],
        None,
        None,
    )
    run("pipeline", "stage", "add", "Contract")
    assert stages()[5:] == ["Contract", "Won", "Lost"]


def test_a_rename_and_another_order_leave_history_whole(run):
    run("deal", "add", "Old", "--at", "2026-03-01")
    run("deal", "move", "d1", "proposal", "--at", "2026-03-10")
    run("pipeline", "stage", "edit", "lead", "--name", "Inquiry", "--position", "3")
    history = run("deal", "show", "d1", "--json").json["history"]
    assert [(one["stage"], one["days"]) for one in history] == [
        ("Inquiry", 9.0),
        ("Proposal", 258.0),
    ]


def test_a_stage_is_removed_with_what_stands_in_it(run, refused, deals, stages):
    assert "--move-to" in refused("pipeline", "stage", "rm", "lead", code=4)
    refused("pipeline", "stage", "rm", "lead", "--move-to", "won", code=2)
    refused("pipeline", "stage", "rm", "won", code=4)
    got = run("pipeline", "stage", "rm", "lead", "--move-to", "qualified")
    assert "2 moved to Qualified" in got.err
    assert stages()[0] == "Qualified"
    assert run("deal", "list", "--stage", "qualified", "--count").out == "2\n"
    history = run("deal", "show", "d1", "--json").json["history"]
    assert [one["stage"] for one in history] == ["Lead", "Qualified"]
    run("undo")
    assert run("deal", "list", "--stage", "lead", "--count").out == "2\n"


def test_a_closing_stage_keeps_its_probability(refused):
    refused("pipeline", "stage", "edit", "won", "--probability", "90", code=3)
    refused("pipeline", "stage", "edit", "lead", "--probability", "100", code=3)
    refused("pipeline", "stage", "edit", "lead", "--position", "0", code=3)
    refused("pipeline", "stage", "add", "lead", code=4)
    refused("pipeline", "stage", "add", "\u200b", code=3)
    refused("pipeline", "stage", "edit", "proposal", "--require", "amuont", code=3)


def test_hostile_names_stay_data(run):
    name = "\x1b[31m[/red] \u202eدسته 阶段"
    run("pipeline", "add", name)
    run("pipeline", "stage", "add", name, "--pipeline", name)
    run("deal", "add", name, "--pipeline", name, "--stage", name)
    for words in (["-f", "table"], []):
        out = run("pipeline", name, *words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "阶段" in out


def test_reasons_are_added_offered_no_longer_and_again(run, refused):
    assert "lost\tprice\tno" in run("reason", "list", "lost").lines
    assert run("reason", "add", "lost", "Too  late", "--needs-note").out == "Too late\n"
    assert {"scope": "lost", "name": "Too late", "needs_note": True}.items() <= run(
        "reason", "--json"
    ).json[6].items()
    run("deal", "add", "x")
    run("deal", "lose", "d1", "--reason", "too late", "--note", "a year")
    run("reason", "rm", "lost", "too late")
    assert "Too late" not in run("reason").out
    assert run("deal", "show", "d1", "--json").json["reason"] == "Too late"
    run("reason", "add", "lost", "too late")
    assert "lost\ttoo late\tno" in run("reason").lines
    refused("reason", "add", "somehow", "x", code=2)
    refused("reason", "add", "lost", "\u200b", code=3)
    refused("reason", "rm", "lost", "weather", code=1)
