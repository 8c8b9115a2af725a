"""Fonts that people upload: every usual file becomes a plain one that draws the same letters; everything else is refused with a sentence."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from studio.media import decode, font_files, fonts
from studio.media.errors import MediaRefused
from studio.render.fonts import FOLDER, add_uploaded

SORA = (FOLDER / "sora-latin.ttf").read_bytes()


def packed(data: bytes, flavor: str) -> bytes:
    font, out = TTFont(BytesIO(data)), BytesIO()
    font.flavor = flavor
    font.save(out)
    return out.getvalue()


def built(letters: str, *, ink: bool = True) -> bytes:
    """A font with these letters, each a square; without ink, each nothing."""
    names = [".notdef", *(f"u{ord(it):04X}" for it in letters)]
    pen = TTGlyphPen(None)
    if ink:
        for move, at in (
            (pen.moveTo, (0, 0)),
            (pen.lineTo, (0, 700)),
            (pen.lineTo, (500, 700)),
            (pen.lineTo, (500, 0)),
        ):
            move(at)
        pen.closePath()
    glyph = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(it): f"u{ord(it):04X}" for it in letters})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def unpacked(data: bytes, folder: Path) -> dict[str, object]:
    """What the limited child says of it; its file lies in `folder`."""
    source = folder / "source"
    source.write_bytes(data)
    room = folder / "room"
    room.mkdir(exist_ok=True)
    return decode.run_child({"do": "font"}, source, room, fonts.LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        SORA,
        packed(SORA, "woff"),
        packed(SORA, "woff2"),
        (FOLDER / "inter-symbols-bold.otf").read_bytes(),
        built("AEZaez"),
    ],
    ids=["ttf", "woff", "woff2", "otf without letters", "built"],
)
def test_usual_fonts_become_plain_files_that_the_renderer_takes(data: bytes, tmp_path: Path) -> None:
    if data[:4] == b"OTTO":
        with pytest.raises(MediaRefused, match="no Latin letters"):
            unpacked(data, tmp_path)
        return
    facts = unpacked(data, tmp_path)
    made = (tmp_path / "room" / "font").read_bytes()
    assert (facts["kind"], made[:4]) == ("ttf", b"\0\1\0\0")
    assert add_uploaded(made, str(facts["title"])).key.startswith("upload-")


def test_all_packings_of_a_font_are_one_file(tmp_path: Path) -> None:
    made = []
    for number, data in enumerate((SORA, packed(SORA, "woff"), packed(SORA, "woff2"))):
        (tmp_path / str(number)).mkdir()
        unpacked(data, tmp_path / str(number))
        made.append(TTFont(tmp_path / str(number) / "room" / "font").getGlyphOrder())
    assert made[0] == made[1] == made[2]


def test_tables_that_drawing_does_not_need_stay_behind(tmp_path: Path) -> None:
    font, out = TTFont(BytesIO(SORA)), BytesIO()
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    for tag in ("EVIL", "SVG ", "fpgm"):
        font[tag] = DefaultTable(tag)
        font[tag].data = b"<svg onload=alert(1)>"
    font.save(out)
    unpacked(out.getvalue(), tmp_path)
    kept = TTFont(tmp_path / "room" / "font").keys()
    assert not {"EVIL", "SVG ", "fpgm", "prep"} & set(kept)
    assert {"glyf", "cmap", "fvar", "gvar"} <= set(kept)


def _length_lied() -> bytes:
    return b"wOF2" + SORA[:4] + struct.pack(">LHHL", 100, 3, 0, 900_000_000) + b"\0" * 60


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a font"),
        (b"hello", "not a font"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a font"),
        (SORA[:3000], "not a font"),
        (SORA[:4] + b"\xff" * 4000, "not a font"),
        (b"ttcf" + SORA[4:], "collection"),
        (packed(SORA, "woff2")[:-2000], "not a font"),
        (_length_lied(), "too much memory"),
        (built("xyz"), "no Latin letters"),
        (built("AEZaez", ink=False), "not a font"),
        (b"OTTO" + b"\0\1" + b"\0" * 300, "not a font"),
    ],
    ids=(
        "empty",
        "words",
        "drawing",
        "cut",
        "garbled",
        "collection",
        "packed-cut",
        "length-lied",
        "other-letters",
        "no-ink",
        "hollow",
    ),
)
def test_everything_else_is_refused_with_a_sentence(data: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(MediaRefused, match=says):
        unpacked(data, tmp_path)


def test_a_font_says_its_family_and_style(tmp_path: Path) -> None:
    assert unpacked(built("AEZaez"), tmp_path)["title"] == "Blocks"


def test_the_sentences_name_what_is_taken() -> None:
    sentences: tuple[str, ...] = (font_files.NO_FONT, font_files.NO_LETTERS, font_files.TOO_MUCH)
    check: Callable[[str], bool] = lambda it: it.endswith(".") and ("Use" in it or "Export" in it)  # noqa: E731
    assert all(map(check, sentences))
