"""Imports of contacts: matching by key, filling what is known, creating the rest in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crmcli.clock import new_uid
from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import tr
from crmcli.rules.contact import FLAGS, NAME_PARTS, ContactDraft
from crmcli.rules.duplicate import COMMON, is_role
from crmcli.rules.field import completed
from crmcli.store import field as field_store
from crmcli.store import tag
from crmcli.store.contact import TOUCH, Contact, edit_contact, get_contact, get_contacts
from crmcli.store.derive import handle_base
from crmcli.store.import_edit import (
    CONTACT_EDITS,
    HERE,
    IN_TRASH,
    Policy,
    fill_edit,
    merge_drafts,
    without_org,
)
from crmcli.store.link import keep_external
from crmcli.store.rows import CHUNK
from crmcli.store.sql import derive as derive_sql
from crmcli.store.sql import import_ as sql
from crmcli.store.unit import Unit
from crmcli.store.vocabulary import ensure_reason, source_id
from crmcli.text import fold

CONTACT_COLUMNS = (
    *("uid", "display_name", "name_norm", *NAME_PARTS, "language", "lifecycle_stage", "note"),
    *(*TOUCH, *FLAGS, "lead_status", "unqualified_reason_id", "source_id"),
    *("custom", "owner_id", "created_at", "updated_at"),
)
ADDRESS_COLUMNS = ("label", "street", "extended", "locality", "region", "postal_code", "country")

Outcome = tuple[str, int | None, str | None]
Match = tuple[int, str, bool]  # id, folded name (of the org, for BY_NAME), in the trash


@dataclass(slots=True)
class Past:
    """What an import remembers of its rows so far, over all its units of work.

    Args:
        first_new: from this id on contacts are of this import.
        first_org: likewise orgs.
        seen: rows with nothing but a name, to the letter, and whom they mean.
        claimed: who was found already: a name alone, or another uid, needs its own.
    """

    first_new: int
    first_org: int
    seen: dict[str, int] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)

    def copy(self) -> "Past":
        """Give one for a unit of work that may be tried again."""
        return replace(self, seen=dict(self.seen), claimed=set(self.claimed))


class ContactImport:
    """Brings contacts in, batch by batch, inside one unit of work."""

    def __init__(self, w: Unit, policy: Policy, past: Past) -> None:
        self.w = w
        self.policy = policy
        self.orgs: dict[str, int] = {}
        self.tags: dict[str, int] = {}
        self.owners: dict[str | None, int] = {None: w.actor_id()}
        self.sources: dict[str | None, int | None] = {None: None}
        self.reasons: dict[str | None, int | None] = {None: None}
        self.numbers: dict[str, int] = {}  # the last number given to a handle's base
        self.org_refs: dict[tuple[str, str], int] = {}  # orgs by their ids elsewhere
        self.guard = field_store.Guard(w.conn, "contact")
        self.first_new, self.seen, self.claimed = past.first_new, past.seen, past.claimed

    def run(self, drafts: Sequence[ContactDraft]) -> list[Outcome]:
        """Bring in one batch; give what became of each row."""
        self._name_orgs(drafts)
        keys = _Keys(self.w, drafts)
        next_id = self.w.next_id("contact")
        new: dict[int, ContactDraft] = {}
        known: dict[int, Contact] = {}
        outcomes: list[Outcome] = []
        aliases: list[tuple[int, str, str]] = []  # further external ids of new contacts
        for draft in drafts:
            match = self._match(keys, draft)
            message = None
            if match and not match[2]:
                self.claimed.add(match[0])
                draft, message = _without_others_mail(keys, draft, match[0])
            if refusal := self._refusal(draft, match, new, known, next_id):
                outcomes.append(("rejected", match[0] if match else None, refusal))
            elif match is None:
                id = next_id + len(new)
                new[id] = draft
                keys.add(id, draft, draft.values["name_norm"])
                if not (draft.external or _is_reachable(draft)):
                    self.seen[repr(draft)] = id
                outcomes.append(("created", id, None))
            elif match[2] or self.policy.on_match == "skip":
                said = IN_TRASH if match[2] else HERE
                outcomes.append(("skipped", match[0], tr(said, ref=f"c{match[0]}")))
            elif match[0] in new:
                moved = merge_drafts(new[match[0]], draft)
                if draft.external and draft.external not in keys.externals:
                    moved = True
                    if new[match[0]].external:
                        aliases.append((match[0], *draft.external))
                    else:
                        new[match[0]].external = draft.external
                keys.add(match[0], draft, new[match[0]].values["name_norm"])
                outcomes.append(("updated" if moved else "unchanged", match[0], message))
            else:
                name = fold(self._known(match[0], known).name)
                outcome = self._change(match[0], draft, known)
                keys.add(match[0], draft, name)
                outcomes.append((*outcome[:2], message or outcome[2]))
        self._create(new)
        self.w.insert_many("external_ref", ("contact_id", "source", "external_id"), aliases)
        return outcomes

    def _refusal(
        self,
        draft: ContactDraft,
        match: Match | None,
        new: dict[int, ContactDraft],
        known: dict[int, Contact],
        next_id: int,
    ) -> str | None:
        """Say why its own fields keep a row out: one is missing, or must be unique and is not."""
        if not self.guard.definitions or (match and match[2]):
            return None
        id = match[0] if match else next_id + len(new)
        try:
            if match is None:
                added = self.guard.new(draft.custom)
            else:
                has = new[id].custom if id in new else self._known(id, known).custom
                wins = self.policy.on_match != "fill" and id not in new
                added = {
                    key: value
                    for key, value in draft.custom.items()
                    if key not in has or (wins and has[key] != value)
                }
                self.guard.check(added, id)
        except (InvalidError, ConflictError) as error:
            return error.message
        self.guard.take(added, id)
        return None

    def _match(self, keys: "_Keys", draft: ContactDraft) -> Match | None:
        """Give the contact a row means, by the strongest key it has."""
        if self.policy.on_match == "new":
            draft.uid = None if draft.uid in keys.uids else draft.uid
            draft.external = None if draft.external in keys.externals else draft.external
            return None
        if draft.uid and draft.uid in keys.uids:
            return keys.uids[draft.uid]
        if draft.external and draft.external in keys.externals:
            return keys.externals[draft.external]
        if draft.uid:
            return self._match_stranger(keys, draft)
        return self._match_channel(keys, draft) or self._match_name(keys, draft)

    def _match_stranger(self, keys: "_Keys", draft: ContactDraft) -> Match | None:
        """Match a row of our own export that we do not know by its uid.

        Two rows with two uids are two people, even if they share an e-mail; but somebody who was
        here before this import may be one of them.
        """
        match = self._match_channel(keys, draft)
        if match is None or match[0] >= self.first_new or match[0] in self.claimed:
            return None
        self.claimed.add(match[0])
        return match

    def _match_channel(self, keys: "_Keys", draft: ContactDraft) -> Match | None:
        """Match by e-mail, or by phone together with the name."""
        name = draft.values["name_norm"]
        for channel in draft.channels:
            if channel.kind not in ("email", "phone"):
                continue
            found = keys.channels.get((channel.kind, channel.value_norm), [])
            same = [match for match in found if match[1] == name]
            if not same and channel.kind == "email" and not is_role(channel.value_norm):
                same = found
            if same:
                return self._likest(keys, same, draft)
        return None

    def _likest(self, keys: "_Keys", matches: Sequence[Match], draft: ContactDraft) -> Match:
        """Give whom a row means of several with the same key: the first who has all it says.

        That is whom it meant the last time, even if somebody older has the key by now.
        """
        living = {match[0]: match for match in matches if not match[2]}
        if len(living) > 1:
            for known in get_contacts(self.w.conn, list(living)[:COMMON]):
                if fill_edit(known, _without_others_mail(keys, draft, known.id)[0]) is None:
                    return living[known.id]
        return matches[0]

    def _match_name(self, keys: "_Keys", draft: ContactDraft) -> Match | None:
        """Match a row that has nothing but a name: with somebody known before this import.

        Two such rows of one file are two people, unless they are the same to the letter.
        """
        if draft.external or _is_reachable(draft):
            return None
        if id := self.seen.get(repr(draft)):
            return id, "", False
        org = fold(draft.org or "")
        free = [
            match
            for match in keys.names.get(draft.values["name_norm"], ())
            if match[0] < self.first_new and match[0] not in self.claimed
        ]
        orgs = (org, keys.orgs.get(org))
        same = [match for match in free if match[1] in orgs] if org else free
        same = same or self._match_old_name(keys, draft.values["name_norm"], orgs if org else ())
        if not same:
            return None
        first = min(same)  # the oldest: whom the rows before this one made is nobody's twin
        self.claimed.add(first[0])
        self.seen[repr(draft)] = first[0]
        return first

    def _match_old_name(self, keys: "_Keys", name: str, orgs: Sequence[str | None]) -> list[Match]:
        """Give who was called so before a merge: once in a file, whoever else they are in it."""
        for old_id, match in keys.old_names.get(name, ()):
            if old_id not in self.claimed and (not orgs or match[1] in orgs):
                self.claimed.add(old_id)
                return [match]
        return []

    def _change(self, id: int, draft: ContactDraft, known: dict[int, Contact]) -> Outcome:
        """Change a known contact as the policy has it; give what became of the row."""
        edit, message = CONTACT_EDITS.chosen(self.policy, self._known(id, known), draft)
        try:
            moved = edit is not None and edit_contact(self.w, id, edit, guard=self.guard)
        except (InvalidError, ConflictError) as error:  # of an own field, before any write
            return "rejected", id, error.message
        if draft.external and keep_external(self.w, "contact", id, draft.external):
            moved = True
        if moved:
            known.pop(id)
        return "updated" if moved else "unchanged", id, message

    def _known(self, id: int, known: dict[int, Contact]) -> Contact:
        """Give a contact as stored, kept for the next row about it."""
        if id not in known:
            known[id] = get_contact(self.w.conn, id)
        return known[id]

    def _create(self, new: dict[int, ContactDraft]) -> None:
        """Store new contacts with all that hangs on them, table by table."""
        if not new:
            return
        w = self.w
        self._ensure_orgs(draft.org for draft in new.values() if draft.org)
        self._name_refs(new.values())
        w.insert_many("contact", CONTACT_COLUMNS, map(self._contact_row, new.values()))
        w.touch("contact", new)
        names = {id: draft.values["display_name"] for id, draft in new.items()}
        self._add_handles("contact", names)
        w.insert_many(
            "employment",
            ("contact_id", "org_id", "title", "department"),
            [
                (id, self.orgs[fold(draft.org)], draft.title, draft.department)
                for id, draft in new.items()
                if draft.org
            ],
        )
        w.insert_many(
            "channel",
            (
                "contact_id",
                "kind",
                "label",
                "value",
                "value_norm",
                "extension",
                "status",
                "is_primary",
            ),
            [row for id, draft in new.items() for row in _channel_rows(id, draft)],
        )
        w.insert_many(
            "address",
            ("contact_id", *ADDRESS_COLUMNS),
            [
                (id, *(address.get(column) for column in ADDRESS_COLUMNS))
                for id, draft in new.items()
                for address in draft.addresses
            ],
        )
        w.insert_many(
            "important_date",
            ("contact_id", "kind", "year", "month", "day", "lead_days"),
            [
                (id, date.kind, date.year, date.month, date.day, date.lead_days)
                for id, draft in new.items()
                for date in draft.dates
            ],
        )
        w.insert_many(
            "tagging",
            ("contact_id", "tag_id"),
            [(id, self._tag(tag)) for id, draft in new.items() for tag in draft.tags],
        )
        w.insert_many(
            "external_ref",
            ("contact_id", "source", "external_id"),
            [(id, *draft.external) for id, draft in new.items() if draft.external],
        )

    def _contact_row(self, draft: ContactDraft) -> tuple[Any, ...]:
        values = draft.values | self._lead_ids(draft)
        if draft.owner not in self.owners:
            self.owners[draft.owner] = self.w.user_id(draft.owner or self.w.actor)
        own = completed(self.guard.definitions, without_org(draft, None) | draft.custom)
        custom = field_store.merged("{}", own) if own else "{}"
        return (
            draft.uid or new_uid(),
            *(
                values.get(column, 0 if column in FLAGS else None)
                for column in CONTACT_COLUMNS[1:-4]
            ),
            custom,
            self.owners[draft.owner],
            draft.created or self.w.now,
            draft.updated or self.w.now,
        )

    def _lead_ids(self, draft: ContactDraft) -> dict[str, int | None]:
        """Give the columns of where somebody comes from, and of why they are no lead."""
        source, reason = draft.source, draft.unqualified_reason
        if source is not None and source not in self.sources:
            self.sources[source] = source_id(self.w, source)
        if reason is not None and reason not in self.reasons:
            self.reasons[reason] = ensure_reason(self.w, "unqualified", reason)
        return {
            "source_id": self.sources[source],
            "unqualified_reason_id": self.reasons[reason],
        }

    def _name_orgs(self, drafts: Sequence[ContactDraft]) -> None:
        """Let who comes with the id of an org have the name it has here, and find it by both."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for draft in drafts:
            if draft.org_external:
                wanted[draft.org_external[0]].append(draft.org_external[1])
        names: dict[tuple[str, str], str] = {}
        for source, ids in wanted.items():
            rows = _lookup(self.w, sql.ORGS_BY_EXTERNAL, list(dict.fromkeys(ids)), source=source)
            for external_id, id, name, norm in rows:
                names[source, external_id] = name
                self.org_refs[source, external_id] = id
                self.orgs[norm] = id
        for draft in drafts:
            if draft.org_external in names:
                draft.org = names[draft.org_external]

    def _name_refs(self, drafts: Iterable[ContactDraft]) -> None:
        """Remember the ids that new orgs have elsewhere."""
        for draft in drafts:
            ref = draft.org_external
            if ref and draft.org and ref not in self.org_refs:
                id = self.org_refs[ref] = self.orgs[fold(draft.org)]
                keep_external(self.w, "org", id, ref)  # unless an org in the trash has it

    def _ensure_orgs(self, names: Iterable[str]) -> None:
        """Make the orgs that are not there yet, as stubs."""
        wanted = {fold(name): name for name in names if fold(name) not in self.orgs}
        if not wanted:
            return
        for norm, id in _lookup(self.w, sql.ORGS_BY_NAME, list(wanted)):
            self.orgs[norm] = id
        missing = {norm: name for norm, name in wanted.items() if norm not in self.orgs}
        rows = [
            (new_uid(), name, norm, self.owners[None], self.w.now, self.w.now)
            for norm, name in missing.items()
        ]
        columns = ("uid", "name", "name_norm", "owner_id", "created_at", "updated_at")
        first = self.w.insert_many("org", columns, rows)
        ids = dict(enumerate(missing.values(), first))
        self.orgs.update({norm: id for id, norm in enumerate(missing, first)})
        self.w.touch("org", ids)
        self._add_handles("org", ids)

    def _add_handles(self, noun: str, names: dict[int, str]) -> None:
        """Give new records their handles; all look-ups at once."""
        bases = {id: handle_base(name, noun, id) for id, name in names.items()}
        taken = {row[0] for row in _lookup(self.w, sql.HANDLES, sorted(set(bases.values())))}
        rows = []
        for id, base in bases.items():
            name = self._numbered(base, taken) if base in taken else base
            taken.add(name)
            rows.append((name, id))
        self.w.insert_many("handle", ("name", f"{noun}_id"), rows)

    def _numbered(self, base: str, taken: set[str]) -> str:
        """Give the next free handle of a base that is taken."""
        while True:
            number = self.numbers[base] = self.numbers.get(base, 1) + 1
            name = f"{base}-{number}"
            if name not in taken and not self.w.one(derive_sql.HANDLE_BY_NAME, name=name):
                return name

    def _tag(self, name: str) -> int:
        key = fold(name)
        if key not in self.tags:
            self.tags[key] = tag.tag_id(self.w, name)
        return self.tags[key]


