"""The model at work: one piece of text, one voice, one speed, and out comes sound. Needs 350 to 450 MB, so only the limited child loads it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import model, reading
from .voices import LocalVoice

Sound = NDArray[np.float32]

RATE = 24_000
DIMENSIONS, LENGTHS = 256, 510
"""A voice is one vector of 256 numbers for each length of what is said."""
SILENCE = 0.004
"""Below this (-48 dB) nothing is heard: the model's own silence at both ends is cut, so that pauses are ours."""
EDGE_SECONDS = 0.03


class Speaker:
    """Loads the model when something is first said."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session: Any = None
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def say(self, text: str, voice: LocalVoice, speed: float) -> Sound:
        """Mono at RATE, about -1 to 1, without silence at its ends; empty where there is nothing to say. Raises ModelError, MemoryError."""
        read = reading.sounds(text)
        if not read:
            return np.zeros(0, np.float32)
        vector = self._vector(voice)[min(len(read), LENGTHS - 1)]
        inputs = {
            "tokens": np.array([reading.numbers(read)], np.int64),
            "style": vector.reshape(1, DIMENSIONS),
            "speed": np.array([speed], np.float32),
        }
        try:
            heard = self._loaded().run(None, inputs)[0]
        except (
            Exception
        ) as error:  # It has classes of its own for all that can go wrong, and says want of memory by name alone.
            if "bad_alloc" in str(error):
                raise MemoryError from error
            raise
        return trimmed(np.asarray(heard, np.float32).reshape(-1))

    def rest(self) -> None:
        """Gives the model's memory back; it is loaded again when something more is said."""
        self._session = None

    def _vector(self, voice: LocalVoice) -> NDArray[np.float32]:
        if voice.name not in self._vectors:
            data = voice.vector.read_bytes()
            if hashlib.sha256(data).hexdigest() != voice.sha256:
                raise model.ModelError(f"The voice “{voice.title}” is damaged on this server. Install Backlot again.")
            self._vectors[voice.name] = np.frombuffer(data, "<f4").reshape(LENGTHS, DIMENSIONS)
        return self._vectors[voice.name]

    def _loaded(self) -> Any:
        if self._session is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # The other core belongs to the pages.
            options.inter_op_num_threads = 1
            options.enable_mem_pattern = False  # It plans for every length anew and keeps each plan's memory.
            options.log_severity_level = 4  # What goes wrong is raised; the log would say it twice.
            path = model.ready(self._folder)
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return self._session


def trimmed(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > SILENCE)
    if not loud.size:
        return np.zeros(0, np.float32)
    edge = int(EDGE_SECONDS * RATE)
    start, end = max(0, loud[0] - edge), min(len(sound), loud[-1] + 1 + edge)
    kept = sound[start:end].copy()
    ramp = np.linspace(0, 1, min(edge, len(kept) // 2), dtype=np.float32)
    if len(ramp):
        kept[: len(ramp)] *= ramp
        kept[-len(ramp) :] *= ramp[::-1]
    return kept
