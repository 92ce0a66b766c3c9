"""People, and orgs: a table of all that a filter selects, beside the card of the one looked at."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.rules import contact as contact_rules
from crmcli.rules import org as org_rules
from crmcli.service import bulk, contact, org, page, party
from crmcli.service import filter as filters
from crmcli.store.search import Key
from crmcli.store.task import Task, open_tasks
from crmcli.store.view import SavedView, find_view
from crmcli.tui.acts import fetch
from crmcli.tui.binds import bindings
from crmcli.tui.modals.form import Field, Form, LastWord, Values
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.screens.many import Many
from crmcli.tui.views import KEYS, ask_view
from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.widgets.paged import RecordTable

SEVERAL = {"email": "emails", "phone": "phones", "tags": "tags"}  # fields that hold several
SLOW = 0.3  # seconds after which a search says that it goes on
SORTS = {
    "name": mark("by name"),
    "last_touch": mark("by last touch"),
    "next_touch": mark("by next touch"),
    "created": mark("by when added"),
    "updated": mark("by last change"),
    "id": mark("by id"),
    "stage": mark("by stage"),
    "owner": mark("by owner"),
    "org": mark("by org"),
    "kind": mark("by kind"),
    "industry": mark("by industry"),
    "domain": mark("by domain"),
}
NOTHING = mark("""\
Nothing matches {text}

