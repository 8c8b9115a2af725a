"""Pictures that are bombs, cut short, something else, or two things at once. FILES: what, name, family of the refusal ("": taken), maker."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from .files import bomb_png, chunk, encoded, heic_photo, huge_profile_jpeg, jpeg, moving, photo, png_header

SCRIPT = b"<script>alert(document.domain)</script>"


def after_start(data: bytes, marker: int, content: bytes) -> bytes:
    """A JPEG with one more segment behind its first two bytes."""
    return data[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + data[2:]


def claimed_jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose frame header claims other sides."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def png(*chunks: bytes, image: Image.Image | None = None) -> bytes:
    """A good PNG with chunks of another kind in front of its pixels."""
    data = encoded(image or photo(), "PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def png_with_bad_sum() -> bytes:
    data = bytearray(encoded(photo(), "PNG"))
    data[len(data) // 2] ^= 0x55
    return bytes(data)


def squeezed(count: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(count)) + packer.flush()


def gif(width: int, height: int, rest: bytes = b"") -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + bytes(3) + b"\xff" * 3 + rest


def gif_frame(width: int, height: int) -> bytes:
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"


def webp_header(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + canvas + b"VP8L" + struct.pack("<I", 4) + b"\x2f\0\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def claimed_box(data: bytes, width: int, height: int) -> bytes:
    """An AVIF or HEIC file whose spatial extents claim other sides, wherever it says them."""
    parts = data.split(b"ispe\0\0\0\0")
    return parts[0] + b"".join(b"ispe\0\0\0\0" + struct.pack(">II", width, height) + part[8:] for part in parts[1:])


def endless_exif() -> bytes:
    """A directory of tags that names itself as the next one, and a tag of four billion values."""
    tag = struct.pack("<HHII", 0x9286, 7, 0xFFFFFFFF, 26) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    return after_start(jpeg(), 0xE1, b"Exif\0\0II*\0\x08\0\0\0\x02\0" + tag + struct.pack("<I", 8))


def many_frames() -> bytes:
    frames = [Image.new("P", (16, 16), number % 7) for number in range(3000)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], optimize=False)
    return out.getvalue()


def scans_bomb() -> bytes:
    """A progressive JPEG whose first scan is repeated: every scan costs a pass over all pixels."""
    data = encoded(photo(1600, 1200), "JPEG", progressive=True, quality=30)
    start = data.index(b"\xff\xda")
    end = data.index(b"\xff\xc4", start)
    return data[:start] + data[start:end] * 200 + data[end:]


def squeezed_tiff() -> bytes:
    """A directory that claims 100,000 pixels squared of one packed strip."""
    tags = ((256, 100_000), (257, 100_000), (258, 8), (259, 8), (262, 1), (273, 8), (278, 100_000), (279, 900))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + squeezed(1)


FILES: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
    ("empty", "a.png", "empty", lambda: b""),
    ("one pixel", "a.png", "small", lambda: encoded(Image.new("RGB", (1, 1)), "PNG")),
    # Bombs and huge sides.
    ("PNG of 900 megapixels in 100 KB", "a.png", "megapixels", bomb_png),
    ("PNG of the largest sides there are", "a.png", "megapixels | unreadable | cut", lambda: png_header(2**31 - 1, 2**31 - 1)),
    ("PNG of no width", "a.png", "small | unreadable | cut", lambda: png_header(0, 100, chunk(b"IEND", b""))),
    ("PNG as a thread", "a.png", "megapixels", lambda: png_header(16, 40_000, chunk(b"IEND", b""))),
    ("JPEG that claims 65,500 squared", "a.jpg", "megapixels", lambda: claimed_jpeg(65_500, 65_500)),
    ("JPEG that claims more than it has", "a.jpg", " | cut", lambda: claimed_jpeg(3000, 3000)),
    ("JPEG of 200 needless scans", "a.jpg", " | too much", scans_bomb),
    ("GIF of 65,535 squared", "a.gif", "megapixels", lambda: gif(65_535, 65_535, gif_frame(16, 16) + b";")),
    ("GIF whose frame is larger than itself", "a.gif", "megapixels", lambda: gif(20, 20, gif_frame(60_000, 60_000) + b";")),
    ("GIF of 3,000 frames", "a.gif", "", many_frames),
    ("GIF of no frames", "a.gif", "unreadable", lambda: gif(40, 40, b";")),
    ("WebP of 16,383 squared", "a.webp", "megapixels | unreadable", lambda: webp_header(16_383, 16_383)),
    ("TIFF bomb as JPEG", "a.jpg", "kind", squeezed_tiff),
    ("BMP bomb as PNG", "a.png", "kind", lambda: b"BM" + struct.pack("<IHHIIiiHHIIiiII", 99, 0, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 32, 0, 0, 1, 1, 0, 0)),
    ("Photoshop document as JPEG", "a.jpg", "kind", lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 4, 300_000, 300_000, 8, 3)),
    ("JPEG XL as PNG", "a.png", "kind", lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100)),
    ("icon as PNG", "a.png", "kind", lambda: b"\0\0\1\0\1\0" + bytes(100)),
    ("AVIF that claims 40,000 squared", "a.avif", "megapixels | unreadable", lambda: claimed_box(encoded(photo(), "AVIF"), 40_000, 40_000)),
    ("HEIC that claims 40,000 squared", "a.heic", "megapixels | unreadable", lambda: claimed_box(heic_photo(), 40_000, 40_000)),
    ("PNG with 100 MB of packed words", "a.png", "unreadable | cut", lambda: png(chunk(b"zTXt", b"k\0\0" + squeezed(100)))),
    ("PNG with 100 MB of packed profile", "a.png", "unreadable | cut", lambda: png(chunk(b"iCCP", b"k\0\0" + squeezed(100)))),
    ("PNG with 40,000 words", "a.png", "", lambda: png(chunk(b"tEXt", b"k\0" + SCRIPT) * 40_000)),
    ("moving PNG of four billion frames", "a.png", "", lambda: png(chunk(b"acTL", struct.pack(">II", 2**32 - 1, 0)))),
    ("EXIF without end", "a.jpg", "", endless_exif),
    ("EXIF of nothing but its name", "a.jpg", "", lambda: after_start(jpeg(), 0xE1, b"Exif\0\0")),
    ("colour profile of 6 MB", "a.jpg", "", huge_profile_jpeg),
    ("colour profile of noise", "a.jpg", "", lambda: jpeg(icc_profile=bytes(range(256)) * 40)),
    ("colour profile that lies of its length", "a.jpg", "", lambda: jpeg(icc_profile=b"\xff\xff\xff\xf0lcms" + bytes(400))),
    # Cut short, damaged.
    ("JPEG cut short", "a.jpg", "cut", lambda: jpeg()[:-3000]),
    ("JPEG of a header alone", "a.jpg", "cut", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("PNG cut short", "a.png", "cut", lambda: encoded(photo(), "PNG")[:-3000]),
    ("PNG with a wrong sum", "a.png", "unreadable", png_with_bad_sum),
    ("GIF cut short", "a.gif", "cut | unreadable", lambda: encoded(photo(), "GIF")[:900]),
    ("WebP cut short", "a.webp", "cut", lambda: encoded(photo(), "WEBP")[:-300]),
    ("AVIF cut short", "a.avif", "unreadable", lambda: encoded(photo(), "AVIF")[:-300]),
    ("HEIC cut short", "a.heic", "unreadable", lambda: heic_photo()[:-300]),
    ("HEIC of a header alone", "a.heic", "unreadable", lambda: heic_photo()[:40]),
    # Two things at once, or another thing.
    ("GIF that is a script", "a.gif", "unreadable | megapixels | cut", lambda: b"GIF89a/*" + bytes(60) + b"*/=1;alert(1);"),
    ("GIF with a script behind it", "a.gif", "", lambda: moving("GIF") + b"*/=1;alert(1);" + SCRIPT),
    ("JPEG that is a page", "a.html.jpg", "", lambda: after_start(jpeg(), 0xFE, b"-->" + SCRIPT) + b"<html>" + SCRIPT),
    ("JPEG that is an archive", "a.jpg", "", lambda: jpeg() + b"PK\3\4" + bytes(26) + SCRIPT + b"PK\5\6" + bytes(18)),
    ("PNG that is PHP", "a.php.png", "", lambda: png(chunk(b"tEXt", b"k\0<?php system($_GET[0]); ?>")) + SCRIPT),
    ("WebP with a program behind it", "a.webp", "", lambda: encoded(photo(), "WEBP") + b"MZ" + SCRIPT),
    ("PDF that is a JPEG", "a.jpg", "kind", lambda: b"%PDF-1.4\n1 0 obj<</JS(app.alert(1))>>endobj\n" + jpeg()),
    ("page as JPEG", "a.jpg", "kind", lambda: b"<!doctype html>" + SCRIPT),
    ("page behind a mark of order", "a.png", "kind", lambda: b"\xef\xbb\xbf  <html>" + SCRIPT),
    ("script as GIF", "a.gif", "kind", lambda: b"alert(1)//" + b" " * 50),
    ("program as PNG", "a.png", "kind", lambda: b"MZ\x90\0" + bytes(500)),
    ("packed PNG", "a.png", "kind", lambda: gzip.compress(encoded(photo(), "PNG"))),
    ("film as JPEG, of zeros", "a.jpg", "unplayable", lambda: b"\0\0\0\x18ftypmp42" + bytes(5000)),
)  # fmt: skip
