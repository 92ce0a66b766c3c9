"""`crm deal`: added, changed, moved, won, lost; each write is echoed, one undo takes it back."""

import json

import pytest

NASTY = "\x1b[31m[/red] \u202eevil\u202c خرید نرم‌افزار 软件"


@pytest.fixture(autouse=True)
def euro(monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "EUR")


@pytest.fixture
def deal(run, ana) -> str:
    """Pilot for Ana Novak, d1, in Lead."""
    return run("deal", "add", "Pilot", "--for", ana, "--amount", "9k").out.strip()


@pytest.fixture
def shown(run):
    """Give a deal as JSON."""
    return lambda ref="d1": run("deal", "show", ref, "--json").json


def test_a_deal_says_how_it_was_understood(run, ana, shown):
    words = ["--close", "next fri", "--stage", "prop", "--probability", "60", "-t", "hot"]
    words += ["--category", "commit", "--source", "fair", "--set", "size=big", "--note", "Big."]
    words += ["--period", "monthly", "--amount", "90", "-n", "fri send offer"]
    got = run("deal", "add", "Pilot", "--for", ana, *words)
    assert got.out == "d1\n"
    assert "Added d1 Pilot for Ana Novak: 90.00 EUR a month, in Proposal (60 %), " in got.err
    assert "closes Fri 4 Dec 2026 (in 11 days)" in got.err
    assert "next: send offer, due Fri 27 Nov 2026 (in 4 days)" in got.err
    found = shown()
    assert found["org"]["name"] == "Acme"
    assert (found["category"], found["source"], found["tags"]) == ("commit", "fair", ["hot"])
    assert (found["custom"], found["note"], found["owner"]) == ({"size": "big"}, "Big.", "me")
    assert found["next_step"]["title"] == "send offer"


def test_somebody_unknown_is_refused_or_added(run, refused, shown):
    assert "--new adds them" in refused("deal", "add", "x", "--for", "ana@new.si", code=1)
    got = run("deal", "add", "Pilot", "--for", "ana.kos@new.si", "--new", "--org", "New d.o.o.")
    assert "c1 Ana Kos is new" in got.err
    assert "At o1 New d.o.o. (new)" in got.err
    assert (shown()["who"]["name"], shown()["org"]["name"]) == ("Ana Kos", "New d.o.o.")
    person = run("contact", "show", "c1", "--json").json
    assert (person["email"], person["lifecycle_stage"]) == ("ana.kos@new.si", "opportunity")
    run("undo")
    assert run("contact", "list").out == run("org", "list").out == run("deal", "list").out == ""


def test_a_close_date_in_the_past_warns(run, ana):
    got = run("deal", "add", "Late", "--for", ana, "--close", "2026-01-02")
    assert "that is in the past" in got.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", ""], 3),
        (["add", "x", "--amount", "9,000"], 3),
        (["add", "x", "--amount", "-5"], 3),
        (["add", "x", "--close", "someday"], 2),
        (["add", "x", "--stage", "won"], 3),
        (["add", "x", "--stage", "nowhere"], 1),
        (["add", "x", "--probability", "101"], 3),
        (["add", "x", "--at", "tomorrow"], 3),
        (["add", "x", "--org", "o99"], 1),
        (["show", "d99"], 1),
        (["move", "d99", "won"], 1),
        (["list", "--idle", "soon"], 2),
        (["edit", "--name", "x"], 2),
    ],
)
def test_what_is_wrong_writes_nothing(run, refused, words, code):
    refused("deal", *words, code=code)
    assert run("deal", "list", "--all", "--count").out == "0\n"
    assert run("org", "list", "--count").out == "0\n"


def test_amounts_keep_their_currency(run, shown):
    run("deal", "add", "Yen", "--amount", "JPY 500")
    run("deal", "add", "Dinar", "--amount", "KWD 1.234")
    assert shown("d1")["amount"] == {"amount": "500", "currency": "JPY"}
    assert shown("d2")["amount"] == {"amount": "1.234", "currency": "KWD"}
    assert "Yen\t\tLead\t500 JPY" in run("deal", "list").out


