"""One speech in a process of its own: `python -m studio.speech.job <job.json> <out folder>`.

The job file: text, voice (a name), speed, replacements ([[written, said], …]), spell_out, folder (for the model and what was said before).
Prints progress as JSON lines, one after each piece, with `"kept": true` where the piece was new and would not be spoken again; writes out.mp3 and out.json (seconds, notes). On bad input the last line is
`{"error": "<sentence>"}` and the exit code is 2.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.speech import voices
from studio.speech.voices import LocalVoice

DATA_BYTES = 1000 << 20
"""Well over what the longest piece took (610 MB). What may be written to; the addresses that are only mapped (libraries, the model's file) do not count."""
CPU_SECONDS = 900
MAX_CHARACTERS = 5000

Report = Callable[[float, str, bool], None]
"""Share done, what it is at, and whether something new is kept for another try."""


@dataclass(frozen=True, slots=True)
class Job:
    text: str
    voice: LocalVoice
    speed: float
    replacements: tuple[tuple[str, str], ...]
    spell_out: bool
    folder: Path


def read_job(data: Any) -> Job:
    """A job from its JSON. Raises ValueError with one sentence for anything that is not one."""
    try:
        text, speed = str(data["text"]), float(data["speed"])
        voice = voices.find(str(data["voice"]))
        replacements = tuple((str(written), str(said)) for written, said in data["replacements"])
        job = Job(text, voice or voices.DEFAULT, speed, replacements, bool(data["spell_out"]), Path(data["folder"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("The job file does not hold a speech; run it again.") from error
    if voice is None:
        raise ValueError("This server does not have that voice. Pick another one.")
    if not 0 < len(text) <= MAX_CHARACTERS or not 0.5 <= speed <= 2:
        raise ValueError(f"A speech has up to {MAX_CHARACTERS:,} characters and a speed from 0.5 to 2.")
    return job


def run(job: Job, out: Path, report: Report) -> dict[str, Any]:
    """Speaks the text piece by piece and writes its files; returns what out.json holds. Raises ValueError with a sentence."""
    import numpy as np

    from studio.speech import loudness, recording, sentences, words
    from studio.speech.cache import Sounds
    from studio.speech.speaker import RATE, Speaker

    report(0.01, "Reading the text", False)
    pieces = sentences.pieces(words.spoken(job.text, job.replacements, spell_out=job.spell_out), job.speed)
    speaker, sounds = Speaker(job.folder), Sounds(job.folder / "said")
    heard: list[Any] = []
    for number, piece in enumerate(pieces):
        sound = sounds.get(piece.text, job.voice.name, job.speed)
        is_new = sound is None
        if sound is None:
            sound = speaker.say(piece.text, job.voice, job.speed)
            sound = sounds.put(piece.text, job.voice.name, job.speed, sound)
        if len(sound):
            heard += [sound, np.zeros(int(piece.pause_seconds / job.speed * RATE), np.float32)]
        report(0.05 + 0.9 * (number + 1) / len(pieces), f"Speaking, {number + 1} of {len(pieces)}", is_new)
    if not heard:
        raise ValueError("There is nothing in the text that can be spoken. Write it in words.")
    report(0.96, "Writing the file", False)
    speaker.rest()
    together = np.concatenate(heard[:-1])
    heard.clear()
    whole = loudness.levelled(together, RATE)
    recording.write(whole, RATE, out / "out.mp3")
    sounds.tidy()
    silent = words.left_out(words.replace(job.text, job.replacements))
    notes = [f"Left out, as it cannot be spoken: {silent[:40]}"] if silent else []
    result = {"seconds": round(len(whole) / RATE, 3), "notes": notes}
    (out / "out.json").write_text(json.dumps(result, ensure_ascii=False), "utf-8")
    report(1.0, "Done", False)
    return result


def limit() -> None:
    """Bounds this process: 1,000 MiB of its own memory, 15 min of processor time, and no precedence over the pages."""
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Before numpy is loaded: a thread for each core would cost its memory for nothing.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.nice(10)


def say(**what: Any) -> None:
    """One JSON line on stdout, at once."""
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _tell(share: float, step: str, kept: bool) -> None:
    say(progress=round(share, 3), step=step, kept=kept)


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    if len(arguments) != 2:
        say(error="Give a job file and a folder for the result.")
        return 2
    limit()
    try:
        job = read_job(json.loads(Path(arguments[0]).read_text("utf-8")))
        run(job, Path(arguments[1]), _tell)
    except MemoryError:
        say(error="The text is too long to be spoken here at once. Split it into shorter ones.")
        return 2
    except OSError as error:
        say(error=f"The recording could not be written ({type(error).__name__}); check the disk and run it again.")
        return 2
    except ValueError as error:
        say(error=str(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
