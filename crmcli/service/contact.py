"""People added and changed, as one group each."""

from collections.abc import Sequence
from dataclasses import replace

from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.contact import ContactDraft, draft_contact
from crmcli.rules.field import Fields
from crmcli.service import duplicate
from crmcli.service.bulk import Look, Moved
from crmcli.service.party import Added, dropped, edit_of, with_notes, without_uid
from crmcli.service.record import Record, own_fields
from crmcli.store import contact as store
from crmcli.store.org import find_org
from crmcli.store.party import Edit
from crmcli.store.unit import Unit


def add(crm: Context, raws: Sequence[Record], *, force: bool = False) -> Added:
    """Add people; unless forced, who is probably there already is refused.

    Raises:
        InvalidError: a value is wrong.
        Known: somebody is probably there already.
    """
    people = drafts(crm, raws)
    notes = [org_note(crm, draft.org) for draft in people]
    done = crm.write("contact add", lambda w: [_add(w, draft, force) for draft in people])
    return Added(
        *([id for id, _ in done.value], done.changes, done.group_id),
        warnings=with_notes(people, [note for _, note in done.value]),
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
    near = duplicate.nearest_org(crm.store.reader, name)
    return tr(" (new; nearest: {name})", name=near) if near else tr(" (new)")


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


def _add(w: Unit, draft: ContactDraft, force: bool) -> tuple[int, str]:
    """Add one contact, unless they are probably there; give the id, and whom they look like."""
    id = store.add_contact(w, draft)
    return id, "" if force else duplicate.look(w, "contact", id)


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
    columns |= {"owner": (), "birthday": (), "source": ()}
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
        source=(draft.source or "") if "source" in raw else None,
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
    """Apply an edit to people; unless forced, what makes them probably somebody else is refused.

    Args:
        crm: the run.
        ids: whom.
        edit: what changes.
        force: even if they are probably somebody who is there.
        dry_run: change nothing.
        before: looks at what is there in the same unit of work, and may refuse.
    """
    at = edit.job.get("org") if edit.job else None
    note = org_note(crm, at)
    moved = duplicate.change(
        *(crm, "contact", ids, edit, lambda w, id: store.edit_contact(w, id, edit)),
        force=force,
        dry_run=dry_run,
        before=before,
    )
    said = [] if dry_run else [at_org(crm, at, note)]
    return replace(moved, said="\n".join(filter(None, (*said, moved.said))))
