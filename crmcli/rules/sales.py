"""The figures of sales (formulas 4.2 to 4.11 and 4.24): exact, rounded once, at the end.

Money is held in whole minor units or fractions of them, never in floats. What has nothing to be
divided by is None ("n/a"), never 0.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median as middle

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.money import Money, decimals_of, plain_number

Number = int | Fraction
METRICS = ("won_amount", "won_count", "new_contacts", "touches")
# What each category of a forecast holds (formulas 4.3, after Salesforce): omitted is nowhere.
CUMULATED = {
    "open_pipeline": ("pipeline", "best_case", "commit"),
    "best_case": ("best_case", "commit", "closed"),
    "commit": ("commit", "closed"),
    "closed": ("closed",),
}
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Rates:
    """What currencies were worth in the base currency.

    Args:
        base: the base currency; None when none is configured.
        known: the rates of each pair (from, to), by their day.
    """

    base: str | None = None
    known: Mapping[tuple[str, str], Sequence[tuple[str, Fraction]]] = field(default_factory=dict)

    def of(self, currency: str, day: str) -> Number | None:
        """Give how many units of the base one unit was worth on a day; None for no rate.

        The newest rate up to that day counts, whichever way round it was stored; never a later
        one, and none by way of a third currency.
        """
        if currency == self.base:
            return 1
        if self.base is None:
            return None
        straight = self._newest((currency, self.base), day)
        turned = self._newest((self.base, currency), day)
        if turned and (straight is None or straight[0] < turned[0]):
            return 1 / turned[1]
        return straight[1] if straight else None

    def _newest(self, pair: tuple[str, str], day: str) -> tuple[str, Fraction] | None:
        rates = self.known.get(pair, ())
        place = bisect_right(rates, day, key=lambda rate: rate[0])
        return rates[place - 1] if place else None


@dataclass(slots=True)
class Purse:
    """A sum over several currencies, and what it is worth in the base one while that is known.

    Args:
        base: the base currency.
        held: minor units of each currency.
        worth: minor units of the base; None when a rate is missing.
        missing: currencies and days without a rate.
    """

    base: str | None = None
    held: dict[str, Number] = field(default_factory=dict)
    worth: Number | None = 0
    missing: set[tuple[str, str]] = field(default_factory=set)

    def add(self, rates: Rates, minor: Number, currency: str, day: str) -> None:
        """Add an amount with the rate of a day."""
        self.base = rates.base
        self.held[currency] = self.held.get(currency, 0) + minor
        rate = rates.of(currency, day)
        if rate is None:
            self.missing.add((currency, day))
            self.worth = None
        elif self.worth is not None:
            self.worth += minor * rate * _step(currency, rates.base or currency)

    def __add__(self, other: "Purse") -> "Purse":
        codes = {**self.held, **other.held}
        held = {code: self.held.get(code, 0) + other.held.get(code, 0) for code in codes}
        worth = None
        if self.worth is not None and other.worth is not None:
            worth = self.worth + other.worth
        return Purse(self.base or other.base, held, worth, self.missing | other.missing)

    def times(self, factor: Number) -> "Purse":
        """Give so many times the sum."""
        held = {code: minor * factor for code, minor in self.held.items()}
        worth = None if self.worth is None else self.worth * factor
        return Purse(self.base, held, worth, self.missing)

    @property
    def moneys(self) -> list[Money]:
        """Give the sum of each currency, rounded half to even; of none, 0 in the base one."""
        if not self.held and self.base:
            return [Money(0, self.base)]
        codes = sorted(self.held, key=lambda code: (code != self.base, code))
        return [Money(round(self.held[code]), code) for code in codes]

    @property
    def in_base(self) -> Money | None:
        """Give the sum in the base currency, rounded half to even; None without all rates."""
        if self.base is None or self.worth is None:
            return None
        return Money(round(self.worth), self.base)

    @property
    def size(self) -> Number | None:
        """Give one number that tells how much it is: in the base, else of its one currency."""
        if not self.held:
            return 0
        if self.base is not None and self.worth is not None:
            return self.worth
        return next(iter(self.held.values())) if len(self.held) == 1 else None


def total(purses: Iterable[Purse]) -> Purse:
    """Add sums up."""
    return sum(purses, Purse())


def _step(currency: str, base: str) -> Number:
    """Give what turns minor units of one currency into those of another: 1 yen is 100 cents."""
    steps = decimals_of(base) - decimals_of(currency)
    return 10**steps if steps >= 0 else Fraction(1, 10**-steps)


def rate(text: str) -> str:
    """Read a rate as people write it and give it in stored form: a decimal above zero.

    Raises:
        InvalidError: not a number, or not above zero.
    """
    try:
        sign, whole, decimals = plain_number(text, dotted=True)
    except UsageError as error:
        raise InvalidError(error.message, tr("such as 0.92")) from None
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    if sign or not (whole + decimals).strip("0") or len(whole) > 12 or len(decimals) > 12:
        raise InvalidError(
            tr("{text!r} is no rate", text=text), tr("a number above zero, such as 0.92")
        )
    return f"{whole}.{decimals}" if decimals else whole


def share(part: Number | None, whole: Number | None) -> float | None:
    """Give a part in percent with one decimal; None of nothing."""
    if part is None or not whole:
        return None
    return tenths(Fraction(part) * 100 / Fraction(whole))


def tenths(value: Number | None) -> float | None:
    """Give a number with one decimal, rounded half to even."""
    return None if value is None else round(Fraction(value) * 10) / 10


def money_share(part: Purse, whole: Purse) -> float | None:
    """Give a part in percent of money; None where the currencies cannot be compared."""
    if part.held and set(part.held) != set(whole.held) and whole.worth is None:
        return None
    if whole.base is None and len({*part.held, *whole.held}) > 1:
        return None
    return share(part.size, whole.size)


def weighted(minor: int, percent: int) -> Fraction:
    """Give what an amount counts in a forecast, in minor units, not rounded (formulas 4.2)."""
    return Fraction(minor * percent, 100)


def mean(values: Sequence[Number]) -> Fraction | None:
    """Give the mean; None of nothing."""
    return Fraction(sum(values)) / len(values) if values else None


def median(values: Sequence[Number]) -> Number | None:
    """Give the median; None of nothing."""
    return middle(map(Fraction, values)) if values else None


def days(seconds: Iterable[int]) -> list[Fraction]:
    """Give durations in days (formulas 4.5)."""
    return [Fraction(second, DAY) for second in seconds]


def win_rate(won: int, lost: int, late: int = 0) -> float | None:
    """Give won in percent of all that closed (formulas 4.4).

    Args:
        won: deals won in the period.
        lost: deals lost in it.
        late: open ones past their close date, where those count as not won (`--strict`).
    """
    return share(won, won + lost + late)


def velocity(
    open_deals: int, average: Purse, won: int, closed: int, cycle: Number | None
) -> Purse | None:
    """Give what sales bring in a day (formulas 4.11).

    Args:
        open_deals: qualified ones.
        average: won amount of one deal.
        won: deals won in the period.
        closed: deals won or lost in it.
        cycle: days from the opening of a won deal to its end, on average.
    """
    if not closed or not tenths(cycle):  # a cycle of 0.0 days would promise millions
        return None
    assert cycle is not None
    return average.times(open_deals * Fraction(won, closed) / Fraction(cycle))


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a deal or a person in a stage.

    Args:
        stage_id: the stage.
        kind: its kind: open, won or lost.
        rank: its place among the stages of its pipeline; 0 in another pipeline.
        entered: the second it began.
        exited: the second it ended; None while it goes on.
    """

    stage_id: int
    kind: str
    rank: int
    entered: int
    exited: int | None = None


