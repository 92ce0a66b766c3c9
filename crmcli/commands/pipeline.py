"""`crm pipeline`: the board, pipelines and their stages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from crmcli import money
from crmcli.cli import CrmCommand, ListCommand, NounGroup, make_app, noun_app
from crmcli.columns import Column
from crmcli.commands import common, listing
from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError, UsageError
from crmcli.i18n import tr, trn
from crmcli.money import Money
from crmcli.render import fitted
from crmcli.rules.pipeline import CATEGORIES, HOLDS, KINDS, REQUIRED, TEMPLATES, draft_stage
from crmcli.rules.values import line, number
from crmcli.service import filter as filters
from crmcli.service import pipeline as service
from crmcli.service.choice import usage_word
from crmcli.service.deal import amount_words
from crmcli.service.pipeline import Board, Card, Sums, Tally
from crmcli.service.record import Record
from crmcli.store import deal as deal_store
from crmcli.store import pipeline as store
from crmcli.store.pipeline import Pipeline, Stage, find_pipeline, find_stage
from crmcli.store.rows import ALL
from crmcli.store.unit import Unit
from crmcli.text import safe

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN = 20  # cards of a stage on a terminal
COLUMNS = (
    Column("stage", "Stage"),
    Column("id", "Id", "id"),
    Column("name", "Name"),
    Column("who", "Who", "who"),
    Column("amount", "Amount"),
    Column("currency", "Currency"),
    Column("age", "Days", "number"),
    Column("next", "Next step"),
    Column("due", "Due", "date"),
    Column("flags", "Flags", "list"),
)
PEOPLE = {"people": "contact", "persons": "contact"}  # other words for what a pipeline holds


class BoardGroup(NounGroup):
    """`crm pipeline`: bare, with options only or with a name it shows the board."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `board` where no verb is given."""
        helped = {"-h", "--help"} & set(args)
        if not helped and (not args or args[0] not in self.commands):
            args = ["board", *args]
        return super().parse_args(ctx, args)


app = make_app(
    cls=BoardGroup,
    help="The board of a pipeline, and pipelines with their stages. Bare `crm pipeline` is the "
    "board, `crm pipeline NAME` that of another one.",
    epilog="crm pipeline\ncrm pipeline add Subscriptions --template renewal\n"
    "crm pipeline stage edit proposal --rotting 10",
    no_args_is_help=False,
)
stages = noun_app(
    "Stages: list, add, edit, rm. Bare `crm pipeline stage` lists them.",
    "crm pipeline stage\ncrm pipeline stage add Demo --position 2 --probability 30",
)
app.add_typer(stages, name="stage")
NAME = typer.Argument(..., metavar="NAME", help="The pipeline, or the beginning of its name.")
STAGE = typer.Argument(..., metavar="STAGE", help="The stage, or the beginning of its name.")
OF = typer.Option("", "--of", metavar="NOUN", help="deals (the default) or contacts.")
PIPELINE = typer.Option("", "--pipeline", metavar="NAME", help="If not the default one.")
POSITION = typer.Option("", "--position", metavar="N", help="Where it stands; 1 is the first.")
PROBABILITY = typer.Option("", "--probability", metavar="PERCENT", help="Of winning from here.")
CATEGORY = typer.Option("", "--category", help=f"Of the forecast: {', '.join(CATEGORIES)}.")
ROTTING = typer.Option(None, "--rotting", metavar="DAYS", help="Idle for longer rots; 0: never.")
GUIDANCE = typer.Option(None, "--guidance", metavar="TEXT", help="What to do and to ask here.")
EDIT = typer.Option(False, "--edit", help="Write the guidance in $EDITOR.")
REQUIRE = typer.Option(
    None,
    "--require",
    metavar="FIELDS",
    help=f"What a deal needs to enter, with commas: {', '.join(REQUIRED)}, custom.KEY.",
)


