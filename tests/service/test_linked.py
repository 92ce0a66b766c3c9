"""On which deal something is: said, found, or none."""

import pytest

from crmcli.errors import InvalidError, NotFoundError
from crmcli.service import deal, linked, log, task
from crmcli.service.log import Log
from crmcli.store.deal import get_deal, make_primary
from crmcli.store.interaction import get_interaction
from crmcli.store.task import get_task


@pytest.fixture
def pilot(crm, ana):
    """Ana's only open deal, d1."""
    return deal.add(crm, {"name": "Pilot"}, key=ana).id


def of_task(crm, id):
    return get_task(crm.store.reader, id).deal_id


def test_what_is_logged_is_on_the_only_open_deal_and_says_so(crm, ana, pilot):
    logged = log.write(crm, log.plan(crm, [ana], Log(kind="call", next="tue offer")))
    assert get_interaction(crm.store.reader, logged.id).deal_id == pilot
    assert of_task(crm, logged.made[0][0]) == pilot
    assert logged.deal == "on d1 Pilot"
    assert get_deal(crm.store.reader, pilot).next_title == "offer"


def test_of_two_open_deals_none_is_guessed(crm, ana, pilot):
    second = deal.add(crm, {"name": "Renewal"}, key=ana).id
    logged = log.write(crm, log.plan(crm, [ana], Log(kind="call")))
    assert get_interaction(crm.store.reader, logged.id).deal_id is None
    assert logged.deal == ""
    named = log.write(crm, log.plan(crm, [ana], Log(kind="call", deal="d2")))
    assert get_interaction(crm.store.reader, named.id).deal_id == second


def test_a_closed_deal_is_not_guessed_but_can_be_named(crm, ana, pilot):
    won = deal.closing_stage(crm, get_deal(crm.store.reader, pilot), "won")
    deal.move(crm, [pilot], deal.Move(stage=won))
    assert of_task(crm, task.remind(crm, ana, "fri thank").id) is None
    assert of_task(crm, task.remind(crm, ana, "fri thank", deal="d1").id) == pilot


@pytest.mark.parametrize("word", ["none", "None"])
def test_none_is_none(crm, ana, pilot, word):
    assert of_task(crm, task.add(crm, "x", key=ana, deal=word).id) is None
    assert log.plan(crm, [ana], Log(kind="call", deal=word)).deal_id is None


def test_a_task_for_a_deal_is_for_its_person_to_talk_to(crm, ana, pilot):
    for added in (
        task.add(crm, "x", key=("deal", pilot)),
        task.add(crm, "x", deal="d1"),
        task.remind(crm, ("deal", pilot), "fri x"),
    ):
        found = get_task(crm.store.reader, added.id)
        assert (found.contact_id, found.org_id, found.deal_id) == (ana[1], None, pilot)
        assert "on d1 Pilot" in added.echo


def test_a_deal_of_nobody_gives_a_task_for_nobody_and_no_talk(crm):
    lone = deal.add(crm, {"name": "Lone"}).id
    added = task.add(crm, "x", deal="d1")
    found = get_task(crm.store.reader, added.id)
    assert (found.contact_id, found.org_id, found.deal_id) == (None, None, lone)
    with pytest.raises(InvalidError, match="nobody to talk to"):
        linked.talk(crm, ("deal", lone))


def test_a_deal_that_is_not_there_writes_nothing(crm, ana):
    with pytest.raises(NotFoundError):
        task.add(crm, "x", key=ana, deal="d9")
    assert crm.store.reader.execute("SELECT count(*) FROM task").fetchone() == (0,)


def test_completing_a_task_of_a_deal_logs_on_it_and_goes_on_there(crm, ana, pilot):
    deal.add(crm, {"name": "Renewal"}, key=ana)  # so that nothing is found by itself
    id = task.add(crm, "ring", key=ana, kind="call", deal="d1").id
    done = task.done(crm, [get_task(crm.store.reader, id)], next="fri again")
    assert done.deals == {id: "on d1 Pilot"}
    row = crm.store.reader.execute("SELECT deal_id FROM interaction").fetchone()
    assert row == (pilot,)
    assert of_task(crm, done.made[0][0]) == pilot


def test_the_next_of_a_series_stays_on_its_deal(crm, ana, pilot):
    id = task.add(crm, "weekly", key=ana, due="fri", every="week").id
    task.done(crm, [get_task(crm.store.reader, id)])
    assert of_task(crm, id + 1) == pilot


def test_a_missed_call_stays_on_the_deal(crm, ana, pilot):
    missed = log.missed(crm, [ana])
    assert get_interaction(crm.store.reader, missed.id).deal_id == pilot
    assert of_task(crm, 1) == pilot


def test_steps_for_several_lie_each_on_their_own_deal(crm, ana, pilot):
    from crmcli.service import contact

    bo = "contact", contact.add(crm, [{"name": "Bo Li"}]).value[0]
    task.add_steps(crm, [ana, bo], "fri card")
    assert [of_task(crm, id) for id in (1, 2)] == [pilot, None]


def test_a_task_can_move_to_another_deal_and_off_it(crm, ana, pilot):
    id = task.add(crm, "x", key=ana).id
    other = deal.add(crm, {"name": "Renewal"}, key=ana).id
    task.save(crm, [id], task.edit(crm, deal="d2"))
    assert of_task(crm, id) == other
    task.save(crm, [id], task.edit(crm, title="y"))
    assert of_task(crm, id) == other
    task.save(crm, [id], task.edit(crm, deal="none"))
    assert of_task(crm, id) is None
    task.save(crm, [id], task.edit(crm, key=("deal", pilot)))
    assert of_task(crm, id) == pilot


def test_the_one_to_talk_to_is_asked_for_when_it_is_written(crm, ana, pilot):
    from crmcli.service import contact
    from crmcli.store.deal import add_person

    bo = contact.add(crm, [{"name": "Bo Li"}]).value[0]
    crm.write("x", lambda w: add_person(w, pilot, bo) and make_primary(w, pilot, bo))
    assert linked.party(crm, ("deal", pilot)) == ("contact", bo)
