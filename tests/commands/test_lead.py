"""`crm lead`, and people on their way through their pipeline."""

import json

import pytest


@pytest.fixture
def lead(run) -> str:
    """Ana of Acme, a lead from the fair with a next step."""
    told = ["-e", "ana@acme.si", "--org", "Acme", "--source", "fair", "-n", "fri call"]
    return run("lead", "add", "Ana Novak", *told).out.strip()


def lifecycle(run, ref: str = "ana-novak") -> list[str]:
    history = run("lead", "show", ref, "--json").json["history"]
    return [row["stage"] for row in history if row["pipeline"] == "lifecycle"]


def test_a_lead_is_a_contact_with_source_and_next_step(run, lead):
    found = run("contact", "show", "ana-novak", "--json").json
    assert (found["lifecycle_stage"], found["lead_status"]) == ("lead", "new")
    assert (found["source"], found["org"]) == ("fair", "Acme")
    assert [(task["title"], task["due"]) for task in found["tasks"]] == [("call", "2026-11-27")]
    run("undo")
    assert run("contact", "list", "--count").out == "0\n"


def test_who_is_probably_there_is_refused(run, refused, lead):
    assert "probably known" in refused("lead", "add", "A. Novak", "-e", "ana@acme.si", code=4)
    run("lead", "add", "A. Novak", "-e", "ana@acme.si", "--force")


def test_somebody_who_is_there_becomes_a_lead(run, refused, ana):
    run("lead", "add", "--for", "ana-novak", "--source", "web", "-n", "mon write")
    found = run("contact", "show", "ana-novak", "--json").json
    assert [found[key] for key in ("lifecycle_stage", "lead_status", "source")] == [
        *("lead", "new", "web")
    ]
    run("contact", "edit", "ana-novak", "--stage", "customer")
    assert "customer already" in refused("lead", "add", "--for", "ana-novak", code=4)
    refused("lead", "add", "Ana", "--for", "ana-novak", code=2)
    refused("lead", "add", "--for", "ana-novak", "--title", "CTO", code=2)
    refused("lead", "add", code=2)


def test_qualified_with_a_deal_in_one_group(run, lead):
    told = ["--deal", "Pilot", "--amount", "EUR 9000", "--close", "fri", "-n", "mon send offer"]
    assert run("lead", "qualify", "ana-novak", *told).lines == ["c1", "d1"]
    found = run("lead", "show", "ana-novak", "--json").json
    assert (found["lifecycle_stage"], found["lead_status"]) == ("opportunity", "qualified")
    deal = run("show", "d1", "--json").json
    assert (deal["amount"], deal["close_date"]) == (
        {"amount": "9000.00", "currency": "EUR"},
        "2026-11-27",
    )
    assert (deal["who"]["id"], deal["source"]) == ("c1", "fair")
    assert (deal["next_step"]["title"], deal["next_step"]["due"]) == ("send offer", "2026-11-30")
    run("undo")
    assert run("contact", "show", "ana-novak", "--json").json["lifecycle_stage"] == "lead"


def test_qualified_without_a_deal(run, lead, refused, at):
    at("2026-11-24T10:00:00+01:00")
    run("lead", "qualify", "ana-novak")
    assert lifecycle(run) == ["lead", "qualified"]
    assert run("lead", "qualify", "ana-novak").err.startswith("Unchanged")
    refused("lead", "qualify", "ana-novak", "--amount", "EUR 5", code=2)


def test_a_customer_who_is_qualified_stays_one(run, ana):
    run("contact", "edit", "ana-novak", "--stage", "customer")
    run("lead", "qualify", "ana-novak")
    assert run("contact", "show", "ana-novak", "--json").json["lifecycle_stage"] == "customer"


