"""The way it is usually written, to compare with: one Celery task a poll that retries itself while the job runs; prefork 2, a kept client."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
import httpx
from celery import Celery

django.setup()

from django.conf import settings  # noqa: E402  (the models need it set up)
from django.utils import timezone  # noqa: E402

from studio.models import Generation  # noqa: E402

app = Celery("baseline", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    task_ignore_result=True, task_acks_late=True, worker_prefetch_multiplier=1, worker_hijack_root_logger=False
)
_client: httpx.Client | None = None


@app.task(bind=True, name="baseline.poll", max_retries=None)  # type: ignore[untyped-decorator]
def poll(self: Any, generation_id: str) -> None:
    global _client
    if _client is None:
        _client = httpx.Client(timeout=10, trust_env=False)
    row = Generation.objects.select_related("connection").get(pk=generation_id)
    assert row.connection is not None
    assert row.remote is not None
    reply = _client.get(f"{row.connection.base_url}/jobs/{row.remote['id']}", headers={"Authorization": "Bearer key"})
    data = reply.json()
    Generation.objects.filter(pk=row.pk).update(progress=data["share"], step=data["step"], next_poll_at=timezone.now())
    if data["status"] == "running":
        raise self.retry(countdown=0)
