"""Keeping in touch: how often, how long ago, and what follows (formulas 4.19).

Imports nothing: the hot calls stand on it.
"""

LONGEST = 3650  # days
QUIET_DAYS = 30  # whoever was in touch since then needs no suggestion
COLD_SHARE = 1.5  # of the cadence, unless a limit of its own is given


def share(days_since: int, days: int) -> float:
    """Give r: the days since the last touch as a share of the cadence of `days`."""
    return days_since / days


def state(days_since: int, days: int, max_days: int | None = None) -> str:
    """Give ok (r < 1), due, or cold (longer than `max_days`, by default 1.5 cadences, ago)."""
    if days_since > (max_days or COLD_SHARE * days):
        return "cold"
    return "due" if days_since >= days else "ok"


def health(days_since: int, days: int) -> int:
    """Give 100 for a touch today, 50 for one a whole cadence ago, and so on down to 0."""
    return int(100 * 0.5 ** min(max(share(days_since, days), 0), 64) + 0.5)
