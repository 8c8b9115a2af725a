"""Makes the recordings that introduce the voices: `python -m studio.speech.samples <folder for the model>` writes them to static/voices/."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from . import loudness, recording, sentences
from .speaker import RATE, Speaker
from .voices import VOICES

STATIC = Path(__file__).resolve().parents[2] / "static"
LINE = "Hi, this is {title}. I read your words aloud, right here on this server."
BITS_PER_SECOND = 48_000


def main(folder: Path) -> None:
    speaker = Speaker(folder)
    for voice in VOICES:
        parts = []
        for piece in sentences.pieces(LINE.format(title=voice.title)):
            parts += [speaker.say(piece.text, voice, 1.0), np.zeros(int(piece.pause_seconds * RATE), np.float32)]
        sound = loudness.levelled(np.concatenate(parts[:-1]), RATE)
        path = STATIC / voice.sample
        path.parent.mkdir(parents=True, exist_ok=True)
        recording.write(sound, RATE, path, bits_per_second=BITS_PER_SECOND)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
