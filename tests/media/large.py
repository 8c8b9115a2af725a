"""Films and recordings as large as people may upload, made in little time."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np

from .clips import SOUNDS

_QUICK = {
    "libx264": {"preset": "veryfast", "refs": "4", "bf": "3"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
}


def large_film(container: str, codec: str, size: tuple[int, int], pix_fmt: str = "yuv420p", frames: int = 8) -> bytes:
    """Grey frames, each lighter than the one before, with what cameras and exports do: frames that lean on several others, and a key
    frame at every fourth of the way."""
    out = BytesIO()
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=4, options={**_QUICK[codec], "g": str(max(1, frames // 4))})
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        for number in range(frames):
            shade = np.full((size[1] * 3 // 2, size[0]), 60 + 15 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(shade, format="yuv420p").reformat(format=pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, 4)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def large_recording(suffix: str, seconds: int, most_bytes: int) -> bytes:
    """A tone of so many seconds, mono at 16 kHz; 0: as many as fit into most_bytes."""
    rate = 16_000
    out = BytesIO()
    container, codec = SOUNDS[suffix]
    second = (8000 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)).astype(np.int16).reshape(1, -1)
    seconds = seconds or (most_bytes - 1000) // (rate * 2)
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout="mono", options={"b": "24k"} if suffix == "mp3" else {})
        fitting = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=rate, frame_size=stream.codec_context.frame_size or None
        )
        for number in range(seconds):
            frame = av.AudioFrame.from_ndarray(second, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, number * rate, Fraction(1, rate)
            for piece in fitting.resample(frame):
                file.mux(stream.encode(piece))
        for piece in fitting.resample(None):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return out.getvalue()
