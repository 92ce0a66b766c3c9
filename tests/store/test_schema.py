"""The schema is what the models say, and every named SQL constant fits it."""

import ast
import importlib
import itertools
import pkgutil
import re
import sqlite3
import string
from pathlib import Path

import pytest

from crmcli.store import db, dialect, schema, sql
from crmcli.store.tables import COLUMNS

STORE = Path(schema.__file__).parent
MODULES = [
    importlib.import_module(f"{sql.__name__}.{m.name}") for m in pkgutil.iter_modules(sql.__path__)
]

STATEMENTS = {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "PRAGMA", "SAVEPOINT", "DROP"}


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    return db.connect_empty()


def test_schema_sql_is_what_the_models_give():
    assert (STORE / "schema.sql").read_text(encoding="utf-8") == schema.build_schema()


def test_tables_py_is_what_the_models_give():
    assert (STORE / "tables.py").read_text(encoding="utf-8") == schema.build_tables()


def test_every_journalled_table_has_its_three_triggers_and_deals_have_guards(conn):
    found = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type='trigger'")}
    assert found == {name for name, _ in dialect.all_triggers(COLUMNS)}
    assert len(found) == 1 + 3 * len(set(COLUMNS) - dialect.UNJOURNALED) + len(dialect.GUARDS)


def test_no_table_or_column_is_a_reserved_word_of_postgresql():
    reserved = {"user", "end", "table", "row", "order", "group", "check", "default", "limit"}
    assert not reserved & {*COLUMNS, *(name for names in COLUMNS.values() for name in names)}


def test_every_table_has_an_id_that_is_never_used_again(conn):
    for table in set(COLUMNS) - {"journal_state"}:
        (ddl,) = conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        assert "PRIMARY KEY AUTOINCREMENT" in ddl, table


