"""The card: every key, typing over facts, the timeline, and the frames."""

import sys
from contextlib import asynccontextmanager, nullcontext

import pytest

from crmcli.service import contact as contact_service
from crmcli.service import handler
from crmcli.service.fact.stored import values
from crmcli.store import contact as contact_store
from crmcli.store.db import connect_reader
from crmcli.tui.card.timeline import PAGE
from crmcli.tui.modals.form import Form
from crmcli.tui.modals.large import Large
from crmcli.tui.modals.menu import Menu
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.screens.card import CardScreen
from crmcli.tui.screens.today import TodayScreen
from crmcli.tui.unsaved import open_texts

ANA, BO, EVA, JOZE = (("contact", id) for id in (1, 2, 3, 4))
SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def card(screen):
    """Open the card of a record: `async with card(people, ANA) as tui`."""

    @asynccontextmanager
    async def card(source, key=ANA, around=None, **more):
        async with screen(source, **more) as tui:
            tui.app.open_record(key, around)
            await tui.settle()
            yield tui

    return card


def on_fact(tui, name, which=None):
    """Put the cursor on a fact."""
    facts = tui.app.screen.facts
    key = next(
        row.key
        for row in facts.rows.rows
        if row.key is not None and row.key[0] == name and which in (None, row.key[1])
    )
    facts.move_to(facts.rows.find(key))


async def type_over(tui, name, text, which=None):
    """Type a text over a fact and save it."""
    on_fact(tui, name, which)
    await tui.press("e")
    tui.app.screen.fields.line.value = ""
    await tui.write(text)
    await tui.press("enter")


def notices(tui):
    """Give what was said in the corner."""
    return [notice.message for notice in tui.app._notifications]


def told(tui):
    """Give what the rows of both panes hold, in sight or not."""
    one = tui.app.screen
    rows = [*one.facts.rows.rows, *one.said.rows.rows]
    return "\n".join("  ".join(row.cells) for row in rows)


def stored(database, key=ANA):
    """Give what is in the database, as facts are typed."""
    conn = connect_reader(str(database))
    try:
        return values(conn, key)
    finally:
        conn.close()


# Frames


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("world", ["people", "wide", "long"])
async def test_frame(card, request, frame, world, size):
    async with card(request.getfixturevalue(world), size=size) as tui:
        assert tui.frame() == frame


@pytest.mark.parametrize("size", [*SIZES, (160, 45)], ids=str)
@pytest.mark.parametrize(
    "key", [("org", 1), ("task", 1), ("interaction", 1), ("contact", 4)], ids=str
)
async def test_frame_of_other_records(card, people, frame, key, size):
    async with card(people, key, size=size) as tui:
        assert tui.frame() == frame


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_frame_of_an_empty_card(card, built, frame, size):
    bare = built("bare", [("contact", "add", "Nobody Yet")])
    async with card(bare, size=size) as tui:
        assert tui.frame() == frame


async def test_frame_while_typing(card, people, frame):
    async with card(people) as tui:
        on_fact(tui, "cadence_days")
        await tui.press("e")
        await tui.write("x")
        await tui.press("enter")
        assert tui.frame() == frame


async def test_frame_in_ascii(card, people):
    async with card(people, ascii=True) as tui:
        on_fact(tui, "phone")
        await tui.press("enter")
        assert sum("# #" in line or "##" in line for line in tui.frame().splitlines()) == 5
        await tui.press("escape")
        assert "> phone" in tui.frame()


# Moving


async def test_tab_goes_to_the_other_pane_and_gives_it_room(card, people):
    async with card(people) as tui:
        one = tui.app.screen
        assert one.facts.has_focus
        high = one.facts.size.height
        assert high > one.said.size.height
        await tui.press("tab")
        assert one.said.has_focus
        assert one.said.size.height == high
        await tui.press("shift+tab")
        assert one.facts.has_focus


async def test_next_and_previous_of_the_list(card, people):
    around = ListNeighbours([ANA, BO, EVA])
    async with card(people, BO, around) as tui:
        assert "2 of 3" in tui.frame()
        await tui.press("n")
        assert "Eva Kos" in tui.line("3 of 3")
        await tui.press("n")
        assert "This is the last one" in notices(tui)
        await tui.press("p", "p")
        assert "Ana Novak" in tui.line("1 of 3")
        await tui.press("p")
        assert "This is the first one" in notices(tui)
        assert tui.app.recent[0] == ANA


async def test_a_card_from_no_list_has_no_next(card, people):
    async with card(people) as tui:
        await tui.press("n", "p")
        assert set(notices(tui)) == {"It was not opened from a list"}


async def test_from_today_and_back_to_where_one_was(screen, people):
    async with screen(people) as tui:
        await tui.press("j", "j")
        before = tui.app.screen.query_one("RowList").key
        await tui.press("enter")
        assert isinstance(tui.app.screen, CardScreen)
        place = tui.app.screen.around.place(tui.app.screen.record_key)
        assert place is not None
        await tui.press("n", "escape")
        assert isinstance(tui.app.screen, TodayScreen)
        assert tui.app.screen.query_one("RowList").key == before
        await tui.press("enter", "q")
        assert isinstance(tui.app.screen, TodayScreen)


