"""One render in a process of its own: `python -m studio.render.job <job.json> <out folder>`.

The job file is a StaticAd as JSON with paths instead of sources, plus `"formats"` (any of png, webp, jpg) and `"quality"` (1..100).
Prints progress as JSON lines; writes out.<format> and out.json (width, height, notes, files). On bad input the last line is
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

from studio.render import jobfile, raster
from studio.render.jobfile import JobError
from studio.render.spec import Drawing, StaticAd

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 60

_SUFFIXES = {"png": "png", "webp": "webp", "jpg": "jpeg"}


@dataclass(frozen=True, slots=True)
class Job:
    """What to draw and how to write it."""

    ad: StaticAd
    formats: tuple[str, ...] = ("png",)
    quality: int = 90


def read_job(data: dict[str, Any]) -> Job:
    """A job from its JSON. Raises JobError with one sentence for anything that is not one."""
    rest = dict(data)
    formats = rest.pop("formats", ["png"])
    quality = rest.pop("quality", 90)
    if not isinstance(formats, list) or not formats or any(name not in _SUFFIXES for name in formats):
        raise JobError("The job's formats must be a list of png, webp or jpg.")
    if isinstance(quality, bool) or not isinstance(quality, int) or not 1 <= quality <= 100:
        raise JobError("The job's quality must be a whole number from 1 to 100.")
    return Job(jobfile.from_json(rest), tuple(dict.fromkeys(formats)), quality)


def write_job(ad: StaticAd, folder: Path, formats: tuple[str, ...] = ("png",), quality: int = 90) -> Path:
    """Writes the ad's pictures and job.json into a folder, ready for this module's command line."""
    path = folder / "job.json"
    data = jobfile.to_json(ad, folder) | {"formats": list(formats), "quality": quality}
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def run(
    job: Job, build: Callable[[StaticAd], Drawing], out: Path, report: Callable[[float, str], None]
) -> dict[str, Any]:
    """Lets `build` lay the ad out, draws it and writes its files; returns what out.json holds."""
    report(0.05, "Reading the pictures")
    drawing = build(job.ad)
    report(0.5, "Drawing")
    image = raster.rasterise(drawing.svg, job.ad.width, job.ad.height)
    out.mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(job.formats):
        report(0.8 + 0.15 * index / len(job.formats), "Writing the files")
        encoded = raster.encode(image, _SUFFIXES[name], job.quality)  # type: ignore[arg-type]
        (out / f"out.{name}").write_bytes(encoded)
    result = {
        "width": image.width,
        "height": image.height,
        "notes": list(drawing.notes),
        "files": [f"out.{name}" for name in job.formats],
    }
    (out / "out.json").write_text(json.dumps(result, ensure_ascii=False), "utf-8")
    report(1.0, "Done")
    return result


def limit() -> None:
    """Bounds this process: 2 GiB of address space, 60 s of processor time, and no precedence over the web process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    os.nice(10)


def say(**what: Any) -> None:
    """One JSON line on stdout, at once."""
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    if len(arguments) != 2:
        say(error="Give a job file and a folder for the result.")
        return 2
    limit()
    from studio.render.templates import build  # heavy (fonts), and only needed once the limits hold

    try:
        data = json.loads(Path(arguments[0]).read_text("utf-8"))
        if not isinstance(data, dict):
            raise JobError("The job file does not hold a job.")
        job = read_job(data)
        run(job, build, Path(arguments[1]), lambda share, step: say(progress=round(share, 3), step=step))
    except MemoryError:
        say(error="The pictures are too large to be drawn together; use smaller ones.")
        return 2
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        say(error=f"The job could not be read or written ({type(error).__name__}); start it again.")
        return 2
    except ValueError as error:
        say(error=str(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
