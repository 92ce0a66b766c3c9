"""Tags and what wears them."""

from sqlmodel import Field

from crmcli.store.models.base import Editable, Row, check, exactly_one, foreign, index, table


class Tag(Editable, table=True):
    """A tag; upper and lower case, marks and script variants do not tell two tags apart."""

    name: str
    name_norm: str = Field(unique=True)


class Cadence(Editable, table=True):
    """How often to be in touch with whoever wears a tag; without a tag, with everyone."""

    tag_id: int | None = foreign("tag.id")
    days: int
    max_days: int | None = Field(default=None, description="cold after so many days")

    __table_args__ = table(
        check("days BETWEEN 1 AND 3650"),
        check("max_days >= days"),
        index("ux_cadence", "coalesce(tag_id, 0)", unique=True),
    )


class Tagging(Row, table=True):
    """A tag on a contact, an org, a deal or an interaction (a need, a concern)."""

    tag_id: int = Field(foreign_key="tag.id")
    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")
    interaction_id: int | None = foreign("interaction.id")
    deal_id: int | None = foreign("deal.id")

    __table_args__ = table(
        exactly_one("contact_id", "org_id", "interaction_id", "deal_id"),
        index(
            "ux_tagging_contact",
            "contact_id",
            "tag_id",
            unique=True,
            where="contact_id IS NOT NULL",
        ),
        index("ux_tagging_org", "org_id", "tag_id", unique=True, where="org_id IS NOT NULL"),
        index(
            "ux_tagging_interaction",
            "interaction_id",
            "tag_id",
            unique=True,
            where="interaction_id IS NOT NULL",
        ),
        index("ux_tagging_deal", "deal_id", "tag_id", unique=True, where="deal_id IS NOT NULL"),
        index("ix_tagging_tag", "tag_id", "contact_id"),
    )
