"""The views `v_…`: what other programs may rely on (docs/views.md). Imports nothing heavy.

Their names and columns stay; columns are added at the end only. Each holds living records only,
and reads no clock: how many days something stands is left to who asks.
"""

from crmcli.money import DECIMALS
from crmcli.rules.deal import YEAR


def _codes(decimals: int) -> str:
    return ", ".join(f"'{code}'" for code, found in sorted(DECIMALS.items()) if found == decimals)


def _decimal(minor: str, currency: str) -> str:
    """Give the SQL of an amount as decimal text with a point, exact whatever its size."""
    parts = " ".join(
        f"WHEN {currency} IN ({_codes(n)}) THEN printf('%d.%0{n}d', {minor} / {10**n},"
        f" {minor} % {10**n})"
        for n in (3, 4)
    )
    return (
        f"CASE WHEN {minor} IS NULL THEN NULL WHEN {currency} IN ({_codes(0)}) THEN"
        f" printf('%d', {minor}) {parts}"
        f" ELSE printf('%d.%02d', {minor} / 100, {minor} % 100) END"
    )


def _tags(noun: str) -> str:
    return (
        f"(SELECT group_concat(name, ', ') FROM (SELECT t.name FROM tagging g JOIN tag t"
        f" ON t.id = g.tag_id WHERE g.{noun}_id = {noun}.id ORDER BY t.name_norm)) AS tags"
    )


def _channel(noun: str, kind: str) -> str:
    return (
        f"(SELECT value FROM channel WHERE {noun}_id = {noun}.id AND kind = '{kind}'"
        f" ORDER BY is_primary DESC, id LIMIT 1) AS {kind}"
    )


def _place(noun: str) -> str:
    columns = {"city": "locality", "country": "country"}
    return ", ".join(
        f"(SELECT {column} FROM address WHERE {noun}_id = {noun}.id ORDER BY id LIMIT 1) AS {name}"
        for name, column in columns.items()
    )


_OPEN_TASK = "status IN ('needs_action', 'in_process') AND archived_at IS NULL"
_PERIODS = " ".join(f"WHEN '{period}' THEN {times}" for period, times in YEAR.items() if times > 1)
_YEAR = f"deal.amount_minor * CASE deal.value_period {_PERIODS} ELSE 1 END"


def _own(override: str, of_stage: str) -> str:
    """Give the SQL of what an open deal may have of its own; else it is that of its stage."""
    return f"COALESCE(CASE deal.status WHEN 'open' THEN deal.{override} END, stage.{of_stage})"


_OWNER = "(SELECT name FROM app_user WHERE id = {noun}.owner_id) AS owner"


def _handle(noun: str) -> str:
    return f"(SELECT name FROM handle WHERE {noun}_id = {noun}.id AND is_current = 1) AS handle"


