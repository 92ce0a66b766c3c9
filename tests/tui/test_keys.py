"""The table of keys: every key has its action, one meaning, and a place on the sheet."""

from importlib import import_module

import pytest

from crmcli.tui.app import AREAS, CrmApp
from crmcli.tui.keys import SCREENS, keys_of, sheet
from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.widgets.rows import RowList

PARTS = [part for part in SCREENS if part not in ("app", "list")]


def owner(part: str) -> type:
    """Give the class whose actions a part of the table names."""
    if part == "app":
        return CrmApp
    if part == "list":
        return RowList
    if part == "import_file":
        return import_module("crmcli.tui.screens.import_file").ImportFileScreen
    if part == "filter_line":
        return FilterBar
    area = part.partition("_")[0]  # `search_line` is a part of `search`
    module, name = AREAS.get(area, (area, f"{area.title()}Screen"))
    return getattr(import_module(f"crmcli.tui.screens.{module}"), name)


@pytest.mark.parametrize("part", SCREENS)
def test_every_key_has_an_action(part):
    for key in keys_of(part):
        name = key.action.partition("(")[0]
        assert hasattr(owner(part), f"action_{name}"), key


@pytest.mark.parametrize("part", SCREENS)
def test_no_key_twice(part):
    keys = [name for key in keys_of(part) for name in key.keys.split(",")]
    assert keys
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("part", PARTS)
def test_no_key_hides_one_of_the_app_or_a_list(part):
    own = {name for key in keys_of(part) for name in key.keys.split(",")}
    for other in ("app",) if part.endswith("_line") else ("app", "list"):  # one types, or lists
        assert not own & {name for key in keys_of(other) for name in key.keys.split(",")}


@pytest.mark.parametrize("part", PARTS)
def test_a_key_that_acts_on_a_record_means_the_same_everywhere(part):
    meaning = {key.keys: key.action for key in keys_of("today")}
    for key in keys_of(part):
        if key.keys in tuple("cdsrbwa"):
            assert key.action == meaning[key.keys], (part, key)


def test_every_area_has_its_keys():
    assert set(AREAS) <= set(SCREENS)
    numbered = [key.action.split("'")[1] for key in keys_of("app") if key.keys.isdigit()]
    assert set(numbered) == set(AREAS)


def test_sheet_names_every_key(run):
    printed = run("tui", "--keys").out
    assert printed.splitlines() == sheet()
    for _, keys in SCREENS.values():
        for key in keys:
            assert key.label in printed
    assert max(map(len, sheet())) <= 80


def test_sheet_as_json(run):
    table = run("tui", "--keys", "--json").json
    assert {"screen", "keys", "action", "label"} == set(table[0])
    assert len(table) == sum(len(keys) for _, keys in SCREENS.values())


def test_the_sheet_imports_no_textual():
    import subprocess
    import sys

    code = "import sys; from crmcli.tui import keys; keys.sheet(); print('textual' in sys.modules)"
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert got.stdout.strip() == "False"


def test_a_key_means_one_thing_on_every_screen():
    """Going in and back, and these: / is the line on top, e edits what there is to edit, x takes
    away, n and p walk on a card, where there is nothing new to make, nor to export (E), and no
    other pipeline; h goes left where there is a left; W swaps where nothing can be won.
    """
    free = {"enter", "escape", "tab", "shift+tab", "left", "right", "down", "up", "delete"}
    free |= {"slash", "e", "x", "n", "E", "p", "h", "W"}
    meanings: dict[str, set[str]] = {}
    for part in PARTS:
        if "_" not in part:
            for key in keys_of(part):
                for name in key.keys.split(","):
                    meanings.setdefault(name, set()).add(key.action.partition("(")[0])
    double = {name: actions for name, actions in meanings.items() if len(actions) > 1}
    assert {name: actions for name, actions in double.items() if name not in free} == {}
