"""Once a second: whatever is due in the rows is done, whether its message came or not."""

from __future__ import annotations

import time

from studio.providers.local import jobs

from . import beats, bells, leases, steps

ROUND_SECONDS = 8.0
RING_RENDER_SECONDS = 2.0
_rung_at = float("-inf")


def sweep() -> int:
    """Takes every due generation one step on, oldest first; returns how many. Two sweeps at once share the work, never a row."""
    global _rung_at
    beats.beat("engine")
    if time.monotonic() - _rung_at >= RING_RENDER_SECONDS and jobs.is_any_due():
        bells.ring_render()
        _rung_at = time.monotonic()
    until, done = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until and (due := leases.claim_due()):
        steps.take_all(due)
        done += len(due)
    return done