def test_a_deal_goes_its_way_and_undo_takes_each_step_back(run, deal, shown):
    assert "Moved d1 Pilot: 9000.00 EUR, in Proposal (50 %)" in run("deal", "move", "1", "prop").err
    assert "won Mon 23 Nov 2026 (today)" in run("deal", "win", "d1", "--note", "signed").err
    assert (shown()["status"], shown()["probability"], shown()["close_note"]) == (
        "won",
        100,
        "signed",
    )
    assert run("contact", "show", "c1", "--json").json["lifecycle_stage"] == "customer"
    assert "Reopened d1" in run("deal", "reopen", "pilot").err
    assert (shown()["stage"], shown()["closed"]) == ("Proposal", None)
    lost = run("deal", "lose", "Pilot", "--reason", "pri", "--competitor", "Umbrella")
    assert "lost Mon 23 Nov 2026 (today): price, to Umbrella" in lost.err
    stages = []
    for _ in range(4):
        stages.append(shown()["stage"])
        run("undo")
    assert stages == ["Lost", "Proposal", "Won", "Proposal"]
    assert [stay["stage"] for stay in shown()["history"]] == ["Lead"]


def test_losing_needs_a_reason_that_there_is(run, refused, deal):
    assert "--reason" in refused("deal", "lose", "d1", code=2)
    assert "crm reason add lost" in refused("deal", "lose", "d1", "--reason", "weather", code=1)
    run("reason", "add", "lost", "other", "--needs-note")
    assert "needs a note" in refused("deal", "lose", "d1", "--reason", "other", code=3)
    run("deal", "lose", "d1", "--reason", "other", "--note", "war", "--at", "2026-11-20", code=3)
    run("deal", "lose", "d1", "--reason", "other", "--note", "war")


def test_a_closed_deal_is_not_moved_by_mistake(run, refused, deal):
    run("deal", "win", "d1")
    assert "crm deal reopen d1" in refused("deal", "move", "d1", "lead", code=4)
    assert "crm deal reopen d1" in refused("deal", "lose", "d1", "--reason", "price", code=4)
    assert "Unchanged d1" in run("deal", "win", "d1").err
    assert "is open" in refused("deal", "reopen", run("deal", "add", "y").out.strip(), code=4)


def test_history_is_completed_afterwards(run, ana, shown):
    run("deal", "add", "Old", "--for", ana, "--at", "2026-03-01")
    run("deal", "move", "d1", "proposal", "--at", "2026-03-10")
    got = run("deal", "move", "d1", "qualified", "--at", "2026-03-05")
    assert "Completed the history of d1 Old" in got.err
    found = shown()
    assert found["stage"] == "Proposal"
    assert [(s["stage"], s["entered"][:10], s["days"]) for s in found["history"]] == [
        ("Lead", "2026-03-01", 4.0),
        ("Qualified", "2026-03-05", 5.0),
        ("Proposal", "2026-03-10", 258.0),
    ]


def test_a_day_given_does_not_open_what_is_closed(run, refused, ana, shown):
    run("deal", "add", "Old", "--for", ana, "--at", "2026-03-01")
    run("deal", "win", "d1", "--at", "2026-04-01")
    refused("deal", "move", "d1", "proposal", "--at", "2026-05-01", code=4)
    refused("deal", "lose", "d1", "--reason", "price", "--at", "2026-05-01", code=4)
    run("deal", "move", "d1", "proposal", "--at", "2026-03-10")
    assert shown()["status"] == "won"


