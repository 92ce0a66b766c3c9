"""The tasks: every key, the strip of days, a hundred thousand of them, and the frames."""

import pytest
from textual.widgets import Input

from crmcli.tui.screens import task as screens
from crmcli.tui.widgets.parted import PartedList
from crmcli.tui.widgets.strip import DayStrip

SIZES = [(80, 24), (120, 40)]
# t1 late, t2 today, t3 repeats tomorrow, t4 this week, t5 next week, t6 later, t7 no date, t8 done,
# t9 snoozed
MANY = [
    ("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme"),
    ("contact", "add", "Bo Li"),
    ("task", "add", "send offer", "--for", "ana-novak", "--due", "2026-11-20"),
    ("task", "add", "ask", "--for", "bo-li", "--kind", "call", "--due", "2026-11-23 14:00"),
    ("task", "add", "report", "--every", "week", "--due", "2026-11-24", "--priority", "1"),
    ("task", "add", "signed", "--for", "ana-novak", "--kind", "waiting", "--due", "2026-11-28"),
    ("task", "add", "renewal", "--for", "acme", "--due", "2026-12-01", "--owner", "eva"),
    ("task", "add", "fair", "--for", "bo-li", "--due", "2027-03-01"),
    ("task", "add", "tidy up"),
    ("task", "add", "old one", "--for", "bo-li", "--due", "2026-11-10"),
    ("task", "add", "hidden", "--for", "bo-li", "--due", "2026-11-21"),
    ("done", "t8", "--no-log"),
    ("snooze", "t9", "2026-11-30"),
]


@pytest.fixture
def many(built):
    """One task for each heading, one done, one snoozed."""
    return built("tasks", MANY)


def ids(tui) -> list[int]:
    return tui.one(PartedList).rows.keys()


def headings(tui) -> list[str]:
    rows = tui.one(PartedList).rows
    found = (rows.row(at) for at in range(len(rows)))
    return [row.cells[0] for row in found if row.key is None]


def status(run, id: int) -> str:
    return run("task", "show", f"t{id}", "--json").json["status"]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("world", ["nobody", "people", "many", "wide", "long"])
async def test_frame(screen, request, frame, world, size):
    source = None if world == "nobody" else request.getfixturevalue(world)
    async with screen(source, size=size) as tui:
        await tui.press("4")
        assert tui.frame() == frame


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", ["m", "right,right", "h,p", "h,k", "h,o", "n", "e", "S", "D"])
async def test_frame_after(screen, frame, many, keys, size):
    async with screen(many, size=size) as tui:
        await tui.press("4", *keys.split(","))
        assert tui.frame() == frame


# The list


async def test_tasks_stand_under_when_they_are_due(screen, many):
    async with screen(many, size=(120, 40)) as tui:
        await tui.press("4")
        assert ids(tui) == [1, 2, 3, 4, 5, 6, 7]
        assert headings(tui) == [
            *("Overdue (1)", "Today (1)", "Tomorrow (1)", "This week (1)", "Next week (1)"),
            *("Later (1)", "No date (1)"),
        ]
        frame = tui.frame()
        assert "1 overdue, 1 today, 7 open" in frame
        assert "3 days late" in tui.line("send offer")
        assert "today 14:00" in tui.line("call: ask")
        assert "!1 report (every week)" in frame
        assert "they owe: signed" in frame
        assert "Mon 1 Mar 2027" in tui.line("fair")


