"""Typed readers of the environment. Every setting is read once, here or in settings.py, and nonsense is refused at start.

A secret may also come from a file: `NAME_FILE=/run/secrets/name`.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE is {file!r}, which cannot be read: {error.strerror}.") from error
    return os.environ.get(name, "").strip() or default


def load_file(file: Path) -> None:
    """Takes `NAME=value` lines as defaults: what the environment already says wins. A missing file is no settings."""
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{file} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        name, equals, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{file}, line {number}: expected NAME=value.")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        os.environ.setdefault(name.strip(), value)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use {', '.join(choices[:-1])} or {choices[-1]}.")
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use a name such as Europe/Berlin.") from error
    return value


def boolean(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in ("", "1", "true", "yes", "on"):
        return default if value == "" else True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Use 1 or 0.")


def integer(name: str, default: int, lowest: int, highest: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use a whole number from {lowest} to {highest}.")
    return int(value)


def words(name: str) -> list[str]:
    """A list separated by commas or spaces."""
    return [word for word in text(name).replace(",", " ").split() if word]


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = text(name, default)
    if value and urlsplit(value).scheme not in schemes:
        # A URL may carry a password, so it is not repeated here.
        raise ImproperlyConfigured(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def database(name: str, default_file: Path) -> dict[str, object]:
    """`postgres://user:password@host:5432/name` or `sqlite:///path`; without the variable, SQLite in the data folder."""
    value = url(name, f"sqlite:///{default_file}", ("postgres", "postgresql", "sqlite"))
    parts = urlsplit(value)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path),
            "OPTIONS": {
                # One writer: short IMMEDIATE transactions never meet "database is locked" half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;",
            },
        }
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} names no database. It looks like postgres://user:password@host:5432/name.")
    try:
        port = parts.port or 5432
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is not a number from 1 to 65535.") from error
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "")) or parts.hostname or "",
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "connect_timeout": 5},
    }


def secret(name: str, file: Path) -> str:
    """A secret from the environment, else from the data folder, where the first start makes it (readable by its owner alone)."""
    value = text(name)
    if value:
        if len(value) < 32:
            raise ImproperlyConfigured(f"{name} has {len(value)} characters. Use at least 32 random ones.")
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)  # Never over another process's secret: whoever links first wins.
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
