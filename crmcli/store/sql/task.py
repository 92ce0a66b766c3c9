"""SQL of tasks."""

LIST = """
SELECT id FROM task WHERE archived_at IS {trash} NULL {where} ORDER BY {order} LIMIT :limit
"""
# Whose person or org is in the trash has nothing to do.
OPEN = """task.status IN ('needs_action', 'in_process')
AND NOT EXISTS (SELECT 1 FROM contact
    WHERE contact.id = task.contact_id AND contact.archived_at IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM org
    WHERE org.id = task.org_id AND org.archived_at IS NOT NULL)"""
ORDER = {
    "due": "due_on {way} NULLS LAST, due_time {way} NULLS LAST, id {way}",
    "created": "created_at {way}, id {way}",
    "updated": "updated_at {way}, id {way}",
    "completed": "completed_at {way} NULLS LAST, id {way}",
    "id": "id {way}",
    "title": "fold(title) {way}, id {way}",
    "kind": "kind {way}, due_on {way} NULLS LAST, id {way}",
    "priority": "nullif(priority, 0) {way} NULLS LAST, due_on NULLS LAST, id {way}",
    "owner": """(SELECT name FROM app_user WHERE app_user.id = task.owner_id) {way} NULLS LAST,
    due_on NULLS LAST, id {way}""",
}
ROWS = """
SELECT task.*, app_user.name AS owner, contact.display_name AS contact_name,
contact.uid AS contact_uid, org.name AS org_name, org.uid AS org_uid,
contact_handle.name AS contact_handle, org_handle.name AS org_handle
FROM task
LEFT JOIN app_user ON app_user.id = task.owner_id
LEFT JOIN contact ON contact.id = task.contact_id
LEFT JOIN org ON org.id = task.org_id
LEFT JOIN handle AS contact_handle
    ON contact_handle.contact_id = task.contact_id AND contact_handle.is_current = 1
LEFT JOIN handle AS org_handle
    ON org_handle.org_id = task.org_id AND org_handle.is_current = 1
WHERE task.id IN ({ids})
"""
OPEN_OF = """
SELECT id FROM task WHERE (contact_id = :contact_id OR org_id = :org_id)
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
ORDER BY due_on NULLS LAST, due_time NULLS LAST, id
"""
DUE_OF = """
SELECT id, title FROM task WHERE (contact_id = :contact_id OR org_id = :org_id)
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
AND due_on <= :today AND (hidden_until_on IS NULL OR hidden_until_on <= :today)
ORDER BY due_on, id
"""
OPEN_OF_SERIES = """
SELECT id FROM task WHERE series_uid = :series_uid AND rrule IS NOT NULL
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
"""
# Trashed occurrences do not count: a series goes on with the one that is open.
NEXT_OF = """
SELECT other.id FROM task JOIN task AS other ON other.series_uid = task.series_uid
WHERE task.id = :id AND other.id <> task.id AND other.rrule IS NOT NULL
AND other.status IN ('needs_action', 'in_process') AND other.archived_at IS NULL
"""
