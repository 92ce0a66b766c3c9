"""The reports on the screen: frames, the same numbers as the shell, and the rows behind them."""

from contextlib import asynccontextmanager
from datetime import date

import pytest
from rich.cells import cell_len

from crmcli.columns import Column
from crmcli.service.figures import Line, Table
from crmcli.tui.screens.behind import BehindScreen
from crmcli.tui.screens.card import CardScreen
from crmcli.tui.screens.reports import REPORTS, ReportsScreen
from crmcli.tui.widgets.figures import FigureList, draw, sheet_of
from crmcli.tui.widgets.parted import PartedList
from crmcli.tui.widgets.rows import GAP

WON = ("--at", "2026-09-01", "--stage", "proposal")
SALES = [
    ("rate", "set", "USD", "EUR", "0.92", "--on", "2026-01-01"),
    ("rate", "set", "JPY", "EUR", "0.006", "--on", "2026-01-01"),
    ("contact", "add", "Ana Novak", "--org", "Acme"),
    ("contact", "add", "张伟", "--org", "华为技术有限公司 [b]国际[/b] " + "very long name " * 9),
    ("deal", "add", "Pilot", "--for", "c1", "--amount", "EUR 10000", "--close", "2026-12-24",
     "--stage", "proposal", "--at", "2026-10-01"),
    ("deal", "add", "网络升级项目 " * 9, "--for", "c2", "--amount", "USD 4000", "--owner", "eva",
     "--close", "2027-01-10", "--stage", "qualified", "--at", "2026-10-01"),
    ("deal", "add", "Support", "--for", "c1", "--amount", "EUR 90.25", "--period", "monthly",
     "--close", "2027-02-01", "--at", "2026-11-01"),
    ("deal", "add", "Handshake", "--for", "c2", "--amount", "JPY 900000", "--owner", "eva",
     "--close", "2026-12-15", "--stage", "negotiation", "--at", "2026-10-01"),
    ("deal", "add", "Late", "--for", "c1", "--amount", "EUR 1500", "--close", "2026-11-01",
     "--at", "2026-10-10"),
    ("deal", "add", "Undated", "--for", "c1", "--amount", "KWD 12.345", "--at", "2026-10-10"),
    ("deal", "add", "Won", "--for", "c1", "--amount", "EUR 5000", *WON),
    ("deal", "win", "d7", "--at", "2026-11-18"),
    ("deal", "add", "Lost", "--for", "c2", "--amount", "EUR 7000", *WON),
    ("deal", "lose", "d8", "--reason", "price", "--at", "2026-11-10"),
    ("goal", "set", "@me", "won_amount", "20000", "--quarter"),
    ("goal", "set", "team", "won_count", "4", "--quarter"),
    ("contact", "move", "c1", "interest"),
    ("lead", "add", "Bo Li", "--source", "fair"),
    ("deal", "edit", "d1", "--close", "2026-12-28"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def base_currency(monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "EUR")


@pytest.fixture
def sales(built):
    """Deals in four currencies, open, late, won and lost; two goals; somebody on the way."""
    return built("figures", SALES)


@pytest.fixture
def reports(screen, sales):
    """Open the reports: `async with reports() as (tui, view)`."""

    @asynccontextmanager
    async def reports(source=sales, size=(80, 24), **options):
        async with screen(source, size=size, **options) as tui:
            await tui.press("9")
            yield tui, tui.one(FigureList)

    return reports


async def go_to(tui, name: str) -> None:
    await tui.press(*["right"] * list(REPORTS).index(name))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)], ids=str)
@pytest.mark.parametrize("name", ["forecast", "funnel"])
async def test_frame(reports, frame, name, size):
    async with reports(size=size) as (tui, _):
        await go_to(tui, name)
        assert tui.frame() == frame


async def test_frame_of_a_heat_map_in_ascii(reports, frame):
    async with reports(ascii=True) as (tui, _):
        await go_to(tui, "funnel")
        await tui.press("h", "1")  # by owner
        assert tui.frame() == frame


async def test_an_empty_database_says_how_to_begin(reports):
    async with reports(None) as (tui, view):
        assert "8  shows the board; there n adds a deal" in tui.frame()
        await go_to(tui, "goals")
        assert "crm goal set @me won_amount 50000 --quarter" in tui.frame()
        await tui.press("enter")  # there is nothing behind nothing
        assert isinstance(tui.app.screen, ReportsScreen)
        assert view.lines() == []


def said(value) -> str:
    """Give how people read a figure of the JSON."""
    if isinstance(value, list):
        return "; ".join(f"{one['amount']} {one['currency']}" for one in value) or "-"
    return "n/a" if value is None else str(value)


async def test_the_numbers_are_those_of_the_shell(reports, run):
    """Every figure that the shell's JSON holds for a line stands in that line of the screen."""
    async with reports(size=(400, 40)) as (tui, view):
        for name in REPORTS:
            lines = run(*(("forecast",) if name == "forecast" else ("report", name)), "--json").json
            assert len(view.rows) == len(lines), name
            rows = tui.frame().splitlines()[4:]  # below the areas, two titles and the reports
            for line, row in zip(lines, rows, strict=False):
                for column in view.sheet.table.columns:
                    if column.key in view.drawn.keys and line[column.key] is not None:
                        assert said(line[column.key]) in row, (name, column.key)
            await tui.press("right")


