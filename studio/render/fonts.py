"""The typefaces of the renderer: a catalogue of families, their files, and which file draws which character.

Only the files in `data/fonts/` are ever used (and a customer's own file, given as bytes); the host's fonts never are, so an ad looks the same
on every machine. A family is a short list of files, each with a part of its characters: the first that has a character draws it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import uharfbuzz as hb

from studio.render.spec import FontFile

FOLDER = Path(__file__).parent / "data" / "fonts"
EMOJI_FILE = "emoji.ttf"
OWN = "upload-"
"""How the keys of brands' own fonts begin."""
MOST_OWN_BYTES = 96 << 20
"""Of brands' own fonts, a process holds this many; the one not used for the longest goes first."""

Optical = Literal["display", "text"]


@dataclass(frozen=True, slots=True)
class Font:
    """One family.

    key: what `BrandLook.heading_font` holds. title: its name for people. sentence: what it is good for, for the form.
    weights: lightest and heaviest weight; equal where there is one. Anything between works.
    upright, italic: file names in `FOLDER`, or keys made by `add_uploaded`; italic is empty where the family has none.
    width: value of the width axis, where the family has one and is not used at its normal width.
    emphasis: the key of the family whose italic (or upright) sets off one word beside this one.
    """

    key: str
    title: str
    kind: Literal["sans", "serif", "display"]
    weights: tuple[int, int]
    sentence: str
    emphasis: str
    upright: tuple[str, ...]
    italic: tuple[str, ...] = ()
    width: float | None = None

    @property
    def has_italic(self) -> bool:
        return bool(self.italic)


def _files(base: str, *subsets: str) -> tuple[str, ...]:
    return tuple(f"{base}-{subset}.ttf" for subset in subsets)


_LATIN = ("latin", "latin-ext")
_VIETNAMESE = (*_LATIN, "vietnamese")
_EUROPE = (*_VIETNAMESE, "cyrillic", "cyrillic-ext", "greek", "greek-ext")

_CATALOGUE = (
    Font(
        "inter",
        "Inter",
        "sans",
        (100, 900),
        "Neutral and very clear: for facts, apps and small print.",
        "instrument-serif",
        _files("inter", *_EUROPE),
        _files("inter-italic", *_EUROPE),
    ),
    Font(
        "bricolage",
        "Bricolage Grotesque",
        "sans",
        (200, 800),
        "Warm, a little crooked: for food, crafts and brands with humour.",
        "instrument-serif",
        _files("bricolage", *_VIETNAMESE),
    ),
    Font(
        "sora",
        "Sora",
        "sans",
        (100, 800),
        "Wide and technical: for software, money and devices.",
        "instrument-serif",
        _files("sora", *_LATIN),
    ),
    Font(
        "jakarta",
        "Plus Jakarta Sans",
        "sans",
        (200, 800),
        "Friendly and modern: for services and shops.",
        "playfair",
        _files("jakarta", *_VIETNAMESE),
        _files("jakarta-italic", *_VIETNAMESE),
    ),
    Font(
        "dm-sans",
        "DM Sans",
        "sans",
        (100, 1000),
        "Round and calm: for care, health and home.",
        "fraunces",
        _files("dm-sans", *_LATIN),
        _files("dm-sans-italic", *_LATIN),
    ),
    Font(
        "space-grotesk",
        "Space Grotesk",
        "sans",
        (300, 700),
        "Quirky and exact: for technology, games and music.",
        "instrument-serif",
        _files("space-grotesk", *_VIETNAMESE),
    ),
    Font(
        "archivo",
        "Archivo",
        "sans",
        (100, 900),
        "Sturdy newspaper grotesque: for sport, tools and news.",
        "playfair",
        _files("archivo", *_VIETNAMESE),
        _files("archivo-italic", *_VIETNAMESE),
    ),
    Font(
        "archivo-condensed",
        "Archivo Condensed",
        "display",
        (100, 900),
        "Narrow and loud at heavy weights: long headlines stay large.",
        "playfair",
        _files("archivo", *_VIETNAMESE),
        _files("archivo-italic", *_VIETNAMESE),
        width=66.0,
    ),
    Font(
        "archivo-expanded",
        "Archivo Expanded",
        "display",
        (100, 900),
        "Very wide: for short, proud headlines and fashion.",
        "instrument-serif",
        _files("archivo", *_VIETNAMESE),
        _files("archivo-italic", *_VIETNAMESE),
        width=122.0,
    ),
    Font(
        "anton",
        "Anton",
        "display",
        (400, 400),
        "Tall poster capitals: for sales, events and sport.",
        "instrument-serif",
        _files("anton", *_VIETNAMESE),
    ),
    Font(
        "playfair",
        "Playfair Display",
        "serif",
        (400, 900),
        "Elegant high contrast: for beauty, jewellery and wine.",
        "playfair",
        _files("playfair", *_VIETNAMESE, "cyrillic"),
        _files("playfair-italic", *_VIETNAMESE, "cyrillic"),
    ),
    Font(
        "fraunces",
        "Fraunces",
        "serif",
        (100, 900),
        "Soft old-style with character: for food, books and natural goods.",
        "fraunces",
        _files("fraunces", *_VIETNAMESE),
        _files("fraunces-italic", *_VIETNAMESE),
    ),
    Font(
        "instrument-serif",
        "Instrument Serif",
        "serif",
        (400, 400),
        "Slim and condensed: quiet luxury and editorial headlines.",
        "instrument-serif",
        _files("instrument-serif", *_LATIN),
        _files("instrument-serif-italic", *_LATIN),
    ),
)
FONTS: dict[str, Font] = {font.key: font for font in _CATALOGUE}

