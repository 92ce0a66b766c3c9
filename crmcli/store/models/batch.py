"""Imports: which file brought what, and the ids other programs know our records by."""

from sqlmodel import Field

from crmcli.store.models.base import Row, check, foreign, index, one_of, table

OUTCOMES = ("created", "updated", "unchanged", "skipped", "rejected")


class ExternalRef(Row, table=True):
    """The id of a record in another program (`linkedin`, its profile URL)."""

    __tablename__ = "external_ref"

    source: str
    external_id: str
    contact_id: int | None = foreign("contact.id")
    org_id: int | None = foreign("org.id")

    __table_args__ = table(
        check("(contact_id IS NOT NULL) + (org_id IS NOT NULL) = 1"),
        index("ux_external_ref", "source", "external_id", unique=True),
        index("ix_external_ref_contact", "contact_id", where="contact_id IS NOT NULL"),
        index("ix_external_ref_org", "org_id", where="org_id IS NOT NULL"),
    )


class ImportBatch(Row, table=True):
    """One run of an import: the file, how it was read, and the counts."""

    __tablename__ = "import_batch"

    group_id: int | None = foreign("change_group.id")
    filename: str
    sha256: str
    format: str = Field(description="preset and noun, e.g. `google contact`")
    mapping: str = Field(description="JSON: column -> field")
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int
    at: str

    __table_args__ = table(check("json_valid(mapping)"))


class ImportRow(Row, table=True):
    """What became of one row of the file."""

    __tablename__ = "import_row"

    batch_id: int = Field(foreign_key="import_batch.id")
    line: int = Field(description="physical line in the file, from 1")
    outcome: str
    noun: str
    row_id: int | None = Field(default=None, description="the record, for as long as it lives")
    message: str | None = None

    __table_args__ = table(
        one_of("outcome", OUTCOMES),
        index("ux_import_row", "batch_id", "line", unique=True),
    )
