"""What a row of a file changes about somebody who is here already.

`fill_edit` only fills what is empty; `update_edit` lets the file win where it says something;
`exact_edit` makes the record what our own file says, also where a cell was emptied.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from crmcli.i18n import mark, tr
from crmcli.rules.channel import AddressDraft, ChannelDraft
from crmcli.rules.contact import FLAGS, ContactDraft
from crmcli.rules.org import OrgDraft
from crmcli.store.contact import TOUCH, Contact
from crmcli.store.org import Org
from crmcli.store.party import Channel, Edit
from crmcli.store.search import reference
from crmcli.text import fold

KINDS = {"emails": "email", "phones": "phone", "urls": "url"}
JOB = ("org", "title", "department")
ORG_VALUES = ("kind", "domain", "industry", "note")
IN_TRASH = mark("in the trash as {ref}")
HERE = mark("here already as {ref}")
CHANGED_SINCE = mark(
    "{ref} changed since the file was written: only what is empty was filled;"
    " `--on-match update` takes the file's"
)

P = TypeVar("P", Contact, Org)
D = TypeVar("D", ContactDraft, OrgDraft)


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of a row about somebody who is here already.

    Args:
        on_match: `fill` what is empty; `update`, the file wins; `skip` the row; `new`, add another
            one; `edited`: as `update` where nothing changed here since our own file was written,
            else as `fill`.
        columns: of our own file, which says all there is in them; else none.
        add_strangers: add people whom nobody knows and who wrote or called.
    """

    on_match: str = "fill"
    columns: frozenset[str] = frozenset()
    add_strangers: bool = False


@dataclass(frozen=True, slots=True)
class Edits(Generic[P, D]):
    """The ways in which a row changes a record of one noun."""

    fill: Callable[[P, D], Edit | None]
    update: Callable[[P, D], Edit | None]
    exact: Callable[[P, D, Collection[str]], Edit | None]

    def chosen(self, policy: Policy, known: P, draft: D) -> tuple[Edit | None, str | None]:
        """Give what a row changes about a known record, and what is to be said about it."""
        is_ours = bool(policy.columns) and draft.uid == known.uid
        if policy.on_match == "update":
            if is_ours:
                return self.exact(known, draft, policy.columns), None
            return self.update(known, draft), None
        if policy.on_match == "edited" and is_ours:
            exact = self.exact(known, draft, policy.columns)
            if exact is None or draft.rev == known.revision():
                return exact, None
            noun = "contact" if isinstance(known, Contact) else "org"
            return self.fill(known, draft), tr(CHANGED_SINCE, ref=reference((noun, known.id)))
        return self.fill(known, draft), None


def fill_edit(known: Contact, draft: ContactDraft) -> Edit | None:
    """Give the edit that fills what a contact does not have yet; None when it has it all."""
    values = {
        part: draft.values[part]
        for part in known.parts
        if draft.values.get(part) and not known.parts[part]
    }
    if draft.values["note"] and not known.note:
        values["note"] = draft.values["note"]
    if draft.values["lifecycle_stage"] != "other" and known.lifecycle_stage == "other":
        values["lifecycle_stage"] = draft.values["lifecycle_stage"]
    if draft.values["lead_status"] and not known.lead_status:
        values["lead_status"] = draft.values["lead_status"]
    values |= _fill_touch(known, draft)
    dates = {date.kind for date in known.dates}
    return _if_any(
        Edit(
            values=values,
            custom={
                key: text
                for key, text in (without_org(draft, known.org) | draft.custom).items()
                if key not in known.custom
            },
            dates=[date for date in draft.dates if date.kind not in dates],
            job=_fill_job(known, draft),
            source=draft.source if draft.source and not known.source else None,
            unqualified_reason=None if known.lead_status else draft.unqualified_reason,
            **_additions(known, draft),
        )
    )


def without_org(draft: ContactDraft, org: str | None) -> dict[str, str]:
    """Give title and department of somebody of whom no org is known: kept as own fields."""
    told = {"title": draft.title, "department": draft.department}
    is_free = not (draft.org or org)
    return {key: text for key, text in told.items() if is_free and text}


