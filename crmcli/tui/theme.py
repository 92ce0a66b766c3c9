"""The looks: dark, light, and the terminal's own colours. Five accents, all readable (4.5:1)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.theme import Theme

    from crmcli.context import Context

NAMES = ("crm-dark", "crm-light", "crm-terminal")


def themes() -> "list[Theme]":
    """Give the themes of the full screen; the first is what it begins with."""
    from textual.theme import BUILTIN_THEMES, Theme

    return [
        Theme(
            name="crm-dark",
            dark=True,
            primary="#7aa2f7",
            secondary="#bb9af7",
            accent="#7dcfff",
            warning="#e0af68",
            error="#ff8fa3",
            success="#9ece6a",
            foreground="#d5d9e8",
            background="#16161e",
            surface="#1a1b26",
            panel="#24283b",
            variables={
                "text-muted": "#a6adcb",
                "block-cursor-foreground": "#16161e",
                "boost": "#2c3250",
                "border": "#4a5173",
                "border-blurred": "#363c58",
            },
        ),
        Theme(
            name="crm-light",
            dark=False,
            primary="#2a5bd0",
            secondary="#7b3fb5",
            accent="#00627a",
            warning="#8a5300",
            error="#b3123c",
            success="#2c6e1f",
            foreground="#23263b",
            background="#f7f7fa",
            surface="#ffffff",
            panel="#e6e8f0",
            variables={
                "text-muted": "#50566d",
                "block-cursor-foreground": "#ffffff",
                "boost": "#dfe4f5",
                "border": "#9aa1b9",
                "border-blurred": "#c6cbda",
            },
        ),
        Theme(
            name="crm-terminal",
            ansi=True,
            primary="ansi_blue",
            secondary="ansi_magenta",
            accent="ansi_cyan",
            warning="ansi_yellow",
            error="ansi_red",
            success="ansi_green",
            foreground="ansi_default",
            background="ansi_default",
            surface="ansi_default",
            panel="ansi_default",
            boost="ansi_default",
            variables={
                **BUILTIN_THEMES["ansi-dark"].variables,
                "text-muted": "ansi_default",
                "block-cursor-foreground": "ansi_black",
                "block-cursor-background": "ansi_blue",
                "border": "ansi_default",
                "border-blurred": "ansi_default",
            },
        ),
    ]


def chosen(crm: "Context") -> str:
    """Give the theme that is configured; the dark one when nothing says otherwise."""
    name = f"crm-{crm.config.get('theme') or 'dark'}"
    return name if name in NAMES else NAMES[0]
