"""Filters against a plain-Python reading of the same records; their plans; what they refuse."""

import json
import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.clock import Clock
from crmcli.rules.filter import And, Field, FilterError, Not, Or, Value, parse
from crmcli.rules.filter import format as format_filter
from crmcli.store import filter
from crmcli.store.fields import PROPERTIES
from crmcli.store.filter import compile, describe, tree
from crmcli.store.kinds import KINDS, Scope
from crmcli.store.rows import Listing, among, count, ids, listed_ids
from crmcli.store.sql import contact as contact_sql
from crmcli.store.sql import deal as deal_sql
from crmcli.store.sql import interaction as interaction_sql
from crmcli.store.sql import org as org_sql
from crmcli.store.sql import task as task_sql
from crmcli.store.unit import NOUNS, Store
from crmcli.store.view import save_view
from crmcli.text import fold

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Ljubljana
TODAY = date(2026, 11, 23)
ZONE = "Europe/Ljubljana"
SQL = {"contact": contact_sql, "org": org_sql, "task": task_sql, "interaction": interaction_sql}
SQL["deal"] = deal_sql
CITIES = ("Maribor", "Celje", "Ljubljana", "Škofja Loka", None)
STAGES = ("lead", "qualified", "customer", "other")


def build(store) -> None:
    """Write 150 contacts with all that hangs on them, from one seed."""
    chance = random.Random(7)

    def write(w):
        owners = [w.user_id(name) for name in ("me", "Eva Šubic")]
        tags = [w.insert("tag", name=name, name_norm=fold(name)) for name in ("vip", "Fair 2025")]
        fields = {"budget": "money", "size": "number", "since_on": "date", "level": "choice"}
        fields |= {"likes": "multi", "member": "bool"}
        for key, kind in fields.items():
            choices = json.dumps(["gold", "silver", "tin"]) if kind in ("choice", "multi") else None
            values = {"noun": "contact", "key": key, "title": key, "type": kind}
            w.insert("custom_field", **values, choices=choices)
        for number in range(1, 21):
            name = f"{chance.choice(('Acme', 'Čebela', 'Studio', '100%_co'))} {number}"
            industry = chance.choice(("retail", "IT", None))
            kind = chance.choice(("client", "prospect"))
            id = w.insert(
                "org", name=name, name_norm=fold(name), industry=industry, kind=kind,
                owner_id=chance.choice(owners),
            )  # fmt: skip
            if number % 7 == 0:
                w.update("org", id, archived_at=w.now)
        for number in range(1, 151):
            given_name = chance.choice(("Ana", "Žiga", "Bo", "伟", "Фёдор"))
            name = f"{given_name} {chance.choice(('Novak', 'Čopič', 'Kos', 'O_Brien'))}"
            custom = {
                "budget": {"minor": chance.randrange(100) * 1000, "currency": "EUR"},
                "size": chance.choice((1, 2.5, 40, 900)),
                "since_on": f"2026-{chance.randrange(1, 13):02}-15",
                "level": chance.choice(("gold", "silver")),
                "likes": chance.sample(["gold", "silver", "tin"], 2),
                "member": chance.random() < 0.5,
                "tea": chance.choice(("Green", "črni")),
            }
            custom = {key: value for key, value in custom.items() if chance.random() < 0.6}
            id = w.insert(
                "contact",
                display_name=name,
                name_norm=fold(name),
                given_name=given_name if chance.random() < 0.7 else None,
                lifecycle_stage=chance.choice(STAGES),
                note=chance.choice((None, "met at the FAIR", "likes tea; 50%")),
                custom=json.dumps(custom),
                owner_id=chance.choice((*owners, None)),
                cadence_days=chance.choice((None, 7, 30, 90)),
                do_not_contact=int(chance.random() < 0.1),
                paused_until_on=chance.choice((None, None, "2026-12-01", "2026-11-01")),
                created_at=f"2026-{chance.randrange(1, 12):02}-10T23:30:00Z",
            )
            if chance.random() < 0.7:
                w.insert("employment", contact_id=id, org_id=chance.randrange(1, 21),
                         title=chance.choice(("CEO", "Direktorica", None)),
                         ended_on=chance.choice((None, None, "2025-01-01")))  # fmt: skip
            if city := chance.choice(CITIES):
                w.insert("address", contact_id=id, locality=city)
            if chance.random() < 0.8:
                mail = f"p{number}@{chance.choice(('acme.si', 'kos.example'))}"
                w.insert("channel", contact_id=id, kind="email", value=mail, value_norm=mail)
            for tag, share in zip(tags, (0.1, 0.4), strict=True):
                if chance.random() < share:
                    w.insert("tagging", contact_id=id, tag_id=tag)
            if chance.random() < 0.3:
                day = TODAY + timedelta(days=chance.randrange(365))
                w.insert("important_date", contact_id=id, kind="birthday",
                         month=day.month, day=day.day)  # fmt: skip
            if number % 20 == 0:
                w.update("contact", id, archived_at=w.now)
        for number in range(1, 101):
            status = chance.choice(("needs_action", "needs_action", "completed", "cancelled"))
            link = chance.choice(("contact_id", "org_id", None))
            w.insert(
                "task",
                title=chance.choice(("call back", "send Offer", "Pošlji račun")),
                kind=chance.choice(("call", "todo", "waiting")),
                status=status,
                completed_at=w.now if status == "completed" else None,
                due_on=chance.choice((None, str(TODAY + timedelta(days=chance.randrange(-9, 9))))),
                hidden_until_on=chance.choice((None, None, "2026-11-30")),
                priority=chance.choice((0, 1, 5)),
                owner_id=chance.choice(owners),
                archived_at=w.now if number % 15 == 0 else None,
                **({link: chance.randrange(1, 21)} if link else {}),
            )
        for number in range(1, 201):
            at = NOW - timedelta(hours=chance.randrange(1, 24 * 60))
            id = w.insert(
                "interaction",
                kind=chance.choice(("call", "email", "note")),
                direction=chance.choice(("inbound", "outbound", None)),
                occurred_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                duration_seconds=chance.choice((None, 300, 3600)),
                body=chance.choice(("wants a Pilot", "asked for čaj", None)),
                org_id=chance.choice((None, None, 3)),
                archived_at=w.now if number % 25 == 0 else None,
            )
            w.insert("interaction_contact", interaction_id=id, contact_id=chance.randrange(1, 150))
        for number in range(1, 61):
            status = chance.choice(("open", "open", "won"))
            name = chance.choice(("Renewal", "Pilot [/]"))
            id = w.insert(
                "deal",
                name=name,
                name_norm=fold(name),
                pipeline_id=1,
                stage_id=5 if status == "won" else chance.randrange(1, 5),
                status=status,
                amount_minor=chance.choice((None, chance.randrange(1_000_000))),
                currency=chance.choice(("EUR", "EUR", "JPY")),
                value_period=chance.choice(("one_time", "monthly")),
                close_date=chance.choice((None, "2026-10-01", "2026-12-24")),
                competitor=chance.choice((None, "Čebela")),
                opened_at="2026-09-01T10:00:00Z",
                stage_entered_at="2026-09-01T10:00:00Z",
                closed_at="2026-10-01T10:00:00Z" if status == "won" else None,
                org_id=chance.choice((None, chance.randrange(1, 21))),
                owner_id=chance.choice(owners),
                archived_at=w.now if number % 15 == 0 else None,
            )
            w.insert("deal_contact", deal_id=id, contact_id=chance.randrange(1, 150))

    store.write("build", write)