def update_edit(known: Contact, draft: ContactDraft) -> Edit | None:
    """Give the edit by which the file wins where it says something; lists only grow."""
    told = {key: value for key, value in draft.values.items() if value}
    if draft.values["lifecycle_stage"] == "other":
        told.pop("lifecycle_stage")
    dates = {date.kind: date for date in known.dates}
    job = {key: getattr(draft, key) for key in JOB if getattr(draft, key)}
    return _if_any(
        Edit(
            values=_moved(_stored(known), told),
            custom=_moved(known.custom, without_org(draft, known.org) | draft.custom),
            dates=[date for date in draft.dates if not _same_date(dates.get(date.kind), date)],
            job=_job_moves(known, job),
            source=_moved_text(known.source, draft.source),
            unqualified_reason=_moved_text(known.unqualified_reason, draft.unqualified_reason),
            **_additions(known, draft),
        )
    )


def exact_edit(known: Contact, draft: ContactDraft, columns: Collection[str]) -> Edit | None:
    """Give the edit that makes a contact what our own file says in the columns it has."""
    names = {"display_name", "name_norm"} if "name" in columns else set()
    emptied = dict.fromkeys(TOUCH) | dict.fromkeys(FLAGS, 0)  # a draft leaves out what is not said
    told = {
        key: value
        for key, value in (emptied | draft.values).items()
        if key in names or key in columns
    }
    dates = {date.kind: date for date in known.dates}
    wanted = {date.kind for date in draft.dates}
    job = {key: getattr(draft, key) for key in JOB if key in columns}
    return _if_any(
        Edit(
            values=_moved(_stored(known), told),
            custom=_exact_custom(known.custom, draft.custom, columns),
            owner=_exact_owner(known.owner, draft.owner, columns),
            dates=[date for date in draft.dates if not _same_date(dates.get(date.kind), date)],
            off_dates=[
                kind
                for kind in dates
                if kind not in wanted and ("birthday" if kind == "birthday" else "dates") in columns
            ],
            job=_job_moves(known, job),
            source=_exact_source(known.source, draft.source, columns),
            unqualified_reason=_moved_text(known.unqualified_reason, draft.unqualified_reason),
            **_exact_lists(known, draft, columns),
        )
    )


def fill_org_edit(known: Org, draft: OrgDraft) -> Edit | None:
    """Give the edit that fills what an org does not have yet; None when it has it all."""
    values = {name: draft.values[name] for name in ORG_VALUES[1:] if not getattr(known, name)}
    return _if_any(
        Edit(
            values={name: value for name, value in values.items() if value},
            custom={key: text for key, text in draft.custom.items() if key not in known.custom},
            **_additions(known, draft),
        )
    )


def update_org_edit(known: Org, draft: OrgDraft) -> Edit | None:
    """Give the edit by which the file wins where it says something; see `update_edit`."""
    told = {name: draft.values[name] for name in ("name", "name_norm", *ORG_VALUES[1:])}
    return _if_any(
        Edit(
            values=_moved(_stored_org(known), {key: text for key, text in told.items() if text}),
            custom=_moved(known.custom, draft.custom),
            **_additions(known, draft),
        )
    )


def exact_org_edit(known: Org, draft: OrgDraft, columns: Collection[str]) -> Edit | None:
    """Give the edit that makes an org what our own file says; see `exact_edit`."""
    told = {name: draft.values[name] for name in ORG_VALUES if name in columns}
    if "name" in columns:
        told |= {name: draft.values[name] for name in ("name", "name_norm")}
    return _if_any(
        Edit(
            values=_moved(_stored_org(known), told),
            custom=_exact_custom(known.custom, draft.custom, columns),
            owner=_exact_owner(known.owner, draft.owner, columns),
            **_exact_lists(known, draft, columns),
        )
    )


CONTACT_EDITS = Edits(fill_edit, update_edit, exact_edit)
ORG_EDITS = Edits(fill_org_edit, update_org_edit, exact_org_edit)


def _if_any(edit: Edit) -> Edit | None:
    """Give an edit, or None for one that changes nothing."""
    is_some = any(getattr(edit, name) for name in Edit.__slots__) or edit.source is not None
    return edit if is_some else None


