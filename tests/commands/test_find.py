"""`crm find`."""

import pytest


@pytest.fixture
def some(run, ana):
    run("contact", "add", "Čopič Žan", "--note", "met at the fair")
    run("contact", "add", "张伟", "--org", "北京科技")
    run("contact", "add", "Nils Müßig", "-p", "+49 30 1234567")
    run("remind", "c1", "fri", "pilot offer")
    run("log", "call", "c1", "spoke about budget")


def ids(run, *words):
    return run("find", *words, "-f", "ids").out.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ana"], ["c1"]),
        (["copic"], ["c2"]),
        (["ČOPIČ"], ["c2"]),
        (["mussig"], ["c4"]),
        (["张伟"], ["c3"]),
        (["伟"], ["c3"]),
        (["科技"], ["o2", "c3"]),
        (["pilot"], ["t1"]),
        (["pilot", "offer"], ["t1"]),
        (["offer pilot"], ["t1"]),
        (["budget"], ["i1"]),
        (["fair"], ["c2"]),
        (["ana@acme.si"], ["c1"]),
        (["1234"], ["c1", "c4"]),
        (["040 123"], ["c1"]),
        (["ovak"], ["c1"]),
    ],
)
def test_find(run, some, words, expected):
    found = ids(run, *words)
    assert [id for id in found if id in expected] == found[: len(expected)]
    assert set(expected) <= set(found)


def test_a_line_says_what_it_is_and_what_tells_it_apart(run, some):
    assert run("find", "ana", "novak").lines[0] == (
        "c1\tcontact\tAna Novak\tAcme, ana@acme.si, 040 123 456"
    )
    assert run("find", "pilot").lines == ["t1\ttask\tpilot offer\t2026-11-27, Ana Novak"]
    assert run("find", "budget").lines[0] == (
        "i1\tinteraction\tAna Novak\t2026-11-23 call spoke about budget"
    )


def test_names_come_before_mentions(run, some):
    run("contact", "add", "Zvone Budget")
    assert ids(run, "budget")[0] == "c5"


def test_json_has_ids_and_handles(run, some):
    (hit,) = run("find", "copic", "--json").json
    assert list(hit) == ["id", "noun", "name", "detail", "handle"]
    assert (hit["id"], hit["handle"]) == ("c2", "copic-zan")


def test_limit(run, some):
    for number in range(3):
        run("contact", "add", f"Eva Kos {number}")
    assert len(ids(run, "eva", "--limit", "2")) == 2
    assert len(ids(run, "eva", "--limit", "0")) == 3


def test_what_lies_in_the_trash_is_not_found(run, refused, some):
    run("contact", "rm", "c2")
    refused("find", "copic", code=1)


@pytest.mark.parametrize(
    "words",
    [["zzz"], ["%"], ["_"], ['"'], ["*"], ["ana", "zzz"], ["(", "OR"], ["NEAR(ana)"], [" "]],
)
def test_nothing_found_is_exit_1(refused, some, words):
    assert "nothing matches" in refused("find", *words, code=1)


def test_nothing_found_as_json_is_an_empty_list_and_an_error(run, some):
    result = run("find", "zzz", "--json", code=1)
    assert result.json == []
    assert '"code": 1' in result.err


@pytest.mark.parametrize("args", [[], ["ana", "--limit", "x"], ["ana", "--fields", "x"], ["-x"]])
def test_find_refuses(refused, some, args):
    refused("find", *args, code=2)


def test_a_mistyped_name_is_found_and_that_is_said(run, some):
    assert [ids(run, typed) for typed in ("Novka", "novaak")] == [["c1"], ["c1"]]
    found = run("find", "Ana Novka")
    assert found.lines[0].startswith("c1\tcontact\tAna Novak")
    assert found.err == "Nothing is called 'Ana Novka'; similar:\n"
    assert run("find", "novak").err == ""


def test_what_finds_nobody_is_never_resolved_but_hinted_at(run, refused, some):
    hint = "did you mean Ana Novak (c1)?"
    for words in (["contact", "show", "ana-novka"], ["log", "call", "Ana Novka", "hello"]):
        assert hint in refused(*words, code=1)
    assert hint in refused("contact", "rm", "novka", code=1)
    assert "did you mean Čopič Žan (c2)?" in refused("show", "copci", code=1)
    assert "`crm find zzzz` looks wider" in refused("show", "zzzz", code=1)
    assert run("show", "novka", "--json", code=1).out == ""


def test_find_in_nothing_makes_no_database(refused, database):
    refused("find", "ana", code=1)
    assert not database.exists()
