"""The form of a task, a new one or one that is there."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.rules.task import KINDS
from crmcli.service import planning
from crmcli.service import task as service
from crmcli.service.fact import amend
from crmcli.service.fact.stored import values as values_of
from crmcli.service.record import meant
from crmcli.tui.acts import checked_due, fetch
from crmcli.tui.modals.form import Field, Form, Values
from crmcli.tui.names import Names

if TYPE_CHECKING:
    from crmcli.tui.screens.base import CrmScreen

Texts = dict[str, str]


def add(screen: "CrmScreen", day: date | None, saved: Callable[[int], None]) -> None:
    """Ask for a new task, due on a day if one is given; `saved` takes its id."""

    def act(crm: Context, values: Values) -> service.Added:
        who = values["for"]
        return service.add(
            crm,
            values["title"],
            key=meant(crm, who, ("contact", "org")) if who else None,
            due=values["due"],
            every=values["repeats"],
            kind=values["kind"],
            priority=values["priority"],
            note=values["body"],
        )

    def done(added: service.Added | None) -> None:
        if added is not None:
            screen.crm_app.say(tr("Added t{id}{echo}", id=added.id, echo=added.echo))
            saved(added.id)

    fields = fields_of(screen, {"due": str(day) if day else ""})
    form = Form(tr("New task"), fields, act, draft="new task", last="due", begin="title")
    screen.app.push_screen(form, done)


def edit(screen: "CrmScreen", id: int) -> None:
    """Show the form of a task that is there."""

    def read(crm: Context) -> Texts:
        return {name: text for (name, _), text in values_of(crm.store.reader, ("task", id)).items()}

    fetch(screen, read, lambda shown: show(screen, id, shown))


def show(screen: "CrmScreen", id: int, shown: Texts) -> None:
    """Show the form, and save what was typed over."""

    def act(crm: Context, values: Values) -> amend.Saved:
        typed = dict(values)
        if typed["for"] not in ("", shown["for"]):
            noun, number = meant(crm, typed["for"], ("contact", "org"))
            typed["for"] = f"{noun[0]}{number}"
        try:
            return amend.save_task(crm, id, typed, shown)
        except amend.Clash as clash:  # once it was told, it may be overwritten
            shown.update(clash.theirs)
            raise

    def done(saved: amend.Saved | None) -> None:
        if saved is not None:
            said = tr("Changed t{id}", id=id) if saved.moved else tr("Nothing was changed")
            screen.crm_app.say("\n".join(filter(None, (said, saved.said))))

    title, fields = tr("Task t{id}", id=id), fields_of(screen, shown)
    form = Form(title, fields, act, draft=f"task t{id}", last="due", begin="title")
    screen.app.push_screen(form, done)


def fields_of(screen: "CrmScreen", shown: Texts) -> list[Field]:
    """Give the fields with what they begin with."""
    crm = screen.crm_app.crm
    names = Names(screen.crm_app.desk)
    due, every = partial(checked_due, crm), partial(checked_repeat, crm)
    fields = (
        Field("title", tr("What"), hint=tr("send the offer")),
        Field("for", tr("For whom"), hint=tr("a name, or nobody"), suggester=names),
        Field("due", tr("Due"), hint=tr("fri 14:00, 3d, 24 dec"), check=due),
        Field("repeats", tr("Repeats"), hint=tr("2 weeks, month on the last day"), check=every),
        Field("kind", tr("Kind"), hint=", ".join(KINDS[:4]) + " …", words=KINDS),
        Field("priority", tr("Priority"), hint=tr("1 is highest, 9 lowest")),
        Field("body", tr("More"), hint=tr("whatever belongs to it"), long=True),
    )
    return [replace_value(field, shown.get(field.name, "")) for field in fields]


def replace_value(field: Field, value: str) -> Field:
    """Give a field with what it begins with."""
    from dataclasses import replace

    return replace(field, value=value)


def checked_repeat(crm: Context, text: str) -> str:
    """Say how a repeat is understood, and when it begins."""
    series, when = planning.repeat_values(crm, text, "", None)
    return planning.series_echo(crm, when, series).removeprefix(", ")
