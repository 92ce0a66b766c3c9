"""SQL of folders that are kept in step with the contacts."""

FOLDERS = """
SELECT folder, count(*) AS cards FROM sync_item GROUP BY folder ORDER BY folder
"""
ITEMS = "SELECT filename, uid, card FROM sync_item WHERE folder = :folder"
KEEP = """
INSERT INTO sync_item (folder, filename, uid, card) VALUES (:folder, :filename, :uid, :card)
"""
DROP = "DELETE FROM sync_item WHERE folder = :folder AND filename = :filename"
BY_UID = "SELECT id, archived_at, merged_into_id FROM contact WHERE uid = :uid"
UID = "SELECT uid FROM contact WHERE id = :id"
GONE = """
SELECT filename FROM sync_item JOIN contact ON contact.uid = sync_item.uid
WHERE folder = :folder AND contact.archived_at IS NOT NULL
"""
FIRST = """
SELECT id FROM channel WHERE contact_id = :contact_id AND kind = :kind
AND is_primary = 1
"""
ONE = """
SELECT id FROM channel WHERE contact_id = :contact_id AND kind = :kind
AND value_norm = :value_norm
"""
HOLDERS = """
SELECT contact.id, contact.name_norm FROM channel JOIN contact ON contact.id = channel.contact_id
WHERE channel.kind = :kind AND channel.value_norm = :value_norm AND contact.archived_at IS NULL
"""
