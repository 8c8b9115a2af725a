"""How fast this server speaks and what it needs for it: `python bench/speech.py`. Every line by the real child, cold and again.

RTF is seconds of processor time for a second of speech, loading the model included. The last line is JSON: RTF and wall seconds by text,
peak memory in MB, and how long it takes when everything was said before.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {
    "line": "Slow mornings start with a cup of Halden.",
    "ad": "Slow mornings start with a cup of Halden. The beans are roasted in small batches, and shipped on the same day. "
    "Save 20% until Friday: only $24.99, at halden.com.",
    "story": "Every cup begins on a small farm, 1,800 meters above the sea. " * 12,
}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="backlot-bench-"))
    try:
        found: dict[str, Any] = {}
        speak(folder, "Once, to put the model together.")
        for name, text in TEXTS.items():
            first, again = speak(folder, text), speak(folder, text)
            found[name] = {**first, "again_seconds": again["wall_seconds"]}
            print(name, found[name], flush=True)
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(json.dumps({"speech": found, "peak_mb": peak_mb}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def speak(folder: Path, text: str) -> dict[str, float]:
    out = Path(tempfile.mkdtemp(dir=folder))
    # Each piece of the story is another one, or it would be said once.
    parts = text.split("the sea. ")
    text = "".join(f"{part}the sea, number {number}. " for number, part in enumerate(parts[:-1])) or text
    job = {
        "text": text,
        "voice": "af_heart",
        "speed": 1.0,
        "replacements": [],
        "spell_out": True,
        "folder": str(folder),
    }
    (out / "job.json").write_text(json.dumps(job))
    before, begun = cpu(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "studio.speech.job", out / "job.json", out],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    wall, used = time.perf_counter() - begun, cpu() - before
    seconds = json.loads((out / "out.json").read_text())["seconds"]
    return {"speech_seconds": seconds, "rtf": round(used / seconds, 2), "wall_seconds": round(wall, 2)}


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
