"""The format of release 0.1.0: where upgrades begin. A new database gets it from schema.sql."""

revision = "4"
down_revision = None


def upgrade() -> None:
    """Do nothing: nothing older was ever released."""
