"""Many records as one group: tags and the trash."""

from crmcli.service import bulk
from crmcli.store.contact import get_contact
from crmcli.store.party import list_trash


def test_tags_go_on_and_off_in_one_group(crm, ana):
    _, id = ana
    assert bulk.tag(crm, "contact", [id], ["vip"]).moved == [True]
    moved = bulk.tag(crm, "contact", [id], ["fair"], ["vip"])
    assert moved.moved == [True]
    assert moved.group_id
    assert [*get_contact(crm.store.reader, id).tags] == ["fair"]
    assert bulk.tag(crm, "contact", [id], ["fair"]).count == 0


def test_removed_records_are_in_the_trash(crm, ana):
    assert bulk.remove(crm, "contact", [ana], dry_run=True).moved == [True]
    assert list_trash(crm.store.reader, 10) == []
    assert bulk.remove(crm, "contact", [ana]).moved == [True]
    assert len(list_trash(crm.store.reader, 10)) == 1
