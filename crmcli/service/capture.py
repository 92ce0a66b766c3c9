"""A contact made of what somebody sent: a signature, a header, a whole mail, a card."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.interchange.mail import looks_like_mail
from crmcli.rules.link import Link
from crmcli.rules.signature import Proposal, propose
from crmcli.service import contact
from crmcli.service.record import Record
from crmcli.store.contact import get_contact
from crmcli.store.import_edit import fill_edit
from crmcli.store.link import Ambiguous, find_link
from crmcli.text import clean, fold

_QUOTED = re.compile(r"(?m)^\s*>.*$|^-{3,} ?(?:Original|Forwarded|Urspr).*$")
_SIGNED = re.compile(r"(?m)^(?:--|—|__+) ?$")
_SENDERS = ("From", "Reply-To", "To", "Cc")
LONGEST = 5_000_000  # bytes that are looked at


@dataclass(frozen=True, slots=True)
class Captured:
    """What was written.

    Args:
        id: of the contact.
        outcome: added, filled, or unchanged.
        warnings: what is odd, a line each.
        org: the org, and whether it was made on the way; "" for none.
    """

    id: int
    outcome: str
    warnings: Sequence[str] = ()
    org: str = ""


def read(crm: Context, data: bytes) -> Proposal:
    """Find the contact in what was given: a card, a mail, a header, or a text.

    Raises:
        InvalidError: a card that cannot be read.
        UsageError: the card of an org.
    """
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:11].upper() == b"BEGIN:VCARD":
        return _of_card(data.decode("utf-8-sig", "replace"))
    if looks_like_mail(head, 1):
        return _of_mail(crm, head)
    return propose(data.decode("utf-8-sig", "replace"))


def _of_card(text: str) -> Proposal:
    from crmcli.interchange.vcard import raw_of
    from crmcli.interchange.vcard_merge import read_card

    card = read_card(text)
    if card is None:
        raise UsageError(tr("the card is of an org or a group"), tr("`crm import FILE` reads it"))
    raw = {key: value for key, value in raw_of(card).items() if key not in ("uid", "external")}
    return Proposal(raw, [(tr("a card"), ", ".join(raw))])


def _of_mail(crm: Context, data: bytes) -> Proposal:
    """Give who wrote a mail, and what their signature says; of one's own mail, who got it."""
    from crmcli.interchange import mime

    mail = mime.parse(data.splitlines(keepends=True))
    own = crm.config.emails()
    for header in _SENDERS:
        for name, address in mime.addresses(mail.headers, header):
            if address.casefold() in own:
                continue
            name = clean(name.strip("'\""))
            known: Record = {"emails": [("", address)]}
            if name and "@" not in name:
                known["name"] = name
            proposal = propose(_signature(mail.text), known)
            said = f"{header}: {name} <{address}>"
            proposal.lines.insert(0, (said, ", ".join(reversed(known))))
            return proposal
    return propose(_signature(mail.text))


def _signature(text: str) -> str:
    """Give what stands below the line that begins a signature; quoted letters do not count."""
    own = _QUOTED.split(text, maxsplit=1)[0]
    parts = _SIGNED.split(own)
    return parts[-1] if len(parts) > 1 else ""


def known(crm: Context, raw: Record) -> int | None:
    """Give who is there already with an e-mail, or a number and the name, of a proposal.

    Raises:
        ConflictError: several have it.
    """
    (draft,) = contact.drafts(crm, [raw])
    norms = {
        kind: tuple(one.value_norm for one in draft.channels if one.kind == kind)
        for kind in ("email", "phone")
    }
    name = str(draft.values["name_norm"])
    try:
        if found := find_link(crm.store.reader, "contact", Link(emails=norms["email"])):
            return found
        found = find_link(crm.store.reader, "contact", Link(phones=norms["phone"]))
    except Ambiguous as error:
        who, refs = error.args
        raise ConflictError(
            tr("several have {who}: {refs}", who=who, refs=refs),
            tr("`crm contact edit` changes one of them"),
        ) from None
    return found if found and fold(get_contact(crm.store.reader, found).name) == name else None


def save(crm: Context, raw: Record, *, force: bool = False) -> Captured:
    """Add a contact, or fill what somebody who is there already does not have yet.

    Args:
        crm: the run.
        raw: the fields of a proposal.
        force: add even if somebody like them is there.

    Raises:
        InvalidError: no name, or a value is wrong.
        ConflictError: somebody is probably there, under another address.
    """
    if not raw.get("name"):
        raise InvalidError(tr("no name was found"), tr("give one: --name 'Ana Novak'"))
    id = None if force else known(crm, raw)
    if id is None:
        added = contact.add(crm, [raw], force=force)
        return Captured(added.value[0], "added", added.warnings[0], added.orgs[0])
    (draft,) = contact.drafts(crm, [raw])
    edit = fill_edit(get_contact(crm.store.reader, id), draft)
    if edit is None:
        return Captured(id, "unchanged")
    moved = contact.save(crm, [id], edit, force=True)
    return Captured(id, "filled" if moved.count else "unchanged")
