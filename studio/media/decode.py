"""Runs one job on one file in a limited child process, and says in a sentence when the file was too much for it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from studio.media.errors import MediaRefused

logger = logging.getLogger(__name__)

TOO_MUCH = "This picture takes too much memory or time to open. Export it again as a plain JPEG or PNG, or smaller."
BROKEN = "This file cannot be opened: its contents are damaged. Export or download it again."
_OUT_OF_MEMORY = 78
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. memory_mb is address space, which is more than what is resident; data_mb is what it may write to: with the
    code of its libraries, which is shared, all that is resident.
    """

    memory_mb: int
    cpu_seconds: int
    wall_seconds: float
    too_much: str = TOO_MUCH
    data_mb: int = 360


PICTURE = Limits(memory_mb=1536, cpu_seconds=20, wall_seconds=40)
PREVIEW = Limits(memory_mb=1536, cpu_seconds=20, wall_seconds=40, data_mb=1536)
"""Of results, which may be larger than what people upload."""
LOGO = Limits(memory_mb=1024, cpu_seconds=5, wall_seconds=10)
ANALYSIS = Limits(memory_mb=4096, cpu_seconds=40, wall_seconds=50, data_mb=4096)
CLIP = Limits(
    memory_mb=768,
    cpu_seconds=30,
    wall_seconds=45,
    data_mb=320,
    too_much="This file takes too much memory or time to open. Export it again as a plain MP4 or MP3, or shorter.",
)
MODEL = Limits(
    memory_mb=512,
    cpu_seconds=10,
    wall_seconds=20,
    too_much="This 3D model takes too much memory or time to open. Export it again with fewer parts.",
)

# A process decodes at most two pictures at once, so that a burst of uploads waits instead of filling the memory.
_places = threading.BoundedSemaphore(2)


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder in the data folder's `tmp`, gone afterwards."""
    home = Path(settings.FILE_UPLOAD_TEMP_DIR)
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="media-", dir=home) as folder:
        yield Path(folder)


def run_child(job: dict[str, Any], source: Path, folder: Path, limits: Limits) -> dict[str, Any]:
    """The facts that the job printed; its files lie in `folder`. Raises MediaRefused with the child's sentence, or for what broke it."""
    most = {"memory_mb": limits.memory_mb, "data_mb": limits.data_mb, "cpu_seconds": limits.cpu_seconds}
    order = json.dumps({**job, **most})
    with _places, source.open("rb") as file:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-s", "-m", "studio.media.child", order],
                stdin=file,
                capture_output=True,
                cwd=folder,
                env=_environment(),
                close_fds=True,
                start_new_session=True,
                timeout=limits.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            logger.warning("A %s job was killed after %s s.", job["do"], limits.wall_seconds)
            raise MediaRefused(limits.too_much) from None
    if done.returncode != 0:
        raise MediaRefused(_reason(job["do"], done, limits))
    answer: dict[str, Any] = json.loads(done.stdout)
    logger.debug("A %s job held at most %s MB.", job["do"], answer.pop("peak_mb"))
    if "refused" in answer:
        raise MediaRefused(answer["refused"])
    return answer


def _environment() -> dict[str, str]:
    """Nothing of ours but where the code is: no secret reaches a process that opens a stranger's file."""
    return {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "VIPS_CONCURRENCY": "1",
        "OMP_NUM_THREADS": "2",
    }


def _reason(do: str, done: subprocess.CompletedProcess[bytes], limits: Limits) -> str:
    """Killed by a limit, or by a fault in a decoder: the person's sentence; the log gets the rest."""
    words = done.stderr.decode(errors="replace")[-600:]
    logger.warning("A %s job ended with %s: %s", do, done.returncode, words)
    memory = done.returncode == _OUT_OF_MEMORY or "MemoryError" in words or "out of memory" in words.lower()
    return limits.too_much if memory or done.returncode < 0 else BROKEN
