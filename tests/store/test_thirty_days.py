"""A month of a busy user, day by day against a slow and obvious reference.

A seeded user adds, calls, writes, snoozes, pauses and undoes for ten days, does nothing for two
weeks, catches up, and goes on. The world below is the plain list of what was done; what each day
must show is worked out from it from scratch, and no derived column is read.
"""

import copy
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmcli import repeat
from crmcli.clock import Clock, stamp
from crmcli.rules.contact import DateDraft, draft_contact
from crmcli.rules.interaction import draft_interaction
from crmcli.rules.task import draft_task
from crmcli.store import cadence, contact, doctor, interaction, party, tag, task
from crmcli.store.due import due_items, select
from crmcli.store.touch import day_items

ZONE = "Europe/Ljubljana"
HERE = ZoneInfo(ZONE)
DAY = timedelta(days=1)
LIMITS = {"lead_days": 7, "reply_days": 2, "nudge_days": 7, "radar_days": 90}
TAGS = ("friend", "client", "family", "plain")
MISSED = ("no_answer", "voicemail", "busy", "wrong_number")

# What a series repeats on: the phrase, and the same said as a question to a day.
SERIES: dict[str, Callable[[date, date], bool]] = {
    "3 days": lambda day, start: (day - start).days % 3 == 0,
    "week": lambda day, start: (day - start).days % 7 == 0,
    "2 weeks": lambda day, start: (day - start).days % 14 == 0,
    "weekday": lambda day, start: day.weekday() < 5,
    "month on the 31st": lambda day, start: (day + DAY).day == 1,
    "month on the last fri": lambda day, start: (
        day.weekday() == 4 and (day + 7 * DAY).month != day.month
    ),
}
STEPS = {"3 days": 3, "week": 7, "2 weeks": 14}  # those that are no more than an interval


@dataclass
class Person:
    id: int
    name: str
    added: date
    own: int | None = None
    own_max: int | None = None
    tags: set[str] = field(default_factory=set)
    bumped: date | None = None
    paused: date | None = None
    left_alone: bool = False
    dead: bool = False
    trashed: bool = False
    dates: list[tuple[str, int | None, int, int, int | None]] = field(default_factory=list)


@dataclass
class Talk:
    id: int
    at: datetime
    kind: str
    direction: str | None
    outcome: str | None
    trashed: bool = False

    @property
    def day(self) -> date:
        return self.at.astimezone(HERE).date()


@dataclass
class Chore:
    id: int
    title: str
    kind: str
    due: date | None
    time: str | None = None
    who: int | None = None
    hidden: date | None = None
    status: str = "open"
    trashed: bool = False
    every: str | None = None
    start: date | None = None
    counts_from: str = "due"


@dataclass
class World:
    """All that was done, as a person would have kept it on paper."""

    people: dict[int, Person] = field(default_factory=dict)
    talks: dict[int, Talk] = field(default_factory=dict)
    talks_with: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    chores: dict[int, Chore] = field(default_factory=dict)
    cadences: dict[str | None, int] = field(default_factory=dict)


# -- the reference: what a day must show


def cadence_of(world: World, person: Person) -> int | None:
    if person.left_alone or person.dead or person.trashed:
        return None
    if person.own:
        return person.own
    of_tags = [world.cadences[name] for name in person.tags if name in world.cadences]
    return min(of_tags) if of_tags else world.cadences.get(None)


def talks_of(world: World, person: Person) -> list[Talk]:
    mine = (world.talks[id] for id in world.talks_with.get(person.id, ()))
    return sorted((t for t in mine if not t.trashed), key=lambda t: (t.at, t.id))


def last_touch(world: World, person: Person) -> Talk | None:
    real = [
        t for t in talks_of(world, person) if t.kind != "note" and t.outcome in (None, "reached")
    ]
    return real[-1] if real else None


def since(world: World, person: Person) -> date:
    touch = last_touch(world, person)
    begin = touch.day if touch else person.added
    return max(begin, person.bumped) if person.bumped else begin


def touch_days(world: World, person: Person) -> tuple[date, date] | None:
    """Give the day someone falls due, and the day from which they are listed."""
    days = cadence_of(world, person)
    if not days:
        return None
    due = since(world, person) + days * DAY
    return due, max(due, person.paused) if person.paused else due


