"""The filter above a list: live results, what may come next, and what is wrong."""

import pytest
from textual.widgets import Input

from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.widgets.paged import RecordTable
from crmcli.tui.widgets.rows import RowList

GRAMMAR = "words, +tag, field:value"


def shown(tui) -> list[str]:
    """Give the names in the table."""
    table = tui.one(RecordTable)
    return [table.rows.row(at).cells[0] for at in range(len(table.rows))]


def below(tui) -> str:
    """Give the line below the one that is typed in."""
    lines = tui.frame().splitlines()
    return lines[next(at for at, line in enumerate(lines) if line.startswith(" / ")) + 1]


@pytest.fixture
def typing(screen, people):
    """Open the filter of the contacts: `async with typing() as tui`."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def typing(area="2", size=(80, 24), source=people):
        async with screen(source, size=size) as tui:
            await tui.press(area, "slash")
            assert tui.app.focused is tui.one(FilterBar).line
            yield tui

    return typing


async def test_every_letter_tells(typing):
    everybody = ["Ana Novak", "Bo Li", "Eva Kos", "Jože Čopič"]
    async with typing() as tui:
        assert (shown(tui), GRAMMAR in below(tui)) == (everybody, True)
        for letter, wanted in [
            ("l", ["Bo Li", "Eva Kos", "Jože Čopič"]),  # a lead, and one who likes tea
            ("i", ["Bo Li", "Jože Čopič"]),
            ("k", ["Jože Čopič"]),
            ("x", []),
        ]:
            await tui.press(letter)
            assert shown(tui) == wanted
        await tui.press(*["backspace"] * 4)
        assert shown(tui) == everybody


async def test_marks_and_case_do_not_count(typing):
    async with typing() as tui:
        await tui.write("copic")
        assert shown(tui) == ["Jože Čopič"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("vip )", "       ^ this ) closes nothing; remove it, or open with ("),
        (
            "org:a foo:x",
            "         ^^^ no field 'foo' of contacts; put it in quotes to look for the",
        ),
        ("(ana", "   ^ this ( is not closed; close it with )"),
        ("ana created:32.13.", "               ^^^^^^"),
    ],
)
async def test_what_is_wrong_is_told_below_its_place_and_the_list_stays(typing, text, line):
    async with typing(size=(120, 40)) as tui:
        await tui.write("ana")
        tui.one(FilterBar).line.value = text
        await tui.settle()
        assert below(tui).startswith(line)
        assert shown(tui) == ["Ana Novak"]
        await tui.press("enter")
        assert tui.one(FilterBar).is_open  # it is not left like that
        assert tui.one(FilterBar).line.has_focus


async def test_a_long_message_gets_a_line_of_its_own(typing):
    async with typing() as tui:
        await tui.write("name:ana last_tuch.before:")
        await tui.write("today")
        assert below(tui).strip() == "^" * len("last_tuch")
        assert "did you mean last_touch?" in tui.frame()


async def test_who_there_is_not_is_told_and_nobody_selected(typing):
    async with typing() as tui:
        await tui.write("+vxp")
        assert "there is no tag vxp; did you mean vip?" in below(tui)
        assert shown(tui) == []
        await tui.press("enter")
        assert "there is no tag vxp" in tui.frame()
        assert "Nothing matches +vxp" in tui.frame()


@pytest.mark.parametrize(
    ("text", "whole"), [("+v", "+vip"), ("eva +", "eva +vip"), ("ow", "owner:")]
)
async def test_what_is_on_its_way_is_suggested_and_the_list_stays(typing, text, whole):
    async with typing() as tui:
        await tui.write("eva")
        before = shown(tui)
        tui.one(FilterBar).line.value = text
        await tui.settle()
        assert f" / {whole}" in tui.frame()
        assert "^" in below(tui) or GRAMMAR in below(tui)
        assert shown(tui) == before == ["Eva Kos"]


@pytest.mark.parametrize("key", ["tab", "right"])
async def test_a_suggestion_is_taken(typing, key):
    async with typing() as tui:
        await tui.write("+v")
        await tui.press(key)
        assert tui.one(FilterBar).text == "+vip"
        assert shown(tui) == ["Ana Novak"]
        await tui.press("left", key)  # inside the text it goes right
        assert tui.one(FilterBar).text == "+vip"


async def test_a_value_on_its_way_is_not_complained_about_until_it_is_to_be_kept(typing):
    async with typing() as tui:
        tui.one(FilterBar).line.value = "stage:l"
        await tui.settle()
        assert " / stage:lead" in tui.frame()
        assert GRAMMAR in below(tui)
        assert len(shown(tui)) == 4
        await tui.press("enter")
        assert tui.one(FilterBar).is_open
        assert "stage: 'l' is none of its words" in tui.frame()
        await tui.press("right", "enter")
        assert not tui.one(FilterBar).is_open
        assert shown(tui) == []


async def test_fields_and_their_values_are_suggested(typing):
    async with typing() as tui:
        await tui.write("sta")
        await tui.press("tab")
        await tui.write("ot")
        await tui.press("tab")
        assert tui.one(FilterBar).text == "stage:other"
        assert len(shown(tui)) == 4


@pytest.mark.parametrize("key", ["enter", "down"])
async def test_the_filter_is_kept(typing, key):
    async with typing() as tui:
        await tui.write("+vip")
        await tui.press(key)
        assert not tui.one(FilterBar).is_open
        assert tui.one(RecordTable).has_focus
        assert shown(tui) == ["Ana Novak"]
        assert "Contacts: +vip, by name" in tui.frame()
        await tui.press("slash")  # one types on where one was
        await tui.write(" or +lead")
        assert shown(tui) == ["Ana Novak", "Eva Kos"]


async def test_the_filter_is_cleared_and_the_cursor_stays(typing):
    async with typing() as tui:
        await tui.write("eva")
        await tui.press("escape")
        assert not tui.one(FilterBar).is_open
        assert tui.one(FilterBar).text == ""
        assert len(shown(tui)) == 4
        assert tui.one(RecordTable).key == 3


async def test_an_answer_that_comes_late_opens_the_filter_again(typing):
    """Only the database knows that the field is not there; by then the list may have the keys."""
    async with typing() as tui:
        await tui.write("ana")
        await tui.send("space", *"foo", "colon", "x", "enter")
        await tui.settle()
        assert tui.one(FilterBar).is_open
        assert "no field 'foo'" in tui.frame()


async def test_letters_are_text_while_one_types(typing):
    async with typing() as tui:
        await tui.press("q", "2", "u", "x")
        assert tui.one(FilterBar).text == "q2ux"
        assert "enter Into the list  tab Complete" in tui.frame()
        await tui.press("escape")
        assert "n New" in tui.frame()


async def test_typed_quickly_the_last_letter_counts(typing, crowd):
    async with typing(source=crowd, size=(120, 40)) as tui:
        await tui.write("rare 4000")
        assert shown(tui) == ["Rare 4000"]
        assert tui.one(RecordTable).shown.text == "rare 4000"


async def test_letter_by_letter_over_thousands(typing, crowd):
    async with typing(source=crowd, size=(120, 40)) as tui:
        sizes = []
        for letter in "+tenth":
            await tui.press("plus" if letter == "+" else letter)
            sizes.append(len(tui.one(RecordTable).rows))
        assert sizes == [6_000] * 5 + [600]


async def test_a_view_may_be_typed(typing, run):
    async with typing() as tui:
        run("view", "save", "hot", "+vip")
        await tui.press("escape", "slash")
        await tui.write("@h")
        await tui.press("tab")
        assert shown(tui) == ["Ana Novak"]


async def test_a_filter_is_masked_like_all_else(typing):
    async with typing() as tui:
        await tui.write("novak")
        await tui.press("enter", "ctrl+x")
        assert "novak" not in tui.line("by name").casefold()


# The day


def people(rows) -> set[str]:
    """Give the names in the list."""
    return {row.cells[0] for row in rows.rows.sample() if row.key}


async def test_the_day_is_filtered_by_people_and_by_text(typing):
    async with typing(area="1") as tui:
        rows = tui.one(RowList)
        await tui.write("+vip")
        assert people(rows) == {"Ana Novak"}
        assert "Mon 23 Nov 2026: +vip" in tui.frame()
        tui.one(FilterBar).line.value = ""
        await tui.write("rent")  # a task for nobody
        assert [row.cells[1] for row in rows.rows.sample() if row.key] == ["pay the rent"]
        await tui.press("enter")
        assert rows.has_focus
        assert "1 overdue, 0 today" in tui.frame()
        await tui.press("escape")
        assert len(rows.rows) > 5


async def test_the_day_stays_filtered_when_something_changes(typing, run):
    async with typing(area="1") as tui:
        await tui.write("eva")
        await tui.press("enter")
        run("remind", "eva-kos", "today", "ask again")
        run("remind", "bo-li", "today", "ask again")
        tui.app.poll()
        await tui.settle()
        rows = tui.one(RowList)
        assert people(rows) == {"Eva Kos"}
        assert "ask again" in tui.frame()


async def test_what_is_wrong_is_told_over_the_day_too(typing):
    async with typing(area="1") as tui:
        count = len(tui.one(RowList).rows)
        tui.one(FilterBar).line.value = "foo:x"
        await tui.settle()
        assert "no field 'foo' of contacts" in below(tui)
        assert len(tui.one(RowList).rows) == count
        tui.one(FilterBar).line.value = ""
        await tui.write("xyzzy")
        assert "Nothing of the day matches xyzzy" in tui.frame()
        await tui.press("escape")
        assert len(tui.one(RowList).rows) == count
        assert not isinstance(tui.app.focused, Input)
