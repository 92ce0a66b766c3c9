"""What is to be done; a follow-up is a task on a contact."""

from sqlmodel import Field

from crmcli.rules.task import KINDS, OPEN_STATUSES, REPEAT_FROM, STATUSES
from crmcli.store.models.base import Editable, check, foreign, index, one_of, table

OPEN = f"status IN {OPEN_STATUSES} AND archived_at IS NULL"


class Task(Editable, table=True):
    """Something to do, perhaps with a due date and a wall-clock time (RFC 5545 VTODO words)."""

    uid: str = Field(unique=True)
    kind: str = Field(default="follow_up", sa_column_kwargs={"server_default": "follow_up"})
    title: str
    body: str | None = None
    status: str = Field(default="needs_action", sa_column_kwargs={"server_default": "needs_action"})
    priority: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    due_on: str | None = None
    due_time: str | None = Field(default=None, description="HH:MM on the wall in `tz`")
    tz: str | None = Field(default=None, description="IANA zone of due_time")
    hidden_until_on: str | None = Field(default=None, description="snoozed away until")
    snooze_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    completed_at: str | None = None
    rrule: str | None = Field(default=None, description="RFC 5545, without DTSTART")
    dtstart_on: str | None = Field(default=None, description="where the rule begins to count")
    repeat_from: str | None = Field(default=None, description="due or done")
    series_uid: str | None = Field(default=None, description="shared by the series' occurrences")
    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    deal_id: int | None = foreign("deal.id")
    owner_id: int | None = foreign("app_user.id")
    created_at: str
    updated_at: str
    archived_at: str | None = Field(default=None, description="in the trash since")

    __table_args__ = table(
        check("length(trim(title)) > 0"),
        one_of("kind", KINDS),
        one_of("status", STATUSES),
        check("priority BETWEEN 0 AND 9"),
        check("(status = 'completed') = (completed_at IS NOT NULL)"),
        check("due_time IS NULL OR (due_on IS NOT NULL AND tz IS NOT NULL)"),
        check("due_time IS NULL OR (due_time GLOB '[0-2][0-9]:[0-5][0-9]' AND due_time < '24:00')"),
        one_of("repeat_from", REPEAT_FROM, null=True),
        check(
            "rrule IS NULL OR (due_on IS NOT NULL AND dtstart_on IS NOT NULL"
            " AND repeat_from IS NOT NULL AND series_uid IS NOT NULL)"
        ),
        index("ux_task_series", "series_uid", unique=True, where=f"{OPEN} AND rrule IS NOT NULL"),
        index("ix_task_due", "due_on", "id", where=OPEN),
        index("ix_task_owner", "owner_id", "due_on", "id", where=OPEN),
        index("ix_task_contact", "contact_id", "status", where="contact_id IS NOT NULL"),
        index("ix_task_deal", "deal_id", "status", "due_on", where="deal_id IS NOT NULL"),
        index("ix_task_org", "org_id", "status", where="org_id IS NOT NULL"),
    )
