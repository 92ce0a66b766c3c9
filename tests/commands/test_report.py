"""`crm report`: activity and feedback, in every format, with the rows behind."""

import json
import os
import shlex
import sys

import pexpect
import pytest
from rich.cells import cell_len


@pytest.fixture
def some(run, bo):
    """Calls, a meeting, a note and feedback in November, a call in October; Ana and Bo."""
    logs = [
        ("call", "c1", "--at", "2026-11-20 10:00", "--dur", "10", "one"),
        ("call", "c2", "--at", "2026-11-19 11:00", "--outcome", "no-answer", "two"),
        ("meeting", "c1", "--with", "c2", "--at", "2026-11-18 10:00", "--dur", "1h", "three"),
        ("note", "c1", "--at", "2026-11-18 12:00", "four"),
        ("call", "c1", "--at", "2026-10-05 10:00", "five"),
        ("feedback", "c2", "--at", "2026-11-17 09:00", "too dear"),
    ]
    for kind, who, *rest in logs:
        run("log", kind, who, *rest)


def test_bare_report_lists_the_reports(run):
    names = ["activity", "feedback", "sales", "funnel", "stages", "lost", "velocity", "leads"]
    names += ["slippage", "goals"]
    assert [line.split("\t")[0] for line in run("report").lines] == names
    assert run("report", "list", "-f", "ids").lines == names


def test_a_line_for_each_kind(run, some):
    assert run("report", "activity").lines == [
        "call\t3\t2\t1\t1\t10",
        "feedback\t1\t1\t0\t1\t0",
        "meeting\t1\t1\t0\t2\t60",
        "note\t1\t0\t1\t0\t0",
    ]


def test_json_has_names(run, some):
    first = run("report", "activity", "--by", "kind,month", "--json").json[0]
    assert first == {
        "kind": "call",
        "month": "2026-10",
        "interactions": 1,
        "touches": 1,
        "others": 0,
        "people": 1,
        "minutes": 0,
    }


@pytest.mark.parametrize("format", ["tsv", "csv", "json", "jsonl", "md"])
def test_every_format_holds_every_cell(run, some, format):
    out = run("report", "activity", "--by", "org,kind", "-f", format).out
    assert out.count("Acme") == 3  # calls, the meeting, the note
    assert "Total" not in out


def test_fields_choose_figures(run, some):
    assert run("report", "activity", "--fields", "kind,people").lines[0] == "call\t1"


@pytest.mark.parametrize(
    ("words", "total"),
    [
        ([], 6),
        (["-p", "this month"], 5),
        (["-p", "2026-10"], 1),
        (["-p", "last 4 days"], 1),
        (["--since", "2026-11-18"], 4),
        (["--since", "4d"], 2),
        (["--until", "2026-10"], 1),
        (["--since", "2026-11", "--until", "2026-11-18"], 3),
        (["--as-of", "2026-11-18", "-p", "this month"], 3),
        (["--as-of", "2026-11-18"], 4),
        (["-p", "all"], 6),
        (["-p", "2025"], 0),
    ],
)
def test_periods(run, some, words, total):
    rows = run("report", "activity", *words, "--json").json
    assert sum(row["interactions"] for row in rows) == total
    assert len(run("report", "activity", *words, "--explain").lines) == total


def test_days_are_the_users(run, some, monkeypatch):
    run("log", "call", "c1", "--at", "2026-11-21 00:30", "late")
    assert "2026-11-21" in run("report", "activity", "--by", "day").out
    monkeypatch.setenv("CRM_TIMEZONE", "America/New_York")
    assert "2026-11-21" not in run("report", "activity", "--by", "day").out


def test_a_table_ends_with_the_whole(run, some):
    result = run("report", "activity", "-f", "table")
    assert result.err == "Activity, Wed 26 Aug 2026 to Mon 23 Nov 2026\n"
    head, *_, total = result.lines
    assert head.split() == ["Kind", "Interactions", "Touches", "Others", "People", "Minutes"]
    assert total.split() == ["Total", "6", "4", "2", "2", "70"]
    assert "█" not in result.out


def test_times_between_are_in_the_table(run, some):
    out = run("report", "activity", "--by", "day", "-f", "table").out
    assert "2026-10-31  " in out
    assert [line[:3] for line in run("report", "activity", "--by", "weekday", "-f", "table").lines][
        1:8
    ] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def test_two_dimensions_are_rows_and_columns(run, some):
    result = run("report", "activity", "--by", "kind,month", "-f", "table")
    assert [line.split() for line in result.lines] == [
        ["Kind", "2026-10", "2026-11", "Total"],
        ["call", "1", "2", "3"],
        ["feedback", "-", "1", "1"],
        ["meeting", "-", "1", "1"],
        ["note", "-", "1", "1"],
        ["Total", "1", "5", "6"],
    ]