async def test_enter_opens_the_org_its_people_and_a_task(card, people):
    async with card(people) as tui:
        on_fact(tui, "org")
        await tui.press("enter")
        assert tui.app.screen.record_key == ("org", 1)
        on_fact(tui, "person")
        await tui.press("enter")
        assert tui.app.screen.record_key == ANA
        on_fact(tui, "task")
        await tui.press("enter")
        assert tui.app.screen.record_key[0] == "task"
        on_fact(tui, "for")
        await tui.press("enter")
        assert tui.app.screen.record_key == ANA
        await tui.press("escape", "escape", "escape", "escape", "escape")
        assert isinstance(tui.app.screen, TodayScreen)


@pytest.fixture
def noted(built):
    """Somebody with a note of very many lines."""
    return built("noted", [("contact", "add", "Ana", "--note", "a long note " * 100)])


async def test_a_long_text_is_cut_and_opened(card, noted):
    async with card(noted, size=(120, 40)) as tui:
        one = tui.app.screen
        on_fact(tui, "note")
        assert one.facts.is_cut(("note", ""))
        before = len(one.facts._lines)
        await tui.press("enter")
        assert len(one.facts._lines) > before
        await tui.press("enter")
        assert len(one.facts._lines) == before


async def test_a_row_taller_than_the_view_is_walked_through(card, built):
    text = " ".join(f"word{number}" for number in range(400))
    source = built(
        "tall", [("contact", "add", "Ana"), ("log", "call", "c1", text), ("log", "note", "c1", "x")]
    )
    async with card(source, ("interaction", 1)) as tui:
        one = tui.app.screen
        assert "word0" in tui.frame()
        for _ in range(60):
            await tui.press("j")
        assert "word399" in tui.frame()
        await tui.press("g", "ctrl+u", "ctrl+u", "ctrl+u", "ctrl+u", "ctrl+u", "ctrl+u")
        assert one.said.scroll_offset.y == 0


async def test_a_click_puts_the_cursor_on_a_row_of_many_lines(card, noted):
    async with card(noted, size=(120, 40)) as tui:
        one = tui.app.screen
        await tui.pilot.click(one.facts, offset=(20, 8))
        await tui.settle()
        assert one.facts.key == ("note", "")
        await tui.pilot.click(one.facts, offset=(20, 8), times=2)
        await tui.settle()
        assert ("note", "") in one.facts.opened


async def test_what_is_indented_stays_so(card, people, run):
    async with card(people) as tui:
        run("contact", "edit", "c1", "--note", "list:\n  - one\n\t- two\n" + " " * 80 + "far")
        tui.app.poll()
        await tui.settle()
        on_fact(tui, "note")
        lines = [line[19:] for line in tui.frame().splitlines()]
        at = lines.index("list:")
        assert lines[at : at + 4] == ["list:", "  - one", "    - two", " " * 30 + "far"]


# The timeline