def _moved(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that are not there yet."""
    return {
        key: value for key, value in told.items() if (known.get(key) or None) != (value or None)
    }


def _stored(known: Contact) -> dict[str, Any]:
    """Give the columns of a contact that a file can say something about."""
    return {
        "display_name": known.name,
        "name_norm": fold(known.name),
        **known.parts,
        "lifecycle_stage": known.lifecycle_stage,
        "note": known.note,
        **known.touch,
        "lead_status": known.lead_status,
    }


def _exact_source(known: str | None, told: str | None, columns: Collection[str]) -> str | None:
    """Give the source our own file says, "" where it says none; None when nothing changes."""
    if "source" not in columns or fold(told or "") == fold(known or ""):
        return None
    return told or ""


def _moved_text(known: str | None, told: str | None) -> str | None:
    """Give what a file says of a text when it is another one; None when it says nothing new."""
    return told if told and fold(told) != fold(known or "") else None


def _stored_org(known: Org) -> dict[str, Any]:
    values = {name: getattr(known, name) for name in ("name", *ORG_VALUES)}
    return {**values, "name_norm": fold(known.name)}


def _additions(known: Contact | Org, draft: ContactDraft | OrgDraft) -> dict[str, Any]:
    """Give what a file has more of: channels, addresses, tags."""
    channels = {(channel.kind, channel.norm) for channel in known.channels}
    tags = set(map(fold, known.tags))
    return {
        "channels": [c for c in draft.channels if (c.kind, c.value_norm) not in channels],
        "addresses": [address for address in draft.addresses if address not in known.addresses],
        "tags": [tag for tag in draft.tags if fold(tag) not in tags],
    }


def _exact_lists(
    known: Contact | Org, draft: ContactDraft | OrgDraft, columns: Collection[str]
) -> dict[str, Any]:
    """Give the changes of channels, addresses and tags, as far as the file has their columns."""
    swaps: list[tuple[int, ChannelDraft]] = []
    off: list[ChannelDraft] = []
    added: list[ChannelDraft] = []
    for column, kind in KINDS.items():
        if column in columns:
            has = [channel for channel in known.channels if channel.kind == kind]
            told = [channel for channel in draft.channels if channel.kind == kind]
            changed = _channel_moves(has, told)
            swaps += changed[0]
            off += changed[1]
            added += changed[2]
    tags, wanted = set(map(fold, known.tags)), set(map(fold, draft.tags))
    is_tagged = "tags" in columns
    addresses = any(column.startswith("address") for column in columns)
    return {
        "swaps": swaps,
        "off_channels": off,
        "channels": added,
        **(_address_moves(known.addresses, draft.addresses) if addresses else {}),
        "tags": [tag for tag in draft.tags if is_tagged and fold(tag) not in tags],
        "off_tags": [tag for tag in known.tags if is_tagged and fold(tag) not in wanted],
    }


def _channel_moves(
    has: Sequence[Channel], told: Sequence[ChannelDraft]
) -> tuple[list[tuple[int, ChannelDraft]], list[ChannelDraft], list[ChannelDraft]]:
    """Give which channels become which, which go and which come: an edited one stays in place."""
    # By value too: a number may be read otherwise now than when it was stored.
    by_norm = {channel.value_norm: channel for channel in told}
    by_value = {channel.value: channel for channel in told}
    stays = [(one, by_norm.get(one.norm) or by_value.get(one.value)) for one in has]
    kept = [id(draft) for _, draft in stays if draft]
    gone = [one for one, draft in stays if draft is None]
    new = [draft for draft in told if id(draft) not in kept]
    swaps = [(one.id, draft) for one, draft in stays if draft and _differs(one, draft)]
    swaps += [(old.id, draft) for old, draft in zip(gone, new, strict=False)]
    off = [channel.draft for channel in gone[len(new) :]]
    return swaps, off, new[len(gone) :]


def _differs(known: Channel, draft: ChannelDraft) -> bool:
    return (known.label or "", known.value) != (draft.label or "", draft.value)


def _address_moves(
    known: Sequence[AddressDraft], told: Sequence[AddressDraft]
) -> dict[str, list[Any]]:
    """Give which addresses become which, and which come."""
    gone = [address for address in known if address not in told]
    new = [address for address in told if address not in known]
    moves: list[tuple[AddressDraft, AddressDraft | None]] = list(zip(gone, new, strict=False))
    moves += [(address, None) for address in gone[len(new) :]]
    return {"moves": moves, "addresses": new[len(gone) :]}


def _exact_custom(
    known: Mapping[str, Any], told: Mapping[str, Any], columns: Collection[str]
) -> dict[str, Any]:
    """Give the own fields that change; those of emptied cells go. JSON has them all at once."""
    keys: Iterable[str] = (column.partition(".")[2] for column in columns if "custom." in column)
    gone = {key for key in (known if "custom" in columns else keys) if key in known}
    return {**dict.fromkeys(sorted(gone - set(told))), **_moved(known, told)}


def _exact_owner(known: str | None, told: str | None, columns: Collection[str]) -> str | None:
    return told if "owner" in columns and told and told != known else None


def _same_date(known: Any, date: Any) -> bool:
    """Tell whether a date is there; how long ahead it is told counts only where it is said."""
    if known is None or date.lead_days is None:
        return known is not None and (known.year, known.month, known.day) == (
            *(date.year, date.month, date.day),
        )
    return bool(known == date)


def _job_moves(known: Contact, told: Mapping[str, str | None]) -> dict[str, str | None] | None:
    """Give the changes of a job; without an org there is none to have a title."""
    moved = {
        key: text
        for key, text in told.items()
        if fold(text or "") != fold(getattr(known, key) or "")
        or (key != "org" and (text or None) != getattr(known, key))
    }
    if not (known.org or moved.get("org")):
        return None
    return moved or None


def _fill_touch(known: Contact, draft: ContactDraft) -> dict[str, Any]:
    """Give what a file says about keeping in touch where nothing is said yet."""
    missing = {
        column: draft.values[column]
        for column in (*TOUCH, *FLAGS)
        if draft.values.get(column) and not known.touch[column]
    }
    days = missing.get("cadence_days") or known.touch["cadence_days"] or 0
    limit = missing.get("cadence_max_days") or known.touch["cadence_max_days"] or days
    if limit < days:  # half of it is known and the other half does not fit
        missing.pop("cadence_days", None)
        missing.pop("cadence_max_days", None)
    return missing


def _fill_job(known: Contact, draft: ContactDraft) -> dict[str, str | None] | None:
    given = {"title": draft.title, "department": draft.department}
    if draft.org and not known.org:
        return {"org": draft.org, **given}
    if draft.org and fold(draft.org) != fold(known.org or ""):
        return None
    if not known.org:
        return None
    missing: dict[str, str | None] = {
        key: text for key, text in given.items() if text and not getattr(known, key)
    }
    return missing or None


def merge_drafts(into: ContactDraft, draft: ContactDraft) -> bool:
    """Fill a contact of this import from a later row about the same one; give whether it moved."""
    before = (len(into.channels), len(into.addresses), len(into.dates), len(into.tags))
    filled = False
    for key, value in draft.values.items():
        if value and (not into.values.get(key) or (key == "lifecycle_stage" and _is_other(into))):
            filled = filled or into.values.get(key) != value
            into.values[key] = value
    is_same_job = not (into.org and draft.org) or fold(into.org) == fold(draft.org)
    for name in JOB if is_same_job else ():
        if getattr(draft, name) and not getattr(into, name):
            setattr(into, name, getattr(draft, name))
            filled = True
    for key, text in draft.custom.items():
        filled = filled or key not in into.custom
        into.custom.setdefault(key, text)
    for name in ("source", "unqualified_reason"):
        if getattr(draft, name) and not getattr(into, name):
            setattr(into, name, getattr(draft, name))
            filled = True
    channels = {(channel.kind, channel.value_norm) for channel in into.channels}
    into.channels += [c for c in draft.channels if (c.kind, c.value_norm) not in channels]
    into.addresses += [address for address in draft.addresses if address not in into.addresses]
    kinds = {date.kind for date in into.dates}
    into.dates += [date for date in draft.dates if date.kind not in kinds]
    tags = set(map(fold, into.tags))
    into.tags += [tag for tag in draft.tags if fold(tag) not in tags]
    after = (len(into.channels), len(into.addresses), len(into.dates), len(into.tags))
    return filled or before != after


def _is_other(draft: ContactDraft) -> bool:
    return bool(draft.values["lifecycle_stage"] == "other")
