"""Contact sheets of every template with the demo products, and the templates' thumbnails for the form.

python -m studio.render.sheets screens/ads                      # one sheet a product: templates down, ratios across
python -m studio.render.sheets --thumbs static/img/templates    # one 4:5 WebP a template
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image

from studio.render.raster import encode, rasterise
from studio.render.spec import BrandLook, Picture, StaticAd
from studio.render.templates import TEMPLATES, build

DEMO = Path(__file__).parent / "data" / "demo"
RATIOS = {"1x1": (1080, 1080), "4x5": (1080, 1350), "9x16": (1080, 1920), "16x9": (1920, 1080)}
THUMBNAIL = (480, 600)
LARGEST_THUMBNAIL_BYTES = 40_000
_CELL_HIGH, _GAP, _PAPER = 640, 16, "#e9e9e6"


@dataclass(frozen=True, slots=True)
class Demo:
    """A made-up brand with a product and copy that fits it. headlines: by template, "" for all others."""

    brand: BrandLook
    picture: str
    headlines: dict[str, str]
    subline: str
    call: str
    badge: str
    quote: str

    def ad(self, template: str, width: int, height: int, *, variant: int = 0) -> StaticAd:
        """The ad of this demo in a template; only the review is given the quote."""
        return StaticAd(
            template,
            width,
            height,
            headline=self.headlines.get(template, self.headlines[""]),
            subline=self.subline,
            call_to_action=self.call,
            badge=self.badge,
            quote=self.quote if template == "review" else "",
            brand=self.brand,
            pictures=(demo_picture(self.picture),),
            variant=variant,
        )


def demo_picture(name: str) -> Picture:
    """A picture of the demo folder; the transparent ones are their own cut-outs."""
    read = partial((DEMO / name).read_bytes)
    return Picture(f"demo-{name}", read, read if name.endswith(".png") else None)


DEMOS = {
    "halden": Demo(
        BrandLook("halden", "#c98f63", "#a4502a", "#2b1a12", "#f6eee6", "instrument-serif", "dm-sans"),
        "cut_serum.png",
        {"": "Calm skin, in *fourteen* days.", "hero": "Quiet skin.", "poster": "Your barrier, *remembered*."},
        "Niacinamide 8% and squalane, in amber glass. Dermatologist tested, fragrance free.",
        "Shop the serum",
        "20% off",
        "My skin has not been this quiet since I was twelve.",
    ),
    "oru": Demo(
        BrandLook("oru", "#f26a3d", "#1f4bd8", "#2a1208", "#fff3e6", "bricolage", "inter"),
        "cut_can.png",
        {"": "Monday, *cancelled*.", "hero": "Wake up slow", "poster": "Cold brew for *slow* mornings"},
        "Cold brew with orange and cardamom. Delivered cold, by the dozen.",
        "Get a case",
        "New",
        "I have stopped pretending to like mornings. This is the reason.",
    ),
    "kestrel": Demo(
        BrandLook("kestrel", "#2f6f73", "#f28a4b", "#0f2426", "#f1efe8", "archivo-condensed", "inter"),
        "cut_flask.png",
        {"": "Summit *proof*.", "editorial": "Built for the last thousand metres", "poster": "Hot at the *top*"},
        "Hot for 24 hours, cold for 48. Leak-tested to 4,800 metres.",
        "Find your colour",
        "Free engraving",
        "Dropped it off a ridge. The coffee was still hot when we got down.",
    ),
}
_THUMBNAILS = {
    "split": ("oru", 0),
    "hero": ("kestrel", 0),
    "editorial": ("kestrel", 0),
    "review": ("halden", 0),
    "poster": ("halden", 0),
    "arch": ("halden", 0),
}


def picture_of(ad: StaticAd) -> Image.Image:
    """The ad as pixels of its own size."""
    return rasterise(build(ad).svg, ad.width, ad.height)


def sheet(demo: Demo, *, variant: int = 0) -> Image.Image:
    """Every template (down) in every ratio (across)."""
    rows: list[list[Image.Image]] = []
    for template in TEMPLATES:
        cells = []
        for width, height in RATIOS.values():
            image = picture_of(demo.ad(template, width, height, variant=variant))
            size = (round(_CELL_HIGH * width / height), _CELL_HIGH)
            cells.append(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
        rows.append(cells)
    wide = sum(cell.width + _GAP for cell in rows[0]) + _GAP
    board = Image.new("RGB", (wide, len(rows) * (_CELL_HIGH + _GAP) + _GAP), _PAPER)
    for row, cells in enumerate(rows):
        x = _GAP
        for cell in cells:
            board.paste(cell, (x, _GAP + row * (_CELL_HIGH + _GAP)))
            x += cell.width + _GAP
    return board


def write_sheets(folder: Path) -> list[Path]:
    """One JPEG a demo product; the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, demo in DEMOS.items():
        path = folder / f"{name}.jpg"
        path.write_bytes(encode(sheet(demo), "jpeg", 88))
        written.append(path)
    return written


def write_thumbnails(folder: Path) -> list[Path]:
    """One 4:5 WebP a template, each at most LARGEST_THUMBNAIL_BYTES; the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for template in TEMPLATES:
        demo, variant = _THUMBNAILS.get(template, ("halden", 0))
        image = picture_of(DEMOS[demo].ad(template, 1080, 1350, variant=variant))
        small = image.resize(THUMBNAIL, Image.Resampling.LANCZOS)
        path = folder / f"{template}.webp"
        for quality in (86, 80, 74, 66, 56, 46):
            data = encode(small, "webp", quality)
            if len(data) <= LARGEST_THUMBNAIL_BYTES:
                break
        path.write_bytes(data)
        written.append(path)
    return written


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m studio.render.sheets", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--thumbs", action="store_true", help="thumbnails of the templates instead of contact sheets")
    chosen = parser.parse_args(arguments)
    for path in (write_thumbnails if chosen.thumbs else write_sheets)(chosen.folder):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