def reached(stays: Iterable[Stay]) -> int:
    """Give the highest rank ever reached; a lost stage has none (formulas 4.7)."""
    return max((stay.rank for stay in stays if stay.kind != "lost"), default=0)


def bars(reached: Mapping[int, int], ranks: Sequence[int]) -> list[int]:
    """Give how many reached each rank or one above it: the bars of a funnel, which never grow.

    Args:
        reached: how many have this rank as their highest one.
        ranks: of the bars, ascending.
    """
    return [sum(n for rank, n in reached.items() if rank >= bar) for bar in ranks]


def fate(stays: Sequence[Stay], stage_id: int, first: int, until: int) -> str | None:
    """Tell what became of one that entered a stage in a window (formulas 4.7).

    Args:
        stays: all of one deal, in order.
        stage_id: the stage.
        first: the second the window begins with.
        until: the second it ends before.

    Returns:
        advanced, dropped (lost without having advanced) or pending; None if it never entered.
    """
    entries = (
        place
        for place, stay in enumerate(stays)
        if stay.stage_id == stage_id and first <= stay.entered < until
    )
    place = next(entries, None)
    if place is None:
        return None
    stay, later = stays[place], stays[place + 1 :]
    if any(one.kind == "won" or (one.kind == "open" and one.rank > stay.rank) for one in later):
        return "advanced"
    return "dropped" if stays[-1].kind == "lost" else "pending"


def time_in(stays: Sequence[Stay], stage_id: int, now: int) -> tuple[int, int | None]:
    """Give the seconds spent in a stage over all visits, and in the last one that is over.

    Formulas 4.8: a visit that goes on counts until `now` in the first, and never in the second.
    """
    here = [stay for stay in stays if stay.stage_id == stage_id]
    spent = sum((now if stay.exited is None else stay.exited) - stay.entered for stay in here)
    over = [stay.exited - stay.entered for stay in here if stay.exited is not None]
    return spent, over[-1] if over else None
