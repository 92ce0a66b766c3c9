"""Stays: they tile the life of a deal under any order of moves, and undo restores them exactly."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.clock import stamp
from crmcli.errors import InvalidError
from crmcli.rules.deal import draft_deal
from crmcli.store import deal as store
from crmcli.store.pipeline import find_pipeline
from crmcli.store.stay import Track, enter, leave

OPENED = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOVES = st.tuples(st.integers(0, 5), st.none() | st.integers(-1, 8).map(lambda n: n * 2))


def moment(days: int | None) -> str | None:
    return None if days is None else stamp(OPENED + timedelta(days=days))


def add(crm, **raw) -> int:
    stage = find_pipeline(crm.conn, "", "deal").stages[0]
    draft = draft_deal({"name": "Pilot", "opened": stamp(OPENED), **raw}, "EUR")
    return crm.write(lambda w: store.add_deal(w, draft, stage)).value


def move(crm, id: int, number: int, days: int | None) -> bool:
    """Move a deal to the stage of a number; a reason for losing it is given."""
    stage = find_pipeline(crm.conn, "", "deal").stages[number]
    reason = 1 if stage.kind == "lost" else None
    at = moment(days)
    return crm.write(lambda w: store.move(w, id, stage, at, reason_id=reason)).value


def check_tiled(crm, id: int) -> None:
    stays = store.stays(crm.conn, id)
    row = crm.row("deal", id)
    assert stays[0]["entered_at"] == row["opened_at"]
    for before, after in pairwise(stays):
        assert before["exited_at"] == after["entered_at"]
    assert [stay["exited_at"] for stay in stays].count(None) == 1
    newest = stays[-1]
    assert newest["exited_at"] is None
    deal = store.get_deal(crm.conn, id)
    assert (newest["stage"], newest["entered_at"]) == (deal.stage, row["stage_entered_at"])
    assert newest["kind"] == deal.status
    assert (deal.closed_at is None) == deal.is_open
    assert (row["lost_reason_id"] is not None) == (deal.status == "lost")
    assert deal.probability == {"won": 100, "lost": 0}.get(deal.status, deal.stage_probability)


@settings(max_examples=20)
@given(moves=st.lists(MOVES, max_size=8))
def test_the_stays_of_a_deal_tile_its_life_and_undo_restores_them(fresh, moves):
    crm = fresh()
    id = add(crm)
    dumps = []
    for number, days in moves:
        before = crm.dump()
        try:
            has_moved = move(crm, id, number, days)
        except InvalidError:  # before it was opened, or closed in between
            assert crm.dump() == before
            continue
        if has_moved:
            dumps.append(before)
        else:
            assert crm.dump() == before
        check_tiled(crm, id)
    after = crm.dump()
    for before in reversed(dumps):
        crm.undo()
        assert crm.dump() == before
    for _ in dumps:
        crm.redo()
    assert crm.dump() == after
    check_tiled(crm, id)


@settings(max_examples=10)
@given(moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=8))
def test_the_stays_of_a_person_tile_too(fresh, moves):
    crm = fresh()
    ana = crm.contact()
    people = find_pipeline(crm.conn, "", "contact")
    for number, days in moves:
        at = moment(days)
        try:
            crm.write(lambda w, n=number, at=at: store.move_contact(w, ana, people.stages[n], at))
        except InvalidError:
            continue
    track = Track("contact", ana, people.id)
    stays = crm.write(track.rows).value
    ends = [stay["exited_at"] for stay in stays]
    assert ends[:-1] == [stay["entered_at"] for stay in stays[1:]]
    assert ends.count(None) == (1 if moves else 0)


def test_a_move_in_between_leaves_the_later_stays_alone(crm):
    id = add(crm)
    move(crm, id, 3, 10)
    assert move(crm, id, 1, 4)
    stays = [(stay["stage"], stay["entered_at"]) for stay in store.stays(crm.conn, id)]
    assert stays == [("Lead", moment(0)), ("Qualified", moment(4)), ("Negotiation", moment(10))]
    assert store.get_deal(crm.conn, id).stage == "Negotiation"


def test_the_same_stage_earlier_begins_earlier(crm):
    id = add(crm)
    move(crm, id, 2, 10)
    move(crm, id, 2, 4)
    assert [stay["entered_at"] for stay in store.stays(crm.conn, id)] == [moment(0), moment(4)]
    assert store.get_deal(crm.conn, id).stage_entered_at == moment(4)


def test_a_stay_that_began_and_ended_at_once_comes_first(crm):
    id = add(crm)
    move(crm, id, 3, 10)
    move(crm, id, 2, 4)
    move(crm, id, 3, 4)
    check_tiled(crm, id)
    move(crm, id, 1, 12)
    check_tiled(crm, id)
    stages = [stay["stage"] for stay in store.stays(crm.conn, id)]
    assert stages == ["Lead", "Proposal", "Negotiation", "Qualified"]


def test_a_move_now_is_the_newest_whatever_the_clock_of_the_last_one_said(crm):
    id = add(crm)
    ana = crm.contact()
    move(crm, id, 1, 30)  # another process, or a file, was ahead
    assert move(crm, id, 2, None)
    assert store.get_deal(crm.conn, id).stage == "Proposal"
    check_tiled(crm, id)
    pipeline = find_pipeline(crm.conn, "", "deal")
    crm.write(lambda w: store.empty_stage(w, pipeline.stages[2], pipeline.stages[0]))
    assert store.get_deal(crm.conn, id).stage == "Lead"
    check_tiled(crm, id)
    crm.place(ana, "Interest", moment(30))
    assert crm.place(ana, "Decision")
    assert [place["stage"] for place in store.places(crm.conn, [ana])[ana]] == ["Decision"]


def test_a_deal_without_a_history_begins_one(crm):
    id = add(crm)
    crm.outside("DELETE FROM deal_stage_history")
    assert move(crm, id, 2, None)
    assert [stay["stage"] for stay in store.stays(crm.conn, id)] == ["Proposal"]


def test_a_deal_cannot_be_closed_in_between(crm):
    id = add(crm)
    move(crm, id, 2, 10)
    with pytest.raises(InvalidError, match="moved on"):
        move(crm, id, 4, 5)


def test_a_lost_deal_needs_a_reason(crm):
    id = add(crm)
    lost = find_pipeline(crm.conn, "", "deal").of_kind("lost")[0]
    with pytest.raises(InvalidError, match="needs a reason"):
        crm.write(lambda w: store.move(w, id, lost))


def test_leaving_ends_the_stay_that_goes_on(crm):
    ana = crm.contact()
    people = find_pipeline(crm.conn, "", "contact")
    track = Track("contact", ana, people.id)
    crm.write(lambda w: enter(w, track, people.stages[0].id, moment(0)))
    assert crm.write(lambda w: leave(w, track, moment(2))).value
    assert not crm.write(lambda w: leave(w, track, moment(3))).value
    crm.write(lambda w: enter(w, track, people.stages[1].id, moment(4)))  # after a pause
    stays = [(stay["entered_at"], stay["exited_at"]) for stay in crm.write(track.rows).value]
    assert stays == [(moment(0), moment(2)), (moment(4), None)]


@pytest.mark.parametrize("kind", ["won", "lost"])
def test_another_program_cannot_part_status_and_stage(crm, kind):
    id = add(crm)
    with pytest.raises(Exception, match=r"status|CHECK"):
        crm.outside("UPDATE deal SET status = ? WHERE id = ?", kind, id)
    check_tiled(crm, id)


def test_emptying_a_closed_stage_keeps_when_and_why(crm):
    id = add(crm)
    move(crm, id, 5, 10)
    pipeline = find_pipeline(crm.conn, "", "deal")
    lost = pipeline.of_kind("lost")[0]
    before = store.get_deal(crm.conn, id)
    from crmcli.rules.pipeline import draft_stage
    from crmcli.store.pipeline import add_stage, get_stage, remove_stage

    quiet = draft_stage({"name": "Gone quiet", "kind": "lost"})
    other = crm.write(lambda w: add_stage(w, pipeline, quiet)).value

    def remove(w):
        moved = store.empty_stage(w, lost, get_stage(crm.conn, other))
        remove_stage(w, find_pipeline(w.conn, "", "deal"), lost)
        return moved

    assert crm.write(remove).value == 1
    after = store.get_deal(crm.conn, id)
    assert after.stage == "Gone quiet"
    assert (after.closed_at, after.reason) == (before.closed_at, before.reason)
    check_tiled(crm, id)
    assert [stay["stage"] for stay in store.stays(crm.conn, id)] == ["Lead", "Lost", "Gone quiet"]
