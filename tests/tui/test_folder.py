"""The files to choose from, as they are typed, sorted, completed and told."""

import os

import pytest

from crmcli.errors import UsageError
from crmcli.tui.folder import Entry, common, look, refuse_no_file, short, size_said, whole


def names(folder):
    return [entry.name for entry in folder.entries]


def test_tables_the_newest_first_then_folders_then_the_rest(home, monkeypatch):
    monkeypatch.chdir(home)
    for at, name in enumerate(["b.CSV", "a.jsonl", "z.pdf", "y.bin", ".hidden.csv"]):
        (home / name).write_text("x")
        os.utime(home / name, (at, at))
    for name in ("Tables", "applications", ".config"):
        (home / name).mkdir()
    (home / "gone.csv").symlink_to(home / "nowhere")
    expected = ["a.jsonl", "b.CSV", "applications/", "Tables/", "gone.csv", "y.bin", "z.pdf"]
    assert names(look("")) == names(look("~/")) == names(look("~")) == expected
    assert names(look("./")) == names(look(f"{home}/")) == expected
    assert names(look("~/A")) == ["a.jsonl", "applications/"]
    assert names(look("~/.")) == [".hidden.csv", ".config/"]
    assert look("~/Tables/").entries == ()


def test_a_folder_that_cannot_be_read_is_told(home, monkeypatch):
    monkeypatch.chdir(home)
    assert "No such file" in look("nowhere/x").problem
    assert "no path" in look("a\0/b").problem
    assert look("nowhere/x").entries == ()


def test_what_a_path_means(home):
    assert whole("~/a.csv") == f"{home}/a.csv"
    assert whole(" 'my file.csv' ") == "my file.csv"
    assert whole(r"my\ file.csv") == "my file.csv"
    assert whole("file:///tmp/my%20file.csv") == "/tmp/my file.csv"
    assert short(f"{home}/a.csv") == "~/a.csv"
    assert short(str(home)) == "~"
    assert short(f"{home}x/a.csv") == f"{home}x/a.csv"


@pytest.mark.parametrize(
    ("given", "shared"),
    [
        ([], ""),
        (["a.csv"], "a.csv"),
        (["people.csv", "People old.csv"], "people"),
        (["a", "b"], ""),
        (["Straße 1", "strasse"], "Stra"),
    ],
)
def test_what_names_share(given, shared):
    assert common(tuple(Entry(name, name, "table") for name in given)) == shared


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345, "12 kB"), (9_940_000, "9.9 MB"),
     (1 << 30, "1.1 GB"), (1 << 45, "35184 GB")],
)  # fmt: skip
def test_sizes(size, said):
    assert size_said(size) == said


def test_only_files_are_opened(home):
    os.mkfifo(home / "pipe")
    (home / "file").touch()
    for name in ("file", "nowhere", "."):
        refuse_no_file(str(home / name))
    with pytest.raises(UsageError, match="~/pipe: is no file"):
        refuse_no_file(str(home / "pipe"))
