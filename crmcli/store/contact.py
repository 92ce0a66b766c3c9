"""Contacts: reads into frozen dataclasses, writes inside a unit of work."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmcli.columns import Column
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.channel import AddressDraft
from crmcli.rules.contact import ContactDraft, DateDraft
from crmcli.rules.field import json_of
from crmcli.store import field, party, tag
from crmcli.store import org as org_store
from crmcli.store.party import Channel, Edit
from crmcli.store.rows import (
    NEWEST,
    Listing,
    Place,
    Row,
    chunks,
    fetch,
    fetch_ids,
    grouped,
    listed_ids,
)
from crmcli.store.sql import contact as sql
from crmcli.store.sql.deal import PLACES
from crmcli.store.unit import Unit
from crmcli.store.vocabulary import ensure_reason, source_id

COLUMNS = (
    Column("id", "Id", "id"),
    Column("handle", "Handle", wide=True),
    Column("name", "Name"),
    Column("org", "Org"),
    Column("email", "E-mail"),
    Column("phone", "Phone", "phone"),
    Column("tags", "Tags", "list", wide=True),
    Column("last_touch", "Last touch", "day"),
    Column("pulse", "Pulse", "pulse", wide=True),
    Column("emails", "E-mails", "list", listed=False),
    Column("phones", "Phones", "phone", listed=False),
    Column("title", "Title", listed=False),
    Column("department", "Department", listed=False),
    Column("lifecycle_stage", "Stage", listed=False),
    Column("owner", "Owner", listed=False),
    Column("prefix", "Prefix", listed=False),
    Column("given_name", "Given name", listed=False),
    Column("additional_name", "Additional name", listed=False),
    Column("family_name", "Family name", listed=False),
    Column("suffix", "Suffix", listed=False),
    Column("nickname", "Nickname", listed=False),
    Column("language", "Language", listed=False),
    Column("urls", "Web", "list", listed=False),
    Column("addresses", "Address", "list", listed=False),
    Column("birthday", "Birthday", listed=False),
    Column("dates", "Dates", "list", listed=False),
    Column("date_leads", "Told ahead", "list", listed=False),
    Column("note", "Note", listed=False),
    Column("custom", "Fields", "map", listed=False),
    Column("cadence_days", "Cadence", "number", listed=False),
    Column("cadence_max_days", "Cold after", "number", listed=False),
    Column("next_touch", "Next touch", listed=False),
    Column("bumped_on", "Bumped", listed=False),
    Column("paused_until_on", "Paused until", listed=False),
    Column("do_not_contact", "Do not contact", listed=False),
    Column("deceased", "Deceased", listed=False),
    Column("unanswered", "Unanswered", listed=False),
    Column("unanswered_at", "Unanswered since", "when", listed=False),
    Column("uid", "UID", listed=False),
    Column("created", "Created", "when", listed=False),
    Column("updated", "Updated", "when", listed=False),
    Column("source", "Source", listed=False),
    Column("lead_status", "Lead status", listed=False),
    Column("unqualified_reason", "Not qualified because", listed=False),
    Column("steps", "Steps", "steps", listed=False),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person, with everything that hangs on them."""

    id: int
    uid: str
    handle: str
    name: str
    parts: Mapping[str, str | None]
    lifecycle_stage: str
    note: str | None
    custom: Mapping[str, Any]
    owner: str | None
    last_touch_at: str | None
    touch: Mapping[str, Any]
    created_at: str
    updated_at: str
    archived_at: str | None
    org_id: int | None
    org: str | None
    title: str | None
    department: str | None
    channels: tuple[Channel, ...]
    addresses: tuple[AddressDraft, ...]
    dates: tuple[DateDraft, ...]
    tags: tuple[str, ...]
    source: str | None
    lead_status: str | None
    unqualified_reason: str | None
    steps: tuple[Row, ...]

    def revision(self) -> str:
        """Give what changes with anything that a file could say about the contact."""
        touch = [self.touch[key] for key in (*TOUCH, "do_not_contact", "deceased")]
        job = (self.org, self.title, self.department)
        lead = (self.source, self.lead_status, self.unqualified_reason)
        return party.revision(self, self.parts, self.lifecycle_stage, touch, job, self.dates, lead)

    def json(self) -> Row:
        """Give the contact under its names in JSON, `--fields` and CSV."""
        dates = {date.kind: date_text(date) for date in self.dates}
        birthday = dates.pop("birthday", None)
        leads = [date for date in self.dates if date.lead_days is not None]
        return {
            "id": f"c{self.id}",
            "handle": self.handle,
            "name": self.name,
            **self.parts,
            "org": self.org,
            "title": self.title,
            "department": self.department,
            **party.primary_json(self.channels),
            "emails": party.channels_json(self.channels, "email"),
            "phones": party.channels_json(self.channels, "phone"),
            "urls": party.channels_json(self.channels, "url"),
            "addresses": list(self.addresses),
            "birthday": birthday,
            "dates": [{"label": kind, "value": text} for kind, text in dates.items()],
            "date_leads": [{"label": date.kind, "value": str(date.lead_days)} for date in leads],
            "tags": list(self.tags),
            "lifecycle_stage": self.lifecycle_stage,
            "owner": self.owner,
            "last_touch": self.last_touch_at,
            **self.touch,
            "note": self.note,
            "custom": {key: json_of(stored) for key, stored in self.custom.items()},
            "uid": self.uid,
            "created": self.created_at,
            "updated": self.updated_at,
            "source": self.source,
            "lead_status": self.lead_status,
            "unqualified_reason": self.unqualified_reason,
            "steps": [dict(step) for step in self.steps],
        }


