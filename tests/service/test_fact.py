"""Facts one by one: how they are shown and typed, and how they are saved."""

import pytest

from crmcli.errors import ConflictError, CrmError, InvalidError, NotFoundError, UsageError
from crmcli.rules.field import Definition, Fields
from crmcli.service import card, contact, log, org, task
from crmcli.service.fact import amend, read
from crmcli.service.fact.amend import Changed
from crmcli.service.fact.shown import facts as facts_of
from crmcli.service.fact.stored import values
from crmcli.service.party import Known
from crmcli.store.contact import get_contact
from crmcli.store.field import add_field
from crmcli.store.interaction import get_interaction
from crmcli.store.party import set_archived
from crmcli.store.task import get_task


@pytest.fixture
def bo(crm):
    """Bo Li, with two e-mails, c2."""
    raw = {"name": "Bo Li", "emails": ["bo@li.cn", "home:bo@home.cn"], "phones": ["040 123 456"]}
    return "contact", contact.add(crm, [raw]).value[0]


def facts(crm, key):
    return facts_of(crm, key, card.read(crm, key))


def one(crm, key, name, which=None):
    """Give the first fact of a name."""
    found = (f for f in facts(crm, key) if f.name[0] == name and which in (None, f.name[1]))
    return next(found)


def type_over(crm, key, name, text, which=None, **more):
    found = one(crm, key, name, which)
    return amend.save(crm, key, found, text, shown=more.pop("shown", found.value), **more)


def mails(crm, key):
    """Give label, value and whether it is primary."""
    ways = get_contact(crm.store.reader, key[1]).channels
    return [(way.label, way.value, way.primary) for way in ways if way.kind == "email"]


def test_what_is_shown_is_what_is_stored(crm, ana, bo):
    for key in (ana, bo):
        stored = values(crm.store.reader, key)
        shown = {f.name: f.value for f in facts(crm, key) if not f.is_fixed and f.name[0][0] != "+"}
        shown = {name: text for name, text in shown.items() if name[0] != "address"}
        assert shown == {name: stored.get(name, "") for name in shown}
        assert {name for name, text in stored.items() if text} <= set(shown)


def test_what_can_be_filled_in_comes_last(crm, ana):
    found = facts(crm, ana)
    empty = [not f.text for f in found]
    assert empty == sorted(empty)
    assert {f.name[0] for f in found if not f.text} >= {"+email", "tags", "note", "+custom"}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "Ana Kos", "Ana Kos"),
        ("title", "CEO", "CEO"),
        ("org", "Kos", "Kos"),
        ("org", "", ""),
        ("lifecycle_stage", "lead", "lead"),
        ("owner", "bo", "bo"),
        ("note", "likes\ntea", "likes\ntea"),
        ("cadence_days", "2w", "14d"),
        ("paused_until_on", "3d", "2026-11-26"),
        ("birthday", "17.5.1990", "1990-05-17"),
        ("tags", '+vip lead +"key account"', '+vip +lead +"key account"'),
    ],
)
def test_typing_over_a_fact_of_a_person(crm, ana, name, text, value):
    assert type_over(crm, ana, name, text).moved
    assert values(crm.store.reader, ana)[name, ""] == value
    if name != "name":
        type_over(crm, ana, name, "" if name != "owner" else "me")
        assert values(crm.store.reader, ana).get((name, "")) in (None, "", "other", "me")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", ""),
        ("owner", ""),
        ("lifecycle_stage", "nobody"),
        ("birthday", "tomorrowish"),
        ("cadence_days", "often"),
        ("paused_until_on", "yesterday"),
        ("email", "no address"),
        ("+custom", "tea"),
        ("+relation", "friend of"),
        ("+relation", "friend of = ana-novak"),
        ("tags", '+"vip'),
    ],
)
def test_what_does_not_fit_is_refused(crm, ana, name, text):
    before = values(crm.store.reader, ana)
    with pytest.raises((InvalidError, UsageError, NotFoundError)):
        type_over(crm, ana, name, text)
    assert values(crm.store.reader, ana) == before


def test_a_channel_keeps_its_place(crm, bo):
    assert type_over(crm, bo, "email", "work:bo@new.cn").moved
    assert mails(crm, bo) == [("work", "bo@new.cn", True), ("home", "bo@home.cn", False)]
    type_over(crm, bo, "email", "")
    assert mails(crm, bo) == [("home", "bo@home.cn", True)]


def test_two_channels_that_become_one_are_one(crm, bo):
    type_over(crm, bo, "email", "bo@home.cn")
    assert mails(crm, bo) == [("home", "bo@home.cn", True)]


