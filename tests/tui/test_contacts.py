"""People: the frames, and every key of the table."""

import json

import pytest
from textual.widgets import Input

from crmcli.tui.modals.form import Form
from crmcli.tui.screens.card import CardScreen
from crmcli.tui.widgets.card import CardPane
from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.widgets.paged import RecordTable

SIZES = [(80, 24), (120, 40)]
ANA, BO, EVA, JOZE = 1, 2, 3, 4


@pytest.fixture
def contacts(screen, people):
    """Open the table: `async with contacts() as (tui, table)`."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def contacts(source=people, size=(80, 24)):
        async with screen(source, size=size) as tui:
            await tui.press("2")
            yield tui, tui.one(RecordTable)

    return contacts


def names(table) -> list[str]:
    return [table.rows.row(at).cells[0] for at in range(len(table.rows))]


# Frames


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("world", ["people", "wide", "long", "nobody"])
async def test_frame(contacts, request, frame, world, size):
    source = None if world == "nobody" else request.getfixturevalue(world)
    async with contacts(source, size) as (tui, _):
        assert tui.frame() == frame


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", ["slash", "n", "O", "t", "F"])
async def test_frame_after(contacts, frame, keys, size):
    async with contacts(size=size) as (tui, _):
        await tui.press(keys)
        assert tui.frame() == frame


async def test_ascii(screen, people):
    async with screen(people, ascii=True) as tui:
        await tui.press("2", "space")
        frame = tui.frame()
        assert ">" in frame
        assert " *Ana Novak" in frame


# Looking


async def test_the_card_follows_the_cursor(contacts):
    async with contacts() as (tui, _):
        assert tui.one(CardPane).sheet.key == ("contact", ANA)
        await tui.press("j")
        assert tui.one(CardPane).sheet.key == ("contact", BO)


async def test_enter_opens_the_card_and_its_neighbours_are_those_of_the_list(contacts):
    async with contacts() as (tui, _):
        await tui.press("O", "n")  # by name, reversed
        await tui.press("g", "enter")
        assert isinstance(tui.app.screen, CardScreen)
        assert tui.app.screen.record_key == ("contact", JOZE)
        await tui.press("n")
        assert tui.app.screen.record_key == ("contact", EVA)
        await tui.press("escape")
        assert tui.one(RecordTable).key == JOZE


async def test_a_second_click_opens_the_card(contacts):
    async with contacts() as (tui, _):
        await tui.pilot.click(RecordTable, offset=(5, 2))
        await tui.settle()
        assert tui.one(RecordTable).key == BO
        await tui.pilot.click(RecordTable, offset=(5, 2), times=2)
        await tui.settle()
        assert tui.app.screen.record_key == ("contact", BO)


async def test_edit_types_over_the_card(contacts):
    async with contacts() as (tui, _):
        await tui.press("e")
        assert isinstance(tui.app.screen, CardScreen)
        assert isinstance(tui.app.focused, Input)


async def test_sort_and_again_reverses(contacts):
    async with contacts() as (tui, table):
        await tui.press("O", "l")
        assert names(table) == ["Ana Novak", "Bo Li", "Eva Kos", "Jože Čopič"]
        assert "Contacts, by last touch" in tui.frame()
        await tui.press("O")
        assert "by last touch: reverse it" in tui.frame()
        await tui.press("enter")  # the first choice is to reverse
        assert names(table)[0] == "Jože Čopič"
        assert "by last touch, reversed" in tui.frame()
        await tui.press("O", "l", "O", "r")
        assert names(table)[:2] == ["Ana Novak", "Jože Čopič"]  # of Acme, then Čopič
        await tui.press("O", "escape")
        assert table.shown.sort == "org"


async def test_sort_by_an_own_field(contacts, run):
    async with contacts() as (tui, table):
        run("field", "add", "height", "number")
        run("contact", "edit", "eva-kos", "--set", "height=3")
        run("contact", "edit", "bo-li", "--set", "height=2")
        await tui.press("O", "h")
        assert names(table)[:2] == ["Bo Li", "Eva Kos"]
        assert "by height" in tui.frame()


async def test_columns(contacts, run):
    async with contacts() as (tui, table):
        run("field", "add", "tea", "text")
        run("contact", "edit", "eva-kos", "--set", "tea=green")
        await tui.press("j", "f")
        tui.one(Input).value = "name, te"
        await tui.press("right", "enter")
        assert [column.key for column in table.columns] == ["name", "tea"]
        assert "green" in tui.line("Eva Kos")
        assert table.key == BO
        await tui.press("f")
        tui.one(Input).value = "name, tee"
        await tui.press("enter")
        assert "unknown field 'tee'" in tui.frame()
        tui.one(Input).value = ""
        await tui.press("enter")
        assert len(table.columns) == 6


async def test_columns_and_order_stay_while_one_is_elsewhere(contacts):
    async with contacts() as (tui, _):
        await tui.press("O", "l", "1", "2")
        assert "by last touch" in tui.frame()


async def test_views(contacts, run):
    async with contacts() as (tui, table):
        await tui.press("v")
        assert "crm view save" in tui.frame()
        run("view", "save", "hot", "+vip or +lead", "--sort", "-name", "--fields", "name,tags")
        run("view", "save", "late", "due.before:today", "--of", "task")
        await tui.press("v")
        assert "@late" not in tui.frame()
        await tui.press("1")
        assert names(table) == ["Eva Kos", "Ana Novak"]
        assert [column.key for column in table.columns] == ["name", "tags"]
        assert "Contacts: @hot, by name, reversed" in tui.frame()
        await tui.press("v", "0")
        assert len(names(table)) == 4
        assert len(table.columns) == 6
        assert table.shown.sort == ""


async def test_a_view_is_opened_from_elsewhere(screen, people, run):
    async with screen(people) as tui:
        run("view", "save", "hot", "+vip")
        tui.app.open_view("contact", "hot")
        await tui.settle()
        assert names(tui.one(RecordTable)) == ["Ana Novak"]
        assert tui.one(FilterBar).text == "@hot"


async def test_a_field_that_is_gone_leaves_the_plain_list(contacts, run):
    async with contacts() as (tui, table):
        run("field", "add", "height", "number")
        await tui.press("O", "h")
        assert table.shown.sort == "height"
        run("field", "rm", "height", "--yes")
        tui.app.poll()
        await tui.settle()
        assert "cannot sort by 'height'" in tui.frame()
        assert table.shown.sort == ""
        assert len(names(table)) == 4


async def test_back_takes_marks_off_then_the_filter_then_leaves(contacts):
    async with contacts() as (tui, table):
        await tui.press("slash")
        await tui.write("+vip")
        await tui.press("enter", "space")
        assert "1 marked, 1" in tui.frame()
        await tui.press("escape")
        assert not table.marks
        assert "marked" not in tui.frame()
        await tui.press("escape")
        assert len(names(table)) == 4
        await tui.press("escape")
        assert tui.app.current_mode == "today"


async def test_an_empty_list_teaches(screen):
    async with screen(None) as tui:
        await tui.press("2")
        assert "n  adds a person" in tui.frame()
        for key in ("c", "d", "s", "b", "enter", "e", "t", "T", "F", "x", "E", "G", "asterisk"):
            await tui.press(key)
            await tui.press("escape")
            await tui.press("2")
        assert "n  adds a person" in tui.frame()


# The acts


async def test_log(contacts, run):
    async with contacts() as (tui, table):
        await tui.press("c", "c")
        await tui.write("asks for two")
        await tui.press("ctrl+s")
        assert "Logged call with Ana Novak" in tui.frame()
        assert table.key == BO
    assert run("show", "ana-novak", "--json").json["timeline"][0]["body"] == "asks for two"


async def test_done_is_for_the_task_of_who_is_under_the_cursor(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("d")
        assert "Done: send offer (Ana Novak)" in tui.frame()
        await tui.press("ctrl+s")
    assert run("show", "ana-novak", "--json").json["tasks"] == []


async def test_several_tasks_are_asked_about(contacts, run):
    async with contacts() as (tui, _):
        run("remind", "ana-novak", "2026-12-01", "invite her")
        await tui.press("r")
        assert "Which task?" in tui.frame()
        assert "2026-12-01 invite her" in tui.frame()
        await tui.press("2", "1")
    tasks = run("show", "ana-novak", "--json").json["tasks"]
    assert {task["title"]: task["due"] for task in tasks} == {
        "invite her": "2026-11-24",
        "send offer": "2026-11-22",
    }


async def test_snooze(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("s", "w")
        assert "hidden until" in tui.frame()
    task = run("show", "t1", "--json").json
    assert task["hidden_until_on"] == "2026-11-30"


async def test_without_a_task_that_is_said(contacts, run):
    async with contacts() as (tui, _):
        run("done", "t1")
        await tui.press("d")
        assert "There is no open task here" in tui.frame()


async def test_bump_waiting_and_a_task(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("b")
        assert "Bumped 1 person" in tui.frame()
        await tui.press("w")
        await tui.write("fri signed contract")
        await tui.press("enter")
        await tui.press("g", "a")
        await tui.write("tue call back")
        await tui.press("enter")
    assert run("contact", "list", "bumped:any", "--json", code=None)
    assert [task["title"] for task in run("show", "bo-li", "--json").json["tasks"]] == [
        "call back about the order",
        "signed contract",
    ]
    tasks = run("show", "ana-novak", "--json").json["tasks"]
    assert "call back" in [task["title"] for task in tasks]


async def test_the_acts_are_for_all_who_are_marked(contacts, run):
    async with contacts() as (tui, table):
        await tui.press("space", "space", "c", "n")
        await tui.write("met at the fair")
        await tui.press("ctrl+s")
        assert not table.marks
    for handle in ("ana-novak", "bo-li"):
        assert run("show", handle, "--json").json["timeline"][0]["body"] == "met at the fair"


# Adding


async def test_new(contacts, run):
    async with contacts() as (tui, table):
        await tui.press("n")
        for text in ("Zoja Zajc", "zoja@zajc.si", "040 999 888", "Zajc d.o.o.", "CEO", "vip, fair"):
            await tui.write(text)
            await tui.press("enter")
        assert "Added c5; u undoes" in tui.frame()
        assert "At o4 Zajc d.o.o. (new)" in tui.frame()
        assert table.key == 5
        assert names(table)[-1] == "Zoja Zajc"
    record = run("show", "c5", "--json").json
    assert (record["email"], record["org"], record["title"]) == (
        "zoja@zajc.si",
        "Zajc d.o.o.",
        "CEO",
    )
    assert record["tags"] == ["vip", "fair"]


async def test_who_is_known_is_refused_and_added_by_a_second_step(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("n")
        await tui.write("Ana N.")
        await tui.press("enter")
        await tui.write("ana@acme.si")
        await tui.press("ctrl+o")  # nothing was refused yet
        assert isinstance(tui.app.screen, Form)
        await tui.press("ctrl+s")
        frame = tui.frame()
        assert "probably known: c1 ana-novak, Ana Novak" in frame
        assert "owner me" in frame
        assert "2026-11-02," in frame
        assert "^o saves it all the same" in tui.frame()
        await tui.press("ctrl+o")
        assert "Added c5" in tui.frame()
    assert run("contact", "list", "--count").out.strip() == "5"


async def test_another_text_is_looked_at_anew(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("n")
        await tui.write("Ana N.")
        await tui.press("enter")
        await tui.write("ana@acme.si")
        await tui.press("ctrl+s", "home")
        await tui.write("x")
        await tui.press("ctrl+o")
        assert isinstance(tui.app.screen, Form)
        await tui.press("ctrl+s")
        assert "Added c5" in tui.frame()
    assert run("show", "c5", "--json").json["email"] == "xana@acme.si"


async def test_what_is_wrong_is_told_and_what_was_typed_stays(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("n", "ctrl+s")
        assert "! a contact needs a name" in tui.frame()
        await tui.write("Zoja")
        await tui.press("escape", "n")
        assert tui.app.screen.value("name") == "Zoja"
    assert run("contact", "list", "--count").out.strip() == "4"


# Several at once


async def test_tag_and_undo(contacts, run):
    async with contacts() as (tui, table):
        await tui.press("space", "space", "t")
        assert "Tags: 2 contacts" in tui.frame()
        await tui.write('+"key account" -vip')
        assert "puts on +key account; takes off +vip" in tui.frame()
        await tui.press("enter")
        assert "Tagged 2 contacts; u undoes" in tui.frame()
        assert not table.marks
        assert run("show", "ana-novak", "--json").json["tags"] == ["key account"]
        assert run("show", "bo-li", "--json").json["tags"] == ["key account"]
        await tui.press("u")
    assert run("show", "ana-novak", "--json").json["tags"] == ["vip"]
    assert run("show", "bo-li", "--json").json["tags"] == []


async def test_tags_are_completed_and_a_bad_one_is_told(contacts):
    async with contacts() as (tui, _):
        await tui.press("t")
        await tui.write("+lead -v")
        await tui.press("right")
        assert tui.app.screen.value("tags") == "+lead -vip"
        tui.one(Input).value = '"vip'
        await tui.press("enter")
        assert "a quotation mark is missing" in tui.frame()


async def test_a_task_for_each(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("asterisk", "T")
        await tui.write("fri invite to the fair")
        assert "invite to the fair: due Fri 27 Nov 2026" in tui.frame()
        await tui.press("enter")
        assert "Added 4 tasks; u undoes" in tui.frame()
        tasks = run("task", "list", "title:invite", "--json").json
        assert sorted(task["who"]["id"] for task in tasks) == ["c1", "c2", "c3", "c4"]
        await tui.press("u")
    assert run("task", "list", "title:invite", "--json").json == []


async def test_set_a_field_for_several(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("space", "space", "F")
        await tui.write("stage=cu")
        await tui.press("right", "enter")
        assert "Changed 2 contacts; u undoes" in tui.frame()
    assert run("contact", "list", "stage:customer", "-f", "ids").lines == ["c1", "c2"]


async def test_a_value_that_does_not_fit_is_told(contacts, run):
    async with contacts() as (tui, _):
        await tui.press("F")
        await tui.write("stage")
        await tui.press("enter")
        assert "not key=value: 'stage'" in tui.frame()
        await tui.write("=boss")
        await tui.press("enter")
        assert "! " in tui.frame()
        assert isinstance(tui.app.screen, Form)
    assert run("contact", "list", "stage:other", "--count").out.strip() == "4"


async def test_an_own_field_for_several(contacts, run):
    async with contacts() as (tui, _):
        run("field", "add", "tea", "choice", "--choice", "green", "--choice", "black")
        await tui.press("asterisk", "F")
        await tui.write("tea=g")
        await tui.press("right", "enter")
        assert "Changed 4 contacts" in tui.frame()
    assert run("contact", "list", "tea:green", "--count").out.strip() == "4"


@pytest.mark.parametrize("key", ["x", "delete"])
async def test_trash_one_without_a_question(contacts, run, key):
    async with contacts() as (tui, table):
        await tui.press("j", key)
        assert "Moved 1 contact to the trash; u undoes" in tui.frame()
        assert table.key == EVA
        assert names(table) == ["Ana Novak", "Eva Kos", "Jože Čopič"]
        await tui.press("u")
        assert len(names(table)) == 4
    assert run("contact", "list", "--count").out.strip() == "4"


async def test_trash_several_as_one(contacts, run):
    async with contacts() as (tui, table):
        await tui.press("slash")
        await tui.write("+vip or +lead")
        await tui.press("enter", "asterisk", "x")
        assert "Moved 2 contacts to the trash" in tui.frame()
        assert names(table) == []
        await tui.press("u")
        assert len(names(table)) == 2
    assert run("trash", "--json").json == []


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "tsv"])
async def test_export(contacts, run, home, form):
    path = home / f"some.{form}"
    async with contacts() as (tui, _):
        await tui.press("O", "n", "space", "space", "E")
        tui.one(Input).value = f"~/some.{form}"
        await tui.settle()
        assert form.upper() in tui.frame()
        await tui.press("enter")
        assert f"Wrote 2 contacts: ~/some.{form}" in tui.frame()
    text = path.read_text("utf-8")
    assert text.index("Jože Čopič") < text.index("Eva Kos")  # as they stand in the list
    assert "Ana" not in text
    if form == "json":
        assert [record["id"] for record in json.loads(text)] == ["c4", "c3"]
    if form == "csv":
        run("export", "contacts", "-o", str(home / "all.csv"))
        assert text.splitlines()[0] == (home / "all.csv").read_text("utf-8").splitlines()[0]


async def test_an_export_says_what_it_replaces_and_what_is_masked(contacts, home):
    (home / "some.csv").write_text("old")
    async with contacts() as (tui, _):
        await tui.press("ctrl+x", "E")
        tui.one(Input).value = "~/some.csv"
        await tui.settle()
        assert "CSV; replaces the file there" in tui.frame()
        await tui.press("enter")
        assert "Masked:" in tui.frame()
    assert "Novak" not in (home / "some.csv").read_text("utf-8")


async def test_a_file_that_cannot_be_written_is_told(contacts):
    async with contacts() as (tui, _):
        await tui.press("E")
        tui.one(Input).value = "/nowhere/at/all.csv"
        await tui.press("enter")
        assert "! cannot write /nowhere/at/all.csv" in tui.frame()
