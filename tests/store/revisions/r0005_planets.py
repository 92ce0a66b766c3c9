"""A revision of the tests: a column in place, and a table rebuilt under all that points at it."""

import sqlalchemy as sa
from alembic import op

from crmcli.store.upgrade import rebuild

revision = "5"
down_revision = "4"


def upgrade() -> None:
    op.add_column("contact", sa.Column("planet", sa.TEXT()))
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'org'"
    ddl = op.get_bind().exec_driver_sql(query).scalar_one()  # a real one has its text here
    rebuild("org", ddl.replace("(", "(\nmoons INTEGER DEFAULT '0' NOT NULL,", 1))
    op.execute("UPDATE contact SET planet = 'Earth' WHERE archived_at IS NULL")
