"""Who makes things: the one visible table of providers, and the offers that ship beside each."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path

from .base import HereProvider, Offer, Provider, RemoteProvider

PROVIDERS: dict[str, tuple[str, str]] = {
    "local": ("Rendered locally", "studio.providers.local.adapter.LocalProvider"),
    "influencer_studio": ("Influencer Studio", "studio.providers.influencer_studio.adapter.InfluencerStudioProvider"),
    "videotok": ("Videotok", "studio.providers.videotok.adapter.VideotokProvider"),
    "videogen": ("VideoGen", "studio.providers.videogen.adapter.VideoGenProvider"),
}
"""Key -> what people read, and the adapter, imported when first asked for."""

REMOTE = tuple(key for key in PROVIDERS if key != "local")
"""Those that need a key: their offers come with a connection."""


@cache
def get_provider(key: str) -> Provider:
    module, name = PROVIDERS[key][1].rsplit(".", 1)
    adapter: type[Provider] = getattr(import_module(module), name)
    return adapter()


def get_here(key: str) -> HereProvider:
    """A provider that works in this installation. Raises TypeError for one behind the wire."""
    provider = get_provider(key)
    if not isinstance(provider, HereProvider):
        raise TypeError(f"{key} is behind the wire.")
    return provider


def get_remote(key: str) -> RemoteProvider:
    """A provider behind the wire. Raises TypeError for the local renderer."""
    provider = get_provider(key)
    if not isinstance(provider, RemoteProvider):
        raise TypeError(f"{key} is not behind the wire.")
    return provider


@cache
def shipped_offers(provider: str) -> tuple[Offer, ...]:
    """The offers of `offers.toml` beside a provider."""
    data = tomllib.loads((Path(__file__).parent / provider / "offers.toml").read_text("utf-8"))
    return tuple(Offer.from_data(row, provider) for row in data["offer"])


def offers_for(tool: str, connection: str | None = None) -> tuple[Offer, ...]:
    """The shipped ways to run a tool, best first. connection: the key of one provider, or None for those that need no key."""
    return tuple(offer for offer in shipped_offers(connection or "local") if offer.tool == tool)


def find_offer(key: str) -> Offer | None:
    """A shipped offer. Its key begins with its provider, except for the local renderer's."""
    provider = key.partition(":")[0]
    return next((it for it in shipped_offers(provider if provider in PROVIDERS else "local") if it.key == key), None)