def open_letter(world: World, person: Person) -> tuple[str, Talk] | None:
    """Give who waits for an answer, and since which letter."""
    found: tuple[str, Talk] | None = None
    for talk in talks_of(world, person):
        theirs, missed = talk.direction == "inbound", talk.outcome not in (None, "reached")
        if talk.kind in ("note", "feedback") or (missed and not theirs):
            continue
        if talk.kind in ("email", "message"):
            if missed:
                continue
            if not theirs:
                found = "nudge", talk
            elif not found or found[0] == "nudge":
                found = "reply", talk
        elif not missed:
            found = None
        elif not found or found[0] == "nudge":
            found = "reply", talk
    return found


def is_alive(world: World, chore: Chore) -> bool:
    gone = chore.who is not None and world.people[chore.who].trashed
    return chore.status == "open" and not chore.trashed and not gone


def yearly(month: int, day: int, today: date) -> date:
    for offset in range(800):
        on = today + offset * DAY
        kept = (month, day)
        is_leap = (date(on.year, 3, 1) - DAY).day == 29
        if kept == (2, 29) and not is_leap:
            kept = (2, 28)
        if (on.month, on.day) == kept:
            return on
    raise AssertionError


Line = tuple[str, str, str, str]  # section, reference, due, title


def chore_lines(world: World, now: datetime) -> Iterator[Line]:
    today = now.date()
    shown = [c for c in world.chores.values() if is_alive(world, c) and c.due]
    shown.sort(key=lambda c: (c.due, c.time is None, c.time or "", c.id))
    for chore in shown:
        if chore.due > today + DAY or (chore.hidden and chore.hidden > today):
            continue
        at = time.fromisoformat(chore.time) if chore.time else None
        is_past = at and datetime.combine(chore.due, at) < now.replace(tzinfo=None)
        section = "tomorrow" if chore.due > today else "today"
        if chore.due < today or is_past:
            section = "overdue"
        if chore.kind == "waiting" and chore.due <= today:
            section = "waiting"
        due = f"{chore.due} {chore.time}" if chore.time else str(chore.due)
        yield section, f"t{chore.id}", due, chore.title


def touch_lines(world: World, today: date) -> Iterator[Line]:
    found = []
    for person in world.people.values():
        days = touch_days(world, person)
        if not days or days[1] > today + DAY:
            continue
        every, ago = cadence_of(world, person), (today - since(world, person)).days
        limit = person.own_max if person.own else None
        state = "cold" if ago > (limit or 1.5 * every) else "due" if ago >= every else "ok"
        section = "keep_in_touch" if days[1] <= today else "tomorrow"
        what = "keep in touch: " if section == "tomorrow" else ""
        line = section, f"c{person.id}", str(days[0]), f"{what}{state}, {ago} of {every} days"
        found.append((-ago / every, days[0], person.id, line))
    yield from (line for *_, line in sorted(found))


def letter_lines(world: World, today: date) -> Iterator[Line]:
    found = []
    for person in world.people.values():
        letter = open_letter(world, person)
        if not letter or person.left_alone or person.dead or person.trashed:
            continue
        section, talk = letter
        if section == "nudge" and person.paused and person.paused > today:
            continue
        after, ago = LIMITS[f"{section}_days"], (today - talk.day).days
        if after <= ago <= LIMITS["radar_days"]:
            say = "they wrote {} days ago: reply" if section == "reply" else ""
            title = (say or "no answer for {} days: nudge").format(ago)
            line = section, f"c{person.id}", str(talk.day + after * DAY), title
            found.append((section != "reply", talk.at, person.id, line))
    yield from (line for *_, line in sorted(found))


def date_lines(world: World, today: date) -> Iterator[Line]:
    found = []
    for person in world.people.values():
        for kind, year, month, day, lead in person.dates:
            on = yearly(month, day, today)
            ahead = max(1, LIMITS["lead_days"] if lead is None else lead)
            if person.trashed or person.dead or (on - today).days > ahead:
                continue
            title = f"{kind} ({on.year - year} years)" if year else kind
            found.append((on, person.id, kind, ("date", f"c{person.id}", str(on), title)))
    yield from (line for *_, line in sorted(found))


def suggestion_lines(world: World, today: date, most: int, known: set[str]) -> Iterator[Line]:
    quiet, busy = today - 30 * DAY, {c.who for c in world.chores.values() if is_alive(world, c)}
    found = []
    for person in world.people.values():
        touch = last_touch(world, person)
        paused = person.paused and person.paused > today
        if (
            (person.trashed or person.left_alone or person.dead or paused or person.id in busy)
            or (cadence_of(world, person) or open_letter(world, person))
            or (touch.day if touch else person.added) > quiet
        ):
            continue
        title = f"last touch {(today - touch.day).days} days ago" if touch else "never in touch"
        at = touch.at if touch else datetime.min.replace(tzinfo=UTC)
        line = "suggestion", f"c{person.id}", str(today), title
        found.append((not person.tags, touch is None, at, person.id, line))
    new = [line for *_, line in sorted(found) if line[1] not in known]
    yield from new[: max(most, 0)]


