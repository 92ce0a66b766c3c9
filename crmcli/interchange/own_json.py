"""Our own export as a JSON array or as JSON lines, read object by object.

An object longer than the line limit is refused; the file is never held whole.
"""

import json
from collections.abc import Iterator
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.interchange.decode import LINE_LIMIT, Source
from crmcli.interchange.fields import name_record
from crmcli.interchange.own import PAIR_LISTS, addresses_of, comes_back
from crmcli.interchange.record import Raw, Reject

_CHUNK = 1 << 16

Item = tuple[int, dict[str, Any]]
"""Line on which an object begins, and the object."""


def is_json(source: Source) -> bool:
    """Tell whether a file begins like JSON."""
    line = next((line for line in source.lines() if not line.isspace()), "")
    start = line.lstrip()[:200]
    return start.startswith("{") or (start[:1] == "[" and start[1:].lstrip()[:1] in ("", "{", "]"))


def objects(source: Source) -> Iterator[Item | Reject]:
    """Yield the objects of a JSON array, or of JSON lines, in file order."""
    first = next(line for line in source.lines() if not line.isspace())
    return _array(source) if first.lstrip().startswith("[") else _lines(source)


def raw_record(noun: str, item: dict[str, Any]) -> Raw:
    """Give the raw record of an exported object; raise ValueError for a wrong shape."""
    told = {key: _field(key, value) for key, value in item.items() if comes_back(noun, key)}
    raw = {key: value for key, value in told.items() if value not in (None, "", [], {})}
    if noun == "deal":
        people = raw.pop("people", [])
        raw.pop("contact_uids", None)
        raw["contacts"] = [(one.get("role") or "", one["uid"]) for one in people]
        raw["entered"] = raw.pop("stage_entered", None)
    if noun != "contact":
        return raw
    org = item.get("org")
    if isinstance(org, dict):
        raw["org"] = str(org.get("name") or org.get("handle") or "")
    name_record(raw)
    return {key: value for key, value in raw.items() if value}


def cell(value: Any) -> str:
    """Give a value as a cell, for the list of rejects."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _field(key: str, value: Any) -> Any:
    if not value:
        return None if value is not False and value != 0 else value
    if key in PAIR_LISTS:
        return _pairs(key, value)
    if key == "addresses":
        return addresses_of(value)
    if key == "tags":
        return _texts(key, value)
    if key == "custom":
        if not isinstance(value, dict):
            raise ValueError("custom is not an object")
        return {name: one for name, one in value.items() if one not in (None, "", [], {})}
    return value.strip() if isinstance(value, str) else value


def _pairs(key: str, value: Any) -> list[tuple[str, str]]:
    """Give [{"label","value","primary"}] as pairs, the primary one first."""
    if not isinstance(value, list):
        raise ValueError(f"{key} are not a list")
    pairs: list[tuple[str, str]] = []
    for one in value:
        item = one if isinstance(one, dict) else {"value": one}
        text = item.get("value") or item.get("date")
        if text:
            place = 0 if item.get("primary") else len(pairs)
            pairs.insert(place, (str(item.get("label") or ""), cell(text).strip()))
    return pairs


def _texts(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key} are not a list of texts")
    return [item.strip() for item in value if item.strip()]


def _lines(source: Source) -> Iterator[Item | Reject]:
    for number, line in enumerate(source.lines(), 1):
        if line.isspace():
            continue
        if len(line) >= LINE_LIMIT:
            yield Reject(
                number,
                tr("the line is longer than {limit} characters", limit=LINE_LIMIT),
                [line[:200]],
            )
            continue
        try:
            value = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            yield Reject(number, tr("is not JSON"), [line.strip()])
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield Reject(number, tr("is not a JSON object"), [line.strip()])


def _array(source: Source) -> Iterator[Item]:
    window = _Window(source)
    window.expect("[")
    if window.peek() == "]":
        return
    while True:
        yield window.take_object()
        if window.peek() == "]":
            return
        window.expect(",")


class _Window:
    """A moving view on the text of a JSON array."""

    def __init__(self, source: Source) -> None:
        self._source, self._buffer, self._at, self._line = source, "", 0, 1
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)
        source.text.seek(0)

    def peek(self) -> str:
        """Give the next character that is no blank; empty at the end."""
        while True:
            rest = self._buffer[self._at : self._at + 1]
            if rest and rest not in " \t\r\n\ufeff":
                return rest
            if not rest and not self._fill():
                return ""
            self._line += rest == "\n"
            self._at += len(rest)

    def expect(self, char: str) -> None:
        """Step over `char`; raise InvalidError when something else stands there."""
        if self.peek() != char:
            raise self._error(tr("expected {names}", names=repr(char)))
        self._at += 1

    def take_object(self) -> Item:
        """Step over the next object and give it."""
        if self.peek() != "{":
            raise self._error(tr("expected an object"))
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._buffer) - self._at < LINE_LIMIT and self._fill():
                    continue
                self._step(getattr(error, "pos", self._at))
                raise self._error(tr("the object does not parse")) from None
            line = self._line
            self._step(end)
            return line, value

    def _step(self, end: int) -> None:
        self._line += self._buffer.count("\n", self._at, end)
        self._at = end

    def _fill(self) -> bool:
        """Read on; False at the end of the file."""
        try:
            more = self._source.text.read(_CHUNK)
        except (UnicodeError, OSError):
            raise InvalidError(
                tr("{name}: changed while it was read", name=self._source.name)
            ) from None
        self._buffer, self._at = self._buffer[self._at :] + more, 0
        return bool(more)

    def _error(self, what: str) -> InvalidError:
        return InvalidError(
            tr(
                "{name}:{line}: is not valid JSON: {what}",
                name=self._source.name,
                line=self._line,
                what=what,
            )
        )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
