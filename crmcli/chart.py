"""Drawing with characters: bars, and shades for heat maps; plain ones where others cannot be shown.

A shade always stands beside its number, and a bar beside its row's: neither is the only sign.
"""

import sys

EIGHTHS = " ▏▎▍▌▋▊▉█"
SHADES, PLAIN_SHADES = "░▒▓█", ".:+#"


def bar(value: int, most: int, room: int, *, plain: bool = False) -> str:
    """Give the bar of a value, `room` cells long for the largest one; never empty but for 0."""
    if plain:
        return "#" * max(value * room // max(most, 1), min(value, 1))
    eighths = max(value * room * 8 // max(most, 1), min(value, 1))
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).rstrip()


def shade(value: int, most: int, *, plain: bool = False) -> str:
    """Give one character for a value's share of the largest one; a blank for 0."""
    shades = PLAIN_SHADES if plain else SHADES
    return shades[(value * 4 - 1) // most] if value > 0 else " "


def legend(*, plain: bool = False) -> str:
    """Say what the shades mean."""
    shades = PLAIN_SHADES if plain else SHADES
    steps = ("25 %", "50 %", "75 %", "100 %")
    return "Share of the largest: " + ", ".join(
        f"{shade} to {step}" for shade, step in zip(shades, steps, strict=True)
    )


def must_be_plain() -> bool:
    """Tell whether stdout cannot show the characters of bars and shades."""
    try:
        (EIGHTHS + SHADES).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return True
    return False
