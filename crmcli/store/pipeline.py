"""Pipelines and their stages: reads into frozen dataclasses, writes inside a unit of work.

A stage or pipeline that is taken away stays as a row with `archived_at`, for the history of deals
and people points at it.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from crmcli.columns import Column
from crmcli.errors import ConflictError, InvalidError, NotFoundError
from crmcli.i18n import mark, tr, trn
from crmcli.rules.pipeline import TEMPLATES, StageDraft, draft_stage
from crmcli.store.rows import Row, Where, chunks, fetch, fetch_ids, whole
from crmcli.store.sql import pipeline as sql
from crmcli.store.unit import Unit
from crmcli.text import clean, fold, is_visible

COLUMNS = (
    Column("name", "Pipeline"),
    Column("holds", "Holds"),
    Column("default", "Default"),
    Column("stages", "Stages", "list"),
    Column("id", "Id", listed=False),
)
STAGE_COLUMNS = (
    Column("pipeline", "Pipeline"),
    Column("position", "No.", "number"),
    Column("name", "Stage"),
    Column("kind", "Kind"),
    Column("probability", "%", "number"),
    Column("category", "Category"),
    Column("rotting_days", "Rots after", "number"),
    Column("required", "Required", "list"),
    Column("guidance", "Guidance", wide=True),
    Column("id", "Id", listed=False),
)
T = TypeVar("T", "Stage", "Pipeline")
PLURALS = {"deal": mark("deals"), "contact": mark("contacts")}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a pipeline."""

    id: int
    version: int
    pipeline_id: int
    pipeline: str
    holds: str
    name: str
    position: int
    kind: str
    probability: int
    forecast_category: str
    rotting_days: int | None
    guidance: str | None
    required: tuple[str, ...]
    archived_at: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether what stands here is still under way."""
        return self.kind == "open"

    def json(self) -> Row:
        """Give the stage under its names in JSON."""
        return {
            "id": self.id,
            "pipeline": self.pipeline,
            "name": self.name,
            "kind": self.kind,
            "position": self.position,
            "probability": self.probability,
            "category": self.forecast_category,
            "rotting_days": self.rotting_days,
            "required": list(self.required),
            "guidance": self.guidance,
        }


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline with its stages in order."""

    id: int
    version: int
    name: str
    holds: str
    is_default: bool
    stages: tuple[Stage, ...]

    def of_kind(self, kind: str) -> list[Stage]:
        """Give its stages of one kind, in order."""
        return [stage for stage in self.stages if stage.kind == kind]

    def json(self) -> Row:
        """Give the pipeline under its names in JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "holds": self.holds,
            "default": self.is_default,
            "stages": [stage.name for stage in self.stages],
        }


def list_pipelines(conn: sqlite3.Connection, holds: str | None = None) -> list[Pipeline]:
    """Give the pipelines that hold deals or contacts (None: both), the default ones first."""
    stages: dict[int, list[Stage]] = {}
    for row in fetch(conn, sql.STAGES):
        stages.setdefault(row["pipeline_id"], []).append(_stage(row))
    return [
        Pipeline(
            row["id"],
            row["version"],
            row["name"],
            row["holds"],
            bool(row["is_default"]),
            tuple(stages.get(row["id"], ())),
        )
        for row in fetch(conn, sql.PIPELINES)
        if holds in (None, row["holds"])
    ]


def find_pipeline(conn: sqlite3.Connection, name: str = "", holds: str | None = None) -> Pipeline:
    """Give the pipeline of a name, or the beginning of one; the default one without a name.

    Raises:
        NotFoundError: there is none such; the hint names the nearest.
        ConflictError: the beginning fits several.
    """
    known = list_pipelines(conn, holds)
    if not name:
        found = [one for one in known if one.is_default] or known
        if not found:
            raise NotFoundError(tr("there is no pipeline"), tr("`crm pipeline add NAME` makes one"))
        return found[0]
    return _named(known, name, tr("there is no pipeline {name!r}", name=name))


def find_stage(
    conn: sqlite3.Connection, name: str, holds: str, pipeline_id: int | None = None
) -> Stage:
    """Give the stage of a name, or the beginning of one.

    Args:
        conn: the database.
        name: of the stage.
        holds: what its pipeline holds.
        pipeline_id: only of this pipeline; else the default pipeline's goes before others'.

    Raises:
        NotFoundError: there is none such; the hint names the nearest.
        ConflictError: it fits several.
    """
    pipelines = list_pipelines(conn, holds)
    chosen = [one for one in pipelines if one.id == pipeline_id or one.is_default]
    chosen = [one for one in chosen if pipeline_id in (None, one.id)]
    error = tr("there is no stage {name!r}", name=name)
    known = [stage for one in chosen for stage in one.stages]
    if pipeline_id is None and not _fitting(known, name):
        known = [stage for one in pipelines for stage in one.stages]
    return _named(known, name, error)


def get_stage(conn: sqlite3.Connection, id: int) -> Stage:
    """Give a stage by id, removed or not."""
    return _stage(fetch(conn, sql.STAGE, id=id)[0])


def add_pipeline(w: Unit, name: str, holds: str, stages: Sequence[StageDraft]) -> int:
    """Store a pipeline with its stages in order; give its id.

    Raises:
        InvalidError: no name, or stages that make no pipeline.
        ConflictError: there is one of this name.
    """
    _refuse_twin(w, name)
    if not any(stage.values["kind"] == "open" for stage in stages):
        raise InvalidError(tr("a pipeline needs an open stage"))
    has_default = w.one(sql.DEFAULT, holds=holds) is not None
    id = w.insert(
        "pipeline", name=name, name_norm=fold(name), holds=holds, is_default=int(not has_default)
    )
    for position, stage in enumerate(stages, 1):
        w.insert("stage", pipeline_id=id, position=position, **stage.values)
    return id


def template(name: str) -> list[StageDraft]:
    """Give the stages of a ready pipeline, a key of TEMPLATES."""
    return [draft_stage(raw) for raw in TEMPLATES[name]]


def rename_pipeline(w: Unit, id: int, name: str) -> bool:
    """Give a pipeline another name."""
    _refuse_twin(w, name, id)
    return w.update("pipeline", id, name=name, name_norm=fold(name))


def make_default(w: Unit, pipeline: Pipeline) -> bool:
    """Make a pipeline the one that new deals or contacts go into."""
    before = w.one(sql.DEFAULT, holds=pipeline.holds)
    if before and before["id"] != pipeline.id:
        w.update("pipeline", before["id"], is_default=0)
    return w.update("pipeline", pipeline.id, is_default=1)


def remove_pipeline(w: Unit, pipeline: Pipeline) -> None:
    """Take a pipeline away; its history stays.

    Raises:
        ConflictError: it is the default one, or something stands in it.
    """
    if pipeline.is_default:
        raise ConflictError(
            tr("{name} is the default pipeline", name=pipeline.name),
            tr("`crm pipeline edit OTHER --default` first"),
        )
    if w.conn.execute(sql.HAS_ROWS, {"id": pipeline.id}).fetchone()[0]:
        raise ConflictError(
            tr("{name} is not empty", name=pipeline.name),
            tr(
                "move what is open to another one; what is closed there keeps it: rename it instead"
            ),
        )
    w.update("pipeline", pipeline.id, archived_at=w.now)


def add_stage(w: Unit, pipeline: Pipeline, draft: StageDraft, position: int | None = None) -> int:
    """Store a stage; without a position an open one goes before the won and lost ones."""
    _refuse_twin_stage(pipeline, draft.values["name"])
    last_open = [stage.position for stage in pipeline.stages if stage.is_open]
    if position is None:
        is_open = draft.values["kind"] == "open"
        position = (last_open[-1] if last_open and is_open else len(pipeline.stages)) + 1
    id = w.insert("stage", pipeline_id=pipeline.id, position=position, **draft.values)
    place_stage(w, [*pipeline.stages], id, position)
    return id


def place_stage(w: Unit, stages: Sequence[Stage], id: int, position: int) -> bool:
    """Put a stage at a position, from 1; the others make room."""
    order = [stage.id for stage in stages if stage.id != id]
    order.insert(max(0, min(position - 1, len(order))), id)
    moved = [w.update("stage", other, position=at) for at, other in enumerate(order, 1)]
    return any(moved)


def edit_stage(w: Unit, pipeline: Pipeline, stage: Stage, values: Row) -> bool:
    """Change columns of a stage; its kind stays.

    Raises:
        ConflictError: another stage of the pipeline has the name.
    """
    if "name" in values:
        _refuse_twin_stage(pipeline, values["name"], stage.id)
    return w.update("stage", stage.id, **values)


def remove_stage(w: Unit, pipeline: Pipeline, stage: Stage) -> None:
    """Take an empty stage away; its history stays.

    Raises:
        ConflictError: it is the last of its kind, or something stands in it.
    """
    if len(pipeline.of_kind(stage.kind)) == 1 and stage.kind != "lost":
        raise ConflictError(
            tr(
                "{name} is the only {kind} stage of {pipeline}",
                name=stage.name,
                kind=stage.kind,
                pipeline=pipeline.name,
            )
        )
    standing = standing_in(w.conn, stage)
    if standing:
        raise ConflictError(
            trn(
                "{count} stands in {name}",
                "{count} stand in {name}",
                len(standing),
                name=stage.name,
            ),
            tr("give --move-to STAGE"),
        )
    w.update("stage", stage.id, archived_at=w.now)


def standing_in(conn: sqlite3.Connection, stage: Stage) -> list[int]:
    """Give the ids of the deals or contacts that stand in a stage, those of the trash too."""
    query = sql.DEALS_IN if stage.holds == "deal" else sql.CONTACTS_IN
    return [row["id"] for row in fetch(conn, query, stage_id=stage.id)]


def deal_sums(conn: sqlite3.Connection, pipeline_id: int, where: Where | None) -> list[Row]:
    """Give what the open deals of a pipeline are worth.

    Rows of stage_id, currency, value_period, own (percent, before the stage's), count, minor.
    """
    return _summed(_filtered(conn, sql.BOARD_SUMS, where, pipeline_id=pipeline_id))


def closed_sums(
    conn: sqlite3.Connection, pipeline_id: int, since: str, where: Where | None
) -> list[Row]:
    """Give what was closed since an instant: kind, currency, value_period, count, minor."""
    rows = _filtered(conn, sql.CLOSED_SUMS, where, pipeline_id=pipeline_id, since=since)
    return _summed(rows)


def people_counts(
    conn: sqlite3.Connection, pipeline_id: int, since: str, where: Where | None
) -> list[Row]:
    """Give how many people stand in the stages of a pipeline, and how many came since an instant.

    Rows of stage_id, kind, count, recent.
    """
    return _filtered(conn, sql.BOARD_COUNTS, where, pipeline_id=pipeline_id, since=since)


def deals_on_board(
    conn: sqlite3.Connection, stage_id: int, limit: int, where: Where | None
) -> list[int]:
    """Give the ids of the open deals of a stage, the next to close first."""
    rows = _filtered(conn, sql.BOARD_DEALS, where, stage_id=stage_id, limit=limit)
    return [row["id"] for row in rows]


def people_on_board(
    conn: sqlite3.Connection, stage_id: int, limit: int, where: Where | None
) -> dict[int, str]:
    """Give since when the people of a stage stand there, by id, the longest first."""
    rows = _filtered(conn, sql.BOARD_CONTACTS, where, stage_id=stage_id, limit=limit)
    return {row["id"]: row["entered_at"] for row in rows}


def people(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """Give contacts as a board shows them: name, org, owner, last touch, next task."""
    return [row for chunk in chunks(ids) for row in fetch_ids(conn, sql.PEOPLE, chunk)]


def _summed(rows: list[Row]) -> list[Row]:
    return [{**row, "minor": whole(row["millions"], row["rest"])} for row in rows]


def _filtered(
    conn: sqlite3.Connection, query: str, where: Where | None, **values: object
) -> list[Row]:
    """Give the rows of a query with a filter in it."""
    more = f"AND {where.sql}" if where and where.sql else ""
    bound = where.values if where else {}
    return fetch(conn, query.format(filter=more), **bound, **values)


def _fitting(known: Sequence[T], name: str) -> list[T]:
    """Give those of a name, else those that begin so."""
    typed = fold(clean(name))
    folded = typed.replace("-", " ").replace("_", " ")
    exact = [one for one in known if fold(one.name) in (folded, typed)]
    return exact or [one for one in known if folded and fold(one.name).startswith(folded)]


def _named(known: Sequence[T], name: str, error: str) -> T:
    """Give the one of a name; else raise."""
    found = _fitting(known, name)
    if len(found) == 1:
        return found[0]
    if found:
        _refuse_several(found, name)
    names = {fold(one.name): one.name for one in known}
    near = get_close_matches(fold(name), names, 1)
    hint = tr("did you mean {name}? ", name=names[near[0]]) if near else ""
    raise NotFoundError(
        error, tr("{hint}one of {names}", hint=hint, names=", ".join(names.values()))
    )


def _refuse_several(found: Sequence["Stage | Pipeline"], name: str) -> None:
    names = sorted({one.name for one in found})
    if len(names) == 1:
        raise ConflictError(
            tr("several pipelines have a stage {name}", name=names[0]), tr("give --pipeline")
        )
    raise ConflictError(
        tr("{name!r} may be {shown}", name=name, shown=", ".join(names)), tr("write more of it")
    )


def _refuse_twin(w: Unit, name: str, id: int | None = None) -> None:
    if not is_visible(name):
        raise InvalidError(tr("a pipeline needs a name"))
    for one in list_pipelines(w.conn):
        if fold(one.name) == fold(name) and one.id != id:
            raise ConflictError(tr("there is a pipeline {name} already", name=one.name))


def _refuse_twin_stage(pipeline: Pipeline, name: str, id: int | None = None) -> None:
    for one in pipeline.stages:
        if fold(one.name) == fold(name) and one.id != id:
            raise ConflictError(
                tr("{pipeline} has a stage {name} already", pipeline=pipeline.name, name=one.name)
            )


def _stage(row: Row) -> Stage:
    own: Row = {"required": tuple(json.loads(row["required_fields"]))}
    kept = {name: row[name] for name in Stage.__slots__ if name not in own}
    return Stage(**kept, **own)
