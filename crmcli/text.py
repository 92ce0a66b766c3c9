"""Text at the edges: what comes in (`clean`), what goes out (`safe`), how it is compared (`fold`).

`clean` and `safe` are the only two gates (reliability: "Text from outside"). Light enough for the
hot calls: `re` and `unicodedata` are imported only for text that is not plain ASCII.
"""

TYPE_CHECKING = False  # `typing` costs too much here; checkers know this name
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Masker(Protocol):
        """What `text` needs of crmcli.mask, which stands above it."""

        def text(self, value: str) -> str:
            """Mask a text."""

        def record(self, value: Any) -> Any:
            """Mask a record."""

        def forget(self) -> None:
            """Look at the names again."""


_BIDI = [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069]
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_BREAKS = [0x0B, 0x0C, 0x85, 0x2028, 0x2029]  # line breaks besides newline
_INVISIBLE = [*_BIDI, 0xFEFF, 0x2028, 0x2029]

# In: forbidden characters vanish; line breaks and tabs survive only in notes.
_CLEAN_BLOCK = dict.fromkeys([*_CONTROLS, *_INVISIBLE])
_CLEAN_LINE = {**_CLEAN_BLOCK, **dict.fromkeys([0x09, 0x0A, 0x0D, *_BREAKS], " ")}
_CLEAN_BLOCK.update(dict.fromkeys(_BREAKS, "\n"))
for _kept in (0x09, 0x0A):
    del _CLEAN_BLOCK[_kept]

# Out: forbidden characters become visible (control pictures, else the replacement character).
_SAFE_BLOCK = dict.fromkeys([*_CONTROLS, *_INVISIBLE], "\ufffd")
_SAFE_BLOCK.update({code: chr(0x2400 + code) for code in range(0x20)})
_SAFE_BLOCK[0x7F] = "\u2421"
_SAFE_LINE = dict(_SAFE_BLOCK)
for _kept in (0x09, 0x0A):
    del _SAFE_BLOCK[_kept]

_FILLERS = (0x115F, 0x1160, 0x3164, 0xFFA0)  # of Hangul: letters that cannot be seen

# Folding: letters that Unicode does not decompose, and joiners that only steer glyphs.


def _letters(letters: str, stand_ins: "str | tuple[str, ...]") -> dict[int, str | None]:
    return dict(zip(map(ord, letters), stand_ins, strict=True))


class _Folding(dict[int, str | None]):
    """A translate table that learns: marks vanish, digits become plain, the rest stays."""

    def __missing__(self, code: int) -> str | None:
        from unicodedata import combining, decimal

        char = chr(code)
        folded: str | None = char
        if 0x300 <= code <= 0x36F or (0x590 <= code <= 0x6FF and combining(char)):
            folded = None
        elif (digit := decimal(char, None)) is not None:
            folded = str(digit)
        self[code] = folded
        return folded


_FOLD = _Folding(
    {
        **dict.fromkeys([0xAD, 0x640, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF]),
        **dict.fromkeys(_FILLERS),
        **_letters("đðłøħıŧʼ’‘يىكۀەةؤئأإٱ", "ddlohit'''ییکهههویااا"),
        **_letters("æœþŋ", ("ae", "oe", "th", "n")),
    }
)


_masker: "Masker | None" = None


def mask_with(masker: "Masker | None") -> None:
    """Show fake names and blurred amounts from now on (crmcli.mask); None: what there is."""
    global _masker  # one process shows one screen
    _masker = masker


def masker() -> "Masker | None":
    """Give what masks all that is shown; None while nothing is masked."""
    return _masker


def clean(value: str, *, multiline: bool = False) -> str:
    """Make text from outside fit to be stored.

    Control, bidi-override and surrogate characters are dropped, the rest is NFC and trimmed. A
    line (the default) has its white space collapsed; with `multiline`, newlines and tabs stay.
    """
    if value.isascii() and value.isprintable():
        return value.strip() if multiline or "  " not in value else " ".join(value.split())
    from unicodedata import normalize

    value = _without_surrogates(value, "")
    if multiline:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
        return normalize("NFC", value.translate(_CLEAN_BLOCK)).strip()
    return " ".join(normalize("NFC", value.translate(_CLEAN_LINE)).split())


