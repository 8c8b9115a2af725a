"""What is kept encrypted: the keys of services and the secrets of their webhooks. Nothing here is ever logged, not even in an error."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableSecret(Exception):
    """It was kept with an ENCRYPTION_KEY that this installation no longer has. A person must type it again."""

    def __init__(self) -> None:
        super().__init__("The key cannot be read with this installation's ENCRYPTION_KEY. Type it again.")


def conceal(text: str) -> str:
    """Encrypted for the database; empty stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def reveal(text: str) -> str:
    """What was concealed, with today's key or an earlier one. Raises UnreadableSecret."""
    if not text:
        return ""
    try:
        return _box().decrypt(text.encode()).decode()
    except (InvalidToken, UnicodeError):
        # Without its cause: a traceback must not carry what was tried.
        raise UnreadableSecret from None


def renew(text: str) -> str:
    """The same under today's key, so that an earlier one may be thrown away. Raises UnreadableSecret."""
    if not text:
        return ""
    try:
        return _box().rotate(text.encode()).decode()
    except (InvalidToken, UnicodeError):
        raise UnreadableSecret from None


def is_of_today(text: str) -> bool:
    """Whether it needs no earlier key."""
    try:
        _fernet(settings.ENCRYPTION_KEY).decrypt(text.encode())
    except (InvalidToken, UnicodeError):
        return not text
    return True


def _box() -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in (settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _fernet(secret: str) -> Fernet:
    """A Fernet key of any text: the operator may choose it freely, 32 random characters or more."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"backlot connections\0" + secret.encode()).digest()))
