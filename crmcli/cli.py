"""The table of commands, loaded one at a time; the options every command takes; errors to codes."""

import importlib
import sqlite3
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import takewhile
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from crmcli.context import Context, Settings
from crmcli.errors import INTERRUPT, ClosedPipe, CrmError, OutputError, UsageError
from crmcli.fast import Light
from crmcli.help import Translated
from crmcli.i18n import tr
from crmcli.render import report_error
from crmcli.store.db import storage_error

# name -> module and help line. The module is imported when its command runs.
COMMANDS = {
    "tui": ("tui", "The full screen: the daily round with the keyboard."),
    "today": ("today", "What to do today: overdue, today, tomorrow, dates."),
    "due": ("due", "What is due, for cron; silent when nothing is."),
    "log": ("log", "Log a call, mail, meeting or note, and the next step."),
    "remind": ("remind", "Set a follow-up: crm remind REF WHEN TEXT."),
    "brief": ("brief", "One page before a meeting; --today for all of today's."),
    "attach": ("attach", "Files on a record: attach, list, get, rm."),
    "done": ("done", "Complete a task; contact with someone is logged."),
    "snooze": ("snooze", "Hide a task until a day; its due date stays."),
    "show": ("show", "Show one record: a contact's card, an org, a task."),
    "find": ("find", "Find anything: names, numbers, words in notes."),
    "capture": ("capture", "Propose a contact from a signature, a mail or a card."),
    "lookup": ("lookup", "Show who calls, by any part of the number."),
    "query": ("query", "Addresses for mail clients, as they ask while one types."),
    "contact": ("contact", "People: add, list, show, edit, rm, merge, cadence, bump."),
    "lead": ("lead", "Leads: add, list, show, qualify, disqualify, sweep."),
    "score": ("score", "How promising somebody is, by your own rules; explained."),
    "source": ("source", "Where people and deals come from, and what that cost."),
    "deal": ("deal", "Deals: add, list, show, edit, move, win, lose, contact, line."),
    "pipeline": ("pipeline", "The board; pipelines and their stages."),
    "reason": ("reason", "Why deals are lost and leads not qualified: list, add, rm."),
    "cadence": ("cadence", "How often to be in touch, by tag or for everyone."),
    "radar": ("radar", "Who waits for your answer; who never answered you."),
    "dormant": ("dormant", "Who fell silent."),
    "catchup": ("catchup", "Spread a holiday's backlog over the coming days."),
    "org": ("org", "Organizations: add, list, show, edit, rm, merge."),
    "merge": ("merge", "Two people, or two orgs, that are one: crm merge A B."),
    "tag": ("tag", "Tags: list, add, rm, rename, merge, drop."),
    "dedupe": ("dedupe", "Find who is there twice; merge, or keep separate."),
    "field": ("field", "Own fields with types: add, list, check, edit, rm."),
    "relation": ("relation", "Words for relations between people."),
    "task": ("task", "Tasks: add, list, edit, done, snooze, reschedule, skip, end."),
    "forecast": ("forecast", "What open deals are likely to bring, beside what is won."),
    "report": ("report", "Reports with charts: sales, funnel, leads, goals, activity …"),
    "goal": ("goal", "Goals: set, list, rm; `crm report goals` measures them."),
    "rate": ("rate", "Rates between currencies: set, list, rm."),
    "import": ("import_", "Bring in CSV, vCard, mail …; nothing lost or doubled."),
    "export": ("export", "Write contacts, orgs, deals, tasks or interactions out."),
    "dump": ("dump", "Write everything as sorted JSON lines, for git and diff."),
    "load": ("load", "Bring a dump into an empty database, with every id."),
    "sync": ("sync", "Folders of vCards in step, both ways: vdir, list."),
    "view": ("view", "Saved filters: save, list, show, rm; @name inside others."),
    "sql": ("sql", "Ask the database in SQL, reading only; the views v_… are stable."),
    "explain": ("explain", "Say what a filter means, and how many it selects."),
    "undo": ("undo", "Take back your last change, or a given one."),
    "redo": ("redo", "Do again what was undone last."),
    "history": ("history", "Who changed what, and when."),
    "trash": ("trash", "List and restore what was removed."),
    "backup": ("backup", "Make, list, verify and restore backups."),
    "doctor": ("doctor", "Check the database; --fix mends what can be mended."),
    "config": ("config", "Read and change the configuration."),
    "path": ("path", "Show where database, configuration and backups lie."),
    "timer": ("timer", "Show a crontab line and a systemd timer for reminders."),
    "completion": ("completion", "Print the completion script of your shell."),
}

