"""The looks: every text on every background is readable, in each theme (WCAG 2, 1.4.3: 4.5:1)."""

import pytest
from rich.color import Color
from textual.containers import Vertical

from crmcli.tui.theme import NAMES, themes

RATIO = 4.5


def contrast(tui) -> dict[tuple[str, str], tuple[float, str]]:
    """Give, for each pair of colours on the screen, their contrast and a text that has them."""
    found = {}
    for strip in lines_in_front(tui):
        for segment in strip:
            style, text = segment.style, segment.text.strip()
            if not text or style is None or style.color is None or style.bgcolor is None:
                continue
            if set(text) <= set("│─╭╮╰╯▌▀▄█▁▂▃▅▆▇ "):
                continue  # lines and bars carry no text
            front, back = (hex_of(style.bgcolor), hex_of(style.color))
            if style.reverse:
                front, back = back, front
            found[front, back] = (ratio(front, back), text)
    return found


def lines_in_front(tui):
    """Give the lines of the screen; of a dialog only its own, what is behind it is dimmed."""
    strips = tui.app.screen._compositor.render_strips()
    if not tui.app.screen.is_modal:
        return strips
    box = tui.app.screen.query_one(Vertical).region
    return [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]


def ratio(front: str, back: str) -> float:
    """Give the contrast of two colours, as WCAG 2 defines it."""
    dark, light = sorted((luminance(front), luminance(back)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def hex_of(color: Color) -> str:
    return color.get_truecolor().hex


@pytest.mark.parametrize("theme", [name for name in NAMES if name != "crm-terminal"])
@pytest.mark.parametrize(
    "keys",
    [
        *([], ["j", "space"], ["c"], ["j", "c", "c"], ["question_mark"], ["d", "ctrl+s"]),
        *(["j", "enter"], ["j", "enter", "tab"], ["j", "enter", "t", "x", "comma", '"', "enter"]),
    ],
)
async def test_contrast(screen, people, theme, keys):
    async with screen(people, size=(120, 40)) as tui:
        tui.app.theme = theme
        await tui.press(*keys)
        pairs = contrast(tui)
        assert len(pairs) > 1
        poor = {pair: seen for pair, seen in pairs.items() if seen[0] < RATIO}
        assert not poor


@pytest.mark.parametrize("name", ["dark", "light", "terminal"])
async def test_the_theme_is_configured(screen, people, monkeypatch, name):
    monkeypatch.setenv("CRM_THEME", name)
    async with screen(people) as tui:
        assert tui.app.theme == f"crm-{name}"


def test_at_most_five_accents():
    accents = ("primary", "secondary", "accent", "warning", "error", "success")
    for theme in themes():
        used = {getattr(theme, name) for name in accents}
        assert len(used - {theme.primary}) <= 5, theme.name
