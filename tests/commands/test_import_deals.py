"""Deals of other programs, and our own files of deals there and back."""

import csv
import json

import pytest

HUBSPOT = (
    "Deal Name,Deal Stage,Amount,Currency,Record ID,Create Date,Close Date,Deal owner,"
    "Associated Company,Associated Contact,Original source,Closed lost reason\n"
    "Pilot,Proposal,9000,EUR,1,2026-03-01 09:00,2026-12-24,Sam,Acme,Ana Novak,Fair,\n"
    "Old,Closed Won,1.234,KWD,2,2026-03-01 09:00,2026-05-02 14:00,,Acme,ana@acme.si,,\n"
    "Gone,Closed Lost,500,JPY,3,2026-03-01 09:00,2026-06-01,,New Ltd,Nobody Here,,too dear\n"
    'Odd,In Kontakt,"12,400",USD,4,,,,,,,\n'
)
KEYS = "name,stage,status,amount,close_date,who,org,owner,source,reason,opened,closed,note"


@pytest.fixture
def file(tmp_path):
    def file(text: str, name: str = "deals.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return file


def deals(run, keys: str = KEYS) -> list[dict]:
    found = run("deal", "list", "status:open,won,lost", "--sort", "id", "--json").json
    return [{key: deal[key] for key in keys.split(",")} for deal in found]


def test_deals_of_hubspot(run, ana, file):
    first = run("import", file(HUBSPOT))
    assert "4 created, 0 updated, 0 unchanged, 0 skipped, 0 rejected" in first.err
    assert "5: there is no stage 'In Kontakt'" in first.err
    assert "nobody here is Nobody Here" in first.err
    pilot, old, gone, odd = deals(run)
    assert pilot["amount"] == {"amount": "9000.00", "currency": "EUR"}
    assert (pilot["stage"], pilot["status"], pilot["close_date"]) == (
        *("Proposal", "open"),
        "2026-12-24",
    )
    assert (pilot["who"]["id"], pilot["org"]["name"]) == ("c1", "Acme")
    assert (pilot["owner"], pilot["source"]) == ("Sam", "Fair")
    assert pilot["opened"] == "2026-03-01T08:00:00Z"
    assert (old["stage"], old["status"], old["closed"]) == ("Won", "won", "2026-05-02T12:00:00Z")
    assert old["amount"] == {"amount": "1.234", "currency": "KWD"}
    assert old["who"]["id"] == "c1"
    assert (gone["status"], gone["reason"], gone["amount"]["amount"]) == ("lost", "too dear", "500")
    assert (gone["org"]["name"], gone["note"]) == ("New Ltd", "with: Nobody Here")
    assert (odd["stage"], odd["amount"]) == ("Lead", None)
    assert odd["note"] == "amount: 12,400 USD\nstage: In Kontakt"


def test_why_a_row_was_rejected_is_not_why_the_deal_was_lost(run, home, file):
    head = "uid,name,stage,status,pipeline,close_date"
    run("import", file(f"{head}\nu1,Gone,Lost,lost,Sales,2026-02-30\n"), code=6)
    rejected = home / "deals.rejected.csv"
    mended = rejected.read_text().replace("2026-02-30,2", "2026-02-20,2")
    rejected.write_text(mended)
    got = run("import", str(rejected))
    assert "not imported" not in got.err
    (deal,) = deals(run)
    assert (deal["status"], deal["close_date"]) == ("lost", "2026-02-20")
    assert "not a date" not in deal["reason"]


def test_the_same_file_again_adds_nothing_and_one_undo_takes_it_back(run, ana, file):
    path = file(HUBSPOT)
    run("import", path)
    before = run("history", "-f", "ids").out
    assert "0 created, 0 updated, 4 unchanged" in run("import", path).err
    assert run("history", "-f", "ids").out == before
    run("import", "--undo")
    assert deals(run) == []
    assert run("contact", "show", "c1", "--json").json["lifecycle_stage"] == "other"


def test_won_deals_make_customers_since_then(run, ana, file):
    run("import", file(HUBSPOT))
    assert run("contact", "show", "c1", "--json").json["lifecycle_stage"] == "customer"


def test_a_status_wins_over_the_stage_it_was_in(run, file):
    head = "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status"
    head += ",Deal - Won time,Deal - Deal created"
    run("import", file(f"{head}\n4,Big,9,EUR,Negotiation,Won,2026-10-02 10:00,2026-09-01\n"))
    (big,) = deals(run)
    assert (big["stage"], big["status"]) == ("Won", "won")
    found = run("show", "d1", "--json").json
    assert found["stage_entered"] == found["closed"] == "2026-10-02T08:00:00Z"


def test_a_stage_of_another_pipeline_leads_there(run, file):
    run("pipeline", "add", "Partners", "--template", "b2b")
    run("import", file("Deal Name,Deal Stage,Record ID\nA,Prospecting,1\nB,Lead,2\n"))
    assert [run("show", ref, "--json").json["pipeline"] for ref in ("d1", "d2")] == [
        *("Partners", "Sales")
    ]


def test_hostile_names_and_many_rows(run, file):
    name = "\x1b[31m[/red] \u202eکیان 王" + "x" * 300
    rows = [f"{name} {number},Closed Won,{number},EUR,{number}" for number in range(1, 601)]
    path = file("\n".join(["Deal Name,Deal Stage,Amount,Currency,Record ID", *rows]))
    assert "600 created" in run("import", path).err
    assert "\x1b" not in run("deal", "list", "status:won", "--limit", "3", "-f", "table").out
    assert "600 unchanged" in run("import", path).err
    run("import", "--undo")
    assert deals(run) == []


def test_one_row_with_a_new_person_and_their_deal_in_a_large_file(run, file):
    head = "Person - Name,Organization - Name,Deal - Title,Deal - Value,Deal - Currency"
    rows = [f"Person {n},Org {n},Deal {n},{n},EUR" for n in range(1, 601)]
    run("import", file("\n".join([head, *rows])))
    found = run("show", "d600", "--json").json
    assert (found["who"]["name"], found["org"]["name"]) == ("Person 600", "Org 600")
    run("import", "--undo")
    assert (deals(run), run("contact", "list", "--count").out) == ([], "0\n")


@pytest.fixture
def sold(run, bo) -> None:
    """Deals that stand, were won and were lost, with people, an own amount and a tag."""
    run("lead", "qualify", "ana-novak", "--deal", "Pilot", "--amount", "EUR 9000", "--close", "fri")
    run("lead", "qualify", "bo-li", "--deal", "Won; one", "--amount", "KWD 1.234")
    run("lead", "qualify", "bo-li", "--deal", "=Lost", "--amount", "JPY 9")
    run("deal", "move", "d1", "proposal")
    run("deal", "contact", "d1", "bo-li", "--role", "evaluator")
    run("deal", "win", "d2")
    run("deal", "lose", "d3", "--reason", "price", "--note", "too dear")


OWN = (
    "uid,name,stage,status,pipeline,amount,period,close_date,owner,reason,close_note,opened,closed"
)
OWN += ",stage_entered,contact_uids,org_uid,people"


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_our_own_files_come_back(run, sold, tmp_path, monkeypatch, at, format):
    before = deals(run, OWN)
    for noun in ("orgs", "contacts", "deals"):
        run("export", noun, "-o", str(tmp_path / f"{noun}.{format}"))
    at("2026-12-01T10:00:00+01:00")
    path = str(tmp_path / f"deals.{format}")
    assert "3 unchanged" in run("import", path).err
    monkeypatch.setenv("CRM_DB", str(tmp_path / "other.db"))
    assert "0 created" in run("import", path, code=6).err  # its people are not here yet
    for noun in ("orgs", "contacts", "deals"):
        run("import", str(tmp_path / f"{noun}.{format}"))
    assert deals(run, OWN) == before
    assert "3 unchanged" in run("import", path).err


def test_everything_in_one_file_comes_back(run, sold, tmp_path, monkeypatch):
    path = str(tmp_path / "all.jsonl")
    run("export", "all", "-o", path)
    before = deals(run, OWN)
    monkeypatch.setenv("CRM_DB", str(tmp_path / "other.db"))
    run("import", path)
    assert deals(run, OWN) == before


def test_an_edited_file_changes_a_deal(run, sold, tmp_path):
    path = tmp_path / "deals.jsonl"
    run("export", "deals", "-o", str(path))
    first, *others = [json.loads(line) for line in path.read_text().splitlines()]
    first |= {"name": "Pilot 2", "amount": {"amount": "10", "currency": "EUR"}}
    path.write_text("\n".join(map(json.dumps, [first, *others])))
    assert "1 updated, 2 unchanged" in run("import", str(path)).err
    found = run("show", "d1", "--json").json
    assert (found["name"], found["amount"]["amount"]) == ("Pilot 2", "10.00")


def edited(run, path, **cells) -> str:
    """Edit the first deal of our CSV, import it again, and give what is said."""
    run("export", "deals", "-o", str(path))
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    rows[0].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return run("import", str(path)).err


@pytest.mark.parametrize(
    ("cells", "stage", "status"),
    [
        ({"stage": "Negotiation"}, "Negotiation", "open"),
        ({"stage": "Won"}, "Won", "won"),
        ({"status": "lost"}, "Lost", "lost"),
        ({"stage": "Negotiation", "name": "Pilot 2"}, "Negotiation", "open"),
    ],
)
def test_an_edited_stage_moves_the_deal(run, sold, tmp_path, cells, stage, status):
    assert "1 updated, 2 unchanged" in edited(run, tmp_path / "deals.csv", **cells)
    found = run("deal", "show", "d1", "--json").json
    assert (found["stage"], found["status"]) == (stage, status)
    assert [stay["stage"] for stay in found["history"]] == ["Lead", "Proposal", stage]
    run("undo")
    assert run("deal", "show", "d1", "--json").json["stage"] == "Proposal"


def test_a_stage_that_there_is_not_is_said(run, sold, tmp_path):
    assert "there is no stage 'Propsal'" in edited(run, tmp_path / "deals.csv", stage="Propsal")
    assert run("deal", "show", "d1", "--json").json["stage"] == "Proposal"
