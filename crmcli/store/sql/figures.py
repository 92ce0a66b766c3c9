"""SQL of the figures of sales. In {source} deals stand as they are, or as they were (AS_OF).

{source} is filled by the store, as is {labels}; a filter of deals holds for both.
"""

# How a deal is labelled in each dimension. Ids are given their names afterwards.
PARTS = {
    "owner": "deal.owner_id",
    "source": "deal.source_id",
    "stage": "deal.stage_id",
    "pipeline": "deal.pipeline_id",
    "currency": "deal.currency",
    "industry": "(SELECT industry FROM org WHERE org.id = deal.org_id)",
    "org": "deal.org_id",
    "reason": "deal.lost_reason_id",
    "competitor": "deal.competitor",
    "month": "substr(deal.close_date, 1, 7)",
}
NAMES = {
    "owner": "SELECT id, name FROM app_user",
    "source": "SELECT id, name FROM source",
    "pipeline": "SELECT id, name FROM pipeline",
    "org": "SELECT id, name FROM org",
    "reason": "SELECT id, name FROM reason",
}
STAGES = """
SELECT stage.id, stage.pipeline_id, pipeline.name AS pipeline, pipeline.holds,
pipeline.is_default, stage.name, stage.kind, stage.position, stage.probability,
stage.forecast_category AS category, stage.archived_at
FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id
ORDER BY pipeline.is_default DESC, pipeline.id, stage.position, stage.id
"""
# A deal at the end of a day: where it stood by then, and what it was said to be worth.
AS_OF = """(
    SELECT deal.id, deal.uid, deal.version, deal.name, deal.name_norm, deal.org_id,
    deal.owner_id, deal.source_id, deal.competitor, deal.note, deal.custom, deal.opened_at,
    deal.last_activity_at, deal.created_at, deal.updated_at, deal.archived_at,
    stage.pipeline_id, stage.id AS stage_id, stage.kind AS status,
    CASE stage.kind WHEN 'lost' THEN deal.lost_reason_id END AS lost_reason_id,
    CASE WHEN stage.kind <> 'open' THEN deal.close_note END AS close_note,
    CASE WHEN stay.exited_at IS NULL THEN deal.closed_at
        WHEN stage.kind <> 'open' THEN stay.entered_at END AS closed_at,
    stay.entered_at AS stage_entered_at, value.amount_minor, value.currency,
    COALESCE(value.value_period, 'one_time') AS value_period, value.probability_override,
    value.forecast_override, value.close_date
    FROM deal
    JOIN deal_stage_history AS stay ON stay.deal_id = deal.id AND stay.entered_at < :as_of
    AND (stay.exited_at IS NULL OR stay.exited_at >= :as_of)
    JOIN stage ON stage.id = stay.stage_id
    LEFT JOIN deal_value_history AS value ON value.id = (
        SELECT id FROM deal_value_history WHERE deal_id = deal.id AND changed_at < :as_of
        ORDER BY changed_at DESC, id DESC LIMIT 1)
) AS deal"""
# Deals that are due in the period; strictly, none of them is late.
_DUE = """deal.close_date BETWEEN :first AND :last AND (deal.close_date >= :today OR NOT :strict)"""
_LATE = f"""deal.close_date < :today AND NOT ({_DUE})"""
# Sums in two halves, for many of the largest amounts would not fit into one. The three parts stand
# side by side, so that an index can give the groups in order.
OPEN_SUMS = f"""
SELECT deal.stage_id, deal.currency, deal.value_period, deal.probability_override,
deal.forecast_override,
sum({_DUE}) AS due_deals,
sum(CASE WHEN {_DUE} THEN deal.amount_minor / 1000000 END) AS due_millions,
sum(CASE WHEN {_DUE} THEN deal.amount_minor % 1000000 END) AS due_rest,
sum({_LATE}) AS late_deals,
sum(CASE WHEN {_LATE} THEN deal.amount_minor / 1000000 END) AS late_millions,
sum(CASE WHEN {_LATE} THEN deal.amount_minor % 1000000 END) AS late_rest,
sum(deal.close_date IS NULL) AS undated_deals,
sum(CASE WHEN deal.close_date IS NULL THEN deal.amount_minor / 1000000 END) AS undated_millions,
sum(CASE WHEN deal.close_date IS NULL THEN deal.amount_minor % 1000000 END) AS undated_rest
{{labels}}
FROM {{source}}
WHERE deal.status = 'open' AND deal.archived_at IS NULL {{filter}}
GROUP BY deal.stage_id, deal.currency, deal.value_period, deal.probability_override,
deal.forecast_override {{names}}
"""
OPEN_DEALS = f"""
SELECT deal.id, deal.stage_id, deal.forecast_override,
CASE WHEN deal.close_date IS NULL THEN 'undated' WHEN {_DUE} THEN 'due'
    WHEN deal.close_date < :today THEN 'late' ELSE 'later' END AS part
{{labels}}
FROM {{source}}
WHERE deal.status = 'open' AND deal.archived_at IS NULL {{filter}}
ORDER BY deal.close_date NULLS LAST, deal.id
"""
# What stands open, whatever its close date: what was expected of a day, how many are qualified.
STANDING = """
SELECT deal.id, deal.stage_id, deal.probability_override, deal.forecast_override,
deal.close_date {labels}
FROM {source}
WHERE deal.status = 'open' AND deal.archived_at IS NULL {filter}
ORDER BY deal.id
"""
CLOSED = """
SELECT deal.id, deal.status, deal.stage_id, deal.amount_minor, deal.currency, deal.value_period,
deal.opened_at, deal.closed_at {labels}
FROM {source}
WHERE deal.status <> 'open' AND deal.archived_at IS NULL
AND deal.closed_at >= :begin AND deal.closed_at < :end {filter}
ORDER BY deal.closed_at DESC, deal.id DESC
"""
# The open stage that a closed deal came from.
LAST_OPEN_STAGE = """(
    SELECT stay.stage_id FROM deal_stage_history AS stay JOIN stage ON stage.id = stay.stage_id
    WHERE stay.deal_id = deal.id AND stage.kind = 'open'
    ORDER BY stay.entered_at DESC, stay.id DESC LIMIT 1)"""

