"""Helpers for the tests of the readers."""

import os
from pathlib import Path

import pytest

from crmcli.interchange.decode import Source, open_text
from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of sample files, which is not part of the project."""
    folder = Path(os.environ.get("CRM_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}; set CRM_CORPUS")
    return folder


@pytest.fixture
def opened(tmp_path):
    """Open a file made of a text or bytes; it is closed after the test."""
    sources = []

    def run(data: str | bytes, encoding: str | None = None) -> Source:
        path = tmp_path / "file.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        sources.append(open_text(str(path), encoding))
        return sources[-1]

    yield run
    for source in sources:
        source.close()


@pytest.fixture
def read_text(tmp_path):
    """Read a file made of a text: the reading, and what it yields."""

    def run(text: str | bytes, name: str = "file.csv", **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with read(str(path), How(**options)) as reading:
            return reading, list(reading)

    return run


@pytest.fixture
def raws(read_text):
    """Give the raw records of a text; every row must be one."""

    def run(text: str | bytes, **options):
        _, items = read_text(text, **options)
        assert all(isinstance(item, Record) for item in items), items
        return [item.raw for item in items]

    return run
