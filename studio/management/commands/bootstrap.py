from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from config import where
from studio.models import Team, Workspace


class Command(BaseCommand):
    help = "Makes the first team and workspace, and the demo unless DEMO=0. Harmless to run again: it never touches a team with people in it."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            team = Team.objects.order_by("created_at").first()
            if team is None:
                team = Team.objects.create(name="My team")
                Workspace.objects.create(team=team, name="My workspace")
        if not where.DEMO or team.memberships.exists():
            return
        # Imported here: most starts need neither the engine nor the renderer's words.
        from studio.management.demo import make_demo

        make_demo(Workspace.objects.filter(team=team).earliest("created_at"))
