"""Organizations: the frames, and the keys of the table where they are not those of people."""

import pytest
from textual.widgets import Input

from crmcli.tui.screens.card import CardScreen
from crmcli.tui.widgets.paged import RecordTable

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def orgs(screen, people):
    """Open the table: `async with orgs() as (tui, table)`."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def orgs(source=people, size=(80, 24)):
        async with screen(source, size=size) as tui:
            await tui.press("3")
            yield tui, tui.one(RecordTable)

    return orgs


def names(table) -> list[str]:
    return [table.rows.row(at).cells[0] for at in range(len(table.rows))]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("world", ["people", "wide", "long", "nobody"])
async def test_frame(orgs, request, frame, world, size):
    source = None if world == "nobody" else request.getfixturevalue(world)
    async with orgs(source, size) as (tui, _):
        assert tui.frame() == frame


async def test_filter_sort_and_columns(orgs, run):
    async with orgs() as (tui, table):
        run("org", "edit", "acme", "--kind", "client", "--industry", "retail")
        await tui.press("slash")
        await tui.write("kind:cl")
        await tui.press("tab")
        assert names(table) == ["Acme"]
        await tui.press("escape", "O", "k")
        assert "Organizations, by kind" in tui.frame()
        assert names(table)[0] == "Acme"
        await tui.press("f")
        tui.one(Input).value = "name, industry"
        await tui.press("enter")
        assert "retail" in tui.line("Acme")


async def test_a_view_of_orgs(orgs, run):
    async with orgs() as (tui, table):
        run("view", "save", "near", "person.tag:vip", "--of", "org")
        await tui.press("v", "1")
        assert names(table) == ["Acme"]


async def test_card_of_the_list(orgs):
    async with orgs() as (tui, _):
        await tui.press("enter", "n")
        assert isinstance(tui.app.screen, CardScreen)
        assert tui.app.screen.record_key == ("org", 3)


async def test_new(orgs, run):
    async with orgs() as (tui, table):
        await tui.press("n")
        texts = ("Kos & Co", "client", "kos.si", "info@kos.si", "01 234 56 78", "retail")
        for text in texts:
            await tui.write(text)
            await tui.press("enter")
        assert "Added o4; u undoes" in tui.frame()
        assert table.key == 4
    record = run("show", "o4", "--json").json
    assert (record["kind"], record["domain"], record["email"]) == (
        "client",
        "kos.si",
        "info@kos.si",
    )
    assert record["tags"] == ["retail"]


async def test_one_that_is_known_is_added_by_a_second_step(orgs, run):
    async with orgs() as (tui, _):
        await tui.press("n")
        await tui.write("ACME")
        await tui.press("ctrl+s")
        assert "o1 acme, Acme (70: same name" in tui.frame()
        await tui.press("ctrl+o")
        assert "Added o4" in tui.frame()
    assert run("org", "list", "--count").out.strip() == "4"


async def test_what_makes_it_a_known_one_is_set_by_a_second_step(orgs, run):
    async with orgs() as (tui, table):
        run("org", "edit", "acme", "--domain", "acme.si")
        await tui.press("down", "F")
        await tui.write("domain=acme.si")
        await tui.press("ctrl+s")
        assert "o1 acme, Acme (100: same domain" in tui.frame()
        await tui.press("ctrl+o")
        assert "Changed 1 organization" in tui.frame()
        changed = table.key
    assert run("show", f"o{changed}", "--json").json["domain"] == "acme.si"


async def test_log_and_a_task(orgs, run):
    async with orgs() as (tui, _):
        await tui.press("c", "n")
        await tui.write("moved to a new building")
        await tui.press("ctrl+s", "g", "a")
        await tui.write("fri visit")
        await tui.press("enter", "g", "d")
        assert "Done: visit" in tui.frame()
        await tui.press("ctrl+s")
    record = run("show", "acme", "--json").json
    assert record["timeline"][0]["body"] in ("moved to a new building", "visit")
    assert record["tasks"] == []


async def test_nobody_is_bumped_here(orgs):
    async with orgs() as (tui, _):
        await tui.press("b")
        assert "There is nobody here to bump" in tui.frame()


async def test_tag_set_export_and_trash_several(orgs, run, home):
    async with orgs() as (tui, table):
        await tui.press("asterisk", "t")
        assert "Tags: 3 organizations" in tui.frame()
        await tui.write("key")
        await tui.press("enter")
        assert "Tagged 3 organizations; u undoes" in tui.frame()
        await tui.press("asterisk", "F")
        await tui.write("kind=cl")
        await tui.press("right", "enter")
        assert "Changed 3 organizations; u undoes" in tui.frame()
        await tui.press("E")
        tui.one(Input).value = "~/orgs.jsonl"
        await tui.press("enter")
        assert "Wrote 1 organization" in tui.frame()
        await tui.press("asterisk", "x")
        assert "Moved 3 organizations to the trash; u undoes" in tui.frame()
        assert names(table) == []
        await tui.press("u")
    assert run("org", "list", "+key", "kind:client", "--count").out.strip() == "3"
    assert (home / "orgs.jsonl").read_text("utf-8").count("\n") == 1
