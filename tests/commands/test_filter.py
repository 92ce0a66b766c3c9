"""Filters on the command line: lists, counts, exports, bulk changes, `crm explain`."""

import json

import pytest

from crmcli.cli import take_options

PEOPLE = [
    ("Ana Novak", "-t", "vip", "--stage", "lead", "--org", "Acme", "-a", "Trg 1, Kranj"),
    ("Bo Li", "-t", "vip", "--owner", "eva", "--set", "tea=green"),
    ("Cene Kos", "--stage", "lead", "--org", "Beta", "--set", "tea=black"),
]


@pytest.fixture
def people(run):
    """Three people at two orgs, with three tasks."""
    for words in PEOPLE:
        run("contact", "add", *words)
    run("remind", "ana-novak", "yesterday", "call back")
    run("remind", "bo-li", "3d", "send offer")
    run("task", "add", "tidy up", "--due", "today", "--owner", "eva")


def refs(run, noun, *args):
    return run(noun, "list", *args, "-f", "ids").out.split()


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["+vip"], "c1 c2"),
        (["not", "+vip"], "c3"),
        (["+vip", "stage:lead"], "c1"),
        (["stage:lead", "or", "tea:green"], "c1 c2 c3"),
        (["(+vip or novak)", "owner:me"], "c1"),
        (["org:Acme"], "c1"),
        (["name:Bo Li"], "c2"),
        (["cene kos"], "c3"),
        (["task.due.before:today"], "c1"),
        (["--where", "stage:lead not address:kranj"], "c3"),
        (["--where", "stage:lead", "+vip"], "c1"),
        (["-t", "vip", "stage:lead"], "c1"),
        (["-t", "+VIP", "--owner", "eva"], "c2"),
        (["--org", "Beta", "stage:lead"], "c3"),
        (["stage:lead", "--sort", "-name"], "c3 c1"),
        (["--sort", "tea"], "c3 c2 c1"),
        (["--sort", "-tea"], "c2 c3 c1"),
        (["--sort", "org"], "c1 c3 c2"),
        (["--sort", "next_touch"], "c1 c2 c3"),
    ],
)
def test_contact_list_takes_filters(run, people, args, expected):
    assert " ".join(refs(run, "contact", *args)) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["person:novak"], "o1"),
        (["person.tea:black"], "o2"),
        (["task:none"], "o1 o2"),
        (["name:b", "owner:me"], "o2"),
    ],
)
def test_org_list_takes_filters(run, people, args, expected):
    assert " ".join(refs(run, "org", *args)) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "t1 t3 t2"),
        (["due.before:today"], "t1"),
        (["person.tag:vip"], "t1 t2"),
        (["owner:eva"], "t3"),
        (["--kind", "follow-up", "due.after:today"], "t2"),
        (["--for", "ana-novak", "title:call"], "t1"),
        (["--where", "person:none"], "t3"),
        (["--sort", "-title"], "t3 t2 t1"),
    ],
)
def test_task_list_takes_filters(run, people, args, expected):
    assert " ".join(refs(run, "task", *args)) == expected


def test_a_filter_for_a_status_lists_closed_tasks_too(run, people):
    run("done", "t1")
    assert refs(run, "task") == ["t3", "t2"]
    assert refs(run, "task", "status:done") == ["t1"]
    assert refs(run, "task", "status:any", "--sort", "id") == ["t1", "t2", "t3"]
    assert refs(run, "task", "--all", "due.before:today") == ["t1"]
    assert refs(run, "task", "--done") == ["t1"]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["contact", "list", "--count"], "3"),
        (["contact", "list", "+vip", "--count"], "2"),
        (["contact", "list", "+nobody", "--count"], "0"),
        (["task", "list", "--count"], "3"),
        (["org", "list", "name:acme", "--count", "--json"], "1"),
    ],
)
def test_count_prints_only_the_number(run, people, args, expected):
    assert run(*args).out == f"{expected}\n"


