"""Google Contacts of both generations."""

import csv
import io
import re

import pytest


def columns(names: str) -> list[str]:
    """Split a list of column names written over several lines."""
    return [" ".join(name.split()) for name in re.split(",", names)]


NEW = columns(
    """
    First Name, Middle Name, Last Name, Phonetic First Name, Phonetic Middle Name, Phonetic
    Last Name, Name Prefix, Name Suffix, Nickname, File As, Organization Name, Organization
    Title, Organization Department, Birthday, Notes, Photo, Labels, E-mail 1 - Label, E-mail 1
    - Value, E-mail 2 - Label, E-mail 2 - Value, Phone 1 - Label, Phone 1 - Value, Address 1 -
    Label, Address 1 - Formatted, Address 1 - Street, Address 1 - City, Address 1 - PO Box,
    Address 1 - Region, Address 1 - Postal Code, Address 1 - Country, Address 1 - Extended
    Address, Website 1 - Label, Website 1 - Value, Event 1 - Label, Event 1 - Value, Relation
    1 - Label, Relation 1 - Value, Custom Field 1 - Label, Custom Field 1 - Value
    """
)
OLD = columns(
    """
    Name, Given Name, Additional Name, Family Name, Yomi Name, Given Name Yomi, Additional
    Name Yomi, Family Name Yomi, Name Prefix, Name Suffix, Initials, Nickname, Short Name,
    Maiden Name, Birthday, Gender, Location, Billing Information, Directory Server, Mileage,
    Occupation, Hobby, Sensitivity, Priority, Subject, Notes, Language, Photo, Group
    Membership, E-mail 1 - Type, E-mail 1 - Value, IM 1 - Type, IM 1 - Service, IM 1 - Value,
    Phone 1 - Type, Phone 1 - Value, Address 1 - Type, Address 1 - Formatted, Organization 1 -
    Type, Organization 1 - Name, Organization 1 - Yomi Name, Organization 1 - Title,
    Organization 2 - Name
    """
)


