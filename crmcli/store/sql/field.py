"""SQL of own fields. What reads their values, being JSON, stands in `dialect`."""

DEFINITIONS = "SELECT * FROM custom_field WHERE noun = :noun ORDER BY id"
DEFINITION = "SELECT * FROM custom_field WHERE noun = :noun AND key = :key"
CUSTOM = {
    "contact": "SELECT custom, updated_at FROM contact WHERE id = :id",
    "org": "SELECT custom, updated_at FROM org WHERE id = :id",
    "deal": "SELECT custom, updated_at FROM deal WHERE id = :id",
}
# Living records that a required field could be missing in.
LIVING = {
    "contact": """
SELECT id, display_name AS name, custom, archived_at FROM contact WHERE archived_at IS NULL
ORDER BY id
""",
    "org": "SELECT id, name, custom, archived_at FROM org WHERE archived_at IS NULL ORDER BY id",
    "deal": "SELECT id, name, custom, archived_at FROM deal WHERE archived_at IS NULL ORDER BY id",
}
