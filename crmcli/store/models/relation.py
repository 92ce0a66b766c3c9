"""Who knows whom: relations between people, each with its inverse."""

from sqlmodel import Field

from crmcli.store.models.base import Editable, Row, check, index, table


class RelationshipType(Editable, table=True):
    """A word for a relation and its inverse: `manager of`, `reports to`."""

    __tablename__ = "relationship_type"

    name: str
    name_norm: str = Field(unique=True, description="text.fold(name)")
    inverse: str = Field(description="the same word when the relation goes both ways alike")
    inverse_norm: str = Field(description="text.fold(inverse)")

    __table_args__ = table(index("ux_relationship_inverse", "inverse_norm", unique=True))


class Relationship(Row, table=True):
    """One contact is `name` of the other: Ana (from) is manager of Bo (to)."""

    __tablename__ = "relationship"

    from_contact_id: int = Field(foreign_key="contact.id")
    to_contact_id: int = Field(foreign_key="contact.id")
    type_id: int = Field(foreign_key="relationship_type.id")

    __table_args__ = table(
        check("from_contact_id <> to_contact_id"),
        index("ux_relationship", "from_contact_id", "to_contact_id", "type_id", unique=True),
        index("ix_relationship_to", "to_contact_id"),
        index("ix_relationship_type", "type_id"),
    )
