"""Outlook's contacts: 61 and 92 columns, in every language Outlook writes."""

import csv
import io

import pytest

from crmcli.interchange.outlook_words import FIELDS, LANGUAGES

TARGETS = [target for line in FIELDS.strip().splitlines() for target in line.split("|")]
PERSON = {
    "prefix": "Dr.",
    "given_name": "Žiga",
    "additional_name": "M.",
    "family_name": "Čopič",
    "org": "Acme",
    "title": "CTO",
    "street:work": "Trg 1",
    "locality:work": "Ptuj",
    "country:home": "Slovenija",
    "street:other": "Pot 2",
    "phone:work fax": "+386 1 1",
    "phone:main": "+386 1 2",
    "phone:mobile": "+386 40 3",
    "phone:assistant": "+386 40 4",
    "day:birthday": "17.5.1980",
    "day:anniversary": "0/0/00",
    "mail1": "/o=Acme/ou=X/cn=Recipients/cn=ziga",
    "mail1type": "EX",
    "mail1name": "Žiga (ziga@acme.si)",
    "mail2": "z@x.si",
    "mail2type": "SMTP",
    "mail2name": "Žiga (z@x.si)",
    "custom:spouse": "Ana",
    "custom:children": "Bor; Cene",
    "custom:manager": "Dana",
    "gender": "Unspecified",
    "note": "a\nb",
    "tags": "vip;Ljubljana",
    "url:work": "acme.si",
    "custom:user_1": "blue",
}
RAW = {
    "prefix": "Dr.",
    "given_name": "Žiga",
    "additional_name": "M.",
    "family_name": "Čopič",
    "name": "Žiga M. Čopič",
    "org": "Acme",
    "title": "CTO",
    "addresses": [
        {"label": "work", "street": "Trg 1", "locality": "Ptuj"},
        {"label": "home", "country": "Slovenija"},
        {"label": "other", "street": "Pot 2"},
    ],
    "phones": [
        ("assistant", "+386 40 4"),
        ("work fax", "+386 1 1"),
        ("main", "+386 1 2"),
        ("mobile", "+386 40 3"),
    ],
    "birthday": "1980-05-17",
    "emails": [("", "ziga@acme.si"), ("", "z@x.si")],
    "custom": {
        "exchange_address_1": "/o=Acme/ou=X/cn=Recipients/cn=ziga",
        "spouse": "Ana",
        "children": "Bor; Cene",
        "manager": "Dana",
        "user_1": "blue",
    },
    "note": "a\nb",
    "tags": ["vip", "Ljubljana"],
    "urls": [("work", "acme.si")],
}


def sheet(*rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def header(language, which=0):
    lines = LANGUAGES[language].strip().splitlines()
    cells = [name.split("=") for line in lines for name in line.split("|")]
    return [names[min(which, len(names) - 1)] for names in cells]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [0, 1])
def test_every_language_says_the_same(read_text, language, which):
    seen: set[str] = set()
    cells = []
    for target in TARGETS:
        cells.append("" if target in seen else PERSON.get(target, ""))
        seen.add(target)
    reading, items = read_text(sheet(header(language, which), cells, delimiter=";"))

    assert (reading.preset, reading.delimiter) == ("outlook", ";")
    assert [item.raw for item in items] == [RAW]
    assert [c.name for c in reading.columns if c.dropped] == []


def test_cp1252_as_excel_saves_it(read_text):
    names, person = header("de"), dict(zip(TARGETS, [""] * len(TARGETS), strict=True))
    person |= {"given_name": "Jürgen", "family_name": "Müßig", "locality:work": "Köln"}
    cells = [person[target] for target in TARGETS]
    _, items = read_text(sheet(names, cells, delimiter=";").encode("cp1252"))

    assert items[0].raw["name"] == "Jürgen Müßig"


def test_the_columns_of_outlook_com(raws):
    from crmcli.interchange.outlook_write import HEADER

    row = dict.fromkeys(HEADER, "") | {
        "First Name": "Ana",
        "Last Name": "Novak",
        "Title": "Dr",
        "Job Title": "CTO",
        "Nickname": "Nani",
        "Given Yomi": "アナ",
        "E-mail Address": "ana@acme.si",
        "E-mail 2 Address": "a@x.si",
        "IMAddress": "ana",
        "Personal Web Page": "ana.si",
        "Schools": "FRI",
        "Anniversary": "2001-05-06",
    }
    assert raws(sheet(HEADER, [row[name] for name in HEADER])) == [
        {
            "prefix": "Dr",
            "given_name": "Ana",
            "family_name": "Novak",
            "nickname": "Nani",
            "name": "Ana Novak",
            "title": "CTO",
            "emails": [("", "ana@acme.si"), ("", "a@x.si")],
            "urls": [("home", "ana.si")],
            "dates": [("anniversary", "2001-05-06")],
            "custom": {"phonetic_given_name": "アナ", "im_address": "ana", "schools": "FRI"},
        }
    ]


