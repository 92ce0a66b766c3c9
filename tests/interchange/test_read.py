"""The whole reading side: nothing but CrmError, nothing lost, nothing counted twice."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.errors import InvalidError, UsageError
from crmcli.interchange.presets import PRESETS
from crmcli.interchange.read import read
from crmcli.interchange.record import Record

any_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
STARTS = [b"", b"Name,Email\n", b"\xff\xfe", b"\xef\xbb\xbf", b"[{", b'{"uid":', b"sep=;\nName;x\n"]


def outcome(path) -> list:
    with read(str(path)) as reading:
        items = list(reading)
        assert reading.notes is not None
        return items


@any_file
@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_any_bytes_raise_nothing_but_our_errors(tmp_path, start, data):
    path = tmp_path / "any.csv"
    path.write_bytes(start + data)
    with suppress(InvalidError, UsageError):
        lines = [item.line for item in outcome(path)]
        assert lines == sorted(lines)


@any_file
@given(st.text(st.sampled_from('a@",;\n\r\0[]{}:č'), max_size=120))
def test_any_text_below_a_header_raises_nothing(tmp_path, text):
    path = tmp_path / "any.csv"
    path.write_text(f"Name,Email,Tags\n{text}", encoding="utf-8", newline="")
    for item in outcome(path):
        assert item.line >= 2


words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=10)


@any_file
@given(st.lists(st.tuples(words, words), min_size=1), st.sampled_from(",;\t|"))
def test_written_names_come_back(tmp_path, people, mark):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=mark)
    writer.writerows([("First Name", "Last Name"), *people])
    path = tmp_path / "people.csv"
    path.write_bytes(file.getvalue().encode())

    found = [
        (item.raw["given_name"], item.raw["family_name"])
        for item in outcome(path)
        if isinstance(item, Record)
    ]

    assert found == [(given.strip(), family.strip()) for given, family in people]


def test_the_guess_is_said(read_text):
    text = "Ime;Priimek;Kraj\nŽiga;Čopič;Šmarje\nMiloš;Đurić;Žalec\nTina;Črnič;Kočevje\n"
    reading, items = read_text(text.encode("cp1250"))

    assert (reading.encoding, reading.encoding_guessed) == ("cp1250", True)
    assert reading.notes[0] == "read as cp1250"
    assert items[0].raw["name"] == "Žiga Čopič"


def test_what_the_report_needs(read_text):
    reading, items = read_text("Report\n\nName;Email\nAna;a@x.si\n")

    assert reading.filename.endswith("file.csv")
    assert len(reading.sha256) == 64
    assert (reading.delimiter, reading.header) == (";", ["Name", "Email"])
    assert (reading.header_line, reading.skipped_preamble) == (3, 1)
    assert items[0].cells == ["Ana", "a@x.si"]


def test_the_generic_preset_is_the_last_one():
    assert [preset.name for preset in PRESETS][-1] == "generic"
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


def test_the_file_is_closed_when_it_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x\n")
    with pytest.raises(InvalidError):
        read(str(path))
    # an unclosed file would be a ResourceWarning, and warnings are errors here
