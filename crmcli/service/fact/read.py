"""How a text is read that is typed over a fact."""

from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr, trn
from crmcli.rules.contact import yearly_date
from crmcli.rules.field import Fields, text_of, value_of
from crmcli.rules.values import days, line
from crmcli.service import planning
from crmcli.service.fact.one import Fact, Name
from crmcli.service.party import read_words, split_tags
from crmcli.store.contact import date_text
from crmcli.text import fold


def check(crm: Context, fact: Fact, text: str) -> str:
    """Say how a text is understood while it is typed; quick, without the database.

    Raises:
        CrmError: it does not fit.
    """
    field = fact.name[0]
    if field == "due":
        return planning.due_echo(crm, planning.parse_due(crm, text))
    if field == "close_date":
        return crm.describe(planning.parse_due(crm, text))
    if field == "amount":
        return amount_echo(text, currency_of(crm, fact))
    if field == "paused_until_on":
        return tr("paused until {date}", date=crm.describe(planning.ahead(crm, text)))
    if field in ("birthday", "date", "+date"):
        kind, phrase = date_of(fact.name, text)
        return f"{kind} {date_text(yearly_date(kind, phrase, crm.dates['date_order']))}"
    if field == "cadence_days":
        count = days(tr("the cadence"), text) or 0
        return trn("every {count} day", "every {count} days", count)
    if fact.own and fact.own.type != "text":
        fields = Fields([fact.own], crm.clock.local_now(), crm.currency, crm.dates)
        return text_of(value_of(fact.own, text, fields))
    return ""


def currency_of(crm: Context, fact: Fact) -> str | None:
    """Give the currency of an amount without one: that of the amount it takes the place of."""
    return fact.value.rpartition(" ")[2] or crm.currency


def amount_echo(text: str, currency: str | None) -> str:
    """Say how an amount is understood: `9000.00 EUR`.

    Raises:
        UsageError: it is none.
    """
    from crmcli import money

    return money.text(money.parse(text, currency))


def date_of(name: Name, text: str) -> tuple[str, str]:
    """Give the kind of a yearly date and its phrase."""
    if name[0] != "+date":
        return name[1] or name[0], text
    kind, phrase = split_pair(text)
    return fold(line(kind, "kind") or "") or "date", phrase


def split_pair(text: str) -> tuple[str, str]:
    """Split `tea = green`.

    Raises:
        InvalidError: it holds no =, or nothing beside it.
    """
    name, _, value = (part.strip() for part in text.partition("="))
    if not name or not value:
        raise InvalidError(tr("a name and a value, with = between them"), tr("such as tea = green"))
    return name, value


def tags_between(shown: str, text: str) -> tuple[list[str], list[str]]:
    """Give the tags that come on and go off when `+vip +lead` is typed over.

    `-old` takes one off too, whether it was shown or not.
    """
    before, _ = read_tags(shown)
    on, off = read_tags(text)
    kept = {fold(tag) for tag in on}
    gone = [tag for tag in before if fold(tag) not in kept]
    known = {fold(tag) for tag in before}
    return [tag for tag in on if fold(tag) not in known], [*gone, *off]


def read_tags(text: str) -> tuple[list[str], list[str]]:
    """Give the tags of `+vip lead -old +"key account"`: those with a plus or none, and the others.

    Raises:
        InvalidError: a quotation mark without its other half.
    """
    return split_tags(read_words(text))
