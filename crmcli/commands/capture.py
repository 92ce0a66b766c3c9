"""`crm capture`: a signature, a header, a mail or a card becomes a contact."""

import json
from typing import Any

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr
from crmcli.render import text_of
from crmcli.rules.signature import Proposal
from crmcli.service import capture as service
from crmcli.service.record import Record
from crmcli.text import safe

SAID = {
    "added": mark("Added"),
    "filled": mark("Filled what was missing of"),
    "unchanged": mark("Unchanged"),
}

app = verb_app()


@app.command(
    cls=CrmCommand,
    epilog="echo 'From: Bo Li <bo@x.cn>' | crm capture\n"
    "echo 'Eva Kos, Kos d.o.o., eva@kos.si, Mob. 040 111 222' | crm capture --yes\n"
    "crm capture --text 'Jan Kos <jan@kos.si>' --yes -t fair",
)
def capture(
    ctx: typer.Context,
    file: str = typer.Argument("", metavar="[FILE]", help="A text, mail or card; else stdin."),
    text: str = typer.Option("", "--text", help="The text itself."),
    name: str = typer.Option("", "--name", help="The full name, when it is not found."),
    tags: list[str] = typer.Option([], "-t", "--tag", help="A tag; repeatable."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Who looks after them; or me."),
    force: bool = typer.Option(False, "--force", help="Add even if somebody like them is there."),
) -> None:
    """Propose a contact from a signature, a From: header, a mail, a vCard or a card's text.

    A terminal shows it and asks; in a pipe it is only printed, and --yes saves it. Of somebody who
    is known by their e-mail, what is missing is filled. A line that is not understood becomes a
    note; no value is guessed.
    """
    crm: Context = ctx.obj
    proposal = service.read(crm, _given(crm, file, text))
    raw = proposal.raw
    given = {"name": name, "tags": tags, "owner": owner}
    raw |= {key: value for key, value in given.items() if value}
    if not any(raw.get(key) for key in ("name", "emails", "phones")):
        raise InvalidError(tr("nobody was found in it"), tr("crm contact add 'Ana Novak'"))
    if not crm.settings.get("yes"):
        if not crm.is_interactive:
            _print(crm, proposal)
            crm.out.say(tr("Nothing was written; --yes saves it"))
            return
        chosen = _asked(crm, proposal)
        if chosen is None:
            crm.out.say(tr("Nothing was written"))
            return
        raw = chosen
    done = service.save(crm, raw, force=force)
    for warning in done.warnings:
        crm.out.say(f"crm: {warning}")
    if done.org:
        crm.out.say(done.org)
    common.announce(crm, tr(SAID[done.outcome]), ("contact", done.id))


def _given(crm: Context, file: str, text: str) -> bytes:
    """Give the bytes of the text, the file, or stdin."""
    if file and text:
        raise UsageError(tr("give a FILE or --text, not both"))
    if text:
        return text.encode()
    if crm.is_interactive and file in ("", "-"):
        crm.out.say(tr("Paste the text; Ctrl-D on a line of its own ends it."))
    from crmcli.interchange.decode import open_file

    opened = open_file(file or "-")
    try:
        return opened.file.read(service.LONGEST)
    finally:
        opened.close()


def _print(crm: Context, proposal: Proposal) -> None:
    """Write the proposal as data; what each line was taken for is part of the JSON, else said."""
    record = _record(proposal.raw)
    id = _known(crm, proposal.raw)
    record["known"] = f"c{id}" if id else None
    if crm.out.is_json:
        lines = [{"text": line, "as": kinds or None} for line, kinds in proposal.lines]
        record["lines"] = lines
    else:
        _say_lines(crm, proposal)
    crm.out.record(record)


def _known(crm: Context, raw: Record) -> int | None:
    """Give whom a proposal is about, if they are here already."""
    return service.known(crm, raw) if raw.get("name") else None


def _record(raw: Record) -> dict[str, Any]:
    """Give a proposal by the names of a contact's JSON."""
    record: dict[str, Any] = dict(raw)
    for key in ("emails", "phones", "urls"):
        pairs = raw.get(key, [])
        record[key] = [{"label": label or None, "value": value} for label, value in pairs]
    return record


def _say_lines(crm: Context, proposal: Proposal) -> None:
    for line, kinds in proposal.lines:
        crm.out.say(f"{kinds or '-':24}  {line}")


def _asked(crm: Context, proposal: Proposal) -> Record | None:
    """Show a proposal and ask; give what is to be saved, None for nothing."""
    _say_lines(crm, proposal)
    raw = proposal.raw
    if id := _known(crm, raw):
        crm.out.say(tr("c{id} is here already: only what is missing is filled", id=id))
    words = dict(zip(("y", "e", *tr("y e").split()), ("save", "edit") * 2, strict=False))
    while True:
        for key, value in _record(raw).items():
            if value:
                crm.out.say(f"  {key}: {text_of(value)}")
        answer = crm.ask(tr("Save? [y]es, [e]dit, [N]o ")).strip().casefold()[:1]
        if words.get(answer) == "save":
            return raw
        if words.get(answer) != "edit":
            return None
        raw = _edited(crm, raw)


def _edited(crm: Context, raw: Record) -> Record:
    """Give a proposal as the person left it in the editor."""
    text = crm.edit(json.dumps(raw, ensure_ascii=False, indent=2))
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidError(tr("not JSON: {reason}", reason=safe(str(error)))) from None
    if not isinstance(found, dict):
        raise InvalidError(tr("not JSON: {reason}", reason=tr("expected an object")))
    return found