@pytest.fixture
def talkative(built, tmp_path_factory):
    """Somebody with five thousand interactions on many days."""
    from crmcli.clock import Clock
    from crmcli.store.unit import Store

    path = built("talkative", [("contact", "add", "Ana"), ("log", "call", "c1", "number 0")])
    store = Store(str(path), Clock("Europe/Ljubljana"), "me")
    if store.reader.execute("SELECT count(*) FROM interaction").fetchone()[0] < 5000:
        columns = ("uid", "kind", "occurred_at", "body", "created_at", "updated_at")
        stamps = (f"{2016 + n // 500}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(4999))
        rows = [
            (f"u{n}", "note", f"{day}T{n % 24:02}:{n % 60:02}:00Z", f"number {n + 1}", day, day)
            for n, day in enumerate(stamps)
        ]

        def fill(w):
            first = w.insert_many("interaction", columns, rows)
            links = [(first + n, 1) for n in range(len(rows))]
            w.insert_many("interaction_contact", ("interaction_id", "contact_id"), links)

        store.write("fill", fill)
    store.close()
    return path


@pytest.fixture
def pages(monkeypatch):
    """What was asked of the timeline: how many rows, and before which place."""
    asked = []
    read = contact_store.timeline

    def timeline(conn, id, limit, before=None):
        rows = read(conn, id, limit, before)
        if limit:
            asked.append((limit, before, len(rows)))
        return rows

    monkeypatch.setattr(contact_store, "timeline", timeline)
    return asked


async def test_the_timeline_is_read_as_one_goes_down(card, talkative, pages):
    async with card(talkative) as tui:
        one = tui.app.screen
        assert pages == [(PAGE + 1, None, PAGE + 1)]
        await tui.press("tab")
        for _ in range(12):
            await tui.press("G")
        assert len(pages) <= 14
        assert all(count <= PAGE + 1 for _, _, count in pages)
        assert all(before is not None for _, before, _ in pages[1:])
        keys = one.said.rows.keys()
        assert len(keys) == len(set(keys)) == one.timeline.count == PAGE * len(pages)
        shown = [row.cells[1] for row in one.timeline.rows if row.key is not None]
        conn = connect_reader(str(tui.app.crm.store.path))
        wanted = [row["body"] for row in contact_store.timeline(conn, 1, one.timeline.count)]
        conn.close()
        assert shown == wanted


async def test_reading_again_keeps_the_place_in_the_timeline(card, talkative, run):
    async with card(talkative) as tui:
        one = tui.app.screen
        await tui.press("tab", "G", "G")
        key, count = one.said.key, one.timeline.count
        run("log", "call", "c1", "news of today")
        tui.app.poll()
        await tui.settle()
        assert one.said.key == key
        assert one.timeline.count >= count
        assert any(row.cells[1] == "news of today" for row in one.timeline.rows if row.key)


async def test_all_of_a_short_timeline_with_its_days(card, people):
    async with card(people, JOZE) as tui:
        assert "Sun 22 Nov 2026 (yesterday)" in tui.frame()
        assert "There is more" not in told(tui)


async def test_enter_shows_an_interaction_whole_and_n_goes_on(card, talkative):
    async with card(talkative) as tui:
        await tui.press("tab", "j", "enter")
        one = tui.app.screen
        assert one.record_key[0] == "interaction"
        first = one.whole.text
        assert "2 of 50" in tui.frame()
        await tui.press("n")
        assert one.whole.text not in ("", first)
        assert "3 of 50" in tui.frame()


async def test_the_text_of_an_interaction_is_edited_and_trashed(card, people, database):
    async with card(people, JOZE) as tui:
        await tui.press("tab", "e")
        key = tui.app.screen.record_key
        assert key[0] == "interaction"
        await tui.press("e")
        await tui.write(", and on a price")
        await tui.press("enter")
        assert "agreed on scope, and on a price" in told(tui)
        assert stored(database, key)["body", ""] == "kick-off, agreed on scope, and on a price"
        await tui.press("x")
        assert tui.app.screen.record_key == JOZE
        assert tui.app.screen.said.key is None
        await tui.press("u")
        assert "and on a price" in told(tui)
        assert tui.app.screen.said.has_focus
        await tui.press("x")
        assert tui.app.screen.said.key is None
        assert tui.app.screen.record_key == JOZE


async def test_an_interaction_without_a_text_can_be_given_one(card, people, run, database):
    async with card(people) as tui:
        run("log", "call", "c1", "--keep")
        tui.app.open_record(("interaction", 5))
        await tui.settle()
        assert "No text. e writes one." in tui.frame()
        await tui.press("e")
        await tui.write("hello")
        await tui.press("enter")
    assert stored(database, ("interaction", 5))["body", ""] == "hello"


# Copying and opening


async def test_copy_the_channel_under_the_cursor_else_the_first(card, people):
    async with card(people) as tui:
        await tui.press("y")
        assert tui.app.clipboard == "ana@acme.si"
        on_fact(tui, "phone")
        await tui.press("y")
        assert tui.app.clipboard == "040 123 456"
        assert "Copied: 040 123 456" in notices(tui)
        await tui.press("tab", "y")
        assert tui.app.clipboard == "wants a pilot, asks for two prices"


async def test_there_may_be_nothing_to_copy(card, built):
    bare = built("bare", [("contact", "add", "Nobody Yet")])
    async with card(bare) as tui:
        await tui.press("y")
        assert tui.app.clipboard == ""
        assert "There is no e-mail and no phone to copy" in notices(tui)


async def test_enter_opens_a_channel_with_the_systems_handler(card, people, monkeypatch):
    opened = []
    monkeypatch.setattr("crmcli.tui.card.ways.handler", lambda: ["xdg-open"])
    monkeypatch.setattr(
        "crmcli.tui.card.ways.open_link", lambda link, program: opened.append((link, program))
    )
    async with card(people) as tui:
        for name in ("email", "phone"):
            on_fact(tui, name)
            await tui.press("enter")
    assert opened == [("mailto:ana@acme.si", ["xdg-open"]), ("tel:+38640123456", ["xdg-open"])]


async def test_a_handler_that_fails_is_told(card, people, monkeypatch):
    monkeypatch.setattr("crmcli.tui.card.ways.handler", lambda: ["no-such-program"])
    async with card(people) as tui:
        on_fact(tui, "email")
        await tui.press("enter")
        assert any("cannot run no-such-program" in said for said in notices(tui))


async def test_over_ssh_the_number_is_shown_large(card, people, monkeypatch, frame):
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 22 10.0.0.2 22")
    async with card(people) as tui:
        on_fact(tui, "phone")
        await tui.press("enter")
        assert isinstance(tui.app.screen, Large)
        assert tui.frame() == frame
        assert links(tui) == {"tel:+38640123456"}
        await tui.press("y")
        assert tui.app.clipboard == "040 123 456"
        on_fact(tui, "email")
        await tui.press("enter")
        assert links(tui) == {"mailto:ana@acme.si"}
        await tui.press("escape")
        assert isinstance(tui.app.screen, CardScreen)


def links(tui):
    """Give what the links on the screen in front lead to."""
    strips = tui.app.screen._compositor.render_strips()
    styles = [style for strip in strips for _, style, _ in strip if style]
    return {style.link for style in styles if style.link}


def painted(tui):
    """Give what the terminal gets."""
    console = tui.app.console
    strips = tui.app.screen._compositor.render_strips()
    return "".join(strip.render(console) for strip in strips)


HOSTILE = [
    ("url", "https://x.si/\x1b]8;;http://evil.example\x1b\\a\x07\u202e", "https://x.si/%1B%5D8"),
    ("url", "javascript:alert(1)", ""),
    ("url", "file:///etc/passwd", ""),
    ("url", "--help", ""),
    ("email", "a?cc=b@c.si", "mailto:a%3Fcc%3Db@c.si"),
    ("email", "x\x1b]52;c;aGk=\x07@y.si", ""),
]


@pytest.mark.parametrize(("kind", "value", "link"), HOSTILE)
async def test_hostile_channels_stay_text(card, people, database, monkeypatch, kind, value, link):
    import shutil
    import sqlite3

    opened = []
    monkeypatch.setattr("crmcli.tui.card.ways.handler", lambda: ["xdg-open"])
    monkeypatch.setattr(handler.subprocess, "Popen", lambda *args, **more: opened.append(args))
    database.parent.mkdir(parents=True, mode=0o700)
    shutil.copy(people, database)
    other = sqlite3.connect(database)  # what another program may write
    other.execute(
        "UPDATE channel SET kind = ?, value = ?, value_norm = ? WHERE id = 1", (kind, value, value)
    )
    other.commit()
    other.close()
    async with card(None) as tui:
        shown = {one for one in links(tui) if not one.startswith("tel:")}
        assert {one[: len(link)] for one in shown} == ({link} if link else set())
        assert all(one.isascii() and one.isprintable() for one in shown)
        raw = painted(tui)
        assert "\x1b]8;;http://evil" not in raw
        assert "\x1b]52" not in raw
        assert "\x07" not in raw
        on_fact(tui, kind)
        if not link:
            await tui.press("enter")
            assert isinstance(tui.app.screen, Large)
            assert not links(tui)
            assert opened == []


async def test_markup_and_scripts_are_shown_as_they_are(card, wide):
    async with card(wide, EVA) as tui:
        assert "Müßig [b]Bold[/b] [@click=app.quit]x[/]" in tui.frame()
        assert "[red]check[/red] the [link=x]invoice[/link]" in told(tui)


# Typing over facts


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "Ana Kos", "Ana Kos"),
        ("title", "CTO", "CTO"),
        ("org", "Kos", "Kos"),
        ("tags", "+vip +new", "+vip +new"),
        ("birthday", "17.5.1991", "1991-05-17"),
        ("cadence_days", "3w", "21d"),
        ("lifecycle_stage", "customer", "customer"),
        ("note", "likes tea", "likes tea"),
    ],
)
async def test_type_over_a_fact(card, people, database, name, text, value):
    async with card(people) as tui:
        await type_over(tui, name, text)
        assert tui.app.screen.editor.typing is None
        assert tui.app.screen.facts.key == (name, "")
        assert tui.app.screen.facts.has_focus
    assert stored(database)[name, ""] == value


