"""`crm snooze`: short for `crm task snooze`."""

from crmcli.cli import CrmCommand, verb_app
from crmcli.commands.task import snooze

app = verb_app()
app.command(cls=CrmCommand, epilog="crm snooze t9 3d\ncrm snooze ana-novak next mon")(snooze)
