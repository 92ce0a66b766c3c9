"""`crm forecast`, the reports of sales, `crm goal`, `crm rate`: every format, the rows behind."""

import csv
import io
import json
import os
import shlex
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

# Now is Monday, 23 November 2026.
HOSTILE = "\x1b[31m[/]\u202eعلی王" + "x" * 200
REPORTS = ("sales", "funnel", "stages", "lost", "velocity", "leads", "slippage", "goals")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """Where the database of `some` is kept, once it is made."""
    return tmp_path_factory.mktemp("sales") / "crm.db"


@pytest.fixture
def some(run, database, kept, monkeypatch):
    """Open deals of two months, one late, one without a date, one won, one lost; a goal."""
    monkeypatch.setenv("CRM_CURRENCY", "EUR")
    if kept.exists():
        database.parent.mkdir(parents=True)
        shutil.copy(kept, database)
        return
    run("contact", "add", "Ana Novak", "--org", "Acme")
    deals = [
        "Pilot --amount 10000 --close 2026-12-24",
        "Fleet --amount 4000 --close 2027-01-10 --stage proposal",
        "Late --amount 100 --close 2026-12-01 --at 2026-10-01",
        "Undated --amount 300",
        "Won --amount 5000 --at 2026-10-01",
        "Lost --amount 7000 --at 2026-10-01",
    ]
    for words in deals:
        run("deal", "add", *shlex.split(words), "--for", "c1", "--owner", "me")
    run("deal", "edit", "d3", "--close", "2026-11-01")
    run("deal", "win", "d5")
    run("deal", "lose", "d6", "--reason", "price")
    run("goal", "set", "@me", "won_amount", "50k", "--quarter")
    shutil.copy(database, kept)


def numbers(text: str, format: str) -> list[list[str]]:
    """Give the figures of each line as texts, whatever the format."""
    if format == "csv":
        return [row[2:] for row in list(csv.reader(io.StringIO(text)))[1:]]
    return [line.split("\t")[2:] for line in text.splitlines()]


def test_the_forecast_by_month(run, some):
    assert run("forecast").lines == [
        "2026-11\tline\t0\t0.00 EUR\t0.00 EUR\t1\t5000.00 EUR\t5000.00 EUR",
        "2026-12\tline\t1\t10000.00 EUR\t1000.00 EUR\t0\t0.00 EUR\t1000.00 EUR",
        "2027-01\tline\t1\t4000.00 EUR\t2000.00 EUR\t0\t0.00 EUR\t2000.00 EUR",
        "\tlate\t1\t100.00 EUR\t10.00 EUR\t\t\t",
        "\tundated\t1\t300.00 EUR\t30.00 EUR\t\t\t",
        "\ttotal\t2\t14000.00 EUR\t3000.00 EUR\t1\t5000.00 EUR\t8000.00 EUR",
    ]


def test_csv_json_and_the_table_hold_the_same_numbers(run, some):
    run("rate", "set", "USD", "EUR", "0.92", "--on", "2026-01-01")
    run("deal", "add", "Abroad", "--amount", "USD 100", "--close", "2026-12-01", "--for", "c1")
    rows = run("forecast", "--csv").lines
    names = rows[0].split(",")
    found = [dict(zip(names, row, strict=True)) for row in csv.reader(rows[1:])]
    table = run("forecast", "-f", "table").lines[1:]
    for row, record, line in zip(found, run("forecast", "--json").json, table, strict=True):
        assert row["deals"] == str(record["deals"])
        for name in ("open", "weighted", "won", "total"):
            moneys = record[name] or []
            text = "; ".join(f"{money['amount']} {money['currency']}" for money in moneys)
            assert row[name] == text
            assert text in line
            base = record[f"{name}_base"]
            assert row[f"{name}_base"] == (f"{base['amount']} {base['currency']}" if base else "")
            assert row[f"{name}_base"] in line
    assert found[-1]["total_base"] == "8009.20 EUR"


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_the_same_in_every_format(run, some, report):
    rows = numbers(run("report", report, "--csv").out, "csv")
    assert rows
    assert rows == numbers(run("report", report, "-f", "tsv").out, "tsv")
    records = run("report", report, "--json").json
    assert records == [json.loads(line) for line in run("report", report, "-f", "jsonl").lines]
    assert len(records) == len(rows)
    shown = run("report", report, "-f", "table").lines
    assert len(shown) == len(rows) + 1
    for cells, line in zip(rows, shown[1:], strict=True):
        assert all(cell.replace("_", " ") in line.replace("_", " ") for cell in cells)
    assert len(run("report", report, "-f", "md").lines) == len(rows) + 2


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("forecast --explain month=2026-12", "d1"),
        ("forecast --explain part=late", "d3"),
        ("forecast --explain part=undated", "d4"),
        ("forecast --explain", "d1 d2 d5 d3 d4"),
        ("forecast --explain owner=ME,stage=lead", "d1"),
        ("forecast --explain category=commit", "d5"),
        ("forecast --explain month=1999-01", ""),
        ("report sales --explain", "d6 d5"),
        ("report lost --explain reason=Price", "d6"),
        ("report lost --explain competitor=none", "d6"),
        ("report funnel --explain stage=won", "d5"),
        ("report funnel --explain owner=me,stage=won", "d5"),
        ("report stages --explain stage=proposal", "d2"),
        ("report slippage --explain owner=me", "d3"),
        ("report goals --explain", "d5"),
        ("report goals --explain goal=1", "d5"),
        ("report goals --explain metric=won_amount,owner=me", "d5"),
    ],
)
def test_the_rows_behind(run, some, words, ids):
    found = run(*shlex.split(words), "--fields", "id").lines
    assert sorted(found) == sorted(ids.split())


