"""Organizations: their words, and the one validation of what comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.channel import AddressDraft, ChannelDraft, addresses, channels
from crmcli.rules.field import Fields, custom_values
from crmcli.rules.values import check_keys, choice, line, note, stamp, tags
from crmcli.text import fold, is_visible

KINDS = ("prospect", "client", "partner", "supplier", "investor", "competitor", "other")
FIELDS = ("name", "kind", "domain", "industry", "note")
# What `show --json` gives besides, so that it can come back as `--input`.
_LISTS = ("emails", "phones", "urls", "addresses", "tags", "custom")
_DERIVED = ("id", "handle", "email", "phone", "owner", "uid", "created", "updated")
_AROUND = ("tasks", "timeline", "people", "last_touch", "deals", "closed_deals", "attachments")
KEYS = (*FIELDS, *_LISTS, *_DERIVED, *_AROUND)


@dataclass(slots=True)
class OrgDraft:
    """A validated org, not yet stored."""

    values: dict[str, Any]
    uid: str | None = None
    external: tuple[str, str] | None = None
    rev: str | None = None  # of the record when our own file was written
    owner: str | None = None
    channels: list[ChannelDraft] = field(default_factory=list)
    addresses: list[AddressDraft] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def draft_org(
    raw: Mapping[str, Any],
    region: str | None,
    *,
    lenient: bool = False,
    fields: Fields | None = None,
) -> OrgDraft:
    """Check what came from options, `--input` or a file, and give it in stored form.

    Args:
        raw: the fields by the names of our JSON.
        region: how telephone numbers without + are read.
        lenient: keep what only looks wrong (an import), instead of refusing it.
        fields: the own fields of orgs; what is not defined is text.

    Raises:
        InvalidError: no name, or a word that is not allowed.
    """
    if not lenient:
        check_keys(raw, KEYS)
    name = line(raw.get("name"))
    if not name or not is_visible(name):
        raise InvalidError(tr("an org needs a name"))
    draft = OrgDraft({"name": name, "name_norm": fold(name)}, uid=raw.get("uid") or None)
    draft.external, draft.rev = raw.get("external"), line(raw.get("rev"))
    draft.values["kind"] = choice("kind", raw.get("kind"), KINDS) or "prospect"
    draft.values["domain"] = domain(raw.get("domain"))
    draft.values["industry"] = line(raw.get("industry"))
    draft.values["note"] = note(raw.get("note"))
    draft.values["created_at"] = stamp(raw.get("created"))
    draft.values["updated_at"] = stamp(raw.get("updated"))
    draft.owner = line(raw.get("owner"))
    draft.channels = channels(raw, region, draft.warnings, lenient)
    draft.addresses = addresses(raw.get("addresses"))
    draft.tags = tags(raw.get("tags"))
    draft.custom = custom_values(raw.get("custom"), fields)
    return draft


def domain(value: Any) -> str | None:
    """Give the bare domain of a web address or a domain: `https://www.Acme.si/x` -> `acme.si`."""
    text = (line(value) or "").casefold()
    text = text.partition("://")[2] if "://" in text else text
    text = text.partition("/")[0].removeprefix("www.")
    return text or None
