"""What a card lets a person choose: whose text stays, whether to go on, which task, an address."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crmcli.i18n import mark, tr
from crmcli.rules.channel import PARTS
from crmcli.service.card import FollowUp
from crmcli.service.fact import amend
from crmcli.service.fact.one import Fact
from crmcli.store.search import Key, reference
from crmcli.tui.modals.form import Field, Form
from crmcli.tui.modals.menu import Choice, Menu

if TYPE_CHECKING:
    from crmcli.tui.app import CrmApp

Answered = Callable[[str | None], None]  # takes the value of a choice; None for none
LONGEST = 160  # characters of a text beside another one
NUMBERS = "123456789"
ADDRESS = {
    "label": mark("Label"),
    "street": mark("Street"),
    "extended": mark("Extended"),
    "locality": mark("City"),
    "region": mark("Region"),
    "postal_code": mark("Post code"),
    "country": mark("Country"),
}


def ask_whose(app: "CrmApp", label: str, mine: str, theirs: str, answered: Answered) -> None:
    """Show what was typed beside what somebody else saved meanwhile: `mine`, `theirs`, `edit`."""
    choices = [
        Choice("m", "mine", tr("save mine")),
        Choice("t", "theirs", tr("keep theirs")),
        Choice("e", "edit", tr("go on typing")),
    ]
    said = [
        tr("mine:    {text}", text=_short(mine) or tr("removed")),
        tr("theirs:  {text}", text=_short(theirs) or tr("removed")),
    ]
    title = tr("{label} was changed meanwhile", label=label)
    app.push_screen(Menu(title, choices, "\n".join(said)), answered)


def ask_known(app: "CrmApp", message: str, answered: Answered) -> None:
    """Say who has it already, and let the person go on all the same: `back`, `force`."""
    choices = [
        Choice("b", "back", tr("go on typing")),
        Choice("f", "force", tr("save it all the same")),
    ]
    app.push_screen(Menu(tr("Known already"), choices, message), answered)


def ask_task(app: "CrmApp", tasks: Sequence[FollowUp], answered: Answered) -> None:
    """Let one of several tasks be chosen, by its reference."""
    choices = [
        Choice(key, task.ref, f"{task.due}  {task.title}")
        for key, task in zip(NUMBERS, tasks, strict=False)
    ]
    app.push_screen(Menu(tr("Which task?"), choices), answered)


def ask_address(app: "CrmApp", key: Key, fact: Fact) -> None:
    """Ask for the parts of somebody's address, and save it."""
    old = fact.address or {}
    fields = [Field(part, tr(ADDRESS[part]), old.get(part, "")) for part in PARTS]
    form = Form(
        fact.label,
        fields,
        lambda crm, values: amend.save_address(crm, key, old, values),
        draft=f"{fact.label} {reference(key)}",
    )
    app.push_screen(form)


def _short(text: str) -> str:
    """Give the beginning of a text on one line."""
    line = " / ".join(text.split("\n"))
    return line if len(line) <= LONGEST else line[:LONGEST] + " …"
