"""Two records that are one: what each field of the merged record holds.

What only one of them says is what the merged one says. Where both say something else:

- Lists (e-mails, phones, web pages, addresses, tags) are united; whose e-mail, phone or web page
  comes first can be chosen.
- Notes are joined, the first above the second.
- Everything else is that of A, the record that stays, unless `keep` says otherwise. Only where
  one value says nothing (stage other, kind prospect) the other one stays, and of two bumps or
  pauses the later one counts. A flag that one of them has stays: nobody is written to by a merge.

Nothing that was said about somebody is lost: a name that is not kept becomes the nickname, or a
line of the note where there is one already, like every other value that is not kept: `title: CTO`.
How one works with somebody (owner, stage, cadence, …) is a choice, not a saying: there the history
alone has the other value. A name that differs in case and marks only is not told either.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules.contact import DateDraft
from crmcli.rules.field import text_of as own_text
from crmcli.text import fold

A, B, BOTH = "A", "B", "both"
Facts = Mapping[str, Any]  # what a record says, by field; None where it says nothing
Keep = Mapping[str, str]  # field -> A, B or both
# What a field may be called besides its own name.
ALIASES = {
    "stage": "lifecycle_stage",
    "cadence": "cadence_days",
    "bumped": "bumped_on",
    "paused_until": "paused_until_on",
    "email": "emails",
    "phone": "phones",
    "url": "urls",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How two values of a field become one.

    Args:
        join: what stands between both, where both may be kept; "" where they may not.
        is_told: whether a value that is not kept goes into the note.
        silent: a value that says nothing.
        default: which one is kept unless somebody says; None for the first that says something.
    """

    join: str = ""
    is_told: bool = False
    silent: Any = None
    default: Callable[[Any, Any], str] | None = None


def _later(a: Any, b: Any) -> str:
    return A if a >= b else B


def _both(a: Any, b: Any) -> str:  # noqa: ARG001
    return BOTH


@dataclass(frozen=True, slots=True)
class Named:
    """A value that has a text: two are the same by what they stand for.

    Args:
        key: what it stands for, such as the id of an org or the number in its full form.
        text: as people read it.
    """

    key: Any
    text: str = field(compare=False)


