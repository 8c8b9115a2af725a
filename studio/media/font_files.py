"""A font file, opened in the limited child: checked, and written anew from the tables that drawing needs.

Hinting programs, pictures and everything unknown stay behind, and a web font (WOFF, WOFF2) is unpacked, so that the renderer and a browser get
the very same plain TTF or OTF file.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from studio.media.errors import MediaRefused

MOST_BYTES = 8_000_000
"""Of the file that is uploaded."""
MOST_UNPACKED = 24_000_000
MOST_GLYPHS = 65_535
TOO_MUCH = "This font takes too much memory or time to open. Export it again with fewer characters."
NO_FONT = "This file is not a font that we can open. Use a WOFF2, WOFF, TTF or OTF file."
NO_LETTERS = "This font has no Latin letters, so it cannot carry a headline. Use one that has A to Z."

_SIGNATURES = {b"\0\1\0\0": "ttf", b"true": "ttf", b"OTTO": "otf", b"wOFF": "woff", b"wOF2": "woff2"}
_OUTLINES = {"loca", "glyf", "CFF", "CFF2", "VORG"}
_FACTS = {"head", "hhea", "maxp", "OS/2", "hmtx", "vhea", "vmtx", "cmap", "name", "post"}
_LAYOUT = {"GDEF", "GSUB", "GPOS", "kern", "BASE", "JSTF"}
_AXES = {"fvar", "gvar", "avar", "HVAR", "VVAR", "MVAR", "STAT"}
_KEPT = frozenset(_OUTLINES | _FACTS | _LAYOUT | _AXES)


def unpack(file: BinaryIO) -> dict[str, Any]:
    """Writes the font to `font`, its tables chosen and its outlines read once. Facts: kind, title. Raises MediaRefused."""
    from fontTools.ttLib import TTFont

    data = file.read(MOST_BYTES + 1)
    if data[:4] not in _SIGNATURES:
        raise MediaRefused(
            f"This is a font collection; {NO_FONT[0].lower()}{NO_FONT[1:]}" if data[:4] == b"ttcf" else NO_FONT
        )
    if data[:4] in (b"wOFF", b"wOF2") and int.from_bytes(data[16:20], "big") > MOST_UNPACKED:
        raise MediaRefused(TOO_MUCH)
    try:
        with TTFont(BytesIO(data), lazy=True, recalcTimestamp=False) as font:
            facts = _written(font)
    except MediaRefused:
        raise
    except MemoryError:
        raise
    except (
        Exception
    ) as error:  # fontTools raises whatever a broken table leads to: struct, key, index, assertion, Brotli errors.
        raise MediaRefused(NO_FONT) from error
    return facts


def _written(font: Any) -> dict[str, Any]:
    if not {"head", "hhea", "maxp", "hmtx", "cmap"} <= set(font.keys()) or not {"glyf", "CFF ", "CFF2"} & set(
        font.keys()
    ):
        raise MediaRefused(NO_FONT)
    mapped = font.getBestCmap() or {}
    if not set(map(ord, "AEZaez")) <= set(mapped):
        raise MediaRefused(NO_LETTERS)
    outlines = font.getGlyphSet()
    if len(outlines) > MOST_GLYPHS or not _draws(outlines, mapped):
        raise MediaRefused(NO_FONT)
    for tag in [tag for tag in list(font.keys()) if tag != "GlyphOrder" and tag.strip() not in _KEPT]:
        del font[tag]
    title = _title(font)
    kind = "ttf" if "glyf" in font else "otf"
    font.flavor = None
    out = BytesIO()
    font.save(out, reorderTables=None)
    if out.tell() > MOST_UNPACKED:
        raise MediaRefused(TOO_MUCH)
    Path("font").write_bytes(out.getvalue())
    return {"kind": kind, "title": title}


def _draws(outlines: Any, mapped: dict[int, str]) -> bool:
    """Whether letters have ink: some "fonts" are only spaces."""
    from fontTools.pens.boundsPen import BoundsPen

    for letter in "AEae":
        pen = BoundsPen(outlines)
        outlines[mapped[ord(letter)]].draw(pen)
        if pen.bounds is None:
            return False
    return True


def _title(font: Any) -> str:
    """Family and style as the font calls itself: "Newsreader Medium"; "Your font" where it says nothing."""
    names = font.get("name")
    family, style = (
        next((text for number in numbers if names and (text := names.getDebugName(number))), "")
        for numbers in ((16, 1), (17, 2))
    )
    words = f"{family} {'' if style.lower() == 'regular' else style}"
    printable = " ".join("".join(it if it.isprintable() else " " for it in words).split())
    return printable[:80] or "Your font"
