"""The card and the day as plain values."""

from crmcli.service import card, log, task, today
from crmcli.service.card import FollowUp, Said
from crmcli.service.log import Log


def test_the_card_of_a_person(crm, ana):
    late = task.add(crm, "send offer", key=ana, due="today").id
    task.add(crm, "her logo", key=ana, kind="waiting")
    wish = Log(kind="call", text="wants a pilot", inbound=True, at="yesterday 15:00")
    log.write(crm, log.plan(crm, [ana], wish))
    record = card.read(crm, ana)
    assert ("works", "Acme") in list(card.facts(crm, "contact", record))
    groups = dict(card.follow_ups(crm, record))
    assert groups["Follow-ups"] == [FollowUp(f"t{late}", "2026-11-23", "send offer", False)]
    assert [one.title for one in groups["They owe"]] == ["her logo"]
    (said,) = card.timeline(crm, record["timeline"])
    assert said == Said("i1", "2026-11-22", "15:00", "call in", "wants a pilot")
    assert card.read(crm, ana, timeline=0)["timeline"] == []


def test_the_card_of_a_task(crm, ana):
    id = task.add(crm, "send offer", key=ana, due="today").id
    facts = dict(card.plain_facts(crm, card.read(crm, ("task", id))))
    assert facts == {
        "for": "Ana Novak (c1)",
        "due": "Mon 23 Nov 2026 (today)",
        "kind": "follow-up",
        "status": "open",
        "owner": "me",
    }


def test_the_card_of_a_task_that_repeats(crm):
    id = task.add(crm, "rent", due="2026-12-01", every="month", from_="done", note="by bank").id
    task.snooze(crm, [id], "3d")
    facts = dict(card.plain_facts(crm, card.read(crm, ("task", id))))
    assert facts["repeats"] == "every month from when it is done"
    assert facts["hidden until"] == "Thu 26 Nov 2026 (in 3 days)"
    assert (facts["snoozed"], facts["text"]) == ("1 time", "by bank")


def test_the_card_of_an_interaction(crm, ana):
    wish = Log(kind="call", text="hello", inbound=True, at="yesterday 15:00", dur="1h30")
    id = log.write(crm, log.plan(crm, [ana], wish)).id
    assert dict(card.plain_facts(crm, card.read(crm, ("interaction", id)))) == {
        "kind": "call",
        "when": "2026-11-22 15:00",
        "begun by": "them",
        "how long": "1 h 30 min",
        "with": "Ana Novak (c1)",
        "owner": "me",
        "text": "hello",
    }
    (said,) = card.timeline(crm, card.read(crm, ana)["timeline"])
    assert said.kind == "call in, 1 h 30 min"


def test_the_day(crm, ana):
    task.add(crm, "her logo", key=ana, kind="waiting", due="today")
    task.add(crm, "the plan", key=ana, kind="promise", due="today 9:00")
    items = today.items(crm)
    assert today.figures(items) == "1 overdue, 0 today, 1 waiting"
    assert {today.said(crm, item) for item in items} == {
        ("I owe: the plan", "since 09:00"),
        ("they owe: her logo", ""),
    }
