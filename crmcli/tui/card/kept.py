"""Texts that were typed over facts and are not saved, each with what it was typed over."""

from dataclasses import dataclass

from crmcli.service.fact.one import Fact
from crmcli.store.search import Key, reference

Drafts = dict[str, dict[str, str]]  # `CrmApp.drafts`


@dataclass(frozen=True, slots=True)
class Typing:
    """A fact that is being typed over: whose, and what it held when that began."""

    key: Key
    fact: Fact
    shown: str

    @property
    def name(self) -> str:
        """Give under which name the text is kept while it is not saved."""
        return f"{self.fact.label} {reference(self.key)}"


def resumed(drafts: Drafts, key: Key, fact: Fact) -> tuple[Typing, str]:
    """Give what typing begins with: the fact, or a text that was kept and what it was over."""
    typing = Typing(key, fact, fact.value)
    kept = drafts.pop(typing.name, None)
    if kept:
        return Typing(key, fact, kept["shown"]), kept["text"]
    return typing, fact.value if fact.text else ""


def keep(drafts: Drafts, typing: Typing, text: str) -> None:
    """Keep a text that is not saved; it comes back with the next time."""
    drafts[typing.name] = {"text": text, "shown": typing.shown}
