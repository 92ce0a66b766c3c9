"""SQL of merging."""

PRIMARY_CHANNELS = "SELECT id, kind FROM channel WHERE {noun}_id = :id AND is_primary = 1"
STAYS = """
SELECT id, pipeline_id, entered_at, exited_at FROM contact_stage_history WHERE contact_id = :id
"""
SYMMETRIC = "SELECT id FROM relationship_type WHERE name_norm = inverse_norm"
