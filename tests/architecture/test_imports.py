"""What each command imports, seen in a process of its own: start-up time is imports.

The process starts without site-packages' start-up files, so that nothing an editable install
brings along hides what the program itself imports.
"""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

import crmcli
from crmcli import cli, fast

ROOT = Path(crmcli.__file__).parent.parent
SAMPLE = ROOT / "examples/contacts.csv"
WRAPPER = """\
import os, sys
sys.path[:0] = os.environ["PATHS"].split(os.pathsep)
early = set(sys.modules)
from crmcli.__main__ import main
code = main()
with open(os.environ["MODULES"], "w") as file:
    file.write("\\n".join(set(sys.modules) - early))
raise SystemExit(code)
"""

# Never, for no command of every day: the ORM, the screens, and what they stand on.
NEVER = ("sqlmodel", "sqlalchemy", "alembic", "pydantic", "textual")
# Not in a pipe, and not where nothing calls for it.
DEAR = ("rich", "dateutil", "phonenumbers", "charset_normalizer", "tomlkit", "tomllib", "zoneinfo")
# Only where a file of that kind comes in, or where many names are compared.
OF_FEW = (
    *("rapidfuzz", "openpyxl", "crmcli.interchange.vcard", "crmcli.interchange.mime"),
    *("crmcli.interchange.ics_read", "crmcli.store.sync"),
)
# The hot calls are as light as sqlite3 itself.
LIGHT = (
    *("typer", "click", "re", "json", "dataclasses", "typing", "pathlib", "inspect", "argparse"),
    *("shutil", "subprocess", "tempfile", "csv", "pickle", "hashlib", "uuid", "difflib", "enum"),
    *("getpass", "logging", "urllib", "email", "importlib.metadata"),
)

EVERYDAY = {
    "help": ("--help",),
    "bare": (),
    "today": ("today",),
    "contact list": ("contact", "list"),
    "contact show": ("contact", "show", "ana-novak"),
    "contact add": ("contact", "add", "Bo Li", "-e", "bo@acme.si", "--org", "Acme"),
    "log": ("log", "c", "ana-novak", "wants a pilot"),
    "done": ("done", "t1"),
    "find": ("find", "novak"),
    "task list": ("task", "list"),
    "completion bash": ("completion", "bash"),
    "import --dry-run": ("import", "--dry-run", str(SAMPLE)),
    "export": ("export", "contacts"),
    "export json": ("export", "contacts", "-f", "json"),
}
HOT = {
    "due": ("due",),
    "due --count": ("due", "--count"),
    "due --within": ("due", "--within", "7d", "--exit-code"),
    "completion handles": ("completion", "--words", "handles", "a"),
    "completion tags": ("completion", "--words", "tags", "c"),
    "completion views": ("completion", "--words", "views", "h"),
    "query --mutt": ("query", "--mutt", "ana nov"),
    "query --aerc": ("query", "--aerc", "ana"),
}


@dataclass(frozen=True)
class Imported:
    """Exit code, what was printed, and the modules that were imported."""

    code: int
    out: str
    modules: frozenset[str]

    def of(self, *names: str) -> list[str]:
        """Give those of `names` that were imported, or a module of theirs."""
        return [name for name in names if name in self.modules or self._below(name)]

    def _below(self, name: str) -> bool:
        return any(module.startswith(f"{name}.") for module in self.modules)


