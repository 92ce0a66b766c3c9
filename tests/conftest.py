"""What every test may use: a frozen clock, an empty home, a database copied from a template."""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from crmcli import i18n, text
from crmcli.clock import Clock
from crmcli.store import db
from crmcli.store.unit import Store

# CI asks the same questions in every run; at home hypothesis goes on looking for new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("home", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "home")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Ljubljana
ZONE = "Europe/Ljubljana"


@dataclass(frozen=True)
class Result:
    """What a command gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of its own for each test, with the clock stopped on a Monday morning."""
    for name in [name for name in os.environ if name.startswith(("CRM_", "XDG_"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    i18n.use("en")
    text.mask_with(None)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CRM_NOW", NOW.isoformat())
    monkeypatch.setenv("CRM_TIMEZONE", ZONE)
    monkeypatch.setenv("CRM_PHONE_REGION", "SI")
    monkeypatch.setenv("CRM_USER", "me")
    return tmp_path


@pytest.fixture
def database(home: Path) -> Path:
    """Where the database of this test lies; it is made by the first write."""
    return home / ".local/share/crm/crm.db"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, built once per session."""
    path = tmp_path_factory.mktemp("template") / "crm.db"
    db.create(str(path))
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock(ZONE, NOW)


@pytest.fixture
def store(database: Path, template: Path, clock: Clock) -> Store:
    """A store on a fresh copy of the template; the actor is `me`."""
    database.parent.mkdir(parents=True, mode=0o700)
    shutil.copy(template, database)
    return Store(str(database), clock, "me")


@pytest.fixture
def run(home: Path):
    """Run a command in this process: `run("contact", "add", "Ana", input="…")` gives a Result."""
    from typer.testing import CliRunner

    from crmcli.cli import app

    def run(*args: str, input: str | bytes | None = None, code: int | None = 0) -> Result:
        got = CliRunner().invoke(app, list(args), input=input, prog_name="crm")
        result = Result(got.exit_code, got.stdout, got.stderr)
        if got.exception and not isinstance(got.exception, SystemExit):
            raise got.exception
        assert code is None or result.code == code, result
        return result

    return run
