"""vCards: the corpus card by card, what vendors write, and what is broken."""

import itertools

import pytest

from crmcli.errors import UsageError
from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record, Reject, Skip

N = "Ñ"
# File -> per card: line, name, e-mails, phones, web pages; and what is left out of the file.
CORPUS = {
    "John_Doe_ANDROID": (
        [
            (1, None, [("", "john.doe@company.com")], [], []),
            (6, None, [("", "jane.doe@company.com")], [], []),
            (11, " ".join(N * 5), [], [("mobile", "123456789")], []),
            (
                18,
                " ".join(N * 11),
                [],
                [
                    ("mobile", "123456"),
                    ("home", "234567"),
                    ("mobile", "3456789"),
                    ("home", "45678901"),
                ],
                [],
            ),
            (
                36,
                " ".join(N * 4),
                [("work", "bob@company.com"), ("", N * 14)],
                [("mobile", "123456"), ("work", "123456"), ("work fax", "123456")],
                [("", "www.company.com"), ("", "http://www.company.com")],
            ),
            (71, N * 4, [("", "henry@company.com")], [("mobile", "55556666")], []),
        ],
        ["PHOTO"],
    ),
    "John_Doe_BLACK_BERRY": (
        [(1, "John Doe", [], [("mobile", "+96123456789")], [])],
        ["PHOTO"],
    ),
    "John_Doe_EVOLUTION": (
        [
            (
                1,
                "Mr. John Richter, James Doe Sr.",
                [("work", "john.doe@ibm.com")],
                [("mobile", "905-666-1234"), ("work", "905-555-1234")],
                [("", "http://www.ibm.com")],
            )
        ],
        ["REV", "X-COUCHDB-APPLICATION-ANNOTATIONS", "X-EVOLUTION-FILE-AS"],
    ),
    "John_Doe_GMAIL": (
        [
            (
                1,
                "Mr. John Richter, James Doe Sr.",
                [("home", "john.doe@ibm.com")],
                [("mobile", "905-555-1234"), ("home", "905-666-1234")],
                [("work", "http://www.ibm.com")],
            )
        ],
        [],
    ),
    "John_Doe_IPHONE": (
        [
            (
                1,
                "Mr. John Richter James Doe Sr.",
                [("", "john.doe@ibm.com")],
                [
                    ("mobile", "905-555-1234"),
                    ("home", "905-666-1234"),
                    ("work", "905-777-1234"),
                    ("home fax", "905-888-1234"),
                    ("work fax", "905-999-1234"),
                    ("pager", "905-111-1234"),
                    ("assistant phone", "905-222-1234"),
                ],
                [("home page", "http://www.ibm.com")],
            )
        ],
        ["PHOTO", "PRODID", "X-ABADR"],
    ),
    "John_Doe_LOTUS_NOTES": (
        [
            (
                1,
                "Mr. Doe John I Johny",
                [("work", "john.doe@ibm.com"), ("work", "billy_bob@gmail.com")],
                [("mobile", "+1 (212) 204-34456"), ("work fax", "00-1-212-555-7777")],
                [("home page", "http://www.sun.com")],
            )
        ],
        ("CLASS MAILER NAME PHOTO PRODID PROFILE SORT-STRING SOURCE X-ABUID X-GENERATOR").split(),
    ),
    "John_Doe_MAC_ADDRESS_BOOK": (
        [
            (
                1,
                "Mr. John Richter,James Doe Sr.",
                [("work", "john.doe@ibm.com")],
                [
                    ("work", "905-777-1234"),
                    ("home", "905-666-1234"),
                    ("mobile", "905-555-1234"),
                    ("home fax", "905-888-1234"),
                    ("work fax", "905-999-1234"),
                    ("pager", "905-111-1234"),
                    ("AssistantPhone", "905-222-1234"),
                ],
                [("home page", "http://www.ibm.com")],
            )
        ],
        ["PHOTO", "X-ABADR", "X-ABUID"],
    ),
    "John_Doe_MS_OUTLOOK": (
        [
            (
                1,
                "Mr. John Richter James Doe Sr.",
                [("", "john.doe@ibm.cm")],
                [("work", "(905) 555-1234"), ("home", "(905) 666-1234")],
                [("work", "http://www.ibm.com")],
            )
        ],
        ["PHOTO", "REV", "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-MS-OL-DESIGN"],
    ),
    "fullcontact": (
        [
            (
                1,
                "Prefix FirstName MiddleName LastName Suffix",
                [
                    ("home", "home@example.com"),
                    ("work", "work@example.com"),
                    ("school", "school@example.com"),
                    ("other", "other@example.com"),
                    ("customtype", "custom@example.com"),
                ],
                [
                    ("home", "555-555-1111"),
                    ("work", "555-555-1112"),
                    ("mobile", "555-555-1113"),
                    ("mobile", "555-555-1114"),
                    ("", "555-555-1115"),
                    ("home fax", "555-555-1116"),
                    ("work fax", "555-555-1117"),
                    ("", "555-555-1118"),
                    ("", "555-555-1119"),
                ],
                [("", f"http://www.{name}.com") for name in "homepage blog other custom".split()],
            )
        ],
        ["PHOTO", "PRODID", "X-ETAG", "X-FC-LIST-ID", "X-FC-TAGS", "X-ID"],
    ),
    "gmail-single2": (
        [
            (
                1,
                "VCard Test",
                [
                    ("", "email@example.com"),
                    ("home", "homeemail@example.com"),
                    ("work", "workemail@example.com"),
                    ("", "otheremail@example.com"),
                    ("CustomEmailCategory", "customcategory@example.com"),
                ],
                [
                    ("", "5555551111"),
                    ("home", "5555551112"),
                    ("work", "5555551113"),
                    ("", "5555551114"),
                    ("mobile", "5555551115"),
                    ("main", "5555551116"),
                    ("home fax", "5555551117"),
                    ("work fax", "5555551118"),
                    ("GRAND_CENTRAL", "5555551119"),
                    ("pager", "5555551120"),
                    ("CustomePhoneCategory", "5555551121"),
                ],
                [
                    ("", "http://www.example1.com"),
                    ("PROFILE", "http://www.example2.com"),
                    ("BLOG", "http://www.example3.com"),
                    ("home page", "http://www.example4.com"),
                    ("work", "http://www.example5.com"),
                    ("CustomWebsiteCategory", "http://www.example6.com"),
                ],
            )
        ],
        [],
    ),
    "outlook-2003": (
        [
            (
                1,
                "John Doe III",
                [("", "jdoe@hotmail.com")],
                [
                    ("work", "BusinessPhone"),
                    ("home", "HomePhone"),
                    ("mobile", "MobilePhone"),
                    ("work fax", "BusinessFaxPhone"),
                ],
                [("work", "http://web-page-address.com")],
            )
        ],
        ["KEY", "REV"],
    ),
    "rfc2426-example": (
        [
            (
                1,
                "Frank Dawson",
                [("", "Frank_Dawson@Lotus.com"), ("", "fdawson@earthlink.net")],
                [("work", "+1-919-676-9515"), ("work fax", "+1-919-676-9564")],
                [("", "http://home.earthlink.net/~fdawson")],
            ),
            (
                13,
                "Tim Howes",
                [("", "howes@netscape.com")],
                [("work", "+1-415-937-3419"), ("work fax", "+1-415-528-4164")],
                [],
            ),
        ],
        [],
    ),
    "rfc6350-example": (
        [
            (
                1,
                "Simon Perreault",
                [("work", "simon.perreault@viagenie.ca")],
                [("work", "+1-418-656-9254 ext. 102"), ("work mobile", "+1-418-262-6501")],
                [("home", "http://nomis80.org")],
            )
        ],
        ["KEY"],
    ),
}
# What else a card holds: file -> the rest of its first raw record.
REST = {
    "John_Doe_EVOLUTION": {
        "uid": "477343c8e6bf375a9bac1f96a5000837",
        "prefix": "Mr.",
        "given_name": "John",
        "additional_name": "Richter, James",
        "family_name": "Doe",
        "suffix": "Sr.",
        "nickname": "Johny",
        "org": "IBM",
        "department": "Accounting, Dungeon",
        "title": "Money Counter",
        "tags": ["VIP"],
        "birthday": "1980-03-22",
        "dates": [("anniversary", "1980-03-22")],
        "addresses": [
            {
                "label": "home",
                "extended": "ASB-123",
                "street": "15 Crescent moon drive",
                "locality": "Albaney",
                "region": "New York",
                "postal_code": "12345",
                "country": "United States of America",
            }
        ],
        "custom": {
            "im_aim": "johnny5@aol.com",
            "relation_spouse": "Maria",
            "relation_manager": "Big Blue",
            "relation_assistant": "Little Red",
        },
    },
    "outlook-2003": {
        "prefix": "Mr.",
        "given_name": "John",
        "family_name": "Doe",
        "suffix": "III",
        "nickname": "Joey",
        "org": "Company, The",
        "department": "TheDepartment",
        "title": "The Job Title",
        "note": "This is the note field!!\nSecond line\n\nThird line is empty",
        "birthday": "1980-03-21",
        "addresses": [
            {
                "label": "work",
                "extended": "TheOffice",
                "street": "123 Main St",
                "locality": "Austin",
                "region": "TX",
                "postal_code": "12345",
                "country": "United States of America",
            }
        ],
        "custom": {"role": "TheProfession", "fburl": "????????????????s????????????"},
    },
    "rfc6350-example": {
        "given_name": "Simon",
        "family_name": "Perreault",
        "suffix": "ing. jr,M.Sc.",
        "org": "Viagenie",
        "language": "fr",
        "birthday": "--02-03",
        "dates": [("anniversary", "2009-08-08")],
        "addresses": [
            {
                "label": "work",
                "extended": "Suite D2-630",
                "street": "2875 Laurier",
                "locality": "Quebec",
                "region": "QC",
                "postal_code": "G1V 2M2",
                "country": "Canada",
            }
        ],
        "custom": {
            "gender": "M",
            "geo": "geo:46.772673,-71.282945",
            "languages": "en",
            "tz": "-0500",
        },
    },
}