async def test_whose_person_is_in_the_trash_has_nothing_to_do(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4")
        run("contact", "rm", "bo-li")
        run("org", "rm", "acme")
        tui.app.poll()
        await tui.settle()
        assert ids(tui) == [1, 3, 4, 7]


@pytest.mark.parametrize(
    ("key", "parts", "order"),
    [
        (
            "p",
            ["Acme (1)", "Ana Novak (2)", "Bo Li (2)", "For nobody (2)"],
            [5, 1, 4, 2, 6, 3, 7],
        ),
        ("k", ["call (1)", "follow-up (5)", "what they owe (1)"], [2, 1, 3, 5, 6, 7, 4]),
        ("o", ["eva (1)", "me (6)"], [5, 1, 2, 3, 4, 6, 7]),
        (
            "d",
            [f"{name} (1)" for name in ("Overdue", "Today", "Tomorrow", "This week")]
            + [f"{name} (1)" for name in ("Next week", "Later", "No date")],
            [1, 2, 3, 4, 5, 6, 7],
        ),
    ],
)
async def test_h_groups_by(screen, many, key, parts, order):
    async with screen(many, size=(120, 40)) as tui:
        await tui.press("4", "h", key)
        assert headings(tui) == parts
        assert ids(tui) == order


async def test_two_people_of_one_name_are_two_headings(screen, built):
    twins = built(
        "twins",
        [
            *(("contact", "add", "Ana", "--force") for _ in range(2)),
            *(("task", "add", f"call {id}", "--for", f"c{id}") for id in (1, 2, 1)),
        ],
    )
    async with screen(twins) as tui:
        await tui.press("4", "h", "p")
        await tui.until(lambda: headings(tui) == ["Ana (2)", "Ana (1)"])


async def test_the_week_begins_as_configured(screen, built):
    sunday = built("sunday", [("task", "add", "x", "--due", "2026-11-29")])
    async with screen(sunday) as tui:
        await tui.press("4")
        assert headings(tui) == ["This week (1)"]
        assert tui.frame().splitlines()[2].split()[:2] == ["Mon", "23*"]


async def test_the_week_may_begin_on_sunday(screen, built, monkeypatch):
    monkeypatch.setenv("CRM_WEEK_START", "sunday")
    sunday = built("sunday", [("task", "add", "x", "--due", "2026-11-29")])
    async with screen(sunday) as tui:
        await tui.press("4")
        assert headings(tui) == ["Next week (1)"]
        assert tui.frame().splitlines()[2].split()[:2] == ["Sun", "22"]


async def test_a_long_list_is_there_at_once_and_its_pages_as_they_are_seen(
    screen, store, monkeypatch
):
    from crmcli.service import agenda

    monkeypatch.setattr(agenda, "FIRST", 20)

    def add(w):
        for number in range(600):
            w.insert("task", title=f"task {number}", due_on="2026-11-20", priority=number % 2)

    store.write("test", add)
    store.close()
    async with screen(size=(80, 24)) as tui:
        await tui.press("4")
        rows = tui.one(PartedList).rows
        assert len(rows) == 601
        assert 1 <= len(rows.inner.pages) <= 2
        await tui.press("G")
        assert "!1 task 599" in tui.frame()
        assert "600 overdue" in tui.frame()
        await tui.press("pageup", "pageup", "g")
        assert "task 0" in tui.frame()


async def test_the_beginning_of_a_long_list_comes_first(screen, store, monkeypatch):
    from crmcli.service import agenda

    monkeypatch.setattr(agenda, "FIRST", 20)

    def add(w):
        for number in range(60):
            w.insert("task", title=f"task {number}", due_on="2026-11-20")

    store.write("test", add)
    store.close()
    shown = []
    async with screen(size=(80, 24)) as tui:
        real = screens.TasksScreen.show_list
        monkeypatch.setattr(
            screens.TasksScreen,
            "show_list",
            lambda self, listed: (shown.append(len(listed.rows)), real(self, listed)),
        )
        await tui.press("4")
    assert shown == [21, 61]


async def test_the_card_beside_is_of_the_person_or_the_task(screen, many):
    async with screen(many) as tui:
        await tui.press("4")
        assert "ana@acme.si" in tui.frame()
        await tui.press("j", "j")
        assert "every week" in tui.frame().partition("────")[2]


async def test_what_others_write_comes_in_and_the_cursor_stays(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "j")
        run("task", "add", "very late", "--due", "2026-11-01")
        tui.app.poll()
        await tui.settle()
        assert ids(tui)[0] == 10
        assert tui.one(PartedList).key == 2


# Days


async def test_the_strip_counts_what_is_due(screen, many):
    async with screen(many) as tui:
        await tui.press("4")
        days, dots = tui.frame().splitlines()[2:4]
        assert days.split()[:2] == ["Mon", "23*"]
        assert dots == "  •          •" + " " * 43 + "•"
        await tui.press("left_square_bracket")
        assert tui.frame().splitlines()[2].split()[:2] == ["Mon", "16"]
        assert tui.frame().splitlines()[3].strip() == "•"


@pytest.mark.parametrize(("count", "said"), [(4, "••••"), (5, "•5"), (120, "•120")])
async def test_many_are_told_as_a_number(screen, store, count, said):
    def add(w):
        for _ in range(count):
            w.insert("task", title="x", due_on="2026-11-23")

    store.write("test", add)
    store.close()
    async with screen() as tui:
        await tui.press("4")
        assert tui.frame().splitlines()[3].strip() == said


async def test_right_and_left_choose_a_day_and_escape_all(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "right")
        assert ids(tui) == [2]
        assert "[Mon 23*]" in tui.frame()
        assert "Tasks due Mon 23 Nov 2026 (today)" in tui.frame()
        await tui.press("right")
        assert ids(tui) == [3]
        await tui.press("left", "left")
        assert ids(tui) == []
        assert "No task is here" in tui.frame()
        assert "[Sun 22]" in tui.frame()
        await tui.press("escape")
        assert ids(tui) == [1, 2, 3, 4, 5, 6, 7]


async def test_brackets_move_by_week_and_take_the_chosen_day_along(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "right", "right", "right_square_bracket")
        assert tui.one(DayStrip).chosen.isoformat() == "2026-12-01"
        assert ids(tui) == [5]
        await tui.press("left_square_bracket", "left_square_bracket")
        assert tui.one(DayStrip).chosen.isoformat() == "2026-11-17"


async def test_m_shows_the_month_and_brackets_move_by_month(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "m")
        lines = tui.frame().splitlines()
        assert lines[2].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        assert lines[3].split()[:2] == ["26", "Oct"]
        assert "20  •" in lines[6]
        await tui.press("right_square_bracket")
        lines = tui.frame().splitlines()
        assert "1 Dec  •" in lines[3]
        assert "1 Jan 2027" not in lines[3]
        await tui.press("m")
        assert tui.frame().splitlines()[2].split()[:2] == ["Mon", "30"]


async def test_a_click_chooses_a_day_and_again_all(screen, many):
    async with screen(many) as tui:
        await tui.press("4")
        await tui.pilot.click(DayStrip, offset=(14, 0))
        await tui.settle()
        assert ids(tui) == [3]
        await tui.pilot.click(DayStrip, offset=(14, 0))
        await tui.settle()
        assert len(ids(tui)) == 7
        await tui.press("m")
        await tui.pilot.click(DayStrip, offset=(50, 4))
        await tui.settle()
        assert ids(tui) == [1]


async def test_the_strip_in_ascii(screen, many):
    async with screen(many, ascii=True) as tui:
        await tui.press("4")
        assert tui.frame().splitlines()[3].split() == [".", ".", "."]


async def test_the_strip_in_the_solar_calendar(screen, many, monkeypatch):
    pytest.importorskip("jdatetime")
    monkeypatch.setenv("CRM_CALENDAR", "jalali")
    async with screen(many, size=(120, 40)) as tui:
        await tui.press("4")
        assert "Mon 2 Azar*" in tui.frame()
        await tui.press("m")
        assert "1 Azar" in tui.frame()


# What is listed


async def test_capital_s_shows_the_snoozed_ones(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "S")
        assert ids(tui) == [9]
        assert "snoozed until 2026-11-30" in tui.frame()
        assert "Snoozed tasks by due date" in tui.frame()
        await tui.press("S")
        assert len(ids(tui)) == 7


async def test_capital_d_shows_the_done_ones_and_capital_r_opens_them_again(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "right", "D")
        assert ids(tui) == [8]
        assert headings(tui) == ["Mon 23 Nov 2026 (today) (1)"]
        assert not tui.one(DayStrip).display
        await tui.press("d")
        assert "They are done; R opens them again" in tui.frame()
        await tui.press("R")
        assert "Opened 1 task again" in tui.frame()
        assert ids(tui) == []
        assert status(run, 8) == "needs_action"
        await tui.press("escape")
        assert 8 in ids(tui)
        assert tui.one(DayStrip).display


async def test_o_shows_only_mine(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "o")
        assert 5 not in ids(tui)
        assert "only mine" in tui.frame()
        await tui.press("o")
        assert 5 in ids(tui)


async def test_slash_filters_as_one_types(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "slash")
        await tui.write("kind:call")
        assert ids(tui) == [2]
        await tui.press("enter")
        assert tui.one(PartedList).has_focus
        assert "Tasks by due date, /kind:call" in tui.frame()
        await tui.press("escape")
        assert len(ids(tui)) == 7


@pytest.mark.parametrize("by", "pkod")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("person.name:ana", {1, 4}),
        ("status:done", {8}),
        ("title:tidy", {7}),
        ("owner:eva", {5}),
        ("due.before:today", {1}),
        ("kind:call or priority:1", {2, 3}),
        ("offer", {1}),
    ],
)
async def test_filters_work_under_every_grouping(screen, many, by, text, expected):
    async with screen(many) as tui:
        await tui.press("4", "h", by, "slash")
        await tui.write(text)
        await tui.press("enter")
        assert set(ids(tui)) == expected