class World:
    """The records as dicts, with what hangs on them, and the filters over them."""

    def __init__(self, store) -> None:
        self.conn = store.reader
        self.scope = Scope(self.conn, store.clock, "me", {"week_start": 0}, "EUR")
        self.tables = {}
        for table in ("contact", "org", "task", "interaction", "employment", "address", "channel",
                      "tagging", "tag", "important_date", "interaction_contact",
                      "app_user", "deal", "deal_contact"):  # fmt: skip
            cursor = self.conn.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            self.tables[table] = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in self.tables["contact"]:
            row["custom"] = json.loads(row["custom"])

    def living(self, noun):
        return [row for row in self.tables[noun] if row["archived_at"] is None]

    def of(self, table, **link):
        (key, value), = link.items()  # fmt: skip
        return [row for row in self.tables[table] if value is not None and row[key] == value]

    def selected(self, noun, text):
        """Give the ids a filter selects, read every way: row by row, by a set, by its own index."""
        found = []
        for rare, many, page in ((0, 0, True), (0, 10**6, True), (0, 0, False), (10**6, 0, True)):
            kept = filter.RARE, filter.MANY
            filter.RARE, filter.MANY = rare, many
            try:
                compiled = compile(parse(text), noun, self.scope, page=page)
            finally:
                filter.RARE, filter.MANY = kept
            got = ids(self.conn, noun, compiled.where)
            assert len(got) == count(self.conn, noun, compiled.where)
            found.append(got)
        assert all(one == found[0] for one in found)
        return found[0]

    def expected(self, noun, wanted):
        return [row["id"] for row in self.living(noun) if wanted(self, row)]

    # What the predicates below ask.

    def orgs(self, c):
        jobs = [job for job in self.of("employment", contact_id=c["id"]) if not job["ended_on"]]
        found = [org for job in jobs for org in self.of("org", id=job["org_id"])]
        return [org for org in found if org["archived_at"] is None]

    def titles(self, c):
        jobs = self.of("employment", contact_id=c["id"])
        return [job["title"] for job in jobs if not job["ended_on"] and job["title"]]

    def city(self, c):
        return [fold(row["locality"]) for row in self.of("address", contact_id=c["id"])]

    def mails(self, c):
        return [row["value"] for row in self.of("channel", contact_id=c["id"])]

    def tagged(self, c, name):
        ids = {tag["id"] for tag in self.tables["tag"] if tag["name_norm"] == name}
        return any(row["tag_id"] in ids for row in self.of("tagging", contact_id=c["id"]))

    def owner(self, row):
        users = self.of("app_user", id=row["owner_id"])
        return users[0]["name"] if users else None

    def tasks(self, **link):
        return [task for task in self.of("task", **link) if is_open(task)]

    def logs(self, c):
        links = self.of("interaction_contact", contact_id=c["id"])
        found = [row for link in links for row in self.of("interaction", id=link["interaction_id"])]
        return [row for row in found if row["archived_at"] is None]

    def people(self, i):
        links = self.of("interaction_contact", interaction_id=i["id"])
        return [c for link in links for c in self.of("contact", id=link["contact_id"]) if alive(c)]

    def staff(self, o):
        jobs = [job for job in self.of("employment", org_id=o["id"]) if not job["ended_on"]]
        return [c for job in jobs for c in self.of("contact", id=job["contact_id"]) if alive(c)]

    def birthday(self, c):
        """Give in how many days the next birthday is."""
        for row in self.of("important_date", contact_id=c["id"]):
            days = (TODAY + timedelta(days=n) for n in range(365))
            return next(
                n for n, d in enumerate(days) if (d.month, d.day) == (row["month"], row["day"])
            )
        return None


