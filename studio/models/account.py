"""Links that let a person in once, and the counters that slow down guessing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

from .user import User

RESET_BY_EMAIL_LASTS = timedelta(hours=1)
RESET_BY_HAND_LASTS = timedelta(days=1)


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
    def make_reset(cls, user: User, made_by: User | None = None) -> str:
        """A new link that sets this person's password; whoever made it by hand may need a day to pass it on."""
        return cls.make(LinkPurpose.RESET, RESET_BY_HAND_LASTS if made_by else RESET_BY_EMAIL_LASTS, user, made_by)

    @classmethod
    def find(cls, purpose: LinkPurpose, token: str) -> SignInLink | None:
        """The link if it still works, else None."""
        return cls.objects.filter(
            purpose=purpose, token_hash=hash_token(token), used_at=None, expires_at__gt=timezone.now()
        ).first()

    def use(self) -> bool:
        """Uses the link up. False if somebody else was quicker, or if it has run out meanwhile."""
        now = timezone.now()
        return bool(type(self).objects.filter(pk=self.pk, used_at=None, expires_at__gt=now).update(used_at=now))

    @classmethod
    def end_all_of(cls, user: User) -> None:
        """No link of this person works any more: their password or their e-mail has changed."""
        cls.objects.filter(user=user, used_at=None).update(used_at=timezone.now())


class RateLimit(models.Model):
    """Counts attempts in fixed windows, in the database because it is the one store that is always there."""

    key = models.CharField(max_length=64, primary_key=True)
    window_ends_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    @classmethod
    def wait(cls, scope: str, subject: str, limit: int, window: timedelta) -> timedelta | None:
        """Counts one attempt of `subject` (an address, an e-mail) at `scope`.

        None: go on. Otherwise there were more than `limit` in the window, and this is how long until it ends. Further attempts
        do not make the window longer, so that nobody can be kept out for good.
        """
        key = hash_token(f"{scope}:{subject.lower()}")
        now = timezone.now()
        cls.objects.get_or_create(key=key, defaults={"window_ends_at": now + window})
        cls.objects.filter(key=key, window_ends_at__lte=now).update(window_ends_at=now + window, attempts=0)
        cls.objects.filter(key=key).update(attempts=models.F("attempts") + 1)
        counted = cls.objects.filter(key=key).first()
        return counted.window_ends_at - now if counted and counted.attempts > limit else None

    @classmethod
    def forget(cls, scope: str, subject: str) -> None:
        cls.objects.filter(key=hash_token(f"{scope}:{subject.lower()}")).delete()