async def test_a_wrong_filter_is_told_where_it_is_typed(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "slash")
        await tui.write("colour:red")
        assert "no field 'colour'" in tui.frame()
        await tui.press("escape")
        assert len(ids(tui)) == 7


async def test_the_strip_counts_what_the_filter_selects(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "slash")
        await tui.write("kind:call")
        await tui.press("enter")
        assert tui.one(DayStrip).counts == {"2026-11-23": 1}


# Acts


async def test_n_adds_a_task_and_goes_to_it(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "n")
        await tui.write("send samples")
        await tui.press("enter")
        await tui.write("bo")
        await tui.press("enter")
        await tui.write("next fri 9:00")
        assert "due Fri 4 Dec 2026 09:00 (in 11 days)" in tui.frame()
        await tui.press("enter")
        assert "Added t10, due Fri 4 Dec 2026 09:00" in tui.frame()
        assert tui.one(PartedList).key == 10
    task = run("task", "show", "t10", "--json").json
    assert (task["title"], task["due"], task["who"]["name"]) == (
        *("send samples", "2026-12-04 09:00", "Bo Li"),
    )


async def test_a_new_task_may_repeat_and_begins_on_the_chosen_day(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "right", "n")
        assert tui.app.screen.value("due") == "2026-11-23"
        await tui.write("water the plants")
        await tui.press("tab", "tab", "tab")
        await tui.write("3 days")
        assert "every 3 days" in tui.line("Repeats") + tui.frame()
        await tui.press("tab")
        await tui.write("todo")
        await tui.press("tab")
        await tui.write("2")
        await tui.press("tab")
        await tui.write("the big ones too")
        await tui.press("ctrl+s")
    task = run("task", "show", "t10", "--json").json
    assert (task["repeats"], task["kind"], task["priority"]) == ("every 3 days", "todo", 2)
    assert task["body"] == "the big ones too"


