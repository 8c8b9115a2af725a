"""Places where a test may kill this very process, as a power cut would, or hold it there. Without BACKLOT_FAULTS in the environment nothing happens.

BACKLOT_FAULTS is a folder. A file `<point>.kill` or `<point>.hold` arms the point: the first process that passes renames it to
`<point>.met`, and either kills itself or waits there until somebody deletes that file. Later ones pass.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

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
"""On a generation's way, in their order."""
BRIEF_POINTS = ("before_commit_brief", "after_commit_brief")
REMOTE_POINTS = (
    "preparing",
    "preparing_after_upload",
    "preparing_after_copy",
    "before_commit_submit",
    "after_commit_submit",
    "after_sending",
    "after_send",
    "after_commit_answer",
    "while_polling",
    "before_commit_finished",
    "after_commit_finished",
    "collecting_before_fetch",
    "collecting_before_file",
    "collecting_before_row",
    "collecting_after_row",
)
"""On the way of one that is made behind the wire. `after_sending`: the bytes are out; `after_send`: the answer is here, and not written."""
CANCEL_POINTS = ("canceling",)
_FOLDER = os.environ.get("BACKLOT_FAULTS", "")
ARMED = bool(_FOLDER)


def point(name: str) -> None:
    if not _FOLDER:
        return
    met = Path(_FOLDER, f"{name}.met")
    if _is_armed(name, "kill", met):
        os.kill(os.getpid(), signal.SIGKILL)
    if _is_armed(name, "hold", met):
        while met.exists():
            time.sleep(0.01)


def _is_armed(name: str, how: str, met: Path) -> bool:
    """A rename has one winner."""
    try:
        Path(_FOLDER, f"{name}.{how}").rename(met)
    except FileNotFoundError:
        return False
    return True
