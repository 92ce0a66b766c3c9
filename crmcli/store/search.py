"""Search: one function over the folded key and the full-text index; and references.

Words match from their beginning, ideographs anywhere, numbers by any part. Only when nothing is
found, names with one letter wrong, missing, surplus or swapped are looked up; and only when there
are none, one scan looks for the text inside the words of people and orgs.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmcli.errors import NotFoundError
from crmcli.i18n import mark, tr
from crmcli.rules.digits import looks_like_phone, search_digits
from crmcli.store import terms
from crmcli.store.rows import doc_range
from crmcli.store.sql import search as sql
from crmcli.text import clean, handle_stem, is_ideograph, spaced

NOUNS = (mark("contact"), mark("org"), mark("task"), mark("interaction"), mark("deal"))
PLURALS = (mark("contacts"), mark("orgs"), mark("tasks"), mark("interactions"), mark("deals"))
A_NOUN = {
    "contact": mark("a contact"),
    "org": mark("an org"),
    "task": mark("a task"),
    "interaction": mark("an interaction"),
    "deal": mark("a deal"),
}
LETTERS = {"c": "contact", "o": "org", "t": "task", "i": "interaction", "d": "deal"}
SMALL = 200  # hit sets up to this size are ranked
SHORTEST = 3  # letters of a word that may hold a mistake; of so few, only two can be swapped
MOST_WORDS = 6  # a longer text is no mistyped name
LAST = "\U0010ffff"  # sorts behind every word with the same beginning
Key = tuple[str, int]  # noun and id
Ranks = dict[Key, tuple[int, ...]]  # what is found, and how well it fits: small is good


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found."""

    noun: str
    id: int
    title: str
    body: str

    @property
    def key(self) -> Key:
        """Give noun and id."""
        return self.noun, self.id


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first; `is_similar` when it holds the words with mistakes only."""

    keys: list[Key]
    is_similar: bool = False


def find(
    conn: sqlite3.Connection, text: str, nouns: Sequence[str] = NOUNS, limit: int = 50
) -> Found:
    """Give the records that hold all words of `text`, best first.

    Exact names come first, then names that begin with the text, names, and the rest; among equals
    contacts before orgs, tasks and interactions. Similar names are ranked by their mistakes first.
    """
    folded = terms.folded_query(text)
    if not folded:
        return Found([])
    found = _exact_hits(conn, folded, nouns, limit)
    if found:
        return Found(_best(found, limit))
    # Mistakes before the inside of words: two range scans and a look-up against reading every
    # record, and a name typed almost in full is a likelier wish than a piece of one.
    similar = _similar(conn, folded, nouns, limit)
    if similar:
        return Found(_best(similar, limit), is_similar=True)
    parties = [noun for noun in nouns if noun in sql.BY_NAME]
    return Found(_best({hit.key: () for hit in _infix(conn, folded, parties, limit)}, limit))


def find_each(
    conn: sqlite3.Connection, text: str, nouns: Sequence[str] = NOUNS, limit: int = 20
) -> Found:
    """Give the best of every noun, one noun after the other: no noun crowds out another."""
    folded = terms.folded_query(text)
    numbers = _phone_hits(conn, folded, nouns, limit)
    keys: list[Key] = []
    for noun in nouns if folded else ():
        found = _text_hits(conn, folded, (noun,), limit)
        own = {key: rank for key, rank in numbers.items() if key[0] == noun}
        keys += _best({**own, **found}, limit)
    if keys:
        return Found(keys)
    wider = find(conn, text, nouns, limit)
    return Found(sorted(wider.keys, key=lambda key: NOUNS.index(key[0])), wider.is_similar)


def by_number(
    conn: sqlite3.Connection, text: str, nouns: Sequence[str], limit: int = 20
) -> list[Key]:
    """Give whose telephone number holds the digits of `text`, which are four or more."""
    return _by_phone(conn, terms.folded_query(text), nouns, limit)


def nearest(conn: sqlite3.Connection, text: str, nouns: Sequence[str], limit: int = 3) -> list[Key]:
    """Give who may have been meant by a name that is nobody's: names with its words, or similar."""
    folded = terms.folded_query(text)
    parties = [noun for noun in nouns if noun in sql.BY_NAME]
    expression = terms.expression(folded)
    if not parties or not expression:
        return []
    hits = _match(conn, folded, f"title : ({expression})", parties, limit)
    found: Ranks = {hit.key: terms.rank(hit.title, folded) for hit in hits}
    return _best(found or _similar(conn, folded, parties, limit, "title : "), limit)


