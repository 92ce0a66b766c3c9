"""What the command palette offers: what a key does, reports, themes, people and views by name."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text
from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import find as service
from crmcli.service.find import Line
from crmcli.store.search import find
from crmcli.store.view import SavedView, list_views
from crmcli.text import safe
from crmcli.tui import theme
from crmcli.tui.keys import SCREENS, shown

if TYPE_CHECKING:
    from crmcli.tui.app import CrmApp

T = TypeVar("T")
MOST = 8  # people and orgs
LETTER = 3.0  # score of a letter of a name; that of a command in full is 5, of its beginning less


def commands(app: "CrmApp", screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Give the keys of the screen in front and of the app, then the reports and the themes."""
    from crmcli.tui.screens.reports import REPORTS

    own = getattr(screen, "part", "")
    for part in filter(SCREENS.__contains__, (own, "app")):
        title, keys = SCREENS[part]
        for key in keys:
            if key.action != "command_palette":
                hint = f"{tr(title)}, {shown(key.keys.split(',')[0])}"
                yield SystemCommand(tr(key.label), hint, partial(screen.run_action, key.action))
    for name, report in REPORTS.items():
        yield SystemCommand(tr(report.title), tr("Reports"), partial(_open_report, app, name))
    for name in theme.NAMES:
        title = tr("Theme: {name}", name=tr(name.removeprefix("crm-")))
        yield SystemCommand(title, tr("how the screen looks"), partial(setattr, app, "theme", name))


def _open_report(app: "CrmApp", name: str) -> None:
    """Show a report, in its area."""
    app.action_area("reports")
    choose = getattr(app.screen, "choose", None)
    if choose:
        app.screen.call_after_refresh(choose, name)


class Records(Provider):
    """People, orgs and saved views by their names."""

    async def search(self, query: str) -> Hits:
        """Give who is called so, and the views."""
        lines, is_similar = await self._read(partial(_named, query))
        score = 0.1 if is_similar else LETTER * len(query)
        for at, line in enumerate(lines):
            open = partial(self._app.open_record, line.key)
            yield Hit(score - at / 100, _shown(line.name, line.detail), open, safe(line.name))
        matcher = self.matcher(query)
        for view in await self._read(lambda crm: list_views(crm.store.reader)):
            match = matcher.match(view.name)
            if match > 0:
                yield Hit(match, *self._view(view))

    async def discover(self) -> Hits:
        """Give the views."""
        for view in await self._read(lambda crm: list_views(crm.store.reader)):
            yield DiscoveryHit(*self._view(view))

    def _view(self, view: SavedView) -> tuple[Text, Callable[[], None], str]:
        """Give a view as a command: how it looks, what it does, its name."""
        name = tr("View: {name}", name=f"@{view.name}")
        about = f"{tr(f'{view.noun}s')}: {view.filter}"
        return _shown(name, about), partial(self._app.open_view, view.noun, view.name), safe(name)

    async def _read(self, read: Callable[[Context], T]) -> T:
        """Read on a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, partial(self._app.desk.read, read))

    @property
    def _app(self) -> "CrmApp":
        return self.app  # type: ignore[return-value]


def _named(query: str, crm: Context) -> tuple[list[Line], bool]:
    """Give the people, orgs and deals that are called so, and whether with mistakes only."""
    found = find(crm.store.reader, query, ("contact", "org", "deal"), MOST)
    return list(service.lines(crm, found.keys)), found.is_similar


def _shown(name: str, about: str) -> Text:
    """Give what a command looks like: texts from outside are no markup."""
    text = Text(safe(name))
    return text.append(f"\n{safe(about)}", "dim") if about else text