def test_given_up_and_taken_up_again(run, lead):
    told = ["--reason", "no bud", "--revisit", "6m", "--note", "asks again in May"]
    result = run("lead", "disqualify", "ana-novak", *told)
    assert "23 May 2027" in result.err
    found = run("contact", "show", "ana-novak", "--json").json
    assert (found["lead_status"], found["unqualified_reason"]) == ("unqualified", "no budget")
    assert ("Revisit", "2027-05-23") in [(task["title"], task["due"]) for task in found["tasks"]]
    assert found["timeline"][0]["body"] == "asks again in May"
    assert run("lead", "list", "--count").out == "0\n"
    assert run("lead", "list", "--unqualified", "--fields", "id,unqualified_reason").lines == [
        "c1\tno budget"
    ]
    run("lead", "qualify", "ana-novak")
    found = run("contact", "show", "ana-novak", "--json").json
    assert (found["lead_status"], found["unqualified_reason"]) == ("qualified", None)
    run("undo")
    run("undo")
    assert run("contact", "show", "ana-novak", "--json").json["lead_status"] == "new"


def test_giving_up_needs_a_reason(refused, lead):
    assert "--reason" in refused("lead", "disqualify", "ana-novak", code=2)
    assert "no reason 'rain'" in refused(
        "lead", "disqualify", "ana-novak", "--reason", "rain", code=1
    )
    refused("contact", "edit", "ana-novak", "--set", "lead_status=unqualified", code=3)


def test_a_status_that_is_open_again_drops_the_reason(run, lead):
    run("lead", "disqualify", "ana-novak", "--reason", "no answer")
    run("contact", "edit", "ana-novak", "--set", "lead_status=attempted")
    found = run("contact", "show", "ana-novak", "--json").json
    assert (found["lead_status"], found["unqualified_reason"]) == ("attempted", None)


def test_the_list_has_living_leads_the_hottest_first(run, lead):
    run("lead", "add", "Bo Li", "-t", "vip", "--owner", "eva")
    run("contact", "add", "Cy Customer", "--stage", "customer")
    run("score", "rule", "add", "fit", "+vip", "+5")
    assert run("lead", "-f", "ids").lines == ["c2", "c1"]
    assert run("lead", "list", "--sort", "score", "-f", "ids").lines == ["c1", "c2"]
    assert run("lead", "list", "--sort", "name", "--limit", "1", "-f", "ids").lines == ["c1"]
    assert run("lead", "list", "owner:eva", "--fields", "id,score,grade").lines == ["c2\t5\tC3"]
    assert run("lead", "list", "--status", "new", "--count").out == "2\n"
    assert run("lead", "list", "--status", "open", "--count").out == "0\n"
    run("lead", "list", "--status", "warm", code=2)


def test_the_sweep_takes_living_leads_only_and_one_undo_brings_them_back(run, refused, lead, at):
    run("lead", "add", "Bo Li")
    run("contact", "add", "Cy Customer", "--stage", "customer")
    at("2027-11-23T10:00:00+01:00")
    run("log", "call", "bo-li", "still here")
    dry = run("lead", "sweep", "score<10 idle>180d", "--dry-run").err
    assert "Would move c1 Ana Novak" in dry
    assert "1 lead would go" in dry
    assert "--yes" in refused("lead", "sweep", "score<10 idle>180d", code=2)
    assert run("lead", "sweep", "score<10", "--yes").lines == ["c1", "c2"]
    assert run("contact", "list", "-f", "ids").lines == ["c3"]
    run("undo")
    assert run("contact", "list", "--count").out == "3\n"
    assert "No lead is selected" in run("lead", "sweep", "score>90", "--yes").err
    assert "nothing was changed" in run("lead", "sweep", "not +viip", "--yes", code=2).err


def test_the_card_shows_the_score_and_the_way_so_far(run, lead):
    run("score", "rule", "add", "fit", "source:fair", "+15", "--label", "met in person")
    run("contact", "move", "ana-novak", "interest")
    shown = run("lead", "show", "ana-novak", "-f", "table").out
    for text in ("Score 15, grade B3", "+15", "met in person", "People: Interest", "source fair"):
        assert text in shown