/  changes the filter
esc  shows everything again""")


class PartyScreen(Many):
    """A table of contacts or of orgs."""

    TITLE_TEXT: ClassVar[str] = ""
    EMPTY: ClassVar[str] = ""
    SERVICE: ClassVar[Any] = None  # the module that adds and changes its records
    FIELDS: ClassVar[Sequence[str]] = ()  # that `key=value` may set

    def __init__(self) -> None:
        super().__init__()
        self.picked: list[int] = []  # tasks that an act was just asked to work on
        self.has_marks = False  # whether the title tells of marks

    def body(self) -> ComposeResult:
        """Lay out the filter, the table and the card."""
        yield FilterBar(self.NOUN)
        yield from self.panes(RecordTable(self.NOUN, classes="main"))

    @property
    def table(self) -> RecordTable:
        """Give the table."""
        return self.query_one(RecordTable)

    @property
    def bar(self) -> FilterBar:
        """Give the filter."""
        return self.query_one(FilterBar)

    # Reading

    def reload(self) -> None:
        """Read the list again."""
        self.table.reload(self.take_wanted())

    @on(RecordTable.Listed)
    def show_listed(self, event: RecordTable.Listed) -> None:
        """Tell what is listed."""
        unknown, text = event.found.unknown, self.table.shown.text
        self.bar.accept(unknown)
        if unknown and not self.bar.is_open and not event.found.before.stays:
            self.crm_app.say("\n".join(unknown))
        self.table.empty = tr(NOTHING, text=text) if text else tr(self.EMPTY)
        self.say_list()

    @on(RecordTable.Refused)
    def show_refused(self, event: RecordTable.Refused) -> None:
        """Tell what is wrong with the filter, below it; anything else in a corner."""
        if event.query.text == self.bar.text != self.table.shown.text:
            self.bar.refuse(event.error)
        else:
            self.crm_app.say_error(event.error)
        self.say_list()

    def say_list(self) -> None:
        """Tell in the title what is listed, how it is sorted, and how many there are."""
        table = self.table
        what = tr(self.TITLE_TEXT)
        if table.shown.text:
            what = tr("{nouns}: {filter}", nouns=what, filter=table.shown.text)
        figures = [trn("{count} marked", "{count} marked", len(table.marks))] if table.marks else []
        figures.append(f"{len(table.rows):,}" + ("" if table.is_whole else " …"))
        self.say_title(f"{what}, {self.sorted_words(table.shown.sort)}", ", ".join(figures))

    def sorted_words(self, sort: str) -> str:
        """Say how a list is sorted."""
        key = sort.removeprefix("-") or "name"
        words = tr(SORTS[key]) if key in SORTS else tr("by {field}", field=key)
        return tr("{sorted}, reversed", sorted=words) if sort.startswith("-") else words

    @on(RecordTable.Moved)
    def tell_marks(self) -> None:
        """Tell in the title how many are marked."""
        if self.table.marks or self.has_marks:
            self.has_marks = bool(self.table.marks)
            self.say_list()

    # Filter, sort, columns, views

    def action_filter(self) -> None:
        """Type a filter."""
        self.bar.open()

    @on(FilterBar.Changed)
    def take_filter(self, event: FilterBar.Changed) -> None:
        """List what the filter selects; without one the cursor stays on its record."""
        self.table.ask(
            stays=event.tree is None,
            is_typing=event.is_typing,
            tree=event.tree,
            text=event.text,
        )
        self.set_timer(SLOW, partial(self._say_slow, event.text))

    def _say_slow(self, text: str) -> None:
        if self.table.is_waiting and self.table.asked.text == text:
            what = tr("{nouns}: {filter}", nouns=tr(self.TITLE_TEXT), filter=text)
            self.say_title(what, tr("searching …"))

    @on(FilterBar.Closed)
    def leave_filter(self) -> None:
        """Go on in the list."""
        self.table.focus()

    def action_sort(self) -> None:
        """Ask how to sort; the same again reverses it."""
        fetch(self, lambda crm: page.sorts(crm, self.NOUN), self._ask_sort)

    def _ask_sort(self, keys: Sequence[str]) -> None:
        now = self.table.asked.sort
        current = now.removeprefix("-") or "name"
        choices = []
        for key, letter in zip(keys, initials(keys), strict=True):
            label = self.sorted_words(key)
            if key == current:
                label = tr("{sorted}: reverse it", sorted=label)
            choices.append(Choice(letter, key, label))
        choices.sort(key=lambda choice: choice.value != current)

        def answered(key: str | None) -> None:
            if key is not None:
                turned = key == current and not now.startswith("-")
                self.table.ask(sort=f"-{key}" if turned else key)

        self.app.push_screen(Menu(tr("Sort"), choices), answered)

    def action_fields(self) -> None:
        """Ask for the columns."""
        fetch(self, lambda crm: page.all_columns(crm, self.NOUN), self._ask_fields)

    def _ask_fields(self, columns: Sequence[Any]) -> None:
        shown = [column.key for column in self.table.columns]
        names = [column.key for column in columns]
        hint = ", ".join(page.FIELDS[self.NOUN])
        now = ", ".join(shown)
        field = Field("fields", tr("Columns"), now, hint=hint, suggester=LastWord(names))

        def act(crm: Context, values: Values) -> tuple[str, ...]:
            filters.check_fields(crm, self.NOUN, values["fields"])
            return split_names(values["fields"])

        def saved(names: tuple[str, ...] | None) -> None:
            if names is not None:
                self.table.ask(stays=True, fields=names)

        note = tr("Any of: {names}", names=", ".join(names))
        self.app.push_screen(Form(tr("Columns"), [field], act, note=note), saved)

    def action_view(self) -> None:
        """Ask for a saved view."""
        ask_view(self, self.NOUN, self.take_view)

    def filter_by(self, text: str) -> None:
        """List what a filter selects that was chosen elsewhere; a view in its own way."""
        from crmcli.rules.filter import View, parse

        tree = parse(text)
        if isinstance(tree, View):
            fetch(self, lambda crm: find_view(crm.store.reader, tree.name), self.take_view)
        else:
            self.bar.put(text)
            self.table.ask(tree=tree, text=text)

    def take_view(self, view: SavedView | None) -> None:
        """List what a view selects, in its order and with its columns; None for everything."""
        from crmcli.rules.filter import View, format

        tree = View(view.name) if view else None
        text = format(tree) if tree else ""
        self.bar.put(text)
        self.table.ask(
            tree=tree,
            text=text,
            sort=(view.sort if view else None) or "",
            fields=split_names((view.fields if view else None) or ""),
        )

    def action_back(self) -> None:
        """Take marks off, then the filter, then go back to where one came from."""
        if self.table.marks:
            self.unmark()
        elif self.table.shown.text:
            self.bar.action_clear()
        else:
            self.crm_app.go_back()

    # What the acts work on

    def about(self) -> Key | None:
        """Give whom the cursor stands on."""
        id = self.table.key
        return (self.NOUN, id) if isinstance(id, int) else None

    def people(self) -> list[Key]:
        """Give who is marked, else whom the cursor stands on."""
        return [(self.NOUN, id) for id in self.ids()]

    def ids(self) -> list[int]:
        """Give the ids of who is marked, else of whom the cursor stands on."""
        return [id for id in self.table.chosen() if isinstance(id, int)]

    def tasks(self) -> list[int]:
        """Give the task that was picked for an act."""
        return self.picked

    def action_done(self) -> None:
        """Complete a task of the record under the cursor."""
        self._with_task(super().action_done)

    def action_snooze(self) -> None:
        """Hide a task of the record under the cursor."""
        self._with_task(super().action_snooze)

    def action_reschedule(self) -> None:
        """Give a task of the record under the cursor another date."""
        self._with_task(super().action_reschedule)

    def _with_task(self, act: Callable[[], None]) -> None:
        """Do something to the open task of the record under the cursor; ask which of several."""
        key = self.about()
        if key is not None:
            fetch(
                self,
                lambda crm: open_tasks(crm.store.reader, *key),
                lambda tasks: self._pick(tasks, act),
            )

    def _pick(self, tasks: Sequence[Task], act: Callable[[], None]) -> None:
        def take(id: str | None) -> None:
            self.picked = [int(id)] if id else []
            if id:
                act()
            self.picked = []

        if not tasks:
            self.crm_app.say(tr("There is no open task here; a adds one, c logs what happened"))
        elif len(tasks) == 1:
            take(str(tasks[0].id))
        else:
            choices = [
                Choice(key, str(one.id), " ".join(filter(None, (one.due_on, one.title))))
                for key, one in zip(KEYS, tasks, strict=False)
            ]
            self.app.push_screen(Menu(tr("Which task?"), choices), take)

    # One record

    def action_open(self) -> None:
        """Open the card."""
        key = self.about()
        if key is not None:
            self.crm_app.open_record(key, self.table.neighbours())

    @on(RecordTable.Opened)
    def open_clicked(self) -> None:
        """Open the card that was clicked."""
        self.action_open()

    def action_edit(self) -> None:
        """Open the card and type over it."""
        key = self.about()
        if key is not None:
            self.crm_app.open_record(key, self.table.neighbours(), edits=True)

    def action_new(self) -> None:
        """Add somebody; who is known already is refused, and added only by a second step."""
        add, insist = (partial(self.add, force=force) for force in (False, True))
        draft = f"new {self.NOUN}"
        form = Form(tr(self.NEW), self.new_fields(), add, draft=draft, insist=insist)
        self.app.push_screen(form, self._added)

    NEW: ClassVar[str] = ""

    def new_fields(self) -> list[Field]:
        """Give what is asked of a new record."""
        raise NotImplementedError

    def _added(self, added: party.Added | None) -> None:
        if added is None:
            return
        self.table.reload(added.value[0])
        said = [tr("Added {ref}; u undoes", ref=f"{self.NOUN[0]}{added.value[0]}")]
        said += [one for one in added.orgs if one]
        said += [warning for warnings in added.warnings for warning in warnings]
        self.crm_app.say("\n".join(said))

    def add(self, crm: Context, values: Values, *, force: bool) -> party.Added:
        """Add a record from what was typed."""
        raw: dict[str, Any] = {key: values[key] for key in values if key not in SEVERAL}
        raw |= in_lists({name: values[key] for key, name in SEVERAL.items() if key != "tags"})
        raw["tags"] = party.read_words(values["tags"])
        added: party.Added = self.SERVICE.add(crm, [raw], force=force)
        return added

    def set_values(
        self, crm: Context, ids: Sequence[int], text: str, *, force: bool = False
    ) -> bulk.Moved:
        """Set what `key=value` says; with `force` even if it makes somebody known of it."""
        own, custom = party.parse_set([text], self.FIELDS)
        edit = self.SERVICE.edit(crm, own, {}, custom, [])
        moved: bulk.Moved = self.SERVICE.save(crm, ids, edit, force=force)
        return moved

    def unmark(self) -> None:
        """Take all marks off."""
        self.table.marks = set()
        self.table.refresh()
        self.say_list()


class ContactsScreen(PartyScreen):
    """People."""

    AREA = "contacts"
    NOUN = "contact"
    NOUNS = ("contact", "org", "task", "interaction")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("contacts")]
    TITLE_TEXT = mark("Contacts")
    NEW = mark("New contact")
    SERVICE: ClassVar[Any] = contact
    FIELDS: ClassVar[Sequence[str]] = contact_rules.FIELDS
    SETTABLE: ClassVar[Mapping[str, Sequence[str]]] = {
        "stage": contact_rules.STAGES,
        "owner": ("me",),
        "language": (),
        "cadence": (),
        "note": (),
    }
    EMPTY = mark("""\