def resolve(
    conn: sqlite3.Connection,
    text: str,
    nouns: Sequence[str],
    *,
    prefix: bool = False,
    trash: bool = False,
) -> list[Key]:
    """Give the records a reference may mean: one, several, or none.

    Args:
        conn: a reading connection, or that of a unit of work.
        text: `c12`, a bare number (if there is one noun), a handle, e-mail, phone or full name.
        nouns: what it may be, the most likely first.
        prefix: also accept the beginnings of words (a person at a terminal chooses).
        trash: also accept what is in the trash, by id or handle.

    Raises:
        NotFoundError: an id that is not there, or that is in the trash.
    """
    folded = terms.folded_query(text)
    if key := _id_of(folded, nouns):
        key = key if trash else merged_into(conn, key) or key
        _require_alive(conn, key, trash)
        return [key]
    if len(nouns) == 1 and folded.isascii() and folded.isdigit():
        key = nouns[0], _small(folded)
        key = merged_into(conn, key) or key
        if _is_alive(conn, key):
            return [key]
    for candidates in _exact(conn, text, folded, nouns):
        alive = list(dict.fromkeys(k for k in candidates if trash or _is_alive(conn, k)))
        if alive:
            return alive
    expression = terms.expression(folded)
    if prefix and expression:
        query = f"title : ({expression})"
        hits = _rows(conn, sql.MATCH, query, [noun for noun in nouns if noun in sql.BY_NAME], 50)
        return [hit.key for hit in hits]
    return []


def names_like(conn: sqlite3.Connection, text: str, limit: int) -> list[str]:
    """Give the names of people, then of orgs, that begin like a text."""
    folded = terms.folded_query(text)
    values = {**_span(folded), "limit": limit}
    return [
        name
        for query in (sql.NAMES_LIKE.values() if folded else ())
        for (name,) in conn.execute(query, values)
    ]


def reference(key: Key) -> str:
    """Give the printed reference: `c12`."""
    return f"{key[0][0]}{key[1]}"


def key_of(ref: str) -> Key:
    """Give the record that a printed reference names: `c12`."""
    return LETTERS[ref[0]], int(ref[1:])


def is_archived(conn: sqlite3.Connection, key: Key) -> bool | None:
    """Tell whether a record is in the trash; None when there is no such record."""
    row = conn.execute(sql.EXISTS[key[0]], {"id": key[1]}).fetchone()
    return None if row is None else row[0] is not None


def merged_into(conn: sqlite3.Connection, key: Key) -> Key | None:
    """Give the record that another one was merged into; None for one that was not."""
    noun, id = key
    query = sql.MERGED_INTO.get(noun)
    row = conn.execute(query, {"id": id}).fetchone() if query else None
    return (noun, row[0]) if row and row[0] else None


def merged_ref(conn: sqlite3.Connection, text: str, key: Key) -> str:
    """Give the id in a reference that leads to `key` since its record was merged; else ""."""
    digits = terms.folded_query(text)
    digits = digits[1:] if LETTERS.get(digits[:1]) == key[0] else digits
    is_id = digits.isascii() and digits.isdigit()
    old = key[0], _small(digits) if is_id else 0
    return reference(old) if is_id and merged_into(conn, old) == key else ""


