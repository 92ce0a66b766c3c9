"""`crm due`, by the command line and by the hot path."""

import os
import sys

import pytest

from crmcli import hot

COLUMNS = ["id", "section", "due", "title", "who"]


@pytest.fixture
def some(run, bo):
    run("remind", "c1", "2026-11-20", "late")
    run("remind", "c1", "today", "now")
    run("remind", "c2", "today 9:30", "this morning")
    run("remind", "c2", "15:30", "this afternoon")
    run("remind", "acme", "tomorrow", "renewal")
    run("task", "add", "some day")
    run("task", "add", "eva's", "--due", "today", "--owner", "eva")
    run("remind", "c1", "fri", "friday")
    run("remind", "c1", "2w", "far")
    run("contact", "add", "Čop 张伟", "--birthday", "1990-11-23")


def titles(run, *args):
    return [line.split("\t")[4] for line in run("due", *args).lines]


def test_due_is_overdue_and_today(run, some):
    assert run("due").lines == [
        "overdue\tt1\t2026-11-20\tAna Novak\tlate\t3 days late",
        "overdue\tt3\t2026-11-23 09:30\tBo Li\tthis morning\ttoday",
        "today\tt4\t2026-11-23 15:30\tBo Li\tthis afternoon\ttoday",
        "today\tt2\t2026-11-23\tAna Novak\tnow\ttoday",
        "today\tt7\t2026-11-23\t\teva's\ttoday",
        "date\tc3\t2026-11-23\tČop 张伟\tbirthday (36 years)\ttoday",
    ]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--overdue"], "late, this morning"),
        (["--tomorrow"], "renewal"),
        (["--within", "1d"], "late, this morning, this afternoon, now, eva's, renewal"),
        (["--within", "fri", "--owner", "eva"], "eva's"),
        (["--owner", "me", "--overdue"], "late, this morning"),
        (["--owner", "nobody"], ""),
    ],
)
def test_due_filters(run, some, args, expected):
    assert ", ".join(t for t in titles(run, *args) if "birthday" not in t) == expected


def test_a_birthday_without_a_year(run):
    run("contact", "add", "Ana", "--birthday", "23.11.")
    assert run("due").out == "date\tc1\t2026-11-23\tAna\tbirthday\ttoday\n"


@pytest.mark.parametrize(
    ("day", "seen"), [("2027-02-28", True), ("2027-03-01", False), ("2028-02-28", False)]
)
def test_the_29th_of_february(run, at, day, seen):
    run("contact", "add", "Ana", "--birthday", "29.2.1992")
    at(f"{day}T10:00:00+01:00")
    assert ("birthday" in run("due").out) == seen


def test_nothing_due_is_silent_and_exit_0(run, ana):
    result = run("due")
    assert (result.out, result.err) == ("", "")


def test_a_missing_database_is_zero_and_is_not_made(run, database):
    assert run("due", "--count").out == "0\n"
    assert not database.parent.exists()


@pytest.mark.parametrize(
    ("args", "count"), [([], "6"), (["--overdue"], "2"), (["--owner", "eva"], "1")]
)
def test_count_is_one_integer(run, some, args, count):
    assert run("due", "--count", *args).out == f"{count}\n"


def test_exit_code_says_whether_something_is_due(run, ana):
    run("due", "--exit-code", code=0)
    run("remind", "c1", "today", "x")
    result = run("due", "--exit-code", code=1)
    assert "t1" in result.out
    assert result.err == ""
    assert run("due", "--exit-code", "--count", code=1).out == "1\n"


def test_what_is_done_snoozed_or_in_the_trash_is_not_due(run, bo):
    for ref in ("c1", "c1", "c1", "c2"):
        run("remind", ref, "today", "x")
    run("done", "t1")
    run("snooze", "t2", "1d")
    run("task", "rm", "t3")
    run("contact", "rm", "c2")
    assert run("due").out == ""


def test_json(run, some):
    first, *_, last = run("due", "--json").json
    assert [key for key in first if key in COLUMNS] == COLUMNS
    assert first["who"] == {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"}
    assert (first["id"], first["section"], first["due"]) == ("t1", "overdue", "2026-11-20")
    assert last["section"] == "date"
    assert run("due", "--owner", "nobody", "--json").json == []


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--within", "soon"], 2),
        (["--within"], 2),
        (["--foo"], 2),
        (["today"], 2),
        (["--fields", "x"], 2),
        (["-f", "x"], 2),
    ],
)
def test_due_refuses(refused, args, code):
    refused("due", *args, code=code)


# the hot path