# Cohorts: deals by when they were opened, people by when they entered the pipeline first.
_RANK = """max(CASE stage.kind WHEN 'won' THEN 1000000 WHEN 'open' THEN stage.position END)"""
REACHED = {
    "deal": f"""
SELECT deal.id AS id, (
    SELECT {_RANK} FROM deal_stage_history AS stay JOIN stage ON stage.id = stay.stage_id
    WHERE stay.deal_id = deal.id AND stage.pipeline_id = :pipeline_id
    AND (:as_of IS NULL OR stay.entered_at < :as_of)) AS rank {{labels}}
FROM deal
WHERE deal.opened_at >= :begin AND deal.opened_at < :end AND deal.archived_at IS NULL {{filter}}
""",
    "contact": f"""
SELECT contact.id AS id, {_RANK} AS rank {{labels}}
FROM contact JOIN contact_stage_history AS stay ON stay.contact_id = contact.id
JOIN stage ON stage.id = stay.stage_id
WHERE contact.archived_at IS NULL AND stay.pipeline_id = :pipeline_id
AND (:as_of IS NULL OR stay.entered_at < :as_of) {{filter}}
GROUP BY contact.id
HAVING min(stay.entered_at) >= :begin AND min(stay.entered_at) < :end
""",
}
FUNNEL = {
    noun: f"SELECT rank, count(*) AS records {{names}} FROM ({query}) GROUP BY rank {{names}}"
    for noun, query in REACHED.items()
}
# All the stays of whoever entered a stage of the pipeline in the window.
STAYS = {
    "deal": """
SELECT stay.deal_id AS id, stay.stage_id, stay.entered_at, stay.exited_at
FROM deal_stage_history AS stay
WHERE (:as_of IS NULL OR stay.entered_at < :as_of) AND stay.deal_id IN (
    SELECT deal.id FROM deal JOIN deal_stage_history AS come ON come.deal_id = deal.id
    JOIN stage ON stage.id = come.stage_id
    WHERE stage.pipeline_id = :pipeline_id AND deal.archived_at IS NULL
    AND come.entered_at >= :begin AND come.entered_at < :end {filter})
ORDER BY stay.deal_id, stay.entered_at, stay.exited_at NULLS LAST, stay.id
""",
    "contact": """
SELECT stay.contact_id AS id, stay.stage_id, stay.entered_at, stay.exited_at
FROM contact_stage_history AS stay
WHERE stay.pipeline_id = :pipeline_id AND (:as_of IS NULL OR stay.entered_at < :as_of)
AND stay.contact_id IN (
    SELECT contact.id FROM contact
    JOIN contact_stage_history AS come ON come.contact_id = contact.id
    WHERE come.pipeline_id = :pipeline_id AND contact.archived_at IS NULL
    AND come.entered_at >= :begin AND come.entered_at < :end {filter})
ORDER BY stay.contact_id, stay.entered_at, stay.exited_at NULLS LAST, stay.id
""",
}
SLIPS = """
SELECT deal.id, deal.stage_id, slip.days {labels} FROM (
    SELECT deal_id, changed_at, CAST(julianday(close_date) - julianday(
        lag(close_date) OVER (PARTITION BY deal_id ORDER BY changed_at, id)) AS INTEGER) AS days
    FROM deal_value_history) AS slip
JOIN deal ON deal.id = slip.deal_id
WHERE slip.days <> 0 AND slip.changed_at >= :begin AND slip.changed_at < :end
AND deal.archived_at IS NULL {filter}
ORDER BY slip.changed_at DESC, deal.id DESC
"""
# Who became a lead in the window, and since when they are a customer, if they are.
LEADS = """
SELECT contact.id, min(lead.entered_at) AS began, (
    SELECT min(entered_at) FROM lifecycle_history AS bought WHERE bought.contact_id = contact.id
    AND bought.stage IN ('customer', 'evangelist') AND bought.entered_at >= lead.entered_at
    AND (:as_of IS NULL OR bought.entered_at < :as_of)) AS bought {labels}
FROM lifecycle_history AS lead JOIN contact ON contact.id = lead.contact_id
WHERE lead.stage = 'lead' AND lead.entered_at >= :begin AND lead.entered_at < :end
AND contact.archived_at IS NULL {filter}
GROUP BY contact.id ORDER BY began DESC, contact.id DESC
"""
COSTS = """
SELECT source.name AS source, source_cost.spent_on, source_cost.amount_minor, source_cost.currency
FROM source_cost JOIN source ON source.id = source_cost.source_id
WHERE source_cost.spent_on BETWEEN :first AND :last
"""
PARTS_OF_CONTACTS = {
    "owner": "contact.owner_id",
    "source": "contact.source_id",
    "industry": """(
        SELECT org.industry FROM employment JOIN org ON org.id = employment.org_id
        WHERE employment.contact_id = contact.id AND employment.is_primary = 1
        AND employment.ended_on IS NULL)""",
    "org": """(
        SELECT employment.org_id FROM employment WHERE employment.contact_id = contact.id
        AND employment.is_primary = 1 AND employment.ended_on IS NULL)""",
}

# What goals are measured by; closed deals are read by CLOSED.
NEW_CONTACTS = """
SELECT id FROM contact WHERE created_at >= :begin AND created_at < :end AND archived_at IS NULL
AND (:owner_id IS NULL OR owner_id = :owner_id) ORDER BY id
"""
TOUCHES = """
SELECT id FROM interaction WHERE occurred_at >= :begin AND occurred_at < :end
AND counts_as_touch = 1 AND archived_at IS NULL
AND (:owner_id IS NULL OR owner_id = :owner_id) ORDER BY id
"""
