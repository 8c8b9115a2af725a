from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config import where
from studio.models import LinkPurpose, SignInLink
from studio.run.prepare import WELCOME_LASTS


class Command(BaseCommand):
    help = "Prints a fresh welcome link: it makes the first owner, or lets a locked-out owner back in. It lasts an hour and works once."

    def handle(self, *args: Any, **options: Any) -> None:
        token = SignInLink.make(LinkPurpose.WELCOME, WELCOME_LASTS)
        self.stdout.write(f"Open {where.own_address()}/welcome/{token}")
