"""The render lane: takes one job after the other from the local renderer's table and draws it, one output at a time.

A lease with heartbeats says that somebody works on a job. Whoever loses it stops within a second; whoever finds it expired draws it again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from pathlib import Path
from typing import Any

from config.storage import StorageAway
from studio.models import RenderJob, RenderState
from studio.providers.local import drawing, jobs
from studio.providers.local.child import Child
from studio.render.job import write_job
from studio.render.spec import StaticAd

from . import beats, bells, faults, storing

log = logging.getLogger(__name__)

ROUND_SECONDS = 20.0
"""A task works this long before it hands on to the next one, so that the lane can be stopped and its other messages get their turn."""
OUTPUT_SECONDS = 120.0
HEARTBEAT_SECONDS = 1.0
TRIES = 2
"""How often an output is drawn whose process was killed from outside; another try rarely helps where memory is short."""

_PNG = b"\x89PNG\r\n\x1a\n"


class Stopped(Exception):
    """Canceled, or the lease was lost."""


class NotDrawn(Exception):
    """This output will not come; the message is a sentence for the person."""


class Killed(Exception):
    """The child was ended by a signal that was not ours."""


def render_next() -> int:
    """Draws waiting jobs until there is none, for about ROUND_SECONDS; returns how many."""
    until, done = time.monotonic() + ROUND_SECONDS, 0
    while job := jobs.claim():
        beats.beat("render")
        render(job)
        bells.ring(job.pk)
        done += 1
        if time.monotonic() > until:
            if jobs.is_any_due():
                bells.ring_render()
            break
    return done


def render(job: RenderJob) -> None:
    """Draws every output of a claimed job and ends the job. Some may fail while others come."""
    if job.cancel_requested_at:
        jobs.finish(job, RenderState.CANCELED)
        return
    if job.attempts > jobs.MAX_ATTEMPTS:
        jobs.finish(job, RenderState.FAILED, error="The renderer stopped three times at this ad. Try smaller pictures.")
        return
    scratch = jobs.folder(job.pk) / str(job.lease_token)
    try:
        results = [_result(job, position, scratch) for position in range(len(job.job["ads"]))]
    except Stopped:
        jobs.finish(job, RenderState.CANCELED) if jobs.is_canceling(job) else log.warning("Lost job %s", job.pk)
        return
    except StorageAway as away:
        log.warning("The render of %s waits: %s", job.pk, away)
        jobs.put_back(job, storing.AWAY_FOR, storing.AWAY)
        return
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    faults.point("before_commit_render")
    missing = [entry["error"] for entry in results if "error" in entry]
    if len(missing) == len(results):
        jobs.finish(job, RenderState.FAILED, error=missing[0])
    else:
        jobs.finish(job, RenderState.DONE, results=results)
    faults.point("after_commit_render")


def _result(job: RenderJob, position: int, scratch: Path) -> dict[str, Any]:
    """One entry of a job's results: a file in the render folder, or why there is none."""
    try:
        ad = drawing.decode_ad(job.job["ads"][position])
        for attempt in range(TRIES):
            folder = scratch / f"{position}-{attempt}"
            folder.mkdir(parents=True)
            try:
                drawn = _draw(job, ad, position, folder)
            except Killed as killed:
                log.warning("The render of %s, output %s, was ended by signal %s", job.pk, position, killed)
                continue
            return _kept(job, position, folder, drawn)
        raise NotDrawn(
            "The renderer was stopped twice, probably for want of memory. Try smaller pictures or a smaller size."
        )
    except NotDrawn as problem:
        return {"position": position, "error": str(problem)}


def _draw(job: RenderJob, ad: StaticAd, position: int, folder: Path) -> dict[str, Any]:
    """Runs the child with heartbeats. Raises Stopped, Killed or NotDrawn; returns what the child wrote about its result."""
    try:
        path = write_job(ad, folder)
    except OSError as error:
        raise NotDrawn("One of the pictures is not in storage any more. Upload it again.") from error
    _heartbeat(job, position, 0, "Drawing")
    child = Child(path, folder, folder / "errors.txt")
    try:
        code, said = _watch(job, child, position)
    finally:
        child.close()
    if code < 0:
        raise Killed(-code)
    if code:
        log.warning("The render of %s ended with %s: %s", job.pk, code, _tail(folder / "errors.txt"))
        raise NotDrawn(str(said or "The renderer could not draw this. Try another template or picture.")[:500])
    return _read(folder)


def _watch(job: RenderJob, child: Child, position: int) -> tuple[int, str]:
    """Listens until the child ends; returns its exit code and the sentence it gave, if any."""
    deadline, beaten, said = time.monotonic() + OUTPUT_SECONDS, time.monotonic(), ""
    share, step = 0.0, "Drawing"
    while (code := child.ended()) is None:
        for word in child.listen(0.2):
            faults.point("while_rendering")
            share, step = _share(word.get("progress"), share), str(word.get("step", step))[:80]
            said = str(word.get("error", said))
        now = time.monotonic()
        if now > deadline:
            raise NotDrawn("Drawing took longer than two minutes and was stopped. Try smaller pictures.")
        if now - beaten >= HEARTBEAT_SECONDS:
            _heartbeat(job, position, share, step)
            beaten = now
    return code, said


def _share(value: object, before: float) -> float:
    return min(1.0, max(before, float(value))) if isinstance(value, int | float) else before


def _heartbeat(job: RenderJob, position: int, share: float, step: str) -> None:
    total = len(job.job["ads"])
    if not jobs.renew(job, (position + share) / total, step):
        raise Stopped
    beats.beat("render")


def _read(folder: Path) -> dict[str, Any]:
    """The child's word about its result, believed only where the file is there and is a picture."""
    try:
        drawn = json.loads((folder / "out.json").read_text("utf-8"))
        with (folder / "out.png").open("rb") as file:
            is_png = file.read(8) == _PNG
        notes = [str(note)[:300] for note in drawn["notes"]]
        if not is_png:
            raise ValueError("not a PNG")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotDrawn("The renderer's result cannot be read. Run it again.") from error
    return {"notes": notes}


def _kept(job: RenderJob, position: int, folder: Path, drawn: dict[str, Any]) -> dict[str, Any]:
    """Puts the finished file where collecting finds it: on the disk for good before the job is marked done."""
    name = f"{position}.png"
    place = jobs.folder(job.pk)
    _sync(folder / "out.png")
    # Whoever lost the job meanwhile must not put its file under the hands of somebody who collects the other's.
    _heartbeat(job, position, 1, "Drawing")
    (folder / "out.png").replace(place / name)
    _sync(place)
    return {"position": position, "file": name, **drawn}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tail(path: Path) -> str:
    return path.read_text("utf-8", "replace")[-2000:]
