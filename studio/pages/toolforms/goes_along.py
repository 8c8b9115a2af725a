"""What of a brand goes to whoever makes it, told under the brand's field.

Found by asking, not by a list of who takes what: the request is encoded as it stands and once more with each part of the brand changed. A part
that changes the request goes along; one that does not stays here. So what is said cannot differ from what is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from studio.providers import get_provider
from studio.providers.base import UnsupportedInput
from studio.tools.offer import Offer
from studio.tools.values import BrandValue, NoAddress, NotThere, Resolved

from .offered import Picked

KIT = "brand kit"
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name",)),
    ("logo", ("logo", "logo_dark")),
    ("colours", ("primary", "accent", "dark", "light")),
    ("fonts", ("heading_font", "body_font", "own_fonts")),
    ("tone of voice", ("tone",)),
    ("phrases to say", ("say",)),
    ("words never to say", ("never_say",)),
    ("claims", ("claims",)),
    ("legal line", ("legal_line",)),
    (KIT, ("remote",)),
)
"""Parts of a brand in people's words, each with its fields in BrandValue."""
NEVER_SENT = ("id",)
"""Ours alone: our own key."""


@dataclass(frozen=True, slots=True)
class Along:
    """goes, stays: parts of the brand that has them. is_here: it is drawn on this server. maker: who makes it. kit: what that service calls it."""

    brand: str
    maker: str
    is_here: bool
    goes: tuple[str, ...]
    stays: tuple[str, ...]
    kit: str = ""

    @property
    def sentence(self) -> str:
        if self.is_here:
            return f"Drawn with its {_listed(self.goes)}. Nothing leaves this server." if self.goes else ""
        if not self.goes:
            return f"Nothing of {self.brand} goes to {self.maker}, which does not know it. Results are filed under it here."
        named = [f"{KIT} there ({self.kit})" if part == KIT and self.kit else part for part in self.goes]
        stays = f" Its {_listed(self.stays)} stay{'' if len(self.stays) > 1 else 's'} here." if self.stays else ""
        return f"Goes to {self.maker}: its {_listed(named)}.{stays}"


def goes_along(picked: Picked, values: Resolved) -> Along | None:
    """None where no brand is chosen, or where nothing can be encoded."""
    offer, brand = picked.offer, values.brand
    if offer is None or brand is None or not offer.takes_input("brand"):
        return None
    goes = parts_sent(offer, values)
    if goes is None:
        return None
    provider = get_provider(offer.provider)
    has = tuple(words for words, names in PARTS if words != KIT and any(getattr(brand, name) for name in names))
    return Along(
        brand.name or "this brand",
        provider.title,
        provider.drawn_here,
        goes,
        tuple(words for words in has if words not in goes),
        brand.remote.get("brand_kit", ""),
    )


def parts_sent(offer: Offer, values: Resolved) -> tuple[str, ...] | None:
    """The parts of the brand that change the request. None where these inputs cannot be encoded at all."""
    brand = values.brand
    if brand is None:
        return ()
    probe = _alone(values)
    try:
        whole = _encoded(offer, probe)
        return tuple(
            words for words, names in PARTS if _encoded(offer, replace(probe, brand=_other(brand, names))) != whole
        )
    except (UnsupportedInput, NoAddress, NotThere):
        return None


def _alone(values: Resolved) -> Resolved:
    """The same request without its files and people: an unfinished form has none yet, and they say nothing of the brand."""
    request: Any = values.inputs.requests()[0]
    if getattr(request, "prompt", None) == "":
        request = request.model_copy(update={"prompt": "…"})
    return replace(values, inputs=request, asked=request, media={}, influencer=None, voice=None, reference=None)


def _encoded(offer: Offer, values: Resolved) -> object:
    request = get_provider(offer.provider).encode(offer, values)
    return (request.method, request.path, request.body)


def _other(brand: BrandValue, names: tuple[str, ...]) -> BrandValue:
    """The brand with other values in these fields, where it has any."""
    return replace(brand, **{name: _CHANGED[name](getattr(brand, name)) for name in names})


def _colour(value: str) -> str:
    return "#123456" if value != "#123456" else "#654321"


def _font(value: str) -> str:
    return "anton" if value != "anton" else "inter"


_CHANGED: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: f"{value}…" if value else value,
    "primary": _colour,
    "accent": _colour,
    "dark": _colour,
    "light": _colour,
    "heading_font": _font,
    "body_font": _font,
    "own_fonts": lambda value: (),
    "logo": lambda value: None,
    "logo_dark": lambda value: None,
    "tone": lambda value: f"{value}…" if value else value,
    "say": lambda value: (*value, "…"),
    "never_say": lambda value: (*value, "…"),
    "claims": lambda value: (*value, "…"),
    "legal_line": lambda value: f"{value}…" if value else value,
    "remote": lambda value: {kind: f"{name}0" for kind, name in value.items()},
}


def _listed(parts: tuple[str, ...] | list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
