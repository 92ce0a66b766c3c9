"""Imports: choosing a file, and the imports so far with a way to take each back."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, Static

from crmcli.clock import instant
from crmcli.context import Context
from crmcli.dates import distance
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr, trn
from crmcli.service import import_ as service
from crmcli.service.choice import usage_word
from crmcli.service.import_ import MATCHES, ORDERS, Wish
from crmcli.service.preview import Preview, preview
from crmcli.store.import_ import list_imports
from crmcli.store.journal import Reverted
from crmcli.store.rows import Row as Record
from crmcli.text import clean, safe
from crmcli.tui.binds import bindings
from crmcli.tui.folder import Entry, Folder, age, common, look, refuse_no_file, short, size_said
from crmcli.tui.folder import whole as path_of
from crmcli.tui.modals.form import Field, Form, Line, Values
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.widgets.bars import KeyBar
from crmcli.tui.widgets.rows import ListRows, Row, RowList, Title
from crmcli.tui.work import Loader

MOST_IMPORTS = 100
NO_FILES = mark("Nothing here begins so.")
NO_IMPORTS = mark("""\
No imports yet.

Choose a file: from Google, Outlook, LinkedIn, another CRM, a phone; mail, calendars, any table.
What its columns become and what would happen is shown before anything is written.""")


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder as it is shown: its entries by path, and their rows."""

    folder: Folder
    entries: dict[object, Entry]
    rows: tuple[Row, ...]


def read_listing(crm: Context, text: str) -> Listing:
    """Read the entries that a text may go on with; on a thread."""
    folder = look(text)
    entries = list(folder.entries)
    above = os.path.dirname(folder.path)
    if above != folder.path and text[-1:] in ("", "/"):
        tables = sum(entry.kind == "table" for entry in entries)
        entries.insert(tables, Entry(above, "..", "folder"))
    rows = tuple(_entry_row(crm, entry) for entry in entries)
    return Listing(folder, {entry.path: entry for entry in entries}, rows)


def _entry_row(crm: Context, entry: Entry) -> Row:
    if entry.kind == "folder":
        return Row(entry.path, (entry.name, "", ""))
    when = age(crm.clock, entry.changed) if entry.changed else ""
    tone = "quiet" if entry.kind == "other" else ""
    return Row(entry.path, (entry.name, size_said(entry.size), when), tone)


@dataclass(frozen=True, slots=True)
class Imports:
    """The imports so far: their rows and records, by number."""

    rows: tuple[Row, ...]
    records: dict[object, Record]


def read_imports(crm: Context) -> Imports:
    """Read the imports so far; on a thread."""
    found = list_imports(crm.store.reader, MOST_IMPORTS)
    rows = tuple(_import_row(crm, record) for record in found)
    return Imports(rows, {record["id"]: record for record in found})


def _import_row(crm: Context, record: Record) -> Row:
    day = crm.clock.local(instant(record["at"])).date()
    when = distance((day - crm.clock.today()).days)
    said = tr("undone") if record["undone"] else counts_said(record)
    cells = (record["filename"], said, when)
    return Row(record["id"], cells, "quiet" if record["undone"] else "")


def counts_said(record: Record) -> str:
    """Give what an import did, without its noughts: `12 new, 3 filled`."""
    said = (
        (record["created"], trn("{count} new", "{count} new", record["created"])),
        (record["updated"], trn("{count} filled", "{count} filled", record["updated"])),
        (record["rejected"], trn("{count} bad", "{count} bad", record["rejected"])),
    )
    return ", ".join(text for count, text in said if count)


