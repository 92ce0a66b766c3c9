"""How a filter compares: one function per kind of value gives SQL with bound values, and words.

Each takes the binder, the property, the operator and what stands behind it, and gives a condition
on `{column}`. What is not there is not compared: `none` and `any` are asked before.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from crmcli import dates, period
from crmcli.clock import Clock, stamp
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules.digits import search_digits
from crmcli.rules.filter import Range, Value
from crmcli.store import dialect
from crmcli.store.fields import Property
from crmcli.store.sql import filter as sql
from crmcli.text import clean, fold

ORDERS = {"before": "<", "under": "<", "after": ">", "over": ">"}
_IN_WORDS = {":": "is", "=": "is", "<": "under", "<=": "at most", ">": "over", ">=": "at least"}
_IN_DATES = {**_IN_WORDS, "<": "before", "<=": "not after", ">": "after", ">=": "not before"}
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_YES_NO = {"yes": 1, "y": 1, "true": 1, "1": 1, "no": 0, "n": 0, "false": 0, "0": 0}
_NEVER = "0"  # a condition that nothing fulfils
_EDGES = (float("-inf"), float("inf"))  # of a range that is open at an end
_TESTS: Mapping[str, Callable[[float, float, float], bool]] = {
    "<": lambda found, low, _: found < low,
    "<=": lambda found, low, _: found <= low,
    ">": lambda found, low, _: found > low,
    ">=": lambda found, low, _: found >= low,
    ":": lambda found, low, high: low <= found <= high,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a filter is read against.

    Args:
        conn: a reading connection.
        clock: tells today.
        me: the actor's name.
        dates: the options of the date grammar.
        currency: of amounts that name none.
        is_rule: it is the filter of a score rule, which may not ask for scores.
    """

    conn: sqlite3.Connection
    clock: Clock
    me: str = ""
    dates: Mapping[str, Any] = field(default_factory=dict)
    currency: str | None = None
    is_rule: bool = False


class Binder:
    """Collects the values of a statement, each under a name of its own."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.values: dict[str, Any] = {}
        self.unknown: list[str] = []  # what is said about names that nothing has

    def bind(self, value: Any) -> str:
        """Give the parameter that stands for a value."""
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f":{name}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on `{column}`, and how it is said behind the property's name."""

    sql: str
    says: str


Operand = Value | Range
Kind = Callable[[Binder, Property, str, Operand], Condition]


