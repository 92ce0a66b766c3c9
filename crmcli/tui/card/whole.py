"""A record as its card shows it, read at once on a thread."""

from dataclasses import dataclass

from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import card, sold
from crmcli.service.card import FollowUp, Page
from crmcli.service.fact import deal, shown
from crmcli.service.fact.one import Fact
from crmcli.service.fact.stored import require_living
from crmcli.store.search import Key, key_of, reference

WITH_TASKS = ("contact", "org", "deal")


@dataclass(frozen=True, slots=True)
class Whole:
    """A record as it is read.

    Args:
        key: which one.
        name: what it is called.
        known_as: its reference, and its handle.
        facts: what is known, and what can be filled in.
        groups: open tasks under their headings.
        whom: the person, org or deal that it is about, whose timeline is shown.
        people: with whom something is logged here, and a task is for.
        page: the newest part of the timeline.
        text: what was said, of an interaction.
        deals: those of a person or an org: reference, where it stands, what it is about.
        ended: how many others were won and lost, in words.
        stays: the stages a deal stood in, each with its days.
    """

    key: Key
    name: str
    known_as: str
    facts: tuple[Fact, ...]
    groups: tuple[tuple[str, list[FollowUp]], ...]
    whom: Key | None
    people: tuple[Key, ...]
    page: Page
    text: str | None
    deals: tuple[tuple[str, str, str], ...] = ()
    ended: str = ""
    stays: tuple[tuple[str, str], ...] = ()

    @property
    def tasks(self) -> list[FollowUp]:
        """Give the open tasks in the order they are shown in."""
        return [task for _, tasks in self.groups for task in tasks]


def read_whole(crm: Context, key: Key, count: int, *, ascii: bool) -> Whole:
    """Read a record with so much of its timeline; on a thread.

    Raises:
        Gone: it is not there (any more).
    """
    require_living(crm.store.reader, key)
    noun, _ = key
    record = card.read(crm, key, timeline=0)
    whom = shown.whom(noun, record)
    return Whole(
        key=key,
        name=str(record.get("name") or record.get("title") or _happened(record)),
        known_as=" ".join(filter(None, (reference(key), record.get("handle")))),
        facts=tuple(shown.facts(crm, key, record, ascii=ascii)),
        groups=tuple(card.follow_ups(crm, record)) if noun in WITH_TASKS else (),
        whom=whom,
        people=_people(noun, record, whom),
        page=card.page(crm, whom, count) if whom and noun != "interaction" else Page(),
        text=(record["body"] or "") if noun == "interaction" else None,
        deals=tuple(sold.lines(crm, record.get("deals", ()))),
        ended=", ".join(sold.closed_words(record.get("closed_deals", ()))),
        stays=tuple(deal.stays(crm, key[1])) if noun == "deal" else (),
    )


def _people(noun: str, record: card.Record, whom: Key | None) -> tuple[Key, ...]:
    """Give with whom something is logged: of a deal the person to talk to, else its org."""
    if noun != "deal":
        return (whom,) if whom else ()
    return (key_of(record["who"]["id"]),) if record["who"] else ()


def _happened(record: card.Record) -> str:
    """Say what an interaction was, and with whom."""
    names = ", ".join(str(person["name"]) for person in record["people"]) or record["org"] or ""
    kind = tr(card.KINDS[record["kind"]])
    return tr("{names}: {kind}", names=names, kind=kind) if names else kind
