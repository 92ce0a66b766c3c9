"""A folder of cards, one a file, and the contacts, kept in step both ways (vdirsyncer's vdir).

What both sides had after the last run is remembered: what changed since on one side is carried
over to the other, fact by fact; what both changed differently is told and left as it is. Files
are written last, right before the commit: whatever fails, the next run finds both sides whole.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, StorageError, UsageError
from crmcli.files import remove_file, write_file
from crmcli.i18n import tr
from crmcli.interchange import vcard_merge as merge
from crmcli.interchange.content_line import Card
from crmcli.interchange.vcard import uid_of
from crmcli.interchange.vcard_merge import Facts, Reader
from crmcli.interchange.vcard_write import card as write_card
from crmcli.service.record import own_fields
from crmcli.store import sync as store
from crmcli.store.contact import Contact, get_contact
from crmcli.store.sync import Item
from crmcli.store.unit import Unit

ENDING = ".vcf"
LARGEST = 1 << 25  # bytes of a card, most of them its photo
FEW = 5  # so many may go without a question
PREFER = ("crm", "folder")
IN_CRM = ("added", "changed", "removed")
IN_FOLDER = ("written", "rewritten", "deleted")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed: which file, who, and what; nothing when one deleted it."""

    filename: str
    contact: str
    facts: tuple[str, ...]
    said: str


@dataclass(slots=True)
class Report:
    """What a run did, or would do.

    Args:
        counts: of what was done, by the words of IN_CRM and IN_FOLDER.
        same: how many cards hold the same on both sides.
        conflicts: what both sides changed.
        unreadable: files that are no single card, with the reason.
        others: how many cards are of orgs or groups; they are left alone.
        group_id: the change group; None when no contact changed.
    """

    counts: Counter[str] = field(default_factory=Counter)
    same: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    others: int = 0
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Losses:
    """How much would go.

    Args:
        people: whose files are gone.
        files: whose people are in the trash.
        known: how many cards there were the last time.
        is_empty: there is no card in the folder at all.
    """

    people: int
    files: int
    known: int
    is_empty: bool = False

    @property
    def is_many(self) -> bool:
        """Whether that may be an unmounted folder, or another slip."""
        lost = max(self.people, self.files)
        return (lost > FEW and lost * 2 > self.known) or (self.is_empty and self.people > 0)


def folder_of(path: str) -> str:
    """Give the real path of a folder.

    Raises:
        UsageError: there is no such folder.
    """
    folder = os.path.realpath(os.path.expanduser(path))
    if not _is_text(folder):
        raise UsageError(tr("{path}: its name is not UTF-8", path=path), tr("rename it"))
    if not os.path.isdir(folder):
        raise UsageError(tr("{path}: no such folder", path=path), tr("make it first: mkdir -p"))
    return folder


def losses(crm: Context, folder: str) -> Losses:
    """Count what a run would take away on each side."""
    known = store.items(crm.store.reader, folder)
    here = set(_names(folder))
    gone = store.gone(crm.store.reader, folder)
    missing = {name for name in known if name not in here and name not in gone}
    if missing:  # some may only be called otherwise by now
        found = {_uid_of_file(os.path.join(folder, name)) for name in here - set(known)} - {""}
        missing = {name for name in missing if _uid_in(known[name].card) not in found}
    return Losses(len(missing), len(gone & here), len(known), not here)


def vdir(
    crm: Context, folder: str, chosen: Sequence[int], *, prefer: str = "", dry_run: bool = False
) -> Report:
    """Bring a folder and the contacts into step.

    Args:
        crm: the run.
        folder: its real path.
        chosen: whom to write a new card of.
        prefer: `crm` or `folder`, whose value stands where both changed; "" to leave it.
        dry_run: change nothing.

    Raises:
        ConflictError: a file changed while it was read; nothing was written.
        OutputError: a file cannot be written; the database is as it was.
    """
    reader = Reader(crm.region, own_fields(crm, "contact"))
    run = _Run(folder, reader, prefer)

    def write(w: Unit) -> Report:
        run.begin(w)
        run.take_files()
        run.take_missing()
        run.take_chosen(chosen)
        return run.report

    done = crm.write("sync vdir", write, dry_run=dry_run, last=None if dry_run else run.flush)
    return replace(done.value, group_id=done.group_id)


def _names(folder: str) -> list[str]:
    """Give the names of the cards in a folder, in order; hidden and temporary files are none."""
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise StorageError(
            tr("{name}: cannot be read: {reason}", name=folder, reason=error.strerror)
        ) from None
    return sorted(
        name
        for name in names
        if name.lower().endswith(ENDING)
        and not name.startswith(".")
        and os.path.isfile(os.path.join(folder, name))
    )


