"""Photographs of the full screen for the README: `make screenshots` writes docs/screens/*.svg.

The people are those of examples/contacts.csv, the clock stands still, so that the same program
gives the same pictures.
"""

import asyncio
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "screens"
NOW = "2026-11-23T08:40:00+01:00"  # a Monday
WEEK: list[tuple[str, ...]] = [
    ("import", str(ROOT / "examples" / "contacts.csv")),
    ("cadence", "set", "+friend", "60d"),
    ("cadence", "set", "+client", "21d"),
    ("log", "call", "ana-novak", "wants a pilot for 20 people; asks for two prices and a date",
     "--at", "2026-11-19 15:10", "--dur", "25min", "-n", "2026-11-22 send the offer"),
    ("log", "meeting", "ana-novak", "kick-off in Kranj: met the team, saw the server room",
     "--at", "2026-10-28 10:00", "--dur", "90min"),
    ("log", "email", "ana-novak", "sent the brochure and two references",
     "--at", "2026-10-20 09:30"),
    ("log", "meeting", "rok-copic", "walked through the server room", "--at", "2026-11-18 11:00",
     "--waiting", "2026-11-23 his floor plan"),
    ("log", "email", "jurgen-mussig", "sent him the plan", "--at", "2026-11-12 16:00"),
    ("log", "email", "priya-sharma", "asks what January looks like", "--in",
     "--at", "2026-11-20 17:45"),
    ("log", "message", "tom-oneill", "he moves to Graz", "--at", "2026-08-24 20:00"),
    ("remind", "rok-copic", "2026-11-20", "ask about the server room"),
    ("remind", "priya-sharma", "2026-11-23 10:00", "call about January"),
    ("remind", "jurgen-mussig", "2026-11-23", "price for the second floor"),
    ("task", "add", "pay the rent", "--due", "2026-12-01", "--every", "month on the 1st"),
    ("task", "add", "send the price list", "--for", "ana-novak", "--kind", "promise",
     "--due", "2026-11-27"),
    ("remind", "tom-oneill", "2026-11-24 18:00", "call him, he has news"),
    ("deal", "add", "Pilot for 20 people", "--for", "ana-novak", "--amount", "9000 EUR",
     "--at", "2026-10-28 11:00", "--close", "2026-12-18", "--stage", "qualified",
     "-n", "2026-11-26 ask who decides"),
    ("deal", "move", "d1", "proposal", "--at", "2026-11-19 15:40"),
    ("deal", "add", "Server room", "--for", "rok-copic", "--amount", "24500 EUR",
     "--at", "2026-10-01 09:00", "--close", "2027-01-29", "--stage", "negotiation"),
    ("deal", "add", "Second floor", "--for", "jurgen-mussig", "--amount", "3200 EUR",
     "--at", "2026-11-12 16:10", "--close", "2026-12-11", "-n", "2026-11-25 send the price"),
    ("deal", "add", "Support", "--for", "priya-sharma", "--amount", "250 EUR",
     "--period", "monthly", "--at", "2026-11-02 10:00", "--stage", "qualified",
     "--close", "2027-01-15"),
    ("deal", "add", "Network", "--for", "tom-oneill", "--amount", "5400 EUR",
     "--at", "2026-08-24 20:10", "--stage", "proposal"),
    ("deal", "lose", "d5", "--reason", "timing", "--at", "2026-11-06 12:00"),
    ("deal", "add", "Cabling", "--for", "rok-copic", "--amount", "6100 EUR",
     "--at", "2026-09-07 09:00", "--stage", "proposal"),
    ("deal", "win", "d6", "--at", "2026-11-09 14:00"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: its name, the size of the terminal, the theme, and the keys that lead there."""

    name: str
    keys: tuple[str, ...]
    size: tuple[int, int] = (120, 34)
    theme: str = "crm-dark"


NAMED = {" ": "space", ",": "comma", "+": "plus"}
SCENES = (
    Scene("today", ("j",)),
    Scene("log", ("j", "c", "c", *"likes it, wants the pilot in March", "enter", *"thu call her")),
    Scene("contacts", ("2", "slash", *"+client or +prospect", "enter")),
    Scene("card", ("2", "enter")),
    Scene("tasks", ("4", "m")),
    Scene("board", ("8", "l", "l")),
    Scene("deal", ("8", "l", "l", "enter")),
    Scene("reports", ("9", "right", "right")),
    Scene("search", ("ctrl+f", *"lipa")),
    Scene("history", ("7", "j", "j")),
    Scene("help", ("question_mark",), (100, 34)),
    Scene("today-light", ("j",), theme="crm-light"),
    Scene("today-small", ("j",), (80, 24)),
    Scene("masked", ("j", "ctrl+x")),
)


def build(path: str) -> None:
    """Make the sample database with commands."""
    from typer.testing import CliRunner

    from crmcli.cli import app

    for command in WEEK:
        got = CliRunner().invoke(app, ["--db", path, *command], prog_name="crm")
        if got.exit_code:
            raise SystemExit(f"{command}: {got.stderr}")


async def photograph(path: str, scene: Scene) -> str:
    """Give the picture of a scene as SVG."""
    from crmcli.context import Context
    from crmcli.text import mask_with
    from crmcli.tui.app import CrmApp

    app = CrmApp(Context({"db": path}))
    async with app.run_test(size=scene.size) as pilot:
        app.theme = scene.theme
        await settle(app, pilot)
        for key in scene.keys:
            await pilot.press(NAMED.get(key, key))
            await settle(app, pilot)
        svg = app.export_screenshot(title="crm tui", simplify=True)
    mask_with(None)
    return plain(svg)


def plain(svg: str) -> str:
    """Give a picture that fetches nothing: the fonts are those of whoever looks at it."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "DejaVu Sans Mono")


async def settle(app: "object", pilot: "object") -> None:
    """Wait until nothing is under way."""
    quiet = 0
    while quiet < 3:
        await pilot.pause()  # type: ignore[attr-defined]
        quiet = 0 if app.desk.pending else quiet + 1  # type: ignore[attr-defined]


def main() -> None:
    """Write every picture."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            HOME=folder, CRM_NOW=NOW, CRM_TIMEZONE="Europe/Ljubljana", CRM_USER="me",
            CRM_PHONE_REGION="SI", COLORTERM="truecolor",
        )  # fmt: skip
        path = os.path.join(folder, "crm.db")
        build(path)
        OUT.mkdir(parents=True, exist_ok=True)
        for scene in SCENES:
            (OUT / f"{scene.name}.svg").write_text(asyncio.run(photograph(path, scene)), "utf-8")


if __name__ == "__main__":
    main()
