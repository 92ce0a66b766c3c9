"""Pipedrive: a person, an organization, an activity and a note in one row."""

from datetime import datetime

import pytest

from crmcli.clock import Clock
from crmcli.interchange.record import Reject, Skip

NOW = Clock("Europe/Ljubljana", datetime(2026, 11, 23, 12))


def parts(read_text, head, *rows, **options):
    reading, items = read_text("\n".join([head, *rows, ""]), clock=NOW, **options)
    return reading, [[(item.noun, item.raw), *item.more] for item in items]


def test_people_with_ids_and_joined_values(read_text):
    head = (
        "Person - ID,Person - Name,Person - First name,Person - Last name,Person - Organization,"
        "Person - Organization ID,Person - Email - Work,Person - Email - Home,"
        "Person - Phone - Work,"
        "Person - Label,Person - Owner,Person - Birthday,Person - Open deals,Person - Shoe size"
    )
    row = (
        '7,Ana Novak,Ana,Novak,Acme,9,"ana@acme.si, a@acme.si",a@x.si,"+386 1 1, +386 1 2",'
        '"Hot lead, VIP",Bo,1980-05-17,3,39'
    )
    reading, found = parts(read_text, head, row)
    assert found == [
        [
            (
                "contact",
                {
                    "external": ("pipedrive", "7"),
                    "name": "Ana Novak",
                    "given_name": "Ana",
                    "family_name": "Novak",
                    "org": "Acme",
                    "org_external": ("pipedrive organization", "9"),
                    "emails": [("work", "ana@acme.si"), ("work", "a@acme.si"), ("home", "a@x.si")],
                    "phones": [("work", "+386 1 1"), ("work", "+386 1 2")],
                    "tags": ["Hot lead", "VIP"],
                    "owner": "Bo",
                    "birthday": "1980-05-17",
                },
            )
        ]
    ]
    assert [c.name for c in reading.columns if c.target is None] == ["Person - Shoe size"]


def test_one_row_of_everything(read_text):
    head = (
        "Person - Name*,Person - Email (Work),Organization - Name*,Organization - Address,"
        "Deal - Title,"
        "Activity - Subject*,Activity - Due date,Activity - Due time,Activity - Type,"
        "Activity - Done,"
        "Note - Content*,Note - Add time"
    )
    row = (
        'Ana Novak,ana@acme.si,Acme,"Trg 1, Ptuj",Big deal,First pitch,45631.0,14:00,Call,To do,'
        "<b>Met</b> at fair<br>call&nbsp;back,2024-12-01 10:00"
    )
    reading, found = parts(read_text, head, row)
    (contact, org, deal, task, note) = found[0]
    assert contact == (
        "contact",
        {"name": "Ana Novak", "emails": [("work", "ana@acme.si")], "org": "Acme"},
    )
    assert org == ("org", {"name": "Acme", "addresses": [{"street": "Trg 1, Ptuj"}]})
    assert task[0] == "task"
    assert task[1] | {"external": None} == {
        "external": None,
        "people": ["row"],
        "org": {"name": "Acme", "external": None},
        "title": "First pitch",
        "body": "",
        "kind": "call",
        "due_on": "2024-12-05",
        "due_time": "14:00",
        "tz": "Europe/Ljubljana",
    }
    assert note[0] == "interaction"
    assert note[1]["body"].split() == ["Met", "at", "fair", "call", "back"]
    assert note[1]["occurred_at"] == "2024-12-01T09:00:00Z"
    assert note[1]["people"] == ["row"]
    assert deal[1] | {"external": None} == {
        "external": None,
        "name": "Big deal",
        "people": ["row"],
        "org": {"name": "Acme", "external": None},
    }
    assert reading.notes == []
    _, again = parts(read_text, head, row)
    assert again == found  # the ids of what has none are the same each time


@pytest.mark.parametrize(
    ("sort", "done", "expected"),
    [
        ("Call", "Done", ("interaction", "call", None)),
        ("Lunch", "1", ("interaction", "meeting", None)),
        ("Task", "Done", ("task", "todo", "completed")),
        ("Call", "To do", ("task", "call", None)),
    ],
)
def test_what_is_done_lies_on_the_timeline(read_text, sort, done, expected):
    head = "Activity - ID,Activity - Subject,Activity - Type,Activity - Done,Activity - Due date,"
    head += "Activity - Contact person,Activity - Organization,Activity - Duration"
    _, found = parts(read_text, head, f"5,Hi,{sort},{done},2026-11-20,Ana Novak,Acme,01:30")
    ((noun, raw),) = found[0]
    assert (noun, raw["kind"], raw.get("status")) == expected
    assert raw["external"] == ("pipedrive activity", "5")
    assert raw["people"] == [{"name": "Ana Novak"}]
    assert raw["org"]["name"] == "Acme"
    if noun == "interaction":
        assert raw["duration_seconds"] == "5400"


