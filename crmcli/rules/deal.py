"""Deals: their words, the one validation of what comes in, and how a deal stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.rules.field import Fields, custom_values
from crmcli.rules.link import Link
from crmcli.rules.values import check_keys, choice, day, line, note, number, stamp, tags
from crmcli.text import fold, is_visible

if TYPE_CHECKING:
    from decimal import Decimal

STATUSES = ("open", "won", "lost")
PERIODS = ("one_time", "monthly", "annual")
PERIOD_WORDS = {"once": "one_time", "month": "monthly", "year": "annual", "yearly": "annual"}
OVERRIDES = ("pipeline", "best_case", "commit", "omitted")
ROLES = ("decision_maker", "evaluator", "influencer", "champion", "blocker", "user", "other")
LOST_REASONS = ("price", "no budget", "competitor", "no need", "timing", "no decision")
UNQUALIFIED_REASONS = ("no budget", "no need now", "wrong person", "not our market", "no answer")
YEAR = {"one_time": 1, "monthly": 12, "annual": 1}  # what a year of it counts (formulas 4.2)
# What `--set key=value` reaches besides own fields.
FIELDS = (
    *("name", "amount", "currency", "period", "probability_override", "category_override"),
    *("close_date", "competitor", "note", "source", "owner"),
)
KEYS = (
    *("name", "amount", "currency", "period", "probability_override", "category_override"),
    *("close_date", "competitor", "note", "tags", "custom", "source", "owner", "uid", "opened"),
    *("created", "updated", "contact_uids", "org_uid"),
    # What `show --json` gives besides, so that it can come back as `--input`.
    *("id", "pipeline", "stage", "status", "probability", "category", "who", "org", "people"),
    *("next_step", "closed", "stage_entered", "last_activity", "reason", "close_note", "lines"),
    *("attachments", "history", "timeline", "tasks", "idle_days", "rotting", "required"),
    *("guidance", "rotting_days"),
)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A validated line of a deal; its net is rounded half up (formulas 4.1)."""

    name: str
    quantity: str
    unit_minor: int
    discount_bp: int
    net_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file tells of a deal besides (rules/deal_import.py).

    Args:
        pipeline: its name.
        stage: its name.
        end: a word of STATUSES; None where it follows from the stage.
        entered_at: since when it stands in the stage.
        closed_at: when it was won or lost.
        reason: why it was lost.
        close_note: what there is to say about its end.
        contacts: role and uid of its people, of our own files.
        org_uid: of its org, of our own files.
        people: its people as another program names them.
        org: its org as another program names it.
        lines: what it is made of.
    """

    pipeline: str | None = None
    stage: str | None = None
    end: str | None = None
    entered_at: str | None = None
    closed_at: str | None = None
    reason: str | None = None
    close_note: str | None = None
    contacts: tuple[tuple[str | None, str], ...] = ()
    org_uid: str | None = None
    people: tuple[Link, ...] = ()
    org: Link | None = None
    lines: tuple[LineDraft, ...] = ()


@dataclass(slots=True)
class DealDraft:
    """A validated deal, not yet stored. `values` are columns of the deal table."""

    values: dict[str, Any]
    owner: str | None = None
    source: str | None = None
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    told: Told | None = None


def draft_deal(
    raw: Mapping[str, Any], currency: str | None, *, fields: Fields | None = None
) -> DealDraft:
    """Check what came from options, `--input` or a file, and give it in stored form.

    Args:
        raw: the fields by the names of our JSON; `amount` is `{"amount", "currency"}` or a text.
        currency: that of an amount without one.
        fields: the own fields of deals.

    Raises:
        InvalidError: no name, or a value that is not allowed.
    """
    check_keys(raw, KEYS)
    name = line(raw.get("name"))
    if not name or not is_visible(name):
        raise InvalidError(tr("a deal needs a name"))
    minor, code = amount(raw.get("amount"), raw.get("currency") or currency)
    values = {
        "name": name,
        "name_norm": fold(name),
        "amount_minor": minor,
        "currency": code,
        "value_period": period(raw.get("period")) or "one_time",
        "probability_override": percent(raw.get("probability_override")),
        "forecast_override": choice("category", raw.get("category_override"), OVERRIDES),
        "close_date": day(raw.get("close_date")),
        "competitor": line(raw.get("competitor")),
        "note": note(raw.get("note")),
        "uid": line(raw.get("uid")),
        "opened_at": stamp(raw.get("opened")),
        "created_at": stamp(raw.get("created")),
        "updated_at": stamp(raw.get("updated")),
    }
    return DealDraft(
        values,
        line(raw.get("owner")),
        line(raw.get("source")),
        tags(raw.get("tags")),
        custom_values(raw.get("custom"), fields),
    )


def amount(value: Any, currency: str | None) -> tuple[int | None, str | None]:
    """Give an amount as minor units and currency; nothing for nothing.

    Raises:
        InvalidError: not an amount, below zero, or without a currency.
    """
    from crmcli import money

    if value is None or value == "":
        return None, None
    try:
        if isinstance(value, Mapping):
            found = money.parse_plain(str(value.get("amount")), str(value.get("currency")))
        else:
            found = money.parse(str(value), currency)
    except UsageError as error:
        raise InvalidError(error.message, error.hint) from None
    if found.minor < 0:
        raise InvalidError(tr("the amount of a deal cannot be below zero"))
    return found.minor, found.currency


def period(value: Any) -> str | None:
    """Give how often an amount is paid: one_time, monthly or annual; None for nothing."""
    word = fold(str(value or ""))
    return choice("period", PERIOD_WORDS.get(word, word), PERIODS)


def percent(value: Any) -> int | None:
    """Give a probability from 0 to 100; None for nothing.

    Raises:
        InvalidError: not such a number.
    """
    text = str(value if value is not None else "").strip().removesuffix("%").strip()
    return number("probability", text, 100, tr("percent, from 0 to 100")) if text else None


def draft_line(raw: Mapping[str, Any], currency: str) -> LineDraft:
    """Check one line of a deal: name, quantity, unit price, discount in percent.

    Raises:
        InvalidError: no name, or a number that is none.
    """
    from decimal import ROUND_HALF_UP

    name = line(raw.get("name"))
    if not name or not is_visible(name):
        raise InvalidError(tr("a line needs a name"))
    quantity = decimal("quantity", raw.get("quantity") or "1")
    unit, code = amount(raw.get("price"), currency)
    if unit is None:
        raise InvalidError(tr("a line needs a price"), tr("such as 19.99"))
    if code != currency:
        raise InvalidError(
            tr("the deal is in {currency}, the line in {code}", currency=currency, code=code)
        )
    discount = decimal("discount", str(raw.get("discount") or "0").removesuffix("%"))
    if not 0 <= discount <= 100 or quantity <= 0:
        raise InvalidError(
            tr("a quantity is above zero, a discount from 0 to 100 percent"),
            tr("such as --qty 3 --discount 10"),
        )
    points = int((discount * 100).to_integral_value(ROUND_HALF_UP))
    net = quantity * unit * (10_000 - points) / 10_000
    if net >= 10**15:
        raise InvalidError(tr("that is more money than there is"))
    return LineDraft(
        name, format(quantity, "f"), unit, points, int(net.to_integral_value(ROUND_HALF_UP))
    )


def decimal(what: str, value: Any) -> "Decimal":
    """Give a decimal number as people write it.

    Raises:
        InvalidError: not a number.
    """
    from decimal import Decimal, InvalidOperation

    from crmcli.money import plain_number

    try:
        sign, whole, decimals = plain_number(str(value), dotted=True)
        return Decimal(f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}")
    except (UsageError, InvalidOperation):
        raise InvalidError(
            tr("{what} cannot be {value!r}", what=what, value=value), tr("such as 2 or 2.5")
        ) from None


def idle_days(today: date, last: date) -> int:
    """Give for how many days nothing happened on a deal: since it moved or was spoken of."""
    return (today - last).days


def is_rotten(limit: int | None, idle: int, has_coming_task: bool) -> bool:
    """Tell whether an open deal rots (formulas 4.9).

    Args:
        limit: days its stage allows; None for any number.
        idle: days since it moved or was spoken of.
        has_coming_task: whether an open task on it is due today or later.
    """
    return limit is not None and idle > limit and not has_coming_task


def percent_of(hundredfold: int) -> int:
    """Give a hundredth of whole minor units, rounded half to even (formulas 4.2)."""
    whole, rest = divmod(hundredfold, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))
