"""SQL of attachments."""

_LIST = """
SELECT id, sha256, filename, media_type, size, created_at FROM attachment
WHERE {noun}_id = :id ORDER BY id
"""
LIST = {noun: _LIST.format(noun=noun) for noun in ("contact", "org", "deal", "interaction")}
CONTENTS = """
SELECT id, sha256, size, filename, contact_id, org_id, deal_id, interaction_id FROM attachment
ORDER BY id
"""
IS_USED = "SELECT 1 FROM attachment WHERE sha256 = :sha256 LIMIT 1"
