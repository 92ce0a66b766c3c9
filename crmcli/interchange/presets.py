"""The table of file formats: a new one is a new file and a row here."""

from collections.abc import Callable

from crmcli.interchange import (
    close,
    generic,
    google,
    hubspot,
    linkedin,
    linkedin_messages,
    mailing,
    outlook,
    own,
    pipedrive,
    salesforce,
    thunderbird,
    twenty,
    zoho,
)
from crmcli.interchange.fields import normal, telling
from crmcli.interchange.preset import Preset
from crmcli.interchange.table import Shape

PRESETS: tuple[Preset, ...] = (
    own.PRESET,
    google.PRESET,
    linkedin.PRESET,
    linkedin_messages.PRESET,
    zoho.PRESET,
    hubspot.PRESET,
    salesforce.PRESET,
    pipedrive.PRESET,
    close.PRESET,
    twenty.PRESET,
    thunderbird.PRESET,
    outlook.PRESET,
    *mailing.PRESETS,
    generic.PRESET,
)
"""In order: the first one that applies is taken; generic always does."""

SHAPES = (
    Shape(("name", "email", "phone", "note", "nickname"), 1),  # abook --outformat csv
    Shape(thunderbird.HEADER, 4),
)
"""Files that have no header."""


def choose(header: list[str]) -> Preset:
    """Give the format of a header."""
    keys = {normal(cell) for cell in header}
    return next(preset for preset in PRESETS if preset.applies(keys))


def known(mapping: dict[str, str]) -> Callable[[str], int]:
    """Give the function that weighs a cell as a header (see `table.Known`)."""
    named = {normal(column) for column in mapping}

    def weigh(cell: str) -> int:
        key = normal(cell)
        target = generic.target(cell)
        if (key and key in named) or telling(target):
            return 2
        return int(target is not None or any(preset.knows(key) for preset in PRESETS))

    return weigh