def test_a_stage_asks_for_what_it_requires(run, refused, ana, shown):
    fields = "amount,close_date,contact,source,competitor,next_step,note,org,custom.size"
    run("pipeline", "stage", "edit", "proposal", "--require", fields)
    run("deal", "add", "Bare")
    said = refused("deal", "move", "d1", "proposal", code=2)
    assert "Proposal requires of d1: amount, close_date" in said
    assert "--set amount=… --set close_date=…" in said
    given = {
        "amount": "9k",
        "close_date": "fri",
        "contact": ana,
        "source": "fair",
        "competitor": "Umbrella",
        "next_step": "fri call",
        "note": "Big.",
        "org": "acme",
        "size": "L",
    }
    words = [word for key, value in given.items() for word in ("--set", f"{key}={value}")]
    run("deal", "move", "d1", "proposal", *words)
    found = shown()
    assert found["amount"] == {"amount": "9000.00", "currency": "EUR"}
    assert (found["close_date"], found["who"]["id"], found["org"]["id"]) == (
        "2026-11-27",
        "c1",
        "o1",
    )
    assert (found["custom"], found["next_step"]["title"]) == ({"size": "L"}, "call")
    run("undo")
    assert (shown()["stage"], shown()["amount"], shown()["next_step"]) == ("Lead", None, None)


def test_winning_and_losing_give_what_their_stage_requires(run, refused, deal, shown):
    for stage in ("won", "lost"):
        run("pipeline", "stage", "edit", stage, "--require", "source")
    assert "Won requires of d1: source" in refused("deal", "win", "d1", code=2)
    run("deal", "win", "d1", "--set", "source=fair")
    assert (shown()["status"], shown()["source"]) == ("won", "fair")
    run("undo")
    run("deal", "lose", "d1", "--reason", "price", "--set", "source=web")
    assert (shown()["status"], shown()["source"]) == ("lost", "web")


def test_a_new_deal_has_what_its_stage_requires(run, refused, ana):
    run("pipeline", "stage", "edit", "lead", "--require", "amount,org,contact,custom.size")
    said = refused("deal", "add", "Pilot", "--new", "--for", "kos@new.si", code=2)
    assert "Lead requires of Pilot: amount, org, custom.size" in said
    assert "--amount --org --set size=…" in said
    assert run("contact", "list", "--count").out == "1\n"
    run("deal", "add", "Pilot", "--for", ana, "--amount", "9k", "--set", "size=L")


def test_the_next_step_of_a_move_is_what_a_stage_requires(run, deal):
    run("pipeline", "stage", "edit", "proposal", "--require", "next_step")
    got = run("deal", "move", "d1", "proposal", "-n", "fri call")
    assert "next: call, due Fri 27 Nov 2026" in got.err


def test_several_are_one_change(run, refused, ana, shown):
    for name in ("A", "B", "C"):
        run("deal", "add", name, "--for", ana)
    dry = run("deal", "move", "d1", "d2", "proposal", "--dry-run")
    assert "2 of 2 would change" in dry.err
    assert shown("d1")["stage"] == "Lead"
    run("deal", "move", "d1", "d2", "proposal")
    assert run("deal", "list", "--stage", "proposal", "--count").out == "2\n"
    run("undo")
    assert run("deal", "list", "--stage", "lead", "--count").out == "3\n"
    refused("deal", "win", "--where", "stage:lead", code=2)
    got = run("deal", "win", "--where", "stage:lead", "--yes")
    assert got.lines == ["d1", "d2", "d3"]
    run("undo")
    assert run("deal", "list", "--count").out == "3\n"
    refused("deal", "lose", "d1", "d2", code=2)
    run("deal", "lose", "d1", "d2", "--reason", "timing")
    assert run("deal", "list", "--lost", "--fields", "id").lines == ["d1", "d2"]


def test_each_is_won_in_its_own_pipeline(run, shown):
    run("pipeline", "add", "Renewals", "--template", "renewal")
    run("deal", "add", "New")
    run("deal", "add", "Old", "--pipeline", "renewals")
    run("deal", "win", "d1", "d2")
    assert (shown("d1")["stage"], shown("d2")["stage"]) == ("Won", "Renewed")


