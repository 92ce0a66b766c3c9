"""`crm query`, by the command line and by the hot path, and neomutt as a real partner."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest

from crmcli import hot
from crmcli.store import query
from crmcli.store.rows import doc_range
from crmcli.store.unit import Store


@pytest.fixture
def people(run, ana):
    run("contact", "add", "Anamarija Čopič", "-e", "home:ac@x.si", "-e", "work:ac@acme.si",
        "--org", "Acme", "--title", "CEO", "--stage", "customer")  # fmt: skip
    run("contact", "add", "Bo [/] Li", "-e", "bo@x.cn", "-p", "+86 10 5555 1234")
    run("contact", "add", "张伟", "-e", "wei@x.cn", "--set", "do_not_contact=yes")
    run("contact", "add", "Anabel Off", "-e", "off@x.si", "--set", "do_not_contact=yes")
    run("contact", "add", "No Mail", "-p", "040 999 888")
    run("org", "add", "Anagram Ltd", "-e", "info@anagram.si")


def addresses(run, *args, code=0):
    return [line.split("\t")[0] for line in run("query", *args, code=code).lines]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana", ["ana@acme.si", "info@anagram.si", "ac@x.si", "ac@acme.si", "off@x.si"]),
        ("ANA nov", ["ana@acme.si"]),
        ("copic", ["ac@x.si", "ac@acme.si"]),
        ("acme", ["ana@acme.si", "ac@x.si", "ac@acme.si"]),
        ("ac@acme", ["ac@x.si", "ac@acme.si", "ana@acme.si"]),
        ("vip", ["ana@acme.si"]),
        ("张", ["wei@x.cn"]),
        ("5555", ["bo@x.cn"]),
        ("040 123", ["ana@acme.si"]),
    ],
)
def test_who_is_found(run, people, text, found):
    assert sorted(addresses(run, text)) == sorted(found)


def test_names_come_first_then_whom_not_to_write_to(run, people):
    found = addresses(run, "ana")
    assert found[-1] == "off@x.si"
    assert found[:3] == ["ana@acme.si", "info@anagram.si", "ac@x.si"]
    assert addresses(run, "ac@acme")[0] == "ac@acme.si"


def test_mutt_gets_a_message_then_the_addresses(run, people):
    assert run("query", "--mutt", "nov").lines == [
        "1 found",
        "ana@acme.si\tAna Novak\tAcme, other",
    ]
    assert run("query", "--mutt", "张伟").lines[1] == "wei@x.cn\t张伟\tother, do not contact"


def test_aerc_gets_addresses_and_names(run, people):
    assert run("query", "--aerc", "copic").lines == [
        "ac@x.si\tAnamarija Čopič",
        "ac@acme.si\tAnamarija Čopič",
    ]
    assert run("query", "--aerc", "anabel").lines == ["off@x.si\tAnabel Off\tdo not contact"]


def test_what_is_hostile_in_names_is_shown_harmless(run, people, database, clock):
    Store(str(database), clock, "me").write(
        "test", lambda w: w.update("contact", 3, display_name="Bo \x1b[31m\tLi\n")
    )
    assert run("query", "--mutt", "bo").lines[1] == "bo@x.cn\tBo ␛[31m\\tLi\\n\tother"


def test_an_address_that_bounced_comes_last_and_is_marked(run, people, database, clock):
    Store(str(database), clock, "me").write(
        "test",
        lambda w: w.update(
            "channel",
            w.one("SELECT id FROM channel WHERE value = 'ana@acme.si'")["id"],
            status="bounced",
        ),
    )
    assert run("query", "--mutt", "ana").lines[-1] == "ana@acme.si\tAna Novak\tAcme, other, bounced"


@pytest.mark.parametrize("client", ["--mutt", "--aerc"])
def test_nothing_found_is_1_and_makes_nothing(run, database, client):
    result = run("query", client, "ana", code=1)
    assert result.out == ("0 found\n" if client == "--mutt" else "")
    assert result.err == ""
    assert not database.parent.exists()


def test_without_a_client_it_is_a_list(run, people):
    assert run("query", "anabel").lines == ["off@x.si\tAnabel Off\t\tother\tdo not contact\tc5"]
    assert run("query", "copic", "--json").json[0] == {
        "email": "ac@x.si",
        "name": "Anamarija Čopič",
        "org": "Acme",
        "stage": "customer",
        "warnings": [],
        "id": "c2",
    }
    assert run("query", "zzz", "--json", code=1).json == []


@pytest.mark.parametrize(
    ("args", "code"), [(["--mutt", "--aerc", "a"], 2), ([], 2), (["zzz"], 1), (["--x", "a"], 2)]
)
def test_query_refuses(refused, args, code):
    refused("query", *args, code=code)


def test_what_is_in_the_trash_is_not_found(run, people):
    run("contact", "rm", "c1")
    assert "ana@acme.si" not in addresses(run, "ana")


def test_many_hits_give_those_in_names_first(run, database):
    rows = ["name,email,note", *(f"P{n:03},p{n:03}@x.si,zeta" for n in range(210))]
    run("import", "-", input="\n".join([*rows, "Zeta,zeta@x.si,\n"]))
    found = addresses(run, "zeta")
    assert (found[0], len(found)) == ("zeta@x.si", query.MOST)


def test_the_ids_of_people_and_orgs_come_first():
    assert doc_range(("contact", "org")) == (0, query.LAST_PARTY)


# the hot path


SAME = ["ana", "ANA", "copic", "张", "040 123", "5555", "zzz", "", "bo", "a b c", '"*', "ac@acme"]


@pytest.mark.parametrize("client", ["--mutt", "--aerc"])
@pytest.mark.parametrize("text", SAME)
def test_the_hot_path_gives_the_same_bytes(run, people, capsys, client, text):
    code = hot.run(["query", client, text])
    hot_out, hot_err = capsys.readouterr()
    slow = run("query", client, text, code=code)
    assert (hot_out, hot_err) == (slow.out, slow.err)


@pytest.mark.parametrize(
    "args", [["ana"], ["--json", "ana"], ["--mutt"], ["--mutt", "-x"], ["--mutt", "--", "a"], []]
)
def test_what_the_hot_path_does_not_know_it_leaves_alone(people, args):
    assert hot.run(["query", *args]) is None


def test_the_hot_path_refuses_a_broken_database(run, refused, database, capsys):
    run("contact", "add", "Ana")
    database.write_bytes(b"not a database" * 100)
    assert hot.run(["query", "--mutt", "ana"]) == 5
    assert capsys.readouterr().err == refused("query", "--mutt", "ana", code=5)


# a real partner


def test_neomutt_completes_with_it(run, people, home):
    """Neomutt asks for `ana nov` at its To: prompt and shows the one address found."""
    neomutt = shutil.which("neomutt")
    if neomutt is None:
        pytest.skip("there is no neomutt")
    (home / "box").touch()
    (home / "rc").write_text(
        f'set query_command = "{sys.executable} -m crmcli query --mutt %s"\n'
        'set folder = "."\nset spoolfile = "box"\nset wait_key = no\n'
    )
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(home)
        os.environ.update(TERM="xterm", LINES="24", COLUMNS="100")
        os.execv(neomutt, [neomutt, "-F", "rc", "-f", "box"])
    seen = b""
    try:
        os.write(terminal, b"Qana nov\n")
        end = time.monotonic() + 30
        while b"ana@acme.si" not in seen and time.monotonic() < end:
            if select.select([terminal], [], [], 1)[0]:
                seen += os.read(terminal, 4096)
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)
    assert b"ana@acme.si" in seen
    assert b"Ana Novak" in seen


def test_mutt_reads_the_lines_as_a_process(process, run, people):
    got = process("query", "--mutt", "nov", stdout=subprocess.PIPE)
    assert got.stdout.decode() == run("query", "--mutt", "nov").out
