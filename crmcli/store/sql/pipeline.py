"""SQL of pipelines, their stages, and of sources and reasons."""

PIPELINES = """
SELECT id, version, name, holds, is_default FROM pipeline WHERE archived_at IS NULL
ORDER BY holds DESC, is_default DESC, name_norm, id
"""
STAGES = """
SELECT stage.id, stage.version, stage.pipeline_id, pipeline.name AS pipeline, pipeline.holds,
stage.name, stage.position, stage.kind, stage.probability, stage.forecast_category,
stage.rotting_days, stage.guidance, stage.required_fields, stage.archived_at
FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id
WHERE stage.archived_at IS NULL AND pipeline.archived_at IS NULL
ORDER BY stage.pipeline_id, stage.position, stage.id
"""
STAGE = STAGES.replace(
    "WHERE stage.archived_at IS NULL AND pipeline.archived_at IS NULL", "WHERE stage.id = :id"
)
DEALS_IN = "SELECT id FROM deal WHERE stage_id = :stage_id ORDER BY id"
CONTACTS_IN = """
SELECT contact_id AS id FROM contact_stage_history
WHERE stage_id = :stage_id AND exited_at IS NULL ORDER BY contact_id
"""
DEFAULT = "SELECT id FROM pipeline WHERE is_default = 1 AND holds = :holds"
HAS_ROWS = """
SELECT EXISTS (SELECT 1 FROM deal WHERE pipeline_id = :id) OR EXISTS (
    SELECT 1 FROM contact_stage_history WHERE pipeline_id = :id AND exited_at IS NULL)
"""

SOURCES = """
SELECT source.id, source.name, source.medium,
(SELECT count(*) FROM contact WHERE source_id = source.id AND archived_at IS NULL) AS contacts,
(SELECT count(*) FROM deal WHERE source_id = source.id AND archived_at IS NULL) AS deals
FROM source ORDER BY source.name_norm, source.id
"""
SOURCE_BY_NAME = "SELECT id, name FROM source WHERE name_norm = :name_norm"
REASONS = """
SELECT id, scope, name, needs_note FROM reason
WHERE archived_at IS NULL AND (:scope IS NULL OR scope = :scope) ORDER BY scope, id
"""
REASON_BY_NAME = """
SELECT id, scope, name, needs_note, archived_at FROM reason
WHERE scope = :scope AND name_norm = :name_norm
"""

# The board: what stands in the stages of a pipeline. Sums are grouped by all that they are
# multiplied with, so that the arithmetic is that of whole numbers without a limit. The stages are
# not joined: along the index of the board it is four times as fast.
# In two halves: many of the largest amounts would not fit into one sum.
BOARD_SUMS = """
SELECT deal.stage_id, deal.currency, deal.value_period, deal.probability_override AS own,
count(*) AS count,
sum(deal.amount_minor / 1000000) AS millions, sum(deal.amount_minor % 1000000) AS rest
FROM deal
WHERE deal.stage_id IN (SELECT stage.id FROM stage WHERE stage.pipeline_id = :pipeline_id)
AND deal.status = 'open' AND deal.archived_at IS NULL {filter}
GROUP BY deal.stage_id, deal.currency, deal.value_period, deal.probability_override
"""
BOARD_DEALS = """
SELECT deal.id FROM deal
WHERE deal.stage_id = :stage_id AND deal.status = 'open' AND deal.archived_at IS NULL {filter}
ORDER BY deal.close_date NULLS LAST, deal.id LIMIT :limit
"""
CLOSED_SUMS = """
SELECT deal.status AS kind, deal.currency, deal.value_period, count(*) AS count,
sum(deal.amount_minor / 1000000) AS millions, sum(deal.amount_minor % 1000000) AS rest
FROM deal
WHERE deal.status <> 'open' AND deal.closed_at >= :since AND deal.pipeline_id = :pipeline_id
AND deal.archived_at IS NULL {filter}
GROUP BY deal.status, deal.currency, deal.value_period
"""
BOARD_COUNTS = """
SELECT history.stage_id, stage.kind, count(*) AS count,
sum(history.entered_at >= :since) AS recent
FROM stage JOIN contact_stage_history AS history ON history.stage_id = stage.id
JOIN contact ON contact.id = history.contact_id
WHERE stage.pipeline_id = :pipeline_id AND history.exited_at IS NULL
AND contact.archived_at IS NULL {filter}
GROUP BY history.stage_id
"""
BOARD_CONTACTS = """
SELECT contact.id, history.entered_at
FROM contact_stage_history AS history JOIN contact ON contact.id = history.contact_id
WHERE history.stage_id = :stage_id AND history.exited_at IS NULL
AND contact.archived_at IS NULL {filter}
ORDER BY history.entered_at, contact.id LIMIT :limit
"""
PEOPLE = """
SELECT contact.id, contact.display_name AS name, handle.name AS handle, org.name AS org,
org.id AS org_id, app_user.name AS owner, contact.last_touch_at,
next.id AS next_id, next.title AS next_title, next.due_on AS next_due,
(SELECT max(task.due_on) FROM task WHERE task.contact_id = contact.id
    AND task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL)
AS last_task_day
FROM contact
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
LEFT JOIN employment ON employment.contact_id = contact.id AND employment.is_primary = 1
    AND employment.ended_on IS NULL
LEFT JOIN org ON org.id = employment.org_id
LEFT JOIN app_user ON app_user.id = contact.owner_id
LEFT JOIN task AS next ON next.id = (
    SELECT task.id FROM task WHERE task.contact_id = contact.id
    AND task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL
    ORDER BY task.due_on NULLS LAST, task.due_time NULLS LAST, task.id LIMIT 1)
WHERE contact.id IN ({ids})
"""
