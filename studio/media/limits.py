"""How large a picture may be. Measured against the memory that the decoding process gets."""

from __future__ import annotations

import math

MAX_MEGAPIXELS = 65
"""A 60-megapixel photo (full-frame cameras have 61, phones 64) is taken whole; a 72-megapixel one gets a sentence with its numbers."""
MAX_SIDE_PX = 30_000
MIN_SIDE_PX = 16
MAX_SVG_BYTES = 1_000_000
SVG_SIDE_PX = 1024
MAX_RESULT_SVG_BYTES = 20_000_000
"""A vectorised photo has tens of thousands of paths."""
DECODER_BYTES = 340_000_000
"""What the pixels of an upload may take while they are decoded; how much each takes depends on its format."""
SPRITE_FRAMES = 10
SPRITE_WIDTH_PX = 240
SMALL_SIDE_PX = 512
LARGE_SIDE_PX = 1600
"""The long sides of the two previews: a tile on a dense screen, and the output page."""


MAX_CLIP_SIDE_PX = 8192
WAVEFORM_PEAKS = 400
EXCERPT_CHARACTERS = 300
MAX_TEXT_BYTES = 2_000_000
MAX_PAPER_BYTES = 20_000_000
"""A signed paper as PDF: scans of a dozen pages have a few megabytes."""

MAX_VIDEO_RESULT_BYTES = 4 << 30
MAX_RESULT_BYTES = 1 << 30
"""The most that is fetched of a provider's result: a video, anything else. Uploads have settings.MAX_UPLOAD_BYTES."""


def max_result_bytes(kind: str) -> int:
    return MAX_VIDEO_RESULT_BYTES if kind == "video" else MAX_RESULT_BYTES


def refusal_of_size(width: int, height: int, most_megapixels: int = MAX_MEGAPIXELS) -> str:
    """The sentence for a picture whose sides are outside the limits, or "" for one that may be decoded."""
    if width * height > most_megapixels * 1_000_000 or max(width, height) > MAX_SIDE_PX:
        megapixels = math.ceil(width * height / 1_000_000)
        kind = "" if most_megapixels == MAX_MEGAPIXELS else " for a file of this type"
        limit = f"The most is {most_megapixels}{kind}, and {MAX_SIDE_PX:,} pixels on the longer side"
        return f"This picture has {megapixels:,} megapixels ({width:,} × {height:,}). {limit}: export it smaller."
    if min(width, height) < MIN_SIDE_PX:
        return f"This picture is only {width} × {height} pixels. Use one of at least {MIN_SIDE_PX} pixels on each side."
    return ""