@pytest.fixture
def corpus_file(corpus):
    def run(name: str):
        path = corpus / "vcard" / f"{name}.vcf"
        if not path.exists():
            pytest.skip(f"no {name}.vcf in the corpus")
        return path

    return run


@pytest.mark.parametrize("name", CORPUS)
def test_corpus(corpus_file, name):
    people, dropped = CORPUS[name]

    with read(str(corpus_file(name))) as reading:
        found = list(reading)

    assert (reading.preset, reading.noun, reading.encoding) == ("vcard", "contact", "utf-8")
    assert [
        (one.line, one.raw.get("name"), *(one.raw.get(key, []) for key in KINDS)) for one in found
    ] == people
    assert sorted(column.name for column in reading.columns if column.dropped) == dropped


KINDS = ("emails", "phones", "urls")


@pytest.mark.parametrize("name", REST)
def test_corpus_in_full(corpus_file, name):
    with read(str(corpus_file(name))) as reading:
        first = next(iter(reading)).raw

    known = ("name", *KINDS, *(["note"] if "note" not in REST[name] else []))
    assert {key: text for key, text in first.items() if key not in known} == REST[name]


def test_corpus_labels_and_dates(corpus_file):
    with read(str(corpus_file("fullcontact"))) as reading:
        raw = next(iter(reading)).raw

    assert raw["dates"] == [
        ("Anniversary", "2016-08-02"),
        ("Other", "2016-08-03"),
        ("CustomTYPE", "2016-08-04"),
    ]
    assert (raw["org"], raw["department"], raw["birthday"]) == (
        *("Organization1", "Department1"),
        "2016-08-01",
    )
    assert raw["custom"]["org_2"] == "Organization2, Department2"
    assert raw["custom"]["relation_mother"] == "Mother"
    assert raw["custom"]["im_jabber"] == "jabber"


