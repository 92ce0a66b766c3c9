"""SQL of organizations."""

LIST = "SELECT id FROM org WHERE archived_at IS {trash} NULL {where} ORDER BY {order} LIMIT :limit"
ORDER = {
    "name": "name_norm {way}, id {way}",
    "created": "created_at {way}, id {way}",
    "updated": "updated_at {way}, id {way}",
    "id": "id {way}",
    "kind": "kind {way}, name_norm {way}, id {way}",
    "industry": "fold(industry) {way} NULLS LAST, name_norm {way}, id {way}",
    "domain": "domain {way} NULLS LAST, name_norm {way}, id {way}",
    "owner": """(SELECT name FROM app_user WHERE app_user.id = org.owner_id) {way} NULLS LAST,
    name_norm {way}, id {way}""",
}
ROWS = """
SELECT org.*, app_user.name AS owner, handle.name AS handle FROM org
LEFT JOIN app_user ON app_user.id = org.owner_id
LEFT JOIN handle ON handle.org_id = org.id AND handle.is_current = 1
WHERE org.id IN ({ids})
"""
CHANNELS = """
SELECT id, org_id, kind, label, value, value_norm, extension, is_primary, status FROM channel
WHERE org_id IN ({ids}) ORDER BY org_id, is_primary DESC, id
"""
ADDRESSES = """
SELECT id, org_id, label, street, extended, locality, region, postal_code, country
FROM address WHERE org_id IN ({ids}) ORDER BY id
"""
TAGS = """
SELECT tagging.org_id, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id
WHERE tagging.org_id IN ({ids}) ORDER BY tagging.id
"""
PEOPLE = """
SELECT contact.id, contact.display_name, employment.title FROM employment
JOIN contact ON contact.id = employment.contact_id
WHERE employment.org_id = :org_id AND employment.ended_on IS NULL AND contact.archived_at IS NULL
ORDER BY contact.name_norm, contact.id LIMIT :limit
"""
LAST_TOUCH = """
SELECT max(contact.last_touch_at) FROM employment
JOIN contact ON contact.id = employment.contact_id
WHERE employment.org_id = :org_id AND contact.archived_at IS NULL
"""
TIMELINE = """
SELECT id, kind, direction, outcome, occurred_at, duration_seconds, body FROM interaction
WHERE org_id = :org_id AND archived_at IS NULL AND (occurred_at, id) < (:before_at, :before_id)
ORDER BY occurred_at DESC, id DESC LIMIT :limit
"""
BY_NAME = """
SELECT id, name FROM org WHERE name_norm = :name_norm AND archived_at IS NULL
ORDER BY id LIMIT 5
"""
# The one that was called so before it was merged.
BY_OLD_NAME = """
SELECT DISTINCT live.id, live.name FROM org AS merged JOIN org AS live
ON live.id = merged.merged_into_id
WHERE merged.merged_into_id IS NOT NULL AND +merged.name_norm = :name_norm
AND live.archived_at IS NULL
"""
NEAR_NAMES = """
SELECT name FROM org WHERE name_norm >= :low AND name_norm < :high AND archived_at IS NULL
ORDER BY name_norm LIMIT 50
"""
