"""The history in words: what a group is about, and what it changed, before and after."""

import pytest

from crmcli.service import changes, contact, history, task
from crmcli.service.fact import amend
from crmcli.store import journal
from crmcli.store.cadence import set_cadence
from crmcli.store.tag import add_tags
from crmcli.store.unit import Unit


def last(crm) -> history.Entry:
    return history.entries(crm, 1)[0]


def told(crm, group: int | None = None) -> list[str]:
    """Give what a group changed as lines."""
    found = changes.read(crm, group or last(crm).id)
    lines = []
    for block in found.blocks:
        lines.append(f"{block.name}: {block.verb}")
        lines += [f"{label} = {text}" for label, text in block.lines]
    return lines


def write(crm, act, command="test"):
    crm.write(command, act)
    return last(crm)


def test_an_entry_says_when_who_from_where_and_what(crm, ana):
    entry = last(crm)
    assert (entry.day, entry.time, entry.actor, entry.source) == (
        *("2026-11-23", "10:00", "me", "shell"),
    )
    assert (entry.command, entry.what, entry.opens) == ("contact add", "Ana Novak", ana)
    assert not entry.undone
    assert not entry.is_undo


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("task edit", "send (Ana Novak)"),
        ("org edit", "Acme"),
        ("contact edit", "Ana Novak"),
        ("other", "Ana Novak"),
    ],
)
def test_a_group_is_about_the_noun_of_its_command_else_the_first_of_its_records(
    crm, ana, command, what
):
    task.add(crm, "send", key=ana)

    def act(w: Unit):
        w.update("org", 1, note="x")
        w.update("task", 1, title="send")
        w.update("contact", 1, note="x")
        w.update("task", 1, body="x")

    assert write(crm, act, command).what == what


def test_several_are_counted(crm):
    contact.add(crm, [{"name": "Ana"}, {"name": "Bo"}, {"name": "Eva"}])
    assert last(crm).what == "Ana and 2 more"


def test_a_part_belongs_to_its_record(crm, ana):
    entry = write(crm, lambda w: w.update("channel", 1, status="bounced"))
    assert (entry.what, entry.opens) == ("Ana Novak", ana)
    assert told(crm) == [
        "Ana Novak: changed",
        "E-mail = ana@acme.si, Status: active → bounced",
    ]


def test_pages_follow_one_another(crm):
    for name in ("Ana", "Bo", "Eva"):
        contact.add(crm, [{"name": name}])
    first = history.entries(crm, 2)
    assert [entry.what for entry in first] == ["Eva", "Bo"]
    rest = history.entries(crm, 2, before=first[-1].id)
    assert [entry.what for entry in rest] == ["Ana"]


def test_of_one_record_or_one_actor(crm, ana):
    task.add(crm, "send", key=ana)
    contact.add(crm, [{"name": "Bo"}])
    assert [entry.what for entry in history.entries(crm, 9, record=ana)] == [
        *("send (Ana Novak)", "Ana Novak"),
    ]
    assert history.entries(crm, 9, actor="eva") == []
    assert len(history.entries(crm, 9, record=ana, actor="me", before=2)) == 1


def test_before_and_after(crm, ana):
    contact.save(crm, [1], contact.edit(crm, {"name": "Ana Kos", "note": "tea"}, {}, {}, []))
    assert told(crm) == ["Ana Kos: changed", "Name = Ana Novak → Ana Kos", "Note = – → tea"]


def test_an_emptied_value_is_told(crm, ana):
    write(crm, lambda w: w.update("contact", 1, note="tea"))
    write(crm, lambda w: w.update("contact", 1, note=None))
    assert told(crm) == ["Ana Novak: changed", "Note = tea → –"]


def test_words_instead_of_what_is_stored(crm, ana):
    id = task.add(crm, "call her", key=ana, due="fri", every="week").id
    assert told(crm) == [
        "call her (Ana Novak): added",
        *("Kind = follow-up", "Due on = 2026-11-27", "Rule = every week"),
        *("Repeats from = due", "For = Ana Novak", "Owner = me"),
    ]
    write(crm, lambda w: w.update("task", id, kind="call", contact_id=None, org_id=1))
    assert told(crm) == [
        "call her (Acme): changed",
        *("Kind = follow-up → call", "For = Ana Novak → –", "Org = – → Acme"),
    ]
    write(crm, lambda w: w.update("contact", 1, do_not_contact=1))
    assert told(crm) == ["Ana Novak: changed", "Do not contact = no → yes"]


def test_what_is_no_record_is_told_by_its_name(crm, ana):
    write(crm, lambda w: add_tags(w, "contact", 1, ["vip"]), "contact tag")
    assert last(crm).what == "Ana Novak"
    assert told(crm) == ["tag vip: added", "Ana Novak: changed", "Tag = +vip"]
    write(crm, lambda w: set_cadence(w, "vip", 14, None), "cadence set")
    assert last(crm).what == "cadence"
    assert told(crm) == ["cadence: added", "Tag = vip", "Days = 14"]


def test_what_is_gone_is_called_as_it_was(crm):
    contact.add(crm, [{"name": "Zora", "tags": ["lead"]}])
    group = last(crm).id
    crm.write("undo", lambda w: journal.undo(w, group), source="undo")
    assert last(crm).what == "Zora"
    assert "Zora: removed" in told(crm)
    assert "Tag = +lead" in told(crm, group)


def test_texts_of_people_are_never_translated_nor_filled(crm, ana):
    write(crm, lambda w: w.update("contact", 1, note="open {name}"))
    assert told(crm)[1] == "Note = – → open {name}"
    write(crm, lambda w: w.update("contact", 1, nickname="needs_action"))
    assert told(crm)[1].endswith("→ needs_action")


def test_every_column_has_a_label(crm):
    from crmcli.store.tables import COLUMNS

    for table in history.RECORDS:
        for column in set(COLUMNS[table]) - changes.SKIPPED:
            assert changes.label_of(table, column)[0].isupper()


# Several facts of a task typed over at once


def shown(crm, id: int) -> dict[str, str]:
    from crmcli.service.fact.stored import values

    return {name: text for (name, _), text in values(crm.store.reader, ("task", id)).items()}


def test_several_facts_are_one_group(crm, ana):
    id = task.add(crm, "send", key=ana, due="fri").id
    before = shown(crm, id)
    typed = {**before, "title": "send it", "due": "", "priority": "1", "body": "both prices"}
    assert amend.save_task(crm, id, typed, before).moved
    assert shown(crm, id) == {**before, **typed}
    crm.write("undo", journal.undo, source="undo")
    assert shown(crm, id) == before
    assert not amend.save_task(crm, id, before, before).moved


def test_what_somebody_changed_meanwhile_is_told_and_not_overwritten(crm, ana):
    id = task.add(crm, "send", key=ana).id
    before = shown(crm, id)
    crm.write("test", lambda w: w.update("task", id, title="theirs", priority=3))
    with pytest.raises(amend.Clash, match="title: theirs") as caught:
        amend.save_task(crm, id, {**before, "title": "mine", "body": "x"}, before)
    assert caught.value.theirs == {"title": "theirs"}
    assert shown(crm, id)["body"] == ""
    before |= caught.value.theirs
    amend.save_task(crm, id, {**before, "title": "mine"}, before)
    assert (shown(crm, id)["title"], shown(crm, id)["priority"]) == ("mine", "3")
