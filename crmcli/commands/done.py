"""`crm done`: short for `crm task done`."""

from crmcli.cli import TextCommand, verb_app
from crmcli.commands.task import DONE_EXAMPLES, done

app = verb_app()
app.command(cls=TextCommand, epilog=DONE_EXAMPLES)(done)