def test_people_move_through_their_pipeline(run, lead, at, refused):
    run("contact", "move", "ana-novak", "awareness", "--at", "2026-11-20 10:00")
    run("contact", "move", "ana-novak", "inter")
    steps = run("contact", "show", "ana-novak", "--json").json["steps"]
    assert steps == [{"pipeline": "People", "stage": "Interest", "since": "2026-11-23T09:00:00Z"}]
    for term in ("step:interest", "pipeline:people", "source:fair", "lead_status:new"):
        assert run("contact", "list", term, "-f", "ids").lines == ["c1"], term
    assert run("contact", "list", "step:awareness", "--count").out == "0\n"
    refused("contact", "move", "ana-novak", "nowhere", code=1)
    refused("contact", "move", "ana-novak", "proposal", code=1)  # a stage of deals
    refused("contact", "move", code=2)
    at("2026-11-24T10:00:00+01:00")
    run("contact", "move", "ana-novak", "--out")
    assert run("contact", "show", "ana-novak", "--json").json["steps"] == []
    stays = run("lead", "show", "ana-novak", "--json").json["history"]
    assert [(row["stage"], row["until"]) for row in stays if row["pipeline"] == "People"] == [
        ("Awareness", "2026-11-23T09:00:00Z"),
        ("Interest", "2026-11-24T09:00:00Z"),
    ]
    run("undo")
    assert run("contact", "list", "step:interest", "--count").out == "1\n"


def test_many_move_by_a_filter(run, lead, refused):
    run("lead", "add", "Bo Li")
    assert (
        "2 of 2 would change"
        in run("contact", "move", "--where", "stage:lead", "interest", "--dry-run").err
    )
    refused("contact", "move", "--where", "stage:lead", "interest", code=2)
    run("contact", "move", "--where", "stage:lead", "interest", "--yes")
    assert run("contact", "list", "step:interest", "--count").out == "2\n"


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_our_own_files_keep_source_and_status(run, lead, tmp_path, monkeypatch, format):
    run("lead", "add", "Bo Li", "--source", "web")
    run("lead", "disqualify", "bo-li", "--reason", "wrong person")
    run("contact", "move", "ana-novak", "interest")
    path = tmp_path / f"people.{format}"
    run("export", "contacts", "-o", str(path))
    keys = ("name", "source", "lead_status", "unqualified_reason")
    before = run("contact", "list", "--fields", ",".join(keys), "--csv").out
    assert "Interest" in run("contact", "list", "--fields", "steps").out
    monkeypatch.setenv("CRM_DB", str(tmp_path / "other.db"))
    run("import", str(path))
    assert run("contact", "list", "--fields", ",".join(keys), "--csv").out == before
    assert "2 unchanged" in run("import", str(path)).err.replace(",", "")


def test_an_edited_file_changes_source_and_status(run, lead, tmp_path):
    path = tmp_path / "people.jsonl"
    run("export", "contacts", "-o", str(path))
    row = json.loads(path.read_text())
    path.write_text(json.dumps({**row, "source": "web", "lead_status": "connected"}))
    run("import", str(path))
    found = run("contact", "show", "ana-novak", "--json").json
    assert (found["source"], found["lead_status"]) == ("web", "connected")


def test_source_is_given_and_taken_on_the_command_line(run, ana):
    run("contact", "edit", "ana-novak", "--source", "Fair")
    run("contact", "add", "Bo Li", "--source", "fair")
    assert run("contact", "list", "--fields", "source").lines == ["Fair", "Fair"]
    run("contact", "edit", "bo-li", "--set", "source=")
    assert run("contact", "list", "source:none", "-f", "ids").lines == ["c2"]
    text = run("contact", "show", "ana-novak", "--json").out
    again = json.loads(text)
    again["name"] = "Cy Other"
    again["emails"] = again["phones"] = []
    run("contact", "add", "--input", "-", "--force", input=json.dumps(again))
    assert run("contact", "list", "source:fair", "--count").out == "2\n"
