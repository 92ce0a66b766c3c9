"""SQL of deals."""

LIST = """
SELECT id FROM deal WHERE archived_at IS {trash} NULL {where} ORDER BY {order} LIMIT :limit
"""
OPEN = "deal.status = 'open'"
_TODO = """task.deal_id = deal.id AND task.status IN ('needs_action', 'in_process')
AND task.archived_at IS NULL"""
_MOVED_AT = "max(deal.stage_entered_at, COALESCE(deal.last_activity_at, ''))"
# Conditions on deals; a stage that lets deals rot has its limit, and since when it is reached.
STATES = {
    "stage": "deal.stage_id = :stage_id",
    "pipeline": "deal.pipeline_id = :pipeline_id",
    "won": "deal.status = 'won'",
    "lost": "deal.status = 'lost'",
    "no_next": f"NOT EXISTS (SELECT 1 FROM task WHERE {_TODO})",
    "idle": f"{_MOVED_AT} < :idle_since",
    "slow": f"""(deal.stage_id IN (SELECT id FROM stage WHERE rotting_days = :limit{{n}})
AND {_MOVED_AT} < :since{{n}})""",
    "rotting": f"""deal.status = 'open' AND ({{slow}})
AND NOT EXISTS (SELECT 1 FROM task WHERE {_TODO} AND task.due_on >= :today)""",
}
ROTTING_LIMITS = "SELECT DISTINCT rotting_days FROM stage WHERE rotting_days IS NOT NULL"
# Closed deals that ever came as far as a position; a lost stage has none (formulas 4.12).
CLOSED_FROM = """
SELECT count(*) AS closed, COALESCE(sum(deal.status = 'won'), 0) AS won FROM deal
WHERE deal.status <> 'open' AND deal.archived_at IS NULL AND deal.pipeline_id = :pipeline_id
AND EXISTS (SELECT 1 FROM deal_stage_history AS history JOIN stage ON stage.id = history.stage_id
    WHERE history.deal_id = deal.id AND stage.pipeline_id = :pipeline_id
    AND stage.kind <> 'lost' AND stage.position >= :position)
"""
ORDER = {
    "close_date": "close_date {way} NULLS LAST, id {way}",
    "amount": "amount_minor {way} NULLS LAST, id {way}",
    "name": "name_norm {way}, id {way}",
    "stage": """(SELECT position FROM stage WHERE stage.id = deal.stage_id) {way},
    close_date NULLS LAST, id {way}""",
    "created": "created_at {way}, id {way}",
    "updated": "updated_at {way}, id {way}",
    "opened": "opened_at {way}, id {way}",
    "closed": "closed_at {way} NULLS LAST, id {way}",
    "last_activity": "last_activity_at {way} NULLS LAST, id {way}",
    "owner": """(SELECT name FROM app_user WHERE app_user.id = deal.owner_id) {way} NULLS LAST,
    close_date NULLS LAST, id {way}""",
    "id": "id {way}",
}
# A task that lies on a deal and is still to be done; the next one first.
_NEXT_TASK = """(
    SELECT task.id FROM task WHERE task.deal_id = deal.id
    AND task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL
    ORDER BY task.due_on NULLS LAST, task.due_time NULLS LAST, task.id LIMIT 1)"""
_LAST_TASK_DAY = """(
    SELECT max(task.due_on) FROM task WHERE task.deal_id = deal.id
    AND task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL)"""