def safe(value: str, *, multiline: bool = False) -> str:
    """Make any text safe to write to a terminal, whatever the database holds.

    Control, escape and bidi-override characters become visible stand-ins; with `multiline`,
    newlines and tabs pass. Names and amounts are masked, if that was asked for.
    """
    return printable(masked(value), multiline=multiline)


def masked(value: str) -> str:
    """Give a text as it may be shown, masked if that was asked for, to be escaped by its reader."""
    return _masker.text(value) if _masker else value


def printable(value: str, *, multiline: bool = False) -> str:
    """Do what `safe` does, for what was masked before, as records are."""
    if value.isprintable():
        return value
    value = _without_surrogates(value, "\ufffd")
    return value.translate(_SAFE_BLOCK if multiline else _SAFE_LINE)


def _without_surrogates(value: str, stand_in: str) -> str:
    """Give `value` with each lone surrogate, a byte that was no UTF-8, replaced."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return "".join(stand_in if "\ud800" <= char <= "\udfff" else char for char in value)
    return value


def tsv_cell(value: str) -> str:
    r"""Give a TSV cell: tabs and newlines written `\t` `\n`, other control characters shown.

    Records are masked as a whole before.
    """
    if value.isprintable():
        return value
    return printable(value.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r"))


def is_visible(value: str) -> bool:
    """Tell whether there is anything to see: not only blanks, joiners and invisible letters."""
    if value.isascii():
        return any(char.isprintable() and char != " " for char in value)
    from unicodedata import category

    hidden = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
    return any(category(char) not in hidden and ord(char) not in _FILLERS for char in value)


def fold(value: str) -> str:
    """Give the search key of `value`: case, marks, script variants and joiners do not count.

    `Čopič` and `copic` fold alike, so do `Müßig` and `mussig`, Persian and Arabic yeh and kaf,
    ё and е, full-width and plain digits. White space is collapsed.
    """
    if value.isascii():
        return " ".join(value.lower().split())
    from unicodedata import normalize

    plain = normalize("NFKD", normalize("NFKD", value).casefold())
    return " ".join(normalize("NFC", plain.translate(_FOLD)).split())


def is_ideograph(char: str) -> bool:
    """Tell whether `char` is Chinese, Japanese or Korean: written without spaces between words."""
    code = ord(char)
    return code >= 0x2E80 and (
        code <= 0x9FFF
        or 0xAC00 <= code <= 0xD7AF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


def spaced(folded: str) -> str:
    """Put one space round each ideograph of folded text; a word border becomes two spaces.

    The full-text index sees each ideograph as a word; the doubled space tells a later check
    whether neighbours stood in one word.
    """
    if folded.isascii() or not any(map(is_ideograph, folded)):
        return folded
    words = []
    for word in folded.split():
        pieces = [f" {char} " if is_ideograph(char) else char for char in word]
        words.append("".join(pieces).replace("  ", " ").strip())
    return "  ".join(words)


def handle_stem(name: str) -> str:
    """Give the handle that `name` suggests (`ana-novak`); empty when it holds no letter."""
    folded = fold(name).replace("'", "")
    words = "".join(char if is_word_char(char) else " " for char in folded).split()
    stem = "-".join(words)[:60].strip("-")
    return stem if any(char.isalpha() for char in stem) else ""


def is_word_char(char: str) -> bool:
    """Tell whether `char` belongs to a word: a letter, a digit, or a vowel sign on one."""
    if char.isalnum() or char.isascii():
        return char.isalnum()
    from unicodedata import category

    return category(char).startswith("M")


def looks_like_id(word: str) -> bool:
    """Tell whether `word` has the shape of a printed reference: `c12`, `t9`, `12`."""
    return (
        word[-1:].isdigit()
        and word[1:].isascii()
        and (word[1:] or "0").isdigit()
        and (word[0].isascii() and word[0].isalnum())
    )


BARS = " ▁▂▃▄▅▆▇█"
DIGITS = ".123456789"


def sparkline(counts: list[int], *, ascii: bool = False) -> str:
    """Give one sign for each count: a bar by its share of the largest, or in ASCII its digit.

    A dot is none; in ASCII + is ten or more.
    """
    if ascii:
        return "".join(DIGITS[count] if count < len(DIGITS) else "+" for count in counts)
    top = max([*counts, len(BARS) - 1])
    steps = (-(-count * (len(BARS) - 1) // top) for count in counts)
    return "".join(BARS[step] if step else "·" for step in steps)
