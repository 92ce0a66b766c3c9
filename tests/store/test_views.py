"""The views that other programs rely on: documented, living records only, the program's numbers."""

import re
from pathlib import Path

import pytest

from crmcli.money import Money, amount
from crmcli.store import deal, views
from crmcli.store.org import get_orgs

MANUAL = (Path(__file__).parents[2] / "docs" / "views.md").read_text(encoding="utf-8")


def columns(crm, view) -> list[str]:
    return [row[1] for row in crm.conn.execute(f"PRAGMA table_info({view})")]


def rows(crm, query) -> list[dict]:
    cursor = crm.conn.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def test_the_manual_names_every_view_and_column_in_order(crm):
    sections = dict(re.findall(r"^## (v_\w+)\n(.*?)(?=^## |\Z)", MANUAL, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(views.VIEWS)
    for name, text in sections.items():
        assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == columns(crm, name), name


@pytest.fixture
def world(crm):
    """Five deals in three currencies, one won, one lost, one in the trash."""
    crm.contact("Ana Novak", emails=["ana@acme.si", "b@acme.si"], org="Acme", tags=["vip", "fair"])
    crm.contact("Gone", lifecycle_stage="lead")
    crm.contact("Lea", lifecycle_stage="lead", source="Fair", addresses=[{"locality": "Kranj"}])
    crm.deal("Pilot [/]", amount="9000.50", close_date="2026-12-24", contact_id=1, tags=["vip"])
    crm.deal("Abo", amount="JPY 9000", period="monthly", org_id=1, probability_override=33)
    crm.deal("Kuwait", amount="KWD 1.250", category_override="commit", contact_id=1)
    crm.deal("Lost", amount="5", contact_id=3, source="Fair")
    crm.deal("None")
    crm.move(1, "Proposal", "2026-11-23T10:00:00Z")
    crm.move(3, "Won", "2026-11-23T11:00:00Z")
    crm.move(4, "Lost", "2026-11-23T12:00:00Z")
    crm.task("Send", ("contact", 1), deal_id=1, due_on="2026-11-30")
    crm.task("Call", ("contact", 1), deal_id=1, due_on="2026-11-27")
    crm.place(3, "Interest")
    crm.log(1, 2, body="Budget")
    crm.trash("contact", 2)
    crm.write(lambda w: w.update("deal", 5, archived_at=w.now))
    return crm


def test_a_deal_says_what_the_commands_say(world):
    deals = deal.get_deals(world.conn, [1, 2, 3, 4])
    found = rows(world, "SELECT * FROM v_deal ORDER BY id")
    assert [row["ref"] for row in found] == ["d1", "d2", "d3", "d4"]
    for row, own in zip(found, deals, strict=True):
        said = own.json()
        worth = said["amount"]
        assert (row["amount"], row["currency"]) == (worth["amount"], worth["currency"])
        assert row["value_minor"] == own.value.minor
        for key in ("name", "status", "pipeline", "stage", "period", "probability", "category"):
            assert row[key] == said[key], key
        for key in ("close_date", "owner", "source", "competitor", "rotting_days"):
            assert row[key] == said[key], key
        assert row["org"] == (said["org"] or {}).get("name")
        assert row["contact"] == next((who["name"] for who in said["people"]), None)
        assert row["lost_reason"] == said["reason"]
        step = said["next_step"] or {"title": None, "due": None}
        assert (row["next_step"], row["next_due"]) == (step["title"], step["due"])
        assert row["tags"] == (", ".join(said["tags"]) or None)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "CLF"])
@pytest.mark.parametrize("minor", [0, 1, 9, 99, 100, 1234, 10**14 + 7])
def test_amounts_are_exact_in_every_currency(crm, currency, minor):
    crm.deal("One")
    crm.write(lambda w: w.update("deal", 1, amount_minor=minor, currency=currency))
    assert crm.all("SELECT amount FROM v_deal") == [amount(Money(minor, currency))]


def test_the_forecast_holds_open_deals_and_weighs_them(world):
    found = rows(world, "SELECT * FROM v_forecast ORDER BY id")
    assert [(row["ref"], row["month"], row["weighted_hundredths"]) for row in found] == [
        ("d1", "2026-12", 900_050 * 50),
        ("d2", None, 9000 * 12 * 33),
    ]


def test_people_orgs_and_leads(world):
    people = rows(world, "SELECT * FROM v_contact ORDER BY id")
    assert [row["ref"] for row in people] == ["c1", "c3"]
    ana, lea = people
    assert (ana["email"], ana["tags"], ana["org"]) == ("ana@acme.si", "fair, vip", "Acme")
    assert (lea["city"], lea["source"], lea["stage"]) == ("Kranj", "Fair", "opportunity")
    assert rows(world, "SELECT * FROM v_lead") == []  # a deal made Lea an opportunity
    world.contact("New", lifecycle_stage="lead")
    (lead,) = rows(world, "SELECT * FROM v_lead")
    assert (lead["name"], lead["lead_since"]) == ("New", "2026-11-23T09:00:00Z")
    (acme,) = rows(world, "SELECT * FROM v_org")
    assert acme["name"] == get_orgs(world.conn, [1])[0].name


def test_stays_tile_and_tasks_and_interactions_are_living(world):
    stays = world.all("SELECT stage, entered_at, exited_at FROM v_deal_stage WHERE deal_id = 1")
    assert stays == [
        ("Lead", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
        ("Proposal", "2026-11-23T10:00:00Z", None),
    ]
    assert world.all("SELECT contact, stage, exited_at FROM v_contact_stage") == [
        ("Lea", "Interest", None)
    ]
    assert world.all("SELECT title, is_open, deal FROM v_task ORDER BY due_on") == [
        ("Call", 1, "Pilot [/]"),
        ("Send", 1, "Pilot [/]"),
    ]
    assert world.all("SELECT count(*) FROM v_interaction") == [1]
    assert world.all("SELECT contact FROM v_interaction_contact") == ["Ana Novak"]
    assert world.all("SELECT contact, deal FROM v_deal_contact ORDER BY deal_id") == [
        ("Ana Novak", "Pilot [/]"),
        ("Ana Novak", "Kuwait"),
        ("Lea", "Lost"),
    ]
    assert world.all("SELECT count(*) FROM v_pipeline_stage WHERE holds = 'contact'") == [4]
