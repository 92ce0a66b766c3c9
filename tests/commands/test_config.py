"""`crm config`."""

import stat

import pytest


@pytest.fixture
def file(home):
    path = home / ".config/crm/config.toml"
    path.parent.mkdir(parents=True)
    return path


def keys(run, *args):
    return {row["key"]: row for row in run("config", "list", "--json", *args).json}


def test_the_bare_noun_lists_every_key(run):
    lines = [line.split("\t") for line in run("config").lines]
    assert [line[0] for line in lines] == [
        "db",
        "language",
        "user",
        "timezone",
        "phone_region",
        "currency",
        "date_order",
        "week_start",
        "calendar",
        "color",
        "theme",
        "reply_days",
        "nudge_days",
        "radar_days",
        "date_lead_days",
        "email_command",
        "email_to",
        "emails",
    ]
    assert lines[2][1] == "me"
    assert all(len(line) == 3 for line in lines)


def test_origin(run, file, monkeypatch):
    file.write_text('date_order = "dmy"\nuser = "file"\n')
    got = keys(run, "--color", "never")
    assert (got["user"]["value"], got["user"]["origin"]) == ("me", "CRM_USER")
    assert (got["date_order"]["value"], got["date_order"]["origin"]) == ("dmy", "file")
    assert (got["week_start"]["value"], got["week_start"]["origin"]) == ("monday", "default")
    assert (got["color"]["value"], got["color"]["origin"]) == ("never", "flag")
    line = next(row for row in run("config", "list", "--origin").lines if row.startswith("user"))
    assert line.split("\t")[:3] == ["user", "me", "CRM_USER"]


def test_flags_win_over_the_environment_and_that_over_the_file(run, file, home, monkeypatch):
    file.write_text(f'db = "{home}/file.db"\n')
    assert run("config", "get", "db").out == f"{home}/file.db\n"
    monkeypatch.setenv("CRM_DB", f"{home}/environment.db")
    assert run("config", "get", "db").out == f"{home}/environment.db\n"
    assert run("config", "get", "db", "--db", "flag.db").out == "flag.db\n"
    run("--db", f"{home}/flag.db", "contact", "add", "Ana")
    assert (home / "flag.db").exists()
    assert not (home / "environment.db").exists()


def test_an_empty_variable_counts_as_absent(run, file, monkeypatch):
    file.write_text('user = "file"\n')
    monkeypatch.setenv("CRM_USER", "")
    assert run("config", "get", "user").out == "file\n"


def test_get_prints_one_value(run):
    assert run("config", "get", "phone_region").out == "SI\n"
    assert run("config", "get", "date_order").out == ""
    assert run("config", "get", "user", "--json").json == {"key": "user", "value": "me"}


def test_set_keeps_comments_and_other_keys(run, file):
    file.write_text('# mine\nuser = "ana" # who\n\n# later\nweek_start = "sunday"\n')
    result = run("config", "set", "date_order", "dmy")
    assert result.out == ""
    assert "date_order" in result.err
    text = file.read_text()
    assert text.startswith('# mine\nuser = "ana" # who\n\n# later\nweek_start = "sunday"\n')
    assert 'date_order = "dmy"' in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_empty_value_removes_the_key(run, file):
    file.write_text('user = "ana"\nweek_start = "sunday"\n')
    run("config", "set", "user", "")
    assert file.read_text() == 'week_start = "sunday"\n'


def test_set_makes_the_file(run, home):
    run("config", "set", "date_order", "dmy")
    assert (home / ".config/crm/config.toml").read_text() == 'date_order = "dmy"\n'


def test_what_is_set_counts(run):
    run("contact", "add", "Ana")
    run("remind", "c1", "3/4/2027", "x", code=2)
    run("config", "set", "date_order", "dmy")
    assert run("remind", "c1", "3/4/2027", "x", "--json").json["due"] == "2027-04-03"
    run("config", "set", "week_start", "sunday")
    assert run("remind", "c1", "eow", "x", "--json").json["due"] == "2026-11-28"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["get", "usr"], 2, "did you mean 'user'?"),
        (["get"], 2, "key"),
        (["set", "usr", "x"], 2, "did you mean 'user'?"),
        (["set", "user"], 2, "value"),
        (["set", "date_order", "dym"], 2, "one of dmy, mdy, ymd"),
        (["set", "week_start", "friday"], 2, "monday"),
        (["set", "timezone", "Mars/Base"], 2, "unknown time zone"),
        (["set", "phone_region", "386"], 2, "two letters"),
        (["edit"], 2, "terminal"),
        (["bogus"], 2, "bogus"),
    ],
)
def test_config_refuses(refused, home, args, code, said):
    assert said in refused("config", *args, code=code)
    assert not (home / ".config/crm/config.toml").exists()


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("CRM_TIMEZONE", "Mars/Base", ["due"]),
        ("CRM_PHONE_REGION", "Slovenia", ["contact", "add", "Bo", "-p", "1"]),
        ("CRM_DATE_ORDER", "dym", ["remind", "c1", "fri"]),
        ("CRM_WEEK_START", "friday", ["remind", "c1", "fri"]),
        ("CRM_NOW", "soon", ["due"]),
        ("CRM_COLOR", "sometimes", ["contact", "list"]),
    ],
)
def test_a_bad_variable_is_named(run, refused, monkeypatch, name, value, command):
    run("contact", "add", "Ana")
    monkeypatch.setenv(name, value)
    assert value in refused(*command, code=2)


@pytest.mark.parametrize("when", ["always", "never", "auto"])
def test_color_takes_three_words(run, when):
    run("contact", "list", "--color", when)


def test_another_color_is_usage(refused):
    assert "always" in refused("contact", "list", "--color", "sometimes", code=2)


def test_an_unknown_key_warns_with_the_nearest(run, file, database):
    file.write_text('phone_regoin = "SI"\n')
    result = run("contact", "list")
    assert "phone_regoin" in result.err
    assert "did you mean 'phone_region'?" in result.err
    assert str(file) in result.err


def test_a_known_key_that_is_no_text_is_not_called_unknown(run, file):
    file.write_text("week_start = 1\n")
    result = run("contact", "list", code=None)
    assert "week_start" in result.err
    assert "unknown key" not in result.err


@pytest.mark.parametrize("text", ["x = [", "\x00", 'user = "a"\nuser = "b"\n'])
def test_a_file_that_is_no_toml_is_named(refused, file, text):
    file.write_text(text)
    assert str(file) in refused("contact", "list", code=3)
    refused("config", "set", "user", "ana", code=3)
    assert file.read_text() == text


def test_the_way_to_a_broken_file_is_shown(run, file):
    file.write_text("x = [")
    assert run("config", "path").out == f"{file}\n"


def test_path(run, home, monkeypatch):
    assert run("config", "path").out == f"{home}/.config/crm/config.toml\n"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "etc"))
    assert run("config", "path").out == f"{home}/etc/crm/config.toml\n"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert run("config", "path").out == f"{home}/.config/crm/config.toml\n"