def words_query(folded: str, *, is_phrase: bool) -> tuple[str, list[str]]:
    """Give the full-text query for all words or for a phrase, "" for no words.

    Also gives its runs of ideographs, each of which must stand in one word (title and body have
    two spaces between words).
    """
    words = list(terms.words(folded))
    runs = [" ".join(word) for word in words if is_ideograph(word[0])]
    if not (is_phrase and words):
        return terms.expression(folded), runs
    spelled = " ".join(" ".join(word) if is_ideograph(word[0]) else word for word in words)
    return f'"{spelled}"' + ("" if is_ideograph(spelled[-1]) else "*"), runs


def _best(found: Ranks, limit: int) -> list[Key]:
    return sorted(found, key=lambda key: (*found[key], NOUNS.index(key[0]), key[1]))[:limit]


def _exact_hits(conn: sqlite3.Connection, folded: str, nouns: Sequence[str], limit: int) -> Ranks:
    """Give what holds every word as it was typed, or the number."""
    return _phone_hits(conn, folded, nouns, limit) | _text_hits(conn, folded, nouns, limit)


def _text_hits(conn: sqlite3.Connection, folded: str, nouns: Sequence[str], limit: int) -> Ranks:
    """Give what holds every word as it was typed."""
    found: Ranks = dict.fromkeys(_by_name(conn, folded, nouns), (0, 0, 0))
    for hit in _match(conn, folded, terms.expression(folded), nouns, max(limit, SMALL)):
        found.setdefault(hit.key, terms.rank(hit.title, folded))
    return found


def _phone_hits(conn: sqlite3.Connection, folded: str, nouns: Sequence[str], limit: int) -> Ranks:
    """Give whose number holds these digits."""
    keys = _by_phone(conn, folded, nouns, limit)
    return {key: (2, number, 0) for number, key in enumerate(keys)}


def _similar(
    conn: sqlite3.Connection, folded: str, nouns: Sequence[str], limit: int, field: str = ""
) -> Ranks:
    """Give what holds every word, or a word of a name that differs from it by one mistake."""
    words = list(terms.words(folded))
    near = {word: found for word in words if (found := _near_words(conn, word))}
    if not near or len(words) > MOST_WORDS:
        return {}
    # One mistake in all is looked for by itself, so that it is not crowded out by several.
    one = " OR ".join(f"({terms.expression(folded, {word: near[word]})})" for word in near)
    hits = _match(conn, folded, f"{field}({one})", nouns, max(limit, SMALL))
    if len(near) > 1:
        every = terms.expression(folded, near)
        hits += _match(conn, folded, f"{field}({every})", nouns, max(limit, SMALL))
    return {hit.key: _similar_rank(hit, words, near) for hit in hits}


def _similar_rank(hit: Hit, typed: Sequence[str], near: terms.Near) -> tuple[int, ...]:
    """Give the number of mistakes, and the rank of the text without them."""
    meant = [_meant(word, hit, near.get(word, ())) for word in typed]
    mistakes = sum(word != other for word, other in zip(typed, meant, strict=True))
    return mistakes, *terms.rank(hit.title, " ".join(meant))


def _meant(word: str, hit: Hit, near: Sequence[str]) -> str:
    """Give the word that a record holds for a typed one: itself, else a similar one."""
    texts = (hit.title, hit.body)
    if any(word in text and any(w.startswith(word) for w in terms.words(text)) for text in texts):
        return word
    for text in texts:
        held = [other for other in near if other in text]  # perhaps inside a word only
        words = set(terms.words(text)) if held else set()
        if found := [other for other in held if other in words]:
            return found[0]
    return word


