"""Makes the recordings that introduce the voices: `python -m studio.speech.samples <folder for the model>` writes them to static/voices/,
and how they look to `introductions.DATA`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import introductions, loudness, recording, sentences
from .speaker import RATE, Speaker
from .voices import VOICES

STATIC = Path(__file__).resolve().parents[2] / "static"
LINE = "Hi, this is {title}. I read your words aloud, right here on this server."
BITS_PER_SECOND = 48_000
PEAKS = 96
"""As many bars as the widest waveform of a page has."""


def main(folder: Path) -> None:
    speaker = Speaker(folder)
    looks = {}
    for voice in VOICES:
        parts = []
        for piece in sentences.pieces(LINE.format(title=voice.title)):
            parts += [speaker.say(piece.text, voice, 1.0), np.zeros(int(piece.pause_seconds * RATE), np.float32)]
        sound = loudness.levelled(np.concatenate(parts[:-1]), RATE)
        path = STATIC / voice.sample
        path.parent.mkdir(parents=True, exist_ok=True)
        recording.write(sound, RATE, path, bits_per_second=BITS_PER_SECOND)
        looks[voice.name] = look(sound)
    introductions.DATA.write_text(json.dumps(looks) + "\n")


def look(sound: NDArray[np.float32]) -> dict[str, Any]:
    """What `introductions` tells of a recording."""
    peaks = [float(part.max()) for part in np.array_split(np.abs(sound), PEAKS)]
    loudest = max(peaks)
    return {
        "duration_seconds": round(len(sound) / RATE, 2),
        "peaks": [round(100 * peak / loudest) for peak in peaks],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
