"""Slovenian on the screen, the same bytes for machines."""

import json

import pytest

from crmcli import i18n


@pytest.fixture
def slovenian(monkeypatch) -> None:
    monkeypatch.setenv("CRM_LANGUAGE", "sl")


@pytest.fixture
def day(run, bo) -> None:
    """Something in each section of the day."""
    run("task", "add", "send {offer}", "--for", "ana-novak", "--due", "2026-11-20")
    run("task", "add", "call", "--for", "bo-li", "--due", "today", "--every", "2 weeks")
    run("remind", "ana-novak", "tomorrow", "pilot")
    run("cadence", "set", "+vip", "30d")
    run("contact", "date", "bo-li", "birthday", "1990-11-25")
    run("log", "email", "bo-li", "asks for a price", "--in", "--at", "2026-11-18 10:00", "--keep")


def test_the_page_of_the_day(run, day, monkeypatch):
    english = run("today", "-f", "table").out
    monkeypatch.setenv("CRM_LANGUAGE", "sl")
    page = run("today", "-f", "table").out
    assert page.startswith("pon. 23. nov. 2026   1 zamujeno, 1 danes")
    for words in ("Zamujeno", "Danes", "Jutri", "Datumi", "zamuja 3 dni", "rojstni dan (36 let)"):
        assert words in page
    assert "send {offer}" in page
    assert len(page.splitlines()) == len(english.splitlines())
    for words in ("Overdue", "Today", "late", "Tomorrow", "years"):
        assert words in english
        assert words not in page


def test_nothing_to_do(run, database, slovenian):
    assert "Dobrodošli" in run("today", "-f", "table").err


def test_the_card(run, day, slovenian):
    run("remind", "ana-novak", "fri", "offer", "--every", "2 weeks")
    card = run("show", "ana-novak", "-f", "table").out
    for words in (
        "Opomniki",
        "zadnji stik",
        "nikoli",
        "oznake",
        "2026-11-20 zamuja",
        "(vsaka 2 tedna)",
    ):
        assert words in card


def test_titles_of_tables(run, ana, slovenian):
    assert run("contact", "list", "-f", "table").lines[0].split()[:3] == ["Id", "Ročica", "Ime"]
    assert "| Ime |" in run("contact", "list", "-f", "md").lines[0]
    assert run("contact", "list", "-f", "csv").lines[0].startswith("id,handle,name")
    assert run("contact", "list", "--header").lines[0].startswith("id\thandle\tname")


def test_what_was_done_is_said(run, ana, slovenian):
    said = run("remind", "ana-novak", "fri", "offer", "--every", "2 weeks").err
    assert said == (
        "Dodano t1 offer za Ana Novak, rok pet. 27. nov. 2026 (čez 4 dni), vsaka 2 tedna\n"
    )
    assert run("contact", "rm", "ana-novak").err == (
        "V smeti premaknjeno: c1 ana-novak; `crm undo` vrne nazaj\n"
    )
    assert run("undo").err.startswith("Razveljavljeno: skupina ")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("show", "nobody"), 1, "nič ne ustreza 'nobody'"),
        (("contact", "show", "nobody"), 1, "ni zadetka za 'nobody' (iskano: stik)"),
        (("today", "-f", "xml"), 2, "neznana oblika 'xml'"),
        (("contact", "list", "--nmae", "x"), 2, "Ni takšne možnosti: --nmae"),
        (("contact", "show"), 2, "Manjka argument 'REF'."),
        (("contact", "list", "--limit", "x"), 2, "Neveljavna vrednost za '--limit': 'x' ni celo"),
        (("nonsense",), 2, "Ni takšnega ukaza 'nonsense'."),
        (("--db",), 2, "--db potrebuje vrednost"),
        (("remind", "ana-novak", "soon", "x"), 2, "ni datum: 'soon'"),
        (("contact", "add", "X", "--stage", "hot"), 3, "ne more biti 'hot'"),
        (("contact", "add", "Ana N", "-e", "ana@acme.si"), 4, "verjetno že znano: c1 ana-novak"),
        (("contact", "list", "(+vip"), 2, "ta ( ni zaključen"),
        (("backup", "verify", "none"), 1, "ni varnostne kopije 'none'"),
    ],
)
def test_errors_keep_their_codes(run, ana, monkeypatch, args, code, message):
    english = run(*args, code=code).err
    monkeypatch.setenv("CRM_LANGUAGE", "sl")
    slovenian = run(*args, code=code).err
    assert message in slovenian
    assert slovenian != english


