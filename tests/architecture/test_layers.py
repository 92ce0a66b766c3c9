"""The arrows between the layers only point down; the rules of docs/architecture, read from code."""

import ast
import re
from pathlib import Path

import pytest

import crmcli

ROOT = Path(crmcli.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
NAMES = {path: ".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in FILES}
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
PLAIN = ("clock", "columns", "config", "dates", "errors", "files", "text")


def imports(path: Path) -> set[str]:
    """Give all that a module imports, at its head or inside a function, type checking left out."""
    found = set()
    skipped = {
        id(node)
        for branch in ast.walk(TREES[path])
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(TREES[path]):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{NAMES[path]} imports relatively"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def below(*folders: str) -> list[Path]:
    """Give the modules of these folders or files of the package."""
    tops = {path: path.relative_to(ROOT).parts[0].removesuffix(".py") for path in FILES}
    return [path for path in FILES if tops[path] in folders]


def offenders(paths: list[Path], *forbidden: str) -> dict[str, set[str]]:
    pattern = re.compile(rf"({'|'.join(forbidden)})(\.|$)")
    found = {NAMES[path]: {name for name in imports(path) if pattern.match(name)} for path in paths}
    return {name: wrong for name, wrong in found.items() if wrong}


SCREENS = [f"crmcli.{name}" for name in ("commands", "cli", "tui", "hot", "fast")]
FRONT = [*SCREENS, "crmcli.service", "crmcli.context", "crmcli.render"]
ALLOWED = [ROOT / "store/upgrade.py"]  # puts its backup where the configuration has backups


@pytest.mark.parametrize(
    ("layer", "forbidden"),
    [
        (PLAIN, [*FRONT, "crmcli.store", "crmcli.rules", "crmcli.interchange"]),
        (("rules",), [*FRONT, "crmcli.store", "crmcli.interchange", "crmcli.config", "sqlite3"]),
        (("store",), [*FRONT, "crmcli.interchange", "crmcli.config"]),
        (("interchange",), [*FRONT, "crmcli.store", "sqlite3"]),
        (("render",), ["crmcli.store", "crmcli.rules", "crmcli.commands", "sqlite3"]),
        (("commands",), ["sqlite3", "sqlmodel", "sqlalchemy"]),
        (("service",), [*SCREENS, "typer", "rich", "textual", "sqlite3", "sqlmodel", "sqlalchemy"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_arrows_point_down(layer, forbidden):
    paths = [path for path in below(*layer) if path not in ALLOWED]
    assert paths
    assert offenders(paths, *forbidden) == {}


def test_sql_modules_import_nothing():
    paths = [path for path in FILES if path.parent.name == "sql"]
    assert len(paths) > 5
    assert {NAMES[path]: imports(path) for path in paths if imports(path)} == {}


def test_errors_and_the_dialect_import_nothing():
    assert imports(ROOT / "errors.py") == set()
    assert imports(ROOT / "store/dialect.py") == set()


def test_only_the_models_the_generator_and_the_session_know_sqlmodel():
    found = offenders(FILES, "sqlmodel", "sqlalchemy", "pydantic")
    homes = (
        *("crmcli.store.models", "crmcli.store.schema", "crmcli.store.unit"),
        *("crmcli.store.upgrade", "crmcli.store.migrations"),
    )
    assert [name for name in found if not name.startswith(homes)] == []


def test_only_db_connects():
    calls = {
        NAMES[path]
        for path in FILES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute)
        and node.attr == "connect"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sqlite3"
    }
    assert calls == {"crmcli.store.db"}


SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s+\w"
    r"|CREATE\s+(TABLE|INDEX|TRIGGER|VIRTUAL)\s|BEGIN\s+IMMEDIATE)",
    re.DOTALL,
)


def test_sql_lives_in_the_store():
    found = [
        f"{NAMES[path]}:{node.lineno}"
        for path in FILES
        if path not in below("store")
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert found == []


def test_the_search_for_sql_would_find_it():
    assert SQL.match("SELECT id FROM contact")
    assert SQL.match("\nUPDATE contact SET name = 1")
    assert not SQL.match("Update crm to the newest version")


def test_printing_lives_in_render():
    found = {
        NAMES[path]
        for path in FILES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert found <= {"crmcli.render"}


@pytest.mark.parametrize("word", ["now", "utcnow", "today"])
def test_only_the_clock_asks_the_time(word):
    found = {
        NAMES[path]
        for path in FILES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute)
        and node.attr == word
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    }
    assert found <= {"crmcli.clock"}


@pytest.mark.parametrize("path", FILES, ids=NAMES.get)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(TREES[path])


def test_every_noun_has_its_stem_in_each_layer():
    for noun in ("contact", "org", "task", "interaction"):
        for folder in ("rules", "store", "store/models", "store/sql"):
            assert (ROOT / folder / f"{noun}.py").exists(), f"{folder}/{noun}.py"
