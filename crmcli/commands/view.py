"""`crm view`: saved filters. `@name` stands for one inside others."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.commands import listing
from crmcli.commands.explain import OF, whole_or_terms
from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError
from crmcli.i18n import tr
from crmcli.service import filter as filters
from crmcli.service.choice import usage_word
from crmcli.store import view as store
from crmcli.store.unit import NOUNS
from crmcli.store.view import SavedView

app = noun_app(
    "Saved filters. Bare `crm view` lists them; `@name` stands for one inside a filter.",
    "crm view save hot 'stage:lead last_touch.before:-30d'\ncrm contact list @hot +vip",
)
NAME = typer.Argument(..., metavar="NAME", help="The view's name, with or without @.")


@app.command(
    "save",
    cls=CrmCommand,
    epilog="crm view save hot 'stage:lead last_touch.before:-30d' --sort -last_touch\n"
    "crm view save late due.before:today --of task --fields id,due,title",
)
def save(
    ctx: typer.Context,
    name: str = NAME,
    filter: list[str] = typer.Argument(
        ..., metavar="FILTER", help="One argument is the whole filter; several are its terms."
    ),
    of: str = OF,
    sort: str = typer.Option("", "--sort", metavar="FIELD", help="The order; or -FIELD."),
    fields: str = typer.Option("", "--fields", metavar="NAMES", help="Columns, by comma."),
) -> None:
    """Save a filter under a name; a view that has the name is replaced."""
    from crmcli.rules.filter import format
    from crmcli.store.filter import compile
    from crmcli.text import fold

    crm: Context = ctx.obj
    noun = usage_word("--of", of, NOUNS) or "contact"
    cleaned = _name(name)
    node = whole_or_terms(filter)
    compile(node, noun, filters.scope(crm), opened=fold(cleaned))
    filters.check_sort(crm, noun, sort)
    filters.check_fields(crm, noun, fields)
    text = filter[0] if len(filter) == 1 else format(node)
    done = crm.write(
        "view save", lambda w: store.save_view(w, cleaned, noun, text.strip(), sort, fields)
    )
    verb = tr("Saved") if done.value else tr("Unchanged")
    crm.out.say(f"{verb} @{cleaned}, {tr(f'{noun}s')}: {text.strip()}")
    _give(crm, _view(crm, cleaned))


@app.command("list", cls=ListCommand, epilog="crm view list\ncrm view list --json")
def list_(ctx: typer.Context) -> None:
    """List the saved views."""
    crm: Context = ctx.obj
    views = store.list_views(crm.store.reader)
    found = crm.out.records(store.COLUMNS, (view.json() for view in views))
    if not found and crm.out.format == "table":
        crm.out.say(tr("No views yet. `crm view save NAME FILTER` makes one."))


@app.command("show", cls=ListCommand, epilog="crm view show hot\ncrm view show hot --count")
def show(
    ctx: typer.Context,
    name: str = NAME,
    limit: int = listing.LIMIT,
    count: bool = listing.COUNT,
) -> None:
    """List what a view selects, in its order and with its columns."""
    crm: Context = ctx.obj
    view = _view(crm, name)
    if view.fields and not crm.out.is_json:
        crm.out.settings.setdefault("fields", view.fields)
    tree = filters.read((), view.filter)
    default = filters.open_only(crm, tree) if view.noun == "task" else None
    sort = view.sort or ""
    listing.show(crm, view.noun, tree, sort=sort, limit=limit, count=count, default=default)


@app.command("rm", cls=CrmCommand, epilog="crm view rm hot\ncrm view rm @hot --json")
def rm(ctx: typer.Context, name: str = NAME) -> None:
    """Remove a view; `crm undo` brings it back."""
    crm: Context = ctx.obj
    view = _view(crm, name)
    crm.write("view rm", lambda w: store.drop_view(w, view.id))
    crm.out.say(tr("Removed @{name}; `crm undo` brings it back", name=view.name))
    _give(crm, view)


def _name(name: str) -> str:
    """Give a name in stored form."""
    from crmcli.rules.values import line

    cleaned = (line(name, "name") or "").lstrip("@").strip()
    if not cleaned:
        raise InvalidError(tr("a view needs a name"), tr("such as crm view save hot 'stage:lead'"))
    return cleaned


def _view(crm: Context, name: str) -> SavedView:
    """Give the view of a name.

    Raises:
        NotFoundError: there is none; the hint names the nearest.
    """
    from crmcli.store.kinds import near

    found = store.find_view(crm.store.reader, name.removeprefix("@"))
    if found is None:
        hint = near(name, store.view_names(crm.store.reader)) or tr("`crm view list` shows them")
        raise NotFoundError(tr("no view {name!r}", name=name), hint)
    return found


def _give(crm: Context, view: SavedView) -> None:
    """Give a view to the pipe: its reference, or the record."""
    if crm.out.is_json:
        crm.out.one_or_all([view.json()])
    elif not crm.out.is_terminal:
        crm.out.lines([f"@{view.name}"])
