"""Help pages in the user's language.

The texts stand in English beside what they explain (docstrings, `help=`); they are looked up here,
in one place, when a page is written. Options, examples and names are the same in every language.
"""

from collections.abc import Sequence
from typing import Any

from typer._click.formatting import HelpFormatter

from crmcli.i18n import mark, tr

TITLES = (
    *(mark("Arguments"), mark("Options"), mark("Commands")),
    *(mark("Output"), mark("Everywhere"), mark("Examples")),
)

_TWICE = (
    *(("{[REF…] STAGE}...", "[REF…] STAGE"), ("[[REF…] STAGE]...", "[REF…] STAGE")),
    *(("[[", "["), ("]]", "]"), ("…]...", "…]"), ("…}...", "…}")),
)  # what Typer writes around a name that says already whether it may be left out


class Formatter(HelpFormatter):
    """Lays a help page out; titles and explanations are translated on their way in."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is called."""
        for twice, once in _TWICE:
            args = args.replace(twice, once)
        super().write_usage(prog, args, prefix or tr("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write the title of a section."""
        super().write_heading(tr(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        """Write names with what they mean."""
        super().write_dl([(_named(name), _told(text)) for name, text in rows], *args, **options)


class Translated:
    """Mixed into commands and groups: their help in the user's language."""

    help: str | None

    def get_help(self, ctx: Any) -> str:
        """Give the help page."""
        ctx.formatter_class = Formatter
        page: str = super().get_help(ctx)  # type: ignore[misc]
        return page

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write what the command does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(tr(self.help))

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """Give the first sentence of the help, whole: the list of a group breaks it in lines."""
        from typer._click.utils import make_default_short_help

        said = tr(self.help) if self.help else ""
        return make_default_short_help(said, len(said) + 1)


def _named(name: str) -> str:
    """Give a name without the Python type that Typer adds: an option takes TEXT or N."""
    name, gap, kind = name.partition(" <")
    if not gap or not name.startswith("-"):
        return name
    return f"{name} {'N' if 'int' in kind else 'TEXT'}"


def _told(text: str) -> str:
    """Give the explanation of a name, before what Typer adds: `[default: 10]`, `[required]`."""
    said, gap, added = text.partition("  [")
    added = added.replace("required", tr("required")).replace("default: ", tr("default: "))
    return tr(said) + gap + added