async def test_names_are_completed_as_one_types(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "n", "tab")
        await tui.write("an")
        await tui.press("right")
        assert tui.app.screen.value("for") == "ana Novak"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nobody at all", "no contact or org matches"),
        ("a", "did you mean Ana Novak (c1) or Acme (o1)?"),
    ],
)
async def test_whom_it_is_for_must_be_known(screen, many, run, typed, said):
    async with screen(many) as tui:
        await tui.press("4", "n")
        await tui.write("x")
        await tui.press("tab")
        await tui.write(typed)
        await tui.press("ctrl+s")
        assert said in tui.frame()
        assert tui.app.screen.value("for") == typed
    assert len(run("task", "list", "--all", "--json").json) == 9


async def test_e_edits_what_was_typed_over(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "e")
        assert tui.app.screen.values()["for"] == "ana-novak"
        await tui.press("end")
        await tui.write(" again")
        await tui.press("tab", "ctrl+u")
        await tui.write("bo li")
        await tui.press("tab", "ctrl+u", "ctrl+s")
        assert "Changed t1" in tui.frame()
        assert headings(tui)[-1] == "No date (2)"
    task = run("task", "show", "t1", "--json").json
    assert (task["title"], task["who"]["name"], task["due"]) == ("send offer again", "Bo Li", None)
    run("undo")
    assert run("task", "show", "t1", "--json").json["title"] == "send offer"


async def test_e_never_overwrites_what_somebody_changed_meanwhile(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "e", "end")
        await tui.write("s")
        run("task", "edit", "t1", "--title", "send the new offer", "--priority", "2")
        await tui.press("ctrl+s")
        assert "title: send the new offer" in tui.frame()
        assert "save again to put yours in its place" in tui.frame()
        assert run("task", "show", "t1", "--json").json["title"] == "send the new offer"
        await tui.press("ctrl+s")
    task = run("task", "show", "t1", "--json").json
    assert (task["title"], task["priority"]) == ("send offers", 2)


@pytest.mark.parametrize("key", ["x", "delete"])
async def test_x_moves_to_the_trash(screen, many, run, key):
    async with screen(many) as tui:
        await tui.press("4", key)
        assert "Moved 1 task to the trash" in tui.frame()
        assert tui.one(PartedList).key == 2
        await tui.press("u")
        assert 1 in ids(tui)


async def test_marked_tasks_go_to_the_trash_as_one(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "space", "space", "x")
        assert "Moved 2 tasks to the trash" in tui.frame()
        assert ids(tui) == [3, 4, 5, 6, 7]
    run("undo")
    assert len(run("task", "list", "--json").json) == 8


