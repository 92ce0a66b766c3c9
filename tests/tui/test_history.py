"""The history: every key, what each change is told as, and the frames."""

import pytest

from crmcli.service import changes as service
from crmcli.store import import_
from crmcli.tui.screens import history
from crmcli.tui.widgets.rows import RowList

SIZES = [(80, 24), (120, 40)]
CHANGED = [
    ("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme", "--title", "CEO"),
    ("contact", "edit", "ana-novak", "--title", "CTO", "--note", "likes tea", "-e", "a@novak.si"),
    ("contact", "tag", "ana-novak", "vip"),
    ("log", "call", "ana-novak", "wants a pilot", "--dur", "45min", "-n", "fri send offer"),
    ("done", "t1", "--text", "sent it"),
    ("contact", "add", "Bo Li"),
    ("contact", "rm", "bo-li"),
    ("undo",),
]


@pytest.fixture
def changed(built):
    """A person added, edited, called; another one moved to the trash and back."""
    return built("changed", CHANGED)


def ids(tui) -> list[int]:
    return tui.one(RowList).rows.keys()


def beside(tui) -> str:
    """Give what stands in the right half of a wide frame, on one line."""
    lines = (line.partition("│")[2] for line in tui.frame().splitlines())
    return " ".join(" ".join(lines).split())


def line(tui, text: str) -> str:
    """Give the line of the list that holds a text."""
    lines = (line.partition("│")[0] for line in tui.frame().splitlines())
    return next(line for line in lines if text in line)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("world", ["nobody", "people", "changed", "wide", "long"])
async def test_frame(screen, request, frame, world, size):
    source = None if world == "nobody" else request.getfixturevalue(world)
    async with screen(source, size=size) as tui:
        await tui.press("7")
        assert tui.frame() == frame


async def test_the_newest_stands_first_with_who_when_and_from_where(screen, changed):
    async with screen(changed) as tui:
        await tui.press("7")
        assert ids(tui) == [8, 7, 6, 5, 4, 3, 2, 1]
        assert line(tui, "contact edit").split() == [
            *("10:00", "me", "shell", "contact", "edit", "Ana", "Novak")
        ]
        assert "undone: Bo Li" in line(tui, "contact rm")


# Before and after


@pytest.mark.parametrize(
    ("group", "told"),
    [
        (1, "Ana Novak: added Owner me Works CEO, Acme E-mail ana@acme.si Acme: added"),
        (2, "Ana Novak: changed Note – → likes tea E-mail a@novak.si"),
        (2, "Works CEO, Acme → CTO, Acme"),
        (3, "tag vip: added Ana Novak: changed Tag +vip"),
        (4, "call Ana Novak: added Kind call Begun by me"),
        (4, "How long 45 min Text wants a pilot Owner me With Ana Novak"),
        (4, "send offer (Ana Novak): added Kind follow-up Due on 2026-11-27 For Ana Novak"),
        (5, "send offer (Ana Novak): changed Status open → done"),
        (7, "undone Bo Li: into the trash"),
        (8, "Bo Li: out of the trash"),
    ],
)
async def test_a_change_is_told_in_words(screen, changed, group, told):
    async with screen(changed, size=(160, 40)) as tui:
        await tui.press("7", *["j"] * (8 - group))
        assert tui.one(RowList).key == group
        assert told in beside(tui)


async def test_in_ascii_the_arrow_is_drawn(screen, changed):
    async with screen(changed, size=(160, 40), ascii=True) as tui:
        await tui.press("7", *["j"] * 6)
        assert "CEO, Acme -> CTO, Acme" in beside(tui)


async def test_an_import_is_told_as_a_range(screen, run, tmp_path, monkeypatch):
    monkeypatch.setattr(import_, "BULK", 10)
    rows = "".join(f"Person {number},p{number}@x.si\n" for number in range(30))
    (tmp_path / "people.csv").write_text("Name,Email\n" + rows)
    run("--yes", "import", str(tmp_path / "people.csv"))
    async with screen(size=(160, 40)) as tui:
        await tui.press("7")
        assert "Person 0 and 29 more" in line(tui, "import")
        assert "Contacts: 30 added" in beside(tui)
        assert "E-mails and phones: 30 added" in beside(tui)


async def test_of_a_big_change_the_rest_is_counted(screen, run, monkeypatch):
    monkeypatch.setattr(service, "MOST", 3)
    for number in range(5):
        run("contact", "add", f"Person {number}")
    run("--yes", "contact", "rm", "--where", "person")
    async with screen(size=(160, 40)) as tui:
        await tui.press("7")
        assert "Person 0 and 4 more" in line(tui, "contact rm")
        assert "Person 2: into the trash and 2 more changes" in beside(tui)


async def test_own_fields_are_told_one_by_one(screen, run):
    run("contact", "add", "Ana", "--set", "tea=green", "--set", "size=M")
    run("contact", "edit", "ana", "--set", "tea=black")
    async with screen(size=(160, 40)) as tui:
        await tui.press("7")
        assert beside(tui).endswith("Ana: changed tea green → black")


