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
# All ids of a list with headings, in its order: what each stands under, and whom it is for (an
# org below zero). In sets, not row by row as OPEN has it: every task is looked at.
IN_PARTS = """
SELECT task.id AS id, {part} AS part, COALESCE(task.contact_id, -task.org_id, 0) AS who
FROM task {join} WHERE task.archived_at IS NULL AND {state}
AND (task.contact_id IS NULL OR task.contact_id NOT IN
    (SELECT id FROM contact WHERE archived_at IS NOT NULL))
AND (task.org_id IS NULL OR task.org_id NOT IN (SELECT id FROM org WHERE archived_at IS NOT NULL))
AND (:owner IS NULL OR task.owner_id = (SELECT id FROM app_user WHERE name = :owner))
AND (:day IS NULL OR task.due_on = :day) {where}
ORDER BY {order} LIMIT :limit
"""
STATES = {
    "open": """task.status IN ('needs_action', 'in_process')
AND (task.hidden_until_on IS NULL OR task.hidden_until_on <= :today)""",
    "snoozed": "task.status IN ('needs_action', 'in_process') AND task.hidden_until_on > :today",
    "done": "task.status = 'completed'",
    "": "task.id > 0",  # as the filter says
}
BY_DUE = "task.due_on NULLS LAST, task.due_time NULLS LAST, task.id"
# What a list is parted by: the part, the order, and what is joined for it.
PARTS = {
    "due": (
        """CASE WHEN task.due_on IS NULL THEN 6 WHEN task.due_on < :today THEN 0
WHEN task.due_on = :today THEN 1 WHEN task.due_on = :tomorrow THEN 2
WHEN task.due_on <= :week THEN 3 WHEN task.due_on <= :next_week THEN 4 ELSE 5 END""",
        BY_DUE,
        "",
    ),
    "person": (
        "COALESCE(task.contact_id, -task.org_id, 0)",
        f"""COALESCE(contact.name_norm, org.name_norm) NULLS LAST, task.contact_id, task.org_id,
{BY_DUE}""",
        """LEFT JOIN contact ON contact.id = task.contact_id
LEFT JOIN org ON org.id = task.org_id""",
    ),
    "kind": ("task.kind", f"task.kind, {BY_DUE}", ""),
    "owner": (
        "COALESCE(app_user.name, '')",
        f"app_user.name NULLS LAST, {BY_DUE}",
        "LEFT JOIN app_user ON app_user.id = task.owner_id",
    ),
    "stage": (
        "COALESCE(stage.name, '')",
        f"""pipeline.is_default DESC NULLS LAST, pipeline.name_norm, pipeline.id, stage.position,
stage.id, {BY_DUE}""",
        """LEFT JOIN deal ON deal.id = task.deal_id AND deal.archived_at IS NULL
LEFT JOIN stage ON stage.id = deal.stage_id
LEFT JOIN pipeline ON pipeline.id = stage.pipeline_id""",
    ),
    "completed": (
        "COALESCE(substr(task.completed_at, 1, 10), '')",
        "task.completed_at DESC NULLS LAST, task.id DESC",
        "",
    ),
}
PER_DAY = """
SELECT task.due_on AS day, count(*) AS amount FROM task
WHERE task.archived_at IS NULL AND {state} AND task.due_on BETWEEN :first AND :last
AND (task.contact_id IS NULL OR task.contact_id NOT IN
    (SELECT id FROM contact WHERE archived_at IS NOT NULL))
AND (task.org_id IS NULL OR task.org_id NOT IN (SELECT id FROM org WHERE archived_at IS NOT NULL))
AND (:owner IS NULL OR task.owner_id = (SELECT id FROM app_user WHERE name = :owner)) {where}
GROUP BY task.due_on
"""
ROWS = """
SELECT task.*, app_user.name AS owner, contact.display_name AS contact_name,
contact.uid AS contact_uid, org.name AS org_name, org.uid AS org_uid,
contact_handle.name AS contact_handle, org_handle.name AS org_handle,
deal.name AS deal_name
FROM task
LEFT JOIN app_user ON app_user.id = task.owner_id
LEFT JOIN contact ON contact.id = task.contact_id
LEFT JOIN org ON org.id = task.org_id
LEFT JOIN handle AS contact_handle
    ON contact_handle.contact_id = task.contact_id AND contact_handle.is_current = 1
LEFT JOIN handle AS org_handle
    ON org_handle.org_id = task.org_id AND org_handle.is_current = 1
LEFT JOIN deal ON deal.id = task.deal_id
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
