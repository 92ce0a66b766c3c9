"""Rates between currencies, as typed."""

from crmcli import money
from crmcli.context import Context
from crmcli.errors import NotFoundError, UsageError
from crmcli.i18n import tr
from crmcli.rules.sales import rate as read_rate
from crmcli.service.figures import day_of
from crmcli.store import rate as store
from crmcli.store.rows import Row


def set_rate(crm: Context, base: str, quote: str, rate: str, on: str = "") -> Row:
    """Store what one unit of a currency is worth in another from a day on; today without one.

    Raises:
        UsageError: an unknown currency, the same twice, or no day.
        InvalidError: no rate.
    """
    pair = _pair(base, quote)
    day, value = str(day_of(crm, on)), read_rate(rate)
    crm.write("rate set", lambda w: store.set_rate(w, *pair, day, value))
    return {"base": pair[0], "quote": pair[1], "on_date": day, "rate": value}


def remove(crm: Context, base: str, quote: str, on: str = "") -> int:
    """Remove the rates of a pair, all or that of a day; give how many.

    Raises:
        NotFoundError: there is none.
    """
    pair = _pair(base, quote)
    day = str(day_of(crm, on)) if on else None
    gone = crm.write("rate rm", lambda w: store.drop_rates(w, *pair, day)).value
    if not gone:
        raise NotFoundError(
            tr("there is no rate of {base} in {quote}", base=pair[0], quote=pair[1]),
            tr("`crm rate` lists what there is"),
        )
    return gone


def _pair(base: str, quote: str) -> tuple[str, str]:
    pair = money.check_currency(base), money.check_currency(quote)
    if pair[0] == pair[1]:
        raise UsageError(
            tr("{currency} in {currency} needs no rate", currency=pair[0]),
            tr("such as `crm rate set USD EUR 0.92`"),
        )
    return pair
