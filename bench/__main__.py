"""`python -m bench --scale 10k,100k [--only P1,P4] [--rounds 9] [--rows 10k,100k]`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench import commands, data, deals, dedupe, exports, imports, search, tui
from bench.measure import Failed, installed, say
from bench.report import Line, table

ROWS = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12", "P13")


def main() -> int:
    """Measure and print; exit code 1 when a row is over its target or could not be measured."""
    options = _options()
    scales = sorted(options.scale.split(","), key=data.size)
    wanted = set(options.only.split(","))
    for scale in scales:
        say(f"database of {scale} contacts")
        data.database(scale)
    crm = installed()
    say(f"measuring {crm.crm}")
    rows, rounds = options.rows.split(","), options.rounds
    sections: list[tuple[set[str], Callable[[], list[Line]]]] = [
        (set(ROWS[:6]), lambda: commands.measure(crm, scales, rounds, wanted)),
        ({"P7"}, lambda: search.measure(scales, rounds)),
        ({"P8"}, lambda: imports.measure(crm, rows, rounds)),
        ({"P10"}, lambda: exports.measure(crm, scales, rounds)),
        ({"P11"}, lambda: deals.measure(scales, rounds)),
        ({"P9"}, lambda: dedupe.measure(crm, scales)),
        ({"P12", "P13"}, lambda: tui.measure(crm, scales, rounds, wanted)),
    ]
    lines: list[Line] = []
    failed = False
    for numbers, section in sections:
        try:
            lines += section() if numbers & wanted else []
        except Failed as error:
            failed = True
            say(f"bench: {error}")
    columns = sorted({scale for line in lines for scale in line.values}, key=data.size)
    print(table(lines, columns))
    return 1 if failed or any("over" in line.verdict() for line in lines) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", default="10k,100k", help="contacts, such as 10k,100k,1M")
    parser.add_argument("--rows", default="10k,100k", help="rows of the imported files")
    parser.add_argument("--only", default=",".join(ROWS), help="rows of the table, such as P1,P4")
    parser.add_argument("--rounds", type=int, default=9, help="of which the median is taken")
    if not Path("crmcli").is_dir():
        parser.error("run it in the folder of the project")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