class PathLine(Line):
    """The path of the file to import; its keys are told to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(key, action=f"screen.{key.action}") for key in bindings("import_line")
    ]


class ImportScreen(CrmScreen):
    """The area of imports: files above, the imports so far below."""

    AREA = "import"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("import")]
    AUTO_FOCUS = "#files"
    DEFAULT_CSS = """
    ImportScreen .line { height: 1; padding: 0 2; }
    ImportScreen .line Static { width: auto; padding: 0 1 0 0; color: $text-muted; }
    ImportScreen PathLine, ImportScreen PathLine:focus {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $panel;
    }
    ImportScreen PathLine:focus { background: $boost; }
    ImportScreen #said { height: auto; padding: 0 2; color: $text-muted; }
    ImportScreen #said.bad { color: $error; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.wish = Wish("")  # the options for the next file
        self.listing = Listing(Folder(""), {}, ())
        self.records: dict[object, Record] = {}
        self.is_completing = False
        self.reading = ""  # the path that is being read
        self.folders: Loader[Listing] = Loader(self, self.show_listing)
        self.imports: Loader[Imports] = Loader(self, self.show_imports)
        self.previews: Loader[Preview] = Loader(self, self.show_preview, self.refuse)

    def body(self) -> ComposeResult:
        """Lay out the path, the files and the imports so far."""
        with Container(classes="panes"):
            with Vertical(classes="main"):
                with Horizontal(classes="line"):
                    yield Static(Text(tr("File")), markup=False)
                    yield self._line()
                yield Static("", id="said", markup=False)
                yield RowList([Title(), Title(fixed=True, right=True), Title(fixed=True)],
                              empty=tr(NO_FILES), id="files")  # fmt: skip
            with Container(classes="side"):
                titles = [Title(tr("Imports so far")), Title(), Title(fixed=True, right=True)]
                yield RowList(titles, empty=tr(NO_IMPORTS), id="imports")

    def _line(self) -> PathLine:
        line = PathLine(placeholder=tr("/ types a path; ~ is your home"), select_on_focus=False)
        line.cursor_blink = not self.app.is_headless
        return line

    # Reading

    @property
    def line(self) -> PathLine:
        """Give the field of the path."""
        return self.query_one(PathLine)

    @property
    def files(self) -> RowList:
        """Give the list of files."""
        return self.query_one("#files", RowList)

    def reload(self) -> None:
        """Read the folder and the imports again."""
        self.say_title(tr("Import a file"), options_said(self.wish))
        self.look()
        self.imports.start(read_imports)

    def look(self) -> None:
        """Read the folder that the path names."""
        text = self.line.value
        self.folders.start(lambda crm: read_listing(crm, text))

    def show_listing(self, listing: Listing) -> None:
        """Show the files; complete the path if that was asked for."""
        self.listing = listing
        if listing.folder.problem:
            self.tell(listing.folder.problem, bad=True)
        elif not self.reading and not self.has_class("refused"):
            self.tell(self._where())
        self.files.show(ListRows(listing.rows), stay=False)
        if self.is_completing:
            self.is_completing = False
            self._complete()

    def _where(self) -> str:
        return tr("in {folder}", folder=short(self.listing.folder.path))

    def show_imports(self, found: Imports) -> None:
        """Show the imports so far."""
        self.records = found.records
        self.query_one("#imports", RowList).show(ListRows(found.rows), stay=True)

    def tell(self, message: str, *, bad: bool = False) -> None:
        """Say something below the path."""
        said = self.query_one("#said", Static)
        said.update(Text(safe(("! " if bad else "") + message, multiline=True)))
        said.set_class(bad, "bad")
        self.set_class(bad, "refused")

    # Choosing

    @on(Input.Changed)
    def typed(self) -> None:
        """Show what the path may go on with."""
        self.remove_class("refused")
        self.look()

    def action_into_list(self) -> None:
        """Go to the files."""
        self.files.focus()

    def action_complete(self) -> None:
        """Complete the path when its folder has been read, as far as it is clear."""
        self.is_completing = True
        self.look()

    def _complete(self) -> None:
        part = common(self.listing.folder.entries)
        text = self.line.value
        typed = text.rpartition("/")[2]
        if len(part) > len(typed) or (part and part != typed):
            self.put(text[: len(text) - len(typed)] + part)
        elif not part:
            self.app.bell()

    def put(self, path: str) -> None:
        """Put a path into the field."""
        self.line.value = clean(path)
        self.line.cursor_position = len(self.line.value)

    @on(Input.Submitted)
    def chosen(self) -> None:
        """Open what was typed; where it is but a beginning, the one file that it fits."""
        path = os.path.abspath(path_of(self.line.value))
        entries = self.listing.folder.entries
        if not self.line.value.strip():
            self.action_into_list()
        elif not os.path.lexists(path) and len(entries) == 1:
            self.choose(entries[0].path)
        else:
            self.choose(path)

    @on(RowList.Opened, "#files")
    def opened(self, event: RowList.Opened) -> None:
        """Open the file under the cursor, or go into the folder."""
        entry = self.listing.entries.get(event.key)
        if entry is not None:
            self.choose(entry.path)

    def choose(self, path: str) -> None:
        """Go into a folder, or read a file."""
        if os.path.isdir(path):
            self.put(short(path).rstrip("/") + "/")
            return
        self.reading = path
        self.tell(tr("Reading {name} …", name=os.path.basename(path)))
        wish = replace(self.wish, file=path)
        self.previews.start(lambda crm: read_preview(crm, wish))

    def show_preview(self, found: Preview) -> None:
        """Go on with a file that could be read."""
        from crmcli.tui.screens.import_file import ImportFileScreen

        self.reading = ""
        self.put(self.line.value[: self.line.value.rfind("/") + 1])
        self.files.focus()
        self.app.push_screen(ImportFileScreen(found))

    def refuse(self, error: CrmError) -> None:
        """Say beside the path why a file cannot be read."""
        message = error.message.replace(self.reading, os.path.basename(self.reading))
        self.reading = ""
        self.tell("\n  ".join(filter(None, (message, error.hint))), bad=True)

    # Keys

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys that work here: letters are text while one types."""
        part = "import_line" if isinstance(event.widget, Input) else "import"
        self.query_one(KeyBar).show_part(part)

    def action_path(self) -> None:
        """Type a path."""
        self.line.focus()

    def action_open(self) -> None:
        """Open what the cursor stands on."""
        if isinstance(self.focused, RowList):
            self.focused.open()

    def action_other(self) -> None:
        """Go from the files to the imports, and back."""
        names = ("#imports", "#files") if self.files.has_focus else ("#files", "#imports")
        self.query_one(names[0], RowList).focus()

    def action_back(self) -> None:
        """Break off the reading of a file; in the imports, go back to the files."""
        if self.reading:
            self.previews.cancel()
            self.reading = ""
            self.tell(self._where())
        self.files.focus()

    def action_options(self) -> None:
        """Ask how files are read, and what everybody in them gets."""

        def took(wish: Wish | None) -> None:
            if wish is not None:
                self.wish = wish
                self.say_title(tr("Import a file"), options_said(self.wish))

        self.app.push_screen(options_form(self.wish), took)

    def action_take_back(self) -> None:
        """Take back the import that the cursor of the list of imports stands on."""
        rows = self.query_one("#imports", RowList)
        record = self.records.get(rows.key)
        if record is None:
            self.crm_app.say(tr("There is no import yet"))
        elif not rows.has_focus:
            rows.focus()
            self.crm_app.say(tr("x takes back the import under the cursor"))
        else:
            self.take_back(record)

    @on(RowList.Opened, "#imports")
    def ask_import(self, event: RowList.Opened) -> None:
        """Ask what is to become of an import."""
        record = self.records.get(event.key)
        if record is None:
            return
        if record["undone"]:
            self.crm_app.say(tr("Import {id} is undone already", id=record["id"]))
            return
        title = tr("Import {id}: {name}", id=record["id"], name=record["filename"])
        self.app.push_screen(
            Menu(title, [Choice("x", "undo", tr("take it back"))]),
            lambda choice: self.take_back(record) if choice else None,
        )

    def take_back(self, record: Record) -> None:
        """Take an import back; records edited since are kept, and named."""
        self.crm_app.say(tr("Taking back {name} …", name=record["filename"]))
        self.crm_app.write(
            lambda crm: service.undo(crm, record["id"]),
            lambda done: self.crm_app.say(undone_said(done)),
        )


def read_preview(crm: Context, wish: Wish) -> Preview:
    """Read a file through; on a thread."""
    refuse_no_file(wish.file)
    return preview(crm, wish)


def undone_said(done: Reverted) -> str:
    """Say what taking back did, and what it left because somebody edited it since."""
    lines = [tr("Undone: {command}; U brings it back", command=done.command)]
    lines += [tr("kept, changed since: {name}", name=name) for name in done.kept[:5]]
    if len(done.kept) > 5:
        lines.append(trn("… and {count} more", "… and {count} more", len(done.kept) - 5))
    return "\n".join(lines)


def options_said(wish: Wish) -> str:
    """Give the options that are set, for the title."""
    said: Sequence[tuple[str, str]] = (
        (tr("Tags"), " ".join(wish.tags)),
        (tr("Owner"), wish.owner),
        (tr("Encoding"), wish.encoding),
        (tr("Delimiter"), wish.delimiter),
    )
    return ", ".join(f"{label} {value}" for label, value in said if value)


def options_form(wish: Wish) -> Form[Wish]:
    """Give the dialog of the options that `crm import` takes too."""
    fields = [
        Field("tags", tr("Tags"), " ".join(wish.tags), hint=tr("for everybody: fair vip")),
        Field("owner", tr("Owner"), wish.owner, hint=tr("who looks after them; or me")),
        Field("encoding", tr("Encoding"), wish.encoding, hint=tr("found out; or cp1250 …"),
              check=encoding_said),
        Field("delimiter", tr("Delimiter"), wish.delimiter, hint=tr("found out; or ; , tab"),
              check=delimiter_said),
        Field("on_match", tr("Already here"), wish.on_match,
              hint=tr("fill, update, skip or new"), check=match_said, words=list(MATCHES)),
        Field("date_order", tr("Dates"), wish.date_order, hint=tr("3/4/2026 is: dmy, mdy, ymd"),
              check=order_said, words=list(ORDERS)),
    ]  # fmt: skip

    def act(crm: Context, values: Values) -> Wish:  # noqa: ARG001
        for check, name in (
            (encoding_said, "encoding"),
            (delimiter_said, "delimiter"),
            (match_said, "on_match"),
            (order_said, "date_order"),
        ):
            if values[name]:
                check(values[name])
        tags = tuple(values["tags"].replace(",", " ").replace("+", " ").split())
        return replace(
            wish,
            tags=tags,
            owner=values["owner"],
            encoding=values["encoding"],
            delimiter=values["delimiter"],
            on_match=values["on_match"].strip(),
            date_order=values["date_order"].strip(),
        )

    return Form(tr("Options"), fields, act)


def match_said(text: str) -> str:
    """Say nothing about a word for what becomes of people here already, or raise UsageError."""
    usage_word(tr("Already here"), text, MATCHES)
    return ""


def order_said(text: str) -> str:
    """Say nothing about an order of dates, or raise UsageError."""
    usage_word(tr("Dates"), text, ORDERS)
    return ""


def encoding_said(text: str) -> str:
    """Say which encoding a name means, or raise UsageError."""
    from crmcli.interchange.decode import codec_of

    return codec_of(text)


def delimiter_said(text: str) -> str:
    """Say which sign stands between the cells, or raise UsageError."""
    from crmcli.interchange.table import delimiter_of

    return {"\t": tr("a tab")}.get(sign := delimiter_of(text), sign)