def table(header: list[str], *rows: dict[str, str]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def test_the_new_generation(read_text):
    row = {
        "First Name": "Žiga",
        "Middle Name": "B.",
        "Last Name": "Čopič",
        "Phonetic First Name": "Zhiga",
        "Phonetic Last Name": "Chopich",
        "Name Prefix": "dr.",
        "Name Suffix": "Jr.",
        "Nickname": "Žižu",
        "File As": "Čopič, Žiga",
        "Organization Name": "Acme",
        "Organization Title": "Boss",
        "Organization Department": "Sales",
        "Birthday": " --05-17",
        "Notes": "one\ntwo",
        "Photo": "https://example.com/p.jpg",
        "Labels": "Friends ::: * myContacts ::: * Other Contacts ::: * starred ::: * family",
        "E-mail 1 - Label": "Home",
        "E-mail 1 - Value": "home@example.com ::: second@example.com",
        "E-mail 2 - Label": "* Work",
        "E-mail 2 - Value": "work@example.com",
        "Phone 1 - Label": "Mobilni",
        "Phone 1 - Value": "+386 40 000 000",
        "Address 1 - Label": "* ",
        "Address 1 - Formatted": "Trg 1\n2250 Ptuj",
        "Address 1 - Street": "Trg 1 ::: Pot 2",
        "Address 1 - City": "Ptuj ::: Celje",
        "Address 1 - PO Box": "p. p. 7",
        "Address 1 - Extended Address": "II",
        "Website 1 - Label": "Blog",
        "Website 1 - Value": "https://example.com",
        "Event 1 - Label": "Anniversary",
        "Event 1 - Value": "2015-06-20",
        "Relation 1 - Label": "Spouse",
        "Relation 1 - Value": "Ana",
        "Custom Field 1 - Label": "Blood type",
        "Custom Field 1 - Value": "0+",
    }
    reading, items = read_text(table(NEW, row))

    assert (reading.preset, reading.encoding) == ("google", "utf-8-sig")
    assert [item.raw for item in items] == [
        {
            "given_name": "Žiga",
            "additional_name": "B.",
            "family_name": "Čopič",
            "prefix": "dr.",
            "suffix": "Jr.",
            "nickname": "Žižu",
            "name": "Žiga B. Čopič, Jr.",
            "org": "Acme",
            "title": "Boss",
            "department": "Sales",
            "birthday": "--05-17",
            "note": "one\ntwo",
            "tags": ["Friends", "family"],
            "emails": [
                ("work", "work@example.com"),
                ("home", "home@example.com"),
                ("home", "second@example.com"),
            ],
            "phones": [("mobilni", "+386 40 000 000")],
            "addresses": [
                {"street": "Trg 1", "locality": "Ptuj", "extended": "p. p. 7, II"},
                {"street": "Pot 2", "locality": "Celje"},
            ],
            "urls": [("blog", "https://example.com")],
            "dates": [("anniversary", "2015-06-20")],
            "custom": {
                "file_as": "Čopič, Žiga",
                "phonetic_name": "Zhiga Chopich",
                "relation_spouse": "Ana",
                "blood_type": "0+",
            },
        }
    ]
    assert [(c.name, c.dropped) for c in reading.columns if c.dropped] == [("Photo", 1)]
    assert reading.notes == ["column 'Photo' is not imported (1 value)"]


def test_columns_numbered_from_ten_on_are_a_header_all_the_same(read_text):
    header = ["First Name", "Last Name", "E-mail 1 - Value"]
    header += [f"Phone {n} - {part}" for n in range(1, 12) for part in ("Label", "Value")]
    text = ",".join(header) + "\nAna,Novak,ana@x.si" + ",Mobile,+38640111222" * 11 + "\n"

    reading, [found] = read_text(text)

    assert (reading.preset, found.raw["given_name"], len(found.raw["phones"])) == (
        "google",
        "Ana",
        11,
    )


def test_the_old_generation_loses_nothing(read_text):
    row = {name: f"v{index}" for index, name in enumerate(OLD)}
    row |= {"Group Membership": "* myContacts ::: Kupci", "E-mail 1 - Type": "*"}
    reading, items = read_text(table(OLD, row))

    raw = items[0].raw
    assert raw["name"] == "v0"
    assert raw["emails"] == [("", "v30")]
    assert raw["tags"] == ["Kupci"]
    assert raw["addresses"] == [{"label": "v36", "street": "v37"}]
    assert (raw["org"], raw["title"]) == ("v39", "v41")
    assert raw["custom"]["phonetic_name"] == "v4"
    assert raw["custom"]["im_v31"] == "v32; v33"
    assert raw["custom"]["organization_2_name"] == "v42"
    assert raw["custom"]["mileage"] == "v19"
    assert [c.name for c in reading.columns if c.dropped] == ["Photo"]
    # every value is somewhere, but for the photo, the labels' types and the shadowed yomi parts
    flat = str(raw)
    lost = [name for name, value in row.items() if value not in flat]
    assert lost == [
        "Given Name Yomi", "Additional Name Yomi", "Family Name Yomi", "Photo",
        "Group Membership", "E-mail 1 - Type", "Organization 1 - Type",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Phone 1 - Value": "1 ::: 2"}, {"phones": [("", "1"), ("", "2")]}),
        (
            {"First Name": "a@example.com", "E-mail 1 - Value": "a@example.com"},
            {
                "given_name": "a@example.com",
                "name": "a@example.com",
                "emails": [("", "a@example.com")],
            },
        ),
        ({"Address 1 - Formatted": "Trg 1\nPtuj"}, {"addresses": [{"street": "Trg 1\nPtuj"}]}),
        (
            {"Nickname": "Nani", "Custom Field 1 - Value": "x"},
            {"nickname": "Nani", "name": "Nani", "custom": {"customfield_1": "x"}},
        ),
    ],
)
def test_sparse_rows(raws, row, expected):
    assert raws(table(NEW, row)) == [expected]


def test_map_wins_over_the_preset(raws):
    row = {"First Name": "Ana", "E-mail 1 - Value": "a@x.si", "File As": "A", "Labels": "* x"}
    mapping = "E-mail 1 - Value=custom:old,ignore:File As,Labels=note"

    assert raws(table(NEW, row), mapping=mapping) == [
        {"given_name": "Ana", "name": "Ana", "custom": {"old": "a@x.si"}, "note": "* x"}
    ]


def test_a_label_that_begins_with_a_digit_is_a_key_all_the_same(raws):
    (raw,) = raws("First Name,Custom Field 1 - Label,Custom Field 1 - Value\nAna,1st call,May\n")
    assert raw["custom"] == {"field_1st_call": "May"}
