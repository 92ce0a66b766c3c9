"""Configuration: flags > `CRM_*` environment > config.toml > defaults, and where things lie.

Light enough for the hot calls: TOML is read only when there is a file.
"""

import os
import sys

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.text import clean, safe

KEYS = {
    "db": "the database file",
    "language": "of messages and help, such as sl; default: that of the environment",
    "user": "who you are in the history, and the owner of what you add",
    "timezone": "IANA name, such as Europe/Ljubljana; default: the system's",
    "phone_region": "two letters, such as SI: how numbers without + are read",
    "currency": "three letters, such as EUR: what amounts without one are in",
    "date_order": "dmy, mdy or ymd: how 3/4/2026 is read",
    "week_start": "monday or sunday",
    "calendar": "gregorian or jalali: how dates are told; both are read",
    "color": "auto, always or never",
    "theme": "of the full screen: dark, light, or terminal for the terminal's own colours",
    "reply_days": "tell of a letter you have not answered after so many days",
    "nudge_days": "tell of a letter nobody answered you after so many days",
    "radar_days": "letters older than so many days are no news any more",
    "date_lead_days": "tell of birthdays and other dates so many days ahead",
    "email_command": "what sends a mail given on stdin, such as 'msmtp -t', for crm due --email",
    "email_to": "to whom crm due --email writes",
    "emails": "your own addresses, separated by commas: which mail you wrote",
}
CHOICES = {
    "date_order": ("dmy", "mdy", "ymd"),
    "week_start": ("monday", "sunday"),
    "calendar": ("gregorian", "jalali"),
    "color": ("auto", "always", "never"),
    "theme": ("dark", "light", "terminal"),
}
NUMBERS = ("reply_days", "nudge_days", "radar_days", "date_lead_days")
DEFAULTS = {
    "week_start": "monday",
    "calendar": "gregorian",
    "color": "auto",
    "theme": "dark",
    "reply_days": "2",
    "nudge_days": "7",
    "radar_days": "90",
    "date_lead_days": "7",
}


class Config:
    """The settings of this run.

    Args:
        flags: settings given on the command line, by key.
    """

    def __init__(self, flags: dict[str, str] | None = None) -> None:
        self.flags = flags or {}
        self.warnings: list[str] = []
        self._file: dict[str, str] | None = None

    def with_flags(self, flags: dict[str, str]) -> "Config":
        """Give the settings with other flags; the file is not read again."""
        other = Config(flags)
        other.warnings, other._file = self.warnings, self._file
        return other

    def get(self, key: str) -> str | None:
        """Give the value of `key`, or None when nothing sets it."""
        return self.origin(key)[0]

    def origin(self, key: str) -> tuple[str | None, str]:
        """Give the value of `key` and who says so: flag, environment, file or default."""
        if value := self.flags.get(key):
            return _checked(key, value, f"--{key}"), "flag"
        variable = f"CRM_{key.upper()}"
        if value := os.environ.get(variable):
            return _checked(key, value, variable), variable
        if value := self.file().get(key):
            return _checked(key, value, path()), "file"
        return DEFAULTS.get(key), "default"

    def file(self) -> dict[str, str]:
        """Give what config.toml says; unknown keys are left out and warned about."""
        if self._file is None:
            self._file = self._read()
        return self._file

    def database(self) -> str:
        """Give the path of the database."""
        found = self.get("db")
        return os.path.abspath(os.path.expanduser(found or os.path.join(data_dir(), "crm.db")))

    def actor(self) -> str:
        """Give who acts: `user` of the configuration, else the system's user."""
        if user := self.get("user"):
            return user
        for variable in ("LOGNAME", "USER"):
            if name := clean(os.environ.get(variable, "")):
                return name
        import pwd

        try:
            return clean(pwd.getpwuid(os.getuid()).pw_name)
        except KeyError:  # a uid without a name
            return f"uid{os.getuid()}"

    def emails(self) -> frozenset[str]:
        """Give one's own addresses, folded."""
        given = (self.get("emails") or "").replace(";", ",").split(",")
        return frozenset(one.strip().casefold() for one in given if one.strip())

    def _read(self) -> dict[str, str]:
        if not os.path.isfile(path()):
            return {}
        try:
            with open(path(), encoding="utf-8-sig") as file:
                import tomllib

                raw = tomllib.loads(file.read())
        except (OSError, ValueError) as error:
            raise InvalidError(
                tr("cannot read {path}: {error}", path=path(), error=error),
                tr("mend or move the file"),
            ) from None
        known = {}
        for key, value in raw.items():
            if key in KEYS and (isinstance(value, str) or (type(value) is int and key in NUMBERS)):
                known[key] = str(value)
            else:
                wrong = tr("{key} must be a text", key=key) if key in KEYS else _unknown(key)
                self.warnings.append(f"{path()}: {wrong}")
        return known


