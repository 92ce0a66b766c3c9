"""People, and how and where to reach them."""

from sqlmodel import Field

from crmcli.rules.channel import KINDS, STATUSES
from crmcli.rules.contact import LEAD_STATUSES, STAGES
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

KEEP_IN_TOUCH = "next_touch_on IS NOT NULL AND archived_at IS NULL"
UNANSWERED = "unanswered IS NOT NULL AND archived_at IS NULL"


class Contact(Editable, table=True):
    """A person. Name parts follow vCard's N (RFC 6350, 6.2.2)."""

    uid: str = Field(unique=True, description="UUID: vCard UID, sync, our own files")
    display_name: str
    name_norm: str = Field(description="text.fold(display_name)")
    prefix: str | None = None
    given_name: str | None = None
    additional_name: str | None = None
    family_name: str | None = None
    suffix: str | None = None
    nickname: str | None = None
    language: str | None = Field(default=None, description="BCP 47")
    lifecycle_stage: str = Field(default="other", sa_column_kwargs={"server_default": "other"})
    note: str | None = None
    custom: str = json_text()
    lead_status: str | None = Field(default=None, description="how far one is with a lead")
    unqualified_reason_id: int | None = foreign("reason.id")
    source_id: int | None = foreign("source.id")
    owner_id: int | None = foreign("app_user.id")
    cadence_days: int | None = Field(default=None, description="own keep-in-touch interval")
    cadence_max_days: int | None = Field(default=None, description="cold after so many days")
    bumped_on: str | None = Field(default=None, description="the cadence counts from here at least")
    paused_until_on: str | None = Field(default=None, description="no keep-in-touch before")
    do_not_contact: int = flag()
    deceased: int = flag()
    last_touch_at: str | None = Field(default=None, description="derived, formulas 4.19")
    next_touch_on: str | None = Field(default=None, description="derived, formulas 4.19")
    unanswered: str | None = Field(default=None, description="derived: in (they wrote last) or out")
    unanswered_at: str | None = Field(default=None, description="derived: when that was")
    created_at: str
    updated_at: str
    archived_at: str | None = Field(default=None, description="in the trash since")
    merged_into_id: int | None = Field(
        default=None, foreign_key="contact.id", description="who this one turned out to be"
    )

    __table_args__ = table(
        check("merged_into_id <> id"),
        check("merged_into_id IS NULL OR archived_at IS NOT NULL"),
        check("length(trim(display_name)) > 0"),
        check("json_valid(custom)"),
        one_of("lifecycle_stage", STAGES),
        one_of("lead_status", LEAD_STATUSES, null=True),
        check("(lead_status IS 'unqualified') = (unqualified_reason_id IS NOT NULL)"),
        check("cadence_days BETWEEN 1 AND 3650"),
        check("cadence_max_days >= cadence_days"),
        check("do_not_contact IN (0, 1)"),
        check("deceased IN (0, 1)"),
        one_of("unanswered", ("in", "out"), null=True),
        index("ix_contact_name", "name_norm", "id", where="archived_at IS NULL"),
        index("ix_contact_touch", "last_touch_at", "id", where="archived_at IS NULL"),
        index("ix_contact_next", "next_touch_on", "id", where=KEEP_IN_TOUCH),
        index("ix_contact_unanswered", "unanswered", "unanswered_at", "id", where=UNANSWERED),
        index("ix_contact_owner", "owner_id", "lifecycle_stage", where="archived_at IS NULL"),
        index(
            "ix_contact_stage", "lifecycle_stage", "name_norm", "id", where="archived_at IS NULL"
        ),
        index("ix_contact_source", "source_id", where="source_id IS NOT NULL"),
        index("ix_contact_created", "created_at", "id", where="archived_at IS NULL"),
        index("ix_contact_archived", "archived_at", where="archived_at IS NOT NULL"),
        index("ix_contact_merged", "merged_into_id", where="merged_into_id IS NOT NULL"),
    )


