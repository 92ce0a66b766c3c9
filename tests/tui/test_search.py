"""The search: every key, what is found as one types, and the frames."""

import pytest
from textual.widgets import Input

from crmcli.tui.screens import search
from crmcli.tui.widgets.rows import RowList

SIZES = [(80, 24), (120, 40)]


def headings(tui) -> list[str]:
    rows = tui.one(RowList).rows.rows
    return [row.cells[0] for row in rows if row.key is None]


def keys(tui) -> list[object]:
    return tui.one(RowList).rows.keys()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("world", "text"),
    [
        ("nobody", ""),
        ("people", ""),
        ("people", "a"),
        ("people", "novka"),
        ("people", "xyzzy"),
        ("wide", "e"),
        ("wide", "伟"),
        ("long", "max"),
    ],
    ids=["nobody", "recent", "many", "similar", "nothing", "wide", "ideograph", "long"],
)
async def test_frame(screen, request, frame, world, text, size):
    source = None if world == "nobody" else request.getfixturevalue(world)
    async with screen(source, size=size) as tui:
        await tui.press("ctrl+f")
        await tui.write(text)
        assert tui.frame() == frame


async def test_ascii(screen, people):
    async with screen(people, ascii=True) as tui:
        await tui.press("ctrl+f")
        await tui.write("nov")
        assert tui.line("Ana Novak").startswith(">")


# As one types


