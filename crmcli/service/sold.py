"""The deals of a person or an org as their card and a brief tell them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.service.record import Record
from crmcli.store.party import has_deals

if TYPE_CHECKING:
    from crmcli.store.deal import Deal


def around(crm: Context, noun: str, id: int) -> Record:
    """Give the deals of a contact or an org: `deals` under way, and `closed_deals` in figures."""
    reader = crm.store.reader
    if not has_deals(reader, noun, id):
        return {"deals": [], "closed_deals": []}
    from crmcli.store import deal

    open_ = deal.get_deals(reader, deal.open_deals(reader, noun, id))
    return {
        "deals": [row(crm, one) for one in open_],
        "closed_deals": closed(crm, noun, id),
    }


def closed(crm: Context, noun: str, id: int) -> list[Record]:
    """Give how many deals of a contact or an org were won and lost, and their yearly worth."""
    from crmcli.store import brief

    return [
        {"status": one.status, "count": one.count, "totals": _totals(one.minor)}
        for one in brief.closed(crm.store.reader, noun, id)
    ]


def row(crm: Context, one: "Deal") -> Record:
    """Give a deal as it stands on the card of somebody else."""
    from crmcli import money
    from crmcli.service.deal import idle_days, is_rotten

    return {
        "id": f"d{one.id}",
        "name": one.name,
        "status": one.status,
        "stage": one.stage,
        "amount": money.json(one.amount) if one.amount else None,
        "period": one.value_period,
        "probability": one.probability,
        "weighted": next(iter(weighted([one])), None),
        "close_date": one.close_date,
        "next_step": one.next_step(),
        "idle_days": idle_days(crm, one),
        "rotting": is_rotten(crm, one),
    }


def weighted(deals: "Iterable[Deal]") -> list[Record]:
    """Give the weighted sum of deals in each currency, rounded once (formulas 4.2)."""
    from fractions import Fraction

    sums: Counter[str] = Counter()
    for one in deals:
        if one.value:
            sums[one.value.currency] += one.value.minor * one.probability
    return _totals({code: round(Fraction(sum, 100)) for code, sum in sums.items()})


def _totals(minor: dict[str, int]) -> list[Record]:
    from crmcli import money

    return [money.json(money.Money(minor[code], code)) for code in sorted(minor)]


def worth(one: Record) -> str:
    """Say what a deal is worth, from its `amount` and `period`: `150.00 EUR a month`; "" if not."""
    from crmcli import money
    from crmcli.service.deal import amount_words

    amount = money.parse_plain(**one["amount"]) if one["amount"] else None
    return amount_words(amount, one["period"]) if amount else ""


def total_words(totals: Iterable[Record]) -> str:
    """Say sums of several currencies, which are never added."""
    return ", ".join(f"{one['amount']} {one['currency']}" for one in totals)


def lines(crm: Context, deals: Iterable[Record]) -> Iterator[tuple[str, str, str]]:
    """Give of each deal its reference, where it stands and what it is worth, and what it is."""
    from crmcli.service.deal import close_words

    for one in deals:
        about = []
        if one["status"] == "open":
            step = one["next_step"]
            next_ = tr("next: {step}", step=_step_words(step)) if step else tr("! no next step")
            rots = trn(
                "! rots, nothing for {count} day",
                "! rots, nothing for {count} days",
                one["idle_days"],
            )
            about = [
                close_words(crm, one["close_date"]),
                next_,
                *([rots] if one["rotting"] else []),
            ]
        where = ", ".join(filter(None, (one["stage"], worth(one))))
        yield one["id"], where, ", ".join(filter(None, (one["name"], *about)))


def _step_words(step: Record) -> str:
    return " ".join(filter(None, (step["due"], step["title"])))


def closed_words(closed: Iterable[Record]) -> Iterator[str]:
    """Say how many deals were won and lost, and what they were worth: `2 won: 900.00 EUR`."""
    for one in closed:
        count = one["count"]
        said = trn("{count} won", "{count} won", count)
        if one["status"] == "lost":
            said = trn("{count} lost", "{count} lost", count)
        totals = total_words(one["totals"])
        yield f"{said}: {totals}" if totals else said