def alive(row):
    return row["archived_at"] is None


def is_open(task):
    return task["status"] in ("needs_action", "in_process") and alive(task)


def own(key):
    return lambda c: c["custom"].get(key)


def has(text, part):
    return text is not None and part in fold(text)


budget, size, since, likes = own("budget"), own("size"), own("since_on"), own("likes")
EVERYONE = lambda w, r: True  # noqa: E731

CONTACTS = [
    ("name:nov", lambda w, c: has(c["display_name"], "nov")),
    ("name:ČOP", lambda w, c: has(c["display_name"], "cop")),
    ("name:o_b", lambda w, c: has(c["display_name"], "o_b")),
    ('name:"ana kos"', lambda w, c: fold(c["display_name"]) == "ana kos"),
    ("name=kos", lambda w, c: False),
    ('name="Ana Kos"', lambda w, c: fold(c["display_name"]) == "ana kos"),
    ("name:伟", lambda w, c: has(c["display_name"], "伟")),
    ("name:федор", lambda w, c: has(c["display_name"], fold("Фёдор"))),
    ("name:nov,kos", lambda w, c: has(c["display_name"], "nov") or has(c["display_name"], "kos")),
    ("given_name:none", lambda w, c: c["given_name"] is None),
    ("first:any", lambda w, c: c["given_name"] is not None),
    ("first.not:ana", lambda w, c: not has(c["given_name"], "ana")),
    ("note:fair", lambda w, c: has(c["note"], "fair")),
    ("note:50%", lambda w, c: has(c["note"], "50%")),
    ("note:none,tea", lambda w, c: c["note"] is None or has(c["note"], "tea")),
    ("stage:lead", lambda w, c: c["lifecycle_stage"] == "lead"),
    ("stage:lead,other", lambda w, c: c["lifecycle_stage"] in ("lead", "other")),
    ("stage.not:lead", lambda w, c: c["lifecycle_stage"] != "lead"),
    ("lifecycle-stage=Customer", lambda w, c: c["lifecycle_stage"] == "customer"),
    ("owner:me", lambda w, c: w.owner(c) == "me"),
    ('owner:"eva subic"', lambda w, c: w.owner(c) == "Eva Šubic"),
    ("owner:none", lambda w, c: w.owner(c) is None),
    ("owner.not:me", lambda w, c: w.owner(c) != "me"),
    ("owner:nobody", lambda w, c: False),
    ("+vip", lambda w, c: w.tagged(c, "vip")),
    ('+"fair 2025"', lambda w, c: w.tagged(c, "fair 2025")),
    ("not +vip", lambda w, c: not w.tagged(c, "vip")),
    ("tag:none", lambda w, c: not w.of("tagging", contact_id=c["id"])),
    ("tag:vip,none", lambda w, c: w.tagged(c, "vip") or not w.of("tagging", contact_id=c["id"])),
    ("+absent", lambda w, c: False),
    ("city:maribor", lambda w, c: "maribor" in w.city(c)),
    ("city:loka", lambda w, c: "skofja loka" in w.city(c)),
    ("city.not:Maribor", lambda w, c: "maribor" not in w.city(c)),
    ("city:none", lambda w, c: not w.city(c)),
    ("city:any", lambda w, c: bool(w.city(c))),
    ("(city:Maribor or city:Celje)", lambda w, c: {"maribor", "celje"} & set(w.city(c))),
    ("address:celje", lambda w, c: "celje" in w.city(c)),
    ("email:ACME.si", lambda w, c: any("acme.si" in mail for mail in w.mails(c))),
    ("email=p7@acme.si", lambda w, c: "p7@acme.si" in w.mails(c)),
    ("email:none", lambda w, c: not w.mails(c)),
    ("title:ceo", lambda w, c: "CEO" in w.titles(c)),
    ("title:none", lambda w, c: not w.titles(c)),
    ("org:acme", lambda w, c: any(has(o["name"], "acme") for o in w.orgs(c))),
    ("org:100%_co", lambda w, c: any(has(o["name"], "100%_co") for o in w.orgs(c))),
    ("org:none", lambda w, c: not w.orgs(c)),
    ("org.industry:retail", lambda w, c: any(o["industry"] == "retail" for o in w.orgs(c))),
    ("org.industry.not:retail", lambda w, c: all(o["industry"] != "retail" for o in w.orgs(c))),
    ("org.industry:none", lambda w, c: any(o["industry"] is None for o in w.orgs(c))),
    ("org.owner:me", lambda w, c: any(w.owner(o) == "me" for o in w.orgs(c))),
    ("org.id:o3", lambda w, c: any(o["id"] == 3 for o in w.orgs(c))),
    ("org.contact.name:bo", lambda w, c: any(
        has(other["display_name"], "bo") for o in w.orgs(c) for other in w.staff(o))),
    ("task:any", lambda w, c: bool(w.tasks(contact_id=c["id"]))),
    ("task:offer", lambda w, c: any("Offer" in t["title"] for t in w.tasks(contact_id=c["id"]))),
    ("task:none owner:me", lambda w, c: not w.tasks(contact_id=c["id"]) and w.owner(c) == "me"),
    ("task.due.before:today", lambda w, c: any(
        t["due_on"] and t["due_on"] < "2026-11-23" for t in w.tasks(contact_id=c["id"]))),
    ("task.kind:call", lambda w, c: any(t["kind"] == "call" for t in w.tasks(contact_id=c["id"]))),
    ("log.kind:email", lambda w, c: any(i["kind"] == "email" for i in w.logs(c))),
    ("interaction:pilot", lambda w, c: any(has(i["body"], "pilot") for i in w.logs(c))),
    ("log:none", lambda w, c: not any(i["body"] for i in w.logs(c))),
    ("last_touch:none", lambda w, c: c["last_touch_at"] is None),
    ("last_touch.before:-30d", lambda w, c: (c["last_touch_at"] or "~") < "2026-10-23T22:00:00Z"),
    ("last_touch<30d", lambda w, c: (c["last_touch_at"] or "~") < "2026-10-23T22:00:00Z"),
    ("last_touch.after:-7d", lambda w, c: (c["last_touch_at"] or "") >= "2026-11-16T23:00:00Z"),
    ("last_touch>=2026-11-17", lambda w, c: (c["last_touch_at"] or "") >= "2026-11-16T23:00:00Z"),
    ("last_touch:2026-11", lambda w, c: (c["last_touch_at"] or "") >= "2026-10-31T23:00:00Z"),
    ('last_touch:"last month"', lambda w, c: (
        "2026-09-30T22:00:00Z" <= (c["last_touch_at"] or "") < "2026-10-31T23:00:00Z")),
    ('last_touch.after:"2026-11-20 12:00"', lambda w, c: (
        (c["last_touch_at"] or "") >= "2026-11-20T11:01:00Z")),
    # 23:30 UTC is the next day in Ljubljana.
    ("created:2026-05-11", lambda w, c: c["created_at"].startswith("2026-05-10")),
    ("created:2026-05-10", lambda w, c: False),
    ("created:2026-02..2026-04", lambda w, c: "2026-02" <= c["created_at"][:7] <= "2026-04"),
    ("created:..2026-04-10", lambda w, c: c["created_at"][:7] <= "2026-03"),
    ("paused.after:today", lambda w, c: (c["paused_until_on"] or "") > "2026-11-23"),
    ("paused:any", lambda w, c: c["paused_until_on"] is not None),
    ("cadence.over:30", lambda w, c: (c["cadence_days"] or 0) > 30),
    ("cadence>=1m", lambda w, c: (c["cadence_days"] or 0) >= 30),
    ("cadence<=1w", lambda w, c: (c["cadence_days"] or 99) <= 7),
    ("cadence:7..30", lambda w, c: 7 <= (c["cadence_days"] or 0) <= 30),
    ("cadence.not:30", lambda w, c: c["cadence_days"] != 30),
    ("do_not_contact:yes", lambda w, c: c["do_not_contact"] == 1),
    ("id:c3,5", lambda w, c: c["id"] in (3, 5)),
    ("id.not:c3", lambda w, c: c["id"] != 3),
    ("birthday:any", lambda w, c: w.birthday(c) is not None),
    ("birthday:none", lambda w, c: w.birthday(c) is None),
    ("birthday:today..60d", lambda w, c: (w.birthday(c) or 0) <= 60 and w.birthday(c) is not None),
    ("birthday.before:30d", lambda w, c: w.birthday(c) is not None and w.birthday(c) < 30),
    ("birthday.after:200d", lambda w, c: (w.birthday(c) or 0) > 200),
    # own fields
    ("tea:green", lambda w, c: has(c["custom"].get("tea"), "green")),
    ("custom.tea:crni", lambda w, c: has(c["custom"].get("tea"), "crni")),
    ("tea:none", lambda w, c: "tea" not in c["custom"]),
    ("tea.not:green", lambda w, c: c["custom"].get("tea") != "Green"),
    ("budget.over:50", lambda w, c: bool(budget(c)) and budget(c)["minor"] > 5000),
    ('budget<="EUR 50"', lambda w, c: bool(budget(c)) and budget(c)["minor"] <= 5000),
    ('budget.over:"USD 1"', lambda w, c: False),
    ("budget:10..20", lambda w, c: bool(budget(c)) and 1000 <= budget(c)["minor"] <= 2000),
    ("budget:none", lambda w, c: not budget(c)),
    ("size.over:2", lambda w, c: (size(c) or 0) > 2),
    ("size:2.5", lambda w, c: size(c) == 2.5),
    ("size.under:40", lambda w, c: size(c) is not None and size(c) < 40),
    ("since_on.before:2026-06-15", lambda w, c: (since(c) or "~") < "2026-06-15"),
    ("since_on:2026-06", lambda w, c: (since(c) or "").startswith("2026-06")),
    ("level:gold", lambda w, c: c["custom"].get("level") == "gold"),
    ("likes:tin", lambda w, c: "tin" in (likes(c) or ())),
    ("likes:tin likes:gold", lambda w, c: {"tin", "gold"} <= set(likes(c) or ())),
    ("likes:none", lambda w, c: not likes(c)),
    ("member:yes", lambda w, c: c["custom"].get("member") is True),
    ("member:no", lambda w, c: c["custom"].get("member") is False),
    ("member:none", lambda w, c: "member" not in c["custom"]),
    # full text
    ("novak", lambda w, c: "Novak" in c["display_name"]),
    ("nov", lambda w, c: "Novak" in c["display_name"]),
    ("ovak", lambda w, c: "Novak" in c["display_name"]),
    ('"at the fair"', lambda w, c: has(c["note"], "fair")),
    ('"the at fair"', lambda w, c: False),
    ("fair met", lambda w, c: has(c["note"], "fair")),
    ("伟", lambda w, c: "伟" in c["display_name"]),
    ("nowhere_to_be_found", lambda w, c: False),
    ("not novak", lambda w, c: "Novak" not in c["display_name"]),
    # joined
    ("owner:me +vip or stage:lead", lambda w, c: (
        (w.owner(c) == "me" and w.tagged(c, "vip")) or c["lifecycle_stage"] == "lead")),
    ("not (owner:me or city:celje)", lambda w, c: (
        w.owner(c) != "me" and "celje" not in w.city(c))),
    ("(+vip or novak) (owner:me (stage:lead or note:tea))", lambda w, c: (
        (w.tagged(c, "vip") or "Novak" in c["display_name"]) and w.owner(c) == "me"
        and (c["lifecycle_stage"] == "lead" or has(c["note"], "tea")))),
]  # fmt: skip
ORGS = [
    ("name:acme", lambda w, o: has(o["name"], "acme")),
    ("kind:client", lambda w, o: o["kind"] == "client"),
    ("industry:it", lambda w, o: o["industry"] == "IT"),
    ("industry:none", lambda w, o: o["industry"] is None),
    ("owner:me", lambda w, o: w.owner(o) == "me"),
    ("person:novak", lambda w, o: any(has(c["display_name"], "novak") for c in w.staff(o))),
    ("person.stage:lead", lambda w, o: any(c["lifecycle_stage"] == "lead" for c in w.staff(o))),
    ("people:none", lambda w, o: not w.staff(o)),
    ("contact.tag:vip", lambda w, o: any(w.tagged(c, "vip") for c in w.staff(o))),
    ("task:any", lambda w, o: bool(w.tasks(org_id=o["id"]))),
    ("task.due:none", lambda w, o: any(not t["due_on"] for t in w.tasks(org_id=o["id"]))),
    ("log:pilot", lambda w, o: any(
        has(i["body"], "pilot") and alive(i) for i in w.of("interaction", org_id=o["id"]))),
    ("cebela", lambda w, o: has(o["name"], "cebela")),
]  # fmt: skip
TASKS = [
    ("title:RACUN", lambda w, t: has(t["title"], "racun")),
    ("status:open", lambda w, t: is_open(t)),
    ("status:done", lambda w, t: t["status"] == "completed"),
    ("status:closed", lambda w, t: t["status"] in ("completed", "cancelled")),
    ("status:open due.before:today", lambda w, t: (
        is_open(t) and (t["due_on"] or "~") < "2026-11-23")),
    ("due:today", lambda w, t: t["due_on"] == "2026-11-23"),
    ("due:fri", lambda w, t: t["due_on"] == "2026-11-27"),
    ('due:"this week"', lambda w, t: "2026-11-23" <= (t["due_on"] or "") <= "2026-11-29"),
    ("due:..3d", lambda w, t: (t["due_on"] or "~") <= "2026-11-26"),
    ("due:none", lambda w, t: t["due_on"] is None),
    ("hidden.after:today", lambda w, t: t["hidden_until_on"] == "2026-11-30"),
    ("snoozed:none", lambda w, t: t["hidden_until_on"] is None),
    ("priority:1..4", lambda w, t: t["priority"] == 1),
    ("owner:me", lambda w, t: w.owner(t) == "me"),
    ("person.stage:lead", lambda w, t: any(
        c["lifecycle_stage"] == "lead" and alive(c) for c in w.of("contact", id=t["contact_id"]))),
    ("person:none org:none", lambda w, t: not (
        any(map(alive, w.of("contact", id=t["contact_id"])))
        or any(map(alive, w.of("org", id=t["org_id"]))))),
    ("org:acme", lambda w, t: any(
        has(o["name"], "acme") and alive(o) for o in w.of("org", id=t["org_id"]))),
    ("person.org.industry:retail", lambda w, t: any(
        o["industry"] == "retail"
        for c in w.of("contact", id=t["contact_id"]) if alive(c) for o in w.orgs(c))),
    ("repeats:none", EVERYONE),
    ("completed:today", lambda w, t: t["status"] == "completed"),
    ("offer", lambda w, t: "Offer" in t["title"]),
    ("ffer", lambda w, t: False),
]  # fmt: skip
INTERACTIONS = [
    ("kind:call", lambda w, i: i["kind"] == "call"),
    ("direction:in", lambda w, i: i["direction"] == "inbound"),
    ("direction:none", lambda w, i: i["direction"] is None),
    ("at.after:-7d", lambda w, i: i["occurred_at"] >= "2026-11-16T23:00:00Z"),
    ("text:čaj", lambda w, i: has(i["body"], "caj")),
    ("who:novak", lambda w, i: any("Novak" in c["display_name"] for c in w.people(i))),
    ("person.owner:me kind:email", lambda w, i: (
        i["kind"] == "email" and any(w.owner(c) == "me" for c in w.people(i)))),
    ("org:any", lambda w, i: any(map(alive, w.of("org", id=i["org_id"])))),
    ("duration.over:30", lambda w, i: (i["duration_seconds"] or 0) > 1800),
    ("duration:5min", lambda w, i: i["duration_seconds"] == 300),
    ("touch:yes", EVERYONE),
    ("pilot", lambda w, i: has(i["body"], "pilot")),
]  # fmt: skip
DEALS = [
    ("name:renewal", lambda w, d: "Renewal" in d["name"]),
    ("status:open", lambda w, d: d["status"] == "open"),
    ("status:closed", lambda w, d: d["status"] != "open"),
    ("stage:proposal", lambda w, d: d["stage_id"] == 3),
    ("amount.over:5000", lambda w, d: (
        d["currency"] == "EUR" and (d["amount_minor"] or 0) > 500_000)),
    ("amount:none", lambda w, d: d["amount_minor"] is None),
    ("period:monthly", lambda w, d: d["value_period"] == "monthly"),
    ("close_date.before:today", lambda w, d: (d["close_date"] or "~") < "2026-11-23"),
    ("close_date:none", lambda w, d: d["close_date"] is None),
    ("competitor:čebela", lambda w, d: has(d["competitor"], "cebela")),
    ("owner:me", lambda w, d: w.owner(d) == "me"),
    ("org.industry:it", lambda w, d: any(
        o["industry"] == "IT" and alive(o) for o in w.of("org", id=d["org_id"]))),
    ("person.stage:lead", lambda w, d: any(
        c["lifecycle_stage"] == "lead" and alive(c)
        for link in w.of("deal_contact", deal_id=d["id"])
        for c in w.of("contact", id=link["contact_id"]))),
    ("renewal", lambda w, d: "Renewal" in d["name"]),
]  # fmt: skip
CASES = [
    (noun, text, wanted)
    for noun, cases in zip(NOUNS, (CONTACTS, ORGS, TASKS, INTERACTIONS, DEALS), strict=True)
    for text, wanted in cases
]


