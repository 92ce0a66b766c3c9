"""Ways that deals or people take from the first word to the order, and the stages on them."""

from sqlmodel import Field

from crmcli.rules.pipeline import CATEGORIES, HOLDS, KINDS
from crmcli.store.models.base import Editable, Row, check, flag, foreign, index, one_of, table


class Pipeline(Editable, table=True):
    """A pipeline; it holds deals or contacts. One of each kind is the default."""

    name: str
    name_norm: str = Field(description="text.fold(name)")
    holds: str = Field(default="deal", sa_column_kwargs={"server_default": "deal"})
    is_default: int = flag()
    archived_at: str | None = Field(default=None, description="taken away since; history stays")

    __table_args__ = table(
        check("length(trim(name)) > 0"),
        one_of("holds", HOLDS),
        check("is_default IN (0, 1)"),
        check("is_default = 0 OR archived_at IS NULL"),
        index("ux_pipeline_name", "name_norm", unique=True, where="archived_at IS NULL"),
        index("ux_pipeline_default", "holds", unique=True, where="is_default = 1"),
    )


class Stage(Editable, table=True):
    """One stage of a pipeline. What was removed stays as a row, for the history points at it."""

    pipeline_id: int = Field(foreign_key="pipeline.id")
    name: str
    name_norm: str = Field(description="text.fold(name)")
    position: int
    kind: str = Field(default="open", sa_column_kwargs={"server_default": "open"})
    probability: int = Field(description="percent; that of winning from here")
    forecast_category: str
    rotting_days: int | None = Field(default=None, description="idle for longer is rotten")
    guidance: str | None = Field(default=None, description="what to do and to ask here")
    required_fields: str = Field(default="[]", sa_column_kwargs={"server_default": "[]"})
    archived_at: str | None = Field(default=None, description="removed since")

    __table_args__ = table(
        check("length(trim(name)) > 0"),
        one_of("kind", KINDS),
        one_of("forecast_category", CATEGORIES),
        check("probability BETWEEN 0 AND 100"),
        check(
            "(kind = 'won' AND probability = 100) OR (kind = 'lost' AND probability = 0)"
            " OR (kind = 'open' AND probability < 100)"
        ),
        check("rotting_days BETWEEN 1 AND 3650"),
        check("json_valid(required_fields)"),
        index(
            "ux_stage_name", "pipeline_id", "name_norm", unique=True, where="archived_at IS NULL"
        ),
        index("ix_stage_order", "pipeline_id", "position", "id"),
    )


class ContactStageHistory(Row, table=True):
    """Where a person stood in a pipeline, and when; the row without an end is where they stand."""

    __tablename__ = "contact_stage_history"

    contact_id: int = Field(foreign_key="contact.id")
    pipeline_id: int = Field(foreign_key="pipeline.id")
    stage_id: int = Field(foreign_key="stage.id")
    entered_at: str
    exited_at: str | None = None

    __table_args__ = table(
        check("exited_at >= entered_at"),
        index(
            "ux_contact_stage_open",
            "contact_id",
            "pipeline_id",
            unique=True,
            where="exited_at IS NULL",
        ),
        index("ix_contact_stage_history", "contact_id", "entered_at"),
        index("ix_contact_stage_entered", "stage_id", "entered_at"),
    )


class LifecycleHistory(Row, table=True):
    """Since when somebody is a lead, a customer …; what they are stands in the contact."""

    __tablename__ = "lifecycle_history"

    contact_id: int = Field(foreign_key="contact.id")
    stage: str
    entered_at: str

    __table_args__ = table(
        index("ix_lifecycle_contact", "contact_id", "entered_at"),
        index("ix_lifecycle_stage", "stage", "entered_at"),
    )


class Source(Editable, table=True):
    """Where people and deals come from: a fair, the website, a referral."""

    name: str
    name_norm: str = Field(unique=True, description="text.fold(name)")
    medium: str | None = None


class SourceCost(Editable, table=True):
    """What was spent on a source."""

    __tablename__ = "source_cost"

    source_id: int = Field(foreign_key="source.id")
    spent_on: str
    amount_minor: int
    currency: str
    note: str | None = None

    __table_args__ = table(
        check("amount_minor > 0"),
        check("length(currency) = 3"),
        index("ix_source_cost", "source_id", "spent_on"),
    )


class Reason(Editable, table=True):
    """Why a deal was lost or a lead not qualified; people add their own."""

    scope: str = Field(description="lost or unqualified")
    name: str
    name_norm: str = Field(description="text.fold(name)")
    needs_note: int = flag()
    archived_at: str | None = Field(default=None, description="no longer offered since")

    __table_args__ = table(
        one_of("scope", ("lost", "unqualified")),
        check("needs_note IN (0, 1)"),
        index("ux_reason", "scope", "name_norm", unique=True),
    )


class ScoreRule(Editable, table=True):
    """Points for whoever a filter selects: fit by who they are, engagement by what they did."""

    __tablename__ = "score_rule"

    dimension: str = Field(description="fit: a filter of contacts; engagement: of interactions")
    label: str
    label_norm: str = Field(unique=True, description="text.fold(label)")
    filter: str
    points: int
    max_count: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    decay_days: int | None = Field(default=None, description="worth nothing when so old")

    __table_args__ = table(
        one_of("dimension", ("fit", "engagement")),
        check("length(trim(filter)) > 0"),
        check("points BETWEEN -1000 AND 1000 AND points <> 0"),
        check("max_count BETWEEN 1 AND 1000"),
        check("decay_days BETWEEN 1 AND 3650"),
        check("dimension = 'engagement' OR (decay_days IS NULL AND max_count = 1)"),
    )


class Goal(Editable, table=True):
    """What somebody, or the team, wants to reach in a period."""

    owner_id: int | None = foreign("app_user.id")
    metric: str
    starts_on: str
    ends_on: str
    target: int = Field(description="a count, or minor units of `currency`")
    currency: str | None = None

    __table_args__ = table(
        one_of("metric", ("won_amount", "won_count", "new_contacts", "touches")),
        check("target > 0"),
        check("ends_on >= starts_on"),
        check("(metric = 'won_amount') = (currency IS NOT NULL)"),
        index("ux_goal", "coalesce(owner_id, 0)", "metric", "starts_on", "ends_on", unique=True),
    )


class Rate(Editable, table=True):
    """What one unit of a currency was worth in another from a day on."""

    base: str
    quote: str
    on_date: str
    rate: str = Field(description="decimal; one `base` is so many `quote`")

    __table_args__ = table(
        check("length(base) = 3"),
        check("length(quote) = 3"),
        check("base <> quote"),
        index("ux_rate", "base", "quote", "on_date", unique=True),
    )
