"""P1 to P6: whole commands, as processes, against the start of Python with sqlite3."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bench import data
from bench.measure import Installed, alternate, environment, on_terminal, piped, say
from bench.report import Line

WORK = data.FOLDER / "work"
HOME = WORK / "home"
WHO = "mila-copic-5"  # somebody without a task that is due


@dataclass(frozen=True)
class Command:
    """A command to measure.

    Args:
        number: its row.
        words: its arguments; `{n}` is the number of the round, `{task}` an open task of it.
        target: at most so many times the yardstick.
        runner: piped or on_terminal.
        config: with a config.toml.
        writes: on a copy of the database.
        scaled: also at the larger scales, and then in P6.
        note: said in the table beside the command.
        growth: at most so many times itself, from the smallest scale to the largest.
    """

    number: str
    words: tuple[str, ...]
    target: float | None = None
    runner: Callable[..., float] = piped
    config: bool = False
    writes: bool = False
    scaled: bool = True
    note: str = ""
    growth: float = 1.15

    @property
    def what(self) -> str:
        """Give what the table calls it."""
        shown = (word.replace("{n}", "1").replace("{task}", "9") for word in self.words)
        quoted = (f"'{word}'" if " " in word else word for word in shown)
        return f"`crm {' '.join(quoted)}`" + (f", {self.note}" if self.note else "")


COMMANDS = (
    Command("P1", ("due",), 1.35),
    Command("P1", ("due", "--count"), 1.35),
    Command("P1", ("due",), 2.2, config=True, note="with config.toml"),
    Command("P1", ("due", "--count"), 2.2, config=True, note="with config.toml"),
    Command("P2", ("today",), 6),
    Command("P2", ("contact", "list", "--limit", "20"), 6),
    Command("P2", ("contact", "list"), scaled=False, note="all"),
    Command("P2", ("contact", "show", WHO), 6),
    Command("P2", ("find", "copic"), 6),
    Command("P2", ("task", "list", "--limit", "20"), 6),
    Command("P2", ("--help",), 6, scaled=False),
    Command("P2", ("today",), 10, on_terminal, note="terminal"),
    Command("P2", ("contact", "list", "--limit", "20"), 10, on_terminal, note="terminal"),
    Command("P2", ("contact", "show", WHO), 10, on_terminal, note="terminal"),
    Command("P3", ("completion", "--words", "handles", "an"), 1.5),
    Command("P4", ("contact", "add", "Bench {n}", "-e", "bench{n}@new.example"), 6, writes=True),
    Command(
        "P4",
        ("contact", "add", "Phone {n}", "-p", "+386 41 000 {n}"),
        writes=True,
        note="with a phone",
    ),
    Command("P4", ("log", "call", WHO, "wants a pilot", "-n", "fri offer"), 6, writes=True),
    Command("P4", ("task", "done", "t{task}"), 6, writes=True),
)
# First pages of filtered lists: common and rare tags, dates, names, people's orgs, full text.
FILTERED = (
    ("contact", "list", "+vip"),
    ("contact", "list", "not", "+vip", "last_touch.before:-30d"),
    ("contact", "list", "next_touch.before:today", "--sort", "next_touch"),
    ("contact", "list", "name:novak"),
    ("contact", "list", "email:p"),
    ("contact", "list", "task.due.before:today"),
    ("contact", "list", "pilot"),
    ("task", "list", "due.before:today", "owner:me"),
)
COMMANDS += tuple(Command("P6", (*words, "--limit", "20"), 6, growth=2) for words in FILTERED)
FIRST = Command("P5", ("contact", "add", "Ana Novak"), 8, note="no database yet")


def measure(crm: Installed, scales: Sequence[str], rounds: int, wanted: set[str]) -> list[Line]:
    """Give the lines of P1 to P5 at every scale, and of P6 between the first and the last."""
    lines, growth = [], []
    copies = dict(_copies(scales)) if "P4" in wanted else {}
    for command in COMMANDS:
        if command.number not in wanted:
            continue
        at = scales if command.scaled else scales[:1]
        places = {scale: copies[scale] if command.writes else data.database(scale) for scale in at}
        line, ratio = _measure(crm, command, places, rounds)
        lines.append(line)
        if ratio and command.target and "P6" in wanted:
            what = f"{command.what}, {scales[-1]} to {scales[0]}"
            growth.append(Line("P6", what, target=command.growth, values={scales[-1]: ratio}))
    if "P5" in wanted:
        lines.append(_measure_first(crm, rounds, scales[0]))
    shutil.rmtree(WORK, ignore_errors=True)
    return lines + growth


def _measure(
    crm: Installed, command: Command, places: dict[str, Path], rounds: int
) -> tuple[Line, float | None]:
    say(f"{command.number} {command.what}")
    env = environment(HOME, Path("unused"), config=command.config)
    runs: dict[str, Callable[[int], float]] = {}
    for scale, place in places.items():
        here = {**env, "CRM_DB": str(place.absolute())}
        runs[f"1x {scale}"] = lambda _, here=here: piped(crm.yardstick, here)
        runs[scale] = partial(_run, crm, command, here)
    taken = alternate(runs, rounds)
    one = median(taken[f"1x {scale}"] for scale in places)
    values = {scale: taken[scale] / one for scale in places}
    line = Line(command.number, command.what, target=command.target, values=values)
    first, *_, last = [*places, *places]
    return line, values[last] / values[first] if first != last else None


def _run(crm: Installed, command: Command, env: dict[str, str], number: int) -> float:
    filled = [
        word.replace("{n}", str(100 + number)).replace("{task}", str(data.open_task(number)))
        for word in command.words
    ]
    return command.runner([crm.crm, *filled], env)


def _measure_first(crm: Installed, rounds: int, scale: str) -> Line:
    """Measure the first command of all: it makes the database."""
    say(f"{FIRST.number} {FIRST.what}")

    def first(_: int) -> float:
        env = environment(HOME, Path("unused"))
        del env["CRM_DB"]
        return piped([crm.crm, *FIRST.words], env)

    env = environment(HOME, Path("unused"))
    taken = alternate({"1x": lambda _: piped(crm.yardstick, env), "first": first}, rounds)
    values = {scale: taken["first"] / taken["1x"]}
    return Line(FIRST.number, FIRST.what, target=FIRST.target, values=values)


def _copies(scales: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Copy the databases for the writing commands, and wait until the disk is at rest.

    One copy serves all rounds, each writing about another record: copying before every round
    would make the disk busy, and each commit waits for the disk.
    """
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for scale in scales:
        copy = WORK / f"{scale}.db"
        shutil.copyfile(data.database(scale), copy)
        yield scale, copy
    os.sync()
