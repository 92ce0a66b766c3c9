"""SQL of the trash."""

LIST = """
SELECT 'contact' AS noun, id, display_name AS name, archived_at FROM contact
WHERE archived_at IS NOT NULL AND merged_into_id IS NULL
UNION ALL SELECT 'org', id, name, archived_at FROM org
WHERE archived_at IS NOT NULL AND merged_into_id IS NULL
UNION ALL SELECT 'deal', id, name, archived_at FROM deal WHERE archived_at IS NOT NULL
UNION ALL SELECT 'task', id, title, archived_at FROM task WHERE archived_at IS NOT NULL
ORDER BY 4 DESC, 1, 2 LIMIT :limit
"""
