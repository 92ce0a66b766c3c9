"""`crm dedupe`: the report, `--auto`, `--separate`, `--review`; and the question before a write."""

import json

import pytest

from crmcli.context import Context
from crmcli.errors import ConflictError


@pytest.fixture
def twins(run):
    """Ana twice by e-mail (c1, c2), Jon and John at Acme (c3, c4), two with one phone (c5, c6)."""
    people = [
        {"name": "Ana Novak", "emails": ["ana@acme.si"]},
        {"name": "A. Novak", "emails": ["ANA@acme.si", "a@home.si"]},
        {"name": "Jon Smith", "org": "Acme"},
        {"name": "John Smith", "org": "Acme"},
        {"name": "Bo Li", "phones": ["040 123 456"]},
        {"name": "Li", "phones": ["040 123 456"]},
    ]
    run("contact", "add", "--input", "-", "--force", input=json.dumps(people))
    run("log", "call", "c2", "--at", "2026-11-20 12:00")
    return people


def listed(run, *args: str) -> list[tuple[int, str, str]]:
    rows = run("dedupe", *args, "--json").json
    return [(row["score"], row["id"], row["other_id"]) for row in rows]


ALL = [(100, "c2", "c1"), (60, "c3", "c4"), (60, "c5", "c6")]


# the report


def test_the_pairs_with_points_and_reasons(run, twins):
    first, second, third = run("dedupe").lines
    assert first.split("\t") == [
        *("100", "c2", "A. Novak", "", "me", "2026-11-20T11:00:00Z"),  # more was done with her
        *("c1", "Ana Novak", "", "me", "", "email; domain"),
    ]
    assert second.split("\t")[0:4] == ["60", "c3", "Jon Smith", "Acme"]
    assert (second.split("\t")[-1], third.split("\t")[-1]) == ("name; org", "phone")


def test_as_json(run, twins):
    row = run("dedupe", "--json").json[0]
    assert row["reasons"] == ["email", "domain"]
    assert (row["handle"], row["other_handle"]) == ("a-novak", "ana-novak")
    assert list(row) == [
        *("score", "id", "handle", "name", "org", "owner", "last_touch"),
        *("other_id", "other_handle", "other_name", "other_org", "other_owner"),
        *("other_last_touch", "reasons"),
    ]


def test_fewer_of_them(run, twins):
    assert listed(run) == ALL
    assert listed(run, "contacts", "--limit", "0") == ALL
    assert listed(run, "--min", "61") == ALL[:1]
    assert listed(run, "--limit", "2") == ALL[:2]
    assert run("dedupe", "-f", "ids").lines == ["c2", "c3", "c5"]


def test_orgs(run):
    for name in ("Acme", "Acme d.o.o.", "华为", "华为技术有限公司", "Kos"):
        run("org", "add", name, "--force")
    run("contact", "add", "Ana", "--org", "Acme d.o.o.")
    assert listed(run, "orgs") == listed(run, "org") == [(70, "o2", "o1"), (70, "o3", "o4")]
    reasons = [row["reasons"] for row in run("dedupe", "orgs", "--json").json]
    assert reasons == [["name"], ["contained"]]
    assert run("dedupe", "orgs").lines[0].split("\t")[3] == ""  # the domain


def test_nothing_to_find(run):
    assert run("dedupe").out == ""
    assert run("dedupe", "--json").json == []
    assert run("dedupe", "--auto", "60").err == "Nothing to merge.\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["tasks"], "duplicates of 'tasks'"),
        (["contacts", "c1"], "duplicates of 'c1'"),
        (["--min", "59"], "--min cannot be 59"),
        (["--min", "101"], "--min cannot be 101"),
        (["--auto", "30"], "--auto cannot be 30"),
        (["--auto", "x"], "--auto"),
        (["--limit", "-1"], "--limit cannot be -1"),
        (["--auto", "95", "--review"], "one of --auto, --review and --separate"),
        (["--review"], "--review needs a terminal"),
        (["--separate"], "--separate needs two"),
        (["--separate", "c1"], "--separate needs two"),
        (["--separate", "c1", "c1"], "--separate needs two"),
        (["--separate", "c3", "o1"], "--separate needs two"),
        (["--auto", "95"], "Merge 1 pair? Needs an answer"),
    ],
)
def test_refusals(refused, twins, args, said):
    assert said in refused("dedupe", *args, code=2)


