"""Pairs that look like one and are two."""

from sqlmodel import Field

from crmcli.store.models.base import Row, check, foreign, index, table


class KeptSeparate(Row, table=True):
    """Two contacts, or two orgs, that somebody said are not the same."""

    __tablename__ = "kept_separate"

    contact_id: int | None = foreign("contact.id")
    other_contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    other_org_id: int | None = foreign("org.id")
    at: str = Field(description="when that was said")

    __table_args__ = table(
        check("(contact_id IS NULL) = (other_contact_id IS NULL)"),
        check("(org_id IS NULL) = (other_org_id IS NULL)"),
        check("(contact_id IS NULL) <> (org_id IS NULL)"),
        check("contact_id < other_contact_id"),
        check("org_id < other_org_id"),
        index("ux_kept_separate_contact", "contact_id", "other_contact_id", unique=True),
        index("ix_kept_separate_other", "other_contact_id"),
        index("ux_kept_separate_org", "org_id", "other_org_id", unique=True),
        index("ix_kept_separate_other_org", "other_org_id"),
    )
