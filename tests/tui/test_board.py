"""The board: its frames, what H, L, W and X do, the card of a deal, and tasks by stage."""

from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input

from crmcli.tui.screens.card import CardScreen
from crmcli.tui.widgets.board import BoardView

SALES = [
    ("contact", "add", "Ana Novak", "--org", "Acme"),
    ("contact", "add", "张伟", "--org", "华为技术有限公司"),
    ("deal", "add", "Pilot", "--for", "c1", "--amount", "9k EUR", "--at", "2026-11-20",
     "-n", "2026-11-27 send offer"),
    ("deal", "add", "询问预算并发送报价单给华为技术有限公司", "--for", "c2",
     "--amount", "JPY 1200000", "--stage", "qualified", "--at", "2026-09-03"),
    ("deal", "add", "Support of [b]all[/b] the machines in every hall " * 20, "--for", "c1",
     "--amount", "KWD 12.345", "--period", "monthly", "--stage", "lead", "--at", "2026-11-01",
     "-n", "2026-11-20 call back"),
    ("pipeline", "stage", "edit", "proposal", "--require", "close_date,next_step"),
]  # fmt: skip


@pytest.fixture
def sales(built):
    """Two people, three deals, and a stage that requires something."""
    return built("sales", SALES)


@pytest.fixture
def board(screen, sales):
    """Open the board: `async with board() as (tui, view)`."""

    @asynccontextmanager
    async def board(source=sales, size=(80, 24), **options):
        async with screen(source, size=size, **options) as tui:
            await tui.press("8")
            yield tui, tui.one(BoardView)

    return board


def standing(view: BoardView) -> dict[str, list[int]]:
    """Give the ids of what stands in each stage."""
    return {one.stage.name: [card.id for card in one.cards] for one in view.columns}


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)], ids=str)
async def test_frame(board, frame, size):
    async with board(size=size) as (tui, _):
        assert tui.frame() == frame


async def test_an_empty_board_says_how_to_begin(board, frame):
    async with board(None) as (tui, _):
        assert tui.frame() == frame


async def test_the_cursor_scrolls_the_stages(board):
    async with board(size=(40, 10), ascii=True) as (tui, view):
        await tui.press("l", "right", "right", "right")
        assert "Negotiation" in tui.frame()
        assert "Lead" not in tui.frame()
        await tui.press("h", "h", "h", "G")
        assert view.key == ("deal", 3)
        assert "12.345 KWD" in tui.frame()
        assert not set("▌│≈") & set(tui.frame())


async def test_a_deal_moves_on_asks_what_is_required_and_is_won(board, run):
    async with board() as (tui, view):
        await tui.press("L")
        assert standing(view)["Qualified"] == [1, 2]
        assert view.key == ("deal", 1)  # the cursor went along
        await tui.press("L")  # it has a next step, but no close date
        assert "Close date" in tui.frame()
        assert "Next step" not in tui.frame()
        await tui.write("24 dec")
        await tui.press("enter", "L", "L")
        assert [id for ids in standing(view).values() for id in ids] == [3, 2]
        assert (view.board.won.count, view.board.won.sums) == (1, {"EUR": 900_000})
        shown = run("deal", "show", "d1", "--json").json
        assert (shown["status"], shown["close_date"]) == ("won", "2026-12-24")
        await tui.press("u", "u", "u", "H")
        assert standing(view)["Lead"] == [1, 3]


async def test_a_deal_is_lost_with_a_reason(board, run):
    async with board() as (tui, view):
        await tui.press("X", "3")  # competitor
        await tui.write("Globex")
        await tui.press("enter")
        await tui.write("they were there first")
        await tui.press("enter")
        assert standing(view)["Lead"] == [3]
        shown = run("deal", "show", "d1", "--json").json
        assert (shown["reason"], shown["competitor"]) == ("competitor", "Globex")
        assert shown["close_note"] == "they were there first"


async def test_several_move_and_one_that_lacks_something_stops_them(board):
    async with board() as (tui, view):
        await tui.press("asterisk", "L")
        assert standing(view)["Qualified"] == [1, 2, 3]
        await tui.press("asterisk", "L")
        assert "requires" in tui.frame()
        assert standing(view)["Qualified"] == [1, 2, 3]


