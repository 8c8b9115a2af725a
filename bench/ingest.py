"""What the largest files that people may upload cost: `python -m bench.ingest [kind …]`. Each goes through the real limited children, as
an upload does: first what takes it in, then what makes its previews. Making the files takes some minutes, HEIC the most.

The last line is JSON: by kind the size of the file, and for each step the peak memory of its process in MB and its seconds.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
import numpy as np
from django.conf import settings
from PIL import Image

django.setup()  # The kinds of assets are rows' words.

from studio.media.decode import CLIP, LOGO, MODEL, PICTURE, PREVIEW, Limits, run_child  # noqa: E402
from studio.media.errors import MediaRefused  # noqa: E402
from studio.media.limits import MAX_SVG_BYTES  # noqa: E402
from tests.media.clips import SOUNDS  # noqa: E402
from tests.media.files import SVG, encoded, heic_photo  # noqa: E402
from tests.media.hostile_solids import safetensors  # noqa: E402
from tests.media.large import large_film, large_recording  # noqa: E402
from tests.media.models import glb, scene  # noqa: E402

Step = tuple[dict[str, Any], Limits]
MOST = settings.MAX_UPLOAD_BYTES


def noise(width: int, height: int, bands: int = 3) -> Image.Image:
    """Broad forms with a little grain, so that a file has the size of a photo's."""
    small = np.random.default_rng(1).integers(0, 256, (height // 40 + 1, width // 40 + 1, bands), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR)


def blocks(width: int, height: int, bands: int = 3) -> Image.Image:
    """As many pixels, which compress without loss to little."""
    small = noise(width // 40 + 1, height // 40 + 1, bands)
    return small.resize((width, height), Image.Resampling.NEAREST)


def picture(media_type: str) -> list[Step]:
    return [({"do": "normalise", "media_type": media_type}, PICTURE), ({"do": "previews"}, PREVIEW)]


def film(media_type: str) -> list[Step]:
    return [({"do": do, "media_type": media_type}, CLIP) for do in ("clip", "poster", "sprite")]


def sound(media_type: str) -> list[Step]:
    return [({"do": do, "media_type": media_type}, CLIP) for do in ("clip", "waveform")]


def drawing() -> bytes:
    box = '<path d="M1 1L9 9L3 7Z" fill="#c04040"/>'
    return SVG.format(box * ((MAX_SVG_BYTES - 200) // len(box))).encode()


KINDS: dict[str, tuple[Callable[[], bytes], list[Step]]] = {
    "JPEG of 65 megapixels": (lambda: encoded(noise(9860, 6590), "JPEG", quality=90), picture("image/jpeg")),
    "JPEG of 65 megapixels, CMYK": (lambda: encoded(noise(9860, 6590, 4).convert("CMYK"), "JPEG"), picture("image/jpeg")),
    "JPEG of 34 megapixels, progressive": (lambda: encoded(noise(7120, 4770), "JPEG", progressive=True), picture("image/jpeg")),
    "PNG of 65 megapixels": (lambda: encoded(blocks(9860, 6590), "PNG", compress_level=1), picture("image/png")),
    "PNG of 65 megapixels, with alpha": (lambda: encoded(blocks(9860, 6590, 4), "PNG", compress_level=1), picture("image/png")),
    "WebP of 21 megapixels": (lambda: encoded(noise(5600, 3740, 4), "WEBP", quality=60, method=0), picture("image/webp")),
    "AVIF of 21 megapixels": (lambda: encoded(noise(5600, 3740), "AVIF", quality=60, speed=10), picture("image/avif")),
    "HEIC of 56 megapixels": (lambda: heic_photo(blocks(9120, 6130)), picture("image/heic")),
    "GIF of 65 megapixels": (lambda: encoded(blocks(9860, 6590).convert("P"), "GIF"), picture("image/gif")),
    "SVG of 1 MB": (drawing, [({"do": "logo"}, LOGO)]),
    "MP4 of 8K, H.264": (lambda: large_film("mp4", "libx264", (7680, 4320)), film("video/mp4")),
    "MP4 of 8,192 squared": (lambda: large_film("mp4", "libx264", (8192, 8192)), film("video/mp4")),
    "MOV of 8K, HEVC, 10 bits": (lambda: large_film("mov", "libx265", (7680, 4320), "yuv420p10le"), film("video/quicktime")),
    "WebM of 8K, VP9": (lambda: large_film("webm", "libvpx-vp9", (7680, 4320)), film("video/webm")),
    "MP3 of 4 hours": (lambda: large_recording("mp3", 4 * 3600, MOST), sound("audio/mpeg")),
    "WAV of the most bytes": (lambda: large_recording("wav", 0, MOST), sound("audio/wav")),
    "FLAC of an hour": (lambda: large_recording("flac", 3600, MOST), sound("audio/flac")),
    "GLB of the most bytes": (lambda: glb(scene(), data=bytes(MOST - 4096)), [({"do": "model"}, MODEL)]),
    "weights of the most bytes": (
        lambda: safetensors({"a": {"dtype": "U8", "shape": [MOST - 100], "data_offsets": [0, MOST - 100]}}, bytes(MOST - 100)),
        [({"do": "weights"}, MODEL)],
    ),
}  # fmt: skip
assert set(SOUNDS) >= {"mp3", "wav", "flac"}


class Heard(logging.Handler):
    """What the children say that they held."""

    def __init__(self) -> None:
        super().__init__()
        self.peak_mb = 0

    def emit(self, record: logging.LogRecord) -> None:
        if "held at most" in record.msg and isinstance(record.args, tuple):
            self.peak_mb = int(str(record.args[1]))


def run(step: Step, source: Path, room: Path, heard: Heard) -> dict[str, Any]:
    job, limits = step
    heard.peak_mb = 0
    began = time.perf_counter()
    try:
        run_child(dict(job), source, room, limits)
        said = ""
    except MediaRefused as refusal:
        said = str(refusal)
    found = {"peak_mb": heard.peak_mb, "seconds": round(time.perf_counter() - began, 2)}
    return {**found, "refused": said} if said else found


def main() -> None:
    heard = Heard()
    logger = logging.getLogger("studio.media.decode")
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    wanted = sys.argv[1:]
    kinds = {
        name: it for name, it in KINDS.items() if not wanted or any(word.lower() in name.lower() for word in wanted)
    }
    folder = Path(tempfile.mkdtemp(prefix="backlot-bench-"))
    found: dict[str, Any] = {}
    try:
        for name, (make, steps) in kinds.items():
            source = folder / "source"
            source.write_bytes(make())
            found[name] = {"file_mb": round(source.stat().st_size / 1e6, 1)}
            for step in steps:
                room = Path(tempfile.mkdtemp(dir=folder))
                found[name][step[0]["do"]] = run(step, source, room, heard)
                if (room / "picture").exists():  # What is kept, and what previews are made of.
                    source = room / "picture"
            print(name, json.dumps(found[name]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"ingest": found}))


if __name__ == "__main__":
    main()
