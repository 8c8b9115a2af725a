"""What is said of a recording before a voice is copied from it: advice, and a refusal only where it cannot work."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from studio.media.recordings import Check, check

RATE = 16_000


def spoken(
    seconds: float, *, level: float = 0.25, noise: float = 0.0005, pause: float = 0.2, gain: float = 1.0
) -> bytes:
    """A WAV of syllables: bursts of a hummed chord with pauses (`pause` of each second), over a hiss."""
    moments = np.arange(int(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * 140 * step * moments) / step for step in range(1, 6))
    voiced = (moments % 1.0) >= pause
    sound = level * hum / 2 * voiced + noise * np.random.default_rng(7).standard_normal(len(moments))
    samples = np.clip(sound * gain, -1, 1)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def looked_at(data: bytes, folder: Path) -> Check:
    path = folder / "recording.wav"
    path.write_bytes(data)
    return check(path, "audio/wav")


@pytest.fixture(autouse=True)
def _rooms(settings: object, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "tmp")  # type: ignore[attr-defined]


def test_a_clear_half_minute_is_good(tmp_path: Path) -> None:
    found = looked_at(spoken(28), tmp_path)
    assert found.is_good
    assert found.seconds == pytest.approx(28, abs=0.1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (spoken(6), "From 10 s on"),
        (spoken(75), "the best minute is enough"),
        (spoken(20, gain=9), "too loud in places"),
        (spoken(20, level=0.015, noise=0.00005), "It is quiet"),
        (spoken(20, noise=0.05), "noise or music behind the voice"),
        (spoken(20, pause=0.7), "Most of it is pauses"),
    ],
    ids=["short", "long", "loud", "quiet", "noisy", "halting"],
)
def test_what_could_be_better_is_advice(data: bytes, said: str, tmp_path: Path) -> None:
    found = looked_at(data, tmp_path)
    assert found.refused == ""
    assert len(found.advice) == 1
    assert said in found.advice[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (spoken(20, level=0, noise=0), "Nothing can be heard"),
        (spoken(1.5), "This recording has 1.5 s"),
        (spoken(8, pause=0.9), "silent nearly all the time"),
        (b"RIFF\x00\x00\x00\x00WAVEjunk", ""),
    ],
    ids=["silent", "too short", "hardly a word", "damaged"],
)
def test_what_cannot_work_is_refused(data: bytes, said: str, tmp_path: Path) -> None:
    found = looked_at(data, tmp_path)
    assert found.refused
    assert said in found.refused