async def test_each_letter_narrows_and_begins_with_the_best(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("b")
        assert ("contact", 2) in keys(tui)
        assert ("contact", 1) not in keys(tui)
        await tui.write("o li")
        assert tui.one(RowList).key == keys(tui)[0] == ("contact", 2)
        assert headings(tui)[0] == "Contacts"


async def test_what_is_found_stands_under_its_kind(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("a")
        assert headings(tui) == ["Contacts", "Organizations", "Tasks", "What was said"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("123 456", ("contact", 1)),
        ("3456", ("contact", 1)),
        ("copic", ("contact", 4)),
        ("brochure", ("interaction", 2)),
        ("samples", ("task", 5)),
        ("acme", ("org", 1)),
    ],
)
async def test_any_part_finds(screen, people, text, key):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write(text)
        assert key in keys(tui)


async def test_only_a_mistake_is_said_so(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("novka")
        assert "Nothing is called 'novka'; similar:" in tui.frame()
        assert keys(tui) == [("contact", 1)]


async def test_the_card_of_the_hit_stands_beside(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("brochure")
        assert "sent the brochure" in tui.frame().partition("────")[2]


async def test_a_kind_with_many_hits_says_that_these_are_the_best(screen, built, monkeypatch):
    monkeypatch.setattr(search, "MOST", 2)
    many = built("three", [("contact", "add", f"Ana {name}") for name in "XYZ"])
    async with screen(many) as tui:
        await tui.press("5")
        await tui.write("ana")
        assert headings(tui) == ["Contacts, the best 2"]


async def test_markup_in_names_is_text(screen, wide):
    async with screen(wide) as tui:
        await tui.press("5")
        await tui.write("bold")
        assert "Müßig [b]Bold[/b] [@click=app.quit]x[/]" in tui.frame()


# Before one types


async def test_who_was_spoken_with_last_is_there_at_once(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        assert headings(tui) == ["In touch last"]
        assert keys(tui) == [("contact", id) for id in (4, 3, 2, 1)]


async def test_who_was_opened_last_comes_first(screen, people):
    async with screen(people) as tui:
        for text in ("bo li", "sinovi"):
            await tui.press("ctrl+f")
            await tui.write(text)
            await tui.press("enter", "enter")
            assert tui.app.screen.AREA == "card"
            await tui.press("escape", "slash", "escape")
        assert headings(tui) == ["Opened last", "In touch last"]
        assert keys(tui)[:2] == [("contact", 4), ("contact", 2)]
        assert len(keys(tui)) == len(set(keys(tui)))


# Keys


@pytest.mark.parametrize("key", ["down", "enter"])
async def test_into_the_list_and_back(screen, people, key):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("a")
        await tui.press(key)
        assert tui.one(RowList).has_focus
        assert "d Done" in tui.frame()
        await tui.press("slash")
        assert tui.one(Input).has_focus
        assert "Into the list" in tui.frame()
        await tui.write("n")
        assert tui.one(Input).value == "an"


async def test_nothing_found_leaves_one_typing(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("xyzzy")
        await tui.press("down")
        assert tui.one(Input).has_focus


async def test_letters_are_text_while_one_types(screen, people):
    async with screen(people) as tui:
        await tui.press("ctrl+f", "q", "d", "1", "u", "question_mark")
        assert tui.one(Input).value == "qd1u?"


async def test_escape_goes_to_the_text_then_clears_then_goes_back(screen, people):
    async with screen(people) as tui:
        await tui.press("7", "ctrl+f")
        await tui.write("nov")
        await tui.press("down", "escape")
        assert tui.one(Input).has_focus
        assert tui.one(Input).value == "nov"
        await tui.press("escape")
        assert tui.one(Input).value == ""
        await tui.press("escape")
        assert tui.app.current_mode == "history"


async def test_ctrl_f_types_on_from_the_list(screen, people):
    async with screen(people) as tui:
        await tui.press("ctrl+f")
        await tui.write("nov")
        await tui.press("down", "ctrl+f")
        assert tui.one(Input).has_focus
        assert tui.one(Input).value == "nov"


@pytest.mark.parametrize("text", ["nov", "acme", "samples", "brochure"])
async def test_enter_opens_what_was_found(screen, people, text):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write(text)
        await tui.press("down")
        key = tui.one(RowList).key
        await tui.press("enter")
        assert tui.app.screen.record_key == key


async def test_y_copies_one_of_the_ways(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("nov")
        await tui.press("down", "y", "2")
        assert tui.app.clipboard == "040 123 456"
        assert "Copied: 040 123 456" in tui.frame()


async def test_y_copies_the_only_way_at_once_also_of_a_task(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("samples")
        await tui.press("down", "y")
        assert tui.app.clipboard == "eva@kos.si"


async def test_y_without_anybody_says_so(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("rent")
        await tui.press("down", "y")
        assert "There is nobody here to copy from" in tui.frame()
        await tui.press("slash", "escape")
        await tui.write("acme")
        await tui.press("down", "j", "y")
        assert "There is no e-mail and no phone" in tui.frame()


async def test_the_acts_work_on_the_hit(screen, people, run):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("samples")
        await tui.press("down", "d")
        await tui.write("sent them")
        await tui.press("enter", "enter")
    assert [task["status"] for task in run("task", "list", "--done", "--json").json] == [
        "completed"
    ]
    assert run("show", "eva-kos", "--json").json["timeline"][0]["body"] == "sent them"


async def test_logging_from_what_was_said_is_with_who_took_part(screen, people, run):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("brochure")
        await tui.press("down", "c", "n")
        await tui.write("likes it")
        await tui.press("enter", "enter")
    assert run("show", "bo-li", "--json").json["timeline"][0]["body"] == "likes it"


async def test_marked_hits_are_acted_on_together(screen, people, run):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.press("down", "space", "space", "a")
        await tui.write("fri send the calendar")
        await tui.press("enter")
    found = run("task", "list", "due:2026-11-27", "calendar", "--json").json
    assert {task["who"]["name"] for task in found} == {"Jože Čopič", "Eva Kos"}
    run("undo")
    assert run("task", "list", "calendar", "--json").json == []


async def test_what_others_write_comes_in(screen, people, run):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("zora")
        assert "Nothing matches 'zora'" in tui.frame()
        run("contact", "add", "Zora Kranjc")
        tui.app.poll()
        await tui.settle()
        assert "Zora Kranjc" in tui.frame()


async def test_masked_names_are_not_copied(screen, people):
    async with screen(people) as tui:
        await tui.press("5")
        await tui.write("nov")
        await tui.press("down", "ctrl+x", "y")
        assert "Novak" not in tui.frame()
        assert "Names are masked: ctrl+x shows them again" in tui.frame()
        assert tui.app.clipboard == ""


# The command palette


async def test_the_palette_opens_people_by_name(screen, people):
    async with screen(people) as tui:
        await tui.press("ctrl+p")
        await tui.write("joze")
        assert "Jože Čopič" in tui.frame()
        await tui.press("enter")
        assert tui.app.screen.record_key == ("contact", 4)
        assert tui.app.recent == [("contact", 4)]


async def test_the_palette_shows_names_as_text(screen, wide):
    async with screen(wide) as tui:
        await tui.press("ctrl+p")
        await tui.write("bold")
        assert "[b]Bold[/b]" in tui.frame()


async def test_the_palette_lists_what_a_view_selects(screen, people, run):
    async with screen(people) as tui:
        run("view", "save", "my late ones", "due.before:today", "--of", "task")
        await tui.press("ctrl+p")
        await tui.write("late ones")
        await tui.press("enter")
        assert tui.app.current_mode == "tasks"
        assert 'Tasks by due date, /@"my late ones"' in tui.frame()
        assert "2 open" in tui.frame()


async def test_a_view_of_what_no_area_lists_is_said(screen, people, run):
    async with screen(people) as tui:
        run("view", "save", "calls", "kind:call", "--of", "interaction")
        await tui.press("ctrl+p")
        await tui.write("calls")
        await tui.press("enter")
        assert "No area lists interactions" in tui.frame()
