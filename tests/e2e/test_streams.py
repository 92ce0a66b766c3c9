"""Standard streams, signals and locales: a quiet end, the right code, and what was saved stays."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "examples/contacts.csv"
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
NO_SPACE = "crm: cannot write output: No space left on device"
# Gives the program the signals of a shell, even where the tests run in the background.
FRESH = """\
import os, signal, sys
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def sample(crm):
    """The sample data, and a task that is due."""
    crm("import", str(SAMPLE))
    crm("task", "add", "send offer", "--for", "rok-copic", "--due", "today")
    crm("task", "add", "报价", "--for", "张伟", "--due", "today")
    crm("task", "add", "پیشنهاد", "--for", "علی-رضایی", "--due", "today")
    return crm


# -- a reader that goes away


@pytest.mark.parametrize(
    "command",
    [
        "contact list --limit 3000",
        "contact list --limit 3000 -f json",
        "export contacts",
        "export contacts -f json",
        "export contacts -f jsonl",
        "find person",
        "completion bash",
        "--help",
    ],
)
def test_head_ends_a_long_output_quietly(crm, crowd, command):
    crm.adopt(crowd)
    ran = crm.shell(f'crm {command} | head -n 1; echo "${{PIPESTATUS[@]}}" >&2')
    assert len(ran.lines) == 1
    (codes,) = ran.errors  # and nothing else on stderr
    assert codes in ("0 0", "141 0")


def test_a_long_list_does_meet_the_closed_pipe(crm, crowd):
    """More than a pipe holds, and the reader gone before the first byte: always 141."""
    crm.adopt(crowd)
    process = crm.start("export", "contacts", stdin=subprocess.DEVNULL)
    process.stdout.close()
    err = process.stderr.read()
    assert (process.wait(60), err) == (141, b"")


def test_due_into_a_closed_pipe_is_quiet(sample):
    process = sample.start("due", stdin=subprocess.DEVNULL)
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(60) in (0, 141)
    assert err == b""


# -- streams that are closed from the start


def closed(*numbers):
    return ["sh", "-c", f'exec "$@" {" ".join(f"{number}>&-" for number in numbers)}', "sh"]


@pytest.mark.parametrize("streams", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)], ids=str)
def test_closed_streams_harm_nothing(sample, streams):
    crm, before = sample, closed(*streams)
    crm("contact", "list", before=before)
    crm("due", before=before)
    crm("--help", before=before)
    crm("contact", "add", "Bo Li", before=before)
    crm("log", "c", "bo-li", "hello", before=before)
    crm("contact", "show", "nobody", before=before, code=1)
    assert crm.query("SELECT body FROM interaction") == [("hello",)]
    assert crm.is_sound()  # nothing was printed into the database
    if 1 not in streams:
        assert "Bo Li" in crm("contact", "list", before=before).out
    if 2 not in streams:
        assert "no contact" in crm("contact", "show", "nobody", before=before, code=1).err


def test_an_import_without_stdin_imports_nothing(sample):
    ran = sample("import", "-", before=closed(0), code=None)
    assert ran.code in (2, 3)
    assert 1 <= len(ran.errors) <= 2
    assert sample.count("import_batch") == 1


# -- output that cannot be written


def into_full(crm, *args, err=subprocess.PIPE):
    with open("/dev/full", "wb") as full:
        return crm(*args, code=None, stdout=full, stderr=full if err is None else err)


@FULL
@pytest.mark.parametrize(
    "command",
    [
        "contact list",
        "contact list -f json",
        "contact list -f table",
        "contact show ana-novak",
        "export contacts",
        "export contacts -f csv",
        "due",
        "due --count",
        "due -f json",
        "today",
        "find ana",
        "history",
        "import --list",
        "completion bash",
        "path",
        "--help",
        "contact --help",
        "contact list --help",
        "--version",
    ],
)
def test_a_full_disk_under_stdout_is_one_line_and_exit_7(sample, command):
    ran = into_full(sample, *command.split())
    (line,) = ran.errors
    assert ran.code == 7
    if "json" in command:
        assert json.loads(line)["error"] == NO_SPACE.removeprefix("crm: ")
    else:
        assert line == NO_SPACE


@FULL
def test_what_was_saved_before_the_output_failed_is_saved_and_said(sample):
    crm = sample
    added = into_full(crm, "contact", "add", "Bo Li")
    assert (added.code, added.errors) == (7, ["Added c10 bo-li", NO_SPACE])
    logged = into_full(crm, "log", "c", "bo-li", "hello")
    assert (logged.code, logged.errors) == (7, ["Logged call with Bo Li: i1", NO_SPACE])
    assert crm.query("SELECT body FROM interaction") == [("hello",)]
    assert crm.is_sound()


