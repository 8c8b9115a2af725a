from __future__ import annotations

import logging
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown, worker_shutdown, worker_shutting_down
from celery.worker import state

from studio.run.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
"""Less than the engine lane's grace."""

app = Celery("backlot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["studio.engine"])
app.autodiscover_tasks(["studio.engine"], related_name="connection_tasks")


@worker_process_init.connect
def leave_no_orphan(**_: Any) -> None:
    """A pool process whose lane was killed must not go on with work that the next lane takes over."""
    die_with_parent(signal.SIGKILL)


@worker_process_shutdown.connect
@worker_shutdown.connect
def finish_what_is_under_way(**_: Any) -> None:
    """Answers to paid calls are waited for, for a moment, and written down; leases cover the rest."""
    from studio.engine import courier

    courier.stop_here(STOP_SECONDS)


@worker_shutting_down.connect
def say_what_is_waited_for(sender: str, **_: Any) -> None:
    """Ending a paid call may lose what was paid for, so the long lane waits for its calls, and the person should know."""
    paid = [request for request in state.active_requests if request.name != "studio.engine.tasks.long_beat"]
    if sender.startswith("long@") and paid:
        log.warning(
            "Waiting for %s paid call(s) to answer, up to 300 s. Ctrl-C again ends them; such a result may be lost.",
            len(paid),
        )