@pytest.mark.parametrize("name", CORPUS)
def test_every_value_is_somewhere(corpus_file, name):
    """Each cell of a card that is not left out stands in its raw record, bit by bit."""
    with read(str(corpus_file(name))) as reading:
        found = list(reading)
    left = {column.name for column in reading.columns if column.target is None}

    for one in found:
        cells = dict(itertools.zip_longest(reading.header, one.cells, fillvalue=""))
        said = "".join(str(value) for value in _leaves(one.raw))
        for key, cell in cells.items():
            if key in left or key in ("LABEL", "CATEGORIES", "UID"):
                continue
            words = cell.replace("tel:", "").replace("--", " ").replace("-", " ").split()
            for word in {part for text in words for part in _bits(text)}:
                assert word.casefold() in _loose(said), (key, word)


def _leaves(value):
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _leaves(one)]
    if isinstance(value, list | tuple):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value, " "]


def _bits(text: str) -> list[str]:
    """Give the letters of a cell; numbers may be written otherwise (dates)."""
    bits = "".join(char if char.isalpha() else " " for char in text).split()
    skipped = ("t", "xmpp", "skype", "ymsgr", "aim", "other", "customtype", "ext")
    return [bit for bit in bits if bit.casefold() not in skipped]


def _loose(text: str) -> str:
    return text.casefold()


