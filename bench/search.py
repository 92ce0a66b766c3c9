"""P7: search inside the database, warm; its answers compared with a scan over everything."""

import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from bench import data
from bench.measure import Failed, say
from bench.report import Line
from crmcli.store import db
from crmcli.store.search import SMALL, Key, find
from crmcli.text import fold, is_ideograph

SCAN = 1000.0  # ms; for what may read the whole table
QUERIES = (
    ("word prefix", "zupan", 5.0),
    ("two words", "mila cop", 5.0),
    ("two Chinese characters", "欧阳", 5.0),
    ("one Chinese character", "静", 5.0),
    ("Cyrillic", "иванов", 5.0),
    ("Persian, typed the Arabic way", "كريمي", 5.0),
    ("without its marks", "jovanovic", 5.0),
    ("a rare word inside notes", "harpsichord", 5.0),
    ("a very common prefix", "p", 5.0),
    ("any part of a phone number", "510004321", SCAN),
    ("two letters swapped", "zupnacic", 5.0),
    ("a letter wrong in a short name", "nobak", 5.0),
    ("a mistake in two words", "mial copci", 5.0),
    ("inside a word: one scan", "ovanovi", SCAN),
    ("nothing found: one scan", "xyzzy", SCAN),
)
NAMES = ("SELECT display_name FROM contact", "SELECT name FROM org")
# Everything the generator fills, as the person who searches knows it.
SCANS = (
    ("contact", "SELECT id, display_name FROM contact"),
    ("contact", "SELECT id, note FROM contact"),
    ("contact", "SELECT contact_id, value FROM channel"),
    ("contact", "SELECT contact_id, value_norm FROM channel"),
    ("contact", "SELECT contact_id, title FROM employment"),
    ("contact", "SELECT contact_id, name FROM tagging JOIN tag ON tag.id = tag_id"),
    ("contact", "SELECT contact_id, name FROM employment JOIN org ON org.id = org_id"),
    ("org", "SELECT id, name FROM org"),
    ("task", "SELECT id, title FROM task"),
    ("interaction", "SELECT id, body FROM interaction"),
)


def measure(scales: Sequence[str], rounds: int) -> list[Line]:
    """Give a line for each kind of query."""
    lines = [Line("P7", f"find {text!r}: {what}", "ms", target) for what, text, target in QUERIES]
    for scale in scales:
        say(f"P7 search at {scale}")
        conn = db.connect_reader(str(data.database(scale)))
        for line, (_, text, _) in zip(lines, QUERIES, strict=True):
            line.values[scale] = _median(conn, text, rounds)
        conn.close()
    _compare(scales[0])
    return lines


def _median(conn: sqlite3.Connection, text: str, rounds: int) -> float:
    """Give the median milliseconds of a search, once it is warm."""
    find(conn, text)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        find(conn, text)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def _compare(scale: str) -> None:
    """Compare every answer with a scan that uses no index.

    A search for a common word stops at its limit: then each hit must be in the scan's answer.
    """
    say(f"P7 answers at {scale}")
    conn = db.connect_reader(str(data.database(scale)))
    words = _all_words(conn)
    names = {
        word for query in NAMES for (name,) in conn.execute(query) for word in _split(fold(name))
    }
    for _, text, _ in QUERIES:
        wanted = _scan(words, names, fold(text))
        found = set(find(conn, text, limit=SMALL).keys)
        is_right = found <= wanted if len(wanted) > SMALL else found == wanted
        if not is_right or bool(found) != bool(wanted):
            raise Failed(f"find {text!r}: {len(found)} found, the scan finds {len(wanted)}")
    conn.close()


def _all_words(conn: sqlite3.Connection) -> dict[Key, set[str]]:
    """Give the folded words of every record."""
    words: dict[Key, set[str]] = {}
    folded: dict[str, list[str]] = {}
    for noun, query in SCANS:
        for id, text in conn.execute(query):
            if text not in folded:
                folded[text] = list(_split(fold(text or "")))
            words.setdefault((noun, id), set()).update(folded[text])
    return words


def _split(folded: str) -> Iterator[str]:
    """Give the words of a text; each number also in one piece."""
    yield from "".join(char if char.isalnum() else " " for char in folded).split()
    if folded.startswith("+"):
        yield "".join(filter(str.isdigit, folded))


def _scan(words: dict[Key, set[str]], names: set[str], folded: str) -> set[Key]:
    """Give what holds every word of `folded`: from its beginning, ideographs and digits anywhere.

    When that is nothing, what holds it with one mistake in words of names, and when that is
    nothing too, what holds it inside a word.
    """

    def holds(text: str, part: str) -> bool:
        anywhere = is_ideograph(part[0]) or (part.isdigit() and len(part) > 3 and text.isdigit())
        return part in text if anywhere else text.startswith(part)

    parts = folded.split()
    near = {
        part: {name for name in names if name.isalpha() and OSA.distance(part, name) == 1}
        for part in parts
        if part.isalpha() and len(part) > 3 and not is_ideograph(part[0])
    }
    for similar in ({}, near):
        found = {
            key
            for key, texts in words.items()
            if all(
                any(holds(text, part) for text in texts) or similar.get(part, set()) & texts
                for part in parts
            )
        }
        if found:
            return found
    return {key for key, texts in words.items() if any(folded in text for text in texts)}
