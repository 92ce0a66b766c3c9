"""Organizations added and changed, as one group each."""

from collections.abc import Sequence

from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.field import Fields
from crmcli.rules.org import OrgDraft, draft_org
from crmcli.service import bulk
from crmcli.service.bulk import Look, Moved
from crmcli.service.party import Added, belongs, dropped, edit_of, without_uid
from crmcli.service.record import Record, own_fields
from crmcli.store import org as store
from crmcli.store.party import Edit, edit_party
from crmcli.store.unit import Unit


def add(crm: Context, raws: Sequence[Record], *, force: bool = False) -> Added:
    """Add orgs; unless forced, a known name, domain, e-mail or phone is refused.

    Raises:
        InvalidError: a value is wrong.
        Known: an org like it is there.
    """
    orgs = drafts(crm, raws)
    done = crm.write("org add", lambda w: [_add(w, draft, force) for draft in orgs])
    warnings = [draft.warnings for draft in orgs]
    return Added(done.value, done.changes, done.group_id, warnings=warnings)


def drafts(crm: Context, raws: Sequence[Record]) -> list[OrgDraft]:
    """Give orgs as they would be added, validated."""
    fields = own_fields(crm, "org", wanted=any(raw.get("custom") for raw in raws))
    return [_draft(crm, raw, fields) for raw in raws]


def _draft(crm: Context, raw: Record, fields: Fields) -> OrgDraft:
    draft = draft_org(without_uid(raw), crm.region, fields=fields)
    draft.owner = crm.owner(draft.owner)
    return draft


def _add(w: Unit, draft: OrgDraft, force: bool) -> int:
    """Add one org, unless one with the same name, domain, e-mail or phone is there."""
    known = {} if force else store.same_org(w.conn, draft)
    for org in store.get_orgs(w.conn, list(known)):
        raise belongs(
            *(known[org.id], f"o{org.id}", org, store.last_touch(w.conn, org.id)),
            tr("`--force` adds a second one; `crm org edit` changes the first"),
        )
    return store.add_org(w, draft)


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
    dry_run: bool = False,
    before: Look | None = None,
) -> Moved:
    """Apply an edit to orgs; `before` may look first, and refuse."""
    return bulk.change(
        *(crm, "org edit", ids, lambda w, id: edit_party(w, "org", id, edit)),
        dry_run=dry_run,
        before=before,
    )
