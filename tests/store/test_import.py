"""Imports: matched by key, filled and never overwritten, twice is once, one undo."""

import json
import re
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crmcli.clock import Clock
from crmcli.errors import CancelledError, CrmError, NotFoundError
from crmcli.interchange.record import Record, Reject, Skip
from crmcli.interchange.validate import validate
from crmcli.rules.task import draft_task
from crmcli.store import import_
from crmcli.store.contact import get_contact, get_contacts
from crmcli.store.import_ import (
    File,
    Report,
    forget_nothing,
    import_rows,
    list_imports,
    undo_import,
    verify,
)
from crmcli.store.import_edit import Policy
from crmcli.store.org import get_org

FILE = File("people.csv", "0" * 64, "generic contact", {"Name": "name"})
POLICY = Policy()
COUNTS = ("created", "updated", "unchanged", "skipped", "rejected")


def checked(rows, noun="contact", *, skips=0, rejects=0):
    """Give rows as an import gets them, from line 2 on, after so many skips and rejects."""
    items = [
        Record(line, noun, json.loads(json.dumps(raw)), []) for line, raw in enumerate(rows, 2)
    ]
    for item in items:
        for one in (item.raw, *item.raw.get("people", ())):
            for key in {"external", "org_external"} & set(one):
                one[key] = tuple(one[key])
    items += [Skip(1000 + n, "nobody", []) for n in range(skips)]
    items += [Reject(2000 + n, "bad", ["x"]) for n in range(rejects)]
    found = validate(items, noun, ["Name"], "SI")
    assert found.valid == len(rows), found.reasons
    return found


def bring_in(w, found, policy=POLICY, progress=None):
    """Bring checked rows in, as one unit of work."""
    before = Report(counts=Counter(skipped=found.skipped, rejected=found.rejected))
    if not found.valid:
        return before
    after = import_rows(
        *(w, found.batches(), FILE, before),
        policy=policy,
        amount=found.valid,
        progress=progress,
    )
    verify(after, found.valid + found.skipped + found.rejected)
    return forget_nothing(w, before, after)


def bring(crm, rows, noun="contact", *, policy=POLICY, dry_run=False, **more):
    """Import raw rows; give the report, after looking at what must always hold."""
    with closing(checked(rows, noun, **more)) as found:
        report = crm.write(
            lambda w: bring_in(w, found, policy),
            "import people.csv",
            source="import",
            dry_run=dry_run,
        ).value
    assert sum(report.counts.values()) == found.valid + found.skipped + found.rejected
    assert set(report.counts) <= set(COUNTS)
    return report


def counts(report) -> dict[str, int]:
    return {name: number for name, number in report.counts.items() if number}


def state(crm) -> tuple:
    """Give what an import that does nothing must leave as it is."""
    tables = ("change_group", "change", "import_batch", "import_row", "app_user")
    return crm.dump(), [crm.all(f"SELECT count(*) FROM {table}") for table in tables]


def people(crm) -> list[dict]:
    """Give who is there and all that hangs on them, in an order that ids do not decide."""
    rows = []
    for who in get_contacts(crm.conn, crm.all("SELECT id FROM contact")):
        row = who.json()
        for key in ("id", "handle", "uid"):
            row.pop(key)
        rows.append(row)
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, ensure_ascii=False))


ANA = {"name": "Ana Novak", "emails": ["ana@acme.si"], "phones": ["040 123 456"]}


