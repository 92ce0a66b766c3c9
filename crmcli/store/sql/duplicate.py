"""SQL of duplicates: who shares what, and which pairs are kept separate."""

# One record beside the others, by index look-ups only.
HOLDERS = {
    "contact": """
SELECT contact.id, channel.extension FROM channel JOIN contact ON contact.id = channel.contact_id
WHERE channel.kind = :kind AND channel.value_norm = :value_norm AND contact.archived_at IS NULL
LIMIT :limit
""",
    "org": """
SELECT org.id, channel.extension FROM channel JOIN org ON org.id = channel.org_id
WHERE channel.kind = :kind AND channel.value_norm = :value_norm AND org.archived_at IS NULL
LIMIT :limit
""",
}
COLLEAGUES = """
SELECT contact.id, contact.name_norm FROM employment
JOIN contact ON contact.id = employment.contact_id
WHERE employment.org_id = :org_id AND employment.ended_on IS NULL
AND contact.archived_at IS NULL LIMIT :limit
"""
NAMESAKES = """
SELECT contact.id, contact.name_norm FROM contact
WHERE contact.name_norm = :name_norm AND contact.archived_at IS NULL
AND EXISTS (SELECT 1 FROM employment WHERE employment.contact_id = contact.id
    AND employment.org_id = :org_id AND employment.ended_on IS NULL) LIMIT :limit
"""
ORGS_AT = "SELECT id FROM org WHERE domain = :domain AND archived_at IS NULL LIMIT :limit"
ORGS_CALLED = """
SELECT id FROM org WHERE name_norm BETWEEN :low AND :high AND archived_at IS NULL
ORDER BY name_norm, id LIMIT :limit
"""
# The ids of the texts of a noun lie side by side (rows.doc_id).
WRITTEN = """
SELECT rowid - :first FROM search_text
WHERE search_text MATCH :query AND rowid BETWEEN :first AND :last LIMIT :limit
"""

# What records are compared by.
PEOPLE = "SELECT id, name_norm FROM contact WHERE id IN ({ids}) AND archived_at IS NULL"
ORGS = "SELECT id, name_norm, domain FROM org WHERE id IN ({ids}) AND archived_at IS NULL"
WAYS = {
    "contact": """
SELECT contact_id AS id, kind, value_norm, extension FROM channel
WHERE contact_id IN ({ids}) AND kind IN ('email', 'phone')
""",
    "org": """
SELECT org_id AS id, kind, value_norm, extension FROM channel
WHERE org_id IN ({ids}) AND kind IN ('email', 'phone')
""",
}
JOBS = """
SELECT contact_id AS id, org_id FROM employment
WHERE contact_id IN ({ids}) AND ended_on IS NULL
"""
BIRTHDAYS = """
SELECT contact_id AS id, year, month, day FROM important_date
WHERE contact_id IN ({ids}) AND kind = 'birthday'
"""

# Everybody beside everybody: what more than one record has, found in the index alone; with
# `since`, only what a record from that id on has.
ALL_SHARED = {
    "contact": """
SELECT channel.value_norm, channel.extension, contact.id
FROM (SELECT value_norm FROM channel WHERE kind = :kind GROUP BY value_norm HAVING count(*) > 1)
    AS shared
CROSS JOIN channel ON channel.kind = :kind AND channel.value_norm = shared.value_norm
CROSS JOIN contact ON contact.id = channel.contact_id
WHERE contact.archived_at IS NULL ORDER BY channel.value_norm
""",
    "org": """
SELECT channel.value_norm, channel.extension, org.id
FROM (SELECT value_norm FROM channel WHERE kind = :kind GROUP BY value_norm HAVING count(*) > 1)
    AS shared
CROSS JOIN channel ON channel.kind = :kind AND channel.value_norm = shared.value_norm
CROSS JOIN org ON org.id = channel.org_id
WHERE org.archived_at IS NULL ORDER BY channel.value_norm
""",
}
# + keeps to the index of the new records, which are few.
SHARED_SINCE = {
    "contact": """
SELECT channel.value_norm, channel.extension, contact.id
FROM (SELECT DISTINCT value_norm FROM channel WHERE contact_id >= :since AND +kind = :kind) AS new
CROSS JOIN channel ON channel.kind = :kind AND channel.value_norm = new.value_norm
CROSS JOIN contact ON contact.id = channel.contact_id
WHERE contact.archived_at IS NULL ORDER BY channel.value_norm
""",
    "org": """
SELECT channel.value_norm, channel.extension, org.id
FROM (SELECT DISTINCT value_norm FROM channel WHERE org_id >= :since AND +kind = :kind) AS new
CROSS JOIN channel ON channel.kind = :kind AND channel.value_norm = new.value_norm
CROSS JOIN org ON org.id = channel.org_id
WHERE org.archived_at IS NULL ORDER BY channel.value_norm
""",
}
ALL_TEAMS = """
SELECT employment.org_id, contact.id, contact.name_norm FROM employment
CROSS JOIN contact ON contact.id = employment.contact_id
WHERE employment.ended_on IS NULL AND contact.archived_at IS NULL
ORDER BY +employment.org_id, contact.id
"""
TEAMS_SINCE = """
SELECT employment.org_id, contact.id, contact.name_norm
FROM (SELECT DISTINCT +org_id AS org_id FROM employment
    WHERE contact_id >= :since AND ended_on IS NULL) AS new
CROSS JOIN employment ON employment.org_id = new.org_id
CROSS JOIN contact ON contact.id = employment.contact_id
WHERE employment.ended_on IS NULL AND contact.archived_at IS NULL
ORDER BY employment.org_id, contact.id
"""
NEWEST = {"contact": "SELECT max(id) FROM contact", "org": "SELECT max(id) FROM org"}
ALL_ORGS = "SELECT id FROM org WHERE archived_at IS NULL ORDER BY id"

# How much hangs on a record: the heavier one stays when two are merged.
WEIGHTS = {
    "contact": """
SELECT contact_id AS id, count(*) AS weight FROM interaction_contact
WHERE contact_id IN ({ids}) GROUP BY contact_id
""",
    "org": """
SELECT id, sum(weight) AS weight FROM (
    SELECT org_id AS id, count(*) AS weight FROM interaction WHERE org_id IN ({ids}) GROUP BY org_id
    UNION ALL
    SELECT org_id, count(*) FROM employment WHERE org_id IN ({ids}) GROUP BY org_id
) AS both_kinds GROUP BY id
""",
}
TRY = "SAVEPOINT try_merge"
GIVE_UP = "ROLLBACK TO try_merge"
GO_ON = "RELEASE try_merge"

KEPT = {
    "contact": "SELECT contact_id, other_contact_id FROM kept_separate WHERE contact_id NOT NULL",
    "org": "SELECT org_id, other_org_id FROM kept_separate WHERE org_id NOT NULL",
}
KEPT_FROM = {
    "contact": """
SELECT other_contact_id FROM kept_separate WHERE contact_id = :id
UNION SELECT contact_id FROM kept_separate WHERE other_contact_id = :id
""",
    "org": """
SELECT other_org_id FROM kept_separate WHERE org_id = :id
UNION SELECT org_id FROM kept_separate WHERE other_org_id = :id
""",
}