class _Keys:
    """By which keys the contacts of a batch are known already."""

    def __init__(self, w: Unit, drafts: Sequence[ContactDraft]) -> None:
        self.uids: dict[str, Match] = {}
        self.externals: dict[tuple[str, str], Match] = {}
        self.channels: dict[tuple[str, str], list[Match]] = defaultdict(list)
        self.names: dict[str, list[Match]] = defaultdict(list)
        self.old_names: dict[str, list[tuple[int, Match]]] = defaultdict(list)  # before a merge
        uids = [draft.uid for draft in drafts if draft.uid]
        for uid, id, name, archived in _lookup(w, sql.BY_UID, uids):
            self.uids[uid] = (id, name, archived is not None)
        self._load_externals(w, drafts)
        for kind in ("email", "phone"):
            norms = {c.value_norm for d in drafts for c in d.channels if c.kind == kind}
            for norm, id, name, archived in _lookup(w, sql.BY_CHANNEL, sorted(norms), kind=kind):
                self.channels[kind, norm].append((id, name, archived is not None))
        names = {draft.values["name_norm"] for draft in drafts if not _is_reachable(draft)}
        orgs = {fold(draft.org) for draft in drafts if draft.org and not _is_reachable(draft)}
        self.orgs = dict(_lookup(w, sql.ORGS_NOW, sorted(orgs)))  # merged ones, as they are called
        for name, id, org, _ in _lookup(w, sql.BY_NAME, sorted(names)):
            self.names[name].append((id, org, False))
        for name, id, org, old_id in _lookup(w, sql.BY_OLD_NAME, sorted(names)):
            self.old_names[name].append((old_id, (id, org, False)))

    def add(self, id: int, draft: ContactDraft, name: str) -> None:
        """Make a contact of this batch known to the rows behind it, by the folded name it has."""
        match = (id, name, False)
        if draft.uid:
            self.uids[draft.uid] = match
        if draft.external:
            self.externals[draft.external] = match
        for channel in draft.channels:
            self.channels[channel.kind, channel.value_norm].append(match)
        self.names[name].append((id, fold(draft.org or ""), False))

    def _load_externals(self, w: Unit, drafts: Sequence[ContactDraft]) -> None:
        wanted: dict[str, list[str]] = defaultdict(list)
        for draft in drafts:
            if draft.external:
                wanted[draft.external[0]].append(draft.external[1])
        for source, ids in wanted.items():
            for external_id, id, name, archived in _lookup(w, sql.BY_EXTERNAL, ids, source=source):
                self.externals[source, external_id] = (id, name, archived is not None)