SAME = [
    [],
    ["--overdue"],
    ["--tomorrow"],
    ["--within", "0d"],
    ["--within", "7d"],
    ["--within=30d"],
    ["--owner", "me"],
    ["--owner", "eva"],
    ["--owner=nobody"],
    ["--owner", ""],
    ["--count"],
    ["--count", "--within", "3d", "--owner", "me"],
    ["--exit-code"],
    ["--exit-code", "--tomorrow", "--owner", "eva"],
    ["--db", "/nowhere/crm.db"],
    ["--db", "/"],
]


@pytest.mark.parametrize("args", SAME, ids=" ".join)
def test_the_hot_path_gives_the_same_bytes(run, some, capsys, args):
    run("task", "edit", "t1", "--title", "tea\u200d [/] =1+1")
    code = hot.run(["due", *args])
    hot_out, hot_err = capsys.readouterr()
    slow = run("due", *args, code=code)
    assert (hot_out, hot_err) == (slow.out, slow.err)


@pytest.mark.parametrize(
    "args", [["--json"], ["--within", "fri"], ["--foo"], ["-h"], ["--csv"], ["--db"], ["x"]]
)
def test_what_the_hot_path_does_not_know_it_leaves_alone(some, args):
    assert hot.run(["due", *args]) is None


def test_the_hot_path_refuses_a_broken_database(run, refused, database, capsys):
    run("contact", "add", "Ana")
    database.write_bytes(b"not a database" * 100)
    assert hot.run(["due"]) == 5
    assert capsys.readouterr().err == refused("due", code=5)


# cron


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "de_DE.UTF-8"])
def test_cron_gets_the_same_bytes(run, process, some, locale):
    expected = run("due").out.encode()
    kept = ("HOME", "CRM_NOW", "CRM_TIMEZONE", "PYTHONPATH")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    got = process("due", full_env={**env, "PATH": "/usr/bin:/bin", "LC_ALL": locale})
    assert (got.stdout, got.stderr, got.returncode) == (expected, b"", 0)


# keeping in touch


@pytest.fixture
def kept(run, bo, at):
    """Ana falls due today, Bo fell due two days ago, Zoe tomorrow, Eva's Yan on Friday."""
    run("contact", "add", "Zoe")
    run("contact", "add", "Yan", "--owner", "eva")
    for id, day in enumerate(("2026-11-16", "2026-11-14", "2026-11-17", "2026-11-20"), 1):
        run("log", "call", f"c{id}", "--at", f"{day} 12:00")
        run("contact", "cadence", f"c{id}", "7d")


def people(run, *args):
    return [tuple(line.split("\t")[:2]) for line in run("due", *args).lines]


def test_the_most_overdue_by_share_comes_first(run, kept):
    assert run("due").lines == [
        "keep_in_touch\tc2\t2026-11-21\tBo Li\tdue, 9 of 7 days\t2 days late",
        "keep_in_touch\tc1\t2026-11-23\tAna Novak\tdue, 7 of 7 days\ttoday",
    ]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["--overdue"], [("keep_in_touch", "c2")]),
        (["--tomorrow"], [("tomorrow", "c3")]),
        (
            ["--within", "4d"],
            [
                *(("keep_in_touch", "c2"), ("keep_in_touch", "c1")),
                *(("tomorrow", "c3"), ("upcoming", "c4")),
            ],
        ),
        (["--within", "4d", "--owner", "eva"], [("upcoming", "c4")]),
    ],
)
def test_keep_in_touch_by_option(run, kept, args, found):
    assert people(run, *args) == found
    assert run("due", "--count", *args).out == f"{len(found)}\n"


def test_keep_in_touch_as_json(run, kept):
    first = run("due", "--json").json[0]
    assert (first["kind"], first["age"], first["due"]) == (
        "keep_in_touch",
        "2 days late",
        "2026-11-21",
    )
    assert first["touch"] == {
        "state": "due",
        "next_touch": "2026-11-21",
        "days": 7,
        "max_days": None,
        "source": "own",
        "since": "2026-11-14",
        "basis": "last touch",
        "ago": 9,
        "share": 1.29,
        "health": 41,
        "paused_until": None,
    }
    assert first["why"] == (
        "last touch 2026-11-14, 9 days ago; cadence 7 days (own); 9/7 = 1.29, due, health 41"
    )


@pytest.mark.parametrize("args", SAME, ids=" ".join)
def test_the_hot_path_knows_keep_in_touch(run, kept, capsys, args):
    run("contact", "pause", "c1", "2d")
    run("contact", "edit", "c2", "--name", "Bo \u200d[/] =1+1 علی")
    code = hot.run(["due", *args])
    hot_out, hot_err = capsys.readouterr()
    slow = run("due", *args, code=code)
    assert (hot_out, hot_err) == (slow.out, slow.err)


