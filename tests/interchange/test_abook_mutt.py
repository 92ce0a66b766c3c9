"""abook's address book, as INI and as its CSV without a header, and mutt's aliases."""

import pytest

from crmcli.errors import UsageError
from crmcli.interchange.record import Reject, Skip

BOOK = """# abook addressbook file

[format]
program=abook
version=0.6.1

[0]
name=Ana "N" Novak; Jr #1
email=ana@acme.si,ana@home.si
address=Trg 1
city=Ptuj
zip=2250
phone=+386 1 111
workphone=+386 1 222
mobile=+386 40 111
nick=nani
url=acme.si
notes=a = b
anniversary=2001-05-06
groups=vip,x
tea=green

[1]
name=Bo
nonsense

[2]
"""


def test_abook(read_text):
    reading, items = read_text(BOOK)
    assert (reading.preset, reading.noun) == ("abook", "contact")
    assert (items[0].line, items[0].raw) == (
        7,
        {
            "name": 'Ana "N" Novak; Jr #1',
            "emails": [("", "ana@acme.si"), ("", "ana@home.si")],
            "addresses": [{"street": "Trg 1", "locality": "Ptuj", "postal_code": "2250"}],
            "phones": [("home", "+386 1 111"), ("work", "+386 1 222"), ("mobile", "+386 40 111")],
            "nickname": "nani",
            "urls": [("", "acme.si")],
            "note": "a = b",
            "dates": [("anniversary", "2001-05-06")],
            "tags": ["vip", "x"],
            "custom": {"tea": "green"},
        },
    )
    assert [type(item) for item in items[1:]].count(Skip) == 1  # nobody in [2]
    assert (
        Reject(BOOK.splitlines().index("nonsense") + 1, "is no line `field=value`", ["nonsense"])
        in items
    )


def test_what_we_write_for_abook_comes_back(raws):
    from crmcli.interchange.abook_write import lines

    record = {
        "name": "Ana Novak", "nickname": "nani", "org": "", "title": "", "birthday": "",
        "emails": [{"label": "work", "value": "ana@acme.si"}],
        "phones": [{"label": "mobile", "value": "+386 40"}],
        "urls": [{"label": "", "value": "acme.si"}],
        "addresses": [{"street": "Trg 1", "locality": "Ptuj"}],
        "dates": [{"label": "anniversary", "value": "2001-05-06"}],
        "note": "x", "tags": ["vip"],
    }  # fmt: skip
    assert raws("".join(lines([record]))) == [
        {
            "name": "Ana Novak", "nickname": "nani", "emails": [("", "ana@acme.si")],
            "phones": [("mobile", "+386 40")], "urls": [("", "acme.si")],
            "addresses": [{"street": "Trg 1", "locality": "Ptuj"}],
            "dates": [("anniversary", "2001-05-06")], "note": "x", "tags": ["vip"],
        }
    ]  # fmt: skip


def test_the_csv_of_abook_has_no_header(read_text):
    text = '"Ana Novak","ana@acme.si, a@x.si","+386 1","x, y","nani"\n"Bo Li","","","",""\n'
    reading, items = read_text(text)
    assert (reading.preset, reading.header_line) == ("generic", 0)
    assert [item.raw for item in items] == [
        {
            "name": "Ana Novak",
            "emails": [("", "ana@acme.si"), ("", "a@x.si")],
            "phones": [("", "+386 1")],
            "note": "x, y",
            "nickname": "nani",
        },
        {"name": "Bo Li"},
    ]


ALIASES = r"""# mine

alias ana Ana Novak <ana@acme.si>
alias -group vip -group x bo "Li, Bo" <bo@x.si> # a note
alias team ana, bo
alias both Cene <c@x.si>, \
  Dana <d@x.si>
alias eva eva@x.si
alias fani fani@x.si (Fani F.)
alias quoted \"Kos, G.\" <g@x.si>
set realname="Me"
"""


def test_aliases(read_text):
    reading, items = read_text(ALIASES, "aliases")
    assert (reading.preset, reading.noun) == ("mutt", "contact")
    found = [(item.line, getattr(item, "raw", None) or item.reason) for item in items]
    assert found == [
        (3, {"name": "Ana Novak", "emails": [("", "ana@acme.si")], "nickname": "ana"}),
        (
            4,
            {
                "name": "Li, Bo",
                "emails": [("", "bo@x.si")],
                "nickname": "bo",
                "tags": ["vip", "x"],
            },
        ),
        (5, "names other aliases"),
        (6, {"name": "Cene", "emails": [("", "c@x.si")], "tags": ["both"]}),
        (6, {"name": "Dana", "emails": [("", "d@x.si")], "tags": ["both"]}),
        (8, {"emails": [("", "eva@x.si")], "nickname": "eva"}),
        (9, {"name": "Fani F.", "emails": [("", "fani@x.si")], "nickname": "fani"}),
        (10, {"name": "Kos, G.", "emails": [("", "g@x.si")], "nickname": "quoted"}),
        (11, "is no alias: it sets up mutt"),
    ]


def test_what_we_write_for_mutt_comes_back(raws):
    from crmcli.interchange.mutt_write import lines

    record = {
        "id": 1,
        "handle": "ana-novak",
        "name": 'Ana "N" $Novak',
        "emails": [{"value": "ana@acme.si"}],
    }
    (raw,) = raws("".join(lines([record])))
    assert raw["emails"] == [("", "ana@acme.si")]
    assert raw["nickname"] == "ana-novak"
    assert raw["name"] == "Ana 'N' $Novak"


@pytest.mark.parametrize("text", [BOOK, ALIASES])
def test_map_is_for_tables(read_text, text):
    with pytest.raises(UsageError, match="--map is for tables"):
        read_text(text, mapping="name=note")


def test_a_table_that_begins_with_the_word_alias_is_one(read_text):
    reading, items = read_text("alias name,email\nAna,a@x.si\n")
    assert reading.preset == "generic"
    assert items[0].raw == {"emails": [("", "a@x.si")]}


def test_an_alias_of_several_people_is_imported(run, home):
    (home / "aliases").write_text("alias team Ana <ana@acme.si>, Bo <bo@acme.si>\n")
    run("import", str(home / "aliases"))
    listed = run("contact", "list", "-f", "csv", "--fields", "name,email,tags").out
    assert listed.split()[1:] == ["Ana,ana@acme.si,team", "Bo,bo@acme.si,team"]


def test_comments_nested_too_deep_name_nobody(read_text):
    _, items = read_text(f"alias ana {'(' * 50_000} <ana@acme.si>\n", "aliases")
    assert [type(item) for item in items] == [Skip]
