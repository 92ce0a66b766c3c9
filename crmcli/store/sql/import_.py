"""SQL of imports: matching, batches and their rows."""

# The matches of a batch at once; `{keys}` becomes parameters.
BY_UID = "SELECT uid, id, name_norm, archived_at FROM contact WHERE uid IN ({keys})"
BY_EXTERNAL = """
SELECT external_ref.external_id, contact.id, contact.name_norm, contact.archived_at
FROM external_ref JOIN contact ON contact.id = external_ref.contact_id
WHERE external_ref.source = :source AND external_ref.external_id IN ({keys})
"""
BY_CHANNEL = """
SELECT channel.value_norm, contact.id, contact.name_norm, contact.archived_at
FROM channel JOIN contact ON contact.id = channel.contact_id
WHERE channel.kind = :kind AND channel.value_norm IN ({keys})
ORDER BY contact.archived_at IS NOT NULL, contact.id
"""
BY_NAME = """
SELECT contact.name_norm, contact.id, COALESCE(org.name_norm, ''), contact.archived_at
FROM contact
LEFT JOIN employment ON employment.contact_id = contact.id
    AND employment.is_primary = 1 AND employment.ended_on IS NULL
LEFT JOIN org ON org.id = employment.org_id
WHERE contact.name_norm IN ({keys}) AND contact.archived_at IS NULL
ORDER BY contact.id
"""
ORGS_BY_NAME = """
SELECT name_norm, id FROM org WHERE name_norm IN ({keys}) AND archived_at IS NULL
ORDER BY id DESC
"""
HANDLES = "SELECT name FROM handle WHERE name IN ({keys})"
EXTERNAL_OF = """
SELECT id FROM external_ref WHERE source = :source AND external_id = :external_id
"""
ID_BY_UID = {
    "contact": "SELECT id FROM contact WHERE uid = :uid",
    "org": "SELECT id FROM org WHERE uid = :uid",
    "task": "SELECT id FROM task WHERE uid = :uid",
    "interaction": "SELECT id FROM interaction WHERE uid = :uid",
}
ORG_BY_NAME = "SELECT id FROM org WHERE name_norm = :name_norm ORDER BY archived_at, id LIMIT 1"

ADD_BATCH = """
INSERT INTO import_batch
(group_id, filename, sha256, format, mapping, created, updated, unchanged, skipped, rejected, at)
VALUES
(:group_id, :filename, :sha256, :format, :mapping, 0, 0, 0, :skipped, :rejected, :at)
"""
COUNT_BATCH = """
UPDATE import_batch SET created = :created, updated = :updated, unchanged = :unchanged,
skipped = :skipped, rejected = :rejected WHERE id = :id
"""
ADD_ROW = """
INSERT INTO import_row (batch_id, line, outcome, noun, row_id, message) VALUES (?, ?, ?, ?, ?, ?)
"""
BATCHES = """
SELECT import_batch.*, change_group.undone_by_id IS NOT NULL AS undone FROM import_batch
JOIN change_group ON change_group.id = import_batch.group_id
ORDER BY import_batch.id DESC LIMIT :limit
"""
BATCH = "SELECT * FROM import_batch WHERE id = :id"
LAST_BATCH = """
SELECT import_batch.* FROM import_batch
JOIN change_group ON change_group.id = import_batch.group_id
WHERE change_group.undone_by_id IS NULL AND change_group.actor = :actor
ORDER BY import_batch.id DESC LIMIT 1
"""
