"""Seeded databases of N contacts, and CSV files of N rows; made once and kept under .bench/.

The same seed gives the same people. Whatever a command prints (what is due, who is called Čopič)
has the same size at every scale, so that a command can be compared with itself among more records.
"""

import csv
import hashlib
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import crmcli
from crmcli.clock import Clock
from crmcli.rules.interaction import is_touch, side
from crmcli.store import db, derive, dialect
from crmcli.store.rows import chunks, doc_id
from crmcli.store.sql import derive as derive_sql
from crmcli.store.tables import COLUMNS
from crmcli.text import fold, handle_stem

FOLDER = Path(".bench")
NOW = "2026-06-15T09:00:00"  # a Monday; every measured command gets it as CRM_NOW
TODAY = date(2026, 6, 15)
BATCH = 2_000
INTERACTIONS = 10
DUE = (*[-3] * 25, *[-1] * 15, *[0] * 12, *[1] * 8)  # days from today, the same at every scale
BIRTHDAYS_TODAY = 3
BIRTHDAYS_SOON = 2
KEEP_IN_TOUCH = range(31, 37)  # contacts whose cadence is over; that of one in ten is not
LETTERS = range(41, 47)  # contacts who wait for an answer, or we do; of others it is long ago
UNANSWERED = 0.05
PLANTED = 20  # contacts called Čopič, the same at every scale

_words = str.split

LATIN = (
    _words(
        "Ana Žiga Nuša Špela Matjaž Črt Živa Jože Mitja Urška Łukasz Małgorzata Søren Åse Zoë André"
        " Émile José Núria Jürgen Günther Käthe Søs Ðorđe Tomáš Jiří İpek Ömer Gábor Zsófia"
    ),
    _words(
        "Novak Žagar Šuštar Hribar Zupančič Kovačič Krajnc Petrović Jovanović Đukić Dvořák Svoboda"
        " Wójcik Kowalski Müller Weiß Größe Sørensen Ångström Lefèvre García Núñez Yılmaz Çelik"
        " Szűcs Tóth Nagy Smith O'Brien Ionescu Țăran Kos Bizjak Golob Vidmar Turk"
    ),
)
CYRILLIC = (
    _words("Алексей Наталья Фёдор Юлия Сергей Ольга Милица Душан Андрій Олена"),
    _words("Иванов Смирнов Кузнецов Соловьёв Шевченко Петровић Ђорђевић Королёв Зайцев Морозов"),
)
PERSIAN = (
    _words("علی زهرا محمد فاطمه رضا مریم حسین سارا کیان نیلوفر"),
    _words("کریمی احمدی موسوی یزدانی حسینی رضایی شیرازی اکبری نوری کاظمی"),
)
CHINESE = (
    ["伟", "秀英", "娜", "敏", "静", "丽", "强", "磊", "洋", "小明"],
    ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "欧阳", "司马"],
)
SCRIPTS = (*[LATIN] * 13, *[CYRILLIC] * 3, *[PERSIAN] * 2, *[CHINESE] * 2)
# One name in ten is made of these, so that there are as many different names as in a country.
SYLLABLES = _words(
    "ba be bi bo bra da de do dra fa ga go gre ha ho ja ju ka kle ko kra la le li ma me mi mo na ne"
    " no pa pe po ra re ri ro sa sta ša ta to tri va ve vi vo za ze zu ža"
)
PHONES = (("386", "40"), ("49", "151"), ("7", "912"), ("98", "912"), ("86", "139"))
TRADES = _words("Trade Lipa Vodnik Metal Studio Foods Logistics Energija Dom Media Labs Print")
TITLES = ("Head of Purchasing", "CEO", "Engineer", "Direktorica", "Менеджер", "Sales", None)
TAGS = _words("customer lead partner press supplier fair-2025 newsletter wholesale vip")
TAG_SHARES = (0.3, 0.2, 0.1, 0.05, 0.05, 0.1, 0.25, 0.04, 0.005)
WORDS = _words(
    "offer price sample delivery invoice meeting pilot contract renewal budget quarter training"
    " license support question answer draft review deadline warehouse catalogue packaging label"
    " pogodba račun vzorec dobava sestanek popust ponudba zaloga договор счёт встреча цена"
    " قرارداد قیمت جلسه 合同 报价 会议 prefers morning calls after ten likes tea met at fair"
)
RARE = _words(
    "quinoa saffron harpsichord lighthouse glacier ostrich marzipan trombone kayak origami"
)
CSV_HEADER = _words("Name Email Phone Company Title Tags Birthday Notes")
KINDS = ("call", "email", "meeting", "message", "note")
LASTING = ("call", "meeting")
DIRECTIONS = ("inbound", "outbound")
RULES = ("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY")  # one task in thirty repeats
TASKS = ("call about the offer", "send the invoice", "ask for the sample", "pošlji ponudbo")


