"""People added and changed, as one group each."""

from collections.abc import Sequence
from dataclasses import replace

from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.channel import ChannelDraft
from crmcli.rules.contact import ContactDraft, draft_contact
from crmcli.rules.field import Fields
from crmcli.service import bulk
from crmcli.service.bulk import Look, Moved
from crmcli.service.party import Added, belongs, dropped, edit_of, without_uid
from crmcli.service.record import Record, own_fields
from crmcli.store import contact as store
from crmcli.store.org import find_org, near_names
from crmcli.store.party import Edit
from crmcli.store.unit import Unit


def add(crm: Context, raws: Sequence[Record], *, force: bool = False) -> Added:
    """Add people; unless forced, a known e-mail or phone is refused.

    Raises:
        InvalidError: a value is wrong.
        Known: somebody has the e-mail or phone already.
    """
    people = drafts(crm, raws)
    notes = [org_note(crm, draft.org) for draft in people]
    done = crm.write("contact add", lambda w: [_add(w, draft, force) for draft in people])
    return Added(
        *(done.value, done.changes, done.group_id),
        warnings=[draft.warnings for draft in people],
        orgs=[at_org(crm, one.org, note) for one, note in zip(people, notes, strict=True)],
    )


def drafts(crm: Context, raws: Sequence[Record]) -> list[ContactDraft]:
    """Give people as they would be added, validated."""
    fields = own_fields(crm, "contact", wanted=any(raw.get("custom") for raw in raws))
    return [_draft(crm, raw, fields) for raw in raws]


def org_note(crm: Context, name: str | None) -> str:
    """Say that an org will be made as a stub, with the name nearest to it; "" for a known one.

    To be asked before the write; `at_org` says it afterwards.
    """
    if not name or find_org(crm.store.reader, name) is not None:
        return ""
    near = near_names(crm.store.reader, name)
    return tr(" (new; nearest: {name})", name=near[0]) if near else tr(" (new)")


def at_org(crm: Context, name: str | None, note: str) -> str:
    """Say which org a person is at, and whether it was made on the way; "" for none."""
    if not name:
        return ""
    ref = f"o{find_org(crm.store.reader, name)}"
    return tr("At {ref} {name}{note}", ref=ref, name=name, note=note)


def _draft(crm: Context, raw: Record, fields: Fields) -> ContactDraft:
    draft = draft_contact(without_uid(raw), crm.region, fields=fields)
    draft.owner = crm.owner(draft.owner)
    _refuse_future_bump(crm, draft)
    if draft.org is None and (draft.title or draft.department):
        raise InvalidError(tr("a title needs an org"), tr("give the org too: --org NAME"))
    return draft


def _refuse_future_bump(crm: Context, draft: ContactDraft) -> None:
    """Refuse a bump that lies ahead: the cadence would count from a day to come."""
    bumped = draft.values.get("bumped_on")
    if bumped and bumped > str(crm.clock.today()):
        raise InvalidError(
            tr("bumped_on {day} is in the future", day=bumped),
            tr("`crm contact pause` waits until a day"),
        )


def _add(w: Unit, draft: ContactDraft, force: bool) -> int:
    """Add one contact, unless someone with the same e-mail or phone is there."""
    if not force:
        refuse_known(w, draft.channels)
    return store.add_contact(w, draft)


def refuse_known(w: Unit, channels: Sequence[ChannelDraft], own: int = 0) -> None:
    """Refuse an e-mail or phone that somebody else has already: owner and last touch are named."""
    known = store.same_channel(w.conn, channels)
    known.pop(own, None)
    for contact in store.get_contacts(w.conn, list(known)):
        raise belongs(
            *(known[contact.id], f"c{contact.id}", contact, contact.last_touch_at),
            tr("`--force` goes on all the same; `crm contact edit` changes the first"),
        )


def edit(
    crm: Context,
    raw: Record,
    lists: dict[str, list[str]],
    custom: dict[str, str],
    drop: list[str],
) -> Edit:
    """Give the edit that is asked for, validated like a new contact.

    Args:
        crm: the run.
        raw: fields with their new values; an empty one empties the field.
        lists: emails, phones, urls, addresses and tags to add.
        custom: own fields; an empty value removes one.
        drop: e-mails, phones, URLs and tags to remove.
    """
    if "name" in raw and not str(raw["name"]).strip():
        raise InvalidError(tr("a contact needs a name"))
    draft = draft_contact({"name": "x", **raw, **lists}, crm.region)
    _refuse_future_bump(crm, draft)
    columns = {"name": ("display_name", "name_norm"), "org": (), "title": (), "department": ()}
    columns |= {"owner": (), "birthday": ()}
    values = {column: draft.values[column] for key in raw for column in columns.get(key, (key,))}
    job: dict[str, str | None] = {
        key: getattr(draft, key) for key in ("org", "title", "department") if key in raw
    }
    off = draft_contact({"name": "x", **dropped(drop)}, crm.region, lenient=True)
    return replace(
        edit_of(crm, "contact", draft, off, values, custom),
        dates=draft.dates,
        off_dates=["birthday"] if "birthday" in raw and not raw["birthday"] else [],
        job=job or None,
    )


def save(
    crm: Context,
    ids: Sequence[int],
    edit: Edit,
    *,
    force: bool = False,
    dry_run: bool = False,
    before: Look | None = None,
) -> Moved:
    """Apply an edit to people; unless forced, a known e-mail or phone is refused.

    Args:
        crm: the run.
        ids: whom.
        edit: what changes.
        force: even if somebody has the e-mail or phone.
        dry_run: change nothing.
        before: looks at what is there in the same unit of work, and may refuse.
    """
    at = edit.job.get("org") if edit.job else None
    note = org_note(crm, at)

    def change(w: Unit, id: int) -> bool:
        if not force:
            refuse_known(w, [*edit.channels, *(new for _, new in edit.swaps)], own=id)
        return store.edit_contact(w, id, edit)

    moved = bulk.change(crm, "contact edit", ids, change, dry_run=dry_run, before=before)
    return moved if dry_run else replace(moved, said=at_org(crm, at, note))
