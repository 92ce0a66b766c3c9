"""Tasks: the words their fields may hold."""

KINDS = (
    "follow_up",
    "call",
    "email",
    "meeting",
    "message",
    "visit",
    "todo",
    "promise",
    "waiting",
)
STATUSES = ("needs_action", "in_process", "completed", "cancelled")
OPEN_STATUSES = ("needs_action", "in_process")

# Completing a task of one of these kinds is contact with the person, so it is logged as such.
CONTACT_KINDS = frozenset({"call", "email", "meeting", "message", "visit"})
