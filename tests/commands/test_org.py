"""`crm org`."""

import pytest

KEYS = (
    "id handle name kind domain industry email phone emails phones urls addresses tags owner note"
    " custom uid created updated"
).split()


@pytest.fixture
def acme(run):
    words = ["--domain", "acme.si", "--kind", "client", "-e", "info@acme.si", "-p", "01 234 56 78"]
    return run("org", "add", "Acme d.o.o.", *words, "-t", "partner").out.strip()


def org(run, ref="o1"):
    return run("org", "show", ref, "--json").json


def names(run, *args):
    return [line.split("\t")[2] for line in run("org", "list", *args).lines]


def test_add_prints_the_reference_and_says_what_it_did(run):
    result = run("org", "add", "Acme")
    assert result.out == "o1\n"
    assert "Added o1 acme" in result.err


def test_add_takes_every_option(run):
    options = {
        "--kind": "supplier",
        "--domain": "https://www.Acme.si/about",
        "--industry": "retail",
        "-e": "work:info@acme.si",
        "-p": "01 234 56 78",
        "-u": "https://acme.si",
        "-a": "Trg 1",
        "-t": "+partner",
        "--note": "pays late",
        "--owner": "eva",
        "--set": "vat=SI1",
    }
    args = [word for pair in options.items() for word in pair]
    got = run("org", "add", "Acme", *args, "--json").json
    assert list(got) == KEYS
    assert (got["kind"], got["domain"], got["industry"]) == ("supplier", "acme.si", "retail")
    assert (got["emails"][0]["label"], got["email"]) == ("work", "info@acme.si")
    assert got["phones"][0]["norm"] == "+38612345678"
    assert (got["tags"], got["note"], got["owner"]) == (["partner"], "pays late", "eva")
    assert got["custom"] == {"vat": "SI1"}


def test_lists_are_never_null(run):
    got = run("org", "add", "Acme", "--json").json
    assert [got[key] for key in ("emails", "phones", "urls", "addresses", "tags")] == [[]] * 5


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 3, "an org needs a name"),
        ([" "], 3, "an org needs a name"),
        (["X", "--kind", "clent"], 3, "did you mean client?"),
        (["X", "-e", "nobody"], 3, "not an e-mail address"),
        (["X", "--set", "vat"], 2, "not key=value"),
        (["X", "--knid", "client"], 2, "--kind"),
    ],
)
def test_add_refuses(run, refused, args, code, said):
    assert said in refused("org", "add", *args, code=code)
    assert run("org", "list").out == ""


@pytest.mark.parametrize(
    "args",
    [
        ["ACME D.O.O."],
        ["Acme GmbH"],
        ["Acme Europe Ltd"],
        ["Other", "--domain", "www.acme.si"],
        ["Other", "-e", "INFO@acme.si"],
        ["Other", "-e", "boss@acme.si"],
    ],
)
def test_a_duplicate_is_refused_and_named(run, refused, acme, args):
    said = refused("org", "add", *args, code=4)
    for part in ("o1", "acme-d-o-o", "owner me", "last touch never", "--force"):
        assert part in said
    assert run("org", "add", *args, "--force").out == "o2\n"


def test_the_same_phone_alone_goes_on_and_is_said(run, acme):
    result = run("org", "add", "Other", "-p", "+386 1 2345678")
    assert result.out == "o2\n"
    assert "looks like o1 acme-d-o-o, Acme d.o.o. (60: same phone" in result.err
    assert "`crm dedupe orgs`" in result.err


def test_a_name_inside_another_is_refused_in_every_script(run, refused):
    run("org", "add", "华为")
    assert "o1 华为" in refused("org", "add", "华为技术有限公司", code=4)
    run("org", "add", "شرکت فولاد مبارکه")
    assert "o2" in refused("org", "add", "فولاد مبارکه (سهامی عام)", code=4)
    run("org", "add", 'ООО "Ромашка"')
    assert "o3" in refused("org", "add", "Ромашка Плюс", code=4)
    assert run("org", "list", "--count").out == "3\n"


def test_an_edit_is_looked_at_too(run, refused, acme):
    run("org", "add", "Beta")
    refused("org", "edit", "o2", "--name", "Acme", code=4)
    refused("org", "edit", "o2", "--domain", "acme.si", code=4)
    assert run("show", "o2", "--json").json["name"] == "Beta"
    assert run("org", "edit", "o2", "--name", "Acme", "--force").out == "o2\n"
    assert run("org", "edit", "o2", "--kind", "client").out == "o2\n"


def test_orgs_added_together_are_looked_at_too(run, refused):
    refused("org", "add", "--input", "-", input='[{"name": "Acme"}, {"name": "Acme Ltd"}]', code=4)
    assert run("org", "list").out == ""


def test_add_reads_input(run):
    text = '[{"name": "Acme", "kind": "client"}, {"name": "Kos"}]'
    assert run("org", "add", "--input", "-", input=text).lines == ["o1", "o2"]
    assert names(run) == ["Acme", "Kos"]


