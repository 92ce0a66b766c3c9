"""SQL of saved views."""

BY_NAME = "SELECT * FROM saved_view WHERE name_norm = :name_norm"
LIST = "SELECT * FROM saved_view ORDER BY name_norm"
NAMES_LIKE = """
SELECT name FROM saved_view WHERE name_norm >= :low AND name_norm < :high
ORDER BY name_norm LIMIT :limit
"""
