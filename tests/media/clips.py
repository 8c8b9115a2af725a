"""Films and recordings, made here with PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np

FORMATS = {"mp4": "libx264", "mov": "libx264", "webm": "libvpx-vp9"}
SOUNDS = {
    "mp3": ("mp3", "libmp3lame"),
    "wav": ("wav", "pcm_s16le"),
    "m4a": ("ipod", "aac"),
    "ogg": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "aac": ("adts", "aac"),
    "weba": ("webm", "libopus"),
}


def film(
    container: str = "mp4",
    *,
    size: tuple[int, int] = (128, 72),
    seconds: float = 2.0,
    fps: int = 12,
    sound: bool = False,
    turned: int = 0,
    dark_seconds: float = 0.0,
    place: str = "",
) -> bytes:
    """Left half red, right half blue. turned: degrees that a player turns it by. dark_seconds: black at the beginning."""
    out = BytesIO()
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(
            FORMATS[container], rate=fps, options={"preset": "ultrafast"} if container != "webm" else {}
        )
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if place:
            file.metadata["location"] = place
        if turned:
            stream.set_display_rotation(turned)
        voice: Any = (
            file.add_stream("aac" if container != "webm" else "libopus", rate=48_000, layout="mono") if sound else None
        )
        for number in range(round(seconds * fps)):
            picture = np.zeros((size[1], size[0], 3), np.uint8)
            if number >= dark_seconds * fps:
                picture[:, : size[0] // 2] = (200, 30, 30)
                picture[:, size[0] // 2 :] = (30, 30, 200)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if voice is not None:
            _speak(file, voice, tone(seconds))
    return out.getvalue()


def recording(suffix: str, samples: np.ndarray[Any, Any] | None = None, seconds: float = 2.0) -> bytes:
    """samples: mono, 48 kHz, from -1 to 1; by default a tone that is loud in the middle."""
    out = BytesIO()
    container, codec = SOUNDS[suffix]
    with av.open(out, "w", format=container) as file:
        _speak(file, file.add_stream(codec, rate=48_000, layout="mono"), tone(seconds) if samples is None else samples)
    return out.getvalue()


def tone(seconds: float) -> np.ndarray[Any, Any]:
    """440 Hz: silent, loud in the second third, then at half."""
    time = np.arange(int(48_000 * seconds)) / 48_000
    loudness = np.select([time < seconds / 3, time < seconds * 2 / 3], [0.0, 0.8], 0.4)
    return loudness * np.sin(2 * np.pi * 440 * time)


def _speak(file: Any, stream: Any, samples: np.ndarray[Any, Any]) -> None:
    for start, piece in _pieces(samples):
        frame = av.AudioFrame.from_ndarray(piece.astype(np.float32).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        file.mux(stream.encode(frame))
    file.mux(stream.encode(None))


def _pieces(samples: np.ndarray[Any, Any]) -> Iterator[tuple[int, np.ndarray[Any, Any]]]:
    for start in range(0, len(samples), 960):
        yield start, samples[start : start + 960]