# Who is known, who comes, whether they are the same person.
MATCHES = {
    "uid": ({"name": "Ana", "uid": "u1"}, {"name": "Bo", "uid": "u1"}, True),
    "other uid": ({"name": "Ana", "uid": "u1", "emails": ["a@x.si"]}, {"name": "Ana"}, True),
    "external id": (
        {"name": "Ana", "external": ["hubspot", "1"]},
        {"name": "Bo", "external": ["hubspot", "1"], "emails": ["bo@x.si"]},
        True,
    ),
    "external id elsewhere": (
        {"name": "Ana", "external": ["hubspot", "1"]},
        {"name": "Ana", "external": ["zoho", "1"]},
        False,
    ),
    "two external ids of one name": (
        {"name": "Priya Sharma", "external": ["linkedin", "in/priya-1"]},
        {"name": "Priya Sharma", "external": ["linkedin", "in/priya-2"]},
        False,
    ),
    "e-mail": (ANA, {"name": "A. N.", "emails": ["ANA@Acme.si"]}, True),
    "second e-mail": (ANA, {"name": "A", "emails": ["new@x.si", "ana@acme.si"]}, True),
    "other e-mail": (ANA, {"name": "Ana Novak", "emails": ["ana@other.si"]}, False),
    "+tag is another e-mail": (ANA, {"name": "Ana", "emails": ["ana+x@acme.si"]}, False),
    "role mailbox, other name": (
        {"name": "Ana", "emails": ["info@acme.si"]},
        {"name": "Bo", "emails": ["info@acme.si"]},
        False,
    ),
    "role mailbox, same name": (
        {"name": "Čop", "emails": ["info@acme.si"]},
        {"name": "cop", "emails": ["INFO@acme.si"]},
        True,
    ),
    "phone and name": (ANA, {"name": "ana novak", "phones": ["+38640123456"]}, True),
    "phone, other name": (ANA, {"name": "Bo Li", "phones": ["+38640123456"]}, False),
    "url alone": (
        {"name": "Ana", "urls": ["acme.si"]},
        {"name": "Bo", "urls": ["acme.si"]},
        False,
    ),
    "name alone": (ANA, {"name": "ana  NOVAK"}, True),
    "name and org": (
        {"name": "Ana", "org": "Acme"},
        {"name": "Ana", "org": "ACME", "title": "CEO"},
        True,
    ),
    "name, other org": ({"name": "Ana", "org": "Acme"}, {"name": "Ana", "org": "Beta"}, False),
    "name and an unknown phone": (ANA, {"name": "Ana Novak", "phones": ["041 111 222"]}, False),
}


@pytest.mark.parametrize("name", MATCHES)
def test_who_is_known_before(crm, name):
    known, row, same = MATCHES[name]
    assert counts(bring(crm, [known])) == {"created": 1}
    report = bring(crm, [row])
    assert crm.all("SELECT count(*) FROM contact") == [1 if same else 2]
    assert ("created" not in counts(report)) is same
    assert get_contact(crm.conn, 1).name == known["name"]
    again = bring(crm, [row])
    assert counts(again) == {"unchanged": 1}


@pytest.mark.parametrize("name", [n for n in MATCHES if not n.startswith(("name", "other uid"))])
def test_who_comes_twice_in_one_file(crm, name):
    known, row, same = MATCHES[name]
    report = bring(crm, [known, row])
    assert report.counts["created"] == (1 if same else 2)
    assert counts(bring(crm, [known, row])) == {"unchanged": 2}


def test_rows_with_a_name_alone(crm):
    """Known before: matched once. In one file: the same row is one, different rows are two."""
    ana, equal = {"name": "Ana"}, {"name": "Ana", "note": "tall"}
    assert counts(bring(crm, [ana, ana])) == {"created": 1, "unchanged": 1}
    assert counts(bring(crm, [equal, {"name": "Bo"}, {"name": "Bo", "note": "short"}])) == {
        "updated": 1,
        "created": 2,
    }
    assert get_contact(crm.conn, 1).note == "tall"
    before = state(crm)
    assert counts(bring(crm, [{"name": "Bo"}, {"name": "Bo", "note": "short"}])) == {"unchanged": 2}
    assert state(crm) == before


def test_of_several_with_an_e_mail_the_one_of_the_name_is_meant(crm):
    crm.contact("Bo", emails=["team@acme.si", "x@acme.si"])
    crm.contact("Ana", emails=["x@acme.si"])
    bring(crm, [{"name": "ana", "emails": ["x@acme.si"], "note": "n"}])
    assert crm.all("SELECT note FROM contact ORDER BY id") == [None, "n"]


FULL = {
    "name": "Ana Novak",
    "given_name": "Ana",
    "family_name": "Novak",
    "nickname": "Ani",
    "language": "sl",
    "lifecycle_stage": "customer",
    "note": "theirs",
    "emails": ["ana@acme.si", "work:ana@new.si"],
    "phones": ["041 111 222"],
    "urls": ["acme.si"],
    "addresses": [{"street": "Nova 2", "locality": "Kranj"}],
    "org": "Acme",
    "title": "CTO",
    "department": "Board",
    "birthday": "1991-01-02",
    "dates": ["name day:--07-26"],
    "tags": ["vip", "new"],
    "custom": {"tea": "black", "dog": "Rex"},
    "external": ["hubspot", "8001"],
}


