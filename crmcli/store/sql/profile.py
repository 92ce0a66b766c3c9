"""SQL of import profiles."""

BY_NAME = "SELECT * FROM import_profile WHERE name_norm = :name_norm"
LIST = "SELECT * FROM import_profile ORDER BY name_norm"