def test_a_label_that_cannot_be_typed_stays(crm):
    raw = {"emails": [{"label": "Work 2", "value": "a@b.si"}], "name": "X"}
    key = "contact", contact.add(crm, [raw]).value[0]
    assert one(crm, key, "email").value == "a@b.si"
    type_over(crm, key, "email", "a@c.si")
    (way,) = get_contact(crm.store.reader, key[1]).channels
    assert (way.label, way.value) == ("Work 2", "a@c.si")


def test_an_odd_number_is_kept_and_told(crm, bo):
    saved = type_over(crm, bo, "phone", "12")
    assert saved.moved
    assert "unverified" in saved.said


def test_somebody_elses_address_is_refused_unless_forced(crm, ana, bo):
    with pytest.raises(Known, match="c1 ana-novak"):
        type_over(crm, bo, "email", "ana@acme.si")
    with pytest.raises(Known):
        type_over(crm, bo, "+email", "ana@acme.si")
    assert type_over(crm, bo, "email", "ana@acme.si", force=True).moved


def test_an_org_that_becomes_another_is_refused_unless_forced(crm):
    for name in ("Acme", "Kos"):
        org.add(crm, [{"name": name, "domain": f"{name}.si"}])
    kos = ("org", 2)
    for field, text in (("name", "Acme d.o.o."), ("domain", "acme.si")):
        with pytest.raises(Known, match="o1 acme, Acme"):
            type_over(crm, kos, field, text)
        assert type_over(crm, kos, field, text, force=True).moved


def test_what_looks_alike_is_said(crm, ana, bo):
    saved = type_over(crm, bo, "name", "Anna Novak")
    assert saved.said == ""  # a name alone is nothing
    saved = type_over(crm, bo, "org", "Acme")
    assert "looks like c1 ana-novak, Ana Novak (60: like name, same org" in saved.said


def test_what_changed_meanwhile_is_told(crm, ana):
    stale = one(crm, ana, "note")
    type_over(crm, ana, "note", "theirs")
    with pytest.raises(Changed) as told:
        amend.save(crm, ana, stale, "mine", shown=stale.value)
    assert told.value.theirs == "theirs"
    assert values(crm.store.reader, ana)["note", ""] == "theirs"
    assert not amend.save(crm, ana, stale, "theirs", shown="").moved
    assert amend.save(crm, ana, stale, "mine", shown="theirs").moved


def test_a_channel_that_went_meanwhile_is_told(crm, bo):
    stale = one(crm, bo, "email")
    type_over(crm, bo, "email", "")
    with pytest.raises(Changed) as told:
        amend.save(crm, bo, stale, "bo@new.cn", shown=stale.value)
    assert told.value.theirs == ""
    amend.save(crm, bo, stale, "bo@new.cn", shown="")
    assert [value for _, value, _ in mails(crm, bo)] == ["bo@home.cn", "bo@new.cn"]


def test_tags_of_two_writers_are_joined(crm, ana):
    type_over(crm, ana, "tags", "+vip +old")
    stale = one(crm, ana, "tags")
    type_over(crm, ana, "tags", "+vip +old +theirs")
    amend.save(crm, ana, stale, "+vip +mine -theirs", shown=stale.value)
    assert get_contact(crm.store.reader, ana[1]).tags == ("vip", "mine")
    amend.save(crm, ana, stale, "+Vip", shown=stale.value)
    assert get_contact(crm.store.reader, ana[1]).tags == ("vip", "mine")


def test_a_record_in_the_trash_takes_nothing(crm, ana):
    stale = one(crm, ana, "note")
    crm.write("contact rm", lambda w: set_archived(w, "contact", ana[1], archived=True))
    with pytest.raises(NotFoundError, match="c1 is in the trash"):
        amend.save(crm, ana, stale, "x", shown="")
    with pytest.raises(NotFoundError, match="c9 is gone"):
        values(crm.store.reader, ("contact", 9))


def test_dates(crm, ana):
    type_over(crm, ana, "+date", "Name day = 26 july")
    assert one(crm, ana, "date").text == "--07-26"
    type_over(crm, ana, "date", "27.7.2000", "name day")
    assert one(crm, ana, "date").text == "2000-07-27"
    type_over(crm, ana, "date", "", "name day")
    assert ("date", "name day") not in values(crm.store.reader, ana)


def test_own_fields_hold_to_their_types(crm, ana):
    def define(w):
        add_field(w, Definition("contact", "size", "Size", "choice", ("S", "M")), Fields())
        add_field(w, Definition("contact", "blog", "Blog", "url"), Fields())

    crm.write("field add", define)
    assert one(crm, ana, "custom", "size").words == ("S", "M")
    type_over(crm, ana, "custom", "m", "size")
    assert one(crm, ana, "custom", "size").text == "M"
    with pytest.raises(InvalidError, match="not a choice"):
        type_over(crm, ana, "custom", "XL", "size")
    type_over(crm, ana, "custom", "acme.si", "blog")
    assert one(crm, ana, "custom", "blog").link == "https://acme.si"
    type_over(crm, ana, "+custom", "tea = green")
    assert one(crm, ana, "custom", "tea").text == "green"


