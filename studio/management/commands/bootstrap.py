from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from studio.models import Team, Workspace


class Command(BaseCommand):
    help = "Makes the first team and workspace, if there is no team yet. Harmless to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            if not Team.objects.exists():
                team = Team.objects.create(name="My team")
                Workspace.objects.create(team=team, name="My workspace")
