r"""Text inside Markdown: nothing in it is markup, and no cell ends its table."""

import re

# What means something anywhere; _ only at the edge of a word, & only before the name of a sign.
_MARKUP = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")


def cell(text: str) -> str:
    r"""Give a text as one cell of a table: `a|b` becomes `a\|b`, and `*` is no emphasis."""
    return _MARKUP.sub(r"\\\g<0>", text)
