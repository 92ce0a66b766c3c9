"""Imports: which file brought what, and the ids other programs know our records by."""

from sqlmodel import Field

from crmcli.store.models.base import (
    Editable,
    Row,
    check,
    flag,
    foreign,
    index,
    json_text,
    one_of,
    table,
)

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
    is_done: int = flag(1)

    __table_args__ = table(
        check("json_valid(mapping)"),
        check("is_done IN (0, 1)"),
        index("ix_import_batch_group", "group_id"),
    )


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
        index("ix_import_row", "batch_id", "line"),  # a line may hold several
    )


class ImportProfile(Editable, table=True):
    """How a kind of file is read, under a name: `crm import FILE --profile bank`."""

    __tablename__ = "import_profile"

    name: str
    name_norm: str = Field(unique=True, description="text.fold(name)")
    options: str = json_text()

    __table_args__ = table(check("json_valid(options)"))


class SyncItem(Row, table=True):
    """A card of a synchronised folder as it was after the last run; what both sides then held.

    Not journalled: it describes files, which an undo does not touch.
    """

    __tablename__ = "sync_item"

    folder: str = Field(description="the folder's real path")
    filename: str
    uid: str = Field(description="of the contact; no link, for it may be undone")
    card: str = Field(description="the card's text on both sides then")

    __table_args__ = table(
        index("ux_sync_item", "folder", "filename", unique=True),
        index("ux_sync_item_uid", "folder", "uid", unique=True),
    )
