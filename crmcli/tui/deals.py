"""What becomes of deals, on the board and on their cards: on, back, won, lost, open again, new.

What a stage requires is asked for before anything is written; the rest is one key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.errors import NotFoundError, UsageError
from crmcli.i18n import tr, trn
from crmcli.service import deal as service
from crmcli.service.bulk import Moved
from crmcli.service.deal import ASKED, Move
from crmcli.service.fact.read import amount_echo
from crmcli.service.fact.stored import require_living
from crmcli.service.party import Known
from crmcli.service.planning import parse_due
from crmcli.service.record import meant, own_fields
from crmcli.store.deal import Deal, get_deal, get_deals
from crmcli.store.pipeline import Pipeline, Stage, find_pipeline
from crmcli.store.search import Key, reference
from crmcli.store.vocabulary import list_reasons
from crmcli.tui.acts import checked_step, fetch, save, show
from crmcli.tui.modals.form import Field, Form, Values
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.names import Names
from crmcli.tui.views import KEYS

if TYPE_CHECKING:
    from crmcli.tui.screens.base import CrmScreen

LONGEST = 40  # characters of a name in a message
MOST_NAMES = 3  # deals that are named in a message


class Stranger(Known):
    """Nobody is called so; who wants to adds them on the way."""

    def __init__(self, message: str) -> None:
        super().__init__((), "", tr("add them?"))
        self.message = tr("{message}: a new person?", message=message)


@dataclass(frozen=True, slots=True)
class Way:
    """Deals on their way to a stage.

    Args:
        deals: which.
        stage: where to.
        lacking: what the stage requires and they do not have: keys of ASKED, or custom.KEY.
        titles: what own fields among these are called, and the words that they take.
        reasons: why a deal may be lost.
    """

    deals: tuple[Deal, ...]
    stage: Stage
    lacking: tuple[str, ...]
    titles: Mapping[str, tuple[str, Sequence[str]]]
    reasons: Sequence[str]

    @property
    def names(self) -> str:
        """Give what the deals are called: the first few."""
        named = ", ".join(short(deal.name) for deal in self.deals[:MOST_NAMES])
        rest = len(self.deals) - MOST_NAMES
        return tr("{names} and {count} more", names=named, count=rest) if rest > 0 else named


def short(name: str) -> str:
    """Give the beginning of a name."""
    return name if len(name) <= LONGEST else name[:LONGEST].rstrip() + " …"


# What the keys do


def step(screen: "CrmScreen", way: int) -> None:
    """Move the deals a stage on or back; behind the last open stage a deal is won."""

    def place(crm: Context, deal: Deal) -> Stage | None:
        pipeline = find_pipeline(crm.store.reader, deal.pipeline, "deal")
        return neighbour(pipeline, deal.stage_id, way)

    _go(screen, place)


def close(screen: "CrmScreen", kind: str) -> None:
    """Win or lose the deals."""
    _go(screen, lambda crm, deal: service.closing_stage(crm, deal, kind))


def move_to(screen: "CrmScreen", stage: Stage) -> None:
    """Move the deals to a stage."""
    _go(screen, lambda *_: stage)


def ask_stage(screen: "CrmScreen") -> None:
    """Ask where the deal is to go."""
    ids = screen.deals()

    def read(crm: Context) -> tuple[Pipeline, int]:
        require_living(crm.store.reader, ("deal", ids[0]))
        deal = get_deal(crm.store.reader, ids[0])
        return find_pipeline(crm.store.reader, deal.pipeline, "deal"), deal.stage_id

    def ask(found: tuple[Pipeline, int]) -> None:
        pipeline, now = found
        stages = {str(stage.id): stage for stage in pipeline.stages}
        choices = [
            Choice(key, id, f"{stage.name} ←" if stage.id == now else stage.name)
            for key, (id, stage) in zip(KEYS, stages.items(), strict=False)
        ]

        def answered(id: str | None) -> None:
            if id:
                move_to(screen, stages[id])

        screen.app.push_screen(Menu(tr("Stage"), choices), answered)

    fetch(screen, read, ask)


def reopen(screen: "CrmScreen") -> None:
    """Open closed deals again, in the stage they came from."""
    ids = screen.deals()
    if ids:
        _write(screen, lambda crm: service.reopen(crm, ids), lambda _: tr("Open again; u undoes"))
    else:
        screen.crm_app.say(tr("There is no deal here"))


def neighbour(pipeline: Pipeline, stage_id: int, way: int) -> Stage | None:
    """Give the stage before or after one, as H and L go; None at the ends."""
    stages = [*pipeline.of_kind("open"), *pipeline.of_kind("won")[:1]]
    at = next((at for at, stage in enumerate(stages) if stage.id == stage_id), None)
    if at is None or not 0 <= at + way < len(stages):
        return None
    return stages[at + way]


# Going there


def _go(screen: "CrmScreen", place: Callable[[Context, Deal], Stage | None]) -> None:
    """Read what the way of the chosen deals needs, then go it, or ask."""
    ids = screen.deals()
    if not ids:
        screen.crm_app.say(tr("There is no deal here"))
        return

    def read(crm: Context) -> Way | None:
        deals = get_deals(crm.store.reader, ids)
        stage = place(crm, deals[0]) if deals else None
        return _way(crm, deals, stage) if stage else None

    def go(way: Way | None) -> None:
        if way is None:
            screen.crm_app.say(tr("There is no stage on that side"))
        elif way.stage.kind == "lost":
            _ask_reason(screen, way)
        elif way.lacking:
            _ask(screen, way)
        else:
            _save(screen, way)

    fetch(screen, read, go)


def _way(crm: Context, deals: Sequence[Deal], stage: Stage) -> Way:
    """Read what the way to a stage needs; what several deals lack is not asked for at once.

    Raises:
        UsageError: several deals are to go, and one lacks something.
    """
    lacking = service.missing(deals[0], stage)
    if len(deals) > 1:
        for deal in deals:
            if missed := service.missing(deal, stage):
                message = service.Missing(deal, stage, missed).message
                raise UsageError(message, tr("move it by itself: what it lacks is asked for then"))
    titles: dict[str, tuple[str, Sequence[str]]] = {}
    if any(name.startswith("custom.") for name in lacking):
        own = own_fields(crm, "deal").definitions
        titles = {f"custom.{key}": (one.title, one.choices) for key, one in own.items()}
    lost = stage.kind == "lost"
    reasons = [row["name"] for row in list_reasons(crm.store.reader, "lost")] if lost else []
    return Way(tuple(deals), stage, tuple(lacking), titles, reasons)


def _save(screen: "CrmScreen", way: Way) -> None:
    """Go without asking."""
    ids = [deal.id for deal in way.deals]
    screen.leave_row()
    _write(screen, lambda crm: service.move(crm, ids, Move(stage=way.stage)), lambda _: _told(way))


def _ask_reason(screen: "CrmScreen", way: Way) -> None:
    """Ask why it was lost, by one key."""
    choices = [Choice(key, reason, reason) for key, reason in zip(KEYS, way.reasons, strict=False)]

    def answered(reason: str | None) -> None:
        if reason:
            _ask(screen, way, reason)

    screen.app.push_screen(Menu(tr("Lost: {names}", names=way.names), choices), answered)


def _ask(screen: "CrmScreen", way: Way, reason: str = "") -> None:
    """Ask for what the stage requires; of a lost deal who got it too, and what there is to say."""
    asked = [name for name in way.lacking if not (reason and name in ("competitor", "note"))]
    fields = [_field(screen, way, name, f"at{at}") for at, name in enumerate(asked)]
    if reason:
        said = way.deals[0].competitor or ""
        fields.append(Field("competitor", tr("Who got it"), said, hint=tr("or nothing")))
        fields.append(Field("note", tr("Note"), hint=tr("or nothing"), long=True))
    ids = [deal.id for deal in way.deals]

    def act(crm: Context, values: Values) -> Moved:
        given = {name: values[f"at{at}"] for at, name in enumerate(asked)}
        if reason:
            given |= {name: values[name] for name in way.lacking if name in values}
        wish = Move(
            stage=way.stage,
            given=given,
            reason=reason,
            note=values.get("note", ""),
            competitor=values.get("competitor", ""),
        )
        return service.move(crm, ids, wish)

    def saved(moved: Moved | None) -> None:
        if moved is not None:
            screen.crm_app.say(_told(way, reason))

    title = f"{way.names}: {way.stage.name}" + (f", {reason}" if reason else "")
    form = Form(title, fields, act, note=way.stage.guidance or "", begin=fields[0].name)
    show(screen, form, saved)


def _field(screen: "CrmScreen", way: Way, name: str, id: str) -> Field:
    """Give the field of a form that asks for what a stage requires."""
    title, words = way.titles.get(name, (tr(ASKED.get(name, name)), ()))
    crm = screen.crm_app.crm
    checks: Mapping[str, Callable[[str], str]] = {
        "amount": lambda text: amount_echo(text, crm.currency),
        "close_date": lambda text: checked_close(crm, text),
        "next_step": partial(checked_step, crm),
    }
    hints = {"amount": "9k", "close_date": tr("24 dec"), "next_step": tr("tue send offer")}
    names = Names(screen.crm_app.desk) if name in ("contact", "org") else None
    return Field(
        id,
        title,
        hint=hints.get(name, ", ".join(words[:4])),
        check=checks.get(name),
        words=words,
        suggester=names,
        long=name == "note",
    )


def checked_close(crm: Context, text: str) -> str:
    """Say how a close date is understood."""
    return crm.describe(parse_due(crm, text))


def _told(way: Way, reason: str = "") -> str:
    """Say where deals went."""
    if way.stage.kind == "won":
        return tr("Won: {names}; u undoes", names=way.names)
    if way.stage.kind == "lost":
        return tr("Lost, {reason}: {names}; u undoes", reason=reason, names=way.names)
    said = tr("{names}: {stage}; u undoes", names=way.names, stage=way.stage.name)
    return said + (f"\n{way.stage.guidance}" if way.stage.guidance else "")


def _write(
    screen: "CrmScreen", act: Callable[[Context], Moved], say: Callable[[Moved], str]
) -> None:
    save(screen, act, lambda moved: say(moved) if moved.count else tr("It stands there already"))


# People on their way


def move_people(screen: "CrmScreen", ids: Sequence[int], stage: Stage) -> None:
    """Move people to a stage of a pipeline for people."""
    _write(
        screen,
        lambda crm: service.move_people(crm, ids, stage),
        lambda moved: trn(
            "{count} person: {stage}; u undoes",
            "{count} people: {stage}; u undoes",
            moved.count,
            stage=stage.name,
        ),
    )


def add_person(screen: "CrmScreen", stage: Stage, added: Callable[[Key], None]) -> None:
    """Ask who is to stand in a stage of a pipeline for people."""
    who = Field("who", tr("Who"), hint="Ana Novak", suggester=Names(screen.crm_app.desk))

    def act(crm: Context, values: Values) -> Key:
        key = meant(crm, values["who"], ("contact",))
        service.move_people(crm, [key[1]], stage)
        return key

    def saved(key: Key | None) -> None:
        if key is not None:
            added(key)

    form = Form(tr("Into {stage}", stage=stage.name), [who], act)
    screen.app.push_screen(form, saved)


# A new deal


def add(screen: "CrmScreen", stage: Stage, who: str, added: Callable[[Key], None]) -> None:
    """Ask for a new deal, to begin in a stage; `added` takes what became of it.

    Args:
        screen: the one in front.
        stage: an open one.
        who: whom it is probably with, as typed; "" for nobody.
        added: takes the new deal.
    """
    crm = screen.crm_app.crm
    fields = [
        Field("name", tr("Deal"), hint=tr("Pilot for 20 people")),
        Field("who", tr("With"), who, hint="Ana Novak", suggester=Names(screen.crm_app.desk)),
        Field(
            "amount", tr("Amount"), hint="9k", check=lambda text: amount_echo(text, crm.currency)
        ),
        Field("close", tr("Closes"), hint=tr("24 dec"), check=partial(checked_close, crm)),
        Field("next", tr("Next step"), hint=tr("tue send offer"), check=partial(checked_step, crm)),
    ]

    act, insist = (partial(_add, stage, is_new=is_new) for is_new in (False, True))

    def saved(done: service.Added | None) -> None:
        if done is not None:
            screen.crm_app.say(
                "\n".join(filter(None, (tr("Added d{id}; u undoes", id=done.id), done.step)))
            )
            added(("deal", done.id))

    title = tr("New deal: {stage}", stage=stage.name)
    form = Form(title, fields, act, draft="new deal", last="next", begin="name", insist=insist)
    screen.app.push_screen(form, saved)


def _add(stage: Stage, crm: Context, values: Values, *, is_new: bool) -> service.Added:
    """Add a deal from what was typed; with `is_new` the person too.

    Raises:
        Stranger: nobody is called so.
    """
    raw: dict[str, str] = {"name": values["name"], "amount": values["amount"]}
    if values["close"]:
        raw["close_date"] = str(service.close_day(crm, values["close"]))
    who, key = values["who"], None
    try:
        key = meant(crm, who, ("contact", "org")) if who else None
    except NotFoundError as error:
        if not is_new:
            raise Stranger(error.message) from None
    wish = service.New(
        raw=raw,
        key=key,
        newcomer=service.stub(crm, who) if who and key is None else None,
        stage=stage.name,
        pipeline=stage.pipeline,
        next=values["next"],
    )
    return service.add_all(crm, [wish])[0]


def begin(screen: "CrmScreen", key: Key) -> None:
    """Ask for a new deal with a person or an org, in the first stage of the default pipeline."""

    fetch(
        screen,
        lambda crm: find_pipeline(crm.store.reader, "", "deal").of_kind("open")[0],
        lambda stage: add(screen, stage, reference(key), screen.crm_app.open_record),
    )
