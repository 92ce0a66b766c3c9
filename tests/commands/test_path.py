"""`crm path`."""

import pytest


def test_all_places(run, home):
    assert run("path").lines == [
        f"database\t{home}/.local/share/crm/crm.db",
        f"config\t{home}/.config/crm/config.toml",
        f"backups\t{home}/.local/state/crm/backups",
    ]
    assert run("path", "--json").json == {
        "database": f"{home}/.local/share/crm/crm.db",
        "config": f"{home}/.config/crm/config.toml",
        "backups": f"{home}/.local/state/crm/backups",
    }


@pytest.mark.parametrize(
    ("variable", "place", "end"),
    [
        ("XDG_DATA_HOME", "database", "crm/crm.db"),
        ("XDG_CONFIG_HOME", "config", "crm/config.toml"),
        ("XDG_STATE_HOME", "backups", "crm/backups"),
    ],
)
def test_one_place_follows_xdg(run, home, monkeypatch, variable, place, end):
    monkeypatch.setenv(variable, str(home / "elsewhere"))
    assert run("path", place).out == f"{home}/elsewhere/{end}\n"


def test_the_database_of_this_run(run, home, monkeypatch):
    assert run("path", "database", "--db", "/x/y.db").out == "/x/y.db\n"
    monkeypatch.setenv("CRM_DB", "~/z.db")
    assert run("path", "database").out == f"{home}/z.db\n"


@pytest.mark.parametrize("args", [["path", "database"], ["config", "path"]])
def test_one_place_as_json_is_json(run, args):
    assert run(*args, "--json").json


@pytest.mark.parametrize("args", [["bogus"], ["database", "x"], ["--foo"]])
def test_path_refuses(refused, args):
    refused("path", *args, code=2)


def test_path_makes_nothing(run, home):
    run("path")
    assert list(home.iterdir()) == []
