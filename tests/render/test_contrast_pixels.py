"""What the eye gets: the contrast of every text, measured on the pixels that lie under its glyphs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.render import colours
from studio.render.raster import rasterise
from studio.render.sheets import DEMOS, RATIOS, Demo, demo_picture
from studio.render.spec import Box, BrandLook, StaticAd, TextBox
from studio.render.svg import WORDS
from studio.render.templates import TEMPLATES, build

SPACE = "http://www.w3.org/2000/svg"
DRAWN = {f"{{{SPACE}}}{name}" for name in ("rect", "circle", "ellipse", "path", "image")}
GROUP, PATH, DEFS = (f"{{{SPACE}}}{name}" for name in ("g", "path", "defs"))
ET.register_namespace("", SPACE)
SHORT_SIDE = 480
STEP = 6
"""How far apart the greens are that tell the fills of a mask from one another."""

FAIR, LOUD, STARK = DEMOS["halden"], DEMOS["oru"], DEMOS["kestrel"]
SNOW = BrandLook("snow", "#f7f2ea", "#ffe9d6", "#8a8078", "#ffffff", "fraunces", "inter")
NIGHT = BrandLook("night", "#101014", "#2a1a4a", "#000000", "#1c1c22", "bricolage", "inter")
SUBJECTS: dict[str, tuple[Demo, BrandLook, tuple[str, ...]]] = {
    "serum": (FAIR, FAIR.brand, ("cut_serum.png",)),
    "can": (LOUD, LOUD.brand, ("cut_can.png",)),
    "flask": (STARK, STARK.brand, ("cut_flask.png",)),
    "photo of a serum": (FAIR, FAIR.brand, ("serum_hero.jpg",)),
    "photo of a jar": (STARK, STARK.brand, ("jar_peach.jpg",)),
    "photo of a can": (LOUD, LOUD.brand, ("can_orange.jpg",)),
    "photo of a dark candle": (FAIR, FAIR.brand, ("candle_dark.jpg",)),
    "no picture": (LOUD, LOUD.brand, ()),
    "a very light brand": (FAIR, SNOW, ("cut_flask.png",)),
    "a very dark brand": (STARK, NIGHT, ("cut_serum.png",)),
    "a very light brand's dark photo": (FAIR, SNOW, ("candle_dark.jpg",)),
    "a very dark brand's light photo": (STARK, NIGHT, ("jar_peach.jpg",)),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A text of one colour: where its ink is (units of the canvas), and the contrast that all but 2 % of its pixels exceed."""

    fill: str
    box: Box
    contrast: float


def without_words(document: str) -> str:
    """The document with its texts taken out."""
    root = ET.fromstring(document)
    for parent in list(root.iter()):
        for child in [child for child in parent if child.get("class") == WORDS]:
            parent.remove(child)
    return ET.tostring(root, "unicode")


def only_words(document: str) -> tuple[str, list[str]]:
    """The document with nothing but its texts, on black: red is ink, green tells which of the fills (also returned)."""
    root = ET.fromstring(document)
    fills: list[str] = []

    def visit(parent: ET.Element) -> None:
        for child in list(parent):
            if child.get("class") == WORDS:
                for piece in list(child):
                    if piece.tag != PATH:
                        child.remove(piece)  # emoji have colours of their own
                        continue
                    fills.append(piece.attrib["fill"])
                    piece.set("fill", f"#ff{STEP * len(fills):02x}00")
            elif child.tag == DEFS or child.tag in DRAWN:
                parent.remove(child)
            elif child.tag == GROUP:
                for name in ("clip-path", "mask", "opacity"):
                    child.attrib.pop(name, None)
                visit(child)

    visit(root)
    root.insert(0, ET.Element(f"{{{SPACE}}}rect", {"width": "100%", "height": "100%", "fill": "#000000"}))
    return ET.tostring(root, "unicode"), fills


def luminance(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """WCAG relative luminance of RGB pixels 0..255."""
    values = pixels / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), np.float32)


def seen(document: str, width: int, height: int) -> Iterator[Seen]:
    """Every text of a document as it is seen when drawn at this size."""
    mask, fills = only_words(document)
    assert STEP * len(fills) < 256
    ink = np.asarray(rasterise(mask, width, height), np.float32)
    ground = luminance(np.asarray(rasterise(without_words(document), width, height), np.float32))
    which = np.rint(ink[..., 1] * 255 / np.maximum(ink[..., 0], 1) / STEP).astype(int)
    which[ink[..., 0] < 150] = 0
    unit = min(width, height) / 1080
    for index, fill in enumerate(fills, 1):
        rows, columns = np.nonzero(which == index)
        if len(rows) < 8:
            continue
        own, under = colours.luminance(fill), ground[rows, columns]
        ratio = (np.maximum(own, under) + 0.05) / (np.minimum(own, under) + 0.05)
        left, top = columns.min() / unit, rows.min() / unit
        box = Box(left, top, (columns.max() + 1) / unit - left, (rows.max() + 1) / unit - top)
        yield Seen(fill, box, float(np.percentile(ratio, 2)))


def ad_of(template: str, ratio: str, subject: str, take: int) -> StaticAd:
    """A demo's ad for a subject."""
    demo, brand, names = SUBJECTS[subject]
    width, height = RATIOS[ratio]
    pictures = tuple(demo_picture(name) for name in names)
    return replace(
        demo.ad(template, width, height, variant=take), brand=brand, pictures=pictures, pixel_scale=SHORT_SIDE / 1080
    )


def of(texts: tuple[TextBox, ...], one: Seen) -> TextBox | None:
    """The booked text that this ink belongs to."""
    middle = (one.box.x + one.box.width / 2, one.box.y + one.box.height / 2)
    inside = [
        text
        for text in texts
        if text.box.x <= middle[0] <= text.box.x + text.box.width
        and text.box.y <= middle[1] <= text.box.y + text.box.height
    ]
    return min(inside, key=lambda text: text.box.width * text.box.height, default=None)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_text_reads_on_its_pixels(template: str, ratio: str) -> None:
    poor, boasts = [], []
    scale = SHORT_SIDE / 1080
    for number, subject in enumerate(SUBJECTS):
        # Four ratios and four takes: every subject is seen in each take, every template in each ratio with each take.
        take = (number + list(RATIOS).index(ratio)) % 4
        ad = ad_of(template, ratio, subject, take)
        drawing = build(ad)
        for text in seen(drawing.svg, round(ad.width * scale), round(ad.height * scale)):
            booked = of(drawing.texts, text)
            what = f"{subject}, take {take}: {booked.role if booked else text.box} is {text.contrast:.2f}"
            if text.contrast < 4.5:
                poor.append(what)
            if booked is not None and booked.contrast > 1.1 * text.contrast:
                boasts.append(f"{what}, booked as {booked.contrast}")
    assert not poor
    assert not boasts
