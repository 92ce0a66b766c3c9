"""Filters through the service: what is unknown is given; where records change it is refused."""

import pytest

from crmcli.errors import UsageError
from crmcli.service import filter as filters
from crmcli.service import task


def test_unknown_tags_are_given(crm, ana):
    chosen = filters.condition(crm, "contact", filters.read(["+nobody"], None))
    assert len(chosen.unknown) == 1
    assert filters.condition(crm, "contact", None).where is None


def test_ids_of_a_text_or_a_tree(crm, ana):
    assert filters.ids(crm, "contact", "name:ana") == [ana[1]]
    assert filters.ids(crm, "contact", filters.term("org", "Acme")) == [ana[1]]
    assert filters.ids(crm, "contact", None) == [ana[1]]
    with pytest.raises(UsageError):
        filters.ids(crm, "contact", "not +nobody")


def test_only_open_tasks_unless_asked(crm):
    ids = [task.add(crm, title).id for title in ("one", "two")]
    task.done(crm, task.store.get_tasks(crm.store.reader, ids[:1]))
    for text, found in (("", ids[1:]), ("status:done", ids[:1])):
        tree = filters.read((), text)
        assert filters.ids(crm, "task", tree, filters.open_only(crm, tree)) == found
