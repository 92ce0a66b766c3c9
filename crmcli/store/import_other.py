"""Imports of orgs, tasks and interactions, one by one: matched by uid, orgs by more than that."""

from collections.abc import Iterable
from datetime import timedelta

from crmcli.clock import instant
from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import mark, tr
from crmcli.rules.contact import draft_contact
from crmcli.rules.interaction import InteractionDraft
from crmcli.rules.link import Link
from crmcli.rules.org import OrgDraft
from crmcli.rules.task import TaskDraft
from crmcli.store import contact, interaction, org, party, task
from crmcli.store import field as field_store
from crmcli.store.import_edit import CHANGED_SINCE, HERE, IN_TRASH, ORG_EDITS, Policy
from crmcli.store.link import Ambiguous, find_link, holder, keep_external
from crmcli.store.rows import Row
from crmcli.store.search import reference
from crmcli.store.sql import import_ as sql
from crmcli.store.unit import Unit

SLACK = timedelta(days=1)  # clocks of other machines, days without a time zone
NOT_HERE = mark("the {noun} {uid} is not here: import it first")

Outcome = tuple[str, int | None, str | None]


class Refused(Exception):
    """A record that cannot be brought in: the outcome and the reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(outcome, reason)
        self.outcome: Outcome = (outcome, None, reason)


class OrgImport:
    """Brings orgs in: known by uid, by their id elsewhere, by domain, or by name."""

    def __init__(self, w: Unit, policy: Policy) -> None:
        self.w = w
        self.policy = policy
        self.guard = field_store.Guard(w.conn, "org")

    def bring(self, draft: OrgDraft) -> Outcome:
        """Bring in one org."""
        found = None if self.policy.on_match == "new" else self._match(draft)
        try:
            outcome = self._create(draft) if found is None else self._change(found, draft)
        except (InvalidError, ConflictError) as error:  # of an own field, before any write
            return "rejected", found, error.message
        return self._with_external(outcome, draft)

    def _match(self, draft: OrgDraft) -> int | None:
        if found := id_of(self.w, "org", draft.uid):
            return found
        has = holder(self.w.conn, draft.external) if draft.external else None
        if has and has["org_id"]:
            return int(has["org_id"])
        if draft.values["domain"]:
            rows = self.w.all(sql.ORG_BY_DOMAIN, domain=draft.values["domain"])
            if len(rows) == 1:
                return int(rows[0]["id"])
        row = self.w.one(sql.ORG_BY_NAME, name_norm=draft.values["name_norm"])
        return row["id"] if row else None

    def _create(self, draft: OrgDraft) -> Outcome:
        if self.policy.on_match == "new" and id_of(self.w, "org", draft.uid):
            draft.uid = None
        id = org.add_org(self.w, draft, self.guard)
        self.guard.take(draft.custom, id)
        return "created", id, None

    def _change(self, id: int, draft: OrgDraft) -> Outcome:
        if (self.w.get("org", id) or {})["archived_at"]:
            return "skipped", id, tr(IN_TRASH, ref=f"o{id}")
        if self.policy.on_match == "skip":
            return "skipped", id, tr(HERE, ref=f"o{id}")
        edit, message = ORG_EDITS.chosen(self.policy, org.get_org(self.w.conn, id), draft)
        moved = edit is not None and party.edit_party(self.w, "org", id, edit, guard=self.guard)
        if edit is not None:
            self.guard.take(edit.custom, id)
        return "updated" if moved else "unchanged", id, message

    def _with_external(self, outcome: Outcome, draft: OrgDraft) -> Outcome:
        """Remember the id that an org has elsewhere."""
        kind, id, message = outcome
        if not draft.external or id is None or kind == "skipped":
            return outcome
        if not keep_external(self.w, "org", id, draft.external):
            return outcome
        return "updated" if kind == "unchanged" else kind, id, message


class ActivityImport:
    """Brings tasks and interactions in: known by uid, which an id elsewhere gives too."""

    def __init__(self, w: Unit, policy: Policy) -> None:
        self.w = w
        self.policy = policy

    def bring(self, draft: TaskDraft | InteractionDraft, same_row: int | None) -> Outcome:
        """Bring in one task or interaction; `same_row` is whom its row is about."""
        noun = "task" if isinstance(draft, TaskDraft) else "interaction"
        found = id_of(self.w, noun, draft.values["uid"])
        if found is not None:
            return self._change(noun, found, draft)
        try:
            if isinstance(draft, TaskDraft):
                return self._add_task(draft, same_row)
            return self._add_interaction(draft, same_row)
        except Refused as refused:
            return refused.outcome

    def _change(self, noun: str, id: int, draft: TaskDraft | InteractionDraft) -> Outcome:
        """Change what our own file says otherwise, where nothing else did meanwhile."""
        row = self.w.get(noun, id) or {}
        columns = self.policy.columns
        stamps = ("uid", "created_at", "updated_at", "counts_as_touch")
        moved = {
            key: value
            for key, value in draft.values.items()
            if key in columns and key not in stamps and value != row[key]
        }
        if not moved or self.policy.on_match not in ("edited", "update") or row["archived_at"]:
            return "unchanged", id, None
        ref = f"{noun[0]}{id}"
        if self.policy.on_match == "edited" and draft.values["updated_at"] != row["updated_at"]:
            return "unchanged", id, tr(CHANGED_SINCE, ref=ref)
        if noun == "interaction":
            moved["counts_as_touch"] = draft.values["counts_as_touch"]
        self.w.update(noun, id, **moved)
        return "updated", id, None

    def _add_task(self, draft: TaskDraft, same_row: int | None) -> Outcome:
        noun, id = None, None
        for noun_, uid in (("contact", draft.contact_uid), ("org", draft.org_uid)):
            if uid and id is None:
                noun, id = noun_, here(self.w, noun_, uid)
        if id is None:
            people, org_id = self._linked(draft, same_row)
            noun, id = ("contact", people[0]) if people else ("org", org_id)
        if reason := task.second_of_series(self.w, draft):
            raise Refused("rejected", reason)
        return "created", task.add_task(self.w, draft, noun if id else None, id), None

    def _add_interaction(self, draft: InteractionDraft, same_row: int | None) -> Outcome:
        if instant(draft.values["occurred_at"]) > self.w.clock.now() + SLACK:
            raise Refused("rejected", tr("it lies in the future: what is to come is a task"))
        people = [here(self.w, "contact", uid) for uid in draft.contact_uids]
        org_id = here(self.w, "org", draft.org_uid) if draft.org_uid else None
        if not people and org_id is None:
            people, org_id = self._linked(draft, same_row)
        task_id = id_of(self.w, "task", draft.task_uid)
        id = interaction.add_interaction(self.w, draft, people, org_id=org_id, task_id=task_id)
        return "created", id, None

    def _linked(
        self, draft: TaskDraft | InteractionDraft, same_row: int | None
    ) -> tuple[list[int], int | None]:
        """Give the people and the org that a file from outside names."""
        try:
            found = [self._person(link, same_row) for link in draft.people]
            org_id = find_link(self.w.conn, "org", draft.org) if draft.org else None
        except Ambiguous as error:
            name, refs = error.args
            raise Refused(
                "rejected", tr("several are called {name}: {refs}", name=name, refs=refs)
            ) from None
        people = list(dict.fromkeys(filter(None, found)))
        if isinstance(draft, InteractionDraft) and draft.is_from_first:
            is_in = bool(found and found[0])
            draft.values["direction"] = "inbound" if is_in else "outbound"
        if people or org_id or not (draft.people or draft.org):
            return people, org_id
        return self._strangers(draft), None

    def _person(self, link: Link, same_row: int | None) -> int | None:
        return same_row if link.is_same_row else find_link(self.w.conn, "contact", link)

    def _strangers(self, draft: TaskDraft | InteractionDraft) -> list[int]:
        """Add whom nobody knows, or refuse the record, as the draft and the policy have it."""
        wanted = draft.strangers
        if self.policy.add_strangers and wanted == "skip":
            wanted = "add"
        if wanted == "without":
            return []
        links = [link for link in (*draft.people, draft.org) if link]
        said = ", ".join(some(link.said for link in links))
        if wanted == "skip":
            raise Refused("skipped", tr("nobody here is {name}; --create adds them", name=said))
        if wanted != "add" or not draft.people:
            raise Refused("rejected", tr("nobody here is {name}: import them first", name=said))
        return [self._add_person(draft.people[0])]

    def _add_person(self, link: Link) -> int:
        has = holder(self.w.conn, link.external) if link.external else None
        if has:  # whom `find_link` did not find
            key = ("contact", has["contact_id"]) if has["contact_id"] else ("org", has["org_id"])
            raise Refused("skipped", tr(IN_TRASH, ref=reference(key)))
        raw: Row = {"name": link.name, "emails": link.emails, "phones": link.phones}
        draft = draft_contact({**raw, "external": link.external}, None, lenient=True)
        id = contact.add_contact(self.w, draft)
        if link.external:
            keep_external(self.w, "contact", id, link.external)
        return id


def id_of(w: Unit, noun: str, uid: str | None) -> int | None:
    """Give the id of the record with this uid; None for none."""
    row = w.one(sql.ID_BY_UID[noun], uid=uid) if uid else None
    return row["id"] if row else None


def here(w: Unit, noun: str, uid: str) -> int:
    """Give the id of the record with a uid of our own.

    Raises:
        Refused: it is not here.
    """
    id = id_of(w, noun, uid)
    if id is None:
        raise Refused("rejected", tr(NOT_HERE, noun=tr(noun), uid=uid))
    return id


def some(names: Iterable[str]) -> list[str]:
    """Give the first few names."""
    return list(dict.fromkeys(filter(None, names)))[:3]