def test_errors_as_json_keep_their_keys(run, database, slovenian):
    error = json.loads(run("show", "nobody", "--json", code=1).err)
    assert error == {"error": "nič ne ustreza 'nobody'", "hint": error["hint"], "code": 1}


@pytest.mark.parametrize("language", ["tlh", "en", "C", "../../x"])
def test_an_unknown_language_is_english(run, database, monkeypatch, language):
    monkeypatch.setenv("CRM_LANGUAGE", language)
    assert run("show", "nobody", code=1).err.startswith("crm: nothing matches")


def test_a_broken_catalogue_is_no_fault(run, database, slovenian, monkeypatch, tmp_path):
    path = tmp_path / "locale/sl/LC_MESSAGES/crm.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xde\x12\x04\x95")
    monkeypatch.setattr(i18n, "LOCALES", str(tmp_path / "locale"))
    assert run("show", "nobody", code=1).err.startswith("crm: nothing matches")


def test_the_language_is_configured(run, database):
    assert run("config", "set", "language", "sl").err.startswith("language is 'sl'")
    assert run("show", "nobody", code=1).err.startswith("crm: nič ne ustreza")
    run("config", "set", "language", "")
    assert run("show", "nobody", code=1).err.startswith("crm: nothing matches")


def test_a_configuration_that_cannot_be_read_is_told_of(run, home):
    path = home / ".config/crm/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("language = \n")
    assert "cannot read" in run("today", code=3).err
    assert run("config", "path").out == f"{path}\n"


@pytest.mark.parametrize(
    "args",
    [
        ("due",),
        ("due", "--within", "7d"),
        ("due", "--why"),
        ("due", "--json"),
        ("today",),
        ("today", "--why"),
        ("today", "--json"),
        ("radar",),
        ("contact", "list"),
        ("contact", "list", "--json"),
        ("contact", "show", "ana-novak"),
        ("contact", "show", "ana-novak", "--json"),
        ("contact", "cadence", "ana-novak"),
        ("task", "list", "--fields", "id,repeats,rrule"),
        ("task", "list", "--json"),
        ("export", "tasks"),
        ("export", "tasks", "-f", "jsonl"),
        ("history", "--json"),
        ("history"),
        ("report", "activity"),
        ("report", "activity", "--json"),
        ("report", "list"),
        ("config", "list"),
        ("tag", "list", "-f", "csv"),
        ("find", "ana", "-f", "ids"),
        ("explain", "+vip or last_touch.before:-30d"),
        ("completion", "bash"),
    ],
    ids=" ".join,
)
def test_machines_get_the_same_bytes(run, day, monkeypatch, args):
    args = (args,) if isinstance(args, str) else args
    given = []
    for language in ("sl_SI.UTF-8", "C"):
        monkeypatch.setenv("LC_ALL", language)
        given.append(run(*args).out)
    assert given[0] == given[1]


def test_the_hot_path_too(process, day, monkeypatch):
    given = []
    for variables in ({"LANG": "sl_SI.UTF-8"}, {"LC_ALL": "C"}):
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            given.append([process(*args).stdout for args in (("due",), ("today",))])
    assert given[0] == given[1]
    assert b"3 days late" in given[0][0]


def test_help(run, slovenian):
    page = run("--help").out
    for words in (
        "Uporaba: crm",
        "Ukazi:",
        "Povsod:",
        "Primeri:",
        "nikoli ne vpraša",
        "--no-input",
    ):
        assert words in page
    page = run("contact", "add", "--help").out
    for words in ("Doda osebo.", "Možnosti:", "--birthday DATE", "Z letom ali brez.", "--json"):
        assert words in page
    assert "Našteje ljudi po imenu." in run("contact", "--help").out
    assert "[privzeto: 10]" in run("catchup", "--help").out


def test_every_help_page_names_the_same_options(run, monkeypatch):
    from crmcli.cli import COMMANDS

    def names(page: str) -> list[str]:
        # A line of a text may begin with an option, too; behind a name there are two spaces.
        found = [line for line in page.splitlines() if line.startswith("  -")]
        return [line.split("  ")[1] for line in found if "  " in line.strip()]

    for command in COMMANDS:
        monkeypatch.delenv("CRM_LANGUAGE", raising=False)
        english = run(command, "--help").out
        monkeypatch.setenv("CRM_LANGUAGE", "sl")
        page = run(command, "--help").out
        assert names(page) == names(english)
        assert page != english
