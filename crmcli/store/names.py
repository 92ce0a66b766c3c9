"""Words of the program that are names here, and the words of its stored vocabulary: for masking."""

import re
import sqlite3
from collections.abc import Collection

from crmcli.store import db
from crmcli.store.sql import names as sql
from crmcli.text import fold


def names_among(conn: sqlite3.Connection, words: Collection[str]) -> set[str]:
    """Give those of `words` (folded) that stand in a name, a nickname, a handle of before."""
    found = {word for (word,) in conn.execute(sql.LONG) if word in words}
    for query in (sql.SHORT, sql.OTHERS):
        for (name,) in conn.execute(query):
            found.update(word for word in re.findall(r"[^\W_]+", fold(name)) if word in words)
    return found


def stored_words() -> set[str]:
    """Give the words of the schema: tables, columns, and the kinds and states they may hold."""
    schema = db.read_schema().partition("CREATE TRIGGER")[0]
    return {word.lower() for word in re.findall(r"[A-Za-z]+", schema)}
