"""The day: every key, and the frames."""

import pytest

from crmcli.tui.modals.form import Form
from crmcli.tui.modals.menu import Menu
from crmcli.tui.widgets.card import CardPane
from crmcli.tui.widgets.rows import RowList

SIZES = [(80, 24), (120, 40)]
RENT, OFFER, CALL = "t4", "t1", "t3"  # overdue, overdue, due today


def under(tui) -> object:
    """Give the key under the cursor."""
    return tui.one(RowList).key


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("world", ["people", "wide", "long", "nobody"])
async def test_frame(screen, request, frame, world, size):
    source = None if world == "nobody" else request.getfixturevalue(world)
    async with screen(source, size=size) as tui:
        assert tui.frame() == frame


@pytest.mark.parametrize("kind", ["call", "email", "meeting", "message", "note"])
async def test_log_every_kind(screen, people, run, kind):
    letter = dict(zip(["call", "email", "meeting", "message", "note"], "cemtn", strict=True))[kind]
    async with screen(people) as tui:
        await tui.press("j", "c", letter)
        await tui.write("wants three prices")
        await tui.press("ctrl+s")
        assert "Logged" in tui.frame()
    said = run("show", "ana-novak", "--json").json["timeline"][0]
    assert (said["kind"], said["body"]) == (kind, "wants three prices")


