"""Organizations added and changed, as one group each."""

from collections.abc import Sequence

from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.field import Fields
from crmcli.rules.org import OrgDraft, draft_org
from crmcli.service import duplicate
from crmcli.service.bulk import Look, Moved
from crmcli.service.party import Added, dropped, edit_of, with_notes, without_uid
from crmcli.service.record import Record, own_fields
from crmcli.store import org as store
from crmcli.store.party import Edit, edit_party
from crmcli.store.unit import Unit


def add(crm: Context, raws: Sequence[Record], *, force: bool = False) -> Added:
    """Add orgs; unless forced, one that is probably there already is refused.

    Raises:
        InvalidError: a value is wrong.
        Known: an org like it is there.
    """
    orgs = drafts(crm, raws)
    done = crm.write("org add", lambda w: [_add(w, draft, force) for draft in orgs])
    ids, notes = [id for id, _ in done.value], [note for _, note in done.value]
    return Added(ids, done.changes, done.group_id, warnings=with_notes(orgs, notes))


def drafts(crm: Context, raws: Sequence[Record]) -> list[OrgDraft]:
    """Give orgs as they would be added, validated."""
    fields = own_fields(crm, "org", wanted=any(raw.get("custom") for raw in raws))
    return [_draft(crm, raw, fields) for raw in raws]


def _draft(crm: Context, raw: Record, fields: Fields) -> OrgDraft:
    draft = draft_org(without_uid(raw), crm.region, fields=fields)
    draft.owner = crm.owner(draft.owner)
    return draft


def _add(w: Unit, draft: OrgDraft, force: bool) -> tuple[int, str]:
    """Add one org, unless it is probably there; give the id, and what it looks like."""
    id = store.add_org(w, draft)
    return id, "" if force else duplicate.look(w, "org", id)


def edit(
    crm: Context,
    raw: Record,
    lists: dict[str, list[str]],
    custom: dict[str, str],
    drop: list[str],
) -> Edit:
    """Give the edit that is asked for, validated like a new org; see `contact.edit`."""
    if "name" in raw and not str(raw["name"]).strip():
        raise InvalidError(tr("an org needs a name"))
    draft = draft_org({"name": "x", **raw, **lists}, crm.region)
    off = draft_org({"name": "x", **dropped(drop)}, crm.region, lenient=True)
    columns = {"name": ("name", "name_norm"), "owner": ()}
    values = {col: draft.values[col] for key in raw for col in columns.get(key, (key,))}
    return edit_of(crm, "org", draft, off, values, custom)


def save(
    crm: Context,
    ids: Sequence[int],
    edit: Edit,
    *,
    force: bool = False,
    dry_run: bool = False,
    before: Look | None = None,
) -> Moved:
    """Apply an edit to orgs; unless forced, what makes one probably another is refused.

    `before` may look first, and refuse.
    """
    return duplicate.change(
        *(crm, "org", ids, edit, lambda w, id: edit_party(w, "org", id, edit)),
        force=force,
        dry_run=dry_run,
        before=before,
    )