def test_what_is_asked_for(run, some):
    def total(*words):
        return run("forecast", *words, "--json").json[-1]["deals"]

    assert total("-p", "this month") == 1
    assert total("--month", "--strict") == 0
    assert total("--quarter") == 2
    assert total("-p", "next quarter") == 1
    assert total("--since", "2027-01-01") == 1
    assert total("--until", "2026-12-31") == 2
    assert total("--since", "10 jan") == 1  # the next one, not the last
    assert total("stage:proposal") == 1
    assert total("--where", "amount.over:9000") == 1
    assert total("--pipeline", "sales") == 2
    assert total("--as-of", "2026-11-22") == 1  # the late one, which was to close in December


def test_of_contacts(run, some):
    run("contact", "move", "c1", "interest")
    rows = run("report", "funnel", "--of", "contacts", "--fields", "stage,reached").lines
    assert rows == ["Awareness\t1", "Interest\t1", "Decision\t0", "Action\t0"]
    explained = run("report", "funnel", "--of", "contacts", "--explain", "stage=interest")
    assert "Ana Novak" in explained.out
    assert run("report", "stages", "--of", "contacts").lines[1].startswith("Interest\t1\t")


def test_how_long_each_was_in_a_stage(run, some):
    words = ["report", "stages", "--explain", "stage=lead", "--fields", "id,fate,days,latest,age"]
    assert run(*words).lines[0] == "d1\tpending\t0.0\t\t0.0"
    assert run(*words).lines[-2:] == [
        "d5\tadvanced\t53.0\t53.0\t",
        "d6\tdropped\t53.0\t53.0\t",
    ]


def test_bars_and_shades_and_their_plain_form(run, some):
    out = run("forecast", "-f", "table", "--chart").out
    assert "█" in out
    heat = run("report", "sales", "--by", "owner,month", "-f", "table", "--chart", "--ascii")
    assert (heat.out + heat.err).isascii()
    assert "5000.00 EUR #" in heat.out
    assert "Share of the largest" in heat.err
    assert "█" not in run("forecast", "-f", "table").out
    assert "n/a" in run("report", "leads", "-f", "table").out


def test_names_are_hostile(run, some):
    run("deal", "edit", "d1", "--set", f"competitor={HOSTILE}")
    run("deal", "lose", "d1", "--reason", "timing")
    for words in (["-f", "table"], ["--csv"], ["--json"], ["-f", "md"], ["-f", "table", "--chart"]):
        out = run("report", "lost", "--by", "competitor,reason", *words).out
        assert "\x1b" not in out
        assert "علی王" in out


