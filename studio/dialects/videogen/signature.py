"""Standard Webhooks: how VideoGen signs what it delivers, made and checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

TOLERANCE_SECONDS = 300


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of a delivery. Raises ValueError for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("The signing secret cannot be read.") from error
    mac = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> str:
    """The message's id, which stays the same over its retries. Raises ValueError for a forgery, a stale or a future one."""
    known = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = known.get("webhook-id", ""), known.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise ValueError("This delivery is not signed.")
    timestamp = int(stamp)
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        raise ValueError("This delivery is too old or comes from the future.")
    right = sign(secret, message_id, timestamp, body).encode()
    offered = known.get("webhook-signature", "").encode("utf-8", "surrogateescape").split(b" ")
    matches = [hmac.compare_digest(right, one) for one in offered]  # All of them, so that the time taken tells nothing.
    if not any(matches):
        raise ValueError("This delivery's signature is not ours.")
    return message_id