@pytest.fixture(scope="module")
def world(template, tmp_path_factory) -> World:
    import shutil

    path = shutil.copy(template, tmp_path_factory.mktemp("world") / "crm.db")
    store = Store(str(path), Clock(ZONE, NOW), "me")
    build(store)
    return World(store)


@pytest.mark.parametrize(("noun", "text", "wanted"), CASES, ids=[f"{n} {t}" for n, t, _ in CASES])
def test_a_filter_selects_what_it_says(world, noun, text, wanted):
    assert world.selected(noun, text) == world.expected(noun, wanted)


def test_nearly_every_filter_selects_some_and_leaves_some(world):
    """The cases above can fail: they are not all empty."""
    sizes = [len(world.selected(noun, text)) for noun, text, _ in CASES]
    living = {noun: len(world.living(noun)) for noun in NOUNS}
    telling = [0 < size < living[noun] for size, (noun, _, _) in zip(sizes, CASES, strict=True)]
    assert sum(telling) > 0.9 * len(CASES)


@pytest.mark.parametrize("noun", NOUNS)
def test_not_is_a_true_complement(world, noun):
    whole = {row["id"] for row in world.living(noun)}
    for text in [text for kind, text, _ in CASES if kind == noun]:
        selected = set(world.selected(noun, text))
        assert set(world.selected(noun, f"not ({text})")) == whole - selected, text


