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
WHERE undone.part_of_id IS NULL AND (:actor IS NULL OR undo.actor = :actor)
ORDER BY undo.id DESC LIMIT 1
"""
# A word that was made again under another id.
AGAIN = {
    "tag": "SELECT id FROM tag WHERE name_norm = :name_norm",
    "source": "SELECT id FROM source WHERE name_norm = :name_norm",
}
MARK_UNDONE = "UPDATE change_group SET undone_by_id = :by WHERE id = :id OR part_of_id = :id"
PARTS = "SELECT id FROM change_group WHERE id = :id OR part_of_id = :id ORDER BY id"
CHANGES = """
SELECT id, group_id, table_name, row_id, last_row_id, op, old, new FROM change
WHERE group_id = :group_id ORDER BY id
"""
FIRST_CHANGES = """
SELECT id, group_id, table_name, row_id, last_row_id, op, old, new FROM change
WHERE group_id = :group_id ORDER BY id LIMIT :limit
"""
FIRST_CHANGE = """
SELECT table_name, row_id, op, old, new FROM change
WHERE group_id = :group_id AND table_name = :table_name
ORDER BY id LIMIT 1
"""
ROW = "SELECT * FROM {table} WHERE id = :id"
CHANGES_BACKWARDS = """
SELECT id, group_id, table_name, row_id, last_row_id, op, old, new FROM change
WHERE group_id = :group_id ORDER BY id DESC
"""
LATER = """
SELECT row_id, old FROM change
WHERE table_name = :table_name AND row_id BETWEEN :row_id AND :last_row_id AND op = 'U'
AND id > :id AND group_id NOT IN
(SELECT id FROM change_group WHERE id = :group_id OR part_of_id = :group_id)
ORDER BY id
"""

HISTORY = """
SELECT id, at, actor, source, command, undone_by_id FROM change_group
WHERE id < :before AND part_of_id IS NULL AND (:actor IS NULL OR actor = :actor)
AND EXISTS (SELECT 1 FROM change WHERE change.group_id = change_group.id)
ORDER BY id DESC LIMIT :limit
"""
ACTORS = "SELECT DISTINCT actor FROM change_group ORDER BY actor"
GROUP_SUMMARY = """
SELECT table_name, op, min(row_id) AS row_id,
sum(COALESCE(last_row_id, row_id) - row_id + 1) AS amount
FROM change
WHERE group_id IN (SELECT id FROM change_group WHERE id = :group_id OR part_of_id = :group_id)
GROUP BY table_name, op ORDER BY min(id)
"""
# What rows are called; of those that have a better name elsewhere nothing is said here.
NAMES = {
    "contact": "SELECT id, display_name AS name FROM contact WHERE id IN ({ids})",
    "org": "SELECT id, name FROM org WHERE id IN ({ids})",
    "task": "SELECT id, title AS name FROM task WHERE id IN ({ids})",
    "interaction": "SELECT id, kind AS name FROM interaction WHERE id IN ({ids})",
    "deal": "SELECT id, name FROM deal WHERE id IN ({ids})",
    "pipeline": "SELECT id, name FROM pipeline WHERE id IN ({ids})",
    "stage": "SELECT id, name FROM stage WHERE id IN ({ids})",
    "source": "SELECT id, name FROM source WHERE id IN ({ids})",
    "reason": "SELECT id, name FROM reason WHERE id IN ({ids})",
    "score_rule": "SELECT id, label AS name FROM score_rule WHERE id IN ({ids})",
    "attachment": "SELECT id, filename AS name FROM attachment WHERE id IN ({ids})",
    "tag": "SELECT id, name FROM tag WHERE id IN ({ids})",
    "app_user": "SELECT id, name FROM app_user WHERE id IN ({ids})",
    "relationship_type": "SELECT id, name FROM relationship_type WHERE id IN ({ids})",
    "saved_view": "SELECT id, name FROM saved_view WHERE id IN ({ids})",
    "custom_field": "SELECT id, title AS name FROM custom_field WHERE id IN ({ids})",
}
