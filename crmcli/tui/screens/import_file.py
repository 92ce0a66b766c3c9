"""A file on its way in: what its columns become, what would happen, and that it happens."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from crmcli.chart import bar
from crmcli.context import Context
from crmcli.errors import CancelledError, CrmError
from crmcli.i18n import mark, tr, trn
from crmcli.interchange.fields import target_of
from crmcli.service import import_ as service
from crmcli.service.import_ import Outcome, Wish
from crmcli.service.preview import (
    Preview,
    Sampled,
    field_words,
    preview,
    read_as,
    remapped,
)
from crmcli.tui.binds import bindings
from crmcli.tui.folder import short
from crmcli.tui.keys import keys_of
from crmcli.tui.modals.form import Field, Form, Values
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.screens.import_ import options_form, options_said
from crmcli.tui.widgets.bars import KeyBar
from crmcli.tui.widgets.card import CardPane, Part, Sheet
from crmcli.tui.widgets.rows import ListRows, Row, RowList, Title
from crmcli.tui.work import Loader

STEPS = {"check": mark("Checking"), "write": mark("Writing"), "save": mark("Saving")}
BAR = 20  # cells
# The keys of the footer at each stage, by their actions.
STAGES = {
    "columns": ("remap", "leave_out", "options", "go", "back"),
    "checked": ("go", "remap", "options", "back"),
    "running": ("back",),
    "done": ("back",),
}


@dataclass(slots=True)
class Job:
    """An import that is running, or its dry run.

    Args:
        is_dry: nothing will be written.
        stop: set to break it off.
        step: what it is at.
        rows: how many rows of this step are done.
        is_waiting: another process writes; it is tried again.
        began: when this step began.
    """

    is_dry: bool
    stop: Event = field(default_factory=Event)
    step: str = "check"
    rows: int = 0
    is_waiting: bool = False
    began: float = field(default_factory=monotonic)

    def move(self, step: str, rows: int) -> None:
        """Take note of how far it is."""
        if step != self.step:
            self.began = monotonic()
        self.step, self.rows, self.is_waiting = step, rows, False

    @property
    def rate(self) -> int:
        """Give the rows of this step in a second."""
        return round(self.rows / max(monotonic() - self.began, 0.001))


class ImportFileScreen(CrmScreen):
    """One file: its columns above, what it reads as, would do and did below.

    Args:
        found: the file as it was read.
    """

    AREA = "import_file"
    TAB = "import"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("import_file")]

    def __init__(self, found: Preview) -> None:
        super().__init__()
        self.found = found
        self.stage = "columns"
        self.job: Job | None = None
        self.outcome: Outcome | None = None
        self.error: CrmError | None = None
        self.words: list[str] = []
        self.previews: Loader[Preview] = Loader(self, self.show_preview, self.show_error)
        self.fields: Loader[list[str]] = Loader(self, self.take_words)

    def body(self) -> ComposeResult:
        """Lay out the columns and what is said about the file."""
        titles = [Title(tr("Column")), Title(tr("Becomes")), Title(tr("First values"))]
        with Container(classes="panes"):
            yield RowList(titles, classes="main")
            with Container(classes="side"):
                yield CardPane()

    def on_mount(self) -> None:
        """Show what was read already."""
        super().on_mount()
        self.show_preview(self.found)

    def on_unmount(self) -> None:
        """Let nothing run on when the screen is gone."""
        if self.job is not None:
            self.job.stop.set()

    def reload(self) -> None:
        """Read the own fields again, which columns may become."""
        self.fields.start(field_words)

    def take_words(self, words: list[str]) -> None:
        """Take the fields that columns may become."""
        self.words = words

    # What is shown

    def show_preview(self, found: Preview) -> None:
        """Show the columns; what was counted before no longer holds."""
        self.found, self.error, self.outcome = found, None, None
        self.query_one(RowList).show(ListRows([_row(column) for column in found.columns]))
        self.show("columns")

    def show_error(self, error: CrmError) -> None:
        """Say what cannot be; the columns stay as they are."""
        self.error = error
        self.show("columns")

    def show(self, stage: str) -> None:
        """Show a stage: what is said about the file, and the keys it has."""
        self.stage = stage
        name = os.path.basename(self.found.wish.file)
        rows = rows_said(self.found.rows)
        self.say_title(name, ", ".join(filter(None, (options_said(self.found.wish), rows))))
        keys = {key.action: key for key in keys_of(self.AREA)}
        labels = {
            "go": tr("Import") if stage == "checked" else tr("Count first"),
            "back": tr("Cancel") if stage == "running" else tr("Back"),
        }
        shown = [
            (keys[action].keys.split(",")[0], action, labels.get(action, tr(keys[action].label)))
            for action in STAGES[stage]
        ]
        if stage == "done":
            shown.append(("u", "app.undo", tr("Undo")))
        self.query_one(KeyBar).show(shown)
        self.query_one(CardPane).show(Sheet(("import", 0), {}, tuple(self._parts())))

    def _parts(self) -> Iterator[Part]:
        if self.job is not None:
            yield from self._progress(self.job)
        elif self.error is not None:
            is_cancelled = isinstance(self.error, CancelledError)
            label = tr("Cancelled") if is_cancelled else tr("Refused")
            yield Part("late", label, self._named(self.error.message))
            if self.error.hint:
                yield Part("fact", "", self.error.hint)
        elif self.outcome is not None:
            yield from _outcome_parts(self.outcome, self.stage == "done")
            for note in self.outcome.notes:
                yield Part("fact", tr("Note"), self._named(note))
        elif not self.found.tells_who:
            yield Part(
                "late",
                tr("Not yet"),
                tr("no column is a name, an e-mail address or a telephone number yet:"
                   " Enter on one says what it is"),
            )  # fmt: skip
        else:
            yield Part(
                "fact", tr("Next"), tr("ctrl+s counts what would happen; nothing is written")
            )
        yield from _reading_parts(self.found)

    def _named(self, message: str) -> str:
        """Give a message with the name of the file instead of its path."""
        path = self.found.wish.file
        return message.replace(path, os.path.basename(path))

    def _progress(self, job: Job) -> Iterator[Part]:
        total = max(self.found.rows, job.rows)
        signs = bar(job.rows, total, BAR, ascii=self.crm_app.ascii).ljust(BAR)
        said = tr(
            "{rows} of {total} rows, {rate} a second",
            rows=f"{job.rows:,}",
            total=f"{total:,}",
            rate=f"{job.rate:,}",
        )
        yield Part("fact", tr(STEPS[job.step]), f"[{signs}] {said}")
        if job.stop.is_set():
            yield Part("fact", "", tr("Cancelling …"))
        elif job.is_waiting:
            yield Part("late", "", tr("The database is busy; trying again …"))
        elif job.is_dry:
            yield Part("fact", "", tr("only counted: nothing is written; esc cancels"))
        else:
            yield Part("fact", "", tr("all or nothing: esc cancels, and nothing is written"))

    # Columns

    @on(RowList.Opened)
    def action_remap(self) -> None:
        """Ask what the column under the cursor becomes."""
        column = self._column()
        if column is None or not self._may_map():
            return
        words = [*self.words, "custom:", "-"]
        becomes = Field(
            "field",
            tr("Becomes"),
            "" if column.is_left_out else column.target or "",
            hint=tr("a field; empty leaves it out"),
            check=target_said,
            words=words,
        )
        note = tr("{names}; custom:NAME makes an own field", names=", ".join(self.words))
        form: Form[Wish] = Form(
            tr("Column {name}", name=column.name),
            [becomes],
            partial(self._remap, column),
            note=note,
        )
        self.app.push_screen(form, self._read_again)

    def _remap(self, column: Sampled, crm: Context, values: Values) -> Wish:  # noqa: ARG002
        return remapped(self.found, column.name, values["field"])

    def action_leave_out(self) -> None:
        """Leave the column under the cursor out."""
        column = self._column()
        if column is not None and not column.is_left_out and self._may_map():
            self._read_again(remapped(self.found, column.name, ""))

    def action_options(self) -> None:
        """Ask how the file is read, and what everybody in it gets."""
        if self._is_free():
            self.app.push_screen(options_form(self.found.wish), self._read_again)

    def _read_again(self, wish: Wish | None) -> None:
        if wish is not None and wish != self.found.wish:
            self.previews.start(lambda crm: preview(crm, wish))

    def _column(self) -> Sampled | None:
        name = self.query_one(RowList).key
        return next((column for column in self.found.columns if column.name == name), None)

    def _may_map(self) -> bool:
        if not self.found.can_be_mapped:
            self.crm_app.say(tr("This is an export of crm: its columns are known"))
            return False
        return self._is_free()

    def _is_free(self) -> bool:
        """Tell whether something may be changed, and say why not."""
        if self.job is not None:
            self.crm_app.say(tr("The import is running; esc cancels it"))
        elif self.stage == "done":
            self.crm_app.say(tr("It is done; esc goes back, u takes it back"))
        return self.job is None and self.stage != "done"

    # Running

    def action_go(self) -> None:
        """Count what would happen; counted already, do it."""
        if self._is_free():
            self._start(Job(is_dry=self.stage != "checked"))

    def _start(self, job: Job) -> None:
        self.job, self.error = job, None
        if job.is_dry:
            self.outcome = None
        wish = self.found.wish
        self.show("running")
        self.crm_app.jobs[self._work()] = job.stop
        self.crm_app.write(
            lambda crm: service.bring_in(
                crm, wish, dry_run=job.is_dry, watch=partial(self._watch, job)
            ),
            self._ended,
            self._failed,
            partial(self._waits, job),
            is_long=True,
        )

    def _work(self) -> str:
        return tr("import of {name}", name=os.path.basename(self.found.wish.file))

    def _watch(self, job: Job, step: str, rows: int) -> None:
        """Take note of how far it is; on the thread of the import.

        Raises:
            CancelledError: it was cancelled.
        """
        if job.stop.is_set():
            raise CancelledError(tr("the import was cancelled: nothing was written"))
        self.app.call_later(self._moved, job, step, rows)

    def _moved(self, job: Job, step: str, rows: int) -> None:
        if job is self.job:
            job.move(step, rows)
            self.show("running")

    def _waits(self, job: Job) -> None:
        job.is_waiting = True
        self.show("running")

    def _ended(self, outcome: Outcome) -> None:
        job, self.job, self.outcome = self.job, None, outcome
        self.crm_app.jobs.pop(self._work(), None)
        is_done = job is not None and not job.is_dry
        if is_done and not self.is_current:
            self.crm_app.say(
                tr("Imported: {counts}", counts=service.counts_said(outcome.report.counts))
            )
        if self.is_attached:
            self.show("done" if is_done else "checked")

    def _failed(self, error: CrmError) -> None:
        job, self.job = self.job, None
        self.crm_app.jobs.pop(self._work(), None)
        self.error = error
        if not self.is_attached:
            return
        self.show("columns" if job is None or job.is_dry or self.outcome is None else "checked")

    def leave(self) -> None:
        """Go back to the files, but not from an import that is running."""
        if self.job is None or self._is_free():
            self.dismiss()

    def action_back(self) -> None:
        """Break off what is running; else go back to the files."""
        if self.job is None:
            self.dismiss()
        else:
            self.job.stop.set()
            self.show("running")


def _row(column: Sampled) -> Row:
    values = " | ".join(column.values) or tr("empty")
    tone = "quiet" if column.is_left_out else ""
    return Row(column.name, (column.name, becomes_said(column), values), tone)


def rows_said(count: int) -> str:
    """Say how many rows there are: `1,204 rows`."""
    return trn("{number} row", "{number} rows", count, number=f"{count:,}")


def becomes_said(column: Sampled) -> str:
    """Say what a column becomes."""
    if column.target is None or column.is_left_out:
        return tr("left out")
    head, _, key = column.target.partition(":")
    return tr("own field {key}", key=key) if head == "custom" else column.target


def target_said(text: str) -> str:
    """Say which field a word means if it is not its name, or raise UsageError."""
    said = becomes_said(Sampled("", target_of(text)))
    return said if said != text else ""


def _outcome_parts(outcome: Outcome, is_done: bool) -> Iterator[Part]:
    """Give the counts, and why rows are bad."""
    report = outcome.report
    label = tr("Done") if is_done else tr("Would be")
    yield Part("fact", label, service.counts_said(report.counts))
    if is_done and report.batch_id:
        yield Part(
            "fact", "", tr("Import {id}; u takes it back, or x in the list", id=report.batch_id)
        )
    elif is_done:
        yield Part("fact", "", tr("everything was here already"))
    else:
        yield Part("fact", tr("Next"), tr("ctrl+s imports: all of it, or nothing"))
    for line, reason in outcome.reasons:
        yield Part("late", tr("Line {line}", line=line), reason)
    more = report.counts["rejected"] - len(outcome.reasons)
    if more > 0:
        yield Part("late", "", trn("… and {count} more", "… and {count} more", more))
    if outcome.rejects:
        yield Part(
            "fact", tr("Bad rows"), tr("{path}: mend it and import it", path=short(outcome.rejects))
        )
    if outcome.problem is not None:
        yield Part("late", tr("Bad rows"), outcome.problem.message)


def _reading_parts(found: Preview) -> Iterator[Part]:
    """Give how the file was read."""
    yield Part("fact", tr("Read as"), read_as(found.encoding, found.delimiter))
    yield Part("fact", tr("Format"), f"{found.preset} {found.noun}")
    said = [
        rows_said(found.rows),
        trn("{count} left out", "{count} left out", found.skipped) if found.skipped else "",
        trn("{count} cannot be read", "{count} cannot be read", found.rejected)
        if found.rejected
        else "",
    ]
    yield Part("fact", tr("Rows"), ", ".join(filter(None, said)))
    for note in found.notes:
        yield Part("fact", tr("Note"), note)
