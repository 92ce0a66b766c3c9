"""Two marked people or orgs side by side: choosing, merging, keeping them separate."""

import pytest

from tests.tui.conftest import LONG_NAME

TWINS = [
    ("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme", "--note", "likes tea"),
    ("contact", "add", "Ana Novák-Kos", "-e", "ana@kos.si", "-p", "040 123 456", "--force"),
    ("contact", "add", "Zdenka", "--force"),
    ("log", "call", "c2", "hello", "--at", "2026-11-20 10:00"),
    ("org", "add", "Acme d.o.o.", "--domain", "acme.si", "--force"),
]
WIDE = [
    ("contact", "add", "张伟", "--org", "华为技术有限公司", "--note", "[b]询问[/b]\nدوم"),
    ("contact", "add", LONG_NAME, "--org", "Internationale Handelsgesellschaft",
     "--note", "x" * 500, "-e", "maximiliane@example.org", "--force"),
]  # fmt: skip


@pytest.fixture
def twins(built):
    return built("twins", TWINS)


@pytest.fixture
def wide(built):
    return built("merge-wide", WIDE)


async def test_two_are_marked_chosen_between_and_merged(screen, twins, frame, run):
    async with screen(twins) as tui:
        await tui.press("2", "space", "space", "M")
        assert tui.frame() == frame(name="begin")
        await tui.press("right")
        assert "Ana Novák-Kos" in tui.line(" Name  ").split("✓")[1]
        await tui.press("G", "left")  # the note: the other one has none
        assert "nothing to choose" in tui.frame()
        await tui.press("ctrl+s")
        assert "Merged c2 into c1" in tui.frame()
        assert "1 interaction" in tui.frame()
        assert "2 marked" not in tui.frame()
        record = run("show", "c2", "--json").json
        assert (record["id"], record["name"]) == ("c1", "Ana Novák-Kos")
        await tui.press("u")
        assert run("show", "c2", "--json").json["id"] == "c2"


async def test_the_other_one_stays_after_a_swap(screen, twins, run):
    async with screen(twins) as tui:
        await tui.press("2", "space", "space", "M", "enter", "W")
        assert "c1 → c2" in tui.frame()
        kept = tui.line(" Name  ").partition("✓")[2]  # the same as before, on the left by now
        assert kept.split("  ")[0].strip() == "Ana Novák-Kos"
        await tui.press("escape")
        assert "2 marked" in tui.frame()
        assert run("show", "c1", "--json").json["id"] == "c1"


async def test_orgs_kept_separate(screen, twins, run):
    async with screen(twins) as tui:
        await tui.press("3", "space", "space", "M", "K")
        assert "o1 and o2 stay two" in tui.frame()
        assert "2 marked" not in tui.frame()
    assert len(run("org", "list", "--json").json) == 2
    assert run("history", "--json").json[0]["summary"] == "1 kept_separate added"


async def test_two_must_be_marked(screen, twins):
    async with screen(twins) as tui:
        await tui.press("2", "M")
        assert "Mark the two that are one" in tui.frame()
        await tui.press("asterisk", "M")
        assert tui.frame().count("Mark the two that are one") == 1


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (160, 40)])
async def test_long_and_wide_values_fit(screen, wide, size):
    async with screen(wide, size=size) as tui:
        await tui.press("2", "space", "space", "M", "G")
        lines = tui.frame().splitlines()
        from rich.cells import cell_len

        assert len(lines) == size[1]
        assert max(map(cell_len, lines)) <= size[0]
        assert "[b]" in tui.frame()
        pane = tui.frame().partition("───")[2] if size[0] < 100 else tui.frame()
        assert "Merged" in pane or size[1] < 12  # however long the values are
        await tui.press("plus", "ctrl+s")
        assert "Merged c" in tui.frame()


async def test_what_was_merged_meanwhile_is_said(screen, twins, run):
    async with screen(twins) as tui:
        await tui.press("2", "space", "space", "M")
        run("merge", "c1", "c2")
        await tui.press("ctrl+s")
        assert "c2 was merged into c1 already" in tui.frame()
