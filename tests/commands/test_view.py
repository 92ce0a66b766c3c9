"""`crm view`: saved filters."""

import pytest

from crmcli import hot


@pytest.fixture
def hot_view(run):
    run("contact", "add", "Ana Novak", "-t", "vip", "--stage", "lead")
    run("contact", "add", "Bo Li", "-t", "vip")
    run("contact", "add", "Cene Kos", "--stage", "lead")
    words = ["stage:lead", "--sort", "-name", "--fields", "id,name"]
    return run("view", "save", "Hot", *words).out.strip()


def test_save_gives_the_reference_and_says_the_filter(run):
    result = run("view", "save", "hot", "+vip", "owner:me")
    assert result.out == "@hot\n"
    assert result.err == "Saved @hot, contacts: +vip owner:me\n"


def test_save_as_json(run):
    got = run("view", "save", "@late", "due.before:today", "--of", "task", "--json").json
    assert got == {
        "id": "@late",
        "name": "late",
        "noun": "task",
        "filter": "due.before:today",
        "sort": None,
        "fields": None,
    }


def test_the_list_of_views(run, hot_view):
    run("view", "save", "acme", "org:Acme")
    assert run("view").out == (
        "acme\tcontact\torg:Acme\t\t\nHot\tcontact\tstage:lead\t-name\tid,name\n"
    )
    assert [row["id"] for row in run("view", "list", "--json").json] == ["@acme", "@Hot"]


def test_show_lists_with_the_views_own_order_and_columns(run, hot_view):
    assert run("view", "show", "hot").out == "c3\tCene Kos\nc1\tAna Novak\n"
    assert run("view", "show", "@HOT", "--fields", "id").out == "c3\nc1\n"
    assert run("view", "show", "hot", "--limit", "1").out == "c3\tCene Kos\n"
    assert run("view", "show", "hot", "--count").out == "2\n"
    assert run("view", "show", "hot", "--json").json[0]["name"] == "Cene Kos"


def test_show_of_tasks_shows_the_open_ones_as_the_list_does(run, hot_view):
    run("remind", "bo-li", "yesterday", "call")
    run("remind", "bo-li", "yesterday", "write")
    run("done", "t1")
    run("view", "save", "late", "due.before:today", "--of", "task")
    run("view", "save", "finished", "status:done", "--of", "task")
    assert run("view", "show", "late", "-f", "ids").out == "t2\n"
    assert run("view", "show", "finished", "-f", "ids").out == "t1\n"
    assert run("task", "list", "@finished", "-f", "ids").out == "t1\n"


def test_show_of_interactions(run, hot_view):
    run("log", "call", "bo-li", "hello")
    run("view", "save", "calls", "kind:call", "--of", "interaction")
    assert run("view", "show", "calls", "--count").out == "1\n"


def test_a_view_stands_inside_other_filters(run, hot_view):
    assert run("contact", "list", "@hot", "+vip", "-f", "ids").out == "c1\n"
    assert run("contact", "list", "--where", "not @hot", "-f", "ids").out == "c2\n"
    assert run("export", "contacts", "@hot", "-f", "jsonl").out.count("\n") == 2
    run("contact", "edit", "--where", "@hot +vip", "--note", "x")
    assert run("contact", "list", "note:x", "--count").out == "1\n"
    assert "    stage is lead" in run("explain", "@hot").lines


def test_saving_again_replaces(run, hot_view):
    assert "Saved @hot" in run("view", "save", "hot", "+vip").err
    assert run("view", "list").out == "hot\tcontact\t+vip\t\t\n"
    assert "Unchanged @hot" in run("view", "save", "hot", "+vip").err


def test_views_are_undone_like_everything(run, hot_view):
    run("view", "save", "hot", "+vip")
    run("undo")
    assert run("view", "show", "hot", "--count").out == "2\n"
    assert run("view", "rm", "hot").out == "@Hot\n"
    assert run("view", "list").out == ""
    run("undo")
    assert run("view", "show", "hot", "--count").out == "2\n"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["save", "x", "onwer:me"], 2, "no field 'onwer'"),
        (["save", "x", ""], 2, "the filter is empty"),
        (["save", "hot", "+vip @hot"], 2, "leads to itself"),
        (["save", "late", "@hot", "--of", "task"], 2, "'hot' is of contacts, not of tasks"),
        (["save", "@", "+vip"], 3, "a view needs a name"),
        (["save", "x", "+vip", "--of", "report"], 2, "--of cannot be 'report'"),
        (["save", "x", "+vip", "--sort", "nam"], 2, "cannot sort by 'nam'"),
        (["save", "x", "+vip", "--fields", "nam"], 2, "unknown field 'nam'"),
        (["show", "hut"], 1, "did you mean Hot?"),
        (["rm", "nothing"], 1, "no view 'nothing'"),
    ],
)
def test_what_is_refused(run, hot_view, args, code, message):
    assert message in run("view", *args, code=code).err
    assert run("view", "list").out.count("\n") == 1


def test_an_unknown_view_names_the_nearest(run, hot_view):
    result = run("contact", "list", "+vip", "@hott", code=2)
    assert "did you mean Hot?" in result.err
    assert result.err.splitlines()[-1] == "       ^^^^^"


def test_views_complete_with_and_without_their_mark(run, hot_view, capsys):
    run("view", "save", "hotel", "+vip")
    run("view", "save", "cold", "not +vip")
    assert hot.run(["completion", "--words", "views", "ho"]) == 0
    assert capsys.readouterr().out == "Hot\nhotel\n"
    hot.run(["completion", "--words", "views", "@c"])
    assert capsys.readouterr().out == "@cold\n"
