"""Tables as other CRMs and mailing lists export them: what their presets have in common.

A preset is a handful of `Form`s, one for each kind of file (people, companies, notes …), each a
table of headers and what they feed. Besides the targets of fields.py a form knows those of
`SPECIALS`, and its own. A column nobody knows is reported with the way to keep it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crmcli.i18n import mark
from crmcli.interchange import generic
from crmcli.interchange.fields import (
    Mapper,
    Setter,
    columns_of,
    is_single,
    name_record,
    normal,
    override,
    setter,
    slug,
)
from crmcli.interchange.moments import is_no_date
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Column, Part, Raw
from crmcli.text import fold

UNREAD = mark("dates that are kept as text, for day and month may be either: {count}")
UNDATED = mark("notes without a date, dated now: {count}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARKUP = re.compile(r"</?[a-z]+[^>]*>|&\w+;|&#\d+;", re.IGNORECASE)
_TRUE = frozenset(("true", "yes", "1", "y", "x", "oui", "ja", "si", "da"))
KINDS: Mapping[str, str] = {
    "customer": "client",
    "client": "client",
    "prospect": "prospect",
    "partner": "partner",
    "reseller": "partner",
    "distributor": "partner",
    "vendor": "supplier",
    "supplier": "supplier",
    "investor": "investor",
    "competitor": "competitor",
    "other": "other",
}
"""What companies are to others, in the words of most programs."""
_SHOWN = {
    "id": "external id",
    "org_id": "org",
    "company": "org",
    "companies": "org",
    "stage": "lifecycle_stage",
    "web": "url",
    "list": "tags",
    "optout": "do_not_contact",
    "state": "do_not_contact",
    "since": "do_not_contact",
    "nosms": "tags",
    "yearly": "birthday",
    "first": "created",
}
_WHO = ("name", "nickname", "org", "emails", "phones", "urls")
_WITH_CUSTOM = ("contact", "org", "deal")


@dataclass(frozen=True, slots=True)
class Slot:
    """A column as a special target sees it.

    Args:
        form: of the file.
        mapper: of the file; its hints are known when the first row is read.
        label: what stands behind the colon of the target.
        key: under which a value is kept that cannot be read.
    """

    form: "Form"
    mapper: Mapper
    label: str
    key: str

    def keep(self, raw: Raw, cell: str) -> None:
        """Keep a value as it stands."""
        if self.form.noun in _WITH_CUSTOM:
            raw.setdefault("custom", {})[self.key] = cell


Special = Callable[[Slot], Setter]
Split = Callable[[Mapper, Raw], list[Part]]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file.

    Args:
        source: whose ids its records have, such as `hubspot`.
        noun: what a row is about.
        needs: groups of headers, of each of which the table has at least one.
        targets: what each header (in normal form) feeds; what comes first wins a single value.
        split: gives the records of a row; without it the row is one record of `noun`.
        specials: targets of this form alone.
        tidy: gives an id its one form.
        lacks: headers that a table of this form never has.
    """

    source: str
    noun: str
    needs: tuple[frozenset[str], ...]
    targets: Mapping[str, str]
    split: Split | None = None
    specials: Mapping[str, Special] = field(default_factory=dict)
    tidy: Callable[[str], str] = str
    lacks: frozenset[str] = frozenset()

    def applies(self, keys: set[str]) -> bool:
        """Tell whether a table with these headers (in normal form) is of this form."""
        return not self.lacks & keys and all(group & keys for group in self.needs)

    def build(self, header: list[str], mapping: dict[str, str]) -> Mapper:
        """Map every column whose header is known; `mapping` wins."""
        columns, notes = columns_of(header)
        mapper = Mapper(columns, self.noun, notes=notes, finish=_nothing)
        wanted = override(header, mapping)
        self.assign(mapper, self._found(header), wanted)
        mapper.split = lambda raw, _cells: self._parts(mapper, raw)
        return mapper

    def assign(self, mapper: Mapper, found: list[str | None], wanted: Mapping[int, str]) -> None:
        """Map columns.

        Args:
            mapper: of the file.
            found: what each column feeds.
            wanted: what `--map` says, by index: it wins, and is no target of this form.
        """
        asked_for = {id(mapper.columns[index]) for index in wanted}

        def make(target: str, column: Column) -> Setter:
            if id(column) in asked_for:
                return setter(target)
            return self.setter(mapper, target, column.name)

        mapper.assign([wanted.get(i) or target for i, target in enumerate(found)], make)
        for column in mapper.columns:
            column.target = column.target and shown(column.target)

    def setter(self, mapper: Mapper, target: str, name: str) -> Setter:
        """Give the function that puts a cell of the column `name` into the record."""
        kind, _, label = target.partition(":")
        special = self.specials.get(kind) or SPECIALS.get(kind)
        if special is None:
            return setter(target)
        return special(Slot(self, mapper, label, key_of(name)))

    def _found(self, header: list[str]) -> list[str | None]:
        """Give the target of each column: what a single value cannot take becomes a field."""
        keys = [normal(cell) for cell in header]
        found = [self.target(cell) for cell in header]
        rank = {key: place for place, key in enumerate(self.targets)}
        taken: dict[str, int] = {}
        for index in sorted(range(len(keys)), key=lambda i: rank.get(keys[i], len(rank))):
            target = found[index]
            if target and is_single(target):
                if target in taken and self.noun in _WITH_CUSTOM:
                    found[index] = f"custom:{key_of(header[index])}"
                taken.setdefault(target, index)
        return found

    def target(self, name: str) -> str | None:
        """Give what a header feeds; None when it is unknown."""
        key = normal(name)
        if key in self.targets:
            target = self.targets[key]
            return f"custom:{key_of(name)}" if target == "custom" else target
        return generic.target(name) if self.noun == "contact" else None

    def _parts(self, mapper: Mapper, raw: Raw) -> list[Part]:
        if self.split:
            return self.split(mapper, raw)
        if self.noun == "contact":
            return person(raw)
        return [(self.noun, raw)] if raw else []


