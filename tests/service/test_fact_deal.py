"""The facts of a deal, typed over on its card."""

from typing import Any

import pytest

from crmcli.errors import ConflictError, CrmError, InvalidError, NotFoundError
from crmcli.service import card, contact, org
from crmcli.service import deal as service
from crmcli.service.fact import amend, shown
from crmcli.service.fact.deal import stays
from crmcli.store import journal
from crmcli.store.deal import get_deal

KEY = ("deal", 1)


@pytest.fixture
def deal(crm, ana):
    """Pilot with Ana Novak of Acme, 9000 EUR: d1."""
    raw = {"name": "Pilot", "amount": "9000 EUR", "close_date": "2026-12-24"}
    return service.add(crm, raw, key=ana, at="2026-11-03").id


def facts(crm) -> dict[tuple[str, str], Any]:
    """Give the facts of the card by their names."""
    return {one.name: one for one in shown.facts(crm, KEY, card.read(crm, KEY))}


def type_over(crm, name: tuple[str, str], text: str) -> amend.Saved:
    """Type a text over a fact as it stands."""
    fact = facts(crm)[name]
    return amend.save(crm, KEY, fact, text, shown=fact.value)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("name", "Pilot for 20", "Pilot for 20"),
        ("amount", "12k", "12000.00 EUR"),  # the currency is that of before
        ("amount", "KWD 12.345", "12.345 KWD"),
        ("amount", "¥500", None),
        ("period", "monthly", "monthly"),
        ("close_date", "2027-01-08", "2027-01-08"),
        ("probability", "60", "60%"),
        ("category", "best-case", "best-case"),
        ("org", "globex", "globex"),
        ("owner", "eva", "eva"),
        ("source", "fair", "fair"),
        ("competitor", "Initech", "Initech"),
        ("tags", "+vip", "+vip"),
        ("note", "two\nlines", "two\nlines"),
    ],
)
def test_a_fact_holds_what_was_typed_over_it(crm, deal, name, typed, value):
    org.add(crm, [{"name": "Globex"}])
    if value is None:
        with pytest.raises(CrmError):
            type_over(crm, (name, ""), typed)
        return
    assert type_over(crm, (name, ""), typed).moved
    assert facts(crm)[name, ""].value == value
    journal_undo(crm)
    assert facts(crm)[name, ""].value != value


def journal_undo(crm) -> None:
    """Take the last change back."""
    crm.write("undo", journal.undo, source="undo")


@pytest.mark.parametrize(
    "name", ["amount", "close_date", "org", "source", "competitor", "probability", "note"]
)
def test_a_fact_can_be_emptied(crm, deal, name):
    type_over(crm, ("source", ""), "fair")
    type_over(crm, ("competitor", ""), "Initech")
    type_over(crm, ("probability", ""), "60")
    type_over(crm, ("note", ""), "something")
    assert type_over(crm, (name, ""), "").moved
    assert facts(crm)[name, ""].value == ""


@pytest.mark.parametrize("name", ["name", "owner"])
def test_what_there_must_be_cannot_be_emptied(crm, deal, name):
    with pytest.raises(InvalidError):
        type_over(crm, (name, ""), " ")


def test_people_come_with_a_role_and_go(crm, deal):
    bo = contact.add(crm, [{"name": "Bo Li"}]).value[0]
    type_over(crm, ("+person", ""), "bo-li = evaluator")
    assert facts(crm)["person", f"c{bo}"].text == "Bo Li, evaluator"
    type_over(crm, ("person", "c1"), "ana-novak = decision maker")
    assert facts(crm)["person", "c1"].value == "ana-novak = decision maker"
    type_over(crm, ("person", "c1"), "")
    assert [person["name"] for person in get_deal(crm.store.reader, 1).people] == ["Bo Li"]
    with pytest.raises(NotFoundError):
        type_over(crm, ("+person", ""), "nobody-here")


def test_what_somebody_else_changed_is_told(crm, deal):
    fact = facts(crm)["competitor", ""]
    service.edit(crm, [1], {"competitor": "Initech"})
    with pytest.raises(amend.Changed) as told:
        amend.save(crm, KEY, fact, "Globex", shown=fact.value)
    assert told.value.theirs == "Initech"


def test_an_amount_of_lines_is_not_typed_over(crm, deal):
    service.add_line(crm, get_deal(crm.store.reader, 1), {"name": "Licence", "price": "300"})
    with pytest.raises(ConflictError):
        type_over(crm, ("amount", ""), "12k")
    assert facts(crm)["amount", ""].text == "300.00 EUR"


def test_the_stays_tile_its_life(crm, deal):
    stage = service.target(crm, get_deal(crm.store.reader, 1), "proposal")
    service.move(crm, [1], service.Move(stage=stage, at="2026-11-13"))
    assert stays(crm, 1) == [
        ("Lead", "10 days, 2026-11-03 – 2026-11-13"),
        ("Proposal", "10 days, since 2026-11-13"),
    ]
    assert facts(crm)["stage", ""].text == "Proposal, 50 %, for 10 days"
