"""An import in steps, as a screen takes them."""

from contextlib import closing

import pytest

from crmcli.errors import PartialError
from crmcli.service import import_

ROWS = "Name,Email\nAna,ana@acme.si\nBo,bo@x.si,too,many\nCene,cene@x.si\n"


def taken(crm, file, dry_run):
    """Read and check a file, run the import, and give what is said, and where the bad rows are."""
    with (
        import_.opened(crm, file) as reading,
        closing(import_.check(crm, reading, tags=["fair"])) as checked,
    ):
        report = import_.run(crm, reading, checked, dry_run=dry_run)
        where = "" if dry_run else import_.write_rejects(checked, file)
        with pytest.raises(PartialError):
            import_.refuse_partial(checked, where)
        notes = list(import_.notes(reading, checked, report))
        return import_.counts_said(report), notes, where


def test_a_dry_run_tells_what_the_import_then_does(crm, home):
    file = home / "people.csv"
    file.write_text(ROWS)
    counts, notes, where = taken(crm, str(file), True)
    assert counts == "2 created, 0 updated, 0 unchanged, 0 skipped, 1 rejected"
    assert notes[-1].endswith("people.csv:3: rejected: has 4 cells, the header 2")
    assert where == ""
    assert taken(crm, str(file), False) == (counts, notes, str(home / "people.rejected.csv"))
