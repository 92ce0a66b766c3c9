"""Writing files whole or not at all."""

import os
import stat

import pytest

from crmcli.errors import OutputError
from crmcli.files import write_file


def test_the_old_content_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "out"
    write_file(str(path), b"one")
    write_file(str(path), b"two", mode=0o644)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 in (0o044, 0)
    assert os.listdir(tmp_path) == ["out"]


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "out"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_file(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OutputError, match="cannot write"):
        write_file(str(tmp_path / "no/out"), b"")