def test_values_change_and_are_emptied(run, deal, shown):
    run("deal", "edit", "d1", "--amount", "USD 12k", "--close", "2 weeks", "--probability", "33")
    run("deal", "edit", "d1", "-t", "hot", "--set", "size=big", "--set", "competitor=Umbrella")
    found = shown()
    assert (found["amount"]["currency"], found["close_date"]) == ("USD", "2026-12-07")
    assert (found["probability"], found["custom"]) == (33, {"size": "big"})
    words = ["--drop", "probability", "--drop", "+hot", "--drop", "close", "--set", "size="]
    got = run("deal", "edit", "d1", *words, "--set", "competitor=")
    assert "Changed d1 Pilot: 12000.00 USD, in Lead (10 %)" in got.err
    found = shown()
    assert (found["probability"], found["tags"], found["close_date"]) == (10, [], None)
    assert (found["custom"], found["competitor"]) == ({}, None)
    assert "Unchanged" in run("deal", "edit", "d1", "--drop", "probability").err


def test_a_currency_comes_with_its_amount(run, refused, deal, shown):
    assert "with its amount" in refused("deal", "edit", "d1", "--set", "currency=USD", code=3)
    run("deal", "edit", "d1", "--set", "amount=5", "--set", "currency=USD")
    assert shown()["amount"] == {"amount": "5.00", "currency": "USD"}


def test_the_stage_is_not_set_like_a_field(run, refused, deal, shown):
    for name in ("status", "stage", "closed", "people"):
        assert "cannot be set" in refused("deal", "edit", "d1", "--set", f"{name}=won", code=2)
    run("deal", "edit", "d1", "--set", "probability=40", "--set", "close=fri")
    assert (shown()["probability"], shown()["close_date"]) == (40, "2026-11-27")


def test_only_what_can_be_empty_is_emptied(refused, deal):
    assert "name" in refused("deal", "edit", "d1", "--drop", "name", code=2)


def test_people_have_roles_and_one_is_talked_to(run, deal, bo, shown):
    got = run("deal", "contact", "d1", bo, "--role", "decision-maker")
    assert "Changed d1 Pilot: Ana Novak, Bo Li (decision maker)" in got.err
    run("deal", "contact", "d1", bo, "--primary")
    assert shown()["who"]["name"] == "Bo Li"
    run("deal", "contact", "d1", bo, "--drop")
    assert [person["name"] for person in shown()["people"]] == ["Ana Novak"]
    assert "Unchanged" in run("deal", "contact", "d1", bo, "--drop").err
    run("deal", "contact", "d1", bo, "--role", "king", code=2)


def test_lines_add_up_to_the_amount(run, refused, deal, shown):
    words = ["--qty", "3", "--price", "19.99", "--discount", "10"]
    assert "53.97 EUR" in run("deal", "line", "d1", "Licence", *words).err
    got = run("deal", "line", "d1", "Set-up", "--price", "100")
    assert "Changed d1 Pilot: 153.97 EUR" in got.err
    assert "1. Licence, 3 x 19.99 - 10 % = 53.97" in got.err
    assert "lines" in refused("deal", "edit", "d1", "--amount", "5", code=4)
    assert "no line 3" in refused("deal", "line", "d1", "--drop", "3", code=1)
    assert "in EUR" in refused("deal", "line", "d1", "x", "--price", "USD 5", code=3)
    run("deal", "line", "d1", "--drop", "1")
    assert shown()["amount"]["amount"] == "100.00"
    run("undo")
    assert [one["name"] for one in shown()["lines"]] == ["Licence", "Set-up"]


def test_the_probability_is_shown_set_and_cleared(run, refused, deal):
    found = run("deal", "probability", "d1", "--json").json
    assert (found["probability"], found["own"], found["suggested"]) == (10, None, None)
    assert "in Lead (60 %)" in run("deal", "probability", "d1", "--set", "60").err
    run("deal", "move", "d1", "proposal")
    assert run("deal", "probability", "d1", "--json").json["probability"] == 60
    run("deal", "probability", "d1", "--clear")
    assert run("deal", "probability", "d1", "--json").json["probability"] == 50
    assert "it takes 10" in run("deal", "probability", "d1", "--suggest").err
    refused("deal", "probability", "d1", "--set", "60", "--clear", code=2)


