"""What the tests of the commands share: a few people, a clock that can be set, refusals."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def ana(run) -> str:
    """Ana Novak of Acme, c1, with an e-mail, a phone and a tag."""
    words = ["-e", "ana@acme.si", "-p", "040 123 456", "--org", "Acme", "-t", "vip"]
    return run("contact", "add", "Ana Novak", *words).out.strip()


@pytest.fixture
def bo(run, ana) -> str:
    """Bo Li, c2, beside Ana."""
    return run("contact", "add", "Bo Li").out.strip()


@pytest.fixture
def at(monkeypatch):
    """Set the clock: `at("2026-11-25T08:00:00+01:00")`."""

    def at(instant: str) -> None:
        monkeypatch.setenv("CRM_NOW", instant)

    return at


@pytest.fixture
def refused(run):
    """Run what must fail: nothing on stdout, one or two lines on stderr; give those."""

    def refused(*args: str, code: int, input: str | None = None) -> str:
        result = run(*args, code=code, input=input)
        assert result.out == ""
        assert result.err.startswith("crm: ")
        assert 1 <= len(result.err.splitlines()) <= 2, result.err
        return result.err

    return refused


@pytest.fixture
def process(home: Path):
    """Run `crm` as a process of its own, in this environment or in `full_env` alone."""

    def process(*args: str, full_env: dict[str, str] | None = None, **options):
        streams = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return subprocess.run(
            [sys.executable, "-m", "crmcli", *args],
            env=dict(os.environ) if full_env is None else full_env,
            cwd=home,
            timeout=60,
            **{**streams, **options},
        )

    return process
