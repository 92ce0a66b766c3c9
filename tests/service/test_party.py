"""People and orgs through the service: warnings and notes are given, not said."""

import pytest

from crmcli.errors import ConflictError
from crmcli.service import contact, org
from crmcli.store.contact import get_contact


def test_adding_gives_warnings_and_where_they_work(crm, ana):
    added = contact.add(crm, [{"name": "Bo", "org": "Acmee", "phones": ["12"]}, {"name": "Li"}])
    assert len(added.value) == 2
    assert added.orgs == ["At o2 Acmee (new; nearest: Acme)", ""]
    assert [len(warnings) for warnings in added.warnings] == [1, 0]
    assert added.changes.ids["contact"] == set(added.value)


def test_an_edit_carries_its_warnings(crm, ana):
    edit = contact.edit(crm, {"org": "Kos"}, {"phones": ["12"]}, {}, [])
    assert len(edit.warnings) == 1
    saved = contact.save(crm, [ana[1]], edit)
    assert saved.said == "At o2 Kos (new)"
    assert get_contact(crm.store.reader, ana[1]).org == "Kos"


def test_a_known_address_is_refused_unless_forced(crm, ana):
    (id,) = contact.add(crm, [{"name": "Bo Li"}]).value
    edit = contact.edit(crm, {}, {"emails": ["ana@acme.si"]}, {}, [])
    with pytest.raises(ConflictError):
        contact.save(crm, [id], edit)
    assert contact.save(crm, [id], edit, force=True).moved == [True]


def test_orgs_too(crm):
    (id,) = org.add(crm, [{"name": "Acme"}]).value
    assert org.save(crm, [id], org.edit(crm, {"kind": "client"}, {}, {}, [])).moved == [True]
    with pytest.raises(ConflictError):
        org.add(crm, [{"name": "Acme"}])
    assert org.add(crm, [{"name": "Acme"}], force=True).value == [2]
    kos = org.add(crm, [{"name": "Kos"}]).value
    edit = org.edit(crm, {"name": "Acme"}, {}, {}, [])
    with pytest.raises(ConflictError):
        org.save(crm, kos, edit)
    assert org.save(crm, kos, edit, force=True).moved == [True]


def test_a_stub_tells_of_the_org_it_probably_is(crm):
    org.add(crm, [{"name": "华为"}, {"name": "Acme d.o.o."}])
    people = [{"name": "Ana", "org": "Acme GmbH"}, {"name": "Bo", "org": "华为技术有限公司"}]
    assert contact.add(crm, people).orgs == [
        "At o3 Acme GmbH (new; nearest: Acme d.o.o.)",
        "At o4 华为技术有限公司 (new; nearest: 华为)",
    ]


def test_many_who_get_one_org_are_not_compared(crm):
    ids = contact.add(crm, [{"name": "Ana Novak"}, {"name": "Anna Novak"}]).value
    edit = contact.edit(crm, {"org": "Acme"}, {}, {}, [])
    assert "looks like" not in contact.save(crm, ids, edit).said