def _is_reachable(draft: ContactDraft) -> bool:
    return any(channel.kind in ("email", "phone") for channel in draft.channels)


def _without_others_mail(
    keys: _Keys, draft: ContactDraft, id: int
) -> tuple[ContactDraft, str | None]:
    """Leave out an e-mail that somebody else has: one address would lead to two people."""
    kept, message = [], None
    for channel in draft.channels:
        owners = keys.channels.get((channel.kind, channel.value_norm), ())
        others = [match[0] for match in owners if match[0] != id]
        is_own = len(others) < len(owners)
        personal = channel.kind == "email" and not is_role(channel.value_norm)
        if others and not is_own and personal:
            message = tr(
                "{address} belongs to {owner}: left out at {ref}",
                address=channel.value,
                owner=f"c{others[0]}",
                ref=f"c{id}",
            )
        else:
            kept.append(channel)
    return (replace(draft, channels=kept) if message else draft), message


def _channel_rows(id: int, draft: ContactDraft) -> Iterable[tuple[Any, ...]]:
    kinds: set[str] = set()
    for channel in draft.channels:
        yield (
            id,
            channel.kind,
            channel.label,
            channel.value,
            channel.value_norm,
            channel.extension,
            channel.status,
            int(channel.kind not in kinds),
        )
        kinds.add(channel.kind)


def _lookup(w: Unit, query: str, keys: Sequence[str], **values: str) -> list[tuple[Any, ...]]:
    """Give the rows of a query over `({keys})`, in chunks short enough for one statement."""
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), CHUNK):
        chunk = {f"k{number}": key for number, key in enumerate(keys[start : start + CHUNK])}
        marks = ", ".join(f":{name}" for name in chunk)
        found += w.conn.execute(query.replace("{keys}", marks), {**values, **chunk}).fetchall()
    return found