class Handle(Row, table=True):
    """A permanent short name; one name space over contacts and orgs, old names resolve for ever."""

    name: str = Field(unique=True)
    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    is_current: int = flag(1)

    __table_args__ = table(
        exactly_one("contact_id", "org_id"),
        check("is_current IN (0, 1)"),
        index("ix_handle_contact", "contact_id", where="contact_id IS NOT NULL"),
        index("ix_handle_org", "org_id", where="org_id IS NOT NULL"),
        index(
            "ux_handle_contact",
            "contact_id",
            unique=True,
            where="is_current = 1 AND contact_id IS NOT NULL",
        ),
        index(
            "ux_handle_org", "org_id", unique=True, where="is_current = 1 AND org_id IS NOT NULL"
        ),
    )


class Employment(Editable, table=True):
    """Who works where, as what; one current primary job a person."""

    contact_id: int = Field(foreign_key="contact.id")
    org_id: int = Field(foreign_key="org.id")
    title: str | None = None
    department: str | None = None
    is_primary: int = flag(1)
    started_on: str | None = None
    ended_on: str | None = None

    __table_args__ = table(
        check("is_primary IN (0, 1)"),
        check("ended_on IS NULL OR started_on IS NULL OR ended_on >= started_on"),
        index(
            "ux_employment_primary",
            "contact_id",
            unique=True,
            where="is_primary = 1 AND ended_on IS NULL",
        ),
        index("ix_employment_contact", "contact_id"),
        index("ix_employment_org", "org_id"),
    )


class Channel(Editable, table=True):
    """One e-mail, phone, URL or messenger address. Not unique: families share a phone."""

    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    kind: str
    label: str | None = Field(default=None, description="work, home, mobile … as typed")
    value: str = Field(description="as typed")
    value_norm: str = Field(description="e-mail folded; phone E.164, or its digits if unverified")
    extension: str | None = None
    is_primary: int = flag()
    status: str = Field(default="active", sa_column_kwargs={"server_default": "active"})

    __table_args__ = table(
        exactly_one("contact_id", "org_id"),
        one_of("kind", KINDS),
        one_of("status", STATUSES),
        check("is_primary IN (0, 1)"),
        check(
            "kind <> 'phone' OR status <> 'active' OR (value_norm GLOB '+[1-9]*'"
            " AND substr(value_norm, 2) NOT GLOB '*[^0-9]*'"
            " AND length(value_norm) BETWEEN 8 AND 16)"
        ),
        check("kind <> 'email' OR status <> 'active' OR value_norm LIKE '%_@_%'"),
        index("ix_channel_lookup", "kind", "value_norm"),
        index(
            "ux_channel_contact",
            "contact_id",
            "kind",
            "value_norm",
            unique=True,
            where="contact_id IS NOT NULL",
        ),
        index(
            "ux_channel_org",
            "org_id",
            "kind",
            "value_norm",
            unique=True,
            where="org_id IS NOT NULL",
        ),
        index(
            "ux_channel_contact_primary",
            "contact_id",
            "kind",
            unique=True,
            where="is_primary = 1 AND contact_id IS NOT NULL",
        ),
        index(
            "ux_channel_org_primary",
            "org_id",
            "kind",
            unique=True,
            where="is_primary = 1 AND org_id IS NOT NULL",
        ),
    )


class Address(Editable, table=True):
    """A postal address, in vCard's ADR parts (RFC 6350, 6.3.1)."""

    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    label: str | None = None
    street: str | None = None
    extended: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = Field(default=None, description="as typed; a code where one was given")

    __table_args__ = table(
        exactly_one("contact_id", "org_id"),
        index("ix_address_contact", "contact_id", where="contact_id IS NOT NULL"),
        index("ix_address_org", "org_id", where="org_id IS NOT NULL"),
    )


class ImportantDate(Editable, table=True):
    """A birthday or another yearly date; the year may be unknown."""

    __tablename__ = "important_date"

    contact_id: int = Field(foreign_key="contact.id")
    kind: str = Field(description="birthday, anniversary, or the file's own label")
    month: int
    day: int
    year: int | None = None
    lead_days: int | None = Field(default=None, description="`today` tells so early; else config")

    __table_args__ = table(
        check("month BETWEEN 1 AND 12"),
        check("day BETWEEN 1 AND 31"),
        check("lead_days BETWEEN 0 AND 365"),
        index("ix_important_date_day", "month", "day"),
        index("ix_important_date_lead", "lead_days", where="lead_days IS NOT NULL"),
        index("ix_important_date_led", "month", "day", where="lead_days IS NOT NULL"),
        index("ux_important_date", "contact_id", "kind", unique=True),
    )
