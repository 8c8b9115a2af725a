from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.engine import leases
from studio.models import Generation, RenderJob, RenderState


class Command(BaseCommand):
    help = "Frees what workers held that are gone. Only while no lane runs: the holder of a lease may be in the middle of a paid call."

    def handle(self, *args: Any, **options: Any) -> None:
        if Generation.objects.filter(lease_until__isnull=False).exists():
            leases.free_all()
        if RenderJob.objects.filter(state=RenderState.RUNNING).exists():
            # Imported here: most starts need no provider.
            from studio.providers.local import jobs

            jobs.free_all()
