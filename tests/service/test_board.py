"""The board: counts and sums of each stage, its cards, and what was closed this month."""

import pytest

from crmcli.context import Context
from crmcli.errors import ConflictError
from crmcli.rules.pipeline import draft_stage
from crmcli.service import deal as deals
from crmcli.service import filter as filters
from crmcli.service import pipeline as service
from crmcli.service.deal import Move
from crmcli.store import pipeline as store
from crmcli.store.pipeline import find_pipeline, find_stage
from crmcli.store.rows import ALL


def add(crm, name="Pilot", **options):
    own = {key: options.pop(key) for key in ("key", "stage", "next", "at") if key in options}
    return deals.add(crm, {"name": name, **options}, **own).id


def board(crm, name="", holds="deal", **options):
    return service.board(crm, find_pipeline(crm.store.reader, name, holds), **options)


def column(crm, name, **options):
    found = board(crm, **options)
    return next(one for one in found.columns if one.stage.name == name)


def test_sums_are_those_of_a_year_and_never_of_two_currencies(crm):
    add(crm, amount="EUR 10000", probability_override="20")
    add(crm, amount="EUR 100", period="monthly")
    add(crm, amount="JPY 500")
    add(crm, amount="KWD 1.235")
    add(crm)
    lead = column(crm, "Lead")
    assert lead.count == 5
    assert lead.sums == {"EUR": 1_120_000, "JPY": 500, "KWD": 1235}
    assert lead.weighted == {"EUR": 212_000, "JPY": 50, "KWD": 124}


def test_the_weighted_sum_of_the_forecast(crm):  # formulas 4.2
    for amount, percent in (("10000", "20"), ("4000", "60"), ("8000.50", "80")):
        add(crm, amount=f"EUR {amount}", probability_override=percent, stage="proposal")
    lost = add(crm, amount="EUR 7000", stage="proposal")
    stage = find_stage(crm.store.reader, "lost", "deal")
    deals.move(crm, [lost], Move(stage=stage, reason="price"))
    found = board(crm)
    assert found.total.weighted == {"EUR": 1_080_040}
    assert found.lost.sums == {"EUR": 700_000}


def test_a_deal_that_was_changed_meanwhile_is_not_moved(crm, monkeypatch):
    id = add(crm)
    won, proposal = (find_stage(crm.store.reader, name, "deal") for name in ("won", "proposal"))
    write = Context.write

    def late(self, *args, **options):
        monkeypatch.setattr(Context, "write", write)
        deals.move(crm, [id], Move(stage=won))  # as another process would
        return write(self, *args, **options)

    monkeypatch.setattr(Context, "write", late)
    with pytest.raises(ConflictError, match="meanwhile"):
        deals.move(crm, [id], Move(stage=proposal))
    assert deals.store.get_deal(crm.store.reader, id).status == "won"
    assert not board(crm).total.count


def test_a_changed_probability_is_that_of_the_deals_without_their_own(crm):
    plain, own = add(crm, amount="EUR 100"), add(crm, amount="EUR 100", probability_override="60")
    pipeline = find_pipeline(crm.store.reader)
    lead = pipeline.stages[0]
    crm.write("stage edit", lambda w: store.edit_stage(w, pipeline, lead, {"probability": 40}))
    assert column(crm, "Lead").weighted == {"EUR": 4_000 + 6_000}
    found = deals.store.get_deals(crm.store.reader, [plain, own])
    assert [deal.probability for deal in found] == [40, 60]
    proposal = find_stage(crm.store.reader, "proposal", "deal")
    deals.move(crm, [plain, own], Move(stage=proposal))
    found = deals.store.get_deals(crm.store.reader, [plain, own])
    assert [deal.probability for deal in found] == [50, 60]


def test_a_card_says_age_next_step_and_what_is_wrong(crm, ana):
    add(crm, "Old", stage="qualified", at="2026-10-01", key=ana)
    add(crm, "Cared for", stage="qualified", at="2026-10-01", next="fri call")
    add(crm, "No limit", at="2026-10-01")
    cards = {card.name: card for one in board(crm).columns for card in one.cards}
    assert cards["Old"].flags == ["rotting", "no_next_step"]
    assert (cards["Old"].age, cards["Old"].who["name"]) == (53, "Ana Novak")
    assert cards["Cared for"].flags == []
    assert cards["Cared for"].next_step["due"] == "2026-11-27"
    assert cards["No limit"].flags == ["no_next_step"]


