"""Tags in the store: on and off many records, renamed, merged, dropped, each undone in one step."""

import pytest

from crmcli.errors import ConflictError, NotFoundError
from crmcli.store import contact, interaction, org, tag


@pytest.fixture
def people(crm):
    """Ana (c1, vip and fair), Bo (c2, fair), Acme (o1, vip), a note (i1, vip)."""
    crm.contact("Ana", tags=["vip", "fair"])
    crm.contact("Bo", tags=["fair"])
    crm.org("Acme", tags=["vip"])
    crm.log(1, kind="feedback", body="too dear", tags=["vip"])
    return crm


def worn(crm):
    """Give who wears what."""
    return {
        "c1": contact.get_contact(crm.conn, 1).tags,
        "c2": contact.get_contact(crm.conn, 2).tags,
        "o1": org.get_org(crm.conn, 1).tags,
        "i1": interaction.get_interaction(crm.conn, 1).tags,
    }


BEFORE = {"c1": ("vip", "fair"), "c2": ("fair",), "o1": ("vip",), "i1": ("vip",)}
EVERYONE = [("contact", 1), ("contact", 2), ("org", 1), ("interaction", 1)]


def get(crm, name):
    return tag.get_tag(crm.conn, name)


def test_a_tag_is_found_by_any_spelling(people):
    assert get(people, "+VÍP").name == "vip"
    with pytest.raises(NotFoundError) as error:
        get(people, "vipp")
    assert error.value.hint == "did you mean vip?"


def test_counts_are_of_the_living(people):
    people.write(lambda w: w.insert("cadence", tag_id=1, days=30))
    people.contact("Old", tags=["fair"])
    people.trash("contact", 3)
    rows = tag.list_tags(people.conn, -1)
    assert [
        (r["name"], r["contacts"], r["orgs"], r["interactions"], r["cadence"]) for r in rows
    ] == [
        ("fair", 2, 0, 0, None),
        ("vip", 1, 1, 1, 30),
    ]
    assert [row["id"] for row in tag.list_tags(people.conn, 1)] == ["fair"]


def test_one_tag_goes_on_many_records_of_any_noun(people):
    added = people.write(lambda w: tag.put_on(w, "vip", EVERYONE)).value
    assert added == [("contact", 2)]
    assert worn(people)["c2"] == ("fair", "vip")
    assert people.find("vip") == ["c1", "c2", "o1", "i1"]
    people.undo()
    assert worn(people) == BEFORE
    assert people.find("vip") == ["c1", "o1", "i1"]


def test_nothing_new_is_nothing_written(people):
    assert people.write(lambda w: tag.put_on(w, "VIP", [("contact", 1)])).group_id is None


def test_thousands_are_tagged_at_once(people):
    for _ in range(3):
        people.write(
            lambda w: w.insert_many(
                "contact",
                ("uid", "display_name", "name_norm", "created_at", "updated_at"),
                [
                    (f"{w.now}{w.next_id('contact')}-{n}", "X", "x", w.now, w.now)
                    for n in range(400)
                ],
            )
        )
    ids = people.all("SELECT id FROM contact")
    keys = [("contact", id) for id in ids]
    assert len(people.write(lambda w: tag.put_on(w, "all", [*keys, *keys])).value) == 1202
    assert people.all("SELECT count(*) FROM tagging WHERE tag_id = 3") == [1202]
    assert len(people.write(lambda w: tag.take_off(w, 3, keys[2:])).value) == 1200


def test_a_tag_is_taken_off(people):
    removed = people.write(lambda w: tag.take_off(w, get(people, "vip").id, EVERYONE)).value
    assert removed == [("contact", 1), ("org", 1), ("interaction", 1)]
    assert worn(people) == {"c1": ("fair",), "c2": ("fair",), "o1": (), "i1": ()}
    people.undo()
    assert {key: set(tags) for key, tags in worn(people).items()} == {
        key: set(tags) for key, tags in BEFORE.items()
    }


def test_a_renamed_tag_is_found_by_its_new_name(people):
    assert people.write(lambda w: tag.rename_tag(w, get(people, "vip"), "کلیدی")).value
    assert worn(people)["c1"] == ("کلیدی", "fair")
    assert people.find("کلیدی") == ["c1", "o1", "i1"]
    assert people.find("vip") == []
    people.undo()
    assert worn(people) == BEFORE
    assert people.find("vip") == ["c1", "o1", "i1"]


def test_a_renamed_tag_may_change_its_spelling_but_takes_no_other_name(people):
    assert people.write(lambda w: tag.rename_tag(w, get(people, "vip"), "VIP")).value
    assert not people.write(lambda w: tag.rename_tag(w, get(people, "vip"), "VIP")).value
    with pytest.raises(ConflictError) as error:
        people.write(lambda w: tag.rename_tag(w, get(people, "vip"), "FAIR"))
    assert "crm tag merge VIP fair" in error.value.hint


def test_merged_tags_are_one(people):
    count = people.write(lambda w: tag.merge_tags(w, get(people, "vip"), get(people, "fair"))).value
    assert count == 3
    assert worn(people) == {"c1": ("fair",), "c2": ("fair",), "o1": ("fair",), "i1": ("fair",)}
    assert people.all("SELECT name FROM tag") == ["fair"]
    assert people.find("fair") == ["c1", "c2", "o1", "i1"]
    people.undo()
    assert {key: set(tags) for key, tags in worn(people).items()} == {
        key: set(tags) for key, tags in BEFORE.items()
    }


@pytest.mark.parametrize(
    ("cadences", "expected"), [({1: 7, 2: 30}, [(2, 30)]), ({1: 7}, [(2, 7)]), ({2: 30}, [(2, 30)])]
)
def test_the_cadence_of_the_one_that_stays_wins(people, cadences, expected):
    for id, days in cadences.items():
        people.write(lambda w, id=id, days=days: w.insert("cadence", tag_id=id, days=days))
    before = people.dump()
    people.write(lambda w: tag.merge_tags(w, get(people, "vip"), get(people, "fair")))
    assert people.all("SELECT tag_id, days FROM cadence") == expected
    due = people.all("SELECT next_touch_on FROM contact WHERE id = 2")
    assert due != [None]
    people.undo()
    assert sorted(people.dump().splitlines()) == sorted(before.splitlines())


def test_a_dropped_tag_is_gone_with_its_cadence_and_comes_back(people):
    people.write(lambda w: w.insert("cadence", tag_id=1, days=30))
    assert tag.count_wearers(people.conn, get(people, "vip")) == 3
    assert people.write(lambda w: tag.drop_tag(w, get(people, "vip"))).value == 3
    assert worn(people) == {"c1": ("fair",), "c2": ("fair",), "o1": (), "i1": ()}
    assert people.all("SELECT name FROM tag") == ["fair"]
    assert people.find("vip") == []
    people.undo()
    assert people.all("SELECT tag_id, days FROM cadence") == [(1, 30)]
    assert people.find("vip") == ["c1", "o1", "i1"]