def card(*lines: str, version: str = "3.0") -> str:
    every = ["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]
    return "\r\n".join(every)


@pytest.fixture
def one(read_text):
    """Give the raw record of a card made of these lines."""

    def run(*lines: str, **options):
        _, [found] = read_text(card(*lines, **options), "a.vcf")
        assert isinstance(found, Record), found
        return found.raw

    return run


def test_no_name_at_all(one):
    assert one("TEL:1") == {"phones": [("", "1")]}
    assert one("N:Novak;Ana;;dr.;") == {
        "family_name": "Novak",
        "given_name": "Ana",
        "prefix": "dr.",
        "name": "Ana Novak",
    }
    assert one("NICKNAME:Ani")["name"] == "Ani"


def test_nobody_is_skipped(read_text):
    _, [found] = read_text(card("REV:2020", "PHOTO:x", "X-ABUID:7"), "a.vcf")

    assert isinstance(found, Skip)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("BDAY:1980-03-22", "1980-03-22"),
        ("BDAY:19800322", "1980-03-22"),
        ("BDAY;VALUE=date:19800322", "1980-03-22"),
        ("BDAY:--0904", "--09-04"),
        ("BDAY:--09-04", "--09-04"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17", "--05-17"),
        ("BDAY:1953-10-15T23:10:00Z", "1953-10-15"),
        ("BDAY:19531015T231000Z", "1953-10-15"),
        ("BDAY;VALUE=text:circa 1800", "circa 1800"),
        ("BDAY:1985-04", "1985-04"),
        ("BDAY:17.5.1990", "17.5.1990"),
    ],
)
def test_birthdays(one, line, date):
    assert one("FN:a", line)["birthday"] == date


def test_a_second_birthday_in_another_form(one):
    raw = one("FN:a", "BDAY;ALTID=1;VALUE=text:spring of 1980", "BDAY;ALTID=1:19800322")

    assert raw["birthday"] == "1980-03-22"
    assert raw["custom"] == {"birthday_2": "spring of 1980"}


def test_preferred_values_come_first(one):
    raw = one(
        "FN:a",
        "EMAIL:b@x.y",
        "EMAIL;PREF=2:c@x.y",
        "EMAIL;TYPE=work,pref:d@x.y",
        "TEL;TYPE=VOICE:1",
        "TEL;TYPE=cell;PREF=1:2",
    )

    assert raw["emails"] == [("work", "d@x.y"), ("", "c@x.y"), ("", "b@x.y")]
    assert raw["phones"] == [("mobile", "2"), ("", "1")]


def test_messengers_profiles_and_relations(one):
    raw = one(
        "FN:a",
        "IMPP;X-SERVICE-TYPE=Skype:skype:ana.n",
        "IMPP:xmpp:ana@jabber.org",
        "X-SKYPE-USERNAME:ana.n",
        "X-JABBER:ana@j.org",
        "X-MATRIX:@ana:m.org",
        "X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/ana",
        "X-SOCIALPROFILE;type=wechat;x-user=ana7:x-apple:ana7",
        "RELATED;TYPE=spouse;VALUE=text:Bo",
        "item1.X-ABRELATEDNAMES:Cene",
        "item1.X-ABLabel:_$!<Brother>!$_",
        "GENDER:O;intersex",
    )

    assert raw["urls"] == [("twitter", "https://twitter.com/ana")]
    assert raw["custom"] == {
        "im_skype": "ana.n",
        "im_xmpp": "ana@jabber.org",
        "im_jabber": "ana@j.org",
        "im_matrix": "@ana:m.org",
        "social_wechat": "ana7",
        "relation_spouse": "Bo",
        "relation_brother": "Cene",
        "gender": "O; intersex",
    }


def test_android_custom(one):
    head = "X-ANDROID-CUSTOM:vnd.android.cursor.item"
    raw = one(
        "FN:a",
        f"{head}/nickname;Ani;1;;;;;;;;;;;;;",
        f"{head}/contact_event;2010-05-17;1;;;;;;;;;;;;;",
        f"{head}/contact_event;--0229;0;name day;;;;;;;;;;;;",
        f"{head}/relation;Bo;14;;;;;;;;;;;;;",
        version="2.1",
    )

    assert (raw["nickname"], raw["dates"]) == (
        "Ani",
        [("anniversary", "2010-05-17"), ("name day", "--02-29")],
    )
    assert raw["custom"] == {"relation": "Bo"}


