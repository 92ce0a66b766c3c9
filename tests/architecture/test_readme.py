"""Every example of the README runs, in order, as a new user would type it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(kind: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [body for name, body in BLOCK.findall(text) if name == kind]


@pytest.fixture
def shell(home: Path):
    """Run a line in a shell that has `crm`, in a copy of the project's examples."""
    tools = home / "bin"
    tools.mkdir()
    crm = tools / "crm"
    crm.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmcli "$@"\n')
    crm.chmod(0o755)
    shutil.copytree(ROOT / "examples", home / "examples")
    path = f"{tools}:{os.environ['PATH']}"

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line],
            cwd=home,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_every_shell_example_runs(shell) -> None:
    for line in "".join(blocks("sh")).splitlines():
        if "jq" in line and not shutil.which("jq"):
            continue  # the program is not here; the crm side of it runs in other lines
        done = shell(line)
        assert done.returncode == 0, (line, done.stderr)
        assert "Traceback" not in done.stderr, line


def test_the_notebook_example_runs(shell, home: Path) -> None:
    assert shell("crm import examples/contacts.csv").returncode == 0
    (home / "notebook.py").write_text(blocks("python")[0])
    done = shell(f"{sys.executable} notebook.py")
    assert done.stdout.strip() == "9", done.stderr


def test_the_first_block_names_targets_of_the_makefile() -> None:
    targets = re.findall(r"make (\w+)", blocks("console")[0])
    makefile = (ROOT / "Makefile").read_text()
    assert targets == ["demo", "test"]
    assert all(f"\n{target}:" in makefile for target in targets)
