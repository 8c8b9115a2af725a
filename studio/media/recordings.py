"""Whether a recording is fit to copy a voice from: long enough, loud enough, not too loud, quiet behind the voice.

Measured in the limited child (`recording`); the advice is made of the numbers afterwards. Only what cannot work is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from studio.media.decode import CLIP, run_child, workplace
from studio.media.errors import MediaRefused

SHORTEST_SECONDS, LONGEST_SECONDS = 10.0, 60.0
"""What gives a good copy. Outside of it there is advice."""
LEAST_SECONDS, MOST_SECONDS = 3.0, 600.0
"""Outside of this it is refused."""
LEAST_SPEECH_SECONDS = 2.0
INAUDIBLE_DB = -55.0
QUIET_DB = -38.0
"""Of the voice, over the whole recording: a person at arm's length in front of a laptop is at about -28."""
NOISY_DB = 18.0
"""The voice should be this much louder than what is behind it."""
CLIPPED = 0.985
CLIPPED_SHARE = 0.0005
PAUSES = 0.45
"""Where less than this share of the time is filled with sound, most of it is pauses."""
_RATE = 16_000
_BLOCK = 480
"""Samples: 30 ms."""
_NOTHING_DB = -90.0


@dataclass(frozen=True, slots=True)
class Check:
    """seconds: its length. advice: sentences, empty where nothing is wrong. refused: why it cannot work, empty where it can."""

    seconds: float
    advice: tuple[str, ...] = ()
    refused: str = ""

    @property
    def is_good(self) -> bool:
        return not self.advice and not self.refused


def check(path: Path, media_type: str) -> Check:
    """A stored recording, in about half a second. What cannot be opened is refused with its sentence."""
    try:
        with workplace() as folder:
            return judge(run_child({"do": "recording", "media_type": media_type}, path, folder, CLIP))
    except MediaRefused as refusal:
        return Check(0.0, refused=str(refusal))


def judge(facts: Mapping[str, float]) -> Check:
    """facts: what `measure` found."""
    seconds = facts["seconds"]
    return Check(seconds, tuple(_advice(facts)), _refusal(facts))


def _refusal(facts: Mapping[str, float]) -> str:
    seconds = facts["seconds"]
    if facts["level_db"] < INAUDIBLE_DB:
        return "Nothing can be heard in this recording. Choose another microphone, or come closer, and record again."
    if seconds < LEAST_SECONDS:
        return f"This recording has {seconds:.1f} s. Record at least {LEAST_SECONDS:.0f} s; 10 to 60 are best."
    if seconds * facts["speech_share"] < LEAST_SPEECH_SECONDS:
        return (
            "This recording is silent nearly all the time. Read the words aloud without long pauses, and record again."
        )
    if seconds > MOST_SECONDS:
        return f"This recording has {seconds / 60:.0f} minutes. Cut out the best minute, and use that."
    return ""


def _advice(facts: Mapping[str, float]) -> Iterator[str]:
    seconds = facts["seconds"]
    if seconds < SHORTEST_SECONDS:
        yield f"It has {seconds:.0f} s. From {SHORTEST_SECONDS:.0f} s on the copy sounds more like the person."
    if seconds > LONGEST_SECONDS:
        yield f"It has {seconds:.0f} s. More than {LONGEST_SECONDS:.0f} s makes no better copy; the best minute is enough."
    if facts["clipped_share"] > CLIPPED_SHARE:
        yield "It is too loud in places and crackles there. Move away from the microphone, or turn it down."
    elif facts["level_db"] < QUIET_DB:
        yield "It is quiet. Come closer to the microphone."
    if facts["level_db"] - facts["noise_db"] < NOISY_DB:
        yield "There is noise or music behind the voice, and it would be copied too. Record in a quieter room."
    if facts["speech_share"] < PAUSES:
        yield "Most of it is pauses. Read on without waiting."


def measure(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """In the child: {"seconds", "level_db" (of the voice), "noise_db" (of the quietest tenth), "clipped_share", "speech_share"}."""
    import numpy as np

    pieces = list(_samples(file, media_type))
    sound = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    whole = sound[: len(sound) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    if not len(whole):
        raise MediaRefused("There is no sound in this file. Record again, or choose another one.")
    loud = np.sqrt((whole**2).mean(axis=1))
    levels = 20 * np.log10(np.maximum(loud, 10 ** (_NOTHING_DB / 20)))
    noise = float(np.percentile(levels, 10))
    # The voice is what stands out of the background; where nothing does, everything is.
    threshold = max(INAUDIBLE_DB, min(noise + 9, float(levels.max()) - 18))
    voiced = loud[levels >= threshold]
    level = 20 * float(np.log10(max(float(np.sqrt((voiced**2).mean())), 1e-6))) if len(voiced) else _NOTHING_DB
    return {
        "seconds": round(len(sound) / _RATE, 2),
        "level_db": round(level, 1),
        "noise_db": round(noise, 1),
        "clipped_share": round(float((np.abs(sound) >= CLIPPED).mean()), 5),
        "speech_share": round(len(voiced) / len(loud), 3),
    }


def _samples(file: BinaryIO, media_type: str) -> Iterator[Any]:
    """Pieces of the sound, all channels mixed, from -1 to 1. Ends a little after MOST_SECONDS, and where the file is damaged."""
    import av

    from studio.media.clips import opened

    left = int((MOST_SECONDS + 60) * _RATE)
    resampler = av.AudioResampler(format="flt", layout="mono", rate=_RATE)
    with opened(file, media_type) as container:
        if not container.streams.audio:
            return
        try:
            for decoded in container.decode(container.streams.audio[0]):
                for frame in resampler.resample(decoded):
                    samples = frame.to_ndarray().reshape(-1)
                    left -= len(samples)
                    yield samples
                if left <= 0:
                    return
        except av.error.FFmpegError:
            return
