"""The system's handler: which one, and that it only gets what is a link."""

import sys

import pytest

from crmcli.errors import InvalidError, UsageError
from crmcli.service import handler


@pytest.fixture
def desktop(home, monkeypatch):
    """A desktop whose handler writes down what it gets."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.setenv("PATH", f"{home}:/usr/bin:/bin")

    def says(code: int):
        program = home / "xdg-open"
        program.write_text(f'#!/bin/sh\nfor one; do echo "$one"; done > {home}/got\nexit {code}\n')
        program.chmod(0o700)

    says(0)
    return says


def test_a_link_is_one_argument(home, desktop):
    handler.open_link("mailto:ana@acme.si", handler.handler())
    assert (home / "got").read_text() == "mailto:ana@acme.si\n"


@pytest.mark.parametrize("link", ["", "--help", "file:///etc/passwd", "javascript:alert(1)", "x"])
def test_nothing_else_is_opened(home, desktop, link):
    with pytest.raises(InvalidError):
        handler.open_link(link, handler.handler())
    assert not (home / "got").exists()


def test_a_handler_that_cannot_says_so(desktop):
    desktop(3)
    with pytest.raises(UsageError, match="ended with 3"):
        handler.open_link("tel:+38640123456", handler.handler())
    with pytest.raises(UsageError, match="cannot run"):
        handler.open_link("tel:+38640123456", ["no-such-program"])


@pytest.mark.parametrize(
    ("name", "value"), [("SSH_CONNECTION", "a b"), ("DISPLAY", ""), ("PATH", "/none")]
)
def test_where_there_is_none(desktop, monkeypatch, name, value):
    assert handler.handler() == ["xdg-open"]
    monkeypatch.setenv(name, value)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert handler.handler() is None


def test_on_a_mac(desktop, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert handler.handler() == ["open"]
