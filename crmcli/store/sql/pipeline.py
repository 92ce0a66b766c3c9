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