def test_export_takes_filters(run, people):
    got = run("export", "contacts", "+vip", "not", "owner:eva", "-f", "json").json
    assert [row["id"] for row in got] == ["c1"]
    got = run("export", "tasks", "--where", "due<today", "-f", "jsonl").lines
    assert [json.loads(line)["id"] for line in got] == ["t1"]
    assert run("export", "orgs", "name:zzz", "-f", "csv").lines[1:] == []


# What is refused


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (
            ["contact", "list", "onwer:me", "+vip"],
            [
                "crm: no field 'onwer' of contacts",
                "     did you mean owner?",
                "  onwer:me +vip",
                "  ^^^^^",
            ],
        ),
        (
            ["contact", "edit", "--where", "+vip (cadence:soon)", "--note", "x"],
            [
                "crm: cadence: not a number: 'soon'",
                "     such as 5 or 2.5",
                "  +vip (cadence:soon)",
                "                ^^^^",
            ],
        ),
        (
            ["export", "contacts", "+vip", "("],
            [
                "crm: a term is missing after (",
                "     such as +vip",
                "  +vip (",
                "        ^",
            ],
        ),
    ],
)
def test_a_bad_filter_shows_the_place(run, people, args, lines):
    result = run(*args, code=2)
    assert result.out == ""
    assert result.err.splitlines() == lines


def test_a_bad_filter_as_json_is_one_object(run, people):
    error = json.loads(run("contact", "list", "onwer:me", "--json", code=2).err)
    assert error == {
        "error": "no field 'onwer' of contacts",
        "hint": "did you mean owner?",
        "code": 2,
    }


def test_an_unknown_order_names_the_nearest(refused, people):
    assert "did you mean next_touch?" in refused("contact", "list", "--sort", "nexttouch", code=2)
    for key in ('a"b', "$.x", "custom.", "' OR 1"):
        assert "cannot sort by" in refused("contact", "list", "--sort", key, code=2)


@pytest.mark.parametrize(
    "args", [["contact", "list", ""], ["contact", "edit", "--where", " ", "--note", "x"]]
)
def test_an_empty_filter_never_means_everybody(run, people, args):
    assert "empty" in run(*args, code=2).err


# Bulk changes


def test_a_dry_run_counts_what_the_change_then_does(run, people):
    run("contact", "edit", "c3", "-t", "met")
    dry = run("contact", "edit", "--where", "owner:me", "-t", "met", "--dry-run")
    assert dry.out == ""
    assert dry.err.splitlines() == ["Would change c1", "Unchanged c3", "1 of 2 would change"]
    assert refs(run, "contact", "+met") == ["c3"]
    done = run("contact", "edit", "--where", "owner:me", "-t", "met", "--yes")
    assert done.out == "c1\nc3\n"
    assert [line.split()[0] for line in done.err.splitlines()] == ["Changed", "Unchanged"]
    run("undo")
    assert refs(run, "contact", "+met") == ["c3"]


def test_one_undo_takes_a_bulk_change_back(run, people):
    before = run("contact", "list", "-f", "jsonl").out
    run("contact", "edit", "--where", "id:any", "--set", "tea=mint", "--owner", "eva", "--yes")
    assert refs(run, "contact", "tea=mint", "owner:eva") == ["c1", "c2", "c3"]
    run("undo")
    assert run("contact", "list", "-f", "jsonl").out == before


def test_many_are_counted_after_a_handful(run):
    for number in range(13):
        run("contact", "add", f"P{number:02}")
    words = ["contact", "edit", "--where", "name:p", "--note", "x"]
    dry = run(*words, "--dry-run").err.splitlines()
    assert dry[9:] == ["Would change c10", "Would change 3 more", "13 of 13 would change"]
    done = run(*words, "--yes")
    assert done.err.splitlines()[9:] == ["Changed c10 contact-p09", "Changed 3 more"]
    assert len(done.lines) == 13
    assert len(run(*words, "--yes", "--json").json) == 13