def test_addresses(one):
    raw = one(
        "FN:a",
        "ADR;TYPE=work:PO 5;2nd floor;Main 1\\nrear;Kranj;;4000;Slovenia",
        "LABEL;TYPE=work:Main 1\\nKranj",
        "LABEL;TYPE=home:Trg 2\\nBled",
        'ADR;LABEL="Pot 3\\nLjubljana":;;;;;;',
    )

    assert raw["addresses"] == [
        {
            "label": "work",
            "extended": "PO 5, 2nd floor",
            "street": "Main 1, rear",
            "locality": "Kranj",
            "postal_code": "4000",
            "country": "Slovenia",
        },
        {"street": "Pot 3, Ljubljana"},
        {"label": "home", "street": "Trg 2, Bled"},
    ]


def test_tags_notes_and_what_comes_twice(one):
    raw = one(
        "FN:a",
        "FN:b",
        "CATEGORIES:vip,a\\,b",
        "CATEGORIES:My Contacts,vip,Family",
        "NOTE:one",
        "NOTE:two",
        "ORG:Acme",
        "TITLE:CTO",
        "TITLE:Owner",
        "DEATHDATE:2020-01-02",
    )

    assert raw["name"] == "a"
    assert raw["tags"] == ["vip", "a,b", "Family"]
    assert raw["note"] == "one\ntwo"
    assert raw["custom"] == {"name_2": "b", "title_2": "Owner"}
    assert (raw["deceased"], raw["dates"]) == (True, [("death", "2020-01-02")])


def test_a_title_without_an_org_is_kept(one):
    assert one("FN:a", "TITLE:Poet")["custom"] == {"title": "Poet"}


@pytest.mark.parametrize("text", ["uRn:uuid:4fbe8971", "4fbe8971"])
def test_uid(one, text):
    assert one("FN:a", f"UID:{text}", version="4.0")["uid"] == "4fbe8971"


@pytest.mark.parametrize("line", ["KIND:org", "X-ABShowAs:COMPANY", "kind:ORG"])
def test_orgs(read_text, line):
    _, [found] = read_text(
        card(line, "FN:Acme", "ORG:Acme;", "EMAIL:info@acme.si", "BDAY:19900101", "UID:u1"), "a.vcf"
    )

    assert (found.noun, found.raw) == (
        "org",
        {
            "name": "Acme",
            "uid": "u1",
            "emails": [("", "info@acme.si")],
            "custom": {"birthday": "1990-01-01"},
        },
    )


def test_groups_become_tags(read_text):
    text = (
        card("FN:Friends", "KIND:group", "MEMBER:urn:uuid:u1", "MEMBER:urn:uuid:u9", version="4.0")
        + card("FN:Ana", "UID:u1", "CATEGORIES:vip")
        + card(
            "N:Work;;;;",
            "X-ADDRESSBOOKSERVER-KIND:group",
            "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u1",
        )
    )

    reading, found = read_text(text, "a.vcf")

    assert [type(item) for item in found] == [Skip, Record, Skip]
    assert found[1].raw["tags"] == ["vip", "Friends", "Work"]
    assert "1 member of a group is not in the file" in reading.notes


def test_unknown_properties_are_kept_and_bookkeeping_is_told(read_text):
    reading, [found] = read_text(
        card("FN:a", "X-Favourite-Tea:green", "HOBBY:chess", "PRODID:x", "X-ABUID:7"), "a.vcf"
    )

    assert found.raw["custom"] == {"favourite_tea": "green", "hobby": "chess"}
    targets = {column.name: column.target for column in reading.columns}
    assert targets["X-FAVOURITE-TEA"] == "custom:favourite_tea"
    assert "column 'PRODID' is not imported (1 value)" in reading.notes
    assert "column 'X-ABUID' is not imported (1 value)" in reading.notes


def test_a_wrapped_book_and_a_file_cut_off(read_text):
    text = (
        "\r\nBEGIN:VADDRESSBOOK\r\n" + card("FN:a") + card("FN:b") + "BEGIN:VCARD\r\nFN:c\r\nTEL:1"
    )

    _, found = read_text(text, "a.vcf")

    assert [one.raw["name"] for one in found[:2]] == ["a", "b"]
    assert isinstance(found[2], Reject)
    assert (found[2].line, found[2].reason) == (11, "the card has no END:VCARD")


