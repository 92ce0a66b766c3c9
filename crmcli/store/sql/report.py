"""SQL of reports: what happened in a period, and with whom."""

FACTS = """
SELECT interaction.id, interaction.kind, interaction.direction, interaction.outcome,
interaction.occurred_at AS occurred_at, interaction.duration_seconds,
interaction.counts_as_touch,
app_user.name AS owner
FROM interaction LEFT JOIN app_user ON app_user.id = interaction.owner_id
WHERE interaction.archived_at IS NULL
AND interaction.occurred_at >= :first AND interaction.occurred_at < :until
AND (:kind IS NULL OR interaction.kind = :kind) {filter}
"""
FACTS_NEWEST_FIRST = f"{FACTS}ORDER BY interaction.occurred_at DESC, interaction.id DESC"

PEOPLE = """
SELECT interaction_id, contact_id FROM interaction_contact WHERE interaction_id IN ({ids})
"""
# Its own org, else where the people work.
ORGS = """
SELECT interaction.id AS interaction_id, org.name FROM interaction
JOIN org ON org.id = interaction.org_id WHERE interaction.id IN ({ids})
UNION
SELECT interaction.id, org.name FROM interaction
JOIN interaction_contact ON interaction_contact.interaction_id = interaction.id
JOIN employment ON employment.contact_id = interaction_contact.contact_id
AND employment.is_primary = 1 AND employment.ended_on IS NULL
JOIN org ON org.id = employment.org_id
WHERE interaction.id IN ({ids}) AND interaction.org_id IS NULL
"""
TAGS = """
SELECT tagging.interaction_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.interaction_id IN ({ids})
"""
TAGS_OF_PEOPLE = """
SELECT interaction_contact.interaction_id, tag.name FROM interaction_contact
JOIN tagging ON tagging.contact_id = interaction_contact.contact_id
JOIN tag ON tag.id = tagging.tag_id
WHERE interaction_contact.interaction_id IN ({ids})
"""