@app.command(
    "board",
    cls=ListCommand,
    epilog="crm pipeline\ncrm pipeline Renewals --owner me\ncrm pipeline --of contacts\n"
    "crm pipeline --where 'amount.over:5000 +fair' --json",
)
def board(
    ctx: typer.Context,
    name: str = typer.Argument("", metavar="[NAME]", help="The pipeline, if not the default one."),
    of: str = OF,
    where: str = listing.WHERE,
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    limit: int = typer.Option(
        None, "--limit", metavar="N", show_default=False, help="Of each stage; 0 for all."
    ),
) -> None:
    """Show the board: each open stage with count, sum and weighted sum, and what stands in it.

    Sums are those of a year: a monthly amount counts twelve times. Currencies are never added. A
    terminal shows the first 20 of a stage, the next to close first; a pipe gets all, one a line.
    """
    crm: Context = ctx.obj
    chosen = find_pipeline(crm.store.reader, name, _noun(of) or (None if name else "deal"))
    tree = filters.read((), where, filters.term("owner", owner))
    condition = listing.condition(crm, chosen.holds, tree)
    is_table = crm.out.format == "table"
    most = (common.check_limit(limit) or ALL) if limit is not None else SHOWN if is_table else ALL
    found = service.board(crm, chosen, limit=most, where=condition)
    if crm.out.format == "json":
        crm.out.record(found.json())
    elif is_table:
        crm.out.print_rich(*_drawn(crm, found))
    else:
        crm.out.records(COLUMNS, _rows(found))


def _rows(board: Board) -> list[Record]:
    """Give a board as rows for machines, one for each card."""
    return [
        {
            **card.json(),
            "stage": column.stage.name,
            "amount": money.amount(card.amount) if card.amount else None,
            "currency": card.amount.currency if card.amount else None,
            "age": card.age,
            "next": card.next_step["title"] if card.next_step else None,
            "due": card.next_step["due"] if card.next_step else None,
        }
        for column in board.columns
        for card in column.cards
    ]


