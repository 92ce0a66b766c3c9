"""Imports of deals, one by one: known by uid, which an id elsewhere gives too; each once.

The history of a deal is that of its file: opened in an open stage, closed when it was won or lost.
"""

from dataclasses import dataclass
from functools import cached_property

from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import tr
from crmcli.rules.deal import DealDraft, Told
from crmcli.rules.deal_import import end_of
from crmcli.rules.link import Link
from crmcli.store import deal, field
from crmcli.store.import_edit import CHANGED_SINCE, Policy
from crmcli.store.import_other import Outcome, Refused, here, id_of, some
from crmcli.store.link import Ambiguous, find_link
from crmcli.store.pipeline import Pipeline, Stage, list_pipelines
from crmcli.store.unit import Row, Unit
from crmcli.store.vocabulary import ensure_reason
from crmcli.text import fold

NO_REASON = "not said"  # the reason of a lost deal whose file gives none


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a deal stands: an open stage, the closing one if it is over, and an unknown name."""

    stage: Stage
    end: Stage | None
    unknown: str = ""


class DealImport:
    """Brings deals in."""

    def __init__(self, w: Unit, policy: Policy) -> None:
        self.w = w
        self.policy = policy

    @cached_property
    def pipelines(self) -> list[Pipeline]:
        """The pipelines of deals, the default one first."""
        return list_pipelines(self.w.conn, "deal")

    @cached_property
    def guard(self) -> field.Guard:
        """What holds the own fields of deals to their definitions."""
        return field.Guard(self.w.conn, "deal")

    def bring(self, draft: DealDraft, same_row: int | None) -> Outcome:
        """Bring in one deal; `same_row` is whom its row is about."""
        found = id_of(self.w, "deal", draft.values["uid"])
        if found is not None:
            return self._change(found, draft)
        try:
            return self._create(draft, draft.told or Told(), same_row)
        except Refused as refused:
            return refused.outcome
        except (InvalidError, ConflictError) as error:  # of an own field, before any write
            return "rejected", None, error.message

    def _change(self, id: int, draft: DealDraft) -> Outcome:
        """Change what our own file says otherwise, where nothing else did meanwhile."""
        row = self.w.get("deal", id) or {}
        columns = {**{key: key for key in self.policy.columns}, **_OWN_NAMES}
        stamps = ("uid", "created_at", "updated_at", "opened_at")
        moved = {
            key: value
            for key, value in draft.values.items()
            if columns.get(key) in self.policy.columns and key not in stamps and value != row[key]
        }
        told = draft.told or Told()
        stage, unknown = self._other_stage(row, told)
        is_wanted = self.policy.on_match in ("edited", "update") and not row["archived_at"]
        if not is_wanted or not (moved or stage):
            return "unchanged", id, unknown if is_wanted else None
        if self.policy.on_match == "edited" and draft.values["updated_at"] != row["updated_at"]:
            return "unchanged", id, tr(CHANGED_SINCE, ref=f"d{id}")
        try:
            deal.edit_deal(self.w, id, moved)
            if stage:
                self._move(row, stage, told)
        except (InvalidError, ConflictError) as error:
            return "rejected", id, error.message
        return "updated", id, unknown

    def _other_stage(self, row: Row, told: Told) -> tuple[Stage | None, str | None]:
        """Give the stage that a file moves a deal to; say so where it names none that there is."""
        if not self.policy.columns & {"stage", "status"}:
            return None, None
        pipeline = self._pipeline(told)
        stage = _named(pipeline, told.stage)
        if told.stage and stage is None:
            said = tr("there is no stage {name!r}; it was not moved", name=told.stage)
            return None, said
        if stage and stage.id != row["stage_id"]:
            return stage, None
        is_closed_now = told.end in ("won", "lost") and told.end != row["status"]
        ends = pipeline.of_kind(told.end or "") if is_closed_now else []
        return (ends[0] if ends else None), None

    def _move(self, row: Row, stage: Stage, told: Told) -> None:
        """Move a deal as its file says: now, unless the file closes it at another instant."""
        if stage.is_open:
            deal.move(self.w, row["id"], stage)
            return
        at = told.closed_at if told.closed_at != row["closed_at"] else None
        at = min(max(at or self.w.now, row["stage_entered_at"]), self.w.now)
        self._close(row["id"], stage, at, told)

    def _create(self, draft: DealDraft, told: Told, same_row: int | None) -> Outcome:
        place = self._place(told)
        people, org_id, lacking = self._linked(told, same_row)
        said = []
        if lacking:
            said.append(tr("nobody here is {name}", name=", ".join(lacking)))
            _note(draft, f"with: {', '.join(lacking)}")
        if place.unknown:
            _note(draft, f"stage: {place.unknown}")
            said.append(
                tr(
                    "there is no stage {name!r}: it is in {stage}, the name is kept in the note",
                    name=place.unknown,
                    stage=(place.end or place.stage).name,
                )
            )
        opened, entered, closed = self._moments(draft, told, place)
        draft.values["opened_at"] = opened
        first = self._first(place.stage) if entered > opened else place.stage
        id = deal.add_deal(
            *(self.w, draft, first),
            contact_id=people[0][1] if people else None,
            org_id=org_id,
            guard=self.guard,
        )
        self.guard.take(draft.custom, id)
        for role, contact_id in people:
            if role or contact_id != people[0][1]:
                deal.add_person(self.w, id, contact_id, role)
        for line in told.lines:
            deal.add_line(self.w, id, line, draft.values["currency"])
        if first.id != place.stage.id:
            deal.move(self.w, id, place.stage, entered)
        if place.end:
            self._close(id, place.end, closed, told)
        return "created", id, "; ".join(said) or None

    def _close(self, id: int, end: Stage, at: str, told: Told) -> None:
        reason = None
        if end.kind == "lost":
            reason = ensure_reason(self.w, "lost", told.reason or NO_REASON)
        deal.move(self.w, id, end, at, reason_id=reason, note=told.close_note)

    def _moments(self, draft: DealDraft, told: Told, place: _Place) -> tuple[str, str, str]:
        """Give when it was opened, entered its open stage, and was closed; none lies ahead."""
        now = self.w.now
        day = draft.values["close_date"]
        closed = min(told.closed_at or (f"{day}T12:00:00Z" if day else now), now)
        last = closed if place.end else now
        opened = draft.values["opened_at"] or draft.values["created_at"] or last
        opened = min(opened, last)
        entered = opened if place.end else min(told.entered_at or opened, last)
        return opened, max(entered, opened), max(closed, opened)

    def _first(self, stage: Stage) -> Stage:
        """Give the first open stage of a stage's pipeline."""
        return next(one for one in self.pipelines if one.id == stage.pipeline_id).of_kind("open")[0]

    def _place(self, told: Told) -> _Place:
        """Find the stage that a file names; else the first open one, and won or lost."""
        pipeline = self._pipeline(told)
        stage = _named(pipeline, told.stage)
        open_stage = stage if stage and stage.is_open else pipeline.of_kind("open")[0]
        kind = told.end if told.end in ("won", "lost") else None
        if kind is None and told.end is None:
            kind = stage.kind if stage else end_of(told.stage)
        if kind in ("won", "lost"):
            ends = pipeline.of_kind(kind)
            end = stage if stage in ends else ends[0] if ends else None
            is_known = stage or end_of(told.stage)
            if end:
                return _Place(open_stage, end, "" if is_known else told.stage or "")
        is_unknown = stage is None or not stage.is_open
        return _Place(open_stage, None, (told.stage or "") if is_unknown else "")

    def _pipeline(self, told: Told) -> Pipeline:
        """Give the pipeline of a name, else that which has the stage, else the default one."""
        usual = self.pipelines
        if not usual:
            raise Refused("rejected", tr("there is no pipeline of deals"))
        named = [one for one in usual if told.pipeline and fold(one.name) == fold(told.pipeline)]
        having = [one for one in usual if _named(one, told.stage)]
        return (named or having or usual)[0]

    def _linked(
        self, told: Told, same_row: int | None
    ) -> tuple[list[tuple[str | None, int]], int | None, list[str]]:
        """Give role and id of its people, its org, and who of them is not here."""
        people = [(role, here(self.w, "contact", uid)) for role, uid in told.contacts]
        org_id = here(self.w, "org", told.org_uid) if told.org_uid else None
        lacking: list[str] = []
        for link in told.people:
            id = same_row if link.is_same_row else self._find("contact", link)
            if id is None:
                lacking.append(link.said)
            elif id not in [known for _, known in people]:
                people.append((None, id))
        if told.org:
            org_id = self._find("org", told.org)
            lacking += [] if org_id else [told.org.said]
        return people, org_id, some(lacking)

    def _find(self, noun: str, link: Link) -> int | None:
        try:
            return find_link(self.w.conn, noun, link)
        except Ambiguous as error:
            name, refs = error.args
            said = tr("several are called {name}: {refs}", name=name, refs=refs)
            raise Refused("rejected", said) from None


# Columns of the table by their names in our files.
_OWN_NAMES = {
    "name_norm": "name",
    "amount_minor": "amount",
    "currency": "amount",
    "value_period": "period",
    "forecast_override": "category_override",
}


def _note(draft: DealDraft, line: str) -> None:
    """Add a line to the note of a deal."""
    draft.values["note"] = "\n".join(filter(None, (draft.values["note"], line)))


def _named(pipeline: Pipeline, name: str | None) -> Stage | None:
    """Give the stage of a name; None when there is none."""
    known = (stage for stage in pipeline.stages if fold(stage.name) == fold(name or ""))
    return next(known, None)
