"""Deals that want attention: without a next step, and rotting (formulas 4.9)."""

from datetime import UTC, datetime

import pytest

from crmcli.clock import Clock
from crmcli.context import Context
from crmcli.service import contact, deal, log, task
from crmcli.service.log import Log
from crmcli.store.deal import get_deal
from crmcli.store.touch import deal_items


@pytest.fixture
def crm(store, monkeypatch):
    """A run on 18 March 2026, with Ana (c1), and a stage Qualified that rots after 7 days."""
    monkeypatch.setenv("CRM_NOW", "2026-03-18T09:00:00+00:00")
    crm = Context({})
    contact.add(crm, [{"name": "Ana Novak"}])
    crm.write("x", lambda w: w.update("stage", 2, rotting_days=7))
    yield crm
    crm.finish()


def found(crm, section, **options):
    items = deal_items(crm.store.reader, crm.clock, **options)
    return [item for item in items if item.section == section]


@pytest.fixture
def pilot(crm):
    """The example: entered on 1 March, a call on 10 March, limit 7."""
    id = deal.add(crm, {"name": "Pilot"}, key=("contact", 1), stage="Qualified", at="1 mar").id
    log.write(crm, log.plan(crm, [("contact", 1)], Log(kind="call", at="10 mar")))
    return id


def test_the_worked_example(crm, pilot):
    (item,) = found(crm, "rotting")
    assert (item.id, item.count, str(item.due_on)) == (f"d{pilot}", 8, "2026-03-17")
    assert item.title == "! rots, nothing for 8 days: Pilot (Qualified)"
    assert item.age(crm.clock.today()) == "1 day late"
    assert "idle for 8 days, its stage allows 7" in item.why(crm.clock.today())
    assert item.who == ("c1", "ana-novak", "Ana Novak")
    assert deal.is_rotten(crm, get_deal(crm.store.reader, pilot))


def test_a_task_that_is_due_later_keeps_it_fresh_and_a_late_one_does_not(crm, pilot):
    task.remind(crm, ("contact", 1), "2026-03-15 offer", deal=f"d{pilot}")
    assert found(crm, "rotting")
    assert not found(crm, "no_step")  # there is a step, though late
    task.remind(crm, ("contact", 1), "20 mar offer", deal=f"d{pilot}")
    assert not found(crm, "rotting")


@pytest.mark.parametrize(("day", "rots"), [("17", False), ("18", True)])
def test_the_limit_itself_is_not_rotten(crm, pilot, day, rots):
    clock = Clock("UTC", datetime(2026, 3, int(day), 23, 30, tzinfo=UTC))
    assert any(i.section == "rotting" for i in deal_items(crm.store.reader, clock)) is rots


def test_idle_days_are_those_of_the_users_zone(crm, pilot):
    # 23:30 UTC on the 17th is the 18th in Ljubljana.
    clock = Clock("Europe/Ljubljana", datetime(2026, 3, 17, 23, 30, tzinfo=UTC))
    (item,) = [i for i in deal_items(crm.store.reader, clock) if i.section == "rotting"]
    assert item.count == 8


def test_a_stage_without_a_limit_never_rots_but_wants_a_step(crm):
    deal.add(crm, {"name": "Old"}, stage="Lead", at="2020-01-01")
    assert not found(crm, "rotting")
    (item,) = found(crm, "no_step")
    assert (item.title, item.who, item.late) == ("! no next step: Old (Lead)", None, False)


def test_closed_and_trashed_deals_want_nothing(crm, pilot):
    other = deal.add(crm, {"name": "Other"}, key=("contact", 1)).id
    won = deal.closing_stage(crm, get_deal(crm.store.reader, pilot), "won")
    deal.move(crm, [pilot], deal.Move(stage=won))
    crm.write("x", lambda w: w.update("deal", other, archived_at=w.now))
    assert deal_items(crm.store.reader, crm.clock) == []


def test_owner_and_limit(crm):
    for number, owner in enumerate(("eva", "me", "eva")):
        day = f"2026-0{number + 1}-01"
        raw = {"name": f"n{number}", "owner": owner, "close_date": f"2027-0{3 - number}-01"}
        deal.add(crm, raw, stage="Qualified", at=day)
    assert [item.id for item in found(crm, "no_step")] == ["d3", "d2", "d1"]  # by close date
    assert [item.id for item in found(crm, "rotting")] == ["d1", "d2", "d3"]  # longest idle
    assert [item.id for item in found(crm, "rotting", owner="eva", limit=1)] == ["d1"]
    assert [item.id for item in found(crm, "no_step", owner="eva", limit=1)] == ["d3"]


def test_the_sections_agree_with_the_rule_deal_by_deal(crm):
    for number in range(12):
        deal.add(crm, {"name": f"n{number}"}, stage="Qualified", at=f"{number + 5} mar")
    by_rule = {
        f"d{id}" for id in range(1, 13) if deal.is_rotten(crm, get_deal(crm.store.reader, id))
    }
    assert {item.id for item in found(crm, "rotting")} == by_rule
    assert 0 < len(by_rule) < 12


def test_closed_deals_are_not_looked_at(crm):
    from crmcli.store.sql import touch as sql

    values = {"owner": None, "limit": 6, "today": "", "stage_id": 1, "before": ""}
    for query in (sql.NO_STEP, sql.ROTTING):
        plan = [row[3] for row in crm.store.reader.execute(f"EXPLAIN QUERY PLAN {query}", values)]
        opens = [line for line in plan if line.startswith(("SCAN deal", "SEARCH deal USING INDEX"))]
        assert opens, plan
        assert all("ix_deal_" in line for line in opens), plan
        assert any("ix_task_deal" in line for line in plan), plan
