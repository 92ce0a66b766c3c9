"""SQL of what is due: the hot call of every morning."""

# Portable to the letter: the dates come in as parameters.
TASKS = """
SELECT task.id, task.kind, task.title, task.due_on, task.due_time, task.tz, task.hidden_until_on,
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
LIMIT :most
"""
# Own cadence, else the shortest of the tags', else everyone's; `cadence` is null for the first.
_TOUCHES = """
SELECT contact.id, contact.display_name, handle.name, contact.next_touch_on,
contact.paused_until_on, contact.last_touch_at, contact.bumped_on,
COALESCE(contact.cadence_days, cadence.days),
CASE WHEN contact.cadence_days IS NULL THEN cadence.max_days ELSE contact.cadence_max_days END,
tag.name, contact.cadence_days IS NOT NULL
FROM contact
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
LEFT JOIN cadence ON contact.cadence_days IS NULL AND cadence.id = COALESCE(
    (SELECT least.id FROM tagging JOIN cadence AS least ON least.tag_id = tagging.tag_id
        WHERE tagging.contact_id = contact.id ORDER BY least.days, least.id LIMIT 1),
    (SELECT id FROM cadence AS everyone WHERE tag_id IS NULL))
LEFT JOIN tag ON tag.id = cadence.tag_id
WHERE contact.archived_at IS NULL AND {which}
ORDER BY contact.next_touch_on, contact.id
"""
TOUCHES_DUE = _TOUCHES.format(
    which="""contact.next_touch_on IS NOT NULL AND contact.next_touch_on <= :until
AND (contact.paused_until_on IS NULL OR contact.paused_until_on <= :until)
AND (:owner IS NULL OR contact.owner_id = (SELECT id FROM app_user WHERE name = :owner))"""
)
TOUCH_OF = _TOUCHES.format(which="contact.id = :id")
PAUSED = """
SELECT count(*) FROM contact WHERE next_touch_on <= :until AND paused_until_on > :until
AND archived_at IS NULL
AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
"""
_DATES = """
SELECT important_date.kind, important_date.year, important_date.month, important_date.day,
important_date.lead_days, contact.id, contact.display_name, handle.name
FROM important_date JOIN contact ON contact.id = important_date.contact_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE {which}
AND contact.archived_at IS NULL AND contact.deceased = 0
AND (:owner IS NULL OR contact.owner_id = (SELECT id FROM app_user WHERE name = :owner))
"""
DATES_BETWEEN = _DATES.format(
    which="""(important_date.month, important_date.day) >= (:month, :day)
AND (important_date.month, important_date.day) <= (:last_month, :last_day)"""
)
DATES_LED = _DATES.format(
    which="""important_date.lead_days IS NOT NULL
AND (important_date.month, important_date.day) >= (:month, :day)
AND (important_date.month, important_date.day) <= (:last_month, :last_day)"""
)
LONGEST_LEAD = "SELECT max(lead_days) FROM important_date WHERE lead_days IS NOT NULL"
HIDDEN = """
SELECT count(*) FROM task WHERE due_on <= :until AND hidden_until_on > :today
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = task.contact_id
    AND contact.archived_at IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM org WHERE org.id = task.org_id AND org.archived_at IS NOT NULL)
AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
"""
