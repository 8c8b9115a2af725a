"""The limited process that opens other people's bytes: `python -m studio.media.child JOB`.

The file comes as standard input, results go into the working directory (made empty for it), and one JSON object goes to standard
output: the job's facts, or {"refused": sentence}. Limits are set before anything is imported that could read a byte of the file.
Started by `decode.run_child`; nothing else imports it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

MB = 1 << 20


def limit(memory_mb: int, data_mb: int, cpu_seconds: int, file_mb: int = 512) -> None:
    """Hard limits for the rest of this process's life. memory_mb: addresses, code included; data_mb: what may be written to."""
    for what, most in (
        (resource.RLIMIT_AS, memory_mb * MB),
        (resource.RLIMIT_DATA, data_mb * MB),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_mb * MB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def work(job: dict[str, Any]) -> dict[str, Any]:
    """One job: {"do": …, …its arguments}. Each imports only what it needs."""
    do = job.pop("do")
    if do == "logo":
        from studio.media import drawing

        return drawing.rasterise_logo(sys.stdin.buffer)
    if do == "analyse":
        from studio.media import analysis

        return analysis.analyse_file(sys.stdin.buffer)
    if do == "look":
        from studio.media import looks

        return looks.look_at_file(sys.stdin.buffer)
    if do == "portrait":
        from studio.media import portraits

        return portraits.measure_file(sys.stdin.buffer)
    if do in ("drawing", "convert_drawing"):
        from studio.media import drawing

        return drawing.draw_result(sys.stdin.buffer) if do == "drawing" else drawing.convert(sys.stdin.buffer, **job)
    if do in ("clip", "poster", "sprite", "waveform"):
        from studio.media import clips

        return clips.JOBS[do](sys.stdin.buffer, **job)
    if do == "recording":
        from studio.media import recordings

        return recordings.measure(sys.stdin.buffer, **job)
    if do == "weights":
        from studio.media import weights

        return weights.check(sys.stdin.buffer)
    if do == "page":
        from studio.media import web_page

        return web_page.read(sys.stdin.buffer, **job)
    if do == "font":
        from studio.media import font_files

        return font_files.unpack(sys.stdin.buffer)
    if do == "model":
        from studio.media import glb

        return glb.probe(sys.stdin.buffer)
    from studio.media import pixels

    if do == "header":
        return pixels.header(sys.stdin.buffer, **job)
    if do == "normalise":
        return pixels.normalise(sys.stdin.buffer, **job)
    if do == "previews":
        return pixels.make_previews(sys.stdin.buffer)
    return pixels.convert(sys.stdin.buffer, **job)


def peak_mb() -> int:
    """The most memory that this program held at once; -1 where the system does not say. (What `getrusage` says includes the parent's.)"""
    try:
        with open("/proc/self/status") as status:
            found = next((line for line in status if line.startswith("VmHWM:")), "VmHWM: -1024 kB")
    except OSError:
        return -1
    return int(found.split()[1]) // 1024


def main() -> None:
    job = json.loads(sys.argv[1])
    limit(job.pop("memory_mb"), job.pop("data_mb"), job.pop("cpu_seconds"))
    from studio.media.errors import MediaRefused

    try:
        answer = work(job)
    except MediaRefused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        os._exit(78)  # Nothing more is allocated here; the parent knows this number.
    sys.stdout.write(json.dumps({**answer, "peak_mb": peak_mb()}))
    sys.stdout.flush()
    os._exit(0)  # Skips the libraries' own clean-up: their threads are not worth waiting for.


if __name__ == "__main__":
    main()