def test_a_table_says_how_often_an_amount_is_paid_and_that_a_step_is_missing(run, ana):
    run("deal", "add", "Support", "--for", ana, "--amount", "90", "--period", "monthly")
    run("deal", "add", "Pilot", "--for", ana, "--amount", "EUR 123456.78", "-n", "fri call")
    run("deal", "win", run("deal", "add", "Old").out.strip())
    table = run("deal", "list", "--all", "-f", "table", "--fields", "name,amount,next_step").lines
    assert [" ".join(line.split()) for line in table[1:]] == [
        "Support 90.00 EUR a month ! no next step",
        "Pilot 123456.78 EUR t1 2026-11-27 call",
        "Old",
    ]
    piped = run("deal", "list", "--fields", "name,amount,next_step").lines
    assert piped[0] == "Support\t90.00 EUR\t"


def test_the_list_is_of_open_deals_unless_asked(run, ana):
    run("deal", "add", "Far", "--for", ana, "--close", "2027-01-01", "-n", "fri call")
    run("deal", "add", "Near", "--close", "2026-12-01", "--at", "2026-01-01", "--stage", "prop")
    run("deal", "add", "Won")
    run("deal", "win", "d3")

    def listed(*words: str) -> list[str]:
        return run("deal", "list", *words, "--fields", "name").lines

    assert listed() == ["Near", "Far"]
    assert listed("--won") == listed("status:won") == ["Won"]
    assert listed("--all", "--sort", "name") == ["Far", "Near", "Won"]
    assert listed("--won", "--lost") == ["Near", "Far", "Won"]
    assert listed("--for", ana) == listed("--for", "acme") == ["Far"]
    assert listed("--rotting") == listed("--idle", "30d") == listed("--stage", "prop") == ["Near"]
    assert listed("--no-next") == ["Near"]
    assert listed("--stage", "won") == ["Won"]
    assert listed("--pipeline", "sales", "--rotting") == ["Near"]
    assert run("deal").out == run("deal", "list").out


def test_the_card_says_all_there_is(run, deal, bo):
    run("deal", "contact", "d1", bo, "--role", "evaluator")
    run("deal", "line", "d1", "Licence", "--price", "100")
    run("log", "call", "c1", "wants a discount", "--deal", "d1")
    run("task", "add", "send offer", "--for", "d1", "--due", "fri")
    run("pipeline", "stage", "edit", "lead", "--guidance", "Ask who signs.")
    card = run("deal", "show", "Pilot", "-f", "table").out
    for text in (
        *("Pilot  d1", "Lead, 10 %", "100.00 EUR", "Bo Li, evaluator", "Licence"),
        *("Ask who signs.", "send offer", "wants a discount", "Stages"),
    ):
        assert text in card
    assert run("deal", "show", "acme", "--json").json == run("show", "d1", "--json").json


@pytest.mark.parametrize(
    ("beside", "shown"),
    [
        (["contact", "add", "Eva"], "name"),
        (["org", "add", "--owner", "me"], "--owner"),
        (["deal", "add", "--for", "c1"], "--for"),
    ],
)
def test_nothing_given_beside_a_file_is_left_out_in_silence(refused, ana, beside, shown):
    said = refused(*beside, "--input", "-", input='{"name": "New"}', code=2)
    assert f"{shown} cannot stand beside --input" in said


def test_a_deal_of_a_file_is_not_opened_in_the_future(refused):
    text = '{"name": "New", "opened": "9999-12-31T00:00:00Z"}'
    assert "is in the future" in refused("deal", "add", "--input", "-", input=text, code=3)