def test_another_figure_in_the_table(run, some):
    words = ["--by", "kind,month", "-f", "table", "--measure", "people"]
    total = run("report", "activity", *words).lines[-1]
    assert total.split() == ["Total", "1", "2", "2"]


def test_charts_and_their_ascii_form(run, some):
    lines = run("report", "activity", "-f", "table", "--chart").lines
    assert lines[1].endswith("█" * 30)
    assert lines[2].endswith(" " + "█" * 10)
    out = run("report", "activity", "-f", "table", "--chart", "--ascii").out
    assert out.isascii()
    assert "#" * 30 in out
    grid = run("report", "activity", "--by", "kind,weekday", "-f", "table", "--chart")
    assert "1 █" in grid.out
    assert "Share of the largest" in grid.err
    plain = run("report", "activity", "--by", "kind,weekday", "-f", "table", "--chart", "--ascii")
    assert (plain.out + plain.err).isascii()


def test_several_labels_are_explained(run, some):
    run("contact", "edit", "c1", "-t", "fair")
    result = run("report", "activity", "--by", "tag", "-f", "table")
    assert "counts in each of them, and once in the total" in result.err
    assert result.lines[-1].split()[:2] == ["Total", "6"]


def test_nothing_is_said_and_is_no_error(run, some, database):
    result = run("report", "activity", "-p", "2019", "-f", "table")
    assert result.out == ""
    assert "nothing was logged" in result.err
    assert run("report", "activity", "-p", "2019", "--json").json == []
    assert run("report", "feedback", "-p", "2019").out == ""


def test_without_a_database_there_is_nothing(run, database):
    assert run("report", "activity").out == ""
    assert run("report", "activity", "--explain", "--json").json == []
    assert not database.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["kind:call"], ["i1", "i2", "i5"]),
        (["kind:call", "outcome:no-answer"], ["i2"]),
        (["--where", "kind:note or kind:feedback"], ["i4", "i6"]),
        (["kind:call", "--where", "at.before:2026-11-01"], ["i5"]),
        (["contact.tag:vip", "kind:meeting"], ["i3"]),
        (["dear"], ["i6"]),
        (["org:nobody"], []),
    ],
)
def test_filters_narrow_reports_and_their_rows(run, some, words, expected):
    rows = run("report", "activity", *words, "--explain", "-f", "ids").lines
    assert sorted(rows) == expected
    cells = run("report", "activity", *words, "--by", "day", "--json").json
    assert sum(cell["interactions"] for cell in cells) == len(expected)


def test_a_bad_filter_is_refused(run, some):
    assert "no field 'colour'" in run("report", "activity", "colour:red", code=2).err


def test_explain_gives_the_rows_behind(run, some):
    rows = run("report", "activity", "--explain", "kind=call,month=2026-11", "--json").json
    assert [row["id"] for row in rows] == ["i1", "i2"]
    assert {row["body"] for row in rows} == {"one", "two"}
    assert run("report", "activity", "--explain", "-f", "ids").lines == [
        *("i1", "i2", "i4", "i3", "i6", "i5")
    ]
    assert run("report", "activity", "--explain", "weekday=Wednesday", "-f", "ids").lines == [
        *("i4", "i3")
    ]
    assert run("report", "activity", "--explain=outcome=none,kind=call", "-f", "ids").lines == [
        *("i1", "i5")
    ]
    assert run("report", "activity", "--explain", "--json", "-p", "2026-10").json[0]["id"] == "i5"


def test_explain_takes_names_with_commas(run, some):
    run("contact", "add", "Cy", "--org", "Foo, Bar = Baz")
    run("log", "call", "c3", "hello")
    for org in ("Foo, Bar = Baz", "foo, bar = baz"):
        words = ["report", "activity", "--explain", f"org={org},kind=call", "-f", "ids"]
        assert run(*words).lines == ["i7"]


def test_every_cell_is_explained_by_as_many_rows(run, some):
    for row in run("report", "activity", "--by", "kind,org", "--json").json:
        cell = f"kind={row['kind']},org={row['org'] or 'none'}"
        assert len(run("report", "activity", "--explain", cell).lines) == row["interactions"]


