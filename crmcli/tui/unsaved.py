"""Texts that were typed and not saved when the full screen ended: kept in a file."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from crmcli import config
from crmcli.clock import Clock
from crmcli.files import write_file

Texts = dict[str, Mapping[str, str]]  # what was being done -> its fields


def open_texts(screens: Iterable[Any], *, saving: bool = False) -> Texts:
    """Give what stands in the open forms and is not saved; or what is being saved."""
    from crmcli.tui.modals.form import Form

    found: Texts = {}
    for screen in screens:
        is_form = isinstance(screen, Form) and screen.is_mounted
        if is_form and screen.is_changed and screen.is_saving == saving:
            found[screen.title_text] = screen.values()
        elif hasattr(screen, "open_texts"):
            found.update(screen.open_texts(saving=saving))
    return found


def told(texts: Texts) -> str:
    """Give the texts as people read them."""
    parts = []
    for title, fields in texts.items():
        lines = [f"{name}: {value}" for name, value in fields.items() if value]
        parts.append("\n".join([title, *lines]))
    return "\n\n".join(parts) + "\n"


def keep(texts: Texts, clock: Clock) -> str:
    """Write the texts into a file of their own in the state folder; give its path.

    Raises:
        OutputError: it cannot be written.
    """
    folder = config.state_dir()
    os.makedirs(folder, mode=0o700, exist_ok=True)
    stem = os.path.join(folder, f"unsaved-{clock.local_now():%Y-%m-%d-%H%M%S}")
    path, number = f"{stem}.txt", 1
    while os.path.lexists(path):
        number += 1
        path = f"{stem}-{number}.txt"
    write_file(path, told(texts).encode("utf-8", "replace"))
    return path
