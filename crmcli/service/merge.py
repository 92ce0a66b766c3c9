"""Two or more people, or orgs, that are one: side by side, and merged as one group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr, trn
from crmcli.rules.merge import BOTH, A, B, Keep, Line, text_of
from crmcli.store import merge as store
from crmcli.store.unit import Changes, Unit

if TYPE_CHECKING:
    from crmcli.service.record import Record

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Pair:
    """One field side by side, as people read it.

    Args:
        field: its name, as `--keep` takes it.
        label: its name as lists head it.
        a: the value of the record that stays.
        b: the value of the other one.
        result: what the merged one will hold.
        kept: A, B or both, where there is something to choose; else "".
        choices: what may be chosen.
    """

    field: str
    label: str
    a: str
    b: str
    result: str
    kept: str
    choices: tuple[str, ...]

    def json(self) -> "Record":
        """Give it under its names in JSON."""
        return {
            "field": self.field,
            "a": self.a,
            "b": self.b,
            "result": self.result,
            "kept": self.kept or None,
            "choices": list(self.choices),
        }


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one record: its fields side by side, and what moved to the other one."""

    id: int
    pairs: Sequence[Pair]
    moved: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did; `group_id` is None after a dry run."""

    noun: str
    into: int
    steps: Sequence[Step]
    group_id: int | None
    changes: Changes


def merge(
    crm: Context,
    noun: str,
    into: int,
    ids: Sequence[int],
    keep: Mapping[str, str] = {},
    dry_run: bool = False,
) -> Merged:
    """Merge records into one, as one group that one undo takes back.

    Args:
        crm: the run.
        noun: contact or org.
        into: the record that stays, A.
        ids: those that go: B, C, …
        keep: which value stays where they differ, by field: A, B, … or both.
        dry_run: write nothing; all else is the same.

    Raises:
        NotFoundError, ConflictError: one of them is not there, in the trash, named twice, or merged
            already; or somebody else has a value that must be unique.
        UsageError: `keep` names a field or a side that there is not.
    """
    sides = checked(keep, len(ids))

    def write(w: Unit) -> list[tuple[int, store.Merge]]:
        return [
            (id, store.merge(w, noun, into, id, wishes(sides, letter)))
            for id, letter in zip(ids, LETTERS[1:], strict=False)
        ]

    done = crm.write(f"{noun} merge", write, dry_run=dry_run)
    steps = [Step(id, _pairs(noun, one.lines), one.moved) for id, one in done.value]
    return Merged(noun, into, steps, done.group_id, done.changes)


def compare(
    crm: Context,
    noun: str,
    a: int,
    b: int,
    keep: Mapping[str, str] = {},
) -> list[Pair]:
    """Give two records side by side, and what the merged one would hold.

    Raises:
        NotFoundError, ConflictError, UsageError: see `merge`.
    """
    lines = store.look(crm.store.reader, noun, a, b, checked(keep, 1))
    return _pairs(noun, lines)


def checked(keep: Mapping[str, str], count: int) -> Keep:
    """Give the sides that are to be kept, as A, B, … or both.

    Args:
        keep: field -> side as typed.
        count: how many records are merged into A.

    Raises:
        UsageError: a side that there is not, or more records than letters.
    """
    if not 0 < count < len(LETTERS):
        raise UsageError(tr("name 2 to {most} records", most=len(LETTERS)))
    sides = (*LETTERS[: count + 1], BOTH)
    known = {side.casefold(): side for side in sides}
    for field, side in keep.items():
        if side.casefold() not in known:
            raise UsageError(
                tr("{field} cannot be {kept}", field=field, kept=side),
                tr("one of: {names}", names=", ".join(sides)),
            )
    return {field: known[side.casefold()] for field, side in keep.items()}


def wishes(keep: Keep, letter: str) -> Keep:
    """Give what is wished when the record of this letter is merged into A."""
    found = {}
    for field, side in keep.items():
        if side in (BOTH, letter):
            found[field] = BOTH if side == BOTH else B
        elif side < letter:
            found[field] = A
    return found


def moved_words(moved: Mapping[str, int]) -> str:
    """Say what moves: `2 interactions, 1 task`; "" for nothing."""
    said = moved.get("interaction", 0) + moved.get("interaction_contact", 0)
    tasks, jobs, relations = (
        moved.get(table, 0) for table in ("task", "employment", "relationship")
    )
    words = (
        trn("{count} interaction", "{count} interactions", said) if said else "",
        trn("{count} task", "{count} tasks", tasks) if tasks else "",
        trn("{count} job", "{count} jobs", jobs) if jobs else "",
        trn("{count} relation", "{count} relations", relations) if relations else "",
    )
    return ", ".join(filter(None, words))


def label_of(noun: str, field: str) -> str:
    """Give the name of a field as lists head it, or as it is."""
    titles = {column.key: column.title for column in import_module(f"crmcli.store.{noun}").COLUMNS}
    name = field.removeprefix("custom.").removeprefix("date.")
    return tr(titles[name]) if field in titles else name


def _pairs(noun: str, lines: Sequence[Line]) -> list[Pair]:
    return [_pair(noun, line) for line in lines]


def _pair(noun: str, line: Line) -> Pair:
    return Pair(
        field=line.field,
        label=label_of(noun, line.field),
        a=text_of(line.a),
        b=text_of(line.b),
        result=text_of(line.value),
        kept=line.kept,
        choices=line.choices,
    )
