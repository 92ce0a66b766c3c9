"""A file before it is imported: what is read, and how columns get another meaning."""

import pytest

from crmcli.errors import CancelledError, InvalidError, UsageError
from crmcli.interchange.fields import target_of
from crmcli.service import import_
from crmcli.service.import_ import Wish, bring_in
from crmcli.service.preview import field_words, preview, remapped

ROWS = "Name;Nr;Tags;Tags;Photo\nAna;1;one;two;\nAna;2;;two;\nBo;;;three;\n;;;;x\n"


@pytest.fixture
def wish(home):
    file = home / "people.csv"
    file.write_text(ROWS)
    return Wish(str(file))


def became(found):
    return {column.name: column.target for column in found.columns}


def test_what_a_file_holds(crm, wish):
    found = preview(crm, wish)
    assert (found.encoding, found.delimiter, found.preset, found.noun) == (
        *("utf-8", ";", "generic", "contact"),
    )
    assert (found.rows, found.skipped, found.rejected, found.header_line) == (4, 1, 0, 1)
    assert [(column.name, column.values, column.filled) for column in found.columns] == [
        ("Name", ["Ana", "Bo"], 3),
        ("Nr", ["1", "2"], 2),
        ("Tags", ["one"], 1),
        ("Tags (2)", ["two", "three"], 3),
        ("Photo", [], 0),
    ]
    assert "Photo" not in " ".join(found.notes)  # the list of columns says that
    assert found.tells_who
    assert found.can_be_mapped


def test_columns_are_mapped_one_after_the_other(crm, wish):
    found = preview(crm, wish)
    found = preview(crm, remapped(found, "Nr", "custom:Number"))
    found = preview(crm, remapped(found, "Tags", "-"))
    assert became(found) == {
        "Name": "name",
        "Nr": "custom:number",
        "Tags": "ignore",
        "Tags (2)": "tags",
        "Photo": None,
    }
    found = preview(crm, remapped(found, "Tags", "note"))
    assert became(found)["Tags"] == "note"
    assert found.wish.mapping == "Nr=custom:number,Tags=note,Tags (2)=tags"
    outcome = bring_in(crm, found.wish)
    assert outcome.report.counts["created"] == 3


def test_no_such_field_says_which_is_near(crm, wish):
    with pytest.raises(UsageError) as caught:
        remapped(preview(crm, wish), "Nr", "emial")
    assert caught.value.hint == "did you mean 'email'?"


def test_a_table_of_unknown_columns_opens_for_mapping_alone(crm, home):
    file = home / "x.csv"
    file.write_text("Herkunft;Kennung\nMesse;A 12\n")
    found = preview(crm, Wish(str(file)))
    assert set(became(found).values()) == {None}
    assert not found.tells_who
    with pytest.raises(InvalidError, match="no header"):
        bring_in(crm, found.wish)
    found = preview(crm, remapped(found, "Kennung", "name"))
    assert found.tells_who
    assert bring_in(crm, found.wish).report.counts["created"] == 1


def test_the_watch_is_told_and_may_end_it(crm, wish, monkeypatch):
    monkeypatch.setattr(import_, "EVERY", 1)
    told = []
    bring_in(crm, wish, dry_run=True, watch=lambda step, rows: told.append((step, rows)))
    assert told == [
        *[("check", number) for number in range(1, 5)],
        *[("write", 3), ("save", 3)],
    ]

    def end(at):
        def watch(step, rows):
            if step == at:
                raise CancelledError("cancelled")

        return watch

    with pytest.raises(CancelledError):
        preview(crm, wish, end("read"))
    for step in ("check", "write", "save"):
        with pytest.raises(CancelledError):
            bring_in(crm, wish, watch=end(step))
        assert crm.store.reader.execute("SELECT count(*) FROM change_group").fetchone() == (0,)
    assert bring_in(crm, wish).report.counts["created"] == 3


def test_the_words_of_fields(crm):
    words = field_words(crm)
    assert words[0] == "name"
    assert len(words) == len(set(words))
    assert [target_of(word) for word in words] == words