def test_fill_never_overwrites(crm):
    crm.contact(
        "Ana N.",
        nickname="Anica",
        lifecycle_stage="lead",
        note="mine",
        emails=["home:ana@acme.si"],
        addresses=["Cesta 1"],
        org="Acme",
        title="CEO",
        birthday="--05-17",
        tags=["VIP"],
        custom={"tea": "green"},
        owner="eva",
    )
    assert counts(bring(crm, [{**FULL, "owner": "bo"}])) == {"updated": 1}
    found = get_contact(crm.conn, 1)
    row = found.json()
    kept = ("name", "nickname", "lifecycle_stage", "note", "org", "title", "birthday", "owner")
    assert [row[key] for key in kept] == [
        *("Ana N.", "Anica", "lead", "mine", "Acme", "CEO", "--05-17", "eva"),
    ]
    filled = ("given_name", "family_name", "language", "department", "tags", "custom", "dates")
    assert [row[key] for key in filled] == [
        *("Ana", "Novak", "sl", "Board", ["VIP", "new"], {"tea": "green", "dog": "Rex"}),
        [{"label": "name day", "value": "--07-26"}],
    ]
    assert [(c.label, c.value, c.primary) for c in found.channels if c.kind == "email"] == [
        ("home", "ana@acme.si", True),
        ("work", "ana@new.si", False),
    ]
    assert found.addresses == ({"street": "Cesta 1"}, {"street": "Nova 2", "locality": "Kranj"})
    assert crm.all("SELECT source, external_id, contact_id FROM external_ref") == [
        ("hubspot", "8001", 1)
    ]
    assert crm.find("rex") == ["c1"]
    before = state(crm)
    assert counts(bring(crm, [FULL])) == {"unchanged": 1}
    assert state(crm) == before


@pytest.mark.parametrize(
    ("job", "row", "expected"),
    [
        ({}, {"org": "Acme", "title": "CEO"}, ("Acme", "CEO")),
        ({"org": "Acme"}, {"org": "acme", "title": "CEO"}, ("Acme", "CEO")),
        ({"org": "Acme"}, {"org": "Beta", "title": "CEO"}, ("Acme", None)),
        ({"org": "Acme"}, {"title": "CEO"}, ("Acme", "CEO")),
        ({"org": "Acme", "title": "CTO"}, {"title": "CEO"}, ("Acme", "CTO")),
        ({}, {"title": "CEO"}, (None, None)),
    ],
)
def test_a_job_is_filled(crm, job, row, expected):
    crm.contact("Ana", emails=["a@x.si"], **job)
    bring(crm, [{"name": "Ana", "emails": ["a@x.si"], **row}])
    found = get_contact(crm.conn, 1)
    assert (found.org, found.title) == expected


def test_everything_of_a_new_contact_is_stored(crm):
    bring(crm, [{**FULL, "owner": "eva", "uid": "u1", "created": "2020-01-02T03:04:05Z"}])
    row = get_contact(crm.conn, 1).json()
    wanted = ("uid", "handle", "org", "title", "department", "birthday", "tags", "custom", "owner")
    assert [row[key] for key in wanted] == [
        *("u1", "ana-novak", "Acme", "CTO", "Board", "1991-01-02", ["vip", "new"]),
        *({"tea": "black", "dog": "Rex"}, "eva"),
    ]
    assert (row["created"], row["email"]) == ("2020-01-02T03:04:05Z", "ana@acme.si")
    assert [one["primary"] for one in row["emails"]] == [True, False]
    assert crm.find("ana@new.si") == ["c1"]
    assert crm.resolve("acme", "org") == ["o1"]


def test_duplicates_in_one_file_are_merged(crm):
    rows = [
        {"name": "Ana", "emails": ["a@x.si"], "tags": ["one"], "custom": {"k": "1"}},
        {
            "name": "Ana B",
            "emails": ["b@x.si", "a@x.si"],
            "phones": ["040 123 456"],
            "note": "n",
            "org": "Acme",
            "lifecycle_stage": "lead",
            "tags": ["ONE", "two"],
            "custom": {"k": "2", "l": "3"},
            "birthday": "1990-05-17",
        },
        {"name": "C", "emails": ["b@x.si"], "birthday": "1991-01-01", "addresses": ["Cesta 1"]},
        {"name": "Ana", "emails": ["a@x.si"]},
    ]
    assert counts(bring(crm, rows)) == {"created": 1, "updated": 2, "unchanged": 1}
    (row,) = people(crm)
    assert (row["name"], row["note"], row["org"], row["birthday"]) == (
        *("Ana", "n", "Acme", "1990-05-17"),
    )
    assert (row["tags"], row["custom"]) == (["one", "two"], {"k": "1", "l": "3"})
    assert [one["value"] for one in row["emails"]] == ["a@x.si", "b@x.si"]
    assert (row["lifecycle_stage"], row["addresses"]) == ("lead", [{"street": "Cesta 1"}])
    assert counts(bring(crm, rows)) == {"unchanged": 4}


