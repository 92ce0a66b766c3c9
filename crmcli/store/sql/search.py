"""SQL of search and of references."""

# The ids of a noun's texts lie side by side (rows.doc_id); {nouns} is what the range cannot say.
# Without an order, so that a common word stops at the limit; a small set is ranked afterwards.
MATCH = """
SELECT search_doc.id, search_doc.noun, search_doc.row_id, search_doc.title, search_doc.body
FROM search_text JOIN search_doc ON search_doc.id = search_text.rowid
WHERE search_text MATCH :query AND search_text.rowid BETWEEN :first AND :last
AND search_doc.noun IN ({nouns}) LIMIT :limit
"""
RANKED = """
SELECT search_doc.id, search_doc.noun, search_doc.row_id, search_doc.title, search_doc.body
FROM search_text JOIN search_doc ON search_doc.id = search_text.rowid
WHERE search_text MATCH :query AND search_text.rowid BETWEEN :first AND :last
AND search_doc.noun IN ({nouns})
ORDER BY bm25(search_text, 10.0, 1.0), search_doc.id LIMIT :limit
"""
INFIX = """
SELECT id, noun, row_id, title, body FROM search_doc
WHERE id BETWEEN :first AND :last AND noun IN ({nouns})
AND (title LIKE :pattern ESCAPE '\\' OR body LIKE :pattern ESCAPE '\\')
LIMIT :limit
"""
# Two scans of an index alone: the words themselves, and the words backwards.
WORDS_WITH_BEGINNING = """
SELECT word FROM name_word
WHERE word >= :low AND word < :high AND length(word) BETWEEN :shortest AND :longest
"""
WORDS_WITH_END = """
SELECT reversed FROM name_word
WHERE reversed >= :low AND reversed < :high AND length(reversed) BETWEEN :shortest AND :longest
"""
NAME_WORD = "SELECT 1 FROM name_word WHERE word = :word"
PHONE_PART = """
SELECT channel.contact_id, channel.org_id FROM channel
LEFT JOIN contact ON contact.id = channel.contact_id
LEFT JOIN org ON org.id = channel.org_id
WHERE channel.kind = 'phone' AND channel.value_norm LIKE :pattern
AND contact.archived_at IS NULL AND org.archived_at IS NULL
LIMIT :limit
"""

EXISTS = {
    "contact": "SELECT archived_at FROM contact WHERE id = :id",
    "org": "SELECT archived_at FROM org WHERE id = :id",
    "task": "SELECT archived_at FROM task WHERE id = :id",
    "interaction": "SELECT archived_at FROM interaction WHERE id = :id",
    "deal": "SELECT archived_at FROM deal WHERE id = :id",
}
MERGED_INTO = {
    "contact": "SELECT merged_into_id FROM contact WHERE id = :id",
    "org": "SELECT merged_into_id FROM org WHERE id = :id",
}
BY_HANDLE = "SELECT contact_id, org_id FROM handle WHERE name = :name"
BY_CHANNEL = """
SELECT DISTINCT contact_id, org_id FROM channel
WHERE kind = :kind AND value_norm = :value_norm LIMIT 20
"""
BY_NAME = {
    "contact": """
SELECT id FROM contact WHERE name_norm = :name_norm AND archived_at IS NULL LIMIT 20
""",
    "org": "SELECT id FROM org WHERE name_norm = :name_norm AND archived_at IS NULL LIMIT 20",
}
# Who is what was called so before it was merged.
BY_OLD_NAME = {
    "contact": """
SELECT DISTINCT merged_into_id FROM contact
WHERE merged_into_id IS NOT NULL AND +name_norm = :name_norm LIMIT 20
""",
    "org": """
SELECT DISTINCT merged_into_id FROM org
WHERE merged_into_id IS NOT NULL AND +name_norm = :name_norm LIMIT 20
""",
}
NAMES_LIKE = {
    "contact": """
SELECT display_name FROM contact WHERE name_norm >= :low AND name_norm < :high
AND archived_at IS NULL ORDER BY name_norm, id LIMIT :limit
""",
    "org": """
SELECT name FROM org WHERE name_norm >= :low AND name_norm < :high
AND archived_at IS NULL ORDER BY name_norm, id LIMIT :limit
""",
}
HANDLES_LIKE = """
SELECT name FROM handle WHERE name >= :low AND name < :high AND is_current = 1
ORDER BY name LIMIT :limit
"""
TAGS_LIKE = """
SELECT name FROM tag WHERE name_norm >= :low AND name_norm < :high ORDER BY name_norm LIMIT :limit
"""
