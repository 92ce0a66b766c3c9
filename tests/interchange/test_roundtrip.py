"""What we export and import again is exported the same: byte for byte, in every format.

Every column and key is equal, with these exceptions, which follow from others and are never
imported: where the first database has gaps in its ids (something was removed for good, or the
numbers of a handle were taken by others), `id` and `handle` are given anew, and with them those
inside `people` and `who`. The CSV leaves them out, and is the same even then.
"""

import csv
import io
import json
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from crmcli.cli import app
from crmcli.clock import Clock
from crmcli.errors import InvalidError
from crmcli.rules.contact import draft_contact
from crmcli.rules.interaction import draft_interaction
from crmcli.rules.org import draft_org
from crmcli.rules.task import draft_task
from crmcli.store.contact import add_contact
from crmcli.store.interaction import add_interaction
from crmcli.store.org import add_org
from crmcli.store.task import add_task
from crmcli.store.unit import Store

FORMATS = ("csv", "json", "jsonl")
NOUNS = ("orgs", "contacts", "tasks", "interactions")  # in the order in which they import
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+386 40 123 456",
    "-2+3",
    "@SUM(A1)",
    "'quoted",
    "'=already guarded",
    "''=twice",
    "'",
    '"',
    '"",""',
    "a,b;c\td|e",
    "; : \\ \\; \\:",
    "back\\",
    "semi;colon",
    "co:lon",
    "://",
    "https://acme.si/a;b?c=d",
    "null",
    "None",
    "0",
    "false",
    "[]",
    '{"a": 1}',
    "#N/A",
    "3/4/2026",
    "1e5",
    "00386",
    "Čopič Žiga Đorđe ß",
    "张伟",
    "علی رضایی",
    "می\u200cخواهم",
    "\u200fעברית\u200e",
    "👩‍👩‍👧‍👦 🇸🇮",
    "é" + "\u0301",
    "Ａｎａ",
    "%s {0} ${HOME} $(id) `id`",
    "<b>&amp;</b> [red]x[/]",
    "../../etc/passwd",
    "uid",
    "line\u2028separator",
)


