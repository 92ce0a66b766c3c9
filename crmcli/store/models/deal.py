"""Deals: what may be sold, to whom, for how much, and how they went through their stages."""

from sqlmodel import Field

from crmcli.rules.deal import OVERRIDES, PERIODS, ROLES, STATUSES
from crmcli.store.models.base import (
    Editable,
    Row,
    check,
    exactly_one,
    flag,
    foreign,
    index,
    json_text,
    one_of,
    table,
)

OPEN = "status = 'open' AND archived_at IS NULL"


class Deal(Editable, table=True):
    """Something that may be sold. Its status is that of its stage; a trigger refuses others."""

    uid: str = Field(unique=True)
    name: str
    name_norm: str = Field(description="text.fold(name)")
    pipeline_id: int = Field(foreign_key="pipeline.id")
    stage_id: int = Field(foreign_key="stage.id")
    status: str = Field(default="open", sa_column_kwargs={"server_default": "open"})
    amount_minor: int | None = Field(default=None, description="minor units of `currency`")
    currency: str | None = None
    value_period: str = Field(default="one_time", sa_column_kwargs={"server_default": "one_time"})
    probability_override: int | None = Field(
        default=None, description="percent, before the stage's"
    )
    forecast_override: str | None = None
    close_date: str | None = Field(default=None, description="when it is expected to close")
    opened_at: str
    closed_at: str | None = None
    stage_entered_at: str
    last_activity_at: str | None = Field(default=None, description="derived: newest interaction")
    org_id: int | None = foreign("org.id")
    owner_id: int | None = foreign("app_user.id")
    source_id: int | None = foreign("source.id")
    competitor: str | None = None
    lost_reason_id: int | None = foreign("reason.id")
    close_note: str | None = None
    note: str | None = None
    custom: str = json_text()
    created_at: str
    updated_at: str
    archived_at: str | None = Field(default=None, description="in the trash since")

    __table_args__ = table(
        check("length(trim(name)) > 0"),
        one_of("status", STATUSES),
        check("amount_minor >= 0"),
        check("amount_minor IS NULL OR currency IS NOT NULL"),
        check("length(currency) = 3"),
        one_of("value_period", PERIODS),
        check("probability_override BETWEEN 0 AND 100"),
        one_of("forecast_override", OVERRIDES, null=True),
        check("(status = 'open') = (closed_at IS NULL)"),
        check("(status = 'lost') = (lost_reason_id IS NOT NULL)"),
        check("closed_at >= opened_at"),
        check("json_valid(custom)"),
        # Covering: the board and the forecast read the index alone.
        index(
            "ix_deal_board",
            *("stage_id", "currency", "value_period", "probability_override"),
            *("forecast_override", "close_date", "amount_minor"),
            where=OPEN,
        ),
        index("ix_deal_opened", "opened_at", where="archived_at IS NULL"),
        index("ix_deal_close", "close_date", "id", where=OPEN),
        index("ix_deal_closed", "closed_at", "status", where="status <> 'open'"),
        index("ix_deal_name", "name_norm", "id", where="archived_at IS NULL"),
        index("ix_deal_org", "org_id", where="org_id IS NOT NULL"),
        index("ix_deal_owner", "owner_id", "status", where="archived_at IS NULL"),
        index("ix_deal_archived", "archived_at", where="archived_at IS NOT NULL"),
    )


class DealContact(Row, table=True):
    """Who has a say in a deal; one of them is the one to talk to."""

    __tablename__ = "deal_contact"

    deal_id: int = Field(foreign_key="deal.id")
    contact_id: int = Field(foreign_key="contact.id")
    role: str | None = None
    is_primary: int = flag()

    __table_args__ = table(
        one_of("role", ROLES, null=True),
        check("is_primary IN (0, 1)"),
        index("ux_deal_contact", "deal_id", "contact_id", unique=True),
        index("ux_deal_contact_primary", "deal_id", unique=True, where="is_primary = 1"),
        index("ix_deal_contact_contact", "contact_id"),
    )


class DealLine(Editable, table=True):
    """One line of what a deal is about; the lines together are its amount."""

    __tablename__ = "deal_line"

    deal_id: int = Field(foreign_key="deal.id")
    position: int
    name: str
    quantity: str = Field(description="decimal")
    unit_minor: int = Field(description="price of one, in minor units of the deal's currency")
    discount_bp: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    net_minor: int = Field(description="formulas 4.1: rounded half up, line by line")

    __table_args__ = table(
        check("length(trim(name)) > 0"),
        check("discount_bp BETWEEN 0 AND 10000"),
        index("ix_deal_line", "deal_id", "position"),
    )


class DealStageHistory(Row, table=True):
    """Where a deal stood, and when; the row without an end is where it stands."""

    __tablename__ = "deal_stage_history"

    deal_id: int = Field(foreign_key="deal.id")
    stage_id: int = Field(foreign_key="stage.id")
    entered_at: str
    exited_at: str | None = None

    __table_args__ = table(
        check("exited_at >= entered_at"),
        index("ux_deal_stage_open", "deal_id", unique=True, where="exited_at IS NULL"),
        index("ix_deal_stage_deal", "deal_id", "entered_at", "stage_id"),
        index("ix_deal_stage_entered", "stage_id", "entered_at", "deal_id"),
    )


class DealValueHistory(Row, table=True):
    """What a deal was said to be worth, and when it was to close; for figures as of a day."""

    __tablename__ = "deal_value_history"

    deal_id: int = Field(foreign_key="deal.id")
    changed_at: str
    amount_minor: int | None = None
    currency: str | None = None
    value_period: str
    probability_override: int | None = None
    forecast_override: str | None = None
    close_date: str | None = None

    __table_args__ = table(index("ix_deal_value_history", "deal_id", "changed_at"))


class Attachment(Row, table=True):
    """A file on a record; its content lies beside the database under its SHA-256."""

    sha256: str
    filename: str
    media_type: str | None = None
    size: int
    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    deal_id: int | None = foreign("deal.id")
    interaction_id: int | None = foreign("interaction.id")
    created_at: str

    __table_args__ = table(
        check("length(sha256) = 64"),
        check("size >= 0"),
        exactly_one("contact_id", "org_id", "deal_id", "interaction_id"),
        index("ix_attachment_contact", "contact_id", where="contact_id IS NOT NULL"),
        index("ix_attachment_org", "org_id", where="org_id IS NOT NULL"),
        index("ix_attachment_deal", "deal_id", where="deal_id IS NOT NULL"),
        index("ix_attachment_interaction", "interaction_id", where="interaction_id IS NOT NULL"),
        index("ix_attachment_content", "sha256"),
    )
