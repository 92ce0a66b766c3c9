"""What adding and changing people and orgs have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.rules.field import custom_edit
from crmcli.service.record import Record, own_fields
from crmcli.store.party import Edit
from crmcli.store.unit import Done

if TYPE_CHECKING:
    from crmcli.rules.contact import ContactDraft
    from crmcli.rules.org import OrgDraft

# What a field may be called besides its own name.
SHORT_NAMES = {
    "stage": "lifecycle_stage",
    "cadence": "cadence_days",
    "cadence_max": "cadence_max_days",
    "paused_until": "paused_until_on",
}


@dataclass(frozen=True, slots=True)
class Added(Done[list[int]]):
    """New records: their ids, and of each its warnings and where a person works (or "")."""

    warnings: Sequence[Sequence[str]] = ()
    orgs: Sequence[str] = ()


class Known(ConflictError):
    """What was to be saved is probably there already; who wants to goes on all the same.

    Args:
        candidates: a line for each record that it probably is.
        hint: how to go on.
        question: whether to go on all the same.
    """

    def __init__(self, candidates: Sequence[str], hint: str, question: str) -> None:
        super().__init__(tr("probably known: {who}", who="; ".join(candidates)), hint)
        self.candidates = candidates
        self.question = question


def with_notes(
    drafts: "Sequence[ContactDraft | OrgDraft]", notes: Sequence[str]
) -> list[list[str]]:
    """Give what is to be said about each new record: its warnings, and a note if there is one."""
    both = zip(drafts, notes, strict=True)
    return [[*draft.warnings, *([note] if note else [])] for draft, note in both]


def without_uid(raw: Record) -> Record:
    """Give the fields of a new record: it gets a uid of its own."""
    return {key: value for key, value in raw.items() if key != "uid"}


def edit_of(
    crm: Context,
    noun: str,
    draft: "ContactDraft | OrgDraft",
    off: "ContactDraft | OrgDraft",
    values: Record,
    custom: dict[str, str],
) -> Edit:
    """Give the edit of what people and orgs have alike.

    Args:
        crm: the run.
        noun: contact or org.
        draft: what comes on, and what is new.
        off: what is to be dropped.
        values: the columns that change.
        custom: own fields as typed; an empty value removes one.
    """
    return Edit(
        values=values,
        custom=custom_edit(custom, own_fields(crm, noun, wanted=bool(custom))),
        owner=crm.owner(draft.owner),
        channels=draft.channels,
        off_channels=off.channels,
        addresses=draft.addresses,
        tags=draft.tags,
        off_tags=off.tags,
        warnings=draft.warnings,
    )


def dropped(values: list[str]) -> dict[str, list[str]]:
    """Sort what is to be dropped by what it looks like."""
    from crmcli.rules.digits import looks_like_phone

    found: dict[str, list[str]] = {"emails": [], "phones": [], "urls": [], "tags": []}
    for value in values:
        if "@" in value:
            found["emails"].append(value)
        elif looks_like_phone(value):
            found["phones"].append(value)
        elif "/" in value or "." in value:
            found["urls"].append(value)
        else:
            found["tags"].append(value)
    return found


def parse_set(
    items: Sequence[str], fields: Sequence[str], short: Mapping[str, str] = SHORT_NAMES
) -> tuple[dict[str, Any], dict[str, str]]:
    """Split `key=value` into the record's own fields and custom ones.

    Args:
        items: as typed.
        fields: the record's own fields.
        short: what they may be called besides their own names.

    Raises:
        UsageError: no `=`.
    """
    from crmcli.rules.values import custom_key

    own: dict[str, Any] = {}
    custom: dict[str, str] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            raise UsageError(tr("not key=value: {item!r}", item=item), tr("such as tea=green"))
        name = custom_key(key)
        name = short.get(name, name)
        if name in fields:
            own[name] = value
        else:
            custom[name] = value
    return own, custom


def quoted(tag: str) -> str:
    """Give a tag as it is typed: `"key account"`."""
    return f'"{tag}"' if " " in tag else tag


def read_words(text: str) -> list[str]:
    """Give the words of `vip, "key account" -old`; an apostrophe is a letter.

    Raises:
        InvalidError: a quotation mark without its other half.
    """
    import shlex

    try:
        return shlex.split(text.replace("'", r"\'").replace(",", " "))
    except ValueError:
        raise InvalidError(
            tr("a quotation mark is missing"), tr('such as +vip +"key account" -old')
        ) from None


def split_tags(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the tags with a plus or no sign, and those with a minus: `+vip`, `vip`, `-old`."""
    from crmcli.rules.values import tags

    on = tags([word for word in words if word[:1] != "-"])
    return on, tags([word[1:] for word in words if word[:1] == "-"])


def signed_tags(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the tags to put on and those to take off: `+vip`, `vip`, `-old`.

    Raises:
        InvalidError: there is none.
    """
    on, off = split_tags(words)
    if not on and not off:
        raise InvalidError(
            tr("not a tag: {word!r}", word=next(iter(words), "")),
            tr("a word, such as +vip or -old"),
        )
    return on, off
