"""Dates of other languages and of the Jalali calendar, as the commands read and tell them."""

import sys

import pytest


@pytest.fixture
def monday(at):
    at("2026-11-23T10:00:00+01:00")


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("naslednji petek ob 15h", "due Fri 4 Dec 2026 15:00 (in 11 days)"),
        ("下周五", "due Fri 4 Dec 2026 (in 11 days)"),
        ("۶ آذر ۱۴۰۵", "due Fri 27 Nov 2026 (in 4 days)"),
    ],
)
def test_a_due_date_in_another_language(run, due, said):
    assert said in run("task", "add", "x", "--due", due).err


@pytest.mark.usefixtures("monday")
def test_dates_are_told_in_the_configured_calendar(run, ana):
    run("config", "set", "calendar", "jalali")
    said = run("remind", "ana-novak", "petek poklicati").err
    assert "due Fri 6 Azar 1405, 27 Nov 2026 (in 4 days)" in said
    said = run("snooze", "t1", "1405/9/3").err
    assert "hidden until Tue 3 Azar 1405, 24 Nov 2026 (tomorrow)" in said


@pytest.mark.usefixtures("monday")
def test_a_calendar_without_its_library_stops_before_anything_is_written(run, refused, monkeypatch):
    run("config", "set", "calendar", "jalali")
    monkeypatch.setitem(sys.modules, "jdatetime", None)
    assert "crmcli[jalali]" in refused("task", "add", "x", "--due", "fri", code=2)
    assert "crmcli[jalali]" in refused("config", "set", "calendar", "jalali", code=2)
    run("config", "set", "calendar", "gregorian")
    assert run("task", "list", "--all").out == ""
    assert "crmcli[jalali]" in refused("task", "add", "x", "--due", "1405/9/3", code=2)


@pytest.mark.usefixtures("monday")
def test_a_word_with_other_meanings_begins_no_date(run, refused, ana):
    assert "'pet'" in refused("remind", "ana-novak", "pet food order", code=2)
    assert "due Fri 27 Nov 2026" in run("task", "add", "x", "--due", "pet").err
