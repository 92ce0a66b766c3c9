"""SQL of goals and of rates."""

GOALS = """
SELECT goal.id, goal.owner_id, app_user.name AS owner, goal.metric, goal.starts_on, goal.ends_on,
goal.target, goal.currency
FROM goal LEFT JOIN app_user ON app_user.id = goal.owner_id
WHERE (:first IS NULL OR goal.ends_on >= :first) AND (:last IS NULL OR goal.starts_on <= :last)
ORDER BY goal.starts_on, goal.ends_on, app_user.name NULLS FIRST, goal.metric, goal.id
"""
GOAL = """
SELECT id FROM goal WHERE owner_id IS :owner_id AND metric = :metric
AND starts_on = :starts_on AND ends_on = :ends_on
"""
RATES = "SELECT id, base, quote, on_date, rate FROM rate ORDER BY base, quote, on_date"
RATE = "SELECT id FROM rate WHERE base = :base AND quote = :quote AND on_date = :on_date"
