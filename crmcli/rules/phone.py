"""Telephone numbers: E.164 where they can be understood, kept as typed where not."""

from dataclasses import dataclass

PHONE_CHARS = frozenset("+0123456789 ()-./\u00a0")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in its stored form.

    Args:
        norm: E.164 (`+38640123456`), or the bare digits of an unverified number.
        extension: the extension's digits, or None.
        status: active or unverified.
    """

    norm: str
    extension: str | None
    status: str


def parse_phone(value: str, region: str | None) -> Phone:
    """Read a number as typed; `region` (two letters) is how numbers without + are read.

    A number that cannot be one is kept as `unverified`, never dropped.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(value, region)
        if phonenumbers.is_possible_number(number):
            norm = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if 8 <= len(norm) <= 16:
                return Phone(norm, number.extension or None, "active")
    except phonenumbers.NumberParseException:
        pass
    return Phone(digits(value) or value.casefold(), None, "unverified")


def looks_like_phone(text: str) -> bool:
    """Tell whether `text` can only be meant as a number: five digits or more, no letters."""
    return set(text) <= PHONE_CHARS and sum(map(str.isdigit, text)) >= 5


def digits(text: str) -> str:
    """Give the digits of `text`."""
    return "".join(filter(str.isdigit, text))


def search_digits(text: str) -> str:
    """Give the digits to look for anywhere in a number: no trunk or international zeros."""
    return digits(text.replace("(0)", "")).lstrip("0")
