"""Own fields in the store: definitions, conversion, rules, undo."""

from dataclasses import replace

import pytest

from crmcli.errors import ConflictError, InvalidError
from crmcli.rules.field import Definition, Fields
from crmcli.rules.values import custom_key
from crmcli.store import contact, field, org

WAYS = Fields(currency="EUR")
BUDGET = Definition("contact", "budget", "Yearly budget", "money")


def add(crm, own=BUDGET):
    return crm.write(lambda w: field.add_field(w, own, WAYS), "field add").value


def edit(crm, key="budget", new_key="", **change):
    old = field.definition(crm.conn, "contact", key)
    new = replace(old, **change, key=new_key or key)
    return crm.write(lambda w: field.edit_field(w, old, new, WAYS), "field edit").value


def custom(crm, id=1):
    return contact.get_contact(crm.conn, id).custom


def test_what_is_defined_is_read_back_in_order(crm):
    size = Definition("contact", "size", "Size", "choice", ("S", "M"), True, False, "M")
    of_org = Definition("org", "budget", "Budget", "money", unique=True)
    for own in (BUDGET, size, of_org):
        add(crm, own)
    found = field.definitions(crm.conn, "contact")
    assert [(own.key, own.title, own.type) for own in found] == [
        ("budget", "Yearly budget", "money"),
        ("size", "Size", "choice"),
    ]
    assert (found[1].choices, found[1].required, found[1].default) == (("S", "M"), True, "M")
    assert field.definition(crm.conn, "org", "budget").unique
    assert field.definition(crm.conn, "org", "size") is None
    with pytest.raises(ConflictError):
        add(crm, BUDGET)


@pytest.mark.parametrize("key", ["name", "emails", "custom", "stage", "city", "org", "zip"])
def test_a_key_hides_no_other_field(crm, key):
    with pytest.raises(InvalidError, match="already"):
        add(crm, Definition("contact", key, key))


def test_texts_under_the_key_are_brought_to_the_type_and_undo_brings_them_back(crm):
    crm.contact("Ana", custom={"budget": "9k", "tea": "green"})
    crm.contact("Bo", custom={"budget": "much"})
    crm.contact("Eva")
    crm.trash("contact", crm.contact("Old", custom={"budget": "1 EUR"}))
    before = contact.get_contact(crm.conn, 1).updated_at
    moved = add(crm)
    assert moved.values == 2
    assert [(one.id, one.name, one.value) for one in moved.unfit] == [(2, "Bo", "much")]
    assert "not an amount" in moved.unfit[0].reason
    assert custom(crm) == {"budget": {"minor": 900000, "currency": "EUR"}, "tea": "green"}
    assert (custom(crm, 2), custom(crm, 3)) == ({"budget": "much"}, {})
    assert custom(crm, 4) == {"budget": {"minor": 100, "currency": "EUR"}}
    assert contact.get_contact(crm.conn, 1).updated_at == before
    assert field.record(crm.conn, field.definition(crm.conn, "contact", "budget")) == {
        "id": "contact.budget",
        "noun": "contact",
        "key": "budget",
        "title": "Yearly budget",
        "type": "money",
        "choices": [],
        "required": False,
        "unique": False,
        "default": None,
        "values": 2,
        "unfit": 1,
    }
    crm.undo()
    assert custom(crm) == {"budget": "9k", "tea": "green"}
    assert field.definitions(crm.conn, "contact") == []
    crm.redo()
    assert custom(crm)["budget"]["minor"] == 900000


def test_another_type_reads_the_values_again(crm):
    add(crm)
    for text in ("5", "6.50 USD", "7"):
        crm.contact(text, custom={"budget": text})
    edit(crm)  # the texts were stored as texts: nobody said how to read them
    assert custom(crm, 2) == {"budget": {"minor": 650, "currency": "USD"}}
    moved = edit(crm, type="number")
    assert (moved.values, len(moved.unfit)) == (0, 3)
    assert custom(crm, 2) == {"budget": "6.50 USD"}
    edit(crm, type="money")
    assert custom(crm, 2) == {"budget": {"minor": 650, "currency": "USD"}}


def test_a_choice_becomes_a_list_and_a_dropped_choice_does_not_fit(crm):
    size = Definition("contact", "size", "Size", "choice", ("S", "M"))
    crm.contact("Ana", custom={"size": "s"})
    crm.contact("Bo", custom={"size": "m"})
    add(crm, size)
    edit(crm, "size", type="multi")
    assert custom(crm) == {"size": ["S"]}
    moved = edit(crm, "size", choices=("M", "L"))
    assert [one.id for one in moved.unfit] == [1]
    assert (custom(crm), custom(crm, 2)) == ({"size": "S"}, {"size": ["M"]})


