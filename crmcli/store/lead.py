"""Leads: contacts on their way to being customers; how far they are is written here."""

import sqlite3

from crmcli.columns import Column
from crmcli.errors import ConflictError
from crmcli.i18n import tr
from crmcli.store.rows import Row, Where, fetch
from crmcli.store.sql import lead as sql
from crmcli.store.unit import Unit

LIVING = Where(sql.LIVING)
GIVEN_UP = Where(sql.GIVEN_UP)
BEFORE = ("subscriber", "other")  # of these somebody becomes a lead
OPEN = (*BEFORE, "lead")  # and these are qualified
COLUMNS = (
    Column("id", "Id", "id"),
    Column("handle", "Handle", wide=True),
    Column("name", "Name"),
    Column("org", "Org", "who"),
    Column("score", "Score", "number"),
    Column("grade", "Grade"),
    Column("lead_status", "Status"),
    Column("source", "Source"),
    Column("last_touch", "Last touch", "day", wide=True),
    Column("owner", "Owner", wide=True),
    Column("lifecycle_stage", "Stage", listed=False),
    Column("email", "E-mail", listed=False),
    Column("phone", "Phone", "phone", listed=False),
    Column("unqualified_reason", "Not qualified because", listed=False),
    Column("fit", "Fit", "number", listed=False),
    Column("engagement", "Engagement", "number", listed=False),
    Column("steps", "Steps", "steps", listed=False),
    Column("tags", "Tags", "list", listed=False),
    Column("created", "Created", "when", listed=False),
)


def history(conn: sqlite3.Connection, id: int) -> list[Row]:
    """Give what somebody was, and where they stood: pipeline, stage, since, until."""
    return fetch(conn, sql.HISTORY, id=id)


def make_lead(w: Unit, id: int) -> bool:
    """Make a lead of a contact; one that was given up is new again.

    Raises:
        ConflictError: they are further on already.
    """
    row = w.get("contact", id) or {}
    stage = row["lifecycle_stage"]
    if stage not in OPEN:
        raise ConflictError(
            tr("c{id} {name} is {stage} already", id=id, name=row["display_name"], stage=stage)
        )
    is_new = stage in BEFORE or row["lead_status"] in (None, "unqualified")
    status = "new" if is_new else row["lead_status"]
    return w.update(
        "contact", id, lifecycle_stage="lead", lead_status=status, unqualified_reason_id=None
    )


def qualify(w: Unit, id: int) -> bool:
    """Let a lead be qualified; who is a customer already stays one."""
    row = w.get("contact", id) or {}
    stage = "qualified" if row["lifecycle_stage"] in OPEN else row["lifecycle_stage"]
    return w.update(
        "contact", id, lifecycle_stage=stage, lead_status="qualified", unqualified_reason_id=None
    )


def disqualify(w: Unit, id: int, reason_id: int) -> bool:
    """Give a lead up for a reason; what they are besides stays."""
    return w.update("contact", id, lead_status="unqualified", unqualified_reason_id=reason_id)
