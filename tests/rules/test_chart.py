"""Bars and shades made of characters."""

from hypothesis import given
from hypothesis import strategies as st

from crmcli.chart import bar, legend, shade


def test_bars_are_as_long_as_their_share():
    assert bar(10, 10, 4) == "████"
    assert bar(5, 10, 4) == "██"
    assert bar(1, 10, 4) == "▍"
    assert bar(0, 10, 4) == ""
    assert bar(1, 100_000, 4) == "▏"
    assert bar(0, 0, 4) == ""


def test_bars_of_plain_characters():
    assert [bar(n, 10, 4, ascii=True) for n in (0, 1, 5, 10)] == ["", "#", "##", "####"]


def test_shades_are_quarters():
    assert "".join(shade(n, 8) for n in range(9)) == " ░░▒▒▓▓██"
    assert "".join(shade(n, 8, ascii=True) for n in range(9)) == " ..::++##"
    assert shade(0, 0) == " "


def test_the_legend_names_each_shade():
    assert all(sign in legend() for sign in "░▒▓█")
    assert legend(ascii=True).isascii()


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 200), st.booleans())
def test_no_bar_is_longer_than_its_room(value, most, room, ascii):
    value = min(value, most)
    drawn = bar(value, most, room, ascii=ascii)
    assert len(drawn) <= room
    assert bool(drawn) == bool(value)
    assert bool(shade(value, most, ascii=ascii).strip()) == bool(value)
