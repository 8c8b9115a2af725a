"""What people type for a connection: keys and addresses, cleaned or refused with a sentence for their field."""

from __future__ import annotations

import re

from studio.media.address import AddressRefused, check_url
from studio.providers.base import RemoteProvider

LONGEST_KEY = 500
PLAIN = re.compile(r"[\x21-\x7e]+")
"""Keys and ids are made of these; so an odd one never reaches a header."""


class Unusable(Exception):
    """What was typed cannot be used. field: which of the form's; the text is the sentence beside it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def cleaned_key(written: str) -> str:
    key = written.strip().strip("\"'").strip()
    if key.lower().startswith("bearer "):
        key = key[7:].strip()
    if not key:
        raise Unusable("key", "Paste the key.")
    if len(key) > LONGEST_KEY:
        raise Unusable("key", f"This has {len(key):,} characters, which no key has. Paste the key alone.")
    if not PLAIN.fullmatch(key):
        raise Unusable(
            "key", "This has a space or a special character in it. Paste the key alone, as the service shows it."
        )
    return key


def cleaned_address(written: str, provider: RemoteProvider) -> str:
    """Empty for the provider's own."""
    address = written.strip().rstrip("/")
    if not address or address == provider.base_url.rstrip("/"):
        return ""
    if "?" in address or "#" in address:
        raise Unusable("base_url", "Only the beginning of the address is needed: leave out what follows ? or #.")
    if len(address) > 300:
        raise Unusable("base_url", f"This has {len(address)} characters. The most is 300.")
    try:
        check_url(address)
    except AddressRefused as refusal:
        raise Unusable("base_url", str(refusal)) from None
    return address


def last4(key: str) -> str:
    """Four of at least twelve: of a short key they would be too much."""
    return key[-4:] if len(key) >= 12 else ""
