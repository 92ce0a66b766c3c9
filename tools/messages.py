"""Collects what crm says to people, updates the catalogues, compiles them: `make messages`.

Messages stand in the code in English, in `tr`, `trn`, `mark` and the titles of columns. Help texts
stand with what they explain, and are collected from the commands themselves.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from crmcli import config
from crmcli.cli import COMMANDS, GLOBAL_OPTIONS, OUTPUT_OPTIONS, app, load

CODE = Path(config.__file__).parent
LOCALE = CODE / "locale"
TEMPLATE = LOCALE / "crm.pot"
KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None, "Column": (2,)}
# What git knows better, and what changes by itself.
DROPPED = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid-Bugs-To")
DROPPED += ("Last-Translator", "Language-Team")
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def template() -> Catalog:
    """Give the catalogue of everything that can be translated."""
    comment = "# What crm says to people."
    catalog = Catalog(project="crm", version=" ", header_comment=comment, fuzzy=False)
    found = extract_from_dir(CODE, [("**.py", "python")], keywords=KEYWORDS)
    for name, _line, message, _comments, _context in sorted(found, key=lambda one: one[:2]):
        catalog.add(message, locations=[(f"crmcli/{name}", 0)])
    for text, place in sorted(set(_help())):
        catalog.add(text, locations=[(place, 0)])
    return catalog


def languages() -> list[Path]:
    """Give the files with translations."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/crm.po"))


def read(path: Path) -> Catalog:
    """Read translations, or the template."""
    with path.open("rb") as file:
        return read_po(file, locale=None if path == TEMPLATE else path.parts[-3], domain="crm")


def text_of(catalog: Catalog) -> str:
    """Give a catalogue as it is written."""
    file = BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    dropped = tuple(f'"{name}:' for name in DROPPED)
    return "".join(line for line in lines if not line.startswith(dropped))


def compiled(catalog: Catalog) -> bytes:
    """Give a catalogue as programs read it."""
    catalog.creation_date = catalog.revision_date = NO_DATE
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    """Write the template, bring every language up to it, and compile."""
    found = template()
    TEMPLATE.write_text(text_of(found), encoding="utf-8")
    for path in languages():
        catalog = read(path)
        catalog.update(found, no_fuzzy_matching=True)
        path.write_text(text_of(catalog), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(compiled(read(path)))
        missing = sum(not (all(m.string) if m.pluralizable else m.string) for m in catalog if m.id)
        print(f"{path.parts[-3]}: {len(catalog)} messages, {missing} not translated")


def _help() -> Iterator[tuple[str, str]]:
    """Give the texts of the help and of the configuration, and where they stand."""
    yield "Show this message and exit.", "crmcli/help.py"
    yield from ((line, "crmcli/config.py") for line in config.KEYS.values())
    yield from ((line, "crmcli/cli.py") for _, line in COMMANDS.values())
    options = (GLOBAL_OPTIONS | OUTPUT_OPTIONS).values()
    yield from ((line, "crmcli/cli.py") for *_, line in options if line)
    yield str(app.info.help), "crmcli/cli.py"
    yield "Show the version.", "crmcli/cli.py"
    for name, (module, _) in COMMANDS.items():
        yield from _command(load(name), f"crmcli/commands/{module}.py")


def _command(command: Any, place: str) -> Iterator[tuple[str, str]]:
    """Give the help of a command, its options and its verbs."""
    texts = [command.help, *(getattr(param, "help", None) for param in command.params)]
    yield from ((text, place) for text in texts if text)
    for verb in getattr(command, "commands", {}).values():
        yield from _command(verb, place)


if __name__ == "__main__":
    main()
