"""What happened: calls, mails, meetings, notes. Newest first it is the timeline."""

from sqlmodel import Field

from crmcli.rules.interaction import DIRECTIONS, KINDS, OUTCOMES
from crmcli.store.models.base import Editable, Row, check, flag, foreign, index, one_of, table


class Interaction(Editable, table=True):
    """Something that happened, with one contact or several."""

    uid: str = Field(unique=True)
    kind: str
    direction: str | None = None
    outcome: str | None = None
    occurred_at: str
    duration_seconds: int | None = None
    body: str | None = None
    counts_as_touch: int = flag(1)
    org_id: int | None = foreign("org.id")
    deal_id: int | None = foreign("deal.id")
    task_id: int | None = Field(
        default=None, foreign_key="task.id", description="the task whose completion logged it"
    )
    owner_id: int | None = foreign("app_user.id")
    created_at: str
    updated_at: str
    archived_at: str | None = Field(default=None, description="in the trash since")

    __table_args__ = table(
        one_of("kind", KINDS),
        one_of("direction", DIRECTIONS, null=True),
        one_of("outcome", OUTCOMES, null=True),
        check("duration_seconds IS NULL OR duration_seconds >= 0"),
        check("counts_as_touch IN (0, 1)"),
        index("ix_interaction_time", "occurred_at DESC", "id DESC", where="archived_at IS NULL"),
        index("ix_interaction_task", "task_id", where="task_id IS NOT NULL"),
        index("ix_interaction_deal", "deal_id", "occurred_at DESC", where="deal_id IS NOT NULL"),
        index("ix_interaction_org", "org_id", "occurred_at DESC", where="org_id IS NOT NULL"),
    )


class InteractionContact(Row, table=True):
    """Who took part."""

    __tablename__ = "interaction_contact"

    interaction_id: int = Field(foreign_key="interaction.id")
    contact_id: int = Field(foreign_key="contact.id")

    __table_args__ = table(
        index("ux_interaction_contact", "contact_id", "interaction_id", unique=True),
        index("ix_interaction_contact_interaction", "interaction_id"),
    )
