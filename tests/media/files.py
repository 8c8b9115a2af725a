"""Files to be taken or refused, made here byte by byte."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">{}</svg>'


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def photo(width: int = 320, height: int = 240, seed: int = 1) -> Image.Image:
    """Left half red, right half blue, with noise, so that it compresses like a photo and its sides can be told apart."""
    pixels = np.zeros((height, width, 3), np.int16)
    pixels[:, : width // 2] = (200, 30, 30)
    pixels[:, width // 2 :] = (30, 30, 200)
    pixels += np.random.default_rng(seed).integers(-12, 12, (height, width, 1), np.int16)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def jpeg(**options: Any) -> bytes:
    return encoded(photo(), "JPEG", quality=90, **options)


def turned_jpeg() -> bytes:
    """Stored lying, to be shown turned by 90° clockwise; it also says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return jpeg(exif=exif, comment=b"SecretComment")


def png_header(width: int, height: int, rest: bytes = b"") -> bytes:
    """A PNG that claims a size; the pixels need not follow."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + rest


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb_png(side: int = 30_000) -> bytes:
    """112 MB of black pixels in about 100 KB."""
    squeezed = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    data = b"".join(squeezed.compress(row * 100) for _ in range(side // 100)) + squeezed.flush()
    return png_header(side, side, chunk(b"IDAT", data) + chunk(b"IEND", b""))


def sixteen_bit_png() -> bytes:
    """Greyscale from black on the left to white on the right, 16 bits."""
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    return encoded(Image.fromarray(ramp), "PNG")


def palette_png() -> bytes:
    """A palette whose first colour is see-through: a green square in the middle of nothing."""
    image = Image.new("P", (64, 64), 0)
    image.putpalette([255, 0, 255, 0, 160, 0])
    image.paste(1, (16, 16, 48, 48))
    return encoded(image, "PNG", transparency=0)


def moving(format: str) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=80)


def huge_profile_jpeg() -> bytes:
    """A real profile blown up to 6 MB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    return jpeg(icc_profile=profile + bytes(6 << 20))


def heic() -> bytes:
    return struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(200)


def heic_photo(image: Image.Image | None = None, **options: Any) -> bytes:
    """A real one."""
    pillow_heif.register_heif_opener()
    return encoded(image or photo(), "HEIF", quality=90, **options)
