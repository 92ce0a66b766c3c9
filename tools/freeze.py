"""Keeps the schema of a release for ever: `make freeze` writes tests/schemas/VERSION.sql.

Done once, when the version in pyproject.toml is that of the release. From then on the tests
upgrade a database of that schema and compare it with a new one.
"""

import tomllib
from pathlib import Path

from crmcli.store.dialect import APPLICATION_ID, SCHEMA_VERSION
from crmcli.store.schema import build_schema

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "schemas"


def frozen() -> str:
    """Give what makes a database as this version makes it."""
    return (
        f"{build_schema()}\nPRAGMA application_id = {APPLICATION_ID};\n"
        f"PRAGMA user_version = {SCHEMA_VERSION};\n"
    )


def main() -> None:
    """Write the file of the present version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    path = FOLDER / f"{project['version']}.sql"
    path.write_text(frozen(), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: format {SCHEMA_VERSION}")


if __name__ == "__main__":
    main()
