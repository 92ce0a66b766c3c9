"""SQL of what is derived from records: last touch, handles, search texts."""

LAST_TOUCH = """
UPDATE contact SET last_touch_at = (
    SELECT max(interaction.occurred_at) FROM interaction_contact
    JOIN interaction ON interaction.id = interaction_contact.interaction_id
    WHERE interaction_contact.contact_id = contact.id
    AND interaction.counts_as_touch = 1 AND interaction.archived_at IS NULL
)
WHERE id IN ({ids}) AND EXISTS (
    SELECT 1 FROM interaction_contact WHERE interaction_contact.contact_id = contact.id
    UNION ALL SELECT 1 WHERE contact.last_touch_at IS NOT NULL
)
"""
PARTICIPANTS = "SELECT contact_id FROM interaction_contact WHERE interaction_id IN ({ids})"
COLLEAGUES = "SELECT contact_id FROM employment WHERE org_id IN ({ids})"

HANDLE_BY_NAME = "SELECT * FROM handle WHERE name = :name"
HANDLES_OF = """
SELECT * FROM handle WHERE contact_id = :contact_id OR org_id = :org_id ORDER BY id
"""
SIMILAR_HANDLES = "SELECT name FROM handle WHERE name >= :low AND name < :high"

DOCS = "SELECT id, row_id, title, body FROM search_doc WHERE noun = :noun AND row_id IN ({ids})"
NEXT_DOC = "SELECT COALESCE(max(id), 0) + 1 FROM search_doc"
ADD_DOC = """
INSERT INTO search_doc (id, noun, row_id, title, body)
VALUES (:id, :noun, :row_id, :title, :body)
"""
CHANGE_DOC = "UPDATE search_doc SET title = :title, body = :body WHERE id = :id"
DROP_DOC = "DELETE FROM search_doc WHERE id = :id"

# What a record can be found by: the first query gives titles, the others add to the body.
CONTACT_TITLES = """
SELECT id, display_name, nickname FROM contact WHERE id IN ({ids}) AND archived_at IS NULL
"""
CONTACT_BODIES = (
    "SELECT id, note, custom FROM contact WHERE id IN ({ids})",
    "SELECT contact_id, value, value_norm FROM channel WHERE contact_id IN ({ids})",
    """
SELECT employment.contact_id, org.name, employment.title, employment.department FROM employment
JOIN org ON org.id = employment.org_id WHERE employment.contact_id IN ({ids})
""",
    """
SELECT tagging.contact_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.contact_id IN ({ids})
""",
    """
SELECT contact_id, street, extended, locality, region, postal_code, country FROM address
WHERE contact_id IN ({ids})
""",
)
ORG_TITLES = "SELECT id, name FROM org WHERE id IN ({ids}) AND archived_at IS NULL"
ORG_BODIES = (
    "SELECT id, domain, industry, note, custom FROM org WHERE id IN ({ids})",
    "SELECT org_id, value, value_norm FROM channel WHERE org_id IN ({ids})",
    """
SELECT tagging.org_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.org_id IN ({ids})
""",
    """
SELECT org_id, street, extended, locality, region, postal_code, country FROM address
WHERE org_id IN ({ids})
""",
)
TASK_TITLES = "SELECT id, title FROM task WHERE id IN ({ids}) AND archived_at IS NULL"
TASK_BODIES = ("SELECT id, body FROM task WHERE id IN ({ids})",)
INTERACTION_TITLES = "SELECT id FROM interaction WHERE id IN ({ids}) AND archived_at IS NULL"
INTERACTION_BODIES = ("SELECT id, body FROM interaction WHERE id IN ({ids})",)