def test_merged_rows_keep_each_of_their_external_ids(crm):
    rows = [{**ANA, "external": ["hubspot", "1"]}, {**ANA, "external": ["hubspot", "2"]}]
    bring(crm, rows)
    assert crm.all("SELECT external_id, contact_id FROM external_ref") == [("1", 1), ("2", 1)]
    before = state(crm)
    assert counts(bring(crm, rows)) == {"unchanged": 2}
    assert state(crm) == before


def test_merged_rows_do_not_mix_two_jobs(crm):
    bring(crm, [{**ANA, "org": "Acme"}, {**ANA, "org": "Beta", "title": "CEO"}])
    found = get_contact(crm.conn, 1)
    assert (found.org, found.title) == ("Acme", None)


def test_handles_of_equal_names_are_numbered(crm):
    crm.contact("Ana")
    rows = [{"name": "Ana", "emails": [f"a{n}@x.si"]} for n in range(3)]
    bring(crm, [*rows, {"name": "张伟 !", "org": "Ana"}, {"name": "!!a!!", "emails": ["c12@x.si"]}])
    handles = [get_contact(crm.conn, id).handle for id in (1, 2, 3, 4)]
    assert handles[0] == "ana"
    assert len(set(handles)) == 4
    assert crm.all("SELECT count(*) FROM handle") == [7]
    assert len(set(crm.all("SELECT name FROM handle"))) == 7


def test_the_trash_is_left_alone_and_said(crm):
    crm.contact("Ana", emails=["ana@acme.si"])
    crm.trash("contact", 1)
    before = state(crm)
    report = bring(crm, [ANA])
    assert counts(report) == {"skipped": 1}
    assert report.messages == [(2, "in the trash as c1")]
    assert state(crm) == before


def test_the_living_come_before_the_trash(crm):
    crm.contact("Ana", emails=["ana@acme.si"])
    crm.contact("Ana", emails=["ana@acme.si"])
    crm.trash("contact", 1)
    bring(crm, [{"name": "Ana", "emails": ["ana@acme.si"], "note": "n"}])
    assert crm.all("SELECT note FROM contact ORDER BY id") == [None, "n"]


def test_a_name_alone_in_the_trash_is_somebody_new(crm):
    crm.contact("Ana")
    crm.trash("contact", 1)
    assert counts(bring(crm, [{"name": "Ana"}])) == {"created": 1}


def test_counts_and_the_list_of_imports(crm):
    crm.contact("Ana", emails=["ana@acme.si"])
    crm.contact("Bo", emails=["bo@x.si"])
    rows = [ANA, {"name": "Bo", "emails": ["bo@x.si"]}, {"name": "Cene"}]
    report = bring(crm, rows, skips=2, rejects=3)
    wanted = {"created": 1, "updated": 1, "unchanged": 1, "skipped": 2, "rejected": 3}
    assert counts(report) == wanted
    (batch,) = list_imports(crm.conn, 9)
    assert {name: batch[name] for name in COUNTS} == wanted
    assert (batch["id"], batch["group_id"]) == (report.batch_id, report.group_id)
    assert (batch["filename"], batch["format"]) == ("people.csv", "generic contact")
    assert (json.loads(batch["mapping"]), batch["undone"]) == ({"Name": "name"}, 0)
    rows = crm.all("SELECT line, outcome, row_id FROM import_row ORDER BY line")
    assert rows == [(2, "updated", 1), (3, "unchanged", 2), (4, "created", 3)]
    bring(crm, [{"name": "Dan"}])
    assert [row["id"] for row in list_imports(crm.conn, 1)] == [2]


