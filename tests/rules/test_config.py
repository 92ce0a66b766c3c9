"""Configuration: flags > environment > config.toml > defaults."""

import os
import stat
from pathlib import Path

import pytest

from crmcli import config
from crmcli.config import Config
from crmcli.errors import InvalidError, UsageError


@pytest.fixture
def file(home: Path) -> Path:
    path = home / ".config/crm/config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_precedence(file, monkeypatch):
    monkeypatch.delenv("CRM_USER")
    file.write_text('color = "never"\nuser = "file"\n')
    assert Config().origin("week_start") == ("monday", "default")
    assert Config().origin("color") == ("never", "file")
    monkeypatch.setenv("CRM_COLOR", "always")
    assert Config().origin("color") == ("always", "CRM_COLOR")
    assert Config({"color": "auto"}).origin("color") == ("auto", "flag")
    assert Config().actor() == "file"
    assert Config().origin("date_order") == (None, "default")


def test_an_empty_variable_counts_as_absent(file, monkeypatch):
    file.write_text('color = "never"\n')
    monkeypatch.setenv("CRM_COLOR", "")
    assert Config().get("color") == "never"
    monkeypatch.setenv("CRM_DB", "")
    assert Config().database().endswith(".local/share/crm/crm.db")


def test_an_unknown_key_warns_with_the_nearest(file):
    file.write_text('colour = "never"\n')
    found = Config()
    assert found.get("color") == "auto"
    (warning,) = found.warnings
    assert "'colour'" in warning
    assert "'color'" in warning


def test_a_known_key_of_another_type_is_not_called_unknown(file):
    file.write_text("user = 5\n")
    found = Config()
    found.file()
    (warning,) = found.warnings
    assert "user" in warning
    assert "unknown" not in warning


def test_warnings_are_said_once(file, capsys):
    file.write_text('zzz = "1"\n')
    found = Config()
    found.file()
    config.warn(found)
    config.warn(found)
    assert capsys.readouterr().err.count("unknown key") == 1


@pytest.mark.parametrize("content", [b"color = ", b"\xff\xfe", b"[color"])
def test_a_broken_file_is_named(file, content):
    file.write_bytes(content)
    with pytest.raises(InvalidError, match=r"config\.toml"):
        Config().get("color")
    with pytest.raises(InvalidError, match=r"config\.toml"):
        config.set_value("color", "never")
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("color", "sometimes"),
        ("date_order", "dym"),
        ("week_start", "friday"),
        ("calendar", "julian"),
        ("timezone", "Mars/Olympus"),
        ("phone_region", "Slovenia"),
        ("phone_region", "ŠI"),
        ("colour", "never"),
    ],
)
def test_a_bad_value_is_refused_and_nothing_written(home, monkeypatch, key, value):
    with pytest.raises(UsageError):
        config.set_value(key, value)
    assert not (home / ".config").exists()
    if key in config.KEYS:
        monkeypatch.setenv(f"CRM_{key.upper()}", value)
        with pytest.raises(UsageError, match=key if key != "timezone" else "zone"):
            Config().get(key)


def test_set_keeps_comments_and_empty_removes(file):
    file.write_text('# mine\ncolor = "never" # no colours\nuser = "ana"\n')
    config.set_value("color", "always")
    config.set_value("user", "")
    config.set_value("phone_region", "SI")
    text = file.read_text()
    assert text.startswith('# mine\ncolor = "always" # no colours\n')
    assert Config().file() == {"color": "always", "phone_region": "SI"}


def test_set_makes_a_private_file(home):
    old = os.umask(0)
    try:
        config.set_value("color", "never")
    finally:
        os.umask(old)
    path = home / ".config/crm/config.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["config.toml"]


def test_places(home, monkeypatch):
    assert config.path() == str(home / ".config/crm/config.toml")
    assert config.state_dir() == str(home / ".local/state/crm")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert Config().database() == "/data/crm/crm.db"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # the standard says: ignore it
    assert Config().database() == str(home / ".local/share/crm/crm.db")
    monkeypatch.setenv("CRM_DB", "~/x.db")
    assert Config().database() == str(home / "x.db")
    assert Config({"db": "/y.db"}).database() == "/y.db"


def test_the_actor_without_a_setting_is_the_systems_user(monkeypatch):
    monkeypatch.delenv("CRM_USER")
    monkeypatch.setenv("LOGNAME", "zala")
    assert Config().actor() == "zala"


def test_check_key_names_the_nearest():
    assert config.check_key("user") == "user"
    with pytest.raises(UsageError, match="'timezone'"):
        config.check_key("time_zone")
