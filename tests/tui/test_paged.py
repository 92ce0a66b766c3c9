"""Tables over many rows: ids in memory, pages as they are seen, what stays when things change."""

import threading
from array import array

import pytest

from crmcli.errors import StorageError
from crmcli.rules.filter import parse
from crmcli.tui.widgets import paged
from crmcli.tui.widgets.paged import KEPT, PAGE, PagedRows, RecordTable
from crmcli.tui.widgets.rows import PLACEHOLDER, Row


@pytest.fixture
def opened(screen, crowd):
    """Open the table of six thousand people: `async with opened() as (tui, table)`."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def opened(size=(120, 40)):
        async with screen(crowd, size=size) as tui:
            await tui.press("2")
            yield tui, tui.one(RecordTable)

    return opened


def name(id: int) -> str:
    return f"{'Rare' if id % 1000 == 0 else 'Person'} {id:04}"


# Rows


def page(number: int, size: int = PAGE) -> list[Row]:
    return [Row(id, (str(id),)) for id in range(number * PAGE, number * PAGE + size)]


def test_a_row_is_there_when_its_page_is():
    rows = PagedRows(array("q", range(300)))
    assert (len(rows), rows.row(0), rows.lacks(0)) == (300, None, True)
    rows.take({0: page(0)})
    assert rows.row(5) == Row(5, ("5",))
    assert not rows.lacks(0)
    assert rows.row(PAGE) is None
    assert rows.lacks(2)
    rows.take({2: page(2, 300 - 2 * PAGE)})
    assert not rows.lacks(2)  # the last page is short
    assert not rows.lacks(3)
    assert not rows.lacks(-1)


def test_a_page_that_has_grown_is_read_again():
    rows = PagedRows(array("q", range(40)))
    rows.take({0: page(0, 40)})
    rows.ids = array("q", range(90))
    assert rows.row(39) == Row(39, ("39",))
    assert rows.row(40) is None
    assert rows.lacks(0)


def test_the_pages_in_memory_are_few_and_near():
    rows = PagedRows(array("q", range(100 * PAGE)))
    for number in range(50):
        rows.take({number: page(number)})
    assert sorted(rows.pages) == list(range(50 - KEPT, 50))
    rows.take({0: page(0)})
    assert 0 in rows.pages
    assert len(rows.pages) == KEPT


@pytest.mark.parametrize("at", [0, 5, 49_999, 99_999])
def test_find_looks_near_first_then_everywhere(at):
    ids = array("q", reversed(range(100_000)))
    rows = PagedRows(ids, near=50_000)
    assert rows.find(ids[at]) == at
    assert rows.find(-1) is None
    assert rows.find("c1") is None
    assert rows.keys() == list(ids)


def test_more_of_the_same_goes_on():
    rows = PagedRows(array("q", [5, 3, 9]))
    assert rows.goes_on(PagedRows(array("q", [5, 3])))
    assert not rows.goes_on(PagedRows(array("q", [5, 9])))


# The table


async def test_opens_on_the_first_rows_and_knows_all(opened):
    async with opened() as (tui, table):
        assert len(table.rows) == 6_000
        assert table.is_whole
        assert name(1) in tui.frame()
        assert "6,000" in tui.line("Contacts, by name")


async def test_the_first_rows_come_before_the_rest(screen, crowd, monkeypatch):
    seen = []
    take = RecordTable._take

    def note(self, found):
        seen.append((len(found.rows), found.is_whole))
        take(self, found)
        assert self.rows.row(0) is not None

    monkeypatch.setattr(RecordTable, "_take", note)
    async with screen(crowd) as tui:
        await tui.press("2")
    sizes = [size for size, _ in seen]
    assert sizes[0] < PAGE
    assert sizes[1:] == [5_000, 6_000]
    assert [is_whole for _, is_whole in seen] == [False, False, True]


async def test_the_end_and_back(opened):
    async with opened() as (tui, table):
        await tui.press("G")
        assert table.key == 6_000  # "Rare 6000" is the last by name
        assert name(6_000) in tui.frame()
        assert name(1) not in tui.frame()
        await tui.press("k", "g")
        assert table.key == 1


async def test_pages_are_read_as_they_are_seen_and_few_are_kept(opened):
    async with opened() as (tui, table):
        for at in range(PAGE, 6_000, 2 * PAGE):
            table.move_to(at)
            await tui.settle()
            assert name(table.key) in tui.line("▌")
        assert len(table.rows.pages) <= KEPT
        assert 0 not in table.rows.pages
        await tui.press("g")
        assert name(1) in tui.frame()


async def test_a_page_that_is_being_read_is_told_by_a_sign(opened, monkeypatch):
    async with opened() as (tui, table):
        may_go, read = threading.Event(), paged.read_pages

        def wait(*args):
            may_go.wait(10)
            return read(*args)

        monkeypatch.setattr(paged, "read_pages", wait)
        await tui.send("G")
        await tui.until(lambda: table.cursor == 5_999)
        assert tui.line("▌").split("│")[0].strip() == f"▌ {PLACEHOLDER}"
        may_go.set()
        await tui.settle()
        assert name(6_000) in tui.line("▌")


async def test_the_cursor_stays_on_its_record_and_line_when_rows_come_above(opened, run):
    async with opened() as (tui, table):
        await tui.press(*["pagedown"] * 3, *"jjj")
        key, line = table.key, table.cursor - int(table.scroll_offset.y)
        at = table.cursor
        for number in range(3):
            run("contact", "add", f"Aaa {number}")
        tui.app.poll()
        await tui.settle()
        assert (table.key, table.cursor) == (key, at + 3)
        assert table.cursor - int(table.scroll_offset.y) == line
        assert len(table.rows) == 6_003
        assert name(key) in tui.line("▌")


async def test_who_is_gone_leaves_the_cursor_where_it_was(opened, run):
    async with opened() as (tui, table):
        await tui.press(*"jjj")
        assert table.key == 4
        run("contact", "rm", "c4")
        tui.app.poll()
        await tui.settle()
        assert (table.cursor, table.key) == (3, 5)


async def test_what_changed_is_read_again(opened, run):
    async with opened() as (tui, table):
        run("contact", "edit", "c2", "--org", "Acme")
        tui.app.poll()
        await tui.settle()
        assert "Acme" in tui.line(name(2))
        assert table.key == 1


async def test_a_change_while_reading_is_not_lost(opened, run, monkeypatch):
    async with opened() as (tui, table):
        may_go, read = threading.Event(), paged.read_list

        def wait(*args):
            yield from list(read(*args))  # reads now …
            may_go.wait(10)  # … and takes its time to say so

        monkeypatch.setattr(paged, "read_list", wait)
        table.reload()
        run("contact", "add", "Aaa")
        tui.app.poll()
        may_go.set()
        await tui.settle()
        assert len(table.rows) == 6_001


async def test_only_the_newest_answer_is_shown(opened, monkeypatch):
    async with opened() as (tui, table):
        shown, may_go, read = [], threading.Event(), paged.read_list

        def wait(crm, query, before):
            if query.text == "rare":
                may_go.wait(10)
            yield from read(crm, query, before)

        monkeypatch.setattr(paged, "read_list", wait)
        put = table.put
        monkeypatch.setattr(
            table, "put", lambda *args: (shown.append(table.shown.text), put(*args))
        )
        table.ask(tree=parse("rare"), text="rare")
        table.ask(tree=parse("+tenth"), text="+tenth")
        await tui.until(lambda: table.shown.text == "+tenth")
        may_go.set()
        await tui.settle()
        assert shown == ["+tenth"]
        assert len(table.rows) == 600


def endless(monkeypatch) -> threading.Event:
    """Let the search for `r` have no end; give what tells that it has begun."""
    begun, read = threading.Event(), paged.read_list
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    def scan(crm, query, before):
        if query.text == "r":
            begun.set()
            crm.store.reader.execute(count).fetchall()
        yield from read(crm, query, before)

    monkeypatch.setattr(paged, "read_list", scan)
    return begun


async def test_a_slow_search_keeps_nobody_waiting(opened, monkeypatch):
    """One types on while it goes on, and the newer question breaks it off."""
    async with opened() as (tui, table):
        begun = threading.Event()
        slow = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        )
        read = paged.read_list

        def scan(crm, query, before):
            if query.text == "r":
                begun.set()
                crm.store.reader.execute(slow).fetchall()  # without an end
            yield from read(crm, query, before)

        monkeypatch.setattr(paged, "read_list", scan)
        await tui.send("slash", "r")
        await tui.until(begun.is_set)
        assert table.is_waiting
        await tui.press("a")
        assert table.shown.text == "ra"
        assert len(table.rows) == 6


async def test_one_can_leave_while_a_search_goes_on(opened, monkeypatch):
    """To close a connection under the thread that uses it would end the process."""
    async with opened() as (tui, _):
        begun = endless(monkeypatch)
        await tui.send("slash", "r")
        await tui.until(begun.is_set)
        tui.app.exit()
    assert tui.app.return_code == 0


async def test_a_failed_read_is_told_and_the_list_stays(opened, monkeypatch):
    def fail(*_):
        raise StorageError("the disk is on fire", "call somebody")
        yield

    async with opened() as (tui, table):
        monkeypatch.setattr(paged, "read_list", fail)
        table.ask(sort="-name")
        await tui.settle()
        assert "the disk is on fire" in tui.frame()
        assert name(1) in tui.frame()
        assert table.asked == table.shown
        assert not table.is_reading


# Marks


async def test_marks_reach_over_pages(opened):
    async with opened() as (tui, table):
        await tui.press("space", "G", "space")
        assert table.marks == {1, 6_000}
        assert "2 marked, 6,000" in tui.frame()
        assert tui.app.screen.people() == [("contact", 1), ("contact", 6_000)]


async def test_all_means_all_that_the_filter_selects(opened):
    async with opened() as (tui, table):
        await tui.press("slash")
        await tui.write("+tenth")
        await tui.press("enter", "asterisk")
        assert table.marks == set(range(10, 6_001, 10))
        assert "600 marked, 600" in tui.frame()
        await tui.press("asterisk")
        assert not table.marks


async def test_all_waits_until_all_is_there(screen, crowd, monkeypatch):
    may_go, ids = threading.Event(), paged.page.ids

    def wait(*args, **options):
        for number, found in enumerate(ids(*args, **options)):
            if number:
                may_go.wait(10)
            yield found

    monkeypatch.setattr(paged.page, "ids", wait)
    async with screen(crowd) as tui:
        await tui.send("2")
        await tui.until(lambda: len(tui.app.screen.query(RecordTable)) > 0)
        table = tui.one(RecordTable)
        await tui.until(lambda: len(table.rows) > 0)
        await tui.send("asterisk", "G")
        assert not table.marks
        assert table.cursor == 0
        may_go.set()
        await tui.settle()
        assert len(table.marks) == 6_000
        assert table.key == 6_000


async def test_marks_of_those_who_are_gone_go(opened, run):
    async with opened() as (tui, table):
        await tui.press("space", "space", "space")
        run("contact", "rm", "c2")
        tui.app.poll()
        await tui.settle()
        assert table.marks == {1, 3}
        assert "2 marked, 5,999" in tui.frame()


# Neighbours


async def test_neighbours_follow_the_list_as_it_stands(opened, run):
    async with opened() as (tui, table):
        around = table.neighbours()
        assert around.next(("contact", 1)) == ("contact", 2)
        assert around.previous(("contact", 1)) is None
        assert around.next(("contact", 6_000)) is None
        assert around.place(("contact", 5_999)) == (5_994, 6_000)  # the rare ones come last
        assert around.place(("org", 1)) is None
        assert around.next(("contact", 9_999)) is None
        run("contact", "rm", "c2")
        tui.app.poll()
        await tui.settle()
        assert around.next(("contact", 1)) == ("contact", 3)
