"""What users define for themselves: fields and saved views."""

from sqlmodel import Field

from crmcli.rules.field import TYPES
from crmcli.store.models.base import Editable, check, flag, index, one_of, table

NOUNS = ("contact", "org", "task", "interaction", "deal")


class CustomField(Editable, table=True):
    """An own field of contacts, orgs or deals: its values lie in their `custom` column, by key."""

    __tablename__ = "custom_field"

    noun: str
    key: str
    title: str
    type: str = Field(default="text", sa_column_kwargs={"server_default": "text"})
    choices: str | None = Field(default=None, description="JSON list: of choice and multi")
    required: int = flag()
    is_unique: int = flag()
    default_value: str | None = Field(default=None, description="JSON, in stored form")

    __table_args__ = table(
        one_of("noun", ("contact", "org", "deal")),
        one_of("type", TYPES),
        check("required IN (0, 1)"),
        check("is_unique IN (0, 1)"),
        check("choices IS NULL OR json_valid(choices)"),
        check("default_value IS NULL OR json_valid(default_value)"),
        index("ux_custom_field", "noun", "key", unique=True),
    )


class SavedView(Editable, table=True):
    """A filter with a name: `@hot` inside other filters, `crm view show hot` as a list."""

    __tablename__ = "saved_view"

    noun: str
    name: str
    name_norm: str = Field(unique=True, description="text.fold(name)")
    filter: str
    sort: str | None = None
    fields: str | None = Field(default=None, description="columns, separated by commas")

    __table_args__ = table(
        one_of("noun", NOUNS),
        check("length(trim(filter)) > 0"),
    )
