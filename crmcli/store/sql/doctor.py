"""SQL of the checks that `crm doctor` makes."""

# What was merged left its handles to the record it was merged into.
MISSING_HANDLES = """
SELECT 'contact', id FROM contact WHERE merged_into_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM handle WHERE handle.contact_id = contact.id AND handle.is_current = 1)
UNION ALL SELECT 'org', id FROM org WHERE merged_into_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM handle WHERE handle.org_id = org.id AND handle.is_current = 1)
"""
# Only another program, or a dump that was edited, parts a deal from its history.
WRONG_STAYS = """
SELECT id, stage_id, stage_entered_at FROM deal WHERE NOT EXISTS (
    SELECT 1 FROM deal_stage_history AS stay WHERE stay.deal_id = deal.id
    AND stay.exited_at IS NULL AND stay.stage_id = deal.stage_id)
"""
WRONG_TOUCH = """
SELECT id FROM contact WHERE last_touch_at IS NOT (
    SELECT max(interaction.occurred_at) FROM interaction_contact
    JOIN interaction ON interaction.id = interaction_contact.interaction_id
    WHERE interaction_contact.contact_id = contact.id
    AND interaction.counts_as_touch = 1 AND interaction.archived_at IS NULL
)
"""
IDS = {
    "contact": "SELECT id FROM contact",
    "org": "SELECT id FROM org",
    "task": "SELECT id FROM task",
    "interaction": "SELECT id FROM interaction",
    "deal": "SELECT id FROM deal",
}
STALE_DOCS = """
SELECT id FROM search_doc WHERE
(noun = 'contact' AND row_id NOT IN (SELECT id FROM contact))
OR (noun = 'org' AND row_id NOT IN (SELECT id FROM org))
OR (noun = 'task' AND row_id NOT IN (SELECT id FROM task))
OR (noun = 'interaction' AND row_id NOT IN (SELECT id FROM interaction))
OR (noun = 'deal' AND row_id NOT IN (SELECT id FROM deal))
"""
NAME_TITLES = """
SELECT title FROM search_doc
WHERE (noun = 'contact' AND row_id IN (SELECT id FROM contact))
OR (noun = 'org' AND row_id IN (SELECT id FROM org))
"""
NAME_WORDS = "SELECT word, reversed FROM name_word"
DROP_NAME_WORD = "DELETE FROM name_word WHERE word = :word"
OPEN_STATE = "SELECT group_id FROM journal_state WHERE group_id IS NOT NULL"
WRONG_NORM = "SELECT id, display_name, name_norm FROM contact"
WRONG_ORG_NORM = "SELECT id, name, name_norm FROM org"
WRONG_DEAL_NORM = "SELECT id, name, name_norm FROM deal"
