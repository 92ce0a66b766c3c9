"""SQL of sources: what was spent on them, and who came from them."""

SPENT = """
SELECT source_id, currency, sum(amount_minor) AS minor FROM source_cost
GROUP BY source_id, currency ORDER BY source_id, currency
"""
COSTS = """
SELECT id, spent_on, amount_minor, currency, note FROM source_cost
WHERE source_id = :source_id ORDER BY spent_on, id
"""
# Whatever hangs on a source, the trash's too.
HANGS = {
    "contact": "SELECT id FROM contact WHERE source_id = :source_id",
    "deal": "SELECT id FROM deal WHERE source_id = :source_id",
    "source_cost": "SELECT id FROM source_cost WHERE source_id = :source_id",
}
