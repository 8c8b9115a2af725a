"""The voices of this server. Importing this costs nothing: names only, the vectors are read by the child that speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data" / "voices"
PREFIX = "local:"
"""How a voice of this server is written where a tool's inputs name one: `local:af_heart`."""


@dataclass(frozen=True, slots=True)
class LocalVoice:
    """name: for ever, part of what is stored. sample: a recording under `static/`. sha256: of the vector in `data/voices/<name>.bin`."""

    name: str
    title: str
    gender: str
    style: str
    sha256: str
    language: str = "en-US"

    @property
    def reference(self) -> str:
        return f"{PREFIX}{self.name}"

    @property
    def sample(self) -> str:
        return f"voices/{self.name}.mp3"

    @property
    def vector(self) -> Path:
        return DATA / f"{self.name}.bin"


VOICES: tuple[LocalVoice, ...] = (
    LocalVoice(
        "af_heart",
        "Heart",
        "female",
        "warm",
        "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    ),
    LocalVoice(
        "af_bella",
        "Bella",
        "female",
        "lively",
        "f69d836209b78eb8c66e75e3cda491e26ea838a3674257e9d4e5703cbaf55c8b",
    ),
    LocalVoice(
        "af_nicole",
        "Nicole",
        "female",
        "close, almost whispered",
        "cd2191ab31b914ed7b318416b0e4440fdf392ddad9106a060819aa600a64f59a",
    ),
    LocalVoice(
        "am_michael",
        "Michael",
        "male",
        "calm",
        "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
    ),
    LocalVoice(
        "am_fenrir",
        "Fenrir",
        "male",
        "lively",
        "c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43",
    ),
    LocalVoice(
        "am_puck",
        "Puck",
        "male",
        "even",
        "fcf73c989033e9233e0b98713eca600c8c74dcc1614b37009d5450ff4a2274a0",
    ),
)
DEFAULT = VOICES[0]


def find(name: str) -> LocalVoice | None:
    """One of them by its name, with or without `local:` before it; "" is the usual one."""
    bare = name.removeprefix(PREFIX)
    return next((voice for voice in VOICES if voice.name == bare), None) if bare else DEFAULT