def test_a_list_of_rotting_deals_is_that_of_the_cards(crm):
    for days in range(12, 17):
        add(crm, f"Q{days}", stage="qualified", at=f"{days}d ago")
        add(crm, f"P{days}", stage="proposal", at=f"{days - 5}d ago")
    cards = [card for one in board(crm).columns for card in one.cards]
    where = deals.rotting(crm)
    found = filters.rows.ids(crm.store.reader, "deal", where)
    assert set(found) == {card.id for card in cards if card.is_rotten}
    assert len(found) == 3  # idle 15 and 16 of 14, and 11 of 10
    idle = filters.rows.ids(crm.store.reader, "deal", deals.idle_for(crm, 14))
    assert set(idle) == {card.id for card in cards if card.idle >= 14}


def test_cards_are_limited_and_the_count_is_not(crm):
    for number in range(5):
        add(crm, f"D{number}", close_date=f"2026-12-{20 - number}")
    lead = column(crm, "Lead", limit=2)
    assert [card.name for card in lead.cards] == ["D4", "D3"]
    assert (lead.count, lead.more) == (5, 3)
    assert len(column(crm, "Lead", limit=ALL).cards) == 5


def test_a_filter_chooses_sums_and_cards(crm):
    add(crm, "Big", amount="EUR 9000")
    add(crm, "Small", amount="EUR 10")
    where = filters.condition(crm, "deal", filters.read((), 'amount.over:"EUR 5000"')).where
    lead = column(crm, "Lead", where=where)
    assert [card.name for card in lead.cards] == ["Big"]
    assert lead.sums == {"EUR": 900_000}


def test_only_what_was_closed_this_month_is_told(crm):
    won = find_stage(crm.store.reader, "won", "deal")
    for day in ("2026-10-31", "2026-11-01"):
        id = add(crm, amount="EUR 100", at="2026-09-01")
        deals.move(crm, [id], Move(stage=won, at=day))
    assert (board(crm).won.count, board(crm).won.sums) == (1, {"EUR": 10_000})
    assert board(crm).total.count == 0


def test_people_stand_on_their_board(crm, ana):
    interest = find_stage(crm.store.reader, "interest", "contact")
    deals.move_people(crm, [ana[1]], interest, "2026-10-01")
    found = board(crm, holds="contact")
    assert [one.count for one in found.columns] == [0, 1, 0]
    (card,) = found.columns[1].cards
    assert (card.ref, card.age, card.is_rotten) == ("c1", 53, True)
    assert found.json()["stages"][1]["contacts"][0]["who"]["name"] == "Acme"
    action = find_stage(crm.store.reader, "action", "contact")
    deals.move_people(crm, [ana[1]], action)
    assert (board(crm, holds="contact").won.count, board(crm, holds="contact").total.count) == (
        1,
        0,
    )


def test_what_stands_in_a_removed_stage_is_still_seen(crm):
    pipeline = find_pipeline(crm.store.reader)
    demo = draft_stage({"name": "Demo", "probability": 30})
    id = crm.write("stage add", lambda w: store.add_stage(w, pipeline, demo)).value
    deal = add(crm, stage="demo")
    crm.write("x", lambda w: w.update("stage", id, archived_at=w.now))
    assert column(crm, "Demo").cards[0].id == deal


@pytest.mark.parametrize(
    ("won", "closed", "percent"), [(20, 32, 62.5), (1, 3, None), (0, 10, 0.0), (1, 12, 8.3)]
)
def test_closed_deals_suggest_a_probability(won, closed, percent):  # formulas 4.12
    assert deals.Suggestion(won, closed).percent == percent


def test_only_deals_that_came_as_far_count_for_the_suggestion(crm):
    won, lost = (find_stage(crm.store.reader, name, "deal") for name in ("won", "lost"))
    for number in range(12):
        id = add(crm, stage="proposal" if number < 10 else "lead")
        is_won = number < 4
        stage = won if is_won else lost
        deals.move(crm, [id], Move(stage=stage, reason="" if is_won else "price"))
    straight = add(crm)  # won from the first stage: it came as far too
    deals.move(crm, [straight], Move(stage=won))
    asked = add(crm, stage="proposal")
    deal = deals.store.get_deal(crm.store.reader, asked)
    assert deals.suggestion(crm, deal) == deals.Suggestion(5, 11)


def test_many_of_the_largest_amounts_are_summed(crm):
    add(crm, amount="1 EUR")
    columns = ("uid", "name", "name_norm", "pipeline_id", "stage_id", "amount_minor", "currency")
    stamps = ("opened_at", "stage_entered_at", "created_at", "updated_at")
    largest, at = 10**15 - 1, "2026-11-20T08:00:00Z"
    rows = [(str(n), "Big", "big", 1, 1, largest, "EUR", at, at, at, at) for n in range(10_000)]
    crm.write("deal add", lambda w: w.insert_many("deal", (*columns, *stamps), rows))
    assert board(crm).columns[0].sums == {"EUR": 10_000 * largest + 100}