def test_our_own_outlook_file_comes_back(raws):
    from crmcli.interchange.outlook_write import lines

    record = {
        "name": "Ana Novak",
        "prefix": "", "given_name": "Ana", "additional_name": "", "family_name": "Novak",
        "suffix": "", "nickname": "", "org": "Acme", "department": "R&D", "title": "CTO",
        "emails": [{"label": "work", "value": "ana@acme.si"}],
        "phones": [{"label": "work", "value": "+386 1 1"}, {"label": "car", "value": "+386 2"}],
        "urls": [{"label": "home", "value": "ana.si"}],
        "addresses": [{"label": "home", "street": "Trg 1", "locality": "Ptuj"}],
        "birthday": "1980-05-17", "dates": [], "note": "x\ny",
    }  # fmt: skip
    assert raws("".join(lines([record]))) == [
        {
            "given_name": "Ana", "family_name": "Novak", "name": "Ana Novak", "org": "Acme",
            "department": "R&D", "title": "CTO", "emails": [("", "ana@acme.si")],
            "phones": [("work", "+386 1 1"), ("car", "+386 2")], "urls": [("home", "ana.si")],
            "addresses": [{"label": "home", "street": "Trg 1", "locality": "Ptuj"}],
            "birthday": "1980-05-17", "note": "x\ny",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("Ana Novak (ana@acme.si)", {"emails": [("", "ana@acme.si")], "name": "Ana Novak"}),
        ("Ana Novak", {"name": "Ana Novak"}),
        ("ana@acme.si", {"emails": [("", "ana@acme.si")]}),
    ],
)
def test_whom_only_a_display_name_names(raws, shown, expected):
    head = ["First Name", "E-mail Address", "E-mail Type", "E-mail Display Name"]
    text = sheet([*head, "Business Street"], ["", "/O=ACME/CN=X", "EX", shown, ""])
    custom = {"exchange_address_1": "/O=ACME/CN=X"}
    assert raws(text) == [{"custom": custom, **expected}]


def test_a_display_name_that_says_something_else_is_kept(raws):
    head = "First Name,Last Name,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address"
    head += ",E-mail 2 Display Name"
    text = f"{head}\nAna,Novak,a@x.si,SMTP,Novak Ana (a@x.si),b@x.si,Sales desk (b@x.si)\n"
    assert raws(text) == [
        {
            "given_name": "Ana",
            "family_name": "Novak",
            "name": "Ana Novak",
            "emails": [("", "a@x.si"), ("", "b@x.si")],
            "custom": {"email_name_2": "Sales desk"},
        }
    ]


def test_unknown_columns_and_second_ones_are_kept(raws):
    head = "First Name,Business Phone,Business City,Business Fax,Shoe size,Company,Firma"
    assert raws(f"{head}\nAna,1,Ptuj,2,39,Acme,Acme 2\n") == [
        {
            "given_name": "Ana",
            "name": "Ana",
            "phones": [("work", "1"), ("work fax", "2")],
            "addresses": [{"label": "work", "locality": "Ptuj"}],
            "org": "Acme",
            "custom": {"shoe_size": "39", "firma": "Acme 2"},
        }
    ]


def test_dates_that_may_be_two_days_stay_as_text(raws):
    head = "First Name,Business Phone,Business City,Business Fax,Birthday"
    text = f"{head}\nAna,1,Ptuj,2,5/6/1980\n"
    assert raws(text)[0]["birthday"] == "5/6/1980"
    assert raws(text, date_order="mdy")[0]["birthday"] == "1980-05-06"
    assert "birthday" not in raws(f"{head}\nAna,1,Ptuj,2,0/0/00\n")[0]


def test_the_french_title_before_and_after_the_name(raws):
    text = "Titre,Prénom,Nom,Titre,Rue (bureau),Ville (bureau),Télécopie (bureau)\n"
    text += "Mme,Ana,Novak,DG,,,\n"
    assert raws(text) == [
        {"prefix": "Mme", "given_name": "Ana", "family_name": "Novak", "title": "DG",
         "name": "Ana Novak"}
    ]  # fmt: skip
    text = "Prénom,Nom,Titre,Rue (bureau),Ville (bureau),Pays (bureau)\nAna,Novak,DG,,,\n"
    assert raws(text)[0]["title"] == "DG"


def test_map_wins(raws):
    text = "First Name,Business Phone,Business City,Business Fax,Company\nAna,1,Ptuj,2,Acme\n"
    found = raws(text, mapping="Company=note,ignore:Business City")
    assert found == [
        {"given_name": "Ana", "name": "Ana", "note": "Acme",
         "phones": [("work", "1"), ("work fax", "2")]}
    ]  # fmt: skip
