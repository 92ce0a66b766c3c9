"""`crm sql`: every format, parameters, refusals; and hostile values at the terminal."""

import csv
import io
import json

import pytest

HOSTILE = "a\x1b[31m[/]\u202eb کیان 王"


@pytest.fixture
def people(run):
    run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme")
    run("contact", "add", "Bo Li")


ASK = "SELECT id, ref, name, email FROM v_contact ORDER BY id"


def test_every_format_gives_the_columns_of_the_question(run, people):
    assert run("sql", ASK).out == "1\tc1\tAna Novak\tana@acme.si\n2\tc2\tBo Li\t\n"
    assert run("sql", ASK, "--header").lines[0] == "id\tref\tname\temail"
    assert run("sql", ASK, "--json").json[1] == {
        "id": 2,
        "ref": "c2",
        "name": "Bo Li",
        "email": None,
    }
    assert [json.loads(line)["ref"] for line in run("sql", ASK, "-f", "jsonl").lines] == [
        "c1",
        "c2",
    ]
    rows = list(csv.reader(io.StringIO(run("sql", ASK, "--csv").out)))
    assert rows == [["id", "ref", "name", "email"], ["1", "c1", "Ana Novak", "ana@acme.si"],
                    ["2", "c2", "Bo Li", ""]]  # fmt: skip
    assert run("sql", ASK, "-f", "ids").lines == ["1", "2"]
    assert run("sql", ASK, "-f", "md").lines[0] == "| id | ref | name | email |"
    assert "Ana Novak" in run("sql", ASK, "-f", "table").out
    assert run("sql", ASK, "--fields", "name").lines == ["Ana Novak", "Bo Li"]


def test_parameters_and_stdin(run, people):
    by_name = ("SELECT ref FROM v_contact WHERE name = :name", "--param", "name=Bo Li")
    assert run("sql", *by_name).lines == ["c2"]
    assert run("sql", "-", "--param", "n=1", input="SELECT ref FROM v_contact\nWHERE id = :n;\n"
               ).lines == ["c1"]  # fmt: skip
    kinds = "SELECT typeof(:a), typeof(:b), typeof(:c), typeof(:d), typeof(:e)"
    given = [f"--param={word}" for word in ("a=5", "b=-2.5", "c=007", "d=", "e=1=2")]
    assert run("sql", kinds, *given).lines == ["integer\treal\ttext\ttext\ttext"]


def test_no_row_is_fine(run):
    assert run("sql", "SELECT * FROM v_deal").out == ""
    assert run("sql", "SELECT * FROM v_deal", "--json").json == []


def test_a_number_beyond_what_sqlite_holds_is_a_text(run):
    given = ("--param", f"a={2**63}", "--param", f"b={2**63 - 1}")
    assert run("sql", "SELECT typeof(:a), typeof(:b)", *given).lines == ["text\tinteger"]


def test_an_infinite_number_leaves_json_valid(run):
    assert run("sql", "SELECT 9e999 AS most, -9e999 AS least", "--json").json == [
        {"most": "inf", "least": "-inf"}
    ]


def test_bytes_and_figures_are_written(run):
    assert run("sql", "SELECT x'00ff' AS raw, 1.5 AS half, NULL AS none", "--json").json == [
        {"raw": "00ff", "half": 1.5, "none": None}
    ]


@pytest.mark.parametrize("form", ["table", "tsv", "csv", "md", "json"])
def test_hostile_values_and_names_are_harmless(run, form):
    out = run("sql", f"SELECT '{HOSTILE}' AS \"{HOSTILE}\"", "-f", form).out
    assert "\x1b" not in out
    assert "[/]" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["DELETE FROM contact"], "only reads"),
        (["SELECT * FROM v_deals"], "did you mean v_deal?"),
        (["SELECT :x"], "--param"),
        (["SELECT 1", "--param", "x"], "not a parameter: 'x'"),
        (["SELECT 1", "--param", "1=2"], "not a parameter"),
        (["SELECT name FROM v_contact", "-f", "ids"], "called id"),
        (["SELECT 1 AS a", "--fields", "b"], "unknown field 'b'"),
        (["SELECT 1 AS a", "-f", "xml"], "unknown format"),
        (["SELECT '\x1b[31m' FROM nowhere"], "no such table"),
    ],
)
def test_what_is_wrong_is_said_in_two_lines(refused, args, said):
    err = refused("sql", *args, code=2)
    assert said in err
    assert "\x1b" not in err


def test_the_plan_is_shown(run):
    (plan,) = run("sql", "SELECT * FROM contact WHERE id = 1", "--explain", "--json").json
    assert plan["detail"].startswith("SEARCH contact")


def test_a_missing_database_is_asked_and_not_made(run, database):
    assert run("sql", "SELECT count(*) AS n FROM v_contact").lines == ["0"]
    assert not database.exists()
