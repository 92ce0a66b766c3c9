"""SQL of what was told already."""

CLAIM = """
INSERT INTO notification_log (item, occurrence, transport, sent_at)
VALUES (:item, :occurrence, :transport, :sent_at) ON CONFLICT DO NOTHING
"""
RELEASE = """
DELETE FROM notification_log
WHERE item = :item AND occurrence = :occurrence AND transport = :transport
"""