async def test_a_card_is_drawn_to_another_stage(board):
    async with board() as (tui, view):
        await tui.pilot.mouse_down(BoardView, offset=(4, 4))
        await tui.pilot.hover(BoardView, offset=(70, 4))
        await tui.pilot.mouse_up(BoardView, offset=(70, 4))
        await tui.settle()
        assert standing(view)["Negotiation"] == [1]


async def test_a_filter_and_a_new_deal(board):
    async with board() as (tui, view):
        await tui.press("slash")
        await tui.write("next_step.after:today")
        await tui.press("enter")
        assert standing(view)["Lead"] == [1]
        await tui.press("escape", "l", "n")
        await tui.write("Spare parts")
        await tui.press("enter")
        await tui.write("Eva Kos")
        await tui.press("ctrl+s")
        assert "a new person?" in tui.frame()
        await tui.press("ctrl+o")
        assert view.key == ("deal", 4)
        assert standing(view)["Qualified"] == [2, 4]
        assert "Eva Kos" in tui.frame()


async def test_people_are_on_their_way_too(board, run):
    async with board() as (tui, view):
        await tui.press("p", "2", "n")
        await tui.write("Ana Novak")
        await tui.press("enter", "L")
        assert standing(view)["Interest"] == [1]
        await tui.press("L", "L")
        assert view.board.won.count == 1
        await tui.press("u")
        assert standing(view)["Decision"] == [1]


async def test_the_card_of_a_deal(board, frame, run):
    async with board() as (tui, _):
        await tui.press("enter")
        assert tui.frame() == frame
        await tui.press("c", "c")
        await tui.write("wants it before christmas")
        await tui.press("ctrl+s")
        assert "wants it before christmas" in tui.frame()
        await tui.press("j", "j", "e")  # the amount
        tui.one(Input).value = "12k"
        await tui.press("enter", "L")
        shown = run("deal", "show", "d1", "--json").json
        assert (shown["amount"]["amount"], shown["stage"]) == ("12000.00", "Qualified")
        assert shown["timeline"][0]["body"] == "wants it before christmas"
        await tui.press("W", "R")
        assert "Qualified, 25 %" in tui.frame()
        await tui.press("g", "j", "enter", "6", "1", "ctrl+s")  # the stage: lost, price
        assert run("deal", "show", "d1", "--json").json["reason"] == "price"


async def test_deals_stand_on_the_card_of_a_person_and_are_found(board):
    async with board() as (tui, _):
        await tui.press("2", "enter")
        assert "Lead, 9000.00 EUR" in tui.frame()
        await tui.press("escape", "ctrl+f")
        await tui.write("pilot")
        await tui.press("enter", "enter")
        assert isinstance(tui.app.screen, CardScreen)
        assert tui.app.screen.record_key == ("deal", 1)


async def test_a_deal_is_begun_with_a_person(board, run):
    async with board() as (tui, _):
        await tui.press("2", "dollar_sign")
        await tui.write("Renewal")
        await tui.press("ctrl+s")
        assert "Renewal" in tui.frame()
        assert run("deal", "show", "d4", "--json").json["who"]["name"] == "Ana Novak"


async def test_today_leads_to_a_deal_without_a_next_step(board):
    async with board() as (tui, _):
        await tui.press("1", "G")
        while "▌ 张伟" not in tui.frame():
            await tui.press("k")
        await tui.press("enter")
        assert tui.app.screen.record_key == ("deal", 2)
        await tui.press("a")
        await tui.write("tue ask about the budget")
        await tui.press("enter", "escape")
        assert "no next step" not in tui.frame()


async def test_names_and_amounts_can_be_masked(board):
    async with board() as (tui, _):
        await tui.press("ctrl+x")
        for word in ("Ana", "Support", "9000", "148.140", "1200000"):
            assert word not in tui.frame()


async def test_tasks_by_stage(board, run):
    async with board() as (tui, _):
        run("task", "add", "pay the rent")
        run("deal", "move", "d1", "qualified")
        await tui.press("4", "h", "s")
        heads = [line.strip() for line in tui.frame().splitlines()]
        places = [heads.index(name) for name in ("Lead (1)", "Qualified (1)", "No deal (1)")]
        assert places == sorted(places)
