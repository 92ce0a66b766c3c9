"""A fact typed over, and saved.

The unit of work looks whether the fact still is what was shown when typing began; what somebody
else changed meanwhile is never overwritten. It is told (`Changed`), and a person chooses.
"""

from dataclasses import dataclass

from crmcli.context import Context
from crmcli.errors import ConflictError
from crmcli.i18n import tr
from crmcli.rules.channel import AddressDraft
from crmcli.service import bulk, contact, log, org, task
from crmcli.service.bulk import Look, Moved
from crmcli.service.fact import deal
from crmcli.service.fact.edit import party_edit, relation_of, task_edit
from crmcli.service.fact.one import Fact, Name
from crmcli.service.fact.stored import require_living, values
from crmcli.store import relation
from crmcli.store.party import Edit
from crmcli.store.search import Key
from crmcli.store.unit import Unit


class Changed(ConflictError):
    """The fact is no longer what was shown.

    Args:
        theirs: what it is now, as it is typed; "" for one that is gone.
    """

    def __init__(self, theirs: str) -> None:
        super().__init__(tr("it changed meanwhile"), tr("choose mine or theirs"))
        self.theirs = theirs


class Clash(ConflictError):
    """Several facts were typed over, and some of them are no longer what was shown.

    Args:
        theirs: what they are now, as they are typed, by their names.
    """

    def __init__(self, theirs: dict[str, str]) -> None:
        now = "; ".join(f"{name}: {text or tr('nothing')}" for name, text in theirs.items())
        super().__init__(
            tr("somebody changed it meanwhile, it says now {now}", now=now),
            tr("save again to put yours in its place"),
        )
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: whether anything changed, and what is to be said about it."""

    moved: bool
    said: str = ""


def save(
    crm: Context, key: Key, fact: Fact, text: str, *, shown: str, force: bool = False
) -> Saved:
    """Save what was typed over a fact; an empty text empties it.

    Args:
        crm: the run.
        key: whose fact.
        fact: which one.
        text: as typed.
        shown: what the fact held when typing began, or what was agreed to overwrite since.
        force: even if it is probably somebody else then.

    Raises:
        InvalidError, UsageError: the text does not fit.
        Known: it is probably somebody else who is there.
        Changed: the fact is not what was shown any more.
        Gone: the record is not there any more.
    """
    look = _look(key, fact.name, shown, text)
    noun, id = key
    if noun == "task":
        return _saved(task.save(crm, [id], task_edit(crm, id, fact.name[0], text), before=look))
    if noun == "interaction":
        return _saved(log.retell(crm, id, text, look))
    if noun == "deal":
        return _saved(deal.save(crm, id, fact, text, shown, look))
    if fact.name[0].endswith("relation"):
        return _relate(crm, id, fact, text, look)
    edit = party_edit(crm, noun, fact, text, shown)
    warnings = ", ".join(edit.warnings)
    if noun == "org":
        return _saved(org.save(crm, [id], edit, force=force, before=look), warnings)
    return _saved(contact.save(crm, [id], edit, force=force, before=look), warnings)


def _relate(crm: Context, id: int, fact: Fact, text: str, look: Look) -> Saved:
    """Save that somebody is something to somebody else: `referred by = bo-li`."""
    old, new = (relation_of(crm, id, typed) for typed in (fact.value, text))

    def change(w: Unit, _: int) -> bool:
        gone = relation.unrelate(w, *old) if old and old != new else 0
        return bool(relation.relate(w, *new) if new else False) or gone > 0

    return _saved(bulk.change(crm, "contact relate", [id], change, before=look))


def save_task(crm: Context, id: int, typed: dict[str, str], shown: dict[str, str]) -> Saved:
    """Save what was typed over several facts of a task, as one group; an empty text empties one.

    Args:
        crm: the run.
        id: of the task.
        typed: the texts by the names of the facts.
        shown: what they held when typing began, or what was agreed to overwrite since.

    Raises:
        InvalidError, UsageError: a text does not fit.
        Clash: somebody else changed what was typed over.
    """
    key = ("task", id)
    changed = {name: text.strip() for name, text in typed.items() if text.strip() != shown[name]}

    def look(w: Unit) -> None:
        now = {name: text for (name, _), text in values(w.conn, key).items()}
        theirs = {
            name: now[name] for name in changed if now[name] not in (shown[name], changed[name])
        }
        if theirs:
            raise Clash(theirs)

    edits = [task_edit(crm, id, name, text) for name, text in changed.items()]
    return _saved(task.save(crm, [id], task.joined(edits), before=look))


def save_address(crm: Context, key: Key, old: AddressDraft, new: dict[str, str]) -> Saved:
    """Replace an address; without any part it goes.

    Raises:
        ConflictError: it changed meanwhile.
    """
    noun, id = key
    edit, save = (contact.edit, contact.save) if noun == "contact" else (org.edit, org.save)
    drafts = edit(crm, {}, {"addresses": [new]}, {}, []).addresses  # type: ignore[list-item]
    moves = [(old, drafts[0] if drafts else None)]
    return _saved(save(crm, [id], Edit({}, {}, moves=moves), before=lambda w: _living(w, key)))


def _look(key: Key, name: Name, shown: str, text: str) -> Look:
    """Give what refuses a fact that changed; what is added or merged cannot clash."""

    def look(w: Unit) -> None:
        now = values(w.conn, key).get(name, "")
        if name[0] != "tags" and now not in (shown, text):
            raise Changed(now)

    return look


def _living(w: Unit, key: Key) -> None:
    require_living(w.conn, key)


def _saved(moved: Moved, warnings: str = "") -> Saved:
    said = "; ".join(filter(None, (moved.said if moved.count else "", warnings)))
    return Saved(moved.count > 0, said)
