"""Tags and what wears them."""

from sqlmodel import Field

from crmcli.store.models.base import Editable, Row, exactly_one, foreign, index, table


class Tag(Editable, table=True):
    """A tag; upper and lower case, marks and script variants do not tell two tags apart."""

    name: str
    name_norm: str = Field(unique=True)


class Tagging(Row, table=True):
    """A tag on a contact or an org."""

    tag_id: int = Field(foreign_key="tag.id")
    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")

    __table_args__ = table(
        exactly_one("contact_id", "org_id"),
        index(
            "ux_tagging_contact",
            "contact_id",
            "tag_id",
            unique=True,
            where="contact_id IS NOT NULL",
        ),
        index("ux_tagging_org", "org_id", "tag_id", unique=True, where="org_id IS NOT NULL"),
        index("ix_tagging_tag", "tag_id"),
    )
