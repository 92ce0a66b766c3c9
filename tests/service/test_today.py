"""What a filter selects of the day."""

import pytest

from crmcli.errors import UsageError
from crmcli.rules.filter import parse
from crmcli.service import today


@pytest.fixture
def day(crm, run):
    """Ana (vip) and Bo have something due, and nobody the rent."""
    run("contact", "add", "Ana Novak", "-t", "vip")
    run("contact", "add", "Bo Li")
    run("org", "add", "Acme")
    for ref, title in (("c1", "call back"), ("c2", "send the offer"), ("o1", "visit")):
        run("remind", ref, "today", title)
    run("task", "add", "pay the rent", "--due", "today")
    return [item for item in today.items(crm) if item.section == "today"]


def titles(crm, day, text):
    items, unknown = today.matching(crm, day, parse(text) if text else None, text)
    assert not unknown
    return sorted(item.title for item in items)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["call back", "pay the rent", "send the offer", "visit"]),
        ("+vip", ["call back"]),
        ("not +vip", ["send the offer"]),
        ("novak", ["call back"]),
        ("OFFER", ["send the offer"]),
        ("rent", ["pay the rent"]),
        ("acme", ["visit"]),
        ("xyzzy", []),
    ],
)
def test_people_or_text(crm, day, text, wanted):
    assert titles(crm, day, text) == wanted


def test_what_there_is_not_is_told(crm, day):
    _, unknown = today.matching(crm, day, parse("+nobody"), "+nobody")
    assert unknown == ("there is no tag nobody; one of vip",)
    with pytest.raises(UsageError, match="no field 'foo'"):
        today.matching(crm, day, parse("foo:x"), "foo:x")
