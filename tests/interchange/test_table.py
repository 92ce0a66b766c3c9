"""Delimiters, headers, quotes, widths: every physical line is accounted for."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.errors import InvalidError, UsageError
from crmcli.interchange.decode import LINE_LIMIT, open_text
from crmcli.interchange.presets import known
from crmcli.interchange.record import Reject
from crmcli.interchange.table import Dialect, open_table, rows


@pytest.fixture
def table_of(opened):
    def run(text: str, delimiter=None, mapping=None):
        return open_table(opened(text), delimiter, known(mapping or {}))

    return run


@pytest.fixture
def read(table_of):
    def run(text: str, delimiter=None):
        table = table_of(text, delimiter)
        return table, [shown(item) for item in table]

    return run


def shown(item):
    return (item.line, item.reason) if isinstance(item, Reject) else item


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(read, mark):
    table, items = read(f'Name{mark}Email{mark}Note\nAna{mark}a@x.si{mark}"a, b; c | d\te"\n')

    assert table.dialect.delimiter == mark
    assert items == [(2, ["Ana", "a@x.si", "a, b; c | d\te"])]


def test_decimal_commas_do_not_win_over_semicolons(read):
    table, _ = read("Name;Phone;X\n" + "Ana;1;2,5\n" * 30)

    assert table.dialect.delimiter == ";"


def test_excels_first_line_names_the_delimiter(read):
    table, items = read("sep=;\r\nName;Email\r\nA,b,c;a@x.si\r\n")

    assert (table.dialect.delimiter, table.header_line) == (";", 2)
    assert items == [(3, ["A,b,c", "a@x.si"])]


def test_a_given_delimiter_wins(read):
    table, items = read("Name:Email\nAna:a@x.si\n", ":")

    assert table.header == ["Name", "Email"]
    assert items == [(2, ["Ana", "a@x.si"])]
    assert read("Name\tEmail\nAna\tx\n", "tab")[1] == [(2, ["Ana", "x"])]


@pytest.mark.parametrize("bad", ["ab", '"', "\n", "x"])
def test_what_is_no_delimiter(table_of, bad):
    with pytest.raises(UsageError):
        table_of("Name,Email\n", bad)


def test_preamble_blank_rows_and_footers_are_counted(read):
    text = (
        'Notes:\n"A long, long explanation"\n\nFirst Name,Last Name,Email\nAna,Novak,a@x.si\n,,\n'
        '\n"Grand Totals (1 records)"\n"Copyright (c) 2000-2026 example, inc."\n'
        '"Confidential Information - Do Not Distribute"\n'
    )
    table, items = read(text)

    assert (table.header_line, table.preamble, table.blank, table.footers) == (4, 2, 2, 3)
    assert items == [(5, ["Ana", "Novak", "a@x.si"])]


def test_rows_of_other_widths(read):
    text = "Name,Email,City\nAna,a@x.si\nBor,b@x.si,Ptuj,,\nCene,c@x.si,Kranj,,extra\nDa,d,e\n"
    table, items = read(text)

    assert items == [
        (2, ["Ana", "a@x.si", ""]),
        (3, ["Bor", "b@x.si", "Ptuj"]),
        (4, "has 5 cells, the header 3"),
        (5, ["Da", "d", "e"]),
    ]
    assert (table.short, table.first_short) == (1, 2)


def test_one_column_is_a_table(read):
    assert read("Email\na@x.si\n\nb@x.si\n")[1] == [(2, ["a@x.si"]), (4, ["b@x.si"])]


@pytest.mark.parametrize(
    "text",
    ["Ana,a@x.si\nBor,b@x.si\n", "1,2\n3,4\n", "Ana,Mobile,041 234 567\n", "x\n", '"\n'],
)
def test_without_a_header_the_file_is_refused(table_of, text):
    with pytest.raises(InvalidError) as caught:
        table_of(text)
    assert caught.value.code == 3


def test_the_error_shows_the_first_row_and_the_way_out(table_of):
    with pytest.raises(InvalidError, match=r"file\.csv:2: no header .* Ana \| a@x.si") as caught:
        table_of("\nAna,a@x.si\n")
    assert "--map" in caught.value.hint


def test_a_mapped_column_makes_a_header(table_of):
    table = table_of("Report\n\nKunde,Foo\nAcme,1\n", mapping={"Kunde": "name"})

    assert (table.header, table.header_line) == (["Kunde", "Foo"], 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # cells over several lines keep the line on which they begin
        ('"a\nb",c\r\nd,e\n', [(1, ["a\nb", "c"]), (3, ["d", "e"])]),
        ('"a\r\nb",c\rd,e', [(1, ["a\r\nb", "c"]), (3, ["d", "e"])]),
        ('"a ""b"" c",d\n', [(1, ['a "b" c', "d"])]),
        ('a, "b, c" ,d\n', [(1, ["a", "b, c", "d"])]),
        ('15" screen,d\n', [(1, ['15" screen', "d"])]),
        ('"","\n"\n', [(1, ["", ""])]),
        # a quote that is not closed loses its own line only
        ('a,"b\nc,d\ne,f\n', [(1, "a quote is not closed"), (2, ["c", "d"]), (3, ["e", "f"])]),
        (
            'a,"b,x\nc,"d,y\ne,f\n',
            [(1, "a quote is not closed"), (2, "a quote is not closed"), (3, ["e", "f"])],
        ),
        (
            'a,"b\nc,d\ne,"f, g"\n',
            [(1, "a quote is not closed"), (2, ["c", "d"]), (3, ["e", "f, g"])],
        ),
        ('"a"b,c\nd,e\n', [(1, "has text after a closing quote"), (2, ["d", "e"])]),
        ("a,\0b\nd,e\n", [(1, "holds a NUL byte"), (2, ["d", "e"])]),
        ('a,"\n\0b"\nd,e\n', [(1, "holds a NUL byte"), (3, ["d", "e"])]),
    ],
)
def test_records(text, expected):
    lines = io.StringIO(text, newline="")
    found = [shown(row) for row in rows(lines, Dialect(","))]

    assert found == expected


def test_a_quote_that_closes_by_chance_swallows_no_row(read):
    text = 'Name,Email,Size\nAna,"Novak,15\nBor,b@x.si,10\nCene,c@x.si,15"\nDa,d@x.si,1\n'

    assert read(text)[1] == [
        (2, "a quote is not closed"),
        (3, ["Bor", "b@x.si", "10"]),
        (4, ["Cene", "c@x.si", '15"']),
        (5, ["Da", "d@x.si", "1"]),
    ]


def test_a_cell_may_not_run_on_for_ever(read):
    text = 'Name,Note\nAna,"' + "x\n" * 1500 + '"\nBor,b\n'
    _, items = read(text)

    assert items[0] == (2, "a quote is not closed")
    assert items[-1] == (1503, ["Bor", "b"])
    short = 'Name,Note\nAna,"' + "x\n" * 900 + '"\nBor,b\n'
    assert [line for line, _ in read(short)[1]] == [2, 903]


def test_a_line_too_long_is_one_reject(read):
    _, items = read(f"Name,Note\nAna,{'x' * 3 * LINE_LIMIT}\nBor,b\n")

    assert items == [(2, f"the line is longer than {LINE_LIMIT} characters"), (3, ["Bor", "b"])]


def test_memory_does_not_grow_with_the_file(tmp_path):
    import tracemalloc

    path = tmp_path / "file.csv"
    with path.open("w") as file:
        file.write("Name,Note\n")
        file.write("Ana,x\n" * 200_000)
        file.write(f'Bor,"{"y" * 16 * LINE_LIMIT}\n')
        file.write("Cene,z\n")
    table = open_table(open_text(str(path)), None, known({}))
    tracemalloc.start()
    count = sum(1 for _ in table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    table.source.close()

    assert count == 200_002
    assert peak < 16 * LINE_LIMIT


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cs"]),
    max_size=12,
).map(str.strip)


@given(st.lists(st.lists(cells, min_size=2, max_size=5), min_size=1), st.sampled_from(",;\t|"))
def test_what_csv_writes_comes_back(table, mark):
    width = len(table[0])
    table = [(row + [""] * width)[:width] for row in table]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=mark).writerows(table)
    file.seek(0)

    found = [row[1] for row in rows(file, Dialect(mark))]

    assert found == table


@given(st.text(st.sampled_from('ab",;\n\r \0'), max_size=60), st.sampled_from(",;"))
def test_every_line_is_part_of_one_row_or_reject(text, mark):
    lines = list(io.StringIO(text, newline=""))
    found = list(rows(lines, Dialect(mark)))
    starts = [row.line if isinstance(row, Reject) else row[0] for row in found]

    assert starts == sorted(set(starts))
    assert not lines or starts[0] == 1
    letters = sum(text.count(letter) for letter in "ab")
    kept = "".join("".join(r.cells if isinstance(r, Reject) else r[1]) for r in found)
    if "\0" not in text:
        assert sum(kept.count(letter) for letter in "ab") == letters


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('a",\n'), max_size=80))
def test_state_agrees_with_csv(text):
    """A record we call closed is one row for csv, whatever the quotes."""
    dialect = Dialect(",")
    for line in io.StringIO(text, newline=""):
        if dialect.state(line) == "closed":
            assert len(dialect.parse([line])) == 1
