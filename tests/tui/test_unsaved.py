"""Texts that were not saved when the full screen ended."""

import threading
from pathlib import Path

import pytest

from crmcli.errors import OutputError
from crmcli.tui import unsaved


def test_each_end_has_a_file_of_its_own(home, clock):
    first = unsaved.keep({"Log call with Ana": {"text": "one\ntwo", "next": ""}}, clock)
    second = unsaved.keep({"Due": {"when": "fri"}, "Tags": {"tags": "vip"}}, clock)
    folder = home / ".local/state/crm"
    assert [path.name for path in sorted(folder.iterdir())] == [
        "unsaved-2026-11-23-100000-2.txt",
        "unsaved-2026-11-23-100000.txt",
    ]
    assert Path(first).read_text() == "Log call with Ana\ntext: one\ntwo\n"
    assert Path(second).read_text() == "Due\nwhen: fri\n\nTags\ntags: vip\n"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


async def test_an_open_dialog_and_drafts_are_taken_along(screen, people):
    async with screen(people) as tui:
        await tui.press("j", "c", "n")
        await tui.write("first")
        await tui.press("escape", "c", "c")
        await tui.write("second")
        tui.app.exit()
        assert sorted(fields["text"] for fields in tui.app.unsaved.values()) == ["first", "second"]


async def test_an_untouched_dialog_leaves_nothing(screen, people):
    async with screen(people) as tui:
        await tui.press("j", "c", "c")
        tui.app.exit()
        assert tui.app.unsaved == {}


async def test_a_text_that_cannot_be_kept_is_written_out(screen, people, monkeypatch, capsys):
    def full(texts, clock):
        raise OutputError("no space left")

    monkeypatch.setattr(unsaved, "keep", full)
    async with screen(people) as tui:
        await tui.press("j", "c", "c")
        await tui.write("precious words")
        tui.app.exit()
    tui.app.take_leave()
    assert "text: precious words" in capsys.readouterr().err


@pytest.mark.parametrize("fails", [True, False])
async def test_what_is_being_saved_at_the_end_is_kept_until_it_is(
    screen, people, monkeypatch, capsys, home, fails
):

    from crmcli.store.unit import Store

    gate, given = threading.Event(), Store.write

    def write(self, *args, **options):
        assert gate.wait(20)
        if fails:
            raise OutputError("the disk is full")
        return given(self, *args, **options)

    async with screen(people) as tui:
        await tui.press("j", "c", "c")
        await tui.write("hello")
        monkeypatch.setattr(Store, "write", write)
        await tui.send("ctrl+s")
        await tui.until(lambda: tui.app.screen.is_saving)
        tui.app.exit()
        gate.set()
        await tui.until(lambda: bool(tui.app.last_words))
    tui.app.take_leave()
    said = capsys.readouterr().err
    kept = [*(home / ".local/state/crm").glob("unsaved*")]
    if fails:
        assert "the disk is full" in said
        assert "hello" in kept[0].read_text()
    else:
        assert said == "what was being saved is saved\n"
        assert kept == []