def table(name: str, forms: Iterable[Form]) -> Preset:
    """Give the preset of a program; the first of its forms that applies is taken."""
    forms = tuple(forms)

    def build(header: list[str], mapping: dict[str, str]) -> Mapper:
        keys = {normal(cell) for cell in header}
        form = next((form for form in forms if form.applies(keys)), forms[0])
        return form.build(header, mapping)

    return Preset(
        name,
        lambda keys: any(form.applies(keys) for form in forms),
        lambda key: any(key in form.targets for form in forms),
        build,
    )


def shown(target: str) -> str:
    """Give the field that people know a target by, for the report."""
    kind, _, label = target.partition(":")
    if kind in ("instant", "array", "html") or label == "birthday":
        return label
    if kind in ("day", "number"):
        return f"{'date' if kind == 'day' else 'phone'}:{label}"
    return _SHOWN.get(kind, target)


def words(targets: Mapping[str, str]) -> dict[str, str]:
    """Turn target -> headers in normal form, parted by blanks, into header -> target."""
    return {word: target for target, line in targets.items() for word in line.split()}


def keys(line: str) -> frozenset[str]:
    """Give a group of headers, written in one line."""
    return frozenset(line.split())


def key_of(name: str) -> str:
    """Give the key under which a column becomes a field: `Lead Source` as well as `LeadSource`."""
    return slug(name if " " in name else _CAMEL.sub("_", name)) or "field"


def is_true(cell: str) -> bool:
    """Tell whether a cell says yes."""
    return cell.strip().lower() in _TRUE