SAID = Rule(is_told=True)
WORDS = Rule(join=" / ", is_told=True)
CHOSEN = Rule()
LATER = Rule(default=_later)
OWN_TEXT = Rule(join="\n", is_told=True)
RULES = {
    "name": SAID,
    "nickname": Rule(join=", ", is_told=True),
    "title": WORDS,
    "department": WORDS,
    "domain": SAID,
    "industry": WORDS,
    "note": Rule(join="\n", default=_both),
    "lifecycle_stage": Rule(silent="other"),
    "kind": Rule(silent="prospect"),
    "bumped_on": LATER,
    "paused_until_on": LATER,
    "birthday": SAID,
}
LISTS = ("emails", "phones", "urls")
FIRST = (*LISTS, "org")  # all stay; whose comes first is a choice
JOB = ("title", "department")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records, and of what becomes of them.

    Args:
        field: its name.
        a: what the record that stays says.
        b: what the other one says.
        value: what the merged one will hold.
        kept: A, B or both, where there is something to choose; else "".
        choices: what may be chosen.
    """

    field: str
    a: Any
    b: Any
    value: Any
    kept: str = ""
    choices: tuple[str, ...] = ()


def plan(a: Facts, b: Facts, keep: Keep, single: Collection[str] = ()) -> list[Line]:
    """Give every field that one of the two fills, in the order of `a`; the note is the last.

    Args:
        a: what the record that stays says.
        b: what the other one says; the same fields of every record come in the same order.
        keep: which value stays, by field.
        single: fields that hold one value only, though it is a text.

    Raises:
        UsageError: a field that there is not, or a side that is not to be had.
    """
    wishes = dict(_wishes(keep, [*a, *(field for field in b if field not in a)]))
    fields = [field for field in a if field != "note"]
    fields += [field for field in b if field not in a and field != "note"]
    lines = {field: _line(field, a.get(field), b.get(field), wishes, single) for field in fields}
    _follow_org(lines, wishes)
    told = [f"{line.field.removeprefix('custom.').removeprefix('date.')}: {text}"
            for line in lines.values() if (text := _unkept(line))]  # fmt: skip
    if "nickname" in lines:
        told = _nickname(lines, told)
    note = _line("note", a.get("note"), b.get("note"), wishes)
    text = "\n".join(
        filter(None, (note.value, *(one for one in told if one not in (note.value or ""))))
    )
    lines["note"] = replace(note, value=text or None)
    return [line for line in lines.values() if (line.a, line.b, line.value) != (None,) * 3]


def _wishes(keep: Keep, fields: list[str]) -> Iterator[tuple[str, str]]:
    """Give what is wished by the full name of its field."""
    for typed, side in keep.items():
        name = typed.strip().casefold()
        names = (ALIASES.get(name, name), f"custom.{name}", f"date.{name}")
        field = next((one for one in names if one in fields), "")
        if not field:
            near = get_close_matches(names[0], fields, 1)
            hint = tr("did you mean {name}?", name=near[0]) if near else ", ".join(fields)
            raise UsageError(tr("unknown field {key!r}", key=typed), hint)
        yield field, side


def _line(
    field: str, a: Any, b: Any, wishes: Mapping[str, str], single: Collection[str] = ()
) -> Line:
    if field in ("addresses", "tags"):
        return Line(field, a, b, _united(a or (), b or ()) or None)
    if a is None or b is None or _same(field, a, b):
        return Line(field, a, b, _filled(a, b))
    choices = (A, B, BOTH) if field not in single and _joins(field, a, b) else (A, B)
    kept = wishes.get(field) or _default(field, a, b)
    if kept == BOTH and field in FIRST:
        kept = A  # both stay anyhow
    if kept not in choices:
        raise UsageError(
            tr("{field} cannot be {kept}", field=field, kept=kept),
            tr("one of: {names}", names=", ".join(choices)),
        )
    return Line(field, a, b, _kept(field, a, b, kept), kept, choices)


def _rule(field: str) -> Rule:
    return RULES.get(field, OWN_TEXT if field.startswith(("custom.", "date.")) else CHOSEN)


def _same(field: str, a: Any, b: Any) -> bool:
    """Tell whether two values say the same; a date without its year says less, not another."""
    if field in LISTS:
        return bool(a[0] == b[0])
    if isinstance(a, DateDraft):
        years = {a.year, b.year} - {None}
        return (a.month, a.day) == (b.month, b.day) and len(years) < 2
    return bool(a == b)


def _filled(a: Any, b: Any) -> Any:
    """Give what one of two says, or both alike."""
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, DateDraft):
        lead = b.lead_days if a.lead_days is None else a.lead_days
        return replace(a, year=a.year or b.year, lead_days=lead)
    return _united(a, b) if isinstance(a, tuple) else a


def _joins(field: str, a: Any, b: Any) -> bool:
    """Tell whether both values may be kept: texts, and lists of words."""
    is_joined = all(isinstance(one, str) for one in (a, b)) and bool(_rule(field).join)
    return is_joined or all(isinstance(one, list) for one in (a, b))


def _default(field: str, a: Any, b: Any) -> str:
    rule = _rule(field)
    if rule.default:
        return rule.default(a, b)
    if isinstance(a, list) and isinstance(b, list):
        return BOTH
    return B if rule.silent is not None and a == rule.silent else A


def _kept(field: str, a: Any, b: Any, kept: str) -> Any:
    first, second = (b, a) if kept == B else (a, b)
    if field in LISTS:
        return _united(first, second)
    if isinstance(a, DateDraft):
        return replace(first, lead_days=_filled(first.lead_days, second.lead_days))
    if kept != BOTH:
        return first
    if isinstance(a, list):
        return [*a, *(one for one in b if one not in a)]
    parts = [a] if b in a else [b] if a in b else [a, b]
    return _rule(field).join.join(parts)


def _united(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*a, *(one for one in b if one not in a))


def _follow_org(lines: dict[str, Line], wishes: Mapping[str, str]) -> None:
    """Let title and department be those of the job that is kept as the first.

    The other job stays beside it as it is.

    Raises:
        UsageError: the title of one job is wished for the other one.
    """
    org = lines.get("org")
    if org is None or org.a is None or org.b is None or org.a == org.b:
        return
    for name in JOB:
        if wishes.get(name, org.kept) != org.kept:
            raise UsageError(
                tr("{field} goes with the org, and both jobs stay", field=name),
                tr("say which comes first: org=B"),
            )
        if line := lines.get(name):
            lines[name] = Line(name, line.a, line.b, line.b if org.kept == B else line.a)


def _unkept(line: Line) -> str:
    """Give what is said about somebody and not kept; "" for nothing."""
    if line.kept not in (A, B) or not _rule(line.field).is_told:
        return ""
    lost, held = (
        text_of(one) for one in ((line.b, line.a) if line.kept == A else (line.a, line.b))
    )
    return "" if fold(lost) == fold(held) else lost


def _nickname(lines: dict[str, Line], told: list[str]) -> list[str]:
    """Let a name that is not kept be the nickname where there is none.

    Gives what is left to be told in the note.
    """
    name, nickname = _unkept(lines["name"]), lines["nickname"]
    known = (lines["name"].value, nickname.value)
    if not name or any(text and fold(text) == fold(name) for text in known):
        return [one for one in told if not (name and one == f"name: {name}")]
    if nickname.value is not None:
        return told
    lines["nickname"] = replace(nickname, value=name)
    return [one for one in told if one != f"name: {name}"]


def text_of(value: Any) -> str:
    """Give a value as one text; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, Named):
        return value.text
    if isinstance(value, DateDraft):
        return value.text
    if isinstance(value, tuple):
        return ", ".join(map(text_of, value))
    if value is True:
        return tr("yes")
    return own_text(value)
