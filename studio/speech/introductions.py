"""How the recordings that introduce the voices look: a waveform and a length, measured when they were made (`samples`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data" / "introductions.json"


@dataclass(frozen=True, slots=True)
class Introduction:
    """peaks: loudness from 0 to 100, evenly over the whole length, the loudest being 100."""

    duration_seconds: float
    peaks: list[int]


@cache
def introductions() -> dict[str, Introduction]:
    """Of every voice of this server, by its name."""
    found = json.loads(DATA.read_text())
    return {name: Introduction(it["duration_seconds"], it["peaks"]) for name, it in found.items()}
