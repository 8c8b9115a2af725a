"""Before the first page: database, broker, static files, the first team. The only module here that knows Django.

Raises StartError with one sentence where the machine or a setting is at fault.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from pathlib import Path

import django
import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection

from config import where
from config.storage import StorageAway, StorageRefuses

from .problem import StartError
from .processes import does_a_lane_run

log = logging.getLogger(__name__)

WELCOME_LASTS = timedelta(hours=1)


def prepare() -> str:
    """Returns the path to open: the welcome link while there is no owner, else the front page."""
    check_libraries()
    check_database()
    if not where.OWN_BROKER:
        check_broker(where.REDIS_URL)
    check_storage()
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    forget_beats()
    free_leases()
    call_command("bootstrap", verbosity=0)
    return welcome_path()


def check_libraries() -> None:
    try:
        import pyvips  # noqa: F401  (importing it loads the system library)
    except (ImportError, OSError) as error:
        raise StartError(
            "The picture library libvips cannot be loaded. Install it (Debian: apt-get install libvips42; macOS: brew install vips)."
        ) from error


def check_database() -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        raise StartError(f"The database cannot be reached ({reason}). Start it, or correct DATABASE_URL.") from error


def check_broker(url: str) -> None:
    client = redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
    try:
        client.ping()
    except (redis.RedisError, OSError) as error:
        # The message is left out: it may repeat the password.
        raise StartError(
            "The broker at REDIS_URL does not answer. Start it, correct REDIS_URL, or leave it out to use the embedded one."
        ) from error
    finally:
        client.close()


def check_storage() -> None:
    """A wrong bucket or key is told at once. One that is away now is no reason not to start: everything waits for it."""
    if not hasattr(default_storage, "check"):
        return
    try:
        default_storage.check()
    except StorageRefuses as error:
        raise StartError(str(error)) from error
    except StorageAway as error:
        log.warning("%s", error)


def collect_static() -> None:
    """Only when something changed: hashing and compressing every file would take a second of each start."""
    stamp = Path(settings.DATA_DIR) / "static.stamp"
    now = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == now and (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _static_fingerprint() -> str:
    digest = hashlib.sha256(f"{django.__version__} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda pair: str(pair[0])):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def forget_beats() -> None:
    """When the lanes were seen before this start says nothing about now."""
    from studio.models import LaneBeat

    LaneBeat.objects.all().delete()


def free_leases() -> None:
    """After a crash of everything its work goes on at once, not a minute later. Only where no lane can be at work: a file and an embedded
    broker serve this machine alone, and the lanes' lock says that none is left of an earlier run.
    """
    alone = where.OWN_BROKER and connection.vendor == "sqlite"
    if alone and not does_a_lane_run(where.DATA_DIR):
        call_command("free_leases", verbosity=0)


def welcome_path() -> str:
    from studio.models import LinkPurpose, Membership, Role, SignInLink

    if Membership.objects.filter(role=Role.OWNER).exists():
        return "/"
    return f"/welcome/{SignInLink.make(LinkPurpose.WELCOME, WELCOME_LASTS)}"
