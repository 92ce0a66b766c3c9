"""A bar on the terminal while something long runs: how far, how fast, how long still."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crmcli.context import Context
from crmcli.i18n import mark, tr

STEPS = {
    "check": mark("Checking"),
    "write": mark("Writing"),
    "save": mark("Saving"),
}


@contextmanager
def progress(crm: Context, total: int | None = None) -> Iterator[Callable[[str, int], None] | None]:
    """Give what is told the step and its rows so far; None where nobody looks.

    Args:
        crm: the run.
        total: how many rows there are; None when that is not known.
    """
    if not crm.is_interactive:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,.0f}", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, rate="")

        def watch(step: str, rows: int) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed or 0
            rate = tr("{rate} a second", rate=f"{speed:,.0f}") if speed else ""
            bar.update(task, description=tr(STEPS[step]), completed=rows, rate=rate)

        yield watch
