"""Where services on the internet reach this installation: needed where an API takes our files only by address, and for its bells.

A team's own address was tried before it was saved: a nonce is sent there and must come back signed with this installation's secret. Without
one, `PUBLIC_URL` of the environment is used where it is an address of the internet.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from studio.media.address import AddressRefused, check_url
from studio.media.dial import checked_client
from studio.models import Team

from .connection_checks import in_chain

PROBE_PATH = "/hooks/here/"
WITHIN_SECONDS = 8.0
LARGEST_ANSWER = 4096
_NONCE = re.compile(r"[0-9a-f]{32}")
_SALT = "backlot.hooks.here"


class NotHere(Exception):
    """An address that does not lead to this installation. The text says why, and what to do."""


def public_address(team: Team) -> str:
    """`https://…` without a slash at its end, or "" where nothing on the internet reaches us."""
    return team.public_url or address_of_environment()


def address_of_environment() -> str:
    """PUBLIC_URL, where services could dial it."""
    try:
        check_url(settings.PUBLIC_URL)
    except AddressRefused:
        return ""
    return str(settings.PUBLIC_URL)


def no_address_reason() -> str:
    """Why an offer that takes files only by address cannot be used, for a form."""
    return (
        "This one fetches files from the internet, and nothing there reaches this installation yet. An owner or admin can set a public"
        " address in Settings, Connections."
    )


def cleaned(written: str) -> str:
    """The address in its one form. Raises NotHere with a sentence about what was written."""
    address = written.strip().rstrip("/")
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    try:
        check_url(address)
    except AddressRefused as refusal:
        raise NotHere(str(refusal)) from None
    parts = urlsplit(address)
    if parts.query or parts.fragment or parts.path.strip("/"):
        raise NotHere("Only the beginning is needed, as https://studio.example.com: leave out what follows the name.")
    return address


def answer_for(nonce: str) -> str:
    """What this installation alone can say to a nonce; "" to anything else."""
    return salted_hmac(_SALT, nonce, algorithm="sha256").hexdigest() if _NONCE.fullmatch(nonce) else ""


def raise_for_elsewhere(address: str, within_seconds: float = WITHIN_SECONDS) -> None:
    """Tries a cleaned address from outside. Raises NotHere where it does not lead to this installation."""
    try:
        check_url(address)
    except AddressRefused as refusal:
        raise NotHere(str(refusal)) from None
    nonce = secrets.token_hex(16)
    host = urlsplit(address).hostname or address
    try:
        status, location, text = asyncio.run(_fetch(f"{address}{PROBE_PATH}{nonce}/", within_seconds))
    except AddressRefused as refusal:
        raise NotHere(str(refusal)) from None
    except Exception as error:
        raise NotHere(_why(host, error, within_seconds)) from error
    if 300 <= status < 400:
        there = urlsplit(location).hostname or "elsewhere"
        raise NotHere(f"{host} sends visitors on to {there}. Use the address that they end at, as https://{there}.")
    if hmac.compare_digest(text.strip().encode(), answer_for(nonce).encode()):
        return
    if status == 400:
        raise NotHere(
            f"{host} leads to a server that does not go by this name. If it is this one, add {host} to ALLOWED_HOSTS and start again."
        )
    if status in (502, 503, 504, 530):
        raise NotHere(f"{host} answers, but what stands behind it does not ({status}). Is the tunnel or proxy running?")
    raise NotHere(f"{host} leads to another server, not to this one. Check where your tunnel or proxy sends it.")


async def _fetch(url: str, within_seconds: float) -> tuple[int, str, str]:
    async with (
        checked_client(connections=1) as client,
        asyncio.timeout(within_seconds),
        client.stream("GET", url, headers={"Accept": "text/plain"}) as response,
    ):
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > LARGEST_ANSWER:
                break
        return response.status_code, response.headers.get("location", ""), body[:LARGEST_ANSWER].decode("latin-1")


def _why(host: str, error: Exception, within_seconds: float) -> str:
    kinds: list[tuple[Any, str]] = [
        (TimeoutError, f"{host} did not answer within {within_seconds:.0f} s. Is the tunnel or proxy running?"),
        (
            socket.gaierror,
            f"No server is known by the name {host}. Check its spelling; a new name may take some minutes.",
        ),
        (ssl.SSLError, f"{host} has no certificate that can be trusted. Services would not fetch from it either."),
    ]
    for kind, sentence in kinds:
        if in_chain(error, kind):
            return sentence
    return f"{host} could not be reached from here. Is the tunnel or proxy running?"
