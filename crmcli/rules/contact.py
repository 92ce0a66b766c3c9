"""Contacts: the words their fields may hold."""

STAGES = ("subscriber", "lead", "qualified", "opportunity", "customer", "evangelist", "other")
CHANNEL_KINDS = ("email", "phone", "url")
CHANNEL_STATUSES = ("active", "unverified", "invalid", "bounced")
