"""A file before it is imported: how it reads, and what its columns become."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr
from crmcli.interchange.fields import (
    ADDRESS,
    IGNORE,
    PAIRS,
    SINGLE,
    mapping_of,
    parse_mapping,
    target_of,
)
from crmcli.interchange.read import tells
from crmcli.interchange.reading import Reading
from crmcli.interchange.record import Column, Record, Skip
from crmcli.service.import_ import Watch, Wish, opened, watched
from crmcli.service.record import own_fields

SAMPLES = 3  # values of a column that are shown
LONGEST = 60  # characters of such a value
SIGNS = {",": mark("comma"), ";": mark("semicolon"), "\t": mark("tab"), "|": mark("bar")}
# What people want most stands first.
USUAL = (
    *("name", "given_name", "family_name", "org", "title", "email", "email:work", "phone"),
    *("phone:mobile", "tags", "note", "birthday", "street", "postal_code", "locality"),
    *("region", "country", "url", "date"),
)


@dataclass(slots=True)
class Sampled:
    """A column: its header, the field it feeds (None: left out), and its first values."""

    name: str
    target: str | None
    filled: int = 0
    values: list[str] = field(default_factory=list)

    @property
    def is_left_out(self) -> bool:
        """Tell whether nothing of it is imported."""
        return self.target in (None, IGNORE)


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file reads.

    Args:
        wish: what was asked for.
        encoding: what it was read as.
        delimiter: between the cells; "" where there are none.
        preset: whose format it is: crm, google, linkedin or generic.
        noun: what its rows are.
        header_line: where its header stands; 0 where there is none.
        rows: how many there are.
        skipped: how many of them are left out; the notes say why.
        rejected: how many of them cannot be read.
        columns: in the order of the file.
        notes: what is odd about it, a line each.
    """

    wish: Wish
    encoding: str
    delimiter: str
    preset: str
    noun: str
    header_line: int
    rows: int
    skipped: int
    rejected: int
    columns: tuple[Sampled, ...]
    notes: tuple[str, ...]

    @property
    def can_be_mapped(self) -> bool:
        """Tell whether columns can be given another meaning: not those of our own exports."""
        return self.noun == "contact" and self.header_line > 0

    @property
    def tells_who(self) -> bool:
        """Tell whether a column holds a name or a way to reach somebody; none, nothing comes in."""
        return self.noun != "contact" or any(tells(column.target) for column in self.columns)


def read_as(encoding: str, delimiter: str) -> str:
    """Say how a file was read: its encoding, and what stands between its cells."""
    sign = tr(SIGNS[delimiter]) if delimiter in SIGNS else delimiter
    between = tr("{sign} between cells", sign=sign) if sign else ""
    return ", ".join(filter(None, (encoding, between)))


def preview(crm: Context, wish: Wish, watch: Watch | None = None) -> Preview:
    """Read a file through, without looking whether its values are valid.

    Raises:
        CrmError: it cannot be read, or `watch` ended it.
    """
    with opened(crm, wish, unknown=True) as reading:
        return _read(reading, wish, watch)


def _read(reading: Reading, wish: Wish, watch: Watch | None) -> Preview:
    rows = skipped = rejected = 0
    samples: list[list[str]] = []
    for item in watched(reading, "read", watch):
        rows += 1
        if isinstance(item, Record):
            _sample(samples, item.cells)
        elif isinstance(item, Skip):
            skipped += 1
        else:
            rejected += 1
    samples += [[] for _ in reading.columns[len(samples) :]]
    return Preview(
        wish,
        reading.encoding,
        reading.delimiter,
        reading.preset,
        reading.noun,
        reading.header_line,
        rows,
        skipped,
        rejected,
        tuple(map(_sampled, reading.columns, samples)),
        tuple(reading.oddities),
    )


def _sample(samples: list[list[str]], cells: list[str]) -> None:
    samples += [[] for _ in cells[len(samples) :]]
    for cell, kept in zip(cells, samples, strict=False):
        if cell and len(kept) < SAMPLES and cell[:LONGEST] not in kept:
            kept.append(cell[:LONGEST])


def _sampled(column: Column, values: list[str]) -> Sampled:
    return Sampled(column.name, column.target, column.filled, values)


def remapped(found: Preview, name: str, text: str) -> Wish:
    """Give the wish in which a column becomes another field; "" or `-` leaves it out.

    Columns of the same name keep what they are.

    Raises:
        UsageError: there is no such field.
    """
    mapping = parse_mapping(found.wish.mapping)
    for column in _namesakes(found, name):
        mapping.setdefault(column.name, column.target or IGNORE)
    mapping[name] = target_of(text.strip() or IGNORE)
    order = [column.name for column in found.columns if column.name in mapping]
    return replace(found.wish, mapping=mapping_of({key: mapping[key] for key in order}))


def _namesakes(found: Preview, name: str) -> Iterator[Sampled]:
    """Give the columns that repeat a header: `--map` without a number means all of them."""
    for column in found.columns:
        head, _, number = column.name.rpartition(" (")
        if head == name and number.rstrip(")").isdigit() and _is_word(column.target):
            yield column


def _is_word(target: str | None) -> bool:
    try:
        return target is None or bool(target_of(target))
    except CrmError:
        return False


def field_words(crm: Context) -> list[str]:
    """Give the fields a column may become, the usual ones first, then the own ones."""
    own = [f"custom:{key}" for key in own_fields(crm, "contact").named().values()]
    rest = (*SINGLE, *PAIRS, *ADDRESS)
    return [*dict.fromkeys((*USUAL, *rest)), *own]
