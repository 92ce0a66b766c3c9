"""SQL of contacts and what belongs to them."""

# `{where}` and `{order}` come from the whitelists below; `{ids}` becomes parameters.
LIST = """
SELECT id FROM contact WHERE archived_at IS {trash} NULL {where} ORDER BY {order} LIMIT :limit
"""
LAST_TOUCHED = """
SELECT id FROM contact WHERE archived_at IS NULL AND last_touch_at IS NOT NULL
ORDER BY last_touch_at DESC, id DESC LIMIT :limit
"""
ORDER = {
    "name": "name_norm {way}, id {way}",
    "last_touch": "last_touch_at {way}, id {way}",
    "next_touch": "next_touch_on {way} NULLS LAST, id {way}",
    "created": "created_at {way}, id {way}",
    "updated": "updated_at {way}, id {way}",
    "id": "id {way}",
    "stage": "lifecycle_stage {way}, name_norm {way}, id {way}",
    "owner": """(SELECT name FROM app_user WHERE app_user.id = contact.owner_id) {way} NULLS LAST,
    name_norm {way}, id {way}""",
    "org": """(SELECT org.name_norm FROM employment JOIN org ON org.id = employment.org_id
    WHERE employment.contact_id = contact.id AND employment.is_primary = 1
    AND employment.ended_on IS NULL) {way} NULLS LAST, name_norm {way}, id {way}""",
}

ROWS = """
SELECT contact.*, app_user.name AS owner, handle.name AS handle, source.name AS source,
reason.name AS unqualified_reason FROM contact
LEFT JOIN source ON source.id = contact.source_id
LEFT JOIN reason ON reason.id = contact.unqualified_reason_id
LEFT JOIN app_user ON app_user.id = contact.owner_id
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE contact.id IN ({ids})
"""
STAMPS = "SELECT id, uid, updated_at FROM contact WHERE id IN ({ids})"
CHANNELS = """
SELECT id, contact_id, kind, label, value, value_norm, extension, is_primary, status FROM channel
WHERE contact_id IN ({ids}) ORDER BY contact_id, is_primary DESC, id
"""
ADDRESSES = """
SELECT id, contact_id, label, street, extended, locality, region, postal_code, country
FROM address WHERE contact_id IN ({ids}) ORDER BY id
"""
TAGS = """
SELECT tagging.contact_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.contact_id IN ({ids}) ORDER BY tagging.id
"""
JOBS = """
SELECT employment.id, employment.contact_id, employment.org_id, org.name, employment.title,
employment.department FROM employment JOIN org ON org.id = employment.org_id
WHERE employment.contact_id IN ({ids}) AND employment.is_primary = 1
AND employment.ended_on IS NULL
"""
DATES = """
SELECT contact_id, kind, year, month, day, lead_days FROM important_date
WHERE contact_id IN ({ids}) ORDER BY id
"""
TIMELINE = """
SELECT interaction.id, interaction.kind, interaction.direction, interaction.outcome,
interaction.occurred_at, interaction.duration_seconds, interaction.body
FROM interaction_contact
JOIN interaction ON interaction.id = interaction_contact.interaction_id
WHERE interaction_contact.contact_id = :contact_id AND interaction.archived_at IS NULL
AND (interaction.occurred_at, interaction.id) < (:before_at, :before_id)
ORDER BY interaction.occurred_at DESC, interaction.id DESC LIMIT :limit
"""

JOB = """
SELECT * FROM employment WHERE contact_id = :contact_id AND is_primary = 1 AND ended_on IS NULL
"""
# +kind: the owner's index is the narrow one, not that of all e-mails.
CHANNEL_OF = """
SELECT * FROM channel
WHERE (contact_id = :contact_id OR org_id = :org_id)
AND +kind = :kind AND +value_norm = :value_norm
"""
CHANNELS_OF = """
SELECT * FROM channel WHERE (contact_id = :contact_id OR org_id = :org_id) AND +kind = :kind
ORDER BY is_primary DESC, id
"""
DATE_OF = "SELECT * FROM important_date WHERE contact_id = :contact_id AND kind = :kind"

COUNT = "SELECT count(*) FROM (SELECT 1 FROM contact WHERE archived_at IS NULL LIMIT :cap)"
