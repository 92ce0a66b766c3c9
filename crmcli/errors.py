"""Every error a person may see, each with its exit code (the table of docs/cli, `crm help`).

Raise one of these with what happened and how to mend it; `cli` prints it and exits.
Imports nothing, so that the hot calls can use it.
"""

INTERRUPT, CLOSED_PIPE = 130, 141  # hang-up and termination end as the system ends them


class CrmError(Exception):
    """A fault of ours, unless a subclass says otherwise.

    Args:
        message: what happened and where, one line, without a full stop.
        hint: how to mend it, one line; may be empty.
    """

    code = 70
    detail = ""  # more lines, shown to a person below both

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFoundError(CrmError):
    """A look-up matched nothing."""

    code = 1


class UsageError(CrmError):
    """The command line is wrong: an option, a date, or a prompt without a terminal."""

    code = 2


class MissingExtraError(UsageError):
    """What was asked needs an optional library that is not installed."""


class InvalidError(CrmError):
    """The data is not valid; nothing was written."""

    code = 3


class ConflictError(CrmError):
    """Ambiguous reference, duplicate, or a record that changed meanwhile."""

    code = 4


class StorageError(CrmError):
    """The database or the disk: busy, read-only, full, not ours, newer than the program."""

    code = 5


class PartialError(CrmError):
    """An import was done in part: some rows were rejected."""

    code = 6


class CancelledError(CrmError):
    """The person broke it off; nothing was written."""

    code = INTERRUPT


class ClosedPipe(CrmError):
    """The reader of our output is gone; nobody needs to be told."""

    code = CLOSED_PIPE


class OutputError(CrmError):
    """The output could not be written."""

    code = 7
