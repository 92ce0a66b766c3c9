"""The one clock: now, today and new ids."""

import re
from datetime import UTC, date, datetime

import pytest

from crmcli.clock import Clock, instant, new_uid, stamp, zone
from crmcli.errors import UsageError


def test_crm_now_freezes_the_clock():
    clock = Clock.from_env("Europe/Ljubljana")
    assert clock.now() == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert clock.stamp() == "2026-11-23T09:00:00Z"
    assert clock.local_now().isoformat() == "2026-11-23T10:00:00+01:00"


def test_a_naive_crm_now_is_in_the_users_zone(monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2026-07-01T10:00")
    assert Clock.from_env("Europe/Ljubljana").stamp() == "2026-07-01T08:00:00Z"


def test_a_bad_crm_now_is_a_usage_error(monkeypatch):
    monkeypatch.setenv("CRM_NOW", "noon")
    with pytest.raises(UsageError, match="noon"):
        Clock.from_env(None)


def test_an_empty_crm_now_is_none(monkeypatch):
    monkeypatch.setenv("CRM_NOW", "")
    now = Clock.from_env("UTC").now()
    assert now.tzinfo is UTC
    assert now.microsecond == 0
    assert now.year != 1970


@pytest.mark.parametrize(
    ("zone_name", "now", "today"),
    [
        ("Europe/Ljubljana", "2026-11-22T23:30:00+00:00", date(2026, 11, 23)),
        ("America/Los_Angeles", "2026-11-23T02:00:00+00:00", date(2026, 11, 22)),
        ("Pacific/Kiritimati", "2026-11-23T10:30:00+00:00", date(2026, 11, 24)),
    ],
)
def test_today_is_the_users(zone_name, now, today):
    assert Clock(zone_name, datetime.fromisoformat(now)).today() == today


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59:00Z"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),  # does not exist: the hour is skipped
        ("2026-03-29T03:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),  # exists twice: the first
        ("2026-10-25T03:00", "2026-10-25T02:00:00Z"),
    ],
)
def test_wall_clock_times_round_a_change_of_the_clocks(wall, utc):
    clock = Clock("Europe/Ljubljana")
    assert stamp(clock.instant(datetime.fromisoformat(wall))) == utc


def test_an_aware_wall_time_keeps_its_own_zone():
    wall = datetime.fromisoformat("2026-07-01T10:00:00.5-07:00")
    assert stamp(Clock("Europe/Ljubljana").instant(wall)) == "2026-07-01T17:00:00Z"


def test_stamps_round_trip():
    assert stamp(instant("2026-11-23T09:00:00Z")) == "2026-11-23T09:00:00Z"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "Europe", "\x00", "x" * 300])
def test_an_unknown_zone_is_a_usage_error(name):
    with pytest.raises(UsageError, match="unknown time zone"):
        zone(name)


def test_the_name_of_the_zone(monkeypatch):
    assert Clock("Asia/Tehran").zone_name() == "Asia/Tehran"
    monkeypatch.setenv("TZ", ":America/Lima")
    assert Clock().zone_name() == "America/Lima"
    monkeypatch.setenv("TZ", "nonsense")
    zone(Clock().zone_name())


def test_new_uids_are_random_uuids():
    uids = {new_uid() for _ in range(100)}
    shape = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert len(uids) == 100
    assert all(re.fullmatch(shape, uid) for uid in uids)
