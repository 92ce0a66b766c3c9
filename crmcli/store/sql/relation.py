"""SQL of relations between people."""

TYPES = """
SELECT id, name, inverse,
(SELECT count(*) FROM relationship WHERE type_id = relationship_type.id) AS relations
FROM relationship_type ORDER BY id
"""
TYPE = "SELECT * FROM relationship_type WHERE name_norm = :name_norm"
BETWEEN = """
SELECT * FROM relationship WHERE (from_contact_id = :one AND to_contact_id = :other)
OR (from_contact_id = :other AND to_contact_id = :one) ORDER BY id
"""
OF_CONTACT = """
SELECT relationship.id AS relation_id, relationship_type.name AS word, contact.id,
contact.display_name, handle.name AS handle
FROM relationship
JOIN relationship_type ON relationship_type.id = relationship.type_id
JOIN contact ON contact.id = relationship.to_contact_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE relationship.from_contact_id = :id AND contact.archived_at IS NULL
UNION ALL
SELECT relationship.id, relationship_type.inverse, contact.id, contact.display_name, handle.name
FROM relationship
JOIN relationship_type ON relationship_type.id = relationship.type_id
JOIN contact ON contact.id = relationship.from_contact_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE relationship.to_contact_id = :id AND contact.archived_at IS NULL
ORDER BY 1
"""
