"""The one clock: now, today and new ids. `CRM_NOW` freezes it for black-box tests.

Instants are aware UTC datetimes, stored as `YYYY-MM-DDTHH:MM:SSZ`. "Today" is the user's.
Light enough for the hot calls: `zoneinfo` is imported only when a zone is configured.
"""

import os
from datetime import UTC, date, datetime, tzinfo

from crmcli.errors import UsageError
from crmcli.i18n import tr


def stamp(instant: datetime) -> str:
    """Give the stored form of an aware `instant`."""
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def instant(stamp: str) -> datetime:
    """Read the stored form back into an aware UTC datetime."""
    return datetime.fromisoformat(stamp)


def new_uid() -> str:
    """Give a random UUID (RFC 9562, version 4); `uuid` itself would cost a third of a hot call."""
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def zone(name: str) -> tzinfo:
    """Give the IANA zone `name`; raise UsageError when there is no such zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            tr("unknown time zone {name!r}", name=name),
            tr("use an IANA name such as Europe/Ljubljana"),
        ) from None


class Clock:
    """Tells the time in the user's zone.

    Args:
        zone_name: IANA name from the configuration; None means the system's zone.
        now: a frozen instant (aware, or naive in the user's zone); None means the real time.
    """

    def __init__(self, zone_name: str | None = None, now: datetime | None = None) -> None:
        self._zone_name = zone_name
        self._zone = zone(zone_name) if zone_name else None
        self._now = self.instant(now) if now else None

    @classmethod
    def from_env(cls, zone_name: str | None = None) -> "Clock":
        """Build the clock of this run; `CRM_NOW` (ISO 8601) freezes it."""
        frozen = os.environ.get("CRM_NOW")
        if not frozen:
            return cls(zone_name)
        try:
            return cls(zone_name, datetime.fromisoformat(frozen))
        except ValueError:
            raise UsageError(
                tr("CRM_NOW is not a date and time: {frozen!r}", frozen=frozen)
            ) from None

    def now(self) -> datetime:
        """Give the present instant in UTC, to the second."""
        return self._now or datetime.now(UTC).replace(microsecond=0)

    def stamp(self) -> str:
        """Give the present instant in its stored form."""
        return stamp(self.now())

    def local(self, instant: datetime) -> datetime:
        """Give the aware wall-clock time of `instant` in the user's zone."""
        return instant.astimezone(self._zone)

    def local_now(self) -> datetime:
        """Give the present wall-clock time in the user's zone."""
        return self.local(self.now())

    def today(self) -> date:
        """Give the user's calendar date."""
        return self.local_now().date()

    def wall(self, stamp: str | None) -> str:
        """Give a stored instant as the user's date and time: `2026-11-23 10:00`; "" for none."""
        if not stamp:
            return ""
        try:
            return self.local(instant(stamp)).strftime("%Y-%m-%d %H:%M")
        except ValueError:  # written by another program
            return stamp

    def instant(self, wall: datetime) -> datetime:
        """Give the UTC instant of a wall-clock time (naive: in the user's zone)."""
        if wall.tzinfo is None and self._zone:
            wall = wall.replace(tzinfo=self._zone)
        try:
            return wall.astimezone(UTC).replace(microsecond=0)
        except (OverflowError, ValueError):
            raise UsageError(tr("{date} is beyond what can be stored", date=wall.date())) from None

    def zone_name(self) -> str:
        """Give the IANA name of the user's zone, for timed tasks; UTC when it cannot be told."""
        return self._zone_name or _system_zone_name()


def _system_zone_name() -> str:
    """Tell the system's zone: TZ, else where /etc/localtime points, else /etc/timezone."""
    candidates = [os.environ.get("TZ", "").lstrip(":")]
    candidates.append(os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2])
    try:
        with open("/etc/timezone", encoding="utf-8") as file:
            candidates.append(file.read().strip())
    except OSError:
        pass
    for name in filter(None, candidates):
        try:
            zone(name)
        except UsageError:
            continue
        return name
    return "UTC"
