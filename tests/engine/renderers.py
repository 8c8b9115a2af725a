"""Stand-ins for the render process: `python -m tests.engine.renderers <job.json> <out>`. The badge says how it behaves.

The lane starts a real process and believes only its files, so every way in which such a process can go wrong is one of these.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import threading
import zlib
from pathlib import Path


def png(width: int = 4, height: int = 5) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x20\x40\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def first_time(out: Path) -> bool:
    """Of this job, whoever draws it: its folder is above the attempt's and the output's."""
    try:
        (out.parent.parent / "hung").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def main(job: Path, out: Path) -> int:
    ad = json.loads(job.read_text("utf-8"))
    how = ad["badge"]
    say(progress=0.3, step="Drawing")
    if how == "refuse" or (how == "refuse second" and ad["variant"] == 1):
        say(error="The template has no place for that.")
        return 2
    if how == "crash":
        return 1
    if how == "killed" or (how == "killed once" and str(out).endswith("-0")):
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hang" or (how == "hang once" and first_time(out)):
        threading.Event().wait(120)
    if how == "babble":
        sys.stdout.buffer.write(b"\xff\xfe[1,2]\n{\n" + b"x" * 200_000 + b'\n{"progress": "much"}\n')
        sys.stdout.flush()
    (out / "out.png").write_bytes(b"garbage" if how == "garbage" else png())
    notes = None if how == "no notes" else ["The headline was shortened."]
    (out / "out.json").write_text(json.dumps({"width": 4, "height": 5, "notes": notes, "files": ["out.png"]}))
    say(progress=1.0, step="Done")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