def _is_text(name: str) -> bool:
    """Tell whether a file name is text, and no other bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Run:
    """One run over a folder, inside one unit of work."""

    def __init__(self, folder: str, reader: Reader, prefer: str) -> None:
        self.folder, self.reader, self.prefer = folder, reader, prefer

    def begin(self, w: Unit) -> None:
        """Start; again from the beginning, if the database was busy."""
        self.w, self.report = w, Report()
        self.known = store.items(w.conn, self.folder)
        self.files = dict.fromkeys(_names(self.folder))
        self.taken: set[int] = set()  # people who have a card here
        self.writes: dict[str, tuple[str | None, str | None]] = {}  # file: was, becomes
        missing = [item for name, item in self.known.items() if name not in self.files]
        self.missing = {uid: item for item in missing if (uid := _uid_in(item.card))}
        for item in self.known.values():
            if one := store.person(w, item.uid):
                self.taken.add(one.id)

    def take_files(self) -> None:
        """Look at each file."""
        for name in self.files:
            try:
                if not _is_text(name):
                    raise InvalidError(tr("its name is not UTF-8"))
                text = self._read(name)
                card = merge.read_card(text)
                if card is None:
                    self.report.others += 1
                    continue
                self._take(name, text, card)
            except (InvalidError, ConflictError) as error:  # of an own field, before any write
                self.report.unreadable.append((name, error.message))

    def take_missing(self) -> None:
        """Look at the cards that the folder had and has no more."""
        for name, item in self.known.items():
            if name in self.files:
                continue
            one = store.person(self.w, item.uid)
            if one is None or one.is_gone:
                store.drop(self.w, self.folder, name)
                continue
            contact = get_contact(self.w.conn, one.id)
            if self._moved(contact, item.card) and self.prefer != "folder":
                if not self.prefer:
                    said = tr("deleted in the folder, changed here: written again")
                    self._conflict(name, contact, (), said)
                self._put(name, None, write_card(contact.json()), contact, "written")
            else:
                store.remove(self.w, contact.id)
                store.drop(self.w, self.folder, name)
                self.report.counts["removed"] += 1

    def take_chosen(self, ids: Iterable[int]) -> None:
        """Write those who have no card yet."""
        for id in ids:
            if id in self.taken:
                continue
            contact = get_contact(self.w.conn, id)
            name = self._free_name(contact.uid)
            self._put(name, None, write_card(contact.json()), contact, "written")
            self.taken.add(id)

    def flush(self) -> None:
        """Write the files, if none changed since it was read."""
        for name, (was, _) in self.writes.items():
            path = os.path.join(self.folder, name)
            now = self._text(name) if os.path.lexists(path) else None
            if now != was:
                raise ConflictError(
                    tr("{path} changed meanwhile", path=path), tr("run the command again")
                )
        for name, (_, becomes) in self.writes.items():
            path = os.path.join(self.folder, name)
            if becomes is None:
                remove_file(path)
            else:
                write_file(path, becomes.encode())

    def _take(self, name: str, text: str, card: Card) -> None:
        """Bring one card and its person into step."""
        item = self.known.get(name) or self._renamed(card)
        one = store.person(self.w, item.uid if item else uid_of(card))
        if one is None and item is None:
            id = store.likely(self.w, self.reader.person(card), self.taken)
            one = store.Person(id, is_gone=False) if id else None
        if one is None:  # new, or its arrival was undone
            self._add(name, text, card, item)
            return
        contact = get_contact(self.w.conn, one.id)
        is_twin = self._has_own_card(contact, item)
        if item is None and (is_twin or one.id in self.taken):
            self.report.unreadable.append((name, tr("another file has the same person")))
            return
        self.taken.add(one.id)
        if is_twin and item:
            self._go(name, text, item, contact, tr("merged here, changed in the folder"))
        elif one.is_gone and item:
            said = tr("in the trash here, changed in the folder: brought back")
            if not self._go(name, text, item, contact, said):
                self._bring_back(name, text, item, contact, card)
        elif one.is_gone:
            self._bring_back(name, text, None, contact, card)
        else:
            self._merge(name, text, item, contact, card)

    def _renamed(self, card: Card) -> Item | None:
        """Give the card that had another file name until now."""
        item = self.missing.pop(uid_of(card), None)
        if item:
            self.known.pop(item.filename)
        return item

    def _has_own_card(self, contact: Contact, item: Item | None) -> bool:
        """Tell whether somebody has another card: this one was of who they were merged with."""
        uid = item.uid if item else ""
        return uid != contact.uid and any(
            one.uid == contact.uid and name in self.files for name, one in self.known.items()
        )

    def _go(self, name: str, text: str, item: Item, contact: Contact, said: str) -> bool:
        """Delete the file of somebody who is gone here; False when it changed meanwhile."""
        if merge.without_binary(text) == item.card or self.prefer == "crm":
            store.drop(self.w, self.folder, item.filename)
            self.writes[name] = (text, None)
            self.report.counts["deleted"] += 1
            return True
        if not self.prefer:
            self._conflict(name, contact, (), said)
        return False

    def _bring_back(
        self, name: str, text: str, item: Item | None, contact: Contact, card: Card
    ) -> None:
        """Take somebody out of the trash, as their card has them."""
        draft = self.reader.draft(card)
        moved = _moves(self._facts(contact), self.reader.facts(card))
        store.restore(self.w, contact.id)
        self.report.counts["added"] += 1
        contact = store.change(self.w, contact, moved, draft)
        self._settle(name, text, contact, item)

    def _add(self, name: str, text: str, card: Card, before: Item | None) -> None:
        contact = store.add(self.w, self.reader.draft(card))
        self.taken.add(contact.id)
        self.report.counts["added"] += 1
        self._settle(name, text, contact, before)

    def _merge(self, name: str, text: str, item: Item | None, contact: Contact, card: Card) -> None:
        """Carry over what changed on one side."""
        ours, theirs = self._facts(contact), self.reader.facts(card)
        if ours == theirs and item and merge.without_binary(text) == item.card:
            self.report.same += 1
            self._remember(name, text, contact, item)
            return
        base = self._base(item) if item else None
        wanted, conflicts = merge.merged(base, ours, theirs, self.prefer)
        if conflicts:
            said = tr("changed on both sides: {names}", names=", ".join(map(_shown, conflicts)))
            self._conflict(name, contact, tuple(conflicts), said)
            return
        if moved := _moves(ours, wanted):
            contact = store.change(self.w, contact, moved, self.reader.draft(card))
            self.report.counts["changed"] += 1
        is_rewritten = self._settle(name, text, contact, item)
        self.report.same += not (moved or is_rewritten)

    def _settle(self, name: str, text: str, contact: Contact, before: Item | None) -> bool:
        """Rewrite the file as far as it says something else, and remember it; tell whether."""
        given = self.reader.facts(merge.read_card(text) or Card(0, []))
        becomes = text
        if self._facts(contact) != given:
            becomes = merge.rewritten(text, contact.json(), self.reader)
        if becomes != text:
            self._put(name, text, becomes, contact, "rewritten", before)
            return True
        self._remember(name, text, contact, before)
        return False

    def _put(
        self,
        name: str,
        was: str | None,
        becomes: str,
        contact: Contact,
        verb: str,
        before: Item | None = None,
    ) -> None:
        self.writes[name] = (was, becomes)
        self.report.counts[verb] += 1
        self._remember(name, becomes, contact, before)

    def _remember(self, name: str, text: str, contact: Contact, before: Item | None) -> None:
        item = Item(name, contact.uid, merge.without_binary(text))
        if before != item:
            store.keep(self.w, self.folder, item, before.filename if before else "")

    def _conflict(self, name: str, contact: Contact, facts: tuple[str, ...], said: str) -> None:
        who = f"c{contact.id} {contact.handle}"
        self.report.conflicts.append(Conflict(name, who, facts, said))

    def _facts(self, contact: Contact) -> Facts:
        """Give what the CRM says, as its card would say it."""
        return self.reader.facts(merge.read_card(write_card(contact.json())) or Card(0, []))

    def _base(self, item: Item) -> Facts:
        """Give what both sides said the last time."""
        card = merge.read_card(item.card)
        return self.reader.facts(card) if card else {}

    def _moved(self, contact: Contact, card: str) -> bool:
        """Tell whether a contact says something else than a card."""
        found = merge.read_card(card)
        return found is None or self._facts(contact) != self.reader.facts(found)

    def _free_name(self, uid: str) -> str:
        """Give the name of a new file: its uid, as far as a file may be called so."""
        stem = "".join(char if char.isalnum() or char in "-_.@" else "-" for char in uid)[:100]
        stem = stem.lstrip(".") or "card"
        name, number = f"{stem}{ENDING}", 1
        while name in self.files or name in self.writes:
            number += 1
            name = f"{stem}-{number}{ENDING}"
        return name

    def _read(self, name: str) -> str:
        text = self._text(name)
        if text is None:
            raise InvalidError(tr("is larger than {limit} bytes", limit=LARGEST))
        return text

    def _text(self, name: str) -> str | None:
        return _text_of(os.path.join(self.folder, name))


def _moves(ours: Facts, wanted: Facts) -> Facts:
    """Give the facts that change, with what they become; None for one that goes."""
    keys = dict.fromkeys([*ours, *wanted])
    return {key: wanted.get(key) for key in keys if ours.get(key) != wanted.get(key)}


def _uid_of_file(path: str) -> str:
    """Give the UID of a card in a file; "" for what is none."""
    try:
        return _uid_in(_text_of(path) or "")
    except InvalidError:
        return ""


def _text_of(path: str) -> str | None:
    """Give the text of a file; None for one that is too large.

    Raises:
        InvalidError: it cannot be read, or is not UTF-8.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        return None if len(data) > LARGEST else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError(tr("is not UTF-8")) from None
    except OSError as error:
        raise InvalidError(tr("cannot be read: {reason}", reason=error.strerror)) from None


def _uid_in(text: str) -> str:
    card = merge.read_card(text)
    return uid_of(card) if card else ""


def _shown(key: str) -> str:
    """Give a fact as people read it."""
    return key.replace("\n", " ").strip()
