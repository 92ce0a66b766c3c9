"""`crm merge`, and the `merge` of contacts and orgs: records that are one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.columns import Column
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import ConflictError, UsageError
from crmcli.i18n import tr
from crmcli.store.search import Key, reference
from crmcli.text import printable

if TYPE_CHECKING:
    from crmcli.service.merge import Merged

COLUMNS = (
    Column("id", "Id", "id"),
    Column("field", "Field"),
    Column("a", "A"),
    Column("b", "B"),
    Column("result", "Merged"),
    Column("kept", "Kept"),
)
ARROW = "→"
REFS = typer.Argument(
    ..., metavar="A B…", help="The one that stays, and those that go: id, handle, e-mail or name."
)
KEEP = typer.Option(
    [], "--keep", metavar="FIELD=A|B|both", help="Whose value stays where they differ; repeatable."
)
DRY_RUN = typer.Option(False, "--dry-run", help="Show both side by side; change nothing.")

app = verb_app()


@app.command(
    cls=CrmCommand,
    epilog="crm merge c12 c16\ncrm merge ana-novak ana-kos --keep title=B --keep note=both\n"
    "crm merge acme acme-d-o-o --dry-run",
)
def merge(
    ctx: typer.Context,
    refs: list[str] = REFS,
    keep: list[str] = KEEP,
    dry_run: bool = DRY_RUN,
) -> None:
    """Merge people, or orgs, that are one: A stays, all that the others have comes to it.

    Old ids and handles still work, and one `crm undo` brings all of them back.
    """
    crm: Context = ctx.obj
    run(crm, [_of_any(crm, ref) for ref in crm.references(refs)], keep, dry_run)


def of_contact(
    ctx: typer.Context,
    refs: list[str] = REFS,
    keep: list[str] = KEEP,
    dry_run: bool = DRY_RUN,
) -> None:
    """Merge people that are one: A stays, all that the others have comes to it."""
    _of(ctx.obj, "contact", refs, keep, dry_run)


def of_org(
    ctx: typer.Context,
    refs: list[str] = REFS,
    keep: list[str] = KEEP,
    dry_run: bool = DRY_RUN,
) -> None:
    """Merge orgs that are one: A stays, all that the others have comes to it."""
    _of(ctx.obj, "org", refs, keep, dry_run)


def run(crm: Context, keys: Sequence[Key], keep: Sequence[str], dry_run: bool) -> None:
    """Merge records into the first of them; a terminal shows them side by side and asks.

    Raises:
        UsageError: only one is named, a `--keep` cannot be read, or more than two without --yes.
        ConflictError: a person and an org.
    """
    from crmcli.service import merge as service

    noun, (into, *ids) = _one_noun(keys), [id for _, id in keys]
    sides = dict(_side(item) for item in keep)
    if dry_run:
        _show(crm, service.merge(crm, noun, into, ids, sides, dry_run=True))
        return
    if crm.is_interactive and not crm.settings.get("yes"):
        preview(crm, service.merge(crm, noun, into, ids, sides, dry_run=True))
    names = ", ".join(reference((noun, id)) for id in ids)
    if crm.is_interactive or len(ids) > 1:
        crm.confirm(tr("Merge {names} into {ref}?", names=names, ref=reference((noun, into))))
    service.merge(crm, noun, into, ids, sides)
    verb = tr("Merged {names} into", names=names)
    common.announce(crm, verb, (noun, into), tr("; `crm undo` takes it back"))


def _of(crm: Context, noun: str, refs: Sequence[str], keep: Sequence[str], dry_run: bool) -> None:
    keys = [crm.resolve(ref, (noun,), strict=True) for ref in crm.references(refs)]
    run(crm, keys, keep, dry_run)


def _of_any(crm: Context, ref: str) -> Key:
    return crm.resolve(ref, ("contact", "org"), strict=True)


def _one_noun(keys: Sequence[Key]) -> str:
    """Give the noun of all of them.

    Raises:
        UsageError, ConflictError: see `run`.
    """
    if len(keys) < 2:
        raise UsageError(tr("name two records"), tr("such as `crm merge c12 c40`"))
    for key in keys:
        if key[0] != keys[0][0]:
            raise ConflictError(
                tr(
                    "{one} is a person and {other} an org: they cannot be merged",
                    one=reference(min(key, keys[0])),
                    other=reference(max(key, keys[0])),
                )
            )
    return keys[0][0]


def _side(item: str) -> tuple[str, str]:
    """Give field and side of `title=B`.

    Raises:
        UsageError: no such pair.
    """
    field, equals, side = item.rpartition("=")
    if not equals or not field or not side:
        raise UsageError(
            tr("not field=A: {item!r}", item=item), tr("such as title=B, emails=B or note=both")
        )
    return field, side


def _show(crm: Context, done: "Merged") -> None:
    """Write the fields side by side, as they would be, and say what else would move."""
    records = [
        {"id": reference((done.noun, step.id)), **pair.json()}
        for step in done.steps
        for pair in step.pairs
    ]
    crm.out.records(COLUMNS, records)
    for line in _said(done):
        crm.out.say(line)


def _said(done: "Merged") -> list[str]:
    from crmcli.service.merge import moved_words

    into = reference((done.noun, done.into))
    return [
        tr("Would merge {ref} into {into}", ref=reference((done.noun, step.id)), into=into)
        + (f": {words}" if (words := moved_words(step.moved)) else "")
        for step in done.steps
    ]


def preview(crm: Context, done: "Merged") -> None:
    """Say the fields side by side to the person who is asked; stdout is for data."""
    from shutil import get_terminal_size

    width = get_terminal_size().columns
    for said, step in zip(_said(done), done.steps, strict=True):
        rows = [(pair.label, pair.a, pair.b, f"{_arrow(crm)} {pair.result}") for pair in step.pairs]
        crm.out.say(said)
        for line in _aligned(rows, width - 2):
            crm.out.say(f"  {line}")


def _arrow(crm: Context) -> str:
    return "=>" if crm.out.ascii else ARROW


def _aligned(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Give rows as lines of at most so many cells, their columns one below the other."""
    from rich.cells import cell_len, set_cell_size

    from crmcli.render import fitted

    clean = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*clean, strict=True)]
    room = fitted(widths, [True, False, False, False], width)
    return [
        "  ".join(
            set_cell_size(cell, size)
            if cell_len(cell) <= size
            else set_cell_size(cell, size - 1).rstrip() + "…"
            for cell, size in zip(row, room, strict=True)
        ).rstrip()
        for row in clean
    ]
