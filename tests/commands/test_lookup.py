"""`crm lookup`: who calls."""

import pytest


@pytest.fixture
def some(run, ana):
    run("contact", "add", "Bo Li", "-p", "+86 10 5555 1234", "-p", "040 999 777")
    run("org", "add", "Kos d.o.o.", "-p", "01 555 44 33")
    run("remind", "c1", "tomorrow", "send offer")
    run("log", "call", "c1", "--at", "2026-11-20 12:00")


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (["+38640123456"], ["c1"]),
        (["00386 40 123 456"], ["c1"]),
        (["040/123-456"], ["c1"]),
        (["3456"], ["c1"]),
        (["+386", "40", "123", "456"], ["c1"]),
        (["5555"], ["c2"]),
        (["0999777"], ["c2"]),
        (["0999778"], []),
        (["040 999777"], ["c2"]),
        (["5554433"], ["o2"]),
    ],
)
def test_any_part_of_a_number(run, some, number, found):
    got = run("lookup", *number, code=0 if found else 1)
    assert [line.split("\t")[0] for line in got.lines] == found


def test_it_shows_the_head_of_the_card(run, some):
    assert run("lookup", "3456").lines == [
        "c1\tana-novak\tAna Novak\tAcme\t\t040 123 456\tme\t2026-11-20T11:00:00Z\t"
        "t1 2026-11-24 send offer"
    ]
    (found,) = run("lookup", "3456", "--json").json
    assert found["tasks"] == [{"id": "t1", "due": "2026-11-24", "title": "send offer"}]
    assert found["name"] == "Ana Novak"


def test_a_number_stored_without_its_country_is_found_with_it(run, monkeypatch):
    monkeypatch.delenv("CRM_PHONE_REGION")
    run("contact", "add", "Ana", "-p", "040 123 456")
    assert run("lookup", "+386 40 123 456").out.startswith("c1\t")


def test_several_are_a_list_and_a_call_of_theirs_is_not_guessed(run, some, refused):
    run("contact", "add", "Ana's desk", "-p", "+386 1 777 3456")
    assert len(run("lookup", "3456").lines) == 2
    result = run("lookup", "3456", "--log", code=4)
    assert "c1, c3" in result.err
    assert len(run("export", "interactions", "-f", "jsonl").lines) == 1


def test_a_call_is_logged(run, some):
    assert "Logged their call: i2" in run("lookup", "5555", "--log").err
    found = run("show", "i2", "--json").json
    assert (found["kind"], found["direction"], found["people"][0]["id"]) == (
        "call",
        "inbound",
        "c2",
    )


def test_nobody_has_it(run, refused, database):
    assert "--create-lead" in refused("lookup", "01 234 56 78", code=1)
    assert not database.exists()
    assert run("lookup", "01 234 56 78", "--json", code=1).json == []


def test_an_unknown_caller_becomes_a_lead(run):
    run("lookup", "01 234 56 78", "--create-lead", "--log")
    found = run("show", "c1", "--json").json
    assert (found["name"], found["lifecycle_stage"]) == ("01 234 56 78", "lead")
    assert found["phones"][0]["norm"] == "+38612345678"
    assert found["timeline"][0]["direction"] == "inbound"
    run("lookup", "01 234 56 78", "--create-lead", "--name", "Jan")
    assert len(run("contact", "list").lines) == 1


def test_a_lead_may_have_a_name(run):
    run("lookup", "+442071234567", "--create-lead", "--name", "Jan [/] \x1b[31mKos")
    assert run("lookup", "4567").out.startswith("c1\tjan-")


@pytest.mark.parametrize("number", ["ana", "12", "+", "", "040x123456"])
def test_what_is_no_number(refused, number):
    assert "not a telephone number" in refused("lookup", number, code=2)
