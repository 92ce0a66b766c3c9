"""SQL of what one wants to know before a meeting."""

_TOUCH = """
SELECT interaction.id, interaction.kind, interaction.direction, interaction.outcome,
interaction.occurred_at, interaction.duration_seconds, interaction.body
FROM {source} AND interaction.counts_as_touch = 1 AND interaction.archived_at IS NULL
ORDER BY interaction.occurred_at DESC, interaction.id DESC LIMIT :limit
"""
TOUCHES = {
    "contact": _TOUCH.format(
        source="""interaction_contact JOIN interaction
ON interaction.id = interaction_contact.interaction_id
WHERE interaction_contact.contact_id = :id"""
    ),
    "org": _TOUCH.format(source="interaction WHERE interaction.org_id = :id"),
    "deal": _TOUCH.format(source="interaction WHERE interaction.deal_id = :id"),
}
# Sums in two halves: many of the largest amounts would not fit into one.
_CLOSED = """
SELECT deal.status, deal.currency, deal.value_period AS period, count(*) AS count,
sum(deal.amount_minor / 1000000) AS millions, sum(deal.amount_minor % 1000000) AS rest
FROM {source} AND deal.status <> 'open' AND deal.archived_at IS NULL
GROUP BY deal.status, deal.currency, deal.value_period
ORDER BY deal.status DESC, deal.currency, deal.value_period
"""
CLOSED = {
    "contact": _CLOSED.format(
        source="""deal_contact JOIN deal ON deal.id = deal_contact.deal_id
WHERE deal_contact.contact_id = :id"""
    ),
    "org": _CLOSED.format(source="deal WHERE deal.org_id = :id"),
}
ORG_OF = """
SELECT org.id FROM employment JOIN org ON org.id = employment.org_id
WHERE employment.contact_id = :id AND employment.is_primary = 1 AND employment.ended_on IS NULL
AND org.archived_at IS NULL
"""
DATES = """
SELECT contact_id, kind, year, month, day FROM important_date WHERE contact_id IN ({ids})
ORDER BY id
"""
# With whom one speaks on a day: the first to come first.
SPOKEN_TO = """
SELECT contact_id, org_id, deal_id FROM task
WHERE due_on = :day AND kind IN ('meeting', 'call', 'visit')
AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
AND (hidden_until_on IS NULL OR hidden_until_on <= :day)
AND (:owner IS NULL OR owner_id = (SELECT id FROM app_user WHERE name = :owner))
AND NOT EXISTS (SELECT 1 FROM contact
    WHERE contact.id = task.contact_id AND contact.archived_at IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM org WHERE org.id = task.org_id AND org.archived_at IS NOT NULL)
ORDER BY due_time IS NULL, due_time, id
"""
