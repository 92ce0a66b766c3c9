"""P8: `crm import` of a CSV file, against `executemany` of the same tuples, ready in memory.

`python -m bench.imports IMPORTED FRESH` is the other side of the comparison: it copies the records
of IMPORTED into the new database FRESH and prints the seconds, and the processor's seconds, that
the inserts took.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench import data
from bench.measure import (
    FEW,
    Failed,
    Installed,
    alternate,
    environment,
    piped,
    say,
    spawned,
)
from bench.report import Line
from crmcli.store import db, dialect
from crmcli.store.dump import SEEDS
from crmcli.store.tables import COLUMNS

WORK = data.FOLDER / "import"
REJECTED = 6  # the exit code when some rows were rejected
# What an import writes beside the records: the journal, the search texts, its own lines.
BESIDE = {"change", "change_group", "journal_state", "search_doc", "import_batch", "import_row"}
PEAK = {"10k": 80.0, "100k": 128.0, "1M": 160.0}  # MiB

# Times Store.write: the write lock is held from its beginning to its end.
LOCKED = """
import sys, time
from crmcli.store.unit import Store
write = Store.write
def timed(self, *args, **options):
    start = time.perf_counter()
    try:
        return write(self, *args, **options)
    finally:
        print("\\nlocked", time.perf_counter() - start, file=sys.stderr)
Store.write = timed
from crmcli.__main__ import main
raise SystemExit(main())
"""


def measure(crm: Installed, scales: Sequence[str], rounds: int) -> list[Line]:
    """Give the lines of P8; a scale is the number of rows here."""
    ratio = Line("P8", "import CSV, to executemany of its tuples", target=2.5)
    cpu = Line("P8", "import CSV, to executemany of its tuples, processor time")
    rate = Line("P8", "rows a second", "")
    peak = Line("P8", "peak memory", "MiB", PEAK)
    lock = Line("P8", "write lock held, to executemany")
    again = Line("P8", "the same file again, to executemany")
    flat = Line("P8", "`sqlite3 .import` of the flat file, to executemany")
    for scale in scales:
        say(f"P8 import of {scale} rows")
        one = _Import(crm, scale)
        runs = {"import": one.run, "ready": one.run_ready, "again": one.run_again}
        if shutil.which("sqlite3"):
            runs["flat"] = one.run_flat
        taken = alternate(runs, max(FEW, rounds // 3))
        ready = taken["ready"]
        ratio.values[scale] = taken["import"] / ready
        cpu.values[scale] = median(one.cpus) / median(one.ready_cpus)
        rate.values[scale] = data.size(scale) / taken["import"]
        again.values[scale] = taken["again"] / ready
        if "flat" in taken:
            flat.values[scale] = taken["flat"] / ready
        lock.values[scale] = one.locked() / ready
        peak.values[scale] = one.peak
    shutil.rmtree(WORK, ignore_errors=True)
    return [ratio, cpu, rate, peak, lock, again, *([flat] if flat.values else [])]


class _Import:
    """The imports of one file, each into a database of its own."""

    def __init__(self, crm: Installed, scale: str) -> None:
        shutil.rmtree(WORK, ignore_errors=True)
        WORK.mkdir(parents=True)
        self.crm = crm
        self.file = WORK / "people.csv"
        shutil.copy(data.csv_file(data.size(scale)), self.file)
        self.database = WORK / "imported.db"
        self.env = environment(WORK / "home", self.database)
        self.words = ["import", str(self.file), "--rejects", str(WORK / "rejects.csv")]
        self.peak = 0.0
        self.cpus: list[float] = []
        self.ready_cpus: list[float] = []

    def run(self, _: int) -> float:
        """Import into a new database."""
        _remove(self.database)
        spent = spawned([self.crm.crm, *self.words], self.env, REJECTED)
        self.peak = max(self.peak, spent.peak)
        self.cpus.append(spent.cpu)
        return spent.seconds

    def run_ready(self, _: int) -> float:
        """Insert the tuples of the last import, ready in memory, into a new database."""
        fresh = WORK / "fresh.db"
        _remove(fresh)
        argv = [sys.executable, "-m", "bench.imports", str(self.database), str(fresh)]
        done = subprocess.run(argv, capture_output=True, text=True)
        if done.returncode:
            raise Failed(done.stderr)
        seconds, cpu = map(float, done.stdout.split())
        self.ready_cpus.append(cpu)
        return seconds

    def run_again(self, _: int) -> float:
        """Import the same file again: nothing may be written."""
        before = _changes(self.database)
        seconds = piped([self.crm.crm, *self.words], self.env, REJECTED)
        if _changes(self.database) != before:
            raise Failed("importing the same file again wrote something")
        return seconds

    def run_flat(self, _: int) -> float:
        """Let the sqlite3 program import the file into one table without any index."""
        flat = WORK / "flat.db"
        _remove(flat)
        words = [str(flat), "-cmd", ".mode csv", f".import {self.file} people"]
        return piped([shutil.which("sqlite3") or "sqlite3", *words], self.env)

    def locked(self) -> float:
        """Give the seconds that one import keeps others from writing."""
        _remove(self.database)
        argv = [self.crm.python, "-c", LOCKED, *self.words]
        said = spawned(argv, self.env, REJECTED).said
        return float(said.rpartition("\nlocked ")[2].split()[0])


def insert_ready(imported: str, fresh: str) -> tuple[float, float]:
    """Insert the records of `imported` into the new database `fresh`; give the seconds it took.

    The same tables, indices and pragmas, in one transaction; without journal and search.
    """
    source = db.connect_reader(imported)
    tables = [table for table in COLUMNS if table not in {*BESIDE, *SEEDS}]
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    source.close()
    conn = db.connect_writer(fresh)
    for table in set(tables) - dialect.UNJOURNALED:
        conn.execute(f"DROP TRIGGER {dialect.trigger_name(table, 'I')}")
    start, cpu = time.perf_counter(), time.process_time()
    conn.execute("BEGIN IMMEDIATE")
    for table, tuples in rows.items():
        marks = ", ".join("?" * len(COLUMNS[table]))
        conn.executemany(f"INSERT INTO {table} VALUES ({marks})", tuples)
    conn.execute("COMMIT")
    taken = time.perf_counter() - start, time.process_time() - cpu
    conn.close()
    return taken


def _changes(database: Path) -> int:
    conn = db.connect_reader(str(database))
    (number,) = conn.execute("SELECT count(*) FROM change_group").fetchone()
    conn.close()
    return int(number)


def _remove(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


if __name__ == "__main__":
    print(*insert_ready(*sys.argv[1:]))
