"""One mail message of a mail client, logged on the people it names; it shares its uid with imports.

So a message that was logged here is unchanged when its mailbox is imported, and the other way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crmcli.clock import instant
from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, NotFoundError
from crmcli.i18n import tr
from crmcli.interchange.decode import open_file
from crmcli.interchange.reading import How
from crmcli.rules.contact import ContactDraft, draft_contact
from crmcli.rules.interaction import InteractionDraft, draft_interaction
from crmcli.rules.link import Link
from crmcli.service import log
from crmcli.service.log import Log, Plan
from crmcli.store.interaction import known_as
from crmcli.store.link import Ambiguous, find_link
from crmcli.store.search import Key


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was read.

    Args:
        draft: the interaction it is.
        keys: who is known of those it names, who was asked for first.
        known: the interaction that it is already; None for none.
    """

    draft: InteractionDraft
    keys: tuple[Key, ...]
    known: int | None

    @property
    def subject(self) -> str:
        """Its first line."""
        return str(self.draft.values["body"] or "").partition("\n")[0]


def read(crm: Context, file: str, keys: Sequence[Key] = ()) -> Letter:
    """Read a message and find who is known of those it names.

    Args:
        crm: the run.
        file: its path; `-` is stdin.
        keys: whom it is with, whoever wrote it.

    Raises:
        UsageError: it cannot be read, or is no message.
        InvalidError: nobody knows when it was sent.
        ConflictError: several are called like somebody in it.
    """
    from crmcli.interchange.mail import one_message

    opened = open_file(file)
    try:
        raw = one_message(opened, How(clock=crm.clock, emails=crm.config.emails()))
    except ValueError as error:
        raise InvalidError(f"{opened.name}: {error}") from None
    finally:
        opened.close()
    draft = draft_interaction(raw, crm.region)
    found = [_find(crm, "contact", link) for link in draft.people]
    org = _find(crm, "org", draft.org) if draft.org else None
    if draft.is_from_first:
        is_in = bool(found and found[0]) or not any(found)
        draft.values["direction"] = "inbound" if is_in else "outbound"
    everybody = dict.fromkeys([*keys, *filter(None, found)])
    if org and not any(noun == "org" for noun, _ in keys):
        everybody[org] = None
    return Letter(draft, tuple(everybody), known_as(crm.store.reader, draft.values["uid"]))


def _find(crm: Context, noun: str, link: Link) -> Key | None:
    try:
        id = find_link(crm.store.reader, noun, link)
    except Ambiguous as error:
        name, refs = error.args
        raise ConflictError(
            tr("several are called {name}: {refs}", name=name, refs=refs),
            tr("name whom it is with: crm log --eml FILE REF"),
        ) from None
    return (noun, id) if id else None


def newcomer(letter: Letter) -> ContactDraft:
    """Give who is to be added when nobody in a message is known: the first it names.

    Raises:
        NotFoundError: it names nobody.
    """
    if not letter.draft.people:
        raise NotFoundError(tr("the message names nobody but you"))
    link = letter.draft.people[0]
    raw = {"name": link.name, "emails": [("", address) for address in link.emails]}
    return draft_contact(raw, None, lenient=True)


def plan(crm: Context, letter: Letter, wish: Log) -> Plan:
    """Give what is written of a message: its own time and text, and what was asked for with it.

    Args:
        crm: the run.
        letter: the message.
        wish: the next steps, tags, and what is known better: direction and outcome.

    Raises:
        UsageError: more than one org, or no date in a next step.
        InvalidError: it lies in the future, or a value is wrong.
    """
    moment = instant(letter.draft.values["occurred_at"])
    if moment > crm.clock.now() + log.SLACK:
        raise InvalidError(tr("the message lies in the future: {moment}", moment=moment.date()))
    asked = replace(wish, kind="email", text=letter.subject)
    log.check(crm, letter.keys, asked)
    found = log.plan(crm, letter.keys, asked, moment)
    values = dict(letter.draft.values)
    if wish.inbound or wish.outbound:
        values["direction"] = found.draft.values["direction"]
    if wish.outcome:
        values |= {key: found.draft.values[key] for key in ("outcome", "counts_as_touch")}
    draft = replace(letter.draft, values=values, tags=found.draft.tags)
    return replace(found, draft=draft, closes=bool(values["counts_as_touch"]))