def size(scale: str) -> int:
    """Give the number that `10k` or `1M` means."""
    return int(scale.replace("k", "000").replace("M", "000000"))


def database(scale: str) -> Path:
    """Give the database of `scale`, made when it is not there for this schema and generator."""
    path = FOLDER / f"{scale}-{_fingerprint()}.db"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        _remove(f"{scale}-*.db*")
        made = FOLDER / f"making-{scale}.db"
        _remove(f"{made.name}*")
        _make(made, size(scale))
        made.rename(path)
    return path


def open_task(number: int) -> int:
    """Give the id of the `number`-th open task that is not due: every fourth one is done."""
    return len(DUE) + 1 + number + number // 3


def csv_file(rows: int) -> Path:
    """Give a CSV file of `rows` people, one in 200 with a surplus cell: to be rejected."""
    path = FOLDER / f"people-{rows}-{_fingerprint()}.csv"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        _remove(f"people-{rows}-*")
        chance = random.Random(rows)
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(CSV_HEADER)
            out.writerows(_csv_row(chance, number, rows // 20) for number in range(1, rows + 1))
    return path


def _remove(pattern: str) -> None:
    for path in FOLDER.glob(pattern):
        path.unlink()


def _fingerprint() -> str:
    """Tell databases apart by all that makes them."""
    product = Path(crmcli.__file__).parent
    sources = [Path(__file__), product / "text.py", product / "store/schema.sql"]
    sources += [product / "store/derive.py", product / "store/sql/derive.py"]
    sources += [product / "store/search.py", product / "rules/interaction.py"]
    content = b"".join(source.read_bytes() for source in sources)
    return hashlib.sha256(content).hexdigest()[:10]


def _make(path: Path, contacts: int) -> None:
    db.create(str(path))
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        conn.execute(f"PRAGMA {pragma}")
    journalled = [table for table in COLUMNS if table not in dialect.UNJOURNALED]
    conn.execute("BEGIN")
    for table in journalled:
        conn.execute(f"DROP TRIGGER {dialect.trigger_name(table, 'I')}")
    maker = _Maker(conn, contacts)
    maker.fixed()
    for first in range(1, contacts + 1, BATCH):
        maker.batch(range(first, min(first + BATCH, contacts + 1)))
    for table in journalled:
        conn.execute(dialect.insert_trigger(table, list(COLUMNS[table])))
    conn.execute("COMMIT")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()


class _Maker:
    """Writes contacts with all that hangs on them, a batch at a time."""

    def __init__(self, conn: sqlite3.Connection, contacts: int) -> None:
        self.conn = conn
        self.contacts = contacts
        self.orgs = contacts // 20
        self.chance = random.Random(contacts)
        self.handles: Counter[str] = Counter()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.task_ids = count(1)
        self.interaction_ids = count(1)
        self.clock = Clock("Europe/Ljubljana", datetime.fromisoformat(NOW))

    def fixed(self) -> None:
        """Write the user, the tags and the organizations."""
        self._add("app_user", id=1, uid=_uid(0, 1), name="bench")
        for id, tag in enumerate(TAGS, 1):
            self._add("tag", id=id, name=tag, name_norm=fold(tag))
        for id in range(1, self.orgs + 1):
            name = _org(id)
            stamps = {"created_at": _stamp(2000), "updated_at": _stamp(2000)}
            self._add("org", id=id, uid=_uid(1, id), name=name, name_norm=fold(name), **stamps)
            self._handle(name, org_id=id)
        self._write()
        self._index("org", range(1, self.orgs + 1))

    def batch(self, ids: range) -> None:
        """Write these contacts, and index them and what belongs to them."""
        for id in ids:
            self._contact(id)
        made = {
            noun: [row["id"] for row in self.rows.get(noun, ())] for noun in ("task", "interaction")
        }
        self._write()
        self._derive(ids)
        self._index("contact", ids)
        for noun, new in made.items():
            self._index(noun, new)

    def _contact(self, id: int) -> None:
        chance = self.chance
        given, family = ("Mila", "Čopič") if id <= PLANTED else _name(chance)
        name = _full_name(given, family)
        note = " ".join(chance.choices(WORDS, k=8)) if chance.random() < 0.3 else None
        if chance.random() < 0.002:
            note = f"{note or ''} {chance.choice(RARE)}".strip()
        touched = self._interactions(id)
        self._add(
            "contact",
            id=id,
            uid=_uid(2, id),
            display_name=name,
            name_norm=fold(name),
            given_name=given,
            family_name=family,
            note=note,
            owner_id=1,
            last_touch_at=touched,
            cadence_days=self._cadence(id, touched),
            created_at=_stamp(1500),
            updated_at=_stamp(1500),
        )
        self._handle(name, contact_id=id)
        self._channel(id, "email", *_email(id))
        self._channel(id, "phone", *_phone(id))
        org = (id - 1) % self.orgs + 1
        self._add("employment", contact_id=id, org_id=org, title=chance.choice(TITLES))
        for tag, share in enumerate(TAG_SHARES, 1):
            if chance.random() < share:
                self._add("tagging", contact_id=id, tag_id=tag)
        self._dates(id)
        self._task(id)

    def _interactions(self, id: int) -> str | None:
        """Add what was said with a contact; give when the last touch was."""
        said = sorted(
            (self._said(number) for number in self._take(self.interaction_ids, INTERACTIONS)),
            key=lambda row: (row["occurred_at"], row["id"]),
        )
        for row in reversed(said):
            if side(row["kind"], row["direction"], row["outcome"]):
                self._answer(id, row)
                break
        for row in said:
            row["counts_as_touch"] = int(is_touch(row["kind"], row["outcome"]))
            self._add("interaction", **row)
            self._add("interaction_contact", interaction_id=row["id"], contact_id=id)
        return max((row["occurred_at"] for row in said if row["counts_as_touch"]), default=None)

    def _said(self, number: int) -> dict[str, Any]:
        """Give one interaction."""
        chance = self.chance
        stamp = _stamp(chance.randrange(1, 1500), chance.randrange(86400))
        kind = chance.choice(KINDS)
        return {
            "id": number,
            "uid": _uid(3, number),
            "kind": kind,
            "direction": None if kind == "note" else chance.choice(DIRECTIONS),
            "outcome": "no_answer" if kind == "call" and chance.random() < 0.1 else None,
            "duration_seconds": 60 * chance.randrange(2, 60) if kind in LASTING else None,
            "occurred_at": stamp,
            "body": " ".join(chance.choices(WORDS, k=6)),
            "owner_id": 1,
            "created_at": stamp,
            "updated_at": stamp,
        }

    def _answer(self, id: int, last: dict[str, Any]) -> None:
        """Make the last exchange a letter without an answer for a few, a talk for the others."""
        is_old = last["occurred_at"] < _stamp(120)
        if id in LETTERS or (is_old and self.chance.random() < UNANSWERED):
            last |= {"kind": "email", "outcome": None, "duration_seconds": None}
            if is_old and id in LETTERS:
                last |= {"occurred_at": _stamp(20), "direction": DIRECTIONS[id % 2]}
        elif last["kind"] not in LASTING or last["outcome"]:
            last |= {"kind": "call", "outcome": None, "duration_seconds": 600}

    def _cadence(self, id: int, touched: str | None) -> int | None:
        """Give the cadence of one in ten; the next touch of most lies ahead."""
        if not touched or (id not in KEEP_IN_TOUCH and id % 10 != 7):
            return None
        since = (TODAY - date.fromisoformat(touched[:10])).days
        return max(1, since - 2) if id in KEEP_IN_TOUCH else since + self.chance.randrange(3, 400)

    def _derive(self, ids: range) -> None:
        """Fill what the product derives from the interactions of these contacts."""
        for chunk in chunks(ids):
            waiting = list(derive.wrong_unanswered(self.conn, chunk))
            self.conn.executemany(derive_sql.SET_UNANSWERED, waiting)
            ahead = list(derive.wrong_next_touches(self.conn, self.clock, chunk))
            self.conn.executemany(derive_sql.SET_NEXT_TOUCH, ahead)

    def _task(self, id: int) -> None:
        """Add a task for three in ten; the first are due, of the others one in four is done."""
        if id % 10 >= 3:
            return
        number = next(self.task_ids)
        is_due = number <= len(DUE)
        is_done = not is_due and number % 4 == 0
        days = DUE[number - 1] if is_due else self.chance.randrange(2, 700)
        due_on = str(TODAY + timedelta(days=days))
        repeats = not is_due and number % 30 == 7
        self._add(
            "task",
            id=number,
            uid=_uid(4, number),
            title=TASKS[number % len(TASKS)],
            due_on=due_on,
            rrule=self.chance.choice(RULES) if repeats else None,
            dtstart_on=due_on if repeats else None,
            repeat_from="due" if repeats else None,
            series_uid=_uid(5, number) if repeats else None,
            contact_id=id,
            owner_id=1,
            created_at=_stamp(30),
            updated_at=_stamp(30),
            status="completed" if is_done else "needs_action",
            completed_at=_stamp(5) if is_done else None,
        )

    def _dates(self, id: int) -> None:
        """Add a birthday for one in four and an anniversary for one in fifty; few of them soon."""
        if id <= BIRTHDAYS_TODAY + BIRTHDAYS_SOON:
            self._date(id, "birthday", 0 if id <= BIRTHDAYS_TODAY else 3)
        elif id % 4 == 0:
            self._date(id, "birthday", self.chance.randrange(10, 355))
        if id % 50 == 0:
            self._date(id, "anniversary", self.chance.randrange(40, 320), lead_days=30)

    def _date(self, id: int, kind: str, days: int, lead_days: int | None = None) -> None:
        day = TODAY + timedelta(days=days)
        self._add(
            "important_date",
            contact_id=id,
            kind=kind,
            year=self.chance.choice((None, 1970, 1984, 1991)),
            month=day.month,
            day=day.day,
            lead_days=lead_days,
        )

    def _channel(self, id: int, kind: str, value: str, norm: str) -> None:
        self._add("channel", contact_id=id, kind=kind, value=value, value_norm=norm, is_primary=1)

    def _handle(
        self, name: str, *, contact_id: int | None = None, org_id: int | None = None
    ) -> None:
        stem = handle_stem(name)
        self.handles[stem] += 1
        number = self.handles[stem]
        handle = stem if number == 1 else f"{stem}-{number}"
        self._add("handle", name=handle, contact_id=contact_id, org_id=org_id)

    def _add(self, table: str, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def _take(self, ids: Iterator[int], number: int) -> list[int]:
        return [next(ids) for _ in range(number)]

    def _write(self) -> None:
        """Write what was added; every row of a table has the same columns."""
        for table, rows in self.rows.items():
            columns = list(rows[0])
            marks = ", ".join(f":{name}" for name in columns)
            self.conn.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
            )
        self.rows.clear()

    def _index(self, noun: str, ids: Sequence[int]) -> None:
        """Fill the search index as the product does at the end of a unit of work."""
        for chunk in chunks(ids):
            docs = [
                {"id": doc_id(noun, id), "noun": noun, "row_id": id, "title": title, "body": body}
                for id, (title, body) in derive.texts(self.conn, noun, chunk).items()
            ]
            self.conn.executemany(derive_sql.ADD_DOC, docs)
            self.conn.executemany(dialect.INDEX_DOC, docs)
            if noun in derive.NAMED:
                derive.add_name_words(self.conn, (doc["title"] for doc in docs))


def _name(chance: random.Random) -> tuple[str, str]:
    given, family = chance.choice(SCRIPTS)
    if given is LATIN[0] and chance.random() < 0.15:
        return chance.choice(given), "".join(chance.choices(SYLLABLES, k=4)).title() + "č"
    return chance.choice(given), chance.choice(family)


def _full_name(given: str, family: str) -> str:
    return family + given if family[0] >= "\u4e00" else f"{given} {family}"


def _org(id: int) -> str:
    return f"{TRADES[id % len(TRADES)]} {id}"


def _email(id: int) -> tuple[str, str]:
    text = f"Person{id}@org{id % 997}.example"
    return text, text.lower()


def _phone(id: int) -> tuple[str, str]:
    """Give a number as typed and in E.164; every contact has another one."""
    country, network = PHONES[id % len(PHONES)]
    digits = f"{id:07d}" if country != "386" else f"{id % 1_000_000:06d}"
    return f"+{country} {network} {digits[:3]} {digits[3:]}", f"+{country}{network}{digits}"


def _csv_row(chance: random.Random, id: int, orgs: int) -> list[str]:
    tags = [tag for tag, share in zip(TAGS, TAG_SHARES, strict=True) if chance.random() < share]
    birthday = str(date(1970, 1, 1) + timedelta(chance.randrange(12000))) if id % 4 == 0 else ""
    note = " ".join(chance.choices(WORDS, k=8)) if chance.random() < 0.3 else ""
    org, title = _org(id % orgs + 1), chance.choice(TITLES) or ""
    cells = [_full_name(*_name(chance)), _email(id)[0], _phone(id)[0], org, title, "; ".join(tags)]
    return [*cells, birthday, note, *(["surplus"] if id % 200 == 0 else [])]


def _stamp(days_ago: int, second: int = 36_000) -> str:
    day = TODAY - timedelta(days=days_ago)
    return f"{day}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"


def _uid(kind: int, number: int) -> str:
    """Give a UUID; they ascend, so that a million rows are made in minutes."""
    return f"{number:08x}-0000-4000-8000-{kind:012x}"