@FULL
def test_nowhere_to_write_at_all_still_gives_the_right_code(sample):
    crm = sample
    assert into_full(crm, "contact", "list", err=None).code == 7
    assert into_full(crm, "due", err=None).code == 7
    assert into_full(crm, "contact", "show", "nobody", err=None).code == 1
    with open("/dev/full", "wb") as full:
        ran = crm("contact", "add", "Bo Li", code=None, stderr=full)
    assert ran.code in (0, 7)
    assert crm.query("SELECT count(*) FROM contact WHERE display_name = 'Bo Li'") == [(1,)]


@FULL
def test_an_output_file_that_cannot_be_written_leaves_the_old_one(sample):
    target = sample.home / "out.csv"
    target.write_text("old")
    ran = sample("export", "contacts", "-o", "/proc/none/out.csv", code=7)
    assert len(ran.errors) == 1
    assert sample("export", "contacts", "-o", str(sample.home), code=7).errors[0].startswith("crm:")
    assert target.read_text() == "old"
    sample("export", "contacts", "-o", str(target))
    assert target.read_text().startswith("uid,name")
    assert [entry.name for entry in sample.home.iterdir() if "tmp" in entry.name] == []


# -- nobody to ask


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("contact", "rm", "ana-novak", "rok-copic"), 2),
        (("log", "c", "ana-novak", "--edit"), 2),
        (("contact", "show", "Ana"), 1),  # no beginnings of names in a script
        (("contact", "add", "Ana Novak", "-e", "ana.novak@lipa.example"), 4),
        (("config", "edit"), 2),
        (("import",), 2),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_without_a_terminal_nothing_asks(sample, args, code):
    """stdin stays open and silent: who asked would wait for ever."""
    before = sample.digest()
    reader, writer = os.pipe()
    try:
        ran = sample(*args, code=code, stdin=reader, start_new_session=True)
    finally:
        os.close(reader)
        os.close(writer)
    assert ran.out == ""
    assert 1 <= len(ran.errors) <= 2
    assert sample.digest() == before


def test_yes_answers_for_a_script(sample):
    assert "--yes" in sample("contact", "rm", "ana-novak", "rok-copic", code=2).err
    sample("contact", "rm", "ana-novak", "rok-copic", "--yes")
    assert sample.query("SELECT count(*) FROM contact WHERE archived_at IS NOT NULL") == [(2,)]


def test_several_due_follow_ups_stay_open_without_a_terminal(sample):
    sample("task", "add", "second", "--for", "rok-copic", "--due", "today")
    sample("log", "c", "rok-copic", "talked")
    assert sample.query("SELECT count(*) FROM task WHERE status = 'completed'") == [(0,)]


# -- signals


def fresh(*args):
    return [sys.executable, "-I", "-S", "-c", FRESH]


def interrupt_import(crm, people, until, number):
    """Send a signal to an import that has the database open; give code, stdout and stderr."""
    wal = crm.database.with_name("crm.db-wal")
    process = crm.start("import", str(people), before=fresh(), stdin=subprocess.DEVNULL)
    until(lambda: wal.exists() or process.poll() is not None, "the -wal")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        (signal.SIGINT, (130,)),
        (signal.SIGTERM, (143, -signal.SIGTERM)),
        (signal.SIGHUP, (129, -signal.SIGHUP)),
    ],
    ids=["INT", "TERM", "HUP"],
)
def test_a_signal_during_an_import_leaves_nothing_behind(crm, write_people, until, number, codes):
    crm("contact", "add", "Ana Novak")
    before = crm.digest()
    people = write_people(crm.home / "people.csv", 4000)
    code, out, err = interrupt_import(crm, people, until, number)
    assert code in codes
    assert out == ""
    assert len(err.splitlines()) <= 2
    assert "Traceback" not in err
    if number == signal.SIGINT:
        assert "interrupted" in err
        assert "not saved" in err
    assert crm.is_sound()
    assert crm.digest() == before


@pytest.mark.parametrize(
    "args", [("import", "-"), ("log", "n", "ana-novak", "-"), ("contact", "add", "--input", "-")]
)
def test_ctrl_c_while_stdin_is_read(crm, args):
    crm("contact", "add", "Ana Novak")
    before = crm.digest()
    process = crm.start(*args, before=fresh())
    process.stdin.write(b"Name,Email\n" + b"x" * 200_000)  # more than the pipe holds: it reads
    process.stdin.flush()
    while process.poll() is None:  # one that comes between two reads waits for the next byte
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
    err = process.stderr.read().decode()
    assert process.returncode == 130
    assert err.startswith("crm: interrupted\n")
    assert len(err.splitlines()) <= 2
    assert crm.digest() == before


