from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the child said, in lines, and what it made. sound, rate: the recording as it plays."""

    code: int
    lines: list[dict[str, Any]]
    out: Path
    peak_bytes: int

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads((self.out / "out.json").read_text("utf-8")))

    def recording(self) -> tuple[NDArray[np.float32], int]:
        with av.open(str(self.out / "out.mp3")) as file:
            stream = file.streams.audio[0]
            frames = [frame.to_ndarray().reshape(-1) for frame in file.decode(stream)]
            assert stream.layout.name == "mono"
            return np.concatenate(frames).astype(np.float32), int(stream.rate)


@pytest.fixture(scope="session")
def speech_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model is put together once for all tests."""
    return tmp_path_factory.mktemp("speech")


def speak(folder: Path, out: Path, **changes: Any) -> Heard:
    """The real child with a real voice. Its peak memory is read from the system, for this very process."""
    job = {"text": "Slow mornings.", "voice": "af_heart", "speed": 1.0, "replacements": [], "spell_out": True}
    out.mkdir(parents=True, exist_ok=True)
    (out / "job.json").write_text(json.dumps({**job, "folder": str(folder), **changes}))
    # Not getrusage: its peak is handed on by whoever starts a process, and a test process may be large.
    script = (
        "import sys; from studio.speech import job; code = job.main(sys.argv[1:]); "
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM:')); "
        "print(int(peak.split()[1]) * 1024, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(out / "job.json"), str(out)],
        cwd=ROOT,
        capture_output=True,
        timeout=240,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return Heard(done.returncode, lines, out, int(done.stderr.split()[-1]))
