"""What is typed ahead: every key means what it would have meant had one waited."""

import threading

import pytest
from textual import events
from textual.widgets import Input

from crmcli.tui import keyboard
from crmcli.tui.modals.form import Form
from crmcli.tui.screens.today import TodayScreen
from crmcli.tui.widgets.rows import RowList


def burst(tui, *given):
    """Let keys (and one-letter texts) arrive at once, as over a slow line."""
    for key in given:
        event = key if isinstance(key, events.Event) else events.Key(*_named(key))
        event.set_sender(tui.app)
        tui.app.post_message(event)


def _named(key):
    return {" ": ("space", " "), ",": ("comma", ",")}.get(
        key, (key, key if len(key) == 1 else None)
    )


async def test_a_dialog_gets_what_was_typed_before_it_opened(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j")
        burst(tui, "c", "c", *"does not buy", "enter", *"tue send offer", "enter")
        await tui.until(lambda: "Logged call with Ana Novak" in tui.frame())
    card = run("show", "ana-novak", "--json").json
    assert card["timeline"][0]["body"] == "does not buy"
    assert [task["title"] for task in card["tasks"]] == ["send offer"]
    assert run("task", "list", "status:completed", "--json").json[0]["title"] == "send offer"


async def test_two_acts_in_a_row_take_two_rows(screen, people, run):
    """The second one waits until the cursor has gone on; it never acts twice on the first."""
    async with screen(people) as tui:
        first, second = tui.one(RowList).rows.keys()[:2]
        burst(tui, "s", "1", "s", "1")
        here = tui.app.screen
        await tui.until(lambda: here.query_one(RowList).rows.find(second) is None)
        await tui.settle()
    hidden = run("task", "list", "--snoozed", "--json").json
    assert {row["id"] for row in hidden} == {first, second}


async def test_a_pasted_text_waits_for_its_turn(screen, people):
    async with screen(people) as tui:
        await tui.press("j")
        burst(tui, "c", "n", events.Paste("one\ntwo"), *" three", "enter", events.Paste("fri four"))
        await tui.until(lambda: "due Fri 27 Nov 2026" in tui.frame())
        form = tui.app.screen
        assert isinstance(form, Form)
        assert (form.value("text"), form.value("next")) == ("one\ntwo three", "fri four")


async def test_areas_and_the_search_line(screen, people):
    async with screen(people) as tui:
        burst(tui, "ctrl+f", *"novak")
        await tui.until(lambda: tui.app.screen.AREA == "search")
        await tui.until(lambda: tui.one(Input).value == "novak")
        burst(tui, "escape", "escape", "2", "j", "7")
        await tui.until(lambda: "[7 History]" in tui.frame())


async def test_keys_wait_for_the_database_but_not_for_ever(screen, people, monkeypatch):
    monkeypatch.setattr(keyboard, "MOST", 0.05)
    gate = threading.Event()
    async with screen(people) as tui:
        here = tui.app.screen
        assert isinstance(here, TodayScreen)
        tui.app.keyboard.wait_while(lambda: not gate.is_set())
        at = tui.one(RowList).cursor
        burst(tui, "j", "j")
        await tui.until(lambda: tui.one(RowList).cursor > at + 1)
        gate.set()


async def test_ctrl_c_waits_for_nothing(screen, people):
    async with screen(people) as tui:
        tui.app.keyboard.wait_while(lambda: True)
        burst(tui, "j", "j", "ctrl+c")
        await tui.until(lambda: tui.app._exit)
        assert tui.app.return_code == 130


async def test_a_fault_of_a_key_is_the_apps(screen, people, monkeypatch):
    async def broken(event):
        raise ZeroDivisionError

    async def type_a_key():
        async with screen(people) as tui:
            monkeypatch.setattr(tui.app.keyboard, "give", broken)
            burst(tui, "j")
            await tui.until(lambda: tui.app._exception is not None)

    with pytest.raises(ZeroDivisionError):
        await type_a_key()
