"""SQL of what is due: the hot call of every morning."""

# Portable to the letter: the dates come in as parameters.
TASKS = """
SELECT task.id, task.kind, task.title, task.due_on, task.due_time, task.tz,
contact.id, contact.display_name, contact_handle.name,
org.id, org.name, org_handle.name
FROM task
LEFT JOIN contact ON contact.id = task.contact_id
LEFT JOIN handle AS contact_handle
    ON contact_handle.contact_id = contact.id AND contact_handle.is_current = 1
LEFT JOIN org ON org.id = task.org_id
LEFT JOIN handle AS org_handle ON org_handle.org_id = org.id AND org_handle.is_current = 1
WHERE task.due_on <= :until AND task.status IN ('needs_action', 'in_process')
AND task.archived_at IS NULL
AND (task.hidden_until_on IS NULL OR task.hidden_until_on <= :today)
AND contact.archived_at IS NULL AND org.archived_at IS NULL
AND (:owner IS NULL OR task.owner_id = (SELECT id FROM app_user WHERE name = :owner))
ORDER BY task.due_on, task.due_time IS NULL, task.due_time, task.id
"""
DATES = """
SELECT important_date.kind, important_date.year, important_date.month, important_date.day,
contact.id, contact.display_name, handle.name
FROM important_date JOIN contact ON contact.id = important_date.contact_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE important_date.month = :month AND important_date.day BETWEEN :day AND :last_day
AND contact.archived_at IS NULL
AND (:owner IS NULL OR contact.owner_id = (SELECT id FROM app_user WHERE name = :owner))
ORDER BY important_date.day, contact.id
"""
HIDDEN = """
SELECT count(*) FROM task WHERE due_on <= :until AND hidden_until_on > :today
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = task.contact_id
    AND contact.archived_at IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM org WHERE org.id = task.org_id AND org.archived_at IS NOT NULL)
AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
"""
