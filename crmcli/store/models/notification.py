"""What cron has told already, so that it never tells it twice."""

from sqlmodel import Field

from crmcli.store.models.base import Row, index, table


class NotificationLog(Row, table=True):
    """One occurrence of something due, told once by one transport."""

    __tablename__ = "notification_log"

    item: str = Field(description="the reference and kind of what was due: t9, c12 birthday")
    occurrence: str = Field(description="its due date and time")
    transport: str = Field(description="print, notify or email")
    sent_at: str

    __table_args__ = table(
        index("ux_notification", "item", "occurrence", "transport", unique=True),
    )
