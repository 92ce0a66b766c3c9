"""A record as its card shows it, read at once on a thread."""

from dataclasses import dataclass

from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import card
from crmcli.service.card import FollowUp, Page
from crmcli.service.fact import shown
from crmcli.service.fact.one import Fact
from crmcli.service.fact.stored import require_living
from crmcli.store.search import Key, reference

PARTIES = ("contact", "org")


@dataclass(frozen=True, slots=True)
class Whole:
    """A record as it is read.

    Args:
        key: which one.
        name: what it is called.
        known_as: its reference, and its handle.
        facts: what is known, and what can be filled in.
        groups: open tasks under their headings.
        whom: the person or org that it is about, whose timeline is shown.
        page: the newest part of the timeline.
        text: what was said, of an interaction.
    """

    key: Key
    name: str
    known_as: str
    facts: tuple[Fact, ...]
    groups: tuple[tuple[str, list[FollowUp]], ...]
    whom: Key | None
    page: Page
    text: str | None

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
        groups=tuple(card.follow_ups(crm, record)) if noun in PARTIES else (),
        whom=whom,
        page=card.page(crm, whom, count) if whom and noun != "interaction" else Page(),
        text=(record["body"] or "") if noun == "interaction" else None,
    )


def _happened(record: card.Record) -> str:
    """Say what an interaction was, and with whom."""
    names = ", ".join(str(person["name"]) for person in record["people"]) or record["org"] or ""
    kind = tr(card.KINDS[record["kind"]])
    return tr("{names}: {kind}", names=names, kind=kind) if names else kind
