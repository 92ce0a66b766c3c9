"""What every command gets: configuration, clock, store and output of this run, and the prompts."""

import os
import sys
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from crmcli import i18n
from crmcli.clock import Clock
from crmcli.config import Config, command_words
from crmcli.errors import ConflictError, CrmError, NotFoundError, UsageError
from crmcli.i18n import tr
from crmcli.render import Output
from crmcli.text import mask_with, masker, safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmcli.dates import When
    from crmcli.mask import Masker
    from crmcli.store.search import Key
    from crmcli.store.unit import Done, Store, Unit

T = TypeVar("T")
Settings = dict[str, str]


class Context:
    """One run of a command. The store opens on first use.

    Args:
        settings: the global and output options of the command line, by name.
        outer: the run of the whole command line, whose settings these go on from.
    """

    def __init__(self, settings: Settings, outer: "Context | None" = None) -> None:
        self.settings: Settings = {**outer.settings, **settings} if outer else settings
        flags: Settings = {k: v for k, v in self.settings.items() if k in ("db", "color")}
        self.config: Config = outer.config.with_flags(flags) if outer else Config(flags)
        if outer is None:
            self._speak()
        if outer is None or settings:  # the runs inside the full screen leave it as it is
            is_wanted = self.settings.get("mask") or os.environ.get("CRM_MASK")
            mask_with(self.masker() if is_wanted else None)
        self._edited: str | None = None  # the file of a text from the editor, until it is saved

    def _speak(self) -> None:
        """Choose the language of messages; a configuration that cannot be read is told of later."""
        try:
            language = self.config.get("language")
        except CrmError:
            language = None
        i18n.use(language or "")

    def masker(self) -> "Masker":
        """Give what masks the names of this database, for `text.mask_with`.

        What is written and what is read stay as they are.
        """
        from crmcli.mask import Masker

        sign = "*" if self.settings.get("ascii") else "•"
        return Masker(self._own_words, self._names_among, sign)

    def _own_words(self) -> set[str]:
        """Give the words of the program: its messages, and what it stores."""
        from crmcli.mask import words_said
        from crmcli.store.names import stored_words

        return words_said() | stored_words()

    def _names_among(self, words: Collection[str]) -> set[str]:
        """Give those of some words that are names; a database that fails has shown none."""
        from contextlib import closing
        from sqlite3 import Error

        from crmcli.store import db
        from crmcli.store.names import names_among

        try:  # a connection of its own: an error is told when the store is closed
            with closing(db.connect_reader(self.config.database())) as conn:
                return names_among(conn, words)
        except (CrmError, Error):
            return set()

    @cached_property
    def clock(self) -> Clock:
        """The clock in the configured zone."""
        return Clock.from_env(self.config.get("timezone"))

    @cached_property
    def out(self) -> Output:
        """The output of this command."""
        return Output(self.clock, self.settings, self.config.get("color") or "auto")

    @cached_property
    def store(self) -> "Store":
        """The database of this run."""
        from crmcli.config import warn
        from crmcli.store.unit import Store

        warn(self.config)
        return Store(self.config.database(), self.clock, self.config.actor())

    @property
    def region(self) -> str | None:
        """How telephone numbers without + are read."""
        region = self.config.get("phone_region")
        return region.upper() if region else None

    @property
    def currency(self) -> str | None:
        """The currency of amounts that name none."""
        currency = self.config.get("currency")
        return currency.upper() if currency else None

    @property
    def dates(self) -> dict[str, Any]:
        """The options of the date grammar: date_order and week_start.

        The calendar is looked at too, so that one that cannot be shown stops a command before
        it has written anything.
        """
        self.config.get("calendar")
        start = 6 if self.config.get("week_start") == "sunday" else 0
        return {"date_order": self.config.get("date_order"), "week_start": start}

    def describe(self, when: "When") -> str:
        """Say a date as it was understood, in the configured calendar."""
        from crmcli.dates import describe

        return describe(when, self.clock.today(), self.config.get("calendar") or "gregorian")

    def days(self, key: str) -> int:
        """Give a number of days of the configuration, such as `reply_days`."""
        return int(self.config.get(key) or 0)

    @property
    def is_interactive(self) -> bool:
        """Tell whether a person can be asked: terminals on both sides and no --no-input."""
        forbidden = self.settings.get("no_input") or os.environ.get("CRM_NO_INPUT")
        return not forbidden and sys.stdin.isatty() and sys.stderr.isatty()

    def owner(self, name: str | None) -> str | None:
        """Give the owner's name that `me` or a name means."""
        return self.config.actor() if name == "me" else name

    def write(self, command: str, fn: "Callable[[Unit], T]", **options: Any) -> "Done[T]":
        """Run one unit of work; see `Store.write`."""
        done = self.store.write(command, fn, **options)
        if mask := masker():
            mask.forget()
        return done

    def finish(self, error: CrmError | None = None) -> None:
        """End the run: an edited text that was not saved stays in its file, and that is said."""
        if self._edited and error:
            kept = tr("your text is kept in {path}", path=self._edited)
            error.hint = f"{error.hint}; {kept}".lstrip("; ")
            self._edited = None
        self.drop_edited()
        if "store" in self.__dict__:
            self.store.close()

    def drop_edited(self) -> None:
        """Remove the file of an edited text: it was saved."""
        if self._edited:
            os.unlink(self._edited)
        self._edited = None

    def resolve(
        self, text: str, nouns: Sequence[str], *, strict: bool = False, trash: bool = False
    ) -> "Key":
        """Give the one record a reference means.

        Args:
            text: the reference as typed.
            nouns: what it may be, the most likely first.
            strict: no beginnings of words, even at a terminal (rm).
            trash: also accept what is in the trash.

        Raises:
            NotFoundError: nothing matches.
            ConflictError: several do, and nobody can be asked.
        """
        from crmcli.store.search import resolve

        prefix = self.is_interactive and not strict
        keys = resolve(self.store.reader, text, nouns, prefix=prefix, trash=trash)
        if not keys:
            message = tr("nothing matches {text!r}", text=text)
            if len(nouns) < 3:
                names = tr(" or ").join(map(tr, nouns))
                message = tr("no {names} matches {text!r}", names=names, text=text)
            raise NotFoundError(message, self._hint(text, nouns))
        return keys[0] if len(keys) == 1 else self._pick(text, keys, ask=prefix)

    def _hint(self, text: str, nouns: Sequence[str]) -> str:
        """Say who may have been meant; nobody is taken for them."""
        from crmcli.store.contact import get_contacts
        from crmcli.store.org import get_orgs
        from crmcli.store.search import nearest

        keys = nearest(self.store.reader, text, nouns)
        getters: dict[str, Callable[..., Any]] = {"contact": get_contacts, "org": get_orgs}
        records = [getters[noun](self.store.reader, [id])[0].json() for noun, id in keys]
        named = tr(" or ").join(f"{record['name']} ({record['id']})" for record in records)
        return (
            tr("did you mean {name}?", name=named)
            if named
            else tr("`crm find {text}` looks wider", text=text)
        )

    def references(self, texts: Sequence[str]) -> list[str]:
        """Give references as typed; `-` stands for those on stdin, one a line."""
        found: list[str] = []
        for text in texts:
            found += self.stdin_lines() if text == "-" else [text]
        return found

    def stdin_lines(self) -> list[str]:
        """Give the non-empty lines of stdin, the first column of each."""
        return [line.split("\t")[0].strip() for line in self.stdin().splitlines() if line.strip()]

    def stdin(self) -> str:
        """Give what stdin holds, as UTF-8."""
        raw = sys.stdin.buffer.read()
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(
                tr("stdin is not UTF-8"), tr("convert it first, for example with iconv")
            ) from None

    def confirm(self, question: str, option: str = "--yes") -> None:
        """Ask before something large; `--yes` answers it.

        Raises:
            UsageError: nobody can be asked, or the answer is no.
        """
        if self.settings.get("yes"):
            return
        if not self.is_interactive:
            raise UsageError(
                tr("{question} Needs an answer", question=question),
                tr("add {option}", option=option),
            )
        choice = tr("[y/N]")
        if self.ask(f"{question} {choice} ").strip().casefold() not in _yes():
            raise UsageError(tr("nothing was changed"))

    def ask(self, question: str) -> str:
        """Ask the person at the terminal for one line; end of input is an empty answer."""
        sys.stderr.write(safe(question, multiline=True))
        sys.stderr.flush()
        return sys.stdin.readline()

    def edit(self, text: str = "") -> str:
        """Let the person write a long text in `$EDITOR`; an error never loses it.

        Raises:
            UsageError: there is no terminal, or no editor that works.
        """
        import subprocess
        import tempfile

        if not (sys.stdin.isatty() and self.is_interactive):
            raise UsageError(
                tr("an editor needs a terminal"), tr("give the text as arguments or with -")
            )
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        handle, path = tempfile.mkstemp(prefix="crm-", suffix=".md")
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            ended = subprocess.run([*command_words(editor, "EDITOR"), path]).returncode
        except OSError as error:
            raise UsageError(
                tr("cannot run {editor!r}: {reason}", editor=editor, reason=error.strerror),
                tr("set EDITOR"),
            ) from None
        if ended:
            raise UsageError(
                tr("{editor} ended with {ended}", editor=editor, ended=ended),
                tr("your text is kept in {path}", path=path),
            )
        with open(path, encoding="utf-8", errors="replace") as file:
            written = file.read()
        self._edited = path
        return written

    def _pick(self, text: str, keys: "list[Key]", *, ask: bool) -> "Key":
        """Choose among candidates: a list at a terminal, exit 4 elsewhere."""
        from crmcli.store.contact import get_contacts
        from crmcli.store.org import get_orgs
        from crmcli.store.search import reference

        reader = self.store.reader
        people = get_contacts(reader, [id for noun, id in keys if noun == "contact"])
        people.sort(key=lambda contact: contact.last_touch_at or "", reverse=True)
        lines = [
            (
                ("contact", contact.id),
                f"{contact.handle}  {contact.name}" + (f", {contact.org}" if contact.org else ""),
            )
            for contact in people
        ]
        orgs = get_orgs(reader, [id for noun, id in keys if noun == "org"])
        lines += [(("org", org.id), f"{org.handle}  {org.name}") for org in orgs]
        shown = [f"{reference(key)} {label}" for key, label in lines]
        if not ask:
            raise ConflictError(
                tr("{text!r} is ambiguous: {shown}", text=text, shown="; ".join(shown[:5])),
                tr("use the id or the handle"),
            )
        for number, line in enumerate(shown, 1):
            self.out.say(f"{number:3}  {line}")
        answer = self.ask(tr("Which one? ")).strip()
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(lines):
            return lines[int(answer) - 1][0]
        raise UsageError(tr("nothing was chosen"))


def _yes() -> tuple[str, ...]:
    """Give the answers that mean yes, in English and in the user's language."""
    return ("y", "yes", *tr("y yes").split())
