"""SQL of the journal: groups, changes, undo."""

OPEN_GROUP = """
INSERT INTO change_group (at, actor, source, command)
VALUES (:at, :actor, :source, :command)
"""
SET_STATE = "UPDATE journal_state SET group_id = :group_id WHERE id = 1"
LAST_ID = "SELECT seq FROM sqlite_sequence WHERE name = :table"
ADD_RANGE = """
INSERT INTO change (group_id, table_name, row_id, last_row_id, op)
VALUES (:group_id, :table_name, :row_id, :last_row_id, 'I')
"""

GROUP = "SELECT * FROM change_group WHERE id = :id"
LAST_UNDOABLE = """
SELECT * FROM change_group
WHERE undone_by_id IS NULL AND source <> 'undo' AND (:actor IS NULL OR actor = :actor)
AND EXISTS (SELECT 1 FROM change WHERE change.group_id = change_group.id)
ORDER BY id DESC LIMIT 1
"""
LAST_UNDONE = """
SELECT undone.* FROM change_group AS undone
JOIN change_group AS undo ON undo.id = undone.undone_by_id
WHERE :actor IS NULL OR undo.actor = :actor
ORDER BY undo.id DESC LIMIT 1
"""
TAG_AGAIN = "SELECT id FROM tag WHERE name_norm = :name_norm"
MARK_UNDONE = "UPDATE change_group SET undone_by_id = :by WHERE id = :id"
CHANGES = """
SELECT id, group_id, table_name, row_id, last_row_id, op, old, new FROM change
WHERE group_id = :group_id ORDER BY id
"""
CHANGES_BACKWARDS = """
SELECT id, group_id, table_name, row_id, last_row_id, op, old, new FROM change
WHERE group_id = :group_id ORDER BY id DESC
"""
LATER = """
SELECT row_id, old FROM change
WHERE table_name = :table_name AND row_id BETWEEN :row_id AND :last_row_id AND op = 'U'
AND id > :id AND group_id <> :group_id
ORDER BY id
"""

HISTORY = """
SELECT id, at, actor, source, command, undone_by_id FROM change_group
WHERE id < :before AND EXISTS (SELECT 1 FROM change WHERE change.group_id = change_group.id)
ORDER BY id DESC LIMIT :limit
"""
GROUP_SUMMARY = """
SELECT table_name, op, min(row_id) AS row_id,
sum(COALESCE(last_row_id, row_id) - row_id + 1) AS amount
FROM change WHERE group_id = :group_id GROUP BY table_name, op ORDER BY min(id)
"""