def test_hostile_names_are_shown_safely(run):
    name = "\x1b]0;x\x07[/b] @click=app.quit " + "x" * 900
    for _ in range(2):
        run("contact", "add", name, "-e", "x@y.si", "--force")
    for args in ((), ("-f", "table"), ("--json",), ("--mask",)):
        out = run("dedupe", *args).out
        assert "\x1b" not in out
        assert "\x07" not in out
        assert "c1" in out
    said = run("contact", "add", name, "-e", "x@y.si", code=4).err
    assert "\x1b" not in said
    assert len(said) < 600


# --auto


def test_auto_merges_as_one_group(run, twins):
    before = run("contact", "list", "--json", "--fields", "id,name,emails").json
    assert run("dedupe", "--auto", "95", "--dry-run").lines == ["c2\tc1"]
    assert listed(run) == ALL
    result = run("dedupe", "--auto", "60", "--yes")
    assert result.lines == ["c2\tc1", "c3\tc4"]
    assert "2 records merged away; `crm undo` takes all of it back" in result.err
    # One phone makes no one person of two with different names.
    assert "1 pair has neither name nor e-mail in common" in result.err
    assert listed(run) == [(60, "c5", "c6")]
    emails = run("show", "c1", "--json").json["emails"]
    assert [email["norm"] for email in emails] == ["ana@acme.si", "a@home.si"]
    run("undo")
    assert listed(run) == ALL
    assert run("contact", "list", "--json", "--fields", "id,name,emails").json == before


def test_auto_as_json(run, twins):
    assert run("dedupe", "--auto", "95", "--yes", "--json").json == [{"id": "c2", "merged": ["c1"]}]


def test_auto_merges_orgs_too(run):
    for name in ("Acme", "Acme Ltd", "Acme Inc"):
        run("org", "add", name, "--force")
    assert run("dedupe", "orgs", "--auto", "70", "--yes").lines == ["o1\to2; o3"]
    assert run("org", "list", "-f", "ids").lines == ["o1"]
    assert run("show", "o3", "--json").json["id"] == "o1"


# --separate


@pytest.mark.parametrize("refs", [("c1", "c2"), ("ana-novak", "a-novak"), ("contacts", "c2", "c1")])
def test_kept_separate_for_ever(run, twins, refs):
    assert "kept separate; `crm undo`" in run("dedupe", "--separate", *refs).err
    assert listed(run) == ALL[1:]
    assert "kept separate already" in run("dedupe", "--separate", *refs).err
    run("contact", "edit", "c1", "--name", "Ana N.")
    assert listed(run) == ALL[1:]
    # Only what is new is asked about: the e-mail of c2 no longer, that of another one is.
    run("contact", "edit", "c1", "-e", "a@home.si")
    run("contact", "edit", "c1", "-e", "new@acme.si", "-p", "040 123 456", "--force")
    assert run("dedupe", "--auto", "100").lines == []


def test_kept_separate_is_undone_and_redone(run, twins):
    run("dedupe", "--separate", "c1", "c2")
    run("undo")
    assert listed(run) == ALL
    run("redo")
    assert listed(run) == ALL[1:]


def test_several_are_kept_separate_from_one_another(run):
    for _ in range(3):
        run("contact", "add", "Ana", "-e", "a@b.si", "--force")
    run("dedupe", "--separate", "-", input="c1\nc2\nc3\n")
    assert listed(run) == []
    for name in ("Acme", "Acme Ltd"):
        run("org", "add", name, "--force")
    run("dedupe", "orgs", "--separate", "acme", "acme-ltd")
    assert listed(run, "orgs") == []


