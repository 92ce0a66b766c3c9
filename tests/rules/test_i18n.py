"""Messages in the user's language, and the catalogues they come from."""

import gettext
import re
import shutil
from datetime import date, time
from string import Formatter

import pytest

from crmcli import dates, i18n, repeat
from crmcli.rules import cadence
from crmcli.store.item import Item, Touch
from tools import messages

TODAY = date(2026, 11, 23)


@pytest.fixture
def slovenian():
    i18n.use("sl")
    yield
    i18n.use("en")


@pytest.fixture(scope="module")
def template():
    return messages.template()


def all_of(catalog):
    return {message.id: message for message in catalog if message.id}


def fields(text: str) -> set[tuple[str, str | None, str | None]]:
    return {
        (name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name
    }


# languages


@pytest.mark.parametrize(
    "name", ["sl", "sl_SI", "sl_SI.UTF-8", "sl-SI", "sl.utf8", "sl_SI.UTF-8@euro"]
)
def test_a_language_and_its_countries(name):
    i18n.use(name)
    assert i18n.tr("today") == "danes"


@pytest.mark.parametrize(
    "name", ["en", "en_GB.UTF-8", "C", "POSIX", "C.UTF-8", "tlh", "", "../sl", "sl/../sl", "1"]
)
def test_any_other_is_english(name):
    i18n.use(name)
    assert i18n.tr("today") == "today"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"LANG": "sl_SI.UTF-8"}, "danes"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "sl_SI.UTF-8"}, "danes"),
        ({"LANG": "sl_SI.UTF-8", "LC_ALL": "C"}, "today"),
        ({"LANG": "sl_SI.UTF-8", "LC_ALL": ""}, "danes"),
        ({"LC_NUMERIC": "sl_SI.UTF-8"}, "today"),
    ],
)
def test_the_language_of_the_environment(monkeypatch, variables, said):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    i18n.use("")
    assert i18n.tr("today") == said


def test_data_is_never_a_format():
    assert i18n.tr("no view {name!r}", name="{x} {0.y}") == "no view '{x} {0.y}'"
    assert i18n.tr("a brace { alone") == "a brace { alone"
    assert i18n.tr("") == ""


@pytest.mark.parametrize(
    ("count", "said"),
    [
        *((0, "0 opravil"), (1, "1 opravilo"), (2, "2 opravili"), (3, "3 opravila")),
        *((4, "4 opravila"), (5, "5 opravil"), (11, "11 opravil"), (101, "101 opravilo")),
    ],
)
def test_four_plural_forms(slovenian, count, said):
    assert i18n.trn("{count} task", "{count} tasks", count) == said


def test_two_plural_forms():
    assert i18n.trn("{count} task", "{count} tasks", 1) == "1 task"
    assert i18n.trn("{count} task", "{count} tasks", 0) == "0 tasks"


@pytest.mark.parametrize(
    "content", [b"", b"\xde", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40]
)
def test_a_broken_catalogue_is_english(tmp_path, monkeypatch, content):
    monkeypatch.setattr(i18n, "LOCALES", str(tmp_path))
    path = tmp_path / "sl/LC_MESSAGES/crm.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    i18n.use("sl")
    assert i18n.tr("today") == "today"


def test_a_language_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "LOCALES", str(tmp_path))
    shutil.copytree(messages.LOCALE / "sl", tmp_path / "pt_BR")
    i18n.use("pt_BR.UTF-8")
    assert i18n.tr("today") == "danes"
    i18n.use("pt_PT.UTF-8")
    assert i18n.tr("today") == "today"


# dates and repeats


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "pon. 23. nov. 2026 (danes)"),
        (date(2026, 11, 24), "tor. 24. nov. 2026 (jutri)"),
        (date(2026, 11, 22), "ned. 22. nov. 2026 (včeraj)"),
        (date(2026, 11, 25), "sre. 25. nov. 2026 (čez 2 dneva)"),
        (date(2026, 11, 27), "pet. 27. nov. 2026 (čez 4 dni)"),
        (date(2026, 5, 1), "pet. 1. maj 2026 (pred 206 dnevi)"),
    ],
)
def test_dates(slovenian, day, said):
    assert dates.describe(dates.When(day), TODAY) == said


def test_a_date_with_its_time(slovenian):
    when = dates.When(date(2026, 11, 27), time(9))
    assert dates.describe(when, TODAY) == "pet. 27. nov. 2026 09:00 (čez 4 dni)"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "vsak dan"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "vsaka 2 tedna: pet."),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "vsak teden: pon. in čet."),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "vsak delovnik"),
        ("FREQ=MONTHLY;INTERVAL=3", "vsake 3 mesece"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "vsak mesec: zadnji dan"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "vsak mesec: zadnji/-a pet."),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "vsako leto: 24. dec."),
        ("FREQ=DAILY;UNTIL=20271224", "vsak dan do 24. dec. 2027"),
    ],
)
def test_repeats(slovenian, rule, said):
    assert repeat.describe(rule) == said
    english = i18n.in_english(repeat.describe, rule)
    assert english.startswith("every ")
    assert repeat.describe(rule) == said


# what the store says in English for machines


