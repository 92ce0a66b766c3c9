"""Who knows whom, seen from both sides."""

import pytest

from crmcli.rules.relation import Pair
from crmcli.store import relation

REFERRED = Pair("referred by", "referred")
SPOUSE = Pair("spouse of", "spouse of")


@pytest.fixture
def three(crm):
    for name in ("Ana Novak", "Bo Li", "سارا"):
        crm.contact(name)
    return crm


def relate(crm, one, other, pair=REFERRED):
    return crm.write(lambda w: relation.relate(w, one, other, pair)).value


def seen(crm, id):
    return [(row["as"], row["id"], row["name"]) for row in relation.relations(crm.conn, id)]


def test_each_side_reads_its_own_word(three):
    assert relate(three, 1, 2)
    assert seen(three, 1) == [("referred by", "c2", "Bo Li")]
    assert seen(three, 2) == [("referred", "c1", "Ana Novak")]
    assert relation.relations(three.conn, 1)[0]["handle"] == "bo-li"


def test_the_same_again_writes_nothing_but_the_other_way_round_is_another(three):
    relate(three, 1, 2)
    done = three.write(lambda w: relation.relate(w, 1, 2, REFERRED))
    assert (done.value, done.group_id) == (False, None)
    assert relate(three, 2, 1)
    assert relate(three, 1, 3)
    assert seen(three, 1) == [
        ("referred by", "c2", "Bo Li"),
        ("referred", "c2", "Bo Li"),
        ("referred by", "c3", "سارا"),
    ]


def test_a_symmetric_relation_holds_once(three):
    assert relate(three, 2, 1, SPOUSE)
    assert not relate(three, 1, 2, SPOUSE)
    assert seen(three, 1) == [("spouse of", "c2", "Bo Li")]
    assert seen(three, 2) == [("spouse of", "c1", "Ana Novak")]
    assert three.write(lambda w: relation.unrelate(w, 1, 2, SPOUSE)).value == 1
    assert seen(three, 1) == []


def test_one_relation_or_all_are_removed_and_undone(three):
    relate(three, 1, 2)
    relate(three, 1, 2, SPOUSE)
    assert three.write(lambda w: relation.unrelate(w, 2, 1, REFERRED)).value == 0
    assert three.write(lambda w: relation.unrelate(w, 1, 2, REFERRED)).value == 1
    three.undo()
    assert three.write(lambda w: relation.unrelate(w, 2, 1, None)).value == 2
    assert seen(three, 1) == []
    three.undo()
    assert len(seen(three, 1)) == 2


def test_removing_what_was_never_said_writes_nothing(three):
    assert three.write(lambda w: relation.unrelate(w, 1, 2, REFERRED)).group_id is None


def test_who_is_in_the_trash_is_not_shown(three):
    relate(three, 1, 2)
    three.trash("contact", 2)
    assert seen(three, 1) == []
    three.trash("contact", 2, archived=False)
    assert len(seen(three, 1)) == 1


def test_undoing_the_first_use_of_a_word_takes_the_word_too(three):
    relate(three, 1, 2, Pair("investor of", "backed by"))
    assert relation.list_pairs(three.conn)[0] == {
        "id": "investor of",
        "name": "investor of",
        "inverse": "backed by",
        "relations": 1,
    }
    three.undo()
    assert three.all("SELECT * FROM relationship_type") == []
    assert Pair("investor of", "backed by") not in relation.pairs(three.conn)


def test_renamed_words_are_read_everywhere(three):
    relate(three, 1, 2)
    new = Pair("sent by", "sent")
    three.write(lambda w: relation.rename_pair(w, REFERRED, new))
    assert (seen(three, 1)[0][0], seen(three, 2)[0][0]) == ("sent by", "sent")
    names = [row["name"] for row in relation.list_pairs(three.conn)]
    assert names[0] == "sent by"
    assert "referred by" in names  # comes along, so it may be used anew