def test_a_new_key_takes_the_values_along(crm):
    crm.contact("Ana", custom={"budget": "5", "tea": "green"})
    add(crm)
    edit(crm, "budget", new_key="yearly")
    assert custom(crm) == {"tea": "green", "yearly": {"minor": 500, "currency": "EUR"}}
    with pytest.raises(ConflictError, match="in use"):
        edit(crm, "yearly", new_key="tea")
    crm.undo()
    assert custom(crm)["budget"] == {"minor": 500, "currency": "EUR"}


def test_a_removed_field_leaves_texts_or_nothing(crm):
    crm.contact("Ana", custom={"budget": "5", "langs": "b; a"})
    add(crm)
    add(crm, Definition("contact", "langs", "Languages", "multi", ("a", "b")))
    own = field.definition(crm.conn, "contact", "budget")
    assert crm.write(lambda w: field.remove_field(w, own)).value == 1
    assert custom(crm) == {"budget": "5.00 EUR", "langs": ["a", "b"]}
    langs = field.definition(crm.conn, "contact", "langs")
    crm.write(lambda w: field.remove_field(w, langs, drop_values=True))
    assert custom(crm) == {"budget": "5.00 EUR"}
    crm.undo()
    assert custom(crm)["langs"] == ["a", "b"]


def test_unique_is_held_on_every_write(crm):
    add(crm, Definition("contact", "code", "Code", unique=True))
    crm.contact("Ana", custom={"code": "A1"})
    with pytest.raises(ConflictError, match="c1 has 'a1'"):
        crm.contact("Bo", custom={"code": "a1"})
    crm.contact("Bo", custom={"code": "B"})
    with pytest.raises(ConflictError):
        crm.edit(2, custom={"code": "A1"})
    assert crm.edit(1, custom={"code": "a1"})
    crm.trash("contact", 1)
    assert crm.edit(2, custom={"code": "A1"})


def test_what_is_not_unique_cannot_become_so(crm):
    crm.contact("Ana", custom={"code": "1"})
    crm.contact("Bo", custom={"code": "1"})
    with pytest.raises(ConflictError, match="c1 and c2"):
        add(crm, Definition("contact", "code", "Code", unique=True))
    assert field.definitions(crm.conn, "contact") == []


def test_required_and_default(crm):
    crm.org("Old")
    add(crm, Definition("org", "vat", "VAT", required=True))
    add(crm, Definition("org", "paid", "Paid", "bool", default=False))
    with pytest.raises(InvalidError, match="vat is required"):
        crm.org("Acme")
    id = crm.org("Acme", custom={"vat": "SI1"})
    assert org.get_org(crm.conn, id).custom == {"paid": False, "vat": "SI1"}
    own = field.definition(crm.conn, "org", "vat")
    assert [(one.id, one.reason) for one in field.misfits(crm.conn, own, WAYS)] == [
        (1, "required, but empty")
    ]


def test_misfits(crm):
    crm.contact("Ana", custom={"budget": "much"})
    crm.contact("Bo", custom={"budget": "5"})
    add(crm)
    crm.contact("Eva", custom={"budget": "6"})  # written by somebody who did not know the type
    own = field.definition(crm.conn, "contact", "budget")
    reasons = {one.id: one.reason for one in field.misfits(crm.conn, own, WAYS)}
    assert set(reasons) == {1, 3}
    assert "not an amount" in reasons[1]
    assert "--type money" in reasons[3]


@pytest.mark.parametrize("key", ["کلید", "名前", "a_b", "č"])
def test_keys_of_any_script_are_found(crm, key):
    crm.contact("Ana", custom={key: "1"})
    assert [one.stored for one in field.holders(crm.conn, "contact", custom_key(key))] == ["1"]


def test_only_values_are_searched(crm):
    crm.contact("Ana", custom={"tea": "green"})
    add(crm, Definition("contact", "paid", "Paid", "bool", default=True))
    add(crm)
    crm.edit(1, custom={"budget": {"minor": 123456, "currency": "CHF"}, "langs": ["Klingon"]})
    assert crm.find("green") == crm.find("klingon") == ["c1"]
    assert crm.find("1234.56 chf") == ["c1"]
    assert crm.find("tea") == crm.find("minor") == crm.find("currency") == []


def test_json_tells_amount_and_currency(crm):
    crm.contact("Ana", custom={"budget": "5"})
    add(crm)
    got = contact.get_contact(crm.conn, 1).json()["custom"]
    assert got == {"budget": {"amount": "5.00", "currency": "EUR"}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"a": 0}, '{"a": 0}'), ({"a": False}, '{"a": false}'), ({"a": []}, "{}"), ({"a": 2.5}, None)],
)
def test_zero_and_no_are_values(changes, expected):
    assert field.merged("{}", changes) == (expected or '{"a": 2.5}')
