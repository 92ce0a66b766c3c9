"""The story of docs/first-deal.md on the full screen: from an e-mail address to a won deal."""

import re
from pathlib import Path

STORY = Path(__file__).parents[2] / "docs" / "first-deal.md"
NAMED = ("enter", "ctrl+s", "ctrl+o", "L", "W", "n", "8")


def keys() -> list[str]:
    """Give the keys of the story one by one."""
    (block,) = re.findall(r"^```keys\n(.*?)^```", STORY.read_text("utf-8"), re.DOTALL | re.M)
    said = [re.split(r" {2,}", line)[0] for line in block.splitlines()]
    words = " ".join(said).split()
    return [key for word in words for key in ([word] if word in NAMED else list(word))]


async def test_under_thirty_keys(screen, run, monkeypatch):
    pressed = keys()
    assert len(pressed) < 30
    monkeypatch.setenv("CRM_CURRENCY", "EUR")
    async with screen() as tui:
        await tui.press(*pressed)
        assert "Won" in tui.frame()
    deal = run("deal", "show", "d1", "--json").json
    assert (deal["name"], deal["status"], deal["who"]["name"]) == ("Pilot", "won", "Eva")
    assert deal["amount"] == {"amount": "9000.00", "currency": "EUR"}
    assert run("contact", "show", "c1", "--json").json["lifecycle_stage"] == "customer"
