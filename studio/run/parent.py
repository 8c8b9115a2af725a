"""No orphans: a child process ends when its parent does, even when the parent was killed outright."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: signal.Signals, parent: int | None = None) -> None:
    """Asks for a signal at the parent's end. parent: who it must be; if it is already gone, this process ends at once.

    Linux does it in the kernel, and it survives exec. Elsewhere a thread looks once a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(os.getppid(), signal_number), daemon=True).start()
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def _watch(parent: int, signal_number: signal.Signals) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(1)
    os.kill(os.getpid(), signal_number)