Nobody is here yet.

n  adds a person
i  brings in the file you have: Google, LinkedIn, any CSV""")

    def new_fields(self) -> list[Field]:
        """Give what is asked of a new person."""
        return [
            Field("name", tr("Name"), hint="Ana Novak"),
            Field("email", tr("E-mail"), hint="ana@acme.si"),
            Field("phone", tr("Phone"), hint="040 123 456"),
            Field("org", tr("Org"), hint="Acme"),
            Field("title", tr("Title"), hint="CEO"),
            Field("tags", tr("Tags"), hint="vip fair"),
        ]


class OrgsScreen(PartyScreen):
    """Organizations."""

    AREA = "orgs"
    NOUN = "org"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("orgs")]
    TITLE_TEXT = mark("Organizations")
    NEW = mark("New organization")
    SERVICE: ClassVar[Any] = org
    FIELDS: ClassVar[Sequence[str]] = (*org_rules.FIELDS, "owner")
    SETTABLE: ClassVar[Mapping[str, Sequence[str]]] = {
        "kind": org_rules.KINDS,
        "industry": (),
        "owner": ("me",),
        "note": (),
    }
    EMPTY = mark("""\
There is no organization yet.

n  adds one
i  brings in the file you have""")

    def new_fields(self) -> list[Field]:
        """Give what is asked of a new org."""
        return [
            Field("name", tr("Name"), hint="Acme d.o.o."),
            Field("kind", tr("Kind"), hint=", ".join(org_rules.KINDS[:3]), words=org_rules.KINDS),
            Field("domain", tr("Domain"), hint="acme.si"),
            Field("email", tr("E-mail"), hint="info@acme.si"),
            Field("phone", tr("Phone"), hint="01 234 56 78"),
            Field("tags", tr("Tags"), hint="vip fair"),
        ]


def initials(words: Sequence[str]) -> list[str]:
    """Give each word a key of its own: one of its initials, else one of its letters."""
    found: list[str] = []
    for word in words:
        letters = [part[0] for part in word.split("_") if part] + list(word) + list(KEYS)
        found.append(next(one for one in letters if one in KEYS and one not in found))
    return found


def in_lists(texts: dict[str, str]) -> dict[str, list[str]]:
    """Give each text that is not empty as a list of one."""
    return {key: [text] for key, text in texts.items() if text}


def split_names(text: str) -> tuple[str, ...]:
    """Give the names in `name, email`."""
    return tuple(filter(None, map(str.strip, text.split(","))))
