"""SQL of interactions."""

LIST = """
SELECT id FROM interaction WHERE archived_at IS {trash} NULL {where}
ORDER BY {order} LIMIT :limit
"""
ORDER = {
    "occurred_at": "occurred_at {way}, id {way}",
    "id": "id {way}",
    "kind": "kind {way}, occurred_at {way}, id {way}",
    "created": "created_at {way}, id {way}",
}
ROWS = """
SELECT interaction.*, app_user.name AS owner, org.name AS org_name, org.uid AS org_uid,
task.uid AS task_uid, deal.name AS deal_name
FROM interaction
LEFT JOIN app_user ON app_user.id = interaction.owner_id
LEFT JOIN org ON org.id = interaction.org_id
LEFT JOIN task ON task.id = interaction.task_id
LEFT JOIN deal ON deal.id = interaction.deal_id
WHERE interaction.id IN ({ids})
"""
LATEST = {
    "contact": """
SELECT max(interaction.occurred_at) FROM interaction_contact
JOIN interaction ON interaction.id = interaction_contact.interaction_id
WHERE interaction_contact.contact_id = :id AND interaction.archived_at IS NULL
AND interaction.occurred_at > :after AND interaction.occurred_at < :before
""",
    "org": """
SELECT max(occurred_at) FROM interaction
WHERE org_id = :id AND archived_at IS NULL AND occurred_at > :after AND occurred_at < :before
""",
}
PEOPLE = """
SELECT interaction_contact.interaction_id, contact.id AS contact_id,
contact.display_name AS name, contact.uid, handle.name AS handle
FROM interaction_contact JOIN contact ON contact.id = interaction_contact.contact_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE interaction_contact.interaction_id IN ({ids}) ORDER BY interaction_contact.id
"""
TAGS = """
SELECT tagging.interaction_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.interaction_id IN ({ids}) ORDER BY tagging.id
"""
BY_UID = "SELECT id FROM interaction WHERE uid = :uid"
