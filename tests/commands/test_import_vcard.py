"""`crm import` of cards, end to end."""

import pytest


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


@pytest.fixture
def bring(run, home):
    """Import a text as a file of cards; give the counts that are not zero."""

    def bring(text: str, code: int = 0):
        path = home / "a.vcf"
        path.write_bytes(text.encode())
        found = run("import", str(path), "--json", code=code).json
        names = ("created", "updated", "unchanged", "skipped", "rejected")
        return {name: found[name] for name in names if found[name]}

    return bring


def people(run):
    return run("contact", "list", "--sort", "id", "--json").json


def test_the_same_file_again_writes_nothing(run, bring):
    text = card("FN:Ana Novak", "UID:a", "EMAIL:a@b.si") + card("FN:Bo") + card("TEL:040 111 222")

    assert bring(text) == {"created": 3}
    assert bring(text) == {"unchanged": 3}
    assert [one["name"] for one in people(run) if one["uid"] == "a"] == ["Ana Novak"]


def test_a_card_finds_its_person_by_uid_whatever_else_changed(run, bring):
    bring(card("FN:Ana Novak", "UID:a", "EMAIL:a@b.si"))

    assert bring(card("FN:Ana Kos", "UID:urn:uuid:a", "EMAIL:x@y.si", version="4.0")) == {
        "updated": 1
    }

    [ana] = people(run)
    assert ana["name"] == "Ana Novak"  # filled, never overwritten
    assert [one["value"] for one in ana["emails"]] == ["a@b.si", "x@y.si"]


def test_two_cards_with_two_uids_are_two_people(run, bring):
    family = "EMAIL:family@novak.si"

    assert bring(card("FN:Ana", "UID:a", family) + card("FN:Bo", "UID:b", family)) == {"created": 2}
    assert bring(card("FN:Ana", "UID:a", family) + card("FN:Bo", "UID:b", family)) == {
        "unchanged": 2
    }


def test_a_foreign_card_fills_who_is_here(run, ana, bring):
    text = card("FN:Ana Novak", "UID:elsewhere", "EMAIL:ana@acme.si", "NICKNAME:Ani")

    assert bring(text) == {"updated": 1}
    assert bring(text) == {"unchanged": 1}
    assert len(people(run)) == 1


@pytest.mark.parametrize("version", ["3", "4"])
def test_our_own_export_is_nothing_new(run, ana, bo, home, version):
    path = home / "all.vcf"
    run("contact", "edit", "c1", "--set", "tea=green", "--set", "birthday=--05-17")
    run("export", "contacts", "--vcard", version, "-o", str(path))

    assert run("import", str(path), "--json").json["unchanged"] == 2


def test_a_file_cut_off_brings_the_whole_cards(run, home, bring):
    assert bring(card("FN:Ana") + "BEGIN:VCARD\r\nFN:Bo\r\nTEL:1", code=6) == {
        "created": 1,
        "rejected": 1,
    }
    rejected = (home / "a.rejected.csv").read_text()
    assert "the card has no END:VCARD" in rejected


def test_a_photo_is_named_in_the_report(run, home):
    (home / "a.vcf").write_text(card("FN:Ana", "PHOTO;ENCODING=b:" + "A" * 45_000))

    err = run("import", str(home / "a.vcf")).err

    assert "column 'PHOTO' is not imported (1 value)" in err
    assert "AAAA" not in err


def test_a_folder(run, home):
    folder = home / "cards"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.vcf").write_text(card(f"FN:Person {number}", f"UID:{number}"))

    assert run("import", str(folder), "--json").json["created"] == 3
    assert run("import", str(folder), "--json").json["unchanged"] == 3


def test_orgs_and_groups(run, bring):
    text = (
        card("KIND:org", "FN:Acme", "EMAIL:info@acme.si", "UID:o")
        + card("FN:Ana", "UID:a", "ORG:Acme")
        + card("KIND:group", "FN:Friends", "MEMBER:urn:uuid:a", version="4.0")
    )

    assert bring(text) == {"created": 2, "skipped": 1}
    assert bring(text) == {"unchanged": 2, "skipped": 1}
    assert run("contact", "list", "+friends", "--json").json[0]["name"] == "Ana"
    assert len(run("org", "list", "--json").json) == 1