def test_feedback_by_its_tags(run, some):
    assert run("report", "feedback").lines == ["\t1\t1"]
    assert run("report", "feedback", "--json").json == [{"tag": None, "feedback": 1, "people": 1}]
    assert run("report", "feedback", "--by", "owner,month").lines == ["me\t2026-11\t1\t1"]
    assert run("report", "feedback", "--explain", "tag=none", "-f", "ids").lines == ["i6"]
    assert run("report", "feedback", "-f", "table").lines[-1].split() == ["Total", "1", "1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "colour"], "cannot count by 'colour'"),
        (["--by", ""], "at least one thing"),
        (["-p", "soon"], "not a period"),
        (["-p", "2026", "--since", "3d"], "exclude one another"),
        (["--since", "x"], "not a date"),
        (["--since", "2026-11-20", "--until", "2026-11-01"], "before it begins"),
        (["--as-of", "2026-01-01", "--since", "2026-05-01"], "before it begins"),
        (["--measure", "money"], "no figure 'money'"),
        (["--chart"], "--chart draws in a table"),
        (["-f", "ids"], "a report has no ids"),
        (["--explain", "colour=red"], "cannot count by 'colour'"),
        (["--explain", "x="], "cannot count by 'x'"),
        (["--until", "9999-12-31"], "beyond what can be stored"),
        (["--fields", "x"], "unknown field 'x'"),
    ],
)
def test_refusals(refused, some, words, said):
    assert said in refused("report", "activity", *words, code=2)


def test_feedback_has_its_own_figures(refused, some):
    assert "no figure 'minutes'" in refused("report", "feedback", "--measure", "minutes", code=2)


HOSTILE = "\x1b[31m[bold]x[/bold]\u202e|\t=1+1"


@pytest.mark.parametrize("words", [["--by", "org"], ["--by", "org,kind"], ["--by", "kind,org"]])
@pytest.mark.parametrize("format", ["table", "tsv", "csv", "md", "json"])
def test_hostile_names_stay_text(run, store, words, format):
    import sqlite3
    from contextlib import closing

    run("contact", "add", "Ana", "--org", "Acme")
    run("log", "call", "c1", "x")
    with closing(sqlite3.connect(store.path)) as conn, conn:
        conn.execute("UPDATE org SET name = ?", (HOSTILE,))
    result = run("report", "activity", *words, "-f", format)
    assert "\x1b" not in result.out + result.err
    assert "\u202e" not in result.out
    if format == "json":
        assert json.loads(result.out)[0]["org"] == HOSTILE
    elif format == "table":
        assert "[bold]x[/bold]" in result.out


def test_wide_names_keep_columns_aligned(run):
    for number, org in enumerate(("北京科技有限公司", "Acme", "Ժ" * 40), 1):
        run("contact", "add", f"Person {number}", "--org", org)
        run("log", "call", f"c{number}", "x")
    lines = run("report", "activity", "--by", "org", "-f", "table").lines
    assert len({cell_len(line) for line in lines}) == 1
    grid = run("report", "activity", "--by", "kind,org", "-f", "table").lines
    assert len({cell_len(line) for line in grid}) == 1


@pytest.fixture
def terminal(home):
    """Run `crm` at a terminal of 80 columns; give what it shows."""

    def terminal(*words: str) -> list[str]:
        env = {**os.environ, "TERM": "xterm", "PAGER": "cat", "NO_COLOR": "1"}
        out = pexpect.run(
            shlex.join([sys.executable, "-m", "crmcli", *words]),
            env=env,
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=30,
        )
        return out.replace("\r\n", "\n").splitlines()

    return terminal


@pytest.mark.parametrize(
    ("by", "signs"),
    [("kind", "█"), ("org", "█"), ("weekday,hour", "░▒▓"), ("kind,day", "░▒▓"), ("org,tag", "█▓")],
)
def test_everything_fits_a_terminal(terminal, run, some, by, signs):
    run("contact", "add", "Cy", "--org", "北京" * 30, "-t", "x" * 50)
    run("log", "call", "c3", "x")
    lines = terminal("report", "activity", "--by", by)
    assert max(map(cell_len, lines)) <= 80
    assert any(sign in line for line in lines for sign in signs)
    (total,) = (line for line in lines if line.startswith("Total"))
    assert "7" in total.split()


def test_more_than_two_things_give_a_line_for_each_cell(run, ana):
    run("log", "call", "c1", "hi", "--at", "2026-11-20")
    run("log", "call", "c1", "tried", "--at", "2026-11-21", "--outcome", "busy")
    by = "kind,weekday,month,owner,outcome"
    assert [line.split("\t")[:6] for line in run("report", "activity", "--by", by).lines] == [
        ["call", "fri", "2026-11", "me", "", "1"],
        ["call", "sat", "2026-11", "me", "busy", "1"],
    ]
    table = run("report", "activity", "--by", by, "-f", "table").out
    assert [line.split()[0] for line in table.splitlines()] == ["Kind", "call", "call", "Total"]
