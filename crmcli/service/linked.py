"""On which deal something is: the one that is named, or the only open one of whoever it is with."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.text import fold

if TYPE_CHECKING:
    from crmcli.store.deal import Deal
    from crmcli.store.search import Key

NOTHING = "none"  # as `--deal` says it


def key_for(crm: Context, ref: str, nouns: Sequence[str] = ("contact", "org")) -> "Key":
    """Give whom or what a reference means: a deal by its id only, since deals are called like orgs.

    Raises:
        NotFoundError: nothing matches.
        ConflictError: several do, and nobody can be asked.
    """
    word = ref.strip().casefold()
    is_deal = word[:1] == "d" and word[1:].isascii() and word[1:].isdigit()
    return crm.resolve(ref, ("deal",) if is_deal else nouns)


def party(crm: Context, key: "Key") -> "Key | None":
    """Give whom something is for: of a deal its person to talk to, else its org, else nobody."""
    if key[0] != "deal":
        return key
    from crmcli.store.deal import get_deal

    deal = get_deal(crm.store.reader, key[1])
    if deal.primary:
        return "contact", int(deal.primary["id"][1:])
    return ("org", deal.org_id) if deal.org_id else None


def talk(crm: Context, key: "Key") -> "Key":
    """Give with whom one speaks: as `party`, but somebody.

    Raises:
        InvalidError: the deal has neither person nor org.
    """
    whom = party(crm, key)
    if whom is None:
        raise InvalidError(
            tr("d{id} has nobody to talk to", id=key[1]),
            tr("`crm deal contact d{id} REF` adds somebody", id=key[1]),
        )
    return whom


def deal_for(crm: Context, key: "Key | None", said: str = "") -> int | None:
    """Give the deal that what is written belongs to; None for none.

    Args:
        crm: the run.
        key: with whom, or the deal itself.
        said: the deal as typed; "" for the only open one, `none` for none.

    Raises:
        NotFoundError: there is no such deal.
    """
    if said:
        return None if fold(said) == NOTHING else crm.resolve(said, ("deal",))[1]
    if key is None or key[0] == "deal":
        return key and key[1]
    from crmcli.store.party import has_deals

    if not has_deals(crm.store.reader, *key):
        return None
    from crmcli.service.deal import only_open

    return only_open(crm, key)


def on_deal(crm: Context, id: int | None) -> str:
    """Say on which deal something is: `on d7 Pilot`; "" for none."""
    if id is None:
        return ""
    from crmcli.store.deal import get_deal

    return on(get_deal(crm.store.reader, id))


def on(deal: "Deal") -> str:
    """Say a deal that something is on."""
    return tr("on d{id} {name}", id=deal.id, name=deal.name)