@pytest.mark.parametrize("rows", [[], [{"name": "Ana", "emails": ["a@x.si"]}]])
def test_an_import_that_does_nothing_writes_nothing(crm, rows):
    crm.contact("Ana", emails=["a@x.si"])
    before = state(crm)
    report = bring(crm, rows, skips=1, rejects=1)
    assert (report.batch_id, report.group_id) == (None, None)
    assert state(crm) == before


def test_the_same_rows_by_someone_else_write_nothing(crm):
    bring(crm, [FULL])
    before = state(crm)
    assert counts(bring(crm.as_user("zala"), [FULL])) == {"unchanged": 1}
    assert state(crm) == before


def test_a_dry_run_counts_and_writes_nothing(crm):
    crm.contact("Ana", emails=["ana@acme.si"])
    before = state(crm)
    dry = bring(crm, [ANA, {"name": "Bo"}], dry_run=True, skips=1)
    assert state(crm) == before
    assert dry.counts == bring(crm, [ANA, {"name": "Bo"}], skips=1).counts


class Lying:
    """Rows that are fewer than they say."""

    noun, valid, skipped, rejected = "task", 2, 0, 0

    def batches(self):
        yield [(2, [draft_task(TASK)], None)]


def test_counts_that_do_not_add_up_are_a_fault(crm):
    before = state(crm)
    with pytest.raises(CrmError, match="counted 1 rows, but read 2") as caught:
        crm.write(lambda w: bring_in(w, Lying()))
    assert caught.value.code == 70
    assert state(crm) == before


# -- in bulk


def crowd(number: int) -> list[dict]:
    """Give rows of every kind: new ones, known ones, repeated ones, of a name alone."""
    rows = []
    for n in range(number):
        rows.append(
            {
                "name": f"P{n % 300:03} Kos",
                "emails": [f"p{n % 350}@x.si", f"work:{n}@y.si"],
                "phones": [f"040 {100 + n % 700} {100 + n % 89}"],
                "org": f"Org {n % 7}",
                "title": "CEO",
                "tags": [f"t{n % 3}", "all"],
                "addresses": [{"street": f"Cesta {n}"}],
                "birthday": f"19{n % 60 + 30}-05-17",
                "custom": {"n": str(n % 4)},
                "external": ["test", str(n)],
                "note": f"note {n}",
            }
        )
        if n % 10 == 0:
            rows.append({"name": f"Only {n % 20}", "note": f"{n % 30}"})
    return rows


def known(crm):
    crm.contact("Old One", emails=["p3@x.si"], org="Org 1")
    crm.contact("Only 0")
    crm.org("ORG 2")
    crm.trash("contact", crm.contact("Gone", emails=["p5@x.si"]))


def test_bulk_and_small_give_the_same(fresh, monkeypatch):
    rows = crowd(520)
    found = []
    for bulk in (500, 10**6):
        crm = fresh()
        known(crm)
        monkeypatch.setattr(import_, "BULK", bulk)
        report = bring(crm, rows)
        ranges = crm.all("SELECT count(*) FROM change WHERE last_row_id IS NOT NULL")[0]
        assert bool(ranges) is (bulk == 500)
        dump = re.sub(r'"uid": "[^"]*"', "", crm.dump())
        docs = crm.all("SELECT noun, row_id, title, body FROM search_doc ORDER BY 1, 2")
        triggers = crm.all("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1")
        found.append((report.counts, dump, docs, triggers))
        before = state(crm)
        again = bring(crm, rows)
        assert set(counts(again)) == {"unchanged", "skipped"}
        assert state(crm) == before
        crm.undo()
        assert crm.all("SELECT count(*) FROM contact") == [3]
    assert found[0] == found[1]
    assert found[0][0]["created"] > 300


def test_matches_reach_across_batches(crm):
    rows = [{"name": f"P{n}", "emails": [f"p{n}@x.si"]} for n in range(1100)]
    twins = [{**row, "phones": ["040 123 456"]} for row in rows[:100]]
    names = [{"name": "Only"}, {"name": "Only"}]
    report = bring(crm, [names[0], *rows, *twins, names[1]])
    assert counts(report) == {"created": 1101, "updated": 100, "unchanged": 1}
    assert crm.all("SELECT count(*) FROM channel WHERE kind = 'phone'") == [100]
    assert crm.find("p1099@x.si") == ["c1101"]
    before = state(crm)
    assert counts(bring(crm, [names[0], *rows, *twins, names[1]])) == {"unchanged": 1202}
    assert state(crm) == before


