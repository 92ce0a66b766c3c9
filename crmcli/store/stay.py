"""Where deals and people stood, and when: stays in stages that follow one another without a gap.

Written by the store's functions in the same unit of work as the move, never by triggers: undo
would fire them again.
"""

from dataclasses import dataclass

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.store.rows import Row
from crmcli.store.sql import deal as sql
from crmcli.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Track:
    """The stays of one deal, or of one contact in one pipeline.

    Args:
        noun: deal or contact.
        id: of the record.
        pipeline_id: of a contact.
    """

    noun: str
    id: int
    pipeline_id: int | None = None

    @property
    def table(self) -> str:
        """Give the table."""
        return f"{self.noun}_stage_history"

    def rows(self, w: Unit) -> list[Row]:
        """Give the stays in order."""
        if self.noun == "deal":
            return w.all(sql.DEAL_HISTORY, id=self.id)
        return w.all(sql.CONTACT_HISTORY, id=self.id, pipeline_id=self.pipeline_id)

    def next(self, w: Unit) -> str:
        """Give when a stay may begin that is the newest one: now, or at once after the others.

        Another process may have written meanwhile, or a file told of a day to come.
        """
        begun: list[str] = [stay["entered_at"] for stay in self.rows(w)]
        return max([w.now, *begun])

    def link(self) -> Row:
        """Give the columns that say whose stay a row is."""
        own = {f"{self.noun}_id": self.id}
        return own if self.noun == "deal" else {**own, "pipeline_id": self.pipeline_id}


def enter(w: Unit, track: Track, stage_id: int, at: str) -> bool:
    """Let a stay in a stage begin at an instant; what stood there before ends with it.

    Between two stays that are over it is put in between: the later ones stay as they are. A stay
    in the same stage right before goes on, one right after begins earlier.

    Args:
        w: the unit of work.
        track: whose stays.
        stage_id: the stage.
        at: the instant, stored form; not before the first stay.

    Returns:
        Whether anything changed.

    Raises:
        InvalidError: before the first stay.
    """
    stays = track.rows(w)
    before = [stay for stay in stays if stay["entered_at"] <= at]
    after = stays[len(before) :]
    if stays and not before:
        raise InvalidError(
            tr("it begins only on {day}", day=stays[0]["entered_at"][:10]),
            tr("a stage cannot be entered before that"),
        )
    last = before[-1] if before else None
    is_gap = last is not None and last["exited_at"] is not None and last["exited_at"] <= at
    if last and last["stage_id"] == stage_id and not is_gap:
        return False
    if after and after[0]["stage_id"] == stage_id and not is_gap:
        assert last is not None
        w.update(track.table, last["id"], exited_at=at)
        return w.update(track.table, after[0]["id"], entered_at=at)
    if last and not is_gap:
        w.update(track.table, last["id"], exited_at=at)
    end = after[0]["entered_at"] if after else None
    w.insert(track.table, **track.link(), stage_id=stage_id, entered_at=at, exited_at=end)
    return True


def leave(w: Unit, track: Track, at: str) -> bool:
    """End the stay that goes on; False when there is none."""
    for stay in track.rows(w):
        if stay["exited_at"] is None:
            return w.update(track.table, stay["id"], exited_at=max(at, stay["entered_at"]))
    return False
