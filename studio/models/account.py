"""Links that let a person in once, and the counters that slow down guessing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

from .user import User


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class LinkPurpose(models.TextChoices):
    WELCOME = "welcome"
    RESET = "reset"


class SignInLink(models.Model):
    """A link that works once: `welcome` makes or unlocks the owner, `reset` sets a new password for `user`.

    Only the hash of the token is stored. Opening the link changes nothing; posting its form uses it up.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=8, choices=LinkPurpose)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def make(cls, purpose: LinkPurpose, lasts: timedelta, user: User | None = None, made_by: User | None = None) -> str:
        """Stores a new link and returns its token, which is not kept."""
        token = secrets.token_urlsafe(24)
        cls.objects.create(
            token_hash=hash_token(token), purpose=purpose, user=user, made_by=made_by, expires_at=timezone.now() + lasts
        )
        return token

    @classmethod
    def find(cls, purpose: LinkPurpose, token: str) -> SignInLink | None:
        """The link if it still works, else None."""
        return cls.objects.filter(
            purpose=purpose, token_hash=hash_token(token), used_at=None, expires_at__gt=timezone.now()
        ).first()

    def use(self) -> bool:
        """Uses the link up. False if somebody else was quicker."""
        return bool(type(self).objects.filter(pk=self.pk, used_at=None).update(used_at=timezone.now()))


class RateLimit(models.Model):
    """Counts attempts in fixed windows, in the database because it is the one store that is always there."""

    key = models.CharField(max_length=64, primary_key=True)
    window_ends_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    @classmethod
    def exceeded(cls, scope: str, subject: str, limit: int, window: timedelta) -> bool:
        """Counts one attempt of `subject` (an address, an e-mail) at `scope`; True once there were more than `limit` in the window."""
        key = hash_token(f"{scope}:{subject.lower()}")
        now = timezone.now()
        cls.objects.get_or_create(key=key, defaults={"window_ends_at": now + window})
        cls.objects.filter(key=key, window_ends_at__lte=now).update(window_ends_at=now + window, attempts=0)
        cls.objects.filter(key=key).update(attempts=models.F("attempts") + 1)
        return cls.objects.values_list("attempts", flat=True).get(key=key) > limit

    @classmethod
    def forget(cls, scope: str, subject: str) -> None:
        cls.objects.filter(key=hash_token(f"{scope}:{subject.lower()}")).delete()