WORDS = (
    "+vip owner:me novak name:nov city.not:Kranj last_touch.before:-30d birthday:today"
    " budget.over:5 tea:any org.name:acme task.due:today size:1..5 stage:lead,other likes:none"
).split()
nodes = st.recursive(
    st.sampled_from([parse(word) for word in WORDS]),
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(lambda some: And(tuple(some)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda some: Or(tuple(some)))
    ),
    max_leaves=10,
)


@settings(max_examples=60)
@given(nodes)
def test_any_filter_compiles_runs_and_explains(world, node):
    found = world.selected("contact", format_filter(node))
    assert set(found) <= {row["id"] for row in world.living("contact")}
    root = compile(node, "contact", world.scope).root
    assert list(describe(root))
    assert tree(root)


paths = st.sampled_from(["name", "stage", "owner", "last_touch", "birthday", "budget", "size"])
paths |= st.sampled_from(["cadence", "member", "id", "phone", "org.industry", "tag", "level"])
paths |= st.sampled_from(["paused", "task.due", "log.duration", "email", "unanswered", "nothing"])
ops = st.sampled_from([":", "=", "<", ">=", "before", "over"])
values = st.text(min_size=1, max_size=6) | st.sampled_from(["5", "today", "none", "-3d", "1e9"])


@given(paths, ops, values.map(Value))
def test_any_value_is_read_or_refused_with_its_place(world, path, op, value):
    node = parse(format_filter(Field(path, op, (value,))))
    detail = "^"
    try:
        where = compile(node, "contact", world.scope).where
        assert count(world.conn, "contact", where) <= 150
    except FilterError as error:
        detail = error.detail
    assert "^" in detail