async def test_enter_shows_the_rows_behind_and_esc_comes_back(reports, run):
    async with reports() as (tui, view):
        await tui.press("j")
        assert view.key == ("line", "2027-01")
        await tui.press("enter")
        assert isinstance(tui.app.screen, BehindScreen)
        assert tui.one(PartedList).rows.keys() == [2]
        assert "4000.00 USD" in tui.line("网络升级项目")
        await tui.press("enter")
        assert isinstance(tui.app.screen, CardScreen)
        assert tui.app.screen.record_key == ("deal", 2)
        await tui.press("escape", "escape")
        assert view.key == ("line", "2027-01")
        await tui.press("G", "enter")
        behind = run("forecast", "--explain", "part=total", "-f", "ids").out.split()
        assert [f"d{id}" for id in tui.one(PartedList).rows.keys()] == behind  # noqa: SIM118
        assert f"{len(behind)} deals" in tui.frame()
        assert "90.25 EUR a month" in tui.line("Support")


async def test_what_others_write_comes_in(reports, run):
    async with reports() as (tui, view):
        await tui.press("j", "enter")
        run("deal", "add", "More", "--for", "c1", "--amount", "EUR 77", "--close", "2027-01-31")
        run("deal", "edit", "d2", "--close", "2027-03-01")
        tui.app.poll()
        await tui.settle()
        assert tui.one(PartedList).rows.keys() == [9]
        await tui.press("escape")
        assert view.key == ("line", "2027-01")
        run("deal", "rm", "d9", "--yes")
        tui.app.poll()
        await tui.settle()
        assert view.rows.find(("line", "2027-01")) is None
        assert view.rows.find(("line", "2027-03")) is not None


async def test_period_and_grouping_and_back_to_what_is_usual(reports, run):
    async with reports(size=(120, 40)) as (tui, view):
        await tui.press("p")
        await tui.write("some time")
        await tui.press("enter", "enter")
        assert "not a period: 'some time'" in tui.frame()
        await tui.press("escape", "p")
        await tui.write("2026-Q4")
        assert "Thu 1 Oct 2026 to Thu 31 Dec 2026" in tui.frame()
        await tui.press("enter")
        assert view.rows.find(("line", "2027-01")) is None
        await tui.press("h", "2")  # by owner
        assert view.sheet.table.by == ("owner",)
        await tui.press("h", "+", "2")  # and by stage
        assert view.sheet.table.by == ("owner", "stage")
        assert view.drawn.has_shades
        await tui.press("enter")  # on a row of the heat map
        lines = run("forecast", "-p", "2026-Q4", "--by", "owner", "--json").json
        line = next(line for line in lines if line["owner"] == view.key[1])
        assert len(tui.one(PartedList).rows) == line["deals"] + line["won_deals"]
        await tui.press("escape", "right")
        assert "Thu 1 Oct 2026 to Thu 31 Dec 2026" in tui.frame()  # the period went along
        await tui.press("escape")
        assert "Wed 26 Aug 2026 to Mon 23 Nov 2026" in tui.frame()


async def test_one_filter_for_all_reports_of_deals(reports, run):
    async with reports() as (tui, view):
        await tui.press("slash")
        await tui.write("owner:eva")
        await tui.press("enter")
        total = run("forecast", "--json", "--where", "owner:eva").json[-1]
        assert said([total["total_base"]]) in tui.frame().splitlines()[3 + len(view.rows)]
        await tui.press("right")
        assert "Sales: owner:eva" in tui.frame()
        await go_to(tui, "leads")  # of people
        await tui.press("left", "left")
        assert "owner:eva" in tui.frame()
        await tui.press("escape")
        assert "owner:eva" not in tui.frame()
        assert len(view.rows) > 0


async def test_people_on_their_way(reports):
    async with reports() as (tui, view):
        await go_to(tui, "funnel")
        await tui.press("P", "2")
        assert "Funnel: People" in tui.frame()
        await tui.press("enter")
        assert tui.one(PartedList).rows.keys() == [1]
        assert "Ana Novak" in tui.frame()
        await tui.press("escape", "escape")
        assert "Funnel: Sales" in tui.frame()
        assert view.lines()[0].noun == "deal"


async def test_the_palette_finds_a_report_by_its_name(screen, sales):
    async with screen(sales) as tui:
        await tui.press("ctrl+p")
        await tui.write("funnel")
        await tui.press("enter")
        assert "Funnel: Sales" in tui.frame()


async def test_masked(reports):
    async with reports() as (tui, _):
        await tui.press("h", "8", "ctrl+x")  # by org
        assert "Acme" not in tui.frame()
        assert "10000" not in tui.frame()


LINES = [
    Line(("华为技术有限公司" * 9, "Negotiation"), {"deals": 3, "share": 33.3, "name": 1_000_000}),
    Line((None, "Won"), {"deals": 1, "share": None, "name": 2}),
    Line((), {"deals": 4}, "total"),
]
TABLE = Table(
    "sales",
    "Sales",
    date(2026, 1, 1),
    date(2026, 1, 31),
    ("org", "stage"),
    (Column("deals", "Deals"), Column("share", "Share %"), Column("name", "A title of many words")),
    LINES[:2],
    LINES[2],
    (),
    "deals",
    lambda crm, line: [],
)


@pytest.mark.parametrize("room", range(25, 130, 3))
def test_a_report_fits_and_shows_its_measure(room):
    drawn = draw(sheet_of(TABLE), room, ascii=True)
    assert "deals" in drawn.keys
    widths = [width for width in drawn.widths if width]
    assert sum(widths) + GAP * (len(widths) - 1) <= room
    assert all(len(row.cells) == len(drawn.widths) for row in drawn.rows)
    if not drawn.has_shades:
        bars = [cell_len(row.cells[-1]) for row in drawn.rows]
        assert bars[0] == drawn.widths[-1]
        assert bars[2] == 0