def test_organizations_alone(read_text):
    head = "Organization - ID,Organization - Name,Organization - Owner,Organization - Website"
    reading, items = read_text(f"{head}\n9,Acme,Bo,acme.si\n10,,,\n")
    assert (reading.noun, items[0].noun, items[0].more) == ("org", "org", [])
    assert items[0].raw == {
        "external": ("pipedrive organization", "9"),
        "name": "Acme",
        "owner": "Bo",
        "domain": "acme.si",
        "urls": [("", "acme.si")],
    }
    said = "holds no name of a person, an organization or a deal"
    assert items[1] == Reject(3, said, ["10", "", "", ""])


def test_a_row_with_a_deal_alone_and_one_without_a_name(read_text):
    head = "Person - Name,Organization - Name,Deal - Title,Person - Phone"
    _, items = read_text(f"{head}\n,,Big,\n,,,+386 1\nAna,,,\n")
    assert (items[0].noun, items[0].raw["name"]) == ("deal", "Big")
    assert items[1].raw == {"phones": [("", "+386 1")]}
    assert items[2].raw == {"name": "Ana"}


@pytest.mark.parametrize(
    "head",
    [
        "Person - Name,Organisation - Name,Aktivität - Betreff,Notiz - Inhalt",
        "Personne - Nom,Organisation - Nom,Activité - Sujet,Note - Contenu",
        "Persona - Nombre,Organización - Nombre,Actividad - Asunto,Nota - Contenido",
        "Pessoa - Nome,Organização - Nome,Atividade - Assunto,Nota - Conteúdo",
    ],
)
def test_other_languages(read_text, head):
    _, found = parts(read_text, head, "Ana,Acme,Pitch,Hi")
    assert [noun for noun, _ in found[0]] == ["contact", "task", "interaction"]
    assert found[0][0][1] == {"name": "Ana", "org": "Acme"}


def test_a_table_of_other_columns_is_not_pipedrive(read_text):
    reading, items = read_text("Person Name,Organization Name,Email,City\nAna,Acme,a@x.si,Ptuj\n")
    assert reading.preset == "generic"
    assert items[0].raw["emails"] == [("", "a@x.si")]


def test_a_row_of_unknown_things_is_nobody(read_text):
    _, items = read_text("Person - Name,Organization - Name,Person - Owner\n,,Bo\n")
    assert isinstance(items[0], Skip | Reject)


def test_labels_in_other_languages_and_map(read_text):
    head = "Person - Name;Person - Organisation;Person - Telefon - Arbeit;Person - E-Mail - Arbeit"
    _, items = read_text(f"{head}\nAna;Acme;+386 1;a@x.si\n")
    assert items[0].raw == {
        "name": "Ana",
        "org": "Acme",
        "phones": [("work", "+386 1")],
        "emails": [("", "a@x.si")],
    }
    text = "Organization - Name,Organization - ID,Organization - Size\nAcme,1,12\n"
    _, items = read_text(text, mapping="Organization - Size=custom:size")
    assert (items[0].noun, items[0].raw["custom"]) == ("org", {"size": "12"})


def test_a_list_of_deals(read_text):
    head = (
        "Deal - ID,Deal - Title,Deal - Organization,Deal - Contact person,Deal - Value,"
        "Deal - Currency of Value,Deal - Stage,Deal - Status,Deal - Deal closed on,"
        "Deal - Expected close date,Deal - Deal created,Deal - Lost reason,Deal - Owner"
    )
    rows = [
        "4,Big,Acme,Ana,9000,KWD,Negotiation,Lost,2026-10-02 10:00,2026-11-30,2026-09-01,price,Bo",
        "5,Small,,,1,,Neu,Open,2026-10-02,,,,",
    ]
    reading, items = read_text("\n".join([head, *rows]), clock=Clock("UTC"))
    assert (reading.preset, reading.noun) == ("pipedrive", "deal")
    assert items[0].raw | {"currency": None} == {
        "external": ("pipedrive", "4"),
        "name": "Big",
        "amount": "9000",
        "currency": None,
        "stage": "Negotiation",
        "status": "Lost",
        "closed": "2026-10-02T10:00:00Z",
        "close_date": "2026-11-30",
        "created": "2026-09-01T12:00:00Z",
        "reason": "price",
        "owner": "Bo",
        "people": [{"name": "Ana"}],
        "org": {"name": "Acme", "external": None},
    }
    assert items[0].more == [("org", {"name": "Acme"})]
    assert "closed" not in items[1].raw
