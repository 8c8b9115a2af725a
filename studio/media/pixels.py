"""What the limited child does to pictures: upright, sRGB, 8 bits, no metadata; and smaller copies of that.

Runs inside `studio.media.child` only. Every function reads a picture from an open file and writes into the working directory.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from PIL import (
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401  (Pillow would load it when it writes, where a large picture may have left no room.)
)

from studio.media.errors import MediaRefused
from studio.media.limits import DECODER_BYTES, LARGE_SIDE_PX, MAX_MEGAPIXELS, SMALL_SIDE_PX, refusal_of_size
from studio.media.provenance import provenance_of
from studio.media.strips import STRIP_PIXELS, Cut, Strips

_HEIC = "image/heic"
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
    "image/gif": "GIF",
    _HEIC: "HEIF",
}
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
CUT_SHORT = "The file ends too early: it was not copied whole. Export or download it again."

_LOSSLESS_PIXELS = 4_000_000
_LARGEST_PROFILE = 4 << 20
_ENDS = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82", "image/gif": b"\x3b"}

# Our own limit is told with its numbers; Pillow's would only warn.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False


def normalise(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """Writes `picture` and returns its facts: media_type, width, height, dominant_colour, provenance, notes (sentences for the person)."""
    provenance = provenance_of(file)
    image = _open(file, media_type)
    _raise_for_memory(image)
    notes = []
    if media_type not in ("image/jpeg", _HEIC) and getattr(image, "is_animated", False):
        notes.append("This picture moves; its first frame is used.")
    size, cut = _heic_rows(file) if media_type == _HEIC else _rows(_decoded(image, file, media_type))
    turn = _TURNS.get(image.getexif().get(0x0112, 1))
    profile = image.info.get("icc_profile")
    told: set[str] = set()

    def changed(strip: Image.Image) -> Image.Image:
        in_srgb, note = to_srgb(eight_bits(strip), profile)
        told.add(note)
        return in_srgb

    strips = Strips(size, cut, changed)
    del cut
    image.close()  # Its pixels, before those of the new one.
    notes += sorted(told - {""})
    saved = _save_normalised(strips.joined(turn), lossless=media_type in ("image/png", "image/gif"))
    return {**saved, "provenance": provenance, "notes": notes}


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def header(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """width and height of a picture as it is shown, without reading its pixels."""
    image = _opened(file, media_type)
    width, height = image.size
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return {"width": height, "height": width} if turned else {"width": width, "height": height}


def _open(file: BinaryIO, media_type: str) -> Image.Image:
    """The header, checked; no pixel is read yet."""
    image = _opened(file, media_type)
    refusal = refusal_of_size(*image.size)
    if refusal:
        raise MediaRefused(refusal)
    return image


def _opened(file: BinaryIO, media_type: str) -> Image.Image:
    if media_type == _HEIC:
        _know_heic()
    try:
        return Image.open(file, formats=[FORMATS[media_type]])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise MediaRefused(_broken(file, media_type)) from error


def _know_heic() -> None:
    """Teaches Pillow to read HEIC. Only where one is opened: the library is large."""
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _rows(image: Image.Image) -> tuple[tuple[int, int], Cut]:
    return image.size, lambda first, after: image.crop((0, first, image.width, after))


def _heic_rows(file: BinaryIO) -> tuple[tuple[int, int], Cut]:
    """Decoded, already upright. Straight from the library: through Pillow there would be another copy of all of it."""
    import pi_heif

    file.seek(0)
    try:
        heic = pi_heif.open_heif(file, convert_hdr_to_8bit=True)
        memoryview(heic.data).release()  # Decodes all of it.
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, RuntimeError) as error:
        raise MediaRefused(_broken(file, _HEIC, str(error))) from error
    (width, height), mode, stride = heic.size, heic.mode, heic.stride

    def cut(first: int, after: int) -> Image.Image:
        # Its data are the library's own memory, which is freed with `heic`: no view of them may outlive it.
        data = bytes(memoryview(heic.data)[first * stride : after * stride])
        return Image.frombytes(mode, (width, after - first), data, "raw", mode, stride)

    return (width, height), cut


def _raise_for_memory(image: Image.Image) -> None:
    """Decoders need several copies of a picture at once. Measured with Pillow 13 and libheif 1.23, in bytes a pixel: WebP 16, AVIF 10
    (of 10 bits 14), HEIC 6; JPEG and PNG 4, a progressive JPEG also two for each of its channels.
    """
    needs = {"WEBP": 16, "AVIF": 16, "HEIF": 6}.get(str(image.format), 4)
    if image.info.get("progressive") or image.info.get("progression"):
        needs += 2 * len(image.getbands())
    refusal = refusal_of_size(*image.size, min(MAX_MEGAPIXELS, DECODER_BYTES // needs // 1_000_000))
    if refusal:
        raise MediaRefused(refusal)


def _decoded(image: Image.Image, file: BinaryIO, media_type: str) -> Image.Image:
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, RuntimeError) as error:
        raise MediaRefused(_broken(file, media_type, str(error))) from error
    return image


def _broken(file: BinaryIO, media_type: str, words: str = "") -> str:
    """Cut short or damaged? Pillow's words, or a missing end mark, tell."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 1024))
    tail = file.read()
    file.seek(4)
    declared = int.from_bytes(file.read(4), "little") + 8
    unended = media_type in _ENDS and _ENDS[media_type] not in tail
    if "truncated" in words.lower() or unended or (media_type == "image/webp" and declared > size):
        return CUT_SHORT
    name = "HEIC" if media_type == _HEIC else FORMATS[media_type]
    return (
        f"This file begins like a {name} picture but cannot be read. Open it in a picture editor and export it again."
    )


