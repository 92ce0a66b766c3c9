"""SQL of the answers to mail clients."""

# Without an order, so that a common word stops at the limit.
FOUND = """
SELECT search_doc.noun, search_doc.row_id, search_doc.title, search_doc.body
FROM search_text JOIN search_doc ON search_doc.id = search_text.rowid
WHERE search_text MATCH :query AND search_text.rowid <= :last LIMIT :limit
"""
# `:contacts` and `:orgs` are lists of ids as JSON. +kind: the owner's index is the narrow one.
ADDRESSES = """
SELECT 'contact', contact.id, channel.value, contact.display_name, COALESCE(org.name, ''),
contact.lifecycle_stage, channel.status, contact.do_not_contact, contact.deceased,
1 - channel.is_primary, channel.id
FROM json_each(:contacts) AS wanted
JOIN contact ON contact.id = wanted.value
JOIN channel ON channel.contact_id = contact.id AND +channel.kind = 'email'
LEFT JOIN employment ON employment.contact_id = contact.id
    AND employment.is_primary = 1 AND employment.ended_on IS NULL
LEFT JOIN org ON org.id = employment.org_id
WHERE contact.archived_at IS NULL
UNION ALL
SELECT 'org', org.id, channel.value, org.name, '', org.kind, channel.status, 0, 0,
1 - channel.is_primary, channel.id
FROM json_each(:orgs) AS wanted
JOIN org ON org.id = wanted.value
JOIN channel ON channel.org_id = org.id AND +channel.kind = 'email'
WHERE org.archived_at IS NULL
"""