# Accepted before the noun and after the verb; the number of values each takes.
GLOBAL_OPTIONS = {
    "--db": ("db", 1, "PATH", "use this database"),
    "--color": ("color", 1, "WHEN", "always, never or auto"),
    "--no-input": ("no_input", 0, "", "never ask; fail instead"),
    "--yes": ("yes", 0, "", "answer yes to questions"),
    "-y": ("yes", 0, "", ""),
    "--mask": ("mask", 0, "", "fake names and blurred amounts, for sharing the screen"),
    "--debug": ("debug", 0, "", "on a fault of ours, write the traceback to a log"),
}
JSON_OPTION = {"--json": ("format=json", 0, "", "structured output; errors too")}
OUTPUT_OPTIONS = {
    "--format": ("format", 1, "FORMAT", "table, tsv, csv, json, jsonl, ids or md"),
    "-f": ("format", 1, "", ""),
    **JSON_OPTION,
    "--csv": ("format=csv", 0, "", "CSV with a header"),
    "--fields": ("fields", 1, "NAMES", "columns, separated by commas"),
    "--output": ("output", 1, "FILE", "write to FILE instead of stdout"),
    "-o": ("output", 1, "", ""),
    "--header": ("header=yes", 0, "", "with a header line (TSV)"),
    "--no-header": ("header=no", 0, "", "without the header line"),
    "--ascii": ("ascii", 0, "", "draw with signs of ASCII only"),
}
# File names may hold any byte; every other argument is text.
FILE_COMMANDS = ("import", "export", "dump", "load", "verify", "restore", "vdir")
Options = dict[str, tuple[str, int, str, str]]


def take_options(args: Sequence[str], options: Options) -> tuple[Settings, list[str]]:
    """Split the options named in `options` from the other arguments, up to `--`.

    Raises:
        UsageError: a value is missing.
    """
    settings: Settings = {}
    rest: list[str] = []
    queue = list(args)
    while queue:
        arg = queue.pop(0)
        if arg == "--":
            rest += [arg, *queue]
            break
        name, equals, value = arg.partition("=") if arg.startswith("--") else (arg, "", "")
        if name not in options:
            rest.append(arg)
            continue
        key, values, _, _ = options[name]
        if not values:
            key, _, value = key.partition("=")
            settings[key] = value or "yes"
        elif equals or queue:
            settings[key] = value if equals else queue.pop(0)
        else:
            raise UsageError(tr("{name} needs a value", name=name))
    return settings, rest


class CrmCommand(Light, Translated, TyperCommand):
    """A command: it also takes the global options, and lists its examples in its help."""

    own_options: Options = JSON_OPTION
    takes_files = False  # as FILE_COMMANDS, of a verb whose name others have too

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the global options out, then parse what is the command's own."""
        if not self.takes_files and self.name not in FILE_COMMANDS:
            _refuse_broken_text(args)
        settings, rest = take_options(args, {**GLOBAL_OPTIONS, **self.own_options})
        ctx.obj = Context(settings, ctx.obj if isinstance(ctx.obj, Context) else None)
        return super().parse_args(ctx, rest)

    def invoke(self, ctx: Any) -> Any:
        """Run; whatever goes wrong, a text from the editor is not lost."""
        try:
            result = super().invoke(ctx)
        except CrmError as error:
            ctx.obj.finish(error)
            raise
        except sqlite3.Error as error:
            raise storage_error(error, ctx.obj.config.database()) from None
        ctx.obj.finish()
        return result

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the shared options and the examples as they stand."""
        if self.own_options is OUTPUT_OPTIONS:
            write_options(formatter, "Output", OUTPUT_OPTIONS)
        else:
            write_options(formatter, "Output", JSON_OPTION)
        write_examples(formatter, self.epilog)


class ListCommand(CrmCommand):
    """A command that reads: it takes the output options too."""

    own_options = OUTPUT_OPTIONS


class TextCommand(CrmCommand):
    """A command whose last words are free text: an unknown option with a space in it is text."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Shield `"-50% discount"` from being read as options."""
        known = [name for param in self.params for name in (*param.opts, *param.secondary_opts)]
        shielded, after = [], False
        for arg in args:
            after = after or arg == "--"
            is_text = not after and self.is_text(arg)
            head = arg.partition("=")[0] if arg.startswith("--") else arg[:2]
            shielded.append(SHIELD + arg if is_text and not _takes(head, arg, known) else arg)
        try:
            return super().parse_args(ctx, shielded)
        finally:
            ctx.params = {key: _unshield(value) for key, value in ctx.params.items()}

    def is_text(self, arg: str) -> bool:
        """Tell whether an argument that no option takes is text."""
        return arg.startswith("-") and " " in arg