TOUCH = Touch(date(2026, 10, 1), "last touch", 30, 45, "+vip", TODAY, "2026-12-01")
ITEMS = [
    Item("overdue", "t1", "follow_up", date(2026, 11, 20), None, "today", None, late=True),
    Item("today", "t2", "call", TODAY, "15:30", "{call}", None),
    Item("upcoming", "t3", "call", date(2026, 11, 25), None, "call", None),
    Item("keep_in_touch", "c1", "keep_in_touch", TODAY, None, "", None, touch=TOUCH),
    Item("date", "c1", "birthday", TODAY, None, "", None, count=40),
    Item("date", "c1", "name day", TODAY, None, "", None),
    Item("suggestion", "c1", "suggestion", TODAY, None, "", None),
    Item("suggestion", "c1", "suggestion", TODAY, None, "", None, count=60),
    Item("reply", "c1", "reply", TODAY, None, "", None, count=1),
    Item("nudge", "c1", "nudge", TODAY, None, "", None, count=9),
]
TITLES = [
    *("today", "{call}", "call", "cold, 53 of 30 days", "birthday (40 years)", "name day"),
    *("never in touch", "last touch 60 days ago", "they wrote 1 day ago: reply"),
    "no answer for 9 days: nudge",
]
SAID = list(zip(ITEMS, TITLES, strict=True))


@pytest.mark.parametrize(("item", "title"), SAID, ids=TITLES)
def test_english_is_in_the_code(item, title):
    assert item.title == title
    late = item.due_on < TODAY
    assert item.age(TODAY) == (
        "3 days late" if late else "today" if item.due_on == TODAY else "in 2 days"
    )


@pytest.mark.parametrize(("item", "title"), SAID, ids=TITLES)
def test_machines_are_told_in_english(slovenian, item, title):
    def told(item):
        return item.title, item.age(TODAY), item.why(TODAY)

    english = i18n.in_english(told, item)
    assert english[0] == title
    i18n.use("en")
    assert english == told(item)


def test_an_item_in_slovenian(slovenian):
    late, today, _, touch, birthday, name_day, never, *_ = ITEMS
    assert late.title == "today"  # the user's own words
    assert late.age(TODAY) == "zamuja 3 dni"
    assert today.age(TODAY) == "danes"
    assert touch.title == "hladno, 53 od 30 dni"
    assert birthday.title == "rojstni dan (40 let)"
    assert name_day.title == "name day"
    assert never.title == "nikoli v stiku"
    assert f"zdravje {cadence.health(53, 30)}" in touch.why(TODAY)


# the catalogues; `make messages` brings them up to the code


def test_the_template_is_up_to_date(template):
    stored = all_of(messages.read(messages.TEMPLATE))
    assert set(stored) == set(all_of(template)), "make messages"


@pytest.mark.parametrize("path", messages.languages(), ids=lambda path: path.parts[-3])
class TestLanguage:
    def test_every_message_is_translated(self, path, template):
        found = all_of(messages.read(path))
        assert set(found) == set(all_of(template)), "make messages"
        assert [message.id for message in found.values() if message.fuzzy] == []

    def test_nothing_is_empty(self, path):
        catalog = messages.read(path)
        for message in all_of(catalog).values():
            forms = message.string if message.pluralizable else (message.string,)
            assert len(forms) == (catalog.num_plurals if message.pluralizable else 1), message.id
            assert all(forms), message.id

    def test_fields_are_those_of_the_english(self, path):
        for message in all_of(messages.read(path)).values():
            if not message.pluralizable:
                if "{" in message.id:
                    assert fields(message.string) == fields(message.id), message.id
                continue
            wanted = fields(message.id[1])
            assert all(fields(form) == wanted for form in message.string), message.id

    def test_spaces_at_the_ends_are_kept(self, path):
        for message in all_of(messages.read(path)).values():
            if not message.pluralizable:
                ends = message.id[:1] == " ", message.id[-1:] == " "
                assert (message.string[:1] == " ", message.string[-1:] == " ") == ends, message.id

    def test_options_and_commands_stay(self, path):
        for message in all_of(messages.read(path)).values():
            if not message.pluralizable and not message.id.startswith("such as"):
                options = set(re.findall(r"--[a-z][a-z-]+", message.id))
                assert options <= set(re.findall(r"--[a-z][a-z-]+", message.string)), message.id
                commands = set(re.findall(r"`crm[^`]*`", message.id))
                assert commands <= set(re.findall(r"`crm[^`]*`", message.string)), message.id

    def test_the_compiled_one_is_this_one(self, path):
        wanted = messages.compiled(messages.read(path))
        stored = path.with_suffix(".mo").read_bytes()
        assert _catalogue(stored) == _catalogue(wanted), "make messages"


def _catalogue(content: bytes) -> dict[object, str]:
    from io import BytesIO

    found = dict(gettext.GNUTranslations(BytesIO(content))._catalog)
    found.pop("")
    return found


def test_a_thread_that_tells_machines_leaves_the_others_their_language():
    import threading

    i18n.use("sl")
    inside, go_on = threading.Event(), threading.Event()
    heard = []

    def tell_machines() -> None:
        def say(word: str) -> str:
            inside.set()
            assert go_on.wait(10)
            return i18n.tr(word)

        heard.append(i18n.in_english(say, "today"))

    thread = threading.Thread(target=tell_machines)
    thread.start()
    assert inside.wait(10)
    here = i18n.tr("today")
    again = i18n.in_english(i18n.tr, "today")
    go_on.set()
    thread.join(10)
    assert (here, again, heard) == ("danes", "today", ["today"])
    assert i18n.tr("today") == "danes"
