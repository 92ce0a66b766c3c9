"""SQL of cadences and of catching up."""

OF_TAG = "SELECT * FROM cadence WHERE tag_id = :tag_id"
OF_TAG_NAME = """
SELECT cadence.* FROM cadence JOIN tag ON tag.id = cadence.tag_id WHERE tag.name_norm = :name_norm
"""
DEFAULT = "SELECT * FROM cadence WHERE tag_id IS NULL"
LIST = """
SELECT cadence.id, tag.name AS tag, cadence.days, cadence.max_days,
(SELECT count(*) FROM tagging JOIN contact ON contact.id = tagging.contact_id
    WHERE tagging.tag_id = cadence.tag_id AND contact.archived_at IS NULL) AS contacts
FROM cadence LEFT JOIN tag ON tag.id = cadence.tag_id
ORDER BY cadence.tag_id IS NULL, cadence.days, tag.name_norm
"""

# How much falls due by itself on the days ahead: tasks and people, by the day they are shown on.
TASK_LOAD = """
SELECT shown_on, count(*) FROM (
    SELECT CASE WHEN hidden_until_on > due_on THEN hidden_until_on ELSE due_on END AS shown_on
    FROM task WHERE due_on IS NOT NULL AND status IN ('needs_action', 'in_process')
    AND archived_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = task.contact_id
        AND contact.archived_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM org WHERE org.id = task.org_id AND org.archived_at IS NOT NULL)
    AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
) AS shown WHERE shown_on > :today GROUP BY shown_on
"""
TOUCH_LOAD = """
SELECT shown_on, count(*) FROM (
    SELECT CASE WHEN paused_until_on > next_touch_on THEN paused_until_on ELSE next_touch_on END
    AS shown_on FROM contact WHERE next_touch_on IS NOT NULL AND archived_at IS NULL
    AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
) AS shown WHERE shown_on > :today GROUP BY shown_on
"""