SHIELD = "\x00"


def _takes(head: str, arg: str, known: list[str]) -> bool:
    """Tell whether `arg` is a known option with its value attached, such as `--next=fri call`."""
    return head in known and (head.startswith("--") and "=" in arg)


def _unshield(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_unshield(item) for item in value)
    return value.removeprefix(SHIELD) if isinstance(value, str) else value


class NounGroup(Light, Translated, TyperGroup):
    """A noun: bare, or with options only, it lists."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` where no verb is given."""
        helped = {"-h", "--help"} & set(args)
        if not helped and (not args or args[0].startswith("-")):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples as they stand."""
        write_examples(formatter, self.epilog)


class RootGroup(Light, Translated, TyperGroup):
    """`crm`: loads one command, and turns every error into its message and exit code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands = {
            name: CrmCommand(name, help=line, callback=_nothing)
            for name, (_, line) in COMMANDS.items()
        }

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the global options that stand before the noun; bare `crm` is `crm today`."""
        head, rest = _until_command(args)
        first: Settings = {"mask": "yes"} if _wants_mask(args) else {}
        ctx.obj = Context(first)  # so that every error comes in the user's language, and masked
        settings, head = take_options(head, {**GLOBAL_OPTIONS, **JSON_OPTION})
        ctx.obj = Context(settings, ctx.obj)
        return super().parse_args(ctx, [*head, *rest] or ["today"])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command's module; names and typing hints come from the table."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else command, rest

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the global options."""
        write_options(formatter, "Everywhere", GLOBAL_OPTIONS)
        write_examples(formatter, self.epilog)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run; every error ends here, with its message on stderr and its exit code."""
        arguments = list((args[0] if args else extra.pop("args", None)) or sys.argv[1:])
        run = partial(super().main, arguments, **{**extra, "standalone_mode": False})
        raise SystemExit(_guarded(run, arguments))


def _refuse_broken_text(args: Sequence[str]) -> None:
    """Refuse bytes that are no UTF-8: they could not be stored as they are."""
    for arg in args:
        if not arg.isascii() and any("\ud800" <= char <= "\udfff" for char in arg):
            raise UsageError(tr("{arg!r} is not valid text", arg=arg), tr("it must be UTF-8"))


def load(name: str) -> Any:
    """Import the module of a command and give its Typer command or group."""
    module = importlib.import_module(f"crmcli.commands.{COMMANDS[name][0]}")
    command = typer.main.get_command(module.app)
    command.name = name
    return command


def make_app(**settings: Any) -> typer.Typer:
    """Give a Typer app with the settings every group shares."""
    return typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        **settings,
    )


def noun_app(help: str, examples: str) -> typer.Typer:
    """Give the Typer app of a noun with its verbs."""
    return make_app(cls=NounGroup, help=help, epilog=examples, no_args_is_help=False)


def verb_app() -> typer.Typer:
    """Give the Typer app of a single verb."""
    return make_app()


def write_options(formatter: Any, title: str, options: Options) -> None:
    """Write a help section of shared options."""
    rows = []
    for name, (key, _, value, line) in options.items():
        if line:
            short = [o for o, row in options.items() if row[0] == key and not row[3]]
            rows.append((" ".join([", ".join([*short, name]), value]).strip(), line))
    with formatter.section(title):
        formatter.write_dl(rows)


def write_examples(formatter: Any, examples: str | None) -> None:
    """Write the examples of a help page, one a line, as they are typed."""
    if not examples:
        return
    with formatter.section("Examples"):
        for line in examples.strip().splitlines():
            formatter.write(f"  {line.strip()}\n")


def _nothing() -> None:
    """Stand in for a command that is not loaded yet."""


def _until_command(args: list[str]) -> tuple[list[str], list[str]]:
    """Split the arguments before the first word that is neither a global option nor its value."""
    position = 0
    while position < len(args) and args[position].startswith("-"):
        takes_value = GLOBAL_OPTIONS.get(args[position], ("", 0))[1]
        position += 1 + takes_value
    return args[:position], args[position:]


def _guarded(run: Callable[[], Any], args: list[str]) -> int:
    """Run and give the exit code; the one place where errors become messages."""
    from typer._click.exceptions import ClickException

    as_json = _wants_json(args)
    try:
        result = run()
    except ClosedPipe as error:
        return error.code
    except CrmError as error:
        report_error(error.message, error.hint, error.code, as_json=as_json, detail=error.detail)
        return error.code
    except ClickException as error:
        hint = _usage_hint(error)
        report_error(_usage_message(error), hint, UsageError.code, as_json=as_json)
        return UsageError.code
    except KeyboardInterrupt:
        result = INTERRUPT
    except typer.Exit as end:
        return end.exit_code
    except UnicodeEncodeError:
        report_error(
            tr("an argument is not valid text"),
            tr("it must be UTF-8"),
            UsageError.code,
            as_json=as_json,
        )
        return UsageError.code
    except OSError as error:  # from Typer's own help
        report_error(
            tr("cannot write output: {reason}", reason=error.strerror),
            "",
            OutputError.code,
            as_json=as_json,
        )
        return OutputError.code
    except SystemExit:  # Typer's way of saying that the reader of the pipe is gone
        return ClosedPipe.code
    except Exception as error:
        return report_fault(error, "--debug" in args, as_json)
    if result == INTERRUPT:  # also what Typer makes of Ctrl-C
        hint = tr("what was not reported as saved is not saved")
        report_error(tr("interrupted"), hint, INTERRUPT, as_json=as_json)
    return result if isinstance(result, int) else 0


def _wants_mask(args: list[str]) -> bool:
    """Tell whether `--mask` stands anywhere: an error before the command hides names too."""
    return "--mask" in takewhile(lambda arg: arg != "--", args)


def _wants_json(args: list[str]) -> bool:
    """Tell whether structured output was asked for, so that errors come as JSON too."""
    try:
        settings, _ = take_options(args, OUTPUT_OPTIONS)
    except UsageError:
        return False
    return settings.get("format") in ("json", "jsonl")


def _usage_message(error: Any) -> str:
    """Give what Typer found wrong; the usual mistakes in the user's language."""
    from typer._click.exceptions import BadParameter, MissingParameter, NoSuchOption

    if isinstance(error, NoSuchOption):
        return tr("No such option: {name}", name=error.option_name)
    if isinstance(error, MissingParameter) and error.param is not None:
        name = error.param.get_error_hint()
        if error.param.param_type_name == "argument":
            return tr("Missing argument {name}.", name=name)
        return tr("Missing option {name}.", name=name)
    if isinstance(error, BadParameter) and error.param is not None:
        name = error.param.get_error_hint()
        return tr("Invalid value for {name}: {reason}", name=name, reason=error.message)
    message: str = error.format_message()
    _, found, name = message.partition("No such command ")
    return tr("No such command {name}.", name=name.rstrip(".")) if found else message


