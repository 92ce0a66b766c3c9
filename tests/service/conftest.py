"""What the tests of the service share: a run on an empty database, and one person in it."""

from collections.abc import Iterator

import pytest

from crmcli.context import Context
from crmcli.service import contact


@pytest.fixture
def crm(store) -> Iterator[Context]:
    """A run without output: what the service gives is looked at, never what is said."""
    crm = Context({})
    yield crm
    crm.finish()


@pytest.fixture
def ana(crm):
    """Ana Novak of Acme, c1."""
    ana = {"name": "Ana Novak", "emails": ["ana@acme.si"], "org": "Acme"}
    return "contact", contact.add(crm, [ana]).value[0]
