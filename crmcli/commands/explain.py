"""`crm explain`: what a filter means, and how many records it selects."""

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context
from crmcli.rules.filter import Node, format, parse, parse_words
from crmcli.service.choice import usage_word
from crmcli.service.filter import compiled
from crmcli.store import rows
from crmcli.store.unit import NOUNS

app = verb_app()
OF = typer.Option("contact", "--of", metavar="NOUN", help=f"One of {', '.join(NOUNS)}.")


@app.command(
    "explain",
    cls=CrmCommand,
    epilog="crm explain 'owner:me +vip last_touch.before:-30d'\n"
    "crm explain status:open due.before:today --of task --json",
)
def explain_(
    ctx: typer.Context,
    filter: list[str] = typer.Argument(
        ..., metavar="FILTER", help="One argument is the whole filter; several are its terms."
    ),
    of: str = OF,
) -> None:
    """Print a filter as a tree, in words, and how many records it selects."""
    from crmcli.store.filter import describe, tree

    crm: Context = ctx.obj
    noun = usage_word("--of", of, NOUNS) or "contact"
    node = whole_or_terms(filter)
    found = compiled(crm, noun, node)
    count = rows.count(crm.store.reader, noun, found.where)
    if crm.out.is_json:
        record = {"noun": noun, "filter": format(node), "tree": tree(found.root), "count": count}
        crm.out.one_or_all([record])
    else:
        crm.out.lines([f"{noun}s", *describe(found.root, "  "), f"{count} found"])


def whole_or_terms(words: list[str]) -> Node:
    """Read a filter: a single argument as a whole string, several as terms."""
    return parse(words[0]) if len(words) == 1 else parse_words(words)
