"""The Jalali (Persian solar) calendar, with the optional library jdatetime."""

from datetime import date

from crmcli.errors import MissingExtraError
from crmcli.i18n import tr

MONTHS = ["Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"]
MONTHS += ["Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"]


def check() -> None:
    """Raise MissingExtraError when the library is not installed."""
    try:
        import jdatetime  # noqa: F401
    except ImportError:
        message = tr("Jalali dates need a library that is not installed")
        raise MissingExtraError(message, "pip install 'crmcli[jalali]'") from None


def to_gregorian(year: int, month: int, day: int) -> date:
    """Give the Gregorian date; raise ValueError when there is no such day."""
    check()
    import jdatetime

    found: date = jdatetime.date(year, month, day).togregorian()
    return found


def describe(day: date) -> str:
    """Give a day in words: `2 Azar 1405`."""
    check()
    import jdatetime

    there = jdatetime.date.fromgregorian(date=day)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}"
