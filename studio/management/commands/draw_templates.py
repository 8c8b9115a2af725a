"""Draws the picture of every template of static ads: static/img/templates/<template>.webp. Run it after a change of a layout."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image

from studio.render import raster, templates
from studio.render.spec import BrandLook, Picture, StaticAd
from studio.tools.static_ad import TEMPLATES

SIZE = (496, 620)
DEMO = Path("studio/render/data/demo")

HALDEN = BrandLook("halden", "#3d2a1c", "#b5602a", "#2b2018", "#f4e9dc", "fraunces", "inter")
ORU = BrandLook("oru", "#f26a2e", "#d9480f", "#3b1608", "#fff3e6", "bricolage", "inter")
KESTREL = BrandLook("kestrel", "#1f5a55", "#e85d2c", "#0f2a2a", "#eef2ee", "archivo-expanded", "inter")
FABLE = BrandLook("Fable", "#2b1a12", "#d8a45f", "#140d09", "#f5ead8", "playfair", "inter")

SAMPLES: dict[str, tuple[BrandLook, str, str, dict[str, Any]]] = {
    "split": (
        KESTREL,
        "cut_flask.png",
        "cut_flask.png",
        {"headline": "24 hours cold. *Zero* excuses.", "call_to_action": "Shop now"},
    ),
    "hero": (ORU, "cut_can.png", "cut_can.png", {"headline": "Monday, *cancelled*.", "call_to_action": "Try a can"}),
    "editorial": (
        FABLE,
        "candle_dark.jpg",
        "",
        {"headline": "The evening *starts* here.", "subline": "Fig and smoked vanilla."},
    ),
    "review": (
        HALDEN,
        "cut_serum.png",
        "cut_serum.png",
        {"headline": "Calm skin, in *14 days*.", "quote": "My redness was gone in two weeks. — Ida, 34"},
    ),
    "poster": (ORU, "cut_can.png", "cut_can.png", {"headline": "Cold brew, *warm* mornings.", "badge": "20% off"}),
    "arch": (
        HALDEN,
        "cut_serum.png",
        "cut_serum.png",
        {"headline": "Your *quiet* ritual.", "call_to_action": "Meet the serum"},
    ),
}
"""Brand, photo, cut-out (empty: used as a photo) and words of each picture."""


def _picture(photo: str, cutout: str) -> Picture:
    root = Path(settings.BASE_DIR) / DEMO
    key = hashlib.sha256((root / photo).read_bytes()).hexdigest()
    return Picture(key, partial((root / photo).read_bytes), partial((root / cutout).read_bytes) if cutout else None)


def draw(template: str) -> bytes:
    """The template's picture as WebP."""
    brand, photo, cutout, words = SAMPLES[template]
    ad = StaticAd(template, 1080, 1350, brand=brand, pictures=(_picture(photo, cutout),), **words)
    image = raster.rasterise(templates.build(ad).svg, ad.width, ad.height)
    return raster.encode(image.resize(SIZE, Image.Resampling.LANCZOS), "webp", 82)


class Command(BaseCommand):
    help = "Draws the pictures of the templates into static/img/templates/."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "img" / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        for template in TEMPLATES:
            data = draw(template)
            (folder / f"{template}.webp").write_bytes(data)
            self.stdout.write(f"{template}.webp, {len(data) // 1024} KB")
