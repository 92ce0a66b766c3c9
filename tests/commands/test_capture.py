"""`crm capture`."""

import json

import pytest

SIGNATURE = "Eva Kos\nCEO\nKos d.o.o.\nMob: 040 111 222\neva@kos.si\nThink of the trees\n"
MAIL = (
    "From: =?utf-8?q?Eva_=C4=8Cop?= <eva@kos.si>\nTo: Me <me@home.si>\n"
    "Date: Mon, 23 Nov 2026 09:30:00 +0100\nSubject: x\n\n"
    "Hello,\n\nplease call +386 1 999 99 99.\n\n-- \nEva Čop\nKos d.o.o.\nTel 01 234 56 78\n"
    "\n> -- \n> Other Person\n> other@x.si\n"
)
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Eva Kos\nEMAIL;TYPE=work:eva@kos.si\nUID:1\nEND:VCARD\n"


def card(run, ref="c1"):
    return run("show", ref, "--json").json


def test_in_a_pipe_it_is_a_proposal_and_nothing_is_written(run, database):
    got = run("capture", input=SIGNATURE)
    assert got.lines == [
        "name\tEva Kos",
        "org\tKos d.o.o.",
        "phones\tmobile:040 111 222",
        "emails\teva@kos.si",
        "title\tCEO",
        "note\tThink of the trees",
        "known\t",
    ]
    assert "note                      Think of the trees" in got.err
    assert "Nothing was written; --yes saves it" in got.err
    assert not database.exists()


def test_the_proposal_as_json(run):
    found = run("capture", "--json", input=SIGNATURE).json
    assert found["phones"] == [{"label": "mobile", "value": "040 111 222"}]
    assert found["lines"][3] == {"text": "Mob: 040 111 222", "as": "phone mobile"}
    assert found["known"] is None


def test_yes_saves_it(run):
    got = run("capture", "--yes", "-t", "fair", "--owner", "eva", input=SIGNATURE)
    assert (got.out, got.err) == ("c1\n", "At o1 Kos d.o.o. (new)\nAdded c1 eva-kos\n")
    saved = card(run)
    assert (saved["org"], saved["title"], saved["tags"]) == ("Kos d.o.o.", "CEO", ["fair"])
    assert (saved["phone"], saved["note"], saved["owner"]) == (
        "040 111 222",
        "Think of the trees",
        "eva",
    )


def test_of_somebody_known_only_what_is_missing_is_filled(run):
    run("contact", "add", "Eva Kos-Novak", "-e", "eva@kos.si", "--note", "mine")
    assert run("capture", "--json", input=SIGNATURE).json["known"] == "c1"
    got = run("capture", "--yes", input=SIGNATURE)
    assert "Filled what was missing of c1" in got.err
    saved = card(run)
    assert (saved["name"], saved["note"], saved["org"]) == ("Eva Kos-Novak", "mine", "Kos d.o.o.")
    assert "Unchanged c1" in run("capture", "--yes", input=SIGNATURE).err
    assert len(run("contact", "list").lines) == 1
    run("undo")
    assert card(run)["org"] is None


def test_a_number_alone_makes_nobody_known(run):
    run("contact", "add", "Bo Li", "-p", "040 111 222")
    text = SIGNATURE.replace("eva@kos.si\n", "")
    assert "looks like c1 bo-li" in run("capture", "--yes", input=text).err
    assert len(run("contact", "list").lines) == 2


def test_a_mail_gives_its_sender_and_their_signature(run):
    found = run("capture", "--json", input=MAIL).json
    assert (found["name"], found["org"]) == ("Eva Čop", "Kos d.o.o.")
    assert [one["value"] for one in found["emails"]] == ["eva@kos.si"]
    assert [one["value"] for one in found["phones"]] == ["01 234 56 78"]
    assert found["lines"][0] == {"text": "From: Eva Čop <eva@kos.si>", "as": "name, emails"}
    assert "note" not in found


