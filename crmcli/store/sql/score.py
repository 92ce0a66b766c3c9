"""SQL of score rules, and of what they select. Conditions of filters come in as `{where}`."""

RULES = """
SELECT id, dimension, label, filter, points, max_count, decay_days FROM score_rule
ORDER BY dimension DESC, id
"""
BY_LABEL = "SELECT id FROM score_rule WHERE label_norm = :label_norm"
FIT = "SELECT contact.id FROM contact WHERE contact.archived_at IS NULL {some} AND {where}"
FIT_SOME = "AND contact.id IN ({ids})"
# The newest interactions of each contact that the filter selects, `:most` of each.
ENGAGEMENT = """
SELECT contact_id, occurred_at FROM (
    SELECT link.contact_id, interaction.occurred_at, row_number() OVER (
        PARTITION BY link.contact_id ORDER BY interaction.occurred_at DESC, interaction.id DESC
    ) AS place
    FROM interaction CROSS JOIN interaction_contact AS link
    WHERE link.interaction_id = interaction.id AND interaction.archived_at IS NULL
    AND interaction.occurred_at >= :since AND {where}
) WHERE place <= :most ORDER BY contact_id, place
"""
# The same for few people: theirs are looked up.
ENGAGEMENT_SOME = ENGAGEMENT.replace(
    "FROM interaction CROSS JOIN interaction_contact AS link",
    "FROM interaction_contact AS link CROSS JOIN interaction",
).replace(
    "AND interaction.archived_at", "AND link.contact_id IN ({ids}) AND interaction.archived_at"
)
ALL_CONTACTS = "SELECT id FROM contact WHERE archived_at IS NULL"