def page(world: World, now: datetime) -> list[Line]:
    """Give what the first page of the day must show, in its order."""
    today = now.date()
    lines = [*chore_lines(world, now), *touch_lines(world, today)]
    lines += [*letter_lines(world, today), *date_lines(world, today)]
    at_hand = sum(
        section != "tomorrow" and (section != "date" or due == str(today))
        for section, _, due, _ in lines
    )
    lines += suggestion_lines(world, today, 5 - at_hand, {id for _, id, *_ in lines})
    order = ["overdue", "today", "keep_in_touch", "waiting", "reply", "nudge", "date"]
    order += ["tomorrow", "suggestion"]
    return sorted(lines, key=lambda line: order.index(line[0]))


def following(chore: Chore, done: date) -> date:
    """Give when the next occurrence of a series is due."""
    if chore.counts_from == "done" and chore.every in STEPS:
        return done + STEPS[chore.every] * DAY
    day = max(chore.due + DAY, done + DAY, chore.start)
    while not SERIES[chore.every](day, chore.start):
        day += DAY
    return day


# -- the user


class User:
    """Does one thing after another, at random, to the database and to the world."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.serial = world, random.Random(seed), 0
        self.now = datetime.min

    def act(self, w) -> None:
        acts = {self.talk: 34, self.add_chore: 12, self.close_chore: 18, self.hide_chore: 8}
        acts |= {self.pause: 5, self.bump: 5, self.own_cadence: 4, self.wear: 5, self.trash: 3}
        acts |= {self.add_series: 3, self.skip_or_end: 2, self.meet: 2, self.remember_date: 2}
        acts |= {self.leave_alone: 1, self.bury: 1, self.trash_talk: 2, self.set_cadence: 1}
        self.chance.choices(list(acts), list(acts.values()))[0](w)

    @property
    def today(self) -> date:
        return self.now.date()

    def someone(self) -> Person:
        return self.chance.choice(list(self.world.people.values()))

    def some_chore(self, **like) -> Chore | None:
        fitting = [
            chore
            for chore in self.world.chores.values()
            if chore.status == "open"
            and not chore.trashed
            and all(bool(getattr(chore, key)) == value for key, value in like.items())
        ]
        fitting.sort(key=lambda chore: (chore.due or date.max, chore.id))
        return self.chance.choice(fitting[:60]) if fitting else None

    def name(self, what: str) -> str:
        self.serial += 1
        return f"{what} {self.serial}"

    def ahead(self, least: int, most: int) -> date:
        return self.today + self.chance.randint(least, most) * DAY

    def meet(self, w) -> None:
        name = self.name("Person")
        tags = {self.chance.choice(TAGS)} if self.chance.random() < 0.5 else set()
        draft = draft_contact({"name": name, "tags": sorted(tags)}, "SI")
        id = contact.add_contact(w, draft)
        self.world.people[id] = Person(id, name, self.today, tags=tags)

    def talk(self, w) -> None:
        kinds = ["call", "email", "message", "note", "meeting", "visit", "feedback"]
        kind = self.chance.choices(kinds, [4, 5, 4, 2, 1, 1, 1])[0]
        outcome = {
            "call": self.chance.choice((None, "reached", *MISSED)),
            "email": self.chance.choice((None, None, None, "bounced")),
        }.get(kind)
        direction = None if kind == "note" else self.chance.choice(("inbound", "outbound"))
        back = self.chance.choice((0, 0, 0, 1, 2, 4)) * DAY + timedelta(
            seconds=self.chance.randint(0, 80_000)
        )
        at = (self.now - back).astimezone(UTC).replace(microsecond=0)
        people = list(
            dict.fromkeys(self.someone().id for _ in range(self.chance.choice((1, 1, 2))))
        )
        raw = {"kind": kind, "direction": direction, "outcome": outcome, "occurred_at": stamp(at)}
        id = interaction.add_interaction(w, draft_interaction(raw), people)
        self.world.talks[id] = Talk(id, at, kind, direction, outcome)
        for person_id in people:
            self.world.talks_with[person_id].append(id)

    def trash_talk(self, w) -> None:
        if self.world.talks:
            talk = self.chance.choice(list(self.world.talks.values()))
            talk.trashed = not talk.trashed
            party.set_archived(w, "interaction", talk.id, archived=talk.trashed)

    def add_chore(self, w) -> None:
        kinds = ("follow_up", "call", "todo", "promise", "waiting", "waiting")
        kind = self.chance.choice(kinds)
        due = self.chance.choice((None, *[self.ahead(-1, 12)] * 9))
        clock = self.chance.choice((None, None, "00:00", "09:30", "23:59")) if due else None
        who = self.chance.choice((None, *[self.someone().id] * 4))
        self._store(w, Chore(0, self.name("Task"), kind, due, clock, who))

    def add_series(self, w) -> None:
        every = self.chance.choice(list(SERIES))
        rule = repeat.parse(every, datetime.combine(self.today, time()), start=self.ahead(0, 6))
        chore = Chore(0, self.name("Series"), "follow_up", rule.start, who=self.someone().id)
        chore.every, chore.start = every, rule.start
        chore.counts_from = self.chance.choice(("due", "done"))
        self._store(w, chore, rrule=rule.rrule, repeat_from=chore.counts_from)

    def _store(self, w, chore: Chore, **series: str) -> None:
        raw = {"title": chore.title, "kind": chore.kind, "due_on": chore.due and str(chore.due)}
        raw |= {"due_time": chore.time, "tz": ZONE if chore.time else None, **series}
        noun = "contact" if chore.who else None
        chore.id = task.add_task(w, draft_task(raw), noun, chore.who)
        self.world.chores[chore.id] = chore

    def close_chore(self, w) -> None:
        chore = self.some_chore()
        if not chore:
            return
        done = self.today - self.chance.choice((0, 0, 0, 1)) * DAY
        assert task.complete(w, chore.id, done)
        chore.status, chore.hidden = "done", None
        self._go_on(w, chore, done, chore.counts_from)

    def skip_or_end(self, w) -> None:
        chore = self.some_chore(every=True)
        if not chore:
            return
        if self.chance.random() < 0.6:
            assert task.skip(w, chore.id)
            chore.status, chore.hidden = "skipped", None
            self._go_on(w, chore, chore.due, "due")
        elif self.chance.random() < 0.5:
            task.end_series(w, chore.id, keep=True)
            chore.every = None
        else:
            task.end_series(w, chore.id)
            chore.status = "ended"

    def _go_on(self, w, chore: Chore, done: date, counts_from: str) -> None:
        if chore.every:
            new = task.next_of(w.conn, chore.id)
            due = following(replace(chore, counts_from=counts_from), done)
            assert (new.title, new.due_on) == (chore.title, str(due)), (chore, done)
            self.world.chores[new.id] = replace(
                chore, id=new.id, due=due, hidden=None, status="open"
            )

    def hide_chore(self, w) -> None:
        chore = self.some_chore()
        if chore and self.chance.random() < 0.7:
            chore.hidden = self.ahead(1, 9)
            task.snooze(w, chore.id, str(chore.hidden))
        elif chore:
            chore.due, chore.time, chore.hidden = self.ahead(0, 9), None, None
            due = {"due_on": str(chore.due), "due_time": None, "tz": None}
            task.reschedule(w, chore.id, due)

    def _person(self, w, person: Person, **values) -> None:
        w.update("contact", person.id, None, **values)

    def pause(self, w) -> None:
        person = self.someone()
        person.paused = self.chance.choice((None, self.ahead(1, 15)))
        self._person(w, person, paused_until_on=person.paused and str(person.paused))

    def bump(self, w) -> None:
        person = self.someone()
        cadence.bump(w, person.id)
        person.bumped, person.paused = self.today, None

    def own_cadence(self, w) -> None:
        person = self.someone()
        person.own = self.chance.choice((None, 3, 7, 14, 30))
        person.own_max = person.own + 4 if person.own and self.chance.random() < 0.4 else None
        self._person(w, person, cadence_days=person.own, cadence_max_days=person.own_max)

    def wear(self, w) -> None:
        person, name = self.someone(), self.chance.choice(TAGS)
        change = tag.remove_tags if name in person.tags else tag.add_tags
        change(w, "contact", person.id, [name])
        person.tags ^= {name}

    def set_cadence(self, w) -> None:
        name = self.chance.choice((*TAGS[:3], *TAGS[:3], None))
        days = self.chance.choice((None, 10, 21, 40)) if name else self.chance.choice((None, 60))
        if days:
            cadence.set_cadence(w, name, days, None)
            self.world.cadences[name] = days
        else:
            cadence.drop_cadence(w, name)
            self.world.cadences.pop(name, None)

    def leave_alone(self, w) -> None:
        person = self.someone()
        person.left_alone = not person.left_alone
        self._person(w, person, do_not_contact=int(person.left_alone))

    def bury(self, w) -> None:
        person = self.someone()
        person.dead = not person.dead
        self._person(w, person, deceased=int(person.dead))

    def trash(self, w) -> None:
        person = self.someone()
        person.trashed = not person.trashed
        party.set_archived(w, "contact", person.id, archived=person.trashed)

    def remember_date(self, w) -> None:
        person, on = self.someone(), self.ahead(-3, 40)
        month, day = self.chance.choice(((on.month, on.day), (2, 29), (2, 28), (12, 31), (1, 1)))
        kind = self.chance.choice(("birthday", "name day"))
        year = self.chance.choice((None, 1992))
        lead = self.chance.choice((None, None, 0, 1, 20))
        if any(known[0] == kind for known in person.dates):
            return
        contact.set_date(w, person.id, DateDraft(kind, year, month, day, lead))
        person.dates.append((kind, year, month, day, lead))


# -- the month


class Month:
    """A database and its world, moved through time together."""

    def __init__(self, crm, start: date, seed: int, per_day: int) -> None:
        self.crm, self.world, self.day, self.per_day = crm, World(), start, per_day
        self.user = User(self.world, seed)
        self.shown: Counter[str] = Counter()

    def at(self, clock: str, day: date | None = None):
        """Set the clock of this day; give the store as it is seen then."""
        wall = datetime.combine(day or self.day, time.fromisoformat(clock))
        now = wall.replace(tzinfo=HERE)
        self.user.now = now
        return self.crm.at(Clock(ZONE, now.astimezone(UTC)))

    def check(self, clock: str) -> None:
        """Compare the first page of the day, and `crm due`, with the reference."""
        crm = self.at(clock)
        try:
            items = day_items(crm.conn, crm.store.clock, **LIMITS)
            got = [(i.section, i.id, i.due(), i.title) for i in items]
            want = page(self.world, self.user.now)
            assert sorted(got) == sorted(want)
            assert got == want
            self.shown.update(section for section, *_ in got)
            due = select(crm.conn, crm.store.clock, until=self.day)
            today = {"overdue", "today", "keep_in_touch", "waiting"}
            assert [(i.section, i.id) for i in due] == [
                line[:2]
                for line in want
                if line[0] in today or (line[0] == "date" and line[2] == str(self.day))
            ]
        finally:
            crm.store.close()

    def live(self, acts: int) -> None:
        """Let the user do so many things, a few at a time; some are taken back."""
        for part in range(0, acts, 8):
            crm = self.at(f"{8 + part // 8 % 12:02}:{self.user.chance.randint(0, 59):02}")
            undone = self.user.chance.random() < 0.1
            before = copy.deepcopy(self.world) if undone else None
            done = crm.write(lambda w, n=min(8, acts - part): [self.user.act(w) for _ in range(n)])
            if before and done.group_id:
                crm.undo()
                self.world = self.user.world = before

    def populate(self, people: int, talks: int) -> None:
        """Meet people two months before, with what was said since."""
        self.day -= 71 * DAY
        crm, user = self.at("12:00"), self.user

        def fill(w) -> None:
            for _ in range(people):
                user.meet(w)
            for name, days in (("friend", 21), ("client", 14)):
                cadence.set_cadence(w, name, days, None)
                self.world.cadences[name] = days

        crm.write(fill)
        for part in range(14):
            self.day += 5 * DAY
            crm = self.at("15:00")
            count = talks * (part + 1) // 14 - talks * part // 14
            crm.write(lambda w, count=count: [user.talk(w) for _ in range(count)])
            crm.write(lambda w: [user.own_cadence(w) for _ in range(people // 60)])
        acts = (user.add_chore, user.remember_date)
        crm.write(lambda w: [act(w) for act in acts for _ in range(4)])

    def catch_up(self) -> None:
        """Spread the backlog, and look at every day ahead as if nothing more was done."""
        crm, today = self.at("08:00"), self.day
        before = {c.id: crm.row("contact", c.id) for c in self.world.people.values()}
        by_itself, want = self._spread()
        moves = cadence.plan(crm.conn, crm.store.clock, self.per_day, None)
        assert [(move.item.id, move.day) for move in moves] == want
        crm.write(lambda w: cadence.catch_up(w, moves))
        moved = {id: day for id, day in want if day > today}
        assert len(moved) > self.per_day
        for id, day in moved.items():
            if id[0] == "t":
                self.world.chores[int(id[1:])].hidden = day
            else:
                self.world.people[int(id[1:])].paused = day
        self.check("08:01")
        kept = ("last_touch_at", "next_touch_on", "bumped_on", "cadence_days")
        crm = self.at("08:02")
        for id, old in before.items():
            new = crm.row("contact", id)
            assert [new[key] for key in kept] == [old[key] for key in kept]
        self._no_day_is_too_full(by_itself)
        self._all_come_back(moved)

    def _spread(self) -> tuple[Counter[date], list[tuple[str, date]]]:
        """Give what falls due by itself on each day, and where each late thing must go."""
        late, by_itself = [], Counter()
        for chore in self.world.chores.values():
            if not is_alive(self.world, chore) or not chore.due:
                continue
            shown = max(chore.due, chore.hidden) if chore.hidden else chore.due
            past = chore.time and datetime.combine(
                chore.due, time.fromisoformat(chore.time)
            ) < self.user.now.replace(tzinfo=None)
            if shown <= self.day and (chore.due < self.day or past):
                late.append((chore.due, 0, chore.id, f"t{chore.id}"))
            else:
                by_itself[shown] += 1
        for person in self.world.people.values():
            days = touch_days(self.world, person)
            if days and days[1] <= self.day:
                late.append((days[0], 1, person.id, f"c{person.id}"))
            elif days:
                by_itself[days[1]] += 1
        used, plan = by_itself.copy(), []
        for *_, id in sorted(late):
            day = self.day
            while used[day] >= self.per_day:
                day += DAY
            used[day] += 1
            plan.append((id, day))
        return by_itself, plan

    def _no_day_is_too_full(self, by_itself: Counter[date]) -> None:
        for ahead in range(60):
            day = self.day + ahead * DAY
            new = [id for id, first in self._first_days() if max(first, self.day) == day]
            assert len(new) <= max(self.per_day, by_itself[day]), (day, new)

    def _first_days(self) -> Iterator[tuple[str, date]]:
        for chore in self.world.chores.values():
            if is_alive(self.world, chore) and chore.due:
                yield f"t{chore.id}", max(chore.due, chore.hidden or chore.due)
        for person in self.world.people.values():
            if days := touch_days(self.world, person):
                yield f"c{person.id}", days[1]

    def _all_come_back(self, moved: dict[str, date]) -> None:
        for day in sorted(set(moved.values())):
            seen = {}
            for on in (day - DAY, day):
                crm = self.at("00:05", on)
                items = due_items(crm.conn, crm.store.clock, until=on)
                seen[on] = {i.id for i in items if i.section != "date"}
                crm.store.close()
            expected = {id for id, its_day in moved.items() if its_day == day}
            assert expected <= seen[day]
            assert not expected & seen[day - DAY]


# Over a night when the clock changes, over New Year, over the 28th of February; and a quiet world,
# where little is due and suggestions fill the page. Per day: what the user does, what a day holds.
MONTHS = [
    pytest.param(date(2026, 10, 8), 1, 300, 80, 12, id="autumn"),
    pytest.param(date(2027, 2, 12), 2, 300, 80, 25, id="february"),
    pytest.param(date(2027, 12, 9), 3, 80, 24, 3, id="new year"),
    pytest.param(date(2028, 2, 12), 4, 30, 1, 1, id="quiet leap year"),
]


@pytest.mark.parametrize(("start", "seed", "people", "acts", "per_day"), MONTHS)
def test_every_day_shows_what_is_due_and_nothing_else(crm, start, seed, people, acts, per_day):
    month = Month(crm, start, seed, per_day)
    month.populate(people, people * 2 if acts > 1 else 6)
    for number in range(33):
        month.day = start + number * DAY
        month.check("00:00")
        if number == 24:
            month.catch_up()
        if not 10 <= number < 24:  # two weeks away
            month.live(acts)
        month.check("23:59")
    sections = {"overdue", "keep_in_touch", "reply", "nudge", "date", "tomorrow"}
    sections |= {"suggestion"} if acts == 1 else {"today", "waiting"}
    assert sections <= set(month.shown)
    last = month.at("23:59")
    assert doctor.examine(last.conn, last.store.path, last.store.clock) == []