async def test_add_what_is_missing(card, people, database):
    async with card(people) as tui:
        await type_over(tui, "+email", "home:ana@home.si")
        await type_over(tui, "+date", "name day = 26 july")
        await type_over(tui, "+custom", "tea = green")
        await type_over(tui, "+relation", "referred by = bo-li")
        assert "home ana@home.si" in told(tui)
    found = stored(database)
    assert "home:ana@home.si" in found.values()
    assert found["date", "name day"] == "--07-26"
    assert found["custom", "tea"] == "green"
    assert "referred by = bo-li" in found.values()


async def test_enter_types_over_a_plain_fact_and_escape_leaves_it(card, people, database):
    async with card(people) as tui:
        on_fact(tui, "title")
        await tui.press("enter")
        await tui.write(" and more")
        assert "CEO and more" in tui.frame()
        await tui.press("escape")
        assert "CEO and more" not in tui.frame()
        assert not tui.app.drafts
        assert isinstance(tui.app.screen, CardScreen)
    assert stored(database)["title", ""] == "CEO"


async def test_a_text_that_is_refused_stays_with_the_reason_beside_it(card, people, database):
    async with card(people) as tui:
        await type_over(tui, "birthday", "the day after")
        one = tui.app.screen
        assert one.editor.typing is not None
        assert one.fields.line.text == "the day after"
        assert "! " in tui.frame()
        await type_over_again(tui, "17 may")
        assert one.editor.typing is None
    assert stored(database)["birthday", ""] == "--05-17"


async def type_over_again(tui, text):
    tui.app.screen.fields.line.value = ""
    await tui.write(text)
    await tui.press("enter")


async def test_how_a_date_is_understood_is_said_while_typing(card, people):
    async with card(people) as tui:
        on_fact(tui, "paused_until_on")
        await tui.press("e")
        await tui.write("2w")
        assert "paused until Mon 7 Dec 2026 (in 14 days)" in tui.frame()


async def test_words_are_completed(card, people, database):
    async with card(people) as tui:
        on_fact(tui, "lifecycle_stage")
        await tui.press("e")
        await tui.write("cust")
        await tui.until(lambda: tui.app.screen.fields.line._suggestion == "customer")
        await tui.press("tab", "enter")
    assert stored(database)["lifecycle_stage", ""] == "customer"


