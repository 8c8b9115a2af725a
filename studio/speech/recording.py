"""Sound as a file that every browser and every service plays: MP3, mono."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS_PER_SECOND = 96_000
FRAME = 1152


def write(sound: NDArray[np.float32], rate: int, path: Path, *, bits_per_second: int = BITS_PER_SECOND) -> None:
    """The samples (-1 to 1) as an MP3 file. Raises OSError."""
    whole = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    with av.open(str(path), "w", format="mp3") as file:
        stream = file.add_stream("libmp3lame", rate=rate, layout="mono", bit_rate=bits_per_second)
        for start in range(0, len(whole), FRAME):
            frame = av.AudioFrame.from_ndarray(whole[None, start : start + FRAME], format="s16p", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
