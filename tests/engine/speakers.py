"""Stand-ins for the process that speaks: `python -m tests.engine.speakers <job.json> <out>`. The text says how it behaves."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main(job: Path, out: Path) -> int:
    how = json.loads(job.read_text("utf-8"))["text"]
    say(progress=0.3, step="Speaking, 1 of 2", kept=how == "turns")
    if how == "refuse":
        say(error="There is nothing in the text that can be spoken. Write it in words.")
        return 2
    if how == "crash":
        return 1
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hang":
        threading.Event().wait(120)
    if how == "turns":
        threading.Event().wait(1)
    (out / "out.mp3").write_bytes(b"<html>" if how == "garbage" else b"ID3" + bytes(64))
    (out / "out.json").write_text(json.dumps({"seconds": 1.0, "notes": []}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
