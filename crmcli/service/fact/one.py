"""What a fact is: one line of a card, with all that can be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmcli.i18n import mark, tr
from crmcli.rules import contact as rules
from crmcli.rules.channel import AddressDraft
from crmcli.rules.field import Definition
from crmcli.store.party import Channel
from crmcli.store.search import Key

Name = tuple[str, str]  # what a fact is, and which of several: ("email", "12"), ("custom", "tea")
Values = dict[Name, str]
YES_NO = ("yes", "no")
WORDS: Mapping[str, tuple[str, ...]] = {
    "lifecycle_stage": rules.STAGES,
    "do_not_contact": YES_NO,
    "deceased": YES_NO,
}
LABELS = {
    "name": mark("name"),
    "stage": mark("stage"),
    "amount": mark("amount"),
    "period": mark("paid"),
    "close_date": mark("closes"),
    "probability": mark("own percent"),
    "category": mark("own category"),
    "person": mark("person"),
    "title": mark("title"),
    "department": mark("department"),
    "org": mark("org"),
    "kind": mark("kind"),
    "domain": mark("domain"),
    "industry": mark("industry"),
    "email": mark("e-mail"),
    "phone": mark("phone"),
    "url": mark("web"),
    "address": mark("address"),
    "tags": mark("tags"),
    "lifecycle_stage": mark("stage"),
    "birthday": mark("birthday"),
    "date": mark("date"),
    "nickname": mark("nickname"),
    "language": mark("language"),
    "owner": mark("owner"),
    "cadence_days": mark("keep in touch"),
    "paused_until_on": mark("paused until"),
    "do_not_contact": mark("do not contact"),
    "deceased": mark("deceased"),
    "relation": mark("relation"),
    "source": mark("source"),
    "competitor": mark("competitor"),
    "close_note": mark("closing note"),
    "note": mark("note"),
    "custom": mark("own field"),
    "for": mark("for"),
    "due": mark("due"),
    "repeats": mark("repeats"),
    "priority": mark("priority"),
    "body": mark("text"),
}
HINTS = {
    "amount": mark("9000, 9k, 120 CHF"),
    "period": mark("one-time, monthly or annual"),
    "close_date": mark("24 dec, next month"),
    "probability": mark("60, instead of the stage's percent"),
    "person": mark("ana-novak = decision maker"),
    "source": mark("referral, fair, website"),
    "email": mark("ana@acme.si, or home:ana@home.si"),
    "phone": mark("040 123 456, or mobile:040 123 456"),
    "url": mark("acme.si, or blog:acme.si/blog"),
    "address": mark("street, city"),
    "tags": mark("+vip +lead"),
    "birthday": mark("17.5.1990, or 17 may"),
    "date": mark("name day = 26 july"),
    "cadence_days": mark("30d, 6w or 3m"),
    "paused_until_on": mark("2w, next mon"),
    "relation": mark("referred by = bo-li"),
    "custom": mark("tea = green"),
    "owner": mark("a colleague, or me"),
    "for": mark("id, handle, e-mail or full name"),
    "due": mark("fri, 24 dec 9:00"),
    "repeats": mark("2 weeks, last fri"),
    "priority": mark("1 is highest, 9 lowest, 0 none"),
}
LONG = ("note", "body", "close_note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a card.

    Args:
        name: what it is known by; a leading + for what is to be added.
        label: what stands before it.
        text: as it is shown; "" for what can be filled in.
        value: as it is typed.
        is_fixed: whether it cannot be typed over.
        copies: what is copied of it; "" for nothing.
        link: what the system's handler opens, checked; "" for nothing.
        opens: the record it leads to.
        words: what may be completed.
        hint: how it is typed.
        channel, address, own: what it stands for.
    """

    name: Name
    label: str
    text: str = ""
    value: str = ""
    is_fixed: bool = False
    copies: str = ""
    link: str = ""
    opens: Key | None = None
    words: tuple[str, ...] = ()
    hint: str = ""
    channel: Channel | None = None
    address: AddressDraft | None = None
    own: Definition | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether it may have many lines."""
        is_text = self.own is None or self.own.type == "text"
        return self.name[0] in LONG or (self.name[0] == "custom" and is_text)


def plain(
    known: Values,
    name: str,
    *,
    text: str | None = None,
    link: str = "",
    opens: Key | None = None,
    words: tuple[str, ...] = (),
) -> Fact:
    """Give a fact that there is one of."""
    value = known[name, ""]
    words = words or WORDS.get(name, ())
    return Fact(
        name=(name, ""),
        label=tr(LABELS[name]),
        text=value if text is None else text,
        value=value,
        copies=value if name in ("note", "body", "domain") else "",
        link=link,
        opens=opens,
        words=words,
        hint=tr(HINTS[name]) if name in HINTS else ", ".join(words[:4]),
    )


def told(name: str, label: str, text: str, which: str = "", opens: Key | None = None) -> Fact:
    """Give a fact that follows from others: it cannot be typed over."""
    return Fact(name=(name, which), label=label, text=text, is_fixed=True, opens=opens)


def more(name: str) -> Fact:
    """Give the line that adds one of several."""
    return Fact(name=(f"+{name}", ""), label=tr(LABELS[name]), hint=tr(HINTS[name]))
