"""`crm attach`: files on a record."""

from typing import Any

import typer

from crmcli.cli import CrmCommand, ListCommand, NounGroup, make_app
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service import attachment as service
from crmcli.service import linked
from crmcli.store import attachment as store
from crmcli.store.search import Key

OTHERS = ("contact", "org", "interaction")


class AttachGroup(NounGroup):
    """`crm attach`: without a verb it attaches."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `add` where no verb is given."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["add", *args]
        return super(NounGroup, self).parse_args(ctx, args)


class AttachCommand(CrmCommand):
    """Takes names of files, which may hold any byte."""

    takes_files = True


app = make_app(
    cls=AttachGroup,
    help="Files on a person, an org, a deal or an interaction: crm attach REF FILE… The content "
    "lies in a folder beside the database, once for the same content.",
    epilog="crm attach d7 offer.pdf\ncrm attach list d7\ncrm attach get d7 offer.pdf -o offer.pdf\n"
    "crm attach rm d7 offer.pdf",
    no_args_is_help=True,
)
REF = typer.Argument(..., metavar="REF", help="A person, an org, a deal or an interaction.")
FILE = typer.Argument(..., metavar="NAME|N", help="The file's name or its number in the list.")


@app.command(
    "add",
    cls=AttachCommand,
    epilog="crm attach d7 offer.pdf\ncrm attach ana-novak cv.pdf photo.jpg\n"
    "crm attach add i1 minutes.md",
)
def add(
    ctx: typer.Context,
    ref: str = REF,
    paths: list[str] = typer.Argument(..., metavar="FILE…", help="What is attached."),
) -> None:
    """Attach files. A copy is kept; the file itself is left alone."""
    crm: Context = ctx.obj
    key = _key(crm, ref)
    done = service.attach(crm, key, paths)
    for name, is_new in zip(done.names, done.new, strict=True):
        said = tr("Attached {name}", name=name) if is_new else tr("{name} is there", name=name)
        crm.out.say(said)
    common.announce(crm, tr("Changed") if any(done.new) else tr("Unchanged"), key)


@app.command("list", cls=ListCommand, epilog="crm attach list d7\ncrm attach list acme --json")
def list_(ctx: typer.Context, ref: str = REF) -> None:
    """List the files on a record."""
    crm: Context = ctx.obj
    found = store.attachments(crm.store.reader, _key(crm, ref))
    crm.out.records(store.COLUMNS, (one.json() for one in found))


@app.command(
    "get",
    cls=ListCommand,
    epilog="crm attach get d7 offer.pdf -o offer.pdf\ncrm attach get d7 1 > offer.pdf",
)
def get(ctx: typer.Context, ref: str = REF, file: str = FILE) -> None:
    """Write a file to -o FILE or into a pipe."""
    crm: Context = ctx.obj
    if crm.out.is_terminal:
        raise UsageError(tr("a file is not written onto a terminal"), tr("-o FILE, or into a pipe"))
    crm.out.data(service.read(crm, service.find(crm, _key(crm, ref), file)))


@app.command("rm", cls=CrmCommand, epilog="crm attach rm d7 offer.pdf\ncrm attach rm d7 2")
def rm(ctx: typer.Context, ref: str = REF, file: str = FILE) -> None:
    """Take a file off a record; `crm undo` brings it back.

    The content stays beside the database until `crm doctor --fix` finds it unused.
    """
    crm: Context = ctx.obj
    key = _key(crm, ref)
    one = service.find(crm, key, file)
    service.remove(crm, one)
    crm.out.say(tr("Took {name} off; `crm undo` brings it back", name=one.filename))
    common.announce(crm, tr("Changed"), key)


def _key(crm: Context, ref: str) -> Key:
    return linked.key_for(crm, ref, OTHERS)