def test_relations(crm, ana, bo):
    type_over(crm, ana, "+relation", "referred by = bo-li")
    found = one(crm, ana, "relation")
    assert (found.text, found.opens) == ("referred by Bo Li", bo)
    type_over(crm, ana, "relation", "manager of = bo-li")
    assert one(crm, ana, "relation").text == "manager of Bo Li"
    assert one(crm, bo, "relation").text == "reports to Ana Novak"
    type_over(crm, ana, "relation", "")
    assert "relation" not in [f.name[0] for f in facts(crm, bo)]


def test_addresses(crm, ana):
    type_over(crm, ana, "+address", "Main Street 1")
    old = one(crm, ana, "address").address
    amend.save_address(crm, ana, old, {"street": "Main Street 2", "locality": "Kranj"})
    assert one(crm, ana, "address").text == "Main Street 2, Kranj"
    with pytest.raises(ConflictError):
        amend.save_address(crm, ana, old, {"street": "x"})
    amend.save_address(crm, ana, one(crm, ana, "address").address, {"street": " "})
    assert "address" not in [f.name[0] for f in facts(crm, ana)]


def test_typing_over_an_org(crm, ana):
    key = "org", 1
    for name, text in (("kind", "client"), ("domain", "acme.si"), ("industry", "tea")):
        assert type_over(crm, key, name, text).moved
        assert one(crm, key, name).text == text
    assert one(crm, key, "domain").link == "https://acme.si"
    assert one(crm, key, "person").opens == ana
    type_over(crm, key, "+phone", "040 1")
    type_over(crm, key, "tags", "+big")
    assert one(crm, key, "tags").text == "+big"


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("title", "call", "call"),
        ("for", "bo-li", "Bo Li"),
        ("due", "fri 9:00", "Fri 27 Nov 2026 09:00 (in 4 days)"),
        ("repeats", "2 weeks", "every 2 weeks"),
        ("kind", "call", "call"),
        ("priority", "1", "1"),
        ("body", "two\nlines", "two\nlines"),
    ],
)
def test_typing_over_a_task(crm, ana, bo, name, text, shown):
    key = "task", task.add(crm, "send offer", key=ana, due="today").id
    assert type_over(crm, key, name, text).moved
    assert one(crm, key, name).text == shown
    if name in ("title", "kind"):
        with pytest.raises(InvalidError):
            type_over(crm, key, name, "")
    else:
        assert type_over(crm, key, name, "").moved
        assert one(crm, key, name).text == ""


def test_a_series_counts_on_as_it_did(crm):
    key = "task", task.add(crm, "rent", due="2026-12-01", every="month", from_="done").id
    type_over(crm, key, "repeats", "every 2 months")
    found = get_task(crm.store.reader, key[1])
    assert (found.rrule, found.repeat_from) == ("FREQ=MONTHLY;INTERVAL=2", "done")
    with pytest.raises(InvalidError, match="repeats"):
        type_over(crm, key, "due", "")


def test_the_text_of_an_interaction(crm, ana):
    wish = log.Log(kind="call", text="hello")
    key = "interaction", log.write(crm, log.plan(crm, [ana], wish)).id
    assert type_over(crm, key, "body", "hello\nagain").moved
    assert get_interaction(crm.store.reader, key[1]).body == "hello\nagain"
    assert one(crm, key, "with").opens == ana
    with pytest.raises(Changed):
        type_over(crm, key, "body", "x", shown="hello")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("birthday", "17.5.1990", "birthday 1990-05-17"),
        ("+date", "name day = 26 july", "name day --07-26"),
        ("cadence_days", "2w", "every 14 days"),
        ("paused_until_on", "3d", "paused until Thu 26 Nov 2026 (in 3 days)"),
        ("name", "x", ""),
    ],
)
def test_what_is_typed_is_said_again(crm, ana, name, text, said):
    assert read.check(crm, one(crm, ana, name), text) == said


@pytest.mark.parametrize("name", ["birthday", "+date", "cadence_days", "paused_until_on"])
def test_what_cannot_be_understood_is_said(crm, ana, name):
    with pytest.raises(CrmError):
        read.check(crm, one(crm, ana, name), "x y z")


@pytest.mark.parametrize(
    ("shown", "text", "moved"),
    [
        ("+vip", "+vip", ([], [])),
        ("+vip", "", ([], ["vip"])),
        ("+vip +old", "vip new", (["new"], ["old"])),
        ("+vip", "+VIP -vip", ([], ["vip"])),
        ("", "o'neil, x", (["o'neil", "x"], [])),
    ],
)
def test_tags_between(shown, text, moved):
    assert read.tags_between(shown, text) == moved
