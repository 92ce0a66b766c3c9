"""Words and numbers of days that somebody chose, read for a front end."""

from collections.abc import Sequence

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr


def usage_word(what: str, value: str, words: Sequence[str]) -> str | None:
    """Give the allowed word that an option's value means; None when it is empty.

    Raises:
        UsageError: not one of `words`.
    """
    from crmcli.rules.values import choice

    try:
        return choice(what, value, words)
    except InvalidError as error:
        raise UsageError(error.message, error.hint) from None


def day_count(what: str, text: str) -> int:
    """Give the number of days that an option means: `90`, `90d`, `6w`.

    Raises:
        UsageError: not such a number.
    """
    from crmcli.rules.values import days

    try:
        found = days(what, text)
    except InvalidError as error:
        raise UsageError(error.message, error.hint) from None
    if found is None:
        raise UsageError(
            tr("{what} needs a number of days", what=what), tr("such as 30d, 6w or 3m")
        )
    return found