def statements(value: object) -> list[str]:
    """Give the texts of a constant: itself, or those of a tuple or dict."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in statements(item)]
    if isinstance(value, tuple | list):
        return [text for item in value for text in statements(item)]
    return []


def templates(module) -> list[str]:
    """Give every SQL statement of a module, its {where} and {order} filled each possible way."""
    names = [name for name in vars(module) if name.isupper() and name[0] != "_"]
    found = [text for name in names for text in statements(getattr(module, name))]
    found = [
        text for text in found if STATEMENTS.intersection(text.split()[:1])
    ]  # the others are parts
    return [filled for text in found for filled in fill(text, module)]


def fill(text: str, module) -> list[str]:
    for name in ("ids", "nouns", "keys"):
        text = text.replace(f"({{{name}}})", "(:p0, :p1)")
    if "{labels}" in text or "{names}" in text:  # figures of deals
        text = text.replace("{labels}", "").replace("{names}", "").replace("{source}", "deal")
    fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    if not fields:
        return [text.replace("{{", "{").replace("}}", "}")]
    if "state" in fields:
        return [
            text.format(state=state, where="", part=part, order=order, join=join)
            for state in module.STATES.values()
            for part, order, join in module.PARTS.values()
        ]
    words = {
        "trash": ("", "NOT"),
        "order": [
            order.format(way=way)
            for order in getattr(module, "ORDER", {}).values()
            for way in ("ASC", "DESC")
        ],
        "noun": ("contact", "org"),
        "table": tuple(set(COLUMNS) - dialect.UNJOURNALED),
        "way": ("ASC", "DESC"),
        "source": ("deal",),
        "where": ("TRUE",) if "AND {where}" in text else ("",),
    }
    each = [[(field, word) for word in words.get(field, ("",))] for field in sorted(fields)]
    return [text.format(**dict(chosen)) for chosen in itertools.product(*each)]


def parameters(text: str) -> dict[str, int | str] | list[int]:
    if "?" in text:
        return [1] * text.count("?")
    return {**dict.fromkeys(re.findall(r":(\w+)", text), 1), "path": '$."key"'}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_every_constant_can_be_prepared(conn, module):
    found = templates(module)
    assert found
    for text in found:
        conn.execute(f"EXPLAIN {text}", parameters(text)).fetchall()


@pytest.mark.parametrize(
    "text",
    [
        dialect.INDEX_DOC,
        dialect.UNINDEX_DOC,
        dialect.REBUILD_FULL_TEXT,
        dialect.CHECK_FULL_TEXT,
        *(dialect.CUSTOM_KEYS.format(noun=noun) for noun in ("contact", "org")),
        *(dialect.CUSTOM_USED.format(noun=noun) for noun in ("contact", "org")),
        dialect.CUSTOM_HOLDERS.format(noun="contact", name="display_name"),
        *(dialect.CUSTOM_HOLDERS.format(noun=noun, name="name") for noun in ("org", "deal")),
        *(dialect.record_history(noun) for noun in ("contact", "org", "task", "interaction")),
    ],
)
def test_every_constant_of_the_dialect_can_be_prepared(conn, text):
    conn.execute(f"EXPLAIN {text}", parameters(text)).fetchall()


@pytest.mark.parametrize("table", sorted(set(COLUMNS) - dialect.UNJOURNALED))
def test_foreign_keys_are_declared_to_known_tables(conn, table):
    rows = conn.execute(dialect.FOREIGN_KEYS.format(table=table)).fetchall()
    assert {row[2] for row in rows} <= set(COLUMNS)


def plan(conn, text: str) -> str:
    rows = conn.execute(f"EXPLAIN QUERY PLAN {text}", parameters(text))
    return "\n".join(row[3] for row in rows)


def listing(noun: str, where: str = "", order: str = "name", way: str = "ASC") -> str:
    module = importlib.import_module(f"{sql.__name__}.{noun}")
    return module.LIST.format(
        trash="",
        where=where,
        order=module.ORDER[order].format(way=way),
    )


def constant(name: str) -> str:
    module, _, key = name.partition(".")
    return getattr(importlib.import_module(f"{sql.__name__}.{module}"), key)


# What a million records may not make slow: the query, its index, and that nothing is sorted.
PLANS = [
    (constant("due.TASKS"), "ix_task_due", False),
    (constant("due.DATES_BETWEEN"), "ix_important_date_day", False),
    (constant("due.DATES_LED"), "ix_important_date_led", False),
    (constant("due.LONGEST_LEAD"), "ix_important_date_lead", True),
    (constant("due.TOUCHES_DUE"), "ix_contact_next", False),
    (constant("due.PAUSED"), "ix_contact_next", True),
    (constant("touch.UNANSWERED"), "ix_contact_unanswered", True),
    (constant("touch.SUGGESTED")["common", "touched"], "ix_contact_touch", True),
    (constant("touch.SUGGESTED")["none", "touched"], "ix_contact_touch", True),
    (constant("task.NEXT_OF"), "ux_task_series", True),
    (constant("due.HIDDEN"), "ix_task_due", True),
    (listing("contact"), "ix_contact_name", True),
    (listing("contact", way="DESC"), "ix_contact_name", True),
    (listing("contact", order="last_touch"), "ix_contact_touch", True),
    (listing("contact", order="created"), "ix_contact_created", True),
    (listing("task", f"AND {constant('task.OPEN')}", "due"), "ix_task_due", False),
    (listing("org"), "ix_org_name", True),
    (listing("interaction", order="occurred_at", way="DESC"), "ix_interaction_time", True),
    (constant("contact.TIMELINE"), "ux_interaction_contact", False),
    (constant("duplicate.HOLDERS")["contact"], "ix_channel_lookup", True),
    (constant("duplicate.HOLDERS")["org"], "ix_channel_lookup", True),
    (constant("duplicate.COLLEAGUES"), "ix_employment_org", True),
    (constant("duplicate.NAMESAKES"), "ix_contact_name", True),
    (constant("duplicate.ORGS_AT"), "ix_org_domain", True),
    (constant("duplicate.ORGS_CALLED"), "ix_org_name", True),
    (constant("duplicate.KEPT_FROM")["contact"], "ux_kept_separate_contact", False),
    (constant("duplicate.KEPT_FROM")["org"], "ux_kept_separate_org", False),
    (constant("org.TIMELINE"), "ix_interaction_org", False),
    (constant("org.BY_NAME"), "ix_org_name", True),
    (constant("org.PEOPLE"), "ix_employment_org", False),
    (constant("search.BY_CHANNEL"), "ix_channel_lookup", False),
    (constant("search.BY_NAME")["contact"], "ix_contact_name", True),
    (constant("task.DUE_OF"), "ix_task_", False),
    (constant("journal.CHANGES"), "ix_change_group", True),
    (constant("journal.LATER"), "ix_change_row", False),
    (constant("derive.HANDLES_OF"), "ix_handle_", False),
]


@pytest.mark.parametrize(("text", "index", "presorted"), PLANS)
def test_hot_queries_use_their_index(conn, text, index, presorted):
    found = plan(conn, text)
    first = found.splitlines()[0]
    assert index in found
    assert not re.search(r"^SCAN (?!.*USING)", first), found
    if presorted:
        assert "TEMP B-TREE" not in found


def test_a_handle_is_found_by_its_unique_name(conn):
    assert "sqlite_autoindex_handle" in plan(conn, constant("search.BY_HANDLE"))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO contact (uid, display_name, name_norm, created_at, updated_at)"
        " VALUES ('u', ' ', '', '', '')",
        "INSERT INTO contact"
        " (uid, display_name, name_norm, lifecycle_stage, created_at, updated_at)"
        " VALUES ('u', 'A', 'a', 'boss', '', '')",
        "INSERT INTO channel (kind, value, value_norm) VALUES ('email', 'a@b.si', 'a@b.si')",
        "INSERT INTO channel (contact_id, org_id, kind, value, value_norm)"
        " VALUES (1, 1, 'email', 'a@b.si', 'a@b.si')",
        "INSERT INTO channel (contact_id, kind, value, value_norm) VALUES (1, 'phone', '1', '040')",
        "INSERT INTO channel (contact_id, kind, value, value_norm) VALUES (1, 'fax', '1', '1')",
        "INSERT INTO task (uid, title, due_time, created_at, updated_at)"
        " VALUES ('u', 'A', '09:00', '', '')",
        "INSERT INTO task (uid, title, status, created_at, updated_at)"
        " VALUES ('u', 'A', 'completed', '', '')",
        "INSERT INTO task (uid, title, priority, created_at, updated_at)"
        " VALUES ('u', 'A', 10, '', '')",
        "INSERT INTO handle (name) VALUES ('ana')",
        "INSERT INTO important_date (contact_id, kind, month, day) VALUES (1, 'b', 13, 1)",
        "INSERT INTO journal_state (id) VALUES (2)",
    ],
)
def test_check_constraints_are_the_last_wall(conn, statement):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        conn.execute(statement)


def test_sql_modules_hold_only_constants():
    for module in MODULES:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        kinds = {type(node) for node in tree.body}
        assert kinds <= {ast.Expr, ast.Assign, ast.AnnAssign}, module.__name__
