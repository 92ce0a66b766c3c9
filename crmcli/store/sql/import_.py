"""SQL of imports: matching, batches and their rows."""

# The matches of a batch at once; `{keys}` becomes parameters. What was merged into another record
# is that one.
BY_UID = """
SELECT contact.uid, live.id, live.name_norm, live.archived_at FROM contact
JOIN contact AS live ON live.id = COALESCE(contact.merged_into_id, contact.id)
WHERE contact.uid IN ({keys})
"""
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
# By the names of before they were merged; few, so their own index gives them, not that of names.
BY_OLD_NAME = """
SELECT merged.name_norm, live.id, COALESCE(org.name_norm, ''), merged.id
FROM contact AS merged JOIN contact AS live ON live.id = merged.merged_into_id
LEFT JOIN employment ON employment.contact_id = live.id
    AND employment.is_primary = 1 AND employment.ended_on IS NULL
LEFT JOIN org ON org.id = employment.org_id
WHERE merged.merged_into_id IS NOT NULL AND +merged.name_norm IN ({keys})
AND live.archived_at IS NULL
ORDER BY merged.id
"""
ORGS_NOW = """
SELECT merged.name_norm, live.name_norm
FROM org AS merged JOIN org AS live ON live.id = merged.merged_into_id
WHERE merged.merged_into_id IS NOT NULL AND +merged.name_norm IN ({keys})
"""
# In the order in which they are taken down: the oldest of the living comes last, and so counts.
ORGS_BY_NAME = """
SELECT name_norm, id FROM (
    SELECT merged.name_norm, live.id, 0 AS is_living
    FROM org AS merged JOIN org AS live ON live.id = merged.merged_into_id
    WHERE merged.merged_into_id IS NOT NULL AND +merged.name_norm IN ({keys})
    AND live.archived_at IS NULL
    UNION ALL SELECT name_norm, id, 1 FROM org WHERE name_norm IN ({keys}) AND archived_at IS NULL
) AS named ORDER BY is_living, id DESC
"""
ORGS_BY_EXTERNAL = """
SELECT external_ref.external_id, org.id, org.name, org.name_norm
FROM external_ref JOIN org ON org.id = external_ref.org_id
WHERE external_ref.source = :source AND external_ref.external_id IN ({keys})
AND org.archived_at IS NULL
"""
HANDLES = "SELECT name FROM handle WHERE name IN ({keys})"
# A record that a file names: by its id elsewhere, an address, or its name; `{noun}` is checked.
LINK_EXTERNAL = """
SELECT {noun}.id FROM external_ref JOIN {noun} ON {noun}.id = external_ref.{noun}_id
WHERE external_ref.source = :source AND external_ref.external_id = :external_id
AND {noun}.archived_at IS NULL
"""
LINK_CHANNEL = """
SELECT DISTINCT {noun}.id FROM channel JOIN {noun} ON {noun}.id = channel.{noun}_id
WHERE channel.kind = :kind AND channel.value_norm = :value_norm AND {noun}.archived_at IS NULL
ORDER BY {noun}.id LIMIT 3
"""
LINK_NAME = """
SELECT id FROM {noun} WHERE name_norm = :name_norm AND archived_at IS NULL ORDER BY id LIMIT 3
"""
EXTERNAL_OF = """
SELECT contact_id, org_id FROM external_ref WHERE source = :source AND external_id = :external_id
"""
ID_BY_UID = {
    "contact": "SELECT COALESCE(merged_into_id, id) AS id FROM contact WHERE uid = :uid",
    "org": "SELECT COALESCE(merged_into_id, id) AS id FROM org WHERE uid = :uid",
    "task": "SELECT id FROM task WHERE uid = :uid",
    "interaction": "SELECT id FROM interaction WHERE uid = :uid",
    "deal": "SELECT id FROM deal WHERE uid = :uid",
}
ORG_BY_DOMAIN = """
SELECT id FROM org WHERE domain = :domain AND archived_at IS NULL ORDER BY id LIMIT 2
"""
ORG_BY_NAME = """
SELECT COALESCE(merged_into_id, id) AS id FROM org WHERE name_norm = :name_norm
ORDER BY archived_at, id LIMIT 1
"""

ADD_BATCH = """
INSERT INTO import_batch (group_id, filename, sha256, format, mapping,
created, updated, unchanged, skipped, rejected, at, is_done)
VALUES (:group_id, :filename, :sha256, :format, :mapping, 0, 0, 0, 0, 0, :at, 0)
"""
COUNT_BATCH = """
UPDATE import_batch SET created = created + :created, updated = updated + :updated,
unchanged = unchanged + :unchanged, skipped = skipped + :skipped,
rejected = rejected + :rejected, is_done = :is_done
WHERE id = :id
"""
# An import of the same file that was broken off between two of its units of work.
UNFINISHED = """
SELECT import_batch.id, COALESCE(change_group.part_of_id, change_group.id) AS root_id
FROM import_batch JOIN change_group ON change_group.id = import_batch.group_id
WHERE import_batch.sha256 = :sha256 AND import_batch.is_done = 0
AND change_group.undone_by_id IS NULL AND change_group.actor = :actor
ORDER BY import_batch.id DESC LIMIT 1
"""
FINISH_BATCH = "UPDATE import_batch SET is_done = 1 WHERE id = :id"
PART_OF = "UPDATE change_group SET part_of_id = :part_of_id WHERE id = :id"
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
