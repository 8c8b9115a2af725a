"""Values as the engine would hand them to Videotok's codec, made from links alone, and the offers of its scripted catalogue."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from studio.dialects.videotok.codec_catalogue import offers
from studio.tools import get_tool
from studio.tools.offer import Offer
from studio.tools.values import BrandValue, InfluencerValue, MediaValue, ReferenceValue, Resolved
from tests.upstreams.videotok.catalogue import CATALOGUE

SPACE = UUID(int=7)
REFERENCE = "c2a7f0de-4f2b-4a51-8a5e-7f3b1d20aa10"
TODAY = date(2026, 11, 21)
CHOICES = ("avatar", "preset")
FILES = Path(__file__).parents[3] / "studio/providers/videotok/offers.toml"


def media(link: str = "", **facts: Any) -> MediaValue:
    """A picture behind a link; `data` puts bytes behind it instead."""
    known = {"sha256": "", "media_type": "image/png", "width": 48, "height": 64, "file": "", "name": "", **facts}
    return MediaValue(uuid5(SPACE, link or known["name"]), link=link, **known)


def brand(kit: str = "42") -> BrandValue:
    colours = ("#111111", "#222222", "#333333", "#444444")
    return BrandValue(
        uuid5(SPACE, "brand"), "House", *colours, "inter", "inter", remote={"brand_kit": kit} if kit else {}
    )


def person(link: str = "https://in.example/ada.png", avatar: str = "") -> InfluencerValue:
    return InfluencerValue(
        uuid5(SPACE, "ada"), "Ada", photos=(media(link),), remote={"avatar": avatar} if avatar else {}
    )


def reference(*files: MediaValue, saved: str = REFERENCE, **facts: Any) -> ReferenceValue:
    known = {"label": "Soft daylight", "slug": "product-shoot", "category": "static-ads", **facts}
    remote = {"reference": saved} if saved else {}
    return ReferenceValue(uuid5(SPACE, "reference"), media=files, remote=remote, **known)


def resolved(tool_slug: str, **inputs: Any) -> Resolved:
    """References are links, or `videotok:<id>` for what it keeps; `influencer="ada"` and `brand="videotok:42"` become people and kits."""
    tool = get_tool(tool_slug)
    assert tool is not None
    said = tool.Inputs.model_validate(inputs)
    files: dict[str, tuple[MediaValue, ...]] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for name in type(said).model_fields:
        value = getattr(said, name)
        links = [value] if isinstance(value, str) else list(value) if isinstance(value, tuple) else []
        if links and all(isinstance(it, str) and it.startswith("https://") for it in links):
            files[name] = tuple(media(it) for it in links)
        elif value and name in CHOICES:
            choices[name] = (value.removeprefix("videotok:"),)
    kit, saved = (str(getattr(said, name, "")).removeprefix("videotok:") for name in ("brand", "reference"))
    shape = getattr(said, "aspect_ratio", None)
    filled = {"aspect_ratio": ("1:1",)} if shape == ("auto",) else {}
    return Resolved(
        tool=tool,
        asked=said,
        inputs=said.model_copy(update=filled),
        filled_in={},
        media=files,
        choices=choices,
        brand=brand(kit) if kit else None,
        influencer=person() if getattr(said, "influencer", "") else None,
        reference=reference(saved=saved) if saved else None,
    )


@cache
def listed() -> dict[str, Offer]:
    """The offers that the scripted catalogue makes, by key."""
    return {offer.key: offer for offer in offers(CATALOGUE, TODAY)}


@cache
def shipped() -> dict[str, Offer]:
    rows = tomllib.loads(FILES.read_text("utf-8"))["offer"]
    return {row["key"]: Offer.from_data(row, "videotok") for row in rows}


def offer(key: str) -> Offer:
    """By its key without `videotok:`; the catalogue's overlays the shipped one."""
    full = f"videotok:{key}"
    return listed().get(full) or shipped()[full]