def test_a_bulk_import_is_undone_and_redone(crm):
    known(crm)
    before = crm.dump()
    docs = crm.all("SELECT noun, row_id, title, body FROM search_doc ORDER BY 1, 2")
    bring(crm, crowd(520))
    after = crm.dump()
    reverted = crm.write(lambda w: undo_import(w, None), "import --undo", source="undo").value
    assert reverted.kept == []
    assert crm.dump() == before
    assert crm.all("SELECT noun, row_id, title, body FROM search_doc ORDER BY 1, 2") == docs
    assert list_imports(crm.conn, 1)[0]["undone"] == 1
    crm.redo()
    assert crm.dump() == after
    assert list_imports(crm.conn, 1)[0]["undone"] == 0


@pytest.mark.parametrize("number", [3, 510], ids=["small", "bulk"])
def test_undo_keeps_who_was_edited_since_with_their_children(crm, number):
    rows = [
        {
            "name": f"P{n}",
            "emails": [f"p{n}@x.si"],
            "org": "Acme",
            "tags": ["t"],
            "birthday": "17.5.",
        }
        for n in range(number)
    ]
    bring(crm, rows)
    clock = Clock("UTC", crm.store.clock.now() + timedelta(hours=1))
    later = crm.at(clock)
    later.edit(1, values={"note": "mine"})
    later.rename("contact", 2, "Renamed")
    undone = later.write(lambda w: undo_import(w, 1), "import --undo", source="undo").value
    assert len(undone.kept) >= 1
    left = people(later)
    assert "Renamed" in [row["name"] for row in left]
    for row in left:
        assert (row["org"], row["tags"], row["birthday"]) == ("Acme", ["t"], "--05-17")
        assert len(row["emails"]) == 1
    assert len(left) <= 2
    assert later.all("SELECT count(*) FROM handle WHERE contact_id > 2") == [0]
    assert later.find(f"p{number - 1}@x.si") == []


def test_undo_takes_only_the_fillings_of_who_was_there(crm):
    crm.contact("Ana", emails=["ana@acme.si"], note="mine")
    before = crm.dump()
    bring(crm, [FULL])
    crm.write(lambda w: undo_import(w, None), source="undo")
    assert crm.dump() == before


@pytest.mark.parametrize("id", [None, 7])
def test_undo_of_no_import(crm, id):
    with pytest.raises(NotFoundError, match="there is no import") as caught:
        crm.write(lambda w: undo_import(w, id), source="undo")
    assert "crm import --list" in caught.value.hint


def test_undo_takes_my_newest_import_that_is_left(crm):
    bring(crm, [{"name": "Ana"}])
    bring(crm.as_user("zala"), [{"name": "Bo"}])
    crm.contact("Cene")
    assert crm.write(lambda w: undo_import(w, None), source="undo").value.group_id == 1
    with pytest.raises(NotFoundError):
        crm.write(lambda w: undo_import(w, None), source="undo")
    assert crm.write(lambda w: undo_import(w, 2), source="undo").value.group_id == 2
    assert crm.all("SELECT display_name FROM contact") == ["Cene"]


# -- orgs, tasks, interactions

ORG = {"uid": "o-1", "name": "Acme", "kind": "client", "domain": "acme.si", "note": "theirs"}
TASK = {"uid": "t-1", "title": "Call", "status": "needs_action", "due_on": "2026-11-24"}
LOG = {"uid": "i-1", "kind": "call", "occurred_at": "2026-11-20T10:00:00Z", "body": "Hello"}


def test_orgs_by_uid_and_by_name(crm):
    crm.org("ACME", note="mine", kind="partner", tags=["vip"])
    row = {**ORG, "emails": ["i@acme.si"], "tags": ["new"], "addresses": ["Cesta 1"]}
    assert counts(bring(crm, [row], "org")) == {"updated": 1}
    found = get_org(crm.conn, 1)
    assert (found.name, found.note, found.kind, found.domain) == (
        "ACME",
        "mine",
        "partner",
        "acme.si",
    )
    assert (found.tags, len(found.channels), len(found.addresses)) == (("vip", "new"), 1, 1)
    before = state(crm)
    assert counts(bring(crm, [row], "org")) == {"unchanged": 1}
    assert state(crm) == before