@pytest.mark.parametrize(
    ("noun", "text", "message", "hint", "place"),
    [
        ("contact", "onwer:me +vip", "no field 'onwer' of contacts", "owner", "onwer"),
        ("contact", "+vip zzz:1", "no field 'zzz' of contacts", "quotes", "zzz"),
        ("task", "stage:lead", "no field 'stage' of tasks", "", "stage"),
        ("task", "+vip", "no field 'tag' of tasks", "", "+vip"),
        ("contact", "custom.zzz:1", "no own field 'zzz' of contacts", "", "custom.zzz"),
        ("contact", "ogr.industry:x", "no way 'ogr' from contacts", "org", "ogr.industry"),
        ("contact", "org.contact.org.contact.name:x", "no way", "", "org.contact.org.contact.name"),
        ("contact", "org.indutsry:x", "no field 'indutsry' of orgs", "industry", "org.indutsry"),
        ("contact", "stage:new", "stage: 'new' is none of its words", "one of subscriber", "new"),
        ("contact", "stage:leda,lead", "'leda' is none of", "did you mean lead?", "leda"),
        ("contact", "stage<lead", "it has no order", "use :", "lead"),
        ("contact", "name<x", "a text has no order", "use :", "x"),
        ("contact", 'name:"\u200b"', "nothing to look for", "", '"\u200b"'),
        ("contact", '"\u200b"', "nothing to look for", "", '"\u200b"'),
        ("contact", "created.over:-3d", "a date is not over another", "before", "-3d"),
        ("contact", "created:soon", "not a date: 'soon'", "today", "soon"),
        ("contact", "created:9999-12-31", "beyond what can be stored", "", "9999-12-31"),
        ("contact", "birthday:soon", "not a date", "", "soon"),
        ("contact", "cadence.before:3", "a number is not before another", "over", "3"),
        ("contact", "size:x", "not a number: 'x'", "2.5", "x"),
        ("contact", "size:nan", "not a number: 'nan'", "", "nan"),
        ("contact", "budget:x", "not an amount: 'x'", "9000", "x"),
        ("contact", 'budget:"EUR 1".."USD 2"', "a range has one currency", "", None),
        ("contact", "member:perhaps", "not yes or no: 'perhaps'", "yes or no", "perhaps"),
        ("contact", "id:x12", "not an id: 'x12'", "c12", "x12"),
        ("contact", "phone:abc", "not a part of a number: 'abc'", "", "abc"),
        ("contact", "+vip @hot", "no view 'hot'", "crm view list", "@hot"),
        ("interaction", "duration:12m", "not a duration", "12min", "12m"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(world, noun, text, message, hint, place):
    with pytest.raises(FilterError, match=message) as caught:
        compile(parse(text), noun, world.scope)
    error = caught.value
    assert hint in error.hint
    assert error.at.text == text
    if place:
        assert text[error.at.start : error.at.end] == place


def test_values_are_bound_never_written_into_the_statement(world):
    evil = "x'); DROP TABLE contact; --"
    for path in ("name", "org.name", "owner", "tag", "tea", "email", "task"):
        where = compile(Field(path, ":", (Value(evil),)), "contact", world.scope).where
        assert "DROP" not in where.sql
        assert count(world.conn, "contact", where) == 0


# Views


def save(crm, name, text, noun="contact"):
    crm.write(lambda w: save_view(w, name, noun, text, "", ""))


def test_a_view_stands_for_its_filter(crm):
    crm.contact("Ana", tags=["vip"])
    crm.contact("Bo", tags=["vip"])
    save(crm, "Hot Ones", "+vip")
    save(crm, "inner", '@"hot ones" or name:zzz')
    assert ids(crm.conn, "contact", crm.where("contact", "@inner name:an")) == [1]
    assert ids(crm.conn, "contact", crm.where("contact", 'not @"HOT ONES"')) == []


def test_a_view_that_leads_to_itself_is_refused(crm):
    save(crm, "a", "+vip @b")
    save(crm, "b", "@c")
    save(crm, "c", "not @a")
    with pytest.raises(FilterError, match="'a' leads to itself"):
        crm.where("contact", "@a")


def test_views_do_not_grow_without_bounds(crm):
    save(crm, "v0", "+vip")
    for number in range(1, 12):
        save(crm, f"v{number}", f"@v{number - 1} @v{number - 1}")
    with pytest.raises(FilterError, match="more than 400 terms"):
        crm.where("contact", "@v11")


def test_a_view_of_another_noun_is_refused(crm):
    save(crm, "late", "due.before:today", "task")
    with pytest.raises(FilterError, match="'late' is of tasks, not of contacts"):
        crm.where("contact", "@late")


def test_a_view_with_a_fault_tells_its_own_place(crm):
    save(crm, "old", "onwer:me")
    with pytest.raises(FilterError) as caught:
        crm.where("contact", "+vip @old")
    assert caught.value.detail == "onwer:me\n^^^^^"


# Plans: what an index can serve is not read whole and sorted.


def plan(world, noun, text, sort="", rare=5_000):
    """Give the plan of the first page, and of the queries for the ids of its terms."""
    key = sort.lstrip("-") or next(iter(SQL[noun].ORDER))
    column = f"{noun}.{SQL[noun].ORDER[key].split()[0]}"
    filter.RARE, kept = rare, filter.RARE
    try:
        compiled = compile(parse(text), noun, world.scope, order=column, page=True)
    finally:
        filter.RARE = kept
    query = SQL[noun].LIST.format(
        trash="",
        where=f"AND {compiled.where.sql}",
        order=SQL[noun].ORDER[key].format(way="DESC" if sort.startswith("-") else "ASC"),
    )
    values = {**compiled.where.values, "limit": 100}
    searches = [part.search for part in (compiled.root, *compiled.root.parts) if part.search]
    return [
        " | ".join(row[3] for row in world.conn.execute(f"EXPLAIN QUERY PLAN {text}", values))
        for text in (query, *searches)
    ]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("+vip", "ix_tagging_tag (tag_id=?"),
        ("owner:me", "ix_contact_owner (owner_id=?)"),
        ("last_touch.before:-30d", "ix_contact_touch (last_touch_at<?"),
        ("next_touch.before:today", "ix_contact_next (next_touch_on<?)"),
        ("created:2026-11", "ix_contact_created (created_at>? AND created_at<?)"),
        ("unanswered:in", "ix_contact_unanswered (unanswered=?)"),
        ("org:Acme", "ix_employment_org (org_id=?)"),
        ("email:acme.si", "ix_channel_lookup (kind=?)"),
        ("email=a@acme.si", "ix_channel_lookup (kind=? AND value_norm=?)"),
        ("task.due.before:today", "ix_task_due (due_on<?)"),
        ("log.at.after:-3d", "ix_interaction_time (occurred_at>?)"),
        ("novak", "SCAN search_text VIRTUAL TABLE"),
        ("birthday:today", "ix_important_date_day"),
    ],
)
def test_rare_terms_are_found_by_their_index(world, text, index):
    page, *searches = plan(world, "contact", text)
    assert "SEARCH contact USING INTEGER PRIMARY KEY" in page
    assert "SCAN contact" not in page
    assert index in searches[0]


@pytest.mark.parametrize("sort", ["", "-name", "last_touch", "-created"])
@pytest.mark.parametrize(
    "text",
    [
        *("+vip", "owner:me", "last_touch.before:-30d", "stage:lead", "name:nov", "org:Acme"),
        *("email:acme.si", "city:none", "not +vip", "+vip or owner:me", "tea:green", "task:none"),
    ],
)
def test_common_terms_are_checked_along_the_order(world, text, sort):
    page, *_ = plan(world, "contact", text, sort, rare=-1)
    assert "USING INDEX ix_contact_" in page.split(" | ")[0]
    assert "TEMP B-TREE" not in page


@pytest.mark.parametrize("text", ["+vip", "novak", "org.industry:retail", "email:acme.si"])
def test_the_whole_of_a_common_term_is_a_set(world, text):
    """A lookup for each row would take seconds where all rows are read."""
    filter.RARE, kept = -1, filter.RARE
    try:
        found = compile(parse(text), "contact", world.scope, order="contact.name_norm")
    finally:
        filter.RARE = kept
    assert found.where.sql.startswith("+contact.id IN (")


def test_an_order_by_the_asked_column_begins_where_it_must(world):
    page, *_ = plan(world, "contact", "last_touch.after:-7d", "last_touch", rare=-1)
    assert page == "SEARCH contact USING INDEX ix_contact_touch (last_touch_at>?)"
    page, *_ = plan(world, "contact", "next_touch.before:7d", "next_touch", rare=-1)
    assert page.startswith("SEARCH contact USING INDEX ix_contact_next (next_touch_on<?)")


def test_the_exact_name_is_looked_up(world):
    assert "ix_contact_name (name_norm=?)" in plan(world, "contact", 'name="ana novak"')[0]


@pytest.mark.parametrize("text", ["due.before:today", "owner:me", "kind:call", "person:novak"])
def test_open_tasks_stand_in_the_order_of_their_index(world, text):
    page, *_ = plan(world, "task", f"status:open {text}", rare=-1)
    assert "USING INDEX ix_task_due" in page.split(" | ")[0]


def test_only_one_index_drives(world):
    """The ids of a rare tag come first; a common owner is then no reason to read all of theirs."""
    page, *_ = plan(world, "contact", "owner:me +vip last_touch:any")
    assert "SEARCH contact USING INTEGER PRIMARY KEY (rowid=?)" in page


@pytest.mark.parametrize("text", ["+vip", "novak", "not owner:me", "+vip novak"])
def test_those_of_some_records_that_a_filter_selects(world, text):
    where = compile(parse(text), "contact", world.scope, page=True).where
    whole = set(ids(world.conn, "contact", where))
    some = set(range(1, 200, 2))
    assert among(world.conn, "contact", some, where) == whole & some
    assert among(world.conn, "contact", (), where) == set()
    living = {row["id"] for row in world.living("contact")}
    assert among(world.conn, "contact", some, None) == living & some


# Orders


def listed(world, noun, sort):
    chunks = listed_ids(world.conn, Listing(sort=sort), noun, SQL[noun].LIST, SQL[noun].ORDER)
    return [id for chunk in chunks for id in chunk]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_order_lists_everything(world, noun):
    expected = sorted(row["id"] for row in world.living(noun))
    for key in SQL[noun].ORDER:
        assert sorted(listed(world, noun, key)) == expected
        assert sorted(listed(world, noun, f"-{key}")) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("budget", lambda c: budget(c)["minor"] if budget(c) else None),
        ("size", size),
        ("tea", lambda c: fold(c["custom"]["tea"]) if "tea" in c["custom"] else None),
        ("custom.since_on", since),
    ],
)
def test_own_fields_sort_and_what_is_empty_comes_last(world, key, value):
    rows = {row["id"]: row for row in world.living("contact")}
    for sort, turned in ((key, False), (f"-{key}", True)):
        found = [value(rows[id]) for id in listed(world, "contact", sort)]
        there = [one for one in found if one is not None]
        assert there == sorted(there, reverse=turned)
        assert found == there + [None] * (len(found) - len(there))