async def test_choices_of_own_fields_are_completed(card, people, run, database):
    async with card(people) as tui:
        run("field", "add", "contact.size", "multi", "--choice", "Small", "--choice", "Large")
        tui.app.poll()
        await tui.settle()
        on_fact(tui, "custom", "size")
        await tui.press("e")
        await tui.write("small; la")
        await tui.until(lambda: tui.app.screen.fields.line._suggestion == "small; large")
        await tui.press("tab", "enter")
    assert stored(database)["custom", "size"] == "Small; Large"


async def test_somebody_elses_address_is_told_and_can_be_kept(card, people, database):
    async with card(people) as tui:
        await type_over(tui, "+email", "bo@li.cn")
        assert isinstance(tui.app.screen, Menu)
        note = tui.app.screen.note
        for part in ("probably known: c2 bo-li", "owner me", "last touch 2026-11-13"):
            assert part in note
        await tui.press("escape")
        assert tui.app.screen.fields.line.text == "bo@li.cn"
        assert "bo@li.cn" not in stored(database).values()
        await tui.press("enter", "f")
        assert tui.app.screen.editor.typing is None
    assert "bo@li.cn" in stored(database).values()


async def test_an_org_that_becomes_another_is_told_and_can_be_kept(card, people, run):
    async with card(people, ("org", 2)) as tui:
        await type_over(tui, "name", "Acme Ltd")
        assert isinstance(tui.app.screen, Menu)
        assert "o1 acme, Acme (70: same name" in tui.app.screen.note
        await tui.press("f")
        assert tui.app.screen.editor.typing is None
    assert run("show", "o2", "--json").json["name"] == "Acme Ltd"


async def test_tags_by_one_key(card, people, database):
    async with card(people) as tui:
        await tui.press("t")
        await tui.write(' -vip +"key account"')
        await tui.press("enter")
        assert "+key account" in told(tui)
    assert stored(database)["tags", ""] == '+"key account"'


async def test_a_task_has_no_tags(card, people):
    async with card(people, ("task", 1)) as tui:
        await tui.press("t")
        assert notices(tui) == ["Only people, orgs and deals have tags here"]


async def test_what_follows_from_other_things_is_not_typed_over(card, people):
    async with card(people) as tui:
        on_fact(tui, "last_touch")
        await tui.press("e")
        assert tui.app.screen.editor.typing is None
        assert "cannot be typed over" in notices(tui)[0]


async def test_an_address_has_a_form(card, people, run, database):
    async with card(people) as tui:
        await type_over(tui, "+address", "Main Street 1")
        on_fact(tui, "address")
        await tui.press("e")
        assert isinstance(tui.app.screen, Form)
        tui.app.screen.query_one("#in-locality").value = "Kranj"
        await tui.press("ctrl+s")
        assert "Main Street 1, Kranj" in told(tui)


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("title", "send it all", "send it all"),
        ("due", "fri 9:00", "Fri 27 Nov 2026 09:00 (in 4 days)"),
        ("for", "bo-li", "Bo Li"),
        ("repeats", "2 weeks", "every 2 weeks"),
        ("kind", "call", "call"),
        ("body", "by mail", "by mail"),
    ],
)
async def test_type_over_a_task(card, people, name, text, shown):
    async with card(people, ("task", 1)) as tui:
        await type_over(tui, name, text)
        assert shown in told(tui)


async def test_type_over_an_org(card, people, database):
    async with card(people, ("org", 1)) as tui:
        await type_over(tui, "domain", "https://www.acme.si/x")
        await type_over(tui, "kind", "client")
    found = stored(database, ("org", 1))
    assert (found["domain", ""], found["kind", ""]) == ("acme.si", "client")


# Two at once


async def test_mine_over_theirs(card, people, database, run):
    async with card(people) as tui:
        await begin_and_be_overtaken(tui, run)
        assert isinstance(tui.app.screen, Menu)
        assert "mine:    CEO of all" in tui.frame()
        assert "theirs:  CFO" in tui.frame()
        assert stored(database)["title", ""] == "CFO"
        await tui.press("m")
        assert tui.app.screen.editor.typing is None
    assert stored(database)["title", ""] == "CEO of all"


async def test_theirs_stays(card, people, database, run):
    async with card(people) as tui:
        await begin_and_be_overtaken(tui, run)
        await tui.press("t")
        assert tui.app.screen.editor.typing is None
        assert "title  CFO" in told(tui)
        assert not tui.app.drafts
    assert stored(database)["title", ""] == "CFO"


@pytest.mark.parametrize("key", ["e", "escape"])
async def test_going_on_typing_after_a_conflict(card, people, database, run, key):
    async with card(people) as tui:
        await begin_and_be_overtaken(tui, run)
        await tui.press(key)
        one = tui.app.screen
        assert one.fields.line.text == "CEO of all"
        assert "theirs: CFO" in tui.frame()
        await tui.write("!")
        await tui.press("enter")
        assert one.editor.typing is None
    assert stored(database)["title", ""] == "CEO of all!"


async def test_theirs_may_change_once_more(card, people, database, run):
    async with card(people) as tui:
        await begin_and_be_overtaken(tui, run)
        run("contact", "edit", "c1", "--title", "COO")
        await tui.press("m")
        assert isinstance(tui.app.screen, Menu)
        assert "theirs:  COO" in tui.frame()
        await tui.press("m")
    assert stored(database)["title", ""] == "CEO of all"


