"""Questions in SQL: nothing is written, whatever is asked."""

import sqlite3

import pytest

from crmcli.errors import UsageError
from crmcli.store.ask import ask


def asked(crm, query, **values):
    answer = ask(crm.conn, query, values)
    return answer.names, list(answer.rows)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM contact",
        "WITH one AS (SELECT 1) INSERT INTO contact (display_name) SELECT 'x' FROM one",
        "INSERT INTO contact (display_name) VALUES ('x') RETURNING id",
        "UPDATE contact SET note = 'x'",
        "REPLACE INTO contact (id) VALUES (1)",
        "DROP TABLE contact",
        "CREATE TABLE t (a)",
        "CREATE TEMP TABLE t (a)",
        "CREATE VIEW t AS SELECT 1",
        "ALTER TABLE contact ADD COLUMN x",
        "ATTACH ':memory:' AS other",
        "ATTACH '/tmp/other.db' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO '/tmp/copy.db'",
        "REINDEX",
        "ANALYZE",
        "BEGIN IMMEDIATE",
        "COMMIT",
        "SAVEPOINT a",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 9",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA foreign_keys",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "SELECT load_extension('x')",
        "SELECT Readfile('/etc/passwd')",
        "SELECT fts3_tokenizer('x')",
        "INSERT INTO search_text (search_text) VALUES ('rebuild')",
        "SELECT 1; DELETE FROM contact",
        "SELECT 1; SELECT 2",
        "EXPLAIN DELETE FROM contact",
        "",
        " -- nothing",
        "SELECT",
        "SELECT * FROM nowhere",
        "SELECT nothing FROM v_contact",
        "SELECT :missing",
        "SELECT '\0'",
        "SELECT abs(-9223372036854775808)",
        "SELECT json('{')",
        "SELECT zeroblob(1000000000)",
        "(" * 2000,
    ],
)
def test_what_does_not_read_is_refused_and_changes_nothing(crm, query):
    crm.contact("Ana")
    before = crm.dump()
    schema = crm.all("SELECT sql FROM sqlite_master")
    crm.store.close()
    with pytest.raises(UsageError) as caught:
        asked(crm, query)
    assert "\n" not in caught.value.message
    crm.store.close()
    assert crm.dump() == before
    assert crm.all("SELECT sql FROM sqlite_master") == schema


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT name FROM v_contact", [("Ana",)]),
        ("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 3)"
         " SELECT max(x) FROM n", [(3,)]),
        ("VALUES (1), (2)", [(1,), (2,)]),
        ("SELECT 'a;b' -- one; statement", [("a;b",)]),
        ("SELECT count(*) FROM search_text WHERE search_text MATCH 'ana'", [(1,)]),
        ("SELECT fold('ČEBELA')", [("cebela",)]),
        ("SELECT value FROM json_each('[7, 8]')", [(7,), (8,)]),
        ("PRAGMA user_version", [(4,)]),
        ("PRAGMA index_list(rate)", [(0, "ux_rate", 1, "c", 0)]),
        ("SELECT CAST(x'ff41' AS TEXT)", [("\ufffdA",)]),
    ],
)  # fmt: skip
def test_what_reads_is_answered(crm, query, rows):
    crm.contact("Ana")
    assert asked(crm, query)[1] == rows


def test_an_answer_nobody_reads_to_its_end_is_left_in_silence(crm):
    rows = ask(crm.conn, "VALUES (1), (2)", {}).rows
    next(rows)
    crm.store.close()
    rows.close()


def test_every_column_has_a_name_of_its_own(crm):
    names, _ = asked(crm, 'SELECT 1 AS id, 2 AS id, 3 AS id_2, 4 AS "", 5 AS "a\nb"')
    assert names == ("id", "id_2", "id_2_2", "column_4", "a b")


def test_the_place_of_an_error_is_told_when_it_is_plain(crm):
    with pytest.raises(UsageError, match=r"nonsense \(line 2, column 3\)"):
        asked(crm, "SELECT name,\n  nonsense FROM v_contact")
    with pytest.raises(UsageError, match=r"no such column: x$"):
        asked(crm, "SELECT x, x FROM v_contact")
    with pytest.raises(UsageError) as caught:
        asked(crm, "SELECT * FROM v_dael")
    assert caught.value.hint == "did you mean v_deal?"


def test_a_question_without_end_can_be_broken_off(crm, monkeypatch):
    """SQLite says `interrupted` when Python was interrupted between two of its steps."""
    looks = 0

    def go_on():
        nonlocal looks
        looks += 1
        raise KeyboardInterrupt

    monkeypatch.setattr("crmcli.store.ask._go_on", go_on)
    query = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    with pytest.raises(KeyboardInterrupt):
        asked(crm, query)
    assert looks == 1


def test_a_damaged_database_is_told_as_such(crm):
    class Damaged:
        def __getattr__(self, name):
            return lambda *args: None

        def execute(self, query, values=()):
            error = sqlite3.DatabaseError("database disk image is malformed")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error

    with pytest.raises(sqlite3.DatabaseError):
        ask(Damaged(), "SELECT 1", {})