def text(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare folded text: a part of it with `:`, the whole with `=`."""
    if op not in (":", "="):
        raise UsageError(tr("a text has no order"), tr("use : for a part of it, = for the whole"))
    shown = clean(_typed(operand))
    needle = fold(shown)
    if not needle:
        raise UsageError(
            tr("{shown!r} holds nothing to look for", shown=shown), tr("or write none")
        )
    if op == "=":
        return Condition(f"{{column}} = {b.bind(needle)}", f"is exactly {shown}")
    return Condition(_contains(b, needle), f"contains {shown}")


def email(b: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Compare addresses, whose marks count; all else is as with text."""
    shown = clean(_typed(operand)).strip()
    if op == "=" and shown:
        return Condition(f"{{column}} = {b.bind(shown.casefold())}", f"is exactly {shown}")
    found = text(b, p, op, operand)
    return found if shown.isascii() else Condition(_contains(b, shown.casefold()), found.says)


def phone(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Find a number by any part of it."""
    typed = _typed(operand)
    digits = search_digits(fold(typed))
    if op not in (":", "=") or not digits:
        raise UsageError(
            tr("not a part of a number: {typed!r}", typed=typed), tr("such as phone:040")
        )
    return Condition(_contains(b, digits), f"contains {digits}")


def choice(_: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Compare one of a few words. They are constants, so that partial indices fit."""
    typed = _word(operand, op)
    words = p.words or {}
    key = fold(typed).replace("-", "_").replace(" ", "_")
    if key not in words:
        raise _not_one_of(typed, list(words))
    quoted = ", ".join(f"'{word}'" for word in words[key])
    test = f"IN ({quoted})" if len(words[key]) > 1 else f"= {quoted}"
    return Condition(f"{{column}} {test}", f"is {key}")


def owner(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Find who looks after a record: `me`, or a name."""
    typed = _word(operand, op)
    name = b.scope.me if fold(typed) == "me" else typed
    rows = b.scope.conn.execute(sql.USERS)
    ids = [b.bind(id) for id, known in rows if fold(known) == fold(name)]
    if not ids and fold(typed) != "me":
        b.unknown.append(tr("nobody is called {name}", name=name))
    return Condition(f"{{column}} IN ({', '.join(ids)})" if ids else _NEVER, f"is {name}")


def tag(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Find a tag by its whole name."""
    name = clean(_word(operand, op)).lstrip("+ ")
    row = b.scope.conn.execute(sql.TAG, {"name_norm": fold(name)}).fetchone()
    if not row:
        b.unknown.append(_no_tag(b.scope, name))
    return Condition(f"{{column}} = {b.bind(row[0])}" if row else _NEVER, f"is {name}")


def _no_tag(scope: Scope, name: str) -> str:
    """Say that there is no such tag, with the nearest that there is."""
    said = tr("there is no tag {name}", name=name)
    hint = near(name, [row[0] for row in scope.conn.execute(sql.TAGS)])
    return f"{said}; {hint}" if hint else said


def id(b: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Find a record by its id: `c12`, or 12."""
    typed = _word(operand, op)
    number = fold(typed).removeprefix(p.column[0])
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise UsageError(
            tr("not an id: {typed!r}", typed=typed), tr("such as {name}", name=f"{p.column[0]}12")
        )
    return Condition(f"{{column}} = {b.bind(int(number))}", f"is {p.column[0]}{int(number)}")


def boolean(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare yes and no."""
    typed = _word(operand, op)
    if fold(typed) not in _YES_NO:
        raise UsageError(tr("not yes or no: {typed!r}", typed=typed), tr("write yes or no"))
    value = _YES_NO[fold(typed)]
    return Condition(f"{{column}} = {b.bind(value)}", f"is {'yes' if value else 'no'}")


def number(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare numbers."""
    return _measured(b, op, operand, _number)


def days(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare spans, stored as days: `30`, `30d`, `2w`, `1m`."""
    return _measured(b, op, operand, _span)


def minutes(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare durations, stored as seconds: `30`, `45min`, `1h30`."""
    return _measured(b, op, operand, lambda typed: dates.minutes(typed) * 60)


def money(b: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Compare amounts of one currency, stored as minor units."""
    from crmcli import money

    amounts = {typed: money.parse(typed, b.scope.currency) for typed in _ends(operand) if typed}
    found = _measured(b, op, operand, lambda typed: amounts[typed].minor)
    currencies = {amount.currency for amount in amounts.values()}
    if len(currencies) > 1:
        raise UsageError(
            tr("a range has one currency"), tr("such as 100..200, or EUR 100..EUR 200")
        )
    currency = currencies.pop()
    both = f"{found.sql} AND {p.currency} = {b.bind(currency)}"
    says = _said(op, operand, lambda typed: money.text(amounts[typed]), _IN_WORDS)
    return Condition(f"({both})", says)


def day(b: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Compare calendar dates with a day or a period."""
    return _dated(b, p, op, operand, str)


def instant(b: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Compare instants with a day or a period of the user's calendar."""
    clock = b.scope.clock
    return _dated(b, p, op, operand, lambda on: stamp(clock.instant(datetime.combine(on, time()))))


def birthday(b: Binder, p: Property, op: str, operand: Operand) -> Condition:
    """Compare the next birthday, counted from today, with a day or a period."""
    op = _date_order(op)
    today = b.scope.clock.today()
    low, high = today, today + timedelta(days=364)
    begin, end = (_period(b, typed, p) if typed else (low, high) for typed in _ends(operand))
    if op in (":", "=", ">="):
        low = begin[0]
    if op in (":", "=", "<="):
        high = end[1]
    if op == "<":
        high = begin[0] - timedelta(days=1)
    if op == ">":
        low = end[1] + timedelta(days=1)
    says = _said(op, operand, lambda typed: _shown_period(_period(b, typed, p)), _IN_DATES)
    return Condition(_yearly(b, low, high), f"{says} (the next one)")


def idle(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare for how many days nothing happened: `idle>180d` is a last touch before that."""
    if op in ("before", "after"):
        raise UsageError(tr("a number is not {op} another", op=op), tr("use over and under"))
    op = ORDERS.get(op, op)
    today = b.scope.clock.today()

    def since(days: int | float) -> str:
        """Bind the instant before which the last day was more than `days` ago."""
        try:
            day = datetime.combine(today - timedelta(days=int(days)), time())
        except OverflowError:
            raise UsageError(tr("not a number: {typed!r}", typed=str(days))) from None
        return b.bind(stamp(b.scope.clock.instant(day)))

    low, high = (_span(typed) if typed else None for typed in _ends(operand))
    tests = []
    if low is not None and (op in (":", "=", ">=", ">")):
        tests.append(f"{{column}} < {since(low if op == '>' else low - 1)}")
    if high is not None and (op in (":", "=", "<=", "<")):
        tests.append(f"{{column}} >= {since(high - 1 if op == '<' else high)}")
    return Condition(f"({' AND '.join(tests)})", _said(op, operand, str, _IN_WORDS))


def score(b: Binder, _: Property, op: str, operand: Operand) -> Condition:
    """Compare the scores of people, worked out when the filter is read (formulas 4.13)."""
    from crmcli.store.score import totals

    if b.scope.is_rule:
        raise UsageError(tr("a score rule cannot ask for scores"), tr("name what they stand for"))
    if op in ("before", "after"):
        raise UsageError(tr("a number is not {op} another", op=op), tr("use over and under"))
    op = ORDERS.get(op, op)
    low, high = (
        _number(typed) if typed else edge
        for typed, edge in zip(_ends(operand), _EDGES, strict=True)
    )
    fit = _TESTS[op if op in _TESTS else ":"]
    ids = sorted(id for id, total in totals(b.scope).items() if fit(total, low, high))
    listed = dialect.id_list(b.bind(str(ids)))
    return Condition(f"{{column}} IN ({listed})", _said(op, operand, str, _IN_WORDS))


KINDS: dict[str, Kind] = {
    "text": text,
    "email": email,
    "phone": phone,
    "choice": choice,
    "owner": owner,
    "tag": tag,
    "id": id,
    "bool": boolean,
    "number": number,
    "days": days,
    "minutes": minutes,
    "money": money,
    "date": day,
    "instant": instant,
    "birthday": birthday,
    "idle": idle,
    "score": score,
}


def like(typed: str) -> str:
    """Give the pattern of LIKE for what contains a text."""
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def near(word: str, words: Sequence[str]) -> str:
    """Give the hint that names the nearest of `words`, or a few of them."""
    from difflib import get_close_matches

    folded = {fold(known): known for known in words}
    found = get_close_matches(fold(word), folded, 1)
    if found:
        return tr("did you mean {name}?", name=folded[found[0]])
    return tr("one of {names}", names=", ".join(words)) if 0 < len(words) < 15 else ""


def _not_one_of(typed: str, words: Sequence[str]) -> UsageError:
    shown, hint = ", ".join(words), near(typed, words)
    more = "" if hint.startswith("one of") else f"{hint} "
    return UsageError(
        tr("{typed!r} is none of its words", typed=typed),
        tr("{hint}one of {names}", hint=more, names=shown),
    )


def _contains(b: Binder, needle: str) -> str:
    return f"{{column}} LIKE {b.bind(like(needle))} ESCAPE '\\'"


def _ends(operand: Operand) -> tuple[str, str]:
    """Give both ends; those of a single value are the same."""
    if isinstance(operand, Range):
        return operand.low, operand.high
    return operand.text, operand.text


def _typed(operand: Operand) -> str:
    """Give what was typed; two dots in a text are no range."""
    return operand.text if isinstance(operand, Value) else f"{operand.low}..{operand.high}"


def _word(operand: Operand, op: str) -> str:
    """Give a value that has no order.

    Raises:
        UsageError: it was to be compared as if it had.
    """
    if op not in (":", "=") or isinstance(operand, Range):
        raise UsageError(tr("it has no order"), tr("use :, and commas between several"))
    return operand.text


def _said(op: str, operand: Operand, show: Callable[[str], str], words: Mapping[str, str]) -> str:
    """Say a comparison."""
    if not isinstance(operand, Range):
        return f"{words[ORDERS.get(op, op)]} {show(operand.text)}"
    parts = (("from", operand.low), ("to", operand.high))
    return " ".join(f"{word} {show(typed)}" for word, typed in parts if typed)


def _measured(
    b: Binder, op: str, operand: Operand, read: Callable[[str], int | float]
) -> Condition:
    """Compare what is a number in the end."""
    if op in ("before", "after"):
        raise UsageError(tr("a number is not {op} another", op=op), tr("use over and under"))
    op = ORDERS.get(op, op)
    says = _said(op, operand, str, _IN_WORDS)
    if isinstance(operand, Range):
        ends = ((">=", operand.low), ("<=", operand.high))
        tests = [f"{{column}} {sign} {b.bind(read(typed))}" for sign, typed in ends if typed]
        return Condition(f"({' AND '.join(tests)})", says)
    sign = "=" if op == ":" else op
    return Condition(f"{{column}} {sign} {b.bind(read(operand.text))}", says)


def _dated(
    b: Binder, p: Property, op: str, operand: Operand, stored: Callable[[date], str]
) -> Condition:
    """Compare with a period: from its first day, to before the day after its last one."""
    op = _date_order(op)
    begin, end = (_bounds(b, typed, p, stored) for typed in _ends(operand))
    bounds = {">=": begin[0], "<": end[1]}
    if op not in (":", "="):
        bounds = {
            "<": {"<": begin[0]},
            "<=": {"<": begin[1]},
            ">": {">=": begin[1]},
            ">=": {">=": begin[0]},
        }[op]
    tests = [f"{{column}} {sign} {b.bind(bound)}" for sign, bound in bounds.items() if bound]
    says = _said(op, operand, lambda typed: _shown(b, typed, p), _IN_DATES)
    return Condition(f"({' AND '.join(tests)})", says)


def _bounds(b: Binder, typed: str, p: Property, stored: Callable[[date], str]) -> tuple[str, str]:
    """Give the stored form of a period's beginning, and of what follows it; "" when open."""
    if not typed:
        return "", ""
    if at := _moment(b, typed, p):
        return stamp(at), stamp(at + timedelta(minutes=1))
    first, last = _period(b, typed, p)
    try:
        return stored(first), stored(last + timedelta(days=1))
    except OverflowError:
        raise UsageError(tr("{last} is beyond what can be stored", last=last)) from None


def _moment(b: Binder, typed: str, p: Property) -> datetime | None:
    """Give the instant that a phrase with a clock time means; None for a day."""
    if p.kind != "instant":
        return None
    try:
        when = dates.parse(typed, b.scope.clock.local_now(), forward=p.forward, **b.scope.dates)
    except UsageError:
        return None
    at = when.at and datetime.combine(when.on, when.at)
    return b.scope.clock.instant(at) if at else None


def _period(b: Binder, typed: str, p: Property) -> tuple[date, date]:
    """Give the first and last day: of `2026-11` and `last month`, else one by the date grammar."""
    now = b.scope.clock.local_now()
    if not (typed[:1].isdigit() and " " in typed.strip()):  # `2 weeks` is a distance
        try:
            return period.parse(typed, now.date(), b.scope.dates.get("week_start", 0))
        except UsageError:
            pass
    when = dates.parse(typed, now, forward=p.forward, **b.scope.dates)
    return when.on, when.on


def _shown(b: Binder, typed: str, p: Property) -> str:
    at = _moment(b, typed, p)
    return (
        f"{b.scope.clock.local(at):%Y-%m-%d %H:%M}" if at else _shown_period(_period(b, typed, p))
    )


def _shown_period(days: tuple[date, date]) -> str:
    first, last = days
    return str(first) if first == last else f"{first} to {last}"


def _date_order(op: str) -> str:
    if op in ("over", "under"):
        raise UsageError(tr("a date is not {op} another", op=op), tr("use before and after"))
    return ORDERS.get(op, op)


def _yearly(b: Binder, low: date, high: date) -> str:
    """Give the condition that month and day lie in a period of at most a year."""
    if high < low:
        return _NEVER
    if (high - low).days >= 365:
        return "important_date.month > 0"
    pair = "(important_date.month, important_date.day)"
    first, last = [f"({b.bind(on.month)}, {b.bind(on.day)})" for on in (low, _leap_end(high))]
    joined = "AND" if (low.month, low.day) <= (high.month, high.day) else "OR"
    return f"({pair} >= {first} {joined} {pair} <= {last})"


def _leap_end(day: date) -> date:
    """Give the 29th for a 28 February that is the last: then the 29th is kept on it."""
    is_last = (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1
    return date(2024, 2, 29) if is_last else day


def _number(typed: str) -> int | float:
    text = fold(typed).replace(" ", "")
    try:
        found = float(text)
    except ValueError:
        raise UsageError(
            tr("not a number: {typed!r}", typed=typed), tr("such as 5 or 2.5")
        ) from None
    if abs(found) > 1e15 or found != found:
        raise UsageError(tr("not a number: {typed!r}", typed=typed), tr("at most 15 digits"))
    return int(found) if found.is_integer() else found


def _span(typed: str) -> int | float:
    text = fold(typed)
    unit = _DAYS.get(text[-1:], 0)
    return _number(text[:-1] if unit else text) * (unit or 1)