@pytest.mark.parametrize("args", [["--why"], ["--since-last"], ["--notify"], ["--email"]])
def test_the_hot_path_leaves_the_rest_alone(kept, args):
    assert hot.run(["due", *args]) is None


# once


def test_since_last_prints_each_occurrence_once(run, kept, at):
    lines = run("due").lines
    assert run("due", "--since-last").lines == lines
    assert run("due", "--since-last").out == ""
    assert run("due").lines == lines
    run("remind", "c1", "today", "new")
    assert people(run, "--since-last") == [("today", "t1")]
    at("2026-11-24T10:00:00+01:00")
    assert people(run, "--since-last") == [("keep_in_touch", "c3")]


def test_since_last_as_json_and_exit_code(run, kept):
    assert len(run("due", "--since-last", "--json", "--exit-code", code=1).json) == 2
    assert run("due", "--since-last", "--json", "--exit-code", code=0).json == []


def test_since_last_is_no_step_to_undo(run, kept):
    before = run("history").out
    run("due", "--since-last")
    assert run("history").out == before


def test_since_last_with_nothing_due_makes_no_database(run, database):
    assert run("due", "--since-last").out == ""
    assert not database.exists()


def test_output_that_fails_is_told_again(run, refused, kept, home):
    refused("due", "--since-last", "-o", str(home / "no/such/folder"), code=7)
    assert len(run("due", "--since-last").lines) == 2


# notifications


@pytest.fixture
def fake(home, monkeypatch):
    """Put a program on the path that writes down its words; give a reader of them."""
    folder = home / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "platform", "linux")

    def fake(name: str = "notify-send", then: str = ""):
        log = home / f"{name}.log"
        path = folder / name
        path.write_text(
            f"#!/bin/sh\n{then}\nprintf '%s\\037' \"$@\" >> {log}\nprintf '\\n' >> {log}\n"
        )
        path.chmod(0o755)

        def told() -> list[list[str]]:
            text = log.read_text() if log.exists() else ""
            return [line.split("\x1f")[:-1] for line in text.splitlines()]

        return told

    return fake


def test_one_notification_for_each_once(run, kept, fake):
    told = fake()
    result = run("due", "--notify")
    assert (result.out, result.err) == ("", "")
    assert told() == [
        ["--app-name=crm", "--", "Bo Li", "due, 9 of 7 days (2 days late)"],
        ["--app-name=crm", "--", "Ana Novak", "due, 7 of 7 days (today)"],
    ]
    run("due", "--notify")
    assert len(told()) == 2
    assert len(run("due", "--since-last").lines) == 2  # print is a transport of its own


def test_many_become_one(run, ana, fake):
    told = fake()
    for number in range(6):
        run("task", "add", f"task {number}", "--due", "today")
    run("due", "--notify")
    assert [words[2] for words in told()] == ["crm: 6 things are due"]
    assert told()[0][3] == "task 0, task 1, task 2, task 3, task 4 …"


def test_what_has_a_time_is_told_then(run, ana, fake, at):
    told = fake()
    run("remind", "c1", "today 15:30", "call")
    run("due", "--notify")
    assert told() == []
    at("2026-11-23T15:31:00+01:00")
    run("due", "--notify")
    run("due", "--notify")
    assert [words[2:] for words in told()] == [["Ana Novak", "call (today)"]]


def test_text_cannot_become_markup_or_an_option(run, fake):
    told = fake()
    run("contact", "add", "--", "-Ana \x1b[31m<b>& علی\x1b[0m")
    run("remind", "c1", "today", "<i>tea</i> & \x1b]0;x\x07cake")
    run("task", "add", "--due", "today", "--", "--help")
    run("due", "--notify")
    (_, dashes, title, body), other = told()
    assert dashes == "--"
    assert "\x1b" not in title + body
    assert "<b>& علی" in title
    assert body.startswith("&lt;i&gt;tea&lt;/i&gt; &amp; ")
    assert other[1:3] == ["--", "--help"]


def test_on_a_mac_the_text_is_a_parameter_of_the_script(run, fake, monkeypatch):
    told = fake("osascript")
    monkeypatch.setattr(sys, "platform", "darwin")
    run("contact", "add", 'Ana "Novak" \\')
    run("remind", "c1", "today", "tea & cake")
    run("due", "--notify")
    (words,) = told()
    assert words[-2:] == ['Ana "Novak" \\', "tea & cake (today)"]
    assert "Ana" not in " ".join(words[:-2])


