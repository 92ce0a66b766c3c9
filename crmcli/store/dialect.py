"""What is not portable SQL: pragmas, full-text, JSON access and the journal's triggers.

PostgreSQL will arrive through this file. Imports nothing.
"""

APPLICATION_ID = 0x43524D31  # "CRM1", at byte 68 of the file
SCHEMA_VERSION = 4  # the number of the newest revision in store/migrations
OLDEST_VERSION = 4  # that of the first release; what is older was never released
BUSY_MS = 5000

# reliability.md rule 2: NORMAL would lose acknowledged commits on power loss.
WRITER_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA synchronous = FULL",
)

# Only while a table is rebuilt: dropping it must not take its children along, and giving the new
# one its name must not turn the references to it.
UPGRADE_PRAGMAS = ("PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON")
VERSION = "PRAGMA user_version = {version}"
BROKEN_LINKS = "PRAGMA foreign_key_check"

FULL_TEXT = """\
CREATE VIRTUAL TABLE search_text USING fts5(
    title, body, content = 'search_doc', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2'
);
"""
INDEX_DOC = "INSERT INTO search_text (rowid, title, body) VALUES (:id, :title, :body)"
UNINDEX_DOC = (
    "INSERT INTO search_text (search_text, rowid, title, body)"
    " VALUES ('delete', :id, :title, :body)"
)
REBUILD_FULL_TEXT = "INSERT INTO search_text (search_text) VALUES ('rebuild')"
CHECK_FULL_TEXT = "INSERT INTO search_text (search_text, rank) VALUES ('integrity-check', 1)"

# Rows of these tables are the journal itself (who acted, what was imported), or can be made again
# from the others.
UNJOURNALED = frozenset(
    (
        *("change_group", "change", "journal_state", "app_user"),
        *("search_doc", "import_batch", "import_row", "name_word", "notification_log"),
        "sync_item",
    )
)
# Not journalled: the guard of `w.update`, and what is computed from other rows.
DERIVED = frozenset(
    (
        *("version", "last_touch_at", "next_touch_on", "unanswered", "unanswered_at"),
        "last_activity_at",
    )
)
# Journalled beside other columns only; undo does not compare them.
BOOKKEEPING = frozenset({"updated_at"})

DATA_VERSION = "PRAGMA data_version"
FOREIGN_KEYS = "PRAGMA foreign_key_list({table})"
DEFER_LINKS = "PRAGMA defer_foreign_keys = ON"  # until the commit of this transaction

CUSTOM_KEYS = (
    "SELECT DISTINCT entry.key FROM {noun}, json_each({noun}.custom) AS entry"
    " WHERE {noun}.custom <> '{{}}' ORDER BY entry.key"
)
# Who holds a value of an own field; `path` is that of its key.
CUSTOM_HOLDERS = (
    "SELECT id, {name} AS name, custom, archived_at FROM {noun}"
    " WHERE custom <> '{{}}' AND json_type(custom, :path) IS NOT NULL ORDER BY id"
)

CUSTOM_USED = (
    "SELECT id FROM {noun} WHERE custom <> '{{}}' AND json_type(custom, :path) IS NOT NULL LIMIT 1"
)


# The merge that took a record away, unless it was undone.
MERGED_BY = """
SELECT change.group_id FROM change JOIN change_group ON change_group.id = change.group_id
WHERE change.table_name = :table_name AND change.row_id = :row_id AND change.op = 'U'
AND change_group.undone_by_id IS NULL AND change_group.source <> 'undo'
AND json_extract(change.new, '$.merged_into_id') IS NOT NULL
ORDER BY change.id DESC LIMIT 1
"""


def custom_path(key: str) -> str:
    """Give the path of a key in the JSON of own fields; keys hold letters, digits and _."""
    return f'$."{key}"'


def custom_items(noun: str, path: str) -> str:
    """Give the query for the values under a key of own fields, one row for each of a list.

    Args:
        noun: contact or org; the query sees the record's row.
        path: the parameter with the path of the key.
    """
    return f"SELECT item.value FROM json_each({noun}.custom, {path}) AS item WHERE item.value <> ''"


def custom_value(noun: str, path: str) -> str:
    """Give the value under a path of own fields, or NULL: a text, a number, 1 for true."""
    return f"json_extract({noun}.custom, {path})"


NUMBER_ITEM = "CASE WHEN item.type IN ('integer', 'real') THEN item.value END"


def id_list(ids: str) -> str:
    """Give the query for the ids in a parameter that holds them as JSON."""
    return f"SELECT value FROM json_each({ids})"


def packed(select: str, *columns: str) -> str:
    """Give the query for columns of another, each as one JSON array: a long list at once."""
    arrays = ", ".join(f"json_group_array({column})" for column in columns)
    return f"SELECT {arrays} FROM ({select})"


