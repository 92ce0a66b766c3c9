"""Sources added, renamed, joined; and what they cost."""

from crmcli import money
from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.values import line, note
from crmcli.service import planning
from crmcli.service.record import Record
from crmcli.store import source as store
from crmcli.store.unit import Done


def add(crm: Context, name: str, medium: str = "") -> Done[int]:
    """Add a source.

    Raises:
        InvalidError: no name.
        ConflictError: there is one of this name.
    """
    named = _name(name)
    return crm.write("source add", lambda w: store.add_source(w, named, line(medium)))


def edit(crm: Context, ref: str, values: Record) -> tuple[int, bool]:
    """Change name and medium, as far as given; give its id and whether anything changed."""
    source = store.find_source(crm.store.reader, ref)
    told = {key: _name(text) if key == "name" else line(text) for key, text in values.items()}
    done = crm.write("source edit", lambda w: store.edit_source(w, source["id"], told))
    return source["id"], done.value


def remove(crm: Context, ref: str, into: str = "") -> Record:
    """Remove a source, or make one of two; give what it was.

    Raises:
        ConflictError: it is in use, and no other is given.
    """
    source = store.find_source(crm.store.reader, ref)
    other = store.find_source(crm.store.reader, into)["id"] if into else None
    if other == source["id"]:
        raise InvalidError(tr("that is the same source"))
    crm.write("source rm", lambda w: store.remove_source(w, source, other))
    return source


def add_cost(crm: Context, ref: str, amount: str, on: str = "", text: str = "") -> Record:
    """Add what was spent on a source; give it with the source's name.

    Raises:
        UsageError: not an amount, or not a day.
        InvalidError: nothing, less than nothing, or a day to come.
    """
    source = store.find_source(crm.store.reader, ref)
    spent = money.parse(amount, crm.currency)
    if spent.minor <= 0:
        raise InvalidError(tr("a cost is more than nothing"), tr("such as 250 or EUR 250"))
    day = crm.clock.today()
    if on:
        day = crm.clock.local(planning.past_instant(crm, on)).date()
    said = note(text)
    crm.write("source cost", lambda w: store.add_cost(w, source["id"], spent, day, said))
    return {
        "source": source["name"],
        "spent_on": str(day),
        "amount": money.json(spent),
        "note": said,
    }


def _name(text: str) -> str:
    name = line(text)
    if not name:
        raise InvalidError(tr("a source needs a name"))
    return name