def path() -> str:
    """Give the path of config.toml."""
    return os.path.join(_xdg("XDG_CONFIG_HOME", ".config"), "crm", "config.toml")


def data_dir() -> str:
    """Give the folder of the database."""
    return os.path.join(_xdg("XDG_DATA_HOME", ".local/share"), "crm")


def state_dir() -> str:
    """Give the folder of backups, logs and what was not saved."""
    return os.path.join(_xdg("XDG_STATE_HOME", ".local/state"), "crm")


def backups_dir() -> str:
    """Give the folder of backups."""
    return os.path.join(state_dir(), "backups")


def check_key(key: str) -> str:
    """Give `key` back, or raise UsageError with the nearest known one."""
    if key in KEYS:
        return key
    raise UsageError(_unknown(key), tr("keys: {names}", names=", ".join(KEYS)))


def set_value(key: str, value: str) -> None:
    """Write one key to config.toml, keeping comments; an empty value removes it."""
    import tomlkit

    check_key(key)
    if value:
        _checked(key, value, "crm config set")
    try:
        with open(path(), encoding="utf-8") as file:
            document = tomlkit.parse(file.read())
    except FileNotFoundError:
        document = tomlkit.document()
    except (OSError, ValueError) as error:
        raise InvalidError(
            tr("cannot read {path}: {error}", path=path(), error=error), tr("mend or move the file")
        ) from None
    if value:
        document[key] = value
    else:
        document.pop(key, None)
    from crmcli.files import write_file

    os.makedirs(os.path.dirname(path()), mode=0o700, exist_ok=True)
    write_file(path(), tomlkit.dumps(document).encode())


def _checked(key: str, value: str, where: str) -> str:
    if key != "db":  # a path may hold any character but this
        value = clean(value)
    elif "\0" in value:
        raise UsageError(tr("{where}: a path cannot hold a NUL byte", where=where))
    allowed = CHOICES.get(key)
    if allowed and value not in allowed:
        raise UsageError(
            tr("{where}: {key} cannot be {value!r}", where=where, key=key, value=value),
            tr("one of {names}", names=", ".join(allowed)),
        )
    if key in NUMBERS and not (value.isascii() and value.isdigit() and len(value) < 5):
        raise UsageError(
            tr("{where}: {key} cannot be {value!r}", where=where, key=key, value=value),
            tr("a number of days, such as 7"),
        )
    if key == "timezone":
        from crmcli.clock import zone

        try:
            zone(value)
        except UsageError as error:
            raise UsageError(f"{where}: {error.message}", error.hint) from None
    if key == "calendar" and value == "jalali":
        from crmcli.jalali import check

        check()
    if key == "currency" and not (len(value) == 3 and value.isascii() and value.isalpha()):
        raise UsageError(
            tr("{where}: currency cannot be {value!r}", where=where, value=value),
            tr("three letters, such as EUR"),
        )
    if key == "phone_region" and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise UsageError(
            tr("{where}: phone_region cannot be {value!r}", where=where, value=value),
            tr("two letters, such as SI"),
        )
    return value


def _unknown(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, KEYS, 1)
    if near:
        return tr("unknown key {key!r}; did you mean {name!r}?", key=key, name=near[0])
    return tr("unknown key {key!r}", key=key)


def _xdg(variable: str, fallback: str) -> str:
    found = os.environ.get(variable, "")
    return found if os.path.isabs(found) else os.path.join(_home(), fallback)


def _home() -> str:
    """Give the user's folder; an empty HOME counts as none."""
    if home := os.environ.get("HOME"):
        return home
    import pwd

    return pwd.getpwuid(os.getuid()).pw_dir


def command_words(command: str, setting: str) -> list[str]:
    """Split a configured command line into its words, as a shell would.

    Raises:
        UsageError: a quote is left open.
    """
    import shlex

    try:
        return shlex.split(command)
    except ValueError as error:
        raise UsageError(
            tr(
                "cannot read {setting} {command!r}: {reason}",
                setting=setting,
                command=command,
                reason=error,
            ),
            tr("look at its quotes"),
        ) from None


def warn(config: Config) -> None:
    """Say the configuration's warnings once, on stderr."""
    for line in config.warnings:
        sys.stderr.write(safe(f"crm: {line}") + "\n")
    config.warnings.clear()
