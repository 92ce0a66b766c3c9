"""Writing records to a file, for both front ends."""

import pytest

from crmcli.errors import UsageError
from crmcli.service import export, page
from crmcli.service.party import parse_set, signed_tags


def test_the_format_is_as_said_or_by_the_end_of_the_name():
    assert export.format_of("a.json") == "json"
    assert export.format_of("a.b/c") == "csv"
    assert export.format_of("a.json", "csv") == "csv"
    assert export.format_of("a.tsv", formats=("csv", "tsv")) == "tsv"
    assert export.format_of("a.tsv") == "csv"
    with pytest.raises(UsageError, match="cannot export as 'xls'"):
        export.format_of("a", "xls")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_written_imports_again(crm, ana, run, home, form):
    path = str(home / f"a.{form}")
    assert export.write(crm, "contact", page.all_records(crm, "contact", [1]), path, form) == 1
    run("contact", "edit", "c1", "--title", "CEO")
    run("--db", str(home / "other.db"), "import", path)
    there = run("--db", str(home / "other.db"), "contact", "list", "--json").json
    assert [(one["name"], one["email"], one["org"]) for one in there] == [
        ("Ana Novak", "ana@acme.si", "Acme")
    ]


def test_tsv_has_a_header(crm, ana, home):
    path = home / "a.tsv"
    export.write(crm, "contact", page.all_records(crm, "contact", [1]), str(path), "tsv")
    header, line = path.read_text("utf-8").splitlines()
    assert dict(zip(header.split("\t"), line.split("\t"), strict=True))["name"] == "Ana Novak"


def test_signed_tags():
    assert signed_tags(["+vip", "-old", "fair"]) == (["vip", "fair"], ["old"])


def test_set():
    assert parse_set(["stage=lead", "Tea=green"], ("lifecycle_stage",)) == (
        {"lifecycle_stage": "lead"},
        {"tea": "green"},
    )
    with pytest.raises(UsageError, match="not key=value: 'tea'"):
        parse_set(["tea"], ())
