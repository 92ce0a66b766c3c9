"""SQL of filters: how records hang together. A filter puts its conditions behind each of these."""

# Of contacts: each gives contact ids.
CONTACT_CHANNEL = {
    "email": "SELECT channel.contact_id FROM channel WHERE channel.kind = 'email'",
    "phone": "SELECT channel.contact_id FROM channel WHERE channel.kind = 'phone'",
    "url": "SELECT channel.contact_id FROM channel WHERE channel.kind = 'url'",
}
CONTACT_ADDRESS = "SELECT address.contact_id FROM address WHERE address.contact_id IS NOT NULL"
CONTACT_TAG = "SELECT tagging.contact_id FROM tagging WHERE tagging.contact_id IS NOT NULL"
CONTACT_HANDLE = "SELECT handle.contact_id FROM handle WHERE handle.is_current = 1"
CONTACT_BIRTHDAY = """
SELECT important_date.contact_id FROM important_date WHERE important_date.kind = 'birthday'
"""
CONTACT_JOB = "SELECT employment.contact_id FROM employment WHERE employment.ended_on IS NULL"
CONTACT_ORG = """
SELECT employment.contact_id FROM employment JOIN org ON org.id = employment.org_id
WHERE employment.ended_on IS NULL AND org.archived_at IS NULL
"""
CONTACT_TASK = """
SELECT task.contact_id FROM task
WHERE task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL
"""
CONTACT_INTERACTION = """
SELECT interaction_contact.contact_id FROM interaction_contact
JOIN interaction ON interaction.id = interaction_contact.interaction_id
WHERE interaction.archived_at IS NULL
"""

# Of orgs: each gives org ids.
ORG_CHANNEL = {
    "email": "SELECT channel.org_id FROM channel WHERE channel.kind = 'email'",
    "phone": "SELECT channel.org_id FROM channel WHERE channel.kind = 'phone'",
    "url": "SELECT channel.org_id FROM channel WHERE channel.kind = 'url'",
}
ORG_ADDRESS = "SELECT address.org_id FROM address WHERE address.org_id IS NOT NULL"
ORG_TAG = "SELECT tagging.org_id FROM tagging WHERE tagging.org_id IS NOT NULL"
ORG_HANDLE = "SELECT handle.org_id FROM handle WHERE handle.is_current = 1"
ORG_CONTACT = """
SELECT employment.org_id FROM employment JOIN contact ON contact.id = employment.contact_id
WHERE employment.ended_on IS NULL AND contact.archived_at IS NULL
"""
ORG_TASK = """
SELECT task.org_id FROM task
WHERE task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL
"""
ORG_INTERACTION = "SELECT interaction.org_id FROM interaction WHERE interaction.archived_at IS NULL"

# Of deals, and of what hangs on them.
CONTACT_DEAL = """
SELECT deal_contact.contact_id FROM deal_contact JOIN deal ON deal.id = deal_contact.deal_id
WHERE deal.archived_at IS NULL
"""
CONTACT_BY_DEAL = """
SELECT deal_contact.contact_id FROM deal CROSS JOIN deal_contact
WHERE deal_contact.deal_id = deal.id AND deal.archived_at IS NULL
"""
CONTACT_STEP = """
SELECT history.contact_id FROM contact_stage_history AS history
JOIN stage ON stage.id = history.stage_id JOIN pipeline ON pipeline.id = history.pipeline_id
WHERE history.exited_at IS NULL
"""
ORG_DEAL = "SELECT deal.org_id FROM deal WHERE deal.archived_at IS NULL"
LIVING_DEAL = "SELECT deal.id FROM deal WHERE deal.archived_at IS NULL"
DEAL_CONTACT = """
SELECT deal_contact.deal_id FROM deal_contact
JOIN contact ON contact.id = deal_contact.contact_id WHERE contact.archived_at IS NULL
"""
DEAL_BY_CONTACT = """
SELECT deal_contact.deal_id FROM contact CROSS JOIN deal_contact
WHERE deal_contact.contact_id = contact.id AND contact.archived_at IS NULL
"""
DEAL_TASK = """
SELECT task.deal_id FROM task
WHERE task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL
"""
DEAL_INTERACTION = (
    "SELECT interaction.deal_id FROM interaction WHERE interaction.archived_at IS NULL"
)
DEAL_TAG = "SELECT tagging.deal_id FROM tagging WHERE tagging.deal_id IS NOT NULL"
STAGE = "SELECT stage.id FROM stage WHERE stage.id > 0"
PIPELINE = "SELECT pipeline.id FROM pipeline WHERE pipeline.id > 0"
SOURCE = "SELECT source.id FROM source WHERE source.id > 0"
REASON = "SELECT reason.id FROM reason WHERE reason.id > 0"

# Of tasks and interactions: each gives ids of what the record points at, or its own.
LIVING_CONTACT = "SELECT contact.id FROM contact WHERE contact.archived_at IS NULL"
LIVING_ORG = "SELECT org.id FROM org WHERE org.archived_at IS NULL"
INTERACTION_CONTACT = """
SELECT interaction_contact.interaction_id FROM interaction_contact
JOIN contact ON contact.id = interaction_contact.contact_id WHERE contact.archived_at IS NULL
"""
INTERACTION_TAG = """
SELECT tagging.interaction_id FROM tagging WHERE tagging.interaction_id IS NOT NULL
"""

# The same from the other end: for the few that a condition on the related record selects.
CONTACT_BY_ORG = """
SELECT employment.contact_id FROM org CROSS JOIN employment
WHERE employment.org_id = org.id AND employment.ended_on IS NULL AND org.archived_at IS NULL
"""
CONTACT_BY_INTERACTION = """
SELECT interaction_contact.contact_id FROM interaction CROSS JOIN interaction_contact
WHERE interaction_contact.interaction_id = interaction.id AND interaction.archived_at IS NULL
"""
ORG_BY_CONTACT = """
SELECT employment.org_id FROM contact CROSS JOIN employment
WHERE employment.contact_id = contact.id AND employment.ended_on IS NULL
AND contact.archived_at IS NULL
"""
INTERACTION_BY_CONTACT = """
SELECT interaction_contact.interaction_id FROM contact CROSS JOIN interaction_contact
WHERE interaction_contact.contact_id = contact.id AND contact.archived_at IS NULL
"""

# Full text: the ids of a noun's records that hold words, or hold a text inside their words. Its
# texts have ids of their own range (rows.doc_id).
MATCH = """
SELECT search_text.rowid - :first FROM search_text
WHERE search_text MATCH :query AND search_text.rowid BETWEEN :first AND :last
"""
INFIX = """
SELECT search_doc.row_id FROM search_doc WHERE search_doc.id BETWEEN :first AND :last
AND (search_doc.title LIKE :pattern ESCAPE '\\' OR search_doc.body LIKE :pattern ESCAPE '\\')
"""

USERS = "SELECT id, name FROM app_user"
TAG = "SELECT id FROM tag WHERE name_norm = :name_norm"
TAGS = "SELECT name, name_norm FROM tag"
FIELD = "SELECT type FROM custom_field WHERE noun = :noun AND key = :key"
FIELDS = "SELECT key FROM custom_field WHERE noun = :noun ORDER BY key"