@pytest.mark.parametrize(
    "text", ["{", "5", '[{"name": "A"}, {}]', '{"name": {"a": 1}}', '{"name": "A", "emails": [5]}']
)
def test_input_that_is_not_valid_writes_nothing(run, refused, text):
    refused("org", "add", "--input", "-", input=text, code=3)
    assert run("org", "list").out == ""


def test_several_added_give_one_json_document(run):
    got = run("org", "add", "--input", "-", "--json", input='[{"name": "A"}, {"name": "B"}]')
    assert [record["name"] for record in got.json] == ["A", "B"]


def test_the_bare_noun_lists(run, acme):
    line = "o1\tacme-d-o-o\tAcme d.o.o.\tclient\tacme.si\tinfo@acme.si\t01 234 56 78\tpartner\n"
    assert run("org").out == run("org", "list").out == line


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "Acme d.o.o., Kos"),
        (["-t", "partner"], "Acme d.o.o."),
        (["--owner", "eva"], "Kos"),
        (["--owner", "me"], "Acme d.o.o."),
        (["--sort", "-name"], "Kos, Acme d.o.o."),
        (["--sort", "-id", "--limit", "1"], "Kos"),
    ],
)
def test_list_filters_and_sorts(run, acme, args, expected):
    run("org", "add", "Kos", "--owner", "eva")
    assert ", ".join(names(run, *args)) == expected


@pytest.mark.parametrize("args", [["--sort", "x"], ["--fields", "x"], ["-f", "x"], ["--x"]])
def test_list_refuses(refused, args):
    refused("org", "list", *args, code=2)


def test_show_has_people_last_touch_and_timeline(run, acme):
    run("contact", "add", "Ana Novak", "--org", "Acme d.o.o.", "--title", "CEO")
    run("log", "call", "c1", "hello")
    run("remind", "o1", "fri", "renewal")
    got = org(run, "acme-d-o-o")
    assert got["people"] == [{"id": "c1", "name": "Ana Novak", "title": "CEO"}]
    assert got["last_touch"] == "2026-11-23T09:00:00Z"
    assert [task["title"] for task in got["tasks"]] == ["renewal"]


def test_show_is_key_and_value_in_a_pipe(run, acme):
    pairs = dict(line.split("\t", 1) for line in run("org", "show", "o1").lines)
    assert (pairs["id"], pairs["kind"], pairs["tags"]) == ("o1", "client", "partner")


@pytest.mark.parametrize("ref", ["o9", "nowhere", "c1"])
def test_show_of_nothing_is_exit_1(run, refused, acme, ref):
    run("contact", "add", "Ana")
    refused("org", "show", ref, code=1)


@pytest.mark.parametrize(
    ("args", "key", "value"),
    [
        (["--name", "Acme Europe"], "name", "Acme Europe"),
        (["--kind", "partner"], "kind", "partner"),
        (["--domain", "acme.eu"], "domain", "acme.eu"),
        (["--industry", "retail"], "industry", "retail"),
        (["--note", "n"], "note", "n"),
        (["--owner", "eva"], "owner", "eva"),
        (["-t", "big"], "tags", ["partner", "big"]),
        (["--drop", "+partner"], "tags", []),
        (["--drop", "info@acme.si"], "email", None),
        (["--set", "vat=1"], "custom", {"vat": "1"}),
        (["--set", "industry=x"], "industry", "x"),
        (["--set", "domain="], "domain", None),
    ],
)
def test_edit_changes_one_thing(run, acme, args, key, value):
    result = run("org", "edit", "acme-d-o-o", *args)
    assert result.out == "o1\n"
    assert "Changed o1" in result.err
    assert org(run)[key] == value


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["o1", "--name", " "], 3),
        (["o1", "--kind", "x"], 3),
        (["o1", "--set", "vat"], 2),
        (["o9", "--note", "x"], 1),
        ([], 2),
    ],
)
def test_edit_refuses_and_writes_nothing(run, refused, acme, args, code):
    before = org(run)
    refused("org", "edit", *args, code=code)
    assert org(run) == before


def test_a_dry_run_of_edit_changes_nothing(run, acme):
    assert "Would change o1" in run("org", "edit", "o1", "--note", "x", "--dry-run").err
    assert org(run)["note"] is None


def test_one_is_removed_several_need_yes(run, refused, acme):
    run("org", "add", "Kos")
    refused("org", "rm", "o1", "o2", code=2)
    assert names(run) == ["Acme d.o.o.", "Kos"]
    assert run("org", "rm", "-", "--yes", input="o1\nkos\n").lines == ["o1", "o2"]
    assert names(run) == []
    assert run("undo").code == 0
    assert names(run) == ["Acme d.o.o.", "Kos"]


def test_what_an_org_in_the_trash_owed_is_not_due(run, acme):
    run("remind", "o1", "today", "renewal")
    assert "renewal" in run("due").out
    run("org", "rm", "o1")
    assert run("due").out == ""