async def test_marked_tasks_are_done_as_one(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "space", "space", "d")
        assert "Done: 2 tasks" in tui.frame()
        await tui.press("ctrl+s")
        assert ids(tui) == [3, 4, 5, 6, 7]
    assert (status(run, 1), status(run, 2)) == ("completed", "completed")
    run("undo")
    assert (status(run, 1), status(run, 2)) == ("needs_action", "needs_action")


async def test_marked_tasks_are_snoozed_and_moved_as_one(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "space", "space", "s", "w")
        assert ids(tui) == [3, 4, 5, 6, 7]
        await tui.press("u")
        assert ids(tui)[:2] == [1, 2]
        await tui.press("g", "space", "space", "r", "1")
        assert headings(tui)[0] == "Tomorrow (3)"
    run("undo")
    assert run("task", "show", "t1", "--json").json["due"] == "2026-11-20"


async def test_all_can_be_marked(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "asterisk", "x")
        assert "Moved 7 tasks to the trash" in tui.frame()
        assert "No task is here" not in tui.frame()
        assert "There is nothing to do" in tui.frame()


async def test_z_skips_an_occurrence(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "j", "j", "z")
        assert "next: t10 report, due Tue 1 Dec 2026" in tui.frame()
        assert 3 not in ids(tui)
        await tui.press("g", "z")
        assert "t1 does not repeat" in tui.frame()
    assert status(run, 3) == "cancelled"


async def test_c_logs_with_whom_the_task_is_for(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "c", "n")
        await tui.write("waits for the offer")
        await tui.press("enter", "enter")
    assert run("show", "ana-novak", "--json").json["timeline"][0]["body"] == "waits for the offer"


@pytest.mark.parametrize(("key", "kind"), [("w", "waiting"), ("a", "follow_up")])
async def test_w_and_a_add_a_task_for_them(screen, many, run, key, kind):
    async with screen(many) as tui:
        await tui.press("4", key)
        await tui.write("thu papers")
        await tui.press("enter")
    task = run("task", "show", "t10", "--json").json
    assert (task["kind"], task["title"], task["who"]["name"]) == (kind, "papers", "Ana Novak")


async def test_b_bumps_whom_it_is_for(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "b")
        assert "Bumped 1 person" in tui.frame()


async def test_enter_opens_the_card_and_n_the_next_person(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "enter")
        assert tui.app.screen.record_key == ("contact", 1)
        await tui.press("n")
        assert tui.app.screen.record_key == ("contact", 2)
        await tui.press("escape")
        assert tui.app.screen.AREA == "tasks"


async def test_enter_opens_the_task_that_is_for_nobody(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "j", "j", "enter")
        assert tui.app.screen.record_key == ("task", 3)


async def test_an_empty_list_says_so(screen):
    async with screen(None) as tui:
        await tui.press("4", "x", "e", "z", "R", "enter", "space")
        assert "There is no task here" in tui.frame()
        await tui.press("n")
        await tui.write("first")
        await tui.press("ctrl+s")
        assert ids(tui) == [1]


async def test_the_list_has_the_focus_again_after_a_form(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "n", "escape", "slash")
        assert tui.one(Input).has_focus
        await tui.press("escape")
        assert tui.one(PartedList).has_focus


async def test_masked_tasks_are_not_edited_and_no_name_is_completed(screen, many):
    async with screen(many) as tui:
        await tui.press("4", "h", "p", "ctrl+x")
        assert "Ana Novak" not in tui.frame()
        assert "Bo Li" not in tui.frame()
        await tui.press("e")
        assert "Names are masked: ctrl+x shows them again" in tui.frame()
        await tui.press("n", "tab")
        await tui.write("an")
        await tui.press("right")
        assert tui.app.screen.value("for") == "an"


async def test_v_lists_what_a_saved_view_selects(screen, many, run):
    async with screen(many) as tui:
        await tui.press("4", "v")
        assert "No views yet" in tui.frame()
        run("view", "save", "calls", "kind:call", "--of", "task")
        run("view", "save", "people", "ana", "--of", "contact")
        await tui.press("v", "1")
        assert ids(tui) == [2]
        assert "/@calls" in tui.frame()
        await tui.press("v", "0")
        assert len(ids(tui)) == 7


async def test_escape_takes_marks_off_then_goes_back(screen, many):
    async with screen(many) as tui:
        await tui.press("7", "4", "space", "o", "escape")
        assert tui.one(PartedList).marks == set()
        assert "only mine" in tui.frame()
        await tui.press("escape")
        assert "only mine" not in tui.frame()
        await tui.press("escape")
        assert tui.app.current_mode == "history"
        await tui.press("escape")
        assert tui.app.current_mode == "tasks"