VIEWS = {
    "v_contact": f"""
SELECT contact.id, 'c' || contact.id AS ref, {_handle("contact")}, contact.display_name AS name,
contact.given_name, contact.family_name, org.id AS org_id, org.name AS org, job.title,
{_channel("contact", "email")}, {_channel("contact", "phone")}, {_place("contact")},
{_tags("contact")}, contact.lifecycle_stage AS stage, contact.lead_status,
(SELECT name FROM source WHERE id = contact.source_id) AS source,
{_OWNER.format(noun="contact")}, contact.last_touch_at, contact.next_touch_on,
contact.do_not_contact, contact.note, contact.custom, contact.created_at, contact.updated_at,
contact.uid
FROM contact
LEFT JOIN employment job ON job.contact_id = contact.id AND job.is_primary = 1
AND job.ended_on IS NULL
LEFT JOIN org ON org.id = job.org_id WHERE contact.archived_at IS NULL""",
    "v_lead": """
SELECT id, ref, handle, name, org_id, org, email, phone, tags, stage, lead_status, source, owner,
last_touch_at, (SELECT min(entered_at) FROM lifecycle_history h WHERE h.contact_id = v_contact.id
AND h.stage IN ('lead', 'qualified')) AS lead_since, created_at, uid
FROM v_contact WHERE stage IN ('lead', 'qualified')""",
    "v_org": f"""
SELECT org.id, 'o' || org.id AS ref, {_handle("org")}, org.name, org.kind, org.domain, org.industry,
{_channel("org", "email")}, {_channel("org", "phone")}, {_place("org")}, {_tags("org")},
{_OWNER.format(noun="org")}, org.note, org.custom, org.created_at, org.updated_at, org.uid
FROM org WHERE org.archived_at IS NULL""",
    "v_pipeline_stage": """
SELECT stage.id, pipeline.id AS pipeline_id, pipeline.name AS pipeline, pipeline.holds,
pipeline.is_default, stage.position, stage.name AS stage, stage.kind, stage.probability,
stage.forecast_category AS category, stage.rotting_days, stage.archived_at
FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id""",
    "v_deal": f"""
SELECT deal.id, 'd' || deal.id AS ref, deal.name, deal.status, pipeline.name AS pipeline,
stage.name AS stage, stage.position AS stage_position,
{_decimal("deal.amount_minor", "deal.currency")} AS amount, deal.amount_minor, deal.currency,
deal.value_period AS period, {_YEAR} AS value_minor,
{_own("probability_override", "probability")} AS probability,
{_own("forecast_override", "forecast_category")} AS category,
deal.close_date, who.contact_id, (SELECT display_name FROM contact WHERE id = who.contact_id)
AS contact, deal.org_id, (SELECT name FROM org WHERE id = deal.org_id) AS org,
next.id AS next_task_id, next.title AS next_step, next.due_on AS next_due,
{_OWNER.format(noun="deal")}, (SELECT name FROM source WHERE id = deal.source_id) AS source,
(SELECT name FROM reason WHERE id = deal.lost_reason_id) AS lost_reason, deal.competitor,
deal.close_note, {_tags("deal")}, stage.rotting_days, deal.opened_at, deal.stage_entered_at,
deal.closed_at, deal.last_activity_at, deal.note, deal.custom, deal.created_at, deal.updated_at,
deal.uid
FROM deal JOIN stage ON stage.id = deal.stage_id JOIN pipeline ON pipeline.id = deal.pipeline_id
LEFT JOIN deal_contact who ON who.deal_id = deal.id AND who.is_primary = 1
LEFT JOIN task next ON next.id = (SELECT id FROM task WHERE deal_id = deal.id AND {_OPEN_TASK}
ORDER BY due_on NULLS LAST, due_time NULLS LAST, id LIMIT 1)
WHERE deal.archived_at IS NULL""",
    "v_forecast": """
SELECT id, ref, name, pipeline, stage, stage_position, category, close_date,
substr(close_date, 1, 7) AS month, currency, value_minor, probability,
value_minor * probability AS weighted_hundredths, contact_id, contact, org_id, org, owner, source
FROM v_deal WHERE status = 'open'""",
    "v_deal_contact": """
SELECT link.deal_id, deal.name AS deal, link.contact_id, contact.display_name AS contact,
link.role, link.is_primary
FROM deal_contact link JOIN deal ON deal.id = link.deal_id
JOIN contact ON contact.id = link.contact_id
WHERE deal.archived_at IS NULL AND contact.archived_at IS NULL""",
    "v_deal_stage": """
SELECT stay.deal_id, deal.name AS deal, pipeline.name AS pipeline, stage.name AS stage,
stage.position AS stage_position, stage.kind, stay.entered_at, stay.exited_at
FROM deal_stage_history stay JOIN deal ON deal.id = stay.deal_id
JOIN stage ON stage.id = stay.stage_id JOIN pipeline ON pipeline.id = stage.pipeline_id
WHERE deal.archived_at IS NULL""",
    "v_contact_stage": """
SELECT stay.contact_id, contact.display_name AS contact, pipeline.name AS pipeline,
stage.name AS stage, stage.position AS stage_position, stage.kind, stay.entered_at, stay.exited_at
FROM contact_stage_history stay JOIN contact ON contact.id = stay.contact_id
JOIN stage ON stage.id = stay.stage_id JOIN pipeline ON pipeline.id = stage.pipeline_id
WHERE contact.archived_at IS NULL""",
    "v_task": f"""
SELECT task.id, 't' || task.id AS ref, task.title, task.kind, task.status,
task.status IN ('needs_action', 'in_process') AS is_open, task.due_on, task.due_time, task.tz,
task.hidden_until_on, task.priority, task.contact_id,
(SELECT display_name FROM contact WHERE id = task.contact_id) AS contact, task.org_id,
(SELECT name FROM org WHERE id = task.org_id) AS org, task.deal_id,
(SELECT name FROM deal WHERE id = task.deal_id) AS deal, {_OWNER.format(noun="task")},
task.rrule, task.completed_at, task.body, task.created_at, task.updated_at, task.uid
FROM task WHERE task.archived_at IS NULL""",
    "v_interaction": f"""
SELECT interaction.id, 'i' || interaction.id AS ref, interaction.kind, interaction.direction,
interaction.outcome, interaction.occurred_at, interaction.duration_seconds, interaction.body,
interaction.counts_as_touch AS is_touch, interaction.org_id,
(SELECT name FROM org WHERE id = interaction.org_id) AS org, interaction.deal_id,
(SELECT name FROM deal WHERE id = interaction.deal_id) AS deal,
{_OWNER.format(noun="interaction")}, {_tags("interaction")}, interaction.created_at, interaction.uid
FROM interaction WHERE interaction.archived_at IS NULL""",
    "v_interaction_contact": """
SELECT link.interaction_id, interaction.kind, interaction.occurred_at, link.contact_id,
contact.display_name AS contact
FROM interaction_contact link JOIN interaction ON interaction.id = link.interaction_id
JOIN contact ON contact.id = link.contact_id
WHERE interaction.archived_at IS NULL AND contact.archived_at IS NULL""",
}
"""View -> its query."""


def all_views() -> list[tuple[str, str]]:
    """Give every view as name and DDL."""
    return [(name, f"CREATE VIEW {name} AS{query};\n") for name, query in VIEWS.items()]
