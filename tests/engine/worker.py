"""The lanes' work in one process that a test may kill: sweeps and renders until every generation has ended, or the time is up."""

from __future__ import annotations

import os
import sys
import time

import django


def main(seconds: float) -> int:
    django.setup()
    from studio.engine import rendering, sweep
    from studio.models import Generation
    from studio.providers.local import child

    child.MODULE = os.environ["TEST_RENDERER"]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sweep.sweep()
        rendering.render_next()
        if not Generation.objects.filter(next_poll_at__isnull=False).exists():
            return 0
        time.sleep(0.02)
    return 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
