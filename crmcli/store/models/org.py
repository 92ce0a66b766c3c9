"""Organizations: clients, prospects, partners, suppliers, investors."""

from sqlmodel import Field

from crmcli.rules.org import KINDS
from crmcli.store.models.base import Editable, check, foreign, index, json_text, one_of, table


class Org(Editable, table=True):
    """An organization."""

    uid: str = Field(unique=True, description="UUID, for sync and for our own files")
    name: str
    name_norm: str = Field(description="text.fold(name)")
    domain: str | None = Field(default=None, description="web and mail domain, lower case")
    kind: str = Field(default="prospect", sa_column_kwargs={"server_default": "prospect"})
    industry: str | None = None
    note: str | None = None
    custom: str = json_text()
    owner_id: int | None = foreign("app_user.id")
    created_at: str
    updated_at: str
    archived_at: str | None = Field(default=None, description="in the trash since")
    merged_into_id: int | None = Field(
        default=None, foreign_key="org.id", description="which one this turned out to be"
    )

    __table_args__ = table(
        check("merged_into_id <> id"),
        check("merged_into_id IS NULL OR archived_at IS NOT NULL"),
        check("length(trim(name)) > 0"),
        check("json_valid(custom)"),
        one_of("kind", KINDS),
        index("ix_org_name", "name_norm", "id", where="archived_at IS NULL"),
        index("ix_org_domain", "domain", where="domain IS NOT NULL"),
        index("ix_org_merged", "merged_into_id", where="merged_into_id IS NOT NULL"),
    )
