"""SQL of tags. `{noun}` is contact, org or interaction; `{ids}` becomes parameters."""

BY_NAME = "SELECT * FROM tag WHERE name_norm = :name_norm"
NAMES = "SELECT name FROM tag ORDER BY name_norm"
LIST = """
SELECT tag.id, tag.name, cadence.days AS cadence,
(SELECT count(*) FROM tagging JOIN contact ON contact.id = tagging.contact_id
    WHERE tagging.tag_id = tag.id AND contact.archived_at IS NULL) AS contacts,
(SELECT count(*) FROM tagging JOIN org ON org.id = tagging.org_id
    WHERE tagging.tag_id = tag.id AND org.archived_at IS NULL) AS orgs,
(SELECT count(*) FROM tagging JOIN interaction ON interaction.id = tagging.interaction_id
    WHERE tagging.tag_id = tag.id AND interaction.archived_at IS NULL) AS interactions,
(SELECT count(*) FROM tagging JOIN deal ON deal.id = tagging.deal_id
    WHERE tagging.tag_id = tag.id AND deal.archived_at IS NULL) AS deals
FROM tag LEFT JOIN cadence ON cadence.tag_id = tag.id ORDER BY tag.name_norm LIMIT :limit
"""
WEARING = {
    "contact": """
SELECT id, contact_id AS row_id FROM tagging WHERE tag_id = :tag_id AND contact_id IN ({ids})
""",
    "org": "SELECT id, org_id AS row_id FROM tagging WHERE tag_id = :tag_id AND org_id IN ({ids})",
    "deal": """
SELECT id, deal_id AS row_id FROM tagging WHERE tag_id = :tag_id AND deal_id IN ({ids})
""",
    "interaction": """
SELECT id, interaction_id AS row_id FROM tagging
WHERE tag_id = :tag_id AND interaction_id IN ({ids})
""",
}
TAGGINGS = "SELECT * FROM tagging WHERE tag_id = :tag_id ORDER BY id"
CADENCE = "SELECT * FROM cadence WHERE tag_id = :tag_id"