def _near_words(conn: sqlite3.Connection, word: str) -> list[str]:
    """Give the words of names with one letter wrong, missing or surplus, or two swapped.

    Either half of the typed word is intact, unless the letters beside its middle are swapped.
    """
    if not is_name_word(word):
        return []
    half = len(word) // 2
    if len(word) == SHORTEST:
        found = {_swapped(word, 1), _swapped(word, 2)} - {word}
        return sorted(other for other in found if _is_known(conn, other))
    from rapidfuzz.distance import OSA

    lengths = {"shortest": len(word) - 1, "longest": len(word) + 1}
    first, second = word[:half], word[half:][::-1]
    rows = conn.execute(sql.WORDS_WITH_BEGINNING, _span(first) | lengths)
    found = {row[0] for row in rows}
    rows = conn.execute(sql.WORDS_WITH_END, _span(second) | lengths)
    found.update(row[0][::-1] for row in rows)
    near = {other for other in found if OSA.distance(word, other, score_cutoff=1) == 1}
    swapped = _swapped(word, half)
    return sorted(near | ({swapped} if _is_known(conn, swapped) else set()) - {word})


def _span(beginning: str) -> dict[str, str | int]:
    """Give the bounds of the words that begin so."""
    return {"low": beginning, "high": beginning + LAST}


def _is_known(conn: sqlite3.Connection, word: str) -> bool:
    return conn.execute(sql.NAME_WORD, {"word": word}).fetchone() is not None


def _swapped(word: str, at: int) -> str:
    """Give `word` with the letters on both sides of a place swapped."""
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def name_words(title: str) -> Iterator[str]:
    """Give the words of a search title that may be found with a mistake in them."""
    return filter(is_name_word, terms.words(title))


def is_name_word(word: str) -> bool:
    """Tell whether a word may hold a mistake: long enough, no number, no ideographs."""
    return len(word) >= SHORTEST and not is_ideograph(word[0]) and not any(map(str.isdigit, word))


def _match(
    conn: sqlite3.Connection, folded: str, expression: str, nouns: Sequence[str], limit: int
) -> list[Hit]:
    """Give full-text hits, names first; small sets come ranked by bm25."""
    if not expression:
        return []
    hits = _rows(conn, sql.MATCH, expression, nouns, SMALL + 1)
    if len(hits) <= SMALL:
        hits = _rows(conn, sql.RANKED, expression, nouns, limit) if len(hits) > 1 else hits
    else:
        titled = _rows(conn, sql.MATCH, f"title : ({expression})", nouns, limit)
        hits = list({hit.key: hit for hit in [*titled, *hits]}.values())
    is_whole = terms.Whole(folded)
    return [hit for hit in hits if is_whole(hit.title, hit.body)]


def _by_phone(conn: sqlite3.Connection, folded: str, nouns: Sequence[str], limit: int) -> list[Key]:
    """Give whose number holds these digits; the national form finds the international one."""
    digits = terms.phone_part(folded)
    if not digits:
        return []
    rows = conn.execute(sql.PHONE_PART, {"pattern": f"%{digits}%", "limit": limit})
    keys = [("contact", contact) if contact else ("org", org) for contact, org in rows]
    return [key for key in dict.fromkeys(keys) if key[0] in nouns]


def _infix(conn: sqlite3.Connection, folded: str, nouns: Sequence[str], limit: int) -> list[Hit]:
    if not nouns:
        return []
    escaped = spaced(folded).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = sql.INFIX.replace("{nouns}", _marks(nouns))
    values = {**_nouns(nouns), "pattern": f"%{escaped}%", "limit": limit}
    return [Hit(*row[1:]) for row in conn.execute(query, values)]


def _rows(
    conn: sqlite3.Connection, query: str, expression: str, nouns: Sequence[str], limit: int
) -> list[Hit]:
    if not nouns:
        return []
    values = {**_nouns(nouns), "query": expression, "limit": limit}
    return [Hit(*row[1:]) for row in conn.execute(query.replace("{nouns}", _marks(nouns)), values)]


