"""Organizations: the words their fields may hold."""

KINDS = ("prospect", "client", "partner", "supplier", "investor", "competitor", "other")
