"""The engine and long lanes' work in one process that a test may kill, with the test's own provider in the table."""

from __future__ import annotations

import sys
import time

import django


def main(seconds: float) -> int:
    django.setup()
    from studio.engine import courier, long, sweep
    from studio.models import Generation, State
    from tests.engine.remote import know_tiny

    know_tiny()
    end = time.monotonic() + seconds
    # An uncertain one is looked for in the service's list for half an hour; these tests end before.
    waiting = Generation.objects.filter(next_poll_at__isnull=False).exclude(state=State.UNCERTAIN)
    while time.monotonic() < end:
        sweep.sweep()
        unsent = (State.QUEUED, State.PREPARING, State.SUBMITTING)
        for pk in list(waiting.filter(lane="long", state__in=unsent).values_list("pk", flat=True)):
            long.submit(pk)
        if not waiting.exists():
            courier.stop_here(5)
            return 0
        time.sleep(0.02)
    return 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
