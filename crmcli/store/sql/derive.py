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
EXCHANGES = """
SELECT interaction_contact.contact_id, interaction.kind, interaction.direction,
interaction.outcome, interaction.occurred_at
FROM interaction_contact
JOIN interaction ON interaction.id = interaction_contact.interaction_id
WHERE interaction_contact.contact_id IN ({ids}) AND interaction.archived_at IS NULL
ORDER BY interaction.occurred_at, interaction.id
"""
UNANSWERED = "SELECT id, unanswered, unanswered_at FROM contact WHERE id IN ({ids})"
SET_UNANSWERED = "UPDATE contact SET unanswered = :side, unanswered_at = :at WHERE id = :id"

# Own cadence, else the shortest of the tags', else everyone's.
CADENCES = """
SELECT contact.id, contact.next_touch_on,
CASE WHEN contact.do_not_contact + contact.deceased = 0 THEN COALESCE(
    contact.cadence_days,
    (SELECT min(cadence.days) FROM tagging JOIN cadence ON cadence.tag_id = tagging.tag_id
        WHERE tagging.contact_id = contact.id),
    (SELECT days FROM cadence WHERE tag_id IS NULL)) END AS days,
COALESCE(contact.last_touch_at, contact.created_at) AS since, contact.bumped_on
FROM contact WHERE contact.id IN ({ids})
AND (contact.cadence_days IS NOT NULL OR contact.next_touch_on IS NOT NULL
    OR EXISTS (SELECT 1 FROM cadence))
"""
SET_NEXT_TOUCH = "UPDATE contact SET next_touch_on = :day WHERE id = :id"
WEARERS = {
    "contact": "SELECT contact_id FROM tagging WHERE tag_id IN ({ids}) AND contact_id NOT NULL",
    "org": "SELECT org_id FROM tagging WHERE tag_id IN ({ids}) AND org_id NOT NULL",
    "interaction": """
SELECT interaction_id FROM tagging WHERE tag_id IN ({ids}) AND interaction_id NOT NULL
""",
    "deal": "SELECT deal_id FROM tagging WHERE tag_id IN ({ids}) AND deal_id NOT NULL",
}
EVERYONE = "SELECT id FROM contact"

PARTICIPANTS = "SELECT contact_id FROM interaction_contact WHERE interaction_id IN ({ids})"
COLLEAGUES = "SELECT contact_id FROM employment WHERE org_id IN ({ids})"

HANDLE_BY_NAME = "SELECT * FROM handle WHERE name = :name"
HANDLES_OF = """
SELECT * FROM handle WHERE contact_id = :contact_id OR org_id = :org_id ORDER BY id
"""
SIMILAR_HANDLES = "SELECT name FROM handle WHERE name >= :low AND name < :high"

DOCS = "SELECT id, row_id, title, body FROM search_doc WHERE id IN ({ids})"
ADD_DOC = """
INSERT INTO search_doc (id, noun, row_id, title, body)
VALUES (:id, :noun, :row_id, :title, :body)
"""
CHANGE_DOC = "UPDATE search_doc SET title = :title, body = :body WHERE id = :id"
DROP_DOC = "DELETE FROM search_doc WHERE id = :id"
ADD_NAME_WORD = """
INSERT INTO name_word (word, reversed) VALUES (:word, :reversed) ON CONFLICT (word) DO NOTHING
"""

# What a record can be found by: the first query gives titles, the others add to the body.
CONTACT_TITLES = """
SELECT id, display_name, nickname FROM contact WHERE id IN ({ids}) AND archived_at IS NULL
"""
CONTACT_BODIES = (
    "SELECT id, note FROM contact WHERE id IN ({ids})",
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
    "SELECT id, domain, industry, note FROM org WHERE id IN ({ids})",
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
INTERACTION_BODIES = (
    "SELECT id, body FROM interaction WHERE id IN ({ids})",
    """
SELECT tagging.interaction_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.interaction_id IN ({ids})
""",
)
DEAL_TITLES = "SELECT id, name FROM deal WHERE id IN ({ids}) AND archived_at IS NULL"
DEAL_BODIES = (
    "SELECT id, competitor, close_note, note FROM deal WHERE id IN ({ids})",
    "SELECT deal_id, name FROM deal_line WHERE deal_id IN ({ids})",
    """
SELECT tagging.deal_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.deal_id IN ({ids})
""",
)
LAST_ACTIVITY = """
UPDATE deal SET last_activity_at = (
    SELECT max(occurred_at) FROM interaction
    WHERE interaction.deal_id = deal.id AND interaction.archived_at IS NULL
)
WHERE id IN ({ids})
"""
# What a deal is worth now, where its history says otherwise.
MOVED_VALUES = """
SELECT deal.id, deal.opened_at, deal.amount_minor, deal.currency, deal.value_period,
deal.probability_override, deal.forecast_override, deal.close_date
FROM deal LEFT JOIN deal_value_history AS last ON last.id = (
    SELECT id FROM deal_value_history WHERE deal_id = deal.id ORDER BY changed_at DESC, id DESC
    LIMIT 1)
WHERE deal.id IN ({ids}) AND (last.id IS NULL OR (last.amount_minor, last.currency,
    last.value_period, last.probability_override, last.forecast_override, last.close_date)
    IS NOT (deal.amount_minor, deal.currency, deal.value_period, deal.probability_override,
    deal.forecast_override, deal.close_date))
"""
HAS_VALUES = "SELECT 1 FROM deal_value_history WHERE deal_id = :id"
# What a contact is now, where its history says otherwise; `other` without a history has none, and
# that of a merged one has moved with it.
MOVED_LIFECYCLES = """
SELECT contact.id, contact.lifecycle_stage FROM contact WHERE contact.id IN ({ids})
AND contact.lifecycle_stage IS NOT COALESCE((
    SELECT stage FROM lifecycle_history WHERE contact_id = contact.id
    ORDER BY entered_at DESC, id DESC LIMIT 1), 'other') AND contact.merged_into_id IS NULL
"""
# Own fields: only their values are searched, not their keys.
CUSTOM = {
    "contact": "SELECT id, custom FROM contact WHERE id IN ({ids}) AND length(custom) > 2",
    "org": "SELECT id, custom FROM org WHERE id IN ({ids}) AND length(custom) > 2",
    "deal": "SELECT id, custom FROM deal WHERE id IN ({ids}) AND length(custom) > 2",
}
