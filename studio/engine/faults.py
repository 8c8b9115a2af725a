"""Places where a test may kill this very process, as a power cut would. Without BACKLOT_FAULT in the environment nothing happens.

BACKLOT_FAULT is `<point>:<file>`: the first process that passes the point makes the file and kills itself; later ones pass.
"""

from __future__ import annotations

import os
import signal

POINTS = (
    "before_commit_submit",
    "after_commit_submit",
    "after_send",
    "while_rendering",
    "before_commit_render",
    "after_commit_render",
    "collecting_before_file",
    "collecting_before_row",
    "collecting_after_row",
)
_WHERE = os.environ.get("BACKLOT_FAULT", "")


def point(name: str) -> None:
    if not _WHERE:
        return
    wanted, _, file = _WHERE.partition(":")
    if wanted != name:
        return
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