def _usage_hint(error: Any) -> str:
    ctx = getattr(error, "ctx", None)
    if ctx is None:
        return ""
    option = getattr(error, "option_name", None)
    near = get_close_matches(option or "", _option_names(ctx.command), 1)
    hints = [tr("did you mean {name}?", name=near[0])] if near else []
    if option and isinstance(ctx.command, TextCommand):
        hints.append(tr("put -- before text that begins with -"))
    if hints:
        return tr(" or ").join(hints)
    return tr("`{command} --help` shows how it is used", command=ctx.command_path)


def _option_names(command: Any) -> list[str]:
    own = [name for param in command.params for name in param.opts]
    return [*own, *getattr(command, "own_options", ()), *GLOBAL_OPTIONS]


def report_fault(error: Exception, debug: bool, as_json: bool) -> int:
    """Report a fault of ours in two lines; `--debug` writes the traceback, without values."""
    hint = tr("run it again with --debug and report what the log says")
    if debug:
        import os
        import traceback

        from crmcli import config
        from crmcli.files import write_file

        os.makedirs(config.state_dir(), mode=0o700, exist_ok=True)
        path = os.path.join(config.state_dir(), "debug.log")
        frames = "".join(traceback.format_tb(error.__traceback__))
        write_file(path, f"{frames}{type(error).__name__}\n".encode())
        hint = tr("the traceback is in {path}", path=path)
    report_error(
        tr("a fault of ours: {name}", name=type(error).__name__),
        hint,
        CrmError.code,
        as_json=as_json,
    )
    return CrmError.code


def _show_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        sys.stdout.write(f"crm {version('crmcli')}\n")
        raise typer.Exit


app = make_app(
    cls=RootGroup,
    help="A customer-relationship manager for the terminal. Bare `crm` shows today.",
    epilog="crm today\ncrm contact add 'Ana Novak' -e ana@acme.si --org Acme",
)


@app.callback(invoke_without_command=False)
def root(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Serve as the root of all commands; its work is done in RootGroup."""


command = typer.main.get_command(app)