def _id_of(folded: str, nouns: Sequence[str]) -> Key | None:
    noun = LETTERS.get(folded[:1])
    if noun and folded[1:].isascii() and folded[1:].isdigit():
        if noun not in nouns:
            raise NotFoundError(
                tr("{ref} is not {noun}", ref=folded, noun=tr(A_NOUN[nouns[0]])),
                tr("expected {names}", names=tr(" or ").join(map(tr, nouns))),
            )
        return noun, _small(folded[1:])
    return None


def _small(digits: str) -> int:
    """Give a number that SQLite can hold."""
    return min(int(digits[:19]), 2**63 - 1)


def _exact(
    conn: sqlite3.Connection, text: str, folded: str, nouns: Sequence[str]
) -> Iterator[list[Key]]:
    """Give candidates by handle, e-mail, phone and full name, one kind after the other."""
    rows = conn.execute(sql.BY_HANDLE, {"name": folded})
    yield _parties(rows.fetchall(), nouns)
    if "@" in folded:
        yield _by_channel(conn, "email", clean(text).casefold(), nouns)
    if looks_like_phone(folded):
        yield _by_phone_number(conn, folded, nouns)
    yield _by_name(conn, folded, nouns)
    yield _by_name(conn, folded, nouns, sql.BY_OLD_NAME)
    if (stem := handle_stem(folded)) != folded:
        rows = conn.execute(sql.BY_HANDLE, {"name": stem})
        yield _parties(rows.fetchall(), nouns) if " " not in folded else []


def _by_name(
    conn: sqlite3.Connection,
    folded: str,
    nouns: Sequence[str],
    queries: Mapping[str, str] = sql.BY_NAME,
) -> list[Key]:
    """Give who is called exactly so."""
    keys: list[Key] = []
    for noun in nouns:
        if noun in queries:
            rows = conn.execute(queries[noun], {"name_norm": folded})
            keys += [(noun, row[0]) for row in rows]
    return keys


def _by_channel(conn: sqlite3.Connection, kind: str, norm: str, nouns: Sequence[str]) -> list[Key]:
    rows = conn.execute(sql.BY_CHANNEL, {"kind": kind, "value_norm": norm})
    return _parties(rows.fetchall(), nouns)


def _by_phone_number(conn: sqlite3.Connection, folded: str, nouns: Sequence[str]) -> list[Key]:
    """Give whose number this is: in full, or in its national form (a number's own ending)."""
    digits = search_digits(folded)
    if len(digits) < 7:
        return []
    rows = conn.execute(sql.PHONE_PART, {"pattern": f"%{digits}", "limit": 20})
    return _parties(rows.fetchall(), nouns)


def _parties(rows: list[tuple[int | None, int | None]], nouns: Sequence[str]) -> list[Key]:
    keys: list[Key] = []
    for contact, org in rows:
        if contact and "contact" in nouns:
            keys.append(("contact", contact))
        elif org and "org" in nouns:
            keys.append(("org", org))
    return keys


def _is_alive(conn: sqlite3.Connection, key: Key) -> bool:
    return is_archived(conn, key) is False


def _require_alive(conn: sqlite3.Connection, key: Key, trash: bool) -> None:
    archived = is_archived(conn, key)
    if archived is None:
        raise NotFoundError(tr("there is no {noun} {ref}", noun=tr(key[0]), ref=reference(key)))
    if archived and not trash:
        ref = reference(key)
        raise NotFoundError(
            tr("{ref} is in the trash", ref=ref),
            tr("`crm trash restore {ref}` brings it back", ref=ref),
        )


def _marks(nouns: Sequence[str]) -> str:
    return ", ".join(f":n{number}" for number in range(len(nouns)))


def _nouns(nouns: Sequence[str]) -> dict[str, str | int]:
    first, last = doc_range(nouns)
    names = {f"n{number}": noun for number, noun in enumerate(nouns)}
    return {**names, "first": first, "last": last}
