"""Telephone numbers: E.164 where they can be understood, kept as typed where not."""

from dataclasses import dataclass

from crmcli.rules.digits import digits


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
