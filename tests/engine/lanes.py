"""The real Celery application, with the stand-in for the render process: `celery --app=tests.engine.lanes worker …`."""

from __future__ import annotations

from config.celery import app
from studio.providers.local import child

child.MODULE = "tests.engine.renderers"

__all__ = ["app"]
