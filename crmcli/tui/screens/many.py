"""What can be done with several people or orgs at once: each one group that one undo takes back."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.rules.field import Fields
from crmcli.service import bulk, page, party, task
from crmcli.service import filter as filters
from crmcli.service.record import own_fields
from crmcli.tui.acts import checked_step, fetch, save
from crmcli.tui.modals.form import Field, Form, LastWord, Values
from crmcli.tui.screens.beside import Beside

Act = Callable[[Context, Sequence[int], str], str]  # does something to records, and says what
EXPORTS = ("csv", "json", "jsonl", "tsv", "md", "vcf")


class Many(Beside):
    """A screen of people or orgs, with acts on who is marked, else on whom the cursor stands on."""

    NOUN: ClassVar[str] = ""
    SETTABLE: ClassVar[Mapping[str, Sequence[str]]] = {}  # fields for several, with their words

    def ids(self) -> list[int]:
        """Give the ids of who is marked, else of whom the cursor stands on."""
        raise NotImplementedError

    def unmark(self) -> None:
        """Take all marks off."""
        raise NotImplementedError

    def counted(self, count: int) -> str:
        """Say how many there are."""
        if self.NOUN == "org":
            return trn("{count} organization", "{count} organizations", count)
        return trn("{count} contact", "{count} contacts", count)

    def set_values(
        self, crm: Context, ids: Sequence[int], text: str, *, force: bool = False
    ) -> bulk.Moved:
        """Set what `key=value` says; with `force` even if it makes somebody known of it."""
        raise NotImplementedError

    def action_tag(self) -> None:
        """Put tags on, and take others off."""
        fetch(self, lambda crm: filters.tag_names(crm), self._ask_tags)

    def _ask_tags(self, names: Sequence[str]) -> None:
        words = [f"{sign}{party.quoted(name)}" for sign in ("+", "-", "") for name in names]
        known = LastWord(words)
        field = Field("tags", tr("Tags"), hint="+vip -old", check=said_tags, suggester=known)
        self._ask_all(tr("Tags"), field, self._tag)

    def _tag(self, crm: Context, ids: Sequence[int], text: str) -> str:
        done = bulk.tag(crm, self.NOUN, ids, *read_tags(text))
        return tr("Tagged {records}; u undoes", records=self.counted(done.count))

    def action_task_each(self) -> None:
        """Add the same task for each."""
        check = partial(checked_step, self.crm_app.crm)
        field = Field("step", tr("Task"), hint=tr("tue send offer"), check=check)
        self._ask_all(tr("A task for each"), field, self._add_tasks)

    def _add_tasks(self, crm: Context, ids: Sequence[int], text: str) -> str:
        done = task.add_steps(crm, [(self.NOUN, id) for id in ids], text)
        told = trn("Added {count} task; u undoes", "Added {count} tasks; u undoes", done.count)
        return f"{told}\n{done.said}"

    def action_set_field(self) -> None:
        """Set a field."""
        fetch(self, lambda crm: own_fields(crm, self.NOUN), self._ask_value)

    def _ask_value(self, own: Fields) -> None:
        known = {**self.SETTABLE, **{one.key: one.choices for one in own.definitions.values()}}
        words = [f"{key}={word}" for key, some in known.items() for word in some or ("",)]
        field = Field("value", tr("Field"), hint="owner=me", suggester=LastWord(words, "\n"))
        names = " ".join(f"{key}=" for key in known)
        note = tr("One of: {names}; an empty value empties it", names=names)
        insist = partial(self._set, force=True)
        self._ask_all(tr("Set a field"), field, self._set, note=note, insist=insist)

    def _set(self, crm: Context, ids: Sequence[int], text: str, *, force: bool = False) -> str:
        done = self.set_values(crm, ids, text, force=force)
        return tr("Changed {records}; u undoes", records=self.counted(done.count))

    def action_trash(self) -> None:
        """Move records to the trash."""
        keys = self.people()
        if not keys:
            return
        self.leave_row()
        save(
            self,
            lambda crm: bulk.remove(crm, self.NOUN, keys).count,
            lambda count: tr("Moved {records} to the trash; u undoes", records=self.counted(count)),
        )

    def action_merge(self) -> None:
        """Show the two marked side by side, to make one of them."""
        ids = self.ids()
        if len(ids) != 2:
            self.crm_app.say(tr("Mark the two that are one with space first"))
            return
        from crmcli.tui.screens.merge import MergeScreen

        screen = MergeScreen(self.NOUN, ids[0], ids[1])
        self.app.push_screen(screen, lambda _: self.unmark() if screen.is_done else None)

    def action_export(self) -> None:
        """Write records to a file."""
        hint = tr("{names} by the end of its name", names=", ".join(EXPORTS))
        field = Field("path", tr("File"), f"{self.NOUN}s.csv", hint=hint, check=said_path)
        self._ask_all(tr("Export"), field, self._export)

    def _export(self, crm: Context, ids: Sequence[int], text: str) -> str:
        from crmcli.service import export
        from crmcli.text import masker

        path = full_path(text)
        records = page.all_records(crm, self.NOUN, ids, export.exported)
        form = export.format_of(path, formats=EXPORTS)
        if form in export.FORMATS:
            export.check(self.NOUN, form, path)
        count = export.write(crm, self.NOUN, records, path, form)
        said = tr("Wrote {records}: {path}", records=self.counted(count), path=text)
        hidden = tr("Masked: names and amounts in it are not the real ones") if masker() else ""
        return "\n".join(filter(None, (said, hidden)))

    def _ask_all(
        self,
        title: str,
        field: Field,
        act: Act,
        note: str = "",
        insist: Act | None = None,
    ) -> None:
        """Ask for one text, and do something with it to who is marked or under the cursor."""
        ids = self.ids()
        if not ids:
            return
        title = f"{title}: {self.counted(len(ids))}"

        def on_all(act: Act) -> Callable[[Context, Values], str]:
            return lambda crm, values: act(crm, ids, values[field.name])

        again = on_all(insist) if insist else None
        form = Form(title, [field], on_all(act), note=note, insist=again)
        self.app.push_screen(form, self._acted)

    def _acted(self, said: str | None) -> None:
        if said is not None:
            self.unmark()
            self.crm_app.say(said)


def read_tags(text: str) -> tuple[list[str], list[str]]:
    """Give the tags to put on and to take off.

    Raises:
        InvalidError: there is none.
    """
    return party.signed_tags(party.read_words(text))


def said_tags(text: str) -> str:
    """Say how tags are understood."""
    on, off = read_tags(text)
    put = tr("puts on {names}", names=" ".join(f"+{name}" for name in on)) if on else ""
    taken = tr("takes off {names}", names=" ".join(f"+{name}" for name in off)) if off else ""
    return "; ".join(filter(None, (put, taken)))


def full_path(text: str) -> str:
    """Give a path with ~ filled in."""
    from os.path import expanduser

    return expanduser(text.strip())


def said_path(text: str) -> str:
    """Say what will be written where."""
    from os.path import lexists

    from crmcli.service.export import format_of

    path = full_path(text)
    form = format_of(path, formats=EXPORTS).upper()
    return tr("{format}; replaces the file there", format=form) if lexists(path) else form
