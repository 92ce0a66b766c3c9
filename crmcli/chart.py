"""Drawing with characters: bars, and shades for heat maps; in ASCII where that is asked for.

A shade always stands beside its number, and a bar beside its row's: neither is the only sign.
"""

from crmcli.i18n import tr

EIGHTHS = " ▏▎▍▌▋▊▉█"
SHADES, ASCII_SHADES = "░▒▓█", ".:+#"


def bar(value: int, most: int, room: int, *, ascii: bool = False) -> str:
    """Give the bar of a value, `room` cells long for the largest one; never empty but for 0."""
    if ascii:
        return "#" * max(value * room // max(most, 1), min(value, 1))
    eighths = max(value * room * 8 // max(most, 1), min(value, 1))
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).rstrip()


def shade(value: int, most: int, *, ascii: bool = False) -> str:
    """Give one character for a value's share of the largest one; a blank for 0."""
    shades = ASCII_SHADES if ascii else SHADES
    return shades[(value * 4 - 1) // most] if value > 0 else " "


def legend(*, ascii: bool = False) -> str:
    """Say what the shades mean."""
    shades = ASCII_SHADES if ascii else SHADES
    steps = ("25 %", "50 %", "75 %", "100 %")
    said = (
        tr("{shade} to {step}", shade=shade, step=step)
        for shade, step in zip(shades, steps, strict=True)
    )
    return tr("Share of the largest: {steps}", steps=", ".join(said))
