"""SQL of staying in touch: who waits for an answer, who fell silent, whom to think of."""

_PERSON = """
SELECT contact.id, contact.display_name, handle.name, {more} FROM contact
LEFT JOIN handle ON handle.contact_id = contact.id AND handle.is_current = 1
WHERE contact.archived_at IS NULL AND {which}
AND (:owner IS NULL OR contact.owner_id = (SELECT id FROM app_user WHERE name = :owner))
"""
# The index of the few who wait for an answer, or from whom one is awaited.
UNANSWERED = (
    _PERSON.format(
        more="contact.unanswered_at",
        which="""contact.unanswered = :side
AND contact.unanswered_at <= :before AND contact.unanswered_at > :after
AND contact.do_not_contact = 0 AND contact.deceased = 0
AND (:side = 'in' OR contact.paused_until_on IS NULL OR contact.paused_until_on <= :today)""",
    )
    + "ORDER BY contact.unanswered_at, contact.id"
)
DORMANT = (
    _PERSON.format(more="contact.last_touch_at", which="contact.last_touch_at <= :before {filter}")
    + "ORDER BY contact.last_touch_at, contact.id"
)
TOUCHES = """
SELECT interaction_contact.contact_id, interaction.occurred_at FROM interaction_contact
JOIN interaction ON interaction.id = interaction_contact.interaction_id
WHERE interaction_contact.contact_id IN ({ids}) AND interaction.counts_as_touch = 1
AND interaction.archived_at IS NULL AND interaction.occurred_at >= :after
ORDER BY interaction.occurred_at
"""

# Whom to think of: nobody with a cadence, a follow-up, a letter on the way or a wish to be left
# alone. `{which}` says who, `{tagged}` whether they wear a tag.
_SUGGESTED = (
    _PERSON.format(
        more="contact.last_touch_at",
        which="""{which} {tagged}
AND contact.next_touch_on IS NULL AND contact.unanswered IS NULL
AND contact.do_not_contact = 0 AND contact.deceased = 0
AND (contact.paused_until_on IS NULL OR contact.paused_until_on <= :today)
AND NOT EXISTS (SELECT 1 FROM task WHERE task.contact_id = contact.id
    AND task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL)""",
    )
    + "ORDER BY contact.last_touch_at, contact.id LIMIT :limit"
)
_TOUCHED = {
    "touched": "contact.last_touch_at <= :before",
    "untouched": "contact.last_touch_at IS NULL AND contact.created_at <= :before",
}
# A common tag is looked up person by person, rare ones give the people (performance.md, Tags).
_TAGGED = {
    "common": "AND EXISTS (SELECT 1 FROM tagging WHERE tagging.contact_id = contact.id)",
    "rare": "AND contact.id IN (SELECT contact_id FROM tagging WHERE contact_id IS NOT NULL)",
    "none": "AND NOT EXISTS (SELECT 1 FROM tagging WHERE tagging.contact_id = contact.id)",
}
SUGGESTED = {
    (tags, touch): _SUGGESTED.format(which=which, tagged=tagged)
    for tags, tagged in _TAGGED.items()
    for touch, which in _TOUCHED.items()
}
TAGGINGS = """
SELECT count(*) FROM (SELECT 1 FROM tagging WHERE contact_id IS NOT NULL LIMIT :cap)
"""

# Open deals that want attention; the index of open deals is walked, closed ones are not looked at.
_DEAL = """
SELECT deal.id, deal.name, stage.name, deal.stage_entered_at, deal.last_activity_at,
contact.id, contact.display_name, contact_handle.name, org.id, org.name, org_handle.name
FROM deal JOIN stage ON stage.id = deal.stage_id
LEFT JOIN deal_contact ON deal_contact.deal_id = deal.id AND deal_contact.is_primary = 1
LEFT JOIN contact ON contact.id = deal_contact.contact_id
LEFT JOIN handle AS contact_handle
    ON contact_handle.contact_id = contact.id AND contact_handle.is_current = 1
LEFT JOIN org ON org.id = deal.org_id
LEFT JOIN handle AS org_handle ON org_handle.org_id = org.id AND org_handle.is_current = 1
WHERE deal.id IN (
    SELECT id FROM deal WHERE status = 'open' AND archived_at IS NULL {which}
    AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
    ORDER BY {order} LIMIT :limit)
ORDER BY {order}
"""
_STEP = """NOT EXISTS (SELECT 1 FROM task WHERE task.deal_id = deal.id
    AND task.status IN ('needs_action', 'in_process') AND task.archived_at IS NULL {due})"""
NO_STEP = _DEAL.format(
    which=f"AND {_STEP.format(due='')}", order="deal.close_date NULLS LAST, deal.id"
)
ROTTING = _DEAL.format(
    which=f"""AND deal.stage_id = :stage_id AND deal.stage_entered_at <= :before
AND (deal.last_activity_at IS NULL OR deal.last_activity_at <= :before)
AND {_STEP.format(due="AND task.due_on >= :today")}""",
    order="""CASE WHEN deal.last_activity_at > deal.stage_entered_at
    THEN deal.last_activity_at ELSE deal.stage_entered_at END, deal.id""",
)
ROTTING_STAGES = """
SELECT id, rotting_days FROM stage WHERE rotting_days IS NOT NULL AND kind = 'open' ORDER BY id
"""
