"""`crm show`: one record of any noun."""

import pytest


@pytest.fixture
def all_nouns(run, bo):
    run("remind", "c1", "fri", "offer")
    run("log", "call", "c2", "hello")


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("c1", "Ana Novak"),
        ("C1", "Ana Novak"),
        ("ana-novak", "Ana Novak"),
        ("ANA-NOVAK", "Ana Novak"),
        ("ana novak", "Ana Novak"),
        ("ana@acme.si", "Ana Novak"),
        ("Ana@Acme.SI", "Ana Novak"),
        ("040 123 456", "Ana Novak"),
        ("+38640123456", "Ana Novak"),
        ("00386 (40) 123-456", "Ana Novak"),
        ("o1", "Acme"),
        ("acme", "Acme"),
    ],
)
def test_show_takes_every_form_of_reference(run, all_nouns, ref, name):
    assert run("show", ref, "--json").json["name"] == name


@pytest.mark.parametrize(("ref", "key", "value"), [("t1", "title", "offer"), ("i1", "id", "i1")])
def test_show_takes_tasks_and_interactions(run, all_nouns, ref, key, value):
    assert run("show", ref, "--json").json[key] == value
    assert f"{key}\t{value}" in run("show", ref).lines


def test_show_in_a_pipe_is_key_and_value(run, all_nouns):
    lines = [line.split("\t") for line in run("show", "c1").lines]
    assert all(len(line) == 2 for line in lines)
    assert lines[:3] == [["id", "c1"], ["handle", "ana-novak"], ["name", "Ana Novak"]]
    assert ["tasks", "t1 2026-11-27 offer"] in lines


def test_the_card(run, all_nouns):
    card = run("show", "c1", "-f", "table").out
    for part in ("Ana Novak", "c1 ana-novak", "Acme", "+vip", "never", "t1", "offer"):
        assert part in card


@pytest.mark.parametrize(
    ("form", "head"),
    [
        ("csv", "id,handle,name"),
        ("jsonl", '{"id": "c1", "handle": "ana-novak"'),
        ("ids", "c1\n"),
        ("md", "| "),
    ],
)
def test_other_formats(run, all_nouns, form, head):
    assert run("show", "c1", "-f", form).out.startswith(head)


def test_fields(run, all_nouns):
    got = run("show", "c1", "--fields", "name,email", "--json").json
    assert got == {"name": "Ana Novak", "email": "ana@acme.si"}
    assert run("show", "c1", "--fields", "name,email").out == "Ana Novak\tana@acme.si\n"


@pytest.mark.parametrize("form", ["tsv", "csv", "table"])
def test_an_unknown_field_is_usage(refused, all_nouns, form):
    assert "unknown field" in refused("show", "c1", "--fields", "nmae", "-f", form, code=2)


@pytest.mark.parametrize("form", ["table", "tsv", "json"])
def test_show_into_a_file(run, all_nouns, home, form):
    result = run("show", "c1", "-f", form, "-o", str(home / "out"))
    assert result.out == ""
    assert "Ana Novak" in (home / "out").read_text()


@pytest.mark.parametrize(
    "ref", ["c9", "t99", "nobody", "ana", "5", "", "-", "c99999999999999999999"]
)
def test_show_of_nothing_is_exit_1(refused, all_nouns, ref):
    refused("show", "--", ref, code=1)


def test_what_lies_in_the_trash_is_said_so(run, refused, all_nouns):
    run("contact", "rm", "c1")
    assert "crm trash restore c1" in refused("show", "c1", code=1)


def test_show_needs_a_reference(refused):
    refused("show", code=2)


# keeping in touch


@pytest.fixture
def kept(run, ana):
    """Ana, every 28 days, with what each owes the other and a series."""
    run("log", "call", "c1", "--at", "2026-11-01 12:00")
    run("contact", "cadence", "c1", "28d", "--max", "40d")
    run("task", "add", "the offer", "--kind", "promise", "--for", "c1", "--due", "fri")
    run("task", "add", "the contract", "--kind", "waiting", "--for", "c1", "--due", "2026-11-20")
    run("task", "add", "weekly call", "--for", "c1", "--due", "mon", "--every", "week")
    run("contact", "date", "c1", "name day", "26 july", "--lead", "14d")


def test_the_card_says_who_owes_what(run, kept):
    card = run("show", "c1", "-f", "table").out
    order = ["I owe", "the offer", "They owe", "2026-11-20 late", "the contract", "Follow-ups"]
    order += ["weekly call", "(every week)", "Timeline"]
    places = [card.index(part) for part in order]
    assert places == sorted(places)
    assert "No follow-up" not in card


def test_the_card_says_where_keeping_in_touch_stands(run, kept):
    card = " ".join(run("show", "c1", "-f", "table").out.split())
    assert "keep in touch ok, 22 of 28 days (own) next 2026-11-29" in card.replace(
        ", next", " next"
    )
    assert "name day --07-26 (told 14 days before)" in card
    assert "pulse " in card


def test_the_stand_as_json(run, kept):
    got = run("show", "c1", "--json").json
    touch = got["touch"]
    assert (touch["state"], touch["ago"], touch["share"], touch["health"]) == ("ok", 22, 0.79, 58)
    assert (touch["days"], touch["max_days"], touch["source"]) == (28, 40, "own")
    assert got["next_touch"] == touch["next_touch"] == "2026-11-29"
    assert got["pulse"] == [0] * 8 + [1, 0, 0, 0]
    assert [(task["kind"], task["repeats"]) for task in got["tasks"]] == [
        ("waiting", None),
        ("promise", None),
        ("follow_up", "every week"),
    ]


def test_who_has_no_cadence_has_no_stand(run, ana):
    got = run("show", "c1", "--json").json
    assert (got["touch"], got["next_touch"]) == (None, None)
    assert "keep in touch" not in run("show", "c1", "-f", "table").out


def test_what_show_gives_comes_back_as_input(run, kept):
    import json

    got = run("show", "c1", "--json").json
    got["name"], got["emails"], got["phones"] = "Bo Li", [], []
    run("contact", "add", "--input", "-", input=json.dumps(got))
    new = run("show", "c2", "--json").json
    assert (new["cadence_days"], new["cadence_max_days"]) == (28, 40)


def test_a_series_in_the_card_of_a_task(run, kept):
    card = run("show", "t3", "-f", "table").out
    assert "every week" in card
    got = run("show", "t3", "--json").json
    assert (got["repeats"], got["rrule"], got["repeat_from"]) == (
        "every week",
        "FREQ=WEEKLY",
        "due",
    )