def _drawn(crm: Context, board: Board) -> "list[RenderableType]":
    """Lay a board out for a terminal."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    room = crm.out.console().width
    cells = [[_cells(card) for card in column.cards] for column in board.columns]
    rows = [row for part in cells for row in part]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    fixed = [True, False, False, True, True, False]
    widths = fitted(widths, fixed, room - 2) if widths else []
    drawn: list[RenderableType] = [Text(safe(board.pipeline.name), style="bold underline")]
    for column, part in zip(board.columns, cells, strict=True):
        head = Text.assemble((safe(column.stage.name), "bold"), f"  {_tally(column.tally)}")
        drawn += [Text(""), head]
        if part:
            table = Table.grid(padding=(0, 2, 0, 0))
            table.add_column(width=0)
            for at, width in enumerate(widths):
                table.add_column(
                    width=width,
                    no_wrap=True,
                    overflow="ellipsis",
                    justify="right" if at in (3, 4) else "left",
                )
            for row, card in zip(part, column.cards, strict=True):
                table.add_row("", *map(Text, row), style="red" if card.is_rotten else None)
            drawn.append(table)
        if column.more:
            drawn.append(Text("  " + trn("… and {count} more", "… and {count} more", column.more)))
    return [*drawn, Text(""), *(Text(told) for told in _closing(board))]


def _cells(card: Card) -> list[str]:
    """Give what a terminal shows of a card: id, name, who, amount, age, next step."""
    step = tr("! no next step")
    if card.next_step:
        due = card.next_step["due"] or tr("no date")
        step = f"{tr('{date} late', date=due) if card.is_late else due} {card.next_step['title']}"
    if card.is_rotten:
        step = f"{tr('! rots, {count} d', count=card.idle)}, {step}"
    return [
        card.ref,
        safe(card.name),
        safe(card.who["name"]) if card.who else "",
        safe(amount_words(card.amount, card.period)) if card.amount else "",
        tr("{count} d", count=card.age),
        safe(step),
    ]


def _tally(tally: Tally) -> str:
    """Say a tally: `3, 9000.00 EUR + 500 JPY, weighted 900.00 EUR + 50 JPY`."""
    said = str(tally.count)
    if tally.sums:
        said += f", {_sums(tally.sums)}"
        said += ", " + tr("weighted {sums}", sums=_sums(tally.weighted))
    return said


def _sums(sums: Sums) -> str:
    """Say sums, each in its currency; they are never added."""
    return safe(" + ".join(money.text(Money(minor, code)) for code, minor in sums.items()))


def _closing(board: Board) -> list[str]:
    """Give the last lines of a board: all open stages together, what was won and lost."""
    worth = f"; {_sums(board.won.sums)}" if board.won.sums else ""
    lost = f"; {_sums(board.lost.sums)}" if board.lost.sums else ""
    return [
        tr("Open: {tally}", tally=_tally(board.total)),
        tr("Won this month: {count}", count=f"{board.won.count}{worth}"),
        *(
            [tr("Lost this month: {count}", count=f"{board.lost.count}{lost}")]
            if board.pipeline.of_kind("lost")
            else []
        ),
    ]


@app.command("list", cls=ListCommand, epilog="crm pipeline list\ncrm pipeline list --json")
def list_(ctx: typer.Context, of: str = OF) -> None:
    """List pipelines with their stages, the default ones first."""
    crm: Context = ctx.obj
    found = store.list_pipelines(crm.store.reader, _noun(of) or None)
    crm.out.records(store.COLUMNS, (one.json() for one in found))


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm pipeline add Subscriptions --template renewal\n"
    "crm pipeline add Members --template simple --holds contact",
)
def add(
    ctx: typer.Context,
    name: str = typer.Argument(..., help="What it is called."),
    template: str = typer.Option(
        "standard", "--template", help=f"Its stages: {', '.join(TEMPLATES)}."
    ),
    holds: str = typer.Option("", "--holds", metavar="NOUN", help="deal (the default) or contact."),
) -> None:
    """Add a pipeline with the stages of a ready one; change them with `crm pipeline stage`."""
    crm: Context = ctx.obj
    chosen = usage_word("template", template, tuple(TEMPLATES)) or "standard"
    noun = _noun(holds) or "deal"
    drafts = store.template(chosen)
    done = crm.write(
        "pipeline add", lambda w: store.add_pipeline(w, line(name) or "", noun, drafts)
    )
    _say(crm, tr("Added"), _by_id(crm, done.value))


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm pipeline edit sales --name Selling\ncrm pipeline edit renewals --default",
)
def edit(
    ctx: typer.Context,
    pipeline: str = NAME,
    name: str = typer.Option("", "--name", help="Another name."),
    default: bool = typer.Option(False, "--default", help="New deals, or people, go into it."),
) -> None:
    """Rename a pipeline, or make it the default one."""
    crm: Context = ctx.obj
    chosen = find_pipeline(crm.store.reader, pipeline)

    def change(w: Unit) -> bool:
        renamed = bool(name) and store.rename_pipeline(w, chosen.id, line(name) or "")
        return (default and store.make_default(w, chosen)) or renamed

    changed = crm.write("pipeline edit", change).value
    _say(crm, tr("Changed") if changed else tr("Unchanged"), _by_id(crm, chosen.id))


@app.command("rm", cls=CrmCommand, epilog="crm pipeline rm Partners\ncrm pipeline rm renewals")
def rm(ctx: typer.Context, pipeline: str = NAME) -> None:
    """Remove a pipeline in which nothing stands; its history stays."""
    crm: Context = ctx.obj
    chosen = find_pipeline(crm.store.reader, pipeline)
    crm.write("pipeline rm", lambda w: store.remove_pipeline(w, chosen))
    _say(crm, tr("Removed"), chosen, tr("; `crm undo` brings it back"))


@stages.command(
    "list", cls=ListCommand, epilog="crm pipeline stage list\ncrm pipeline stage --of contacts"
)
def list_stages(ctx: typer.Context, pipeline: str = PIPELINE, of: str = OF) -> None:
    """List the stages of a pipeline in order."""
    crm: Context = ctx.obj
    found = _pipeline(crm, pipeline, of)
    crm.out.records(store.STAGE_COLUMNS, (one.json() for one in found.stages))


@stages.command(
    "add",
    cls=CrmCommand,
    epilog="crm pipeline stage add Demo --position 2 --probability 30 --rotting 14\n"
    "crm pipeline stage add Contract --require amount,close_date --guidance 'Ask who signs.'\n"
    "crm pipeline stage add 'Gone quiet' --kind lost",
)
def add_stage(
    ctx: typer.Context,
    name: str = typer.Argument(..., help="What it is called."),
    pipeline: str = PIPELINE,
    of: str = OF,
    position: str = POSITION,
    kind: str = typer.Option("open", "--kind", help=f"One of {', '.join(KINDS)}."),
    probability: str = PROBABILITY,
    category: str = CATEGORY,
    rotting: str = ROTTING,
    guidance: str = GUIDANCE,
    edit: bool = EDIT,
    require: str = REQUIRE,
) -> None:
    """Add a stage; without --position an open one goes before those that close."""
    crm: Context = ctx.obj
    into = _pipeline(crm, pipeline, of)
    given = _given(name, probability, category, rotting, guidance, require)
    draft = draft_stage({"kind": kind, **given})
    at = _position(position)
    if edit:
        draft = draft_stage({"kind": kind, **given, "guidance": crm.edit(guidance or "")})
    done = crm.write("stage add", lambda w: store.add_stage(w, into, draft, at))
    _say_stage(crm, tr("Added"), done.value)


@stages.command(
    "edit",
    cls=CrmCommand,
    epilog="crm pipeline stage edit proposal --probability 55 --rotting 10\n"
    "crm pipeline stage edit negotiation --require amount,close_date,contact\n"
    "crm pipeline stage edit lead --name Inquiry --position 1",
)
def edit_stage(
    ctx: typer.Context,
    stage: str = STAGE,
    pipeline: str = PIPELINE,
    of: str = OF,
    name: str = typer.Option("", "--name", help="Another name; history follows it."),
    position: str = POSITION,
    probability: str = PROBABILITY,
    category: str = CATEGORY,
    rotting: str = ROTTING,
    guidance: str = GUIDANCE,
    edit: bool = EDIT,
    require: str = REQUIRE,
) -> None:
    """Change a stage. Its probability is that of its deals, but of those with their own."""
    crm: Context = ctx.obj
    chosen = _stage(crm, stage, pipeline, of)
    if probability and not chosen.is_open:
        raise InvalidError(
            tr("{name} closes a deal: its probability stays", name=chosen.name),
            tr("won is 100 percent, lost 0"),
        )
    given = _given(name, probability, category, rotting, guidance, require)
    if edit:
        given["guidance"] = crm.edit(guidance or chosen.guidance or "")
    values = _changed(chosen, given)
    at = _position(position)
    parent = _by_id(crm, chosen.pipeline_id)

    def change(w: Unit) -> bool:
        changed = bool(values) and store.edit_stage(w, parent, chosen, values)
        return bool(at and store.place_stage(w, parent.stages, chosen.id, at)) or changed

    changed = crm.write("stage edit", change).value
    _say_stage(crm, tr("Changed") if changed else tr("Unchanged"), chosen.id)


@stages.command(
    "rm",
    cls=CrmCommand,
    epilog="crm pipeline stage rm qualified --move-to lead\n"
    "crm pipeline stage rm Terms --pipeline renewals",
)
def rm_stage(
    ctx: typer.Context,
    stage: str = STAGE,
    pipeline: str = PIPELINE,
    of: str = OF,
    move_to: str = typer.Option("", "--move-to", metavar="STAGE", help="For what stands in it."),
) -> None:
    """Remove a stage; what stands in it moves to another one, and its history stays."""
    crm: Context = ctx.obj
    chosen = _stage(crm, stage, pipeline, of)
    parent = _by_id(crm, chosen.pipeline_id)
    target = None
    if move_to:
        target = find_stage(crm.store.reader, move_to, chosen.holds, chosen.pipeline_id)
        if target.id == chosen.id or target.kind != chosen.kind:
            raise UsageError(
                tr("what stands in {name} cannot move to {to}", name=chosen.name, to=target.name),
                tr("it must be another {kind} stage", kind=chosen.kind),
            )

    def remove(w: Unit) -> int:
        moved = deal_store.empty_stage(w, chosen, target) if target else 0
        store.remove_stage(w, parent, chosen)
        return moved

    moved = crm.write("stage rm", remove).value
    note = ""
    if target:
        told = {"name": target.name}
        note = ", " + trn("{count} moved to {name}", "{count} moved to {name}", moved, **told)
    crm.out.say(
        tr("Removed {name}", name=f"{chosen.pipeline}: {chosen.name}")
        + note
        + tr("; `crm undo` brings it back")
    )
    _give(crm, chosen.json(), chosen.name)


def _noun(word: str) -> str:
    """Give deal or contact, as `--of` says; "" for nothing."""
    word = PEOPLE.get(word.casefold(), word.removesuffix("s"))
    return usage_word("noun", word, HOLDS) or ""


def _pipeline(crm: Context, name: str, of: str) -> Pipeline:
    """Give the pipeline that `--pipeline` and `--of` mean."""
    return find_pipeline(crm.store.reader, name, _noun(of) or (None if name else "deal"))


def _by_id(crm: Context, id: int) -> Pipeline:
    return next(one for one in store.list_pipelines(crm.store.reader) if one.id == id)


def _stage(crm: Context, name: str, pipeline: str, of: str) -> Stage:
    """Give the stage that is meant: without --pipeline or --of of deals, else of people."""
    reader = crm.store.reader
    if pipeline:
        within = _pipeline(crm, pipeline, of)
        return find_stage(reader, name, within.holds, within.id)
    if noun := _noun(of):
        return find_stage(reader, name, noun)
    try:
        return find_stage(reader, name, "deal")
    except NotFoundError as error:
        try:
            return find_stage(reader, name, "contact")
        except NotFoundError:
            raise error from None


def _given(
    name: str,
    probability: str,
    category: str,
    rotting: str | None,
    guidance: str | None,
    require: str | None,
) -> Record:
    """Give what options say of a stage, by its names in JSON; an empty text empties."""
    given = {"name": name, "probability": probability, "forecast_category": category}
    found: Record = {key: value for key, value in given.items() if value}
    if rotting is not None:
        found["rotting_days"] = rotting.removesuffix("d")
    if guidance is not None:
        found["guidance"] = guidance
    if require is not None:
        found["required_fields"] = [word for word in require.split(",") if word.strip()]
    return found


def _changed(stage: Stage, given: Record) -> Record:
    """Give the columns of a stage that change, validated like a new one."""
    before = {
        "name": stage.name,
        "kind": stage.kind,
        "probability": stage.probability if stage.is_open else None,
        "forecast_category": stage.forecast_category,
        "rotting_days": stage.rotting_days,
        "guidance": stage.guidance,
        "required_fields": stage.required,
    }
    draft = draft_stage({**before, **given})
    columns: dict[str, Sequence[str]] = {"name": ("name", "name_norm")}
    return {column: draft.values[column] for key in given for column in columns.get(key, (key,))}


def _position(text: str) -> int | None:
    """Give the position that `--position` says.

    Raises:
        InvalidError: not a number from 1.
    """
    if not text:
        return None
    at = number("position", text, 1000, tr("a number from 1"))
    if not at:
        raise InvalidError(tr("position cannot be 0"), tr("a number from 1"))
    return at


def _say(crm: Context, verb: str, pipeline: Pipeline, note: str = "") -> None:
    """Say what was done to a pipeline, and give it to the pipe."""
    names = " > ".join(stage.name for stage in pipeline.stages)
    holds = tr(store.PLURALS[pipeline.holds])
    crm.out.say(f"{verb} {pipeline.name} ({holds}): {names}{note}")
    _give(crm, pipeline.json(), pipeline.name)


def _say_stage(crm: Context, verb: str, id: int) -> None:
    """Say how a stage was understood, and give it to the pipe."""
    stage = store.get_stage(crm.store.reader, id)
    parts = [
        tr("no. {position}", position=stage.position),
        f"{stage.probability} %",
        stage.forecast_category,
        trn("rots after {count} day", "rots after {count} days", stage.rotting_days)
        if stage.rotting_days
        else "",
        tr("requires {names}", names=", ".join(stage.required)) if stage.required else "",
    ]
    crm.out.say(f"{verb} {stage.pipeline}: {stage.name}, {', '.join(filter(None, parts))}")
    _give(crm, stage.json(), stage.name)


def _give(crm: Context, record: Record, name: str) -> None:
    """Give a pipeline or stage to the pipe: its name, or with --json the record."""
    if crm.out.is_json:
        crm.out.record(record)
    elif not crm.out.is_terminal:
        crm.out.lines([safe(name)])
