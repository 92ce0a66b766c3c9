"""Everything of one noun written to a file that imports again."""

from collections.abc import Iterable

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.interchange.own import flat_columns, flat_record
from crmcli.render import Output
from crmcli.service.record import Record
from crmcli.store import contact, interaction, org, task
from crmcli.store.party import custom_keys

COLUMNS: dict[str, tuple[Column, ...]] = {
    "contact": contact.COLUMNS,
    "org": org.COLUMNS,
    "task": task.COLUMNS,
    "interaction": interaction.COLUMNS,
}
FORMATS = ("csv", "json", "jsonl")


def format_of(path: str, format: str = "", formats: Iterable[str] = FORMATS) -> str:
    """Give the format of a file: as said, else by the end of its name, else CSV.

    Raises:
        UsageError: not one of `formats`.
    """
    ending = path.rpartition(".")[2] if "." in path else ""
    chosen = format or (ending if ending in formats else "csv")
    if chosen not in formats:
        raise UsageError(
            tr("cannot export as {chosen!r}", chosen=chosen),
            tr("one of {names}", names=", ".join(formats)),
        )
    return chosen


def write(
    crm: Context,
    noun: str,
    records: Iterable[Record],
    path: str,
    format: str,
    *,
    raw: bool = False,
) -> int:
    """Write records under their names in JSON; give how many there were.

    Args:
        crm: the run.
        noun: of which they are.
        records: in their order.
        path: the file; "" is stdout.
        format: one that `format_of` gives.
        raw: CSV without the ' before formulas.
    """
    settings = {"format": format, "output": path, "raw": "yes" if raw else ""}
    settings["header"] = "yes" if format == "tsv" else ""
    out = Output(crm.clock, {key: value for key, value in settings.items() if value})
    if format not in ("csv", "tsv"):
        return out.records(COLUMNS[noun], records)
    own = custom_keys(crm.store.reader, noun) if noun in ("contact", "org") else []
    listed = [Column(column.key, column.title, column.kind) for column in COLUMNS[noun]]
    return out.records(flat_columns(listed, own), map(flat_record, records))
