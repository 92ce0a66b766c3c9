"""The digits of telephone numbers; light, for a hot call stands on it."""

PHONE_CHARS = frozenset("+0123456789 ()-./\u00a0")


def looks_like_phone(text: str) -> bool:
    """Tell whether `text` can only be meant as a number: five digits or more, no letters."""
    return set(text) <= PHONE_CHARS and sum(map(str.isdigit, text)) >= 5


def digits(text: str) -> str:
    """Give the digits of `text`."""
    return "".join(filter(str.isdigit, text))


def search_digits(text: str) -> str:
    """Give the digits to look for anywhere in a number: no trunk or international zeros."""
    return digits(text.replace("(0)", "")).lstrip("0")
