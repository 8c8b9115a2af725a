from __future__ import annotations

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from studio.run.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("backlot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["studio.engine"])


@worker_process_init.connect  # type: ignore[untyped-decorator]
def leave_no_orphan(**_: Any) -> None:
    """A pool process whose lane was killed must not go on with work that the next lane takes over."""
    die_with_parent(signal.SIGKILL)