def digest(*parts: str) -> str:
    """Give an id for what has none: the same one for the same words."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


def lines(told: Iterable[tuple[str, str]]) -> str:
    """Give a text of what is told, a line each: `what: value`, or the value alone."""
    return "\n".join(f"{what}: {value}" if what else value for what, value in told if value)


def person(raw: Raw) -> list[Part]:
    """Give the contact of a row; none when nobody is named and nobody can be reached."""
    name_record(raw)
    return [("contact", raw)] if any(raw.get(key) for key in _WHO) else []


def dated(mapper: Mapper, raw: Raw) -> None:
    """Give an interaction its time: the one of its file, else now."""
    if "occurred_at" not in raw:
        raw["occurred_at"] = mapper.hints.dates.clock.stamp()
        mapper.said[UNDATED] += 1


def _nothing(_raw: Raw) -> None:
    """Nothing to complete before the row is split."""


def chosen(key: str, known: Mapping[str, str]) -> Special:
    """Give the target that reads a word of a list; a word that says more than ours is kept too.

    Args:
        key: the field it feeds.
        known: their word (letters and digits) -> ours; the first for ours says the same.
    """
    same = {ours: word for word, ours in reversed(list(known.items()))}

    def special(slot: Slot) -> Setter:
        def put(raw: Raw, cell: str) -> None:
            word = "".join(filter(str.isalnum, fold(cell)))
            ours = known.get(word)
            if ours:
                raw[key] = ours
            if ours is None or same[ours] != word:
                slot.keep(raw, cell)

        return put

    return special


def _id(key: str) -> Special:
    def special(slot: Slot) -> Setter:
        source = slot.label or slot.form.source

        def put(raw: Raw, cell: str) -> None:
            if id := slot.form.tidy(cell):
                raw[key] = (source, id)

        return put

    return special


def _instant(slot: Slot) -> Setter:
    """A time: `instant:created`."""

    def put(raw: Raw, cell: str) -> None:
        if when := slot.mapper.hints.dates.instant(cell):
            raw[slot.label] = when
        elif not is_no_date(cell):
            slot.keep(raw, cell)
            slot.mapper.said[UNREAD] += 1

    return put


def _day(slot: Slot) -> Setter:
    """A yearly date: `day:birthday`; one that cannot be read stays as text (rules/contact)."""

    def put(raw: Raw, cell: str) -> None:
        if is_no_date(cell):
            return
        text = slot.mapper.hints.dates.day(cell) or cell
        if slot.label == "birthday":
            raw["birthday"] = text
        else:
            raw.setdefault("dates", []).append((slot.label, text))

    return put


def _opt_out(slot: Slot) -> Setter:
    """A flag that says that somebody wants no mail."""

    def put(raw: Raw, cell: str) -> None:
        if is_true(cell):
            opted_out(raw)
        elif cell.strip().lower() not in ("false", "no", "0", "n"):
            slot.keep(raw, cell)

    return put


def opted_out(raw: Raw, tag: str = "unsubscribed") -> None:
    """Mark a contact who wants no more mail, or whose address is dead (`cleaned`, `bounced`)."""
    tags = raw.setdefault("tags", [])
    if tag not in tags:
        tags.append(tag)
    if tag == "unsubscribed":
        raw["do_not_contact"] = "yes"


def _html(slot: Slot) -> Setter:
    """A text with markup: `html:note`."""
    put = setter(slot.label)

    def put_text(raw: Raw, cell: str) -> None:
        put(raw, plain(cell))

    return put_text


def plain(text: str) -> str:
    """Give a text without its HTML, if there is any."""
    if not _MARKUP.search(text):
        return text
    from crmcli.interchange.mime import html_text

    return html_text(text).strip()


def _web(_slot: Slot) -> Setter:
    """The website of an org, which also tells its domain."""

    def put(raw: Raw, cell: str) -> None:
        raw.setdefault("domain", cell)
        raw.setdefault("urls", []).append(("", cell))

    return put


SPECIALS: Mapping[str, Special] = {
    "id": _id("external"),
    "org_id": _id("org_external"),
    "instant": _instant,
    "day": _day,
    "optout": _opt_out,
    "html": _html,
    "web": _web,
}
