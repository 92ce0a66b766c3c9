"""The keys: one table that binds them, fills the footer and the help, and prints the cheat sheet.

Imports nothing of Textual, so that `crm tui --keys` starts at once.
"""

from dataclasses import dataclass, replace

from crmcli.i18n import mark, tr


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that keys do.

    Args:
        keys: the keys in Textual's names, separated by commas; the first is shown.
        action: the action of the screen or the app.
        label: what it does, in a word or two.
        footer: whether the footer shows it.
        priority: whether it works while a text is being typed.
    """

    keys: str
    action: str
    label: str
    footer: bool = False
    priority: bool = False


# Everywhere. The number keys lead to the areas in the order of their tabs.
APP = (
    Key("1", "area('today')", mark("Today")),
    Key("2", "area('contacts')", mark("Contacts")),
    Key("3", "area('orgs')", mark("Orgs")),
    Key("4", "area('tasks')", mark("Tasks")),
    Key("5", "area('search')", mark("Search")),
    Key("6", "area('import')", mark("Import")),
    Key("7", "area('history')", mark("History")),
    Key("8", "area('board')", mark("Board")),
    Key("9", "area('reports')", mark("Reports")),
    Key("ctrl+f", "search", mark("Search everything"), priority=True),
    Key("i", "area('import')", mark("Import a file")),
    Key("u", "undo", mark("Undo")),
    Key("U", "redo", mark("Redo")),
    Key("ctrl+p", "command_palette", mark("All commands"), priority=True),
    Key("ctrl+x", "mask", mark("Mask names"), priority=True),
    Key("question_mark", "help", mark("Help")),
    Key("q", "leave", mark("Quit")),
    Key("ctrl+q", "leave", mark("Quit"), priority=True),
    Key("ctrl+c", "interrupt", mark("Interrupt"), priority=True),
)

# In every list.
LIST = (
    Key("j,down", "down", mark("Down")),
    Key("k,up", "up", mark("Up")),
    Key("ctrl+d,pagedown", "page_down", mark("Page down")),
    Key("ctrl+u,pageup", "page_up", mark("Page up")),
    Key("g,home", "top", mark("First")),
    Key("G,end", "bottom", mark("Last")),
    Key("space", "mark", mark("Mark")),
    Key("asterisk", "mark_all", mark("Mark all, or none")),
)

# What can be done with whoever the cursor stands on.
RECORD = (
    Key("c", "log", mark("Log"), footer=True),
    Key("d", "done", mark("Done"), footer=True),
    Key("s", "snooze", mark("Snooze"), footer=True),
    Key("r", "reschedule", mark("Reschedule"), footer=True),
    Key("b", "bump", mark("Bump")),
    Key("w", "waiting", mark("Waiting on them")),
    Key("a", "add_task", mark("Add a task")),
)

# What becomes of a deal, on the board and on its card.
DEAL = (
    Key("H", "stage(-1)", mark("Stage back")),
    Key("L", "stage(1)", mark("Stage on"), footer=True),
    Key("W", "win", mark("Won"), footer=True),
    Key("X", "lose", mark("Lost"), footer=True),
    Key("R", "reopen", mark("Open again")),
)

# A record on a screen of its own.
CARD = (
    Key("e", "edit", mark("Edit"), footer=True),
    Key("enter", "open", mark("Open"), footer=True),
    Key("y", "copy", mark("Copy"), footer=True),
    Key("tab,shift+tab", "pane", mark("Other pane"), footer=True),
    Key("n", "next", mark("Next"), footer=True),
    Key("p", "previous", mark("Previous")),
    *RECORD[2:],
    Key("t", "tag", mark("Tags")),
    Key("dollar_sign", "new_deal", mark("New deal")),
    Key("x,delete", "trash", mark("Trash")),
    Key("E", "editor", mark("Write in $EDITOR")),
    Key("escape", "back", mark("Back")),
)

# People and orgs, each in a table.
PARTIES = (
    RECORD[0],
    Key("enter", "open", mark("Open the card"), footer=True),
    Key("slash", "filter", mark("Filter"), footer=True),
    Key("n", "new", mark("New"), footer=True),
    Key("t", "tag", mark("Tags"), footer=True),
    Key("O", "sort", mark("Sort"), footer=True),
    Key("v", "view", mark("View"), footer=True),
    Key("x,delete", "trash", mark("Trash"), footer=True),
    *RECORD[1:],
    Key("dollar_sign", "new_deal", mark("New deal")),
    Key("e", "edit", mark("Edit")),
    Key("f", "fields", mark("Columns")),
    Key("T", "task_each", mark("A task for each")),
    Key("F", "set_field", mark("Set a field")),
    Key("M", "merge", mark("Merge the two marked")),
    Key("E", "export", mark("Export")),
    Key("escape", "back", mark("Marks off, then the filter, then back")),
)

SCREENS: dict[str, tuple[str, tuple[Key, ...]]] = {
    "app": (mark("Everywhere"), APP),
    "list": (mark("Lists"), LIST),
    "today": (
        mark("Today"),
        (
            *RECORD,
            Key("enter", "open", mark("Open the card"), footer=True),
            Key("slash", "filter", mark("Filter"), footer=True),
            Key("o", "only_mine", mark("Only mine, or everybody's")),
            Key("escape", "back", mark("Everything again")),
        ),
    ),
    "contacts": (mark("Contacts"), PARTIES),
    "orgs": (mark("Organizations"), PARTIES),
    "merge": (
        mark("Two that are one"),
        (
            Key("left", "take('A')", mark("Left"), footer=True),
            Key("right", "take('B')", mark("Right"), footer=True),
            Key("plus", "take('both')", mark("Both"), footer=True),
            Key("enter", "turn", mark("Other choice")),
            Key("W", "swap", mark("Swap"), footer=True),
            Key("ctrl+s", "merge", mark("Merge"), footer=True),
            Key("K", "keep_separate", mark("Keep separate"), footer=True),
            Key("escape", "back", mark("Back"), footer=True),
        ),
    ),
    "filter_line": (
        mark("Filter, while typing"),
        (
            Key("enter,down", "keep", mark("Into the list"), footer=True),
            Key("tab", "complete", mark("Complete"), footer=True),
            Key("escape", "clear", mark("Clear, then back"), footer=True),
        ),
    ),
    "board": (
        mark("Board"),
        (
            Key("enter", "open", mark("Open"), footer=True),
            *DEAL,
            Key("n", "new", mark("New"), footer=True),
            Key("slash", "filter", mark("Filter"), footer=True),
            Key("p", "pipeline", mark("Pipeline"), footer=True),
            *(replace(key, footer=key.keys == "c") for key in RECORD),
            Key("h,left", "column(-1)", mark("Stage to the left")),
            Key("l,right", "column(1)", mark("Stage to the right")),
            Key("v", "view", mark("View")),
            Key("x,delete", "trash", mark("Trash")),
            Key("escape", "back", mark("Marks off, then the filter, then back")),
        ),
    ),
    "reports": (
        mark("Reports"),
        (
            Key("enter", "open", mark("The rows behind"), footer=True),
            Key("right,tab", "report(1)", mark("Next report"), footer=True),
            Key("left,shift+tab", "report(-1)", mark("Report before")),
            Key("p", "period", mark("Period"), footer=True),
            Key("h", "part_by", mark("Group by"), footer=True),
            Key("slash", "filter", mark("Filter"), footer=True),
            Key("P", "pipeline", mark("Pipeline, of deals or of people")),
            Key("escape", "back", mark("The filter off, as usual, then back")),
        ),
    ),
    "behind": (
        mark("Rows behind a figure"),
        (
            Key("enter", "open", mark("Open the card"), footer=True),
            Key("escape", "back", mark("Back"), footer=True),
        ),
    ),
    "card": (mark("Card"), (*RECORD[:2], *CARD)),
    "card_deal": (mark("Card of a deal"), (*RECORD[:2], *DEAL, *CARD)),
    "card_field": (
        mark("Card, while typing"),
        (
            Key("enter", "save_field", mark("Save"), footer=True),
            Key("escape", "back", mark("Leave it"), footer=True),
            Key("tab", "complete", mark("Complete"), footer=True),
            Key("ctrl+e", "editor", mark("Write in $EDITOR"), footer=True),
        ),
    ),
    "tasks": (
        mark("Tasks"),
        (
            *RECORD,
            Key("enter", "open", mark("Open the card"), footer=True),
            Key("n", "new", mark("New"), footer=True),
            Key("e", "edit", mark("Edit"), footer=True),
            Key("x,delete", "trash", mark("Trash"), footer=True),
            Key("slash", "filter", mark("Filter"), footer=True),
            Key("h", "part_by", mark("Group by"), footer=True),
            Key("v", "view", mark("View"), footer=True),
            Key("left", "day(-1)", mark("Day before"), footer=True),
            Key("right", "day(1)", mark("Day after"), footer=True),
            Key("left_square_bracket", "turn(-1)", mark("Week or month before")),
            Key("right_square_bracket", "turn(1)", mark("Week or month after")),
            Key("m", "month", mark("Month, or week"), footer=True),
            Key("z", "skip", mark("Skip this time")),
            Key("S", "snoozed", mark("Snoozed ones, or open")),
            Key("D", "done_ones", mark("Done ones, or open")),
            Key("R", "reopen", mark("Open again")),
            Key("o", "only_mine", mark("Only mine, or everybody's")),
            Key("escape", "back", mark("Marks off, all tasks, then back")),
        ),
    ),
    "search": (
        mark("Search"),
        (
            *RECORD,
            Key("enter", "open", mark("Open the card"), footer=True),
            Key("escape", "back", mark("Back"), footer=True),
            Key("slash", "type", mark("Type on"), footer=True),
            Key("y", "copy", mark("Copy e-mail or phone"), footer=True),
        ),
    ),
    "search_line": (
        mark("Search, while typing"),
        (
            Key("down,enter", "into_list", mark("Into the list"), footer=True),
            Key("escape", "back", mark("Clear, then back"), footer=True),
        ),
    ),
    "history": (
        mark("History"),
        (
            Key("enter", "open", mark("Open the card"), footer=True),
            Key("x,delete,backspace", "take_back", mark("Take back"), footer=True),
            Key("slash", "filter", mark("Filter"), footer=True),
            Key("o", "only_mine", mark("Only mine, or everybody's")),
            Key("escape", "back", mark("Everything, then back")),
        ),
    ),
    "import": (
        mark("Import"),
        (
            Key("enter", "open", mark("Open"), footer=True),
            Key("slash", "path", mark("Path"), footer=True),
            Key("tab", "other", mark("Files, imports"), footer=True),
            Key("e", "options", mark("Options"), footer=True),
            Key("x", "take_back", mark("Take back"), footer=True),
            Key("escape", "back", mark("To the files")),
        ),
    ),
    "import_line": (
        mark("Import, while typing"),
        (
            Key("tab", "complete", mark("Complete"), footer=True),
            Key("down,escape", "into_list", mark("Into the list"), footer=True),
        ),
    ),
    "import_file": (
        mark("Import, a file"),
        (
            Key("enter", "remap", mark("Change"), footer=True),
            Key("x", "leave_out", mark("Leave out"), footer=True),
            Key("e", "options", mark("Options"), footer=True),
            Key("ctrl+s", "go", mark("Count first, then import"), footer=True),
            Key("escape", "back", mark("Back, or cancel"), footer=True),
        ),
    ),
}


def keys_of(screen: str) -> tuple[Key, ...]:
    """Give the keys of a screen, a list or the whole app."""
    return SCREENS[screen][1]


def shown(key: str) -> str:
    """Give a key as people write it: `ctrl+f` is `^f`, `slash` is `/`."""
    names = {
        "slash": "/",
        "asterisk": "*",
        "space": tr("space"),
        "enter": tr("enter"),
        "escape": tr("esc"),
        "question_mark": "?",
        "plus": "+",
        "dollar_sign": "$",
        "down": "↓",
        "up": "↑",
        "left": "←",
        "right": "→",
        "left_square_bracket": "[",
        "right_square_bracket": "]",
        "pagedown": "pgdn",
        "pageup": "pgup",
    }
    if key in names:
        return names[key]
    return key.replace("ctrl+", "^")


def sheet() -> list[str]:
    """Give the cheat sheet: a heading and its keys, for every screen."""
    lines: list[str] = []
    for title, keys in SCREENS.values():
        lines += ["", tr(title)] if lines else [tr(title)]
        for key in keys:
            names = " ".join(map(shown, key.keys.split(",")))
            lines.append(f"  {names:<14}{tr(key.label)}")
    return lines


def table() -> list[dict[str, object]]:
    """Give the keys under their names in JSON."""
    return [
        {
            "screen": screen,
            "keys": [shown(name) for name in key.keys.split(",")],
            "action": key.action,
            "label": tr(key.label),
        }
        for screen, (_, keys) in SCREENS.items()
        for key in keys
    ]