ROWS = f"""
SELECT deal.*, pipeline.name AS pipeline, stage.name AS stage, stage.position AS stage_position,
stage.probability AS stage_probability, stage.forecast_category AS stage_category,
stage.rotting_days, app_user.name AS owner, source.name AS source, reason.name AS reason,
org.name AS org_name, org.uid AS org_uid, handle.name AS org_handle,
next.id AS next_id, next.title AS next_title, next.due_on AS next_due,
{_LAST_TASK_DAY} AS last_task_day
FROM deal
JOIN pipeline ON pipeline.id = deal.pipeline_id
JOIN stage ON stage.id = deal.stage_id
LEFT JOIN app_user ON app_user.id = deal.owner_id
LEFT JOIN source ON source.id = deal.source_id
LEFT JOIN reason ON reason.id = deal.lost_reason_id
LEFT JOIN org ON org.id = deal.org_id
LEFT JOIN handle ON handle.org_id = deal.org_id AND handle.is_current = 1
LEFT JOIN task AS next ON next.id = {_NEXT_TASK}
WHERE deal.id IN ({{ids}})
"""
PEOPLE = """
SELECT deal_contact.deal_id, deal_contact.id AS link_id, contact.id, contact.uid,
contact.display_name AS name, handle.name AS handle, deal_contact.role, deal_contact.is_primary
FROM deal_contact JOIN contact ON contact.id = deal_contact.contact_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE deal_contact.deal_id IN ({ids})
ORDER BY deal_contact.is_primary DESC, deal_contact.id
"""
LINES = """
SELECT id, deal_id, position, name, quantity, unit_minor, discount_bp, net_minor FROM deal_line
WHERE deal_id IN ({ids}) ORDER BY position, id
"""
TAGS = """
SELECT tagging.deal_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.deal_id IN ({ids}) ORDER BY tag.name_norm
"""
ATTACHMENTS = """
SELECT id, deal_id, sha256, filename, media_type, size, created_at FROM attachment
WHERE deal_id IN ({ids}) ORDER BY id
"""
TIMELINE = """
SELECT id, kind, direction, outcome, occurred_at, duration_seconds, body FROM interaction
WHERE deal_id = :deal_id AND archived_at IS NULL
AND (occurred_at, id) < (:before_at, :before_id)
ORDER BY occurred_at DESC, id DESC LIMIT :limit
"""
OPEN_TASKS = """
SELECT id FROM task WHERE deal_id = :deal_id
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
ORDER BY due_on NULLS LAST, due_time NULLS LAST, id
"""
# Open deals of a person, or of an org or its people.
OPEN_OF_CONTACT = """
SELECT deal.id FROM deal_contact JOIN deal ON deal.id = deal_contact.deal_id
WHERE deal_contact.contact_id = :id AND deal.status = 'open' AND deal.archived_at IS NULL
ORDER BY deal.close_date NULLS LAST, deal.id
"""
OPEN_OF_ORG = """
SELECT id FROM deal WHERE org_id = :id AND status = 'open' AND archived_at IS NULL
ORDER BY close_date NULLS LAST, id
"""
PRIMARY = "SELECT id, contact_id FROM deal_contact WHERE deal_id = :deal_id AND is_primary = 1"
LINK = "SELECT id, role, is_primary FROM deal_contact WHERE deal_id = :deal_id AND contact_id = :id"
LINKS = "SELECT id, contact_id FROM deal_contact WHERE deal_id = :deal_id ORDER BY id"
CURRENT_ORG = """
SELECT org_id FROM employment WHERE contact_id = :id AND is_primary = 1 AND ended_on IS NULL
"""
LAST_LIFECYCLE = """
SELECT entered_at FROM lifecycle_history WHERE contact_id = :id
ORDER BY entered_at DESC, id DESC LIMIT 1
"""
LINES_OF = "SELECT id, net_minor FROM deal_line WHERE deal_id = :deal_id ORDER BY position, id"

# Stays in order; one that ended as it began comes before the one that began then.
DEAL_HISTORY = """
SELECT id, stage_id, entered_at, exited_at FROM deal_stage_history WHERE deal_id = :id
ORDER BY entered_at, exited_at NULLS LAST, id
"""
CONTACT_HISTORY = """
SELECT history.id, history.stage_id, history.entered_at, history.exited_at
FROM contact_stage_history AS history
WHERE history.contact_id = :id AND history.pipeline_id = :pipeline_id
ORDER BY history.entered_at, history.exited_at NULLS LAST, history.id
"""
STAYS = """
SELECT stage.name AS stage, pipeline.name AS pipeline, stage.kind, history.entered_at,
history.exited_at
FROM deal_stage_history AS history
JOIN stage ON stage.id = history.stage_id JOIN pipeline ON pipeline.id = stage.pipeline_id
WHERE history.deal_id = :id ORDER BY history.entered_at, history.exited_at NULLS LAST, history.id
"""
# Where people stand: in each pipeline that they are in.
PLACES = """
SELECT history.contact_id, stage.id AS stage_id, stage.name AS stage, pipeline.name AS pipeline,
pipeline.is_default, history.entered_at
FROM contact_stage_history AS history JOIN stage ON stage.id = history.stage_id
JOIN pipeline ON pipeline.id = history.pipeline_id
WHERE history.contact_id IN ({ids}) AND history.exited_at IS NULL
ORDER BY pipeline.is_default DESC, pipeline.id
"""
NAMED = """
SELECT id FROM deal WHERE name_norm = :name_norm AND archived_at IS NULL ORDER BY id LIMIT 20
"""
NEAR_NAMES = """
SELECT name FROM deal WHERE name_norm BETWEEN :low AND :high AND archived_at IS NULL LIMIT 50
"""
HAS_DEALS = {
    "contact": "SELECT 1 FROM deal_contact WHERE contact_id = :id LIMIT 1",
    "org": "SELECT 1 FROM deal WHERE org_id = :id LIMIT 1",
}