# at a terminal


@pytest.fixture
def answers(monkeypatch):
    """Let a person answer; give what was asked."""
    asked: list[str] = []

    def answers(*lines: str) -> list[str]:
        left = list(lines)
        monkeypatch.setattr(Context, "is_interactive", True)

        def ask(self, question: str) -> str:
            asked.append(question)
            return f"{left.pop(0)}\n" if left else ""

        monkeypatch.setattr(Context, "ask", ask)
        return asked

    return answers


def test_review_pair_by_pair(run, twins, answers):
    asked = answers("x", "M", "k", "s")
    result = run("dedupe", "--review")
    assert len(asked) == 4  # x is no answer
    assert "1 of 3: 100, same e-mail, same domain" in result.err
    assert "Ana Novak" in result.err
    assert "1 merged, 1 kept separate, 1 skipped" in result.err
    assert listed(run) == [(60, "c5", "c6")]
    assert run("show", "c1", "--json").json["id"] == "c2"


def test_review_of_nothing_says_so(run, ana, answers):
    asked = answers("q")
    assert run("dedupe", "--review").err == "Nothing looks like a duplicate.\n"
    assert not asked


@pytest.mark.parametrize("given", [("q",), ()])
def test_review_ends_at_once(run, twins, answers, given):
    answers(*given)
    assert "0 merged, 0 kept separate, 0 skipped" in run("dedupe", "--review").err
    assert listed(run) == ALL


def test_review_leaves_out_who_was_merged_a_moment_ago(run, answers):
    for _ in range(3):
        run("contact", "add", "Ana", "-e", "a@b.si", "--force")
    asked = answers("m", "m", "m")
    run("dedupe", "--review")
    assert len(asked) == 2
    assert run("contact", "list", "-f", "ids").lines == ["c1"]


def test_review_says_why_two_cannot_be_merged(run, twins, answers, monkeypatch):
    def refuse(*args, **options):
        raise ConflictError("somebody else has this code")

    monkeypatch.setattr("crmcli.service.merge.merge", refuse)
    asked = answers("m", "k", "q")  # a merge cannot be chosen
    said = run("dedupe", "--review").err
    assert "  c2 / c1: somebody else has this code" in said
    assert len(asked) == 3
    assert listed(run) == ALL[1:]


def test_who_is_probably_known_is_shown_and_asked_about(run, answers, twins):
    run("deal", "add", "Pilot", "--for", "c2")
    asked = answers("n")
    result = run("contact", "add", "Other", "-e", "ana@acme.si", code=2)
    assert asked == ["Add Other all the same? [y/N] "]
    said = "c2 a-novak, A. Novak (100: same e-mail, same domain; "
    assert f"{said}owner me, last touch 2026-11-20, 1 open deal)" in result.err
    assert "c1 ana-novak" in result.err
    assert run("contact", "list", "--count").out == "6\n"


@pytest.mark.parametrize(
    "args",
    [
        ["contact", "add", "Other", "-e", "ana@acme.si"],
        ["contact", "edit", "c3", "-e", "ana@acme.si"],
        ["org", "add", "ACME Ltd"],
        ["org", "edit", "o2", "--name", "Acme Europe"],
    ],
)
def test_a_yes_goes_on(run, answers, twins, args):
    run("org", "add", "Kos")
    asked = answers("y")
    run(*args)
    assert len(asked) == 1
    run(*args, "--force")
    assert len(asked) == 1


def test_a_person_at_an_org_of_nearly_the_same_name_is_told(run):
    run("contact", "add", "Ana Novak", "--org", "Acme d.o.o.")
    result = run("contact", "add", "Ana Novak", "--org", "Acme")
    assert "c1 ana-novak" in result.err
    assert "crm dedupe" in result.err
    assert "crm dedupe" not in run("contact", "add", "Ana Novak", "--org", "Bau").err