async def begin_and_be_overtaken(tui, run):
    """Type over the title while another process changes it, and try to save."""
    on_fact(tui, "title")
    await tui.press("e")
    await tui.write(" of all")
    run("contact", "edit", "c1", "--title", "CFO")
    await tui.press("enter")


async def test_other_facts_of_the_record_may_change_meanwhile(card, people, database, run):
    async with card(people) as tui:
        on_fact(tui, "title")
        await tui.press("e")
        await tui.write("!")
        run("contact", "edit", "c1", "--note", "theirs", "-t", "theirs")
        tui.app.poll()
        await tui.settle()
        assert tui.app.screen.fields.line.text == "CEO!"
        assert "note  theirs" in told(tui)
        await tui.press("enter")
    found = stored(database)
    assert (found["title", ""], found["note", ""]) == ("CEO!", "theirs")


async def test_the_cursor_stays_on_its_fact(card, people, run):
    async with card(people) as tui:
        on_fact(tui, "note")
        run("contact", "edit", "c1", "-e", "a@b.si", "-e", "c@d.si", "--set", "tea=green")
        tui.app.poll()
        await tui.settle()
        assert "a@b.si" in told(tui)
        assert tui.app.screen.facts.key == ("note", "")


async def test_a_channel_that_went_while_it_was_typed_over(card, people, database, run):
    async with card(people) as tui:
        on_fact(tui, "email")
        await tui.press("e")
        await tui.write("x")
        run("contact", "edit", "c1", "--drop", "ana@acme.si")
        tui.app.poll()
        await tui.settle()
        assert tui.app.screen.fields.line.text == "ana@acme.six"
        assert "ana@acme.six" in tui.frame()
        await tui.press("enter")
        assert "theirs:  removed" in tui.frame()
        await tui.press("m")
    assert "ana@acme.six" in stored(database).values()


@pytest.mark.parametrize("typed", [False, True])
async def test_a_record_that_went_is_left(card, people, run, typed):
    async with card(people) as tui:
        if typed:
            on_fact(tui, "note")
            await tui.press("e")
            await tui.write("not lost")
        run("contact", "rm", "c1")
        tui.app.poll()
        await tui.settle()
        assert isinstance(tui.app.screen, TodayScreen)
        assert any("c1 is in the trash" in said for said in notices(tui))
        assert [kept["text"] for kept in tui.app.drafts.values()] == (["not lost"] if typed else [])


async def test_a_record_that_went_under_a_dialog_is_left_with_it(card, people, run):
    async with card(people) as tui:
        await tui.press("a")
        run("contact", "rm", "c1")
        tui.app.poll()
        await tui.settle()
        assert isinstance(tui.app.screen, Form)
        await tui.press("escape")
        assert isinstance(tui.app.screen, TodayScreen)


async def test_saving_over_a_record_that_went(card, people, run):
    async with card(people) as tui:
        on_fact(tui, "note")
        await tui.press("e")
        await tui.write("not lost")
        run("contact", "rm", "c1")
        await tui.press("enter")
        assert isinstance(tui.app.screen, TodayScreen)
        assert [kept["text"] for kept in tui.app.drafts.values()] == ["not lost"]


# $EDITOR