async def test_what_is_gone_is_told_by_what_the_journal_kept(screen, run):
    run("contact", "add", "Zora Kranjc")
    run("undo")
    async with screen(size=(160, 40)) as tui:
        await tui.press("7", "j")
        assert "undone: Zora Kranjc" in line(tui, "contact add")
        assert "Zora Kranjc: added" in beside(tui)
        await tui.press("enter")
        assert "It touched nobody whose card could be opened" in tui.frame()


# Keys


async def test_enter_opens_the_card_of_whom_it_touched(screen, changed):
    async with screen(changed) as tui:
        await tui.press("7", "j", "j", "j", "enter")
        assert tui.app.screen.record_key == ("contact", 1)


@pytest.mark.parametrize("key", ["x", "delete", "backspace"])
async def test_x_takes_back_the_change_under_the_cursor(screen, changed, run, key):
    async with screen(changed) as tui:
        await tui.press("7", *["j"] * 5, key)
        assert "Undone: contact tag; U brings it back" in tui.frame()
        assert tui.one(RowList).key == 3
        assert "undone: Ana Novak" in line(tui, "contact tag")
        assert ids(tui)[0] == 9
    assert run("show", "ana-novak", "--json").json["tags"] == []


async def test_what_changed_since_is_refused_with_the_reason_and_may_be_skipped(
    screen, run, database
):
    run("contact", "add", "Ana")
    run("contact", "add", "Bo")
    run("contact", "edit", "--where", "name:a or name:bo", "--note", "one", "--yes")
    run("contact", "edit", "ana", "--note", "two")
    async with screen() as tui:
        await tui.press("7", "j", "x")
        assert "cannot undo group 3: c1 Ana changed or used since" in tui.frame()
        await tui.press("n")
        assert run("show", "bo", "--json").json["note"] == "one"
        await tui.press("x", "s")
        assert "kept, changed since: c1 Ana" in tui.frame()
    assert run("show", "bo", "--json").json["note"] is None
    assert run("show", "ana", "--json").json["note"] == "two"


async def test_what_is_undone_or_an_undo_is_not_taken_back_again(screen, changed):
    async with screen(changed) as tui:
        await tui.press("7", "x")
        assert "This took something back itself" in tui.frame()
        await tui.press("j", "x")
        assert "It is undone already" in tui.frame()
        assert ids(tui)[0] == 8


async def test_u_undoes_my_last_and_capital_u_does_it_again(screen, changed, run):
    async with screen(changed) as tui:
        await tui.press("7", "u")
        assert "undone: Bo Li" in line(tui, "contact add")
        await tui.press("U")
        assert "Done again: contact add" in tui.frame()
    assert run("contact", "list", "--count").out.strip() == "2"


async def test_slash_limits_it_to_a_record(screen, changed):
    async with screen(changed) as tui:
        await tui.press("7", "slash")
        await tui.write("bo li")
        await tui.press("enter")
        assert "History of Bo Li" in tui.frame()
        assert ids(tui) == [8, 7, 6]
        await tui.press("escape")
        assert ids(tui) == [8, 7, 6, 5, 4, 3, 2, 1]


async def test_slash_limits_it_to_a_colleague(screen, run, monkeypatch):
    run("contact", "add", "Ana")
    monkeypatch.setenv("CRM_USER", "Eva")
    run("contact", "add", "Bo")
    monkeypatch.setenv("CRM_USER", "me")
    async with screen() as tui:
        await tui.press("7", "slash")
        await tui.write("eva")
        await tui.press("enter")
        assert "History: Eva" in tui.frame()
        assert ids(tui) == [2]


async def test_slash_says_what_it_cannot_find_and_keeps_the_text(screen, changed):
    async with screen(changed) as tui:
        await tui.press("7", "slash")
        await tui.write("nobody here")
        await tui.press("enter")
        assert "nothing matches 'nobody here'" in tui.frame()
        assert "nobody here" in tui.line("Record, or who")


async def test_o_shows_only_mine_and_then_everything(screen, run, monkeypatch):
    monkeypatch.setenv("CRM_USER", "eva")
    run("contact", "add", "Ana")
    monkeypatch.setenv("CRM_USER", "me")
    async with screen() as tui:
        await tui.press("7", "o")
        assert "Nothing was changed here" in tui.frame()
        await tui.press("o")
        assert ids(tui) == [1]


async def test_older_pages_come_as_one_scrolls(screen, people, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 5)
    monkeypatch.setattr(history, "AHEAD", 1)
    async with screen(people, size=(80, 12)) as tui:
        await tui.press("7")
        assert ids(tui) == [12, 11, 10, 9, 8]
        assert "5 changes and older ones" in tui.frame()
        await tui.press("G")
        assert ids(tui) == [*range(12, 2, -1)]
        assert tui.one(RowList).key == 8
        await tui.press("G")
        assert ids(tui) == [*range(12, 0, -1)]
        assert "12 changes" in tui.frame()


async def test_what_others_write_comes_in_and_the_cursor_stays(screen, changed, run):
    async with screen(changed) as tui:
        await tui.press("7", "j", "j")
        run("contact", "add", "Zora")
        tui.app.poll()
        await tui.settle()
        assert ids(tui)[0] == 9
        assert tui.one(RowList).key == 6


async def test_masked(screen, changed):
    async with screen(changed, size=(120, 40)) as tui:
        await tui.press("7", "j", "j", "j", "ctrl+x")
        assert "Novak" not in tui.frame()
        assert "done" in tui.frame()
