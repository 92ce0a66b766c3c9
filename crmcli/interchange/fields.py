"""The fields a column can feed: one grammar for aliases, presets and `--map`.

A target is `name`, `org`, `custom:key`, or a kind with a label: `email`, `phone:mobile`,
`street:home`. `setter` turns it into a function that puts a cell into the raw record; a `Mapper`
holds these functions for one header.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.interchange.moments import Dates
from crmcli.interchange.record import Column, Part, Raw
from crmcli.rules.contact import compose_name
from crmcli.text import fold

Setter = Callable[[Raw, str], None]
Group = Callable[[Raw, list[str]], None]

IGNORE = "ignore"
SINGLE = (
    *("uid", "name", "prefix", "given_name", "additional_name", "family_name", "suffix"),
    *("nickname", "org", "title", "department", "birthday", "language"),
    *("lifecycle_stage", "owner", "cadence_days", "cadence_max_days"),
    *("bumped_on", "paused_until_on", "do_not_contact", "deceased"),
    *("source", "lead_status", "unqualified_reason"),
)
PAIRS = {"email": "emails", "phone": "phones", "url": "urls", "date": "dates"}
ADDRESS = ("street", "extended", "locality", "region", "postal_code", "country")
_SYNONYMS = {
    "company": "org",
    "organization": "org",
    "full_name": "name",
    "first_name": "given_name",
    "last_name": "family_name",
    "surname": "family_name",
    "middle_name": "additional_name",
    "e-mail": "email",
    "mail": "email",
    "tel": "phone",
    "mobile": "phone:mobile",
    "website": "url",
    "tag": "tags",
    "notes": "note",
    "city": "locality",
    "zip": "postal_code",
    "state": "region",
    "address": "street",
    "job_title": "title",
    "stage": "lifecycle_stage",
    "skip": IGNORE,
    "-": IGNORE,
    "emails": "email",
    "phones": "phone",
    "urls": "url",
}
_TELLING = ("name", "given_name", "family_name", "nickname", "email", "phone")
_SPLIT = {
    "email": re.compile(r"[;,\n]|:::"),
    "phone": re.compile(r";(?!\s*ext)|\n|:::"),
    "url": re.compile(r"\s+|:::"),
    "tags": re.compile(r"[;,\n]|:::"),
}


def normal(header: str) -> str:
    """Give the form in which headers are compared: folded, letters and digits only."""
    return "".join(filter(str.isalnum, fold(header)))


def slug(header: str) -> str:
    """Give the key of a custom field for a header or label: `Blood type` is `blood_type`.

    A key begins with a letter (rules.values.custom_key): `1st call` is `field_1st_call`.
    """
    key = re.sub(r"[\W_]+", "_", fold(header)).strip("_")
    return f"field_{key}" if key[:1].isdigit() else key


def telling(target: str | None) -> bool:
    """Tell whether a target is enough to make a file one of people: a name or a way to reach."""
    return target is not None and target.partition(":")[0] in _TELLING


def setter(target: str) -> Setter:
    """Give the function that puts a cell into a raw record as `target`."""
    kind, _, label = target.partition(":")
    if kind in PAIRS:
        return _pairs(PAIRS[kind], label, _SPLIT.get(kind))
    if kind in ADDRESS:
        return _address(kind, label)
    if kind == "custom":
        return _custom(label)
    if kind == "tags":
        return _tags
    return _note if kind == "note" else _single(kind)


def _single(key: str) -> Setter:
    def put(raw: Raw, cell: str) -> None:
        raw[key] = cell

    return put


def _pairs(key: str, label: str, split: re.Pattern[str] | None) -> Setter:
    def put(raw: Raw, cell: str) -> None:
        cells = _parts(split, cell) if split and split.search(cell) else (cell,)
        raw.setdefault(key, []).extend((label, part) for part in cells)

    return put


def _address(part: str, label: str) -> Setter:
    def put(raw: Raw, cell: str) -> None:
        addresses = raw.setdefault("addresses", [])
        for address in addresses:
            if address.get("label", "") == label:
                address[part] = f"{address[part]}, {cell}" if part in address else cell
                return
        addresses.append({"label": label, part: cell} if label else {part: cell})

    return put


def _custom(key: str) -> Setter:
    def put(raw: Raw, cell: str) -> None:
        raw.setdefault("custom", {})[key] = cell

    return put


def _tags(raw: Raw, cell: str) -> None:
    raw["tags"] = list(dict.fromkeys((*raw.get("tags", ()), *_parts(_SPLIT["tags"], cell))))


def _note(raw: Raw, cell: str) -> None:
    raw["note"] = f"{raw['note']}\n{cell}" if "note" in raw else cell


def _parts(split: re.Pattern[str], cell: str) -> Iterable[str]:
    return filter(None, map(str.strip, split.split(cell)))


def name_record(raw: Raw) -> None:
    """Give a record without a display name one made from its parts, else its nickname."""
    if "name" not in raw and (name := compose_name(raw)):
        raw["name"] = name


def is_single(target: str) -> bool:
    """Tell whether only one column can feed a target."""
    kind = target.partition(":")[0]
    return not (kind in PAIRS or kind in ADDRESS or kind in ("custom", "tags", "note", IGNORE))


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known about a file besides its header.

    Args:
        filename: its name, without the folder.
        dates: reads its days and times.
    """

    filename: str = ""
    dates: Dates = field(default_factory=Dates)