@pytest.fixture
def editor(monkeypatch, home):
    """Make $EDITOR a script, and this a terminal that may be left for it."""

    def editor(script: str) -> None:
        program = home / "editor"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        monkeypatch.setenv("EDITOR", str(program))

    monkeypatch.setattr("tempfile.tempdir", str(home))
    monkeypatch.setattr("crmcli.tui.app.CrmApp.suspend", lambda app: nullcontext())
    monkeypatch.setattr("crmcli.context.Context.is_interactive", True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return editor


NOTE = "first\n\n    indented\n\ttab"


@pytest.mark.parametrize("key", ["E", "e"])
async def test_a_long_note_in_the_editor(card, people, database, editor, run, key, tmp_path):
    editor("printf '\\n    more' >> \"$1\"")
    async with card(people) as tui:
        run("contact", "edit", "c1", "--note", NOTE)
        tui.app.poll()
        await tui.settle()
        on_fact(tui, "note")
        await tui.press(key)  # a text with indents does not fit into one line
        assert tui.app.crm._edited is None
    assert stored(database)["note", ""] == f"{NOTE}\n    more"


async def test_from_the_line_into_the_editor(card, people, database, editor):
    editor("printf ' two' >> \"$1\"")
    async with card(people) as tui:
        on_fact(tui, "note")
        await tui.press("e")
        await tui.write("one")
        await tui.press("ctrl+e")
    assert stored(database)["note", ""] == "one two"


async def test_the_editor_takes_the_note_from_anywhere(card, people, database, editor):
    editor("printf 'a note' > \"$1\"")
    async with card(people) as tui:
        await tui.press("E")
    assert stored(database)["note", ""] == "a note"


async def test_an_editor_that_fails_loses_nothing(card, people, database, editor):
    editor("exit 3")
    async with card(people) as tui:
        on_fact(tui, "note")
        await tui.press("e")
        await tui.write("not lost")
        await tui.press("ctrl+e")
        assert any("your text is kept in" in said for said in notices(tui))
        assert tui.app.screen.editor.typing is None
        await tui.press("e")
        assert tui.app.screen.fields.line.text == "not lost"
        await tui.press("enter")
        assert not tui.app.drafts
    assert stored(database)["note", ""] == "not lost"


async def test_an_editor_that_changes_nothing_writes_nothing(card, people, editor, run):
    editor("true")
    async with card(people, JOZE) as tui:
        await tui.press("E")
    assert "contact edit" not in run("history").out


async def test_theirs_while_the_editor_was_open(card, people, database, editor, home):
    import shlex

    command = f"{shlex.quote(sys.executable)} -m crmcli contact edit c1 --note theirs"
    editor(f'{command} >/dev/null; printf mine > "$1"')
    async with card(people) as tui:
        await tui.press("E")
        assert isinstance(tui.app.screen, Menu)
        assert "theirs:  theirs" in tui.frame()
        await tui.press("escape")
        assert stored(database)["note", ""] == "theirs"
        on_fact(tui, "note")
        await tui.press("e")
        assert tui.app.screen.fields.line.text == "mine"
        await tui.press("enter")
    assert stored(database)["note", ""] == "mine"


# Texts that are not saved


async def test_a_long_text_that_is_left_comes_back(card, people, database):
    async with card(people) as tui:
        on_fact(tui, "note")
        await tui.press("e")
        await tui.write("half a thou")
        await tui.press("escape")
        assert any("your text is kept" in said for said in notices(tui))
        await tui.press("e")
        assert tui.app.screen.fields.line.text == "half a thou"
        await tui.write("ght")
        await tui.press("enter")
        assert not tui.app.drafts
    assert stored(database)["note", ""] == "half a thought"


async def test_quitting_asks_about_what_is_typed(card, people):
    async with card(people) as tui:
        on_fact(tui, "title")
        await tui.press("e")
        await tui.write("!")
        await tui.press("ctrl+f")
        assert list(tui.app.drafts) == ["title c1"]
        await tui.press("ctrl+q")
        assert isinstance(tui.app.screen, Menu)
        await tui.press("s")


async def test_a_click_elsewhere_leaves_the_text(card, people):
    async with card(people) as tui:
        on_fact(tui, "title")
        await tui.press("e")
        await tui.write("!")
        await tui.pilot.click(tui.app.screen.said, offset=(5, 3))
        await tui.settle()
        assert tui.app.screen.editor.typing is None
        assert tui.app.screen.said.has_focus
        on_fact(tui, "title")
        await tui.press("tab", "e")
        assert tui.app.screen.fields.line.text == "CEO!"


async def test_ctrl_q_leaves_the_text_first(card, people):
    async with card(people) as tui:
        on_fact(tui, "note")
        await tui.press("e")
        await tui.write("x")
        await tui.press("ctrl+q")
        assert isinstance(tui.app.screen, CardScreen)
        assert tui.app.screen.editor.typing is None
        await tui.press("ctrl+q")
        assert isinstance(tui.app.screen, TodayScreen)


async def test_what_is_typed_outlives_the_end(card, people):
    async with card(people) as tui:
        on_fact(tui, "note")
        await tui.press("e")
        await tui.write("not lost")
        assert open_texts([tui.app.screen]) == {"note c1": {"text": "not lost"}}
        assert open_texts([tui.app.screen], saving=True) == {}


async def test_a_busy_database_keeps_the_text(card, people, database, monkeypatch):
    from crmcli.errors import StorageError

    def busy(*args, **more):
        raise StorageError("the database is busy")

    async with card(people) as tui:
        with monkeypatch.context() as patch:
            patch.setattr(contact_service, "save", busy)
            await type_over(tui, "title", "CTO")
            assert tui.app.screen.fields.line.text == "CTO"
            assert "! the database is busy" in tui.frame()
        await tui.press("enter")
    assert stored(database)["title", ""] == "CTO"


# Mask


@pytest.mark.parametrize("key", ["e", "y", "enter", "t", "E"])
async def test_masked_names_are_neither_edited_nor_copied_nor_opened(card, people, key):
    async with card(people) as tui:
        on_fact(tui, "email")
        await tui.press("ctrl+x")
        assert "Ana Novak" not in tui.frame()
        assert not links(tui)
        await tui.press(key)
        assert tui.app.screen.editor.typing is None
        assert isinstance(tui.app.screen, CardScreen)
        assert tui.app.clipboard == ""
        assert any("shows them again" in said for said in notices(tui))
        await tui.press("ctrl+x")
        assert "Ana Novak" in tui.frame()
        assert links(tui)


async def test_masking_ends_what_is_typed_and_keeps_it(card, people):
    async with card(people) as tui:
        on_fact(tui, "title")
        await tui.press("e")
        await tui.write(" Novak")
        await tui.press("ctrl+x")
        assert tui.app.screen.editor.typing is None
        assert "Novak" not in tui.frame()
        await tui.press("ctrl+x")
        on_fact(tui, "title")
        await tui.press("e")
        assert tui.app.screen.fields.line.text == "CEO Novak"


# The acts


async def test_log_with_this_person(card, people, run):
    async with card(people) as tui:
        await tui.press("c", "c")
        await tui.write("agreed")
        await tui.press("enter", "enter")
        assert "agreed" in told(tui)
    assert run("show", "c1", "--json").json["timeline"][0]["body"] == "agreed"


async def test_a_missed_call_leaves_other_tasks_alone(card, people, run):
    async with card(people) as tui:
        await tui.press("c", "x")
    titles = [task["title"] for task in run("show", "c1", "--json").json["tasks"]]
    assert sorted(titles) == ["Call again", "send offer"]


@pytest.mark.parametrize("on_task", [False, True])
async def test_done_with_the_only_task(card, people, run, on_task):
    async with card(people) as tui:
        if on_task:
            on_fact(tui, "task")
        await tui.press("d")
        await tui.write("sent")
        await tui.press("enter", "enter")
        assert "No next step yet" in told(tui)
    assert run("show", "c1", "--json").json["tasks"] == []


async def test_of_several_tasks_one_is_chosen(card, people, run):
    async with card(people) as tui:
        run("remind", "c1", "2026-11-25", "second")
        tui.app.poll()
        await tui.settle()
        await tui.press("r")
        assert "2026-11-25  second" in tui.frame()
        await tui.press("2", "1")
    due = {t["title"]: t["due"] for t in run("show", "c1", "--json").json["tasks"]}
    assert due == {"send offer": "2026-11-22", "second": "2026-11-24"}


async def test_the_task_under_the_cursor_is_snoozed(card, people, run):
    async with card(people) as tui:
        run("remind", "c1", "2026-11-25", "second")
        tui.app.poll()
        await tui.settle()
        on_fact(tui, "task", 1)
        await tui.press("s", "3")
    assert run("show", "t1", "--json").json["hidden_until_on"] == "2026-11-26"


async def test_marked_tasks_are_done_together(card, people, run):
    async with card(people) as tui:
        run("remind", "c1", "2026-11-25", "second")
        tui.app.poll()
        await tui.settle()
        on_fact(tui, "task", 1)
        await tui.press("space", "space", "d", "ctrl+s")
    assert run("show", "c1", "--json").json["tasks"] == []


async def test_only_tasks_can_be_marked(card, people):
    async with card(people) as tui:
        one = tui.app.screen
        await tui.press("space")
        assert one.facts.key == ("title", "")
        assert not one.facts.marks
        await tui.press("asterisk")
        assert one.facts.marks == {("task", 1)}
        await tui.press("asterisk", "tab", "space", "asterisk")
        assert not one.facts.marks | one.said.marks


async def test_without_a_task_there_is_nothing_to_do(card, built):
    bare = built("bare", [("contact", "add", "Nobody Yet")])
    async with card(bare) as tui:
        for key in ("d", "s", "r"):
            await tui.press(key)
            assert "There is no task here" in notices(tui)[-1]


async def test_bump_wait_and_add(card, people, run):
    async with card(people) as tui:
        await tui.press("b", "w")
        await tui.write("fri their logo")
        await tui.press("enter", "a")
        await tui.write("tue our logo")
        await tui.press("enter")
        assert "They owe" in told(tui)
    got = run("show", "c1", "--json").json
    assert got["bumped_on"] == "2026-11-23"
    assert {"their logo", "our logo"} < {task["title"] for task in got["tasks"]}


async def test_the_acts_on_the_card_of_a_task(card, people, run):
    async with card(people, ("task", 1)) as tui:
        await tui.press("s", "3")
        assert "hidden until Thu 26 Nov 2026" in told(tui)
        await tui.press("r", "1")
        assert "due  Tue 24 Nov 2026 (tomorrow)" in told(tui)
        await tui.press("d", "ctrl+s")
        assert "status  done, 2026-11-23" in told(tui)
        assert "wants a pilot" in told(tui)


async def test_undo_and_redo(card, people):
    async with card(people) as tui:
        await type_over(tui, "title", "CTO")
        await tui.press("u")
        assert "title  CEO" in told(tui)
        await tui.press("U")
        assert "title  CTO" in told(tui)


# The trash


@pytest.mark.parametrize("key", ["x", "delete"])
async def test_the_record_goes_into_the_trash_and_comes_back(card, people, run, key):
    async with card(people) as tui:
        await tui.press(key)
        assert isinstance(tui.app.screen, TodayScreen)
        assert "Ana Novak is in the trash; u brings it back" in notices(tui)
        assert run("show", "c1", code=1).out == ""
        await tui.press("u")
    assert run("show", "c1", "--json").json["name"] == "Ana Novak"


async def test_a_task_under_the_cursor_goes_instead(card, people, run):
    async with card(people) as tui:
        on_fact(tui, "task")
        await tui.press("x")
        assert isinstance(tui.app.screen, CardScreen)
        assert "No next step yet" in told(tui)
    assert run("show", "c1", "--json").json["tasks"] == []


async def test_the_card_of_a_task_goes_and_is_left(card, people):
    async with card(people, ("task", 1)) as tui:
        await tui.press("x")
        assert isinstance(tui.app.screen, TodayScreen)


async def test_a_card_of_what_is_not_there_says_so(card, people):
    async with card(people, ("contact", 99)) as tui:
        assert isinstance(tui.app.screen, TodayScreen)
        assert "c99 is gone" in notices(tui)
