"""The render lane: takes one job after the other from the local renderer's table and makes it, one output at a time: ads and speech.

A lease with heartbeats says that somebody works on a job. Whoever loses it stops within a second; whoever finds it expired draws it again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.storage import StorageAway
from studio.models import RenderJob, RenderState
from studio.providers.local import jobs
from studio.providers.local.child import Child
from studio.providers.local.crafts import Craft, craft_of

from . import beats, bells, faults, storing

log = logging.getLogger(__name__)

ROUND_SECONDS = 20.0
"""A task works this long before it hands on to the next one, so that the lane can be stopped and its other messages get their turn."""
HEARTBEAT_SECONDS = 1.0
TRIES = 2
"""How often an output is drawn whose process was killed from outside; another try rarely helps where memory is short."""


class Stopped(Exception):
    """Canceled, or the lease was lost."""


class NotDrawn(Exception):
    """This output will not come; the message is a sentence for the person."""


class Killed(Exception):
    """The child was ended by a signal that was not ours."""


class LetsOthers(Exception):
    """It was at it for its turn, and others wait. It goes on later."""


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
    """Makes every output of a claimed job and ends the job. Some may fail while others come."""
    craft = craft_of(job.job)
    if job.cancel_requested_at:
        jobs.finish(job, RenderState.CANCELED)
        return
    if job.attempts > jobs.MAX_ATTEMPTS:
        jobs.finish(job, RenderState.FAILED, error=craft.worn_out)
        return
    scratch = jobs.folder(job.pk) / str(job.lease_token)
    try:
        results = [_result(job, craft, position, scratch) for position in range(len(job.job[craft.key]))]
    except Stopped:
        jobs.finish(job, RenderState.CANCELED) if jobs.is_canceling(job) else log.warning("Lost job %s", job.pk)
        return
    except LetsOthers:
        jobs.put_back(job, timedelta(0), "Others go first")
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


def _result(job: RenderJob, craft: Craft, position: int, scratch: Path) -> dict[str, Any]:
    """One entry of a job's results: a file in the render folder, or why there is none."""
    try:
        for attempt in range(TRIES):
            folder = scratch / f"{position}-{attempt}"
            folder.mkdir(parents=True)
            try:
                made = _make(job, craft, position, folder)
            except Killed as killed:
                log.warning("The render of %s, output %s, was ended by signal %s", job.pk, position, killed)
                continue
            return _kept(job, craft, position, folder, made)
        raise NotDrawn(craft.killed)
    except NotDrawn as problem:
        return {"position": position, "error": str(problem)}


def _make(job: RenderJob, craft: Craft, position: int, folder: Path) -> dict[str, Any]:
    """Runs the child with heartbeats. Raises Stopped, LetsOthers, Killed or NotDrawn; returns what the child wrote about its result."""
    try:
        path = craft.write(job.job[craft.key][position], folder)
    except OSError as error:
        raise NotDrawn(craft.lost) from error
    _heartbeat(job, craft, position, 0, craft.step)
    child = Child(path, folder, folder / "errors.txt", craft.module)
    try:
        code, said = _watch(job, craft, child, position)
    finally:
        child.close()
    if code < 0:
        raise Killed(-code)
    if code:
        log.warning("The render of %s ended with %s: %s", job.pk, code, _tail(folder / "errors.txt"))
        raise NotDrawn(str(said or craft.not_made)[:500])
    return _read(craft, folder)


def _watch(job: RenderJob, craft: Craft, child: Child, position: int) -> tuple[int, str]:
    """Listens until the child ends; returns its exit code and the sentence it gave, if any."""
    begun = beaten = time.monotonic()
    said, share, step = "", 0.0, craft.step
    while (code := child.ended()) is None:
        kept = False
        for word in child.listen(0.2):
            faults.point("while_rendering")
            kept = kept or bool(word.get("kept"))
            share, step = _share(word.get("progress"), share), str(word.get("step", step))[:80]
            said = str(word.get("error", said))
        now = time.monotonic()
        if now - begun > craft.seconds:
            raise NotDrawn(craft.too_long)
        if now - beaten >= HEARTBEAT_SECONDS:
            _heartbeat(job, craft, position, share, step)
            beaten = now
        # Only where something new is kept for the next turn, so that every turn gets further.
        is_over = craft.turn_seconds is not None and now - begun > craft.turn_seconds
        if kept and is_over and jobs.is_any_due():
            raise LetsOthers
    return code, said


def _share(value: object, before: float) -> float:
    return min(1.0, max(before, float(value))) if isinstance(value, int | float) else before


def _heartbeat(job: RenderJob, craft: Craft, position: int, share: float, step: str) -> None:
    total = len(job.job[craft.key])
    # What goes on after others went first does not jump back.
    if not jobs.renew(job, max(job.progress, (position + share) / total), step):
        raise Stopped
    beats.beat("render")


def _read(craft: Craft, folder: Path) -> dict[str, Any]:
    """The child's word about its result, believed only where the file is there and is what it should be."""
    try:
        made = json.loads((folder / "out.json").read_text("utf-8"))
        with (folder / craft.file).open("rb") as file:
            begins = file.read(16)
        notes = [str(note)[:300] for note in made["notes"]]
        if not begins.startswith(craft.begins):
            raise ValueError("not such a file")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotDrawn("The renderer's result cannot be read. Run it again.") from error
    return {"notes": notes}


def _kept(job: RenderJob, craft: Craft, position: int, folder: Path, made: dict[str, Any]) -> dict[str, Any]:
    """Puts the finished file where collecting finds it: on the disk for good before the job is marked done."""
    name = f"{position}{Path(craft.file).suffix}"
    place = jobs.folder(job.pk)
    _sync(folder / craft.file)
    # Whoever lost the job meanwhile must not put its file under the hands of somebody who collects the other's.
    _heartbeat(job, craft, position, 1, craft.step)
    (folder / craft.file).replace(place / name)
    _sync(place)
    return {"position": position, "file": name, **made}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tail(path: Path) -> str:
    return path.read_text("utf-8", "replace")[-2000:]