_SCRIPTS = ("sans-hebrew-hebrew.ttf", "sans-devanagari-devanagari.ttf", "sans-thai-thai.ttf")
_ARABIC = {
    "display": ("kufi-arabic-arabic.ttf", "sans-arabic-arabic.ttf"),
    "text": ("sans-arabic-arabic.ttf", "kufi-arabic-arabic.ttf"),
}
_uploaded: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


def font(key: str) -> Font:
    """The family of that key, Inter where no such family is known (a brand may outlive a family)."""
    return FONTS.get(key) or FONTS["inter"]


def key_of(sha256: str) -> str:
    """The key of a brand's own font by the hash of its file."""
    return f"{OWN}{sha256[:16]}"


def use_file(own: FontFile) -> Font:
    """The family of a brand's own font; its file is read only where this process does not hold it. Raises what `add_uploaded` raises."""
    with _lock:
        found = FONTS.get(own.key)
        if found and own.key in _uploaded:
            _uploaded.move_to_end(own.key)
            return found
    return add_uploaded(own.source(), own.title)


def add_uploaded(data: bytes, title: str, emphasis: str = "instrument-serif") -> Font:
    """Make a family of a customer's own TTF or OTF file. It is known in this process only, under the key "upload-" and its hash.

    A web font (WOFF) is unpacked before it is stored (studio.media.fonts). Raises ValueError with a sentence for the person when the
    bytes are not a font that can draw a word.
    """
    key = key_of(hashlib.sha256(data).hexdigest())
    if key in FONTS:
        return FONTS[key]
    face = hb.Face(hb.Blob(data)) if data[:4] in (b"\0\1\0\0", b"OTTO", b"true") else None
    if face is None or not face.glyph_count or not set(map(ord, "AEae")) <= set(face.unicodes):
        raise ValueError("This file is not a font with Latin letters. Please upload a TTF or OTF file.")
    axis = {info.tag: info for info in face.axis_infos} if face.has_var_data else {}
    weights = (int(axis["wght"].min_value), int(axis["wght"].max_value)) if "wght" in axis else (400, 400)
    family = Font(key, title, "sans", weights, "Your own font.", emphasis, (key,))
    with _lock:
        _uploaded[key] = data
        FONTS[key] = family
        _make_room(key)
    return family


def _make_room(newest: str) -> None:
    """Forgets fonts that were not used for the longest, with everything that was read of them."""
    gone = False
    while sum(map(len, _uploaded.values())) > MOST_OWN_BYTES and next(iter(_uploaded)) != newest:
        oldest, _ = _uploaded.popitem(last=False)
        del FONTS[oldest]
        gone = True
    if gone:
        for kept in (_face, instance, height_of, chain):
            kept.cache_clear()


@lru_cache(maxsize=128)
def _face(file: str) -> tuple[hb.Face, frozenset[int], dict[str, tuple[float, float]]]:
    blob = hb.Blob(_uploaded[file]) if file in _uploaded else hb.Blob.from_file_path(str(FOLDER / file))
    face = hb.Face(blob)
    axes = {info.tag: (info.min_value, info.max_value) for info in face.axis_infos} if face.has_var_data else {}
    return face, frozenset(face.unicodes), axes


def covers(file: str, character: str) -> bool:
    return ord(character) in _face(file)[1]


@lru_cache(maxsize=256)
def instance(file: str, weight: int, optical: Optical, width: float | None) -> hb.Font:
    """A face set to a weight, an optical size and a width, in font units (its scale is its units per em)."""
    face, _, axes = _face(file)
    made = hb.Font(face)
    # Optical size follows the part a text plays, never its pixels: the same ad at another size must break its lines alike.
    wanted = {"wght": float(weight), "opsz": 144.0 if optical == "display" else 14.0, "wdth": width or 100.0}
    settings = {tag: min(max(wanted[tag], low), high) for tag, (low, high) in axes.items() if tag in wanted}
    if settings:
        made.set_variations(settings)
    return made


def units_per_em(file: str) -> int:
    return int(_face(file)[0].upem)


@lru_cache(maxsize=512)
def height_of(letter: str, key: str, weight: int, italic: bool, optical: Optical) -> float:
    """Height of a Latin letter of a family, as a share of the em: "H" for the cap height, "x" for the x-height."""
    family = font(key)
    file = (family.italic if italic and family.italic else family.upright)[0]
    made = instance(file, weight, optical, family.width)
    extents = made.get_glyph_extents(made.get_nominal_glyph(ord(letter)) or 0)
    return extents.y_bearing / units_per_em(file) if extents else 0.7


@lru_cache(maxsize=256)
def chain(key: str, italic: bool, weight: int, optical: Optical) -> tuple[str, ...]:
    """Files in the order in which they are asked for a character: the family, the scripts, a full sans, symbols, CJK."""
    family = font(key)
    own = family.italic if italic and family.italic else family.upright
    heavy = weight >= 600
    symbols = ("inter-symbols-bold.otf",) if heavy else ("inter-symbols-medium.otf",)
    cjk = ("sans-cjk-bold.otf",) if weight >= 550 else ("sans-cjk-regular.otf",)
    inter = FONTS["inter"]
    sans = inter.italic if italic else inter.upright
    return (*own, *sans, *_ARABIC[optical], *_SCRIPTS, *symbols, *cjk, "math.ttf", "symbols2.ttf")


def first_with(files: Iterable[str], cluster: str) -> str | None:
    """The first file that has every character of a cluster; joiners and variation selectors need no glyph."""
    needed = [c for c in cluster if not ("\ufe00" <= c <= "\ufe0f" or c in "\u200c\u200d\u200e\u200f")]
    return next((file for file in files if all(covers(file, c) for c in needed)), None)
