"""An import in steps, as a screen takes them."""

import pytest

from crmcli.errors import PartialError
from crmcli.service import import_
from crmcli.service.import_ import Wish

ROWS = "Name,Email\nAna,ana@acme.si\nBo,bo@x.si,too,many\nCene,cene@x.si\n"


def taken(crm, file, dry_run):
    """Read and check a file, run the import, and give what is said, and where the bad rows are."""
    with import_.checked(crm, [Wish(file, tags=("fair",))]) as (job,):
        import_.run(crm, [job], dry_run=dry_run)
        where = "" if dry_run else import_.write_rejects(job.checked, file)
        with pytest.raises(PartialError):
            import_.refuse_partial(job.checked.rejected, where)
        return import_.counts_said(job.report.counts), list(import_.notes(job)), where


def test_a_dry_run_tells_what_the_import_then_does(crm, home):
    file = home / "people.csv"
    file.write_text(ROWS)
    counts, notes, where = taken(crm, str(file), True)
    assert counts == "2 created, 0 updated, 0 unchanged, 0 skipped, 1 rejected"
    assert notes[-1].endswith("people.csv:3: rejected: has 4 cells, the header 2")
    assert where == ""
    assert taken(crm, str(file), False) == (counts, notes, str(home / "people.rejected.csv"))