def test_a_new_org_and_its_new_name(crm):
    assert counts(bring(crm, [ORG, {"name": "Beta"}, {"name": "beta"}], "org")) == {
        "created": 2,
        "unchanged": 1,
    }
    assert crm.row("org", 1)["uid"] == "o-1"
    assert counts(bring(crm, [{**ORG, "name": "Acme International"}], "org")) == {"unchanged": 1}
    assert crm.resolve("beta", "org") == ["o2"]


def test_an_org_in_the_trash_is_left_alone_and_said(crm):
    crm.org("Acme")
    crm.trash("org", 1)
    before = state(crm)
    report = bring(crm, [ORG], "org")
    assert counts(report) == {"skipped": 1}
    assert report.messages == [(2, "in the trash as o1")]
    assert state(crm) == before


def test_an_org_in_the_trash_keeps_its_id_elsewhere(crm):
    bring(crm, [{**ORG, "external": ["hubspot", "9"]}], "org")
    crm.trash("org", 1)
    new_name = {"name": "Acme International", "external": ["hubspot", "9"]}
    report = bring(crm, [new_name], "org")
    assert counts(report) == {"skipped": 1}
    assert report.messages == [(2, "in the trash as o1")]
    person = {"name": "Ana", "org": "Acme", "org_external": ["hubspot", "9"]}
    assert counts(bring(crm, [person])) == {"created": 1}
    assert get_contact(crm.conn, 1).org == "Acme"
    assert crm.all("SELECT org_id FROM external_ref") == [1]
    assert counts(bring(crm, [person])) == {"unchanged": 1}


def test_strangers_in_the_trash_are_not_added_again(crm):
    bring(crm, [{"name": "Ana", "external": ["linkedin", "u"]}])
    crm.trash("contact", 1)
    names = {"name": "Ana", "external": ["linkedin", "u"]}
    message = {**LOG, "people": [names], "strangers": "skip"}
    report = bring(crm, [message], "interaction", policy=Policy(add_strangers=True))
    assert counts(report) == {"skipped": 1}
    assert report.messages == [(2, "in the trash as c1")]
    assert crm.all("SELECT count(*) FROM contact") == [1]


@pytest.fixture
def linked(crm):
    bring(crm, [{"name": "Ana", "uid": "c-1"}, {"name": "Bo", "uid": "c-2"}])
    bring(crm, [ORG], "org")
    return crm


def test_tasks_are_linked_by_uid(linked):
    rows = [
        {**TASK, "contact_uid": "c-1"},
        {**TASK, "uid": "t-2", "org_uid": "o-1"},
        {**TASK, "uid": "t-3"},
        {**TASK, "uid": "t-4", "contact_uid": "gone"},
        {**TASK, "uid": "t-5", "org_uid": "gone"},
    ]
    report = bring(linked, rows, "task")
    assert counts(report) == {"created": 3, "rejected": 2}
    assert linked.all("SELECT uid, contact_id, org_id FROM task ORDER BY id") == [
        *(("t-1", 1, None), ("t-2", None, 1), ("t-3", None, None)),
    ]
    assert [(line, reason) for line, reason, _ in report.rejects] == [
        (5, "the contact gone is not here: import it first"),
        (6, "the org gone is not here: import it first"),
    ]
    assert list_imports(linked.conn, 1)[0]["rejected"] == 2
    assert counts(bring(linked, rows, "task")) == {"unchanged": 3, "rejected": 2}


def test_interactions_are_linked_by_uid(linked):
    bring(linked, [TASK], "task")
    rows = [
        {**LOG, "contact_uids": ["c-2", "c-1"], "task_uid": "t-1"},
        {**LOG, "uid": "i-2", "org_uid": "o-1"},
        {**LOG, "uid": "i-3", "contact_uids": "c-1; c-2"},
        {**LOG, "uid": "i-4", "contact_uids": ["c-1", "gone"]},
    ]
    report = bring(linked, rows, "interaction")
    assert counts(report) == {"created": 3, "rejected": 1}
    assert report.rejects[0][:2] == (5, "the contact gone is not here: import it first")
    links = linked.all("SELECT interaction_id, contact_id FROM interaction_contact ORDER BY id")
    assert links == [(1, 2), (1, 1), (3, 1), (3, 2)]
    assert linked.all("SELECT org_id, task_id FROM interaction ORDER BY id") == [
        *((None, 1), (1, None), (None, None)),
    ]
    assert get_contact(linked.conn, 1).last_touch_at == "2026-11-20T10:00:00Z"
    assert counts(bring(linked, rows, "interaction")) == {"unchanged": 3, "rejected": 1}


