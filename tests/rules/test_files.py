"""Writing files whole or not at all."""

import os
import stat

import pytest

from crmcli.errors import OutputError
from crmcli.files import make_folder, remove_file, write_file


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


def test_pieces_are_written_as_they_come_and_a_broken_row_of_them_leaves_the_old_file(tmp_path):
    path = tmp_path / "out"
    assert write_file(str(path), (bytes([65 + number]) for number in range(3)))
    assert path.read_bytes() == b"ABC"

    def broken():
        yield b"half"
        raise KeyError("x")

    with pytest.raises(KeyError):
        write_file(str(path), broken())
    assert path.read_bytes() == b"ABC"
    assert os.listdir(tmp_path) == ["out"]


def test_the_same_content_may_leave_the_file_alone(tmp_path):
    path = tmp_path / "out"
    assert write_file(str(path), b"one", keep_same=True)
    before = path.stat()
    assert not write_file(str(path), [b"o", b"ne"], keep_same=True)
    assert path.stat() == before
    assert write_file(str(path), b"two", keep_same=True)
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_is_for_its_owner_only(tmp_path):
    path = tmp_path / "a/b"
    make_folder(str(path))
    make_folder(str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    with pytest.raises(OutputError, match="cannot write"):
        make_folder("/proc/none")


def test_removing_says_whether_there_was_something(tmp_path):
    (tmp_path / "a").write_text("")
    assert remove_file(str(tmp_path / "a"))
    assert not remove_file(str(tmp_path / "a"))
    with pytest.raises(OutputError, match="cannot remove"):
        remove_file(str(tmp_path))