TOUCH = ("cadence_days", "cadence_max_days", "bumped_on", "paused_until_on")
DATE_PARTS = ("kind", "year", "month", "day", "lead_days")
PARTS = (
    "prefix",
    "given_name",
    "additional_name",
    "family_name",
    "suffix",
    "nickname",
    "language",
)


def list_contacts(conn: sqlite3.Connection, listing: Listing) -> Iterator[Contact]:
    """Give the contacts a listing asks for, in its order."""
    for ids in listed_ids(conn, listing, "contact", sql.LIST, sql.ORDER):
        yield from get_contacts(conn, ids)


def last_touched(conn: sqlite3.Connection, limit: int) -> list[int]:
    """Give who one was in touch with last, the latest first."""
    return [row["id"] for row in fetch(conn, sql.LAST_TOUCHED, limit=limit)]


def get_contacts(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Contact]:
    """Give contacts by id, in the order of `ids`; missing ones are left out."""
    channels = grouped(conn, sql.CHANNELS, ids, "contact_id")
    addresses = grouped(conn, sql.ADDRESSES, ids, "contact_id")
    tags = grouped(conn, sql.TAGS, ids, "contact_id")
    dates = grouped(conn, sql.DATES, ids, "contact_id")
    steps = grouped(conn, PLACES, ids, "contact_id")
    jobs = {row["contact_id"]: row for row in fetch_ids(conn, sql.JOBS, ids)}
    rows = {row["id"]: row for row in fetch_ids(conn, sql.ROWS, ids)}
    return [
        _contact(
            rows[id],
            jobs.get(id, {}),
            channels.get(id, []),
            addresses.get(id, []),
            dates.get(id, []),
            tags.get(id, []),
            steps.get(id, []),
        )
        for id in ids
        if id in rows
    ]


def get_contact(conn: sqlite3.Connection, id: int) -> Contact:
    """Give one contact by id."""
    return get_contacts(conn, [id])[0]


