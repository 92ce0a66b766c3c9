"""Dump and load: nothing that people made is forgotten, and all of it comes back the same."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.clock import Clock
from crmcli.errors import ConflictError, InvalidError
from crmcli.rules.contact import DateDraft
from crmcli.rules.deal import draft_line
from crmcli.store import cadence, deal, doctor, dump, task
from crmcli.store.dialect import DERIVED
from crmcli.store.tables import COLUMNS

HOSTILE = (
    "Ana\x1b[31m Novak",
    "[/] [bold]x",
    "کیان یزدانی",
    "王小明",
    "a\u202eb",
    '"\\n',
    "{}",
    '[1, "a"]',
    "[NaN]",
    "x" * 10_000,
)


def fill(crm) -> None:
    """Put at least one row into every table that is dumped."""
    crm.contact(
        "Ana Novak",
        emails=["work:ana@acme.si", "ana@home.si"],
        phones=["040 123 456"],
        addresses=[{"street": "Cesta 1", "locality": "Kranj"}, {"label": "home", "street": "Pot"}],
        org="Acme",
        title="CEO",
        tags=["vip", "fair"],
        birthday="1990-05-17",
        custom={"tea": "green", "list": ["a", "b"], "n": 1.5, "yes": True},
        external=("hubspot", "8001"),
    )
    crm.contact("Bor Kralj", birthday="--02-29", note="one\ntwo")
    crm.org("Beta", domain="beta.si", tags=["vip"], phones=["01 234 56 78"])
    crm.task("Call", ("contact", 1), due_on="2026-11-23", due_time="09:00", tz="UTC")
    crm.task("Org", ("org", 1))
    crm.log(1, 2, body="Hello", tags=["need"], org_id=1, task_id=1)
    crm.trash("contact", 2)
    crm.rename("contact", 1, "Ana Kos")
    lead = {"contact_id": 1, "source": "Fair", "tags": ["vip"]}
    crm.deal("Pilot", amount="9000.50", close_date="2026-12-24", **lead)
    crm.deal("[/] کیان", amount="JPY 9000", period="monthly", org_id=1, custom={"n": 2})
    crm.move(1, "Proposal", "2026-11-23T10:00:00Z")
    crm.move(1, "Won", "2026-11-23T11:00:00Z")
    crm.move(2, "Lost", "2026-11-23T11:00:00Z")
    crm.place(1, "Interest")
    crm.write(_rest)
    crm.write(_sales)


def _sales(w) -> None:
    deal.add_line(w, 2, draft_line({"name": "Seat", "price": "300"}, "JPY"), "JPY")
    spent = {"amount_minor": 900, "currency": "EUR"}
    w.insert("source_cost", source_id=1, spent_on="2026-11-01", **spent)
    w.insert("score_rule", dimension="fit", label="VIP", label_norm="vip", filter="+vip", points=10)
    period = {"starts_on": "2026-10-01", "ends_on": "2026-12-31"}
    w.insert("goal", metric="won_count", target=5, **period)
    w.insert("rate", base="USD", quote="EUR", on_date="2026-11-01", rate="0.9")
    w.insert("attachment", sha256="0" * 64, filename="a.pdf", size=1, deal_id=1)


def _rest(w) -> None:
    w.insert("custom_field", noun="contact", key="tea", title="Tea", type="choice", choices='["a"]')
    w.insert("import_profile", name="Bank", name_norm="bank", options='{"map": "a=b"}')
    w.insert("saved_view", noun="contact", name="Hot", name_norm="hot", filter="+vip")
    w.insert("cadence", tag_id=1, days=30)
    w.insert("cadence", days=90)
    names = {"name": "Manager of", "inverse": "Reports to"}
    norms = {f"{key}_norm": name.lower() for key, name in names.items()}
    type_id = w.insert("relationship_type", **names, **norms)
    w.insert("relationship", from_contact_id=1, to_contact_id=2, type_id=type_id)
    w.insert("kept_separate", contact_id=1, other_contact_id=2, at="2026-11-23T09:00:00Z")
    w.insert("external_ref", source="hubspot", external_id="9", org_id=1)


def lines(crm) -> list[tuple[str, str]]:
    """Give the dump as (table, line)."""
    return [
        (table, json.dumps(record, ensure_ascii=False))
        for table in dump.TABLES
        for record in dump.records(crm.conn, table)
    ]


def load(crm, dumped: list[tuple[str, str]]):
    items = [(table, json.loads(line)) for table, line in dumped]
    return crm.write(lambda w: dump.load(w, lambda: items), "load")


def rows(crm) -> dict[str, list]:
    """Give every dumped table as it stands, derived columns too, but for versions."""
    found = {}
    for table in dump.TABLES:
        names = ", ".join(f'"{name}"' for name in COLUMNS[table] if name != "version")
        found[table] = crm.all(f"SELECT {names} FROM {table} ORDER BY id")
    return found


def test_every_table_is_dumped_or_left_out_on_purpose(crm):
    """A table that is added later must get a row in `fill`, or be named in LEFT_OUT."""
    fill(crm)
    assert set(dump.LEFT_OUT) < set(COLUMNS)
    assert set(dump.PARTS) < set(dump.TABLES)
    empty = [table for table in dump.TABLES if not crm.all(f"SELECT id FROM {table}")]
    assert empty == []
    seen = dict.fromkeys(dump.TABLES, 0)
    for table, line in lines(crm):
        seen[table] += 1
        for part, _ in dump.parts_of(table):
            seen[part] += len(json.loads(line).get(part, ()))
    stored = {table: crm.all(f"SELECT count(*) FROM {table}")[0] for table in dump.TABLES}
    assert seen == stored


def test_every_column_is_dumped_but_what_follows_from_others(crm):
    for table in dump.TABLES:
        left_out = set(COLUMNS[table]) - set(dump.kept(table))
        assert left_out <= {*DERIVED, *dump.FOLDED}, table


def test_what_was_dumped_loads_as_it_was(crm, fresh):
    fill(crm)
    other = fresh()
    done = load(other, lines(crm))
    assert rows(other) == rows(crm)
    assert lines(other) == lines(crm)
    assert done.value["contact"] == 2
    faults = doctor.examine(other.conn, "none", other.store.clock)
    assert [fault.check for fault in faults] == ["files"]  # contents are no part of a dump
    assert other.find("kos") == ["c1"]
    assert other.resolve("ana-novak") == ["c1"]
    assert other.contact("Next") == 3


def test_a_load_is_one_group_and_undone_in_one(crm, fresh):
    fill(crm)
    other = fresh()
    seeds = lines(other)
    assert {table for table, _ in seeds} == {"pipeline", "reason", "stage"}
    load(other, lines(crm))
    assert other.last_group() == 1
    other.undo()
    assert lines(other) == seeds
    other.redo()
    assert lines(other) == lines(crm)


def test_a_dump_from_before_there_were_pipelines_leaves_ours(crm, fresh):
    crm.contact("Ana")
    other = fresh()
    seeds = [line for line in lines(other) if line[0] in dump.SEEDS]
    load(other, [line for line in lines(crm) if line[0] not in dump.SEEDS])
    assert [line for line in lines(other) if line[0] in dump.SEEDS] == seeds
    assert other.deal() == 1


def changed(before, after) -> list[str]:
    """Give the tables of the lines that differ."""
    gone = [line for line in before if line not in after]
    new = [line for line in after if line not in before]
    assert len(gone) <= 1
    assert len(new) == 1
    return [table for table, _ in new]


@pytest.mark.parametrize(
    ("table", "edit"),
    [
        ("contact", lambda crm: crm.edit(1, phones=["041 999 888"])),
        ("contact", lambda crm: crm.edit(1, job={"title": "CTO"})),
        ("contact", lambda crm: crm.edit(1, tags=["need"])),
        ("contact", lambda crm: crm.edit(1, off_tags=["vip"])),
        ("contact", lambda crm: crm.edit(1, dates=[DateDraft("anniversary", 2001, 2, 3)])),
        ("contact", lambda crm: crm.edit(1, custom={"tea": "black"})),
        ("contact", lambda crm: crm.edit(1, values={"note": "new"})),
        ("contact", lambda crm: crm.rename("contact", 1, "Ana Golob")),
        ("contact", lambda crm: crm.trash("contact", 1)),
        ("org", lambda crm: crm.rename("org", 1, "Acme International")),
        ("task", lambda crm: crm.write(lambda w: task.complete(w, 2))),
        ("interaction", lambda crm: crm.log(1, at="2026-11-22T10:00:00Z")),
        ("tag", lambda crm: crm.write(lambda w: w.update("tag", 1, name="VIP!", name_norm="vip!"))),
        ("deal", lambda crm: crm.move(1, "Qualified", "2026-11-23T12:00:00Z")),
        ("deal", lambda crm: crm.write(lambda w: deal.edit_deal(w, 1, {"close_date": None}))),
        ("contact", lambda crm: crm.place(1, "Action")),
        ("stage", lambda crm: crm.write(lambda w: w.update("stage", 1, guidance="Ask why"))),
        ("cadence", lambda crm: crm.write(lambda w: cadence.set_cadence(w, None, 60, None))),
    ],
)
def test_one_edit_changes_one_line(crm, table, edit):
    fill(crm)
    before = lines(crm)
    edit(crm)
    assert changed(before, lines(crm)) == [table]


def test_what_only_looks_like_json_stays_a_text(crm):
    crm.contact(note="[NaN]")
    assert next(dump.records(crm.conn, "contact"))["note"] == "[NaN]"


def test_a_user_is_dumped_while_a_record_names_them(crm):
    seeds = lines(crm)
    crm.write(lambda w: w.user_id("nobody"))
    assert lines(crm) == seeds
    crm.edit(crm.contact("Ana"), owner="zala")
    users = [json.loads(line)["name"] for table, line in lines(crm) if table == "app_user"]
    assert users == ["zala"]


def test_a_used_database_is_refused(crm, fresh):
    fill(crm)
    with pytest.raises(ConflictError, match="not empty"):
        load(crm, lines(crm))
    undone = fresh()
    seeds = lines(undone)
    undone.contact("Ana")
    undone.undo()
    assert lines(undone) == seeds
    with pytest.raises(ConflictError):  # its ids are taken: c1 was somebody
        load(undone, lines(crm))


@pytest.mark.parametrize(
    ("table", "record", "match"),
    [
        ("contact", [], "not a JSON object"),
        ("contact", {"display_name": "Ana"}, "the id is not"),
        ("contact", {"id": True, "display_name": "Ana"}, "cannot be stored"),
        ("contact", {"id": 0, "display_name": "Ana"}, "the id is not"),
        ("contact", {"id": "c1"}, "the id is not"),
        ("contact", {"id": 1, "version": 3}, "has no 'version'"),
        ("contact", {"id": 1, "name_norm": "x"}, "has no 'name_norm'"),
        ("contact", {"id": 1, "note": "\ud800"}, "cannot be stored"),
        ("contact", {"id": 2**63}, "cannot be stored"),
        ("contact", {"id": 1, "note": float("inf")}, "cannot be stored"),
        ("contact", {"id": 1, "channel": {}}, "not a list of objects"),
        ("contact", {"id": 1, "channel": [1]}, "not a list of objects"),
        ("contact", {"id": 1, "channel": [{"contact_id": 2, "x": 1}]}, "channel has no 'x'"),
        ("contact", {"id": 1, "relationship": []}, "contact has no 'relationship'"),
        ("task", {"id": 1, "channel": []}, "task has no 'channel'"),
    ],
)
def test_a_record_of_the_wrong_shape_is_refused(table, record, match):
    with pytest.raises(InvalidError, match=match):
        dump.split(table, record)


def test_links_are_looked_at_whatever_comes_first(crm):
    check = dump.Check(crm.conn)
    check.take("contact", {"id": 1, "employment": [{"id": 1, "org_id": 7}]}, 1)
    check.take("contact", {"id": 2, "merged_into_id": 1}, 2)
    assert check.broken() == ("contact", 1, "org", 7)
    check.take("org", {"id": 7}, 1)
    assert check.broken() is None
    with pytest.raises(InvalidError, match="there twice"):
        check.take("org", {"id": 7}, 2)


texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=20))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(texts, st.none() | texts, st.dictionaries(st.text("abc", min_size=1), texts)),
        max_size=5,
    )
)
def test_any_texts_load_as_they_were_dumped(fresh, people):
    """Whatever the database holds, as another program may have written it."""
    crm, other = fresh(), fresh()
    for number, (name, note, custom) in enumerate(people):
        crm.outside(
            "INSERT INTO contact (uid, display_name, name_norm, note, custom, created_at, "
            "updated_at) VALUES (?, ?, '', ?, ?, 'x', 'x')",
            *(str(number), name.replace("\0", "") + "x", note and note.replace("\0", "")),
            json.dumps(custom),
        )
    load(other, lines(crm))
    assert lines(other)[: len(people)] != [] or not people
    strip = [
        (table, {k: v for k, v in json.loads(line).items() if k != "handle"})
        for table, line in lines(other)
    ]
    assert strip == [(table, json.loads(line)) for table, line in lines(crm)]


def commands(crm, choice: random.Random) -> None:
    """Do one thing at random."""
    contacts = crm.all("SELECT id FROM contact")
    who = choice.choice(contacts)
    word = choice.choice(["ana", "bor", "کیان", "王", "x [/] y"])
    day = f"2026-12-{choice.randint(1, 28):02d}"
    moves = [
        lambda: crm.contact(word.title() + " Kos", org=word, tags=[word]),
        lambda: crm.edit(who, emails=[f"{choice.randint(1, 9)}@acme.si"]),
        lambda: crm.edit(who, tags=[word], custom={"tea": word}),
        lambda: crm.edit(who, off_tags=[word]),
        lambda: crm.edit(who, job={"org": word, "title": "CEO"}),
        lambda: crm.edit(who, owner=choice.choice(["me", "zala"])),
        lambda: crm.rename("contact", who, f"{word} {choice.randint(1, 3)}"),
        lambda: crm.trash("contact", who, archived=choice.random() < 0.5),
        lambda: crm.task(f"Call {word}", ("contact", who), due_on=day),
        lambda: crm.log(who, body=word, at=f"2026-11-{choice.randint(1, 20):02d}T10:00:00Z"),
        lambda: crm.write(lambda w: cadence.set_cadence(w, None, choice.randint(1, 90), None)),
        lambda: crm.deal(word.title(), amount=choice.randint(1, 99), contact_id=who),
        lambda: crm.place(who, choice.choice(["Awareness", "Interest", "Action"])),
    ]
    deals = crm.all("SELECT id FROM deal")
    if deals:
        which = choice.choice(deals)
        stages = ("Lead", "Qualified", "Proposal", "Won", "Lost")
        moves += [
            lambda: crm.move(which, choice.choice(stages)),
            lambda: crm.move(which, choice.choice(stages)),
            lambda: crm.write(lambda w: deal.edit_deal(w, which, {"close_date": day})),
            lambda: crm.task(f"Offer {word}", deal_id=which),
        ]
    choice.choice(moves)()


@pytest.mark.parametrize("seed", range(3))
def test_undo_all_gives_the_first_dump_and_redo_all_the_last(fresh, seed):
    """Reliability goal 5."""
    crm, choice = fresh(), random.Random(seed)
    states = [lines(crm)]
    crm.contact("Ana Novak")
    for number in range(25):
        crm = crm.at(Clock("UTC", crm.store.clock.now().replace(minute=number)))
        commands(crm, choice)
    last = lines(crm)
    groups = len(crm.all("SELECT id FROM change_group"))
    for _ in range(groups):
        crm.undo()
    assert lines(crm) == states[0]
    for _ in range(groups):
        crm.redo()
    assert lines(crm) == last