@pytest.mark.parametrize(
    ("encoding", "lines", "read_as"),
    [
        ("utf-8-sig", ["FN:Čop"], "utf-8-sig"),
        ("utf-16", ["FN:Čop"], "utf-16"),
        ("utf-16-be", ["FN:Čop", "NOTE:nothing but plain letters here"], "utf-16-be"),
        ("iso8859-2", ["FN;CHARSET=ISO-8859-2:Čop"], "iso8859-2"),
        ("shift_jis", ["FN;CHARSET=SHIFT_JIS:山田太郎"], "shift_jis"),
        ("cp1252", ["FN:Jürgen Müller", "NOTE:Grüße aus Köln, schöne Straße"], "cp125"),
    ],
)
def test_encodings(read_text, encoding, lines, read_as):
    reading, [found] = read_text(card(*lines).encode(encoding), "a.vcf")

    assert found.raw["name"] == lines[0].partition(":")[2]
    assert reading.encoding.startswith(read_as)  # cp1254 has the same letters as cp1252


def test_hostile_cards(read_text):
    junk = ("X-=;;;:x", ":::", ";:", "N", "TEL;TYPE=:", "=:", "\x00")
    text = card(*junk, "FN:\x1b[31mEvil\u202e [/]", f"N:{'王' * 10_000};[/b]", *junk)

    _, [found] = read_text(text, "a.vcf")

    assert found.raw["name"].startswith("\x1b[31mEvil\u202e [/]")
    assert found.raw["family_name"] == "王" * 10_000


def test_reading_twice_gives_the_same(tmp_path):
    path = tmp_path / "a.vcf"
    path.write_text(card("FN:a", "UID:1") + card("KIND:group", "FN:g", "MEMBER:1"))

    with read(str(path)) as reading:
        assert [str(item) for item in reading] == [str(item) for item in reading]
        assert reading.notes == ["1 row left out: a group: its name became the tag of its members"]


def test_mapping_is_refused(tmp_path):
    path = tmp_path / "a.vcf"
    path.write_text(card("FN:a"))

    with pytest.raises(UsageError, match="--map is for tables; this is a file of cards"):
        read(str(path), How(mapping="FN=name"))


def test_a_folder_of_cards(tmp_path):
    (tmp_path / "b.vcf").write_text(card("FN:Bo", "UID:2") + card("FN:Cene"))
    (tmp_path / "a.VCF").write_text(card("KIND:group", "FN:Friends", "MEMBER:2"))
    (tmp_path / "c.vcf").write_text("BEGIN:VCARD\nFN:d\n")
    (tmp_path / "d.vcf").write_bytes(b"PK\x03\x04 no card")
    (tmp_path / "notes.txt").write_text("no card")
    (tmp_path / "e.vcf").write_bytes(card("FN:Grüße aus Köln, schöne Straße").encode("cp1252"))

    with read(str(tmp_path)) as reading:
        found = list(reading)

    assert [type(one) for one in found] == [Skip, Record, Record, Reject, Reject, Record]
    assert [one.line for one in found] == [1, 2, 3, 4, 5, 6]
    assert [note[:20] for note in reading.notes] == ["e.vcf: read as cp125", "1 row left out: a gr"]
    assert found[1].raw == {"name": "Bo", "uid": "2", "tags": ["Friends"]}
    assert found[3].reason == "c.vcf:1: the card has no END:VCARD"
    assert found[4].reason.startswith("d.vcf:1: is a zip archive")
    assert len(reading.sha256) == 64


def test_a_million_cards_are_not_held(tmp_path):
    """Reading on keeps one card at a time: what was read is free again."""
    import gc
    import weakref

    from crmcli.interchange import content_line

    path = tmp_path / "a.vcf"
    path.write_text(card("FN:a") * 50)
    alive = weakref.WeakSet()

    class Watched(content_line.Card):
        __hash__ = object.__hash__

        def __init__(self, *args):
            super().__init__(*args)
            alive.add(self)

    with pytest.MonkeyPatch.context() as patch, read(str(path)) as reading:
        patch.setattr(content_line, "Card", Watched)
        most = 0
        for _ in reading:
            gc.collect()
            most = max(most, len(alive))

    assert 0 < most <= 2