def stamps(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Give uid and time of the last change of contacts, by id."""
    found = {}
    for chunk in chunks(set(ids)):
        found.update(
            {
                row["id"]: (row["uid"], row["updated_at"])
                for row in fetch_ids(conn, sql.STAMPS, chunk)
            }
        )
    return found


def is_empty(conn: sqlite3.Connection) -> bool:
    """Tell whether there is nobody yet."""
    return not conn.execute(sql.COUNT, {"cap": 1}).fetchone()[0]


def timeline(
    conn: sqlite3.Connection, id: int, limit: int, before: Place | None = None
) -> list[Row]:
    """Give the newest `limit` interactions with a contact, or those before a place."""
    at, before_id = before or NEWEST
    values = {"before_at": at, "before_id": before_id, "limit": limit}
    return fetch(conn, sql.TIMELINE, contact_id=id, **values)


def add_contact(w: Unit, draft: ContactDraft) -> int:
    """Store a new contact with all that hangs on it; give its id. An unknown org is made.

    Raises:
        InvalidError, ConflictError: its own fields do not hold to their definitions.
    """
    values = {
        **draft.values,
        "uid": draft.uid,
        "custom": field.merged("{}", field.Guard(w.conn, "contact").new(draft.custom)),
        "owner_id": w.user_id(draft.owner) if draft.owner else w.actor_id(),
        "source_id": source_id(w, draft.source) if draft.source else None,
        "unqualified_reason_id": _reason_id(w, draft.unqualified_reason),
    }
    id = w.insert("contact", **values)
    if draft.org:
        add_job(w, id, org_store.ensure_org(w, draft.org), draft.title, draft.department)
    party.add_channels(w, "contact", id, draft.channels)
    party.add_addresses(w, "contact", id, draft.addresses)
    tag.add_tags(w, "contact", id, draft.tags)
    for date in draft.dates:
        set_date(w, id, date)
    return id


def edit_contact(
    w: Unit, id: int, edit: Edit, version: int | None = None, guard: field.Guard | None = None
) -> bool:
    """Change a contact; give False, and write nothing, when all holds already.

    Raises:
        InvalidError: a value that does not fit; see `edit_party` too. Nothing was written.
    """
    edit = _with_lead(w, id, _with_limit(w, id, edit))
    moved = [party.edit_party(w, "contact", id, edit, version, guard)]
    if edit.job is not None:
        moved.append(_change_job(w, id, edit.job))
    moved += [drop_date(w, id, kind) for kind in edit.off_dates]
    moved += [set_date(w, id, date) for date in edit.dates]
    return any(moved)


def _with_limit(w: Unit, id: int, edit: Edit) -> Edit:
    """Let the limit go that a longer cadence has outgrown.

    Raises:
        InvalidError: a new limit that is shorter than the cadence.
    """
    if not {"cadence_days", "cadence_max_days"} & set(edit.values):
        return edit
    row = {**(w.get("contact", id) or {}), **edit.values}
    days, limit = row["cadence_days"], row["cadence_max_days"]
    if not (days and limit and limit < days):
        return edit
    if edit.values.get("cadence_max_days"):
        raise InvalidError(tr("cadence_max_days is shorter than cadence_days"))
    return replace(edit, values={**edit.values, "cadence_max_days": None})


def _with_lead(w: Unit, id: int, edit: Edit) -> Edit:
    """Add the columns of the source, and of the reason that goes with an unqualified lead."""
    values = dict(edit.values)
    if edit.source is not None:
        values["source_id"] = source_id(w, edit.source) if edit.source else None
    if "lead_status" in values or edit.unqualified_reason:
        row = {**(w.get("contact", id) or {}), **values}
        is_off = row["lead_status"] == "unqualified"
        reason = _reason_id(w, edit.unqualified_reason) or row["unqualified_reason_id"]
        values["unqualified_reason_id"] = reason if is_off else None
    return replace(edit, values=values)


def _reason_id(w: Unit, name: str | None) -> int | None:
    """Give the reason called `name` for not qualifying a lead, made when it is new."""
    return ensure_reason(w, "unqualified", name) if name else None


def add_job(w: Unit, id: int, org_id: int, title: str | None, department: str | None) -> None:
    """Store that a contact works at an org, as their primary job."""
    w.insert("employment", contact_id=id, org_id=org_id, title=title, department=department)


def set_date(w: Unit, id: int, date: DateDraft) -> bool:
    """Set a yearly date of a contact."""
    values = {"year": date.year, "month": date.month, "day": date.day}
    if date.lead_days is not None:
        values["lead_days"] = date.lead_days
    row = w.one(sql.DATE_OF, contact_id=id, kind=date.kind)
    if row:
        return w.update("important_date", row["id"], **values)
    w.insert("important_date", contact_id=id, kind=date.kind, **values)
    return True


def drop_date(w: Unit, id: int, kind: str) -> bool:
    """Remove a yearly date of a contact."""
    row = w.one(sql.DATE_OF, contact_id=id, kind=kind)
    if row:
        w.delete("important_date", row["id"])
    return row is not None


def date_text(date: DateDraft) -> str:
    """Give a yearly date as `1990-05-17` or, without its year, `--05-17` (RFC 6350, 4.3.1)."""
    return date.text


def _change_job(w: Unit, id: int, job: Mapping[str, str | None]) -> bool:
    """Change the primary job: another org ends nothing but replaces it, no org removes it."""
    row = w.one(sql.JOB, contact_id=id)
    name = job.get("org")
    rest: Row = {key: job[key] for key in ("title", "department") if key in job}
    if "org" in job and not name:
        if row:
            w.delete("employment", row["id"])
        return row is not None
    if name:
        rest["org_id"] = org_store.ensure_org(w, name)
    if row:
        return w.update("employment", row["id"], **rest)
    if "org_id" not in rest:
        raise InvalidError(tr("a title needs an org"), tr("give the org too: --org NAME"))
    w.insert("employment", contact_id=id, **rest)
    return True


def _touch(row: Row) -> Row:
    """Give where keeping in touch stands, under its names in JSON."""
    return {
        **{key: row[key] for key in TOUCH},
        "next_touch": row["next_touch_on"],
        "do_not_contact": bool(row["do_not_contact"]),
        "deceased": bool(row["deceased"]),
        "unanswered": row["unanswered"],
        "unanswered_at": row["unanswered_at"],
    }


def _contact(
    row: Row,
    job: Row,
    channels: list[Row],
    addresses: list[Row],
    dates: list[Row],
    tags: list[Row],
    steps: list[Row],
) -> Contact:
    return Contact(
        id=row["id"],
        uid=row["uid"],
        handle=row["handle"] or f"contact-{row['id']}",
        name=row["display_name"],
        parts={part: row[part] for part in PARTS},
        lifecycle_stage=row["lifecycle_stage"],
        note=row["note"],
        custom=json.loads(row["custom"]) if row["custom"] != "{}" else {},
        owner=row["owner"],
        last_touch_at=row["last_touch_at"],
        touch=_touch(row),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
        org_id=job.get("org_id"),
        org=job.get("name"),
        title=job.get("title"),
        department=job.get("department"),
        channels=tuple(map(party.channel_of, channels)),
        addresses=tuple(map(party.address_of, addresses)),
        dates=tuple(DateDraft(*(row[part] for part in DATE_PARTS)) for row in dates),
        tags=tuple(row["name"] for row in tags),
        source=row["source"],
        lead_status=row["lead_status"],
        unqualified_reason=row["unqualified_reason"],
        steps=tuple(
            {"pipeline": row["pipeline"], "stage": row["stage"], "since": row["entered_at"]}
            for row in steps
        ),
    )
