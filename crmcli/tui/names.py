"""Names completed as one types them, from the database."""

import asyncio
from functools import partial

from textual.suggester import Suggester

from crmcli.errors import CrmError
from crmcli.store.search import names_like
from crmcli.text import masker
from crmcli.tui.work import Desk


class Names(Suggester):
    """Completes the name of a person or an org.

    Args:
        desk: reads on a thread.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.desk = desk

    async def get_suggestion(self, value: str) -> str | None:
        """Give the first name that begins so, as far as it was typed as typed.

        None while names are masked.
        """
        if masker():
            return None
        loop = asyncio.get_running_loop()
        read = partial(self.desk.read, lambda crm: names_like(crm.store.reader, value, 20))
        try:
            names = await loop.run_in_executor(None, read)
        except CrmError:  # whoever saves will say what is wrong
            return None
        same = (name for name in names if name.casefold().startswith(value.casefold()))
        found = next(same, None)
        return value + found[len(value) :] if found else None