def imported(home: Path, *args: str, **env: str) -> Imported:
    """Run `crm args` in a clean process, piped, and give what it imported."""
    modules = home / "modules.txt"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", WRAPPER, *args],
        env={
            "PATHS": os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")]),
            "MODULES": str(modules),
            "PATH": os.defpath,
            "HOME": str(home),
            "CRM_USER": "me",
            "CRM_NOW": "2026-11-23T09:00:00+00:00",
            "TZ": "UTC",
            **env,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert modules.exists(), done.stderr
    found = frozenset(modules.read_text().split())
    modules.unlink()
    return Imported(done.returncode, done.stdout, found)


@pytest.fixture
def filled(home, run):
    """A home with the sample in it, and a task that is due."""
    run("import", str(SAMPLE))
    run("task", "add", "send offer", "--for", "ana-novak", "--due", "today")
    run("view", "save", "hot", "+vip")
    return home


@pytest.mark.parametrize("name", EVERYDAY)
def test_everyday_commands_stay_light(filled, name):
    got = imported(filled, *EVERYDAY[name], CRM_PHONE_REGION="SI")
    assert got.code == 0
    assert got.of("crmcli.cli", "typer") == ["crmcli.cli", "typer"]  # it did take this way
    assert got.of(*NEVER) == []
    allowed = {"phonenumbers"} if name == "import --dry-run" else set()
    assert set(got.of(*DEAR)) == allowed
    if name != "completion bash":  # it looks at the options of every command
        assert got.of(*OF_FEW) == []


FILTERS = ("crmcli.rules.filter", "crmcli.store.filter", "crmcli.store.kinds")


@pytest.mark.parametrize("noun", ["contact", "org", "task"])
def test_a_list_without_a_filter_does_without_filters(filled, noun):
    assert imported(filled, noun, "list").of(*FILTERS) == []
    assert imported(filled, noun, "list", "owner:me").of(*FILTERS) == [*FILTERS]


@pytest.mark.parametrize("name", HOT)
def test_hot_calls_import_next_to_nothing(filled, name):
    got = imported(filled, *HOT[name])
    assert got.out  # it found something: the call ran to its end
    assert got.of("sqlite3", "crmcli.hot") == ["sqlite3", "crmcli.hot"]
    assert got.of(*NEVER, *DEAR, *LIGHT) == []
    assert got.of("crmcli.cli", "crmcli.render", "crmcli.context", "crmcli.store.unit") == []


def test_a_configured_zone_costs_zoneinfo_only(filled):
    got = imported(filled, "due", CRM_TIMEZONE="Europe/Ljubljana")
    assert got.of(*NEVER, *DEAR) == ["zoneinfo"]


def test_dear_modules_are_imported_where_they_are_needed(filled):
    """The other side: the search above would see them."""
    assert imported(filled, "contact", "add", "Bo", "-p", "040 111 222").of(*DEAR) == [
        "phonenumbers"
    ]
    assert "rich" in imported(filled, "contact", "list", "-f", "table").of(*DEAR)
    config = filled / ".config/crm"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('user = "me"\n')
    assert imported(filled, "due").of(*DEAR) == ["tomllib"]


def test_the_imports_of_the_orm_would_be_seen(home):
    """The list of modules is what the process really imported."""
    got = imported(home, "path")
    assert "crmcli.commands.path" in got.modules
    assert "crmcli.commands.contact" not in got.modules


LEAVES = [
    (noun, verb)
    for noun in cli.COMMANDS
    for verb in sorted(getattr(cli.load(noun), "commands", None) or {"": None})
]


@pytest.mark.parametrize(("noun", "verb"), LEAVES, ids=lambda value: value)
def test_every_parameter_coerces_without_pydantic(noun, verb):
    """Typer 0.29 would build a TypeAdapter for each parameter that keeps its own coercion."""
    command = cli.load(noun)
    leaf = command.commands[verb] if verb else command
    params = leaf.get_params(leaf.context_class(leaf))
    assert params  # --help at least
    heavy = [p.name for p in params if not isinstance(p._runtime_param, fast.PlainParam)]
    assert heavy == []


def test_lighten_still_bites():
    """The private step of Typer it takes the place of is still there."""
    params = cli.load("contact").commands["list"].params
    assert len(params) >= 5
    assert [param._runtime_param for param in params] == [None] * len(params)
    assert fast.lighten(params) == len(params)
    assert fast.lighten(params) == 0  # once is enough


def test_lighten_is_what_keeps_pydantic_out(filled, monkeypatch):
    """Without it the same command does import pydantic: the test above can fail."""
    without = WRAPPER.replace(
        "code = main()", "import crmcli.fast\ncrmcli.fast.lighten = lambda params: 0\ncode = main()"
    )
    monkeypatch.setitem(globals(), "WRAPPER", without)
    assert imported(filled, "contact", "list", "--limit", "3").of("pydantic") == ["pydantic"]