def unindexed(column: str) -> str:
    """Give a column as something that no index is looked up by."""
    return f"+{column}"


# A change that no unit of work announced (another program's) gets a group of its own. The one
# place where SQL reads the clock: a trigger cannot ask ours (reliability.md rule 6).
OUTSIDE_TRIGGER = """\
CREATE TRIGGER journal_outside AFTER INSERT ON change WHEN NEW.group_id = 0
BEGIN
    INSERT INTO change_group (at, actor, source)
    SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'outside', 'outside'
    WHERE NOT EXISTS (
        SELECT 1 FROM change_group
        WHERE id = (SELECT max(id) FROM change_group) AND source = 'outside'
        AND at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
    );
    UPDATE change SET group_id = (SELECT max(id) FROM change_group) WHERE id = NEW.id;
END;
"""


# The status of a deal is that of its stage, whoever writes; guards may only refuse.
GUARDS = {
    f"guard_deal_{event.lower()}": f"""\
CREATE TRIGGER guard_deal_{event.lower()} BEFORE {event} ON deal
WHEN NEW.status IS NOT (SELECT kind FROM stage WHERE id = NEW.stage_id)
OR NEW.pipeline_id IS NOT (SELECT pipeline_id FROM stage WHERE id = NEW.stage_id)
BEGIN
    SELECT RAISE(ABORT, 'a deal stands in a stage of its pipeline and has the status of it');
END;
"""
    for event in ("INSERT", "UPDATE")
}


def record_history(table: str) -> str:
    """Give the query for the change groups of one record and of the rows that belong to it."""
    link = f"'$.{table}_id'"
    return f"""
SELECT id, at, actor, source, command, undone_by_id FROM change_group
WHERE id < :before AND (:actor IS NULL OR actor = :actor) AND id IN (
    SELECT group_id FROM change WHERE table_name = :table_name
    AND row_id <= :row_id AND COALESCE(last_row_id, row_id) >= :row_id
    UNION SELECT group_id FROM change WHERE table_name <> :table_name
    AND :row_id IN (json_extract(new, {link}), json_extract(old, {link}))
) ORDER BY id DESC LIMIT :limit
"""


def trigger_name(table: str, op: str) -> str:
    """Give the name of the journal trigger of `table` for `op` (I, U or D)."""
    return f"journal_{table}_{op.lower()}"


def journal_triggers(table: str, columns: list[str]) -> list[str]:
    """Give the three journal triggers of `table`; bulk imports drop and recreate the first.

    They are kept short: SQLite parses all of them whenever the database is opened.
    """
    return [
        insert_trigger(table, columns),
        _update_trigger(table, columns),
        _trigger(table, "D", f"'D', {_object('OLD', columns)}, NULL", row="OLD"),
    ]


def all_triggers(
    columns: dict[str, tuple[str, ...]] | dict[str, list[str]],
) -> list[tuple[str, str]]:
    """Give every trigger as name and DDL, for tables with these columns."""
    found = [*GUARDS.items(), ("journal_outside", OUTSIDE_TRIGGER)]
    for table, names in columns.items():
        if table not in UNJOURNALED:
            ddl = journal_triggers(table, list(names))
            found += zip((trigger_name(table, op) for op in "IUD"), ddl, strict=True)
    return found


def insert_trigger(table: str, columns: list[str]) -> str:
    """Give the trigger that journals inserts into `table`."""
    return _trigger(table, "I", f"'I', NULL, {_object('NEW', columns)}")


def _update_trigger(table: str, columns: list[str]) -> str:
    """Give the trigger that journals changed columns; bookkeeping alone is no change."""
    skipped = ", ".join(f"'{column}'" for column in sorted(BOOKKEEPING))
    return _trigger(
        table,
        "U",
        "'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)\n"
        f"FROM json_each({_object('OLD', columns)}) o\n"
        f"JOIN json_each({_object('NEW', columns)}) n ON n.key = o.key\n"
        f"WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ({skipped})) > 0",
    )


def _trigger(table: str, op: str, values: str, row: str = "NEW") -> str:
    event = {"I": "INSERT", "U": "UPDATE", "D": "DELETE"}[op]
    return (
        f"CREATE TRIGGER {trigger_name(table, op)} AFTER {event} ON {table}\nBEGIN\n"
        "INSERT INTO change (group_id, table_name, row_id, op, old, new)\n"
        "SELECT COALESCE((SELECT group_id FROM journal_state), 0),"
        f" '{table}', {row}.id, {values};\n"
        "END;\n"
    )


def _object(row: str, columns: list[str]) -> str:
    """Give the JSON object of the journalled `columns` of OLD or NEW."""
    kept = [column for column in columns if column not in DERIVED]
    pairs = ", ".join(f"'{column}', {row}.{column}" for column in kept)
    return f"json_object({pairs})"
