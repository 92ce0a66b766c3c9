"""P11: the SQL behind pipeline, forecast and funnel, over seeded deals with all their history."""

import hashlib
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import crmcli
from bench.data import FOLDER, NOW, TODAY, size
from bench.measure import say
from bench.report import Line
from crmcli.clock import Clock
from crmcli.store import db, dialect
from crmcli.store.figures import Question, Reader
from crmcli.store.rows import fetch
from crmcli.store.sql import pipeline as pipeline_sql
from crmcli.store.tables import COLUMNS

BATCH = 10_000
OPEN, WON, LOST = (1, 2, 3, 4), 5, 6  # the stages of the pipeline that a new database has
DAYS = 3 * 365  # over which the deals were opened
AMOUNTS = (50_000, 120_000, 480_000, 900_050, 2_500_000, None)
CURRENCIES = ("EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "EUR", "USD", "CHF", "JPY")


TARGET = {"100k": 25.0, "1M": 400.0}  # ms
FOREVER = date(9000, 1, 1)


def measure(scales: Sequence[str], rounds: int) -> list[Line]:
    """Measure the SQL of the reports over as many deals as each scale says."""
    lines: dict[str, Line] = {}
    for scale in scales:
        say(f"database of {scale} deals")
        with closing(db.connect_reader(str(database(size(scale))))) as conn:
            for what, (read, is_judged) in _reports(conn).items():
                target = TARGET if is_judged else None
                line = lines.setdefault(what, Line("P11", what, "ms", target))
                line.values[scale] = _median(read, rounds)
    return list(lines.values())


def _reports(conn: sqlite3.Connection) -> dict[str, tuple[Callable[[], Any], bool]]:
    """Give what is measured, and whether it is judged."""
    board = pipeline_sql.BOARD_SUMS.replace("{filter}", "")
    ahead = _reader(conn, TODAY, FOREVER)
    quarter, ever = _reader(conn, date(2026, 1, 1), date(2026, 3, 31)), _reader(conn, date.min)
    return {
        "board: sums of each stage": (lambda: fetch(conn, board, pipeline_id=1), True),
        "forecast of all open deals": (lambda: list(ahead.open_sums()), True),
        "funnel of a quarter's deals": (lambda: list(quarter.funnel("deal")), True),
        "funnel of all deals": (lambda: list(ever.funnel("deal")), False),
        "won and lost in a quarter": (lambda: quarter.closed(), False),
        "stages entered in a quarter": (lambda: quarter.tracks("deal"), False),
    }


def _reader(conn: sqlite3.Connection, first: date, last: date = TODAY) -> Reader:
    """Give what reads figures of a period of the default pipeline."""
    asked = Question(
        first=first,
        last=last,
        begin=f"{first}T00:00:00Z",
        end=f"{last}T23:59:59Z",
        today=TODAY,
        pipeline_id=1,
    )
    return Reader(conn, Clock("Europe/Ljubljana", datetime.fromisoformat(NOW)), asked)


def _median(read: Callable[[], Any], rounds: int) -> float:
    """Give the median milliseconds of a read, once it is warm."""
    read()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        read()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def database(deals: int) -> Path:
    """Give a database of so many deals, made when it is not there for this schema."""
    schema = (Path(crmcli.__file__).parent / "store/schema.sql").read_bytes()
    made_by = hashlib.sha256(schema + Path(__file__).read_bytes()).hexdigest()[:10]
    path = FOLDER / f"deals-{deals}-{made_by}.db"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob(f"deals-{deals}-*.db*"):
            old.unlink()
        making = FOLDER / f"making-deals-{deals}.db"
        making.unlink(missing_ok=True)
        _make(making, deals)
        making.rename(path)
    return path


def _make(path: Path, deals: int) -> None:
    db.create(str(path))
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        conn.execute(f"PRAGMA {pragma}")
    conn.execute("BEGIN")
    tables = ("source", "deal", "deal_stage_history", "deal_value_history")
    for table in tables:
        conn.execute(f"DROP TRIGGER {dialect.trigger_name(table, 'I')}")
    for id in range(1, 11):
        stamps = (id, f"{id:08x}-0000-4000-8000-000000000009", f"user {id}")
        conn.execute("INSERT INTO app_user (id, uid, name) VALUES (?, ?, ?)", stamps)
        names = (id, f"source {id}", f"source {id}")
        conn.execute("INSERT INTO source (id, name, name_norm) VALUES (?, ?, ?)", names)
    maker = _Maker(random.Random(deals))
    for first in range(1, deals + 1, BATCH):
        for id in range(first, min(first + BATCH, deals + 1)):
            maker.deal(id)
        maker.write(conn)
    for table in tables:
        conn.execute(dialect.insert_trigger(table, list(COLUMNS[table])))
    conn.execute("COMMIT")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()


class _Maker:
    """Makes deals: two in five are open, the others won or lost; one in eight came back once."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def deal(self, id: int) -> None:
        """Add one deal with its stays and what it was worth."""
        chance = self.chance
        status = chance.choices(("open", "won", "lost"), (40, 25, 35))[0]
        age = chance.randrange(1, 500 if status == "open" else DAYS)
        way = list(OPEN[: chance.randrange(1, 5)] if status != "won" else OPEN)
        if len(way) > 2 and chance.random() < 0.125:
            way += [way[-2], way[-1]]
        end = {"open": [], "won": [WON], "lost": [LOST]}[status]
        stages = [*way, *end]
        seconds = sorted(chance.sample(range(age * 86_400), len(stages) - 1), reverse=True)
        moments = [_stamp(at) for at in (age * 86_400, *seconds)]
        exits: list[str | None] = [*moments[1:], None]
        for stage, entered, exited in zip(stages, moments, exits, strict=True):
            self._add(
                "deal_stage_history",
                deal_id=id,
                stage_id=stage,
                entered_at=entered,
                exited_at=exited,
            )
        amount = chance.choice(AMOUNTS)
        close = chance.randrange(-20, 200) if status == "open" else -age
        value = {
            "amount_minor": amount,
            "currency": chance.choice(CURRENCIES) if amount else None,
            "value_period": chance.choices(("one_time", "monthly", "annual"), (80, 15, 5))[0],
            "probability_override": chance.choice((10, 60, 90)) if chance.random() < 0.1 else None,
            "forecast_override": "commit" if chance.random() < 0.05 else None,
            "close_date": str(TODAY + timedelta(days=close)) if chance.random() < 0.9 else None,
        }
        self._add("deal_value_history", deal_id=id, changed_at=moments[0], **value)
        name = f"Deal {id} {chance.choice(('pilot', 'renewal', 'licences', 'training'))}"
        self._add(
            "deal",
            id=id,
            uid=f"{id:08x}-0000-4000-8000-00000000000d",
            name=name,
            name_norm=name.lower(),
            pipeline_id=1,
            stage_id=stages[-1],
            status=status,
            **value,
            opened_at=moments[0],
            closed_at=moments[-1] if end else None,
            stage_entered_at=moments[-1],
            owner_id=chance.randrange(1, 11),
            source_id=chance.randrange(1, 11),
            lost_reason_id=chance.randrange(1, 7) if status == "lost" else None,
            note="met at the fair, wants an offer by the end of the quarter" if id % 3 else None,
            created_at=moments[0],
            updated_at=moments[-1],
        )

    def _add(self, table: str, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def write(self, conn: sqlite3.Connection) -> None:
        """Write what was added, the deals first."""
        for table in ("deal", "deal_stage_history", "deal_value_history"):
            rows = self.rows.pop(table)
            marks = ", ".join(f":{name}" for name in rows[0])
            conn.executemany(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks})", rows)


def _stamp(seconds: int) -> str:
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 9) - timedelta(seconds=seconds)
    return at.isoformat() + "Z"