def test_a_deal_comes_back_from_its_own_json(run, deal, bo, shown, home):
    run("deal", "contact", "d1", bo, "--role", "evaluator")
    run("deal", "line", "d1", "Licence", "--qty", "2", "--price", "100")
    run("deal", "edit", "d1", "--close", "2026-12-24", "--set", "size=big", "-t", "hot")
    before = shown()
    (home / "deal.json").write_text(json.dumps([before, {**before, "name": "Other"}]))
    assert run("deal", "add", "--input", str(home / "deal.json")).lines == ["d2", "d3"]
    after = shown("d2")
    same = ("name", "stage", "amount", "who", "org", "people", "close_date", "custom", "tags")
    assert [after[key] for key in same] == [before[key] for key in same]
    assert [one["net"] for one in after["lines"]] == [one["net"] for one in before["lines"]]
    assert after["uid"] != before["uid"]
    run("undo")
    assert run("deal", "list", "--count").out == "1\n"


@pytest.mark.parametrize(
    "more",
    [
        {"lines": 5},
        {"lines": ["x"]},
        {"lines": [{"name": "x", "price": "much"}]},
        {"people": "ana"},
        {"people": [{"id": "c1", "role": "king"}]},
        {"status": "won", "stage": "Won"},
        {"amount": {"amount": "1e9", "currency": "EUR"}},
        {"name": None},
        {"tags": 5},
        {"custom": 5},
        {"amuont": 5},
    ],
)
def test_json_that_is_no_deal_is_refused(run, refused, ana, more):
    text = json.dumps({"name": "x", **more})
    refused("deal", "add", "--input", "-", input=text, code=3)
    assert run("deal", "list", "--all", "--count").out == "0\n"


def test_nobody_is_called_like_an_id(refused):
    refused("deal", "add", "x", "--for", "c99", "--new", code=1)


def test_hostile_names_stay_data(run, shown):
    run("deal", "add", NASTY, "--org", NASTY, "--competitor", NASTY)
    for words in (["list", "-f", "table"], ["show", "d1", "-f", "table"], ["list"], ["show", "d1"]):
        out = run("deal", *words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "软件" in out
    assert "\x1b" not in run("deal", "move", "d1", "prop").err
    run("deal", "add", "x" * 1_001, code=3)


def test_nought_and_no_are_there_when_a_stage_asks(run, deal):
    run("field", "add", "seats", "number", "--of", "deal")
    run("field", "add", "signed", "bool", "--of", "deal")
    run("deal", "edit", "d1", "--set", "seats=0", "--set", "signed=no")
    run("pipeline", "stage", "edit", "negotiation", "--require", "custom.seats,custom.signed")
    assert run("deal", "move", "d1", "negotiation").out == "d1\n"


def test_a_name_shaped_like_an_id_takes_no_id_away(run, deal, shown):
    run("deal", "add", "d1", "--for", "acme")
    run("deal", "add", "1", "--for", "acme")
    assert run("deal", "win", "d1").out == "d1\n"
    assert run("deal", "edit", "1", "--note", "x").out == "d1\n"
    assert shown("d1")["status"] == "won"


def test_a_deal_is_removed_by_its_whole_name_and_by_nobody_it_is_with(run, refused, deal):
    refused("deal", "rm", "acme", code=1)
    assert run("deal", "rm", "pilot").out == "d1\n"


def test_the_trash_takes_a_deal_and_gives_it_back(run, deal):
    assert "Moved d1 Pilot to the trash" in run("deal", "rm", "d1").err
    assert run("deal", "list", "--all").out == ""
    assert run("pipeline").out == ""
    run("undo")
    assert run("deal", "list", "--fields", "id").out == "d1\n"


def test_a_person_with_several_open_deals_is_no_deal(run, refused, deal, ana):
    assert run("deal", "show", ana, "--json").json["id"] == "d1"
    run("deal", "add", "Second", "--for", ana)
    assert "d1 Pilot, d2 Second" in refused("deal", "win", ana, code=4)


def test_what_a_closed_deal_leaves_to_do_is_said(run, ana):
    run("deal", "add", "Pilot", "--for", "c1", "-n", "fri send offer")
    assert "1 task of it is still open: t1 send offer" in run("deal", "win", "d1").err