@dataclass(slots=True)
class Mapper:
    """Turns the cells of a row into a raw record, and counts what became of them.

    Args:
        columns: one per header cell.
        noun: what a row is.
        setters: (column, function) of the columns that stand for themselves.
        groups: functions for columns that belong together, such as label and value.
        finish: completes the record; may raise ValueError to reject the row, or LeftOut.
        prepare: changes the cells first.
        split: gives all records of a row, from that of `noun` and the cells; without it a row is
            one record. It may raise what `finish` may.
        survey: looks at all rows before the first one is read.
        notes: what the user should know about the header.
        hints: what else is known about the file; set before the first row is read.
        said: what was odd about rows (a message of `mark` with {count}), and how often.
    """

    columns: list[Column]
    noun: str = "contact"
    setters: list[tuple[int, Setter]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    finish: Callable[[Raw], None] = name_record
    prepare: Callable[[list[str]], list[str]] | None = None
    split: Callable[[Raw, list[str]], list[Part]] | None = None
    survey: Callable[[Iterable[list[str]]], None] | None = None
    notes: list[str] = field(default_factory=list)
    hints: Hints = field(default_factory=Hints)
    said: Counter[str] = field(default_factory=Counter)

    def __call__(self, cells: list[str]) -> list[Part]:
        """Give the records of a row, the one it is about first; none, when it holds nobody."""
        if self.prepare:
            cells = self.prepare(cells)
        raw: Raw = {}
        for index, put in self.setters:
            if cell := cells[index]:
                put(raw, cell)
        for group in self.groups:
            group(raw, cells)
        self.finish(raw)
        if self.split:
            return self.split(raw, cells)
        is_nobody = not raw or (len(raw) == 1 and "custom" in raw)
        return [] if is_nobody else [(self.noun, raw)]

    def count(self, filled: Iterable[int], changed: Iterable[int]) -> None:
        """Set how many cells of each column were filled, and stored otherwise than they stood."""
        for column, number, moved in zip(self.columns, filled, changed, strict=True):
            column.filled, column.changed = number, moved
            column.dropped = number if column.target in (None, IGNORE) else 0

    def assign(
        self, targets: list[str | None], make: Callable[[str, Column], Setter] | None = None
    ) -> None:
        """Let each column feed its target; only one column can feed a single value.

        Args:
            targets: one per column; None for a column that feeds nothing.
            make: gives the function of a target, instead of `setter`.
        """
        taken: set[str] = set()
        for index, (column, target) in enumerate(zip(self.columns, targets, strict=True)):
            if target in taken:
                if target and is_single(target):
                    self.notes.append(
                        tr(
                            "column {name!r} is not imported: {target} comes from another one",
                            name=column.name,
                            target=target,
                        )
                    )
                    continue
                target = f"{target}_{index + 1}" if target and target[:7] == "custom:" else target
            if target:
                taken.add(target)
                column.target = target
                if target != IGNORE:
                    put = make(target, column) if make else setter(target)
                    self.setters.append((index, put))

    def feed(self, fields: Mapping[str, str]) -> None:
        """Let columns that feed nothing yet feed the own fields they are named after."""
        fed = {column.target for column in self.columns}
        for index, column in enumerate(self.columns):
            target = f"custom:{fields.get(normal(column.name))}"
            if column.target is None and normal(column.name) in fields and target not in fed:
                column.target = target
                fed.add(target)
                self.setters.append((index, setter(target)))


def columns_of(header: list[str]) -> tuple[list[Column], list[str]]:
    """Give the columns of a header, repeated names numbered, and a note about these."""
    seen: dict[str, int] = {}
    columns = []
    for index, name in enumerate(header, 1):
        seen[name] = number = seen.get(name, 0) + 1
        shown = name or f"column {index}"
        columns.append(Column(f"{shown} ({number})" if name and number > 1 else shown, None))
    repeated = [name for name, number in seen.items() if name and number > 1]
    return columns, [
        tr("the header repeats {name!r}: its columns are numbered", name=name) for name in repeated
    ]


def parse_mapping(option: str | None) -> dict[str, str]:
    """Read `--map 'Kunde=org,ignore:Foo,Bar=custom:bar'` into column name -> target.

    A column whose name holds a comma is quoted: `"Last, First=name"`.
    """
    mapping = {}
    for entry in next(csv.reader([option or ""], skipinitialspace=True), []):
        column, equals, target = entry.rpartition("=")
        if not equals and entry.lower().startswith("ignore:"):
            column, target = entry[len("ignore:") :], IGNORE
        if not column.strip() or not target.strip():
            raise UsageError(
                tr("--map cannot read {entry!r}", entry=entry),
                tr("write 'Column=org', 'ignore:Column' or both"),
            )
        mapping[column.strip()] = target_of(target.strip())
    return mapping


def mapping_of(columns: Mapping[str, str]) -> str:
    """Write what `parse_mapping` reads: column name -> target."""
    line = io.StringIO()
    csv.writer(line).writerow([f"{name}={target}" for name, target in columns.items()])
    return line.getvalue().removesuffix("\r\n")


def target_of(text: str) -> str:
    """Give the target that a word of `--map` means; raise UsageError with the nearest one."""
    head, _, label = text.partition(":")
    head = head.strip().lower().replace(" ", "_")
    target = _SYNONYMS.get(head, head)
    if head == "custom":
        if not slug(label):
            raise UsageError(tr("custom: needs a key"), tr("for example --map 'Column=custom:key'"))
        return f"custom:{slug(label)}"
    if target in (*SINGLE, "tags", "note", IGNORE):
        return target
    kind = target.partition(":")[0]
    if kind in PAIRS or kind in ADDRESS:
        return f"{kind}:{label.strip()}" if label.strip() else target
    nearest = _nearest(head, [*SINGLE, *PAIRS, *ADDRESS, "tags", "note", "custom", *_SYNONYMS])
    raise UsageError(
        tr("--map knows no field {text!r}", text=text), nearest or tr("see: crm help import")
    )


def override(header: list[str], mapping: dict[str, str]) -> dict[int, str]:
    """Give the columns that `--map` names, by index; raise UsageError when there is none."""
    columns, _ = columns_of(header)
    found: dict[int, str] = {}
    for name, target in mapping.items():
        wanted = normal(name)
        hits = [
            index
            for index, cell in enumerate(header)
            if name == cell or name == columns[index].name
        ]
        hits = hits or [
            index
            for index, cell in enumerate(header)
            if wanted and wanted in (normal(cell), normal(columns[index].name))
        ]
        if not hits:
            nearest = _nearest(name, [cell for cell in header if cell])
            raise UsageError(
                tr("--map names a column the file has not: {name!r}", name=name), nearest
            )
        found.update(dict.fromkeys(hits, target))
    return found


def _nearest(word: str, names: list[str]) -> str:
    """Give the hint with the nearest name; empty when none is near."""
    from difflib import get_close_matches

    folded = {fold(name): name for name in names}
    near = get_close_matches(fold(word), folded, 1, 0.5)
    return tr("did you mean {name!r}?", name=folded[near[0]]) if near else ""
