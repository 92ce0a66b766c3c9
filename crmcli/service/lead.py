"""Leads: added, qualified, given up, swept; and people on their way through their pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmcli.clock import stamp
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.rules.interaction import draft_interaction
from crmcli.rules.task import draft_task
from crmcli.service import card, contact, duplicate, planning, score
from crmcli.service import deal as deals
from crmcli.service.bulk import Moved
from crmcli.service.bulk import change as change_all
from crmcli.service.log import Step, follow_up
from crmcli.service.party import Added, with_notes
from crmcli.service.record import Record
from crmcli.store import contact as contacts
from crmcli.store import deal as deal_store
from crmcli.store import lead as store
from crmcli.store import task as tasks
from crmcli.store.interaction import add_interaction
from crmcli.store.party import set_archived
from crmcli.store.pipeline import find_pipeline
from crmcli.store.stay import Track, leave
from crmcli.store.unit import Unit
from crmcli.store.vocabulary import find_reason, source_id


@dataclass(frozen=True, slots=True)
class Qualified(Moved):
    """A qualified lead, and the deal that was made with it."""

    deal_id: int | None = None


def add(crm: Context, raw: Record, *, next: str = "", force: bool = False) -> Added:
    """Add a person as a lead, with a next step; who is probably there already is refused.

    Raises:
        InvalidError: a value is wrong.
        Known: somebody is probably there already.
    """
    drafts = contact.drafts(crm, [{**raw, "lifecycle_stage": "lead", "lead_status": "new"}])
    note = contact.org_note(crm, drafts[0].org)
    step = _step(crm, next)

    def write(w: Unit) -> tuple[int, str]:
        id = contacts.add_contact(w, drafts[0])
        likeness = "" if force else duplicate.look(w, "contact", id)
        _add_step(w, id, step)
        return id, likeness

    done = crm.write("lead add", write)
    id, likeness = done.value
    return Added(
        *([id], done.changes, done.group_id),
        warnings=with_notes(drafts, [likeness]),
        orgs=[contact.at_org(crm, drafts[0].org, note)],
    )


def take(crm: Context, id: int, *, source: str | None = None, next: str = "") -> Moved:
    """Make a lead of somebody who is there; one that was given up is new again.

    Raises:
        ConflictError: they are further on already.
    """
    step = _step(crm, next)

    def write(w: Unit, id: int) -> bool:
        moved = store.make_lead(w, id)
        if source:
            moved |= w.update("contact", id, source_id=source_id(w, source))
        return _add_step(w, id, step) or moved

    return change_all(crm, "lead add", [id], write, said=step[1] if step else "")


def qualify(
    crm: Context,
    id: int,
    *,
    deal: Record | None = None,
    next: str = "",
) -> Qualified:
    """Qualify a lead, perhaps with a deal; the person and their history stay the same.

    Args:
        crm: the run.
        id: of the contact.
        deal: its fields by the names of our JSON; None for no deal.
        next: the next step, its date first; with a deal it is the deal's.

    Raises:
        InvalidError: a value is wrong.
    """
    step = _step(crm, next)
    draft = deals.draft_of(crm, deal) if deal else None
    place = deals.first_stage(crm, "", "") if deal else None

    def write(w: Unit) -> tuple[bool, int | None]:
        moved, deal_id = store.qualify(w, id), None
        if draft and place:
            deal_id = deal_store.add_deal(w, draft, place, contact_id=id)
        added = _add_step(w, id, step, deal_id)
        return moved or added or deal_id is not None, deal_id

    done = crm.write("lead qualify", write)
    moved, deal_id = done.value
    return Qualified([moved], step[1] if step else "", done.group_id, done.changes, deal_id)


def disqualify(crm: Context, id: int, reason: str, *, revisit: str = "", note: str = "") -> Moved:
    """Give a lead up for a reason; `crm lead qualify` takes them up again.

    Args:
        crm: the run.
        id: of the contact.
        reason: its name, or the beginning of one.
        revisit: when to look again, as typed; makes a follow-up.
        note: what there is to say; logged with them.

    Raises:
        NotFoundError: there is no such reason.
        InvalidError: the reason needs a note.
        UsageError: no date, or one that is not ahead.
    """
    reason_id = find_reason(crm.store.reader, "unqualified", reason, note)
    step = _revisit(crm, revisit) if revisit else None
    said = {"kind": "note", "occurred_at": crm.clock.stamp(), "body": note}
    talk = draft_interaction(said) if note else None

    def write(w: Unit, id: int) -> bool:
        moved = store.disqualify(w, id, reason_id)
        if talk:
            add_interaction(w, talk, [id])
        return _add_step(w, id, step) or moved or talk is not None

    return change_all(crm, "lead disqualify", [id], write, said=step[1] if step else "")


def _revisit(crm: Context, text: str) -> Step:
    when = planning.ahead(crm, text)
    due = planning.due_values(crm, when)
    return draft_task({"title": tr("Revisit"), "kind": "follow_up", **due}), planning.due_echo(
        crm, when
    )


def _step(crm: Context, phrase: str) -> Step | None:
    return follow_up(crm, phrase, "follow_up", "")


def _add_step(w: Unit, id: int, step: Step | None, deal_id: int | None = None) -> bool:
    """Add the next step for somebody, if there is one."""
    if step:
        tasks.add_task(w, step[0], "contact", id, deal_id)
    return step is not None


def sweep(crm: Context, ids: Sequence[int], *, dry_run: bool = False) -> Moved:
    """Move leads to the trash, as one change."""
    return change_all(
        *(crm, "lead sweep", ids, lambda w, id: set_archived(w, "contact", id, archived=True)),
        dry_run=dry_run,
    )


def read(crm: Context, id: int) -> Record:
    """Give a person's card with their score, every term of it, and what they were so far."""
    found = score.score_of(crm, id)
    return {
        **card.read(crm, ("contact", id)),
        **found.json(),
        "terms": found.explained(),
        "history": store.history(crm.store.reader, id),
    }


def leave_pipeline(
    crm: Context, ids: Sequence[int], pipeline: str = "", at: str = "", *, dry_run: bool = False
) -> Moved:
    """Let people leave a pipeline, the default one without a name; their history stays.

    Raises:
        NotFoundError: there is no such pipeline of people.
    """
    found = find_pipeline(crm.store.reader, pipeline, "contact")
    when = stamp(deals.moment(crm, at)) if at else None
    return change_all(
        *(crm, "contact move", ids),
        lambda w, id: leave(w, Track("contact", id, found.id), when or w.now),
        dry_run=dry_run,
    )