def test_of_ones_own_mail_it_is_who_got_it(run, monkeypatch):
    monkeypatch.setenv("CRM_EMAILS", "eva@kos.si")
    found = run("capture", "--json", input=MAIL.split("-- ")[0]).json
    assert (found["name"], found["emails"][0]["value"]) == ("Me", "me@home.si")


@pytest.mark.parametrize(
    "text", ["From: Bo Li <bo@x.cn>", "Bo Li <bo@x.cn>", 'From: "Bo Li" <bo@x.cn>\nTo: me@x.si']
)
def test_a_header(run, text):
    found = run("capture", "--json", "--text", text).json
    assert (found["name"], found["emails"][0]["value"]) == ("Bo Li", "bo@x.cn")


def test_a_card(run, home):
    (home / "eva.vcf").write_text(CARD)
    run("capture", str(home / "eva.vcf"), "--yes")
    assert card(run)["emails"][0]["label"] == "work"


def test_an_address_alone_needs_a_name(run, refused):
    assert "--name" in refused("capture", "--yes", "--text", "bo@x.cn", code=3)
    run("capture", "--yes", "--text", "bo@x.cn", "--name", "Bo Li")
    assert card(run)["name"] == "Bo Li"


def test_hostile_text(run):
    got = run(
        "capture",
        "--yes",
        input="From: =?utf-8?q?=1B=5B31mEvil_=5B/=5D?= <e@x.si>\x00\n\n-- \n\x1b]0;x\x07\n",
    )
    assert "\x1b" not in got.out + got.err
    assert "\x1b" not in json.dumps(card(run))


@pytest.mark.parametrize(
    ("args", "input", "code", "said"),
    [
        ([], "", 3, "nobody"),
        ([], "just a text without anybody\n", 3, "nobody"),
        (["x", "--text", "y"], "", 2, "not both"),
        (["nowhere.txt"], "", 2, "no such file"),
        ([], CARD.replace("FN:", "KIND:org\nFN:"), 2, "crm import"),
        ([], CARD + CARD, 3, "2 cards"),
    ],
)
def test_capture_refuses(refused, args, input, code, said):
    assert said in refused("capture", *args, input=input, code=code)


def ask(monkeypatch, *answers):
    from crmcli.context import Context

    queue = list(answers)
    monkeypatch.setattr(Context, "is_interactive", True)
    monkeypatch.setattr(Context, "ask", lambda self, question: queue.pop(0))


def test_a_terminal_is_asked(run, monkeypatch, database):
    ask(monkeypatch, "n")
    got = run("capture", "--text", SIGNATURE)
    assert "  name: Eva Kos" in got.err
    assert not database.exists()
    ask(monkeypatch, "y")
    run("capture", "--text", SIGNATURE)
    assert card(run)["name"] == "Eva Kos"


def test_a_terminal_hears_first_who_is_here_already(run, monkeypatch):
    run("contact", "add", "Eva Kos-Novak", "-e", "eva@kos.si")
    ask(monkeypatch, "n")
    got = run("capture", "--text", SIGNATURE)
    assert "c1 is here already: only what is missing is filled" in got.err


def test_a_terminal_may_edit(run, monkeypatch):
    from crmcli.context import Context

    ask(monkeypatch, "e", "y")
    monkeypatch.setattr(Context, "edit", lambda self, text: text.replace("Eva Kos", "Eva Kosec"))
    run("capture", "--text", SIGNATURE)
    assert card(run)["name"] == "Eva Kosec"


def test_an_edit_that_is_no_json_writes_nothing(run, monkeypatch, refused):
    from crmcli.context import Context

    ask(monkeypatch, "e")
    monkeypatch.setattr(Context, "edit", lambda self, text: text[:-3])
    run("capture", "--text", SIGNATURE, code=3)
    assert run("contact", "list").out == ""