def test_more_than_one_asks_and_one_does_not(run, refused, people):
    words = ["--set", "tea=mint"]
    err = refused("contact", "edit", "--where", "+vip", *words, code=2)
    assert "Change 2 contacts?" in err
    assert "--yes" in err
    assert run("contact", "edit", "--where", "+vip stage:lead", *words).out == "c1\n"
    assert run("contact", "edit", "--where", "+vip stage:other", *words).out in ("", "c2\n")
    assert "no tag nobody" in refused("contact", "edit", "--where", "not +nobody", *words, code=2)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["contact", "edit", "--note", "x"], "which contact?"),
        (["contact", "edit", "c1", "--where", "+vip", "--note", "x"], "not both"),
        (["org", "rm"], "which org?"),
        (["done"], "which task?"),
        (["snooze", "t1"], "until when?"),
    ],
)
def test_references_or_a_filter(refused, people, args, message):
    assert message in refused(*args, code=2)


def test_orgs_change_in_bulk(run, people):
    run("org", "edit", "--where", "industry:none", "--industry", "retail", "--yes")
    assert refs(run, "org", "industry:retail") == ["o1", "o2"]
    assert "Would move o1 acme" in run("org", "rm", "--where", "name:acme", "--dry-run").err
    run("org", "rm", "--where", "name:acme")
    assert refs(run, "org") == ["o2"]


def test_contacts_are_removed_in_bulk(run, refused, people):
    assert "Move 2 records" in refused("contact", "rm", "--where", "+vip", code=2)
    run("contact", "rm", "--where", "+vip", "--yes")
    assert refs(run, "contact") == ["c3"]
    run("undo")
    assert refs(run, "contact") == ["c1", "c2", "c3"]


def test_tasks_change_in_bulk(run, people):
    run("task", "edit", "--where", "due<=today", "--priority", "1", "--yes")
    assert refs(run, "task", "priority:1") == ["t1", "t3"]
    said = run("task", "snooze", "--where", "title:tidy", "next", "mon").err
    assert "hidden until Mon 30 Nov 2026" in said
    run("task", "reschedule", "--where", "priority:1", "fri", "--yes")
    assert refs(run, "task", "due:fri") == ["t1", "t3"]
    dry = run("task", "done", "--where", "due:fri", "--dry-run").err
    assert dry.count("Would complete") == 2
    run("task", "done", "--where", "due:fri", "--yes")
    assert refs(run, "task") == ["t2"]
    assert run("done", "--where", "due:fri").out == ""  # no longer open
    run("task", "rm", "--where", "status:done", "--yes")
    assert refs(run, "task", "--all") == ["t2"]


# Explain


def test_explain_prints_the_tree_and_the_count(run, people):
    got = run("explain", "owner:me (+vip or not city:Kranj) last_touch.before:-30d").lines
    assert got == [
        "contacts",
        "  all of",
        "    owner is me",
        "    any of",
        "      tag is vip",
        "      not",
        "        city contains Kranj",
        "    last_touch before 2026-10-24",
        "0 found",
    ]
    got = run("explain", "due.before:today", "or", "owner:eva", "--of", "task", "--json").json
    assert got == {
        "noun": "task",
        "filter": "due.before:today or owner:eva",
        "tree": {"any of": ["due before 2026-11-23", "owner is eva"]},
        "count": 2,
    }


def test_explain_reads_one_argument_whole_and_several_as_terms(run, people):
    assert run("explain", "name:bo li", "--json").json["filter"] == "name:bo li"
    assert run("explain", "name:bo li", "+vip", "--json").json["filter"] == 'name:"bo li" +vip'


def test_plus_and_not_are_no_options():
    assert take_options(["+vip", "not", "or"], {}) == ({}, ["+vip", "not", "or"])


def test_a_tag_or_a_person_that_is_not_there_is_said(run, refused, people):
    result = run("contact", "list", "+viip", "--count")
    assert (result.out, "did you mean vip?" in result.err) == ("0\n", True)
    assert "nobody is called bbo" in run("contact", "list", "owner.not:bbo", "--count").err
    assert "did you mean vip?" in refused("contact", "rm", "--where", "not +viip", code=2)
    assert run("contact", "list", "--count").out == "3\n"
