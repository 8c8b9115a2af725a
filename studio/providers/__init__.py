"""Who makes things: the one visible table of providers, and the offers that ship beside each."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path

from .base import Offer, Provider

PROVIDERS: dict[str, tuple[str, str]] = {
    "local": ("Rendered locally", "studio.providers.local.adapter.LocalProvider"),
}
"""Key -> what people read, and the adapter, imported when first asked for."""


@cache
def get_provider(key: str) -> Provider:
    module, name = PROVIDERS[key][1].rsplit(".", 1)
    adapter: type[Provider] = getattr(import_module(module), name)
    return adapter()


@cache
def shipped_offers(provider: str) -> tuple[Offer, ...]:
    """The offers of `offers.toml` beside a provider."""
    data = tomllib.loads((Path(__file__).parent / provider / "offers.toml").read_text("utf-8"))
    return tuple(
        Offer(
            key=row["key"],
            provider=provider,
            tool=row["tool"],
            title=row["title"],
            price=Decimal(row["price"]) if "price" in row else None,
            unit=row["unit"],
            typical_seconds=row["typical_seconds"],
            source=row["source"],
            seen_on=row["seen_on"],
            limits=row.get("limits", {}),
        )
        for row in data["offer"]
    )


def offers_for(tool: str, connection: str | None = None) -> tuple[Offer, ...]:
    """The ways to run a tool, best first. connection: the key of one provider, or None for every provider that needs no key."""
    providers = [connection] if connection else list(PROVIDERS)
    return tuple(offer for provider in providers for offer in shipped_offers(provider) if offer.tool == tool)


def find_offer(key: str) -> Offer | None:
    return next((offer for provider in PROVIDERS for offer in shipped_offers(provider) if offer.key == key), None)
