"""Files that look odd and are good, made here: each is taken and shown as it should be. `ODD` has them all."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from io import BytesIO
from typing import Any

import av
import numpy as np
from PIL import Image, ImageCms

from studio.models import Kind
from tests.kinds import textured_model

from .clips import film, tone
from .files import chunk, encoded, heic_photo, jpeg, photo
from .hostile_clips import wav
from .hostile_solids import safetensors, tensor

RIGHT_TO_LEFT = "صورة المنتج الجديد.jpg"
LONG = "campaign " * 60 + ".jpeg"


@dataclass(frozen=True, slots=True)
class Odd:
    """size: as it is shown. Pictures and films are red on the left and blue on the right, but for `plain` ones. seconds: of clips."""

    what: str
    name: str
    make: Callable[[], bytes]
    kind: Kind
    media_type: str
    size: tuple[int, int] | None = None
    seconds: float | None = None
    note: str = ""
    plain: bool = False


def turned(orientation: int) -> bytes:
    """Stored so that it stands upright once it is turned as its EXIF says."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    image = photo()
    if orientation in back:
        image = image.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, "JPEG", quality=90, exif=exif)


def sixteen_bit_colour() -> bytes:
    """RGB of 16 bits a channel, which Pillow reads and does not write."""
    deep = np.asarray(photo()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 320, 240, 16, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def with_alpha(mode: str, format: str = "PNG") -> bytes:
    image = photo().convert(mode)
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return encoded(image, format)


def palette() -> bytes:
    return encoded(photo().quantize(32), "PNG", transparency=bytes([255] * 31 + [0]))


def wide_profile() -> bytes:
    """Display P3, made of the sRGB profile by writing other primaries (after Bradford, for D50) into it."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    primaries = {
        b"rXYZ": (0.51512, 0.2412, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.1571, 0.06657, 0.78407),
    }
    for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        if (tag := bytes(data[at : at + 4])) in primaries:
            start = int.from_bytes(data[at + 4 : at + 8], "big") + 8
            data[start : start + 12] = struct.pack(">iii", *(round(value * 65536) for value in primaries[tag]))
    return bytes(data).replace(b"s\0R\0G\0B", b"w\0i\0d\0e").replace(b"sRGB", b"wide")


def moving(format: str) -> bytes:
    frames = [photo(), Image.new("RGB", (320, 240), "#00ff00"), Image.new("RGB", (320, 240), "#ffffff")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=80)


def coded(
    container: str,
    codec: str,
    *,
    pix_fmt: str = "yuv420p",
    times: list[int] | None = None,
    options: dict[str, str] | None = None,
) -> bytes:
    """A film of the codec; times: of its frames, in 24ths of a second."""
    out = BytesIO()
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=24, options=options or {})
        stream.width, stream.height, stream.pix_fmt = 128, 72, pix_fmt
        stream.codec_context.time_base = Fraction(1, 24)
        for time in times or range(24):
            frame = av.VideoFrame.from_ndarray(np.asarray(photo(128, 72)), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 24)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def heard(
    container: str,
    codec: str,
    *,
    rate: int = 48_000,
    layout: str = "mono",
    format: str = "fltp",
    options: dict[str, str] | None = None,
) -> bytes:
    """Two seconds of a tone in the codec."""
    out = BytesIO()
    samples = (tone(2.0)[:: 48_000 // rate]).astype(np.float32).reshape(1, -1)
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout=layout, options=options or {})
        stream.codec_context.format = format
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        fitting = av.AudioResampler(
            format=format, layout=layout, rate=rate, frame_size=stream.codec_context.frame_size or None
        )
        for piece in (*fitting.resample(frame), *fitting.resample(None)):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return out.getvalue()


JPEG, PNG = "image/jpeg", "image/png"
MOVES = "This picture moves; its first frame is used."
AT = (320, 240)
picture = partial(Odd, kind=Kind.IMAGE, media_type=JPEG, size=AT)
lossless = partial(Odd, kind=Kind.IMAGE, media_type=PNG, size=AT)
VIEW = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -5 20 10"><rect x="-10" y="-5" width="10" height="10" fill="#c81e1e"/><rect y="-5" width="10" height="10" fill="#1e1ec8"/></svg>'

ODD: tuple[Odd, ...] = (
    picture("CMYK", "print.jpg", lambda: encoded(photo().convert("CMYK"), "JPEG")),
    picture("progressive", "web.jpg", lambda: jpeg(progressive=True)),
    picture("grey", "grey.jpg", lambda: encoded(photo().convert("L"), "JPEG"), plain=True),
    picture("wide colours", "p3.jpg", lambda: jpeg(icc_profile=wide_profile())),
    *(picture(f"turned {n}", f"turned-{n}.jpg", partial(turned, n)) for n in range(1, 9)),
    picture("turned 99", "turned-99.jpg", partial(turned, 99)),
    picture("named from right to left", RIGHT_TO_LEFT, jpeg),
    picture("of a very long name", LONG, jpeg),
    picture("of a name of signs alone", "🍑.jpg", jpeg),
    picture("JPEG named as PNG", "photo.png", jpeg),
    lossless("16 bits a channel", "deep.png", sixteen_bit_colour),
    lossless("grey, 16 bits", "deep-grey.png", lambda: encoded(Image.linear_gradient("L").resize(AT).convert("I;16"), "PNG"), plain=True),
    lossless("black and white", "ink.png", lambda: encoded(photo().convert("1"), "PNG"), plain=True),
    lossless("a palette with holes", "palette.png", palette),
    lossless("grey with alpha", "shade.png", lambda: with_alpha("L"), plain=True),
    lossless("colours with alpha", "shade.png", lambda: with_alpha("RGB")),
    lossless("16 pixels", "tiny.png", lambda: encoded(photo(16, 16), "PNG"), size=(16, 16)),
    lossless("moving GIF", "moves.gif", lambda: moving("GIF"), note=MOVES),
    lossless("moving PNG", "moves.png", lambda: moving("PNG"), note=MOVES),
    picture("moving WebP", "moves.webp", lambda: moving("WEBP"), note=MOVES),
    lossless("WebP with alpha", "shade.webp", lambda: with_alpha("RGB", "WEBP")),
    picture("AVIF", "photo.avif", lambda: encoded(photo(), "AVIF")),
    picture("AVIF of 10 bits", "deep.avif", lambda: coded("avif", "libsvtav1", pix_fmt="yuv420p10le", times=[0], options={"preset": "12", "svtav1-params": "avif=1"}), size=(128, 72)),
    picture("HEIC", "IMG_0001.HEIC", heic_photo),
    lossless("HEIC with alpha", "shade.heif", lambda: with_alpha("RGB", "HEIF")),
    picture("HEIC of wide colours", "IMG_0002.HEIC", lambda: heic_photo(icc_profile=wide_profile())),
    picture("a strip of 9,000 pixels", "strip.jpg", lambda: encoded(photo(9000, 20), "JPEG"), size=(9000, 20)),
    picture("24 megapixels, lying", "large.jpg", lambda: encoded(photo(4000, 6000).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"), size=(4000, 6000)),
    lossless("drawing of a view box alone", "mark.svg", VIEW.encode, size=(1024, 512)),
    lossless("drawing after 100 KB of licence", "mark.svg", lambda: f"<?xml version='1.0'?><!-- {'All rights. ' * 9000}-->{VIEW}".encode(), size=(1024, 512)),
    Odd("turned MOV", "IMG_1.MOV", lambda: film("mov", turned=180), Kind.VIDEO, "video/quicktime", (128, 72), 2.0, plain=True),
    Odd("film of varying rate", "vfr.mp4", lambda: coded("mp4", "libx264", times=[0, 1, 2, 9, 10, 11, 30, 40, 41, 47]), Kind.VIDEO, "video/mp4", (128, 72), 1.8),
    Odd("film of 10 bits", "deep.mp4", lambda: coded("mp4", "libx264", pix_fmt="yuv420p10le"), Kind.VIDEO, "video/mp4", (128, 72), 1.0),
    Odd("HEVC", "hevc.mp4", lambda: coded("mp4", "libx265", options={"x265-params": "log-level=none"}), Kind.VIDEO, "video/mp4", (128, 72), 1.0),
    Odd("Motion JPEG in MOV", "old.mov", lambda: coded("mov", "mjpeg", pix_fmt="yuvj420p"), Kind.VIDEO, "video/quicktime", (128, 72), 1.0),
    Odd("WebM of VP8", "vp8.webm", lambda: coded("webm", "libvpx"), Kind.VIDEO, "video/webm", (128, 72), 1.0),
    Odd("film of one frame", "still.mp4", lambda: film(seconds=1 / 12), Kind.VIDEO, "video/mp4", (128, 72), 0.083),
    Odd("mono of 8 kHz", "phone.wav", lambda: heard("wav", "pcm_s16le", rate=8000, format="s16"), Kind.AUDIO, "audio/wav", seconds=2.0),
    Odd("floating WAV", "float.wav", lambda: heard("wav", "pcm_f32le", format="flt"), Kind.AUDIO, "audio/wav", seconds=2.0),
    Odd("FLAC of 24 bits", "deep.flac", lambda: heard("flac", "flac", format="s32"), Kind.AUDIO, "audio/flac", seconds=2.0),
    Odd("MP3 of varying rate", "vbr.mp3", lambda: heard("mp3", "libmp3lame", options={"q": "4", "abr": "0"}), Kind.AUDIO, "audio/mpeg", seconds=2.0),
    Odd("Ogg of Opus", "opus.ogg", lambda: heard("ogg", "libopus", format="flt"), Kind.AUDIO, "audio/ogg", seconds=2.0),
    Odd("stereo M4A", "voice.m4a", lambda: heard("ipod", "aac", layout="stereo"), Kind.AUDIO, "audio/mp4", seconds=2.0),
    Odd("sound alone in MP4", "voice.mp4", lambda: heard("mp4", "aac"), Kind.AUDIO, "audio/mp4", seconds=2.0),
    Odd("WAV that claims ten hours", "live.wav", lambda: wav(36_000, bytes(32_000), rate=8000), Kind.AUDIO, "audio/wav", seconds=2.0),
    Odd("model with textures", "square.glb", textured_model, Kind.MODEL, "model/gltf-binary"),
    Odd("weights", "style.safetensors", lambda: safetensors({"a": tensor(), "__metadata__": {"x": "y"}}), Kind.FILE, "application/x-safetensors"),
)  # fmt: skip
