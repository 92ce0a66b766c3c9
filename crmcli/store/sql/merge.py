"""SQL of merging."""

PRIMARY_CHANNELS = "SELECT id, kind FROM channel WHERE {noun}_id = :id AND is_primary = 1"
SYMMETRIC = "SELECT id FROM relationship_type WHERE name_norm = inverse_norm"