def eight_bits(image: Image.Image) -> Image.Image:
    """L, LA, RGB, RGBA or CMYK from whatever mode was stored."""
    if image.mode in ("I;16", "I;16L", "I;16B", "I;16N", "I"):
        return _from_sixteen(image)
    if image.mode == "F":
        return image.convert("L")
    if image.mode in ("P", "PA", "1") or "transparency" in image.info:
        clear = image.mode == "PA" or "transparency" in image.info
        return image.convert("RGBA" if clear else "RGB")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if image.mode.endswith(("A", "a", "X")) else "RGB")


def _from_sixteen(image: Image.Image) -> Image.Image:
    """Greyscale of 16 bits; Pillow's own conversion would clip at 255 instead of scaling."""
    return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """RGB or RGBA in sRGB, and a sentence where the embedded profile could not be used."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colour = image.convert("L" if image.mode == "LA" else "RGB") if alpha else image
    note = ""
    if profile and not (colour.mode == "RGB" and b"sRGB" in profile[:1024]):
        try:
            colour = _through(colour, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            note = "Its colour profile could not be read, so colours may look slightly different."
    colour = colour if colour.mode == "RGB" else colour.convert("RGB")
    if alpha is None or alpha.getextrema() == (255, 255):
        return colour, note
    colour.putalpha(alpha)
    return colour, note


def _through(image: Image.Image, profile: bytes) -> Image.Image:
    if len(profile) > _LARGEST_PROFILE:
        raise ValueError("The profile is larger than any real one.")
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    changed = ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert changed is not None
    return changed


def _save_normalised(image: Image.Image, *, lossless: bool) -> dict[str, Any]:
    """PNG where something is see-through, or for a drawing of moderate size; else JPEG."""
    small = image.width * image.height <= _LOSSLESS_PIXELS
    media_type = "image/png" if image.mode == "RGBA" or (lossless and small) else "image/jpeg"
    # Only pixels: a fresh image carries no profile, EXIF, comment or text.
    image.info = {}
    if media_type == "image/png":
        image.save("picture", "PNG", compress_level=6 if small else 2)
    else:
        image.save("picture", "JPEG", quality=92, subsampling=0)
    return {
        "media_type": media_type,
        "width": image.width,
        "height": image.height,
        "dominant_colour": dominant_colour(image),
    }


def dominant_colour(image: Image.Image) -> str:
    """The commonest colour, `#rrggbb`; see-through parts do not count (all of it see-through: mid grey)."""
    if (
        max(image.size) > LARGE_SIDE_PX
    ):  # By its nearest pixels: averaging what is see-through takes a second copy of it all.
        image = image.resize((min(image.width, 480), min(image.height, 480)), Image.Resampling.NEAREST)
    tiny = image.resize((48, 48), Image.Resampling.BOX, reducing_gap=2.0).convert("RGBA")
    seen = [pixel[:3] for pixel in zip(*[iter(tiny.tobytes())] * 4, strict=True) if pixel[3] >= 128]
    if not seen:
        return "#808080"
    strip = Image.frombytes("RGB", (len(seen), 1), bytes(part for pixel in seen for part in pixel))
    few = strip.quantize(8, Image.Quantize.MEDIANCUT)
    colours, palette = few.getcolors() or [], few.getpalette() or []
    index = max(colours)[1]
    assert isinstance(index, int)
    red, green, blue = palette[index * 3 : index * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def make_previews(file: BinaryIO) -> dict[str, Any]:
    """Writes `large` and `small` (WebP, never larger than the picture) and returns dominant_colour.

    The small one is made from the large one, so the picture is decoded once; a JPEG is decoded at the scale that is needed.
    """
    return save_previews(_sized_decode(_stored(file), file, LARGE_SIDE_PX))


def save_previews(image: Image.Image) -> dict[str, Any]:
    """Writes `large` (the image as it is, at most LARGE_SIDE_PX long) and `small`, and returns dominant_colour."""
    image.save("large", "WEBP", quality=82, method=2)
    colour = dominant_colour(image)
    image.thumbnail((SMALL_SIDE_PX, SMALL_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.save("small", "WEBP", quality=80, method=2)
    return {"dominant_colour": colour}


def convert(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """Writes `picture` in another format (`image/jpeg`, `image/png`, `image/webp`); JPEG shows white where it was see-through."""
    return save_as(_ready(_loaded(_stored(file), file)), media_type)


def save_as(image: Image.Image, media_type: str) -> dict[str, Any]:
    """Writes `picture` from RGB or RGBA."""
    image.info = {}
    if media_type == "image/jpeg":
        flat = Image.new("RGB", image.size, "#ffffff")
        flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
        flat.save("picture", "JPEG", quality=92, subsampling=0)
    elif media_type == "image/png":
        image.save("picture", "PNG", compress_level=4)
    else:
        image.save("picture", "WEBP", quality=90, method=3)
    return {"media_type": media_type}


def _stored(file: BinaryIO) -> Image.Image:
    """A picture from our own storage: its header, within the limits."""
    may_be_heic = file.read(12)[4:8] == b"ftyp"
    file.seek(0)
    if may_be_heic:
        _know_heic()
    try:
        image = Image.open(file, formats=[name for name in FORMATS.values() if may_be_heic or name != "HEIF"])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise MediaRefused("The stored file is not a picture that can be read.") from error
    refusal = refusal_of_size(*image.size)
    if refusal:
        raise MediaRefused(refusal)
    return image


def _loaded(image: Image.Image, file: BinaryIO) -> Image.Image:
    media_type = next((kind for kind, name in FORMATS.items() if name == image.format), "image/jpeg")
    return _decoded(image, file, media_type)


def _sized_decode(image: Image.Image, file: BinaryIO, side: int) -> Image.Image:
    """Decoded, upright, RGB or RGBA, at most `side` pixels long."""
    image.draft("RGB", (side, side))
    image = _ready(_reduced(_loaded(image, file), side))
    image.info = {}
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _reduced(image: Image.Image, side: int) -> Image.Image:
    """At least twice as long as `side` still, where it was longer. In strips: Pillow would copy all of it first where it is see-through."""
    factor = max(image.size) // (2 * side)
    if factor < 2 or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK") or "transparency" in image.info:
        return image
    rows = factor * max(1, STRIP_PIXELS // (image.width * factor))
    small = Image.new(image.mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        small.paste(strip.reduce(factor), (0, top // factor))
    small.info = image.info
    return small


def _ready(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    return to_srgb(eight_bits(upright), upright.info.get("icc_profile"))[0]