def test_every_kind_is_asked_somewhere():
    """A kind that no property has would be one that no test sees."""
    used = {asked.kind for known in PROPERTIES.values() for asked in known.values()}
    assert used | {"money"} == set(KINDS)


def test_explain_says_what_was_understood(world):
    text = "owner:me (+vip or not city:Kranj,none) last_touch.before:-30d budget.over:5 novak"
    root = compile(parse(text), "contact", world.scope).root
    assert list(describe(root)) == [
        "all of",
        "  owner is me",
        "  any of",
        "    tag is vip",
        "    not",
        "      city contains Kranj or is empty",
        "  last_touch before 2026-10-24",
        "  budget over 5.00 EUR",
        "  has 'novak'",
    ]
    assert tree(root) == {
        "all of": [
            "owner is me",
            {"any of": ["tag is vip", {"not": ["city contains Kranj or is empty"]}]},
            "last_touch before 2026-10-24",
            "budget over 5.00 EUR",
            "has 'novak'",
        ]
    }


def test_every_property_stands_in_the_manual():
    text = (
        (Path(__file__).parents[2] / "docs/filters.md")
        .read_text(encoding="utf-8")
        .split("## Fields")[1]
    )
    for line, (noun, known) in zip(text.split("- **")[1:], PROPERTIES.items(), strict=True):
        told = set(re.findall(r"\w+", line))
        assert told >= {noun, *known}, set(known) - told