async def test_log_with_a_next_step_completes_and_goes_on(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j")
        assert under(tui) == OFFER
        await tui.press("c", "c")
        await tui.write("wants three prices")
        await tui.press("enter")
        await tui.write("tue send offer")
        assert "send offer: due Tue 24 Nov 2026 (tomorrow)" in tui.frame()
        await tui.press("enter")
        assert under(tui) == CALL  # the next one that is due
    card = run("show", "ana-novak", "--json").json
    assert card["timeline"][0]["body"] == "wants three prices"
    assert [(task["title"], task["due"]) for task in card["tasks"]] == [
        ("send offer", "2026-11-24")
    ]


async def test_no_answer_waits_until_tomorrow(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j", "c", "x")
        assert "No answer; again Tue 24 Nov 2026 (tomorrow)" in tui.frame()
        assert under(tui) == CALL
    record = run("show", "ana-novak", "--json").json
    assert record["timeline"][0]["outcome"] == "no_answer"
    task = run("show", OFFER, "--json").json
    assert (task["hidden_until_on"], task["due"]) == ("2026-11-24", "2026-11-22")


async def test_no_answer_without_a_task_makes_one(screen, people, run):
    async with screen(people) as tui:
        tui.one(RowList).move_to(tui.one(RowList).rows.find(("c3", "reply", "reply")))
        await tui.press("c", "x")
    tasks = run("show", "eva-kos", "--json").json["tasks"]
    assert ("Call again", "2026-11-24") in [(task["title"], task["due"]) for task in tasks]


async def test_done_is_the_same_dialog(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j", "d")
        assert "Done: send offer (Ana Novak)" in tui.frame()
        await tui.write("sent it")
        await tui.press("enter")
        await tui.write("fri ask whether it came")
        await tui.press("enter")
        assert under(tui) == CALL
    card = run("show", "ana-novak", "--json").json
    assert card["timeline"][0]["body"] == "sent it"
    assert [task["title"] for task in card["tasks"]] == ["ask whether it came"]
    assert run("show", OFFER, "--json").json["status"] == "completed"


async def test_done_of_a_task_without_a_person(screen, people, run):
    async with screen(people) as tui:
        await tui.press("d", "ctrl+s")
        assert "Done: pay the rent" in tui.frame()
    assert run("show", RENT, "--json").json["status"] == "completed"


@pytest.mark.parametrize(
    ("keys", "until"),
    [
        (["1"], "2026-11-24"),
        (["3"], "2026-11-26"),
        (["w"], "2026-11-30"),
        (["m"], "2026-12-23"),
        (["enter"], "2026-11-24"),
    ],
)
async def test_snooze_by_one_key(screen, people, run, keys, until):
    async with screen(people) as tui:
        await tui.press("s", *keys)
        assert under(tui) == OFFER
    task = run("show", RENT, "--json").json
    assert (task["hidden_until_on"], task["due"]) == (until, "2026-11-20")


async def test_snooze_until_a_date(screen, people, run):
    async with screen(people) as tui:
        await tui.press("s", "d")
        await tui.write("next mon")
        assert "hidden until Mon 30 Nov 2026" in tui.frame()
        await tui.press("enter")
    assert run("show", RENT, "--json").json["hidden_until_on"] == "2026-11-30"


async def test_reschedule(screen, people, run):
    async with screen(people) as tui:
        await tui.press("r", "w")
    task = run("show", RENT, "--json").json
    assert (task["due"], task["hidden_until_on"]) == ("2026-11-30", None)


async def test_bump(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j", "b")
        assert "Bumped 1 person" in tui.frame()
    assert run("show", "ana-novak", "--json").json["bumped_on"] == "2026-11-23"


async def test_waiting_and_adding_a_task(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j", "w")
        await tui.write("fri her signature")
        await tui.press("enter", "k", "a")
        await tui.write("mon call")
        await tui.press("enter")
    kinds = {t["title"]: t["kind"] for t in run("show", "ana-novak", "--json").json["tasks"]}
    assert kinds["her signature"] == "waiting"
    tasks = run("task", "list", "--json").json
    assert "follow_up" in [task["kind"] for task in tasks if task["title"] == "call"]


@pytest.mark.parametrize("key", ["c", "w", "a"])
async def test_a_task_without_a_person_has_nobody(screen, people, key):
    async with screen(people) as tui:
        await tui.press(key)
        assert "There is nobody here" in tui.frame()
        assert not isinstance(tui.app.screen, Form | Menu)


async def test_a_person_without_a_task_has_none(screen, people):
    async with screen(people) as tui:
        await tui.press("G", "k")
        for key in ("s", "r", "d"):
            if under(tui)[0] != "t":
                await tui.press(key)
                assert "There is no task here" in tui.frame()


async def test_undo_and_redo(screen, people, run):
    async with screen(people) as tui:
        await tui.press("d", "ctrl+s")
        assert under(tui) == OFFER
        await tui.press("u")
        assert "Undone: done; U brings it back" in tui.frame()
        assert "pay the rent" in tui.frame()
        await tui.press("U")
        assert "Done again: done" in tui.frame()
    assert run("show", RENT, "--json").json["status"] == "completed"


async def test_marked_rows_are_done_as_one(screen, people, run):
    async with screen(people) as tui:
        await tui.press("space", "space", "d", "ctrl+s")
    assert run("show", RENT, "--json").json["status"] == "completed"
    assert run("show", OFFER, "--json").json["status"] == "completed"
    run("undo")
    assert run("show", RENT, "--json").json["status"] == "needs_action"
    assert run("show", OFFER, "--json").json["status"] == "needs_action"


async def test_mark_all_and_none(screen, people):
    async with screen(people) as tui:
        rows = tui.one(RowList)
        await tui.press("asterisk")
        assert len(rows.marks) == len(rows.rows.keys())
        await tui.press("asterisk")
        assert not rows.marks


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["j"], OFFER),
        (["down"], OFFER),
        (["j", "k"], RENT),
        (["j", "up"], RENT),
        (["G", "g"], RENT),
        (["end", "home"], RENT),
        (["ctrl+d", "ctrl+u"], RENT),
        (["pagedown", "pageup"], RENT),
        (["k"], RENT),
    ],
)
async def test_moving(screen, people, keys, place):
    async with screen(people) as tui:
        await tui.press(*keys)
        assert under(tui) == place


async def test_the_card_follows_the_cursor(screen, people):
    async with screen(people, size=(120, 40)) as tui:
        await tui.press("j")
        assert "ana@acme.si" in tui.frame()
        await tui.press("j")
        assert "bo@li.cn" in tui.frame()
        assert tui.one(CardPane).sheet.key == ("contact", 2)


async def test_only_mine(screen, people, run):
    async with screen(people) as tui:
        run("task", "edit", RENT, "--owner", "bojan")
        await tui.press("o")
        assert "pay the rent" not in tui.frame()
        await tui.press("o")
        assert "pay the rent" in tui.frame()


async def test_what_another_process_writes_is_shown_and_the_cursor_stays(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j")
        run("task", "add", "feed the cat", "--due", "2026-11-01")
        tui.app.poll()
        await tui.settle()
        assert "feed the cat" in tui.frame()
        assert under(tui) == OFFER


async def test_a_task_closed_meanwhile_is_said(screen, people, run):
    async with screen(people) as tui:
        await tui.press("d")
        run("done", RENT)
        await tui.press("ctrl+s")
        assert "t4 pay the rent is closed already" in tui.frame()


async def test_a_wrong_date_is_said_beside_the_field_and_the_text_stays(screen, people, run):
    async with screen(people) as tui:
        await tui.press("j", "c", "c")
        await tui.write("a long talk")
        await tui.press("enter")
        await tui.write("someday maybe")
        await tui.press("enter")
        assert "!" in tui.line("someday") or "!" in tui.frame()
        assert isinstance(tui.app.screen, Form)
        assert "a long talk" in tui.frame()
    assert (
        run("show", "ana-novak", "--json").json["timeline"][0]["body"].startswith("wants a pilot")
    )


async def test_leaving_a_dialog_keeps_the_text(screen, people):
    async with screen(people) as tui:
        await tui.press("j", "c", "c")
        await tui.write("a long talk")
        await tui.press("escape")
        assert "unsaved text" in tui.frame()
        await tui.press("q")
        assert "Not saved yet" in tui.frame()
        await tui.press("s", "c", "c")
        assert "a long talk" in tui.frame()
        await tui.press("ctrl+s")
        assert "unsaved text" not in tui.frame()
        await tui.press("q")
        assert tui.app.return_code == 0


async def test_discarding_the_text_quits(screen, people):
    async with screen(people) as tui:
        await tui.press("j", "c", "n")
        await tui.write("x")
        await tui.press("escape", "q", "d")
        assert tui.app.return_code == 0


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
async def test_leaving(screen, people, key, code):
    async with screen(people) as tui:
        await tui.press(key)
        assert tui.app.return_code == code


async def test_help_shows_the_keys_and_goes_back(screen, people):
    async with screen(people) as tui:
        await tui.press("question_mark")
        assert "Waiting on them" in tui.frame()
        await tui.press("G", "escape")
        assert tui.app.screen.AREA == "today"


async def test_menus_are_left_by_escape(screen, people):
    async with screen(people) as tui:
        await tui.press("j")
        for key in ("c", "s", "r"):
            await tui.press(key)
            assert isinstance(tui.app.screen, Menu)
            await tui.press("escape")
            assert tui.app.screen.AREA == "today"


async def test_mask(screen, people):
    async with screen(people) as tui:
        await tui.press("j", "ctrl+x")
        assert "masked" in tui.frame()
        for text in ("Novak", "ana@acme", "040 123", "pilot", "acme"):
            assert text not in tui.frame()
        await tui.press("ctrl+x")
        assert "Novak" in tui.frame()


async def test_click(screen, people):
    async with screen(people) as tui:
        rows = tui.one(RowList)
        at = rows.rows.find(CALL)
        await tui.pilot.click(RowList, offset=(5, at))
        await tui.settle()
        assert under(tui) == CALL


async def test_ascii(screen, people):
    async with screen(people, ascii=True) as tui:
        assert ">" in tui.line("pay the rent")
        await tui.press("space")
        assert "*" in tui.line("pay the rent")


async def test_empty_and_then_somebody_comes(screen, run):
    async with screen(None) as tui:
        assert "Welcome" in tui.frame()
        run("contact", "add", "Ana Novak")
        run("remind", "ana-novak", "today", "call")
        tui.app.poll()
        await tui.settle()
        assert "Ana Novak" in tui.frame()
