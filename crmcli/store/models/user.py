"""Who acts and who owns records."""

from sqlmodel import Field

from crmcli.store.models.base import Row


class AppUser(Row, table=True):
    """One row per actor; the first write of an actor makes it."""

    __tablename__ = "app_user"

    uid: str = Field(unique=True)
    name: str = Field(unique=True, description="CRM_USER, else `user` of the configuration")
