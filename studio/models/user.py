from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string, salted_hmac


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), name=name, **fields)
        user.password = make_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses are compared without case: people do not remember how they typed theirs."""
        return self.get(email__iexact=username or "")


class Theme(models.TextChoices):
    SYSTEM = "system", "System"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


def new_session_salt() -> str:
    return get_random_string(16)


class User(AbstractBaseUser):
    """A person. What they may do is said by their memberships, never here."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    single_keys = models.BooleanField(
        default=True, help_text="Single-letter shortcuts (WCAG 2.1.4 asks that they can be turned off)."
    )
    session_salt = models.CharField(
        max_length=16, default=new_session_salt, help_text="A new one signs the person out everywhere."
    )
    current_membership = models.ForeignKey(
        "studio.Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique"),)

    def __str__(self) -> str:
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """Ties every session to the password and the salt: changing either ends all sessions."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under retired secret keys, so that rotating the key signs nobody out."""
        return (self._session_hash(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | None) -> str:
        salt = "studio.models.User.session"
        return salted_hmac(salt, f"{self.password}:{self.session_salt}", secret=secret, algorithm="sha256").hexdigest()

    def sign_out_everywhere(self) -> None:
        self.session_salt = new_session_salt()
        self.save(update_fields=("session_salt",))