def test_a_terminal_shows_what_fits(run, some, home):
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "crmcli", "report", "sales"],
        dimensions=(24, 80),
        env={**os.environ, "TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
    )
    terminal.expect(pexpect.EOF)
    lines = terminal.before.splitlines()
    assert any("█" in line and "5000.00 EUR" in line for line in lines)
    assert "Median" not in terminal.before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("forecast --by colour", 2),
        ("forecast -p soon", 2),
        ("forecast --month --quarter", 2),
        ("forecast -f ids", 2),
        ("forecast --chart -f csv", 2),
        ("forecast --pipeline nowhere", 1),
        ("forecast --explain part=late,owner=me,reason=x", 2),
        ("report funnel --of cats", 2),
        ("report funnel -p 2026 --cohort 2025", 2),
        ("report stages --explain owner=me", 2),
        ("forecast --by owner,month --explain part=line", 2),
        ("report sales --as-of tomorrowish", 2),
        ("forecast --as-of 2026-11-24", 2),
        ("forecast --as-of 0001-01-01", 2),
        ("forecast --since 9999-12-31", 2),
        ("goal set @me won_amount 0 --month", 3),
        ("goal set @me won_count 1.5 --month", 3),
        ("goal set @me won_count x --month", 2),
        ("goal set @me happiness 9 --month", 2),
        ("goal set @me touches 9", 2),
        ("goal set @me touches 9 --month --quarter", 2),
        ("goal set @ touches 9 --month", 2),
        ("goal rm 9", 1),
        ("rate set USD USD 1", 2),
        ("rate set USD XXX 1", 2),
        ("rate set USD EUR 0", 3),
        ("rate set USD EUR --on 2026-01-01", 2),
        ("rate rm USD EUR", 1),
    ],
)
def test_what_is_wrong_is_refused(refused, some, words, code):
    refused(*shlex.split(words), code=code)


def test_rates(run):
    assert "No rate yet" in run("rate").err
    run("rate", "set", "usd", "eur", "0,92", "--on", "1.1.2026")
    run("rate", "set", "USD", "EUR", "0.95")
    assert run("rate").lines == ["USD\t0.92\tEUR\t2026-01-01", "USD\t0.95\tEUR\t2026-11-23"]
    assert run("rate", "set", "USD", "EUR", "0.96", "--json").json["rate"] == "0.96"
    assert run("rate", "rm", "USD", "EUR", "--on", "2026-01-01", "--json").json == {"removed": 1}
    run("undo")
    assert len(run("rate").lines) == 2
    run("rate", "rm", "USD", "EUR")
    assert run("rate").lines == []


def test_goals(run, monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "JPY")
    assert "No goal yet" in run("goal").err
    assert run("goal", "set", "@me", "won_amount", "50k", "--quarter").lines == ["1"]
    assert run("goal", "set", "Team", "touches", "1 000", "-p", "2026").lines == ["2"]
    assert run("goal", "set", "me", "won_amount", "60k", "--quarter").lines == ["1"]
    assert run("goal").lines == [
        "2\tteam\ttouches\t1000\t2026-01-01\t2026-12-31",
        "1\tme\twon_amount\t60000 JPY\t2026-10-01\t2026-12-31",
    ]
    assert run("goal", "rm", "2", "--json").json["owner"] == "team"
    run("undo")
    assert len(run("goal").lines) == 2


def test_goals_of_several_kinds_are_explained_one_by_one(run, refused, some):
    run("goal", "set", "team", "touches", "4", "--month")
    assert "choose a line" in refused("report", "goals", "--explain", code=2)
    assert run("report", "goals", "--explain", "goal=1", "--fields", "id").lines == ["d5"]


def test_how_much_of_a_goal_is_reached_is_seen_at_any_width(run, ana, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    run("goal", "set", "me", "won_amount", "USD 500000", "--quarter")
    for amount in ("EUR 123456.78", "USD 5000", "JPY 700"):
        run("deal", "win", run("deal", "add", amount, "--for", ana, "--amount", amount).out.strip())
    table = run("report", "goals", "-f", "table").out
    assert "Reached %" in table
    assert "2026-10-01  2026-12-31" in table
    assert "…" not in table


def test_a_touch_counts_for_a_goal(run, ana):
    run("goal", "set", "team", "touches", "4", "--month")
    run("log", "call", "c1", "one")
    (goal,) = run("report", "goals", "--json").json
    assert (goal["actual"], goal["attainment"], goal["elapsed"]) == (1, 25.0, 76.7)
    assert "one" in run("report", "goals", "--explain").out