class Book:
    """A database, and the commands on it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.store = Store(str(path), clock, "me")

    def run(self, *args: str, code: int = 0) -> tuple[str, str]:
        got = CliRunner().invoke(app, ["--db", str(self.path), *args], prog_name="crm")
        if got.exception and not isinstance(got.exception, SystemExit):
            raise got.exception
        assert got.exit_code == code, (args, got.stdout[-500:], got.stderr)
        return got.stdout, got.stderr

    def export(self, folder: Path, format: str) -> dict[str, Path]:
        folder.mkdir(parents=True, exist_ok=True)
        files = {noun: folder / f"{noun}.{format}" for noun in NOUNS}
        for noun, file in files.items():
            self.run("export", noun, "-o", str(file), "-f", format)
        return files

    def count(self, table: str) -> int:
        return self.store.reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def contact_raws(chance: random.Random) -> list[dict]:
    """Give contacts that hold every hostile text in every field that takes text."""
    raws = []
    for number, text in enumerate(HOSTILE):
        other = HOSTILE[(number * 7 + 3) % len(HOSTILE)]
        raws.append(
            {
                "name": f"{text} {number}",
                "prefix": chance.choice([None, "Dr.", text]),
                "given_name": text,
                "family_name": other,
                "nickname": chance.choice([None, other]),
                "suffix": chance.choice([None, "PhD"]),
                "language": chance.choice([None, "sl", "fa"]),
                "org": chance.choice([None, f"Org {other}", f"Org {text}"]),
                "title": text,
                "department": other,
                "emails": [("work", f"p{number}@acme.si"), (text, f"Q.{number}+x@Home.example")],
                "phones": [
                    ("mobile", f"+386 40 {number:03d} 456"),
                    (other, f"{number:03d}"),
                    (None, f"call {number} after ten"),
                    ("work; main: x", f"+49 30 9018{number:02d} ext. 12"),
                ],
                "urls": [(None, f"https://acme.si/{number};a=b,c"), (text, f"acme.si/{number}")],
                "addresses": [
                    {"label": "home", "street": f"{text}\n2", "locality": other, "country": "SI"},
                    {"label": text, "postal_code": "03000", "region": other},
                    {"extended": text},
                ][: number % 4],
                "birthday": chance.choice([None, "--02-29", "1984-05-17", "--12-01"]),
                "dates": [("anniversary", "2010-06-01"), (other, "--03-04")][: number % 3],
                "tags": [text, f"tag {number % 5}", other],
                "lifecycle_stage": chance.choice(["other", "lead", "customer"]),
                "owner": chance.choice([None, "maja", "me", text]),
                "note": f"{text}\n\n  {other}\ttab\n{text}",
                "custom": {"tea": text, "Favourite Čaj": f"{other}\n{text}", "n": "0"},
                "created": f"2025-01-{number % 28 + 1:02d}T10:00:00Z",
                "updated": f"2025-02-{number % 28 + 1:02d}T10:00:00Z",
            }
        )
    return raws


def fill_contacts(w, raws) -> list[int]:
    ids = []
    for raw in raws:
        try:
            draft = draft_contact(raw, "SI", lenient=True)
        except InvalidError:
            continue
        ids.append(add_contact(w, draft))
    return ids


def fill_rest(w, contacts: list[int], chance: random.Random) -> None:
    """Add orgs, tasks and interactions of every kind, with people, orgs and nobody."""
    orgs = [
        add_org(
            w,
            draft_org(
                {
                    "name": f"Firma {number} {text}",
                    "kind": chance.choice(["prospect", "client", "supplier"]),
                    "domain": f"firma{number}.example",
                    "industry": text,
                    "note": f"{text}\n{text}",
                    "emails": [(text, f"info{number}@firma.example")],
                    "phones": [(None, f"+386 1 251 22 {number:02d}")],
                    "urls": [(None, f"https://firma{number}.example/a;b")],
                    "addresses": [{"street": text}, {"country": text}][: number % 3],
                    "tags": [text, "orgs"],
                    "owner": chance.choice([None, "maja"]),
                    "custom": {"vat": text},
                    "created": "2025-01-01T10:00:00Z",
                    "updated": "2025-01-02T10:00:00Z",
                },
                "SI",
                lenient=True,
            ),
        )
        for number, text in enumerate(HOSTILE)
    ]
    tasks = []
    for number, text in enumerate(HOSTILE):
        done = number % 3 == 0
        raw = {
            "title": f"{text} {number}",
            "kind": chance.choice(["follow_up", "call", "waiting", "todo"]),
            "body": f"{text}\n{text}",
            "status": "completed" if done else "needs_action",
            "completed_at": "2025-03-01T08:00:00Z" if done else None,
            "priority": number % 10,
            "due_on": chance.choice([None, "2026-12-24"]),
            "hidden_until_on": None if done else chance.choice([None, "2026-12-20"]),
            "snooze_count": number % 4,
            "owner": chance.choice([None, "maja"]),
            "created": "2025-01-03T10:00:00Z",
            "updated": "2025-01-04T10:00:00Z",
        }
        if raw["due_on"] and number % 2:
            raw |= {"due_time": "15:30", "tz": "Europe/Ljubljana"}
        noun, id = chance.choice(
            [("contact", chance.choice(contacts)), ("org", chance.choice(orgs)), (None, None)]
        )
        tasks.append(add_task(w, draft_task(raw), noun, id))
    for number, text in enumerate(HOSTILE):
        kind = chance.choice(["call", "email", "meeting", "message", "note", "visit"])
        raw = {
            "kind": kind,
            "direction": None if kind == "note" else chance.choice(["inbound", "outbound"]),
            "outcome": chance.choice([None, "reached", "no_answer"]),
            "occurred_at": f"2025-04-{number % 28 + 1:02d}T08:30:00Z",
            "duration_seconds": chance.choice([None, 0, 90, 3600]),
            "body": f"{text}\n{text}",
            "owner": chance.choice([None, "maja"]),
            "created": "2025-04-03T10:00:00Z",
            "updated": "2025-04-04T10:00:00Z",
        }
        people = chance.sample(contacts, number % 4)
        org_id = chance.choice([None, chance.choice(orgs)]) if people else chance.choice(orgs)
        task_id = chance.choice([None, chance.choice(tasks)])
        add_interaction(w, draft_interaction(raw), people, org_id=org_id, task_id=task_id)


@pytest.fixture
def book(tmp_path, clock) -> Book:
    """A database full of hostile texts."""
    book = Book(tmp_path / "first.db", clock)
    chance = random.Random(7)

    def fill(w):
        contacts = fill_contacts(w, contact_raws(chance))
        fill_rest(w, contacts, chance)

    book.store.write("fill", fill)
    return book


def import_all(files: dict[str, Path], target: Book) -> None:
    for noun in NOUNS:
        _, err = target.run("import", str(files[noun]))
        assert "0 skipped, 0 rejected" in err, err


def assert_same(one: dict[str, Path], other: dict[str, Path]) -> None:
    for noun in NOUNS:
        first, second = one[noun].read_text("utf-8"), other[noun].read_text("utf-8")
        assert first.splitlines() == second.splitlines(), noun
        assert one[noun].read_bytes() == other[noun].read_bytes(), noun


@pytest.mark.parametrize("format", FORMATS)
def test_our_own_export_comes_back_byte_for_byte(book, tmp_path, clock, format):
    files = book.export(tmp_path / "one", format)
    assert [book.count(noun[:-1]) for noun in NOUNS] == [
        book.count("org"), len(HOSTILE), len(HOSTILE), len(HOSTILE)
    ]  # fmt: skip
    target = Book(tmp_path / "second.db", clock)
    import_all(files, target)
    for again in FORMATS:
        assert_same(
            book.export(tmp_path / "one", again), target.export(tmp_path / f"two-{again}", again)
        )


@pytest.mark.parametrize("format", FORMATS)
def test_importing_our_own_export_again_writes_nothing(book, tmp_path, format):
    files = book.export(tmp_path / "one", format)
    before = book.path.read_bytes(), book.count("change"), book.count("change_group")
    for noun in NOUNS:
        _, err = book.run("import", str(files[noun]))
        total = book.count(noun[:-1])
        line = f"0 created, 0 updated, {total} unchanged, 0 skipped, 0 rejected"
        assert line in err.splitlines(), err
    assert (book.path.read_bytes(), book.count("change"), book.count("change_group")) == before


@pytest.mark.parametrize("format", FORMATS)
def test_two_people_with_one_address_stay_two(tmp_path, clock, format):
    """`contact add --force` makes them; each row has its own uid, so they are not one person."""
    first, second = Book(tmp_path / "one.db", clock), Book(tmp_path / "two.db", clock)
    first.run("contact", "add", "Ana Novak", "-e", "us@home.example", "-p", "040 111 222")
    first.run("contact", "add", "Bo Novak", "-e", "us@home.example", "--force")
    first.run("contact", "add", "Ana Novak", "-p", "040 111 222", "--force")
    file = tmp_path / f"contacts.{format}"
    first.run("export", "contacts", "-o", str(file))
    second.run("import", str(file))
    assert second.count("contact") == 3
    assert second.run("export", "contacts", "-f", format)[0] == file.read_text("utf-8")


def test_formulas_are_guarded_in_csv_and_nowhere_else(book, tmp_path):
    files = book.export(tmp_path / "one", "csv")
    for noun in NOUNS:
        with open(files[noun], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for key, cell in row.items():
                is_number = set(cell) <= set("+0123456789 ()./;-") and key == "phones"
                assert is_number or cell[:1] not in tuple("=+-@\t\r"), (noun, key, cell)
    titles = [task["title"] for task in json.loads(book.run("export", "tasks", "-f", "json")[0])]
    assert titles[1] == "=1+1 1"
    assert "=1+1 1" in book.run("export", "tasks", "--raw")[0]


def test_the_seed_holds_what_it_should(book):
    """Guards the tests above: every kind of value is really in the export."""
    contacts = json.loads(book.run("export", "contacts", "-f", "json")[0])
    phones = [phone for contact in contacts for phone in contact["phones"]]
    assert {phone["status"] for phone in phones} == {"active", "unverified"}
    assert {contact["birthday"] for contact in contacts} >= {None, "--02-29", "1984-05-17"}
    assert max(len(contact["addresses"]) for contact in contacts) == 3
    assert max(len(contact["tags"]) for contact in contacts) == 3
    assert {contact["owner"] for contact in contacts} >= {"me", "maja"}
    assert any("\n" in contact["note"] for contact in contacts)
    assert any("👩" in contact["name"] for contact in contacts)
    tasks = json.loads(book.run("export", "tasks", "-f", "json")[0])
    assert {bool(task["who"]) for task in tasks} == {True, False}
    assert {task["due_time"] for task in tasks} == {None, "15:30"}
    talks = json.loads(book.run("export", "interactions", "-f", "json")[0])
    assert {len(talk["people"]) for talk in talks} == {0, 1, 2, 3}
    assert {bool(talk["task_uid"]) for talk in talks} == {True, False}


def _anew(text, format):
    """Give an export to compare: orgs come first into a new database, and may take a handle."""
    if format == "csv":
        return text
    lines = [line.rstrip(",") for line in text.splitlines() if line.startswith("{")]
    return [_without_ids(json.loads(line)) for line in lines]


def _without_ids(value):
    """Take off what a database with gaps gives anew: id and handle, at every depth."""
    if isinstance(value, dict):
        return {k: _without_ids(v) for k, v in value.items() if k not in ("id", "handle")}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value


def test_gaps_in_the_ids_change_ids_and_handles_only(book, tmp_path, clock):
    book.run("contact", "rm", "c2", "c9", "--yes")
    book.run("contact", "edit", "c5", "--name", "Renamed Person")
    book.run("org", "rm", "o3", "--yes")
    clean = Book(tmp_path / "clean.db", clock)
    csvs = book.export(tmp_path / "csv", "csv")
    for noun in ("orgs", "contacts"):
        clean.run("import", str(csvs[noun]))
        assert clean.run("export", noun)[0] == csvs[noun].read_text("utf-8")
        one = json.loads(book.run("export", noun, "-f", "json")[0])
        two = json.loads(clean.run("export", noun, "-f", "json")[0])
        for item in (*one, *two):
            for derived in ("last_touch", "unanswered", "unanswered_at"):
                item.pop(derived, None)  # the interactions are not there yet
        assert _without_ids(one) == _without_ids(two)


def test_what_hangs_on_the_trash_is_rejected_with_its_reason_or_comes_along(book, tmp_path, clock):
    """A person in the trash is not exported; what was said with them must not be lost silently."""
    book.run("contact", "rm", "c2", "--yes")
    files = book.export(tmp_path / "one", "json")
    target = Book(tmp_path / "second.db", clock)
    for noun in ("orgs", "contacts"):
        target.run("import", str(files[noun]))
    for noun in ("tasks", "interactions"):
        got = CliRunner().invoke(app, ["--db", str(target.path), "import", str(files[noun])])
        assert got.exit_code in (0, 6)
        exported = len(json.loads(files[noun].read_text("utf-8")))
        rejected = got.stderr.count("import it first")
        assert target.count(noun[:-1]) == exported or rejected


TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@'\";:\\,\t\n|{}[]"),
    max_size=30,
)
CONTACT = st.fixed_dictionaries(
    {"name": TEXT.filter(str.strip)},
    optional={
        "given_name": TEXT,
        "family_name": TEXT,
        "nickname": TEXT,
        "org": TEXT,
        "title": TEXT,
        "department": TEXT,
        "note": TEXT,
        "owner": TEXT,
        "language": TEXT,
        "emails": st.lists(st.tuples(TEXT, TEXT), max_size=3),
        "phones": st.lists(st.tuples(TEXT, TEXT), max_size=3),
        "urls": st.lists(st.tuples(TEXT, TEXT), max_size=2),
        "tags": st.lists(TEXT, max_size=3),
        "addresses": st.lists(
            st.fixed_dictionaries({}, optional={"label": TEXT, "street": TEXT, "country": TEXT}),
            max_size=3,
        ),
        "dates": st.lists(st.tuples(TEXT, st.dates().map(str)), max_size=2),
        "custom": st.dictionaries(st.sampled_from(["tea", "čaj", "a_b", "x1"]), TEXT, max_size=3),
    },
)
QUICK = settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.generate),  # shrinking would take minutes
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


ACUTE = [{"name": "0", "org": "´"}]  # folds to nothing
PLUSSES = [{"name": "0", "tags": [" +", "++x"]}]
UNNAMED_DATE = [{"name": "0", "dates": [("\xad", "2000-01-01")]}]  # its label folds to nothing


@pytest.fixture
def comes_back(template, tmp_path_factory, clock):
    """Tell that any contacts, and the orgs they make, come back from every format."""

    def check(raws):
        folder = tmp_path_factory.mktemp("any")
        books = {}
        for name in ("first", *FORMATS):
            books[name] = Book(Path(shutil.copy(template, folder / f"{name}.db")), clock)
        first = books.pop("first")
        if not first.store.write("fill", lambda w: fill_contacts(w, raws)).value:
            return
        for format, copy in books.items():
            files = {noun: folder / f"{noun}.{format}" for noun in ("orgs", "contacts")}
            for noun, file in files.items():
                first.run("export", noun, "-o", str(file), "-f", format)
                if first.count(noun[:-1]):
                    copy.run("import", str(file))
            for noun, file in files.items():
                back = copy.run("export", noun, "-f", format)[0]
                sent = file.read_bytes().decode()
                assert _anew(back, format) == _anew(sent, format), (format, noun)
        for book in (first, *books.values()):
            book.store.close()

    return check


@QUICK
@example(raws=ACUTE)
@example(raws=PLUSSES)
@example(raws=UNNAMED_DATE)
@given(raws=st.lists(CONTACT, min_size=1, max_size=4))
def test_any_contacts_come_back(raws, comes_back):
    comes_back(raws)


@pytest.mark.slow
@settings(QUICK, max_examples=300)
@given(raws=st.lists(CONTACT, min_size=1, max_size=4))
def test_many_contacts_come_back(raws, comes_back):
    comes_back(raws)


def test_the_csv_is_one_a_spreadsheet_reads(book):
    text, _ = book.run("export", "contacts")
    rows = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == len(HOSTILE) + 1
