"""SQL of leads: people who are not customers yet, and whom one has not given up."""

LIVING = """contact.lifecycle_stage IN ('lead', 'qualified')
AND contact.lead_status IS NOT 'unqualified'"""
GIVEN_UP = "contact.lead_status = 'unqualified'"
# What somebody was, and where they stood, the first first.
HISTORY = """
SELECT 'lifecycle' AS pipeline, stage, entered_at AS since, NULL AS until FROM lifecycle_history
WHERE contact_id = :id
UNION ALL
SELECT pipeline.name, stage.name, history.entered_at, history.exited_at
FROM contact_stage_history AS history JOIN stage ON stage.id = history.stage_id
JOIN pipeline ON pipeline.id = history.pipeline_id WHERE history.contact_id = :id
ORDER BY since, pipeline
"""