# -- locales


def same_everywhere(crm, *args):
    """Run under the tests' own environment, a bare one, and the C locale; give the one answer."""
    bare = {"PATH": "/usr/bin:/bin", "HOME": crm.env["HOME"], "CRM_NOW": crm.env["CRM_NOW"]}
    zone = {"CRM_TIMEZONE": "Europe/Ljubljana"}
    environments = [
        crm.env | {"LANG": "C.UTF-8"},
        bare | zone,
        bare | zone | {"LC_ALL": "C"},
        bare | zone | {"PYTHONIOENCODING": "ascii"},
        bare | zone | {"PYTHONIOENCODING": "latin-1:strict", "LC_ALL": "C"},
    ]
    if all(map(str.isascii, args)):  # with Python's own help against the C locale taken away
        unhelped = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        environments.append(bare | zone | unhelped)
    answers = {crm(*args, env=env).raw for env in environments}
    assert len(answers) == 1, answers
    return answers.pop().decode()


def test_due_gives_the_same_bytes_in_every_locale(sample):
    text = same_everywhere(sample, "due")
    for word in ("Rok Čopič", "张伟", "报价", "علی رضایی", "پیشنهاد"):
        assert word in text
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    "args",
    [
        ("contact", "list"),
        ("contact", "show", "张伟"),
        ("find", "čopič"),
        ("find", "copic"),
        ("contact", "list", "-f", "table"),
        ("export", "contacts"),
        ("export", "contacts", "-f", "json"),
        ("completion", "--words", "handles", "علی"),
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_reads_give_the_same_bytes_in_every_locale(sample, args):
    assert not same_everywhere(sample, *args).isascii()


def test_names_are_written_alike_in_every_locale(crm):
    env = {"PATH": "/usr/bin:/bin", "HOME": crm.env["HOME"], "CRM_USER": "me", "LC_ALL": "C"}
    crm("contact", "add", "Rok Čopič", env=env)
    crm("contact", "add", "张伟", env=env | {"PYTHONIOENCODING": "ascii"})
    names = {row[0] for row in crm.query("SELECT display_name FROM contact")}
    assert names == {"Rok Čopič", "张伟"}


# -- arguments that are no text


@pytest.mark.parametrize(
    "args",
    [
        ("contact", "add"),
        ("contact", "show"),
        ("contact", "rm"),
        ("contact", "list", "--tag"),
        ("contact", "list", "--org"),
        ("contact", "list", "--owner"),
        ("contact", "list", "--sort"),
        ("contact", "list", "--fields"),
        ("contact", "add", "Foo", "--note"),
        ("contact", "add", "Foo", "-t"),
        ("contact",),
        ("find",),
        ("log", "c"),
        ("log", "c", "ana-novak"),
        ("task", "add"),
        ("done",),
        ("due", "--owner"),
        ("due", "--within"),
        ("import",),
        ("import", "--map"),
        ("config", "set", "user"),
        ("undo",),
        ("--db",),
        (),
    ],
    ids=lambda args: " ".join(args) or "bare",
)
def test_arguments_that_are_no_utf_8_are_refused_or_cleaned(sample, args):
    before = sample.count("contact")
    ran = sample(*args, b"x \xff\xfe y", code=None)
    assert ran.code in (0, 1, 2, 3, 4), ran
    assert len(ran.errors) <= 2
    ran.raw.decode()  # what comes out is UTF-8
    ran.raw_err.decode()
    stored = sample.query("SELECT display_name FROM contact")
    assert all("\ufffd" not in name and "\udcff" not in name for (name,) in stored)
    assert sample.count("contact") - before == (ran.code == 0 and args[:2] == ("contact", "add"))


def test_files_whose_name_is_no_utf_8_work(crm):
    path = os.path.join(os.fsencode(crm.home), b"people-\xff.csv")
    with open(path, "wb") as file:
        file.write(b"Name,Email\nAna Novak,ana@acme.si\n")
    assert crm("import", path).errors[0].startswith("1 created")
    target = os.path.join(os.fsencode(crm.home), b"out-\xff.csv")
    crm("export", "contacts", "-o", target)
    assert os.path.getsize(target) > 0