def test_without_a_notifier_it_is_printed(run, kept, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("due", "--notify")
    assert len(result.lines) == 2
    assert "no notify-send" in result.err
    assert run("due", "--notify").out == ""


def test_a_notifier_that_fails_is_exit_7_and_told_again(run, refused, kept, fake):
    fake(then="echo 'no bus' >&2; exit 3")
    said = refused("due", "--notify", code=7)
    assert "ended with 3: no bus" in said
    told = fake()
    run("due", "--notify")
    assert len(told()) == 2


def test_what_was_shown_before_the_failure_is_not_shown_again(run, refused, kept, fake, home):
    told = fake(then=f"test -e {home}/once && exit 3; touch {home}/once")
    refused("due", "--notify", code=7)
    assert [words[2] for words in told()] == ["Bo Li"]
    fake()
    run("due", "--notify")
    assert [words[2] for words in told()] == ["Bo Li", "Ana Novak"]


# mail


@pytest.fixture
def mail(run, home):
    """Let mails go into a file; give a reader of it."""
    from email import policy
    from email.parser import BytesParser

    path = home / "mail"
    run("config", "set", "email_command", f"sh -c 'cat > {path}'")

    def mail():
        return BytesParser(policy=policy.default).parsebytes(path.read_bytes())

    mail.path = path
    return mail


def test_one_mail_with_a_line_for_each(run, kept, mail):
    run("remind", "c1", "today", "ask علی \x1b[31mred")
    run("config", "set", "email_to", "me@example.com")
    result = run("due", "--email")
    assert (result.out, result.err) == ("", "")
    got = mail()
    assert (got["Subject"], got["To"]) == ("crm: 3 due on 2026-11-23", "me@example.com")
    lines = got.get_content().splitlines()
    assert lines[1:] == [
        "keep_in_touch  c2  2026-11-21  Bo Li  due, 9 of 7 days  2 days late",
        "keep_in_touch  c1  2026-11-23  Ana Novak  due, 7 of 7 days  today",
    ]
    assert lines[0].startswith("today  t1  2026-11-23  Ana Novak  ask علی ")
    assert "\x1b" not in got.get_content()


def test_a_mail_comes_every_time_and_with_since_last_once(run, kept, mail):
    for _ in range(2):
        run("due", "--email")
        assert mail()["Subject"] == "crm: 2 due on 2026-11-23"
        mail.path.unlink()
    run("due", "--email", "--since-last")
    mail.path.unlink()
    run("due", "--email", "--since-last")
    assert not mail.path.exists()
    run("remind", "c1", "today", "new")
    run("due", "--email", "--since-last")
    assert mail()["Subject"] == "crm: 1 due on 2026-11-23"


def test_nothing_due_is_no_mail(run, ana, mail):
    result = run("due", "--email")
    assert (result.out, result.err, mail.path.exists()) == ("", "", False)


def test_without_a_command_nothing_can_be_mailed(run, refused, kept):
    assert "email_command" in refused("due", "--email", code=2)
    assert "email_command" in refused("due", "--email", "--since-last", code=2)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("sh -c 'echo no route >&2; exit 75'", "ended with 75: no route"),
        ("sh -c 'kill -9 $$'", "ended with"),
        ("/nowhere/mailer", "cannot run '/nowhere/mailer'"),
        ("/etc/passwd", "cannot run '/etc/passwd'"),
    ],
)
def test_a_mail_that_fails_is_exit_7_and_sent_the_next_time(
    run, refused, kept, mail, command, said
):
    works = run("config", "get", "email_command").out.strip()
    run("config", "set", "email_command", command)
    assert said in refused("due", "--email", "--since-last", code=7)
    run("config", "set", "email_command", works)
    run("due", "--email", "--since-last")
    assert mail()["Subject"] == "crm: 2 due on 2026-11-23"


@pytest.mark.parametrize("command", ["msmtp 'x", 'msmtp "', "  ", "msmtp \\"])
def test_a_command_that_cannot_be_read_is_said_so(run, refused, kept, monkeypatch, command):
    monkeypatch.setenv("CRM_EMAIL_COMMAND", command)
    assert "email_command" in refused("due", "--email", code=2)


def test_a_mail_of_no_one_line_address_is_refused(run, refused, kept, mail, monkeypatch):
    monkeypatch.setenv("CRM_EMAIL_TO", "me@example.com\nBcc: all@example.com")
    run("due", "--email", code=None)
    if mail.path.exists():
        assert mail()["Bcc"] is None
