"""Our own export, read back from CSV, JSON and JSON lines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import InvalidError, UsageError
from crmcli.interchange.own import join_list, join_pairs, noun_of, split_list, split_pairs
from crmcli.interchange.record import Record, Reject

CONTACT = {
    "uid": "u1",
    "name": "Žiga Čopič",
    "given_name": "Žiga",
    "family_name": "Čopič",
    "emails": [("work", "z@x.si"), ("", "y@x.si")],
    "phones": [("mobile", "+38640000000")],
    "urls": [("", "https://x.si/a:b")],
    "dates": [("wedding", "2015-06-20")],
    "addresses": [
        {"label": "home", "street": "Trg 1", "locality": "Ptuj"},
        {"label": "work", "country": "SI"},
    ],
    "org": "Acme",
    "note": "=1+1",
    "tags": ["a b", "c"],
    "custom": {"Blood": "0"},
}


def test_contacts_as_csv(read_text):
    text = (
        "id,uid,handle,name,given_name,family_name,emails,phones,urls,dates,more_addresses,"
        "address_label,address_street,address_locality,org,note,tags,custom.Blood,last_touch\n"
        "c1,u1,ziga,Žiga Čopič,Žiga,Čopič,work:z@x.si; :y@x.si,mobile:+38640000000,"
        'https://x.si/a:b,wedding:2015-06-20,"[{""label"": ""work"", ""country"": ""SI""}]",'
        "home,Trg 1,Ptuj,Acme,'=1+1,a b; c,0,2026-01-01\n"
    )
    reading, items = read_text(text)

    assert (reading.preset, reading.noun) == ("crm", "contact")
    assert [item.raw for item in items] == [CONTACT]
    assert [c.name for c in reading.columns if c.dropped] == ["id", "handle", "last_touch"]
    assert reading.notes == ["left out, being derived: id, handle, last_touch"]


@pytest.mark.parametrize("form", ["array", "pretty", "lines"])
def test_contacts_as_json(read_text, form):
    item = {
        **{key: CONTACT[key] for key in ("uid", "name", "given_name", "family_name", "note")},
        "id": "c1",
        "emails": [
            {"label": "", "value": "y@x.si", "primary": False},
            {"label": "work", "value": "z@x.si", "primary": True},
        ],
        "phones": [{"label": "mobile", "value": "+38640000000", "primary": True}],
        "urls": ["https://x.si/a:b"],
        "dates": [{"label": "wedding", "date": "2015-06-20"}],
        "addresses": CONTACT["addresses"],
        "org": {"id": "o1", "name": "Acme"},
        "tags": ["a b", "c"],
        "custom": {"Blood": "0", "empty": ""},
        "birthday": None,
        "last_touch": "2026-01-01",
    }
    text = {
        "array": json.dumps([item, {"uid": "u2", "name": "B", "emails": []}]),
        "pretty": json.dumps([item, {"uid": "u2", "name": "B", "emails": []}], indent=2),
        "lines": json.dumps(item) + '\n\n{"uid": "u2", "name": "B", "emails": []}\n',
    }[form]
    reading, items = read_text(text, "file.json")

    assert (reading.preset, reading.noun, reading.delimiter) == ("crm", "contact", "")
    assert [item.raw for item in items] == [CONTACT, {"uid": "u2", "name": "B"}]
    assert [item.line for item in items] == {
        "array": [1, 1],
        "pretty": [2, text[: text.index('"u2"')].count("\n")],
        "lines": [1, 3],
    }[form]
    assert {c.name for c in reading.columns if c.dropped} == {"id", "last_touch"}


@pytest.mark.parametrize(
    ("text", "noun", "raw"),
    [
        (
            "uid,name,kind,domain,phones,tags,custom.x\nu,Acme,company,acme.si,work:1,a; b,7\n",
            "org",
            {
                "uid": "u",
                "name": "Acme",
                "kind": "company",
                "domain": "acme.si",
                "phones": [("work", "1")],
                "tags": ["a", "b"],
                "custom": {"x": "7"},
            },
        ),
        (
            "uid,title,status,due_on\nu,'-call,open,\n",
            "task",
            {"uid": "u", "title": "-call", "status": "open"},
        ),
        (
            'uid,kind,occurred_at,body\nu,call,2026-01-01T00:00:00Z,"a\nb"\n',
            "interaction",
            {"uid": "u", "kind": "call", "occurred_at": "2026-01-01T00:00:00Z", "body": "a\nb"},
        ),
        (
            '[{"uid": "u", "title": "x", "status": "open", "duration": 0, "due_on": null}]',
            "task",
            {"uid": "u", "title": "x", "status": "open", "duration": 0},
        ),
    ],
)
def test_the_other_nouns(read_text, text, noun, raw):
    reading, items = read_text(text)

    assert reading.noun == noun
    assert [(item.noun, item.raw) for item in items] == [(noun, raw)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("'=1", "=1"), ("''=1", "'=1"), ("'+386", "+386"), ("'@x", "@x"), ("'tis", "'tis")],
)
def test_exactly_one_guard_is_taken_off_our_own_files_only(raws, cell, value):
    assert raws(f"uid,name,emails,note\nu,A,,{cell}\n")[0]["note"] == value
    assert raws(f"Name,Email,Note\nA,,{cell}\n")[0]["note"] == cell


texts = st.text(st.sampled_from("ab:;\\ č'@"), min_size=1, max_size=8).map(str.strip)


FOREIGN = {
    "external": 5,
    "org_external": [1],
    "people": [{"external": ["a", "b"]}],
    "org": {"emails": 7},
    "strangers": 7,
}


@pytest.mark.parametrize(
    "row",
    [
        {"uid": "u1", "name": "Ana", "emails": []},
        {"uid": "u1", "name": "Acme", "kind": "client", "domain": "acme.si"},
        {"uid": "u1", "title": "Call", "status": "needs_action"},
        {"uid": "u1", "kind": "call", "occurred_at": "2026-11-20T10:00:00Z"},
    ],
)
def test_what_only_other_programs_say_is_none_of_ours(read_text, row):
    """A stray key of that name in our file is left out, in whatever shape it is."""
    (plain,) = read_text(json.dumps(row), "o.jsonl")[1]
    given = {**FOREIGN, **row} if plain.noun != "contact" else {**row, "external": 5}
    assert read_text(json.dumps(given), "o.jsonl")[1][0].raw == plain.raw
    head = ",".join([*row, *FOREIGN])
    cells = ",".join(["" if one == [] else str(one) for one in row.values()] + ["x"] * len(FOREIGN))
    (found,) = read_text(f"{head}\n{cells}\n")[1]
    assert not set(found.raw) & {"external", "org_external", "people", "strangers"}


@given(st.lists(texts.filter(bool)))
def test_lists_come_back(items):
    assert split_list(join_list(items)) == items


@given(st.lists(st.tuples(texts, texts.filter(bool))))
def test_pairs_come_back(pairs):
    assert split_pairs(join_pairs(pairs)) == pairs


def test_pairs_as_people_write_them():
    assert split_pairs("a@x.si;work: b@x.si ;; https://x.si:8080/a") == [
        ("", "a@x.si"),
        ("work", "b@x.si"),
        ("", "https://x.si:8080/a"),
    ]


def test_recognised_by_headers_in_any_order_and_case():
    assert noun_of(["Emails", "x", "NAME", "uid"]) == "contact"
    assert noun_of(["uid", "name"]) is None


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[{"uid": "u", "name": "A", "emails": []},\n {"uid": }]', 2, "does not parse"),
        ('[{"uid": "u", "name": "A", "emails": []}\n{}]', 2, "expected ','"),
        ('[{"uid": "u", "name": "A", "emails": []},\n\n7]', 3, "expected an object"),
        ('[{"uid": "u", "name": "A", "emails": []},\n', 2, "expected an object"),
        ('[{"uid": "u", "name": "A", "emails": [], "x": NaN}]', 1, "does not parse"),
        ('[{"uid": "u", "name": "A", "emails": []},{"a":' + "[" * 100_000, 1, "does not parse"),
    ],
)
def test_a_broken_array_names_its_line(read_text, text, line, what):
    with pytest.raises(InvalidError, match=rf"file\.csv:{line}: is not valid JSON.*{what}"):
        read_text(text)


def test_an_object_without_end_is_refused_in_bounded_memory(read_text):
    good = '[{"uid": "u", "name": "A", "emails": []},'
    with pytest.raises(InvalidError, match="does not parse"):
        read_text(good + '{"uid": "' + "x" * 5_000_000)


def test_a_broken_line_is_one_reject(read_text):
    good = '{"uid": "u", "name": "A", "emails": []}\n'
    long = '{"uid": "' + "x" * 1_100_000 + '"}\n'
    _, items = read_text(good + "{oops\n7\n" + long + '{"name": "B", "emails": 5}\n' + good)

    assert [type(item) for item in items] == [Record, Reject, Reject, Reject, Reject, Record]
    assert [item.line for item in items] == [1, 2, 3, 4, 5, 6]
    assert [item.reason for item in items[1:5]] == [
        "is not JSON",
        "is not a JSON object",
        "the line is longer than 1048576 characters",
        "emails are not a list",
    ]


@pytest.mark.parametrize("text", ["[]", '[{"a": 1}]', '{"a": 1}\n', "{\n", "[\n", "[7]"])
def test_other_json_is_refused(read_text, text):
    with pytest.raises(InvalidError):
        read_text(text)


def test_map_is_for_tables(read_text):
    with pytest.raises(UsageError):
        read_text('[{"uid": "u", "name": "A", "emails": []}]', mapping="a=name")


def test_a_cell_of_broken_json_rejects_its_row(read_text):
    _, items = read_text("uid,name,emails,more_addresses\nu,A,,[{\nv,B,,5\nw,C,,[]\n")

    assert [type(item) for item in items] == [Reject, Reject, Record]