def test_an_interaction_on_a_missing_org_is_rejected(linked):
    report = bring(linked, [{**LOG, "org_uid": "gone"}], "interaction")
    assert counts(report) == {"rejected": 1}
    assert linked.all("SELECT count(*) FROM interaction") == [0]


@pytest.mark.parametrize(("noun", "row"), [("task", TASK), ("interaction", LOG)])
def test_bulk_of_other_nouns_and_undo(linked, noun, row):
    before = linked.dump()
    rows = [{**row, "uid": f"u{n}"} for n in range(501)]
    assert counts(bring(linked, [*rows, rows[0]], noun)) == {"created": 501, "unchanged": 1}
    linked.write(lambda w: undo_import(w, None), source="undo")
    assert linked.dump() == before


def test_progress_is_told_and_may_end_it(crm):
    before = state(crm)
    told = []

    def import_all(progress, last=None):
        with closing(checked([{"name": f"Person {n}"} for n in range(3)])) as found:
            return crm.write(
                lambda w: bring_in(w, found, progress=progress), source="import", last=last
            )

    def end(*_):
        raise CancelledError("cancelled")

    for options in ({"progress": end}, {"progress": told.append, "last": end}):
        with pytest.raises(CancelledError):
            import_all(**options)
        assert state(crm) == before
    import_all(told.append)
    assert told == [3, 3]


# -- any small table

NAMES = st.sampled_from(["Ana", "ana", "Bo", "Čop", "Ana Kos"])
EMAILS = st.lists(st.sampled_from(["a@x.si", "A@x.si", "b@x.si", "info@x.si"]), max_size=2)
PHONES = st.lists(st.sampled_from(["040 111 222", "+38640111222", "041 333 444"]), max_size=2)
PEOPLE = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "emails": EMAILS,
        "phones": PHONES,
        "org": st.sampled_from(["Acme", "Beta"]),
        "note": st.sampled_from(["one", "two"]),
        "tags": st.lists(st.sampled_from(["vip", "VIP", "new"]), max_size=2),
        "external": st.sampled_from([["h", "1"], ["h", "2"]]),
    },
)
TABLES = st.lists(PEOPLE, min_size=1, max_size=6)
quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quick
@example(
    rows=[{"name": "Ana"}, {"name": "Ana", "note": "one"}],
    before=[{"name": "Ana", "org": "Acme"}],
)
@example(
    rows=[
        {"name": "Ana", "external": ["h", "1"], "phones": ["040 111 222"]},
        {"name": "Bo", "phones": ["040 111 222", "041 333 444"]},
    ],
    before=[{"name": "Bo", "external": ["h", "1"]}],
)
@example(
    rows=[
        {"name": "Ana", "phones": ["040 111 222"], "tags": ["vip"]},
        {"name": "Ana", "emails": ["a@x.si"], "phones": ["040 111 222"]},
    ],
    before=[{"name": "Ana", "emails": ["a@x.si"]}],
)
@given(rows=TABLES, before=TABLES)
def test_twice_is_once_and_a_dry_run_is_true(fresh, rows, before):
    crm = fresh()
    bring(crm, before)
    dry = bring(crm, rows, dry_run=True)
    real = bring(crm, rows)
    assert dry.counts == real.counts
    held = state(crm)
    assert counts(bring(crm, rows)) == {"unchanged": len(rows)}
    assert state(crm) == held


@quick
@given(rows=TABLES)
def test_a_list_appended_to_itself_gives_the_same_people(fresh, rows):
    once, twice = fresh(), fresh()
    first = bring(once, rows)
    second = bring(twice, rows + rows)
    assert people(twice) == people(once)
    assert second.counts["created"] == first.counts["created"]


@quick
@given(rows=TABLES)
def test_undo_of_any_import_leaves_nothing(fresh, rows):
    crm = fresh()
    bring(crm, rows)
    crm.write(lambda w: undo_import(w, None), source="undo")
    tables = ("contact", "channel", "org", "employment", "handle", "tagging", "external_ref")
    left = Counter({table: crm.all(f"SELECT count(*) FROM {table}")[0] for table in tables})
    assert +left == Counter()
